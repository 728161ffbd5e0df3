"""对账: what the bank and the payment apps report, line by line, until each is booked, put aside, or no payment."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from feedesk.models.changes import Changes
from feedesk.models.intake import StatementMapping
from feedesk.models.money import show_yuan
from feedesk.models.statements import (
    STATEMENT_KIND_LABELS,
    Confidence,
    KeptLine,
    KeptStatement,
    LineState,
    StatementReading,
)
from feedesk.models.store import Office
from feedesk.tasks import reconcile
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import Tick
from feedesk.ui.key_combo import KeyCombo
from feedesk.ui.page import KeyHint, Page
from feedesk.ui.reconcile_lines import amount_text, kept_text, line_columns, rooms_text, sums_text
from feedesk.ui.reconcile_panel import ReconcilePanel
from feedesk.ui.statement_dialog import StatementDialog
from feedesk.ui.table import RecordTableModel, RecordTableView
from feedesk.ui.widgets import ChipRow, ElidedLabel, EmptyState, KeyButton

STATEMENT_KINDS = "流水或账单 (*.csv *.xlsx *.xls *.txt *.xlsm *.xlsb *.ods);;所有文件 (*)"
ALONE_BELOW = 1100
"""Window widths under this many logical pixels show the table or the line, Enter and Esc between them."""
_PANEL = 400
_ALL = 0
_CHIPS: tuple[tuple[str, str, str, tuple[LineState, ...]], ...] = (
    ("open", "等核对", "verify", (LineState.OPEN,)),
    ("booked", "已入账", "paid", (LineState.BOOKED,)),
    ("dismissed", "已搁置", "nocall", (LineState.DISMISSED,)),
    ("void", "不是收款", "other", (LineState.VOID,)),
    ("all", "全部", "", tuple(LineState)),
)


class ReconcileView(Page):
    """The second view of 收款; the badge counts lines that wait.

    Signals:
        payment_wanted: the number of a payment to be shown.
    """

    payment_wanted = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._alone = False
        self._shows_line = False
        self._kept: list[KeptStatement] = []
        self._rows: list[KeptLine] = []
        self.which = KeyCombo("流水文件", "F6")
        self.which.picked.connect(lambda _value: self.reload())
        self._sums = ElidedLabel("", "muted")
        self.read_button = KeyButton("读入流水", key="Ctrl+O", icon="import")
        self.read_button.clicked.connect(self.choose_file)
        self.chips = ChipRow()
        self.chips.set_chips([(key, words, mark, None) for key, words, mark, _ in _CHIPS])
        self.chips.choose("open")
        self.chips.chosen.connect(lambda _key: self._fill())
        self.panel = ReconcilePanel(desk)
        self.model: RecordTableModel[KeptLine] = RecordTableModel(
            line_columns(desk.today, self.panel.chosen_rooms), lambda line: line.id, checkable=True, parent=self
        )
        self.model.checks_changed.connect(self._mind_foot)
        self.table: RecordTableView[KeptLine] = RecordTableView(self.model)
        self.table.setAccessibleName("流水")
        self.table.current_changed.connect(lambda _id: self.panel.show_line(self.table.current_record()))
        self.table.row_entered.connect(lambda _id: self._on_entered())
        self.panel.book_asked.connect(self.book_line)
        self.panel.dismiss_asked.connect(self.ask_dismiss)
        self.panel.reopen_asked.connect(self.reopen)
        self.panel.payment_asked.connect(self.payment_wanted)
        self.panel.changed.connect(self._on_put)
        self._empty = EmptyState()
        self._empty.pressed.connect(self._on_empty)
        self._count = ElidedLabel("", "muted")
        self.book_button = KeyButton("入账", key="Ctrl+Enter", icon="check", kind="primary")
        self.book_button.clicked.connect(self.book_many)
        self._lay_out()
        self._add_keys()
        desk.changed.connect(self._on_changed)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 8)
        head.setSpacing(10)
        head.addWidget(self.which)
        head.addWidget(self._sums, 1)
        head.addWidget(self.read_button)
        chips = QHBoxLayout()
        chips.setContentsMargins(16, 0, 16, 8)
        chips.addWidget(self.chips, 1)
        bar = QFrame()
        bar.setProperty("role", "bar")
        foot = QHBoxLayout(bar)
        foot.setContentsMargins(16, 8, 16, 8)
        foot.setSpacing(8)
        foot.addWidget(self._count, 1)
        foot.addWidget(self.book_button)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self._stack, 1)
        left.addWidget(bar)
        self._bar = bar
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._left, 1)
        row.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(chips)
        column.addLayout(row, 1)

    # --- what the shell asks ---

    def shown(self) -> None:
        """Read what is on record."""
        self.reload()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def fit(self, width: int, height: int) -> None:  # noqa: ARG002  (the lines take what height there is)
        """Choose the layout for a window of this size."""
        self._alone = width < ALONE_BELOW
        if not self._alone:
            self.panel.setMinimumWidth(_PANEL)
            self.panel.setMaximumWidth(_PANEL)
        else:
            self.panel.setMinimumWidth(0)
            self.panel.setMaximumWidth(16_777_215)
        self.table.fit_columns(width)
        self._arrange()

    def step_back(self) -> bool:
        """Esc: search → line → table."""
        if self.panel.close_search():
            if not self._alone:
                self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        if self._alone and self._shows_line:
            self._show_table()
            return True
        if self.panel.isAncestorOf(self.focusWidget()):
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return False

    def focus_search(self) -> bool:
        """Ctrl+F: look for the unit a line is for."""
        if self.panel.line() is None:
            return False
        self._show_panel()
        self.panel.open_search()
        return True

    def key_hints(self) -> tuple[KeyHint, ...]:
        """Keys of 对账."""
        return (
            KeyHint("↑ ↓", "逐笔看"),
            KeyHint("Enter", "按提议入账；已入账的看那笔收款"),
            KeyHint("空格", "勾选"),
            KeyHint("Ctrl+Enter", "确定的（或勾选的）一起入账"),
            KeyHint("F3 F4", "改记到别户，再加一户"),
            KeyHint("Alt+Y", "多出的转为预缴"),
            KeyHint("Del", "搁置：写明为什么不是业主缴的"),
            KeyHint("Alt+← Alt+→", "换一类看"),
            KeyHint("F6", "换一份流水"),
            KeyHint("Ctrl+O", "读入流水"),
        )

    # --- what is shown ---

    def reload(self) -> None:
        """Read statements and lines anew; the current line stays."""
        statements = self._desk.office.statements
        self._kept = statements.all()
        wanted = self.which.value()
        options = [("0", "全部流水", _ALL)]
        options += [
            (str(place), f"{STATEMENT_KIND_LABELS[one.kind]} · {one.file}", one.id)
            for place, one in enumerate(self._kept[:9], start=1)
        ]
        self.which.offer(options)
        ids = {one.id for one in self._kept}
        self.which.show_value(wanted if wanted in ids else _ALL)
        self._rows = statements.lines(self.which.value() or None)
        counts = {state: sum(line.state is state for line in self._rows) for state in LineState}
        self.chips.set_chips(
            [(key, words, mark, sum(counts[state] for state in states)) for key, words, mark, states in _CHIPS]
        )
        self._show_sums()
        self._fill()
        self.tell_waiting()

    def tell_waiting(self) -> None:
        """How many lines wait, for the rail."""
        self.badge_changed.emit(self._desk.office.statements.open_count())

    def lines(self) -> tuple[KeptLine, ...]:
        """The lines in the table."""
        return tuple(self.model.rows())

    def _show_sums(self) -> None:
        shown = [one for one in self._kept if self.which.value() in (_ALL, one.id)]
        self._sums.setText(sums_text(self._rows, shown, self._desk.today()))

    def _fill(self) -> None:
        states = next(states for key, _, _, states in _CHIPS if key == self.chips.value())
        rows = [line for line in self._rows if line.state in states]
        self.table.show_rows(rows)
        if rows and self.table.current_id() is None:
            self.table.choose_row(0)
        self.model.set_checked(self.model.checked_ids() - {line.id for line in rows}, on=False)
        most = max((amount_text(line) for line in rows), key=len, default="")
        rooms = max((rooms_text(line) for line in rows), key=len, default="")
        self.table.keep_whole({"金额(元)": most, "哪一户": rooms[:16]})
        self._stack.setCurrentIndex(0 if rows else 1)
        self._say_empty()
        self.panel.show_line(self.table.current_record())
        self._mind_foot()
        self._arrange()

    def _say_empty(self) -> None:
        if not self._kept:
            self._empty.say(
                "还没有读入过流水。", "网银、微信、支付宝导出的明细，CSV 或 Excel 都行；同一笔不会记两次。", "读入流水"
            )
        elif self.chips.value() == "open":
            self._empty.say("没有等核对的流水，都对清了。", "", "读入流水")
        else:
            self._empty.say("这一类没有流水。", "", "看全部")

    def _mind_foot(self) -> None:
        checked = [line for line in self.model.checked_rows() if line.state is LineState.OPEN]
        several = checked or self._sure()
        total = sum(line.line.amount for line in several)
        what = "勾选的" if checked else "确定的"
        changed = [line for line in checked if self.panel.chosen_rooms(line.id) is not None]
        self.book_button.set_words(f"{what} {len(several)} 笔入账" if several else "入账")
        bare = [line for line in checked if not line.match.shares]
        self.book_button.setEnabled(bool(several) and not bare and not changed)
        self.book_button.setToolTip(
            "勾选的里面有还没对上户的" if bare else "勾选的里面有改过户的，改过的请逐笔入账" if changed else ""
        )
        if several:
            self._count.setText(f"{what} {len(several)} 笔合计 {show_yuan(total)} · 有一笔记不成，就一笔也不记")
        else:
            waits = sum(line.state is LineState.OPEN for line in self._rows)
            self._count.setText(f"{waits} 笔等核对，逐笔按 Enter 入账，不是业主缴的按 Del 搁置" if waits else "")

    def _sure(self) -> list[KeptLine]:
        return [
            line for line in self.model.rows()
            if line.state is LineState.OPEN and line.match.confidence is Confidence.SURE
            and self.panel.chosen_rooms(line.id) is None
        ]  # fmt: skip

    # --- acts ---

    def choose_file(self) -> None:
        """读入流水: choose a file."""
        desk = self._desk
        path = desk.messages.open_file("选择流水或账单", desk.settings.folder("statements"), STATEMENT_KINDS, self)
        if path is not None:
            desk.settings.remember_folder("statements", path.parent)
            self.read_file(path)

    def read_file(self, path: Path) -> None:
        """Read a statement in the background; an unknown layout asks what the columns mean."""
        remembered = self._desk.office.statements.mappings()

        def work(_office: Office, tick: Tick) -> StatementReading:
            return reconcile.read(path, remembered, tick=lambda part: tick(int(part * 100), 100))

        def done(reading: StatementReading) -> None:
            if reading.unknown:
                self._ask_columns(path, reading)
            else:
                self.keep(reading)

        self._desk.in_background(work, done, f"正在读 {path.name}")

    def _ask_columns(self, path: Path, reading: StatementReading) -> None:
        dialog = StatementDialog(self._desk, path, reading, self)
        dialog.understood.connect(self.keep)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def keep(self, reading: StatementReading, mapping: StatementMapping | None = None) -> None:
        """Keep a statement that was understood, with the proposals for its lines."""
        office = self._desk.office

        def act() -> Changes:
            return reconcile.keep(office, reading, mapping)

        contradicted = office.statements.contradicted(reading)
        before = len(office.statements.of_keys([line.key for line in reading.lines]))
        if not self._desk.write(act):
            return
        fresh = len({line.key for line in reading.lines}) - before
        self._desk.messages.note(kept_text(reading, fresh, before))
        if contradicted:
            self._desk.messages.say(
                f"{len(contradicted)} 笔已入账的流水，这份文件说已退款或已关闭。",
                "请到“已入账”里逐笔核对，确实退了的，在收款里冲正。",
                self,
            )
        self.chips.choose("open")
        self.reload()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def book_line(self) -> None:
        """Book the line of the panel as shown there."""
        line, draft = self.panel.line(), self.panel.draft()
        if line is None or draft is None:
            return
        agreed = self.panel.prepay.isChecked()
        office = self._desk.office
        rooms = "、".join(self.panel.rooms())
        place = self.table.currentIndex().row()
        if self._desk.write(
            lambda: office.statements.book(
                line.id, draft.shares, prepay_agreed=agreed, finance_missed=draft.finance_missed
            ),
            f"{rooms} {show_yuan(draft.amount)} 已入账。",
            lambda changes: office.payments.reverse(changes.record_id, "当场撤销"),
        ):
            self.panel.forget([line.id])
            self._after(place)

    def book_many(self) -> None:
        """Book the checked lines as proposed, or all that are sure: all or none."""
        checked = [line for line in self.model.checked_rows() if line.state is LineState.OPEN]
        several = checked or self._sure()
        if not several or not self.book_button.isEnabled():
            return
        ids = [line.id for line in several]
        total = sum(line.line.amount for line in several)
        least = Confidence.UNSURE if checked else Confidence.SURE
        if self._desk.write(
            lambda: self._desk.office.statements.book_all(ids, least),
            f"{len(ids)} 笔 {show_yuan(total)} 已入账。",
            lambda _changes: reconcile.unbook(self._desk.office, ids),
        ):
            self.model.clear_checks()
            self._after(0)

    def ask_dismiss(self) -> None:
        """搁置 the current line, with a reason."""
        line = self.panel.line()
        if line is None or line.state is not LineState.OPEN:
            return
        what = f"{line.line.payer or '付款人不明'} {show_yuan(line.line.amount)}"
        question = f"为什么搁置 {what}？例如：不是业主缴的费、已在收款里记过。它仍留在记录里，随时可以恢复。"
        reason = self._desk.messages.ask_text(question, parent=self)
        if reason is None:
            return
        place = self.table.currentIndex().row()
        statements = self._desk.office.statements
        if self._desk.write(
            lambda: statements.dismiss(line.id, reason),
            f"{what} 已搁置：{reason.strip()}。",
            lambda _changes: statements.reopen(line.id),
        ):
            self.panel.forget([line.id])
            self._after(place)

    def reopen(self) -> None:
        """A line put aside is looked at again."""
        line = self.panel.line()
        if line is not None:
            self._desk.write(lambda: self._desk.office.statements.reopen(line.id), "已恢复，等核对。")

    # --- inside ---

    def _after(self, place: int) -> None:
        """The next line is in hand, in the table."""
        self.reload()
        last = self.model.rowCount() - 1
        if last >= 0:
            self.table.choose_row(max(0, min(place, last)))
        self._show_table()

    def _on_entered(self) -> None:
        """Enter on a row: book what can be booked at once, else go to the line."""
        line = self.panel.line()
        if line is None:
            return
        if self._alone and not self._shows_line:
            self._show_panel()
            self.panel.take_focus()
        elif line.state is LineState.OPEN and self.panel.draft() is None:
            if not self.panel.rooms():
                self.panel.open_search()
            else:
                self.panel.prepay.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.panel.book_button.click()

    def _on_empty(self) -> None:
        if self._kept and self.chips.value() != "open":
            self.chips.choose("all")
            self._fill()
        else:
            self.choose_file()

    def _on_put(self) -> None:
        """Other units stand beside a line now: its row says so, and it is no longer among the sure ones."""
        self.table.viewport().update()
        self._mind_foot()

    def _show_panel(self) -> None:
        self._shows_line = True
        self._arrange()

    def _show_table(self) -> None:
        self._shows_line = False
        self._arrange()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self) -> None:
        has_rows = self.model.rowCount() > 0
        self._left.setVisible(not self._alone or not self._shows_line or not has_rows)
        self.panel.setVisible(has_rows and (not self._alone or self._shows_line))
        self._bar.setVisible(has_rows)

    def _on_changed(self, _changes: Changes) -> None:
        if self.isVisible():
            self.reload()
        else:
            self.tell_waiting()

    def _add_keys(self) -> None:
        acts: Collection[tuple[str, Callable[[], object]]] = (
            ("Ctrl+O", self.choose_file),
            ("Ctrl+Return", self.book_many),
            ("Ctrl+Enter", self.book_many),
            ("Del", self.ask_dismiss),
            ("F3", self._other),
            ("F4", lambda: self._other(adds=True)),
            ("F6", self.which.open_list),
            ("Alt+Left", lambda: self.chips.step(-1)),
            ("Alt+Right", lambda: self.chips.step(1)),
        )
        for keys, act in acts:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _other(self, *, adds: bool = False) -> None:
        if self.panel.line() is not None:
            self._show_panel()
            self.panel.open_search(adds=adds)
