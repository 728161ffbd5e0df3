"""演练 by the keyboard: choose, type, go on, end; at both sizes every answer can be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from feedesk.models.accounts import DebtorType
from feedesk.models.scripts import load_library
from feedesk.models.scripts.practice import Mood, talk_with
from feedesk.models.wording import lint
from feedesk.ui.practice_dialog import PracticeDialog, told
from feedesk.ui.theme import Tone
from tests.script_page_tools import Bench as ScriptsBench
from tests.ui_tools import settle

Key = Qt.Key
TODAY = date(2026, 11, 20)


class Bench:
    def __init__(self, qtbot: QtBot, width: int = 1366, height: int = 768) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(width, height)
        self.dialog = PracticeDialog(
            load_library().objections, self.window, today=TODAY, debtor_type=DebtorType.DEFECTS, seed=3
        )
        qtbot.addWidget(self.dialog)
        self.dialog.open()
        self.dialog.activateWindow()
        settle()

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.dialog, key, held)
        settle()

    def digit(self, *, right: bool) -> Qt.Key:
        """The key of the recommended answer, or of the first other one."""
        place = next(at for at, one in enumerate(self.dialog.round().replies) if one.is_recommended is right)
        return Key(Key.Key_1 + place)

    def visible(self) -> list[str]:
        return [card.accessibleName() for card in self.dialog.cards() if card.isVisible()]


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


def test_the_whole_talk_by_digits_and_enter(bench: Bench) -> None:
    dialog = bench.dialog
    heard = []
    for turn in range(6):
        heard.append(dialog.says())
        assert dialog.is_last() is (turn == 5) and dialog.verdict() == ""
        bench.press(bench.digit(right=True))
        assert dialog.verdict() == "就是这样答。"
        bench.press(Key.Key_Return)
    assert len(set(heard)) == 6
    assert not dialog.is_last() and dialog.says() not in heard[:1] and dialog.verdict() == ""  # another talk


def test_a_wrong_answer_says_why_and_shows_the_recommended_one_and_why(bench: Bench) -> None:
    asked = bench.dialog.round()
    key = bench.digit(right=False)
    bench.press(key)
    picked = asked.replies[key - Key.Key_1]
    assert bench.dialog.verdict() == f"这句不合适：{picked.why}"
    whys = [card.why() for card in bench.dialog.cards()]
    assert f"推荐这样说。{asked.recommended.why}" in whys and f"您选的。{picked.why}" in whys
    bench.press(bench.digit(right=True))  # chosen is chosen
    assert bench.dialog.verdict() == f"这句不合适：{picked.why}"


def test_enter_goes_nowhere_before_an_answer(bench: Bench) -> None:
    before = bench.dialog.says()
    bench.press(Key.Key_Return)
    bench.press(Key.Key_9)
    assert bench.dialog.says() == before and bench.dialog.verdict() == ""
    assert not bench.dialog.next_button.isEnabled()


def test_an_answer_of_ones_own_is_looked_through_and_laid_beside_the_recommended(bench: Bench) -> None:
    dialog = bench.dialog
    bench.press(Key.Key_T)
    assert dialog.editor.hasFocus() and bench.visible() == []
    bench.press(Key.Key_Return)
    assert dialog.verdict() == ""  # nothing typed yet
    dialog.editor.insertPlainText("再不缴就停水。")
    bench.press(Key.Key_Return)
    assert "“停水”不能这样说" in dialog.verdict() and "没有问到日子" in dialog.verdict()
    assert bench.visible() == [dialog.round().recommended.text]
    before = dialog.says()
    bench.press(Key.Key_Return)
    assert dialog.says() != before and dialog.editor.isHidden() and len(bench.visible()) == 4


def test_a_sound_answer_of_ones_own_is_not_found_fault_with(bench: Bench) -> None:
    bench.press(Key.Key_T)
    bench.dialog.editor.insertPlainText("理解，我记下了。您看周五方便吗？")
    bench.press(Key.Key_Return)
    assert bench.dialog.verdict().startswith("没有查到不能说的话")


def test_shift_enter_is_a_new_line_and_esc_goes_back_to_the_answers(bench: Bench) -> None:
    bench.press(Key.Key_T)
    bench.dialog.editor.insertPlainText("第一行")
    bench.press(Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bench.dialog.verdict() == "" and len(bench.dialog.editor.toPlainText()) == 4
    bench.press(Key.Key_Escape)
    assert bench.dialog.isVisible() and len(bench.visible()) == 4
    bench.press(bench.digit(right=True))
    assert bench.dialog.verdict() == "就是这样答。"


@pytest.mark.parametrize("answered", [False, True])
def test_esc_ends(bench: Bench, answered: bool) -> None:
    if answered:
        bench.press(Key.Key_T)
        bench.dialog.editor.insertPlainText("您看周五方便吗？")
        bench.press(Key.Key_Return)
    bench.press(Key.Key_Escape)
    assert not bench.dialog.isVisible()


def test_another_owner_begins_anew(bench: Bench) -> None:
    bench.press(bench.digit(right=True))
    bench.press(Key.Key_Return)
    first = bench.dialog.says()
    bench.dialog.mood_combo.setFocus()
    bench.press(Key.Key_3)
    assert bench.dialog.mood_combo.value() is Mood.COLD and bench.dialog.verdict() == ""
    assert bench.dialog.says() != first and bench.dialog.reading.hasFocus()


@pytest.mark.parametrize("size", [(1366, 768), (911, 512)])
def test_every_answer_stands_whole_at_both_sizes(qtbot: QtBot, size: tuple[int, int]) -> None:
    bench = Bench(qtbot, *size)
    assert bench.dialog.width() <= size[0] and bench.dialog.height() <= size[1]
    for _ in range(6):
        for card in bench.dialog.cards():
            assert card.height() >= card.heightForWidth(card.width())
            assert card.geometry().right() <= bench.dialog.reading.viewport().width()
        bench.press(bench.digit(right=False))
        for card in bench.dialog.cards():
            assert card.height() >= card.heightForWidth(card.width())
        bench.press(Key.Key_Return)


@pytest.mark.parametrize("width", [911, 1366])
def test_f12_on_the_page_of_scripts_opens_it_for_the_type_in_hand(qtbot: QtBot, tmp_path: Path, width: int) -> None:
    bench = ScriptsBench(qtbot, tmp_path)
    try:
        bench.window.resize(width, 500)
        bench.go()
        bench.page.filter.type_combo.show_value(DebtorType.BUSY)
        bench.page.refill()
        button = bench.page.practice_button
        assert button.isVisible() and button.width() >= button.sizeHint().width()
        bench.press(Key.Key_F12)
        dialog: PracticeDialog = bench.opened(PracticeDialog)
        assert dialog.type_combo.value() is DebtorType.BUSY and len(dialog.cards()) == 4
        bench.press(Key.Key_Escape)
        assert not bench.has_open(PracticeDialog)
    finally:
        bench.close()


def test_the_day_asked_for_follows_the_clock(bench: Bench) -> None:
    """Friday: two working days on is Tuesday."""
    for _ in range(5):
        bench.press(bench.digit(right=True))
        bench.press(Key.Key_Return)
    assert bench.dialog.is_last()
    assert "下周二 11 月 24 日" in bench.dialog.round().recommended.text


@pytest.mark.parametrize("typed", ["你这老赖，今天交不交？", "再不缴就停水，哪天来？"])
def test_what_may_not_be_said_gets_a_whole_sentence_that_may(typed: str) -> None:
    asked = talk_with(load_library().objections, DebtorType.UNPAID, Mood.CALM, 1).rounds[0]
    lines, tone = told(asked.feedback(typed))
    assert tone is Tone.CINNABAR
    said = lines[0].partition("这一句可以说：“")[2].removesuffix("”")
    assert len(said) > 8 and said.endswith("。") and not lint(said)
