"""存档: a paper that others made or signed goes on file, with what it proves told while it is typed.

The dialog sees no store; `open_document_dialog` ties it to the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.documents import (
    KINDS,
    Background,
    Document,
    DocumentDraft,
    DocumentVerdict,
    Need,
    problems,
    tidy,
    verdict,
)
from feedesk.models.letters import LAWYER_DAYS, PAPER_LABELS, PaperKind
from feedesk.models.limitation import GRADE_LABELS, Grade
from feedesk.models.service import EMS, METHOD_LABELS, SIGNED, TOLD, DeliveryMethod, ProofFile
from feedesk.ui.contact_parts import takes_text
from feedesk.ui.desk import Desk
from feedesk.ui.document_parts import KIND_KEYS, PAPERS, FilesRow, KindPads, ListedLines
from feedesk.ui.key_combo import KeyCombo
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot
from feedesk.ui.service_dialog import DAY_WORDS
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import DayEdit, Field, KeyButton, field_label, label, set_look

SaveDocument = Callable[[DocumentDraft, Sequence[Path]], bool]
_LONGEST = 120
_WIDE = 860
_WAYS: tuple[tuple[str, str, DeliveryMethod | None], ...] = (
    *((digit, METHOD_LABELS[way], way) for digit, way in zip("1234567890", METHOD_LABELS, strict=True)),
    ("", "还没送达", None),
)


class DocumentDialog(MoneyDialog):
    """Takes one paper: a key chooses the kind, `save` files it and says whether it is written."""

    def __init__(
        self,
        head: Head,
        account_id: int,
        known: Background,
        now: datetime,
        ask_file: Callable[[QWidget], Path | None],
        look: Callable[[Path], ProofFile | None],
        save: SaveDocument,
        parent: QWidget | None = None,
        *,
        kind: PaperKind | None = None,
        earlier: Document | None = None,
    ) -> None:
        """`known.lines` are offered; `earlier` is the same paper as filed before, whose service is added now."""
        super().__init__(head, "存档", parent, width=_WIDE)
        self.setAcceptDrops(True)
        self._account_id, self._known, self._now, self._save = account_id, known, now, save
        self._earlier = earlier
        self._kind: PaperKind | None = None
        self._deadline_typed = False
        today = now.date()
        self.kinds = KindPads()
        self.number, self.issuer = Field(), Field()
        self.day = DayEdit(today, past=True)
        self.deadline = DayEdit(today)
        self.way = KeyCombo("送达方式", "F8")
        self.way.offer(_WAYS)
        self.way.show_value(None)
        self.sent = DayEdit(today, past=True)
        self.arrived = DayEdit(today, past=True)
        self.ems_no = Field("", "13 位，例如 EA123456789CN")
        self.signer = Field("", "例如：何芳（配偶）")
        self.witness = Field("", "姓名和单位")
        self.second = Field("", "一同去的同事")
        self.remark = Field("", "其他要记的，例如原话、结果")
        self.told = QCheckBox()
        self.lines = ListedLines(known.lines, account_id)
        self.files = FilesRow(ask_file, look, earlier.files if earlier else ())
        self.other_button = KeyButton("换一种", key="F6", kind="quiet")
        self.verdict_label = label("", "strong", wrap=True)
        self.missing_label = label("", "caption", wrap=True)
        self._form = QWidget()
        self._parts: dict[str, QWidget] = {}
        self._labels: dict[str, QWidget] = {}
        self._spot_of: dict[str, Spot] = {}
        self._build()
        self._connect()
        if earlier is not None:
            self._show_earlier(earlier)
        elif kind is not None:
            self.choose_kind(kind)
        else:
            self.ask_kind()

    # --- values ---

    def draft(self) -> DocumentDraft | None:
        """What was entered, without what the kind does not ask for; None while no kind is chosen."""
        if self._kind is None:
            return None
        accounts = (self._account_id, *sorted(self.lines.accounts() - {self._account_id}))
        return tidy(
            DocumentDraft(
                kind=self._kind,
                account_ids=accounts,
                dated_on=self.day.day(),
                number=self.number.text(),
                issuer=self.issuer.text(),
                deadline_on=self.deadline.day(),
                charge_ids=self.lines.value(),
                method=self.way.value(),
                sent_on=self.sent.day(),
                arrived_on=self.arrived.day(),
                ems_no=self.ems_no.text() if self._shows("ems_no") else "",
                signer=self.signer.text() if self._shows("signer") else "",
                witness=self.witness.text() if self._shows("witness") else "",
                second_staff=self.second.text(),
                note=self.remark.text(),
                confirmed=self.told.isChecked(),
            )
        )

    def verdict(self) -> DocumentVerdict | None:
        """What it would prove as it stands; None while no kind is chosen."""
        draft = self.draft()
        return None if draft is None else verdict(draft, self.files.proofs(), self._now)

    def ask_kind(self) -> None:
        """F6: the pads; what was typed stays."""
        if self._earlier is None:
            self._kind = None
            self.kinds.show()
            self._form.hide()
            self.aside.setText("")
            self.other_button.hide()
            self.refresh()
            first = next(iter(self.kinds.pads.values()))
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            self.start_at(first)

    def choose_kind(self, kind: PaperKind) -> None:
        """Show what a kind asks for; the typing begins at the first field."""
        self._kind = kind
        spec = KINDS[kind]
        self.kinds.pads[kind].setChecked(True)
        self.kinds.hide()
        self._form.show()
        self.aside.setText(PAPER_LABELS[kind])
        self.other_button.setVisible(self._earlier is None)
        for name, words in (("number", spec.number), ("issuer", spec.issuer), ("deadline", spec.deadline)):
            self._parts[name].setVisible(bool(words))
            self._retitle(name, words)
        self._retitle("day", spec.day)
        self.lines.setVisible(spec.lines is not Need.NO)
        self.remark.setPlaceholderText(
            "写明内容，没有扫描件时必填" if spec.files is Need.OR_NOTE else "其他要记的，例如原话"
        )
        self._show_way()
        first = self.number if spec.must_number else self.issuer if spec.issuer else self.day
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.start_at(first)

    # --- inside ---

    def _shows(self, name: str) -> bool:
        return self._parts[name].isVisibleTo(self)

    def _retitle(self, name: str, words: str) -> None:
        title = self._labels[name]
        title.setText(words)  # type: ignore[attr-defined]  # a label, made by field_label
        self._field_of(name).setAccessibleName(words)

    def _field_of(self, name: str) -> QWidget:
        return self._spot_of[name].field

    def _build(self) -> None:
        self.middle.addWidget(self.kinds)
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(6)
        self.foot.insertWidget(0, self.other_button)
        set_look(self.aside, role="section")
        sides = QHBoxLayout()
        sides.setSpacing(24)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addLayout(self._row(("number", "编号", self.number), ("issuer", "谁出的", self.issuer)))
        left.addLayout(self._row(("day", "日期", self.day), ("deadline", "期限", self.deadline)))
        left.addLayout(self._row(("way", "送达方式（F8）", self.way), ("arrived", "送达那天", self.arrived)))
        left.addLayout(
            self._row(
                ("sent", "寄出那天", self.sent), ("ems_no", "EMS 单号", self.ems_no),
                ("signer", "谁签的字、谁回复", self.signer), ("witness", "见证人", self.witness),
                ("second", "同行人", self.second),
            )
        )  # fmt: skip
        self._spot_of["told"] = self.spot(self.told)
        left.addWidget(self.told)
        left.addWidget(self._spot_of["told"].words)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(4)
        self._spot_of["lines"] = self.spot(self.lines.table)
        right.addWidget(self.lines, 1)
        right.addWidget(self._spot_of["lines"].words)
        self._spot_of["files"] = self.spot(self.files.add_button)
        right.addWidget(self.files)
        right.addWidget(self._spot_of["files"].words)
        right.addLayout(self._row(("note", "备注", self.remark)))
        sides.addLayout(left, 6)
        sides.addLayout(right, 5)
        form.addLayout(sides, 1)
        form.addWidget(self.verdict_label)
        form.addWidget(self.missing_label)
        self._spot_of["kind"] = self.spot(self.kinds)
        self.middle.addWidget(self._spot_of["kind"].words)
        self.middle.addWidget(self._form, 1)
        order = (
            self.number, self.issuer, self.day, self.deadline, self.way, self.arrived, self.sent, self.ems_no,
            self.signer, self.witness, self.second, self.told, self.lines.table, self.files.add_button,
            self.files.drop_button, self.remark, self.other_button, self.cancel_button, self.save_button,
        )  # fmt: skip
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _row(self, *fields: tuple[str, str, QWidget]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        for name, words, field in fields:
            part = QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(4)
            self._labels[name] = field_label(words, field)
            self._spot_of[name] = self.spot(field)
            for widget in (self._labels[name], field, self._spot_of[name].words):
                column.addWidget(widget)
            column.addStretch(1)
            row.addWidget(part, 1)
            self._parts[name] = part
        return row

    def _connect(self) -> None:
        self.kinds.chosen.connect(self.choose_kind)
        self.other_button.clicked.connect(self.ask_kind)
        for field in (self.number, self.issuer, self.ems_no, self.signer, self.witness, self.second, self.remark):
            field.setMaxLength(_LONGEST)
            field.textEdited.connect(lambda _text: self.refresh())
        self.day.day_changed.connect(lambda _day: self._on_day())
        self.deadline.textEdited.connect(lambda _text: self._on_deadline())
        for edit in (self.deadline, self.sent, self.arrived):
            edit.day_changed.connect(lambda _day: self.refresh())
        self.way.picked.connect(lambda _way: self._on_way())
        self.told.toggled.connect(lambda _on: self.refresh())
        self.lines.changed.connect(self.refresh)
        self.lines.entered.connect(self.save)
        self.files.changed.connect(self.refresh)
        for keys, act in (("Ctrl+O", self.files.ask), ("F6", self.ask_kind), ("F8", self._open_ways)):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _show_earlier(self, earlier: Document) -> None:
        """The same paper again, its service to be added."""
        draft = earlier.draft
        self.choose_kind(draft.kind)
        self.number.setText(draft.number)
        self.issuer.setText(draft.issuer)
        self.day.set_day(draft.dated_on)
        self.deadline.set_today(draft.dated_on or self._now.date())
        self.deadline.set_day(draft.deadline_on)
        self._deadline_typed = True
        self.way.show_value(draft.method)
        self.sent.set_day(draft.sent_on)
        self.arrived.set_day(draft.arrived_on)
        for field, text in (
            (self.ems_no, draft.ems_no), (self.signer, draft.signer), (self.witness, draft.witness),
            (self.second, draft.second_staff), (self.remark, draft.note),
        ):  # fmt: skip
            field.setText(text)
        self.lines.set_day(draft.dated_on)
        self.lines.choose(draft.charge_ids)
        self._show_way()
        self.told.setChecked(draft.confirmed)
        first = self.way if KINDS[draft.kind].is_served else self.files.add_button
        first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.start_at(first)

    def _on_day(self) -> None:
        """What depends on the day of the paper: which lines it can list, and the two weeks of a lawyer's letter."""
        day = self.day.day()
        self.lines.set_day(day)
        self.deadline.set_today(day or self._now.date())  # 1112 is the next such day after the paper, gone by or not
        if self._kind is PaperKind.LAWYER and not self._deadline_typed:
            self.deadline.set_day(day + timedelta(days=LAWYER_DAYS) if day else None)
        self.refresh()

    def _on_deadline(self) -> None:
        self._deadline_typed = bool(self.deadline.text().strip())

    def _open_ways(self) -> None:
        if self._shows("way"):
            self.way.open_list()

    def _on_way(self) -> None:
        self.told.setChecked(False)
        self._show_way()
        if self._shows("arrived"):
            self.arrived.setFocus(Qt.FocusReason.OtherFocusReason)
            self.arrived.selectAll()

    def _show_way(self) -> None:
        """Only what the way of service needs."""
        if self._kind is None:
            return
        spec = KINDS[self._kind]
        way = spec.method or (self.way.value() if spec.is_served else None)
        served = spec.is_served and way is not None
        shown = {
            "way": spec.is_served,
            "arrived": served,
            "sent": spec.is_served and (way is None or way in EMS),
            "ems_no": served and way in EMS,
            "signer": way in SIGNED or way in (DeliveryMethod.EMS_TAKEN, DeliveryMethod.REPLIED),
            "witness": way is DeliveryMethod.DOOR_WITNESSED,
            "second": served and way not in EMS,
        }
        for name, on in shown.items():
            self._parts[name].setVisible(on)
        self._retitle("arrived", DAY_WORDS.get(way, "签收那天") if way else "签收那天")
        confirm = spec.confirm or (TOLD.get(way, "") if way else "")
        self.told.setText(confirm)
        self.told.setVisible(bool(confirm))
        self.refresh()

    def refresh(self) -> None:
        """Tell what it is worth as it stands, and the first thing missing."""
        found = self.verdict()
        if found is not None:
            grade = f"{GRADE_LABELS[found.grade]}：" if found.grade else ""
            self.verdict_label.setText(f"{grade}{found.why}。")
            good = found.grade in (Grade.A, Grade.B)
            set_look(
                self.verdict_label, tone=str(Tone.MALACHITE if good else Tone.OCHRE if found.grade else Tone.MUTED)
            )
            missing = [f"还缺：{'；'.join(found.missing)}。"] * bool(found.missing)
            self.missing_label.setText("\n".join([*(f"{flag}。" for flag in found.flags), *missing]))
            self.missing_label.setVisible(bool(self.missing_label.text()))
            set_look(self.missing_label, tone=str(Tone.CINNABAR if found.flags else Tone.CAPTION))
        super().refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """On the pads a digit or letter chooses the kind."""
        kind = KIND_KEYS.get(event.text().upper()) if self._kind is None else None
        if kind is not None and not takes_text(QApplication.focusWidget()):
            self.choose_kind(kind)
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped once a kind is chosen."""
        if self._kind is not None and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take every file dropped."""
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self.files.take(Path(url.toLocalFile()))
        event.acceptProposedAction()

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        draft = self.draft()
        if draft is None:
            return [(self._spot_of["kind"], "按数字或字母选是什么材料。")]
        for name, edit in (("deadline", self.deadline), ("sent", self.sent)):
            if self._shows(name) and edit.text().strip() and edit.problem():
                return [(self._spot_of[name], edit.problem())]
        if self.day.text().strip() and self.day.problem():
            return [(self._spot_of["day"], self.day.problem())]
        return [
            (self._spot_of[_SPOTS.get(one.field, one.field)], one.text)
            for one in problems(draft, self.files.proofs(), self._known)
        ]

    def _is_touched(self) -> bool:
        return bool(self.files.paths()) or super()._is_touched()

    def _write(self) -> bool:
        draft = self.draft()
        return draft is not None and self._save(draft, self.files.paths())


