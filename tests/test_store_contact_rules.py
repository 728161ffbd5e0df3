"""The contact guard over records: what it knows of a person, what it stops, what is kept when a clerk had a reason."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedesk.errors import BadInput
from feedesk.models.accounts import Action, MarkKind
from feedesk.models.contacts import Channel, Outcome
from feedesk.models.disputes import DisputeDraft, DisputeOutcome
from feedesk.models.guard import SENSITIVE_REASONS, ContactHistory, Rule, check, mark_words, read_mark
from feedesk.models.store import Office
from feedesk.models.timeline import EntryKind
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound, contact

NOW = datetime(2026, 11, 17, 15, 30)
NIGHT = datetime(2026, 11, 16, 21, 10)
MINE = ("9-1-101", "9-1-201")
OTHER = "9-2-101"
TWO_LINES = (("管理费", "2026-07..2026-09", 107_940), ("水费", "2026-09", 6_000))


class Desk:
    """陈多多 owns two units, joined; 何敏 owns another one."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock(datetime(2026, 11, 2, 9, 0))
        self.office: Office = new_office(folder, self.clock)
        mine = [listed(room, "陈多多", phones=("13900000901",)) for room in MINE]
        import_list(self.office, *mine, listed(OTHER, "何敏", *TWO_LINES, phones=("13900000902",)))
        self.ids = ids_by_room(self.office)
        self.office.accounts.join([self.ids[room] for room in MINE])
        self.clock.now = NOW

    def log(self, room: str, at: datetime = NOW, why: str = "", **more: object) -> int:
        draft = contact(self.ids[room], at=at, override_reason=why, **more)  # type: ignore[arg-type]
        return self.office.contacts.add(draft).record_id

    def rule(self, room: str, channel: Channel = Channel.PHONE, at: datetime = NOW) -> Rule | None:
        return self.office.contact_rules.check(self.ids[room], channel, at).rule

    def bulk(self, room: str, channel: Channel = Channel.PHONE, at: datetime = NOW) -> Rule | None:
        """The same by the way of many at once."""
        found = self.office.contact_rules.of_accounts(self.ids.values(), at)
        return check(channel, at, found[self.ids[room]]).rule

    def overrides(self, contact_id: int) -> list[tuple[str, ...]]:
        return self.office.session.conn.execute(
            "SELECT rule, why, next_at, reason FROM contact_overrides WHERE contact_id = ? ORDER BY rule", (contact_id,)
        ).fetchall()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    assert_sound(made.office)
    made.office.close()


# --- logging --------------------------------------------------------------------------------------------------------


def test_what_the_guard_would_have_stopped_is_not_logged_without_a_reason(desk: Desk) -> None:
    with pytest.raises(BadInput, match="不在联系时段（可联系时段 9–20 点）：没有写理由，联系没有记下。"):
        desk.log(MINE[0], NIGHT)
    with pytest.raises(BadInput, match="没有写理由"):
        desk.log(MINE[0], NIGHT, why="  ")
    assert desk.office.contacts.of(desk.ids[MINE[0]]) == []


def test_with_a_reason_it_is_logged_as_it_was_and_the_reason_stays_on_record(desk: Desk) -> None:
    made = desk.log(MINE[0], NIGHT, why=" 业主约定的时间 ")
    why = "不在联系时段（可联系时段 9–20 点）"
    assert desk.overrides(made) == [("hours", why, "2026-11-17T09:00", "业主约定的时间")]
    (entry,) = [one for one in desk.office.history.of(desk.ids[MINE[0]]) if one.kind is EntryKind.CONTACT]
    assert f"提醒：当时{why}；理由：业主约定的时间" in entry.lines
    logged = desk.office.session.conn.execute(
        "SELECT subject, detail FROM audit JOIN audit_details USING (seq) WHERE what = '规则外联系'"
    ).fetchall()
    assert [subject for subject, _ in logged] == [f"联系 {made}"]
    assert json.loads(logged[0][1])["reason"] == "业主约定的时间"


