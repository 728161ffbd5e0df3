"""Confirming an import is one act: copied before, whole or not at all; set_column moves a meaning only one column has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from feedesk.errors import Cancelled, FeeDeskError
from feedesk.models.arrears_list import ColumnMeaning, Meaning
from feedesk.models.store import Office
from feedesk.tasks.import_draft import ImportDraft, Understood, confirm, set_column, understand
from tests.office_tools import new_office
from tests.store_tools import owed

LISTS = Path(__file__).parent / "data" / "lists"


def quietly(_done: int, _total: int) -> None:
    """Nobody watches, nobody stops it."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = new_office(tmp_path)
    yield made
    made.close()


def read(office: Office, name: str = "01-plain.xlsx") -> Understood:
    return understand(office, ImportDraft.begin(LISTS / name, date(2026, 11, 17), 15), quietly)


def test_reading_and_comparing_write_nothing(office: Office) -> None:
    read(office)
    assert owed(office) == {} and office.imports.last() is None


@pytest.mark.parametrize("last_tick", [1, 2, 3, 4])
def test_stopped_at_any_moment_nothing_is_written(office: Office, last_tick: int) -> None:
    ticks = 0

    def stop(_done: int, _total: int) -> None:
        nonlocal ticks
        ticks += 1
        if ticks == last_tick:
            raise Cancelled("已取消，什么也没有写入。")

    with pytest.raises(Cancelled):
        confirm(office, read(office), stop)
    assert owed(office) == {}
    assert office.imports.last() is None and office.imports.mappings() == {}


def test_a_failure_after_the_list_was_applied_takes_the_list_back_too(office: Office) -> None:
    understood = read(office)
    office.session.conn.execute("DROP TABLE mappings")
    with pytest.raises((FeeDeskError, sqlite3.OperationalError)):
        confirm(office, understood, quietly)
    assert owed(office) == {} and office.imports.last() is None


def test_the_copy_made_before_holds_the_office_as_it_was(office: Office) -> None:
    confirm(office, read(office), quietly)
    second = confirm(office, read(office, "09-plain-next-month.xlsx"), quietly)
    assert second.backup.reason == "导入前"
    assert sum(owed(office).values()) == 9_432_502
    kept = Office.look(second.backup.path, office.session.now)
    assert sum(owed(kept).values()) == 9_679_506
    kept.close()


def test_a_comparison_alone_does_not_read_the_file_again(office: Office) -> None:
    first = read(office)
    partly = understand(office, first.draft.with_scope(full=False), quietly, first)
    assert partly.reading is first.reading
    rounded = understand(office, first.draft.with_rounding(True), quietly, first)
    assert rounded.reading is not first.reading


def test_a_meaning_that_one_column_has_moves_with_the_choice() -> None:
    columns = (
        ColumnMeaning(0, "编号", Meaning.ROOM),
        ColumnMeaning(1, "地址", Meaning.REMARK, sure=False),
        ColumnMeaning(2, "电话", Meaning.PHONE),
    )
    changed = set_column(columns, 1, Meaning.ROOM)
    assert [column.meaning for column in changed] == [Meaning.REMARK, Meaning.ROOM, Meaning.PHONE]
    assert changed[1].sure
    two_phones = set_column(columns, 1, Meaning.PHONE)
    assert [column.meaning for column in two_phones] == [Meaning.ROOM, Meaning.PHONE, Meaning.PHONE]
