"""Second step of the import, 核对变化: an equation, classes with counts and sums, and the rows behind each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from feedesk.models.days import short_day
from feedesk.models.import_plan import ImportPlan
from feedesk.models.money import show, show_yuan
from feedesk.tasks.import_draft import Understood
from feedesk.tasks.import_effects import ChangeClass, ChangeRow
from feedesk.ui import icons
from feedesk.ui.import_questions import QuestionBand
from feedesk.ui.table import Align, Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import COLOURS, Tone, font, text_colour
from feedesk.ui.widgets import Banner, ElidedLabel, IconMark, KeyButton, hairline, label

Index = QModelIndex | QPersistentModelIndex
_ITEM = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class ClassLook:
    """How a class is named, marked and explained."""

    words: str
    icon: str
    colour: str
    why: str


CLASS_LOOKS = {
    ChangeClass.NEW: ClassLook("新欠费", "mark-open", "", "原来不欠，这份清单里欠：新记账，列入待办"),
    ChangeClass.INCREASED: ClassLook("增加", "up", COLOURS.azure, "比原来多：多出的月份另记一笔"),
    ChangeClass.PARTLY_PAID: ClassLook("部分缴", "mark-partly", "", "比原来少：从最早的月份冲抵，待与收款对账"),
    ChangeClass.PAID_OFF: ClassLook("已缴清", "mark-paid", "", "原来欠，清单里已没有：将划去，历史保留"),
    ChangeClass.OWNER: ClassLook("业主变更", "user", COLOURS.ochre, "姓名与原来不同：旧账留在原业主名下"),
    ChangeClass.DOUBT: ClassLook(
        "收款待核", "mark-verify", "", "清单仍列着已记收款或减免的欠费：不另记账，请财务核对，核对前不催"
    ),
    ChangeClass.UNCHANGED: ClassLook("无变化", "", "", "与原来一分不差"),
    ChangeClass.REJECTED: ClassLook("未读入", "mark-broken", "", "这些行没有读入，原来的账不动；改好再导一次就行"),
}


def signed(fen: int) -> str:
    """+28,901.50, −6,214.00, 0.00."""
    return f"+{show(fen)}" if fen > 0 else show(fen)


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: ChangeClass
    count: str
    under: str
    alert: bool


class _ClassDelegate(QStyledItemDelegate):
    """A class: icon, name, count, sum below."""

    height = 50

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """One height for all."""
        return QSize(180, self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, icon, words, figures."""
        entry = index.data(_ITEM)
        if not isinstance(entry, _Entry):
            return
        view = option.widget
        rect: QRect = option.rect.adjusted(12, 1, -12, -1)
        current = isinstance(view, QListWidget) and view.currentIndex() == index
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if current:
            painter.setPen(QPen(QColor(COLOURS.azure), 2) if view.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(COLOURS.azure_select))
            painter.drawRoundedRect(rect, 5, 5)
        look = CLASS_LOOKS[entry.kind]
        middle = rect.center().y()
        if look.icon:
            icons.draw(painter, look.icon, look.colour, 16, rect.left() + 12, middle - 8)
        painter.setFont(font(14, bold=current))
        painter.setPen(text_colour(Tone.INK))
        flat = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        if not look.icon:
            painter.drawText(QRect(rect.left() + 15, rect.top(), 20, rect.height()), flat, "=")
        painter.drawText(QRect(rect.left() + 38, rect.top(), 100, rect.height()), flat, look.words)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        half = rect.height() // 2
        top = QRect(rect.left() + 94, rect.top() + 3, rect.width() - 106, half - 3)
        whole = QRect(top.left(), rect.top(), top.width(), rect.height())
        painter.setFont(font(13, bold=True))
        painter.drawText(top if entry.under else whole, right, entry.count)
        painter.setFont(font(12))
        painter.setPen(text_colour(Tone.OCHRE if entry.alert else Tone.CAPTION))
        painter.drawText(QRect(rect.left() + 40, rect.top() + half, rect.width() - 52, half - 3), right, entry.under)
        painter.restore()


def _money(of: Callable[[ChangeRow], int], *, bold: bool = False, muted: bool = False) -> Callable[[ChangeRow], Cell]:
    tone = Tone.MUTED if muted else Tone.INK
    return lambda row: Cell(show(of(row)), bold=bold, tone=tone)


