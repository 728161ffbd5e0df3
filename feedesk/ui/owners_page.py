"""业主: the table of everyone at the left, one owner in the order of a call at the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QSplitter, QWidget

from feedesk.models.accounts import OwnerRow
from feedesk.models.changes import Changes
from feedesk.models.owner_filter import OwnerFilter
from feedesk.models.replan import why_fixed
from feedesk.models.traits import TRAIT_WORDS
from feedesk.ui.claim_dialog import ClaimDialog
from feedesk.ui.desk import Desk
from feedesk.ui.dispute_actions import DisputeActions
from feedesk.ui.owner_actions import OwnerActions, can_drop_claim, can_resolve
from feedesk.ui.owner_list import OwnerList
from feedesk.ui.owner_panel import OwnerPanel
from feedesk.ui.owner_tabs import BILL_KEYS, TABS
from feedesk.ui.page import NARROW_BELOW, SHORT_BELOW, KeyHint, Page
from feedesk.ui.scope import SCOPE_KEY, switch_scope
from feedesk.ui.sensitive_box import MARK_KEY
from feedesk.ui.share_dialog import ASSIGN_KEY, SHARE_KEY, ask_clerk, ask_share
from feedesk.ui.traits_dialog import TraitsDialog

ONE_BELOW = 880
"""Window widths under this many logical pixels show the table or the panel, Enter and Esc between them: beside the
panel the table would have no room for its amounts."""
_PANEL_AFTER_MS = 80
_PANEL_NARROW = 424
_PANEL_RANGE = (400, 560)


class OwnersPage(Page):
    """Hangs table and panel beside each other and gives both their keys."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._actions = OwnerActions(desk, self)
        self._disputes = DisputeActions(desk, self)
        self._one = self._narrow = False
        self._fresh = False
        self._sizing = False
        self.list = OwnerList(desk)
        self.panel = OwnerPanel(desk, self._actions)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(self.panel)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.splitterMoved.connect(lambda _at, _which: self._remember_width())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.splitter)
        self.list.chosen.connect(self._on_chosen)
        self.list.entered.connect(lambda _id: self._into_panel())
        self.list.import_pressed.connect(desk.import_wanted)
        self.list.notices_pressed.connect(self.ask_notices)
        self.list.table_pressed.connect(desk.table_wanted)
        self.list.menu_filled.connect(self._fill_menu)
        self.panel.next_asked.connect(self.step_owner)
        self.panel.owner_asked.connect(self.show_owner)
        desk.changed.connect(self._on_changed)
        desk.clerk_changed.connect(self.panel.reload)
        for another in (desk.clerk_changed, desk.scope_changed):
            another.connect(self._on_scope)
        self._panel_later = QTimer(self)
        self._panel_later.setSingleShot(True)
        self._panel_later.setInterval(_PANEL_AFTER_MS)
        self._panel_later.timeout.connect(self._catch_up)
        self._add_keys()

    # --- what the shell asks ---

    def shown(self) -> None:
        """Read everything anew the first time, and what has changed elsewhere since."""
        if not self._fresh:
            self._fresh = True
            self.list.refresh()
        self.list.recount()
        self._catch_up()
        if not self.list.search.hasFocus():
            self.list.take_focus()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing put off happens once the page is out of sight: the office may be closed by then."""
        self._panel_later.stop()
        self.list.rest()
        super().hideEvent(event)

    def fit(self, width: int, height: int) -> None:
        """Choose columns, words and heights for a window of this size."""
        self._narrow = width < NARROW_BELOW
        self._one = width < ONE_BELOW
        self.list.fit(width)
        self.panel.set_low(short=height < SHORT_BELOW, narrow=self._narrow)
        low, high = (self.panel.minimumSizeHint().width(), 4000) if self._one else _PANEL_RANGE
        self.panel.setMinimumWidth(min(low, _PANEL_RANGE[0]))
        self.panel.setMaximumWidth(high)
        self._arrange(panel_first=self._one and self._panel_has_focus())

    def focus_search(self) -> bool:
        """Ctrl+F and `/`."""
        if self._one and not self.list.isVisible():
            self._arrange(panel_first=False)
        self.list.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.list.search.selectAll()
        return True

    def step_back(self) -> bool:
        """Esc: answer → script → table; then the search is cleared."""
        if self.panel.step_back():
            return True
        if self._panel_has_focus() or (self._one and not self.list.isVisible()):
            self._arrange(panel_first=False)
            self.panel.script.objections.set_open(False)
            self.list.take_focus()
            return True
        if self.list.clear():
            self.list.take_focus()
            return True
        if self.list.search.hasFocus():
            self.list.take_focus()
            return True
        return False

    def key_hints(self) -> tuple[KeyHint, ...]:
        """Everything that works here."""
        return (
            KeyHint("F2", "记录联系"),
            KeyHint("F3 1…9", "业主说…，看怎么答；Enter 记为那个结果"),
            KeyHint("F4", "下一户"),
            KeyHint("Shift+F4", "上一户"),
            KeyHint("F5", "改下次跟进，不用记一次联系"),
            KeyHint("F6 F8", "改欠费类型、渠道，再按数字选；0 采用建议的类型"),
            KeyHint("F7", "催缴阶段：每一步开没开、缺什么，升一步或退回"),
            KeyHint("F9", "没接通，30 分钟后再拨（马上记下）"),
            KeyHint("F10", "给这一户收款"),
            KeyHint("F11", "换一篇：别的话术、时机、招数、寒暄；没有记录的不能选，写着原因"),
            KeyHint("Alt+1…4", "、".join(TABS)),
            KeyHint("Ctrl+Shift+C", "复制话术"),
            KeyHint("↑ ↓ PgUp PgDn Home End", "换行"),
            KeyHint("Enter", "到右边这一户"),
            KeyHint("空格 Shift+↑↓", "勾选"),
            KeyHint("Ctrl+A", "勾选筛选内全部"),
            KeyHint("Ctrl+C", "复制成表格（勾选的，或当前这户）"),
            KeyHint("Ctrl+P", "出催款单（勾选的，或当前这户）"),
            KeyHint("Ctrl+T", "短信/微信提醒（勾选的，或当前这户）"),
            KeyHint("Ctrl+M", "标记已缴（待核）"),
            KeyHint("Ctrl+G", "批量修改：习惯、态度、居住、房屋类型（勾选的，或当前这户）"),
            KeyHint("Alt+← Alt+→", "换筛选"),
            KeyHint("Alt+A", "这一类里没找到：在全部里找"),
            KeyHint(SCOPE_KEY, "只看我片管的，或看全部"),
            KeyHint(ASSIGN_KEY, "交给一位片管，再按数字（勾选的，或当前这户）"),
            KeyHint(SHARE_KEY, "分配片管：按户数和难度平均分"),
            KeyHint("Ctrl+Shift+F", "筛选：楼栋、分类、阶段、程度、习惯、居住、金额、天数"),
            KeyHint("Ctrl+L", "时效：半年内到期的每一笔"),
            KeyHint("Ctrl+D", "异议与遗留：全部在办的"),
            KeyHint("Shift+F10", "更多：勿电、取消待核、异议"),
            KeyHint("Ctrl+S", "保存资料"),
            KeyHint(MARK_KEY, "资料：暂不联系（病重、丧事等）"),
            *BILL_KEYS,
            KeyHint("Del", "记录：作废这条"),
        )

    # --- what the desk and other pages ask ---

    def show_owner(self, account_id: int) -> None:
        """Show one account, widening the view if it hides it."""
        if not self._fresh:
            self.shown()
        if self.list.show_owner(account_id):
            self._into_panel() if self._one else self.list.take_focus()

    def show_filter(self, wanted: OwnerFilter) -> None:
        """Show the accounts of a filter, as 统计 and 今日 ask it."""
        if not self._fresh:
            self.shown()
        self.list.chips.choose(str(wanted.chip))
        self.list.show_filter(wanted)

    def next_owner(self, after: int | None = None) -> bool:
        """下一户 after an account has been dealt with; if it has left the list, the next one is there already."""
        if after is not None and self.list.table.current_id() != after:
            return True
        return self.step_owner(1)

    def tick(self) -> None:
        """A minute has passed; for whoever watches the clock."""
        self.panel.tick()

    def step_owner(self, by: int) -> bool:
        """F4 and Shift+F4."""
        if self.list.table.step(by):
            return True
        self._desk.messages.note("已经是最后一户了。" if by > 0 else "已经是第一户了。")
        return False

    def show_limits(self) -> None:
        """Ctrl+L: the lines whose limitation ends soonest."""
        from feedesk.ui.limit_list import open_limit_list  # dialogs come when they are needed

        open_limit_list(self._desk, self)

    def ask_texts(self) -> None:
        """短信/微信 for the checked rows, else the current one."""
        ids = self.list.checked_ids() or [one for one in (self.list.table.current_id(),) if one is not None]
        if ids:
            self._desk.texts_wanted.emit(ids)
        else:
            self._desk.messages.note("没有选中业主，请先勾选或选一户。")

    def ask_notices(self) -> None:
        """催款单 for the checked rows, else the current one, else everyone in the filter after a question."""
        ids = self.list.checked_ids()
        current = self.list.table.current_id()
        if not ids and current is not None:
            ids = [current]
        if not ids:
            ids = list(self.list.model.ids())
            if not ids:
                self._desk.messages.note("没有可以出催款单的业主。")
                return
            question = f"没有选中业主，给筛选内的 {len(ids):,} 户都出催款单吗？"
            if not self._desk.messages.confirm(question, f"出 {len(ids):,} 户", parent=self):
                return
        self._desk.notices_wanted.emit(ids)

    def ask_claim(self) -> None:
        """标记已缴（待核） for the checked rows, else the current one."""
        ids = self.list.checked_ids() or [one for one in (self.list.table.current_id(),) if one is not None]
        rows = [row for row in self._desk.office.accounts.some(ids).values() if not row.is_paid]
        if not rows:
            self._desk.messages.note("没有欠费的业主可以标记，请先选一户。")
            return
        dialog = ClaimDialog(_together(rows), self._desk.today(), self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(lambda claim: self._actions.claim(rows, claim))
        dialog.open()

    def ask_traits(self) -> None:
        """批量修改 for the checked rows, else the current one."""
        ids = self.list.checked_ids() or [one for one in (self.list.table.current_id(),) if one is not None]
        office = self._desk.office
        found = office.accounts.some(ids)
        rows = [found[one] for one in ids if one in found]
        if not rows:
            self._desk.messages.note("没有选中业主，请先勾选或选一户。")
            return
        self.panel.details.flush()
        words = {trait: office.traits.words_in_use(trait) for trait in TRAIT_WORDS}
        dialog = TraitsDialog(rows, words, self._actions.set_traits, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def ask_clerk(self) -> None:
        """Give the checked rows, else the current one, to one clerk; the other units of their owners go along."""
        current = self.list.table.current_id()
        ask_clerk(self._desk, self.list, self.list.checked_ids() or ([current] if current is not None else []))

    # --- inside ---

    def _on_scope(self) -> None:
        if self._fresh:
            self.list.show_scope()

    def _on_chosen(self, _account_id: int | None) -> None:
        # While the clerk types, only the table follows each keystroke; the panel comes when the typing rests.
        if self.list.search.hasFocus():
            self._panel_later.start()
        else:
            self._catch_up()

    def _catch_up(self) -> None:
        self._panel_later.stop()
        wanted = self.list.table.current_id()
        if wanted != self.panel.account_id:
            self.panel.show_account(wanted)

    def _on_changed(self, changes: Changes) -> None:
        if not self._fresh:
            return
        if changes.everything:
            self.list.refresh()
            self.panel.reload()
            return
        self.list.refresh_some(changes.account_ids)
        shown = self.panel.facts
        if shown is not None:
            kin = {row.account_id for row in shown.account.siblings} | {shown.account.row.account_id}
            if kin & changes.account_ids:
                self.panel.reload()

    def _add_keys(self) -> None:
        panel = self.panel
        acts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("F2", lambda: panel.log()),
            ("F3", self._ask_objection),
            ("F4", lambda: self.step_owner(1)),
            ("Shift+F4", lambda: self.step_owner(-1)),
            ("F5", panel.replan),
            ("F6", lambda: self._choice("type")),
            ("F7", lambda: self._choice("step")),
            ("F8", lambda: self._choice("channel")),
            ("F11", lambda: self._choice("words")),
            ("F9", panel.no_answer),
            ("F10", panel.pay),
            ("Ctrl+Shift+C", panel.copy_speech),
            ("Ctrl+S", panel.save_details),
            ("Ctrl+P", self.ask_notices),
            ("Ctrl+T", self.ask_texts),
            ("Ctrl+M", self.ask_claim),
            ("Ctrl+G", self.ask_traits),
            ("Ctrl+Shift+F", self.list.open_filter),
            ("Ctrl+L", self.show_limits),
            ("Ctrl+D", self._disputes.list_all),
            ("Alt+Left", lambda: self.list.chips.step(-1)),
            ("Alt+Right", lambda: self.list.chips.step(1)),
            ("Alt+A", self.list.search_all),
            (SCOPE_KEY, lambda: switch_scope(self._desk)),
            (ASSIGN_KEY, self.ask_clerk),
            (SHARE_KEY, lambda: ask_share(self._desk, self)),
            *((f"Alt+{place + 1}", lambda place=place: self._tab(place)) for place in range(len(TABS))),
        )
        for keys, act in acts:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(lambda do=act: self._do(do))

    def _do(self, act: Callable[[], object]) -> None:
        self.list.search.flush()
        self._catch_up()
        act()

    def _tab(self, place: int) -> None:
        self._into_panel(place)

    def _ask_objection(self) -> None:
        self._bring_panel()
        self.panel.ask_objection()

    def _choice(self, which: str) -> None:
        self._bring_panel()
        self.panel.open_choice(which)

    def _into_panel(self, place: int | None = None) -> None:
        self._bring_panel()
        if place is None:
            self.panel.take_focus()
        else:
            self.panel.show_tab(place)

    def _bring_panel(self) -> None:
        if self._one and self.panel.account_id is not None:
            self._arrange(panel_first=True)

    def _panel_has_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.panel.isAncestorOf(focus)

    def _arrange(self, *, panel_first: bool) -> None:
        self.list.setVisible(not (self._one and panel_first))
        self.panel.setVisible(not self._one or panel_first)
        if self._one:
            return
        wide = _PANEL_NARROW if self._narrow else self._desk.settings.panel_width
        self._sizing = True
        self.splitter.setSizes([max(1, self.width() - wide - 1), wide])
        self._sizing = False

    def _remember_width(self) -> None:
        if not self._sizing and not self._narrow:
            self._desk.settings.panel_width = self.panel.width()

    def _fill_menu(self, menu: QMenu) -> None:
        row = self.list.table.current_record()
        if row is None:
            return
        checked = len(self.list.checked_ids())
        who = f"（{checked} 户）" if checked else ""
        entries: tuple[tuple[str, str, Callable[[], object], bool], ...] = (
            ("记录联系", "F2", lambda: self.panel.log(), True),
            ("改下次跟进", "F5", self.panel.replan, not why_fixed(row.mark)),
            (f"标记已缴（待核）{who}", "Ctrl+M", self.ask_claim, bool(checked) or not row.is_paid),
            (f"批量修改{who}", "Ctrl+G", self.ask_traits, True),
            (f"催款单{who}", "Ctrl+P", self.ask_notices, True),
            (f"短信/微信{who}", "Ctrl+T", self.ask_texts, True),
            (f"复制成表格{who}", "Ctrl+C", self.list.table.copy_rows, True),
            (f"交给一位片管…{who}", ASSIGN_KEY, self.ask_clerk, True),
            ("分配片管…", SHARE_KEY, lambda: ask_share(self._desk, self), True),
            ("", "", lambda: None, True),
            ("取消勿电" if self._is_no_call() else "勿电", "", lambda: self._toggle_no_call(row), True),
            ("取消待核", "", lambda: self._actions.drop_claim(row), can_drop_claim(row)),
            ("异议", "", lambda: self._disputes.of_account(row), not row.is_paid or can_resolve(row)),
            ("异议与遗留（全部）", "Ctrl+D", self._disputes.list_all, True),
        )
        for words, keys, act, on in entries:
            if not words:
                menu.addSeparator()
                continue
            action = menu.addAction(f"{words}\t{keys}" if keys else words)
            action.setEnabled(on)
            action.triggered.connect(lambda _on=False, do=act: do())

    def _is_no_call(self) -> bool:
        return self.panel.facts is not None and self.panel.facts.account.do_not_call

    def _toggle_no_call(self, row: OwnerRow) -> None:
        self._actions.set_no_call(row, not self._is_no_call())


def _together(rows: list[OwnerRow]) -> OwnerRow:
    """One row that stands for several in the dialog: their number, names and sum."""
    if len(rows) == 1:
        return rows[0]
    names = "、".join(dict.fromkeys(row.name for row in rows if row.name))
    return replace(rows[0], room=f"{len(rows)} 户", name=names, owed=sum(row.owed for row in rows))
