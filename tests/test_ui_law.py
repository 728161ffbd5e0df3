"""设置 › 法规 by keyboard over a real office: search, tick with Space, old numbers, the city's own rules."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from feedesk.models.scripts import load_library
from feedesk.reports.fonts import Fonts
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner
from feedesk.ui.law_tab import ARTICLES, LOCAL, OLD, LawTab
from feedesk.ui.lint_box import LintBox
from feedesk.ui.messages import Messages
from feedesk.ui.scripts_edit_dialog import ScriptEditDialog
from feedesk.ui.settings import UiSettings
from tests.office_tools import new_office
from tests.ui_tools import RecordingPresenter, settle


class Bench:
    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        messages = Messages(RecordingPresenter())
        self.said: list[str] = []
        self.undo: list[object] = []
        messages.noted.connect(self._note)
        settings = UiSettings(folder / "window.ini")
        self.desk = Desk(new_office(folder), messages, JobRunner(messages), settings, load_library(), Fonts())
        self.tab = LawTab(self.desk)
        qtbot.addWidget(self.tab)
        self.tab.resize(1294, 600)
        self.tab.show()
        self.tab.activateWindow()
        self.tab.refresh()
        settle()

    def _note(self, text: str, undo: object) -> None:
        self.said.append(text)
        self.undo.append(undo)

    def find(self, words: str) -> None:
        self.tab.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.tab.search.setText(words)
        settle()

    def titles(self) -> list[str]:
        return [row.article.title for row in self.tab._article_model.rows()]


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path)
    yield made
    made.desk.jobs.shut_down()
    made.tab.close()
    made.desk.office.close()
    gc.collect()


def test_the_five_are_ticked_with_space_and_the_banner_counts_down(bench: Bench) -> None:
    assert "还有 5 项" in bench.tab._banner.text()
    for left in (4, 3, 2, 1, 0):
        box = next(box for box in bench.tab.findChildren(QCheckBox) if not box.isChecked())
        box.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(box, Qt.Key.Key_Space)
        settle()
        assert bench.desk.office.law.checks().open_count == left
    assert bench.tab._banner.isHidden()


def test_a_wording_from_before_a_stricter_rule_is_told_and_opened_and_mended(bench: Bench) -> None:
    assert bench.tab.outdated.isHidden()
    QTest.keyClick(bench.tab, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert bench.tab.findChildren(ScriptEditDialog) == [], "nothing to mend, nothing happens"
    office = bench.desk.office
    ours = office.scripts.shipped.script("busy.2.phone")
    assert ours
    *rest, closing = ours.parts
    office.scripts.save(replace(ours, parts=(*rest, replace(closing, text="晚点{收口日}行吗？"))))
    with office.session.writing() as conn:
        guards = conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'script_versions'")
        for (name,) in guards.fetchall():
            conn.execute(f"DROP TRIGGER {name}")
        conn.execute("UPDATE script_versions SET content = replace(content, '晚点', '不然停用门禁卡。晚点')")
    bench.tab.refresh()
    settle()
    assert bench.tab.outdated.isVisible()
    assert bench.tab.outdated.text().startswith(f"1 份本办公室话术要改：“{ours.title}”里不能再说“停用门禁")
    QTest.keyClick(bench.tab, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    settle()
    (dialog,) = bench.tab.findChildren(ScriptEditDialog)
    box = next(one for one in dialog.findChildren(LintBox) if one.blocking())
    box.take()
    settle()
    QTest.keyClick(dialog, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    assert office.scripts.outdated() == () and bench.tab.outdated.isHidden()
    said = office.scripts.library().script("busy.2.phone")
    assert said and said.ref == "busy.2.phone@o2"


def test_an_article_is_searched_and_ticked_with_space_and_back(bench: Bench) -> None:
    bench.tab.show_room(ARTICLES)
    bench.find("停水停电")
    assert bench.titles()[0] == "民法典 944"
    QTest.keyClick(bench.tab.search, Qt.Key.Key_Down)
    assert bench.tab.articles.hasFocus()
    QTest.keyClick(bench.tab.articles, Qt.Key.Key_Space)
    settle()
    ticks = bench.desk.office.law.ticks()
    assert ticks.text("民法典:944").endswith("许宁 已核对")
    row = bench.tab.articles.current_record()
    assert row is not None and row.is_done and row.article.no == "944", "the row in hand stays"
    assert "许宁 已核对" in bench.tab._article_foot.text()
    assert bench.tab.tick_button.words() == "改回未核对"
    QTest.keyClick(bench.tab.articles, Qt.Key.Key_Space)
    assert bench.desk.office.law.ticks().day("民法典:944") is None
    assert bench.said == ["“民法典 944”已核对。", "“民法典 944”改回未核对。"]


def test_each_article_says_since_when_how_sure_and_whether_it_may_be_cited(bench: Bench) -> None:
    bench.tab.show_room(ARTICLES)
    bench.find("民事诉讼法 225")
    said = bench.tab._article_foot.text()
    for part in ("2024-01-01 起", "读过条文", "起诉前可引用", "未核对"):
        assert part in said
    assert "依据截至 2026-11-21" in bench.tab._count.text()
    bench.find("天书")
    assert bench.titles() == [] and not bench.tab.tick_button.isEnabled()
    QTest.keyClick(bench.tab.search, Qt.Key.Key_Escape)
    assert len(bench.titles()) > 100


def test_an_old_number_is_looked_up_by_typing_on_the_table(bench: Bench) -> None:
    bench.tab.show_room(OLD)
    bench.tab.old.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(bench.tab.old, Qt.Key.Key_6)
    QTest.keyClick(bench.tab.search, Qt.Key.Key_7)
    settle()
    assert bench.tab.search.text() == "67"
    assert "条例 64" in bench.tab._old_foot.text()


def test_the_city_s_rules_are_saved_with_ctrl_s_and_taken_back(bench: Bench) -> None:
    bench.tab.show_room(LOCAL)
    form = bench.tab.local
    assert not form.save_button.isEnabled()
    form.fields["publicity"].setPlainText("只许公示汇总数")
    assert form.save_button.isEnabled()
    form.save_button.setFocus(Qt.FocusReason.TabFocusReason)
    form.save()
    law = bench.desk.office.law
    assert law.local().publicity == "只许公示汇总数" and not form.save_button.isEnabled()
    undo = bench.undo[-1]
    assert callable(undo)
    undo()
    assert law.local().publicity == "" == form.fields["publicity"].toPlainText()
