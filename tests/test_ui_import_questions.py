"""Questions of the import: each stands as a card, keeps 确认导入 closed, and its answer shows in the plan."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from feedesk.models.arrears_list import Question, QuestionCode
from feedesk.models.import_plan import ImportPlan
from feedesk.models.periods import Period
from feedesk.tasks.import_effects import ChangeClass
from feedesk.ui.import_questions import QuestionBand, choices_of
from tests.import_tools import ImportBench, write_list
from tests.ui_tools import settle


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[ImportBench]:
    made = ImportBench(tmp_path, qtbot)
    yield made
    made.close()
    settle()
    gc.collect()


BEFORE = tuple(f"1-10{n},甲{n},1390000110{n},{n}00,2026-10" for n in range(1, 6))
"""Five households of building 1: 甲1 owes 100 … 甲5 owes 500."""


def renamed(plan: ImportPlan) -> bool:
    return [change.renames for change in plan.changes if change.room == "1-101"] == [True]


def new_owner(plan: ImportPlan) -> bool:
    return [change.owner_changed for change in plan.changes if change.room == "1-101"] == [True]


def one_room(plan: ImportPlan) -> bool:
    return {change.room for change in plan.changes if change.listed} == {f"1-10{n}" for n in range(1, 6)}


def two_rooms(plan: ImportPlan) -> bool:
    return "1-0105" in {change.room for change in plan.changes}


def all_paid(plan: ImportPlan) -> bool:
    return plan.after == 30_000


def nobody_paid(plan: ImportPlan) -> bool:
    return plan.after == 150_000 and not plan.options.full


CASES = [
    ("另一个名字，电话相同", ("1-101,甲壹,13900001101,100,2026-10", *BEFORE[1:]), QuestionCode.SAME_OWNER,
     "更正姓名", renamed),
    ("另一个名字，电话相同", ("1-101,甲壹,13900001101,100,2026-10", *BEFORE[1:]), QuestionCode.SAME_OWNER,
     "换了业主", new_owner),
    ("房号写法不同", (*BEFORE[:4], "1-0105,甲5,13900001105,500,2026-10"), QuestionCode.SAME_ROOM,
     "是同一套", one_room),
    ("房号写法不同", (*BEFORE[:4], "1-0105,甲5,13900001105,500,2026-10"), QuestionCode.SAME_ROOM,
     "是两套", two_rooms),
    ("大半不在清单上", BEFORE[:2], QuestionCode.MANY_GONE, "确实都缴了", all_paid),
    ("大半不在清单上", BEFORE[:2], QuestionCode.MANY_GONE, "改为“只是一部分”", nobody_paid),
]  # fmt: skip


@pytest.mark.parametrize(("what", "lines", "code", "answer", "holds"), CASES)
def test_a_question_blocks_until_it_is_answered(
    bench: ImportBench,
    what: str,
    lines: tuple[str, ...],
    code: QuestionCode,
    answer: str,
    holds: Callable[[ImportPlan], bool],
) -> None:
    folder = bench.office.path.parent
    bench.apply(write_list(folder, *BEFORE))
    dialog = bench.open(write_list(folder, *lines, name=f"{what}.csv"))
    dialog.next_step()
    assert [question.code for question in dialog.now().open_questions] == [code]
    assert not dialog.primary.isEnabled()
    assert dialog.primary.toolTip().startswith("还有 1 个疑问没有回答：")
    dialog.confirm()
    assert not dialog.busy
    bench.recalculated(dialog, lambda: dialog.changes.questions.press(answer))
    assert dialog.now().open_questions == ()
    assert dialog.changes.questions.isHidden()
    assert holds(dialog.now().plan)
    assert dialog.primary.isEnabled()
    dialog.confirm()
    bench._qtbot.waitUntil(lambda: dialog.steps.currentIndex() == 2, timeout=20_000)
    assert bench.owed() == dialog.now().plan.after


def older(bench: ImportBench) -> Path:
    folder = bench.office.path.parent
    bench.apply(write_list(folder, *BEFORE, name="清单2026-11-13.csv"))
    return write_list(folder, *BEFORE, "1-106,甲6,,600,2026-09", name="清单2026-10-13.csv")


def test_an_older_list_is_taken_only_when_it_is_meant(bench: ImportBench) -> None:
    dialog = bench.open(older(bench))
    dialog.next_step()
    assert [question.code for question in dialog.now().open_questions] == [QuestionCode.OLDER_LIST]
    bench.recalculated(dialog, lambda: dialog.changes.questions.press("仍然导入"))
    assert dialog.primary.isEnabled()


def test_an_older_list_can_be_given_up_on_its_card(bench: ImportBench, qtbot: QtBot) -> None:
    dialog = bench.open(older(bench))
    dialog.next_step()
    with qtbot.waitSignal(dialog.rejected):
        dialog.changes.questions.press("不导入")
    assert bench.owed() == 150_000


def test_a_question_about_the_list_can_be_answered_from_the_second_step(bench: ImportBench) -> None:
    folder = bench.office.path.parent
    path = write_list(folder, "1-101,甲一,100,好,2026-10", head="房号,业主,管理费,代号,欠费期间")
    dialog = bench.open(path)
    dialog.next_step()
    bench.recalculated(dialog, lambda: dialog.changes.questions.press("作备注留着"))
    assert dialog.now().open_questions == ()
    assert "好" in dialog.now().reading.accounts[0].remark


def test_a_new_owner_leaves_the_old_debt_where_it_is_and_says_so(bench: ImportBench) -> None:
    folder = bench.office.path.parent
    bench.apply(write_list(folder, *BEFORE))
    dialog = bench.open(write_list(folder, "1-101,钱七,13911112222,100,2026-10", *BEFORE[1:], name="二.csv"))
    rows = dialog.now().rows[ChangeClass.OWNER]
    assert [(row.room, row.name) for row in rows] == [("1-101", "甲1 → 钱七")]
    assert rows[0].then == "原业主 甲1 名下 100.00 元仍记在原业主名下，请向财务核对由谁承担。"


def test_several_questions_are_looked_at_one_by_one(qtbot: QtBot) -> None:
    questions = [Question(QuestionCode.SAME_OWNER, f"第{n}个？", "另立一户", (f"1-10{n}",)) for n in range(3)]
    band = QuestionBand()
    qtbot.addWidget(band)
    told: list[Question] = []
    band.answered.connect(lambda question, _answer: told.append(question))
    band.show_questions(questions, None)
    assert band.text.text() == "第0个？"
    band._next.click()
    band.press("更正姓名")
    assert told == [questions[1]]
    band.show_questions([questions[0], questions[2]], None)
    assert band.text.text() == "第2个？"
    band.show_questions([], None)
    assert band.isHidden()


@pytest.mark.parametrize("code", list(QuestionCode))
def test_every_kind_of_question_has_answers_and_never_a_bare_yes(code: QuestionCode) -> None:
    words = [choice.words for choice in choices_of(Question(code, "？", "", ("甲",)), Period.parse("2026-07..2026-09"))]
    assert len(words) >= 2 and len(set(words)) == len(words)
    assert not {"是", "否", "确定", "取消"} & set(words)
