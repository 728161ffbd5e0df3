"""催款单 on record: numbers without gaps, rounds, frozen figures, and paper and records that stand or fall together."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from errno import ENOSPC
from hashlib import sha256
from pathlib import Path

import pytest

from feedesk.errors import BadInput, Cancelled, DiskFull, FeeDeskError
from feedesk.models.accounts import Step
from feedesk.models.contacts import ClaimDraft, Outcome
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.ledger.waivers import WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.notices import NoticeData
from feedesk.models.office import Role
from feedesk.models.store import Office, backups
from feedesk.models.store.backups import evidence_of
from feedesk.models.store.notices import thaw
from feedesk.reports.fonts import Fonts
from feedesk.reports.notice_pdf import notice_bytes, write_notices
from feedesk.tasks.notices import PaperOptions, default_options, issue_pdf, propose_batch, reprint_pdf
from feedesk.tasks.paper_file import PaperFile
from tests.ladder_tools import put_on
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.paper_samples import squeezed, texts
from tests.store_tools import assert_sound, contact, issue, propose_rooms

ROOT = Path(__file__).resolve().parent.parent
FEE = 107_940


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    made = new_office(tmp_path, clock)
    import_list(made, *(listed(room, f"林{room[-1]}") for room in ("3-2-1502", "3-2-901", "3-1-101", "10-1-101")))
    clock.forward(minutes=1)
    yield made
    assert_sound(made)
    made.close()


def numbers(office: Office) -> list[str]:
    rows = office.session.conn.execute("SELECT year, seq FROM notices ORDER BY id")
    return [f"{year}-{seq:04d}" for year, seq in rows]


def paid(office: Office, clock: Clock, *left: tuple[str, int], as_of: date) -> None:
    """Finance's next full list: these rooms still owe."""
    clock.forward(minutes=1)
    import_list(office, *(listed(room, f"林{room[-1]}", ("管理费", "2026-07..2026-09", fen)) for room, fen in left),
                listed("3-9-999", "占位", ("管理费", "2026-07", 1)), listed("10-9-999", "占位", ("管理费", "2026-07", 1)),
                as_of=as_of, file=f"{as_of}.xlsx")  # fmt: skip
    clock.forward(minutes=1)


# ---- numbers and rounds ---------------------------------------------------------------------------------------------


def test_numbers_follow_the_delivery_round_and_run_on_without_gaps(office: Office) -> None:
    issue(office, "10-1-101", "3-2-901", "3-1-101")
    issue(office, "3-2-1502")
    rows = office.session.conn.execute("SELECT snapshot FROM notices ORDER BY id").fetchall()
    assert [(thaw(text).number, thaw(text).room_text) for (text,) in rows] == [
        ("2026-0001", "3-1-101"), ("2026-0002", "3-2-901"), ("2026-0003", "10-1-101"), ("2026-0004", "3-2-1502"),
    ]  # fmt: skip


def test_every_year_begins_at_one(office: Office, clock: Clock) -> None:
    issue(office, "3-2-1502", issued_on=date(2026, 12, 31))
    issue(office, "3-2-901", "3-1-101", issued_on=date(2027, 1, 1))
    issue(office, "3-2-901", issued_on=date(2026, 12, 31))
    assert numbers(office) == ["2026-0001", "2027-0001", "2027-0002", "2026-0002"]
    assert (office.notices.next_number(2026), office.notices.next_number(2027), office.notices.next_number(2028)) == (
        3,
        3,
        1,
    )


def _no_paper(_: Sequence[NoticeData]) -> str:
    raise Cancelled("已停止。")


def _no_place() -> None:
    raise PermissionError("open elsewhere")


@pytest.mark.parametrize("how", ["no paper", "no place"])
def test_what_fails_takes_no_number_and_leaves_no_record(office: Office, how: str) -> None:
    issue(office, "3-2-1502")
    notices = propose_rooms(office, ["3-2-901", "3-1-101"])
    audit_before = office.session.conn.execute("SELECT count(*) FROM audit").fetchone()
    with pytest.raises((Cancelled, PermissionError)):
        if how == "no paper":
            office.notices.issue(notices, "x.pdf", _no_paper)
        else:
            office.notices.issue(notices, "x.pdf", lambda _: "0" * 64, _no_place)
    assert office.session.conn.execute("SELECT count(*) FROM audit").fetchone() == audit_before
    assert len(office.notices.batches()) == 1
    issue(office, "3-2-901")
    assert numbers(office) == ["2026-0001", "2026-0002"]


