"""The numbers of an owner in the order they are dialled; the tinted one is in hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontMetrics, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from feedesk.models.accounts import PHONE_STATE_LABELS, Phone, PhoneState
from feedesk.ui import icons
from feedesk.ui.flow_row import FlowRow
from feedesk.ui.theme import COLOURS, font
from feedesk.ui.words import show_number


class PhoneChip(QAbstractButton):
    """One number with whose it is; checked when it is the one in hand."""

    def __init__(
        self, phone: Phone, note: str, *, small: bool = False, tall: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.phone, self._small, self._tall = phone, small, tall
        self._number, self._note = show_number(phone.number), note
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        copy = QAction("复制号码", self)
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(phone.number))
        self.addAction(copy)
        said = f"{self._number} {note}，来源：{phone.source}，{PHONE_STATE_LABELS[phone.state]}"
        self.setAccessibleName(said)
        self.setToolTip(said)

    def text(self) -> str:
        """Number and note as read."""
        return f"{self._number} {self._note}".strip()

    def sizeHint(self) -> QSize:
        """A number is never cut."""
        wide = QFontMetrics(font(self._px(), bold=True)).horizontalAdvance(self._number)
        note = QFontMetrics(font(12)).horizontalAdvance(self._note)
        if self._tall:
            return QSize(12 + 16 + 9 + max(wide, note) + 14, 54)
        return QSize(10 + 16 + 7 + wide + (8 + note if self._note else 0) + 11, 24 if self._small else 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Tint, icon, number, note; a focus ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        painter.setPen(QColor(COLOURS.azure) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(COLOURS.azure_tint if on else COLOURS.paper))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        ink = COLOURS.azure_deep if on else COLOURS.ink
        name = "landline" if self.phone.is_landline else "mobile"
        at = 12 if self._tall else 10
        icons.draw(painter, name, ink if on else COLOURS.ink2, 16, at, (self.height() - 16) // 2)
        is_dead = self.phone.state is PhoneState.DEAD
        painter.setFont(font(self._px(), bold=not is_dead, strike=is_dead))
        painter.setPen(QColor(COLOURS.ink3 if is_dead else ink))
        wide = QFontMetrics(font(self._px(), bold=True)).horizontalAdvance(self._number)
        flags = int(Qt.AlignmentFlag.AlignVCenter)
        if self._tall:
            painter.drawText(QRect(37, 6, wide + 2, 24), flags, self._number)
        else:
            painter.drawText(QRect(33, 0, wide + 2, self.height()), flags, self._number)
        painter.setFont(font(12))
        painter.setPen(QColor(COLOURS.ink2))
        if self._tall:
            painter.drawText(QRect(37, 30, self.width() - 37, 18), flags, self._note)
            return
        painter.drawText(QRect(33 + wide + 8, 0, self.width(), self.height()), flags, self._note)

    def _px(self) -> int:
        return 18 if self._tall else 13 if self._small else 15


class PhoneChips(FlowRow):
    """All numbers; the first in calling order is in hand until another is chosen.

    Signals:
        dialled: the number the clerk took in hand.
    """

    dialled = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(gap=6, line_gap=4, parent=parent)
        self._phones: tuple[Phone, ...] = ()
        self._number = ""
        self._small = False
        self._last: Mapping[str, str] = {}

    def show_phones(
        self,
        phones: Sequence[Phone],
        *,
        small: bool = False,
        tall: bool = False,
        last: Mapping[str, str] | None = None,
    ) -> None:
        """Show numbers given in calling order. One in hand stays in hand while it is still there and alive.

        `tall` chips have their note below the number, with what `last` says of it (上次 11-10 未接).
        """
        self._phones, self._small, self._last = tuple(phones), small, last or {}
        alive = [phone.number for phone in phones if phone.state is not PhoneState.DEAD]
        if self._number not in alive:
            self._number = alive[0] if alive else phones[0].number if phones else ""
        chips: list[QWidget] = []
        for place, phone in enumerate(phones):
            chip = PhoneChip(phone, self._note(place, phone, alive), small=small, tall=tall)
            chip.setChecked(phone.number == self._number)
            chip.clicked.connect(lambda _on=False, number=phone.number: self._take(number))
            chips.append(chip)
        self.set_widgets(chips)

    def forget(self) -> None:
        """Another owner: no number is in hand."""
        self._number = ""

    @property
    def number(self) -> str:
        """The number in hand, empty when the owner has none."""
        return self._number

    def words(self) -> tuple[str, ...]:
        """Every number as read."""
        return tuple(chip.text() for chip in self.widgets() if isinstance(chip, PhoneChip))

    def _note(self, place: int, phone: Phone, alive: list[str]) -> str:
        if self._small:
            return ""
        if phone.state is PhoneState.DEAD:
            return f"{phone.holder} · 停机或空号"
        kind = "座机" if phone.is_landline and phone.holder == "本人" else phone.holder
        first = place == 0 and len(self._phones) > 1 and phone.number in alive
        last = self._last.get(phone.number)
        return (f"{kind} 先打" if first else kind) + (f" · {last}" if last else "")

    def _take(self, number: str) -> None:
        self._number = number
        for chip in self.widgets():
            if isinstance(chip, PhoneChip):
                chip.setChecked(chip.phone.number == number)
        self.dialled.emit(number)
