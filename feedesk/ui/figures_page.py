"""统计: the three rates against the plan, by building and by month, with the rows behind each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from feedesk.models.changes import Changes
from feedesk.models.collection import (
    Figures,
    HouseholdRow,
    Part,
    Rate,
    Span,
    this_month,
    this_quarter,
    this_year,
)
from feedesk.models.collection_words import (
    HOUSEHOLDS,
    OUTSIDE,
    RATE,
    RECOVERY,
    building_name,
    buildings_basis,
    cards,
    cautions,
    show_rate,
)
from feedesk.models.days import short_day
from feedesk.models.money import show, show_yuan
from feedesk.models.promises import PromiseMonths
from feedesk.models.store import Office
from feedesk.models.yearly_plan import YearPlan
from feedesk.ui import figures_copy
from feedesk.ui.desk import Desk
from feedesk.ui.dispute_actions import DisputeActions
from feedesk.ui.figures_bars import BarRow, BarsPanel
from feedesk.ui.figures_cards import RateCard
from feedesk.ui.figures_plan_dialog import FiguresPlanDialog
from feedesk.ui.figures_rows_dialog import FiguresRowsDialog, RowsWanted
from feedesk.ui.figures_span_dialog import FiguresSpanDialog
from feedesk.ui.jobs import Tick
from feedesk.ui.page import KeyHint, Page
from feedesk.ui.promise_strip import PromiseStrip
from feedesk.ui.promises_dialog import PromisesDialog
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, ChipRow, ElidedLabel, EmptyState, KeyButton, label

MONTH, QUARTER, YEAR, OWN = "month", "quarter", "year", "own"
_SPANS = {MONTH: this_month, QUARTER: this_quarter, YEAR: this_year}
_CHIPS = ((MONTH, "本月"), (QUARTER, "本季"), (YEAR, "今年"), (OWN, "自选…"))
_OUTSIDE_KEY = "outside"
_SHORT = 640


class FiguresPage(Page):
    """Reads the figures in the background and shows them; the plan, the rows and the workbook are keys away."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._chosen = MONTH
        self._own: Span | None = None
        self._asked: Span | None = None
        self.figures: Figures | None = None
        self.months_kept: PromiseMonths | None = None
        self.chips = ChipRow()
        self.chips.set_chips([(key, words, "", None) for key, words in _CHIPS])
        self.chips.choose(MONTH)
        self.when = ElidedLabel("", "caption")
        self.plan_button = KeyButton("年度计划", icon="target", key="Ctrl+J")
        self.limit_button = KeyButton("时效", icon="hourglass", key="Ctrl+L")
        self._narrow = False
        self._disputes = DisputeActions(desk, self)
        self.disputes_button = KeyButton("异议", icon="wrench", key="Ctrl+D")
        self.results_button = KeyButton("话术效果", key="Ctrl+R")
        self.export_button = KeyButton("导出本页", icon="export", key="Ctrl+S")
        self.cautions = Banner(Tone.OCHRE, "info")
        self.cards = {key: RateCard() for key in (RATE, HOUSEHOLDS, RECOVERY)}
        self.promises = PromiseStrip()
        self.buildings = BarsPanel("各栋收费率", "点一条，看这些户")
        self.months = BarsPanel("各月收费率", "", legend=True)
        self.empty = EmptyState(
            "还没有欠费清单。", "收费率从清单里的账目算起；请财务导出一份，Excel 或 CSV 都行。", "导入清单"
        )
        self._build()
        self._connect()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label("统计", "title"))
        head.addWidget(self.chips, 1)
        head.addWidget(self.results_button)
        head.addWidget(self.disputes_button)
        head.addWidget(self.limit_button)
        head.addWidget(self.plan_button)
        head.addWidget(self.export_button)
        inner = QWidget()
        inner.setProperty("role", "page")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        row = QHBoxLayout()
        row.setSpacing(12)
        for card in self.cards.values():
            row.addWidget(card, 1)
        column.addLayout(row)
        column.addWidget(self.cautions)
        column.addWidget(self.promises)
        panels = QHBoxLayout()
        panels.setSpacing(12)
        for panel in (self.buildings, self.months):
            panel.setMinimumHeight(190)
            panels.addWidget(panel, 1)
        column.addLayout(panels, 1)
        self._scroll = QScrollArea()
        self._scroll.setProperty("role", "page")
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        self.stack = QStackedWidget()
        waiting = QWidget()
        for view in (waiting, self.empty, self._scroll):
            self.stack.addWidget(view)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addWidget(self.when)
        whole.addWidget(self.stack, 1)
        self._whole = whole

    def _connect(self) -> None:
        self.chips.chosen.connect(self._on_chip)
        self.plan_button.clicked.connect(self.edit_plan)
        self.limit_button.clicked.connect(self.show_limits)
        self.export_button.clicked.connect(self.export)
        self.results_button.clicked.connect(self.show_results)
        self.disputes_button.clicked.connect(self._disputes.list_all)
        self.empty.pressed.connect(self._desk.import_wanted)
        for key, card in self.cards.items():
            card.opened.connect(partial(self.open_card, key))
            card.copy_asked.connect(partial(self.copy_card, key))
        self.promises.opened.connect(self.open_promises)
        self.promises.copy_asked.connect(self.copy_promises)
        self.buildings.opened.connect(self.open_building)
        self.buildings.copy_asked.connect(self.copy_buildings)
        self.months.opened.connect(self.open_month)
        self.months.copy_asked.connect(self.copy_months)
        self._desk.changed.connect(self._on_changed)
        acts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+S", self.export),
            ("Ctrl+J", self.edit_plan),
            ("Ctrl+L", self.show_limits),
            ("Ctrl+D", self._disputes.list_all),
            ("Ctrl+R", self.show_results),
            ("Alt+Right", lambda: self.chips.step(1)),
            ("Alt+Left", lambda: self.chips.step(-1)),
        )
        for keys, act in acts:
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # --- what the shell asks ---

    def shown(self) -> None:
        """Count anew: money may have come in, or the day may have changed."""
        self.reload()
        if not self.cards[RATE].isVisible() or QApplication.focusWidget() is None:
            self.chips.chip(self.chips.value()).setFocus(Qt.FocusReason.OtherFocusReason)

    def fit(self, width: int, height: int) -> None:
        """Choose the layout for a window of this size."""
        narrow = self._narrow = width < 1100
        self.plan_button.set_words("年度计划", key="" if narrow else "Ctrl+J")
        self.limit_button.set_words("时效", key="" if narrow else "Ctrl+L")
        self.export_button.set_words("导出本页", key="" if narrow else "Ctrl+S")
        self.results_button.setVisible(not narrow)  # the key works all the same
        gap = 8 if height < _SHORT else 12
        self._whole.setSpacing(gap)
        for panel in (self.buildings, self.months):
            panel.fit(width)

    def key_hints(self) -> tuple[KeyHint, ...]:
        """Everything that works here."""
        return (
            KeyHint("Alt+← Alt+→", "本月、本季、今年、自选"),
            KeyHint("Tab", "换一个数"),
            KeyHint("↑ ↓", "在各栋、各月里换一条"),
            KeyHint("Enter", "看这个数后面的户；再按 Enter 去看这一户"),
            KeyHint("Ctrl+C", "复制这个数和它的表"),
            KeyHint("Ctrl+J", "年度计划"),
            KeyHint("Ctrl+L", "时效：半年内到期的账、已过的账，和怎么办"),
            KeyHint("Ctrl+D", "异议与遗留：全部在办的，多少件、多久了"),
            KeyHint("Ctrl+R", "话术效果：每篇话术用过几次、承诺几次、兑现几次、到账几次"),
            KeyHint("Ctrl+S", "导出本页（Excel）"),
        )

    # --- figures ---

    def span(self) -> Span:
        """What the chosen chip means today."""
        today = self._desk.today()
        if self._chosen == OWN and self._own is not None:
            return self._own
        return _SPANS.get(self._chosen, this_month)(today)

    def reload(self) -> None:
        """Read the figures of the chosen span in the background; the old ones stay meanwhile."""
        span = self._asked = self.span()

        def work(office: Office, _tick: Tick) -> tuple[Figures, PromiseMonths]:
            return office.targets.figures(span), office.promises.months()

        self._desk.in_background(work, self._take, "正在统计")

    def _take(self, read: tuple[Figures, PromiseMonths]) -> None:
        figures, months = read
        if figures.span != self._asked:
            return  # another span has been chosen meanwhile, and is on its way
        self.figures, self.months_kept = figures, months
        self.promises.show_months(months)
        self._show_disputes()
        self._show(figures, self._desk.now())

    def _show(self, figures: Figures, now: datetime) -> None:
        if not figures.is_any_listed:
            self.stack.setCurrentWidget(self.empty)
            self.empty.button.setFocus(Qt.FocusReason.OtherFocusReason)
            self.when.setText("")
            self.export_button.setEnabled(False)
            return
        today = now.date()
        counted = f"{now:%m-%d %H:%M}" if figures.span.as_of == today else short_day(figures.span.as_of, today)
        listed = f" · 财务清单截至 {short_day(figures.list_as_of, today)}" if figures.list_as_of else ""
        own = f"{figures.span.text()} · " if self._chosen != MONTH else ""
        self.when.setText(f"{own}数到 {counted}{listed}")
        self.export_button.setEnabled(True)
        for card in cards(figures):
            self.cards[card.key].show_card(card)
        self.cautions.show_lines(cautions(figures))
        self.buildings.show_rows(_building_bars(figures), _outside_words(figures))
        self.months.caption.setText(f"{figures.span.year} 年 · 点一条，看这些户")
        self.months.show_rows(_month_bars(figures))
        self.stack.setCurrentWidget(self._scroll)

    def _show_disputes(self) -> None:
        """How many objections run, and the age of the oldest."""
        found = self._desk.office.disputes.figures()
        oldest = f" · 最久 {found.oldest_days:,} 天" if found.open and not self._narrow else ""
        self.disputes_button.set_words(
            f"异议 {found.open:,} 件{oldest}" if found.open else "异议", key="" if self._narrow else "Ctrl+D"
        )
        self.disputes_button.setToolTip(f"{found.text}（Ctrl+D）")

    def _on_chip(self, key: str) -> None:
        if key == OWN:
            self.choose_span()
            return
        self._chosen = key
        if QApplication.focusWidget() in [self.chips.chip(one) for one, _words in _CHIPS]:
            self.chips.chip(key).setFocus(Qt.FocusReason.TabFocusReason)
        self.reload()

    def choose_span(self) -> None:
        """自选: two months and a day."""
        dialog = FiguresSpanDialog(self._desk.today(), self.span(), self)
        dialog.chosen.connect(self.show_span)
        dialog.rejected.connect(lambda: self.chips.choose(self._chosen))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def show_span(self, span: Span) -> None:
        """Show a span of one's own."""
        self._own, self._chosen = span, OWN
        self.chips.choose(OWN)
        self.reload()

    def _on_changed(self, _changes: Changes) -> None:
        if self.isVisible():
            self.reload()  # a hidden page counts anew when it is shown

    # --- the rows behind ---

    def open_card(self, key: str) -> None:
        """The households of a figure."""
        if self.figures is None:
            return
        card = next(card for card in cards(self.figures) if card.key == key)
        self._open(
            RowsWanted(card.title, f"{self.figures.span.text()} · {card.what}", key == RECOVERY), self.figures.span
        )

    def open_building(self, building: str) -> None:
        """The households of a building."""
        if self.figures is not None:
            wanted = RowsWanted(building_name(building), f"{self.figures.span.text()}的账")
            self._open(wanted, self.figures.span, lambda row: row.building == building)

    def open_month(self, key: str) -> None:
        """The households of a month."""
        if self.figures is not None:
            span = Span(int(key), int(key), self.figures.span.as_of)
            self._open(RowsWanted(span.text(), "这个月的账"), span)

    def open_promises(self) -> None:
        """The promises of this month and the last, and the clerks who took them."""
        if self.months_kept is not None:
            dialog = PromisesDialog(self.months_kept, self)
            dialog.owner_asked.connect(self._desk.owner_wanted)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

    def _open(self, wanted: RowsWanted, span: Span, keep: Callable[[HouseholdRow], bool] = lambda _row: True) -> None:
        def work(office: Office, _tick: Tick) -> list[HouseholdRow]:
            return [row for row in office.targets.households(span) if keep(row)]

        def done(rows: list[HouseholdRow]) -> None:
            dialog = FiguresRowsDialog(wanted, rows, self)
            dialog.owner_asked.connect(self._desk.owner_wanted)
            dialog.finished.connect(dialog.deleteLater)
            dialog.open()

        self._desk.in_background(work, done, "正在找这些户")

    # --- copying, exporting ---

    def copy_card(self, key: str) -> None:
        """Ctrl+C: the figure with the table it is the sum of."""
        if self.figures is not None:
            card = next(card for card in cards(self.figures) if card.key == key)
            self._copied(figures_copy.card_lines(card, self.figures), card.title)

    def copy_buildings(self) -> None:
        """The table of buildings."""
        if self.figures is not None:
            self._copied(figures_copy.building_lines(self.figures), "各栋收费率")

    def copy_months(self) -> None:
        """The table of months."""
        if self.figures is not None:
            self._copied(figures_copy.month_lines(self.figures), "各月收费率")

    def copy_promises(self) -> None:
        """How the promises were kept, with the clerks."""
        if self.months_kept is not None:
            self._copied(figures_copy.promise_lines(self.months_kept), "承诺兑现")

    def _copied(self, lines: figures_copy.Lines, what: str) -> None:
        figures_copy.put(lines)
        self._desk.messages.note(f"{what}和它的表已复制，可贴到 Excel 或微信里。")

    def export(self) -> None:
        """导出本页: ask for the file and write it."""
        if self.figures is None or not self.export_button.isEnabled():
            return
        from feedesk.tasks.figures import export_figures

        desk, span = self._desk, self.figures.span
        proposed = desk.settings.folder("figures") / f"收缴统计-{span.text()}.xlsx"
        target = desk.messages.save_file("收缴统计存为", proposed, "Excel 工作簿 (*.xlsx)", self)
        if target is None:
            return
        desk.settings.remember_folder("figures", target.parent)

        def done(figures: Figures) -> None:
            desk.messages.note(f"已存 {target}：{cards(figures)[0].title} {_said(figures.rate)}。")

        desk.in_background(lambda office, _tick: export_figures(office, target, span), done, "正在导出统计")

    def show_limits(self) -> None:
        """时效: what runs out within half a year, and what is over."""
        from feedesk.ui.limit_list import open_limit_list  # dialogs come when they are needed

        open_limit_list(self._desk, self)

    def show_results(self) -> None:
        """话术效果: by script, technique, debtor type and clerk."""
        from feedesk.ui.scripts_results_dialog import open_script_results  # dialogs come when they are needed

        open_script_results(self._desk, self)

    # --- the plan ---

    def edit_plan(self) -> None:
        """年度计划."""
        year = self.figures.span.year if self.figures is not None else self._desk.today().year
        dialog = FiguresPlanDialog(year, self._desk.office.targets.plan, self._desk.messages, self)
        dialog.saved.connect(self._save_plans)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save_plans(self, plans: tuple[YearPlan, ...]) -> None:
        targets = self._desk.office.targets
        before = [targets.plan(plan.year) for plan in plans]

        years = "、".join(str(plan.year) for plan in plans)
        said = f"{years} 年的计划已保存。"
        self._desk.write(lambda: targets.save_plan(*plans), said, lambda _changes: targets.save_plan(*before))


