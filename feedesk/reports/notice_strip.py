"""The receipt strip below the cut line: what the office keeps as evidence that a notice was served (domain §9)."""

from __future__ import annotations

from feedesk.models import money
from feedesk.models.notices import NoticeData
from feedesk.reports import notice_words as words
from feedesk.reports.notice_layout import LEFT, RIGHT
from feedesk.reports.paper import WIDTH, Paper
from feedesk.reports.wrapping import fit

CUT = 247.0
"""Where the strip is cut off, in millimetres from the top."""

_TEXT = 38.0
_END = 162.0


def strip(paper: Paper, notice: NoticeData) -> None:
    """The strip, with the unit, the sum and the QR of its notice."""
    paper.form("strip", lambda: _static(paper))
    top = CUT + 8.4
    number = f"No. {words.number_text(notice)}　{words.round_text(notice)}" + (
        f"　{words.REPRINT}" if notice.reprint else ""
    )
    end = paper.text(LEFT + 29, top, number, 9.5)
    amount = "　" + money.show_yuan(notice.grand_total)
    space = _END - end - 4

    def measure(text: str, at: float) -> float:
        return paper.width(text, at, True)

    text = words.rooms_text(notice.rooms, 1) + amount
    size, lines = fit(text, space, (10.5, 9.5, 8.5, 7.5), measure)
    for place, line in enumerate(lines):
        paper.text(_END, top + (place - (len(lines) - 1) / 2) * 3.6, line, size, bold=True, align="right")
    paper.qr_code(RIGHT - 21, CUT + 6.8, 21, notice.number)
    paper.text(RIGHT - 10.5, CUT + 32.2, words.number_text(notice), 8.2, align="center")


def _static(paper: Paper) -> None:
    paper.dashes(8, CUT, 13, 0.6)
    paper.text(14, CUT + 1.6, "✂", 13)
    paper.dashes(20, CUT, WIDTH - 8, 0.6)
    top = CUT + 8.4
    paper.text(LEFT, top, words.STRIP_TITLE, 13.5, bold=True, spaced=1.5)
    rows = [top + 9.2, top + 17.2, top + 25.2, top + 33.2]
    paper.text(LEFT, rows[0], "送达方式", 9.5)
    _boxes(paper, rows[0], ("当面交付", "邮寄 EMS", "张贴并见证", "拒收（须见证）"))
    paper.text(LEFT, rows[1], "签收人", 9.5)
    end = _boxes(paper, rows[1], ("本人", "同住成年亲属", "受托人"))
    _blank(paper, end + 2, rows[1], "签字")
    paper.text(LEFT, rows[2], "送达人", 9.5)
    paper.line(_TEXT, rows[2] + 1, _TEXT + 26, rows[2] + 1)
    paper.text(_TEXT + 27, rows[2], "、", 9.5)
    paper.line(_TEXT + 31, rows[2] + 1, _TEXT + 57, rows[2] + 1)
    _blank(paper, _TEXT + 62, rows[2], "见证人")
    paper.text(LEFT, rows[3], "送达时间", 9.5)
    for place, unit in enumerate("年月日时"):
        paper.text(_TEXT + 14 + place * 13.2, rows[3], unit, 9.5)
    _blank(paper, _TEXT + 62, rows[3], "备注　")


def _boxes(paper: Paper, base: float, choices: tuple[str, ...]) -> float:
    at = _TEXT
    for choice in choices:
        paper.box(at, base - 2.9, 3.3, 3.3, 0.7)
        at = paper.text(at + 4.6, base, choice, 9.5) + 5.6
    return at


def _blank(paper: Paper, at: float, base: float, label: str) -> None:
    start = paper.text(at, base, label, 9.5) + 2
    paper.line(start, base + 1, _END, base + 1)
