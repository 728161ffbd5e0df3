"""登记送达: how one notice reached the owner, what proves it, and what that is worth. No store is seen here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QButtonGroup, QCheckBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.limitation import GRADE_LABELS, Grade
from feedesk.models.notices import IssuedNotice
from feedesk.models.service import (
    DOORS,
    EMS,
    METHOD_LABELS,
    SIGNED,
    TOLD,
    DeliveryDraft,
    DeliveryMethod,
    GradeVerdict,
    ProofFile,
    grade,
    problems,
)
from feedesk.ui.contact_parts import takes_text
from feedesk.ui.money_dialog import Head, MoneyDialog, Spot
from feedesk.ui.proof_files import ChooseFile, Handed
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import DayEdit, ElidedLabel, Field, KeyButton, field_label, label, set_look

SaveDelivery = Callable[[DeliveryDraft, Sequence[Path]], bool]
_DIGITS = "1234567890"
_COLUMNS = 2
_LONGEST = 80
DAY_WORDS = {
    DeliveryMethod.EMS_TAKEN: "妥投那天",
    DeliveryMethod.EMS_REFUSED: "拒收那天",
    DeliveryMethod.DOOR_WITNESSED: "张贴那天",
    DeliveryMethod.DOOR: "张贴那天",
    DeliveryMethod.REPLIED: "回复那天",
    DeliveryMethod.MESSAGE: "送达那天",
    DeliveryMethod.NOTARY: "送达那天",
}
_TONES = {Grade.A: Tone.MALACHITE, Grade.B: Tone.MALACHITE, Grade.C: Tone.OCHRE, Grade.D: Tone.OCHRE}


class ServiceDialog(MoneyDialog):
    """Takes one delivery; a digit chooses the way, `save` writes it and says whether it is written."""

    def __init__(
        self,
        notice: IssuedNotice,
        made_at: datetime,
        now: datetime,
        choose: ChooseFile,
        save: SaveDelivery,
        parent: QWidget | None = None,
        *,
        before: str = "",
    ) -> None:
        """`before` tells what is on record already."""
        head = Head("登记送达", "、".join(notice.rooms[:2]), notice.name or "业主", f"No. {notice.number}")
        super().__init__(head, "记下送达", parent, width=640)
        self._notice, self._made_at, self._now = notice, made_at, now
        self._choose, self._save = choose, save
        self._files: list[Handed] = []
        self._method: DeliveryMethod | None = None
        self._before = before
        self.pads: dict[DeliveryMethod, KeyButton] = {}
        self.day = DayEdit(now.date(), past=True)
        self.ems_no = Field("", "13 位，例如 EA123456789CN")
        self.signer = Field("", "例如：何芳（配偶）")
        self.witness = Field("", "姓名和单位，例如：居委会 苏平")
        self.second = Field("", "一同去的同事")
        self.remark = Field("", "其他要记的，例如回复的原话")
        self.told = QCheckBox()
        self.file_button = KeyButton("选照片或扫描件", key="Ctrl+O", icon="camera")
        self.drop_button = KeyButton("去掉最后一个", kind="quiet")
        self.files_label = ElidedLabel("", "muted")
        self.verdict_label = label("", "strong", wrap=True)
        self.missing_label = label("", "caption", wrap=True)
        self._rows: dict[str, QWidget] = {}
        self._spots_of: dict[str, Spot] = {}
        self._build()
        self._show_fields()
        self.start_at(next(iter(self.pads.values())))

    # --- values ---

    def draft(self) -> DeliveryDraft | None:
        """What was entered; None while no way is chosen."""
        method = self._method
        if method is None:
            return None
        return DeliveryDraft(
            notice_id=self._notice.id,
            method=method,
            sent_on=None,
            arrived_on=self.day.day(),
            ems_no=self.ems_no.text().strip() if method in EMS else "",
            signer=self.signer.text().strip() if self._rows["signer"].isVisibleTo(self) else "",
            witness=self.witness.text().strip() if method in DOORS else "",
            second_staff=self.second.text().strip(),
            note=self.remark.text().strip(),
            confirmed=method in TOLD and self.told.isChecked(),
        )

    def verdict(self) -> GradeVerdict | None:
        """What it would prove as it stands; None while no way is chosen."""
        draft = self.draft()
        return None if draft is None else grade(draft, self._proofs(), self._made_at, self._now)

    def choose_way(self, method: DeliveryMethod) -> None:
        """Choose a way; the typing goes on at the day."""
        self._method = method
        self.pads[method].setChecked(True)
        self._show_fields()
        self.day.setFocus(Qt.FocusReason.OtherFocusReason)
        self.day.selectAll()

    def add_file(self) -> None:
        """Ask for one more photo or scan."""
        handed = self._choose(self)
        if handed is not None and all(handed[1].sha256 != known.sha256 for _, known in self._files):
            self._files.append(handed)
        self.refresh()

    def drop_file(self) -> None:
        """Take the last one out again."""
        del self._files[-1:]
        self.refresh()

    # --- inside ---

    def _build(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(6)
        group = QButtonGroup(self)
        for place, (method, digit) in enumerate(zip(METHOD_LABELS, _DIGITS, strict=True)):
            pad = KeyButton(METHOD_LABELS[method], key=digit, kind="pick", key_first=True, checkable=True)
            pad.setFixedHeight(32)
            pad.clicked.connect(lambda _on=False, chosen=method: self.choose_way(chosen))
            group.addButton(pad)
            grid.addWidget(pad, place // _COLUMNS, place % _COLUMNS)
            self.pads[method] = pad
        self.middle.addLayout(grid)
        if self._before:
            self.middle.addWidget(label(f"已登记：{self._before}", "caption", wrap=True))
        self.middle.addSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(16)
        self._day_label = field_label("签收那天", self.day)
        for name, words, field in (
            ("day", self._day_label, self.day),
            ("ems_no", field_label("EMS 单号", self.ems_no), self.ems_no),
            ("signer", field_label("谁签的字、谁回复", self.signer), self.signer),
            ("witness", field_label("见证人", self.witness), self.witness),
        ):
            part = QWidget()
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(4)
            spot = self.spot(field)
            for widget in (words, field, spot.words):
                column.addWidget(widget)
            column.addStretch(1)
            row.addWidget(part, 1)
            self._rows[name], self._spots_of[name] = part, spot
        self.middle.addLayout(row)
        self.middle.addWidget(self.told)
        files = QHBoxLayout()
        files.setSpacing(8)
        files.addWidget(self.file_button)
        files.addWidget(self.files_label, 1)
        files.addWidget(self.drop_button)
        self.middle.addLayout(files)
        self.middle.addSpacing(4)
        self.add_pair(("同行人", self.second), ("备注", self.remark))
        self.middle.addWidget(self.verdict_label)
        self.middle.addWidget(self.missing_label)
        self.middle.addStretch(1)
        for field in (self.ems_no, self.signer, self.witness, self.second, self.remark):
            field.setMaxLength(_LONGEST)
            field.textEdited.connect(lambda _text: self.refresh())
        self.day.day_changed.connect(lambda _day: self.refresh())
        self.told.toggled.connect(lambda _on: self.refresh())
        self.file_button.clicked.connect(self.add_file)
        self.drop_button.clicked.connect(self.drop_file)
        QShortcut(QKeySequence("Ctrl+O"), self).activated.connect(self.add_file)

    def _show_fields(self) -> None:
        method = self._method
        shown = {
            "day": method is not None,
            "ems_no": method in EMS,
            "signer": method in SIGNED or method in (DeliveryMethod.EMS_TAKEN, DeliveryMethod.REPLIED),
            "witness": method is DeliveryMethod.DOOR_WITNESSED,
        }
        for name, part in self._rows.items():
            part.setVisible(shown[name])
        self._day_label.setText(DAY_WORDS.get(method, "签收那天") if method else "签收那天")
        self.told.setVisible(method in TOLD)
        self.told.setText(TOLD.get(method, "") if method else "")
        self.told.setChecked(False)
        self.refresh()

    def refresh(self) -> None:
        """Tell what it is worth as it stands, and the first thing missing."""
        names = "、".join(path.name for path, _ in self._files)
        self.files_label.setText(f"{len(self._files)} 个：{names}" if self._files else "还没有凭据文件")
        self.drop_button.setVisible(bool(self._files))
        found = self.verdict()
        if found is None:
            self.verdict_label.setText("先按数字选送达方式。")
            self.missing_label.setText("")
        else:
            self.verdict_label.setText(f"{GRADE_LABELS[found.grade]}：{found.why}。")
            set_look(self.verdict_label, tone=str(_TONES[found.grade]))
            missing = f"还缺：{'；'.join(found.missing)}。" if found.missing else ""
            self.missing_label.setText("\n".join([*(f"{flag}。" for flag in found.flags), *[missing] * bool(missing)]))
            set_look(self.missing_label, tone=str(Tone.CINNABAR if found.flags else Tone.CAPTION))
        super().refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A digit chooses the way, except where text is typed."""
        digit = event.text()
        if digit and digit in _DIGITS and not takes_text(QApplication.focusWidget()):
            self.choose_way(list(METHOD_LABELS)[_DIGITS.index(digit)])
            return
        super().keyPressEvent(event)

    def _proofs(self) -> tuple[ProofFile, ...]:
        return tuple(proof for _, proof in self._files)

    def _problems(self) -> Sequence[tuple[Spot, str]]:
        draft, day = self.draft(), self._spots_of["day"]
        if draft is None:
            return [(day, "请先选送达方式。")]
        found = problems(draft, self._notice.issued_on, self._today())
        first = found[0] if found else ""
        where = {"EMS": "ems_no", "谁签": "signer", "见证": "witness"}
        name = next((name for words, name in where.items() if words in first), "day")
        return [(self._spots_of[name], self.day.problem() if name == "day" and self.day.problem() else first)]

    def _today(self) -> date:
        return self._now.date()

    def _is_touched(self) -> bool:
        return bool(self._files) or super()._is_touched()

    def _write(self) -> bool:
        draft = self.draft()
        return draft is not None and self._save(draft, [path for path, _ in self._files])
