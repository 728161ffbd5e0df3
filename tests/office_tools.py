"""A small real office on a temporary file, filled through the same doors as in the program."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

from feedesk.models.arrears_list import ListedAccount, ListedCharge, Reading
from feedesk.models.changes import Changes
from feedesk.models.import_diff import plan_import
from feedesk.models.import_plan import PlanOptions
from feedesk.models.office import OfficeProfile
from feedesk.models.periods import Period
from feedesk.models.rooms import place_of
from feedesk.models.store import Office

NOON = datetime(2026, 11, 17, 12, 0)


class Clock:
    """An office clock that a test sets."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: int) -> None:
        self.now += timedelta(**span)


def new_office(folder: Path, clock: Clock | None = None, name: str = "明湖花园") -> Office:
    """A fresh office with one clerk, 许宁."""
    return office_after(_nothing, folder, clock or Clock(), name)


def office_after(deeds: Callable[[Office], object], folder: Path, clock: Clock, name: str = "明湖花园") -> Office:
    """An office in which these `deeds` (a function of a module) have been done, all at the clock's present moment.

    They are done once for each moment; every test has a copy of the file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.feedesk"
    with path.open("xb") as file:
        file.write(_file_after(deeds, name, clock()))
    return Office.open(path, clock)


def _nothing(_office: Office) -> None:
    """The schema and the first clerk alone take 80 ms: even these are done once."""


@cache
def _file_after(deeds: Callable[[Office], object], name: str, now: datetime) -> bytes:
    profile = OfficeProfile(
        office=f"{name}服务中心", estate=name, phone="0000-6688 1200", company="安和物业服务有限公司"
    )
    with tempfile.TemporaryDirectory() as folder:
        made = Office.create(Path(folder) / f"{name}.feedesk", profile, "许宁", "小许", Clock(now))
        try:
            deeds(made)
        finally:
            made.close()
        return made.path.read_bytes()


def listed(
    room: str,
    name: str = "林晓岚",
    *charges: tuple[str, str, int],
    phones: tuple[str, ...] = (),
    remark: str = "",
    salutation: str = "",
    due_on: date | None = None,
) -> ListedAccount:
    """A household: charges are (item, period as `2026-07..2026-09` or empty, owed 分)."""
    from feedesk.models.accounts import remark_flags

    lines = charges or (("管理费", "2026-07..2026-09", 107_940),)
    return ListedAccount(
        room=room,
        building=place_of(room).building,
        name=name,
        salutation=salutation,
        tenant="",
        phones=phones,
        area="",
        property_state="",
        finance_number="",
        remark=remark,
        flags=remark_flags(remark),
        charges=tuple(
            ListedCharge("表", row, item, Period.parse(period) if period else None, owed, due_on)
            for row, (item, period, owed) in enumerate(lines, start=2)
        ),
    )


def reading(*accounts: ListedAccount, file: str = "清单.xlsx", sha: str = "") -> Reading:
    """A list that reads without a question."""
    return Reading(
        file=file,
        sha256=sha or f"{abs(hash((file, accounts))):064x}",
        shape="s",
        as_of=None,
        period=None,
        sheets=(),
        accounts=accounts,
        rejected=(),
        skipped=(),
        questions=(),
        checks=(),
    )


def import_list(
    office: Office,
    *accounts: ListedAccount,
    as_of: date = date(2026, 11, 13),
    full: bool = True,
    file: str = "清单.xlsx",
) -> Changes:
    """Apply a list of these households, every question answered the careful way."""
    options = PlanOptions(as_of=as_of, full=full, careful=True)
    plan = plan_import(
        reading(*accounts, file=file, sha=f"{file}{as_of}{len(accounts)}"), office.imports.held(as_of), options
    )
    return office.imports.apply(plan)


def ids_by_room(office: Office) -> dict[str, int]:
    """Account id of the current tenure of each room."""
    from feedesk.models.owner_filter import Chip, OwnerFilter

    rows = office.accounts.rows(OwnerFilter(chip=Chip.ALL), "room")
    return {row.room: row.account_id for row in rows if not row.is_former}
