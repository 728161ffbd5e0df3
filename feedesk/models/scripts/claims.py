"""What a text states about papers, found by its words: the truth guard for texts that an office writes itself.

The wording rules look after lawyers and courts; here is what they let pass because it is lawful when it is true: that a
demand has gone out or come in, that the committee or a mediator was asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PAPER = r"(?:催款单|催缴通知书|催费函|最后通知书|\{函件\})"
_STILL = r"(?:准备|打算|还没|尚未|没有|未曾|之前|以前|就要|将要|将|正要|马上|这两天|要是|如果)"
_STEP = re.compile(_PAPER)
_SENT = re.compile(
    rf"{_PAPER}(?P<between>[^。？！；]{{0,16}}?)(?:寄出|送出|发出|寄到|送到|送达|寄给|送给|发给|交给|贴在|投进|给您寄|给您送)"
)
_SENT_BEFORE = re.compile(
    rf"(?P<between>[^。？！；，]{{0,8}})(?:寄出|送出|发出|寄到|送到|寄给|送给|发给|寄了|送了|发了)[^。？！；，]{{0,10}}?{_PAPER}"
)
_RECEIVED = re.compile(rf"{_PAPER}[^。？！；]{{0,12}}?(?P<between>)(?:收到|签收|收下|看到|看过|收着)")
_COMMITTEE = re.compile(
    r"(?P<between>[^。？！；，]{0,4})(?:已经?|都|刚)[^。？！；]{0,8}请[^。？！；，]{0,4}业委会[^。？！；，]{0,8}(?:督促|出面|过问)"
)
_MEDIATION = re.compile(
    r"(?P<between>[^。？！；，]{0,4})(?:已经?|都|刚)[^。？！；]{0,12}(?:申请|提出|受理|安排)[^。？！；，]{0,6}调解"
)


def claims(text: str) -> Iterator[tuple[str, str]]:
    """The records a text rests on (names of `REQUIREMENTS`), each with the words that say so."""
    named = _STEP.search(text)
    if named is not None:
        yield "step_demand", named[0]
    for name, pattern in (
        ("demand_sent", _SENT),
        ("demand_sent", _SENT_BEFORE),
        ("demand_sent", _RECEIVED),
        ("committee_asked", _COMMITTEE),
        ("mediation_asked", _MEDIATION),
    ):
        for found in pattern.finditer(text):
            if not re.search(_STILL, found["between"]):
                yield name, found[0]
