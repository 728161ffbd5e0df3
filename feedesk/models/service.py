"""送达: how a notice reached the owner, what that proves, and what is missing to prove more (law §9.5, 诉讼时效规定 8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from feedesk.models.limitation import Grade, Revival


class DeliveryMethod(StrEnum):
    """The closed list of ways; the order is that of the digits on screen, 0 last."""

    OWNER = "owner"
    FAMILY = "family"
    ACKNOWLEDGED = "acknowledged"
    EMS_TAKEN = "ems_taken"
    EMS_REFUSED = "ems_refused"
    DOOR_WITNESSED = "door_witnessed"
    DOOR = "door"
    REPLIED = "replied"
    MESSAGE = "message"
    NOTARY = "notary"


METHOD_LABELS = {
    DeliveryMethod.OWNER: "本人签收",
    DeliveryMethod.FAMILY: "同住成年亲属或受托人签收",
    DeliveryMethod.ACKNOWLEDGED: "本人签字确认欠费",
    DeliveryMethod.EMS_TAKEN: "EMS 签收",
    DeliveryMethod.EMS_REFUSED: "EMS 拒收退件",
    DeliveryMethod.DOOR_WITNESSED: "门上张贴，有见证",
    DeliveryMethod.DOOR: "门上张贴",
    DeliveryMethod.REPLIED: "微信/短信，本人回复",
    DeliveryMethod.MESSAGE: "微信/短信，已送达",
    DeliveryMethod.NOTARY: "公证送达",
}
EMS = frozenset({DeliveryMethod.EMS_TAKEN, DeliveryMethod.EMS_REFUSED})
SIGNED = frozenset({DeliveryMethod.OWNER, DeliveryMethod.FAMILY, DeliveryMethod.ACKNOWLEDGED})
DOORS = frozenset({DeliveryMethod.DOOR_WITNESSED, DeliveryMethod.DOOR})
_DOOR_PHOTOS = 2

TOLD = {
    DeliveryMethod.REPLIED: "回复里承认欠费或说要缴",
    DeliveryMethod.MESSAGE: "业主本人常用号码，写明金额和期间",
    DeliveryMethod.EMS_TAKEN: "内件品名写明房号和欠费期间",
    DeliveryMethod.EMS_REFUSED: "内件品名写明房号和欠费期间",
    DeliveryMethod.DOOR_WITNESSED: "同日另发了短信或 EMS",
    DeliveryMethod.FAMILY: "同住成年亲属，或有业主授权",
}
"""What the clerk confirms for a way of service (`DeliveryDraft.confirmed`); ways left out need no such word."""


@dataclass(frozen=True, slots=True)
class ProofFile:
    """A photo or scan as it was handed over: SHA-256 of the very bytes, its name, and the time it carries itself."""

    name: str
    sha256: str
    own_time: datetime | None
    """The camera's time in the photo, else the file's; None when neither is known."""
    from_camera: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryDraft:
    """A delivery before it is on record."""

    notice_id: int
    method: DeliveryMethod
    sent_on: date | None
    arrived_on: date | None
    """The proven day of arrival; for a photo, a posting or a message the day it was done."""
    ems_no: str = ""
    signer: str = ""
    """Who signed or replied; for a relative with what he is to the owner: 何芳（配偶）."""
    witness: str = ""
    second_staff: str = ""
    """The colleague who went along."""
    note: str = ""
    confirmed: bool = False
    """The clerk's word for what `TOLD` asks of this way."""


@dataclass(frozen=True, slots=True)
class GradeVerdict:
    """What a delivery proves. `missing` says, best first, what would prove more; `flags` what does not fit."""

    grade: Grade
    why: str
    missing: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    revives: Revival = Revival.NONE

    @property
    def restarts(self) -> bool:
        """Whether any clock counts anew by it."""
        return self.grade is not Grade.D


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery on record. Never changed: a mistake is voided with a reason, and still shows."""

    id: int
    at: datetime
    draft: DeliveryDraft
    verdict: GradeVerdict
    """Grade as it was when recorded; the sentences by today's rule."""
    files: tuple[ProofFile, ...]
    notice_no: str
    staff_name: str
    voided: str = ""
    """「原因（日期 谁）」."""


def problems(draft: DeliveryDraft, issued_on: date, today: date, made: str = "出单") -> tuple[str, ...]:
    """Why a delivery cannot be recorded so, one sentence each; empty when it can. `made` names the day of the paper."""
    found: list[str] = []
    if draft.arrived_on is None:
        found.append("请填送达那天。")
    elif draft.arrived_on > today:
        found.append("送达日期还没到。")
    elif draft.arrived_on < issued_on:
        found.append(f"送达不会早于{made}那天（{issued_on.isoformat()}）。")
    if draft.sent_on and draft.arrived_on and draft.sent_on > draft.arrived_on:
        found.append("寄出不会晚于送达。")
    if draft.method in EMS and not draft.ems_no.strip():
        found.append("请填 EMS 单号。")
    if draft.method in SIGNED and not draft.signer.strip():
        found.append("请写谁签的字。")
    if draft.method is DeliveryMethod.DOOR_WITNESSED and not draft.witness.strip():
        found.append("请写见证人和单位。")
    return tuple(found)


def flags_of(files: tuple[ProofFile, ...], made_at: datetime, now: datetime, made: str = "出单") -> tuple[str, ...]:
    """What in the files does not fit, one sentence each: a photo older than the paper it shows proves nothing.

    `made` names the moment `made_at`.
    """
    found: list[str] = []
    for file in files:
        if file.own_time is None:
            continue
        shown = f"{file.own_time:%Y-%m-%d %H:%M}"
        if file.own_time < made_at:
            found.append(f"“{file.name}”的时间是 {shown}，早于{made}（{made_at:%Y-%m-%d %H:%M}），不能作凭据")
        elif file.own_time > now:
            found.append(f"“{file.name}”的时间是 {shown}，比现在还晚，请核对相机时间")
    return tuple(found)


def grade(
    draft: DeliveryDraft, files: tuple[ProofFile, ...], made_at: datetime, now: datetime, made: str = "出单"
) -> GradeVerdict:
    """What a delivery proves, from its way and what is on file; a file that does not fit counts as absent."""
    flags = flags_of(files, made_at, now, made)
    good = sum(not flags_of((file,), made_at, now) for file in files)
    best, revives = _BEST[draft.method]
    missing = _missing(draft, good)
    if not missing:
        return GradeVerdict(best, _WHY[draft.method], (), flags, revives)
    held = Grade.D
    if draft.method in SIGNED and good == 0 and not _unconfirmed(draft):
        held = Grade.C  # signed, but the paper itself is not on file
    elif (draft.method in EMS or draft.method is DeliveryMethod.REPLIED) and good:
        held = Grade.C  # arrived, but what it said is not proven
    why = "凭据不全，只作参考，时效不重算" if held is Grade.D else "凭据不全，只有宽松算法据此重算"
    if draft.method is DeliveryMethod.DOOR:
        why = _WHY[DeliveryMethod.DOOR]
    return GradeVerdict(held, why, missing, flags, Revival.NONE)


_BEST = {
    DeliveryMethod.OWNER: (Grade.A, Revival.LENIENT),
    DeliveryMethod.FAMILY: (Grade.A, Revival.NONE),
    DeliveryMethod.ACKNOWLEDGED: (Grade.A, Revival.BOTH),
    DeliveryMethod.EMS_TAKEN: (Grade.B, Revival.NONE),
    DeliveryMethod.EMS_REFUSED: (Grade.B, Revival.NONE),
    DeliveryMethod.DOOR_WITNESSED: (Grade.C, Revival.NONE),
    DeliveryMethod.DOOR: (Grade.D, Revival.NONE),
    DeliveryMethod.REPLIED: (Grade.A, Revival.LENIENT),
    DeliveryMethod.MESSAGE: (Grade.C, Revival.NONE),
    DeliveryMethod.NOTARY: (Grade.A, Revival.NONE),
}

_WHY = {
    DeliveryMethod.OWNER: "本人签收，有回执",
    DeliveryMethod.FAMILY: "同住成年亲属或受托人签收，有回执",
    DeliveryMethod.ACKNOWLEDGED: "本人签字确认欠费，签名件在档",
    DeliveryMethod.EMS_TAKEN: "EMS 妥投，品名写明内容，底单或跟踪记录在档",
    DeliveryMethod.EMS_REFUSED: "EMS 拒收，退件批条在档",
    DeliveryMethod.DOOR_WITNESSED: "门上张贴，有见证、远近照片，同日另发",
    DeliveryMethod.DOOR: "只有门上照片，没有见证，时效不重算",
    DeliveryMethod.REPLIED: "本人回复承认，原始记录在档",
    DeliveryMethod.MESSAGE: "已送达本人号码，送达状态在档",
    DeliveryMethod.NOTARY: "公证送达，公证书在档",
}

_NEEDS_FILE = {
    DeliveryMethod.OWNER: "签收回执的照片或扫描件",
    DeliveryMethod.FAMILY: "签收回执的照片或扫描件",
    DeliveryMethod.ACKNOWLEDGED: "签名件的照片或扫描件",
    DeliveryMethod.EMS_TAKEN: "EMS 底单、跟踪记录或回执",
    DeliveryMethod.EMS_REFUSED: "退件批条的照片",
    DeliveryMethod.DOOR_WITNESSED: "远近两张门上照片",
    DeliveryMethod.REPLIED: "回复的原始记录（截屏，手机留存原件）",
    DeliveryMethod.MESSAGE: "送达状态的截屏",
    DeliveryMethod.NOTARY: "公证书扫描件",
}


def _unconfirmed(draft: DeliveryDraft) -> bool:
    return draft.method in TOLD and not draft.confirmed


def _missing(draft: DeliveryDraft, good_files: int) -> tuple[str, ...]:
    """What is missing for the best grade of this way; for a bare photo, the ways that would prove more."""
    if draft.method is DeliveryMethod.DOOR:
        return ("见证人、远近两张照片，并同日另发短信或 EMS；更好的是 EMS 或本人签收",)
    found: list[str] = []
    wanted = _DOOR_PHOTOS if draft.method is DeliveryMethod.DOOR_WITNESSED else 1
    if good_files < wanted:
        found.append(_NEEDS_FILE[draft.method])
    if draft.method in SIGNED and not draft.signer.strip():
        found.append("签字人")
    if draft.method in EMS and not draft.ems_no.strip():
        found.append("EMS 单号")
    if draft.method is DeliveryMethod.DOOR_WITNESSED and not draft.witness.strip():
        found.append("见证人")
    if _unconfirmed(draft):
        found.append(TOLD[draft.method])
    return tuple(found)
