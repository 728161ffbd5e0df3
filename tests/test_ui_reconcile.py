"""对账 in the real window: reading a statement, booking line by line or all that is sure, putting aside, asking once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from feedesk.models.statements import LineState, StatementColumn
from feedesk.ui.main_window import MainWindow
from feedesk.ui.reconcile_view import ReconcileView
from feedesk.ui.statement_dialog import StatementDialog
from tests.payments_page_tools import CTRL, NONE, Till
from tests.ui_tools import settle

ENTER = Qt.Key.Key_Return
HEAD = "交易日期,摘要,附言,交易金额(收入),交易金额(支出),余额,对方户名,对方账号,交易流水号"
LINES = (
    "2026-11-14,跨行汇款,3-2-902物业费,1902.60,-,0,周启明,6222****1111,T01",
    "2026-11-14,跨行汇款,6-1-0504,428.25,-,0,张青,6222****2222,T02",
    "2026-11-15,跨行汇款,物业费,2235.10,-,0,林晓岚,6222****3333,T03",
    "2026-11-15,跨行汇款,6-1-0504物业费,100.00,-,0,张青,6222****2222,T04",
    "2026-11-16,跨行汇款,货款,8800.00,-,0,南山商贸有限公司,6222****5555,T05",
    "2026-11-16,网转,工资,-,52000.00,0,本公司,6222****6666,T06",
)


def write(folder: Path, *lines: str, head: str = HEAD, name: str = "流水.csv") -> Path:
    path = folder / name
    path.write_bytes("\r\n".join(["账号: 0000****0001", "", head, *lines]).encode("gb18030"))
    return path


class Desk(Till):
    """The window on 对账."""

    def __init__(self, qtbot, folder: Path, size: tuple[int, int] = (1366, 697)) -> None:  # type: ignore[no-untyped-def]
        super().__init__(qtbot, folder, size)
        self.view = ReconcileView(self.desk)
        self.page.add_view("reconcile", "对账", self.view)
        self.page.show_view("reconcile")
        settle()

    def read(self, *lines: str, **more: str) -> None:
        self.view.read_file(write(self.folder, *lines, **more))
        self.qtbot.waitUntil(lambda: not self.desk.jobs.busy)
        settle()

    def rows(self) -> list[tuple[str, str]]:
        """(把握, 哪一户) as read."""
        model = self.view.model
        return [(model.columns[0].cell(line).text, model.columns[5].cell(line).text) for line in self.view.lines()]

    def owed(self, room: str) -> int:
        account_id = self.ids[room]
        return self.office.accounts.some([account_id])[account_id].owed


@pytest.fixture
def desk(qtbot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, tmp_path)
    yield made
    made.close()


def test_an_office_without_statements_is_told_what_to_do(desk: Desk) -> None:
    assert desk.view._empty.text().startswith("还没有读入过流水。")


def test_every_line_is_shown_with_what_it_may_be_and_the_sums_meet(desk: Desk) -> None:
    desk.read(*LINES)
    assert desk.rows() == [
        ("确定", "3-2-902"), ("确定", "6-1-0504"), ("很可能", "3-2-1502"), ("拿不准", "6-1-0504"), ("没有对上", "—")
    ]  # fmt: skip
    assert desk.view._sums.text().startswith("收入 13,465.95 ＝ 已入账 0.00 ＋ 等核对 13,465.95")
    desk.view.chips.choose("void")
    desk.view._fill()
    assert desk.rows() == [("不是收款", "—")]


def test_all_that_is_sure_is_booked_at_one_press_and_only_that(desk: Desk) -> None:
    desk.read(*LINES)
    desk.press(ENTER, CTRL)
    assert (desk.owed("3-2-902"), desk.owed("6-1-0504"), desk.owed("3-2-1502")) == (0, 0, 223_510)
    assert [line.state for line in desk.office.statements.lines()].count(LineState.BOOKED) == 2
    assert desk.rows()[0] == ("很可能", "3-2-1502")


def test_enter_books_the_line_in_hand_and_the_next_one_is_in_hand(desk: Desk) -> None:
    desk.read(*LINES)
    desk.view.table.choose_row(2)
    assert "付款人是业主 林晓岚" in desk.view.panel.text()
    desk.press(ENTER)
    assert desk.owed("3-2-1502") == 0
    assert desk.view.table.current_record().line.reference == "T04"  # type: ignore[union-attr]
    assert desk.view.table.hasFocus()


def test_what_is_left_over_must_be_agreed_to_before_it_becomes_prepayment(desk: Desk) -> None:
    desk.read(*LINES)
    desk.press(ENTER, CTRL)
    desk.view.table.choose_row(1)
    assert desk.view.table.current_record().line.reference == "T04"  # type: ignore[union-attr]
    panel = desk.view.panel
    assert panel.prepay.isVisible() and panel.prepay.text().startswith("多出 ¥100.00 转为预缴")
    assert not panel.book_button.isEnabled()
    desk.press(ENTER)
    assert panel.prepay.hasFocus(), "Enter goes to the question"
    desk.press(Qt.Key.Key_Space)
    panel.book_button.click()
    assert desk.office.payments.prepaid(desk.ids["6-1-0504"]) == 10_000


def choose(desk: Desk, key: Qt.Key, room: str) -> None:
    """F3 another unit, F4 one more."""
    desk.press(key)
    assert desk.view.panel.search.field.hasFocus()
    desk.view.panel.search.field.setText(room)
    desk.view.panel.search.field.flush()
    desk.press(ENTER)


def test_a_line_put_to_another_unit_is_booked_there_and_nowhere_else(desk: Desk) -> None:
    """The trial's worst: corrected on screen, then booked with the sure ones to the unit first proposed."""
    desk.read(*LINES)
    desk.view.table.choose_row(1)
    choose(desk, Qt.Key.Key_F3, "3-2-1502")
    assert desk.view.panel.rooms() == ("3-2-1502",)
    desk.view.table.choose_row(0)
    assert desk.rows()[1] == ("已改户", "3-2-1502")
    desk.press(ENTER, CTRL)
    assert desk.owed("6-1-0504") == 42_825, "changed by hand: not among the sure ones any more"
    desk.view.table.choose_row(0)
    assert desk.view.panel.rooms() == ("3-2-1502",), "what was chosen stays with the line"
    desk.view.panel.book_button.click()
    settle()
    assert (desk.owed("6-1-0504"), desk.owed("3-2-1502")) == (42_825, 223_510 - 42_825)


