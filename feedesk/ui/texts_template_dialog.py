"""改短信模板: the words with their placeholders as chips, and how an owner would read them, as one types."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.scripts.records import slots, variants
from feedesk.models.texts import (
    PLACEHOLDERS,
    SIGNATURE_PLACE_LABELS,
    Composed,
    Signature,
    TextKind,
    TextTemplate,
    compose,
    joined,
    problems,
)
from feedesk.ui.desk import Desk
from feedesk.ui.flow_row import FlowRow
from feedesk.ui.key_combo import KeyCombo
from feedesk.ui.lint_box import LintBox
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot
from feedesk.ui.speech import markup
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, Card, Chip, Field, KeyButton, field_label, label

_ALWAYS = ("称呼", "房号", "期间", "费项", "金额", "缴费方式", "缴费地点", "电话", "办公室", "小区")
_MORE: dict[TextKind, tuple[str, ...]] = {
    TextKind.SECOND: ("上次提醒日",),
    TextKind.BEFORE_DUE: ("到期日",),
    TextKind.PROMISE_TOMORROW: ("约定日", "承诺金额"),
    TextKind.PROMISE_PAST: ("承诺日",),
    TextKind.INSTALMENT: ("分期期次", "分期日", "分期金额"),
    TextKind.LIST_SENT: ("送单日", "送单处"),
    TextKind.FESTIVAL: ("节日",),
    TextKind.THANKS: ("缴费日", "已缴金额"),
}
_WIDTH = 760
_LOW = 600


class WordsEdit(QPlainTextEdit):
    """One paragraph: Enter saves, Tab goes on.

    Signals:
        entered: Enter.
    """

    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setFixedHeight(88)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A short message has no second line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


class TextTemplateDialog(MoneyDialog):
    """Keeps the office's own words and its signature.

    Signals:
        saved: template or signature is another.
    """

    saved = Signal()

    def __init__(
        self, desk: Desk, template: TextTemplate, account_id: int | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(Head("改短信模板", "", template.title), "保存", parent, width=_WIDTH)
        self._desk, self._template = desk, template
        self._values = desk.office.texts.example(template.kind, account_id)
        signed = desk.office.texts.signature()
        self.words = WordsEdit()
        self.words.setAccessibleName("模板")
        self.words.setPlainText(template.text)
        self.words.entered.connect(self.save)
        self._words_spot = self.add_field("模板(&M)", self.words)
        self.lint = LintBox(self.words, spoken=variants)
        self.words.textChanged.connect(self._typed)
        self.middle.addWidget(self.lint)
        self._chips = FlowRow()
        offered = (*_ALWAYS, *_MORE.get(template.kind, ()))
        self._chips.set_widgets([self._chip(name) for name in offered])
        self._chips_hint = label("点一下插到光标处；[[ … || … ]] 里，前半段的数都有才说前半段", "caption")
        self.middle.addWidget(self._chips_hint)
        self.middle.addWidget(self._chips)
        self.middle.addSpacing(8)
        self._signature_row(signed)
        self._preview = QLabel()
        self._preview.setTextFormat(Qt.TextFormat.RichText)
        self._preview.setWordWrap(True)
        self._length = label("", "caption")
        card = Card(spacing=4)
        card.body.addWidget(self._preview)
        card.body.addWidget(self._length)
        self._advice = Banner(Tone.OCHRE)
        self.restore_button = KeyButton("恢复原文", key="Alt+Z", icon="undo", kind="quiet")
        self.restore_button.clicked.connect(self.restore)
        QShortcut(QKeySequence("Alt+Z"), self).activated.connect(self.restore)
        line = QHBoxLayout()
        line.addWidget(label("业主会看到", "section"))
        line.addStretch(1)
        line.addWidget(self.restore_button)
        self.middle.addSpacing(4)
        self.middle.addLayout(line)
        self.middle.addWidget(card)
        self.middle.addWidget(self._advice)
        self.middle.addStretch(1)
        self.note.setText(f"用在：{template.when}。不用于：{template.not_for}。")
        self._touched = False
        self.lint.looked.connect(self._make_room)
        self.start_at(self.words)
        self._show_preview()
        self.refresh()

    # --- parts ---

    def _chip(self, name: str) -> Chip:
        made = Chip(name)
        made.setCheckable(False)
        made.setToolTip(PLACEHOLDERS[name])
        made.clicked.connect(lambda: self.insert(name))
        return made

    def _signature_row(self, signed: Signature) -> None:
        self.signer = Field(signed.name)
        self.signer.setAccessibleName("签名")
        self.place = KeyCombo("签名放哪里", "Alt+P")
        options = [(str(at), words, place) for at, (place, words) in enumerate(SIGNATURE_PLACE_LABELS.items(), start=1)]
        self.place.offer(options)
        self.place.show_value(signed.place)
        self.place.picked.connect(lambda _place: self._typed())
        self.signer.textEdited.connect(lambda _text: self._typed())
        self._signing = QWidget()
        row = QHBoxLayout(self._signing)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        for words, field, share in (("签名 【】(&G)", self.signer, 2), ("放哪里(&P)", self.place, 1)):
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(field_label(words, field))
            part.addWidget(field)
            row.addLayout(part, share)
        self._signer_spot = self.spot(self.signer)
        self.middle.addWidget(self._signing)
        self.middle.addWidget(self._signer_spot.words)

    # --- what happens ---

    def _make_room(self) -> None:
        """What must be mended comes first: the chips make room for it."""
        above, found = self.parentWidget(), bool(self.lint.findings())
        is_low = above is not None and above.window().height() < _LOW
        for widget in (self._chips_hint, self._chips):
            widget.setVisible(not found)
        self._signing.setVisible(not (found and is_low))
        self.lint.show_most(2 if is_low else 3)
        self._mind_height()

    def insert(self, name: str) -> None:
        """Put a placeholder where the cursor is."""
        self.words.insertPlainText(f"{{{name}}}")
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def restore(self) -> None:
        """恢复原文: our words again, kept by 保存."""
        self.words.setPlainText(self._template.original)
        self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def preview(self) -> str:
        """The preview as read."""
        return self._composed().words

    def length_words(self) -> str:
        """The length as read."""
        return self._length.text()

    def advice(self) -> str:
        """What to mind, as shown."""
        return self._advice.text()

    def _signature(self) -> Signature:
        return Signature(self.signer.text().strip() or self._desk.office.settings.profile().office, self.place.value())

    def _composed(self) -> Composed:
        return compose(self._template.with_words(self.words.toPlainText()), self._values, self._signature())

    def _typed(self) -> None:
        self._touched = True
        self._show_preview()
        self.refresh()

    def _show_preview(self) -> None:
        composed = self._composed()
        self._preview.setText(markup(composed.segments, 15))
        self._length.setText(f"{composed.length.text}（签名在内）")
        unknown = [name for name in composed.missing if name in PLACEHOLDERS]
        advice = [f"这一户没有“{'、'.join(unknown)}”，发不出去；可以放进 [[ ]] 里。"] if unknown else []
        odd = [one for one in slots(self.words.toPlainText()) if self._is_odd(one) and one not in unknown]
        advice += (
            [f"“{'、'.join(dict.fromkeys(odd))}”不是每一户都有，缺的户发不出去；可以放进 [[ ]] 里。"] if odd else []
        )
        in_box = {one.matched for one in self.lint.findings()}
        warnings = [said for said in composed.warnings if said.split("”")[0].removeprefix("“") not in in_box]
        self._advice.show_lines((*advice, *warnings))
        self.restore_button.setEnabled(joined(self.words.toPlainText()) != self._template.original)

    def _is_odd(self, name: str) -> bool:
        return name in PLACEHOLDERS and name not in (*_ALWAYS, *_MORE.get(self._template.kind, ()))

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        found = problems(self.words.toPlainText())
        if found and "不能写：" in found[0]:
            found = ["这样写不能保存：按 F8 逐处看，Enter 换成稳妥的说法。"]
        name = self.signer.text()
        bad = "签名里不要写括号，括号会自动加上。" if any(mark in name for mark in "【】{}[]") else ""
        return [(self._words_spot, found[0] if found else ""), (self._signer_spot, bad)]

    def _mind_height(self) -> None:
        """No higher than the window it stands on: on a small screen what is empty goes first."""
        super()._mind_height()
        above = self.parentWidget()
        if above is not None:
            self.resize(self.width(), min(self.height(), max(self.minimumSizeHint().height(), above.window().height())))

    def _is_touched(self) -> bool:
        return self._touched and not self._is_same()

    def _is_same(self) -> bool:
        same_words = joined(self.words.toPlainText()) == self._template.text
        return same_words and self._signature() == self._desk.office.texts.signature()

    def _write(self) -> bool:
        texts = self._desk.office.texts
        try:
            if joined(self.words.toPlainText()) != self._template.text:
                texts.save_template(self._template.kind, self.words.toPlainText())
            if self._signature() != texts.signature():
                texts.save_signature(self._signature())
        except FeeDeskError as error:
            self._desk.messages.tell(error, self)
            return False
        self._desk.messages.note(f"短信模板“{self._template.title}”已保存。")
        self.saved.emit()
        return True