_SPOTS = {
    "dated_on": "day", "deadline_on": "deadline", "sent_on": "sent", "arrived_on": "arrived", "charge_ids": "lines",
    "second_staff": "second", "confirmed": "told", "method": "way",
}  # fmt: skip
"""Where the problem of a field of the draft is told."""


def open_document_dialog(
    desk: Desk, account_id: int, kind: PaperKind | None, parent: QWidget, *, earlier: Document | None = None
) -> DocumentDialog | None:
    """存档 for an account; `kind` chosen already, or None to ask. The owner's other open units may be listed too.

    `earlier`: the paper on file whose service or further files are added: it is filed anew and the old entry voided.
    None when the account cannot be read (said already).
    """
    office = desk.office
    try:
        account = office.accounts.get(account_id)
        siblings = [row.account_id for row in account.open_siblings]
        known = office.documents.background([account_id, *siblings])
    except FeeDeskError as error:
        desk.messages.tell(error, parent)
        return None
    listed = earlier.draft.charge_ids if earlier else frozenset[int]()
    lines = [line for line in known.lines if line.owed > 0 or line.charge_id in listed]
    lines.sort(key=lambda line: line.account_id != account_id)

    def ask_file(asker: QWidget) -> Path | None:
        path = desk.messages.open_file("选择材料的照片或扫描件", desk.settings.folder("documents"), PAPERS, asker)
        if path is not None:
            desk.settings.remember_folder("documents", path.parent)
        return path

    def look(path: Path) -> ProofFile | None:
        try:
            return office.documents.look_at(path)
        except FeeDeskError as error:
            desk.messages.tell(error, dialog)
            return None

    def save(draft: DocumentDraft, files: Sequence[Path]) -> bool:
        undo = None if earlier else (lambda changes: office.documents.void(changes.record_id, "当场撤销"))
        return desk.write(
            lambda: office.documents.file(draft, files, replaces=earlier.id if earlier else 0),
            f"{account.row.room} 已存档：{draft.text}。",
            undo,
        )

    dialog = DocumentDialog(
        Head("存档材料" if earlier is None else "补登送达", account.row.room, account.row.name),
        account_id,
        replace(known, lines=tuple(lines)),
        desk.now(),
        ask_file,
        look,
        save,
        parent,
        kind=kind,
        earlier=earlier,
    )
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog
