"""How accounts are classified on record: what is kept of a change, what the clerk settles, what is found by it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedesk.errors import BadInput
from feedesk.models.accounts import Category, DebtorType, OwnerRow
from feedesk.models.contacts import Outcome
from feedesk.models.owner_filter import BLANK, Chip, OwnerFilter
from feedesk.models.store import Office
from feedesk.models.timeline import EntryKind
from feedesk.models.traits import ATTITUDES, HABITS, RESIDENCES, Severity, SeverityLimits, Trait
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound, contact, states

LISTED = (
    listed("1-101", "林晓岚", ("管理费", "2026-07..2026-09", 100_000)),
    listed("1-102", "何敏", ("管理费", "2026-01..2026-09", 350_000)),
    listed("1-103", "周启明", ("管理费", "2024-01..2024-06", 90_000)),
    listed("1-104", "吴念", ("管理费", "2026-10..2026-12", 600_000), due_on=date(2026, 12, 1)),
)


class Desk:
    """An office at noon of a Tuesday, with short words for what is asked of it."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.office = new_office(folder, self.clock)
        import_list(self.office, *LISTED)
        self.ids = ids_by_room(self.office)

    @property
    def traits(self):  # type: ignore[no-untyped-def]
        return self.office.traits

    def row(self, room: str) -> OwnerRow:
        return self.office.accounts.get(self.ids[room]).row

    def changes(self, room: str) -> list[tuple[str, str]]:
        return [(change.text, change.reason) for change in self.traits.history(self.ids[room])]

    def broken(self, room: str, times: int) -> None:
        """So many promises, each past its day without the money."""
        for number in range(times):
            at, due = datetime(2026, 11, 2 + 4 * number, 10), date(2026, 11, 3 + 4 * number)
            self.office.contacts.add(contact(self.ids[room], at=at, outcome=Outcome.PROMISED, promise=(due, 100_000)))

    def found(self, **wanted: object) -> list[str]:
        rows = self.office.accounts.rows(OwnerFilter(chip=Chip.ALL, **wanted), "room")  # type: ignore[arg-type]
        return [row.room for row in rows]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    assert_sound(made.office)
    made.office.close()


# --- severity ---


def test_every_account_shows_how_severe_its_debt_is(desk: Desk) -> None:
    assert {room: desk.row(room).severity for room in desk.ids} == {
        "1-101": Severity.MEDIUM, "1-102": Severity.MEDIUM, "1-103": Severity.SEVERE, "1-104": Severity.LIGHT,
    }  # fmt: skip
    facts, _state = desk.office.states.of(desk.ids["1-103"])
    assert desk.traits.graded(facts).why == "最久逾期 1,037 天，满 365 天"


def test_the_severity_follows_the_day_and_the_money(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 12, 2, 9)
    desk.office.roll_day()
    assert desk.row("1-104").severity == Severity.SEVERE
    import_list(desk.office, *LISTED[:3], as_of=date(2026, 12, 1), file="十二月.xlsx")
    assert desk.row("1-104").severity == ""


def test_other_limits_grade_every_account_anew(desk: Desk) -> None:
    changes = desk.traits.save_limits(SeverityLimits(200, 400_000, 2_000, 900_000))
    assert changes.everything
    assert [desk.row(room).severity for room in ("1-101", "1-102", "1-103")] == ["light", "medium", "medium"]
    assert desk.traits.severities() == {Severity.LIGHT: 2, Severity.MEDIUM: 2}
    assert desk.traits.limits() == SeverityLimits(200, 400_000, 2_000, 900_000)


def test_limits_that_cannot_be_are_refused(desk: Desk) -> None:
    before = states(desk.office)
    with pytest.raises(BadInput, match="“严重”的天数要比“轻微”的多，没有保存。"):
        desk.traits.save_limits(SeverityLimits(severe_days=30))
    assert (desk.traits.limits(), states(desk.office)) == (SeverityLimits(), before)


# --- the debtor type ---


def test_two_broken_promises_suggest_a_type_until_a_clerk_settles_one(desk: Desk) -> None:
    desk.broken("1-101", 2)
    account = desk.ids["1-101"]
    assert desk.row("1-101").debtor_type is DebtorType.YES_NEVER_COMES
    assert desk.traits.suggestion(account).why == "失约 2 次"
    assert desk.traits.chosen_type(account) is None and desk.changes("1-101") == []
    desk.traits.set_type(account, DebtorType.HARDSHIP)
    assert desk.row("1-101").debtor_type is DebtorType.HARDSHIP
    assert desk.changes("1-101") == [
        ("欠费类型：答应了，总不来 → 确有困难", "人工选定；当时建议答应了，总不来（失约 2 次）")
    ]


