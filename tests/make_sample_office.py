"""Make the sample office file of this version: `python -m tests.make_sample_office`.

Each release adds one to tests/data and keeps those before; every later program must open all of them
(`test_store_samples.py`). Until a version is released its sample follows the schema. All people are invented.
"""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from feedesk import __version__
from feedesk.models.accounts import Category
from feedesk.models.contacts import ClaimDraft, Outcome
from feedesk.models.store import BackupReason, Office
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
    return office


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        office = fill(Path(folder))
        copy = office.backup(BackupReason.BY_HAND, Path(folder) / "copy").path
        office.close()
        DATA.mkdir(exist_ok=True)
        (DATA / f"feedesk-{__version__}.feedesk").write_bytes(copy.read_bytes())


if __name__ == "__main__":
    main()
