"""Rates as people write them: 日万分之五, 0.5‰, 0.05%, LPR 3.00%; kept as whole numbers, exact or refused."""

from __future__ import annotations

import re
from decimal import Decimal

MOST_PPM = 10_000
"""1 % a day: whatever is above it was mistyped."""
MOST_LPR_BP = 1_500
"""15 % a year: the one-year LPR has never been near it."""
YEARLY_LIMIT_PPM = 240_000
"""24 % a year: above it nothing is printed (law §13.6)."""
STEEP_PPM = 1_000
"""0.1 % a day: the warning of law §13.6 starts here."""

_DIGITS = "零一二三四五六七八九"
_SCALES = {"万分之": 100, "千分之": 1_000, "百分之": 10_000, "‱": 100, "‰": 1_000, "%": 10_000}
_WIDE = {ord("０") + i: str(i) for i in range(10)} | {ord("．"): ".", ord("％"): "%", ord("〇"): "零", ord("两"): "二"}
_NUMBER = rf"(?:\d{{1,6}}(?:\.\d{{1,6}})?|半|[{_DIGITS}十]{{1,3}}(?:点[{_DIGITS}]{{1,4}})?)"
_RATE = re.compile(rf"(?:(万分之|千分之|百分之)({_NUMBER})|({_NUMBER})(‱|‰|%))")
_PER_DAY = re.compile(r"^(?:每日|每天|按日|日)|(?:/日|/天|每日|每天|一天)$")
_PER_YEAR = re.compile(r"年|月")


class RateProblem(ValueError):
    """A text that is no rate; the message is the Chinese reason."""


def parse_rate(text: str) -> int:
    """「万分之五」「日万分之1.07」「0.5‰」「0.05%」 -> parts per million a day; raises `RateProblem` with the reason."""
    bare = re.sub(r"\s", "", text.translate(_WIDE))
    if _PER_YEAR.search(bare):
        raise RateProblem("费率要按每天填写，例如 万分之五")
    found = _RATE.fullmatch(_PER_DAY.sub("", bare))
    if not found:
        raise RateProblem("费率没有看懂，请写成 万分之五、0.5‰ 或 0.05%")
    scale = _SCALES[found[1] or found[4]]
    exact = _number(found[2] or found[3]) * scale
    ppm = int(exact)
    if ppm != exact:
        raise RateProblem("费率最细到万分之 0.01")
    if not 0 < ppm <= MOST_PPM:
        raise RateProblem("费率要大于 0，每天不超过 1%，请核对")
    return ppm


def parse_lpr(text: str) -> int:
    """「3.00%」「3.45」 -> hundredths of a percent a year; raises `RateProblem` with the reason."""
    bare = re.sub(r"\s", "", text.translate(_WIDE)).removesuffix("%")
    if not re.fullmatch(r"\d{1,3}(\.\d{1,6})?", bare):
        raise RateProblem("LPR 没有看懂，请按百分数填写，例如 3.00")
    exact = Decimal(bare) * 100
    if int(exact) != exact:
        raise RateProblem("LPR 只到小数点后两位")
    if not 0 < exact <= MOST_LPR_BP:
        raise RateProblem("LPR 要大于 0、不超过 15%，请核对")
    return int(exact)


def rate_text(ppm: int) -> str:
    """500 -> 「日万分之五」, 107 -> 「日万分之1.07」, 3000 -> 「日千分之三」."""
    word, scale = ("千分之", 1_000) if ppm >= 1_000 else ("万分之", 100)
    whole, rest = divmod(ppm, scale)
    if not rest and 0 < whole < 10:
        return f"日{word}{_DIGITS[whole]}"
    return f"日{word}{_decimal(whole, rest, scale)}"


def permille_text(ppm: int) -> str:
    """500 -> 「0.5‰」, as it stands in a field."""
    return _decimal(*divmod(ppm, 1_000), 1_000) + "‰"


def yearly_text(ppm: int) -> str:
    """What a daily rate comes to in 365 days: 500 -> 「年 18.25%」."""
    return f"年 {_decimal(*divmod(ppm * 365, 10_000), 10_000)}%"


def lpr_text(bp: int) -> str:
    """300 -> 「3.00%」."""
    return f"{bp // 100}.{bp % 100:02d}%"


def rate_warning(rate_ppm: int) -> str:
    """What a person must know before a daily rate is kept (law §7, §13.6); empty when there is nothing to say.

    Above 24 % a year the amount by contract is never printed; from 0.1 % a day on courts have cut it by far.
    """
    if rate_ppm * 365 <= YEARLY_LIMIT_PPM:
        return ""
    text = (
        f"{rate_text(rate_ppm)}折合{yearly_text(rate_ppm)}，超过年 24%：按它算出的金额不能打印，只能按 LPR×1.3 主张。"
    )
    if rate_ppm >= STEEP_PPM:
        text += "每天千分之一以上的约定，业主提出过高时法院一般会大幅调低，不宜照此向业主开口。"
    return text


def _number(text: str) -> Decimal:
    if text == "半":
        return Decimal("0.5")
    if text[0].isdigit():
        return Decimal(text)
    whole, _, rest = text.partition("点")
    digits = "".join(str(_DIGITS.index(char)) for char in rest)
    return Decimal(f"{_whole(whole)}.{digits}" if digits else _whole(whole))


def _whole(text: str) -> int:
    """「五」 5, 「十」 10, 「十五」 15, 「二十」 20."""
    if "十" not in text:
        if len(text) != 1:
            raise RateProblem("费率没有看懂，请写成 万分之五、0.5‰ 或 0.05%")
        return _DIGITS.index(text)
    tens, _, ones = text.partition("十")
    if any(len(part) > 1 or part in ("零", "十") for part in (tens, ones)):
        raise RateProblem("费率没有看懂，请写成 万分之五、0.5‰ 或 0.05%")
    return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)


def _decimal(whole: int, rest: int, scale: int) -> str:
    """`whole` and `rest`/`scale` (a power of ten) as a decimal without trailing zeros."""
    digits = f"{rest:0{len(str(scale)) - 1}d}".rstrip("0")
    return f"{whole}.{digits}" if digits else str(whole)
