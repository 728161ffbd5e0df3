"""The left side of 业主: search, chips, filter, table, foot. Speaks in account ids."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from feedesk.models.accounts import OwnerRow
from feedesk.models.money import show
from feedesk.models.owner_filter import CHIP_RULES, Chip, OwnerFilter
from feedesk.models.store.accounts import OwnerRows
from feedesk.models.traits import TRAIT_WORDS
from feedesk.ui.desk import Desk
from feedesk.ui.filter_popup import FilterPopup, filter_words
from feedesk.ui.owner_columns import columns
from feedesk.ui.owner_footer import OwnerFooter
from feedesk.ui.scope import ScopeSwitch, Shown, shown_scope, switch_scope, unassigned_words
from feedesk.ui.search_field import SearchField
from feedesk.ui.table import RecordTableModel, RecordTableView
from feedesk.ui.widgets import ChipRow, EmptyState, IconButton, KeyButton, label

_CHIPS = (
    Chip.OWING, Chip.TODAY, Chip.DUE, Chip.BROKEN, Chip.OPEN, Chip.VERIFY, Chip.DISPUTE, Chip.LIMIT, Chip.PROMISED,
    Chip.PAID, Chip.ALL,
)  # fmt: skip
_FALLING_FIRST = frozenset({"owed", "overdue", "last"})
"""Orders whose first click shows the largest or latest first."""
_LONGEST_ROOM = 14
_FEW = 500
"""Up to so many checked rows the sum is read row by row."""


class OwnerTableView(RecordTableView[OwnerRow]):
    """The record table with a menu on the right button and on the Menu key.

    Signals:
        menu_asked: where to open it, in screen coordinates.
    """

    menu_asked = Signal(QPoint)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """By the mouse: of the row under it. By the key: of the current row."""
        at = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            index = self.indexAt(self.viewport().mapFromGlobal(at))
            if index.isValid():
                self.choose_row(index.row())
        else:
            rect = self.visualRect(self.currentIndex())
            at = self.viewport().mapToGlobal(QPoint(120, rect.bottom()))
        if self.current_id() is not None:
            self.menu_asked.emit(at)


class OwnerList(QWidget):
    """Everyone, narrowed by chip, search and filter.

    Signals:
        chosen: id of the current account, or None.
        entered: Enter or a double click on a row.
        import_pressed, notices_pressed, table_pressed: the toolbar.
        menu_filled: a `QMenu` about to open for the current row; whoever owns the list fills it.
    """

    chosen = Signal(object)
    entered = Signal(object)
    import_pressed = Signal()
    notices_pressed = Signal()
    table_pressed = Signal()
    menu_filled = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._wanted = OwnerFilter()
        self._sort, self._descending = "next", False
        self._rows: OwnerRows | None = None
        self._shown: Shown | None = None
        self._everyone = False
        """只看我的 is put aside, until the filter is cleared or chosen anew."""
        self._narrow = False
        self.search = SearchField()
        self.chips = ChipRow()
        self.filter_button = KeyButton("筛选", icon="filter", kind="quiet")
        self.scope = ScopeSwitch(tells=False, has_cap=False)
        self.model: RecordTableModel[OwnerRow] = RecordTableModel(
            columns(), lambda row: row.account_id, checkable=True, parent=self
        )
        self.table = OwnerTableView(self.model)
        self.table.setAccessibleName("业主表")
        self.footer = OwnerFooter()
        self.empty = EmptyState()
        self._title = label("业主", "title")
        self._wide: list[QWidget] = []
        self._small: list[QWidget] = []
        self._popup: FilterPopup | None = None
        self._stack = QStackedWidget()
        self._count_later = QTimer(self)
        self._count_later.setSingleShot(True)
        self._count_later.setInterval(0)
        self._count_later.timeout.connect(self._count)
        self._build()
        self._connect()

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(16, 12, 16, 8)
        top.setSpacing(8)
        top.addWidget(self._title)
        top.addSpacing(4)
        top.addWidget(self.search, 20)
        top.addStretch(1)
        for words, key, icon, signal in (
            ("导入清单", "Ctrl+I", "import", self.import_pressed),
            ("催款单", "Ctrl+P", "print", self.notices_pressed),
            ("记录表", "Ctrl+E", "sheet", self.table_pressed),
        ):
            wide = KeyButton(words, icon=icon)
            wide.setToolTip(f"{words}（{key}）")
            small = IconButton(icon, words, key=key, kind="")
            for button in (wide, small):
                button.clicked.connect(signal)
                top.addWidget(button)
            small.hide()
            self._wide.append(wide)
            self._small.append(small)
        self.search.setMinimumWidth(150)
        self.search.setMaximumWidth(360)
        second = QHBoxLayout()
        second.setContentsMargins(16, 0, 12, 10)
        second.setSpacing(8)
        second.addWidget(self.chips, 1)
        second.addWidget(self.scope)
        second.addWidget(self.filter_button)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(second)
        column.addWidget(self._stack, 1)
        column.addWidget(self.footer)

    def _connect(self) -> None:
        self.search.searched.connect(self._on_search)
        self.search.left_down.connect(self.take_focus)
        self.chips.chosen.connect(self._on_chip)
        self.filter_button.clicked.connect(self.open_filter)
        self.scope.pressed.connect(lambda: switch_scope(self._desk))
        self.table.typed.connect(self.search.type_on)
        self.table.order_asked.connect(self.order_by)
        self.table.current_changed.connect(self.chosen)
        self.table.row_entered.connect(self.entered)
        self.table.menu_asked.connect(self._open_menu)
        self.model.checks_changed.connect(self._sum_checked)
        self.empty.pressed.connect(self._on_empty)

    # --- what is shown ---

    def refresh(self) -> None:
        """Read everything anew; current and checked rows stay by their ids."""
        self._read()
        self._count_later.start()

    def show_scope(self) -> None:
        """我的 or 全部 has been chosen, or somebody else sits down."""
        self._everyone = False
        self.refresh()

    def recount(self) -> None:
        """Count the chips and look at the age of the list, when there is time."""
        self._count_later.start()

    def rest(self) -> None:
        """Put off nothing any more: the page leaves the screen."""
        self._count_later.stop()
        self.search.rest()

    def refresh_some(self, account_ids: Collection[int]) -> None:
        """Show what changed in these accounts, each where it stands: the list does not move under the clerk's hand."""
        if self._shown is None or self._whose().staff_id != self._shown.staff_id:
            self.refresh()  # the first accounts have been assigned, or the last are nobody's again
            return
        fresh = self._desk.office.accounts.some(account_ids)
        known = [row for row in fresh.values() if self.model.row_of(row.account_id) >= 0]
        self.model.replace_rows(known)
        self._mind_scope()
        self.footer.show_filtered(*self._desk.office.accounts.total(self._scoped()), unassigned_words(self._shown))
        self._sum_checked()
        self._count_later.start()

    @property
    def wanted(self) -> OwnerFilter:
        """Chip, search and filter as they stand."""
        return self._wanted

    def show_filter(self, wanted: OwnerFilter) -> None:
        """Narrow by this filter."""
        self._wanted = wanted
        self._read()

    def clear(self) -> bool:
        """Drop search and filter, keep the chip; False when there is nothing to drop."""
        if not self.search.text() and not self._wanted.is_narrowed and not self._everyone:
            return False
        self._everyone = False
        self.recount()
        self.search.setText("")
        self.search.flush()
        self.show_filter(OwnerFilter(chip=self._wanted.chip))
        return True

    def show_owner(self, account_id: int) -> bool:
        """Make this account current, widening the view if it hides it; False when there is none of that id."""
        if self.table.choose(account_id):
            return True
        self.search.setText("")
        self.search.flush()
        for chip in (self._wanted.chip, Chip.ALL):
            self.chips.choose(chip)
            self.show_filter(OwnerFilter(chip=chip))
            if self.table.choose(account_id):
                return True
        if self._everyone or not self._desk.office.accounts.some([account_id]):
            return False
        self._everyone = True  # somebody else's: asked for by name, it is shown
        self.recount()
        return self.show_owner(account_id)

    def order_by(self, key: str) -> None:
        """A click on a header: this order, or the other way round."""
        if key == self._sort:
            self._descending = not self._descending
        else:
            self._sort, self._descending = key, key in _FALLING_FIRST
        self._read()

    def checked_ids(self) -> list[int]:
        """Checked accounts: those in sight in their order, then those that the filter hides."""
        checked = self.model.checked_ids()
        shown = sorted((at, one) for one in checked if (at := self.model.row_of(one)) >= 0)
        rest = sorted(one for one in checked if self.model.row_of(one) < 0)
        return [one for _at, one in shown] + rest

    def take_focus(self) -> None:
        """The keys go to the table, on its first row if none is current."""
        if self.table.current_id() is None:
            self.table.choose_row(0)
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def fit(self, width: int) -> None:
        """The window is so wide: choose columns and words."""
        narrow = width < 1100
        if narrow != self._narrow:
            self._narrow = narrow
            self._title.setVisible(not narrow)
            for wide in self._wide:
                wide.setVisible(not narrow)
            for small in self._small:
                small.setVisible(narrow)
        self.search.set_narrow(width < 1340)
        self.footer.set_narrow(narrow)
        self.scope.set_narrow(width < 1340)
        self.table.fit_columns(width)

    def minimumSizeHint(self) -> QSize:
        """The table gives way to the panel, not below what its four columns need."""
        return QSize(380, 300)

    # --- inside ---

    def _read(self) -> None:
        accounts = self._desk.office.accounts
        self._mind_scope()
        self._rows = accounts.rows(self._scoped(), self._sort, descending=self._descending)
        self.model.show_order(self._sort, self._descending)
        self.table.show_rows(self._rows)
        if self.table.current_id() is None:
            self.table.choose_row(0)
        self.footer.show_filtered(len(self._rows), self._rows.total(), unassigned_words(self._shown))
        words = filter_words(self._wanted, self._people())
        self.filter_button.set_words(
            f"筛选：{'，'.join(words)}" if len(words) == 1 else f"筛选 {len(words)} 项" if words else "筛选"
        )
        self.filter_button.setToolTip("，".join(words))
        self._sum_checked()
        self._mind_empty()

    def _scoped(self) -> OwnerFilter:
        """Chip, search and filter, of the clerk's own accounts where only those are shown; one asked for goes before."""
        if self._shown is None or self._wanted.staff_id is not None:
            return self._wanted
        return replace(self._wanted, staff_id=self._shown.staff_id)

    def _whose(self) -> Shown:
        shown = shown_scope(self._desk)
        return replace(shown, staff_id=None) if self._everyone else shown

    def _mind_scope(self) -> None:
        self._shown = self._whose()
        self.scope.show_scope(self._shown)

    def _people(self) -> dict[int, str]:
        return {person.id: person.name for person in self._desk.office.staff.all(with_gone=True)}

    def _count(self) -> None:
        accounts = self._desk.office.accounts
        chips = []
        counts = accounts.counts(self._shown.staff_id if self._shown else None)
        for chip in _CHIPS:
            rule = CHIP_RULES[chip]
            mark = min(rule.marks, default="") if chip is not Chip.PROMISED else "promised"
            mark = "paid" if chip is Chip.PAID else "due" if chip is Chip.DUE else mark
            chips.append((str(chip), rule.label, str(mark), counts[chip]))
        self.chips.set_chips(chips)
        self.chips.choose(str(self._wanted.chip))
        room, most = accounts.widest()
        self.table.keep_whole({"房号": room[:_LONGEST_ROOM], "欠费(元)": show(most)})
        last = self._desk.office.imports.last()
        self.footer.show_list(last.as_of if last else None, self._desk.today())
        self._sum_checked()
        self._mind_empty()

    def _sum_checked(self) -> None:
        checked = self.model.checked_ids()
        hidden = [one for one in checked if self.model.row_of(one) < 0]
        shown = len(checked) - len(hidden)
        if self._rows is not None and shown == len(self._rows) and shown > _FEW:
            owed = self._rows.total() + sum(row.owed for row in self._desk.office.accounts.some(hidden).values())
        else:
            owed = sum(row.owed for row in self._desk.office.accounts.some(checked).values())
        self.footer.show_checked(len(checked), owed, len(hidden))

    def _mind_empty(self) -> None:
        has_rows = self.model.rowCount() > 0
        self._stack.setCurrentIndex(0 if has_rows else 1)
        if has_rows:
            return
        if self._desk.office.imports.last() is None:
            self.empty.say("还没有欠费清单。", "请财务导出一份，Excel 或 CSV 都行。", "导入清单", "Ctrl+I")
        elif self._wanted.text.strip():
            chip = "" if self._wanted.chip is Chip.ALL else f"（在“{CHIP_RULES[self._wanted.chip].label}”里）"
            line = f"没有叫“{self._wanted.text.strip()}”的业主或房号{chip}。"
            elsewhere = self._among_all()
            if elsewhere:
                self.empty.say(line, "清除筛选按 Esc。", f"在全部里找（{elsewhere:,} 户）", "Alt+A")
            else:
                self.empty.say(line, "", "清除筛选", "Esc")
        elif self._wanted.is_narrowed:
            self.empty.say("没有符合这个筛选的业主。", "", "清除筛选", "Esc")
        elif self._wanted.chip is Chip.OWING:
            self.empty.say("现在没有欠费的业主。", "财务给了新清单，再导入就行。", "导入清单", "Ctrl+I")
        else:
            self.empty.say(f"“{CHIP_RULES[self._wanted.chip].label}”里没有业主。", "", "看全部欠费")

    def search_all(self) -> None:
        """Alt+A: what the chosen chip does not have, among everyone; the filter goes, what was typed stays."""
        self.search.flush()
        if self._among_all():
            self._everyone = True
            self.chips.choose(str(Chip.ALL))
            self.show_filter(OwnerFilter(text=self._wanted.text, chip=Chip.ALL))
            self.take_focus()

    def _among_all(self) -> int:
        """How many would be found among everyone, when nothing of the search is in sight."""
        everyone = OwnerFilter(text=self._wanted.text, chip=Chip.ALL)
        if self.model.rowCount() or not everyone.text.strip() or self._scoped() == everyone:
            return 0
        return self._desk.office.accounts.total(everyone)[0]

    def _on_empty(self) -> None:
        verb = self.empty.button.words()
        if verb == "导入清单":
            self.import_pressed.emit()
        elif self._among_all():
            self.search_all()
        elif not self.clear():
            self._on_chip(str(Chip.OWING))
        else:
            self.take_focus()

    def _on_search(self, text: str) -> None:
        if text != self._wanted.text:
            self.show_filter(replace(self._wanted, text=text))

    def _on_chip(self, key: str) -> None:
        self.chips.choose(key)
        self.show_filter(replace(self._wanted, chip=Chip(key)))

    def open_filter(self) -> None:
        """筛选 opens under its button."""
        office = self._desk.office
        offered = {trait: office.traits.words_in_use(trait) for trait in TRAIT_WORDS}
        people = {person.id: person.name for person in office.staff.all()}
        self._popup = FilterPopup(office.accounts.buildings(), self._wanted, self, words=offered, people=people)
        self._popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._popup.changed.connect(self._on_filter)
        button = self.filter_button
        self._popup.open_at(button.mapToGlobal(button.rect().bottomRight()) + QPoint(0, 4))

    def _on_filter(self, wanted: OwnerFilter) -> None:
        self.show_filter(replace(wanted, text=self._wanted.text, chip=self._wanted.chip))

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        self.menu_filled.emit(menu)
        menu.popup(at)
