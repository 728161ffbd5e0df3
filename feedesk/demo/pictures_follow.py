"""Pictures of who is contacted when and why: the ladder at three steps, texts, objections, limitation, sharing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QDialog, QWidget

from feedesk.models.accounts import OwnerRow, Step, WorkGroup
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.store import Office
from feedesk.ui.ladder_dialog import open_ladder_dialog
from feedesk.ui.main_window import MainWindow
from feedesk.ui.office_room import NOTICES, OWNERS, TODAY, OfficeRoom

_STEPS = ((Step.SECOND_CALL, "3"), (Step.LETTER, "5"), (Step.COURT, "8"))


class Camera(Protocol):
    """What takes the pictures."""

    def take(self, name: str, dialog: QWidget | None = None) -> None:
        """One picture of the window, or of a dialog."""

    def settle(self) -> None:
        """Let layouts and paints finish."""

    def wait(self, done: Callable[[], bool]) -> None:
        """Run the event loop until something has happened."""


def take_follow_up(camera: Camera, room: OfficeRoom, window: MainWindow, office: Office) -> None:
    """An account at steps 3, 5 and 8 with its ladder and its history; then the lists."""
    for step, number in _STEPS:
        row = _at_step(office, step)
        if row is not None:
            _account(camera, room, window, row, number)
    window.show_page(TODAY)
    limit = next((one for one in office.accounts.work_items() if one.group is WorkGroup.LIMIT), None)
    if limit is not None:
        room.today.show_owner(limit.account_id)
        camera.take("24-今日-时效将到")
    window.show_page(NOTICES)
    room.notices.show_texts()
    camera.wait(lambda: not room.desk.jobs.busy)
    camera.take("25-短信微信")
    window.show_page(OWNERS)
    _lists(camera, room, window)


def _at_step(office: Office, step: Step) -> OwnerRow | None:
    """The account on this step that owes most."""
    rows = office.accounts.rows(OwnerFilter(chip=Chip.OWING, step=step), "owed", descending=True)
    return rows[0] if len(rows) else None


def _account(camera: Camera, room: OfficeRoom, window: MainWindow, row: OwnerRow, number: str) -> None:
    window.show_page(OWNERS)
    room.owners.show_owner(row.account_id)
    room.owners.panel.tabs.setCurrentIndex(2)
    camera.take(f"23-阶段{number}-记录")
    open_ladder_dialog(room.desk, row, window)
    _dialog(camera, window, f"23-阶段{number}-阶段表")
    room.owners.panel.tabs.setCurrentIndex(0)


def _lists(camera: Camera, room: OfficeRoom, window: MainWindow) -> None:
    from feedesk.ui.dispute_actions import DisputeActions
    from feedesk.ui.limit_list import open_limit_list
    from feedesk.ui.share_dialog import ask_share

    DisputeActions(room.desk, window).list_all()
    _dialog(camera, window, "26-异议与遗留")
    open_limit_list(room.desk, window)
    camera.wait(lambda: not room.desk.jobs.busy)
    _dialog(camera, window, "27-时效")
    ask_share(room.desk, window)
    _dialog(camera, window, "28-分配片管")


def _dialog(camera: Camera, window: QWidget, name: str) -> None:
    camera.settle()
    for dialog in window.findChildren(QDialog):
        if dialog.isVisible():
            camera.take(name, dialog)
            dialog.reject()
    camera.settle()
