"""How the owners of a simulated month behave: each keeps to his kind, and dice decide the rest. All are invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TypeVar

from feedesk.models.contacts import Outcome

Kind = TypeVar("Kind")


class Manner(StrEnum):
    """How an owner answers and pays."""

    KEEPS = "keeps"
    LATE = "late"
    VAGUE = "vague"
    SILENT = "silent"
    AWAY = "away"
    DEAD = "dead"
    REFUSES = "refuses"
    OBJECTS = "objects"
    PAID = "paid"
    WRITES = "writes"
    MOURNS = "mourns"


_SHARES = (
    (Manner.KEEPS, 38), (Manner.LATE, 14), (Manner.VAGUE, 12), (Manner.SILENT, 12), (Manner.AWAY, 6), (Manner.DEAD, 4),
    (Manner.REFUSES, 4), (Manner.OBJECTS, 4), (Manner.PAID, 3), (Manner.WRITES, 2), (Manner.MOURNS, 1),
)  # fmt: skip
_BY_PHONE: dict[Manner, tuple[tuple[Outcome, int], ...]] = {
    Manner.KEEPS: ((Outcome.PROMISED, 70), (Outcome.NO_ANSWER, 22), (Outcome.RELATIVE, 8)),
    Manner.LATE: ((Outcome.PROMISED, 60), (Outcome.NO_ANSWER, 25), (Outcome.NO_DAY, 15)),
    Manner.VAGUE: ((Outcome.NO_DAY, 60), (Outcome.NO_ANSWER, 30), (Outcome.HUNG_UP, 10)),
    Manner.SILENT: ((Outcome.NO_ANSWER, 75), (Outcome.OFF, 25)),
    Manner.AWAY: ((Outcome.AWAY, 55), (Outcome.PROMISED, 20), (Outcome.NO_ANSWER, 25)),
    Manner.DEAD: ((Outcome.DEAD_NUMBER, 100),),
    Manner.REFUSES: ((Outcome.REFUSED, 60), (Outcome.HUNG_UP, 20), (Outcome.NO_ANSWER, 20)),
    Manner.OBJECTS: ((Outcome.DISPUTE, 100),),
    Manner.PAID: ((Outcome.SAYS_PAID, 80), (Outcome.NO_ANSWER, 20)),
    Manner.WRITES: ((Outcome.DO_NOT_CALL, 100),),
    Manner.MOURNS: ((Outcome.NO_DAY, 100),),
}
_AT_THE_DOOR: tuple[tuple[Outcome, int], ...] = (
    (Outcome.NOBODY, 40), (Outcome.CARD_LEFT, 30), (Outcome.FAMILY, 15), (Outcome.MET, 15),
)  # fmt: skip
_SAID = {
    Outcome.PROMISED: ("说到日子就转", "等工资到账", "月底前分两次付清"),
    Outcome.NO_DAY: ("说再看看", "要先看账单", "在忙，没定日子"),
    Outcome.AWAY: ("在外地，愿意手机转账",),
    Outcome.REFUSED: ("说服务没做到位，不想交",),
    Outcome.DISPUTE: ("客卧渗水，要求先修", "公摊水费抄表不准"),
    Outcome.SAYS_PAID: ("说上周微信付过",),
    Outcome.DO_NOT_CALL: ("要求只用书面联系",),
    Outcome.RELATIVE: ("家人接的，请转告",),
    Outcome.MET: ("见到本人，说月底前交",),
    Outcome.CARD_LEFT: ("留了封口的联系卡",),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes of one try."""

    outcome: Outcome
    said: str


class Owners:
    """Manners by owner, dealt out once; answers as the dice fall."""

    def __init__(self, seed: int) -> None:
        self._dice = Random(seed)
        self._manners: dict[int, Manner] = {}

    def manner(self, owner_id: int) -> Manner:
        """The owner's kind; a new owner is given one."""
        if owner_id not in self._manners:
            self._manners[owner_id] = self._draw(_SHARES)
        return self._manners[owner_id]

    def change(self, owner_id: int, manner: Manner) -> None:
        """Something has happened that makes him another."""
        self._manners[owner_id] = manner

    def on_the_phone(self, owner_id: int) -> Answer:
        """What comes of a call."""
        return self._answer(_BY_PHONE[self.manner(owner_id)])

    def at_the_door(self) -> Answer:
        """What comes of a visit."""
        return self._answer(_AT_THE_DOOR)

    def pays_in_time(self, owner_id: int) -> bool:
        """Whether he keeps the promise that falls due."""
        chance = {Manner.KEEPS: 90, Manner.LATE: 20, Manner.AWAY: 60}.get(self.manner(owner_id), 30)
        return self._dice.randrange(100) < chance

    def pays_after(self, percent: int) -> bool:
        """Whether a letter or a word brings the money."""
        return self._dice.randrange(100) < percent

    def days(self) -> int:
        """In how many days he says he will pay."""
        return self._dice.choice((1, 2, 3, 5, 7, 9))

    def _answer(self, table: Sequence[tuple[Outcome, int]]) -> Answer:
        outcome = self._draw(table)
        return Answer(outcome, self._dice.choice(_SAID.get(outcome, ("",))))

    def _draw(self, table: Sequence[tuple[Kind, int]]) -> Kind:
        kinds, weights = zip(*table, strict=True)
        drawn: Kind = self._dice.choices(kinds, weights)[0]
        return drawn
