"""What is on file about an owner, said the way one speaks, for the placeholders of a script."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from feedesk.models import money, people
from feedesk.models.accounts import Account
from feedesk.models.charges import Charge, open_period
from feedesk.models.days import weekday
from feedesk.models.office import OfficeProfile, Staff
from feedesk.models.periods import Period
from feedesk.models.scripts.truth import NOTHING_ON_FILE, SpokenPaper, Truth, paper_for
from feedesk.models.workdays import add_workdays, next_workday

COUNTER = "服务中心前台"


@dataclass(frozen=True, slots=True)
class ScriptContext:
    """Values known about one call; None or empty means: not on file. Amounts in 分."""

    today: date
    name: str = ""
    salutation: str = ""
    room: str = ""
    office: str = ""
    estate: str = ""
    called: str = ""
    """How the clerk calls herself."""
    owed: int | None = None
    period: Period | None = None
    items: tuple[str, ...] = ()
    """Names of the items owed, the largest first."""
    promise_day: date | None = None
    promise_amount: int | None = None
    last_talk_on: date | None = None
    as_of: date | None = None
    dispute: str = ""
    department: str = ""
    pay_ways: tuple[str, ...] = ()
    pay_place: str = ""
    phone: str = ""
    account: str = ""
    """收款账户: holder, bank and number as one reads them out."""
    clause: str = ""
    small_talk: str = ""
    papers: tuple[SpokenPaper, ...] = ()
    """Our papers, oldest first."""
    mediator: str = ""
    mediation_on: date | None = None
    law_firm: str = ""
    lawyer_deadline: date | None = None
    court: str = ""
    case_number: str = ""
    closing_day: date | None = None
    """Set when the clerk has chosen a day; otherwise the script's own rule gives it."""

    def values(self, closing: str, requires: Collection[str] = ()) -> dict[str, str]:
        """Placeholder -> spoken value, for those that are known; `closing` is the script's rule for 收口日, `requires` the
        records it rests on, which decide of which paper it speaks.

        A promise is 承诺日 once its day is past, 约定日 until then: the two are spoken of differently.
        """
        first = self.closing_day or closing_day(closing, self.today)
        second = next_workday(first + timedelta(days=1))
        promised = day_text(self.promise_day, self.today) if self.promise_day else ""
        is_past = self.promise_day is not None and self.promise_day < self.today
        paper = paper_for(self.papers, requires)
        remote = [way for way in self.pay_ways if not way.startswith("到")]
        found = {
            "称呼": people.address(self.name.strip(), self.salutation) if self.name.strip() else "",
            "办公室": self.office,
            "自称": self.called,
            "小区": self.estate,
            "房号": self.room,
            "费项": items_text(self.items),
            "期间": period_text(self.period, self.today) if self.period else "",
            "金额": amount_text(self.owed) if self.owed else "",
            "承诺日": promised if is_past else "",
            "约定日": "" if is_past else promised,
            "承诺金额": amount_text(self.promise_amount) if self.promise_amount else "",
            "联系日": _day(self.last_talk_on, self.today) if self.last_talk_on != self.today else "",
            "账单截至": day_text(self.as_of, self.today) if self.as_of else "",
            "异议": self.dispute,
            "责任部门": self.department,
            "收口日": day_text(first, self.today),
            "备选日": day_text(second, self.today),
            "缴费方式": ways_text(self.pay_ways),
            "转账方式": ways_text(remote),
            "缴费地点": self.pay_place,
            "电话": self.phone,
            "收款账户": self.account,
            "合同条款": self.clause,
            "寒暄": self.small_talk,
            "函件": paper.label if paper else "",
            "函件日": _day(paper.on if paper else None, self.today),
            "函件期限": _day(paper.deadline if paper else None, self.today),
            "调解组织": self.mediator,
            "调解日": _day(self.mediation_on, self.today),
            "律所": self.law_firm,
            "律师函期限": _day(self.lawyer_deadline, self.today),
            "法院": self.court,
            "案号": self.case_number,
        }
        return {name: value.strip() for name, value in found.items() if value and value.strip()}


