"""One section under edit: the text with its findings under it, and what it is for."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from feedesk.models.scripts.records import variants
from feedesk.ui.lint_box import LintBox
from feedesk.ui.scripts_draft import About, Section, lines_of
from feedesk.ui.texts_template_dialog import WordsEdit
from feedesk.ui.widgets import Field, field_label, label

_HIGH, _LOW = 92, 60


class SectionEdit(QWidget):
    """Signals:
    typed: text or intent is another.
    entered: Enter: keep it.
    """

    typed = Signal()
    entered = Signal()

    def __init__(self, section: Section, facts: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.section = section
        self.words = WordsEdit()
        self.words.setAccessibleName(section.head)
        self.words.setFixedHeight(_HIGH)
        self.words.setPlainText(section.text)
        self.words.entered.connect(self.entered)
        self.lint = LintBox(self.words, spoken=variants, facts=facts)
        self.lint.looked.connect(self.typed)  # not textChanged: what is found must be up to date by then
        self.intent = Field(section.intent or "", "这一段要达到什么")
        self.intent.textEdited.connect(lambda _text: self.typed.emit())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.words)
        column.addWidget(self.lint)
        self.intent_row = QWidget()
        row = QHBoxLayout(self.intent_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(field_label("用意(&Y)", self.intent))
        row.addWidget(self.intent, 1)
        self.intent_row.setVisible(section.intent is not None)
        column.addWidget(self.intent_row)
        column.addStretch(1)

    def set_low(self) -> None:
        """Fewer lines where the window is low."""
        self.words.setFixedHeight(_LOW)

    def value(self) -> tuple[str, str]:
        """Text and intent as typed."""
        return self.words.toPlainText(), self.intent.text()

    def insert(self, text: str) -> None:
        """Put `text` where the cursor is."""
        self.words.insertPlainText(text)
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, section: Section) -> None:
        """Other words in place of what is there; Ctrl+Z takes them back."""
        self.words.selectAll()
        self.words.insertPlainText(section.text)
        self.intent.setText(section.intent or "")
        self.typed.emit()

    def take_focus(self) -> None:
        """Into the text."""
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def problem(self) -> tuple[QWidget, str] | None:
        """The field where something is missing or blocked, and what, one sentence."""
        if not self.section.may_be_empty and not self.words.toPlainText().strip():
            return self.words, f"“{self.section.head}”还没有写。"
        if self.section.intent is not None and not self.intent.text().strip():
            return self.intent, f"“{self.section.head}”的用意还没有写。"
        if self.lint.blocking():
            return self.words, f"“{self.section.head}”里有不能写的话：按 F8 逐处看，Enter 换成稳妥的说法。"
        return None


class LinesEdit(QPlainTextEdit):
    """One entry a line; Tab goes on, Esc is the dialog's."""

    def __init__(self, lines: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__("\n".join(lines), parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(58)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter begins a line."""
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


class AboutEdit(QWidget):
    """Title, aim, fit and cautions.

    Signals:
        typed: something is another.
    """

    typed = Signal()

    def __init__(self, about: About, *, is_script: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_script = is_script
        self.title = Field(about.title)
        self.aim = Field(about.aim)
        self.when = LinesEdit(about.when)
        self.cautions = LinesEdit(about.cautions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        pair = QHBoxLayout()
        pair.setSpacing(12)
        heads = ("题目(&T)", "要达成什么(&G)") if is_script else ("业主的话(&T)", "为什么这样答(&G)")
        for words, field, share in ((heads[0], self.title, 2), (heads[1], self.aim, 3)):
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(field_label(words, field))
            part.addWidget(field)
            pair.addLayout(part, share)
            field.textEdited.connect(lambda _text: self.typed.emit())
        column.addLayout(pair)
        lists = QHBoxLayout()
        lists.setSpacing(12)
        for words, edit in (("适合的情形，一行一条(&W)", self.when), ("注意，一行一条(&N)", self.cautions)):
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(field_label(words, edit))
            part.addWidget(edit)
            lists.addLayout(part, 1)
            edit.textChanged.connect(self.typed)
            edit.setVisible(is_script)
        if is_script:
            column.addLayout(lists)
            column.addWidget(label("“本人接听才谈金额”一条每篇都有，不用写。", "caption"))
        column.addStretch(1)

    def value(self) -> About:
        """As typed."""
        if not self._is_script:
            return About(self.title.text(), self.aim.text())
        return About(
            self.title.text(),
            self.aim.text(),
            lines_of(self.when.toPlainText()),
            lines_of(self.cautions.toPlainText()),
        )

    def problem(self) -> tuple[QWidget, str] | None:
        """The field where something is missing, and what."""
        if not self.title.text().strip():
            return self.title, "题目还没有写。" if self._is_script else "业主的话还没有写。"
        if self._is_script and not self.aim.text().strip():
            return self.aim, "要达成什么还没有写。"
        return None

    def take_focus(self) -> None:
        """Into the title."""
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)
