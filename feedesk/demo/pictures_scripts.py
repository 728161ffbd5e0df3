"""Pictures of what is said: the panel for owners of six types, the page 话术, its editor, 演练, and what came of it."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog

from feedesk.demo.pictures_follow import Camera
from feedesk.models.accounts import DebtorType, OwnerRow, Step
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.store import Office
from feedesk.ui.main_window import MainWindow
from feedesk.ui.office_room import OWNERS, SCRIPTS, OfficeRoom
from feedesk.ui.scripts_edit_dialog import ScriptEditDialog

_TYPES = (
    DebtorType.UNPAID, DebtorType.YES_NEVER_COMES, DebtorType.UNREACHABLE, DebtorType.SHOP_VILLA, DebtorType.HARDSHIP,
    DebtorType.UNCLEAR, DebtorType.RESIDENT, DebtorType.MISUNDERSTANDING, DebtorType.LONG_UNPAID,
)  # fmt: skip
_HOW_MANY = 6
_WIDE = (960, 600)
"""The size of 话术效果 on a real screen; the offscreen one is smaller."""


def take_scripts(camera: Camera, room: OfficeRoom, window: MainWindow, office: Office) -> None:
    """Six owners, each of another type, as far as can be on another step."""
    window.show_page(OWNERS)
    seen: set[Step] = set()
    taken = 0
    for kind in _TYPES:
        row = _owner_of(office, kind, seen)
        if row is None or taken == _HOW_MANY:
            continue
        seen.add(row.step)
        taken += 1
        room.owners.show_owner(row.account_id)
        room.owners.panel.tabs.setCurrentIndex(0)
        camera.take(f"3{taken}-话术-{kind.value}-阶段{row.step.value}")


def take_library(camera: Camera, room: OfficeRoom, window: MainWindow) -> None:
    """The page 话术, its editor with a finding, 演练, and what came of the scripts."""
    window.show_page(SCRIPTS)
    page = room.scripts
    page.tallies.count()
    camera.wait(lambda: not page.tallies.is_counting)
    camera.take("40-话术")
    page.edit_button.click()
    for dialog in _dialogs(camera, window):
        if isinstance(dialog, ScriptEditDialog):
            next(iter(dialog.edits.values())).insert("再不缴就停用您的门禁卡。")
            camera.take("41-改话术-有提示", dialog)
        dialog.done(0)
    page.practice_button.click()
    for dialog in _dialogs(camera, window):
        camera.take("42-演练", dialog)
        dialog.done(0)
    page.acts.results()
    camera.wait(lambda: not room.desk.jobs.busy)
    for dialog in _dialogs(camera, window):
        dialog.resize(*_WIDE)
        camera.take("43-话术效果", dialog)
        dialog.done(0)


def _dialogs(camera: Camera, window: MainWindow) -> list[QDialog]:
    camera.settle()
    return [one for one in window.findChildren(QDialog) if one.isVisible()]


def _owner_of(office: Office, kind: DebtorType, seen: set[Step]) -> OwnerRow | None:
    """An owner of this type, on a step not pictured yet where there is one."""
    rows = list(office.accounts.rows(OwnerFilter(chip=Chip.OWING, debtor_type=kind), "owed", descending=True))
    return next((row for row in rows if row.step not in seen), rows[0] if rows else None)
