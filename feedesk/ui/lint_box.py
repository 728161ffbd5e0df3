"""Under an editor: what in its text must not go out, why, and how to say it; one key takes the safe wording.

Takes no room while nothing is found. Whoever owns the editor asks `blocking` before keeping the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QShortcut, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from feedesk.models.wording import Finding, lint, mended
from feedesk.ui.table import Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import COLOURS, Tone
from feedesk.ui.widgets import ElidedLabel, KeyButton, KeyCap, label, set_look

_ROW = 26
_MOST_ROWS = 3
Spoken = Callable[[str], Iterable[str]]
"""What a template says once its groups are resolved: texts to look through besides the text itself."""


@dataclass(frozen=True, slots=True)
class LintRow:
    """One finding; `can_take` is False where the words stand only in what the template makes, not in the template."""

    id: int
    finding: Finding
    can_take: bool

    @property
    def said_instead(self) -> str:
        """What one key puts in place."""
        if not self.can_take:
            return "请把这一句改写"
        put = self.finding.replacement
        return f"→ {put}" if put is not None else f"→ {self.finding.instead}"


class LintTable(RecordTableView[LintRow]):
    """Esc leaves it.

    Signals:
        left: Esc.
    """

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the editor and no further."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


class LintBox(QFrame):
    """Looks through the text of `editor` as it is typed, and marks in it what was found.

    `key` goes from the editor into the list (↑↓ walk, Enter takes, Esc goes back). Signals:
        looked: the text was looked through anew.
        taken: a safe wording was put into the editor; one Ctrl+Z takes it back.
    """

    looked = Signal()
    taken = Signal()

    def __init__(
        self,
        editor: QPlainTextEdit,
        *,
        key: str = "F8",
        spoken: Spoken | None = None,
        facts: Iterable[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._editor, self._spoken, self._facts = editor, spoken, frozenset(facts)
        self._rows: tuple[LintRow, ...] = ()
        self._most = _MOST_ROWS
        self.setProperty("role", "banner")
        self._title = label("", "strong")
        self._why = ElidedLabel("", "caption")
        self.take_button = KeyButton("换成稳妥的说法", key="Enter", icon="check")
        self.take_button.clicked.connect(self.take)
        model = RecordTableModel[LintRow](_columns(), lambda row: row.id)
        self.table = LintTable(model, row_height=_ROW)
        self.table.setAccessibleName("不能这样写的地方")
        self.table.horizontalHeader().hide()
        self.table.current_changed.connect(lambda _row: self._show_current())
        self.table.row_entered.connect(lambda _row: self.take())
        self.table.left.connect(self._leave)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(KeyCap(key))
        head.addWidget(label("逐处看 ↑↓", "caption"))
        head.addStretch(1)
        head.addWidget(self.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 6, 6)
        column.setSpacing(4)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column.addLayout(head)
        column.addWidget(self.table)
        column.addWidget(self._why)
        shortcut = QShortcut(QKeySequence(key), editor, context=Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(self.enter)
        editor.textChanged.connect(self.look)
        self.look()

    # --- what the owner of the editor asks ---

    def findings(self) -> tuple[Finding, ...]:
        """What was found in the text as it stands, by place."""
        return tuple(row.finding for row in self._rows)

    def blocking(self) -> int:
        """How many findings must be mended before the text may go out."""
        return sum(row.finding.blocking for row in self._rows)

    def set_facts(self, facts: Iterable[str]) -> None:
        """Records that make otherwise forbidden words true (`WordingRule.lifted_by`)."""
        self._facts = frozenset(facts)
        self.look()

    def look(self) -> None:
        """Look through the text anew."""
        text = self._editor.toPlainText()
        self._rows = tuple(_rows(lint(text, self._facts), self._in_speech(text)))
        blocking, all_of_them = self.blocking(), len(self._rows)
        words = f"{blocking} 处不能这样写" if blocking else f"{all_of_them} 处请留意"
        aside = f"，另有 {all_of_them - blocking} 处请留意" if 0 < blocking < all_of_them else ""
        self._title.setText(words + aside)
        set_look(self, tone=str(Tone.CINNABAR if blocking else Tone.OCHRE))
        has_focus = self.table.hasFocus()
        self.table.show_rows(self._rows)
        if self._rows and self.table.current_id() is None:
            self.table.choose_row(0)
        self._fit()
        self.setVisible(bool(self._rows))
        if has_focus and not self._rows:
            self._leave()
        self._show_current()
        self.looked.emit()

    def show_most(self, rows: int) -> None:
        """How many findings show at once; the others are scrolled to."""
        self._most = rows
        self._fit()

    def _fit(self) -> None:
        self.table.setFixedHeight(_ROW * min(self._most, max(1, len(self._rows))) + 2)

    # --- keys ---

    def enter(self) -> None:
        """The key: into the list, to the finding at or after the cursor."""
        if not self._rows:
            return
        at = self._editor.textCursor().position()
        following = [row for row in self._rows if row.finding.end >= at] or [self._rows[0]]
        self.table.choose(following[0].id)
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def take(self) -> None:
        """Put the safe wording of the finding in hand into the editor."""
        row = self.table.current_record()
        if row is None or not row.can_take:
            return
        before = self._editor.toPlainText()
        _put(self._editor, before, mended(before, row.finding, self._facts))
        self.taken.emit()

    def _leave(self) -> None:
        self._editor.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- showing ---

    def _in_speech(self, text: str) -> list[Finding]:
        spoken = self._spoken(text) if self._spoken else ()
        return [one for said in dict.fromkeys(spoken) if said != text for one in lint(said, self._facts)]

    def _show_current(self) -> None:
        row = self.table.current_record()
        self._why.setText(row.finding.why if row else "")
        self.take_button.setEnabled(row is not None and row.can_take)
        marks = []
        for one in self._rows:
            if one.can_take:
                is_current = row is not None and one.id == row.id
                marks.append(_mark(self._editor, one.finding, is_current and self.table.hasFocus()))
        self._editor.setExtraSelections(marks)


def _rows(found: Sequence[Finding], in_speech: Sequence[Finding]) -> list[LintRow]:
    """The findings of the text itself, then those of what it makes that are not among them."""
    known = {(one.rule, one.matched) for one in found}
    more = {(one.rule, one.matched): one for one in in_speech if (one.rule, one.matched) not in known}
    rows = [LintRow(at, one, True) for at, one in enumerate(found, start=1)]
    return rows + [LintRow(at, one, False) for at, one in enumerate(more.values(), start=len(rows) + 1)]


def _columns() -> tuple[Column[LintRow], ...]:
    def words(row: LintRow) -> Cell:
        one = row.finding
        tone = Tone.CINNABAR if one.blocking else Tone.OCHRE
        return Cell(f"“{one.matched}”", mark="broken" if one.blocking else "due", tone=tone, tooltip=one.why)

    return (
        Column("查到的话", words, 210),
        Column("可以这样说", lambda row: Cell(row.said_instead, tooltip=row.finding.instead)),
    )


def _mark(editor: QPlainTextEdit, finding: Finding, is_current: bool) -> QTextEdit.ExtraSelection:
    made = QTextEdit.ExtraSelection()
    cursor = QTextCursor(editor.document())
    text = editor.toPlainText()
    cursor.setPosition(_units(text, finding.start))
    cursor.setPosition(_units(text, finding.end), QTextCursor.MoveMode.KeepAnchor)
    look = QTextCharFormat()
    colour = QColor(COLOURS.cinnabar if finding.blocking else COLOURS.ochre)
    look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    look.setUnderlineColor(colour)
    if is_current:
        look.setBackground(QColor(COLOURS.cinnabar_tint if finding.blocking else COLOURS.ochre_tint))
    made.format = look
    made.cursor = cursor
    return made


def _units(text: str, at: int) -> int:
    """Qt counts a rare character beyond U+FFFF as two."""
    return at + sum(ord(sign) > 0xFFFF for sign in text[:at])


def _put(editor: QPlainTextEdit, before: str, after: str) -> None:
    """Change only what differs, as one step that Ctrl+Z takes back."""
    first = next(
        (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    room = min(len(before), len(after)) - first
    same = next((n for n in range(room) if before[-1 - n] != after[-1 - n]), room)
    cursor = editor.textCursor()
    cursor.beginEditBlock()
    cursor.setPosition(_units(before, first))
    cursor.setPosition(_units(before, len(before) - same), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(after[first : len(after) - same])
    cursor.endEditBlock()
    editor.setTextCursor(cursor)
