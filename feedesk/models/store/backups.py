"""Copies of the office file, kept by reason; restoring; and `feedesk check`."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from feedesk.errors import BadInput, DiskFull, FeeDeskError, OfficeDamaged, file_errors
from feedesk.models.store import checks, connection, migrations
from feedesk.models.store.holder import Holder, sync_file
from feedesk.paths import evidence_folder, free_space_ok


class BackupReason(StrEnum):
    """Why a copy was made; the value is part of the file's name."""

    OPENING = "开启前"
    IMPORT = "导入前"
    DAILY = "每日"
    RESTORE = "恢复前"
    BY_HAND = "手动"
    UPGRADE = "升级前"


@dataclass(frozen=True, slots=True)
class Backup:
    """One copy on disk."""

    path: Path
    at: datetime
    reason: str
    size: int


_NAME = re.compile(r"(?P<stem>.+)\.(?P<at>\d{8}-\d{6})(?:-(?P<count>\d+))?\.(?P<reason>[^.]+)\.feedesk")


def folder_of(office: Path) -> Path:
    """Where the copies of this office lie by default: beside it."""
    return office.with_suffix(".backups")


def evidence_of(office: Path) -> Path:
    """The folder of the same name for photos and printed papers (named by SHA-256)."""
    return evidence_folder(office)


def make(office: Path, reason: BackupReason, now: datetime, *, to: Path | None = None, keep: int = 30) -> Backup:
    """Copy the office file as of now, even while it is open; verified before it counts. Prunes to `keep`."""
    if not office.is_file():
        raise BadInput(f"找不到办公室文件“{office.name}”，没有备份。", "请检查位置。")
    folder = to or folder_of(office)
    with file_errors("备份", folder):
        folder.mkdir(parents=True, exist_ok=True)
    target = _free_name(folder, office.stem, now, reason)
    part = target.with_name(target.name + ".part")
    try:
        with file_errors("备份", target), connection.told(office):
            _copy(office, part)
            sync_file(part)
            part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    if to is None:
        prune(office, keep, target)
    return Backup(target, now, reason.value, target.stat().st_size)


def _free_name(folder: Path, stem: str, now: datetime, reason: BackupReason) -> Path:
    at = now.strftime("%Y%m%d-%H%M%S")
    target = folder / f"{stem}.{at}.{reason.value}.feedesk"
    count = 2
    while target.exists():
        target = folder / f"{stem}.{at}-{count}.{reason.value}.feedesk"
        count += 1
    return target


def _copy(source: Path, target: Path) -> None:
    """The source as of its last commit, in one file without side files; verified."""
    if not free_space_ok(target.parent, int(source.stat().st_size * 1.1)):
        raise DiskFull("磁盘剩余空间放不下一份备份，备份没有做，原文件未动。", "请腾出空间或换个位置。")
    with closing(connection.reader(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")
        found = new.execute("PRAGMA quick_check").fetchone()[0]
        if found != "ok":
            raise OfficeDamaged(f"“{source.name}”没有通过完整性检查，备份没有做。", "请先恢复到最近一份好的备份。")


def all_of(office: Path, folder: Path | None = None) -> list[Backup]:
    """The copies of this office, newest first."""
    found = []
    for path in (folder or folder_of(office)).glob("*.feedesk"):
        name = _NAME.fullmatch(path.name)
        at = _moment(name["at"]) if name else None
        if name and at and name["stem"] == office.stem:
            found.append((at, int(name["count"] or 1), Backup(path, at, name["reason"], path.stat().st_size)))
    return [backup for _, _, backup in sorted(found, key=lambda entry: entry[:2], reverse=True)]


def _moment(text: str) -> datetime | None:
    """When a copy was made, by its name; None for a name that only looks like one."""
    try:
        return datetime.strptime(text, "%Y%m%d-%H%M%S")
    except ValueError:
        return None


def prune(office: Path, keep: int, fresh: Path) -> None:
    """Keep the last `keep` copies, `fresh` among them even if the PC's clock has been set back and it looks the oldest;
    one that another program has open waits for the next time.
    """
    others = [backup for backup in all_of(office) if backup.path != fresh]
    for backup in others[max(1, keep) - 1 :]:
        with suppress(PermissionError):
            backup.path.unlink(missing_ok=True)


def needs_daily(office: Path, now: datetime) -> bool:
    """Whether no copy of today exists yet."""
    return not any(backup.at.date() == now.date() for backup in all_of(office))


def restore(backup: Path, office: Path, now: datetime) -> Path | None:
    """Put a copy in the office's place. What stood there is kept as 恢复前; returns that copy.

    The office must not be open. The backup is checked first; a bad one changes nothing.
    """
    connection.refuse_network(office)
    if not backup.is_file():
        raise BadInput(f"找不到备份“{backup.name}”，没有恢复。", "请另选一份。")
    if office.is_dir():
        raise BadInput(f"“{office.name}”是文件夹，不能恢复到那里。", "请写办公室文件的名字。")
    problems = check(backup)
    if problems:
        raise OfficeDamaged(f"备份“{backup.name}”没有通过检查（{problems[0]}），没有恢复。", "请另选一份备份。")
    holder = Holder(office)
    part = office.with_name(office.name + ".part")
    try:
        kept = _keep_present(office, now)
        with file_errors("办公室文件", office), connection.told(backup):
            _copy(backup, part)
            sync_file(part)
            for tail in ("-wal", "-shm"):
                office.with_name(office.name + tail).unlink(missing_ok=True)
            part.replace(office)
    finally:
        part.unlink(missing_ok=True)
        holder.release()
    return kept


def _keep_present(office: Path, now: datetime) -> Path | None:
    """Set aside what is there, even when it is damaged: then byte by byte."""
    if not office.is_file():
        return None
    try:
        return make(office, BackupReason.RESTORE, now, keep=10_000).path
    except DiskFull:
        raise
    except (FeeDeskError, sqlite3.DatabaseError):
        folder = folder_of(office)
        with file_errors("恢复前的留底", folder):
            folder.mkdir(parents=True, exist_ok=True)
            target = _free_name(folder, office.stem, now, BackupReason.RESTORE)
            shutil.copyfile(office, target)
            for tail in ("-wal", "-shm"):
                side = office.with_name(office.name + tail)
                if side.exists():
                    shutil.copyfile(side, target.with_name(target.name + tail))
        return target


def check(office: Path) -> list[str]:
    """Everything wrong with an office file, one sentence each; empty when it is sound."""
    try:
        db = connection.connect(office, read_only=True)
    except OfficeDamaged as error:
        return [error.text]
    try:
        with connection.told(office):
            return checks.findings(db, office) if not migrations.is_pending(db) else _findings_of_old(db.conn)
    except OfficeDamaged as error:
        return [error.text]
    except sqlite3.OperationalError as error:
        return [f"结构不全：{error}"]
    finally:
        db.conn.close()


def _findings_of_old(conn: sqlite3.Connection) -> list[str]:
    if not conn.execute("SELECT count(*) FROM sqlite_master WHERE name = 'accounts'").fetchone()[0]:
        return checks.integrity(conn) or ["这不是 FeeDesk 的办公室文件"]
    return checks.integrity(conn)
