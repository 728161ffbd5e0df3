"""记录: everything that happened to an account, newest first; Del voids, Enter on a notice prints it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QListView, QStackedWidget, QVBoxLayout, QWidget

from feedesk.models.timeline import EntryKind, TimelineEntry
from feedesk.ui.timeline_delegate import TimelineDelegate, TimelineModel
from feedesk.ui.widgets import ChipRow, EmptyState, KeyButton, label

_GROUPS: tuple[tuple[str, str, frozenset[EntryKind]], ...] = (
    ("all", "全部", frozenset(EntryKind)),
    ("contact", "联系", frozenset({EntryKind.CONTACT, EntryKind.DISPUTE, EntryKind.PLAN})),
    ("notice", "函件", frozenset({EntryKind.NOTICE, EntryKind.SERVICE, EntryKind.DOCUMENT})),
    (
        "money",
        "钱",
        frozenset(
            {
                EntryKind.MONEY,
                EntryKind.DEBT,
                EntryKind.CLAIM,
                EntryKind.WAIVER,
                EntryKind.INSTALMENTS,
                EntryKind.SPLIT,
                EntryKind.DOUBT,
            }
        ),
    ),
)
_VOIDABLE = {
    EntryKind.CONTACT: "作废这条",
    EntryKind.NOTICE: "作废这条",
    EntryKind.MONEY: "冲正这笔",
    EntryKind.WAIVER: "作废减免",
    EntryKind.INSTALMENTS: "作废分期",
    EntryKind.SPLIT: "取消拆分",
    EntryKind.SERVICE: "作废送达",
    EntryKind.DOCUMENT: "作废",
}
_PAPERS = {
    EntryKind.NOTICE: "补打",
    EntryKind.MONEY: "收据",
    EntryKind.INSTALMENTS: "协议",
    EntryKind.DOCUMENT: "打开",
    EntryKind.DISPUTE: "看这件",
}
"""What Enter prints or opens."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TimelineList(QListView):
    """The entries.

    Signals:
        void_asked: the current entry; Del.
        entered: the current entry; Enter or a double click.
    """

    void_asked = Signal(object)
    entered = Signal(object)

    def __init__(self, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries = model
        self.setModel(model)
        self.setItemDelegate(TimelineDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("记录")
        self.doubleClicked.connect(lambda _index: self._enter())

    def current_entry(self) -> TimelineEntry | None:
        """The entry the keys act on; None on a head."""
        item = self._entries.item(self.currentIndex().row())
        return item if isinstance(item, TimelineEntry) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Del and Enter; the rest is Qt's."""
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Delete and not event.modifiers():
            if self.current_entry() is not None:
                self.void_asked.emit(self.current_entry())
        elif key in _ENTER:
            self._enter()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, _search: str) -> None:
        """Letters are no search here."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Heights depend on the width."""
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def _enter(self) -> None:
        if self.current_entry() is not None:
            self.entered.emit(self.current_entry())


class TimelineTab(QWidget):
    """Shows the history of one account under filter chips.

    Signals:
        void_asked: an entry (contact, notice, payment, waiver, plan, split) to be voided.
        reprint_asked: the id of a notice to be printed again.
        paper_asked: an entry (payment, plan, paper on file, objection) that is to be opened.
        log_asked: the button of the empty page.
        file_asked: N, a paper is to be put on file.
        again_asked: D, an entry (paper on file) whose service or further files are to be added.
    """

    void_asked = Signal(object)
    reprint_asked = Signal(int)
    paper_asked = Signal(object)
    log_asked = Signal()
    file_asked = Signal()
    again_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[TimelineEntry, ...] = ()
        self._today = date.min
        self._model = TimelineModel(self)
        self.chips = ChipRow()
        self.chips.chosen.connect(lambda _key: self._refill())
        self.list = TimelineList(self._model)
        self.list.void_asked.connect(self._ask_void)
        self.list.entered.connect(self._enter)
        self.list.selectionModel().currentChanged.connect(lambda _now, _was: self._mind_buttons())
        self._empty = EmptyState()
        self._empty.pressed.connect(self.log_asked)
        self.void_button = KeyButton("作废这条", key="Del", kind="quiet")
        self.void_button.clicked.connect(lambda: self._ask_void(self.list.current_entry()))
        self.reprint_button = KeyButton("补打", key="Enter", kind="quiet", icon="print")
        self.reprint_button.clicked.connect(lambda: self._enter(self.list.current_entry()))
        self.again_button = KeyButton("补登", key="D", kind="quiet")
        self.again_button.setToolTip("补登送达，或再加文件：照原样另存一条，原来的作废（D）")
        self.again_button.clicked.connect(self._ask_again)
        self.file_button = KeyButton("存档材料", key="N", kind="quiet")
        self.file_button.clicked.connect(self.file_asked)
        for keys, act in (("N", self.file_asked.emit), ("D", self._ask_again)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

        self.kept = label("", "caption", wrap=True)
        self.kept.hide()
        top = QWidget()
        above = QVBoxLayout(top)
        above.setContentsMargins(16, 10, 16, 4)
        above.setSpacing(4)
        row = QHBoxLayout()
        row.addWidget(self.chips, 1)
        above.addLayout(row)
        above.addWidget(self.kept)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        self._foot = QFrame()
        self._foot.setProperty("role", "bar")
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(8, 3, 16, 3)
        foot.addWidget(self.void_button)
        foot.addWidget(self.reprint_button)
        foot.addWidget(self.again_button)
        foot.addStretch(1)
        foot.addWidget(self.file_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self._stack, 1)
        column.addWidget(self._foot)

    def show_entries(self, entries: Sequence[TimelineEntry], today: date, *, same_account: bool = False) -> None:
        """Show the history of an account, newest first; of the same account the entry in hand stays in hand."""
        kept = self.list.current_entry() if same_account else None
        self._entries, self._today = tuple(entries), today
        counts = {key: sum(entry.kind in kinds for entry in entries) for key, _words, kinds in _GROUPS}
        self.chips.set_chips([(key, words, "", counts[key]) for key, words, _kinds in _GROUPS])
        if not same_account:
            self.chips.choose("all")
        self._refill(kept)

    def show_kept(self, line: str, each: str) -> None:
        """How the owner keeps his promises, with `each` of them as tooltip; no line where there is none."""
        self.kept.setText(line)
        self.kept.setToolTip(each)
        self.kept.setVisible(bool(line))

    def texts(self) -> tuple[str, ...]:
        """Everything shown, heads included, as read."""
        rows = range(self._model.rowCount())
        return tuple(str(self._model.data(self._model.index(row, 0))) for row in rows)

    def take_focus(self) -> None:
        """Put the keys on the entries."""
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _refill(self, kept: TimelineEntry | None = None) -> None:
        chosen = self.chips.value()
        kinds = next((kinds for key, _words, kinds in _GROUPS if key == chosen), frozenset(EntryKind))
        shown = [entry for entry in self._entries if entry.kind in kinds]
        self._model.show_entries(shown, self._today)
        at = self._model.row_of(kept.kind, kept.ref_id) if kept is not None and kept.ref_id else -1
        at = at if at >= 0 else self._model.first_entry()
        if at >= 0:
            self.list.setCurrentIndex(self._model.index(at, 0))
        if not any(entry.kind is EntryKind.CONTACT for entry in self._entries) and chosen in ("", "all", "contact"):
            self._empty.say("还没有联系过这一户。", button="记录联系", key="F2")
        else:
            self._empty.say("这一类还没有记录。")
        self._stack.setCurrentIndex(0 if shown else 1)
        self._mind_buttons()

    def _mind_buttons(self) -> None:
        entry = self.list.current_entry()
        if entry is not None:
            self.void_button.set_words(_VOIDABLE.get(entry.kind, ""))
            self.reprint_button.set_words(_PAPERS.get(entry.kind, ""))
        self.void_button.setVisible(self._can_void(entry))
        self.reprint_button.setVisible(self._can_reprint(entry))
        self.again_button.setVisible(self._can_add(entry))

    @staticmethod
    def _can_void(entry: TimelineEntry | None) -> bool:
        return entry is not None and entry.kind in _VOIDABLE and not entry.voided and entry.ref_id > 0

    @staticmethod
    def _can_reprint(entry: TimelineEntry | None) -> bool:
        return entry is not None and entry.kind in _PAPERS and not entry.voided and entry.ref_id > 0

    @staticmethod
    def _can_add(entry: TimelineEntry | None) -> bool:
        return entry is not None and entry.kind is EntryKind.DOCUMENT and not entry.voided

    def _ask_again(self) -> None:
        entry = self.list.current_entry()
        if self._can_add(entry):
            self.again_asked.emit(entry)

    def _ask_void(self, entry: TimelineEntry | None) -> None:
        if self._can_void(entry):
            self.void_asked.emit(entry)

    def _enter(self, entry: TimelineEntry | None) -> None:
        if entry is None or not self._can_reprint(entry):
            return
        if entry.kind is EntryKind.NOTICE:
            self.reprint_asked.emit(entry.ref_id)
        else:
            self.paper_asked.emit(entry)
