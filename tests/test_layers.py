"""The walls hold, and the check that says so can fail."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.layer_rules import breaches, circles, imports

ROOT = Path(__file__).resolve().parent.parent
DOC = '"""A module."""\n'


def test_the_walls_hold() -> None:
    assert breaches(ROOT) == []


@pytest.mark.parametrize(
    ("path", "code", "problem"),
    [
        ("models/rooms.py", "import PySide6.QtCore", "imports PySide6.QtCore"),
        ("models/rooms.py", "def f():\n    from PySide6.QtGui import QColor", "imports PySide6.QtGui.QColor"),
        ("models/rooms.py", "import sqlite3", "imports sqlite3"),
        ("models/rooms.py", "from feedesk.models.store import Office", "imports feedesk.models.store.Office"),
        ("models/rooms.py", "from . import store", "imports feedesk.models.store"),
        ("models/rooms.py", "from feedesk.reports import fonts", "imports feedesk.reports.fonts"),
        ("models/rooms.py", "from python_calamine import CalamineWorkbook", "imports python_calamine.CalamineWorkbook"),
        ("models/store/a.py", "from feedesk.models import intake", "imports feedesk.models.intake"),
        ("models/guard/a.py", "from feedesk.models.store import Office", "imports feedesk.models.store.Office"),
        ("models/ladder/a.py", "from feedesk.paths import is_network_path", "imports feedesk.paths.is_network_path"),
        ("models/scripts/a.py", "from feedesk.tasks import notices", "imports feedesk.tasks.notices"),
        ("models/status/a.py", "import sqlite3", "imports sqlite3"),
        ("models/texts/a.py", "from PySide6 import QtGui", "imports PySide6.QtGui"),
        ("models/intake/a.py", "from sqlite_utils import Database", "imports sqlite_utils.Database"),
        ("reports/a.py", "from feedesk.models.store import Office", "imports feedesk.models.store.Office"),
        ("reports/a.py", "from feedesk.ui import theme", "imports feedesk.ui.theme"),
        ("reports/a.py", "from PySide6 import QtGui", "imports PySide6.QtGui"),
        ("tasks/a.py", "from feedesk.ui import theme", "imports feedesk.ui.theme"),
        ("tasks/a.py", "import openpyxl", "imports openpyxl"),
        ("ui/a.py", "import sqlite3", "imports sqlite3"),
        ("ui/a.py", "from feedesk import app", "imports feedesk.app"),
        ("ui/a.py", "from feedesk.cli import main", "imports feedesk.cli.main"),
        ("ui/a.py", "from reportlab.pdfgen import canvas", "imports reportlab.pdfgen.canvas"),
        ("errors.py", "from feedesk.models import money", "imports feedesk.models.money"),
        ("resources.py", "from feedesk.errors import BadInput", "imports feedesk.errors.BadInput"),
        ("newcomer.py", "from feedesk.errors import BadInput", "imports feedesk.errors.BadInput"),
        ("ui/a.py", "BOX = QColor('red')", "line 2: makes QColor while being imported"),
        ("models/a.py", "import x\nX = x.connect('f')", "line 3: makes x.connect while being imported"),
        ("models/a.py", "X = 0\ndef f():\n    global X\n    X = 1", "line 4: global X"),
        ("models/a.py", "SEEN = []\ndef f(x):\n    SEEN.append(x)", "line 4: changes the module's SEEN"),
        ("models/a.py", "SEEN = {}\ndef f(x):\n    SEEN[x] = 1", "line 4: changes the module's SEEN"),
        ("models/a.py", "SEEN = {}\ndef f(x):\n    del SEEN[x]", "line 4: changes the module's SEEN"),
        ("models/money.py", "def f(x):\n    return x / 2", "line 3: divides money into fractions"),
        ("models/money.py", "def f(x):\n    return float(x)", "line 3: a float among money"),
        ("models/money.py", "RATE = 0.003", "line 2: a float among money"),
        ("ui/a.py", "def f(app):\n    app.processEvents()", "line 3: processEvents lets the user start a thing twice"),
        ("ui/a.py", "def f():\n    QMessageBox.about(None, '', '')", "line 3: opens a message box besides ui/messages.py"),
        ("ui/a.py", "import time\ndef f():\n    time.sleep(1)", "line 4: sleeps"),
        ("models/a.py", "def f():\n    __import__('PySide6')", "line 3: __import__ hides what is imported or run"),
        ("models/a.py", "X = 1\n" * 560, "is 561 lines long"),
    ],
)  # fmt: skip
def test_a_breach_is_seen(tmp_path: Path, path: str, code: str, problem: str) -> None:
    assert _found(tmp_path, path, DOC + code) == [problem]


def test_no_two_parts_import_each_other() -> None:
    assert circles(ROOT) == []


def test_a_circle_is_seen_however_long_it_is(tmp_path: Path) -> None:
    for path, code in (
        ("models/rooms.py", "from feedesk.models import notices"),
        ("models/notices.py", "from feedesk.models.ledger.plans import Plan"),
        ("models/ledger/plans.py", "from feedesk.models.rooms import place_of"),
    ):
        file = tmp_path / "feedesk" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(code, encoding="utf-8")
    ledger, notices, rooms = "feedesk.models.ledger", "feedesk.models.notices", "feedesk.models.rooms"
    assert sorted(circles(tmp_path)) == [f"{ledger} <-> {notices}", f"{ledger} <-> {rooms}", f"{notices} <-> {rooms}"]


def test_a_module_without_docstring_is_seen(tmp_path: Path) -> None:
    assert _found(tmp_path, "models/a.py", "X = 1\n") == ["has no docstring"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("models/store/office.py", "import sqlite3\nfrom sqlite_utils import Database\nfrom feedesk.paths import is_network_path"),
        ("models/intake/sheets.py", "import python_calamine\nfrom feedesk.models import money"),
        ("reports/book.py", "from feedesk.models.money import show\nimport openpyxl"),
        ("tasks/notices.py", "from feedesk.models.store import Office\nfrom feedesk.reports import fonts"),
        ("ui/a.py", "from feedesk import __version__\nfrom feedesk.tasks import notices\nimport PySide6.QtCore"),
        ("app.py", "from feedesk.ui import theme\nfrom feedesk.models.store import Office\nimport PySide6.QtCore"),
        ("models/a.py", "SEEN = []\ndef f(x):\n    SEEN = []\n    SEEN.append(x)\n    return SEEN"),
        ("reports/a.py", "def half(x):\n    return x / 2"),
    ],
)  # fmt: skip
def test_what_is_allowed_is_left_alone(tmp_path: Path, path: str, code: str) -> None:
    assert _found(tmp_path, path, DOC + code) == []


def _found(root: Path, path: str, code: str) -> list[str]:
    file = root / "feedesk" / path
    file.parent.mkdir(parents=True)
    file.write_text(code, encoding="utf-8")
    module = "feedesk." + path.removesuffix(".py").replace("/", ".")
    return [problem.removeprefix(f"{module}: ") for problem in breaches(root)]


def test_relative_imports_are_understood() -> None:
    tree = ast.parse("from .. import errors\nfrom .money import show\nfrom . import rooms\n")
    assert imports("feedesk.models.people", False, tree) == {
        "feedesk.errors", "feedesk.models.money.show", "feedesk.models.rooms",
    }  # fmt: skip


def test_tests_neither_sleep_nor_mock() -> None:
    """A sleep is a race that has not been lost yet; a mock of our own code tests the mock."""
    found = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [f"{path.name}: {name}" for name in imports("tests.x", False, tree) if "mock" in name.split(".")]
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                called = ast.unparse(node.func)
                if called.endswith((".sleep", "qtbot.wait", "qWait")):
                    found.append(f"{path.name}:{node.lineno}: {called}")
    assert found == []
