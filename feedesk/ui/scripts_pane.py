"""The right side of 话术: one text with its parts, intents, cautions and the records it rests on, filled for an owner."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.models.scripts import ScriptContext
from feedesk.ui.cautions import Cautions
from feedesk.ui.scripts_owner_popup import Preview
from feedesk.ui.scripts_parts import PaneText, pane_text, spoken
from feedesk.ui.scripts_rows import WHOSE_LABELS, Whose, WordsRow
from feedesk.ui.speech import SpeechView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, label, set_look

_HEADS = 64


class ScriptPane(QFrame):
    """Shows; writes nothing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._row: WordsRow | None = None
        self._context: ScriptContext | None = None
        self._shown: PaneText | None = None
        self._title = label("", "section", wrap=True)
        self._whose = label("", "note", Tone.AZURE)
        self._facts = label("", "muted", wrap=True)
        self._for_whom = label("", "caption", wrap=True)
        self._needs = Banner(Tone.OCHRE, "shield")
        self._gaps = Banner(Tone.OCHRE)
        self.cautions = Cautions()
        self.speech = SpeechView(heading_width=_HEADS)
        self.speech.set_size(15)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(16, 12, 14, 12)
        self._column.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title, 1)
        head.addWidget(self._whose, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(head)
        for part in (self._facts, self._needs, self.cautions, self._for_whom, self.speech, self._gaps):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self.reading = QScrollArea()
        self.reading.setWidget(inner)
        self.reading.setWidgetResizable(True)
        self.reading.setFrameShape(QFrame.Shape.NoFrame)
        self.reading.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reading.setAccessibleName("话术全文")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.addWidget(self.reading)

    def show_row(self, row: WordsRow | None, preview: Preview, result: str = "") -> None:
        """Show a line of the list, filled for an owner, with what came of it."""
        if row != self._row:
            self.reading.verticalScrollBar().setValue(0)
        self._row, self._context = row, preview.context
        shown = self._shown = pane_text(row, preview.context) if row is not None else None
        self._title.setText(shown.title if shown else "")
        facts = [*(shown.facts if shown else ()), *([result] if result else [])]
        self._facts.setText("\n".join(facts))
        self._facts.setVisible(bool(facts))
        whose = row.whose if row is not None else Whose.OURS
        self._whose.setText(WHOSE_LABELS[whose])
        self._whose.setVisible(row is not None and whose is not Whose.OURS)
        self._for_whom.setText(f"填的是 {preview.who}")
        self._for_whom.setVisible(row is not None)
        needs = row.needs_text if row is not None else ""
        self._needs.show_lines((f"要有记录才能选：{needs}",) if needs else ())
        self.cautions.show_lines(shown.cautions if shown else ())
        self.speech.show_parts(shown.parts if shown else ())
        gaps = "、".join(shown.missing) if shown else ""
        self._gaps.show_lines((f"这一户还缺：{gaps}。通话时会标成〔待核〕。",) if gaps else ())

    def set_low(self, low: bool) -> None:
        """Less air in a low window."""
        self._column.setContentsMargins(16, 8 if low else 12, 14, 8 if low else 12)
        self.cautions.set_short(low)
        set_look(self._title, role="section")

    def words(self) -> str:
        """The spoken words, for the clipboard."""
        return spoken(self._row.what, self._context) if self._row is not None and self._context is not None else ""

    def text(self) -> str:
        """Everything as read."""
        if self._shown is None:
            return ""
        return "\n".join(
            (self._shown.title, *self._shown.facts, self._needs.text(), *self._shown.cautions, self.speech.text())
        )