CHANGE_COLUMNS = (
    Column[ChangeRow]("房号", lambda row: Cell(row.room, bold=True), 104, sort_key="room"),
    Column[ChangeRow]("业主", lambda row: Cell(row.name), 150, sort_key="name"),
    Column[ChangeRow]("原欠(元)", _money(lambda row: row.before, muted=True), 96, Align.RIGHT, "before"),
    Column[ChangeRow]("现欠(元)", _money(lambda row: row.after, bold=True), 96, Align.RIGHT, "after"),
    Column[ChangeRow]("牵动", lambda row: Cell(row.effect), 256),
    Column[ChangeRow]("导入后", lambda row: Cell(row.then, tone=Tone.OCHRE if row.strong else Tone.MUTED), 0),
)
REFUSED_COLUMNS = (
    Column[ChangeRow]("行", lambda row: Cell(row.where), 104, sort_key="room"),
    Column[ChangeRow]("原因", lambda row: Cell(row.effect, tone=Tone.CINNABAR), 0),
    Column[ChangeRow](
        "金额(元)", lambda row: Cell(show(row.after) if row.after else "说不准"), 96, Align.RIGHT, "after"
    ),
    Column[ChangeRow]("行里写着", lambda row: Cell(row.name, tone=Tone.MUTED), 300),
)
_EFFECT = 4
"""Place of 牵动 among `CHANGE_COLUMNS`."""
_NARROW = {CHANGE_COLUMNS: (86, 104, 84, 84, 156, 0), REFUSED_COLUMNS: (84, 0, 84, 170)}
"""Widths in a narrow dialog; 0 takes the rest."""


class _ChangesTable(RecordTableView[ChangeRow]):
    """The rows of a class; in a narrow dialog each column gives way a little, so that none is out of sight."""

    tells_effects = True
    """Whether 牵动 is shown: where nothing is set off, the room goes to what follows."""

    def fit_columns(self, window_width: int | None = None) -> None:
        """Widths of the specs, or the narrow ones."""
        super().fit_columns(window_width)
        model = self.model()
        if not isinstance(model, RecordTableModel):
            return
        specs, room = model.columns, self.viewport().width()
        widths = list(_NARROW[specs] if room < 860 else (spec.width for spec in specs))
        if specs is CHANGE_COLUMNS:
            self.setColumnHidden(_EFFECT, not self.tells_effects)
            if not self.tells_effects:
                widths[1], widths[_EFFECT] = 150, 0
        rest = max(60, room - sum(widths))
        for section, width in enumerate(widths):
            if not self.isColumnHidden(section):
                self.horizontalHeader().resizeSection(section, width or rest)


_SORTS: dict[str, Callable[[ChangeRow], object]] = {
    "room": lambda row: row.id,
    "name": lambda row: (row.name, row.id),
    "before": lambda row: (row.before, -row.id),
    "after": lambda row: (row.after, -row.id),
}


