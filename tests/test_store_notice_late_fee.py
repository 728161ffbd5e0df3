"""催款单 with late fee on a real office: reckoned again as they are issued, signed where law §13.6 asks for it, frozen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from feedesk.errors import BadInput
from feedesk.models.ledger.late_fee import LateFeeCap, LateFeePolicy, LateFeeVerdict, LprRate
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.ledger.waivers import WaiverDraft, WaiverKind, WaiverTarget
from feedesk.models.notices import LateFeeOverride, NoticeBatch, NoticeData
from feedesk.models.office import Role, Signature, Staff
from feedesk.models.store import Office, backups
from feedesk.reports.fonts import Fonts
from feedesk.tasks.notices import PaperOptions, default_options, issue_pdf, propose_batch, reprint_pdf
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.paper_samples import squeezed, texts
from tests.store_tools import assert_sound, behind_the_back

ROOM, OTHER = "3-2-1502", "3-2-1503"
JULY, AUGUST = ("管理费", "2026-07", 100_000), ("管理费", "2026-08", 100_000)
WATER = ("水费", "2026-07", 4_000)
TODAY = date(2026, 11, 17)
BY_LPR = LateFeePolicy("第十二条", 500)
BY_CONTRACT = LateFeePolicy("第十二条", 500, cap=LateFeeCap.PRINCIPAL)
STEEP = LateFeePolicy("第十二条", 3_000, cap=LateFeeCap.PRINCIPAL)
PIN = "2468"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = new_office(tmp_path, clock)
    import_list(office, listed(ROOM, "林晓岚", JULY, AUGUST, WATER), listed(OTHER, "何敏", JULY))
    office.late_fees.save_lpr([LprRate(date(2025, 5, 20), 300)])
    office.late_fees.save_policy(BY_LPR)
    manager, leader = office.staff.add("程远", "程经理", Role.MANAGER), office.staff.add("白露", "白组长", Role.LEADER)
    office.staff.set_pin(manager, PIN)
    office.staff.set_pin(leader, PIN, Signature(manager, PIN))
    clock.forward(minutes=1)
    yield office
    assert_sound(office)
    office.close()


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts(installed=())


def person(office: Office, name: str) -> Staff:
    return next(person for person in office.staff.all() if person.name == name)


def signed(office: Office, name: str = "程远", pin: str = PIN, reason: str = "合同约定明确") -> LateFeeOverride:
    return LateFeeOverride(person(office, name), pin, reason)


def proposed(office: Office, fonts: Fonts, *, late_fee: bool = True) -> NoticeBatch:
    options = replace(default_options(office), late_fee=late_fee)
    return propose_batch(office, ids_by_room(office).values(), options, fonts)


def write(office: Office, notices: tuple[NoticeData, ...], folder: Path, fonts: Fonts, override: LateFeeOverride | None = None) -> Path:  # fmt: skip
    target = folder / "催款单.pdf"
    issue_pdf(office, notices, target, PaperOptions(door_back=False), fonts, None, override)
    return target


def refused(office: Office, notices: tuple[NoticeData, ...], folder: Path, fonts: Fonts, override: LateFeeOverride | None = None) -> str:  # fmt: skip
    """The sentence; and nothing was numbered, written or kept."""
    with pytest.raises(BadInput) as caught:
        write(office, notices, folder, fonts, override)
    assert office.notices.batches() == [] and list(folder.glob("催款单*")) == []
    return str(caught.value)


# 1,000.00 × 125 and × 94 days × 3.90 % ÷ 365: 13.3562 and 10.0438; × 0.5 ‰: 62.50 and 47.00


def test_it_is_printed_recorded_and_frozen_beside_the_principal(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    batch = proposed(office, fonts)
    pages = texts(write(office, batch.notices, tmp_path, fonts).read_bytes())
    assert squeezed("违约金小计 23.40") in squeezed(pages[0]) and squeezed("¥2,063.40") in squeezed(pages[0])
    assert squeezed("违约金小计 13.36") in squeezed(pages[1]) and squeezed("¥1,013.36") in squeezed(pages[1])
    (run,) = office.notices.batches()
    assert (run.total, run.late_fee, run.override) == (304_000, 3_676, "")
    assert [notice.total for notice in office.notices.of_batch(run.id)] == [204_000, 100_000]


def test_a_reprint_says_the_same_whatever_has_changed_since(
    office: Office, tmp_path: Path, fonts: Fonts, clock: Clock
) -> None:
    write(office, proposed(office, fonts).notices, tmp_path, fonts)
    clock.forward(days=20)
    office.late_fees.save_policy(LateFeePolicy())
    ids = [notice.id for notice in office.notices.of_batch(office.notices.batches()[0].id)]
    reprint_pdf(office, ids, tmp_path / "补打.pdf", PaperOptions(door_back=False), fonts)
    page = squeezed(texts((tmp_path / "补打.pdf").read_bytes())[0])
    assert "补打" in page and "违约金小计23.40" in page and "计至2026年11月17日" in page
    assert [notice.late_fee and notice.late_fee.amount for notice in office.notices.frozen(ids)] == [2_340, 1_336]


def test_a_line_whose_time_is_over_is_asked_for_neither_with_principal_nor_with_late_fee(
    office: Office, tmp_path: Path, fonts: Fonts
) -> None:
    import_list(office, listed("3-2-1504", "曾乐", ("管理费", "2023-07", 70_000), JULY), full=False, file="二.xlsx")
    options = replace(default_options(office), late_fee=True)
    batch = propose_batch(office, [ids_by_room(office)["3-2-1504"]], options, fonts)
    assert "1 笔已过时效，可协商，不列入" in batch.why[0]
    assert batch.notices[0].late_fee is not None and batch.notices[0].late_fee.amount == 1_336
    write(office, batch.notices, tmp_path, fonts)
    (run,) = office.notices.batches()
    assert (run.total, run.late_fee) == (100_000, 1_336)


def test_not_listed_it_is_neither_printed_nor_recorded(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    target = write(office, proposed(office, fonts, late_fee=False).notices, tmp_path, fonts)
    assert all("未计违约金" in page for page in texts(target.read_bytes()))
    assert office.notices.batches()[0].late_fee == 0


def test_above_lpr_nothing_goes_out_without_a_managers_word(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    office.late_fees.save_policy(BY_CONTRACT, Signature(person(office, "程远"), PIN))
    notices = proposed(office, fonts).notices
    assert {notice.late_fee.verdict for notice in notices if notice.late_fee} == {LateFeeVerdict.NEEDS_OVERRIDE}
    for override, sentence in (
        (None, "2 张催款单的违约金高于 LPR×1.3，没有出"),
        (signed(office, reason="  "), "写明理由"),
        (signed(office, pin="1357"), "签字密码不对"),
        (signed(office, "白露"), "组团负责人"),
        (signed(office, "许宁", ""), "客服"),
    ):
        assert sentence in refused(office, notices, tmp_path, fonts, override)


def test_the_managers_word_stands_with_the_batch_and_in_the_log(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    office.late_fees.save_policy(BY_CONTRACT, Signature(person(office, "程远"), PIN))
    target = write(office, proposed(office, fonts).notices, tmp_path, fonts, signed(office))
    (run,) = office.notices.batches()
    assert (run.late_fee, run.override) == (10_950 + 6_250, "程远：合同约定明确")
    log = "SELECT d.detail FROM audit a JOIN audit_details d ON d.seq = a.seq WHERE a.what = '出催款单'"
    details = [row[0] for row in office.session.conn.execute(log)]
    assert len(details) == 1 and "程远" in details[0] and "合同约定明确" in details[0] and PIN not in details[0]
    assert "合同约定明确" not in "".join(texts(target.read_bytes()))


def test_a_rate_above_24_percent_prints_no_late_fee_at_all(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    notices = proposed(office, fonts).notices
    office.late_fees.save_policy(STEEP, Signature(person(office, "程远"), PIN))
    batch = proposed(office, fonts)
    assert batch.notices == () and all("不能打印" in left.reason for left in batch.left_out)
    forged = tuple(replace(n, late_fee=n.late_fee and replace(n.late_fee, amount=30_000)) for n in notices)
    assert "没有出" in refused(office, forged, tmp_path, fonts, signed(office))
    assert len(proposed(office, fonts, late_fee=False).notices) == 2


def _another_policy(office: Office) -> None:
    office.late_fees.save_policy(replace(BY_LPR, grace_days=10))


def _switched_off(office: Office) -> None:
    office.late_fees.save_policy(LateFeePolicy())


def _another_lpr(office: Office) -> None:
    office.late_fees.save_lpr([LprRate(date(2025, 5, 20), 310)])


def _let_off(office: Office) -> None:
    draft = WaiverDraft(
        ids_by_room(office)[ROOM], WaiverTarget.LATE_FEE, WaiverKind.WAIVER, 500, None, TODAY, "首次逾期", "业主本人"
    )
    office.waivers.grant(draft, person(office, "程远"), PIN)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [(_another_policy, "刚有变动"), (_switched_off, "已经停用"), (_another_lpr, "刚有变动"), (_let_off, "刚有变动")],
)  # fmt: skip
def test_what_changed_since_the_preview_is_not_printed(change, sentence, office: Office, tmp_path: Path, fonts: Fonts) -> None:  # type: ignore[no-untyped-def] # fmt: skip
    notices = proposed(office, fonts).notices
    change(office)
    assert sentence in refused(office, notices, tmp_path, fonts)


def test_let_off_it_is_asked_for_no_more(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    _let_off(office)
    page = squeezed(texts(write(office, proposed(office, fonts).notices, tmp_path, fonts).read_bytes())[0])
    assert "减去已减免、已缴的违约金−5.00违约金小计18.40" in page


def test_accounts_in_a_kept_plan_are_left_out(office: Office, fonts: Fonts) -> None:
    draft = office.plans.propose([ids_by_room(office)[ROOM]], 2, date(2026, 11, 30))
    office.plans.agree(draft, person(office, "程远"), PIN)
    (left,) = proposed(office, fonts).left_out
    assert left.room == ROOM and left.reason.startswith("分期中：第 1/2 期") and left.mark == "promised"


def test_what_an_owner_has_paid_beforehand_on_another_unit_is_told(
    office: Office, tmp_path: Path, fonts: Fonts
) -> None:
    ids = ids_by_room(office)
    office.accounts.join([ids[ROOM], ids[OTHER]])
    share = PaymentShare(ids[OTHER], 120_000)
    office.payments.take(PaymentDraft(TODAY, 120_000, PayMethod.WECHAT, (share,), prepay_agreed=True))
    batch = proposed(office, fonts)
    assert [(notice.rooms, notice.prepaid) for notice in batch.notices] == [((ROOM,), 20_000)]
    page = squeezed(texts(write(office, batch.notices, tmp_path, fonts).read_bytes())[0])
    assert "另有预缴¥200.00尚未抵用" in page


def test_a_payment_in_doubt_keeps_the_notice_back(office: Office, fonts: Fonts, clock: Clock) -> None:
    """Paid on the 14th, while finance's list of the 16th still names the debt."""
    account = ids_by_room(office)[OTHER]
    share = PaymentShare(account, 100_000)
    office.payments.take(PaymentDraft(date(2026, 11, 14), 100_000, PayMethod.TRANSFER, (share,)))
    clock.forward(minutes=1)
    import_list(
        office, listed(ROOM, "林晓岚", JULY, AUGUST, WATER), listed(OTHER, "何敏", JULY, AUGUST), as_of=date(2026, 11, 16), file="新.xlsx"
    )  # fmt: skip
    (left,) = [left for left in proposed(office, fonts).left_out if left.room == OTHER]
    assert "核对清楚前不催" in left.reason and left.mark == "verify"


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE notices SET late_fee = late_fee + 1 WHERE id = 1", "通知 1 的违约金与留底不符"),
        ("UPDATE notice_batches SET override_reason = ''", "批次 1 的违约金高于 LPR×1.3，却没有项目经理放行的记录"),
    ],
)
def test_check_finds_what_somebody_did_behind_the_programs_back(
    sql: str, words: str, tmp_path: Path, fonts: Fonts
) -> None:
    office = new_office(tmp_path, Clock())
    import_list(office, listed(ROOM, "林晓岚", JULY))
    office.late_fees.save_lpr([LprRate(date(2025, 5, 20), 300)])
    office.late_fees.save_policy(BY_CONTRACT)
    office.staff.set_pin(office.staff.add("程远", "程经理", Role.MANAGER), PIN)
    write(office, proposed(office, fonts).notices, tmp_path, fonts, signed(office))
    office.close()
    assert backups.check(office.path) == []
    with behind_the_back(office.path) as conn:
        conn.execute(sql)
    assert words in backups.check(office.path)
