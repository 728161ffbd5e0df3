"""A script and an answer to an objection as they lie in the library, and the closed lists: placeholders, moments, records.

In a text `{金额}` stands for a value; `[[…]]` is said only when every value in it is known, and in `[[…||…]]`
the second half is said instead when one is not. Groups do not nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel, Outcome

PLACEHOLDERS = {
    "称呼": "业主怎么称呼，如 林女士；公司称负责人",
    "办公室": "服务中心名称",
    "自称": "客服的自称，如 小许",
    "小区": "小区名称",
    "房号": "房号",
    "费项": "欠的是哪几项费用，如 物业费和水费",
    "期间": "欠费月份，如 4–12 月",
    "金额": "欠费合计，如 3,446.35 元",
    "承诺日": "上一次承诺的日子，已经过了",
    "约定日": "承诺的日子，还没到",
    "承诺金额": "承诺的金额",
    "联系日": "上一次和业主本人说上话的日子，今天的不算",
    "账单截至": "财务清单截至哪天",
    "异议": "登记在案的异议内容",
    "责任部门": "处理异议的部门",
    "收口日": "请业主定下的日子",
    "备选日": "收口日不方便时的另一天",
    "缴费方式": "可以怎么缴，如 转账、微信或到前台",
    "转账方式": "不用来人的缴费方式，如 银行转账或扫码",
    "缴费地点": "到哪里缴",
    "电话": "服务中心电话",
    "收款账户": "对公户名、开户行、账号",
    "合同条款": "收费依据的合同条款",
    "寒暄": "按季节、节日或小区近况选的一句寒暄",
    "函件": "最近一份催款单、通知书或函，如 催费函",
    "函件日": "它送出的日子；还没送的是出单的日子",
    "函件期限": "它给的付清期限",
    "调解组织": "受理调解的组织",
    "调解日": "约定调解的日子",
    "律所": "出律师函的律师事务所",
    "律师函期限": "律师函给的期限",
    "法院": "受理的法院或仲裁委员会",
    "案号": "案号",
}
"""Name in the text -> what it stands for. Nothing else may stand in braces."""

SLOT_NEEDS = {
    "函件": "demand_drafted",
    "函件日": "demand_drafted",
    "函件期限": "demand_drafted",
    "调解组织": "mediation_asked",
    "调解日": "mediation_asked",
    "律所": "lawyer_mandate",
    "律师函期限": "lawyer_letter",
    "法院": "case_filed",
    "案号": "case_number",
}
"""Values that exist only with a record: outside `[[…]]` a script must require it."""

ALWAYS_CAUTION = "本人接听才谈金额；家人接听只留“请回电”"
"""Shown with every script: a debt is told to nobody but the debtor (law §1 art. 1032–1034)."""

OWN, ANY, OBJECTION = "own.", "any", "objection."
"""How the ids of the office's own scripts and of scripts for several types begin, and the keys of objections."""

TECHNIQUES = {
    1: "适时提醒",
    2: "断其后路",
    3: "苦肉计",
    4: "地毯式搜索",
    5: "统一战线",
    6: "糖衣炮弹",
    7: "全民总动员",
    8: "催费函",
    9: "律师函",
}

MOMENTS = {
    "list_made": "名单已列出，正准备发函",
    "demand_drafted": "函已出单，还没送",
    "demand_sent": "函已送出",
    "demand_received": "函已收到",
    "before_lawyer": "律师函之前",
    "after_lawyer": "律师函之后",
    "before_summons": "法院文书送达之前",
    "after_summons": "法院立案之后",
}
"""The eight moments of the unified script (domain §12), in the order of their rising tone."""

MOMENT_STEPS = {
    "list_made": (Step.DEMAND, Step.LETTER),
    "demand_drafted": (Step.DEMAND, Step.LETTER),
    "demand_sent": (Step.DEMAND, Step.LETTER),
    "demand_received": (Step.DEMAND, Step.LETTER),
    "before_lawyer": (Step.LAWYER,),
    "after_lawyer": (Step.LAWYER,),
    "before_summons": (Step.COURT,),
    "after_summons": (Step.COURT,),
}
"""At which steps a moment can come; a step of the ladder is covered when all its moments are."""

MOMENT_NEEDS = {
    "list_made": "step_demand",
    "demand_drafted": "demand_drafted",
    "demand_sent": "demand_sent",
    "demand_received": "demand_received",
    "before_lawyer": "lawyer_mandate",
    "after_lawyer": "lawyer_letter_sent",
    "before_summons": "case_filed",
    "after_summons": "case_number",
}
"""The record that makes a moment true; every script of the moment requires it."""

