"""Contacts as records: what they set in motion, and what is left once one is voided."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.accounts import Category, MarkKind, PhoneState, Step
from feedesk.models.contacts import Channel, ClaimDraft, Outcome
from feedesk.models.disputes import DisputeOutcome
from feedesk.models.store import Office
from tests.ladder_tools import put_on
from tests.office_tools import NOON, Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound, contact, owed, states

FEE = 107_940
MOBILE = "13900000001"


class Desk:
    """An office with two accounts, and short words for what is seen of the first."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.office = new_office(folder, self.clock)
        import_list(self.office, listed("1-101", phones=(MOBILE,)), listed("1-102", "何敏"))
        self.ids = ids_by_room(self.office)
        self.a, self.b = self.ids["1-101"], self.ids["1-102"]

    def log(self, outcome: Outcome, *, minutes: int = 40, **more: object) -> int:
        self.clock.forward(minutes=minutes)
        return self.office.contacts.add(contact(self.a, at=self.clock(), outcome=outcome, **more)).record_id  # type: ignore[arg-type]

    @property
    def account(self):  # type: ignore[no-untyped-def]
        return self.office.accounts.get(self.a)

    @property
    def mark(self) -> tuple[MarkKind, str]:
        return self.account.row.mark, self.account.row.mark_text


@pytest.fixture
def desk(tmp_path: Path):  # type: ignore[no-untyped-def]
    made = Desk(tmp_path)
    yield made
    assert_sound(made.office)
    made.office.close()


def test_a_contact_shows_everything_that_was_entered(desk: Desk) -> None:
    desk.log(
        Outcome.PROMISED, number=MOBILE, said=" 周五发工资 ", category=Category.A,
        next_at=datetime(2026, 11, 19), promise=(date(2026, 11, 20), 50_000),
    )  # fmt: skip
    (kept,) = desk.office.contacts.of(desk.a)
    assert (kept.channel, kept.number, kept.outcome, kept.said) == (
        Channel.PHONE,
        MOBILE,
        Outcome.PROMISED,
        "周五发工资",
    )
    assert (kept.category, kept.staff_name, kept.rooms) == (Category.A, "许宁", ("1-101",))
    assert kept.promise is not None and (kept.promise.due_on, kept.promise.amount) == (date(2026, 11, 20), 50_000)
    assert (kept.at, kept.next_at) == (datetime(2026, 11, 17, 12, 40), datetime(2026, 11, 19))
    assert desk.account.row.category is Category.A and desk.account.phones[0].state is PhoneState.WORKS
    assert desk.mark[0] is MarkKind.PROMISED


REFUSED = [
    ("nobody chosen", {"account_ids": ()}, "没有选中业主"),
    ("in the future", {"at": NOON + timedelta(minutes=1)}, "在现在之后"),
    ("promise of nothing", {"promise": (date(2026, 11, 20), 0)}, "承诺金额"),
    ("promise of more than is owed", {"promise": (date(2026, 11, 20), FEE + 1)}, "承诺金额"),
    ("promise for yesterday", {"promise": (date(2026, 11, 16), 100)}, "承诺日"),
    ("paid tomorrow", {"claim": (date(2026, 11, 18), 100)}, "缴费日"),
    ("paid nothing", {"claim": (date(2026, 11, 16), 0)}, "缴费金额"),
]


@pytest.mark.parametrize(("what", "wrong", "words"), REFUSED, ids=[case[0] for case in REFUSED])
def test_a_contact_that_cannot_be_true_is_refused_whole(desk: Desk, what: str, wrong: dict, words: str) -> None:  # type: ignore[type-arg]
    before = states(desk.office)
    entered = {"account_ids": (desk.a,), "at": NOON, **wrong}
    ids = entered.pop("account_ids")
    with pytest.raises(BadInput, match=words):
        desk.office.contacts.add(contact(*ids, **entered))
    assert desk.office.contacts.of(desk.a) == [] and states(desk.office) == before


def test_nothing_is_logged_under_nobodys_name(desk: Desk) -> None:
    desk.office.session.clerk = None
    with pytest.raises(BadInput, match="经办人"):
        desk.office.contacts.add(contact(desk.a, at=NOON))
    assert desk.office.contacts.of(desk.a) == []


