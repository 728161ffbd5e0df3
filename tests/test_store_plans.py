"""分期 on record: agreed for one owner, quiet while kept, back in the calls once broken, and its paper frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.ledger.agreement import AgreedLateFee
from feedesk.models.ledger.late_fee import LprRate
from feedesk.models.ledger.payments import Named, PaymentDraft, PaymentShare, PayMethod
from feedesk.models.ledger.plans import Instalment, Plan, PlanDraft, PlanState
from feedesk.models.ledger.waivers import WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.office import Role, Signature
from feedesk.models.store import Office
from feedesk.models.store import plans as store
from feedesk.models.store.plan_facts import facts_of, plan_verdicts
from tests.deal_tools import CLAUSE, PIN, TODAY, account, assert_deals_sound, bills, owed, pay, shown, signer
from tests.office_tools import Clock, import_list, listed, new_office
from tests.store_tools import behind_the_back, issue, states

ROOM, SHOP, OTHER = "3-2-1502", "商铺A08", "5-1-0101"
SPRING, SUMMER = ("管理费", "2026-04..2026-06", 30_000), ("管理费", "2026-07..2026-09", 30_000)
FIRST, SECOND, THIRD = date(2026, 11, 20), date(2026, 12, 21), date(2027, 1, 20)
"""Friday (its grace ends on Monday, 11-23), Monday, Wednesday."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = new_office(tmp_path, clock)
    import_list(
        office,
        listed(ROOM, "林晓岚", SPRING, SUMMER, phones=("13900004417",)),
        listed(SHOP, "林晓岚", SUMMER),
        listed(OTHER, "何敏", SUMMER),
    )
    clock.forward(minutes=1)
    yield office
    assert_deals_sound(office)
    office.close()


def thirds(office: Office, *rooms: str) -> PlanDraft:
    """What these rooms owe, in three instalments on the days above."""
    ids = tuple(account(office, room) for room in rooms or (ROOM,))
    draft = office.plans.propose(ids, 3, FIRST)
    days = (FIRST, SECOND, THIRD)
    parts = tuple(replace(part, due_on=day) for part, day in zip(draft.instalments, days, strict=True))
    return replace(draft, instalments=parts)


def agree(office: Office, *rooms: str, **more: object) -> int:
    draft = replace(thirds(office, *rooms), **more)  # type: ignore[arg-type]  # fields by name
    return office.plans.agree(draft, signer(office), PIN).record_id


def go_to(office: Office, clock: Clock, day: date) -> None:
    clock.forward(days=(day - clock().date()).days)
    office.roll_day()


def current(office: Office, room: str = ROOM) -> Plan:
    plan = office.plans.current(account(office, room))
    assert plan is not None
    return plan


def by_month(office: Office) -> None:
    """Split the lumps, which bear no late fee."""
    for charge in bills(office, ROOM).values():
        office.splits.split(charge.id)


def join_shop(office: Office) -> None:
    ids = {account(office, ROOM), account(office, SHOP)}
    with office.session.writing() as conn:
        conn.execute(
            "UPDATE accounts SET owner_id = (SELECT owner_id FROM accounts WHERE id = ?) WHERE id = ?", tuple(ids)
        )
        office.states.refresh(ids)


# --- agreeing ---


def test_a_plan_stands_on_record_with_its_paper(office: Office) -> None:
    office.late_fees.save_policy(CLAUSE)
    number = agree(office, note="每月 20 日前到前台缴", waives_late_fee=True)
    plan = current(office)
    assert (plan.id, plan.rooms, plan.staff_name, plan.approved_by) == (number, (ROOM,), "许宁", "程远")
    assert (plan.draft.total, [part.amount for part in plan.draft.instalments]) == (60_000, [20_000] * 3)
    assert (plan.verdict.state, plan.verdict.why) == (PlanState.RUNNING, "第 1/3 期 ¥200.00，11-20（含）前缴")
    paper = office.plans.agreement(number)
    assert (paper.number, paper.name, paper.rooms, paper.total) == ("FQ2026-00001", "林晓岚", (ROOM,), 60_000)
    assert [(debt.period, debt.amount) for debt in paper.debts] == [("2026年4–6月", 30_000), ("2026年7–9月", 30_000)]
    assert (paper.late_fee, paper.clause, paper.note) == (AgreedLateFee.LET_OFF, "第十二条", "每月 20 日前到前台缴")
    assert (paper.staff, paper.approved_by, paper.instalments) == ("许宁", "程远", plan.draft.instalments)
    pay(office, ROOM, 20_000)
    assert office.plans.agreement(number) == paper
    with pytest.raises(BadInput, match="找不到这份分期协议"):
        office.plans.agreement(99)


