"""设置 › 办公室: what appears on paper and what the rules start from."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from feedesk.models.office import OfficeProfile
from feedesk.ui.widgets import Card, Field, KeyButton, NumberBox, field_label, label

_COLUMNS = 3
_TEXTS = (
    ("office", "服务中心名称"),
    ("estate", "小区"),
    ("company", "公司全称"),
    ("city", "城市（地方规定）"),
    ("phone", "联系电话"),
    ("address", "缴费地点和时间"),
    ("bank_holder", "收款户名"),
    ("bank_name", "开户行"),
    ("bank_number", "账号"),
)
_NUMBERS = (
    ("due_day", "应缴日（每期首月几号）", 1, 31),
    ("pay_by_days", "催款单给几天", 7, 60),
    ("object_days", "几天内提异议", 3, 60),
    ("backups_kept", "备份留几份", 5, 300),
    ("speech_size", "话术字号", 14, 22),
)
CODE_SIZE = 84


class ProfileForm(QWidget):
    """Shows and changes an `OfficeProfile`.

    Signals:
        save_asked: the profile as typed.
        code_asked: a payment-code picture shall be chosen.
        code_dropped: no payment code shall be printed any more.
    """

    save_asked = Signal(object)
    code_asked = Signal()
    code_dropped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profile = OfficeProfile(office="")
        self.fields: dict[str, Field] = {}
        self.numbers: dict[str, NumberBox] = {}
        self.clause = QPlainTextEdit()
        self.clause.setFixedHeight(CODE_SIZE)
        self.clause.setTabChangesFocus(True)
        self.clause.setPlaceholderText("合同名称、条款号和原文要点，照合同填；不填就不印。")
        self.save_button = KeyButton("保存", key="Ctrl+S", kind="primary")
        self.save_button.setShortcut("Ctrl+S")
        self.save_button.clicked.connect(self.save)
        self.code = QLabel()
        self.code.setFixedSize(CODE_SIZE, CODE_SIZE)
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setProperty("role", "caption")
        self.code.setFrameShape(QFrame.Shape.Box)
        self.code_button = KeyButton("选收款码图片…")
        self.code_button.clicked.connect(self.code_asked)
        self.drop_button = KeyButton("不印收款码", kind="quiet")
        self.drop_button.clicked.connect(self.code_dropped)
        self._build()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        paper = Card()
        paper.body.addWidget(label("办公室", "section"))
        paper.body.addWidget(label("印在催款单和记录表上的内容；已经出过的单子不会跟着变。收款码可不选。", "caption"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        for number, (name, text) in enumerate(_TEXTS):
            row, place = divmod(number, _COLUMNS)
            field = self.fields[name] = Field()
            grid.addWidget(field_label(text, field), row * 2, place)
            grid.addWidget(field, row * 2 + 1, place)
        grid.addWidget(field_label("合同依据", self.clause), 6, 0, 1, 2)
        grid.addWidget(self.clause, 7, 0, 1, 2)
        grid.addWidget(label("收款码", "label"), 6, 2)
        code = QHBoxLayout()
        code.setSpacing(12)
        code.addWidget(self.code, 0, Qt.AlignmentFlag.AlignTop)
        side = QVBoxLayout()
        side.setSpacing(4)
        side.addWidget(self.code_button, 0, Qt.AlignmentFlag.AlignLeft)
        side.addWidget(self.drop_button, 0, Qt.AlignmentFlag.AlignLeft)
        side.addStretch(1)
        code.addLayout(side, 1)
        grid.addLayout(code, 7, 2)
        paper.body.addLayout(grid)
        column.addWidget(paper)

        rules = Card()
        rules.body.addWidget(label("规则", "section"))
        row_of_numbers = QHBoxLayout()
        row_of_numbers.setSpacing(16)
        for name, text, low, high in _NUMBERS:
            box = self.numbers[name] = NumberBox()
            box.setRange(low, high)
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(field_label(text, box))
            part.addWidget(box)
            row_of_numbers.addLayout(part)
        row_of_numbers.addStretch(1)
        rules.body.addLayout(row_of_numbers)
        column.addWidget(rules)
        foot = QHBoxLayout()
        foot.addWidget(self.save_button)
        foot.addStretch(1)
        column.addLayout(foot)

    def show_profile(self, profile: OfficeProfile, code: bytes | None) -> None:
        """Fill the form; `code` is the payment-code picture."""
        self._profile = profile
        for name, field in self.fields.items():
            field.setText(getattr(profile, name))
            field.setCursorPosition(0)
        for name, box in self.numbers.items():
            box.setValue(getattr(profile, name))
        self.clause.setPlainText(profile.contract_clause)
        picture = QPixmap()
        if code and picture.loadFromData(code):
            keep = Qt.AspectRatioMode.KeepAspectRatio
            smooth = Qt.TransformationMode.SmoothTransformation
            self.code.setPixmap(picture.scaled(CODE_SIZE - 6, CODE_SIZE - 6, keep, smooth))
        else:
            self.code.setText("未选")
        self.drop_button.setVisible(bool(code))

    def values(self) -> OfficeProfile:
        """The profile as typed."""
        typed: dict[str, Any] = {name: field.text().strip() for name, field in self.fields.items()}
        typed.update({name: box.value() for name, box in self.numbers.items()})
        return replace(self._profile, **typed, contract_clause=self.clause.toPlainText().strip())

    @Slot()
    def save(self) -> None:
        """保存."""
        self.save_asked.emit(self.values())
