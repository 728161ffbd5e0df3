"""One line over 话术 and 设置 › 法规: wordings of the office's own from before a stricter rule, and the way to mend them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from feedesk.models.scripts.edition import outdated_banner
from feedesk.ui.desk import Desk
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, KeyButton

_KEY = "Ctrl+U"


class OutdatedLine(QFrame):
    """Takes no room while nothing is to be mended.

    Signals:
        mended: the key of a wording that has been kept anew.
    """

    mended = Signal(str)

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__()
        self._desk, self._page = desk, page
        self._banner = Banner(Tone.CINNABAR)
        self.button = KeyButton("改第一份", key=_KEY, icon="edit")
        self.button.clicked.connect(self.mend)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._banner, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        shortcut = QShortcut(QKeySequence(_KEY), page, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self.mend)
        self.refresh()

    def refresh(self) -> None:
        """As stored."""
        lines = outdated_banner(self._desk.office.scripts.outdated())
        self._banner.show_lines(lines, Tone.CINNABAR)
        self.setVisible(bool(lines))

    def text(self) -> str:
        """The line as shown; empty when nothing is to be mended."""
        return self._banner.text()

    def mend(self) -> None:
        """Open the first of them in the editor, its findings marked; nothing to mend, nothing happens."""
        found = self._desk.office.scripts.outdated()
        if not found:
            return
        from feedesk.ui.scripts_edit_dialog import ScriptEditDialog
        from feedesk.ui.scripts_owner_popup import EXAMPLE

        dialog = ScriptEditDialog(self._desk, found[0].kept.words, EXAMPLE, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(self.mended)
        dialog.saved.connect(lambda _key: self.refresh())
        dialog.open()
