"""No float touches an amount from file to screen: read from the source, and seen in the office file; and it can fail."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests import money_rules
from tests.office_tools import new_office

ROOT = Path(__file__).resolve().parent.parent


@cache
def _trees() -> dict[str, ast.AST]:
    """Every module of the program by name."""
    found: dict[str, ast.AST] = {}
    for path in sorted((ROOT / "feedesk").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def test_no_fraction_touches_money_anywhere() -> None:
    found = [f"{name}: {problem}" for name, tree in _trees().items() for problem in money_rules.problems(name, tree)]
    assert found == []


def test_every_exception_has_its_reason_and_is_still_needed() -> None:
    trees = _trees()
    assert money_rules.allowed_but_gone(trees) == []
    assert all(reason.strip() for reason in (*money_rules.ALLOWED.values(), *money_rules.BORDER.values()))
    assert set(money_rules.BORDER) <= set(trees)


@pytest.mark.parametrize(
    ("module", "code", "problem"),
    [
        ("models.ledger.late_fee", "RATE = 0.0005", "a float among money"),
        ("models.ledger.allocation", "def f(a, b):\n    return a / b", "divides money into fractions"),
        ("models.ledger.new", "def f(a):\n    a /= 2", "divides money into fractions"),
        ("models.store.payments", "def f(row):\n    return float(row[0])", "a float among money"),
        ("models.statements", "amount: float = 0", "a float among money"),
        ("models.store.as_of", "SQL = 'SELECT sum(amount) * 1.0 FROM charges'", "SQL makes a fraction: 1.0"),
        ("models.store.as_of", "SQL = 'SELECT avg(amount) FROM charges'", "SQL makes a fraction: avg("),
        ("models.store.as_of", "SQL = 'SELECT total(amount) FROM charges'", "SQL makes a fraction: total("),
        ("models.store.as_of", "SQL = 'SELECT CAST(amount AS REAL) FROM charges'", "SQL makes a fraction: AS REAL"),
        ("models.store.m003", "SQL = 'CREATE TABLE x (amount REAL) STRICT'", "SQL makes a fraction: REAL"),
        ("tasks.receipts", "def f(fen):\n    return fen / 100", "divides money into fractions"),
        ("models.intake.values", "def f(fen):\n    return fen / 100", "a fraction touches money: fen / 100"),
        ("reports.receipt_pdf", "def f(r):\n    return r.total / 100", "a fraction touches money: r.total / 100"),
        ("reports.sheets", "def f(fen):\n    return f'{fen:.2f}'", "a fraction touches money: {fen:.2f}"),
        ("ui.payment_form", "amount = float(text)", "a fraction is called money: amount = float(text)"),
        ("ui.payment_form", "late_fee: float = 0", "a fraction is called money: late_fee: float = 0"),
        ("ui.payment_form", "def f(x):\n    return Share(amount=x / 2)", "a fraction is called money: Share(amount=x / 2)"),
        ("ui.payment_form", "def f(amount):\n    return float(amount)", "a fraction touches money: float(amount)"),
        ("ui.bills_tab", "def f(c):\n    return c.owed * 0.05", "a fraction touches money: c.owed * 0.05"),
        ("ui.bills_tab", "def f(c):\n    return 100 * c.late_fee / c.principal",
         "a fraction touches money: 100 * c.late_fee / c.principal"),
        ("ui.bills_tab", "def f(owed):\n    owed *= 1.3", "a fraction touches money: owed *= 1.3"),
        ("ui.payment_form", "BOX = QDoubleSpinBox", "QDoubleSpinBox holds a float"),
        ("ui.payment_form", "def f(field):\n    return field.toDouble()", "toDouble holds a float"),
    ],
)  # fmt: skip
def test_a_planted_float_is_seen(module: str, code: str, problem: str) -> None:
    found = [text.partition(": ")[2] for text in money_rules.problems(f"feedesk.{module}", ast.parse(code))]
    assert problem in found


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("models/ledger/late_fee.py", "(contract_units + _HALF_CONTRACT) // _CONTRACT_UNITS", "round(contract_units / 1e6)"),
        ("models/ledger/allocation.py", "amount * part // total", "int(amount * part / total)"),
        ("models/money.py", "divmod(abs(fen), 100)", "divmod(abs(fen) / 1, 100)"),
        ("models/store/balances.py", "sum(c.amount - c.settled)", "total(c.amount - c.settled)"),
        ("reports/sheets.py", "Decimal(fen).scaleb(-2)", "fen / 100"),
    ],
)  # fmt: skip
def test_a_float_planted_in_the_program_itself_is_seen(path: str, old: str, new: str) -> None:
    name = "feedesk." + path.removesuffix(".py").replace("/", ".")
    code = (ROOT / "feedesk" / path).read_text(encoding="utf-8")
    assert old in code and list(money_rules.problems(name, ast.parse(code))) == []
    assert list(money_rules.problems(name, ast.parse(code.replace(old, new))))


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("models.store.payments", "def f(folder, name):\n    return folder / name / f'{name}.pdf'"),
        ("models.store.payments", "def f(tick, done, all):\n    tick(0.5 + done / all)"),
        ("models.store.payments", "def f(tick: Callable[[float], None]) -> None:\n    pass"),
        ("models.ledger.late_fee", "def f(amount, days):\n    return amount * days // 100"),
        ("reports.receipt_pdf", "def f(paper, amount):\n    paper.text(20.5, 30 / 2, show(amount), 9.5)"),
        ("ui.bills_tab", "def f(width, place):\n    return place * width / 2"),
    ],
)
def test_what_has_nothing_to_do_with_amounts_is_left_alone(module: str, code: str) -> None:
    assert list(money_rules.problems(f"feedesk.{module}", ast.parse(code))) == []


def test_no_column_of_the_office_file_can_hold_a_fraction(tmp_path: Path) -> None:
    """All tables are STRICT: what is declared INTEGER or TEXT holds nothing else."""
    office = new_office(tmp_path)
    try:
        conn = office.session.conn
        tables = {name: bool(strict) for name, strict in conn.execute(
            "SELECT name, strict FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )}  # fmt: skip
        types = {
            (table, column): kind
            for table in tables
            for column, kind in conn.execute("SELECT name, type FROM pragma_table_info(?)", (table,))
        }
    finally:
        office.close()
    ours = {table for table in tables if not table.startswith("_")}
    assert {"charges", "payments", "allocations", "waivers", "instalments", "charge_money"} <= ours
    assert [table for table in sorted(ours) if not tables[table]] == []
    assert {kind for (table, _), kind in types.items() if table in ours} == {"INTEGER", "TEXT"}