def test_what_a_clerk_has_settled_is_never_switched(desk: Desk) -> None:
    account = desk.ids["1-101"]
    desk.traits.set_type(account, DebtorType.RESIDENT, "上门见过，自己住")
    desk.broken("1-101", 2)
    assert desk.row("1-101").debtor_type is DebtorType.RESIDENT
    assert desk.traits.suggestion(account).debtor_type is DebtorType.YES_NEVER_COMES
    assert desk.changes("1-101") == [("欠费类型：一般未缴 → 自住户", "上门见过，自己住")]


def test_a_suggestion_confirmed_stands_when_its_reason_is_gone(desk: Desk) -> None:
    account = desk.ids["1-101"]
    desk.traits.set_traits([account], {Trait.PROPERTY_KIND: "商铺"})
    assert desk.row("1-101").debtor_type is DebtorType.SHOP_VILLA
    desk.traits.set_type(account, DebtorType.SHOP_VILLA)
    desk.traits.set_traits([account], {Trait.PROPERTY_KIND: "住宅"})
    assert desk.row("1-101").debtor_type is DebtorType.SHOP_VILLA
    assert ("欠费类型：确认为商铺或别墅", "按建议：资料里记着商铺") in desk.changes("1-101")


@pytest.mark.parametrize("settled", [None, DebtorType.BUSY])
def test_a_choice_taken_back_leaves_both_on_record(desk: Desk, settled: DebtorType | None) -> None:
    account = desk.ids["1-101"]
    if settled:
        desk.traits.set_type(account, settled)
    known = len(desk.changes("1-101"))
    desk.traits.set_type(account, DebtorType.UNCLEAR)
    desk.traits.take_back_type(account, settled)
    assert desk.traits.chosen_type(account) is settled
    assert desk.row("1-101").debtor_type is (settled or DebtorType.UNPAID)
    assert len(desk.changes("1-101")) == known + 2
    assert desk.changes("1-101")[0][1] == "当场撤销"


# --- the other traits ---


def test_what_several_accounts_get_at_once_is_kept_for_each(desk: Desk) -> None:
    ids = [desk.ids[room] for room in ("1-101", "1-102", "1-103")]
    desk.traits.set_traits(ids[:1], {Trait.HABIT: "规律型"})
    changes = desk.traits.set_traits(ids, {Trait.HABIT: "规律型", Trait.RESIDENCE: "出租"}, "物业台账")
    assert changes.account_ids == frozenset(ids)
    assert desk.changes("1-102") == [("居住：未填 → 出租", "物业台账"), ("缴费习惯：未填 → 规律型", "物业台账")]
    assert desk.changes("1-101") == [("居住：未填 → 出租", "物业台账"), ("缴费习惯：未填 → 规律型", "")]
    assert desk.changes("1-104") == []
    account = desk.office.accounts.get(ids[2])
    assert (account.habit, account.attitude, account.residence) == ("规律型", "", "出租")


def test_nothing_changed_is_nothing_kept(desk: Desk) -> None:
    account = desk.ids["1-101"]
    desk.traits.set_traits([account], {Trait.ATTITUDE: "理解型"})
    kept = states(desk.office)
    assert desk.traits.set_traits([account], {Trait.ATTITUDE: "理解型"}).account_ids == frozenset()
    assert len(desk.changes("1-101")) == 1 and states(desk.office) == kept


def test_a_bulk_change_taken_back_gives_each_its_own(desk: Desk) -> None:
    ids = list(desk.ids.values())
    desk.traits.set_traits(ids[:1], {Trait.RESIDENCE: "自住", Trait.HABIT: "主动型"})
    before = desk.traits.values(ids)
    desk.traits.set_traits(ids, {Trait.RESIDENCE: "未收房"}, "整理")
    desk.traits.restore({one: {Trait.RESIDENCE: held[Trait.RESIDENCE]} for one, held in before.items()})
    assert desk.traits.values(ids) == before
    assert desk.changes("1-102") == [("居住：未收房 → 未填", "当场撤销"), ("居住：未填 → 未收房", "整理")]


