"""What a clerk does about objections: puts one on record, follows it, lists them all; each write goes through the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QDialog, QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.accounts import OwnerRow
from feedesk.models.charges import Charge
from feedesk.models.disputes import (
    OUTCOME_LABELS,
    Dispute,
    DisputeChange,
    DisputeDraft,
    DisputeOutcome,
    DisputeRow,
)
from feedesk.models.money import show_yuan
from feedesk.models.service import ProofFile
from feedesk.tasks.disputes import export_disputes
from feedesk.ui.desk import Desk
from feedesk.ui.money_dialog import Head
from feedesk.ui.proof_files import Handed, choose_proof

_PHOTOS = "照片、扫描件、录像 (*.jpg *.jpeg *.png *.heic *.webp *.bmp *.tif *.tiff *.pdf *.mp4 *.mov)"


class DisputeActions(QObject):
    """Opens the dialogs over `window`; each stays open until what it asks is really written."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._window = window

    # --- where one comes in ---

    def of_line(self, row: OwnerRow, charge: Charge | None) -> None:
        """X on 账单: follow what holds this line or the account, else put a new objection on record."""
        running = self._desk.office.disputes.running(row.account_id)
        about = [
            one.id
            for one in running
            if charge is not None
            and (one.id == charge.dispute_id or any(line.charge_id == charge.id for line in one.lines))
        ]
        found = about or [one.id for one in running if not one.lines]
        if found:
            self.show(found[0], [one.id for one in running])
        else:
            self.open_new(row, charge.id if charge is not None and charge.owed > 0 else None)

    def of_account(self, row: OwnerRow) -> None:
        """异议 of an account: follow those that run, else put one on record."""
        running = self._desk.office.disputes.running(row.account_id)
        if running:
            self.show(running[0].id, [one.id for one in running])
        else:
            self.open_new(row)

    def open_new(self, row: OwnerRow, current: int | None = None) -> None:
        """登记异议."""
        from feedesk.ui.dispute_open_dialog import DisputeOpenDialog  # dialogs come when they are needed

        disputes = self._desk.office.disputes
        if not row.owed:
            self._desk.messages.note(f"{row.room} 没有欠费，不用登记异议。")
            return

        def save(draft: DisputeDraft, files: Sequence[Path]) -> bool:
            what = f"{len(draft.charge_ids)} 笔暂缓，其余照常" if draft.charge_ids else "整户暂缓"
            return self._desk.write(
                lambda: disputes.open(draft, files),
                f"{row.room} 已登记{draft.kind}异议，{what if draft.hold else '不暂缓'}。",
                lambda changes: disputes.cancel(changes.record_id, "当场撤销"),
            )

        _open(
            DisputeOpenDialog(
                Head("登记异议", row.room, row.name, f"欠 {show_yuan(row.owed)}"),
                row.account_id,
                self._desk.office.accounts.charges(row.account_id),
                disputes.running(row.account_id),
                self._desk.today(),
                self._choose_photo,
                save,
                self._window,
                current=current,
            )
        )

    def list_all(self) -> None:
        """异议与遗留."""
        from feedesk.ui.dispute_list import DisputeListDialog

        disputes = self._desk.office.disputes
        dialog = DisputeListDialog(lambda all_: disputes.all(open_only=not all_), self._desk.today(), self._window)

        def follow(dispute_id: int, ids: Sequence[int]) -> None:
            self.show(dispute_id, ids, over=dialog)

        def export(rows: Sequence[DisputeRow], view: str, summary: str) -> None:
            self._export(rows, view, summary, dialog)

        dialog.opened.connect(follow)
        dialog.export_asked.connect(export)
        self._desk.changed.connect(dialog.reload)
        dialog.finished.connect(lambda _how: self._desk.changed.disconnect(dialog.reload))
        _open(dialog)

    def _export(self, rows: Sequence[DisputeRow], view: str, summary: str, over: QWidget) -> None:
        desk = self._desk
        proposed = desk.settings.folder("disputes") / f"异议与遗留-{desk.today().isoformat()}.xlsx"
        target = desk.messages.save_file("异议与遗留存为", proposed, "Excel 工作簿 (*.xlsx)", over)
        if target is None:
            return
        desk.settings.remember_folder("disputes", target.parent)
        desk.in_background(
            lambda office, _tick: export_disputes(office, target, view, rows, summary),
            lambda _nothing: desk.messages.note(f"已存 {target.name}：{len(rows):,} 件。"),
            "正在生成异议清单",
            lambda error: desk.messages.tell(error, self._window),
        )

    # --- following one ---

    def show(self, dispute_id: int, ids: Sequence[int] = (), over: QDialog | None = None) -> None:
        """Follow one; `ids` are those ←→ go through, `over` the list it was opened from."""
        from feedesk.ui.dispute_dialog import DisputeDialog

        known = list(ids) or [dispute_id]
        row = self._row(dispute_id)
        if row is None:
            return
        dialog = DisputeDialog(row, self._desk.today(), self._find, over or self._window, place=_place(known, row))

        def again(wanted: int | None = None) -> None:
            fresh = self._row(dialog.dispute.id if wanted is None else wanted)
            if fresh is not None:
                dialog.show_row(fresh, _place(known, fresh))

        def step(by: int) -> None:
            at = known.index(dialog.dispute.id) + by if dialog.dispute.id in known else -1
            if 0 <= at < len(known):
                again(known[at])

        def to_owner(account_id: int) -> None:
            if over is not None:
                over.accept()
            self._desk.owner_wanted.emit(account_id)

        def another(one: Dispute) -> None:
            found = self._desk.office.accounts.some([one.account_id]).get(one.account_id)
            if found is not None:
                dialog.accept()
                self.open_new(found)

        def after(act: Callable[[Dispute, QWidget], bool], one: Dispute) -> None:
            if act(one, dialog):
                again()

        dialog.note_asked.connect(lambda one: after(self._note, one))
        dialog.files_asked.connect(lambda one: after(self._add_photo, one))
        dialog.change_asked.connect(lambda one: self._change(one, dialog, again))
        dialog.end_asked.connect(lambda one: self._end(one, dialog, again))
        dialog.report_asked.connect(lambda one: self._report(one, dialog, again))
        dialog.reopen_asked.connect(lambda one: after(self._reopen, one))
        dialog.new_asked.connect(another)
        dialog.owner_asked.connect(to_owner)
        dialog.step_asked.connect(step)
        dialog.file_opened.connect(lambda proof: self._show_photo(proof, dialog))
        _open(dialog)

    def _row(self, dispute_id: int) -> DisputeRow | None:
        try:
            return self._desk.office.disputes.row(dispute_id)
        except FeeDeskError as error:
            self._desk.messages.tell(error, self._window)
            return None

    def _note(self, one: Dispute, over: QWidget) -> bool:
        words = self._desk.messages.ask_text(f"{one.kind}异议有什么进展？", "", over)
        if not words:
            return False
        return self._desk.write(lambda: self._desk.office.disputes.note(one.id, words), "进展已记下。")

    def _add_photo(self, one: Dispute, over: QWidget) -> bool:
        handed = self._choose_photo(over)
        if handed is None:
            return False
        return self._desk.write(
            lambda: self._desk.office.disputes.add_files(one.id, [handed[0]]), f"“{handed[1].name}”已收下。"
        )

    def _change(self, one: Dispute, over: QWidget, again: Callable[[], None]) -> None:
        from feedesk.ui.dispute_step_dialogs import DisputeChangeDialog

        def save(wanted: DisputeChange) -> bool:
            return self._desk.write(
                lambda: self._desk.office.disputes.change(one.id, wanted), "异议已改，经过里有记录。"
            )

        self._ask(DisputeChangeDialog(self._head("改期·转部门", one), one, self._desk.today(), save, over), again)

    def _end(self, one: Dispute, over: QWidget, again: Callable[[], None]) -> None:
        from feedesk.ui.dispute_step_dialogs import DisputeEndDialog

        def save(outcome: DisputeOutcome, words: str) -> bool:
            return self._desk.write(
                lambda: self._desk.office.disputes.resolve(one.id, outcome, words),
                f"{one.kind}异议已结案：{OUTCOME_LABELS[outcome]}；接着回复业主。",
                lambda _changes: self._desk.office.disputes.reopen(one.id, "当场撤销"),
            )

        self._ask(DisputeEndDialog(self._head("结案", one), save, over), again)

    def _report(self, one: Dispute, over: QWidget, again: Callable[[], None]) -> None:
        from feedesk.ui.dispute_step_dialogs import DisputeReportDialog

        def save(how: str, words: str) -> bool:
            return self._desk.write(
                lambda: self._desk.office.disputes.report_back(one.id, how, words),
                f"{one.kind}异议已回复业主，可以照常联系。",
            )

        result = "：".join(part for part in (one.outcome_text, one.resolution) if part)
        self._ask(DisputeReportDialog(self._head("已回复业主", one), result, save, over), again)

    def _reopen(self, one: Dispute, over: QWidget) -> bool:
        words = self._desk.messages.ask_text(f"{one.kind}异议为什么重新处理？", "", over)
        if not words:
            return False
        return self._desk.write(
            lambda: self._desk.office.disputes.reopen(one.id, words), f"{one.kind}异议已重新处理，一周后复查。"
        )

    def _head(self, title: str, one: Dispute) -> Head:
        row = self._row(one.id)
        return Head(title, row.room if row else "", row.name if row else "", f"{one.kind}异议")

    def _ask(self, dialog: QDialog, again: Callable[[], None]) -> None:
        dialog.accepted.connect(again)
        _open(dialog)

    # --- photos ---

    def _choose_photo(self, parent: QWidget) -> Handed | None:
        return choose_proof(self._desk, "选照片", _PHOTOS, self._desk.office.disputes.look_at, parent)

    def _find(self, proof: ProofFile) -> Path | None:
        try:
            return self._desk.office.disputes.file_path(proof)
        except FeeDeskError:
            return None  # the thumbnail then says that the file is gone

    def _show_photo(self, proof: ProofFile, over: QWidget) -> None:
        from feedesk.ui.dispute_dialog import PhotoDialog

        try:
            path = self._desk.office.disputes.file_path(proof)
        except FeeDeskError as error:
            self._desk.messages.tell(error, over)
            return
        _open(PhotoDialog(path, proof.name, over))


def _place(ids: Sequence[int], row: DisputeRow) -> str:
    if len(ids) < 2 or row.dispute.id not in ids:
        return ""
    return f"← {ids.index(row.dispute.id) + 1} / {len(ids)} →"


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
