"""The office's rules of money: off until filled in, kept with their trace, and what a change of them brings."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.ledger.allocation import AllocationRule
from feedesk.models.ledger.late_fee import LateFeeCap, LateFeePolicy, LprRate
from feedesk.models.office import Role, Signature
from feedesk.models.store import Office
from tests.deal_tools import PIN, TODAY, account, assert_deals_sound, bills, pay, signer
from tests.office_tools import Clock, import_list, listed, new_office

ROOM, OTHER = "3-2-1502", "3-2-1503"
POLICY = LateFeePolicy("第十二条", 500, 3, LateFeeCap.PRINCIPAL)
LPR = (LprRate(date(2024, 10, 20), 310), LprRate(date(2025, 5, 20), 300))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    clock = Clock()
    office = new_office(tmp_path, clock)
    water, fee = ("水费", "2026-06", 4_000), ("管理费", "2026-07", 30_000)
    import_list(office, listed(ROOM, "林晓岚", water, fee), listed(OTHER, "何敏", fee))
    clock.forward(minutes=1)
    yield office
    assert_deals_sound(office)
    office.close()


def _notes(office: Office) -> list[tuple[str, str]]:
    rows = office.session.conn.execute("SELECT what, subject FROM audit ORDER BY seq DESC LIMIT 3")
    return [(what, subject) for what, subject in rows]


def test_a_new_office_reckons_no_late_fee_and_has_no_lpr(office: Office) -> None:
    """The figures of the day are not known to the program: nothing is invented (law §7)."""
    assert office.late_fees.policy() == LateFeePolicy() and not office.late_fees.policy().is_on
    assert office.late_fees.lpr() == ()
    assert office.late_fees.rule() is AllocationRule.OLDEST_DUE
    found = office.late_fees.of_account(account(office, ROOM), TODAY)
    assert (found.lines, found.claimed, found.owed) == ((), 0, 0)


def test_what_is_saved_is_read_back_by_another_start(office: Office) -> None:
    office.late_fees.save_policy(POLICY)
    office.late_fees.save_lpr(LPR[::-1])
    office.late_fees.save_rule(AllocationRule.STATUTORY)
    again = Office.look(office.path, office.session.now)
    try:
        assert again.late_fees.policy() == POLICY
        assert again.late_fees.lpr() == LPR, "oldest first"
        assert again.late_fees.rule() is AllocationRule.STATUTORY
    finally:
        again.close()


def test_every_change_leaves_its_trace_and_no_change_leaves_none(office: Office) -> None:
    office.late_fees.save_policy(replace(POLICY, clause=" 第十二条 "))
    office.late_fees.save_lpr(LPR)
    office.late_fees.save_rule(AllocationRule.STATUTORY)
    assert _notes(office) == [
        ("改冲抵顺序", "按民法典第 560、561 条"), ("改 LPR", "2 行"), ("改违约金", "第十二条，日万分之五"),
    ]  # fmt: skip
    office.late_fees.save_policy(POLICY)
    office.late_fees.save_lpr(LPR)
    office.late_fees.save_rule(AllocationRule.STATUTORY)
    assert _notes(office)[0][0] == "改冲抵顺序"
    office.late_fees.save_policy(LateFeePolicy())
    assert _notes(office)[0] == ("改违约金", "不计违约金")


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (LateFeePolicy("第十二条", 0), "费率没有填"),
        (LateFeePolicy(" ", 500), "合同条款号没有填"),
        (replace(POLICY, rate_ppm=10_001), "不能超过 1%"),
        (replace(POLICY, rate_ppm=-1), "不能超过 1%"),
        (replace(POLICY, grace_days=-1), "宽限天数"),
        (replace(POLICY, grace_days=366), "宽限天数"),
    ],
)
def test_half_a_policy_is_refused_and_the_old_one_stays(office: Office, policy: LateFeePolicy, words: str) -> None:
    office.late_fees.save_policy(POLICY)
    with pytest.raises(BadInput, match=words):
        office.late_fees.save_policy(policy)
    assert office.late_fees.policy() == POLICY


def test_an_impossible_table_of_lpr_is_refused_and_the_old_one_stays(office: Office) -> None:
    office.late_fees.save_lpr(LPR)
    for wrong in ((LPR[0], LPR[0]), (LprRate(date(2026, 1, 1), 0),), (LprRate(date(2026, 1, 1), 3_000),)):
        with pytest.raises(BadInput, match="LPR 没有保存"):
            office.late_fees.save_lpr(wrong)
    assert office.late_fees.lpr() == LPR


def _open(office: Office) -> dict[str, int]:
    return {bill: charge.owed for bill, charge in bills(office, ROOM).items()}


def test_another_rule_allocates_what_was_paid_anew(office: Office) -> None:
    """水费 fell due first; by law 管理费, which bears late fee, comes before it."""
    office.late_fees.save_policy(POLICY)
    pay(office, ROOM, 10_000, TODAY)
    assert _open(office) == {"水费 2026-06": 0, "管理费 2026-07": 24_000}
    assert office.late_fees.save_rule(AllocationRule.STATUTORY).everything
    assert _open(office) == {"水费 2026-06": 4_000, "管理费 2026-07": 20_000}
    assert not office.late_fees.save_rule(AllocationRule.STATUTORY).everything, "nothing has changed"
    office.late_fees.save_rule(AllocationRule.OLDEST_DUE)
    assert _open(office) == {"水费 2026-06": 0, "管理费 2026-07": 24_000}


def test_by_law_late_fee_switched_on_changes_the_order_and_a_rate_does_not(office: Office) -> None:
    office.late_fees.save_rule(AllocationRule.STATUTORY)
    pay(office, ROOM, 10_000, TODAY)
    assert _open(office) == {"水费 2026-06": 0, "管理费 2026-07": 24_000}, "nothing bears more than the other"
    assert office.late_fees.save_policy(POLICY).everything
    assert _open(office) == {"水费 2026-06": 4_000, "管理费 2026-07": 20_000}
    assert not office.late_fees.save_policy(replace(POLICY, rate_ppm=300)).everything
    assert office.late_fees.save_policy(LateFeePolicy()).everything
    assert _open(office) == {"水费 2026-06": 0, "管理费 2026-07": 24_000}


def test_late_fee_of_several_accounts_as_of_a_day(office: Office) -> None:
    """300.00, due on 15 July, 3 days free: 4 August is the 17th day: 2.55."""
    office.late_fees.save_policy(POLICY)
    ids = [account(office, OTHER), account(office, ROOM)]
    found = office.late_fees.of_accounts([*ids, ids[0]], date(2026, 8, 4))
    assert list(found) == ids, "as asked for, each once"
    assert [fee.contract for fee in found.values()] == [255, 255]
    assert [line.label for line in found[ids[1]].lines] == ["水费 2026年6月", "管理费 2026年7月"]
    assert found[ids[1]].principal == 30_000
    before = office.late_fees.of_account(ids[0], date(2026, 7, 1))
    assert (before.lines, before.principal) == ((), 0), "the charge does not count yet"


def test_more_accounts_may_be_asked_for_than_a_statement_takes_values(office: Office) -> None:
    """SQLite on Windows takes 32,766 values; a large office has more accounts."""
    office.session.conn.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 600)
    office.late_fees.save_policy(LateFeePolicy("第十二条", 500, 0, LateFeeCap.PRINCIPAL))
    ids = (*range(10_000, 11_000), account(office, ROOM))
    assert office.late_fees.of_accounts(ids, TODAY)[account(office, ROOM)].owed > 0
    assert office.as_of.of_accounts(TODAY, ids)[account(office, ROOM)].principal == 34_000
    assert len(office.figures.notice_candidates(ids, TODAY)) == 1


def test_a_payment_of_more_late_fee_than_is_owed_is_refused(office: Office) -> None:
    office.late_fees.save_policy(replace(POLICY, cap=LateFeeCap.LPR))
    office.late_fees.save_lpr(LPR)
    owed = office.late_fees.of_account(account(office, ROOM), TODAY).owed
    with pytest.raises(BadInput, match="超过了应付的违约金"):
        pay(office, ROOM, 10_000, TODAY, late_fee=owed + 1)
    pay(office, ROOM, 10_000, TODAY, late_fee=owed)
    left = office.late_fees.of_account(account(office, ROOM), TODAY)
    assert (left.claimed, left.paid, left.owed) == (owed, owed, 0)
    office.late_fees.save_policy(LateFeePolicy())
    off = office.late_fees.of_account(account(office, ROOM), TODAY)
    assert (off.claimed, off.paid, off.owed) == (0, owed, 0), "switched off, what was paid stays on record"


def test_no_payment_takes_more_than_lpr_allows_whatever_is_claimed(office: Office) -> None:
    office.late_fees.save_policy(POLICY)
    office.late_fees.save_lpr(LPR)
    fee = office.late_fees.of_account(account(office, ROOM), TODAY)
    assert fee.owed == fee.contract > fee.lpr > 0
    with pytest.raises(BadInput, match="超过了应付的违约金"):
        pay(office, ROOM, 10_000, TODAY, late_fee=fee.lpr + 1)
    (share,) = office.payments.propose([account(office, ROOM)], 34_000 + fee.owed, TODAY)
    assert share.late_fee == fee.lpr
    pay(office, ROOM, 10_000, TODAY, late_fee=fee.lpr)
    with pytest.raises(BadInput, match="超过了应付的违约金"):
        pay(office, ROOM, 10_000, TODAY, late_fee=1)


def test_to_claim_more_takes_the_word_of_who_can_sign(office: Office) -> None:
    fees, low = office.late_fees, LateFeePolicy("第十二条", 300)
    fees.save_policy(low)
    assert fees.signers() == (), "nobody can sign yet: it was kept, and stands in the log"
    leader = signer(office, "白露", Role.LEADER)
    assert [person.name for person in fees.signers()] == ["白露"]
    with pytest.raises(BadInput, match="由能签字的人同意"):
        fees.save_policy(replace(low, rate_ppm=400))
    fees.save_policy(replace(low, rate_ppm=400), Signature(leader, PIN))
    manager = signer(office)
    for wanted in (POLICY, replace(low, rate_ppm=500), replace(low, rate_ppm=400, cap=LateFeeCap.PRINCIPAL)):
        assert fees.needs_signature(wanted)
        for signed in (None, Signature(leader, PIN), Signature(manager, "0000")):
            with pytest.raises(BadInput):
                fees.save_policy(wanted, signed)
    fees.save_policy(POLICY, Signature(manager, PIN))
    assert fees.policy() == POLICY
    detail = office.session.conn.execute(
        "SELECT d.detail FROM audit a JOIN audit_details d ON d.seq = a.seq WHERE a.what = '改违约金' ORDER BY a.seq DESC"
    ).fetchone()[0]
    assert "程远" in detail and PIN not in detail
    fees.save_policy(low)
    fees.save_policy(LateFeePolicy())
    with pytest.raises(BadInput, match="项目经理"):
        fees.save_policy(low)
