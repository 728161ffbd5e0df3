"""The bar of 诉讼时效 under a line of 账单: share of the time gone, a tick for today, and what is left in words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter

from feedesk.models.limitation import ALERTS, WHOLE, Clock, ClockState
from feedesk.ui.theme import COLOURS, Tone, font, text_colour

_HIGH = 7
_WIDE = 150
_GAP = 9
_LOUD = ALERTS[1]
"""From so many days left on the bar is red and bold."""
_MONTH = 30
_YEAR = 365


@dataclass(frozen=True, slots=True)
class LimitBar:
    """What is drawn. `gone` is in thousandths; `tip` tells start, restarts and both ends."""

    words: str
    tip: str
    tone: Tone
    gone: int = 0
    has_bar: bool = True
    is_hatched: bool = False
    is_loud: bool = False
    """Less than 90 days: bold, in cinnabar, the line on its tint."""
    said: str = ""
    """What is read aloud with the line: only where something is to be done about it."""


def left_words(days: int) -> str:
    """「剩 59 天」, from half a year on 「剩 1 年 7 个月」, rounded down: never more than there is."""
    if days <= ALERTS[-1]:
        return f"剩 {days} 天" if days else "今天是最后一天"
    years, rest = divmod(days, _YEAR)
    months = min(11, rest // _MONTH)
    parts = [f"{years} 年"] * bool(years) + [f"{months} 个月"] * bool(months)
    return f"剩 {' '.join(parts)}"


def limit_bar(clock: Clock | None, *, is_held: bool, is_first: bool = False) -> LimitBar | None:
    """The bar of a line; None for one that is paid or not yet due. A hold does not stop the time, so it runs on.

    `is_first` marks the one line to see to first.
    """
    if clock is None or clock.state in (ClockState.CLOSED, ClockState.NOT_DUE):
        return None
    tip = "\n".join(clock.why)
    held = clock.conservative
    if held is None or clock.days_left is None:
        return LimitBar(clock.why[0].rstrip("。"), tip, Tone.OCHRE, has_bar=False)
    end = held.expires_on.isoformat()
    if clock.is_over:
        words = f"{clock.label.replace('·', ' · ')} · {end} 止"
        return LimitBar(words, tip, Tone.MUTED, WHOLE, is_hatched=True, said=clock.label)
    words = f"{left_words(clock.days_left)} · 至 {end}"
    loud = clock.days_left <= _LOUD
    tone = Tone.CINNABAR if loud else Tone.OCHRE if clock.alert else Tone.MUTED
    if is_held:
        words, tone = f"暂缓 · {words}", tone if clock.alert else Tone.VIOLET
    if is_first:
        words += " · 先处理这一笔"
    said = f"时效{left_words(clock.days_left)}" if clock.alert else ""
    return LimitBar(words, tip, tone, clock.gone, is_hatched=is_held, is_loud=loud, said=said)


def draw(painter: QPainter, box: QRect, bar: LimitBar) -> None:
    """Bar at the left of `box`, words beside it; hatched when the line is held or over."""
    x = box.left()
    if bar.has_bar:
        wide = min(_WIDE, box.width() * 9 // 25)
        whole = QRect(x, box.center().y() - _HIGH // 2, wide, _HIGH)
        gone = wide * bar.gone // WHOLE
        ink = _ink(bar)
        painter.fillRect(whole, QColor(COLOURS.sunken))
        filled = QRect(whole.left(), whole.top(), gone, _HIGH)
        painter.fillRect(filled, QBrush(ink, Qt.BrushStyle.BDiagPattern) if bar.is_hatched else QBrush(ink))
        if bar.gone < WHOLE:
            painter.fillRect(QRect(whole.left() + gone, whole.top() - 3, 2, _HIGH + 6), QColor(COLOURS.ink))
        x += wide + _GAP
    painter.setFont(font(12, bold=bar.is_loud))
    painter.setPen(text_colour(bar.tone))
    room = QRect(x, box.top(), box.right() - x + 1, box.height())
    shown = QFontMetrics(painter.font()).elidedText(bar.words, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)


def _ink(bar: LimitBar) -> QColor:
    if bar.tone is Tone.MUTED and not bar.is_hatched:
        return QColor(COLOURS.azure)
    return text_colour(bar.tone)
