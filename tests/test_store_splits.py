"""按月拆分 on the real office file: the lump stays on record, its months take its place, nothing is lost or doubled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.disputes import DisputeDraft
from feedesk.models.ledger.payments import Named
from feedesk.models.ledger.waivers import WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.store import Office
from feedesk.models.store import splits as store
from tests.deal_tools import CLAUSE, PIN, TODAY, account, assert_deals_sound, bills, owed, pay, signer
from tests.office_tools import Clock, import_list, listed, new_office
from tests.store_tools import behind_the_back, issue, states

ROOM = "3-2-1502"
LUMP, WATER = ("管理费", "2026-07..2026-09", 100_00), ("水费", "2026-04", 40_00)
MONTHS = ("管理费 2026-07", "管理费 2026-08", "管理费 2026-09")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = new_office(tmp_path, clock)
    import_list(office, listed(ROOM, "林晓岚", LUMP, WATER), as_of=date(2026, 10, 31))
    clock.forward(minutes=1)
    yield office
    assert_deals_sound(office)
    office.close()


def lump(office: Office) -> int:
    """The charge of finance's list, split or not."""
    (number,) = office.session.conn.execute("SELECT id FROM charges WHERE is_lump = 1").fetchone()
    return int(number)


def open_sums(office: Office) -> dict[str, int]:
    return {name: charge.owed for name, charge in bills(office, ROOM).items()}


def waive(office: Office, charge_id: int, amount: int) -> int:
    draft = WaiverDraft(
        account(office, ROOM), WaiverTarget.PRINCIPAL, WaiverKind.WAIVER, amount, charge_id, TODAY, "漏水", "业主"
    )
    return office.waivers.grant(draft, signer(office), PIN).record_id


def test_equal_months_take_the_lumps_place(office: Office) -> None:
    shown = office.splits.preview(lump(office))
    assert [(part.text, part.amount, part.due_on.isoformat(), part.due_is_assumed) for part in shown] == [
        ("2026年7月", 33_33, "2026-07-15", True),
        ("2026年8月", 33_33, "2026-08-15", True),
        ("2026年9月", 33_34, "2026-09-15", True),
    ]
    changes = office.splits.split(lump(office))
    assert changes.account_ids == {account(office, ROOM)}
    assert open_sums(office) == {"水费 2026-04": 40_00, **dict(zip(MONTHS, (33_33, 33_33, 33_34), strict=True))}
    for name, part in zip(MONTHS, shown, strict=True):
        month = bills(office, ROOM)[name]
        assert (month.due_on, month.due_is_assumed, month.is_lump) == (part.due_on, True, False)
        assert office.splits.lump_of(month.id) == lump(office)
    assert office.splits.lump_of(bills(office, ROOM)["水费 2026-04"].id) is None


def test_typed_amounts(office: Office) -> None:
    office.splits.split(lump(office), (50_00, 20_00, 30_00))
    assert [bills(office, ROOM)[name].owed for name in MONTHS] == [50_00, 20_00, 30_00]


@pytest.mark.parametrize(
    ("amounts", "problem"),
    [
        ((33_33, 33_33, 33_33), r"各月合计 ¥99\.99，比账单少 ¥0\.01，应等于 ¥100\.00，没有拆分。请改好金额再拆。"),
        ((100_00,), "要给 3 个月各填一个金额"),
        ((100_00, 0, 0), "每个月的金额都要大于 0"),
    ],
)
def test_amounts_that_do_not_make_it_up_change_nothing(office: Office, amounts: tuple[int, ...], problem: str) -> None:
    before = states(office)
    for act in (office.splits.preview, office.splits.split):
        with pytest.raises(BadInput, match=problem):
            act(lump(office), amounts)
    assert states(office) == before and len(bills(office, ROOM)) == 2


def test_what_cannot_be_split(office: Office) -> None:
    with pytest.raises(BadInput, match="这笔账单只有一个月，不用拆分，没有拆分。"):
        office.splits.split(bills(office, ROOM)["水费 2026-04"].id)
    with pytest.raises(BadInput, match="找不到这笔账单"):
        office.splits.split(99)
    office.splits.split(lump(office))
    with pytest.raises(BadInput, match="找不到这笔账单"):
        office.splits.split(lump(office))


