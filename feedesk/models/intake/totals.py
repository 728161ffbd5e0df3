"""The list's own totals against what was read: 合计 rows, 小计 rows, the 合计 column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from feedesk.models.arrears_list import TotalCheck
from feedesk.models.intake.aside import Outcome, Sums, TotalRow
from feedesk.models.intake.plan import Plan


@dataclass(frozen=True, slots=True)
class _Debt:
    """Columns whose sums make up the debt, with signs: 应收 counts, 实收 counts against."""

    plus: tuple[int, ...]
    minus: tuple[int, ...]
    late: tuple[int, ...]

    def of(self, sums: dict[int, int], with_late: bool) -> int:
        """Debt in 分 by these column sums."""
        debt = sum(sums[index] for index in self.plus) - sum(sums[index] for index in self.minus)
        return debt + (sum(sums[index] for index in self.late) if with_late else 0)


def total_checks(plan: Plan, outcome: Outcome, where_prefix: str) -> list[TotalCheck]:
    """All checks of one table: the grand total first, then column by column.

    Marks the skipped total rows with what was found, and adds a sentence to `outcome.odd_sums` for every
    subtotal that differs. Totals include finance's late fee where the list's own do.
    """
    debt = _debt(plan)
    checks: list[TotalCheck] = []
    grand = _grand_row(plan, outcome, debt)
    for total in outcome.totals:
        where = f"{where_prefix}第 {total.row} 行"
        if total is grand:
            found = _grand_checks(plan, total, debt, where)
            agrees = all(check.agrees for check in found)
            checks = found
        else:
            agrees = _subtotal_agrees(plan, total, debt)
            if not agrees:
                outcome.odd_sums.append(f"{where}的“{total.text}”和上面各行加起来不一致，请财务核对")
        if total.stated:
            skipped = outcome.skipped[total.skipped]
            outcome.skipped[total.skipped] = replace(
                skipped, why="合计行，已核对一致" if agrees else "合计行，和各行不一致"
            )
    column = _column_check(plan, outcome, debt, where_prefix)
    if column and not any(check.what == "合计" for check in checks):
        checks.insert(0, column)
    return checks


def _debt(plan: Plan) -> _Debt:
    plus = [fee.index for fee in plan.fees]
    minus = []
    for line in plan.lines:
        if line.owed >= 0:
            plus.append(line.owed)
        else:
            plus.append(line.charged)
            if line.received >= 0:
                minus.append(line.received)
    return _Debt(tuple(plus), tuple(minus), plan.late)


def _grand_row(plan: Plan, outcome: Outcome, debt: _Debt) -> TotalRow | None:
    """The row that sums the whole table: the last one that is not a subtotal agreeing with its own group."""
    for total in reversed(outcome.totals):
        if not total.stated:
            continue
        if (
            len(outcome.totals) > 1
            and "小计" in total.text
            and not _agrees(plan, total, debt, _zero(total.whole), total.whole)
        ):
            continue
        return total
    return None


def _zero(sums: Sums) -> Sums:
    return Sums(dict.fromkeys(sums.read, 0), dict.fromkeys(sums.refused, 0))


def _between(before: Sums, after: Sums) -> Sums:
    return Sums(
        {index: after.read[index] - before.read[index] for index in after.read},
        {index: after.refused[index] - before.refused[index] for index in after.refused},
        after.refused_total - before.refused_total,
    )


def _stated_total(plan: Plan, total: TotalRow) -> int | None:
    """What the row gives as the one sum of everything, None when it gives sums by column only."""
    for check in plan.checks:
        if check.whole and check.index in total.stated:
            return total.stated[check.index]
    return next(iter(total.stated.values())) if len(total.stated) == 1 else None


def _agrees(plan: Plan, total: TotalRow, debt: _Debt, before: Sums, after: Sums) -> bool:
    sums = _between(before, after)
    stated = _stated_total(plan, total)
    if stated is not None and any(_whole(sums, debt, late) == stated for late in (True, False)):
        return True
    return bool(total.stated) and all(
        amount == sums.read[index] + sums.refused[index] for index, amount in total.stated.items()
    )


def _whole(sums: Sums, debt: _Debt, with_late: bool) -> int:
    return debt.of(sums.read, with_late) + sums.refused_total


def _subtotal_agrees(plan: Plan, total: TotalRow, debt: _Debt) -> bool:
    return (
        not total.stated
        or _agrees(plan, total, debt, total.section, total.whole)
        or _agrees(plan, total, debt, _zero(total.whole), total.whole)
    )


def _grand_checks(plan: Plan, total: TotalRow, debt: _Debt, where: str) -> list[TotalCheck]:
    sums = total.whole
    checks = []
    stated = _stated_total(plan, total)
    single = len(total.stated) == 1 and not any(check.index in total.stated for check in plan.checks)
    if stated is not None:
        late = stated != _whole(sums, debt, False)
        whole = TotalCheck("合计", stated, debt.of(sums.read, late), sums.refused_total, where)
        # one number below one column may be that column's sum or the sum of all: whichever it is
        if not single or whole.agrees or not _column_agrees(total, sums):
            checks.append(whole)
            if single:
                return checks
    titles = {fee.index: fee.item for fee in plan.fees} | {index: plan.titles[index] for index in plan.late}
    doubled = {item for item in titles.values() if list(titles.values()).count(item) > 1}
    for index, amount in total.stated.items():
        check = next((check for check in plan.checks if check.index == index), None)
        if check is not None:
            continue
        title = titles.get(index, plan.titles[index])
        what = plan.titles[index] if title in doubled else title
        checks.append(TotalCheck(what, amount, sums.read[index], sums.refused[index], where))
    return checks


def _column_agrees(total: TotalRow, sums: Sums) -> bool:
    return all(amount == sums.read[index] + sums.refused[index] for index, amount in total.stated.items())


def _column_check(plan: Plan, outcome: Outcome, debt: _Debt, where_prefix: str) -> TotalCheck | None:
    """The sum of the list's own 合计 column, where no row of totals says it."""
    whole: Sequence[int] = [check.index for check in plan.checks if check.whole]
    if not whole:
        return None
    index = whole[-1]
    sums = outcome.sums
    stated = sums.read[index] + sums.refused[index]
    if not stated:
        return None
    late = stated != debt.of(sums.read, False) + sums.refused_total
    return TotalCheck(
        "合计", stated, debt.of(sums.read, late), sums.refused_total, f"{where_prefix}“{plan.titles[index]}”列"
    )
