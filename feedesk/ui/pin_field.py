"""Who approves, with his PIN; and the small dialog in which somebody sets his PIN."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from feedesk.models.office import ROLE_LABELS, Role, Signature, Staff
from feedesk.ui.contact_parts import PlainCombo, Problem
from feedesk.ui.widgets import Field, KeyButton, label, lay_sheet

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
PIN_LENGTH = (4, 12)
"""Fewest and most characters of a PIN."""
NOBODY = "还没有能签字的项目经理：请到“设置 › 人员”给项目经理设签字密码。"


def approvers(staff: Sequence[Staff], roles: Sequence[Role] = (Role.MANAGER,)) -> tuple[Staff, ...]:
    """Those who may approve: one of these roles, still here, and with a PIN."""
    return tuple(person for person in staff if person.active and person.role in roles and person.pin_hash)


def secret_field(hint: str) -> Field:
    """A field that shows dots."""
    field = Field("", hint)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setMaxLength(PIN_LENGTH[1])
    field.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhNoPredictiveText)
    return field


class PinField(QWidget):
    """The approver's name and his PIN beside each other. Who has the right PIN is for the office file to say.

    Signals:
        changed: name or PIN is another one.
    """

    changed = Signal()

    def __init__(self, people: Sequence[Staff], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people: tuple[Staff, ...] = ()
        self.who = PlainCombo()
        self.who.setAccessibleName("批准人")
        self.secret = secret_field("签字密码")
        self.secret.setAccessibleName("批准人的签字密码")
        self.set_people(people)
        self.who.currentIndexChanged.connect(lambda _at: self.clear())
        self.secret.textEdited.connect(lambda _text: self.changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.who, 3)
        row.addWidget(self.secret, 2)
        self.setFocusProxy(self.secret)

    def set_people(self, people: Sequence[Staff]) -> None:
        """Others may approve now; who was chosen and may still stays chosen, with the PIN typed."""
        before = self.approver()
        with QSignalBlocker(self.who):
            self._people = tuple(people)
            self.who.clear()
            for person in self._people:
                self.who.addItem(f"{person.name}（{ROLE_LABELS[person.role]}）")
            self.who.setCurrentIndex(self._people.index(before) if before in self._people else 0)
        if self.approver() != before:
            self.secret.clear()
        self.who.setEnabled(bool(self._people))
        self.secret.setEnabled(bool(self._people))

    def approver(self) -> Staff | None:
        """Who approves; None when nobody here can."""
        at = self.who.currentIndex()
        return self._people[at] if 0 <= at < len(self._people) else None

    def pin(self) -> str:
        """The PIN as typed."""
        return self.secret.text()

    def problem(self) -> str:
        """What is missing, in one sentence; empty when name and PIN are there."""
        if not self._people:
            return NOBODY
        return "" if self.pin() else "请批准人自己输入签字密码。"

    def clear(self) -> None:
        """Forget the PIN: another name, or it was not the right one."""
        self.secret.clear()
        self.changed.emit()


class PinDialog(QDialog):
    """A new PIN, typed twice.

    Signals:
        saved: (a `Signature` or None, the new PIN); the dialog has closed itself.
    """

    saved = Signal(object, str)

    def __init__(self, person: Staff, signers: Sequence[Staff], parent: QWidget | None = None) -> None:
        """`signers` can sign already: one of them agrees, by default the person himself with the PIN so far."""
        super().__init__(parent)
        self._asked = False
        self.setWindowTitle("签字密码")
        self.setModal(True)
        self.by = PinField(sorted(signers, key=lambda one: one.id != person.id))
        self.by.secret.setPlaceholderText("现在的密码")
        self.first, self.again = secret_field(""), secret_field("")
        self.problem = Problem()
        self.save_button = KeyButton("保存密码", key="Enter", kind="primary")
        self.save_button.clicked.connect(self.save)
        cancel = KeyButton("取消", key="Esc", kind="quiet")
        cancel.clicked.connect(self.reject)
        head = QHBoxLayout()
        head.setContentsMargins(24, 14, 24, 14)
        head.setSpacing(10)
        head.addWidget(label("签字密码", "title"))
        head.addWidget(label(person.name, "who"), 1)
        middle = QVBoxLayout()
        middle.setContentsMargins(24, 14, 24, 14)
        middle.setSpacing(4)
        rows: list[tuple[str, QWidget]] = [("新密码（4–12 位）", self.first), ("再输一遍", self.again)]
        if signers:
            rows.insert(0, ("由谁同意：本人，或另一位能签字的人", self.by))
            self.by.changed.connect(self._refresh)
        for typed in (self.first, self.again):
            typed.textEdited.connect(lambda _text: self._refresh())
        for words, field in rows:
            field.setAccessibleName(words)
            middle.addWidget(label(words, "label"))
            middle.addWidget(field)
            middle.addSpacing(4)
        middle.addWidget(self.problem)
        middle.addWidget(label("减免、分期等要项目经理批准的事，由本人输入这个密码。", "caption", wrap=True))
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 13, 24, 13)
        foot.setSpacing(10)
        foot.addStretch(1)
        foot.addWidget(cancel)
        foot.addWidget(self.save_button)
        lay_sheet(self, head, middle, foot)
        rows[0][1].setFocus()
        self._refresh()

    def save(self) -> None:
        """Hand the PIN over and close; with something missing, say what."""
        self._asked = True
        self._refresh()
        if not self._wrong():
            self.accept()
            who = self.by.approver()
            self.saved.emit(Signature(who, self.by.pin()) if who else None, self.first.text())

    def showEvent(self, event: QShowEvent) -> None:
        """As high as what it shows, once the stylesheet has been applied."""
        super().showEvent(event)
        self._mind_height()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter saves."""
        if event.key() in _ENTER:
            self.save()
        else:
            super().keyPressEvent(event)

    def _wrong(self) -> str:
        low, high = PIN_LENGTH
        if self.by.approver() and not self.by.pin():
            return "请同意的人先输入现在的密码。"
        if not low <= len(self.first.text()) <= high:
            return f"新密码要 {low}–{high} 位。"
        return "" if self.first.text() == self.again.text() else "两遍不一样，请再输一遍。"

    def _refresh(self) -> None:
        wrong = self._wrong()
        self.problem.say(wrong if self._asked or (self.again.text() and wrong) else "")
        self.save_button.setEnabled(not wrong)
        self.save_button.setToolTip(wrong)
        self._mind_height()

    def _mind_height(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(400, max(layout.totalHeightForWidth(400), layout.totalSizeHint().height()))