def test_a_correction_replaces_the_unit_and_one_that_gets_nothing_is_refused(desk: Desk) -> None:
    desk.read(*LINES)
    choose(desk, Qt.Key.Key_F3, "3-2-1502")
    choose(desk, Qt.Key.Key_F3, "5-2-0901")
    assert desk.view.panel.rooms() == ("5-2-0901",)
    choose(desk, Qt.Key.Key_F4, "5-2-0902")
    choose(desk, Qt.Key.Key_F4, "3-2-1502")
    assert "分不到这笔钱" in desk.view.panel.problem()
    assert not desk.view.panel.book_button.isEnabled()


def test_a_run_of_sure_lines_is_taken_back_at_one_press(desk: Desk) -> None:
    desk.read(*LINES)
    desk.press(ENTER, CTRL)
    assert desk.owed("3-2-902") == 0
    desk.press(Qt.Key.Key_Z, CTRL)
    assert (desk.owed("3-2-902"), desk.owed("6-1-0504")) == (190_260, 42_825)
    assert desk.office.statements.open_count() == 5


def test_a_booked_line_leads_to_its_payment(desk: Desk) -> None:
    shown: list[int] = []
    desk.view.payment_wanted.connect(shown.append)
    desk.read(*LINES)
    desk.press(ENTER, CTRL)
    desk.view.chips.choose("booked")
    desk.view._fill()
    desk.view.panel.book_button.click()
    assert shown == [desk.view.lines()[0].payment_id]
    desk.page.show_payment(shown[0])
    assert desk.page.takings.table.current_id() == shown[0]


def test_esc_from_the_search_goes_back_to_the_table(desk: Desk) -> None:
    desk.read(*LINES)
    desk.press(Qt.Key.Key_F3)
    desk.press(Qt.Key.Key_Escape)
    assert desk.view.table.hasFocus()


