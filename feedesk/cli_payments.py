"""`feedesk payments`: a statement matched, and what is sure booked, from the command line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from feedesk.errors import BadInput, file_errors
from feedesk.models.money import show_yuan
from feedesk.models.store import Office

if TYPE_CHECKING:
    from feedesk.models.intake import StatementMapping
    from feedesk.models.statements import StatementReading
    from feedesk.tasks.reconcile import LineResult


Trial = Callable[[Path, Callable[[Office], None]], None]
"""Runs something on a copy of an office, which may even be open in a window."""


def add_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], now: Callable[[], datetime], on_a_copy: Trial
) -> None:
    """Teach the command line the command `payments`; `now` is its clock."""
    payments = commands.add_parser("payments", help="对账：读银行流水、微信或支付宝账单，找出是哪一户交的")
    payments.add_argument("--office", type=Path, required=True, metavar="F")
    payments.add_argument("--statement", type=Path, required=True, metavar="FILE", help="流水或账单（CSV、Excel）")
    payments.add_argument("--mapping", type=Path, metavar="FILE", help="列的含义（JSON），同样格式的文件以后不再问")
    payments.add_argument("--book", choices=["sure"], help="把确定的记成收款")
    payments.add_argument("--dry-run", action="store_true", help="只看不写")
    payments.add_argument("--json", action="store_true", help="每笔一行 JSON")
    payments.set_defaults(run=lambda args: _run(args, now, on_a_copy))


def _run(args: argparse.Namespace, now: Callable[[], datetime], on_a_copy: Trial) -> int:
    from feedesk.tasks import reconcile

    mapping = _mapping(args.mapping) if args.mapping else None

    def run(office: Office) -> None:
        reading = reconcile.read(args.statement, office.statements.mappings(), mapping)
        found = reconcile.take_in(office, reading, mapping=mapping, book_sure=args.book == "sure")
        _report(reading, found, as_json=args.json)

    if args.dry_run:
        on_a_copy(args.office, run)
        return 0
    office = Office.open(args.office, now)
    try:
        run(office)
    finally:
        office.close()
    return 0


def _mapping(path: Path) -> StatementMapping:
    from feedesk.models.intake import statement_mapping_from_json

    with file_errors("列的含义", path):
        data = path.read_bytes()
    try:
        return statement_mapping_from_json(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput(f"“{path.name}”不是 UTF-8 文本，没有采用。", "请重新存一份列的含义。") from error


def _report(reading: StatementReading, found: tuple[LineResult, ...], *, as_json: bool) -> None:
    from feedesk.models.statements import CONFIDENCE_LABELS

    for row, why in reading.rejected:
        print(f"{reading.file} 第 {row} 行没有读入：{why}", file=sys.stderr)  # noqa: T201  (the command line speaks here)
    for result in found:
        if as_json:
            told = {
                "line": result.line.line,
                "rooms": list(result.rooms),
                "amount_fen": result.amount,
                "confidence": str(result.confidence),
                "reason": result.reason,
                "booked": result.booked,
            }
            print(json.dumps(told, ensure_ascii=False))  # noqa: T201
            continue
        mark = "现已入账" if result.booked else CONFIDENCE_LABELS[result.confidence]
        told_before = result.reason.startswith("已入账")
        words = result.reason if told_before else f"{mark}：{result.reason}"
        rooms = "、".join(result.rooms) or "—"
        when = f"{result.line.paid_on:%m-%d}"
        amount = show_yuan(result.amount)
        print(f"{result.line.line} {when} {amount} {result.line.payer} → {rooms}　{words}")  # noqa: T201
    if not as_json:
        booked = [result for result in found if result.booked]
        total = show_yuan(sum(result.amount for result in booked))
        print(f"{reading.file}：{len(found)} 笔，已入账 {len(booked)} 笔 {total}。")  # noqa: T201
