"""The small dialogs of a running objection: 改期·转部门, 结案, 已回复业主."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QButtonGroup, QCheckBox, QGridLayout, QWidget

from feedesk.models.disputes import (
    DEPARTMENTS,
    OUTCOMES,
    REPORT_WAYS,
    Dispute,
    DisputeChange,
    DisputeOutcome,
    DisputeState,
    first_review,
    must_mend,
    review_problem,
)
from feedesk.ui.contact_parts import PlainCombo, SaidEdit, takes_text
from feedesk.ui.dispute_open_dialog import fault_choice, fault_of
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot
from feedesk.ui.widgets import DayEdit, KeyButton, label

SaveChange = Callable[[DisputeChange], bool]
SaveOutcome = Callable[[DisputeOutcome, str], bool]
SaveReport = Callable[[str, str], bool]


class _DigitDialog(MoneyDialog):
    """Some answers by digit, and words."""

    def __init__(
        self, head: Head, verb: str, answers: Sequence[str], what: str, parent: QWidget | None, *, columns: int
    ) -> None:
        super().__init__(head, verb, parent, width=520)
        self.pads: list[KeyButton] = []
        grid = QGridLayout()
        grid.setSpacing(6)
        group = QButtonGroup(self)
        for place, words in enumerate(answers):
            pad = KeyButton(words, key=str(place + 1), key_first=True, kind="said", checkable=True)
            pad.setFixedHeight(32)
            pad.clicked.connect(lambda _on=False, at=place: self.choose(at))
            group.addButton(pad)
            grid.addWidget(pad, place // columns, place % columns)
            self.pads.append(pad)
        self.middle.addLayout(grid)
        self._pad_spot = self.spot(self.pads[0])
        self.middle.addWidget(self._pad_spot.words)
        self.follows = label("", "caption", wrap=True)
        self.middle.addWidget(self.follows)
        self.said = SaidEdit()
        self.said.setAccessibleName(what)
        self.said.setPlaceholderText("")
        self.said.setFixedHeight(64)
        self.said.textChanged.connect(self._on_said)
        self._said_spot = self.add_field(what, self.said)
        self.start_at(self.pads[0])

    def choose(self, place: int) -> None:
        """Take an answer; the typing goes on at the words."""
        self.pads[place].setChecked(True)
        self.said.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh()

    def chosen(self) -> int | None:
        """The place of the answer taken."""
        return next((place for place, pad in enumerate(self.pads) if pad.isChecked()), None)

    def words(self) -> str:
        """What was typed."""
        return self.said.toPlainText().strip()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit takes an answer, except where text is typed."""
        digit = event.text()
        if digit.isdigit() and 1 <= int(digit) <= len(self.pads) and not takes_text(QApplication.focusWidget()):
            self.choose(int(digit) - 1)
            return
        super().keyPressEvent(event)

    def _on_said(self) -> None:
        self._said_spot.touched = bool(self.words())
        self.refresh()

    def _is_touched(self) -> bool:
        return bool(self.words())


class DisputeEndDialog(_DigitDialog):
    """结案: what came of it."""

    def __init__(self, head: Head, save: SaveOutcome, parent: QWidget | None = None) -> None:
        self._save = save
        super().__init__(head, "结案", [offer.label for offer in OUTCOMES], "怎么处理的", parent, columns=3)
        self.refresh()

    def refresh(self) -> None:
        """Tell what follows."""
        place = self.chosen()
        self.follows.setText("" if place is None else f"之后：{OUTCOMES[place].follows}。")
        super().refresh()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        return (
            (self._pad_spot, "请选处理结果。" if self.chosen() is None else ""),
            (self._said_spot, "" if self.words() else "请写怎么处理的，回复业主时照着说。"),
        )

    def _write(self) -> bool:
        place = self.chosen()
        return place is not None and self._save(OUTCOMES[place].outcome, self.words())


class DisputeReportDialog(_DigitDialog):
    """已回复业主: how he was told, what he said."""

    def __init__(self, head: Head, result: str, save: SaveReport, parent: QWidget | None = None) -> None:
        self._save = save
        super().__init__(head, "已回复业主", REPORT_WAYS, "业主怎么说（可不填）", parent, columns=4)
        self.follows.setText(f"要告诉业主的结果：{result}")
        self.refresh()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        return ((self._pad_spot, "请选怎么回复的。" if self.chosen() is None else ""),)

    def _write(self) -> bool:
        place = self.chosen()
        return place is not None and self._save(REPORT_WAYS[place], self.words())


class DisputeChangeDialog(MoneyDialog):
    """改期·转部门: who answers for it, when it is looked at again, whose fault, whether it holds."""

    def __init__(
        self, head: Head, dispute: Dispute, today: date, save: SaveChange, parent: QWidget | None = None
    ) -> None:
        super().__init__(head, "保存", parent, width=520)
        self._dispute, self._today, self._save = dispute, today, save
        self._is_open = dispute.state is DisputeState.OPEN
        # A day that is past would be read as next year's: the next review is proposed instead.
        planned = dispute.review_on if dispute.review_on and dispute.review_on >= today else first_review(today)
        self.review = DayEdit(today, planned)
        self.review.setEnabled(self._is_open)
        self.department = PlainCombo()
        self.department.setAccessibleName("责任部门")
        names = ["", *DEPARTMENTS]
        self.department.addItems(names if dispute.department in names else [*names, dispute.department])
        self.department.setCurrentText(dispute.department)
        self.fault = fault_choice(dispute.is_ours)
        self.hold = QCheckBox("暂缓，查清前不催（Alt+Z）")
        QShortcut(QKeySequence("Alt+Z"), self).activated.connect(self.hold.click)
        self.hold.setChecked(dispute.hold or dispute.must_mend)
        self._review_spot, _ = self.add_pair(("复查日", self.review), ("交给", self.department))
        self._fault_spot = self.add_field("谁的责任", self.fault)
        self.middle.addWidget(self.hold)
        self.review.day_changed.connect(lambda _day: self.refresh())
        self.department.activated.connect(lambda _at: self.refresh())
        self.fault.chosen.connect(lambda _key: self.refresh())
        self.hold.toggled.connect(lambda _on: self.refresh())
        self.start_at(self.review if self._is_open else self.department)
        self.refresh()

    def change(self) -> DisputeChange:
        """What is wanted."""
        return DisputeChange(
            department=self.department.currentText(),
            review_on=self.review.day() if self._is_open else None,
            hold=self.hold.isChecked(),
            is_ours=fault_of(self.fault),
        )

    def refresh(self) -> None:
        """What must be mended first holds."""
        must = must_mend(self._dispute.kind, fault_of(self.fault))
        if must:
            self.hold.setChecked(True)
        self.hold.setEnabled(not must)
        super().refresh()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        if not self._is_open:
            return ()
        day = self.review.day()
        unchanged = day == self._dispute.review_on
        text = self.review.problem() or ("" if day is None or unchanged else review_problem(day, self._today))
        back = self._dispute.is_ours is not None and fault_of(self.fault) is None
        return ((self._review_spot, text), (self._fault_spot, "责任已经查清过，请选是或不是。" if back else ""))

    def _write(self) -> bool:
        return self._save(self.change())