def test_every_rule_broken_is_on_record_and_said_once(desk: Desk) -> None:
    desk.log(MINE[0], NIGHT.replace(hour=15))
    made = desk.log(MINE[1], NIGHT, why="业主来电")
    assert [row[0] for row in desk.overrides(made)] == ["day_effective", "hours"]
    override = desk.office.contacts.of(desk.ids[MINE[1]])[0].override
    assert override == "一天最多接通 1 次；不在联系时段（可联系时段 9–20 点）；理由：业主来电"


def test_a_reason_given_where_none_was_needed_is_not_kept(desk: Desk) -> None:
    made = desk.log(MINE[0], why="业主来电")
    assert desk.overrides(made) == []
    assert desk.office.contacts.of(desk.ids[MINE[0]])[0].override == ""


@pytest.mark.parametrize(
    ("channel", "outcome"),
    [(Channel.COUNTER, Outcome.MET), (Channel.MESSAGE, Outcome.PROMISED), (Channel.MAIL, Outcome.SENT)],
)
def test_who_came_or_wrote_himself_and_what_goes_by_letter_has_no_hour(
    desk: Desk, channel: Channel, outcome: Outcome
) -> None:
    desk.clock.now = NIGHT + timedelta(days=1)
    promise = (date(2026, 11, 20), 100) if outcome is Outcome.PROMISED else None
    desk.log(OTHER, NIGHT, channel=channel, outcome=outcome, promise=promise)


def test_a_contact_entered_afterwards_is_judged_by_its_own_time(desk: Desk) -> None:
    """At 10:00 nothing was against it; the other call of that morning was ten minutes later."""
    desk.log(OTHER, NOW.replace(hour=10, minute=10), outcome=Outcome.NO_ANSWER)
    with pytest.raises(BadInput, match="至少隔 30 分钟"):
        desk.log(OTHER, NOW.replace(hour=10, minute=0), outcome=Outcome.NO_ANSWER)
    desk.log(OTHER, NOW.replace(hour=9, minute=40), outcome=Outcome.NO_ANSWER)


def test_overrides_are_never_changed_afterwards(desk: Desk) -> None:
    made = desk.log(MINE[0], NIGHT, why="业主来电")
    with pytest.raises(sqlite3.IntegrityError, match="frozen"), desk.office.session.writing() as conn:
        conn.execute("UPDATE contact_overrides SET reason = '另一个' WHERE contact_id = ?", (made,))
    assert desk.overrides(made)[0][3] == "业主来电"


# --- what is known of a person --------------------------------------------------------------------------------------


def both(desk: Desk, channel: Channel = Channel.PHONE, at: datetime = NOW) -> list[Rule | None]:
    """What stands against each room, asked one by one; asked for many at once it is the same."""
    one_by_one = [desk.rule(room, channel, at) for room in (*MINE, OTHER)]
    assert [desk.bulk(room, channel, at) for room in (*MINE, OTHER)] == one_by_one
    return one_by_one


def test_calls_visits_and_messages_about_one_unit_count_for_all_of_the_owners(desk: Desk) -> None:
    assert both(desk) == [None, None, None]
    desk.log(MINE[0], NOW.replace(hour=10), outcome=Outcome.NO_DAY)
    assert both(desk) == [Rule.DAY_EFFECTIVE, Rule.DAY_EFFECTIVE, None]
    desk.log(OTHER, NOW.replace(hour=10), outcome=Outcome.SENT, channel=Channel.MESSAGE)
    assert both(desk, Channel.MESSAGE) == [None, None, Rule.TEXT_EVERY]
    desk.log(OTHER, NOW.replace(hour=11), outcome=Outcome.NOBODY, channel=Channel.VISIT)
    assert both(desk, Channel.VISIT) == [Rule.DAY_EFFECTIVE, Rule.DAY_EFFECTIVE, Rule.VISIT_EVERY]


def test_a_voided_contact_counts_for_nothing(desk: Desk) -> None:
    made = desk.log(MINE[0], NOW.replace(hour=10))
    desk.office.contacts.void(made, "记错了户")
    assert both(desk) == [None, None, None]


