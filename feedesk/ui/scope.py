"""我的 or 全部: whose accounts 今日 and 业主 show. One choice for both pages, remembered on this PC."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from feedesk.models.record_table import RecordContact
from feedesk.models.store.assignments import Scope
from feedesk.ui.desk import Desk
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import KeyButton, label

MINE, ALL = "mine", "all"
SCOPE_KEY = "Alt+M"


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose accounts are shown, and how many are whose."""

    counts: Scope
    staff_id: int | None
    """The clerk whose accounts alone are shown; None: everybody's."""

    @property
    def is_mine(self) -> bool:
        """Whether only one clerk's accounts are shown."""
        return self.staff_id is not None


def shown_scope(desk: Desk) -> Shown:
    """What is shown to the clerk at the desk. Until somebody chooses: 全部, and 我的 as soon as something is hers."""
    clerk = desk.office.session.clerk
    counts = desk.office.assignments.scope(clerk.id if clerk else 0)
    chosen = desk.settings.scope
    if clerk is None or not counts.is_assigned:
        return Shown(counts, None)
    return Shown(counts, clerk.id if chosen == MINE or (not chosen and counts.mine > 0) else None)


def contacts_in_scope(
    desk: Desk, shown: Shown, contacts: Iterable[tuple[Sequence[int], RecordContact]]
) -> list[tuple[Sequence[int], RecordContact]]:
    """The contacts with accounts that are shown, whoever made them."""
    if shown.staff_id is None:
        return list(contacts)
    held = desk.office.assignments.held_by(shown.staff_id)
    return [
        (tuple(one for one in ids if one in held), contact)
        for ids, contact in contacts
        if any(one in held for one in ids)
    ]


def switch_scope(desk: Desk) -> None:
    """Alt+M: the other one, on both pages; says why not where nothing is assigned yet."""
    shown = shown_scope(desk)
    if not shown.counts.is_assigned:
        desk.messages.note("还没有分配片管，看的就是全部。业主页按 Ctrl+Shift+Y 分配。")
        return
    desk.settings.scope = ALL if shown.is_mine else MINE
    desk.scope_changed.emit()
    mine = f"现在只看 {desk.clerk.name} 片管的 {shown.counts.mine:,} 户。"
    desk.messages.note("现在看全部。" if shown.is_mine else mine)


def unassigned_words(shown: Shown | None) -> str:
    """What is nobody's and therefore not shown, so that it is not forgotten; empty when there is nothing."""
    count = shown.counts.unassigned if shown is not None and shown.is_mine else 0
    return f"另有 {count:,} 户未分配" if count else ""


class ScopeSwitch(QWidget):
    """A button that stays down while only the clerk's own accounts are shown; not there while nothing is assigned.

    Signals:
        pressed: the other one is wanted.
    """

    pressed = Signal()

    def __init__(self, *, tells: bool = True, has_cap: bool = True, parent: QWidget | None = None) -> None:
        """`tells` False: what is unassigned is told elsewhere; `has_cap` False: there is no room for the key."""
        super().__init__(parent)
        self._tells, self._has_cap, self._narrow = tells, has_cap, False
        self.button = KeyButton("只看我的", key=SCOPE_KEY, kind="chip", checkable=True)
        self.button.clicked.connect(self._on_clicked)
        self.rest = label("", "", Tone.OCHRE)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.button)
        row.addWidget(self.rest)
        self.hide()

    def show_scope(self, shown: Shown | None) -> None:
        """Show which it is, and beside 我的 how many accounts are nobody's; None: nothing is known of it."""
        self.setVisible(shown is not None and shown.counts.is_assigned)
        if shown is None:
            return
        self.button.setChecked(shown.is_mine)
        words = unassigned_words(shown)
        self.rest.setText(words)
        self.button.setToolTip(f"{words or '只看我片管的，或看全部'}（{SCOPE_KEY}）")
        self._mind()

    def set_narrow(self, on: bool) -> None:
        """Only the button, without its key."""
        self._narrow = on
        self._mind()

    def text(self) -> str:
        """As read; empty while it is not there."""
        if self.isHidden():
            return ""
        shown = self.rest.text() if not self.rest.isHidden() else ""
        return " ".join(part for part in (f"{'●' if self.button.isChecked() else '○'}只看我的", shown) if part)

    def _mind(self) -> None:
        key = "" if self._narrow or not self._has_cap else SCOPE_KEY
        self.button.set_words("我的" if self._narrow else "只看我的", key=key)
        self.rest.setVisible(self._tells and not self._narrow and bool(self.rest.text()))

    def _on_clicked(self, on: bool) -> None:
        self.button.setChecked(not on)  # it shows what is shown, not what was pressed
        self.pressed.emit()
