"""话术: which debtor type, step and channel are asked for; what the shelf in hand has none of is not offered."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, STEP_LABELS, DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.scripts.matrix import CHANNELS, MATRIX_LABELS
from feedesk.ui.key_combo import KeyCombo
from feedesk.ui.scripts_rows import Shelf, Sought
from feedesk.ui.widgets import ElidedLabel, KeyCap

_DIGITS = "123456789"
_ANY = "any"


class ScriptsFilter(QFrame):
    """Three choosers with their keys F6, F7 and F8, how many were found, and what buttons the page adds.

    Signals:
        changed: another type, step or channel is asked for.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.type_combo = KeyCombo("欠费类型", "F6")
        self.step_combo = KeyCombo("阶段", "F7")
        self.channel_combo = KeyCombo("渠道", "F8")
        self.type_combo.offer(
            [("0", "各类型", _ANY)]
            + [(_DIGITS[place : place + 1], DEBTOR_TYPE_LABELS[kind], kind) for place, kind in enumerate(DebtorType)]
        )
        self.step_combo.offer([("", "各阶段", _ANY)] + [(step.value, STEP_LABELS[step], step) for step in Step])
        self.channel_combo.offer(
            [("0", "各渠道", _ANY)] + [(_DIGITS[place], MATRIX_LABELS[way], way) for place, way in enumerate(CHANNELS)]
        )
        self.found = ElidedLabel("", "caption")
        self._combos = (self.type_combo, self.step_combo, self.channel_combo)
        self._caps = [KeyCap(key) for key in ("F6", "F7", "F8")]
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 12, 8)
        self._row.setSpacing(6)
        for cap, combo in zip(self._caps, self._combos, strict=True):
            self._row.addWidget(cap)
            self._row.addWidget(combo)
            combo.picked.connect(lambda _value: self.changed.emit())
        self._row.addSpacing(4)
        self._row.addWidget(self.found, 1)

    def add(self, button: QWidget) -> None:
        """One more at the right end."""
        self._row.addWidget(button, 0, Qt.AlignmentFlag.AlignRight)

    def sought(self, shelf: Shelf, words: str) -> Sought:
        """What is asked of the list of this shelf."""
        return Sought(
            shelf,
            self.debtor_type() if shelf is not Shelf.TALKS else None,
            self.step() if shelf in (Shelf.SCRIPTS, Shelf.MOMENTS) else None,
            self.channel() if shelf is Shelf.SCRIPTS else None,
            words,
        )

    def debtor_type(self) -> DebtorType | None:
        """The type asked for; None: any."""
        found: DebtorType | None = _value(self.type_combo)
        return found

    def step(self) -> Step | None:
        """The step asked for; None: any."""
        found: Step | None = _value(self.step_combo)
        return found

    def channel(self) -> Channel | None:
        """The channel asked for; None: any."""
        found: Channel | None = _value(self.channel_combo)
        return found

    def show_place(self, kind: DebtorType | None, step: Step | None) -> None:
        """Ask for this type and step."""
        self.type_combo.show_value(kind or _ANY)
        self.step_combo.show_value(step or _ANY)

    def forget(self) -> None:
        """Ask for any."""
        for combo in self._combos:
            combo.show_value(_ANY)

    def show_shelf(self, shelf: Shelf, *, narrow: bool) -> None:
        """The choosers that this shelf has use for; a narrow window has no room for their keys."""
        self.type_combo.setVisible(shelf is not Shelf.TALKS)
        self.step_combo.setVisible(shelf in (Shelf.SCRIPTS, Shelf.MOMENTS))
        self.channel_combo.setVisible(shelf is Shelf.SCRIPTS)
        for cap, combo in zip(self._caps, self._combos, strict=True):
            cap.setVisible(not narrow and not combo.isHidden())


def _value(combo: KeyCombo) -> Any:
    value = combo.value()
    return None if value is None or value == _ANY else value
