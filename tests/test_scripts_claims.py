"""What the shipped 话术 claim of the owner and of us: nothing that the record cannot know.

A pattern is a way of claiming; what it names makes it true: a value that stands in the same `[[…]]`, a condition or a
record that the script needs. Where neither is there the words must be plain enough to be true of every owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import pytest

from feedesk.models.scripts import Objection, Script, Technique, load_library
from feedesk.models.scripts.records import (
    CONDITIONS,
    PLACEHOLDERS,
    REQUIREMENTS,
    resolve_groups,
    slots,
    with_implied,
)

LIBRARY = load_library()


@dataclass(frozen=True, slots=True)
class Claim:
    """A way of claiming something, and what makes it true; nothing in `slots`, `needs`, `requires`: nothing does."""

    about: str
    pattern: str
    slots: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()


TALKED = frozenset({"联系日", "承诺日"})
CLAIMS = (
    Claim(
        "an earlier talk",
        r"又来|又打给|又是我|(?<!不)再打扰|老(?:给您打|来麻烦)|通过话|(?<!人)联系过您|咱们说过|说过以后|(?<![马晚早])上回|上次|前几次|前两回"
        r"|按电话里说|多次(?:打|联系)|跟您说过|您说过|您答应|又到每月|仍旧?没(?:有)?(?:缴|付|办)",
        TALKED,
        frozenset({"spoken", "broken_twice"}),
    ),
    Claim("how long we were silent", r"有阵子|有一阵没|好久没|隔了些日子|这阵子没(?:来|打)电话|今天跟您通"),
    Claim("an appointment", r"照(?:您定|约好|跟您约|您约)|按约(?:来|好)|约好的(?:时间|钟点)(?:来|到|过来)"),
    Claim(
        "a finished repair",
        r"回访|(?:修|弄|处理)好了|维修的地方|返修|再来一趟|让他们再来|处理得您?满意|(?:没|不)修好",
        frozenset({"异议"}),
        frozenset({"mended"}),
    ),
    Claim(
        "an objection he has raised",
        r"您(?:登记|提过|提|说|报)的(?:\{异议\}|那|意见|事)|您有意见的地方|前面的(?:事|意见)|(?:那|这)件让您",
        frozenset({"异议"}),
    ),
    Claim(
        "work of ours behind him",
        r"我(?:们|把)?[^，。？]{0,8}(?:理|列|核|查)(?:(?:好|过|清|全|成)了|了一遍)|已(?:经)?(?:核|查)",
    ),
    Claim(
        "an old part of the debt",
        r"老的(?:一截|那)|老账|旧账|旧的|前些年|几年前|年头有|很早的",
        needs=frozenset({"old_lines"}),
    ),
    Claim(
        "that no day was named",
        r"没(?:有)?定(?:下|过)|没能定|日子一(?:直|拖)|还没(?:有)?(?:个)?准日子",
        needs=frozenset({"no_promise"}),
    ),
    Claim(
        "what he is like", r"您一(?:直(?:是|这么|都|支持)|向)|您(?:也一向|向来|总是|从来)|一向痛快|老让您|一直没有谈定"
    ),
    Claim("where he is", r"(?<!要是)(?<!要)您(?:人)?(?:不在这边|在外地|不常过来)"),
    Claim("what he has not done", r"您(?:多半|肯定|一定)(?:没|不)"),
    Claim(
        "that it has just fallen due",
        r"到(?:缴(?:费|纳)?的?)?(?:日子|时候)了|到缴(?:费|纳)?的(?:日子|时候)|到期了|(?:本|当|先把这一)期|这一期请您",
    ),
    Claim("a way of paying that the office may lack", r"扫(?:个|一下)?码|您扫|收款码|微信|支付宝|手机上就能"),
    Claim(
        "a doubt whether a paper came, which the record may know",
        r"(?:单子|函|\{函件\})[^。？]{0,20}(?:收到|拿到|见着)了?(?:没有|吗|吧)|不知您(?:见着|收到)",
    ),
    Claim(
        "a silence that we may not keep",
        r"(?:这几天|往后|以后|今后)我们?(?:都)?不(?:再)?(?:打电话|联系|打扰)|我就不再打|就不再打扰您了|以前不再打扰",
    ),
    Claim(
        "a favour not ours to give",
        r"(?:给|替)您(?:减|免|抹|打折|优惠)|马上(?:就)?修|保证(?:修|减|批)|一定(?:批|减|修)",
    ),
)
_PAPER = r"催款单|催缴通知书|催费函|最后通知书|\{函件\}|单子|函|材料|受理|委托"
_NOW = r"账上|账面|清单上|现在|到今天|目前"


def false_claims(
    text: str, needs: frozenset[str] = frozenset(), requires: frozenset[str] = frozenset()
) -> Iterator[str]:
    """What a text claims without its reason: what is said whatever is known, then each `[[…]]` with the values in it."""
    pieces = [(resolve_groups(text, frozenset()), frozenset[str]())]
    pieces += [
        (found[1].partition("||")[0], frozenset(slots(found[1].partition("||")[0]))) for found in _GROUP.finditer(text)
    ]
    for words, known in pieces:
        for claim in CLAIMS:
            if claim.slots & known or claim.needs & needs or claim.requires & requires:
                continue
            for found in re.finditer(claim.pattern, words):
                yield f"{claim.about}: {found[0]}"


_GROUP = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


def stale_amounts(text: str) -> Iterator[str]:
    """Sentences that let a paper of some days ago tell today's sum: since then a month may have come, or a payment."""
    for sentence in re.split(r"[。？！；]", resolve_groups(text, frozenset())):
        if re.search(_PAPER, sentence) and "{金额}" in sentence and not re.search(_NOW, sentence):
            yield sentence


