"""异议与遗留 on record: what is held leaves papers and calls, the rest goes on, and the owner is told before it ends."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedesk.errors import BadInput
from feedesk.models.accounts import MarkKind, WorkGroup
from feedesk.models.changes import Changes
from feedesk.models.contacts import Channel, ContactDraft, Outcome
from feedesk.models.disputes import (
    DISPUTE_KINDS,
    DisputeChange,
    DisputeDraft,
    DisputeOutcome,
    DisputeState,
    Scope,
    held_sum,
)
from feedesk.models.guard import Rule
from feedesk.models.store import Office, backups, dispute_records
from feedesk.models.store.held import HOLDING
from feedesk.models.timeline import EntryKind
from tests.office_tools import NOON, Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound, behind_the_back, contact, propose_rooms

FEE, WATER = 107_940, 3_120
ROOM = "1-101"


class Desk:
    """An office with an account of two lines and another one, and short words for what is seen of the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.office = new_office(folder, self.clock)
        import_list(
            self.office,
            listed(ROOM, "林晓岚", ("管理费", "2026-07..2026-09", FEE), ("水费", "2026-09", WATER)),
            listed("1-102", "何敏"),
        )
        self.a = ids_by_room(self.office)[ROOM]
        self.b = ids_by_room(self.office)["1-102"]

    def line(self, item: str) -> int:
        return next(charge.id for charge in self.office.accounts.charges(self.a) if charge.item == item)

    def draft(self, kind: str = "金额不符", *items: str, **more: object) -> DisputeDraft:
        ids = tuple(self.line(item) for item in items)
        return DisputeDraft(self.a, kind, "财务部", "水表读数不对", ids, **more)  # type: ignore[arg-type]

    def open(self, kind: str = "金额不符", *items: str, **more: object) -> int:
        return self.office.disputes.open(self.draft(kind, *items, **more)).record_id

    def log(self, **more: object) -> Changes:
        base = contact(self.a, at=self.clock(), outcome=Outcome.DISPUTE, said="水费多算了")
        fields = {name: getattr(base, name) for name in base.__dataclass_fields__}
        return self.office.contacts.add(ContactDraft(**(fields | {"dispute_kind": "金额不符"} | more)))

    def held(self) -> dict[str, str]:
        return {one.item: one.hold for one in self.office.accounts.charges(self.a) if one.hold}

    def on_paper(self) -> list[str]:
        return [line.item for notice in propose_rooms(self.office, [ROOM], date(2026, 11, 20)) for line in notice.lines]

    @property
    def row(self):  # type: ignore[no-untyped-def]
        return self.office.accounts.some([self.a])[self.a]

    def titles(self) -> list[str]:
        return [one.title for one in self.office.history.of(self.a) if one.kind is EntryKind.DISPUTE]


@pytest.fixture
def desk(tmp_path: Path):  # type: ignore[no-untyped-def]
    made = Desk(tmp_path)
    yield made
    assert_sound(made.office)
    made.office.close()


# ---- what leaves papers and calls -----------------------------------------------------------------------------------


def test_a_line_in_dispute_leaves_the_paper_while_the_others_go_on(desk: Desk) -> None:
    assert desk.on_paper() == ["管理费", "水费"]
    desk.open("金额不符", "水费")
    assert desk.held() == {"水费": "金额不符异议，11-24 复查"}
    assert desk.on_paper() == ["管理费"]
    assert desk.row.mark is MarkKind.OPEN and desk.a in desk.office.accounts.worklist().ids(), "the rest is asked for"


def test_an_account_in_dispute_leaves_all(desk: Desk) -> None:
    desk.open("服务不满")
    assert desk.on_paper() == [] and desk.held() == {}
    assert desk.row.mark is MarkKind.HOLD and desk.a not in desk.office.accounts.worklist().ids()
    (candidate,) = desk.office.figures.notice_candidates([desk.a])
    assert candidate.dispute_hold == "服务不满异议未解决，暂缓到 11-24"


