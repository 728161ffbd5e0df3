"""The law as data: what may be cited, what old numbers mean today, and what the office has looked up itself.

Paraphrases of our own, never statute text; `resources/law/*.toml` say where each was read and how sure that is. What
the office confirms on an official site is kept in its settings as JSON: key -> [day, who].
"""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from functools import lru_cache

from feedesk.resources import resource_text

LAW_KEY = "law_checks"
"""The setting under which the office's confirmations are kept, of checks and of articles alike."""

LOCAL_KEY = "law_local"
"""The setting under which the office keeps its city's own rules."""


class Sure(StrEnum):
    """How the text behind a paraphrase was known when it was shipped."""

    READ = "read"
    EXCERPT = "excerpt"
    MEMORY = "memory"


SURE_LABELS = {Sure.READ: "读过条文", Sure.EXCERPT: "读过节选", Sure.MEMORY: "凭记忆，未读原文"}


class OldState(StrEnum):
    """What became of an article that older papers cite."""

    REPEALED = "repealed"
    RENUMBERED = "renumbered"
    DELETED = "deleted"
    IN_FORCE = "in_force"


OLD_STATE_LABELS = {
    OldState.REPEALED: "已废止",
    OldState.RENUMBERED: "改了条号",
    OldState.DELETED: "条文已删",
    OldState.IN_FORCE: "仍有效",
}


@dataclass(frozen=True, slots=True)
class Ticks:
    """What the office has confirmed, by key."""

    done: dict[str, tuple[date, str]]

    def day(self, key: str) -> date | None:
        """When `key` was confirmed; None while nobody has."""
        return self.done[key][0] if key in self.done else None

    def text(self, key: str) -> str:
        """「2026-11-24 许宁 已核对」 or 「未核对」."""
        if key not in self.done:
            return "未核对"
        on, by = self.done[key]
        return f"{on:%Y-%m-%d} {by} 已核对"


def read_ticks(stored: str) -> Ticks:
    """The confirmations as `confirmed` writes them; nothing stored is none."""
    done: dict[str, list[str]] = json.loads(stored or "{}")
    return Ticks({key: (date.fromisoformat(on), by) for key, (on, by) in done.items()})


