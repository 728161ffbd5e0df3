"""收据 and 分期付款协议 of a real office: paper and record in one act, printed again as they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from errno import ENOSPC
from pathlib import Path

import pytest

from feedesk.errors import BadInput, DiskFull
from feedesk.models.ledger.payments import PaymentDraft, PaymentShare, PayMethod
from feedesk.models.office import Role
from feedesk.models.store import Office
from feedesk.models.store.backups import evidence_of
from feedesk.reports.fonts import Fonts
from feedesk.tasks.agreements import agreement_file_name, agreement_pdf, draft_agreement_bytes
from feedesk.tasks.receipts import receipts_pdf
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.paper_samples import squeezed, texts
from tests.store_tools import assert_sound

ROOM, OTHER = "3-2-1502", "3-2-1503"
TODAY = date(2026, 11, 17)
PIN = "2468"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    office = new_office(tmp_path, clock)
    july, august = ("管理费", "2026-07", 100_000), ("管理费", "2026-08", 100_000)
    import_list(office, listed(ROOM, "林晓岚", july, august, ("水费", "2026-07", 4_000)), listed(OTHER, "何敏", july))
    office.staff.set_pin(office.staff.add("程远", "程经理", Role.MANAGER), PIN)
    clock.forward(minutes=1)
    yield office
    assert_sound(office)
    office.close()


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts(installed=())


def pay(office: Office, amount: int, room: str = ROOM, *, agreed: bool = False) -> int:
    share = PaymentShare(ids_by_room(office)[room], amount)
    return office.payments.take(
        PaymentDraft(TODAY, amount, PayMethod.WECHAT, (share,), reference="W1", prepay_agreed=agreed)
    ).record_id


def read(path: Path) -> str:
    return squeezed("".join(texts(path.read_bytes())))


def issued(office: Office) -> list[str]:
    return [payment.receipt_no for payment in reversed(office.payments.taken_between(TODAY, TODAY))]


# --- receipts ---


def test_a_receipt_says_what_the_payment_paid(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    """1,000.00 of July, 40.00 of water of July, 960.00 of August."""
    target = tmp_path / "收据.pdf"
    receipts_pdf(office, [pay(office, 200_000)], target, fonts)
    text = read(target)
    assert "SJ2026-00001" in text and "缴费人林晓岚" in text and "微信流水号W1" in text
    assert text.count("管理费2026年7月1,000.00") == text.count("水费2026年7月40.00") == 2
    assert text.count("管理费2026年8月（部分，还欠40.00元）960.00") == text.count("¥2,000.00") == 2
    assert issued(office) == ["SJ2026-00001"]


def test_what_is_left_over_stands_as_prepayment(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    target = tmp_path / "收据.pdf"
    receipts_pdf(office, [pay(office, 120_000, OTHER, agreed=True)], target, fonts)
    assert read(target).count("预缴200.00") == 2


def test_what_finance_has_booked_already_is_said_as_the_payer_sees_it(
    office: Office, tmp_path: Path, fonts: Fonts
) -> None:
    """Paid on the 12th: the list of the 13th knows of it."""
    share = PaymentShare(ids_by_room(office)[ROOM], 5_000)
    draft = PaymentDraft(date(2026, 11, 12), 5_000, PayMethod.TRANSFER, (share,), reference="W1")
    receipts_pdf(office, [office.payments.take(draft).record_id], tmp_path / "收据.pdf", fonts)
    text = read(tmp_path / "收据.pdf")
    assert text.count("此前的欠费（财务已入账）50.00") == 2 and "清单" not in text


def test_several_at_once_are_numbered_in_order_in_one_file(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    ids = [pay(office, 1_000), pay(office, 2_000, OTHER), pay(office, 3_000)]
    seen: list[tuple[int, int]] = []
    receipts_pdf(office, ids, tmp_path / "收据.pdf", fonts, lambda *at: seen.append(at))
    pages = texts((tmp_path / "收据.pdf").read_bytes())
    assert [f"SJ2026-0000{at}" in page for at, page in enumerate(pages, start=1)] == [True] * 3
    assert seen == [(1, 3), (2, 3), (3, 3)] and issued(office) == ["SJ2026-00001", "SJ2026-00002", "SJ2026-00003"]


def test_printed_again_it_says_so_and_nothing_else_changes(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    payment = pay(office, 1_000)
    receipts_pdf(office, [payment], tmp_path / "一.pdf", fonts)
    pay(office, 2_000)
    receipts_pdf(office, [payment], tmp_path / "二.pdf", fonts)
    first, second = read(tmp_path / "一.pdf"), read(tmp_path / "二.pdf")
    assert second.count("补打·第2次打印") == 2 and second.replace("补打·第2次打印", "") == first
    assert issued(office) == ["SJ2026-00001", ""]


def test_after_a_reversal_the_reprint_is_void_and_no_first_one_is_made(
    office: Office, tmp_path: Path, fonts: Fonts
) -> None:
    payment, other = pay(office, 1_000), pay(office, 2_000)
    receipts_pdf(office, [payment], tmp_path / "一.pdf", fonts)
    for each in (payment, other):
        office.payments.reverse(each, "记错房号")
    receipts_pdf(office, [payment], tmp_path / "二.pdf", fonts)
    assert read(tmp_path / "二.pdf").count("已冲正作废") == 2
    with pytest.raises(BadInput, match="已冲正"):
        receipts_pdf(office, [other], tmp_path / "三.pdf", fonts)
    assert not (tmp_path / "三.pdf").exists()


def _full(_done: int, _count: int) -> None:
    raise OSError(ENOSPC, "No space left on device")


def test_a_full_disk_takes_no_number_and_leaves_no_file(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    payment = pay(office, 1_000)
    target = tmp_path / "收据.pdf"
    target.write_bytes(b"an earlier one")
    with pytest.raises(DiskFull, match="收据没有写成"):
        receipts_pdf(office, [payment], target, fonts, _full)
    assert target.read_bytes() == b"an earlier one" and not list(tmp_path.glob("*.part"))
    assert issued(office) == [""] and not list(evidence_of(office.path).glob("*.pdf"))
    receipts_pdf(office, [payment], target, fonts)
    assert issued(office) == ["SJ2026-00001"] and not list(tmp_path.glob("*.feedesk-old"))
    assert [kept.read_bytes() for kept in evidence_of(office.path).glob("*.pdf")] == [target.read_bytes()]


def test_a_paper_never_replaces_the_office(office: Office, fonts: Fonts) -> None:
    with pytest.raises(BadInput, match="办公室文件"):
        receipts_pdf(office, [pay(office, 1_000)], office.path, fonts)


# --- agreements ---


def test_the_agreement_of_a_plan_stays_what_was_signed(
    office: Office, tmp_path: Path, fonts: Fonts, clock: Clock
) -> None:
    account = ids_by_room(office)[ROOM]
    draft = office.plans.propose([account], 3, date(2026, 11, 30))
    before = squeezed("".join(texts(draft_agreement_bytes(office, draft, fonts))))
    assert "No." not in before and "第1期2026年11月30日陆佰捌拾元整680.00" in before
    plan = office.plans.agree(draft, office.staff.all()[-1], PIN).record_id
    agreement = agreement_pdf(office, plan, tmp_path / "一.pdf", fonts)
    first = read(tmp_path / "一.pdf")
    assert "No.FQ2026-00001" in first and first.count("批准人程远") == 2 and first.count("¥2,040.00") == 4
    clock.forward(days=1)
    pay(office, 68_000)
    agreement_pdf(office, plan, tmp_path / "二.pdf", fonts)
    assert (tmp_path / "二.pdf").read_bytes() == (tmp_path / "一.pdf").read_bytes()
    assert agreement_file_name(agreement) == "分期付款协议-FQ2026-00001.pdf"
    assert len(list(evidence_of(office.path).glob("*.pdf"))) == 1


def test_no_plan_no_paper(office: Office, tmp_path: Path, fonts: Fonts) -> None:
    with pytest.raises(BadInput, match="找不到这份分期协议"):
        agreement_pdf(office, 7, tmp_path / "协议.pdf", fonts)
    assert list(tmp_path.glob("协议*")) == []
