"""A script and an answer to an objection as they lie in the library, and the closed list of placeholders.

In a text `{金额}` stands for a value; `[[…]]` is said only when every value in it is known, and in `[[…||…]]`
the second half is said instead when one is not. Groups do not nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    "联系日": "上一次和业主本人说上话的日子",
    "账单截至": "财务清单截至哪天",
    "异议": "登记在案的异议内容",
    "责任部门": "处理异议的部门",
    "收口日": "请业主定下的日子",
    "备选日": "收口日不方便时的另一天",
    "缴费方式": "可以怎么缴，如 转账、微信或到前台",
    "转账方式": "不用来人的缴费方式，如 银行转账或扫码",
    "缴费地点": "到哪里缴",
    "电话": "服务中心电话",
}
"""Name in the text -> what it stands for. Nothing else may stand in braces."""

ALWAYS_CAUTION = "本人接听才谈金额；家人接听只留“请回电”"
"""Shown with every script: a debt is told to nobody but the debtor (law §1 art. 1032–1034)."""

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

MOMENTS = (
    "list_made",
    "demand_drafted",
    "demand_sent",
    "demand_received",
    "before_lawyer",
    "after_lawyer",
    "before_summons",
    "after_summons",
)
"""The eight moments of the unified script (domain §12); a script may name one."""

SITUATIONS = {"promise_due": "承诺日还没到"}
"""Situations that outrank debtor type and step; the id of such a script ends with its name."""

REQUIREMENTS = ("demand_sent", "letter_sent", "lawyer_letter", "case_number")
"""Records without which a script must not be used: it states them as facts."""

CLOSINGS = ("tomorrow", "two_workdays", "friday", "week", "month_end")
"""Rules for 收口日."""

_GROUP = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_SLOT = re.compile(r"\{([^{}]*)\}")


class PartKind(StrEnum):
    """The three parts of a call, in order; the value is the word on screen."""

    OPENING = "开场"
    BODY = "正题"
    CLOSING = "收口"


@dataclass(frozen=True, slots=True)
class Part:
    """One part: what is said, and what it is for."""

    kind: PartKind
    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Script:
    """One script of the library."""

    id: str
    """`type.step.channel`, with `.situation` where it has one."""
    version: int
    title: str
    debtor_type: DebtorType
    step: Step
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
    situation: str = ""
    """One of `SITUATIONS`, or empty."""
    requires: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """What a contact remembers: `type.step.channel@version`."""
        return f"{self.id}@{self.version}"

    def part(self, kind: PartKind) -> Part:
        """The part of this kind."""
        return next(part for part in self.parts if part.kind is kind)

    def technique_text(self) -> str:
        """「招数 2 断其后路」, several joined by ＋."""
        return "＋".join(f"招数 {number} {TECHNIQUES[number]}" for number in self.techniques)


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


def variants(text: str) -> tuple[str, str]:
    """The two extremes of a text: everything known, nothing known. For checks of what ships."""
    return resolve_groups(text, frozenset(PLACEHOLDERS)), resolve_groups(text, frozenset())
