"""What breaks on Windows, found by reading the source: the clerk's PC runs it, this test may run anywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [ROOT / "start.py", *sorted((ROOT / "feedesk").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]

POSIX_ONLY = frozenset(("fcntl", "pwd", "grp", "resource", "termios", "readline"))
POSIX_CALLS = frozenset(
    ("os.fork", "os.rename", "os.getuid", "os.mkfifo", "os.chmod", "os.symlink", "os.link", "signal.alarm", "os.uname")
)
TEXT_CALLS = frozenset(("open", "read_text", "write_text", "fdopen", "NamedTemporaryFile"))


def breakers(text: str) -> list[str]:
    """What in this source breaks, or goes quietly wrong, on Windows."""
    tree = ast.parse(text)
    found = list(_import_breakers(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found += _call_breakers(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            value = node.value
            if value.startswith(("/tmp", "/var/tmp", "/home/", "/dev/")):
                found.append(f"line {node.lineno}: the path {value}")
    return found


def _import_breakers(tree: ast.Module) -> Iterator[str]:
    """Modules that only POSIX has may be imported behind a look at `sys.platform` or `os.name`, nowhere else."""
    guarded: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and (
            "sys.platform" in ast.unparse(node.test) or "os.name" in ast.unparse(node.test)
        ):
            guarded.update(id(inner) for inner in ast.walk(node))
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        for name in names:
            if name.split(".")[0] in POSIX_ONLY and id(node) not in guarded:
                yield f"line {node.lineno}: imports {name} without looking where it runs"


def _call_breakers(node: ast.Call) -> Iterator[str]:
    full = ast.unparse(node.func)
    name = full.split(".")[-1]
    keywords = {keyword.arg for keyword in node.keywords}
    if full in POSIX_CALLS or (name == "rename" and full.startswith(("path.", "part.", "target."))):
        yield f"line {node.lineno}: {full}"
    if name == "chmod":
        yield f"line {node.lineno}: relies on chmod"
    if name in TEXT_CALLS and "encoding" not in keywords and not _is_binary(name, full, node):
        yield f"line {node.lineno}: {full} without encoding"
    if "shell" in keywords or full in ("os.system", "os.popen"):
        yield f"line {node.lineno}: a shell command"
    if (
        name in ("run", "Popen", "check_output")
        and keywords & {"text", "universal_newlines"}
        and "encoding" not in keywords
    ):
        yield f"line {node.lineno}: {full} without encoding"
    if name in ("strftime", "format") or full == "format":
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                if "%-" in argument.value:
                    yield f"line {node.lineno}: strftime %- is not known there"
                if name == "strftime" and not argument.value.isascii():
                    yield f"line {node.lineno}: strftime passes Chinese through the C locale"
    if full.startswith("locale.") or name == "setlocale":
        yield f"line {node.lineno}: depends on the locale"


def _is_binary(name: str, full: str, node: ast.Call) -> bool:
    """Binary modes need no encoding; nor does `open` of things that are no files (dialogs, images, offices)."""
    if name == "open" and full not in ("open", "io.open"):
        words = full.rpartition(".")[0].lower().replace("(", ".").replace("_", ".").split(".")
        if not {"path", "file", "part", "target", "log"} & set(words):
            return True
    texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    texts += [keyword.value.value for keyword in node.keywords if isinstance(keyword.value, ast.Constant)]
    return any(isinstance(text, str) and "b" in text and set(text) <= set("rwxab+") for text in texts)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_here_breaks_on_windows(path: Path) -> None:
    assert breakers(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "import fcntl",
        "def f():\n    from fcntl import flock",
        "open('x')",
        "path.open()",
        "Path(name).open()",
        "self._log_file.open('a')",
        "path.read_text()",
        "path.write_text('x')",
        "path.open('w', newline='')",
        "subprocess.run(['x'], text=True)",
        "subprocess.run('x', shell=True)",
        "os.system('x')",
        "os.rename(a, b)",
        "part.rename(target)",
        "path.chmod(0o600)",
        "day.strftime('%-d')",
        "day.strftime('%Y年')",
        "P = '/tmp/x'",
        "locale.setlocale(locale.LC_ALL, '')",
        "os.fork()",
    ],
)
def test_a_breaker_is_seen(code: str) -> None:
    assert breakers(code) != []


@pytest.mark.parametrize(
    "code",
    [
        "import sys\nif sys.platform == 'win32':\n    import msvcrt\nelse:\n    import fcntl",
        "open('x', 'rb')",
        "path.open('a+b')",
        "path.open(mode='wb')",
        "path.read_text(encoding='utf-8')",
        "part.replace(target)",
        "Office.open(path)",
        "self._dialog.open()",
        "Image.open(stream)",
        "day.strftime('%Y%m%d-%H%M%S')",
        "subprocess.run(['x'], capture_output=True)",
    ],
)
def test_what_works_everywhere_is_left_alone(code: str) -> None:
    assert breakers(code) == []


def names_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if "__pycache__" not in path.parts]


@pytest.mark.parametrize("folder", ["feedesk", "resources", "tests", "benchmarks"])
def test_every_file_name_can_stand_on_windows(folder: str) -> None:
    reserved = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
    lowered: set[str] = set()
    for path in names_in(ROOT / folder):
        assert not set(path.name) & set('<>:"\\|?*'), path
        assert path.name.split(".")[0].lower() not in reserved, path
        assert not path.name.endswith((" ", ".")), path
        key = path.relative_to(ROOT).as_posix().lower()
        assert key not in lowered, f"{path}: differs from another only by case"
        lowered.add(key)
        assert len(key) < 120, f"{path}: with the user's folder before it too long for Windows"
