"""What is on file about one owner, said as a text says it: every day by its date, for it may be read tomorrow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from feedesk.models import people
from feedesk.models.charges import Charge, open_period
from feedesk.models.ledger.plans import Instalment
from feedesk.models.office import OfficeProfile
from feedesk.models.periods import Period
from feedesk.models.scripts.context import amount_text, items_text, pay_ways, period_text, ways_text
from feedesk.models.texts.choose import Chosen, TextDraft, UnitFacts, broken_promise
from feedesk.models.texts.compose import Signature, compose
from feedesk.models.texts.templates import TextKind, TextTemplate

_MOST_ROOMS = 2
_MOST_SPANS = 3


def draft(
    chosen: Chosen, template: TextTemplate, profile: OfficeProfile, signature: Signature, today: date, festival: str
) -> TextDraft:
    """The owner's own text; a tenant of any of his units is never named in it."""
    tenants = [unit.tenant.strip() for unit in chosen.owner.units if unit.tenant.strip()]
    names = {unit.name for unit in chosen.owner.units}
    composed = compose(
        template,
        values_of(chosen, template.kind, profile, today, festival),
        signature,
        never=[tenant for tenant in tenants if not any(tenant in name for name in names)],
    )
    return TextDraft(
        owner_id=chosen.owner.owner_id,
        account_ids=tuple(unit.account_id for unit in chosen.units),
        rooms=tuple(unit.room for unit in chosen.units),
        name=chosen.units[0].name,
        number=chosen.number,
        template=template.ref,
        title=template.title,
        composed=composed,
        why=chosen.why,
        amount=sum(line.owed for line in chosen.lines),
    )


def values_of(
    chosen: Chosen, kind: TextKind, profile: OfficeProfile, today: date, festival: str = ""
) -> dict[str, str]:
    """Placeholder -> value, for those that are known."""
    owner, units, lines = chosen.owner, chosen.units, chosen.lines
    name = units[0].name.strip()
    period = _period(lines)
    owed = sum(line.owed for line in lines)
    found = {
        "称呼": people.address(name, units[0].salutation) if name else "",
        "小区": profile.estate.strip(),
        "房号": _rooms(units),
        "期间": _period_text(period, today) if period else "",
        "费项": items_text(_items(lines)),
        "金额": amount_text(owed) if owed else "",
        "缴费方式": ways_text(pay_ways(profile)),
        "缴费地点": profile.address.strip(),
        "办公室": profile.office.strip(),
        "电话": profile.phone.strip(),
    }
    due = min((line.due_on for line in lines if line.due_on and line.due_on >= today), default=None)
    last = owner.texted_on[-1] if owner.texted_on else None
    more = {"到期日": _day(due, today), "上次提醒日": _day(last, today), "节日": festival}
    more |= _promised(units, kind, today)
    more |= _instalment(_current(units) if kind is TextKind.INSTALMENT else None, today)
    served = max((unit.served for unit in units if unit.served), default=None)
    if served is not None:
        more |= {"送单日": _day(served[0], today), "送单处": served[1]}
    if owner.paid is not None:
        more |= {"缴费日": _day(owner.paid[0], today), "已缴金额": amount_text(owner.paid[1])}
    return {place: value for place, value in {**found, **more}.items() if value}


def sample_values(profile: OfficeProfile, today: date) -> dict[str, str]:
    """An invented owner in this office, with every placeholder known: for looking at a template."""
    earlier, later = today - timedelta(days=14), today + timedelta(days=1)
    return {
        "称呼": "林女士",
        "小区": profile.estate or "本小区",
        "房号": "3-2-1502",
        "期间": "4–12 月",
        "费项": "物业费和水费",
        "金额": amount_text(344_635),
        "缴费方式": ways_text(pay_ways(profile)),
        "缴费地点": profile.address or "服务中心前台",
        "办公室": profile.office,
        "电话": profile.phone or "0000-6688 1200",
        "到期日": _day(later, today),
        "上次提醒日": _day(earlier, today),
        "约定日": _day(later, today),
        "承诺日": _day(earlier, today),
        "承诺金额": amount_text(344_635),
        "分期期次": "第 2 期",
        "分期日": _day(later, today),
        "分期金额": amount_text(114_900),
        "送单日": _day(earlier, today),
        "送单处": "您家门口",
        "节日": "春节",
        "缴费日": _day(earlier, today),
        "已缴金额": amount_text(344_635),
    }


def _day(day: date | None, today: date) -> str:
    """11 月 24 日; with the year when it is another."""
    if day is None:
        return ""
    plain = f"{day.month} 月 {day.day} 日"
    return plain if day.year == today.year else f"{day.year} 年 {plain}"


def _rooms(units: Sequence[UnitFacts]) -> str:
    rooms = [unit.room for unit in units]
    return "、".join(rooms) if len(rooms) <= _MOST_ROOMS else f"{rooms[0]} 等 {len(rooms)} 套"


def _period(lines: Sequence[Charge]) -> Period | None:
    """All months owed for; None when a line does not tell its own: a part of the time would be untrue."""
    return open_period(list(lines)) if all(line.period for line in lines) else None


def _period_text(period: Period, today: date) -> str:
    """The months owed for, and no others: what is paid in between is not told with them. Where there are more spans than
    one reads in a message, the first and the last month and how many between them.
    """
    if len(period.spans) <= _MOST_SPANS:
        return period_text(period, today)
    return f"{period_text(Period.span(period.first, period.last), today)}当中的 {len(period.months)} 个月"


def _items(lines: Sequence[Charge]) -> tuple[str, ...]:
    totals: dict[str, int] = {}
    for line in lines:
        totals[line.item] = totals.get(line.item, 0) + line.owed
    return tuple(sorted(totals, key=lambda item: -totals[item]))


def _promised(units: Sequence[UnitFacts], kind: TextKind, today: date) -> dict[str, str]:
    if kind is TextKind.PROMISE_PAST:
        past = broken_promise(units, today)
        return {"承诺日": _day(past.due_on, today)} if past else {}
    tomorrow = today + timedelta(days=1)
    coming = [unit.promise for unit in units if unit.promise and unit.promise.is_open]
    coming = [one for one in coming if one.due_on == tomorrow]
    if not coming:
        return {}
    return {"约定日": _day(tomorrow, today), "承诺金额": amount_text(sum(one.amount - one.paid for one in coming))}


def _current(units: Sequence[UnitFacts]) -> tuple[Instalment, int] | None:
    for unit in units:
        if unit.plan is not None and unit.plan.current is not None:
            return unit.plan.current, unit.plan.missing or unit.plan.current.amount
    return None


def _instalment(current: tuple[Instalment, int] | None, today: date) -> dict[str, str]:
    if current is None:
        return {}
    part, missing = current
    return {"分期期次": f"第 {part.number} 期", "分期日": _day(part.due_on, today), "分期金额": amount_text(missing)}
