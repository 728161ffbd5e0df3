"""An `OwnerFilter` as SQL over `account_state`."""

from __future__ import annotations

from datetime import date

from feedesk.models.owner_filter import BLANK, ESCAPE, UNASSIGNED, OwnerFilter, SearchWord, words

_PROMISED_FOR = (
    "(SELECT p.due_on FROM promises p JOIN contacts c ON c.id = p.contact_id"
    " WHERE p.account_id = account_state.account_id AND c.voided_at IS NULL ORDER BY p.id DESC LIMIT 1)"
)
_WITH_TRAIT = "account_id IN (SELECT a.id FROM accounts a JOIN units u ON u.id = a.unit_id WHERE {} = ?)"
SORTS = {
    "next": "work_group IS NULL, priority, next_at IS NULL, next_at, is_paid, room_key, account_id",
    "room": "room_key, account_id",
    "mark": "is_paid, priority, mark, room_key, account_id",
    "name": "pinyin, name, room_key, account_id",
    "owed": "owed, room_key, account_id",
    "overdue": "owed = 0, oldest_due_on IS NULL, oldest_due_on DESC, room_key, account_id",
    "category": "category IS NULL, category, room_key, account_id",
    "step": "step, room_key, account_id",
    "last": "last_at IS NULL, last_at, room_key, account_id",
    "promised": f"coalesce({_PROMISED_FOR}, date(next_at), '9999'), room_key, account_id",
}
"""Sort keys of the owner table. Every order ends with room and id, so that it is total and repeatable."""

_FALLING = {
    "next": "work_group IS NULL, priority DESC, next_at DESC, room_key DESC, account_id",
    "room": "room_key DESC, account_id",
    "mark": "is_paid, priority DESC, mark DESC, room_key, account_id",
    "name": "pinyin DESC, name DESC, room_key, account_id",
    "owed": "owed DESC, room_key, account_id",
    "overdue": "owed = 0, oldest_due_on IS NULL, oldest_due_on, room_key, account_id",
    "category": "category IS NULL, category DESC, room_key, account_id",
    "step": "step DESC, room_key, account_id",
    "last": "last_at IS NULL, last_at DESC, room_key, account_id",
    "promised": f"coalesce({_PROMISED_FOR}, date(next_at), '9999') DESC, room_key, account_id",
}


def order(sort: str, descending: bool) -> str:
    """The ORDER BY of a sort key; an unknown key is our own mistake and raises KeyError."""
    return (_FALLING if descending else SORTS)[sort]


def where(wanted: OwnerFilter, today: date) -> tuple[str, list[object]]:
    """The WHERE of a filter with its values."""
    parts: list[str] = []
    values: list[object] = []
    rule = wanted.rule
    if rule.marks:
        parts.append(f"mark IN ({', '.join('?' * len(rule.marks))})")
        values += sorted(rule.marks)
    if rule.is_paid is not None:
        parts.append("is_paid = ?")
        values.append(int(rule.is_paid))
    if rule.in_worklist:
        parts.append("work_group IS NOT NULL")
    if wanted.staff_id == UNASSIGNED:
        parts.append("staff_id IS NULL")
    due_before = wanted.due_before(today)
    for column, value in (
        ("building = ?", wanted.building),
        ("category = ?", wanted.category),
        ("step = ?", wanted.step),
        ("debtor_type = ?", wanted.debtor_type),
        ("severity = ?", wanted.severity),
        ("staff_id = ?", wanted.staff_id),
        ("owed >= ?", wanted.min_owed),
        ("owed > 0 AND oldest_due_on < ?", due_before.isoformat() if due_before else None),
    ):
        if value:
            parts.append(column)
            values.append(value)
    for column, value in (
        ("a.habit", wanted.habit),
        ("a.attitude", wanted.attitude),
        ("a.residence", wanted.residence),
        ("u.property_kind", wanted.property_kind),
    ):
        if value:
            parts.append(_WITH_TRAIT.format(column))
            values.append("" if value == BLANK else value)
    for word in words(wanted.text):
        sql, patterns = _word(word)
        parts.append(sql)
        values += patterns
    return " AND ".join(parts) or "1", values


def _word(word: SearchWord) -> tuple[str, list[object]]:
    whole = [spelling for spelling in word.spellings if "%" not in spelling]
    pairs = (
        ("name", word.name),
        ("room", word.room),
        ("pinyin", word.key),
        ("tails", word.tail),
        *(("room", spelling) for spelling in word.spellings if "%" in spelling),
    )
    used = [(column, pattern) for column, pattern in pairs if pattern]
    tests = [f"{column} LIKE ? ESCAPE '{ESCAPE}'" for column, _ in used]
    if whole:
        tests.append(f"room COLLATE NOCASE IN ({', '.join('?' * len(whole))})")
    return (f"({' OR '.join(tests)})" if tests else "0"), [*(pattern for _, pattern in used), *whole]
