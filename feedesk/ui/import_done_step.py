"""Last step of the import, 完成: what has been written, what was left out, where the copy lies."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from feedesk.models.import_plan import ChangeKind, ImportPlan
from feedesk.models.money import show, show_yuan
from feedesk.tasks.import_draft import Imported
from feedesk.tasks.import_effects import ChangeClass
from feedesk.ui.import_changes_step import CLASS_LOOKS, ClassLook, signed
from feedesk.ui.theme import COLOURS
from feedesk.ui.widgets import IconMark, KeyButton, hairline, label

_SAID = (
    (ChangeKind.NEW, ChangeClass.NEW, "列入待办"),
    (ChangeKind.INCREASED, ChangeClass.INCREASED, "多出的月份另记一笔"),
    (ChangeKind.PARTLY_PAID, ChangeClass.PARTLY_PAID, "余额照旧跟进"),
    (ChangeKind.PAID_OFF, ChangeClass.PAID_OFF, "移出今日待办，历史保留"),
)


_PREPAID = ClassLook("预缴自动抵扣", "mark-paid", "", "")
_UNASSIGNED = ClassLook("没有片管", "user", "", "")


class DoneStep(QWidget):
    """A short summary.

    Signals:
        save_wanted: the refused rows as a workbook.
    """

    save_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = label("", "title", wrap=True)
        self._mark = IconMark("mark-paid", size=26)
        self.under = label("", "muted", wrap=True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(4, 1)
        self._refused = label("", "strong")
        self.save = KeyButton("存为带原因的表", icon="export")
        self.save.clicked.connect(self.save_wanted)
        self._backup = label("", "caption", wrap=True)
        self._backup.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._lay_out()

    def show_done(self, plan: ImportPlan, done: Imported, unassigned: int = 0) -> None:
        """Show what has been written; `unassigned` accounts are nobody's while the others have their clerk."""
        reading = plan.reading
        self.headline.setText(f"已导入 {len(reading.accounts)} 户，合计 {show_yuan(reading.total)}")
        day, changes = plan.options.as_of.isoformat(), done.changes
        since = f"清单日之后已收、已减的 {show_yuan(plan.since)} 照算，" if plan.since else ""
        self.under.setText(f"数据截至 {day}；{since}办公室文件里现在共欠 {show_yuan(changes.owed)}。")
        at = 0
        for kind, of, then in _SAID:
            if plan.count(kind):
                self._add_line(at, of, f"{plan.count(kind)} 户", signed(plan.delta(kind)), then)
                at += 1
        changed = sum(change.owner_changed for change in plan.changes)
        if changed:
            self._add_line(at, ChangeClass.OWNER, f"{changed} 户", "", "旧账留在原业主名下，请向财务核对由谁承担")
            at += 1
        if changes.prepaid_accounts:
            used = signed(-changes.prepaid_used)
            self._add(at, _PREPAID, f"{changes.prepaid_accounts} 户", used, "预缴的钱已抵新账，不用再缴")
            at += 1
        doubted = sum(change.unsettled > 0 for change in plan.changes)
        if doubted:
            then = "清单仍列着已记收款的欠费：请财务核对，核对前不催"
            self._add_line(at, ChangeClass.DOUBT, f"{doubted} 户", show(plan.unsettled), then)
            at += 1
        if unassigned:
            self._add(at, _UNASSIGNED, f"{unassigned} 户", "", "新户先不分给谁；在业主页按 Ctrl+Shift+Y 分配片管")
            at += 1
        same = plan.count(ChangeKind.UNCHANGED)
        if same:
            self._add_line(at, ChangeClass.UNCHANGED, f"{same} 户", "", "")
        refused = len(reading.rejected)
        self._refused_box.setVisible(bool(refused))
        self._refused.setText(f"未读入 {refused} 行，这些行原来的账不动。")
        self._backup.setText(f"导入前的备份：{done.backup.path.name}，需要退回时在 设置 里恢复。")

    def lines(self) -> list[str]:
        """The lines as read, one a class."""
        found: dict[int, list[str]] = {}
        position = cast("Callable[[int], tuple[int, int, int, int]]", self._grid.getItemPosition)
        for place in range(self._grid.count()):
            item = self._grid.itemAt(place)
            shown = item.widget() if item is not None else None
            if isinstance(shown, QLabel) and shown.text():
                found.setdefault(position(place)[0], []).append(shown.text())
        return [" ".join(found[row]) for row in sorted(found)]

    def _add_line(self, row: int, of: ChangeClass, count: str, delta: str, then: str) -> None:
        self._add(row, CLASS_LOOKS[of], count, delta, then)

    def _add(self, row: int, look: ClassLook, count: str, delta: str, then: str) -> None:
        figure, people = label(delta), label(count, "strong")
        for number in (figure, people):
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        parts = (IconMark(look.icon, look.colour, 16), label(look.words), people, figure, label(then, "muted"))
        for column, part in enumerate(parts):
            self._grid.addWidget(part, row, column)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._mark)
        head.addWidget(self.headline, 1)
        refused = QHBoxLayout()
        refused.setContentsMargins(0, 0, 0, 0)
        refused.setSpacing(12)
        refused.addWidget(IconMark("alert", COLOURS.cinnabar, 16))
        refused.addWidget(self._refused)
        refused.addWidget(self.save)
        refused.addStretch(1)
        self._refused_box = QWidget()
        self._refused_box.setLayout(refused)
        column = QVBoxLayout(self)
        column.setContentsMargins(48, 40, 48, 24)
        column.setSpacing(14)
        column.addLayout(head)
        column.addWidget(self.under)
        column.addLayout(self._grid)
        column.addWidget(self._refused_box)
        column.addWidget(hairline())
        column.addWidget(self._backup)
        column.addStretch(1)
