"""Somebody who can sign agrees that another may, or may no longer: his name and his PIN."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from feedesk.models.office import Signature, Staff
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot
from feedesk.ui.pin_field import PinField
from feedesk.ui.widgets import label


class SignDialog(MoneyDialog):
    """`what` is what he agrees to, in one sentence; `write` does it and says whether it was done."""

    def __init__(
        self,
        person: str,
        what: str,
        signers: Sequence[Staff],
        write: Callable[[Signature], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Head("签字", "", person), "同意", parent, width=440)
        self._do = write
        self.middle.addWidget(label(what, "muted", wrap=True))
        self.middle.addSpacing(4)
        self.signer = PinField(signers)
        self._spot = self.add_field("由谁同意", self.signer)
        self.signer.changed.connect(self.refresh)
        self.note.setText("忘了密码，请另一位能签字的人同意。")
        self.start_at(self.signer)
        self.refresh()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        return [(self._spot, self.signer.problem())]

    def _write(self) -> bool:
        who = self.signer.approver()
        return who is not None and self._do(Signature(who, self.signer.pin()))

    def _not_written(self) -> None:
        self.signer.clear()
        self.refresh()
