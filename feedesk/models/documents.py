"""材料存档: papers that others made or signed, or that were sent outside the program, with what each needs and proves.

What a paper says about itself must be there before it is filed (law §12, §13.12: no lawyer without his letter and
mandate, no court without its case number). What it proves for 诉讼时效 follows law §9: the owner's own signature or
reply, a filing with a court or arbitration body (诉讼时效规定 10, 11), a request for mediation (12); a letter proves what
its service proves. A paper restarts the lines it lists and no other, and counts from the day it arrived or was handed in.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

from feedesk.models.charges import Charge
from feedesk.models.letters import PAPER_LABELS, PaperKind
from feedesk.models.limitation import Grade, Revival
from feedesk.models.service import (
    METHOD_LABELS,
    TOLD,
    DeliveryDraft,
    DeliveryMethod,
    ProofFile,
    flags_of,
    grade,
)
from feedesk.models.service import problems as delivery_problems

MADE = "落款"
"""How the day of a paper is called where something is older than it."""


class Need(StrEnum):
    """Whether a paper must have something."""

    NO = "no"
    MAY = "may"
    MUST = "must"
    OR_NOTE = "or_note"
    """A file, or at least a note that tells what it says."""


@dataclass(frozen=True, slots=True)
class KindSpec:
    """What a kind of paper asks for. An empty label: the field is not asked."""

    day: str
    """What its day is called."""
    number: str = ""
    must_number: bool = False
    issuer: str = ""
    """Who made or receives it; must be there where it is asked for, except for OTHER."""
    deadline: str = ""
    files: Need = Need.MUST
    what: str = "扫描件或照片"
    """What the file shows, for the sentence that asks for it."""
    lines: Need = Need.MAY
    is_served: bool = False
    """A letter to the owner: a way of service may be recorded."""
    counts: bool = False
    """Its own day is the one that restarts the clock: it is handed in, signed or replied on that day."""
    method: DeliveryMethod | None = None
    """The way of service whose rules grade it, where the paper itself is the owner's act."""
    confirm: str = ""
    """What the clerk must confirm before it is filed."""
    proves: str = ""
    """What it proves with a fitting file; empty: nothing for 诉讼时效."""
    silent: str = ""
    """Said instead of a grade for a paper that proves nothing."""


_LETTER = KindSpec(
    "落款日期", number="编号", deadline="付清期限", what="函件的副本", lines=Need.MUST, is_served=True
)  # fmt: skip