def confirmed(stored: str, key: str, on: date | None, by: str) -> str:
    """The stored text after an item was confirmed (or, with no day, opened again)."""
    done: dict[str, list[str]] = json.loads(stored or "{}")
    done.pop(key, None)
    if on is not None:
        done[key] = [on.isoformat(), by]
    return json.dumps(done, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class LawCheck:
    """One item to confirm before the first notice; `done_on` and `done_by` are empty until somebody has."""

    key: str
    title: str
    why: str
    done_on: date | None = None
    done_by: str = ""


@dataclass(frozen=True, slots=True)
class LawChecks:
    """All items as of the day the shipped texts were looked up."""

    as_of: date
    sites: str
    items: tuple[LawCheck, ...]

    @property
    def open_count(self) -> int:
        """Items nobody has confirmed."""
        return sum(item.done_on is None for item in self.items)

    def banner(self, before: str) -> tuple[str, ...]:
        """The line that stands wherever law is used until all is confirmed; `before` is what waits for it."""
        if not self.open_count:
            return ()
        return (f"随附法规还有 {self.open_count} 项没有核对：{before}，请到 设置 › 法规 逐项确认。",)


def law_checks(stored: str) -> LawChecks:
    """The shipped items with what the office has confirmed (`stored`: JSON as `confirmed` writes it, or empty)."""
    shipped = tomllib.loads(resource_text("law/checks.toml"))
    ticks = read_ticks(stored).done
    items = tuple(
        LawCheck(check["key"], check["title"], check["why"], *ticks.get(check["key"], (None, "")))
        for check in shipped["check"]
    )
    return LawChecks(shipped["as_of"], shipped["sites"], items)


@dataclass(frozen=True, slots=True)
class Article:
    """An article (or a few in a row) that the program rests on or the office may look up."""

    act: str
    no: str
    """「944」, 「201–203」; a case has a name."""
    gist: str
    use: str
    kind: str
    """法律, 行政法规, 司法解释, 部门规章, 地方 or 典型案例."""
    since: date | None
    sure: Sure
    note: str = ""
    cite: bool = False
    """May stand in a notice or letter (law §10); everything else is a warning."""
    cite_when: tuple[str, ...] = ()
    """May be cited only where one of these records exists; empty: always."""

    @property
    def key(self) -> str:
        """Names the article among the confirmations."""
        return f"{self.act}:{self.no}"

    @property
    def title(self) -> str:
        """「民法典 944」."""
        return f"{self.act} {self.no}"

    @property
    def cite_text(self) -> str:
        """「可引用」, 「起诉前可引用」 or 「不引用」."""
        if not self.cite:
            return "不引用"
        return "起诉前可引用" if self.cite_when else "可引用"

    def matches(self, words: str) -> bool:
        """Whether every word searched for stands somewhere in it."""
        hay = f"{self.act} {self.no} {self.gist} {self.use} {self.kind} {self.note} {self.cite_text}"
        return all(word in hay for word in words.split())


@dataclass(frozen=True, slots=True)
class OldArticle:
    """What older papers cite, and what stands for it today."""

    act: str
    no: int
    state: OldState
    use: str
    note: str
    rule: str = ""
    """The rule of `wording.toml` that reports it; empty: only for looking up."""
    put: tuple[str, int] | None = None
    """Act and article that one click puts in its place."""
    today: re.Pattern[str] | None = None
    """A sentence that speaks of this means the article that has the number today…"""
    meaning: re.Pattern[str] | None = None
    """…and only one that speaks of this means the old one."""

    @property
    def title(self) -> str:
        """「物业管理条例 42」."""
        return f"{self.act} {self.no}"

    def is_meant(self, sentence: str) -> bool:
        """Whether a sentence that names the number means the old article."""
        if self.meaning is not None and not self.meaning.search(sentence):
            return False
        return self.today is None or not self.today.search(sentence)

    def matches(self, words: str) -> bool:
        """Whether every word searched for stands somewhere in it."""
        hay = f"{self.act} {self.no} {self.use} {self.note} {OLD_STATE_LABELS[self.state]}"
        return all(word in hay for word in words.split())


@dataclass(frozen=True, slots=True)
class LawBook:
    """Everything shipped, as of the day it was looked up."""

    as_of: date
    articles: tuple[Article, ...]
    old: tuple[OldArticle, ...]

    def may_cite(self, act: str, article: int, facts: frozenset[str]) -> bool:
        """Whether the whitelist (law §10) holds this article, with the records at hand."""
        for one in self.articles:
            if one.cite and one.act == act and one.no == str(article):
                return not one.cite_when or bool(facts.intersection(one.cite_when))
        return False

    def older(self, act: str, article: int) -> OldArticle | None:
        """What stands in the table of old numbers for this article."""
        return next((one for one in self.old if (one.act, one.no) == (act, article)), None)


@lru_cache(maxsize=1)
def law_book() -> LawBook:
    """The shipped law; it never changes while the program runs."""
    shipped = tomllib.loads(resource_text("law/articles.toml"))
    articles = tuple(
        Article(
            act["name"],
            one["no"],
            one["gist"],
            one["use"],
            act["kind"],
            act.get("since"),
            Sure(one.get("sure", act["sure"])),
            act.get("note", ""),
            one.get("cite", False),
            tuple(one.get("cite_when", ())),
        )
        for act in shipped["act"]
        for one in act["articles"]
    )
    old = tuple(
        OldArticle(
            row["act"],
            row["no"],
            OldState(row["status"]),
            row["use"],
            row["note"],
            row.get("rule", ""),
            (row["put"][0], row["put"][1]) if "put" in row else None,
            re.compile(row["today"]) if "today" in row else None,
            re.compile(row["meaning"]) if "meaning" in row else None,
        )
        for row in tomllib.loads(resource_text("law/old_new.toml"))["row"]
    )
    return LawBook(shipped["as_of"], articles, old)


@dataclass(frozen=True, slots=True)
class LocalRules:
    """The city's own rules as the office wrote them down; nothing is taken from them by the program."""

    regulation: str = ""
    """The city's or province's own 条例, with its articles."""
    publicity: str = ""
    """Whether and how a public list is allowed there."""
    late_fee: str = ""
    """What is usual there for a late fee."""
    vacant: str = ""
    """Discounts for vacant homes."""
    source: str = ""
    """Where the office read it."""


LOCAL_LABELS = {
    "regulation": "本市（省）物业条例：名称、条号、施行日",
    "publicity": "公示规定：能不能公示、写到哪一步",
    "late_fee": "违约金的规定或本地法院的做法",
    "vacant": "空置房的优惠",
    "source": "在哪里查到的",
}


def read_local(stored: str) -> LocalRules:
    """The rules as `local_json` writes them; unknown keys of a newer program are left aside."""
    known = {field.name for field in fields(LocalRules)}
    return LocalRules(**{key: value for key, value in json.loads(stored or "{}").items() if key in known})


def local_json(rules: LocalRules) -> str:
    """The rules as they are kept."""
    return json.dumps(asdict(rules), ensure_ascii=False)
