"""Compare finance's list with what the office holds: `plan_import`. Nothing is written here.

The meaning of a list stands in the design («What a finance list means»); how charges are compared, in
`import_items`; what may be the same room or owner, in `import_names`. Time is linear in rows and accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from feedesk.errors import BadInput
from feedesk.models.arrears_list import ListedAccount, Question, QuestionCode, Reading
from feedesk.models.import_items import Scope, compare_unit, judge_doubts
from feedesk.models.import_names import look_alikes, may_be_same_owner, same_name
from feedesk.models.import_plan import (
    ChangeKind,
    HeldAccount,
    HeldOffice,
    ImportPlan,
    PlanOptions,
    Settle,
    UnitChange,
)
from feedesk.models.import_undo import Operations, oldest_first
from feedesk.models.money import show
from feedesk.models.rooms import normal_room, room_key

_GONE_SHARE = 4
"""More than one in four open accounts missing from a full list is a question (design)."""
_PAID_TWICE = "清单日之后又收了钱：清单已不再列的，有 {} 元会转为预缴，请核对是不是同一笔。"


def plan_import(reading: Reading, held: HeldOffice, options: PlanOptions) -> ImportPlan:
    """The whole difference, with the questions that only a person can answer.

    As long as questions are open the changes show what the careful way would do. With `options.careful`
    none is asked; a list older than the one applied last is then refused with `BadInput`.
    """
    units: dict[str, list[HeldAccount]] = {}
    for tenure in held.accounts:
        units.setdefault(tenure.room, []).append(tenure)
    listed = _by_room(reading.accounts, options)
    scope = Scope.of(reading, whole_debt=options.whole_debt)
    questions = _older_list(reading, held, options) + _room_questions(reading, units, options)
    changes = []
    for room, account in listed.items():
        tenures = units.get(room, [])
        if tenures or account.charges:
            change, asked = _listed_unit(room, account, tenures, scope, options)
            changes.append(change)
            questions += asked
    gone, asked = _vanished(reading, listed, units, scope, options)
    changes += gone
    questions += asked
    before = held.owed
    return ImportPlan(
        reading=reading,
        options=options,
        changes=tuple(sorted(changes, key=lambda change: room_key(change.room))),
        questions=() if options.careful else tuple(questions),
        before=before,
        after=before + sum(change.delta for change in changes),
        repeats=held.imported.get(reading.sha256),
        basis=held.basis,
        stated=held.stated,
        since=sum(tenure.since for tenure in held.accounts),
        since_units=len({tenure.unit_id for tenure in held.accounts if any(c.since for c in tenure.charges)}),
    )


def _by_room(accounts: Sequence[ListedAccount], options: PlanOptions) -> dict[str, ListedAccount]:
    """Listed accounts by the room they mean; rows of rooms that a person has called one are joined."""
    found: dict[str, ListedAccount] = {}
    for account in accounts:
        room = options.same_rooms.get(account.room, account.room)
        known = found.get(room)
        found[room] = _joined(known, account) if known else account
    return found


def _joined(one: ListedAccount, other: ListedAccount) -> ListedAccount:
    return replace(
        one,
        name=one.name or other.name,
        salutation=one.salutation or other.salutation,
        tenant=one.tenant or other.tenant,
        phones=tuple(dict.fromkeys(one.phones + other.phones)),
        area=one.area or other.area,
        property_state=one.property_state or other.property_state,
        finance_number=one.finance_number or other.finance_number,
        remark="；".join(dict.fromkeys(text for text in (one.remark, other.remark) if text)),
        flags=tuple(dict.fromkeys(one.flags + other.flags)),
        charges=one.charges + other.charges,
        late_fee=one.late_fee + other.late_fee,
        rows=one.rows + other.rows,
    )


def _older_list(reading: Reading, held: HeldOffice, options: PlanOptions) -> list[Question]:
    """A list older than the last one, or an earlier file again after a later one, would undo what came since."""
    last = held.last_as_of
    applied = list(held.imported)
    was_overtaken = reading.sha256 in held.imported and applied[-1] != reading.sha256
    if last is None or options.older_is_meant or not (options.as_of < last or was_overtaken):
        return []
    if options.as_of < last:
        text = f"这份清单截至 {options.as_of}，上次导入的已截至 {last}：照它导入，会把之后的变化改回去。"
    else:
        text = "这份清单以前导入过，之后又导入了别的清单：照它再导一次，会把之后的变化改回去。"
    if options.careful:
        raise BadInput(f"{text}没有导入。", "确要导入的，请在窗口里打开这份清单并确认。")
    return [Question(QuestionCode.OLDER_LIST, f"{text}还要导入吗？", "不导入")]


def _room_questions(reading: Reading, units: dict[str, list[HeldAccount]], options: PlanOptions) -> list[Question]:
    """The reading's own questions still open, and rooms that may be one of those held."""
    decided = options.different_rooms | options.same_rooms.keys()

    def is_open(subjects: tuple[str, ...]) -> bool:
        return sum(room not in decided and room not in units for room in subjects) >= 1 and (
            sum(room not in decided for room in subjects) >= 2
        )

    questions = [
        question
        for question in reading.questions
        if question.code is not QuestionCode.SAME_ROOM or is_open(question.subjects)
    ]
    asked = {frozenset(question.subjects) for question in questions if question.code is QuestionCode.SAME_ROOM}
    rooms = [account.room for account in reading.accounts]
    new = [room for room in dict.fromkeys(rooms) if room not in units and room not in decided]
    for room, others in look_alikes(new, [*units, *rooms]) if new else []:
        subjects = (room, *(other for other in others if other not in decided))
        if is_open(subjects) and not any(asking.issuperset(subjects) for asking in asked):
            asked.add(frozenset(subjects))
            text = f"清单里的“{room}”和“{'”“'.join(subjects[1:])}”可能是同一户，是不是？"
            questions.append(Question(QuestionCode.SAME_ROOM, text, "各作一户", subjects))
    return questions


