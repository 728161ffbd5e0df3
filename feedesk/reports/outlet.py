"""Where a report goes: an open stream, or a file that is there whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from feedesk.errors import file_errors


@contextmanager
def outlet(out: BinaryIO | Path, what: str) -> Iterator[BinaryIO]:
    """The stream to write to. A file at a path is removed when writing fails; raises `TargetBusy`, `DiskFull`.

    `what` names the report in such a refusal: 「收据」.
    """
    if not isinstance(out, Path):
        yield out
        return
    with file_errors(what, out):
        try:
            with out.open("wb") as stream:
                yield stream
        except BaseException:
            out.unlink(missing_ok=True)
            raise
