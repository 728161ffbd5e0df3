"""话术 in the office's own words: versions kept for ever, which is in force, own scripts, estate news, import and export.

And what is on file about an account that scripts may state (`truth`).
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from feedesk.errors import BadInput, file_errors
from feedesk.models.accounts import Step
from feedesk.models.changes import Changes
from feedesk.models.letters import PaperKind
from feedesk.models.scripts.edition import (
    OURS,
    UNREADABLE,
    Kept,
    KeyState,
    Outdated,
    Source,
    Words,
    entry_of,
    hide_problem,
    in_force,
    is_own_key,
    key_of,
    outdated_wordings,
    same_words,
    settled,
    shipped_words,
    word_problems,
    words_of,
)
from feedesk.models.scripts.exchange import LARGEST, Arrival, Parcel, own_number, pack, renamed, unpack
from feedesk.models.scripts.library import ScriptLibrary, load_library
from feedesk.models.scripts.news import MOST_NEWS, News, news_problem, tidy_news
from feedesk.models.scripts.records import Origin, Script
from feedesk.models.scripts.talk import Talk, TalkKind, first_talk, offered_talk
from feedesk.models.scripts.truth import Firms, Truth, truth_of
from feedesk.models.store.documents import Documents
from feedesk.models.store.letters import Letters
from feedesk.models.store.people import OfficeSettings
from feedesk.models.store.session import Session

_NEWS = "estate_news"
_WHAT = "话术文件"


@dataclass(frozen=True, slots=True)
class ScriptChanges(Changes):
    """What a write has done to the library: read it anew."""

    keys: tuple[str, ...] = ()
    """The keys whose words in force may be others now."""


class Scripts:
    """The library of this office. What is shipped is never written; what the office writes is never changed or removed."""

    def __init__(self, session: Session, letters: Letters, documents: Documents) -> None:
        self._session = session
        self._letters = letters
        self._documents = documents
        self._settings = OfficeSettings(session)

    # --- reading ---

    @property
    def shipped(self) -> ScriptLibrary:
        """Ours."""
        return load_library()

    def library(self) -> ScriptLibrary:
        """What is said in this office: its wordings in force over ours, without what it has hidden."""
        return in_force(self.shipped, self._kept(), self._states())

    def outdated(self) -> tuple[Outdated, ...]:
        """The office's wordings from before a stricter rule: not said any more until they are mended."""
        return outdated_wordings(self._kept(), self._states())

    def versions(self, key: str) -> tuple[Kept, ...]:
        """Every wording of a key, the newest first, ours last; raises `BadInput` for a key that nobody knows.

        In force is the one decided on, unless it may not be said any more: then none is, until the office decides.
        """
        kept = self._kept(key)
        states = self._states()
        state = states.get(key, KeyState())
        refused = {one.kept.number for one in outdated_wordings(kept, states)}
        found = sorted(kept, key=lambda one: -one.number)
        ours = shipped_words(self.shipped, key)
        if ours is not None:
            found.append(Kept(key, OURS, ours, Source.OURS))
        if not found:
            raise BadInput("找不到这篇话术。", "请刷新后再看。")
        return tuple(replace(one, in_force=one.number == state.number and one.number not in refused) for one in found)

    def hidden(self) -> tuple[Words, ...]:
        """What the office has put aside, in the wording last in force."""
        return tuple(
            self._decided(key).words for key, state in self._states().items() if state.hidden and self._is_known(key)
        )

    def truth(self, account_id: int, step: Step) -> Truth:
        """What is on file about the present debt of an account at `step`; scripts that state more are locked."""
        papers = self._letters.of_account(account_id)
        proven = set(self._documents.facts(account_id))
        today = self._session.today()
        mandates = [one for one in self._documents.background([account_id]).mandates if (one.until or today) >= today]
        if mandates:
            proven.add("lawyer_mandate")
        named: dict[PaperKind, str] = {}
        if any(paper.kind in (PaperKind.MEDIATION, PaperKind.FILING, PaperKind.ACCEPTED) for paper in papers):
            for document in reversed(self._documents.of_account(account_id)):
                if not document.voided and document.draft.issuer:
                    named[document.draft.kind] = document.draft.issuer
        court = named.get(PaperKind.ACCEPTED) or named.get(PaperKind.FILING, "")
        firms = Firms(named.get(PaperKind.MEDIATION, ""), mandates[-1].firm if mandates else "", court)
        return truth_of(step, papers, proven, firms, today)

    # --- the office's own words ---

    def save(self, words: Words, note: str = "") -> ScriptChanges:
        """Keep a new wording of a script or answer and put it in force; raises `BadInput` for what must not be said."""
        key = key_of(words)
        if not self._is_known(key):
            raise BadInput("找不到这篇话术，没有保存。", "新写的请用“另写一篇”。")
        self._refuse(words)
        words = settled(self.shipped, words)
        now = self._decided(key)
        if same_words(words, now.words):
            raise BadInput("和现在用的一样，没有另存一版。", "")
        with self._session.writing() as conn:
            number = self._insert(conn, key, words, Source.OFFICE, note)
            self._decide(conn, key, KeyState(number))
            self._session.note("改话术", key, {"version": number, "note": note.strip()})
        return ScriptChanges(keys=(key,))

    def add(self, words: Words, note: str = "") -> ScriptChanges:
        """Keep a script or answer that is the office's own altogether; it gets its key: `own.1` …"""
        self._refuse(renamed(words, 1))
        with self._session.writing() as conn:
            key = self._add(conn, words, Source.OFFICE, note)
        return ScriptChanges(keys=(key,))

    def use_version(self, key: str, number: int) -> ScriptChanges:
        """Put an earlier wording in force again, 0 for ours. Raises `BadInput` where it may not be said any more."""
        found = next((one for one in self.versions(key) if one.number == number), None)
        if found is None:
            raise BadInput("没有这一版，没有改动。", "请刷新后再看。")
        if number != OURS:
            self._refuse(found.words)
        with self._session.writing() as conn:
            self._decide(conn, key, KeyState(number))
            self._session.note("话术换用", key, {"version": number})
        return ScriptChanges(keys=(key,))

    def decided(self, key: str) -> int:
        """The number of the wording decided on, whether it may still be said or not; 0 for ours."""
        return self._decided(key).number

    def take_back(self, key: str, number: int) -> ScriptChanges:
        """撤销: decided is what was decided before, even a wording that may not be said any more (and then is not)."""
        if all(one.number != number for one in self.versions(key)):
            raise BadInput("没有这一版，没有改动。", "请刷新后再看。")
        with self._session.writing() as conn:
            self._decide(conn, key, KeyState(number))
            self._session.note("撤销话术改动", key, {"version": number})
        return ScriptChanges(keys=(key,))

    def back_to_ours(self, key: str) -> ScriptChanges:
        """Our wording again; the office's are kept."""
        if is_own_key(key):
            raise BadInput("这一篇是本办公室自己写的，没有原文。", "可以换用更早的一版，或停用它。")
        return self.use_version(key, OURS)

    def hide(self, key: str) -> ScriptChanges:
        """Put a script or answer aside; raises `BadInput` for those that everything falls back on."""
        return self._set_hidden(key, hidden=True)

    def show(self, key: str) -> ScriptChanges:
        """Take it back."""
        return self._set_hidden(key, hidden=False)

    def _set_hidden(self, key: str, *, hidden: bool) -> ScriptChanges:
        now = self._decided(key)
        wrong = hide_problem(now.words) if hidden and not is_own_key(key) else ""
        if wrong:
            raise BadInput(wrong, "可以改写它。")
        with self._session.writing() as conn:
            self._decide(conn, key, KeyState(now.number, hidden))
            self._session.note("停用话术" if hidden else "恢复话术", key)
        return ScriptChanges(keys=(key,))

    # --- small talk ---

    def news(self) -> tuple[News, ...]:
        """The office's estate news, those that are over included."""
        stored = json.loads(self._settings.get(_NEWS) or "[]")
        return tuple(News(one["text"], date.fromisoformat(one["until"]) if one["until"] else None) for one in stored)

    def save_news(self, news: Sequence[News]) -> ScriptChanges:
        """Keep the list as it is now; empty lines are left out. Raises `BadInput` for a line that is no small talk."""
        kept = [replace(one, text=tidy_news(one.text)) for one in news if one.text.strip()]
        wrong = next(filter(None, (news_problem(one.text) for one in kept)), "")
        if wrong:
            raise BadInput(f"{wrong.rstrip('。')}，没有保存。", "请改好再存。")
        if len(kept) > MOST_NEWS:
            raise BadInput(f"小区近况最多 {MOST_NEWS} 条，没有保存。", "请先删去过时的。")
        with self._session.writing():
            self._settings.put(
                _NEWS,
                json.dumps(
                    [{"text": one.text, "until": one.until.isoformat() if one.until else ""} for one in kept],
                    ensure_ascii=False,
                ),
            )
            self._session.note("改小区近况", f"{len(kept)} 条")
        return ScriptChanges()

    def talks(self, today: date) -> tuple[Talk, ...]:
        """The small talk that may be made on a day, the nearest first."""
        return offered_talk(self.shipped.talks, self.own_talks(), today)

    def small_talk(self, today: date) -> str:
        """The line taken where nobody chooses; empty when there is none."""
        return first_talk(self.shipped.talks, self.own_talks(), today)

    def own_talks(self) -> tuple[Talk, ...]:
        """The estate news as lines of small talk, in the office's order, those that are over included."""
        return tuple(
            Talk(f"news.{place}", TalkKind.ESTATE, one.text, until=one.until)
            for place, one in enumerate(self.news(), start=1)
        )

    # --- one file in and out ---

    def export_library(self, path: Path) -> int:
        """Write everything in force as one file; returns how many scripts and answers. Raises FeeDeskError."""
        library = self.library()
        text = pack(library, self._settings.profile().office, self._session.now())
        part = path.with_name(path.name + ".part")
        with file_errors(_WHAT, path):
            try:
                part.write_text(text, encoding="utf-8", newline="\n")
                os.replace(part, path)  # noqa: PTH105  (atomic over an existing file on Windows too)
            finally:
                part.unlink(missing_ok=True)
        return len(library.scripts) + len(library.objections)

    def read_import(self, path: Path) -> Parcel:
        """What a file would do here, and what the rules find in it; nothing is written. Raises FeeDeskError."""
        with file_errors(_WHAT, path):
            if path.stat().st_size > LARGEST:
                raise BadInput("这个文件太大，不会是话术文件，没有导入。", "请另选一个文件。")
            data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInput("这不是话术文件，没有导入。", "请另选一个文件。") from error
        return unpack(text, self.shipped, self.library())

    def import_library(self, parcel: Parcel) -> ScriptChanges:
        """Take a file that was read, all of it or nothing; raises `BadInput` while it holds what must not be said."""
        if parcel.blocked:
            first = parcel.blocked[0]
            wrong = next(problem for problem in first.problems if problem.blocking)
            title = first.words.title if isinstance(first.words, Script) else first.words.chip
            raise BadInput(
                f"“{title}”{wrong.what}；话术文件里有 {len(parcel.blocked)} 篇这样的，整份都没有导入。",
                "请对方改好再导出，或在文件里改好再导入。",
            )
        keys = []
        with self._session.writing() as conn:
            for one in parcel.incoming:
                if one.arrival is Arrival.NEW:
                    keys.append(self._add(conn, one.words, Source.IMPORT, parcel.office))
                elif one.arrival is Arrival.OURS:
                    self._decide(conn, one.key, KeyState(OURS))
                    keys.append(one.key)
                elif one.arrival is Arrival.CHANGED:
                    number = self._insert(conn, one.key, one.words, Source.IMPORT, parcel.office)
                    self._decide(conn, one.key, KeyState(number))
                    keys.append(one.key)
            if keys:
                self._session.note("导入话术", parcel.office or "未写办公室", {"keys": keys})
        return ScriptChanges(keys=tuple(keys))

    # --- inside ---

    def _is_known(self, key: str) -> bool:
        return shipped_words(self.shipped, key) is not None or bool(self._kept(key))

    def _decided(self, key: str) -> Kept:
        """The wording last decided on, whether it may still be said or not; raises `BadInput` for an unknown key."""
        number, known = self._states().get(key, KeyState()).number, self.versions(key)
        return next((one for one in known if one.number == number), known[-1])

    def _refuse(self, words: Words) -> None:
        wrong = [problem for problem in word_problems(self.shipped, words) if problem.blocking]
        if wrong:
            hint = f"可以写成：{wrong[0].instead}" if wrong[0].instead else "请改好再存。"
            raise BadInput(f"{wrong[0].what.rstrip('。')}；没有保存。", hint)

    def _add(self, conn: sqlite3.Connection, words: Words, source: Source, note: str) -> str:
        key_start = key_of(renamed(words, 0)).removesuffix("0")
        rows = conn.execute("SELECT DISTINCT key FROM script_versions").fetchall()
        taken = [own_number(key) for (key,) in rows if key.startswith(key_start)]
        own = renamed(words, max(taken, default=0) + 1)
        key = key_of(own)
        self._decide(conn, key, KeyState(self._insert(conn, key, own, source, note)))
        self._session.note("新写话术", key, {"note": note.strip()})
        return key

    def _insert(self, conn: sqlite3.Connection, key: str, words: Words, source: Source, note: str) -> int:
        (last,) = conn.execute("SELECT coalesce(max(version), 0) FROM script_versions WHERE key = ?", (key,)).fetchone()
        number = int(last) + 1
        ours = shipped_words(self.shipped, key)
        content = json.dumps(entry_of(replace(words, version=number, origin=Origin.OFFICE)), ensure_ascii=False)
        conn.execute(
            "INSERT INTO script_versions (key, version, origin, base, content, note, at, staff_id)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key, number, source, ours.version if ours else 0, content, note.strip(), self._session.stamp(),
                self._session.require_clerk().id,
            ),
        )  # fmt: skip
        return number

    def _decide(self, conn: sqlite3.Connection, key: str, state: KeyState) -> None:
        conn.execute(
            "INSERT INTO script_state (key, version, hidden, at, staff_id) VALUES (?, ?, ?, ?, ?)",
            (key, state.number, int(state.hidden), self._session.stamp(), self._session.require_clerk().id),
        )

    def _states(self) -> dict[str, KeyState]:
        rows = self._session.conn.execute("SELECT key, version, hidden FROM script_state ORDER BY id")
        return {key: KeyState(number, bool(hidden)) for key, number, hidden in rows}

    def _kept(self, key: str = "") -> tuple[Kept, ...]:
        """The wordings the office has kept, of one key or of all, oldest first; one that cannot be read is left out."""
        return tuple(one for one in kept_rows(self._session.conn, key) if isinstance(one, Kept))


