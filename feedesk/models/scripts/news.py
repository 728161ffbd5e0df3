"""小区近况: the office's own lines of small talk about its estate, and what such a line must be (domain §12)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedesk.models.scripts.reader import wording_problems

MOST_NEWS = 20
"""Lines an office keeps: more are not looked through in a call."""
LONGEST = 60
"""Characters of one line, about thirteen seconds of speech."""

_MONEY = re.compile(
    r"(?<!免)费(?![心力时])|欠|缴|催|账|[¥￥]|交款|付款|罚款|滞纳金|违约金|\d\s*块|[一二两三四五六七八九十百千万\d]\s*元(?!旦|宵)"
    r"|(?:交|付|收|要|还|给)钱"
)
_GROUPS = ("{", "}", "[[", "]]", "||")


@dataclass(frozen=True, slots=True)
class News:
    """A piece of estate news for small talk."""

    text: str
    until: date | None = None
    """The last day it is news; None: until it is taken out."""

    def is_over(self, today: date) -> bool:
        """Whether it is spoken of no more."""
        return self.until is not None and self.until < today


def tidy_news(text: str) -> str:
    """The line as it is kept: no blanks around it, and the question mark that is read in Chinese."""
    said = text.strip()
    return said[:-1].rstrip() + "？" if said.endswith("?") else said


def news_problem(text: str) -> str:
    """Why a line cannot be small talk, one sentence; empty when it can. An empty line is none and has no problem.

    Small talk asks and claims nothing, speaks of no money, and has no wording that even needs a second look.
    """
    said = tidy_news(text)
    if not said:
        return ""
    if any(sign in said for sign in _GROUPS):
        return "小区近况里不用空格和 […]，直接写要说的话。"
    found = wording_problems(said)
    if found:
        return f"{found[0].what.rstrip('。')}。"
    money = _MONEY.search(said)
    if money:
        return f"寒暄不提钱：请去掉“{money[0]}”。"
    if not said.endswith("？"):
        return "要写成一句问话，用“？”收尾，对方才好接话。"
    if len(said) > LONGEST:
        return f"太长，有 {len(said)} 个字；寒暄一句不超过 {LONGEST} 个字。"
    return ""


def repeated(lines: Sequence[str]) -> frozenset[int]:
    """Places of the lines that say what one before them says already."""
    seen: set[str] = set()
    found = set()
    for place, line in enumerate(map(tidy_news, lines)):
        if line and line in seen:
            found.add(place)
        seen.add(line)
    return frozenset(found)
