"""开始: two required fields, a file shown by its path, three other doors."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea

from feedesk.models.office import OfficeProfile
from feedesk.ui.messages import Messages
from feedesk.ui.start_page import NewOffice, StartPage
from tests.ui_tools import RecordingPresenter

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def presenter() -> RecordingPresenter:
    return RecordingPresenter()


@pytest.fixture
def page(qtbot, tmp_path: Path, presenter: RecordingPresenter) -> StartPage:
    made = StartPage(Messages(presenter), tmp_path)
    qtbot.addWidget(made)
    made.resize(1366, 697)
    with qtbot.waitActive(made):
        made.show()
    return made


def test_two_names_are_enough_and_enter_goes_on(page: StartPage, qtbot, tmp_path: Path) -> None:
    page.office.setText("明湖花园服务中心")
    page.clerk.setText("许宁")
    with qtbot.waitSignal(page.created) as told:
        qtbot.keyClick(page.clerk, Qt.Key.Key_Return)
    assert told.args[0] == NewOffice(
        OfficeProfile("明湖花园服务中心"), "许宁", "小许", tmp_path / "明湖花园服务中心.feedesk"
    )


def test_everything_that_was_filled_in_arrives(page: StartPage, tmp_path: Path) -> None:
    for field, text in (
        (page.office, " 明湖花园服务中心 "),
        (page.estate, "明湖花园"),
        (page.city, "深圳"),
        (page.company, "安和物业服务有限公司"),
        (page.phone, "0000-6688 1200"),
        (page.address, "1 号楼一层"),
        (page.bank_holder, "安和物业"),
        (page.bank_name, "示例银行明湖支行"),
        (page.bank_number, "0000 1234 5678 9000"),
        (page.clerk, "欧阳宁"),
    ):
        field.setText(text)
    page.due_day.setValue(10)
    values = page.values()
    assert values is not None
    assert values.profile == OfficeProfile(
        office="明湖花园服务中心",
        estate="明湖花园",
        city="深圳",
        company="安和物业服务有限公司",
        phone="0000-6688 1200",
        address="1 号楼一层",
        bank_holder="安和物业",
        bank_name="示例银行明湖支行",
        bank_number="0000 1234 5678 9000",
        due_day=10,
    )
    assert values.called == "小欧阳"
    assert values.path == tmp_path / "明湖花园.feedesk"


def test_what_the_clerk_calls_herself_is_hers_once_typed(page: StartPage, qtbot) -> None:
    page.clerk.setText("许宁")
    assert page.called.text() == "小许"
    page.called.clear()
    qtbot.keyClicks(page.called, "Xu")
    page.clerk.setText("方芸")
    assert page.called.text() == "Xu"


@pytest.mark.parametrize(
    ("office", "clerk", "says", "goes_to"),
    [("", "许宁", "请填服务中心名称。", "office"), ("明湖", "  ", "请填您的名字。", "clerk")],
)
def test_a_missing_name_is_said_and_gets_the_focus(
    page: StartPage, qtbot, office: str, clerk: str, says: str, goes_to: str
) -> None:
    page.office.setText(office)
    page.clerk.setText(clerk)
    with qtbot.assertNotEmitted(page.created):
        page.create_button.click()
    field = getattr(page, goes_to)
    assert field.hasFocus()
    assert (field.toolTip(), field.property("state")) == (says, "bad")
    field.setText("明湖")
    assert field.property("state") == ""


@pytest.mark.parametrize(
    ("estate", "file"),
    [("明湖花园", "明湖花园.feedesk"), ("明湖/一期:A", "明湖 一期 A.feedesk"), ("..", "我的办公室.feedesk")],
)
def test_the_file_is_named_after_the_estate_and_its_path_is_shown(
    page: StartPage, tmp_path: Path, estate: str, file: str
) -> None:
    page.estate.setText(estate)
    assert page.path() == tmp_path / file
    assert page.place.text() == str(tmp_path / file)


def test_another_place_may_be_chosen_and_then_stays(
    page: StartPage, presenter: RecordingPresenter, tmp_path: Path
) -> None:
    presenter.files = [tmp_path / "账" / "本.2026"]
    page.choose_place()
    page.estate.setText("换了名字")
    assert page.path() == tmp_path / "账" / "本.2026.feedesk"


def test_giving_up_the_choice_of_a_place_changes_nothing(page: StartPage, presenter: RecordingPresenter) -> None:
    before = page.path()
    presenter.files = [None]
    page.choose_place()
    assert page.path() == before


@pytest.mark.parametrize(
    ("key", "signal"),
    [(Qt.Key.Key_L, "sample_asked"), (Qt.Key.Key_O, "open_asked"), (Qt.Key.Key_R, "restore_asked")],
)
def test_the_other_doors_open_by_key(page: StartPage, qtbot, key: Qt.Key, signal: str) -> None:
    with qtbot.waitSignal(getattr(page, signal)):
        qtbot.keyClick(page.office, key, CTRL)


def test_all_of_it_is_in_sight_in_a_maximised_window_on_1366_by_768(page: StartPage) -> None:
    scroll = page.findChild(QScrollArea)
    assert scroll.verticalScrollBar().maximum() == 0
    assert scroll.widget().width() <= scroll.viewport().width()


def test_a_small_screen_scrolls_and_cuts_nothing_at_the_side(page: StartPage, qtbot) -> None:
    page.resize(911, 480)
    scroll = page.findChild(QScrollArea)
    qtbot.waitUntil(lambda: scroll.viewport().width() > 800)
    assert scroll.verticalScrollBar().maximum() > 0
    assert scroll.widget().minimumSizeHint().width() <= scroll.viewport().width()
