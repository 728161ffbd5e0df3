"""设置 › 法规: what to look up before the first real notice, every article with its tick, old numbers, the city's own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from feedesk.models.days import paper_day
from feedesk.models.law import LawCheck, law_book
from feedesk.ui.desk import Desk
from feedesk.ui.law_local import LocalForm
from feedesk.ui.law_rows import ArticleRow, OldRow, article_columns, article_text, old_columns, old_text
from feedesk.ui.outdated_line import OutdatedLine
from feedesk.ui.table import RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, Card, Field, KeyButton, Segment, label, scrolled

CHECKS, ARTICLES, OLD, LOCAL = "checks", "articles", "old", "local"
_ROOMS = ((CHECKS, "核对五项"), (ARTICLES, "条文"), (OLD, "旧条号对照"), (LOCAL, "本市规定"))
_BEFORE = "第一次正式出催款单前"


class LawTable(RecordTableView[ArticleRow]):
    """Space ticks the article in hand.

    Signals:
        ticked: its row id.
    """

    ticked = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks; all else as in every table."""
        row = self.current_id()
        if event.key() == Qt.Key.Key_Space and row is not None:
            self.ticked.emit(row)
            return
        super().keyPressEvent(event)


class LawTab(QWidget):
    """Each tick keeps who confirmed it and when; nothing else here can be changed but the city's own rules."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._book = desk, law_book()
        self._banner = Banner(Tone.OCHRE)
        self.outdated = OutdatedLine(desk, self)
        self.rooms = Segment(_ROOMS)
        self.rooms.chosen.connect(self.show_room)
        self.search = Field(hint="找条文：条号、词、用处")
        self.search.setAccessibleName("找条文")
        self.search.textChanged.connect(lambda _text: self._show_rows())
        self._count = label("", "caption")
        self.local = LocalForm(desk)
        self._build_tables()
        self._build_checks()
        self._stack = QStackedWidget()
        for room in (
            scrolled(self._card),
            self._with_foot(self.articles, self._article_foot, self.tick_button),
            self._with_foot(self.old, self._old_foot),
            scrolled(self.local),
        ):
            self._stack.addWidget(room)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.rooms)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.search, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._banner)
        column.addWidget(self.outdated)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        QShortcut(
            QKeySequence("Ctrl+F"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        ).activated.connect(self._go_search)
        self.show_room(CHECKS)

    def _build_tables(self) -> None:
        self._article_model = RecordTableModel[ArticleRow](article_columns(), lambda row: row.id)
        self.articles = LawTable(self._article_model, row_height=30)
        self.articles.setAccessibleName("条文")
        self._old_model = RecordTableModel[OldRow](old_columns(), lambda row: row.id)
        self.old: RecordTableView[OldRow] = RecordTableView(self._old_model, row_height=30)
        self.old.setAccessibleName("旧条号对照")
        self._article_foot = label("", "", wrap=True)
        self._old_foot = label("", "", wrap=True)
        self.tick_button = KeyButton("已核对", key="空格", icon="check")
        self.tick_button.clicked.connect(lambda: self._tick_row(self.articles.current_id()))
        self.articles.ticked.connect(self._tick_row)
        self.articles.row_entered.connect(lambda row: self._tick_row(row))
        for table in (self.articles, self.old):
            table.typed.connect(self._type_on)
            table.current_changed.connect(lambda _row: self._show_foot())

    def _build_checks(self) -> None:
        self._card = Card(spacing=10)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        self._head = label("", "caption", wrap=True)
        self._card.body.addWidget(label("正式出通知前核对", "section"))
        self._card.body.addWidget(self._head)
        self._card.body.addLayout(self._rows)

    def _with_foot(self, table: QWidget, foot: QWidget, button: KeyButton | None = None) -> QWidget:
        card = Card(margins=(0, 0, 0, 0), spacing=0)
        line = QHBoxLayout()
        line.setContentsMargins(14, 8, 14, 10)
        line.setSpacing(12)
        line.addWidget(foot, 1)
        if button:
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        card.body.addWidget(table, 1)
        card.body.addLayout(line)
        return card

    # --- showing ---

    def refresh(self) -> None:
        """Everything as stored."""
        checks = self._desk.office.law.checks()
        self._head.setText(
            f"随附文字按 {paper_day(checks.as_of)}查到的规定写成，不是法律意见。请在官方网站逐项核对：{checks.sites}。"
        )
        left = checks.open_count
        self._banner.show_lines((f"还有 {left} 项没有核对：{_BEFORE}请核对完。",) if left else ())
        self.outdated.refresh()
        self._show_checks(checks.items)
        self._show_rows()
        self.local.refresh()

    def show_room(self, key: str) -> None:
        """Open one of the rooms: checks, articles, old, local."""
        self.rooms.choose(key)
        self._stack.setCurrentIndex([name for name, _ in _ROOMS].index(key))
        self.search.setVisible(key in (ARTICLES, OLD))
        self._count.setVisible(key in (ARTICLES, OLD))
        self._show_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer columns where room is short."""
        super().resizeEvent(event)
        for table in (self.articles, self.old):
            table.fit_columns(self.width())

    def _show_checks(self, items: tuple[LawCheck, ...]) -> None:
        focused = next((box.text() for box in self.findChildren(QCheckBox) if box.hasFocus()), "")
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for check in items:
            self._rows.addWidget(self._row(check))
        for box in self.findChildren(QCheckBox):
            if box.text() == focused:
                box.setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, check: LawCheck) -> QWidget:
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        box = QCheckBox(check.title)
        box.setChecked(check.done_on is not None)
        box.clicked.connect(lambda on: self._confirm(check.key, check.title, on))
        who = f"　{paper_day(check.done_on)} {check.done_by} 已核对" if check.done_on else "　未核对"
        column.addWidget(box)
        column.addWidget(label(f"{check.why}{who}", "caption", wrap=True))
        return row

    def _show_rows(self) -> None:
        words, ticks, book = self.search.text(), self._desk.office.law.ticks(), self._book
        articles = [
            ArticleRow(at, one, ticks.text(one.key), ticks.day(one.key) is not None)
            for at, one in enumerate(book.articles, start=1)
            if one.matches(words)
        ]
        old = [OldRow(at, one) for at, one in enumerate(book.old, start=1) if one.matches(words)]
        self.articles.show_rows(articles)
        self.old.show_rows(old)
        for table, rows in ((self.articles, len(articles)), (self.old, len(old))):
            if table.current_id() is None and rows:
                table.choose_row(0)
        shown = len(articles) if self.rooms.value() == ARTICLES else len(old)
        self._count.setText(f"{shown} 条 · 依据截至 {book.as_of:%Y-%m-%d}")
        self._show_foot()

    def _show_foot(self) -> None:
        row = self.articles.current_record()
        self._article_foot.setText(article_text(row) if row else "没有这样的条文。")
        self.tick_button.setEnabled(row is not None)
        self.tick_button.set_words("改回未核对" if row and row.is_done else "已核对")
        old = self.old.current_record()
        self._old_foot.setText(old_text(old) if old else "没有这样的旧条号。")

    # --- doing ---

    def _go_search(self) -> None:
        if self.search.isVisible():
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()

    def _type_on(self, text: str) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.insert(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↓ and Enter go from the search to the table; Esc clears the search."""
        table = self.articles if self.rooms.value() == ARTICLES else self.old
        if self.search.hasFocus() and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            table.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.search.hasFocus() and event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)

    def _tick_row(self, row_id: object) -> None:
        row = self.articles.current_record()
        if row is not None and row.id == row_id:
            self._confirm(row.article.key, row.article.title, not row.is_done)

    def _confirm(self, key: str, title: str, on: bool) -> None:
        law = self._desk.office.law
        self._desk.write(lambda: law.confirm(key, title, on), f"“{title}”{'已核对' if on else '改回未核对'}。")
        self.refresh()
