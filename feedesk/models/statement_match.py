"""Whom the lines of a statement are from: proposals with a confidence and a reason, never a booking.

Pure. Lines are looked at in their order, and what an earlier line is taken to have paid is no longer open for a later
one. A room outweighs a name, a name a phone number, both a masked name; an equal amount alone is never more than a hint.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from feedesk.models.days import short_day
from feedesk.models.match_book import Book, Directory, Fit
from feedesk.models.money import show_yuan
from feedesk.models.payer_clues import Clues
from feedesk.models.people import is_company
from feedesk.models.room_mentions import Mention, Mentions, Spelling
from feedesk.models.statements import Confidence, Direction, Match, Payee, StatementLine, Taken

_ROUND = 10_000
"""Whole hundreds of 元 are paid for anything: an equal amount alone says nothing."""
_FEW = 3
"""So many accounts with the same amount can still be named; among more, the amount says nothing."""
_SHOWN = 5
_OTHER_PURPOSE = re.compile(
    r"押金|保证金|定金|装修|门禁|垃圾清运|租金|房租|货款|工资|报销|往来款|贷款|利息|结息|退税|赔偿|奖金|手续费|补贴|广告|场地"
)
_NO_OWNER = re.compile(r"货款|工资|报销|往来款|贷款|利息|结息|退税|奖金|手续费|补贴|广告|备用金|提现|充值")


class _Clue(IntEnum):
    """What a proposal rests on; more outweighs less."""

    AMOUNT = 0
    MASK = 1
    PHONE = 2
    NAME = 3
    ROOM = 4


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One way to read a line."""

    clue: _Clue
    confidence: Confidence
    places: tuple[int, ...]
    fit: Fit
    reason: str
    others: tuple[int, ...] = ()
    """Accounts it could as well be, of the same clue."""

    @property
    def rank(self) -> tuple[int, int, int]:
        """The best is read first."""
        return _STRENGTH[self.confidence], self.clue, self.fit


_STRENGTH = {Confidence.SURE: 3, Confidence.LIKELY: 2, Confidence.UNSURE: 1, Confidence.NONE: 0}
_LOWER = {
    Confidence.SURE: Confidence.LIKELY,
    Confidence.LIKELY: Confidence.UNSURE,
    Confidence.UNSURE: Confidence.UNSURE,
}


def match(
    lines: Sequence[StatementLine],
    payees: Sequence[Payee],
    *,
    today: date | None = None,
    taken: Sequence[Taken] = (),
    late_fee_on: Callable[[int, date], int] | None = None,
    parts_of: Callable[[int], Sequence[tuple[str, int]]] | None = None,
    directory: Directory | None = None,
    tick: Callable[[float], None] | None = None,
) -> tuple[Match, ...]:
    """A proposal for every line, in the order given.

    `payees` are all accounts, with what each owes now in 分. `taken` are payments booked without a statement: a line
    that looks like one of them is never more than UNSURE, nor is one dated after `today`. `late_fee_on` gives the open
    late fee of an account as of a day (else `Payee.late_fee`), `parts_of` what can be paid by itself, with its label;
    both are asked only where it matters. Lines that are no money received get `NONE` with their reason. `directory`
    is one made of these payees before. `tick` gets the fraction done and may raise `Cancelled`.
    """
    book = Book(payees, today, taken, late_fee_on, parts_of, directory or Directory(payees))
    found = []
    for place, line in enumerate(lines):
        if tick and place % 100 == 0:
            tick(place / len(lines))
        found.append(_of_line(line, book))
    return tuple(found)


def _of_line(line: StatementLine, book: Book) -> Match:
    if line.void or line.direction is not Direction.IN or line.amount <= 0:
        return Match(line.line, (), Confidence.NONE, f"{line.void or '不是收款'}，不用对账")
    same = book.same_money(line, ())
    if same:
        reason = f"流水号与 {short_day(same.paid_on, line.paid_on)} 手工记的收款相同，是同一笔，不要再记"
        return Match(line.line, (), Confidence.NONE, reason)
    mentions = book.rooms.find(line.memo)
    clues = book.names.clues(line.payer, line.payer_account, line.memo)
    found = [
        *_by_room(line, mentions, clues, book),
        *_by_name(line, mentions, clues, book),
        *_by_phone(line, clues, book),
    ]
    if not found:
        found = _by_amount(line, mentions, clues, book)
    if not found:
        return Match(line.line, (), Confidence.NONE, _why_none(line, mentions))
    return _settled(line, _doubted(line, mentions, found, book), found, book)


