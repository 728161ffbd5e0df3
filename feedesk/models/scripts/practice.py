"""演练: an invented owner puts objections, the clerk answers, and reads the recommended answer and why.

Everything follows from the seed and the day, nothing is scored, nothing is kept. Values in the answers are the invented
ones of `reading.SAMPLE`, its days moved to today (`sample_on`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from feedesk.models.accounts import DebtorType
from feedesk.models.contacts import Outcome
from feedesk.models.scripts.context import ScriptContext
from feedesk.models.scripts.fill import fill_text
from feedesk.models.scripts.reading import SAMPLE
from feedesk.models.scripts.records import Avoid, Objection
from feedesk.models.wording import Finding, lint

OBJECTIONS = 5
"""How many an owner puts before the day is asked."""
REPLIES = 4
_MOST_TEMPTING = 2


class Mood(StrEnum):
    """How the owner speaks; the value is the word on screen."""

    CALM = "平和"
    HURRIED = "着急"
    COLD = "冷淡"
    REASONING = "爱讲理"


_LEADS = {
    Mood.CALM: "跟您说一声，",
    Mood.HURRIED: "我这儿正忙，长话短说，",
    Mood.COLD: "嗯。",
    Mood.REASONING: "咱们讲讲道理，",
}
"""Before the short words of an objection that has nothing said aloud."""

_LAST_WORDS = {
    Mood.CALM: "行，您说的我听明白了。",
    Mood.HURRIED: "好好好，知道了，我得挂了。",
    Mood.COLD: "哦，知道了。",
    Mood.REASONING: "您这么说，倒还在理。",
}

WHY_ANY = "先认可，再摆事实，给出路，最后问一个日子。"
"""For an answer that tells no reason of its own."""

_WHY_DAY = "话说通了还不算完：日子由业主自己说出口，记得住，到时候也好提醒。一次只问一个日子，再给一个备选。"
_CLOSE_PAY = "谢谢您听我说完。那我记{收口日}，[[{转账方式}都行，||]]您看方便吗？要是不方便，{备选日}呢？"
_CLOSE_REPLY = "您说的我都记下了，查清之前不催您。我{收口日}给您回话，您看那天方便吗？要是不方便，{备选日}呢？"
_CLOSE_QUIET = "好，往后不再给您打电话，有事发文字给您。您看过之后，{收口日}给我回个信儿，行吗？"
_TO_BE_SETTLED = frozenset({Outcome.DISPUTE, Outcome.SAYS_PAID})

_CLOSE_AVOID = (
    Avoid("那您什么时候有空再说吧，我等您消息。", "没有日子，下回还得从头说起。"),
    Avoid("那您尽快啊，我们月底要考核的。", "“尽快”不是日子；我们的考核也不是业主的事。"),
    Avoid("说好了就得办，再不办后果您自己担着。", "刚说通又施压，前面的话就白说了。"),
    Avoid("好的，那我过几天再给您打。", "日子是我们定的，而且还是含糊的，业主没有答应任何事。"),
)

_ALWAYS_WRONG = (
    Avoid("这个我不清楚，您先把费用缴了再说。", "没有接业主的话，他会觉得说了也没人听。"),
    Avoid("别人家都缴了，就差您一户了。", "别家的账不对外说，拿来比也是施压。"),
    Avoid("行，那您看着办吧。", "没有出路，也没有问日子，这一通等于没打。"),
)
"""Where an objection has no tempting wrong answers of its own."""

_NEAR = (
    ("no_money", "pay_half", "shop_slow", "in_hospital", "company_closed", "discount", "too_dear", "late_fee"),
    ("busy_two_days", "next_year", "out_of_town", "stop_calling", "elderly", "auto_debit", "selling"),
    ("already_paid", "auto_debit", "manager_agreed", "old_years"),
    ("no_bill", "accounts", "invoice", "fraud", "public_income", "meter", "late_fee", "too_dear", "not_decision"),
    ("leaking", "repair_first", "upstairs", "not_taken_over", "developer_promise", "bad_service", "rude_clerk"),
    ("bad_service", "theft_parking", "parking_space", "no_benefit", "rude_clerk", "accounts", "too_dear"),
    ("never_lived", "no_benefit", "not_taken_over", "no_contract", "developer_promise", "selling", "discount"),
    ("price_rise", "committee_wait", "too_dear", "no_contract", "public_income", "company_changed"),
    ("former_owner", "ask_tenant", "company_changed", "old_years", "divorced", "co_owner", "owner_died", "selling"),
    ("not_decision", "divorced", "co_owner", "owner_died", "elderly", "company_closed", "ask_tenant"),
    ("go_to_court", "stop_calling", "old_years", "late_fee"),
)
"""Objections of one matter: the answer to one would not be plainly wrong for another."""

_DAY = re.compile(
    r"哪[一]?天|几号|什么时候|几点|今天|明天|后天|大后天|月底|月初|周[一二三四五六日末]|星期|礼拜|[\d一二三四五六七八九十][日号]"
)
_EAGER = re.compile(r"[！!]|忙|挂了|老打|别再|赶")
_ARGUES = re.compile(r"凭什么|为什么|怎么|道理|合同|说好|规定|应该|法")


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer to choose from. `why`: for a wrong one, what is wrong with it; for the recommended one, why it is."""

    text: str
    is_recommended: bool
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the clerk reads after choosing; nobody keeps it."""

    picked: Reply
    recommended: Reply

    @property
    def is_recommended(self) -> bool:
        """Whether the recommended one was chosen."""
        return self.picked is self.recommended


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the clerk reads after an answer of her own."""

    recommended: Reply
    findings: tuple[Finding, ...]
    """What must not be said so, and how to say it."""
    asks_day: bool