def test_do_not_call_leaves_letters(desk: Desk) -> None:
    desk.office.accounts.set_do_not_call(desk.ids[MINE[1]], True)
    for channel in (Channel.PHONE, Channel.VISIT, Channel.MESSAGE):
        assert both(desk, channel) == [Rule.NO_CALL, Rule.NO_CALL, None]
    assert both(desk, Channel.MAIL) == [None, None, None]


def test_money_to_be_verified_and_an_objection_hold_the_unit_they_are_about(desk: Desk) -> None:
    desk.log(MINE[0], NOW.replace(hour=10), outcome=Outcome.SAYS_PAID, claim=(date(2026, 11, 16), 100))
    desk.log(OTHER, NOW.replace(hour=10), outcome=Outcome.DISPUTE)
    tomorrow = NOW + timedelta(days=1)
    assert both(desk, at=tomorrow) == [Rule.VERIFY, None, Rule.DISPUTE]
    desk.office.contacts.drop_claim(desk.ids[MINE[0]], "未到账")
    assert both(desk, at=tomorrow) == [None, None, Rule.DISPUTE]


def open_lines(desk: Desk, room: str) -> list[int]:
    return [charge.id for charge in desk.office.accounts.charges(desk.ids[room]) if charge.owed]


@pytest.mark.parametrize(
    ("by_hand", "disputed", "held"),
    [
        pytest.param(2, 0, True, id="every line put on hold by hand"),
        pytest.param(0, 2, True, id="an objection to every line"),
        pytest.param(1, 1, True, id="one by hand, one by an objection"),
        pytest.param(1, 0, False, id="one line goes on"),
        pytest.param(0, 0, False, id="nothing is held"),
    ],
)
def test_an_account_held_line_by_line_is_left_in_peace_like_one_held_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, by_hand: int, disputed: int, held: bool
) -> None:
    office, account_id = desk.office, desk.ids[OTHER]
    lines = open_lines(desk, OTHER)
    assert len(lines) == 2
    for charge_id in lines[:by_hand]:
        office.accounts.hold_line(charge_id, "开发商承担")
    for charge_id in lines[by_hand : by_hand + disputed]:
        office.disputes.open(DisputeDraft(account_id, "金额不符", "财务部", "水量不对", (charge_id,)))
    assert both(desk) == [None, None, Rule.DISPUTE if held else None]
    assert (office.accounts.some([account_id])[account_id].mark is MarkKind.HOLD) == held
    monkeypatch.setattr("feedesk.models.store.held._MANY", 1)
    assert both(desk) == [None, None, Rule.DISPUTE if held else None], "looked for among all lines, as for thousands"


def test_once_the_last_objection_to_a_line_has_its_outcome_the_owner_is_told(desk: Desk) -> None:
    office, account_id = desk.office, desk.ids[OTHER]
    made = office.disputes.open(
        DisputeDraft(account_id, "金额不符", "财务部", "水量不对", tuple(open_lines(desk, OTHER)))
    )
    assert both(desk) == [None, None, Rule.DISPUTE]
    assert desk.rule(OTHER, at=NOW - timedelta(days=1)) is None, "yesterday it was not held"
    office.disputes.resolve(made.record_id, DisputeOutcome.EXPLAINED, "已核对，数对")
    assert both(desk) == [None, None, None]
    assert office.accounts.some([account_id])[account_id].action is Action.CALL


def test_a_contact_about_several_units_is_judged_by_all_of_them(desk: Desk) -> None:
    office, (one, two) = desk.office, (desk.ids[room] for room in MINE)
    desk.log(MINE[1], NOW - timedelta(days=1), outcome=Outcome.SAYS_PAID, claim=(date(2026, 11, 16), 100))
    rules = office.contact_rules
    assert rules.check(one, Channel.PHONE, NOW).allowed
    assert rules.check_all([one, two], Channel.PHONE, NOW).rule is Rule.VERIFY
    assert rules.check_all([two, one, two], Channel.PHONE, NOW).why.count("先核对收款") == 1, "each reason once"
    alone, together = (contact(*ids, at=NOW, override_reason="") for ids in ((one,), (one, two)))
    with pytest.raises(BadInput, match="先核对收款，查清前不打：没有写理由"):
        office.contacts.add(together)
    made = office.contacts.add(replace(together, override_reason="业主来电"))
    assert [row[0] for row in desk.overrides(made.record_id)] == ["verify"]
    office.contacts.void(made.record_id, "重记")
    assert desk.overrides(office.contacts.add(alone).record_id) == []


