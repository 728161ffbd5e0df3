"""The shell: rail, pages, messages, keys that work everywhere. It knows no rules and no SQL."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QWidget

from feedesk.models.office import Staff
from feedesk.ui import icons
from feedesk.ui.clerk_popup import ClerkPopup
from feedesk.ui.keys_dialog import KeysDialog
from feedesk.ui.messages import Messages
from feedesk.ui.page import NARROW_BELOW, KeyHint, Page
from feedesk.ui.rail import Rail
from feedesk.ui.settings import UiSettings
from feedesk.ui.toast import Toast

_LOWEST_RAIL = 580
"""Inside heights under this many logical pixels get the narrow rail, whose buttons are lower."""

_SIZE = (1366, 697)
"""The first size in logical pixels, as far as the screen has room: at 150 % it often has not."""

_TITLE_BAR = 32

EVERYWHERE = (
    KeyHint("Ctrl+F /", "搜索"),
    KeyHint("Esc", "退一步"),
    KeyHint("Ctrl+I", "导入清单"),
    KeyHint("Ctrl+E", "交记录表"),
    KeyHint("Ctrl+B", "立即备份"),
    KeyHint("Ctrl+K 1…9", "换人"),
    KeyHint("Ctrl+Z", "撤销刚才那一步（10 秒内）"),
    KeyHint("F1", "全部按键"),
)


class MainWindow(QMainWindow):
    """Hangs up pages and passes on what concerns more than one of them.

    Signals:
        clerk_chosen: id of the person under whose name contacts now stand.
        import_asked, record_table_asked, backup_asked: the keys that work everywhere.
        closing: the window is about to close.
    """

    clerk_chosen = Signal(int)
    import_asked = Signal()
    record_table_asked = Signal()
    backup_asked = Signal()
    closing = Signal()

    def __init__(self, messages: Messages, settings: UiSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._messages, self._settings = messages, settings
        self._pages: dict[str, Page] = {}
        self._makers: dict[str, Callable[[], Page]] = {}
        self._staff: tuple[Staff, ...] = ()
        self._clerk_id: int | None = None
        self.setWindowTitle("FeeDesk")
        self.setWindowIcon(icons.icon("app", "", 32))
        self.setMinimumSize(760, 440)

        self.rail = Rail()
        self.rail.page_chosen.connect(self.show_page)
        self.rail.clerk_pressed.connect(self.choose_clerk)
        self._stack = QStackedWidget()
        self._shell = QWidget()
        row = QHBoxLayout(self._shell)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(self._stack, 1)
        self._outer = QStackedWidget()
        self._outer.addWidget(self._shell)
        self.setCentralWidget(self._outer)
        self._start: QWidget | None = None
        self.toast = Toast(self._stack)
        messages.noted.connect(self.toast.say)
        self._add_keys()

        room = self.screen().availableGeometry()
        self.resize(min(_SIZE[0], room.width()), min(_SIZE[1], room.height() - _TITLE_BAR))
        if not settings.geometry.isEmpty():
            self.restoreGeometry(settings.geometry)

    # --- pages ---

    def add_page(
        self, key: str, icon: str, word: str, page: Page | Callable[[], Page], *, at_bottom: bool = False
    ) -> None:
        """Hang up a page, or what makes it when it is first asked for: a window that opens waits for one page only.

        Its place in the rail gives its key Ctrl+1…7; the first one added comes to the front.
        """
        number = len(self._pages) + len(self._makers) + 1
        shortcut = f"Ctrl+{number}"
        self.rail.add(key, icon, word, shortcut, at_bottom=at_bottom)
        self._key(shortcut, lambda: self.show_page(key))
        if isinstance(page, Page):
            self._hang(key, page)
        else:
            self._makers[key] = page
        if number == 1:
            self.rail.choose(key)

    def _hang(self, key: str, page: Page) -> None:
        self._pages[key] = page
        self._stack.addWidget(page)
        page.badge_changed.connect(lambda count: self.rail.show_badge(key, count))

    def show_page(self, key: str) -> None:
        """Bring a page to the front; raises KeyError for one that was never added.

        It is told so at once, or once only when the window shows.
        """
        page = self.page(key)
        self.rail.choose(key)
        self._stack.setCurrentWidget(page)
        self._fit()
        if self.isVisible():
            page.shown()

    def page(self, key: str) -> Page:
        """The page of a key, made now if need be."""
        if key in self._makers:
            self._hang(key, self._makers.pop(key)())
        return self._pages[key]

    def is_made(self, key: str) -> bool:
        """Whether the page of a key is there already."""
        return key in self._pages

    def current_page(self) -> Page | None:
        """The page in front; None before the first one is added."""
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, Page) else None

    def current_key(self) -> str:
        """The key of the page in front, empty when there is none."""
        return next((key for key, page in self._pages.items() if page is self.current_page()), "")

    def show_start(self, start: QWidget | None) -> None:
        """Show the 开始 page over everything, without rail and pages; None takes it away again."""
        if self._start is not None:
            self._outer.removeWidget(self._start)
            self._start.deleteLater()
        self._start = start
        if start is not None:
            self._outer.addWidget(start)
            self._outer.setCurrentWidget(start)
            return
        self._outer.setCurrentWidget(self._shell)
        self._fit()

    def show_office(self, name: str) -> None:
        """The office's name in the window's title."""
        self.setWindowTitle(f"{name} — FeeDesk" if name else "FeeDesk")

    # --- people ---

    def show_staff(self, staff: Sequence[Staff], current_id: int | None) -> None:
        """Who works here, and under whose name contacts stand now."""
        self._staff = tuple(person for person in staff if person.active)
        self._clerk_id = current_id
        self.rail.show_clerk(next((person.name for person in self._staff if person.id == current_id), ""))

    def choose_clerk(self) -> None:
        """Open the list of people; a digit chooses."""
        if not self._staff or self._start is not None:
            return
        popup = ClerkPopup(self._staff, self._clerk_id, self)
        popup.chosen.connect(self._on_clerk)
        popup.open_at(self.rail.clerk.mapToGlobal(self.rail.clerk.rect().topRight()))

    # --- keys ---

    def step_back(self) -> None:
        """Esc: first the message goes, then the page steps back."""
        page = self.current_page()
        if page is not None and page.step_back():
            return
        if self.toast.text():
            self.toast.leave()

    def show_keys(self) -> None:
        """Open the list of keys."""
        page = self.current_page()
        word = self.rail.button(self.current_key()).text() if page else ""
        pages = KeyHint(f"Ctrl+1…{len(self._pages) + len(self._makers)}", "换页，按左栏的次序")
        groups = [("处处可用", (pages, *EVERYWHERE)), (word, page.key_hints() if page else ())]
        dialog = KeysDialog(groups, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def showEvent(self, event: QShowEvent) -> None:
        """A page chosen before the window showed has not been on screen: it is told now."""
        super().showEvent(event)
        page = self.current_page()
        if page is not None and self._start is None and not event.spontaneous():
            page.shown()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Rail and page choose their layout for the new size."""
        super().resizeEvent(event)
        self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where the window stood."""
        self._settings.geometry = self.saveGeometry()
        self._settings.save()
        self.closing.emit()
        super().closeEvent(event)

    def _add_keys(self) -> None:
        self._key("Ctrl+F", self._search)
        self._key("/", self._search)
        self._key("Esc", self.step_back)
        self._key("F1", self.show_keys)
        self._key("Ctrl+K", self.choose_clerk)
        self._key("Ctrl+Z", self.toast.undo)
        self._key("Ctrl+I", self.import_asked.emit)
        self._key("Ctrl+E", self.record_table_asked.emit)
        self._key("Ctrl+B", self.backup_asked.emit)

    def _key(self, keys: str, act: Callable[[], object]) -> None:
        # On the shell, not the window: none of these may act while the 开始 page is up.
        shortcut = QShortcut(QKeySequence(keys), self._shell)
        shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        shortcut.activated.connect(act)

    def _search(self) -> None:
        page = self.current_page()
        if page is not None:
            page.focus_search()

    def _on_clerk(self, who: int) -> None:
        self.show_staff(self._staff, who)
        self.clerk_chosen.emit(who)

    def _fit(self) -> None:
        width, height = self.width(), self.height()
        self.rail.set_narrow(width < NARROW_BELOW or height < _LOWEST_RAIL)
        page = self.current_page()
        if page is not None:
            page.fit(width, height)