@dataclass(frozen=True, slots=True)
class Round:
    """The owner's words and the answers to choose from."""

    says: str
    chip: str
    """What it is about, short."""
    replies: tuple[Reply, ...]
    objection: Objection | None
    """None: the last one, where the day is asked."""

    def choices(self) -> tuple[str, ...]:
        """The answers, in the order of their digits."""
        return tuple(reply.text for reply in self.replies)

    @property
    def recommended(self) -> Reply:
        """The one to say."""
        return next(reply for reply in self.replies if reply.is_recommended)

    def judge(self, choice: int) -> Verdict:
        """What is to be said of the answer at this place, counted from 0; IndexError outside."""
        if not 0 <= choice < len(self.replies):
            raise IndexError(choice)
        return Verdict(self.replies[choice], self.recommended)

    def feedback(self, typed: str) -> Feedback:
        """What is to be said of an answer of the clerk's own; nothing is on file, so nothing may be claimed to be."""
        return Feedback(self.recommended, tuple(lint(typed)), asks_for_day(typed))


@dataclass(frozen=True, slots=True)
class Practice:
    """One talk with an invented owner: objections, then the day."""

    debtor_type: DebtorType
    mood: Mood
    rounds: tuple[Round, ...]


def sample_on(today: date) -> ScriptContext:
    """The invented call as if it were made today: every day of it as far off as it is in the sample."""
    moved = today - SAMPLE.today
    days: dict[str, Any] = {
        one.name: day + moved for one in fields(SAMPLE) if isinstance(day := getattr(SAMPLE, one.name), date)
    }
    papers = tuple(
        replace(paper, on=paper.on + moved, deadline=paper.deadline + moved if paper.deadline else None)
        for paper in SAMPLE.papers
    )
    return replace(SAMPLE, **days, papers=papers)


def talk_with(
    objections: Sequence[Objection], debtor_type: DebtorType, mood: Mood, seed: int, context: ScriptContext = SAMPLE
) -> Practice:
    """The talk of this seed: up to `OBJECTIONS` objections, those of the type first, and the asking of a day."""
    # Texts seed the same on every machine and in every run; a hash would not.
    rng = random.Random(f"{seed}/{debtor_type}/{mood}")
    drawn = _drawn(objections, debtor_type, rng)
    rounds = [round_of(one, objections, mood, rng, context) for one in drawn]
    return Practice(debtor_type, mood, (*rounds, _last_round(drawn, mood, rng, context)))


