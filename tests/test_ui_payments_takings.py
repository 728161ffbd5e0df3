"""The day's payments: what stands there, what it adds up to, receipts, reversals, the workbook, and the second view."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout

from feedesk.models.ledger.payments import PayMethod
from feedesk.models.ledger.takings import day_sums
from feedesk.models.store.backups import evidence_of
from feedesk.tasks.takings import export_takings, takings_of
from feedesk.ui.page import KeyHint, Page
from feedesk.ui.payment_columns import rooms_words
from feedesk.ui.payment_details import PaymentDetails
from feedesk.ui.payment_press import PRINTED_FOLDER, ReceiptPress
from feedesk.ui.payments_page import TILL
from feedesk.ui.printing import Printers
from tests.paper_samples import squeezed, texts
from tests.payments_page_tools import ALT, CTRL, TODAY, Till
from tests.ui_tools import settle

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def till(qtbot, tmp_path: Path) -> Iterator[Till]:
    made = Till(qtbot, tmp_path)
    yield made
    made.close()


def shown(till: Till) -> list[tuple[str, ...]]:
    """The table as read: time, room, owner, amount, way, what for."""
    rows = till.takings.model.rows()
    return [tuple(spec.cell(row).text for spec in till.takings.model.columns[:6]) for row in rows]


def idle(till: Till) -> None:
    till.qtbot.waitUntil(lambda: not till.desk.jobs.busy, timeout=20_000)


def a_day(till: Till) -> tuple[int, int, int]:
    """Three payments, the second of them reversed."""
    first = till.book("3-2-902", 100_000, PayMethod.CASH)
    till.clock.forward(minutes=5)
    second = till.book("6-1-0504", 42_825, PayMethod.CASH, reference="N1")
    till.clock.forward(minutes=5)
    third = till.book("3-2-1502", 70_570, PayMethod.WECHAT, reference="4200001234")
    till.desk.changed.emit(till.office.payments.reverse(second, "点错了户"))
    settle()
    return first, second, third


# --- what stands there ---


def test_a_day_without_payments_says_so(till: Till) -> None:
    assert till.takings.empty.text() == "今天还没有收款。"
    assert till.takings.sums() == ("合计", "¥0.00")
    assert not till.takings.reverse_button.isEnabled()
    assert not till.takings.print_button.isEnabled()


def test_the_newest_stands_first_and_a_reversed_one_is_struck_with_its_reason(till: Till) -> None:
    a_day(till)
    assert shown(till) == [
        ("15:56", "3-2-1502", "林晓岚", "705.70", "微信", "管理费 2026年4–6月、公摊水电费 2026年4–6月"),
        ("15:51", "6-1-0504", "张青", "428.25", "现金", "已冲正：点错了户（11-17 许宁）"),
        ("15:46", "3-2-902", "周启明", "1,000.00", "现金", "物业费 2026年7–9月"),
    ]
    cells = [spec.cell(till.takings.model.record(1)) for spec in till.takings.model.columns]
    assert [cell.strike for cell in cells[1:5]] == [True] * 4
    assert not any(spec.cell(till.takings.model.record(0)).strike for spec in till.takings.model.columns)


def test_the_ways_to_pay_add_up_to_the_total_shown_without_the_reversed(till: Till) -> None:
    a_day(till)
    words, total = till.takings.sums()
    assert words == "现金 1 笔 1,000.00 ＋ 微信 1 笔 705.70 ＝ 2 笔；冲正 1 笔 428.25 不计"
    assert total == "¥1,705.70"
    sums = day_sums(takings_of(till.office, TODAY))
    assert sum(one.amount for one in sums.by_method) == sums.amount == 170_570
    assert sum(one.count for one in sums.by_method) == sums.count == 2
    assert (sums.reversed_count, sums.reversed_amount) == (1, 42_825)


def test_the_day_is_changed_in_the_head_and_by_alt_arrows(till: Till) -> None:
    till.book("3-2-902", 100_000)
    till.clock.forward(days=1)
    till.book("6-1-0504", 42_825)
    till.page.shown()
    assert [row[1] for row in shown(till)] == ["6-1-0504"]
    till.press(Qt.Key.Key_F3)
    till.press(Qt.Key.Key_Left, ALT)
    assert (till.takings.day, till.takings.span.value()) == (TODAY, "yesterday")
    assert [row[1] for row in shown(till)] == ["3-2-902"]
    till.press(Qt.Key.Key_Right, ALT)
    till.press(Qt.Key.Key_Right, ALT)
    assert till.takings.day == TODAY + timedelta(days=1)
    till.takings.span.button("own").click()
    till.refill(till.takings.day_edit, "1117")
    assert [row[1] for row in shown(till)] == ["3-2-902"]
    till.refill(till.takings.day_edit, "2027-01-01")
    assert till.takings.day == TODAY
    assert till.takings.day_edit.toolTip() == "这一天还没到。"


def test_a_payment_stands_under_the_day_it_was_booked_and_says_when_it_came(till: Till) -> None:
    till.book("3-2-902", 100_000, paid_on=date(2026, 11, 15))
    assert till.takings.model.columns[0].cell(till.takings.model.record(0)).tooltip == "15:46 登记，款是 11-15 收到的"


def test_ctrl_c_copies_the_line_as_a_table(till: Till) -> None:
    till.book("3-2-902", 100_000, reference="B1")
    till.takings.take_focus()
    till.press(Qt.Key.Key_C, CTRL)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["时间", "房号", "业主", "金额(元)", "方式", "缴的是", "流水号", "收据", "经办"]
    assert lines[1].split("\t")[1:7] == ["3-2-902", "周启明", "1,000.00", "现金", "物业费 2026年7–9月", "B1"]


# --- what it paid ---


@pytest.mark.parametrize("size", [(1366, 697), (911, 512)])
def test_what_is_said_does_not_lie_on_the_sum_of_the_day(qtbot, tmp_path: Path, size: tuple[int, int]) -> None:
    till = Till(qtbot, tmp_path, size)
    till.book("3-2-902", 10_000)
    if size[0] < 1100:
        till.page.toggle_takings()
    till.desk.messages.undoable("3-2-902 已收 ¥100.00（现金）。", lambda: None)
    settle()
    toast, takings = till.window.toast, till.takings
    assert toast.isVisible() and takings.isVisible()
    bottom = toast.mapToGlobal(toast.rect().bottomLeft()).y()
    for shown in takings.findChildren(QLabel):
        if shown.text() in takings.sums():
            assert bottom < shown.mapToGlobal(shown.rect().topLeft()).y()
    till.close()


@pytest.mark.parametrize(
    ("room", "words", "narrow"),
    [
        (800, "管理费 2026年4–6月、公摊水电费 2026年4–6月、管理费 2026年7–9月、车位费 2026年10–12月", "whole"),
        (200, "管理费 2026年4–6月 等 4 笔", "by parts"),
        (90, "管理费 等 4 笔", "the fee"),
    ],
)
def test_a_range_of_months_is_never_cut_in_its_middle(till: Till, room: int, words: str, narrow: str) -> None:
    till.book("3-2-1502", 223_510)
    column = [column.title for column in till.takings.model.columns].index("缴的是")
    (row,) = till.takings.model.rows()
    cell = till.takings.model.columns[column].cell(row)
    delegate = till.takings.table.itemDelegate()
    assert delegate.fitting(cell, room) == words, narrow


def test_many_rooms_are_told_by_the_first_and_their_number() -> None:
    assert rooms_words(("2-2-1301",)) == ("2-2-1301", ())
    assert rooms_words(("2-2-1301", "2-3-0101")) == ("2-2-1301、2-3-0101", ("2-2-1301 等 2 套",))


def test_enter_shows_what_a_payment_paid(till: Till) -> None:
    till.book("3-2-902", 200_000, PayMethod.TRANSFER, reference="B1", payer="周父", note="代缴")
    till.takings.take_focus()
    till.press(ENTER)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PaymentDetails)
    for line in (
        "收款日 2026年11月17日", "方式 转账", "流水号 B1", "付款人 周父", "备注 代缴",
        "3-2-902 物业费 2026年7–9月 1,902.60", "3-2-902 转为预缴 97.40",
    ):  # fmt: skip
        assert line in dialog.text()
    till.press(ESCAPE)
    assert QApplication.activeModalWidget() is None


def test_the_owner_is_a_key_away(till: Till, qtbot) -> None:
    till.book("3-2-902", 100_000)
    till.takings.take_focus()
    till.press(ENTER)
    with qtbot.waitSignal(till.desk.owner_wanted) as asked:
        till.press(Qt.Key.Key_O, CTRL)
    assert asked.args == [till.ids["3-2-902"]]


# --- reversing ---


def test_del_reverses_after_a_reason_and_names_what_comes_of_it(till: Till) -> None:
    till.book("3-2-902", 100_000)
    till.takings.take_focus()
    till.told.texts = ["收错了户"]
    till.press(Qt.Key.Key_Delete)
    question = till.told.asked[0][0]
    assert question.startswith("为什么冲正 3-2-902 周启明 ¥1,000.00？")
    assert "缴过的账目恢复未缴" in question
    assert till.owed("3-2-902") == 190_260
    assert till.booked()[0].reversed == "收错了户（11-17 许宁）"
    assert not till.takings.reverse_button.isEnabled()
    till.press(Qt.Key.Key_Delete)
    assert len(till.told.asked) == 1


def test_a_day_handed_in_keeps_its_sum_and_the_reversal_counts_on_its_own_day(till: Till, tmp_path: Path) -> None:
    till.book("3-2-902", 100_000)
    till.book("6-1-0504", 42_825)
    handed_in = till.takings.sums()
    till.clock.forward(days=1)
    till.page.shown()
    till.takings.turn(-1)
    till.takings.table.choose_row(1)
    till.takings.take_focus()
    till.told.texts = ["收错了户"]
    till.press(Qt.Key.Key_Delete)
    assert "11-17 的收款照旧，在今天扣减；记录仍留着" in till.told.asked[0][0]
    assert till.owed("3-2-902") == 190_260
    assert till.takings.sums() == handed_in == ("现金 2 笔 1,428.25 ＝ 2 笔", "¥1,428.25")
    assert shown(till)[1][1::2] == ("3-2-902", "1,000.00", "后来冲正：收错了户（11-18 许宁）")
    assert not any(spec.cell(till.takings.model.record(1)).strike for spec in till.takings.model.columns)
    till.takings.turn(1)
    till.book("3-2-1502", 70_570)
    assert [row[1:6] for row in shown(till)] == [
        ("3-2-1502", "林晓岚", "705.70", "现金", "管理费 2026年4–6月、公摊水电费 2026年4–6月"),
        ("3-2-902", "周启明", "−1,000.00", "现金", "冲正 11-17 登记的收款：收错了户（11-18 许宁）"),
    ]
    assert till.takings.sums() == ("现金 1 笔 705.70 − 冲正 1,000.00 ＝ 1 笔", "−¥294.30")
    till.takings.table.choose_row(1)
    assert not till.takings.reverse_button.isEnabled()
    assert [row.amount for row in export_takings(till.office, tmp_path / "昨天.xlsx", TODAY)] == [100_000, 42_825]


def test_without_a_reason_or_when_given_up_nothing_is_reversed(till: Till) -> None:
    till.book("3-2-902", 100_000)
    till.takings.take_focus()
    till.told.texts = [None, "  "]
    till.press(Qt.Key.Key_Delete)
    till.press(Qt.Key.Key_Delete)
    assert till.told.told == [("冲正要写明原因，没有冲正。", "请写一句原因。")]
    assert till.booked()[0].reversed == ""


def test_del_in_the_form_deletes_text_and_no_payment(till: Till) -> None:
    till.book("3-2-902", 100_000)
    till.open("1502")
    till.form.reference.edit.setText("AB")
    till.form.reference.edit.setFocus()
    till.form.reference.edit.home(False)
    till.press(Qt.Key.Key_Delete)
    assert till.form.reference.edit.text() == "B"
    assert till.told.asked == []


# --- receipts ---


def test_ctrl_enter_books_and_prints_the_receipt(till: Till) -> None:
    till.open("1502")
    till.press(Qt.Key.Key_1)
    till.press(ENTER, CTRL)
    idle(till)
    till.qtbot.waitUntil(lambda: till.printers.into.is_file())
    idle(till)
    (payment,) = till.booked()
    assert payment.receipt_no == "SJ2026-00001"
    assert [title for title, _pages, _sides in till.printers.asked] == ["收据 3-2-1502"]
    (kept,) = (evidence_of(till.office.path) / PRINTED_FOLDER).glob("*.pdf")
    assert kept.name == "收据-3-2-1502-2026-11-17.pdf"
    paper = squeezed(texts(kept.read_bytes())[0])
    for words in ("SJ2026-00001", "林晓岚", "贰仟贰佰叁拾伍元壹角整", "2,235.10"):
        assert words in paper
    assert till.takings.print_button.words() == "补打收据"
    assert till.window.focusWidget() is till.page.till.search.field


def test_a_payment_stays_booked_when_the_printer_is_not_chosen(till: Till) -> None:
    till.printers.into = None
    till.open("1502")
    till.press(Qt.Key.Key_1)
    till.press(ENTER, CTRL)
    (payment,) = till.booked()
    assert (payment.amount, payment.receipt_no) == (223_510, "")


def test_without_any_printer_the_number_is_not_taken(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    till.book("3-2-902", 100_000)
    press = ReceiptPress(till.desk, till.page, Printers())
    press.print_receipts(till.booked())
    assert till.told.told[0][0] == "没有找到打印机，收据还没有出，编号也没有占用。"
    assert till.booked()[0].receipt_no == ""


def test_ctrl_s_saves_the_receipt_and_a_further_print_keeps_its_number(till: Till, tmp_path: Path) -> None:
    till.book("3-2-902", 100_000)
    till.takings.take_focus()
    for name in ("一.pdf", "二.pdf"):
        till.told.files = [tmp_path / name]
        till.press(Qt.Key.Key_S, CTRL)
        idle(till)
        settle()
    first, second = (squeezed(texts((tmp_path / name).read_bytes())[0]) for name in ("一.pdf", "二.pdf"))
    assert "SJ2026-00001" in first
    assert "SJ2026-00001" in second
    assert "补打" in second
    assert "补打" not in first
    assert till.booked()[0].receipt_no == "SJ2026-00001"


def test_a_reversed_payment_gets_no_receipt_and_one_that_had_it_is_printed_as_void(till: Till, tmp_path: Path) -> None:
    payment_id = till.book("3-2-902", 100_000)
    till.takings.take_focus()
    till.told.files = [tmp_path / "一.pdf", tmp_path / "二.pdf"]
    till.press(Qt.Key.Key_S, CTRL)
    idle(till)
    settle()
    till.told.texts = ["收错了户"]
    till.press(Qt.Key.Key_Delete)
    assert "收据 SJ2026-00001 作废，请收回" in till.told.asked[0][0]
    till.press(Qt.Key.Key_S, CTRL)
    idle(till)
    assert "作废" in squeezed(texts((tmp_path / "二.pdf").read_bytes())[0])
    other = till.book("6-1-0504", 42_825)
    till.desk.changed.emit(till.office.payments.reverse(other, "错"))
    settle()
    assert till.takings.current().id == payment_id
    till.takings.table.choose(other)
    assert not till.takings.print_button.isEnabled()


def test_ctrl_p_without_a_payment_says_what_is_missing(till: Till) -> None:
    till.press(Qt.Key.Key_P, CTRL)
    assert till.window.toast.text() == "先选一笔收款，再打收据。"


# --- the workbook ---


def test_the_day_is_saved_as_a_workbook_that_adds_up(till: Till, tmp_path: Path) -> None:
    a_day(till)
    target = tmp_path / "日报.xlsx"
    till.told.files = [target]
    till.press(Qt.Key.Key_S, CTRL | SHIFT)
    idle(till)
    settle()
    assert till.window.toast.text() == "已存 日报.xlsx：2 笔 ¥1,705.70。"
    for values in (True, False):
        sheet = openpyxl.load_workbook(target, data_only=values)["收款日报"]
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[1][0] == "明湖花园服务中心　　2026年11月17日（星期二） 登记的收款"
        assert [row[2] for row in rows[3:6]] == ["3-2-902", "6-1-0504", "3-2-1502"]
        assert [row[4] for row in rows[3:6]] == [1000, "428.25", 705.7]
        assert rows[6][0] == "合计"
        assert rows[6][4] == (1705.7 if values else "=SUM(E4:E6)")
        assert [(row[2], row[3], row[4]) for row in rows[8:10]] == [("现金", 1, 1000), ("微信", 1, 705.7)]
    assert sheet["E5"].font.strike
    assert not sheet["E4"].font.strike
    assert not list(tmp_path.glob("*.part"))


def test_a_workbook_that_is_open_elsewhere_is_told_and_left_as_it_was(till: Till, tmp_path: Path) -> None:
    till.book("3-2-902", 100_000)
    target = tmp_path / "不在" / "日报.xlsx"
    till.told.files = [target]
    till.press(Qt.Key.Key_S, CTRL | SHIFT)
    idle(till)
    assert len(till.told.told) == 1
    assert not target.exists()


# --- one beside the other ---


def test_a_narrow_window_shows_one_at_a_time_and_f3_changes(qtbot, tmp_path: Path) -> None:
    till = Till(qtbot, tmp_path, (911, 512))
    try:
        till.book("3-2-902", 100_000)
        assert till.page.till.isVisible()
        assert not till.takings.isVisible()
        till.press(Qt.Key.Key_F3)
        assert till.takings.isVisible()
        assert not till.page.till.isVisible()
        assert till.focus() is till.takings.table
        till.press(ESCAPE)
        assert till.page.till.isVisible()
        assert till.page.till.search.field.hasFocus()
    finally:
        till.close()


@pytest.mark.parametrize("taken", [0, 1])
def test_a_window_made_narrow_keeps_in_sight_what_is_in_hand(till: Till, taken: int) -> None:
    for _ in range(taken):
        till.book("3-2-902", 100_000)
    till.press(Qt.Key.Key_F3)
    till.window.resize(911, 512)
    settle()
    assert till.takings.isVisible()
    assert not till.page.till.isVisible()
    till.window.resize(1366, 697)
    settle()
    assert till.page.till.isVisible()
    assert till.takings.isVisible()


def test_slash_goes_to_the_search_and_esc_leads_back_from_the_day(till: Till) -> None:
    till.book("3-2-902", 100_000)
    till.takings.take_focus()
    till.press(Qt.Key.Key_Slash)
    assert till.page.till.search.field.hasFocus()
    till.press(Qt.Key.Key_F3)
    assert till.focus() is till.takings.table
    till.press(ESCAPE)
    assert till.page.till.search.field.hasFocus()


# --- the second view ---


class OtherView(Page):
    """A view as 对账 will be."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        QVBoxLayout(self).addWidget(QLabel("对账"))

    def shown(self) -> None:
        self.asked.append("shown")

    def fit(self, width: int, height: int) -> None:
        self.asked.append(f"fit {width}")

    def step_back(self) -> bool:
        self.asked.append("back")
        return self.asked.count("back") < 2

    def key_hints(self) -> tuple[KeyHint, ...]:
        return (KeyHint("Enter", "记这一笔"),)


def test_a_second_view_is_a_page_within_the_page(till: Till, qtbot) -> None:
    view = OtherView()
    till.page.add_view("reconcile", "对账", view)
    assert till.page.view_key() == TILL
    till.press(Qt.Key.Key_Tab, CTRL)
    assert till.page.view_key() == "reconcile"
    assert view.isVisible()
    assert view.asked[-2:] == ["fit 1366", "shown"]
    assert [hint.does for hint in till.page.key_hints()] == ["收款、对账之间换", "记这一笔"]
    with qtbot.waitSignal(till.page.badge_changed) as told:
        view.badge_changed.emit(7)
    assert told.args == [7]
    till.press(ESCAPE)
    assert till.page.view_key() == "reconcile"
    till.press(ESCAPE)
    assert till.page.view_key() == TILL
    assert till.page.till.search.field.hasFocus()
    till.page.views.button("reconcile").click()
    assert till.page.view_key() == "reconcile"
    till.page.take_for([till.ids["3-2-902"]])
    assert till.page.view_key() == TILL
    assert till.form.room.text() == "3-2-902"
