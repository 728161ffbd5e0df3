"""What every aggregate needs: the connection, the clock, and who is at the desk."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from feedesk.errors import BadInput
from feedesk.models.office import Staff
from feedesk.models.store import audit, connection

_T = TypeVar("_T")
_PIECE = 500


class Session:
    """One connection to one office file. Not for use by several threads: each opens its own."""

    def __init__(self, db: Database, path: Path, clock: Callable[[], datetime]) -> None:
        self.db = db
        self.path = path
        self._clock = clock
        self.clerk: Staff | None = None

    @property
    def conn(self) -> sqlite3.Connection:
        """The bare connection, for reading."""
        return self.db.conn

    def now(self) -> datetime:
        """The office's local time, without fractions of a second."""
        return self._clock().replace(microsecond=0)

    def today(self) -> date:
        """The office's day."""
        return self.now().date()

    def stamp(self) -> str:
        """Now, as it is stored."""
        return self.now().isoformat(timespec="seconds")

    def require_clerk(self) -> Staff:
        """Who writes; every record stands under a name."""
        if self.clerk is None:
            raise BadInput("还没有选定经办人，这一步没有记下。", "请先在左下角选人。")
        return self.clerk

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One whole transaction; nested use joins the outer one."""
        with connection.writing(self.db, self.path) as conn:
            yield conn

    def note(self, what: str, subject: str, detail: object = None) -> None:
        """Append to the log chain, inside the caller's transaction."""
        audit.note(self.conn, self.now(), self.clerk.name if self.clerk else "系统", what, subject, detail)


def marks(count: int) -> str:
    """`?, ?, ?` for an IN list."""
    return ", ".join("?" * count)


def pieces(ids: Sequence[_T]) -> Iterator[list[_T]]:
    """Some hundred at a time: SQLite takes a limited number of values in one statement."""
    for start in range(0, len(ids), _PIECE):
        yield list(ids[start : start + _PIECE])


def day(text: str | None) -> date | None:
    """A stored day."""
    return date.fromisoformat(text) if text else None


def moment(text: str | None) -> datetime | None:
    """A stored moment."""
    return datetime.fromisoformat(text) if text else None
