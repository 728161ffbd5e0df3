"""Importing lists: read, compare, and apply several as one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from feedesk.errors import QuestionOpen
from feedesk.models.arrears_list import Reading, ReadOptions
from feedesk.models.changes import ImportChanges
from feedesk.models.import_diff import plan_import
from feedesk.models.import_plan import HeldOffice, ImportPlan, PlanOptions
from feedesk.models.intake import mapping_from_json, read_list
from feedesk.models.store import Office


def read(
    path: Path,
    options: ReadOptions,
    remembered: Mapping[str, str],
    tick: Callable[[float], None] | None = None,
) -> Reading:
    """Read a list with the mappings the office remembers (JSON by shape)."""
    known = {shape: mapping_from_json(text) for shape, text in remembered.items()}
    return read_list(path, options, remembered=known, tick=tick)


class _OnlyLooked(Exception):
    """Rolls a dry run back."""


def apply_lists(
    office: Office,
    readings: Sequence[Reading],
    options: PlanOptions,
    *,
    own_day: bool = True,
    dry_run: bool = False,
    on_plan: Callable[[ImportPlan], None] = lambda _: None,
    on_applied: Callable[[ImportChanges], None] = lambda _: None,
    before_commit: Callable[[], object] = lambda: None,
) -> None:
    """Compare and apply lists in the order given, all or none; `on_plan` sees each difference before it is applied,
    `on_applied` what came of it.

    `own_day`: a list that states its day is taken as of that day. Raises `QuestionOpen` for the first question nobody
    has answered; nothing is written then, nor on a dry run. `before_commit` comes last, when everything has been
    found in order: a copy made there still holds the office as it was.
    """
    with suppress(_OnlyLooked), office.session.writing():
        for reading in readings:
            wishes = with_day(options, reading) if own_day else options
            plan = plan_import(reading, office.imports.held(wishes.as_of), wishes)
            on_plan(plan)
            stop_at_questions(plan)
            on_applied(office.imports.apply(plan))
        if dry_run:
            raise _OnlyLooked
        before_commit()


def look_at_lists(
    readings: Sequence[Reading], options: PlanOptions, *, own_day: bool, on_plan: Callable[[ImportPlan], None]
) -> None:
    """A dry run for an office that does not exist yet: each list by itself."""
    for reading in readings:
        plan = plan_import(reading, HeldOffice(()), with_day(options, reading) if own_day else options)
        on_plan(plan)
        stop_at_questions(plan)


def stop_at_questions(plan: ImportPlan) -> None:
    """Raise the first open question, with what `--yes` would do about it."""
    if plan.questions and not plan.options.careful:
        first = plan.questions[0]
        more = f"（另有 {len(plan.questions) - 1} 个疑问）" if len(plan.questions) > 1 else ""
        raise QuestionOpen(
            f"{plan.reading.file}：{first.text}{more}没有写入任何数据。", f"要稳妥处理可加 --yes：{first.careful}。"
        )


def with_day(options: PlanOptions, reading: Reading) -> PlanOptions:
    """The options with the day the list itself states, if it does."""
    return replace(options, as_of=reading.as_of) if reading.as_of else options
