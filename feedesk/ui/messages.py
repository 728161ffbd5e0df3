"""The only place that opens message boxes and file dialogs.

Everybody gets a `Messages` object by constructor. What it shows goes through a `Presenter`: `Boxes` on the screen,
a recording one in tests, so that no test ever waits for a box.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QInputDialog, QLineEdit, QMessageBox, QWidget

from feedesk import __version__
from feedesk.errors import Cancelled, FeeDeskError

UNDO_SECONDS = 10


def standing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists: otherwise Qt starts in the program's own place."""
    return next((place for place in (folder, *folder.parents) if place.is_dir()), Path.home())


class Presenter(Protocol):
    """How messages reach a person."""

    def tell(self, parent: QWidget | None, text: str, hint: str) -> None:
        """Show what happened and what to do."""

    def ask(self, parent: QWidget | None, question: str, detail: str, verb: str) -> bool:
        """Ask; True when the button named `verb` was pressed."""

    def ask_text(self, parent: QWidget | None, question: str, value: str) -> str | None:
        """Ask for one line of text; None when given up."""

    def open_file(self, parent: QWidget | None, title: str, folder: Path, kinds: str) -> Path | None:
        """Let an existing file be chosen."""

    def save_file(self, parent: QWidget | None, title: str, proposed: Path, kinds: str) -> Path | None:
        """Let a file name be chosen; asks by itself before an existing file is replaced."""

    def choose_folder(self, parent: QWidget | None, title: str, folder: Path) -> Path | None:
        """Let a folder be chosen."""

    def crash(self, parent: QWidget | None, report: str) -> None:
        """Show that the program has a fault, with a report to copy."""


