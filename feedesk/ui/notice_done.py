"""After a batch has been issued: what it was, where its PDF is, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from feedesk.ui.notice_press import IssuedRun
from feedesk.ui.notice_rows import span
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import Banner, Card, ElidedLabel, IconMark, KeyButton, label


class NoticeDoneView(QWidget):
    """A calm page: nothing left to do here but print, look at the file, or go on.

    Signals:
        print_asked, next_asked, runs_asked: the buttons.
    """

    print_asked = Signal()
    next_asked = Signal()
    runs_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.run: IssuedRun | None = None
        self._headline = label("", "title", wrap=True)
        self._facts = label("", "muted", wrap=True)
        self._file = ElidedLabel("", "strong")
        self._folder = ElidedLabel("", "caption")
        self._recorded = label("每张都已记进各户的“记录”；回执和二维码凭编号核对。", "muted", wrap=True)
        self._trouble = Banner(Tone.OCHRE)
        self.print_button = KeyButton("打印", key="Ctrl+P", icon="print", kind="primary")
        self.print_button.clicked.connect(self.print_asked)
        self.folder_button = KeyButton("打开所在文件夹", icon="folder")
        self.folder_button.clicked.connect(self.open_folder)
        self.next_button = KeyButton("出下一批", icon="plus")
        self.next_button.clicked.connect(self.next_asked)
        self.runs_button = KeyButton("历次批次", icon="folder", kind="quiet")
        self.runs_button.clicked.connect(self.runs_asked)
        card = Card(margins=(20, 18, 20, 18), spacing=8)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(IconMark("mark-paid", size=22), 0, Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self._headline, 1)
        card.body.addLayout(head)
        for shown in (self._facts, self._file, self._folder, self._recorded, self._trouble):
            card.body.addWidget(shown)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(0, 8, 0, 0)
        buttons.setSpacing(8)
        for button in (self.print_button, self.folder_button, self.next_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        card.body.addLayout(buttons)
        title = QHBoxLayout()
        title.setContentsMargins(16, 10, 16, 8)
        title.setSpacing(10)
        title.addWidget(label("通知", "title"))
        title.addStretch(1)
        title.addWidget(self.runs_button)
        row = QHBoxLayout()
        row.setContentsMargins(16, 24, 16, 16)
        row.addStretch(1)
        row.addWidget(card, 6)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(title)
        column.addLayout(row)
        column.addStretch(1)
        card.setMaximumWidth(640)

    def show_run(self, run: IssuedRun) -> None:
        """A batch has just been issued."""
        self.run = run
        self._headline.setText(f"已出 {run.count:,} 张催款单 · {run.money}")
        self._facts.setText(
            f"编号 {span(run.first, run.last)}" + ("，背面是折叠封面，请双面打印。" if run.both_sides else "")
        )
        self._file.setText(run.path.name)
        self._folder.setText(f"存在 {run.path.parent}")
        self.print_button.set_words(f"打印这 {run.count:,} 张")
        self._trouble.show_lines(())

    def show_printed(self, run: IssuedRun) -> None:
        """It has gone to the printer."""
        if run == self.run:
            self._headline.setText(f"已打印 {run.count:,} 张催款单 · {run.money}")
            self.print_button.set_words("再打印一次")
            self._trouble.show_lines(())

    def show_not_printed(self, run: IssuedRun, why: str) -> None:
        """The printer gave up; the papers are safe."""
        if run == self.run:
            self._trouble.show_lines(
                (f"{why}{run.count:,} 张都已编号存档，PDF 在上面的位置，可以再打印，或在“历次批次”补打。",)
            )

    def trouble(self) -> str:
        """What the banner says; empty when all is well."""
        return self._trouble.text()

    def text(self) -> str:
        """Everything read here."""
        return "\n".join(part.text() for part in (self._headline, self._facts, self._file, self._folder))

    def take_focus(self) -> None:
        """On to the next batch with Enter."""
        self.next_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_folder(self) -> None:
        """Show the folder in the system's file manager."""
        if self.run is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.run.path.parent)))
