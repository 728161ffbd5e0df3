"""What kinds of objection there are, which department answers for each, and what each is likely about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from feedesk.models.charges import Charge

_OLD_DEBT_DAYS = 365


@dataclass(frozen=True, slots=True)
class DisputeKind:
    """One kind as offered, and who looks into it first."""

    label: str
    department: str
    is_defect: bool = False
    """Something of the building is to be mended: the debtor type is 整改; any other objection is 误会或不愉快."""
    about_lines: bool = False
    """It is about certain charges, the others are not touched by it."""
    is_legacy: bool = False
    """历史遗留: the old tangled lines are settled first, the present ones go on."""


DISPUTE_KINDS = (
    DisputeKind("房屋质量", "工程部", is_defect=True),
    DisputeKind("公共设施", "工程部", is_defect=True),
    DisputeKind("服务不满", "客服部"),
    DisputeKind("金额不符", "财务部", about_lines=True),
    DisputeKind("收费标准", "财务部", about_lines=True),
    DisputeKind("安全秩序", "秩序部"),
    DisputeKind("邻里纠纷", "客服部"),
    DisputeKind("历史遗留", "组团负责人", about_lines=True, is_legacy=True),
    DisputeKind("其他", "客服部"),
)
DEFECTS = tuple(kind.label for kind in DISPUTE_KINDS if kind.is_defect)
OTHER_KIND = "其他"
DEPARTMENTS = ("工程部", "客服部", "秩序部", "环境部", "财务部", "开发商", "组团负责人")


def kind_of(label: str) -> DisputeKind:
    """The kind of that name; words of the clerk's own are a kind about the whole account."""
    return next((known for known in DISPUTE_KINDS if known.label == label), DisputeKind(label, ""))


def department_for(kind: str) -> str:
    """The department that answers for a kind; empty for words of the clerk's own."""
    return kind_of(kind).department


def is_defect(kind: str) -> bool:
    """Whether an objection of this kind is about something to be mended."""
    return kind_of(kind).is_defect


def must_mend(kind: str, is_ours: bool | None) -> bool:
    """Whether it is solved and reported back before the money is asked for: our own fault, or a defect."""
    return is_ours is True or is_defect(kind)


def proposed_lines(kind: str, charges: Sequence[Charge], today: date, current: int | None = None) -> tuple[int, ...]:
    """Ids of the open charges that an objection of this kind is likely about; none: the whole account.

    A kind about lines takes the one in hand; 历史遗留 takes what has been due for over a year, else the oldest; where
    only one line is open it is that one.
    """
    if not kind_of(kind).about_lines:
        return ()
    still_open = [charge for charge in charges if charge.owed > 0]
    if kind_of(kind).is_legacy:
        old = tuple(charge.id for charge in still_open if charge.overdue_days(today) > _OLD_DEBT_DAYS)
        return old or tuple(charge.id for charge in still_open[:1])
    if current is not None and any(charge.id == current for charge in still_open):
        return (current,)
    return (still_open[0].id,) if len(still_open) == 1 else ()
