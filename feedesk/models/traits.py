"""How an account is classified besides A–E and debtor type (domain §4): severity, habit, attitude, residence, property.

Severity follows from age and amount; the others are what a clerk has learnt, and every change of them is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from feedesk.models.accounts import CATEGORY_LABELS, DEBTOR_TYPE_LABELS, Category, DebtorType
from feedesk.models.money import show_yuan

HABITS = ("", "主动型", "规律型", "被动型")
"""缴费习惯."""
ATTITUDES = ("", "理解型", "争执型", "逃避型")
"""沟通态度."""
RESIDENCES = ("", "自住", "出租", "投资空置", "未收房")
"""居住情况."""
PROPERTY_KINDS = ("", "住宅", "商铺", "别墅", "写字楼")
"""物业类型; it belongs to the unit."""
VACANT = "投资空置"
STANDING_VISITS = ("商铺", "别墅")
"""Where domain §4 asks for key follow-up by standing visits."""
UNKNOWN = "未填"
"""How an empty trait reads."""


class Severity(StrEnum):
    """欠费程度, by age and amount."""

    LIGHT = "light"
    MEDIUM = "medium"
    SEVERE = "severe"


SEVERITY_LABELS = {Severity.LIGHT: "轻微", Severity.MEDIUM: "中度", Severity.SEVERE: "严重"}


@dataclass(frozen=True, slots=True)
class SeverityLimits:
    """Where the office draws its lines. Amounts in 分; the defaults follow the legal route's ¥3,000, ¥5,000 and 1 year
    (domain §6).
    """

    light_days: int = 90
    """Light up to and with so many days overdue …"""
    light_fen: int = 3_000_00
    """… and below this amount."""
    severe_days: int = 365
    """Severe from so many days …"""
    severe_fen: int = 5_000_00
    """… or from this amount on."""


def limits_problem(limits: SeverityLimits) -> str:
    """What is wrong with these limits, one sentence; empty when they can be used."""
    if limits.light_days < 1 or limits.light_fen < 1:
        return "“轻微”的天数和金额都要大于零。"
    if limits.severe_days <= limits.light_days:
        return "“严重”的天数要比“轻微”的多。"
    if limits.severe_fen < limits.light_fen:
        return "“严重”的金额不能比“轻微”的小。"
    return ""


@dataclass(frozen=True, slots=True)
class Graded:
    """A severity with its reason; None when nothing is owed."""

    severity: Severity | None
    why: str

    @property
    def label(self) -> str:
        """轻微, 中度, 严重; empty when nothing is owed."""
        return SEVERITY_LABELS[self.severity] if self.severity else ""


def grade_of(owed: int, overdue_days: int | None, limits: SeverityLimits) -> Severity | None:
    """The grade alone, for the thousands that are only sorted by it; see `severity`."""
    if owed <= 0:
        return None
    days = overdue_days or 0
    if overdue_days is not None and overdue_days <= 0:
        return Severity.LIGHT
    if days >= limits.severe_days or owed >= limits.severe_fen:
        return Severity.SEVERE
    return Severity.MEDIUM if days > limits.light_days or owed >= limits.light_fen else Severity.LIGHT


def severity(owed: int, overdue_days: int | None, limits: SeverityLimits) -> Graded:
    """欠费程度 of `owed` 分 whose oldest open line is so many days overdue (domain §4).

    None: no due day is known, only the amount decides. Zero or less: nothing is overdue yet, however much it is.
    """
    grade = grade_of(owed, overdue_days, limits)
    if grade is None:
        return Graded(None, "没有欠费")
    if overdue_days is not None and overdue_days <= 0:
        return Graded(grade, "还没有到期")
    days, amount = overdue_days or 0, show_yuan(owed)
    if grade is Severity.SEVERE:
        told = [f"最久逾期 {days:,} 天，满 {limits.severe_days:,} 天"] * (days >= limits.severe_days)
        told += [f"欠 {amount}，满 {show_yuan(limits.severe_fen)}"] * (owed >= limits.severe_fen)
        return Graded(grade, "；".join(told))
    if grade is Severity.MEDIUM:
        told = [f"最久逾期 {days:,} 天，超过 {limits.light_days:,} 天"] * (days > limits.light_days)
        told += [f"欠 {amount}，满 {show_yuan(limits.light_fen)}"] * (owed >= limits.light_fen)
        return Graded(grade, "；".join(told))
    age = "应缴日不明" if overdue_days is None else f"逾期 {days:,} 天，不超过 {limits.light_days:,} 天"
    return Graded(grade, f"{age}；欠 {amount}，不满 {show_yuan(limits.light_fen)}")


class Trait(StrEnum):
    """What a clerk says of an account and may change; the value is what `trait_changes` keeps."""

    DEBTOR_TYPE = "debtor_type"
    CATEGORY = "category"
    HABIT = "habit"
    ATTITUDE = "attitude"
    RESIDENCE = "residence"
    PROPERTY_KIND = "property_kind"
    SENSITIVE = "sensitive"


TRAIT_LABELS = {
    Trait.DEBTOR_TYPE: "欠费类型",
    Trait.CATEGORY: "分类",
    Trait.HABIT: "缴费习惯",
    Trait.ATTITUDE: "沟通态度",
    Trait.RESIDENCE: "居住",
    Trait.PROPERTY_KIND: "房屋类型",
    Trait.SENSITIVE: "暂不联系",
}
TRAIT_WORDS = {
    Trait.HABIT: HABITS,
    Trait.ATTITUDE: ATTITUDES,
    Trait.RESIDENCE: RESIDENCES,
    Trait.PROPERTY_KIND: PROPERTY_KINDS,
}
"""The words offered for those that are words; finance may have written others for residence and property."""


def trait_text(trait: Trait, value: str) -> str:
    """A kept value as it is read: 答应了，总不来; B 暂未明确; 自住; 未填."""
    if not value:
        return "没有" if trait is Trait.SENSITIVE else UNKNOWN
    if trait is Trait.DEBTOR_TYPE:
        return DEBTOR_TYPE_LABELS[DebtorType(value)]
    if trait is Trait.CATEGORY:
        return f"{value} {CATEGORY_LABELS[Category(value)]}"
    return value


@dataclass(frozen=True, slots=True)
class TraitChange:
    """One change as kept; `before` and `after` are stored values, equal when a suggestion was confirmed."""

    at: datetime
    trait: Trait
    before: str
    after: str
    reason: str
    who: str

    @property
    def text(self) -> str:
        """「欠费类型：一般未缴 → 答应了，总不来」, 「欠费类型：确认为答应了，总不来」."""
        after = trait_text(self.trait, self.after)
        if self.before == self.after:
            return f"{TRAIT_LABELS[self.trait]}：确认为{after}"
        return f"{TRAIT_LABELS[self.trait]}：{trait_text(self.trait, self.before)} → {after}"
