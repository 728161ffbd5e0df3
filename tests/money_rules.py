"""No float ever holds an amount: money is whole 分 from file to screen, read from the source with `ast`.

Where money is reckoned, kept or read, nothing is divided into fractions at all. Where it is only shown, among
coordinates and sizes, no fraction may touch a name that means money. What is excepted stands here with its reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

EXACT = ("feedesk.models", "feedesk.tasks", "feedesk.cli")
"""Parts without any fraction; the rest of the program is searched for fractions that touch money."""

BORDER = {
    "feedesk.models.intake.values": "a spreadsheet keeps numbers as doubles: here they become 分 or are refused",
    "feedesk.models.intake.statement_cells": "a spreadsheet keeps a day with its hour as a double",
    "feedesk.models.intake.period_text": "a month may be typed as the number 2026.07",
}
"""Modules of those parts that must handle fractions, and why; money they may not touch either."""

ALLOWED = {
    ("feedesk.cli", "made.size / 1024"): "size of a backup in KB",
    ("feedesk.models.intake.sheets", "float"): "what a cell may hold, before it is read as anything",
    ("feedesk.models.intake.sheets", "size / 1024 / 1024"): "size of a file in MB",
    ("feedesk.models.intake.sheets", "size / 1024"): "size of a file in MB",
    ("feedesk.models.intake.statements", "float"): "whether a cell has lost digits of the bank's reference",
    ("feedesk.models.store.backups", "1.1"): "room on the disk, with a tenth to spare",
    ("feedesk.models.store.connection", "5.0"): "seconds to wait for a lock",
    ("feedesk.reports.fonts", "total = 0.0"): "width of a text in points",
    ("feedesk.reports.fonts", "total * size / 1000"): "width of a text in points",
    ("feedesk.reports.receipt_pdf", "amount.size * 0.13"): "a text's height on paper",
    (
        "feedesk.reports.receipt_pdf",
        "total + 0.6 + len(_fact_lines(paper, receipt)) * _LEAD + 1.5",
    ): "a height on paper",
    ("feedesk.reports.receipt_pdf", "total + 0.6"): "a height on paper",
    ("feedesk.reports.sample_list", "Decimal(fen) / 100"): "exact: a Decimal in a cell of the sample list",
    ("feedesk.ui.today_head", "place * width / self._total"): "blocks on screen, one for an owner",
    ("feedesk.ui.today_head", "(place + 1) * width / self._total"): "blocks on screen, one for an owner",
}
"""(module, code) of fractions from which no amount comes, and why."""

MONEY = re.compile(
    r"(^|_)(amounts?|fen|owed|owes|paid|unpaid|settled|waived|principal|late_fees?|prepaid|claimed|contract|lpr|totals?"
    r"|income|balances?|money|charges?|receivable|collected|arrears|debts?|still_open|missing|over|covered)($|_)"
)
"""What an amount in 分 is called in this program."""

_PROGRESS = ("tick", "report", "fraction")
_PLACES = re.compile(r"(folder|path|parent|place|root|home|dir|directory|evidence|beside|here)s?$", re.IGNORECASE)
_SQL = re.compile(r"\b(SELECT|UPDATE|INSERT|CREATE)\b")
_SQL_FLOAT = re.compile(
    r"\b(?:avg|total|round|julianday)\s*\(|\bAS\s+REAL\b|\b(?:REAL|FLOAT|DOUBLE|NUMERIC)\b(?=[\s,)])|(?<![\w.'])\d+\.\d+(?![\w.'])",
    re.IGNORECASE,
)
_QT_FLOATS = ("QDoubleSpinBox", "QDoubleValidator", "toDouble")


def problems(module: str, tree: ast.AST) -> Iterator[str]:
    """What in this module could make a fraction of an amount, one sentence each."""
    is_exact = module not in BORDER and any(module == part or module.startswith(f"{part}.") for part in EXACT)
    for node, problem in [*_sql(tree), *_qt(tree), *(_fractions(tree) if is_exact else _touches(tree))]:
        if (module, ast.unparse(node)) not in ALLOWED:
            yield f"line {node.lineno}: {problem}"


def allowed_but_gone(modules: dict[str, ast.AST]) -> list[tuple[str, str]]:
    """Exceptions that nothing in the program needs any more."""
    needed = set()
    for module, tree in modules.items():
        is_exact = module not in BORDER and any(module == part or module.startswith(f"{part}.") for part in EXACT)
        needed |= {(module, ast.unparse(node)) for node, _ in (_fractions(tree) if is_exact else _touches(tree))}
    return [key for key in ALLOWED if key not in needed]


Found = Iterator[tuple[ast.expr | ast.stmt, str]]


def _fractions(tree: ast.AST) -> Found:
    """Any fraction, except those that tell how far a long work has come."""
    for node in _walk_without_progress(tree):
        if isinstance(node, ast.BinOp | ast.AugAssign) and _divides(node):
            yield node, "divides money into fractions"
        elif isinstance(node, ast.Name | ast.Constant) and _is_float(node):
            yield node, "a float among money"


def _touches(tree: ast.AST) -> Found:
    """Fractions that have to do with something called like money."""
    for node in _walk_without_progress(tree):
        if _makes_fraction(node) and any(_means_money(part) for part in ast.walk(node)):
            yield node, f"a fraction touches money: {ast.unparse(node)}"
        elif _names_a_fraction_money(node):
            yield node, f"a fraction is called money: {ast.unparse(node)}"


def _walk_without_progress(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, ast.Call) and _is_named(node.func, *_PROGRESS):
            continue
        if isinstance(node, ast.Subscript) and _is_named(node.value, "Callable"):
            continue
        if isinstance(node, ast.arg) and node.arg in _PROGRESS:
            continue
        if isinstance(node, ast.expr | ast.stmt):
            yield node
        left.extend(ast.iter_child_nodes(node))


def _is_named(node: ast.expr, *names: str) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _makes_fraction(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "float"
    if isinstance(node, ast.FormattedValue):  # f"{fen:.2f}" makes a float of it
        return isinstance(node.format_spec, ast.JoinedStr) and any(
            isinstance(part, ast.Constant) and str(part.value).endswith(("f", "e", "g", "%"))
            for part in node.format_spec.values
        )
    if isinstance(node, ast.AugAssign):
        return _divides(node) or _is_float(node.value)
    return isinstance(node, ast.BinOp) and (_divides(node) or _is_float(node.left) or _is_float(node.right))


def _names_a_fraction_money(node: ast.AST) -> bool:
    """`amount = float(text)`, `amount: float`, `Line(amount=x / 2)`."""
    if isinstance(node, ast.Assign):
        return any(map(_means_money, node.targets)) and _is_fraction(node.value)
    if isinstance(node, ast.AnnAssign):
        is_float = any(isinstance(part, ast.Name) and part.id == "float" for part in ast.walk(node.annotation))
        return _means_money(node.target) and (is_float or (node.value is not None and _is_fraction(node.value)))
    if isinstance(node, ast.Call):
        return any(MONEY.search(word.arg or "") and _is_fraction(word.value) for word in node.keywords)
    return False


def _is_fraction(node: ast.expr) -> bool:
    return _makes_fraction(node) or _is_float(node)


def _divides(node: ast.BinOp | ast.AugAssign) -> bool:
    """True division of numbers; `folder / name` joins a path."""
    return isinstance(node.op, ast.Div) and (isinstance(node, ast.AugAssign) or not _is_path(node))


def _is_path(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return _is_text(node.right) or _is_text(node.left) or _is_path(node.left)
    if isinstance(node, ast.Call):
        return ast.unparse(node.func).split(".")[-1] in ("Path", "resolve", "absolute") or _is_path(node.func)
    return _PLACES.search(ast.unparse(node).split(".")[-1]) is not None


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _is_float(node: ast.expr) -> bool:
    if isinstance(node, ast.Name):
        return node.id == "float"
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def _means_money(node: ast.AST) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return MONEY.search(name) is not None


def _sql(tree: ast.AST) -> Found:
    """SQLite divides whole numbers into whole numbers; these would bring fractions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL.search(node.value):
            for found in _SQL_FLOAT.finditer(node.value):
                yield node, f"SQL makes a fraction: {found.group()}"


def _qt(tree: ast.AST) -> Found:
    """Fields of the window that hold doubles: amounts are typed as text and read by `models.money`."""
    for node in ast.walk(tree):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name in _QT_FLOATS and isinstance(node, ast.Name | ast.Attribute):
            yield node, f"{name} holds a float"
