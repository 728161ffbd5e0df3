"""Names: how they are searched, addressed and split. The name itself is never changed."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice, product

_SURNAME_READINGS = {
    "曾": ("zeng",), "解": ("xie",), "单": ("shan",), "查": ("zha",), "仇": ("qiu",), "区": ("ou",),
    "任": ("ren",), "盖": ("ge",), "尉": ("yu",), "翟": ("zhai", "di"), "缪": ("miao",), "朴": ("piao",),
    "覃": ("qin", "tan"), "乐": ("yue", "le"), "员": ("yun",), "繁": ("po",), "召": ("shao",), "冼": ("xian",),
    "瞿": ("qu",), "隗": ("wei", "kui"), "逄": ("pang",), "郇": ("xun", "huan"), "晁": ("chao",), "车": ("che",),
}  # fmt: skip
_COMPANY = re.compile(r"公司|商行|店|厂|中心|学校|银行|合作社|事务所|茶|工作室|超市|餐|集团|部$")
_JOINT = re.compile(r"\s*(?:[、,，/／;；]|和|与及)\s*")
_MAX_READINGS = 64


@lru_cache(maxsize=4096)
def _readings(char: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin  # 0.26 s: not needed before the first list arrives

    if not "\u3400" <= char <= "\U0003ffff":
        return (char.lower(),) if char.isalnum() else ()
    found = pinyin(char, style=Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(dict.fromkeys(text.replace("ü", "v") for text in found[0])) if found else ()


def search_text(name: str) -> str:
    """Everything a name can be found by besides itself: full pinyin and initials, every reading.

    Joint owners are indexed one by one; parts are separated by blanks: 「张三」 -> ` zhangsan zs `.
    """
    found: dict[str, None] = {}
    for person in split_joint(name):
        readings = []
        for place, char in enumerate(person):
            options = _readings(char)
            if place == 0:
                options = tuple(dict.fromkeys(_SURNAME_READINGS.get(char, ()) + options))
            if options:
                readings.append(options)
        for combination in islice(product(*readings), _MAX_READINGS):
            found["".join(combination)] = None
            found["".join(part[0] for part in combination)] = None
    return " " + " ".join(key for key in found if key) + " " if found else " "


def split_joint(name: str) -> tuple[str, ...]:
    """「张伟、李娜」 -> the two persons; one account all the same. Brackets are not split."""
    if _COMPANY.search(name):
        return (name,)
    return tuple(part for part in _JOINT.split(name) if part)


def is_company(name: str) -> bool:
    """Whether a name reads as a firm, which is addressed without 先生/女士."""
    return bool(_COMPANY.search(name)) or len(name) > 6


_TWO_CHAR_SURNAMES = frozenset(
    [
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "长孙",
        "宇文",
        "司徒",
        "申屠",
        "夏侯",
        "端木",
        "百里",
        "呼延",
        "南宫",
        "西门",
        "独孤",
    ]
)


def surname(name: str) -> str:
    """The surname of the first person named, two characters where custom has it; empty for a firm or no name."""
    people = split_joint(name)
    if not people or is_company(people[0]):
        return ""
    first = people[0].strip()
    return first[:2] if first[:2] in _TWO_CHAR_SURNAMES and len(first) > 2 else first[:1]


def address(name: str, salutation: str) -> str:
    """How the clerk speaks to the owner: 「林女士」, 「云间茶事的负责人」, 「您」 when nothing is known."""
    family = surname(name)
    people = split_joint(name)
    if len(people) == 2 and not salutation:
        return "、".join(surname(person) or person for person in people) + "两位"
    if family:
        return family + (salutation or "先生/女士")
    return f"{name}负责人" if name else "业主"
