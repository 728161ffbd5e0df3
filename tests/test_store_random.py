"""Whatever is done in whatever order, the office file is sound and its derived values follow from the records."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from feedesk.errors import FeeDeskError
from feedesk.models.accounts import Category
from feedesk.models.contacts import ClaimDraft, Outcome
from feedesk.models.store import Office
from tests.office_tools import Clock, import_list, listed, new_office
from tests.store_tools import assert_sound, contact, issue, owed

ROOMS = ("1-101", "1-102", "1-103", "2-201")
NAMES = ("林晓岚", "何敏")
PERIODS = ("2026-07..2026-09", "2026-07", "2026-08..2026-10", "")
OUTCOMES = (
    Outcome.PROMISED,
    Outcome.NO_ANSWER,
    Outcome.SAYS_PAID,
    Outcome.DISPUTE,
    Outcome.DO_NOT_CALL,
    Outcome.DEAD_NUMBER,
)

amounts = st.integers(1, 400) | st.sampled_from([10_000, 9_999_999_999])
lines = st.lists(st.tuples(st.sampled_from(("管理费", "水费")), st.sampled_from(PERIODS), amounts), min_size=1, max_size=3,
                 unique_by=lambda line: line[:2])  # fmt: skip
households = st.dictionaries(st.sampled_from(ROOMS), st.tuples(st.sampled_from(NAMES), lines), max_size=4)


class OfficeLife(RuleBasedStateMachine):
    """Months in the life of an office, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.office = new_office(Path(self.folder.name), self.clock)
        self.as_of = date(2026, 10, 1)
        self.count = 0
        self.listed: dict[str, int] = {}
        """What the lists together say of each room."""

    def teardown(self) -> None:
        self.office.close()
        self.folder.cleanup()

    @property
    def accounts(self) -> list[int]:
        return [row[0] for row in self.office.session.conn.execute("SELECT id FROM accounts ORDER BY id")]

    @rule(homes=households, full=st.booleans())
    def take_a_list(self, homes: dict[str, tuple[str, list[tuple[str, str, int]]]], full: bool) -> None:
        self.clock.forward(minutes=1)
        self.as_of += timedelta(days=1)
        self.count += 1
        accounts = [listed(room, name, *charges) for room, (name, charges) in homes.items()]
        import_list(self.office, *accounts, as_of=self.as_of, full=full, file=f"{self.count}.xlsx")
        named = {room: sum(fen for _, _, fen in charges) for room, (_, charges) in homes.items()}
        buildings = {room.partition("-")[0] for room in named}
        if full:
            self.listed = {room: fen for room, fen in self.listed.items() if room.partition("-")[0] not in buildings}
        self.listed.update(named)

    @precondition(lambda self: self.accounts)
    @rule(data=st.data(), outcome=st.sampled_from(OUTCOMES), category=st.sampled_from((None, *Category)))
    def log_a_contact(self, data: st.DataObject, outcome: Outcome, category: Category | None) -> None:
        self.clock.forward(minutes=1)
        ids = data.draw(st.lists(st.sampled_from(self.accounts), min_size=1, max_size=2, unique=True))
        now = self.clock()
        promise = (
            (now.date() + timedelta(days=2), data.draw(st.integers(1, 500))) if outcome is Outcome.PROMISED else None
        )
        claim = (now.date(), data.draw(st.integers(1, 500))) if outcome is Outcome.SAYS_PAID else None
        draft = contact(*ids, at=now - timedelta(hours=data.draw(st.integers(0, 48))), outcome=outcome, category=category,
                        promise=promise, claim=claim)  # fmt: skip
        try:
            self.office.contacts.add(draft)
        except FeeDeskError as refused:
            assert "承诺金额" in refused.text

    @precondition(lambda self: self.accounts)
    @rule(data=st.data(), amount=st.integers(1, 500))
    def mark_as_paid(self, data: st.DataObject, amount: int) -> None:
        self.clock.forward(minutes=1)
        account = data.draw(st.sampled_from(self.accounts))
        self.office.contacts.claim((account,), ClaimDraft(self.clock().date(), amount, "转账"))

    @precondition(lambda self: self.listed)
    @rule(data=st.data())
    def print_notices(self, data: st.DataObject) -> None:
        self.clock.forward(minutes=1)
        rooms = data.draw(st.lists(st.sampled_from(sorted(self.listed)), min_size=1, max_size=4, unique=True))
        try:
            issue(self.office, *rooms)
        except FeeDeskError as refused:
            assert "没有要出的催款单" in refused.text

    @rule(data=st.data())
    def void_something(self, data: st.DataObject) -> None:
        self.clock.forward(minutes=1)
        table, void = data.draw(
            st.sampled_from((("contacts", self.office.contacts.void), ("notices", self.office.notices.void)))
        )
        standing = [
            row[0] for row in self.office.session.conn.execute(f"SELECT id FROM {table} WHERE voided_at IS NULL")
        ]
        if standing:
            void(data.draw(st.sampled_from(standing)), "记错了")

    @rule(days=st.integers(1, 9))
    def go_home(self, days: int) -> None:
        self.clock.forward(days=days)
        self.office.roll_day()

    @rule()
    def close_and_open(self) -> None:
        self.office.close()
        self.office = Office.open(self.office.path, self.clock)

    @invariant()
    def all_is_sound(self) -> None:
        assert owed(self.office) == {room: fen for room, fen in self.listed.items() if fen}
        assert_sound(self.office)


OfficeLife.TestCase.settings = settings(
    settings.get_profile(settings.get_current_profile_name()), max_examples=25, stateful_step_count=14
)
TestOfficeLife = OfficeLife.TestCase
