"""Every sentence of a 收据: what came in, from whom, for what. It says plainly that it is no tax invoice."""

from __future__ import annotations

from dataclasses import dataclass

from feedesk.models.days import paper_day
from feedesk.models.ledger.payments import Receipt

TITLE = "收据"
SEAL = "盖章处"
VOID = "已冲正作废"
NO_INVOICE = "本收据只证明收到上列款项，不是税务发票；需要发票的，请凭收据联到服务中心开具。"
CARRIED_ON = "接下页，合计见末页"


@dataclass(frozen=True, slots=True)
class Copy:
    """One of the two identical copies."""

    name: str
    whose: str


COPIES = (Copy("收据联", "交缴费人"), Copy("存根联", "服务中心留存"))


def letterhead(receipt: Receipt) -> str:
    """Company and service centre, the company only where the centre's name does not hold it already."""
    company = "" if receipt.company in receipt.office else receipt.company
    return " · ".join(part for part in (company, receipt.office) if part)


def copy_text(copy: Copy) -> str:
    """「收据联（交缴费人）」."""
    return f"{copy.name}（{copy.whose}）"


def reprint_text(receipt: Receipt) -> str:
    """「补打 · 第 2 次打印」; empty on the first print."""
    return f"补打 · 第 {receipt.copy_no} 次打印" if receipt.copy_no > 1 else ""


def void_text(receipt: Receipt) -> str:
    """Why the receipt holds no longer; empty while it does."""
    return f"这笔款项已冲正，本收据作废：{receipt.reversed}" if receipt.reversed else ""


def rooms_text(rooms: tuple[str, ...], shown: int) -> str:
    """The first `shown` rooms and how many there are in all: 「9-1-1201、9-1-1202 等 15 套」."""
    text = "、".join(rooms[:shown])
    return text if shown >= len(rooms) else f"{text} 等 {len(rooms)} 套"


def facts(receipt: Receipt) -> tuple[tuple[str, str], ...]:
    """Label and text of what stands below the total: how it was paid, and the remark where there is one."""
    way = receipt.method + (f"　流水号 {receipt.reference}" if receipt.reference else "")
    return (("收款方式", way), *((("备注", receipt.note),) if receipt.note else ()))


def day_text(receipt: Receipt) -> str:
    """「收款日期 2026年11月21日」."""
    return f"收款日期　{paper_day(receipt.paid_on)}"


def issued_text(receipt: Receipt) -> str:
    """「2026年11月21日开具」: the day of the original, on a reprint too."""
    return f"{paper_day(receipt.issued_on)}开具"


def page_text(page: int, pages: int) -> str:
    """「第 1 页，共 2 页」."""
    return f"第 {page} 页，共 {pages} 页"
