"""新的一批: who gets a 催款单 and why, below who does not and why, and what the batch adds up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.changes import Changes
from feedesk.models.days import short_day, weekday
from feedesk.models.money import show_yuan
from feedesk.models.notices import NoticeBatch, NoticeData, late_fee_sums
from feedesk.tasks.notices import default_options, propose_batch
from feedesk.ui.desk import Desk
from feedesk.ui.left_out import LeftOutStrip
from feedesk.ui.notice_options import NoticeOptionsBar
from feedesk.ui.notice_rows import ProposedRow, batch_columns, number_rows, short_rooms, span
from feedesk.ui.table import RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, ElidedLabel, EmptyState, KeyButton, label

_LEFT_OUT_MOST = 4
_LONGEST_ROOM = 12


class NoticeBatchView(QWidget):
    """Proposes, lets the clerk take rows out, and offers to save or print.

    Signals:
        current_changed: the row beside which the preview stands has changed, or its paper has.
        save_asked, print_asked: the two buttons.
        owner_asked: account id of a row left out that the clerk wants to see.
        runs_asked, texts_asked, preview_asked: the head's buttons.
    """

    current_changed = Signal()
    save_asked = Signal()
    print_asked = Signal()
    owner_asked = Signal(int)
    runs_asked = Signal()
    texts_asked = Signal()
    preview_asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._today = desk.today()
        self._out: set[int] = set()
        self._rows: tuple[ProposedRow, ...] = ()
        self._accounts: frozenset[int] = frozenset()
        self._lumps = 0
        self._first = 1
        self._filling = False
        self.started = False
        """Whether a batch has been proposed."""

        self._subtitle = ElidedLabel("", "muted")
        self.runs_button = KeyButton("历次批次", icon="folder", kind="quiet")
        self.runs_button.clicked.connect(self.runs_asked)
        self.texts_button = KeyButton("短信/微信", key="Ctrl+T", icon="message", kind="quiet")
        self.texts_button.clicked.connect(self.texts_asked)
        self.preview_button = KeyButton("预览", icon="search", key="F3")
        self.preview_button.clicked.connect(self.preview_asked)
        self.preview_button.hide()
        self.options = NoticeOptionsBar(desk.today())
        self.options.changed.connect(self._on_options)
        self.options.back_changed.connect(self.current_changed)
        self.model: RecordTableModel[ProposedRow] = RecordTableModel(
            batch_columns(), lambda row: row.id, checkable=True, parent=self
        )
        self.model.checks_changed.connect(self._on_checks)
        self.table: RecordTableView[ProposedRow] = RecordTableView(self.model, row_height=30)
        self.table.setAccessibleName("这一批催款单")
        self.table.current_changed.connect(lambda _id: self.current_changed.emit())
        self.nobody = EmptyState()
        self.nobody.pressed.connect(self._everybody)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.nobody)
        self.left = LeftOutStrip("这次不出", "不占编号；按 Enter 去看这一户", _LEFT_OUT_MOST)
        self.left.owner_asked.connect(self.owner_asked)
        self._sum = label("", "section")
        self._numbers = ElidedLabel("", "caption")
        self._late_fee = Banner()
        self._late_fee.show_lines(())
        self.save_button = KeyButton("存为 PDF", key="Ctrl+S", icon="notices")
        self.save_button.clicked.connect(self.save_asked)
        self.print_button = KeyButton("打印", key="Ctrl+P", icon="print", kind="primary")
        self.print_button.clicked.connect(self.print_asked)
        self.law = Banner()
        self.law.show_lines(())
        self._lay_out()
        desk.jobs.busy_changed.connect(lambda _busy: self._mind_buttons())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 8)
        head.setSpacing(10)
        head.addWidget(label("通知", "title"))
        head.addWidget(self._subtitle, 1)
        head.addWidget(self.texts_button)
        head.addWidget(self.runs_button)
        head.addWidget(self.preview_button)
        bar = QFrame()
        bar.setProperty("role", "bar")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._sum)
        words.addWidget(self._numbers)
        foot = QHBoxLayout(bar)
        foot.setContentsMargins(16, 8, 16, 8)
        foot.setSpacing(8)
        foot.addLayout(words, 1)
        foot.addWidget(self.save_button)
        foot.addWidget(self.print_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.law)
        column.addWidget(self.options)
        column.addWidget(self._stack, 1)
        column.addWidget(self.left)
        column.addWidget(self._late_fee)
        column.addWidget(bar)
        for button in (self.save_button, self.print_button):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    # --- the batch ---

    def propose_for(self, account_ids: Sequence[int]) -> None:
        """A batch for these accounts, as checked on another page."""
        self._begin()
        self.options.hand_over(account_ids)
        self.propose()

    def propose_by_filter(self) -> None:
        """A batch by the filter chosen last, at first 逾期超过 30 天."""
        self._begin()
        self.options.drop_handed()
        self.propose()

    def propose(self) -> None:
        """Ask the rules anew with the options as they stand; rows taken out by hand stay out."""
        desk, options = self._desk, self.options
        self.started = True
        if self._today != desk.today():
            self._today = desk.today()
            options.set_today(self._today)
        day = self._today
        self._mind_law()
        options.offer_late_fee(desk.office.late_fees.policy().is_on)
        self._subtitle.setText(f"新的一批催款单 · 出单日 {short_day(day, day)} {weekday(day)} · 按楼栋、单元、楼层排好")
        if options.problem():
            self._show_sums()
            return
        try:
            self._propose(day)
        except FeeDeskError as error:
            self._desk.messages.tell(error, self)
            self._show(NoticeBatch((), (), ()), asked=0)

    def _mind_law(self) -> None:
        """Before the first real notice the office confirms five points of law; until then this line stands here."""
        self.law.show_lines(self._desk.office.law.checks().banner("第一次正式出单前"))

    def refresh(self, changes: Changes) -> None:
        """Something was written: propose anew when it concerns this batch."""
        if self.started and (changes.everything or changes.account_ids & self._accounts or self._by_filter()):
            self.propose()

    def chosen(self) -> tuple[NoticeData, ...]:
        """The notices that will be issued, with their provisional numbers."""
        return tuple(row.notice for row in self._rows if row.chosen)

    def current(self) -> ProposedRow | None:
        """The row of the preview."""
        return self.table.current_record()

    def place(self) -> str:
        """「4 / 18」 of the current row among the chosen ones; empty for one that is out."""
        row = self.current()
        if row is None or not row.chosen:
            return ""
        chosen = [each.id for each in self._rows if each.chosen]
        return f"{chosen.index(row.id) + 1} / {len(chosen)}"

    def step(self, by: int) -> bool:
        """The neighbouring row; False at the end."""
        return self.table.step(by)

    def problem(self) -> str:
        """Why nothing can be issued now; empty when it can."""
        if self.options.problem():
            return self.options.problem()
        if not self.chosen():
            return "没有要出的催款单，请先勾选。"
        return "正在处理一件较长的事，请等它做完。" if self._desk.jobs.busy else ""

    def fit(self, width: int, height: int, *, alone: bool) -> None:
        """Choose columns and heights; `alone` when the preview does not stand beside."""
        self.table.fit_columns(10_000 if alone else width)
        self.preview_button.setVisible(alone)
        self.left.fit(height)

    def take_focus(self) -> None:
        """Into the table."""
        (self.table if self._rows else self.options.whom).setFocus(Qt.FocusReason.OtherFocusReason)

    def left_out_words(self) -> str:
        """「这次不出 4 户」, empty when nobody is left out."""
        return self.left.text()

    def sums(self) -> tuple[str, str]:
        """The two lines of the foot as read."""
        return self._sum.text(), self._numbers.text()

    # --- inside ---

    def _begin(self) -> None:
        self._out.clear()
        if not self.started:
            self.options.pay_by.set_day(default_options(self._desk.office).pay_by)
        self.options.offer(self._desk.office.accounts.buildings())

    def _propose(self, day: date) -> None:
        desk, options = self._desk, self.options
        whom = options.chosen()
        ids = whom.account_ids if whom.wanted is None else desk.office.accounts.rows(whom.wanted, "room").ids()
        wanted = replace(
            default_options(desk.office, day, options.pay_by.day()),
            merge_owner=bool(options.units.currentData()),
            again_within_week=options.again.isChecked(),
            late_fee=options.lists_late_fee(),
        )
        batch = propose_batch(desk.office, ids, wanted, desk.fonts)
        self._accounts = frozenset(ids)
        self._first = desk.office.notices.next_number(day.year)
        self._show(batch, asked=len(ids))

    def _by_filter(self) -> bool:
        return self.options.chosen().wanted is not None

    def _everybody(self) -> None:
        self.options.whom.setFocus()
        self.options.whom.showPopup()

    def _show(self, batch: NoticeBatch, asked: int) -> None:
        rows = [ProposedRow(notice, why) for notice, why in zip(batch.notices, batch.why, strict=True)]
        self._rows = number_rows(rows, self._out, self._first)
        self._lumps = batch.lumps
        self._filling = True
        self.model.clear_checks()
        self.model.set_checked([row.id for row in self._rows if row.chosen])
        self.table.show_rows(self._rows)
        self._filling = False
        rooms = [short_rooms(row.notice.rooms) for row in self._rows]
        longest = max(rooms, key=len, default="")[:_LONGEST_ROOM]
        widest = max((row.notice.total for row in self._rows), default=0)
        self.table.keep_whole({"房号": longest, "金额(元)": show_yuan(widest)[1:], "编号": "2026-00000"})
        if self._rows and self.table.current_id() is None:
            self.table.choose_row(0)
        self.left.show_rows(batch.left_out)
        why = "原因在下面一户一行。" if asked else ""
        self.nobody.say("这里面没有要出催款单的户。", why, "换一个范围")
        self._stack.setCurrentIndex(0 if self._rows else 1)
        self._show_sums()
        self.current_changed.emit()

    def _on_options(self) -> None:
        if self.started:
            self.propose()

    def _on_checks(self) -> None:
        if self._filling:
            return
        checked = self.model.checked_ids()
        for row in self._rows:
            if row.id in checked:
                self._out.difference_update(row.notice.account_ids)
            else:
                self._out.update(row.notice.account_ids)
        self._rows = number_rows(self._rows, self._out, self._first)
        self.model.replace_rows(self._rows)
        self._show_sums()
        self.current_changed.emit()

    def _show_sums(self) -> None:
        chosen = self.chosen()
        count = len(chosen)
        problem = self.options.problem()
        if problem:
            self._sum.setText("这一批还不能出")
            self._numbers.setText(problem)
        else:
            principal = show_yuan(sum(notice.total for notice in chosen))
            late_fee = late_fee_sums(chosen).amount
            money = f"本金 {principal} ＋ 违约金 {show_yuan(late_fee)}" if late_fee else principal
            self._sum.setText(f"将出 {count:,} 张 · {money}")
            numbers = f"编号 {span(chosen[0].number, chosen[-1].number)}，打印或存 PDF 时才占用" if chosen else ""
            self._numbers.setText(numbers or "勾选要出的户")
        self._show_late_fee()
        self.print_button.set_words(f"打印 {count:,} 张" if count else "打印")
        self._mind_buttons()

    def _show_late_fee(self) -> None:
        """The three figures of what is chosen, and whether a manager's word is needed (law §13.6)."""
        sums = late_fee_sums(self.chosen())
        if not self.options.lists_late_fee() or self.options.problem():
            self._late_fee.show_lines(())
            return
        lines = ["要出的这些没有违约金可列。"]
        if sums.notices:
            lines = [
                f"{sums.notices:,} 张列违约金 {show_yuan(sums.amount)}：按合同 {show_yuan(sums.contract)} · "
                f"LPR×1.3 {show_yuan(sums.lpr)} · 对应本金 {show_yuan(sums.principal)}"
            ]
        if sums.to_override:
            lines.append(f"{sums.to_override:,} 张高于 LPR×1.3：出单时要项目经理输入签字密码并写明理由。")
        if self._lumps:
            lines.append(f"{self._lumps:,} 户有几个月合在一笔的物业费：到账单里按月拆分后才计违约金。")
        self._late_fee.show_lines(tuple(lines), Tone.OCHRE if sums.to_override else Tone.AZURE)

    def late_fee_text(self) -> str:
        """What is said of the late fee; empty when none is listed."""
        return self._late_fee.text()

    def _mind_buttons(self) -> None:
        problem = self.problem()
        for button in (self.save_button, self.print_button):
            button.setEnabled(not problem)
            button.setToolTip(problem)