def test_papers_are_numbered_within_their_year(office: Office, clock: Clock) -> None:
    office.plans.void(agree(office), "重新商定")
    assert office.plans.agreement(agree(office)).number == "FQ2026-00002"
    go_to(office, clock, date(2027, 1, 4))
    draft = office.plans.propose((account(office, OTHER),), 2, date(2027, 1, 10))
    assert office.plans.draft_agreement(draft).number == ""
    number = office.plans.agree(draft, signer(office), PIN).record_id
    assert office.plans.agreement(number).number == "FQ2027-00001"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"total": 59_999}, "分期总额 ¥599.99 与现在的欠费 ¥600.00 不一致"),
        ({"instalments": (Instalment(1, FIRST, 60_000),)}, "一次缴清的请记“承诺缴费”，分期没有定下。"),
        ({"made_on": date(2026, 11, 16)}, "协议日期应是今天"),
    ],
)
def test_refused_plans_leave_no_trace(office: Office, change: dict[str, object], problem: str) -> None:
    before = states(office)
    with pytest.raises(BadInput, match=problem):
        agree(office, **change)
    assert office.plans.of_account(account(office, ROOM)) == [] and states(office) == before


def test_who_may_agree(office: Office) -> None:
    with pytest.raises(BadInput, match="批不了"):
        office.plans.agree(thirds(office), signer(office, "周岚", Role.CLERK), PIN)
    with pytest.raises(BadInput, match="密码不对"):
        office.plans.agree(thirds(office), signer(office), "1234")
    office.plans.agree(thirds(office), signer(office, "方磊", Role.LEADER), PIN)
    assert current(office).approved_by == "方磊"


def test_one_plan_runs_at_a_time_and_for_one_owner(office: Office) -> None:
    with pytest.raises(BadInput, match="只能是同一位业主的"):
        agree(office, ROOM, OTHER)
    agree(office)
    with pytest.raises(BadInput, match="已经有一份分期在履行，要先作废它，分期没有定下。"):
        agree(office)
    agree(office, OTHER)


def test_nothing_owed_is_no_plan(office: Office) -> None:
    pay(office, OTHER, 30_000)
    with pytest.raises(BadInput, match="没有欠费"):
        office.plans.propose((account(office, OTHER),), 3, FIRST)
    with pytest.raises(BadInput, match="第一期的日期已经过去了"):
        office.plans.propose((account(office, ROOM),), 3, date(2026, 11, 16))


# --- kept ---


def test_a_plan_that_is_kept_to_its_end(office: Office, clock: Clock) -> None:
    agree(office)
    assert shown(office, ROOM) == ("分期 1/3", "按分期协议，11-20 缴第 1 期 ¥200.00，前一天提醒", "")
    go_to(office, clock, date(2026, 11, 19))
    assert shown(office, ROOM) == ("分期 1/3", "明天是第 1 期 ¥200.00 的日子：今天提醒一声", "instalment")
    go_to(office, clock, FIRST)
    assert shown(office, ROOM)[2] == "instalment"
    pay(office, ROOM, 20_000)
    assert shown(office, ROOM) == ("分期 2/3", "按分期协议，12-21 缴第 2 期 ¥200.00，前一天提醒", "")
    go_to(office, clock, date(2026, 12, 1))
    pay(office, ROOM, 30_000)
    assert current(office).verdict.missing == 10_000 and shown(office, ROOM)[0] == "分期 3/3"
    go_to(office, clock, date(2027, 1, 20))
    pay(office, ROOM, 10_000)
    assert owed(office, ROOM) == 0 and office.plans.current(account(office, ROOM)) is None
    (plan,) = office.plans.of_account(account(office, ROOM))
    assert (plan.verdict.state, plan.verdict.kept) == (PlanState.DONE, True)