def test_one_objection_about_two_lines_is_one_matter(desk: Desk) -> None:
    dispute_id = desk.open("收费标准", "管理费", "水费")
    (row,) = desk.office.disputes.all()
    assert (row.held, row.dispute.holds, row.dispute.about_text()) == (FEE + WATER, Scope.LINES, "2 笔")
    assert desk.row.mark is MarkKind.HOLD, "every line is held: nothing is left to ask for"
    desk.office.disputes.change(dispute_id, DisputeChange(hold=False))
    assert desk.held() == {} and desk.office.disputes.all()[0].held == 0
    desk.office.disputes.resolve(dispute_id, DisputeOutcome.EXPLAINED, "说清了")
    desk.office.disputes.report_back(dispute_id, "电话")
    assert desk.office.disputes.all() == []


@pytest.mark.parametrize(
    ("kind", "is_ours", "after_resolving"),
    [
        pytest.param(
            "金额不符",
            None,
            {"水费": "金额不符异议已处理，先回复业主"},
            id="a question of amounts until the owner is told",
        ),
        pytest.param("金额不符", True, {"水费": "金额不符异议已处理，先回复业主"}, id="our fault only when told"),
        pytest.param("房屋质量", False, {"水费": "房屋质量异议已处理，先回复业主"}, id="a defect as well"),
    ],
)
def test_held_until_the_owner_is_told(
    desk: Desk, kind: str, is_ours: bool | None, after_resolving: dict[str, str]
) -> None:
    dispute_id = desk.open(kind, "水费", is_ours=is_ours)
    desk.clock.forward(days=1)
    desk.office.disputes.resolve(dispute_id, DisputeOutcome.CORRECTED, "改好了")
    assert desk.held() == after_resolving
    assert desk.row.group is WorkGroup.REVIEW and "先回复业主" in desk.row.why
    desk.office.disputes.report_back(dispute_id, "电话", "满意")
    assert desk.held() == {} and desk.on_paper() == ["管理费", "水费"]
    assert desk.row.group is not WorkGroup.REVIEW


def test_an_account_is_held_by_our_fault_until_the_owner_is_told(desk: Desk) -> None:
    dispute_id = desk.open("房屋质量")
    desk.office.disputes.resolve(dispute_id, DisputeOutcome.MENDED, "外墙补好")
    (candidate,) = desk.office.figures.notice_candidates([desk.a])
    assert candidate.dispute_hold == "房屋质量异议已处理，先回复业主再催"
    assert desk.on_paper() == [] and desk.row.group is WorkGroup.REVIEW
    desk.office.disputes.report_back(dispute_id, "当面")
    assert desk.on_paper() == ["管理费", "水费"]


def test_the_review_of_a_line_brings_the_account_up(desk: Desk) -> None:
    desk.office.contacts.add(
        contact(desk.a, at=desk.clock(), outcome=Outcome.NO_DAY, next_at=NOON + timedelta(days=30))
    )
    desk.open("金额不符", "水费")
    assert desk.row.group is None
    desk.clock.forward(days=7)
    desk.office.roll_day()
    assert desk.row.group is WorkGroup.REVIEW and desk.row.why.startswith("有异议到了复查的日子（11-24）")
    desk.office.disputes.change(desk.office.disputes.all()[0].dispute.id, DisputeChange(review_on=date(2026, 12, 1)))
    assert desk.row.group is None


def test_a_lump_in_dispute_holds_its_months_once_it_is_split(desk: Desk) -> None:
    dispute_id = desk.open("收费标准", "管理费")
    lump = desk.line("管理费")
    desk.office.splits.split(lump)
    months = [one for one in desk.office.accounts.charges(desk.a) if one.item == "管理费"]
    assert len(months) == 3 and {one.dispute_id for one in months} == {dispute_id}
    (row,) = desk.office.disputes.all()
    assert row.held == FEE and desk.on_paper() == ["水费"]
    desk.office.splits.undo(lump)
    assert desk.held() == {"管理费": "收费标准异议，11-24 复查"} and desk.office.disputes.all()[0].held == FEE


def test_a_line_held_by_hand_stays_held_when_its_objection_ends(desk: Desk) -> None:
    desk.office.accounts.hold_line(desk.line("水费"), "等财务改账")
    dispute_id = desk.open("金额不符", "水费")
    desk.office.disputes.resolve(dispute_id, DisputeOutcome.UNFOUNDED, "已书面答复")
    desk.office.disputes.report_back(dispute_id, "书面")
    assert desk.held() == {"水费": "等财务改账"}


