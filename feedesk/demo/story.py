"""What happened in the sample office: lists, calls, promises, payments, notices, told through the program's own doors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random

from feedesk.demo.cases import Cases
from feedesk.demo.estate import Estate, build, list_rows
from feedesk.demo.money import Money
from feedesk.models.accounts import WorkGroup
from feedesk.models.arrears_list import ReadOptions
from feedesk.models.contacts import Channel, ClaimDraft, ContactDraft, Outcome, PromiseDraft
from feedesk.models.followup import propose_category, propose_next
from feedesk.models.guard import check
from feedesk.models.import_plan import ImportPlan, PlanOptions
from feedesk.models.office import OfficeProfile, Role
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.store import BackupReason, Office
from feedesk.models.workdays import add_workdays, is_workday
from feedesk.reports.fonts import Fonts
from feedesk.reports.sample_list import write_sample_list
from feedesk.tasks import lists
from feedesk.tasks import notices as papers

ESTATE = "明湖花园"
PROFILE = OfficeProfile(
    office=f"{ESTATE}服务中心",
    estate=ESTATE,
    company="安和物业服务有限公司",
    city="示例市",
    phone="0000-6688 1200",
    address="1 号楼一层，每日 8:30–20:00",
    bank_holder="安和物业服务有限公司明湖分公司",
    bank_name="示例银行明湖支行",
    bank_number="0000123456789000",
    due_day=15,
    contract_clause="《明湖花园前期物业服务合同》第十二条：物业费按季预缴，每季首月 15 日前缴清。",
)

_SAID = {
    Outcome.PROMISED: (
        "工资到账后交",
        "这两天出差，回来就转",
        "先转一部分，剩下的按时补",
        "答应手机转账",
        "说最近忙忘了",
    ),
    Outcome.NO_DAY: ("说要和家里人商量", "问公摊怎么算，已解释，没定日子", "在开会，让改天再打"),
    Outcome.SAYS_PAID: ("说前几天微信付过，请财务核对",),
    Outcome.NO_ANSWER: ("",),
    Outcome.OFF: ("",),
    Outcome.DEAD_NUMBER: ("两个号码都不通",),
    Outcome.AWAY: ("常驻外地，愿意手机转账",),
    Outcome.REFUSED: ("认为绿化没跟上，暂时不想交", "说服务没做到位，等改了再说"),
    Outcome.DISPUTE: ("主卧渗水，要求先修好", "公摊电费抄表不准，要求复核"),
    Outcome.RELATIVE: ("家人接的，请转告回电",),
    Outcome.HUNG_UP: ("没说完就挂了",),
    Outcome.DO_NOT_CALL: ("要求只用书面联系",),
    Outcome.NOBODY: ("留了封口的联系卡",),
    Outcome.MET: ("在家，聊了维修的事，说月底前交",),
}
_EARLY = (
    (Outcome.PROMISED, 56), (Outcome.NO_DAY, 7), (Outcome.NO_ANSWER, 16), (Outcome.OFF, 3), (Outcome.AWAY, 4),
    (Outcome.RELATIVE, 3), (Outcome.HUNG_UP, 2), (Outcome.REFUSED, 3), (Outcome.DEAD_NUMBER, 2),
)  # fmt: skip
_TODAY = (
    Outcome.PROMISED, Outcome.NO_ANSWER, Outcome.PROMISED, Outcome.SAYS_PAID, Outcome.NO_DAY, Outcome.PROMISED,
    Outcome.NO_ANSWER, Outcome.AWAY, Outcome.PROMISED, Outcome.DISPUTE, Outcome.NO_ANSWER, Outcome.PROMISED,
)  # fmt: skip


class StoryClock:
    """A clock that the story sets; the office believes it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The story's moment."""
        return self.now


@dataclass(frozen=True, slots=True)
class Told:
    """What the story leaves."""

    office: Office
    clock: StoryClock
    lists: tuple[Path, ...]
    said: tuple[str, ...]
    """One sentence for each thing done, for whoever watches."""


def story_end(now: datetime) -> datetime:
    """The last moment of the story: an afternoon of work not after `now`, so that nothing lies in the future."""
    day = now.date()
    if now.time() < time(16, 0) or not is_workday(day):
        day -= timedelta(days=1)
        while not is_workday(day):
            day -= timedelta(days=1)
    return datetime.combine(day, time(15, 46))


