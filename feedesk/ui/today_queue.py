"""The queue of 今日: everybody left under the reason for now, folded to what fits; below it, who is done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from feedesk.models.accounts import MarkKind, OwnerRow, WorkGroup
from feedesk.models.money import show_yuan
from feedesk.models.today import (
    HEAD_PX,
    MORE_PX,
    ROW_PX,
    Household,
    QueueGroup,
    fold,
    is_waiting,
    rests,
    when_text,
    window,
)
from feedesk.ui import icons
from feedesk.ui.theme import COLOURS, font
from feedesk.ui.today_done import DoneButton

DONE = "done"
_FETCHED_AT_ONCE = 200
"""Up to so many owners are fetched before they are looked at: a folded queue is never longer."""
_NEAR = 48
"""So many neighbours on each side are fetched with a line that is looked at."""
WIDTH = 236
_SPENT = "不再打"
"""Stands for the time where the day's calls to an owner are used up."""
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -8,
    Qt.Key.Key_PageDown: 8,
    Qt.Key.Key_Home: -1_000_000,
    Qt.Key.Key_End: 1_000_000,
}
Index = QModelIndex | QPersistentModelIndex
Fetch = Callable[[Sequence[int]], Mapping[int, OwnerRow]]


@dataclass(frozen=True, slots=True)
class HeadItem:
    """A heading with the number of owners under it."""

    key: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class RowItem:
    """One owner. `is_due`: a timed retry has come to its time; `household` where he owns several units."""

    key: str
    account_id: int
    when: str
    is_waiting: bool = False
    is_due: bool = False
    household: Household | None = None

    @property
    def units(self) -> str:
        """「等 15 套」; empty for an owner who owes for one unit only."""
        return f"等 {self.household.open_units} 套" if self.household and self.household.open_units > 1 else ""


@dataclass(frozen=True, slots=True)
class MoreItem:
    """How many owners of the group are folded away."""

    key: str
    count: int


Item = HeadItem | RowItem | MoreItem