ACTS = ("resolve", "report", "reopen", "hold", "free", "ours", "theirs")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([kind.label for kind in DISPUTE_KINDS]), st.sampled_from(["", "管理费", "水费"])),
        max_size=3,
    ),
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from(ACTS)), max_size=8),
)
def test_whatever_happens_to_objections_nothing_owed_is_lost(
    opened: list[tuple[str, str]], acts: list[tuple[int, str]]
) -> None:
    """Asked for and held make up what is owed; the rule in words and the one in SQL agree; the end restores all."""
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        office, ids = desk.office, []
        for kind, item in opened:
            try:
                ids.append(desk.open(kind, *([item] if item else [])))
            except BadInput as refused:
                assert "在办" in refused.text
        do: dict[str, Callable[[int], Changes]] = {
            "resolve": lambda one: office.disputes.resolve(one, DisputeOutcome.EXPLAINED, "说清了"),
            "report": lambda one: office.disputes.report_back(one, "电话"),
            "reopen": lambda one: office.disputes.reopen(one, "还不满意"),
            "hold": lambda one: office.disputes.change(one, DisputeChange(hold=True)),
            "free": lambda one: office.disputes.change(one, DisputeChange(hold=False)),
            "ours": lambda one: office.disputes.change(one, DisputeChange(is_ours=True)),
            "theirs": lambda one: office.disputes.change(one, DisputeChange(is_ours=False)),
        }
        for place, act in acts:
            if place < len(ids):
                try:
                    do[act](ids[place])
                except BadInput as refused:
                    assert refused.text
            charges = office.accounts.charges(desk.a)
            asked = sum(one.owed for one in charges if not one.hold)
            assert asked + held_sum(charges) == FEE + WATER == desk.row.owed
            _rules_agree(office)
        for one in office.disputes.running(desk.a):
            if one.state is DisputeState.OPEN:
                office.disputes.resolve(one.id, DisputeOutcome.EXPLAINED, "说清了")
            office.disputes.report_back(one.id, "电话")
        assert desk.on_paper() == ["管理费", "水费"] and desk.row.mark is MarkKind.OPEN
        assert_sound(office)
        office.close()


def _rules_agree(office: Office) -> None:
    holding = {row[0] for row in office.session.conn.execute(f"SELECT id FROM disputes d WHERE {HOLDING}")}
    for one in dispute_records.read(office.session.conn):
        assert (one.id in holding) is (one.holds is not Scope.NOTHING), one


# ---- out of a contact -----------------------------------------------------------------------------------------------


def test_a_contact_about_lines_holds_them_only(desk: Desk) -> None:
    desk.log(dispute_lines=(desk.line("水费"),), dispute_written=True, dispute_department="财务部")
    (one,) = desk.office.disputes.of_account(desk.a)
    assert (one.note, one.is_written, one.department, one.opened_by) == ("水费多算了", True, "财务部", "许宁")
    assert one.review_on == date(2026, 11, 24) and desk.on_paper() == ["管理费"]


def test_what_the_owner_says_again_goes_on_the_record_of_the_first(desk: Desk) -> None:
    first = desk.log(dispute_lines=(desk.line("水费"),))
    desk.clock.forward(days=1)
    desk.log(dispute_lines=(desk.line("水费"),))
    (one,) = desk.office.disputes.of_account(desk.a)
    assert [event.text for event in one.events] == ["业主再次提出：水费多算了"]
    desk.office.contacts.void(first.record_id, "记错了")
    assert desk.held() == {"水费": "金额不符异议，11-24 复查"}, "the owner has said it since"


def test_a_new_line_beside_one_in_hand_is_a_new_matter(desk: Desk) -> None:
    desk.log(dispute_lines=(desk.line("水费"),))
    desk.clock.forward(days=1)
    desk.log(dispute_lines=(desk.line("水费"), desk.line("管理费")))
    assert [one.about_text() for one in desk.office.disputes.of_account(desk.a)] == [
        "2026年7–9月 管理费",
        "2026年9月 水费",
    ]


