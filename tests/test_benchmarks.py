"""The table of the benchmarks is whole, and each of its jobs runs. Times are told by the table itself, never asserted."""

from __future__ import annotations

from math import isfinite

import pytest

from benchmarks.__main__ import JOBS, main
from benchmarks.measure import HEADINGS, Measured, table
from benchmarks.offices import Workshop


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(tmp_path_factory.mktemp("benchmarks"), quick=True)


def test_every_line_of_the_design_has_its_job() -> None:
    assert list(JOBS) == [
        "window",
        "search",
        "import",
        "notices",
        "record-table",
        "memory",
        "worklist",
        "next-actions",
        "balances",
        "matching",
        "lint",
    ]


@pytest.mark.parametrize("name", JOBS)
def test_a_job_measures_something(shop: Workshop, qapp: object, name: str) -> None:
    found = JOBS[name](shop)
    assert isfinite(found.ours) and found.ours > 0
    assert found.floor is None or (isfinite(found.floor) and found.floor > 0)
    assert found.aim is not None or found.most is not None, "a job without an aim says nothing"
    assert (found.aim is None) or (found.floor is not None), "times of what?"


@pytest.mark.parametrize(
    ("line", "holds", "cells"),
    [
        (Measured("甲", 3.0, 2.0, 1.5), True, ("甲", "3.00 s", "2.00 s", "1.50 ×", "≤ 1.5 ×", "是")),
        (Measured("乙", 3.1, 2.0, 1.5), False, ("乙", "3.10 s", "2.00 s", "1.55 ×", "≤ 1.5 ×", "否")),
        (Measured("丙", 0.04, 0.03, 2, most=0.034), False,
         ("丙", "40.0 ms", "30.0 ms", "1.33 ×", "≤ 2 ×，≤ 34.0 ms", "否")),
        (Measured("丁", 299, None, None, most=300, unit="MB"), True, ("丁", "299 MB", "—", "—", "≤ 300 MB", "是")),
    ],
)  # fmt: skip
def test_a_line_says_whether_its_aims_are_reached(line: Measured, holds: bool, cells: tuple[str, ...]) -> None:
    assert line.holds is holds
    assert line.cells() == cells
    assert all(heading in table([line]) for heading in HEADINGS)


def test_a_name_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["no-such-job"])
    assert stopped.value.code == 2
    assert "no-such-job" in capsys.readouterr().err
