"""话术 in the office's own words: edited beside ours, versions, own ones, put aside, one file in and out, by keyboard."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.scripts import Origin, PartKind, Script
from feedesk.ui.scripts_draft import about_of, blank_script, changed_heads, put_together, sections_of
from feedesk.ui.scripts_edit_dialog import ScriptEditDialog
from feedesk.ui.scripts_import_dialog import ScriptImportDialog
from feedesk.ui.scripts_new_dialog import ScriptNewDialog
from feedesk.ui.scripts_owner_popup import OwnerPopup
from feedesk.ui.scripts_rows import Shelf, Whose
from feedesk.ui.scripts_versions_dialog import ScriptVersionsDialog
from tests.script_page_tools import ALT, CTRL, Bench, Key
from tests.store_tools import behind_the_back
from tests.ui_tools import settle

KEY = "unpaid.2.phone"


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path)
    made.look_at("3-2-1502")
    made.go()
    yield made
    made.close()


def turn_to(bench: Bench, key: str) -> None:
    row = next(one for one in bench.page.model.rows() if one.key == key)
    assert bench.page.table.choose(row.id)
    bench.page.table.setFocus()
    settle()


def editor(bench: Bench, key: str = KEY) -> ScriptEditDialog:
    turn_to(bench, key)
    bench.press(Key.Key_Return)
    return bench.opened(ScriptEditDialog)


def add_words(bench: Bench, text: str) -> None:
    """At the end of the section in hand."""
    bench.press(Key.Key_End, CTRL)
    bench.type(text)


def edited(bench: Bench, text: str = "您看这样行吗？", key: str = KEY) -> None:
    editor(bench, key)
    bench.press(Key.Key_3, ALT)
    add_words(bench, text)
    bench.press(Key.Key_Return)
    assert not bench.has_open(ScriptEditDialog)


def in_force(bench: Bench, key: str = KEY) -> Script:
    found = bench.office.scripts.library().script(key)
    assert found is not None
    return found


# --- taken apart and put together ---


def test_words_taken_apart_and_put_together_are_the_same(bench: Bench) -> None:
    library = bench.office.scripts.shipped
    for words in (*library.scripts, *library.objections):
        texts = {one.key: (one.text, one.intent or "") for one in sections_of(words)}
        again = put_together(words, texts, about_of(words))
        assert again.origin is Origin.OFFICE
        assert changed_heads(words, again) == ""
        assert sections_of(again) == sections_of(words)


def test_a_new_script_lends_the_words_of_one_with_the_same_parts(bench: Bench) -> None:
    model = in_force(bench)
    visit = blank_script("按约上门", DebtorType.BUSY, Step.SECOND_CALL, Channel.VISIT, model)
    assert visit.parts == model.parts
    message = blank_script("短信", DebtorType.BUSY, Step.SECOND_CALL, Channel.MESSAGE, model)
    assert [part.kind for part in message.parts] == [PartKind.WORDS]
    assert message.parts[0].text == ""


# --- editing ---


def test_an_edit_is_a_version_in_force_and_the_panel_says_it(bench: Bench) -> None:
    before = in_force(bench)
    dialog = editor(bench)
    assert not dialog.save_button.isEnabled()
    bench.press(Key.Key_3, ALT)
    add_words(bench, "您看这样行吗？")
    assert "您看这样行吗？" in dialog.preview_text()
    assert dialog.note_field.placeholderText() == "改了收口"
    bench.press(Key.Key_Return)
    now = in_force(bench)
    assert now.ref == f"{KEY}@o1"
    assert now.part(PartKind.CLOSING).text == before.part(PartKind.CLOSING).text + "您看这样行吗？"
    assert now.part(PartKind.OPENING) == before.part(PartKind.OPENING)
    assert now.cautions == before.cautions
    row = bench.page.current()
    assert row is not None
    assert (row.key, row.whose) == (KEY, Whose.CHANGED)
    assert "您看这样行吗？" in bench.page.pane.text()
    assert bench.desk.library.script(KEY) == now
    kept = bench.office.scripts.versions(KEY)
    assert [(one.number, one.note, one.staff_name) for one in kept] == [(1, "改了收口", "许宁"), (0, "", "")]


def test_a_finding_blocks_saving_until_one_key_takes_the_safe_wording(bench: Bench) -> None:
    dialog = editor(bench)
    add_words(bench, "再不交就停水停电。")
    assert not dialog.save_button.isEnabled()
    assert "F8" in dialog.problem()
    bench.press(Key.Key_3, ALT)
    bench.press(Key.Key_Return, CTRL)
    assert dialog.isVisible()
    assert in_force(bench).origin is Origin.SHIPPED
    edit = dialog.edits[PartKind.OPENING]
    assert edit.words.hasFocus() and edit.words.property("state") == "bad", "the field at fault, wherever one was"
    assert dialog.note_field.property("state") != "bad"
    while edit.lint.blocking():
        before = edit.lint.blocking()
        bench.press(Key.Key_F8)
        bench.press(Key.Key_Return)
        assert edit.lint.blocking() < before
        edit.take_focus()
    assert "停水" not in edit.value()[0]
    assert dialog.save_button.isEnabled()
    bench.press(Key.Key_Return)
    assert in_force(bench).origin is Origin.OFFICE


def test_a_value_of_a_record_that_is_not_required_cannot_stand_bare(bench: Bench) -> None:
    dialog = editor(bench)
    add_words(bench, "{案号}")
    assert "〔案号待核〕" in dialog.preview_text()
    assert "案号" in dialog.problem()
    assert not dialog.save_button.isEnabled()


def test_placeholders_come_from_the_list_at_the_cursor(bench: Bench) -> None:
    dialog = editor(bench)
    bench.press(Key.Key_End, CTRL)
    bench.press(Key.Key_P, ALT)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    bench.qtbot.keyClick(menu, Key.Key_Return)
    settle()
    assert dialog.edits[PartKind.OPENING].value()[0].endswith("{称呼}")


def test_the_preview_on_another_owner_and_a_gap_is_marked(bench: Bench) -> None:
    dialog = editor(bench)
    assert "林女士" in dialog.preview_text()
    add_words(bench, "{约定日}")
    assert "〔约定日待核〕" in dialog.preview_text()
    bench.press(Key.Key_O, ALT)
    popup = bench.opened(OwnerPopup)
    bench.type("3-2-902")
    popup.search.field.flush()
    bench.press(Key.Key_Return)
    assert "林女士" not in dialog.preview_text()
    assert "周" in dialog.preview_text()
    assert "{" not in dialog.preview_text()
    assert "None" not in dialog.preview_text()


def test_ours_again_for_one_section(bench: Bench) -> None:
    dialog = editor(bench)
    add_words(bench, "多一句。")
    bench.press(Key.Key_Z, ALT)
    assert dialog.edits[PartKind.OPENING].value()[0] == in_force(bench).part(PartKind.OPENING).text


def test_esc_asks_once_when_something_was_typed(bench: Bench) -> None:
    dialog = editor(bench)
    add_words(bench, "多一句。")
    bench.press(Key.Key_Escape)
    assert dialog.isVisible()
    bench.press(Key.Key_Escape)
    assert not bench.has_open(ScriptEditDialog)
    assert in_force(bench).origin is Origin.SHIPPED


def test_an_answer_is_edited_like_a_script(bench: Bench) -> None:
    bench.press(Key.Key_4, ALT)
    row = bench.page.current()
    assert row is not None
    bench.press(Key.Key_Return)
    bench.opened(ScriptEditDialog)
    add_words(bench, "您说得对。")
    bench.press(Key.Key_Return)
    assert not bench.has_open(ScriptEditDialog)
    kept = bench.office.scripts.library().objection(row.key.removeprefix("objection."))
    assert kept is not None
    assert kept.accept.endswith("您说得对。")
    assert kept.origin is Origin.OFFICE


def test_techniques_and_small_talk_are_ours(bench: Bench) -> None:
    for digit in (Key.Key_3, Key.Key_5):
        bench.press(digit, ALT)
        assert bench.page.current() is not None
        assert not bench.page.edit_button.isVisible()
        bench.press(Key.Key_Return)
        assert not bench.has_open(ScriptEditDialog)


# --- versions ---


def test_back_to_an_earlier_version_and_to_ours(bench: Bench) -> None:
    ours = in_force(bench)
    edited(bench, "一版。")
    edited(bench, "二版。")
    assert in_force(bench).ref == f"{KEY}@o2"
    bench.press(Key.Key_H, CTRL)
    dialog = bench.opened(ScriptVersionsDialog)
    assert not dialog.use_button.isEnabled()
    bench.press(Key.Key_Down)
    assert "一版。" in dialog.text()
    assert "二版。" not in dialog.text()
    bench.press(Key.Key_Return)
    assert in_force(bench).ref == f"{KEY}@o1"
    bench.press(Key.Key_H, CTRL)
    bench.press(Key.Key_End)
    bench.press(Key.Key_Return)
    assert in_force(bench) == ours
    row = bench.page.current()
    assert row is not None
    assert (row.key, row.whose) == (KEY, Whose.OURS)
    assert bench.window.toast.can_undo
    bench.press(Key.Key_Z, CTRL)
    assert in_force(bench).ref == f"{KEY}@o1"


def test_ours_is_taken_up_where_the_offices_own_may_not_be_said_any_more(bench: Bench) -> None:
    ours = in_force(bench)
    edited(bench, "一版。")
    with behind_the_back(bench.office.path) as conn:
        conn.execute("UPDATE script_versions SET content = replace(content, '一版。', '不交就断水断电。')")
    bench.page.reload()
    turn_to(bench, KEY)
    bench.press(Key.Key_H, CTRL)
    bench.press(Key.Key_End)
    bench.press(Key.Key_Return)
    assert (in_force(bench), bench.office.scripts.decided(KEY)) == (ours, 0)
    bench.press(Key.Key_Z, CTRL)
    assert bench.office.scripts.decided(KEY) == 1


# --- own ones, and put aside ---


def test_a_script_of_the_offices_own(bench: Bench) -> None:
    turn_to(bench, KEY)
    bench.press(Key.Key_N, CTRL)
    bench.opened(ScriptNewDialog)
    bench.type("装修押金抵一部分")
    bench.press(Key.Key_F6)
    bench.press(Key.Key_7)
    bench.press(Key.Key_Return)
    bench.opened(ScriptEditDialog)
    bench.press(Key.Key_3, ALT)
    add_words(bench, "押金的事我们当面算，好吗？")
    bench.press(Key.Key_Return)
    row = bench.page.current()
    assert row is not None
    assert (row.title, row.whose, row.types) == ("装修押金抵一部分", Whose.OWN, (DebtorType.BUSY,))
    taken = bench.office.scripts.library().in_cell(DebtorType.BUSY, Step.FIRST_CALL, Channel.PHONE)
    assert taken[0].title == "装修押金抵一部分"
    bench.press(Key.Key_Delete)
    assert "装修押金抵一部分" not in [one.title for one in bench.office.scripts.library().scripts]
    hidden = bench.page.current()
    assert hidden is not None
    assert hidden.whose is Whose.HIDDEN
    bench.press(Key.Key_Delete)
    assert "装修押金抵一部分" in [one.title for one in bench.office.scripts.library().scripts]


def test_what_everything_falls_back_on_cannot_be_put_aside(bench: Bench) -> None:
    turn_to(bench, KEY)
    bench.press(Key.Key_Delete)
    assert len(bench.told.told) == 1
    assert "兜底" in bench.told.told[0][0]
    assert in_force(bench)


# --- one file ---


def test_the_library_goes_out_as_a_file_and_comes_in_after_a_look(bench: Bench) -> None:
    edited(bench, "一版。")
    path = bench.folder / "theirs.json"
    bench.told.files = [path]
    bench.press(Key.Key_S, CTRL)
    assert path.is_file()
    bench.office.scripts.back_to_ours(KEY)
    bench.told.files = [path]
    bench.press(Key.Key_O, CTRL)
    dialog = bench.opened(ScriptImportDialog)
    assert dialog.take_button.words() == "导入 1 篇"
    assert in_force(bench).origin is Origin.SHIPPED
    bench.press(Key.Key_Return, CTRL)
    assert not bench.has_open(ScriptImportDialog)
    assert in_force(bench).part(PartKind.CLOSING).text.endswith("一版。")


def test_a_file_with_words_that_must_not_be_said_stays_out(bench: Bench) -> None:
    path = bench.folder / "bad.json"
    bench.office.scripts.export_library(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    entry = next(one for one in data["scripts"] if one["id"] == KEY)
    entry["closing"]["text"] += "再不交就停水停电。"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    bench.told.files = [path]
    bench.press(Key.Key_O, CTRL)
    dialog = bench.opened(ScriptImportDialog)
    assert not dialog.take_button.isEnabled()
    assert "停水" in dialog.text()
    bench.press(Key.Key_Return, CTRL)
    assert dialog.isVisible()
    assert in_force(bench).origin is Origin.SHIPPED
    bench.press(Key.Key_Escape)
    assert not bench.has_open(ScriptImportDialog)


def test_a_file_that_is_none_is_told(bench: Bench) -> None:
    path = bench.folder / "list.json"
    path.write_text("[]", encoding="utf-8")
    bench.told.files = [path]
    bench.press(Key.Key_O, CTRL)
    assert not bench.has_open(ScriptImportDialog)
    assert bench.told.told[0][0] == "这不是话术文件，没有导入。"


@pytest.mark.parametrize("size", [(1366, 697), (911, 512)])
@pytest.mark.parametrize("shelf", [Shelf.SCRIPTS, Shelf.MOMENTS, Shelf.OBJECTIONS])
def test_the_editor_fits_the_window_with_findings_shown(bench: Bench, shelf: Shelf, size: tuple[int, int]) -> None:
    bench.window.resize(*size)
    settle()
    bench.page.show_shelf(shelf)
    bench.press(Key.Key_Return)
    dialog = bench.opened(ScriptEditDialog)
    for text in ("", "再不交就停水停电，还要上征信。"):
        bench.type(text)
        assert dialog.width() <= size[0]
        assert dialog.height() <= min(688, size[1])
    dialog.done(0)
