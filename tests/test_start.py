"""start.py decides before anything is installed; what it decides is checked without installing."""

from __future__ import annotations

import io
import os
import re
import site
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

import start

ROOT = Path(start.__file__).parent


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("win32", {}, True),
        ("darwin", {}, True),
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
    ],
)
def test_a_screen_is_there_or_not(platform: str, environ: dict[str, str], expected: bool) -> None:
    assert start.has_screen(platform, environ) is expected


def test_children_get_our_package_a_utf8_locale_and_offscreen_only_without_a_screen() -> None:
    made = start.child_environment({"LC_ALL": "C", "PYTHONHOME": "/x", "A": "b"}, screen=False)
    assert made == {"A": "b", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    assert "QT_QPA_PLATFORM" not in start.child_environment({}, screen=True)


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "正在安装"),
        ("gb18030", "正在安装"),
        ("cp936", "正在安装"),
        ("cp1252", "installing"),
        ("ascii", "installing"),
    ],
)
def test_it_speaks_english_where_the_console_has_no_chinese(
    encoding: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding, write_through=True))
    start.say("正在安装", "installing")
    assert raw.getvalue().decode(encoding).strip() == shown


def test_the_stamp_is_believed_only_for_the_same_requirements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = tmp_path / "stamp.json"
    assert start.read_stamp(stamp) == []
    start.write_stamp(["test", "offscreen", "test"], stamp)
    assert start.read_stamp(stamp) == ["offscreen", "test"]
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert start.read_stamp(stamp) == []


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"fingerprint": "of something else", "ready": ["test"]}'])
def test_a_damaged_or_foreign_stamp_means_install_again(tmp_path: Path, text: str) -> None:
    stamp = tmp_path / "stamp.json"
    stamp.write_text(text, encoding="utf-8")
    assert start.read_stamp(stamp) == []


def test_the_fingerprint_changes_with_constraints_and_place(tmp_path: Path) -> None:
    seen = set()
    for folder, constraints in (("a", "x==1\n"), ("a", "x==2\n"), ("b", "x==2\n")):
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        (place / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
        (place / "constraints.txt").write_text(constraints, encoding="utf-8")
        seen.add(start.fingerprint(place))
    assert len(seen) == 3


def test_a_path_file_of_a_chinese_folder_is_ascii_and_still_leads_there(tmp_path: Path) -> None:
    package = tmp_path / "张三 的文件夹" / "收费"
    package.mkdir(parents=True)
    (package / "found_by_path_file.py").write_text("", encoding="utf-8")
    folder = tmp_path / "site"
    folder.mkdir()
    pth = folder / "_feedesk.pth"
    pth.write_text(f"{package}\n", encoding="utf-8")
    start.make_ascii(pth)
    assert pth.read_bytes().isascii()
    before = list(sys.path)
    try:
        site.addpackage(str(folder), pth.name, set())
        assert str(package) in sys.path
    finally:
        sys.path[:] = before


def test_without_root_the_one_command_is_named_and_nothing_is_run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(start.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(start.Stop):
        start.install_system(["libegl1", "libgl1"], ("缺少组件。", "missing"))
    assert "sudo apt-get update && sudo apt-get install -y libegl1 libgl1" in capsys.readouterr().out


def test_a_command_is_shown_as_one_would_type_it() -> None:
    assert (
        start.shown([ROOT / ".venv" / "bin" / "python", "-m", "mypy"]).replace("\\", "/") == ".venv/bin/python -m mypy"
    )
    assert start.shown(["x", ROOT / "a b"]) == 'x "a b"'


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    assert start.main([]) == 1
    assert "3.11" in capsys.readouterr().out


def test_start_needs_nothing_but_the_standard_library() -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import start; print(start.venv_python())"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(ROOT)],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert ".venv" in done.stdout


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[<>=!~ \[;]", line)[0].lower().replace("_", "-") for line in requirements}


def test_every_requirement_has_one_exact_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9.]*", line) for line in pinned)
    assert pinned == sorted(pinned, key=lambda line: line.split("==")[0])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = names(project["project"]["dependencies"]) | names(project["build-system"]["requires"])
    wanted |= names(project["project"]["optional-dependencies"]["test"]) | set(start.BACKEND)
    assert wanted <= names(pinned)


def test_what_is_installed_here_is_what_the_constraints_say() -> None:
    from importlib.metadata import PackageNotFoundError, version

    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        if "==" in line and not line.startswith("#"):
            name, pinned = line.split("==")
            try:
                assert version(name) == pinned
            except PackageNotFoundError:
                assert name in ("colorama", "editables"), f"{name} is pinned but not needed"


def test_a_half_made_environment_is_not_taken_for_a_whole_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    half = tmp_path / ".venv"
    monkeypatch.setattr(start, "VENV", half)
    monkeypatch.setattr(
        start, "venv_python", lambda: half / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    )
    assert not start.venv_works()
    venv.create(half, with_pip=False)
    assert not start.venv_works(), "without pip nothing can be installed into it"
    site_packages = next(half.glob("Lib/site-packages" if os.name == "nt" else "lib/*/site-packages"))
    (site_packages / "pip.py").write_text("", encoding="utf-8")
    assert start.venv_works()
    monkeypatch.setattr(sys, "version_info", (3, 99, 0))
    assert not start.venv_works(), "made by another Python"


def test_the_parts_hold_every_test_file_once() -> None:
    parts = start.parts()
    assert sorted(name for part in parts for name in part) == [
        path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "tests").glob("test_*.py"))
    ]
    assert len(parts) == start.PARTS and max(map(len, parts)) - min(map(len, parts)) <= 1


def test_every_part_has_its_share_of_windows_and_of_long_files(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    for number in range(2 * start.PARTS):
        (tests / f"test_ui_{number:02}.py").write_text("#" * number, encoding="utf-8")
        (tests / f"test_{number:02}.py").write_text("#" * 10 * number, encoding="utf-8")
    for place, part in enumerate(start.parts(tmp_path)):
        long, short = 2 * start.PARTS - 1 - place, start.PARTS - 1 - place
        assert part == [f"tests/test_{kind}{size:02}.py" for kind in ("ui_", "") for size in (long, short)]


def test_what_runs_side_by_side_is_told_in_order_with_each_exit_code(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    first = "import http.client; print('first'); raise SystemExit(3)"
    commands = [("-c", first), ("-c", "print('second')"), ("-c", "raise SystemExit(4)")]
    environ = start.child_environment(os.environ, screen=False)
    assert start.run_side_by_side(commands, environ) == [3, 0, 4]
    said = capfdbinary.readouterr().out
    assert said.index(b"\nfirst") < said.index(b"\nsecond")


def test_files_of_the_tests_lie_in_memory_where_there_is_room_and_go_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "ROOM_IN_MEMORY", 1)
    with start.in_memory({"A": "b"}, tmp_path) as environ:
        folder = Path(environ["TMPDIR"])
        assert environ["A"] == "b" and folder.parent == tmp_path and folder.is_dir()
    assert not folder.exists()
    with start.in_memory({"A": "b"}, tmp_path / "nowhere") as environ:
        assert environ == {"A": "b"}
    monkeypatch.setattr(start, "ROOM_IN_MEMORY", 1 << 80)
    with start.in_memory({"A": "b"}, tmp_path) as environ:
        assert environ == {"A": "b"}
    assert list(tmp_path.iterdir()) == []
