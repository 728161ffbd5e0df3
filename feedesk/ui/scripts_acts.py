"""What 话术 does: word anew, write one more, versions, put aside, hand the library on and take one in."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from feedesk.errors import FeeDeskError
from feedesk.models.scripts import Objection, Script
from feedesk.models.scripts.exchange import SUFFIX
from feedesk.ui.desk import Desk
from feedesk.ui.scripts_owner_popup import Preview
from feedesk.ui.scripts_rows import Sought, Whose, WordsRow

_KINDS = f"话术文件 (*{SUFFIX} *.json)"
_FOLDER = "scripts"


class ScriptActs(QObject):
    """Opens the dialogs; they are imported when they are needed.

    Signals:
        turned_to: the key to be shown.
    """

    turned_to = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._page = desk, parent

    def edit(self, row: WordsRow | None, preview: Preview) -> None:
        """改写."""
        if row is None:
            return
        if row.is_news:
            self.news(row.title)
            return
        if not isinstance(row.what, Script | Objection):
            self._desk.messages.note(
                "招数和寒暄是程序自带的，不改；话术和“业主说…”可以改写，自己的寒暄写在“小区近况”（Ctrl+J）里。"
            )
            return
        self._open_editor(row.what, preview, is_new=False)

    def write_new(self, model: Script | None, sought: Sought, preview: Preview) -> None:
        """另写一篇: the place first, then the words."""
        from feedesk.ui.scripts_new_dialog import ScriptNewDialog

        dialog = ScriptNewDialog(model, sought.debtor_type, sought.step, sought.channel, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.begun.connect(lambda made: self._open_editor(made, preview, is_new=True))
        dialog.open()

    def _open_editor(self, words: Script | Objection, preview: Preview, *, is_new: bool) -> None:
        from feedesk.ui.scripts_edit_dialog import ScriptEditDialog

        dialog = ScriptEditDialog(self._desk, words, preview, self._page, is_new=is_new)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.saved.connect(self.turned_to)
        dialog.open()

    def versions(self, row: WordsRow | None, preview: Preview) -> None:
        """版本."""
        if row is None or not row.can_be_edited:
            return
        from feedesk.ui.scripts_versions_dialog import ScriptVersionsDialog

        dialog = ScriptVersionsDialog(self._desk, row.key, preview, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.used.connect(self.turned_to)
        dialog.open()

    def toggle(self, row: WordsRow | None) -> None:
        """停用, or 恢复; 撤销 turns it back."""
        if row is None or not row.can_be_edited:
            return
        scripts, key = self._desk.office.scripts, row.key
        if row.whose is Whose.HIDDEN:
            done = self._desk.write(lambda: scripts.show(key), f"“{row.title}”又启用了。", lambda _: scripts.hide(key))
        else:
            said = f"“{row.title}”已停用，排在最后；按 Del 恢复。"
            done = self._desk.write(lambda: scripts.hide(key), said, lambda _: scripts.show(key))
        if done:
            self.turned_to.emit(key)

    def practise(self, sought: Sought) -> None:
        """演练: with an invented owner of the type in hand; nothing is kept."""
        from feedesk.ui.practice_dialog import PracticeDialog

        objections = self._desk.office.scripts.library().objections
        today = self._desk.now().date()
        dialog = PracticeDialog(objections, self._page, today=today, debtor_type=sought.debtor_type)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def news(self, at: str = "") -> None:
        """小区近况: the office's own lines of small talk, beginning with the one that says `at`."""
        from feedesk.ui.scripts_news_dialog import NewsDialog

        dialog = NewsDialog(self._desk, self._page, at=at)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def results(self) -> None:
        """话术效果: what came of the scripts, in four views."""
        from feedesk.ui.scripts_results_dialog import open_script_results

        open_script_results(self._desk, self._page)

    def hand_out(self) -> None:
        """整库存成一个文件."""
        desk = self._desk
        name = f"{desk.office.settings.profile().office}-话术-{_stamp(desk.today())}{SUFFIX}"
        path = desk.messages.save_file("存成话术文件", desk.settings.folder(_FOLDER) / name, _KINDS, self._page)
        if path is None:
            return
        desk.settings.remember_folder(_FOLDER, path.parent)
        try:
            count = desk.office.scripts.export_library(path)
        except FeeDeskError as error:
            desk.messages.tell(error, self._page)
            return
        desk.messages.note(f"{count} 篇话术和回答已存在 {path.name}，可以交给别的办公室。")

    def take_in(self) -> None:
        """导入话术文件: read it, show what it would do."""
        desk = self._desk
        path = desk.messages.open_file("导入话术文件", desk.settings.folder(_FOLDER), _KINDS, self._page)
        if path is None:
            return
        desk.settings.remember_folder(_FOLDER, path.parent)
        try:
            parcel = desk.office.scripts.read_import(path)
        except FeeDeskError as error:
            desk.messages.tell(error, self._page)
            return
        from feedesk.ui.scripts_import_dialog import ScriptImportDialog

        dialog = ScriptImportDialog(desk, parcel, self._page)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _stamp(day: date) -> str:
    return day.isoformat()
