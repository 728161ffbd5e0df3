"""The nine techniques 招数 (domain §4, §5, §12): what each is, whom it suits, and which are offered for an owner."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, DebtorType, Step

TECHNIQUE = "technique."
"""How the ref of a technique begins."""


class Scope(StrEnum):
    """How many of ours are drawn in: one person goes before everyone."""

    ONE = "one"
    EVERYONE = "everyone"


class Form(StrEnum):
    """Whether it is a personal talk or a paper of the company: private goes before formal."""

    PRIVATE = "private"
    FORMAL = "formal"


@dataclass(frozen=True, slots=True)
class Line:
    """One line to be said, and what it is for."""

    say: str
    intent: str


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """An invented case told in short; shown under 「虚构的例子」."""

    title: str
    story: str
    lesson: str


@dataclass(frozen=True, slots=True)
class Technique:
    """One of the nine."""

    number: int
    version: int
    name: str
    gist: str
    """What it does, a few words."""
    suits: str
    """Whom it suits, one sentence."""
    not_for: str
    """Whom it does not suit, one sentence."""
    how: tuple[str, ...]
    """How it is done, step by step."""
    opening: tuple[Line, ...]
    body: tuple[Line, ...]
    closing: tuple[Line, ...]
    """Ends on a day."""
    cautions: tuple[str, ...]
    case: WorkedCase
    scope: Scope
    form: Form
    is_mandatory: bool
    closing_day: str
    requires: tuple[str, ...] = ()
    """Names of `REQUIREMENTS` without which its lines are not true."""

    @property
    def ref(self) -> str:
        """What a contact remembers when its lines were used: `technique.2@1`."""
        return f"{TECHNIQUE}{self.number}@{self.version}"

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines in the order of speaking."""
        return (*self.opening, *self.body, *self.closing)


MANDATORY = 1
"""Every owner who has not paid is reminded first."""

SUITED: dict[DebtorType, tuple[tuple[int, ...], tuple[int, ...]]] = {
    DebtorType.UNPAID: ((1,), (2,)),
    DebtorType.YES_NEVER_COMES: ((2,), (3, 7)),
    DebtorType.UNREACHABLE: ((4,), (7,)),
    DebtorType.DEFECTS: ((3, 5, 6, 8), ()),
    DebtorType.UNLET: ((3, 5, 6, 8, 9), ()),
    DebtorType.MISUNDERSTANDING: ((6,), ()),
    DebtorType.BUSY: ((2, 3, 7), ()),
    DebtorType.LONG_UNPAID: ((8, 9), (2,)),
    DebtorType.SPECULATIVE: ((2, 8, 9), (4,)),
    DebtorType.SHOP_VILLA: ((2, 7, 8, 9), (6,)),
    DebtorType.RESIDENT: ((2, 6, 7), (3,)),
    DebtorType.HARDSHIP: ((6, 2), ()),
    DebtorType.UNCLEAR: ((6, 2), (5,)),
}
"""Type -> the techniques that suit it, and those that may follow (domain §4; the five further types by §12)."""

_NOT_IN_COURT = (1, 3, 7, 8)
"""Reminding, pleading, sending others and letters of ours: once the court has it, its papers take their place."""
_IN_COURT = "诉讼中按法院的程序办，不再提醒、发函、托人转告"


@dataclass(frozen=True, slots=True)
class TechniqueOffer:
    """A technique beside the script: whether it suits, and why or why not."""

    technique: Technique
    why: str
    locked: str = ""
    """Why it cannot be used now; empty: it can."""


def suited(debtor_type: DebtorType) -> tuple[int, ...]:
    """The numbers of the techniques for a type: the mandatory one, those that suit, those that may follow."""
    first, then = SUITED[debtor_type]
    return tuple(dict.fromkeys((MANDATORY, *first, *then)))


def offered(
    techniques: tuple[Technique, ...],
    debtor_type: DebtorType,
    facts: frozenset[str],
    step: Step | None = None,
    closed: str = "",
) -> list[TechniqueOffer]:
    """The techniques for a type in the order of choice (domain §5): mandatory before optional, what suits before what
    may follow, one person before everyone, private before formal. `facts` names the records on file; `closed` is why
    nothing at all is said now.
    """
    from feedesk.models.scripts.truth import reason_locked  # the records' names in words; avoids a ring of imports

    in_court = step is Step.COURT or "case_filed" in facts
    first, _ = SUITED[debtor_type]
    numbers = suited(debtor_type)
    label = DEBTOR_TYPE_LABELS[debtor_type]
    found = [one for one in techniques if one.number in numbers]
    found.sort(
        key=lambda one: (
            not one.is_mandatory,
            one.number not in first,
            one.form is Form.FORMAL,
            one.scope is Scope.EVERYONE,
            numbers.index(one.number),
        )
    )
    return [
        TechniqueOffer(
            one,
            "每一户都先做" if one.is_mandatory else f"适合“{label}”" if one.number in first else f"“{label}”可接着用",
            closed
            or (_IN_COURT if in_court and one.number in _NOT_IN_COURT else "")
            or reason_locked(one.requires, facts),
        )
        for one in found
    ]
