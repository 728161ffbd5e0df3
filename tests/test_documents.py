"""Papers on file, read like the rules: what each kind needs before it is filed, and what it proves for 诉讼时效."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedesk.models.charges import Charge, FeeKind
from feedesk.models.documents import (
    KINDS,
    Background,
    DocumentDraft,
    DocumentLine,
    Mandate,
    Need,
    line_of,
    problems,
    proof_text,
    tidy,
    verdict,
)
from feedesk.models.letters import PaperKind
from feedesk.models.limitation import Evidence, Grade, LimitationLine, Revival, add_years, clock, end_of
from feedesk.models.periods import Period
from feedesk.models.service import DeliveryMethod, ProofFile

K, D = PaperKind, DeliveryMethod
NOW = datetime(2026, 11, 20, 16, 0)
TODAY = NOW.date()
MADE = date(2026, 11, 10)
CASE = "（2026）渝0105民初1234号"
FIRM = "江畔律师事务所"
LINES = (
    DocumentLine(1, 7, "3-2-1502", "物业费 2026年4–6月", 120_000, date(2026, 4, 1)),
    DocumentLine(2, 7, "3-2-1502", "水费 2026年10月", 4_000, date(2026, 10, 1)),
    DocumentLine(3, 8, "3-2-1503", "物业费 2026年4–6月", 90_000, date(2026, 4, 1)),
    DocumentLine(4, 7, "3-2-1502", "旧账 期间待核", 900, None),
)
MANDATE = Mandate(7, FIRM, date(2026, 10, 1), date(2026, 12, 31))


def scan(name: str = "扫描.pdf", at: datetime | None = datetime(2026, 11, 15, 9, 0)) -> ProofFile:
    return ProofFile(name, f"{hash(name):064x}"[-64:], at)


def paper(kind: PaperKind, **more: object) -> DocumentDraft:
    """A paper of a kind with everything it needs."""
    spec = KINDS[kind]
    issuer = {"律师事务所": FIRM, "法院或仲裁委员会": "江北区人民法院"}.get(spec.issuer, "明湖社区")
    draft = DocumentDraft(
        kind=kind,
        account_ids=(7,),
        dated_on=MADE,
        number=CASE if kind is K.ACCEPTED else "第15号",
        issuer=issuer,
        charge_ids=frozenset({1}) if spec.lines is Need.MUST else frozenset(),
        signer="林晓岚",
        confirmed=True,
    )
    return replace(draft, **more)  # type: ignore[arg-type]


def background(*mandates: Mandate) -> Background:
    return Background(TODAY, LINES, mandates or (MANDATE,))


def told(draft: DocumentDraft, *files: ProofFile, known: Background | None = None) -> list[tuple[str, str]]:
    return [(one.field, one.text) for one in problems(draft, files, known or background())]


# --- what each kind needs ---


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_every_kind_is_filed_when_all_it_needs_is_there(kind: PaperKind) -> None:
    assert told(paper(kind), scan()) == []


def test_every_kind_of_paper_but_our_own_demand_can_be_filed() -> None:
    assert set(KINDS) == set(PaperKind) - {K.DEMAND}
    assert told(replace(paper(K.OTHER), kind=K.DEMAND), scan())[0][0] == "kind"


NEEDS = [
    (K.LAWYER, {"number": " "}, "number", "请填律师函编号。"),
    (K.LAWYER, {"issuer": ""}, "issuer", "请填律师事务所。"),
    (K.LAWYER, {"issuer": "安和物业"}, "issuer", "请写律师事务所的全称。"),
    (K.LAWYER, {"issuer": "远山律师事务所"}, "issuer", "存档的委托书是“江畔律师事务所”的，与这份律师函不是同一家。"),
    (K.LAWYER, {"account_ids": (8,), "charge_ids": frozenset({3})}, "issuer", "这一户还没有律师委托书，请先把委托书存档。"),
    (K.LAWYER, {"account_ids": (7, 8)}, "issuer", "这一户还没有律师委托书，请先把委托书存档。"),
    (K.LAWYER, {"dated_on": date(2026, 9, 30)}, "dated_on", "律师函的日期不在委托期内，请核对委托书和律师函。"),
    (K.LAWYER, {"charge_ids": frozenset()}, "charge_ids", "请勾选这份材料列明的账目：只有写明的各期才算数。"),
    (K.MANDATE, {"issuer": ""}, "issuer", "请填律师事务所。"),
    (K.ACCEPTED, {"number": ""}, "number", "请填案号。"),
    (K.ACCEPTED, {"number": "1234"}, "number", "案号要写全，例如（2026）渝0105民初1234号。"),
    (K.ACCEPTED, {"issuer": ""}, "issuer", "请填法院或仲裁委员会。"),
    (K.FILING, {"issuer": "社区"}, "issuer", "请写法院或仲裁委员会的全称。"),
    (K.FILING, {"charge_ids": frozenset()}, "charge_ids", "请勾选这份材料列明的账目：只有写明的各期才算数。"),
    (K.MEDIATION, {"issuer": ""}, "issuer", "请填调解组织。"),
    (K.COMMITTEE, {"issuer": ""}, "issuer", "请填业委会或居委会。"),
    (K.PUBLIC, {"confirmed": False}, "confirmed", "请核对并勾选：公示里没有姓名、电话、房号和单户金额。"),
    (K.ACKNOWLEDGEMENT, {"signer": ""}, "signer", "请写谁签的字。"),
    (K.ACKNOWLEDGEMENT, {"confirmed": False}, "confirmed", "请核对并勾选：本人或书面授权的人所签，写明了所列期间和金额。"),
    (K.ACKNOWLEDGEMENT, {"charge_ids": frozenset()}, "charge_ids", "请勾选这份材料列明的账目：只有写明的各期才算数。"),
    (K.REPLY, {"charge_ids": frozenset()}, "charge_ids", "请勾选这份材料列明的账目：只有写明的各期才算数。"),
    (K.OTHER, {"number": ""}, "number", "请写是什么材料。"),
    (K.LETTER, {"account_ids": ()}, "charge_ids", "请先选这份材料是哪一户的。"),
    (K.LETTER, {"charge_ids": frozenset({3})}, "charge_ids", "所列的账目有的不是这一户的，请重新勾选。"),
    (K.LETTER, {"charge_ids": frozenset({99})}, "charge_ids", "所列的账目有的不是这一户的，请重新勾选。"),
    (K.LETTER, {"dated_on": None}, "dated_on", "请填落款日期。"),
    (K.LETTER, {"dated_on": TODAY + timedelta(days=1)}, "dated_on", "落款日期还没到。"),
    (K.LETTER, {"deadline_on": MADE}, "deadline_on", "付清期限要晚于落款日期。"),
    (K.LETTER, {"sent_on": date(2026, 11, 9)}, "sent_on", "寄出不会早于落款日期。"),
    (K.LETTER, {"sent_on": TODAY + timedelta(days=1)}, "sent_on", "寄出日期还没到。"),
    (K.LETTER, {"dated_on": date(2026, 9, 30), "charge_ids": frozenset({1, 2})}, "charge_ids",
     "2026-09-30 还没有 水费 2026年10月 这笔账，请去掉它，或核对落款日期。"),
    (K.LETTER, {"method": D.EMS_TAKEN, "arrived_on": date(2026, 11, 12)}, "ems_no", "请填 EMS 单号。"),
    (K.LETTER, {"method": D.OWNER, "arrived_on": date(2026, 11, 12), "signer": ""}, "signer", "请写谁签的字。"),
    (K.LETTER, {"method": D.DOOR_WITNESSED, "arrived_on": date(2026, 11, 12)}, "witness", "请写见证人和单位。"),
    (K.LETTER, {"method": D.DOOR}, "arrived_on", "请填送达那天。"),
    (K.LETTER, {"method": D.DOOR, "arrived_on": date(2026, 11, 9)}, "arrived_on", "送达不会早于落款那天（2026-11-10）。"),
    (K.LETTER, {"method": D.DOOR, "arrived_on": TODAY + timedelta(days=1)}, "arrived_on", "送达日期还没到。"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "wrong", "field", "sentence"), NEEDS)
def test_what_is_missing_or_wrong_is_told_with_its_field(
    kind: PaperKind, wrong: dict[str, object], field: str, sentence: str
) -> None:
    assert told(paper(kind, **wrong), scan()) == [(field, sentence)]


def test_of_several_wrong_things_each_is_told() -> None:
    assert [field for field, _ in told(DocumentDraft(K.LAWYER, (7,), None))] == [
        "number", "issuer", "dated_on", "charge_ids", "files",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind, spec in KINDS.items() if spec.files is Need.MUST], ids=str)
def test_what_must_be_seen_needs_its_file(kind: PaperKind) -> None:
    assert told(paper(kind)) == [("files", f"请选{KINDS[kind].what}。")]


@pytest.mark.parametrize("kind", [K.COMMITTEE_REPLY, K.MEDIATION_DONE, K.OTHER], ids=str)
def test_what_may_be_told_in_words_needs_a_file_or_a_note(kind: PaperKind) -> None:
    assert [field for field, _ in told(paper(kind))] == ["note"]
    assert told(paper(kind, note="同意张贴提示")) == []


def test_a_firm_is_known_however_its_brackets_are_typed() -> None:
    held = Mandate(7, "江畔（渝北） 律师事务所", date(2026, 10, 1))
    assert told(paper(K.LAWYER, issuer="江畔(渝北)律师事务所"), scan(), known=background(held)) == []


def test_a_mandate_of_another_year_beside_one_that_runs() -> None:
    old = Mandate(7, FIRM, date(2024, 1, 1), date(2024, 12, 31))
    assert told(paper(K.LAWYER), scan(), known=background(old, MANDATE)) == []


def test_a_line_is_bounded_by_its_first_month_or_its_due_day_whichever_is_earlier() -> None:
    def since(period: str, due_on: date | None) -> date | None:
        months = Period.parse(period) if period else None
        return line_of(Charge(1, 7, "物业费", FeeKind.PROPERTY, months, 100, 0, due_on, False), "1-101").since

    assert since("2026-07..2026-09", date(2026, 7, 15)) == date(2026, 7, 1)
    assert since("2026-07..2026-12", date(2026, 6, 15)) == date(2026, 6, 15), "paid in advance"
    assert since("", date(2026, 6, 15)) == date(2026, 6, 15) and since("", None) is None


def test_what_a_kind_does_not_ask_for_is_not_kept() -> None:
    held = tidy(paper(K.MANDATE, method=D.EMS_TAKEN, ems_no="E", arrived_on=TODAY, sent_on=TODAY, second_staff="苏平"))
    assert (held.method, held.ems_no, held.arrived_on, held.sent_on, held.second_staff, held.signer) == (
        None, "", None, None, "", "",
    )  # fmt: skip
    assert tidy(paper(K.PUBLIC, charge_ids=frozenset({1}), number="9")).charge_ids == frozenset()
    assert tidy(paper(K.FILING, arrived_on=TODAY)).arrived_on == MADE, "its own day counts"


# --- what it proves ---


def proven(draft: DocumentDraft, *files: ProofFile) -> tuple[Grade | None, Revival]:
    found = verdict(draft, files, NOW)
    return found.grade, found.revives


PROVES = [
    (paper(K.ACKNOWLEDGEMENT), Grade.A, Revival.BOTH),
    (paper(K.REPLY), Grade.A, Revival.LENIENT),
    (paper(K.REPLY, confirmed=False), Grade.C, Revival.NONE),
    (paper(K.MEDIATION), Grade.A, Revival.NONE),
    (paper(K.FILING), Grade.A, Revival.NONE),
    (paper(K.ACCEPTED), Grade.A, Revival.NONE),
    (paper(K.LETTER, method=D.EMS_TAKEN, ems_no="E1", arrived_on=MADE), Grade.B, Revival.NONE),
    (paper(K.LAWYER, method=D.EMS_TAKEN, ems_no="E1", arrived_on=MADE), Grade.B, Revival.NONE),
    (paper(K.LAWYER, method=D.EMS_TAKEN, ems_no="E1", arrived_on=MADE, confirmed=False), Grade.C, Revival.NONE),
    (paper(K.FINAL, method=D.OWNER, arrived_on=MADE), Grade.A, Revival.LENIENT),
    (paper(K.PROMPT, method=D.NOTARY, arrived_on=MADE), Grade.A, Revival.NONE),
    (paper(K.PROMPT, method=D.DOOR, arrived_on=MADE), Grade.D, Revival.NONE),
    (paper(K.LETTER), None, Revival.NONE),
    (paper(K.COMMITTEE), None, Revival.NONE),
    (paper(K.COMMITTEE_REPLY), None, Revival.NONE),
    (paper(K.MEDIATION_DONE), None, Revival.NONE),
    (paper(K.MANDATE), None, Revival.NONE),
    (paper(K.PUBLIC), None, Revival.NONE),
    (paper(K.OTHER), None, Revival.NONE),
]


@pytest.mark.parametrize(("draft", "grade", "revives"), PROVES)
def test_what_a_paper_proves(draft: DocumentDraft, grade: Grade | None, revives: Revival) -> None:
    assert proven(draft, scan()) == (grade, revives)


def test_the_owners_act_counts_from_its_own_day_and_a_letter_from_its_arrival() -> None:
    assert tidy(paper(K.ACKNOWLEDGEMENT)).arrived_on == MADE
    letter = tidy(paper(K.LETTER, method=D.OWNER, arrived_on=date(2026, 11, 13)))
    assert letter.arrived_on == date(2026, 11, 13)
    assert tidy(paper(K.LETTER, arrived_on=date(2026, 11, 13))).arrived_on is None, "no way, no arrival"


OLD, LATER = scan("旧照片.jpg", datetime(2026, 11, 9, 23, 59)), scan("钟快了.jpg", NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("kind", "held"),
    [(K.MEDIATION, Grade.D), (K.FILING, Grade.D), (K.ACCEPTED, Grade.D), (K.ACKNOWLEDGEMENT, Grade.C), (K.REPLY, Grade.D)],
)  # fmt: skip
@pytest.mark.parametrize(("file", "flag"), [(OLD, "早于落款（2026-11-10 00:00），不能作凭据"), (LATER, "比现在还晚")])
def test_a_photo_older_than_the_paper_proves_nothing_and_is_flagged(
    kind: PaperKind, held: Grade, file: ProofFile, flag: str
) -> None:
    found = verdict(paper(kind), (file,), NOW)
    assert found.grade is held and flag in found.flags[0] and found.missing and found.revives is Revival.NONE
    assert proven(paper(kind), file, scan())[0] is Grade.A, "one that fits is enough"


def test_a_flag_is_raised_for_papers_that_prove_nothing_too() -> None:
    assert "早于落款" in verdict(paper(K.PUBLIC), (OLD,), NOW).flags[0]


def test_it_says_what_it_is_and_why() -> None:
    assert verdict(paper(K.FILING), (scan(),), NOW).why == "已递交起诉、仲裁或支付令申请（诉讼时效规定 10、11）"
    assert verdict(paper(K.LAWYER), (scan(),), NOW).missing == ("送达的方式、日期和凭据",)
    assert proof_text(paper(K.LAWYER, method=D.EMS_TAKEN)) == "律师函 第15号 EMS 签收"
    assert proof_text(paper(K.ACCEPTED)) == f"立案或受理通知书 {CASE} 江北区人民法院"
    assert paper(K.OTHER, number="房产查询").text == "房产查询"


# --- what always holds: papers and the clock together ---

DAYS = st.dates(date(2016, 1, 1), date(2044, 12, 31))
DRAFTS = st.builds(
    lambda kind, day, arrived, way, ids, told: replace(
        paper(kind),
        dated_on=day,
        arrived_on=arrived,
        method=way,
        ems_no="E1",
        witness="苏平",
        charge_ids=frozenset(ids),
        confirmed=told,
    ),
    st.sampled_from(list(KINDS)),
    DAYS,
    DAYS,
    st.one_of(st.none(), st.sampled_from(DeliveryMethod)),
    st.sets(st.integers(1, 4)),
    st.booleans(),
)


def evidence(draft: DocumentDraft, files: tuple[ProofFile, ...]) -> list[Evidence]:
    """What the clock is given of a paper on file."""
    held, found = tidy(draft), verdict(draft, files, datetime(2045, 1, 1))
    if found.grade is None:
        return []
    return [Evidence(proof_text(held), found.grade, held.arrived_on, held.charge_ids, found.revives)]


FILES = st.lists(st.builds(scan, st.sampled_from("abc"), st.one_of(st.none(), st.datetimes(datetime(2016, 1, 1), datetime(2044, 12, 31)))), max_size=3).map(tuple)  # fmt: skip


@given(DAYS, st.lists(st.tuples(DRAFTS, FILES), max_size=6), DAYS)
def test_papers_never_shorten_a_clock_and_never_carry_it_past_twenty_years(
    due: date, on_file: list[tuple[DocumentDraft, tuple[ProofFile, ...]]], today: date
) -> None:
    found = clock(LimitationLine(1, True, due), [one for each in on_file for one in evidence(*each)], today)
    assert found.conservative is not None and found.lenient is not None
    for course in (found.conservative, found.lenient):
        assert min(end_of(due), add_years(due, 20)) <= course.expires_on <= add_years(due, 20)
    assert found.conservative.expires_on <= found.lenient.expires_on


@given(DAYS, st.lists(st.tuples(DRAFTS, FILES), max_size=6), DAYS)
def test_papers_that_list_other_lines_never_move_a_line(
    due: date, on_file: list[tuple[DocumentDraft, tuple[ProofFile, ...]]], today: date
) -> None:
    line = LimitationLine(1, True, due)
    others = [(replace(draft, charge_ids=draft.charge_ids - {1}), files) for draft, files in on_file]
    assert clock(line, [one for each in others for one in evidence(*each)], today) == clock(line, [], today)


@given(st.tuples(DRAFTS, FILES))
def test_a_paper_that_proves_nothing_says_why_and_one_that_counts_has_its_day(
    on_file: tuple[DocumentDraft, tuple[ProofFile, ...]],
) -> None:
    draft, files = on_file
    found = verdict(draft, files, datetime(2045, 1, 1))
    assert found.why
    if found.revives is not Revival.NONE:
        assert found.grade is Grade.A and tidy(draft).arrived_on is not None
