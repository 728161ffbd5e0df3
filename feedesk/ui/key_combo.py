"""A choice that a function key opens and a digit makes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from feedesk.ui.theme import COLOURS, font

_ROOM_FOR_ARROW = 46
_DOT = 7


class KeyCombo(QComboBox):
    """A list whose lines carry the digit that chooses them; the closed field shows the words alone.

    Signals:
        picked: the value the user chose; never emitted by `show_value`.
    """

    picked = Signal(object)

    def __init__(self, name: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        # Kept here, not as item data: on its way through Qt an enum of texts comes back as a bare text.
        self._values: list[Any] = []
        self._keys: dict[str, int] = {}
        self._name = f"{name}（{key}）"
        self._dot = ""
        self.setAccessibleName(self._name)
        self.setToolTip(self._name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.view().installEventFilter(self)
        self.view().setTextElideMode(Qt.TextElideMode.ElideNone)
        self.activated.connect(self._tell)

    def offer(self, options: Sequence[tuple[str, str, Any]]) -> None:
        """Offer (digit or empty, words, value) in this order."""
        self.clear()
        self._words = [words for _key, words, _value in options]
        self._values = [value for _key, _words, value in options]
        self._keys = {key: place for place, (key, _words, _value) in enumerate(options) if key}
        for key, words, _value in options:
            self.addItem(f"{key}  {words}" if key and not words.startswith(key) else words)
        widest = max(
            (QFontMetrics(font()).horizontalAdvance(self.itemText(at)) for at in range(self.count())), default=0
        )
        self.view().setMinimumWidth(widest + _ROOM_FOR_ARROW)
        self.updateGeometry()

    def show_value(self, value: object) -> None:
        """Show a value as chosen; nothing is emitted. Of lines with the same value the last one is shown."""
        if value in self._values:
            self.setCurrentIndex(len(self._values) - 1 - self._values[::-1].index(value))
            self.updateGeometry()

    def value(self) -> Any:
        """The value shown."""
        at = self.currentIndex()
        return self._values[at] if 0 <= at < len(self._values) else None

    def words(self) -> str:
        """The words in the closed field."""
        at = self.currentIndex()
        return self._words[at] if 0 <= at < len(self._words) else ""

    def set_dot(self, said: str) -> None:
        """A dot on the field for what there is to look at, told by the tooltip; an empty text takes it away."""
        self._dot = said
        self.setToolTip("\n".join(part for part in (self._name, said) if part))
        self.update()

    def open_list(self, *, at_first: bool = False) -> None:
        """The function key was pressed; `at_first`: Enter takes the first line, else the one chosen now."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.showPopup()
        if at_first:
            self.view().setCurrentIndex(self.model().index(0, 0))

    def sizeHint(self) -> QSize:
        """As wide as the words shown, at least eight characters."""
        wide = QFontMetrics(font()).horizontalAdvance(self.words() or "汉字")
        return QSize(wide + _ROOM_FOR_ARROW, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """May shrink to a few characters; the words then elide."""
        return QSize(min(self.sizeHint().width(), 86), super().minimumSizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A digit in the open list chooses its line."""
        if watched is self.view() and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            at = self._keys.get(event.text())
            if at is not None:
                self.setCurrentIndex(at)
                self.hidePopup()
                self._tell(at)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit on the closed field chooses too; letters are no search here."""
        at = self._keys.get(event.text()) if not event.modifiers() else None
        if at is not None:
            self.setCurrentIndex(at)
            self._tell(at)
        elif event.text().isalnum():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _tell(self, at: int) -> None:
        self.picked.emit(self._values[at])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The closed field shows the words without the digit."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            self.words(), Qt.TextElideMode.ElideRight, max(10, field.width() - 2)
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        if self._dot:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(COLOURS.azure))
            painter.drawEllipse(self.width() - _DOT - 5, 5, _DOT, _DOT)
