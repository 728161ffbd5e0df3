"""What must not be said to an owner: every rule proves itself by what it catches, lets pass, and makes of a text."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedesk.models.scripts.records import REQUIREMENTS
from feedesk.models.wording import lint, load_wording, mended, mended_all, read_wording

RULES = load_wording().rules
CATCHES = [(rule.id, text) for rule in RULES for text in rule.catches]
PASSES = [text for rule in RULES for text in rule.passes]
SPOKEN = tomllib.loads((Path(__file__).parent / "data" / "spoken_wording.toml").read_text(encoding="utf-8"))
"""What a pressed clerk says, and lawful sentences with the same words, by rule."""
SAID = [text for one in SPOKEN.values() for text in one["bad"]]
HARMLESS = [text for one in SPOKEN.values() for text in one["good"]]


@pytest.mark.parametrize(("rule", "text"), CATCHES)
def test_a_rule_catches(rule: str, text: str) -> None:
    found = lint(text)
    assert rule in [finding.rule for finding in found]
    assert all(text[finding.start : finding.end] == finding.matched for finding in found)


@pytest.mark.parametrize("text", PASSES)
def test_a_near_miss_passes_every_rule(text: str) -> None:
    assert lint(text) == []


def test_what_a_pressed_clerk_says_is_found() -> None:
    assert [text for text in SAID if not lint(text)] == []


def test_lawful_sentences_with_the_same_words_pass() -> None:
    assert [(text, one.rule, one.matched) for text in HARMLESS for one in lint(text)] == []
    assert {*SPOKEN} - {"mixed"} <= {rule.id for rule in RULES}
    assert len({*SAID}) == len(SAID) > 780 and len({*HARMLESS}) == len(HARMLESS) > 430


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("门 禁 卡 给 您 停 了。", "门 禁 卡 给 您 停 了"),
        ("停\u3000水停\u200b电。", "停\u3000水"),
        ("请在４８小时内付清。", "请在４８小时内"),
        ("依据条例 第 4 2 条。", "条例 第 4 2 条"),
    ],
)
def test_blanks_within_words_and_wide_figures_change_nothing(text: str, matched: str) -> None:
    assert lint(text)[0].matched == matched
    assert lint(mended_all(text)) == []


@pytest.mark.parametrize(
    ("harmless", "meant"),
    [
        ("我们不会停水停电。", "我们不得不停水停电。"),
        ("您问欠费会不会停水，不会的。", "您说不交我们就停水。"),
        ("我们不停水。", "我们不停水，但是会停您家的电。"),
        ("我们没有停水。", "没有缴费我们就停水。"),
        ("水管在修，停水两小时。", "水管在修，您不交费就停水。"),
        ("门禁系统检修，今晚停用。", "欠费户的门禁停用，就说是检修。"),
    ],
)
def test_what_excuses_words_does_not_excuse_them_in_one_breath_with_the_debt(harmless: str, meant: str) -> None:
    assert lint(harmless) == []
    assert [one for one in lint(meant) if one.blocking]


def test_every_rule_has_both_proofs_a_reason_and_another_way_to_say_it() -> None:
    for rule in RULES:
        assert rule.catches and len(rule.passes) >= 2 and rule.why and rule.instead, rule.id
    assert len({rule.id for rule in RULES}) == len(RULES) >= 25


@pytest.mark.parametrize(
    "text",
    [
        "水电气热供应不受本通知影响。",
        "门禁、电梯、通行照常使用。",
        "我方将继续按合同提供服务；同时请于 11 月 30 日前付清。",
        "如有困难请联系我方申请分期。",
        "判决生效后仍不履行的，我方可申请法院强制执行。",
        "如逾期仍未付清，我方可能依法申请调解、支付令或起诉。",
        "截至 11 月 21 日，账面未付金额为 3,446.35 元，如有出入请核对。",
        "请于收到之日起15日内缴清。",
        "违约金按合同第 8 条计算；如有异议可申请核减。",
        "依据民法典第九百四十四条与物业服务合同第八条。",
    ],
)
def test_the_safe_wording_is_safe(text: str) -> None:
    assert lint(text) == []


@pytest.mark.parametrize(
    "text",
    ["车位停放费", "电梯停靠", "门禁照常使用", "收费标准已公示"],
)
def test_what_the_first_draft_wrongly_hit_passes(text: str) -> None:
    assert lint(text) == []


@pytest.mark.parametrize("text", ["断水断电", "停用门禁卡", "限制使用电梯", "停止供应热水", "条例第42条"])
def test_what_the_first_draft_missed_is_found(text: str) -> None:
    assert [finding for finding in lint(text) if finding.blocking]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("律师函已于 11 月 3 日寄出。", "lawyer_letter"),
        ("委托了律师，由律师来跟进。", "lawyer_mandate"),
        ("法院已受理，案号见附件。", "case_number"),
        ("诉状已递交法院。", "case_filed"),
        ("依民事诉讼法第二百二十五条申请支付令。", "lawyer_letter"),
    ],
)
def test_a_record_that_makes_words_true_lifts_the_rule(text: str, fact: str) -> None:
    assert lint(text)
    assert lint(text, {fact}) == []
    assert lint(text, {"demand_sent"}) == lint(text)


def test_a_rule_is_lifted_only_by_records_that_the_office_keeps() -> None:
    assert {fact for rule in RULES for fact in rule.lifted_by} <= set(REQUIREMENTS)


def test_a_mandate_does_not_send_a_letter_nor_a_filing_make_a_hearing() -> None:
    assert [one.rule for one in lint("律师函已经寄出。", {"lawyer_mandate"})] == ["lawyer-sent"]
    assert [one.rule for one in lint("已递交诉状，下周开庭。", {"case_filed"})] == ["court"]


def test_an_exception_counts_only_in_its_own_sentence() -> None:
    assert lint("我们不会停水停电。") == []
    assert [finding.matched for finding in lint("我们不会停水。下月停电！")] == ["停电"]


# --- articles by what they mean -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rule", "blocking"),
    [
        ("条例第四十二条：业主应当交物业费。", "old-regulation", True),
        ("条例第四十二条：由价格主管部门监督收费。", "whitelist", False),
        ("条例第六十七条：逾期不交的可以起诉。", "old-regulation", True),
        ("条例第六十七条：自 2003 年 9 月 1 日起施行。", "whitelist", False),
        ("条例第三十六条：物业应当按合同服务。", "old-regulation", True),
        ("条例第三十六条：承接时应当验收。", "whitelist", False),
        ("条例第四十一条：收费应当合理公开。", "old-regulation", True),
        ("《示例市物业管理条例》第四十二条：业主应当交物业费。", "whitelist", False),
        ("信访条例第四十二条。", "whitelist", False),
        ("《消费者权益保护法》第四十二条。", "whitelist", False),
    ],
)
def test_a_number_is_judged_by_what_the_sentence_says(text: str, rule: str, blocking: bool) -> None:
    found = [finding for finding in lint(text) if finding.rule in ("old-regulation", "whitelist")]
    assert [(finding.rule, finding.blocking) for finding in found] == [(rule, blocking)]


@pytest.mark.parametrize(
    ("text", "matched", "put"),
    [
        ("依据条例第42条。", "条例第42条", "物业管理条例第41条"),
        ("依据《物业管理条例》第四十二条。", "《物业管理条例》第四十二条", "《物业管理条例》第四十一条"),
        ("依据条例第七条、第四十二条。", "四十二", "四十一"),
        ("根据《中华人民共和国合同法》第 107 条。", "《中华人民共和国合同法》第 107 条", "《民法典》第577条"),
        ("依法，治安管理处罚法第42条。", "治安管理处罚法第42条", None),
        ("依担保法第十八条。", "担保法", None),
        ("另收滞纳金。", "滞纳金", "违约金"),
        ("逾期将断水。", "断水", None),
        ("依合同法第107条、第109条。", "合同法第107条、第109条", None),
    ],
)
def test_one_click_puts_exactly_this(text: str, matched: str, put: str | None) -> None:
    (finding,) = [one for one in lint(text) if one.blocking]
    assert (finding.matched, finding.replacement) == (matched, put)


# --- one click ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), [pair for rule in RULES for pair in rule.becomes])
def test_one_click_makes_of_a_text_what_its_rule_says(before: str, after: str) -> None:
    assert mended_all(before) == after


def test_every_shipped_instead_is_a_whole_lawful_sentence() -> None:
    for rule in RULES:
        assert lint(rule.instead) == [], rule.id
        assert rule.instead[-1] in "。？", rule.id


def test_every_swap_is_reached_by_some_text() -> None:
    for rule in RULES:
        texts = (*rule.catches, *(before for before, _ in rule.becomes))
        for pattern, _ in rule.swaps:
            hits = [(text, one) for text in texts for one in lint(text) if one.rule == rule.id and one.replacement]
            reached = [found.end() == one.end for text, one in hits if (found := pattern.match(text, one.start))]
            assert any(reached), f"{rule.id}: {pattern.pattern}"


def test_a_swap_that_would_leave_another_fault_gives_way_to_a_whole_sentence() -> None:
    assert lint("逾期滞纳金翻倍。")[0].replacement == "违约金"
    assert mended_all("逾期滞纳金翻倍。") == "违约金按合同约定计算；如有异议可申请核减。"


@pytest.mark.parametrize("text", [*SAID, *(text for _, text in CATCHES)])
def test_after_one_click_a_sentence_is_lawful_and_still_a_sentence(text: str) -> None:
    for one in lint(text):
        said = mended(text, one)
        assert lint(said) == [], said
        assert not re.search(r"^[，,、。；]|[，,、；][，,、。；]|。。|[，,、]$|您您|这未缴|的的", said), said
        assert re.search(r"[一-鿿]{2}", said), said


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("两年诉讼时效已经过了也得交。", "较早的账请一起核对。"),
        ("你这老赖，欠了 300 元还不交！", "账面还有未付的费用，如有出入请核对。"),
        ("您恶意拖欠物业费 300 元。", "您尚未缴付物业费 300 元。"),
        ("您这是恶意拖欠。", "账面还有未付的费用，如有出入请核对。"),
        ("24 小时内不交就停水。", "请于收到之日起 15 日内缴清。"),
        ("另收滞纳金，滞纳金每天千分之三。", "违约金按合同约定计算；如有异议可申请核减。"),
        ("您家欠 300 元，不交就停水，另收滞纳金。", "您家欠 300 元。水电气热供应不受影响。"),
        ("另收滞纳金。我们会停水。", "另收违约金。我们会停水。"),
    ],
)
def test_one_click_leaves_no_half_of_a_fault_behind(before: str, after: str) -> None:
    assert mended(before, lint(before)[0]) == after


def test_what_stands_around_a_sentence_stays() -> None:
    text = "尊敬的业主：\n1. 「逾期将断水断电。」\n谢谢！"
    assert mended(text, lint(text)[0]) == "尊敬的业主：\n1. 「水电气热供应不受影响。」\n谢谢！"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[[{称呼}，您好。||您好。]]我们会停水！谢谢。", "[[{称呼}，您好。||您好。]]水电气热供应不受影响。谢谢。"),
        (
            "[[欠费 {金额} 元，会停水||会停水]]，请缴费。",
            "[[欠费 {金额} 元。水电气热供应不受影响||水电气热供应不受影响]]，请缴费。",
        ),
        ("您好，[[{称呼}||业主]]，另收滞纳金。", "您好，[[{称呼}||业主]]，另收违约金。"),
    ],
)
def test_a_template_keeps_its_groups(before: str, after: str) -> None:
    assert mended_all(before) == after


_PIECES = [
    *(text for _, text in CATCHES),
    *PASSES,
    *(rule.instead for rule in RULES),
    *(
        "，",
        "。",
        "；",
        "\n",
        "！",
        " ",
        "{金额}",
        "1,200 元",
        "11 月 30 日前",
        "不会",
        "逾期",
        "条例",
        "第",
        "条",
        "民法典",
    ),
    *(
        "停",
        "水",
        "电",
        "门禁",
        "42",
        "律师",
        "法院",
        "滞纳金",
        "「",
        "1. ",
        "[[",
        "||",
        "]]",
        "生效",
        "《",
        "》",
        "、",
        "您",
        "家",
    ),
]
_TEXTS = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)
_FACTS = st.frozensets(st.sampled_from(sorted({fact for rule in RULES for fact in rule.lifted_by})))


def _weight(text: str, facts: frozenset[str]) -> tuple[int, int]:
    found = load_wording().lint(text, facts)
    return sum(one.blocking for one in found), len(found)


@settings(max_examples=250, deadline=None)
@given(_TEXTS, _FACTS)
def test_taking_one_mend_after_the_other_ends_without_a_blocking_finding(text: str, facts: frozenset[str]) -> None:
    wording, left = load_wording(), len(text) + 1
    while blocking := [one for one in wording.lint(text, facts) if one.blocking]:
        said = wording.mended(text, blocking[-1], facts)
        assert _weight(said, facts) < _weight(text, facts)
        text, left = said, left - 1
        assert left > 0, "it goes on for ever"
    assert wording.mended_all(text, facts) == text


@settings(max_examples=150, deadline=None)
@given(_TEXTS)
def test_a_finding_lies_where_it_says_and_looking_twice_finds_the_same(text: str) -> None:
    found = lint(text)
    assert found == lint(text)
    assert all(text[one.start : one.end] == one.matched for one in found)
    assert [one.start for one in found] == sorted(one.start for one in found)


@settings(max_examples=100, deadline=None)
@given(_TEXTS, _TEXTS)
def test_what_is_said_in_one_sentence_changes_nothing_in_another(first: str, second: str) -> None:
    apart = [one.matched for one in (*lint(f"{first}。"), *lint(second))]
    assert [one.matched for one in lint(f"{first}。{second}")] == apart


def test_a_misspelt_key_or_pattern_is_named() -> None:
    good = "[[rule]]\nid='x'\npatterns=['停']\nwhy='w'\ninstead='i'\ncatches=['停']\npasses=['行']\n"
    assert read_wording(good).lint("停")[0].rule == "x"
    with pytest.raises(ValueError, match="rule x: unknown key lifted"):
        read_wording(good + "lifted='y'\n")
    with pytest.raises(ValueError, match="rule x: "):
        read_wording(good.replace("'停'", "'停('", 1))
