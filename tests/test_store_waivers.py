"""减免 on record: who may grant it, what it lowers, that it lapses on its day, and that voiding brings all back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.ledger.waivers import Waiver, WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.office import Role, Signature, Staff
from feedesk.models.store import Office
from feedesk.models.store import waivers as store
from tests.deal_tools import CLAUSE, PIN, TODAY, account, assert_deals_sound, bills, owed, pay, shown, signer
from tests.office_tools import Clock, import_list, listed, new_office
from tests.store_tools import behind_the_back, states

ROOM = "3-2-1502"
SPRING, SUMMER = ("管理费", "2026-04..2026-06", 30_000), ("管理费", "2026-07", 10_000)
WATER = ("水费", "2026-09", 4_000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = new_office(tmp_path, clock)
    import_list(office, listed(ROOM, "林晓岚", SPRING, SUMMER, WATER))
    clock.forward(minutes=1)
    yield office
    assert_deals_sound(office)
    office.close()


def draft(office: Office, amount: int = 5_000, bill: str = "管理费 2026-04", **more: object) -> WaiverDraft:
    found = WaiverDraft(
        account(office, ROOM),
        WaiverTarget.PRINCIPAL,
        WaiverKind.WAIVER,
        amount,
        bills(office, ROOM)[bill].id if bill else None,
        office.session.today(),
        "漏水修了两个月",
        "业主",
    )
    return replace(found, **more)  # type: ignore[arg-type]  # fields by name


def grant(office: Office, amount: int = 5_000, bill: str = "管理费 2026-04", **more: object) -> int:
    return office.waivers.grant(draft(office, amount, bill, **more), signer(office), PIN).record_id


def only(office: Office) -> Waiver:
    (waiver,) = office.waivers.of_account(account(office, ROOM))
    return waiver


def test_a_waiver_lowers_its_charge_and_stands_on_record(office: Office) -> None:
    changes = office.waivers.grant(draft(office, expires_on=date(2026, 11, 30)), signer(office), PIN)
    assert changes.account_ids == {account(office, ROOM)} and changes.record_id
    charge = bills(office, ROOM)["管理费 2026-04"]
    assert (charge.owed, charge.settled, charge.waived, charge.paid) == (25_000, 5_000, 5_000, 0)
    waiver = only(office)
    assert (waiver.approved_by, waiver.staff_name, waiver.voided, waiver.lapsed) == ("程远", "许宁", "", "")
    assert (waiver.draft.amount, waiver.draft.reason, waiver.draft.expires_on) == (
        5_000, "漏水修了两个月", date(2026, 11, 30),
    )  # fmt: skip


def test_a_waiver_of_all_that_is_owed_pays_nothing_but_ends_the_calls(office: Office) -> None:
    for bill, amount in (("管理费 2026-04", 30_000), ("管理费 2026-07", 10_000), ("水费 2026-09", 4_000)):
        grant(office, amount, bill)
    assert owed(office, ROOM) == 0 and office.payments.of_account(account(office, ROOM)) == []
    assert shown(office, ROOM)[2] == ""


def test_what_was_paid_already_stays_paid(office: Office) -> None:
    pay(office, ROOM, 26_000)
    with pytest.raises(BadInput, match=r"超过这笔还欠的 ¥40\.00"):
        grant(office, 5_000)
    grant(office, 4_000)
    charge = bills(office, ROOM)["管理费 2026-04"]
    assert (charge.owed, charge.waived, charge.paid) == (0, 4_000, 26_000)
    assert office.payments.prepaid(account(office, ROOM)) == 0


# --- who signs ---


@pytest.mark.parametrize(
    ("role", "pin", "typed", "target", "problem"),
    [
        (Role.MANAGER, PIN, PIN, WaiverTarget.PRINCIPAL, ""),
        (Role.LEADER, PIN, PIN, WaiverTarget.LATE_FEE, ""),
        (Role.MANAGER, PIN, PIN, WaiverTarget.LATE_FEE, ""),
        (Role.LEADER, PIN, PIN, WaiverTarget.PRINCIPAL, "“周岚”是组团负责人，批不了这件事，没有办理。请由项目经理批准。"),
        (Role.CLERK, PIN, PIN, WaiverTarget.LATE_FEE, "“周岚”是客服，批不了这件事，没有办理。请由组团负责人或项目经理批准。"),
        (Role.MANAGER, PIN, "4712", WaiverTarget.PRINCIPAL, "签字密码不对，没有办理。请批准人本人再输一次。"),
        (Role.MANAGER, PIN, "", WaiverTarget.PRINCIPAL, "签字密码不对，没有办理。请批准人本人再输一次。"),
        (
            Role.MANAGER, "", "", WaiverTarget.PRINCIPAL,
            "“周岚”还没有签字密码，没有办理。请到“设置 › 人员”给周岚设签字密码。",
        ),
    ],
)  # fmt: skip
def test_who_may_let_what_off(
    office: Office, role: Role, pin: str, typed: str, target: WaiverTarget, problem: str
) -> None:
    office.late_fees.save_policy(CLAUSE)
    person = signer(office, "周岚", role, pin)
    wanted = draft(office, 100, "管理费 2026-07", target=target)
    if not problem:
        office.waivers.grant(wanted, person, typed)
        assert only(office).approved_by == "周岚"
        return
    before = states(office)
    with pytest.raises(BadInput) as refused:
        office.waivers.grant(wanted, person, typed)
    assert str(refused.value) == problem
    assert office.waivers.of_account(account(office, ROOM)) == [] and states(office) == before


def test_who_has_left_signs_no_more(office: Office) -> None:
    person = signer(office)
    office.staff.save(replace(person, active=False), Signature(person, PIN))
    with pytest.raises(BadInput, match="不在岗"):
        office.waivers.grant(draft(office), person, PIN)


def test_the_role_on_record_counts_not_the_one_handed_in(office: Office) -> None:
    person = signer(office, "周岚", Role.CLERK)
    dressed_up = Staff(person.id, person.name, person.called, Role.MANAGER, person.pin_hash)
    with pytest.raises(BadInput, match="批不了"):
        office.waivers.grant(draft(office), dressed_up, PIN)


def test_a_pin_is_changed_and_dropped(office: Office) -> None:
    person = signer(office)
    assert office.staff.verify_pin(person, PIN).name == "程远"
    office.staff.set_pin(person, "0000", Signature(person, PIN))
    with pytest.raises(BadInput, match="密码不对"):
        office.staff.verify_pin(person, PIN)
    assert office.staff.verify_pin(person, "0000") == office.staff.verify_pin(person, "0000", (Role.MANAGER,))
    office.staff.set_pin(person, "", Signature(person, "0000"))
    with pytest.raises(BadInput, match="还没有签字密码"):
        office.staff.verify_pin(person, "")


# --- what is refused leaves no trace ---


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"amount": 0}, "减免金额要大于 0，减免没有记下。"),
        ({"amount": 30_001}, "超过这笔还欠的 ¥300.00"),
        ({"reason": " "}, "请写明减免的原因，减免没有记下。"),
        ({"on": date(2026, 11, 18)}, "减免日期在今天之后"),
        ({"on": date(2026, 11, 12)}, "财务清单已到 2026-11-13"),
        ({"charge_id": None}, "减免本金要选定哪一笔账单"),
        ({"charge_id": 4711}, "找不到这笔账单，减免没有记下。"),
        ({"target": WaiverTarget.LATE_FEE}, "没有未付的违约金，不用减免"),
    ],
)
def test_refused_waivers_leave_no_trace(office: Office, change: dict[str, object], problem: str) -> None:
    signer(office)
    before = states(office)
    with pytest.raises(BadInput, match=problem):
        grant(office, **change)
    assert office.waivers.of_account(account(office, ROOM)) == [] and states(office) == before


def test_a_vacancy_discount_is_on_the_management_fee_only(office: Office) -> None:
    with pytest.raises(BadInput, match="空置折扣只适用于物业费"):
        grant(office, 1_000, "水费 2026-09", kind=WaiverKind.VACANCY)
    grant(office, 9_000, kind=WaiverKind.VACANCY)
    assert only(office).draft.kind is WaiverKind.VACANCY


# --- lapsing and voiding ---


def test_a_waiver_lapses_when_its_charge_is_not_paid_up_in_time(office: Office, clock: Clock) -> None:
    grant(office, expires_on=date(2026, 11, 20))
    clock.forward(days=3)
    office.roll_day()
    assert clock().date() == date(2026, 11, 20) and owed(office, ROOM) == 39_000
    clock.forward(days=1)
    office.roll_day()
    assert owed(office, ROOM) == 44_000
    assert only(office).lapsed == "限 11-20（含）前缴清，到期还欠 ¥250.00，这笔减免不再算数；其实付了的，请补登收款"


def test_money_of_that_time_booked_later_makes_it_hold_again(office: Office, clock: Clock) -> None:
    grant(office, expires_on=date(2026, 11, 20))
    clock.forward(days=6)
    office.roll_day()
    assert owed(office, ROOM) == 44_000
    number = pay(office, ROOM, 25_000, date(2026, 11, 19))
    assert owed(office, ROOM) == 14_000 and only(office).lapsed == ""
    office.payments.reverse(number, "记错户")
    assert owed(office, ROOM) == 44_000 and only(office).lapsed


def test_a_debt_that_finance_was_right_about_is_called_for_again(office: Office, clock: Clock) -> None:
    """A list names what was let off, so the account is 待核; once the waiver has lapsed nothing contradicts the list."""
    grant(office, 5_000, expires_on=date(2026, 11, 20))
    clock.forward(days=1)
    office.roll_day()
    everything = listed(ROOM, "林晓岚", SPRING, SUMMER, WATER)
    import_list(office, everything, as_of=clock().date(), file="次.xlsx")
    assert shown(office, ROOM)[0] == "收款待核"
    assert office.payments.doubted(account(office, ROOM)) == 5_000
    clock.forward(days=5)
    assert shown(office, ROOM)[0] != "收款待核"
    assert owed(office, ROOM) == 44_000
    assert office.payments.doubted(account(office, ROOM)) == 0


def test_a_clock_put_right_again_takes_no_waiver_along(office: Office, clock: Clock) -> None:
    grant(office, expires_on=date(2026, 11, 20))
    before = states(office)
    clock.forward(days=365)
    office.roll_day()
    assert owed(office, ROOM) == 44_000
    clock.forward(days=-365)
    office.roll_day()
    assert owed(office, ROOM) == 39_000 and states(office) == before


def test_who_only_looks_sees_that_a_waiver_has_lapsed_as_the_window_does(office: Office, clock: Clock) -> None:
    """The night goes by with nobody at the desk: a reader may not write, and tells today's figures all the same."""
    grant(office, expires_on=date(2026, 11, 20))
    pay(office, ROOM, 10_000)
    clock.forward(days=9)

    def figures(at: Office) -> tuple[object, ...]:
        row = at.accounts.get(account(at, ROOM)).row
        return row.owed, row.mark, row.why, owed(at, ROOM), at.payments.prepaid(row.account_id)

    reader = Office.look(office.path, clock)
    try:
        looked = figures(reader)
    finally:
        reader.close()
    assert figures(office)[0] == 29_000, "nothing was written"
    office.roll_day()
    assert looked == figures(office)
    assert looked[0] == 34_000


