"""改写: our words beside the office's, section by section, with placeholders, findings and a preview on a real owner."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from feedesk.models.changes import Changes
from feedesk.models.scripts import PLACEHOLDERS, Objection, Script, ScriptContext, fill, fill_objection
from feedesk.models.scripts.edition import OURS, key_of, same_words, shipped_words, word_problems
from feedesk.models.scripts.fill import FilledPart
from feedesk.models.scripts.reading import LONGEST, filled_seconds
from feedesk.models.scripts.records import with_implied
from feedesk.ui.desk import Desk
from feedesk.ui.flow_row import FlowRow
from feedesk.ui.money_dialog import MOST_HIGH, Head, MoneyDialog, Spot
from feedesk.ui.scripts_draft import (
    ABOUT,
    Section,
    Words,
    about_of,
    changed_heads,
    put_together,
    sections_of,
)
from feedesk.ui.scripts_owner_popup import OwnerPopup, Preview
from feedesk.ui.scripts_parts import marked
from feedesk.ui.scripts_section import AboutEdit, SectionEdit
from feedesk.ui.speech import SpeechView
from feedesk.ui.widgets import Card, Chip, Field, KeyButton, Segment, field_label, label

_WIDE = 1120
_AIR = 16
_GROUPS = "［前｜后］：前半段的数都有才说前半段，没有就说后半段；写成 [[前||后]]"
_LOW = 600
_OFTEN = ("称呼", "办公室", "自称", "房号", "期间", "费项", "金额", "收口日", "电话", "缴费方式", "约定日", "寒暄")
"""The chips; all placeholders stand in the list behind Alt+P."""


class ScriptEditDialog(MoneyDialog):
    """Keeps a new wording of a script or an answer, or a new one of the office's own.

    Signals:
        saved: the key that has other words now.
    """

    saved = Signal(str)

    def __init__(self, desk: Desk, words: Words, preview: Preview, parent: QWidget, *, is_new: bool = False) -> None:
        window = parent.window()
        wide = min(_WIDE, window.width() - _AIR)
        name = words.title if isinstance(words, Script) else f"“{words.chip}”"
        super().__init__(Head("另写一篇" if is_new else "改写", "", name), "保存", parent, width=wide)
        self._desk, self._words, self._preview, self._is_new = desk, words, preview, is_new
        self._most_high = min(MOST_HIGH, window.height())
        self._low = window.height() < _LOW
        self._ours = None if is_new else shipped_words(desk.office.scripts.shipped, key_of(words))
        self._beside: Words | None = self._ours or (None if is_new else words)
        facts = with_implied(words.requires) if isinstance(words, Script) else frozenset[str]()
        self.edits = {section.key: SectionEdit(section, facts) for section in sections_of(words)}
        self.about = AboutEdit(about_of(words), is_script=isinstance(words, Script))
        heads = [(edit.section.key, edit.section.head) for edit in self.edits.values()]
        heads.append((ABOUT, "题目和注意" if isinstance(words, Script) else "业主的话"))
        self.sections = Segment(heads)
        self.sections.chosen.connect(self.show_section)
        self._heads = [key for key, _ in heads]
        self._stack = QStackedWidget()
        self.note_field = Field("", "")
        self.note_field.setMaxLength(80)
        self._view = SpeechView(heading_width=44)
        self._view.set_size(14)
        self._view.set_quiet(True)
        self._ours_view = SpeechView(heading_width=0)
        self._ours_view.set_size(14)
        self._length = label("", "caption", wrap=True)
        self.preview_button = KeyButton("", key="Alt+O", icon="user", kind="quiet")
        self.preview_button.clicked.connect(self.choose_owner)
        self.ours_button = KeyButton("这一段用原文", key="Alt+Z", icon="undo", kind="quiet")
        self.ours_button.clicked.connect(self.restore)
        self.slots_button = KeyButton("全部空格", key="Alt+P", kind="chip")
        self.slots_button.clicked.connect(self.open_slots)
        self._lay_out()
        self._add_keys()
        for edit in self.edits.values():
            if self._low:
                edit.set_low()
            edit.typed.connect(self._typed)
            edit.entered.connect(self.save)
        self.about.typed.connect(self._typed)
        self._before = self.draft()
        self.show_section(self._heads[0])
        self._say_owner()
        self._show_preview()
        self.start_at(next(iter(self.edits.values())).words)
        self.refresh()

    # --- layout ---

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.sections)
        top.addWidget(label(f"Alt+1…{len(self._heads)}", "caption"))
        top.addStretch(1)
        top.addWidget(self.ours_button)
        self.middle.addLayout(top)
        self.middle.addSpacing(4)
        beside = QHBoxLayout()
        beside.setSpacing(14)
        self._ours_card = Card("sunken", margins=(12, 8, 12, 8), spacing=4)
        self._ours_card.body.addWidget(
            label(f"{'原文' if self._ours is not None else '现在用的'}　{_GROUPS}", "caption", wrap=True),
            0,
            Qt.AlignmentFlag.AlignTop,
        )
        self._ours_card.body.addWidget(_scrolled(self._ours_view, "原文"), 1)
        self._ours_card.setVisible(self._beside is not None)
        for edit in self.edits.values():
            self._stack.addWidget(edit)
        self._stack.addWidget(self.about)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self._stack, 1)
        self._chips = FlowRow(gap=5)
        self._chips.set_one_line(self._low)
        self._chips.set_widgets([self.slots_button, *(self._chip(name) for name in _OFTEN)])
        right.addWidget(self._chips)
        beside.addWidget(self._ours_card, 2)
        beside.addLayout(right, 3)
        self.middle.addLayout(beside, 3)
        self._reading = QWidget()
        read = QVBoxLayout(self._reading)
        read.setContentsMargins(0, 0, 0, 0)
        read.setSpacing(4)
        line = QHBoxLayout()
        line.addWidget(label("读出来是这样", "section"))
        line.addWidget(self._length, 1)
        line.addWidget(self.preview_button)
        read.addLayout(line)
        card = Card(margins=(12, 6, 8, 6), spacing=2)
        card.body.addWidget(_scrolled(self._view, "预览"))
        read.addWidget(card, 1)
        self.middle.addWidget(self._reading, 3)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(field_label("改了什么(&L)", self.note_field))
        row.addWidget(self.note_field, 1)
        self.middle.addLayout(row)
        self._spot = self.spot(self.note_field)
        fields: list[QWidget] = [field for edit in self.edits.values() for field in (edit.words, edit.intent)]
        self._faults = {field: self.spot(field) for field in (*fields, self.about.title, self.about.aim)}
        for spot in (self._spot, *self._faults.values()):  # told in one place: the sections lie one behind the other
            self.middle.addWidget(spot.words)
        self.middle.setContentsMargins(20, 8, 20, 8)

    def _chip(self, name: str) -> Chip:
        made = Chip(name)
        made.setCheckable(False)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setToolTip(PLACEHOLDERS[name])
        made.clicked.connect(lambda: self.insert(name))
        return made

    def _add_keys(self) -> None:
        acts: list[tuple[str, Callable[[], object]]] = [
            ("Alt+O", self.choose_owner),
            ("Alt+Z", self.restore),
            ("Alt+P", self.open_slots),
            ("Ctrl+Return", self.save),
        ]
        for place, key in enumerate(self._heads, start=1):
            acts.append((f"Alt+{place}", lambda key=key: self.show_section(key)))  # type: ignore[misc]  # one a turn
        for keys, act in acts:
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # --- what is shown ---

    def show_section(self, key: str) -> None:
        """Alt+1…: another section, ours beside it."""
        self.sections.choose(key)
        self._stack.setCurrentIndex(self._heads.index(key))
        ours = self._section(self._beside, key)
        self._ours_view.show_parts(
            [FilledPart("", marked(ours.text), ours.intent or "")] if ours else _about(self._beside)
        )
        self.ours_button.setVisible(self._ours is not None and key != ABOUT)
        self._mind_room()
        (self.about if key == ABOUT else self.edits[key]).take_focus()
        self._mind_ours()

    def draft(self) -> Words:
        """The words as they stand."""
        return put_together(self._words, {key: edit.value() for key, edit in self.edits.items()}, self.about.value())

    def preview_text(self) -> str:
        """The preview as read."""
        return self._view.text()

    def insert(self, name: str) -> None:
        """A placeholder where the cursor is."""
        key = self.sections.value()
        if key in self.edits:
            self.edits[key].insert(f"{{{name}}}")

    def open_slots(self) -> None:
        """Alt+P: every placeholder and what it stands for."""
        if self.sections.value() == ABOUT:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, what in PLACEHOLDERS.items():
            menu.addAction(f"{name}　{what}").triggered.connect(lambda _on=False, name=name: self.insert(name))
        menu.popup(self.slots_button.mapToGlobal(QPoint(0, self.slots_button.height())))
        menu.setActiveAction(menu.actions()[0])

    def restore(self) -> None:
        """Alt+Z: our words for this section."""
        key = self.sections.value()
        ours = self._section(self._ours, key)
        if ours is not None:
            self.edits[key].take(ours)
            self.edits[key].take_focus()

    def choose_owner(self) -> None:
        """Alt+O: read it on another owner."""
        popup = OwnerPopup(self._desk, self)
        popup.chosen.connect(self._use_owner)
        popup.open()

    def _use_owner(self, preview: Preview) -> None:
        self._preview = preview
        self._say_owner()
        self._show_preview()

    def _say_owner(self) -> None:
        self.preview_button.set_words(f"换一户看：{self._preview.who}")

    def _section(self, words: Words | None, key: str) -> Section | None:
        return next((one for one in sections_of(words) if one.key == key), None) if words is not None else None

    def _mind_ours(self) -> None:
        key = self.sections.value()
        ours = self._section(self._ours, key)
        same = ours is not None and key in self.edits and self.edits[key].value() == (ours.text, ours.intent or "")
        self.ours_button.setEnabled(ours is not None and not same)

    def _mind_room(self) -> None:
        """In a low window what is found comes before chips and preview: the keys still work."""
        key = self.sections.value()
        mending = self._low and key in self.edits and bool(self.edits[key].lint.findings())
        self._chips.setVisible(key != ABOUT and not mending)
        self._reading.setVisible(not mending)

    def _show_preview(self) -> None:
        parts, told = _read(self.draft(), self._preview.context)
        self._view.show_parts(parts)
        self._length.setText(told)

    # --- keeping ---

    def save(self) -> None:
        """Enter: keep it, or go to the field that is not right yet."""
        wrong = self._fault()
        if wrong is not None:
            self.show_section(wrong[0])
        super().save()

    def _typed(self) -> None:
        self._show_preview()
        self._mind_ours()
        self._mind_room()
        self.note_field.setPlaceholderText(changed_heads(self._words, self.draft()) or "还没有改")
        self.refresh()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        wrong = self._fault()
        if wrong is not None:
            return [(self._faults[wrong[1]], wrong[2])]
        same = not self._is_new and same_words(self.draft(), self._words)
        return [(self._spot, "还没有改。" if same else "")]

    def _fault(self) -> tuple[str, QWidget, str] | None:
        """The first section that is not right, its field and what is wrong."""
        asked = [(key, edit.problem()) for key, edit in self.edits.items()] + [(ABOUT, self.about.problem())]
        for key, found in asked:
            if found is not None:
                return (key, *found)
        draft = self.draft()
        wrong = [one for one in word_problems(self._desk.office.scripts.shipped, draft) if one.blocking]
        if not wrong:
            return None
        said = f"{wrong[0].what.rstrip('。')}。"
        for key, edit in self.edits.items():
            text, intent = edit.value()
            if wrong[0].matched in text or wrong[0].matched in intent:
                return key, edit.words if wrong[0].matched in text else edit.intent, said
        return self._heads[0], self.edits[self._heads[0]].words, said

    def refresh(self) -> None:
        """A text that nobody has changed is no fault to be told."""
        super().refresh()
        if self._spot.words.text() == "还没有改。":
            self._spot.words.hide()

    def _is_touched(self) -> bool:
        return not same_words(self.draft(), self._before)

    def _write(self) -> bool:
        draft, scripts = self.draft(), self._desk.office.scripts
        note = self.note_field.text().strip() or ("" if self._is_new else changed_heads(self._words, draft))
        said = f"“{draft.title if isinstance(draft, Script) else draft.chip}”已保存，马上启用。"
        key = "" if self._is_new else key_of(draft)
        before = scripts.decided(key) if key else OURS
        kept: list[str] = []

        def keep() -> Changes:
            changes = scripts.add(draft, note) if self._is_new else scripts.save(draft, note)
            kept.extend(changes.keys)
            return changes

        if not self._desk.write(keep, said, lambda _: scripts.take_back(key, before) if key else scripts.hide(kept[0])):
            return False
        self.saved.emit(kept[0])
        return True

    def _mind_height(self) -> None:
        """As high as the window allows: original, text and preview share it."""
        self.resize(self._width, self._most_high)


def _scrolled(inner: QWidget, name: str) -> QScrollArea:
    held = QWidget()
    column = QVBoxLayout(held)
    column.setContentsMargins(0, 0, 4, 0)
    column.addWidget(inner)
    column.addStretch(1)
    made = QScrollArea()
    made.setWidget(held)
    made.setWidgetResizable(True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setMinimumHeight(48)
    made.setAccessibleName(name)
    return made


def _about(words: Words | None) -> list[FilledPart]:
    if words is None:
        return []
    about = about_of(words)
    lines = (
        about.title,
        about.aim,
        *(f"适合：{one}" for one in about.when),
        *(f"注意：{one}" for one in about.cautions),
    )
    return [FilledPart("", marked(line)) for line in lines if line]


def _read(words: Words, context: ScriptContext) -> tuple[tuple[FilledPart, ...], str]:
    """The parts filled, and what there is to know about them: gaps and how long it takes to the question."""
    if isinstance(words, Objection):
        return fill_objection(words, context).parts, ""
    filled = fill(words, context)
    told = [f"这一户缺：{'、'.join(filled.missing)}"] if filled.missing else []
    took = filled_seconds(filled)
    if took:
        told.append(f"到提问约 {took:.0f} 秒" + ("，太长了，40 秒以内为好" if took > LONGEST else ""))
    return filled.parts, "；".join(told)
