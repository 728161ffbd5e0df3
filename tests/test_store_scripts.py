"""The office's own words: versions that are kept for ever, own scripts, news, one file in and out, and what is on file."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from feedesk.errors import BadInput
from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.documents import DocumentDraft
from feedesk.models.letters import PaperKind
from feedesk.models.scripts import Objection, Origin, PartKind, Script, ScriptFacts, TalkKind
from feedesk.models.scripts.edition import Source, entry_of, outdated_banner, same_words
from feedesk.models.scripts.exchange import Arrival
from feedesk.models.scripts.news import News
from feedesk.models.scripts.records import Rings
from feedesk.models.service import DeliveryDraft, DeliveryMethod
from feedesk.models.store import Office, backups
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import behind_the_back, issue

KEY, ANSWER = "busy.2.phone", "objection.meter"
ROOM = "3-2-1502"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    made = new_office(tmp_path, clock)
    import_list(made, listed(ROOM, "林晓岚"), listed("3-2-1503", "何敏"))
    yield made
    made.close()


def ours(office: Office, key: str = KEY) -> Script:
    found = office.scripts.shipped.script(key)
    assert found
    return found


def reworded(script: Script, text: str, kind: PartKind = PartKind.CLOSING) -> Script:
    return replace(
        script, parts=tuple(replace(part, text=text) if part.kind is kind else part for part in script.parts)
    )


def answer(office: Office) -> Objection:
    found = office.scripts.shipped.objection("meter")
    assert found
    return found


# --- versions ---


def test_a_new_office_speaks_our_words(office: Office) -> None:
    library = office.scripts.library()
    assert library.scripts == office.scripts.shipped.scripts
    assert library.objections == office.scripts.shipped.objections
    (only,) = office.scripts.versions(KEY)
    assert (only.number, only.source, only.in_force) == (0, Source.OURS, True)


def test_the_office_s_wording_is_said_from_then_on_and_remembered_by_its_own_reference(office: Office) -> None:
    changes = office.scripts.save(reworded(ours(office), "{收口日}好不好？"), "口语一点")
    assert changes.keys == (KEY,)
    said = office.scripts.library().script(KEY)
    assert said and said.part(PartKind.CLOSING).text == "{收口日}好不好？"
    assert (said.origin, said.ref) == (Origin.OFFICE, f"{KEY}@o1")
    chosen = office.scripts.library().choose(DebtorType.BUSY, Step.FIRST_CALL, Channel.PHONE, ScriptFacts())
    assert chosen.script == said


def test_every_wording_is_kept_newest_first_with_who_when_and_why(office: Office, clock: Clock) -> None:
    office.scripts.save(reworded(ours(office), "{收口日}好不好？"), "口语一点")
    clock.forward(days=1)
    office.scripts.save(reworded(ours(office), "定{收口日}，行吗？"))
    kept = office.scripts.versions(KEY)
    assert [(one.number, one.source, one.note, one.staff_name, one.in_force) for one in kept] == [
        (2, Source.OFFICE, "", "许宁", True),
        (1, Source.OFFICE, "口语一点", "许宁", False),
        (0, Source.OURS, "", "", False),
    ]
    assert kept[0].at == clock() and kept[1].base == ours(office).version


def test_back_to_any_and_back_to_ours_and_contacts_still_find_what_was_said(office: Office) -> None:
    first, second = reworded(ours(office), "{收口日}好不好？"), reworded(ours(office), "定{收口日}，行吗？")
    office.scripts.save(first)
    office.scripts.save(second)
    office.scripts.use_version(KEY, 1)
    now = office.scripts.library().script(KEY)
    assert now and same_words(now, first)
    office.scripts.back_to_ours(KEY)
    library = office.scripts.library()
    assert library.script(KEY) == ours(office)
    for ref, words in ((f"{KEY}@o1", first), (f"{KEY}@o2", second), (f"{KEY}@1", ours(office))):
        found = library.by_ref(ref)
        assert found and same_words(found, words), ref
    assert [one.number for one in office.scripts.versions(KEY)] == [2, 1, 0], "nothing is lost on the way back"


def test_answers_are_worded_anew_like_scripts(office: Office) -> None:
    office.scripts.save(replace(answer(office), accept="您说得对，该查。"), "短")
    found = office.scripts.library().objection("meter")
    assert found and found.accept == "您说得对，该查。" and found.ref == "objection.meter@o1"
    assert [one.id for one in office.scripts.library().objections] == [
        one.id for one in office.scripts.shipped.objections
    ], "the chips keep their places"
    office.scripts.back_to_ours(ANSWER)
    assert office.scripts.library().objection("meter") == answer(office)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("不缴就停水，{收口日}行吗？", "“停水”"),
        ("{我}说{收口日}行吗？", "没有叫 {我} 的空格"),
        ("[[{收口日}行吗？", "[[…]] 没有成对"),
        ("{收口日}行吗？ {", "花括号没有成对"),
        ("律师函已经寄给您，{收口日}行吗？", "律师"),
        ("催款单您收到了吗？", "要有记录才能说"),
        ("案号是{案号}，{收口日}行吗？", "要有记录才有"),
    ],
)
def test_what_must_not_be_said_is_not_kept(office: Office, text: str, says: str) -> None:
    with pytest.raises(BadInput, match="没有保存") as caught:
        office.scripts.save(reworded(ours(office), text))
    assert says in str(caught.value)
    assert len(office.scripts.versions(KEY)) == 1


def _with_body(script: Script, **change: str) -> Script:
    return replace(
        script, parts=tuple(replace(part, **change) if part.kind is PartKind.BODY else part for part in script.parts)
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda one: _with_body(one, text="  "), "“正题”是空的"),
        (lambda one: _with_body(one, intent=""), "“正题”的用意是空的"),
        (lambda one: replace(one, title=""), "题目是空的"),
        (lambda one: replace(one, gist=" "), "要点是空的"),
        (lambda one: replace(one, title="换" * 41), "题目太长：41 个字，最多 40 个"),
        (lambda one: _with_body(one, text="长" * 1_001), "“正题”太长"),
        (lambda one: replace(one, title="换了\ud800"), "存不下来"),
        (lambda one: replace(one, cautions=("一\x00",)), "存不下来"),
        (lambda one: replace(one, techniques=(10,)), "合不成一篇话术"),
    ],
)
def test_a_wording_that_is_not_whole_is_not_kept(office: Office, change: Any, says: str) -> None:
    with pytest.raises(BadInput, match="没有保存") as caught:
        office.scripts.save(change(ours(office)))
    assert says in str(caught.value)
    with pytest.raises(BadInput, match="没有保存"):
        office.scripts.add(change(ours(office)))
    assert len(office.scripts.versions(KEY)) == 1


def test_an_answer_that_is_not_whole_is_not_kept(office: Office) -> None:
    with pytest.raises(BadInput, match="“出路”是空的"):
        office.scripts.save(replace(answer(office), way=""))
    office.scripts.save(
        replace(answer(office), law="", chip="表不准")
    )  # the ground in law is the one that may be left out


def test_a_kept_wording_that_cannot_be_read_gives_way_to_ours_and_the_check_names_it(office: Office) -> None:
    office.scripts.save(reworded(ours(office), "{收口日}您方便吗？"))
    with behind_the_back(office.path) as conn:
        conn.execute("UPDATE script_versions SET content = replace(content, 'busy.2', 'nobody.2')")
    assert office.scripts.library().script(KEY) == ours(office)
    assert [one.number for one in office.scripts.versions(KEY)] == [0]
    assert "话术 busy.2.phone 第 1 版读不了，现在用的是原文" in backups.check(office.path)
    office.scripts.save(reworded(ours(office), "{收口日}您看方便吗？"))
    assert [one.number for one in office.scripts.versions(KEY)] == [2, 0]


@pytest.mark.parametrize(
    "moved",
    [
        {"types": (DebtorType.UNPAID,)},
        {"steps": (Step.SECOND_CALL,)},
        {"situation": "promise_due"},
    ],
)
def test_a_wording_stays_in_the_place_of_ours(office: Office, moved: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="和原文一样"):
        office.scripts.save(replace(ours(office), title="换个地方", **moved))


def test_a_wording_is_said_under_the_conditions_of_ours(office: Office, tmp_path: Path) -> None:
    """A copy kept or sent before ours had a condition takes it on: it is said, worded anew and handed on under it."""
    for key in ("defects.3.phone", "any.8.phone", "any.5.visit"):
        ours_now = office.scripts.shipped.script(key)
        assert ours_now is not None and (ours_now.needs or ours_now.requires)
        office.scripts.save(replace(ours_now, title="从前的一版"))
        with behind_the_back(office.path) as conn:  # as it was kept before there were conditions
            entry = entry_of(replace(ours_now, title="从前的一版", needs=(), requires=(), rings=Rings.NO))
            conn.execute("UPDATE script_versions SET content = ? WHERE key = ?", (json.dumps(entry), key))
        said = office.scripts.library().script(key)
        assert said is not None and said.title == "从前的一版"
        assert (said.needs, said.requires, said.rings) == (ours_now.needs, ours_now.requires, ours_now.rings)
        office.scripts.save(replace(said, title="改过的一版"))
    path = tmp_path / "lib.feedesk-scripts.json"
    office.scripts.export_library(path)
    bare = json.loads(path.read_text(encoding="utf-8"))
    for entry in bare["scripts"]:
        for name in ("needs", "requires", "rings"):
            entry.pop(name, None)
    path.write_text(json.dumps(bare, ensure_ascii=False), encoding="utf-8")
    parcel = office.scripts.read_import(path)
    assert parcel.blocked == () and {one.arrival for one in parcel.incoming} == {Arrival.SAME}
    library = office.scripts.library()
    choice = library.choose(DebtorType.DEFECTS, Step.SECOND_CALL, Channel.PHONE, ScriptFacts(has_open_dispute=True))
    assert choice.script is not None and choice.script.id == "defects.2.phone"


def test_the_same_words_are_no_new_version_and_unknown_keys_are_refused(office: Office) -> None:
    with pytest.raises(BadInput, match="和现在用的一样"):
        office.scripts.save(ours(office))
    with pytest.raises(BadInput, match="找不到这篇话术"):
        office.scripts.save(replace(ours(office), id="own.9", title="没有的"))
    with pytest.raises(BadInput, match="没有这一版"):
        office.scripts.use_version(KEY, 3)


def test_wordings_survive_closing_and_can_neither_be_changed_nor_removed(office: Office, clock: Clock) -> None:
    office.scripts.save(reworded(ours(office), "{收口日}好不好？"))
    office.close()
    for act in (
        "DELETE FROM script_versions", "UPDATE script_versions SET content = '{}'", "DELETE FROM script_state",
        "UPDATE script_state SET hidden = 1",
    ):  # fmt: skip
        with behind_the_back(office.path, guarded=True) as conn, pytest.raises(sqlite3.DatabaseError, match="script_"):
            conn.execute(act)
    again = Office.open(office.path, clock)
    said = again.scripts.library().script(KEY)
    assert said and said.ref == f"{KEY}@o1"
    again.close()
    assert backups.check(office.path) == []


def test_nobody_writes_without_a_name(office: Office) -> None:
    office.session.clerk = None
    with pytest.raises(BadInput, match="还没有选定经办人"):
        office.scripts.save(reworded(ours(office), "{收口日}好不好？"))
    assert len(office.scripts.versions(KEY)) == 1


# --- kept before a rule became stricter ---


def with_words_of_before(office: Office, clock: Clock, *keys: str) -> Office:
    """The office opened anew, the wordings of `keys` as a rule less strict once let them in."""
    office.close()
    with behind_the_back(office.path) as conn:
        for key in keys:
            conn.execute(
                "UPDATE script_versions SET content = replace(content, '晚点', '不然停用门禁卡，晚点') WHERE key = ?",
                (key,),
            )
    return Office.open(office.path, clock)


def test_a_wording_from_before_a_stricter_rule_gives_way_to_ours_until_it_is_mended(
    office: Office, clock: Clock
) -> None:
    office.scripts.save(reworded(ours(office), "晚点{收口日}行吗？"))
    office.scripts.save(replace(answer(office), way="晚点一起去看表。"))
    assert office.scripts.outdated() == ()
    again = with_words_of_before(office, clock, KEY, ANSWER)
    first, second = again.scripts.outdated()
    assert [(one.kept.key, one.kept.number) for one in (first, second)] == [(KEY, 1), (ANSWER, 1)]
    assert "停用门禁" in first.problems[0].what and all(one.blocking for one in first.problems)
    (line,) = outdated_banner(again.scripts.outdated())
    assert line.startswith(f"2 份本办公室话术要改：“{first.title}”里不能再说“停用门禁") and line.endswith(
        "改好以前先用原文。"
    )
    library = again.scripts.library()
    assert library.script(KEY) == ours(again) and library.objection("meter") == answer(again)
    assert library.by_ref(f"{KEY}@o1") == first.kept.words, "contacts still find what was said"
    assert [one.in_force for one in again.scripts.versions(KEY)] == [False, False], "the office has to decide"
    assert again.scripts.decided(KEY) == 1
    again.scripts.back_to_ours(KEY)
    again.scripts.take_back(KEY, 1)  # 撤销: decided as before, and not said as before
    assert (again.scripts.decided(KEY), len(again.scripts.outdated())) == (1, 2)
    again.scripts.save(reworded(ours(again), "那就{收口日}，行吗？"))
    again.scripts.back_to_ours(ANSWER)
    assert again.scripts.outdated() == () and outdated_banner(()) == ()
    said = again.scripts.library().script(KEY)
    assert said and said.ref == f"{KEY}@o2"
    again.close()


def test_an_own_script_from_before_is_not_offered_and_one_put_aside_is_not_told_of(
    office: Office, clock: Clock
) -> None:
    office.scripts.add(replace(reworded(ours(office), "晚点{收口日}行吗？"), title="晚上打"))
    again = with_words_of_before(office, clock, "own.1")
    assert again.scripts.library().script("own.1") is None
    (line,) = outdated_banner(again.scripts.outdated())
    assert line.startswith("1 份本办公室话术要改：“晚上打”里不能再说“停用门禁") and line.endswith("改好以前先不用它。")
    again.scripts.hide("own.1")
    assert again.scripts.outdated() == () and [one.ref for one in again.scripts.hidden()] == ["own.1@o1"]
    again.scripts.show("own.1")
    assert len(again.scripts.outdated()) == 1
    again.close()


# --- own scripts, putting aside ---


def test_an_own_script_is_taken_before_ours_and_can_be_worded_anew(office: Office) -> None:
    added = office.scripts.add(replace(ours(office), title="晚上打"), "夜班用").keys[0]
    assert added == "own.1"
    offers = office.scripts.library().offer(DebtorType.BUSY, Step.FIRST_CALL, Channel.PHONE, ScriptFacts())
    assert offers.chosen.script is not None
    assert offers.chosen.script.ref == "own.1@o1" and offers.others == (ours(office),)
    office.scripts.save(replace(offers.chosen.script, title="八点前打"))
    assert [one.number for one in office.scripts.versions("own.1")] == [2, 1], "nothing of ours lies under it"
    with pytest.raises(BadInput, match="没有原文"):
        office.scripts.back_to_ours("own.1")
    assert office.scripts.add(replace(ours(office), title="再一篇")).keys == ("own.2",)
    assert office.scripts.add(replace(answer(office), chip="热水太贵")).keys == ("objection.own.1",)
    assert office.scripts.library().objections[-1].chip == "热水太贵"


def test_what_is_put_aside_is_not_offered_and_comes_back(office: Office) -> None:
    office.scripts.hide(KEY)
    office.scripts.hide(ANSWER)
    library = office.scripts.library()
    assert library.script(KEY) is None and library.objection("meter") is None
    assert library.choose(DebtorType.BUSY, Step.FIRST_CALL, Channel.PHONE, ScriptFacts()).is_fallback
    assert library.by_ref(f"{KEY}@1") == ours(office), "contacts still find it"
    assert set(office.scripts.hidden()) == {ours(office), answer(office)}
    office.scripts.show(KEY)
    office.scripts.show(ANSWER)
    assert office.scripts.library().scripts == office.scripts.shipped.scripts
    assert office.scripts.hidden() == ()


@pytest.mark.parametrize("key", ["unpaid.1.phone", "unpaid.2.phone", "unpaid.3.phone"])
def test_what_everything_falls_back_on_cannot_be_put_aside(office: Office, key: str) -> None:
    with pytest.raises(BadInput, match="兜底"):
        office.scripts.hide(key)
    office.scripts.save(replace(ours(office, key), title="换个题目"))
    with pytest.raises(BadInput, match="兜底"):
        office.scripts.hide(key)


def test_every_decision_is_in_the_log(office: Office) -> None:
    office.scripts.save(reworded(ours(office), "{收口日}好不好？"))
    office.scripts.hide(KEY)
    office.scripts.show(KEY)
    office.scripts.back_to_ours(KEY)
    rows = office.session.conn.execute("SELECT what, subject FROM audit ORDER BY seq DESC LIMIT 4").fetchall()
    assert rows[::-1] == [("改话术", KEY), ("停用话术", KEY), ("恢复话术", KEY), ("话术换用", KEY)]


# --- small talk ---


def test_estate_news_comes_first_until_its_day_is_past(office: Office, clock: Clock) -> None:
    office.scripts.save_news([News("游乐区重新铺了地面，您去看过吗？", clock().date()), News(" ")])
    assert [one.text for one in office.scripts.news()] == ["游乐区重新铺了地面，您去看过吗？"]
    first = office.scripts.talks(clock().date())[0]
    assert (first.kind, first.text) == (TalkKind.ESTATE, "游乐区重新铺了地面，您去看过吗？")
    assert office.scripts.small_talk(clock().date()) == first.text
    clock.forward(days=1)
    assert TalkKind.ESTATE not in {one.kind for one in office.scripts.talks(clock().date())}


@pytest.mark.parametrize("text", ["不缴就停水", "{称呼}好", "[[x"])
def test_news_are_held_to_the_same_rules(office: Office, text: str) -> None:
    with pytest.raises(BadInput, match="没有保存"):
        office.scripts.save_news([News("好消息"), News(text)])
    assert office.scripts.news() == ()


# --- one file ---


@pytest.fixture
def other(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    (tmp_path / "二").mkdir()
    made = new_office(tmp_path / "二", clock, "云水居")
    yield made
    made.close()


def test_a_library_goes_from_office_to_office_as_one_file(office: Office, other: Office, tmp_path: Path) -> None:
    office.scripts.save(reworded(ours(office), "{收口日}好不好？"))
    office.scripts.save(replace(answer(office), accept="您说得对，该查。"))
    office.scripts.add(replace(ours(office), title="晚上打"))
    other.scripts.save(replace(ours(other, "busy.3.phone"), title="另一种说法"))
    path = tmp_path / "话术.json"
    count = office.scripts.export_library(path)
    assert count == len(office.scripts.library().scripts) + len(office.scripts.library().objections)
    assert not list(tmp_path.glob("*.part"))
    parcel = other.scripts.read_import(path)
    assert parcel.office == "明湖花园服务中心"
    assert {one.key for one in parcel.of(Arrival.CHANGED)} == {KEY, ANSWER}
    assert {one.key for one in parcel.of(Arrival.OURS)} == {"busy.3.phone"}
    assert len(parcel.of(Arrival.NEW)) == 1 and len(parcel.incoming) == count
    other.scripts.import_library(parcel)
    mine, theirs = office.scripts.library(), other.scripts.library()
    assert [(one.id, one.parts) for one in theirs.scripts] == [(one.id, one.parts) for one in mine.scripts]
    assert [one.texts() for one in theirs.objections] == [one.texts() for one in mine.objections]
    newest = other.scripts.versions(KEY)[0]
    assert (newest.source, newest.note) == (Source.IMPORT, "明湖花园服务中心")


def test_what_is_imported_twice_changes_nothing(office: Office, other: Office, tmp_path: Path) -> None:
    office.scripts.save(reworded(ours(office), "{收口日}好不好？"))
    office.scripts.add(replace(ours(office), title="晚上打"))
    path = tmp_path / "话术.json"
    office.scripts.export_library(path)
    other.scripts.import_library(other.scripts.read_import(path))
    before = other.session.conn.execute("SELECT count(*) FROM script_versions").fetchone()
    again = other.scripts.read_import(path)
    assert {one.arrival for one in again.incoming} == {Arrival.SAME}
    assert other.scripts.import_library(again).keys == ()
    assert other.session.conn.execute("SELECT count(*) FROM script_versions").fetchone() == before


def test_own_scripts_of_two_offices_do_not_take_each_other_s_place(
    office: Office, other: Office, tmp_path: Path
) -> None:
    office.scripts.add(replace(ours(office), title="晚上打"))
    other.scripts.add(replace(ours(other), title="早上打"))
    path = tmp_path / "话术.json"
    office.scripts.export_library(path)
    assert other.scripts.import_library(other.scripts.read_import(path)).keys == ("own.2",)
    titles = {one.id: one.title for one in other.scripts.library().scripts if one.is_own}
    assert titles == {"own.1": "早上打", "own.2": "晚上打"}


def written(office: Office, path: Path, change: Any) -> Path:
    """The office's library as a file, changed by hand."""
    office.scripts.export_library(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def test_a_file_with_what_must_not_be_said_is_told_and_not_taken(office: Office, tmp_path: Path) -> None:
    def threaten(data: dict[str, Any]) -> None:
        entry = next(one for one in data["scripts"] if one["id"] == KEY)
        entry["closing"]["text"] = "不缴就停水，{收口日}行吗？"
        data["objections"][0]["accept"] = "好的，您先忙。"

    parcel = office.scripts.read_import(written(office, tmp_path / "话术.json", threaten))
    assert [(one.key, one.problems[0].matched) for one in parcel.blocked] == [(KEY, "停水")]
    with pytest.raises(BadInput, match="整份都没有导入"):
        office.scripts.import_library(parcel)
    assert office.scripts.library().objections == office.scripts.shipped.objections, "not even what was sound"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda data: data.update(kind="别的"), "不是话术文件"),
        (lambda data: data.update(format=9), "别的版本"),
        (lambda data: data.pop("objections"), "不完整"),
        (lambda data: data["scripts"][2].pop("title"), "第 3 篇读不了"),
        (lambda data: data["scripts"][0].update(channel="鸽子"), "第 1 篇读不了"),
        (lambda data: data["scripts"].append("一句话"), "读不了"),
        (lambda data: data["scripts"].append(data["scripts"][0]), "有两篇"),
        (lambda data: data["objections"][0].update(accept=5), "第 1 篇读不了"),
        (lambda data: data["scripts"][0].update(channel="很" * 5_000), "第 1 篇读不了：有的内容缺了、空着"),
    ],
)
def test_a_damaged_file_is_refused_whole(office: Office, tmp_path: Path, change: Any, says: str) -> None:
    with pytest.raises(BadInput, match="没有导入") as caught:
        office.scripts.read_import(written(office, tmp_path / "话术.json", change))
    assert says in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe\x00", b"[]", "话术".encode("gb18030"), b"[" * 100_000])
def test_what_is_no_library_is_refused(office: Office, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "话术.json"
    path.write_bytes(data)
    with pytest.raises(BadInput, match="没有导入"):
        office.scripts.read_import(path)


def test_an_export_that_fails_leaves_the_old_file_and_no_half_one(office: Office, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        office.scripts.export_library(tmp_path / "没有这个文件夹" / "话术.json")
    with pytest.raises(BadInput):
        office.scripts.read_import(tmp_path / "没有.json")
    path = tmp_path / "话术.json"
    path.write_text("旧", encoding="utf-8")
    office.scripts.export_library(path)
    assert json.loads(path.read_text(encoding="utf-8"))["kind"] == "feedesk-scripts"


# --- what is on file ---


def test_a_notice_makes_its_words_true_step_by_step(office: Office, tmp_path: Path, clock: Clock) -> None:
    account = ids_by_room(office)[ROOM]
    assert office.scripts.truth(account, Step.FIRST_CALL).facts == frozenset()
    issue(office, ROOM)
    drafted = office.scripts.truth(account, Step.DEMAND)
    assert drafted.facts == {"step_demand", "demand_drafted"} and [one.label for one in drafted.papers] == ["催款单"]
    slip = tmp_path / "底单.jpg"
    slip.write_bytes(b"slip")
    os.utime(slip, (clock().timestamp(), clock().timestamp()))
    today = clock().date()
    office.service.record(
        DeliveryDraft(1, DeliveryMethod.EMS_TAKEN, None, today, "EA123456789CN", "林晓岚", confirmed=True), [slip]
    )
    served = office.scripts.truth(account, Step.DEMAND)
    assert {"demand_sent", "demand_received"} <= served.facts
    assert office.scripts.truth(ids_by_room(office)["3-2-1503"], Step.DEMAND).facts == {"step_demand"}, (
        "a neighbour's is not his"
    )
    office.notices.void(1, "打错了")
    assert office.scripts.truth(account, Step.FIRST_CALL).facts == frozenset()


def test_a_lawyer_s_letter_needs_the_mandate_and_the_mandate_must_stand(
    office: Office, tmp_path: Path, clock: Clock
) -> None:
    account = ids_by_room(office)[ROOM]
    charge = office.accounts.charges_by_account([account])[account][0].id
    today, firm = clock().date(), "江畔律师事务所"
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes(b"scan")
    os.utime(scan, (clock().timestamp(), clock().timestamp()))
    office.documents.file(
        DocumentDraft(PaperKind.MANDATE, (account,), today, issuer=firm, deadline_on=date(2026, 11, 20)), [scan]
    )
    truth = office.scripts.truth(account, Step.LAWYER)
    assert truth.facts == {"step_demand", "lawyer_mandate"} and truth.law_firm == firm
    letter = DocumentDraft(
        PaperKind.LAWYER, (account,), today, number="（2026）律函 5 号", issuer=firm, charge_ids=frozenset({charge}),
        deadline_on=date(2026, 12, 1),
    )  # fmt: skip
    office.documents.file(letter, [scan])
    truth = office.scripts.truth(account, Step.LAWYER)
    assert truth.facts == {"step_demand", "lawyer_mandate", "lawyer_letter"}
    assert truth.lawyer_deadline == date(2026, 12, 1)
    clock.forward(days=30)
    assert "lawyer_letter" in office.scripts.truth(account, Step.LAWYER).facts, "a letter stays written"


def test_a_mandate_that_is_over_is_none(office: Office, tmp_path: Path, clock: Clock) -> None:
    account = ids_by_room(office)[ROOM]
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes(b"scan")
    os.utime(scan, (clock().timestamp(), clock().timestamp()))
    until = date(2026, 11, 20)
    draft = DocumentDraft(PaperKind.MANDATE, (account,), clock().date(), issuer="江畔律师事务所", deadline_on=until)
    office.documents.file(draft, [scan])
    clock.forward(days=30)
    truth = office.scripts.truth(account, Step.LAWYER)
    assert truth.facts == {"step_demand"} and truth.law_firm == ""


def test_a_case_has_its_court_and_number(office: Office, tmp_path: Path, clock: Clock) -> None:
    account = ids_by_room(office)[ROOM]
    charge = office.accounts.charges_by_account([account])[account][0].id
    scan = tmp_path / "扫描.pdf"
    scan.write_bytes(b"scan")
    os.utime(scan, (clock().timestamp(), clock().timestamp()))
    case = "（2026）渝0105民初1234号"
    for kind, number in ((PaperKind.FILING, ""), (PaperKind.ACCEPTED, case)):
        draft = DocumentDraft(
            kind, (account,), clock().date(), number=number, issuer="某区人民法院", charge_ids=frozenset({charge})
        )
        done = office.documents.file(draft, [scan])
    truth = office.scripts.truth(account, Step.COURT)
    assert {"case_filed", "case_number"} <= truth.facts
    assert (truth.court, truth.case_number) == ("某区人民法院", case)
    office.documents.void(done.record_id, "扫错了")
    truth = office.scripts.truth(account, Step.COURT)
    assert "case_number" not in truth.facts and truth.case_number == "" and truth.court == "某区人民法院"
