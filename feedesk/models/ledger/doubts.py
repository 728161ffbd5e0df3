"""收款待核: what is on record as paid or let off while a later list of finance still names it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from feedesk.models.money import show_yuan


@dataclass(frozen=True, slots=True)
class PaymentDoubt:
    """One charge in doubt. `amount` 分 on record as settled that the list still names."""

    charge_id: int
    what: str
    """「管理费 2026年7–9月」."""
    amount: int
    list_day: date
    """The day of that list."""
    file: str
    at: datetime
    """When the list was taken in."""
    closed: str = ""
    """「原因（日期 谁）」 once a person has confirmed the money."""

    @property
    def text(self) -> str:
        """「管理费 2026年7–9月 ¥1,079.40」."""
        return f"{self.what} {show_yuan(self.amount)}"

    @property
    def why(self) -> str:
        """Why it is in doubt, in one sentence."""
        return f"截至 {self.list_day.isoformat()} 的清单“{self.file}”还列着，账上已记缴清或减免。"
