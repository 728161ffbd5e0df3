"""What is shipped: the wheel carries every file of resources/, every module and the licences, also when made from the sdist."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
BUILD = """
import os, sys
from hatchling.build import build_sdist, build_wheel
os.chdir(sys.argv[1])
print((build_sdist if sys.argv[3] == "sdist" else build_wheel)(sys.argv[2]))
"""


def build(source: Path, out: Path, kind: str) -> Path:
    """Run the build backend itself, in a process of its own: no network, no trace in the checkout."""
    out.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", BUILD, str(source), str(out), kind],
        capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out / done.stdout.split()[-1]


def shipped(folder: Path, *, suffix: str = "") -> set[str]:
    """The files git would carry below `folder`, relative, with forward slashes."""
    found = (path for path in folder.rglob("*" + suffix) if path.is_file())
    return {
        path.relative_to(folder).as_posix()
        for path in found
        if "__pycache__" not in path.parts and not path.name.startswith(".") and path.suffix != ".pyc"
    }


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout as a stranger has it: no environment, no leftovers, and it stands still."""
    copy = tmp_path_factory.mktemp("checkout") / "feedesk"
    leftovers = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis")
    shutil.copytree(CHECKOUT, copy, ignore=leftovers)
    return copy


@pytest.fixture(scope="module")
def sdist(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tree, tmp_path_factory.mktemp("sdist"), "sdist")


@pytest.fixture(scope="module")
def unpacked(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # not in Python 3.11.2, asked for by 3.12
        archive.extractall(folder)
    return next(folder.iterdir())


@pytest.fixture(scope="module", params=["checkout", "sdist"])
def wheel(request: pytest.FixtureRequest, tree: Path, unpacked: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tree if request.param == "checkout" else unpacked
    return build(source, tmp_path_factory.mktemp(f"wheel-{request.param}"), "wheel")


def contents(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if not name.endswith("/")}


def test_the_wheel_carries_every_resource_and_nothing_else_there(wheel: Path, tree: Path) -> None:
    packed = {name.removeprefix("feedesk/_resources/") for name in contents(wheel) if "_resources/" in name}
    assert packed == shipped(tree / "resources")
    assert {"style.qss", "fonts/RareHan.ttf", "icons/phone.svg"} <= packed


def test_resources_in_the_wheel_are_whole(wheel: Path, tree: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in shipped(tree / "resources"):
            assert archive.read("feedesk/_resources/" + name) == (tree / "resources" / name).read_bytes(), name


def test_the_wheel_carries_every_module_and_no_tests(wheel: Path, tree: Path) -> None:
    names = contents(wheel)
    modules = {name.removeprefix("feedesk/") for name in names if name.endswith(".py")}
    assert modules == shipped(tree / "feedesk", suffix=".py")
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"feedesk"}


def test_our_licence_and_the_fonts_licences_go_along(wheel: Path, tree: Path) -> None:
    licences = {name.split("/licenses/")[1] for name in contents(wheel) if "/licenses/" in name}
    assert licences == {
        "LICENSE",
        *(f"resources/fonts/{path.name}" for path in (tree / "resources/fonts").glob("*.txt")),
    }
    assert len(licences) == 3


def test_both_commands_are_announced(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        text = archive.read(name).decode()
    assert "feedesk = feedesk.__main__:main" in text
    assert "feedesk-window = feedesk.__main__:main" in text


def test_the_sdist_holds_what_a_stranger_needs(unpacked: Path) -> None:
    needed = {"README.md", "LICENSE", "pyproject.toml", "constraints.txt", "start.py", "tests/conftest.py"}
    assert needed <= shipped(unpacked)


def test_resources_are_found_from_an_installed_wheel(wheel: Path, tree: Path, tmp_path: Path) -> None:
    """Installed, the files lie in the package; nothing may fall back to a checkout."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        "from feedesk.resources import resource_path, resource_text, root\n"
        "assert root().name == '_resources', root()\n"
        "assert 'QWidget' in resource_text('style.qss')\n"
        "print(resource_path('fonts/RareHan.ttf').stat().st_size)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == (tree / "resources/fonts/RareHan.ttf").stat().st_size
