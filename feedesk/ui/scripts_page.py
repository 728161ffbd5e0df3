"""话术: the library as a page. Left the matrix, middle the list, right the text; found by place or by words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QStackedWidget, QVBoxLayout

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.changes import Changes
from feedesk.models.contacts import Channel
from feedesk.models.scripts import MOMENTS, Objection, Script, coverage
from feedesk.models.scripts.matrix import MATRIX_LABELS, Filled
from feedesk.models.store.scripts import ScriptChanges
from feedesk.ui import clipboard
from feedesk.ui.desk import Desk
from feedesk.ui.key_combo import KeyCombo
from feedesk.ui.outdated_line import OutdatedLine
from feedesk.ui.page import NARROW_BELOW, KeyHint, Page
from feedesk.ui.scripts_acts import ScriptActs
from feedesk.ui.scripts_counts import ScriptCounts
from feedesk.ui.scripts_filter import ScriptsFilter
from feedesk.ui.scripts_matrix import ScriptMatrix
from feedesk.ui.scripts_owner_popup import EXAMPLE, preview_of
from feedesk.ui.scripts_pane import ScriptPane
from feedesk.ui.scripts_rows import (
    SHELF_LABELS,
    Shelf,
    Sought,
    Whose,
    WordsRow,
    beside,
    columns,
    counts,
    rows_of,
    wanted,
)
from feedesk.ui.scripts_table import WordsTable
from feedesk.ui.search_field import SearchField
from feedesk.ui.table import RecordTableModel
from feedesk.ui.widgets import Banner, EmptyState, KeyButton, Segment, label

_PANE_SHARE, _PANE_LEAST = 0.34, 330
_DIGITS = "123456789"
_ROOM_FOR_MATRIX = 1240
"""Window widths under this many logical pixels do without the matrix; type and step are chosen by F6 and F7."""


class ScriptsPage(Page):
    """Reads the office's library; writing is done by the dialogs it opens."""

    def __init__(self, desk: Desk, looked_at: Callable[[], int | None] = lambda: None) -> None:
        """`looked_at` tells the account last looked at on another page: the texts are filled for it."""
        super().__init__()
        self._desk, self._looked_at = desk, looked_at
        self._ids: dict[str, int] = {}
        self._rows: list[WordsRow] = []
        self._stale = True
        self._roomy, self._narrow = True, False
        self._preview = EXAMPLE
        self.acts = ScriptActs(desk, self)
        self.acts.turned_to.connect(self._turn_to)
        self.shelf = Segment([(shelf, words) for shelf, words in SHELF_LABELS.items()])
        self.shelf.choose(Shelf.SCRIPTS)
        self.shelf.chosen.connect(lambda key: self.show_shelf(Shelf(key)))
        for place, shelf in enumerate(Shelf, start=1):
            self.shelf.button(shelf).setToolTip(f"{SHELF_LABELS[shelf]}（Alt+{place}）")
        self.search = SearchField()
        self.search.setAccessibleName("搜索话术")
        self.search.setPlaceholderText("搜话术里的字或题目的拼音，例如 漏水、fp")
        self.search.searched.connect(lambda _text: self._seek())
        self.search.left_down.connect(self._to_list)
        self.filter = ScriptsFilter()
        self.filter.changed.connect(self.refill)
        self.tallies = ScriptCounts(desk, self)
        self.tallies.counted.connect(self.refill)
        self.matrix = ScriptMatrix()
        self.matrix.picked.connect(self._on_cell)
        self.model: RecordTableModel[WordsRow] = RecordTableModel(
            columns(self.tallies.of), lambda row: row.id, parent=self
        )
        self.table = WordsTable(self.model, row_height=30)
        self.table.setAccessibleName("话术")
        self.table.current_changed.connect(lambda _id: self._show_current())
        self.table.typed.connect(self.search.type_on)
        self.table.row_entered.connect(lambda _id: self.acts.edit(self.current(), self._preview))
        self.table.put_aside.connect(lambda: self.acts.toggle(self.current()))
        self.nothing = EmptyState()
        self.nothing.pressed.connect(self.forget_filter)
        self.pane = ScriptPane()
        self._matrix_sum = label("", "caption", wrap=True)
        self.edit_button = KeyButton("改写", key="Enter", icon="edit", kind="primary")
        self.versions_button = KeyButton("版本", key="Ctrl+H")
        self.hide_button = KeyButton("停用", key="Del", kind="quiet")
        self.menu_button = KeyButton("更多", key="Shift+F10", kind="quiet")
        buttons = (self.edit_button, self.versions_button, self.hide_button, self.menu_button)
        self.practice_button = KeyButton("演练", key="F12", kind="quiet")
        self.practice_button.setToolTip("演练：虚构的业主来问，您来答；不打分，不留记录（F12）")
        self.practice_button.clicked.connect(lambda: self.acts.practise(self.sought()))
        self.news_button = KeyButton("小区近况", key="Ctrl+J", icon="edit")
        self.news_button.setToolTip("本办公室自己的寒暄：小区里最近的事，一行一句问话（Ctrl+J）")
        self.news_button.clicked.connect(lambda: self.acts.news())
        self._keys = {button: button.key() for button in (*buttons, self.practice_button, self.news_button)}
        self.law = Banner()
        self.outdated = OutdatedLine(desk, self)
        self.outdated.mended.connect(self._turn_to)
        self.edit_button.clicked.connect(lambda: self.acts.edit(self.current(), self._preview))
        self.versions_button.clicked.connect(lambda: self.acts.versions(self.current(), self._preview))
        self.hide_button.clicked.connect(lambda: self.acts.toggle(self.current()))
        self.menu_button.clicked.connect(self.open_menu)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.nothing)
        self._lay_out()
        self._add_keys()
        desk.changed.connect(self._on_changed)

    def _lay_out(self) -> None:
        self._head = QHBoxLayout()
        self._head.setContentsMargins(16, 10, 12, 8)
        self._head.setSpacing(10)
        self._head.addWidget(label("话术", "title"))
        self._head.addWidget(self.shelf)
        self._head.addStretch(1)
        self.search.setMinimumWidth(150)
        self.search.setMaximumWidth(320)
        self._head.addWidget(self.search, 4)
        for button in (self.news_button, self.practice_button):
            self.filter.add(button)
        self._left = QFrame()
        self._left.setProperty("role", "strip")
        left = QVBoxLayout(self._left)
        left.setContentsMargins(16, 8, 10, 8)
        left.setSpacing(6)
        left.addWidget(self.matrix)
        left.addWidget(self._matrix_sum)
        left.addWidget(label("● 本类专写　○ 几类共用　– 不设（悬停看理由）", "caption", wrap=True))
        left.addStretch(1)
        self._left.setFixedWidth(self.matrix.sizeHint().width() + 26)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._left)
        middle.addWidget(self._stack, 1)
        lists = QVBoxLayout()
        lists.setSpacing(0)
        lists.addLayout(self._head)
        told = QVBoxLayout()
        told.setContentsMargins(16, 0, 12, 8)
        told.addWidget(self.outdated)
        told.addWidget(self.law)
        self._told = QFrame()
        self._told.setLayout(told)
        lists.addWidget(self._told)
        lists.addWidget(self.filter)
        lists.addLayout(middle, 1)
        self._bar = QFrame()
        self._bar.setProperty("role", "bar")
        self._foot = QHBoxLayout(self._bar)
        self._foot.setContentsMargins(16, 8, 12, 8)
        self._foot.setSpacing(8)
        for button in (self.edit_button, self.versions_button, self.hide_button, self.menu_button):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            if button is self.menu_button:
                self._foot.addStretch(1)
            self._foot.addWidget(button)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.pane, 1)
        right.addWidget(self._bar)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(lists, 1)
        outer.addLayout(right)

    def _add_keys(self) -> None:
        acts: list[tuple[str, Callable[[], object]]] = [
            ("F6", lambda: self._open(self.filter.type_combo)),
            ("F7", lambda: self._open(self.filter.step_combo)),
            ("F8", lambda: self._open(self.filter.channel_combo)),
            ("Ctrl+Shift+C", self.copy_words),
            ("F2", lambda: self.acts.edit(self.current(), self._preview)),
            ("Ctrl+H", lambda: self.acts.versions(self.current(), self._preview)),
            ("Ctrl+N", self.write_new),
            ("Ctrl+S", self.acts.hand_out),
            ("Ctrl+O", self.acts.take_in),
            ("Ctrl+R", self.acts.results),
            ("Ctrl+J", lambda: self.acts.news()),
            ("F12", lambda: self.acts.practise(self.sought())),
            ("F11", self.open_others),
            ("Shift+F10", self.open_menu),
        ]
        for place, shelf in enumerate(Shelf, start=1):
            acts.append((f"Alt+{place}", lambda shelf=shelf: self.show_shelf(shelf)))  # type: ignore[misc]  # one a turn
        for keys, act in acts:
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # --- the page ---

    def shown(self) -> None:
        """To the front: what was written elsewhere is read, and the list has the keys."""
        self._take_owner()
        self.tallies.ask()
        self._mind_law()
        if self._stale:
            self.reload()
        else:
            self._show_current()
        if not self.isAncestorOf(self.focusWidget() or self) or not self.table.hasFocus():
            self._to_list()

    def focus_search(self) -> bool:
        """Ctrl+F or /."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()
        return True

    def step_back(self) -> bool:
        """Esc: the search is cleared, then the filter."""
        if self.search.text():
            self.search.clear()
            self.search.flush()
            self._to_list()
            return True
        if self._is_filtered():
            self.forget_filter()
            return True
        if not self.table.hasFocus():
            self._to_list()
            return True
        return False

    def fit(self, width: int, height: int) -> None:
        """The matrix needs a wide window; the pane gives way last."""
        narrow = width < NARROW_BELOW
        self._roomy = width >= _ROOM_FOR_MATRIX and height >= 560
        for button, keys in self._keys.items():
            button.set_words(button.words(), key="" if narrow else keys)
        self.filter.found.setVisible(not narrow)
        self.pane.setFixedWidth(max(_PANE_LEAST, int(width * _PANE_SHARE)))
        self._bar.setFixedWidth(self.pane.width())
        self.pane.set_low(height < 600)
        self._narrow = narrow
        self._say_counts()
        self._mind_law()
        self._mind_shelf()

    def key_hints(self) -> tuple[KeyHint, ...]:
        """For F1."""
        return (
            KeyHint("Alt+1…5", "、".join(SHELF_LABELS.values())),
            KeyHint("F6 F7 F8", "按欠费类型、阶段、渠道筛选"),
            KeyHint("↑ ↓ PgUp PgDn Home End", "上一篇、下一篇"),
            KeyHint("Tab", "到矩阵，方向键走格子"),
            KeyHint("Enter F2", "改写这一篇，原文在旁边"),
            KeyHint("Ctrl+H", "各个版本：换回任何一版，或原文"),
            KeyHint("Ctrl+N", "另写一篇，只在本办公室用"),
            KeyHint("Del", "停用这一篇，或恢复"),
            KeyHint("Ctrl+S Ctrl+O", "整库存成一个文件；导入别的办公室的"),
            KeyHint("Ctrl+R", "话术效果：每篇用过几次、承诺几次、兑现几次、到账几次"),
            KeyHint("Ctrl+J", "小区近况：本办公室自己的寒暄"),
            KeyHint("F11", "换一篇：同一类业主、同一阶段还有哪几篇"),
            KeyHint("F12", "演练：虚构的业主来问，您来答"),
            KeyHint("Ctrl+Shift+C", "复制这一篇"),
            KeyHint("Shift+F10", "更多"),
        )

    # --- what is shown ---

    def reload(self) -> None:
        """Read the library anew."""
        self._stale = False
        scripts = self._desk.office.scripts
        library = scripts.library()
        today = self._desk.today()
        news = [one for one in scripts.own_talks() if one.until is None or today <= one.until]
        hidden = [one for one in scripts.hidden() if isinstance(one, Script | Objection)]
        self._rows = rows_of(library, self._ids, hidden, news)
        self._coverage = coverage(library)
        self.refill()

    def show_shelf(self, shelf: Shelf) -> None:
        """Alt+1…5: one of the five kinds."""
        self.shelf.choose(shelf)
        self.refill()
        self._to_list()

    def sought(self) -> Sought:
        """What is asked of the list."""
        return self.filter.sought(Shelf(self.shelf.value()), self.search.text())

    def refill(self) -> None:
        """The lines asked for."""
        sought = self.sought()
        found = wanted(self._rows, sought)
        self.table.show_rows(found)
        if found and self.table.current_id() is None:
            self.table.choose_row(0)
        self._stack.setCurrentIndex(0 if found else 1)
        if not found:
            self._say_nothing(sought)
        self._say_counts()
        self.filter.found.setText(
            f"{len(found)} 篇" + (f"，含“{sought.words.strip()}”" if sought.words.strip() else "")
        )
        self._mind_shelf()
        self._show_current()

    def _seek(self) -> None:
        """What is typed: the first line found is in hand, Enter goes to it."""
        self.refill()
        if self.search.text().strip():
            self.table.choose_row(0)

    def forget_filter(self) -> None:
        """Everything of this kind again."""
        self.filter.forget()
        self.search.clear()
        self.search.flush()
        self.refill()
        self._to_list()

    def current(self) -> WordsRow | None:
        """The line in hand."""
        return self.table.current_record() if self._stack.currentIndex() == 0 else None

    def titles(self) -> list[str]:
        """The list as read."""
        return [row.title for row in self.model.rows()]

    def _say_nothing(self, sought: Sought) -> None:
        if sought.words.strip():
            self.nothing.say(f"没有含“{sought.words.strip()}”的。", "换几个字，或看别的一栏。", "清除筛选")
            return
        fill = None
        if sought.debtor_type is not None and sought.step is not None:
            fill = self.matrix.fill_of(sought.debtor_type, sought.step)
        if fill is not None and fill.state is Filled.EMPTY:
            self.nothing.say("这里不设话术。", fill.reason, "清除筛选")
        else:
            self.nothing.say("这种情况还没有话术，通话时先用通用版。", "", "清除筛选")

    def _show_current(self) -> None:
        row = self.current()
        tally = self.tallies.of(row) if row is not None else None
        self.pane.show_row(row, self._preview, tally.line() if tally is not None else "")
        edits = row is not None and row.can_be_edited
        for button in (self.edit_button, self.versions_button, self.hide_button):
            button.setVisible(edits)
        self.edit_button.setVisible(edits or (row is not None and row.is_news))
        self.hide_button.set_words("恢复" if row is not None and row.whose is Whose.HIDDEN else "停用")

    def _say_counts(self) -> None:
        """How many of each kind hold the words typed; a narrow window has no room for figures."""
        each = counts(self._rows, self.search.text())
        for shelf, words in SHELF_LABELS.items():
            self.shelf.button(shelf).set_words(words if self._narrow else f"{words} {each[shelf]}")

    def _mind_shelf(self) -> None:
        shelf = Shelf(self.shelf.value())
        self.filter.show_shelf(shelf, narrow=self._narrow)
        self.news_button.setVisible(shelf is Shelf.TALKS)
        in_place = shelf in (Shelf.SCRIPTS, Shelf.MOMENTS)
        self._left.setVisible(self._roomy and in_place)
        self.table.show_places(in_place)
        if self._stale:
            return
        way = Channel.MAIL if shelf is Shelf.MOMENTS else self.filter.channel() or Channel.PHONE
        self.matrix.show_matrix(self._coverage, way)
        self.matrix.choose(self.filter.debtor_type(), self.filter.step())
        self._matrix_sum.setText(f"{MATRIX_LABELS[way]}：{self.matrix.counts()}")

    def _mind_law(self) -> None:
        """One line until the office has confirmed the five points of law; a narrow window has no room for it."""
        lines = () if self._narrow else self._desk.office.law.checks().banner("照话术对业主说之前")
        self.law.show_lines(lines)
        self.outdated.refresh()
        self._told.setVisible(bool(lines or self.outdated.text()))

    def _on_cell(self, kind: DebtorType | None, step: Step | None) -> None:
        self.filter.show_place(kind, step)
        self.refill()

    def _is_filtered(self) -> bool:
        sought = self.sought()
        return any(part is not None for part in (sought.debtor_type, sought.step, sought.channel))

    def _take_owner(self) -> None:
        """Fill with the values of the owner looked at last."""
        self._preview = preview_of(self._desk, self._looked_at())

    def _on_changed(self, changes: Changes) -> None:
        if isinstance(changes, ScriptChanges) or changes.everything:
            self._stale = True
            if self.isVisible():
                self.reload()
        if self.isVisible():
            self._mind_law()

    # --- what the keys do ---

    def write_new(self) -> None:
        """Ctrl+N: a script of the office's own for the place in hand."""
        row, sought = self.current(), self.sought()
        model = row.what if row is not None and isinstance(row.what, Script) and not row.what.moment else None
        self.acts.write_new(model, sought, self._preview)

    def open_others(self) -> None:
        """F11, as in a call: what else there is for the same owners at the same step."""
        row = self.current()
        found = beside(self._rows, row, self.filter.debtor_type()) if row is not None else []
        if row is None or not found:
            self._desk.messages.note("这里没有别的可换：先在“话术”或“时机”里选一篇。")
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setAccessibleName("换一篇")
        for place, other in enumerate(found):
            digit = f"&{_DIGITS[place]}  " if place < len(_DIGITS) else ""
            moment = other.what.moment if isinstance(other.what, Script) else ""
            where = MOMENTS[moment] if moment else MATRIX_LABELS[other.channel] if other.channel else ""
            menu.addAction(f"{digit}{where}　{other.title}").triggered.connect(
                lambda _on=False, key=other.key: self._turn_to(key)
            )
        menu.popup(self.pane.mapToGlobal(QPoint(0, 0)))
        menu.setActiveAction(menu.actions()[0])

    def open_menu(self) -> None:
        """Shift+F10: what concerns the whole library."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, act in (
            ("复制这一篇\tCtrl+Shift+C", self.copy_words),
            ("换一篇\tF11", self.open_others),
            ("另写一篇\tCtrl+N", self.write_new),
            ("整库存成一个文件\tCtrl+S", self.acts.hand_out),
            ("导入话术文件\tCtrl+O", self.acts.take_in),
            ("话术效果\tCtrl+R", self.acts.results),
            ("小区近况\tCtrl+J", lambda: self.acts.news()),
        ):
            menu.addAction(words).triggered.connect(act)
        menu.popup(self.menu_button.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        menu.setActiveAction(menu.actions()[0])

    def _turn_to(self, key: str) -> None:
        """Show what has just been kept."""
        row = next((one for one in self._rows if one.key == key), None)
        if row is None:
            return
        self.shelf.choose(row.shelf)
        self.refill()
        if not self.table.choose(row.id):
            self.forget_filter()
            self.table.choose(row.id)
        self._to_list()

    def copy_words(self) -> None:
        """Ctrl+Shift+C."""
        words = self.pane.words()
        if words:
            clipboard.put(words)
            self._desk.messages.note("已复制，可以粘贴。")

    def _open(self, combo: KeyCombo) -> None:
        if combo.isVisible():
            combo.open_list()

    def _to_list(self) -> None:
        target = self.table if self._stack.currentIndex() == 0 else self.nothing.button
        target.setFocus(Qt.FocusReason.OtherFocusReason)
