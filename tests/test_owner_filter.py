"""A search finds what the clerk means; the patterns are tried on SQLite's own LIKE."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.accounts import Category, MarkKind
from feedesk.models.owner_filter import CHIP_RULES, ESCAPE, Chip, OwnerFilter, escaped, words
from feedesk.models.people import search_text

OWNERS = {
    "张": ("3-2-1502", "张三", ("1502",)),
    "曾": ("4-12D", "曾晓岚", ("4417", "6688")),
    "郑": ("13-2-0803", "郑家禾、吴念", ("0803",)),
    "店": ("商铺A08", "云间_茶事100%", ("",)),
    "单": ("6-2-1104", "单念慈", ("3302",)),
}


@pytest.fixture(scope="module")
def table() -> Iterator[sqlite3.Connection]:
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE t (id TEXT, room TEXT, name TEXT, pinyin TEXT, tails TEXT)")
    conn.executemany(
        "INSERT INTO t VALUES (?, ?, ?, ?, ?)",
        [(i, room, name, search_text(name), " ".join(tails)) for i, (room, name, tails) in OWNERS.items()],
    )
    yield conn
    conn.close()


def hits(table: sqlite3.Connection, text: str) -> str:
    where, values = ["1"], []
    for word in words(text):
        rooms = [("room", pattern) for pattern in (word.room, *word.spellings)]
        pairs = (("name", word.name), *rooms, ("pinyin", word.key), ("tails", word.tail))
        used = [(column, pattern) for column, pattern in pairs if pattern]
        where.append("(" + " OR ".join(f"{column} LIKE ? ESCAPE '{ESCAPE}'" for column, _ in used) + ")")
        values += [pattern for _, pattern in used]
    rows = table.execute(f"SELECT id FROM t WHERE {' AND '.join(where)} ORDER BY rowid", values)
    return "".join(row[0] for row in rows)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", "张曾郑店单"),
        ("   ", "张曾郑店单"),
        ("zs", "张"),
        ("ZS", "张"),
        ("ｚｓ", "张"),
        ("zhangs", "张"),
        ("s", "单"),
        ("hangs", ""),
        ("zengxl", ""),
        ("zeng", "曾"),
        ("zxl", "曾"),
        ("sn", "单"),
        ("wn", "郑"),
        ("张", "张"),
        ("念", "郑单"),
        ("3-2", "张郑"),
        ("3—2—1502", "张"),
        ("４－１２ｄ", "曾"),
        ("1502", "张"),
        ("6688", "曾"),
        ("668", ""),
        ("13800004417", "曾"),
        ("0803", "郑"),
        ("zs 3-2", "张"),
        ("13-2-803", "郑"),
        ("132803", "郑"),
        ("1320803", "郑"),
        ("13栋2单元803室", "郑"),
        ("13栋2单元", "郑"),
        ("13栋803", "郑"),
        ("13栋", "郑"),
        ("2单元", "张郑单"),
        ("3栋2单元803", ""),
        ("12803", ""),
        ("3-2 zs", "张"),
        ("zs 4-12", ""),
        ("100%", "店"),
        ("%", "店"),
        ("_", "店"),
        ("\\", ""),
        ("茶事", "店"),
        ("商铺a08", "店"),
    ],
)
def test_what_a_search_finds(table: sqlite3.Connection, typed: str, found: str) -> None:
    assert hits(table, typed) == found


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_can_be_typed(text: str) -> None:
    conn = sqlite3.connect(":memory:")
    try:
        for word in words(text):
            assert word.name
            for pattern in (word.name, word.room, word.key, word.tail):
                conn.execute(f"SELECT 'x' LIKE ? ESCAPE '{ESCAPE}'", (pattern,)).fetchone()
    finally:
        conn.close()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20))
def test_an_escaped_text_matches_only_itself(text: str) -> None:
    conn = sqlite3.connect(":memory:")
    try:
        found = conn.execute(
            f"SELECT ?1 LIKE ?2 ESCAPE '{ESCAPE}', '' LIKE ?2 ESCAPE '{ESCAPE}'", (text, escaped(text))
        )
        assert found.fetchone() == (1, 0)
    finally:
        conn.close()


def test_a_long_paste_is_cut() -> None:
    assert len(words("甲 " * 500)) == 6
    assert sum(len(word.name) for word in words("甲" * 5000)) < 100


def test_every_chip_has_its_words_in_order() -> None:
    assert [CHIP_RULES[chip].label for chip in Chip] == [
        "全部欠费", "今天", "今日到期", "失约", "待联系", "已缴待核", "异议", "时效将到", "承诺", "已缴", "全部",
    ]  # fmt: skip
    assert CHIP_RULES[Chip.PROMISED].marks == {MarkKind.PROMISED, MarkKind.DUE}
    assert OwnerFilter().rule.is_paid is False


@pytest.mark.parametrize(
    ("chosen", "narrowed"),
    [
        (OwnerFilter(), False),
        (OwnerFilter(chip=Chip.BROKEN), False),
        (OwnerFilter("  "), False),
        (OwnerFilter("zs"), True),
        (OwnerFilter(category=Category.E), True),
        (OwnerFilter("  ", min_owed=100), True),
    ],
)
def test_when_clearing_the_filter_is_offered(chosen: OwnerFilter, narrowed: bool) -> None:
    assert chosen.is_narrowed is narrowed


def test_overdue_by_more_than_so_many_days() -> None:
    assert OwnerFilter(overdue_over=90).due_before(date(2026, 11, 21)) == date(2026, 8, 23)
    assert OwnerFilter().due_before(date(2026, 11, 21)) is None
