"""The office itself: what appears on paper, who works there, and the rules it has chosen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """Who somebody is (domain §1)."""

    CLERK = "clerk"
    LEADER = "leader"
    MANAGER = "manager"
    GENERAL_MANAGER = "general_manager"


ROLE_LABELS = {
    Role.CLERK: "客服",
    Role.LEADER: "组团负责人",
    Role.MANAGER: "项目经理",
    Role.GENERAL_MANAGER: "总经理",
}


@dataclass(frozen=True, slots=True)
class Staff:
    """One person of the office; contacts stand under this name. `pin_hash` is empty where no PIN was set."""

    id: int
    name: str
    called: str
    """How the clerk calls herself in a script (小许)."""
    role: Role = Role.CLERK
    pin_hash: str = ""
    active: bool = True


SIGNERS = (Role.LEADER, Role.MANAGER, Role.GENERAL_MANAGER)
"""Whose PIN counts for anything (domain §3)."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Somebody's word for something, given with his PIN."""

    who: Staff
    pin: str


@dataclass(frozen=True, slots=True)
class OfficeProfile:
    """What the 开始 page asks and the 设置 page keeps. Only the first name is required."""

    office: str
    """服务中心名称, as on paper."""
    estate: str = ""
    company: str = ""
    city: str = ""
    phone: str = ""
    address: str = ""
    """Where one pays in person, opening hours included."""
    bank_holder: str = ""
    bank_name: str = ""
    bank_number: str = ""
    due_day: int = 15
    """Fees fall due on this day of the first month of their period (domain §3)."""
    contract_clause: str = ""
    """The clause the fee rests on, as it shall be printed; empty prints none."""
    payment_code_sha: str = ""
    """SHA-256 of the payment-code picture in the evidence folder; empty prints none."""
    pay_by_days: int = 15
    """Days a 催款单 gives (law §13.5)."""
    object_days: int = 7
    """Days within which an objection is asked for, printed on the notice."""
    backups_kept: int = 30
    speech_size: int = 16
    """话术字号 in px, 14–22."""


@dataclass(frozen=True, slots=True)
class OfficeOnPaper:
    """The office as printed; frozen with the notice or the agreement."""

    office: str
    company: str
    estate: str
    phone: str
    address: str
    bank_holder: str
    bank_name: str
    bank_number: str
    contract_clause: str
    object_days: int
    payment_code_sha: str = ""