@dataclass(frozen=True, slots=True)
class _OwnerChange:
    changed: bool = False
    renames: bool = False
    question: Question | None = None


def _owner_change(room: str, listed: ListedAccount, current: HeldAccount | None, options: PlanOptions) -> _OwnerChange:
    """Another name is a new tenure unless it is the same owner written otherwise; no name is no change."""
    if current is None or not listed.name or same_name(current.name, listed.name):
        return _OwnerChange()
    if not current.name:
        return _OwnerChange(renames=True)
    rooms = {room, listed.room}
    if rooms & options.corrections:
        return _OwnerChange(renames=True)
    why = may_be_same_owner(current.name, current.phones, listed.name, listed.phones)
    if not why or rooms & options.new_owners:
        return _OwnerChange(changed=True)
    text = f"{room} 原记业主“{current.name}”，清单写“{listed.name}”，{why}：是改正写法，还是换了业主？"
    return _OwnerChange(True, False, Question(QuestionCode.SAME_OWNER, text, "按换了业主，另立一户", (room,)))


def _listed_unit(
    room: str, listed: ListedAccount, tenures: Sequence[HeldAccount], scope: Scope, options: PlanOptions
) -> tuple[UnitChange, list[Question]]:
    current = next((tenure for tenure in tenures if tenure.is_current), None)
    owner = _owner_change(room, listed, current, options)
    charges = [charge for tenure in tenures for charge in tenure.charges]
    operations = compare_unit(listed.charges, charges, scope, options.due_day)
    change = _change(room, listed, tenures, operations)
    if owner.changed and current:
        stays = _open_after(current, operations)
        note = (
            f"原业主 {current.name} 名下 {show(stays)} 元仍记在原业主名下，请向财务核对由谁承担。" if stays > 0 else ""
        )
        change = replace(change, owner_changed=True, name_after=listed.name, note=note)
    elif owner.renames:
        change = replace(change, renames=True, name_after=listed.name)
    return change, [owner.question] if owner.question else []