def test_one_contact_about_two_units_counts_once_and_its_promise_covers_both_in_order(desk: Desk) -> None:
    draft = contact(desk.a, desk.b, at=NOON, outcome=Outcome.PROMISED, promise=(date(2026, 11, 20), FEE + 7_000))
    desk.office.contacts.add(draft)
    (of_a,), (of_b,) = desk.office.contacts.of(desk.a), desk.office.contacts.of(desk.b)
    assert of_a.id == of_b.id and set(of_a.rooms) == {"1-101", "1-102"}
    parts = desk.office.session.conn.execute("SELECT account_id, amount FROM promises ORDER BY account_id").fetchall()
    assert parts == [(desk.a, FEE), (desk.b, 7_000)]
    assert desk.office.figures.record_table(NOON.date(), NOON.date()).summary.contacts == 1


def test_what_a_claim_says_beyond_the_debt_stays_with_the_last_unit(desk: Desk) -> None:
    desk.office.contacts.claim((desk.a, desk.b), ClaimDraft(NOON.date(), 3 * FEE, "微信"))
    parts = desk.office.session.conn.execute("SELECT account_id, amount FROM claims ORDER BY account_id").fetchall()
    assert parts == [(desk.a, FEE), (desk.b, 2 * FEE)]


def test_a_claim_takes_the_account_out_of_the_calls_until_it_is_dropped(desk: Desk) -> None:
    assert desk.a in desk.office.accounts.worklist().ids()
    desk.office.contacts.claim((desk.a,), ClaimDraft(NOON.date(), FEE, "微信"))
    assert desk.mark == (MarkKind.VERIFY, "已缴待核") and desk.a not in desk.office.accounts.worklist().ids()
    desk.office.contacts.drop_claim(desk.a, "财务没有查到")
    assert desk.mark[0] is MarkKind.OPEN and desk.a in desk.office.accounts.worklist().ids()
    assert desk.office.contacts.drop_claim(desk.a, "再来一次").account_ids == frozenset()


def test_a_dispute_holds_calls_until_it_is_resolved(desk: Desk) -> None:
    desk.log(Outcome.DISPUTE, next_at=datetime(2026, 11, 24))
    assert desk.mark == (MarkKind.HOLD, "异议暂缓") and desk.a not in desk.office.accounts.worklist().ids()
    (dispute,) = desk.office.disputes.running(desk.a)
    assert (dispute.kind, dispute.department) == ("维修", "")
    desk.clock.forward(days=7)
    desk.office.roll_day()
    assert desk.a in desk.office.accounts.worklist().ids(), "the day of review has come"
    desk.office.disputes.resolve(dispute.id, DisputeOutcome.MENDED, "漏水已修好")
    desk.office.disputes.report_back(dispute.id, "电话")
    assert desk.office.disputes.running(desk.a) == []
    assert desk.mark[0] is not MarkKind.HOLD and desk.a in desk.office.accounts.worklist().ids()


# ---- voiding --------------------------------------------------------------------------------------------------------

LEAVES_NOTHING = [
    ("promise", Outcome.PROMISED, {"category": Category.A, "promise": (date(2026, 11, 20), FEE)}, MarkKind.PROMISED),
    ("claim", Outcome.SAYS_PAID, {"claim": (date(2026, 11, 16), FEE)}, MarkKind.VERIFY),
    ("dispute", Outcome.DISPUTE, {"category": Category.E}, MarkKind.HOLD),
    ("do not call", Outcome.DO_NOT_CALL, {}, MarkKind.NO_CALL),
    ("dead number", Outcome.DEAD_NUMBER, {"number": MOBILE, "category": Category.C}, MarkKind.DEAD),
    ("refusal", Outcome.REFUSED, {"category": Category.E}, MarkKind.REFUSE),
]


