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
    "贠": ("yun",), "会": ("gui",),
}  # fmt: skip
_COMPANY = re.compile(r"公司|商行|店|厂|中心|学校|银行|合作社|事务所|茶|工作室|超市|餐|集团|部$")
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")
_NOT_HAN = re.compile(r"[A-Za-z .'·•‧-]+")
_JOINT = re.compile(r"\s*[、,，/／;；&]\s*|(?<=[^\s、,，/／;；&]{2})\s*(?:和|与|及)\s*(?=[^\s、,，/／;；&]{2})")
"""「和」 joins two names only between two whole ones: 王和平 and 仇和 are one person."""
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
    bare = _BRACKETS.sub("", name)
    return bool(_COMPANY.search(bare)) or any(len(part) > 6 and not _is_spelt(part) for part in split_joint(bare))


def _is_spelt(person: str) -> bool:
    """A name without a Chinese surname: 阿不都·热合曼, John Smith; custom addresses it whole."""
    return "·" in person or "•" in person or bool(_NOT_HAN.fullmatch(person))


_TWO_CHAR_SURNAMES = frozenset(
    ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文", "司徒",
     "申屠", "夏侯", "端木", "百里", "呼延", "南宫", "西门", "独孤", "万俟", "澹台", "濮阳", "公冶", "轩辕",
     "钟离", "闾丘", "鲜于", "司空", "赫连", "拓跋", "东郭", "完颜", "纳兰", "太史", "淳于", "单于", "公羊",
     "仲孙", "亓官", "司寇", "巫马", "公西", "漆雕", "壤驷", "乐正", "宰父", "谷梁", "段干", "东门", "北宫",
     "左丘", "第五")
)  # fmt: skip


def surname(name: str) -> str:
    """The surname of the first person named, two characters where custom has it; empty for a firm or no name."""
    people = split_joint(_BRACKETS.sub("", name))
    if not people or is_company(people[0]):
        return ""
    first = people[0].strip()
    if _is_spelt(first):
        return ""
    return first[:2] if first[:2] in _TWO_CHAR_SURNAMES and len(first) > 2 else first[:1]


def address(name: str, salutation: str) -> str:
    """How the clerk speaks to the owner: 「林女士」, 「云间茶事的负责人」, 「您」 when nothing is known."""
    family = surname(name)
    people = split_joint(_BRACKETS.sub("", name))
    if len(people) == 2 and not salutation:
        return "、".join(surname(person) or person for person in people) + "两位"
    if family:
        return family + (salutation or "先生/女士")
    if people and not is_company(name):
        return people[0] + (salutation or "先生/女士")
    return f"{name}负责人" if name else "业主"
