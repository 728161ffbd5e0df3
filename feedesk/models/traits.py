"""How an account is classified besides A–E and debtor type (domain §4): severity, habit, attitude, residence, property."""

from __future__ import annotations

from enum import StrEnum

HABITS = ("", "主动型", "规律型", "被动型")
"""缴费习惯."""
ATTITUDES = ("", "理解型", "争执型", "逃避型")
"""沟通态度."""
RESIDENCES = ("", "自住", "出租", "投资空置", "未收房")
"""居住情况."""
PROPERTY_KINDS = ("", "住宅", "商铺", "别墅", "写字楼")
"""物业类型; it belongs to the unit."""


class Severity(StrEnum):
    """欠费程度, by age and amount."""

    LIGHT = "light"
    MEDIUM = "medium"
    SEVERE = "severe"


SEVERITY_LABELS = {Severity.LIGHT: "轻微", Severity.MEDIUM: "中度", Severity.SEVERE: "严重"}