def test_the_round_counts_since_the_last_zero_balance_without_voided_ones_and_reprints(
    office: Office, clock: Clock
) -> None:
    room, account = "3-2-1502", ids_by_room(office)["3-2-1502"]

    def next_round() -> int:
        return office.notices.rounds([account])[account]

    assert next_round() == 1
    issue(office, room)
    assert next_round() == 2
    office.notices.note_reprint([1], lambda _: "")
    assert next_round() == 2, "a reprint is no further round"
    clock.forward(days=8)
    issue(office, room)
    assert next_round() == 3
    office.notices.void(2, "地址印错")
    assert next_round() == 2, "a voided one does not count"
    paid(office, clock, (room, FEE - 100), as_of=date(2026, 11, 26))
    assert next_round() == 2, "part paid is not paid"
    paid(office, clock, as_of=date(2026, 11, 27))
    paid(office, clock, (room, 30_000), as_of=date(2026, 11, 28))
    assert next_round() == 2, "finance takes the settlement back: the same debt, never paid"
    paid(office, clock, as_of=date(2026, 11, 29))
    import_list(office, listed(room, "林2", ("管理费", "2026-10..2026-12", 30_000)), as_of=date(2026, 11, 30),
                full=False, file="新账.xlsx")  # fmt: skip
    assert next_round() == 1, "a new debt after a zero balance starts anew"
    issue(office, room)
    assert [notice.round_no for notice in office.notices.of_account(account)] == [1, 2, 1]
    assert [notice.voided for notice in office.notices.of_account(account)][1].startswith("地址印错")


def test_a_list_that_names_a_paid_room_again_with_nothing_does_not_pay_it_again(office: Office, clock: Clock) -> None:
    paid(office, clock, as_of=date(2026, 11, 18))
    day = clock().date()
    assert "3-2-1502" in {row.room for row in office.figures.record_table(day, day).rows}
    clock.forward(days=30)
    nothing = listed("3-2-1502", "林2", ("管理费", "2026-07..2026-09", 1))
    import_list(office, replace(nothing, charges=()), listed("3-9-999", "占位", ("管理费", "2026-07", 1)),
                as_of=date(2026, 12, 18), file="十二月.xlsx")  # fmt: skip
    day = clock().date()
    assert "3-2-1502" not in {row.room for row in office.figures.record_table(day, day).rows}


def test_a_notice_moves_the_step_to_4_with_a_reason_and_never_down(office: Office) -> None:
    ids = ids_by_room(office)
    put_on(office, ids["3-2-901"], Step.LAWYER)
    issue(office, "3-2-1502", "3-2-901")
    steps = {room: office.accounts.get(ids[room]).row.step for room in ("3-2-1502", "3-2-901")}
    assert steps == {"3-2-1502": Step.DEMAND, "3-2-901": Step.LAWYER}


def test_one_notice_for_an_owner_of_several_units(office: Office) -> None:
    ids = ids_by_room(office)
    office.traits.correct(ids["3-2-901"], {}, name="林2", salutation="", remark="")
    office.accounts.join([ids["3-2-1502"], ids["3-2-901"]])
    assert len(propose_rooms(office, ["3-2-1502", "3-2-901"])) == 2
    (merged,) = propose_rooms(office, ["3-2-1502", "3-2-901"], merge_owner=True)
    assert merged.rooms == ("3-2-901", "3-2-1502") and merged.total == 2 * FEE
    issue(office, "3-2-1502", "3-2-901", merge_owner=True)
    assert numbers(office) == ["2026-0001"]
    for room in ("3-2-1502", "3-2-901"):
        (found,) = office.notices.of_account(ids[room])
        assert found.number == "2026-0001" and office.notices.rounds([ids[room]])[ids[room]] == 2


