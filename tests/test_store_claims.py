"""称已缴 is settled by finance's next list, and the record says which way."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from feedesk.models.contacts import ClaimDraft
from feedesk.models.timeline import EntryKind
from tests.office_tools import ids_by_room, import_list, listed, new_office

FEE = "管理费"


@pytest.mark.parametrize(
    ("next_owed", "said", "mark"),
    [
        (0, "欠费已结清", "已缴"),
        (90_000, "仍列欠 ¥900.00，回到催缴", ""),
        (40_000, "仍列欠 ¥400.00，回到催缴", ""),
    ],
)
def test_the_next_list_says_what_became_of_a_claim(tmp_path: Path, next_owed: int, said: str, mark: str) -> None:
    office = new_office(tmp_path)
    other = listed("1-1-102", "周启明", (FEE, "2026-07..2026-09", 50_000))
    import_list(office, listed("1-1-101", "林晓岚", (FEE, "2026-07..2026-09", 90_000)), other, as_of=date(2026, 11, 10))
    account = ids_by_room(office)["1-1-101"]
    office.contacts.claim((account,), ClaimDraft(date(2026, 11, 12), 90_000, "微信"))
    homes = [other] + ([listed("1-1-101", "林晓岚", (FEE, "2026-07..2026-09", next_owed))] if next_owed else [])
    import_list(office, *homes, as_of=date(2026, 11, 16), file="二.xlsx")
    (claim,) = [entry for entry in office.history.of(account) if entry.kind is EntryKind.CLAIM]
    assert any(said in line for line in claim.lines), claim.lines
    assert office.accounts.some([account])[account].mark_text.startswith(mark)
    office.close()
