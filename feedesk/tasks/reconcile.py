"""对账: read a statement, keep it, and book what is sure; one transaction, so nothing is ever half-booked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from feedesk.errors import QuestionOpen
from feedesk.models.changes import Changes
from feedesk.models.intake import (
    StatementMapping,
    read_statement,
    statement_mapping_from_json,
    statement_mapping_to_json,
)
from feedesk.models.statements import Confidence, KeptLine, LineState, StatementLine, StatementReading
from feedesk.models.store import Office


@dataclass(frozen=True, slots=True)
class LineResult:
    """What became of one line of the file, in the file's order. `amount` in 分."""

    line: StatementLine
    rooms: tuple[str, ...]
    confidence: Confidence
    reason: str
    booked: bool

    @property
    def amount(self) -> int:
        """The sum of the line, in 分."""
        return self.line.amount


def read(
    path: Path,
    remembered: Mapping[str, str],
    mapping: StatementMapping | None = None,
    tick: Callable[[float], None] | None = None,
) -> StatementReading:
    """Read a statement with the mappings the office remembers (JSON by shape), or with one given for this file."""
    known = {shape: statement_mapping_from_json(text) for shape, text in remembered.items()}
    return read_statement(path, mapping, remembered=known, tick=tick)


def stop_at_unknown(reading: StatementReading) -> None:
    """Raise the question that only a person can answer: what the columns mean."""
    if reading.unknown:
        titles = "、".join(title for title in reading.table.titles if title)
        raise QuestionOpen(
            f"{reading.file}：{reading.unknown}没有写入任何数据。",
            f"表里的列是：{titles}。可在窗口的对账页指明，或用 --mapping 给出。",
        )


def keep(office: Office, reading: StatementReading, mapping: StatementMapping | None = None) -> Changes:
    """Keep a statement with the proposals for its lines; `mapping` is remembered for files of the same layout."""
    stop_at_unknown(reading)
    with office.session.writing():
        if mapping is not None:
            columns = StatementMapping(mapping.columns, reading.shape)
            office.statements.remember(reading.shape, statement_mapping_to_json(columns))
        return office.statements.keep(reading)


def take_in(
    office: Office,
    reading: StatementReading,
    *,
    mapping: StatementMapping | None = None,
    book_sure: bool = False,
) -> tuple[LineResult, ...]:
    """Keep a statement, match it, and book the sure lines of this file if asked to: all of it or nothing.

    `mapping` is remembered for files of the same layout. Raises `QuestionOpen` for a layout nobody knows, and `FeeDeskError` when a line cannot be booked; nothing is written then.
    """
    with office.session.writing():
        keep(office, reading, mapping)
        keys = list(dict.fromkeys(line.key for line in reading.lines))
        kept = {one.line.key: one for one in office.statements.of_keys(keys)}
        booked = {key for key, one in kept.items() if one.state is LineState.BOOKED}
        if book_sure:
            sure = [
                one for one in kept.values() if one.state is LineState.OPEN and one.match.confidence is Confidence.SURE
            ]
            office.statements.book_all([one.id for one in sure])
            booked |= {one.line.key for one in sure}
    return _results(reading, kept, booked)


def _results(reading: StatementReading, kept: Mapping[str, KeptLine], booked: set[str]) -> tuple[LineResult, ...]:
    first: dict[str, int] = {}
    found = []
    for line in reading.lines:
        if line.key in first:
            reason = f"与第 {first[line.key]} 笔的流水号相同，是同一笔交易"
            found.append(LineResult(line, (), Confidence.NONE, reason, False))
            continue
        first[line.key] = line.line
        one = kept[line.key]
        rooms = tuple(dict.fromkeys(share.room for share in one.match.shares))
        reason = one.match.reason
        if line.void and one.state is LineState.BOOKED:
            reason = f"{reason}；但这份文件写着“{line.void}”，请核对这笔收款"
        found.append(LineResult(line, rooms, one.match.confidence, reason, line.key in booked))
    return tuple(found)


def unbook(office: Office, line_ids: Collection[int]) -> Changes:
    """Reverse the payments booked of these lines on the spot, all or none."""
    touched: frozenset[int] = frozenset()
    with office.session.writing():
        for line_id in line_ids:
            payment_id = office.statements.line(line_id).payment_id
            if payment_id is not None:
                touched |= office.payments.reverse(payment_id, "当场撤销").account_ids
    return Changes(touched)
