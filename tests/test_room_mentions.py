"""Rooms that a memo names, in every spelling people use; a room counts only when it is named whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.room_mentions import RoomIndex, Spelling

ROOMS = [
    "2-1-101", "2-1-102", "2-2-503", "1-1-704", "2-1-403", "1-1-1002", "1-1-100", "1-1", "1-10", "1-1-10", "商铺A08",
    "4-12D", "东苑3-2-101", "3栋2单元1502室", "7-2-0302", "7-2-302", "5-1-204", "5-2-204", "1601",
    "6#车位", "16#车位", "别墅18号", "C1首层113铺", "C1首层114铺",
]  # fmt: skip
INDEX = RoomIndex(ROOMS)


@pytest.mark.parametrize(
    ("text", "rooms"),
    [
        # however it is written
        ("2-1-101物业费", ["2-1-101"]),
        ("交2栋2单元503室", ["2-2-503"]),
        ("２－１－１０１", ["2-1-101"]),
        ("2#1-101", ["2-1-101"]),
        ("2#-1-101", ["2-1-101"]),
        ("2号楼1单元101", ["2-1-101"]),
        ("2幢1-101管理费", ["2-1-101"]),
        ("2—1—101", ["2-1-101"]),
        ("2/1/101", ["2-1-101"]),
        ("2.1.101", ["2-1-101"]),
        ("2 1 101", ["2-1-101"]),
        ("2-1-101号", ["2-1-101"]),
        ("3-2-1502", ["3栋2单元1502室"]),
        ("东苑3-2-101", ["东苑3-2-101"]),
        ("商铺A08租金", ["商铺A08"]),
        ("商铺a08", ["商铺A08"]),
        ("4栋12D", ["4-12D"]),
        ("1601室物业", ["1601"]),
        ("收款方备注:二维码收款 付款方留言:2-1-101", ["2-1-101"]),
        ("6#车位费", ["6#车位"]),
        ("16#车位", ["16#车位"]),
        ("别墅18号物业费", ["别墅18号"]),
        ("交c1首层113铺", ["C1首层113铺"]),
        # several in one memo
        ("C1首层113铺、C1首层114铺", ["C1首层113铺", "C1首层114铺"]),
        ("2-1-101和6#车位", ["6#车位", "2-1-101"]),
        ("1-1-704 2-1-403 两套", ["1-1-704", "2-1-403"]),
        ("1-1-704、2-1-403", ["1-1-704", "2-1-403"]),
        ("2-1-101、102", ["2-1-101", "2-1-102"]),
        ("2-1-101/102", ["2-1-101", "2-1-102"]),
        ("2-1-101室和102室", ["2-1-101", "2-1-102"]),
        ("2-1-101,2-1-101", ["2-1-101"]),
        # whole rooms only
        ("1-1-1002", ["1-1-1002"]),
        ("1-1-100", ["1-1-100"]),
        ("1-10物业费", ["1-10"]),
        ("1-1物业费", ["1-1"]),
        ("11-1-704", []),
        ("1-1-7041", []),
        # numbers that are no rooms
        ("1-1月物业费", []),
        ("2-1-101 1-10月", ["2-1-101"]),
        ("2026-11-01 2-1-101", ["2-1-101"]),
        ("1601元", []),
        ("尾号1601", []),
        ("353.32", []),
        ("A08", []),
        ("26#车位", []),
        ("别墅1号", []),
        ("转账", []),
        ("", []),
        # run together with a month
        ("2-1-101-11月", ["2-1-101"]),
        ("2026-2-1-101", ["2-1-101"]),
    ],
)
def test_rooms_are_found_in(text: str, rooms: list[str]) -> None:
    assert [room for mention in INDEX.find(text).rooms for room in mention.rooms] == rooms


@pytest.mark.parametrize(
    ("text", "spelling", "rooms"),
    [
        ("2-1-101", Spelling.WHOLE, ("2-1-101",)),
        ("2-1-0101", Spelling.LOOSE, ("2-1-101",)),
        ("7-2-0302", Spelling.WHOLE, ("7-2-0302",)),
        ("7-2-302", Spelling.WHOLE, ("7-2-302",)),
        ("2-101", Spelling.SHORT, ("2-1-101",)),
        ("5-204", Spelling.SHORT, ("5-1-204", "5-2-204")),
        ("2-1-101-11月", Spelling.SHORT, ("2-1-101",)),
    ],
)
def test_how_clearly_a_room_is_named(text: str, spelling: Spelling, rooms: tuple[str, ...]) -> None:
    (mention,) = INDEX.find(text).rooms
    assert (mention.spelling, mention.rooms) == (spelling, rooms)


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("9-9-999物业费", ("9-9-999",)),
        ("2栋1单元1011室", ("2栋1单元1011",)),
        ("2026-11-01", ()),
        ("0755-8888888", ()),
        ("1-12月", ()),
        ("2-1-101 9-9-999", ()),
    ],
)
def test_a_room_that_is_none_of_ours_is_told(text: str, unknown: tuple[str, ...]) -> None:
    assert INDEX.find(text).unknown == unknown


@given(
    st.tuples(st.integers(1, 30), st.integers(1, 4), st.integers(101, 3304)),
    st.sampled_from(["{}-{}-{}", "{}栋{}单元{}室", "{}#{}-{}", "{}号楼{}单元{}", "{}幢{}-{}", "{}/{}/{}"]),
    st.sampled_from(["", "物业费", " 7-9月", "交费", "，谢谢"]),
)
def test_every_spelling_names_its_room_and_no_neighbour(
    numbers: tuple[int, int, int], spelling: str, after: str
) -> None:
    building, unit, door = numbers
    own = f"{building}-{unit}-{door}"
    neighbours = [f"{building}-{unit}-{door}1", f"{building}-{unit}-{str(door)[:-1]}", f"{building}1-{unit}-{door}"]
    found = RoomIndex([*neighbours, own]).find("交" + spelling.format(*numbers) + after)
    assert [mention.rooms for mention in found.rooms] == [(own,)]


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    for mention in INDEX.find(text).rooms:
        assert set(mention.rooms) <= set(ROOMS)
