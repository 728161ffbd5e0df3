"""What README.md says is there, is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from feedesk import cli, paths
from feedesk.models.office import OfficeProfile
from feedesk.models.store import backups

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_is_explained(command: str) -> None:
    assert f"feedesk {command} " in README


@pytest.mark.parametrize("option", sorted(set(re.findall(r"(--[a-z][a-z-]*)", README))))
def test_every_option_named_is_known(option: str) -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "feedesk").glob("cli*.py"))
    assert f'"{option}"' in source


@pytest.mark.parametrize("link", re.findall(r"!\[[^]]*\]\(([^)]+)\)", README))
def test_every_picture_is_there(link: str) -> None:
    assert (ROOT / link).is_file()
    assert (ROOT / link).stat().st_size > 10_000, "a real screenshot, not a placeholder"


@pytest.mark.parametrize("name", re.findall(r"^(?:feedesk|resources|tests|benchmarks)/[a-z/]*", README, re.MULTILINE))
def test_the_map_of_the_code_is_true(name: str) -> None:
    assert (ROOT / name).is_dir()


def test_every_test_file_named_exists() -> None:
    named = re.findall(r"tests/test_\w+\.py", README)
    assert named
    assert all((ROOT / name).is_file() for name in named)


def test_where_the_data_lies_is_said_as_it_is() -> None:
    office = paths.office_folder() / "明湖花园.feedesk"
    assert f"文档/FeeDesk/{office.name}" in README
    for folder in (backups.folder_of(office), backups.evidence_of(office)):
        assert f"`{folder.name}`" in README
    for reason in ("OPENING", "IMPORT", "DAILY", "RESTORE"):
        assert backups.BackupReason[reason].value in README
    assert f"最近 {OfficeProfile('办公室').backups_kept} 份" in README
