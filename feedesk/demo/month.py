"""A month in the sample office, day by day, through the program's own doors: the clerks do what 今日 says, nothing else.

Lists come weekly, texts every two weeks, money when an owner keeps his word; letters, objections and the ladder take their
course. What stands at the end can be read account by account: `write_report`.
"""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from feedesk.demo.estate import Estate, build, list_rows
from feedesk.demo.manners import Manner, Owners
from feedesk.demo.money import PIN
from feedesk.demo.story import ESTATE, PROFILE, StoryClock
from feedesk.errors import file_errors
from feedesk.models.accounts import (
    ACTION_LABELS,
    WORK_GROUP_LABELS,
    Account,
    Action,
    PhoneState,
    Step,
    WorkGroup,
    call_order,
)
from feedesk.models.arrears_list import ReadOptions
from feedesk.models.contacts import Channel, ClaimDraft, ContactDraft, NextAction, Outcome, PromiseDraft
from feedesk.models.disputes import DisputeOutcome, DisputeState
from feedesk.models.documents import DocumentDraft
from feedesk.models.followup import propose_category, propose_next
from feedesk.models.import_plan import PlanOptions
from feedesk.models.ladder import StepState
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.letters import PaperKind
from feedesk.models.money import show
from feedesk.models.office import Role, Signature, Staff
from feedesk.models.service import DeliveryDraft, DeliveryMethod
from feedesk.models.sharing import ShareClerk, ShareOptions
from feedesk.models.store import Office
from feedesk.models.store.texts import SentHow
from feedesk.models.texts import TextKind
from feedesk.models.workdays import is_workday
from feedesk.models.worklist import WorkEntry
from feedesk.reports.fonts import Fonts
from feedesk.reports.sample_list import write_sample_list
from feedesk.tasks import lists
from feedesk.tasks import notices as papers

