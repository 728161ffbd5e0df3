"""QR codes as one filled path: no seams between modules, and nothing that a printer could blur."""

from __future__ import annotations

from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

_MASK = 3
# Any mask is valid; choosing the prettiest of eight costs nine times the rest, and every reader tried reads this one.


def modules(text: str) -> list[list[bool]]:
    """The dark modules of `text`, row by row from the top, at the strongest error correction."""
    code = QRCode(None, QRErrorCorrectLevel.H)
    code.addData(text)
    code.version = code.calculate_version()
    code.makeImpl(False, _MASK)
    return [[bool(module) for module in row] for row in code.modules]


def rectangles(rows: list[list[bool]]) -> list[tuple[int, int, int, int]]:
    """The dark area as rectangles (column, row from the top, width, height) that neither overlap nor leave a gap."""
    found: list[tuple[int, int, int, int]] = []
    growing: dict[tuple[int, int], int] = {}
    for y, row in enumerate([*rows, []]):
        runs: list[tuple[int, int]] = []
        for x, dark in enumerate(row):
            if dark and runs and sum(runs[-1]) == x:
                runs[-1] = (runs[-1][0], runs[-1][1] + 1)
            elif dark:
                runs.append((x, 1))
        for run in [run for run in growing if run not in runs]:
            top = growing.pop(run)
            found.append((run[0], top, run[1], y - top))
        for run in runs:
            growing.setdefault(run, y)
    return found


def path(text: str) -> tuple[int, str]:
    """The number of modules along a side, and PDF operators that fill the code in a square of that many units."""
    rows = modules(text)
    side = len(rows)
    boxes = (f"{x} {side - y - high} {wide} {high} re" for x, y, wide, high in rectangles(rows))
    return side, " ".join(boxes) + " f"