def _doubted(line: StatementLine, mentions: Mentions, found: list[_Candidate], book: Book) -> _Candidate:
    """The best candidate, believed less where something speaks against it."""
    best = max(found, key=lambda candidate: candidate.rank)
    confidence, reason = best.confidence, best.reason
    purpose = _OTHER_PURPOSE.search(line.memo)
    if purpose and not best.fit.whole:
        confidence, reason = _LOWER[confidence], f"{reason}；附言还写着“{purpose[0]}”，未必是欠费"
    if mentions.unknown and best.clue is not _Clue.ROOM:
        confidence, reason = _LOWER[confidence], f"{reason}；但附言写的房号 {mentions.unknown[0]} 不在册"
    if mentions.rooms and best.clue is not _Clue.ROOM:
        confidence, reason = Confidence.UNSURE, f"{reason}；但附言写的是 {mentions.rooms[0].rooms[0]}"
    if best.fit is not Fit.IN_LIST and book.is_before_list(line, best.places):
        day = max(listed for place in best.places if (listed := book.payees[place].listed_on))
        if confidence is Confidence.SURE:
            confidence = Confidence.LIKELY
        reason += f"；付款日不晚于清单截止日 {short_day(day, line.paid_on)}，可能已在清单里减过，请先问财务"
    same = book.same_money(line, best.places)
    if same:
        confidence = Confidence.UNSURE
        reason += f"；但 {short_day(same.paid_on, line.paid_on)} 已手工记过同样金额的收款，可能是同一笔"
    if book.today and line.paid_on > book.today:
        confidence, reason = Confidence.UNSURE, f"{reason}；但交易日在今天之后，请核对日期"
    rivals = [
        candidate
        for candidate in found
        if candidate is not best and candidate.fit.whole and not set(candidate.places) & set(best.places)
    ]
    if rivals and not best.fit.whole:
        confidence, reason = Confidence.UNSURE, f"{reason}；金额却与{_named(book, rivals[0].places)}的欠费一致"
    elif rivals and confidence is not Confidence.SURE and any(r.rank[0] >= _STRENGTH[confidence] for r in rivals):
        confidence, reason = Confidence.UNSURE, f"{reason}；也可能是{_named(book, rivals[0].places)}"
    return _Candidate(best.clue, confidence, best.places, best.fit, reason, best.others)


def _settled(line: StatementLine, best: _Candidate, found: list[_Candidate], book: Book) -> Match:
    """The match of the best candidate; it uses up what it pays."""
    shares = book.shares(line, best.places, best.fit)
    others = list(best.others)
    for candidate in sorted(found, key=lambda candidate: candidate.rank, reverse=True):
        if best.confidence is not Confidence.SURE or candidate.fit.whole:
            others += [*candidate.places, *(candidate.others if best.confidence is not Confidence.SURE else ())]
    rooms = [book.payees[place].room for place in dict.fromkeys(others) if place not in best.places]
    own = {share.room for share in shares}
    if best.confidence in (Confidence.SURE, Confidence.LIKELY):
        book.take(line, best.places, shares, best.fit)
    named = tuple(dict.fromkeys(room for room in rooms if room not in own))[:_SHOWN]
    return Match(line.line, shares, best.confidence, best.reason, named)


def _who(book: Book, place: int) -> str:
    """The owner's name; finance's lists do not always have one."""
    return book.payees[place].name or book.payees[place].room


def _named(book: Book, places: Sequence[int]) -> str:
    return "、".join(f" {book.payees[place].room} {book.payees[place].name} " for place in places[:_FEW]).rstrip()


def _money(line: StatementLine, places: Sequence[int], fit: Fit, book: Book) -> str:
    """How the amount is explained, for the reason."""
    several = "合计" if len(places) > 1 else ""
    owed = sum(book.owed[place] for place in places)
    if fit is Fit.EXACT:
        return f"金额与欠费{several}一致"
    if fit is Fit.WITH_LATE_FEE:
        return f"金额等于欠费{several}加违约金"
    if fit is Fit.IN_LIST:
        return "金额与财务清单减掉的一笔一致"
    if fit is Fit.ONE_CHARGE:
        return f"金额正好是{book.part(line, places[0])}，缴清后还欠 {show_yuan(owed - line.amount)}"
    if fit is Fit.HALF:
        return f"金额是欠费{several}的一半，还欠 {show_yuan(owed - line.amount)}"
    if fit is Fit.PART:
        return f"只够缴一部分，还欠 {show_yuan(owed - line.amount)}"
    if fit is Fit.OVER:
        return f"比欠费{several}多 {show_yuan(line.amount - owed)}，多出的转预缴要先问"
    return "已没有欠费，入账要转预缴，请先问清"


