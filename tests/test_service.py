"""送达: what each way of service proves with what is on file, and what is missing to prove more."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import date, datetime

import pytest

from feedesk.models.limitation import Grade, Revival
from feedesk.models.photo_time import taken_at
from feedesk.models.service import (
    METHOD_LABELS,
    TOLD,
    DeliveryDraft,
    DeliveryMethod,
    ProofFile,
    flags_of,
    grade,
    problems,
)

MADE = datetime(2026, 11, 17, 12, 10)
NOW = datetime(2026, 11, 20, 9, 0)
GOOD = ProofFile("回执.jpg", "a" * 64, datetime(2026, 11, 18, 10, 0))
SECOND = ProofFile("远景.jpg", "b" * 64, datetime(2026, 11, 18, 10, 1))
OLD = ProofFile("旧照.jpg", "c" * 64, datetime(2026, 11, 17, 9, 0))
FULL = DeliveryDraft(
    1, DeliveryMethod.OWNER, None, date(2026, 11, 18), "1234567890123", "林晓岚", "居委会 何芳", "苏平", "", True
)


def draft(method: str, **less: object) -> DeliveryDraft:
    return replace(FULL, method=DeliveryMethod(method), **less)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "best", "revives"),
    [
        ("owner", "A", Revival.LENIENT),
        ("family", "A", Revival.NONE),
        ("acknowledged", "A", Revival.BOTH),
        ("ems_taken", "B", Revival.NONE),
        ("ems_refused", "B", Revival.NONE),
        ("door_witnessed", "C", Revival.NONE),
        ("door", "D", Revival.NONE),
        ("replied", "A", Revival.LENIENT),
        ("message", "C", Revival.NONE),
        ("notary", "A", Revival.NONE),
    ],
)
def test_the_best_that_each_way_can_prove(method: str, best: str, revives: Revival) -> None:
    found = grade(draft(method), (GOOD, SECOND), MADE, NOW)
    assert (found.grade, found.revives, found.flags) == (Grade(best), revives, ())
    assert bool(found.missing) == (method == "door"), "only the bare photo can always be bettered"


@pytest.mark.parametrize(
    ("what", "given", "files", "worth", "missing"),
    [
        ("signed, the slip not on file", draft("owner"), (), "C", "签收回执的照片或扫描件"),
        ("a relative who may not live there", draft("family", confirmed=False), (GOOD,), "D", "同住成年亲属，或有业主授权"),
        ("acknowledged, the paper not on file", draft("acknowledged"), (), "C", "签名件的照片或扫描件"),
        ("EMS whose contents line says nothing", draft("ems_taken", confirmed=False), (GOOD,), "C", "内件品名写明房号和欠费期间"),
        ("EMS without slip or tracking", draft("ems_taken"), (), "D", "EMS 底单、跟踪记录或回执"),
        ("refused, no slip of the postman", draft("ems_refused"), (), "D", "退件批条的照片"),
        ("door with witness, one photo", draft("door_witnessed"), (GOOD,), "D", "远近两张门上照片"),
        ("door with witness, nothing sent that day", draft("door_witnessed", confirmed=False), (GOOD, SECOND), "D", "同日另发了短信或 EMS"),
        ("door photo alone", draft("door"), (GOOD, SECOND), "D", "见证人、远近两张照片，并同日另发短信或 EMS；更好的是 EMS 或本人签收"),
        ("a reply that promises nothing", draft("replied", confirmed=False), (GOOD,), "C", "回复里承认欠费或说要缴"),
        ("a reply of which nothing is kept", draft("replied"), (), "D", "回复的原始记录（截屏，手机留存原件）"),
        ("a text whose arrival is not kept", draft("message"), (), "D", "送达状态的截屏"),
        ("a text to a number that may be another's", draft("message", confirmed=False), (GOOD,), "D", "业主本人常用号码，写明金额和期间"),
        ("a notary's paper not on file", draft("notary"), (), "D", "公证书扫描件"),
    ],
)  # fmt: skip
def test_what_is_missing_lowers_the_grade_and_is_named(
    what: str, given: DeliveryDraft, files: tuple[ProofFile, ...], worth: str, missing: str
) -> None:
    found = grade(given, files, MADE, NOW)
    assert (found.grade, found.missing, found.revives) == (Grade(worth), (missing,), Revival.NONE), what
    assert found.restarts == (worth != "D")


def test_a_photo_older_than_the_notice_is_flagged_and_proves_nothing() -> None:
    found = grade(draft("owner"), (OLD,), MADE, NOW)
    assert found.flags == ("“旧照.jpg”的时间是 2026-11-17 09:00，早于出单（2026-11-17 12:10），不能作凭据",)
    assert found.grade is Grade.C
    assert grade(draft("door_witnessed"), (GOOD, OLD), MADE, NOW).grade is Grade.D
    assert grade(draft("owner"), (OLD, GOOD), MADE, NOW).grade is Grade.A, "the other photo still counts"


@pytest.mark.parametrize(
    ("own_time", "flagged"),
    [(None, False), (MADE, False), (NOW, False), (datetime(2026, 11, 17, 12, 9), True), (datetime(2026, 11, 20, 9, 1), True)],
)  # fmt: skip
def test_a_file_time_must_lie_between_the_notice_and_now(own_time: datetime | None, flagged: bool) -> None:
    assert bool(flags_of((replace(GOOD, own_time=own_time),), MADE, NOW)) == flagged


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (draft("owner"), ""),
        (draft("owner", arrived_on=None), "请填送达那天。"),
        (draft("owner", arrived_on=date(2026, 11, 21)), "送达日期还没到。"),
        (draft("owner", arrived_on=date(2026, 11, 16)), "送达不会早于出单那天（2026-11-17）。"),
        (draft("owner", sent_on=date(2026, 11, 19)), "寄出不会晚于送达。"),
        (draft("owner", signer=" "), "请写谁签的字。"),
        (draft("ems_refused", ems_no=""), "请填 EMS 单号。"),
        (draft("door_witnessed", witness=""), "请写见证人和单位。"),
        (draft("door", witness="", signer="", ems_no=""), ""),
    ],
)
def test_what_cannot_be_recorded(given: DeliveryDraft, sentence: str) -> None:
    assert "".join(problems(given, date(2026, 11, 17), NOW.date())[:1]) == sentence


def test_ten_ways_one_for_each_digit() -> None:
    assert len(METHOD_LABELS) == len(DeliveryMethod) == 10
    assert set(TOLD) <= set(METHOD_LABELS)


def jpeg(taken: str, order: str = "<", tag: int = 0x9003) -> bytes:
    """A JPEG of nothing but its Exif: one time, in the inner directory or the first."""
    text = taken.encode("ascii") + b"\x00"
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    if tag == 0x9003:
        first = struct.pack(f"{order}HHHIII", 1, 0x8769, 4, 1, 26, 0)
        second = struct.pack(f"{order}HHHIII", 1, tag, 2, len(text), 44, 0)
        block = head + first + second + text
    else:
        block = head + struct.pack(f"{order}HHHIII", 1, tag, 2, len(text), 26, 0) + text
    exif = b"Exif\x00\x00" + block
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + b"\xff\xda\x00\x02"


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("tag", [0x9003, 0x0132])
def test_the_cameras_time_is_read(order: str, tag: int) -> None:
    assert taken_at(jpeg("2026:11:18 10:05:07", order, tag)) == datetime(2026, 11, 18, 10, 5, 7)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG\r\n", b"\xff\xd8\xff\xda\x00\x02", jpeg("0000:00:00 00:00:00"), jpeg("2026:11:18 10:05:07")[:40], b"\xff\xd8\xff\xe1\x00\x00"],
)  # fmt: skip
def test_a_file_without_a_cameras_time_has_none(data: bytes) -> None:
    assert taken_at(data) is None
