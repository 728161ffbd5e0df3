"""设置: office, people, fee items, late fee and allocation, copies, lists taken in."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QImageReader
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from feedesk.errors import BadInput, FeeDeskError, file_errors
from feedesk.models.changes import Changes
from feedesk.models.office import OfficeProfile
from feedesk.models.store import backups
from feedesk.tasks.notices import payment_code
from feedesk.ui.backups_tab import BackupsTab
from feedesk.ui.desk import Desk
from feedesk.ui.imports_tab import ImportsTab
from feedesk.ui.items_tab import ItemsTab
from feedesk.ui.ladder_tab import LadderTab
from feedesk.ui.law_tab import LawTab
from feedesk.ui.money_tab import MoneyTab
from feedesk.ui.page import KeyHint, Page
from feedesk.ui.people_tab import PeopleTab
from feedesk.ui.profile_form import ProfileForm
from feedesk.ui.severity_tab import SeverityTab
from feedesk.ui.widgets import Segment, label, scrolled

_TABS = (
    ("office", "办公室"),
    ("people", "人员"),
    ("items", "收费项目"),
    ("money", "违约金与冲抵"),
    ("classes", "分类"),
    ("ladder", "催缴阶段"),
    ("imports", "导入记录"),
    ("law", "法规"),
    ("copies", "备份与恢复"),
)
_PICTURES = "图片 (*.png *.jpg *.jpeg)"


class SettingsPage(Page):
    """The office's rooms under one head.

    Signals:
        profile_saved: the office's profile has changed.
        staff_changed: somebody came, went, or is called otherwise.
        backup_asked: 立即备份.
        restore_asked: the path of a copy to go back to.
        other_asked: another office file shall be opened.
    """

    profile_saved = Signal()
    staff_changed = Signal()
    backup_asked = Signal()
    restore_asked = Signal(object)
    other_asked = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self.form = ProfileForm()
        self.people = PeopleTab(desk)
        self.items = ItemsTab(desk)
        self.money = MoneyTab(desk)
        self.classes = SeverityTab(desk)
        self.ladder = LadderTab(desk)
        self.imports = ImportsTab(desk)
        self.law = LawTab(desk)
        self.copies = BackupsTab(desk)
        self.tabs = Segment(_TABS)
        self._stack = QStackedWidget()
        for tab in (
            self.form,
            self.people,
            self.items,
            self.money,
            self.classes,
            self.ladder,
            self.imports,
            self.law,
            self.copies,
        ):
            self._stack.addWidget(tab if tab is self.law else scrolled(tab))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(label("设置", "title"))
        head.addWidget(self.tabs)
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        self._connect()
        self.tabs.choose("office")

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._on_tab)
        self.form.save_asked.connect(self._save)
        self.form.code_asked.connect(self._choose_code)
        self.form.code_dropped.connect(self._drop_code)
        self.people.changed.connect(self.staff_changed)
        self.copies.backup_asked.connect(self.backup_asked)
        self.copies.restore_asked.connect(self.restore_asked)
        self.copies.other_asked.connect(self.other_asked)

    # --- page ---

    def shown(self) -> None:
        """Everything as it stands now."""
        self.show_profile()
        self.people.refresh()
        self.items.refresh()
        self.money.refresh()
        self.classes.refresh()
        self.ladder.refresh()
        self.imports.refresh()
        self.law.refresh()
        self.show_backups()

    def key_hints(self) -> tuple[KeyHint, ...]:
        """The page's keys."""
        return (
            KeyHint("Ctrl+S", "保存办公室资料、违约金规则、分类标准、催缴阶段"),
            KeyHint("← →", "换一栏（焦点在栏目上时）"),
            KeyHint("空格 · Ctrl+F", "法规：核对一条、找条文"),
        )

    @Slot(str)
    def _on_tab(self, key: str) -> None:
        self._stack.setCurrentIndex([name for name, _ in _TABS].index(key))

    def show_tab(self, key: str) -> None:
        """Open one of the rooms: office, people, items, money, classes, ladder, imports, law, copies."""
        self.tabs.choose(key)
        self._on_tab(key)

    def show_profile(self) -> None:
        """The form as stored."""
        office = self._desk.office
        self.form.show_profile(office.settings.profile(), payment_code(office))

    def show_backups(self) -> None:
        """The copies on disk."""
        self.copies.refresh()

    # --- writing ---

    @Slot(object)
    def _save(self, profile: OfficeProfile) -> None:
        def act() -> Changes:
            self._desk.office.settings.save_profile(profile)
            return Changes()

        if self._desk.write(act, "办公室资料已保存，之后出的单子按新的印。"):
            self.show_profile()
            self.profile_saved.emit()

    @Slot()
    def _choose_code(self) -> None:
        desk = self._desk
        path = desk.messages.open_file("选择收款码图片", desk.settings.folder("code"), _PICTURES, self)
        if path is None:
            return
        desk.settings.remember_folder("code", path.parent)
        try:
            sha = _keep_picture(path, backups.evidence_of(desk.office.path))
        except FeeDeskError as error:
            desk.messages.tell(error, self)
            return
        self._save(replace(self.form.values(), payment_code_sha=sha))

    @Slot()
    def _drop_code(self) -> None:
        self._save(replace(self.form.values(), payment_code_sha=""))


def _keep_picture(path: Path, folder: Path) -> str:
    """Copy the picture among the office's evidence, named by its SHA-256."""
    with file_errors("收款码图片", path):
        data = path.read_bytes()
    if len(data) > 5_000_000 or not QImageReader(str(path)).canRead():
        raise BadInput("这张图片读不出来或大于 5 MB，收款码没有换。", "请用 PNG 或 JPG 的收款码截图。")
    sha = hashlib.sha256(data).hexdigest()
    with file_errors("收款码图片", folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{sha}{path.suffix.lower()}").write_bytes(data)
    return sha