KINDS: dict[PaperKind, KindSpec] = {
    PaperKind.PROMPT: _LETTER,
    PaperKind.LETTER: _LETTER,
    PaperKind.FINAL: _LETTER,
    PaperKind.COMMITTEE: KindSpec(
        "发函日期", number="编号", issuer="业委会或居委会", deadline="请其答复的期限", what="发函的副本",
        silent="请业委会督促，不是向业主催要，时效不重算",
    ),
    PaperKind.COMMITTEE_REPLY: KindSpec(
        "答复日期", issuer="业委会或居委会", files=Need.OR_NOTE, silent="业委会的答复，时效不重算"
    ),
    PaperKind.MEDIATION: KindSpec(
        "申请那天", number="受理编号", issuer="调解组织", deadline="约定调解那天", what="调解申请或受理回执",
        lines=Need.MUST, counts=True, proves="已向调解组织提出请求（诉讼时效规定 12）",
    ),
    PaperKind.MEDIATION_DONE: KindSpec(
        "调解日期", number="协议编号", issuer="调解组织", files=Need.OR_NOTE,
        silent="调解结果本身不重算时效；业主签了字的，请再存一份“对账单或书面承认”",
    ),
    PaperKind.MANDATE: KindSpec(
        "委托日期", number="委托编号", issuer="律师事务所", deadline="委托到期日", what="盖章的委托书",
        silent="律师函要先有它；它本身不重算时效",
    ),
    PaperKind.LAWYER: KindSpec(
        "律师函日期", number="律师函编号", must_number=True, issuer="律师事务所", deadline="付清期限",
        what="盖章的律师函", lines=Need.MUST, is_served=True,
    ),
    PaperKind.PUBLIC: KindSpec(
        "公示日期", deadline="公示到", what="公示栏的照片", lines=Need.NO,
        confirm="公示里没有姓名、电话、房号和单户金额", silent="不记名公示，时效不重算",
    ),
    PaperKind.FILING: KindSpec(
        "递交那天", number="收件编号", issuer="法院或仲裁委员会", what="申请书或收件回执", lines=Need.MUST, counts=True,
        proves="已递交起诉、仲裁或支付令申请（诉讼时效规定 10、11）",
    ),
    PaperKind.ACCEPTED: KindSpec(
        "受理那天", number="案号", must_number=True, issuer="法院或仲裁委员会", deadline="开庭那天",
        what="受理通知书", lines=Need.MUST, counts=True, proves="法院或仲裁委员会已受理（诉讼时效规定 10、11）",
    ),
    PaperKind.ACKNOWLEDGEMENT: KindSpec(
        "签字那天", number="编号", deadline="答应付清那天", what="业主签字的原件照片或扫描件", lines=Need.MUST, counts=True,
        method=DeliveryMethod.ACKNOWLEDGED, confirm="本人或书面授权的人所签，写明了所列期间和金额",
        proves="业主签字承认这几笔欠费（民法典 195 条二项）",
    ),
    PaperKind.REPLY: KindSpec(
        "回复那天", deadline="答应付清那天", what="回复的原始记录（截屏，手机留存原件）", lines=Need.MUST, counts=True,
        method=DeliveryMethod.REPLIED, proves="本人回复承认",
    ),
    PaperKind.OTHER: KindSpec(
        "材料日期", number="是什么材料", must_number=True, issuer="谁出的", files=Need.OR_NOTE,
        silent="其他材料，时效不重算",
    ),
}  # fmt: skip
"""In the order of the pads: letters, the roads beside, the lawyer, the court, the owner's own word. 催款单 is never filed
by hand: it has a number of ours.
"""


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """A paper before it is on file."""

    kind: PaperKind
    account_ids: tuple[int, ...]
    dated_on: date | None
    number: str = ""
    issuer: str = ""
    deadline_on: date | None = None
    charge_ids: frozenset[int] = frozenset()
    """The lines it lists."""
    method: DeliveryMethod | None = None
    sent_on: date | None = None
    arrived_on: date | None = None
    """The proven day of arrival of a letter; of a paper whose own day counts, that day."""
    ems_no: str = ""
    signer: str = ""
    witness: str = ""
    second_staff: str = ""
    note: str = ""
    confirmed: bool = False
    """The clerk's word for what the way of service, or the kind, asks to be confirmed."""

    @property
    def text(self) -> str:
        """「律师函 （2026）律函字第 5 号」."""
        name = self.number if self.kind is PaperKind.OTHER else PAPER_LABELS[self.kind]
        number = "" if self.kind is PaperKind.OTHER else self.number
        return " ".join(part.strip() for part in (name, number) if part.strip())


@dataclass(frozen=True, slots=True)
class DocumentVerdict:
    """What a paper proves for 诉讼时效. `missing` says what would prove more, `flags` what does not fit."""

    grade: Grade | None
    """None: a paper that proves nothing for it, or a letter whose service is not recorded."""
    why: str
    missing: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    revives: Revival = Revival.NONE


