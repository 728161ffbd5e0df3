"""`feedesk today`: whom to contact on a day, and why, from the command line."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

from feedesk.errors import BadInput
from feedesk.models.accounts import ACTION_LABELS, WORK_GROUP_LABELS
from feedesk.models.days import show_moment
from feedesk.models.money import show_yuan
from feedesk.models.status import LEFT_ALONE
from feedesk.models.store import Office
from feedesk.models.worklist import WorkEntry, WorkFacts

_MORNING = time(9)


def add_parser(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    now: Callable[[], datetime],
    as_day: Callable[[str], date],
) -> None:
    """Teach the command line the command `today`; `now` is its clock, `as_day` reads a date."""
    today = commands.add_parser("today", help="今天该联系谁、为什么、最早几点")
    today.add_argument("--office", type=Path, required=True, metavar="F")
    today.add_argument("--date", type=as_day, metavar="D", help="哪一天，默认今天；别的日子按早上 9 点、照现在的记录算")
    today.add_argument("--clerk", metavar="NAME", help="只看分给这个人的户")
    today.add_argument("--all", action="store_true", help="连同今天不用联系的户，说明在等什么")
    today.add_argument("--json", action="store_true", help="每户一行 JSON")
    today.set_defaults(run=lambda args: _run(args, now))


def _run(args: argparse.Namespace, now: Callable[[], datetime]) -> int:
    moment = now()
    if args.date and args.date != moment.date():
        moment = datetime.combine(args.date, _MORNING)
    office = Office.look(args.office, lambda: moment)
    try:
        names = {person.id: person.name for person in office.staff.all()}
        if args.clerk and args.clerk not in names.values():
            raise BadInput(f"没有叫“{args.clerk}”的人员。", "请核对 --clerk 写的名字。")
        entries = [
            one
            for one in office.worklist.entries()
            if (args.all or one.is_today) and (not args.clerk or names.get(one.facts.staff_id or 0) == args.clerk)
        ]
        for one in entries:
            print(_as_json(one, names) if args.json else _as_text(one, moment))  # noqa: T201  (the command line speaks)
        if not args.json:
            count = sum(one.is_today for one in entries)
            print(f"{moment:%Y-%m-%d}：要联系或处理 {count} 户。")  # noqa: T201
        return 0
    finally:
        office.close()


def _as_json(one: WorkEntry, names: dict[int, str]) -> str:
    facts = one.facts
    return json.dumps(
        {
            "room": facts.room,
            "name": facts.name,
            "owed_fen": facts.owed,
            "action": str(facts.action),
            "group": str(facts.group) if facts.group else None,
            "reason": _reason(facts),
            "earliest": one.earliest.isoformat(timespec="minutes") if one.earliest else None,
            "next": facts.next_text,
            "mark": facts.mark_text,
            "limit_on": facts.limit_on.isoformat() if facts.limit_on else None,
            "clerk": names.get(facts.staff_id or 0),
        },
        ensure_ascii=False,
    )


def _as_text(one: WorkEntry, now: datetime) -> str:
    facts = one.facts
    when = show_moment(one.earliest, now) if one.earliest else facts.next_text
    heading = WORK_GROUP_LABELS[facts.group] if facts.group else "今天不用"
    return f"{facts.room} {facts.name} {show_yuan(facts.owed)}　{heading} · {ACTION_LABELS[facts.action]}（{when}）：{_reason(facts)}"


def _reason(facts: WorkFacts) -> str:
    """Why, without what happened in the owner's family: that stays inside the window (个人信息保护法 28)."""
    return "暂不联系" if facts.mark_text == LEFT_ALONE else facts.why
