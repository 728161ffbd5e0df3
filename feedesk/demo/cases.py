"""The hard cases of the sample office: one owner before the court, one with a 催费函, objections, a line in dispute, a home
in mourning; accounts shared out, texts sent. Every paper is invented.
"""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from pathlib import Path

from feedesk.demo.estate import Estate
from feedesk.demo.money import PIN
from feedesk.errors import file_errors
from feedesk.models.accounts import DebtorType, MarkKind, Step
from feedesk.models.contacts import Channel, ContactDraft, NextAction, Outcome
from feedesk.models.disputes import DisputeDraft
from feedesk.models.documents import DocumentDraft
from feedesk.models.letters import PaperKind
from feedesk.models.office import Role, Signature, Staff
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.service import DeliveryMethod
from feedesk.models.sharing import ShareClerk, ShareOptions
from feedesk.models.store import Office
from feedesk.models.store.ladder import Decision
from feedesk.models.store.texts import SentHow
from feedesk.models.texts import TextKind
from feedesk.models.traits import Trait

FIRM = "明澄律师事务所"
_COURT = "清波区人民法院"
_COMMITTEE = "明湖花园业委会"
_LEAST = 600_000
"""分: enough for the legal way of an ordinary owner (domain §6)."""
_QUARTERS = 4
_LETTERS = (PaperKind.PROMPT, PaperKind.LETTER, PaperKind.LAWYER)


