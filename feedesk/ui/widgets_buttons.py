"""Buttons that carry an icon, a mark, a second line or their key; chips and segments.

`KeyButton` lets the stylesheet draw the frame and draws the content itself: child labels inside a button would
not follow its checked and disabled colours, and the button would not ask for their width.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from feedesk.ui import icons
from feedesk.ui.theme import COLOURS, font

_GAP = 8
_LEFT = ("outcome", "pick", "said", "door")
_TIGHT = ("chip", "said", "outcome")
_HEIGHTS = {"door": 58, "chip": 28, "said": 26, "segment": 30, "outcome": 48, "pick": 44}
_PADS = {"door": 16, "quiet": 8, "chip": 11, "said": 6, "outcome": 8, "pick": 8}


class KeyButton(QPushButton):
    """A button with optional icon or status mark, second line, and key cap.

    `kind`: "" (plain), primary, quiet, danger, chip, said, segment, outcome, pick, door, toast. `key_first` puts the cap before
    the words, as on the pads. The words never elide: the button asks for the width it needs.
    """

    def __init__(
        self,
        text: str = "",
        *,
        key: str = "",
        icon: str = "",
        mark: str = "",
        sub: str = "",
        kind: str = "",
        key_first: bool = False,
        checkable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words, self._key, self._icon_name, self._mark, self._sub = text, key, icon, mark, sub
        self._kind, self._key_first = kind, key_first
        if kind:
            self.setProperty("kind", kind)
        self.setCheckable(checkable)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.set_words(text, key=key, sub=sub)

    def set_words(self, text: str, *, key: str | None = None, sub: str | None = None) -> None:
        """Change words, key or second line; None leaves the key or the second line as it is."""
        self._words = text
        self._key = self._key if key is None else key
        self._sub = self._sub if sub is None else sub
        self.setAccessibleName(f"{text} {self._sub}".strip())
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """The words as read on the button."""
        return self._words

    def sub(self) -> str:
        """The second line."""
        return self._sub

    def key(self) -> str:
        """The key on the cap."""
        return self._key

    def sizeHint(self) -> QSize:
        """Everything drawn, at its boldest, plus padding."""
        pad = _PADS.get(self._kind, 12)
        bold = QFontMetrics(font(13, bold=True)).horizontalAdvance(self._words)
        width = max(bold, QFontMetrics(font(12)).horizontalAdvance(self._sub)) if self._words or self._sub else 0
        parts = [width] if width else []
        if self._icon_name or self._mark:
            parts.append(16)
        if self._key:
            parts.append(self._cap_width())
        gap = 6 if self._kind in _TIGHT else _GAP
        return QSize(sum(parts) + gap * max(0, len(parts) - 1) + 2 * pad + 2, _HEIGHTS.get(self._kind, 32))

    def minimumSizeHint(self) -> QSize:
        """Nothing is ever cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Frame by the stylesheet, content by hand in the colour of the state."""
        painter = QPainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour, bold = self._ink()
        pad, gap = _PADS.get(self._kind, 12), 6 if self._kind in _TIGHT else _GAP
        spare = self.width() - self.sizeHint().width()
        centred = self._kind not in _LEFT
        x = pad + 1 + (spare // 2 if centred else 0)
        if self._key and self._key_first:
            x = self._draw_cap(painter, x) + gap
        if self._icon_name or self._mark:
            x = self._draw_icon(painter, x, colour) + gap
        x = self._draw_words(painter, x, colour, bold)
        if self._key and not self._key_first:
            end = self.width() - pad - self._cap_width()
            self._draw_cap(painter, end if self._kind == "door" else x + (gap if self._words else 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the focused button too; on one that is only checked, Enter is left to the dialog."""
        plain = not event.modifiers() & ~_KEYPAD
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and not self.isCheckable():
            self.click()
            return
        super().keyPressEvent(event)

    def _ink(self) -> tuple[QColor, bool]:
        if not self.isEnabled():
            return QColor(COLOURS.surface if self._kind == "primary" else COLOURS.ghost), self._kind == "primary"
        if self._kind == "primary":
            return QColor(COLOURS.surface), True
        if self.isCheckable() and self.isChecked():
            return QColor(COLOURS.azure_deep), True
        if self._kind == "quiet":
            return QColor(COLOURS.azure_deep), False
        if self._kind == "toast":
            return QColor("#9CC7F2"), True
        return QColor(COLOURS.cinnabar if self._kind == "danger" else COLOURS.ink), bool(self._sub)

    def _cap_width(self) -> int:
        return max(18, QFontMetrics(font(11)).horizontalAdvance(self._key) + 10)

    def _draw_cap(self, painter: QPainter, x: int) -> int:
        box = QRect(x, (self.height() - 18) // 2, self._cap_width(), 18)
        on_primary = self._kind in ("primary", "toast")
        painter.setBrush(QColor(255, 255, 255, 40) if on_primary else QColor(COLOURS.sunken))
        painter.setPen(QColor(255, 255, 255, 110) if on_primary else QColor("#C9C4BA"))
        painter.drawRoundedRect(box.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if not on_primary:
            painter.drawLine(box.left() + 2, box.bottom(), box.right() - 2, box.bottom())
        painter.setFont(font(11))
        off = COLOURS.surface if on_primary else COLOURS.ink2 if self.isEnabled() else COLOURS.ghost
        painter.setPen(QColor(off))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self._key)
        return box.right() + 1

    def _draw_icon(self, painter: QPainter, x: int, colour: QColor) -> int:
        side = 16
        name = icons.mark_name(self._mark) if self._mark else self._icon_name
        tint = "" if self._mark else (COLOURS.ink2 if colour == QColor(COLOURS.ink) else colour.name())
        icons.draw(painter, name, tint, side, x, (self.height() - side) // 2)
        return x + side

    def _draw_words(self, painter: QPainter, x: int, colour: QColor, bold: bool) -> int:
        if not self._words and not self._sub:
            return x
        painter.setPen(colour)
        wide = QFontMetrics(font(13, bold=True)).horizontalAdvance(self._words)
        room = max(wide, self.width() - x) if self._kind in _LEFT else wide
        if self._sub:
            half = self.height() // 2
            painter.setFont(font(13, bold=True))
            painter.drawText(QRect(x, 2, room, half - 1), int(Qt.AlignmentFlag.AlignVCenter), self._words)
            painter.setFont(font(12))
            painter.setPen(QColor(COLOURS.ink2 if self.isEnabled() else COLOURS.ghost))
            painter.drawText(QRect(x, half - 1, room, half - 1), int(Qt.AlignmentFlag.AlignVCenter), self._sub)
            return x + max(wide, QFontMetrics(font(12)).horizontalAdvance(self._sub))
        painter.setFont(font(13, bold=bold))
        flags = Qt.AlignmentFlag.AlignVCenter
        if room == wide:
            # The width is kept for the bold face, so that checking a chip moves nothing.
            flags |= Qt.AlignmentFlag.AlignHCenter
        painter.drawText(QRect(x, 0, room, self.height()), int(flags), self._words)
        return x + wide


_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class Chip(KeyButton):
    """A filter chip: mark or icon, words, count. Checkable; the count is part of what is read."""

    def __init__(self, text: str, *, mark: str = "", count: int | None = None, parent: QWidget | None = None) -> None:
        self._name, self._count = text, count
        super().__init__(self._said(), mark=mark, kind="chip", checkable=True, parent=parent)

    def set_count(self, count: int | None) -> None:
        """Show another count; None shows none."""
        self._count = count
        self.set_words(self._said())

    def name(self) -> str:
        """The words without the count."""
        return self._name

    def _said(self) -> str:
        return self._name if self._count is None else f"{self._name} {self._count}"


class IconButton(QPushButton):
    """A button with an icon only: it must have words for the tooltip and for screen readers."""

    def __init__(
        self, icon: str, words: str, *, key: str = "", kind: str = "quiet", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", kind)
        self.setProperty("size", "icon")
        self.setIcon(icons.icon(icon))
        self.setIconSize(QSize(18, 18))
        self.setToolTip(f"{words}（{key}）" if key else words)
        self.setAccessibleName(words)
        self.setAutoDefault(False)
        self.setFixedSize(34, 32)


class Segment(QWidget):
    """A row of joined buttons of which one is chosen; arrow keys move within it.

    Signals:
        chosen: the key of the option the user chose.
    """

    chosen = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, KeyButton] = {}
        for key, words in options:
            button = KeyButton(words, kind="segment", checkable=True)
            button.setProperty("place", "" if self._buttons else "first")
            button.clicked.connect(lambda _on=False, chosen=key: self.chosen.emit(chosen))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        row.addStretch(1)
        # Takes the focus from a label's Alt key, but is no Tab stop beside its own buttons.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The chosen button has the focus, the first one when none is chosen."""
        buttons = list(self._buttons.values())
        if buttons:
            chosen = next((button for button in buttons if button.isChecked()), buttons[0])
            chosen.setFocus(event.reason())

    def choose(self, key: str) -> None:
        """Check the option `key`, or none when it is not offered; emits nothing."""
        self._group.setExclusive(False)
        for name, button in self._buttons.items():
            button.setChecked(name == key)
        self._group.setExclusive(True)

    def value(self) -> str:
        """The key of the chosen option, empty when none is."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def button(self, key: str) -> KeyButton:
        """The button of an option."""
        return self._buttons[key]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """←→ choose the neighbour."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        keys = list(self._buttons)
        if step is None or not keys:
            super().keyPressEvent(event)
            return
        now = keys.index(self.value()) if self.value() else -1
        key = keys[max(0, min(len(keys) - 1, now + step))]
        self.choose(key)
        self._buttons[key].setFocus(Qt.FocusReason.TabFocusReason)
        self.chosen.emit(key)
