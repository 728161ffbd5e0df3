"""`feedesk texts`: the list is there whole or not at all, and everybody left out is named with the reason."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from feedesk import cli
from feedesk.cli import main
from feedesk.models.store import Office
from tests.office_tools import Clock, import_list, listed, new_office

NOW = datetime(2026, 11, 17, 15, 46)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cli, "_now", lambda: NOW)
    made = new_office(tmp_path, Clock(NOW))
    import_list(
        made,
        listed("3-2-1502", "林晓岚", phones=("13900004417",)),
        listed("3-2-1503", "周启明", phones=("00006721",)),
        listed("4-12D", "白露", ("物业费", "2026-11..2026-12", 30_000), phones=("13900000417",)),
    )
    made.close()
    return made.path


@pytest.fixture
def run(office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def go(*words: str, out: str = "名单.xlsx") -> tuple[int, str, str]:
        code = main(["texts", "--office", str(office), "--out", str(tmp_path / out), *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def test_the_list_is_written_and_those_left_out_are_named(run: Run, tmp_path: Path, office: Path) -> None:
    code, out, err = run()
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "名单里 1 位业主，短信计 2 条；没发 2 户。发出后请在窗口里记为已发。",
        "  3-2-1503 周启明：只登记了座机，收不到短信",
        "  4-12D 白露：逾期不满一个月，宜用“刚过缴费日”",
    ]
    rows = [[cell.value for cell in row] for row in load_workbook(tmp_path / "名单.xlsx").active.iter_rows()]
    assert len(rows) == 2
    assert rows[1][0] == "13900004417"
    assert "林先生/女士" in str(rows[1][1])
    looked = Office.look(office, lambda: NOW)
    assert looked.session.conn.execute("SELECT count(*) FROM contacts").fetchone() == (0,), "nothing is marked as sent"
    looked.close()


def test_for_a_program(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("--json", "--template", "overdue", "--rooms", "4-*,3-2-1502", out="名单.csv")
    told: dict[str, Any] = json.loads(out)
    assert code == 0
    assert told == {
        "texts": [{"rooms": ["4-12D"], "parts": 2, "amount_fen": 30_000}],
        "parts": 2,
        "blocked": [],
        "left_out": [{"room": "3-2-1502", "reason": "逾期超过一个月，宜用“再次提醒”"}],
    }
    with (tmp_path / "名单.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row[0] for row in csv.reader(stream)] == ["手机号码", "13900000417"]


def test_a_list_for_another_day_is_as_that_day_will_be(run: Run) -> None:
    code, out, _ = run("--json", "--date", "2026-12-20", "--rooms", "4-12D")
    assert code == 0
    assert [one["rooms"] for one in json.loads(out)["texts"]] == [["4-12D"]]


@pytest.mark.parametrize(
    ("words", "out", "said"),
    [
        (("--rooms", "9-*"), "名单.xlsx", "没有符合条件的户"),
        (("--template", "instalment"), "名单.xlsx", "这些户都不发这一条，没有生成文件"),
        (("--template", "thanks"), "名单.xlsx", "这些户都不发这一条，没有生成文件"),
        (("--date", "2026-11-16"), "名单.xlsx", "发短信的日子已经过了"),
        ((), "名单.pdf", "只能存成 .xlsx 或 .csv"),
        ((), "明湖花园.feedesk", "是办公室文件"),
    ],
)
def test_what_is_refused_leaves_no_file(run: Run, tmp_path: Path, words: tuple[str, ...], out: str, said: str) -> None:
    before = (tmp_path / out).read_bytes() if (tmp_path / out).exists() else None
    code, _, err = run(*words, out=out)
    assert code == 1
    assert said in err
    if before is None:
        assert not (tmp_path / out).exists()


def test_an_unknown_template_is_bad_usage(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run("--template", "weather")
    assert stop.value.code == 2
    assert "--template" in capsys.readouterr().err
