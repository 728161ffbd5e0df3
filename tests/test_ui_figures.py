"""统计: the figures as read, the rows behind them, the plan, copying and exporting, all from the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from feedesk.models.collection import Span
from feedesk.models.periods import month_index, parse_month
from feedesk.models.yearly_plan import MonthPlan, YearPlan
from feedesk.ui.figures_plan_dialog import FiguresPlanDialog
from feedesk.ui.figures_rows_dialog import FiguresRowsDialog
from feedesk.ui.figures_span_dialog import FiguresSpanDialog, read_month
from tests.figures_page_tools import ALT, CTRL, PLAN, SHIFT, FiguresDesk
from tests.ui_tools import settle

Open = Callable[..., FiguresDesk]


@pytest.fixture
def desk(qtbot, tmp_path: Path) -> Iterator[Open]:
    """Opens 统计 over a new office."""
    opened: list[FiguresDesk] = []

    def open_it(**how: bool) -> FiguresDesk:
        opened.append(FiguresDesk(qtbot, tmp_path, **how))
        return opened[-1]

    yield open_it
    for made in opened:
        made.close()


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


# --- what is shown ---


def test_the_figures_of_this_month_against_the_plan(desk: Open) -> None:
    page = desk(plan=True).page
    assert page.cards["rate"].text() == (
        "收费率 · 69.4% · 计划 80% · 差 10.6 点 · 当期实收 31,300.00 ÷ 当期应收 45,100.00 · 应收按财务填的数 · 负责人 许宁"
    )
    assert page.cards["households"].text() == (
        "户收费率 · 67.5% · 计划 72% · 差 4.5 点 · 已交 81 户 ÷ 收费 120 户 · 收费户按财务填的数"
    )
    assert page.cards["recovery"].text() == (
        "清缴率 · 60.4% · 计划 40% · 达到 · 追回 56,200.00 ÷（追回 + 历史欠费 36,900.00） · 2026年11月以前的账"
    )
    assert page.when.text() == "数到 11-17 15:46 · 财务清单截至 11-13"
    assert not page.cautions.isVisible()
    assert "收费率 = 当期实收 ÷ 当期应收" in page.cards["rate"].toolTip()


def test_buildings_and_months_as_bars(desk: Open) -> None:
    page = desk(plan=True).page
    assert [row.text() for row in page.buildings.bars.rows()] == [
        "1 栋 79%",
        "2 栋 58%",
        "3 栋 19%",
        "4 栋 48%",
        "5 栋 9%",
        "6 栋 89%",
        "商铺A 0%",
        "清单外 100% 都已交",
    ]
    assert {row.rate.target_bp for row in page.buildings.bars.rows()} == {None}  # no tick either
    assert page.buildings.foot.text().startswith("各栋按清单内账目，不与计划比：没有欠费的户不在清单里。")
    assert "另有 50 户不在清单里，都已交。" in page.buildings.foot.text()
    months = [row.text() for row in page.months.bars.rows()]
    assert (months[0], months[9]) == ("1 月 100% 达到", "10 月 69% 差 11 点")
    assert months[11] == "12 月 43% 差 38 点"


def test_without_a_plan_the_page_says_what_is_missing(desk: Open) -> None:
    page = desk().page
    assert page.cards["rate"].text().startswith("收费率 · 43.3% · 没有定计划 · 当期实收 10,525.00 ÷ 当期应收 24,325.00")
    assert page.cautions.isVisible()
    assert "在年度计划里填上财务的应收和户数，才是全部。" in page.cautions.text()
    assert page.buildings.bars.rows()[0].text() == "1 栋 79%"


def test_without_a_list_there_is_one_line_one_reason_one_button(desk: Open) -> None:
    made = desk(lists=False)
    page = made.page
    assert page.stack.currentWidget() is page.empty
    assert page.empty.text().startswith("还没有欠费清单。")
    assert not page.export_button.isEnabled()
    assert focus() is page.empty.button
    with made.qtbot.waitSignal(made.desk.import_wanted):
        made.press(Qt.Key.Key_Return)
    page.export()
    assert made.told.files == []


def test_a_payment_shows_at_once(desk: Open) -> None:
    made = desk()
    room = "3-1-0901"
    made.desk.write(lambda: made.office.payments.take(_draft(made, room)))
    made.wait()
    # the whole quarter's 1,095.00 is paid, a third of it for November
    assert "当期实收 10,890.00 ÷ 当期应收 24,325.00" in made.page.cards["rate"].text()


def _draft(made: FiguresDesk, room: str):  # type: ignore[no-untyped-def]
    from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
    from tests.office_tools import ids_by_room

    share = PaymentShare(ids_by_room(made.office)[room], 213_000)
    return PaymentDraft(date(2026, 11, 17), 213_000, PayMethod.CASH, (share,))


# --- which span ---


def test_alt_and_arrows_choose_the_span(desk: Open) -> None:
    made = desk(plan=True)
    made.press(Qt.Key.Key_Right, ALT)
    assert made.page.chips.value() == "quarter"
    assert made.page.when.text().startswith("2026年10–12月 · 数到")
    assert "计划 80.2%" in made.page.cards["rate"].text()
    made.press(Qt.Key.Key_Right, ALT)
    assert "2026年12月只算清单里的账" in made.page.cautions.text()
    assert made.page.figures is not None
    assert made.page.figures.span.text() == "2026年"
    made.press(Qt.Key.Key_Left, ALT)
    assert made.page.chips.value() == "quarter"


def test_a_span_of_ones_own_counts_to_its_own_day(desk: Open) -> None:
    made = desk()
    made.page.choose_span()
    made.wait()
    dialog = made.dialog()
    assert isinstance(dialog, FiguresSpanDialog)
    dialog.first.setText("2026-07")
    dialog.last.setText("9")
    dialog.as_of.setText("1031")
    made.press(Qt.Key.Key_Return)
    assert made.page.chips.value() == "own"
    assert made.page.when.text() == "2026年7–9月 · 数到 10-31 · 财务清单截至 10-12"
    assert "当期实收 0.00" in made.page.cards["rate"].text()


def test_giving_up_leaves_the_span_as_it_was(desk: Open) -> None:
    made = desk()
    made.page.chips.step(3)
    made.wait()
    assert made.page.chips.value() == "own"
    made.press(Qt.Key.Key_Escape)
    assert made.page.chips.value() == "month"


@pytest.mark.parametrize(
    ("first", "last", "day", "said"),
    [
        ("2026-13", "2026-09", "1117", "没有“2026-13”这个月份可看。"),
        ("七月", "2026-09", "1117", "月份请写成 2026-03，或今年的 3。"),
        ("2026-10", "2026-09", "1117", "起始月晚于结束月。"),
        ("2026-07", "2026-09", "x", ""),
        ("2026-07", "2026-09", "明天", "钱最晚数到今天。"),
    ],
)
def test_what_is_no_span_is_said_and_cannot_be_shown(qtbot, first: str, last: str, day: str, said: str) -> None:
    today = date(2026, 11, 17)
    month = month_index(2026, 11)
    dialog = FiguresSpanDialog(today, Span(month, month, today))
    qtbot.addWidget(dialog)
    dialog.first.setText(first)
    dialog.last.setText(last)
    dialog.as_of.setText(day)
    assert not dialog.button.isEnabled()
    assert dialog.span() is None
    assert dialog.problem.text() == said or (not said and dialog.problem.text())


@pytest.mark.parametrize("text", ["2026-03", "202603", "2026年3月", "2026.3", "3", "3月", "03"])
def test_months_as_they_are_typed(text: str) -> None:
    assert read_month(text, date(2026, 11, 17)) == parse_month("2026-03")


# --- from figure to figure, and the rows behind ---


def test_tab_goes_from_figure_to_figure(desk: Open) -> None:
    made = desk(plan=True)
    page = made.page
    page.export_button.setFocus()
    passed = []
    for _ in range(8):
        made.press(Qt.Key.Key_Tab)
        passed.append(focus())
    figures = [*page.cards.values(), page.promises, page.buildings.bars, page.months.bars]
    assert [widget for widget in passed if widget in figures] == figures


def test_enter_opens_the_rows_and_enter_again_the_owner(desk: Open) -> None:
    made = desk()
    made.page.cards["rate"].setFocus()
    made.press(Qt.Key.Key_Return)
    dialog = made.dialog()
    assert isinstance(dialog, FiguresRowsDialog)
    assert dialog.views.button("owing").words() == "还欠 39"
    assert dialog.shown()[0].room == "1-1-0901"
    assert sum(row.figures.open for row in dialog.shown()) == 2_432_500 - 1_052_500
    assert dialog.foot.text() == "39 户 · 已收 ¥0.00 · 尚欠 ¥13,800.00"
    made.press(Qt.Key.Key_Down)
    second = dialog.shown()[1].figures.account_id
    with made.qtbot.waitSignal(made.desk.owner_wanted) as asked:
        made.press(Qt.Key.Key_Return)
    assert asked.args == [second]
    assert made.dialog() is None


def test_the_rows_of_the_recovery_are_those_of_the_months_before(desk: Open) -> None:
    made = desk()
    made.page.open_card("recovery")
    made.wait()
    dialog = made.dialog()
    assert [spec.title for spec in dialog.model.columns] == ["房号", "业主", "追回（元）", "历史欠费（元）"]
    assert sum(row.figures.old_open for row in dialog.shown()) == 3_690_000
    dialog.views.choose("settled")
    dialog.views.chosen.emit("settled")
    assert sum(row.figures.recovered for row in dialog.shown()) == 5_620_000
    made.press(Qt.Key.Key_Escape)


def test_a_bar_opens_its_building_or_its_month(desk: Open) -> None:
    made = desk(plan=True)
    bars = made.page.buildings.bars
    bars.setFocus()
    made.press(Qt.Key.Key_Down)
    made.press(Qt.Key.Key_Return)
    dialog = made.dialog()
    assert dialog.windowTitle() == "2 栋"
    assert {row.building for row in dialog.shown()} == {"2"}
    made.press(Qt.Key.Key_Escape)
    made.page.months.bars.setFocus()
    for _ in range(6):
        made.press(Qt.Key.Key_Down)
    made.press(Qt.Key.Key_Return)
    dialog = made.dialog()
    assert dialog.windowTitle() == "2026年7月"
    assert sum(row.figures.open for row in dialog.shown()) == 467_000
    made.press(Qt.Key.Key_Escape)
    bars.setFocus()
    made.press(Qt.Key.Key_End)
    made.press(Qt.Key.Key_Return)
    assert made.dialog() is None, "nobody outside the list is known by name"


def test_a_click_on_a_bar_opens_it(desk: Open) -> None:
    made = desk()
    bars = made.page.buildings.bars
    made.qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=bars.row_rect(2).center())
    made.wait()
    assert made.dialog().windowTitle() == "3 栋"
    made.press(Qt.Key.Key_Escape)


# --- copying and exporting ---


def test_ctrl_c_copies_the_figure_with_its_table(desk: Open) -> None:
    made = desk(plan=True)
    made.page.cards["rate"].setFocus()
    made.press(Qt.Key.Key_C, CTRL)
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0] == "收费率 2026年11月\t69.4%"
    assert "栋\t当期应收（元）\t当期实收（元）\t收费率\t计划\t与计划比\t收费户\t已交户" in lines
    assert lines[-2] == "合计\t45,100.00\t31,300.00\t69.4%\t80%\t差 11 点\t120\t81"
    assert lines[-1] == "各栋按清单内账目，不与计划比：没有欠费的户不在清单里。"
    assert "1 栋\t" in "\n".join(lines)
    assert all("点\t" not in one for one in lines if one.startswith(("1 栋\t", "2 栋\t")))
    html = QApplication.clipboard().mimeData().html()
    assert "mso-number-format:'\\@'\">1 栋</td>" in html
    assert made.notes[-1] == "收费率和它的表已复制，可贴到 Excel 或微信里。"


def test_ctrl_c_on_the_bars_copies_their_table(desk: Open) -> None:
    made = desk()
    made.page.months.bars.setFocus()
    made.press(Qt.Key.Key_C, CTRL)
    lines = QApplication.clipboard().text().splitlines()
    assert len(lines) == 13
    assert lines[11] == "2026年11月\t24,325.00\t10,525.00\t43.3%\t\t\t"
    made.page.buildings.copy_button.click()
    assert QApplication.clipboard().text().startswith("栋\t")


def test_the_rows_can_be_copied_whole(desk: Open) -> None:
    made = desk()
    made.page.open_building("3")
    made.wait()
    made.press(Qt.Key.Key_C, CTRL | SHIFT)
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0] == "房号\t业主\t当期应收（元）\t已收（元）\t尚欠（元）\t状态"
    assert len(lines) == 1 + len(made.dialog().shown())
    made.press(Qt.Key.Key_Escape)


def test_ctrl_s_writes_the_page(desk: Open, tmp_path: Path) -> None:
    made = desk(plan=True)
    target = tmp_path / "统计.xlsx"
    made.told.files = [target]
    made.press(Qt.Key.Key_S, CTRL)
    assert openpyxl.load_workbook(target).sheetnames == ["收缴统计", "承诺兑现"]
    assert made.notes[-1] == f"已存 {target}：收费率 69.4%。"
    made.told.files = [None]
    made.press(Qt.Key.Key_S, CTRL)
    assert made.told.told == []


# --- the plan ---


def plan_dialog(made: FiguresDesk) -> FiguresPlanDialog:
    made.press(Qt.Key.Key_J, CTRL)
    dialog = made.dialog()
    assert isinstance(dialog, FiguresPlanDialog)
    return dialog


def type_into(edit, text: str) -> None:  # type: ignore[no-untyped-def]
    edit.setFocus()
    edit.selectAll()
    edit.insert(text)
    edit.textEdited.emit(text)
    settle()


def test_a_plan_is_typed_copied_down_saved_and_seen(desk: Open) -> None:
    made = desk()
    dialog = plan_dialog(made)
    assert focus() is dialog.fields[1, "rate_bp"]
    type_into(dialog.fields[1, "rate_bp"], "78.5")
    made.press(Qt.Key.Key_D, CTRL)
    type_into(dialog.fields[11, "receivable"], "45,100")
    type_into(dialog.fields[11, "households"], "120")
    type_into(dialog.fields[11, "answers"], "许宁")
    type_into(dialog.household, "72")
    made.press(Qt.Key.Key_Return)
    plan = made.office.targets.plan(2026)
    assert [month.rate_bp for month in plan.months] == [7_850] * 12
    assert plan.months[10] == MonthPlan(7_850, 4_510_000, 120, "许宁")
    assert (plan.household_bp, plan.recovery_bp) == (7_200, None)
    assert "69.4% · 计划 78.5% · 差 9.1 点" in made.page.cards["rate"].text()
    assert made.notes[-1] == "2026 年的计划已保存。"
    made.undo()
    made.wait()
    assert made.office.targets.plan(2026).is_empty
    assert "没有定计划" in made.page.cards["rate"].text()


def test_arrows_go_from_month_to_month(desk: Open) -> None:
    made = desk(plan=True)
    dialog = plan_dialog(made)
    made.press(Qt.Key.Key_Down)
    made.press(Qt.Key.Key_Down)
    made.press(Qt.Key.Key_Up)
    assert focus() is dialog.fields[2, "rate_bp"]
    made.press(Qt.Key.Key_Tab)
    assert focus() is dialog.fields[2, "receivable"]
    made.press(Qt.Key.Key_Escape)
    assert made.told.asked == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("rate_bp", "七成", "3 月：“七成”不是百分数，例如 78 或 78.5。"),
        ("rate_bp", "101", "3 月的目标要大于 0、不超过 100%。"),
        ("receivable", "二百", "3 月：金额“二百”不是数字。"),
        ("receivable", "-5", "3 月的应收要大于 0、不超过 99,999,999.99 元。"),
        ("receivable", "1.005", "3 月：金额“1.005”精确到了分以下。"),
        ("households", "1.5", "3 月：“1.5”不是户数。"),
        ("households", "0", "3 月的收费户数要在 1 到 999,999 之间。"),
    ],
)
def test_what_cannot_be_planned_is_said_beside_and_not_saved(desk: Open, name: str, text: str, said: str) -> None:
    made = desk(plan=True)
    dialog = plan_dialog(made)
    edit = dialog.fields[3, name]
    type_into(edit, text)
    assert dialog.problem.text() == said
    assert edit.property("state") == "bad"
    assert not dialog.save_button.isEnabled()
    made.press(Qt.Key.Key_Return)
    assert dialog.isVisible()
    assert made.office.targets.plan(2026) == PLAN
    made.told.answers = [False, True]
    made.press(Qt.Key.Key_Escape)
    assert dialog.isVisible()
    made.press(Qt.Key.Key_Escape)
    assert made.dialog() is None
    assert made.told.asked == [("年度计划改过还没有保存，不要了吗？", "不要了")] * 2


def test_two_years_are_saved_together(desk: Open) -> None:
    made = desk(plan=True)
    dialog = plan_dialog(made)
    type_into(dialog.recovery, "45")
    dialog.years.button("2027").click()
    assert dialog.fields[1, "rate_bp"].text() == ""
    type_into(dialog.fields[1, "rate_bp"], "82")
    dialog.years.button("2026").click()
    assert dialog.recovery.text() == "45"
    made.press(Qt.Key.Key_Return)
    assert made.office.targets.plan(2026).recovery_bp == 4_500
    assert made.office.targets.plan(2027).months[0].rate_bp == 8_200
    assert made.notes[-1] == "2026、2027 年的计划已保存。"


def test_nothing_changed_saves_nothing(desk: Open) -> None:
    made = desk(plan=True)
    plan_dialog(made)
    made.press(Qt.Key.Key_Return)
    assert made.notes == []
    assert made.office.targets.plan(2026) == PLAN
    assert made.office.targets.plan(2025) == YearPlan(2025)


# --- it fits ---


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1366, 697), (1280, 720), (911, 512)])
def test_nothing_is_cut_at_the_sizes_of_the_office(desk: Open, width: int, height: int) -> None:
    made = desk(plan=True)
    page = made.page
    page.resize(width - (52 if width < 1100 else 72), height)
    page.fit(width, height)
    settle()
    for card in page.cards.values():
        for part in (card.title, card.figure, card.plan, card.against):
            assert part.width() >= part.sizeHint().width(), part.text()
        assert card.what.height() >= card.what.heightForWidth(card.what.width())
        assert card.rect().contains(card.basis.geometry().bottomRight())
    assert page.cards["rate"].visibleRegion().boundingRect().height() == page.cards["rate"].height()
    for panel in (page.buildings, page.months):
        assert panel.visibleRegion().boundingRect().width() == panel.width()
        assert panel.height() >= 180
    assert not page.when.is_elided()


def test_many_buildings_scroll_to_the_chosen_one(desk: Open) -> None:
    made = desk(plan=True)
    made.page.resize(859, 512)
    made.page.fit(911, 512)
    settle()
    bars = made.page.months.bars
    bars.setFocus()
    made.press(Qt.Key.Key_End)
    assert bars.visibleRegion().contains(bars.row_rect(11).center())
    made.press(Qt.Key.Key_Home)
    assert bars.visibleRegion().contains(bars.row_rect(0).center())


def test_every_key_is_listed(desk: Open) -> None:
    keys = " ".join(hint.keys for hint in desk().page.key_hints())
    assert all(key in keys for key in ("Tab", "Enter", "Ctrl+C", "Ctrl+J", "Ctrl+S", "Alt+←", "↑ ↓"))
