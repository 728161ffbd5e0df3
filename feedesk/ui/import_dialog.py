"""导入欠费清单: read, compare, confirm. Nothing is written before 确认导入.

The dialog holds one `Understood` and asks the worker for another whenever the clerk decides something; the steps
only show it. Reading, comparing and applying run in the background, with progress and cancel.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from feedesk.errors import Cancelled, FeeDeskError
from feedesk.models.arrears_list import Question
from feedesk.reports.rejected_rows import write_rejected
from feedesk.tasks.import_draft import Answer, ImportDraft, Imported, Understood, confirm, understand
from feedesk.ui.desk import Desk
from feedesk.ui.import_changes_step import ChangesStep
from feedesk.ui.import_done_step import DoneStep
from feedesk.ui.import_mapping_step import MappingStep
from feedesk.ui.import_questions import READING_CODES, SHORT_NAMES, GiveUp
from feedesk.ui.import_trail import DialogHead
from feedesk.ui.widgets import ElidedLabel, IconMark, KeyButton, hairline

LIST_KINDS = "欠费清单 (*.xlsx *.xls *.csv *.xlsm *.xlsb *.ods *.txt);;所有文件 (*)"
LIST_SUFFIXES = frozenset({".xlsx", ".xls", ".csv", ".xlsm", ".xlsb", ".ods", ".txt"})
_WIDEST, _HIGHEST = 1180, 688
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def accepts(mime: QMimeData) -> Path | None:
    """The list that is being dragged onto the window; None when it is no single file of a kind we read."""
    files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if len(files) == 1 and files[0].suffix.lower() in LIST_SUFFIXES and files[0].is_file():
        return files[0]
    return None


def choose_list(desk: Desk, parent: QWidget | None = None) -> Path | None:
    """Let the clerk choose a list; the folder is remembered."""
    path = desk.messages.open_file("选择欠费清单", desk.settings.folder("import"), LIST_KINDS, parent)
    if path is not None:
        desk.settings.remember_folder("import", path.parent)
    return path


class ImportDialog(QDialog):
    """Three steps from finance's file to the office file. Make it, connect, then `begin()`: it opens once read.

    Signals:
        opened: the list has been read and the dialog shows.
        refused: the list could not be read; the reason has been told and the dialog never shows.
        understood: another state of the import is shown (the tests wait for it).
        imported: the list has been applied.
        today_wanted: 去今日 was pressed.
    """

    opened = Signal()
    refused = Signal()
    understood = Signal()
    imported = Signal()
    today_wanted = Signal()

    def __init__(self, desk: Desk, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._first = ImportDraft.begin(path, desk.today(), desk.office.settings.profile().due_day)
        self._wanted = self._first
        self._now: Understood | None = None
        self._done: Imported | None = None
        self._busy = False
        self.setWindowTitle("导入欠费清单 — FeeDesk")
        self.setModal(True)
        # Qt must take it down here, at once: left to Python it could be collected on the worker's thread.
        self.finished.connect(self.deleteLater)
        self.head = DialogHead("导入欠费清单", path.name)
        self.mapping = MappingStep(desk.today())
        self.changes = ChangesStep(desk.today())
        self.done_step = DoneStep()
        self.steps = QStackedWidget()
        for step in (self.mapping, self.changes, self.done_step):
            self.steps.addWidget(step)
        self.mapping.draft_wanted.connect(self._want)
        self.mapping.typed.connect(self._show_footer)
        for asking in (self.mapping, self.changes):
            asking.answered.connect(self._on_answer)
        for saving in (self.mapping, self.changes, self.done_step):
            saving.save_wanted.connect(self.save_refused)
        self._make_footer()
        self._lay_out()
        self._add_keys()
        self.setMinimumSize(760, 400)
        wide, high = self._fitting_size()
        self.resize(wide, high)
        self.head.setFixedHeight(46 if high < 500 else 56)

    # --- life ---

    def begin(self) -> None:
        """Read the list in the background; open when it has been read."""
        self._recalculate()

    def now(self) -> Understood:
        """What the list comes to at present; only once it has been opened."""
        if self._now is None:
            raise RuntimeError("the list has not been read yet")
        return self._now

    @property
    def busy(self) -> bool:
        """Whether the worker is reading, comparing or writing for us."""
        return self._busy

    def next_step(self) -> None:
        """Enter: on to 核对变化; in the last step to 今日."""
        if self.steps.currentWidget() is self.done_step:
            self.today_wanted.emit()
            self.accept()
        elif self.steps.currentWidget() is self.mapping and self.primary.isEnabled():
            self._go(1)

    def back(self) -> None:
        """Alt+←: back to 读懂清单."""
        if self.steps.currentWidget() is self.changes and not self._busy:
            self._go(0)

    def confirm(self) -> None:
        """Ctrl+Enter: copy the office file, then write everything in one transaction."""
        if self.steps.currentWidget() is not self.changes or not self.primary.isEnabled() or self._now is None:
            return
        now = self._now
        self._set_busy(True)
        self._desk.in_background(
            lambda office, tick: confirm(office, now, tick), self._on_imported, "正在导入清单…", self._on_not_imported
        )

    def save_refused(self) -> None:
        """Save the refused rows as a workbook with the reasons in a last column."""
        if self._now is None:
            return
        reading = self._now.reading
        proposed = self._desk.settings.folder("import") / f"{Path(reading.file).stem}-未读入.xlsx"
        target = self._desk.messages.save_file("存未读入的行", proposed, "Excel 工作簿 (*.xlsx)", self)
        if target is None:
            return
        try:
            write_rejected(reading, target)
        except FeeDeskError as error:
            self._desk.messages.tell(error, self)
            return
        self._say(f"未读入的 {len(reading.rejected)} 行已存到“{target.name}”，改好可以再导一次。")

    def reject(self) -> None:
        """Esc and the cross; asks only when something was changed and nothing written yet."""
        if self._busy:
            return
        if self._done is not None:
            self.accept()
            return
        if self._wanted != self._first and not self._desk.messages.confirm(
            "这份清单还没有导入，放弃刚才的改动吗？", "放弃改动", "办公室文件没有动过。", self
        ):
            return
        super().reject()

    # --- keys ---

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes on, in the first and the last step; Esc gives up."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _ENTER and plain:
            self.next_step()
            return
        super().keyPressEvent(event)

    def _add_keys(self) -> None:
        for keys, act in (
            ("Ctrl+Return", self.confirm),
            ("Ctrl+Enter", self.confirm),
            ("Alt+Left", self.back),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # --- building ---

    def _make_footer(self) -> None:
        self.icon = IconMark("info", size=16)
        self.note = ElidedLabel("", "caption")
        self.back_button = KeyButton("上一步", key="Alt+←")
        self.back_button.clicked.connect(self.back)
        self.cancel_button = KeyButton("取消", key="Esc", kind="quiet")
        self.cancel_button.clicked.connect(self.reject)
        self.primary = KeyButton("下一步：核对变化", key="Enter", kind="primary")
        self.primary.clicked.connect(self._on_primary)

    def _lay_out(self) -> None:
        footer = QHBoxLayout()
        footer.setContentsMargins(24, 10, 24, 12)
        footer.setSpacing(8)
        footer.addWidget(self.icon)
        footer.addWidget(self.note, 1)
        for button in (self.back_button, self.cancel_button, self.primary):
            footer.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(hairline())
        column.addWidget(self.steps, 1)
        column.addWidget(hairline())
        column.addLayout(footer)

    def _fitting_size(self) -> tuple[int, int]:
        over = self.parentWidget()
        room = over.window().size() if over is not None else QGuiApplication.primaryScreen().availableSize()
        return min(_WIDEST, max(760, room.width() - 24)), min(_HIGHEST, max(400, room.height() - 8))

    # --- reading and comparing ---

    def _want(self, draft: ImportDraft) -> None:
        """The clerk has decided something: work it out, or as soon as the worker is free."""
        self._wanted = draft
        if not self._busy:
            self._recalculate()

    def _on_answer(self, question: Question, answer: object) -> None:
        if answer is GiveUp:
            self.reject()
        elif isinstance(answer, Answer) and self._now is not None:
            self._want(self._wanted.answered(question, answer, self._now.held_rooms))
        elif question.code in READING_CODES:
            # Column and month are answered in the first step, where the table shows them.
            self._go(0)
            self.mapping.questions.answered.emit(question, answer)

    def _recalculate(self, *, afresh: bool = False) -> None:
        draft, before = self._wanted, None if afresh else self._now
        self._set_busy(True)
        self._desk.in_background(
            lambda office, tick: understand(office, draft, tick, before),
            self._on_understood,
            "正在读清单…" if before is None else "正在重新核对…",
            self._on_not_understood,
        )

    def _on_understood(self, now: Understood) -> None:
        opening = self._now is None
        self._now = now
        self._set_busy(False)
        if now.draft != self._wanted:
            self._recalculate()
            return
        self.mapping.show_understood(now)
        self.changes.show_understood(now)
        self._show_footer()
        if opening:
            self.open()
            self.mapping.table.setFocus(Qt.FocusReason.OtherFocusReason)
            self.opened.emit()
        self.understood.emit()

    def _on_not_understood(self, error: FeeDeskError) -> None:
        """The list as last understood stays; a list that could never be read opens no dialog."""
        self._set_busy(False)
        if self._now is None:
            self._desk.messages.tell(error, self.parentWidget())
            self.refused.emit()
            self.deleteLater()
            return
        self._wanted = self._now.draft
        self.mapping.show_understood(self._now)
        self.changes.show_understood(self._now)
        self._show_footer()
        self._desk.messages.tell(error, self)
        self.understood.emit()

    # --- writing ---

    def _on_imported(self, done: Imported) -> None:
        self._set_busy(False)
        self._done = done
        scope = self._desk.office.assignments.scope(0)
        self.done_step.show_done(self.now().plan, done, scope.unassigned if scope.is_assigned else 0)
        self._go(2)
        self._desk.changed.emit(done.changes)
        self.imported.emit()

    def _on_not_imported(self, error: FeeDeskError) -> None:
        """Nothing was written. Unless the clerk stopped it, compare anew: the office may have changed meanwhile."""
        self._set_busy(False)
        self._desk.messages.tell(error, self)
        if isinstance(error, Cancelled):
            self._show_footer()
            self._say("已停下，什么也没有写入。")
            self.understood.emit()
        else:
            self._recalculate(afresh=True)

    # --- steps and footer ---

    def _go(self, at: int) -> None:
        self.steps.setCurrentIndex(at)
        self.head.trail.go(at)
        self._show_footer()
        first = (self.mapping.table, self.changes.classes, self.primary)[at]
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_primary(self) -> None:
        if self.steps.currentWidget() is self.changes:
            self.confirm()
        else:
            self.next_step()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._show_footer()

    def _say(self, text: str) -> None:
        self.note.setText(text)

    def _show_footer(self) -> None:
        at = self.steps.currentIndex()
        self.back_button.setVisible(at == 1)
        self.cancel_button.set_words("关闭" if at == 2 else "取消")
        words, key, icon = (
            ("下一步：核对变化", "Enter", "info"),
            ("确认导入", "Ctrl+Enter", "backup"),
            ("去今日", "Enter", "check"),
        )[at]
        self.primary.set_words(words, key=key)
        self.icon.show_icon(icon)
        stop = "正在处理，请稍候。" if self._busy else self._why_not(at)
        self.primary.setEnabled(not stop)
        self.primary.setToolTip(stop)
        resting = (
            "还没有写入任何数据",
            "确认后先存一份“导入前”备份，再一次写入；可从备份退回",
            "已写入办公室文件",
        )[at]
        self.note.setText(stop or resting)

    def _why_not(self, at: int) -> str:
        """Why the primary button cannot be pressed now; empty when it can."""
        if self._now is None:
            return "还没有读完。"
        plan = self._now.plan
        if at == 0:
            if not plan.reading.accounts:
                return "还没有读到一户，请先指明各列的意思。"
            return self.mapping.problem()
        if at == 1:
            if plan.questions:
                names = list(dict.fromkeys(SHORT_NAMES[question.code] for question in plan.questions))
                return f"还有 {len(plan.questions)} 个疑问没有回答：{'、'.join(names)}。"
            if plan.repeats == plan.options.as_of and not any(change.writes for change in plan.changes):
                return "这份清单已导入过，没有要写入的变化。"
        return ""
