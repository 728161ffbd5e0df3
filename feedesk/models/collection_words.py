"""What the figures of `collection` say in words: on screen, on the clipboard and in the workbook alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from feedesk.models.collection import SHORT_BP, Figures, Part, Rate
from feedesk.models.days import short_day
from feedesk.models.money import show, show_yuan
from feedesk.models.periods import Period
from feedesk.models.yearly_plan import WHOLE

OUTSIDE = "清单外"
NO_BUILDING = "未分栋"


def show_rate(bp: int | None) -> str:
    """7236 -> 「72.4」; 100 only when nothing is missing, 0 only when there is nothing; — when nothing can be said."""
    tenths = _tenths(bp)
    return "—" if tenths is None else f"{tenths // 10}.{tenths % 10}"


def show_percent(bp: int | None) -> str:
    """7236 -> 「72%」, for the charts: 100 % and 0 % as in `show_rate`."""
    if bp is None:
        return "—"
    whole = (bp + 50) // 100
    if bp < WHOLE:
        whole = min(whole, 99)
    return f"{max(whole, 1) if bp else 0}%"


def show_target(bp: int) -> str:
    """7800 -> 「78%」, 7825 -> 「78.25%」: a plan is shown as it was set."""
    text = f"{bp // 100}.{bp % 100:02d}".rstrip("0").rstrip(".")
    return f"{text}%"


def _tenths(bp: int | None) -> int | None:
    if bp is None:
        return None
    tenths = (bp + 5) // 10
    if bp < WHOLE:
        tenths = min(tenths, WHOLE // 10 - 1)
    return max(tenths, 1) if bp else 0


def difference(rate: Rate) -> str:
    """「差 5.6 点」 as the figures shown differ, 「达到」, or empty without a target."""
    shown, target = _tenths(rate.bp), _tenths(rate.target_bp)
    if shown is None or target is None:
        return ""
    if rate.is_reached:
        return "达到"
    short = max(1, target - shown)
    return f"差 {short // 10}.{short % 10} 点"


def bar_difference(rate: Rate) -> str:
    """「差 12 点」 in whole points for the charts, where the rates stand in whole percent."""
    if rate.bp is None or rate.target_bp is None:
        return ""
    if rate.is_reached:
        return "达到"
    return f"差 {max(1, (rate.short_bp + 50) // 100)} 点"


def is_far_below(rate: Rate) -> bool:
    """Whether a bar is marked as falling short."""
    return rate.short_bp >= SHORT_BP


def building_name(building: str) -> str:
    """「3」 -> 「3 栋」, 「商铺A」 as it is."""
    if not building:
        return NO_BUILDING
    return f"{building} 栋" if building.isascii() and building.isalnum() else building


def buildings_basis(figures: Figures) -> str:
    """What the rates of buildings are made of, and that they are not held against the plan when they cannot be."""
    if figures.target_bp is not None and figures.building_bp is None:
        return "各栋按清单内账目，不与计划比：没有欠费的户不在清单里。"
    return "各栋按清单内账目。"


def parts_of(figures: Figures) -> tuple[tuple[str, Part], ...]:
    """Buildings by name, and what no list has named where the plan tells of more; their sum is the total."""
    named = tuple((building_name(building), part) for building, part in figures.buildings)
    return (*named, (OUTSIDE, figures.outside)) if figures.outside != Part() else named


@dataclass(frozen=True, slots=True)
class Card:
    """One of the three figures, ready to be shown."""

    key: str
    title: str
    definition: str
    rate: Rate
    what: str
    """The definition with its numbers."""
    basis: str
    """Where the receivable or the households come from, in a few words."""
    notes: tuple[str, ...]
    """How it was counted, one sentence each."""
    plan: str
    """「计划 78%」, or that there is none."""

    @property
    def difference(self) -> str:
        """In words, against the plan."""
        return difference(self.rate)


RATE, HOUSEHOLDS, RECOVERY = "rate", "households", "recovery"


def cards(figures: Figures) -> tuple[Card, Card, Card]:
    """收费率, 户收费率, 清缴率."""
    total = figures.total
    return (
        Card(
            RATE,
            "收费率",
            "当期实收 ÷ 当期应收",
            figures.rate,
            f"当期实收 {show(total.collected)} ÷ 当期应收 {show(total.receivable)}",
            " · ".join(part for part in (_basis(figures), _answers(figures)) if part),
            _rate_notes(figures),
            _plan(figures.target_bp, weighed=len(figures.counted) > 1),
        ),
        Card(
            HOUSEHOLDS,
            "户收费率",
            "已交户 ÷ 收费户",
            figures.household_rate,
            f"已交 {total.paid:,} 户 ÷ 收费 {total.households:,} 户",
            ("收费户按财务填的数" if figures.households_by_plan else "按清单内账目") if total.households else "",
            _household_notes(figures),
            _plan(figures.household_bp),
        ),
        Card(
            RECOVERY,
            "清缴率",
            "欠费追回 ÷（欠费追回 + 历史欠费）",
            figures.recovery_rate,
            f"追回 {show(figures.recovered)} ÷（追回 + 历史欠费 {show(figures.old_open)}）",
            f"{_month(figures.span.first)}以前的账" if figures.recovery_rate.under else "",
            _recovery_notes(figures),
            _plan(figures.recovery_bp),
        ),
    )


def cautions(figures: Figures) -> tuple[str, ...]:
    """What must be known or mended before the figures are passed on, one sentence each."""
    found = []
    by_books = [month.month for month in figures.counted if not month.by_plan]
    low = [month.month for month in figures.counted if month.too_low]
    if not figures.counted:
        found.append(f"清单还没有说到{figures.span.text()}，没有可算的账。")
    elif set(by_books) - set(low):
        found.append(
            f"{_months(by_books)}只算清单里的账，没有欠费的户不在里面，收费率偏低；在年度计划里填上财务的应收和户数，才是全部。"
        )
    if low:
        found.append(f"{_months(low)}计划里的应收比清单内账目还少，按账目算，请核对。")
    if figures.households_too_low:
        found.append("计划里的收费户数比清单内的户数还少，按清单内算，请核对。")
    if figures.left_out and figures.counted:
        found.append(f"{_months(figures.left_out)}还没有清单，没有算进来。")
    if figures.undated[0]:
        count, amount = figures.undated
        found.append(f"另有 {count:,} 笔不知哪个月的账，尚欠 {show_yuan(amount)}，哪个数里都没有。")
    return tuple(found)


def _plan(bp: int | None, *, weighed: bool = False) -> str:
    """A plan as it was set; one weighed from several months to a tenth of a point, as the figure beside it."""
    if bp is None:
        return "没有定计划"
    tenths = f"{show_rate(bp)}".removesuffix(".0")
    return f"计划 {tenths}%" if weighed else f"计划 {show_target(bp)}"


def _answers(figures: Figures) -> str:
    """Who answers for the months counted, when it is one person."""
    people = {month.answers for month in figures.counted if month.answers}
    return f"负责人 {people.pop()}" if len(people) == 1 else ""


def _basis(figures: Figures) -> str:
    ways = {month.by_plan for month in figures.counted}
    if ways == {True} and figures.waived:
        return f"应收按财务填的 {_less_waived(figures)}"
    return {(): "", (True,): "应收按财务填的数", (False,): "按清单内账目"}.get(tuple(ways), "部分月份按清单内账目")


def _rate_notes(figures: Figures) -> tuple[str, ...]:
    found = []
    by_plan = [month.month for month in figures.counted if month.by_plan]
    by_books = [month.month for month in figures.counted if not month.by_plan]
    is_less = figures.waived and not by_books
    if is_less:
        found.append(f"{_months(by_plan)}应收按财务填的 {_less_waived(figures)}，实收 = 应收 − 尚欠；减免不算实收。")
    elif by_plan:
        found.append(f"{_months(by_plan)}应收按财务填的数，实收 = 应收 − 尚欠。")
    if by_books:
        found.append(f"{_months(by_books)}按清单内账目。")
    if figures.counted:
        found.append("一笔收几个月的，平均分到各月，收到的先算最早的月。")
    if figures.waived and not is_less:
        found.append(f"应收已减去减免 {show_yuan(figures.waived)}：减免不算实收。")
    if figures.target_bp is not None and len(figures.counted) > 1:
        found.append("计划按各月应收加权。")
    return tuple(found)


def _less_waived(figures: Figures) -> str:
    """「234,203.80 − 减免 53.20」: what was typed into the plan, and what was let off since."""
    return f"{show(figures.total.receivable + figures.waived)} − 减免 {show(figures.waived)}"


def _household_notes(figures: Figures) -> tuple[str, ...]:
    if not figures.total.households:
        return ()
    first = "收费户按财务填的数，已交户 = 收费户 − 还有欠费的户。" if figures.households_by_plan else "按清单内账目。"
    return (first, "这段时间的账全缴清的，才算已交户。")


def _recovery_notes(figures: Figures) -> tuple[str, ...]:
    span = figures.span
    if not figures.recovery_rate.under:
        return (f"{_month(span.first)}以前的账，没有欠费也没有追回。",)
    end = short_day(span.end, span.as_of)
    return (
        f"追回：{short_day(span.first_day, span.as_of)} 至 {end} 收到的{_month(span.first)}以前的钱。",
        f"历史欠费：到 {end} 还欠的{_month(span.first)}以前的钱。",
    )


def _month(month: int) -> str:
    return Period.span(month, month).text()


def _months(months: Iterable[int]) -> str:
    period = Period.of(months)
    return period.text() if period else ""