def test_what_came_before_the_plan_is_not_its_money(office: Office) -> None:
    """Both in the same second: what counts is what the office had got, not the clock."""
    pay(office, ROOM, 10_000)
    agree(office)
    assert (current(office).draft.total, current(office).verdict.missing) == (50_000, 16_666)


# --- broken ---


def test_a_broken_plan_gives_back_the_old_position(office: Office, clock: Clock) -> None:
    issue(office, ROOM)
    before = shown(office, ROOM)
    agree(office)
    assert shown(office, ROOM) != before
    go_to(office, clock, date(2026, 11, 23))
    assert shown(office, ROOM)[::2] == ("分期 1/3", "")
    go_to(office, clock, date(2026, 11, 24))
    why = "第 1 期（11-20 ¥200.00）过期 4 天未到账，分期失效，恢复到原阶段（4 催款单）"
    assert shown(office, ROOM) == ("分期失约", why, "broken")
    plan = current(office)
    assert (plan.verdict.state, plan.verdict.why, plan.step_before) == (PlanState.BROKEN, why, "4")


def test_money_of_that_day_booked_later_mends_it(office: Office, clock: Clock) -> None:
    agree(office)
    go_to(office, clock, date(2026, 11, 25))
    assert current(office).verdict.state is PlanState.BROKEN
    number = pay(office, ROOM, 20_000, date(2026, 11, 23))
    assert shown(office, ROOM)[0] == "分期 2/3"
    office.payments.reverse(number, "记错户")
    assert shown(office, ROOM)[0] == "分期失约"


def test_money_that_came_too_late_does_not(office: Office, clock: Clock) -> None:
    agree(office)
    go_to(office, clock, date(2026, 11, 25))
    pay(office, ROOM, 20_000)
    assert current(office).verdict.why.startswith("第 1 期（11-20 ¥200.00）过了宽限才到齐")
    office.plans.agree(office.plans.propose((account(office, ROOM),), 2, SECOND), signer(office), PIN)
    assert (current(office).draft.total, current(office).verdict.state) == (40_000, PlanState.RUNNING)
    assert [plan.verdict.state for plan in office.plans.of_account(account(office, ROOM))] == ["running", "broken"]


def test_a_list_that_tells_no_day_is_believed(office: Office, clock: Clock) -> None:
    agree(office)
    go_to(office, clock, date(2026, 12, 1))
    assert shown(office, ROOM)[0] == "分期失约"
    left = ("管理费", "2026-04..2026-06", 10_000)
    import_list(office, listed(ROOM, "林晓岚", left, SUMMER), as_of=date(2026, 11, 30), full=False, file="11月.xlsx")
    assert shown(office, ROOM)[0] == "分期 2/3"


def test_a_list_without_the_money_before_it_does_not_excuse_what_came_after(office: Office, clock: Clock) -> None:
    agree(office)
    go_to(office, clock, date(2026, 12, 1))
    import_list(
        office,
        listed(ROOM, "林晓岚", SPRING, SUMMER, phones=("13900004417",)),
        as_of=date(2026, 11, 30),
        full=False,
        file="11月.xlsx",
    )
    go_to(office, clock, date(2026, 12, 20))
    left = ("管理费", "2026-04..2026-06", 10_000)
    import_list(office, listed(ROOM, "林晓岚", left, SUMMER), as_of=date(2026, 12, 19), full=False, file="12月.xlsx")
    assert current(office).verdict.why.startswith("第 1 期（11-20 ¥200.00）过了宽限才到齐")


