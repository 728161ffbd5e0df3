"""Make the sample office file of this version: `python -m tests.make_sample_office`.

Each release adds one to tests/data and keeps those before; every later program must open all of them
(`test_store_samples.py`). Until a version is released its sample follows the schema. All people are invented.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from feedesk import __version__
from feedesk.models.accounts import Category
from feedesk.models.contacts import ClaimDraft, Outcome
from feedesk.models.ledger.late_fee import LateFeePolicy, LprRate
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.ledger.waivers import WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.office import Role
from feedesk.models.scripts.news import News
from feedesk.models.service import DeliveryDraft, DeliveryMethod
from feedesk.models.statements import Direction, StatementKind, StatementLine, StatementReading, StatementTable
from feedesk.models.store import BackupReason, Office
from feedesk.models.yearly_plan import MonthPlan, YearPlan
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import contact, issue

DATA = Path(__file__).parent / "data"


def fill(folder: Path) -> Office:
    """An office of a few households in which every kind of record stands."""
    clock = Clock()
    office = new_office(folder, clock)
    import_list(
        office,
        listed("3-2-1502", "林晓岚", phones=("13900000001",), salutation="女士", remark="客厅漏水未修"),
        listed("3-2-1503", "何敏", ("管理费", "2026-07..2026-09", 88_000), ("水费", "2026-09", 3_120)),
        listed("3-2-1504", "欧阳思远"),
        listed("商铺A08", "云间茶事", ("管理费", "", 240_000)),
    )
    ids = ids_by_room(office)
    clock.forward(minutes=5)
    promise = contact(ids["3-2-1502"], at=clock(), outcome=Outcome.PROMISED, number="13900000001", said="周五发工资",
                      category=Category.A, promise=(date(2026, 11, 20), 107_940))  # fmt: skip
    office.contacts.add(promise)
    wrong = office.contacts.add(contact(ids["3-2-1503"], at=clock(), outcome=Outcome.REFUSED, category=Category.E))
    office.contacts.void(wrong.record_id, "记错了户")
    office.contacts.add(contact(ids["商铺A08"], at=clock(), outcome=Outcome.DISPUTE))
    clock.forward(minutes=5)
    issue(office, "3-2-1502", "3-2-1503", "3-2-1504")
    office.notices.void(3, "打印歪了")
    office.notices.note_reprint([1], lambda _: "")
    office.contacts.claim((ids["3-2-1503"],), ClaimDraft(clock().date(), 91_120, "微信"))
    clock.forward(days=1)
    import_list(office, listed("3-2-1502", "林晓岚", ("管理费", "2026-07..2026-09", 50_000)), listed("3-2-1504", "新业主"),
                as_of=date(2026, 11, 16), file="二.xlsx")  # fmt: skip
    office.imports.remember("shape", "{}")
    clock.forward(minutes=5)
    add_money(office, clock)
    add_service(office, folder, clock)
    add_scripts(office)
    return office


def add_scripts(office: Office) -> None:
    """Words of the office's own: a script in a second wording, one put aside, one of its own, and estate news."""
    ours = office.scripts.library().script("busy.1.phone")
    assert ours
    office.scripts.save(replace(ours, title="半分钟说完"), "短一点")
    office.scripts.hide("busy.2.phone")
    office.scripts.add(replace(ours, title="晚上打"))
    office.scripts.save_news([News("儿童游乐区这周重新铺了地面，您去看过吗？", date(2026, 12, 1))])


def add_service(office: Office, folder: Path, clock: Clock) -> None:
    """How notices were served: a parcel with its slip, and a photo recorded by mistake."""
    slip = folder / "底单.jpg"
    slip.write_bytes(b"slip")
    os.utime(slip, (clock().timestamp(), clock().timestamp()))
    today = clock().date()
    office.service.record(
        DeliveryDraft(1, DeliveryMethod.EMS_TAKEN, None, today, "EA123456789CN", "林晓岚", confirmed=True), [slip]
    )
    wrong = office.service.record(DeliveryDraft(2, DeliveryMethod.DOOR, None, today))
    office.service.void(wrong.record_id, "贴错了门")


def add_money(office: Office, clock: Clock) -> None:
    """Every kind of money record of 0.2.0, by whom it may be made."""
    ids = ids_by_room(office)
    today = clock().date()
    manager = office.staff.add("罗正", "罗经理", Role.MANAGER)
    office.late_fees.save_policy(LateFeePolicy("第十二条", 300, 3))
    office.staff.set_pin(manager, "2468")
    office.late_fees.save_lpr([LprRate(date(2025, 5, 20), 300)])
    lump = office.accounts.charges(ids["3-2-1502"])[0]
    office.splits.split(lump.id)
    taken = office.payments.take(
        PaymentDraft(today, 20_000, PayMethod.CASH, (PaymentShare(ids["3-2-1502"], 20_000),), "票 12")
    )
    office.payments.issue_receipts([taken.record_id], lambda _papers: None)
    wrong = office.payments.take(PaymentDraft(today, 5_000, PayMethod.POS, (PaymentShare(ids["商铺A08"], 5_000),)))
    office.payments.reverse(wrong.record_id, "刷错了户")
    shop = office.accounts.charges(ids["商铺A08"])[0]
    office.waivers.grant(
        WaiverDraft(ids["商铺A08"], WaiverTarget.PRINCIPAL, WaiverKind.VACANCY, 40_000, shop.id, today, "空置满一年", "许宁"),
        manager, "2468",
    )  # fmt: skip
    office.plans.agree(office.plans.propose([ids["3-2-1502"]], 3, today + timedelta(days=3)), manager, "2468")
    kept = StatementReading(
        "流水.csv", "0" * 64, StatementKind.BANK, "0000****0001", "shape", StatementTable((), (), (), 1),
        (StatementLine(1, clock(), True, Direction.IN, 200_000, "云间茶事", "", "商铺A08物业费", "T1",
                       PayMethod.TRANSFER, "", "bank:T1"),
         StatementLine(2, clock(), True, Direction.IN, 8_800, "某商贸", "", "货款", "T2", PayMethod.TRANSFER, "",
                       "bank:T2")),
    )  # fmt: skip
    office.statements.keep(kept)
    office.statements.dismiss(2, "不是业主缴的费")
    office.targets.save_plan(YearPlan(today.year, (MonthPlan(8_000, 9_000_000, 640, "许宁"),) * 12))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = fill(Path(folder))
        copy = office.backup(BackupReason.BY_HAND, Path(folder) / "copy").path
        office.close()
        DATA.mkdir(exist_ok=True)
        (DATA / f"feedesk-{__version__}.feedesk").write_bytes(copy.read_bytes())


if __name__ == "__main__":
    main()