@pytest.mark.parametrize(("what", "outcome", "more", "mark"), LEAVES_NOTHING, ids=[case[0] for case in LEAVES_NOTHING])
def test_voided_with_a_reason_a_contact_shows_and_no_longer_counts(
    desk: Desk, what: str, outcome: Outcome, more: dict, mark: MarkKind  # type: ignore[type-arg]
) -> None:  # fmt: skip
    row_before, phones_before = desk.account.row, desk.account.phones
    contact_id = desk.log(outcome, said="记错了户", **more)
    assert desk.mark[0] is mark
    desk.clock.forward(minutes=5)
    desk.office.contacts.void(contact_id, "记到别户了")
    (kept,) = desk.office.contacts.of(desk.a)
    assert kept.said == "记错了户" and kept.voided == "记到别户了（11-17 许宁）"
    row = desk.account.row
    assert (row.mark, row.mark_text, row.category, row.group) == (
        row_before.mark, row_before.mark_text, row_before.category, row_before.group,
    )  # fmt: skip
    assert desk.account.phones == phones_before and not desk.account.do_not_call
    assert desk.office.contacts.attempts(desk.a) == []
    entry = next(entry for entry in desk.office.history.of(desk.a) if entry.ref_id == contact_id and entry.voided)
    assert entry.voided.startswith("记到别户了")


def test_after_voiding_the_contact_before_counts_again(desk: Desk) -> None:
    desk.log(Outcome.NO_DAY, category=Category.B, number=MOBILE, next_at=datetime(2026, 11, 18))
    wrong = desk.log(Outcome.DEAD_NUMBER, category=Category.C, number=MOBILE)
    assert desk.account.row.category is Category.C and desk.account.phones[0].state is PhoneState.DEAD
    desk.office.contacts.void(wrong, "拨错了号")
    assert desk.account.row.category is Category.B and desk.account.phones[0].state is PhoneState.WORKS
    assert desk.account.row.next_at == datetime(2026, 11, 18)


def test_a_wish_not_to_be_called_goes_only_with_the_contact_that_said_so(desk: Desk) -> None:
    first, second = desk.log(Outcome.DO_NOT_CALL), desk.log(Outcome.DO_NOT_CALL)
    desk.office.contacts.void(first, "重复")
    assert desk.account.do_not_call
    desk.office.contacts.void(second, "听错了")
    assert not desk.account.do_not_call
    by_hand = desk.log(Outcome.NO_DAY)
    desk.office.accounts.set_do_not_call(desk.a, True)
    desk.office.contacts.void(by_hand, "记错")
    assert desk.account.do_not_call, "set by hand, an unrelated contact does not take it away"


def test_a_contact_is_voided_once_and_with_a_reason(desk: Desk) -> None:
    contact_id = desk.log(Outcome.NO_DAY)
    with pytest.raises(BadInput, match="原因"):
        desk.office.contacts.void(contact_id, "  ")
    desk.office.contacts.void(contact_id, "记错")
    with pytest.raises(BadInput, match="已经作废"):
        desk.office.contacts.void(contact_id, "记错")
    with pytest.raises(BadInput, match="找不到"):
        desk.office.contacts.void(4711, "记错")


def test_a_claim_settled_by_a_list_stays_settled_when_its_contact_is_voided(desk: Desk) -> None:
    contact_id = desk.log(Outcome.SAYS_PAID, claim=(date(2026, 11, 16), FEE))
    import_list(desk.office, listed("1-102", "何敏"), as_of=date(2026, 11, 17), file="二.xlsx")
    assert desk.mark[0] is MarkKind.PAID
    desk.office.contacts.void(contact_id, "重复")
    assert desk.mark[0] is MarkKind.PAID
    (entry,) = [entry for entry in desk.office.history.of(desk.a) if entry.title.startswith("称已缴")]
    assert not any("记录作废" in line for line in entry.lines)


def test_a_call_logged_late_does_not_outweigh_a_later_one(desk: Desk) -> None:
    desk.log(Outcome.PROMISED, category=Category.A, number=MOBILE, promise=(date(2026, 11, 20), FEE))
    earlier = contact(desk.a, at=NOON, outcome=Outcome.DEAD_NUMBER, category=Category.C, number=MOBILE)
    desk.office.contacts.add(earlier)
    assert desk.account.row.category is Category.A and desk.mark[0] is MarkKind.PROMISED
    assert desk.account.phones[0].state is PhoneState.WORKS


# ---- promises against money -----------------------------------------------------------------------------------------

KEPT_OR_NOT = [
    ("all of it came", 0, date(2026, 11, 19), MarkKind.PAID, None),
    ("part of it came in time", 70_000, date(2026, 11, 19), MarkKind.PROMISED, None),
    ("nothing came, the day is near", FEE, date(2026, 11, 19), MarkKind.PROMISED, None),
    ("nothing came, day and grace are over", FEE, date(2026, 11, 26), MarkKind.BROKEN, "失约 1 次"),
    ("part came, day and grace are over", 70_000, date(2026, 11, 26), MarkKind.BROKEN, "失约 1 次"),
]


