"""Several lists as one act, and papers that never land on an office file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from feedesk.errors import BadInput, FeeDeskError, QuestionOpen
from feedesk.models.arrears_list import Question, QuestionCode
from feedesk.models.import_plan import ImportPlan, PlanOptions
from feedesk.models.store import BackupReason, Office, backups
from feedesk.tasks import lists
from feedesk.tasks.tables import export_record_table
from feedesk.tasks.targets import drop, part_of, refuse_office
from tests.office_tools import import_list, listed, new_office, reading
from tests.store_tools import assert_sound, owed

CAREFUL = PlanOptions(date(2026, 11, 13), careful=True)
ONE = reading(listed("1-101"), listed("1-102", "何敏"), file="一.xlsx", sha="1" * 64)
TWO = reading(listed("1-101"), listed("1-103", "郑国强"), file="二.xlsx", sha="2" * 64)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = new_office(tmp_path)
    yield made
    assert_sound(made)
    made.close()


def test_lists_are_compared_one_after_the_other(office: Office) -> None:
    plans: list[ImportPlan] = []
    lists.apply_lists(office, [ONE, TWO], CAREFUL, on_plan=plans.append)
    assert [plan.diff_counts()["new"] for plan in plans] == [2, 1] and plans[1].diff_counts()["paid_off"] == 1
    assert [applied.file for applied in office.imports.all()] == ["二.xlsx", "一.xlsx"]


def test_a_question_in_the_second_undoes_the_first(office: Office) -> None:
    asking = replace(TWO, questions=(Question(QuestionCode.NO_PERIOD, "没有期间：是哪几个月？", "期间待核"),))
    with pytest.raises(QuestionOpen, match="没有期间") as caught:
        lists.apply_lists(office, [ONE, asking], replace(CAREFUL, careful=False))
    assert "期间待核" in caught.value.hint
    assert owed(office) == {} and office.imports.all() == []


def test_a_dry_run_shows_every_difference_and_writes_none(office: Office) -> None:
    plans: list[ImportPlan] = []
    lists.apply_lists(office, [ONE, TWO], CAREFUL, dry_run=True, on_plan=plans.append)
    assert len(plans) == 2 and owed(office) == {} and office.imports.all() == []


def test_the_last_act_may_still_refuse_everything(office: Office) -> None:
    def no_room() -> None:
        raise FeeDeskError("磁盘剩余空间放不下一份备份。")

    with pytest.raises(FeeDeskError, match="放不下"):
        lists.apply_lists(office, [ONE], CAREFUL, before_commit=no_room)
    assert owed(office) == {}


def test_a_copy_made_as_the_last_act_holds_the_office_as_it_was(office: Office, tmp_path: Path) -> None:
    import_list(office, listed("1-101"), as_of=date(2026, 11, 1))
    then = owed(office)
    lists.apply_lists(office, [ONE], CAREFUL, before_commit=lambda: office.backup(BackupReason.IMPORT))
    (copy,) = backups.all_of(office.path)
    looked = Office.look(copy.path, office.session.now)
    assert owed(looked) == then != owed(office)
    looked.close()


def test_a_list_that_states_its_day_is_taken_as_of_that_day_unless_told_otherwise(office: Office) -> None:
    dated = replace(ONE, as_of=date(2026, 10, 31))
    lists.apply_lists(office, [dated], CAREFUL)
    assert office.imports.all()[0].as_of == date(2026, 10, 31)
    lists.apply_lists(office, [replace(TWO, as_of=date(2026, 10, 31))], CAREFUL, own_day=False)
    assert office.imports.all()[0].as_of == date(2026, 11, 13)


@pytest.mark.parametrize("name", ["明湖花园.feedesk", "别的.feedesk", "别的.FEEDESK"])
def test_nothing_is_written_over_an_office_file(office: Office, name: str) -> None:
    before = owed(office)
    with pytest.raises(BadInput, match="办公室文件"):
        export_record_table(office, office.path.with_name(name), date(2026, 11, 1), date(2026, 11, 30))
    assert owed(office) == before


def test_an_office_of_any_name_is_recognised(tmp_path: Path) -> None:
    odd = tmp_path / "账本.db"
    with pytest.raises(BadInput):
        refuse_office(tmp_path / "子" / ".." / "账本.db", odd)
    refuse_office(tmp_path / "账本.xlsx", odd)


def test_a_failed_export_leaves_the_earlier_table(office: Office, tmp_path: Path) -> None:
    import_list(office, listed("1-101"))
    target = tmp_path / "表.xlsx"
    target.mkdir()
    with pytest.raises(FeeDeskError, match="表"):
        export_record_table(office, target, date(2026, 11, 1), date(2026, 11, 30))
    assert target.is_dir() and not part_of(target).exists()


def test_dropping_what_is_not_there_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    drop(tmp_path / "没有")
    drop(tmp_path / "文件" / "下面")
    drop(tmp_path / "文件")
    assert list(tmp_path.iterdir()) == []
