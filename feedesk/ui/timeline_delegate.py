"""How an entry of 记录 is shown: icon in a circle for the kind, mark for the result, who and when at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from feedesk.models.timeline import EntryKind, TimelineEntry
from feedesk.ui import icons
from feedesk.ui.theme import COLOURS, Tone, font, ground_colour, text_colour

ENTRY_ROLE = int(Qt.ItemDataRole.UserRole) + 1
Index = QModelIndex | QPersistentModelIndex

_ICONS = {
    EntryKind.NOTICE: ("notices", Tone.AZURE),
    EntryKind.MONEY: ("payments", Tone.MALACHITE),
    EntryKind.DEBT: ("import", Tone.MUTED),
    EntryKind.CLAIM: ("payments", Tone.OCHRE),
    EntryKind.STEP: ("target", Tone.MUTED),
    EntryKind.DISPUTE: ("wrench", Tone.VIOLET),
    EntryKind.TENURE: ("user", Tone.MUTED),
    EntryKind.PLAN: ("calendar", Tone.AZURE),
    EntryKind.WAIVER: ("payments", Tone.VIOLET),
    EntryKind.INSTALMENTS: ("calendar", Tone.MALACHITE),
    EntryKind.SPLIT: ("columns", Tone.MUTED),
    EntryKind.DOUBT: ("payments", Tone.OCHRE),
    EntryKind.SERVICE: ("mail", Tone.AZURE),
    EntryKind.ASSIGNMENT: ("user", Tone.MUTED),
    EntryKind.TRAIT: ("edit", Tone.MUTED),
    EntryKind.DOCUMENT: ("folder", Tone.AZURE),
}
_CHANNEL_ICONS = {"phone": "phone", "visit": "visit", "message": "message", "mail": "mail", "counter": "user"}
_LEFT, _RIGHT = 54, 16
_TOP, _TITLE, _LINE, _BELOW = 6, 20, 19, 8
_HEAD = 26
_CIRCLE = 28


@dataclass(frozen=True, slots=True)
class YearHead:
    """The year above its entries."""

    year: int


TimelineItem = TimelineEntry | YearHead


def with_years(entries: Sequence[TimelineEntry]) -> list[TimelineItem]:
    """The entries, newest first, under a head for each year."""
    items: list[TimelineItem] = []
    for entry in entries:
        last = items[-1] if items else None
        if not isinstance(last, TimelineEntry) or last.at.year != entry.at.year:
            items.append(YearHead(entry.at.year))
        items.append(entry)
    return items


def when_and_who(entry: TimelineEntry, today: date) -> str:
    """「11-03 15:20 许宁」; the year stands in the head above."""
    clock = f" {entry.at:%H:%M}" if entry.has_time else ""
    day = "今天" if entry.at.date() == today else f"{entry.at:%m-%d}"
    return f"{day}{clock} {entry.who}".strip()


def shown_lines(entry: TimelineEntry) -> tuple[str, ...]:
    """The lines below the title, with what a voided record adds."""
    return (*entry.lines, f"{entry.void_word}：{entry.voided}") if entry.voided else entry.lines


class TimelineModel(QAbstractListModel):
    """Entries and year heads; heads cannot be chosen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[TimelineItem] = []
        self.today = date.min

    def show_entries(self, entries: Sequence[TimelineEntry], today: date) -> None:
        """Show these entries, given newest first."""
        self.beginResetModel()
        self._items = with_years(entries)
        self.today = today
        self.endResetModel()

    def item(self, row: int) -> TimelineItem | None:
        """The item of a row; None outside the rows."""
        return self._items[row] if 0 <= row < len(self._items) else None

    def row_of(self, kind: EntryKind, ref_id: int) -> int:
        """The row of the record behind an entry, −1 when it is not shown."""
        for row, item in enumerate(self._items):
            if isinstance(item, TimelineEntry) and item.kind is kind and item.ref_id == ref_id:
                return row
        return -1

    def first_entry(self) -> int:
        """The row of the newest entry, −1 when there is none."""
        return 1 if len(self._items) > 1 else -1

    def rowCount(self, parent: Index | None = None) -> int:
        """Items under the root only."""
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Heads are no stop on the way."""
        if isinstance(self.item(index.row()), TimelineEntry):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> object:
        """The item itself, or its words."""
        item = self.item(index.row()) if index.isValid() else None
        if item is None:
            return None
        if role == ENTRY_ROLE:
            return item
        if role in (int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)):
            if isinstance(item, YearHead):
                return f"{item.year} 年"
            return "，".join((when_and_who(item, self.today), item.title, *shown_lines(item)))
        return None


class TimelineDelegate(QStyledItemDelegate):
    """Paints heads and entries on one line that runs through the circles."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._bold = QFontMetrics(font(13, bold=True))
        self._plain = QFontMetrics(font(13))
        self._small = QFontMetrics(font(12))

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """A head has one height; an entry needs room for its words."""
        item = index.data(ENTRY_ROLE)
        if not isinstance(item, TimelineEntry):
            return QSize(100, _HEAD)
        rows = sum(self._rows(line) for line in shown_lines(item))
        title = self._title_rows(item, self._today(index))
        return QSize(100, max(_TOP + _TITLE * title + _LINE * rows + _BELOW, _CIRCLE + 2 * _TOP))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The line, then head or entry."""
        item = index.data(ENTRY_ROLE)
        rect: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = self._view.currentIndex().row() == index.row() and self._view.hasFocus()
        painter.fillRect(rect, QColor(COLOURS.azure_select if current else COLOURS.surface))
        if current:
            painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), QColor(COLOURS.azure))
        x = rect.left() + 30
        first, last = index.row() == 0, index.row() == index.model().rowCount() - 1
        line_top = rect.top() + (rect.height() // 2 if first else 0)
        line_end = rect.top() + _TOP + _CIRCLE // 2 if last else rect.bottom() + 1
        painter.fillRect(QRect(x - 1, line_top, 2, line_end - line_top), QColor(COLOURS.line))
        if isinstance(item, YearHead):
            painter.setFont(font(12, bold=True))
            painter.setPen(text_colour(Tone.MUTED))
            box = rect.adjusted(_LEFT, 0, 0, 0)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), f"{item.year} 年")
        elif isinstance(item, TimelineEntry):
            self._paint_circle(painter, x, rect.top() + _TOP, item)
            self._paint_entry(painter, rect, item, self._today(index))
        painter.restore()

    def _paint_circle(self, painter: QPainter, x: int, top: int, entry: TimelineEntry) -> None:
        if entry.kind is EntryKind.CONTACT:
            name, tone = _CHANNEL_ICONS.get(entry.channel, "phone"), Tone.MUTED
        else:
            name, tone = _ICONS[entry.kind]
        painter.setPen(QColor(COLOURS.surface))
        painter.setBrush(ground_colour(tone))
        painter.drawEllipse(x - _CIRCLE // 2, top, _CIRCLE, _CIRCLE)
        icons.draw(painter, name, text_colour(tone).name().upper(), 16, x - 8, top + (_CIRCLE - 16) // 2)

    def _paint_entry(self, painter: QPainter, rect: QRect, entry: TimelineEntry, today: date) -> None:
        said = when_and_who(entry, today)
        right = rect.right() - _RIGHT
        y = rect.top() + _TOP
        painter.setFont(font(12))
        painter.setPen(text_colour(Tone.CAPTION))
        wide = self._small.horizontalAdvance(said)
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(right - wide, y, wide + 1, _TITLE), int(flags), said)
        title_rows = self._title_rows(entry, today)
        x = rect.left() + _LEFT
        if entry.mark is not None:
            icons.draw(painter, icons.mark_name(entry.mark.value), "", 14, x, y + 3)
        struck = bool(entry.voided)
        painter.setFont(font(13, bold=not struck, strike=struck))
        painter.setPen(text_colour(Tone.CAPTION if struck else Tone.INK))
        box = QRect(x + self._indent(entry), y, self._title_room(entry, today), _TITLE * title_rows)
        if title_rows > 1:
            painter.drawText(box, int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWrapAnywhere), entry.title)
        else:
            painter.drawText(box, int(flags), entry.title)
        y += _TITLE * title_rows
        room = self._room()
        for line in shown_lines(entry):
            rows = self._rows(line)
            is_void = bool(entry.voided) and line.startswith(entry.void_word)
            painter.setFont(font(13, strike=struck and not is_void))
            painter.setPen(text_colour(Tone.CINNABAR if is_void else Tone.CAPTION if struck else Tone.MUTED))
            box = QRect(x, y, room, _LINE * rows)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWrapAnywhere), line)
            y += _LINE * rows

    def _today(self, index: Index) -> date:
        model = index.model()
        return model.today if isinstance(model, TimelineModel) else date.min

    @staticmethod
    def _indent(entry: TimelineEntry) -> int:
        return 20 if entry.mark is not None else 0

    def _room(self) -> int:
        return max(120, self._view.viewport().width() - _LEFT - _RIGHT)

    def _title_room(self, entry: TimelineEntry, today: date) -> int:
        said = self._small.horizontalAdvance(when_and_who(entry, today))
        return max(80, self._room() - self._indent(entry) - said - 10)

    def _title_rows(self, entry: TimelineEntry, today: date) -> int:
        box = QRect(0, 0, self._title_room(entry, today), 1000)
        high = self._bold.boundingRect(box, int(Qt.TextFlag.TextWrapAnywhere), entry.title).height()
        return max(1, round(high / self._bold.lineSpacing()))

    def _rows(self, line: str) -> int:
        high = self._plain.boundingRect(QRect(0, 0, self._room(), 4000), int(Qt.TextFlag.TextWrapAnywhere), line)
        return max(1, round(high.height() / self._plain.lineSpacing()))
