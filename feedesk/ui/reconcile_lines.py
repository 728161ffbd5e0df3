"""The lines of a statement as rows: who paid how much, whom it is for, how sure that is, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from feedesk.models.days import short_day
from feedesk.models.money import show
from feedesk.models.statements import (
    CONFIDENCE_LABELS,
    Confidence,
    Direction,
    KeptLine,
    KeptStatement,
    LineState,
    StatementReading,
)
from feedesk.ui.notice_rows import short_rooms
from feedesk.ui.table import Align, Cell, Column
from feedesk.ui.theme import Tone

_NARROW = 1100
_MARKS = {
    Confidence.SURE: ("paid", Tone.MALACHITE),
    Confidence.LIKELY: ("partly", Tone.AZURE),
    Confidence.UNSURE: ("verify", Tone.OCHRE),
    Confidence.NONE: ("open", Tone.MUTED),
}


def state_cell(line: KeptLine) -> Cell:
    """What became of a line, or how sure the proposal is: mark and word."""
    if line.state is LineState.BOOKED:
        return Cell("已入账", mark="paid", tone=Tone.MALACHITE)
    if line.state is LineState.DISMISSED:
        return Cell("已搁置", mark="nocall", tone=Tone.MUTED)
    if line.state is LineState.VOID:
        return Cell("不是收款", mark="other", tone=Tone.MUTED)
    mark, tone = _MARKS[line.match.confidence]
    return Cell(CONFIDENCE_LABELS[line.match.confidence], mark=mark, tone=tone, bold=tone is Tone.OCHRE)


def amount_text(line: KeptLine) -> str:
    """The sum, with a minus when it went out."""
    return show(-line.line.amount if line.line.direction is Direction.OUT else line.line.amount)


def rooms_text(line: KeptLine) -> str:
    """The rooms it is proposed or booked for; 「—」 for none."""
    return short_rooms([share.room for share in line.match.shares]) or "—"


def line_columns(
    today: Callable[[], date], chosen: Callable[[int], tuple[str, ...] | None]
) -> tuple[Column[KeptLine], ...]:
    """把握 日期 金额 付款人 附言 哪一户 为什么. `chosen`: the rooms that the clerk has put to a line by hand."""

    def quiet(line: KeptLine) -> bool:
        return line.state in (LineState.VOID, LineState.DISMISSED)

    def state(line: KeptLine) -> Cell:
        return state_cell(line) if chosen(line.id) is None else Cell("已改户", mark="open", tone=Tone.AZURE, bold=True)

    def rooms(line: KeptLine) -> Cell:
        by_hand = chosen(line.id)
        text = rooms_text(line) if by_hand is None else short_rooms(by_hand) or "—"
        return Cell(text, bold=text != "—" and not quiet(line))

    return (
        Column("把握", state, 96),
        Column("日期", lambda line: Cell(short_day(line.line.paid_on, today()), tone=Tone.MUTED), 64),
        Column("金额(元)", lambda line: Cell(amount_text(line), bold=not quiet(line), strike=quiet(line)), 96, align=Align.RIGHT),
        Column("付款人", lambda line: Cell(line.line.payer or "—", tooltip=line.line.payer_account), 84),
        Column("附言", lambda line: Cell(line.line.memo or "—", tone=Tone.MUTED, tooltip=line.line.memo), 176, grows=True),
        Column("哪一户", rooms, 104),
        Column("为什么", lambda line: Cell(line.match.reason, tone=Tone.MUTED), 0, hide_below=_NARROW),
    )  # fmt: skip


def sums_text(lines: Sequence[KeptLine], statements: Sequence[KeptStatement], today: date) -> str:
    """「收入 … ＝ 已入账 … ＋ 等核对 …」 of the lines of these statements; of one alone also its days."""
    if not statements:
        return ""
    sums = {state: sum(line.line.amount for line in lines if line.state is state) for state in LineState}
    booked, waits, aside = sums[LineState.BOOKED], sums[LineState.OPEN], sums[LineState.DISMISSED]
    words = f"收入 {show(booked + waits + aside)} ＝ 已入账 {show(booked)} ＋ 等核对 {show(waits)}"
    if aside:
        words += f" ＋ 已搁置 {show(aside)}"
    if len(statements) == 1:
        one = statements[0]
        if one.first_on and one.last_on:
            words += f" · {short_day(one.first_on, today)} 至 {short_day(one.last_on, today)}"
        if one.repeats:
            words += f" · {one.repeats} 笔以前读入过"
    return words


def kept_text(reading: StatementReading, fresh: int, before: int) -> str:
    """What is said of a statement taken in: how many lines are new, how many were here `before`, what was not read."""
    words = f"{reading.file}：新读入 {fresh} 笔"
    if before:
        words += f"，{before} 笔以前读入过，没有重复"
    if reading.rejected:
        row, why = reading.rejected[0]
        words += f"，{len(reading.rejected)} 行没有读懂：第 {row} 行{why}"
    return f"{words}。"
