"""The coverage matrix: debtor type × step × channel, every cell filled or empty by a stated reason.

The reasons lie in `resources/scripts/empty.toml`. Some name another place whose words stand in (`instead`); the others
forbid: there nothing at all is offered. A cell with both a text and a reason is a contradiction; a cell with
neither is missing. Letters (函前后) are filled by the moments of the unified script: all those of the step.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import NamedTuple, Protocol

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, STEP_LABELS, DebtorType, Step
from feedesk.models.contacts import CHANNEL_LABELS, Channel
from feedesk.models.scripts.records import MOMENT_STEPS, Script
from feedesk.resources import resource_text

CHANNELS = (Channel.PHONE, Channel.VISIT, Channel.MESSAGE, Channel.MAIL)
"""The columns. An owner who comes to the counter is spoken to with the words of the telephone."""
MATRIX_LABELS = {**{way: CHANNEL_LABELS[way] for way in CHANNELS}, Channel.MAIL: "函前后"}
_ALL = "*"


class Cell(NamedTuple):
    """One place of the matrix."""

    debtor_type: DebtorType
    step: Step
    channel: Channel

    @property
    def text(self) -> str:
        """「联系不上 × 5 催费函 × 电话」."""
        return f"{DEBTOR_TYPE_LABELS[self.debtor_type]} × {STEP_LABELS[self.step]} × {MATRIX_LABELS[self.channel]}"


class Filled(StrEnum):
    """How a cell stands."""

    OWN = "own"
    SHARED = "shared"
    EMPTY = "empty"
    MISSING = "missing"
    CONFLICT = "conflict"


FILLED_LABELS = {
    Filled.OWN: "本类专写",
    Filled.SHARED: "几类共用",
    Filled.EMPTY: "不设话术",
    Filled.MISSING: "还没有",
    Filled.CONFLICT: "既有话术又写了不设的理由",
}


@dataclass(frozen=True, slots=True)
class EmptyRule:
    """Why there is nothing to say in certain cells."""

    types: frozenset[DebtorType]
    steps: frozenset[Step]
    channels: frozenset[Channel]
    reason: str
    instead_channel: Channel | None = None
    """Whose words stand in, at `instead_step` or at the same step; None: the reason forbids, and nothing stands in."""
    instead_step: Step | None = None

    def instead(self, cell: Cell) -> Cell | None:
        """The place whose words stand in for this cell; None where the reason forbids."""
        if self.instead_channel is None:
            return None
        return Cell(cell.debtor_type, self.instead_step or cell.step, self.instead_channel)

    def covers(self, cell: Cell) -> bool:
        """Whether it speaks about this cell."""
        return cell.debtor_type in self.types and cell.step in self.steps and cell.channel in self.channels


@dataclass(frozen=True, slots=True)
class CellFill:
    """What lies in a cell."""

    state: Filled
    scripts: tuple[str, ...] = ()
    """Ids, the one taken first in front."""
    reason: str = ""
    """Why there is none, or which moment is missing."""
    instead: Cell | None = None
    """The place whose words stand in for an empty one; None: the reason forbids to say anything."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """All cells, in the order of type, step, channel."""

    cells: Mapping[Cell, CellFill]
    idle_rules: tuple[EmptyRule, ...] = ()
    """Rules that speak about no cell of their own: each is covered by an earlier one."""

    def of(self, state: Filled) -> tuple[Cell, ...]:
        """The cells that stand so."""
        return tuple(cell for cell, fill in self.cells.items() if fill.state is state)

    def count(self, state: Filled) -> int:
        """How many stand so."""
        return len(self.of(state))

    @property
    def forbidden(self) -> tuple[Cell, ...]:
        """The empty cells at which nothing is to be said, by any other words either."""
        return tuple(cell for cell in self.of(Filled.EMPTY) if self.cells[cell].instead is None)

    @property
    def filled(self) -> int:
        """How many have words."""
        return self.count(Filled.OWN) + self.count(Filled.SHARED)

    @property
    def missing(self) -> tuple[Cell, ...]:
        """Cells with neither words nor a reason."""
        return self.of(Filled.MISSING)

    @property
    def is_complete(self) -> bool:
        """No cell is missing, none contradicts itself, no rule is idle."""
        return not self.missing and not self.count(Filled.CONFLICT) and not self.idle_rules

    def reasons(self) -> dict[str, tuple[Cell, ...]]:
        """Reason -> the cells that are empty by it, for the list in the help and the closing note."""
        found: dict[str, list[Cell]] = {}
        for cell in self.of(Filled.EMPTY):
            found.setdefault(self.cells[cell].reason, []).append(cell)
        return {reason: tuple(cells) for reason, cells in found.items()}


class HasScripts(Protocol):
    """What `coverage` looks at."""

    @property
    def scripts(self) -> tuple[Script, ...]:
        """All scripts in force."""


def all_cells() -> tuple[Cell, ...]:
    """8 + 5 types × 10 steps × 4 channels."""
    return tuple(Cell(*place) for place in product(DebtorType, Step, CHANNELS))


def coverage(library: HasScripts, rules: Iterable[EmptyRule] | None = None) -> Matrix:
    """How far the library covers the matrix; `rules` are the shipped ones unless given."""
    kept = tuple(load_rules() if rules is None else rules)
    used: set[EmptyRule] = set()
    cells: dict[Cell, CellFill] = {}
    for cell in all_cells():
        rule = next((one for one in kept if one.covers(cell)), None)
        cells[cell] = _fill(cell, library.scripts, rule)
        if rule is not None:
            used.add(rule)
    return Matrix(cells, tuple(rule for rule in kept if rule not in used))


def _fill(cell: Cell, scripts: Iterable[Script], rule: EmptyRule | None) -> CellFill:
    found = sorted((one for one in scripts if one.serves(*cell) and not one.situation), key=lambda one: one.is_shared)
    ids = tuple(one.id for one in found)
    lacks = ""
    if cell.channel is Channel.MAIL:
        told = {one.moment for one in found}
        lacks = "、".join(name for name, steps in MOMENT_STEPS.items() if cell.step in steps and name not in told)
    if rule is not None:
        return CellFill(Filled.CONFLICT if found else Filled.EMPTY, ids, rule.reason, rule.instead(cell))
    if not found or lacks:
        return CellFill(Filled.MISSING, ids, lacks)
    return CellFill(Filled.SHARED if found[0].is_shared else Filled.OWN, ids)


@lru_cache(maxsize=1)
def load_rules() -> tuple[EmptyRule, ...]:
    """The shipped reasons."""
    return read_rules(resource_text("scripts/empty.toml"))


def read_rules(toml: str) -> tuple[EmptyRule, ...]:
    """Reasons from TOML text; raises ValueError for an unknown name or a rule without a reason.

    `instead = "phone"` or `"3.phone"`: the channel, or step and channel, whose words stand in.
    """
    found = []
    for entry in tomllib.loads(toml)["empty"]:
        if unknown := sorted(set(entry) - {"types", "steps", "channels", "reason", "instead"}):
            raise ValueError(f"empty.toml: unknown key {unknown[0]}")
        if not entry["reason"].strip():
            raise ValueError("empty.toml: a rule needs a reason")
        step, _, way = entry.get("instead", "").rpartition(".")
        found.append(
            EmptyRule(
                frozenset(DebtorType if entry["types"] == [_ALL] else map(DebtorType, entry["types"])),
                frozenset(Step if entry["steps"] == [_ALL] else map(Step, entry["steps"])),
                frozenset(CHANNELS if entry["channels"] == [_ALL] else map(Channel, entry["channels"])),
                entry["reason"].strip(),
                Channel(way) if way else None,
                Step(step) if step else None,
            )
        )
    return tuple(found)
