"""Files that a job writes for the user: where they may go, and clearing up after a failure."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from feedesk.errors import BadInput
from feedesk.paths import OFFICE_SUFFIX


def refuse_office(target: Path, office: Path) -> None:
    """Raise `BadInput` for a paper or table that would be written over an office file."""
    if target.suffix.lower() == OFFICE_SUFFIX or target.resolve() == office.resolve():
        raise BadInput(f"“{target.name}”是办公室文件，不能把别的内容写到上面，没有做任何改动。", "请另取一个文件名。")


def part_of(target: Path) -> Path:
    """The name under which a file is written until it is whole."""
    return target.with_name(target.name + ".part")


def drop(path: Path) -> None:
    """Remove what a failed job may have begun. If even that is not to be done, the failure itself is what is told."""
    with suppress(OSError):
        path.unlink()