def test_the_property_kind_is_the_units_and_moves_all_who_had_it(desk: Desk) -> None:
    import_list(desk.office, listed("1-101", "新业主", ("管理费", "2026-10", 30_000)), *LISTED[1:], file="换人.xlsx")
    old, new = desk.ids["1-101"], ids_by_room(desk.office)["1-101"]
    assert old != new
    changes = desk.traits.set_traits([new, old], {Trait.PROPERTY_KIND: "别墅"})
    assert changes.account_ids >= {old, new}
    assert desk.office.accounts.get(old).property_kind == "别墅"
    assert desk.office.accounts.get(old).row.debtor_type is DebtorType.SHOP_VILLA
    assert [len(desk.traits.history(one)) for one in (new, old)] == [1, 0]


@pytest.mark.parametrize(("trait", "word"), [(Trait.HABIT, "懒"), (Trait.ATTITUDE, "凶"), (Trait.CATEGORY, "F")])
def test_words_that_are_no_such_value_are_refused_whole(desk: Desk, trait: Trait, word: str) -> None:
    with pytest.raises(BadInput, match="没有改动"):
        desk.traits.set_traits([desk.ids["1-101"]], {Trait.RESIDENCE: "自住", trait: word})
    assert desk.changes("1-101") == [] and desk.office.accounts.get(desk.ids["1-101"]).residence == ""


def test_a_category_given_by_hand_holds_until_the_next_contact(desk: Desk) -> None:
    account = desk.ids["1-101"]
    logged = desk.office.contacts.add(contact(account, at=desk.clock(), category=Category.B))
    desk.clock.forward(minutes=5)
    later = desk.office.contacts.add(contact(account, at=desk.clock(), category=Category.D))
    desk.clock.forward(minutes=5)
    desk.traits.set_traits([account], {Trait.CATEGORY: "E"}, "负责人定")
    assert desk.row("1-101").category is Category.E
    desk.office.contacts.void(later.record_id, "记错了")
    assert desk.row("1-101").category is Category.E
    desk.clock.forward(minutes=5)
    desk.office.contacts.add(contact(account, at=desk.clock(), category=Category.A))
    assert desk.row("1-101").category is Category.A
    assert logged.record_id and desk.changes("1-101") == [("分类：D 异地 → E 特殊拒交", "负责人定")]


def test_the_fields_of_资料_are_saved_in_one_go(desk: Desk) -> None:
    account = desk.ids["1-101"]
    wanted = {Trait.HABIT: "被动型", Trait.RESIDENCE: "自住"}
    desk.traits.correct(account, wanted, name="林晓兰", salutation="女士", remark=" 晚上在家 ")
    found = desk.office.accounts.get(account)
    assert (found.name, found.salutation, found.remark) == ("林晓兰", "女士", "晚上在家")
    assert (found.habit, found.residence) == ("被动型", "自住")
    desk.traits.correct(account, {}, name=" ", salutation="", remark="")
    assert desk.office.accounts.get(account).name == "林晓兰"
    with pytest.raises(BadInput):
        desk.traits.correct(account, {Trait.HABIT: "懒"}, name="别人", salutation="", remark="")
    assert desk.office.accounts.get(account).name == "林晓兰"


# --- history ---


def test_what_was_changed_in_one_go_is_one_entry_of_the_timeline(desk: Desk) -> None:
    account = desk.ids["1-101"]
    desk.traits.set_traits([account], {Trait.HABIT: "被动型", Trait.RESIDENCE: "自住"}, "上门核对")
    desk.clock.forward(minutes=1)
    desk.traits.set_type(account, DebtorType.RESIDENT)
    entries = [entry for entry in desk.office.history.of(account) if entry.kind is EntryKind.TRAIT]
    assert [(entry.title, entry.lines, entry.who) for entry in entries] == [
        ("欠费类型：一般未缴 → 自住户", ("人工选定；当时建议一般未缴（没有特别情况）",), "许宁"),
        ("居住：未填 → 自住", ("缴费习惯：未填 → 被动型", "上门核对"), "许宁"),
    ]


def test_what_is_kept_cannot_be_altered(desk: Desk) -> None:
    desk.traits.set_type(desk.ids["1-101"], DebtorType.BUSY)
    for sql in ("UPDATE trait_changes SET after = 'unpaid'", "DELETE FROM trait_changes"):
        with pytest.raises(sqlite3.IntegrityError), desk.office.session.writing() as conn:
            conn.execute(sql)


