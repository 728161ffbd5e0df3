"""分期付款协议: what both sides sign, frozen with its plan, so that a reprint says what was signed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from feedesk.models.charges import FeeKind
from feedesk.models.ledger.plans import Instalment
from feedesk.models.office import OfficeOnPaper


class AgreedLateFee(StrEnum):
    """What becomes of the late fee on the listed 物业费."""

    NONE = "none"
    """The office reckons none, and the agreement says nothing about it."""
    LET_OFF = "let_off"
    """Let off when the plan is kept to its end; broken, the contract's clause holds again."""
    BY_CONTRACT = "by_contract"
    """Not part of the sum agreed on; the contract's clause goes on holding."""


@dataclass(frozen=True, slots=True)
class AgreedDebt:
    """One debt that both sides acknowledge: `amount` 分, open on the day of the agreement.

    Signing restarts the limitation of the lines listed here and of no other (law §9.3), so every period is listed.
    """

    room: str
    item: str
    kind: FeeKind
    period: str
    due_on: date | None
    due_is_assumed: bool
    amount: int


@dataclass(frozen=True, slots=True)
class PlanAgreement:
    """Everything printed on a 分期付款协议. Σ debts = Σ instalments = `total` (分)."""

    number: str
    """「FQ2026-00007」; empty prints a blank to be filled in by hand."""
    made_on: date
    office: OfficeOnPaper
    name: str
    """The owner; empty leaves a blank."""
    rooms: tuple[str, ...]
    debts: tuple[AgreedDebt, ...]
    instalments: tuple[Instalment, ...]
    total: int
    late_fee: AgreedLateFee
    clause: str = ""
    """The contract's late-fee clause: 第十二条. Needed unless `late_fee` is NONE."""
    staff: str = ""
    approved_by: str = ""
    note: str = ""
    """What else was agreed, in the office's own words."""

    def subtotals(self) -> dict[FeeKind, int]:
        """Owed per kind in 分, in the order of FeeKind; kinds without a line are left out (law §13.10a)."""
        return {
            kind: sum(debt.amount for debt in self.debts if debt.kind is kind)
            for kind in FeeKind
            if any(debt.kind is kind for debt in self.debts)
        }


def freeze(agreement: PlanAgreement) -> str:
    """Everything printed, as JSON."""
    return json.dumps(asdict(agreement), ensure_ascii=False, default=str, separators=(",", ":"))


def thaw(text: str) -> PlanAgreement:
    """The agreement that `freeze` wrote."""
    stored: dict[str, Any] = json.loads(text)
    debts = tuple(
        AgreedDebt(**{**debt, "kind": FeeKind(debt["kind"]), "due_on": _day(debt["due_on"])})
        for debt in stored["debts"]
    )
    instalments = tuple(
        Instalment(part["number"], date.fromisoformat(part["due_on"]), part["amount"]) for part in stored["instalments"]
    )
    return PlanAgreement(
        **{
            **stored,
            "made_on": date.fromisoformat(stored["made_on"]),
            "office": OfficeOnPaper(**stored["office"]),
            "rooms": tuple(stored["rooms"]),
            "debts": debts,
            "instalments": instalments,
            "late_fee": AgreedLateFee(stored["late_fee"]),
        }
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
