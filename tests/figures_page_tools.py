"""The 统计 page over a real office whose lists tell a little story, for its tests and its pictures."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from feedesk.models.import_plan import ListedAccount
from feedesk.models.scripts import ScriptLibrary, load_library
from feedesk.models.store import Office
from feedesk.models.yearly_plan import MonthPlan, YearPlan
from feedesk.reports.fonts import Fonts
from feedesk.ui.desk import Desk
from feedesk.ui.figures_page import FiguresPage
from feedesk.ui.jobs import JobRunner
from feedesk.ui.messages import Messages
from feedesk.ui.settings import UiSettings
from tests.office_tools import Clock, import_list, listed, new_office, office_after
from tests.ui_tools import RecordingPresenter, settle

NOW = datetime(2026, 11, 17, 15, 46)
NONE = Qt.KeyboardModifier.NoModifier
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
_SUMMER, _AUTUMN = "2026-07..2026-09", "2026-10..2026-12"


def _household(
    place: int, building: str, *, paid_summer: bool, paid_autumn: bool, part: bool
) -> tuple[ListedAccount, ListedAccount | None]:
    """One household of the October list, and what November's list still says of it."""
    room, name = f"{building}-{place % 3 + 1}-{place:02d}01", f"{'赵钱孙李周吴郑王冯陈'[place % 10]}某{place}"
    summer, autumn = 90_000 + 1_500 * place, 96_000 + 1_500 * place
    before = listed(room, name, ("物业费", _SUMMER, summer), ("物业费", _AUTUMN, autumn))
    left = [] if paid_summer else [("物业费", _SUMMER, summer // 2 if part else summer)]
    left += [] if paid_autumn else [("物业费", _AUTUMN, autumn)]
    return before, (listed(room, name, *left) if left else None)


def story() -> tuple[list[ListedAccount], list[ListedAccount]]:
    """October's list and November's: buildings that pay well, and some that do not."""
    october, november = [], []
    for building, good in (("1", 9), ("2", 7), ("3", 3), ("4", 6), ("5", 2), ("6", 10), ("商铺A", 1)):
        for place in range(1, 11):
            paid = place <= good
            first, second = _household(
                place, building, paid_summer=paid, paid_autumn=place <= good - 1, part=place % 2 == 0
            )
            october.append(first)
            november += [second] if second else []
    return october, november


PLAN = YearPlan(
    2026,
    tuple(
        MonthPlan(7_800 + 100 * (number // 4), 44_000_00 + 10_000 * number if number < 12 else None, 120, "许宁")
        for number in range(1, 13)
    ),
    household_bp=7_200,
    recovery_bp=4_000,
)


_library = cache(load_library)


def _two_lists(office: Office) -> None:
    october, november = story()
    import_list(office, *october, as_of=date(2026, 10, 12), file="十月.xlsx")
    import_list(office, *november, as_of=date(2026, 11, 13), file="十一月.xlsx")


class FiguresDesk:
    """A page of 统计 as in a window, over an office of its own."""

    def __init__(self, qtbot, folder: Path, *, lists: bool = True, plan: bool = False) -> None:  # type: ignore[no-untyped-def]
        self.qtbot = qtbot
        self.clock = Clock(NOW)
        self.office: Office = office_after(_two_lists, folder, self.clock) if lists else new_office(folder, self.clock)
        if plan:
            self.office.targets.save_plan(PLAN)
        self.told = RecordingPresenter()
        self.messages = Messages(self.told)
        self.notes: list[str] = []
        self.undo = lambda: None
        self.messages.noted.connect(self._note)
        library: ScriptLibrary = _library()
        settings = UiSettings(folder / "ui.ini")
        self.desk = Desk(
            self.office, self.messages, JobRunner(self.messages), settings, library, Fonts(), parent=self.messages
        )
        self.page = FiguresPage(self.desk)
        qtbot.addWidget(self.page)
        self.page.resize(1294, 697)
        self.page.fit(1366, 697)
        with qtbot.waitActive(self.page):
            self.page.show()
        self.page.shown()
        self.wait()

    def _note(self, text: str, undo: object) -> None:
        self.notes.append(text)
        if callable(undo):
            self.undo = undo

    def wait(self) -> None:
        """Until what runs in the background is done and shown, and the window or its dialog has the keys."""
        self.qtbot.waitUntil(lambda: not self.desk.jobs.busy, timeout=20_000)
        settle()
        front = self.dialog() or self.page
        if not front.isActiveWindow():
            front.activateWindow()  # the screenless platform gives the keys back to nobody when a dialog closes
            self.qtbot.waitUntil(front.isActiveWindow)

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """A key where the focus is, as a person presses it."""
        QTest.keyClick(QApplication.focusWidget() or self.page, key, held)
        settle()
        self.wait()

    def dialog(self):  # type: ignore[no-untyped-def]
        """The dialog that is open."""
        return QApplication.activeModalWidget()

    def close(self) -> None:
        """Let everything go."""
        self.desk.jobs.shut_down()
        self.office.close()
