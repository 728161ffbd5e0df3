"""Five things to confirm before the first real notice: shipped open, ticked with day and name, kept by the office."""

from __future__ import annotations

from datetime import date

from feedesk.models.law import confirmed, law_checks


def test_all_five_are_open_until_the_office_confirms_them() -> None:
    checks = law_checks("")
    assert len(checks.items) == 5 and checks.open_count == 5
    assert checks.as_of == date(2026, 11, 21)


def test_a_tick_keeps_day_and_name_and_can_be_taken_back() -> None:
    stored = confirmed("", "lpr", date(2026, 11, 24), "许宁")
    (lpr,) = [item for item in law_checks(stored).items if item.key == "lpr"]
    assert (lpr.done_on, lpr.done_by) == (date(2026, 11, 24), "许宁")
    assert law_checks(stored).open_count == 4
    assert law_checks(confirmed(stored, "lpr", None, "许宁")).open_count == 5