# ---- who is left out ------------------------------------------------------------------------------------------------


def test_left_out_and_named_with_the_reason(office: Office, clock: Clock, fonts: Fonts) -> None:
    ids = ids_by_room(office)
    office.contacts.claim((ids["3-2-901"],), ClaimDraft(clock().date(), FEE, "微信"))
    office.contacts.add(contact(ids["3-1-101"], at=clock(), outcome=Outcome.DISPUTE))
    issue(office, "3-2-1502")
    batch = propose_batch(office, ids.values(), default_options(office), fonts)
    assert {left.room: left.reason[:6] for left in batch.left_out} == {
        "3-2-1502": "11-17 ", "3-2-901": "称已缴，等财", "3-1-101": "维修异议未解",
    }  # fmt: skip
    assert [notice.room_text for notice in batch.notices] == ["10-1-101"]


def test_whoever_pays_between_choosing_and_printing_stops_the_run_and_is_named(office: Office, clock: Clock) -> None:
    notices = propose_rooms(office, ["3-2-1502", "3-2-901"])
    paid(office, clock, ("3-2-901", FEE), ("3-1-101", FEE), ("10-1-101", FEE), as_of=date(2026, 11, 18))
    with pytest.raises(BadInput, match="3-2-1502 的账目刚有变动"):
        office.notices.issue(notices, "x.pdf", lambda _: "0" * 64)
    assert numbers(office) == []


def test_a_held_line_stays_off_the_notice_while_the_others_go_on(office: Office, clock: Clock) -> None:
    clock.forward(minutes=1)
    import_list(office, listed("3-2-1502", "林2", ("管理费", "2026-07..2026-09", FEE), ("水费", "2026-09", 3_000)),
                as_of=date(2026, 11, 14), full=False, file="水.xlsx")  # fmt: skip
    account = ids_by_room(office)["3-2-1502"]
    water = next(charge for charge in office.accounts.charges(account) if charge.item == "水费")
    office.accounts.hold_line(water.id, "水表有争议")
    (notice,) = propose_rooms(office, ["3-2-1502"])
    assert [line.item for line in notice.lines] == ["管理费"] and notice.total == FEE
    office.accounts.hold_line(water.id, "")
    (notice,) = propose_rooms(office, ["3-2-1502"])
    assert notice.total == FEE + 3_000


def test_a_former_owner_gets_no_paper_at_the_door(office: Office, clock: Clock, fonts: Fonts) -> None:
    clock.forward(minutes=1)
    import_list(office, listed("3-2-1502", "新业主", ("管理费", "2026-07..2026-12", FEE + 9_000)),
                as_of=date(2026, 11, 14), full=False, file="换.xlsx")  # fmt: skip
    tenures = [account for account in office.imports.held(date(2026, 11, 14)).accounts if account.room == "3-2-1502"]
    batch = propose_batch(office, [account.account_id for account in tenures], default_options(office), fonts)
    assert [left.reason[:7] for left in batch.left_out] == ["已不是现业主，"]
    assert [notice.name for notice in batch.notices] == ["新业主"]


# ---- frozen ---------------------------------------------------------------------------------------------------------


def test_a_reprint_shows_what_was_printed_whatever_came_since(office: Office, clock: Clock) -> None:
    printed: list[NoticeData] = []

    def keep(notices: Sequence[NoticeData]) -> str:
        printed.extend(notices)
        return "0" * 64

    office.notices.issue(propose_rooms(office, ["3-2-1502"]), "x.pdf", keep)
    paid(office, clock, ("3-2-1502", 5_000), as_of=date(2026, 11, 18))
    profile = office.settings.profile()
    office.settings.save_profile(replace(profile, phone="0000-0000 0000"))
    (again,) = office.notices.frozen([1])
    assert again == replace(printed[0], reprint=True) and again.total == FEE
    assert office.notices.of_account(again.account_ids[0])[0].total == FEE