def letter(desk: Desk, room: str, on: date, kind: str = "lawyer", deadline: date | None = None) -> None:
    """A lawyer's letter on file, behind the aggregate that files it."""
    with desk.office.session.writing() as conn:
        made = conn.execute(
            "INSERT INTO documents (kind, number, dated_on, deadline_on, sent_on, at, staff_id)"
            " VALUES (?, '律字 7', ?, ?, ?, ?, 1)",
            (
                kind,
                on.isoformat(),
                deadline.isoformat() if deadline else None,
                on.isoformat(),
                desk.office.session.stamp(),
            ),
        ).lastrowid
        conn.execute("INSERT INTO document_accounts VALUES (?, ?)", (made, desk.ids[room]))


def test_after_a_letter_about_one_unit_it_is_quiet_about_all_until_its_day_is_over(desk: Desk) -> None:
    letter(desk, MINE[0], date(2026, 11, 10), deadline=date(2026, 11, 24))
    assert both(desk) == [Rule.SILENCE, Rule.SILENCE, None]
    assert both(desk, Channel.MAIL) == [Rule.SILENCE, Rule.SILENCE, None]
    assert both(desk, at=datetime(2026, 11, 24, 15)) == [Rule.SILENCE, Rule.SILENCE, None]
    assert both(desk, at=datetime(2026, 11, 25, 15)) == [None, None, None]


def test_a_letter_about_one_unit_silences_the_rows_of_all_from_the_day_that_the_guard_names(desk: Desk) -> None:
    office, ids = desk.office, [desk.ids[room] for room in (*MINE, OTHER)]
    office.roll_day()
    before = [office.accounts.some(ids)[one].group for one in ids]
    assert None not in before
    letter(desk, MINE[0], date(2026, 11, 10), deadline=date(2026, 11, 24))
    with office.session.writing():
        assert office.states.refresh([ids[0]]) == set(ids[:2]), "filing about one unit moves the other too"
    rows, free = office.accounts.some(ids), office.contact_rules.earliest(ids, NOW)
    for one in ids[:2]:
        assert (rows[one].group, rows[one].action, rows[one].next_text) == (None, Action.WAIT, "11-25 周三")
        assert "律师函 律字 7 的期限到 11-24 周二，到期前不主动联系" in rows[one].why
        assert free[one] == datetime(2026, 11, 25, 9)
    assert (rows[ids[2]].group, free[ids[2]]) == (before[2], NOW)
    (quiet,) = {one.quiet for one in office.figures.notice_candidates(ids[:2])}
    assert "律师函" in quiet, "no paper goes out about the other unit either"
    with office.session.writing() as conn:
        conn.execute("UPDATE documents SET voided_at = ?, voided_by = 1, void_reason = '发错'", (NOW.isoformat(),))
        office.states.refresh([ids[0]])
    assert [office.accounts.some(ids)[one].group for one in ids] == before


def test_a_call_entered_afterwards_for_a_day_before_the_letter_was_in_order(desk: Desk) -> None:
    letter(desk, MINE[0], date(2026, 11, 17), deadline=date(2026, 12, 1))
    assert desk.rule(MINE[0]) is Rule.SILENCE
    desk.log(MINE[0], NOW - timedelta(days=1))


# --- the sensitive mark ---------------------------------------------------------------------------------------------


