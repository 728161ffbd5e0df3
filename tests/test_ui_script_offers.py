"""F11: what else may be said in a call; what no record supports is seen with its reason and cannot be taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import CHANNEL_LABELS, Channel
from feedesk.models.scripts import MOMENTS, load_library
from feedesk.models.scripts.records import with_implied
from feedesk.models.scripts.truth import NOTHING_ON_FILE, SpokenPaper, Truth
from feedesk.reports.fonts import Fonts
from feedesk.ui.call_facts import CallFacts, gather
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import JobRunner
from feedesk.ui.messages import Messages
from feedesk.ui.office_room import OWNERS
from feedesk.ui.script_head import marks_of
from feedesk.ui.script_offers import as_script, on_offer
from feedesk.ui.settings import UiSettings
from tests.office_tools import Clock, ids_by_room
from tests.script_page_tools import Bench, Key, script_office
from tests.ui_tools import RecordingPresenter, settle

ROOM = "3-2-1502"


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(qtbot, tmp_path, OWNERS)
    made.look_at(ROOM)
    yield made
    made.close()


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Desk]:
    """The same office without a window: what may be taken is asked of the record alone."""
    messages = Messages(RecordingPresenter())
    office = script_office(tmp_path, Clock(datetime(2026, 11, 17, 10, 0)))
    settings = UiSettings(tmp_path / "ui.ini")
    yield Desk(office, messages, JobRunner(messages), settings, office.scripts.library(), Fonts(), parent=messages)
    office.close()


def opened(bench: Bench) -> QMenu:
    bench.press(Key.Key_F11)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def line(menu: QMenu, words: str) -> QAction:
    return next(one for one in menu.actions() if words in one.text())


def take(bench: Bench, words: str) -> None:
    """By the digit before the line."""
    menu = opened(bench)
    text = line(menu, words).text()
    assert text[0] == "&"
    bench.qtbot.keyClick(menu, text[1])
    settle()


def at_step(desk: Desk, step: Step, *facts: str) -> CallFacts:
    """The call as it would be at a step of the ladder with these records on file."""
    found = gather(desk, ids_by_room(desk.office)[ROOM])
    records = with_implied(facts)
    paper = SpokenPaper("催费函", date(2026, 11, 3), None, records, is_letter=True)
    truth = Truth(records, (paper,) if "demand_drafted" in records else ()) if facts else NOTHING_ON_FILE
    account = replace(found.account, row=replace(found.account.row, step=step))
    return replace(found, account=account, truth=truth, script_type=DebtorType.UNPAID)


# --- the truth guard ---


@pytest.mark.parametrize(
    ("step", "facts", "open_moment"),
    [
        (Step.FIRST_CALL, (), ""),
        (Step.DEMAND, ("step_demand",), "list_made"),
        (Step.DEMAND, ("demand_drafted",), "demand_drafted"),
        (Step.DEMAND, ("demand_sent",), "demand_sent"),
        (Step.LETTER, ("demand_received",), "demand_received"),
        (Step.LAWYER, ("lawyer_mandate",), "before_lawyer"),
        (Step.LAWYER, ("lawyer_letter_sent",), "after_lawyer"),
        (Step.COURT, (), ""),
        (Step.COURT, ("case_filed",), "before_summons"),
        (Step.COURT, ("case_number",), "after_summons"),
    ],
)
def test_just_the_moment_that_it_is_can_be_taken(
    desk: Desk, step: Step, facts: tuple[str, ...], open_moment: str
) -> None:
    found = on_offer(load_library(), at_step(desk, step, *facts), Channel.PHONE, ())
    free = [one.script.moment for one in found.moments if one.script and not one.locked]
    assert free == ([open_moment] if open_moment else [])
    assert all(one.locked for one in found.moments if one.script and one.script.moment != open_moment)


@pytest.mark.parametrize("step", list(Step))
def test_nothing_that_lacks_its_record_can_be_taken(desk: Desk, step: Step) -> None:
    facts = at_step(desk, step)
    for channel in (Channel.PHONE, Channel.VISIT, Channel.MESSAGE):
        found = on_offer(load_library(), facts, channel, ())
        for one in (*found.scripts, *found.moments, *found.techniques):
            assert one.locked or not (one.script and one.script.requires)
            if one.script and one.locked:
                assert found.find(one.script.id) is None


def test_a_technique_is_read_line_by_line_under_its_own_ref() -> None:
    for technique in load_library().techniques:
        script = as_script(technique)
        assert script.ref == technique.ref
        assert [part.text for part in script.parts] == [one.say for one in technique.lines]


# --- in the panel ---


def test_a_technique_in_place_of_the_script_goes_along_to_the_contact(bench: Bench) -> None:
    script = bench.room.owners.panel.script
    by_rule = script.script_ref
    take(bench, "招数 2 断其后路")
    assert script.script_ref.startswith("technique.2@")
    assert script.why.text().startswith("您换的：招数 2 断其后路")
    assert "占您两分钟" in script.text()
    take(bench, "按规则")
    assert script.script_ref == by_rule
    assert not script.why.text().startswith("您换的")


def test_a_locked_line_tells_why_and_cannot_be_pressed(bench: Bench) -> None:
    bench.desk.write(lambda: bench.office.traits.set_type(bench.ids[ROOM], DebtorType.SPECULATIVE))
    settle()
    menu = opened(bench)
    locked = line(menu, "招数 8 催费函")
    assert not locked.isEnabled()
    assert "记录里还没有“催费函或最后通知书已送出”" in locked.text()
    menu.close()


def test_another_owner_starts_with_what_the_rules_choose(bench: Bench) -> None:
    take(bench, "招数 2 断其后路")
    bench.look_at("3-2-902")
    bench.look_at(ROOM)
    bench.go(OWNERS)
    assert not bench.room.owners.panel.script.script_ref.startswith("technique.")


def test_another_line_of_small_talk_stands_in_the_opening(bench: Bench) -> None:
    take(bench, "招数 1 适时提醒")
    script = bench.room.owners.panel.script
    talks = bench.office.scripts.talks(bench.clock.now.date())
    wanted = next(one for one in reversed(talks) if one.text not in script.text())
    menu = opened(bench)
    line(menu, wanted.text).trigger()
    menu.close()
    settle()
    assert wanted.text in script.text()


# --- what stands above it ---


def test_what_is_not_as_usual_about_a_script_is_marked(desk: Desk) -> None:
    library = load_library()
    facts = at_step(desk, Step.DEMAND, "step_demand", "demand_sent")

    def marks(ref: str, channel: Channel, *, picked: bool = False) -> tuple[str, ...]:
        script = library.script(ref)
        assert script is not None
        return marks_of(script, facts, channel, picked=picked)

    assert marks("unpaid.4.phone", Channel.PHONE) == ()
    assert marks("unpaid.4.phone", Channel.COUNTER) == (CHANNEL_LABELS[Channel.COUNTER],)
    assert marks("unpaid.3.phone", Channel.PHONE) == ("“3 再电”版代用",)
    assert marks("unpaid.4.phone", Channel.MESSAGE) == ("电话版代用",)
    assert marks("busy.4.phone", Channel.PHONE) == ("通用版代用",)
    assert marks("unpaid.3.phone.promise_due", Channel.PHONE) == (), "words for a situation stand in for nothing"
    assert marks("any.4.mail.demand_sent", Channel.PHONE, picked=True) == ("您换的", MOMENTS["demand_sent"])