@dataclass(frozen=True, slots=True)
class Document:
    """A paper on file. Never changed: a mistake is voided with a reason, and still shows."""

    id: int
    at: datetime
    draft: DocumentDraft
    verdict: DocumentVerdict
    """Grade as it was when filed; the sentences by today's rule."""
    files: tuple[ProofFile, ...]
    staff_name: str
    voided: str = ""
    """「原因（日期 谁）」."""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A charge that a paper may list."""

    charge_id: int
    account_id: int
    room: str
    text: str
    """「物业费 2026年7–9月」."""
    owed: int
    since: date | None
    """No paper older than this can be about it; None: not known."""


@dataclass(frozen=True, slots=True)
class Mandate:
    """A law firm's mandate on file for an account."""

    account_id: int
    firm: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Background:
    """What a draft is judged against."""

    today: date
    lines: tuple[DocumentLine, ...]
    mandates: tuple[Mandate, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a paper cannot be filed so: the field of `DocumentDraft` (or `files`), and one sentence."""

    field: str
    text: str


def line_of(charge: Charge, room: str) -> DocumentLine:
    """A charge as a paper lists it. Fees may fall due before their months: the earlier of both days is the bound."""
    days = [charge.due_on] if charge.due_on else []
    if charge.period is not None:
        days.append(charge.period.first_day())
    text = f"{charge.item} {charge.period_text()}"
    return DocumentLine(charge.id, charge.account_id, room, text, charge.owed, min(days, default=None))


def tidy(draft: DocumentDraft) -> DocumentDraft:
    """The draft as it is filed: without what its kind does not ask for, with its own day where that counts."""
    spec = KINDS[draft.kind]
    method = spec.method or (draft.method if spec.is_served else None)
    return replace(
        draft,
        number=draft.number.strip() if spec.number else "",
        issuer=draft.issuer.strip() if spec.issuer else "",
        deadline_on=draft.deadline_on if spec.deadline else None,
        charge_ids=frozenset() if spec.lines is Need.NO else draft.charge_ids,
        method=method,
        sent_on=draft.sent_on if spec.is_served else None,
        arrived_on=draft.dated_on if spec.counts else draft.arrived_on if method else None,
        ems_no=draft.ems_no.strip() if method else "",
        signer=draft.signer.strip() if method else "",
        witness=draft.witness.strip() if method else "",
        second_staff=draft.second_staff.strip() if spec.is_served else "",
        note=draft.note.strip(),
        confirmed=draft.confirmed and bool(spec.confirm or method in TOLD),
    )


# --- what is missing ---


def problems(draft: DocumentDraft, files: Collection[ProofFile], known: Background) -> tuple[Problem, ...]:
    """Why a paper cannot be filed so, in the order of the fields; empty when it can."""
    spec, draft = KINDS.get(draft.kind), tidy(draft) if draft.kind in KINDS else draft
    if spec is None:
        return (Problem("kind", "催款单由程序编号打印，不在这里存档。"),)
    names = _names(draft, spec)
    return (
        *names,
        *([] if any(one.field == "issuer" for one in names) else _mandate(draft, known)),
        *_days(draft, spec, known),
        *_served(draft, spec, known.today),
        *_lines(draft, spec, known),
        *_files(draft, spec, files),
    )


_CASE = re.compile(r"\d{4}.*\d+\s*号")


def _names(draft: DocumentDraft, spec: KindSpec) -> list[Problem]:
    found: list[Problem] = []
    if spec.must_number and not draft.number:
        ask = "请写是什么材料。" if draft.kind is PaperKind.OTHER else f"请填{spec.number}。"
        found.append(Problem("number", ask))
    elif draft.kind is PaperKind.ACCEPTED and not _CASE.search(draft.number):
        found.append(Problem("number", "案号要写全，例如（2026）渝0105民初1234号。"))
    if spec.issuer and draft.kind is not PaperKind.OTHER and not draft.issuer:
        found.append(Problem("issuer", f"请填{spec.issuer}。"))
    elif spec.issuer == "律师事务所" and not re.search("律师事务所|律所", draft.issuer):
        found.append(Problem("issuer", "请写律师事务所的全称。"))
    elif spec.issuer == "法院或仲裁委员会" and not re.search("法院|法庭|仲裁", draft.issuer):
        found.append(Problem("issuer", "请写法院或仲裁委员会的全称。"))
    return found


def _days(draft: DocumentDraft, spec: KindSpec, known: Background) -> list[Problem]:
    found: list[Problem] = []
    if draft.dated_on is None:
        found.append(Problem("dated_on", f"请填{spec.day}。"))
    elif draft.dated_on > known.today:
        found.append(Problem("dated_on", f"{spec.day}还没到。"))
    if draft.dated_on and draft.deadline_on and draft.deadline_on <= draft.dated_on:
        found.append(Problem("deadline_on", f"{spec.deadline}要晚于{spec.day}。"))
    if draft.sent_on and draft.dated_on and draft.sent_on < draft.dated_on:
        found.append(Problem("sent_on", f"寄出不会早于{spec.day}。"))
    if draft.sent_on and draft.sent_on > known.today:
        found.append(Problem("sent_on", "寄出日期还没到。"))
    return found


_FIELD_OF = (("寄出", "sent_on"), ("EMS", "ems_no"), ("谁签", "signer"), ("见证", "witness"))


def _served(draft: DocumentDraft, spec: KindSpec, today: date) -> list[Problem]:
    if draft.method is None or draft.dated_on is None:
        return []
    if spec.counts:
        asks_signer = draft.kind is PaperKind.ACKNOWLEDGEMENT and not draft.signer
        return [Problem("signer", "请写谁签的字。")] * asks_signer
    return [
        Problem(next((field for word, field in _FIELD_OF if word in text), "arrived_on"), text)
        for text in delivery_problems(_delivery(draft), draft.dated_on, today, MADE)
    ]


def _lines(draft: DocumentDraft, spec: KindSpec, known: Background) -> list[Problem]:
    if not draft.account_ids:
        return [Problem("charge_ids", "请先选这份材料是哪一户的。")]
    listed = [line for line in known.lines if line.charge_id in draft.charge_ids]
    if len(listed) != len(draft.charge_ids) or any(line.account_id not in draft.account_ids for line in listed):
        return [Problem("charge_ids", "所列的账目有的不是这一户的，请重新勾选。")]
    if spec.lines is Need.MUST and not listed:
        return [Problem("charge_ids", "请勾选这份材料列明的账目：只有写明的各期才算数。")]
    if draft.dated_on is not None:
        for line in listed:
            if line.since is not None and draft.dated_on < line.since:
                return [
                    Problem(
                        "charge_ids",
                        f"{draft.dated_on.isoformat()} 还没有 {line.text} 这笔账，请去掉它，或核对{spec.day}。",
                    )
                ]
    return []


def _mandate(draft: DocumentDraft, known: Background) -> list[Problem]:
    """A lawyer's letter without his mandate is nobody's (律师法 13, law §12)."""
    if draft.kind is not PaperKind.LAWYER or draft.dated_on is None:
        return []
    for account_id in draft.account_ids:
        held = [one for one in known.mandates if one.account_id == account_id]
        if not held:
            return [Problem("issuer", "这一户还没有律师委托书，请先把委托书存档。")]
        of_firm = [one for one in held if _plain(one.firm) == _plain(draft.issuer)]
        if not of_firm:
            return [Problem("issuer", f"存档的委托书是“{held[-1].firm}”的，与这份律师函不是同一家。")]
        if not any(
            one.since <= draft.dated_on and (one.until is None or draft.dated_on <= one.until) for one in of_firm
        ):
            return [Problem("dated_on", "律师函的日期不在委托期内，请核对委托书和律师函。")]
    return []


def _files(draft: DocumentDraft, spec: KindSpec, files: Collection[ProofFile]) -> list[Problem]:
    found: list[Problem] = []
    if spec.files is Need.MUST and not files:
        found.append(Problem("files", f"请选{spec.what}。"))
    if spec.files is Need.OR_NOTE and not files and not draft.note:
        found.append(Problem("note", "请选扫描件，或在备注里写明内容。"))
    if spec.confirm and not draft.confirmed:
        found.append(Problem("confirmed", f"请核对并勾选：{spec.confirm}。"))
    return found


def _plain(name: str) -> str:
    """A firm's name without what typing varies."""
    return re.sub(r"\s", "", name).replace("(", "（").replace(")", "）")


# --- what it proves ---


def verdict(draft: DocumentDraft, files: tuple[ProofFile, ...], now: datetime) -> DocumentVerdict:
    """What a paper proves for 诉讼时效, from its kind, its service and what is on file; a file that does not fit (older
    than the paper, or later than now) counts as absent.
    """
    spec, draft = KINDS[draft.kind], tidy(draft)
    made_at = datetime.combine(draft.dated_on or now.date(), time())
    flags = flags_of(files, made_at, now, MADE)
    if draft.method is not None:
        found = grade(_delivery(draft), files, made_at, now, MADE)
        why = spec.proves if spec.proves and found.grade is Grade.A else found.why
        return DocumentVerdict(found.grade, why, found.missing, found.flags, found.revives)
    if spec.is_served:
        return DocumentVerdict(None, "送达还没有登记，时效不重算", ("送达的方式、日期和凭据",), flags)
    if not spec.proves:
        return DocumentVerdict(None, spec.silent, (), flags)
    if all(flags_of((file,), made_at, now, MADE) for file in files):
        return DocumentVerdict(Grade.D, "凭据不全，只作参考，时效不重算", (spec.what,), flags)
    return DocumentVerdict(Grade.A, spec.proves, (), flags)


def proof_text(draft: DocumentDraft) -> str:
    """How the clock names it: 「律师函 （2026）律函字第 5 号 EMS 签收」."""
    spec = KINDS[draft.kind]
    if spec.is_served and draft.method is not None:
        return f"{draft.text} {METHOD_LABELS[draft.method]}"
    return " ".join(part for part in (draft.text, draft.issuer) if part)


def _delivery(draft: DocumentDraft) -> DeliveryDraft:
    """The service of a letter in the terms of `models.service`."""
    assert draft.method is not None
    return DeliveryDraft(
        0, draft.method, draft.sent_on, draft.arrived_on, draft.ems_no, draft.signer, draft.witness,
        draft.second_staff, draft.note, draft.confirmed,
    )  # fmt: skip
