"""The widget kit: amounts, days, chips, labels, buttons."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from feedesk.ui.theme import Tone
from feedesk.ui.widgets import (
    Banner,
    Chip,
    ChipRow,
    DayEdit,
    ElidedLabel,
    EmptyState,
    IconButton,
    KeyButton,
    MoneyEdit,
    NumberBox,
    Segment,
    StatusPill,
    field_label,
    label,
)

TODAY = date(2026, 11, 17)


@pytest.mark.parametrize(
    ("typed", "fen", "problem"),
    [
        ("3446.35", 344635, ""),
        ("3,446.35", 344635, ""),
        ("¥3446", 344600, ""),
        ("３４４６.３５", 344635, ""),
        ("", None, "请填金额。"),
        ("三千", None, "金额“三千”不是数字。"),
        ("1.005", None, "金额“1.005”精确到了分以下。"),
        ("0", None, "金额要大于 0。"),
        ("-5", None, "金额要大于 0。"),
    ],
)
def test_an_amount_is_read_in_fen_or_refused_with_a_reason(qtbot, typed: str, fen: int | None, problem: str) -> None:
    edit = MoneyEdit()
    qtbot.addWidget(edit)
    edit.setText(typed)
    assert edit.amount() == fen
    assert edit.problem() == problem


def test_an_amount_is_shown_in_full_once_it_is_entered(qtbot) -> None:
    edit = MoneyEdit(344635)
    qtbot.addWidget(edit)
    assert edit.text() == "3,446.35"
    edit.selectAll()
    with qtbot.waitSignal(edit.amount_changed) as told:
        qtbot.keyClicks(edit, "1200")
    assert told.args == [100]
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert edit.text() == "1,200.00"


def test_typing_a_wrong_amount_marks_the_field_and_mending_it_clears_the_mark(qtbot) -> None:
    edit = MoneyEdit(100)
    qtbot.addWidget(edit)
    edit.selectAll()
    qtbot.keyClicks(edit, "1.234")
    assert edit.property("state") == "bad"
    assert edit.toolTip() == "金额“1.234”精确到了分以下。"
    qtbot.keyClick(edit, Qt.Key.Key_Backspace)
    assert edit.property("state") == ""
    assert edit.amount() == 123


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("1125", date(2026, 11, 25)),
        ("11-25", date(2026, 11, 25)),
        ("2026-11-25", date(2026, 11, 25)),
        ("0103", date(2027, 1, 3)),
        ("11-25 周三", date(2026, 11, 25)),
        ("明天", date(2026, 11, 18)),
        ("1345", None),
        ("0230", None),
        ("", None),
        ("月底吧", None),
    ],
)
def test_a_day_is_read_as_clerks_type_it(qtbot, typed: str, day: date | None) -> None:
    edit = DayEdit(TODAY)
    qtbot.addWidget(edit)
    edit.setText(typed)
    assert edit.day() == day


@pytest.mark.parametrize(
    ("today", "typed", "day", "problem"),
    [
        (TODAY, "1117", TODAY, ""),
        (TODAY, "0215", date(2026, 2, 15), ""),
        (date(2027, 1, 5), "1228", date(2026, 12, 28), ""),
        (TODAY, "2025-11-25", date(2025, 11, 25), ""),
        (TODAY, "1118", None, "11-18 还没到；去年的请写全 2025-11-18。"),
        (TODAY, "11-25", None, "11-25 还没到；去年的请写全 2025-11-25。"),
        (TODAY, "11-25 周三", None, "11-25 还没到；去年的请写全 2025-11-25。"),
    ],
)
def test_a_day_in_the_past_is_the_last_such_day_and_never_a_slip_of_a_year(
    qtbot, today: date, typed: str, day: date | None, problem: str
) -> None:
    edit = DayEdit(today, past=True)
    qtbot.addWidget(edit)
    edit.setText(typed)
    assert edit.day() == day
    assert edit.problem() == problem


def test_the_arrows_go_no_further_than_today_where_only_the_past_makes_sense(qtbot) -> None:
    edit = DayEdit(TODAY, TODAY, past=True)
    qtbot.addWidget(edit)
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert edit.day() == TODAY
    qtbot.keyClick(edit, Qt.Key.Key_Down)
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert edit.day() == TODAY


def test_a_day_shows_its_weekday_and_moves_with_the_arrows(qtbot) -> None:
    edit = DayEdit(TODAY, date(2026, 11, 20))
    qtbot.addWidget(edit)
    assert edit.text() == "11-20 周五"
    qtbot.keyClick(edit, Qt.Key.Key_Up)
    assert edit.day() == date(2026, 11, 21)
    assert edit.text() == "11-21 周六"


def test_a_text_that_is_no_day_says_so(qtbot) -> None:
    edit = DayEdit(TODAY)
    qtbot.addWidget(edit)
    qtbot.keyClicks(edit, "1345")
    assert edit.problem() == "没有“1345”这一天。请按“1125”或“11-25”输入。"
    assert edit.property("state") == "bad"


def test_a_label_never_reads_a_name_as_markup(qtbot) -> None:
    shown = label("<b>赵</b>")
    qtbot.addWidget(shown)
    assert shown.textFormat() is Qt.TextFormat.PlainText


def test_a_label_without_room_says_the_whole_in_its_tooltip(qtbot) -> None:
    shown = ElidedLabel("主卧渗水，工程部 11-20 前去看，看完回话再说")
    qtbot.addWidget(shown)
    shown.resize(80, 20)
    shown.show()
    assert shown.is_elided()
    assert shown.toolTip() == shown.text()
    shown.resize(600, 20)
    assert shown.toolTip() == ""


@pytest.mark.parametrize("kind", ["", "primary", "quiet", "chip", "outcome", "segment", "said"])
def test_a_button_asks_for_the_width_of_its_words_at_their_boldest_and_of_its_key(qtbot, kind: str) -> None:
    bare, keyed = KeyButton("记录联系", kind=kind), KeyButton("记录联系", key="Ctrl+Enter", kind=kind, icon="edit")
    for button in (bare, keyed):
        qtbot.addWidget(button)
    words = keyed.fontMetrics().horizontalAdvance("记录联系")
    assert keyed.minimumSizeHint().width() > bare.minimumSizeHint().width() + 60
    assert bare.minimumSizeHint().width() > words


def test_checking_a_chip_does_not_move_its_neighbours(qtbot) -> None:
    chip = Chip("失约", mark="broken", count=9)
    qtbot.addWidget(chip)
    before = chip.sizeHint()
    chip.setChecked(True)
    assert chip.sizeHint() == before
    assert chip.words() == "失约 9"


def test_a_button_is_read_aloud_with_its_second_line(qtbot) -> None:
    button = KeyButton("本周五", sub="11-20 周五")
    qtbot.addWidget(button)
    assert button.accessibleName() == "本周五 11-20 周五"


def test_an_icon_only_button_has_a_name_and_a_tooltip(qtbot) -> None:
    button = IconButton("print", "催款单", key="Ctrl+P")
    qtbot.addWidget(button)
    assert (button.accessibleName(), button.toolTip()) == ("催款单", "催款单（Ctrl+P）")


def test_enter_presses_the_button_that_has_the_focus(qtbot) -> None:
    button = KeyButton("打印 18 张", kind="primary")
    qtbot.addWidget(button)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Qt.Key.Key_Return)


CHIPS = (
    ("all", "全部欠费", "", 138),
    ("today", "今天", "", 19),
    ("broken", "失约", "broken", 9),
    ("open", "待联系", "open", 31),
    ("paid", "已缴", "paid", 12),
)


def _chips(qtbot, width: int) -> ChipRow:
    row = ChipRow()
    qtbot.addWidget(row)
    row.set_chips(CHIPS)
    row.resize(width, 30)
    row.show()
    return row


def test_all_chips_stand_in_one_line_where_there_is_room(qtbot) -> None:
    row = _chips(qtbot, 900)
    assert row.surplus() == ()


def test_chips_without_room_go_under_more_and_none_is_cut(qtbot) -> None:
    row = _chips(qtbot, 300)
    assert row.surplus()
    shown = [row.chip(key) for key, *_ in CHIPS if key not in row.surplus()]
    for chip in shown:
        assert chip.width() == chip.sizeHint().width()
        assert chip.geometry().right() < 300


def test_the_chosen_chip_is_always_in_sight(qtbot) -> None:
    row = _chips(qtbot, 300)
    row.choose("paid")
    assert "paid" not in row.surplus()
    assert row.chip("paid").isChecked()


def test_stepping_through_chips_tells_each_choice_and_stops_at_the_ends(qtbot) -> None:
    row = _chips(qtbot, 900)
    with qtbot.waitSignal(row.chosen) as told:
        row.step(1)
    assert told.args == ["today"]
    row.step(-5)
    assert row.value() == "all"


def test_new_counts_keep_the_choice(qtbot) -> None:
    row = _chips(qtbot, 900)
    row.choose("broken")
    row.set_chips(tuple((key, words, mark, 1) for key, words, mark, _count in CHIPS))
    assert row.value() == "broken"
    assert row.chip("broken").words() == "失约 1"


def test_a_segment_tells_what_was_chosen_by_mouse_or_arrow(qtbot) -> None:
    segment = Segment([(letter, letter) for letter in "ABC"])
    qtbot.addWidget(segment)
    segment.choose("A")
    with qtbot.waitSignal(segment.chosen) as told:
        qtbot.keyClick(segment, Qt.Key.Key_Right)
    assert told.args == ["B"]
    with qtbot.waitSignal(segment.chosen) as told:
        qtbot.mouseClick(segment.button("C"), Qt.MouseButton.LeftButton)
    assert told.args == ["C"]
    assert segment.value() == "C"


def test_the_alt_key_of_a_label_reaches_the_chosen_part_of_a_segment(qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    row = QHBoxLayout(holder)
    before, segment = QLineEdit(), Segment([(letter, letter) for letter in "ABC"])
    row.addWidget(before)
    row.addWidget(field_label("这份是(&Z)", segment))
    row.addWidget(segment)
    segment.choose("B")
    with qtbot.waitActive(holder):
        holder.show()
    before.setFocus()
    qtbot.keyClick(holder, Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(segment.button("B").hasFocus)
    with qtbot.waitSignal(segment.chosen) as told:
        qtbot.keyClick(segment.button("B"), Qt.Key.Key_Right)
    assert told.args == ["C"]


def test_a_number_box_is_as_high_as_a_field_beside_it_and_its_text_stands_off_the_edge(qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    row = QHBoxLayout(holder)
    field, box = QLineEdit("15 日"), NumberBox()
    row.addWidget(field)
    row.addWidget(box)
    with qtbot.waitActive(holder):
        holder.show()
    assert box.height() == field.height()
    assert box.lineEdit().textMargins().left() > 0
    field.setFocus()
    box.setFocus()
    assert box.height() == field.height()


def test_a_banner_without_lines_is_not_there(qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    banner = Banner(parent=holder)
    banner.show_lines(("先问满意不满意", "本人接听才谈金额"), Tone.OCHRE)
    assert banner.text() == "先问满意不满意\n本人接听才谈金额"
    assert not banner.isHidden()
    banner.show_lines(())
    assert banner.isHidden()


def test_an_empty_state_has_one_line_one_reason_one_button(qtbot) -> None:
    empty = EmptyState()
    qtbot.addWidget(empty)
    empty.say("还没有欠费清单。", "请财务导出一份，Excel 或 CSV 都行。", "导入清单")
    assert empty.text() == "还没有欠费清单。请财务导出一份，Excel 或 CSV 都行。"
    with qtbot.waitSignal(empty.pressed):
        empty.button.click()
    empty.say("没有叫“zs”的业主或房号。")
    assert empty.button.isHidden()


def test_a_status_is_read_in_words(qtbot) -> None:
    pill = StatusPill("broken", "失约 1 次", strong=True)
    qtbot.addWidget(pill)
    assert pill.accessibleName() == "失约 1 次"
    assert pill.sizeHint().width() > pill.sizeHint().height() * 2
