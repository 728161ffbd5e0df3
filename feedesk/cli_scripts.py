"""`feedesk scripts`: the script for a room as the panel shows it, with what is locked and why, from the command line."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from feedesk.errors import BadInput
from feedesk.models.accounts import DEBTOR_TYPE_LABELS, STEP_LABELS, DebtorType, Step
from feedesk.models.contacts import CHANNEL_LABELS, Channel
from feedesk.models.scripts import Script, fill, seconds_to_question
from feedesk.models.store import Office

if TYPE_CHECKING:
    from feedesk.models.scripts import Locked, Offers, TechniqueOffer
    from feedesk.models.store.script_calls import ScriptCall


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], now: Callable[[], datetime]) -> None:
    """Teach the command line the command `scripts`; `now` is its clock."""
    scripts = commands.add_parser("scripts", help="这一户该说什么、为什么，哪些话术还不能用")
    scripts.add_argument("--office", type=Path, required=True, metavar="F")
    scripts.add_argument("--room", required=True, metavar="R", help="房号，如 3-2-1502")
    scripts.add_argument(
        "--channel", type=Channel, choices=list(Channel), default=Channel.PHONE, metavar="CHANNEL",
        help="phone 电话（默认）、visit 上门、message 微信/短信、mail 函前后、counter 业主来访",
    )  # fmt: skip
    scripts.add_argument("--step", type=Step, choices=list(Step), metavar="STEP", help="按另一个阶段看：0–8、5b")
    scripts.add_argument(
        "--type", type=DebtorType, choices=list(DebtorType), metavar="TYPE", help="按另一个欠费类型看，如 busy"
    )
    scripts.add_argument("--json", action="store_true")
    scripts.set_defaults(run=lambda args: _run(args, now))


def _run(args: argparse.Namespace, now: Callable[[], datetime]) -> int:
    office = Office.look(args.office, now)
    try:
        call = office.script_calls.of(_account_of(office, args.room), office.session.require_clerk())
        row = call.account.row
        step, kind = args.step or row.step, args.type or call.debtor_type
        offers = None
        if not row.is_paid:
            offers = office.scripts.library().offer(kind, step, args.channel, call.facts, call.truth)
        told = _told(call, kind, step, args.channel, offers)
        print(json.dumps(told, ensure_ascii=False) if args.json else _as_text(told))  # noqa: T201  (the command line speaks)
        return 0
    finally:
        office.close()


def _account_of(office: Office, room: str) -> int:
    """The account of a room: that of the present owner, or of a former one who still owes. Raises `BadInput`."""
    from feedesk.models.owner_filter import Chip, OwnerFilter

    rows = [row for row in office.accounts.rows(OwnerFilter(chip=Chip.ALL), "room") if row.room == room.strip()]
    if not rows:
        raise BadInput(f"没有房号“{room}”。", "请照清单上的写法写房号。")
    return min(rows, key=lambda row: row.is_former).account_id


def _told(call: ScriptCall, kind: DebtorType, step: Step, channel: Channel, offers: Offers | None) -> dict[str, Any]:
    row = call.account.row
    told: dict[str, Any] = {
        "room": row.room,
        "name": call.account.name,
        "type": kind.value,
        "step": step.value,
        "channel": channel.value,
        "on_file": sorted(call.truth.facts),
        "script": None,
        "why": "已缴清，不再催缴",
        "others": [],
        "locked": [],
        "techniques": [],
    }
    if offers is not None:
        chosen = offers.chosen
        told["script"] = _filled(chosen.script, call) if chosen.script else None
        told["answer"] = _filled(chosen.answer, call) if chosen.answer else None
        told["why"], told["because"], told["is_fallback"] = chosen.why, chosen.because, chosen.is_fallback
        told["others"] = [_filled(one, call) for one in offers.others]
        told["locked"] = [_locked(one) for one in offers.locked]
        told["techniques"] = [_technique(one) for one in offers.techniques]
    return told


def _filled(script: Script, call: ScriptCall) -> dict[str, Any]:
    filled = fill(script, call.context)
    return {
        "ref": script.ref,
        "title": script.title,
        "techniques": list(script.techniques),
        "parts": [{"part": part.heading, "text": part.text, "intent": part.intent} for part in filled.parts],
        "missing": list(filled.missing),
        "cautions": list(filled.cautions),
        "seconds_to_question": seconds_to_question(script, call.context),
    }


def _locked(one: Locked) -> dict[str, Any]:
    return {"ref": one.script.ref, "title": one.script.title, "requires": list(one.script.requires), "why": one.why}


def _technique(one: TechniqueOffer) -> dict[str, Any]:
    technique = one.technique
    return {"ref": technique.ref, "name": technique.name, "why": one.why, "locked": one.locked}


def _as_text(told: dict[str, Any]) -> str:
    kind, step = DEBTOR_TYPE_LABELS[DebtorType(told["type"])], STEP_LABELS[Step(told["step"])]
    lines = [
        f"{told['room']} {told['name']}　{kind} · {step} · {CHANNEL_LABELS[Channel(told['channel'])]}",
        told["why"],
    ]
    lines += [told["because"]] if told.get("because") else []
    if told["script"]:
        lines += [f"【{part['part']}】{part['text']}" for part in told["script"]["parts"]]
        lines += [f"还缺：{'、'.join(told['script']['missing'])}"] if told["script"]["missing"] else []
        lines += [f"注意：{'；'.join(told['script']['cautions'])}"]
    elif told.get("answer"):
        lines += [f"业主自己来电时：{told['answer']['title']}（{told['answer']['ref']}）"]
        lines += [f"【{part['part']}】{part['text']}" for part in told["answer"]["parts"]]
    lines += [f"也可以用：{one['title']}（{one['ref']}）" for one in told["others"]]
    lines += [f"不能用：{one['title']}（{one['ref']}），{one['why']}" for one in told["locked"]]
    names = "、".join(one["name"] + ("（还不能用）" if one["locked"] else "") for one in told["techniques"])
    return "\n".join([*lines, *([f"招数：{names}"] if names else [])])
