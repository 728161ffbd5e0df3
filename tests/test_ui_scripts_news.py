"""小区近况: what a line of small talk must be, the list edited by keyboard, where it is heard; and the line about the law."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from feedesk.errors import BadInput
from feedesk.models.scripts import load_library
from feedesk.models.scripts.news import LONGEST, MOST_NEWS, News, news_problem, repeated, tidy_news
from feedesk.ui.keys_dialog import KeysDialog
from feedesk.ui.scripts_news_dialog import NewsDialog
from feedesk.ui.scripts_rows import Shelf
from tests.script_page_tools import ALT, CTRL, Bench, Key

GROUND = "游乐区这周重新铺了地面，您去看过吗？"
LIFT = "3 单元电梯换了新的，坐着还稳当吧？"
GINKGO = "北门银杏都黄了，您散步路过了吗？"


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path)
    yield made
    made.close()


# --- the rule ---


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (GROUND, ""),
        (LIFT, ""),
        ("元宵灯会就在中心花园，您来看吗?", ""),
        ("周六社区免费磨刀，您家用得上吧？", ""),
        ("", ""),
        ("游乐区重新铺了地面。", "问话"),
        ("物业费的事您记得吧？", "费"),
        ("您家还欠着，知道吧？", "欠"),
        ("涨到 2 元了，您听说了吗？", "2 元"),
        ("先交钱再看灯，好吗？", "交钱"),
        ("不缴就停水，知道吗？", "停水"),
        ("{称呼}，看到银杏了吗？", "空格"),
        ("[[银杏黄了||花开了]]，您看到了吗？", "空格"),
        ("银" * LONGEST + "？", "太长"),
    ],
)
def test_small_talk_is_a_question_without_money(text: str, why: str) -> None:
    problem = news_problem(text)
    assert why in problem
    assert bool(problem) == bool(why)


def test_our_own_small_talk_keeps_the_rule_too() -> None:
    assert {one.text: news_problem(one.text) for one in load_library().talks if news_problem(one.text)} == {}


def test_a_latin_question_mark_is_kept_as_a_chinese_one() -> None:
    assert tidy_news(" 银杏黄了，看到了吗 ? ") == "银杏黄了，看到了吗？"
    assert repeated([GROUND, "", "", GROUND.replace("？", "?")]) == {3}


@pytest.mark.parametrize(
    "news",
    [[News(GROUND), News("没有问。")], [News(f"银杏黄了 {n} 棵，看到了吗？") for n in range(MOST_NEWS + 1)]],
)
def test_the_store_keeps_all_of_the_list_or_nothing(bench: Bench, news: list[News]) -> None:
    bench.office.scripts.save_news([News(LIFT)])
    with pytest.raises(BadInput, match="没有保存"):
        bench.office.scripts.save_news(news)
    assert bench.office.scripts.news() == (News(LIFT),)


# --- the list, by keyboard ---


def dialog(bench: Bench) -> NewsDialog:
    bench.go()
    bench.press(Key.Key_5, ALT)
    assert bench.page.news_button.isVisible()
    bench.press(Key.Key_J, CTRL)
    return bench.opened(NewsDialog)


def news(bench: Bench) -> list[tuple[str, date | None]]:
    return [(one.text, one.until) for one in bench.office.scripts.news()]


def test_lines_are_typed_kept_and_heard(bench: Bench) -> None:
    dialog(bench)
    bench.type(GROUND)
    bench.press(Key.Key_Tab)
    bench.type("1201")
    bench.press(Key.Key_N, CTRL)
    bench.type(LIFT)
    bench.press(Key.Key_Return)
    assert not bench.has_open(NewsDialog)
    assert news(bench) == [(GROUND, date(2026, 12, 1)), (LIFT, None)]
    assert bench.page.titles()[:2] == [GROUND, LIFT], "寒暄 shows them, before ours"
    bench.press(Key.Key_Home)
    assert "说到 2026-12-01 为止" in bench.page.pane.text()
    heard = bench.room.owners.panel._pages.script.talks(bench.clock.now.date())
    assert [one.text for one in heard[:2]] == [GROUND, LIFT], "and so does F11"
    bench.press(Key.Key_Z, CTRL)
    assert news(bench) == []
    assert GROUND not in bench.page.titles()


def test_the_line_in_hand_is_edited_and_one_is_deleted(bench: Bench) -> None:
    bench.office.scripts.save_news([News(GROUND), News(LIFT), News(GINKGO)])
    bench.go()
    bench.press(Key.Key_5, ALT)
    assert bench.page.edit_button.isVisible()
    bench.press(Key.Key_Down)
    bench.press(Key.Key_Return)
    opened = bench.opened(NewsDialog)
    assert opened.focusWidget() is opened.lines[1].text
    bench.press(Key.Key_Home)
    bench.type("听说")
    bench.press(Key.Key_Up)
    bench.press(Key.Key_D, CTRL)
    bench.press(Key.Key_Return)
    assert news(bench) == [(f"听说{LIFT}", None), (GINKGO, None)]


def test_what_is_no_small_talk_is_told_beside_each_line_and_not_kept(bench: Bench) -> None:
    opened = dialog(bench)
    bench.type("银杏黄了")
    bench.press(Key.Key_N, CTRL)
    bench.type("物业费收到了吗？")
    assert ["问话" in opened.lines[0].told(), "不提钱" in opened.lines[1].told()] == [True, True]
    assert not opened.save_button.isEnabled()
    bench.press(Key.Key_Return)
    assert bench.has_open(NewsDialog)
    assert opened.focusWidget() is opened.lines[0].text, "Enter goes to the first one"
    assert news(bench) == []
    bench.press(Key.Key_End)
    bench.type("，看到了吗？")
    assert opened.lines[0].told() == ""
    bench.press(Key.Key_Down)
    bench.press(Key.Key_A, CTRL)
    bench.press(Key.Key_Delete)
    bench.press(Key.Key_Return)
    assert news(bench) == [("银杏黄了，看到了吗？", None)]


def test_what_is_over_keeps_its_day_and_is_spoken_of_no_more(bench: Bench) -> None:
    bench.office.scripts.save_news([News(GROUND, date(2026, 11, 16)), News(LIFT)])
    opened = dialog(bench)
    assert GROUND not in bench.page.titles()
    assert "日子已过" in opened.lines[0].told()
    bench.press(Key.Key_Up)
    bench.press(Key.Key_Up)
    for _ in range(4):
        bench.press(Key.Key_Tab)  # through its day, which is shown anew when left, to the new line
    bench.type(GINKGO)
    assert opened.value()[0] == News(GROUND, date(2026, 11, 16))
    opened.lines[0].until.setFocus()
    bench.press(Key.Key_Up)
    assert opened.lines[0].told() == ""
    bench.press(Key.Key_Return)
    assert news(bench) == [(GROUND, date(2026, 11, 17)), (LIFT, None), (GINKGO, None)]
    assert GROUND in bench.page.titles()


def test_there_are_at_most_twenty(bench: Bench) -> None:
    bench.office.scripts.save_news([News(f"{n} 号楼的花都开了，您看到了吗？") for n in range(1, MOST_NEWS + 1)])
    opened = dialog(bench)
    assert len(opened.lines) == MOST_NEWS
    bench.press(Key.Key_N, CTRL)
    assert len(opened.lines) == MOST_NEWS
    assert f"最多 {MOST_NEWS} 条" in opened.note.text()
    assert opened.height() <= 688


def test_esc_asks_once_when_something_was_typed(bench: Bench) -> None:
    dialog(bench)
    bench.press(Key.Key_Escape)
    assert not bench.has_open(NewsDialog)
    dialog(bench)
    bench.type(GROUND)
    bench.press(Key.Key_Escape)
    assert bench.has_open(NewsDialog)
    bench.press(Key.Key_Escape)
    assert not bench.has_open(NewsDialog)
    assert news(bench) == []


def test_its_key_stands_on_f1_and_its_button_on_its_shelf_only(bench: Bench) -> None:
    bench.go()
    for place, shelf in enumerate(Shelf, start=1):
        bench.press(Key(Key.Key_0 + place), ALT)
        assert bench.page.news_button.isVisible() == (shelf is Shelf.TALKS)
    bench.press(Key.Key_F1)
    assert "Ctrl+J 小区近况" in bench.opened(KeysDialog).text()
    bench.press(Key.Key_Escape)


# --- the line about the law ---


def test_until_all_is_confirmed_a_line_says_so_where_there_is_room(bench: Bench) -> None:
    law = bench.office.law
    bench.go()
    open_items = law.checks().items
    assert f"还有 {len(open_items)} 项没有核对" in bench.page.law.text()
    assert bench.page.law.isVisible()
    bench.page.fit(900, 600)
    assert not bench.page.law.isVisible()
    bench.page.fit(1366, 697)
    assert bench.page.law.isVisible()
    for left, item in reversed([*enumerate(open_items)]):
        bench.desk.write(lambda item=item: law.confirm(item.key, item.title, True))  # type: ignore[misc]  # one a turn
        assert bench.page.law.isVisible() == (left > 0)
    assert bench.page.law.text() == ""
