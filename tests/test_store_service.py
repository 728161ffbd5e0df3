"""送达 on record: files kept by their SHA-256, nothing changed afterwards, and the clocks that follow from it."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.limitation import Clock as Limit
from feedesk.models.limitation import ClockState, Grade
from feedesk.models.office import Role
from feedesk.models.service import DeliveryDraft, DeliveryMethod, grade
from feedesk.models.store import Office, backups
from feedesk.models.timeline import EntryKind
from feedesk.paths import evidence_folder
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound, behind_the_back, issue

ROOM = "3-2-1502"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """Notice 1 to 3-2-1502 (two lines) and 2 to 3-2-1503, made on 2026-11-17 at noon; it is the evening after."""
    made = new_office(tmp_path, clock)
    import_list(
        made,
        listed(ROOM, "林晓岚", ("管理费", "2024-01", 100_000), ("管理费", "2026-07..2026-09", 300_000)),
        listed("3-2-1503", "何敏", ("水费", "2024-02", 5_000)),
    )
    issue(made, ROOM, "3-2-1503")
    clock.forward(days=1, hours=7)
    yield made
    made.close()


def photo(folder: Path, clock: Clock, name: str = "底单.jpg", *, hours_ago: int = 1, data: bytes = b"slip") -> Path:
    path = folder / name
    path.write_bytes(data)
    stamp = (clock() - timedelta(hours=hours_ago)).timestamp()
    os.utime(path, (stamp, stamp))
    return path


def parcel(notice_id: int = 1, day: date = date(2026, 11, 18), **more: object) -> DeliveryDraft:
    draft = DeliveryDraft(notice_id, DeliveryMethod.EMS_TAKEN, None, day, "EA123456789CN", confirmed=True)
    return replace(draft, **more)  # type: ignore[arg-type]


def limits(office: Office, room: str = ROOM) -> list[Limit]:
    return list(office.limitation.of_account(ids_by_room(office)[room]).values())


def ends(office: Office, room: str = ROOM) -> list[str]:
    return [limit.conservative.expires_on.isoformat() if limit.conservative else "" for limit in limits(office, room)]


def test_a_delivery_keeps_its_file_by_its_bytes(office: Office, clock: Clock, tmp_path: Path) -> None:
    slip = photo(tmp_path, clock)
    changes = office.service.record(parcel(), [slip, slip])
    assert changes.account_ids == {ids_by_room(office)[ROOM]}
    (kept,) = office.service.of_notice(1)
    sha = hashlib.sha256(b"slip").hexdigest()
    assert [(file.name, file.sha256, file.own_time, file.from_camera) for file in kept.files] == [
        ("底单.jpg", sha, datetime(2026, 11, 18, 18, 0), False)
    ]
    assert (kept.verdict.grade, kept.notice_no, kept.staff_name, kept.at) == (Grade.B, "2026-0001", "许宁", clock())
    assert office.service.file_path(kept.files[0]).read_bytes() == b"slip"
    assert [path.name for path in evidence_folder(office.path).iterdir()] == [f"{sha}.jpg"]
    assert office.service.of_account(ids_by_room(office)[ROOM]) == [kept]
    assert (office.service.served(ids_by_room(office)[ROOM]), office.service.of_notice(2)) == (1, [])
    assert_sound(office)


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (parcel(ems_no=""), "请填 EMS 单号"),
        (parcel(day=date(2026, 11, 19)), "送达日期还没到"),
        (parcel(day=date(2026, 11, 16)), "送达不会早于出单那天（2026-11-17）"),
        (parcel(9), "这张催款单已经作废，或找不到"),
    ],
)
def test_what_is_refused_leaves_neither_record_nor_file(
    office: Office, clock: Clock, tmp_path: Path, draft: DeliveryDraft, sentence: str
) -> None:
    with pytest.raises(BadInput) as refused:
        office.service.record(draft, [photo(tmp_path, clock)])
    assert sentence in refused.value.text
    assert office.service.of_notice(1) == [] and not evidence_folder(office.path).exists()


def test_a_file_that_fails_to_be_recorded_is_gone_again(office: Office, clock: Clock, tmp_path: Path) -> None:
    slip = photo(tmp_path, clock)
    office.service.record(parcel(2), [slip])
    other = photo(tmp_path, clock, "回执.jpg", data=b"other")
    with behind_the_back(office.path, guarded=True) as conn:
        conn.execute("CREATE TRIGGER full BEFORE INSERT ON delivery_files BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(sqlite3.IntegrityError):
        office.service.record(parcel(), [slip, other])
    assert office.service.of_notice(1) == []
    assert [path.read_bytes() for path in evidence_folder(office.path).iterdir()] == [b"slip"], "another record's stays"
    with behind_the_back(office.path, guarded=True) as conn:
        conn.execute("DROP TRIGGER full")


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [("a.exe", b"x", "不是照片、扫描件或录像"), ("a.jpg", b"", "是空文件"), ("没有.jpg", None, "找不到")],
)
def test_what_is_no_proof_is_not_taken(
    office: Office, tmp_path: Path, name: str, data: bytes | None, sentence: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(BadInput) as refused:
        office.service.record(parcel(), [tmp_path / name])
    assert sentence in refused.value.text


def test_an_old_photo_is_taken_in_flagged_and_proves_nothing(office: Office, clock: Clock, tmp_path: Path) -> None:
    old = photo(tmp_path, clock, hours_ago=40)
    told = grade(parcel(), (office.service.look_at(old),), office.service.made_at(1), clock())
    office.service.record(parcel(), [old])
    (kept,) = office.service.of_notice(1)
    assert kept.verdict == told and kept.verdict.grade is Grade.D and "早于出单" in kept.verdict.flags[0]
    assert ends(office) == ["2027-01-15", "2029-07-15"]


def test_nothing_of_it_can_be_changed_and_a_voided_one_still_shows(
    office: Office, clock: Clock, tmp_path: Path
) -> None:
    office.service.record(parcel(), [photo(tmp_path, clock)])
    assert ends(office) == ["2029-11-18", "2029-11-18"]
    for sql in (
        "DELETE FROM deliveries", "DELETE FROM delivery_files", "UPDATE deliveries SET grade = 'A'",
        "UPDATE deliveries SET arrived_on = '2026-11-17'", "UPDATE delivery_files SET own_time = NULL",
    ):  # fmt: skip
        with behind_the_back(office.path, guarded=True) as conn, pytest.raises(sqlite3.IntegrityError):
            conn.execute(sql)
    with pytest.raises(BadInput):
        office.service.void(1, " ")
    office.service.void(1, "记错了单号")
    (kept,) = office.service.of_notice(1)
    assert kept.voided == "记错了单号（11-18 许宁）" and ends(office) == ["2027-01-15", "2029-07-15"]
    assert office.service.served(ids_by_room(office)[ROOM]) == 0
    with pytest.raises(BadInput):
        office.service.void(1, "再来一次")
    assert_sound(office)


# --- the clocks ---


def test_a_demand_restarts_what_it_lists_and_nothing_that_came_later(
    office: Office, clock: Clock, tmp_path: Path
) -> None:
    assert ends(office) == ["2027-01-15", "2029-07-15"] and ends(office, "3-2-1503") == ["2027-02-15"]
    import_list(
        office,
        listed(ROOM, "林晓岚", ("管理费", "2024-01", 100_000), ("管理费", "2026-07..2026-09", 300_000), ("水费", "2024-03", 900)),
        listed("3-2-1503", "何敏", ("水费", "2024-02", 5_000)),
        as_of=date(2026, 11, 18), file="二.xlsx",
    )  # fmt: skip
    office.service.record(parcel(), [photo(tmp_path, clock)])
    assert sorted(ends(office)) == ["2027-03-15", "2029-11-18", "2029-11-18"]
    assert ends(office, "3-2-1503") == ["2027-02-15"], "its own notice has not been served"
    office.notices.void(1, "打印歪了")
    assert sorted(ends(office)) == ["2027-01-15", "2027-03-15", "2029-07-15"]


def test_a_payment_restarts_the_line_it_was_laid_on_until_it_is_reversed(office: Office, clock: Clock) -> None:
    account = ids_by_room(office)[ROOM]
    share = PaymentShare(account, 40_000)
    taken = office.payments.take(PaymentDraft(clock().date(), 40_000, PayMethod.CASH, (share,)))
    assert ends(office) == ["2029-11-18", "2029-07-15"]
    assert "2026-11-18 现金部分缴 400.00（A 级）：重新起算。" in limits(office)[0].why
    office.payments.reverse(taken.record_id, "记错了户")
    assert ends(office) == ["2027-01-15", "2029-07-15"]


def test_what_finances_list_has_settled_restarts_nothing_and_is_said(office: Office) -> None:
    import_list(
        office,
        listed(ROOM, "林晓岚", ("管理费", "2024-01", 30_000), ("管理费", "2026-07..2026-09", 300_000)),
        listed("3-2-1503", "何敏", ("水费", "2024-02", 5_000)),
        as_of=date(2026, 11, 18), file="二.xlsx",
    )  # fmt: skip
    assert ends(office)[0] == "2027-01-15"
    assert "按财务清单冲抵 700.00：未计入，到达日期没有凭据。" in limits(office)[0].why


def test_a_plan_restarts_every_line_of_its_paper(office: Office, clock: Clock) -> None:
    manager = office.staff.add("罗正", "罗经理", Role.MANAGER)
    office.staff.set_pin(manager, "2468")
    account = ids_by_room(office)[ROOM]
    made = office.plans.agree(office.plans.propose([account], 3, clock().date() + timedelta(days=3)), manager, "2468")
    assert ends(office) == ["2029-11-18", "2029-11-18"]
    assert any("分期协议 FQ2026-00001 签字（A 级）" in words for words in limits(office)[0].why)
    office.plans.void(made.record_id, "业主没有签字")
    assert ends(office) == ["2027-01-15", "2029-07-15"]


def test_the_months_of_a_split_lump_inherit_what_the_lump_was_demanded_by(
    office: Office, clock: Clock, tmp_path: Path
) -> None:
    account = ids_by_room(office)[ROOM]
    office.service.record(parcel(), [photo(tmp_path, clock)])
    quarter = office.accounts.charges(account)[1]
    office.splits.split(quarter.id)
    assert ends(office) == ["2029-11-18"] * 4


def test_a_line_whose_time_is_over_comes_back_only_by_the_owners_act(
    office: Office, clock: Clock, tmp_path: Path
) -> None:
    import_list(office, listed("9-1-101", "顾北辰", ("管理费", "2023-12", 8_000)), as_of=date(2026, 11, 18), full=False, file="三.xlsx")  # fmt: skip
    issue(office, "9-1-101")
    clock.forward(days=40)
    (over,) = limits(office, "9-1-101")
    assert (over.state, over.label) == (ClockState.EXPIRED, "已过时效·可协商")
    office.service.record(parcel(3, clock().date()), [photo(tmp_path, clock)])
    assert limits(office, "9-1-101")[0].is_over
    signed = DeliveryDraft(3, DeliveryMethod.ACKNOWLEDGED, None, clock().date(), signer="顾北辰")
    office.service.record(signed, [photo(tmp_path, clock, "确认.jpg", data=b"signed")])
    assert limits(office, "9-1-101")[0].state is ClockState.RUNNING


# --- what the check finds ---


def test_the_check_finds_a_lost_or_changed_file_and_a_grade_that_does_not_follow(
    office: Office, clock: Clock, tmp_path: Path
) -> None:
    office.service.record(parcel(), [photo(tmp_path, clock)])
    office.service.record(parcel(2), [photo(tmp_path, clock, "回执.jpg", data=b"other")])
    assert backups.check(office.path) == []
    first, second = (office.service.file_path(office.service.of_notice(n)[0].files[0]) for n in (1, 2))
    first.unlink()
    second.write_bytes(b"retouched")
    assert backups.check(office.path) == ["送达 2 的凭据“回执.jpg”被改动过", "送达 1 的凭据“底单.jpg”不在了"]
    path = office.path
    office.close()
    with behind_the_back(path) as conn:
        conn.execute("UPDATE deliveries SET grade = 'A', arrived_on = '2026-11-01' WHERE id = 1")
    found = backups.check(path)
    assert "送达 1 早于通知开出那天" in found and "送达 1 的等级 A 与凭据不符" in found


def test_a_copy_without_its_files_can_still_be_restored(office: Office, clock: Clock, tmp_path: Path) -> None:
    office.service.record(parcel(), [photo(tmp_path, clock)])
    copy = office.backup(backups.BackupReason.BY_HAND)
    assert backups.check(copy.path) == []


def test_the_record_tells_each_delivery_with_its_proof(office: Office, clock: Clock, tmp_path: Path) -> None:
    account = ids_by_room(office)[ROOM]
    office.service.record(parcel(signer="林晓岚", note="放在前台"), [photo(tmp_path, clock)])
    clock.forward(minutes=5)
    office.service.record(DeliveryDraft(1, DeliveryMethod.DOOR, None, date(2026, 11, 18), second_staff="苏平"))
    office.service.void(2, "贴错了门")
    entries = [entry for entry in office.history.of(account) if entry.kind is EntryKind.SERVICE]
    assert [(entry.title, entry.lines, entry.voided, entry.ref_id) for entry in entries] == [
        (
            "送达 No. 2026-0001 · 11-18 门上张贴",
            (
                "D 弱：只有门上照片，没有见证，时效不重算",
                "同行 苏平",
                "还缺见证人、远近两张照片，并同日另发短信或 EMS；更好的是 EMS 或本人签收",
            ),
            "贴错了门（11-18 许宁）",
            2,
        ),
        (
            "送达 No. 2026-0001 · 11-18 EMS 签收",
            (
                "B 较强：EMS 妥投，品名写明内容，底单或跟踪记录在档",
                "签字 林晓岚 · EMS EA123456789CN · 凭据 1 个",
                "放在前台",
            ),
            "",
            1,
        ),
    ]
