"""设置 › 人员."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.changes import Changes
from feedesk.models.office import ROLE_LABELS, Role, Signature, Staff
from feedesk.ui.desk import Desk
from feedesk.ui.pin_field import PinDialog
from feedesk.ui.share_dialog import SHARE_KEY, ask_share
from feedesk.ui.sign_dialog import SignDialog
from feedesk.ui.widgets import Card, Field, KeyButton, field_label, label


class PeopleTab(QWidget):
    """Who works here, how they call themselves in a script, and their role.

    Signals:
        changed: the list of people is another one now.
    """

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._card = Card()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(6)
        self.name = Field("", "姓名")
        self.called = Field("", "小许")
        self.role = _roles(Role.CLERK)
        self.add_button = KeyButton("添加", icon="plus")
        self.add_button.clicked.connect(self.add)
        self.share_button = KeyButton("分配片管…", icon="user")
        self.share_button.setToolTip(f"把业主按户数和难度平均分给各位片管（业主页：{SHARE_KEY}）")
        self.share_button.clicked.connect(lambda: ask_share(self._desk, self))
        self.name.returnPressed.connect(self.add)
        self.called.returnPressed.connect(self.add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._card.body.addWidget(label("人员", "section"))
        self._card.body.addWidget(
            label(
                "每条记录都记在经办人名下。换人：Ctrl+K 再按数字。离职的人停用即可，以前的记录不变；"
                "名下还有业主的，停用时就交接。",
                "caption",
                wrap=True,
            )
        )
        self._card.body.addLayout(self._grid)
        share = QHBoxLayout()
        share.addWidget(self.share_button)
        share.addStretch(1)
        self._card.body.addLayout(share)
        column.addWidget(self._card)
        new = Card()
        new.body.addWidget(label("添加一位", "section"))
        row = QHBoxLayout()
        row.setSpacing(12)
        for text, widget in (("姓名", self.name), ("话术里怎么自称", self.called), ("岗位", self.role)):
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(field_label(text, widget))
            part.addWidget(widget)
            row.addLayout(part)
        last = QVBoxLayout()
        last.addStretch(1)
        last.addWidget(self.add_button)
        row.addLayout(last)
        row.addStretch(1)
        new.body.addLayout(row)
        column.addWidget(new)

    def refresh(self) -> None:
        """The people as stored."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        for place, text in enumerate(("", "姓名", "自称", "岗位", "在岗", "签字密码")):
            self._grid.addWidget(label(text, "label"), 0, place)
        for row, person in enumerate(self._desk.office.staff.all(with_gone=True), start=1):
            self._add_row(row, person)
        self._grid.setColumnStretch(6, 1)

    def _add_row(self, row: int, person: Staff) -> None:
        called = Field(person.called)
        called.setFixedWidth(140)
        called.setAccessibleName(f"{person.name} 的自称")
        called.editingFinished.connect(lambda: self._save(replace(person, called=called.text().strip() or person.name)))
        role = _roles(person.role)
        role.setAccessibleName(f"{person.name} 的岗位")
        role.activated.connect(lambda _index: self._save(replace(person, role=Role(role.currentData()))))
        active = QCheckBox()
        active.setChecked(person.active)
        active.setAccessibleName(f"{person.name} 在岗")
        active.clicked.connect(lambda on: self._save(replace(person, active=on)))
        self._grid.addWidget(label(str(row), "caption"), row, 0)
        self._grid.addWidget(label(person.name, "strong" if person.active else "muted"), row, 1)
        self._grid.addWidget(called, row, 2)
        self._grid.addWidget(role, row, 3)
        self._grid.addWidget(active, row, 4)
        if person.role is not Role.CLERK and person.active:
            pin = KeyButton("改密码" if person.pin_hash else "设密码", kind="quiet")
            pin.setAccessibleName(f"{person.name} 的签字密码")
            pin.setToolTip("批准减免、分期时由本人输入")
            pin.clicked.connect(lambda: self.ask_pin(person))
            self._grid.addWidget(pin, row, 5)

    def _save(self, person: Staff) -> None:
        stored = next((p for p in self._desk.office.staff.all(with_gone=True) if p.id == person.id), None)
        if stored == person:
            return

        def save(signed: Signature | None) -> bool:
            def act() -> Changes:
                self._desk.office.staff.save(person, signed)
                return Changes()

            done = self._desk.write(act, f"{person.name} 的资料已改。")
            if done or signed is None:
                self.refresh()
                self.changed.emit()
            if done and not person.active and stored is not None and stored.active:
                ask_share(self._desk, self, person)
            return done

        self._signed(person, save)

    def _signed(self, person: Staff, write: Callable[[Signature | None], bool]) -> None:
        """Write at once; where somebody is to be able to sign, or no longer, with the word of one who can."""
        staff = self._desk.office.staff
        if not staff.needs_signature(person):
            write(None)
            return
        role = ROLE_LABELS[person.role] if person.active else "离岗"
        what = f"{person.name}：{role}。谁能签字，要由现在能签字的人同意。"
        dialog = SignDialog(person.name, what, staff.signers(), write, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.rejected.connect(self.refresh)
        dialog.open()

    def ask_pin(self, person: Staff) -> None:
        """A PIN for somebody who approves; once somebody can sign, he is asked for his, the person himself or another."""
        dialog = PinDialog(person, self._desk.office.staff.signers(), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(lambda signed, wanted: self._set_pin(person, signed, wanted))
        dialog.open()

    def _set_pin(self, person: Staff, signed: Signature | None, wanted: str) -> None:
        def act() -> Changes:
            self._desk.office.staff.set_pin(person, wanted, signed)
            return Changes()

        if self._desk.write(act, f"{person.name} 的签字密码已保存。"):
            self.refresh()
            self.changed.emit()

    @Slot()
    def add(self) -> None:
        """添加."""
        name, called, role = self.name.text(), self.called.text(), Role(self.role.currentData())

        def add(signed: Signature | None) -> bool:
            def act() -> Changes:
                self._desk.office.staff.add(name, called, role, signed)
                return Changes()

            done = self._desk.write(act, f"已添加 {name.strip()}。")
            if done:
                self.name.clear()
                self.called.clear()
                self.refresh()
                self.changed.emit()
            return done

        self._signed(Staff(0, name.strip(), called, role), add)


def _roles(chosen: Role) -> QComboBox:
    box = QComboBox()
    for role, word in ROLE_LABELS.items():
        box.addItem(word, role.value)
    box.setCurrentIndex(list(ROLE_LABELS).index(chosen))
    return box