def _said(rate: Rate) -> str:
    return "—" if rate.bp is None else f"{show_rate(rate.bp)}%"


def _building_bars(figures: Figures) -> list[BarRow]:
    rows = [
        BarRow(building, building_name(building), _rate(part, figures.building_bp), _numbers(part))
        for building, part in figures.buildings
    ]
    if figures.outside.receivable:
        outside = figures.outside
        rows.append(BarRow(_OUTSIDE_KEY, OUTSIDE, _rate(outside, None), _numbers(outside), "都已交", opens=False))
    return rows


def _month_bars(figures: Figures) -> list[BarRow]:
    return [
        BarRow(
            str(month.month),
            f"{month.month % 12 + 1} 月",
            month.rate,
            _numbers(month.part),
            "" if month.is_listed else "没有清单",
            f"负责人 {month.answers}" if month.answers else "",
            opens=month.is_listed,
        )
        for month in figures.months
    ]


def _rate(part: Part, target_bp: int | None) -> Rate:
    return Rate(part.collected, part.receivable, target_bp)


def _numbers(part: Part) -> str:
    return f"{show(part.collected)} ÷ {show(part.receivable)}" if part.receivable else ""


def _outside_words(figures: Figures) -> str:
    outside, found = figures.outside, [buildings_basis(figures)]
    if outside.receivable:
        found.append(f"清单外：财务应收比清单多 {show_yuan(outside.receivable)}，那些户没有欠费。")
    if outside.households:
        found.append(f"另有 {outside.households:,} 户不在清单里，都已交。")
    return "".join(found)
