"""One line of a statement beside the table: what it says, whom it is for, what booking it would do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.accounts import OwnerRow
from feedesk.models.days import show_moment
from feedesk.models.ledger.payments import PAY_METHOD_LABELS, PaymentDraft, PaymentPreview, PaymentShare, UseKind
from feedesk.models.money import show, show_yuan
from feedesk.models.statements import Direction, KeptLine, LineState, MatchShare
from feedesk.ui.desk import Desk
from feedesk.ui.flow_row import FlowRow
from feedesk.ui.payment_search import PayerSearch
from feedesk.ui.reconcile_lines import state_cell
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, KeyButton, StatusPill, hairline, label


class ReconcilePanel(QFrame):
    """Signals:
    book_asked: the line shown shall be booked as shown.
    dismiss_asked: it is no owner's payment.
    reopen_asked: a dismissed line shall be looked at again.
    payment_asked: the number of the payment it was booked as.
    changed: the clerk has put other units to the line; they stay with it until it is booked.
    left: the search was left without a choice.
    """

    book_asked = Signal()
    dismiss_asked = Signal()
    reopen_asked = Signal()
    payment_asked = Signal(int)
    changed = Signal()
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self._desk = desk
        self._line: KeptLine | None = None
        self._chosen: dict[int, tuple[int, ...]] = {}
        """Units put to a line by hand, by line, until it is booked or put aside."""
        self._adds = False
        self._ids: list[int] = []
        self._draft: PaymentDraft | None = None
        self._preview: PaymentPreview | None = None
        self._amount = label("", "figure")
        self._pill = StatusPill("open", "")
        self._facts = label("", "muted", wrap=True)
        self._memo = label("", "strong", wrap=True)
        self._why = Banner(Tone.AZURE, "bulb")
        self._rooms = FlowRow()
        self._lines = label("", "", wrap=True)
        self._lines.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._sums = label("", "strong", wrap=True)
        self.prepay = QCheckBox("")
        self.prepay.toggled.connect(lambda _on: self._mind_buttons())
        self.missed = QCheckBox("财务漏记：清单里没有这笔，照冲欠费")
        self.missed.toggled.connect(lambda _on: self._work_out())
        self._problem = label("", "caption", Tone.CINNABAR, wrap=True)
        self.search = PayerSearch(desk, "记到这一户")
        self.search.chosen.connect(self._add)
        self.other_button = KeyButton("改记别户", key="F3", kind="quiet")
        self.other_button.clicked.connect(lambda: self.open_search())
        self.more_button = KeyButton("再加一户", key="F4", kind="quiet")
        self.more_button.clicked.connect(lambda: self.open_search(adds=True))
        self.dismiss_button = KeyButton("搁置", key="Del")
        self.dismiss_button.setToolTip("不是业主缴的费，或已在收款里记过：写明原因，留在记录里")
        self.dismiss_button.clicked.connect(self.dismiss_asked)
        self.book_button = KeyButton("入账", key="Enter", kind="primary")
        self.book_button.clicked.connect(self._on_main)
        self._inner = QWidget()
        self._lay_out()
        self.show_line(None)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._amount)
        head.addStretch(1)
        head.addWidget(self._pill)
        body = self._inner
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._memo)
        column.addWidget(self._facts)
        column.addWidget(hairline())
        self._for = label("记到哪一户", "section")
        column.addWidget(self._for)
        column.addWidget(self._why)
        column.addWidget(self._rooms)
        others = QHBoxLayout()
        others.setSpacing(8)
        others.addWidget(self.other_button)
        others.addWidget(self.more_button)
        others.addStretch(1)
        column.addLayout(others)
        column.addWidget(self._lines)
        column.addWidget(self._sums)
        column.addWidget(self.prepay)
        column.addWidget(self.missed)
        column.addWidget(self._problem)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        self._body = scroll
        bar = QFrame()
        bar.setProperty("role", "bar")
        foot = QHBoxLayout(bar)
        foot.setContentsMargins(16, 10, 16, 10)
        foot.setSpacing(8)
        foot.addWidget(self.dismiss_button)
        foot.addStretch(1)
        foot.addWidget(self.book_button)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._body, 1)
        outer.addWidget(self.search, 1)
        outer.addWidget(bar)
        self.search.hide()

    # --- what is shown ---

    def show_line(self, line: KeptLine | None) -> None:
        """Show another line, as it is proposed."""
        self._line = line
        self._ids = [share.account_id for share in line.match.shares] if line else []
        if line is not None and line.state is LineState.OPEN:
            self._ids = list(self._chosen.get(line.id, self._ids))
        for box in (self.prepay, self.missed):
            box.blockSignals(True)
            box.setChecked(False)
            box.blockSignals(False)
        self.close_search()
        self._show_facts()
        self._work_out()

    def line(self) -> KeptLine | None:
        """The line shown."""
        return self._line

    def draft(self) -> PaymentDraft | None:
        """The payment that pressing 入账 books; None while it cannot be."""
        return self._draft if self.book_button.isEnabled() else None

    def text(self) -> str:
        """Everything read about the line."""
        parts = (self._amount, self._memo, self._facts, self._lines, self._sums, self._problem)
        return "\n".join([*(part.text() for part in parts), self._why.text()])

    def problem(self) -> str:
        """Why it cannot be booked, as read."""
        return self._problem.text()

    def rooms(self) -> tuple[str, ...]:
        """The rooms it would be booked for."""
        rows = self._desk.office.accounts.some(self._ids)
        return tuple(rows[account_id].room for account_id in self._ids if account_id in rows)

    def take_focus(self) -> None:
        """The main button, when it can be pressed."""
        self.book_button.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- another unit ---

    def chosen_rooms(self, line_id: int) -> tuple[str, ...] | None:
        """The rooms put to a line by hand and not booked yet; None where nobody has changed the proposal."""
        ids = self._chosen.get(line_id)
        if ids is None:
            return None
        rows = self._desk.office.accounts.some(ids)
        return tuple(rows[account_id].room for account_id in ids if account_id in rows)

    def forget(self, line_ids: Collection[int]) -> None:
        """These lines are booked or put aside: what was put to them by hand is done with."""
        for line_id in line_ids:
            self._chosen.pop(line_id, None)

    def open_search(self, *, adds: bool = False) -> None:
        """Choose another unit instead of those shown, or one more beside them."""
        if self._line is None or self._line.state is not LineState.OPEN:
            return
        self._adds = adds
        self._body.hide()
        self.search.show()
        self.search.clear()
        self.search.refresh()
        self.search.take_focus()

    def close_search(self) -> bool:
        """Back to the line; False when no search was open."""
        if self.search.isHidden():
            return False
        self.search.hide()
        self._body.show()
        return True

    def _add(self, row: OwnerRow) -> None:
        others = [one for one in self._ids if one != row.account_id] if self._adds else []
        self._put([*others, row.account_id])
        self.close_search()
        self.take_focus()

    def _drop(self, account_id: int) -> None:
        self._put([one for one in self._ids if one != account_id])

    def _put(self, ids: Sequence[int]) -> None:
        if self._line is None:
            return
        self._ids = list(ids)
        proposed = {share.account_id for share in self._line.match.shares}
        if set(ids) == proposed:
            self._chosen.pop(self._line.id, None)
        else:
            self._chosen[self._line.id] = tuple(ids)
        self._work_out()
        self.changed.emit()

    # --- inside ---

    def _show_facts(self) -> None:
        line = self._line
        self._inner.setVisible(line is not None)
        if line is None:
            return
        found = line.line
        sign = "−" if found.direction is Direction.OUT else ""
        self._amount.setText(f"{sign}{show_yuan(found.amount)}")
        cell = state_cell(line)
        self._pill.show_status(cell.mark, cell.text)
        self._memo.setText(found.memo or "没有附言")
        when = show_moment(found.paid_at, self._desk.now()) if found.has_time else f"{found.paid_on:%Y-%m-%d}"
        facts = (
            f"{found.payer or '付款人不明'} {found.payer_account}".strip(),
            f"{when} · {PAY_METHOD_LABELS[found.method]}" + (f" · 流水号 {found.reference}" if found.reference else ""),
            f"{line.file} 第 {found.line} 笔",
        )
        self._facts.setText("\n".join(facts))
        words = line.match.reason
        if line.match.others:
            words += f"。也可能是 {'、'.join(line.match.others[:4])}"
        self._why.show_lines((words,))

    def _work_out(self) -> None:
        """What booking it for these units would do."""
        line = self._line
        self._draft = self._preview = None
        problem = ""
        if line is not None and line.state is LineState.OPEN and self._ids:
            try:
                self._draft = self._drafted(line)
                self._preview = self._desk.office.payments.preview(self._draft)
                problem = self._preview.problem or self._without_share()
            except FeeDeskError as error:
                problem = error.text
        self._show_rooms()
        self._show_preview(problem)
        self._mind_buttons()

    def _without_share(self) -> str:
        """A unit that would get nothing of the sum is a mistake."""
        paid = {share.account_id for share in self._draft.shares} if self._draft else set()
        rows = self._desk.office.accounts.some([one for one in self._ids if one not in paid])
        rooms = "、".join(row.room for row in rows.values())
        return f"{rooms} 分不到这笔钱：点一下去掉它，再入账。" if rooms else ""

    def _drafted(self, line: KeptLine) -> PaymentDraft:
        office = self._desk.office
        if line.id in self._chosen:
            shares: Sequence[PaymentShare] = office.payments.propose(self._ids, line.line.amount, line.line.paid_on)
            given = [MatchShare(share.account_id, "", share.amount) for share in shares]
        else:
            given = list(line.match.shares)
        return replace(office.statements.draft(line.id, given), finance_missed=self.missed.isChecked())

    def _show_rooms(self) -> None:
        line = self._line
        rows = self._desk.office.accounts.some(self._ids)
        chips: list[QWidget] = []
        for account_id in self._ids:
            row = rows.get(account_id)
            if row is None:
                continue
            text = f"{row.room} {row.name} · 欠 {show(row.owed)}"
            chip = KeyButton(f"{text}  ×" if line and line.state is LineState.OPEN else text, kind="chip")
            chip.setToolTip("不记这一户")
            chip.setEnabled(line is not None and line.state is LineState.OPEN)
            chip.clicked.connect(lambda _on=False, one=account_id: self._drop(one))
            chips.append(chip)
        self._rooms.set_widgets(chips)
        self._rooms.setVisible(bool(chips))
        self._for.setText("记到哪一户" if len(chips) < 2 else f"记到这 {len(chips)} 户")

    def _show_preview(self, problem: str) -> None:
        seen, open_line = self._preview, self._line is not None and self._line.state is LineState.OPEN
        uses = seen.uses if seen and not problem else ()
        several = len(self._ids) > 1
        words = []
        for use in uses:
            room = f"{use.room} " if several else ""
            left = f"（还欠 {show(use.left)}）" if use.kind is UseKind.CHARGE and use.left else ""
            words.append(f"{room}{use.text}  {show(use.amount)}{left}")
        self._lines.setText("\n".join(words))
        self._lines.setVisible(bool(words))
        if seen and not problem:
            self._sums.setText(f"欠费 {show(seen.owed_before)} → {show(seen.owed_after)}")
        self._sums.setVisible(bool(seen) and not problem)
        self.prepay.setVisible(bool(seen and seen.over and not problem))
        if seen:
            self.prepay.setText(f"多出 {show_yuan(seen.over)} 转为预缴（&Y）")
        self.missed.setVisible(bool((seen and seen.covered) or self.missed.isChecked()) and open_line)
        if open_line and not self._ids:
            problem = "还没有选记到哪一户：按 F3 找，不是业主缴的就搁置。"
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))

    def _mind_buttons(self) -> None:
        line = self._line
        state = line.state if line else None
        seen = self._preview
        ready = bool(seen and not self._problem.text() and (not seen.over or self.prepay.isChecked()))
        for button in (self.other_button, self.more_button):
            button.setVisible(state is LineState.OPEN)
        self.more_button.setEnabled(bool(self._ids))
        self.dismiss_button.setEnabled(state is LineState.OPEN)
        if state is LineState.BOOKED:
            self.book_button.set_words("看这笔收款")
            self.book_button.setEnabled(True)
        elif state is LineState.DISMISSED:
            self.book_button.set_words("恢复这笔")
            self.book_button.setEnabled(True)
        else:
            rooms = self.rooms()
            where = rooms[0] if len(rooms) == 1 else f"这 {len(rooms)} 户"
            self.book_button.set_words(f"记到 {where}" if rooms else "入账")
            self.book_button.setEnabled(ready)
        told = "先勾选：多出的转为预缴" if seen and seen.over and not ready and not seen.problem else ""
        self.book_button.setToolTip(told)

    def _on_main(self) -> None:
        line = self._line
        if line is None:
            return
        if line.state is LineState.OPEN:
            self.book_asked.emit()
        elif line.state is LineState.DISMISSED:
            self.reopen_asked.emit()
        elif line.payment_id is not None:
            self.payment_asked.emit(line.payment_id)
