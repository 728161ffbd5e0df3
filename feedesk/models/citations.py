"""Where a text names an article of law: which act, which article, and where it stands.

Contracts and house rules have articles too; they are not law and are not found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

REGULATION = "物业管理条例"

_HAN = "(?:(?![第条法款项])[一-鿿])"
_BEFORE = re.compile(rf"{_HAN}{{0,12}}$")
_NUM = r"(?:\d{1,4}|[一二三四五六七八九十百千零〇两]{1,9})"
_JOIN = r"\s*[、,，和及与]\s*"
_SEGMENT = rf"第?\s*{_NUM}(?:{_JOIN}第?\s*{_NUM})*\s*条(?:\s*第?\s*{_NUM}\s*[款项])*"
_KNOWN = (
    "民法典|民法通则|民法总则|合同法|物权法|侵权责任法|担保法|民事诉讼法|民诉法|民诉|个人信息保护法|个保法|"
    "治安管理处罚法|治安法|律师法|邮政法|公证法|物业服务收费管理办法|收费管理办法|业主大会和业主委员会指导规则|"
    "业主大会指导规则|指导规则|诉讼时效规定|时效规定|合同编通则解释|征信业管理条例"
)
_CITATION = re.compile(
    rf"(?P<act>《(?P<titled>[^《》]{{2,48}})》(?:（[^）]{{0,24}}）)?|(?:中华人民共和国)?(?:{_KNOWN})》?"
    r"|(?P<regulation>(?:物业(?:管理)?)?条例)》?|(?P<other>(?<![办方做说想看])法)(?=\s*第))"
    rf"\s*(?P<articles>{_SEGMENT}(?:{_JOIN}{_SEGMENT})*)"
)
_ARTICLE = re.compile(rf"第?\s*(?P<number>{_NUM})(?P<after>\s*[款项])?")
_NOT_LAW = re.compile(r"(?:合同|协议|规约|公约|议事规则|约定|承诺书|手册)(?:书|范本)?$")
_PLAIN_LEAD = re.compile(r"(?:^|据|照|按|依|合|反|用|由|本|该|个|述|见|和|与|及|在|查|看|是|为|了|的|国务院)$")
_SHORT = {
    "民诉": "民事诉讼法",
    "民诉法": "民事诉讼法",
    "个保法": "个人信息保护法",
    "治安法": "治安管理处罚法",
    "条例": REGULATION,
    "收费管理办法": "物业服务收费管理办法",
    "业主大会指导规则": "业主大会和业主委员会指导规则",
    "指导规则": "业主大会和业主委员会指导规则",
    "时效规定": "诉讼时效规定",
}
_LEAD = re.compile(r"^(?:并且|并|且|和|与|及|依据|根据|依照|按照|按|依|据|违反|参照|适用|参见|见|的)+")
_LOCAL = re.compile(r"[省市区州县]$")
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


@dataclass(frozen=True, slots=True)
class Citation:
    """One article named in a text. `start` and `end` bound the act with all its articles in a row (「944、577 条」)."""

    act: str
    article: int
    start: int
    end: int
    number: tuple[int, int]
    """Where the number itself stands."""
    is_alone: bool
    """No other article of the act stands beside it."""
    has_marks: bool
    """Written in 《》."""
    in_digits: bool
    """Written 577, not 五百七十七."""


def citations(text: str) -> list[Citation]:
    """Every article of law named in `text`, by place."""
    found = []
    for hit in _CITATION.finditer(text):
        start, act, written = _act(hit)
        if hit["titled"] and _NOT_LAW.search(hit["titled"]):
            continue
        base = hit.start("articles")
        numbers = [one for one in _ARTICLE.finditer(hit["articles"]) if not one["after"]]
        for one in numbers:
            number = (base + one.start("number"), base + one.end("number"))
            found.append(
                Citation(
                    act,
                    as_number(one["number"]),
                    start,
                    hit.end(),
                    number,
                    len(numbers) == 1,
                    written.endswith("》"),
                    one["number"].isdigit(),
                )
            )
    return found


def _act(hit: re.Match[str]) -> tuple[int, str, str]:
    """Where the act's name begins, its usual short name, and how it is written."""
    written = hit["act"]
    if hit["regulation"] is None and hit["other"] is None:
        lead = _LEAD.match(written)
        return hit.start("act") + (lead.end() if lead else 0), _short(written), written
    at = hit.start("act")
    found = _BEFORE.search(hit.string[max(0, at - 12) : at])
    before = _LEAD.sub("", found[0]) if found else ""
    is_whole = (hit["regulation"] or "").startswith("物业")
    if hit["regulation"] and (_PLAIN_LEAD.search(before) or (is_whole and not _LOCAL.search(before))):
        return at, REGULATION, written
    return at - len(before), f"{before}{written.strip('》')}", before + written


def _short(written: str) -> str:
    bare = _LEAD.sub("", written.strip("《》 ").split("》")[0]).removeprefix("中华人民共和国")
    return _SHORT.get(bare, bare)


def as_number(written: str) -> int:
    """「九百四十四」 and 「944」 are 944."""
    if written.isdigit():
        return int(written)
    total = digit = 0
    for sign in written:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def in_words(number: int) -> str:
    """944 is 「九百四十四」; for 1 to 9,999."""
    said, gap = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            one_ten = unit == 10 and digit == 1 and not said
            said += ("零" if gap and said else "") + ("" if one_ten else "零一二三四五六七八九"[digit]) + sign
            gap = False
        else:
            gap = bool(said)
    return said


def written_like(citation: Citation, act: str, article: int) -> str:
    """Another article in the manner of one in the text: 《》 or not, figures or words; of the same act in a row, the
    number alone.
    """
    number = str(article) if citation.in_digits else in_words(article)
    if not citation.is_alone and act == citation.act:
        return number
    return f"{f'《{act}》' if citation.has_marks else act}第{number}条"