@pytest.mark.parametrize(
    ("what", "left", "seen_on", "mark", "text"), KEPT_OR_NOT, ids=[case[0] for case in KEPT_OR_NOT]
)
def test_a_promise_is_kept_or_broken_by_what_the_lists_say(
    desk: Desk, what: str, left: int, seen_on: date, mark: MarkKind, text: str | None
) -> None:
    desk.log(Outcome.PROMISED, promise=(date(2026, 11, 20), FEE))
    desk.clock.forward(days=1)
    mine = [listed("1-101", "林晓岚", ("管理费", "2026-07..2026-09", left))] if left else []
    import_list(desk.office, *mine, listed("1-102", "何敏"), as_of=date(2026, 11, 18), file="二.xlsx")
    desk.clock.forward(days=(seen_on - desk.clock().date()).days)
    desk.office.roll_day()
    assert desk.mark[0] is mark and (text is None or desk.mark[1] == text)


def test_a_promise_met_in_full_leaves_the_rest_of_the_debt_open_and_unbroken(desk: Desk) -> None:
    desk.log(Outcome.PROMISED, promise=(date(2026, 11, 20), 40_000))
    desk.clock.forward(days=1)
    import_list(desk.office, listed("1-101", "林晓岚", ("管理费", "2026-07..2026-09", FEE - 40_000)), listed("1-102", "何敏"),
                as_of=date(2026, 11, 18), file="二.xlsx")  # fmt: skip
    desk.clock.forward(days=20)
    desk.office.roll_day()
    assert desk.mark == (MarkKind.PARTLY, "部分缴")


# ---- steps ----------------------------------------------------------------------------------------------------------


def test_calls_and_visits_move_the_lower_steps_with_a_reason_on_record(desk: Desk) -> None:
    desk.log(Outcome.SENT, channel=Channel.MESSAGE)
    assert desk.account.row.step is Step.REMINDER
    desk.log(Outcome.NO_ANSWER)
    assert desk.account.row.step is Step.FIRST_CALL
    desk.log(Outcome.NO_ANSWER)
    assert desk.account.row.step is Step.SECOND_CALL
    desk.log(Outcome.NO_ANSWER)
    assert desk.account.row.step is Step.SECOND_CALL
    moves = desk.office.session.conn.execute("SELECT from_step, to_step, reason FROM transitions").fetchall()
    assert [move[:2] for move in moves] == [("1", "2"), ("2", "3")] and all(reason for *_, reason in moves)


def test_a_higher_step_stays_when_a_call_is_logged(desk: Desk) -> None:
    put_on(desk.office, desk.a, Step.LETTER)
    desk.log(Outcome.NO_ANSWER)
    assert desk.account.row.step is Step.LETTER


def test_logging_touches_the_accounts_concerned_and_no_other(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    import_list(office, *(listed(f"1-{number}", f"林{number}") for number in range(101, 301)))
    counts = []
    for _ in range(2):
        seen: list[str] = []
        office.session.conn.set_trace_callback(seen.append)
        office.contacts.add(contact(1, 2, at=NOON))
        office.session.conn.set_trace_callback(None)
        counts.append(len(seen))
        written = [sql for sql in seen if sql.startswith("INSERT OR REPLACE INTO account_state")]
        assert len(written) == 2
    few = Office.open(_small(tmp_path), Clock())
    seen = []
    few.session.conn.set_trace_callback(seen.append)
    few.contacts.add(contact(1, 2, at=NOON))
    few.session.conn.set_trace_callback(None)
    assert len(seen) == counts[0], "as many statements in an office of two as in one of two hundred"
    few.close()
    office.close()


def _small(folder: Path) -> Path:
    office = new_office(folder, name="小")
    import_list(office, listed("1-101"), listed("1-102"))
    office.close()
    return office.path


def test_the_sum_owed_is_not_changed_by_anything_but_lists(desk: Desk) -> None:
    before = owed(desk.office)
    desk.log(Outcome.PROMISED, promise=(date(2026, 11, 20), FEE))
    desk.office.contacts.claim((desk.a,), ClaimDraft(NOON.date(), FEE, "微信"))
    desk.log(Outcome.DISPUTE)
    assert owed(desk.office) == before
