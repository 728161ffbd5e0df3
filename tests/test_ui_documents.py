"""存档 from 记录, by keys: what a kind asks for, what it proves while it is typed, and what becomes of it in the record."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDropEvent
from PySide6.QtWidgets import QApplication

from feedesk.models.documents import KINDS, DocumentDraft
from feedesk.models.letters import PaperKind
from feedesk.models.limitation import Grade
from feedesk.models.service import DeliveryMethod
from feedesk.ui.document_dialog import DocumentDialog, open_document_dialog
from feedesk.ui.document_parts import KIND_KEYS
from feedesk.ui.money_dialog import MOST_HIGH
from feedesk.ui.owner_tabs import TIMELINE
from tests.owner_page_tools import ALT, CTRL, Owners
from tests.ui_tools import settle

K = PaperKind
ROOM = "3-2-1502"
FIRM = "江畔律师事务所"


@pytest.fixture
def owners(qtbot, tmp_path: Path) -> Iterator[Owners]:
    made = Owners(qtbot, tmp_path)
    made.choose(ROOM)
    made.press(Qt.Key.Key_3, ALT)
    assert made.panel.tabs.currentIndex() == TIMELINE
    yield made
    made.close()


@pytest.fixture
def scan(tmp_path: Path, owners: Owners) -> Path:
    path = tmp_path / "扫描.pdf"
    path.write_bytes(b"scan")
    stamp = owners.clock.now.timestamp() - 3600
    os.utime(path, (stamp, stamp))
    return path


def dialog_of(owners: Owners) -> DocumentDialog:
    (found,) = owners.window.findChildren(DocumentDialog)
    owners.qtbot.waitUntil(found.isActiveWindow)
    settle()
    return found


def put(field, text: str) -> None:  # type: ignore[no-untyped-def]
    """Typed text; an input method brings Han characters, which no single key stands for."""
    field.setFocus()
    field.setText(text)
    field.textEdited.emit(text)
    if hasattr(field, "day_changed"):
        field.day_changed.emit(field.day())


def mandate(owners: Owners, scan: Path) -> None:
    account = owners.ids[ROOM]
    owners.office.documents.file(DocumentDraft(K.MANDATE, (account,), date(2026, 11, 1), issuer=FIRM), [scan])


def test_a_paper_is_filed_by_keys_alone(owners: Owners, scan: Path) -> None:
    owners.press(Qt.Key.Key_N)
    dialog = dialog_of(owners)
    assert dialog.problem() == "按数字或字母选是什么材料。" and not dialog.save_button.isEnabled()
    owners.press(Qt.Key.Key_B)
    assert dialog.aside.text() == "立案或受理通知书" and dialog.number.hasFocus()
    put(dialog.number, "（2026）渝0105民初1234号")
    put(dialog.issuer, "江北区人民法院")
    owners.press(Qt.Key.Key_Tab)
    assert dialog.day.hasFocus()
    owners.type("1116")
    assert dialog.problem() == "请选受理通知书。" and dialog.lines.value() == frozenset(
        charge.id for charge in owners.office.accounts.charges(owners.ids[ROOM])
    )
    assert dialog.verdict_label.text() == "D 弱：凭据不全，只作参考，时效不重算。"
    owners.told.files = [scan]
    owners.press(Qt.Key.Key_O, CTRL)
    assert dialog.verdict_label.text() == "A 强：法院或仲裁委员会已受理（诉讼时效规定 10、11）。"
    assert dialog.problem() == "" and dialog.missing_label.text() == ""
    owners.press(Qt.Key.Key_Return)
    owners.qtbot.waitUntil(lambda: not owners.window.findChildren(DocumentDialog))
    (kept,) = owners.office.documents.of_account(owners.ids[ROOM])
    assert (kept.draft.kind, kept.draft.arrived_on, kept.verdict.grade) == (K.ACCEPTED, date(2026, 11, 16), Grade.A)
    shown = owners.panel.timeline.texts()[1]
    assert "存档 立案或受理通知书 （2026）渝0105民初1234号" in shown and "列明 2 笔 · 文件 1 个" in shown


def test_every_kind_has_a_key_and_asks_only_for_what_it_needs(owners: Owners) -> None:
    asked = {}
    for key, kind in KIND_KEYS.items():
        owners.window.activateWindow()
        owners.qtbot.waitUntil(owners.window.isActiveWindow)
        owners.panel.timeline.list.setFocus()
        owners.press(Qt.Key.Key_N)
        dialog = dialog_of(owners)
        owners.type(key.lower())
        assert dialog.draft() is not None and dialog.draft().kind is kind
        assert dialog.height() <= MOST_HIGH and dialog.width() <= 911 - 20
        parts = {
            "号": dialog.number, "人": dialog.issuer, "限": dialog.deadline, "送": dialog.way, "签": dialog.signer,
            "核": dialog.told, "账": dialog.lines,
        }  # fmt: skip
        asked[key] = "".join(words for words, field in parts.items() if field.isVisible())
        dialog.reject()
        owners.qtbot.waitUntil(lambda: not owners.window.findChildren(DocumentDialog))
    assert set(KIND_KEYS.values()) == set(KINDS)
    assert asked == {
        "1": "号限送账", "2": "号限送账", "3": "号限送账", "4": "号人限账", "5": "人账", "6": "号人限账", "7": "号人账",
        "8": "号人限账", "9": "号人限送账", "0": "限核", "A": "号人账", "B": "号人限账", "C": "号限签核账", "D": "限签核账",
        "E": "号人账",
    }  # fmt: skip


def test_a_lawyers_letter_waits_for_its_mandate_and_proposes_two_weeks(owners: Owners, scan: Path) -> None:
    dialog = open_document_dialog(owners.desk, owners.ids[ROOM], K.LAWYER, owners.window)
    assert dialog is not None
    put(dialog.number, "（2026）江律函字第15号")
    put(dialog.issuer, FIRM)
    put(dialog.day, "1112")
    assert dialog.problem() == "这一户还没有律师委托书，请先把委托书存档。"
    dialog.reject()
    mandate(owners, scan)
    dialog = open_document_dialog(owners.desk, owners.ids[ROOM], K.LAWYER, owners.window)
    assert dialog is not None
    owners.qtbot.waitUntil(dialog.isActiveWindow)
    put(dialog.number, "（2026）江律函字第15号")
    put(dialog.issuer, FIRM)
    put(dialog.day, "1112")
    assert dialog.deadline.day() == date(2026, 11, 26) and dialog.problem() == "请选盖章的律师函。"
    dialog.files.take(scan)
    assert dialog.verdict_label.text() == "送达还没有登记，时效不重算。" and dialog.problem() == ""
    owners.press(Qt.Key.Key_F8)
    owners.type("4")
    assert dialog.way.value() is DeliveryMethod.EMS_TAKEN and dialog.arrived.hasFocus() and dialog.ems_no.isVisible()
    owners.type("1114")
    assert dialog.problem() == "请填 EMS 单号。"
    put(dialog.ems_no, "EA123456789CN")
    dialog.told.setChecked(True)
    assert dialog.verdict_label.text().startswith("B 较强：")
    put(dialog.deadline, "1112")
    assert dialog.problem() == "付清期限要晚于律师函日期。"
    put(dialog.deadline, "1113")
    assert dialog.draft().deadline_on == date(2026, 11, 13) and dialog.problem() == "", (
        "a day gone by, not of next year"
    )
    dialog.reject()


def test_space_takes_a_line_out_and_lines_younger_than_the_paper_do_not_count(owners: Owners) -> None:
    dialog = open_document_dialog(owners.desk, owners.ids[ROOM], K.FILING, owners.window)
    assert dialog is not None
    owners.qtbot.waitUntil(dialog.isActiveWindow)
    fee, water = (charge.id for charge in owners.office.accounts.charges(owners.ids[ROOM]))
    assert dialog.lines.value() == {fee, water}
    put(dialog.day, "0915")
    assert dialog.lines.value() == {fee}, "the water of October was not there in September"
    assert dialog.lines.sum.text() == "列明 1 / 2 笔，¥1,000.00；时效只认列明的"
    dialog.lines.table.setFocus()
    dialog.lines.table.choose_row(0)
    owners.press(Qt.Key.Key_Space)
    assert dialog.lines.value() == frozenset()
    put(dialog.issuer, "江北区人民法院")
    assert dialog.problem() == "请勾选这份材料列明的账目：只有写明的各期才算数。"
    dialog.lines.table.setFocus()
    owners.press(Qt.Key.Key_Space)
    put(dialog.day, "1115")
    assert dialog.lines.value() == {fee, water}
    dialog.reject()


def test_the_lines_of_the_owners_other_units_are_offered_unchecked(owners: Owners) -> None:
    one, two = owners.ids["4-12D"], owners.ids["4-12E"]
    owners.office.accounts.join([one, two])
    dialog = open_document_dialog(owners.desk, one, K.FILING, owners.window)
    assert dialog is not None and dialog.lines.model.rowCount() == 2
    assert dialog.lines.accounts() == {one} and dialog.draft().account_ids == (one,)
    dialog.lines.model.check_all()
    assert dialog.draft().account_ids == (one, two)
    dialog.reject()


def test_files_dropped_on_the_dialog_are_taken_once(owners: Owners, scan: Path, tmp_path: Path) -> None:
    dialog = open_document_dialog(owners.desk, owners.ids[ROOM], K.FILING, owners.window)
    assert dialog is not None
    bad = tmp_path / "表.exe"
    bad.write_bytes(b"x")
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(path)) for path in (scan, scan, bad)])
    dialog.dropEvent(
        QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    )  # fmt: skip
    assert dialog.files.names.text() == "1 个：扫描.pdf"
    assert owners.told.told == [("“表.exe”不是照片、扫描件或录像，没有收下。", "请选 jpg、png、pdf、mp4 等文件。")]
    dialog.files.drop_last()
    assert dialog.files.proofs() == ()
    dialog.reject()


def test_a_photo_older_than_the_paper_is_told_in_red(owners: Owners, scan: Path) -> None:
    os.utime(scan, (1_700_000_000, 1_700_000_000))
    dialog = open_document_dialog(owners.desk, owners.ids[ROOM], K.FILING, owners.window)
    assert dialog is not None
    put(dialog.day, "1115")
    dialog.files.take(scan)
    assert "早于落款" in dialog.missing_label.text() and dialog.missing_label.property("tone") == "cinnabar"
    dialog.reject()


def test_another_kind_keeps_what_was_typed_and_one_esc_loses_nothing(owners: Owners) -> None:
    owners.press(Qt.Key.Key_N)
    dialog = dialog_of(owners)
    owners.press(Qt.Key.Key_A)
    put(dialog.issuer, "江北区人民法院")
    owners.press(Qt.Key.Key_F6)
    assert dialog.draft() is None and dialog.kinds.isVisible()
    owners.press(Qt.Key.Key_B)
    assert dialog.issuer.text() == "江北区人民法院"
    owners.press(Qt.Key.Key_Escape)
    assert dialog.isVisible()
    owners.press(Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert not owners.window.findChildren(DocumentDialog)


def test_service_is_added_later_to_the_same_paper(owners: Owners, scan: Path) -> None:
    fee, _ = (charge.id for charge in owners.office.accounts.charges(owners.ids[ROOM]))
    filed = owners.office.documents.file(
        DocumentDraft(K.FINAL, (owners.ids[ROOM],), date(2026, 11, 10), "终字第3号", charge_ids=frozenset({fee})),
        [scan],
    )
    owners.desk.changed.emit(filed)
    owners.panel.timeline.list.setFocus()
    owners.press(Qt.Key.Key_D)
    dialog = dialog_of(owners)
    assert dialog.windowTitle() == "补登送达" and dialog.way.hasFocus() and dialog.lines.value() == {fee}
    assert (dialog.number.text(), dialog.day.day()) == ("终字第3号", date(2026, 11, 10))
    assert dialog.files.names.text() == "1 个：扫描.pdf"
    owners.type("1")
    owners.type("1113")
    put(dialog.signer, "林晓岚")
    assert dialog.verdict_label.text() == "A 强：本人签收，有回执。"
    owners.press(Qt.Key.Key_Return)
    owners.qtbot.waitUntil(lambda: not owners.window.findChildren(DocumentDialog))
    newer, older = owners.office.documents.of_account(owners.ids[ROOM])
    assert newer.verdict.grade is Grade.A and older.voided.startswith("补登后另存一条")


def test_a_paper_is_voided_with_a_reason_and_its_filing_can_be_undone(owners: Owners, scan: Path) -> None:
    mandate(owners, scan)
    owners.panel.reload()
    owners.panel.timeline.list.setFocus()
    owners.told.texts = ["存错了户"]
    owners.press(Qt.Key.Key_Delete)
    assert owners.told.asked[-1][0] == "作废“存档 律师委托书”的原因？"
    assert "已作废：存错了户（11-17 许宁）" in owners.panel.timeline.texts()[1]
    assert not owners.panel.timeline.again_button.isVisible()


def test_enter_opens_a_copy_of_the_file_and_never_what_is_kept(
    owners: Owners, scan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mandate(owners, scan)
    owners.panel.reload()
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: not opened.append(url.toLocalFile()))
    owners.panel.timeline.list.setFocus()
    owners.press(Qt.Key.Key_Return)
    assert Path(opened[0]).name == "扫描.pdf" and Path(opened[0]).read_bytes() == b"scan"
    assert not opened[0].startswith(str(owners.office.path.with_suffix(".files")))


def test_the_record_shows_the_key_of_filing_even_when_it_is_empty(owners: Owners) -> None:
    button = owners.panel.timeline.file_button
    assert button.isVisible() and button.accessibleName().startswith("存档材料")
    owners.panel.timeline.chips.choose("notice")
    owners.panel.timeline.chips.step(0)
    assert button.isVisible()
