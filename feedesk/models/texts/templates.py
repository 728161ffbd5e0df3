"""Templates of reminder texts: shipped as data in `resources/texts`, each with an office's own version where it wrote one.

Placeholders and groups are those of the scripts: `{金额}` stands for a value, `[[…||…]]` for words said only when every
value in them is known.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from feedesk.models.scripts.records import slots, variants
from feedesk.models.texts.length import MAX_PARTS, measure
from feedesk.models.wording import load_wording
from feedesk.resources import resource_text

LEAST_DAYS = 3
"""Never more than one message in three days (law §13.7)."""
USUAL_DAYS = 14
"""A friendly reminder goes out about every two weeks (domain §6, step 1)."""

PLACEHOLDERS = {
    "称呼": "业主怎么称呼，如 林女士；公司称负责人",
    "小区": "小区名称",
    "房号": "房号，几套时写等几套",
    "期间": "欠费月份，如 4–12 月",
    "费项": "欠的是哪几项费用，如 物业费和水费",
    "金额": "这条短信说的几笔合计，如 3,446.35 元",
    "缴费方式": "可以怎么缴，如 银行转账或到前台",
    "缴费地点": "到哪里缴",
    "办公室": "服务中心名称",
    "电话": "服务中心电话",
    "到期日": "还没到的缴费日",
    "上次提醒日": "上一次发提醒的日子",
    "约定日": "业主说好的日子，还没到",
    "承诺日": "业主说好的日子，已经过了",
    "承诺金额": "业主说好的金额",
    "分期期次": "分期的第几期",
    "分期日": "这一期哪天到期",
    "分期金额": "这一期多少钱",
    "送单日": "催款单送到的日子",
    "送单处": "催款单送到了哪里",
    "节日": "快到的节日：春节或国庆节",
    "缴费日": "最近一次缴费的日子",
    "已缴金额": "最近缴了多少",
}
"""Name in the text -> what it stands for. Nothing else may stand in braces."""


class TextKind(StrEnum):
    """The occasion of a template; decides who gets it."""

    OVERDUE = "overdue"
    SECOND = "second"
    BEFORE_DUE = "before_due"
    PROMISE_TOMORROW = "promise_tomorrow"
    PROMISE_PAST = "promise_past"
    INSTALMENT = "instalment"
    LIST_SENT = "list_sent"
    FESTIVAL = "festival"
    THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class TextTemplate:
    """One template as it is used: the office's own words where it has any."""

    kind: TextKind
    version: int
    title: str
    when: str
    """When it suits."""
    not_for: str
    """Whom it does not suit."""
    text: str
    original: str
    """Our words, to which the office may go back."""
    every_days: int = USUAL_DAYS
    """So many days lie between the last message and this one, at least."""

    @property
    def is_own(self) -> bool:
        """Whether the office has written its own version."""
        return self.text != self.original

    @property
    def ref(self) -> str:
        """What a sent text remembers: `overdue@1`, of an own version `overdue@own-` with the beginning of its SHA-256."""
        if not self.is_own:
            return f"{self.kind}@{self.version}"
        return f"{self.kind}@own-{hashlib.sha256(self.text.encode()).hexdigest()[:8]}"

    def with_words(self, text: str) -> TextTemplate:
        """The template with the office's own words; empty ones mean ours."""
        return replace(self, text=joined(text) or self.original)


@lru_cache(maxsize=1)
def shipped_templates() -> tuple[TextTemplate, ...]:
    """Our templates in the order of their digits; they never change while the program runs."""
    return read_templates(resource_text("texts/reminders.toml"))


def read_templates(toml: str) -> tuple[TextTemplate, ...]:
    """Templates from TOML text; raises ValueError, naming the template, for what is not sound."""
    known = {"id", "version", "title", "when", "not_for", "text", "every_days"}
    found = []
    for entry in tomllib.loads(toml)["text"]:
        where = str(entry.get("id", "?"))
        if unknown := sorted(set(entry) - known):
            raise ValueError(f"text {where}: unknown key {unknown[0]}")
        made = _template(entry)
        if wrong := problems(made.text):
            raise ValueError(f"text {where}: {wrong[0]}")
        if made.every_days < LEAST_DAYS:
            raise ValueError(f"text {where}: more than one in {LEAST_DAYS} days")
        found.append(made)
    if [one.kind for one in found] != list(dict.fromkeys(one.kind for one in found)):
        raise ValueError("a text stands twice")
    return tuple(found)


def _template(entry: dict[str, Any]) -> TextTemplate:
    text = joined(entry["text"])
    return TextTemplate(
        kind=TextKind(entry["id"]),
        version=int(entry["version"]),
        title=entry["title"],
        when=entry["when"],
        not_for=entry["not_for"],
        text=text,
        original=text,
        every_days=int(entry.get("every_days", USUAL_DAYS)),
    )


def joined(text: str) -> str:
    """A text of several lines as one: a short message has none, and Chinese needs no blank at a line's end."""
    return "".join(line.strip() for line in text.strip().splitlines())


def problems(text: str) -> list[str]:
    """Why a template cannot be used, in sentences; empty when it can. What is only warned of is not in it."""
    said = joined(text)
    if not said:
        return ["模板里一个字也没有。"]
    found = [f"没有“{{{name}}}”这个可填的内容。" for name in dict.fromkeys(slots(said)) if name not in PLACEHOLDERS]
    whole, bare = variants(said)
    if any(mark in part for part in (whole, bare) for mark in ("[[", "]]", "||")):
        found.append("“[[ ]]”没有成对，或套在了一起。")
    left = whole
    for name in slots(whole):
        left = left.replace(f"{{{name}}}", "", 1)
    if "{" in left or "}" in left:
        found.append("“{ }”没有成对。")
    found += _words_problems((whole, bare))
    if measure(whole).parts > MAX_PARTS:
        found.append(f"太长了，一条短信最多分 {MAX_PARTS} 段。")
    return found


def _words_problems(texts: Iterable[str]) -> list[str]:
    hits = {hit.matched: hit for text in texts for hit in load_wording().lint(text) if hit.blocking}
    return [f"“{hit.matched}”不能写：{hit.why}。" for hit in hits.values()]