SITUATIONS = {
    "promise_due": "承诺日就在明天或今天",
    "promise_grace": "承诺日刚过，还在入账的日子里",
    "instalment_due": "分期的一期就在明天或今天",
    "instalment_late": "分期的一期没有按期到账",
    "refused": "上次说了不缴",
    "disputed": "有异议还没办结，整户暂缓催缴",
    "dispute_done": "异议有了结果，还没有告诉业主",
    "rings": "函后静一周，业主自己来电",
    "rings_due": "有说好的日子，业主自己来电",
    "rings_grace": "说好的日子刚过，业主自己来问",
    "rings_disputed": "异议还没办结，业主自己来问",
    "rings_refused": "说过不缴，业主自己来找",
    "rings_paid": "收款正在核对，业主自己来问",
    "rings_owed": "没有说好的日子，业主自己来问",
}
"""Situations that outrank debtor type and step; the id of such a script ends with its name."""

CONDITIONS = {
    "broken_twice": "失约两次以上",
    "mended": "登记的房屋问题已经有处理结果",
    "no_dispute": "没有未结的异议",
    "no_promise": "这一笔还没有承诺过日子",
    "in_town": "没有说过人在外地",
    "old_lines": "有一年以前的旧账",
    "spoken": "以前和本人说过话",
    "undelivered": "有一份单子或函还没有送到，期限也来得及",
}
"""What a script takes for granted about the owner, in words for the clerk: without it the words would not be true.

Other than `REQUIREMENTS` these are no papers; they follow from contacts, promises, objections and bills.
"""

REQUIREMENTS = {
    "step_demand": "阶段已到“4 催款单”",
    "demand_drafted": "已出催款单、催缴通知书或函",
    "demand_sent": "催款单、催缴通知书或函已送出",
    "demand_received": "催款单、催缴通知书或函已送到",
    "letter_sent": "催费函或最后通知书已送出",
    "letter_received": "催费函或最后通知书已送到",
    "committee_asked": "已书面请业委会督促",
    "mediation_asked": "已申请调解",
    "lawyer_mandate": "律师委托书已存档",
    "lawyer_letter": "盖章的律师函和委托书已存档",
    "lawyer_letter_sent": "律师函已寄出",
    "case_filed": "起诉、仲裁或支付令申请已递交",
    "case_number": "受理通知书已存档，有案号",
}
"""Records without which a script must not be used, because it states them as facts; in words for the clerk."""

IMPLIED = {
    "demand_received": ("demand_sent", "demand_drafted", "step_demand"),
    "demand_sent": ("demand_drafted", "step_demand"),
    "demand_drafted": ("step_demand",),
    "letter_received": ("letter_sent", "demand_sent", "demand_drafted", "step_demand"),
    "letter_sent": ("demand_sent", "demand_drafted", "step_demand"),
    "lawyer_letter_sent": ("lawyer_letter", "lawyer_mandate"),
    "lawyer_letter": ("lawyer_mandate",),
    "case_number": ("case_filed",),
}
"""What follows from a record: who may say the stronger may say the weaker."""

CLOSINGS = ("tomorrow", "two_workdays", "friday", "week", "month_end")
"""Rules for 收口日."""

_GROUP = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_SLOT = re.compile(r"\{([^{}]*)\}")


class Origin(StrEnum):
    """Whose words these are."""

    SHIPPED = "shipped"
    OFFICE = "office"


class Rings(StrEnum):
    """Whether a script is said to an owner who rings or comes by himself, which no silence forbids."""

    NO = "no"
    """We call with it."""
    ALSO = "also"
    """We call with it, and it answers him as well."""
    ONLY = "only"
    """It answers him; nobody calls with it."""


class PartKind(StrEnum):
    """The three parts of a call, in order, and the one part of a message; the value is the word on screen."""

    OPENING = "开场"
    BODY = "正题"
    CLOSING = "收口"
    WORDS = "正文"