def test_a_reprint_of_a_notice_of_an_earlier_version_prints_as_it_did(office: Office) -> None:
    issue(office, "3-2-1502")
    stored = json.loads(office.session.conn.execute("SELECT snapshot FROM notices").fetchone()[0])
    for key in ("counted_to", "late_fee", "prepaid"):
        del stored[key]
    for line in stored["lines"]:
        del line["waived"]
        line["received"], line["owed"] = 10_000, line["owed"] - 10_000
    (line,) = thaw(json.dumps(stored)).lines
    assert (line.received, line.waived) == (10_000, 0)
    page = squeezed(texts(notice_bytes(replace(thaw(json.dumps(stored)), reprint=True), fonts=Fonts(installed=())))[0])
    assert "已缴（元）未缴（元）" in page and "100.00979.40" in page and "截至出单之日" in page


def test_payments_and_waivers_on_record_stand_apart_on_the_paper_and_in_the_record(
    office: Office, clock: Clock, fonts: Fonts
) -> None:
    """The list's day and the day up to which the office's own records are taken off are both kept."""
    account, manager = ids_by_room(office)["3-2-1502"], office.staff.add("程远", "程经理", Role.MANAGER)
    office.staff.set_pin(manager, "2468")
    (charge,) = office.accounts.charges(account)
    clock.forward(days=2)
    today = clock().date()
    office.payments.take(PaymentDraft(today, 20_000, PayMethod.CASH, (PaymentShare(account, 20_000),)))
    wanted = WaiverDraft(account, WaiverTarget.PRINCIPAL, WaiverKind.WAIVER, 10_000, charge.id, today, "修缮", "本人")
    office.waivers.grant(wanted, next(x for x in office.staff.all() if x.name == "程远"), "2468")
    notices = propose_batch(office, [account], default_options(office), fonts).notices
    (line,) = notices[0].lines
    assert (line.charged, line.received, line.waived, line.owed) == (FEE, 20_000, 10_000, FEE - 30_000)
    assert (notices[0].as_of, notices[0].counted_to) == (date(2026, 11, 13), today)
    stale = replace(notices[0], lines=(replace(line, received=30_000, waived=0),))
    with pytest.raises(BadInput, match="3-2-1502 的账目刚有变动"):
        office.notices.issue([stale], "x.pdf", lambda _: "0" * 64)
    office.notices.issue(notices, "x.pdf", lambda _: "0" * 64)
    (again,) = office.notices.frozen([1])
    assert again.lines == notices[0].lines and again.counted_to == today


def test_months_split_off_that_are_not_due_are_neither_demanded_nor_recorded_as_such(tmp_path: Path) -> None:
    """Split by month, the months ahead leave the demand; paper, total and record of lines tell the same."""
    clock = Clock()
    office = new_office(tmp_path / "split", clock)
    import_list(office, listed("3-2-1502", "林晓岚", ("管理费", "2026-10..2026-12", 30_000)))
    clock.forward(minutes=1)
    account = ids_by_room(office)["3-2-1502"]
    (lump,) = office.accounts.charges(account)
    office.splits.split(lump.id, (10_000, 10_000, 10_000))
    batch = propose_batch(office, [account], default_options(office), Fonts(installed=()))
    (notice,) = batch.notices
    due = [charge for charge in office.accounts.charges(account) if charge.due_on and charge.due_on < clock().date()]
    assert 0 < len(due) < 3 and batch.total == notice.total == 10_000 * len(due)
    assert [line.charge_id for line in notice.lines] == [charge.id for charge in due]
    assert f"{3 - len(due)} 笔未到期不列" in batch.why[0]
    issue(office, "3-2-1502")
    kept = office.session.conn.execute("SELECT charge_id, owed FROM notice_lines ORDER BY charge_id").fetchall()
    assert kept == sorted((charge.id, 10_000) for charge in due)
    page = squeezed(texts(notice_bytes(office.notices.frozen([1])[0], fonts=Fonts(installed=())))[0])
    assert "12月" not in page.partition("合计")[0].partition("未缴（元）")[2]
    assert all(f"{charge.due_on.year}年{charge.due_on.month}月{charge.due_on.day}日*" in page
               for charge in due if charge.due_is_assumed and charge.due_on)  # fmt: skip
    assert_sound(office)
    office.close()


