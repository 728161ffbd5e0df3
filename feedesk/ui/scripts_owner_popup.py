"""Which owner a text is read on: search by room or name, Enter takes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.accounts import OwnerRow
from feedesk.models.scripts import ScriptContext
from feedesk.models.scripts.reading import SAMPLE
from feedesk.ui.call_facts import gather
from feedesk.ui.desk import Desk
from feedesk.ui.payment_search import PayerSearch

_SIZE = (520, 420)


@dataclass(frozen=True, slots=True)
class Preview:
    """Whose values a text is read with."""

    who: str = "虚构的例子"
    context: ScriptContext = SAMPLE


EXAMPLE = Preview()


def preview_of(desk: Desk, account_id: int | None) -> Preview:
    """The values of an account; the invented example without one, or when it has gone."""
    if account_id is None:
        return EXAMPLE
    try:
        facts = gather(desk, account_id)
    except FeeDeskError:
        return EXAMPLE
    return Preview(f"{facts.account.row.room} {facts.account.name}".strip(), facts.context)


class OwnerPopup(QDialog):
    """Signals:
    chosen: the `Preview` of the owner taken.
    """

    chosen = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("换一户看")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self.search = PayerSearch(desk, "按这一户读")
        self.search.chosen.connect(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.search)
        room = parent.window().size()
        self.resize(min(_SIZE[0], room.width() - 40), min(_SIZE[1], room.height() - 40))
        self.search.refresh()
        self.search.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take(self, row: OwnerRow) -> None:
        self.chosen.emit(preview_of(self._desk, row.account_id))
        self.accept()
