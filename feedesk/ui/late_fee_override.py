"""A manager's word that a late fee above LPR × 1.3 may stand on paper: PIN and reason (law §13.6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from feedesk.models.money import show_yuan
from feedesk.models.notices import LateFeeOverride, LateFeeSums
from feedesk.models.office import Staff
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot, filled
from feedesk.ui.pin_field import PinField, approvers
from feedesk.ui.widgets import Field, label


class LateFeeOverrideDialog(MoneyDialog):
    """The three figures, the reason, and the manager's PIN.

    Signals:
        granted: a `LateFeeOverride` whose PIN was right; the dialog closes itself.
    """

    granted = Signal(object)

    def __init__(
        self,
        sums: LateFeeSums,
        staff: Sequence[Staff],
        is_right: Callable[[LateFeeOverride], bool],
        parent: QWidget | None = None,
    ) -> None:
        aside = f"违约金 {show_yuan(sums.amount)}"
        super().__init__(Head("违约金放行", f"{sums.to_override:,} 张", "高于 LPR×1.3", aside), "放行", parent)
        self._is_right = is_right
        self._granted: LateFeeOverride | None = None
        self.accepted.connect(self._on_accepted)
        figures = (
            f"按合同 {show_yuan(sums.contract)} · LPR×1.3 {show_yuan(sums.lpr)} · 对应本金 {show_yuan(sums.principal)}。"
            "法院通常只支持到 LPR 的 1.3 倍；业主提出过高时可以请求减少。"
        )
        self.middle.addWidget(label(figures, "muted", wrap=True))
        self.middle.addSpacing(6)
        self.reason = Field("", "例如：合同约定明确，业主已书面认可")
        self.reason.setMaxLength(200)
        self.pin = PinField(approvers(staff))
        self._reason_spot = self.add_field("放行的理由(&R)", self.reason)
        self._pin_spot = self.add_field("项目经理(&P)", self.pin)
        self.note.setText("姓名和理由记入这一批和操作日志。")
        self.reason.textChanged.connect(lambda _text: self.refresh())
        self.pin.changed.connect(self.refresh)
        self.reason.setFocus()
        self.refresh()

    def override(self) -> LateFeeOverride | None:
        """What has been entered; None while nobody can sign."""
        approver = self.pin.approver()
        return LateFeeOverride(approver, self.pin.pin(), self.reason.text().strip()) if approver else None

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        return (
            (self._reason_spot, filled(self.reason, "请写明为什么可以高于 LPR×1.3。")),
            (self._pin_spot, self.pin.problem()),
        )

    def _write(self) -> bool:
        override = self.override()
        if override is None or not self._is_right(override):
            return False
        self._granted = override
        return True

    def _on_accepted(self) -> None:
        """What follows may ask for a file or a printer: only once this dialog is out of the way."""
        self.granted.emit(self._granted)

    def _not_written(self) -> None:
        """The PIN is asked for again; the reason stays."""
        self.pin.clear()
        self.pin.secret.setFocus()
