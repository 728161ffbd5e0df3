"""An objection before it is on record, or about to be changed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from feedesk.models.charges import Charge
from feedesk.models.disputes.kinds import must_mend
from feedesk.models.disputes.record import Dispute, DisputeState

REVIEW_DAYS = 7
"""After how many days an objection is looked at again, unless the clerk says otherwise."""
MOST_REVIEW_DAYS = 60
"""Nobody may put an objection out of sight for longer than this."""


def first_review(opened_on: date) -> date:
    """The review day proposed."""
    return opened_on + timedelta(days=REVIEW_DAYS)


@dataclass(frozen=True, slots=True)
class DisputeDraft:
    """An objection before it is on record. `charge_ids` empty: about the whole account."""

    account_id: int
    kind: str
    department: str = ""
    note: str = ""
    charge_ids: tuple[int, ...] = ()
    is_written: bool = False
    is_ours: bool | None = None
    hold: bool = True
    review_on: date | None = None
    """None: `first_review`."""


@dataclass(frozen=True, slots=True)
class DisputeChange:
    """What is to be otherwise about a running objection; None leaves it as it is."""

    department: str | None = None
    review_on: date | None = None
    hold: bool | None = None
    is_ours: bool | None = None


class DisputeField(StrEnum):
    """Where in the dialog a problem is shown."""

    KIND = "kind"
    NOTE = "note"
    LINES = "lines"
    HOLD = "hold"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class DisputeProblem:
    """Why a draft cannot be saved: the field beside which `text`, one Chinese sentence, stands."""

    field: DisputeField
    text: str


def problems(
    draft: DisputeDraft, charges: Sequence[Charge], running: Sequence[Dispute], today: date
) -> list[DisputeProblem]:
    """What must be mended before the draft may be saved, in the order of the dialog.

    `charges` are those of the account, `running` its objections not yet resolved.
    """
    found: list[DisputeProblem] = []
    if not draft.kind.strip():
        found.append(DisputeProblem(DisputeField.KIND, "请选异议是哪一类，好转给责任部门。"))
    if not draft.note.strip():
        found.append(DisputeProblem(DisputeField.NOTE, "请写业主对什么有异议，责任部门照着去查。"))
    still_open = {charge.id for charge in charges if charge.owed > 0}
    if not set(draft.charge_ids) <= still_open:
        found.append(DisputeProblem(DisputeField.LINES, "选中的账单里有一笔已缴清或已变动，请重新选。"))
    elif clash := overlap(draft.kind, draft.charge_ids, running):
        found.append(DisputeProblem(DisputeField.LINES, clash))
    if not draft.hold and must_mend(draft.kind, draft.is_ours):
        found.append(DisputeProblem(DisputeField.HOLD, "我方责任和房屋设施的问题先解决再谈缴费，要暂缓。"))
    text = review_problem(draft.review_on, today) if draft.review_on else ""
    if text:
        found.append(DisputeProblem(DisputeField.REVIEW, text))
    return found


def overlap(kind: str, charge_ids: Collection[int], running: Sequence[Dispute]) -> str:
    """Why there is such an objection already: the same line in one not yet resolved, or the same kind for the account."""
    for one in running:
        if one.state is not DisputeState.OPEN:
            continue
        both = [line for line in one.lines if line.charge_id in charge_ids]
        if both:
            return f"“{both[0].text}”已有{one.kind}异议在办，请接着记进展。"
        if not one.lines and not charge_ids and one.kind == kind:
            return f"整户已有{one.kind}异议在办，请接着记进展。"
    return ""


def review_problem(review_on: date, today: date) -> str:
    """Why an objection cannot be reviewed on that day; empty when it can."""
    if review_on < today:
        return "复查日已经过去了。"
    if review_on > today + timedelta(days=MOST_REVIEW_DAYS):
        return f"复查日最远 {MOST_REVIEW_DAYS} 天，免得搁置。"
    return ""
