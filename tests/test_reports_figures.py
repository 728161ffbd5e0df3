"""收缴统计 as the leader opens it: read back from the finished workbook."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from feedesk.errors import BadInput, FeeDeskError
from feedesk.models.collection import Figures, Line, Span, figures
from feedesk.models.periods import parse_month
from feedesk.models.store import Office
from feedesk.models.yearly_plan import MonthPlan, YearPlan
from feedesk.reports.figures_sheet import write_figures
from feedesk.tasks.figures import export_figures
from tests.office_tools import Clock, import_list, listed, new_office

NOW = datetime(2026, 11, 17, 15, 46)
NOVEMBER = parse_month("2026-11")
SPAN = Span(NOVEMBER, NOVEMBER, NOW.date())
LINES = (
    Line(1, (NOVEMBER,), 50_001, 0, 50_001),
    Line(2, (NOVEMBER,), 30_000, 2_000, 1_234),
    Line(2, (NOVEMBER - 1,), 30_000, 0, 12_000, 9_000),
)
PLAN = YearPlan(2026, tuple(MonthPlan(7_825, 100_000, 9, "许宁") if n == 11 else MonthPlan() for n in range(1, 13)))


def made(plan: YearPlan | None = PLAN, lines: tuple[Line, ...] = LINES) -> Figures:
    return figures(lines, SPAN, {2026: plan} if plan else {}, {1: "3", 2: "=商铺"}, list_as_of=date(2026, 11, 13))


def sheet(found: Figures) -> Any:
    stream = BytesIO()
    write_figures(found, "安和苑", NOW, stream)
    return openpyxl.load_workbook(BytesIO(stream.getvalue()))["收缴统计"]


def rows(found: Figures) -> list[list[Any]]:
    return [[cell for cell in row if cell is not None] for row in sheet(found).iter_rows(values_only=True)]


def line(found: Figures, name: str) -> list[Any]:
    return next(row for row in rows(found) if row and row[0] == name)


def test_the_head_says_what_it_is_and_how_far_it_counts() -> None:
    shown = rows(made())
    assert shown[0] == ["收缴统计"]
    assert shown[1] == [
        "安和苑　　2026年11月　　钱数到今天　　制表 2026年11月17日 15:46　　财务清单截至 2026年11月13日"
    ]


def test_each_rate_stands_beside_its_definition_with_its_numbers() -> None:
    name, rate, target, against, text = line(made(), "收费率")
    assert (name, rate, target, against) == ("收费率", 0.7269, 0.7825, "差 5.6 点")  # 712.34 ÷ 980.00
    assert text.splitlines()[:2] == ["收费率 = 当期实收 ÷ 当期应收", "当期实收 712.34 ÷ 当期应收 980.00"]
    assert "应收按财务填的 1,000.00 − 减免 20.00，实收 = 应收 − 尚欠；减免不算实收。" in text
    assert line(made(), "户收费率")[1:4] == [
        0.8889,
        "没有定计划",
        "户收费率 = 已交户 ÷ 收费户\n已交 8 户 ÷ 收费 9 户\n收费户按财务填的数，已交户 = 收费户 − 还有欠费的户。这段时间的账全缴清的，才算已交户。",
    ]
    assert line(made(), "清缴率")[1] == 0.3333  # 90 ÷ (90 + 180)


def test_buildings_and_what_no_list_named_add_up_to_the_total() -> None:
    found = made()
    assert line(found, "3 栋") == ["3 栋", 500.01, 500.01, 1, 1, 1, 1]  # no plan, no difference
    assert ["各栋按清单内账目，不与计划比：没有欠费的户不在清单里。"] in rows(found)
    assert line(found, "=商铺")[:3] == ["=商铺", 280, 12.34]
    assert line(found, "清单外")[1:3] == [199.99, 199.99]
    assert line(found, "合计") == ["合计", 980, 712.34, 0.7269, 0.7825, "差 6 点", 9, 8, 0.8889]


def test_a_building_that_looks_like_a_formula_stays_a_word() -> None:
    cell = next(row[0] for row in sheet(made()).iter_rows() if row[0].value == "=商铺")
    assert cell.data_type == "s"


def test_all_twelve_months_and_where_their_receivable_comes_from() -> None:
    found = made()
    assert line(found, "10月") == ["10月", 300, 120, 0.4, "清单内"]
    assert line(found, "11月") == ["11月", 980, 712.34, 0.7269, 0.7825, "差 6 点", "财务", "许宁"]
    assert line(found, "12月") == ["12月", 0, 0, "没有清单"]


def test_without_a_plan_the_sheet_says_what_the_figures_lack() -> None:
    shown = rows(made(None))
    assert any(row and str(row[0]).startswith("注意：2026年11月只算清单里的账") for row in shown)
    assert line(made(None), "收费率")[2] == "没有定计划"


def test_without_a_charge_the_cells_are_empty_not_wrong() -> None:
    assert line(made(lines=()), "收费率")[1] == "没有定计划"
    assert line(made(lines=()), "合计") == ["合计", 0, 0, 0, 0]


@pytest.fixture
def office(tmp_path: Path):  # type: ignore[no-untyped-def]
    made = new_office(tmp_path, Clock())
    import_list(made, listed("3-1-101", "简一禾", ("管理费", "2026-11", 30_000)))
    yield made
    made.close()


def test_the_workbook_appears_whole(office: Office, tmp_path: Path) -> None:
    target = tmp_path / "收缴统计.xlsx"
    target.write_bytes(b"old")
    found = export_figures(office, target, SPAN)
    book = openpyxl.load_workbook(target)
    assert book["收缴统计"]["A2"].value.startswith("明湖花园服务中心　　2026年11月")
    assert found.total.receivable == 30_000
    assert not list(tmp_path.glob("*.part"))


def test_never_over_an_office_file(office: Office) -> None:
    before = office.path.read_bytes()
    with pytest.raises(BadInput, match="办公室文件"):
        export_figures(office, office.path, SPAN)
    assert office.path.read_bytes() == before


def test_a_place_that_cannot_be_written_is_told_and_leaves_nothing(office: Office, tmp_path: Path) -> None:
    with pytest.raises(FeeDeskError, match="找不到"):
        export_figures(office, tmp_path / "没有这个文件夹" / "统计.xlsx", SPAN)
    assert not list(tmp_path.rglob("*.part"))
