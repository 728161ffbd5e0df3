"""收款 in the real window over a real office, for the tests of taking money and of the day's payments."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from feedesk.models.ledger.late_fee import LateFeePolicy, LprRate
from feedesk.models.ledger.payments import Payment, PaymentDraft, PayMethod
from feedesk.models.scripts import load_library
from feedesk.models.store import Office
from feedesk.reports.fonts import Fonts
from feedesk.ui import theme
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner
from feedesk.ui.main_window import MainWindow
from feedesk.ui.messages import Messages
from feedesk.ui.payments_page import PaymentsPage
from feedesk.ui.settings import UiSettings
from tests.notice_page_tools import FilePrinters
from tests.office_tools import Clock, ids_by_room, import_list, listed, office_after
from tests.ui_tools import RecordingPresenter, settle

NOW = datetime(2026, 11, 17, 15, 46)
TODAY = NOW.date()
NONE = Qt.KeyboardModifier.NoModifier
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier

HOUSEHOLDS = (
    listed(
        "3-2-1502", "林晓岚",
        ("管理费", "2026-04..2026-06", 57_940), ("公摊水电费", "2026-04..2026-06", 12_630),
        ("管理费", "2026-07..2026-09", 107_940), ("车位费", "2026-10..2026-12", 45_000),
        phones=("13900004417",), salutation="女士",
    ),
    listed("3-2-902", "周启明", ("物业费", "2026-07..2026-09", 190_260)),
    listed("5-2-0901", "顾北辰", ("管理费", "2026-07..2026-09", 215_880), phones=("13900009999",)),
    listed("5-2-0902", "顾北辰", ("管理费", "2026-04..2026-06", 100_000), phones=("13900009999",)),
    listed("6-1-0504", "张青", ("物业费", "2026-07", 42_825)),
)  # fmt: skip


_library = cache(load_library)


def _listed(office: Office) -> None:
    import_list(office, *HOUSEHOLDS)


class Till:
    """An open window on 收款; keys go where the focus is."""

    def __init__(self, qtbot, folder: Path, size: tuple[int, int] = (1366, 697)) -> None:  # type: ignore[no-untyped-def]
        self.qtbot, self.folder = qtbot, folder
        self.clock = Clock(NOW)
        self.office = office_after(_listed, folder, self.clock)
        self.ids = ids_by_room(self.office)
        self.told = RecordingPresenter()
        messages = Messages(self.told)
        settings = UiSettings(folder / "ui.ini")
        self.printers = FilePrinters(folder / "打印机.pdf")
        with theme.built_at_once():
            self.window = MainWindow(messages, settings)
            qtbot.addWidget(self.window)
            self.desk = Desk(self.office, messages, JobRunner(messages, self.window), settings, _library(), Fonts(()))
            self.page = PaymentsPage(self.desk, self.printers)
            self.window.add_page("payments", "payments", "收款", self.page)
        self.window.resize(*size)
        with qtbot.waitActive(self.window):
            self.window.show()
        settle()

    @property
    def form(self):  # type: ignore[no-untyped-def]
        return self.page.till.form

    @property
    def takings(self):  # type: ignore[no-untyped-def]
        return self.page.takings

    def focus(self) -> QWidget | None:
        return QApplication.focusWidget()

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """A key where the focus is, as a person presses it."""
        QTest.keyClick(self.focus() or self.window, key, held)
        settle()

    def type(self, text: str) -> None:
        """Letters and digits where the focus is."""
        for letter in text:
            QTest.keyClick(self.focus() or self.window, letter)
        settle()

    def search(self, text: str) -> list[str]:
        """The rooms found for a text, however it came into the field."""
        self.page.till.search.field.setText(text)
        self.page.till.search.field.rest()
        self.page.till.search.refresh()
        settle()
        return [row.room for row in self.page.till.search.model.rows()]

    def open(self, text: str) -> None:
        """Choose the first hit with Enter."""
        assert self.search(text)
        self.press(Qt.Key.Key_Return)
        assert self.page.till.taking

    def refill(self, edit: QWidget, text: str) -> None:
        """Type over what stands in a field."""
        edit.setFocus()
        edit.selectAll()  # type: ignore[attr-defined]
        self.type(text)

    def book(self, room: str, amount: int, method: PayMethod = PayMethod.CASH, **more: object) -> int:
        """A payment through the store, as another page would take it; its id."""
        paid_on = more.pop("paid_on", self.clock.now.date())
        assert isinstance(paid_on, date)
        shares = self.office.payments.propose([self.ids[room]], amount, paid_on)
        draft = PaymentDraft(paid_on, amount, method, shares, prepay_agreed=True, **more)  # type: ignore[arg-type]
        changes = self.office.payments.take(draft)
        self.desk.changed.emit(changes)
        settle()
        return changes.record_id

    def join(self) -> None:
        """顾北辰 is one owner with two units from now on."""
        self.office.accounts.join([self.ids["5-2-0901"], self.ids["5-2-0902"]])

    def charge_late_fee(self) -> None:
        """万分之五 a day from the day after the due day."""
        self.office.late_fees.save_lpr([LprRate(date(2024, 1, 1), 345)])
        self.office.late_fees.save_policy(LateFeePolicy("第十二条", 500))

    def booked(self) -> list[Payment]:
        """Everything taken today, newest first."""
        return self.office.payments.taken_between(self.clock.now.date(), self.clock.now.date())

    def owed(self, room: str) -> int:
        return self.office.accounts.some([self.ids[room]])[self.ids[room]].owed

    def lines(self) -> list[tuple[str, int, int, int]]:
        """The lines of the form: what, owed, now, left; in 分."""
        rows = self.form.lines.lines.rows()
        return [(f"{line.room} {line.text}".strip(), line.owed, line.now, line.left) for line in rows]

    def close(self) -> None:
        self.desk.jobs.shut_down()
        self.window.close()
        self.office.close()
