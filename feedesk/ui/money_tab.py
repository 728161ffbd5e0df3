"""设置 › 违约金与冲抵: which debt a payment pays first, whether late fee is reckoned and how, and the LPR it is held to."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from feedesk.models.changes import Changes
from feedesk.models.charges import FeeKind
from feedesk.models.ledger.allocation import ALLOCATION_RULE_LABELS, ALLOCATION_RULE_TEXTS, AllocationRule
from feedesk.models.ledger.late_fee import (
    FeeBasis,
    LateFeeCap,
    LateFeePolicy,
    LprRate,
    asks_more,
    charge_late_fee,
    explain,
    lpr_problem,
)
from feedesk.models.ledger.late_fee_rate import (
    STEEP_PPM,
    RateProblem,
    lpr_text,
    parse_lpr,
    parse_rate,
    permille_text,
    rate_text,
    rate_warning,
    yearly_text,
)
from feedesk.models.office import ROLE_LABELS, Signature
from feedesk.ui.contact_parts import Problem
from feedesk.ui.desk import Desk
from feedesk.ui.sign_dialog import SignDialog
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import (
    Banner,
    Card,
    DayEdit,
    Field,
    IconButton,
    KeyButton,
    MoneyEdit,
    NumberBox,
    Segment,
    field_label,
    label,
    set_look,
)

_MOST_GRACE = 90
_EXAMPLE = 107_940
"""1,079.40 元: a quarter's fee, for the example."""
_EXAMPLE_DAYS = 200


