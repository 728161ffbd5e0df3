"""The shell: pages and their keys, messages, 撤销, change of clerk, long work, what is remembered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QVBoxLayout, QWidget

from feedesk.errors import BadInput, Cancelled, FeeDeskError
from feedesk.models.office import Staff
from feedesk.ui.clerk_popup import ClerkPopup
from feedesk.ui.jobs import JobRunner, ProgressBox, Tick
from feedesk.ui.keys_dialog import KeysDialog
from feedesk.ui.main_window import MainWindow
from feedesk.ui.messages import Boxes, Messages, standing
from feedesk.ui.page import KeyHint, Page
from feedesk.ui.settings import UiSettings
from tests.ui_tools import RecordingPresenter

CTRL = Qt.KeyboardModifier.ControlModifier
STAFF = (Staff(11, "许宁", "小许"), Staff(12, "方芸", "小方"), Staff(13, "离职者", "小离", active=False))


class SearchPage(Page):
    """A page as simple as a page can be: a search field and one step to go back."""

    def __init__(self) -> None:
        super().__init__()
        self.search = QLineEdit(self)
        QVBoxLayout(self).addWidget(self.search)
        self.times_shown = 0
        self.size_seen = (0, 0)

    def step_back(self) -> bool:
        had = bool(self.search.text())
        self.search.clear()
        return had

    def focus_search(self) -> bool:
        self.search.setFocus()
        return True

    def shown(self) -> None:
        self.times_shown += 1

    def fit(self, width: int, height: int) -> None:
        self.size_seen = (width, height)

    def key_hints(self) -> tuple[KeyHint, ...]:
        return (KeyHint("F2", "记录联系"),)


@pytest.fixture
def messages() -> Messages:
    return Messages(RecordingPresenter())


@pytest.fixture
def settings(tmp_path: Path) -> UiSettings:
    return UiSettings(tmp_path / "ui.ini")


@pytest.fixture
def window(qtbot, messages: Messages, settings: UiSettings) -> MainWindow:
    shell = MainWindow(messages, settings)
    qtbot.addWidget(shell)
    for key, icon, word in (("today", "today", "今日"), ("owners", "owners", "业主"), ("notices", "notices", "通知")):
        shell.add_page(key, icon, word, SearchPage())
    with qtbot.waitActive(shell):
        shell.show()
    return shell


# --- pages ---


def test_a_file_dialog_starts_in_the_nearest_folder_that_stands(tmp_path: Path) -> None:
    assert standing(tmp_path) == tmp_path
    assert standing(tmp_path / "文档" / "FeeDesk") == tmp_path  # a new PC: nothing was made yet
    (tmp_path / "文件").write_text("", encoding="utf-8")
    assert standing(tmp_path / "文件") == tmp_path


def test_pages_answer_to_ctrl_and_their_number(window: MainWindow, qtbot) -> None:
    assert window.current_key() == "today"
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    assert window.current_key() == "owners"
    assert window.page("owners").times_shown == 1
    assert window.rail.button("owners").isChecked()


def test_a_page_that_was_never_added_has_no_key_and_no_button(window: MainWindow, qtbot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_7, CTRL)
    assert window.current_key() == "today"
    with pytest.raises(KeyError):
        window.rail.button("stats")


def test_the_rail_chooses_pages_by_mouse_too(window: MainWindow, qtbot) -> None:
    qtbot.mouseClick(window.rail.button("notices"), Qt.MouseButton.LeftButton)
    assert window.current_key() == "notices"


def test_slash_goes_to_the_search_but_is_a_letter_inside_it(window: MainWindow, qtbot) -> None:
    page = window.page("today")
    window.rail.button("today").setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Slash)
    assert page.search.hasFocus()
    assert page.search.text() == ""
    qtbot.keyClick(page.search, Qt.Key.Key_Slash)
    assert page.search.text() == "/"


def test_esc_goes_one_step_back_on_the_page_in_front_before_it_takes_the_message_away(
    window: MainWindow, messages: Messages, qtbot
) -> None:
    page = window.page("today")
    page.search.setText("zs")
    messages.note("已存好。")
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.search.text() == ""
    assert window.toast.text() == "已存好。"
    qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert window.toast.text() == ""


def test_a_badge_says_how_many_wait(window: MainWindow) -> None:
    button = window.rail.button("today")
    window.page("today").badge_changed.emit(19)
    assert button.badge.text() == "19"
    assert button.accessibleDescription() == "19 项待办"
    window.page("today").badge_changed.emit(0)
    assert button.badge.isHidden()


@pytest.mark.parametrize(
    ("size", "rail"), [((1366, 697), 72), ((1280, 720), 72), ((1000, 700), 52), ((911, 480), 52), ((1280, 500), 52)]
)
def test_rail_and_page_fit_the_window(window: MainWindow, size: tuple[int, int], rail: int) -> None:
    window.resize(*size)
    assert window.rail.width() == rail
    assert window.page("today").size_seen == size
    assert window.rail.sizeHint().height() <= size[1]


def test_f1_lists_the_keys_that_work_here(window: MainWindow, qtbot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog = next(one for one in window.findChildren(KeysDialog))
    assert "F2 记录联系" in dialog.text()
    assert "Ctrl+B 立即备份" in dialog.text()
    dialog.close()


def test_what_is_said_stays_in_front_and_above_the_foot_of_the_page_shown(window: MainWindow, qtbot) -> None:
    class HighFooted(SearchPage):
        def foot(self) -> int:
            return 130

    window.add_page("payments", "payments", "收款", HighFooted())
    window.toast.say("已记下。", None)
    low = window.toast.geometry().bottom()
    window.show_page("payments")
    over = window.toast.parentWidget()
    assert over.height() - window.toast.geometry().bottom() - 1 == 130
    assert window.toast.geometry().bottom() < low
    shown = [child for child in over.children() if isinstance(child, QWidget) and child.isVisible()]
    assert shown[-1] is window.toast


def test_f1_counts_the_pages_that_nobody_has_opened_yet(window: MainWindow, qtbot) -> None:
    window.add_page("figures", "notices", "统计", SearchPage)
    assert not window.is_made("figures")
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog = next(one for one in window.findChildren(KeysDialog))
    assert "Ctrl+1…4 换页" in dialog.text()
    dialog.close()


def test_the_keys_for_everywhere_ask_for_what_they_say(window: MainWindow, qtbot) -> None:
    for key, signal in (
        (Qt.Key.Key_I, window.import_asked),
        (Qt.Key.Key_E, window.record_table_asked),
        (Qt.Key.Key_B, window.backup_asked),
    ):
        with qtbot.waitSignal(signal):
            qtbot.keyClick(window, key, CTRL)


def test_while_the_start_page_is_up_the_keys_of_the_pages_are_silent(window: MainWindow, qtbot) -> None:
    start = QWidget()
    window.show_start(start)
    with qtbot.assertNotEmitted(window.import_asked):
        qtbot.keyClick(window, Qt.Key.Key_I, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    assert window.current_key() == "today"
    window.show_start(None)
    qtbot.keyClick(window, Qt.Key.Key_2, CTRL)
    assert window.current_key() == "owners"


# --- people ---


def test_a_change_of_clerk_takes_two_keys(window: MainWindow, qtbot) -> None:
    window.show_staff(STAFF, 11)
    assert window.rail.clerk.text() == "许宁"
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    popup = window.findChild(ClerkPopup)
    with qtbot.waitSignal(window.clerk_chosen) as told:
        qtbot.keyClick(popup, Qt.Key.Key_2)
    assert told.args == [12]
    assert window.rail.clerk.text() == "方芸"


def test_somebody_who_has_left_is_not_offered(window: MainWindow, qtbot) -> None:
    window.show_staff(STAFF, 11)
    qtbot.keyClick(window, Qt.Key.Key_K, CTRL)
    popup = window.findChild(ClerkPopup)
    with qtbot.assertNotEmitted(window.clerk_chosen):
        qtbot.keyClick(popup, Qt.Key.Key_3)
    popup.close()


# --- messages ---


def test_undo_is_offered_once_and_does_what_it_says(window: MainWindow, messages: Messages, qtbot) -> None:
    undone: list[str] = []
    messages.undoable("已记 3-2-1502 无人接听。", lambda: undone.append("contact"))
    assert window.toast.text() == "已记 3-2-1502 无人接听。"
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert undone == ["contact"]
    assert window.toast.text() == ""


def test_a_new_message_takes_the_undo_of_the_old_one_away(window: MainWindow, messages: Messages) -> None:
    undone: list[str] = []
    messages.undoable("第一步。", lambda: undone.append("first"))
    messages.note("已存好。")
    window.toast.undo()
    assert undone == []


def test_a_failure_is_told_with_its_hint_and_a_cancelled_job_says_nothing(messages: Messages) -> None:
    recorder = RecordingPresenter()
    told = Messages(recorder)
    told.tell(BadInput("第 3 行没有读入。", "改好再导。"))
    told.tell(Cancelled("已取消。"))
    assert recorder.told == [("第 3 行没有读入。", "改好再导。")]


def test_a_question_repeats_its_verb_and_is_answered(messages: Messages) -> None:
    recorder = RecordingPresenter(answers=[True])
    assert Messages(recorder).confirm("作废这 1 条联系记录？", "作废")
    assert recorder.asked == [("作废这 1 条联系记录？", "作废")]


def test_a_fault_of_our_own_comes_with_a_report_to_copy() -> None:
    recorder = RecordingPresenter()
    try:
        raise KeyError("inside")
    except KeyError as error:
        Messages(recorder).crash(error)
    assert "KeyError: 'inside'" in recorder.crashes[0]
    assert "FeeDesk" in recorder.crashes[0]


def _while_open(act: Callable[[QMessageBox], None]) -> None:
    """Do something to the message box that the next line opens."""

    def later() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        act(box)

    QTimer.singleShot(0, later)


def test_the_question_on_screen_says_its_verb_and_enter_and_esc_both_keep_things_as_they_are(qtbot) -> None:
    seen: list[str] = []

    def look(box: QMessageBox) -> None:
        seen.extend([box.text(), *(button.text() for button in box.buttons())])
        qtbot.keyClick(box, Qt.Key.Key_Return)

    _while_open(look)
    assert Boxes().ask(None, "作废这 1 条<b>联系记录</b>？", "记录仍会显示。", "作废") is False
    assert seen[0] == "作废这 1 条<b>联系记录</b>？"
    assert set(seen[1:]) == {"作废", "先不"}
    _while_open(lambda box: qtbot.keyClick(box, Qt.Key.Key_Escape))
    assert Boxes().ask(None, "作废？", "", "作废") is False
    _while_open(lambda box: next(button for button in box.buttons() if button.text() == "作废").click())
    assert Boxes().ask(None, "作废？", "", "作废") is True


def test_a_reason_is_asked_until_one_is_typed_or_it_is_given_up(qtbot) -> None:
    open_after: list[bool] = []

    def answer(words: str, key: Qt.Key) -> None:
        def later() -> None:
            dialog = QApplication.activeModalWidget()
            line = dialog.findChild(QLineEdit)
            qtbot.keyClick(line, Qt.Key.Key_Return)
            qtbot.keyClicks(line, "  ")
            qtbot.keyClick(line, Qt.Key.Key_Return)
            open_after.append(dialog.isVisible())
            qtbot.keyClicks(line, words)
            qtbot.keyClick(line, key)

        QTimer.singleShot(0, later)

    answer("typed twice", Qt.Key.Key_Return)
    assert Boxes().ask_text(None, "为什么冲正？", "") == "typed twice"
    answer("", Qt.Key.Key_Escape)
    assert Boxes().ask_text(None, "为什么冲正？", "") is None
    assert open_after == [True, True]
    QTimer.singleShot(0, lambda: qtbot.keyClick(QApplication.activeModalWidget(), Qt.Key.Key_Return))
    assert Boxes().ask_text(None, "取消待核的原因？", "财务核对未到账") == "财务核对未到账"


def test_the_crash_report_can_be_copied(qtbot) -> None:
    _while_open(lambda box: next(button for button in box.buttons() if button.text() == "复制报告").click())
    Boxes().crash(None, "FeeDesk 0\nKeyError")
    assert QApplication.clipboard().text() == "FeeDesk 0\nKeyError"


# --- what is remembered ---


def test_the_first_window_is_no_larger_than_the_screen(window: MainWindow) -> None:
    room = window.screen().availableGeometry()
    assert room.width() < 1366  # the offscreen screen is small, as a screen at 150 % is
    assert window.width() == room.width() and window.height() < room.height()


def test_the_window_remembers_where_it_stood(qtbot, messages: Messages, tmp_path: Path) -> None:
    first = MainWindow(messages, UiSettings(tmp_path / "ui.ini"))
    qtbot.addWidget(first)
    first.resize(770, 600)  # the offscreen screen is 800 wide
    first.show()
    first.close()
    again = MainWindow(messages, UiSettings(tmp_path / "ui.ini"))
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (770, 600)


def test_settings_keep_their_types_and_bounds(tmp_path: Path) -> None:
    one = UiSettings(tmp_path / "ui.ini")
    assert (one.panel_width, one.last_office, one.folder("import")) == (448, None, Path.home())
    one.panel_width = 900
    one.last_office = tmp_path / "明湖花园.feedesk"
    one.remember_folder("import", tmp_path)
    one.save()
    two = UiSettings(tmp_path / "ui.ini")
    assert (two.panel_width, two.last_office) == (560, tmp_path / "明湖花园.feedesk")
    assert two.folder("import") == tmp_path
    two.remember_folder("import", tmp_path / "gone")
    assert two.folder("import") == Path.home()


# --- long work ---


@pytest.fixture
def runner(qtbot):
    recorder = RecordingPresenter()
    window = QWidget()
    qtbot.addWidget(window)
    jobs = JobRunner(Messages(recorder, window), window)
    jobs.recorder = recorder
    yield jobs
    jobs.shut_down()


def test_work_runs_elsewhere_and_its_result_arrives_here(runner: JobRunner, qtbot) -> None:
    got: list[object] = []
    here = threading.get_ident()
    runner.start(lambda _tick: threading.get_ident(), lambda result: got.append((result, threading.get_ident())))
    assert runner.busy
    qtbot.waitUntil(lambda: bool(got))
    worked, delivered = got[0]
    assert worked != here
    assert delivered == here
    assert not runner.busy


def test_jobs_run_one_after_another(runner: JobRunner, qtbot) -> None:
    order: list[int] = []
    for number in range(5):
        runner.start(lambda _tick, number=number: number, order.append)
    qtbot.waitUntil(lambda: len(order) == 5)
    assert order == [0, 1, 2, 3, 4]


def test_what_is_read_in_passing_holds_nobody_up(runner: JobRunner, qtbot) -> None:
    told: list[bool] = []
    got: list[str] = []
    go_on = threading.Event()
    runner.busy_changed.connect(told.append)
    runner.start(lambda _tick: go_on.wait(10), lambda _result: got.append("passing"), passing=True)
    assert not runner.busy
    assert told == []
    runner.start(lambda _tick: None, lambda _result: got.append("asked for"))
    assert runner.busy, "what was asked for counts while it waits"
    assert _box(runner) is None
    go_on.set()
    qtbot.waitUntil(lambda: len(got) == 2)
    assert got == ["passing", "asked for"]
    assert told == [True, False]


def test_a_failure_the_user_can_act_on_is_told(runner: JobRunner, qtbot) -> None:
    def work(_tick: Tick) -> None:
        raise BadInput("清单读不开。", "请另存后再试。")

    runner.start(work, lambda _result: pytest.fail("no result"))
    qtbot.waitUntil(lambda: bool(runner.recorder.told))
    assert runner.recorder.told == [("清单读不开。", "请另存后再试。")]


def test_whoever_asked_may_take_the_failure_himself(runner: JobRunner, qtbot) -> None:
    failures: list[FeeDeskError] = []

    def work(_tick: Tick) -> None:
        raise BadInput("清单读不开。")

    runner.start(work, lambda _result: pytest.fail("no result"), failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert runner.recorder.told == []


def test_a_bug_in_a_job_flies_to_the_exception_hook(runner: JobRunner, qtbot) -> None:
    def work(_tick: Tick) -> None:
        raise ZeroDivisionError

    with qtbot.captureExceptions() as caught:
        runner.start(work, lambda _result: pytest.fail("no result"))
        qtbot.waitUntil(lambda: bool(caught))
    assert caught[0][0] is ZeroDivisionError
    assert not runner.busy


def test_slow_work_opens_a_box_and_cancel_ends_it_without_a_message(runner: JobRunner, qtbot) -> None:
    failures: list[FeeDeskError] = []
    go_on = threading.Event()

    def work(tick: Tick) -> None:
        while True:
            tick(3, 20)
            go_on.wait(0.01)

    runner.start(work, lambda _result: pytest.fail("no result"), failures.append, "正在读清单")
    qtbot.waitUntil(lambda: _box(runner) is not None)
    box = _box(runner)
    assert box is not None
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], Cancelled)
    assert _box(runner) is None


def test_quick_work_opens_no_box(runner: JobRunner, qtbot) -> None:
    done: list[object] = []
    runner.start(lambda tick: tick(1, 1), done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert _box(runner) is None


def _box(runner: JobRunner) -> ProgressBox | None:
    boxes = runner.parent().findChildren(ProgressBox)
    return next((box for box in boxes if box.isVisible()), None)
