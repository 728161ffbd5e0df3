"""批量修改: habit, attitude, residence and property kind of several owners in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QComboBox, QWidget

from feedesk.models.accounts import OwnerRow
from feedesk.models.money import show_yuan
from feedesk.models.store.traits import Values
from feedesk.models.traits import TRAIT_LABELS, TRAIT_WORDS, UNKNOWN, Trait
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot
from feedesk.ui.widgets import Field, label

_SAME = "不变"
_KEYS = {Trait.HABIT: "&H", Trait.ATTITUDE: "&U", Trait.RESIDENCE: "&R", Trait.PROPERTY_KIND: "&P"}
_MOST_REASON = 60

WriteTraits = Callable[[Sequence[OwnerRow], Values, str], bool]
"""Writes the values for these accounts with the reason; False when it was refused."""


class TraitsDialog(MoneyDialog):
    """Every field says 不变 until another value is chosen; what stays 不变 is not touched."""

    def __init__(
        self,
        rows: Sequence[OwnerRow],
        words: Mapping[Trait, Sequence[str]],
        write: WriteTraits,
        parent: QWidget | None = None,
    ) -> None:
        one = len(rows) == 1
        names = "、".join(dict.fromkeys(row.name for row in rows if row.name))
        owed = f"共欠 {show_yuan(sum(row.owed for row in rows))}"
        head = Head("批量修改", rows[0].room if one else f"{len(rows):,} 户", names, owed)
        super().__init__(head, f"改 {len(rows):,} 户", parent)
        self._rows, self._write_traits = tuple(rows), write
        self.fields = {trait: _combo(words[trait]) for trait in TRAIT_WORDS}
        self.reason = Field("", "例如：上门核对、物业台账")
        self.reason.setMaxLength(_MOST_REASON)
        said = label("只改选了的项目，其余不变；每一户的改动都记进“记录”。房屋类型跟着房子走。", "caption", wrap=True)
        self.middle.addWidget(said)
        self.middle.addSpacing(6)
        traits = list(self.fields)
        self._spots_of = dict(
            zip(
                traits,
                (
                    *self.add_pair(*((self._label(trait), self.fields[trait]) for trait in traits[:2])),
                    *self.add_pair(*((self._label(trait), self.fields[trait]) for trait in traits[2:])),
                ),
                strict=True,
            )
        )
        self.add_field("依据（可不填）(&Y)", self.reason)
        for combo in self.fields.values():
            combo.currentIndexChanged.connect(lambda _at: self.refresh())
        self.start_at(self.fields[traits[0]])
        self.refresh()

    def wanted(self) -> dict[Trait, str]:
        """The values chosen; what stays as it is, is not among them."""
        return {
            trait: str(combo.currentData()) for trait, combo in self.fields.items() if combo.currentData() is not None
        }

    @staticmethod
    def _label(trait: Trait) -> str:
        return f"{TRAIT_LABELS[trait]}({_KEYS[trait]})"

    def _is_touched(self) -> bool:
        return bool(self.wanted()) or super()._is_touched()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        first = next(iter(self._spots_of.values()))
        return [(first, "" if self.wanted() else "选一项要改的。")]

    def _write(self) -> bool:
        return self._write_traits(self._rows, self.wanted(), self.reason.text())


def _combo(words: Sequence[str]) -> QComboBox:
    made = QComboBox()
    made.addItem(_SAME, None)
    for word in filter(None, words):
        made.addItem(word, word)
    made.addItem(UNKNOWN, "")
    return made
