"""How long a text takes to be read aloud: a call must come to its question within forty seconds."""

from __future__ import annotations

import re
from datetime import date

from feedesk.models.periods import Period
from feedesk.models.scripts.context import ScriptContext
from feedesk.models.scripts.fill import FilledScript, fill
from feedesk.models.scripts.records import PartKind, Script
from feedesk.models.scripts.truth import SpokenPaper

CHARS_IN_TWO_SECONDS = 9
"""Chinese spoken at an easy pace on the telephone, pauses included: 4.5 characters a second."""
LONGEST = 40
"""Seconds to the question (issue 5: a clerk who speaks longer is not listened to)."""
SAMPLE = ScriptContext(
    today=date(2026, 11, 17),
    name="林晓岚",
    salutation="女士",
    room="3-2-1502",
    office="明湖花园服务中心",
    estate="明湖花园",
    called="小许",
    owed=344635,
    period=Period.parse("2026-04..2026-12"),
    items=("物业费",),
    promise_day=date(2026, 11, 15),
    promise_amount=344635,
    last_talk_on=date(2026, 11, 10),
    as_of=date(2026, 11, 13),
    dispute="主卧渗水",
    department="工程部",
    pay_ways=("银行转账", "扫码", "到服务中心前台"),
    pay_place="1 栋一层前台",
    phone="0000 6688",
    account="明湖物业有限公司，某银行明湖支行，6222 0000 0000 0000",
    clause="第八条",
    small_talk="这两天降温，家里都还暖和吧？",
    papers=(
        SpokenPaper(
            "催费函",
            date(2026, 11, 3),
            date(2026, 11, 18),
            frozenset({"demand_drafted", "demand_sent", "demand_received", "letter_sent", "letter_received"}),
            is_letter=True,
        ),
    ),
    mediator="明湖社区调解委员会",
    mediation_on=date(2026, 11, 26),
    law_firm="某律师事务所",
    lawyer_deadline=date(2026, 11, 27),
    court="某区人民法院",
    case_number="（2026）某0000民初0000号",
)
"""Everything known, nothing unusually long: the invented call against which shipped texts are measured."""

_NUMBER = re.compile(r"\d[\d,.]*")
_SPOKEN = re.compile(r"[^\W_]")


def spoken_length(text: str) -> int:
    """How many syllables a text has when read aloud: a Chinese character one, a Latin letter one, and a number as many
    as it has digits and places between them (3446.35: 三千四百四十六块三毛五).
    """
    rest = _NUMBER.sub("", text)
    return len(_SPOKEN.findall(rest)) + sum(_number_length(found[0]) for found in _NUMBER.finditer(text))


def _number_length(number: str) -> int:
    whole, _, part = number.replace(",", "").partition(".")
    places = len(whole) - 1 if 2 <= len(whole) <= 6 else 0
    """Longer numbers are read digit by digit."""
    return len(whole) + places + (len(part) + 1 if part else 0)


def seconds(text: str) -> int:
    """How long a text takes to be read aloud, in whole seconds begun."""
    return -(-spoken_length(text) * 2 // CHARS_IN_TWO_SECONDS)


def seconds_to_question(script: Script, context: ScriptContext = SAMPLE) -> int:
    """How long the clerk speaks, greeting included, until she has asked the question of the call: the first one of 正题.

    A message asks nothing aloud: 0. A script whose 正题 asks nothing is read to the question of 收口.
    """
    return filled_seconds(fill(script, context))


def filled_seconds(filled: FilledScript) -> int:
    """The same for a script that is filled already."""
    said = ""
    for part in filled.parts:
        if part.heading == PartKind.WORDS.value:
            return 0
        if part.heading != PartKind.OPENING.value and "？" in part.text:
            return seconds(said + part.text.partition("？")[0])
        said += part.text
    return seconds(said)
