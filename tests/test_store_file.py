"""The life of an office file: made, opened, held, refused, looked at, brought up to date."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from feedesk.errors import (
    BadInput,
    DiskFull,
    FeeDeskError,
    OfficeDamaged,
    OfficeInUse,
    OfficeOnNetwork,
    OfficeTooNew,
    TargetBusy,
)
from feedesk.models.office import OfficeProfile
from feedesk.models.store import Office, backups, connection, migrations
from feedesk.models.store.holder import Holder
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import behind_the_back, contact, states

ROOT = Path(__file__).resolve().parent.parent


def _office_file(folder: Path) -> Path:
    office = new_office(folder)
    import_list(office, listed("3-2-1502"), listed("3-2-1503", "何敏"))
    office.close()
    return office.path


def test_a_fresh_office_is_sound_and_knows_its_clerk(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    office.close()
    assert backups.check(office.path) == []
    again = Office.open(office.path, Clock())
    assert again.session.clerk is not None and again.session.clerk.name == "许宁"
    pragmas = {name: again.session.conn.execute(f"PRAGMA {name}").fetchone()[0] for name in
               ("journal_mode", "synchronous", "foreign_keys", "application_id")}  # fmt: skip
    again.close()
    assert pragmas == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "application_id": migrations.APPLICATION_ID,
    }  # fmt: skip


def test_money_and_days_cannot_be_stored_as_anything_else(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    import_list(office, listed("1-101"))
    tables = {name for (name,) in office.session.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    strict = {row[1] for row in office.session.conn.execute("PRAGMA table_list") if row[5]}
    assert tables - strict <= {"_sqlite_migrations", "sqlite_sequence"}
    with pytest.raises(sqlite3.IntegrityError):
        office.session.conn.execute(
            "INSERT INTO settlements (charge_id, amount, as_of, import_id) VALUES (1, 0.5, '', 1)"
        )
    office.close()


# ---- what is no office ----------------------------------------------------------------------------------------------


def _nothing(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text("房号,业主\n1-101,林晓岚\n" * 500, encoding="utf-8")


def _other_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("CREATE TABLE cookies (name TEXT)")
        conn.commit()


def _half(path: Path) -> None:
    whole = _office_file(path.parent / "whole").read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _scratched(path: Path) -> None:
    whole = bytearray(_office_file(path.parent / "whole").read_bytes())
    whole[100:4096] = b"\xff" * 3996
    path.write_bytes(whole)


def _newer(path: Path) -> None:
    whole = _office_file(path.parent / "whole")
    with behind_the_back(whole, guarded=True) as conn:
        conn.execute("PRAGMA journal_mode = DELETE")
        conn.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)",
                     (migrations.SET_NAME, "m999_from_the_future", "2031-01-01"))  # fmt: skip
    path.write_bytes(whole.read_bytes())


NO_OFFICE: list[tuple[str, Callable[[Path], object], type[FeeDeskError], str]] = [
    ("nothing there", lambda _: None, BadInput, "找不到"),
    ("0 bytes", _nothing, OfficeDamaged, "不是 FeeDesk 的办公室文件"),
    ("text", _text, OfficeDamaged, "不是办公室文件"),
    ("another program's database", _other_database, OfficeDamaged, "不是 FeeDesk 的办公室文件"),
    ("cut in half", _half, OfficeDamaged, "已损坏"),
    ("first page scratched", _scratched, OfficeDamaged, "已损坏"),
    ("a folder", lambda path: path.mkdir(), BadInput, "是文件夹"),
    ("from a newer program", _newer, OfficeTooNew, "更新版本"),
]


@pytest.mark.parametrize("way", [Office.open, Office.look], ids=["open", "look"])
@pytest.mark.parametrize(("what", "make", "kind", "words"), NO_OFFICE, ids=[case[0] for case in NO_OFFICE])
def test_what_is_no_office_is_refused_in_a_sentence_and_left_as_it_was(
    tmp_path: Path,
    what: str,
    make: Callable[[Path], object],
    kind: type[FeeDeskError],
    words: str,
    way: Callable[[Path, Clock], Office],
) -> None:
    path = tmp_path / "办公室.feedesk"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(kind, match=words) as caught:
        way(path, Clock())
    assert "\n" not in caught.value.text and caught.value.text.endswith("。")
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ([] if before is None else [path.name])


def test_an_office_is_never_made_over_a_file_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "办公室.feedesk"
    path.write_text("家里的账", encoding="utf-8")
    with pytest.raises(BadInput, match="已经存在"):
        Office.create(path, OfficeProfile(office="明湖"), "许宁", "", Clock())
    assert path.read_text(encoding="utf-8") == "家里的账"


CREATE_REFUSED = [
    ("no clerk", OfficeProfile(office="明湖"), "  ", "名字"),
    ("no office name", OfficeProfile(office=" "), "许宁", "名称不能空着"),
    ("due day beyond the month", OfficeProfile(office="明湖", due_day=32), "许宁", "1 到 31"),
]


@pytest.mark.parametrize(("what", "profile", "clerk", "words"), CREATE_REFUSED, ids=[c[0] for c in CREATE_REFUSED])
def test_an_office_that_cannot_be_made_leaves_no_trace(
    tmp_path: Path, what: str, profile: OfficeProfile, clerk: str, words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        Office.create(tmp_path / "办公室.feedesk", profile, clerk, "", Clock())
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "资料").write_text("", encoding="utf-8")
    with pytest.raises(BadInput, match="资料"):
        Office.create(tmp_path / "资料" / "办公室.feedesk", OfficeProfile(office="明湖"), "许宁", "", Clock())


# ---- one holder -----------------------------------------------------------------------------------------------------


def test_a_second_holder_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    first = new_office(tmp_path)
    with pytest.raises(OfficeInUse, match="另一个 FeeDesk 窗口"):
        Office.open(first.path, Clock())
    import_list(first, listed("1-101"))
    first.close()
    first.close()
    Office.open(first.path, Clock()).close()


def test_a_failed_opening_lets_go_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "办公室.feedesk"
    _newer(path)
    with pytest.raises(OfficeTooNew):
        Office.open(path, Clock())
    Holder(path).release()


_HOLD = """
import sys
from datetime import datetime
from pathlib import Path
from feedesk.models.store import Office
office = Office.open(Path(sys.argv[1]), lambda: datetime(2026, 11, 17, 12))
print("held", flush=True)
sys.stdin.read()
"""


def test_the_hold_ends_with_the_program_even_when_it_is_killed(tmp_path: Path) -> None:
    path = _office_file(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as other:
        assert other.stdout is not None and other.stdout.readline().strip() == "held"
        with pytest.raises(OfficeInUse):
            Office.open(path, Clock())
        looked = Office.look(path, Clock())
        assert set(ids_by_room(looked)) == {"3-2-1502", "3-2-1503"}
        looked.close()
        other.kill()
        other.wait()
    Office.open(path, Clock()).close()
    assert backups.check(path) == []


_WRITE = """
import sys
from datetime import datetime
from pathlib import Path
from feedesk.models.contacts import Channel, ContactDraft, NextAction, Outcome
from feedesk.models.store import Office
now = datetime(2026, 11, 17, 12)
office = Office.open(Path(sys.argv[1]), lambda: now)
for count in range(10_000):
    office.contacts.add(ContactDraft((1, 2), now, Channel.PHONE, "", Outcome.NO_ANSWER, f"第{count}次", None,
                                     NextAction(None, False, ""), override_reason="业主来电"))
    print(count, flush=True)