def context_for(
    account: Account,
    office: OfficeProfile,
    staff: Staff,
    charges: Sequence[Charge],
    today: date,
    *,
    promise: tuple[date, int] | None = None,
    last_talk_on: date | None = None,
    as_of: date | None = None,
    dispute: str = "",
    department: str = "",
    truth: Truth = NOTHING_ON_FILE,
    small_talk: str = "",
    over: Collection[int] = (),
) -> ScriptContext:
    """The context of a call to this account; `promise` is the latest one given, kept or not, `truth` what is on file.

    One call is for all units of the owner: `charges` are those of all, and room and sum tell all of them. Lines that
    are held, and those whose time is `over` (charge ids; 诉讼时效, law §9), are not asked for, unless every line is.
    """
    open_charges = [charge for charge in charges if charge.owed > 0]
    asked = [charge for charge in open_charges if not charge.hold and charge.id not in over]
    free = account.owed_together - sum(charge.owed for charge in open_charges) + sum(charge.owed for charge in asked)
    if free > 0:
        open_charges = asked
    totals: dict[str, int] = {}
    for charge in open_charges:
        totals[charge.item] = totals.get(charge.item, 0) + charge.owed
    return ScriptContext(
        today=today,
        name=account.name,
        salutation=account.salutation,
        room=" ".join(part for part in (account.row.room, account.units_text) if part),
        office=office.office,
        estate=office.estate,
        called=staff.called or staff.name,
        owed=free if free > 0 else account.owed_together,
        period=open_period(open_charges),
        items=tuple(sorted(totals, key=lambda item: -totals[item])),
        promise_day=promise[0] if promise else None,
        promise_amount=promise[1] if promise else None,
        last_talk_on=last_talk_on,
        as_of=as_of,
        dispute=dispute,
        department=department,
        pay_ways=pay_ways(office),
        pay_place=office.address or COUNTER,
        phone=office.phone,
        account="，".join(filter(None, (office.bank_holder, office.bank_name, _grouped(office.bank_number)))),
        clause=office.contract_clause,
        small_talk=small_talk,
        papers=truth.papers,
        mediator=truth.mediator,
        mediation_on=truth.mediation_on,
        law_firm=truth.law_firm,
        lawyer_deadline=truth.lawyer_deadline,
        court=truth.court,
        case_number=truth.case_number,
    )


def _day(day: date | None, today: date) -> str:
    return day_text(day, today) if day else ""


def _grouped(number: str) -> str:
    """An account number in groups of four, as it is read out."""
    digits = number.replace(" ", "")
    return " ".join(digits[place : place + 4] for place in range(0, len(digits), 4)) if digits.isdigit() else number


def pay_ways(office: OfficeProfile) -> tuple[str, ...]:
    """How one can pay, as far as the office has told: 银行转账, 扫码, and always at the counter."""
    ways = (["银行转账"] if office.bank_number else []) + (["扫码"] if office.payment_code_sha else [])
    return (*ways, f"到{COUNTER}")


def closing_day(rule: str, today: date) -> date:
    """The day a call asks for: near enough to be kept in mind, far enough to be kept (domain §5, technique 2)."""
    if rule == "tomorrow":
        return today + timedelta(days=1)
    if rule == "two_workdays":
        return add_workdays(today, 2)
    if rule == "week":
        return add_workdays(today + timedelta(days=6), 1)
    if rule == "month_end":
        end = today.replace(day=monthrange(today.year, today.month)[1])
        return end if (end - today).days >= 3 else add_workdays(end, 3)
    if rule != "friday":
        raise ValueError(f"no such rule for the closing day: {rule!r}")
    ahead = 4 - today.weekday()
    return today + timedelta(days=ahead if ahead >= 2 else ahead + 7)


def day_text(day: date, today: date) -> str:
    """今天, 明天, 本周五 11 月 20 日, 下周二 11 月 24 日, 11 月 30 日, 2025 年 11 月 30 日."""
    if day == today:
        return "今天"
    if day == today + timedelta(days=1):
        return "明天"
    plain = f"{day.month} 月 {day.day} 日"
    if day.year != today.year and not timedelta() < day - today < timedelta(days=180):
        return f"{day.year} 年 {plain}"
    monday = today - timedelta(days=today.weekday())
    if day > today and day < monday + timedelta(days=14):
        week = "本" if day < monday + timedelta(days=7) else "下"
        return f"{week}{weekday(day)} {plain}"
    return plain


def amount_text(fen: int) -> str:
    """3,446.35 元; whole yuan without decimals, as one says them: 1,200 元."""
    return f"{money.show(fen).removesuffix('.00')} 元"


def period_text(period: Period, today: date) -> str:
    """4–12 月 when all of it lies in this year, else with the years: 2025 年 11 月–2026 年 1 月."""
    text = period.text()
    if period.first // 12 == period.last // 12 == today.year:
        text = text.replace(f"{today.year}年", "")
    return re.sub(r"(?<=年)(?=\d)|(?<=\d)(?=[年月])", " ", text)


def items_text(items: Sequence[str]) -> str:
    """物业费, 物业费和水费, 物业费等 3 项费用."""
    if len(items) > 2:
        return f"{items[0]}等 {len(items)} 项费用"
    return "和".join(items)


def ways_text(ways: Sequence[str]) -> str:
    """银行转账、扫码或到服务中心前台."""
    if len(ways) < 2:
        return "".join(ways)
    return "、".join(ways[:-1]) + "或" + ways[-1]
