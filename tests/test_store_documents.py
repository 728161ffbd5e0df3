"""Papers on file in the office: files kept by their bytes, nothing changed afterwards, and what follows from them."""

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
from feedesk.models.documents import DocumentDraft
from feedesk.models.letters import PaperKind, silence
from feedesk.models.limitation import ClockState, Grade
from feedesk.models.service import DeliveryMethod
from feedesk.models.store import Office, backups
from feedesk.models.timeline import EntryKind
from feedesk.models.wording import lint
from feedesk.paths import evidence_folder
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound, behind_the_back, issue, owed, propose_rooms

K = PaperKind
ROOM, OTHER = "3-2-1502", "3-2-1503"
FIRM = "江畔律师事务所"
CASE = "（2026）渝0105民初1234号"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    """3-2-1502 owes three lines: one over since 2026-04-15, one that ends 2027-01-15, one of this summer."""
    made = new_office(tmp_path, clock)
    import_list(
        made,
        listed(ROOM, "林晓岚", ("管理费", "2023-04", 80_000), ("管理费", "2024-01", 100_000), ("管理费", "2026-07..2026-09", 300_000)),
        listed(OTHER, "何敏", ("水费", "2022-02", 5_000)),
        listed("3-2-1504", "曾乐", ("水费", "2026-09", 6_000)),
    )  # fmt: skip
    yield made
    made.close()


def scan(folder: Path, clock: Clock, name: str = "扫描.pdf", *, days_ago: int = 0, data: bytes = b"scan") -> Path:
    path = folder / name
    path.write_bytes(data)
    stamp = (clock() - timedelta(days=days_ago, hours=1)).timestamp()
    os.utime(path, (stamp, stamp))
    return path


def lines(office: Office, room: str = ROOM) -> list[int]:
    return [charge.id for charge in office.accounts.charges(ids_by_room(office)[room])]