def _by_room(line: StatementLine, mentions: Mentions, clues: Clues, book: Book) -> list[_Candidate]:
    if not mentions.rooms:
        return []
    places, others = [], []
    for mention in mentions.rooms:
        chosen, left = _tenure(line, mention, clues, book)
        places.append(chosen)
        others += left
    places = list(dict.fromkeys(places))
    fit = book.fit(line, places)
    rooms = "、".join(book.payees[place].room for place in places)
    is_owner = any(clues.has_name(book.payees[place].name) for place in places)
    if len(places) == 1:
        together = [place for place in _units(places[0], book) if book.owed[place]]
        if not fit.whole and len(together) > 1 and book.fit(line, together).whole:
            # one unit is named, all units are paid
            confidence = Confidence.SURE if is_owner else Confidence.LIKELY
            whole = book.fit(line, together)
            reason = f"附言写了房号 {rooms}，金额与该业主 {len(together)} 套的欠费合计一致"
            return [_Candidate(_Clue.ROOM, confidence, tuple(together), whole, reason, tuple(others))]
    clear = min(mention.spelling for mention in mentions.rooms)
    confidence = _of_room(fit, clear, is_owner=is_owner, several=len(places) > 1)
    if any(len(mention.rooms) > 1 for mention in mentions.rooms) and not (is_owner or fit.whole):
        confidence = Confidence.UNSURE
    payer = (
        "，付款人是业主"
        if is_owner and not fit.whole
        else "，付款人不是业主"
        if _is_other(line, places, clues, book) and not fit.whole
        else ""
    )
    spelt = "" if clear is Spelling.WHOLE else f"（写作 {mentions.rooms[0].text}）"
    reason = f"附言写了房号 {rooms}{spelt}{payer}，{_money(line, places, fit, book)}"
    return [_Candidate(_Clue.ROOM, confidence, tuple(places), fit, reason, tuple(others))]


def _of_room(fit: Fit, clear: Spelling, *, is_owner: bool, several: bool) -> Confidence:
    """A room named whole with an amount that was asked for is sure; everything less is less."""
    if fit is Fit.NOTHING_OWED:
        return Confidence.UNSURE
    if clear is Spelling.SHORT:
        return (
            Confidence.SURE
            if fit.whole and is_owner
            else Confidence.LIKELY
            if fit.whole or is_owner
            else Confidence.UNSURE
        )
    if fit.whole:
        return Confidence.SURE
    if several:
        return Confidence.LIKELY if is_owner else Confidence.UNSURE
    if fit is Fit.OVER or clear is not Spelling.WHOLE:
        return Confidence.LIKELY if is_owner or fit is not Fit.OVER else Confidence.UNSURE
    return Confidence.SURE if is_owner else Confidence.LIKELY


def _tenure(line: StatementLine, mention: Mention, clues: Clues, book: Book) -> tuple[int, list[int]]:
    """Whose debt is meant: the owner named, else one who owes just this, else the present owner."""
    all_of = [place for room in mention.rooms for place in book.by_room[room]]

    def rank(place: int) -> tuple[bool, bool, bool, bool]:
        payee = book.payees[place]
        exact = book.is_whole(line, [place])
        return clues.has_name(payee.name), exact, payee.is_current, book.owed[place] > 0

    best = max(all_of, key=rank)
    return best, [place for place in all_of if place != best]


def _units(place: int, book: Book) -> list[int]:
    """All accounts of the same owner, this one first."""
    return [place, *(other for other in book.by_owner[book.payees[place].owner_id] if other != place)]


def _is_other(line: StatementLine, places: Sequence[int], clues: Clues, book: Book) -> bool:
    """The payer is told, and is none of these owners as far as can be seen."""
    return bool(line.payer) and not any(
        clues.has_name(book.payees[place].name) or clues.fits_mask(book.payees[place].name) for place in places
    )


def _by_name(line: StatementLine, mentions: Mentions, clues: Clues, book: Book) -> list[_Candidate]:
    found = []
    rooms = {room for mention in mentions.rooms for room in mention.rooms}
    for name in clues.names:
        places = [place for place in book.by_name[name] if book.payees[place].room not in rooms]
        if not places:
            continue
        where = "附言写了" if name in clues.memo_names else "付款人是"
        found += _of_people(line, places, clues, book, _Clue.NAME, f"{where}业主 {name}")
    return found


def _by_phone(line: StatementLine, clues: Clues, book: Book) -> list[_Candidate]:
    found = []
    for tail in dict.fromkeys([*clues.tails, *(phone[-4:] for phone in clues.phones)]):
        places = [place for place in book.by_tail.get(tail, ()) if clues.fits_phone(book.payees[place].phones)]
        if places:
            found += _of_people(line, places, clues, book, _Clue.PHONE, f"电话尾号 {tail} 对上")
    for head, tail in clues.masked_phones:
        if len(tail) == 4:
            places = [place for place in book.by_tail.get(tail, ()) if clues.fits_phone(book.payees[place].phones)]
            if places:
                found += _of_people(line, places, clues, book, _Clue.PHONE, f"付款账号 {head}****{tail} 与登记电话对上")
    return found