class ChangesStep(QWidget):
    """The difference to what the office holds.

    Signals:
        answered: a `Question` and its answer.
        save_wanted: the refused rows as a workbook.
    """

    answered = Signal(object, object)
    save_wanted = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._now: Understood | None = None
        self._order = ("room", False)
        self.equation = label(wrap=True)
        # Figures and our own words only, so that markup is safe here.
        self.equation.setTextFormat(Qt.TextFormat.RichText)
        self._agrees = IconMark("mark-paid", size=16)
        self.repeats = Banner(Tone.AZURE, "info")
        self.questions = QuestionBand()
        self.questions.answered.connect(self.answered)
        self.classes = QListWidget()
        self._painter = _ClassDelegate(self.classes)
        self.classes.setItemDelegate(self._painter)
        self.classes.setFrameShape(QFrame.Shape.NoFrame)
        self.classes.setFixedWidth(250)
        self.classes.setAccessibleName("变化的种类")
        self.classes.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.classes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.classes.currentRowChanged.connect(lambda _: self._show_class())
        self.rows = RecordTableModel(CHANGE_COLUMNS, lambda row: row.id, parent=self)
        self.table = _ChangesTable(self.rows, row_height=30)
        self.refused_rows = RecordTableModel(REFUSED_COLUMNS, lambda row: row.id, parent=self)
        self.refused_table = _ChangesTable(self.refused_rows, row_height=30)
        for view in (self.table, self.refused_table):
            view.order_asked.connect(self._on_order)
        self._icon = IconMark("mark-paid", size=18)
        self.heading = label("", "section")
        self._why = ElidedLabel("", "caption")
        self.save = KeyButton("存为带原因的表", icon="export", kind="quiet")
        self.save.clicked.connect(self.save_wanted)
        self.footer = label("", "strong")
        self._lay_out()

    def show_understood(self, now: Understood) -> None:
        """Show another difference; the class looked at stays."""
        self._now = now
        chosen = self.chosen()
        plan = now.plan
        self.equation.setText(_in_bold(equation_words(plan)))
        self._agrees.setVisible(agrees(plan))
        since = since_words(plan)
        self.repeats.show_lines((*repeat_lines(plan, self._today), *((since,) if since else ())))
        self.questions.show_questions(now.open_questions, now.reading.period)
        self.classes.blockSignals(True)
        self.classes.clear()
        for kind in CLASS_LOOKS:
            entry = _entry(kind, now.rows[kind])
            item = QListWidgetItem()
            item.setData(_ITEM, entry)
            look = CLASS_LOOKS[kind]
            item.setData(int(Qt.ItemDataRole.AccessibleTextRole), f"{look.words} {entry.count} {entry.under}")
            self.classes.addItem(item)
        kinds = list(CLASS_LOOKS)
        first = next((kind for kind in kinds if now.rows[kind]), kinds[0])
        self.classes.setCurrentRow(kinds.index(chosen if chosen and now.rows[chosen] else first))
        self.classes.blockSignals(False)
        self._show_class()

    def chosen(self) -> ChangeClass | None:
        """The class whose rows are shown."""
        at = self.classes.currentRow()
        return list(CLASS_LOOKS)[at] if at >= 0 else None

    def choose(self, kind: ChangeClass) -> None:
        """Open the rows of a class."""
        self.classes.setCurrentRow(list(CLASS_LOOKS).index(kind))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow: a slimmer list of classes; short: lower entries."""
        super().resizeEvent(event)
        narrow = self.width() < 1000
        self.classes.setFixedWidth(206 if narrow else 250)
        self._painter.height = 42 if self.height() < 440 else 50
        self.classes.doItemsLayout()

    def _lay_out(self) -> None:
        top = QFrame()
        top.setProperty("role", "verdict")
        line = QHBoxLayout(top)
        line.setContentsMargins(24, 10, 24, 10)
        line.setSpacing(10)
        line.addWidget(self._agrees)
        line.addWidget(self.equation, 1)
        head = QHBoxLayout()
        head.setContentsMargins(16, 6, 16, 6)
        head.setSpacing(8)
        for part, stretch in ((self._icon, 0), (self.heading, 0), (self._why, 1), (self.save, 0)):
            head.addWidget(part, stretch)
        head_box = QWidget()
        head_box.setLayout(head)
        head_box.setFixedHeight(46)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.refused_table)
        foot = QHBoxLayout()
        foot.setContentsMargins(8, 8, 16, 8)
        foot.addWidget(self.footer, 1)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(head_box)
        right.addWidget(self._stack, 1)
        right.addWidget(hairline())
        right.addLayout(foot)
        panel = QFrame()
        panel.setProperty("role", "panel")
        panel.setLayout(right)
        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.classes)
        body.addWidget(panel, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(hairline())
        column.addWidget(self.repeats)
        column.addWidget(self.questions)
        column.addLayout(body, 1)

    def _show_class(self) -> None:
        kind = self.chosen()
        if kind is None or self._now is None:
            return
        look, rows = CLASS_LOOKS[kind], self._now.rows[kind]
        refused = kind is ChangeClass.REJECTED
        key, down = self._order
        ordered = sorted(rows, key=_SORTS[key], reverse=down)  # type: ignore[arg-type]  # one type within a key
        self.table.tells_effects = any(row.effect for row in rows)
        self.table.fit_columns()
        model, view = (self.refused_rows, self.refused_table) if refused else (self.rows, self.table)
        model.show_order(key, down)
        view.show_rows(ordered)
        if rows and view.current_id() is None:
            view.choose_row(0)
        self._stack.setCurrentWidget(view)
        unit = "行" if refused else "户"
        self._icon.show_icon(look.icon, look.colour)
        self._icon.setVisible(bool(look.icon))
        self.heading.setText(f"{look.words} {len(rows)} {unit}")
        self._why.setText(look.why)
        self.save.setVisible(refused and bool(rows))
        self.footer.setText(_footer(kind, rows))

    def _on_order(self, key: str) -> None:
        was, down = self._order
        self._order = (key, key == was and not down)
        self._show_class()


def _entry(kind: ChangeClass, rows: tuple[ChangeRow, ...]) -> _Entry:
    if kind is ChangeClass.REJECTED:
        told = sum(row.after for row in rows)
        return _Entry(kind, f"{len(rows)} 行", show(told) if told else "", bool(rows))
    if kind is ChangeClass.OWNER:
        return _Entry(kind, f"{len(rows)} 户", "要您看一眼" if rows else "", True)
    if kind is ChangeClass.DOUBT:
        doubted = sum(row.doubted for row in rows)
        return _Entry(kind, f"{len(rows)} 户", show(doubted) if doubted else "", True)
    if kind is ChangeClass.UNCHANGED:
        return _Entry(kind, f"{len(rows)} 户", "", False)
    return _Entry(kind, f"{len(rows)} 户", signed(sum(row.delta for row in rows)), False)


def _footer(kind: ChangeClass, rows: tuple[ChangeRow, ...]) -> str:
    if kind is ChangeClass.REJECTED:
        told = sum(row.after for row in rows)
        return f"{len(rows)} 行   合计 {show(told)}" + ("（说得准的）" if any(not row.after for row in rows) else "")
    if kind is ChangeClass.DOUBT:
        return f"{len(rows)} 户   待核合计 {show(sum(row.doubted for row in rows))}"
    before, after = sum(row.before for row in rows), sum(row.after for row in rows)
    moved = f"   变动 {signed(after - before)}" if after != before else ""
    return f"{len(rows)} 户   原欠合计 {show(before)}   现欠合计 {show(after)}{moved}"


def equation_words(plan: ImportPlan) -> str:
    """上次欠费 + 新欠费 + 增加 − 部分缴 − 已缴清 = this list; where the list does not speak of all, what stays besides.

    All as of the list's day. What the list names although it is held as paid is a term of its own.
    """
    parts = [f"上次欠费 {show(plan.before)}"]
    for kind, words in (("new", "新欠费"), ("increased", "增加"), ("partly_paid", "部分缴"), ("paid_off", "已缴清")):
        delta = sum(change.delta for change in plan.changes if str(change.kind) == kind)
        parts.append(f"{'−' if delta < 0 or kind in ('partly_paid', 'paid_off') else '＋'} {words} {show(abs(delta))}")
    total, said = plan.reading.total, plan.after + plan.doubted
    if plan.doubted:
        settled = plan.doubted - plan.unsettled
        words = "待核" if not settled else f"待核 {show(plan.unsettled)}、已核实 {show(settled)}，共"
        parts.append(f"＋ 与已记收款不一致，{words} {show(plan.doubted)}")
    if said == total:
        parts.append(f"＝ 这份清单 {show(total)}")
    else:
        rest = f"清单 {show(total)}，清单没说到的 {show(said - total)}" if said > total else f"清单写 {show(total)}"
        parts.append(f"＝ 导入后 {show(said)}（{rest}）")
    return "   ".join(parts)


def since_words(plan: ImportPlan) -> str:
    """What came in after the list's day, which the equation leaves out; empty when nothing did."""
    if not plan.since:
        return ""
    day = f"{plan.options.as_of:%m-%d}"
    return (
        f"以上都按清单日（{day}）算；这天之后已收、已减的 {show_yuan(plan.since)}（{plan.since_units} 户）导入后照算。"
    )


def _in_bold(words: str) -> str:
    """The first and the last sum in bold; terms do not break in two."""
    terms = [term.replace(" ", "&nbsp;") for term in words.split("   ")]
    for place in (0, len(terms) - 1):
        terms[place] = re.sub(r"([\d,]+\.\d\d)", r"<b>\1</b>", terms[place], count=1)
    return " &nbsp; ".join(terms)


def agrees(plan: ImportPlan) -> bool:
    """Whether the difference leads to exactly what the list says."""
    moved = sum(change.delta for change in plan.changes)
    return plan.before + moved == plan.after == plan.reading.total - plan.doubted


def repeat_lines(plan: ImportPlan, today: date) -> tuple[str, ...]:
    """The file has been imported before."""
    if plan.repeats is None:
        return ()
    if any(change.writes for change in plan.changes):
        return (f"这份清单 {short_day(plan.repeats, today)} 已导入过；照现在的样子再导，会有下面的变化。",)
    return (f"这份清单 {short_day(plan.repeats, today)} 已导入过，再导不会改变任何数据。",)
