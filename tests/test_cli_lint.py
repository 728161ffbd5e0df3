"""`feedesk lint`: a text is looked through by line; exit 1 where something must not go out as it stands."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from feedesk.cli import main

Run = Callable[..., tuple[int, str, str]]
BAD = "您好：\n账面未付 300 元，逾期另收滞纳金。\n我们会停水！\n"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def go(content: bytes, *words: str) -> tuple[int, str, str]:
        path = tmp_path / "文字.txt"
        path.write_bytes(content)
        code = main(["lint", str(path), *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_what_must_not_go_out_is_told_by_line_with_another_way_to_say_it(run: Run, encoding: str) -> None:
    code, out, err = run(BAD.encode(encoding))
    assert (code, err) == (1, "有 2 处不能这样写。请改好再用。\n")
    first, second = out.splitlines()
    assert first.startswith("第 2 行第 16 字“滞纳金”不能写：") and first.endswith("改为“违约金”")
    assert second.startswith("第 3 行第 4 字“停水”不能写：") and second.endswith("可说：水电气热供应不受影响。")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16-le", "utf-16-be"])
def test_lines_and_columns_are_right_whatever_ends_a_line(run: Run, encoding: str, end: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    told = json.loads(run(mark + BAD.replace("\n", end).encode(encoding), "--json")[1])
    assert [(one["line"], one["column"], one["matched"]) for one in told["findings"]] == [
        (2, 16, "滞纳金"),
        (3, 4, "停水"),
    ]


def test_a_clean_text_and_one_with_warnings_only_end_well(run: Run) -> None:
    assert run("水电气热供应不受影响。".encode()) == (0, "没有查出不能说、写的话。\n", "")
    code, out, err = run("依据民法典第二百八十六条。".encode())
    assert (code, err) == (0, "")
    assert "请留意" in out and out.endswith("可以用；1 处请留意。\n")


def test_a_program_reads_the_same(run: Run) -> None:
    code, out, _ = run((BAD + "依据条例第35条。").encode(), "--json")
    told = json.loads(out)
    assert (code, told["blocking"], told["warnings"]) == (1, 2, 1)
    assert [one["line"] for one in told["findings"]] == [2, 3, 4]
    assert told["findings"][0] | {"why": ""} == {
        "rule": "late-fee",
        "line": 2,
        "column": 16,
        "matched": "滞纳金",
        "why": "",
        "instead": "违约金按合同约定计算；如有异议可申请核减。",
        "replacement": "违约金",
        "blocking": True,
    }
    assert told["findings"][1]["replacement"] is None


def test_a_record_on_file_makes_the_words_true(run: Run) -> None:
    text = "律师函已于上周寄出，法院已受理。".encode()
    assert run(text)[0] == 1
    assert run(text, "--facts", "lawyer_letter")[0] == 1
    assert run(text, "--facts", "lawyer_letter, case_number")[0] == 0


def test_a_record_nobody_knows_is_bad_usage(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(b"x", "--facts", "telepathy")
    assert stopped.value.code == 2
    assert "没有“telepathy”这种材料" in capsys.readouterr().err


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("后果自负".encode("gb18030"))))
    assert main(["lint", "-"]) == 1
    assert "“后果自负”不能写" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", [b"", b" \r\n", b"PK\x03\x04\x00", b"\x00\x01\x02\xff", b"\x89PNG\r\n\x1a\n\xff\xff", b"a" * 2_000_001]
)
def test_what_is_not_a_text_is_refused_in_a_sentence(run: Run, content: bytes) -> None:
    code, out, err = run(content)
    assert (code, out) == (1, "") and "没有检查" in err


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(tmp_path / "没有.txt")]) == 1
    assert "找不到“没有.txt”" in capsys.readouterr().err


def test_a_folder_is_refused_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", str(tmp_path)]) == 1
    assert "是文件夹，没有检查" in capsys.readouterr().err