"""


def test_killed_in_the_middle_of_writing_the_file_is_sound_and_holds_all_that_was_said_to_be_saved(
    tmp_path: Path,
) -> None:
    path = _office_file(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", _WRITE, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as other:
        assert other.stdout is not None
        said = 0
        for line in other.stdout:
            said = int(line) + 1
            if said == 40:
                other.kill()
                break
        said += sum(1 for _ in other.stdout)
    office = Office.open(path, Clock())
    logged = office.session.conn.execute("SELECT count(*) FROM contacts").fetchone()[0]
    office.close()
    assert logged in (said, said + 1)  # the last one may have been saved and not yet told
    assert backups.check(path) == []


# ---- looking --------------------------------------------------------------------------------------------------------


def test_a_look_reads_and_cannot_write(tmp_path: Path) -> None:
    path = _office_file(tmp_path)
    office = Office.look(path, Clock())
    ids = ids_by_room(office)
    assert office.accounts.get(ids["3-2-1502"]).name == "林晓岚"
    with pytest.raises(TargetBusy, match="不许写入"):
        office.contacts.add(contact(ids["3-2-1502"], at=Clock()()))
    with pytest.raises(TargetBusy):
        office.settings.put("key", "value")
    office.close()


def test_a_look_on_a_later_day_shows_that_day_and_leaves_the_file_alone(tmp_path: Path) -> None:
    clock = Clock()
    office = new_office(tmp_path, clock)
    import_list(office, listed("1-101"), listed("1-102", "何敏"))
    ids = ids_by_room(office)
    office.contacts.add(contact(ids["1-101"], at=clock(), promise=(date(2026, 11, 18), 107_940)))
    office.close()
    before = office.path.read_bytes()
    clock.forward(days=1)
    looked = Office.look(office.path, clock)
    seen = states(looked)
    assert looked.accounts.get(ids["1-101"]).row.mark_text == "今日到期"
    looked.close()
    assert office.path.read_bytes() == before
    opened = Office.open(office.path, clock)
    assert states(opened) == seen
    opened.close()


_LOOK_ONLY = """
import sys
from datetime import datetime
from pathlib import Path
from feedesk.errors import TargetBusy
from feedesk.models.owner_filter import OwnerFilter
from feedesk.models.store import Office
path = Path(sys.argv[1])
now = lambda: datetime(2026, 11, 19, 12)
office = Office.look(path, now)
print(len(office.accounts.rows(OwnerFilter())))
office.close()
try:
    Office.open(path, now)