class MoneyTab(QWidget):
    """Shows and changes the office's rules about money; each part is saved by itself."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._policy = LateFeePolicy()
        self._rates: tuple[LprRate, ...] = ()
        self.rules: dict[AllocationRule, QRadioButton] = {}
        self.clause = Field("", "例如：第十二条")
        self.clause.setMaxLength(40)
        self.rate = Field("", "万分之五、0.5‰ 或 0.05%")
        self.rate_problem = Problem()
        self.clause_problem = Problem()
        self.warning = Banner(Tone.CINNABAR)
        self.grace = NumberBox()
        self.grace.setRange(0, _MOST_GRACE)
        self.grace.setSuffix(" 天")
        self.cap = Segment(((LateFeeCap.LPR.value, "不超过 LPR×1.3"), (LateFeeCap.PRINCIPAL.value, "不超过本金")))
        self.state = label("", "strong", wrap=True)
        self.save_button = KeyButton("保存违约金规则", key="Ctrl+S", kind="primary")
        self.save_button.setShortcut("Ctrl+S")
        self.off_button = KeyButton("停用", kind="quiet")
        self.lpr_day = DayEdit(desk.today(), past=True)
        self.lpr_rate = Field("", "3.00 %")
        self.lpr_problem = Problem()
        self.add_button = KeyButton("添加", icon="plus")
        self.example_amount = MoneyEdit(_EXAMPLE)
        self.example_due = DayEdit(desk.today(), desk.today() - timedelta(days=_EXAMPLE_DAYS), past=True)
        self.example = label("", "", wrap=True)
        self._table = QGridLayout()
        self._build()
        self._connect()

    # --- where it stands ---

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._rule_card())
        column.addWidget(self._policy_card())
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._lpr_card(), 2)
        row.addWidget(self._example_card(), 3)
        column.addLayout(row)

    def _rule_card(self) -> Card:
        card = Card(spacing=6)
        card.body.addWidget(label("一笔钱先抵哪笔欠费", "section"))
        card.body.addWidget(
            label(
                "业主说明缴哪一笔的，总按业主说的抵；没有说明的，按下面选定的办法。改了以后，所有余额按新办法重算。",
                "caption",
                wrap=True,
            )
        )
        group = QButtonGroup(self)
        for rule in AllocationRule:
            button = QRadioButton(ALLOCATION_RULE_LABELS[rule])
            button.clicked.connect(lambda _on=False, which=rule: self._set_rule(which))
            group.addButton(button)
            self.rules[rule] = button
            card.body.addWidget(button)
            words = label(ALLOCATION_RULE_TEXTS[rule], "caption", wrap=True)
            words.setContentsMargins(24, 0, 0, 4)
            card.body.addWidget(words)
        return card

    def _policy_card(self) -> Card:
        card = Card(spacing=8)
        card.body.addWidget(label("违约金", "section"))
        card.body.addWidget(
            label(
                "只对物业费计，代收的水电气费、维修资金不计；从应缴日和宽限过后按天算，不计复利，与本金分开列。"
                "合同里没有写明条款和费率的，不要启用。",
                "caption",
                wrap=True,
            )
        )
        card.body.addWidget(self.state)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        fields = (
            ("合同条款号", self.clause, self.clause_problem),
            ("每天的费率", self.rate, self.rate_problem),
            ("宽限", self.grace, None),
        )
        for place, (words, field, problem) in enumerate(fields):
            grid.addWidget(field_label(words, field), 0, place)
            grid.addWidget(field, 1, place)
            if problem is not None:
                grid.addWidget(problem, 2, place, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(place, 0 if field is self.grace else 1)
        grid.addWidget(field_label("最多主张到", self.cap), 0, 3)
        grid.addWidget(self.cap, 1, 3)
        card.body.addLayout(grid)
        card.body.addWidget(self.warning)
        foot = QHBoxLayout()
        foot.addWidget(self.save_button)
        foot.addWidget(self.off_button)
        foot.addStretch(1)
        card.body.addLayout(foot)
        return card

    def _lpr_card(self) -> Card:
        card = Card(spacing=6)
        card.body.addWidget(label("一年期 LPR", "section"))
        card.body.addWidget(
            label("全国银行间同业拆借中心每月 20 日前后公布；只录变动的那几次，照官方网站填。", "caption", wrap=True)
        )
        self._table.setHorizontalSpacing(12)
        self._table.setVerticalSpacing(2)
        self._table.setColumnStretch(3, 1)
        card.body.addLayout(self._table)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.lpr_day.setAccessibleName("从哪天起")
        self.lpr_rate.setAccessibleName("一年期 LPR，%")
        self.lpr_day.setPlaceholderText("2025-05-20")
        for field in (self.lpr_day, self.lpr_rate):
            field.setMinimumWidth(90)
            row.addWidget(field, 1)
        row.addWidget(self.add_button)
        card.body.addLayout(row)
        card.body.addWidget(self.lpr_problem)
        card.body.addStretch(1)
        return card

    def _example_card(self) -> Card:
        card = Card(spacing=6)
        card.body.addWidget(label("举例", "section"))
        row = QHBoxLayout()
        row.setSpacing(8)
        self.example_amount.setAccessibleName("举例的本金，元")
        self.example_due.setAccessibleName("举例的应缴日")
        for words, field in (("本金", self.example_amount), ("应缴日", self.example_due)):
            row.addWidget(label(words, "label"))
            row.addWidget(field)
        row.addWidget(label("到今天", "label"))
        row.addStretch(1)
        card.body.addLayout(row)
        card.body.addWidget(self.example)
        card.body.addStretch(1)
        return card

    def _connect(self) -> None:
        for field in (self.clause, self.rate):
            field.textEdited.connect(lambda _text: self._mind())
            field.returnPressed.connect(self.save)
        self.grace.valueChanged.connect(lambda _days: self._mind())
        self.cap.chosen.connect(lambda _key: self._mind())
        self.save_button.clicked.connect(self.save)
        self.off_button.clicked.connect(self.turn_off)
        self.add_button.clicked.connect(self.add_rate)
        self.lpr_rate.returnPressed.connect(self.add_rate)
        self.lpr_day.returnPressed.connect(self.add_rate)
        self._desk.changed.connect(lambda _changes: self._follow())
        self.example_amount.amount_changed.connect(lambda _fen: self._show_example())
        self.example_due.day_changed.connect(lambda _day: self._show_example())

    # --- what is shown ---

    def refresh(self) -> None:
        """The rules as stored; what was typed and not saved is given up."""
        fees = self._desk.office.late_fees
        self.rules[fees.rule()].setChecked(True)
        self._policy, self._rates = fees.policy(), fees.lpr()
        policy = self._policy
        self.clause.setText(policy.clause)
        self.rate.setText(permille_text(policy.rate_ppm) if policy.rate_ppm else "")
        self.grace.setValue(policy.grace_days)
        self.cap.choose(policy.cap.value)
        self._show_rates()
        self._mind()

    def _follow(self) -> None:
        """Rules taken back by 撤销 show as they are again; what is being typed stays while nothing has changed."""
        fees = self._desk.office.late_fees
        stored = (fees.policy(), fees.lpr(), fees.rule())
        shown = next((rule for rule, button in self.rules.items() if button.isChecked()), None)
        if stored != (self._policy, self._rates, shown):
            self.refresh()

    def typed(self) -> LateFeePolicy | None:
        """The policy as typed; None while the rate cannot be read."""
        rate = self._rate()
        if rate is None:
            return None
        return LateFeePolicy(self.clause.text().strip(), rate, self.grace.value(), LateFeeCap(self.cap.value()))

    def warning_text(self) -> str:
        """What is to be known about the rate typed."""
        return self.warning.text()

    def _rate(self) -> int | None:
        text = self.rate.text().strip()
        if not text:
            return 0
        try:
            return parse_rate(text)
        except RateProblem:
            return None

    def _rate_wrong(self) -> str:
        text = self.rate.text().strip()
        if not text:
            return "要填费率才能启用。" if self.clause.text().strip() else ""
        try:
            parse_rate(text)
        except RateProblem as problem:
            return f"{problem}。"
        return ""

    def _mind(self) -> None:
        wrong, typed = self._rate_wrong(), self.typed()
        no_clause = "要填合同条款号才能启用。" if typed and typed.rate_ppm and not typed.clause else ""
        self.rate_problem.say(wrong)
        self.rate.set_bad(wrong if self.rate.text().strip() else "")
        self.clause_problem.say(no_clause)
        ppm = typed.rate_ppm if typed else 0
        warning = rate_warning(ppm)
        if not warning and ppm >= STEEP_PPM:
            warning = f"{rate_text(ppm)}折合{yearly_text(ppm)}，太高了，请再核对合同。"
        warnings = [warning] if warning else []
        if typed is not None and ppm and typed.cap is LateFeeCap.PRINCIPAL:
            warnings.append("高于 LPR×1.3 的部分，收款时不收；写进催款单要项目经理放行。")
        self.warning.show_lines(tuple(warnings))
        changed = typed is not None and typed != self._policy
        can = changed and not wrong and not no_clause
        self.save_button.setEnabled(can)
        self.save_button.setToolTip("" if can else wrong or no_clause or "没有改动")
        self.off_button.setVisible(self._policy.is_on)
        policy = self._policy
        if policy.is_on:
            grace = f"宽限 {policy.grace_days} 天，" if policy.grace_days else ""
            rate = f"{rate_text(policy.rate_ppm)}（{yearly_text(policy.rate_ppm)}）"
            self.state.setText(f"已启用：按合同{policy.clause}，{rate}，{grace}{_most(policy)}。")
        else:
            self.state.setText("没有启用：填好合同条款号和费率并保存，才开始计。")
        set_look(self.state, tone="malachite" if policy.is_on else "muted")
        self._show_example()

    def _show_example(self) -> None:
        policy = self.typed()
        amount, due = self.example_amount.amount(), self.example_due.day()
        if policy is None or amount is None or due is None:
            self.example.setText("填好费率、本金和应缴日，这里逐行列出怎么算。")
            return
        if not policy.is_on:
            self.example.setText("填好合同条款号和费率，这里逐行列出怎么算。")
            return
        basis = FeeBasis(0, "举例", FeeKind.PROPERTY, amount, due, False)
        line = charge_late_fee(basis, policy, self._rates, self._desk.today())
        self.example.setText("\n".join(explain(line, policy)))

    def _show_rates(self) -> None:
        while self._table.count():
            item = self._table.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if not self._rates:
            self._table.addWidget(
                label("还没有录入：按 LPR×1.3 封顶时算不出违约金。", "", Tone.OCHRE, wrap=True), 0, 0, 1, 4
            )
            return
        for row, rate in enumerate(sorted(self._rates, key=lambda rate: rate.since, reverse=True)):
            self._table.addWidget(label(f"{rate.since.isoformat()} 起"), row, 0)
            shown = label(lpr_text(rate.bp), "strong")
            shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._table.addWidget(shown, row, 1)
            drop = IconButton("close", f"去掉 {rate.since.isoformat()} 这一行")
            drop.clicked.connect(lambda _on=False, since=rate.since: self.drop_rate(since))
            self._table.addWidget(drop, row, 2)

    # --- writing ---

    def _set_rule(self, rule: AllocationRule) -> None:
        fees = self._desk.office.late_fees
        before = fees.rule()
        if rule is before:
            return
        self._desk.write(
            lambda: fees.save_rule(rule),
            f"今后{ALLOCATION_RULE_LABELS[rule]}冲抵，余额已按新办法重算。",
            lambda _changes: fees.save_rule(before),
        )
        self.refresh()

    @Slot()
    def save(self) -> None:
        """Keep the policy as typed."""
        typed = self.typed()
        if typed is None or not self.save_button.isEnabled():
            return
        said = "违约金规则已保存，已到期的各笔也按它重新计算。" if typed.is_on else "违约金没有启用，规则已保存。"
        self._keep(typed, said)

    @Slot()
    def turn_off(self) -> None:
        """停用."""
        self._keep(LateFeePolicy(grace_days=self._policy.grace_days, cap=self._policy.cap), "违约金已停用，不再计算。")

    def _keep(self, policy: LateFeePolicy, said: str) -> None:
        fees, before = self._desk.office.late_fees, self._policy
        signers = fees.signers()

        def keep(wanted: LateFeePolicy, signed: Signature | None = None) -> Changes:
            fees.save_policy(wanted, signed)
            return Changes(everything=True)  # no state changes, but every screen shows another late fee

        def back(_changes: Changes) -> Changes:
            return keep(before)

        def write(signed: Signature | None) -> bool:
            undo = None if signers and asks_more(policy, before) else back  # to claim more again takes a PIN as well
            done = self._desk.write(lambda: keep(policy, signed), said, undo)
            if done:
                self.refresh()
            return done

        if not fees.needs_signature(policy):
            write(None)
            return
        who = ROLE_LABELS[signers[0].role]
        what = f"违约金改为{rate_text(policy.rate_ppm)}（{yearly_text(policy.rate_ppm)}），{_most(policy)}。多收违约金要{who}同意。"
        dialog = SignDialog("违约金", what, signers, write, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    @Slot()
    def add_rate(self) -> None:
        """Add a line to the LPR table, or correct that of the same day."""
        day, text = self.lpr_day.day(), self.lpr_rate.text().strip()
        if day is None:
            self.lpr_problem.say(self.lpr_day.problem())
            self.lpr_day.setFocus()
            return
        try:
            bp = parse_lpr(text)
        except RateProblem as problem:
            self.lpr_problem.say(f"{problem}。")
            self.lpr_rate.setFocus()
            return
        rates = (*(rate for rate in self._rates if rate.since != day), LprRate(day, bp))
        wrong = lpr_problem(rates)
        self.lpr_problem.say(wrong and f"{wrong}。")
        if not wrong and self._keep_rates(rates, f"{day.isoformat()} 起的 LPR {lpr_text(bp)} 已记下。"):
            self.lpr_day.set_day(None)
            self.lpr_rate.clear()
            self.lpr_day.setFocus()

    def drop_rate(self, since: date) -> None:
        """Take a line out of the LPR table."""
        self._keep_rates(
            tuple(rate for rate in self._rates if rate.since != since), f"{since.isoformat()} 起的 LPR 已去掉。"
        )

    def _keep_rates(self, rates: tuple[LprRate, ...], said: str) -> bool:
        fees, before = self._desk.office.late_fees, self._rates
        ordered = tuple(sorted(rates, key=lambda rate: rate.since))

        def keep(wanted: tuple[LprRate, ...]) -> Changes:
            fees.save_lpr(wanted)
            return Changes(everything=True)

        done = self._desk.write(lambda: keep(ordered), said, lambda _changes: keep(before))
        if done:
            self._rates = fees.lpr()
            self._show_rates()
            self._show_example()
        return done


def _most(policy: LateFeePolicy) -> str:
    return "最多到 LPR×1.3" if policy.cap is LateFeeCap.LPR else "以本金为限"
