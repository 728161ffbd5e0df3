"""`feedesk texts`: the list of reminder texts for the SMS gateway, from the command line. Nothing is marked as sent."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from feedesk.errors import BadInput
from feedesk.models.store import Office
from feedesk.models.texts import TextKind

if TYPE_CHECKING:
    from feedesk.models.texts import TextBatch

Matches = Callable[[str, str | None], bool]
"""Whether a room is meant by `--rooms`."""


def add_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    now: Callable[[], datetime],
    day: Callable[[str], date],
    matches: Matches,
) -> None:
    """Teach the command line the command `texts`; `now` is its clock, `day` reads a date, `matches` a room."""
    texts = commands.add_parser("texts", help="存短信名单：每位业主一条，交短信平台发")
    texts.add_argument("--office", type=Path, required=True, metavar="F")
    texts.add_argument(
        "--out", type=Path, required=True, metavar="X.xlsx", help="两列：手机号码、短信内容；也可以是 .csv"
    )
    texts.add_argument("--rooms", metavar="PATTERN", help="房号，可用 * 和逗号，如 3-2-*,4-12D")
    texts.add_argument(
        "--template",
        choices=[str(kind) for kind in TextKind],
        default=str(TextKind.SECOND),
        help="用哪一条，默认再次提醒",
    )
    texts.add_argument("--date", type=day, metavar="D", help="哪天发，默认今天")
    texts.add_argument("--json", action="store_true")
    texts.set_defaults(run=lambda args: _run(args, now, matches))


def _run(args: argparse.Namespace, now: Callable[[], datetime], matches: Matches) -> int:
    from feedesk.models.owner_filter import Chip, OwnerFilter
    from feedesk.tasks.texts import export_texts

    kind, today = TextKind(args.template), now().date()
    if args.date and args.date < today:
        raise BadInput("发短信的日子已经过了，没有存名单。", "请改好 --date。")
    office = Office.open(args.office, now)
    try:
        rows = office.accounts.rows(OwnerFilter(chip=Chip.ALL), "room")
        thanks = kind is TextKind.THANKS
        wanted = [r.account_id for r in rows if matches(r.room, args.rooms) and (r.owed > 0 or thanks or args.rooms)]
        if not wanted:
            raise BadInput("没有符合条件的户，没有存名单。", "请检查 --rooms 写的房号。")
        moment = datetime.combine(args.date, time(10)) if args.date else now()
        batch = office.texts.propose(wanted, kind, moment)
        if batch.ready:
            export_texts(office, batch.ready, args.out)
        _report(batch, as_json=args.json)
        if not batch.ready:
            raise BadInput("这些户都不发这一条，没有生成文件。", "")
        return 0
    finally:
        office.close()


def _report(batch: TextBatch, *, as_json: bool) -> None:
    blocked = [text for text in batch.texts if not text.is_ready]
    parts = sum(text.composed.length.parts for text in batch.ready)
    if as_json:
        told = {
            "texts": [
                {"rooms": list(one.rooms), "parts": one.composed.length.parts, "amount_fen": one.amount}
                for one in batch.ready
            ],
            "parts": parts,
            "blocked": [{"rooms": list(one.rooms), "reason": one.composed.blocks[0]} for one in blocked],
            "left_out": [{"room": one.room, "reason": one.reason} for one in batch.left_out],
        }
        print(json.dumps(told, ensure_ascii=False))  # noqa: T201  (the command line speaks here)
        return
    left = len(blocked) + len(batch.left_out)
    print(f"名单里 {len(batch.ready)} 位业主，短信计 {parts} 条；没发 {left} 户。发出后请在窗口里记为已发。")  # noqa: T201
    for text in blocked:
        print(f"  {text.rooms[0]} {text.name}：{text.composed.blocks[0]}")  # noqa: T201
    for one in batch.left_out:
        print(f"  {one.room} {one.name}：{one.reason}")  # noqa: T201
    if batch.hours:
        print(f"  注意：{batch.hours}。")  # noqa: T201
