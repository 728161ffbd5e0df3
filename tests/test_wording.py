"""What must not be said to an owner: every rule proves itself by what it catches and what it lets pass."""

from __future__ import annotations

import pytest

from feedesk.models.wording import lint, load_wording, read_wording

RULES = load_wording().rules


@pytest.mark.parametrize(("rule", "text"), [(rule.id, text) for rule in RULES for text in rule.catches])
def test_a_rule_catches(rule: str, text: str) -> None:
    found = lint(text)
    assert rule in [finding.rule for finding in found]
    assert all(text[finding.start :].startswith(finding.matched) for finding in found)


@pytest.mark.parametrize("text", [text for rule in RULES for text in rule.passes])
def test_a_near_miss_passes_every_rule(text: str) -> None:
    assert lint(text) == []


def test_every_rule_has_both_proofs_a_reason_and_another_way_to_say_it() -> None:
    for rule in RULES:
        assert rule.catches and rule.passes and rule.why and rule.instead, rule.id
    assert len({rule.id for rule in RULES}) == len(RULES)


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
    ("text", "fact"),
    [
        ("律师函已于 11 月 3 日寄出。", "lawyer_letter"),
        ("法院已受理，案号见附件。", "case_number"),
        ("判决生效后可能列入失信名单。", "judgment"),
    ],
)
def test_a_record_that_makes_words_true_lifts_the_rule(text: str, fact: str) -> None:
    assert lint(text)
    assert lint(text, {fact}) == []
    assert lint(text, {"demand_sent"}) == lint(text)


def test_an_exception_counts_only_in_its_own_sentence() -> None:
    assert lint("我们不会停水停电。") == []
    assert [finding.matched for finding in lint("我们不会停水。下月停电！")] == ["停电"]


def test_every_shipped_instead_is_itself_lawful() -> None:
    for rule in RULES:
        assert [found for found in lint(rule.instead) if found.blocking] == [], rule.id


def test_a_misspelt_key_or_pattern_is_named() -> None:
    good = "[[rule]]\nid='x'\npatterns=['停']\nwhy='w'\ninstead='i'\ncatches=['停']\npasses=['行']\n"
    assert read_wording(good).lint("停")[0].rule == "x"
    with pytest.raises(ValueError, match="rule x: unknown key lifted"):
        read_wording(good + "lifted='y'\n")
    with pytest.raises(ValueError, match="rule x: "):
        read_wording(good.replace("'停'", "'停('", 1))
