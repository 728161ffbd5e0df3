"""设置 › 法规核对: five things to look up on an official site before the first real notice."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from feedesk.models.changes import Changes
from feedesk.models.days import paper_day
from feedesk.models.law import LAW_KEY, LawCheck, confirmed, law_checks
from feedesk.ui.desk import Desk
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, Card, label


class LawTab(QWidget):
    """Each tick keeps who confirmed it and when."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._banner = Banner(Tone.OCHRE)
        self._card = Card(spacing=10)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(12)
        self._head = label("", "caption", wrap=True)
        self._card.body.addWidget(label("正式出通知前核对", "section"))
        self._card.body.addWidget(self._head)
        self._card.body.addLayout(self._rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self._banner)
        column.addWidget(self._card)

    def refresh(self) -> None:
        """The items as stored."""
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.deleteLater()
        checks = law_checks(self._desk.office.settings.get(LAW_KEY))
        self._head.setText(
            f"随附文字按 {paper_day(checks.as_of)}查到的规定写成，不是法律意见。请在官方网站逐项核对：{checks.sites}。"
        )
        left = checks.open_count
        self._banner.show_lines((f"还有 {left} 项没有核对：第一次正式出催款单前请核对完。",) if left else ())
        for check in checks.items:
            self._rows.addWidget(self._row(check))

    def _row(self, check: LawCheck) -> QWidget:
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        box = QCheckBox(check.title)
        box.setChecked(check.done_on is not None)
        box.clicked.connect(lambda on: self._confirm(check, on))
        who = f"　{paper_day(check.done_on)} {check.done_by} 已核对" if check.done_on else "　未核对"
        column.addWidget(box)
        column.addWidget(label(f"{check.why}{who}", "caption", wrap=True))
        return row

    def _confirm(self, check: LawCheck, on: bool) -> None:
        desk = self._desk

        def act() -> Changes:
            stored = desk.office.settings.get(LAW_KEY)
            day = desk.today() if on else None
            desk.office.settings.put(LAW_KEY, confirmed(stored, check.key, day, desk.clerk.name))
            return Changes()

        desk.write(act, f"“{check.title}”{'已核对' if on else '改回未核对'}。")
        self.refresh()
