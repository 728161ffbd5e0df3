"""开始: the basics of an office on one page, two of them required, and three other doors. No file is touched here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from feedesk.models import people
from feedesk.models.office import OfficeProfile
from feedesk.paths import OFFICE_SUFFIX
from feedesk.ui.messages import Messages
from feedesk.ui.theme import COLOURS
from feedesk.ui.widgets import Card, ElidedLabel, Field, IconMark, KeyButton, NumberBox, hairline, label

_SIDE_BELOW = 1100
"""Windows narrower than this show the form only."""
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PROMISES = (
    ("import", "导入财务的欠费清单", "Excel、CSV 都行，表头自己认；读不懂的行说明原因"),
    ("phone", "照着话术打电话，几秒记一笔", "说什么、为什么这样说、下次哪天打，都在眼前"),
    ("print", "出催款单，交记录表", "每张有编号和回执；每天一份表给组团负责人"),
)


@dataclass(frozen=True, slots=True)
class NewOffice:
    """What the page hands over: the office, who sits at the desk, and where the file shall be."""

    profile: OfficeProfile
    clerk: str
    called: str
    path: Path


class StartPage(QWidget):
    """Asks for a new office, or for one of the other ways in.

    Signals:
        created: a `NewOffice`.
        sample_asked, open_asked, restore_asked: the three other doors.
    """

    created = Signal(object)
    sample_asked = Signal()
    open_asked = Signal()
    restore_asked = Signal()

    def __init__(self, messages: Messages, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._messages, self._folder = messages, folder
        self._own_path: Path | None = None
        self._called_touched = False
        self._build()
        for keys, signal in (
            ("Ctrl+L", self.sample_asked),
            ("Ctrl+O", self.open_asked),
            ("Ctrl+R", self.restore_asked),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(signal)
        self._refresh()
        self.office.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- values ---

    def values(self) -> NewOffice | None:
        """What was entered; None while a required field is empty."""
        if self.missing():
            return None
        profile = OfficeProfile(
            office=self.office.text().strip(),
            estate=self.estate.text().strip(),
            company=self.company.text().strip(),
            city=self.city.text().strip(),
            phone=self.phone.text().strip(),
            address=self.address.text().strip(),
            bank_holder=self.bank_holder.text().strip(),
            bank_name=self.bank_name.text().strip(),
            bank_number=self.bank_number.text().strip(),
            due_day=self.due_day.value(),
        )
        clerk = self.clerk.text().strip()
        return NewOffice(profile, clerk, self.called.text().strip() or clerk, self.path())

    def missing(self) -> str:
        """What is still required, in one sentence; empty when nothing is."""
        if not self.office.text().strip():
            return "请填服务中心名称。"
        return "" if self.clerk.text().strip() else "请填您的名字。"

    def path(self) -> Path:
        """Where the office file will be: named after estate or office unless another place was chosen."""
        if self._own_path is not None:
            return self._own_path
        name = _NOT_IN_NAMES.sub(" ", self.estate.text().strip() or self.office.text().strip()).strip(" .")
        return self._folder / f"{name or '我的办公室'}{OFFICE_SUFFIX}"

    # --- what happens ---

    def create_office(self) -> None:
        """Hand over the new office, or go to the field that is still empty."""
        values = self.values()
        if values is not None:
            self.created.emit(values)
            return
        field = self.office if not self.office.text().strip() else self.clerk
        field.set_bad(self.missing())
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_place(self) -> None:
        """换个地方: let the place of the file be chosen."""
        chosen = self._messages.save_file("办公室文件存在哪里", self.path(), "FeeDesk 办公室 (*.feedesk)", self)
        if chosen is not None:
            self._own_path = chosen if chosen.suffix == OFFICE_SUFFIX else chosen.with_name(chosen.name + OFFICE_SUFFIX)
            self._refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in any field goes on."""
        if event.key() in _ENTER:
            self.create_office()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows show the form only, low ones sit closer."""
        super().resizeEvent(event)
        self._side.setVisible(self.width() >= _SIDE_BELOW)
        edge = 56 if self.width() >= _SIDE_BELOW else 24
        top = max(12, min(64, (self.height() - self._inner_height()) // 2))
        self._column.setContentsMargins(edge, top, edge, 12)

    # --- layout ---

    def _build(self) -> None:
        self.office = Field(hint="例如：明湖花园服务中心")
        self.estate, self.city, self.company = Field(), Field(), Field()
        self.phone = Field()
        self.address = Field(hint="缴费地点和时间，例如：1 号楼一层，每日 8:30–20:00")
        self.bank_holder, self.bank_name, self.bank_number = Field(), Field(), Field()
        self.due_day = NumberBox()
        self.due_day.setRange(1, 28)
        self.due_day.setValue(OfficeProfile("").due_day)
        self.due_day.setSuffix(" 日")
        self.clerk, self.called = Field(), Field(hint="例如：小许")
        form = QGridLayout()
        form.setHorizontalSpacing(20)
        form.setVerticalSpacing(4)
        for column in range(6):
            form.setColumnStretch(column, 1)
        self._row(
            form,
            0,
            ("服务中心名称", self.office, 3, True),
            ("小区", self.estate, 2, False),
            ("城市", self.city, 1, False),
        )
        self._row(form, 1, ("公司全称", self.company, 3, False), ("联系电话", self.phone, 3, False))
        self._row(form, 2, ("地址", self.address, 5, False), ("应缴日", self.due_day, 1, False))
        self._row(
            form,
            3,
            ("收款户名", self.bank_holder, 2, False),
            ("开户行", self.bank_name, 2, False),
            ("账号", self.bank_number, 2, False),
        )
        self._row(form, 4, ("您的名字", self.clerk, 3, True), ("话术里怎么自称", self.called, 3, False))
        self.due_day.setToolTip("每期第一个月的这一天前应缴清；清单里写明的以清单为准")
        self.called.textEdited.connect(lambda _text: self._touch_called())
        for field in (self.office, self.estate, self.clerk):
            field.textChanged.connect(lambda _text: self._refresh())

        card = Card(margins=(28, 16, 28, 16), spacing=12)
        card.body.addLayout(form)
        card.body.addWidget(hairline())
        place = QHBoxLayout()
        place.setSpacing(8)
        place.addWidget(IconMark("folder", COLOURS.ink2, 16))
        place.addWidget(label("存在", "muted"))
        self.place = ElidedLabel()
        place.addWidget(self.place)
        change = KeyButton("换个地方", kind="quiet")
        change.clicked.connect(self.choose_place)
        place.addWidget(change)
        place.addStretch(1)
        card.body.addLayout(place)
        go = QHBoxLayout()
        go.setSpacing(12)
        self.create_button = KeyButton("建好，去导入清单", key="Enter", kind="primary")
        self.create_button.clicked.connect(self.create_office)
        go.addWidget(self.create_button)
        go.addWidget(label("以后都能在“设置”里改", "caption"))
        go.addStretch(1)
        card.body.addLayout(go)

        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setSpacing(4)
        self._column.addWidget(label("先填办公室的基本情况", "start-title"))
        self._column.addWidget(label("只填这一页。没写“必填”的可以空着，以后再补。", "muted"))
        self._column.addSpacing(8)
        self._column.addWidget(card)
        self._column.addSpacing(10)
        self._column.addLayout(self._doors())
        self._column.addStretch(1)
        scroll = QScrollArea()
        scroll.setProperty("role", "page")
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._side = self._promises()
        row.addWidget(self._side, 486)
        row.addWidget(scroll, 880)

    def _row(self, form: QGridLayout, row: int, *fields: tuple[str, QWidget, int, bool]) -> None:
        column = 0
        for words, field, span, required in fields:
            head = QHBoxLayout()
            head.setSpacing(8)
            name = label(words, "strong")
            name.setBuddy(field)
            head.addWidget(name)
            if required:
                head.addWidget(label("必填", "caption"))
            head.addStretch(1)
            field.setAccessibleName(f"{words}，必填" if required else words)
            form.addLayout(head, row * 3, column, 1, span)
            form.addWidget(field, row * 3 + 1, column, 1, span)
            column += span
        form.setRowMinimumHeight(row * 3 + 2, 6)

    def _doors(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        for icon, words, sub, key, signal in (
            ("target", "打开样例办公室", "先看看，数据都是编的", "Ctrl+L", self.sample_asked),
            ("folder", "打开已有文件", "*.feedesk", "Ctrl+O", self.open_asked),
            ("undo", "从备份恢复", "换电脑或出错后", "Ctrl+R", self.restore_asked),
        ):
            door = KeyButton(words, sub=sub, key=key, icon=icon, kind="door")
            door.clicked.connect(signal)
            row.addWidget(door, 1)
        return row

    def _promises(self) -> QFrame:
        side = QFrame()
        side.setProperty("role", "side")
        column = QVBoxLayout(side)
        column.setContentsMargins(52, 52, 32, 36)
        column.setSpacing(6)
        column.addWidget(IconMark("app", size=56))
        column.addSpacing(14)
        column.addWidget(label("FeeDesk", "brand"))
        column.addWidget(label("物业费催缴工作台", "slogan"))
        column.addSpacing(36)
        for icon, words, more in _PROMISES:
            row = QHBoxLayout()
            row.setSpacing(16)
            row.addWidget(IconMark(icon, "#FFFFFF", 22), 0, Qt.AlignmentFlag.AlignTop)
            texts = QVBoxLayout()
            texts.setSpacing(2)
            texts.addWidget(label(words, "promise"))
            texts.addWidget(label(more, wrap=True))
            row.addLayout(texts, 1)
            column.addLayout(row)
            column.addSpacing(18)
        column.addStretch(1)
        column.addWidget(label("全部资料只在这台电脑的一个文件里，不联网，不用注册。", wrap=True))
        return side

    # --- inside ---

    def _touch_called(self) -> None:
        self._called_touched = bool(self.called.text().strip())

    def _inner_height(self) -> int:
        margins = self._column.contentsMargins()
        return self._column.sizeHint().height() - margins.top() - margins.bottom()

    def _refresh(self) -> None:
        name = self.clerk.text().strip()
        if not self._called_touched:
            self.called.setText(f"小{people.surname(name)}" if name else "")
        self.place.setText(str(self.path()))
        for field in (self.office, self.clerk):
            if field.text().strip():
                field.set_bad("")
        self.create_button.setToolTip(self.missing())
