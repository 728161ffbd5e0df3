"""历次批次: past print runs and their notices: to print again, to void, and to record how each was served."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from feedesk.models.days import show_day, show_moment
from feedesk.models.limitation import Grade
from feedesk.models.money import show, show_yuan
from feedesk.models.notices import IssuedNotice
from feedesk.models.service import METHOD_LABELS, Delivery, DeliveryDraft
from feedesk.models.store.notices import BatchRow
from feedesk.ui.desk import Desk
from feedesk.ui.notice_rows import short_rooms, span
from feedesk.ui.proof_files import Handed, choose_proof
from feedesk.ui.table import Align, Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import Tone
from feedesk.ui.widgets import ElidedLabel, EmptyState, KeyButton, label

_NARROW = 1100
_RUN_ROWS = 5
_RUN_ROWS_SHORT = 2
_ROW = 30
_PROOFS = "照片、扫描件、录像 (*.jpg *.jpeg *.png *.heic *.pdf *.tif *.tiff *.webp *.mp4 *.mov *.txt *.zip)"


class NoticeRunsView(QWidget):
    """Above the runs, newest first; below the notices of the current one.

    Signals:
        current_changed: another notice is current.
        back_asked, preview_asked: the head's buttons.
    """

    current_changed = Signal()
    back_asked = Signal()
    preview_asked = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._most = _RUN_ROWS
        self._served: dict[int, list[Delivery]] = {}
        self.runs_model: RecordTableModel[BatchRow] = RecordTableModel(
            self._run_columns(), lambda row: row.id, parent=self
        )
        self.runs: RecordTableView[BatchRow] = RecordTableView(self.runs_model, row_height=_ROW)
        self.runs.setAccessibleName("历次批次")
        self.runs.current_changed.connect(lambda _id: self._fill())
        self.runs.row_entered.connect(self._on_run_entered)
        self.issued_model: RecordTableModel[IssuedNotice] = RecordTableModel(
            self._issued_columns(), lambda row: row.id, parent=self
        )
        self.issued: RecordTableView[IssuedNotice] = RecordTableView(self.issued_model, row_height=_ROW)
        self.issued.setAccessibleName("这一批的催款单")
        self.issued.current_changed.connect(self._on_issued)
        self.issued.row_entered.connect(lambda _id: self.reprint_one())
        QShortcut(QKeySequence("Del"), self).activated.connect(self.ask_void)
        QShortcut(QKeySequence("D"), self).activated.connect(self.ask_service)
        QShortcut(QKeySequence("Shift+Del"), self).activated.connect(self.ask_void_service)
        self._empty = EmptyState()
        self._empty.say("还没有出过通知。", "从业主页勾选，或按筛选出一批。", "出一批")
        self._empty.pressed.connect(self.back_asked)
        self.back_button = KeyButton("新的一批", key="Esc", kind="quiet")
        self.back_button.clicked.connect(self.back_asked)
        self.preview_button = KeyButton("预览", icon="search", key="F3")
        self.preview_button.clicked.connect(self.preview_asked)
        self.preview_button.hide()
        self._subtitle = ElidedLabel("", "muted")
        self._which = ElidedLabel("", "section")
        self._hint = ElidedLabel("作废的编号不再使用，也不算一次催款。", "caption")
        self.void_button = KeyButton("作废这张", key="Del", kind="danger")
        self.void_button.clicked.connect(self.ask_void)
        self.serve_button = KeyButton("登记送达", key="D")
        self.serve_button.clicked.connect(self.ask_service)
        self.one_button = KeyButton("补打这张", key="Enter", icon="print")
        self.one_button.clicked.connect(self.reprint_one)
        self.all_button = KeyButton("补打整批", icon="print", kind="primary")
        self.all_button.clicked.connect(self.reprint_all)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 16, 8)
        head.setSpacing(10)
        head.addWidget(label("历次批次", "title"))
        head.addWidget(self._subtitle, 1)
        head.addWidget(self.back_button)
        head.addWidget(self.preview_button)
        which = QHBoxLayout()
        which.setContentsMargins(16, 10, 16, 6)
        which.addWidget(self._which, 1)
        bar = QFrame()
        bar.setProperty("role", "bar")
        foot = QHBoxLayout(bar)
        foot.setContentsMargins(16, 10, 16, 10)
        foot.setSpacing(8)
        foot.addWidget(self._hint, 1)
        foot.addWidget(self.void_button)
        foot.addWidget(self.serve_button)
        foot.addWidget(self.one_button)
        foot.addWidget(self.all_button)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.runs)
        body.addLayout(which)
        body.addWidget(self.issued, 1)
        body.addWidget(bar)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._body, 1)
        column.addWidget(self._empty, 1)

    def reload(self) -> None:
        """Read the runs anew; the current run and notice stay."""
        rows = self._desk.office.notices.batches()
        self._body.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self._subtitle.setText(f"共 {len(rows):,} 批 · {sum(row.count for row in rows):,} 张" if rows else "")
        self.runs.show_rows(rows)
        self._fit_runs()
        if rows and self.runs.current_id() is None:
            self.runs.choose_row(0)
        self._fill()

    def current(self) -> IssuedNotice | None:
        """The notice of the preview."""
        return self.issued.current_record()

    def place(self) -> str:
        """「4 / 18」 within the run."""
        at = self.issued.currentIndex().row()
        return f"{at + 1} / {self.issued_model.rowCount()}" if at >= 0 else ""

    def step(self, by: int) -> bool:
        """The neighbouring notice; False at the end."""
        return self.issued.step(by)

    def fit(self, width: int, height: int, *, alone: bool) -> None:
        """Choose columns and heights."""
        self._most = _RUN_ROWS_SHORT if height < 600 else _RUN_ROWS
        self._fit_runs()
        for table in (self.runs, self.issued):
            table.fit_columns(10_000 if alone else width)
        self.preview_button.setVisible(alone)

    def take_focus(self) -> None:
        """Into the runs."""
        self.runs.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what is done here ---

    def reprint_one(self) -> None:
        """补打 the current notice."""
        notice = self.current()
        if notice is not None and not notice.voided:
            self._desk.reprint_wanted.emit([notice.id])

    def reprint_all(self) -> None:
        """补打 everything of the run that is not void."""
        ids = [notice.id for notice in self.issued_model.rows() if not notice.voided]
        if ids:
            self._desk.reprint_wanted.emit(ids)

    def ask_void(self) -> None:
        """作废 the current notice, with a reason; the number stays used."""
        notice = self.current()
        if notice is None or notice.voided:
            return
        question = (
            f"为什么作废 {notice.number}（{short_rooms(notice.rooms)} {notice.name}）？编号不再使用，也不算一次催款。"
        )
        reason = self._desk.messages.ask_text(question, parent=self)
        if reason is not None:
            self._desk.write(
                lambda: self._desk.office.notices.void(notice.id, reason), f"{notice.number} 已作废：{reason.strip()}。"
            )

    def ask_service(self) -> None:
        """登记送达 of the current notice."""
        notice, desk = self.current(), self._desk
        if notice is None or notice.voided:
            return
        from feedesk.ui.service_dialog import ServiceDialog

        before = "；".join(_told(one) for one in self._served.get(notice.id, ()) if not one.voided)
        dialog = ServiceDialog(
            notice, desk.office.service.made_at(notice.id), desk.now(), self._choose_proof, self._record, self,
            before=before,
        )  # fmt: skip
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def ask_void_service(self) -> None:
        """作废 the latest delivery of the current notice, with a reason; it still shows in the tooltip."""
        notice = self.current()
        alive = [one for one in self._served.get(notice.id, ()) if not one.voided] if notice else []
        if notice is None or not alive:
            return
        reason = self._desk.messages.ask_text(f"为什么作废 {notice.number} 的送达（{_told(alive[0])}）？", parent=self)
        if reason is not None:
            self._desk.write(
                lambda: self._desk.office.service.void(alive[0].id, reason), f"送达已作废：{reason.strip()}。"
            )

    def _choose_proof(self, parent: QWidget) -> Handed | None:
        return choose_proof(self._desk, "选择送达凭据", _PROOFS, self._desk.office.service.look_at, parent)

    def _record(self, draft: DeliveryDraft, files: Sequence[Path]) -> bool:
        return self._desk.write(
            lambda: self._desk.office.service.record(draft, files),
            f"{METHOD_LABELS[draft.method]}已登记。",
            lambda changes: self._desk.office.service.void(changes.record_id, "当场撤销"),
        )

    # --- inside ---

    def _fit_runs(self) -> None:
        rows = max(1, min(self._most, self.runs_model.rowCount()))
        self.runs.setFixedHeight(self.runs.horizontalHeader().height() + rows * _ROW)

    def _fill(self) -> None:
        run = self.runs.current_record()
        notices = self._desk.office.notices.of_batch(run.id) if run else []
        self._served = self._desk.office.service.of_notices([notice.id for notice in notices])
        self.issued.show_rows(notices)
        if self.issued_model.rowCount() and self.issued.current_id() is None:
            self.issued.choose_row(0)
        rows = self.issued_model.rows()
        rooms = max((short_rooms(row.rooms) for row in rows), key=len, default="")[:14]
        widest = max((row.total for row in rows), default=0)
        self.issued.keep_whole({"房号": rooms, "金额(元)": show(widest), "编号": "2026-00000"})
        if run:
            self._which.setText(
                f"{show_moment(run.at, self._desk.now())} 这一批 · {span(run.first_number, run.last_number)}"
                + (f" · {_late_fee(run)}" if run.late_fee else "")
            )
        self._mind_buttons()
        self.current_changed.emit()

    def _on_run_entered(self, _id: int | None) -> None:
        self.issued.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_issued(self, _id: int | None) -> None:
        self._mind_buttons()
        self.current_changed.emit()

    def _mind_buttons(self) -> None:
        notice = self.current()
        alive = sum(not row.voided for row in self.issued_model.rows())
        self.one_button.setEnabled(notice is not None and not notice.voided)
        self.serve_button.setEnabled(notice is not None and not notice.voided)
        self.void_button.setEnabled(notice is not None and not notice.voided)
        self.all_button.setEnabled(alive > 0)
        self.all_button.set_words(f"补打整批 {alive:,} 张" if alive else "补打整批")

    def _run_columns(self) -> tuple[Column[BatchRow], ...]:
        now = self._desk.now
        return (
            Column("时间", lambda row: Cell(show_moment(row.at, now()), bold=True), 128),
            Column("张数", lambda row: Cell(f"{row.count:,}"), 56, align=Align.RIGHT),
            Column("合计(元)", lambda row: Cell(show(row.total), tooltip=_late_fee(row)), 104, align=Align.RIGHT),
            Column("编号", lambda row: Cell(span(row.first_number, row.last_number), tone=Tone.MUTED), 172),
            Column("经办", lambda row: Cell(row.staff_name, tone=Tone.MUTED), 72, hide_below=_NARROW),
            Column("存为", lambda row: Cell(row.target, tone=Tone.MUTED, tooltip=row.target), 0),
        )

    def _issued_columns(self) -> tuple[Column[IssuedNotice], ...]:
        return (
            Column("编号", lambda row: Cell(row.number, tone=Tone.CAPTION, strike=bool(row.voided)), 88),
            Column("房号", lambda row: Cell(short_rooms(row.rooms), bold=not row.voided, strike=bool(row.voided), tooltip="、".join(row.rooms)), 96),
            Column("业主", lambda row: Cell(row.name or "业主", strike=bool(row.voided)), 96),
            Column("金额(元)", lambda row: Cell(show(row.total), strike=bool(row.voided)), 90, align=Align.RIGHT),
            Column("第几次", lambda row: Cell(str(row.round_no), strike=bool(row.voided)), 58, align=Align.CENTRE, hide_below=_NARROW),
            Column("情况", self._state, 0),
            Column("送达", self._service, 156),
        )  # fmt: skip

    def _service(self, row: IssuedNotice) -> Cell:
        """The best delivery of a notice; all of them in the tooltip."""
        found = self._served.get(row.id, [])
        tip = "\n".join(_explained(one) for one in found)
        alive = [one for one in found if not one.voided]
        if row.voided or not alive:
            return Cell("" if row.voided else "未登记", tone=Tone.CAPTION, tooltip=tip)
        best = min(alive, key=lambda one: (one.verdict.grade, -one.id))
        weak = best.verdict.grade is Grade.D or bool(best.verdict.flags)
        return Cell(_told(best), tone=Tone.OCHRE if weak else Tone.MUTED, tooltip=tip)

    def _state(self, row: IssuedNotice) -> Cell:
        if row.voided:
            return Cell(f"已作废：{row.voided}", mark="nocall", tone=Tone.MUTED, tooltip=f"已作废：{row.voided}")
        day = show_day(row.pay_by, self._desk.today())
        again = f" · 补打过 {row.reprints} 次" if row.reprints else ""
        return Cell(f"截止 {day}{again}", tone=Tone.MUTED, tooltip=f"欠 {show_yuan(row.total)}，{row.lines} 笔")


def _told(one: Delivery) -> str:
    """「B · 11-18 EMS 签收」."""
    day = f"{one.draft.arrived_on:%m-%d} " if one.draft.arrived_on else ""
    return f"{one.verdict.grade.value} · {day}{METHOD_LABELS[one.draft.method]}"


def _explained(one: Delivery) -> str:
    """A delivery with who, how many files, what it is worth and what is missing."""
    words = [f"{_told(one)}：{one.verdict.why}"]
    words += [f"还缺{'；'.join(one.verdict.missing)}"] * bool(one.verdict.missing)
    words += list(one.verdict.flags)
    words += [f"{len(one.files)} 个凭据文件"] * bool(one.files)
    words += [f"{one.staff_name} {one.at:%m-%d} 登记"]
    words += [f"已作废：{one.voided}"] * bool(one.voided)
    return "，".join(words)


def _late_fee(run: BatchRow) -> str:
    """「另列违约金 ¥27.40，程远批准：…」; empty for a run without."""
    if not run.late_fee:
        return ""
    who, _, reason = run.override.partition("：")
    return f"另列违约金 {show_yuan(run.late_fee)}" + (f"，{who}放行：{reason}" if who else "")
