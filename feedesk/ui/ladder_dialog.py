"""催缴阶段 of one account: every step with why it is open or not, what is missing and who signs; F7 opens it.

↑↓ walk, Enter raises to the step looked at, B lowers to it, D files what is missing. Nothing moves by itself.
"""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.accounts import STEP_LABELS, OwnerRow, Step
from feedesk.models.changes import Changes
from feedesk.models.days import short_day, show_day
from feedesk.models.ladder import ORDER, CourtAdvice, LadderView, StepState, StepVerdict, Transition
from feedesk.models.ladder.court import COURT_WAY_LABELS
from feedesk.models.ladder.view import SIGNER_TEXTS
from feedesk.models.letters import PAPER_LABELS, PaperKind
from feedesk.models.money import show_yuan
from feedesk.ui.contact_parts import takes_text
from feedesk.ui.desk import Desk
from feedesk.ui.ladder_form import LadderForm
from feedesk.ui.ladder_rungs import LadderRungs, tone_of, words_of
from feedesk.ui.theme import Tone, text_colour
from feedesk.ui.widgets import Banner, ElidedLabel, IconMark, KeyButton, label, lay_sheet, set_look

_WIDE, _HIGH = 860, 480
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PRINTED = (PaperKind.DEMAND, PaperKind.PROMPT, PaperKind.LETTER, PaperKind.FINAL)
"""Papers the program prints on 通知; they are not asked to be filed here."""
STEP_TEXTS = {
    Step.BILL: "缴费通知单：每月 5 日前送到",
    Step.REMINDER: "温馨提醒：短信、微信，约两周一次",
    Step.FIRST_CALL: "首次电话：一周内都打到，当天或次日分 A–E 类",
    Step.SECOND_CALL: "再次电话、上门：自住户傍晚较好",
    Step.DEMAND: "催款单、催缴通知书：当面、邮寄，或张贴拍照",
    Step.LETTER: "公司催费函，再是最后通知书：EMS，或两人同去签收",
    Step.MEDIATION: "请业委会督促，或申请社区人民调解",
    Step.LAWYER: "律师函：由律师事务所寄出，逐户发",
    Step.PUBLIC_NOTICE: "公告栏公示：只写汇总数，不写姓名、电话、房号",
    Step.COURT: "支付令、仲裁或起诉",
}


