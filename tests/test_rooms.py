"""Room numbers: compared, sorted, walked along."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.rooms import delivery_key, loose_key, normal_room, place_of, room_key, spellings


def in_order(rooms: list[str], key: Callable[[str], Any]) -> list[str]:
    mixed = list(rooms)
    mixed.reverse()
    mixed.sort(key=key)
    return mixed


ROOMS = st.text(alphabet="0123456789AB-/# 栋单元室层座商铺", max_size=14)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("３－２－１５０２", "3-2-1502"),
        (" 3—2–1502 ", "3-2-1502"),
        ("3~2～1502", "3-2-1502"),
        ("'4-12D", "4-12D"),
        ("商铺　A08", "商铺 A08"),
        ("A座  1203", "A座 1203"),
        ("7-2-0302", "7-2-0302"),
    ],
)
def test_a_room_is_kept_as_written_in_half_width(written: str, kept: str) -> None:
    assert normal_room(written) == kept


@pytest.mark.parametrize(
    ("room", "building", "unit", "floor", "door"),
    [
        ("3-2-1502", "3", "2", 15, "1502"),
        ("1/2/303", "1", "2", 3, "303"),
        ("4-12D", "4", "", 12, "12D"),
        ("A-101", "A", "", 1, "101"),
        ("3栋2单元1502室", "3", "2", 15, "1502"),
        ("3幢2门502号", "3", "2", 5, "502"),
        ("二期3栋2单元1502", "二期3", "2", 15, "1502"),
        ("B区3栋701", "B区3", "", 7, "701"),
        ("A座1801", "A", "", 18, "1801"),
        ("3单元502", "", "3", 5, "502"),
        ("3#2-1502", "3", "2", 15, "1502"),
        ("3#-2-1502", "3", "2", 15, "1502"),
        ("云杉花园6号楼1层A座", "云杉花园6", "", 1, "1层A座"),
        ("C1首层113铺", "C1", "", 1, "113铺"),
        ("12F03-05", "", "", 12, "12F03-05"),
        ("2503-4", "", "", 25, "2503-4"),
        ("7-2-0302", "7", "2", 3, "0302"),
        ("1502", "", "", 15, "1502"),
        ("101室", "", "", 1, "101室"),
        ("商铺A08", "商铺A", "", None, "商铺A08"),
        ("商铺108", "商铺", "", 1, "商铺108"),
        ("写字楼1203", "写字楼", "", 12, "写字楼1203"),
        ("6#车位", "", "", None, "6#车位"),
        ("地下车库-B1-12", "地下车库", "B1", None, "12"),
        ("车位-B2-1035", "车位", "B2", None, "1035"),
        ("别墅18号", "别墅", "", None, "别墅18号"),
        ("12栋", "12", "", None, "12栋"),
        ("1#", "1", "", None, "1#"),
        ("3-1-B02", "3", "1", None, "B02"),
        ("", "", "", None, ""),
    ],
)
def test_where_a_room_lies(room: str, building: str, unit: str, floor: int | None, door: str) -> None:
    place = place_of(room)
    assert (place.building, place.unit, place.floor, place.door) == (building, unit, floor, door)


@pytest.mark.parametrize(
    "ordered",
    [
        ["1-2", "2-9", "2-10", "10-1"],
        ["3-1-201", "3-1-1001", "3-2-101"],
        ["商铺A8", "商铺A10", "商铺B1"],
        ["320100000009", "320100000010", "920100000001"],
        ["4-12A", "4-12D", "4-13A"],
    ],
)
def test_rooms_sort_by_the_value_of_their_numbers(ordered: list[str]) -> None:
    assert in_order(ordered, room_key) == ordered


def test_two_spellings_stand_together_but_stay_two() -> None:
    assert room_key("7-2-0302") != room_key("7-2-302")
    assert sorted(["7-2-303", "7-2-302", "7-2-0302"], key=room_key)[2] == "7-2-303"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("7-2-0302", "7-2-302"),
        ("3栋2单元1502室", "3-2-1502"),
        ("3幢2门502号", "3-2-502"),
        ("3栋2单元-1502", "3-2-1502"),
        ("3号楼801", "3-801"),
        ("A座1203", "a-1203"),
        ("3#2-1502", "3-2-1502"),
        ("３－２－１５０２", "3-2-1502"),
        ("商铺A08", "商铺a8"),
    ],
)
def test_rooms_that_may_be_one_share_the_loose_key(one: str, other: str) -> None:
    assert loose_key(one) == loose_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("3-2-1502", "32-1502"), ("1-11", "11-1"), ("3-2-1502", "3-2-152"), ("商铺A08", "商铺B08"), ("4-12D", "4-12")],
)
def test_different_rooms_do_not(one: str, other: str) -> None:
    assert loose_key(one) != loose_key(other)


def test_the_delivery_round_climbs_unit_by_unit() -> None:
    walk = ["1-1-201", "1-1-202", "1-1-1001", "1-2-101", "2-1-101", "10-1-101"]
    assert in_order(walk, delivery_key) == walk
    mixed = ["2-301", "2-12D", "10-101", "C1首层113铺", "C2首层101铺"]
    assert in_order(mixed, delivery_key) == mixed


@given(ROOMS)
def test_any_text_has_its_place_in_every_order(room: str) -> None:
    kept = normal_room(room)
    assert normal_room(kept) == kept
    assert place_of(room) == place_of(kept)
    assert loose_key(room) == loose_key(kept)
    assert delivery_key(room) == delivery_key(kept)


@given(st.lists(ROOMS, max_size=6))
def test_keys_tell_different_rooms_apart(rooms: list[str]) -> None:
    kept = {normal_room(room).replace(" ", "").upper() for room in rooms}
    assert len({room_key(room) for room in kept}) == len(kept)


@given(st.integers(min_value=1, max_value=40), st.integers(1, 9), st.integers(1, 40), st.integers(1, 20))
def test_labelled_and_dashed_spellings_of_a_room_lie_in_the_same_place(b: int, u: int, floor: int, door: int) -> None:
    dashed = place_of(f"{b}-{u}-{floor}{door:02d}")
    labelled = place_of(f"{b}栋{u}单元{floor}{door:02d}室")
    assert (dashed.building, dashed.unit, dashed.floor, dashed.door) == (str(b), str(u), floor, f"{floor}{door:02d}")
    assert (labelled.building, labelled.unit, labelled.floor) == (dashed.building, dashed.unit, dashed.floor)
    assert loose_key(f"{b}-{u}-{floor}{door:02d}") == loose_key(f"{b}幢{u}单元{floor}{door:02d}")


@given(st.integers(min_value=1, max_value=40), st.integers(1, 9), st.integers(1, 9), st.integers(1, 20))
def test_however_a_room_is_said_the_list_s_own_spelling_is_among_the_ways(
    b: int, u: int, floor: int, door: int
) -> None:
    short, full = f"{floor}{door:02d}", f"0{floor}{door:02d}"
    for said in (
        f"{b}-{u}-{short}",
        f"{b}{u}{short}",
        f"{b}{u}{full}",
        f"{b}栋{u}单元{short}",
        f"{b}幢{u}单元{short}室",
    ):
        assert f"{b}-{u}-{full}" in spellings(said)
    assert f"{b}-{u}-{short}" in spellings(f"{b}-{u}-{full}")
    assert f"{b}-*-{full}" in spellings(f"{b}栋{short}")


@pytest.mark.parametrize("text", ["", "703", "1502", "张三", "zqn", "13900004417", "3-", "100%", "*", "3栋东"])
def test_what_is_no_room_written_another_way_has_no_other_spelling(text: str) -> None:
    assert spellings(text) == ()
