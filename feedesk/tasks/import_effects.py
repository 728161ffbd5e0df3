"""What each change of an import sets off, as rows for the eye: promise kept, notice stopped, owner changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from feedesk.models.accounts import FLAG_LABELS, MarkKind, OwnerRow
from feedesk.models.import_plan import AddCharge, ChangeKind, ImportPlan, UnitChange
from feedesk.models.money import show_yuan
from feedesk.models.periods import Period


class ChangeClass(StrEnum):
    """The classes the clerk looks through; refused rows are the last."""

    NEW = "new"
    INCREASED = "increased"
    PARTLY_PAID = "partly_paid"
    PAID_OFF = "paid_off"
    OWNER = "owner"
    DOUBT = "doubt"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


_OF_KIND = {
    ChangeKind.NEW: ChangeClass.NEW,
    ChangeKind.INCREASED: ChangeClass.INCREASED,
    ChangeKind.PARTLY_PAID: ChangeClass.PARTLY_PAID,
    ChangeKind.PAID_OFF: ChangeClass.PAID_OFF,
    ChangeKind.UNCHANGED: ChangeClass.UNCHANGED,
}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of the second step. Money in 分."""

    id: int
    """Place in the plan (or among the refused rows); the plan is in natural order of rooms."""
    room: str
    name: str
    before: int
    after: int
    effect: str = ""
    """What it touches: a promise, a notice, new months."""
    then: str = ""
    """What follows from it."""
    strong: bool = False
    """Somebody should look at this line."""
    where: str = ""
    """Sheet and row of a refused line."""
    doubted: int = 0
    """分 that somebody must ask finance about: listed although held as paid."""

    @property
    def delta(self) -> int:
        """Change in 分."""
        return self.after - self.before


def change_rows(
    plan: ImportPlan, known: Mapping[int, OwnerRow], rounds: Mapping[int, int]
) -> dict[ChangeClass, tuple[ChangeRow, ...]]:
    """All lines by class. `known`: present rows by account id; `rounds`: which 催款单 each would get next."""
    found: dict[ChangeClass, list[ChangeRow]] = {one: [] for one in ChangeClass}
    for place, change in enumerate(plan.changes):
        account = known.get(change.account_id) if change.account_id is not None else None
        coming = rounds.get(change.account_id, 1) if change.account_id is not None else 1
        effect, then = _effect(change, account, coming)
        name = change.name_after or change.name_before
        if change.since:
            then = "；".join(part for part in (then, f"清单日之后已收、已减 {show_yuan(change.since)}") if part)
        row = ChangeRow(place, change.room, name, change.before, change.after, effect, then, bool(change.note))
        found[_OF_KIND[change.kind]].append(row)
        if change.doubts or change.closed_doubts:
            found[ChangeClass.DOUBT].append(_doubt_row(place, change, name))
        if change.owner_changed or change.renames:
            found[ChangeClass.OWNER].append(_owner_row(place, change))
    many = sum(sheet.used for sheet in plan.reading.sheets) > 1
    for place, refused in enumerate(plan.reading.rejected):
        where = f"{refused.sheet} 第 {refused.row} 行" if many else f"第 {refused.row} 行"
        cells = " · ".join(cell for cell in refused.cells if cell.strip())
        amount = refused.amount or 0
        found[ChangeClass.REJECTED].append(
            ChangeRow(place, refused.room, cells, 0, amount, refused.reason, "", True, where)
        )
    return {one: tuple(rows) for one, rows in found.items()}


def _doubt_row(place: int, change: UnitChange, name: str) -> ChangeRow:
    """What the list says against payments on record, or that it agrees with them at last."""
    if change.unsettled:
        effect = f"清单仍列 {show_yuan(change.doubted)}，账上已记收款或减免"
        known = all(doubt.stands for doubt in change.doubts)
        then = "与上次一样，仍待核" if known else "请财务核对，核对前不催"
    elif change.doubts:
        effect = f"清单仍列 {show_yuan(change.doubted)}，账上已记收款或减免"
        then = "已有人核实过，不再问"
    else:
        effect, then = "收款待核 → 清单已不再列", "已核上，恢复正常"
    unsettled = change.unsettled
    return ChangeRow(place, change.room, name, change.before, change.after, effect, then, unsettled > 0, "", unsettled)


def _owner_row(place: int, change: UnitChange) -> ChangeRow:
    names = f"{change.name_before or '（没有姓名）'} → {change.name_after}"
    if change.renames:
        then = "改正姓名，账和记录都不动" if change.name_before else "补上姓名"
    else:
        then = change.note or "另立一户；原业主的记录和承诺不转过来"
    return ChangeRow(place, change.room, names, change.before, change.after, "", then, bool(change.note))


def _effect(change: UnitChange, account: OwnerRow | None, coming: int) -> tuple[str, str]:
    if change.kind is ChangeKind.PAID_OFF:
        return _paid(account, coming)
    if change.kind is ChangeKind.PARTLY_PAID:
        promised = account is not None and account.mark in (MarkKind.PROMISED, MarkKind.DUE, MarkKind.BROKEN)
        said = f"{account.mark_text} → 只缴了一部分" if account is not None and promised else ""
        return said, change.note or "余额照旧跟进"
    if change.kind in (ChangeKind.NEW, ChangeKind.INCREASED):
        return _more(change), change.note or _after_more(change)
    return "", change.note


def _paid(account: OwnerRow | None, coming: int) -> tuple[str, str]:
    effects, then = [], []
    if account is not None:
        if account.mark in (MarkKind.PROMISED, MarkKind.DUE):
            effects.append(f"{account.mark_text} → 兑现")
        elif account.mark is MarkKind.BROKEN:
            effects.append(f"{account.mark_text} → 已补缴")
        elif account.mark is MarkKind.VERIFY:
            effects.append(f"{account.mark_text} → 已核实")
        elif account.mark is MarkKind.HOLD:
            effects.append(account.mark_text)
        if account.group is not None:
            then.append("移出今日待办")
    if coming > 1:
        then.append(f"停止第 {coming} 次催款")
    return "；".join(effects), "；".join(then)


def _more(change: UnitChange) -> str:
    by_period: dict[Period | None, list[str]] = {}
    for add in change.adds:
        by_period.setdefault(add.period, []).append(add.item)
    said = [f"{'、'.join(dict.fromkeys(items))} {_months(period)}".strip() for period, items in by_period.items()]
    if change.take_backs:
        said.append("财务又列出以前按清单冲抵的一笔")
    return "；".join(said)


def _months(period: Period | None) -> str:
    return period.text() if period else "期间待核"


def _after_more(change: UnitChange) -> str:
    flags = change.listed.flags if change.listed else ()
    if flags:
        return FLAG_LABELS[flags[0]]
    if change.account_id is None or change.owner_changed:
        return "列入今日：新户首电"
    return "重新列入待办" if change.kind is ChangeKind.NEW else _assumed(change.adds)


def _assumed(adds: tuple[AddCharge, ...]) -> str:
    return "应缴日按本处规定推定" if any(add.due_is_assumed for add in adds) else ""
