"""Classifying owners in the window: the suggested type confirmed by a key, 资料, 批量修改, 筛选, the office's limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from feedesk.models.accounts import Category, DebtorType
from feedesk.models.changes import Changes
from feedesk.models.contacts import Outcome
from feedesk.models.owner_filter import BLANK
from feedesk.models.traits import Severity, SeverityLimits, Trait
from feedesk.ui.severity_tab import SeverityTab
from feedesk.ui.traits_dialog import TraitsDialog
from tests.office_tools import import_list
from tests.owner_page_tools import ALT, CTRL, HOUSEHOLDS, Owners
from tests.store_tools import contact
from tests.ui_tools import settle

Key = Qt.Key
ROOM = "3-2-1502"
DETAILS = 3


@pytest.fixture
def owners(qtbot, tmp_path: Path) -> Iterator[Owners]:  # type: ignore[no-untyped-def]
    made = Owners(qtbot, tmp_path)
    yield made
    made.close()


@pytest.fixture
def broken(owners: Owners) -> Owners:
    """An owner who has broken two promises, in front."""
    for number in (2, 6):
        owners.log(ROOM, Outcome.PROMISED, datetime(2026, 11, number, 10), (date(2026, 11, number + 1), 144_635))
    owners.choose(ROOM)
    return owners


def _history(owners: Owners, room: str = ROOM) -> list[str]:
    return [change.text for change in owners.office.traits.history(owners.ids[room])]


def _f6(owners: Owners, key: Key) -> None:
    """F6, then a key in the open list."""
    owners.press(Key.Key_F6)
    assert QApplication.activePopupWidget() is not None
    QTest.keyClick(owners.panel.script.type_combo.view(), key)
    settle()


# --- the type suggested ---


@pytest.mark.parametrize("key", [Key.Key_Return, Key.Key_0, Key.Key_2])
def test_one_key_in_the_list_of_types_confirms_what_the_file_suggests(broken: Owners, key: Key) -> None:
    script = broken.panel.script
    assert script.type_combo.itemText(0) == "0  建议：答应了，总不来（失约 2 次）"
    assert script.type_combo.words() == "答应了，总不来" and script.type_chip.isVisible()
    assert "失约 2 次" in script.type_chip.toolTip()
    _f6(broken, key)
    account = broken.ids[ROOM]
    assert broken.office.traits.chosen_type(account) is DebtorType.YES_NEVER_COMES
    assert _history(broken) == ["欠费类型：确认为答应了，总不来"]
    assert not script.type_chip.isVisible() and script.type_combo.itemText(0) == "1  一般未缴"
    assert "确认为“答应了，总不来”" in broken.window.toast.text()
    broken.window.toast.undo()
    assert broken.office.traits.chosen_type(account) is None
    assert script.type_chip.isVisible() and script.type_combo.words() == "答应了，总不来"


def test_an_owner_with_nothing_special_has_nothing_to_confirm(owners: Owners) -> None:
    owners.choose(ROOM)
    script = owners.panel.script
    assert not script.type_chip.isVisible() and script.type_combo.itemText(0) == "1  一般未缴"


def test_the_file_may_suggest_another_than_the_clerk_chose_but_switches_nothing(owners: Owners) -> None:
    owners.choose(ROOM)
    _f6(owners, Key.Key_7)
    assert owners.panel.script.type_combo.value() is DebtorType.BUSY
    for number in (2, 6):
        owners.log(ROOM, Outcome.PROMISED, datetime(2026, 11, number, 10), (date(2026, 11, number + 1), 144_635))
    script = owners.panel.script
    assert script.type_combo.value() is DebtorType.BUSY and script.type_chip.isVisible()
    assert script.type_combo.itemText(0) == "0  建议：答应了，总不来（失约 2 次）"
    _f6(owners, Key.Key_Return)
    assert owners.office.traits.chosen_type(owners.ids[ROOM]) is DebtorType.BUSY
    assert _history(owners) == ["欠费类型：一般未缴 → 忙、在外、没时间"]
    _f6(owners, Key.Key_0)
    assert owners.office.traits.chosen_type(owners.ids[ROOM]) is DebtorType.YES_NEVER_COMES


def test_a_narrow_window_shows_the_suggestion_as_a_dot_on_the_type(broken: Owners) -> None:
    broken.window.resize(911, 512)
    settle()
    script = broken.panel.script
    assert not script.type_chip.isVisible() and "建议：答应了，总不来" in script.type_combo.toolTip()
    _f6(broken, Key.Key_0)
    assert "建议" not in script.type_combo.toolTip()
    broken.window.resize(1366, 768)
    settle()
    assert not script.type_chip.isVisible()


def test_of_one_who_has_paid_nothing_is_to_be_confirmed(broken: Owners) -> None:
    assert broken.panel.script.type_chip.isVisible()
    import_list(broken.office, *HOUSEHOLDS[1:], as_of=date(2026, 11, 16), file="后来的.xlsx")
    broken.desk.changed.emit(Changes(everything=True))
    broken.page.show_owner(broken.ids[ROOM])
    settle()
    assert broken.panel.facts is not None and broken.panel.facts.account.row.is_paid
    assert not broken.panel.script.type_chip.isVisible() and broken.panel.header.severity.text() == ""


# --- 资料 ---


def _details(owners: Owners) -> None:
    owners.table.setFocus()
    owners.press(Key.Key_4, ALT)


def _pick(combo: QComboBox, word: str) -> None:
    combo.setCurrentIndex(combo.findText(word))


def test_traits_are_saved_with_ctrl_s_and_their_history_is_shown(owners: Owners) -> None:
    owners.choose(ROOM)
    _details(owners)
    details = owners.panel.details
    assert not details.changes.isVisible()
    assert "欠费程度 中度（最久逾期 125 天，超过 90 天）" in details.facts()
    for combo, word in (
        (details.habit, "被动型"), (details.attitude, "理解型"), (details.residence, "自住"),
        (details.property_kind, "住宅"), (details.category, "E 特殊拒交"),
    ):  # fmt: skip
        _pick(combo, word)
    owners.press(Key.Key_S, CTRL)
    account = owners.office.accounts.get(owners.ids[ROOM])
    assert (account.habit, account.attitude, account.residence, account.property_kind, account.row.category) == (
        "被动型", "理解型", "自住", "住宅", Category.E,
    )  # fmt: skip
    assert details.changes.isVisible() and len(details.changes.texts()) == 5
    assert details.changes.texts()[0].startswith("房屋类型：未填 → 住宅 2026-11-17 · 许宁")
    owners.window.toast.undo()
    account = owners.office.accounts.get(owners.ids[ROOM])
    assert (account.habit, account.residence, account.row.category) == ("", "", None)
    assert len(details.changes.texts()) == 10


def test_a_category_logged_meanwhile_is_not_undone_by_saving_the_name(owners: Owners) -> None:
    owners.choose(ROOM)
    _details(owners)
    owners.panel.details.name.setText("林晓兰")
    draft = contact(owners.ids[ROOM], at=owners.clock(), category=Category.B)
    owners.desk.changed.emit(owners.office.contacts.add(draft))
    settle()
    owners.press(Key.Key_S, CTRL)
    account = owners.office.accounts.get(owners.ids[ROOM])
    assert (account.name, account.row.category) == ("林晓兰", Category.B)
    assert _history(owners) == []


def test_the_header_says_how_severe_the_debt_is(owners: Owners) -> None:
    owners.choose("商铺A08")
    assert owners.panel.header.severity.text() == "严重"
    assert "满 365 天" in owners.panel.header.severity.toolTip()
    assert "严重" in owners.panel.header.text()


# --- 批量修改 ---


def _bulk(owners: Owners, *rooms: str) -> TraitsDialog:
    """Rows checked with the space bar, then Ctrl+G."""
    for room in rooms:
        owners.choose(room)
        owners.press(Key.Key_Space)
    owners.press(Key.Key_G, CTRL)
    dialog = owners.window.findChild(TraitsDialog)
    assert dialog is not None and dialog.isVisible()
    return dialog


def test_several_owners_are_changed_by_keys_alone_and_back(owners: Owners) -> None:
    before = owners.office.traits.values(owners.ids.values())
    dialog = _bulk(owners, ROOM, "3-2-902")
    assert dialog.save_button.words() == "改 2 户" and not dialog.save_button.isEnabled()
    owners.press(Key.Key_R, ALT)
    owners.press(Key.Key_Down)
    owners.press(Key.Key_H, ALT)
    owners.press(Key.Key_Down)
    owners.press(Key.Key_Down)
    assert dialog.wanted() == {Trait.HABIT: "规律型", Trait.RESIDENCE: "自住"}
    owners.press(Key.Key_Y, ALT)
    dialog.reason.insert("物业台账")
    owners.press(Key.Key_Return)
    assert owners.window.findChild(TraitsDialog) is None
    values = owners.office.traits.values(owners.ids.values())
    changed = {room for room, account in owners.ids.items() if values[account] != before[account]}
    assert changed == {ROOM, "3-2-902"}
    assert _history(owners, "3-2-902") == ["居住：未填 → 自住", "缴费习惯：未填 → 规律型"]
    assert "2 户 的缴费习惯、居住已改。" in owners.window.toast.text()
    owners.window.toast.undo()
    assert owners.office.traits.values(owners.ids.values()) == before
    assert len(_history(owners, "3-2-902")) == 4


def test_without_checked_rows_the_current_one_is_changed(owners: Owners) -> None:
    owners.choose("商铺A08")
    dialog = _bulk(owners)
    assert dialog.save_button.words() == "改 1 户"
    owners.press(Key.Key_P, ALT)
    owners.press(Key.Key_Down)
    owners.press(Key.Key_Down)
    owners.press(Key.Key_Return)
    account = owners.office.accounts.get(owners.ids["商铺A08"])
    assert account.property_kind == "商铺" and account.row.debtor_type is DebtorType.SHOP_VILLA
    assert owners.panel.script.type_chip.isVisible()


def test_leaving_the_dialog_changes_nothing_and_asks_once_for_what_was_chosen(owners: Owners) -> None:
    dialog = _bulk(owners, ROOM)
    owners.press(Key.Key_Down)
    owners.press(Key.Key_Escape)
    assert dialog.isVisible() and "再按一次 Esc" in dialog.note.text()
    owners.press(Key.Key_Escape)
    assert owners.window.findChild(TraitsDialog) is None and _history(owners) == []


def test_a_value_can_be_emptied_and_what_is_left_alone_stays(owners: Owners) -> None:
    account = owners.ids[ROOM]
    owners.desk.changed.emit(
        owners.office.traits.set_traits([account], {Trait.HABIT: "主动型", Trait.ATTITUDE: "理解型"})
    )
    dialog = _bulk(owners, ROOM)
    _pick(dialog.fields[Trait.HABIT], "未填")
    owners.press(Key.Key_Return)
    found = owners.office.accounts.get(account)
    assert (found.habit, found.attitude) == ("", "理解型")


def test_the_key_of_批量修改_is_told(owners: Owners) -> None:
    hints = {hint.keys: hint.does for hint in owners.page.key_hints()}
    assert "批量修改" in hints["Ctrl+G"]
    menus: list[str] = []
    owners.list.menu_filled.connect(lambda menu: menus.extend(action.text() for action in menu.actions()))
    owners.choose(ROOM)
    owners.press(Key.Key_Space)
    owners.press(Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    owners.list._open_menu(owners.window.pos())
    assert "批量修改（1 户）\tCtrl+G" in menus
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()


# --- 筛选 ---


def test_the_filter_narrows_by_every_way_of_classifying(owners: Owners) -> None:
    ids = owners.ids
    owners.desk.changed.emit(
        owners.office.traits.set_traits([ids[ROOM], ids["3-2-902"]], {Trait.HABIT: "被动型", Trait.RESIDENCE: "出租"})
    )
    owners.desk.changed.emit(owners.office.traits.set_traits([ids["3-2-902"]], {Trait.PROPERTY_KIND: "车位"}))
    owners.list.open_filter()
    popup = owners.list._popup
    assert popup is not None
    _pick(popup.severity, "严重")
    assert owners.rooms() == ["商铺A08"]
    assert owners.list.wanted.severity is Severity.SEVERE
    _pick(popup.severity, "不限")
    _pick(popup.traits[Trait.HABIT], "被动型")
    assert sorted(owners.rooms()) == [ROOM, "3-2-902"]
    _pick(popup.traits[Trait.PROPERTY_KIND], "车位")
    assert owners.rooms() == ["3-2-902"]
    assert owners.list.filter_button.words() == "筛选 2 项" and owners.list.filter_button.toolTip() == "被动型，车位"
    _pick(popup.traits[Trait.PROPERTY_KIND], BLANK)
    assert owners.rooms() == [ROOM]
    assert owners.list.filter_button.toolTip() == "被动型，房屋类型未填"
    popup.clear_button.click()
    assert len(owners.rooms()) == 6
    popup.close()


def test_the_filter_opens_with_what_it_says_now(owners: Owners) -> None:
    owners.list.open_filter()
    first = owners.list._popup
    assert first is not None
    for combo, word in (
        (first.severity, "中度"), (first.traits[Trait.ATTITUDE], BLANK), (first.traits[Trait.RESIDENCE], BLANK),
        (first.kind, "一般未缴"), (first.step, "1 提醒"),
    ):  # fmt: skip
        _pick(combo, word)
    kept = owners.list.wanted
    first.close()
    owners.list.open_filter()
    again = owners.list._popup
    assert again is not None and again.wanted() == kept
    assert (kept.severity, kept.attitude, kept.residence) == (Severity.MEDIUM, BLANK, BLANK)
    again.close()


# --- 设置 › 分类 ---


def test_the_limits_are_saved_taken_back_and_refused_where_they_cannot_be(owners: Owners) -> None:
    tab = SeverityTab(owners.desk)
    owners.qtbot.addWidget(tab)
    tab.refresh()
    assert "轻微 1 户，中度 4 户，严重 1 户" in tab.said.text() and not tab.save_button.isEnabled()
    tab.severe_days.setValue(30)
    assert not tab.save_button.isEnabled() and "“严重”的天数" in tab.problem.text()
    tab.severe_days.setValue(120)
    assert tab.save_button.isEnabled()
    tab.save()
    assert owners.office.traits.limits() == SeverityLimits(severe_days=120)
    assert "轻微 1 户，中度 0 户，严重 5 户" in tab.said.text()
    owners.choose(ROOM)
    assert owners.panel.header.severity.text() == "严重"
    owners.window.toast.undo()
    assert owners.office.traits.limits() == SeverityLimits()
    assert tab.severe_days.value() == 365 and "中度 4 户" in tab.said.text()
    assert owners.panel.header.severity.text() == "中度"