def round_of(
    objection: Objection,
    objections: Sequence[Objection],
    mood: Mood,
    rng: random.Random,
    context: ScriptContext = SAMPLE,
) -> Round:
    """One objection as a question: the recommended answer, tempting ones, and answers to something else."""
    right = Reply(recommended_text(objection, context), True, objection.why or WHY_ANY)
    tempting = list(_as_replies(objection.avoid, objection, context))
    rng.shuffle(tempting)
    spare = list(_as_replies(_ALWAYS_WRONG, objection, context))
    rng.shuffle(spare)
    beside = [one for one in objections if does_not_fit(one, objection)]
    rng.shuffle(beside)
    others = [
        Reply(recommended_text(one, context), False, f"这是答“{one.chip}”的话，业主说的不是这件事。") for one in beside
    ]
    first = tempting[: rng.randint(1, _MOST_TEMPTING)] or spare[:1]
    replies = _distinct(right, [*first, *others, *tempting, *spare])
    rng.shuffle(replies)
    return Round(_spoken(objection, mood, rng), objection.chip, tuple(replies), objection)


def recommended_text(objection: Objection, context: ScriptContext = SAMPLE) -> str:
    """认可, 事实, 出路 and 收口 as said in one breath; the law is kept for who asks for it."""
    parts = (objection.accept, objection.fact, objection.way, objection.ask)
    return _filled("".join(part.strip() for part in parts), objection.closing, context)


def does_not_fit(answered: Objection, put: Objection) -> bool:
    """Whether the answer to `answered` is plainly beside the matter when `put` was said."""
    if answered.id == put.id or answered.chip == put.chip or answered.outcome is put.outcome:
        return False
    return not any(answered.id in group and put.id in group for group in _NEAR)


def asks_for_day(text: str) -> bool:
    """Whether a sentence that is a question speaks of a day: 「周五方便吗？」, not 「您尽快，好吗？」."""
    return any(_DAY.search(said) for said in re.findall(r"[^。！；？?!;\n]*[？?]", text))


def _drawn(objections: Sequence[Objection], debtor_type: DebtorType, rng: random.Random) -> list[Objection]:
    """Those the type says most, then those anybody says, then the others; who wants no calls says so last."""
    shuffled = list(objections)
    rng.shuffle(shuffled)
    shuffled.sort(key=lambda one: 0 if debtor_type in one.types else 2 if one.types else 1)
    found = shuffled[:OBJECTIONS]
    rng.shuffle(found)
    found.sort(key=lambda one: one.outcome is Outcome.DO_NOT_CALL)
    return found


def _spoken(objection: Objection, mood: Mood, rng: random.Random) -> str:
    """The owner's words that sound most like the mood; the short words with a lead where none are written."""
    lines = list(objection.says)
    if not lines:
        return f"{_LEADS[mood]}{objection.chip}。"
    rng.shuffle(lines)
    if mood is Mood.COLD:
        return min(lines, key=len)
    sounds = {
        Mood.CALM: lambda line: -len(_EAGER.findall(line)),
        Mood.HURRIED: lambda line: len(_EAGER.findall(line)),
        Mood.REASONING: lambda line: len(_ARGUES.findall(line)),
    }[mood]
    return max(lines, key=sounds)


def _last_round(drawn: Sequence[Objection], mood: Mood, rng: random.Random, context: ScriptContext) -> Round:
    """The owner has nothing more to say: the day."""
    outcomes = {one.outcome for one in drawn}
    if Outcome.DO_NOT_CALL in outcomes:
        text = _CLOSE_QUIET
    else:
        text = _CLOSE_REPLY if outcomes & _TO_BE_SETTLED else _CLOSE_PAY
    wrong = [Reply(one.say, False, one.why) for one in _CLOSE_AVOID]
    rng.shuffle(wrong)
    replies = _distinct(Reply(_filled(text, "two_workdays", context), True, _WHY_DAY), wrong)
    rng.shuffle(replies)
    return Round(_LAST_WORDS[mood], "收口，问日子", tuple(replies), None)


def _as_replies(avoid: Iterable[Avoid], objection: Objection, context: ScriptContext) -> Iterator[Reply]:
    for one in avoid:
        yield Reply(_filled(one.say, objection.closing, context), False, one.why)


def _distinct(right: Reply, wrong: Iterable[Reply]) -> list[Reply]:
    """The recommended one and as many wrong ones as there are places for, each text once."""
    found = {right.text: right}
    for one in wrong:
        if len(found) < REPLIES:
            found.setdefault(one.text, one)
    return list(found.values())


def _filled(text: str, closing: str, context: ScriptContext) -> str:
    return "".join(segment.text for segment in fill_text(text, context.values(closing)))
