"""The law as data: what may be cited, what old numbers mean, and what the office has looked up itself."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from feedesk.models.citations import as_number, citations, in_words
from feedesk.models.law import LocalRules, OldState, Sure, law_book, local_json, read_local
from feedesk.models.wording import load_wording
from feedesk.resources import resource_text
from tests.office_tools import new_office

BOOK = law_book()


def test_the_whitelist_is_short_and_what_the_law_note_says() -> None:
    cited = {(one.act, one.no) for one in BOOK.articles if one.cite}
    assert cited == {
        *(("民法典", no) for no in ("944", "577", "579", "585")),
        *(("物业管理条例", no) for no in ("7", "41", "64")),
        ("民事诉讼法", "225"),
    }
    assert BOOK.may_cite("民法典", 944, frozenset())
    assert not BOOK.may_cite("民法典", 286, frozenset({"case_number"}))
    assert not BOOK.may_cite("民事诉讼法", 225, frozenset())
    assert BOOK.may_cite("民事诉讼法", 225, frozenset({"lawyer_letter"}))


def test_everything_that_may_be_cited_was_read() -> None:
    assert all(one.sure is Sure.READ and one.since for one in BOOK.articles if one.cite)


def test_every_article_is_named_once_and_said_in_our_own_words() -> None:
    keys = [one.key for one in BOOK.articles]
    assert len(set(keys)) == len(keys) >= 100
    kinds = {"法律", "行政法规", "司法解释", "部门规章", "地方", "典型案例"}
    assert {one.kind for one in BOOK.articles} == kinds
    assert all(one.gist.endswith("。") and one.use for one in BOOK.articles)


def test_an_old_number_names_a_rule_that_exists_and_a_place_that_can_be_cited_or_looked_up() -> None:
    rules = {rule.id for rule in load_wording().rules}
    known = {(one.act, number) for one in BOOK.articles for number in _numbers(one.no)}
    for one in BOOK.old:
        assert not one.rule or one.rule in rules, one.title
        assert one.put is None or one.put in known, one.title
        assert (one.state is OldState.IN_FORCE) <= (one.put is None), one.title
    assert len({(one.act, one.no) for one in BOOK.old}) == len(BOOK.old)


def _numbers(no: str) -> range:
    first, _, last = no.partition("–")
    return range(int(first), int(last or first) + 1) if first.isdigit() else range(0)


def test_no_article_of_the_old_table_is_among_those_that_may_be_cited() -> None:
    repealed = {"民法通则", "民法总则", "合同法", "物权法"}
    assert not [one.title for one in BOOK.articles if one.act in repealed]
    assert {one.act for one in BOOK.old if one.state is OldState.REPEALED} == repealed


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("944", ["民法典 944"]),
        ("时效 中断", ["民法典 195", "诉讼时效规定 8", "诉讼时效规定 11", "诉讼时效规定 12"]),
        ("没有这样的词", []),
    ],
)
def test_articles_are_found_by_words(words: str, titles: list[str]) -> None:
    found = [one.title for one in BOOK.articles if one.matches(words)]
    assert found[: len(titles)] == titles if titles else found == []


# --- citations ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("民法典第944条", [("民法典", 944)]),
        ("《中华人民共和国民法典》第九百四十四条第一款、第二款", [("民法典", 944)]),
        ("民法典第577、579条和条例第七条第五项", [("民法典", 577), ("民法典", 579), ("物业管理条例", 7)]),
        ("依据《物业管理条例》（2018 年修订）第四十一条", [("物业管理条例", 41)]),
        ("依据示例市物业管理条例第五条", [("示例市物业管理条例", 5)]),
        ("依据信访条例第五条", [("信访条例", 5)]),
        ("民诉法第二百二十五条", [("民事诉讼法", 225)]),
        ("治安法第五十条", [("治安管理处罚法", 50)]),
        ("民法典944条，2026年起", [("民法典", 944)]),
        ("《物业服务合同》第八条", []),
        ("物业服务合同第八条", []),
        ("《管理规约》第三条", []),
        ("换个办法第三条再说", []),
        ("第三条小路", []),
        ("民法典 944", []),
    ],
)
def test_articles_named_in_a_text(text: str, cited: list[tuple[str, int]]) -> None:
    found = citations(text)
    assert [(one.act, one.article) for one in found] == cited
    for one in found:
        assert as_number(text[slice(*one.number)]) == one.article
        assert one.start <= one.number[0] < one.number[1] <= one.end


@pytest.mark.parametrize("number", [*range(1, 121), 188, 200, 201, 220, 501, 944, 1000, 1001, 1024, 1034, 1110, 9999])
def test_numbers_in_words_and_back(number: int) -> None:
    assert as_number(in_words(number)) == number == as_number(str(number))


@pytest.mark.parametrize(
    ("number", "words"), [(10, "十"), (41, "四十一"), (107, "一百零七"), (110, "一百一十"), (1024, "一千零二十四")]
)
def test_numbers_as_statutes_write_them(number: int, words: str) -> None:
    assert in_words(number) == words


# --- what the office keeps ----------------------------------------------------------------------------------------------


def test_a_tick_is_kept_with_day_and_name_and_stands_in_the_log(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    law, session = office.law, office.session
    law.confirm("民法典:944", "民法典 944", True)
    law.confirm("lpr", "LPR", True)
    assert law.ticks().day("民法典:944") == session.today()
    assert law.ticks().text("民法典:944") == f"{session.today():%Y-%m-%d} {session.require_clerk().name} 已核对"
    assert law.ticks().text("民法典:577") == "未核对" and law.ticks().day("民法典:577") is None
    assert law.checks().open_count == 4, "articles are not among the five"
    law.confirm("民法典:944", "民法典 944", False)
    assert law.ticks().day("民法典:944") is None
    said = session.conn.execute("SELECT what, subject FROM audit ORDER BY seq DESC LIMIT 3").fetchall()
    assert said == [("撤回法规核对", "民法典 944"), ("核对法规", "LPR"), ("核对法规", "民法典 944")]
    office.close()


def test_the_city_s_own_rules_are_kept_as_written(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    assert office.law.local() == LocalRules()
    rules = LocalRules(regulation="示例市物业条例，2024-05-01 起", publicity="不许公示姓名", source="市人大网站")
    office.law.save_local(rules)
    assert office.law.local() == rules
    assert office.session.conn.execute("SELECT what FROM audit ORDER BY seq DESC LIMIT 1").fetchone() == ("改本市规定",)
    office.close()
    assert read_local('{"regulation": "甲", "newer": "乙"}') == LocalRules(regulation="甲")
    assert read_local(local_json(rules)) == rules


def test_the_banner_goes_with_the_last_tick(tmp_path: Path) -> None:
    office = new_office(tmp_path)
    keys = [item.key for item in office.law.checks().items]
    for left, key in zip(range(5, 0, -1), keys, strict=True):
        (line,) = office.law.checks().banner("第一次正式出单前")
        assert line == f"随附法规还有 {left} 项没有核对：第一次正式出单前，请到 设置 › 法规 逐项确认。"
        office.law.confirm(key, key, True)
    assert office.law.checks().banner("第一次正式出单前") == ()
    office.close()


def test_all_files_are_of_the_day_the_note_was_written() -> None:
    days = {tomllib.loads(resource_text(f"law/{name}.toml"))["as_of"] for name in ("checks", "articles", "old_new")}
    assert days == {date(2026, 11, 21)}
