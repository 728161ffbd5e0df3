"""The lint of a text while it is typed: sentences that were looked at before cost nothing again."""

from __future__ import annotations

import statistics
from functools import partial

from benchmarks.desk_work import FRAMES
from benchmarks.measure import Measured, seconds
from benchmarks.offices import Workshop
from feedesk.models.wording import load_wording


def bench_lint(shop: Workshop, aim: float = 0.25) -> Measured:
    """One more key in a long letter full of findings, against looking through a letter never seen before."""
    rules, length = load_wording(), shop.size(5_000)
    ours: list[float] = []
    floor: list[float] = []
    rules.lint(_letter(0, length))
    for at in range(1, shop.repeats(9) + 1):
        letter = _letter(at, length)
        floor.append(seconds(partial(rules.lint, letter)))
        ours.append(seconds(partial(rules.lint, letter + "谢谢您")))
    whole = statistics.median(floor)
    note = f"底线：没有见过的一封信从头看一遍，{whole * 1000:.0f} ms"
    return Measured(f"查用语按一键，{length:,} 字的信", statistics.median(ours), whole, aim, note, FRAMES)


def _letter(at: int, length: int) -> str:
    """No sentence like another, none looked at before."""
    return "".join(
        f"您好，您家 {at}-{n} 的物业费 {n} 元还没有缴，依据民法典第九百四十四条，请于 11 月 30 日前缴清，逾期将停水停电。"
        for n in range(length // 50 + 1)
    )[:length]
