"""Opening SQLite the one way FeeDesk does, and telling its failures in sentences."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from feedesk.errors import DiskFull, FeeDeskError, OfficeDamaged, OfficeInUse, TargetBusy


def connect(path: Path, *, create: bool = False, read_only: bool = False) -> Database:
    """A connection with foreign keys on, WAL and full sync; raises FeeDeskError for what the user can mend."""
    if not create and not path.is_file():
        raise FeeDeskError(f"找不到办公室文件“{path.name}”。", "请检查位置，或从备份恢复。")
    with told(path):
        mode = "ro" if read_only else ("rwc" if create else "rw")
        uri = f"{path.resolve().as_uri()}?mode={mode}"
        conn = sqlite3.connect(uri, uri=True, timeout=5.0)
        try:
            conn.execute("PRAGMA foreign_keys = ON")
            if not read_only:
                conn.execute("PRAGMA journal_mode = WAL")
                conn.execute("PRAGMA synchronous = FULL")
            conn.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            conn.close()
            raise
    return Database(conn, execute_plugins=False)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """SQLite's refusals that are the environment's fault become sentences; our own bugs fly."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        text = str(error)
        name = path.name
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
