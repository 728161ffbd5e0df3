"""记录联系 by keyboard alone: a day's contacts without touching the mouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from feedesk.models.accounts import Category, Phone
from feedesk.models.charges import Charge, FeeKind
from feedesk.models.contacts import Channel, ContactDraft, Outcome, PromiseDraft, outcomes_for
from feedesk.models.followup import DraftField
from feedesk.models.periods import Period
from feedesk.ui.contact_dialog import ContactDialog, ContactFacts
from feedesk.ui.contact_form import ContactForm
from feedesk.ui.messages import Messages
from tests.ui_samples import CHARGES, account, owner_row
from tests.ui_tools import RecordingPresenter

NOW = datetime(2026, 11, 17, 15, 46)
ENTER, ESC, TAB = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab
NONE, CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
Open = Callable[..., ContactDialog]


@pytest.fixture
def presenter() -> RecordingPresenter:
    return RecordingPresenter()


@pytest.fixture
def open_dialog(qtbot, presenter: RecordingPresenter) -> Iterator[Open]:
    def opened(owner=None, charges=CHARGES, **facts) -> ContactDialog:
        told = ContactFacts(owner or account(), charges, **facts)
        dialog = ContactDialog(told, lambda: NOW, Messages(presenter))
        qtbot.addWidget(dialog, before_close_func=lambda _dialog: presenter.answers.append(True))
        with qtbot.waitActive(dialog):
            dialog.show()
        return dialog

    yield opened


@pytest.fixture
def keys(qtbot) -> Callable[..., None]:
    """Types where the focus is, key by key, as a person does."""

    def typed(*what: str | Qt.Key | tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
        for one in what:
            if isinstance(one, str):
                for letter in one:
                    qtbot.keyClick(QApplication.focusWidget(), letter)
            else:
                key, held = one if isinstance(one, tuple) else (one, NONE)
                qtbot.keyClick(QApplication.focusWidget(), key, held)

    return typed


def _saved(dialog: ContactDialog) -> list[tuple[ContactDraft, bool]]:
    got: list[tuple[ContactDraft, bool]] = []
    dialog.saved.connect(lambda draft, and_next: got.append((draft, and_next)))
    return got


def test_a_promise_takes_two_digits_and_enter(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    got = _saved(dialog)
    keys("1", "2", ENTER)
    draft, and_next = got[0]
    assert draft.outcome is Outcome.PROMISED
    assert draft.promise == PromiseDraft(date(2026, 11, 20), 344635)
    assert draft.category is Category.A
    assert draft.next_action.at == datetime(2026, 11, 19, 10)
    assert draft.at == NOW
    assert (draft.number, draft.account_ids, and_next) == ("13900004417", (1,), False)
    assert not dialog.isVisible()


def test_ctrl_enter_saves_and_asks_for_the_next_owner(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    got = _saved(dialog)
    keys("4", (ENTER, CTRL))
    assert got[0][1] is True
    assert dialog.wants_next
    assert got[0][0].outcome is Outcome.NO_ANSWER


@pytest.mark.parametrize(
    ("typed", "day"), [("1125", date(2026, 11, 25)), ("1203", date(2026, 12, 3)), ("0103", date(2027, 1, 3))]
)
def test_digits_in_quick_succession_are_a_date(open_dialog: Open, keys, typed: str, day: date) -> None:
    dialog = open_dialog()
    got = _saved(dialog)
    keys("1", typed, ENTER)
    assert got[0][0].promise == PromiseDraft(day, 344635)


def test_a_second_thought_about_the_day_is_not_taken_for_a_date(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    clock = iter([10.0, 15.0])
    dialog.form.promise._clock = lambda: next(clock)
    keys("1", "1")
    assert dialog.form.promise.due_on() == date(2026, 11, 18)
    keys("3")
    assert dialog.form.promise.due_on() == date(2026, 11, 30)


def test_an_impossible_day_is_told_beside_its_field_and_not_saved(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    got = _saved(dialog)
    keys("1", "4", "1345", ENTER)
    assert got == []
    assert dialog.form.promise.day_problem.text() == "没有“1345”这一天。请按“1125”或“11-25”输入。"
    assert dialog.form.promise.day.hasFocus()
    assert not dialog.form.save_button.isEnabled()


def test_half_the_amount_is_one_press_and_more_than_owed_is_refused(open_dialog: Open, keys, qtbot) -> None:
    dialog = open_dialog()
    keys("1", "1")
    amount = dialog.form.promise.amount
    amount.setFocus()
    amount.selectAll()
    keys("4000")
    assert dialog.form.promise.amount_problem.text() == "承诺金额超过欠费 ¥3,446.35，请核对。"
    assert dialog.draft() is None
    amount.selectAll()
    keys("1723.18")
    assert dialog.draft().promise == PromiseDraft(date(2026, 11, 18), 172318)


def test_enter_without_the_day_says_what_is_missing_and_goes_there(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    keys("1")
    assert dialog.form.promise.day_problem.text() == ""
    keys(ENTER)
    assert dialog.form.promise.day_problem.text() == "承诺缴费要选哪一天。"
    keys("2")
    assert dialog.form.promise.day_problem.text() == ""
    assert dialog.draft() is not None


def test_enter_without_a_result_saves_nothing(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    got = _saved(dialog)
    keys(ENTER)
    assert got == []
    assert dialog.isVisible()
    assert dialog.form.save_button.toolTip() == "先选结果。"


@pytest.mark.parametrize("channel", list(Channel))
def test_every_result_of_every_channel_is_ready_to_save_after_at_most_two_keys(
    open_dialog: Open, keys, channel: Channel
) -> None:
    dialog = open_dialog(channel=channel)
    for spec in outcomes_for(channel):
        dialog.form.pad.take_focus()
        keys(spec.key)
        if spec.outcome in (Outcome.PROMISED, Outcome.SAYS_PAID, Outcome.DISPUTE):
            keys("1")
        draft = dialog.draft()
        assert draft is not None, f"{spec.label}: {dialog.problem_texts()}"
        assert (draft.channel, draft.outcome) == (channel, spec.outcome)
        assert dialog.form.save_button.isEnabled()


def test_a_payment_the_owner_speaks_of_needs_its_way_by_one_digit(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    got = _saved(dialog)
    keys("3", ENTER)
    assert dialog.form.claim.way_problem.text() == "请选缴费方式。"
    keys("2", ENTER)
    claim = got[0][0].claim
    assert claim is not None
    assert (claim.way, claim.paid_on, claim.amount) == ("微信", date(2026, 11, 17), 344635)
    assert got[0][0].next_action.waits_for == "等财务"


def test_a_payment_in_the_future_is_a_promise(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    keys("3", "1")
    dialog.form.claim.day.setFocus()
    dialog.form.claim.day.selectAll()
    keys("2026-11-18")
    assert dialog.form.claim.day_problem.text() == "缴费日期在今天之后；还没缴的请记“承诺缴费”。"
    assert dialog.draft() is None


def test_an_objection_goes_to_the_department_that_answers(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    got = _saved(dialog)
    keys("9", "4", ENTER)
    draft = got[0][0]
    assert (draft.dispute_kind, draft.dispute_department) == ("金额不符", "财务部")
    assert draft.category is Category.E


def test_digits_are_text_in_a_text_field(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    keys("4")
    dialog.form.said.setFocus()
    keys("12")
    assert dialog.form.said.toPlainText() == "12"
    assert dialog.form.pad.value() is Outcome.NO_ANSWER


def test_shift_enter_starts_a_line_and_enter_saves_from_the_words_too(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    got = _saved(dialog)
    keys("2")
    dialog.form.said.setFocus()
    dialog.form.said.insertPlainText("出差在外")
    keys((ENTER, SHIFT))
    dialog.form.said.insertPlainText("下周回来")
    keys(ENTER)
    assert got[0][0].said == "出差在外\n下周回来"


def test_esc_closes_at_once_when_nothing_was_typed(open_dialog: Open, keys, presenter: RecordingPresenter) -> None:
    dialog = open_dialog()
    keys("4", ESC)
    assert not dialog.isVisible()
    assert presenter.asked == []


def test_esc_asks_when_words_would_be_lost(open_dialog: Open, keys, presenter: RecordingPresenter) -> None:
    dialog = open_dialog()
    presenter.answers = [False, True]
    dialog.form.said.setPlainText("周五转")
    keys(ESC)
    assert dialog.isVisible()
    keys(ESC)
    assert not dialog.isVisible()
    assert presenter.asked == [("这次联系还没有保存，不要了？", "不保存")] * 2


def test_the_category_is_proposed_and_a_change_is_marked(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    keys("2")
    follow = dialog.form.follow
    assert follow.category() is Category.B
    assert follow.category_reason.text() == "暂未明确 · 接通了，还没定哪天"
    keys((Qt.Key.Key_D, ALT))
    assert dialog.draft().category is Category.D
    assert follow.category_reason.text() == "已改 · 建议 B：接通了，还没定哪天"
    assert "D 类" in dialog.draft().next_action.reason


def test_f5_changes_the_follow_up_and_emptying_it_goes_back(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    keys("4")
    assert dialog.draft().next_action.at == datetime(2026, 11, 17, 16, 16)
    keys(Qt.Key.Key_F5, "1123", " ", "14:00")
    action = dialog.draft().next_action
    assert (action.at, action.has_time, action.reason) == (datetime(2026, 11, 23, 14), True, "经办人自定")
    assert dialog.form.follow.next_reason.text().startswith("已改 · 建议 今天 16:16")
    dialog.form.follow.moment.selectAll()
    keys(Qt.Key.Key_Delete)
    assert dialog.draft().next_action.at == datetime(2026, 11, 17, 16, 16)


def test_a_follow_up_in_the_night_is_refused(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    keys("4", Qt.Key.Key_F5, "1123 23:00")
    assert dialog.form.follow.problem.text() == "晚上 10 点到早上 8 点不联系业主，请换个时间。"
    assert dialog.draft() is None


def test_the_time_may_be_moved_into_the_past_and_never_into_the_future(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    keys("4", (Qt.Key.Key_T, ALT), "18:00")
    assert dialog.form.moment_problem.text() == "联系时间不能在现在之后。"
    assert dialog.draft() is None
    dialog.form.moment.selectAll()
    keys("1116 10:30")
    assert dialog.draft().at == datetime(2026, 11, 16, 10, 30)


def test_one_call_is_for_all_units_of_the_owner_unless_the_clerk_says_otherwise(open_dialog: Open, keys) -> None:
    sibling = owner_row(9, "车位 B2-118", 45000)
    more = (
        *CHARGES,
        Charge(9, 9, "车位费", FeeKind.OTHER, Period.parse("2026-10"), 45000, 0, date(2026, 10, 15), False),
    )
    dialog = open_dialog(account(sibling), more)
    assert dialog.form.together.text().startswith("同名下 2 户一起记（Alt+U）")
    keys("1", "1")
    draft = dialog.draft()
    assert draft.account_ids == (1, 9)
    assert draft.promise.amount == 389635
    assert dialog.form.owed_text.text() == "¥3,896.35 · 2 户"
    keys((Qt.Key.Key_U, ALT))
    assert (dialog.draft().account_ids, dialog.draft().promise.amount) == ((1,), 344635)


def test_units_that_owe_nothing_are_left_out_of_the_contact(open_dialog: Open, keys) -> None:
    dialog = open_dialog(account(owner_row(8, "车位 B2-117", 0, is_paid=True), owner_row(9, "车位 B2-118", 45000)))
    keys("4")
    assert dialog.draft().account_ids == (1, 9)
    assert open_dialog(account(owner_row(8, "车位 B2-117", 0, is_paid=True))).form.together.isHidden()


def test_fifteen_units_of_one_owner_are_asked_about_in_a_line_that_fits(open_dialog: Open) -> None:
    siblings = [owner_row(9 + at, f"9-1-{at + 2}01", 45000) for at in range(14)]
    box = open_dialog(account(*siblings)).form.together
    assert box.text() == "同名下 15 户一起记（Alt+U），连同 9-1-201、9-1-301、9-1-401 等"
    assert box.sizeHint().width() <= box.maximumWidth()
    assert box.toolTip().endswith("9-1-1501")


def test_an_owner_of_one_unit_is_not_asked(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    assert dialog.form.together.isHidden()
    keys("4", (Qt.Key.Key_U, ALT))
    assert dialog.draft().account_ids == (1,)


def test_numbers_stand_in_calling_order_with_what_is_known_of_them(open_dialog: Open) -> None:
    dialog = open_dialog()
    number = dialog.form.number
    assert [number.itemText(at) for at in range(number.count())] == [
        "139 0000 4417　本人　打得通",
        "0000 6688　座机　上次未接",
    ]


def test_the_number_just_dialled_is_chosen(open_dialog: Open) -> None:
    dialog = open_dialog(number="13900004417")
    assert dialog.form.number.currentData() == "13900004417"


def test_a_visit_has_no_number_and_its_own_results(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    dialog.form.channel.setFocus()
    keys(Qt.Key.Key_Down)
    assert dialog.form.pad.button(Outcome.WONT_SEE).words() == "拒见"
    with pytest.raises(KeyError):
        dialog.form.pad.button(Outcome.HUNG_UP)
    keys("3")
    draft = dialog.draft()
    assert (draft.channel, draft.outcome, draft.number) == (Channel.VISIT, Outcome.NOBODY, "")


def test_a_result_offered_by_an_objection_is_chosen_already(open_dialog: Open, keys) -> None:
    dialog = open_dialog(outcome=Outcome.SAYS_PAID, script_id="yes_never_comes.3.phone@1")
    keys("1")
    draft = dialog.draft()
    assert draft.claim.way == "转账"
    assert draft.script_id == "yes_never_comes.3.phone@1"


def test_a_dead_number_leads_to_the_other_one_if_there_is_one_and_else_to_a_search(open_dialog: Open, keys) -> None:
    two, one = open_dialog(), open_dialog(account(phones=(Phone(1, "13900004417"),)))
    for dialog in (two, one):
        dialog.form.pad.press("6")
    assert "换登记的另一个号码" in two.draft().next_action.reason
    assert "查合同" in one.draft().next_action.reason


def test_a_changed_result_takes_its_promise_along(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    keys("1", "2")
    dialog.form.pad.take_focus()
    keys("4")
    draft = dialog.draft()
    assert (draft.outcome, draft.promise) == (Outcome.NO_ANSWER, None)
    assert dialog.problem_texts() == {}


def test_the_promise_day_is_known_by_name_to_whoever_asks_what_is_missing(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    keys("1")
    assert dialog.problem_texts() == {DraftField.PROMISE_DAY: "承诺缴费要选哪一天。"}


def test_arrows_walk_over_the_pad_and_space_chooses(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    keys(Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Space)
    assert dialog.form.pad.value() is Outcome.OFF


@pytest.mark.parametrize(("low", "height"), [(False, 688), (True, 480)])
def test_the_form_fits_its_screen_with_all_thirteen_results(qtbot, low: bool, height: int) -> None:
    owner = account(owner_row(9, "车位 B2-118", 45000))
    form = ContactForm(ContactFacts(owner, CHARGES), NOW, low=low)
    qtbot.addWidget(form)
    form.pad.offer(outcomes_for(Channel.PHONE))
    assert len(outcomes_for(Channel.PHONE)) == 13
    assert form.minimumSizeHint().height() <= height
    assert form.minimumSizeHint().width() <= 880


def test_ten_contacts_need_no_mouse(open_dialog: Open, keys) -> None:
    drafts: list[ContactDraft] = []
    for strokes in ("12", "13", "2", "31", "4", "5", "7", "8", "91", "0"):
        dialog = open_dialog()
        dialog.saved.connect(lambda draft, _next: drafts.append(draft))
        keys(strokes, (ENTER, CTRL))
    assert len(drafts) == 10


def test_an_objection_without_its_kind_is_not_saved_and_says_so(open_dialog: Open, keys) -> None:
    dialog = open_dialog()
    got = _saved(dialog)
    keys("9", ENTER)
    assert got == []
    assert "哪一类" in dialog.form.dispute.kind_problem.text()
    keys("1", ENTER)
    assert [draft.dispute_kind for draft, _ in got] == ["房屋质量"]


def test_an_objection_is_about_one_unit_until_the_clerk_says_otherwise(open_dialog: Open, keys) -> None:
    """A leak in one flat must not hold back the bills of fourteen others."""
    dialog = open_dialog(account(owner_row(9, "车位 B2-118", 45000)))
    keys("9", "1")
    assert dialog.draft().account_ids == (1,)
    keys((Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier))
    assert dialog.draft().account_ids == (1, 9)


def test_another_result_takes_the_other_units_along_again(open_dialog: Open, keys) -> None:
    dialog = open_dialog(account(owner_row(9, "车位 B2-118", 45000)))
    keys("9")
    dialog.form.pad.take_focus()
    keys("4")
    assert dialog.draft().account_ids == (1, 9)