except TargetBusy as error:
    print("refused", "不许" in str(error))
"""


def _bound_by_permissions() -> list[str]:
    """How to start a program that file permissions bind, root's programs too."""
    if os.getuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root ignores file permissions")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]


@pytest.mark.skipif(sys.platform == "win32", reason="only on POSIX: folders without write permission")
def test_a_look_works_where_nothing_may_be_written(tmp_path: Path) -> None:
    path = _office_file(tmp_path / "只读")
    path.with_name(path.name + ".lock").unlink()
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        done = subprocess.run(
            [*_bound_by_permissions(), sys.executable, "-c", _LOOK_ONLY, str(path)],
            capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
    finally:
        path.parent.chmod(0o755)
    assert (done.stdout.split(), done.stderr) == (["2", "refused", "True"], "")


# ---- places and disks -----------------------------------------------------------------------------------------------


NETWORK = [
    ("//nas/share on /mnt/物业 type cifs", "nas /mnt/物业 cifs rw 0 0", "/mnt/物业/办公室.feedesk", True),
    ("nfs4", "nas:/x /srv nfs4 rw 0 0", "/srv/a/b/办公室.feedesk", True),
    ("local disk", "/dev/sda1 / ext4 rw 0 0\nnas:/x /srv nfs4 rw 0 0", "/home/办公室.feedesk", False),
]


@pytest.mark.parametrize(("what", "mounts", "path", "refused"), NETWORK, ids=[case[0] for case in NETWORK])
def test_a_network_folder_is_refused_for_writing(what: str, mounts: str, path: str, refused: bool) -> None:
    from pathlib import PurePosixPath

    from feedesk.paths import kind_from_mounts

    place = PurePosixPath(path)

    def probe(where: object) -> str:
        return kind_from_mounts(place, mounts)

    if not refused:
        connection.refuse_network(Path(path), probe)
        return
    with pytest.raises(OfficeOnNetwork, match="网络共享文件夹") as caught:
        connection.refuse_network(Path(path), probe)
    assert "只读查看" in caught.value.hint


def test_a_full_disk_writes_nothing_and_says_so(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    import_list(office, listed("1-101"))
    pages = office.session.conn.execute("PRAGMA page_count").fetchone()[0]
    office.session.conn.execute(f"PRAGMA max_page_count = {pages}")
    ids, before = ids_by_room(office), states(office)
    with pytest.raises(DiskFull, match="磁盘已满"):
        import_list(office, *(listed(f"9-{number}") for number in range(500)), as_of=date(2026, 11, 14), file="大.xlsx")
    assert ids_by_room(office) == ids and states(office) == before
    office.session.conn.execute("PRAGMA max_page_count = 1000000")
    import_list(office, listed("1-101"), listed("1-102"), as_of=date(2026, 11, 14), file="小.xlsx")
    office.close()
    assert backups.check(office.path) == []


# ---- schema steps ---------------------------------------------------------------------------------------------------


def _schema(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as conn:
        return {sql for (sql,) in conn.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}


def test_a_file_with_pending_steps_is_copied_before_it_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _office_file(tmp_path)
    before = _schema(path)
    build = migrations.build

    def with_a_later_step() -> object:
        steps = build()

        @steps(name="m002_a_later_step")
        def _m002(db: object) -> None:
            db.conn.execute("ALTER TABLE units ADD COLUMN floor TEXT NOT NULL DEFAULT ''")  # type: ignore[attr-defined]

        return steps

    monkeypatch.setattr(migrations, "build", with_a_later_step)
    Office.open(path, Clock()).close()
    (copy,) = backups.all_of(path)
    assert copy.reason == "升级前" and _schema(copy.path) == before
    assert any("floor" in sql for sql in _schema(path))
    Office.open(path, Clock()).close()
    assert len(backups.all_of(path)) == 1


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _office_file(tmp_path)
    before = _schema(path)
    build = migrations.build

    def with_a_bad_step() -> object:
        steps = build()

        @steps(name="m002_breaks_half_way")
        def _m002(db: object) -> None:
            db.conn.execute("ALTER TABLE units ADD COLUMN floor TEXT NOT NULL DEFAULT ''")  # type: ignore[attr-defined]
            raise ZeroDivisionError

        return steps

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "build", with_a_bad_step)
        with pytest.raises(ZeroDivisionError):
            Office.open(path, Clock())
    assert _schema(path) == before
    Office.open(path, Clock()).close()
    assert backups.check(path) == []
