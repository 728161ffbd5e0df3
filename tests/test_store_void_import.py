"""A list taken in by mistake is voided: the books are as before it, and everything logged since is still there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.contacts import ClaimDraft
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.store import backups
from tests.office_tools import ids_by_room, import_list, listed, new_office

FEE = "管理费"


def owed(office) -> dict[str, int]:  # type: ignore[no-untyped-def]
    return {row.room: row.owed for row in office.accounts.rows(OwnerFilter(chip=Chip.ALL), "room") if row.owed}


def test_voiding_the_latest_list_restores_debts_owners_and_marks(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    first = (
        listed("1-1-101", "林晓岚", (FEE, "2026-07..2026-09", 90_000)),
        listed("1-1-102", "周启明", (FEE, "2026-07..2026-09", 80_000)),
        listed("1-1-103", "许念慈", (FEE, "2026-07..2026-09", 70_000)),
    )
    import_list(office, *first, as_of=date(2026, 11, 10))
    ids = ids_by_room(office)
    office.contacts.claim((ids["1-1-103"],), ClaimDraft(date(2026, 11, 9), 70_000, "微信"))
    before = owed(office)
    changes = import_list(
        office,
        listed("1-1-101", "林晓岚", (FEE, "2026-07..2026-09", 30_000)),
        listed("1-1-102", "秦越川", (FEE, "2026-07..2026-11", 120_000)),
        listed("1-1-104", "新住户", (FEE, "2026-10", 10_000)),
        as_of=date(2026, 11, 13),
        file="错的.xlsx",
    )
    assert owed(office) != before

    office.imports.void(changes.record_id, "选错了小区的清单")

    assert owed(office) == before
    rows = {row.room: row for row in office.accounts.rows(OwnerFilter(), "room")}
    assert rows["1-1-102"].name == "周启明" and not rows["1-1-102"].is_former
    assert rows["1-1-103"].mark_text == "已缴待核"
    assert office.imports.last().as_of == date(2026, 11, 10)  # type: ignore[union-attr]
    assert office.imports.all()[0].voided.startswith("选错了小区的清单")
    assert any(entry.voided for entry in office.history.of(ids["1-1-101"]))
    assert backups.check(office.path) == []
    office.close()


def test_the_same_list_can_be_taken_in_again_after_voiding(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    home = listed("1-1-101", "林晓岚", (FEE, "2026-07..2026-09", 90_000))
    changes = import_list(office, home)
    office.imports.void(changes.record_id, "日期填错")
    assert owed(office) == {}
    import_list(office, home)
    assert owed(office) == {"1-1-101": 90_000}
    office.close()


def test_only_the_latest_list_and_only_with_a_reason(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    older = import_list(office, listed("1-1-101"), as_of=date(2026, 11, 10))
    latest = import_list(office, listed("1-1-102"), as_of=date(2026, 11, 13), full=False, file="二.xlsx")
    with pytest.raises(BadInput, match="最近导入"):
        office.imports.void(older.record_id, "想作废旧的")
    with pytest.raises(BadInput, match="原因"):
        office.imports.void(latest.record_id, "  ")
    office.imports.void(latest.record_id, "导错")
    office.imports.void(older.record_id, "也导错")
    with pytest.raises(BadInput):
        office.imports.void(older.record_id, "再来一次")
    office.close()
