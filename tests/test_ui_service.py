"""登记送达 from 历次批次: by keys, with what it proves told while it is typed, and shown beside the notice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from feedesk.models.limitation import Grade
from feedesk.models.service import METHOD_LABELS, DeliveryMethod
from feedesk.models.store import Office
from feedesk.ui.desk import Desk
from feedesk.ui.notices_page import NoticesPage
from feedesk.ui.service_dialog import ServiceDialog
from tests.notice_page_tools import FilePrinters, notice_desk, notice_office, notice_page
from tests.store_tools import issue
from tests.ui_tools import RecordingPresenter

SERVICE = 6


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = notice_office(tmp_path)
    issue(made, "3-1-0904", "3-1-1601")
    yield made
    made.close()


@pytest.fixture
def presenter() -> RecordingPresenter:
    return RecordingPresenter()


@pytest.fixture
def desk(qapp, office: Office, presenter: RecordingPresenter, tmp_path: Path) -> Iterator[Desk]:
    made = notice_desk(office, presenter, tmp_path)
    yield made
    made.jobs.shut_down()


@pytest.fixture
def page(qtbot, desk: Desk) -> NoticesPage:
    made = notice_page(qtbot, desk, FilePrinters(None))
    made.show_runs()
    return made


@pytest.fixture
def slip(tmp_path: Path, office: Office) -> Path:
    path = tmp_path / "底单.jpg"
    path.write_bytes(b"slip")
    stamp = office.session.now().timestamp()
    os.utime(path, (stamp, stamp))
    return path


def asked(page: NoticesPage, qtbot) -> ServiceDialog:  # type: ignore[no-untyped-def]
    page.window().activateWindow()
    qtbot.waitUntil(page.window().isActiveWindow)
    qtbot.keyClick(page.runs.issued, Qt.Key.Key_D)
    dialog = page.runs.findChild(ServiceDialog)
    assert isinstance(dialog, ServiceDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def shown(page: NoticesPage, row: int = 0) -> str:
    model = page.runs.issued_model
    return str(model.data(model.index(row, SERVICE)))


def type_into(field, text: str) -> None:  # type: ignore[no-untyped-def]
    field.setFocus()
    field.setText(text)
    field.textEdited.emit(text)


def test_a_parcel_is_recorded_by_keys_with_its_slip(
    page: NoticesPage, office: Office, presenter: RecordingPresenter, slip: Path, qtbot
) -> None:
    assert (shown(page), shown(page, 1)) == ("未登记", "未登记")
    dialog = asked(page, qtbot)
    assert dialog.verdict_label.text() == "先按数字选送达方式。" and not dialog.save_button.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_4)
    assert dialog.pads[DeliveryMethod.EMS_TAKEN].isChecked() and dialog.day.hasFocus()
    qtbot.keyClicks(dialog.day, "1117")
    assert dialog.problem() == "请填 EMS 单号。"
    qtbot.keyClicks(dialog.ems_no, "EA123456789CN")
    assert dialog.draft() is not None and dialog.pads[DeliveryMethod.EMS_TAKEN].isChecked(), (
        "a digit in a field is text"
    )
    assert dialog.verdict_label.text() == "D 弱：凭据不全，只作参考，时效不重算。"
    assert dialog.missing_label.text() == "还缺：EMS 底单、跟踪记录或回执；内件品名写明房号和欠费期间。"
    presenter.files = [slip]
    qtbot.keyClick(dialog, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert dialog.files_label.text() == "1 个：底单.jpg"
    dialog.told.setChecked(True)
    assert dialog.verdict_label.text().startswith("B 较强：") and dialog.missing_label.text() == ""
    qtbot.keyClick(dialog.ems_no, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.runs.findChild(ServiceDialog) is None)
    (kept,) = office.service.of_notice(1)
    assert (kept.draft.method, kept.draft.arrived_on, kept.draft.ems_no) == (
        DeliveryMethod.EMS_TAKEN, date(2026, 11, 17), "EA123456789CN",
    )  # fmt: skip
    assert kept.verdict.grade is Grade.B and [file.name for file in kept.files] == ["底单.jpg"]
    assert (shown(page), shown(page, 1)) == ("B · 11-17 EMS 签收", "未登记")


def test_the_best_of_several_is_shown_and_the_latest_is_voided_with_a_reason(
    page: NoticesPage, office: Office, presenter: RecordingPresenter, qtbot
) -> None:
    for digit, name in ((Qt.Key.Key_7, ""), (Qt.Key.Key_1, "简一禾")):
        dialog = asked(page, qtbot)
        qtbot.keyClick(dialog, digit)
        type_into(dialog.day, "今天")
        if name:
            type_into(dialog.signer, name)
        dialog.save()
        qtbot.waitUntil(lambda: page.runs.findChild(ServiceDialog) is None)
    assert shown(page) == "C · 11-17 本人签收"
    page.window().activateWindow()
    qtbot.waitUntil(page.window().isActiveWindow)
    presenter.texts = ["签错了人"]
    qtbot.keyClick(page.runs.issued, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    assert shown(page) == "D · 11-17 门上张贴" and not page.runs.current().voided
    model = page.runs.issued_model
    tip = model.data(model.index(0, SERVICE), int(Qt.ItemDataRole.ToolTipRole))
    assert "已作废：签错了人（11-17 许宁）" in tip and "还缺见证人" in tip


def test_every_digit_chooses_its_way_and_shows_only_what_it_needs(page: NoticesPage, qtbot) -> None:
    dialog = asked(page, qtbot)
    needs = {}
    for digit, method in zip("1234567890", METHOD_LABELS, strict=True):
        dialog.pads[method].setFocus()
        qtbot.keyClick(dialog.pads[method], digit)
        assert dialog.pads[method].isChecked()
        parts = {"号": dialog.ems_no, "签": dialog.signer, "见": dialog.witness, "说": dialog.told}
        needs[digit] = "".join(words for words, field in parts.items() if field.isVisible())
    assert needs == {
        "1": "签",
        "2": "签说",
        "3": "签",
        "4": "号签说",
        "5": "号说",
        "6": "见说",
        "7": "",
        "8": "签说",
        "9": "说",
        "0": "",
    }
    dialog.leave()


def test_a_photo_older_than_the_notice_is_told_in_red_before_it_is_recorded(
    page: NoticesPage, presenter: RecordingPresenter, slip: Path, qtbot
) -> None:
    os.utime(slip, (1_700_000_000, 1_700_000_000))
    dialog = asked(page, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_1)
    presenter.files = [slip]
    dialog.add_file()
    assert "早于出单" in dialog.missing_label.text() and dialog.missing_label.property("tone") == "cinnabar"
    assert dialog.verdict_label.text().startswith("C 中：")
    dialog.drop_file()
    assert "早于出单" not in dialog.missing_label.text()
    dialog.leave()


def test_a_file_that_is_no_proof_is_told_and_not_taken(
    page: NoticesPage, presenter: RecordingPresenter, tmp_path: Path, qtbot
) -> None:
    dialog = asked(page, qtbot)
    (tmp_path / "空.jpg").write_bytes(b"")
    presenter.files = [tmp_path / "空.jpg"]
    dialog.add_file()
    assert presenter.told[0][0] == "“空.jpg”是空文件，没有收下。" and dialog.files_label.text() == "还没有凭据文件"
    dialog.leave()


def test_typed_things_are_not_lost_by_one_esc(page: NoticesPage, qtbot) -> None:
    dialog = asked(page, qtbot)
    qtbot.keyClick(dialog, Qt.Key.Key_1)
    qtbot.keyClicks(dialog.signer, "J")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert page.runs.findChild(ServiceDialog) is None


def test_a_voided_notice_is_not_served(page: NoticesPage, presenter: RecordingPresenter, qtbot) -> None:
    presenter.texts = ["房号写错"]
    qtbot.keyClick(page.runs.issued, Qt.Key.Key_Delete)
    assert not page.runs.serve_button.isEnabled() and shown(page) == ""
    qtbot.keyClick(page.runs.issued, Qt.Key.Key_D)
    assert page.runs.findChild(ServiceDialog) is None
