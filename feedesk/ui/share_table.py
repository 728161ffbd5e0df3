"""Clerks of 分配片管: who takes part, what each has before and after, and how hard it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from feedesk.models.money import show
from feedesk.models.office import ROLE_LABELS, Staff
from feedesk.models.sharing import FULL, HALF, ClerkShare, Load, ShareClerk, SharePlan
from feedesk.ui import icons
from feedesk.ui.theme import COLOURS, font

ROW, HEAD = 32, 28
_KEYS = "123456789"
_CHECK, _NAME, _SHARE, _OWNERS, _ACCOUNTS, _OWED, _GAP = 54, 168, 44, 96, 52, 104, 14
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_NONE = ClerkShare(0, Load(), Load())


class ShareTable(QWidget):
    """A Tab stop. ↑↓ choose a clerk, space or the digit before the name lets her take part, H gives half a share.

    Signals:
        changed: somebody else takes part, or with another share.
    """

    changed = Signal()

    def __init__(
        self,
        people: Sequence[Staff],
        ticked: Collection[int],
        leaving: Staff | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`people` who work here, and `leaving` whose owners are shared out, shown last."""
        super().__init__(parent)
        self._people = tuple(one for one in people if leaving is None or one.id != leaving.id)
        self._leaving = leaving
        self._ticked = {one.id for one in self._people if one.id in ticked}
        self._half: set[int] = set()
        self._current = 0
        self._plan: SharePlan | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEAD + ROW * self._count() + 2)

    def taking(self) -> list[ShareClerk]:
        """Who takes part, with the share of each."""
        return [
            ShareClerk(one.id, HALF if one.id in self._half else FULL) for one in self._people if one.id in self._ticked
        ]

    def show_plan(self, plan: SharePlan) -> None:
        """Show what comes of it."""
        self._plan = plan
        self.setAccessibleName("；".join(self.rows()))
        self.update()

    def rows(self) -> tuple[str, ...]:
        """The rows as read."""
        return tuple(" ".join(cell for cell in self._cells(place) if cell) for place in range(self._count()))

    def choose(self, place: int) -> None:
        """Make a row current."""
        self._current = max(0, min(place, self._count() - 1))
        self.update()

    def toggle(self, place: int) -> None:
        """Let a clerk take part, or not."""
        if 0 <= place < len(self._people):
            self._ticked ^= {self._people[place].id}
            self.choose(place)
            self.changed.emit()

    def halve(self) -> None:
        """Half a share for the current clerk, or a whole one again; it makes her take part."""
        if self._current < len(self._people):
            clerk_id = self._people[self._current].id
            self._half ^= {clerk_id}
            self._ticked |= {clerk_id}
            self.changed.emit()
            self.update()

    def sizeHint(self) -> QSize:
        """All rows."""
        return QSize(760, self.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↑↓ choose; space, a digit and H change; Enter is the dialog's."""
        key, text = Qt.Key(event.key()), event.text()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        steps = {Qt.Key.Key_Up: self._current - 1, Qt.Key.Key_Down: self._current + 1, Qt.Key.Key_Home: 0}
        steps[Qt.Key.Key_End] = self._count() - 1
        if key in steps:
            self.choose(steps[key])
        elif plain and key == Qt.Key.Key_Space:
            self.toggle(self._current)
        elif plain and text and text in _KEYS:
            self.toggle(_KEYS.index(text))
        elif plain and key == Qt.Key.Key_H:
            self.halve()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a row chooses it, on its box lets the clerk take part."""
        at = event.position().toPoint()
        place = (at.y() - HEAD) // ROW
        if 0 <= place < self._count():
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.choose(place)
            if at.x() < _CHECK + _NAME:
                self.toggle(place)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The current row shows its ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """And hides it."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Head, rows, bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_head(painter)
        most = max((max(s.before.points, s.after.points) for s in self._shares()), default=0)
        for place in range(self._count()):
            self._paint_row(painter, place, most)

    # --- inside ---

    def _count(self) -> int:
        return len(self._people) + (self._leaving is not None)

    def _person(self, place: int) -> Staff:
        if place == len(self._people) and self._leaving is not None:
            return self._leaving
        return self._people[place]

    def _shares(self) -> tuple[ClerkShare, ...]:
        return self._plan.shares if self._plan else ()

    def _share(self, place: int) -> ClerkShare:
        clerk_id = self._person(place).id
        return next((one for one in self._shares() if one.clerk_id == clerk_id), _NONE)

    def _takes(self, place: int) -> bool:
        return place < len(self._people) and self._people[place].id in self._ticked

    def _cells(self, place: int) -> tuple[str, ...]:
        """Box, name, share, owners, accounts, sum, difficulty: as painted."""
        person, found, takes = self._person(place), self._share(place), self._takes(place)
        is_last = place == len(self._people)
        share = "交出" if is_last else "" if not takes else "半份" if person.id in self._half else "全份"
        return (
            "" if is_last else "☑" if takes else "☐",
            person.name,
            share if takes or is_last else "不动",
            _change(found.before.owners, found.after.owners),
            f"{found.after.accounts:,}",
            show(found.after.owed),
            _change(found.before.points, found.after.points),
        )

    def _columns(self) -> list[QRect]:
        """Where the cells stand, at y 0: box, name, share, owners, accounts, sum, bar."""
        widths = [_CHECK, _NAME, _SHARE, _OWNERS, _ACCOUNTS, _OWED]
        if self.width() < 700:
            widths[1] = 112
        found, x = [], 0
        for width in widths:
            found.append(QRect(x, 0, width, ROW))
            x += width
        return [*found, QRect(x + _GAP, 0, max(60, self.width() - x - _GAP - 6), ROW)]

    def _paint_head(self, painter: QPainter) -> None:
        painter.fillRect(QRect(0, 0, self.width(), HEAD), QColor(COLOURS.paper))
        painter.setFont(font(12))
        painter.setPen(QColor(COLOURS.ink2))
        words = ("", "片管", "份额", "业主", "户", "欠费（元）", "难度")
        for number, (rect, word) in enumerate(zip(self._columns(), words, strict=True)):
            side = _RIGHT if number in (3, 4, 5) else _LEFT
            painter.drawText(QRect(rect.x(), 0, rect.width(), HEAD), side | Qt.AlignmentFlag.AlignVCenter, word)
        painter.setPen(QColor(COLOURS.line))
        painter.drawLine(0, HEAD - 1, self.width(), HEAD - 1)

    def _paint_row(self, painter: QPainter, place: int, most: int) -> None:
        top = HEAD + place * ROW
        row = QRect(0, top, self.width(), ROW)
        if place == self._current:
            painter.fillRect(row, QColor(COLOURS.azure_select if self.hasFocus() else COLOURS.hover))
            if self.hasFocus():
                painter.fillRect(QRect(0, top, 3, ROW), QColor(COLOURS.azure))
        is_last, takes = place == len(self._people), self._takes(place)
        columns = [rect.translated(0, top) for rect in self._columns()]
        ink = QColor(COLOURS.ink if takes or is_last else COLOURS.ink3)
        if not is_last:
            self._paint_box(painter, columns[0], takes, _KEYS[place] if place < len(_KEYS) else "")
        cells = self._cells(place)
        self._paint_name(painter, columns[1], self._person(place), ink)
        for number in (2, 3, 4, 5):
            painter.setFont(font(13, bold=number == 3 and "→" in cells[number]))
            painter.setPen(ink if number != 2 else QColor(COLOURS.ink3))
            side = _LEFT if number == 2 else _RIGHT
            painter.drawText(columns[number], side | Qt.AlignmentFlag.AlignVCenter, cells[number])
        self._paint_bar(painter, columns[6], self._share(place), most, ink, cells[6])
        painter.setPen(QColor(COLOURS.line))
        painter.drawLine(0, top + ROW - 1, self.width(), top + ROW - 1)

    def _paint_box(self, painter: QPainter, rect: QRect, takes: bool, key: str) -> None:
        box = QRect(rect.x() + 8, rect.y() + 8, 16, 16)
        painter.setPen(QPen(QColor(COLOURS.azure if takes else COLOURS.edge), 1))
        painter.setBrush(QColor(COLOURS.azure if takes else COLOURS.surface))
        painter.drawRoundedRect(box, 3, 3)
        if takes:
            icons.draw(painter, "check", "#FFFFFF", 14, box.x() + 1, box.y() + 1)
        if key:
            cap = QRect(rect.x() + 30, rect.y() + 8, 17, 17)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(COLOURS.sunken))
            painter.drawRoundedRect(cap, 3, 3)
            painter.setPen(QColor(COLOURS.ink2))
            painter.setFont(font(11))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)

    def _paint_name(self, painter: QPainter, rect: QRect, person: Staff, ink: QColor) -> None:
        painter.setFont(font(13, bold=True))
        painter.setPen(ink)
        metrics = painter.fontMetrics()
        name = metrics.elidedText(person.name, Qt.TextElideMode.ElideRight, rect.width() - 8)
        painter.drawText(rect, _LEFT | Qt.AlignmentFlag.AlignVCenter, name)
        used = metrics.horizontalAdvance(name) + 8
        painter.setFont(font(12))
        painter.setPen(QColor(COLOURS.ink3))
        role = painter.fontMetrics().elidedText(
            ROLE_LABELS[person.role], Qt.TextElideMode.ElideRight, max(0, rect.width() - used - 6)
        )
        painter.drawText(rect.adjusted(used, 0, 0, 0), _LEFT | Qt.AlignmentFlag.AlignVCenter, role)

    def _paint_bar(self, painter: QPainter, rect: QRect, found: ClerkShare, most: int, ink: QColor, words: str) -> None:
        """The bar is what it will be, the black tick what it was."""
        room = max(20, rect.width() - 88)
        middle = rect.y() + ROW // 2
        painter.setPen(Qt.PenStyle.NoPen)
        if most:
            painter.setBrush(QColor(COLOURS.azure))
            painter.drawRect(QRect(QPoint(rect.x(), middle - 6), QSize(room * found.after.points // most, 12)))
            painter.setBrush(QColor(COLOURS.ink))
            tick = rect.x() + room * found.before.points // most
            if found.before.points != found.after.points:
                painter.drawRect(QRect(QPoint(tick - 1, middle - 9), QSize(2, 18)))
        painter.setPen(ink)
        painter.setFont(font(13))
        painter.drawText(QRect(rect.right() - 84, rect.y(), 84, ROW), _RIGHT | Qt.AlignmentFlag.AlignVCenter, words)


def _change(before: int, after: int) -> str:
    return f"{after:,}" if before == after else f"{before:,} → {after:,}"
