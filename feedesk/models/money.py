"""Money is an integer number of 分 from file to screen; no float ever holds an amount."""

from __future__ import annotations

import re
from decimal import Decimal

MAX_FEN = 9_999_999_999
"""99,999,999.99 元: larger amounts in a list are taken for mistakes."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_PLAIN = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|-?\.\d+")
_FULL_WIDTH = {ord("０") + i: str(i) for i in range(10)} | {
    ord("．"): ".",
    ord("，"): ",",
    ord("－"): "-",
    ord("−"): "-",
    ord("\u3000"): " ",
}


class AmountProblem(ValueError):
    """A text or number that is no amount; the message is the Chinese reason."""


class ThirdDecimal(AmountProblem):
    """A true third decimal: refused on the command line, offered as 四舍五入 in the dialog.

    `rounded` is the amount in 分 that rounding half up would give.
    """

    def __init__(self, text: str, rounded: int) -> None:
        super().__init__(f"金额“{text}”精确到了分以下")
        self.rounded = rounded


def from_decimal(value: Decimal, shown: str = "", *, noise: Decimal = Decimal("0.0001")) -> int:
    """元 as a Decimal -> 分. Differences under `noise` 元 are a spreadsheet's float noise and dropped."""
    if not value.is_finite():
        raise AmountProblem(f"金额“{shown or value}”不是数字")
    if abs(value) * 100 > MAX_FEN:
        raise AmountProblem(f"金额“{shown or value}”超过 99,999,999.99")
    exact = value * 100
    fen = int(exact.to_integral_value(rounding="ROUND_HALF_UP"))
    if abs(exact - fen) > noise * 100:
        raise ThirdDecimal(shown or str(value), fen)
    return fen


def parse(text: str) -> int:
    """「￥1,535.51」「１２３.４５」「1535.5元」 -> 分; raises `AmountProblem` with the reason."""
    bare = text.translate(_FULL_WIDTH).strip().strip("\t'")
    bare = re.sub(r"^(-?)\s*(?:[¥￥]|RMB|人民币)\s*", r"\1", bare.strip(), flags=re.IGNORECASE)
    bare = re.sub(r"\s*元?$", "", bare)
    if not _PLAIN.fullmatch(bare):
        raise AmountProblem(f"金额“{text.strip()[:30]}”不是数字")
    return from_decimal(Decimal(bare.replace(",", "")), text.strip()[:30], noise=Decimal("0.0001"))


def show(fen: int) -> str:
    """分 -> 「3,446.35」, minus as −; for columns with 元 in their header."""
    sign = "−" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan:,}.{rest:02d}"


def show_yuan(fen: int) -> str:
    """分 -> 「¥3,446.35」, for an amount standing alone."""
    return ("−" if fen < 0 else "") + "¥" + show(abs(fen))


def capital(fen: int) -> str:
    """分 -> 人民币大写, as on receipts: 344635 -> 「叁仟肆佰肆拾陆元叁角伍分」."""
    if fen < 0:
        return "负" + capital(-fen)
    yuan, cents = divmod(fen, 100)
    jiao, fen_digit = divmod(cents, 10)
    text = _capital_whole(yuan) + "元" if yuan else ""
    if not cents:
        return (text or "零元") + "整"
    if jiao:
        text += _DIGITS[jiao] + "角"
    elif yuan:
        text += "零"
    return text + (_DIGITS[fen_digit] + "分" if fen_digit else "整")


def _capital_whole(yuan: int) -> str:
    groups = []
    while yuan:
        yuan, part = divmod(yuan, 10_000)
        groups.append(part)
    text = ""
    for place in range(len(groups) - 1, -1, -1):
        part = groups[place]
        if not part:
            continue
        skipped = place + 1 < len(groups) and (part < 1000 or groups[place + 1] == 0)
        text += ("零" if text and skipped else "") + _capital_group(part) + _GROUPS[place]
    return text


def _capital_group(part: int) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = part // 10**place % 10
        if digit:
            text += ("零" if gap else "") + _DIGITS[digit] + _UNITS[place]
            gap = False
        elif text:
            gap = True
    return text
