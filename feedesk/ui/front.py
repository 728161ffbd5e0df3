"""The way in: the 开始 page or an office, opening another, restoring, the sample."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from feedesk import paths
from feedesk.errors import FeeDeskError, OfficeOnNetwork
from feedesk.models.store import Office, backups
from feedesk.reports.fonts import Fonts
from feedesk.ui import theme
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner, Tick
from feedesk.ui.main_window import MainWindow
from feedesk.ui.messages import Messages
from feedesk.ui.office_room import OWNERS, TODAY, OfficeRoom
from feedesk.ui.settings import UiSettings

if TYPE_CHECKING:
    from feedesk.ui.start_page import NewOffice

MakeSample = Callable[[Path, datetime, Fonts, Tick], Path]
"""Makes the sample office at a path as of a moment."""
_OFFICE_KINDS = "办公室文件 (*.feedesk)"


class Front(QObject):
    """Owns the window and whatever office is in it."""

    def __init__(
        self,
        messages: Messages,
        settings: UiSettings,
        clock: Callable[[], datetime],
        make_sample: MakeSample,
    ) -> None:
        super().__init__()
        self._messages = messages
        self._settings = settings
        self._clock = clock
        self._make_sample = make_sample
        self._fonts = Fonts()
        self.room: OfficeRoom | None = None
        self.window = self._new_window()

    def _new_window(self) -> MainWindow:
        window = MainWindow(self._messages, self._settings)
        window.closing.connect(self.leave)
        return window

    def begin(self, given: Path | None) -> None:
        """Show the window with the file named, the one opened last, or the 开始 page."""
        last = self._settings.last_office
        wanted = given or (last if last is not None and last.is_file() else None)
        if wanted is None and last is not None:
            self._say_gone(last)
        if wanted is None or not self.open(wanted):
            self.show_start()
        self.window.show()
        if self.room is not None:
            self.room.begin()

    def _say_gone(self, last: Path) -> None:
        """Without a word the empty 开始 page would look as if all were lost, and a second office would be made."""
        self._messages.say(
            f"上次用的办公室文件“{last.name}”不在原来的地方。",
            f"原来在 {last.parent}。如果放在 U 盘或另一个盘上，请接好后用“打开已有文件”；"
            "确实没有了，用“从备份恢复”。先不要另建一个。",
            self.window,
        )

    # --- the ways in ---

    def show_start(self) -> None:
        """The 开始 page over everything."""
        from feedesk.ui.start_page import StartPage  # late: most starts open an office

        page = StartPage(self._messages, paths.office_folder())
        page.created.connect(self._create)
        page.sample_asked.connect(self.open_sample)
        page.open_asked.connect(self.choose_office)
        page.restore_asked.connect(self.choose_backup)
        self.window.show_start(page)

    @Slot(object)
    def _create(self, wanted: NewOffice) -> None:
        try:
            office = Office.create(wanted.path, wanted.profile, wanted.clerk, wanted.called, self._clock)
        except FeeDeskError as error:
            self._messages.tell(error, self.window)
            return
        self._enter(office)
        self._after_entering()
        self.window.show_page(OWNERS)
        if self.room is not None:
            QTimer.singleShot(0, self.room.choose_list)  # 「建好，去导入清单」: the next thing a clerk does

    def open(self, path: Path) -> bool:
        """Open an office file; a refusal is told and False returned."""
        try:
            office = Office.open(path, self._clock, roll=False)
        except OfficeOnNetwork as error:
            return self._offer_look(path, error)
        except FeeDeskError as error:
            self._messages.tell(error, self.window)
            return False
        self._enter(office)
        return True

    def _offer_look(self, path: Path, error: OfficeOnNetwork) -> bool:
        """A read-only look at a snapshot of a file that lies on a network folder."""
        if not self._messages.confirm(error.text, "只读查看", error.hint, self.window):
            return False
        try:
            folder = Path(tempfile.mkdtemp(prefix="feedesk-"))
            snapshot = backups.make(path, backups.BackupReason.BY_HAND, self._clock(), to=folder)
            office = Office.look(snapshot.path, self._clock)
        except FeeDeskError as problem:
            self._messages.tell(problem, self.window)
            return False
        self._enter(office, remember=False)
        self.window.show_office(f"{office.settings.profile().office}（只读快照，不能记录）")
        return True

    @Slot()
    def open_sample(self) -> None:
        """The sample office, made at its first opening."""
        target = paths.sample_office()
        if target.is_file():
            self.open(target)
            self._after_entering()
            return
        jobs = JobRunner(self._messages, self.window)
        now, fonts, make = self._clock(), self._fonts, self._make_sample

        def work(tick: Tick) -> Path:
            return make(target, now, fonts, tick)

        def done(path: Path) -> None:
            jobs.deleteLater()
            if self.open(path):
                self._after_entering()

        jobs.start(work, done, None, "正在准备样例办公室")

    @Slot()
    def choose_office(self) -> None:
        """打开已有文件."""
        path = self._messages.open_file("打开办公室文件", self._folder(), _OFFICE_KINDS, self.window)
        if path is not None and self.open(path):
            self._after_entering()

    @Slot()
    def choose_backup(self) -> None:
        """从备份恢复 from the 开始 page: which backup, and where the office shall stand."""
        backup = self._messages.open_file("选择备份", self._folder(), _OFFICE_KINDS, self.window)
        if backup is None:
            return
        proposed = paths.office_folder() / f"{backup.name.split('.')[0]}{paths.OFFICE_SUFFIX}"
        target = self._messages.save_file("恢复成哪个办公室文件", proposed, _OFFICE_KINDS, self.window)
        if target is not None:
            self._restore(backup, target)

    @Slot(object)
    def restore_here(self, backup: Path) -> None:
        """从备份恢复 from 设置: the office that is open."""
        room = self.room
        if room is None:
            return
        path = room.desk.office.path
        question = f"用备份“{backup.name}”替换现在的办公室文件？"
        if self._messages.confirm(question, "恢复", "现在的文件会另存一份“恢复前”，随时可以换回来。", self.window):
            self._restore(backup, path)

    def _restore(self, backup: Path, target: Path) -> None:
        self.leave()
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            kept = backups.restore(backup, target, self._clock())
        except FeeDeskError as error:
            self._messages.tell(error, self.window)
            kept = None
        if self.open(target):
            self._after_entering()
            self._messages.note(f"已恢复到“{target.name}”。" + (f"原文件另存为 {kept.name}。" if kept else ""))
        else:
            self.show_start()

    def _folder(self) -> Path:
        last = self._settings.last_office
        return last.parent if last and last.parent.is_dir() else paths.office_folder()

    # --- an office in the window ---

    def _enter(self, office: Office, *, remember: bool = True) -> None:
        """Build the pages for an office. A second office gets a window of its own, shown before the first goes:
        the program ends with its last window.
        """
        self.leave()
        old = self.window if self.room is not None else None
        if old is not None:
            old.closing.disconnect(self.leave)
            self.window = self._new_window()
            self.window.setGeometry(old.geometry())
        jobs = JobRunner(self._messages, self.window)
        desk = Desk(office, self._messages, jobs, self._settings, office.scripts.library(), self._fonts, self.window)
        with theme.built_at_once():
            self.room = OfficeRoom(desk, self.window)
        self.room.restore_wanted.connect(self.restore_here)
        self.room.other_wanted.connect(self.choose_office)
        self.window.show_start(None)
        self.window.show_page(TODAY)
        if remember:
            self._settings.last_office = office.path
        if old is not None:
            self.window.show()
            old.close()
            old.deleteLater()

    def _after_entering(self) -> None:
        self.window.show()
        if self.room is not None:
            self.room.begin()

    @Slot(str)
    def knocked(self, path: str) -> None:
        """A second start: come to the front; another file named there is opened here after asking."""
        self.window.setWindowState(self.window.windowState() & ~self.window.windowState().WindowMinimized)
        self.window.raise_()
        self.window.activateWindow()
        wanted = Path(path) if path else None
        here = self.room.desk.office.path if self.room else None
        other = wanted is not None and (here is None or wanted.resolve() != here.resolve())
        if wanted is not None and other:
            question = f"要在这个窗口里打开“{wanted.name}”吗？"
            if self._messages.confirm(question, "打开", "现在的办公室会先关好。", self.window) and self.open(wanted):
                self._after_entering()

    @Slot()
    def leave(self) -> None:
        """Finish what runs and let go of the office file."""
        if self.room is not None:
            self.room.close()
