"""What the clerk waits for at the desk: a keystroke in the search, today's worklist."""

from __future__ import annotations

import sqlite3
import statistics
from contextlib import closing
from datetime import date, datetime
from functools import partial

from benchmarks.measure import Measured, seconds
from benchmarks.offices import Workshop
from feedesk.models.owner_filter import OwnerFilter
from feedesk.models.store import Office, filters

TYPED = ("l", "lx", "lxl", "1", "12", "12-", "12-3", "王", "王伟", "138", "1388", "wj")
"""Texts as they stand after one keystroke each: initials, rooms, a name, the end of a phone number."""
FRAMES = 0.034
"""Two frames of a screen of 60 Hz."""


def bench_search(shop: Workshop, aim: float = 2.0) -> Measured:
    """From the changed text to the painted rows, against the same statement on a bare connection."""
    # late: the window needs Qt and its fonts, which the jobs without a window do without
    from benchmarks.window import OwnersWindow

    ours: list[float] = []
    floor: list[float] = []
    rests: list[float] = []
    typed = TYPED[:4] if shop.quick else TYPED
    with OwnersWindow(shop.large) as owners, closing(sqlite3.connect(shop.large)) as bare:
        for text in typed:
            owners.search(text)  # characters that have not been painted yet are drawn into Qt's cache
        owners.rest()
        for _ in range(shop.repeats(5)):
            for text in typed:
                where, values = filters.where(OwnerFilter(text=text), date.today())
                sql = f"SELECT account_id, owed FROM account_state WHERE {where} ORDER BY {filters.SORTS['next']}"
                floor.append(seconds(partial(_rows, bare, sql, values)))
                ours.append(seconds(partial(owners.search, text)))
                rests.append(owners.rest())
    note = (
        f"从文字改变到表格画完，最慢的一次 {max(ours) * 1000:.0f} ms；界面为连打合并的 30 ms 不计；"
        f"停手后右侧换户 {statistics.median(rests) * 1000:.0f} ms"
    )
    middle = statistics.median(ours)
    return Measured(f"搜索按一键，{shop.size(50_000):,} 户", middle, statistics.median(floor), aim, note, FRAMES)


WORKLIST_MOST = 0.15
"""Seconds, so that going to 今日 feels like no wait."""


def bench_worklist(shop: Workshop, most: float = WORKLIST_MOST) -> Measured:
    """今日 of an office of 5,000 accounts: read, arranged, one owner chosen and painted; against its statement alone."""
    # late: as above
    from benchmarks.window import TodayWindow

    with TodayWindow(shop.lived_in) as today, closing(sqlite3.connect(shop.lived_in)) as bare:
        times = [(seconds(partial(_rows, bare, _WORKLIST, [])), seconds(today.refresh)) for _ in range(shop.repeats(9))]
        count = len(today.office.accounts.worklist())
    ours, floor = (statistics.median(pair[side] for pair in times) for side in (1, 0))
    return Measured(f"今日待办，{shop.size(5_000):,} 户", ours, floor, None, f"待办 {count:,} 户", most)


_WORKLIST = "SELECT * FROM account_state WHERE work_group IS NOT NULL ORDER BY priority, next_at, owed DESC, room_key"


def _rows(bare: sqlite3.Connection, sql: str, values: list[object]) -> list[tuple[object, ...]]:
    return bare.execute(sql, values).fetchall()


def bench_next_actions(shop: Workshop, most: float = WORKLIST_MOST) -> Measured:
    """The next action of every open account of an office of 5,000, with the guard's earliest time; none without one."""
    with closing(sqlite3.connect(shop.lived_in)) as bare:
        office = Office.open(shop.lived_in, datetime.now)
        try:
            entries = office.worklist.entries()
            pairs = [
                (seconds(partial(_rows, bare, _OPEN, [])), seconds(office.worklist.entries))
                for _ in range(shop.repeats(9))
            ]
            open_accounts = len(_rows(bare, _OPEN, []))
        finally:
            office.close()
    told = {one.facts.account_id for one in entries if one.facts.why}
    if len(told) != open_accounts or len(entries) != open_accounts:
        raise ValueError(f"{open_accounts} open accounts, {len(entries)} entries, {len(told)} with a reason")
    ours, floor = (statistics.median(pair[side] for pair in pairs) for side in (1, 0))
    today = sum(one.is_today for one in entries)
    note = f"欠费 {open_accounts:,} 户，户户有一个下一步和理由；今天 {today:,} 户"
    return Measured(f"每户的下一步，{shop.size(5_000):,} 户", ours, floor, None, note, most)


_OPEN = (
    "SELECT * FROM account_state WHERE is_paid = 0 ORDER BY work_group IS NULL, priority, next_at, owed DESC, room_key"
)