def test_a_sensitive_mark_holds_for_all_units_until_its_last_day(desk: Desk) -> None:
    mine = frozenset(desk.ids[room] for room in MINE)
    changed = desk.office.contact_rules.set_sensitive([desk.ids[MINE[0]]], "丧事", date(2026, 11, 20))
    assert mine <= changed.account_ids
    for channel in (Channel.PHONE, Channel.VISIT, Channel.MESSAGE, Channel.MAIL):
        assert both(desk, channel) == [Rule.SENSITIVE, Rule.SENSITIVE, None]
    assert both(desk, at=datetime(2026, 11, 20, 15)) == [Rule.SENSITIVE, Rule.SENSITIVE, None]
    assert both(desk, at=datetime(2026, 11, 21, 15)) == [None, None, None]
    account = desk.office.accounts.get(desk.ids[MINE[1]])
    assert (account.sensitive, account.sensitive_until) == ("丧事", date(2026, 11, 20))


def test_without_a_last_day_it_holds_until_somebody_ends_it(desk: Desk) -> None:
    rules, ids = desk.office.contact_rules, [desk.ids[OTHER]]
    rules.set_sensitive(ids, "住院")
    assert both(desk, at=NOW + timedelta(days=300))[2] is Rule.SENSITIVE
    assert rules.earliest(desk.ids.values(), NOW)[desk.ids[OTHER]] is None
    rules.set_sensitive(ids, "")
    assert both(desk) == [None, None, None]


def test_every_change_of_the_mark_is_kept(desk: Desk) -> None:
    rules, ids = desk.office.contact_rules, [desk.ids[OTHER]]
    rules.set_sensitive(ids, "住院")
    assert not rules.set_sensitive(ids, "住院").account_ids, "nothing changed, nothing is written"
    rules.set_sensitive(ids, "住院", date(2026, 12, 1))
    rules.set_sensitive(ids, "")
    rows = desk.office.session.conn.execute(
        "SELECT before, after, staff_id FROM trait_changes WHERE trait = 'sensitive' ORDER BY id"
    ).fetchall()
    assert rows == [("", "住院", 1), ("住院", "住院，到 2026-12-01", 1), ("住院，到 2026-12-01", "", 1)]
    assert mark_words("", None) == ""