@pytest.mark.parametrize("script", LIBRARY.scripts, ids=lambda script: script.id)
def test_no_script_claims_what_the_record_does_not_know(script: Script) -> None:
    needs, requires = frozenset(script.needs), with_implied(script.requires)
    assert [one for part in script.parts for one in false_claims(part.text, needs, requires)] == []


@pytest.mark.parametrize("technique", LIBRARY.techniques, ids=lambda technique: technique.name)
def test_no_technique_claims_what_the_record_does_not_know(technique: Technique) -> None:
    requires = with_implied(technique.requires)
    said = [line.say for line in technique.lines]
    assert [one for text in said for one in (*false_claims(text, requires=requires), *stale_amounts(text))] == []
    assert not any("{房号}{期间}" in text for text in said)


@pytest.mark.parametrize("answer", LIBRARY.objections, ids=lambda answer: answer.id)
def test_no_answer_claims_more_than_he_has_just_said(answer: Objection) -> None:
    said = [text for _, text in answer.texts()]
    assert [one for text in said for one in (*false_claims(text), *stale_amounts(text))] == []


@pytest.mark.parametrize("script", LIBRARY.scripts, ids=lambda script: script.id)
def test_no_paper_is_said_to_tell_the_sum_of_today(script: Script) -> None:
    assert [one for part in script.parts for one in stale_amounts(part.text)] == []


@pytest.mark.parametrize(
    ("text", "needs", "about"),
    [
        ("[[{联系日}联系过您，]]这些天都还好吧？", (), ""),
        ("{联系日}联系过您，这些天都还好吧？", (), "an earlier talk"),
        ("[[{收口日}||又来麻烦您了]]，", (), "an earlier talk"),
        ("老给您打电话，我也过意不去。", ("broken_twice",), ""),
        ("老给您打电话，我也过意不去。", ("no_dispute",), "an earlier talk"),
        ("有阵子没问候您了。", ("spoken",), "how long we were silent"),
        ("问候您一声。", (), ""),
        ("照您定的钟点来了。", (), "an appointment"),
        ("我们约好时间上门？", (), ""),
        ("做个回访。", (), "a finished repair"),
        ("做个回访。", ("mended",), ""),
        ("回“有”，我当天报上去请人看。", (), ""),
        ("[[您提的{异议}，||您说的那件事，]]有人跟吗？", (), "an objection he has raised"),
        ("[[您提的{异议}，]]有人跟吗？您说的我记下来。", (), ""),
        ("底账我们理好了，请您来。", (), "work of ours behind him"),
        ("我可以理成一张表请您过目。", (), ""),
        ("老的一截当面对。", (), "an old part of the debt"),
        ("老的一截当面对。", ("old_lines",), ""),
        ("家里老人孩子都好吧？", (), ""),
        ("日子一直没定下来。", (), "that no day was named"),
        ("您一直是好说话的人。", (), "what he is like"),
        ("服务您和常缴的各家一样在用。", (), ""),
        ("您人不在这边，有什么要留意？", (), "where he is"),
        ("您要是人不在这边，有什么要留意？", (), ""),
        ("您多半没工夫拆。", (), "what he has not done"),
        ("这几天我们不打电话催您。", (), "a silence that we may not keep"),
        ("前一天提醒您一声，中间不再打来。", (), ""),
        ("本金缴了我给您减。", (), "a favour not ours to give"),
        ("违约金我替您申请减。", (), ""),
        ("{期间}的{费项}到缴纳的时候了。", (), "that it has just fallen due"),
        ("{期间}的{费项}{金额}，到日子了。", (), "that it has just fallen due"),
        ("到日子前一天提醒您一声。", (), ""),
        ("分期的这一期是{约定日}。", (), ""),
        ("您现在扫个码也行。", (), "a way of paying that the office may lack"),
        ("[[现在{转账方式}就行，]]您看？", (), ""),
        ("您也一向支持我们。", (), "what he is like"),
        ("那天以前不再打扰您。", (), "a silence that we may not keep"),
        ("{函件日}给您送出了{函件}，您收到没有？", (), "a doubt whether a paper came, which the record may know"),
        ("{函件日}给您送出了{函件}，您看过没有？账单您收到了没有？", (), ""),
    ],
)
def test_a_claim_is_found_and_its_near_miss_is_not(text: str, needs: tuple[str, ...], about: str) -> None:
    assert {one.partition(":")[0] for one in false_claims(text, frozenset(needs))} == ({about} if about else set())


