"""An office file of every version ever released opens in this program, and says what it said."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from feedesk import __version__
from feedesk.errors import TargetBusy
from feedesk.models.accounts import MarkKind
from feedesk.models.limitation import Grade
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.statements import LineState
from feedesk.models.store import Office, backups
from tests.make_sample_office import DATA
from tests.office_tools import Clock, new_office
from tests.store_tools import assert_sound

SAMPLES = sorted(DATA.glob("feedesk-*.feedesk"))


def schema(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as conn:
        rows = conn.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '\\_%' ESCAPE '\\'"
        )
        return {(name, " ".join(sql.split())) for name, sql in rows}


def test_there_is_a_sample_of_this_version() -> None:
    assert DATA / f"feedesk-{__version__}.feedesk" in SAMPLES, "make one: python -m tests.make_sample_office"


@pytest.mark.parametrize("sample", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_it_opens_sound_and_with_the_schema_of_today(tmp_path: Path, sample: Path) -> None:
    path = tmp_path / "旧办公室.feedesk"
    shutil.copyfile(sample, path)
    clock = Clock()
    clock.forward(days=1, minutes=10)
    office = Office.open(path, clock)
    has_money = sample.stem != "feedesk-0.1.0"
    rows = {(row.room, row.name): row for row in office.accounts.rows(OwnerFilter(chip=Chip.ALL), "room")}
    assert {row.room: row.owed for row in rows.values() if row.owed} == {
        "3-2-1502": 30_000 if has_money else 50_000,
        "3-2-1504": 107_940,
        "商铺A08": 200_000 if has_money else 240_000,
    }
    assert rows["3-2-1502", "林晓岚"].mark is MarkKind.PROMISED and rows["3-2-1503", "何敏"].mark is MarkKind.PAID
    assert rows["3-2-1502", "林晓岚"].mark_text == ("分期 1/3" if has_money else "承诺 11-20")
    assert (
        rows["商铺A08", "云间茶事"].mark is (MarkKind.VERIFY if has_money else MarkKind.HOLD)
        and rows["3-2-1504", "欧阳思远"].is_former
    )
    assert [notice.voided != "" for notice in office.notices.of_batch(1)] == [False, False, True]
    assert office.notices.next_number(2026) == 4
    if has_money:
        payments = office.payments.taken_between(date(2026, 11, 18), date(2026, 11, 18))
        assert [(one.amount, one.receipt_no, bool(one.reversed)) for one in payments] == [
            (5_000, "", True), (20_000, "SJ2026-00001", False)
        ]  # fmt: skip
        assert [line.state for line in office.statements.lines()] == [LineState.OPEN, LineState.DISMISSED]
        assert office.late_fees.policy().is_on and not office.targets.plan(2026).is_empty
        served = [one for notice in (1, 2) for one in office.service.of_notice(notice)]
        assert [(one.verdict.grade, len(one.files), bool(one.voided)) for one in served] == [
            (Grade.B, 1, False), (Grade.D, 0, True)
        ]  # fmt: skip
        clocks = office.limitation.of_account(rows["3-2-1502", "林晓岚"].account_id)
        running = {one.conservative.expires_on for one in clocks.values() if one.conservative}
        assert running == {date(2029, 11, 18)}, "the plan and the parcel name every month"
    assert_sound(office)
    office.close()
    fresh = new_office(tmp_path)
    fresh.close()
    assert schema(path) == schema(fresh.path), "not yet released? then: python -m tests.make_sample_office"
    assert backups.check(path) == []


@pytest.mark.parametrize("sample", SAMPLES, ids=[path.stem for path in SAMPLES])
def test_it_is_looked_at_as_it_stands_today_and_left_as_it_is(tmp_path: Path, sample: Path) -> None:
    path = tmp_path / "旧办公室.feedesk"
    shutil.copyfile(sample, path)
    as_it_was = path.read_bytes()
    clock = Clock()
    clock.forward(days=1, minutes=10)
    looked = Office.look(path, clock)
    seen = [
        (row.room, row.owed, row.mark_text, row.why) for row in looked.accounts.rows(OwnerFilter(chip=Chip.ALL), "room")
    ]
    with pytest.raises(TargetBusy, match="不许写入"):
        looked.settings.save_profile(looked.settings.profile())
    beside = looked.again()
    assert len(beside.accounts.rows(OwnerFilter(chip=Chip.ALL), "room")) == len(seen)
    beside.close()
    looked.close()
    assert path.read_bytes() == as_it_was and [one.name for one in tmp_path.iterdir()] == [path.name]
    opened = Office.open(path, clock)
    assert seen == [
        (row.room, row.owed, row.mark_text, row.why) for row in opened.accounts.rows(OwnerFilter(chip=Chip.ALL), "room")
    ]
    opened.close()
