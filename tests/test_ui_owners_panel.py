"""One owner in the order of the call: who, how much, which number, may I, what to say, and every answer by a key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from feedesk.models.accounts import FLAG_LABELS, DebtorType, FlagKind, PhoneState, remark_flags
from feedesk.models.contacts import Channel, ClaimDraft, Outcome
from feedesk.models.people import search_text
from feedesk.models.scripts import Segment, SegmentKind
from feedesk.models.timeline import EntryKind, TimelineEntry
from feedesk.ui.ageing_bar import AgeingBar
from feedesk.ui.bill_delegate import BillModel, bill_line
from feedesk.ui.flow_row import FlowRow
from feedesk.ui.speech import markup
from feedesk.ui.theme import COLOURS
from feedesk.ui.timeline_delegate import TimelineModel, when_and_who, with_years
from feedesk.ui.widgets import KeyButton
from tests.office_tools import import_list, listed
from tests.owner_page_tools import ALT, CTRL, HOUSEHOLDS, NOW, SHIFT, Owners
from tests.ui_samples import CHARGES
from tests.ui_tools import settle

Key = Qt.Key
TODAY = NOW.date()


@pytest.fixture
def owners(qtbot, tmp_path: Path) -> Iterator[Owners]:
    made = Owners(qtbot, tmp_path)
    made.choose("3-2-1502")
    yield made
    made.close()


# --- who, how much, which number, may I ---


def test_the_header_reads_in_the_order_of_the_call(owners: Owners) -> None:
    assert owners.panel.header.text() == (
        "3-2-1502 林晓岚 女士 ¥1,446.35 待联系 中度 欠 2026年7–10月（2 笔） · 最久逾期 125 天 "
        "0000 6688 座机 先打 139 0000 4417 本人 现在可打 · 好打时段至 18:00 · 近 7 天已通 0 次，上限 3 次"
    )


def test_the_landline_is_in_hand_until_another_number_is_chosen(owners: Owners) -> None:
    phones = owners.panel.header.phones
    assert phones.number == "00006688"
    phones.widgets()[1].click()
    assert phones.number == "13900004417"
    owners.panel.reload()
    assert phones.number == "13900004417"
    owners.choose("4-12D")
    owners.choose("3-2-1502")
    assert phones.number == "00006688"


def test_a_dead_number_goes_last_and_is_not_in_hand(owners: Owners) -> None:
    with owners.office.session.writing() as conn:
        conn.execute("UPDATE phones SET state = ? WHERE number = '00006688'", (PhoneState.DEAD,))
    owners.panel.reload()
    assert owners.panel.header.phones.number == "13900004417"
    assert owners.panel.header.phones.words() == ("139 0000 4417 本人 先打", "0000 6688 本人 · 停机或空号")


def test_outside_the_hours_the_line_says_from_when(owners: Owners) -> None:
    owners.clock.now = datetime(2026, 11, 17, 21, 30)
    owners.panel.reload()
    assert "不在联系时段" in owners.panel.header.guard.text()
    assert "明天" in owners.panel.header.guard.text()


def test_the_line_keeps_up_with_the_clock(owners: Owners) -> None:
    owners.clock.now = datetime(2026, 11, 17, 19, 59)
    owners.page.tick()
    assert owners.panel.header.guard.text().startswith("现在可打")
    owners.clock.now = datetime(2026, 11, 17, 20, 0)
    owners.page.tick()
    assert "不在联系时段" in owners.panel.header.guard.text()


def test_one_who_says_he_has_paid_is_not_called_until_that_is_looked_up(owners: Owners) -> None:
    owners.choose("4-12D")
    claimed = owners.office.contacts.claim((owners.ids["4-12D"],), ClaimDraft(date(2026, 11, 16), 215_880, "微信"))
    owners.desk.changed.emit(claimed)
    settle()
    assert owners.panel.header.pill.text() == "已缴待核"
    assert owners.panel.header.guard.text() == "先核对收款，查清前不打"
    owners.clock.now += timedelta(minutes=1)
    owners.page.tick()
    assert owners.panel.header.guard.text() == "先核对收款，查清前不打"


def test_while_his_day_is_still_to_come_head_and_script_say_both_not_to_call_and_nothing_is_copied(
    owners: Owners,
) -> None:
    owners.log("3-2-1502", Outcome.PROMISED, datetime(2026, 11, 12, 10, 0), (date(2026, 11, 24), 144_635))
    head, script = owners.panel.header, owners.panel.script
    why = "离约定日还有 7 天，不用催；前一天提醒一声就够"
    assert head.guard.text() == f"现在不打 · {why}"
    assert script.why.shown() == f"现在不打\n{why}"
    assert "下面这篇只在业主自己来电时说" in script.cautions.lines()
    assert script.copy_speech() == "" and not owners.panel.copy_button.isEnabled()
    owners.clock.now = datetime(2026, 11, 23, 10, 0)
    owners.panel.reload()
    assert head.guard.text().startswith("现在可打") and script.copy_speech()


def test_an_owner_without_a_number_says_where_to_add_one(owners: Owners) -> None:
    owners.choose("3-10-101")
    assert owners.panel.header.no_phone.isVisible()
    assert not owners.panel.miss_button.isEnabled()


def test_remarks_of_finance_are_seen_before_calling(owners: Owners) -> None:
    owners.choose("4-12D")
    lines = owners.panel.script.cautions.lines()
    assert lines[:2] == ("可能已转账未入账，先请财务核对", "财务备注：9月已转账，待查")
    assert owners.panel.script.cautions.isVisible()


@pytest.mark.parametrize(
    ("remark", "no_call", "lines"),
    [
        ("只欠8月和10月", False, ["财务备注：只欠8月和10月"]),
        ("已微信转，未查到", False, [FLAG_LABELS[FlagKind.TRANSFER], "财务备注：已微信转，未查到"]),
        ("本人要求不要打电话", False, [FLAG_LABELS[FlagKind.NO_CALL], "财务备注：本人要求不要打电话"]),
        (
            "本人要求不要打电话",
            True,
            ["业主要求勿再来电：不打电话，改用书面", "财务备注：本人要求不要打电话"],
        ),
        ("", False, []),
    ],
)
def test_every_remark_stands_beside_the_owner_and_what_it_warns_of_once(
    owners: Owners, remark: str, no_call: bool, lines: list[str]
) -> None:
    owners.choose("3-10-101")
    facts = owners.panel.facts
    assert facts is not None
    account = replace(
        facts.account, remark=remark, flags=remark_flags(remark), do_not_call=no_call, until=None, tenant=""
    )
    assert [*replace(facts, account=account).cautions()] == lines


# --- 话术 ---


def test_the_script_stands_filled_with_this_owners_values(owners: Owners) -> None:
    text = owners.panel.script.text()
    for part in ("开场", "正题", "收口", "林女士", "1,446.35 元", "小许"):
        assert part in text
    assert "{" not in text


def test_f6_and_a_digit_change_the_type_which_is_kept_and_can_be_undone(owners: Owners) -> None:
    owners.table.setFocus()
    owners.press(Key.Key_F6)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    owners.qtbot.keyClick(owners.panel.script.type_combo.view(), Key.Key_7)
    settle()
    row = owners.office.accounts.some([owners.ids["3-2-1502"]])[owners.ids["3-2-1502"]]
    assert row.debtor_type is DebtorType.BUSY
    assert owners.panel.script.type_combo.value() is DebtorType.BUSY
    assert owners.panel.script.script_ref.startswith("busy.")
    owners.window.toast.undo()
    assert owners.panel.script.type_combo.value() is DebtorType.UNPAID


def test_until_a_clerk_chooses_the_panel_shows_the_type_its_script_goes_by_and_why(owners: Owners) -> None:
    head = owners.panel.script.why.head
    assert head().reason == ("一般未缴", "招数 1 适时提醒")
    owners.log("3-2-1502", Outcome.PROMISED, datetime(2026, 11, 2, 10, 0), (date(2026, 11, 3), 100))
    assert owners.panel.script.type_combo.value() is DebtorType.YES_NEVER_COMES
    assert head().reason[0] == "话术按：答应了，总不来（失约 1 次） · F6 确认"
    owners.log("3-2-1502", Outcome.PROMISED, datetime(2026, 11, 9, 10, 0), (date(2026, 11, 10), 100))
    assert owners.panel.script.type_combo.value() is DebtorType.YES_NEVER_COMES
    assert owners.panel.facts.suggestion.why == "失约 2 次"
    assert "招数 2" in head().reason[1]
    owners.panel.script.type_asked.emit(DebtorType.UNPAID)
    assert owners.panel.script.type_combo.value() is DebtorType.UNPAID
    assert owners.panel.script.script_ref.startswith("unpaid.")
    assert "您选的" in owners.panel.script.why.behind()


def test_f8_changes_the_words_and_writes_nothing(owners: Owners) -> None:
    owners.table.setFocus()
    with owners.qtbot.assertNotEmitted(owners.desk.changed):
        owners.press(Key.Key_F8)
        owners.qtbot.keyClick(owners.panel.script.channel_combo.view(), Key.Key_2)
    assert owners.panel.script.channel is Channel.VISIT


def test_values_are_tinted_gaps_are_ochre_and_owners_words_are_never_markup() -> None:
    said = markup(
        (
            Segment(SegmentKind.TEXT, "您好，"),
            Segment(SegmentKind.VALUE, "<b>林</b> 女士", "称呼"),
            Segment(SegmentKind.MISSING, "〔金额待核〕", "金额"),
        ),
        16,
    )
    assert COLOURS.azure_tint in said
    assert COLOURS.ochre in said
    assert "&lt;b&gt;林&lt;/b&gt;" in said
    assert "<b>" not in said


def test_ctrl_shift_c_copies_the_spoken_words_only(owners: Owners) -> None:
    owners.table.setFocus()
    owners.press(Key.Key_C, CTRL | SHIFT)
    words = QGuiApplication.clipboard().text()
    assert "林女士" in words
    assert "用意" not in words


def test_the_size_of_the_speech_is_the_offices_own(owners: Owners) -> None:
    profile = owners.office.settings.profile()
    owners.office.settings.save_profile(replace(profile, speech_size=20))
    owners.panel.reload()
    assert "font-size:20px" in owners.panel.script.speech._texts[0].text()


def test_the_closing_stays_in_sight_on_a_small_screen(owners: Owners) -> None:
    for width, height in ((1366, 768), (1366, 697), (911, 512)):
        owners.window.resize(width, height)
        settle()
        reading = owners.panel.script.reading
        assert reading.verticalScrollBar().maximum() == 0, (width, height)


def test_nobody_who_has_paid_is_called(owners: Owners) -> None:
    import_list(owners.office, *HOUSEHOLDS[1:], as_of=date(2026, 11, 16), file="缴清.xlsx")
    owners.panel.reload()
    assert owners.panel.header.guard.text() == "已缴清，不用再打电话"
    assert owners.panel.script.text() == ""
    assert owners.panel.script.objections.isHidden()
    assert not owners.panel.miss_button.isEnabled()
    owners.choose("4-12D")
    assert owners.panel.script.text() != ""
    assert owners.panel.script.objections.isVisible()


# --- 业主说… ---


def test_f3_then_a_digit_opens_the_answer_and_esc_goes_back_step_by_step(owners: Owners) -> None:
    owners.table.setFocus()
    owners.press(Key.Key_F3)
    owners.press(Key.Key_2)
    script = owners.panel.script
    assert script.answer.isVisible()
    assert not script.speech.isVisible()
    assert script.text().startswith(f"“{owners.desk.library.objections[1].chip}”")
    assert "认可" in script.text()
    owners.press(Key.Key_Escape)
    assert script.speech.isVisible()
    owners.press(Key.Key_Escape)
    assert owners.table.hasFocus()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (911, 512)])
def test_the_answer_offers_its_outcome_to_the_contact_dialog(owners: Owners, width: int, height: int) -> None:
    owners.window.resize(width, height)
    settle()
    owners.table.setFocus()
    owners.press(Key.Key_F3)
    owners.press(Key.Key_2)
    with owners.qtbot.waitSignal(owners.desk.log_wanted) as asked:
        owners.press(Key.Key_Return)
    hint = owners.desk.take_hint()
    assert asked.args == [owners.ids["3-2-1502"]]
    assert hint.outcome is owners.desk.library.objections[1].outcome
    assert hint.number == "00006688"
    assert owners.desk.take_hint().outcome is None


def test_f2_hands_over_the_number_and_the_script_in_hand(owners: Owners) -> None:
    owners.table.setFocus()
    with owners.qtbot.waitSignal(owners.desk.log_wanted):
        owners.press(Key.Key_F2)
    hint = owners.desk.take_hint()
    assert (hint.number, hint.channel, hint.outcome) == ("00006688", Channel.PHONE, None)
    assert owners.desk.library.by_ref(hint.script_id) is not None


def test_letters_after_f3_find_an_objection_and_enter_opens_the_first(owners: Owners) -> None:
    wanted = owners.desk.library.objections[-1]
    owners.table.setFocus()
    owners.press(Key.Key_F3)
    bar = owners.panel.script.objections
    letters = next(key for key in search_text(wanted.chip[:6]).split() if len(key) <= 6)
    for letter in letters:
        owners.press(Key(ord(letter.upper())))
    assert bar.words()[0] == f"1 {wanted.chip}"
    owners.press(Key.Key_Return)
    assert owners.panel.script.text().startswith(f"“{wanted.chip}”")
    assert len(bar.words()) == len(owners.desk.library.objections), "the others are back"
    for _ in range(3):
        owners.press(Key.Key_Q)
    assert bar.words() == ()
    nothing = [one for one in bar.findChildren(QLabel) if one.isVisible() and one.text().startswith("没有这样的说法")]
    assert len(nothing) == 1 and "Esc 回到全部" in nothing[0].text()
    owners.press(Key.Key_Escape)
    assert not nothing[0].isVisible()
    assert len(bar.words()) == len(owners.desk.library.objections) and owners.panel.script.has_answer


def test_another_owner_closes_the_answer(owners: Owners) -> None:
    owners.panel.ask_objection()
    owners.press(Key.Key_1)
    owners.choose("4-12D")
    assert owners.panel.script.speech.isVisible()


def test_every_objection_has_a_chip_and_the_first_ten_a_digit(owners: Owners) -> None:
    words = owners.panel.script.objections.words()
    assert len(words) == len(owners.desk.library.objections)
    assert [word[0] for word in words[:10]] == list("1234567890")


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (911, 512)])
def test_many_objections_leave_the_script_its_place_and_scroll_by_arrows(
    owners: Owners, width: int, height: int
) -> None:
    owners.window.resize(width, height)
    settle()
    script = owners.panel.script
    owners.table.setFocus()
    owners.press(Key.Key_F3)
    settle()
    last = script.objections.findChildren(KeyButton)[-1]
    assert script.reading.height() >= 60, "the opening is still read while an answer is looked for"
    assert last.words() == owners.desk.library.objections[-1].chip
    assert last.visibleRegion().isEmpty()
    for _ in range(9):
        owners.press(Key.Key_PageDown)
    assert not last.visibleRegion().isEmpty()


# --- F9 ---


def test_f9_logs_no_answer_at_once_on_the_number_in_hand_and_undo_voids_it(owners: Owners) -> None:
    owners.table.setFocus()
    owners.press(Key.Key_F9)
    contact = owners.office.contacts.of(owners.ids["3-2-1502"])[0]
    assert (contact.outcome, contact.number, contact.at) == (Outcome.NO_ANSWER, "00006688", NOW)
    assert contact.next_at == datetime(2026, 11, 17, 16, 16)
    assert owners.window.toast.text() == "3-2-1502 没接通，已记下，今天 16:16 再拨。"
    owners.window.toast.undo()
    assert owners.office.contacts.of(owners.ids["3-2-1502"])[0].voided.startswith("当场撤销")


# --- 账单 ---


def test_bills_show_due_paid_and_owed_of_every_line_oldest_first(owners: Owners) -> None:
    import_list(
        owners.office,
        listed(
            "3-2-1502", "林晓岚", ("物业费", "2026-07..2026-09", 40_000), ("水费", "2026-10", 44_635),
            phones=("13900004417", "00006688"),
        ),
        *HOUSEHOLDS[1:], as_of=date(2026, 11, 16), file="部分.xlsx",
    )  # fmt: skip
    owners.panel.reload()
    owners.table.setFocus()
    owners.press(Key.Key_2, ALT)
    lines = owners.panel.bills.lines()
    assert "物业费" in lines[0]
    assert "欠 400.00" in lines[0]
    assert "应 1,000.00 · 已缴 600.00" in lines[0]
    assert "应缴 2026-07-15（推定） · 逾期 125 天" in lines[0]
    assert owners.panel.bills.total_text() == "2 笔 未缴合计（违约金未计） ¥846.35"
    assert owners.panel.bills.bar.text() == "账龄：1–90 天 446.35，91–365 天 400.00"


def test_settled_lines_stand_at_the_end_and_are_struck(owners: Owners) -> None:
    model = BillModel()
    open_one, paid = CHARGES[0], replace(CHARGES[0], id=99, settled=CHARGES[0].amount)
    model.show_charges([paid, open_one], TODAY)
    assert [line.is_settled for line in model.lines()] == [False, True]
    assert model.lines()[1].mark == "paid"


def test_a_line_without_a_due_day_does_not_pretend_to_have_one() -> None:
    assert bill_line(replace(CHARGES[0], due_on=None), TODAY).due == "应缴日待核"


def test_h_holds_a_line_with_a_reason_and_lets_it_go_again(owners: Owners) -> None:
    owners.table.setFocus()
    owners.press(Key.Key_2, ALT)
    assert owners.panel.bills.list.hasFocus()
    owners.told.texts = ["抄表有异议"]
    owners.press(Key.Key_H)
    assert "暂缓：抄表有异议 · 不进催款单" in owners.panel.bills.lines()[0]
    assert owners.panel.bills.hold_button.words() == "恢复"
    owners.press(Key.Key_H)
    assert "暂缓" not in owners.panel.bills.lines()[0]
    owners.window.toast.undo()
    assert "抄表有异议" in owners.panel.bills.lines()[0]


def test_no_reason_no_hold(owners: Owners) -> None:
    owners.panel.show_tab(1)
    owners.told.texts = [None]
    owners.press(Key.Key_H)
    assert not any("暂缓" in line for line in owners.panel.bills.lines())


def test_the_ageing_bar_leaves_room_for_every_figure(qtbot) -> None:
    from feedesk.models.ageing import AgeBand

    bar = AgeingBar()
    qtbot.addWidget(bar)
    bar.show_bands([AgeBand("1–90 天", 1, 1), AgeBand("2 年以上", 9_999_999, 4)])
    widths = bar.widths(400)
    assert sum(widths) <= 400
    assert widths[0] >= bar._need(AgeBand("1–90 天", 1, 1))


def test_the_models_of_bills_and_history_keep_qts_contract(qtmodeltester) -> None:
    bills, entries = BillModel(), TimelineModel()
    qtmodeltester.check(bills)
    bills.show_charges(CHARGES, TODAY)
    qtmodeltester.check(bills)
    entries.show_entries([_entry(2026), _entry(2025)], TODAY)
    qtmodeltester.check(entries)


# --- 记录 ---


def _entry(year: int, **more: object) -> TimelineEntry:
    return TimelineEntry(datetime(year, 3, 4, 15, 20), True, EntryKind.CONTACT, "拒绝", ("称生意差",), "许宁", **more)  # type: ignore[arg-type]  # fields by name


def test_years_stand_as_heads_and_when_and_who_at_the_right() -> None:
    kinds = [type(item).__name__ for item in with_years([_entry(2026), _entry(2026), _entry(2025)])]
    assert kinds == ["YearHead", "TimelineEntry", "TimelineEntry", "YearHead", "TimelineEntry"]
    assert when_and_who(_entry(2026), TODAY) == "03-04 15:20 许宁"
    assert when_and_who(replace(_entry(2026), at=NOW), TODAY) == "今天 15:46 许宁"


def test_the_history_is_filtered_by_chips_that_count(owners: Owners) -> None:
    owners.log("3-2-1502", Outcome.NO_ANSWER, datetime(2026, 11, 17, 9, 40))
    owners.panel.show_tab(2)
    chips = owners.panel.timeline.chips
    assert chips.chip("contact").words() == "联系 1"
    assert chips.chip("money").words() == "钱 1"
    chips.step(1)
    texts = owners.panel.timeline.texts()
    assert texts[0] == "2026 年"
    assert len(texts) == 2
    assert "无人接听" in texts[1]


def test_del_voids_with_a_reason_and_the_entry_still_shows(owners: Owners) -> None:
    owners.log("3-2-1502", Outcome.NO_ANSWER, datetime(2026, 11, 17, 9, 40))
    owners.panel.show_tab(2)
    owners.panel.timeline.chips.step(1)
    owners.told.texts = ["记错了房号"]
    owners.panel.timeline.list.setFocus()
    owners.press(Key.Key_Delete)
    assert owners.told.asked == [("作废“无人接听”的原因？", "")]
    assert "已作废：记错了房号（11-17 许宁）" in owners.panel.timeline.texts()[1]
    owners.press(Key.Key_Delete)
    assert len(owners.told.asked) == 1


def test_enter_on_a_notice_asks_to_print_it_again(owners: Owners) -> None:
    entry = TimelineEntry(NOW, True, EntryKind.NOTICE, "催款单 No. 2026-0001 · 第 1 次", (), "许宁", ref_id=7)
    timeline = owners.panel.timeline
    owners.panel.show_tab(2)
    timeline.show_entries([entry], TODAY)
    timeline.list.setFocus()
    with owners.qtbot.waitSignal(owners.desk.reprint_wanted) as asked:
        owners.press(Key.Key_Return)
    assert asked.args == [[7]]
    timeline.show_entries([replace(entry, voided="重复（11-17 许宁）")], TODAY)
    with owners.qtbot.assertNotEmitted(owners.desk.reprint_wanted):
        owners.press(Key.Key_Return)


def test_an_owner_never_called_says_so_and_offers_to_log(owners: Owners) -> None:
    owners.panel.show_tab(2)
    owners.panel.timeline.chips.step(1)
    with owners.qtbot.waitSignal(owners.desk.log_wanted):
        owners.panel.timeline._empty.button.click()
    assert owners.panel.timeline._empty.text() == "还没有联系过这一户。"


# --- 资料 ---


def test_details_are_saved_on_leaving_and_can_be_undone(owners: Owners) -> None:
    owners.table.setFocus()
    owners.press(Key.Key_4, ALT)
    details = owners.panel.details
    details.name.setText("林晓兰")
    details.residence.setCurrentIndex(details.residence.findData("出租"))
    owners.choose("4-12D")
    kept = owners.office.accounts.get(owners.ids["3-2-1502"])
    assert (kept.name, kept.residence) == ("林晓兰", "出租")
    assert owners.window.toast.text() == "3-2-1502 的资料已保存。"
    owners.window.toast.undo()
    assert owners.office.accounts.get(owners.ids["3-2-1502"]).name == "林晓岚"


def test_ctrl_s_saves_and_stays(owners: Owners) -> None:
    owners.panel.show_tab(3)
    owners.panel.details.remark.setPlainText("喜欢微信联系")
    owners.press(Key.Key_S, CTRL)
    assert owners.office.accounts.get(owners.ids["3-2-1502"]).remark == "喜欢微信联系"
    assert not owners.panel.details.is_dirty
    assert owners.panel.tabs.currentIndex() == 3


def test_an_emptied_name_is_not_saved_as_empty(owners: Owners) -> None:
    owners.panel.show_tab(3)
    owners.panel.details.name.setText("  ")
    assert not owners.panel.details.is_dirty


def test_a_number_is_added_with_a_source_from_the_closed_list(owners: Owners) -> None:
    owners.panel.show_tab(3)
    box = owners.panel.details.phones
    sources = [box.source.itemText(n) for n in range(box.source.count())]
    assert sources == ["本人告知", "合同", "交房登记", "过户945告知", "本人书面授权人"]
    assert not box.add.isEnabled()
    box.number.setText("13900009999")
    box.holder.setText("配偶")
    box.source.setCurrentIndex(4)
    box.add.click()
    assert box.texts()[-1] == "139 0000 9999 配偶 本人书面授权人 未打过"
    assert "139 0000 9999 配偶" in owners.panel.header.phones.words()


def test_no_call_changes_the_guard_at_once_and_can_be_undone(owners: Owners) -> None:
    owners.panel.show_tab(3)
    owners.panel.details.no_call.click()
    assert owners.panel.header.guard.text() == "业主要求勿再来电 · 改用书面"
    assert not owners.panel.miss_button.isEnabled()
    owners.window.toast.undo()
    assert owners.panel.header.guard.text().startswith("现在可打")
    assert not owners.panel.details.no_call.isChecked()


def test_the_same_person_is_proposed_joined_by_the_clerk_only_and_parted_again(owners: Owners) -> None:
    owners.choose("4-12D")
    owners.panel.show_tab(3)
    kin = owners.panel.details.kin
    assert kin.texts() == ("可能是同一位业主（同名、同电话）", "4-12E 郑家禾、吴念 欠 ¥1,079.40")
    kin.buttons[owners.ids["4-12E"]].click()
    assert kin.texts() == ("同一位业主的其他房屋", "4-12E 郑家禾、吴念 欠 ¥1,079.40")
    kin.part.click()
    assert kin.texts()[0] == "可能是同一位业主（同名、同电话）"


def test_finances_own_late_fee_stands_apart_from_what_is_owed(owners: Owners) -> None:
    import_list(
        owners.office, replace(HOUSEHOLDS[0], late_fee=12_345), *HOUSEHOLDS[1:],
        as_of=date(2026, 11, 16), file="违约金.xlsx",
    )  # fmt: skip
    owners.panel.reload()
    owners.panel.show_tab(3)
    assert "财务清单的违约金 ¥123.45（财务所列，未核，不在欠费内）" in owners.panel.details.facts()
    assert "¥1,446.35" in owners.panel.header.text()


# --- layout ---


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1366, 697), (1280, 720), (911, 512)])
def test_no_button_is_cut_at_any_of_the_sizes(owners: Owners, width: int, height: int) -> None:
    owners.window.resize(width, height)
    settle()
    for tab in range(4):
        owners.panel.tabs.setCurrentIndex(tab)
        settle()
        for button in owners.page.findChildren(KeyButton):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width(), (tab, button.words())
                right = button.mapTo(owners.page, button.rect().topRight()).x()
                assert right < owners.page.width(), (tab, button.words())


def test_numbers_wrap_rather_than_being_cut(qtbot) -> None:
    row = FlowRow()
    qtbot.addWidget(row)
    row.set_widgets([KeyButton(f"139 0000 000{n}") for n in range(4)])
    row.resize(300, 30)
    row.show()
    assert all(widget.width() >= widget.sizeHint().width() for widget in row.widgets())
    assert row.height() > row.widgets()[0].height()
    row.set_one_line(True)
    assert row.surplus > 0


def test_f1_lists_the_keys_of_this_page(owners: Owners) -> None:
    keys = {hint.keys for hint in owners.page.key_hints()}
    for one in ("F2", "F9", "Ctrl+M", "Ctrl+P", "Ctrl+Shift+C", "Alt+1…4", "Del", "H"):
        assert one in keys
