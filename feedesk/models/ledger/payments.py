"""收款: money that came in, for one or several accounts, and what the payer named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class PayMethod(StrEnum):
    """How the money came."""

    CASH = "cash"
    TRANSFER = "transfer"
    WECHAT = "wechat"
    ALIPAY = "alipay"
    POS = "pos"
    COLLECTION = "collection"


PAY_METHOD_LABELS = {
    PayMethod.CASH: "现金",
    PayMethod.TRANSFER: "转账",
    PayMethod.WECHAT: "微信",
    PayMethod.ALIPAY: "支付宝",
    PayMethod.POS: "POS",
    PayMethod.COLLECTION: "托收",
}


@dataclass(frozen=True, slots=True)
class Named:
    """A charge the payer named, with the 分 meant for it (民法典 560: what the debtor names comes first)."""

    charge_id: int
    amount: int


@dataclass(frozen=True, slots=True)
class PaymentShare:
    """What of a payment is for one account. `amount` is the whole share in 分; `late_fee` the part of it for 违约金."""

    account_id: int
    amount: int
    late_fee: int = 0
    named: tuple[Named, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentDraft:
    """A payment before it is booked. Σ of the shares = `amount` (分, > 0)."""

    paid_on: date
    amount: int
    method: PayMethod
    shares: tuple[PaymentShare, ...]
    reference: str = ""
    """The bank's or the app's number of the transaction, or that of a paper slip."""
    payer: str = ""
    """Who paid, when it was somebody else than the owner."""
    note: str = ""
    line_id: int | None = None
    """The statement line it is booked from; one line is booked once."""
    finance_missed: bool = False
    """Dated before the day of finance's last list, which does not contain it all the same: a person has said so."""
    prepay_agreed: bool = False
    """A person has agreed that what is left over becomes prepayment."""


class UseKind(StrEnum):
    """What a part of a payment does."""

    CHARGE = "charge"
    LATE_FEE = "late_fee"
    PREPAYMENT = "prepayment"
    IN_LIST = "in_list"
    """Already contained in finance's list: registered, not counted again (design, «What a finance list means»)."""


@dataclass(frozen=True, slots=True)
class PaymentUse:
    """One line of the preview and of the receipt: so many 分 of a payment for this. `text` is what a person reads."""

    account_id: int
    room: str
    kind: UseKind
    amount: int
    charge_id: int | None
    text: str
    """「管理费 2026年7–9月」, 「违约金」, 「转为预缴」, 「已含在 10-31 的清单里」."""
    left: int = 0
    """What stays open of that charge after it, in 分."""


@dataclass(frozen=True, slots=True)
class PaymentPreview:
    """What booking a draft would do. `questions` must be agreed to first (`PaymentDraft.prepay_agreed` …)."""

    uses: tuple[PaymentUse, ...]
    owed_before: int
    owed_after: int
    """Open principal of the accounts concerned, before and after, in 分."""
    over: int
    """What is left over and becomes prepayment, in 分."""
    covered: int
    """What finance's list contains already, in 分: replaces a settlement 按财务清单, or is only registered."""
    covered_by: date | None
    """The day of that list."""
    problem: str = ""
    """Why it cannot be booked, in one sentence; empty when it can."""
    open_after: tuple[tuple[int, int], ...] = ()
    """(charge id, 分) still open of every charge of the accounts afterwards. Not always what `uses` would leave: payments
    of one day are laid in their own order, so that this one may pay what another one had paid, and that one the next.
    """


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment on record. Never changed: undone by a reversal, and still shown."""

    id: int
    paid_on: date
    at: datetime
    """When it was booked."""
    amount: int
    method: PayMethod
    reference: str
    payer: str
    note: str
    staff_name: str
    rooms: tuple[str, ...]
    names: tuple[str, ...]
    """Owners of those rooms."""
    shares: tuple[PaymentShare, ...]
    line_id: int | None = None
    receipt_no: str = ""
    """Number of the receipt when one has been issued."""
    reversed: str = ""
    """「原因（日期 谁）」 when reversed 冲正."""
    reversed_at: datetime | None = None
    """When it was reversed."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """收据 as frozen when it was issued; a reprint prints these very values."""

    number: str
    """SJ2026-00012, without gaps within a year."""
    issued_on: date
    office: str
    company: str
    paid_on: date
    payer: str
    """Owner's name, or who paid for him."""
    rooms: tuple[str, ...]
    method: str
    reference: str
    lines: tuple[tuple[str, str, int], ...]
    """(room, what it is for, 分)."""
    total: int
    staff: str
    note: str = ""
    reversed: str = ""
    """Filled in when the payment has been reversed since: such a receipt is void."""
    copy_no: int = 1
    """Which print this is: 1 the first, 2 and up 补打."""