def test_another_unit_is_found_by_keys_and_several_share_one_sum(desk: Desk) -> None:
    desk.read("2026-11-15,跨行汇款,两套一起,3158.80,-,0,顾某,6222****9,T11")
    choose(desk, Qt.Key.Key_F3, "5-2-0901")
    choose(desk, Qt.Key.Key_F4, "5-2-0902")
    assert desk.view.panel.rooms() == ("5-2-0901", "5-2-0902")
    desk.press(ENTER)
    assert (desk.owed("5-2-0901"), desk.owed("5-2-0902")) == (0, 0)
    payment = desk.office.payments.of_account(desk.ids["5-2-0901"])[0]
    assert (payment.amount, payment.payer) == (315_880, "顾某")


def test_a_line_put_aside_keeps_its_reason_and_can_be_taken_up_again(desk: Desk) -> None:
    desk.read(*LINES)
    desk.view.table.choose_row(4)
    desk.told.texts.append("供货商退款")
    desk.press(Qt.Key.Key_Delete)
    assert len(desk.rows()) == 4
    desk.view.chips.choose("dismissed")
    desk.view._fill()
    assert "供货商退款" in desk.view.panel.text()
    desk.view.panel.book_button.click()
    settle()
    assert desk.office.statements.open_count() == 5


def test_the_same_file_again_brings_nothing_new(desk: Desk) -> None:
    desk.read(*LINES)
    desk.press(ENTER, CTRL)
    desk.read(*LINES)
    assert len(desk.office.statements.all()) == 1
    assert desk.owed("3-2-902") == 0
    assert len(desk.office.payments.taken_between(desk.clock.now.date(), desk.clock.now.date())) == 2


def test_an_unknown_layout_asks_what_its_columns_mean_and_remembers(desk: Desk) -> None:
    strange = "甲,乙,丙,丁"
    desk.read("2026-11-14,1902.60,周启明,3-2-902", head=strange, name="怪.csv")
    dialog = next(one for one in desk.view.findChildren(StatementDialog) if one.isVisible())
    assert not dialog.read_button.isEnabled()
    for title, meaning in (("甲", StatementColumn.PAID_AT), ("乙", StatementColumn.IN_AMOUNT),
                           ("丙", StatementColumn.PAYER), ("丁", StatementColumn.MEMO)):  # fmt: skip
        dialog.choose(title, meaning)
    assert dialog.verdict() == "读出 1 笔，其中收入 1 笔 ¥1,902.60。"
    QTest.keyClick(dialog, ENTER, NONE)
    settle()
    assert desk.rows() == [("确定", "3-2-902")]
    desk.read("2026-11-15,428.25,张青,6-1-0504", head=strange, name="怪二.csv")
    assert not [one for one in desk.view.findChildren(StatementDialog) if one.isVisible()], "asked only once"
    assert ("确定", "6-1-0504") in desk.rows()


def test_cancelling_the_question_keeps_nothing(desk: Desk) -> None:
    desk.read("2026-11-14,1902.60,周启明,3-2-902", head="甲,乙,丙,丁", name="怪.csv")
    dialog = next(one for one in desk.view.findChildren(StatementDialog) if one.isVisible())
    QTest.keyClick(dialog, Qt.Key.Key_Escape, NONE)
    settle()
    assert desk.office.statements.all() == []


def test_a_file_that_is_no_statement_is_told_and_nothing_is_kept(desk: Desk) -> None:
    path = desk.folder / "坏.xlsx"
    path.write_bytes(b"\x00\x01rubbish")
    desk.view.read_file(path)
    desk.qtbot.waitUntil(lambda: bool(desk.told.told))
    assert desk.office.statements.all() == []


def test_accounts_whose_money_is_in_question_are_not_offered_for_calling(desk: Desk) -> None:
    desk.read(*LINES)
    row = desk.office.accounts.some([desk.ids["3-2-1502"]])[desk.ids["3-2-1502"]]
    assert row.mark_text == "收款待核" and row.group is None


def test_a_narrow_window_shows_the_table_or_the_line(qtbot, tmp_path: Path) -> None:
    desk = Desk(qtbot, tmp_path, (911, 512))
    desk.read(*LINES)
    assert desk.view.table.isVisible() and not desk.view.panel.isVisible()
    desk.press(ENTER)
    assert desk.view.panel.isVisible() and not desk.view.table.isVisible()
    assert isinstance(desk.window, MainWindow)
    desk.press(Qt.Key.Key_Escape)
    assert desk.view.table.isVisible()
    assert QApplication.focusWidget() is desk.view.table
    desk.close()
