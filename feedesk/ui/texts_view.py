"""短信/微信: who gets a reminder and who does not and why, the very text beside it; copied one by one or saved as a list.

Nothing is on record until the clerk says that it was sent (记为已发): the program itself sends nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from feedesk.models.changes import Changes
from feedesk.models.owner_filter import Chip, OwnerFilter
from feedesk.models.store.texts import SentHow
from feedesk.models.texts import TextBatch, TextDraft, TextKind, TextTemplate
from feedesk.ui.desk import Desk
from feedesk.ui.key_combo import KeyCombo
from feedesk.ui.left_out import LeftOutStrip
from feedesk.ui.notice_options import Whom, filters
from feedesk.ui.page import NARROW_BELOW
from feedesk.ui.table import RecordTableModel, RecordTableView
from feedesk.ui.texts_pane import TextPane
from feedesk.ui.texts_press import TextPress
from feedesk.ui.texts_rows import TextRow, text_columns
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, ElidedLabel, EmptyState, KeyButton, field_label, label

_LEFT_OUT_MOST = 5
_PANE_SHARE, _PANE_LEAST = 0.34, 320
_DIGITS = "123456789"
_SUBTITLE = "每位业主一条，只写他自己的；程序不发短信，发了再记"
_PAID = Whom("缴清的", wanted=OwnerFilter(chip=Chip.PAID))
_OWING = Whom("全部欠费", wanted=OwnerFilter())


class TextsView(QWidget):
    """Proposes, copies, saves, and marks as sent.

    Signals:
        owner_asked: account id of a row left out that the clerk wants to see.
        back_asked: back to 催款单.
    """

    owner_asked = Signal(int)
    back_asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._handed: Whom | None = None
        self._batch = TextBatch((), ())
        self._rows: tuple[TextRow, ...] = ()
        self._out: set[int] = set()
        self._done: dict[int, tuple[TextDraft, SentHow]] = {}
        self._templates: tuple[TextTemplate, ...] = ()
        self._filling = False
        self.press = TextPress(desk, self)
        self.press.listed.connect(self._on_listed)
        self.press.recorded.connect(self._on_recorded)
        self.started = False
        """Whether anything has been proposed."""

        self._subtitle = ElidedLabel(_SUBTITLE, "muted")
        self.edit_button = KeyButton("改这条模板", key="F6", icon="edit", kind="quiet")
        self.edit_button.clicked.connect(self.edit_template)
        self.back_button = KeyButton("催款单", key="Esc", icon="notices", kind="quiet")
        self.back_button.clicked.connect(self.back_asked)
        self.whom = QComboBox()
        self.whom.setMinimumContentsLength(12)
        self.whom.setMaxVisibleItems(16)
        self.whom.activated.connect(lambda _at: self.propose())
        self.template_combo = KeyCombo("用哪一条", "1–9")
        self.template_combo.picked.connect(self._use_template)
        self.hours = Banner(Tone.OCHRE, "clock")
        self.hours.show_lines(())
        self.model: RecordTableModel[TextRow] = RecordTableModel(
            text_columns(), lambda row: row.id, checkable=True, parent=self
        )
        self.model.checks_changed.connect(self._on_checks)
        self.table: RecordTableView[TextRow] = RecordTableView(self.model, row_height=30)
        self.table.setAccessibleName("这一批短信")
        self.table.current_changed.connect(lambda _id: self._show_current())
        self.table.typed.connect(self._on_typed)
        self.nobody = EmptyState()
        self.nobody.pressed.connect(self._everybody)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.nobody)
        self.left = LeftOutStrip("这次不发", "按 Enter 去看这一户", _LEFT_OUT_MOST)
        self.left.owner_asked.connect(self.owner_asked)
        self.left.table.typed.connect(self._on_typed)
        self.pane = TextPane()
        self.pane.copy_button.clicked.connect(self.copy_and_next)
        self._sum = label("", "section")
        self._pending = ElidedLabel("", "caption")
        self.list_button = KeyButton("存名单", key="Ctrl+S", icon="export")
        self.list_button.clicked.connect(self.save_list)
        self.sent_button = KeyButton("记为已发", key="Ctrl+Enter", icon="check", kind="primary")
        self.sent_button.clicked.connect(self.mark_sent)
        self._lay_out()
        self._add_keys()
        desk.jobs.busy_changed.connect(lambda _busy: self._show_sums())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 8)
        head.setSpacing(10)
        head.addWidget(label("短信/微信", "title"))
        head.addWidget(self._subtitle, 1)
        head.addWidget(self.edit_button)
        head.addWidget(self.back_button)
        options = QHBoxLayout()
        options.setContentsMargins(16, 0, 16, 10)
        options.setSpacing(12)
        for said, field in (("给谁(&R)", self.whom), ("用哪一条（按 1–9）(&M)", self.template_combo)):
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(field_label(said, field))
            part.addWidget(field)
            options.addLayout(part)
        options.addStretch(1)
        bar = QFrame()
        bar.setProperty("role", "bar")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._sum)
        words.addWidget(self._pending)
        foot = QHBoxLayout(bar)
        foot.setContentsMargins(16, 8, 16, 8)
        foot.setSpacing(8)
        foot.addLayout(words, 1)
        for button in (self.list_button, self.sent_button):
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            foot.addWidget(button)
        lists = QVBoxLayout()
        lists.setSpacing(0)
        lists.addLayout(head)
        lists.addLayout(options)
        lists.addWidget(self.hours)
        lists.addWidget(self._stack, 1)
        lists.addWidget(self.left)
        lists.addWidget(bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(lists, 1)
        row.addWidget(self.pane)

    def _add_keys(self) -> None:
        acts: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Ctrl+Shift+C", self.copy_and_next),
            ("F6", self.edit_template),
            ("Ctrl+Return", self.mark_sent),
            ("Ctrl+Enter", self.mark_sent),
        )
        for keys, act in acts:
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # --- for whom, and which words ---

    def propose_for(self, account_ids: Sequence[int]) -> None:
        """Texts for these accounts, as checked on another page."""
        count = len(account_ids)
        self._out.clear()
        self._handed = Whom(f"勾选的 {count:,} 户" if count > 1 else "这一户", tuple(account_ids))
        self._offer(self._handed)
        self.propose()
        if count == 1 and not self._rows:
            kind = self._desk.office.texts.suiting(account_ids)
            if kind is not None:
                self.template_combo.show_value(kind)
                self.propose()

    def start(self) -> None:
        """Texts by the filter chosen last, at first for all who owe."""
        self._offer(None)
        self.propose()

    def _offer(self, chosen: Whom | None) -> None:
        kept = chosen or (self._whom() if self.started else _OWING)
        self._templates = self._desk.office.texts.templates()
        now = self.template()
        self.template_combo.offer(
            [(digit, one.title, one.kind) for digit, one in zip(_DIGITS, self._templates, strict=True)]
        )
        self.template_combo.show_value(now.kind if self.started else TextKind.SECOND)
        buildings = self._desk.office.accounts.buildings()
        self.whom.clear()
        for whom in ([self._handed] if self._handed else []) + [*filters(buildings), _PAID]:
            self.whom.addItem(whom.words, whom)
        self._choose_whom(kept)
        self.started = True

    def _choose_whom(self, wanted: Whom) -> None:
        at = next((at for at in range(self.whom.count()) if self.whom.itemData(at) == wanted), 0)
        self.whom.setCurrentIndex(at)

    def _whom(self) -> Whom:
        found = self.whom.currentData()
        return found if isinstance(found, Whom) else _OWING

    def template(self) -> TextTemplate:
        """The template in use."""
        kind = self.template_combo.value() or TextKind.SECOND
        return next(one for one in self._templates if one.kind is kind)

    def _use_template(self, kind: TextKind) -> None:
        """Thanks go to those who have paid, everything else to those who owe."""
        self.template_combo.show_value(kind)
        whom = self._whom()
        if kind is TextKind.THANKS and whom.wanted is not None:
            self._choose_whom(_PAID)
        elif kind is not TextKind.THANKS and whom == _PAID:
            self._choose_whom(_OWING)
        self.propose()
        self.take_focus()

    def _on_typed(self, typed: str) -> None:
        place = _DIGITS.find(typed)
        if 0 <= place < len(self._templates):
            self._use_template(self._templates[place].kind)

    def propose(self) -> None:
        """Ask the rules anew; rows taken out by hand stay out, what was copied stays copied."""
        office, whom = self._desk.office, self._whom()
        ids = whom.account_ids if whom.wanted is None else office.accounts.rows(whom.wanted, "room").ids()
        self.press.propose(ids, self.template().kind, lambda batch: self._take(batch, asked=bool(ids)))

    def _take(self, batch: TextBatch, *, asked: bool) -> None:
        self._batch = batch
        left = self._desk.office.law.checks().open_count
        self._subtitle.setText(f"{_SUBTITLE}；法规还有 {left} 项没有核对（设置 › 法规）" if left else _SUBTITLE)
        self.hours.show_lines((f"现在不能发：{batch.hours}。",) if batch.hours else ())
        self._show(asked)

    def refresh(self, _changes: Changes) -> None:
        """Something was written: a payment, a promise, a contact may take anybody off."""
        if self.started:
            self.propose()

    # --- acts ---

    def copy_and_next(self) -> None:
        """Ctrl+Shift+C: this text is on the clipboard and counts as copied; on to the next."""
        row = self.table.current_record()
        if row is None:
            return
        if not row.draft.is_ready:
            self._desk.messages.note(f"{row.draft.rooms[0]} 发不了：{row.draft.composed.blocks[0]}")
            return
        from feedesk.ui import clipboard

        clipboard.put(row.draft.words)
        self._out.discard(row.id)
        self._done[row.id] = (row.draft, SentHow.COPIED)
        self._show_rows()
        last = not self.table.step(1)
        said = f"{row.draft.rooms[0]} 的已复制，粘到微信或短信里发出。"
        self._desk.messages.note(said + ("到末尾了；发完点“记为已发”。" if last else ""))

    def save_list(self) -> None:
        """Ctrl+S: the list for the gateway, of those chosen and not copied one by one."""
        texts = self._to_list()
        if not texts or self._desk.jobs.busy:
            self._desk.messages.note(self._no_list() or "正在处理一件较长的事，请等它做完。")
            return
        self.press.save_list(texts)

    def _on_listed(self, texts: tuple[TextDraft, ...]) -> None:
        self._done.update({text.id: (text, SentHow.LIST) for text in texts})
        self._show_rows()

    def mark_sent(self) -> None:
        """记为已发: one contact for each owner, by the clerk's word."""
        sent = list(self._done.values())
        if not sent:
            self._desk.messages.note("还没有复制过，也没有存过名单。")
            return
        if self._desk.jobs.busy:
            self._desk.messages.note("正在处理一件较长的事，请等它做完。")
            return
        self.press.mark(sent, self._batch.hours)

    def _on_recorded(self) -> None:
        self._done.clear()
        self._show_rows()

    def edit_template(self) -> None:
        """F6: the words of this template, with a preview."""
        from feedesk.ui.texts_template_dialog import TextTemplateDialog  # dialogs come when they are needed

        row = self.table.current_record()
        dialog = TextTemplateDialog(self._desk, self.template(), row.id if row else None, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(self._on_template_saved)
        dialog.open()

    def _on_template_saved(self) -> None:
        self._templates = self._desk.office.texts.templates()
        self.propose()

    # --- what is shown ---

    def fit(self, width: int, height: int) -> None:
        """Choose columns and heights for a window of this size."""
        self._subtitle.setVisible(width >= 1000)
        narrow = width < NARROW_BELOW  # the keys then stand in the list that F1 opens
        self.list_button.set_words(self.list_button.words(), key="" if narrow else "Ctrl+S")
        self.sent_button.set_words(self.sent_button.words(), key="" if narrow else "Ctrl+Enter")
        self.table.fit_columns(width)
        self.pane.setFixedWidth(max(_PANE_LEAST, int(width * _PANE_SHARE)))
        self.pane.fit(width)
        self.left.fit(height)

    def take_focus(self) -> None:
        """Into the table."""
        (self.table if self._rows else self.template_combo).setFocus(Qt.FocusReason.OtherFocusReason)

    def rows(self) -> tuple[TextRow, ...]:
        """The rows as shown."""
        return self._rows

    def sums(self) -> tuple[str, str]:
        """The two lines of the foot as read."""
        return self._sum.text(), self._pending.text()

    def left_out_words(self) -> str:
        """「这次不发 4 户」, empty when nobody is left out."""
        return self.left.text()

    def _show(self, asked: bool) -> None:
        self._show_rows()
        if self._rows and self.table.current_id() is None:
            self.table.choose_row(0)
        left = self._batch.left_out
        self.left.show_rows(left)
        why = "原因在下面一户一行；也可以按数字换一条。" if asked and left else ""
        self.nobody.say(f"“{self.template().title}”没有要发的户。", why, "换一个范围")
        self._stack.setCurrentIndex(0 if self._rows else 1)
        self._show_current()

    def _show_rows(self) -> None:
        self._filling = True
        self._rows = tuple(
            TextRow(
                text,
                chosen=text.is_ready and text.id not in self._out,
                done=self._done[text.id][1] if text.id in self._done else None,
            )
            for text in self._batch.texts
        )
        self.model.clear_checks()
        self.model.set_checked([row.id for row in self._rows if row.chosen])
        self.table.show_rows(self._rows)
        self._filling = False
        self._show_sums()

    def _on_checks(self) -> None:
        if self._filling:
            return
        checked = self.model.checked_ids()
        for row in self._rows:
            if row.id in checked:
                self._out.discard(row.id)
            else:
                self._out.add(row.id)
                self._done.pop(row.id, None)
        if any(row.id in checked and not row.draft.is_ready for row in self._rows):
            self._desk.messages.note("缺内容或有不能写的话，这一条发不了；原因在右边。")
        self._show_rows()

    def _show_current(self) -> None:
        row = self.table.current_record() if self._rows else None
        self.pane.show_text(row.draft if row else None, self.template() if self._templates else None)

    def _to_list(self) -> list[TextDraft]:
        """Chosen ones that were not copied one by one: nobody gets two."""
        return [row.draft for row in self._rows if row.chosen and row.done is not SentHow.COPIED]

    def _no_list(self) -> str:
        return "" if self._to_list() else "没有要存的短信，请先勾选。"

    def _show_sums(self) -> None:
        chosen = [row.draft for row in self._rows if row.chosen]
        parts = sum(text.composed.length.parts for text in chosen)
        blocked = sum(not row.draft.is_ready for row in self._rows)
        self._sum.setText(f"要发 {len(chosen):,} 位业主 · 短信计 {parts:,} 条" if chosen else "没有要发的")
        listed = sum(how is SentHow.LIST for _, how in self._done.values())
        copied = len(self._done) - listed
        said = [f"复制过 {copied:,} 条" if copied else "", f"名单里 {listed:,} 条" if listed else ""]
        told = "、".join(part for part in said if part)
        words = f"{told}，还没有记" if told else "逐条复制，或存成名单交短信平台；发出后再记"
        self._pending.setText(words + (f" · {blocked:,} 户缺内容发不了" if blocked else ""))
        self.list_button.set_words(f"存名单 {len(self._to_list()):,} 条" if self._to_list() else "存名单")
        self.list_button.setEnabled(not self._no_list() and not self._desk.jobs.busy)
        self.list_button.setToolTip(self._no_list() or "两列：手机号码、短信内容；文件里有手机号，用完删掉")
        self.sent_button.set_words(f"记为已发 {len(self._done):,} 条" if self._done else "记为已发")
        self.sent_button.setEnabled(bool(self._done) and not self._desk.jobs.busy)
        self.sent_button.setToolTip("" if self._done else "先复制，或存名单")

    def _everybody(self) -> None:
        self.whom.setFocus()
        self.whom.showPopup()