def test_a_payment_that_replaces_the_lists_settlement_counts_once(office: Office, clock: Clock) -> None:
    number = agree(office)
    go_to(office, clock, date(2026, 12, 1))
    left = ("管理费", "2026-04..2026-06", 10_000)
    import_list(office, listed(ROOM, "林晓岚", left, SUMMER), as_of=date(2026, 11, 30), full=False, file="11月.xlsx")
    pay(office, ROOM, 20_000, date(2026, 11, 22))
    assert facts_of(office.session.conn, [number])[number].paid == ((date(2026, 11, 22), 20_000),)
    assert owed(office, ROOM) == 40_000


# --- what is no part of the plan ---


def test_later_debts_neither_break_nor_keep_alive_a_plan(office: Office, clock: Clock) -> None:
    agree(office)
    autumn = ("管理费", "2026-10..2026-12", 30_000)
    import_list(office, listed(ROOM, "林晓岚", SPRING, SUMMER, autumn), as_of=TODAY, full=False, file="秋.xlsx")
    new = bills(office, ROOM)["管理费 2026-10"].id
    go_to(office, clock, FIRST)
    pay(office, ROOM, 20_000, None, Named(new, 20_000))
    assert current(office).verdict.current == Instalment(1, FIRST, 20_000)
    pay(office, ROOM, 60_000)
    assert owed(office, ROOM) == 10_000 and office.plans.current(account(office, ROOM)) is None


def test_money_that_a_list_before_the_plan_contained_is_not_its_money(office: Office, clock: Clock) -> None:
    left = ("管理费", "2026-04..2026-06", 10_000)
    import_list(office, listed(ROOM, "林晓岚", left, SUMMER), as_of=date(2026, 11, 16), full=False, file="16.xlsx")
    number = agree(office)
    assert current(office).draft.total == 40_000
    clock.forward(minutes=1)
    pay(office, ROOM, 25_000, date(2026, 11, 14))
    conn = office.session.conn
    kinds = conn.execute("SELECT settlement_id IS NULL, amount FROM payment_covers ORDER BY 1").fetchall()
    assert kinds == [(0, 20_000), (1, 5_000)]
    assert facts_of(conn, [number])[number].paid == () and owed(office, ROOM) == 40_000


def test_late_fee_pays_no_instalment(office: Office, clock: Clock) -> None:
    office.late_fees.save_policy(CLAUSE)
    office.late_fees.save_lpr([LprRate(date(2025, 5, 20), 300)])
    by_month(office)
    agree(office)
    pay(office, ROOM, 20_000, None, late_fee=500)
    assert current(office).verdict.missing == 500


def test_what_is_let_off_shortens_the_plan(office: Office) -> None:
    agree(office)
    draft = WaiverDraft(
        account(office, ROOM), WaiverTarget.PRINCIPAL, WaiverKind.HARDSHIP, 20_000,
        bills(office, ROOM)["管理费 2026-07"].id, TODAY, "低保户，见证明", "业主",
    )  # fmt: skip
    waiver = office.waivers.grant(draft, signer(office), PIN).record_id
    assert current(office).verdict.missing == 20_000
    pay(office, ROOM, 40_000)
    assert office.plans.current(account(office, ROOM)) is None
    office.waivers.void(waiver, "证明不符")
    assert current(office).verdict.current == Instalment(3, THIRD, 20_000)


# --- several units of one owner ---


def test_a_plan_for_two_units_shows_on_both_whichever_is_paid_for(office: Office) -> None:
    join_shop(office)
    number = agree(office, ROOM, SHOP)
    assert office.plans.agreement(number).rooms == (ROOM, SHOP)
    assert shown(office, ROOM)[0] == shown(office, SHOP)[0] == "分期 1/3"
    share = PaymentShare(account(office, SHOP), 30_000)
    office.payments.take(PaymentDraft(TODAY, 30_000, PayMethod.CASH, (share,)))
    assert shown(office, ROOM)[0] == "分期 2/3"
    assert owed(office, SHOP) == 0 and current(office, SHOP).id == number


