"""减免: of what, how much, why, who asked, up to when, and who approves. No store is seen here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.charges import Charge, FeeKind
from feedesk.models.ledger.late_fee import AccountLateFee
from feedesk.models.ledger.waivers import (
    APPROVERS,
    WAIVER_KIND_LABELS,
    WaiverDraft,
    WaiverKind,
    WaiverTarget,
    hardship_discount,
    vacancy_discount,
)
from feedesk.models.money import show, show_yuan
from feedesk.models.office import Staff
from feedesk.ui.contact_parts import PlainCombo
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot, filled
from feedesk.ui.pin_field import PinField, approvers
from feedesk.ui.widgets import DayEdit, Field, KeyButton, MoneyEdit, NumberBox, Segment, field_label, label

SaveWaiver = Callable[[WaiverDraft, Staff, str], bool]
_LONGEST = 80


class WaiverDialog(MoneyDialog):
    """Takes one waiver; `save` writes it and says whether it is written."""

    def __init__(
        self,
        head: Head,
        charges: Sequence[Charge],
        late_fee: AccountLateFee | None,
        people: Sequence[Staff],
        today: date,
        save: SaveWaiver,
        parent: QWidget | None = None,
        *,
        account_id: int,
        chosen: int | None = None,
        asked_by: str = "",
    ) -> None:
        """`late_fee` is None while the office reckons none; `chosen` is the charge in hand."""
        super().__init__(head, "减免", parent, width=680)
        self._people = tuple(people)
        self._account_id, self._today, self._save = account_id, today, save
        self._charges = tuple(charge for charge in charges if charge.owed > 0)
        self._late_fee = late_fee
        self._fees = {line.charge_id: line for line in late_fee.lines if line.claimed > 0} if late_fee else {}
        self._whole = late_fee.owed if late_fee else 0
        self.target = Segment(((WaiverTarget.PRINCIPAL.value, "本金"), (WaiverTarget.LATE_FEE.value, "违约金")))
        self.kind = Segment([(kind.value, words) for kind, words in WAIVER_KIND_LABELS.items()])
        self.what = PlainCombo()
        self.amount = MoneyEdit()
        self.all_button = KeyButton("全部", kind="chip")
        self.half_button = KeyButton("一半", kind="chip")
        self.percent = NumberBox()
        self.percent.setRange(1, 100)
        self.percent.setValue(30)
        self.percent.setSuffix(" %")
        self.percent.setAccessibleName("减免的百分比")
        self.reason = Field("", "例如：7–9 月空置，已核实水电无用量")
        self.reason.setMaxLength(_LONGEST)
        self.asked_by = Field(asked_by, "业主本人，或哪位同事")
        self.asked_by.setMaxLength(30)
        self.expires = DayEdit(today)
        self.expires.setPlaceholderText("不限，或 1231")
        self.pin = PinField(())
        self._sum = label("", "strong")
        self._reckoned = label("", "caption")
        self._build()
        self._fill_target(bool(self._charges), chosen)
        self.start_at(self.amount)

    # --- values ---

    def draft(self) -> WaiverDraft | None:
        """What was entered; None while something is missing or wrong."""
        fen = self.amount.amount()
        if self.problem() or fen is None:
            return None
        return WaiverDraft(
            account_id=self._account_id,
            target=self._target(),
            kind=WaiverKind(self.kind.value()),
            amount=fen,
            charge_id=self._charge_id(),
            on=self._today,
            reason=self.reason.text().strip(),
            asked_by=self.asked_by.text().strip(),
            expires_on=self.expires.day() if self.expires.text().strip() else None,
        )

    def sum_text(self) -> str:
        """What is left of it, as shown."""
        return self._sum.text()

    def _target(self) -> WaiverTarget:
        return WaiverTarget(self.target.value() or WaiverTarget.PRINCIPAL)

    def _charge_id(self) -> int | None:
        found = self.what.currentData()
        return int(found) if found else None

    def _charge(self) -> Charge | None:
        wanted = self._charge_id()
        return next((charge for charge in self._charges if charge.id == wanted), None)

    def _open(self) -> int:
        """What can be let off at most, in 分."""
        if self._target() is WaiverTarget.PRINCIPAL:
            charge = self._charge()
            return charge.owed if charge is not None else 0
        line = self._fees.get(self._charge_id() or 0)
        return min(line.claimed, self._whole) if line is not None else self._whole

    # --- what happens ---

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(24)
        for words, segment in (("减免什么", self.target), ("性质", self.kind)):
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(field_label(words, segment))
            part.addWidget(segment)
            top.addLayout(part)
        top.addStretch(1)
        self.middle.addLayout(top)
        self.middle.addSpacing(4)
        self._what_spot = self.add_field("哪一笔", self.what)
        above = QHBoxLayout()
        above.setSpacing(16)
        above.addWidget(field_label("减免金额（元）", self.amount))
        above.addWidget(self._reckoned, 1)
        self.middle.addLayout(above)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.amount.setFixedWidth(150)
        self._percent_words = label("", "muted")
        for widget in (self.amount, self.all_button, self.half_button, self._percent_words, self.percent):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._sum)
        self.middle.addLayout(row)
        self._amount_spot = self.spot(self.amount)
        self.middle.addWidget(self._amount_spot.words)
        self.middle.addSpacing(4)
        # Two by two, so that it fits a laptop magnified to 512 lines.
        self._reason_spot, self._asked_spot = self.add_pair(
            ("原因（记在账上）", self.reason), ("谁提出的", self.asked_by), shares=(2, 1)
        )
        self._expires_spot, self._pin_spot = self.add_pair(
            ("到哪天付清才算数（可不填）", self.expires), ("批准人和签字密码", self.pin), shares=(1, 2)
        )
        self.target.chosen.connect(lambda _key: self._fill_target(self._target() is WaiverTarget.PRINCIPAL, None))
        self.kind.chosen.connect(lambda _key: self._on_kind())
        self.what.currentIndexChanged.connect(lambda _at: self._on_what())
        self.amount.amount_changed.connect(lambda _fen: self._on_amount())
        self.all_button.clicked.connect(lambda: self._take(self._open()))
        self.half_button.clicked.connect(lambda: self._take((self._open() + 1) // 2))
        self.percent.valueChanged.connect(lambda _value: self._take_percent())
        for edit in (self.reason, self.asked_by, self.expires):
            edit.textChanged.connect(lambda _text: self.refresh())
        self.pin.changed.connect(self.refresh)
        fee = self.target.button(WaiverTarget.LATE_FEE.value)
        fee.setEnabled(self._whole > 0)
        if self._late_fee is None:
            fee.setToolTip("违约金没有启用：设置 › 违约金与冲抵")
        elif not self._whole:
            fee.setToolTip("这一户没有未付的违约金")
        self.target.button(WaiverTarget.PRINCIPAL.value).setEnabled(bool(self._charges))
        self.kind.choose(WaiverKind.WAIVER.value)

    def _fill_target(self, is_principal: bool, chosen: int | None) -> None:
        """Offer what can be lowered; the charge in hand is chosen, else the first."""
        with QSignalBlocker(self.what):
            self.target.choose((WaiverTarget.PRINCIPAL if is_principal else WaiverTarget.LATE_FEE).value)
            self.what.clear()
            if is_principal:
                for charge in self._charges:
                    self.what.addItem(f"{charge.period_text()}　{charge.item}　欠 {show(charge.owed)}", charge.id)
            else:
                self.what.addItem(f"整户的违约金　{show(self._whole)}", 0)
                for line in self._fees.values():
                    self.what.addItem(f"{line.label}　违约金 {show(line.claimed)}", line.charge_id)
            at = self.what.findData(chosen) if chosen is not None else 0
            self.what.setCurrentIndex(max(0, at))
        self.pin.set_people(approvers(self._people, APPROVERS[self._target()]))
        self._on_what()

    def _on_what(self) -> None:
        charge = self._charge()
        no_vacancy = "" if charge is not None and charge.kind is FeeKind.PROPERTY else "空置折扣只减物业费本金"
        vacancy = self.kind.button(WaiverKind.VACANCY.value)
        vacancy.setEnabled(not no_vacancy)
        vacancy.setToolTip(no_vacancy)
        if no_vacancy and self.kind.value() == WaiverKind.VACANCY:
            self.kind.choose(WaiverKind.WAIVER.value)
        # How much of a debt is let off is for a person to say; late fee is mostly let off as a whole.
        self.amount.set_amount(None if charge is not None else self._open() or None)
        self._on_kind()

    def _on_kind(self) -> None:
        """A percentage goes with a vacant or a needy household; what was reckoned before is no longer said."""
        is_vacancy = self.kind.value() == WaiverKind.VACANCY
        has_percent = self._charge() is not None and self.kind.value() in (WaiverKind.VACANCY, WaiverKind.HARDSHIP)
        self._percent_words.setText("应缴额的" if is_vacancy else "还欠的")
        for widget in (self._percent_words, self.percent):
            widget.setVisible(has_percent)
        self._reckon("")
        if is_vacancy:
            self._take_percent()
        else:
            self.refresh()

    def _on_amount(self) -> None:
        self._reckon("")
        self.refresh()

    def _take(self, fen: int) -> None:
        self.amount.set_amount(fen)
        self._on_amount()

    def _take_percent(self) -> None:
        charge = self._charge()
        if charge is None or self.percent.isHidden():
            return
        if self.kind.value() == WaiverKind.VACANCY:
            discount = vacancy_discount(charge.amount, charge.owed, self.percent.value())
        else:
            discount = hardship_discount(charge.owed, self.percent.value())
        self._take(discount.amount)
        self._reckon(discount.text)
        self._mind_height()

    def _reckon(self, text: str) -> None:
        self._reckoned.setText(text)
        self._reckoned.setVisible(bool(text))

    def refresh(self) -> None:
        """Tell the first problem, and what is left."""
        fen, most = self.amount.amount(), self._open()
        is_known = fen is not None and fen <= most
        left = show_yuan(most - fen) if fen is not None and is_known else ""
        words = "减后这笔欠" if self._target() is WaiverTarget.PRINCIPAL else "减后违约金"
        self._sum.setText(f"{words} {left}" if left else "")
        super().refresh()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        fen, most = self.amount.amount(), self._open()
        too_much = f"最多减 {show(most)}。" if fen is not None and fen > most else ""
        nobody = "" if self.pin.approver() is not None else self.pin.problem()
        return (
            (self._pin_spot, nobody),  # first: nothing is to be filled in in vain
            (self._what_spot, "" if self._charges or self._fees or self._whole else "这一户没有可以减免的欠费。"),
            (self._amount_spot, self.amount.problem() or too_much),
            (self._reason_spot, filled(self.reason, "请写明原因，以后对账看得懂。")),
            (self._asked_spot, filled(self.asked_by, "请写是谁提出的。")),
            (self._expires_spot, self._expiry_problem()),
            (self._pin_spot, self.pin.problem()),
        )

    def _expiry_problem(self) -> str:
        if not self.expires.text().strip():
            return ""
        day = self.expires.day()
        if day is None:
            return self.expires.problem()
        if self.kind.value() == WaiverKind.CORRECTION:
            return "更正多计不附付清期限。"
        return "付清期限不能在今天之前。" if day < self._today else ""

    def _write(self) -> bool:
        draft, approver = self.draft(), self.pin.approver()
        return draft is not None and approver is not None and self._save(draft, approver, self.pin.pin())

    def _not_written(self) -> None:
        """The PIN is asked for again; the rest stays."""
        self.pin.clear()
        self.pin.secret.setFocus()
