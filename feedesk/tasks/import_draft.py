"""An import on its way through the dialog: what the clerk has decided, what the list then says, and applying it.

Nothing is written before `confirm`. A draft is a value: a change makes another one, and `understand` says what
comes of it. Works on any connection of its own, so that a worker can do it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from feedesk.models.arrears_list import ColumnMeaning, Meaning, Question, QuestionCode, Reading, ReadOptions
from feedesk.models.changes import ImportChanges
from feedesk.models.import_diff import plan_import
from feedesk.models.import_plan import ImportPlan, PlanOptions
from feedesk.models.intake import mapping_to_json, saved_mapping
from feedesk.models.periods import Period
from feedesk.models.store import Backup, BackupReason, Office
from feedesk.tasks import lists
from feedesk.tasks.import_effects import ChangeClass, ChangeRow, change_rows

Tick = Callable[[int, int], None]
_STEPS = 1000


class Answer(StrEnum):
    """What a person says to a question that the list or the comparison raises."""

    SAME_ROOM = "same_room"
    APART = "apart"
    CORRECTION = "correction"
    NEW_OWNER = "new_owner"
    ALL_PAID = "all_paid"
    ONLY_PART = "only_part"
    IMPORT_ANYWAY = "import_anyway"
    MONTHS_UNKNOWN = "months_unknown"


@dataclass(frozen=True, slots=True)
class ImportDraft:
    """All that has been decided so far about one list."""

    path: Path
    wishes: PlanOptions
    """`as_of` counts only once `day_is_chosen`; until then the list's own day, or today."""
    read: ReadOptions = ReadOptions()  # noqa: RUF009  (frozen)
    day_is_chosen: bool = False
    months_unknown: bool = False
    """The clerk wants charges without months kept as 期间待核."""

    @classmethod
    def begin(cls, path: Path, today: date, due_day: int) -> ImportDraft:
        """Nothing decided yet."""
        return cls(path, PlanOptions(as_of=today, due_day=due_day))

    def with_day(self, day: date) -> ImportDraft:
        """The list states balances as of this day."""
        return replace(self, wishes=replace(self.wishes, as_of=day), day_is_chosen=True)

    def with_scope(self, *, full: bool | None = None, whole_debt: bool | None = None) -> ImportDraft:
        """All units or some; the whole debt or this period only. None leaves it."""
        wishes = self.wishes
        return replace(
            self,
            wishes=replace(
                wishes,
                full=wishes.full if full is None else full,
                whole_debt=wishes.whole_debt if whole_debt is None else whole_debt,
                gone_is_paid=False,
            ),
        )

    def with_periods(self, period: Period | None, prior: Period | None) -> ImportDraft:
        """The months of 本期 and 前期."""
        return replace(self, read=replace(self.read, period=period, prior_period=prior), months_unknown=False)

    def with_sheets(self, sheets: tuple[str, ...]) -> ImportDraft:
        """Read these sheets only."""
        return replace(self, read=replace(self.read, sheets=sheets))

    def with_columns(self, sheet: str, columns: tuple[ColumnMeaning, ...]) -> ImportDraft:
        """The mapping of a sheet as changed by hand."""
        return replace(self, read=replace(self.read, columns={**self.read.columns, sheet: columns}))

    def with_rounding(self, on: bool) -> ImportDraft:
        """四舍五入 of amounts with a third decimal."""
        return replace(self, read=replace(self.read, round_third_decimal=on))

    def answered(self, question: Question, answer: Answer, held_rooms: frozenset[str]) -> ImportDraft:
        """The draft once a person has answered. Rooms already held keep their name; else the first one named."""
        wishes, rooms = self.wishes, question.subjects
        if answer is Answer.MONTHS_UNKNOWN:
            return replace(self, months_unknown=True)
        if answer is Answer.SAME_ROOM:
            target = next((room for room in rooms if room in held_rooms), rooms[0])
            same = {room: target for room in rooms if room != target and room not in held_rooms}
            wishes = replace(wishes, same_rooms={**wishes.same_rooms, **same})
        elif answer is Answer.APART:
            wishes = replace(wishes, different_rooms=wishes.different_rooms | set(rooms))
        elif answer is Answer.CORRECTION:
            wishes = replace(wishes, corrections=wishes.corrections | set(rooms))
        elif answer is Answer.NEW_OWNER:
            wishes = replace(wishes, new_owners=wishes.new_owners | set(rooms))
        elif answer is Answer.ALL_PAID:
            wishes = replace(wishes, gone_is_paid=True)
        elif answer is Answer.ONLY_PART:
            wishes = replace(wishes, full=False)
        elif answer is Answer.IMPORT_ANYWAY:
            wishes = replace(wishes, older_is_meant=True)
        return replace(self, wishes=wishes)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a draft comes to: the reading, the difference, and what each change sets off."""

    draft: ImportDraft
    reading: Reading
    plan: ImportPlan
    held_rooms: frozenset[str]
    items: tuple[str, ...]
    """The office's own fee items."""
    rows: dict[ChangeClass, tuple[ChangeRow, ...]]

    @property
    def open_questions(self) -> tuple[Question, ...]:
        """Those a person must still answer before anything is written."""
        return self.plan.questions