def test_one_paid_up_in_time_holds_for_good(office: Office, clock: Clock) -> None:
    grant(office, expires_on=date(2026, 11, 20))
    pay(office, ROOM, 25_000)
    clock.forward(days=60)
    office.roll_day()
    assert owed(office, ROOM) == 14_000 and only(office).lapsed == ""


def test_voiding_brings_everything_back(office: Office, clock: Clock) -> None:
    before = states(office)
    waiver = grant(office)
    assert states(office) != before
    clock.forward(minutes=5)
    office.waivers.void(waiver, " 算错了 ")
    assert states(office) == before
    assert only(office).voided == "算错了（11-17 许宁）"
    with pytest.raises(BadInput, match="已经作废过了"):
        office.waivers.void(waiver, "再来")
    with pytest.raises(BadInput, match="作废要写明原因"):
        office.waivers.void(waiver, " ")
    with pytest.raises(BadInput, match="找不到这笔减免"):
        office.waivers.void(99, "没有")


# --- late fee ---


def test_late_fee_is_let_off_apart_from_the_principal(office: Office) -> None:
    office.late_fees.save_policy(CLAUSE)
    of_it = office.late_fees.of_account(account(office, ROOM), TODAY)
    assert of_it.owed > 0
    grant(office, of_it.owed, "", target=WaiverTarget.LATE_FEE)
    after = office.late_fees.of_account(account(office, ROOM), TODAY)
    assert (after.claimed, after.waived, after.owed) == (of_it.claimed, of_it.owed, 0)
    assert owed(office, ROOM) == 44_000
    with pytest.raises(BadInput, match="没有未付的违约金"):
        grant(office, 1, "", target=WaiverTarget.LATE_FEE)


