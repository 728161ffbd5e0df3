"""An account that climbs the ladder as it does in an office: papers filed with their proof, days passing, PINs given."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

from feedesk.models.accounts import Step
from feedesk.models.contacts import Channel
from feedesk.models.documents import DocumentDraft
from feedesk.models.letters import PaperKind
from feedesk.models.office import Role, Signature
from feedesk.models.service import DeliveryMethod
from feedesk.models.store import Office
from tests.deal_tools import PIN, signer
from tests.office_tools import Clock, ids_by_room, import_list, listed, office_after
from tests.store_tools import contact, issue

ROOM, OTHER = "3-2-1502", "3-2-902"
START = datetime(2026, 8, 3, 10, 0)
FIRM = "明澄律师事务所"
MEDIATORS = "清波街道人民调解委员会"


def put_on(office: Office, account_id: int, step: Step) -> None:
    """Stand an account on a step, whatever that would need: for tests of what follows."""
    with office.session.writing():
        office.contacts.move_step(account_id, step, "试验")
        office.states.refresh([account_id])


def _owed_since_january(office: Office) -> None:
    import_list(
        office,
        listed(ROOM, "林晓岚", ("管理费", "2026-01..2026-03", 400_000), ("管理费", "2026-04..2026-06", 200_000),
               phones=("13900004417",)),
        listed(OTHER, "周启明", ("管理费", "2026-04..2026-06", 90_000)),
        as_of=date(2026, 8, 1),
    )  # fmt: skip
    signer(office, "何立群", Role.LEADER)
    signer(office, "罗正", Role.MANAGER)


class Climb:
    """An office in which one owner has owed ¥6,000 since January; every step is taken by `up`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock(START)
        self.office: Office = office_after(_owed_since_january, folder, self.clock)
        self.id = ids_by_room(self.office)[ROOM]
        self.leader = signer(self.office, "何立群", Role.LEADER)
        self.manager = signer(self.office, "罗正", Role.MANAGER)

    @property
    def step(self) -> Step:
        return self.office.accounts.some([self.id])[self.id].step

    def on(self, day: date, hour: int = 10) -> None:
        self.clock.now = datetime(day.year, day.month, day.day, hour)

    def call(self, channel: Channel = Channel.PHONE) -> None:
        self.office.contacts.add(contact(self.id, at=self.clock(), channel=channel))

    def demand(self) -> None:
        issue(self.office, ROOM)

    def file(self, kind: PaperKind, *, proven: bool = True, number: str = "", deadline: date | None = None) -> None:
        """File a paper of today, served by the owner's own signature where it is a letter."""
        today = self.clock().date()
        served = kind in (PaperKind.PROMPT, PaperKind.LETTER, PaperKind.FINAL, PaperKind.LAWYER) and proven
        issuer = {PaperKind.MANDATE: FIRM, PaperKind.LAWYER: FIRM, PaperKind.FILING: "清波区人民法院",
                  PaperKind.COMMITTEE: "业委会", PaperKind.COMMITTEE_REPLY: "业委会",
                  PaperKind.MEDIATION: MEDIATORS}.get(kind, "")  # fmt: skip
        draft = DocumentDraft(
            kind, (self.id,), today, number=number or f"{kind}-1", issuer=issuer, deadline_on=deadline,
            charge_ids=frozenset(charge.id for charge in self.office.accounts.charges(self.id)),
            method=DeliveryMethod.OWNER if served else None, arrived_on=today if served else None,
            signer="林晓岚" if served else "", note="存档", confirmed=True,
        )  # fmt: skip
        self.office.documents.file(draft, [self.scan(kind)])

    def scan(self, kind: PaperKind) -> Path:
        path = self.folder / f"{kind}-{self.clock():%m%d}.jpg"
        path.write_bytes(f"{kind} {self.clock()}".encode())
        stamp = self.clock().timestamp()
        os.utime(path, (stamp, stamp))
        return path

    def signed(self, role: Role = Role.LEADER, pin: str = PIN) -> Signature:
        return Signature(self.leader if role is Role.LEADER else self.manager, pin)

    def up(self, step: Step, signature: Signature | None = None, reason: str = "仍未缴") -> None:
        self.office.ladder.advance(self.id, step, reason, signature)

    def to(self, step: Step) -> None:
        """Climb, taking whatever each step needs, up to `step`."""
        wanted = tuple(Step).index(step)
        if wanted >= 2:
            self.call()
        if wanted >= 3:
            self.on(date(2026, 8, 5))
            self.call()
        if wanted >= 4:
            self.on(date(2026, 8, 7))
            self.demand()
            self.file(PaperKind.PROMPT)
        if wanted >= 5:
            self.on(date(2026, 8, 24))
            self.up(Step.LETTER, self.signed())
            self.file(PaperKind.LETTER)
        if wanted >= 6:
            self.on(date(2026, 9, 10))
            self.file(PaperKind.COMMITTEE)
            self.up(Step.MEDIATION)
        if wanted >= 7:
            self.on(date(2026, 10, 12))
            self.file(PaperKind.MANDATE)
            self.file(PaperKind.LAWYER, number="（2026）明澄函字第 8 号")
            self.up(Step.LAWYER, self.signed())
        if wanted >= 9:
            self.on(date(2026, 10, 28))
            self.file(PaperKind.FILING)
