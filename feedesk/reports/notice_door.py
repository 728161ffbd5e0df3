"""The back of a 催款单 for the door: folded in three, only room, number and QR show (law §13.10b).

A letter fold with the print inside leaves two panels outside: the back of the middle third, always, and the back
of whichever third is folded last. So the label stands on the back of the *middle* third, upright, and the two other
thirds bear nothing that concerns anybody: whoever folds in another order, or whose printer turns on the short edge,
still shows the label and nothing else. Taped up with the label outwards, the loose flap lies against the door.

The receipt strip is cut off before folding, which shortens the sheet from 297 to 247 mm and moves the folds; the
label keeps to what is the middle third of both. A notice of several sheets has this back on every sheet, so that it
does not matter which of them lies outermost. Of several units only the first is named: how many flats somebody owns
is nobody's business either.
"""

from __future__ import annotations

from feedesk.models.notices import NoticeData
from feedesk.reports import notice_words as words
from feedesk.reports.notice_strip import CUT
from feedesk.reports.paper import HEIGHT, WIDTH, Paper
from feedesk.reports.wrapping import fit

LABEL_TOP, LABEL_END = HEIGHT / 3 + 1, CUT * 2 / 3
"""The zone that is in the middle third of the whole sheet and of the sheet without its strip."""

_LEFT = 30.0
_QR = 30.0
_QR_LEFT = 148.0


def folds(with_strip: bool) -> tuple[float, float]:
    """Where to fold, in millimetres from the top, after the strip (if any) has been cut off."""
    high = CUT if with_strip else HEIGHT
    return high / 3, high * 2 / 3


def door_back(paper: Paper, notice: NoticeData, *, with_strip: bool, sheet: int, sheets: int) -> None:
    """The back of one sheet."""
    paper.form(f"door:{with_strip}", lambda: _static(paper, with_strip))
    middle = (LABEL_TOP + LABEL_END) / 2
    size, lines = fit(
        notice.rooms[0] if notice.rooms else "",
        _QR_LEFT - _LEFT - 10,
        (44, 38, 32, 26, 22, 18, 15),
        lambda text, at: paper.width(text, at, True),
    )
    lead = size * 0.45
    base = middle + 6 - (len(lines) - 1) * lead
    for place, line in enumerate(lines):
        paper.text(_LEFT, base + place * lead, line, size, bold=True)
    number = f"No. {words.number_text(notice)}" + (f"　{sheet}/{sheets}" if sheets > 1 else "")
    paper.text(_LEFT, middle + 17, number, 15)
    paper.qr_code(_QR_LEFT, middle - _QR / 2, _QR, notice.number)


def _static(paper: Paper, with_strip: bool) -> None:
    for y in folds(with_strip):
        paper.line(4, y, 10, y, 0.5, grey=0.4)
        paper.line(WIDTH - 10, y, WIDTH - 4, y, 0.5, grey=0.4)
    if with_strip:
        paper.dashes(4, CUT, 10, 0.5)
        paper.dashes(WIDTH - 10, CUT, WIDTH - 4, 0.5)
    middle = (LABEL_TOP + LABEL_END) / 2
    paper.text(_LEFT, middle - 19, words.FOR_OWNER_ONLY, 15)
    steps = (
        "先裁下回执，" if with_strip else ""
    ) + "印字的一面朝里，沿两侧短线先把下面一格折上来，再把上面一格折下来；"
    paper.text(_LEFT, 212, f"折法：{steps}", 8, grey=0.35)
    paper.text(_LEFT, 216.5, "印有房号的一格露在外面，朝外贴好。", 8, grey=0.35)