def test_a_voided_contact_takes_its_objection_along(desk: Desk) -> None:
    logged = desk.log(dispute_lines=(desk.line("水费"), desk.line("管理费")))
    desk.office.contacts.void(logged.record_id, "记错了户")
    assert desk.held() == {} and desk.office.disputes.all(open_only=False) == [] and desk.titles() == []


def test_lines_of_another_owner_are_refused(desk: Desk) -> None:
    other = desk.office.accounts.charges(desk.b)[0].id
    with pytest.raises(BadInput, match="不属于"):
        desk.log(dispute_lines=(other,))
    assert desk.office.contacts.of(desk.a) == [] and desk.office.disputes.all() == []


# ---- following ------------------------------------------------------------------------------------------------------


def test_every_step_stands_on_record_and_in_the_timeline(desk: Desk) -> None:
    dispute_id = desk.open("服务不满")
    desk.clock.forward(hours=1)
    desk.office.disputes.note(dispute_id, "客服部约周三上门")
    desk.office.disputes.change(
        dispute_id, DisputeChange(department="工程部", is_ours=True, review_on=date(2026, 11, 20))
    )
    desk.clock.forward(hours=1)
    desk.office.disputes.resolve(dispute_id, DisputeOutcome.MENDED, "楼道灯换好")
    desk.clock.forward(hours=1)
    desk.office.disputes.report_back(dispute_id, "电话", "满意")
    one = desk.office.disputes.get(dispute_id)
    assert [event.text for event in one.events] == [
        "进展：客服部约周三上门",
        "转部门：财务部 → 工程部",
        "责任：我方责任",
        "改复查日：11-24 → 11-20",
        "结案：已修复，楼道灯换好",
        "已回复业主：电话，满意",
    ]
    assert {event.staff_name for event in one.events} == {"许宁"}
    assert desk.titles()[0] == "异议已回复业主：服务不满"
    assert desk.titles()[-1] == "提出异议：服务不满" and len(desk.titles()) == 7
    assert (one.state, one.outcome, one.reported_how) == (DisputeState.CLOSED, DisputeOutcome.MENDED, "电话")


def test_finding_it_our_fault_makes_it_hold(desk: Desk) -> None:
    dispute_id = desk.open("金额不符", "水费", hold=False)
    assert desk.held() == {}
    desk.office.disputes.change(dispute_id, DisputeChange(is_ours=True))
    assert desk.held() == {"水费": "金额不符异议，11-24 复查"} and desk.office.disputes.get(dispute_id).hold
    with pytest.raises(BadInput, match="不能不暂缓"):
        desk.office.disputes.change(dispute_id, DisputeChange(hold=False))


def test_an_owner_who_is_not_content_starts_it_anew(desk: Desk) -> None:
    dispute_id = desk.open("房屋质量")
    desk.office.disputes.resolve(dispute_id, DisputeOutcome.MENDED, "补好了")
    desk.office.disputes.report_back(dispute_id, "电话")
    desk.clock.forward(days=10)
    desk.office.disputes.reopen(dispute_id, "下雨又漏")
    one = desk.office.disputes.get(dispute_id)
    assert (one.state, one.outcome, one.resolution, one.review_on) == (DisputeState.OPEN, None, "", date(2026, 12, 4))
    assert desk.row.mark is MarkKind.HOLD and one.age(date(2026, 11, 27)) == 10


REFUSED: list[tuple[str, Callable[[Desk, int], object], str]] = [
    ("an empty word", lambda desk, one: desk.office.disputes.note(one, " "), "进展是空的"),
    ("no words at the end", lambda d, one: d.office.disputes.resolve(one, DisputeOutcome.OTHER, ""), "写明怎么处理"),
    ("told before the end", lambda desk, one: desk.office.disputes.report_back(one, "电话"), "还没有结案"),
    ("told in no way", lambda desk, one: desk.office.disputes.report_back(one, " "), "怎么回复"),
    ("reopened while it runs", lambda desk, one: desk.office.disputes.reopen(one, "又来"), "还在办"),
    (
        "a review that is past",
        lambda desk, one: desk.office.disputes.change(one, DisputeChange(review_on=date(2026, 11, 1))),
        "已经过去",
    ),
    ("one that is not there", lambda desk, _one: desk.office.disputes.note(99, "进展"), "找不到"),
    ("the same line again", lambda desk, _one: desk.open("收费标准", "水费"), "在办"),
    ("without the owner's words", lambda d, _o: d.office.disputes.open(DisputeDraft(d.a, "其他")), "对什么有异议"),
]


