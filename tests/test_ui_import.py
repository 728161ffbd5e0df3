"""The import dialog over a real office and real lists: understood, compared, confirmed, and nothing written before."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from feedesk.models.arrears_list import Meaning, QuestionCode
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.periods import Period
from feedesk.tasks.import_effects import ChangeClass
from feedesk.ui.import_changes_step import equation_words
from feedesk.ui.import_dialog import ImportDialog, accepts
from feedesk.ui.import_mapping_table import MappingTable
from tests.import_tools import LISTS, ImportBench, write_list
from tests.office_tools import ids_by_room
from tests.ui_tools import settle

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[ImportBench]:
    made = ImportBench(tmp_path, qtbot)
    yield made
    made.close()
    settle()
    # What Python still holds of the windows goes here, not on a later test's worker thread.
    gc.collect()


def pick(table: MappingTable, title: str, words: str) -> None:
    """Choose an entry in the drop-down under a title, as a click does."""
    section = [column.title for column in table.records.columns].index(title)
    combo = table.header.combo(section)
    at = combo.findText(words)
    assert at >= 0, [combo.itemText(i) for i in range(combo.count())]
    combo.setCurrentIndex(at)
    combo.activated.emit(at)


# --- what may be dropped on the window ---


@pytest.mark.parametrize(
    ("names", "taken"),
    [
        (["欠费.xlsx"], True),
        (["欠费.XLS"], True),
        (["欠费.csv"], True),
        (["照片.jpg"], False),
        (["一.xlsx", "二.xlsx"], False),
        ([], False),
    ],
)
def test_one_list_may_be_dropped_on_the_window(tmp_path: Path, names: list[str], taken: bool) -> None:
    mime = QMimeData()
    for name in names:
        (tmp_path / name).write_bytes(b"")
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in names])
    assert accepts(mime) == (tmp_path / names[0] if taken else None)


def test_a_web_address_and_a_missing_file_are_not_taken(tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.xlsx")])
    assert accepts(mime) is None
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "没有.xlsx"))])
    assert accepts(mime) is None


# --- the main way ---


def test_a_list_goes_in_with_two_keys(bench: ImportBench, qtbot: QtBot) -> None:
    told: list[object] = []
    bench.desk.changed.connect(told.append)
    dialog = bench.open(LISTS / "01-plain.xlsx")
    assert dialog.mapping.equation.text() == "¥96,795.06 + ¥0.00 = ¥96,795.06；与清单自己的合计一致"
    assert dialog.note.text() == "还没有写入任何数据"
    qtbot.keyClick(dialog.mapping.table, Qt.Key.Key_Return)
    assert dialog.head.trail.accessibleName() == "第 2 步，共 3 步：核对变化"
    assert bench.owed() == 0 and bench.reasons() == []
    with qtbot.waitSignal(dialog.imported, timeout=20_000):
        qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    assert bench.owed() == 9_679_506
    assert bench.reasons() == ["导入前"]
    assert len(told) == 1
    assert dialog.done_step.headline.text() == "已导入 60 户，合计 ¥96,795.06"
    assert dialog.done_step.lines() == ["新欠费 60 户 +96,795.06 列入待办"]
    with qtbot.waitSignal(dialog.today_wanted):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)


def test_next_months_list_shows_what_changed_and_ends_at_its_own_total(bench: ImportBench) -> None:
    bench.apply(LISTS / "01-plain.xlsx")
    dialog = bench.open(LISTS / "09-plain-next-month.xlsx")
    dialog.next_step()
    rows = dialog.now().rows
    assert {kind: len(rows[kind]) for kind in ChangeClass} == {
        ChangeClass.NEW: 6,
        ChangeClass.INCREASED: 41,
        ChangeClass.PARTLY_PAID: 7,
        ChangeClass.PAID_OFF: 12,
        ChangeClass.OWNER: 5,
        ChangeClass.DOUBT: 0,
        ChangeClass.UNCHANGED: 0,
        ChangeClass.REJECTED: 0,
    }
    assert equation_words(dialog.now().plan) == (
        "上次欠费 96,795.06   ＋ 新欠费 1,181.85   ＋ 增加 10,404.72   − 部分缴 3,673.42   − 已缴清 10,383.19"
        "   ＝ 这份清单 94,325.02"
    )
    dialog.changes.choose(ChangeClass.PAID_OFF)
    assert dialog.changes.heading.text() == "已缴清 12 户"
    assert dialog.changes.footer.text() == "12 户   原欠合计 10,383.19   现欠合计 0.00   变动 −10,383.19"
    shown = dialog.changes.rows.rows()
    assert [row.after for row in shown] == [0] * 12
    assert all("移出今日待办" in row.then for row in shown)
    dialog.confirm()
    bench._qtbot.waitUntil(lambda: dialog.steps.currentIndex() == 2, timeout=20_000)
    assert bench.owed() == 9_432_502 == dialog.now().reading.total


def test_rows_of_a_class_are_ordered_by_room_or_by_a_clicked_header(bench: ImportBench) -> None:
    path = write_list(bench.office.path.parent, *(f"1-1-{n},甲{n},,{n}00,2026-10" for n in (1002, 202, 302)))
    dialog = bench.open(path)
    dialog.next_step()
    rooms = lambda: [row.room for row in dialog.changes.rows.rows()]  # noqa: E731  (short and local)
    assert rooms() == ["1-1-202", "1-1-302", "1-1-1002"]
    dialog.changes.table.order_asked.emit("after")
    assert rooms() == ["1-1-202", "1-1-302", "1-1-1002"]
    dialog.changes.table.order_asked.emit("after")
    assert rooms() == ["1-1-1002", "1-1-302", "1-1-202"]


def test_the_same_list_again_says_so_and_changes_nothing(bench: ImportBench) -> None:
    bench.apply(LISTS / "01-plain.xlsx")
    dialog = bench.open(LISTS / "01-plain.xlsx")
    dialog.next_step()
    assert dialog.changes.repeats.text() == "这份清单 11-17 已导入过，再导不会改变任何数据。"
    assert not dialog.primary.isEnabled()
    assert dialog.primary.toolTip() == "这份清单已导入过，没有要写入的变化。"
    dialog.confirm()
    assert not dialog.busy and bench.owed() == 9_679_506


def confirmed(qtbot: QtBot, dialog: ImportDialog) -> None:
    with qtbot.waitSignal(dialog.imported, timeout=20_000):
        dialog.confirm()


def take(bench: ImportBench, room: str, on: date, amount: int) -> None:
    """A payment on record."""
    share = PaymentShare(ids_by_room(bench.office)[room], amount)
    bench.office.payments.take(PaymentDraft(on, amount, PayMethod.CASH, (share,), prepay_agreed=True))


def test_money_on_record_is_a_term_of_its_own_and_what_follows_is_told(bench: ImportBench, qtbot: QtBot) -> None:
    folder = bench.office.path.parent
    old = ("1-101,甲一,,100,2026-10", "1-102,甲二,,200,2026-10", "1-103,甲三,,300,2026-10")
    dialog = bench.open(write_list(folder, *old, name="旧.csv"))
    bench.recalculated(dialog, lambda: dialog.mapping.as_of.day_changed.emit(date(2026, 11, 10)))
    dialog.next_step()
    confirmed(qtbot, dialog)
    take(bench, "1-101", date(2026, 11, 12), 10_000)
    take(bench, "1-102", date(2026, 11, 12), 25_000)
    take(bench, "1-103", date(2026, 11, 16), 4_000)
    new = ("1-101,甲一,,100,2026-10", "1-102,甲二,,30,2026-11", "1-103,甲三,,300,2026-10")
    dialog = bench.open(write_list(folder, *new, name="新.csv"))
    bench.recalculated(dialog, lambda: dialog.mapping.as_of.day_changed.emit(date(2026, 11, 14)))
    dialog.next_step()
    assert equation_words(dialog.now().plan) == (
        "上次欠费 300.00   ＋ 新欠费 30.00   ＋ 增加 0.00   − 部分缴 0.00   − 已缴清 0.00"
        "   ＋ 与已记收款不一致，待核 100.00   ＝ 这份清单 430.00"
    )
    assert dialog.changes.repeats.text() == (
        "以上都按清单日（11-14）算；这天之后已收、已减的 ¥40.00（1 户）导入后照算。"
    )
    dialog.changes.choose(ChangeClass.DOUBT)
    assert dialog.changes.heading.text() == "收款待核 1 户"
    assert dialog.changes.footer.text() == "1 户   待核合计 100.00"
    confirmed(qtbot, dialog)
    assert dialog.done_step.lines() == [
        "新欠费 1 户 +30.00 列入待办",
        "预缴自动抵扣 1 户 −30.00 预缴的钱已抵新账，不用再缴",
        "收款待核 1 户 100.00 清单仍列着已记收款的欠费：请财务核对，核对前不催",
        "无变化 2 户",
    ]
    assert "现在共欠 ¥260.00" in dialog.done_step.under.text() and bench.owed() == 26_000
    again = bench.open(write_list(folder, *new, name="新.csv"))
    bench.recalculated(again, lambda: again.mapping.as_of.day_changed.emit(date(2026, 11, 14)))
    again.next_step()
    assert "再导不会改变任何数据" in again.changes.repeats.text() and not again.primary.isEnabled()


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("01-plain.xlsx", "与清单自己的合计一致"),
        ("03-one-row-per-charge.xls", "与清单各列的合计一致"),
        ("07-odd-people-and-rooms.xlsx", "清单没有写合计"),
    ],
)
def test_the_verdict_names_what_the_list_can_be_checked_by(bench: ImportBench, name: str, verdict: str) -> None:
    assert bench.open(LISTS / name).mapping.equation.verdict.line.text() == verdict


def test_every_sample_list_opens(bench: ImportBench) -> None:
    for path in sorted(LISTS.glob("0*")):
        dialog = bench.open(path)
        assert dialog.now().reading.accounts, path.name
        dialog.done(0)


# --- what a person puts right ---


def test_changing_a_column_recalculates_at_once(bench: ImportBench) -> None:
    dialog = bench.open(LISTS / "01-plain.xlsx")
    water = dialog.now().reading.items["水费"]
    bench.recalculated(dialog, lambda: pick(dialog.mapping.table, "水费", "不读"))
    assert dialog.now().reading.total == 9_679_506 - water
    assert "；清单的合计多 " in dialog.mapping.equation.text()
    bench.recalculated(dialog, lambda: pick(dialog.mapping.table, "水费", "水费"))
    assert dialog.now().reading.total == 9_679_506


def test_rows_that_are_no_data_say_why_in_their_empty_cells(bench: ImportBench) -> None:
    dialog = bench.open(LISTS / "02-title-two-level-header.xlsx")
    records = dialog.mapping.table.records
    said = [
        [text for section in range(records.columnCount()) if (text := records.text(row, section))]
        for row, line in enumerate(records.lines)
        if line.why and not line.refused
    ]
    assert said[0] == ["中间还有 30 行"]
    assert "合计行，已核对一致" in said[1]


def test_two_quick_changes_both_count(bench: ImportBench) -> None:
    """The second is made while the first is still being worked out."""
    dialog = bench.open(LISTS / "01-plain.xlsx")

    def both() -> None:
        pick(dialog.mapping.table, "水费", "不读")
        pick(dialog.mapping.table, "电费", "不读")

    bench.recalculated(dialog, both)
    assert not {"水费", "电费"} & set(dialog.now().reading.items)


def test_a_mapping_put_right_by_hand_is_remembered_for_lists_of_that_shape(bench: ImportBench) -> None:
    head = "房号,业主,管理费,绿化补植,欠费期间"
    folder = bench.office.path.parent
    october = write_list(folder, "1-101,甲一,100,7,2026-10", head=head, name="十月.csv")
    dialog = bench.open(october)
    assert dialog.mapping.questions.question() is not None
    assert dialog.now().reading.total == 10_000
    bench.recalculated(dialog, lambda: dialog.mapping.questions.press("是一项收费"))
    assert dialog.now().reading.items == {"管理费": 10_000, "绿化补植": 700}
    assert dialog.mapping.questions.question() is None
    dialog.next_step()
    dialog.confirm()
    bench._qtbot.waitUntil(lambda: dialog.steps.currentIndex() == 2, timeout=20_000)
    november = write_list(folder, "1-101,甲一,100,8,2026-10", head=head, name="十一月.csv")
    again = bench.open(november)
    assert again.now().open_questions == ()
    assert again.now().reading.items == {"管理费": 10_000, "绿化补植": 800}


def test_months_of_a_list_that_tells_none_are_asked_once(bench: ImportBench) -> None:
    dialog = bench.open(LISTS / "05-really-xlsx.xls")
    assert [question.code for question in dialog.now().open_questions] == [QuestionCode.NO_PERIOD]
    dialog.next_step()
    assert not dialog.primary.isEnabled()
    assert dialog.primary.toolTip() == "还有 1 个疑问没有回答：没有写明期间。"
    dialog.back()

    def fill() -> None:
        dialog.mapping.period.setText("2026-07 至 09")
        dialog.mapping.period.editingFinished.emit()

    bench.recalculated(dialog, fill)
    periods = {charge.period for account in dialog.now().reading.accounts for charge in account.charges}
    assert periods == {Period.parse("2026-07..2026-09")}
    dialog.next_step()
    assert dialog.primary.isEnabled()


def test_months_may_stay_unknown(bench: ImportBench) -> None:
    dialog = bench.open(LISTS / "05-really-xlsx.xls")
    bench.recalculated(dialog, lambda: dialog.mapping.questions.press("先记为期间待核"))
    assert dialog.now().open_questions == ()


def test_months_that_cannot_be_read_stop_the_next_step(bench: ImportBench) -> None:
    dialog = bench.open(LISTS / "02-title-two-level-header.xlsx")
    dialog.mapping.period.setText("夏天")
    dialog.mapping.period.editingFinished.emit()
    assert dialog.mapping.problem() == "“本期”的月份看不懂，可写 2026-07 至 2026-09。"
    dialog.next_step()
    assert dialog.steps.currentIndex() == 0


def test_the_heading_s_months_are_one_press(bench: ImportBench) -> None:
    dialog = bench.open(LISTS / "02-title-two-level-header.xlsx")
    bench.recalculated(dialog, lambda: dialog.mapping.questions.press("就是 2026年7–9月"))
    assert dialog.mapping.period.text() == "2026-07 至 2026-09"
    assert dialog.now().open_questions == ()


def test_a_sheet_can_be_left_out_and_taken_in_again(bench: ImportBench) -> None:
    dialog = bench.open(LISTS / "06-many-sheets.xls")
    assert len(dialog.now().reading.accounts) == 44
    assert dialog.mapping.use_sheet.words() == "不读这张表"
    bench.recalculated(dialog, dialog.mapping.use_sheet.click)
    assert len(dialog.now().reading.accounts) == 22
    assert dialog.mapping.use_sheet.words() == "也读这张表"
    bench.recalculated(dialog, dialog.mapping.use_sheet.click)
    assert len(dialog.now().reading.accounts) == 44


def test_only_a_part_leaves_the_others_alone(bench: ImportBench) -> None:
    folder = bench.office.path.parent
    bench.apply(write_list(folder, *(f"1-10{n},甲{n},,100,2026-10" for n in range(1, 6))))
    dialog = bench.open(write_list(folder, *(f"1-10{n},甲{n},,100,2026-10" for n in range(1, 5)), name="二.csv"))
    assert len(dialog.now().rows[ChangeClass.PAID_OFF]) == 1
    bench.recalculated(dialog, lambda: dialog.mapping.full.button("part").click())
    assert dialog.now().rows[ChangeClass.PAID_OFF] == ()
    assert "清单没说到的 100.00" in equation_words(dialog.now().plan)


def test_the_day_of_the_data_is_the_list_s_own_then_today_s_and_never_ahead(bench: ImportBench) -> None:
    dialog = bench.open(LISTS / "02-title-two-level-header.xlsx")
    assert dialog.mapping.as_of.text() == "10-08 周四"
    bench.recalculated(dialog, lambda: dialog.mapping.as_of.day_changed.emit(bench.desk.today()))
    assert dialog.now().plan.options.as_of == bench.desk.today()
    dialog.mapping.as_of.setText("2027-01-01")
    dialog.mapping.as_of.textEdited.emit("2027-01-01")
    assert not dialog.busy and dialog.now().plan.options.as_of == bench.desk.today()
    assert dialog.mapping.as_of.property("state") == "bad"
    assert dialog.note.text() == "数据截至的日子不能在今天之后。"
    assert not dialog.primary.isEnabled()


# --- rows that are not read ---


def test_refused_rows_are_named_and_saved_with_their_reasons(bench: ImportBench, tmp_path: Path) -> None:
    dialog = bench.open(LISTS / "08-bad-values.xlsx")
    assert dialog.mapping.refused.reasons.text().startswith("第 3 行 物业费：金额“160d”不是数字")
    target = tmp_path / "退回.xlsx"
    bench.presenter.files = [target]
    dialog.mapping.refused.save_button.click()
    sheet = openpyxl.load_workbook(target).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][-1] == "原因"
    assert [row[-2] for row in rows[1:]] == [str(refused.row) for refused in dialog.now().reading.rejected]
    assert "不是数字" in str(rows[1][-1])
    assert dialog.note.text() == "未读入的 9 行已存到“退回.xlsx”，改好可以再导一次。"
    dialog.next_step()
    dialog.changes.choose(ChangeClass.REJECTED)
    assert dialog.changes.heading.text() == "未读入 9 行"


def test_a_third_decimal_is_rounded_when_the_clerk_wants_it(bench: ImportBench) -> None:
    dialog = bench.open(LISTS / "08-bad-values.xlsx")
    accounts = len(dialog.now().reading.accounts)
    bench.recalculated(dialog, dialog.mapping.refused.round_button.click)
    assert len(dialog.now().reading.rejected) == 8
    assert len(dialog.now().reading.accounts) == accounts + 1
    assert dialog.mapping.refused.round_button.isHidden()


# --- stopping ---


def test_esc_asks_only_when_something_was_changed(bench: ImportBench, qtbot: QtBot) -> None:
    untouched = bench.open(LISTS / "01-plain.xlsx")
    with qtbot.waitSignal(untouched.rejected):
        qtbot.keyClick(untouched, Qt.Key.Key_Escape)
    assert bench.presenter.asked == []
    dialog = bench.open(LISTS / "01-plain.xlsx")
    bench.recalculated(dialog, lambda: dialog.mapping.full.button("part").click())
    bench.presenter.answers = [False, True]
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    with qtbot.waitSignal(dialog.rejected):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert [verb for _question, verb in bench.presenter.asked] == ["放弃改动", "放弃改动"]
    assert bench.owed() == 0 and bench.reasons() == []


def test_cancelling_the_import_writes_nothing(bench: ImportBench, qtbot: QtBot) -> None:
    dialog = bench.open(LISTS / "01-plain.xlsx")
    dialog.next_step()
    with qtbot.waitSignal(dialog.understood, timeout=20_000):
        dialog.confirm()
        bench.desk.jobs.cancel()
    assert dialog.note.text() == "已停下，什么也没有写入。"
    assert bench.owed() == 0
    assert bench.office.imports.last() is None and bench.office.imports.mappings() == {}
    assert dialog.primary.isEnabled()


def test_a_list_that_cannot_be_read_opens_no_dialog(bench: ImportBench, qtbot: QtBot, tmp_path: Path) -> None:
    broken = tmp_path / "坏.xlsx"
    broken.write_bytes(b"PK\x03\x04 half a workbook")
    dialog = bench.make(broken)
    with qtbot.waitSignal(dialog.refused, timeout=20_000):
        dialog.begin()
    assert not dialog.isVisible()
    assert len(bench.presenter.told) == 1


def test_a_change_that_cannot_be_read_leaves_the_list_as_it_was(bench: ImportBench, tmp_path: Path) -> None:
    path = write_list(tmp_path, "1-101,甲一,,100,2026-10")
    dialog = bench.open(path)
    path.unlink()
    bench.recalculated(dialog, lambda: pick(dialog.mapping.table, "业主", "备注"))
    assert len(bench.presenter.told) == 1
    assert dialog.now().reading.sheets[0].columns[1].meaning is Meaning.OWNER
    assert dialog.mapping.table.header.combo(1).currentText() == "业主"


def test_an_office_changed_meanwhile_is_compared_anew(bench: ImportBench, qtbot: QtBot) -> None:
    folder = bench.office.path.parent
    dialog = bench.open(write_list(folder, "1-101,甲一,,100,2026-10"))
    dialog.next_step()
    other = bench.apply(write_list(folder, "2-201,乙一,,50,2026-10", name="别的.csv"))
    other.done(0)
    with qtbot.waitSignal(dialog.understood, timeout=20_000):
        dialog.confirm()
    assert bench.presenter.told[0][0].startswith("核对之后账目又有变动")
    assert dialog.now().plan.before == 5_000
    with qtbot.waitSignal(dialog.imported, timeout=20_000):
        dialog.confirm()
    assert bench.owed() == 15_000


# --- keys and sizes ---


def test_alt_down_opens_the_drop_down_of_the_column(bench: ImportBench, qtbot: QtBot) -> None:
    dialog = bench.open(LISTS / "01-plain.xlsx")
    table = dialog.mapping.table
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Right)
    qtbot.keyClick(table, Qt.Key.Key_Down, ALT)
    combo = table.header.combo(1)
    assert combo.view().isVisible()
    combo.hidePopup()


def test_tab_leads_from_the_fields_over_the_question_into_the_table_and_its_drop_downs(bench: ImportBench) -> None:
    dialog = bench.open(LISTS / "02-title-two-level-header.xlsx")
    widget: QWidget = dialog.mapping.as_of
    names = []
    while len(names) < 20:
        if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled():
            names.append(widget.accessibleName())
        widget = widget.nextInFocusChain()
    assert names[:13] == [
        *("数据截至", "“本期”是", "“前期”是", "全部欠费清单", "只是一部分", "全部旧欠", "只含本期"),
        *("就是 2026年7–9月", "填写月份…", "先记为期间待核"),
        *("清单的列和头尾几行", "“序号”是", "“房  号”是"),
    ]


def test_alt_left_goes_back(bench: ImportBench, qtbot: QtBot) -> None:
    dialog = bench.open(LISTS / "01-plain.xlsx")
    dialog.next_step()
    qtbot.keyClick(dialog, Qt.Key.Key_Left, ALT)
    assert dialog.steps.currentWidget() is dialog.mapping


@pytest.mark.parametrize(
    ("window", "dialog_size"), [((1366, 697), (1180, 688)), ((1920, 1040), (1180, 688)), ((911, 465), (887, 457))]
)
def test_the_dialog_fits_into_the_window(
    bench: ImportBench, window: tuple[int, int], dialog_size: tuple[int, int]
) -> None:
    bench.window.resize(*window)
    dialog = bench.open(LISTS / "08-bad-values.xlsx")
    settle()
    assert (dialog.width(), dialog.height()) == dialog_size
    assert dialog.mapping.equation.visibleRegion().boundingRect().height() == dialog.mapping.equation.height()
    for step in range(2):
        dialog._go(step)
        settle()
        assert _within(dialog), f"step {step}"


def _within(dialog: ImportDialog) -> bool:
    buttons = (dialog.primary, dialog.cancel_button)
    return all(dialog.rect().contains(button.geometry()) for button in buttons)
