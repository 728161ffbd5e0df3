"""诉讼时效 on 账单: what runs out first stands first, with its bar, its days and its reasons; what is over stays at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from feedesk.models.ledger.payments import Named, PaymentDraft, PaymentShare, PayMethod
from feedesk.models.limitation import Clock as Limit
from feedesk.models.limitation import LimitationLine, clock
from feedesk.models.service import DeliveryDraft, DeliveryMethod
from feedesk.ui.limit_bar import LimitBar, draw, left_words, limit_bar
from feedesk.ui.theme import COLOURS, Tone
from tests.office_tools import ids_by_room, import_list, listed
from tests.owner_page_tools import ALT, Owners
from tests.store_tools import issue
from tests.ui_tools import settle

TODAY = date(2026, 11, 17)
ROOM = "9-1-101"


@pytest.fixture
def owners(qtbot, tmp_path: Path) -> Iterator[Owners]:
    made = Owners(qtbot, tmp_path)
    yield made
    made.close()


@pytest.fixture
def bills(owners: Owners):  # type: ignore[no-untyped-def]
    """An owner whose lines are in every state, on 账单."""
    changes = import_list(
        owners.office,
        listed(
            ROOM, "顾北辰",
            ("物业费", "2022-01", 10_000), ("物业费", "2015-01", 5_000), ("物业费", "2024-01", 20_000),
            ("物业费", "2024-04", 30_000), ("物业费", "2025-07", 40_000), ("物业费", "2026-12", 50_000), ("水费", "", 900),
        ),
        full=False, file="旧账.xlsx",
    )  # fmt: skip
    owners.ids = ids_by_room(owners.office)
    owners.desk.changed.emit(changes)
    settle()
    owners.choose(ROOM)
    owners.press(Qt.Key.Key_2, ALT)
    return owners.panel.bills


def shown(bills) -> list[tuple[str, str, str]]:  # type: ignore[no-untyped-def]
    model = bills.list.model()
    return [(line.period, line.mark, line.limit.words if line.limit else "") for line in model.lines()]


def test_what_runs_out_first_stands_first_and_what_is_over_last(bills) -> None:  # type: ignore[no-untyped-def]
    assert shown(bills) == [
        ("2024年1月", "limit", "剩 59 天 · 至 2027-01-15 · 先处理这一笔"),
        ("2024年4月", "", "剩 149 天 · 至 2027-04-15"),
        ("2025年7月", "", "剩 1 年 8 个月 · 至 2028-07-15"),
        ("2026年12月", "", ""),
        ("期间待核", "", "时效待核：不知道应缴日，请向财务核实"),
        ("2015年1月", "", "疑似已过时效 · 可协商 · 2017-01-15 止"),
        ("2022年1月", "", "已过时效 · 可协商 · 2025-01-15 止"),
    ]
    assert "时效剩 59 天" in bills.lines()[0] and "时效" not in bills.lines()[2]


def test_the_tooltip_tells_start_restarts_and_both_clocks(owners: Owners, bills) -> None:  # type: ignore[no-untyped-def]
    charges = owners.office.accounts.charges(owners.ids[ROOM])
    line = next(charge for charge in charges if charge.period_text() == "2024年1月")
    share = PaymentShare(owners.ids[ROOM], 1_000, named=(Named(line.id, 1_000),))
    draft = PaymentDraft(TODAY, 1_000, PayMethod.WECHAT, (share,))
    owners.desk.changed.emit(owners.office.payments.take(draft))
    settle()
    model = bills.list.model()
    place = next(at for at, one in enumerate(model.lines()) if one.charge_id == line.id)
    tip = model.data(model.index(place, 0), int(Qt.ItemDataRole.ToolTipRole))
    assert tip.splitlines() == [
        "应缴日 2024-01-15（推定），次日起算。",
        "2026-11-17 微信部分缴 10.00（A 级）：重新起算。",
        "保守算到 2029-11-17。",
        "宽松算到 2029-11-17。",
        "剩 1096 天。",
    ]
    assert shown(bills)[0] == ("2024年4月", "", "剩 149 天 · 至 2027-04-15 · 先处理这一笔")


def test_another_day_shows_no_limitation(bills, owners: Owners) -> None:  # type: ignore[no-untyped-def]
    owners.press(Qt.Key.Key_D)
    bills.day.setText("1114")
    owners.press(Qt.Key.Key_Return)
    assert bills.shown_day == date(2026, 11, 14)
    assert {words for _, _, words in shown(bills)} == {""}


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "今天是最后一天"), (1, "剩 1 天"), (180, "剩 180 天"), (181, "剩 6 个月"), (364, "剩 11 个月"),
        (365, "剩 1 年"), (394, "剩 1 年"), (395, "剩 1 年 1 个月"), (1096, "剩 3 年"),
    ],
)  # fmt: skip
def test_what_is_left_is_rounded_down(days: int, words: str) -> None:
    assert left_words(days) == words


def limit(due: date) -> Limit:
    return clock(LimitationLine(1, True, due), (), TODAY)


@pytest.mark.parametrize(
    ("due", "held", "words", "tone", "loud", "hatched"),
    [
        (date(2024, 2, 15), False, "剩 90 天 · 至 2027-02-15", Tone.CINNABAR, True, False),
        (date(2024, 2, 16), False, "剩 91 天 · 至 2027-02-16", Tone.OCHRE, False, False),
        (date(2025, 2, 16), False, "剩 1 年 3 个月 · 至 2028-02-16", Tone.MUTED, False, False),
        (date(2025, 2, 16), True, "暂缓 · 剩 1 年 3 个月 · 至 2028-02-16", Tone.VIOLET, False, True),
        (date(2024, 2, 15), True, "暂缓 · 剩 90 天 · 至 2027-02-15", Tone.CINNABAR, True, True),
        (date(2023, 1, 15), False, "已过时效 · 可协商 · 2026-01-15 止", Tone.MUTED, False, True),
    ],
)
def test_a_hold_does_not_stop_the_time(
    due: date, held: bool, words: str, tone: Tone, loud: bool, hatched: bool
) -> None:
    bar = limit_bar(limit(due), is_held=held)
    assert bar is not None
    assert (bar.words, bar.tone, bar.is_loud, bar.is_hatched) == (words, tone, loud, hatched)


def test_what_is_not_yet_due_has_no_bar() -> None:
    assert limit_bar(limit(date(2026, 12, 15)), is_held=False) is None
    assert limit_bar(None, is_held=False) is None


def painted(bar: LimitBar) -> list[str]:
    """The colours along the middle of the bar, where they change."""
    image = QImage(400, 19, QImage.Format.Format_RGB32)
    image.fill(QColor(COLOURS.surface))
    painter = QPainter(image)
    draw(painter, QRect(0, 0, 400, 19), replace(bar, words=""))
    painter.end()
    row = [image.pixelColor(x, 9).name().upper() for x in range(200)]
    return [colour for at, colour in enumerate(row) if at == 0 or row[at - 1] != colour]


def test_the_bar_is_filled_up_to_a_tick_for_today(qapp) -> None:  # type: ignore[no-untyped-def]
    bar = limit_bar(limit(date(2025, 7, 15)), is_held=False)
    assert bar is not None and bar.gone == 447
    assert painted(bar) == [COLOURS.azure, COLOURS.ink, COLOURS.sunken, COLOURS.surface]
    assert len(painted(replace(bar, is_hatched=True))) > 10, "hatched"


def test_a_delivery_is_voided_from_the_record_and_the_bar_follows(owners: Owners, bills, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    issue(owners.office, ROOM)
    slip = tmp_path / "回执.jpg"
    slip.write_bytes(b"slip")
    os.utime(slip, (owners.clock().timestamp(), owners.clock().timestamp()))
    draft = DeliveryDraft(1, DeliveryMethod.OWNER, None, TODAY, signer="顾北辰")
    owners.desk.changed.emit(owners.office.service.record(draft, [slip]))
    settle()
    assert ("2024年1月", "", "剩 3 年 · 至 2029-11-17") in shown(bills)
    assert ("2022年1月", "", "已过时效 · 可协商 · 2025-01-15 止") in shown(bills), "a receipt promises nothing"
    owners.press(Qt.Key.Key_3, ALT)
    timeline = owners.panel.timeline
    at = next(row for row, text in enumerate(timeline.texts()) if "送达 No. 2026-0001" in text)
    timeline.list.setCurrentIndex(timeline.list.model().index(at, 0))
    assert timeline.void_button.words() == "作废送达"
    owners.told.texts = ["签的是别的单"]
    owners.press(Qt.Key.Key_Delete)
    assert any("送达 No. 2026-0001" in text and "签的是别的单" in text for text in timeline.texts())
    owners.press(Qt.Key.Key_2, ALT)
    assert shown(bills)[0] == ("2024年1月", "limit", "剩 59 天 · 至 2027-01-15 · 先处理这一笔")
