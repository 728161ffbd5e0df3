"""Other units of the same owner: on 资料 those joined and those that may be the same person; a line that leads there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.accounts import Account, OwnerRow
from feedesk.models.money import show_yuan
from feedesk.ui.widgets import ElidedLabel, KeyButton, label


class KinLink(KeyButton):
    """The quiet line in the head of an owner: he has, or may have, more units. Pressed, it asks for 资料 at that place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", icon="owners", kind="quiet", parent=parent)
        self.setFixedHeight(24)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    def show_kin(self, account: Account, lookalikes: Sequence[OwnerRow]) -> None:
        """Look-alikes first: they are a question to the clerk; a joined owner is told with his sum."""
        words = ""
        if lookalikes:
            words = f"同名同电话另有 {len(lookalikes)} 套"
        elif account.siblings:
            words = f"同一位业主共 {len(account.siblings) + 1} 套 · 合计欠 {show_yuan(account.owed_together)}"
        self.set_words(words)
        self.setToolTip("到资料里看；确是同一人就合并，只打一次电话、出一张单" if lookalikes else "到资料里看各套")
        self.setVisible(bool(words))


class KinBox(QWidget):
    """Lists units; joins only when the clerk says so.

    Signals:
        join_asked: ids of the accounts that are the same person's.
        part_asked: the clerk takes the account shown out of the group.
        opened: id of a sibling to be shown.
    """

    join_asked = Signal(object)
    part_asked = Signal()
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._rows: list[QWidget] = []
        self._said: list[str] = []
        self._proposed: tuple[int, ...] = ()
        self.part = KeyButton("把这一户拆出来", parent=self)
        self.part.clicked.connect(self.part_asked)
        self.join_all = KeyButton("", parent=self)
        self.join_all.clicked.connect(lambda: self.join_asked.emit(self._proposed))
        self.buttons: dict[int, KeyButton] = {}

    def show_kin(self, siblings: Sequence[OwnerRow], proposals: Sequence[OwnerRow]) -> None:
        """Show both lists; with neither the box hides. The focus stays on the line it was on, or goes to the next."""
        pressed, had_focus = self._in_hand(), self._has_focus()
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # not to whoever comes next once the buttons are gone
        before = self._proposed
        for old in self._rows:
            old.hide()
            old.deleteLater()
        self._rows, self._said, self.buttons = [], [], {}
        for kept in (self.part, self.join_all):
            self._column.removeWidget(kept)
        if siblings:
            self._head("同一位业主的其他房屋")
            for row in siblings:
                self._line(row, "看这一户", self.opened.emit)
            self._column.addWidget(self.part, 0, Qt.AlignmentFlag.AlignLeft)
        self.part.setVisible(bool(siblings))
        self._proposed = tuple(row.account_id for row in proposals)
        self.join_all.setVisible(len(proposals) > 1)
        if proposals:
            self._head("可能是同一位业主（同名、同电话）")
            if len(proposals) > 1:
                self.join_all.set_words(f"全部合并为一位业主（{len(proposals)} 套）")
                self._column.addWidget(self.join_all, 0, Qt.AlignmentFlag.AlignLeft)
            for row in proposals:
                self._line(row, "合并为一位业主", lambda one: self.join_asked.emit((one,)))
        self.setVisible(bool(siblings or proposals))
        if had_focus:
            self._hand_on(pressed, before)

    def chain(self) -> list[KeyButton]:
        """The buttons shown, from above."""
        others = [self.buttons[row] for row in self.buttons if row not in self._proposed]
        joins = [self.buttons[row] for row in self._proposed]
        return [*others, *([self.part] if others else []), *([self.join_all] if len(joins) > 1 else []), *joins]

    def texts(self) -> tuple[str, ...]:
        """Every line as read."""
        return tuple(self._said)

    def _has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and (focus is self or self.isAncestorOf(focus))

    def _in_hand(self) -> int | None:
        """The account whose button has the focus."""
        return next((row for row, button in self.buttons.items() if button.hasFocus()), None)

    def _hand_on(self, pressed: int | None, before: tuple[int, ...]) -> None:
        """The focus goes to the same line while it asks the same, else to the next that may be joined."""
        following = before[before.index(pressed) + 1 :] if pressed in before else before
        wanted = [one for one in following if one in self._proposed] + list(self._proposed)
        if pressed in self._proposed or (pressed in self.buttons and pressed not in before):
            wanted.insert(0, pressed)
        button = self.buttons[wanted[0]] if wanted else next(iter(self.chain()), None)
        if button is not None:
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _head(self, text: str) -> None:
        head = label(text, "label")
        self._column.addWidget(head)
        self._rows.append(head)
        self._said.append(text)

    def _line(self, row: OwnerRow, verb: str, act: Callable[[int], None]) -> None:
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        said = f"{row.room} {row.name} 欠 {show_yuan(row.owed)}"
        line.addWidget(label(row.room, "strong"))
        line.addWidget(ElidedLabel(f"{row.name} · 欠 {show_yuan(row.owed)}"), 1)
        button = KeyButton(verb)
        button.clicked.connect(lambda _on=False, who=row.account_id: act(who))
        line.addWidget(button)
        self.buttons[row.account_id] = button
        self._column.addWidget(holder)
        self._rows.append(holder)
        self._said.append(said)
