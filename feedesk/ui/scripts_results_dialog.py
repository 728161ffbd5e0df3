"""话术效果: what came of the scripts that were said, by script, technique, debtor type and clerk."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.scripts.results import DEFINITION, PAID_WITHIN
from feedesk.models.store import Office
from feedesk.models.store.script_results import ResultLine, ScriptReport
from feedesk.ui import figures_copy
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import Tick
from feedesk.ui.table import Align, Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, EmptyState, KeyButton, Segment, hairline, label

SCRIPTS, TECHNIQUES, TYPES, CLERKS = "scripts", "techniques", "types", "clerks"
_VIEWS = (SCRIPTS, TECHNIQUES, TYPES, CLERKS)
_WORDS = {SCRIPTS: "按话术", TECHNIQUES: "按招数", TYPES: "按类型", CLERKS: "按客服"}
_NOTES = {
    SCRIPTS: "每一稿各算各的：改过的和原稿可以对着看。",
    TECHNIQUES: "一篇用了两招的，两招都算一次。",
    TYPES: "按话术写给的类型算；多类共用的，按这户现在的类型算。",
    CLERKS: "各人手里的户不同，这张表不用来比高低。",
}


def open_script_results(desk: Desk, parent: QWidget) -> None:
    """Count in the background, then show."""

    def work(office: Office, _tick: Tick) -> ScriptReport:
        return office.script_results.report()

    def done(report: ScriptReport) -> None:
        dialog = ScriptResultsDialog(report, parent)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    desk.in_background(work, done, "正在数话术效果")


class ScriptResultsDialog(QDialog):
    """Four views of the same contacts; nothing is written."""

    def __init__(self, report: ScriptReport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = {
            SCRIPTS: report.by_script,
            TECHNIQUES: report.by_technique,
            TYPES: report.by_type,
            CLERKS: report.by_clerk,
        }
        self._total = report.total
        keys = dict.fromkeys(line.key for lines in self._lines.values() for line in lines)
        places = {key: place for place, key in enumerate(keys)}
        self.setWindowTitle("话术效果")
        self.setModal(True)
        self.views = Segment([(view, _WORDS[view]) for view in _VIEWS])
        self.views.chosen.connect(self.show_view)
        self.model = RecordTableModel[ResultLine](_columns(), lambda line: places[line.key])
        self.table = RecordTableView(self.model, row_height=30)
        self.note = label("", "muted", wrap=True)
        self.foot = ElidedLabel("", "muted")
        self.copy_button = KeyButton("复制这张表", key="Ctrl+C", icon="copy")
        self.copy_button.clicked.connect(self.copy)
        close = KeyButton("关闭", key="Esc", kind="quiet")
        close.clicked.connect(self.reject)
        days = f"{report.first.isoformat()} 至 {report.last.isoformat()}"
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(label("话术效果", "title"))
        head.addWidget(ElidedLabel(days, "muted"), 1)
        head.addWidget(self.views)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.foot, 1)
        for button in (close, self.copy_button):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 14)
        column.setSpacing(10)
        column.addLayout(head)
        self.nothing = EmptyState("还没有数到什么。", "通话时按 F2 记录联系，用了哪一篇自动记下；这里数一年里的。")
        column.addWidget(self.table, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.note)
        column.addWidget(hairline())
        column.addLayout(foot)
        for keys_held in ("Ctrl+C", "Ctrl+Shift+C"):  # a row alone says little: both copy the whole table
            QShortcut(QKeySequence(keys_held), self).activated.connect(self.copy)
        for step_keys, step in (("Alt+Right", 1), ("Alt+Left", -1)):
            QShortcut(QKeySequence(step_keys), self).activated.connect(lambda by=step: self._step(by))
        room = self.screen().availableGeometry()
        self.resize(min(960, room.width() - 40), min(600, room.height() - 60))
        self.views.choose(SCRIPTS)
        self.show_view(SCRIPTS)

    def show_view(self, view: str) -> None:
        """One of the four; the keys stand on the table."""
        lines = self._lines[view]
        self.table.show_rows(lines)
        self.table.setVisible(bool(lines))
        self.nothing.setVisible(not lines)
        if lines and self.table.current_id() is None:
            self.table.choose_row(0)
        self.note.setText(f"{_NOTES[view]}{DEFINITION}")
        waiting = f"，其中 {self._total.waiting:,} 次还没满 {PAID_WITHIN} 天" if self._total.waiting else ""
        self.foot.setText(f"共 {self._total.chain()}{waiting}" if lines else "这一年还没有记过用了哪篇话术的联系")
        self.copy_button.setEnabled(bool(lines))
        (self.table if lines else self.views).setFocus(Qt.FocusReason.OtherFocusReason)

    def copy(self) -> None:
        """Put the whole table shown on the clipboard."""
        lines = self._lines[self.views.value()]
        if lines:
            specs = self.model.columns
            rows = [[spec.cell(line).text for spec in specs] for line in lines]
            figures_copy.put([[spec.title for spec in specs], *rows], words=2)

    def _step(self, by: int) -> None:
        view = _VIEWS[(_VIEWS.index(self.views.value()) + by) % len(_VIEWS)]
        self.views.choose(view)
        self.show_view(view)


def _columns() -> tuple[Column[ResultLine], ...]:
    right = Align.RIGHT
    return (
        Column("名称", lambda line: Cell(line.name, bold=True, tooltip=line.name), 170),
        Column("用在", lambda line: Cell(line.what, tone=Tone.MUTED, tooltip=line.what)),
        Column("用过", lambda line: Cell(f"{line.tally.uses:,}"), 46, right),
        Column("承诺", lambda line: Cell(f"{line.tally.promised:,}"), 46, right),
        Column("兑现", lambda line: Cell(f"{line.tally.kept:,}"), 46, right),
        Column(f"{PAID_WITHIN} 天内到账", lambda line: Cell(f"{line.tally.paid:,}"), 94, right),
        Column("承诺占比", lambda line: _share(line.tally.promise_text(), line), 76, right),
        Column("到账占比", lambda line: _share(line.tally.share_text(), line), 76, right),
    )


def _share(text: str, line: ResultLine) -> Cell:
    return Cell(text, tone=Tone.INK if text.endswith("%") else Tone.MUTED, tooltip=line.tally.chain())
