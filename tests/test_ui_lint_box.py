"""The box under an editor: what must not go out, marked in the text, and the safe wording at one key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from feedesk.models.scripts.records import variants
from feedesk.ui.lint_box import LintBox
from tests.ui_tools import settle

BAD = "您好。账面未付 300 元，另收滞纳金。我们会停水！依据民法典第二百八十六条。"


class Bench:
    def __init__(self, qtbot: QtBot) -> None:
        self.window = QWidget()
        self.editor = QPlainTextEdit()
        self.box = LintBox(self.editor, spoken=variants)
        column = QVBoxLayout(self.window)
        column.addWidget(self.editor)
        column.addWidget(self.box)
        qtbot.addWidget(self.window)
        self.window.resize(700, 400)
        self.window.show()
        self.window.activateWindow()
        self.editor.setFocus()
        settle()

    def type(self, text: str) -> None:
        self.editor.setPlainText(text)
        settle()

    def press(self, key: Qt.Key) -> None:
        QTest.keyClick(self.window.focusWidget() or self.window, key)
        settle()

    def underlined(self) -> list[str]:
        return [mark.cursor.selectedText() for mark in self.editor.extraSelections()]


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    yield Bench(qtbot)


def test_a_lawful_text_takes_no_room(bench: Bench) -> None:
    bench.type("水电气热供应不受影响。")
    assert bench.box.isHidden() and bench.box.findings() == () and bench.box.blocking() == 0
    bench.press(Qt.Key.Key_F8)
    assert bench.editor.hasFocus()


def test_what_must_not_go_out_is_listed_and_underlined_while_typing(bench: Bench) -> None:
    bench.type(BAD)
    assert bench.box.isVisible()
    assert [one.matched for one in bench.box.findings()] == ["滞纳金", "停水", "民法典第二百八十六条"]
    assert bench.box.blocking() == 2
    assert bench.box._title.text() == "2 处不能这样写，另有 1 处请留意"
    assert bench.underlined() == ["滞纳金", "停水", "民法典第二百八十六条"]
    bench.type("依据民法典第二百八十六条。")
    assert bench.box._title.text() == "1 处请留意" and bench.box.blocking() == 0


def test_f8_walks_and_enter_takes_until_nothing_is_left(bench: Bench) -> None:
    bench.type(BAD)
    bench.press(Qt.Key.Key_F8)
    assert bench.box.table.hasFocus()
    bench.press(Qt.Key.Key_Down)
    row = bench.box.table.current_record()
    assert row is not None and row.finding.matched == "停水"
    assert "944" in bench.box._why.text()
    bench.press(Qt.Key.Key_Return)
    assert "我们会停水" not in bench.editor.toPlainText()
    assert "滞纳金" in bench.editor.toPlainText(), "only the one in hand"
    for _ in range(2):
        bench.box.table.choose_row(0)
        bench.press(Qt.Key.Key_Return)
    assert bench.editor.toPlainText() == (
        "您好。账面未付 300 元，另收违约金。水电气热供应不受影响。依据是物业服务合同和民法典第九百四十四条。"
    )
    assert bench.box.isHidden() and bench.editor.hasFocus()


def test_f8_goes_to_the_finding_at_the_cursor_and_esc_back(bench: Bench) -> None:
    bench.type(BAD)
    cursor = bench.editor.textCursor()
    cursor.setPosition(BAD.index("停水"))
    bench.editor.setTextCursor(cursor)
    bench.press(Qt.Key.Key_F8)
    row = bench.box.table.current_record()
    assert row is not None and row.finding.matched == "停水"
    bench.press(Qt.Key.Key_Escape)
    assert bench.editor.hasFocus() and bench.window.isVisible()


def test_one_undo_takes_back_one_mend(bench: Bench) -> None:
    bench.type(BAD)
    bench.box.table.choose_row(0)
    bench.box.take()
    assert "违约金" in bench.editor.toPlainText()
    bench.editor.undo()
    assert bench.editor.toPlainText() == BAD


def test_rare_characters_before_a_finding_do_not_move_it(bench: Bench) -> None:
    bench.type("𠮷𨭎先生，另收滞纳金。")
    assert bench.underlined() == ["滞纳金"]
    bench.box.take()
    assert bench.editor.toPlainText() == "𠮷𨭎先生，另收违约金。"


def test_a_record_on_file_lifts_and_puts_back(bench: Bench) -> None:
    bench.type("律师函已经寄出。")
    assert bench.box.blocking() == 2
    bench.box.set_facts({"lawyer_letter"})
    assert bench.box.blocking() == 0 and bench.box.isHidden()
    bench.box.set_facts(())
    assert bench.box.blocking() == 2


def test_what_only_the_filled_template_says_is_told_but_not_taken(bench: Bench) -> None:
    text = "我们会[[停||]]水。"
    bench.type(text)
    assert bench.box.blocking() == 1 and bench.underlined() == []
    assert not bench.box.take_button.isEnabled()
    bench.box.take()
    assert bench.editor.toPlainText() == text


def test_groups_of_a_template_stay_whole(bench: Bench) -> None:
    bench.type("[[{称呼}，您好。||您好。]]我们会停水！")
    bench.box.take()
    assert bench.editor.toPlainText() == "[[{称呼}，您好。||您好。]]水电气热供应不受影响。"
