"""资料: what is known of an owner and a unit, and the fields a clerk may correct.

Fields are saved together, by Ctrl+S, by the button, or on leaving the tab or the owner; 撤销 is offered each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from feedesk.models.accounts import CATEGORY_LABELS, Account, Category, OwnerRow, call_order
from feedesk.models.money import show_yuan
from feedesk.models.traits import TRAIT_LABELS, TRAIT_WORDS, UNKNOWN, Graded, Trait, TraitChange
from feedesk.ui.kin_box import KinBox
from feedesk.ui.phones_box import PhonesBox
from feedesk.ui.sensitive_box import MARK_KEY, SensitiveBox
from feedesk.ui.trait_list import TraitList
from feedesk.ui.widgets import Field, KeyButton, field_label, hairline, label

SALUTATIONS = ("", "先生", "女士", "老师", "阿姨", "叔叔")


@dataclass(frozen=True, slots=True)
class Details:
    """The fields a clerk may change."""

    name: str
    salutation: str
    residence: str
    property_kind: str
    habit: str
    attitude: str
    category: str
    remark: str

    @classmethod
    def of(cls, account: Account) -> Details:
        """As they stand on record."""
        return cls(
            account.name,
            account.salutation,
            account.residence,
            account.property_kind,
            account.habit,
            account.attitude,
            account.row.category or "",
            account.remark,
        )

    def traits(self) -> dict[Trait, str]:
        """Those of which every change is kept."""
        return {
            Trait.CATEGORY: self.category,
            Trait.HABIT: self.habit,
            Trait.ATTITUDE: self.attitude,
            Trait.RESIDENCE: self.residence,
            Trait.PROPERTY_KIND: self.property_kind,
        }


class DetailsTab(QScrollArea):
    """Shows and corrects one account.

    Signals:
        save_asked: account id, the details as they were, the details wanted.
        no_call_asked: account id, whether no call is wanted.
        sensitive_asked: account id, why nobody is to contact the owner (empty: no longer), the last day or None.
        phone_asked: account id, number, holder, source.
        join_asked: account id, ids of the other accounts.
        part_asked: account id.
        opened: id of a sibling to be shown.
    """

    save_asked = Signal(int, object, object)
    no_call_asked = Signal(int, bool)
    sensitive_asked = Signal(int, str, object)
    phone_asked = Signal(int, str, str, str)
    join_asked = Signal(int, object)
    part_asked = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account_id = 0
        self._stored: Details | None = None
        self._to_kin = False
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.timeout.connect(self._keep_in_sight)
        self.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self._keep.start())
        self.name = Field()
        self.salutation = _combo(SALUTATIONS)
        self.residence, self.property_kind, self.habit, self.attitude = (
            _combo(TRAIT_WORDS[trait]) for trait in (Trait.RESIDENCE, Trait.PROPERTY_KIND, Trait.HABIT, Trait.ATTITUDE)
        )
        self.category = QComboBox()
        self.category.addItem(UNKNOWN, "")
        for one in Category:
            self.category.addItem(f"{one} {CATEGORY_LABELS[one]}", one.value)
        self.changes = TraitList()
        self.remark = QPlainTextEdit()
        self.remark.setTabChangesFocus(True)
        self.remark.setFixedHeight(64)
        self.no_call = QCheckBox("业主要求勿再来电（只用书面）")
        self.no_call.clicked.connect(self._on_no_call)
        self.sensitive = SensitiveBox()
        self.sensitive.asked.connect(lambda *what: self.sensitive_asked.emit(self._account_id, *what))
        mark = QShortcut(QKeySequence(MARK_KEY), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        mark.activated.connect(self.sensitive.take_focus)
        self.phones = PhonesBox()
        self.phones.add_asked.connect(lambda *what: self.phone_asked.emit(self._account_id, *what))
        self.kin = KinBox()
        self.kin.join_asked.connect(lambda others: self.join_asked.emit(self._account_id, others))
        self.kin.part_asked.connect(lambda: self.part_asked.emit(self._account_id))
        self.kin.opened.connect(self.opened)
        self.save_button = KeyButton("保存资料", key="Ctrl+S")
        self.save_button.clicked.connect(self.flush)
        for combo in self._combos():
            combo.currentTextChanged.connect(lambda _text: self._mind())
        self.name.textChanged.connect(lambda _text: self._mind())
        self.remark.textChanged.connect(self._mind)

        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(4)
        self._facts.setColumnStretch(1, 1)
        self._facts.setColumnStretch(3, 1)
        self._fact_texts: list[str] = []
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(label("电话", "section"))
        column.addWidget(self.phones)
        column.addWidget(self.no_call)
        column.addWidget(self.sensitive)
        column.addWidget(hairline())
        column.addWidget(label("业主与房屋", "section"))
        column.addLayout(self._form())
        save = QHBoxLayout()
        save.addWidget(label("离开这一页会自动保存，十秒内可撤销。", "caption"), 1)
        save.addWidget(self.save_button)
        column.addLayout(save)
        column.addWidget(hairline())
        column.addWidget(label("清单里的资料", "section"))
        column.addLayout(self._facts)
        column.addWidget(self.changes)
        column.addWidget(self.kin)
        column.addStretch(1)
        self.setWidget(inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_account(
        self,
        account: Account,
        proposals: Sequence[OwnerRow],
        today: date,
        graded: Graded | None = None,
        changes: Sequence[TraitChange] = (),
    ) -> None:
        """Show an account. Words not yet saved of the same account stay; ask `flush` before showing another one."""
        same = account.row.account_id == self._account_id
        scrolled = self.verticalScrollBar().value() if same else 0
        focus = QApplication.focusWidget()
        had_focus = focus is not None and self.kin.isAncestorOf(focus)
        dirty = same and self.is_dirty
        self._account_id = account.row.account_id
        self.phones.show_phones(call_order(list(account.phones)))
        self.no_call.setChecked(account.do_not_call)
        self.sensitive.show_mark(account, today)
        self._show_facts(account, graded)
        self.changes.show_changes(changes)
        self.kin.show_kin(account.siblings, proposals)
        self._chain_keys()
        if had_focus and same and self.kin.isHidden():
            self.remark.setFocus(Qt.FocusReason.OtherFocusReason)
        self.verticalScrollBar().setValue(scrolled)
        self._keep.start()
        if dirty:
            return
        self._stored = None
        stored = Details.of(account)
        self.name.setText(stored.name)
        shown = (stored.salutation, stored.residence, stored.property_kind, stored.habit, stored.attitude,
                 stored.category)  # fmt: skip
        for combo, value in zip(self._combos(), shown, strict=True):
            _choose(combo, value)
        self.remark.setPlainText(stored.remark)
        self._stored = stored
        self._mind()

    def wanted(self) -> Details:
        """The fields as they stand on the screen."""
        return Details(
            name=self.name.text().strip() or (self._stored.name if self._stored else ""),
            salutation=_value(self.salutation),
            residence=_value(self.residence),
            property_kind=_value(self.property_kind),
            habit=_value(self.habit),
            attitude=_value(self.attitude),
            category=_value(self.category),
            remark=self.remark.toPlainText().strip(),
        )

    @property
    def is_dirty(self) -> bool:
        """Whether something was changed and not saved."""
        return self._stored is not None and self.wanted() != self._stored

    def flush(self) -> None:
        """Ask for the changes to be saved, if there are any."""
        if self._stored is not None and self.is_dirty:
            before, self._stored = self._stored, self.wanted()
            self._mind()
            self.save_asked.emit(self._account_id, before, self._stored)

    def not_saved(self, before: Details) -> None:
        """The save did not happen: the fields are still to be saved."""
        self._stored = before
        self._mind()

    def facts(self) -> tuple[str, ...]:
        """The read-only facts as read."""
        return tuple(self._fact_texts)

    def take_focus(self) -> None:
        """Put the cursor into the first field."""
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_kin(self) -> None:
        """Bring the owner's other units into sight, the keys on the first thing to do there."""
        chain = self.kin.chain()
        if chain:
            first = self.kin.join_all if self.kin.join_all in chain else chain[0]
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._to_kin = True
            self._keep.start()

    def _keep_in_sight(self) -> None:
        """Rows come and go while one of them has the keys: it stays within what is seen."""
        if self._to_kin:
            self._to_kin = False
            self.verticalScrollBar().setValue(self.kin.y() - 8)
        focus = QApplication.focusWidget()
        if focus is not None and self.kin.isAncestorOf(focus):
            self.ensureWidgetVisible(focus, 0, 8)

    def _chain_keys(self) -> None:
        """Tab goes down the page: rows of units are built anew with each owner and would come last of all."""
        chain: list[QWidget] = [self.remark, self.save_button, *self.kin.chain()]
        for one, following in pairwise(chain):
            QWidget.setTabOrder(one, following)

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(6)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        name = QHBoxLayout()
        name.setSpacing(6)
        name.addWidget(self.name, 1)
        name.addWidget(self.salutation)
        self.salutation.setAccessibleName("称谓")
        form.addRow(field_label("姓名称谓", self.name), name)
        pairs = (
            (Trait.RESIDENCE, self.residence, Trait.PROPERTY_KIND, self.property_kind),
            (Trait.HABIT, self.habit, Trait.ATTITUDE, self.attitude),
        )
        for left, one, right, other in pairs:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(one, 1)
            row.addWidget(field_label(TRAIT_LABELS[right], other))
            row.addWidget(other, 1)
            form.addRow(field_label(TRAIT_LABELS[left], one), row)
        form.addRow(field_label(TRAIT_LABELS[Trait.CATEGORY], self.category), self.category)
        form.addRow(field_label("备注", self.remark), self.remark)
        return form

    def _combos(self) -> tuple[QComboBox, ...]:
        return (self.salutation, self.residence, self.property_kind, self.habit, self.attitude, self.category)

    def _show_facts(self, account: Account, graded: Graded | None) -> None:
        while (item := self._facts.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._fact_texts = []
        tenure = [f"自 {account.since} 起"] if account.since else []
        tenure += [f"至 {account.until} 止（旧欠仍在名下）"] if account.until else []
        facts = [
            ("楼栋", account.building),
            ("面积", f"{account.area} ㎡" if account.area and account.area[-1].isdigit() else account.area),
            ("使用人", account.tenant),
            ("财务户号", account.finance_number),
            ("业主期间", "，".join(tenure)),
            ("片管", account.staff_name or "未分配"),
        ]
        for place, (name, value) in enumerate(
            (name, value) for name, value in facts if value or name in ("楼栋", "面积")
        ):
            row, side = divmod(place, 2)
            self._facts.addWidget(label(name, "label"), row, 2 * side, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(label(value or UNKNOWN, wrap=True), row, 2 * side + 1)
            self._fact_texts.append(f"{name} {value or UNKNOWN}")
        if graded is not None and graded.severity:
            text = f"{graded.label}（{graded.why}）"
            row = self._facts.rowCount()
            self._facts.addWidget(label("欠费程度", "label"), row, 0, Qt.AlignmentFlag.AlignTop)
            self._facts.addWidget(label(text, wrap=True), row, 1, 1, 3)
            self._fact_texts.append(f"欠费程度 {text}")
        if account.late_fee_fen:
            text = f"{show_yuan(account.late_fee_fen)}（财务所列，未核，不在欠费内）"
            row = self._facts.rowCount()
            self._facts.addWidget(label("财务清单的违约金", "label"), row, 0, 1, 2)
            self._facts.addWidget(label(text, wrap=True), row + 1, 0, 1, 4)
            self._fact_texts.append(f"财务清单的违约金 {text}")

    def _mind(self) -> None:
        dirty = self.is_dirty
        self.save_button.setEnabled(dirty)
        self.save_button.setToolTip("" if dirty else "没有改动")

    def _on_no_call(self, on: bool) -> None:
        self.no_call_asked.emit(self._account_id, on)


def _combo(values: Sequence[str]) -> QComboBox:
    made = QComboBox()
    for value in values:
        made.addItem(value or UNKNOWN, value)
    return made


def _choose(combo: QComboBox, value: str) -> None:
    """Choose a value; one that finance wrote otherwise is offered as it is."""
    at = combo.findData(value)
    if at < 0:
        combo.addItem(value, value)
        at = combo.count() - 1
    combo.setCurrentIndex(at)


def _value(combo: QComboBox) -> str:
    return str(combo.currentData() or "")