@pytest.mark.parametrize(
    ("text", "is_stale"),
    [
        ("{函件日}送出的{函件}，{期间}的{费项}{金额}都列着。", True),
        ("给您送过一份单子，是{期间}的{费项}，{金额}。", True),
        ("给您送过一份单子。账上到今天是{期间}的{费项}，{金额}。", False),
        ("{函件}请您过目，账上现在合计{金额}。", False),
        ("{期间}的{费项}{金额}，您看怎么办？", False),
        ("{期间}的{费项}{金额}，[[{法院}||法院]]已经受理了。", True),
        ("法院已经受理了。账上到今天是{金额}。", False),
    ],
)
def test_a_paper_and_todays_sum_are_two_things(text: str, is_stale: bool) -> None:
    assert bool(list(stale_amounts(text))) is is_stale


def test_a_claim_is_made_true_by_what_there_is() -> None:
    for claim in CLAIMS:
        assert claim.slots <= set(PLACEHOLDERS) and claim.needs <= set(CONDITIONS), claim.about
        assert claim.requires <= set(REQUIREMENTS), claim.about


DAY_NEAR = ("promise_due", "instalment_due", "rings_due")
"""Situations told on the day before and on the day itself."""


@pytest.mark.parametrize(
    "script", [one for one in LIBRARY.scripts if one.situation in DAY_NEAR], ids=lambda script: script.id
)
def test_on_the_day_itself_nothing_is_put_off_to_the_day_before(script: Script) -> None:
    for part in script.parts:
        assert not re.search(r"前一天|提前|明天|还没到", part.text), part.text


@pytest.mark.parametrize(
    "script", [one for one in LIBRARY.scripts if one.situation == "refused"], ids=lambda script: script.id
)
def test_a_refusal_that_only_the_category_knows_is_not_quoted(script: Script) -> None:
    """E may have been set by hand: without a day of a talk there is nothing that he has said."""
    for part in script.parts:
        assert not re.search(r"您说过|上次|上回|记下了|怕电话里", resolve_groups(part.text, frozenset()))


# --- told apart -----------------------------------------------------------------------------------------------------

_RUN = 5
_ENOUGH_RUNS = 15
"""A shorter text is a greeting or a question that anybody would put in the same words."""


def runs(text: str) -> frozenset[str]:
    """All runs of five characters that are said, values and punctuation left out."""
    words = re.split(r"\{[^}]*\}|[^\w]+", text)
    return frozenset(word[at : at + _RUN] for word in words for at in range(len(word) - _RUN + 1))


def likeness(one: str, other: str) -> float:
    """The share of the shorter text that stands in the other too; 0 where it is too short to say."""
    first, second = runs(one), runs(other)
    least = min(len(first), len(second))
    return len(first & second) / least if least >= _ENOUGH_RUNS else 0.0


def test_no_two_texts_are_nearly_the_same() -> None:
    told = [(script.id, runs(part.text)) for script in LIBRARY.scripts for part in script.parts]
    long_ones = [(name, found) for name, found in told if len(found) >= _ENOUGH_RUNS]
    assert len(long_ones) > 100
    for (name, one), (other_name, other) in combinations(long_ones, 2):
        assert len(one & other) <= min(len(one), len(other)) / 2, f"{name} and {other_name}"


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        ("账单您收到了没有？没收到我再给您一份，每一项都写着。您大概哪天方便来？我记上一笔。", True),
        ("账单收到过吗？哪一项不明白，我念给您听，您说个日子，我到那天前一天提醒您一声。", False),
    ],
)
def test_likeness_is_told_by_runs_of_words(other: str, alike: bool) -> None:
    text = "账单您收到了没有？没收到我再给您一份，每一项都写着。您大概哪天方便？我记上一笔，提醒您一声。"
    assert (likeness(text, other) > 0.5) is alike


@pytest.mark.parametrize("script", LIBRARY.scripts, ids=lambda script: script.id)
def test_room_and_months_do_not_run_into_one_number(script: Script) -> None:
    for part in script.parts:
        assert "{房号}{期间}" not in part.text