def test_a_voided_notice_shows_is_not_printed_again_and_keeps_its_number(office: Office) -> None:
    issue(office, "3-2-1502")
    with pytest.raises(BadInput, match="原因"):
        office.notices.void(1, "")
    office.notices.void(1, "打印歪了")
    with pytest.raises(BadInput, match="已经作废"):
        office.notices.void(1, "再来")
    with pytest.raises(BadInput, match="2026-0001 已经作废"):
        office.notices.note_reprint([1], lambda _: "")
    with pytest.raises(BadInput, match="没有要补打"):
        office.notices.note_reprint([], lambda _: "")
    issue(office, "3-2-1502")
    assert numbers(office) == ["2026-0001", "2026-0002"]
    assert [entry.voided != "" for entry in office.history.of(ids_by_room(office)["3-2-1502"]) if entry.ref_id] == [
        False,
        True,
    ]


# ---- paper and records ----------------------------------------------------------------------------------------------


def test_paper_record_and_kept_copy_are_one(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    target = tmp_path / "催款 单.pdf"
    changes = issue_pdf(office, propose_rooms(office, ["3-2-1502", "3-2-901"]), target, PaperOptions(), fonts, None)
    digest = sha256(target.read_bytes()).hexdigest()
    (entry,) = [entry for entry in office.history.of(ids_by_room(office)["3-2-1502"]) if entry.ref_id]
    assert entry.lines[0] == "1 笔 ¥1,079.40，请于 2026年12月2日（含当日）前付清"
    (batch,) = office.notices.batches()
    assert (batch.count, batch.first_number, batch.last_number, batch.target) == (
        2,
        "2026-0001",
        "2026-0002",
        target.name,
    )
    assert office.session.conn.execute(
        "SELECT sha256 FROM notice_batches WHERE id = ?", (changes.record_id,)
    ).fetchone() == (digest,)
    kept = evidence_of(office.path) / f"{digest}.pdf"
    assert kept.read_bytes() == target.read_bytes()
    reprint_pdf(office, [1], tmp_path / "补打.pdf", PaperOptions(), fonts)
    assert (tmp_path / "补打.pdf").read_bytes().startswith(b"%PDF")
    assert [notice.reprints for notice in office.notices.of_batch(batch.id)] == [1, 0]
    assert not list(tmp_path.glob("*.part")) and not list(tmp_path.glob("*.feedesk-old"))


def _folder(target: Path) -> None:
    target.mkdir()


def _gone(target: Path) -> None:
    target.parent.rmdir()


UNWRITABLE: list[tuple[str, Callable[[Path], None]]] = [
    ("the target is a folder", _folder),
    ("the folder is gone", _gone),
]


@pytest.mark.parametrize(("what", "spoil"), UNWRITABLE, ids=[case[0] for case in UNWRITABLE])
def test_no_paper_no_record(
    office: Office, tmp_path: Path, fonts: Fonts, what: str, spoil: Callable[[Path], None]
) -> None:
    target = tmp_path / "出单" / "催款单.pdf"
    target.parent.mkdir()
    spoil(target)
    with pytest.raises(FeeDeskError, match="催款单"):
        issue_pdf(office, propose_rooms(office, ["3-2-1502"]), target, PaperOptions(), fonts, None)
    assert numbers(office) == [] and not list(tmp_path.rglob("*.part"))
    assert not evidence_of(office.path).exists() or list(evidence_of(office.path).iterdir()) == []


def test_cancelled_half_way_an_earlier_paper_still_lies_there(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    target = tmp_path / "催款单.pdf"
    target.write_bytes(b"an earlier run")

    def stop(done: int, _total: int) -> None:
        if done:
            raise Cancelled("已停止，没有出催款单。")

    with pytest.raises(Cancelled):
        issue_pdf(office, propose_rooms(office, ["3-2-1502", "3-2-901"]), target, PaperOptions(), fonts, stop)
    assert target.read_bytes() == b"an earlier run" and numbers(office) == []
    assert not list(tmp_path.glob("*.part"))


def test_when_the_records_cannot_be_saved_an_earlier_paper_comes_back(
    office: Office, tmp_path: Path, fonts: Fonts
) -> None:
    target = tmp_path / "催款单.pdf"
    target.write_bytes(b"an earlier run")
    notices = propose_rooms(office, ["3-2-1502"])
    conn = office.session.conn
    conn.execute(
        "CREATE TEMP TRIGGER full AFTER INSERT ON audit_details BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
    )
    with pytest.raises(DiskFull):
        issue_pdf(office, notices, target, PaperOptions(), fonts, None)
    conn.execute("DROP TRIGGER full")
    assert target.read_bytes() == b"an earlier run" and numbers(office) == []
    assert list(evidence_of(office.path).iterdir()) == []


def test_when_the_commit_itself_fails_the_placed_paper_is_taken_back(
    office: Office, tmp_path: Path, fonts: Fonts
) -> None:
    target = tmp_path / "催款单.pdf"
    target.write_bytes(b"an earlier run")
    notices = propose_rooms(office, ["3-2-1502"])
    conn = office.session.conn
    # A foreign key checked only at the commit: the last thing that can go wrong.
    conn.execute("PRAGMA defer_foreign_keys = ON")
    conn.execute("CREATE TEMP TRIGGER late AFTER INSERT ON notice_batches BEGIN INSERT INTO reprints "
                 "(notice_id, at, staff_id) VALUES (4711, '', 1); END")  # fmt: skip

    def defer(numbered: Sequence[NoticeData]) -> str:
        conn.execute("PRAGMA defer_foreign_keys = ON")
        return sheet.produce(lambda stream: write_notices(numbered, stream, fonts=fonts))

    import sqlite3

    with (
        pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"),
        PaperFile(office.path, target, "催款单") as sheet,
    ):
        office.notices.issue(notices, target.name, defer, sheet.place)
    conn.execute("DROP TRIGGER late")
    assert target.read_bytes() == b"an earlier run" and numbers(office) == []
    assert list(evidence_of(office.path).iterdir()) == []


def test_a_full_disk_leaves_neither_paper_nor_record(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    def full(_done: int, _total: int) -> None:
        raise OSError(ENOSPC, "No space left on device")

    with pytest.raises(DiskFull, match="磁盘已满"):
        issue_pdf(office, propose_rooms(office, ["3-2-1502"]), tmp_path / "x.pdf", PaperOptions(), fonts, full)
    assert numbers(office) == [] and not (tmp_path / "x.pdf").exists() and not list(tmp_path.glob("*.part"))


_LIMITED = """
import resource, signal, sys
from datetime import datetime
from pathlib import Path
from feedesk.cli import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
sys.exit(main(["notices", "--office", sys.argv[1], "--out", sys.argv[2], "--date", "2026-11-20"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="only on POSIX: a limit on the size of files")
@pytest.mark.parametrize("limit", [4_000, 40_000])
def test_a_disk_that_takes_no_more_ends_in_a_sentence_and_an_office_as_before(tmp_path: Path, limit: int) -> None:
    office = new_office(tmp_path)
    import_list(office, *(listed(f"3-2-{number}") for number in range(101, 131)))
    office.close()
    Office.open(office.path, Clock()).close()
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(office.path), str(tmp_path / "x.pdf"), str(limit)],
        capture_output=True, text=True, check=False, cwd=ROOT, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 1 and "Traceback" not in done.stderr and len(done.stderr.splitlines()) == 1, done.stderr
    assert "意外" not in done.stderr
    assert not list(tmp_path.glob("x.pdf*"))
    assert backups.check(office.path) == []
    opened = Office.open(office.path, Clock())
    assert numbers(opened) == [] and len(ids_by_room(opened)) == 30
    opened.close()


def test_the_office_of_the_paper_gives_fifteen_days(office: Office, clock: Clock) -> None:
    options = default_options(office)
    assert (options.issued_on, options.pay_by) == (clock().date(), clock().date() + timedelta(days=15))
    assert options.as_of == date(2026, 11, 13) and options.clerk == "许宁"