@pytest.mark.parametrize(("act", "words"), [pytest.param(*rest, id=name) for name, *rest in REFUSED])
def test_what_is_refused_changes_nothing(desk: Desk, act: Callable[[Desk, int], object], words: str) -> None:
    dispute_id = desk.open("金额不符", "水费")
    before = desk.office.disputes.all(open_only=False)
    with pytest.raises(BadInput, match=words):
        act(desk, dispute_id)
    assert desk.office.disputes.all(open_only=False) == before


def test_a_closed_one_is_not_worked_on(desk: Desk) -> None:
    dispute_id = desk.open("服务不满")
    desk.office.disputes.resolve(dispute_id, DisputeOutcome.EXPLAINED, "说清了")
    with pytest.raises(BadInput, match="已经结案"):
        desk.office.disputes.resolve(dispute_id, DisputeOutcome.OTHER, "再来")
    with pytest.raises(BadInput, match="不用再定复查日"):
        desk.office.disputes.change(dispute_id, DisputeChange(review_on=date(2026, 11, 25)))
    desk.office.disputes.report_back(dispute_id, "电话")
    with pytest.raises(BadInput, match="已经办结"):
        desk.office.disputes.note(dispute_id, "还有一句")


def test_the_list_shows_first_what_must_be_seen_to(desk: Desk) -> None:
    office = desk.office
    early = desk.open("服务不满")
    desk.clock.forward(days=1)
    told = office.disputes.open(DisputeDraft(desk.b, "其他", "客服部", "说没收到单子")).record_id
    desk.clock.forward(days=1)
    late = desk.open("金额不符", "水费", review_on=date(2026, 11, 19))
    assert [row.dispute.id for row in office.disputes.all()] == [late, early, told]
    office.disputes.resolve(told, DisputeOutcome.EXPLAINED, "补送了")
    assert [row.dispute.id for row in office.disputes.all()] == [told, late, early]
    office.disputes.report_back(told, "电话")
    assert [row.dispute.id for row in office.disputes.all()] == [late, early]
    assert [row.dispute.id for row in office.disputes.all(open_only=False)] == [late, early, told]
    found = office.disputes.figures()
    assert (found.open, found.oldest_days, found.held) == (2, 2, FEE + WATER)
    assert [(row.room, row.name, row.held) for row in office.disputes.all()] == [
        (ROOM, "林晓岚", WATER),
        (ROOM, "林晓岚", FEE + WATER),
    ]


# ---- photos ---------------------------------------------------------------------------------------------------------


def _photo(folder: Path, name: str, data: bytes = b"\x89PNG wall") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_photos_are_kept_by_their_bytes(desk: Desk, tmp_path: Path) -> None:
    wall, floor = _photo(tmp_path, "墙.png"), _photo(tmp_path, "地.png", b"\x89PNG floor")
    dispute_id = desk.office.disputes.open(desk.draft("房屋质量"), [wall, wall]).record_id
    desk.office.disputes.add_files(dispute_id, [wall, floor])
    one = desk.office.disputes.get(dispute_id)
    assert [proof.name for proof in one.files] == ["墙.png", "地.png"]
    wall.unlink()
    kept = desk.office.disputes.file_path(one.files[0])
    assert kept.read_bytes() == b"\x89PNG wall" and kept.stem == one.files[0].sha256
    assert desk.office.disputes.add_files(dispute_id, [floor]) == Changes()
    assert [event.text for event in one.events] == ["加照片：地.png"]


def test_what_is_refused_leaves_no_photo_behind(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="不是照片"):
        desk.office.disputes.open(desk.draft("房屋质量"), [_photo(tmp_path, "说明.exe")])
    folder = desk.office.path.with_suffix(".files")
    assert desk.office.disputes.all() == [] and not (folder.exists() and list(folder.iterdir()))


