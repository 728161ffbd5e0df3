"""筛选: the conditions besides the chips, in a small popup; every change shows at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.accounts import CATEGORY_LABELS, DEBTOR_TYPE_LABELS, STEP_LABELS, Category, DebtorType, Step
from feedesk.models.money import show_yuan
from feedesk.models.owner_filter import BLANK, UNASSIGNED, OwnerFilter
from feedesk.models.traits import SEVERITY_LABELS, TRAIT_LABELS, TRAIT_WORDS, Severity, Trait
from feedesk.ui.widgets import KeyButton, MoneyEdit, NumberBox, field_label, label


def filter_words(wanted: OwnerFilter, people: Mapping[int, str] = MappingProxyType({})) -> tuple[str, ...]:
    """What narrows the view besides chip and search, in a few words each; `people` are the names of clerks."""
    parts = []
    if wanted.building:
        parts.append(f"{wanted.building} 栋" if wanted.building.isdigit() else wanted.building)
    if wanted.category:
        parts.append(f"{wanted.category} {CATEGORY_LABELS[wanted.category]}")
    if wanted.step:
        parts.append(STEP_LABELS[wanted.step])
    if wanted.debtor_type:
        parts.append(DEBTOR_TYPE_LABELS[wanted.debtor_type])
    if wanted.severity:
        parts.append(SEVERITY_LABELS[wanted.severity])
    if wanted.staff_id is not None:
        parts.append("未分配" if wanted.staff_id == UNASSIGNED else f"片管 {people.get(wanted.staff_id, '')}".strip())
    for trait, word in _traits(wanted).items():
        if word:
            parts.append(f"{TRAIT_LABELS[trait]}{word}" if word == BLANK else word)
    if wanted.min_owed:
        parts.append(f"欠 {show_yuan(wanted.min_owed)} 起")
    if wanted.overdue_over:
        parts.append(f"逾期超过 {wanted.overdue_over} 天")
    return tuple(parts)


class FilterPopup(QFrame):
    """Building, category, step, debtor type, severity, the four traits, least amount, days overdue.

    Signals:
        changed: the `OwnerFilter` wanted now; text and chip are left as they were given.
    """

    changed = Signal(object)

    def __init__(
        self,
        buildings: Sequence[str],
        wanted: OwnerFilter,
        parent: QWidget | None = None,
        *,
        words: Mapping[Trait, Sequence[str]] | None = None,
        people: Mapping[int, str] = MappingProxyType({}),
    ) -> None:
        """`words`: what may be chosen of each trait; by default those the program offers. `people`: clerks by id."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("role", "popup")
        self._wanted = wanted
        self._filling = True
        self.building = _combo([(f"{name} 栋" if name.isdigit() else name, name) for name in buildings])
        self.category = _combo([(f"{one} {CATEGORY_LABELS[one]}", one) for one in Category])
        self.step = _combo([(STEP_LABELS[one], one) for one in Step])
        self.kind = _combo([(DEBTOR_TYPE_LABELS[one], one) for one in DebtorType])
        self.severity = _combo([(SEVERITY_LABELS[one], one) for one in Severity])
        offered = words or TRAIT_WORDS
        self.traits = {
            trait: _combo([(word, word) for word in (*filter(None, offered[trait]), BLANK)]) for trait in TRAIT_WORDS
        }
        self.clerk = _combo([*((name, who) for who, name in people.items()), ("未分配", UNASSIGNED)])
        self.least = MoneyEdit()
        self.least.setPlaceholderText("不限")
        self.days = NumberBox()
        self.days.setRange(0, 9999)
        self.days.setSingleStep(30)
        self.days.setSuffix(" 天")
        self.days.setSpecialValueText("不限")
        self.clear_button = KeyButton("清除筛选")
        self.clear_button.clicked.connect(self._clear)
        close = KeyButton("收起", key="Esc", kind="quiet")
        close.clicked.connect(self.close)
        form = QGridLayout()
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        sides: tuple[tuple[tuple[str, QWidget], ...], ...] = (
            (
                ("楼栋(&B)", self.building),
                ("分类(&C)", self.category),
                ("阶段(&S)", self.step),
                ("欠费类型(&T)", self.kind),
                ("欠费不少于(&A)", self.least),
                ("逾期超过(&D)", self.days),
            ),
            (
                ("欠费程度(&E)", self.severity),
                ("缴费习惯(&H)", self.traits[Trait.HABIT]),
                ("沟通态度(&U)", self.traits[Trait.ATTITUDE]),
                ("居住(&R)", self.traits[Trait.RESIDENCE]),
                ("房屋类型(&P)", self.traits[Trait.PROPERTY_KIND]),
                ("片管(&F)", self.clerk),
            ),
        )
        for side, fields in enumerate(sides):
            for line, (words_of, field) in enumerate(fields):
                field.setMinimumWidth(170)
                form.addWidget(field_label(words_of, field), line, 2 * side)
                form.addWidget(field, line, 2 * side + 1)
        form.setColumnMinimumWidth(2, 76)
        foot = QHBoxLayout()
        foot.addWidget(self.clear_button)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(label("筛选", "section"))
        column.addLayout(form)
        column.addLayout(foot)
        self._show(wanted)
        for combo in (
            self.building, self.category, self.step, self.kind, self.severity, *self.traits.values(), self.clerk,
        ):  # fmt: skip
            combo.currentIndexChanged.connect(lambda _at: self._tell())
        self.least.amount_changed.connect(lambda _fen: self._tell())
        self.days.valueChanged.connect(lambda _days: self._tell())
        self._filling = False

    def open_at(self, corner: QPoint) -> None:
        """Open with its upper right corner here, kept on the screen."""
        self.adjustSize()
        room = self.screen().availableGeometry()
        x = max(room.left() + 4, min(corner.x() - self.width(), room.right() - self.width() - 4))
        y = max(room.top() + 4, min(corner.y(), room.bottom() - self.height() - 4))
        self.move(x, y)
        self.show()
        self.building.setFocus(Qt.FocusReason.PopupFocusReason)

    def wanted(self) -> OwnerFilter:
        """The filter as the fields say."""
        return replace(
            self._wanted,
            building=self.building.currentData() or "",
            category=Category(self.category.currentData()) if self.category.currentData() else None,
            step=Step(self.step.currentData()) if self.step.currentData() else None,
            debtor_type=DebtorType(self.kind.currentData()) if self.kind.currentData() else None,
            severity=Severity(self.severity.currentData()) if self.severity.currentData() else None,
            staff_id=self.clerk.currentData(),
            habit=self.traits[Trait.HABIT].currentData() or "",
            attitude=self.traits[Trait.ATTITUDE].currentData() or "",
            residence=self.traits[Trait.RESIDENCE].currentData() or "",
            property_kind=self.traits[Trait.PROPERTY_KIND].currentData() or "",
            min_owed=self.least.amount() or 0,
            overdue_over=self.days.value(),
        )

    def _show(self, wanted: OwnerFilter) -> None:
        chosen: tuple[tuple[QComboBox, str | int | None], ...] = (
            (self.building, wanted.building or None),
            (self.category, wanted.category),
            (self.step, wanted.step),
            (self.kind, wanted.debtor_type),
            (self.severity, wanted.severity),
            (self.clerk, wanted.staff_id),
            *((self.traits[trait], word or None) for trait, word in _traits(wanted).items()),
        )
        for combo, value in chosen:
            combo.setCurrentIndex(max(0, combo.findData(value)))
        self.least.set_amount(wanted.min_owed or None)
        self.days.setValue(wanted.overdue_over)

    def _clear(self) -> None:
        self._filling = True
        self._show(OwnerFilter())
        self._filling = False
        self._tell()

    def _tell(self) -> None:
        if not self._filling:
            self.changed.emit(self.wanted())


def _traits(wanted: OwnerFilter) -> dict[Trait, str]:
    """What the filter says of each trait."""
    return {
        Trait.HABIT: wanted.habit,
        Trait.ATTITUDE: wanted.attitude,
        Trait.RESIDENCE: wanted.residence,
        Trait.PROPERTY_KIND: wanted.property_kind,
    }


def _combo(options: Sequence[tuple[str, object]]) -> QComboBox:
    made = QComboBox()
    made.addItem("不限", None)
    for words, value in options:
        made.addItem(words, value)
    return made