class QueueModel(QAbstractListModel):
    """The lines of the queue. What an owner's line shows is fetched when it is looked at, some neighbours with it."""

    def __init__(self, fetch: Fetch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._items: list[Item] = []
        self._places: dict[int, int] = {}
        self._rows: dict[int, OwnerRow] = {}

    def show_items(self, items: list[Item]) -> None:
        """Show these lines instead of the old ones."""
        self.beginResetModel()
        self._items = items
        self._places = {item.account_id: at for at, item in enumerate(items) if isinstance(item, RowItem)}
        owners = list(self._places)
        self._rows = dict(self._fetch(owners)) if len(owners) <= _FETCHED_AT_ONCE else {}
        self.endResetModel()

    def item(self, at: int) -> Item | None:
        """The line at a place; None outside."""
        return self._items[at] if 0 <= at < len(self._items) else None

    def row(self, at: int) -> OwnerRow | None:
        """The owner at a place; None for a heading or a fold."""
        item = self.item(at)
        if not isinstance(item, RowItem):
            return None
        if item.account_id not in self._rows:
            near = self._items[max(0, at - _NEAR) : at + _NEAR]
            self._rows |= self._fetch([one.account_id for one in near if isinstance(one, RowItem)])
        return self._rows.get(item.account_id)

    def place_of(self, account_id: int) -> int:
        """The line of an owner, −1 when it is not shown."""
        return self._places.get(account_id, -1)

    def said(self, at: int) -> str:
        """A line as read."""
        item = self.item(at)
        if isinstance(item, HeadItem):
            return f"{item.label} {item.count}"
        if isinstance(item, MoreItem):
            return f"+ {item.count} 户"
        row = self.row(at)
        if item is None or row is None:
            return ""
        units = item.units if isinstance(item, RowItem) else ""
        return " ".join(part for part in (row.mark_text, row.room, row.name, units, item.when) if part)

    def rowCount(self, parent: Index | None = None) -> int:
        """Lines."""
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """The words of a line, and its tooltip."""
        at = index.row()
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            return self.said(at)
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return self._tip(at)
        return None

    def _tip(self, at: int) -> str | None:
        item, row = self.item(at), self.row(at)
        if not isinstance(item, RowItem) or row is None:
            return None
        owed, stop = row.owed, ""
        if item.household is not None:
            owed = item.household.owed
            stop = item.household.stop if rests(row, item.household) else ""
        who = " ".join(part for part in (row.room, row.name, item.units) if part)
        return f"{who} · {show_yuan(owed)}\n" + (f"{stop}，今天不再打" if stop else row.why)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only owners can be chosen."""
        if isinstance(self.item(index.row()), RowItem):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.ItemIsEnabled


class QueueDelegate(QStyledItemDelegate):
    """Paints headings, owners and folds."""

    def __init__(self, view: QListView, model: QueueModel) -> None:
        super().__init__(view)
        self._view, self._queue = view, model

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """By the kind of line."""
        item = self._queue.item(index.row())
        high = HEAD_PX if isinstance(item, HeadItem) else MORE_PX if isinstance(item, MoreItem) else ROW_PX
        return QSize(80, high)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One line."""
        item, rect = self._queue.item(index.row()), option.rect
        painter.save()
        if isinstance(item, HeadItem):
            self._paint_head(painter, rect, item)
        elif isinstance(item, MoreItem):
            painter.setFont(font(12))
            painter.setPen(QColor(COLOURS.azure_deep))
            painter.drawText(
                rect.adjusted(36, 0, -10, 0), int(Qt.AlignmentFlag.AlignVCenter), self._queue.said(index.row())
            )
        elif isinstance(item, RowItem) and (row := self._queue.row(index.row())) is not None:
            self._paint_row(painter, rect, item, row, current=index.row() == self._view.currentIndex().row())
        painter.restore()

    def _paint_head(self, painter: QPainter, rect: QRect, item: HeadItem) -> None:
        painter.fillRect(rect, QColor(COLOURS.paper))
        painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), 1), QColor(COLOURS.line))
        inner = rect.adjusted(14, 1, -10, 0)
        painter.setPen(QColor(COLOURS.ink2))
        painter.setFont(font(12, bold=True))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter), item.label)
        painter.setFont(font(12))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), str(item.count))

    def _paint_row(self, painter: QPainter, rect: QRect, item: RowItem, row: OwnerRow, *, current: bool) -> None:
        if current:
            painter.fillRect(rect, QColor(COLOURS.azure_select))
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(COLOURS.azure))
            if self._view.hasFocus():
                painter.setPen(QPen(QColor(COLOURS.azure), 1))
                painter.drawLine(rect.topLeft(), rect.topRight())
                painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        icons.draw(painter, icons.mark_name(row.mark), "", 14, rect.left() + 12, rect.top() + (ROW_PX - 14) // 2)
        small = font(12, bold=item.is_due)
        wide_when = QFontMetrics(small).horizontalAdvance(item.when)
        x = rect.left() + 32
        bold = font(13, bold=True, strike=row.is_paid)
        painter.setFont(bold)
        painter.setPen(QColor(COLOURS.ink3 if row.is_paid else COLOURS.azure_deep if current else COLOURS.ink))
        wide_room = QFontMetrics(bold).horizontalAdvance(row.room)
        painter.drawText(QRect(x, rect.top(), wide_room + 2, ROW_PX), middle, row.room)
        x += wide_room + 8
        end = rect.right() - 10
        room_for_name = end - x - (wide_when + 8 if item.when else 0)
        plain = font(13, strike=row.is_paid)
        painter.setFont(plain)
        painter.setPen(QColor(COLOURS.ink3 if row.is_paid else COLOURS.ink))
        name = row.name or "姓名待核"
        units = f" {item.units}" if item.units else ""
        wide_units = QFontMetrics(font(12)).horizontalAdvance(units)
        name = QFontMetrics(plain).elidedText(name, Qt.TextElideMode.ElideRight, room_for_name - wide_units)
        painter.drawText(QRect(x, rect.top(), max(0, room_for_name), ROW_PX), middle, name)
        x += QFontMetrics(plain).horizontalAdvance(name)
        painter.setFont(font(12))
        painter.drawText(QRect(x, rect.top(), wide_units + 2, ROW_PX), middle, units)
        painter.setFont(small)
        painter.setPen(QColor(COLOURS.ochre if item.is_due else COLOURS.ink3 if item.is_waiting else COLOURS.ink2))
        painter.drawText(QRect(end - wide_when, rect.top(), wide_when + 2, ROW_PX), middle, item.when)


class QueueView(QListView):
    """↑↓ walk over all owners, folded ones included; →← open and fold the group. Digits are left to the page.

    Signals:
        moved: the owner the user came to.
        step_asked: how many owners on.
        fold_pressed: the key of a heading or a fold that was pressed.
        fold_asked: the key of the current group, and whether all of it is wanted.
        resized: the height has changed.
    """

    moved = Signal(int)
    step_asked = Signal(int)
    fold_pressed = Signal(str)
    fold_asked = Signal(str, bool)
    resized = Signal()

    def __init__(self, model: QueueModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = model
        self.setModel(model)
        self.setItemDelegate(QueueDelegate(self, model))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("今日待联系的业主")
        self.clicked.connect(self._on_click)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows step; everything else is the page's."""
        key = Qt.Key(event.key())
        by = _STEPS.get(key)
        if key in (Qt.Key.Key_Right, Qt.Key.Key_Left) and not event.modifiers():
            item = self._queue.item(self.currentIndex().row())
            if item is not None:
                self.fold_asked.emit(item.key, key is Qt.Key.Key_Right)
            return
        if by is None or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            event.ignore()
            return
        self.step_asked.emit(by)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A ring shows the focus while no owner of the list is chosen."""
        super().paintEvent(event)
        if self.hasFocus() and not self.currentIndex().isValid():
            painter = QPainter(self.viewport())
            painter.setPen(QPen(QColor(COLOURS.azure), 2))
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    def keyboardSearch(self, _search: str) -> None:
        """Letters and digits are keys of the page, not a search."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer lines fit."""
        super().resizeEvent(event)
        if event.size().height() != event.oldSize().height():
            self.resized.emit()

    def _on_click(self, index: QModelIndex) -> None:
        item = self._queue.item(index.row())
        if isinstance(item, RowItem):
            self.moved.emit(item.account_id)
        elif item is not None:
            self.fold_pressed.emit(item.key)


class TodayQueue(QFrame):
    """Groups with their counts, and 已完成 at the foot, which opens the list of today's contacted.

    Signals:
        chosen: the account the user came to.
    """

    chosen = Signal(int)

    def __init__(self, fetch: Fetch, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "queue")
        self._groups: tuple[QueueGroup, ...] = ()
        self._done: dict[int, str] = {}
        self._days: dict[int, date] = {}
        self._households: Mapping[int, Household] = {}
        self._now = datetime(1, 1, 1)
        self._opened: set[str] = set()
        self._current: int | None = None
        self._wants_done = False
        self.model = QueueModel(fetch, self)
        self.view = QueueView(self.model)
        self.view.moved.connect(self._on_moved)
        self.view.step_asked.connect(self.step)
        self.view.fold_pressed.connect(self._toggle)
        self.view.fold_asked.connect(self._open)
        self.view.resized.connect(self._refill)
        self.done_button = DoneButton()
        self.done_button.clicked.connect(lambda: self.show_done(not self.shows_done))
        self.money_button = DoneButton("payments", COLOURS.ochre)
        self.money_button.setToolTip("到 收款 › 对账 认领；认领前，可能是谁的先不催谁")
        self.money_button.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(self.view, 1)
        column.addWidget(self.money_button)
        column.addWidget(self.done_button)
        self.setFixedWidth(WIDTH)

    # --- what is shown ---

    def show_queue(
        self,
        groups: Sequence[QueueGroup],
        done: Mapping[int, str],
        now: datetime,
        since: Mapping[int, date],
        households: Mapping[int, Household],
    ) -> None:
        """Show who is left and who is done (with the time of the contact); who was chosen stays chosen."""
        self._groups, self._done, self._now, self._days = tuple(groups), dict(done), now, dict(since)
        self._households = households
        self._refill()

    def choose(self, account_id: int | None) -> None:
        """Show this owner as chosen; a folded group slides so that it is seen. Emits nothing."""
        self._current = account_id
        if account_id is not None and self.model.place_of(account_id) < 0:
            if any(self._holds(group, account_id) for group in self._groups):
                self._wants_done = False
            self._refill()
        self._mark_current()

    def show_money(self, count: int) -> None:
        """How many payments on statements wait for the clerk to say whose they are."""
        self.money_button.say(f"{count:,} 笔到账等认领")
        self.money_button.setVisible(count > 0)

    def show_done(self, on: bool) -> None:
        """Show who is done instead of who is left, or back."""
        self._wants_done = on
        self._refill()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def shows_done(self) -> bool:
        """Whether the list of today's contacted is open: asked for, or nobody else is left."""
        return bool(self._done) and (self._wants_done or not self._groups)

    def step(self, by: int) -> None:
        """↑↓: the neighbour among all owners listed, folded ones included."""
        ids = self._listed()
        if not ids:
            return
        if self._current in ids:
            at = max(0, min(len(ids) - 1, ids.index(self._current) + by))
        else:
            at = 0 if by > 0 else len(ids) - 1
        if ids[at] != self._current:
            self.choose(ids[at])
            self.chosen.emit(ids[at])

    def words(self) -> tuple[str, ...]:
        """Every line shown, as read."""
        return tuple(self.model.said(at) for at in range(self.model.rowCount()))

    def _listed(self) -> list[int]:
        if self.shows_done:
            return list(self._done)
        return [item.account_id for group in self._groups for item in group.items]

    @staticmethod
    def _holds(group: QueueGroup, account_id: int) -> bool:
        return any(item.account_id == account_id for item in group.items)

    def _refill(self) -> None:
        count = len(self._done)
        self.done_button.setVisible(bool(count) and bool(self._groups))
        self.done_button.say("回到待联系" if self.shows_done else f"已完成 {count} 户", is_open=self.shows_done)
        self.done_button.setToolTip("" if self.shows_done else "打开今天已联系的业主")
        scrolled = self.view.verticalScrollBar().value()
        self.model.show_items(self._done_items() if self.shows_done else self._items())
        self.view.verticalScrollBar().setValue(scrolled)
        self._mark_current()

    def _items(self) -> list[Item]:
        sizes = {group.key: len(group.items) for group in self._groups}
        shown = fold(sizes, self.view.viewport().height(), self._opened)
        items: list[Item] = []
        for group in self._groups:
            items.append(HeadItem(group.key, group.label, len(group.items)))
            ids = [one.account_id for one in group.items]
            current = ids.index(self._current) if self._current in ids else None
            first = window(len(ids), shown[group.key], current)
            for one in group.items[first : first + shown[group.key]]:
                waits = is_waiting(one, self._now)
                when = when_text(one, self._now, self._days.get(one.account_id))
                is_due = one.group is WorkGroup.RETRY and not waits
                household = self._households.get(one.account_id)
                if rests(one, household):
                    when, waits, is_due = _SPENT, True, False
                items.append(RowItem(group.key, one.account_id, when, waits, is_due, household))
            if shown[group.key] < len(group.items):
                items.append(MoreItem(group.key, len(group.items) - shown[group.key]))
        return items

    def _done_items(self) -> list[Item]:
        rows: list[Item] = [
            RowItem(DONE, account_id, at, household=self._households.get(account_id))
            for account_id, at in self._done.items()
        ]
        return [HeadItem(DONE, "今天已联系", len(self._done)), *rows]

    def _mark_current(self) -> None:
        at = self.model.place_of(self._current) if self._current is not None else -1
        index = self.model.index(at) if at >= 0 else QModelIndex()
        self.view.setCurrentIndex(index)
        if at < 0:
            self.view.clearSelection()
        else:
            self.view.scrollTo(index)

    def _on_moved(self, account_id: int) -> None:
        self._current = account_id
        self.chosen.emit(account_id)

    def _toggle(self, key: str) -> None:
        self._open(key, key not in self._opened)

    def _open(self, key: str, on: bool) -> None:
        self._opened = self._opened | {key} if on else self._opened - {key}
        self._refill()


def mark_words(row: OwnerRow) -> str:
    """The words beside a mark for 下一户: 失约 1 次, 今日到期, 到点."""
    return "到点重拨" if row.group is WorkGroup.RETRY and row.mark is MarkKind.NO_ANSWER else row.mark_text
