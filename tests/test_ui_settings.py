"""设置 over a real office: what is typed is kept, what is wrong is told, copies are made and found."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from feedesk.models.charges import FeeKind
from feedesk.models.law import LAW_KEY, law_checks
from feedesk.models.scripts import load_library
from feedesk.models.store import BackupReason, backups
from feedesk.reports.fonts import Fonts
from feedesk.tasks.notices import payment_code
from feedesk.ui import theme
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner
from feedesk.ui.messages import Messages
from feedesk.ui.record_table_dialog import RecordTableDialog
from feedesk.ui.settings import UiSettings
from feedesk.ui.settings_page import SettingsPage
from tests.office_tools import import_list, listed, new_office
from tests.ui_tools import RecordingPresenter, settle


class Bench:
    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.presenter = RecordingPresenter()
        messages = Messages(self.presenter)
        self.said: list[str] = []
        messages.noted.connect(lambda text, _undo: self.said.append(text))
        office = new_office(folder)
        import_list(office, listed("1-1-101", "林晓岚", ("管理费", "2026-07", 9_000), ("车位费", "2026-07", 450)))
        settings = UiSettings(folder / "window.ini")
        self.desk = Desk(office, messages, JobRunner(messages), settings, load_library(), Fonts())
        with theme.built_at_once():
            self.page = SettingsPage(self.desk)
        qtbot.addWidget(self.page)
        self.page.resize(1294, 697)
        self.page.show()
        self.page.shown()
        self.qtbot = qtbot

    def quiet(self) -> None:
        self.qtbot.waitUntil(lambda: not self.desk.jobs.busy, timeout=20_000)
        settle()


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path)
    yield made
    made.desk.jobs.shut_down()
    made.page.close()
    made.desk.office.close()
    gc.collect()


def test_the_profile_is_kept_and_the_window_told(bench: Bench) -> None:
    form = bench.page.form
    form.fields["phone"].setText("0000-1234 5678")
    form.numbers["pay_by_days"].setValue(20)
    form.clause.setPlainText("《前期物业服务合同》第八条")
    with bench.qtbot.waitSignal(bench.page.profile_saved):
        form.save()
    profile = bench.desk.office.settings.profile()
    assert (profile.phone, profile.pay_by_days) == ("0000-1234 5678", 20)
    assert profile.contract_clause == "《前期物业服务合同》第八条"


def test_an_office_without_a_name_is_not_saved(bench: Bench) -> None:
    before = bench.desk.office.settings.profile()
    bench.page.form.fields["office"].setText("  ")
    bench.page.form.save()
    assert bench.desk.office.settings.profile() == before
    assert "服务中心名称不能空着" in bench.presenter.told[0][0]


def test_a_payment_code_is_kept_among_the_evidence_and_can_be_dropped(bench: Bench, tmp_path: Path) -> None:
    picture = tmp_path / "收款码.png"
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(0xFF112233)
    assert image.save(str(picture))
    bench.presenter.files.append(picture)
    bench.page.form.code_button.click()
    assert payment_code(bench.desk.office) == picture.read_bytes()
    bench.page.form.drop_button.click()
    assert payment_code(bench.desk.office) is None


def test_a_text_file_is_no_payment_code(bench: Bench, tmp_path: Path) -> None:
    wrong = tmp_path / "收款码.png"
    wrong.write_text("不是图片", encoding="utf-8")
    bench.presenter.files.append(wrong)
    bench.page.form.code_button.click()
    assert "读不出来" in bench.presenter.told[0][0]
    assert payment_code(bench.desk.office) is None


def test_people_come_and_go_but_one_stays(bench: Bench) -> None:
    people = bench.page.people
    people.name.setText("周敏")
    people.called.setText("小周")
    people.add()
    staff = bench.desk.office.staff.all()
    assert [(p.name, p.called) for p in staff] == [("许宁", "小许"), ("周敏", "小周")]
    people.name.setText("周敏")
    people.add()
    assert "已经有叫" in bench.presenter.told[0][0]
    people._save(replace(staff[1], active=False))
    people._save(replace(staff[0], active=False))
    assert "至少要留一位" in bench.presenter.told[1][0]
    assert [p.name for p in bench.desk.office.staff.all()] == ["许宁"]


def test_what_an_item_legally_is_can_be_said(bench: Bench) -> None:
    items = bench.desk.office.accounts.fee_items()
    car = next(item for item in items if item.name == "车位费")
    bench.page.items._set(car, FeeKind.PROPERTY)
    kinds = {item.name: item.kind for item in bench.desk.office.accounts.fee_items()}
    assert kinds["车位费"] is FeeKind.PROPERTY


def test_the_latest_list_is_voided_with_a_reason(bench: Bench) -> None:
    bench.presenter.texts.append("选错了文件")
    bench.page.imports.void_latest()
    assert bench.desk.office.imports.last() is None
    assert any("已作废" in text for text in bench.said)


def test_law_items_are_ticked_with_name_and_day(bench: Bench) -> None:
    bench.page.show_tab("law")
    box = bench.page.law.findChildren(QCheckBox)[0]
    box.click()
    checks = law_checks(bench.desk.office.settings.get(LAW_KEY))
    assert checks.open_count == 4
    assert checks.items[0].done_by == "许宁"


def test_a_copy_into_another_folder_and_the_check(bench: Bench, tmp_path: Path) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    bench.presenter.files.append(stick)
    bench.page.copies.copy_to()
    bench.quiet()
    (copy,) = stick.glob("*.feedesk")
    assert backups.check(copy) == []
    bench.page.copies.check()
    bench.quiet()
    assert "检查通过" in bench.page.copies._state.text()


def test_going_back_is_asked_for_with_the_chosen_copy(bench: Bench) -> None:
    made = bench.desk.office.backup(BackupReason.BY_HAND)
    bench.page.show_backups()
    bench.page.copies.table.choose_row(0)
    with bench.qtbot.waitSignal(bench.page.restore_asked) as asked:
        bench.page.copies.restore_button.click()
    assert asked.args == [made.path]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("1117", "1110", "起始日晚于截止日"),
        ("乱写", "1117", "日期要能读懂"),
    ],
)
def test_a_span_that_cannot_be_is_not_exported(bench: Bench, first: str, last: str, said: str) -> None:
    dialog = RecordTableDialog(bench.desk)
    bench.qtbot.addWidget(dialog)
    dialog.first.setText(first)
    dialog.last.setText(last)
    assert said in dialog._what.text()
    assert not dialog.export_button.isEnabled()


def test_a_target_that_cannot_be_written_is_told_and_nothing_is_left(bench: Bench, tmp_path: Path) -> None:
    dialog = RecordTableDialog(bench.desk)
    bench.qtbot.addWidget(dialog)
    folder = tmp_path / "记录表.xlsx"
    folder.mkdir()
    bench.presenter.files.append(folder)
    dialog.export()
    bench.quiet()
    assert bench.presenter.told == [("“记录表.xlsx”不是一个文件。", "请另选一个文件名。")]
    assert list(tmp_path.glob("*.part")) == []
