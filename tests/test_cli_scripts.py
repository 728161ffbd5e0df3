"""`feedesk scripts`: what the panel would say to a room, why, and what is locked, without a screen."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from feedesk import cli
from feedesk.cli import main
from feedesk.models.contacts import Outcome
from feedesk.models.store import Office
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import contact, issue

NOW = datetime(2026, 11, 17, 15, 46)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cli, "_now", lambda: NOW)
    made = new_office(tmp_path, Clock(NOW))
    import_list(made, listed("3-2-1502", "林晓岚", phones=("13900004417",), salutation="女士"), listed("4-12D", "白露"))
    ids = ids_by_room(made)
    made.contacts.add(contact(ids["3-2-1502"], at=NOW, outcome=Outcome.NO_DAY, number="13900004417"))
    issue(made, "4-12D")
    made.close()
    return made.path


@pytest.fixture
def run(office: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def go(room: str, *words: str) -> tuple[int, str, str]:
        code = main(["scripts", "--office", str(office), "--room", room, *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def told(run: Run, room: str, *words: str) -> dict[str, Any]:
    code, out, err = run(room, "--json", *words)
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_script_of_a_room_is_filled_with_what_is_on_file(run: Run) -> None:
    found = told(run, "3-2-1502")
    assert (found["room"], found["name"], found["channel"]) == ("3-2-1502", "林晓岚", "phone")
    parts = found["script"]["parts"]
    assert [part["part"] for part in parts] == ["开场", "正题", "收口"]
    assert parts[0]["text"].startswith("林女士，您好") and "1,079.40 元" in parts[1]["text"]
    assert "→ 招数" in found["why"] and found["script"]["seconds_to_question"] < 40
    assert all("{" not in part["text"] and "None" not in part["text"] for part in parts)


def test_what_is_not_on_file_is_locked_with_the_reason(run: Run) -> None:
    found = told(run, "3-2-1502", "--step", "5")
    assert found["locked"] and all(one["requires"] and "记录里还没有" in one["why"] for one in found["locked"])
    assert found["script"]["ref"] not in {one["ref"] for one in found["locked"]}
    assert found["is_fallback"] and found["because"]


def test_a_notice_on_file_is_told(run: Run) -> None:
    assert told(run, "4-12D")["on_file"] == ["demand_drafted", "step_demand"]
    assert told(run, "3-2-1502")["on_file"] == []


def test_another_channel_and_another_type_can_be_looked_at(run: Run) -> None:
    message = told(run, "3-2-1502", "--channel", "message", "--type", "busy", "--step", "1")
    assert message["script"]["ref"].startswith("busy.1.message@")
    assert [part["part"] for part in message["script"]["parts"]] == ["正文"]


def test_the_office_s_own_words_are_the_ones_told(run: Run, office: Path) -> None:
    made = Office.open(office, lambda: NOW)
    ours = made.scripts.shipped.script("busy.2.phone")
    assert ours
    made.scripts.save(replace(ours, title="我们自己的"))
    made.close()
    found = told(run, "3-2-1502", "--type", "busy", "--step", "2")
    assert (found["script"]["ref"], found["script"]["title"]) == ("busy.2.phone@o1", "我们自己的")


def test_for_a_reader_it_is_plain_text(run: Run) -> None:
    code, out, _ = run("3-2-1502", "--step", "5")
    assert code == 0
    assert out.startswith("3-2-1502 林晓岚　") and "【开场】林女士，您好" in out and "不能用：" in out


def test_a_room_that_is_not_there_is_refused(run: Run) -> None:
    code, _, err = run("9-9-9")
    assert code == 1 and "没有房号“9-9-9”" in err


def test_nothing_is_written(run: Run, office: Path) -> None:
    before = office.read_bytes()
    told(run, "3-2-1502")
    assert office.read_bytes() == before
