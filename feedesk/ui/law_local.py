"""设置 › 法规 › 本市规定: the city's own rules as the office wrote them down, for those who ask and decide."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from feedesk.models.law import LOCAL_LABELS, LocalRules
from feedesk.ui.desk import Desk
from feedesk.ui.widgets import Card, KeyButton, field_label, label

_HEIGHT = 58


class LocalForm(QWidget):
    """Five fields and a button; where another tool keeps the rules, they may stay empty."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._stored = LocalRules()
        self._title = label("", "section")
        self.fields: dict[str, QPlainTextEdit] = {}
        card = Card(spacing=6)
        card.body.addWidget(self._title)
        card.body.addWidget(
            label(
                "各地对公示、违约金、空置优惠的规定不同，照查到的填，供大家查阅；程序不据此放宽任何检查。"
                "单子和话术里要引用地方条例，先由负责人定。",
                "caption",
                wrap=True,
            )
        )
        for name, words in LOCAL_LABELS.items():
            field = self.fields[name] = QPlainTextEdit()
            field.setFixedHeight(_HEIGHT)
            field.setTabChangesFocus(True)
            field.textChanged.connect(self._mind)
            card.body.addWidget(field_label(words, field))
            card.body.addWidget(field)
        self.save_button = KeyButton("保存本市规定", key="Ctrl+S", kind="primary")
        self.save_button.setShortcut("Ctrl+S")
        self.save_button.clicked.connect(self.save)
        foot = QHBoxLayout()
        foot.addWidget(self.save_button)
        foot.addStretch(1)
        card.body.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card)
        desk.changed.connect(lambda _changes: self.refresh())

    def refresh(self) -> None:
        """The rules as stored; what is being typed stays while nothing has changed below it."""
        stored = self._desk.office.law.local()
        city = self._desk.office.settings.profile().city
        self._title.setText(f"本市规定 · {city}" if city else "本市规定（城市填在“办公室”一栏）")
        if stored == self._stored and self.typed() != stored:
            return
        self._stored = stored
        for name, field in self.fields.items():
            field.setPlainText(getattr(stored, name))
        self._mind()

    def typed(self) -> LocalRules:
        """The rules as typed."""
        return LocalRules(**{name: field.toPlainText().strip() for name, field in self.fields.items()})

    @Slot()
    def save(self) -> None:
        """Keep the rules as typed."""
        typed, law = self.typed(), self._desk.office.law
        if typed == self._stored:
            return
        before = self._stored
        said = "本市规定已保存。"
        if self._desk.write(lambda: law.save_local(typed), said, lambda _changes: law.save_local(before)):
            self._stored = typed
            self._mind()

    def _mind(self) -> None:
        changed = self.typed() != self._stored
        self.save_button.setEnabled(changed)
        self.save_button.setToolTip("" if changed else "没有改动")
