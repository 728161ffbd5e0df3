"""Reminder texts on record: what the office's file says of owners, its own words, and what was sent by the clerk's word."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from feedesk.errors import BadInput, TargetBusy
from feedesk.models.contacts import Channel, ClaimDraft, ContactDraft, NextAction, Outcome, PromiseDraft
from feedesk.models.store import Office
from feedesk.models.store.texts import SentHow
from feedesk.models.texts import Signature, SignaturePlace, TextDraft, TextKind
from feedesk.tasks.texts import export_texts
from tests.deal_tools import pay
from tests.office_tools import Clock, ids_by_room, import_list, listed, new_office
from tests.store_tools import assert_sound

HOUSEHOLDS = (
    listed("3-2-1502", "林晓岚", ("物业费", "2026-07..2026-09", 107_940), ("水费", "2026-10", 13_185),
           phones=("13900004417", "00006688"), salutation="女士"),
    listed("3-2-1503", "周启明", phones=("13900000417",)),
    listed("5-2-0901", "顾北辰", phones=("13900002020",)),
    listed("5-2-0902", "顾北辰", phones=("13900002020",)),
    listed("6-1-0504", "白露", phones=("00006721",)),
    listed("商铺A08", "云间茶事", ("物业费", "2022-01..2022-06", 100_000), ("物业费", "2026-07..2026-09", 30_000),
           phones=("13900006721",)),
)  # fmt: skip


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 17, 15, 46))


@pytest.fixture
def office(tmp_path: Path, clock: Clock) -> Iterator[Office]:
    made = new_office(tmp_path, clock)
    import_list(made, *HOUSEHOLDS)
    yield made
    assert_sound(made)
    made.close()


@pytest.fixture
def ids(office: Office) -> dict[str, int]:
    return ids_by_room(office)


def propose(office: Office, *rooms: str, kind: TextKind = TextKind.SECOND) -> dict[str, TextDraft]:
    ids = ids_by_room(office)
    batch = office.texts.propose([ids[room] for room in rooms or ids], kind)
    return {text.rooms[0]: text for text in batch.texts}


def reasons(office: Office, kind: TextKind = TextKind.SECOND) -> dict[str, str]:
    return {one.room: one.reason for one in office.texts.propose(ids_by_room(office).values(), kind).left_out}


def log(office: Office, account_id: int, outcome: Outcome, channel: Channel = Channel.PHONE, **facts) -> int:  # type: ignore[no-untyped-def]
    following = facts.pop("next_action", NextAction(None, False, ""))
    draft = ContactDraft((account_id,), office.session.now(), channel, "", outcome, "", None, following, **facts)
    return office.contacts.add(draft).record_id


def stored(office: Office, sql: str) -> list[tuple[object, ...]]:
    return office.session.conn.execute(sql).fetchall()


# --- who ---


def test_each_owner_gets_his_own_words_at_his_own_mobile(office: Office) -> None:
    texts = propose(office)
    assert {room: (text.number, text.amount) for room, text in texts.items()} == {
        "3-2-1502": ("13900004417", 121_125),
        "3-2-1503": ("13900000417", 107_940),
        "5-2-0901": ("13900002020", 107_940),
        "商铺A08": ("13900006721", 30_000),
    }
    assert "林女士，您好。3-2-1502，7–10 月的物业费和水费账上还有 1,211.25 元" in texts["3-2-1502"].words
    assert reasons(office) == {
        "5-2-0902": "和 5-2-0901 是同一个号码，先合并业主再发",
        "6-1-0504": "只登记了座机，收不到短信",
    }


def test_what_is_over_its_limitation_is_not_in_the_text(office: Office) -> None:
    words = propose(office, "商铺A08")["商铺A08"].words
    assert "300 元" in words
    assert "2022" not in words


def test_joined_units_are_one_text_whichever_of_them_was_asked_for(office: Office, ids: dict[str, int]) -> None:
    office.accounts.join([ids["5-2-0901"], ids["5-2-0902"]])
    both = propose(office, "5-2-0902")["5-2-0901"]
    assert both.rooms == ("5-2-0901", "5-2-0902")
    assert "5-2-0901、5-2-0902" in both.words
    assert "2,158.80 元" in both.words


def test_held_lines_stay_out_of_the_sum(office: Office, ids: dict[str, int]) -> None:
    water = next(one for one in office.accounts.charges(ids["3-2-1502"]) if one.item == "水费")
    office.accounts.hold_line(water.id, "水表在查")
    text = propose(office, "3-2-1502")["3-2-1502"]
    assert text.amount == 107_940
    assert "水费" not in text.words


def test_what_stands_against_it_on_record_is_told(office: Office, ids: dict[str, int]) -> None:
    office.contacts.claim((ids["3-2-1503"],), ClaimDraft(date(2026, 11, 16), 1_000, "微信"))
    promise = PromiseDraft(date(2026, 11, 20), 50_000)
    log(office, ids["3-2-1502"], Outcome.PROMISED, promise=promise)
    office.accounts.set_do_not_call(ids["商铺A08"], True)
    found = reasons(office)
    assert found["3-2-1503"] == "称已缴，等财务核对"
    assert found["3-2-1502"] == "承诺 11-20，到日子前不催"
    assert found["商铺A08"] == "业主要求勿再联系，改用书面"


def test_a_number_that_another_owner_gave_too_is_looked_into_first(tmp_path: Path, clock: Clock) -> None:
    shared = ("13900004417",)
    office = new_office(tmp_path, clock, "云杉苑")
    import_list(office, listed("1-1-101", "林晓岚", phones=shared), listed("1-1-102", "周启明", phones=shared))
    assert propose(office) == {}
    assert reasons(office) == {
        "1-1-101": "号码也登记在 1-1-102 周启明 名下，先核对是谁的",
        "1-1-102": "号码也登记在 1-1-101 林晓岚 名下，先核对是谁的",
    }
    office.close()


def test_a_missing_phone_of_the_office_blocks_every_text(tmp_path: Path, clock: Clock) -> None:
    from dataclasses import replace

    office = new_office(tmp_path, clock, "云杉苑")
    import_list(office, listed("1-1-101", "林晓岚", phones=("13900004417",)))
    office.settings.save_profile(replace(office.settings.profile(), phone=""))
    (text,) = propose(office).values()
    assert (text.is_ready, text.composed.missing) == (False, ("电话",))
    with pytest.raises(BadInput, match="发不了：缺：电话。没有记"):
        office.texts.mark_sent([text], SentHow.COPIED)
    with pytest.raises(BadInput, match="发不了：缺：电话。没有存"):
        export_texts(office, [text], tmp_path / "名单.xlsx")
    assert not (tmp_path / "名单.xlsx").exists()
    office.close()


def test_two_weeks_lie_between_two_texts(office: Office, clock: Clock) -> None:
    office.texts.mark_sent(list(propose(office, "3-2-1502").values()), SentHow.COPIED)
    assert reasons(office)["3-2-1502"] == "今天发过，满 14 天再发（12-01 起）"
    clock.forward(days=13)
    assert reasons(office)["3-2-1502"] == "11-17 发过，满 14 天再发（12-01 起）"
    clock.forward(days=1)
    assert "11 月 17 日提醒过您，" in propose(office, "3-2-1502")["3-2-1502"].words


def test_who_has_paid_lately_is_thanked_with_day_and_sum(office: Office, clock: Clock) -> None:
    pay(office, "3-2-1503", 107_940)
    clock.forward(days=3)
    (text,) = propose(office, "3-2-1503", kind=TextKind.THANKS).values()
    assert "11 月 17 日收到您缴的 1,079.40 元，3-2-1503 的费用已经缴清" in text.words
    clock.forward(days=12)
    assert propose(office, "3-2-1503", kind=TextKind.THANKS) == {}


def test_what_suits_one_owner_is_found(office: Office, ids: dict[str, int], clock: Clock) -> None:
    assert office.texts.suiting([ids["3-2-1502"]]) is TextKind.SECOND
    assert office.texts.suiting([ids["6-1-0504"]]) is None
    log(office, ids["3-2-1502"], Outcome.PROMISED, promise=PromiseDraft(date(2026, 11, 18), 50_000))
    assert office.texts.suiting([ids["3-2-1502"]]) is TextKind.PROMISE_TOMORROW
    clock.forward(days=4)
    assert office.texts.suiting([ids["3-2-1502"]]) is TextKind.PROMISE_PAST


# --- what was sent ---


def test_what_was_sent_is_one_contact_of_the_owner_with_its_very_words(office: Office, ids: dict[str, int]) -> None:
    office.accounts.join([ids["5-2-0901"], ids["5-2-0902"]])
    texts = propose(office, "3-2-1502", "5-2-0901")
    made = office.texts.mark_sent(list(texts.values()), SentHow.LIST)
    assert made.account_ids == {ids["3-2-1502"], ids["5-2-0901"], ids["5-2-0902"]}
    assert len(made.contact_ids) == 2
    (contact,) = office.contacts.of(ids["5-2-0902"])
    assert (contact.channel, contact.outcome, contact.number) == (Channel.MESSAGE, Outcome.SENT, "13900002020")
    assert contact.rooms == ("5-2-0901", "5-2-0902")
    assert contact.said == "再次提醒（名单交短信平台）"
    assert contact.staff_name == "许宁"
    last = office.texts.last_sent(ids.values())
    assert set(last) == made.account_ids
    assert last[ids["3-2-1502"]].words == texts["3-2-1502"].words
    assert (last[ids["3-2-1502"]].template, last[ids["3-2-1502"]].how) == ("second@1", SentHow.LIST)
    entry = next(one for one in office.history.of(ids["3-2-1502"]) if one.ref_id in made.contact_ids)
    assert entry.lines[:2] == ("再次提醒（名单交短信平台）", f"「{texts['3-2-1502'].words}」")


def test_it_never_counts_as_service_and_moves_no_step_and_no_clock(office: Office, ids: dict[str, int]) -> None:
    room = ids["3-2-1502"]
    before = office.limitation.of_account(room), office.accounts.get(room).row.step, office.letters.of_account(room)
    office.texts.mark_sent(list(propose(office, "3-2-1502").values()), SentHow.COPIED)
    after = office.limitation.of_account(room), office.accounts.get(room).row.step, office.letters.of_account(room)
    assert after == before
    assert stored(office, "SELECT count(*) FROM deliveries") == [(0,)]


def test_undone_at_once_it_is_void_and_the_owner_may_get_one_again(office: Office, ids: dict[str, int]) -> None:
    before = office.accounts.get(ids["3-2-1502"]).row
    made = office.texts.mark_sent(list(propose(office).values()), SentHow.COPIED)
    assert "3-2-1502" in reasons(office)
    assert office.texts.void_sent(made, "当场撤销").account_ids == made.account_ids
    assert "3-2-1502" in propose(office)
    assert office.texts.last_sent(ids.values()) == {}
    assert office.accounts.get(ids["3-2-1502"]).row == before
    (contact,) = office.contacts.of(ids["3-2-1502"])
    assert contact.voided.startswith("当场撤销")
    assert stored(office, "SELECT count(*) FROM sent_texts") == [(4,)], "the words stay on record"


def test_all_or_none_are_on_record(office: Office) -> None:
    texts = list(propose(office).values())
    with pytest.raises(BadInput, match="同一个号码有两条"):
        office.texts.mark_sent([*texts, texts[0]], SentHow.COPIED)
    office.texts.mark_sent(texts[1:2], SentHow.COPIED)
    with pytest.raises(BadInput, match="今天已经记过"):
        office.texts.mark_sent(texts, SentHow.LIST)
    assert stored(office, "SELECT count(*) FROM contacts") == [(1,)]
    with pytest.raises(BadInput, match="没有要记的短信"):
        office.texts.mark_sent([], SentHow.COPIED)


def test_at_night_it_is_on_record_only_with_the_reason(office: Office, clock: Clock) -> None:
    texts = list(propose(office, "3-2-1502").values())
    clock.now = datetime(2026, 11, 17, 22, 30)
    with pytest.raises(BadInput):
        office.texts.mark_sent(texts, SentHow.COPIED)
    assert stored(office, "SELECT count(*) FROM contacts") == [(0,)]
    office.texts.mark_sent(texts, SentHow.COPIED, "下午发的，晚上补记")
    assert stored(office, "SELECT reason FROM contact_overrides") == [("下午发的，晚上补记",)]


def test_what_was_planned_stays_planned(office: Office, ids: dict[str, int], clock: Clock) -> None:
    planned = NextAction(datetime(2026, 11, 19, 10, 0), True, "约好周四上午打")
    log(office, ids["3-2-1502"], Outcome.NO_DAY, next_action=planned)
    clock.forward(hours=1)
    texts = propose(office, "3-2-1502", "3-2-1503")
    office.texts.mark_sent(list(texts.values()), SentHow.COPIED)
    assert office.accounts.get(ids["3-2-1502"]).row.next_at == planned.at
    waited = office.contacts.of(ids["3-2-1503"])[0]
    assert waited.next_at == datetime(2026, 11, 19), "nothing was planned: two workdays for an answer"


@pytest.mark.parametrize(
    ("planned", "told"),
    [
        pytest.param(datetime(2026, 11, 17, 18, 0), datetime(2026, 11, 17, 18, 0), id="later today"),
        pytest.param(datetime(2026, 11, 17, 9, 0), datetime(2026, 11, 17, 9, 0), id="this morning, not done yet"),
        pytest.param(datetime(2026, 11, 13, 9, 0), datetime(2026, 11, 17), id="a day past and not done is for today"),
    ],
)
def test_a_text_never_tells_a_day_past_as_the_next(
    office: Office, ids: dict[str, int], clock: Clock, planned: datetime, told: datetime
) -> None:
    now, clock.now = clock.now, datetime(2026, 11, 12, 10, 0)
    log(office, ids["3-2-1502"], Outcome.NO_DAY, next_action=NextAction(planned, True, "约好再打"))
    clock.now = now
    assert now.date() == told.date()
    office.texts.mark_sent(list(propose(office, "3-2-1502").values()), SentHow.COPIED)
    assert office.contacts.of(ids["3-2-1502"])[0].next_at == told
    assert office.accounts.get(ids["3-2-1502"]).row.next_at == planned, "what was planned stays as it was"


def test_a_text_takes_nobody_off_the_calls_of_today(office: Office, ids: dict[str, int], clock: Clock) -> None:
    log(
        office, ids["3-2-1502"], Outcome.NO_ANSWER, next_action=NextAction(datetime(2026, 11, 17, 16, 16), True, "再拨")
    )
    clock.forward(hours=1)
    before = [row.account_id for row in office.accounts.worklist()]
    assert ids["3-2-1502"] in before
    office.texts.mark_sent(list(propose(office, "3-2-1502").values()), SentHow.COPIED)
    assert ids["3-2-1502"] in [row.account_id for row in office.accounts.worklist()]


# --- the office's own words ---


def test_own_words_are_kept_and_ours_come_back(office: Office) -> None:
    ours = office.texts.template(TextKind.SECOND)
    kept = office.texts.save_template(TextKind.SECOND, "{称呼}，{房号}还有{金额}，电话\n{电话}。")
    assert kept.is_own
    assert office.texts.template(TextKind.SECOND) == kept
    assert propose(office, "3-2-1502")["3-2-1502"].words == (
        "【明湖花园服务中心】林女士，3-2-1502 还有 1,211.25 元，电话 0000-6688 1200。"
    )
    again = Office.look(office.path, office.session.now)
    assert again.texts.template(TextKind.SECOND) == kept
    again.close()
    assert office.texts.restore_template(TextKind.SECOND) == ours


@pytest.mark.parametrize("text", ["", "再不缴就停水", "{天气}", "[[{称呼}", "费" * 400])
def test_words_that_must_not_go_out_are_not_kept(office: Office, text: str) -> None:
    with pytest.raises(BadInput, match="模板没有保存"):
        office.texts.save_template(TextKind.SECOND, text)
    assert not office.texts.template(TextKind.SECOND).is_own


def test_the_signature_follows_the_office_until_it_has_one_of_its_own(office: Office) -> None:
    assert office.texts.signature() == Signature("明湖花园服务中心", SignaturePlace.FRONT)
    office.texts.save_signature(Signature("明湖物业", SignaturePlace.END))
    assert propose(office, "3-2-1502")["3-2-1502"].words.endswith("。【明湖物业】")
    office.texts.save_signature(Signature("明湖花园服务中心", SignaturePlace.GATEWAY))
    assert "【" not in propose(office, "3-2-1502")["3-2-1502"].words
    with pytest.raises(BadInput, match="不要写括号"):
        office.texts.save_signature(Signature("【明湖】"))


# --- the list for the gateway ---


def test_the_workbook_holds_numbers_as_text_and_nothing_else(office: Office, tmp_path: Path) -> None:
    texts = list(propose(office).values())
    target = tmp_path / "短信名单.xlsx"
    export_texts(office, texts, target)
    sheet = load_workbook(target).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["手机号码", "短信内容"]
    assert [tuple(row) for row in rows[1:]] == [(text.number, text.words) for text in texts]
    assert all(
        cell.data_type == "s" and cell.number_format == "@" for row in sheet.iter_rows(min_row=2) for cell in row
    )
    assert stored(office, "SELECT count(*) FROM contacts") == [(0,)], "saving a list sends nothing"


def test_the_csv_opens_in_excel_and_reads_as_written(office: Office, tmp_path: Path) -> None:
    texts = list(propose(office).values())
    target = tmp_path / "短信名单.csv"
    export_texts(office, texts, target)
    raw = target.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in raw
    with target.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows == [["手机号码", "短信内容"], *([text.number, text.words] for text in texts)]


def test_the_log_knows_that_numbers_left_the_program(office: Office, tmp_path: Path) -> None:
    export_texts(office, list(propose(office).values()), tmp_path / "短信名单.csv")
    assert stored(office, "SELECT who, what, subject FROM audit ORDER BY seq DESC LIMIT 1") == [
        ("许宁", "存短信名单", "短信名单.csv")
    ]


def test_a_list_that_cannot_be_written_leaves_nothing_behind(office: Office, tmp_path: Path) -> None:
    texts = list(propose(office).values())
    before = stored(office, "SELECT count(*) FROM audit")
    (tmp_path / "短信名单.csv").mkdir()
    with pytest.raises((BadInput, TargetBusy)):
        export_texts(office, texts, tmp_path / "短信名单.csv")
    for name in ("名单.pdf", "名单"):
        with pytest.raises(BadInput, match=r"只能存成 \.xlsx 或 \.csv"):
            export_texts(office, texts, tmp_path / name)
    with pytest.raises(BadInput, match="名单是空的"):
        export_texts(office, [], tmp_path / "空.csv")
    with pytest.raises(BadInput, match="是办公室文件"):
        export_texts(office, texts, office.path)
    assert stored(office, "SELECT count(*) FROM audit") == before
    assert [
        path.name for path in tmp_path.iterdir() if "part" in path.name or (path.suffix == ".csv" and path.is_file())
    ] == []


def test_an_office_of_a_thousand_is_proposed_at_once(tmp_path: Path, clock: Clock) -> None:
    office = new_office(tmp_path, clock, "云杉苑")
    import_list(
        office, *(listed(f"{n // 100 + 1}-1-{n % 100:04d}", f"林{n}", phones=(f"139{n:08d}",)) for n in range(1000))
    )
    batch = office.texts.propose(ids_by_room(office).values(), TextKind.SECOND)
    assert (len(batch.texts), batch.left_out) == (1000, ())
    start = datetime.now()
    office.texts.mark_sent(list(batch.texts[:200]), SentHow.LIST)
    assert datetime.now() - start < timedelta(seconds=20)
    office.close()


def test_one_text_for_several_units_leaves_the_plan_of_each(office: Office, clock: Clock, ids: dict[str, int]) -> None:
    units = ids["5-2-0901"], ids["5-2-0902"]
    office.accounts.join(units)
    plans = [clock() + timedelta(days=9), clock() + timedelta(days=1)]
    for unit, at in zip(units, plans, strict=True):
        log(office, unit, Outcome.CARD_LEFT, Channel.VISIT, next_action=NextAction(at, True, "约好再打"),
            override_reason="业主约定的时间")  # fmt: skip
    by_hand = clock() + timedelta(days=3)
    office.follow_ups.replan([units[0]], NextAction(by_hand, True, "改到周五"))
    clock.forward(minutes=5)
    sent = office.texts.mark_sent([propose(office)["5-2-0901"]], SentHow.COPIED)
    assert [office.accounts.some(units)[unit].next_at for unit in units] == [by_hand, plans[1]]
    assert office.states.of(units[0])[0].replanned_at is not None
    office.texts.void_sent(sent, "没有发出")
    assert [office.accounts.some(units)[unit].next_at for unit in units] == [by_hand, plans[1]]
