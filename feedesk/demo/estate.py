"""The households of the sample estate, the same at every run, and finance's lists about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from feedesk.models.periods import Period, month_index
from feedesk.reports.sample_list import ListRow

_SURNAMES = "林周郑沈高许方江陆贺唐马薛邱梁白温石顾姚叶杜严程戴孟汪裴文简冉荀章詹申宁祝柳伍靳童罗蔡尹苏钟范夏侯邹"
_FIRST = "晓启家亦文念以知兰骁明大书若其敬清青小维冬棠元水一星雨云舟禾景致柏可安承嘉思远浩子宜初越乐和"
_SECOND = "岚明禾舟澜慈宁临秋清南远同言溪玉之如越川若谷安凡鸣声朗然宇轩辰希昕悦涵怡宁辉诚毅恒"
_SHOPS = ("云间茶事", "晨光文具店", "满记餐馆", "清和诊所", "好邻居超市", "木子花店")


@dataclass(frozen=True, slots=True)
class Debt:
    """What one household owes for one quarter, 分 per item in the order of `sample_list.ITEMS`."""

    period: Period
    amounts: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Household:
    """One unit with its owner and debts, oldest first."""

    room: str
    name: str
    salutation: str
    phones: tuple[str, ...]
    area: str
    debts: tuple[Debt, ...]
    remark: str = ""

    @property
    def owed(self) -> int:
        """Sum in 分."""
        return sum(sum(debt.amounts) for debt in self.debts)


@dataclass(slots=True)
class Estate:
    """All households as finance sees them now."""

    households: dict[str, Household] = field(default_factory=dict)
    not_yet: set[str] = field(default_factory=set)
    """Households that pay in time until the last list."""
    old_room: str = ""
    """Where something of nearly three years ago is still owed."""

    def pay(self, room: str, fen: int | None = None) -> None:
        """A payment that reaches finance: all, or `fen` on the oldest debts."""
        home = self.households[room]
        if fen is None:
            self.households[room] = replace(home, debts=())
            return
        left, debts = fen, []
        for debt in home.debts:
            amounts = []
            for amount in debt.amounts:
                used = min(left, amount)
                left -= used
                amounts.append(amount - used)
            if sum(amounts):
                debts.append(Debt(debt.period, (amounts[0], amounts[1], amounts[2])))
        self.households[room] = replace(home, debts=tuple(debts))

    def bill_shared(self, room: str, today: date, fen: int) -> None:
        """A shared cost of this quarter is billed afterwards."""
        home = self.households[room]
        self.households[room] = replace(home, debts=(*home.debts, Debt(quarter_of(today), (0, fen, 0))))

    def let_off(self, room: str, fen: int) -> None:
        """Finance takes a discount off the newest 物业费."""
        home = self.households[room]
        last = home.debts[-1]
        less = Debt(last.period, (last.amounts[0] - fen, *last.amounts[1:]))
        self.households[room] = replace(home, debts=(*home.debts[:-1], less))

    def sell(self, room: str, name: str, phone: str) -> None:
        """Another owner from now on."""
        self.households[room] = replace(self.households[room], name=name, phones=(phone,), salutation="先生")

    def remark(self, room: str, text: str) -> None:
        """Finance writes something beside a household."""
        self.households[room] = replace(self.households[room], remark=text)

    def open_rooms(self) -> list[str]:
        """Rooms that finance lists, in the order of the estate."""
        return [room for room, home in self.households.items() if home.owed and room not in self.not_yet]

    def fall_behind(self, count: int) -> None:
        """So many of those who paid in time are listed for the first time."""
        for room in sorted(self.not_yet)[:count]:
            self.not_yet.remove(room)

    def run_on(self, today: date, rooms: list[str]) -> None:
        """Another quarter falls due for these."""
        for room in rooms:
            home = self.households[room]
            debt = Debt(quarter_of(today), (home.debts[-1].amounts[0], 0, 0))
            if home.debts[-1].period != debt.period:
                self.households[room] = replace(home, debts=(*home.debts, debt))


def quarter_of(day: date, back: int = 0) -> Period:
    """The quarter of a day, or the one `back` quarters before."""
    first = month_index(day.year, (day.month - 1) // 3 * 3 + 1) - 3 * back
    return Period.span(first, first + 2)


def build(today: date) -> Estate:
    """138 or so households in arrears of one to seven quarters, six shops, one owner of three units."""
    random = Random(20261117)
    estate = Estate()
    names = _names(random)
    for building in range(1, 7):
        for unit in range(1, 4):
            for floor in range(1, 19):
                if random.random() > 0.46:
                    continue
                room = f"{building}-{unit}-{floor:02d}{random.randint(1, 4):02d}"
                estate.households[room] = _household(random, today, room, next(names))
    for letter in "ABCDEFGH":
        room = f"4-{random.randint(3, 14):02d}{letter}"
        estate.households[room] = _household(random, today, room, next(names))
    for number, shop in enumerate(_SHOPS, start=1):
        room = f"商铺A{number + 3:02d}"
        home = _household(random, today, room, shop, quarters=random.randint(2, 8), area=random.randint(60, 180))
        estate.households[room] = replace(home, salutation="")
    _several_units(estate)
    single = [room for room, home in estate.households.items() if len(home.debts) == 1]
    estate.not_yet.update(single[::2])
    _old_debt(estate, today)
    return estate


def _several_units(estate: Estate) -> None:
    """One owner of three units, two joint owners, and a rare character."""
    rooms = sorted(estate.households)[40:43]
    for room in rooms:
        home = estate.households[room]
        estate.households[room] = replace(home, name="顾北辰", salutation="先生", phones=("13900007788",))
    joint = sorted(estate.households)[60]
    estate.households[joint] = replace(estate.households[joint], name="郑家禾、吴念", salutation="")
    rare = sorted(estate.households)[75]
    estate.households[rare] = replace(estate.households[rare], name="王䶮", salutation="先生")


def _old_debt(estate: Estate, today: date) -> None:
    """One owner still owes a quarter of nearly three years ago: 诉讼时效 is about to run out."""
    room = sorted(estate.households)[20]
    home = estate.households[room]
    old = Debt(quarter_of(today, 11), home.debts[0].amounts)
    estate.households[room] = replace(home, debts=(old, *home.debts))
    estate.not_yet.discard(room)
    estate.old_room = room


def _names(random: Random) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        name = random.choice(_SURNAMES) + random.choice(_FIRST)
        if random.random() < 0.75:
            name += random.choice(_SECOND)
        if name not in seen and len(set(name)) == len(name):
            seen.add(name)
            yield name


def _household(
    random: Random, today: date, room: str, name: str, quarters: int | None = None, area: int | None = None
) -> Household:
    size = area or random.randint(62, 148)
    count = quarters or random.choices((1, 2, 3, 4, 6, 7), (46, 24, 14, 9, 4, 3))[0]
    rate = 420 if area else 280
    monthly = size * rate
    has_car = random.random() < 0.2
    debts = []
    newest = 0 if count == 1 or random.random() < 0.6 else 1
    for back in range(count - 1 + newest, newest - 1, -1):
        shared = random.randint(6_000, 19_000) if random.random() < 0.45 else 0
        debts.append(Debt(quarter_of(today, back), (monthly * 3, shared, 45_000 if has_car else 0)))
    phones = [f"139{random.randint(0, 9999):04d}{random.randint(0, 9999):04d}"]
    if random.random() < 0.3:
        phones.insert(0, f"0000-{random.randint(60000000, 69999999)}")
    return Household(
        room, name, random.choice(("先生", "女士")), tuple(phones), f"{size}.{random.randint(0, 99):02d}", tuple(debts)
    )


def list_rows(estate: Estate) -> list[ListRow]:
    """Finance's list of the estate: a line per unit and quarter."""
    return [
        ListRow(
            room=home.room,
            name=home.name,
            salutation=home.salutation,
            phones=home.phones,
            area=home.area,
            period=debt.period,
            amounts=debt.amounts,
            due_on=debt.period.first_day() + timedelta(days=14),
            remark=home.remark,
        )
        for room, home in estate.households.items()
        if room not in estate.not_yet
        for debt in home.debts
    ]
