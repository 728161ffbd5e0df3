"""Kinds of objection and the department that answers for each (domain §9): words offered, the clerk may write others."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DisputeKind:
    """One kind as offered, and who looks into it first."""

    label: str
    department: str
    is_defect: bool = False
    """Something of the building is to be mended: the debtor type is 整改; any other objection is 误会或不愉快."""


DISPUTE_KINDS = (
    DisputeKind("房屋质量", "工程部", is_defect=True),
    DisputeKind("公共设施", "工程部", is_defect=True),
    DisputeKind("服务不满", "客服部"),
    DisputeKind("金额不符", "财务部"),
    DisputeKind("收费标准", "财务部"),
    DisputeKind("安全秩序", "秩序部"),
    DisputeKind("邻里纠纷", "客服部"),
    DisputeKind("历史遗留", "组团负责人"),
    DisputeKind("其他", "客服部"),
)

DEPARTMENTS = ("工程部", "客服部", "秩序部", "环境部", "财务部", "开发商", "组团负责人")


def department_for(kind: str) -> str:
    """The department that answers for a kind; empty for words of the clerk's own."""
    return next((known.department for known in DISPUTE_KINDS if known.label == kind), "")


def is_defect(kind: str) -> bool:
    """Whether an objection of this kind is about something to be mended."""
    return any(known.label == kind and known.is_defect for known in DISPUTE_KINDS)
