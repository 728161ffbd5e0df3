"""The steps of the ladder beneath each other, the highest on top: walked with ↑↓, chosen by their digit."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from feedesk.models.accounts import STEP_LABELS, Step
from feedesk.models.ladder import LadderView, StepState, StepVerdict
from feedesk.models.ladder.view import STEP_STATE_LABELS
from feedesk.ui.theme import COLOURS, Tone, font, text_colour

_HIGH, _WIDE = 34, 204
_AT = 26
"""The middle of the line that holds the rungs, from the left."""
_STEPS = tuple(reversed(Step))
_TONES = {
    StepState.DONE: Tone.CAPTION,
    StepState.HERE: Tone.AZURE,
    StepState.OPEN: Tone.MALACHITE,
    StepState.NOT_YET: Tone.CAPTION,
}


def words_of(verdict: StepVerdict) -> str:
    """The state of a step in one or two words: 可升 only where nothing is missing."""
    if verdict.state is StepState.OPEN and verdict.missing:
        return "缺材料"
    if verdict.was_left_out:
        return "没走"
    return STEP_STATE_LABELS[verdict.state]


def tone_of(verdict: StepVerdict) -> Tone:
    """The tone of these words."""
    return Tone.OCHRE if verdict.state is StepState.OPEN and verdict.missing else _TONES[verdict.state]


class LadderRungs(QWidget):
    """Draws the ladder of one account; which step is looked at is the clerk's choice.

    Signals:
        walked: the step looked at now.
    """

    walked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: LadderView | None = None
        self._step = Step.BILL
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_view(self, view: LadderView, step: Step) -> None:
        """Show this ladder, looking at `step`."""
        self._view, self._step = view, step
        self._name()

    @property
    def step(self) -> Step:
        """The step looked at."""
        return self._step

    def look_at(self, step: Step) -> None:
        """Look at another step, as if walked to."""
        if step is not self._step:
            self._step = step
            self._name()
            self.walked.emit(step)

    def sizeHint(self) -> QSize:
        """All steps, none scrolled."""
        return QSize(_WIDE, _HIGH * len(_STEPS))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑↓ Home End walk, a digit looks at its step."""
        place, last = _STEPS.index(self._step), len(_STEPS) - 1
        places = {
            Qt.Key.Key_Up: place - 1,
            Qt.Key.Key_Down: place + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        to = places.get(Qt.Key(event.key()))
        if to is not None:
            self.look_at(_STEPS[max(0, min(last, to))])
        elif event.text() and event.text() in tuple(Step):
            self.look_at(Step(event.text()))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click looks at its step."""
        place = int(event.position().y()) // _HIGH
        if 0 <= place < len(_STEPS):
            self.look_at(_STEPS[place])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The line, and on it a rung, the name and the state of each step."""
        if self._view is None:
            return
        painter = QPainter(self)
        for place, step in enumerate(_STEPS):
            self._paint(painter, QRect(0, place * _HIGH, self.width(), _HIGH), self._view.of(step))

    def _paint(self, painter: QPainter, rect: QRect, verdict: StepVerdict) -> None:
        looked_at = verdict.step is self._step
        if looked_at:
            painter.fillRect(rect, QColor(COLOURS.azure_select))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(COLOURS.azure))
        walked = verdict.state in (StepState.DONE, StepState.HERE)
        painter.setPen(QPen(QColor(COLOURS.edge if walked else COLOURS.line), 2))
        top = rect.center().y() if verdict.step is _STEPS[0] or verdict.state is StepState.HERE else rect.top()
        if verdict.state is StepState.HERE and verdict.step is not _STEPS[0]:
            painter.setPen(QPen(QColor(COLOURS.line), 2))
            painter.drawLine(_AT, rect.top(), _AT, rect.center().y())
            painter.setPen(QPen(QColor(COLOURS.edge), 2))
        bottom = rect.center().y() if verdict.step is _STEPS[-1] else rect.bottom()
        painter.drawLine(_AT, top, _AT, bottom)
        self._rung(painter, QPoint(_AT, rect.center().y()), verdict)
        here = verdict.state is StepState.HERE
        painter.setFont(font(13, bold=here))
        dim = verdict.state is StepState.NOT_YET
        painter.setPen(QColor(COLOURS.ink3 if dim else COLOURS.ink))
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(rect.adjusted(_AT + 16, 0, -70, 0), middle, STEP_LABELS[verdict.step])
        painter.setFont(font(12, bold=here))
        painter.setPen(text_colour(tone_of(verdict)))
        painter.drawText(rect.adjusted(0, 0, -12, 0), middle | int(Qt.AlignmentFlag.AlignRight), words_of(verdict))
        if looked_at and self.hasFocus():
            painter.setPen(QPen(QColor(COLOURS.azure), 1))
            painter.drawLine(rect.topLeft(), rect.topRight())
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _rung(self, painter: QPainter, at: QPoint, verdict: StepVerdict) -> None:
        """Done: full. Here: full with a hole. Open: a ring. Not yet: a small ring."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if verdict.state is StepState.DONE and not verdict.was_left_out:
            painter.setBrush(QColor(COLOURS.edge))
            painter.drawEllipse(at, 5, 5)
        elif verdict.state is StepState.HERE:
            painter.setBrush(QColor(COLOURS.azure))
            painter.drawEllipse(at, 8, 8)
            painter.setBrush(QColor(COLOURS.surface))
            painter.drawEllipse(at, 3, 3)
        else:
            is_open = verdict.state is StepState.OPEN
            painter.setPen(
                QPen(text_colour(tone_of(verdict)) if is_open else QColor(COLOURS.edge), 2 if is_open else 1)
            )
            painter.setBrush(QColor(COLOURS.surface))
            side = 6 if is_open else 4
            painter.drawEllipse(at, side, side)
        painter.restore()

    def _name(self) -> None:
        if self._view is not None:
            self.setAccessibleName(f"阶段 {self._view.of(self._step).text}")
        self.update()
