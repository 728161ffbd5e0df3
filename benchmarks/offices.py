"""Invented offices of any size, filled through the same doors as in the program. People, rooms and phones are made up."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from feedesk.models.accounts import Category
from feedesk.models.arrears_list import ListedAccount, ListedCharge, Reading
from feedesk.models.contacts import Channel, ClaimDraft, ContactDraft, NextAction, Outcome, PromiseDraft
from feedesk.models.import_diff import plan_import
from feedesk.models.import_plan import PlanOptions
from feedesk.models.office import OfficeProfile
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.periods import Period
from feedesk.models.store import Office
from feedesk.reports.fonts import Fonts
from feedesk.tasks.notices import PaperOptions, default_options, issue_pdf, propose_batch

_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜曾解单查仇"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华建文辉力玲亦舟若宁知远"
_REMARKS = ("", "", "", "", "", "9 月已转账，待查", "报修漏水，等维修", "常住外地")


class OfficeClock:
    """The time of an office that is being made."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Workshop:
    """The offices of one run, each made when first asked for. `quick` makes small ones, for trying the jobs out."""

    def __init__(self, folder: Path, *, quick: bool = False) -> None:
        self.folder = folder
        self.quick = quick

    def size(self, full: int) -> int:
        """A number of accounts, rows or papers; a hundredth of it when quick."""
        return max(40, full // 100) if self.quick else full

    def repeats(self, full: int) -> int:
        """How often a thing is measured."""
        return 1 if self.quick else full

    @cached_property
    def lived_in(self) -> Path:
        """An office of 5,000 accounts with three years behind it."""
        return make_office(self.folder / "明湖花园.feedesk", self.size(5_000), years=3, contacts=self.size(400))

    @cached_property
    def large(self) -> Path:
        """An office of 50,000 accounts."""
        return make_office(self.folder / "安和新城.feedesk", self.size(50_000), years=1, contacts=self.size(300))


def make_office(path: Path, accounts: int, years: int, contacts: int, seed: int = 20261121) -> Path:
    """An office file: a list a year, contacts with promises over the last two months, some notices; closed again."""
    dice = random.Random(seed)
    now = datetime.now().replace(second=0, microsecond=0)
    clock = OfficeClock(now - timedelta(days=365 * (years - 1) + 70))
    profile = OfficeProfile(office=f"{path.stem}服务中心", estate=path.stem, phone="0000-6688 1200")
    office = Office.create(path, profile, "许宁", "小许", clock)
    try:
        households = [household(number, dice) for number in range(accounts)]
        for year in range(years):
            clock.now = now - timedelta(days=365 * (years - 1 - year) + 66)
            as_of = clock.now.date() - timedelta(days=2)
            households = [_a_year_on(one, as_of, dice) for one in households]
            import_list(office, tuple(one for one in households if one.charges), as_of)
        _contacts(office, clock, now, contacts, dice)
        clock.now = now
        _notices(office, path.parent, max(10, contacts // 5))
    finally:
        office.close()
    Office.open(
        path, lambda: now
    ).close()  # so that today's states are derived already, as after the first start of a day
    return path


def household(number: int, dice: random.Random) -> ListedAccount:
    """An owner of one of the estate's rooms, owing nothing yet."""
    building, rest = divmod(number, 240)
    unit, door = divmod(rest, 60)
    floor, side = divmod(door, 4)
    return ListedAccount(
        room=f"{building + 1}-{unit + 1}-{(floor + 1) * 100 + side + 1}",
        building=str(building + 1),
        name=dice.choice(_FAMILY) + "".join(dice.choice(_GIVEN) for _ in range(dice.randint(1, 2))),
        salutation=dice.choice(("先生", "女士")),
        tenant="",
        phones=tuple(f"1{dice.choice('3589')}{dice.randrange(10**9):09d}" for _ in range(dice.choice((1, 1, 2)))),
        area=str(dice.randint(60, 160)),
        property_state="",
        finance_number="",
        remark=dice.choice(_REMARKS),
        flags=(),
        charges=(),
    )


def _a_year_on(household: ListedAccount, as_of: date, dice: random.Random) -> ListedAccount:
    """Some have paid all that was open, some the oldest of it; then the fees of the year fall due."""
    paid = dice.random()
    left = () if paid < 0.15 else household.charges[2:] if paid < 0.5 else household.charges
    fee = dice.randint(30_000, 120_000)
    first = as_of.year * 12
    fresh = [("物业费", Period.span(first + start, first + start + 2), fee) for start in (0, 3, 6)]
    fresh.append(("公摊水电费", Period.span(first, first + 5), dice.randint(2_000, 30_000)))
    if paid < 0.05:
        fresh = []
    charges = tuple(ListedCharge("欠费清单", 2, item, period, owed) for item, period, owed in fresh)
    return replace(household, charges=left + charges)


def import_list(office: Office, households: tuple[ListedAccount, ...], as_of: date) -> None:
    """A full list of these, applied the careful way; who is gone from it has paid."""
    reading = Reading(
        file=f"欠费清单-{as_of}.xlsx",
        sha256=f"{as_of.toordinal():064x}",
        shape="",
        as_of=as_of,
        period=None,
        sheets=(),
        accounts=households,
        rejected=(),
        skipped=(),
        questions=(),
        checks=(),
    )
    options = PlanOptions(as_of=as_of, careful=True, gone_is_paid=True)
    office.imports.apply(plan_import(reading, office.imports.held(as_of), options))


_OUTCOMES = (
    Outcome.PROMISED, Outcome.PROMISED, Outcome.NO_ANSWER, Outcome.NO_ANSWER, Outcome.NO_DAY, Outcome.REFUSED,
    Outcome.DISPUTE, Outcome.AWAY, Outcome.SAYS_PAID, Outcome.OFF,
)  # fmt: skip


def _contacts(office: Office, clock: OfficeClock, now: datetime, count: int, dice: random.Random) -> None:
    """One a time over the last sixty days, the latest of them today."""
    owing = office.accounts.rows(OwnerFilter(chip=Chip.OWING), "room")
    for number in range(count):
        row = owing[dice.randrange(len(owing))]
        ago = timedelta(days=(count - 1 - number) * 60 // count)
        at = datetime.combine((now - ago).date(), time(10, number % 60))
        clock.now = min(now, at + timedelta(minutes=1))
        outcome = _OUTCOMES[number % len(_OUTCOMES)]
        due = at.date() + timedelta(days=dice.randint(1, 9))
        office.contacts.add(
            ContactDraft(
                account_ids=(row.account_id,),
                at=min(at, clock.now),
                channel=Channel.PHONE,
                number="",
                outcome=outcome,
                said="出差刚回来，说这几天转",
                category=Category.A if outcome is Outcome.PROMISED else Category.B,
                next_action=NextAction(datetime.combine(due, time()), False, "到期前一天提醒"),
                promise=PromiseDraft(due, row.owed) if outcome is Outcome.PROMISED else None,
                claim=ClaimDraft(at.date(), row.owed, "转账") if outcome is Outcome.SAYS_PAID else None,
                override_reason="业主约定的时间",
            )
        )


def _notices(office: Office, folder: Path, count: int) -> None:
    owing = office.accounts.rows(OwnerFilter(chip=Chip.OWING), "room")
    fonts = Fonts()
    batch = propose_batch(office, owing.ids()[:count], default_options(office), fonts)
    issue_pdf(office, batch.notices, folder / f"{office.path.stem}-催款单.pdf", PaperOptions(), fonts, None)
