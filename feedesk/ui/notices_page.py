"""通知: who gets a 催款单 and why, who does not and why, and the very page that will be printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from feedesk.errors import FeeDeskError, file_errors
from feedesk.models.changes import Changes
from feedesk.models.notices import LateFeeOverride, NoticeData, late_fee_sums
from feedesk.models.office import Role
from feedesk.reports.notice_pdf import notice_bytes
from feedesk.tasks.notices import PaperOptions, payment_code
from feedesk.ui.desk import Desk
from feedesk.ui.notice_batch_view import NoticeBatchView
from feedesk.ui.notice_done import NoticeDoneView
from feedesk.ui.notice_press import IssuedRun, NoticePress
from feedesk.ui.notice_rows import short_rooms
from feedesk.ui.notice_runs import NoticeRunsView
from feedesk.ui.page import KeyHint, Page
from feedesk.ui.pdf_pages import PdfReader
from feedesk.ui.pdf_preview import PdfPreview
from feedesk.ui.printing import Printers
from feedesk.ui.texts_view import TextsView
from feedesk.ui.widgets import EmptyState

ALONE_BELOW = 1000
"""Window widths under this many logical pixels show list or preview, F3 and Esc between them."""
_PREVIEW_SHARE = 0.417
_PREVIEW_TALL = 0.72
"""A little more than an A4 page is wide for its height: more would be empty ground."""
_PREVIEW_LEAST = 340
_RAIL = 72


class NoticesPage(Page):
    """Hangs list and preview beside each other; issues through `NoticePress`."""

    def __init__(self, desk: Desk, printers: Printers | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._alone = self._wants_preview = False
        self._turned_back = self._fresh = False
        reader = PdfReader()
        self.press = NoticePress(desk, reader, printers or Printers(), self)
        self.empty = EmptyState("还没有出过通知。", "从业主页勾选，或按筛选出一批。", "按筛选出一批")
        self.batch = NoticeBatchView(desk)
        self.done = NoticeDoneView()
        self.runs = NoticeRunsView(desk)
        self.texts = TextsView(desk)
        self.preview = PdfPreview(reader)
        self.stack = QStackedWidget()
        for view in (self.empty, self.batch, self.done, self.runs, self.texts):
            self.stack.addWidget(view)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.stack, 1)
        row.addWidget(self.preview)
        self._connect()
        self._add_keys()
        self._go(self.empty)

    def _connect(self) -> None:
        batch, runs, done, press = self.batch, self.runs, self.done, self.press
        self.empty.pressed.connect(self.start_batch)
        batch.save_asked.connect(self.save)
        batch.print_asked.connect(self.print_batch)
        batch.runs_asked.connect(self.show_runs)
        batch.owner_asked.connect(self._desk.owner_wanted)
        batch.texts_asked.connect(self.show_texts)
        self.texts.owner_asked.connect(self._desk.owner_wanted)
        self.texts.back_asked.connect(self.back_to_batch)
        done.print_asked.connect(self.print_batch)
        done.next_asked.connect(self.start_batch)
        done.runs_asked.connect(self.show_runs)
        runs.back_asked.connect(self.back_to_batch)
        for view in (batch, runs):
            view.current_changed.connect(self._show_preview)
            view.preview_asked.connect(self.toggle_preview)
        self.preview.beyond.connect(self._turn_to)
        self.preview.list_asked.connect(self.toggle_preview)
        press.issued.connect(self._on_issued)
        press.printed.connect(done.show_printed)
        press.not_printed.connect(done.show_not_printed)
        press.refused.connect(self._on_refused)
        self._desk.changed.connect(self._on_changed)
        self._desk.clerk_changed.connect(lambda: self._on_changed(Changes(everything=True)))

    # --- what the shell asks ---

    def shown(self) -> None:
        """Refresh what may have aged; the first visit shows a batch, or says that there has been none."""
        if self.stack.currentWidget() is self.empty and self._desk.office.notices.batches():
            self.start_batch()
        elif self.stack.currentWidget() is self.batch and not self._fresh:
            self.batch.propose()
        elif self.stack.currentWidget() is self.runs:
            self.runs.reload()
        elif self.stack.currentWidget() is self.texts and not self._fresh:
            self.texts.propose()
        self._fresh = False
        self._take_focus()

    def fit(self, width: int, height: int) -> None:
        """Choose the layout for a window of this size."""
        self._alone = width < ALONE_BELOW
        self.preview.list_button.setVisible(self._alone)
        for view in (self.batch, self.runs):
            view.fit(width, height, alone=self._alone)
        self.texts.fit(width, height)
        if not self._alone:
            self._wants_preview = False
            share = min(int((width - _RAIL) * _PREVIEW_SHARE), int(height * _PREVIEW_TALL))
            self.preview.setFixedWidth(max(_PREVIEW_LEAST, share))
        else:
            self.preview.setMinimumWidth(0)
            self.preview.setMaximumWidth(16_777_215)
        self._arrange()

    def step_back(self) -> bool:
        """Esc: preview → list → the batch → its table."""
        view = self.stack.currentWidget()
        if self.preview.zoomed:
            self.preview.set_zoomed(False)
        elif self._alone and self._wants_preview:
            self.toggle_preview()
        elif view in (self.runs, self.texts):
            self.back_to_batch()
        elif view is self.batch and not self.batch.table.hasFocus():
            self.batch.take_focus()
        else:
            return False
        return True

    def key_hints(self) -> tuple[KeyHint, ...]:
        """Everything that works here."""
        return (
            KeyHint("↑ ↓", "换行，右边是这一张"),
            KeyHint("空格 Shift+↑↓ Ctrl+A", "出或不出"),
            KeyHint("PgUp PgDn", "预览翻页，到头换上一张、下一张"),
            KeyHint("Ctrl+= Ctrl+-", "预览放大、整页"),
            KeyHint("F3", "窗口窄时换看列表或预览"),
            KeyHint("Alt+R D U F K G", "给谁、截止日、一户多套、违约金、背面、含一周内出过的"),
            KeyHint("Ctrl+S", "存为 PDF"),
            KeyHint("Ctrl+P", "打印"),
            KeyHint("Ctrl+H", "历次批次"),
            KeyHint("Ctrl+T", "短信/微信提醒"),
            KeyHint("1–9 Ctrl+Shift+C Ctrl+S Ctrl+Enter F6", "短信：换一条、复制并下一户、存名单、记为已发、改模板"),
            KeyHint("Enter", "不出的户：去看这一户；历次批次：补打这张"),
            KeyHint("Del", "历次批次：作废这张"),
            KeyHint("D Shift+Del", "历次批次：登记送达、作废送达"),
            KeyHint("Esc", "退回"),
        )

    # --- what the desk and other pages ask ---

    def propose_for(self, account_ids: Sequence[int]) -> None:
        """A batch for the accounts checked on another page."""
        self._go(self.batch)
        self.batch.propose_for(account_ids)
        self._fresh = not self.isVisible()  # shown() follows at once and need not ask again

    def texts_for(self, account_ids: Sequence[int]) -> None:
        """短信/微信 for the accounts checked on another page."""
        self._go(self.texts)
        self.texts.propose_for(account_ids)
        self._fresh = not self.isVisible()
        self._take_focus()

    def show_texts(self) -> None:
        """短信/微信, by the filter chosen last."""
        self._go(self.texts)
        self.texts.start()
        self._take_focus()

    def start_batch(self) -> None:
        """A new batch by filter."""
        self._go(self.batch)
        self.batch.propose_by_filter()
        self._take_focus()

    def show_runs(self) -> None:
        """历次批次."""
        self._go(self.runs)
        self.runs.reload()
        self._take_focus()

    def back_to_batch(self) -> None:
        """From the past runs back to the batch in hand, or to a new one."""
        if self.batch.started and self.batch.chosen():
            self._go(self.batch)
            self.batch.propose()
            self._take_focus()
        else:
            self.start_batch()

    # --- acts ---

    def save(self) -> None:
        """Ctrl+S: the batch as PDF; the texts as a list."""
        if self.stack.currentWidget() is self.texts:
            self.texts.save_list()
        elif self.stack.currentWidget() is self.batch and self._may_issue():
            self._signed(lambda override: self.press.save(self.batch.chosen(), self._paper(), override))

    def print_batch(self) -> None:
        """Ctrl+P: issue the batch and print it; a batch just issued is printed from its PDF."""
        view = self.stack.currentWidget()
        if view is self.done and self.done.run is not None:
            self.press.print_run(self.done.run)
        elif view is self.batch and self._may_issue():
            self._signed(lambda override: self.press.print_new(self.batch.chosen(), self._paper(), override))
        elif view is self.runs:
            self.runs.reprint_all()

    def toggle_preview(self) -> None:
        """F3 in a narrow window: the list or the preview."""
        if self._alone:
            self._wants_preview = not self._wants_preview
            self._arrange()
            self._take_focus()

    # --- inside ---

    def _paper(self) -> PaperOptions:
        return PaperOptions(door_back=self.batch.options.back.isChecked())

    def _may_issue(self) -> bool:
        problem = self.batch.problem()
        if problem:
            self._desk.messages.note(problem)
        return not problem

    def _signed(self, act: Callable[[LateFeeOverride | None], None]) -> None:
        """Do it at once, or after a manager has let a late fee above LPR × 1.3 be printed (law §13.6)."""
        sums = late_fee_sums(self.batch.chosen())
        if not sums.to_override:
            act(None)
            return
        from feedesk.ui.late_fee_override import LateFeeOverrideDialog

        office = self._desk.office

        def is_right(override: LateFeeOverride) -> bool:
            try:
                office.staff.verify_pin(override.approver, override.pin, (Role.MANAGER,))
            except FeeDeskError as error:
                self._desk.messages.tell(error, self)
                return False
            return True

        dialog = LateFeeOverrideDialog(sums, office.staff.all(), is_right, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.granted.connect(act)
        dialog.open()

    def _go(self, view: QWidget) -> None:
        self.stack.setCurrentWidget(view)
        if view in (self.empty, self.done):
            self._wants_preview = False
            self.preview.show_nothing()
        self._arrange()

    def _arrange(self) -> None:
        has_paper = self.stack.currentWidget() in (self.batch, self.runs)
        self.preview.setVisible(has_paper and (not self._alone or self._wants_preview))
        self.stack.setVisible(not (self._alone and self._wants_preview and has_paper))

    def _take_focus(self) -> None:
        view = self.stack.currentWidget()
        if self.preview.isVisible() and not self.stack.isVisible():
            self.preview.setFocus()
        elif view is self.empty:
            self.empty.button.setFocus()
        elif isinstance(view, NoticeBatchView | NoticeRunsView | NoticeDoneView | TextsView):
            view.take_focus()

    def _show_preview(self) -> None:
        view = self.stack.currentWidget()
        last, self._turned_back = self._turned_back, False
        if view is self.batch:
            row = self.batch.current()
            if row is None:
                self.preview.show_nothing("这里会是要打印的那一页。")
                return
            back = self.batch.options.back.isChecked()
            self._preview(row.notice, self.batch.place(), back=back, last=last)
        elif view is self.runs:
            issued = self.runs.current()
            if issued is None:
                self.preview.show_nothing()
                return
            paper = self._desk.office.notices.frozen([issued.id])[0]
            state = " · 已作废" if issued.voided else " · 补打的样子"
            self._preview(paper, self.runs.place(), back=True, last=last, state=state)

    def _preview(self, notice: NoticeData, place: str, *, back: bool, last: bool, state: str = "") -> None:
        fonts, office = self._desk.fonts, self._desk.office

        def make() -> bytes:
            with file_errors("收款码图片", office.path):
                code = payment_code(office)
            return notice_bytes(notice, fonts=fonts, door_back=back, payment_code=code)

        title = f"{short_rooms(notice.rooms)} {notice.name}{state}"
        self.preview.show_paper((notice, back), title, make, place, last_page=last)

    def _turn_to(self, by: int) -> None:
        view = self.stack.currentWidget()
        if isinstance(view, NoticeBatchView | NoticeRunsView):
            self._turned_back = by < 0
            if not view.step(by):
                self._turned_back = False

    def _on_issued(self, run: IssuedRun) -> None:
        self.done.show_run(run)
        self._go(self.done)
        self._take_focus()

    def _on_refused(self) -> None:
        if self.stack.currentWidget() is self.batch:
            self.batch.propose()

    def _on_changed(self, changes: Changes) -> None:
        view = self.stack.currentWidget()
        if not self.isVisible():
            return  # shown() reads anew
        if view is self.batch:
            self.batch.refresh(changes)
        elif view is self.runs:
            self.runs.reload()
        elif view is self.texts:
            self.texts.refresh(changes)

    def _add_keys(self) -> None:
        acts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+S", self.save),
            ("Ctrl+P", self.print_batch),
            ("Ctrl+H", self.show_runs),
            ("Ctrl+T", self.show_texts),
            ("F3", self.toggle_preview),
            ("PgUp", lambda: self.preview.turn(-1)),
            ("PgDown", lambda: self.preview.turn(1)),
            ("Ctrl+=", lambda: self.preview.set_zoomed(True)),
            ("Ctrl++", lambda: self.preview.set_zoomed(True)),
            ("Ctrl+-", lambda: self.preview.set_zoomed(False)),
        )
        for keys, act in acts:
            QShortcut(QKeySequence(keys), self).activated.connect(act)
