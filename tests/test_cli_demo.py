"""`feedesk demo`: a folder worth showing, and never a file of somebody else's touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from feedesk.cli import main
from feedesk.models.store import Office, backups
from tests.office_tools import new_office


def test_a_demo_leaves_office_paper_and_table_and_may_be_made_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "样例 一"
    for _ in range(2):
        assert main(["demo", "--out", str(out), "--no-pictures"]) == 0
        assert str(out.resolve()) in capsys.readouterr().out
    assert (out / "催款单.pdf").read_bytes().startswith(b"%PDF")
    assert (out / "催缴记录表.xlsx").read_bytes().startswith(b"PK")
    assert backups.check(out / "office.feedesk") == []
    office = Office.look(out / "office.feedesk", datetime.now)
    assert len(office.accounts.worklist()) > 0
    office.close()


def _a_letter(folder: Path) -> None:
    (folder / "家信.txt").write_text("亲爱的", encoding="utf-8")


def _pictures(folder: Path) -> None:
    (folder / "全家福.png").write_bytes(b"png")


def _a_real_office(folder: Path) -> None:
    office = new_office(folder, name="office")
    backups.make(office.path, backups.BackupReason.BY_HAND, datetime(2026, 11, 17))
    office.close()


def _a_demo_with_a_letter(folder: Path) -> None:
    (folder / ".feedesk-demo").touch()
    (folder / "office.feedesk").write_bytes(b"")
    _a_letter(folder)


OTHERS = [
    ("a letter", _a_letter), ("pictures", _pictures), ("a real office", _a_real_office),
    ("an earlier demo beside a letter", _a_demo_with_a_letter),
]  # fmt: skip


@pytest.mark.parametrize(("what", "fill"), OTHERS, ids=[case[0] for case in OTHERS])
def test_a_folder_that_holds_anything_else_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str, fill: Callable[[Path], None]
) -> None:
    fill(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert main(["demo", "--out", str(tmp_path), "--no-pictures"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and "空文件夹" in said.err and len(said.err.strip().splitlines()) == 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "样例").write_text("", encoding="utf-8")
    assert main(["demo", "--out", str(tmp_path / "样例"), "--no-pictures"]) == 1
    assert "样例" in capsys.readouterr().err
