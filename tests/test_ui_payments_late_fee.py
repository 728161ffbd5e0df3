"""Late fee at the till: no more than LPR × 1.3, and said beside it why it is no more, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from feedesk.models.ledger.late_fee import LateFeeCap, LateFeePolicy, LprRate
from feedesk.models.money import show, show_yuan
from tests.payments_page_tools import ALT, TODAY, Till

ROOM = "6-1-0504"
"""428.25 of July alone."""
HIGH = LateFeePolicy("第十二条", 500, cap=LateFeeCap.PRINCIPAL)


@pytest.fixture
def till(qtbot, tmp_path: Path) -> Iterator[Till]:
    made = Till(qtbot, tmp_path)
    yield made
    made.close()


def charge(till: Till, policy: LateFeePolicy, lpr: bool = True) -> None:
    till.office.late_fees.save_lpr([LprRate(date(2024, 1, 1), 345)] if lpr else [])
    till.office.late_fees.save_policy(policy)


def test_what_the_contract_gives_above_lpr_is_not_taken(till: Till) -> None:
    charge(till, HIGH)
    fee = till.office.late_fees.of_account(till.ids[ROOM], TODAY)
    assert fee.owed > fee.lpr > 0
    till.open("0504")
    questions = till.form.questions
    till.press(Qt.Key.Key_F, ALT)
    assert questions.late_fee.text() == show(fee.lpr)
    assert till.form.amount_edit.text() == show(42_825 + fee.lpr)
    assert questions.late_fee_note.text() == f"按合同算是 {show_yuan(fee.owed)}，高于 LPR×1.3 的部分不收。"
    till.refill(questions.late_fee, show(fee.lpr + 1))
    assert questions.late_fee_problem.text() == f"违约金到这天一共可收 {show_yuan(fee.lpr)}，收不了更多。"
    till.refill(questions.late_fee, show(fee.lpr))
    till.press(Qt.Key.Key_1, ALT)
    till.press(Qt.Key.Key_Return)
    (payment,) = till.booked()
    assert payment.shares[0].late_fee == fee.lpr


@pytest.mark.parametrize(
    ("policy", "lpr", "said"),
    [
        (LateFeePolicy("第十二条", 3_000, cap=LateFeeCap.PRINCIPAL), True, "超过年 24% 或本金，不能收"),
        (HIGH, False, "没有录入 LPR，违约金收不了。"),
    ],
)
def test_where_none_may_be_taken_it_is_not_offered_and_said_why(
    till: Till, policy: LateFeePolicy, lpr: bool, said: str
) -> None:
    charge(till, policy, lpr)
    till.open("0504")
    assert till.form.questions.late_fee_box.isHidden()
    assert said in till.form.questions.late_fee_note.text()


def test_lumps_are_named_and_not_told_as_nothing(till: Till) -> None:
    charge(till, LateFeePolicy("第十二条", 500))
    till.open("0901")
    note = till.form.questions.late_fee_note
    assert note.text() == "违约金未计：1 笔合在一起，拆分后才计。"
    till.press(Qt.Key.Key_Escape)
    till.office.splits.split(till.office.accounts.charges(till.ids["3-2-1502"])[0].id)
    till.open("1502")
    assert note.text() == "另有 1 笔未计：合在一起，拆分后才计。"
    assert not till.form.questions.late_fee_box.isHidden()


def test_a_part_payment_says_that_principal_comes_first(till: Till) -> None:
    charge(till, LateFeePolicy("第十二条", 500))
    till.open("0504")
    till.press(Qt.Key.Key_F, ALT)
    note = till.form.questions.late_fee_note
    assert note.isHidden()
    till.refill(till.form.amount_edit, "100")
    assert till.form.questions.late_fee.text() == "0.00"
    assert note.text() == "本金未缴清，按办公室的规则先收本金。"
    till.refill(till.form.amount_edit, "430")
    assert note.isHidden()


def test_with_nothing_to_say_there_is_no_line(till: Till) -> None:
    till.open("0504")
    assert till.form.questions.late_fee_note.isHidden()