def _open_after(tenure: HeldAccount, operations: Operations) -> int:
    """What the tenure still owes once the operations on its charges are applied."""
    charges = {charge.id for charge in tenure.charges}
    settlements = {settlement.id for charge in tenure.charges for settlement in charge.settlements}
    return (
        tenure.owed
        - sum(settle.amount for settle in operations.settles if settle.charge_id in charges)
        + sum(back.amount for back in operations.take_backs if back.settlement_id in settlements)
    )


def _change(
    room: str, listed: ListedAccount | None, tenures: Sequence[HeldAccount], operations: Operations, note: str = ""
) -> UnitChange:
    current = next((tenure for tenure in tenures if tenure.is_current), None)
    before = sum(tenure.owed for tenure in tenures)
    after = before + operations.delta
    since = sum(tenure.since for tenure in tenures)
    name = current.name if current else ""
    return UnitChange(
        kind=_kind(before, after),
        room=room,
        building=tenures[0].building if tenures else listed.building if listed else "",
        unit_id=tenures[0].unit_id if tenures else None,
        account_id=current.account_id if current else None,
        listed=listed,
        before=before,
        after=after,
        adds=tuple(operations.adds),
        settles=tuple(operations.settles),
        take_backs=tuple(operations.take_backs),
        doubts=tuple(operations.doubts),
        closed_doubts=tuple(operations.closed_doubts),
        since=since,
        name_before=name,
        name_after=name if current else listed.name if listed else "",
        note=note or (_PAID_TWICE.format(show(since - after)) if operations.settles and since > after else ""),
    )


def _kind(before: int, after: int) -> ChangeKind:
    if before == after:
        return ChangeKind.UNCHANGED
    if before == 0:
        return ChangeKind.NEW
    if after == 0:
        return ChangeKind.PAID_OFF
    return ChangeKind.INCREASED if after > before else ChangeKind.PARTLY_PAID


def _vanished(
    reading: Reading,
    listed: dict[str, ListedAccount],
    units: dict[str, list[HeldAccount]],
    scope: Scope,
    options: PlanOptions,
) -> tuple[list[UnitChange], list[Question]]:
    """Units missing from a full list are settled, within the buildings that the list names.

    A unit whose row was refused is not missing: it keeps its debt and says why.
    """
    if not options.full:
        return [], []
    buildings = {account.building for account in listed.values()}
    buildings |= {tenures[0].building for room, tenures in units.items() if room in listed}
    unread = {normal_room(text) for row in reading.rejected for text in (row.room, *row.cells) if text}
    changes: list[UnitChange] = []
    open_units = gone = 0
    for room, tenures in units.items():
        if tenures[0].building not in buildings:
            continue
        if room in listed:
            open_units += any(tenure.owed for tenure in tenures)
            continue
        charges = [charge for tenure in tenures for charge in tenure.charges if charge.owed > 0 or charge.doubts]
        spoken_of = [charge for charge in charges if scope.holds(charge) and scope.speaks_of(charge.item)]
        paid = Operations([], [Settle(charge.id, charge.owed) for charge in oldest_first(spoken_of) if charge.owed > 0])
        judge_doubts(spoken_of, {}, scope, paid)
        open_units += any(charge.owed > 0 for charge in charges)
        if room in unread:
            if paid.settles:
                note = "清单里这一户的行没有读入，欠费照原来的记着，请改好那一行再导。"
                changes.append(_change(room, None, tenures, Operations(), note))
        elif paid.settles or paid.closed_doubts:
            gone += bool(paid.settles)
            changes.append(_change(room, None, tenures, paid))
    questions = []
    if gone * _GONE_SHARE > open_units and not options.gone_is_paid:
        text = f"清单所列楼栋原有 {open_units} 户欠费，这次有 {gone} 户不在清单上，超过四分之一：都已缴清了吗？"
        rooms = tuple(change.room for change in changes if change.settles)
        questions.append(Question(QuestionCode.MANY_GONE, text, "按已缴清处理", rooms))
    return changes, questions