def test_voiding_ends_it(office: Office) -> None:
    before = states(office)
    number = agree(office)
    changes = office.plans.void(number, " 业主改为一次付清 ")
    assert changes.account_ids == {account(office, ROOM)} and states(office) == before
    (plan,) = office.plans.of_account(account(office, ROOM))
    assert (plan.voided, plan.verdict.state) == ("业主改为一次付清（11-17 许宁）", PlanState.VOIDED)
    assert plan.verdict.why == "已作废：业主改为一次付清（11-17 许宁）"
    assert office.plans.current(account(office, ROOM)) is None
    for wrong, problem in ((number, "已经作废过了"), (99, "找不到这份分期")):
        with pytest.raises(BadInput, match=problem):
            office.plans.void(wrong, "再来")
    with pytest.raises(BadInput, match="作废要写明原因"):
        office.plans.void(number, "")


def test_hundreds_of_accounts_cost_no_more_statements_than_one(office: Office) -> None:
    for room in (ROOM, OTHER):
        agree(office, room)
    counts = []
    for rooms in ((ROOM,), (ROOM, SHOP, OTHER)):
        seen: list[str] = []
        office.session.conn.set_trace_callback(seen.append)
        found = plan_verdicts(office.session.conn, [account(office, room) for room in rooms], TODAY)
        office.session.conn.set_trace_callback(None)
        counts.append(len([sql for sql in seen if "account_state" not in sql]))
        assert {account(office, room) for room in rooms if room != SHOP} == set(found)
    assert counts[1] <= counts[0] + 2


# --- late fee that a kept plan lets off ---


def test_late_fee_is_let_off_while_the_plan_is_kept_and_due_again_when_it_breaks(office: Office, clock: Clock) -> None:
    office.late_fees.save_policy(CLAUSE)
    by_month(office)
    account_id = account(office, ROOM)
    yesterday = date(2026, 11, 16)
    plain = office.late_fees.of_account(account_id, TODAY)
    assert plain.owed > 0
    before = office.late_fees.of_account(account_id, yesterday)
    agree(office, waives_late_fee=True)
    kept = office.late_fees.of_account(account_id, TODAY)
    assert (kept.claimed, kept.waived, kept.owed) == (plain.claimed, plain.claimed, 0)
    assert office.as_of.of_accounts(TODAY, [account_id])[account_id].waived == plain.claimed
    assert office.late_fees.of_account(account_id, yesterday) == before
    go_to(office, clock, date(2026, 11, 24))
    assert office.late_fees.of_account(account_id, TODAY) == plain
    pay(office, ROOM, 20_000, date(2026, 11, 20))
    assert office.late_fees.of_account(account_id, date(2026, 11, 24)).owed == 0


def test_what_the_paper_does_not_say_is_not_let_off(office: Office) -> None:
    number = agree(office, waives_late_fee=True)
    assert office.plans.agreement(number).late_fee is AgreedLateFee.NONE
    office.late_fees.save_policy(CLAUSE, Signature(signer(office), PIN))
    by_month(office)
    assert office.late_fees.of_account(account(office, ROOM), TODAY).waived == 0


# --- the file's own check ---


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        ("UPDATE instalments SET amount = 1 WHERE number = 1", "分期 1 的各期合计与总额不符"),
        ("UPDATE plan_accounts SET owed = 1", "分期 1 的总额与各户当时的欠费不符"),
        ("UPDATE instalments SET due_on = '2026-11-01' WHERE number = 2", "分期 1 的期数或日期不连贯"),
        ("UPDATE instalments SET number = 4 WHERE number = 2", "分期 1 的期数或日期不连贯"),
        ("UPDATE plans SET snapshot = '{}'", "分期 1 少了留底"),
        ("UPDATE plans SET void_reason = '没有人'", "分期 1 作废得不完整"),
    ],
)
def test_what_the_check_finds(tmp_path: Path, sql: str, finding: str) -> None:
    office = new_office(tmp_path / "check", Clock())
    import_list(office, listed(ROOM, "林晓岚", SPRING, SUMMER, phones=("13900004417",)))
    agree(office)
    office.close()
    with behind_the_back(office.path) as conn:
        assert store.findings(conn) == []
        conn.execute(sql)
        assert finding in store.findings(conn)
