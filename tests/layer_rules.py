"""The walls between the parts of FeeDesk, read from the source with `ast`; nothing is imported to check them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests import money_rules

MAX_LINES = 550

MAY_IMPORT = {
    "feedesk.__init__": (),
    "feedesk.errors": (),
    "feedesk.resources": (),
    "feedesk.paths": (),
    "feedesk.models": ("feedesk.models", "feedesk.errors", "feedesk.resources"),
    "feedesk.models.intake": ("feedesk.models", "feedesk.errors", "feedesk.resources"),
    "feedesk.models.store": ("feedesk.models", "feedesk.errors", "feedesk.resources", "feedesk.paths"),
    "feedesk.reports": ("feedesk.reports", "feedesk.models", "feedesk.errors", "feedesk.resources"),
    "feedesk.tasks": (
        *("feedesk.tasks", "feedesk.reports", "feedesk.models"),
        *("feedesk.errors", "feedesk.resources", "feedesk.paths"),
    ),
    "feedesk.ui": (
        *("feedesk.ui", "feedesk.tasks", "feedesk.reports", "feedesk.models"),
        *("feedesk.errors", "feedesk.resources", "feedesk.paths", "feedesk.__version__"),
    ),
    "feedesk.app": ("feedesk",),
    "feedesk.demo": ("feedesk",),
    "feedesk.cli": ("feedesk",),
    "feedesk.cli_lint": ("feedesk",),
    "feedesk.cli_payments": ("feedesk",),
    "feedesk.cli_scripts": ("feedesk",),
    "feedesk.cli_texts": ("feedesk",),
    "feedesk.cli_today": ("feedesk",),
    "feedesk.__main__": ("feedesk.cli",),
}
"""Part -> the parts it may import. The longest name that fits a module decides; a part not named here may nothing."""

ONLY_FROM = {
    "feedesk.models.store": ("feedesk.models.store", "feedesk.tasks", "feedesk.ui", "feedesk.app", "feedesk.demo", "feedesk.cli", "feedesk.cli_payments", "feedesk.cli_scripts", "feedesk.cli_texts", "feedesk.cli_today"),
    "feedesk.models.intake": ("feedesk.models.intake", "feedesk.tasks", "feedesk.ui", "feedesk.demo", "feedesk.cli", "feedesk.cli_lint", "feedesk.cli_payments"),
    "feedesk.app": ("feedesk.cli", "feedesk.demo"),
    "feedesk.demo": ("feedesk.demo", "feedesk.cli", "feedesk.app"),
    "feedesk.cli": ("feedesk.__main__",),
    "feedesk.cli_lint": ("feedesk.cli",),
    "feedesk.cli_payments": ("feedesk.cli",),
    "feedesk.cli_scripts": ("feedesk.cli",),
    "feedesk.cli_texts": ("feedesk.cli",),
    "feedesk.cli_today": ("feedesk.cli",),
    "PySide6": ("feedesk.ui", "feedesk.app", "feedesk.demo"),
    "pypdfium2": ("feedesk.ui", "feedesk.demo"),
    "sqlite3": ("feedesk.models.store",),
    "sqlite_utils": ("feedesk.models.store",),
    "python_calamine": ("feedesk.models.intake",),
    "reportlab": ("feedesk.reports",),
    "openpyxl": ("feedesk.reports", "feedesk.demo"),
    "PIL": ("feedesk.reports",),
    "pypinyin": ("feedesk.models.people",),
    "chinese_calendar": ("feedesk.models.workdays",),
    "platformdirs": ("feedesk.paths",),
}  # fmt: skip
"""Part or library -> the only parts that may import it."""

MUTATORS = frozenset(
    (
        "append",
        "extend",
        "insert",
        "add",
        "update",
        "pop",
        "popitem",
        "clear",
        "remove",
        "discard",
        "setdefault",
        "sort",
    )
)
HOLDERS = frozenset(("connect", "open", "Database", "Office", "Lock", "RLock", "Thread"))


def breaches(root: Path) -> list[str]:
    """Everything in the package at `root/feedesk` that breaks a wall, one sentence each."""
    found: list[str] = []
    for path in sorted((root / "feedesk").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        is_package = parts[-1] == "__init__" and len(parts) > 2
        module = ".".join(parts[:-1] if is_package else parts)
        text = path.read_text(encoding="utf-8")
        found += [f"{module}: {problem}" for problem in _problems(module, is_package, text)]
    return found


def circles(root: Path) -> list[str]:
    """Pairs of parts of the package at `root/feedesk` that reach each other by imports: neither could be read alone.

    Parts are the folders and modules directly in `feedesk` and in `feedesk.models`.
    """
    reached: dict[str, set[str]] = {}
    for path in sorted((root / "feedesk").rglob("*.py")):
        names = path.relative_to(root).with_suffix("").parts
        is_package = names[-1] == "__init__"
        module = ".".join(names[:-1] if is_package else names)
        found = imports(module, is_package, ast.parse(path.read_text(encoding="utf-8")))
        reached.setdefault(_part(module), set()).update(_part(name) for name in found if _inside(name, "feedesk"))
    for through in reached:
        for ends in reached.values():
            if through in ends:
                ends |= reached[through]
    return [
        f"{one} <-> {other}"
        for one in reached
        for other in sorted(reached[one])
        if one < other and one in reached.get(other, ())
    ]


def _part(name: str) -> str:
    """`feedesk.models.ledger` for everything inside it, `feedesk.ui` for everything inside that."""
    names = name.split(".")
    return ".".join(names[: 3 if names[1:2] == ["models"] else 2])


def _problems(module: str, is_package: bool, text: str) -> Iterator[str]:
    tree = ast.parse(text)
    lines = len(text.splitlines())
    if lines > MAX_LINES:
        yield f"is {lines} lines long"
    if not ast.get_docstring(tree):
        yield "has no docstring"
    for target in sorted(imports(module, is_package, tree)):
        yield from _import_problems(module, target)
    yield from _state_problems(tree)
    yield from money_rules.problems(module, tree)
    yield from _call_problems(module, tree)


def imports(module: str, is_package: bool, tree: ast.AST) -> set[str]:
    """Full names of everything imported anywhere in the module, inside functions too."""
    found: set[str] = set()
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            found.update(f"{start}.{alias.name}" for alias in node.names)
    return found


def _inside(name: str, part: str) -> bool:
    return name == part or name.startswith(part + ".")


def _import_problems(module: str, target: str) -> Iterator[str]:
    if _inside(target, "feedesk"):
        part = max((part for part in MAY_IMPORT if _inside(module, part)), key=len, default="")
        if not any(_inside(target, allowed) for allowed in MAY_IMPORT.get(part, ())):
            yield f"imports {target}"
            return
    for guarded, users in ONLY_FROM.items():
        if _inside(target, guarded) and not any(_inside(module, user) for user in users):
            yield f"imports {target}"


def _state_problems(tree: ast.Module) -> Iterator[str]:
    names: set[str] = set()
    for node in tree.body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        names.update(target.id for target in targets if isinstance(target, ast.Name))
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr) else None
        if isinstance(value, ast.Call) and _makes_a_holder(value):
            yield f"line {node.lineno}: makes {ast.unparse(value.func)} while being imported"
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield f"line {node.lineno}: global {', '.join(node.names)}"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for name, line in _mutations(node, names - _locals(node)):
                yield f"line {line}: changes the module's {name}"


def _makes_a_holder(call: ast.Call) -> bool:
    name = ast.unparse(call.func).split(".")[-1]
    return name in HOLDERS or (len(name) > 1 and name[0] == "Q" and name[1].isupper())


def _locals(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    found = {argument.arg for argument in named if argument}
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def _mutations(function: ast.AST, names: set[str]) -> Iterator[tuple[str, int]]:
    for node in ast.walk(function):
        changed: ast.expr | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MUTATORS:
            changed = node.func.value
        elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
            changed = node.value
        if isinstance(changed, ast.Name) and changed.id in names:
            yield changed.id, changed.lineno


def _call_problems(module: str, tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).split(".")[-1]
            if name in ("import_module", "__import__", "exec", "eval") and isinstance(node.func, ast.Name):
                yield f"line {node.lineno}: {name} hides what is imported or run"
            if name == "processEvents" and _inside(module, "feedesk.ui"):
                yield f"line {node.lineno}: processEvents lets the user start a thing twice"
            if name == "sleep":
                yield f"line {node.lineno}: sleeps"
        if isinstance(node, ast.Name) and node.id == "QMessageBox" and module != "feedesk.ui.messages":
            yield f"line {node.lineno}: opens a message box besides ui/messages.py"
