"""另写一篇: for which type, step and channel; the words are written in the editor that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, STEP_LABELS, DebtorType, Step
from feedesk.models.contacts import Channel
from feedesk.models.scripts import REQUIREMENTS, Script
from feedesk.models.scripts.matrix import MATRIX_LABELS
from feedesk.ui.key_combo import KeyCombo
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot, filled
from feedesk.ui.scripts_draft import blank_script
from feedesk.ui.widgets import Field

_CHANNELS = (Channel.PHONE, Channel.VISIT, Channel.MESSAGE)
"""Words around a letter are bound to their moment and record: those are worded anew, never added."""
_DIGITS = "123456789"


class ScriptNewDialog(MoneyDialog):
    """Signals:
    begun: the `Script` to be written.
    """

    begun = Signal(object)

    def __init__(
        self,
        model: Script | None,
        debtor_type: DebtorType | None,
        step: Step | None,
        channel: Channel | None,
        parent: QWidget,
    ) -> None:
        super().__init__(Head("另写一篇", "", "只在本办公室用"), "下一步：写话术", parent, width=560)
        self._model = model
        self.title = Field("", "例如 装修押金抵一部分")
        self.title.textEdited.connect(lambda _text: self.refresh())
        self._title_spot = self.add_field("题目(&T)", self.title)
        self.type_combo = KeyCombo("欠费类型", "F6")
        self.type_combo.offer(
            [(_DIGITS[at : at + 1], DEBTOR_TYPE_LABELS[kind], kind) for at, kind in enumerate(DebtorType)]
        )
        self.step_combo = KeyCombo("阶段", "F7")
        self.step_combo.offer([(one.value, STEP_LABELS[one], one) for one in Step])
        self.channel_combo = KeyCombo("渠道", "F8")
        self.channel_combo.offer([(_DIGITS[at], MATRIX_LABELS[way], way) for at, way in enumerate(_CHANNELS)])
        self.type_combo.show_value(debtor_type or (model.types[0] if model else DebtorType.UNPAID))
        self.step_combo.show_value(step or (model.step if model else Step.FIRST_CALL))
        wanted = channel or (model.channel if model else Channel.PHONE)
        self.channel_combo.show_value(wanted if wanted in _CHANNELS else Channel.PHONE)
        self.add_pair(
            ("欠费类型（F6）", self.type_combo), ("阶段（F7）", self.step_combo), ("渠道（F8）", self.channel_combo)
        )
        self.needs_combo = KeyCombo("要有的记录", "F9")
        self.needs_combo.offer(
            [("0", "不提函件、律师和法院", "")] + [("", words, name) for name, words in REQUIREMENTS.items()]
        )
        self.needs_combo.show_value(model.requires[0] if model and model.requires else "")
        self.add_field("话里会提到、要有记录才能用（F9）", self.needs_combo)
        for key, combo in (
            ("F6", self.type_combo),
            ("F7", self.step_combo),
            ("F8", self.channel_combo),
            ("F9", self.needs_combo),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(combo.open_list)
        self.note.setText(f"照着“{model.title}”改写。" if model else "")
        self.start_at(self.title)
        self.refresh()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        return [(self._title_spot, filled(self.title, "写个题目，好在列表里认出它。"))]

    def _write(self) -> bool:
        made = blank_script(
            self.title.text(),
            self.type_combo.value(),
            self.step_combo.value(),
            self.channel_combo.value(),
            self._model,
        )
        needs = self.needs_combo.value()
        wanted = replace(made, requires=(needs,) if needs else ())
        # After this dialog has closed: the editor that follows stands on the page, not on it.
        self.accepted.connect(lambda: self.begun.emit(wanted))
        return True
