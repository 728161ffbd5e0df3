"""标记已缴（待核）: the owner says he has paid; he leaves the calls until finance's list or a payment settles it."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models import followup, money
from feedesk.models.accounts import OwnerRow
from feedesk.models.contacts import ClaimDraft
from feedesk.models.followup import DraftField
from feedesk.ui.contact_parts import takes_text
from feedesk.ui.contact_results import ClaimPane
from feedesk.ui.widgets import ElidedLabel, KeyButton, hairline, label

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ClaimDialog(QDialog):
    """Day, amount, way and a note of one payment. `draft()` is None while something is missing or wrong.

    Signals:
        saved: the `ClaimDraft`; the dialog has closed itself.
    """

    saved = Signal(object)

    def __init__(self, owner: OwnerRow, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today, self._asked = today, False
        self.setWindowTitle("标记已缴（待核）")
        self.setModal(True)
        self.pane = ClaimPane(today)
        self.pane.offer_amount(owner.owed)
        self.pane.changed.connect(self._refresh)
        self.save_button = KeyButton("记为“已缴待核”", key="Enter", kind="primary")
        self.save_button.clicked.connect(self.save)
        cancel = KeyButton("取消", key="Esc", kind="quiet")
        cancel.clicked.connect(self.reject)

        head = QHBoxLayout()
        head.setContentsMargins(24, 14, 24, 14)
        head.setSpacing(10)
        head.addWidget(label("标记已缴", "title"))
        head.addWidget(label(owner.room, "room"))
        head.addWidget(ElidedLabel(owner.name, "who"), 1)
        head.addWidget(label(f"欠 {money.show_yuan(owner.owed)}", "muted"))
        middle = QVBoxLayout()
        middle.setContentsMargins(24, 14, 24, 14)
        middle.addWidget(self.pane)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 13, 24, 13)
        foot.setSpacing(10)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.save_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(hairline())
        column.addLayout(middle)
        column.addWidget(hairline())
        column.addLayout(foot)
        self.resize(480, self.sizeHint().height())
        self.pane.take_focus()
        self._refresh()

    def draft(self) -> ClaimDraft | None:
        """What was entered; None while something is missing or wrong."""
        return None if self._problems() else self.pane.draft()

    def save(self) -> None:
        """Hand over the draft and close; with something missing, say what."""
        self._asked = True
        draft = self.draft()
        if draft is None:
            self._refresh()
            return
        self.accept()
        self.saved.emit(draft)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves; a digit outside the fields chooses the way of payment."""
        if event.key() in _ENTER:
            self.save()
        elif takes_text(QApplication.focusWidget()) or not self.pane.press(event.text()):
            super().keyPressEvent(event)

    def _problems(self) -> dict[DraftField, str]:
        day, amount = self.pane.field_problems()
        found = {DraftField.CLAIM_DAY: day, DraftField.CLAIM_AMOUNT: amount}
        draft = self.pane.draft()
        if draft is not None:
            found |= {problem.field: problem.text for problem in followup.claim_problems(draft, self._today)}
        return {field: text for field, text in found.items() if text}

    def _refresh(self) -> None:
        found = self._problems()
        self.pane.day_problem.say(found.get(DraftField.CLAIM_DAY, ""))
        self.pane.amount_problem.say(found.get(DraftField.CLAIM_AMOUNT, ""))
        self.pane.way_problem.say(found.get(DraftField.CLAIM_WAY, "") if self._asked else "")
        self.save_button.setEnabled(not found)
        self.save_button.setToolTip(next(iter(found.values()), ""))