def understand(office: Office, draft: ImportDraft, tick: Tick, before: Understood | None = None) -> Understood:
    """Read the list, unless `before` has read it with the same decisions, and compare it with the office."""
    if before is not None and before.draft.read == draft.read:
        reading = before.reading
    else:
        reading = lists.read(
            draft.path, draft.read, office.imports.mappings(), tick=lambda share: tick(int(share * _STEPS), _STEPS)
        )
    tick(_STEPS, _STEPS)
    wishes = draft.wishes
    if not draft.day_is_chosen:
        wishes = replace(wishes, as_of=reading.as_of or office.session.today())
    held = office.imports.held(wishes.as_of)
    plan = plan_import(reading, held, wishes)
    if draft.months_unknown:
        still = tuple(question for question in plan.questions if question.code is not QuestionCode.NO_PERIOD)
        plan = replace(plan, questions=still)
    moved = [change.account_id for change in plan.changes if change.account_id is not None and change.delta]
    rows = change_rows(plan, office.accounts.some(moved), office.notices.rounds(moved))
    items = tuple(item.name for item in office.accounts.fee_items())
    return Understood(draft, reading, plan, frozenset(account.room for account in held.accounts), items, rows)


@dataclass(frozen=True, slots=True)
class Imported:
    """What has been written."""

    changes: ImportChanges
    backup: Backup


def confirm(office: Office, understood: Understood, tick: Tick) -> Imported:
    """Copy the office file (导入前), then apply the plan and remember the mapping in one transaction.

    Raises `Cancelled` out of `tick`: the copy stays, nothing else is written.
    """
    tick(0, _STEPS)
    backup = office.backup(BackupReason.IMPORT)
    reading = understood.reading
    with office.session.writing():
        changes = office.imports.apply(understood.plan, lambda share: tick(int(share * _STEPS), _STEPS))
        office.imports.remember(reading.shape, mapping_to_json(saved_mapping(reading)))
    return Imported(changes, backup)


def set_column(
    columns: tuple[ColumnMeaning, ...], index: int, meaning: Meaning, item: str = ""
) -> tuple[ColumnMeaning, ...]:
    """The mapping with one column's meaning chosen by a person; a meaning that only one column can have moves."""
    changed = []
    for column in columns:
        if column.index == index:
            column = replace(column, meaning=meaning, item=item, sure=True)
        elif column.meaning is meaning and meaning in _SINGLE:
            column = replace(column, meaning=Meaning.REMARK)
        changed.append(column)
    return tuple(changed)


_SINGLE = (
    Meaning.ROOM, Meaning.OWNER, Meaning.PERIOD, Meaning.PERIOD_FROM, Meaning.PERIOD_TO, Meaning.DUE_ON, Meaning.ITEM
)  # fmt: skip
