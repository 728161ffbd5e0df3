"""话术, the page: found by place and by words, read as it will be said to an owner, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.scripts import Script, load_library
from feedesk.ui.keys_dialog import KeysDialog
from feedesk.ui.office_room import SCRIPTS, SETTINGS
from feedesk.ui.scripts_rows import Shelf, Sought, beside, rows_of, wanted
from tests.script_page_tools import ALT, CTRL, SHIFT, Bench, Key
from tests.ui_tools import settle


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path)
    yield made
    made.close()


# --- the lines, without a window ---


def test_every_word_of_the_library_is_a_line() -> None:
    library = load_library()
    rows = rows_of(library, {})
    assert len(rows) == sum(map(len, (library.scripts, library.techniques, library.objections, library.talks)))
    assert len({row.id for row in rows}) == len({row.key for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("kind", "step", "channel"),
    [
        (DebtorType.UNPAID, Step.FIRST_CALL, Channel.PHONE),
        (DebtorType.BUSY, Step.SECOND_CALL, Channel.MESSAGE),
        (DebtorType.DEFECTS, Step.DEMAND, Channel.PHONE),
        (DebtorType.DEFECTS, None, Channel.PHONE),
        (None, Step.REMINDER, None),
        (None, None, None),
    ],
)
def test_the_filter_gives_just_the_scripts_of_the_place(
    kind: DebtorType | None, step: Step | None, channel: Channel | None
) -> None:
    library = load_library()
    found = {row.key for row in wanted(rows_of(library, {}), Sought(Shelf.SCRIPTS, kind, step, channel))}
    assert found == {
        one.id
        for one in library.scripts
        if not one.moment
        and (kind is None or kind in one.types)
        and (step is None or step in one.steps)
        and (channel is None or channel is one.channel)
    }


def test_a_search_wants_every_word_typed() -> None:
    rows = rows_of(load_library(), {})
    both = wanted(rows, Sought(Shelf.OBJECTIONS, words="发票 微信"))
    assert {row.key for row in both} == {
        row.key
        for row in wanted(rows, Sought(Shelf.OBJECTIONS, words="发票"))
        if row in wanted(rows, Sought(Shelf.OBJECTIONS, words="微信"))
    }
    assert wanted(rows, Sought(Shelf.OBJECTIONS, words="发票"))
    assert wanted(rows, Sought(Shelf.OBJECTIONS, words="发票 没有这样的字")) == []


def test_a_search_finds_titles_by_pinyin_and_first_letters() -> None:
    rows = rows_of(load_library(), {})
    title = next(row.title for row in rows if row.shelf is Shelf.OBJECTIONS and row.title.startswith("我忙"))
    for typed in ("wm", "woman", "我忙"):
        assert title in [row.title for row in wanted(rows, Sought(Shelf.OBJECTIONS, words=typed))]
    assert wanted(rows, Sought(Shelf.OBJECTIONS, words="qqq")) == []


def test_what_else_may_be_said_to_the_same_owners_at_the_same_step() -> None:
    rows = rows_of(load_library(), {})
    row = next(one for one in rows if one.key == "unpaid.4.phone")
    found = beside(rows, row, DebtorType.UNPAID)
    assert found and row not in found
    assert all(DebtorType.UNPAID in one.types and Step.DEMAND in one.steps for one in found)
    assert {one.channel for one in found} >= {Channel.VISIT, Channel.MESSAGE, Channel.MAIL}
    talk = next(one for one in rows if one.shelf is Shelf.TALKS)
    assert beside(rows, talk, None) == []


# --- in the window ---


def test_one_key_has_one_meaning_on_every_page(bench: Bench) -> None:
    pages = (bench.room.today, bench.room.owners, bench.page)
    said = [hint.does.partition("：")[0] for page in pages for hint in page.key_hints() if hint.keys == "F11"]
    assert said == ["换一篇"] * 3
    bench.go()
    before = bench.page.current()
    assert before is not None
    bench.press(Key.Key_F11)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu) and menu.actions()[0].text().startswith("&1")
    bench.qtbot.keyClick(menu, "1")
    settle()
    after = bench.page.current()
    assert after is not None and after.key != before.key and set(after.steps) & set(before.steps)


def test_ctrl_6_is_scripts_and_settings_come_after(bench: Bench) -> None:
    bench.press(Key.Key_6, CTRL)
    assert bench.window.current_key() == SCRIPTS
    bench.press(Key.Key_7, CTRL)
    assert bench.window.current_key() == SETTINGS
    bench.press(Key.Key_6, CTRL)
    bench.press(Key.Key_F1)
    told = bench.opened(KeysDialog).text()
    assert "Ctrl+1…7 换页" in told
    assert "F6 F7 F8 按欠费类型、阶段、渠道筛选" in told
    bench.press(Key.Key_Escape)


def test_arrows_walk_and_the_text_follows(bench: Bench) -> None:
    bench.go()
    first = bench.page.current()
    assert first is not None
    assert first.title in bench.page.pane.text()
    bench.press(Key.Key_Down)
    second = bench.page.current()
    assert second is not None
    assert second.key != first.key
    assert second.title in bench.page.pane.text()
    assert isinstance(second.what, Script)
    for part in second.what.parts:
        assert part.intent in bench.page.pane.text()
    for caution in second.what.cautions:
        assert caution in bench.page.pane.text()


def test_texts_are_filled_for_the_owner_looked_at_last(bench: Bench) -> None:
    bench.look_at("3-2-1502")
    bench.go()
    assert "林女士" in bench.page.pane.words()
    bench.look_at("3-2-902")
    bench.go()
    assert "林女士" not in bench.page.pane.words()
    assert "周" in bench.page.pane.words()


def test_type_step_and_channel_by_their_keys(bench: Bench) -> None:
    bench.go()
    for opens, digit in ((Key.Key_F6, Key.Key_4), (Key.Key_F7, Key.Key_4), (Key.Key_F8, Key.Key_1)):
        bench.press(opens)
        bench.press(digit)
    sought = bench.page.sought()
    assert (sought.debtor_type, sought.step, sought.channel) == (DebtorType.DEFECTS, Step.DEMAND, Channel.PHONE)
    found = bench.page.current()
    assert found is not None
    assert found.key == "defects.4.phone"
    assert "要有记录才能选" in bench.page.pane.text()
    bench.press(Key.Key_Escape)
    assert bench.page.sought().debtor_type is None


def test_the_matrix_chooses_by_arrows_and_an_empty_cell_tells_why(bench: Bench) -> None:
    bench.go()
    bench.page.matrix.setFocus()
    bench.page.matrix.choose(DebtorType.UNPAID, Step.LAWYER)
    bench.press(Key.Key_Right)
    sought = bench.page.sought()
    assert (sought.debtor_type, sought.step) == (DebtorType.UNPAID, Step.PUBLIC_NOTICE)
    assert bench.page.current() is None
    fill = bench.page.matrix.fill_of(DebtorType.UNPAID, Step.PUBLIC_NOTICE)
    assert fill is not None
    assert fill.reason
    assert bench.page.nothing.text() == f"这里不设话术。{fill.reason}"
    assert bench.page.pane.text() == ""


def test_search_by_words_and_back_by_esc(bench: Bench) -> None:
    bench.go()
    everything = bench.page.titles()
    bench.press(Key.Key_4, ALT)
    found = bench.search("发票")
    assert found
    assert "发票" in bench.page.pane.text()
    assert bench.search("没有这样的字") == []
    bench.press(Key.Key_Escape)
    bench.press(Key.Key_1, ALT)
    assert bench.page.titles() == everything


def test_copying_gives_the_spoken_words_alone(bench: Bench) -> None:
    bench.look_at("3-2-1502")
    bench.go()
    bench.press(Key.Key_C, CTRL | SHIFT)
    copied = QApplication.clipboard().text()
    row = bench.page.current()
    assert row is not None
    assert isinstance(row.what, Script)
    assert "林女士" in copied
    assert "{" not in copied
    assert row.what.parts[0].intent not in copied


@pytest.mark.parametrize("size", [(1366, 697), (911, 512)])
@pytest.mark.parametrize("shelf", list(Shelf))
def test_every_shelf_fits_the_window(bench: Bench, shelf: Shelf, size: tuple[int, int]) -> None:
    bench.window.resize(*size)
    bench.go()
    bench.page.show_shelf(shelf)
    settle()
    assert bench.window.width() == size[0]
    assert bench.page.table.horizontalHeader().length() <= bench.page.table.width()
    assert bench.page.pane.geometry().right() <= bench.page.width()
