"""First step of the import, 读懂清单: what the list is, column by column, with its own totals against ours.

The step holds nothing: it shows an `Understood` and asks for another `ImportDraft` when the clerk changes something.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.models.arrears_list import (
    ColumnMeaning,
    FeeSpan,
    Meaning,
    Question,
    QuestionCode,
    Reading,
    SheetReading,
)
from feedesk.models.periods import Period
from feedesk.tasks.import_draft import Answer, ImportDraft, Understood, set_column
from feedesk.ui.import_fields import Labelled, PeriodEdit
from feedesk.ui.import_mapping_table import MappingTable, PreviewRow
from feedesk.ui.import_meanings import MeaningChoice
from feedesk.ui.import_questions import READING_CODES, ColumnAnswer, QuestionBand
from feedesk.ui.import_verdict import Equation, RefusedBand
from feedesk.ui.theme import COLOURS
from feedesk.ui.widgets import ChipRow, DayEdit, ElidedLabel, IconMark, KeyButton, Segment, hairline, label

_AHEAD = "数据截至的日子不能在今天之后。"
_WIDE = 1100
_SHORT = 560


class MappingStep(QWidget):
    """What was understood of the list, and every way to put it right.

    Signals:
        draft_wanted: an `ImportDraft` that differs from the one shown.
        answered: a `Question` and its answer, for those that the dialog settles.
        save_wanted: the refused rows as a workbook.
        typed: something was typed into a field; `problem` may say something else now.
    """

    typed = Signal()
    draft_wanted = Signal(object)
    answered = Signal(object, object)
    save_wanted = Signal()

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._now: Understood | None = None
        self._pending: ImportDraft | None = None
        self._sheet = ""
        self._make_fields()
        self.questions = QuestionBand()
        self.questions.answered.connect(self._on_answer)
        self.table = MappingTable()
        self.table.setMinimumHeight(66 + 2 * 28 + 14)
        self.table.meant.connect(self._on_meant)
        self.info = ElidedLabel("", "")
        self.refused = RefusedBand()
        self.refused.save_wanted.connect(self.save_wanted)
        self.refused.rounding_wanted.connect(self._on_rounding)
        self.equation = Equation()
        self._lay_out()

    # --- what is shown ---

    def show_understood(self, now: Understood) -> None:
        """Show another state of the import."""
        self._now, self._pending = now, now.draft
        reading = now.reading
        names = [sheet.name for sheet in reading.sheets]
        if self._sheet not in names:
            self._sheet = next((sheet.name for sheet in reading.sheets if sheet.used), names[0] if names else "")
        self.sheets.set_chips([(sheet.name, sheet_words(sheet), "", None) for sheet in reading.sheets])
        self.sheets.choose(self._sheet)
        self._show_fields(now)
        self._show_sheet(now)
        open_here = [question for question in now.open_questions if question.code in READING_CODES]
        self.questions.show_questions(open_here, reading.period)
        self.info.setText(info_words(reading))
        self.refused.show_reading(reading)
        self.equation.show_reading(reading)

    def shown_sheet(self) -> SheetReading | None:
        """The sheet whose columns are shown."""
        if self._now is None:
            return None
        return next((sheet for sheet in self._now.reading.sheets if sheet.name == self._sheet), None)

    def problem(self) -> str:
        """What in the fields cannot be read; empty when all is well."""
        if self.as_of.problem():
            return f"数据截至：{self.as_of.problem()}"
        if (self.as_of.day() or self._today) > self._today:
            return _AHEAD
        for words, field in (("“本期”", self.period), ("“前期”", self.prior)):
            if field.isVisibleTo(self) and field.text().strip() and field.period() is None:
                return f"{words}的月份看不懂，可写 2026-07 至 2026-09。"
        return ""

    # --- building ---

    def _make_fields(self) -> None:
        self.sheets = ChipRow()
        self.sheets.chosen.connect(self._on_sheet)
        self.use_sheet = KeyButton("不读这张表", kind="quiet")
        self.use_sheet.clicked.connect(self._on_use_sheet)
        self.as_of = DayEdit(self._today, past=True)
        self.as_of.day_changed.connect(self._on_day)
        self.period = PeriodEdit(self._today)
        self.period.period_changed.connect(lambda _: self._on_periods())
        self.prior = PeriodEdit(self._today)
        self.prior.period_changed.connect(lambda _: self._on_periods())
        for field in (self.as_of, self.period, self.prior):
            field.textEdited.connect(self.typed)
            field.editingFinished.connect(self.typed)
        self.full = Segment((("full", "全部欠费清单"), ("part", "只是一部分")))
        self.full.chosen.connect(lambda key: self._want(self._draft().with_scope(full=key == "full")))
        self.full.button("full").setToolTip("清单所列楼栋里没写到的户，按已缴清处理。")
        self.full.button("part").setToolTip("没写到的户不动。")
        self.debt = Segment((("whole", "全部旧欠"), ("current", "只含本期")))
        self.debt.chosen.connect(lambda key: self._want(self._draft().with_scope(whole_debt=key == "whole")))
        self.debt.button("whole").setToolTip("清单写的是每户到这一天的全部欠费。")
        self.debt.button("current").setToolTip("清单只写它列出的那些月份，别的月份的旧欠不动。")
        self.header_words = label("", "strong")

    def _lay_out(self) -> None:
        self._fields = {
            "day": Labelled("数据截至(&D)", self.as_of),
            "period": Labelled("“本期”是(&B)", self.period),
            "prior": Labelled("“前期”是(&Q)", self.prior),
            "full": Labelled("这份是(&Z)", self.full),
            "debt": Labelled("欠费是(&W)", self.debt),
            "header": Labelled("表头", self.header_words),
        }
        self._sheet_box = QWidget()
        chips = QHBoxLayout(self._sheet_box)
        chips.setContentsMargins(0, 0, 0, 0)
        chips.setSpacing(8)
        chips.addWidget(label("工作表", "label"))
        chips.addWidget(self.sheets, 1)
        chips.addWidget(self.use_sheet)
        self._top = top = QHBoxLayout()
        top.setContentsMargins(24, 10, 24, 10)
        top.setSpacing(16)
        for name, field in self._fields.items():
            if name == "header":
                top.addStretch(1)
            top.addWidget(field)
        self._second = QVBoxLayout()
        self._second.setContentsMargins(24, 0, 24, 8)
        self._second.addWidget(self._sheet_box)
        info = QHBoxLayout()
        info.setContentsMargins(24, 5, 24, 5)
        info.setSpacing(8)
        info.addWidget(IconMark("info", COLOURS.azure, 16))
        info.addWidget(self.info, 1)
        self._info_row = QWidget()
        self._info_row.setLayout(info)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(self._second)
        column.addWidget(self.questions)
        column.addWidget(hairline())
        column.addWidget(self.table, 1)
        column.addWidget(hairline())
        column.addWidget(self._info_row)
        column.addWidget(self.refused)
        column.addWidget(self.equation)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what a small window has no room for."""
        super().resizeEvent(event)
        wide, short = self.width() >= _WIDE, self.height() < _SHORT - 110
        self._fields["header"].setVisible(wide)
        self._info_row.setVisible(not short)
        self.equation.items_shown(wide)
        self.equation.set_compact(short)
        self._top.setContentsMargins(24, 4 if short else 10, 24, 6 if short else 10)

    def _show_fields(self, now: Understood) -> None:
        draft, reading = now.draft, now.reading
        if not self.as_of.hasFocus() or self.as_of.day() != now.plan.options.as_of:
            self.as_of.set_day(now.plan.options.as_of)
        spans = {column.span for sheet in reading.sheets if sheet.used for column in sheet.columns}
        self._fields["period"].rename("“本期”是(&B)" if FeeSpan.CURRENT in spans else "费用期间(&B)")
        self._fields["period"].setVisible(asks_period(now))
        self._fields["prior"].setVisible(FeeSpan.PRIOR in spans)
        for field, period in ((self.period, draft.read.period), (self.prior, draft.read.prior_period)):
            if field.period() != period or not field.hasFocus():
                field.set_period(period)
        self.period.setPlaceholderText(
            f"{reading.period.text()}？" if reading.period and not draft.read.period else "如 2026-07 至 09"
        )
        self.full.choose("full" if draft.wishes.full else "part")
        self.debt.choose("whole" if draft.wishes.whole_debt else "current")

    def _show_sheet(self, now: Understood) -> None:
        sheet = self.shown_sheet()
        if sheet is None:
            return
        several = len(now.reading.sheets) > 1
        self._sheet_box.setVisible(several)
        self._second.setContentsMargins(24, 0, 24, 8 if several else 0)
        used = sum(one.used for one in now.reading.sheets)
        self.use_sheet.setVisible(bool(sheet.columns) and (not sheet.used or used > 1))
        self.use_sheet.set_words("不读这张表" if sheet.used else "也读这张表")
        self.header_words.setText(header_words(sheet))
        self.table.show_sheet(sheet, preview_rows(sheet, now.reading), now.items)

    # --- what the clerk does ---

    def _draft(self) -> ImportDraft:
        """What has been decided, including what the worker has not worked out yet."""
        if self._pending is None:
            raise RuntimeError("nothing shown yet")
        return self._pending

    def _columns(self, sheet: SheetReading) -> tuple[ColumnMeaning, ...]:
        return self._draft().read.columns.get(sheet.name, sheet.columns)

    def _want(self, draft: ImportDraft) -> None:
        if draft != self._pending:
            self._pending = draft
            self.draft_wanted.emit(draft)

    def _on_sheet(self, name: str) -> None:
        self._sheet = name
        if self._now is not None:
            self._show_sheet(self._now)

    def _on_use_sheet(self) -> None:
        sheet = self.shown_sheet()
        if sheet is None or self._now is None:
            return
        used = [one.name for one in self._now.reading.sheets if one.used]
        wanted = [name for name in used if name != sheet.name] if sheet.used else [*used, sheet.name]
        self._want(self._draft().with_sheets(tuple(wanted)))

    def _on_day(self, day: date | None) -> None:
        if day is not None and day > self._today:
            self.as_of.set_bad(_AHEAD)
        elif day is not None:
            self._want(self._draft().with_day(day))

    def _on_periods(self) -> None:
        if not self.problem():
            self._want(self._draft().with_periods(self.period.period(), self.prior.period()))

    def _on_rounding(self) -> None:
        self._want(self._draft().with_rounding(True))

    def _on_meant(self, index: int, choice: MeaningChoice) -> None:
        sheet = self.shown_sheet()
        if sheet is None:
            return
        if choice.span is not None:
            span = choice.span
            columns = tuple(
                replace(column, span=span, sure=True) if column.index == index else column
                for column in self._columns(sheet)
            )
        else:
            columns = set_column(self._columns(sheet), index, choice.meaning, choice.item)
        self._want(self._draft().with_columns(sheet.name, columns))

    def _on_answer(self, question: Question, answer: object) -> None:
        if question.code is QuestionCode.NO_PERIOD:
            self._answer_period(question, answer)
        elif question.code is QuestionCode.UNKNOWN_COLUMN:
            self._answer_column(question, str(answer))
        else:
            self.answered.emit(question, answer)

    def _answer_period(self, question: Question, answer: object) -> None:
        if isinstance(answer, Period):
            self._want(self._draft().with_periods(answer, self._draft().read.prior_period))
        elif answer is Answer.MONTHS_UNKNOWN:
            self.answered.emit(question, answer)
        else:
            self.period.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer_column(self, question: Question, answer: str) -> None:
        found = self._column_of(question)
        if found is None:
            return
        sheet, column = found
        if answer == ColumnAnswer.LOOK:
            self._sheet = sheet.name
            self.sheets.choose(sheet.name)
            self._on_sheet(sheet.name)
            self.table.open_meaning([one.index for one in sheet.columns].index(column.index))
            return
        meaning = {
            ColumnAnswer.FEE: Meaning.FEE,
            ColumnAnswer.CHECK: Meaning.CHECK_ROW,
            ColumnAnswer.IGNORE: Meaning.IGNORE,
        }.get(answer, Meaning.REMARK)
        item = column.item or column.title.split("·")[-1] if meaning is Meaning.FEE else ""
        columns = set_column(self._columns(sheet), column.index, meaning, item)
        self._want(self._draft().with_columns(sheet.name, columns))

    def _column_of(self, question: Question) -> tuple[SheetReading, ColumnMeaning] | None:
        """The column a question is about: by its title among those nobody is sure of, else the first such."""
        if self._now is None:
            return None
        sheets = self._now.reading.sheets
        unsure = [(sheet, column) for sheet in sheets for column in sheet.columns if not column.sure]
        named = [pair for pair in unsure if pair[1].title in question.subjects]
        untitled = [pair for pair in unsure if not pair[1].title]
        loose = [(sheet, column) for sheet in sheets for column in sheet.columns if column.title in question.subjects]
        return next(iter([*named, *untitled, *loose]), None)


