"""Copies kept by reason, restoring, and what `feedesk check` finds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from feedesk.errors import BadInput, DiskFull, FeeDeskError, OfficeDamaged, OfficeInUse
from feedesk.models.store import BackupReason, Office, backups
from tests.office_tools import NOON, Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import behind_the_back, contact, issue, owed


def _full_office(folder: Path, clock: Clock | None = None) -> Office:
    """An office in which every kind of record stands."""
    clock = clock or Clock()
    office = new_office(folder, clock)
    import_list(office, listed("1-101"), listed("1-102", "何敏"), listed("1-103", "郑国强"))
    ids = ids_by_room(office)
    office.contacts.add(contact(ids["1-101"], at=clock(), promise=(date(2026, 11, 18), 50_000)))
    clock.forward(minutes=1)
    issue(office, "1-101", "1-102")
    clock.forward(days=1)
    import_list(office, listed("1-101"), listed("1-103", "郑国强"), as_of=date(2026, 11, 18), file="二.xlsx")
    return office


def test_a_copy_holds_what_is_saved_while_the_office_stays_open(tmp_path: Path) -> None:
    office = _full_office(tmp_path)
    wal = office.path.with_name(office.path.name + "-wal")
    assert wal.stat().st_size > 0, "the point of this test: content that is not yet in the main file"
    made = office.backup(BackupReason.BY_HAND)
    copy = Office.look(made.path, Clock())
    assert owed(copy) == owed(office)
    copy.close()
    assert made.path.name == "明湖花园.20261118-120100.手动.feedesk"
    assert [p.name for p in made.path.parent.iterdir()] == [made.path.name], "one file is enough to carry it home"
    office.close()


def test_a_copy_made_in_the_middle_of_a_write_holds_the_state_before_it(tmp_path: Path) -> None:
    office = _full_office(tmp_path)
    before = owed(office)
    with office.session.writing():
        import_list(office, listed("1-101", "林晓岚", ("管理费", "2026-07..2026-12", 200_000)),
                    as_of=date(2026, 11, 20), file="三.xlsx")  # fmt: skip
        made = office.backup(BackupReason.IMPORT)
    assert owed(office) != before
    copy = Office.look(made.path, Clock())
    assert owed(copy) == before
    copy.close()
    office.close()


def test_copies_are_listed_newest_first_even_within_one_second(tmp_path: Path) -> None:
    clock = Clock()
    office = new_office(tmp_path, clock)
    first = [office.backup(BackupReason.BY_HAND).path for _ in range(11)]
    clock.forward(seconds=1)
    last = office.backup(BackupReason.DAILY).path
    assert [backup.path for backup in backups.all_of(office.path)] == [last, *reversed(first)]
    office.close()


@pytest.mark.parametrize(("keep", "made", "left"), [(30, 33, 30), (30, 29, 29), (3, 5, 3), (1, 2, 1), (0, 3, 1)])
def test_the_last_copies_are_kept_and_older_ones_go(tmp_path: Path, keep: int, made: int, left: int) -> None:
    office = new_office(tmp_path)
    office.close()
    for count in range(made):
        backups.make(office.path, BackupReason.DAILY, NOON + timedelta(days=count), keep=keep)
    kept = backups.all_of(office.path)
    assert len(kept) == left
    assert kept[0].at == NOON + timedelta(days=made - 1)


def test_a_clock_set_back_does_not_cost_the_copy_just_made(tmp_path: Path) -> None:
    clock = Clock()
    office = new_office(tmp_path, clock)
    for _ in range(3):
        clock.forward(minutes=1)
        backups.make(office.path, BackupReason.BY_HAND, clock(), keep=3)
    fresh = backups.make(office.path, BackupReason.BY_HAND, NOON - timedelta(days=400), keep=3)
    assert fresh.path.is_file()
    assert len(backups.all_of(office.path)) == 3
    office.close()


def test_thirty_copies_are_kept_unless_the_office_says_otherwise(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    assert office.settings.profile().backups_kept == 30
    office.close()


def test_pruning_touches_nothing_but_copies_of_this_office(tmp_path: Path) -> None:
    office = new_office(tmp_path, name="明湖")
    office.close()
    folder = backups.folder_of(office.path)
    folder.mkdir()
    strangers = [
        "明湖二期.20200101-000000.手动.feedesk",
        "旧明湖.20200101-000000.手动.feedesk",
        "明湖.feedesk",
        "明湖.手动.feedesk",
        "明湖.20209901-000000.手动.feedesk",
        "明湖.20200101-000000.手动.feedesk.part",
        "说明.txt",
    ]
    for name in strangers:
        (folder / name).write_bytes(b"")
    for count in range(4):
        backups.make(office.path, BackupReason.DAILY, NOON + timedelta(days=count), keep=2)
    assert len(backups.all_of(office.path)) == 2
    assert sorted(p.name for p in folder.iterdir() if p.name in strangers) == sorted(strangers)


def test_copies_sent_elsewhere_are_never_pruned(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    office.close()
    for count in range(3):
        backups.make(office.path, BackupReason.BY_HAND, NOON + timedelta(days=count), to=tmp_path / "U盘", keep=1)
    assert len(backups.all_of(office.path, tmp_path / "U盘")) == 3
    assert backups.all_of(office.path) == []


def test_one_copy_a_day_is_enough(tmp_path: Path) -> None:
    clock = Clock()
    office = new_office(tmp_path, clock)
    assert backups.needs_daily(office.path, clock())
    office.backup(BackupReason.OPENING)
    assert not backups.needs_daily(office.path, clock())
    clock.forward(days=1)
    assert backups.needs_daily(office.path, clock())
    office.close()


def test_no_copy_of_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="找不到"):
        backups.make(tmp_path / "没有.feedesk", BackupReason.BY_HAND, NOON)
    assert list(tmp_path.iterdir()) == []


def test_no_copy_of_a_damaged_file_and_nothing_left_half_made(tmp_path: Path) -> None:
    office = _full_office(tmp_path)
    office.close()
    whole = office.path.read_bytes()
    office.path.write_bytes(whole[: len(whole) * 2 // 3])
    with pytest.raises(OfficeDamaged):
        backups.make(office.path, BackupReason.BY_HAND, NOON)
    assert list(backups.folder_of(office.path).iterdir()) == []


def test_no_copy_into_a_place_that_is_no_folder(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    office.close()
    (tmp_path / "占位").write_text("", encoding="utf-8")
    with pytest.raises(FeeDeskError) as caught:
        backups.make(office.path, BackupReason.BY_HAND, NOON, to=tmp_path / "占位")
    assert "占位" in caught.value.text


def test_no_copy_when_the_disk_has_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = new_office(tmp_path)
    office.close()
    real = __import__("shutil").disk_usage(tmp_path)
    monkeypatch.setattr("shutil.disk_usage", lambda _: real._replace(free=1_000_000))
    with pytest.raises(DiskFull, match="放不下"):
        backups.make(office.path, BackupReason.BY_HAND, NOON)
    assert list(backups.folder_of(office.path).iterdir()) == []


# ---- restoring ------------------------------------------------------------------------------------------------------


def test_restoring_brings_back_that_day_and_keeps_what_stood_there(tmp_path: Path) -> None:
    office = _full_office(tmp_path)
    then = owed(office)
    copy = office.backup(BackupReason.IMPORT).path
    import_list(office, listed("1-102", "何敏"), as_of=date(2026, 11, 19), file="三.xlsx")
    after = owed(office)
    office.close()
    kept = backups.restore(copy, office.path, NOON)
    assert kept is not None and ".恢复前." in kept.name
    for path, expected in ((office.path, then), (kept, after)):
        opened = Office.look(path, Clock())
        assert owed(opened) == expected
        opened.close()
        assert backups.check(path) == []


def test_restoring_over_nothing_makes_the_file(tmp_path: Path) -> None:
    office = _full_office(tmp_path)
    expected = owed(office)
    copy = office.backup(BackupReason.BY_HAND, tmp_path / "U盘").path
    office.close()
    assert backups.restore(copy, tmp_path / "新电脑.feedesk", NOON) is None
    opened = Office.open(tmp_path / "新电脑.feedesk", Clock())
    assert owed(opened) == expected
    opened.close()


def test_restoring_from_a_file_copied_by_hand_takes_what_lies_in_its_wal_too(tmp_path: Path) -> None:
    office = _full_office(tmp_path / "a")
    expected = owed(office)
    (tmp_path / "b").mkdir()
    copy = tmp_path / "b" / "手抄.feedesk"
    for tail in ("", "-wal"):
        source = office.path.with_name(office.path.name + tail)
        copy.with_name(copy.name + tail).write_bytes(source.read_bytes())
    office.close()
    assert copy.with_name(copy.name + "-wal").stat().st_size > 0
    backups.restore(copy, tmp_path / "新.feedesk", NOON)
    opened = Office.open(tmp_path / "新.feedesk", Clock())
    assert owed(opened) == expected
    opened.close()


def test_a_damaged_office_is_kept_as_it_is_and_replaced_by_the_copy(tmp_path: Path) -> None:
    office = _full_office(tmp_path)
    expected = owed(office)
    copy = office.backup(BackupReason.BY_HAND).path
    office.close()
    damaged = b"\xff" * 20_000
    office.path.write_bytes(damaged)
    kept = backups.restore(copy, office.path, NOON)
    assert kept is not None and kept.read_bytes() == damaged
    opened = Office.open(office.path, Clock())
    assert owed(opened) == expected
    opened.close()


def test_an_office_in_use_is_not_restored_over(tmp_path: Path) -> None:
    office = _full_office(tmp_path)
    copy = office.backup(BackupReason.BY_HAND).path
    before = owed(office)
    with pytest.raises(OfficeInUse):
        backups.restore(copy, office.path, NOON)
    assert owed(office) == before
    office.close()


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _unbalanced(path: Path) -> None:
    with behind_the_back(path) as conn:
        conn.execute("UPDATE account_state SET owed = owed + 1")


BAD_BACKUPS: list[tuple[str, Callable[[Path], None], str]] = [
    ("cut off", _cut, "没有通过检查"),
    ("empty", _empty, "没有通过检查"),
    ("balances do not agree", _unbalanced, "没有通过检查"),
    ("gone", lambda path: path.unlink(), "找不到"),
]


@pytest.mark.parametrize(("what", "harm", "words"), BAD_BACKUPS, ids=[case[0] for case in BAD_BACKUPS])
def test_a_bad_copy_changes_nothing(tmp_path: Path, what: str, harm: Callable[[Path], None], words: str) -> None:
    office = _full_office(tmp_path)
    copy = office.backup(BackupReason.BY_HAND, tmp_path / "U盘").path
    office.close()
    harm(copy)
    before = office.path.read_bytes()
    with pytest.raises(FeeDeskError, match=words):
        backups.restore(copy, office.path, NOON)
    assert office.path.read_bytes() == before
    assert not backups.folder_of(office.path).exists()


def test_a_folder_is_not_restored_over(tmp_path: Path) -> None:
    office = _full_office(tmp_path)
    copy = office.backup(BackupReason.BY_HAND).path
    office.close()
    (tmp_path / "文件夹").mkdir()
    with pytest.raises(BadInput, match="文件夹"):
        backups.restore(copy, tmp_path / "文件夹", NOON)


# ---- check ----------------------------------------------------------------------------------------------------------

HARM = [
    ("a log entry's words changed", "UPDATE audit SET what = '别的' WHERE seq = 3", "操作日志第 3 条"),
    ("a log entry's detail changed", "UPDATE audit_details SET detail = '{}' WHERE seq = 4", "第 4 条的内容被改动过"),
    ("log entries removed",
     "DELETE FROM audit_details WHERE seq BETWEEN 3 AND 4; DELETE FROM audit WHERE seq BETWEEN 3 AND 4",
     "操作日志缺少第 3 条到第 4 条"),
    ("a balance that does not follow from the charges", "UPDATE account_state SET owed = owed - 1 WHERE account_id = 1",
     "户 1 的欠费与账单合计不符"),
    ("more settled than charged", "UPDATE settlements SET amount = amount + 1", "冲抵超过应收"),
    ("an account without a state", "DELETE FROM account_state WHERE account_id = 3", "户 3 没有状态"),
    ("a number missing", "UPDATE notices SET seq = 9 WHERE seq = 2", "编号有缺号"),
    ("a notice whose lines do not add up", "UPDATE notice_lines SET owed = owed + 1 WHERE notice_id = 1",
     "通知 1 的明细与合计不符"),
    ("a record of nobody", "UPDATE contact_accounts SET account_id = 99", "引用缺失"),
    ("a table gone", "DROP TABLE notice_lines", "结构不全"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "sql", "words"), HARM, ids=[case[0] for case in HARM])
def test_check_finds_what_somebody_did_behind_the_programs_back(
    tmp_path: Path, what: str, sql: str, words: str
) -> None:
    office = _full_office(tmp_path)
    office.close()
    assert backups.check(office.path) == []
    with behind_the_back(office.path) as conn:
        for statement in sql.split(";"):
            conn.execute(statement)
    found = backups.check(office.path)
    assert any(words in sentence for sentence in found), found


def test_personal_words_may_be_erased_from_the_log_without_breaking_it(tmp_path: Path) -> None:
    office = _full_office(tmp_path)
    office.close()
    with behind_the_back(office.path, guarded=True) as conn:
        conn.execute("DELETE FROM audit_details WHERE seq = 4")
    assert backups.check(office.path) == []


def test_check_speaks_in_sentences_of_any_file(tmp_path: Path) -> None:
    office = _full_office(tmp_path)
    office.close()
    whole = office.path.read_bytes()
    for place in range(0, len(whole) - 4096, 4096):
        harmed = bytearray(whole)
        harmed[place : place + 4096] = b"\xa5" * 4096
        office.path.write_bytes(harmed)
        assert backups.check(office.path), f"page at {place} destroyed and nothing found"
    office.path.write_bytes(whole)
    assert backups.check(office.path) == []


def test_a_file_cut_anywhere_is_never_taken_for_sound(tmp_path: Path) -> None:
    office = _full_office(tmp_path)
    office.close()
    whole = office.path.read_bytes()
    for share in range(20):
        office.path.write_bytes(whole[: len(whole) * share // 20])
        assert backups.check(office.path)


def test_check_leaves_the_file_as_it_is_also_while_it_is_open(tmp_path: Path) -> None:
    office = _full_office(tmp_path)
    assert backups.check(office.path) == []
    office.close()
    before = office.path.read_bytes()
    assert backups.check(office.path) == []
    assert office.path.read_bytes() == before


# ---- append-only ----------------------------------------------------------------------------------------------------

PROTECTED = (
    "imports", "import_rejects", "contacts", "contact_accounts", "promises", "claims", "settlements", "charges",
    "notices", "notice_accounts", "notice_lines", "notice_batches", "reprints", "transitions", "audit",
)  # fmt: skip
FROZEN = {
    "imports": ("as_of = '2020-01-01'", "total = 0", "sha256 = ''"),
    "contacts": ("said = '别的'", "at = '2020-01-01T00:00'", "outcome = 'refused'"),
    "contact_accounts": ("account_id = 2",),
    "promises": ("amount = 1", "due_on = '2030-01-01'"),
    "claims": ("amount = 1", "paid_on = '2020-01-01'"),
    "settlements": ("amount = 1", "charge_id = 1"),
    "charges": ("amount = 1", "account_id = 2"),
    "import_rejects": ("reason = ''",),
    "notices": ("total = 0", "snapshot = '{}'", "seq = 77", "round_no = 1"),
    "notice_accounts": ("account_id = 2",),
    "notice_batches": ("sha256 = ''", "at = ''"),
    "notice_lines": ("owed = 0",),
    "reprints": ("at = ''",),
    "transitions": ("reason = ''", "to_step = '8'"),
    "audit": ("who = '别人'", "hash = ''"),
}


def _with_every_record(folder: Path) -> Office:
    from dataclasses import replace

    from feedesk.models.arrears_list import RejectCode, Rejected
    from feedesk.models.import_diff import plan_import
    from feedesk.models.import_plan import PlanOptions
    from tests.office_tools import reading

    office = _full_office(folder)
    ids = ids_by_room(office)
    office.contacts.add(contact(ids["1-103"], at=NOON, claim=(date(2026, 11, 16), 100)))
    office.notices.note_reprint([1], lambda _: "")
    refused = Rejected("表", 9, next(iter(RejectCode)), "没有房号", ("", "某人"), None)
    bad = replace(reading(listed("1-101"), sha="f" * 64), rejected=(refused,))
    office.imports.apply(
        plan_import(
            bad, office.imports.held(date(2026, 11, 18)), PlanOptions(date(2026, 11, 18), full=False, careful=True)
        )
    )
    return office


def test_no_record_can_be_deleted(tmp_path: Path) -> None:
    office = _with_every_record(tmp_path)
    conn = office.session.conn
    for table in PROTECTED:
        assert conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0], f"{table}: nothing there to protect"
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            conn.execute(f"DELETE FROM {table}")
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            conn.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    conn.rollback()
    office.close()


def test_no_word_of_a_record_can_be_changed(tmp_path: Path) -> None:
    office = _with_every_record(tmp_path)
    conn = office.session.conn
    changed = []
    for table, changes in FROZEN.items():
        for change in changes:
            try:
                conn.execute(f"UPDATE {table} SET {change}")
            except sqlite3.IntegrityError as refusal:
                assert "frozen" in str(refusal)
            else:
                changed.append((table, change))
    conn.rollback()
    office.close()
    assert changed == []


def test_the_log_tells_who_did_what(tmp_path: Path) -> None:
    from feedesk.models.store import audit

    office = _full_office(tmp_path)
    entries = audit.entries(office.session.conn)
    assert [(entry.who, entry.what) for entry in entries[:4]] == [
        ("许宁", "导入清单"), ("许宁", "出催款单"), ("许宁", "记录联系"), ("许宁", "导入清单"),
    ]  # fmt: skip
    assert [entry.seq for entry in entries] == list(range(len(entries), 0, -1))
    assert all(isinstance(entry.at, datetime) for entry in entries)
    office.close()