class Cases:
    """What the story does besides calls and money, through the program's own doors."""

    def __init__(self, office: Office, estate: Estate, folder: Path) -> None:
        self._office = office
        self._estate = estate
        self._folder = folder
        self.rooms: tuple[str, ...] = ()
        """Whose talks are told here, so that nobody else calls them."""
        self.said: list[str] = []

    def choose(self, taken: set[str]) -> None:
        """Two owners of one unit each who have owed much for long."""
        homes = self._estate.households
        names = [home.name for home in homes.values()]
        found = sorted(
            (
                room
                for room in self._estate.open_rooms()
                if room not in taken
                and homes[room].owed >= _LEAST
                and len(homes[room].debts) >= _QUARTERS
                and names.count(homes[room].name) == 1
                and not room.startswith("商铺")
            ),
            key=lambda room: (-homes[room].owed, room),
        )
        self.rooms = tuple(found[:2])

    def _id(self, room: str) -> int:
        rows = self._office.accounts.rows(OwnerFilter(chip=Chip.ALL, text=room), "room")
        return next(row.account_id for row in rows if row.room == room and not row.is_former)

    def _signer(self, role: Role) -> Staff:
        return next(person for person in self._office.staff.all() if person.role is role)

    # --- shared out, classified, reminded ---

    def join_units(self) -> None:
        """Units of one name and number are one owner: one call, one letter."""
        office = self._office
        for row in office.accounts.rows(OwnerFilter(chip=Chip.OWING), "room"):
            others = [one.account_id for one in office.accounts.same_person(row.account_id)]
            if others:
                office.accounts.join([row.account_id, *others])
                self.said.append(f"{row.name}的 {len(others) + 1} 套房合并为一位业主：一个电话、一张单子说清")
                return

    def share(self) -> None:
        """New accounts in equal parts to the two clerks."""
        office = self._office
        clerks = [ShareClerk(person.id) for person in office.staff.all() if person.role is Role.CLERK]
        plan = office.assignments.propose(clerks, ShareOptions())
        if plan.moves:
            office.assignments.apply(plan)
            self.said.append(f"{len(plan.moves)} 户分给 {len(clerks)} 位客服，户数和难度都平均")

    def classify(self) -> None:
        """What the clerks know of some owners."""
        ids = self._office.accounts.rows(OwnerFilter(chip=Chip.OWING), "room").ids()
        for start, trait, word in (
            (0, Trait.HABIT, "被动型"), (1, Trait.HABIT, "规律型"), (2, Trait.ATTITUDE, "理解型"),
            (3, Trait.RESIDENCE, "出租"), (4, Trait.RESIDENCE, "自住"), (5, Trait.RESIDENCE, "投资空置"),
        ):  # fmt: skip
            self._office.traits.set_traits(ids[start::13], {trait: word})
        shops = [row.account_id for row in self._office.accounts.rows(OwnerFilter(text="商铺"), "room")]
        if shops:
            self._office.traits.set_traits(shops, {Trait.PROPERTY_KIND: "商铺"})
        for place, kind, why in (
            (7, DebtorType.HARDSHIP, "出示了低保证明"),
            (20, DebtorType.RESIDENT, "一家人常住，晚上在家"),
            (33, DebtorType.UNCLEAR, "前后两任物业的旧账，责任没说清"),
            (46, DebtorType.MISUNDERSTANDING, "上次维修拖得久，心里有气"),
        ):
            if place < len(ids):
                self._office.traits.set_type(ids[place], kind, why)

    def remind(self) -> None:
        """The friendly reminder of every second week, as a list for the gateway."""
        office = self._office
        ids = office.accounts.rows(OwnerFilter(chip=Chip.OWING), "room").ids()
        for kind in (TextKind.OVERDUE, TextKind.SECOND):
            batch = office.texts.propose(ids, kind)
            ready = [text for text in batch.texts if text.is_ready]
            if ready:
                office.texts.mark_sent(ready, SentHow.LIST)
                self.said.append(f"短信提醒 {len(ready)} 条，{len(batch.left_out)} 户各有不发的理由")
                return

    # --- talks ---

    @property
    def uncalled(self) -> tuple[str, ...]:
        """Whom the story's clerks do not ring: these two, and the owner of the oldest debt."""
        return (*self.rooms, self._estate.old_room)

    def ids(self) -> list[int]:
        """Their accounts."""
        return [self._id(room) for room in self.rooms]

    def talk(self, said: str) -> None:
        """One talk with each of the two, now, without a day."""
        for room in self.rooms:
            at = self._office.session.now()
            account = self._office.accounts.get(self._id(room))
            self._office.contacts.add(
                ContactDraft(
                    account_ids=(account.row.account_id,),
                    at=at,
                    channel=Channel.PHONE,
                    number=account.phones[0].number,
                    outcome=Outcome.NO_DAY,
                    said=said,
                    category=None,
                    next_action=NextAction(None, False, "写函"),
                )
            )

    # --- the ladder ---

    def climb(self, today: date) -> None:
        """Papers of the last months come on file, and both accounts go up as far as these carry."""
        court, letter = self.rooms
        self._file(court, PaperKind.PROMPT, today - timedelta(days=160), "明湖通字第 17 号")
        self._file(court, PaperKind.LETTER, today - timedelta(days=130), "明湖函字第 6 号")
        self._file(court, PaperKind.COMMITTEE, today - timedelta(days=110), "", _COMMITTEE)
        self._up(court, Step.LETTER, "催款单、催费函期满未缴", Role.LEADER)
        self._up(court, Step.MEDIATION, "已请业委会督促，三十日没有答复")
        self._file(court, PaperKind.MANDATE, today - timedelta(days=72), "委字第 31 号", FIRM)
        self._file(court, PaperKind.LAWYER, today - timedelta(days=70), "明澄函字第 8 号", FIRM)
        self._up(court, Step.LAWYER, "两封函送达后仍未缴", Role.LEADER)
        self._file(court, PaperKind.FILING, today - timedelta(days=9), "收件 0417 号", _COURT)
        decision = Decision("高远山", today - timedelta(days=12))
        self._up(court, Step.COURT, "律师函期满未缴", Role.MANAGER, decision)
        self._file(court, PaperKind.ACCEPTED, today - timedelta(days=3), f"（{today.year}）示0100民初417号", _COURT)
        self._up(letter, Step.LETTER, "催款单期满未缴", Role.LEADER)
        self._file(letter, PaperKind.LETTER, today - timedelta(days=1), "明湖函字第 19 号")
        self.said.append(
            f"{court} 两封函、律师函、起诉材料都存了档，罗经理按总经理的决定签到“8 诉讼”；{letter} 到“5 催费函”"
        )

    def _up(
        self, room: str, step: Step, reason: str, role: Role | None = None, decision: Decision | None = None
    ) -> None:
        signed = Signature(self._signer(role), PIN[role]) if role else None
        self._office.ladder.advance(self._id(room), step, reason, signed, decision)

    def _file(self, room: str, kind: PaperKind, on: date, number: str, issuer: str = "") -> None:
        account_id = self._id(room)
        served = kind in _LETTERS
        arrived = on + timedelta(days=1) if served and on < self._office.session.today() else on
        charges = [
            charge.id
            for charge in self._office.accounts.charges(account_id)
            if charge.owed > 0 and charge.due_on is not None and charge.due_on < on
        ]
        draft = DocumentDraft(
            kind,
            (account_id,),
            on,
            number=number,
            issuer=issuer,
            deadline_on=on + timedelta(days=15) if kind in _LETTERS else None,
            charge_ids=frozenset(charges),
            method=DeliveryMethod.EMS_TAKEN if served else None,
            sent_on=on if served else None,
            arrived_on=arrived if served else None,
            ems_no=f"1{on:%Y%m%d}{account_id:04d}" if served else "",
            confirmed=True,
        )
        self._office.documents.file(draft, [self._scan(f"{kind.value}-{account_id}", arrived)])

    def _scan(self, name: str, on: date) -> Path:
        """A page that stands for a scan; its time is that of the paper."""
        folder = self._folder / "材料"
        path = folder / f"{name}.txt"
        with file_errors("材料", path):
            folder.mkdir(exist_ok=True)
            path.write_text(f"{name} {on.isoformat()}（样例）\n", encoding="utf-8")
            stamp = datetime.combine(on, time(15, 0)).timestamp()
            os.utime(path, (stamp, stamp))
        return path

    # --- objections and marks ---

    def object_to_a_line(self, taken: set[str]) -> None:
        """A shared cost that an owner does not accept: that line is held, the others go on."""
        for row in self._office.accounts.rows(OwnerFilter(chip=Chip.OWING), "owed", descending=True):
            if row.room in taken or row.room in self.uncalled or row.mark_text != "未定日期":
                continue
            shared = [c for c in self._office.accounts.charges(row.account_id) if c.owed > 0 and "公摊" in c.item]
            if shared:
                draft = DisputeDraft(
                    row.account_id,
                    "金额不符",
                    "财务部",
                    "公摊水电和上季度差得多，要看分摊表",
                    (shared[0].id,),
                    is_written=True,
                )
                self._office.disputes.open(draft)
                self.said.append(f"{row.room} 对{shared[0].item}有书面异议：只暂缓这一笔，其余照催")
                return

    def leave_alone(self, taken: set[str], until: date) -> None:
        """A death in the family: nobody contacts the owner for a while."""
        for row in self._office.accounts.rows(OwnerFilter(chip=Chip.OWING), "room"):
            quiet = row.mark in (MarkKind.OPEN, MarkKind.NO_ANSWER, MarkKind.OTHER)
            if quiet and row.room not in taken and row.room not in self.uncalled:
                self._office.contact_rules.set_sensitive([row.account_id], "丧事", until)
                self.said.append(f"{row.room} 家里有丧事：到 {until:%m-%d} 为止不主动联系")
                return