def _of_people(
    line: StatementLine, places: Sequence[int], clues: Clues, book: Book, clue: _Clue, what: str
) -> list[_Candidate]:
    """Accounts that one name, or one phone number, leads to."""
    exact = [place for place in places if book.is_whole(line, [place])]
    if len(exact) == 1:
        fit = book.fit(line, exact)
        rest = tuple(place for place in places if place != exact[0] and book.owed[place])
        reason = f"{what}，{_money(line, exact, fit, book)}"
        return [_Candidate(clue, Confidence.LIKELY, (exact[0],), fit, reason, rest)]
    if exact:
        fit = book.fit(line, exact[:1])
        reason = f"{what}，但有 {len(exact)} 户的欠费都是这个金额"
        return [_Candidate(clue, Confidence.UNSURE, (exact[0],), fit, reason, tuple(exact[1:]))]
    owners = dict.fromkeys(book.payees[place].owner_id for place in places)
    for owner_id in owners:
        units = [place for place in book.by_owner[owner_id] if book.owed[place]]
        if len(units) > 1 and (fit := book.fit(line, units)).whole:
            reason = f"{what}，金额与名下 {len(units)} 套的欠费合计一致"
            return [_Candidate(clue, Confidence.LIKELY, tuple(units), fit, reason)]
    owing = [place for place in places if book.owed[place]]
    if len(owing) > 1 and (fit := book.fit(line, owing)).whole:
        reason = f"{what}，金额与同名 {len(owing)} 户的欠费合计一致，还没有合并为一位业主"
        return [_Candidate(clue, Confidence.UNSURE, tuple(owing), fit, reason)]
    ordered = sorted(places, key=lambda place: (not book.owed[place], not book.payees[place].is_current, place))
    first = ordered[0]
    fit = book.fit(line, [first])
    both = clue is _Clue.NAME and clues.fits_phone(book.payees[first].phones) and len(places) == 1
    if _NO_OWNER.search(line.memo) and not both:
        return []
    known = fit in (Fit.PART, Fit.HALF, Fit.ONE_CHARGE) and both
    reason = f"{what}{'，电话也对上' if both else ''}，{_money(line, [first], fit, book)}"
    confidence = Confidence.LIKELY if known else Confidence.UNSURE
    return [_Candidate(clue, confidence, (first,), fit, reason, tuple(ordered[1:]))]


def _by_amount(line: StatementLine, mentions: Mentions, clues: Clues, book: Book) -> list[_Candidate]:
    """An equal amount: with a masked name or phone a proposal, alone a hint, for round sums and firms nothing."""
    exact = book.owing(line.amount, line)
    if not exact or _NO_OWNER.search(line.memo):
        return []
    masked = [place for place in exact if clues.fits_mask(book.payees[place].name)]
    phoned = [place for place in exact if clues.fits_phone(book.payees[place].phones)]
    both = [place for place in masked if place in phoned]
    if len(both) == 1:
        fit = book.fit(line, both)
        reason = f"打码的姓名和电话都对得上 {_who(book, both[0])}，{_money(line, both, fit, book)}"
        return [
            _Candidate(_Clue.MASK, Confidence.LIKELY, (both[0],), fit, reason, tuple(p for p in exact if p != both[0]))
        ]
    chosen = both or masked or phoned
    if chosen:
        what = "打码的姓名" if chosen is masked or chosen is both else "打码的电话"
        fit = book.fit(line, chosen[:1])
        known = f"{what}对得上 {_who(book, chosen[0])}，{_money(line, chosen[:1], fit, book)}"
        reason = f"{known}，请核实" if len(chosen) == 1 else f"{what}和金额对得上 {len(chosen)} 户，请核实"
        rest = tuple(place for place in (*chosen[1:], *exact) if place != chosen[0])
        return [_Candidate(_Clue.MASK, Confidence.UNSURE, (chosen[0],), fit, reason, rest)]
    hopeless = mentions.unknown or is_company(line.payer) or line.amount % _ROUND == 0 or len(exact) > _FEW
    if hopeless or _OTHER_PURPOSE.search(line.memo):
        return []
    fit = book.fit(line, exact[:1])
    alone = (
        f"只有金额与 {_who(book, exact[0])} 的欠费一致" if len(exact) == 1 else f"只有金额与 {len(exact)} 户的欠费一致"
    )
    return [_Candidate(_Clue.AMOUNT, Confidence.UNSURE, (exact[0],), fit, f"{alone}，请核实", tuple(exact[1:]))]


def _why_none(line: StatementLine, mentions: Mentions) -> str:
    if mentions.unknown:
        return f"附言写的房号 {mentions.unknown[0]} 不在册，金额也没有对上的"
    denied = _NO_OWNER.search(line.memo)
    if denied:
        return f"附言写着“{denied[0]}”，不像业主缴费"
    return "房号、姓名、电话和金额都没有对上"