def test_a_change_needs_a_name_under_it(desk: Desk) -> None:
    clerk, desk.office.session.clerk = desk.office.session.clerk, None
    with pytest.raises(BadInput, match="经办人"):
        desk.traits.set_traits([desk.ids["1-101"]], {Trait.HABIT: "主动型"})
    desk.office.session.clerk = clerk
    assert desk.office.accounts.get(desk.ids["1-101"]).habit == ""


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["1-101", "1-102", "1-103"]),
        st.sampled_from(
            [(Trait.HABIT, word) for word in HABITS]
            + [(Trait.ATTITUDE, word) for word in ATTITUDES]
            + [(Trait.RESIDENCE, word) for word in RESIDENCES]
            + [(Trait.CATEGORY, word) for word in ("", *Category)]
        ),
    ),
    max_size=12,
)


@given(_STEPS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
def test_the_history_leads_from_the_first_value_to_the_present_one(
    desk: Desk, steps: list[tuple[str, tuple[Trait, str]]]
) -> None:
    start = desk.traits.values(desk.ids.values())
    known = {room: len(desk.traits.history(account)) for room, account in desk.ids.items()}
    for room, (trait, word) in steps:
        desk.traits.set_traits([desk.ids[room]], {trait: str(word)})
    present = desk.traits.values(desk.ids.values())
    for room, account in desk.ids.items():
        value = dict(start[account])
        history = desk.traits.history(account)
        for change in reversed(history[: len(history) - known[room]]):
            assert value[change.trait] == change.before != change.after
            value[change.trait] = change.after
        assert value == present[account]


# --- found by them ---


def test_accounts_are_found_by_each_way_of_classifying_them(desk: Desk) -> None:
    ids = desk.ids
    desk.traits.set_traits([ids["1-101"], ids["1-102"]], {Trait.HABIT: "被动型", Trait.RESIDENCE: "投资空置"})
    desk.traits.set_traits([ids["1-102"]], {Trait.ATTITUDE: "争执型", Trait.PROPERTY_KIND: "商铺"})
    desk.traits.set_traits([ids["1-103"]], {Trait.CATEGORY: "E"})
    assert desk.found(habit="被动型") == ["1-101", "1-102"]
    assert desk.found(attitude="争执型") == ["1-102"]
    assert desk.found(residence="投资空置") == ["1-101", "1-102"]
    assert desk.found(property_kind="商铺") == ["1-102"]
    assert desk.found(habit=BLANK) == ["1-103", "1-104"]
    assert desk.found(property_kind=BLANK, residence="投资空置") == ["1-101"]
    assert desk.found(severity=Severity.MEDIUM) == ["1-101", "1-102"]
    assert desk.found(severity=Severity.SEVERE, category=Category.E) == ["1-103"]
    assert desk.found(debtor_type=DebtorType.SPECULATIVE, severity=Severity.MEDIUM) == ["1-101", "1-102"]
    assert desk.found(habit="主动型") == []
    assert desk.office.accounts.total(OwnerFilter(chip=Chip.ALL, habit="被动型")) == (2, 450_000)


def test_the_words_to_choose_from_hold_what_finance_has_written(desk: Desk) -> None:
    desk.traits.set_traits([desk.ids["1-101"]], {Trait.PROPERTY_KIND: "车位"})
    assert desk.traits.words_in_use(Trait.PROPERTY_KIND) == ("住宅", "商铺", "别墅", "写字楼", "车位")
    assert desk.traits.words_in_use(Trait.HABIT) == ("主动型", "规律型", "被动型")


def test_an_office_looked_at_only_grades_by_its_own_limits(desk: Desk) -> None:
    desk.traits.save_limits(SeverityLimits(200, 400_000, 2_000, 900_000))
    desk.clock.forward(days=1)
    looked = Office.look(desk.office.path, desk.clock)
    try:
        rows = {row.room: row.severity for row in looked.accounts.rows(OwnerFilter(chip=Chip.ALL), "room")}
        assert rows == {"1-101": "light", "1-102": "medium", "1-103": "medium", "1-104": "light"}
        found = looked.accounts.rows(OwnerFilter(chip=Chip.ALL, severity=Severity.LIGHT), "room")
        assert [row.room for row in found] == ["1-101", "1-104"]
    finally:
        looked.close()
