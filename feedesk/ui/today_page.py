"""今日: everybody with something due, best first; one owner in the order of the call; the facts beside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.accounts import Action, OwnerRow, WorkGroup
from feedesk.models.changes import Changes
from feedesk.models.contacts import WAITS_FOR_LEADER
from feedesk.models.money import show_yuan
from feedesk.models.replan import why_fixed
from feedesk.models.today import (
    DayFigures,
    Due,
    Household,
    WorkItem,
    arrange,
    by_account,
    calling_order,
    day_figures,
    is_waiting,
    next_after,
    one_per_owner,
    rests,
    standing_for,
)
from feedesk.ui.call_facts import gather
from feedesk.ui.desk import Desk
from feedesk.ui.dispute_actions import DisputeActions
from feedesk.ui.owner_actions import OwnerActions
from feedesk.ui.owner_tabs import BILL_KEYS, BILLS, DETAILS, SCRIPT, TIMELINE
from feedesk.ui.page import NARROW_BELOW, SHORT_BELOW, KeyHint, Page
from feedesk.ui.scope import SCOPE_KEY, contacts_in_scope, shown_scope, switch_scope
from feedesk.ui.sensitive_box import MARK_KEY
from feedesk.ui.today_bar import ActionBar
from feedesk.ui.today_facts import TodayFacts
from feedesk.ui.today_head import TodayHead
from feedesk.ui.today_owner import TodayOwner
from feedesk.ui.today_queue import TodayQueue
from feedesk.ui.widgets import EmptyState, hairline

_FACTS_FROM = 1240
"""Window widths under this many logical pixels have no room for the facts; Alt+2…4 show them in the middle."""
_FACTS_WIDE_FROM = 1340
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TodayPage(Page):
    """Keeps the order of the day. `next_owner` and `tick` are for whoever saves contacts and watches the clock."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._actions = OwnerActions(desk, self)
        self._disputes = DisputeActions(desk, self)
        self._items: list[WorkItem] = []
        self._households: dict[int, Household] = {}
        self._standing: dict[int, int] = {}
        self._order: list[Due] = []
        self._before: list[int] = []
        self._later: list[int] = []
        self._arrived: list[int] = []
        self._waiting: set[int] = set()
        self._figures = DayFigures()
        self._day = desk.today()
        self._current: int | None = None
        self._stale = self._has_room = True
        self._done_at: dict[int, str] = {}
        self._since: dict[int, date] = {}
        self.head = TodayHead()
        self.queue = TodayQueue(desk.office.accounts.some)
        self.owner = TodayOwner(desk, self._actions)
        self.facts = TodayFacts()
        self.bar = ActionBar()
        self.empty = EmptyState()
        self._middle = QStackedWidget()
        self._build()
        self._connect()
        self._add_keys()

    def _build(self) -> None:
        work = QWidget()
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._middle.addWidget(self.owner)
        self._middle.addWidget(self.empty)
        row.addWidget(self.queue)
        row.addWidget(self._middle, 1)
        row.addWidget(self.facts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(hairline())
        column.addWidget(work, 1)
        column.addWidget(self.bar)

    def _connect(self) -> None:
        self.queue.chosen.connect(self.show_owner)
        self.queue.money_button.clicked.connect(lambda: self._desk.lines_wanted.emit())
        self.owner.owner_asked.connect(self._desk.owner_wanted)
        self.facts.tab_asked.connect(self.owner.show_tab)
        self.empty.pressed.connect(self._empty_pressed)
        self.bar.log.clicked.connect(lambda: self.owner.log())
        self.bar.miss.clicked.connect(self.no_answer)
        self.bar.later.clicked.connect(self.ask_follow_up)
        self.bar.paper.clicked.connect(self.ask_notice)
        self.bar.next.clicked.connect(lambda: self.next_owner())
        self._desk.changed.connect(self._on_changed)
        for another in (self._desk.clerk_changed, self._desk.scope_changed):
            another.connect(lambda: self._on_changed(Changes(everything=True)))
        self.head.scope.pressed.connect(lambda: switch_scope(self._desk))
        for button in (self.bar.log, self.bar.miss, self.bar.later, self.bar.paper, self.bar.next):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def _add_keys(self) -> None:
        acts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("F2", lambda: self.owner.log()),
            ("F3", self._ask_objection),
            ("F4", lambda: self.next_owner()),
            ("Shift+F4", lambda: self.next_owner(-1)),
            ("F5", self.ask_follow_up),
            ("F6", lambda: self.owner.open_choice("type")),
            ("F7", lambda: self.owner.open_choice("step")),
            ("F8", lambda: self.owner.open_choice("channel")),
            ("F11", lambda: self.owner.open_choice("words")),
            ("F9", self.no_answer),
            ("F10", self.owner.pages.pay),
            ("Ctrl+D", self._disputes.list_all),
            ("Ctrl+P", self.ask_notice),
            ("Ctrl+L", self.show_limits),
            ("Ctrl+T", self.ask_text),
            ("Ctrl+Shift+C", self._copy_speech),
            ("Ctrl+S", self.owner.save_details),
            (SCOPE_KEY, lambda: switch_scope(self._desk)),
            *(
                (f"Alt+{tab + 1}", lambda tab=tab: self.owner.show_tab(tab))
                for tab in (SCRIPT, BILLS, TIMELINE, DETAILS)
            ),
        )
        for keys, act in acts:
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # --- what the shell asks ---

    def shown(self) -> None:
        """Read what has changed since, and put the keys on the queue."""
        self._refresh()
        if self._current is None:
            self._choose_first()
        elif self._stale:
            self._reload()
        first = self.queue.view if self._current is not None else self.empty.button
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def fit(self, width: int, height: int) -> None:
        """Choose the layout for a window of this size."""
        narrow, short = width < NARROW_BELOW, height < SHORT_BELOW
        self.head.set_low(narrow=narrow, short=short)
        self.owner.set_low(short=short, narrow=narrow)
        self.bar.set_low(narrow=narrow, short=short)
        self.facts.set_slim(width < _FACTS_WIDE_FROM)
        self._has_room = width >= _FACTS_FROM
        self._mind_facts()

    def step_back(self) -> bool:
        """Esc: answer, bills, history or details → script → queue."""
        if self.owner.step_back():
            if self.owner.tab == SCRIPT and not self.owner.script.objections.hasFocus():
                self.queue.view.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if self.queue.shows_done and self._order:
            self.queue.show_done(False)
            return True
        if not self.queue.view.hasFocus():
            self.queue.view.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def key_hints(self) -> tuple[KeyHint, ...]:
        """Everything that works here."""
        return (
            KeyHint("F2", "记录联系"),
            KeyHint("F4", "下一户"),
            KeyHint("Shift+F4", "上一户"),
            KeyHint("↑ ↓ PgUp PgDn Home End", "在待联系的业主里走"),
            KeyHint("→ ←", "展开或收起这一组"),
            KeyHint("1…9 0", "业主说…，看怎么答；Enter 记为那个结果"),
            KeyHint("F3", "业主说…，全部列出"),
            KeyHint("F5", "改下次跟进，再按数字选；0 只排到最后"),
            KeyHint("F6 F8", "改欠费类型、渠道，再按数字选"),
            KeyHint("F7", "催缴阶段：每一步开没开、缺什么，升一步或退回"),
            KeyHint("F9", "没接通，30 分钟后再拨（马上记下）"),
            KeyHint("F10", "给这一户收款"),
            KeyHint("F11", "换一篇：别的话术、时机、招数、寒暄；没有记录的不能选，写着原因"),
            KeyHint("Ctrl+D", "异议与遗留：全部在办的"),
            KeyHint("Ctrl+P", "给这位业主出催款单"),
            KeyHint("Ctrl+L", "时效：半年内到期的每一笔"),
            KeyHint("Ctrl+T", "给这位业主发短信/微信提醒"),
            KeyHint("Alt+1…4", "话术、账单、记录、资料"),
            KeyHint(SCOPE_KEY, "只看我片管的，或看全部"),
            KeyHint("Ctrl+Shift+C", "复制话术"),
            *BILL_KEYS,
            KeyHint("Del", "记录：作废这条"),
            KeyHint("Ctrl+S", "保存资料"),
            KeyHint(MARK_KEY, "资料：暂不联系（病重、丧事等）"),
        )

    # --- the day ---

    def tick(self) -> None:
        """A minute has passed: the clock, and retries that have come to their time move up."""
        now = self._desk.now()
        self.head.show_clock(now)
        came = [
            item.account_id for item in self._items if item.account_id in self._waiting and not is_waiting(item, now)
        ]
        if now.date() != self._day:
            self._refresh()
            self._reload()
            return
        if came:
            self._arrived += came
            self._arrange()
            first = self._row(came[0])
            self._desk.messages.note(f"{first.room} {first.name} 到点了，可以再打。")
        if self._current is not None and self.owner.facts is not None and self.isVisible():
            self.owner.show_hour(gather(self._desk, self._current))

    @property
    def current(self) -> int | None:
        """The account shown."""
        return self._current

    @property
    def left(self) -> int:
        """How many owners are left today."""
        return len(self._order)

    def show_owner(self, account_id: int) -> None:
        """Show an account."""
        self._current = account_id
        self._arrived = [one for one in self._arrived if one != account_id]
        self._reload()
        self.queue.choose(self._place())
        self._mind_next()

    def next_owner(self, by: int = 1) -> bool:
        """F4 and Shift+F4, and after 保存并下一户: who comes next; False when nobody does."""
        following = self._following(by)
        if following is None:
            if self._order:
                self._desk.messages.note("只剩这一户了。")
            self._mind_middle()
            return False
        self.queue.show_done(False)
        self.show_owner(following)
        return True

    def ask_follow_up(self) -> None:
        """F5: another follow-up for this owner, or only the end of the queue; then comes the next one."""
        facts, ids = self.owner.facts, [row.account_id for row in self._order]
        if facts is None or self._current is None:
            return
        following, place = self._following(1), self._place()
        self._actions.ask_follow_up(
            facts,
            put_off=self.put_off if place in ids else None,
            done=lambda: self._planned(place, following),
        )

    def _planned(self, place: int | None, following: int | None) -> None:
        """A follow-up has been planned: its time decides now, not that the owner had been put off."""
        self._later = [one for one in self._later if one != place]
        self._arrange()
        if following is None or all(row.account_id != following for row in self._order):
            following = self._following(1)
        if following is not None:
            self.show_owner(following)

    def put_off(self) -> None:
        """只排到最后: this owner comes after everybody else for now; nothing is recorded."""
        following, gone = self._following(1), self._place()
        if gone is None or all(row.account_id != gone for row in self._order):
            return
        self._later = [*(one for one in self._later if one != gone), gone]
        self._arrange()
        if following is not None:
            self.show_owner(following)
        self._desk.messages.note(f"{self._row(gone).room} 已排到最后，什么也没有记。")

    def ask_text(self) -> None:
        """Ctrl+T: a reminder by SMS or WeChat for this owner."""
        facts = self.owner.facts
        if facts is not None:
            self._desk.texts_wanted.emit([facts.account.row.account_id])

    def ask_notice(self) -> None:
        """Ctrl+P: a 催款单 for this owner, all his units on it."""
        facts = self.owner.facts
        if facts is not None:
            rows = (facts.account.row, *facts.account.open_siblings)
            self._desk.notices_wanted.emit([row.account_id for row in rows])

    def show_limits(self) -> None:
        """Ctrl+L: the list behind the heading 时效将到."""
        from feedesk.ui.limit_list import open_limit_list  # dialogs come when they are needed

        open_limit_list(self._desk, self)

    def no_answer(self) -> None:
        """F9: logged at once on the number in hand."""
        self.owner.no_answer()

    # --- inside ---

    def _refresh(self) -> None:
        """Read the worklist and the day's contacts anew."""
        office, now = self._desk.office, self._desk.now()
        if now.date() != self._day:
            self._day, self._later, self._arrived = now.date(), [], []
        self._households = by_account(office.accounts.households())
        shown = shown_scope(self._desk)
        units = office.accounts.work_items(shown.staff_id)
        self._items = one_per_owner(units, self._households)
        self._standing = standing_for(units, self._items, self._households)
        left = {item.account_id for item in self._items}
        self._later = [one for one in self._later if one in left]
        contacts = contacts_in_scope(self._desk, shown, office.figures.contacts_of_day(now.date()))
        self._figures = day_figures(contacts, left, self._households)
        self._done_at = {}
        for ids, contact in contacts:
            if not contact.voided:
                for one in ids:
                    self._done_at.setdefault(one, f"{contact.at:%H:%M}")
        broken = [item.account_id for item in self._items if item.group is WorkGroup.BROKEN]
        leader = [item.account_id for item in self._items if item.group is WorkGroup.LEADER]
        self._since = {
            **office.figures.promised_days(broken),
            **office.figures.waiting_since(leader, WAITS_FOR_LEADER),
        }
        self.head.show_day(now.date(), self._figures, shown)
        last = self._desk.office.imports.last()
        self.head.age.show_list(last.as_of if last else None, now.date())
        self.head.show_clock(now)
        self._arrange()
        self.queue.show_money(office.statements.open_count())
        self.badge_changed.emit(len(left))

    def _arrange(self) -> None:
        """Put the rows known under their headings as of now."""
        now = self._desk.now()
        old = [row.account_id for row in self._order]
        if self._place() in old:
            self._before = old
        groups = arrange(self._items, now, self._later)
        resting = {one.account_id for one in self._items if rests(one, self._households.get(one.account_id))}
        self._order = calling_order(groups, now, resting)
        if old and not self._order:
            self._current = None  # the last one is done: say so
        self._waiting = {item.account_id for item in self._items if is_waiting(item, now)}
        self._arrived = [one for one in self._arrived if one not in self._waiting]
        done = {one: self._done_at[one] for one in self._figures.done}
        self.queue.show_queue(groups, done, now, self._since, self._households)
        self.queue.choose(self._place())
        self._mind_next()
        self._mind_middle()

    def _following(self, by: int) -> int | None:
        ids = [row.account_id for row in self._order]
        still = [one for one in self._arrived if one != self._place() and one in ids]
        if by > 0 and still:
            return still[0]
        return next_after(ids, self._place(), self._before, by)

    def _place(self) -> int | None:
        """Who stands in the queue for the account shown: itself, or another unit of the same owner."""
        return self._current if self._current is None else self._standing.get(self._current, self._current)

    def _choose_first(self) -> None:
        if self._order:
            self.show_owner(self._order[0].account_id)
        else:
            self._mind_middle()

    def _mind_next(self) -> None:
        following = self._following(1)
        self.bar.show_next(self._row(following) if following is not None else None, self._desk.now())

    def _row(self, account_id: int) -> OwnerRow:
        return self._desk.office.accounts.some([account_id])[account_id]

    def _reload(self) -> None:
        """Read the owner shown anew; while another page is in front that waits."""
        if self._current is None:
            return
        if not self.isVisible():
            self._stale = True
            return
        try:
            facts = gather(self._desk, self._current)
        except FeeDeskError as error:
            self._current = None
            self._desk.messages.tell(error, self)
            return
        self._stale = False
        self.owner.show_call(facts)
        self.facts.show_call(facts)
        self.bar.miss.setEnabled(self.owner.can_miss())
        self.bar.later.setEnabled(not why_fixed(facts.account.row.mark))
        self.bar.paper.setVisible(facts.account.row.action is Action.WRITE)
        self._mind_middle()

    def _on_changed(self, changes: Changes) -> None:
        self._refresh()
        shown = self.owner.facts
        if self._current is None or shown is None:
            if self.isVisible():
                self._choose_first()
            return
        if changes.everything and self._order and all(row.account_id != self._place() for row in self._order):
            self._choose_first()  # a new day or list: who stood here may have nothing to do now
            return
        kin = {row.account_id for row in shown.account.siblings} | {shown.account.row.account_id}
        if changes.everything or kin & changes.account_ids:
            self._reload()

    def _mind_middle(self) -> None:
        """The owner, or why there is none."""
        is_empty = self._current is None
        if is_empty:
            self._say_empty()
        turned = self.isVisible() and is_empty != (self._middle.currentIndex() == 1)
        self._middle.setCurrentIndex(1 if is_empty else 0)
        self.queue.setVisible(bool(self._order or self._figures.done))
        if turned:
            (self.empty.button if is_empty else self.queue.view).setFocus(Qt.FocusReason.OtherFocusReason)
        self.bar.setVisible(not is_empty)
        self._mind_facts()

    def _say_empty(self) -> None:
        figures = self._figures
        if self._desk.office.imports.last() is None:
            self.empty.say("还没有欠费清单。", "请财务导出一份，Excel 或 CSV 都行。", "导入清单", key="Ctrl+I")
        elif figures.done:
            promised = f"，{figures.promised} 户承诺 {show_yuan(figures.promised_amount)}" if figures.promised else ""
            self.empty.say(f"今天的 {figures.total} 户都联系过了{promised}。", "", "交记录表", key="Ctrl+E")
        elif shown_scope(self._desk).is_mine:
            self.empty.say("您片管的业主今天没有要联系的。", f"到了约好的日子，会自己列到这里；{SCOPE_KEY} 看全部。")
        else:
            self.empty.say("今天没有要联系的业主。", "到了约好的日子，会自己列到这里。")

    def _empty_pressed(self) -> None:
        if self._desk.office.imports.last() is None:
            self._desk.import_wanted.emit()
        else:
            self._desk.table_wanted.emit()

    def _mind_facts(self) -> None:
        self.facts.setVisible(self._has_room and self._middle.currentIndex() == 0)

    def _ask_objection(self) -> None:
        if self.owner.facts is not None:
            self.owner.show_tab(SCRIPT)
            self.owner.script.ask_objection()

    def _copy_speech(self) -> None:
        if self.owner.facts is not None and self.owner.script.copy_speech():
            self._desk.messages.note("话术已复制，可以粘贴。")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What no field has taken: digits open answers, ↑↓ walk the queue, Enter takes an answer's outcome."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key, text = Qt.Key(event.key()), event.text()
        if plain and text and text in "1234567890" and self.owner.open_answer(text):
            return
        if plain and key in _STEPS:
            self.queue.step(_STEPS[key])
            return
        if plain and key in _ENTER and self.owner.tab == SCRIPT and self.owner.script.has_answer:
            self.owner.script.answer.take()
            return
        super().keyPressEvent(event)
