"""The command line as its users meet it: what is printed, which exit code, and what is on the disk afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest

from feedesk import cli, paths
from feedesk.cli import main
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.office import Role
from feedesk.models.store import Office, backups
from tests.office_tools import ids_by_room
from tests.store_tools import behind_the_back, owed

ROOT = Path(__file__).resolve().parent.parent
HEAD = ("房号", "业主姓名", "联系电话", "管理费", "欠费期间")
JULY = [
    ("3-2-1502", "林晓岚", "13900000001", 1079.40, "2026-07~2026-09"),
    ("3-2-1503", "何敏", "13900000002", 880.00, "2026-07~2026-09"),
    ("商铺A08", "云间茶事", "", 2400.00, "2026-07~2026-09"),
]
LATER = [
    ("3-2-1502", "林晓岚", "13900000001", 500.00, "2026-07~2026-09"),
    ("商铺A08", "云间茶事", "", 3200.00, "2026-07~2026-10"),
    ("3-2-1504", "欧阳思远", "", 100.00, "2026-10"),
]
LAST = [("3-2-1502", "林晓岚", "", 500.00, "2026-07~2026-09"), ("3-2-1504", "欧阳思远", "", 40.00, "2026-10")]


def write_list(path: Path, rows: list[tuple[object, ...]], head: tuple[str, ...] = HEAD) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (head, *rows):
        sheet.append(row)
    book.save(path)
    return path


def everything(folder: Path) -> dict[str, str]:
    """Every file below a folder with its content's digest; the lock that says nothing is left out."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith((".lock", "-shm", "-wal"))
    }