class Story:
    """Six weeks of the sample office."""

    def __init__(self, folder: Path, end: datetime, fonts: Fonts) -> None:
        self._folder = folder
        self._end = end
        self._fonts = fonts
        self._random = Random(15461117)
        self._estate: Estate = build(end.date())
        self.clock = StoryClock(end - timedelta(days=44))
        self._said: list[str] = []
        self._lists: list[Path] = []
        self._kept: list[str] = []
        self._calls = 0

    def tell(self) -> Told:
        """Live through all of it; the office is left open."""
        office = Office.create(self._folder / "office.feedesk", PROFILE, "许宁", "小许", self.clock)
        office.staff.add("周敏", "小周")
        office.staff.add("何立群", "何组长", Role.LEADER)
        office.staff.add("罗正", "罗经理", Role.MANAGER)
        money = self._money = Money(office, self._estate, self._folder, self._fonts)
        today = self._end.date()
        money.set_rules(today)
        cases = self._cases = Cases(office, self._estate, self._folder)
        self._take_list(office, today - timedelta(days=42))
        keeps, breaks, ahead = self._deals(office, today)
        cases.join_units()
        cases.choose(money.reserved)
        money.reserved.update((*cases.rooms, self._estate.old_room))
        cases.share()
        self._at(today - timedelta(days=40), time(15, 30))
        cases.talk("说再等等，没定日子")
        self._call_span(office, today - timedelta(days=40), today - timedelta(days=29), 9)
        self._at(today - timedelta(days=28), time(10, 20))
        money.instalment(keeps, 1)
        cases.talk("还是不肯定日子")
        self._demands(office, cases.ids(), today - timedelta(days=28))
        self._call_span(office, today - timedelta(days=28), today - timedelta(days=21), 9)
        self._finance_books(19, 5)
        self._take_list(office, today - timedelta(days=20))
        overdue = office.accounts.rows(OwnerFilter(overdue_over=60), "room")
        first = [row.account_id for row in overdue if row.room not in cases.uncalled][:24]
        self._demands(office, first, add_workdays(today - timedelta(days=18), 1))
        cases.classify()
        self._call_span(office, today - timedelta(days=16), today - timedelta(days=15), 22)
        self._at(today - timedelta(days=14), time(11, 5))
        money.instalment(keeps, 2)
        money.instalment(breaks, 1)
        self._call_span(office, today - timedelta(days=14), today - timedelta(days=11), 22)
        self._at(today - timedelta(days=10), time(14, 30))
        money.pay_ahead(ahead, 30_000)
        self._call_span(office, today - timedelta(days=10), today - timedelta(days=5), 22)
        self._finance_books(26, 8)
        self._estate.bill_shared(ahead, today, 18_640)
        self._estate.run_on(today, self._estate.open_rooms()[3:40:4])
        self._estate.fall_behind(21)
        self._estate.remark(self._estate.open_rooms()[9], "已转账，待入账")
        self._estate.remark(self._estate.open_rooms()[23], "客厅墙面渗水，工程部跟进")
        sold = next(room for room in self._estate.open_rooms() if len(self._estate.households[room].debts) > 1)
        self._estate.sell(sold, "秦越川", "13900005566")
        self._take_list(office, today - timedelta(days=4))
        cases.share()
        self._at(today - timedelta(days=3), time(9, 20))
        cases.remind()
        self._call_span(office, today - timedelta(days=3), today - timedelta(days=1), 17)
        self._special_cases(office)
        self._at(today - timedelta(days=1), time(17, 5))
        office.roll_day()
        cases.climb(today)
        cases.object_to_a_line(money.reserved)
        cases.leave_alone(money.reserved, today + timedelta(days=20))
        self._money_of_today(today)
        self._today(office)
        self.clock.now = self._end
        office.roll_day()
        self._next_list(today)
        return Told(office, self.clock, tuple(self._lists), (*self._said, *self._money.said, *cases.said))

    def _at(self, day: date, clock: time) -> None:
        self.clock.now = datetime.combine(day, clock)

    def _deals(self, office: Office, today: date) -> tuple[str, str, str]:
        """Two instalment plans, one to be kept and one to be broken, and a room that will pay ahead."""
        money = self._money
        keeps, breaks = money.reserve(2, 300_000, quarters=2)
        (ahead,) = money.reserve(1, 60_000)
        self._at(today - timedelta(days=40), time(9, 20))
        office.roll_day()
        kept = [
            today - timedelta(days=28),
            today - timedelta(days=14),
            today + timedelta(days=9),
            today + timedelta(days=37),
        ]
        money.agree(keeps, kept, waive=True)
        money.agree(
            breaks, [today - timedelta(days=13), today - timedelta(days=6), today + timedelta(days=20)], waive=False
        )
        return keeps, breaks, ahead

    def _money_of_today(self, today: date) -> None:
        """Yesterday and this morning at the counter, and the bank's file."""
        money = self._money
        part, meant, taken, empty = money.reserve(4, 80_000)
        waived, lump = money.reserve(2, 150_000, quarters=3)
        banked = money.reserve(11, 40_000)
        self._at(today - timedelta(days=1), time(15, 10))
        money.part_payment(part)
        self._at(today - timedelta(days=1), time(15, 40))
        money.split(lump)
        money.split(waived)
        money.waive_late_fee(waived, today + timedelta(days=10))
        money.vacancy_discount(empty, 20)
        self._at(today, time(9, 5))
        money.wrong_room(meant, taken)
        self._at(today, time(9, 20))
        money.reconcile(money.bank_file(banked, today))
        money.bill(today)

    def _take_list(self, office: Office, as_of: date) -> None:
        self._at(as_of + timedelta(days=1), time(9, 12))
        office.roll_day()
        target = self._folder / f"欠费清单-截至{as_of.isoformat()}.xlsx"
        write_sample_list(list_rows(self._estate), ESTATE, as_of, target)
        self._lists.append(target)
        reading = lists.read(target, ReadOptions(careful=True), {})
        if self._lists[1:]:
            office.backup(BackupReason.IMPORT)
        plans: list[ImportPlan] = []
        lists.apply_lists(office, [reading], PlanOptions(as_of=as_of, careful=True), on_plan=plans.append)
        counts = plans[0].diff_counts()
        self._said.append(
            f"导入 {target.name}：{len(reading.accounts)} 户；新欠费 {counts['new']}、部分缴 {counts['partly_paid']}、"
            f"已缴清 {counts['paid_off']}、业主变更 {counts['owner_changed']} 户"
        )

    def _next_list(self, as_of: date) -> None:
        """A further list that nobody has imported yet, for whoever wants to try."""
        self._finance_books(7, 4)
        self._estate.run_on(as_of, self._estate.open_rooms()[5:30:6])
        self._estate.fall_behind(6)
        target = self._folder / f"欠费清单-截至{as_of.isoformat()}（可试着导入）.xlsx"
        self._lists.append(write_sample_list(list_rows(self._estate), ESTATE, as_of, target))

    def _finance_books(self, paid: int, part: int) -> None:
        """Most of those who promised pay, and some pay a part."""
        free = [room for room in self._estate.open_rooms() if room not in self._money.reserved]
        rooms = [room for room in self._kept if room in free]
        rooms += [room for room in free[::7] if room not in rooms]
        for room in rooms[:paid]:
            self._estate.pay(room)
        for room in rooms[paid : paid + part]:
            self._estate.pay(room, self._estate.households[room].owed // 2)
        self._kept.clear()

    def _call_span(self, office: Office, first: date, last: date, a_day: int) -> None:
        day = first
        while day <= last:
            if is_workday(day):
                self._at(day, time(9, 30))
                office.roll_day()
                for call in range(a_day):
                    self.clock.now = datetime.combine(day, time(9, 35)) + timedelta(minutes=call * 15)
                    self._call_next(office, self._draw())
            day += timedelta(days=1)

    def _draw(self) -> Outcome:
        weights = [weight for _, weight in _EARLY]
        return self._random.choices(_EARLY, weights)[0][0]

    def _call_next(self, office: Office, outcome: Outcome) -> None:
        """Call whom 今日 puts first; every third call goes to somebody not yet contacted."""
        waiting = list(office.accounts.worklist())
        fresh = [row for row in waiting if row.group is WorkGroup.NEW]
        due = sorted(
            (row for row in waiting if row.group is not WorkGroup.NEW), key=lambda row: row.next_at or self.clock.now
        )
        self._calls += 1
        queue = fresh if fresh and (self._calls % 3 == 0 or not due) else due
        others = (row for row in queue if row.room not in self._cases.uncalled)
        chosen = next((row for row in others if self._may(office, row.account_id)), None)
        if chosen is not None:
            self._log(office, chosen.account_id, outcome)

    def _may(self, office: Office, account_id: int, channel: Channel = Channel.PHONE) -> bool:
        """Whether the contact guard lets the clerk call or visit at this moment of the story."""
        return office.contact_rules.check(account_id, channel, self.clock.now).allowed

    def _log(self, office: Office, account_id: int, outcome: Outcome, channel: Channel = Channel.PHONE) -> None:
        account = office.accounts.get(account_id)
        now = self.clock.now
        if account.row.owed == 0 or account.do_not_call:
            return
        history = office.contact_rules.of_account(account_id, now)
        if not check(channel, now, history).allowed:
            return
        promise = claim = None
        if outcome is Outcome.PROMISED:
            day = now.date() + timedelta(days=self._random.choice((1, 2, 3, 4, 6, 7, 9)))
            promise = PromiseDraft(day, account.row.owed)
            if self._random.random() < 0.62:
                self._kept.append(account.row.room)
        if outcome is Outcome.SAYS_PAID:
            claim = ClaimDraft(now.date() - timedelta(days=1), account.row.owed, "微信")
        category, _ = propose_category(channel, outcome, history)
        following = propose_next(outcome, category, promise, now, history, channel=channel)
        said = self._random.choice(_SAID.get(outcome, ("",)))
        kind, department = ("金额不符", "财务部") if "公摊" in said else ("房屋质量", "工程部")
        is_dispute = outcome is Outcome.DISPUTE
        number = account.phones[-1].number if account.phones and channel is Channel.PHONE else ""
        office.contacts.add(
            ContactDraft(
                account_ids=(account_id,),
                at=now,
                channel=channel,
                number=number,
                outcome=outcome,
                said=said,
                category=category,
                next_action=following,
                promise=promise,
                claim=claim,
                script_id=self._script(office, account_id, channel),
                dispute_kind=kind if is_dispute else "",
                dispute_department=department if is_dispute else "",
            )
        )

    def _script(self, office: Office, account_id: int, channel: Channel) -> str:
        """The script beside the owner while the clerk speaks."""
        call = office.script_calls.of(account_id, office.session.require_clerk())
        library = office.scripts.library()
        chosen = library.choose(call.debtor_type, call.account.row.step, channel, call.facts, call.truth)
        said = chosen.script or chosen.answer
        return said.ref if said is not None else ""

    def _demands(self, office: Office, ids: Sequence[int], day: date) -> None:
        self._at(day, time(16, 20))
        office.roll_day()
        batch = papers.propose_batch(office, ids, papers.default_options(office), self._fonts)
        target = self._folder / f"催款单-{day.isoformat()}.pdf"
        papers.issue_pdf(office, batch.notices, target, papers.PaperOptions(), self._fonts, None)
        self._said.append(f"出催款单 {len(batch.notices)} 张：{target.name}")

    def _special_cases(self, office: Office) -> None:
        """One of each kind that a clerk meets: a visit in vain, a dead number, no more calls, a dispute, a refusal."""
        rows = office.accounts.rows(OwnerFilter(chip=Chip.OWING), "owed", descending=True)
        ids = [row.account_id for row in rows if row.room not in self._cases.uncalled]
        cases: tuple[tuple[int, Outcome, Channel], ...] = (
            (2, Outcome.DISPUTE, Channel.PHONE),
            (5, Outcome.REFUSED, Channel.PHONE),
            (8, Outcome.DO_NOT_CALL, Channel.PHONE),
            (11, Outcome.DEAD_NUMBER, Channel.PHONE),
            (14, Outcome.NOBODY, Channel.VISIT),
            (17, Outcome.AWAY, Channel.PHONE),
        )
        for minute, (place, outcome, channel) in enumerate(cases):
            self._at(self._end.date() - timedelta(days=1), time(16, 10 + minute * 7))
            chosen = next((one for one in ids[place : place + 3] if self._may(office, one, channel)), ids[place])
            self._log(office, chosen, outcome, channel)

    def _today(self, office: Office) -> None:
        today = self._end.date()
        self._at(today, time(9, 30))
        office.roll_day()
        for count, outcome in enumerate(_TODAY):
            self.clock.now = datetime.combine(today, time(9, 42)) + timedelta(minutes=19 * count)
            self._call_next(office, outcome)
        self._said.append(f"今天已联系 {len(_TODAY)} 户")


def print_papers(
    told: Told, folder: Path, fonts: Fonts, export: Callable[[Office, Path, date, date], object]
) -> list[str]:
    """Today's 催款单 and 催缴记录表."""
    office = told.office
    rows = office.accounts.rows(OwnerFilter(overdue_over=30), "room")
    options = papers.default_options(office)
    wanted = [row.account_id for row in rows if row.group is not WorkGroup.LIMIT][10:60]
    batch = papers.propose_batch(office, wanted, options, fonts)
    papers.issue_pdf(office, batch.notices[:18], folder / "催款单.pdf", papers.PaperOptions(), fonts, None)
    today = office.session.today()
    export(office, folder / "催缴记录表.xlsx", today - timedelta(days=today.weekday()), today)
    return [f"催款单.pdf：{len(batch.notices[:18])} 张，背面可折叠张贴", "催缴记录表.xlsx：本周的记录表"]