@pytest.mark.parametrize(
    ("reason", "until", "says"),
    [
        ("脾气不好", None, "不在可选的原因里"),
        ("住院", date(2026, 11, 16), "最后一天已经过去"),
    ],
)
def test_only_listed_reasons_and_days_to_come(desk: Desk, reason: str, until: date | None, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        desk.office.contact_rules.set_sensitive([desk.ids[OTHER]], reason, until)
    assert both(desk) == [None, None, None]


@pytest.mark.parametrize(
    ("hour", "rule"),
    [
        pytest.param(9, None, id="before any mark"),
        pytest.param(11, Rule.SENSITIVE, id="while it stood, although it has been ended since"),
        pytest.param(14, None, id="after it was ended"),
        pytest.param(15, Rule.SENSITIVE, id="marked anew, as it stands today"),
    ],
)
def test_what_is_entered_afterwards_is_judged_by_the_mark_of_its_moment(
    desk: Desk, hour: int, rule: Rule | None
) -> None:
    for at, reason in ((10, "住院"), (13, ""), (15, "产期")):
        desk.clock.now = NOW.replace(hour=at, minute=0)
        desk.office.contact_rules.set_sensitive([desk.ids[OTHER]], reason)
    desk.clock.now = NOW
    assert desk.rule(OTHER, at=NOW.replace(hour=hour)) is rule


@pytest.mark.parametrize("mark", [("住院", date(2026, 11, 30)), ("住院", None), ("", None)])
def test_a_mark_is_read_back_from_the_words_kept(mark: tuple[str, date | None]) -> None:
    assert read_mark(mark_words(*mark)) == mark


def test_what_was_said_before_the_mark_was_set_was_not_against_it(desk: Desk) -> None:
    desk.office.contact_rules.set_sensitive([desk.ids[OTHER]], "病重")
    desk.log(OTHER, NOW - timedelta(hours=2))
    with pytest.raises(BadInput, match="业主家里有事（病重）"):
        desk.log(OTHER)


# --- many at once ---------------------------------------------------------------------------------------------------


def test_from_when_each_account_may_be_contacted(desk: Desk) -> None:
    rules, ids = desk.office.contact_rules, desk.ids
    desk.log(MINE[0], NOW.replace(hour=10))
    rules.set_sensitive([ids[OTHER]], "产期", date(2026, 11, 30))
    tomorrow, after = datetime(2026, 11, 18, 9), datetime(2026, 12, 1, 9)
    assert rules.earliest(ids.values(), NOW) == {ids[MINE[0]]: tomorrow, ids[MINE[1]]: tomorrow, ids[OTHER]: after}
    assert rules.earliest([ids[MINE[0]]], NOW, Channel.MESSAGE) == {ids[MINE[0]]: NOW}
    assert rules.earliest([], NOW) == {}


PAST = st.lists(
    st.tuples(
        st.sampled_from((0, 1, 2)),
        st.integers(1, 7 * 24 * 60),
        st.sampled_from((Channel.PHONE, Channel.VISIT, Channel.MESSAGE, Channel.COUNTER)),
        st.sampled_from((Outcome.NO_ANSWER, Outcome.MET, Outcome.NO_DAY, Outcome.SENT, Outcome.DEAD_NUMBER)),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=PAST, mark=st.none() | st.tuples(st.sampled_from(SENSITIVE_REASONS), st.none() | st.integers(0, 9)))
def test_asked_for_one_or_for_many_the_answer_is_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[tuple[int, int, Channel, Outcome]],
    mark: tuple[str, int | None] | None,
) -> None:
    desk = Desk(tmp_path_factory.mktemp("office"))
    rooms = (*MINE, OTHER)
    try:
        for place, minutes, channel, outcome in before:
            desk.log(rooms[place], NOW - timedelta(minutes=minutes), "其他", channel=channel, outcome=outcome)
        if mark is not None:
            reason, days = mark
            until = NOW.date() + timedelta(days=days) if days is not None else None
            desk.office.contact_rules.set_sensitive([desk.ids[OTHER]], reason, until)
        at = NOW + timedelta(minutes=1)
        many = desk.office.contact_rules.of_accounts(desk.ids.values(), at)
        for room in rooms:
            one = desk.office.contact_rules.of_account(desk.ids[room], at)
            week = replace(one, off_days_running=0)
            assert _comparable(many[desk.ids[room]], at) == _comparable(week, at)
    finally:
        desk.office.close()


def _comparable(history: ContactHistory, now: datetime) -> ContactHistory:
    """Of the last seven days, in any order."""
    first = now.date() - timedelta(days=6)

    def recent(moments: tuple[datetime, ...]) -> tuple[datetime, ...]:
        return tuple(sorted(one for one in moments if one.date() >= first))

    return replace(
        history,
        calls=recent(history.calls),
        effective=recent(history.effective),
        visits=recent(history.visits),
        texts=recent(history.texts),
        dead=recent(history.dead),
        off_days_running=0,
        missed_days_running=0,
    )


def test_an_owner_of_several_units_who_is_to_be_left_alone_comes_last_today(desk: Desk) -> None:
    (mine,) = desk.office.accounts.households()
    assert mine.stop == ""
    letter(desk, MINE[1], date(2026, 11, 16), "letter")
    (mine,) = desk.office.accounts.households()
    assert "留一周给业主" in mine.stop
    desk.office.contact_rules.set_sensitive([desk.ids[MINE[0]]], "丧事")
    (mine,) = desk.office.accounts.households()
    assert mine.stop == "业主家里有事（丧事），结束前不联系"


def test_a_mark_for_all_that_are_checked_needs_no_more_values_than_any_sqlite_takes(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    import_list(
        desk.office, *(listed(f"8-{n // 20 + 1}-{n % 20 + 101}") for n in range(1_100)), as_of=NOW.date(), full=False
    )
    ids = ids_by_room(desk.office).values()
    desk.office.session.conn.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999 * 2)
    assert desk.office.contact_rules.set_sensitive([*ids, *range(5_000, 7_000)], "住院").account_ids == set(ids)
    desk.office.close()
