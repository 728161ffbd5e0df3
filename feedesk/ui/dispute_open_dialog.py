"""登记异议: what an owner objects to, about which lines, who answers for it, when it is looked at again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QButtonGroup, QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.charges import Charge
from feedesk.models.disputes import (
    DEPARTMENTS,
    DISPUTE_KINDS,
    Dispute,
    DisputeDraft,
    DisputeField,
    department_for,
    first_review,
    must_mend,
    problems,
    proposed_lines,
)
from feedesk.ui.contact_parts import PlainCombo, SaidEdit, takes_text
from feedesk.ui.dispute_lines import DisputeLines
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot
from feedesk.ui.proof_files import ChooseFile, Handed
from feedesk.ui.widgets import DayEdit, ElidedLabel, KeyButton, Segment, field_label, label

SaveDispute = Callable[[DisputeDraft, Sequence[Path]], bool]
UNKNOWN, OURS, THEIRS = "unknown", "ours", "theirs"
_FAULT = {UNKNOWN: None, OURS: True, THEIRS: False}
_FAULTS = ((UNKNOWN, "未查清"), (OURS, "我方责任"), (THEIRS, "不是我方"))
_LOW_SCREEN = 640
_COLUMNS = 3


def fault_choice(value: bool | None = None) -> Segment:
    """The three answers to whose fault it is."""
    made = Segment(_FAULTS)
    made.choose(next(key for key, meant in _FAULT.items() if meant is value))
    made.setAccessibleName("谁的责任")
    return made


def fault_of(choice: Segment) -> bool | None:
    """What is chosen."""
    return _FAULT[choice.value() or UNKNOWN]


class DisputeOpenDialog(MoneyDialog):
    """Takes one objection; a digit chooses the kind, `save` writes it and says whether it is written."""

    def __init__(
        self,
        head: Head,
        account_id: int,
        charges: Sequence[Charge],
        running: Sequence[Dispute],
        today: date,
        choose: ChooseFile,
        save: SaveDispute,
        parent: QWidget | None = None,
        *,
        current: int | None = None,
    ) -> None:
        """`current`: the line in hand, proposed for kinds that are about lines."""
        super().__init__(head, "登记异议", parent, width=860)
        self._account_id, self._charges, self._running = account_id, tuple(charges), tuple(running)
        self._today, self._choose, self._save, self._current = today, choose, save, current
        self._files: list[Handed] = []
        self._kind = ""
        low = self.screen().availableGeometry().height() < _LOW_SCREEN
        self.kinds: dict[str, KeyButton] = {}
        self.said = SaidEdit()
        self.said.setAccessibleName("对什么有异议")
        self.said.setPlaceholderText("业主的话，责任部门照着去查")
        self.department = PlainCombo()
        self.department.setAccessibleName("责任部门")
        self.department.addItems(["", *DEPARTMENTS])
        self.lines = DisputeLines(low=low)
        self.lines.show_charges(self._charges)
        if current is not None:
            self.lines.propose((current,))
        self.fault = fault_choice()
        self.written = QCheckBox("业主书面提出（Alt+S）")
        self.hold = QCheckBox("先暂缓，查清前不催（Alt+Z）")
        self.hold.setChecked(True)
        self.review = DayEdit(today, first_review(today))
        self.review.setAccessibleName("复查日")
        self.file_button = KeyButton("加照片", key="Ctrl+O", icon="camera")
        self.drop_button = KeyButton("去掉最后一个", kind="quiet")
        self.files_label = ElidedLabel("", "muted")
        self._places: dict[DisputeField, Spot] = {}
        self._build(low)
        self._connect()
        self.start_at(next(iter(self.kinds.values())))
        self.refresh()

    # --- values ---

    def draft(self) -> DisputeDraft:
        """What was entered so far."""
        return DisputeDraft(
            account_id=self._account_id,
            kind=self._kind,
            department=self.department.currentText(),
            note=self.said.toPlainText().strip(),
            charge_ids=self.lines.chosen(),
            is_written=self.written.isChecked(),
            is_ours=fault_of(self.fault),
            hold=self.hold.isChecked(),
            review_on=self.review.day(),
        )

    def choose_kind(self, kind: str) -> None:
        """Choose a kind: its department and its lines are proposed, the typing goes on at the words."""
        self._kind = kind
        self.kinds[kind].setChecked(True)
        self.department.setCurrentText(department_for(kind))
        self.lines.propose(proposed_lines(kind, self._charges, self._today, self._current))
        self.said.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def add_file(self) -> None:
        """Ask for one more photo."""
        handed = self._choose(self)
        if handed is not None and all(handed[1].sha256 != known.sha256 for _, known in self._files):
            self._files.append(handed)
        self.refresh()

    def drop_file(self) -> None:
        """Take the last one out again."""
        del self._files[-1:]
        self.refresh()

    def refresh(self) -> None:
        """Tell what holds and the first thing missing."""
        must = must_mend(self._kind, fault_of(self.fault))
        if must and not self.hold.isChecked():
            self.hold.setChecked(True)
        self.hold.setEnabled(not must)
        self.hold.setToolTip("我方责任和房屋设施的问题：先解决、回复业主，再谈缴费" if must else "")
        names = "、".join(path.name for path, _ in self._files)
        self.files_label.setText(f"{len(self._files)} 个：{names}" if self._files else "还没有照片")
        self.drop_button.setVisible(bool(self._files))
        super().refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit chooses the kind, except where text is typed."""
        digit = event.text()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and digit.isdigit() and digit != "0" and not takes_text(QApplication.focusWidget()):
            self.choose_kind(DISPUTE_KINDS[int(digit) - 1].label)
            return
        super().keyPressEvent(event)

    # --- inside ---

    def _build(self, low: bool) -> None:
        grid = QGridLayout()
        grid.setSpacing(6)
        group = QButtonGroup(self)
        for place, kind in enumerate(DISPUTE_KINDS):
            pad = KeyButton(kind.label, key=str(place + 1), key_first=True, kind="said", checkable=True)
            pad.setFixedHeight(30)
            pad.clicked.connect(lambda _on=False, chosen=kind.label: self.choose_kind(chosen))
            group.addButton(pad)
            grid.addWidget(pad, place // _COLUMNS, place % _COLUMNS)
            self.kinds[kind.label] = pad
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(4)
        left.addWidget(label("哪一类", "label"))
        left.addLayout(grid)
        self._place(left, DisputeField.KIND, next(iter(self.kinds.values())))
        left.addSpacing(4)
        left.addWidget(field_label("对什么有异议", self.said))
        self.said.setFixedHeight(56 if low else 84)
        left.addWidget(self.said)
        self._place(left, DisputeField.NOTE, self.said)
        left.addWidget(self.written)
        left.addSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.file_button)
        row.addWidget(self.files_label, 1)
        row.addWidget(self.drop_button)
        left.addLayout(row)
        left.addStretch(1)
        right.addWidget(field_label("关于哪几笔", self.lines.list))
        right.addWidget(self.lines)
        self._place(right, DisputeField.LINES, self.lines.list)
        right.addSpacing(4)
        pair = QHBoxLayout()
        pair.setSpacing(16)
        for words, field in (("交给", self.department), ("复查日", self.review)):
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(field_label(words, field))
            part.addWidget(field)
            pair.addLayout(part, 1)
        right.addLayout(pair)
        self._place(right, DisputeField.REVIEW, self.review)
        right.addSpacing(4)
        right.addWidget(field_label("谁的责任", self.fault))
        right.addWidget(self.fault)
        right.addWidget(self.hold)
        self._place(right, DisputeField.HOLD, self.hold)
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(24)
        both.addLayout(left, 1)
        both.addLayout(right, 1)
        self.middle.addLayout(both)

    def _place(self, column: QVBoxLayout, field: DisputeField, widget: QWidget) -> None:
        spot = self._places[field] = self.spot(widget)
        column.addWidget(spot.words)

    def _connect(self) -> None:
        self.said.textChanged.connect(self._on_said)
        self.lines.changed.connect(self.refresh)
        self.fault.chosen.connect(lambda _key: self.refresh())
        self.hold.toggled.connect(lambda _on: self.refresh())
        self.review.day_changed.connect(lambda _day: self.refresh())
        self.file_button.clicked.connect(self.add_file)
        self.drop_button.clicked.connect(self.drop_file)
        for keys, act in (
            ("Ctrl+O", self.add_file),
            ("Alt+S", self.written.toggle),
            ("Alt+Z", self.hold.click),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _on_said(self) -> None:
        self._places[DisputeField.NOTE].touched = bool(self.said.toPlainText().strip())
        self.refresh()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        found = [
            (self._places[one.field], one.text)
            for one in problems(self.draft(), self._charges, self._running, self._today)
        ]
        typed = self.review.problem()
        return [*found, (self._places[DisputeField.REVIEW], typed)] if typed else found

    def _is_touched(self) -> bool:
        return bool(self._files) or bool(self.said.toPlainText().strip())

    def _write(self) -> bool:
        return self._save(self.draft(), [path for path, _ in self._files])
