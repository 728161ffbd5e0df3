"""Who may have paid: names whole or masked (唐**, 王某某), phone numbers whole, masked (186****70) or by their tail."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from feedesk.models.people import split_joint

_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_MASK = re.compile(r"[*＊×xX某○]+")
_HAN = re.compile(r"[\u3400-\u9fff·•\U00020000-\U0003ffff]+")
_TITLE = re.compile(r"(?:先生|女士|小姐)$")
_BEFORE = (
    *(
        "业主",
        "户主",
        "姓名",
        "房主",
        "本人",
        "我是",
        "代",
        "替",
        "帮",
        "为",
        "给",
        "交",
        "缴",
        "付",
        "转",
        "由",
        "叫",
        "和",
        "与",
        "及",
    ),
    *("留言", "备注", "附言", "物业费", "管理费", "物管费", "室", "房", "号"),
)
_AFTER = (
    *(
        "物业",
        "物管",
        "管理费",
        "交",
        "缴",
        "付",
        "的",
        "费",
        "代",
        "转",
        "预",
        "补",
        "欠",
        "先生",
        "女士",
        "业主",
        "房",
        "家里",
        "两套",
        "一年",
    ),
    *(
        "全年",
        "上半",
        "下半",
        "本年",
        "第",
        "季",
        "半年",
        "和",
        "与",
        "及",
        "住户",
        "商铺",
        "车位",
        "停车",
        "水费",
        "电费",
        "气费",
        "水电",
    ),
)
_PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
_TAIL = re.compile(r"(?:尾号|尾数|后四位|后4位|末四位|(?:电话|手机)(?:号|号码)?(?:尾号|后四位)?)\D{0,3}(\d{4})(?!\d)")
_MASKED_PHONE = re.compile(r"(?<!\d)(1\d{2})[*＊]+(\d{2,4})(?!\d)")
_MAX_NAME = 6


@lru_cache(maxsize=65536)
def people_of(name: str) -> tuple[str, ...]:
    """The persons (or the firm) of an owner's name, without brackets and blanks."""
    bare = _plain(_BRACKETS.sub("", name)) or _plain(name)
    return tuple(dict.fromkeys(part for part in (bare, *split_joint(bare)) if part))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@dataclass(frozen=True, slots=True)
class Mask:
    """What a masked name leaves to be seen."""

    head: str
    tail: str

    def fits(self, name: str) -> bool:
        """Whether one of the persons of this name may be meant. How many stars there are tells nothing."""
        return any(
            len(person) > len(self.head) + len(self.tail)
            and person.startswith(self.head)
            and person.endswith(self.tail)
            for person in people_of(name)
        )


@dataclass(frozen=True, slots=True)
class Clues:
    """What a line tells of its payer."""

    names: tuple[str, ...] = ()
    """Whole names of owners that stand in the memo, or are the payer."""
    memo_names: frozenset[str] = frozenset()
    mask: Mask | None = None
    phones: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    masked_phones: tuple[tuple[str, str], ...] = ()

    def has_name(self, name: str) -> bool:
        """Whether an owner of this name is named whole."""
        return any(person in self.names for person in people_of(name))

    def fits_mask(self, name: str) -> bool:
        """Whether the masked payer may be this owner."""
        return self.mask is not None and self.mask.fits(name)

    def fits_phone(self, phones: Iterable[str]) -> bool:
        """Whether one of these numbers is named, by its tail, or through its mask."""
        return any(
            phone in self.phones
            or phone[-4:] in self.tails
            or any(phone.startswith(head) and phone.endswith(tail) for head, tail in self.masked_phones)
            for phone in phones
        )


@dataclass(slots=True)
class NameIndex:
    """All names of an office, to be found in memos."""

    names: frozenset[str]
    _lengths: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._lengths = tuple(sorted({len(name) for name in self.names if len(name) >= 2}, reverse=True))

    def clues(self, payer: str, payer_account: str, memo: str) -> Clues:
        """What payer, account and memo of a line tell."""
        found: dict[str, None] = {}
        in_memo = self._in_text(memo)
        found.update(dict.fromkeys(in_memo))
        mask = None
        bare = _plain(payer)
        for person in people_of(payer):
            if person in self.names:
                found[person] = None
        if bare and not any(person in self.names for person in people_of(payer)):
            mask = _mask_of(bare)
        texts = f"{memo} {payer_account}"
        half = unicodedata.normalize("NFKC", texts)
        return Clues(
            names=tuple(found),
            memo_names=frozenset(in_memo),
            mask=mask,
            phones=tuple(_PHONE.findall(half)),
            tails=tuple(_TAIL.findall(unicodedata.normalize("NFKC", memo))),
            masked_phones=tuple(_MASKED_PHONE.findall(half)),
        )

    def _in_text(self, text: str) -> list[str]:
        """Names that stand whole in a text: 金丽明 in 「金丽明物业费」, but no 叶国 in 「叶国强物业费」."""
        found: list[str] = []
        for run in _HAN.findall(unicodedata.normalize("NFKC", text)):
            taken: list[tuple[int, int]] = []
            for length in self._lengths:
                for start in range(len(run) - length + 1):
                    end = start + length
                    if run[start:end] not in self.names or any(a < end and start < b for a, b in taken):
                        continue
                    if _bounded(run[:start], run[end:]):
                        taken.append((start, end))
                        found.append(run[start:end])
        return found


def _bounded(before: str, after: str) -> bool:
    return (not before or before.endswith(_BEFORE)) and (not after or after.startswith(_AFTER))


def _mask_of(payer: str) -> Mask | None:
    """「唐**」, 「*刚佳」, 「叶*国」, 「李某某」, 「张先生」; None for what is no masked name."""
    bare = _BRACKETS.sub("", payer)
    title = _TITLE.sub("", bare)
    if title != bare and 1 <= len(title) <= 2:
        return Mask(title, "")
    found = _MASK.search(bare)
    if not found or len(bare) > _MAX_NAME:
        return None
    head, tail = bare[: found.start()], bare[found.end() :]
    if not (head or tail) or any(not _HAN.fullmatch(part) for part in (head, tail) if part):
        return None
    return Mask(head, tail)


def by_tail(phones: Sequence[tuple[int, Sequence[str]]]) -> dict[str, list[int]]:
    """Last four digits -> who has such a number."""
    found: dict[str, list[int]] = {}
    for place, numbers in phones:
        for tail in {number[-4:] for number in numbers if len(number) >= 7}:
            found.setdefault(tail, []).append(place)
    return found
