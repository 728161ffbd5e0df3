"""A clerk's first day in the real window: a list in, a call logged, notices and the record table out."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from feedesk.demo.run import make_sample
from feedesk.models.contacts import Outcome
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.store import backups
from feedesk.models.timeline import EntryKind
from feedesk.ui.contact_dialog import ContactDialog
from feedesk.ui.front import Front
from feedesk.ui.import_dialog import ImportDialog
from feedesk.ui.messages import Messages
from feedesk.ui.office_room import NOTICES, OWNERS, TODAY, OfficeRoom
from feedesk.ui.record_table_dialog import RecordTableDialog
from feedesk.ui.settings import UiSettings
from feedesk.ui.start_page import StartPage
from tests.ui_tools import RecordingPresenter, settle

LISTS = Path(__file__).parent / "data" / "lists"
MORNING = datetime(2026, 11, 17, 10, 5)
CTRL = Qt.KeyboardModifier.ControlModifier


class Office:
    """The program as `feedesk.app` builds it, with the boxes answered by the test."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.qtbot, self.folder = qtbot, folder
        self.presenter = RecordingPresenter()
        self.now = MORNING
        settings = UiSettings(folder / "window.ini")
        messages = Messages(self.presenter)
        self.front = Front(messages, settings, lambda: self.now, make_sample)

    @property
    def room(self) -> OfficeRoom:
        assert self.front.room is not None
        return self.front.room

    def quiet(self) -> None:
        """Wait until no job runs any more."""
        self.qtbot.waitUntil(lambda: self.front.room is None or not self.room.desk.jobs.busy, timeout=30_000)
        settle()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key of the window. Without a screen nobody brings it to the front after a dialog, so this does."""
        self.front.window.activateWindow()
        settle()
        self.qtbot.keyClick(self.front.window, key, modifier)

    def keys(self, keys: str, within: QWidget) -> None:
        """Type where the focus is, as at the desk."""
        for key in keys:
            self.qtbot.keyClicks(QApplication.focusWidget() or within, key)
            settle()

    def dialog(self, kind: type[QDialog]) -> QDialog:
        """The dialog of this kind once it shows."""

        def find() -> QDialog | None:
            shown = [w for w in self.front.window.findChildren(kind) if w.isVisible()]
            return shown[0] if shown else None

        self.qtbot.waitUntil(lambda: find() is not None, timeout=30_000)
        found = find()
        assert found is not None
        found.activateWindow()
        settle()
        return found

    def start_office(self) -> None:
        """开始: two names are enough."""
        self.front.begin(None)
        page = self.front.window.findChild(StartPage)
        assert page is not None
        page.office.setText("云杉花园服务中心")
        page.clerk.setText("许宁")
        self.presenter.files.append(None)  # 导入清单 opens by itself; this clerk looks around first
        page.create_office()
        self.qtbot.waitUntil(lambda: not self.presenter.files)
        self.quiet()

    def import_list(self, name: str) -> None:
        """导入清单 by keyboard: Ctrl+I, Enter, Ctrl+Enter."""
        self.presenter.files.append(LISTS / name)
        self.press(Qt.Key.Key_I, CTRL)
        dialog = self.dialog(ImportDialog)
        self.quiet()
        self.qtbot.keyClick(dialog, Qt.Key.Key_Return)
        self.quiet()
        self.qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
        self.quiet()
        dialog.close()
        self.quiet()

    def close(self) -> None:
        self.front.window.close()
        self.front.leave()


@pytest.fixture
def office(qtbot: QtBot, tmp_path: Path) -> Iterator[Office]:
    made = Office(qtbot, tmp_path)
    yield made
    made.close()
    settle()
    gc.collect()


def on_screen(office: Office, chip: Chip = Chip.OWING) -> tuple[int, int]:
    return office.room.desk.office.accounts.total(OwnerFilter(chip=chip))


def test_an_office_file_gone_since_last_time_is_named_before_the_start_page_shows(
    office: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    office.start_office()
    path = office.room.desk.office.path
    assert office.presenter.told == []
    office.close()
    away = path.with_name("拿走的.feedesk")
    path.rename(away)

    again = Office(qtbot, tmp_path)
    again.front.begin(None)
    ((text, hint),) = again.presenter.told
    assert path.name in text and str(path.parent) in hint and "打开已有文件" in hint
    assert again.front.window.findChild(StartPage) is not None
    again.close()

    named = Office(qtbot, tmp_path)
    named.front.begin(away)
    named.quiet()
    assert named.presenter.told == [] and named.front.room is not None
    named.close()

    behind = Office(qtbot, tmp_path)
    behind.now = datetime(2026, 11, 10, 9)  # a flat battery: the computer has forgotten a week
    behind.front.begin(away)
    ((text, hint),) = behind.presenter.told
    assert "2026年11月10日" in text and "2026年11月17日" in text and "校正电脑的日期" in hint
    behind.quiet()
    behind.close()


def test_import_a_list_into_a_new_office_and_see_it_in_the_table(office: Office) -> None:
    office.start_office()
    office.import_list("01-plain.xlsx")

    office.front.window.show_page(OWNERS)
    settle()
    table = office.room.owners.list.table
    assert table.model().rowCount() == 60
    assert on_screen(office) == (60, 9_679_506)
    foot = " ".join(label.text() for label in office.room.owners.list.footer.findChildren(QLabel))
    assert "96,795.06" in foot and "60 户" in foot

    office.now = datetime(2026, 12, 1, 9, 30)
    office.import_list("09-plain-next-month.xlsx")
    assert on_screen(office)[1] == 9_432_502
    assert backups.check(office.room.desk.office.path) == []
    assert any(copy.reason == "导入前" for copy in backups.all_of(office.room.desk.office.path))


def test_pick_an_owner_read_the_script_and_log_a_promise_by_keyboard(office: Office) -> None:
    office.start_office()
    office.import_list("01-plain.xlsx")
    office.front.window.show_page(OWNERS)
    office.room.owners.show_owner(office.room.desk.office.accounts.rows(OwnerFilter(), "room")[2].account_id)
    settle()
    facts = office.room.owners.panel.facts
    assert facts is not None
    spoken = office.room.owners.panel.script.text()
    assert "丁" in spoken and "云杉花园服务中心" in spoken and "{" not in spoken

    office.press(Qt.Key.Key_F2)
    dialog = office.dialog(ContactDialog)
    office.keys("11", dialog)
    office.qtbot.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return)
    settle()

    store = office.room.desk.office
    latest = store.contacts.of(facts.account.row.account_id)[0]
    assert latest.outcome is Outcome.PROMISED
    assert latest.promise is not None and latest.promise.amount == facts.account.row.owed
    assert store.accounts.some([facts.account.row.account_id])[facts.account.row.account_id].mark_text.startswith(
        "承诺"
    )
    assert [e.kind for e in store.history.of(facts.account.row.account_id)][:1] != [EntryKind.DEBT]


def test_ten_contacts_without_the_mouse(office: Office) -> None:
    """Esc-free: F2, result, Ctrl+Enter, ten times; each saves and goes on."""
    office.start_office()
    office.import_list("01-plain.xlsx")
    office.front.window.show_page(OWNERS)
    settle()
    for _ in range(10):
        office.press(Qt.Key.Key_F2)
        dialog = office.dialog(ContactDialog)
        office.keys("4", dialog)
        office.qtbot.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Return, CTRL)
        settle()
    contacts = office.room.desk.office.contacts.between(None, None)
    assert len(contacts) == 10
    assert len({contact.rooms for contact in contacts}) == 10


def test_notices_for_the_doors_and_the_record_table_for_the_leader(office: Office) -> None:
    office.start_office()
    office.import_list("01-plain.xlsx")
    office.front.window.show_page(OWNERS)
    store = office.room.desk.office
    chosen = store.accounts.rows(OwnerFilter(), "room").ids()[:5]
    office.room.desk.notices_wanted.emit(chosen)
    office.quiet()
    assert office.front.window.current_key() == NOTICES

    target = office.folder / "催款单.pdf"
    office.presenter.files.append(target)
    office.press(Qt.Key.Key_S, CTRL)
    office.quiet()
    document = pypdfium2.PdfDocument(str(target))
    assert len(document) == 10, "five fronts, five backs for the door"
    document.close()
    notices = [store.notices.of_account(account_id)[0] for account_id in chosen]
    assert [notice.number for notice in notices] == [f"2026-{n:04d}" for n in range(1, 6)]
    titles = [entry.title for entry in store.history.of(chosen[0])]
    assert "催款单 No. 2026-0001 · 第 1 次" in titles

    book = office.folder / "催缴记录表.xlsx"
    office.presenter.files.append(book)
    office.press(Qt.Key.Key_E, CTRL)
    dialog = office.dialog(RecordTableDialog)
    office.qtbot.keyClick(dialog, Qt.Key.Key_Return)
    office.quiet()
    assert workbook_total(book) == on_screen(office)[1]
    assert office.presenter.told == []


def workbook_total(book: Path) -> int:
    """Sum of the open rows of the first sheet, struck ones left out, in 分."""
    sheet = openpyxl.load_workbook(book).worksheets[0]
    head = next(row for row in sheet.iter_rows() if row[0].value == "房号")
    column = [cell.value for cell in head].index("欠费金额")
    total = 0
    for row in sheet.iter_rows(min_row=head[0].row + 1):
        if row[0].value == "合计":
            break
        if not row[0].font.strike:
            total += round(row[column].value * 100)
    return total


def test_a_second_start_opens_the_office_with_the_first_owner_ready(office: Office, qtbot: QtBot) -> None:
    office.start_office()
    office.import_list("01-plain.xlsx")
    path = office.room.desk.office.path
    office.close()

    again = Office(qtbot, office.folder)
    again.front.begin(path)
    again.quiet()
    shown = again.room.today.owner.facts
    assert shown is not None and shown.account.row.room
    assert again.front.window.current_key() == TODAY
    again.close()


def test_what_was_typed_is_not_lost_when_a_contact_cannot_be_saved(office: Office) -> None:
    office.start_office()
    office.import_list("01-plain.xlsx")
    office.front.window.show_page(OWNERS)
    office.press(Qt.Key.Key_F2)
    dialog = office.dialog(ContactDialog)
    assert isinstance(dialog, ContactDialog)
    office.keys("2", dialog)
    dialog.form.said.setPlainText("说要和家里人商量，周五再打")
    conn = office.room.desk.office.session.conn
    conn.execute("PRAGMA query_only = ON")  # as on a disk that has become read-only
    dialog.save()
    assert office.presenter.told and dialog.isVisible()
    assert dialog.form.said.toPlainText() == "说要和家里人商量，周五再打"
    conn.execute("PRAGMA query_only = OFF")
    dialog.save()
    assert not dialog.isVisible()
    assert [c.said for c in office.room.desk.office.contacts.between(None, None)] == ["说要和家里人商量，周五再打"]