class LadderDialog(QDialog):
    """Shows the ladder of an account and writes moves through the desk; closes when one is written."""

    def __init__(self, desk: Desk, row: OwnerRow, parent: QWidget | None = None) -> None:
        """Raises `BadInput` when the account cannot be read."""
        super().__init__(parent)
        self.setWindowTitle("催缴阶段")
        self.setModal(True)
        self._desk, self._row = desk, row
        self._today: date = desk.today()
        self._view: LadderView = desk.office.ladder.view(row.account_id)
        self._moves: list[Transition] = desk.office.ladder.history(row.account_id)
        self._advice: CourtAdvice | None = None
        self._asks: str = ""
        """`up` or `back` while the form is open."""
        self._warned = False
        self._said: list[str] = []
        self.rungs = LadderRungs()
        self.paused = Banner(Tone.VIOLET, "info")
        self.form = LadderForm(self._today)
        self.form.hide()
        self.note = label("", "caption", wrap=True)
        self.back_button = KeyButton("退回到这一步", key="B")
        self.up_button = KeyButton("升到这一步", key="Enter", kind="primary")
        self.leave_button = KeyButton("关上", key="Esc", kind="quiet")
        self.file_buttons: list[KeyButton] = []
        self._detail = QVBoxLayout()
        self._build()
        self.rungs.walked.connect(lambda _step: self._show_step())
        self.form.changed.connect(self._mind)
        self.up_button.clicked.connect(self.go_up)
        self.back_button.clicked.connect(self.go_back)
        self.leave_button.clicked.connect(self.leave)
        desk.changed.connect(self._follow)
        following = self._view.next
        self._show(following.step if following else self._view.step)
        self.rungs.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(24, 12, 24, 12)
        head.setSpacing(10)
        head.addWidget(label("催缴阶段", "title"))
        head.addWidget(label(self._row.room, "room"))
        head.addWidget(ElidedLabel(self._row.name, "who"), 1)
        head.addWidget(label(f"欠 {show_yuan(self._row.owed)}", "muted"))
        left = QVBoxLayout()
        left.setContentsMargins(0, 8, 0, 8)
        left.addWidget(self.rungs)
        left.addStretch(1)
        inner = QWidget()
        outer = QVBoxLayout(inner)
        outer.setContentsMargins(20, 12, 20, 8)
        outer.setSpacing(6)
        outer.addLayout(self._detail)
        outer.addStretch(1)
        self._detail.setSpacing(5)
        self.reading = QScrollArea()
        self.reading.setWidget(inner)
        self.reading.setWidgetResizable(True)
        self.reading.setFrameShape(QFrame.Shape.NoFrame)
        self.reading.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reading.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(self.paused)
        right.addWidget(self.reading, 1)
        asked = QVBoxLayout()
        asked.setContentsMargins(20, 0, 20, 10)
        asked.addWidget(self.form)
        right.addLayout(asked)
        edge = QFrame()
        edge.setFrameShape(QFrame.Shape.NoFrame)
        set_look(edge, role="panel")
        edge.setLayout(right)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addLayout(left)
        middle.addWidget(edge, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 10, 24, 10)
        foot.setSpacing(8)
        foot.addWidget(self.note, 1)
        for button in (self.leave_button, self.back_button, self.up_button):
            foot.addWidget(button)
        lay_sheet(self, head, middle, foot)
        self.resize(_WIDE, _HIGH)

    # --- what is shown ---

    @property
    def verdict(self) -> StepVerdict:
        """The step looked at."""
        return self._view.of(self.rungs.step)

    def text(self) -> str:
        """Everything said about the step looked at, line by line."""
        return "\n".join((*(self._view.paused), *self._said))

    def look_at(self, step: Step) -> None:
        """Walk to a step."""
        self.rungs.look_at(step)

    def _show(self, step: Step) -> None:
        self.paused.show_lines(self._view.paused, Tone.VIOLET)
        self.note.setText("\n".join(self._view.notes))
        self.rungs.show_view(self._view, step)
        self._show_step()

    def _show_step(self) -> None:
        self._close_form()
        while self._detail.count():
            item = self._detail.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._said, self.file_buttons = [], []
        found = self.verdict
        self._line("", STEP_LABELS[found.step], "section", aside=words_of(found), tone=tone_of(found))
        self._line("", STEP_TEXTS[found.step], "caption")
        self._detail.addSpacing(4)
        for text in found.unmet:
            if text not in self._view.paused:
                self._line("alert", text, icon_tone=Tone.OCHRE)
        above = found.state in (StepState.OPEN, StepState.NOT_YET)
        for text in found.met:
            self._line("check" if above else "sheet", text, icon_tone=Tone.MALACHITE if above else Tone.CAPTION)
        if found.skips:
            self._line("info", f"不走 {'、'.join(STEP_LABELS[one] for one in found.skips)}，在原因里写明")
        if found.earliest is not None:
            self._line("calendar", f"最早 {show_day(found.earliest, self._today)} 可升")
        for missing in found.missing:
            self._missing(missing.text, missing.kinds)
        if found.step in SIGNER_TEXTS and found.state in (StepState.OPEN, StepState.NOT_YET):
            self._line("user", SIGNER_TEXTS[found.step])
        self._history(found.step)
        if found.step is Step.COURT and found.state is not StepState.HERE:
            self._court()
        self.reading.verticalScrollBar().setValue(0)
        self._mind()

    def _line(
        self,
        icon: str,
        text: str,
        role: str = "",
        *,
        aside: str = "",
        tone: Tone | None = None,
        icon_tone: Tone = Tone.CAPTION,
    ) -> None:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        if icon:
            mark = QVBoxLayout()
            mark.setContentsMargins(0, 3, 0, 0)
            mark.addWidget(IconMark(icon, text_colour(icon_tone).name(), 14))
            mark.addStretch(1)
            row.addLayout(mark)
        row.addWidget(label(text, role, wrap=not aside), 0 if aside else 1)
        if aside:
            row.addWidget(label(aside, "strong", tone))
            row.addStretch(1)
        self._said.append(f"{text} {aside}".strip())
        self._detail.addWidget(holder)

    def _missing(self, text: str, kinds: tuple[PaperKind, ...]) -> None:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(IconMark("folder", text_colour(Tone.OCHRE).name(), 14), 0)
        row.addWidget(label(f"缺：{text}", "", Tone.OCHRE, wrap=True), 1)
        for kind in kinds:
            if kind not in _PRINTED:
                button = KeyButton(f"存{PAPER_LABELS[kind]}", key="" if self.file_buttons else "D", kind="quiet")
                button.clicked.connect(lambda _on=False, which=kind: self.file(which))
                self.file_buttons.append(button)
                row.addWidget(button)
        self._said.append(f"缺：{text}")
        self._detail.addWidget(holder)

    def _history(self, step: Step) -> None:
        for move in (one for one in self._moves if one.to_step is step):
            who = move.who or "自动"
            signed = f"，签字 {move.approved_by}" if move.approved_by else ""
            how = "升到" if ORDER.index(move.to_step) > ORDER.index(move.from_step) else "退回到"
            by_itself = "的记录自动" if move.is_automatic else ""
            day = short_day(move.at.date(), self._today)
            self._line("clock", f"{day} {who}{by_itself}{how}这一步：{move.reason}{signed}")

    def _court(self) -> None:
        if self._advice is None:
            self._advice = self._desk.office.ladder.court(self._row.account_id)
        if self._advice.ways:
            self._detail.addSpacing(6)
            self._line("", "走哪条路（由律师核定）", "section")
        for one in self._advice.ways:
            self._line("law", f"{COURT_WAY_LABELS[one.way]}：{'；'.join(one.reasons)}")

    def _mind(self) -> None:
        """What the buttons can do now."""
        if self._asks:
            wrong = self.form.problem()
            self.up_button.set_words("记下，升一步" if self._asks == "up" else "记下，退回")
            self.up_button.setEnabled(not wrong)
            self.up_button.setToolTip(wrong)
            self.up_button.show()
            self.back_button.hide()
            self.leave_button.set_words("返回")
            return
        found = self.verdict
        self.up_button.set_words(f"升到“{STEP_LABELS[found.step]}”")
        self.up_button.setEnabled(found.is_ready)
        self.up_button.setToolTip(self._why_not(found))
        self.up_button.setVisible(found.state in (StepState.OPEN, StepState.NOT_YET))
        self.back_button.setVisible(self._view.step is not ORDER[0])
        target = self._back_to()
        self.back_button.set_words(f"退回到“{STEP_LABELS[target]}”")
        self.leave_button.set_words("关上")

    def _why_not(self, found: StepVerdict) -> str:
        if found.state is StepState.NOT_YET:
            return found.unmet[0]
        return f"先存{'、'.join(one.text for one in found.missing)}" if found.missing else ""

    def _back_to(self) -> Step:
        """The step that B lowers to: the one looked at if it is below, else the last one it stood on."""
        here = ORDER.index(self._view.step)
        looked_at = ORDER.index(self.rungs.step)
        if looked_at < here:
            return ORDER[looked_at]
        stood = [step for step in ORDER[:here] if not self._view.of(step).was_left_out]
        return stood[-1] if stood else ORDER[0]

    # --- what is done ---

    def go_up(self) -> None:
        """Enter: ask for what the step needs; with that typed, write it."""
        if self._asks:
            self._write()
        elif self.verdict.is_ready:
            self._open_form("up")
            self.form.ask_up(self.rungs.step, self._desk.office.ladder.signers(self.rungs.step))
            self._after_opening()

    def go_back(self) -> None:
        """B: ask why the account goes down."""
        if not self._asks and self._view.step is not ORDER[0]:
            target = self._back_to()
            self.rungs.look_at(target)
            self._open_form("back")
            self.form.ask_back(target)
            self._after_opening()

    def file(self, kind: PaperKind) -> None:
        """D: put a missing paper on file; the ladder then shows what that has opened."""
        from feedesk.ui.document_dialog import open_document_dialog  # dialogs come when they are needed

        open_document_dialog(self._desk, self._row.account_id, kind, self)

    def leave(self) -> None:
        """Esc: out of the form first; what was typed goes only with a second one."""
        if not self._asks:
            self.reject()
        elif self.form.is_touched() and not self._warned:
            self._warned = True
            self.form.told.say("填了的还没有记下，再按一次 Esc 就放弃。")
        else:
            self._close_form()
            self._mind()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Esc, and the letters where no text is typed."""
        free = not takes_text(self.focusWidget())
        if event.key() in _ENTER:
            self.go_up()
        elif event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() == Qt.Key.Key_B and free:
            self.go_back()
        elif event.key() == Qt.Key.Key_D and free and self.file_buttons:
            self.file_buttons[0].click()
        else:
            super().keyPressEvent(event)

    def _open_form(self, asks: str) -> None:
        self._asks, self._warned = asks, False
        self.form.show()

    def _after_opening(self) -> None:
        self._mind()
        self.rungs.setEnabled(False)
        self.form.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _close_form(self) -> None:
        self._asks, self._warned = "", False
        self.form.hide()
        self.rungs.setEnabled(True)
        self.rungs.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write(self) -> None:
        wrong = self.form.problem()
        if wrong:
            self.form.told.say(wrong)
            return
        ladder, form, step = self._desk.office.ladder, self.form, self.rungs.step
        account_id, before = self._row.account_id, self._view.step
        if self._asks == "up":
            done = self._desk.write(
                lambda: ladder.advance(account_id, step, form.words(), form.signature(), form.decision()),
                f"{self._row.room} 升到“{STEP_LABELS[step]}”。",
                lambda _changes: ladder.step_back(account_id, before, "当场撤销"),
            )
        else:
            done = self._desk.write(
                lambda: ladder.step_back(account_id, step, form.words()),
                f"{self._row.room} 退回到“{STEP_LABELS[step]}”。",
            )
        if done:
            self.accept()
        else:
            form.signer.clear()

    def _follow(self, changes: Changes) -> None:
        """A paper was filed, or something else has changed: read again, look at the same step."""
        if not (changes.everything or self._row.account_id in changes.account_ids):
            return
        ladder = self._desk.office.ladder
        self._view, self._moves = ladder.view(self._row.account_id), ladder.history(self._row.account_id)
        self._advice = None
        if not self._asks:
            self._show(self.rungs.step)


def open_ladder_dialog(desk: Desk, row: OwnerRow, parent: QWidget) -> LadderDialog | None:
    """F7: the ladder of an account; None when it cannot be read (said already)."""
    try:
        dialog = LadderDialog(desk, row, parent)
    except FeeDeskError as error:
        desk.messages.tell(error, parent)
        return None
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