def test_finances_own_due_day_and_the_hold_stay(tmp_path: Path, clock: Clock) -> None:
    office = new_office(tmp_path / "due", clock)
    import_list(office, listed(ROOM, "林晓岚", LUMP, due_on=date(2026, 8, 31)))
    with office.session.writing() as conn:
        conn.execute("UPDATE charges SET hold = '开发商承担，核对中'")
    office.splits.split(lump(office))
    assert [(bills(office, ROOM)[name].due_on, bills(office, ROOM)[name].due_is_assumed) for name in MONTHS] == [
        (date(2026, 8, 31), False), (date(2026, 8, 31), False), (date(2026, 9, 15), True),
    ]  # fmt: skip
    assert {bills(office, ROOM)[name].hold for name in MONTHS} == {"开发商承担，核对中"}
    office.close()


# --- what had lowered the lump ---


def test_settlements_waivers_and_named_money_go_to_the_months_oldest_first(office: Office, clock: Clock) -> None:
    less = ("管理费", "2026-07..2026-09", 80_00)
    import_list(office, listed(ROOM, "林晓岚", less, WATER), as_of=date(2026, 11, 10), full=False, file="11月.xlsx")
    waive(office, lump(office), 20_00)
    pay(office, ROOM, 30_00, None, Named(lump(office), 30_00))
    before = owed(office, ROOM)
    assert [part.settled for part in office.splits.preview(lump(office))] == [20_00, 0, 0]
    office.splits.split(lump(office))
    assert owed(office, ROOM) == before == 70_00
    parts = [bills(office, ROOM)[name] for name in MONTHS]
    assert [(part.settled - part.waived - part.paid, part.waived, part.paid, part.owed) for part in parts] == [
        (20_00, 13_33, 0, 0), (0, 6_67, 26_66, 0), (0, 0, 3_34, 30_00),
    ]  # fmt: skip
    assert bills(office, ROOM)["水费 2026-04"].owed == 40_00
    office.splits.undo(lump(office))
    charge = bills(office, ROOM)["管理费 2026-07"]
    assert (charge.waived, charge.paid, charge.owed) == (20_00, 30_00, 30_00)


def test_a_list_after_the_split_that_says_the_same_changes_nothing(office: Office) -> None:
    office.splits.split(lump(office))
    before = open_sums(office)
    import_list(office, listed(ROOM, "林晓岚", LUMP, WATER), as_of=date(2026, 11, 16), file="again.xlsx")
    assert open_sums(office) == before


def test_a_list_after_the_split_with_less_settles_the_oldest_months(office: Office) -> None:
    office.splits.split(lump(office))
    less = ("管理费", "2026-07..2026-09", 50_00)
    import_list(office, listed(ROOM, "林晓岚", less, WATER), as_of=date(2026, 11, 16), file="less.xlsx")
    assert [bills(office, ROOM)[name].owed for name in MONTHS] == [0, 16_66, 33_34]
    with pytest.raises(BadInput, match="之后的财务清单已经冲抵了拆出的月份，不能取消拆分。"):
        office.splits.undo(lump(office))


def test_voiding_the_list_takes_the_months_along(office: Office) -> None:
    """What the months stand on is the list: without it there is no debt, split or not."""
    pay(office, ROOM, 50_00)
    office.splits.split(lump(office))
    office.imports.void(1, "拿错表")
    assert bills(office, ROOM) == {} and office.payments.prepaid(account(office, ROOM)) == 50_00
    assert [s for (s,) in office.session.conn.execute("SELECT mark_text FROM account_state")] == ["无欠费"]


def test_late_fee_runs_once_the_lump_is_split(office: Office) -> None:
    office.late_fees.save_policy(CLAUSE)
    assert office.late_fees.of_account(account(office, ROOM), TODAY).claimed == 0
    office.splits.split(lump(office))
    lines = office.late_fees.of_account(account(office, ROOM), TODAY).lines
    # 33.33 × 125 days, 33.33 × 94 days, 33.34 × 63 days, each × 0.0005
    assert [line.claimed for line in lines if line.claimed] == [208, 157, 105]