def test_of_a_charge_no_more_late_fee_is_let_off_than_it_bears(office: Office) -> None:
    office.late_fees.save_policy(CLAUSE)
    office.splits.split(bills(office, ROOM)["管理费 2026-04"].id)
    fees = {line.charge_id: line.claimed for line in office.late_fees.of_account(account(office, ROOM), TODAY).lines}
    may = bills(office, ROOM)["管理费 2026-05"].id
    assert 0 < fees[may] < sum(fees.values())
    with pytest.raises(BadInput, match="超过未付的违约金"):
        grant(office, fees[may] + 1, "管理费 2026-05", target=WaiverTarget.LATE_FEE)
    grant(office, fees[may] - 30, "管理费 2026-05", target=WaiverTarget.LATE_FEE)
    with pytest.raises(BadInput, match=r"减免 ¥0\.31 超过未付的违约金 ¥0\.30"):
        grant(office, 31, "管理费 2026-05", target=WaiverTarget.LATE_FEE)
    grant(office, 30, "管理费 2026-05", target=WaiverTarget.LATE_FEE)
    with pytest.raises(BadInput, match="没有未付的违约金"):
        grant(office, 1, "水费 2026-09", target=WaiverTarget.LATE_FEE)


@pytest.mark.parametrize(
    ("paid", "holds"), [pytest.param(44_000, True, id="all paid in time"), pytest.param(43_999, False, id="not all")]
)
def test_late_fee_of_the_account_is_let_off_only_for_those_who_pay_up(
    office: Office, clock: Clock, paid: int, holds: bool
) -> None:
    office.late_fees.save_policy(CLAUSE)
    grant(office, 100, "", target=WaiverTarget.LATE_FEE, expires_on=date(2026, 11, 20))
    pay(office, ROOM, paid, date(2026, 11, 17))
    clock.forward(days=3)
    still = [("水费", "2026-09", 44_000 - paid)] if paid < 44_000 else []
    new = ("管理费", "2026-12", 10_000)
    import_list(office, listed(ROOM, "林晓岚", *still, new), as_of=date(2026, 11, 18), full=False, file="新.xlsx")
    clock.forward(days=1)
    office.roll_day()
    waived = office.late_fees.of_account(account(office, ROOM), date(2026, 11, 21)).waived
    assert (waived, bool(only(office).lapsed)) == ((100, False) if holds else (0, True))


# --- the file's own check ---


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        ("UPDATE waivers SET amount = 30001", "减免 1 超过了那笔账单的金额"),
        ("UPDATE waivers SET expires_on = '2026-11-01'", "减免 1 的期限早于减免那天"),
        ("UPDATE waivers SET asked_by = ''", "减免 1 没有写原因或申请人"),
        ("UPDATE waivers SET voided_at = '2026-11-17T12:00:00'", "减免 1 作废得不完整"),
        ("UPDATE waivers SET amount = 4999", "账单 1 记着减免，却没有一笔有效的减免"),
    ],
)
def test_what_the_check_finds(tmp_path: Path, sql: str, finding: str) -> None:
    office = new_office(tmp_path / "check", Clock())
    import_list(office, listed(ROOM, "林晓岚", SPRING))
    grant(office)
    office.close()
    with behind_the_back(office.path) as conn:
        assert store.findings(conn) == []
        conn.execute(sql)
        assert finding in store.findings(conn)