@dataclass(frozen=True, slots=True)
class Part:
    """One part: what is said or written, and what it is for."""

    kind: PartKind
    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Script:
    """One script of the library."""

    id: str
    """`type.step.channel`, with `.situation` or `.moment` where it has one; `any.…` serves several types; the office's
    own scripts are `own.1`, `own.2` …
    """
    version: int
    title: str
    types: tuple[DebtorType, ...]
    """The debtor types it serves."""
    steps: tuple[Step, ...]
    """The steps it serves, the main one first."""
    channel: Channel
    techniques: tuple[int, ...]
    gist: str
    """What the call is to reach, a few words: shown after the technique in 为什么."""
    closing: str
    """Rule for 收口日, one of `CLOSINGS`."""
    parts: tuple[Part, ...]
    cautions: tuple[str, ...]
    when: tuple[str, ...] = ()
    """In which situation it fits, for the clerk who looks for one."""
    moment: str = ""
    """One of `MOMENTS`, or empty."""
    tone: str = ""
    """How it sounds, for a moment of the unified script."""
    situation: str = ""
    """One of `SITUATIONS`, or empty."""
    requires: tuple[str, ...] = ()
    """Names of `REQUIREMENTS`."""
    needs: tuple[str, ...] = ()
    """Names of `CONDITIONS`."""
    rings: Rings = Rings.NO
    origin: Origin = Origin.SHIPPED

    @property
    def ref(self) -> str:
        """What a contact remembers: `busy.2.phone@1` as shipped, `busy.2.phone@o3` in the office's third wording."""
        return f"{self.id}@{'o' if self.origin is Origin.OFFICE else ''}{self.version}"

    @property
    def step(self) -> Step:
        """The main step."""
        return self.steps[0]

    @property
    def is_shared(self) -> bool:
        """Whether it was written for several types."""
        return len(self.types) > 1

    @property
    def is_own(self) -> bool:
        """Whether the office has added it; nothing of ours lies under it."""
        return self.id.startswith(OWN)

    def serves(self, debtor_type: DebtorType, step: Step, channel: Channel) -> bool:
        """Whether it was written for this place of the matrix."""
        return debtor_type in self.types and step in self.steps and channel is self.channel

    def part(self, kind: PartKind) -> Part:
        """The part of this kind."""
        return next(part for part in self.parts if part.kind is kind)

    def technique_text(self) -> str:
        """「招数 2 断其后路」, several joined by ＋."""
        return "＋".join(f"招数 {number} {TECHNIQUES[number]}" for number in self.techniques)


@dataclass(frozen=True, slots=True)
class Avoid:
    """A tempting wrong answer."""

    say: str
    why: str


@dataclass(frozen=True, slots=True)
class Objection:
    """业主说…: what to answer. `law` is empty where law would not help."""

    id: str
    chip: str
    """The owner's words, short enough for a chip."""
    accept: str
    """认可"""
    fact: str
    """事实"""
    law: str
    """法理, in plain words."""
    way: str
    """出路"""
    ask: str
    """The closing question for a day."""
    outcome: Outcome
    """What the contact is logged as, unless the talk took another turn."""
    closing: str = "friday"
    version: int = 1
    origin: Origin = Origin.SHIPPED
    says: tuple[str, ...] = ()
    """How owners put it, aloud: for 演练 and for finding the answer."""
    why: str = ""
    """Why it is answered so."""
    avoid: tuple[Avoid, ...] = ()
    """What one is tempted to say, and why not; never to be said, so never looked at by the wording rules."""
    types: tuple[DebtorType, ...] = ()
    """Who says it most; empty: anybody."""

    @property
    def ref(self) -> str:
        """`objection.meter@1`, like a script's."""
        return f"{OBJECTION}{self.id}@{'o' if self.origin is Origin.OFFICE else ''}{self.version}"

    def texts(self) -> tuple[tuple[str, str], ...]:
        """Heading and text of every filled section, in the order of speaking."""
        sections = (
            ("认可", self.accept),
            ("事实", self.fact),
            ("法理", self.law),
            ("出路", self.way),
            ("收口", self.ask),
        )
        return tuple((head, text) for head, text in sections if text)


def slots(text: str) -> Iterator[str]:
    """The names in braces, in order, repeats included."""
    for found in _SLOT.finditer(text):
        yield found[1]


def resolve_groups(text: str, known: frozenset[str]) -> str:
    """The text with every `[[…]]` said, replaced by its other half, or left out, by what is known."""

    def said(found: re.Match[str]) -> str:
        first, _, second = found[1].partition("||")
        return first if set(slots(first)) <= known else second

    return _GROUP.sub(said, text)


def bare_slots(text: str) -> frozenset[str]:
    """The placeholders that are said whatever is known: those outside every group."""
    return frozenset(slots(_GROUP.sub("", text)))


def with_implied(requires: Iterable[str]) -> frozenset[str]:
    """The records a script rests on, with all that follows from them."""
    asked = tuple(requires)
    return frozenset(asked).union(*(IMPLIED.get(name, ()) for name in asked))


def variants(text: str) -> tuple[str, str]:
    """The two extremes of a text: everything known, nothing known. For checks of what ships."""
    return resolve_groups(text, frozenset(PLACEHOLDERS)), resolve_groups(text, frozenset())
