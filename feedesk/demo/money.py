"""The money of the sample office: paid in part, in advance, by mistake and by plan; let off; matched from the bank."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from feedesk.demo.estate import Estate
from feedesk.errors import file_errors
from feedesk.models.charges import FeeKind
from feedesk.models.ledger.late_fee import LateFeeCap, LateFeePolicy, LprRate
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.ledger.plans import Instalment, PlanDraft
from feedesk.models.ledger.waivers import WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.money import show_yuan
from feedesk.models.office import Role, Signature, Staff
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.statements import KeptLine, LineState
from feedesk.models.store import Office
from feedesk.models.yearly_plan import MonthPlan, YearPlan
from feedesk.reports.fonts import Fonts
from feedesk.tasks import agreements, receipts, reconcile

PIN = {Role.LEADER: "1357", Role.MANAGER: "2468"}
_POLICY = LateFeePolicy("第十三条", 300, 0, LateFeeCap.LPR)
_LPR = (LprRate(date(2024, 10, 21), 310), LprRate(date(2025, 5, 20), 300))
_TARGETS = (60, 62, 64, 66, 68, 70, 72, 74, 76, 78, 80, 85)
_HEAD = ("交易日期", "摘要", "附言", "交易金额(收入)", "交易金额(支出)", "余额", "对方户名", "对方账号", "交易流水号")
_UNITS = 640
"""Units of the estate, paid or not: finance says so for the yearly plan."""


@dataclass(frozen=True, slots=True)
class BankLine:
    """A transfer as the bank lists it. Amount in 分, minus for money going out."""

    on: date
    memo: str
    amount: int
    payer: str


class Money:
    """What the story does with money, always through the program's own doors; finance's books follow."""

    def __init__(self, office: Office, estate: Estate, folder: Path, fonts: Fonts) -> None:
        self._office = office
        self._estate = estate
        self._folder = folder
        self._fonts = fonts
        self.reserved: set[str] = set()
        """Rooms whose money is told here, so that nobody else pays for them."""
        self.said: list[str] = []

    # --- rules ---

    def set_rules(self, today: date) -> None:
        """PINs, the contract's late fee, the LPR, and the plan of the year."""
        office = self._office
        office.late_fees.save_policy(_POLICY)  # from the days before anybody could sign
        signed: Signature | None = None
        for person in office.staff.all():
            if person.role in PIN:
                office.staff.set_pin(person, PIN[person.role], signed)
                signed = Signature(person, PIN[person.role])
        office.late_fees.save_lpr(_LPR)
        months = tuple(MonthPlan(target * 100, answers="许宁") for target in _TARGETS)
        office.targets.save_plan(YearPlan(today.year, months, household_bp=7_200, recovery_bp=4_000))

    def bill(self, today: date) -> None:
        """What finance billed in all for each month of the year so far: the lists name only who has not paid."""
        plan = self._office.targets.plan(today.year)
        charged = self._charged_by_month(today.year)
        months = tuple(
            MonthPlan(month.rate_bp, charged.get(number, 0) * 4 + 9_000_000, _UNITS, month.answers)
            if number <= (today.month - 1) // 3 * 3 + 3
            else month
            for number, month in enumerate(plan.months, start=1)
        )
        self._office.targets.save_plan(YearPlan(plan.year, months, plan.household_bp, plan.recovery_bp))

    def _charged_by_month(self, year: int) -> dict[int, int]:
        found: dict[int, int] = {}
        for charges in self._office.accounts.charges_by_account(self._ids().values()).values():
            for charge in charges:
                own = [month for month in charge.period.months if month // 12 == year] if charge.period else []
                for month in own:
                    share = charge.amount // len(charge.period.months) if charge.period else 0
                    found[month % 12 + 1] = found.get(month % 12 + 1, 0) + share
        return found

    def _signer(self, role: Role) -> Staff:
        return next(person for person in self._office.staff.all() if person.role is role)

    # --- rooms ---

    def _ids(self) -> dict[str, int]:
        rows = self._office.accounts.rows(OwnerFilter(chip=Chip.ALL), "room")
        return {row.room: row.account_id for row in rows if not row.is_former}

    def reserve(self, count: int, least: int, quarters: int = 1) -> list[str]:
        """Rooms of one owner each that owe at least so much for at least so many quarters, and nobody else pays."""
        names = [home.name for home in self._estate.households.values()]
        found = [
            room
            for room in self._estate.open_rooms()
            if room not in self.reserved
            and self._estate.households[room].owed >= least
            and len(self._estate.households[room].debts) >= quarters
            and names.count(self._estate.households[room].name) == 1
            and not room.startswith("商铺")
        ][3 : 3 + count]
        self.reserved.update(found)
        return found

    def owed(self, room: str) -> int:
        """What the office's own books say, in 分."""
        account_id = self._ids()[room]
        return self._office.accounts.some([account_id])[account_id].owed

    # --- taking money ---

    def take(
        self, room: str, amount: int, method: PayMethod, *, prepay: bool = False, late_fee: int = 0, note: str = ""
    ) -> int:
        """A payment at the desk; finance books it as well. Returns its number."""
        office = self._office
        share = PaymentShare(self._ids()[room], amount + late_fee, late_fee)
        day = office.session.today()
        reference = "" if method is PayMethod.CASH else f"{day:%Y%m%d}{abs(amount) % 100_000:05d}"
        done = office.payments.take(
            PaymentDraft(day, amount + late_fee, method, (share,), reference, note=note, prepay_agreed=prepay)
        )
        self._estate.pay(room, amount)
        return done.record_id

    def part_payment(self, room: str) -> None:
        """Half now."""
        half = self.owed(room) // 2 // 100 * 100
        self.take(room, half, PayMethod.WECHAT, note="先付一部分")
        self.said.append(f"{room} 先付一部分 {show_yuan(half)}，余下的仍在跟进")

    def pay_ahead(self, room: str, more: int) -> None:
        """Everything, and something for what comes next."""
        owed = self.owed(room)
        number = self.take(room, owed + more, PayMethod.TRANSFER, prepay=True)
        self._receipts([number])
        self.said.append(f"{room} 付清 {show_yuan(owed)}，多付的 {show_yuan(more)} 转为预缴，下次清单来时自动抵扣")

    def wrong_room(self, meant: str, taken: str) -> None:
        """Booked for the neighbour by mistake, reversed at once, booked again."""
        amount = self.owed(meant)
        office, share = self._office, PaymentShare(self._ids()[taken], min(amount, self.owed(taken)))
        day = office.session.today()
        wrong = office.payments.take(PaymentDraft(day, share.amount, PayMethod.CASH, (share,)))
        office.payments.reverse(wrong.record_id, "录错了户")
        self._receipts([self.take(meant, amount, PayMethod.CASH)])
        self.said.append(f"{taken} 的一笔收款录错了户：冲正后改记到 {meant}，两户的欠费都对")

    def _receipts(self, numbers: Sequence[int]) -> None:
        target = self._folder / "收据.pdf"
        receipts.receipts_pdf(self._office, numbers, target, self._fonts)

    # --- deals ---

    def agree(self, room: str, days: Sequence[date], *, waive: bool) -> None:
        """A plan in equal parts on these days, signed by the manager."""
        office, total = self._office, self.owed(room)
        part = total // len(days) // 100 * 100
        sums = [part] * (len(days) - 1) + [total - part * (len(days) - 1)]
        instalments = tuple(Instalment(n, day, fen) for n, (day, fen) in enumerate(zip(days, sums, strict=True), 1))
        draft = PlanDraft(
            (self._ids()[room],), office.session.today(), instalments, total, "按季收入不稳，申请分期", waive
        )
        done = office.plans.agree(draft, self._signer(Role.MANAGER), PIN[Role.MANAGER])
        target = self._folder / "分期付款协议.pdf"
        if not target.exists():
            agreements.agreement_pdf(office, done.record_id, target, self._fonts)
        self.said.append(f"{room} 分 {len(days)} 期付清 {show_yuan(total)}，罗经理批准，协议两份")

    def instalment(self, room: str, number: int) -> None:
        """One instalment comes in."""
        plan = self._office.plans.of_account(self._ids()[room])[0]
        part = plan.draft.instalments[number - 1]
        self.take(room, part.amount, PayMethod.WECHAT, note=f"分期第 {number} 期")

    def waive_late_fee(self, room: str, until: date) -> None:
        """The late fee is let off if the rest is paid by a day."""
        office, account_id = self._office, self._ids()[room]
        today = office.session.today()
        owed = office.late_fees.of_account(account_id, today).owed
        if owed:
            draft = WaiverDraft(account_id, WaiverTarget.LATE_FEE, WaiverKind.WAIVER, owed, None, today,
                                "愿意一次付清，申请免违约金", "许宁", until)  # fmt: skip
            office.waivers.grant(draft, self._signer(Role.LEADER), PIN[Role.LEADER])
            self.said.append(f"{room} 到 {until:%m-%d} 前付清，免违约金 {show_yuan(owed)}，何组长批准")

    def vacancy_discount(self, room: str, percent: int) -> None:
        """Nobody lives there and the contract grants a discount: on the newest 物业费."""
        office, account_id = self._office, self._ids()[room]
        charge = next(
            charge
            for charge in reversed(office.accounts.charges(account_id))
            if charge.kind is FeeKind.PROPERTY and charge.owed == charge.amount
        )
        amount = charge.amount * percent // 100
        draft = WaiverDraft(account_id, WaiverTarget.PRINCIPAL, WaiverKind.VACANCY, amount, charge.id,
                            office.session.today(), f"空置满一年，按合同减 {percent}%，已查看", "许宁")  # fmt: skip
        office.waivers.grant(draft, self._signer(Role.MANAGER), PIN[Role.MANAGER])
        self._estate.let_off(room, amount)
        self.said.append(f"{room} {charge.period_text()}空置折扣 {show_yuan(amount)}，罗经理批准")

    def split(self, room: str) -> None:
        """The lumps of a room month by month, so that its late fee can be reckoned."""
        lumps = [c for c in self._office.accounts.charges(self._ids()[room]) if c.is_lump and c.owed == c.amount]
        for lump in lumps:
            self._office.splits.split(lump.id)
        self.said.append(f"{room} 按季合在一起的 {len(lumps)} 笔按月拆开，违约金逐月算得清")

    # --- the bank ---

    def bank_file(self, rooms: Sequence[str], day: date) -> Path:
        """A bank's export of the last days: rooms in the memo, a name only, a stranger, money going out."""
        lines = []
        for count, room in enumerate(rooms):
            home, owed = self._estate.households[room], self.owed(room)
            memo = (f"{room}物业费", "物业费", f"{room} 缴物业费", f"交{room}")[count % 4]
            payer = home.name if count % 5 != 3 else "李某某"
            lines.append(
                BankLine(day - timedelta(days=1 + count % 2), memo, owed if count % 6 != 5 else owed // 2, payer)
            )
        lines.append(BankLine(day - timedelta(days=1), "绿化养护退款", 128_000, "青禾园艺有限公司"))
        lines.append(BankLine(day, "代发工资", -4_521_036, "本公司"))
        target = self._folder / f"银行流水-{day.isoformat()}.csv"
        with file_errors("银行流水", target):
            target.write_bytes(bank_text(sorted(lines, key=lambda line: line.on)).encode("gb18030"))
        return target

    def reconcile(self, statement: Path) -> None:
        """Read the bank's file and book what is sure; the rest waits for the clerk."""
        office = self._office
        reading = reconcile.read(statement, office.statements.mappings())
        results = reconcile.take_in(office, reading, book_sure=True)
        for line in office.statements.lines(states=(LineState.BOOKED,)):
            self._follow(line)
        waiting = office.statements.open_count()
        self.said.append(
            f"{statement.name}：{len(results)} 笔，自动认准并入账 {sum(line.booked for line in results)} 笔，"
            f"{waiting} 笔等核对"
        )

    def _follow(self, line: KeptLine) -> None:
        for share in line.match.shares:
            self._estate.pay(share.room, share.amount)


def bank_text(lines: Sequence[BankLine]) -> str:
    """The export as banks write it: a preamble, tabs after numbers, a closing line."""
    out = io.StringIO()
    out.write("账户明细查询\r\n\r\n账号: 0000****9000,账户名称: 安和物业服务有限公司明湖分公司\r\n\r\n")
    writer = csv.writer(out)
    writer.writerow(_HEAD)
    balance = 23_418_055
    for number, line in enumerate(lines, start=1):
        balance += line.amount
        came, went = (plain(line.amount), "-") if line.amount > 0 else ("-", plain(-line.amount))
        writer.writerow(
            [f"{line.on.isoformat()}\t", "跨行汇款", line.memo, came, went, plain(balance), line.payer,
             f"6222****{1000 + number * 37}", f"{line.on:%Y%m%d}{number:06d}\t"]
        )  # fmt: skip
    out.write("人民币合计,,,,,,,,\r\n")
    return out.getvalue()


def plain(fen: int) -> str:
    """分 as a bank writes it: 1,234.50."""
    yuan, rest = divmod(fen, 100)
    return f"{yuan:,}.{rest:02d}"