def asks_period(now: Understood) -> bool:
    """Whether the list leaves months open that a person may tell."""
    if now.draft.read.period is not None or now.draft.months_unknown:
        return True
    return any(question.code is QuestionCode.NO_PERIOD for question in now.reading.questions)


def sheet_words(sheet: SheetReading) -> str:
    """A chip: 欠费明细 · 60 行数据, 说明（没有表头）."""
    return f"{sheet.name} · {sheet.why}" if sheet.used else f"{sheet.name}（{sheet.why}）"


def header_words(sheet: SheetReading) -> str:
    """第 3–4 行，两级."""
    rows = sheet.header_rows
    if not rows:
        return "没有表头"
    if len(rows) == 1:
        return f"第 {rows[0]} 行"
    return f"第 {rows[0]}–{rows[-1]} 行，{'两级' if len(rows) == 2 else f'{len(rows)} 级'}"


def info_words(reading: Reading) -> str:
    """How much is sure, and what the reading has to say."""
    columns = [column for sheet in reading.sheets if sheet.used for column in sheet.columns]
    unsure = sum(not column.sure for column in columns)
    sure = "全部有把握" if not unsure else f"{unsure} 列没有把握，标了“?”"
    skipped = f"略过 {len(reading.skipped)} 行（合计、分组、说明）。" if reading.skipped else ""
    notes = "".join(reading.notes)
    return (
        f"认出 {len(columns)} 列，{sure}。{skipped}{notes}改任何一列，下面的合计立刻重算；确认后，同样的表下次不再问。"
    )


def preview_rows(sheet: SheetReading, reading: Reading) -> list[PreviewRow]:
    """The sample lines of a sheet, with the rows left out between them named by their count."""

    def here(name: str) -> bool:
        return sheet.name == name or sheet.name.startswith(f"{name}（第 ")

    skipped = {row.row: row.why for row in reading.skipped if here(row.sheet)}
    refused = {row.row: row.reason for row in reading.rejected if here(row.sheet)}
    lines: list[PreviewRow] = []
    before = 0
    for number, cells in sheet.preview:
        if before and number > before + 1:
            lines.append(PreviewRow(0, (), f"中间还有 {number - before - 1} 行"))
        why = refused.get(number, skipped.get(number, ""))
        lines.append(PreviewRow(number, cells, why, number in refused))
        before = number
    return lines
