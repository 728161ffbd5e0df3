"""What leaves 短信/微信: the list for the gateway, and the clerk's word that texts were sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.changes import Changes
from feedesk.models.store import Office
from feedesk.models.store.texts import SentHow, TextChanges
from feedesk.models.texts import TextBatch, TextDraft, TextKind
from feedesk.tasks.texts import export_texts
from feedesk.ui.desk import Desk
from feedesk.ui.jobs import Tick

_AT_ONCE = "当场撤销"
_MANY = 500
"""Accounts whose texts the window waits for; more are written by the worker."""
_MANY_MARKED = 60
"""The same for texts put on record, which takes longer."""

Sent = Sequence[tuple[TextDraft, SentHow]]


class TextPress(QObject):
    """Asks, writes, and tells the view what came of it.

    Signals:
        listed: a tuple of `TextDraft` stands in a file now.
        recorded: what was sent is on record.
    """

    listed = Signal(object)
    recorded = Signal()

    def __init__(self, desk: Desk, owner: QWidget) -> None:
        super().__init__(owner)
        self._desk = desk
        self._window = owner
        self._asked = 0
        self.many, self.many_marked = _MANY, _MANY_MARKED

    def propose(self, account_ids: Sequence[int], kind: TextKind, show: Callable[[TextBatch], None]) -> None:
        """`show` gets the batch: at once, or for a large office when it is ready; only that asked for last is shown."""
        self._asked += 1
        asked = self._asked
        if len(account_ids) <= self.many:
            show(self._desk.office.texts.propose(account_ids, kind))
            return

        def done(batch: TextBatch) -> None:
            if asked == self._asked:
                show(batch)

        ids = list(account_ids)
        self._desk.in_background(lambda office, _tick: office.texts.propose(ids, kind), done, "正在写每位业主的短信")

    def save_list(self, texts: Sequence[TextDraft]) -> None:
        """Ask, choose a file, write it; nothing is marked as sent."""
        desk, count = self._desk, len(texts)
        sure = desk.messages.confirm(
            f"名单里有 {count:,} 位业主的手机号和欠费金额，存成文件？",
            f"存 {count:,} 条",
            "只交给已签委托协议的短信平台，发完删掉。存名单会记入操作日志。",
            self._window,
        )
        if not sure:
            return
        proposed = desk.settings.folder("texts") / f"短信名单-{desk.today().isoformat()}.xlsx"
        kinds = "Excel 工作簿 (*.xlsx);;CSV 文本 (*.csv)"
        target = desk.messages.save_file(f"{count:,} 条短信存为", proposed, kinds, self._window)
        if target is None:
            return
        desk.settings.remember_folder("texts", target.parent)

        def work(office: Office, _tick: Tick) -> None:
            export_texts(office, texts, target)

        def done(_nothing: None) -> None:
            self.listed.emit(tuple(texts))
            desk.messages.note(f"已存 {count:,} 条：{target.name}。发出后回来点“记为已发”。")

        desk.in_background(work, done, "正在存短信名单", self._tell)

    def mark(self, sent: Sent, hours: str) -> None:
        """记为已发; where the hour forbids it, how it came about is asked for and kept."""
        desk = self._desk
        reason = ""
        if hours:
            asked = desk.messages.ask_text(f"现在不在可发的时段，这 {len(sent):,} 条是怎么发的？", "", self._window)
            if not asked:
                return
            reason = asked
        said = f"已记 {len(sent):,} 位业主的短信；原来定的跟进不变。"
        if len(sent) <= self.many_marked:
            if desk.write(lambda: desk.office.texts.mark_all(sent, reason), said, self._undo):
                self.recorded.emit()
            return

        def done(changes: TextChanges) -> None:
            self.recorded.emit()
            desk.changed.emit(changes)
            desk.messages.undoable(said, lambda: self._take_back(changes))

        words = f"正在记 {len(sent):,} 位业主的短信"
        desk.in_background(lambda office, _tick: office.texts.mark_all(sent, reason), done, words, self._tell)

    def _take_back(self, made: TextChanges) -> None:
        """撤销 of many: as long as recording them."""
        desk = self._desk

        def done(changes: Changes) -> None:
            desk.changed.emit(changes)
            desk.messages.note("已撤销。")

        desk.in_background(lambda office, _tick: office.texts.void_sent(made, _AT_ONCE), done, "正在撤销", self._tell)

    def _tell(self, error: FeeDeskError) -> None:
        self._desk.messages.tell(error, self._window)

    def _undo(self, made: Changes) -> Changes:
        assert isinstance(made, TextChanges)  # what `mark_all` returned
        return self._desk.office.texts.void_sent(made, _AT_ONCE)