@dataclass(frozen=True, slots=True)
class Unread:
    """A kept wording that this version cannot read: ours is said in its place, and the check names it."""

    key: str
    number: int


def kept_rows(conn: sqlite3.Connection, key: str = "") -> Iterator[Kept | Unread]:
    """The wordings kept in an office file, of one key or of all, oldest first."""
    where, values = ("WHERE v.key = ?", (key,)) if key else ("", ())
    rows = conn.execute(
        "SELECT v.key, v.version, v.origin, v.base, v.content, v.note, v.at, s.name FROM script_versions v"
        f" JOIN staff s ON s.id = v.staff_id {where} ORDER BY v.id",
        values,
    )
    for name, number, source, base, content, note, at, who in rows:
        try:
            words = settled(load_library(), words_of(name, json.loads(content)))
        except UNREADABLE:
            yield Unread(name, number)
            continue
        yield Kept(name, number, words, Source(source), note, datetime.fromisoformat(at), who, base)


def findings(conn: sqlite3.Connection) -> list[str]:
    """Kept wordings that cannot be read, and decisions for a wording that is not there."""
    found = [
        f"话术 {one.key} 第 {one.number} 版读不了，现在用的是原文" for one in kept_rows(conn) if isinstance(one, Unread)
    ]
    rows = conn.execute(
        "SELECT s.key, s.version FROM script_state s WHERE s.version > 0 AND NOT EXISTS"
        " (SELECT 1 FROM script_versions v WHERE v.key = s.key AND v.version = s.version)"
    )
    return found + [f"话术 {key} 换用的第 {number} 版不在了" for key, number in rows]
