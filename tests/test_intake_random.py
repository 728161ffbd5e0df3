"""Whatever stands in a file, reading ends in a `Reading` or in one sentence, and no money is invented."""

import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedesk.errors import FeeDeskError
from feedesk.models import rooms
from feedesk.models.arrears_list import ReadOptions
from feedesk.models.intake import read_list
from feedesk.models.intake.ledger import PLAIN_ROOM
from feedesk.models.intake.reader import read_book
from feedesk.models.intake.sheets import Book, Cell, Grid

TITLES = st.sampled_from(
    [
        "房号", "楼栋", "单元", "业主", "电话", "面积", "物业费", "水费", "本期物业费", "前期·物业费", "2024年物业费", "滞纳金", "小计", "合计",
        "应收", "实收", "欠费金额", "收费项目", "欠费期间", "起始", "截止", "应缴日期", "备注", "状态", "序号", "暗号", "本期应收_管理费", "",
    ]
)  # fmt: skip
WORDS = st.sampled_from(
    ["1-101", "1-102", "3栋", "合计", "小计", "总计：", "甲", "乙、丙", "/", "-", "￥12.50", "１２", "-3", "2026-10", "2026年三季度", "46296",
     "制表人：", "备注：略", "13900000001", "#N/A", " ", "1e5", "=1+1", "(5)", "物业费"]
)  # fmt: skip
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.just(""),
    WORDS,
    st.integers(-(10**12), 10**12),
    st.integers(0, 2000),
    st.floats(),
    st.booleans(),
    st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)),
    st.just(time(8, 30)),
    st.just(timedelta(hours=30)),
    st.text(max_size=12),
)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    width = draw(st.integers(1, 8))
    header: list[Cell] = ["房号", *draw(st.lists(TITLES, min_size=width - 1, max_size=width - 1))]
    row = st.lists(CELLS, min_size=width, max_size=width)
    body = draw(st.lists(row, max_size=12))
    above = draw(st.lists(row, max_size=2))
    corner = st.tuples(st.integers(0, 14), st.integers(0, width - 1))
    merges = draw(st.lists(st.tuples(corner, corner), max_size=3))
    ordered = tuple(((min(a[0], b[0]), min(a[1], b[1])), (max(a[0], b[0]), max(a[1], b[1]))) for a, b in merges)
    return Grid("表", [*above, header, *body], ordered)


def positive_money(grid: Grid) -> int:
    """More than any honest reading of the cells could add up to, in 分."""
    total = 0
    for row in grid.rows:
        for cell in row:
            text = str(cell)
            digits = "".join(char for char in text if char.isdecimal())
            total += int(min(abs(float(cell)), 1e9) * 100) + 1 if isinstance(cell, int | float) and cell == cell else 0
            total += int(digits or 0) * 100 if isinstance(cell, str) else 0
    return total


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(grids(), st.booleans(), st.booleans())
def test_any_grid_is_read_or_refused_and_no_money_is_invented(grid: Grid, careful: bool, rounded: bool) -> None:
    possible = positive_money(grid)
    rows = len(grid.rows)
    options = ReadOptions(careful=careful, round_third_decimal=rounded)
    try:
        reading = read_book(Book((grid,), "0" * 64), "清单.xlsx", options, remembered={}, tick=lambda _: None)
    except FeeDeskError as refused:
        assert refused.text.endswith("。")
        return
    assert reading.total <= possible
    assert all(charge.owed > 0 for account in reading.accounts for charge in account.charges)
    assert all(account.charges and account.room for account in reading.accounts)
    assert len({account.room for account in reading.accounts}) == len(reading.accounts)
    read = {row for account in reading.accounts for _, row in account.rows}
    refused_rows = {rejected.row for rejected in reading.rejected}
    assert not read & refused_rows
    assert read | refused_rows <= set(range(1, rows + 1))
    assert all(rejected.reason for rejected in reading.rejected)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: ("房号,物业费\n" + text).encode()))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "清单.csv"
        path.write_bytes(content)
        try:
            read_list(path)
        except FeeDeskError as refused:
            assert refused.text.endswith("。")


@given(st.from_regex(PLAIN_ROOM, fullmatch=True) | st.from_regex(r"[0-9A-C栋-]{1,10}", fullmatch=True))
def test_the_short_way_with_plain_rooms_gives_what_the_long_way_gives(room: str) -> None:
    plain = PLAIN_ROOM.fullmatch(room)
    if plain:
        assert rooms.normal_room(room) == room
        assert rooms.place_of(room).building == plain[1]
        assert rooms.loose_key(room) == room
