"""The matrix of 话术: no place without words or a stated reason, and nothing in a place that has a reason to be empty."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from feedesk.models.accounts import DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.scripts import MOMENTS, Filled, Script, coverage, load_library
from feedesk.models.scripts.matrix import CHANNELS, Cell, all_cells, load_rules, read_rules

LIBRARY = load_library()
MATRIX = coverage(LIBRARY)
NO_RULES = read_rules("empty = []")


@pytest.mark.parametrize("kind", DebtorType)
def test_every_place_of_a_type_has_words_or_a_reason(kind: DebtorType) -> None:
    lacking = [f"{cell.text} {MATRIX.cells[cell].reason}" for cell in MATRIX.missing if cell.debtor_type is kind]
    assert lacking == []


def test_no_place_has_both_words_and_a_reason_to_have_none_and_no_reason_is_idle() -> None:
    assert [cell.text for cell in MATRIX.of(Filled.CONFLICT)] == []
    assert MATRIX.idle_rules == ()


def test_the_library_is_whole() -> None:
    assert MATRIX.is_complete
    assert {script.moment for script in LIBRARY.scripts} >= set(MOMENTS)
    assert [one.number for one in LIBRARY.techniques] == list(range(1, 10))
    assert len(LIBRARY.objections) >= 30 and LIBRARY.talks


def test_the_matrix_is_types_by_steps_by_channels_and_every_cell_is_counted_once() -> None:
    assert len(all_cells()) == len(set(all_cells())) == 13 * 10 * 4
    assert sum(MATRIX.count(state) for state in Filled) == len(MATRIX.cells) == 520
    assert MATRIX.filled == MATRIX.count(Filled.OWN) + MATRIX.count(Filled.SHARED)


def test_every_empty_place_is_listed_under_its_reason() -> None:
    listed = [cell for cells in MATRIX.reasons().values() for cell in cells]
    assert sorted(listed) == sorted(MATRIX.of(Filled.EMPTY))
    assert all(len(reason) >= 15 for reason in MATRIX.reasons()), "a reason is a sentence"


@pytest.mark.parametrize(
    ("kind", "step", "channel", "says"),
    [
        (DebtorType.UNREACHABLE, Step.LETTER, Channel.PHONE, "号码都打不通"),
        (DebtorType.BUSY, Step.PUBLIC_NOTICE, Channel.MESSAGE, "不记名公示"),
        (DebtorType.UNLET, Step.SECOND_CALL, Channel.VISIT, "房子空着"),
        (DebtorType.HARDSHIP, Step.COURT, Channel.PHONE, "减免或分期"),
        (DebtorType.DEFECTS, Step.LAWYER, Channel.MAIL, "没有办结"),
        (DebtorType.UNPAID, Step.LAWYER, Channel.MESSAGE, "期限内不主动联系"),
    ],
)
def test_a_place_is_empty_by_a_reason_that_one_can_check(
    kind: DebtorType, step: Step, channel: Channel, says: str
) -> None:
    fill = MATRIX.cells[Cell(kind, step, channel)]
    assert fill.state is Filled.EMPTY and says in fill.reason


# --- how cells are told apart, on a library that is held to one script -----------------------------------------------

ONE = replace(LIBRARY, scripts=tuple(script for script in LIBRARY.scripts if script.id == "busy.2.phone"))
PLACE = Cell(DebtorType.BUSY, Step.FIRST_CALL, Channel.PHONE)


def test_a_script_fills_its_own_place_and_no_other() -> None:
    matrix = coverage(ONE, NO_RULES)
    assert matrix.of(Filled.OWN) == (PLACE,)
    assert matrix.cells[PLACE].scripts == ("busy.2.phone",)
    assert matrix.count(Filled.MISSING) == 519 and not matrix.is_complete


def test_a_script_for_several_types_and_steps_fills_all_of_them() -> None:
    shared = replace(ONE.scripts[0], types=(DebtorType.BUSY, DebtorType.UNPAID), steps=(Step.REMINDER, Step.FIRST_CALL))
    matrix = coverage(replace(ONE, scripts=(shared, *ONE.scripts)), NO_RULES)
    assert matrix.count(Filled.SHARED) == 3
    assert matrix.cells[PLACE].state is Filled.OWN, "the type's own words go before those for several"


def test_a_script_for_a_situation_fills_no_place() -> None:
    due = replace(ONE.scripts[0], situation="promise_due")
    assert coverage(replace(ONE, scripts=(due,)), NO_RULES).filled == 0


def test_words_where_a_reason_says_none_are_a_contradiction() -> None:
    rules = read_rules('[[empty]]\ntypes = ["busy"]\nsteps = ["2"]\nchannels = ["phone"]\nreason = "没有可说的"')
    matrix = coverage(ONE, rules)
    assert matrix.of(Filled.CONFLICT) == (PLACE,) and not matrix.is_complete


def test_a_reason_behind_another_that_covers_it_is_idle() -> None:
    rule = '[[empty]]\ntypes = ["busy"]\nsteps = ["*"]\nchannels = ["mail"]\nreason = "一"\n'
    matrix = coverage(ONE, read_rules(rule + rule.replace('"*"', '"4"').replace("一", "二")))
    assert [one.reason for one in matrix.idle_rules] == ["二"]


def test_a_step_with_letters_is_filled_only_when_all_its_moments_are_told() -> None:
    def letter(moment: str, step: Step) -> Script:
        return replace(ONE.scripts[0], id=f"x.{moment}", channel=Channel.MAIL, steps=(step,), moment=moment)

    before, after = letter("before_lawyer", Step.LAWYER), letter("after_lawyer", Step.LAWYER)
    place = Cell(DebtorType.BUSY, Step.LAWYER, Channel.MAIL)
    half = coverage(replace(ONE, scripts=(before,)), NO_RULES)
    assert half.cells[place].state is Filled.MISSING and half.cells[place].reason == "after_lawyer"
    assert coverage(replace(ONE, scripts=(before, after)), NO_RULES).cells[place].state is Filled.OWN


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('types = ["lazy"]\nsteps = ["1"]\nchannels = ["phone"]\nreason = "一"', "lazy"),
        ('types = ["busy"]\nsteps = ["9"]\nchannels = ["phone"]\nreason = "一"', "9"),
        ('types = ["busy"]\nsteps = ["1"]\nchannels = ["phone"]\nreason = " "', "needs a reason"),
        ('types = ["busy"]\nsteps = ["1"]\nchannels = ["phone"]\nwhy = "一"\nreason = "一"', "unknown key why"),
    ],
)
def test_an_unsound_reason_is_refused(toml: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        read_rules(f"[[empty]]\n{toml}")


def test_the_counter_is_no_column() -> None:
    assert Channel.COUNTER not in CHANNELS
    assert all(rule.channels <= set(CHANNELS) for rule in load_rules())
