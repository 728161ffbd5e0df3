"""Parts of 存档: the pads of the kinds, the lines a paper lists, and the row of its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.documents import KINDS, DocumentLine
from feedesk.models.letters import PAPER_LABELS, PaperKind
from feedesk.models.money import show, show_yuan
from feedesk.models.service import ProofFile
from feedesk.ui.table import Align, Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, KeyButton, label

KIND_KEYS = dict(zip("1234567890ABCDE", KINDS, strict=True))
"""The key of each kind: ten digits, then letters."""
_COLUMNS = 3
PAPERS = "照片、扫描件、文件 (*.jpg *.jpeg *.png *.heic *.pdf *.tif *.tiff *.webp *.mp4 *.mov *.txt *.zip)"


class KindPads(QWidget):
    """Every kind with its key.

    Signals:
        chosen: a `PaperKind`.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pads: dict[PaperKind, KeyButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(6)
        group = QButtonGroup(self)
        for place, (key, kind) in enumerate(KIND_KEYS.items()):
            pad = KeyButton(PAPER_LABELS[kind], key=key, kind="pick", key_first=True, checkable=True)
            pad.setFixedHeight(34)
            pad.clicked.connect(lambda _on=False, one=kind: self.chosen.emit(one))
            group.addButton(pad)
            grid.addWidget(pad, place // _COLUMNS, place % _COLUMNS)
            self.pads[kind] = pad


class ListedLines(QWidget):
    """The lines that a paper may list, with boxes; those that were not there yet on its day do not count.

    Signals:
        changed: another line is listed.
        entered: Enter on the table.
    """

    changed = Signal()
    entered = Signal()

    def __init__(self, lines: Sequence[DocumentLine], account_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = {line.charge_id: line for line in lines}
        self._day: date | None = None
        self._has_rooms = len({line.account_id for line in lines}) > 1
        self.head = label("列明的账目", "label")
        self.model: RecordTableModel[DocumentLine] = RecordTableModel(
            (Column("账目", self._what), Column("欠（元）", lambda line: Cell(show(line.owed)), 96, Align.RIGHT)),
            lambda line: line.charge_id,
            checkable=True,
            parent=self,
        )
        self.table: RecordTableView[DocumentLine] = RecordTableView(self.model, row_height=26)
        self.table.setAccessibleName("列明的账目，空格勾选")
        self.table.setMinimumHeight(84)
        self.sum = ElidedLabel("", "caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.head)
        column.addWidget(self.table, 1)
        column.addWidget(self.sum)
        self.table.show_rows(lines)
        self.model.set_checked(line.charge_id for line in lines if line.account_id == account_id)
        self.model.checks_changed.connect(self._tell)
        self.table.row_entered.connect(lambda _id: self.entered.emit())
        if lines:
            self.table.choose_row(0)

    def set_day(self, day: date | None) -> None:
        """The day of the paper: what was not there yet cannot be listed."""
        if day != self._day:
            self._day = day
            self.model.replace_rows(self._lines.values())
            self.table.viewport().update()
            self._tell()

    def choose(self, charge_ids: frozenset[int]) -> None:
        """List exactly these."""
        self.model.clear_checks()
        self.model.set_checked(charge_ids & self._lines.keys())

    def value(self) -> frozenset[int]:
        """The charges listed."""
        return frozenset(one for one in self.model.checked_ids() if self._counts(self._lines[one]))

    def accounts(self) -> frozenset[int]:
        """The accounts of the charges listed."""
        return frozenset(self._lines[one].account_id for one in self.value())

    def _counts(self, line: DocumentLine) -> bool:
        return self._day is None or line.since is None or line.since <= self._day

    def _what(self, line: DocumentLine) -> Cell:
        text = f"{line.room} {line.text}" if self._has_rooms else line.text
        if self._counts(line):
            return Cell(text)
        return Cell(
            f"{text} · 那天还没有", tone=Tone.CAPTION, strike=True, tooltip="材料的日期早于这笔账，不能算列明。"
        )

    def _tell(self) -> None:
        listed = [self._lines[one] for one in self.value()]
        self.sum.setText(
            f"列明 {len(listed):,} / {len(self._lines):,} 笔，{show_yuan(sum(line.owed for line in listed))}；时效只认列明的"
        )
        self.changed.emit()


class FilesRow(QWidget):
    """The files handed over with a paper: by button, by Ctrl+O, or dropped on the dialog.

    Signals:
        changed: a file more or less.
    """

    changed = Signal()

    def __init__(
        self,
        ask: Callable[[QWidget], Path | None],
        look: Callable[[Path], ProofFile | None],
        kept: Sequence[ProofFile] = (),
        parent: QWidget | None = None,
    ) -> None:
        """`look` reads a file as the office would keep it and tells itself what is wrong; `kept` are on file already."""
        super().__init__(parent)
        self._ask, self._look, self._kept = ask, look, tuple(kept)
        self._files: list[tuple[Path, ProofFile]] = []
        self.add_button = KeyButton("选照片或扫描件", key="Ctrl+O", icon="camera")
        self.drop_button = KeyButton("去掉最后一个", kind="quiet")
        self.names = ElidedLabel("", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.add_button)
        row.addWidget(self.names, 1)
        row.addWidget(self.drop_button)
        self.add_button.clicked.connect(self.ask)
        self.drop_button.clicked.connect(self.drop_last)
        self._show()

    def ask(self) -> None:
        """Ask for one more file."""
        path = self._ask(self)
        if path is not None:
            self.take(path)

    def take(self, path: Path) -> None:
        """Take a file; one that is here already, whatever its name, is passed over."""
        proof = self._look(path)
        if proof is not None and all(proof.sha256 != known.sha256 for known in self.proofs()):
            self._files.append((path, proof))
        self._show()
        self.changed.emit()

    def drop_last(self) -> None:
        """Take the last one out again."""
        del self._files[-1:]
        self._show()
        self.changed.emit()

    def paths(self) -> list[Path]:
        """The new files, in the order given."""
        return [path for path, _ in self._files]

    def proofs(self) -> tuple[ProofFile, ...]:
        """All files, those on file already first."""
        return (*self._kept, *(proof for _, proof in self._files))

    def _show(self) -> None:
        names = "、".join(proof.name for proof in self.proofs())
        self.names.setText(f"{len(self.proofs())} 个：{names}" if names else "也可以把文件拖到这里")
        self.drop_button.setVisible(bool(self._files))
        self.add_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