def test_the_check_names_a_photo_that_is_gone(desk: Desk, tmp_path: Path) -> None:
    dispute_id = desk.office.disputes.open(desk.draft("房屋质量"), [_photo(tmp_path, "墙.png")]).record_id
    kept = desk.office.disputes.file_path(desk.office.disputes.get(dispute_id).files[0])
    data = kept.read_bytes()
    kept.write_bytes(b"other")
    assert backups.check(desk.office.path) == [f"异议 {dispute_id} 的照片“墙.png”被改动过"]
    kept.unlink()
    assert backups.check(desk.office.path) == [f"异议 {dispute_id} 的照片“墙.png”不在了"]
    kept.write_bytes(data)


# ---- the file -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE disputes SET reported_at = '2026-11-18T09:00:00'", "已回复业主却没有结案"),
        ("UPDATE disputes SET department = '财务' WHERE part_of IS NOT NULL", "与它所属的那件不一致"),
        ("UPDATE disputes SET account_id = account_id + 1", "的账单不是这一户的"),
        ("UPDATE disputes SET outcome = 'burnt'", "是本机版本不认识的"),
    ],
)
def test_the_check_finds_what_was_changed_behind_the_back(tmp_path: Path, sql: str, words: str) -> None:
    desk = Desk(tmp_path)
    desk.open("收费标准", "管理费", "水费")
    path = desk.office.path
    desk.office.close()
    with behind_the_back(path) as conn:
        conn.execute(sql)
    assert any(words in sentence for sentence in backups.check(path))


@pytest.mark.parametrize(
    "sql", ["DELETE FROM disputes", "DELETE FROM dispute_events", "UPDATE disputes SET part_of = 1"]
)
def test_what_is_on_record_stays(tmp_path: Path, sql: str) -> None:
    desk = Desk(tmp_path)
    desk.office.disputes.note(desk.open("收费标准", "管理费", "水费"), "进展")
    path = desk.office.path
    desk.office.close()
    with behind_the_back(path, guarded=True) as conn, pytest.raises(sqlite3.IntegrityError):
        conn.execute(sql)


def test_an_objection_put_on_record_by_mistake_is_gone_from_every_list(desk: Desk) -> None:
    dispute_id = desk.open("金额不符", "水费")
    desk.office.disputes.cancel(dispute_id, "当场撤销")
    assert desk.held() == {} and desk.office.disputes.all(open_only=False) == [] and desk.titles() == []
    with pytest.raises(BadInput, match="可能已作废"):
        desk.office.disputes.get(dispute_id)


def test_a_photo_time_is_read_as_with_other_proofs(desk: Desk, tmp_path: Path) -> None:
    proof = desk.office.disputes.look_at(_photo(tmp_path, "墙.png"))
    assert isinstance(proof.own_time, datetime) and not proof.from_camera


def test_of_several_objections_to_the_whole_account_the_first_review_counts(desk: Desk) -> None:
    today = desk.clock().date()
    desk.open("服务不满", review_on=today + timedelta(days=40))
    desk.open("邻里纠纷", review_on=today + timedelta(days=2))
    desk.open("安全秩序", review_on=today + timedelta(days=9))
    assert desk.row.group is None
    desk.clock.forward(days=2)
    desk.office.roll_day()
    assert desk.row.group is WorkGroup.REVIEW


def test_what_must_be_mended_is_not_rung_about_although_an_older_version_let_it_go_on(desk: Desk) -> None:
    number = desk.open("房屋质量")
    with desk.office.session.writing() as conn:
        conn.execute("UPDATE disputes SET hold = 0 WHERE id = ?", (number,))
        desk.office.states.refresh([desk.a])
    now = desk.clock()
    assert desk.row.mark is MarkKind.HOLD
    assert desk.office.contact_rules.check(desk.a, Channel.PHONE, now).rule is Rule.DISPUTE
    assert desk.office.contact_rules.earliest([desk.a], now) == {desk.a: None}
    desk.office.disputes.resolve(number, DisputeOutcome.MENDED, "修好了")
    assert desk.office.contact_rules.check(desk.a, Channel.PHONE, now).allowed, "the owner is to be told"
