"""违约金 on the 通知 page: offered only where it is reckoned, its three figures shown, signed by a manager above LPR × 1.3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from feedesk.models.ledger.late_fee import LateFeeCap, LateFeePolicy, LprRate
from feedesk.models.office import Role, Signature
from feedesk.models.store import Office
from feedesk.ui.desk import Desk
from feedesk.ui.late_fee_override import LateFeeOverrideDialog
from feedesk.ui.notices_page import NoticesPage
from tests.notice_page_tools import FilePrinters, all_issued, idle, notice_desk, notice_page, propose
from tests.office_tools import Clock, import_list, listed, new_office
from tests.paper_samples import squeezed, texts
from tests.ui_tools import RecordingPresenter

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
JULY, AUGUST = ("管理费", "2026-07", 100_000), ("管理费", "2026-08", 100_000)
LUMP = ("管理费", "2026-07..2026-09", 100_000)
BY_LPR = LateFeePolicy("第十二条", 500)
BY_CONTRACT = replace(BY_LPR, cap=LateFeeCap.PRINCIPAL)
PIN = "2468"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = new_office(tmp_path, Clock())
    import_list(
        made, listed("3-2-1502", "林晓岚", JULY, AUGUST), listed("3-2-1503", "何敏", JULY), listed("3-2-1504", "荀雨", LUMP)
    )  # fmt: skip
    made.late_fees.save_lpr([LprRate(date(2025, 5, 20), 300)])
    made.staff.set_pin(made.staff.add("程远", "程经理", Role.MANAGER), PIN)
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
def page(qtbot, desk: Desk, tmp_path: Path) -> NoticesPage:
    return notice_page(qtbot, desk, FilePrinters(tmp_path / "打印机.pdf"))


def keep(office: Office, policy: LateFeePolicy) -> None:
    signed = next((Signature(who, PIN) for who in office.late_fees.signers()), None)
    office.late_fees.save_policy(policy, signed)


def list_late_fee(page: NoticesPage, office: Office, policy: LateFeePolicy) -> None:
    """Switch it on in the office, propose, and choose 列出至出单日."""
    keep(office, policy)
    propose(page, office)
    page.batch.options.late_fee.setCurrentIndex(1)
    page.batch.options.late_fee.activated.emit(1)


def dialog_of(page: NoticesPage) -> LateFeeOverrideDialog:
    (dialog,) = page.findChildren(LateFeeOverrideDialog)
    return dialog


def test_it_is_offered_only_while_the_office_reckons_one_and_never_chosen_by_itself(
    page: NoticesPage, office: Office
) -> None:
    propose(page, office)
    assert not page.batch.options.late_fee.isVisible()
    list_late_fee(page, office, BY_LPR)
    assert page.batch.options.late_fee.isVisible() and page.batch.options.lists_late_fee()
    office.late_fees.save_policy(LateFeePolicy())
    page.batch.propose()
    assert not page.batch.options.late_fee.isVisible() and not page.batch.options.lists_late_fee()
    keep(office, BY_LPR)
    page.batch.propose()
    assert page.batch.options.late_fee.isVisible() and not page.batch.options.lists_late_fee()
    assert page.batch.late_fee_text() == ""


def test_the_three_figures_and_what_is_not_counted_are_on_the_screen(page: NoticesPage, office: Office) -> None:
    """1,000.00 × 125 and 94 days, and × 125 days again: 62.50 + 47.00 + 62.50; by LPR × 1.3 13.36 + 10.04 + 13.36."""
    list_late_fee(page, office, BY_LPR)
    assert page.batch.late_fee_text().splitlines() == [
        "2 张列违约金 ¥36.76：按合同 ¥172.00 · LPR×1.3 ¥36.76 · 对应本金 ¥3,000.00",
        "1 户有几个月合在一笔的物业费：到账单里按月拆分后才计违约金。",
    ]
    first, _second, third = page.batch.model.rows()
    assert first.why.endswith("违约金 23.40") and "违约金" not in third.why
    assert first.notice.total == 200_000 and first.notice.grand_total == 202_340


def test_the_figures_follow_the_ticks(qtbot, page: NoticesPage, office: Office) -> None:  # type: ignore[no-untyped-def]
    list_late_fee(page, office, BY_CONTRACT)
    assert "2 张高于 LPR×1.3：出单时要项目经理输入签字密码" in page.batch.late_fee_text()
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Space)
    assert page.batch.late_fee_text().startswith("1 张列违约金 ¥62.50：按合同 ¥62.50 · LPR×1.3 ¥13.36")
    assert "1 张高于" in page.batch.late_fee_text()
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Down)
    qtbot.keyClick(page.batch.table, Qt.Key.Key_Space)
    assert page.batch.late_fee_text().startswith("要出的这些没有违约金可列。")


def test_within_lpr_nobody_is_asked(
    qtbot, page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def] # fmt: skip
    list_late_fee(page, office, BY_LPR)
    presenter.files = [tmp_path / "催款单.pdf"]
    with qtbot.waitSignal(page.press.issued, timeout=20_000):
        page.save()
    idle(qtbot, desk)
    assert page.findChildren(LateFeeOverrideDialog) == []
    assert page.done.text().splitlines()[0] == "已出 3 张催款单 · 本金 ¥4,000.00 ＋ 违约金 ¥36.76"
    assert "违约金小计23.40" in squeezed(texts((tmp_path / "催款单.pdf").read_bytes())[0])
    assert (office.notices.batches()[0].late_fee, office.notices.batches()[0].override) == (3_676, "")


def test_above_lpr_a_manager_signs_and_a_wrong_pin_is_asked_again(
    qtbot, page: NoticesPage, office: Office, desk: Desk, presenter: RecordingPresenter, tmp_path: Path
) -> None:  # type: ignore[no-untyped-def] # fmt: skip
    list_late_fee(page, office, BY_CONTRACT)
    page.save()
    dialog = dialog_of(page)
    assert presenter.files == [] and "写明" in dialog.problem() and not dialog.save_button.isEnabled()
    dialog.reason.setText("合同约定明确")
    assert "签字密码" in dialog.problem()
    dialog.pin.secret.setText("1357")
    dialog.pin.changed.emit()
    dialog.save()
    assert dialog.isVisible() and "签字密码不对" in presenter.told[-1][0]
    assert dialog.reason.text() == "合同约定明确" and dialog.pin.pin() == ""
    assert all_issued(office) == []
    presenter.files = [tmp_path / "催款单.pdf"]
    dialog.pin.secret.setText(PIN)
    dialog.pin.changed.emit()
    with qtbot.waitSignal(page.press.issued, timeout=20_000):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    idle(qtbot, desk)
    assert office.notices.batches()[0].override == "程远：合同约定明确"
    page.show_runs()
    assert "另列违约金 ¥172.00，程远放行：合同约定明确" in page.runs._which.text()


def test_given_up_nothing_is_written(qtbot, page: NoticesPage, office: Office, presenter: RecordingPresenter) -> None:  # type: ignore[no-untyped-def] # fmt: skip
    list_late_fee(page, office, BY_CONTRACT)
    qtbot.keyClick(page, Qt.Key.Key_P, CTRL)
    dialog = dialog_of(page)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible() and all_issued(office) == [] and presenter.told == []


def test_without_a_manager_who_can_sign_the_dialog_says_where_to_set_a_pin(page: NoticesPage, office: Office) -> None:
    manager = next(person for person in office.staff.all() if person.name == "程远")
    office.staff.set_pin(manager, "", Signature(manager, PIN))
    list_late_fee(page, office, BY_CONTRACT)
    page.save()
    dialog = dialog_of(page)
    dialog.reason.setText("合同约定明确")
    assert "设签字密码" in dialog.problem()
    dialog.reject()


def test_what_may_not_be_printed_is_below_with_its_reason(page: NoticesPage, office: Office) -> None:
    list_late_fee(page, office, replace(BY_CONTRACT, rate_ppm=3_000))
    left = page.batch.left.model.rows()
    assert [row.room for row in left] == ["3-2-1502", "3-2-1503"] and all("不能打印" in row.reason for row in left)
    assert [row.notice.room_text for row in page.batch.model.rows()] == ["3-2-1504"]


def test_the_key_goes_to_the_field(qtbot, page: NoticesPage, office: Office) -> None:  # type: ignore[no-untyped-def]
    list_late_fee(page, office, BY_LPR)
    qtbot.keyClick(page, Qt.Key.Key_F, ALT)
    qtbot.waitUntil(lambda: page.batch.options.late_fee.hasFocus())
