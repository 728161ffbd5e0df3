"""What a clerk does to an owner from the table or the panel: each writes through the desk and can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, Account, DebtorType, MarkKind, OwnerRow
from feedesk.models.changes import Changes
from feedesk.models.charges import Charge
from feedesk.models.contacts import Channel, ClaimDraft, ContactDraft, NextAction, Outcome
from feedesk.models.days import show_day, show_moment
from feedesk.models.followup import propose_category, propose_next
from feedesk.models.money import show_yuan
from feedesk.models.replan import moved_to, why_fixed, why_left_alone
from feedesk.models.store.traits import Values
from feedesk.models.timeline import EntryKind, TimelineEntry
from feedesk.models.traits import TRAIT_LABELS
from feedesk.ui.call_facts import CallFacts
from feedesk.ui.desk import Desk, LogHint
from feedesk.ui.details_tab import Details


class OwnerActions:
    """Every action takes ids or records and returns whether something was written."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        self._desk = desk
        self._window = window

    # --- contacts ---

    def no_answer(self, facts: CallFacts, number: str, script_id: str) -> bool:
        """F9: logged at once on the number in hand, for all units of the owner but those that may not be spoken of (money
        to be checked, an objection on hold); the next try as the rules propose it.

        What the contact guard would have stopped asks for its reason in 记录联系 instead.
        """
        row, now, rules = facts.account.row, self._desk.now(), self._desk.office.contact_rules
        if not rules.check(row.account_id, Channel.PHONE, now, Outcome.NO_ANSWER).allowed:
            hint = LogHint(number=number, script_id=script_id, outcome=Outcome.NO_ANSWER)
            self._desk.ask_log(row.account_id, hint)
            return False
        history = facts.history_for(number)
        category, _why = propose_category(Channel.PHONE, Outcome.NO_ANSWER, history)
        following = propose_next(Outcome.NO_ANSWER, category, None, now, history)
        others = [one.account_id for one in facts.account.open_siblings]
        free = [one for one in others if rules.check(one, Channel.PHONE, now, Outcome.NO_ANSWER).allowed]
        draft = ContactDraft(
            account_ids=(row.account_id, *free),
            at=now,
            channel=Channel.PHONE,
            number=number,
            outcome=Outcome.NO_ANSWER,
            said="",
            category=category,
            next_action=following,
            script_id=script_id,
        )
        who = " ".join(part for part in (row.room, facts.account.units_text) if part)
        when = f"{show_moment(following.at, now)} 再拨" if following.at else following.reason
        return self._desk.log_contact(draft, f"{who} 没接通，已记下，{when}。")

    def ask_follow_up(
        self,
        facts: CallFacts,
        *,
        put_off: Callable[[], None] | None = None,
        done: Callable[[], None] | None = None,
    ) -> None:
        """F5: ask when to follow up next; `put_off` is offered where there is a queue, `done` follows a saved plan."""
        row = facts.account.row
        fixed = why_left_alone(facts.today, facts.history)
        if not facts.history.is_sensitive(facts.today):
            fixed = why_fixed(row.mark)
        if fixed:
            self._desk.messages.note(f"{row.room} {fixed}")
            return
        from feedesk.ui.follow_up_dialog import FollowUpDialog  # dialogs come when they are needed

        dialog = FollowUpDialog(
            facts.account, facts.history, self._desk.now, self._window, can_put_off=put_off is not None
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def save(ids: tuple[int, ...], plan: NextAction) -> None:
            if self.follow_up(row, ids, plan) and done is not None:
                done()

        dialog.saved.connect(save)
        if put_off is not None:
            dialog.put_off.connect(put_off)
        dialog.open()

    def follow_up(self, row: OwnerRow, ids: Sequence[int], plan: NextAction) -> bool:
        """改下次跟进 for these units of one owner, without a contact."""
        follow_ups = self._desk.office.follow_ups
        who = f"{row.room} " if len(ids) == 1 else f"{row.room} 等 {len(ids)} 户的"
        when = moved_to(plan.at, self._desk.now()) if plan.at else "已改"
        return self._desk.write(lambda: follow_ups.replan(ids, plan), f"{who}下次跟进{when}。", follow_ups.void)

    def void(self, entry: TimelineEntry) -> bool:
        """Void a record with a reason; it still shows. A payment is reversed 冲正."""
        verb = "冲正" if entry.kind is EntryKind.MONEY else "作废"
        reason = self._desk.messages.ask_text(f"{verb}“{entry.title}”的原因？", "", self._window)
        if not reason:
            return False
        office = self._desk.office
        voids: dict[EntryKind, Callable[[int, str], Changes]] = {
            EntryKind.CONTACT: office.contacts.void,
            EntryKind.NOTICE: office.notices.void,
            EntryKind.MONEY: office.payments.reverse,
            EntryKind.WAIVER: office.waivers.void,
            EntryKind.INSTALMENTS: office.plans.void,
            EntryKind.SPLIT: office.splits.undo,
            EntryKind.SERVICE: office.service.void,
            EntryKind.DOCUMENT: office.documents.void,
        }
        what = voids[entry.kind]
        return self._desk.write(lambda: what(entry.ref_id, reason), f"“{entry.title}”已{verb}，仍列在记录里。")

    # --- paid, but not yet seen by finance ---

    def claim(self, rows: Sequence[OwnerRow], claim: ClaimDraft) -> bool:
        """标记已缴(待核): these accounts leave the calls until finance settles it."""
        ids = tuple(row.account_id for row in rows)
        who = rows[0].room if len(rows) == 1 else f"{len(rows)} 户"
        return self._desk.write(
            lambda: self._desk.office.contacts.claim(ids, claim),
            f"{who} 已记为待核（{show_yuan(claim.amount)}），财务核对前不再催。",
            lambda _changes: self._drop_claims(ids, "当场撤销"),
        )

    def drop_claim(self, row: OwnerRow) -> bool:
        """Finance found nothing: back to the calls, with the reason on record."""
        reason = self._desk.messages.ask_text(f"{row.room} 取消待核的原因？", "财务核对未到账", self._window)
        if not reason:
            return False
        return self._desk.write(
            lambda: self._desk.office.contacts.drop_claim(row.account_id, reason), f"{row.room} 已取消待核，回到催缴。"
        )

    def _drop_claims(self, ids: Sequence[int], why: str) -> Changes:
        for account_id in ids:
            self._desk.office.contacts.drop_claim(account_id, why)
        return Changes(frozenset(ids))

    # --- the account itself ---

    def set_no_call(self, row: OwnerRow, on: bool) -> bool:
        """勿电, or no longer."""
        accounts = self._desk.office.accounts
        said = f"{row.room} 已记勿电，只用书面联系。" if on else f"{row.room} 已取消勿电。"
        return self._desk.write(
            lambda: accounts.set_do_not_call(row.account_id, on),
            said,
            lambda _changes: accounts.set_do_not_call(row.account_id, not on),
        )

    def set_sensitive(self, account: Account, reason: str, until: date | None) -> bool:
        """暂不联系 for all units of the owner, another last day, or its end (an empty reason)."""
        rules, row = self._desk.office.contact_rules, account.row
        before, last = account.sensitive, account.sensitive_until
        if last is not None and last < self._desk.today():
            before, last = "", None
        when = f"{show_day(until, self._desk.today())}（含）前" if until else "结束前"
        said = f"{row.room} 已记“{reason}”，{when}不联系。" if reason else f"{row.room} 已结束“暂不联系”。"
        return self._desk.write(
            lambda: rules.set_sensitive([row.account_id], reason, until),
            said,
            lambda _changes: rules.set_sensitive([row.account_id], before, last),
        )

    def set_type(self, row: OwnerRow, kind: DebtorType, shown: DebtorType) -> bool:
        """The clerk's debtor type, or her word that the one `shown` by rule is right; saved at once."""
        traits = self._desk.office.traits
        before = traits.chosen_type(row.account_id)
        if kind is before:
            return False
        verb = "确认为" if before is None and shown is kind else "改为"
        return self._desk.write(
            lambda: traits.set_type(row.account_id, kind),
            f"{row.room} 欠费类型{verb}“{DEBTOR_TYPE_LABELS[kind]}”。",
            lambda _changes: traits.take_back_type(row.account_id, before),
        )

    def hold(self, charge: Charge) -> bool:
        """Hold a line out of notices with a reason, or let it go again."""
        accounts = self._desk.office.accounts
        what = f"{charge.period_text()} {charge.item}"
        if charge.hold:
            before = charge.hold
            return self._desk.write(
                lambda: accounts.hold_line(charge.id, ""),
                f"{what} 已恢复，可进催款单。",
                lambda _changes: accounts.hold_line(charge.id, before),
            )
        reason = self._desk.messages.ask_text(f"暂缓“{what}”的原因？", "", self._window)
        if not reason:
            return False
        return self._desk.write(
            lambda: accounts.hold_line(charge.id, reason),
            f"{what} 已暂缓，不进催款单。",
            lambda _changes: accounts.hold_line(charge.id, ""),
        )

    def save_details(self, row: OwnerRow, before: Details, wanted: Details) -> bool:
        """Correct the fields of 资料."""
        return self._desk.write(
            lambda: self._save(row.account_id, wanted, before),
            f"{row.room} 的资料已保存。",
            lambda _changes: self._save(row.account_id, before, wanted),
        )

    def _save(self, account_id: int, wanted: Details, before: Details) -> Changes:
        """Only what was touched: a contact logged meanwhile may have brought another category."""
        old = before.traits()
        touched = {trait: value for trait, value in wanted.traits().items() if value != old[trait]}
        return self._desk.office.traits.correct(
            account_id, touched, name=wanted.name, salutation=wanted.salutation, remark=wanted.remark
        )

    def set_traits(self, rows: Sequence[OwnerRow], wanted: Values, reason: str) -> bool:
        """批量修改: the same values for all of these accounts; 撤销 gives each its own back."""
        traits = self._desk.office.traits
        ids = [row.account_id for row in rows]
        before = {one: {trait: held[trait] for trait in wanted} for one, held in traits.values(ids).items()}
        who = rows[0].room if len(rows) == 1 else f"{len(rows):,} 户"
        what = "、".join(TRAIT_LABELS[trait] for trait in wanted)
        return self._desk.write(
            lambda: traits.set_traits(ids, wanted, reason),
            f"{who} 的{what}已改。",
            lambda _changes: traits.restore(before),
        )

    def add_phone(self, account_id: int, number: str, holder: str, source: str) -> bool:
        """A further number with its source."""
        return self._desk.write(
            lambda: self._desk.office.accounts.add_phone(account_id, number, holder, source), f"已加号码 {number}。"
        )

    def join(self, account_id: int, others: Sequence[int]) -> bool:
        """One owner from now on."""
        accounts = self._desk.office.accounts
        before = accounts.groups([account_id, *others])
        return self._desk.write(
            lambda: accounts.join([account_id, *others]),
            f"{len(before)} 套已合并为一位业主；要分开，点“拆出来”。",
            lambda _changes: accounts.regroup(before),
        )

    def part(self, account_id: int) -> bool:
        """Take one unit out of its owner's group."""
        return self._desk.write(lambda: self._desk.office.accounts.part(account_id), "这一户已拆出来。")


def can_drop_claim(row: OwnerRow | None) -> bool:
    """Whether 取消待核 makes sense."""
    return row is not None and row.mark is MarkKind.VERIFY


def can_resolve(row: OwnerRow | None) -> bool:
    """Whether an objection of a paid account is still to be seen to."""
    return row is not None and row.mark is MarkKind.HOLD
