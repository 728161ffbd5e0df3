"""An invented arrears list of any length, for measuring the intake. People, rooms and phones are made up."""

from __future__ import annotations

import random
from datetime import date
from pathlib import Path

from openpyxl import Workbook

HEADER = (
    "房号",
    "业主姓名",
    "称谓",
    "联系电话",
    "建筑面积",
    "欠费起始月",
    "欠费截止月",
    "管理费",
    "房屋公共维修金",
    "水费",
    "电费",
    "气费",
    "合计",
    "最早应缴日",
)
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英华建文辉力玲"


def make_list(path: Path, rows: int, seed: int = 20261113) -> Path:
    """Write an .xlsx list of `rows` units as finance exports it: one row a unit, one column a fee."""
    dice = random.Random(seed)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("欠费清单")
    sheet.append(HEADER)
    for number in range(rows):
        building, rest = divmod(number, 240)
        unit, door = divmod(rest, 60)
        room = f"{building + 1}-{unit + 1}-{(door // 4 + 1) * 100 + door % 4 + 1}"
        months = dice.randint(1, 12)
        area = dice.randint(6000, 16000) / 100
        first = date(2026, 11 - months, 15) if months < 11 else date(2025, 23 - months, 15)
        fees: list[float | None] = [round(area * 2.2 * months, 2)]
        fees += [round(dice.uniform(5, 900), 2) if dice.random() < 0.4 else None for _ in range(4)]
        name = dice.choice(_FAMILY) + "".join(dice.choice(_GIVEN) for _ in range(dice.randint(1, 2)))
        sheet.append(
            [
                room,
                name,
                dice.choice(("先生", "女士")),
                f"1{dice.choice('3589')}{dice.randrange(10**9):09d}",
                area,
                f"{first:%Y-%m}",
                "2026-10",
                *fees,
                round(sum(fee or 0 for fee in fees), 2),
                first,
            ]
        )
    book.save(path)
    return path