# --- taking it back ---


def test_undoing_restores_everything(office: Office, clock: Clock) -> None:
    before = states(office), open_sums(office)
    office.splits.split(lump(office))
    assert (states(office), open_sums(office)) != before
    assert office.splits.undoable(lump(office)) == office.splits.undoable(bills(office, ROOM)[MONTHS[1]].id) == ""
    changes = office.splits.undo(lump(office))
    assert (states(office), open_sums(office)) == before and changes.account_ids == {account(office, ROOM)}
    with pytest.raises(BadInput, match="这笔账单没有拆分过，没有改动。"):
        office.splits.undo(lump(office))
    office.splits.split(lump(office), (1, 1, 99_98))
    assert bills(office, ROOM)[MONTHS[2]].owed == 99_98


def _print(office: Office, month: int) -> None:
    issue(office, ROOM)


def _name(office: Office, month: int) -> None:
    pay(office, ROOM, 10_00, None, Named(month, 10_00))


def _waive(office: Office, month: int) -> None:
    waive(office, month, 10_00)


def _dispute(office: Office, month: int) -> None:
    office.disputes.open(
        DisputeDraft(account(office, ROOM), "金额不符", "财务部", note="这个月已经交过", charge_ids=(month,))
    )


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (_print, "拆出的月份已经印在通知单上"),
        (_name, "业主已经指明缴拆出的月份"),
        (_waive, "拆出的月份已经有减免"),
        (_dispute, "拆出的月份有异议没有办完"),
    ],
)
def test_nothing_on_record_is_left_hanging(office: Office, act: object, why: str) -> None:
    office.splits.split(lump(office))
    act(office, bills(office, ROOM)[MONTHS[1]].id)  # type: ignore[operator]  # one of the acts above
    before = open_sums(office)
    assert office.splits.undoable(lump(office)) == why
    with pytest.raises(BadInput, match=f"{why}，不能取消拆分。"):
        office.splits.undo(lump(office))
    assert open_sums(office) == before


def test_undone_once_what_stood_on_it_is_taken_back(office: Office) -> None:
    office.splits.split(lump(office))
    month = bills(office, ROOM)[MONTHS[1]].id
    number = pay(office, ROOM, 10_00, None, Named(month, 10_00))
    waiver = waive(office, month, 5_00)
    office.payments.reverse(number, "记错户")
    office.waivers.void(waiver, "记错户")
    office.splits.undo(lump(office))
    assert open_sums(office) == {"水费 2026-04": 40_00, "管理费 2026-07": 100_00}


def test_money_nobody_named_is_no_obstacle(office: Office) -> None:
    office.splits.split(lump(office))
    pay(office, ROOM, 90_00)
    assert [bills(office, ROOM)[name].owed for name in MONTHS] == [0, 16_66, 33_34]
    office.splits.undo(lump(office))
    assert open_sums(office) == {"水费 2026-04": 0, "管理费 2026-07": 50_00}


# --- the file's own check ---


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        ("UPDATE charges SET amount = amount + 1 WHERE id = 3", "账单 1 拆分后合计 ¥100.01，与原来的 ¥100.00 不符"),
        (
            "UPDATE charges SET item_id = 2 WHERE id = 3",
            "账单 3 与拆分前不是同一户、同一项目或同一份清单的",
        ),
        ("UPDATE charges SET period_to = '2026-08' WHERE id = 3", "账单 3 是拆出来的，却不是一个月"),
        ("UPDATE splits SET voided_by = 1", "拆分 1 作废得不完整"),
    ],
)
def test_what_the_check_finds(tmp_path: Path, sql: str, finding: str) -> None:
    office = new_office(tmp_path / "check", Clock())
    import_list(office, listed(ROOM, "林晓岚", LUMP, WATER))
    office.splits.split(lump(office))
    office.close()
    with behind_the_back(office.path) as conn:
        assert store.findings(conn) == []
        conn.execute(sql)
        assert finding in store.findings(conn)