DAYS = 30
_SLOTS = (
    *(time(9, 32 + 6 * n) if 32 + 6 * n < 60 else time(9 + (32 + 6 * n) // 60, (32 + 6 * n) % 60) for n in range(24)),
    *(time(15 + 6 * n // 60, 6 * n % 60) for n in range(28)),
)
"""When a call can be made: from 9:32 and from 15:00, one every six minutes, for two clerks at two telephones."""
_EVENING = (time(18, 40), time(19, 0), time(19, 20), time(19, 40))
_POST = time(16, 40)
_LETTERS_A_WEEK = 4
_MOURNING = "丧事"


@dataclass(slots=True)
class Tally:
    """What was done, by kind."""

    done: Counter[str] = field(default_factory=Counter)

    def text(self) -> str:
        """「电话 412、上门 9、…」."""
        return "、".join(f"{what} {count}" for what, count in self.done.most_common())


class Month:
    """One office from its first list on. `live` runs the days; the office stays open."""

    def __init__(self, folder: Path, first: date, fonts: Fonts, *, seed: int = 20261122) -> None:
        self._folder = folder
        self._fonts = fonts
        self._owners = Owners(seed)
        self._estate: Estate = build(first)
        self._first = first
        self.clock = StoryClock(datetime.combine(first, time(9)))
        self.office = Office.create(folder / "month.feedesk", PROFILE, "许宁", "小许", self.clock)
        self.tally = Tally()
        self._people = self._staff()
        self._on_the_way: list[tuple[date, int]] = []
        """Notices sent by EMS and the day on which they arrive."""

    def _staff(self) -> dict[str, Staff]:
        office = self.office
        office.staff.add("周敏", "小周")
        office.staff.add("何立群", "何组长", Role.LEADER)
        office.staff.add("罗正", "罗经理", Role.MANAGER)
        signed: Signature | None = None
        for person in office.staff.all():
            if person.role in PIN:
                office.staff.set_pin(person, PIN[person.role], signed)
                signed = Signature(person, PIN[person.role])
        return {person.name: person for person in office.staff.all()}

    def live(self, days: int = DAYS) -> list[WorkEntry]:
        """Every day of the month; returns where each open account stands on the evening of the last."""
        for count in range(days):
            self.day(self._first + timedelta(days=count))
        return self.office.worklist.entries()

    def day(self, today: date) -> None:
        """One day: money, the weekly list, the calls of the morning and the afternoon, the post, the visits."""
        self._at(today, time(8, 50))
        self.office.roll_day()
        if not is_workday(today):
            return
        number = (today - self._first).days
        if number % 7 == 0:
            self._take_list(today)
        if number == 0:
            self._share()
        self._money_comes(today)
        self._arrivals(today)
        if number % 14 == 1:
            self._texts(today)
        for start, stop in ((0, 24), (24, len(_SLOTS))):
            self._call(today, _SLOTS[start:stop])
        self._post(today)
        if today.weekday() == 3:
            self._leader(today)
        self._visit(today)

    def _at(self, day: date, clock: time) -> None:
        self.clock.now = datetime.combine(day, clock)

    # --- lists, sharing, money ---

    def _take_list(self, today: date) -> None:
        self._at(today, time(9, 5))
        if today > self._first:
            self._estate.run_on(today, self._estate.open_rooms()[5::19])
            self._estate.fall_behind(6)
        target = self._folder / f"清单-{today.isoformat()}.xlsx"
        as_of = today - timedelta(days=1)
        write_sample_list(list_rows(self._estate), ESTATE, as_of, target)
        reading = lists.read(target, ReadOptions(careful=True), {})
        lists.apply_lists(self.office, [reading], PlanOptions(as_of=as_of, careful=True), on_plan=lambda _plan: None)
        self.tally.done["清单"] += 1

    def _share(self) -> None:
        clerks = [ShareClerk(self._people[name].id) for name in ("许宁", "周敏")]
        self.office.assignments.apply(self.office.assignments.propose(clerks, ShareOptions()))

    def _money_comes(self, today: date) -> None:
        """Promises that fall due today are kept or not; some pay because a letter has come."""
        self._at(today, time(9, 15))
        due = [one for one in self.office.worklist.entries() if one.facts.group is WorkGroup.DUE_TODAY]
        for one in due:
            if self._owners.pays_in_time(one.facts.owner_id):
                self._pay(one.facts.account_id, one.facts.room, one.facts.owed)
            elif self._owners.pays_after(20):
                self._pay(one.facts.account_id, one.facts.room, one.facts.owed // 2)

    def _pay(self, account_id: int, room: str, amount: int, paid_on: date | None = None) -> None:
        office, day = self.office, paid_on or self.office.session.today()
        owed = office.accounts.some([account_id])[account_id].owed
        fen = min(amount, owed)
        if fen <= 0:
            return
        share = PaymentShare(account_id, fen)
        office.payments.take(PaymentDraft(day, fen, PayMethod.WECHAT, (share,), f"{day:%Y%m%d}{account_id:05d}"))
        if room in self._estate.households:
            self._estate.pay(room, fen)
        self.tally.done["收款"] += 1

    def _texts(self, today: date) -> None:
        self._at(today, time(10, 5))
        ids = [one.facts.account_id for one in self.office.worklist.entries()]
        for kind in (TextKind.OVERDUE, TextKind.SECOND):
            ready = [text for text in self.office.texts.propose(ids, kind).texts if text.is_ready]
            if ready:
                self.office.texts.mark_sent(ready, SentHow.LIST)
                self.tally.done["短信"] += len(ready)

    # --- the telephone and the door ---

    def _call(self, today: date, slots: Sequence[time]) -> None:
        """What needs no telephone first; then down the list: who may not be called yet comes up again."""
        self._at(today, slots[0])
        for one in self._today():
            self._settle(one, today)
        free = list(slots)
        for one in self._today():
            if not free:
                return
            self._at(today, free[0])
            self.office.session.clerk = self._clerk(one)
            if one.facts.action is Action.CALL and self._speak(one.facts.account_id, Channel.PHONE):
                free.pop(0)

    def _today(self) -> list[WorkEntry]:
        return [one for one in self.office.worklist.entries() if one.is_today]

    def _settle(self, one: WorkEntry, today: date) -> None:
        """An objection looked at, a case put before the leader, finance's answer."""
        account_id, action = one.facts.account_id, one.facts.action
        self.office.session.clerk = self._clerk(one)
        if action is Action.REVIEW:
            self._review(account_id, today)
        elif action is Action.ASK_LEADER:
            self._decide(account_id, today)
        elif action is Action.SEARCH:
            self._search(account_id, today)
        elif action is Action.CHECK_MONEY and one.facts.group is WorkGroup.FOLLOW_UP:
            self._finance_answers(one)

    def _clerk(self, one: WorkEntry) -> Staff:
        own = next((person for person in self._people.values() if person.id == one.facts.staff_id), None)
        return own or self._people["许宁"]

    def _speak(self, account_id: int, channel: Channel) -> bool:
        """One contact with everything that comes of it; False when the guard does not let it be."""
        office, now = self.office, self.clock.now
        account = office.accounts.get(account_id)
        if account.row.owed == 0 or not office.contact_rules.check(account_id, channel, now).allowed:
            return False
        owner_id = account.row.owner_id
        answer = self._owners.at_the_door() if channel is Channel.VISIT else self._owners.on_the_phone(owner_id)
        told = [one for one in office.disputes.of_account(account_id) if one.state is DisputeState.RESOLVED]
        if told:
            office.disputes.report_back(told[0].id, "电话", "处理结果已说明")
            self._owners.change(owner_id, Manner.KEEPS)
            answer = self._owners.on_the_phone(owner_id)
        self._log(account, channel, answer.outcome, answer.said)
        self.tally.done["上门" if channel is Channel.VISIT else "电话"] += 1
        if self._owners.manner(owner_id) is Manner.MOURNS and channel is Channel.PHONE:
            office.contact_rules.set_sensitive([account_id], _MOURNING, now.date() + timedelta(days=21))
            self._owners.change(owner_id, Manner.KEEPS)
        return True

    def _log(self, account: Account, channel: Channel, outcome: Outcome, said: str) -> None:
        office, now, row = self.office, self.clock.now, account.row
        ids = (row.account_id, *(one.account_id for one in account.open_siblings))
        dialled = call_order(list(account.phones))[:1]
        others = sum(one.state is not PhoneState.DEAD for one in account.phones if one not in dialled)
        history = replace(office.contact_rules.of_account(row.account_id, now), other_numbers=others)
        promise = claim = None
        if outcome is Outcome.PROMISED:
            promise = PromiseDraft(now.date() + timedelta(days=self._owners.days()), account.owed_together)
        if outcome is Outcome.SAYS_PAID:
            claim = ClaimDraft(now.date() - timedelta(days=2), account.owed_together, "微信")
        category, _why = propose_category(channel, outcome, history)
        if outcome is Outcome.DISPUTE:
            ids = ids[:1]
        office.contacts.add(
            ContactDraft(
                account_ids=ids,
                at=now,
                channel=channel,
                number=dialled[0].number if dialled and channel is Channel.PHONE else "",
                outcome=outcome,
                said=said,
                category=category,
                next_action=propose_next(outcome, category, promise, now, history, channel=channel),
                promise=promise,
                claim=claim,
                dispute_kind="房屋质量" if outcome is Outcome.DISPUTE else "",
                dispute_department="工程部" if outcome is Outcome.DISPUTE else "",
            )
        )

    def _visit(self, today: date) -> None:
        """Two clerks in the evening, as many doors as an evening has."""
        free = list(_EVENING)
        for one in self._today():
            if not free:
                return
            if one.facts.action is Action.VISIT:
                self._at(today, free[0])
                self.office.session.clerk = self._clerk(one)
                if self._speak(one.facts.account_id, Channel.VISIT):
                    free.pop(0)

    # --- finance, objections, the leader ---

    def _finance_answers(self, one: WorkEntry) -> None:
        """Three workdays after an owner said he had paid."""
        account_id = one.facts.account_id
        facts, _state = self.office.states.of(account_id)
        if facts.claim is None:
            return
        if self._owners.pays_after(70):
            self._pay(account_id, one.facts.room, facts.claim.amount, facts.claim.paid_on)
        else:
            self.office.contacts.drop_claim(account_id, "财务核对未到账")
            self._owners.change(one.facts.owner_id, Manner.VAGUE)
        self.tally.done["财务核对"] += 1

    def _review(self, account_id: int, today: date) -> None:
        """The first review finds the work begun, the second finds it done."""
        for dispute in self.office.disputes.running(account_id):
            if dispute.resolved_at is not None:
                continue
            if (today - dispute.opened_at.date()).days < 12:
                self.office.disputes.note(dispute.id, "工程部已看过，约了维修")
                later = NextAction(datetime.combine(today + timedelta(days=7), time(0)), False, "看维修是否做完")
                self.office.follow_ups.replan([account_id], later)
            else:
                self.office.disputes.resolve(dispute.id, DisputeOutcome.MENDED, "已修好，业主验看过")
            self.tally.done["异议"] += 1

    def _search(self, account_id: int, today: date) -> None:
        """Contract, handover and repairs are looked through: a number turns up, or the next visit is waited for."""
        if self._owners.pays_after(40):
            number = f"138{account_id:04d}{today:%m%d}"
            self.office.accounts.add_phone(account_id, number, "本人", "交房登记")
            owner_id = self.office.accounts.get(account_id).row.owner_id
            self._owners.change(owner_id, Manner.KEEPS)
        plan = NextAction(
            datetime.combine(today + timedelta(days=4), time(0)), False, "查过合同和交房登记，到时再打或上门"
        )
        self.office.follow_ups.replan([account_id], plan)
        self.tally.done["查号码"] += 1

    def _decide(self, account_id: int, today: date) -> None:
        """The leader lets an owner who refuses be asked once more in person, and then be written to."""
        self.office.session.clerk = self._people["何立群"]
        plan = NextAction(
            datetime.combine(today + timedelta(days=5), time(10)), True, "何组长：先约当面谈，再看要不要出催款单"
        )
        self.office.follow_ups.replan([account_id], plan)
        self.tally.done["负责人定"] += 1

    # --- papers ---

    def _post(self, today: date) -> None:
        """催款单 for whom the list or the ladder says so, by EMS."""
        self._at(today, _POST)
        self.office.session.clerk = self._people["许宁"]
        entries = self.office.worklist.entries()
        wanted = [one.facts.account_id for one in entries if one.facts.action is Action.WRITE and one.is_today]
        if today.weekday() == 4:
            wanted += [one.facts.account_id for one in entries if self._demand_is_open(one.facts.account_id)]
        batch = papers.propose_batch(
            self.office, dict.fromkeys(wanted), papers.default_options(self.office), self._fonts
        )
        if not batch.notices:
            return
        target = self._folder / f"催款单-{today.isoformat()}.pdf"
        changes = papers.issue_pdf(self.office, batch.notices, target, papers.PaperOptions(), self._fonts, None)
        sent = self.office.notices.of_batch(changes.record_id)
        self._on_the_way += [(today + timedelta(days=3), notice.id) for notice in sent]
        self.tally.done["催款单"] += len(sent)

    def _demand_is_open(self, account_id: int) -> bool:
        return self.office.ladder.view(account_id).of(Step.DEMAND).state is StepState.OPEN

    def _arrivals(self, today: date) -> None:
        """EMS that has arrived is put on record with its slip; a letter brings some of the money."""
        self._at(today, time(9, 25))
        for arrives, notice_id in [one for one in self._on_the_way if one[0] <= today]:
            self._on_the_way.remove((arrives, notice_id))
            slip = self._slip(f"EMS-{notice_id:04d}")
            draft = DeliveryDraft(
                notice_id, DeliveryMethod.EMS_TAKEN, arrives - timedelta(days=3), arrives,
                ems_no=f"1{notice_id:012d}", confirmed=True,
            )  # fmt: skip
            changes = self.office.service.record(draft, [slip])
            self.tally.done["送达"] += 1
            for account_id in sorted(changes.account_ids):
                row = self.office.accounts.some([account_id])[account_id]
                if row.owed and self._owners.pays_after(15):
                    self._pay(account_id, row.room, row.owed)

    def _slip(self, name: str) -> Path:
        path = self._folder / f"{name}.txt"
        with file_errors("底单", path):
            path.write_text(f"{name} {self.clock.now:%Y-%m-%d %H:%M}\n", encoding="utf-8")
            stamp = self.clock.now.timestamp()
            os.utime(path, (stamp, stamp))
        return path

    def _leader(self, today: date) -> None:
        """Thursday: the leader signs 催费函 for those whose 催款单 has brought nothing, the largest sums first."""
        self._at(today, time(17, 0))
        office = self.office
        open_now = [
            one.facts
            for one in office.worklist.entries()
            if office.ladder.view(one.facts.account_id).of(Step.LETTER).is_ready
        ]
        leader = self._people["何立群"]
        office.session.clerk = leader
        for facts in sorted(open_now, key=lambda one: -one.owed)[:_LETTERS_A_WEEK]:
            office.ladder.advance(facts.account_id, Step.LETTER, "催款单期满未缴", Signature(leader, PIN[Role.LEADER]))
            charges = [charge.id for charge in office.accounts.charges(facts.account_id) if charge.owed > 0]
            draft = DocumentDraft(
                PaperKind.LETTER, (facts.account_id,), today, number=f"明湖函字（{today.year}）第 {facts.account_id} 号",
                deadline_on=today + timedelta(days=15), charge_ids=frozenset(charges), method=DeliveryMethod.OWNER,
                arrived_on=today, signer=facts.name, note="当面送达", confirmed=True,
            )  # fmt: skip
            office.documents.file(draft, [self._slip(f"催费函-{facts.account_id}")])
            self.tally.done["催费函"] += 1


def write_report(entries: Sequence[WorkEntry], target: Path) -> None:
    """Where every open account stands and why, as a table that a person can read and argue with."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("房号", "业主", "欠费（元）", "状态", "今天", "下一步", "最早", "下次", "为什么"))
    for one in entries:
        facts = one.facts
        writer.writerow(
            (
                facts.room,
                facts.name,
                show(facts.owed),
                facts.mark_text,
                WORK_GROUP_LABELS[facts.group] if facts.group else "",
                ACTION_LABELS[facts.action],
                one.earliest.isoformat(" ", "minutes") if one.earliest else "",
                facts.next_text,
                facts.why,
            )
        )
    with file_errors("一个月后的各户", target):
        target.write_bytes(out.getvalue().encode("utf-8-sig"))