class Boxes:
    """Qt's own boxes with our words on the buttons."""

    def tell(self, parent: QWidget | None, text: str, hint: str) -> None:
        """One sentence, the hint below, one button."""
        box = self._box(parent, QMessageBox.Icon.Warning, text, hint)
        box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
        box.exec()

    def ask(self, parent: QWidget | None, question: str, detail: str, verb: str) -> bool:
        """The button repeats the verb; Esc and the preset button do nothing."""
        box = self._box(parent, QMessageBox.Icon.Question, question, detail)
        yes = box.addButton(verb, QMessageBox.ButtonRole.AcceptRole)
        no = box.addButton("先不", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(no)
        box.setEscapeButton(no)
        box.exec()
        return box.clickedButton() is yes

    def ask_text(self, parent: QWidget | None, question: str, value: str) -> str | None:
        """Qt's input dialog with one line; what is asked is needed, so 记下 waits until something is typed."""
        dialog = QInputDialog(parent)
        dialog.setWindowTitle("FeeDesk")
        dialog.setLabelText(question)
        dialog.setTextValue(value)
        dialog.setOkButtonText("记下")
        dialog.setCancelButtonText("先不")
        buttons, line = dialog.findChild(QDialogButtonBox), dialog.findChild(QLineEdit)
        assert buttons is not None and line is not None  # Qt made both with the words above
        line.setPlaceholderText("必填")
        keep = buttons.button(QDialogButtonBox.StandardButton.Ok)
        keep.setEnabled(bool(value.strip()))
        dialog.textValueChanged.connect(lambda text: keep.setEnabled(bool(text.strip())))
        return dialog.textValue().strip() if dialog.exec() else None

    def open_file(self, parent: QWidget | None, title: str, folder: Path, kinds: str) -> Path | None:
        """The system's dialog."""
        chosen, _kind = QFileDialog.getOpenFileName(parent, title, str(standing(folder)), kinds)
        return Path(chosen) if chosen else None

    def save_file(self, parent: QWidget | None, title: str, proposed: Path, kinds: str) -> Path | None:
        """The system's dialog; the ending of `proposed` is added when none was typed."""
        start = standing(proposed.parent) / proposed.name
        chosen, _kind = QFileDialog.getSaveFileName(parent, title, str(start), kinds)
        if not chosen:
            return None
        path = Path(chosen)
        return path if path.suffix else path.with_suffix(proposed.suffix)

    def choose_folder(self, parent: QWidget | None, title: str, folder: Path) -> Path | None:
        """The system's dialog."""
        chosen = QFileDialog.getExistingDirectory(parent, title, str(standing(folder)))
        return Path(chosen) if chosen else None

    def crash(self, parent: QWidget | None, report: str) -> None:
        """What is kept, and the report under 详情 with a button that copies it."""
        box = self._box(
            parent,
            QMessageBox.Icon.Critical,
            "程序遇到一个没料到的错误，已保存的内容都在。",
            "请复制报告交给维护的人；关掉重开后可以继续。",
        )
        copy = box.addButton("复制报告", QMessageBox.ButtonRole.ActionRole)
        box.addButton("知道了", QMessageBox.ButtonRole.AcceptRole)
        box.setDetailedText(report)
        box.exec()
        if box.clickedButton() is copy:
            QGuiApplication.clipboard().setText(report)

    @staticmethod
    def _box(parent: QWidget | None, icon: QMessageBox.Icon, text: str, detail: str) -> QMessageBox:
        box = QMessageBox(icon, "FeeDesk", text, QMessageBox.StandardButton.NoButton, parent)
        # Plain text: file names and owners' words must not be read as markup.
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(detail)
        return box


class Messages(QObject):
    """Tells, asks, and offers 撤销. Passed to whoever needs it; there is no global one.

    Signals:
        noted: a sentence for the footer, and what 撤销 would do (a callable, or None).
    """

    noted = Signal(str, object)

    def __init__(self, presenter: Presenter | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._presenter: Presenter = presenter or Boxes()

    def tell(self, error: FeeDeskError, parent: QWidget | None = None) -> None:
        """Show a failure that the user can act on; a cancelled job needs no words."""
        if not isinstance(error, Cancelled):
            self._presenter.tell(parent, error.text, error.hint)

    def say(self, text: str, hint: str = "", parent: QWidget | None = None) -> None:
        """Show a sentence that must be read before going on."""
        self._presenter.tell(parent, text, hint)

    def confirm(self, question: str, verb: str, detail: str = "", parent: QWidget | None = None) -> bool:
        """Ask before what cannot be undone: the question names thing and count, `verb` stands on the button."""
        return self._presenter.ask(parent, question, detail, verb)

    def ask_text(self, question: str, value: str = "", parent: QWidget | None = None) -> str | None:
        """Ask for one line, such as the reason for voiding; None when given up."""
        return self._presenter.ask_text(parent, question, value)

    def open_file(self, title: str, folder: Path, kinds: str, parent: QWidget | None = None) -> Path | None:
        """Choose a file to read; `kinds` in Qt's form: 「欠费清单 (*.xlsx *.xls *.csv)」."""
        return self._presenter.open_file(parent, title, folder, kinds)

    def save_file(self, title: str, proposed: Path, kinds: str, parent: QWidget | None = None) -> Path | None:
        """Choose where to write."""
        return self._presenter.save_file(parent, title, proposed, kinds)

    def choose_folder(self, title: str, folder: Path, parent: QWidget | None = None) -> Path | None:
        """Choose a folder."""
        return self._presenter.choose_folder(parent, title, folder)

    def note(self, text: str) -> None:
        """A sentence in the footer that goes away by itself."""
        self.noted.emit(text, None)

    def undoable(self, text: str, undo: Callable[[], None]) -> None:
        """Say in the footer what was done and offer 撤销 for `UNDO_SECONDS`."""
        self.noted.emit(text, undo)

    def crash(self, error: BaseException, parent: QWidget | None = None) -> None:
        """Show a fault of our own with a report that can be copied."""
        trace = "".join(traceback.format_exception(error))
        self._presenter.crash(parent, f"FeeDesk {__version__}\nPython {sys.version}\n{sys.platform}\n\n{trace}")
