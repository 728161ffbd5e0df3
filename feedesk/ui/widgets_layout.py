"""A row of chips in one line; what does not fit goes under 更多."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from feedesk.ui.widgets_buttons import Chip, KeyButton

_SPACE = 8


class ChipRow(QWidget):
    """Filter chips in one line, exactly one of them chosen; surplus chips sit in a menu under 更多.

    Alt+←→ of the owner table calls `step`. Signals:
        chosen: the key of the chip the user chose.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chips: dict[str, Chip] = {}
        self._chosen = ""
        self._more = KeyButton("更多 ▾", kind="chip", parent=self)
        self._more.clicked.connect(self._open_menu)
        self._hidden: list[str] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_chips(self, chips: Sequence[tuple[str, str, str, int | None]]) -> None:
        """Offer these chips: (key, words, mark or empty, count or None). The chosen key stays if still offered."""
        keys = [key for key, *_ in chips]
        if keys == list(self._chips):
            for key, _words, _mark, count in chips:
                self._chips[key].set_count(count)
        else:
            for chip in self._chips.values():
                chip.setParent(None)
                chip.deleteLater()
            self._chips = {}
            for key, words, mark, count in chips:
                chip = Chip(words, mark=mark, count=count, parent=self)
                chip.clicked.connect(lambda _on=False, name=key: self._pick(name))
                self._chips[key] = chip
        self.choose(self._chosen if self._chosen in self._chips else (keys[0] if keys else ""))
        self._arrange()

    def choose(self, key: str) -> None:
        """Show `key` as chosen; emits nothing."""
        self._chosen = key
        for name, chip in self._chips.items():
            chip.setChecked(name == key)
        self._arrange()

    def value(self) -> str:
        """The key of the chosen chip."""
        return self._chosen

    def chip(self, key: str) -> Chip:
        """The chip of a key."""
        return self._chips[key]

    def surplus(self) -> tuple[str, ...]:
        """Keys of the chips now under 更多."""
        return tuple(self._hidden)

    def step(self, by: int) -> None:
        """Choose the neighbour `by` places on, as if it had been clicked."""
        keys = list(self._chips)
        if keys:
            self._pick(keys[max(0, min(len(keys) - 1, keys.index(self._chosen) + by))])

    def sizeHint(self) -> QSize:
        """As wide as all chips, 30 high."""
        wide = sum(chip.sizeHint().width() + _SPACE for chip in self._chips.values())
        return QSize(max(wide - _SPACE, 0), 30)

    def minimumSizeHint(self) -> QSize:
        """At least the chosen chip and 更多."""
        chosen = self._chips[self._chosen].sizeHint().width() if self._chosen in self._chips else 0
        return QSize(chosen + _SPACE + self._more.sizeHint().width(), 30)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rearrange for the new width."""
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Arrange once the real width is known."""
        super().showEvent(event)
        self._arrange()

    def _pick(self, key: str) -> None:
        self.choose(key)
        self.chosen.emit(key)

    def _arrange(self) -> None:
        widths = {key: chip.sizeHint().width() for key, chip in self._chips.items()}
        self._hidden = []
        total = sum(widths.values()) + _SPACE * max(0, len(widths) - 1)
        room = self.width()
        shown = set(widths)
        if total > room:
            room -= self._more.sizeHint().width() + _SPACE
            # The chosen chip always stays in sight; the others keep their order and the last give way.
            room -= widths.get(self._chosen, 0) + _SPACE
            shown = {self._chosen}
            for key, width in widths.items():
                if key == self._chosen:
                    continue
                room -= width + _SPACE
                if room < -_SPACE:
                    break
                shown.add(key)
        x = 0
        for key, chip in self._chips.items():
            if key in shown:
                chip.setGeometry(x, (self.height() - 28) // 2, widths[key], 28)
                chip.show()
                x += widths[key] + _SPACE
            else:
                chip.hide()
                self._hidden.append(key)
        self._more.setGeometry(x, (self.height() - 28) // 2, self._more.sizeHint().width(), 28)
        self._more.setVisible(bool(self._hidden))

    def _open_menu(self) -> None:
        menu = QMenu(self)
        for key in self._hidden:
            action = menu.addAction(self._chips[key].words())
            action.triggered.connect(lambda _on=False, name=key: self._pick(name))
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))
        menu.aboutToHide.connect(menu.deleteLater)