class Desk:
    """A folder with lists and an office, and one way to run a command."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.office = folder / "办公室 一.feedesk"
        self.july = write_list(folder / "七月 清单.xlsx", JULY)
        self.later = write_list(folder / "十月.xlsx", LATER)
        self.last = write_list(folder / "十一月.xlsx", LAST)
        self._capsys = capsys

    def run(self, *words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        said = self._capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return code, said.out, said.err

    def take(self, *words: object) -> tuple[int, str, str]:
        return self.run("import", *words, "--office", self.office)

    def filled(self) -> Desk:
        assert self.take(self.july, "--as-of", "2026-10-10", "--yes")[0] == 0
        return self

    def owed(self) -> dict[str, int]:
        office = Office.look(self.office, datetime.now)
        try:
            return owed(office)
        finally:
            office.close()


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    made = Desk(tmp_path, capsys)
    yield made
    if made.office.is_file():
        assert backups.check(made.office) == []


# ---- import ---------------------------------------------------------------------------------------------------------


def test_a_first_import_makes_the_office_and_says_so(desk: Desk) -> None:
    code, out, err = desk.take(desk.july, "--as-of", "2026-10-10", "--yes")
    assert code == 0 and "新建了一个办公室文件" in err
    assert "3 户 3 笔" in out and "4,359.40" in out
    assert desk.owed() == {"3-2-1502": 107_940, "3-2-1503": 88_000, "商铺A08": 240_000}


def test_json_is_one_line_a_list_exactly_as_the_design_says(desk: Desk) -> None:
    code, out, err = desk.filled().take(desk.later, desk.last, "--as-of", "2026-11-13", "--json", "--yes")
    assert (code, err) == (0, "")
    first, second = (json.loads(line) for line in out.splitlines())
    assert first == {
        "file": "十月.xlsx", "accounts": 3, "charges": 3, "total_fen": 380_000, "rejected": [], "questions": [],
        "diff": {"new": 1, "increased": 1, "partly_paid": 1, "paid_off": 1, "unchanged": 0, "owner_changed": 0},
    }  # fmt: skip
    assert list(second) == ["file", "accounts", "charges", "total_fen", "rejected", "questions", "diff"]
    assert second["diff"] == {
        "new": 0, "increased": 0, "partly_paid": 1, "paid_off": 0, "unchanged": 1, "owner_changed": 0,
    }  # fmt: skip


def test_refused_rows_are_named_by_sheet_row_and_reason(desk: Desk) -> None:
    bad = write_list(desk.folder / "坏.xlsx", [*JULY, ("3-2-1600", "何敏", "", "二百", "2026-10")])
    code, out, _ = desk.take(bad, "--as-of", "2026-10-10", "--yes", "--json")
    (refused,) = json.loads(out)["rejected"]
    assert (code, refused["sheet"], refused["row"]) == (0, "Sheet", 5) and refused["reason"]


def test_the_same_list_twice_changes_nothing(desk: Desk) -> None:
    desk.filled()
    before = desk.owed()
    code, out, _ = desk.take(desk.july, "--as-of", "2026-10-10", "--yes", "--json")
    assert (code, json.loads(out)["diff"]["unchanged"]) == (0, 3) and desk.owed() == before


def test_an_import_says_what_money_on_record_has_to_do_with_it(desk: Desk) -> None:
    desk.filled()
    office = Office.open(desk.office, lambda: datetime(2026, 11, 17, 12))
    ids = ids_by_room(office)
    office.staff.use(office.staff.all()[0].id)
    for room, on, fen in (
        ("3-2-1502", date(2026, 10, 12), 107_940),
        ("3-2-1503", date(2026, 10, 12), 100_000),
        ("商铺A08", date(2026, 11, 15), 20_000),
    ):
        share = PaymentShare(ids[room], fen)
        office.payments.take(PaymentDraft(on, fen, PayMethod.TRANSFER, (share,), prepay_agreed=True))
    office.close()
    again = write_list(desk.folder / "又.xlsx", [JULY[0], ("3-2-1503", "何敏", "", 100, "2026-10"), JULY[2]])
    code, out, _ = desk.take(again, "--as-of", "2026-11-13", "--yes")
    assert code == 0 and out.splitlines()[2:] == [
        "  与已记收款不一致，待核 1 户 ¥1,079.40：请财务核对，核对前不催",
        "  清单日之后已收、已减 1 户 ¥200.00，照算",
        "  预缴自动抵扣 1 户 ¥100.00",
    ]
    assert desk.owed() == {"商铺A08": 220_000}
    _, out, _ = desk.take(again, "--as-of", "2026-11-13", "--yes", "--json")
    assert json.loads(out)["in_doubt_fen"] == 107_940


def test_before_an_import_the_office_is_copied(desk: Desk) -> None:
    desk.filled()
    assert backups.all_of(desk.office) == []
    then = desk.owed()
    desk.take(desk.later, "--as-of", "2026-11-13", "--yes")
    (copy,) = backups.all_of(desk.office)
    assert copy.reason == "导入前"
    looked = Office.look(copy.path, datetime.now)
    assert owed(looked) == then
    looked.close()


QUESTIONS = [
    ("an unknown column", (*HEAD, "奇怪的一列"), [(*JULY[0], 77.5)], (), "奇怪的一列"),
    ("no period", HEAD[:4], [row[:4] for row in JULY], (), "期间"),
    ("two rooms that may be one", HEAD, [JULY[0], ("03-02-1502", "林晓岚", "", 5, "2026-10")], (), "1502"),
]


@pytest.mark.parametrize(("what", "head", "rows", "more", "words"), QUESTIONS, ids=[case[0] for case in QUESTIONS])
def test_a_question_stops_with_3_names_it_and_writes_nothing(
    desk: Desk, what: str, head: tuple[str, ...], rows: list[tuple[object, ...]], more: tuple[str, ...], words: str
) -> None:
    asking = write_list(desk.folder / "有疑问.xlsx", rows, head)
    before = everything(desk.folder)
    code, _, err = desk.take(asking, "--as-of", "2026-10-10", *more)
    assert code == 3 and words in err and "--yes" in err and len(err.strip().splitlines()) == 1
    assert everything(desk.folder) == before and not desk.office.exists()
    desk.filled()
    before = everything(desk.folder)
    assert desk.take(asking, "--as-of", "2026-11-13", *more)[0] == 3
    assert everything(desk.folder) == before, "no copy is made for an import that does not happen"
    assert desk.take(asking, "--as-of", "2026-11-13", "--yes")[0] == 0


def test_a_period_given_answers_the_question(desk: Desk) -> None:
    asking = write_list(desk.folder / "无期间.xlsx", [row[:4] for row in JULY], HEAD[:4])
    code, _, _ = desk.take(asking, "--as-of", "2026-10-10", "--period", "2026-07..2026-09")
    assert code == 0
    office = Office.look(desk.office, datetime.now)
    (charge,) = office.accounts.charges(ids_by_room(office)["3-2-1502"])
    assert charge.period_text() == "2026年7月–9月" or "7" in charge.period_text()
    assert charge.period is not None and charge.period.iso() == "2026-07..2026-09"
    office.close()


def test_several_lists_go_in_whole_or_not_at_all(desk: Desk) -> None:
    asking = write_list(desk.folder / "无期间.xlsx", [row[:4] for row in JULY], HEAD[:4])
    desk.filled()
    before = everything(desk.folder)
    assert desk.take(desk.later, asking, "--as-of", "2026-11-13")[0] == 3
    assert desk.take(desk.later, desk.folder / "没有.xlsx", "--as-of", "2026-11-13", "--yes")[0] == 1
    assert everything(desk.folder) == before


def test_a_partial_list_says_nothing_of_the_rooms_it_does_not_name(desk: Desk) -> None:
    desk.filled()
    one = write_list(desk.folder / "一户.xlsx", [("3-2-1502", "林晓岚", "", 100.00, "2026-07~2026-09")])
    assert desk.take(one, "--as-of", "2026-11-13", "--partial", "--yes")[0] == 0
    assert desk.owed() == {"3-2-1502": 10_000, "3-2-1503": 88_000, "商铺A08": 240_000}
    assert desk.take(one, "--as-of", "2026-11-14", "--full", "--yes")[0] == 0
    assert desk.owed() == {"3-2-1502": 10_000, "商铺A08": 240_000}, "a full list speaks of the buildings it names"


def test_an_older_list_is_refused(desk: Desk) -> None:
    desk.filled()
    before = everything(desk.folder)
    code, _, err = desk.take(desk.later, "--as-of", "2026-09-01", "--yes")
    assert code == 1 and "2026-10-10" in err
    assert everything(desk.folder) == before


def test_a_dry_run_writes_nothing_neither_for_a_new_office_nor_for_one_in_use(
    desk: Desk, request: pytest.FixtureRequest
) -> None:
    before = everything(desk.folder)
    assert desk.take(desk.july, "--as-of", "2026-10-10", "--dry-run", "--yes", "--json")[0] == 0
    assert everything(desk.folder) == before
    assert sorted(p.name for p in desk.folder.iterdir()) == sorted(before)
    desk.filled()
    holder = Office.open(desk.office, datetime.now)
    request.addfinalizer(holder.close)
    before = everything(desk.folder)
    code, out, _ = desk.take(desk.later, desk.last, "--as-of", "2026-11-13", "--dry-run", "--yes", "--json")
    assert code == 0
    first, second = (json.loads(line)["diff"] for line in out.splitlines())
    assert (first["new"], second["partly_paid"]) == (1, 1), (
        "the second list is compared with what the first would leave"
    )
    assert everything(desk.folder) == before


def test_a_mapping_file_says_what_the_columns_mean(desk: Desk) -> None:
    from feedesk.models.arrears_list import ReadOptions
    from feedesk.models.intake import mapping_to_json, read_list, saved_mapping

    head = (*HEAD, "保安亭费")
    odd = write_list(desk.folder / "怪列.xlsx", [(*JULY[0], 12.5)], head)
    mapping = json.loads(mapping_to_json(saved_mapping(read_list(odd, ReadOptions(careful=True)))))
    column = next(column for column in mapping["columns"] if column["title"] == "保安亭费")
    column.update(meaning="fee", item="保安亭费")
    file = desk.folder / "列.json"
    file.write_text(json.dumps(mapping, ensure_ascii=False), encoding="utf-8")
    code, out, _ = desk.take(odd, "--as-of", "2026-10-10", "--mapping", file, "--json")
    assert (code, json.loads(out)["total_fen"]) == (0, 107_940 + 1_250)


BAD_MAPPINGS = [
    ("no JSON", "不是 JSON".encode(), "读不懂"),
    ("another JSON", b"[1, 2]", "读不懂"),
    ("no UTF-8", "列".encode("gb18030") + b"\xff", "UTF-8"),
]


@pytest.mark.parametrize(("what", "content", "words"), BAD_MAPPINGS, ids=[case[0] for case in BAD_MAPPINGS])
def test_a_bad_mapping_file_is_refused(desk: Desk, what: str, content: bytes, words: str) -> None:
    file = desk.folder / "列.json"
    file.write_bytes(content)
    code, _, err = desk.take(desk.july, "--mapping", file, "--yes")
    assert code == 1 and words in err and not desk.office.exists()


# ---- refusals -------------------------------------------------------------------------------------------------------

REFUSED: list[tuple[str, Callable[[Desk], tuple[object, ...]], str]] = [
    ("import a list that is not there", lambda d: ("import", d.folder / "没有.xlsx", "--office", d.office), "没有.xlsx"),
    ("import a folder", lambda d: ("import", d.folder, "--office", d.office), ""),
    ("import the office itself", lambda d: ("import", d.office, "--office", d.office), ""),
    ("import into a list", lambda d: ("import", d.july, "--office", d.july, "--yes"), "七月 清单.xlsx"),
    ("import into a folder", lambda d: ("import", d.july, "--office", d.folder, "--yes"), "文件夹"),
    ("dry run into a list", lambda d: ("import", d.july, "--office", d.later, "--dry-run", "--yes"), "十月.xlsx"),
    ("mapping that is not there",
     lambda d: ("import", d.july, "--office", d.office, "--mapping", d.folder / "没有.json"), "没有.json"),
    ("notices of no office", lambda d: ("notices", "--office", d.folder / "没有.feedesk", "--out", d.folder / "x.pdf"),
     "没有.feedesk"),
    ("notices for no room", lambda d: ("notices", "--office", d.office, "--out", d.folder / "x.pdf", "--rooms", "9-*"),
     "房号"),
    ("notices into a folder", lambda d: ("notices", "--office", d.office, "--out", d.folder / "文件夹"), "文件夹"),
    ("notices into no folder", lambda d: ("notices", "--office", d.office, "--out", d.folder / "无" / "x.pdf"), "x.pdf"),
    ("notices below a file", lambda d: ("notices", "--office", d.office, "--out", d.july / "x.pdf"), "x.pdf"),
    ("notices over the office", lambda d: ("notices", "--office", d.office, "--out", d.office), "办公室文件"),
    ("notices over another office",
     lambda d: ("notices", "--office", d.office, "--out", d.folder / "别的.feedesk"), "办公室文件"),
    ("pay-by before the date",
     lambda d: ("notices", "--office", d.office, "--out", d.folder / "x.pdf", "--date", "2026-11-20", "--pay-by",
                "2026-11-19"), "截止日"),
    ("record table over the office", lambda d: ("record-table", "--office", d.office, "--out", d.office), "办公室文件"),
    ("record table into a folder", lambda d: ("record-table", "--office", d.office, "--out", d.folder / "文件夹"),
     "文件夹"),
    ("record table below a file", lambda d: ("record-table", "--office", d.office, "--out", d.july / "x.xlsx"), "x.xlsx"),
    ("record table of a list", lambda d: ("record-table", "--office", d.july, "--out", d.folder / "x.xlsx"), "七月"),
    ("record table backwards",
     lambda d: ("record-table", "--office", d.office, "--out", d.folder / "x.xlsx", "--from", "2026-11-20", "--to",
                "2026-11-01"), "起始日"),
    ("backup of nothing", lambda d: ("backup", d.folder / "没有.feedesk"), "没有.feedesk"),
    ("backup of a list", lambda d: ("backup", d.july), "七月"),
    ("backup to a file", lambda d: ("backup", d.office, "--to", d.july), "七月"),
    ("restore nothing", lambda d: ("restore", d.folder / "没有.feedesk", "--office", d.office), "没有.feedesk"),
    ("restore a list", lambda d: ("restore", d.july, "--office", d.office), "没有通过检查"),
    ("restore over a folder", lambda d: ("restore", d.office, "--office", d.folder), "文件夹"),
    ("check nothing", lambda d: ("check", d.folder / "没有.feedesk"), "没有.feedesk"),
    ("check a list", lambda d: ("check", d.july), "七月"),
    ("check a folder", lambda d: ("check", d.folder), ""),
]  # fmt: skip


@pytest.mark.parametrize(("what", "words", "said"), REFUSED, ids=[case[0] for case in REFUSED])
def test_refused_with_one_sentence_and_nothing_written(
    desk: Desk, what: str, words: Callable[[Desk], tuple[object, ...]], said: str
) -> None:
    desk.filled()
    (desk.folder / "文件夹").mkdir()
    before = everything(desk.folder)
    code, _, err = desk.run(*words(desk))
    assert code == 1 and said in err
    assert len(err.strip().splitlines()) == 1 and "程序出了意外" not in err
    assert everything(desk.folder) == before


BAD_USAGE = [
    ["import"],
    ["import", "a.xlsx"],
    ["import", "a.xlsx", "--office", "f", "--as-of", "21.11.2026"],
    ["import", "a.xlsx", "--office", "f", "--period", "2026年三季度"],
    ["import", "a.xlsx", "--office", "f", "--full", "--partial"],
    ["notices", "--office", "f"],
    ["notices", "--office", "f", "--out", "x.pdf", "--kind", "threat"],
    ["record-table", "--out", "x.xlsx"],
    ["backup"],
    ["restore", "b"],
    ["check"],
    ["demo"],
    ["impotr", "a.xlsx", "--office", "f"],
    ["today", "--office", "f", "--date", "9999-12-31"],
    ["today", "--office", "f", "--date", "0001-01-01"],
]


@pytest.mark.parametrize("words", BAD_USAGE, ids=[" ".join(words) for words in BAD_USAGE])
def test_bad_usage_is_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2 and capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["import", "--help"]])
def test_help_is_0(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0 and capsys.readouterr().out


def test_a_held_office_refuses_writing_commands_and_lets_readers_read(
    desk: Desk, request: pytest.FixtureRequest
) -> None:
    desk.filled()
    held = Office.open(desk.office, datetime.now)
    request.addfinalizer(held.close)
    before = everything(desk.folder)
    for words in (
        ("import", desk.later, "--office", desk.office, "--yes"),
        ("notices", "--office", desk.office, "--out", desk.folder / "x.pdf"),
        ("restore", desk.office, "--office", desk.office),
    ):
        code, _, err = desk.run(*words)
        assert code == 1 and "另一个 FeeDesk 窗口" in err
    assert everything(desk.folder) == before
    assert desk.run("record-table", "--office", desk.office, "--out", desk.folder / "表.xlsx")[0] == 0
    assert desk.run("backup", desk.office)[0] == 0
    assert desk.run("check", desk.office)[0] == 0


# ---- papers and tables ----------------------------------------------------------------------------------------------


def test_notices_are_numbered_in_delivery_order_and_named_when_left_out(desk: Desk) -> None:
    desk.filled()
    desk.take(desk.later, "--as-of", "2026-11-13", "--yes")
    out = desk.folder / "催款 单.pdf"
    code, said, _ = desk.run(
        "notices", "--office", desk.office, "--out", out, "--rooms", "3-2-150*", "--date", "2026-11-21", "--json"
    )
    told = json.loads(said)
    assert code == 0 and out.read_bytes().startswith(b"%PDF")
    assert told["notices"] == ["2026-0001", "2026-0002"] and told["total_fen"] == 50_000 + 10_000
    assert [left["room"] for left in told["left_out"]] == ["3-2-1503"] and "缴清" in told["left_out"][0]["reason"]
    kept = backups.evidence_of(desk.office) / f"{sha256(out.read_bytes()).hexdigest()}.pdf"
    assert kept.read_bytes() == out.read_bytes()
    code, said, err = desk.run(
        "notices", "--office", desk.office, "--out", out, "--rooms", "3-2-150*", "--date", "2026-11-22"
    )
    assert code == 1 and "都不需要" in err and "刚出过" in said
    assert out.read_bytes() == kept.read_bytes(), "the paper of the run before is still there"


def test_room_patterns_may_be_several_and_have_chinese_commas(desk: Desk) -> None:
    desk.filled()
    _, said, _ = desk.run("notices", "--office", desk.office, "--out", desk.folder / "x.pdf", "--rooms", "3-2-1503，商铺*",
                          "--date", "2026-11-21", "--json")  # fmt: skip
    assert json.loads(said)["total_fen"] == 88_000 + 240_000


def test_the_record_table_is_written_and_told(desk: Desk) -> None:
    desk.filled()
    code, said, _ = desk.run("record-table", "--office", desk.office, "--out", desk.folder / "记录 表.xlsx")
    assert code == 0 and "3 户" in said
    book = openpyxl.load_workbook(desk.folder / "记录 表.xlsx")
    text = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value]
    assert {"林晓岚", "何敏", "云间茶事"} <= set(text)
    assert not list(desk.folder.glob("*.part"))


# ---- copies ---------------------------------------------------------------------------------------------------------


def test_backup_and_restore_and_check_by_hand(desk: Desk) -> None:
    desk.filled()
    then = desk.owed()
    code, said, _ = desk.run("backup", desk.office, "--to", desk.folder / "U 盘")
    (copy,) = (desk.folder / "U 盘").iterdir()
    assert code == 0 and str(copy) in said
    desk.take(desk.later, "--as-of", "2026-11-13", "--yes")
    code, said, _ = desk.run("restore", copy, "--office", desk.office)
    assert code == 0 and "恢复前" in said and desk.owed() == then
    code, said, _ = desk.run("check", desk.office)
    assert code == 0 and "检查通过" in said


def test_pins_nobody_knows_any_more_are_dropped_and_the_log_says_so(desk: Desk) -> None:
    desk.filled()
    office = Office.open(desk.office, datetime.now)
    office.staff.set_pin(office.staff.add("程远", role=Role.MANAGER), "4711")
    office.close()

    assert desk.run("drop-pins", desk.office) == (
        0, "已清除 1 人的签字密码，并记入日志；请到“设置 › 人员”重新设。\n", "",
    )  # fmt: skip

    office = Office.open(desk.office, datetime.now)
    try:
        assert office.staff.signers() == ()
        assert office.session.conn.execute("SELECT what FROM audit ORDER BY seq DESC").fetchone() == ("清除签字密码",)
    finally:
        office.close()


def test_check_says_everything_it_finds_and_ends_with_1(desk: Desk) -> None:
    desk.filled()
    with behind_the_back(desk.office) as conn:
        conn.execute("UPDATE account_state SET owed = owed + 1 WHERE account_id <= 2")
    code, said, err = desk.run("check", desk.office)
    assert code == 1 and len(said.splitlines()) == 2 and "2 处问题" in err
    desk.office.unlink()


# ---- the unforeseen -------------------------------------------------------------------------------------------------


def _explode(_path: Path) -> list[str]:
    raise ZeroDivisionError("an inner detail nobody should see")


def test_the_unforeseen_is_a_sentence_and_a_log_entry_never_a_traceback(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "check", _explode)
    code, out, err = desk.run("check", desk.office)
    assert code == 1 and out == "" and "程序出了意外" in err and "inner detail" not in err
    log = paths.log_file().read_text(encoding="utf-8")
    assert "ZeroDivisionError: an inner detail nobody should see" in log and "Traceback" in log
    assert str(paths.log_file()) in err


def test_the_unforeseen_is_told_even_when_no_log_can_be_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, own_folders: Path
) -> None:
    monkeypatch.setattr(backups, "check", _explode)
    paths.log_file().mkdir()
    code, _, err = desk.run("check", desk.office)
    assert code == 1 and "也没能写进日志" in err and "ZeroDivisionError" in err


def _interrupt(_path: Path) -> list[str]:
    raise KeyboardInterrupt


def test_ctrl_c_is_a_sentence_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "check", _interrupt)
    code, _, err = desk.run("check", desk.office)
    assert code == 1 and "已停止" in err


def test_a_pipe_gets_utf8_whatever_the_system_speaks(desk: Desk) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "feedesk", "import", str(desk.july), "--office", str(desk.office), "--dry-run", "--yes",
         "--json", "--as-of", "2026-10-10"],
        capture_output=True, check=False, cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode("utf-8"))["file"] == "七月 清单.xlsx"


def test_without_a_command_the_window_opens_on_the_office_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import feedesk.app

    opened: list[Path | None] = []

    def run_window(office: Path | None) -> int:
        opened.append(office)
        return 0

    monkeypatch.setattr(feedesk.app, "run_window", run_window)
    assert main([]) == 0 and main([str(desk.office)]) == 0
    assert opened == [None, desk.office]


def test_today_is_the_day_of_the_clock(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_now", lambda: datetime(2026, 10, 12, 9, 0))
    desk.take(desk.july, "--yes")
    office = Office.look(desk.office, lambda: datetime(2026, 10, 12, 9, 0))
    last = office.imports.last()
    assert last is not None and last.as_of == date(2026, 10, 12)
    office.close()
