"""Opening SQLite the one way FeeDesk does, and telling its failures in sentences."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from feedesk.errors import BadInput, DiskFull, FeeDeskError, OfficeDamaged, OfficeInUse, OfficeOnNetwork, TargetBusy
from feedesk.paths import MountProbe, is_network_path

_CACHE_KB = 32_768
"""Pages kept in memory: an office of some 40,000 accounts. With SQLite's own 2 MB, derived states take twice the time."""
_PRAGMAS = ("PRAGMA foreign_keys = ON", f"PRAGMA cache_size = -{_CACHE_KB}")


def connect(path: Path, *, create: bool = False, read_only: bool = False) -> Database:
    """A connection with foreign keys on, WAL and full sync; raises FeeDeskError for what the user can mend."""
    if not create and not path.is_file():
        raise BadInput(f"找不到办公室文件“{path.name}”。", "请检查位置，或从备份恢复。")
    with told(path):
        conn = reader(path) if read_only else _writer(path, "rwc" if create else "rw")
    return Database(conn, execute_plugins=False)


def reader(path: Path) -> sqlite3.Connection:
    """A bare connection that cannot write, also where nothing at all may be written beside the file.

    WAL needs a place for its side files; without one, a file that nobody has left half-written is read as it lies.
    """
    try:
        return _opened(path, "mode=ro")
    except sqlite3.OperationalError:
        wal = path.with_name(path.name + "-wal")
        if wal.exists() and wal.stat().st_size:
            raise
        return _opened(path, "immutable=1")


def in_memory(path: Path) -> Database:
    """A copy of the file in memory: what is done to it leaves the file as it is."""
    with told(path):
        source, conn = reader(path), sqlite3.connect(":memory:")
        try:
            source.backup(conn)
            for pragma in _PRAGMAS:
                conn.execute(pragma)
        except BaseException:
            conn.close()
            raise
        finally:
            source.close()
    return Database(conn, execute_plugins=False)


def forbid_writing(db: Database) -> None:
    """From here on nothing can be written through this connection."""
    db.conn.execute("PRAGMA query_only = ON")


def glance(path: Path) -> Database:
    """A reading connection for one short look that leaves no side files, unless somebody has the file open anyway."""
    wal = path.with_name(path.name + "-wal")
    with told(path):
        return Database(reader(path) if wal.exists() else _opened(path, "immutable=1"), execute_plugins=False)


def _writer(path: Path, mode: str) -> sqlite3.Connection:
    return _opened(path, f"mode={mode}", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")


def _opened(path: Path, how: str, *pragmas: str) -> sqlite3.Connection:
    conn = sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True, timeout=5.0)
    try:
        for pragma in (*_PRAGMAS, *pragmas):
            conn.execute(pragma)
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        conn.close()
        raise
    return conn


def refuse_network(path: Path, probe: MountProbe | None = None) -> None:
    """Raise `OfficeOnNetwork` for a place on another computer: nothing is written there."""
    if is_network_path(path, probe):
        raise OfficeOnNetwork(
            f"“{path.name}”在网络共享文件夹里，多台电脑同时写会损坏数据，所以不在那里写入。",
            "请放到本机硬盘（例如“文档”）；要看内容可用“只读查看”。",
        )


@contextmanager
def told(path: Path) -> Iterator[None]:
    """SQLite's refusals that are the environment's fault become sentences; our own bugs fly."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        text = str(error)
        name = path.name
        if "disk I/O error" in text:
            raise FeeDeskError(
                f"读写“{name}”时磁盘出错，这一步没有做，之前的数据都在。", "请检查磁盘是否还连着、是否已满。"
            ) from error
        if "database or disk is full" in text:
            raise DiskFull(f"磁盘已满，这一步没有写进“{name}”，之前的数据都在。", "腾出空间后再试。") from error
        if "readonly database" in text or "unable to open" in text:
            raise TargetBusy(
                f"“{name}”所在的位置不许写入，没有做任何改动。", "请换到有写入权限的文件夹，例如“文档”。"
            ) from error
        if "database is locked" in text:
            raise OfficeInUse(f"“{name}”正被另一个程序写入，这一步没有做。", "稍等几秒再试。") from error
        if "not a database" in text or "malformed" in text or "disk image" in text:
            raise OfficeDamaged(
                f"“{name}”已损坏或不是办公室文件，没有做任何改动。", "请用“从备份恢复”取回最近的备份。"
            ) from error
        raise


@contextmanager
def writing(db: Database, path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction, begun as a writer so that two connections queue instead of failing half-way."""
    with told(path):
        if db.conn.in_transaction:
            with db.atomic():
                yield db.conn
            return
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield db.conn
            db.conn.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
            raise
