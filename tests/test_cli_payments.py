"""`feedesk payments`: it agrees with the right answers on every line, and books nothing twice and nothing by half."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from feedesk import cli
from feedesk.cli import main
from feedesk.models.statements import LineState
from feedesk.models.store import Office, backups
from tests.store_tools import assert_sound, owed

DATA = Path(__file__).parent / "data"
STATEMENTS = DATA / "statements"
EXPECTED: dict[str, Any] = json.loads((STATEMENTS / "expected.json").read_text(encoding="utf-8"))
SAMPLES = [name for name in EXPECTED if name != "_"]
NOW = datetime(2026, 11, 21, 9, 0)

Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """01-plain.xlsx as of 2026-10-31."""
    monkeypatch.setattr(cli, "_now", lambda: NOW)
    path = tmp_path / "云杉.feedesk"
    assert main(["import", str(DATA / "lists" / "01-plain.xlsx"), "--office", str(path), "--as-of", "2026-10-31"]) == 0
    capsys.readouterr()
    return path


@pytest.fixture
def run(office: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def go(statement: Path | str, *words: str) -> tuple[int, list[dict[str, Any]], str]:
        code = main(["payments", "--office", str(office), "--statement", str(statement), "--json", *words])
        said = capsys.readouterr()
        return code, [json.loads(text) for text in said.out.splitlines()], said.err

    return go


def look(path: Path) -> Office:
    return Office.look(path, lambda: NOW)


def balances(path: Path) -> dict[str, int]:
    office = look(path)
    found = owed(office)
    office.close()
    return found


def answers(lines: list[dict[str, Any]]) -> list[tuple[int, str, list[str]]]:
    return [(line["line"], line["confidence"], sorted(line["rooms"])) for line in lines]


def right(name: str) -> list[tuple[int, str, list[str]]]:
    return [(line["line"], line["confidence"], sorted(line["rooms"])) for line in EXPECTED[name]]


@pytest.mark.parametrize("name", SAMPLES)
def test_it_agrees_on_every_line(run: Run, name: str) -> None:
    code, lines, said = run(STATEMENTS / name)
    assert (code, said) == (0, "")
    assert answers(lines) == right(name)
    assert set(lines[0]) == {"line", "rooms", "amount_fen", "confidence", "reason", "booked"}
    assert all(line["reason"] and line["booked"] is False for line in lines)


@pytest.mark.parametrize("how", [("--book", "sure"), ()])
def test_it_agrees_with_all_three_in_one_office_and_again(run: Run, how: tuple[str, ...]) -> None:
    for _ in range(2):
        for name in SAMPLES:
            code, lines, _ = run(STATEMENTS / name, *how)
            assert (code, answers(lines)) == (0, right(name))


def test_booking_lowers_balances_by_what_is_sure_and_a_second_run_by_nothing(run: Run, office: Path) -> None:
    before = balances(office)
    _, lines, _ = run(STATEMENTS / "bank-gb18030.csv", "--book", "sure")
    assert [line["line"] for line in lines if line["booked"]] == [1, 2, 3, 4, 5, 6, 9]
    paid = {room: before[room] for line in lines if line["booked"] for room in line["rooms"]}
    assert sum(paid.values()) == sum(line["amount_fen"] for line in lines if line["booked"]) == 1_555_233
    after = balances(office)
    assert after == {room: amount for room, amount in before.items() if room not in paid}
    _, again, _ = run(STATEMENTS / "bank-gb18030.csv", "--book", "sure")
    assert [line["booked"] for line in again] == [line["booked"] for line in lines]
    assert balances(office) == after
    opened = Office.open(office, lambda: NOW)
    assert len(opened.payments.taken_between(NOW.date(), NOW.date())) == 7
    assert {one.line.line for one in opened.statements.lines(states=(LineState.OPEN,))} == {7, 8, 10, 12, 13}
    assert len(opened.statements.all()) == 1
    assert_sound(opened)
    opened.close()
    assert backups.check(office) == []


def test_a_dry_run_says_the_same_and_writes_nothing(run: Run, office: Path) -> None:
    before = balances(office)
    _, lines, _ = run(STATEMENTS / "wechat.csv", "--book", "sure", "--dry-run")
    assert answers(lines) == right("wechat.csv") and any(line["booked"] for line in lines)
    opened = look(office)
    assert opened.statements.all() == [] and owed(opened) == before
    opened.close()


def test_a_dry_run_works_while_the_office_is_open_elsewhere(run: Run, office: Path) -> None:
    opened = Office.open(office, lambda: NOW)
    assert run(STATEMENTS / "wechat.csv", "--dry-run")[0] == 0
    code, lines, said = run(STATEMENTS / "wechat.csv")
    assert (code, lines) == (1, []) and said
    opened.close()


def test_in_words(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["payments", "--office", str(office), "--statement", str(STATEMENTS / "bank-gb18030.csv"), "--book", "sure"]
    assert main(words) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "1 11-01 ¥353.32 叶国 → 2-1-101　现已入账：附言写了房号 2-1-101，金额与欠费一致"
    assert said[9].startswith("10 11-08 ¥8,800.00 南山某某商贸有限公司 → —　没有对上：")
    assert said[-1] == "bank-gb18030.csv：13 笔，已入账 7 笔 ¥15,552.33。"
    assert main(words) == 0
    assert "　已入账：2-1-101（11-21 命令行）" in capsys.readouterr().out


# --- what only a person can answer ---

ODD = "当日,讲的啥,进,出,谁\n2026-11-03,2-1-101,353.32,,叶国\n2026-11-04,电费,,20.00,供电\n"
MEANINGS = {"当日": "paid_at", "讲的啥": "memo", "进": "in_amount", "出": "out_amount", "谁": "payer"}


def test_an_unknown_layout_is_a_question_and_a_mapping_answers_it_for_good(
    run: Run, office: Path, tmp_path: Path
) -> None:
    statement, mapping = tmp_path / "某银行.csv", tmp_path / "列.json"
    statement.write_text(ODD, encoding="utf-8")
    mapping.write_text(json.dumps(MEANINGS), encoding="utf-8")
    code, lines, said = run(statement, "--book", "sure")
    assert (code, lines) == (3, [])
    assert "某银行.csv" in said and "没有写入任何数据" in said and "--mapping" in said and "讲的啥" in said
    code, lines, _ = run(statement, "--mapping", str(mapping))
    assert (code, answers(lines)) == (0, [(1, "sure", ["2-1-101"]), (2, "none", [])])
    statement.write_text(ODD.replace("11-03", "11-09"), encoding="utf-8")
    code, lines, _ = run(statement)
    assert (code, [line["confidence"] for line in lines]) == (0, ["unsure", "none"]), (
        "the line of the 3rd is still open"
    )


def test_one_transaction_twice_in_one_file_is_one(run: Run, tmp_path: Path) -> None:
    statement = tmp_path / "流水.csv"
    row = "2026-11-03,2-1-101,353.32,,叶国,2026110300001\n"
    statement.write_text(f"交易日期,附言,收入,支出,对方户名,交易流水号\n{row}{row}", encoding="utf-8")
    _, (first, second), _ = run(statement, "--book", "sure")
    assert (first["booked"], second["booked"], second["confidence"]) == (True, False, "none")
    assert second["reason"] == "与第 1 笔的流水号相同，是同一笔交易"


def test_rows_that_cannot_be_read_are_told(run: Run, tmp_path: Path) -> None:
    statement = tmp_path / "流水.csv"
    statement.write_text("交易日期,附言,收入,支出\n2026-11-03,2-1-101,353.3.2,\n", encoding="utf-8")
    code, lines, said = run(statement)
    assert (code, lines, said) == (0, [], "流水.csv 第 2 行没有读入：金额“353.3.2”不是数字\n")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("没有.csv", None, "找不到“没有.csv”"),
        ("空.csv", b"", "空文件"),
        ("图.png", b"\x89PNG\r\n" + b"\x00" * 40, "图片"),
        ("话.csv", "今天天气好".encode(), "没有找到流水"),
    ],
)
def test_what_is_no_statement_is_refused_in_one_sentence(
    run: Run, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    code, lines, said = run(path)
    assert (code, lines) == (1, []) and says in said and len(said.splitlines()) == 1


@pytest.mark.parametrize("words", [(), ("--book", "all")])
def test_bad_usage(office: Path, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["payments", "--office", str(office), *words])
    assert stopped.value.code == 2


def test_a_line_in_the_future_is_not_booked(run: Run, tmp_path: Path, office: Path) -> None:
    statement = tmp_path / "流水.csv"
    statement.write_text("交易日期,附言,收入,支出\n2026-11-30,2-1-101,353.32,\n", encoding="utf-8")
    before = balances(office)
    _, (line,), _ = run(statement, "--book", "sure")
    assert (line["confidence"], line["booked"]) == ("unsure", False)
    assert date(2026, 11, 30) > NOW.date() and balances(office) == before