def draft(office: Office, kind: PaperKind, *listed_lines: int, room: str = ROOM, **more: object) -> DocumentDraft:
    made = DocumentDraft(
        kind, (ids_by_room(office)[room],), date(2026, 11, 10), number=CASE if kind is K.ACCEPTED else "第15号",
        issuer={K.FILING: "江北区人民法院", K.ACCEPTED: "江北区人民法院", K.MEDIATION: "明湖社区调委会"}.get(kind, FIRM),
        charge_ids=frozenset(listed_lines), signer="林晓岚", confirmed=True,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def ends(office: Office, room: str = ROOM) -> list[str]:
    found = office.limitation.of_account(ids_by_room(office)[room])
    return [one.conservative.expires_on.isoformat() if one.conservative else "" for one in found.values()]


START = ["2026-04-15", "2027-01-15", "2029-07-15"]


# --- kept as filed ---


def test_a_paper_keeps_its_file_by_its_bytes_and_all_it_says(office: Office, clock: Clock, tmp_path: Path) -> None:
    account, charges, file = ids_by_room(office)[ROOM], lines(office), scan(tmp_path, clock)
    wanted = draft(
        office, K.FINAL, *charges[1:], issuer="", deadline_on=date(2026, 11, 25), method=DeliveryMethod.EMS_TAKEN,
        sent_on=date(2026, 11, 11), arrived_on=date(2026, 11, 13), ems_no="EA1", note="随信附账单",
    )  # fmt: skip
    changes = office.documents.file(wanted, [file, file])
    assert changes.account_ids == {account}
    (kept,) = office.documents.of_account(account)
    assert kept == office.documents.get(changes.record_id)
    assert kept.draft == wanted and (kept.staff_name, kept.at, kept.voided) == ("许宁", clock(), "")
    assert kept.verdict.grade is Grade.B
    sha = hashlib.sha256(b"scan").hexdigest()
    assert [(one.name, one.sha256) for one in kept.files] == [("扫描.pdf", sha)]
    assert [path.name for path in evidence_folder(office.path).iterdir()] == [f"{sha}.pdf"]
    assert office.documents.file_path(kept.files[0]).read_bytes() == b"scan"
    assert_sound(office)


def test_a_copy_to_be_read_bears_the_name_it_came_with(office: Office, clock: Clock, tmp_path: Path) -> None:
    office.documents.file(draft(office, K.MANDATE), [scan(tmp_path, clock)])
    (kept,) = office.documents.of_account(ids_by_room(office)[ROOM])
    copy = office.documents.readable_copy(kept.files[0], tmp_path / "副本")
    assert copy.name == "扫描.pdf" and copy.read_bytes() == b"scan"
    copy.write_bytes(b"scribbled")
    assert office.documents.file_path(kept.files[0]).read_bytes() == b"scan"
    office.documents.file_path(kept.files[0]).unlink()
    with pytest.raises(BadInput, match="不在了"):
        office.documents.readable_copy(kept.files[0], tmp_path / "副本")


def test_one_paper_may_be_about_several_units_of_an_owner(office: Office, clock: Clock, tmp_path: Path) -> None:
    ids = ids_by_room(office)
    both = (ids[ROOM], ids[OTHER])
    office.documents.file(draft(office, K.MANDATE, account_ids=both), [scan(tmp_path, clock)])
    listed_lines = [*lines(office)[2:], *lines(office, OTHER)]
    changes = office.documents.file(draft(office, K.LAWYER, *listed_lines, account_ids=both), [scan(tmp_path, clock)])
    assert changes.account_ids == set(both)
    for room in (ROOM, OTHER):
        assert [one.draft.kind for one in office.documents.of_account(ids[room])] == [K.LAWYER, K.MANDATE]
    assert_sound(office)


@pytest.mark.parametrize(
    ("kind", "wrong", "sentence"),
    [
        (K.LAWYER, {}, "这一户还没有律师委托书，请先把委托书存档，材料没有存档"),
        (K.ACCEPTED, {"number": ""}, "请填案号"),
        (K.LETTER, {"charge_ids": frozenset({4})}, "所列的账目有的不是这一户的"),
        (K.LETTER, {"dated_on": date(2026, 11, 18)}, "落款日期还没到"),
    ],
)
def test_what_is_refused_leaves_neither_record_nor_file(
    office: Office, clock: Clock, tmp_path: Path, kind: PaperKind, wrong: dict[str, object], sentence: str
) -> None:
    with pytest.raises(BadInput) as refused:
        office.documents.file(draft(office, kind, lines(office)[1], **wrong), [scan(tmp_path, clock)])
    assert sentence in refused.value.text
    assert office.documents.of_account(ids_by_room(office)[ROOM]) == [] and not evidence_folder(office.path).exists()


def test_a_file_that_fails_to_be_recorded_is_gone_again(office: Office, clock: Clock, tmp_path: Path) -> None:
    with behind_the_back(office.path, guarded=True) as conn:
        conn.execute("CREATE TRIGGER full BEFORE INSERT ON document_files BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(sqlite3.IntegrityError):
        office.documents.file(draft(office, K.MANDATE), [scan(tmp_path, clock)])
    assert office.documents.of_account(ids_by_room(office)[ROOM]) == []
    assert list(evidence_folder(office.path).iterdir()) == []
    with behind_the_back(office.path, guarded=True) as conn:
        conn.execute("DROP TRIGGER full")


def test_nothing_of_it_can_be_changed(office: Office, clock: Clock, tmp_path: Path) -> None:
    office.documents.file(draft(office, K.FILING, lines(office)[1]), [scan(tmp_path, clock)])
    for sql in (
        "DELETE FROM documents", "DELETE FROM document_lines", "DELETE FROM document_files", "DELETE FROM document_accounts",
        "UPDATE documents SET arrived_on = '2026-11-01'", "UPDATE documents SET grade = 'B'", "UPDATE documents SET kind = 'lawyer'",
        "UPDATE documents SET number = 'x'", "UPDATE document_lines SET charge_id = 1", "UPDATE document_files SET own_time = NULL",
    ):  # fmt: skip
        with behind_the_back(office.path, guarded=True) as conn, pytest.raises(sqlite3.IntegrityError):
            conn.execute(sql)


def test_a_voided_paper_proves_and_opens_nothing_and_still_shows(office: Office, clock: Clock, tmp_path: Path) -> None:
    account = ids_by_room(office)[ROOM]
    filed = office.documents.file(draft(office, K.ACCEPTED, lines(office)[1]), [scan(tmp_path, clock)])
    assert ends(office)[1] == "2029-11-10" and office.documents.facts(account) == {"case_number"}
    with pytest.raises(BadInput, match="写明原因"):
        office.documents.void(filed.record_id, " ")
    assert office.documents.void(filed.record_id, "案号抄错").account_ids == {account}
    assert ends(office) == START and office.documents.facts(account) == frozenset()
    assert office.documents.of_account(account)[0].voided == "案号抄错（11-17 许宁）"
    assert office.letters.of_account(account) == ()
    with pytest.raises(BadInput, match="已经作废"):
        office.documents.void(filed.record_id, "再来")
    assert_sound(office)


def test_a_letter_is_filed_on_its_day_and_its_service_when_it_is_known(
    office: Office, clock: Clock, tmp_path: Path
) -> None:
    account, charge = ids_by_room(office)[ROOM], lines(office)[1]
    sent = draft(office, K.LETTER, charge, issuer="", sent_on=date(2026, 11, 12))
    first = office.documents.file(sent, [scan(tmp_path, clock)]).record_id
    assert ends(office) == START
    clock.forward(days=3)
    served = replace(sent, method=DeliveryMethod.EMS_TAKEN, ems_no="EA1", arrived_on=date(2026, 11, 19))
    office.documents.file(served, [scan(tmp_path, clock, "底单.jpg", data=b"slip")], replaces=first)
    newer, older = office.documents.of_account(account)
    assert [file.name for file in newer.files] == ["扫描.pdf", "底单.jpg"] and newer.verdict.grade is Grade.B
    assert older.voided == "补登后另存一条（11-20 许宁）" and older.files[0].name == "扫描.pdf"
    assert ends(office)[1] == "2029-11-19"
    with pytest.raises(BadInput, match="已经作废"):
        office.documents.file(served, replaces=first)
    assert len(office.documents.of_account(account)) == 2, "nothing half done"
    assert_sound(office)


# --- what follows ---


@pytest.mark.parametrize(
    ("kind", "more", "after"),
    [
        (K.ACKNOWLEDGEMENT, {}, ["2029-11-10", "2029-11-10", "2029-07-15"]),
        (K.REPLY, {}, ["2026-04-15", "2029-11-10", "2029-07-15"]),
        (K.MEDIATION, {}, ["2026-04-15", "2029-11-10", "2029-07-15"]),
        (K.FILING, {}, ["2026-04-15", "2029-11-10", "2029-07-15"]),
        (K.ACCEPTED, {}, ["2026-04-15", "2029-11-10", "2029-07-15"]),
        (K.LETTER, {}, START),
        (K.LETTER, {"method": DeliveryMethod.OWNER, "arrived_on": date(2026, 11, 12)}, ["2026-04-15", "2029-11-12", "2029-07-15"]),
        (K.LETTER, {"method": DeliveryMethod.DOOR, "arrived_on": date(2026, 11, 12)}, START),
        (K.COMMITTEE, {}, START),
    ],
)  # fmt: skip
def test_the_clocks_of_the_lines_it_lists_count_anew_and_no_other(
    office: Office, clock: Clock, tmp_path: Path, kind: PaperKind, more: dict[str, object], after: list[str]
) -> None:
    over, soon, _ = lines(office)
    office.documents.file(draft(office, kind, over, soon, **more), [scan(tmp_path, clock)])
    assert ends(office) == after and ends(office, OTHER) == ["2025-02-15"]


def test_a_reply_brings_an_old_line_back_by_the_lenient_clock_only(
    office: Office, clock: Clock, tmp_path: Path
) -> None:
    over = lines(office)[0]
    office.documents.file(draft(office, K.REPLY, over), [scan(tmp_path, clock)])
    found = office.limitation.of_account(ids_by_room(office)[ROOM])[over]
    assert found.is_over and found.lenient is not None and found.lenient.expires_on == date(2029, 11, 10)
    assert any("本人微信、短信承认" in why for why in found.why)


def test_an_old_photo_is_taken_in_flagged_and_proves_nothing(office: Office, clock: Clock, tmp_path: Path) -> None:
    office.documents.file(draft(office, K.FILING, lines(office)[1]), [scan(tmp_path, clock, days_ago=30)])
    (kept,) = office.documents.of_account(ids_by_room(office)[ROOM])
    assert kept.verdict.grade is Grade.D and "早于落款" in kept.verdict.flags[0] and ends(office) == START


def test_the_months_of_a_split_lump_inherit_what_the_lump_was_listed_in(
    office: Office, clock: Clock, tmp_path: Path
) -> None:
    quarter = lines(office)[2]
    office.documents.file(draft(office, K.FILING, quarter), [scan(tmp_path, clock)])
    office.splits.split(quarter)
    assert ends(office)[2:] == ["2029-11-10"] * 3


def test_a_lawyers_letter_is_quiet_until_its_deadline_and_lifts_the_word(
    office: Office, clock: Clock, tmp_path: Path
) -> None:
    account = ids_by_room(office)[ROOM]
    words = "江畔律师事务所已发律师函"
    assert lint(words, office.documents.facts(account))
    mandate = office.documents.file(draft(office, K.MANDATE), [scan(tmp_path, clock)]).record_id
    assert office.documents.facts(account) == frozenset(), "a mandate alone is no letter"
    letter = draft(office, K.LAWYER, *lines(office)[1:], deadline_on=date(2026, 11, 26))
    office.documents.file(letter, [scan(tmp_path, clock)])
    assert office.documents.facts(account) == {"lawyer_letter"} and not lint(words, office.documents.facts(account))
    quiet = silence(office.letters.of_account(account), clock().date())
    assert quiet is not None and quiet.until == date(2026, 11, 26)
    office.documents.void(mandate, "委托已撤回")
    assert office.documents.facts(account) == frozenset(), "without his mandate the letter is nobody's"


def test_the_record_tells_each_paper_with_what_it_proves(office: Office, clock: Clock, tmp_path: Path) -> None:
    account = ids_by_room(office)[ROOM]
    office.documents.file(draft(office, K.ACCEPTED, *lines(office)[1:]), [scan(tmp_path, clock)])
    clock.forward(minutes=5)
    office.documents.file(draft(office, K.COMMITTEE_REPLY, issuer="业委会", note="同意上门劝交"))
    office.documents.void(2, "不是这一户")
    found = [entry for entry in office.history.of(account) if entry.kind is EntryKind.DOCUMENT]
    assert [(entry.title, entry.lines, entry.voided, entry.ref_id) for entry in found] == [
        (
            "存档 业委会答复",
            ("业委会 · 答复日期 11-10", "业委会的答复，时效不重算", "同意上门劝交"),
            "不是这一户（11-17 许宁）",
            2,
        ),
        (
            f"存档 立案或受理通知书 {CASE}",
            (
                "江北区人民法院 · 受理那天 11-10 · 列明 2 笔 · 文件 1 个",
                "A 强：法院或仲裁委员会已受理（诉讼时效规定 10、11）",
            ),
            "",
            1,
        ),
    ]


def test_the_check_finds_a_lost_file_and_a_grade_that_does_not_follow(
    office: Office, clock: Clock, tmp_path: Path
) -> None:
    office.documents.file(draft(office, K.FILING, lines(office)[1]), [scan(tmp_path, clock)])
    assert backups.check(office.path) == []
    (kept,) = office.documents.of_account(ids_by_room(office)[ROOM])
    office.documents.file_path(kept.files[0]).write_bytes(b"retouched")
    assert backups.check(office.path) == ["材料 1 的文件“扫描.pdf”被改动过"]
    path = office.path
    office.close()
    with behind_the_back(path) as conn:
        conn.execute("UPDATE documents SET grade = 'B', dated_on = '2027-01-01', kind = 'accepted'")
    found = backups.check(path)
    assert "材料 1 的日期晚于存档那天" in found and "材料 1 的等级与凭据不符" in found


# --- expired lines on paper, and the list ---


def test_expired_lines_leave_the_notice_and_an_account_with_nothing_else_gets_none(office: Office) -> None:
    ids = ids_by_room(office)
    over, soon, summer = lines(office)
    assert office.limitation.over_lines(ids.values()) == {
        ids[ROOM]: frozenset({over}), ids[OTHER]: frozenset(lines(office, OTHER)),
    }  # fmt: skip
    notices = propose_rooms(office, [ROOM, OTHER, "3-2-1504"])
    assert [[line.charge_id for line in notice.lines] for notice in notices] == [
        [soon, summer],
        lines(office, "3-2-1504"),
    ]
    before = owed(office)
    issue(office, ROOM)
    assert owed(office) == before, "left out of the paper, kept in the ledger"


def test_a_signed_acknowledgement_brings_the_line_back_onto_the_paper(
    office: Office, clock: Clock, tmp_path: Path
) -> None:
    over = lines(office)[0]
    office.documents.file(draft(office, K.ACKNOWLEDGEMENT, over), [scan(tmp_path, clock)])
    assert office.limitation.of_account(ids_by_room(office)[ROOM])[over].state is ClockState.RUNNING
    (notice,) = propose_rooms(office, [ROOM])
    assert over in [line.charge_id for line in notice.lines]


def test_the_list_tells_what_runs_out_first_and_what_would_help(office: Office, clock: Clock, tmp_path: Path) -> None:
    rows = office.limitation.running_out()
    assert [(row.room, row.what, row.days_left, row.is_over) for row in rows] == [
        (OTHER, "水费 2022年2月", -640, True),
        (ROOM, "管理费 2023年4月", -216, True),
        (ROOM, "管理费 2024年1月", 59, False),
    ]
    assert rows[-1].helps == "EMS 送达并公证，或申请支付令、立案"
    assert rows[0].helps == "可协商；业主签还款计划或书面承认可恢复"
    office.accounts.hold_line(rows[-1].charge_id, "在核水表")
    assert office.limitation.running_out()[-1].helps == "暂缓中，时效照走：请业主签对账单，或申请人民调解"
    office.documents.file(draft(office, K.FILING, rows[-1].charge_id), [scan(tmp_path, clock)])
    assert [row.is_over for row in office.limitation.running_out()] == [True, True]


@pytest.mark.parametrize(
    ("within", "rooms"), [(59, ["8-1-101", "8-1-102"]), (58, [])], ids=["its last day is looked at", "one day short"]
)
def test_what_ends_on_the_last_day_looked_at_is_in_the_list(tmp_path: Path, within: int, rooms: list[str]) -> None:
    office = new_office(tmp_path / "另", Clock())
    lump = listed("8-1-102", "何敏", ("管理费", "2024-01..2024-12", 120_000))
    import_list(office, listed("8-1-101", "林晓岚", ("管理费", "2024-01", 100_000)), lump)
    assert [row.room for row in office.limitation.running_out(within)] == rooms
    office.close()


def test_a_lump_follows_the_offices_due_day_of_today(tmp_path: Path) -> None:
    office = new_office(tmp_path / "另", Clock(datetime(2026, 11, 10, 12)))
    lump = listed("8-1-101", "林晓岚", ("管理费", "2023-11..2024-10", 120_000))
    import_list(office, lump, as_of=date(2026, 11, 9))
    ids = ids_by_room(office)
    assert office.limitation.over_lines(ids.values()) == {}, "due on the 15th"
    office.settings.save_profile(replace(office.settings.profile(), due_day=5))
    assert list(office.limitation.over_lines(ids.values())) == [ids["8-1-101"]], "its first month is over since 11-05"
    office.close()


def test_the_quick_look_finds_what_the_full_reckoning_finds(office: Office, clock: Clock, tmp_path: Path) -> None:
    import_list(
        office,
        *[
            listed(f"7-1-{number}01", f"业主{number}", ("管理费", f"{2013 + number}-02..{2014 + number}-01", 120_000), ("水费", f"{2013 + number}-11", 900))
            for number in range(13)
        ],
        as_of=date(2026, 11, 17), full=False, file="二.xlsx",
    )  # fmt: skip
    for days in (0, 27, 28, 200):
        clock.forward(days=days)
        ids = list(ids_by_room(office).values())
        full = {
            account_id: frozenset(charge_id for charge_id, one in clocks.items() if one.is_over)
            for account_id, clocks in office.limitation.of_accounts(ids).items()
        }
        assert office.limitation.over_lines(ids) == {account_id: over for account_id, over in full.items() if over}
