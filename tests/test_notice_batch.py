"""Who gets a 催款单, in which order, and who does not and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from feedesk.models.accounts import Step
from feedesk.models.charges import Charge, FeeKind
from feedesk.models.letters import Silence
from feedesk.models.notice_batch import NoticeCandidate, NoticeOptions, office_on_paper, propose, quiet_text
from feedesk.models.office import OfficeProfile
from feedesk.models.periods import Period

TODAY = date(2026, 11, 21)
PROFILE = OfficeProfile(office="明湖花园服务中心", company="安和物业服务有限公司", phone="0000-6688 1200")
OPTIONS = NoticeOptions(TODAY, date(2026, 12, 6), date(2026, 11, 13), "许宁")


def charge(number: int = 1, owed: int = 100, due_on: date | None = date(2026, 7, 15), **more: object) -> Charge:
    settled = int(str(more.pop("settled", 0)))
    return Charge(number, 1, "管理费", FeeKind.PROPERTY, Period.parse("2026-07..2026-09"), owed + settled, settled, due_on,
                  False, **more)  # type: ignore[arg-type]  # fmt: skip


def who(
    room: str = "3-2-1502", *charges: Charge, number: int = 1, name: str = "林晓岚", **more: object
) -> NoticeCandidate:
    return NoticeCandidate(
        number, int(str(more.pop("owner_id", number))), room, name, "女士", charges or (charge(),), 1, **more
    )  # type: ignore[arg-type]


LEFT_OUT = [
    ("owes nothing", who("1-101", charge(owed=0, settled=5)), "没有欠费"),
    ("has paid meanwhile", who("1-101", charge(owed=0, settled=5), paid_text="11-16 已缴清"), "11-16 已缴清"),
    ("is the owner no longer", who(is_former=True), "已不是现业主"),
    ("says he has paid", who(claim_open=True), "称已缴"),
    ("may not be written to", who(quiet="已到诉讼阶段，往来走法院的程序"), "已到诉讼阶段"),
    ("disputes the whole", who(dispute_hold="维修异议未解决，暂缓"), "维修异议未解决"),
    ("every line held", who("1-101", charge(hold="水表有争议"), charge(2, hold="在核")), "都在暂缓"),
    (
        "nothing due yet",
        who("1-101", charge(due_on=TODAY), charge(2, due_on=date(2026, 12, 1))),
        "未到期：11-21 才到应缴日",
    ),
    (
        "what is due is held",
        who("1-101", charge(hold="在核"), charge(2, due_on=date(2027, 1, 15))),
        "未到期：2027-01-15",
    ),
    ("time over", who("1-101", charge(), charge(2), over=frozenset({1, 2})), "已过时效，可协商，不列入"),
    (
        "time over, the rest held",
        who("1-101", charge(), charge(2, hold="在核"), over=frozenset({1})),
        "其余暂缓中；1 笔已过时效，可协商，不列入",
    ),
    (
        "time over, the rest not due",
        who("1-101", charge(), charge(2, due_on=date(2026, 12, 1)), over=frozenset({1})),
        "未到期：12-01 才到应缴日；另有 1 笔已过时效，可协商，不列入",
    ),
    ("had one six days ago", who(last_issued_on=date(2026, 11, 15)), "11-15 刚出过"),
    ("a character no font has", who(name="王𰻞"), "字库没有“𰻞”"),
]


@pytest.mark.parametrize(("what", "candidate", "reason"), LEFT_OUT, ids=[case[0] for case in LEFT_OUT])
def test_left_out_with_the_reason(what: str, candidate: NoticeCandidate, reason: str) -> None:
    other = who("3-2-1503", number=2)
    batch = propose([candidate, other], OPTIONS, PROFILE, lambda text: "𰻞" if "𰻞" in text else "")
    (left,) = batch.left_out
    assert reason in left.reason and (left.room, left.name) == (candidate.room, candidate.name)
    assert [notice.room_text for notice in batch.notices] == ["3-2-1503"]


TAKEN = [
    ("overdue", who(), 100),
    ("one line due, one not yet", who("1-101", charge(), charge(2, due_on=date(2026, 12, 1))), 100),
    ("one line due, one on its last day", who("1-101", charge(), charge(2, owed=30, due_on=TODAY)), 100),
    ("one line due since yesterday", who("1-101", charge(due_on=date(2026, 11, 20))), 100),
    ("one line held, one not", who("1-101", charge(), charge(2, owed=30, hold="在核")), 100),
    ("one line over, one not", who("1-101", charge(), charge(2, owed=30), over=frozenset({2})), 100),
    ("a paid line was over", who("1-101", charge(), charge(2, owed=0, settled=30), over=frozenset({2})), 100),
    ("due day unknown", who("1-101", charge(due_on=None)), 100),
    ("a week after the last one", who(last_issued_on=date(2026, 11, 14)), 100),
    ("part paid", who("1-101", charge(owed=40, settled=60)), 40),
    ("part let off", who("1-101", charge(owed=40, settled=60, waived=60)), 40),
]


@pytest.mark.parametrize(("what", "candidate", "total"), TAKEN, ids=[case[0] for case in TAKEN])
def test_taken_with_what_is_open(what: str, candidate: NoticeCandidate, total: int) -> None:
    batch = propose([candidate], OPTIONS, PROFILE)
    assert batch.left_out == () and batch.total == total and len(batch.why) == len(batch.notices) == 1
    for line in batch.notices[0].lines:
        assert line.charged - line.received - line.waived == line.owed > 0


def test_what_was_let_off_is_not_said_to_have_been_paid() -> None:
    (notice,) = propose([who("1-101", charge(owed=40, settled=60, waived=35, paid=20))], OPTIONS, PROFILE).notices
    assert [(line.charged, line.received, line.waived, line.owed) for line in notice.lines] == [(100, 25, 35, 40)]


def test_what_is_not_due_yet_is_left_out_and_counted_in_the_reason() -> None:
    """Only who is late may be demanded (民法典 944 (2)); the months to come are not on the paper at all."""
    later = [charge(n, due_on=date(2026, 12, 15), waived=0) for n in (2, 3)]
    batch = propose([who("1-101", charge(due_on=date(2026, 10, 15)), *later, charge(4, hold="在核"))], OPTIONS, PROFILE)
    assert [line.charge_id for line in batch.notices[0].lines] == [1]
    assert batch.why == ("2 笔未到期不列",) and batch.total == batch.notices[0].total == 100


def test_what_is_over_is_left_out_and_said_beside_the_owner() -> None:
    """No paper asks for what limitation has ended (law §13.4): it may be talked about, and stays in the ledger."""
    held = who("1-101", charge(), charge(2), charge(3), over=frozenset({2, 3}), last_issued_on=date(2026, 11, 13))
    batch = propose([held], OPTIONS, PROFILE)
    assert [line.charge_id for line in batch.notices[0].lines] == [1]
    assert batch.why == ("上次 11-13 已满 1 周 · 2 笔已过时效，可协商，不列入",)


def test_within_the_week_only_when_meant() -> None:
    recent = who(last_issued_on=date(2026, 11, 20))
    assert propose([recent], OPTIONS, PROFILE).notices == ()
    assert len(propose([recent], replace(OPTIONS, again_within_week=True), PROFILE).notices) == 1


@pytest.mark.parametrize(
    ("last", "said"), [(13, "已满 1 周"), (14, "已满 1 周"), (15, "还不满 1 周"), (21, "还不满 1 周")]
)
def test_the_reason_says_truly_how_long_ago_the_last_one_was(last: int, said: str) -> None:
    meant = replace(OPTIONS, again_within_week=True)
    (why,) = propose([who(last_issued_on=date(2026, 11, last))], meant, PROFILE).why
    assert f"上次 11-{last} {said}" in why


def test_in_the_order_of_the_delivery_round() -> None:
    rooms = ["10-1-101", "3-2-1502", "商铺A08", "3-2-901", "3-1-2001", "3-2-902"]
    batch = propose([who(room, number=n) for n, room in enumerate(rooms, 1)], OPTIONS, PROFILE)
    order = [notice.room_text for notice in batch.notices]
    assert order.index("3-1-2001") < order.index("3-2-901") < order.index("3-2-902") < order.index("3-2-1502")
    assert order.index("3-2-1502") < order.index("10-1-101")


def test_numbers_are_taken_only_when_issued() -> None:
    assert propose([who()], OPTIONS, PROFILE).notices[0].number == ""


def test_units_of_one_owner_on_one_notice_when_wished() -> None:
    mine = [who("3-2-1502", number=1, owner_id=7), who("3-2-901", number=2, owner_id=7)]
    other = who("3-2-1001", number=3, owner_id=8)
    assert len(propose([*mine, other], OPTIONS, PROFILE).notices) == 3
    merged, alone = propose([*mine, other], replace(OPTIONS, merge_owner=True), PROFILE).notices
    assert merged.rooms == ("3-2-901", "3-2-1502") and merged.total == 200 and alone.rooms == ("3-2-1001",)
    assert merged.account_ids == (2, 1) and [line.room for line in merged.lines] == ["3-2-901", "3-2-1502"]


def test_a_held_unit_does_not_hold_its_owners_other_units() -> None:
    mine = [who("3-2-1502", number=1, owner_id=7, claim_open=True), who("3-2-901", number=2, owner_id=7)]
    batch = propose(mine, replace(OPTIONS, merge_owner=True), PROFILE)
    assert [notice.rooms for notice in batch.notices] == [("3-2-901",)] and len(batch.left_out) == 1


def test_a_firm_is_addressed_without_a_salutation() -> None:
    assert propose([who(name="云间茶事有限公司")], OPTIONS, PROFILE).notices[0].salutation == ""
    assert propose([who()], OPTIONS, PROFILE).notices[0].salutation == "女士"


def test_the_office_is_printed_as_its_profile_says() -> None:
    paper = propose([who()], OPTIONS, PROFILE).notices[0].office
    assert paper == office_on_paper(PROFILE) and (paper.office, paper.phone) == (PROFILE.office, PROFILE.phone)


def test_a_promise_still_to_come_is_said_beside_the_reason() -> None:
    """A demand on the door before the promised day breaks the appointment from our side."""
    batch = propose([who(mark_text="承诺 11-25", overdue_days=128)], OPTIONS, PROFILE)
    assert batch.why == ("承诺 11-25，还没到 · 逾期 128 天",)


@pytest.mark.parametrize(
    ("step", "sensitive", "until", "quiet", "text"),
    [
        (Step.DEMAND, "丧事", date(2026, 12, 10), None, "家里有事（丧事），12-10 前什么也不寄"),
        (Step.DEMAND, "丧事", None, None, "家里有事（丧事），解除前什么也不寄"),
        (Step.DEMAND, "丧事", date(2026, 11, 16), None, ""),
        (Step.LETTER, "", None, Silence(date(2026, 11, 20), "催费函 1 发出，留一周"), "催费函 1 发出，留一周"),
        (Step.COURT, "", None, None, "已到诉讼阶段，往来走法院的程序"),
        (Step.DEMAND, "", None, None, ""),
    ],
)
def test_nothing_goes_to_whom_nothing_may_be_sent(
    step: Step, sensitive: str, until: date | None, quiet: Silence | None, text: str
) -> None:
    assert quiet_text(step, sensitive, until, quiet, date(2026, 11, 17)) == text
