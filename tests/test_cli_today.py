"""`feedesk today`: who is to be contacted, why, and from when, without a screen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from feedesk import cli
from feedesk.models.accounts import ACTION_LABELS, WORK_GROUP_LABELS
from feedesk.models.store import Office
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    clock = Clock(datetime(2026, 11, 17, 9, 40))
    office = new_office(tmp_path, clock)
    import_list(
        office,
        listed("3-2-1502", "林晓岚", phones=("13900004417",)),
        listed("3-2-1503", "何敏", ("管理费", "2023-12..2023-12", 30_000)),
        listed("3-2-1504", "欧阳思远", ("管理费", "2026-12..2026-12", 30_000)),
    )
    office.close()
    monkeypatch.setattr(cli, "_now", clock)
    yield office.path


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_each_account_is_a_line_best_first(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["today", "--office", str(path), "--json"]) == 0
    lines = told(capsys)
    assert [(line["room"], line["action"], line["group"]) for line in lines] == [
        ("3-2-1503", "write", "limit"),
        ("3-2-1502", "call", "new"),
    ]
    assert lines[0]["limit_on"] == "2026-12-15" and "时效" in str(lines[0]["reason"])
    assert lines[1]["earliest"] == "2026-11-17T09:40"
    assert lines[1]["owed_fen"] == 107_940


def test_those_who_wait_are_told_on_demand_with_what_for(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["today", "--office", str(path), "--json", "--all"]) == 0
    waiting = told(capsys)[-1]
    assert (waiting["room"], waiting["action"], waiting["group"]) == ("3-2-1504", "wait", None)
    assert "到期前不催" in str(waiting["reason"])


def test_another_day_is_looked_at_from_its_morning_and_nothing_is_written(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = path.read_bytes()
    assert cli.main(["today", "--office", str(path), "--date", "2026-12-17", "--json"]) == 0
    lines = told(capsys)
    assert {line["room"] for line in lines} == {"3-2-1502", "3-2-1504"}
    assert all(line["earliest"] == "2026-12-17T09:00" for line in lines)
    assert path.read_bytes() == before


def test_in_words(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["today", "--office", str(path)]) == 0
    out = capsys.readouterr().out
    assert "3-2-1502 林晓岚 ¥1,079.40　还没有通过话，先首电 · 打电话（今天 09:40）" in out
    assert out.endswith("2026-11-17：要联系或处理 2 户。\n")


def test_a_clerk_sees_her_own(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["today", "--office", str(path), "--clerk", "许宁", "--json"]) == 0
    assert told(capsys) == []
    assert cli.main(["today", "--office", str(path), "--clerk", "没有此人"]) == 1
    assert "没有叫“没有此人”的人员" in capsys.readouterr().err


def test_what_happened_in_a_family_does_not_leave_the_window(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office = Office.open(path, lambda: datetime(2026, 11, 17, 9, 50))
    office.contact_rules.set_sensitive([ids_by_room(office)["3-2-1502"]], "丧事")
    office.close()
    assert cli.main(["today", "--office", str(path), "--all"]) == 0
    out = capsys.readouterr().out
    assert "丧事" not in out and "暂不联系" in out


def test_every_action_and_heading_has_its_word() -> None:
    from feedesk.models.accounts import Action, WorkGroup

    assert set(ACTION_LABELS) == set(Action) and set(WORK_GROUP_LABELS) == set(WorkGroup)
