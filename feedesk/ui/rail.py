"""The left rail: pages as icon + word with a badge, the clerk's name at the bottom."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from feedesk.ui import icons
from feedesk.ui.theme import COLOURS
from feedesk.ui.widgets import Badge, IconMark, set_look

WIDE, NARROW = 72, 52


class RailButton(QToolButton):
    """One page in the rail."""

    def __init__(self, icon: str, word: str, key: str) -> None:
        super().__init__()
        made = icons.icon(icon, COLOURS.rail_text, 20)
        for ratio in (1.0, 1.25, 1.5, 1.75, 2.0, 3.0):
            made.addPixmap(icons.pixmap(icon, COLOURS.surface, 20, ratio), QIcon.Mode.Normal, QIcon.State.On)
        self.setIcon(made)
        self.setIconSize(QSize(20, 20))
        self.setText(word)
        self.setAccessibleName(word)
        self.setToolTip(f"{word}（{key}）")
        self.setCheckable(True)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.badge = Badge(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The badge stands at the icon's upper right."""
        super().resizeEvent(event)
        low = self.height() <= 44
        self.badge.move(self.width() // 2 + (2 if low else 6), 2 if low else 5)


class Rail(QFrame):
    """The pages as buttons, in order; the last ones added with `at_bottom` stand at the foot.

    Signals:
        page_chosen: key of the page.
        clerk_pressed: the clerk's name was pressed.
    """

    page_chosen = Signal(str)
    clerk_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self._group = QButtonGroup(self)
        self._buttons: dict[str, RailButton] = {}
        self._narrow = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 12, 0, 8)
        self._column.setSpacing(0)
        self._logo = IconMark("app", size=34)
        self._column.addWidget(self._logo, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addSpacing(10)
        self._top = QVBoxLayout()
        self._top.setSpacing(0)
        self._column.addLayout(self._top)
        self._column.addStretch(1)
        self._bottom = QVBoxLayout()
        self._bottom.setSpacing(0)
        self._column.addLayout(self._bottom)
        self.clerk = QToolButton()
        self.clerk.setProperty("part", "clerk")
        self.clerk.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clerk.clicked.connect(self.clerk_pressed)
        self._column.addWidget(self.clerk)
        self.show_clerk("")
        self.setFixedWidth(WIDE)

    def add(self, key: str, icon: str, word: str, shortcut: str, *, at_bottom: bool = False) -> RailButton:
        """Add a page's button."""
        button = RailButton(icon, word, shortcut)
        button.clicked.connect(lambda _on=False, page=key: self.page_chosen.emit(page))
        self._group.addButton(button)
        self._buttons[key] = button
        (self._bottom if at_bottom else self._top).addWidget(button)
        self._style(button)
        return button

    def choose(self, key: str) -> None:
        """Show `key` as the page in front; emits nothing."""
        self._buttons[key].setChecked(True)

    def button(self, key: str) -> RailButton:
        """The button of a page."""
        return self._buttons[key]

    def show_badge(self, key: str, count: int) -> None:
        """How many things wait on a page; 0 hides the badge."""
        button = self._buttons[key]
        button.badge.show_count(count)
        button.setAccessibleDescription(f"{count} 项待办" if count else "")

    def show_clerk(self, name: str) -> None:
        """Whose name the contacts stand under."""
        self.clerk.setText(name or "选人")
        self.clerk.setAccessibleName(f"当前经办人：{name}" if name else "选择经办人")
        self.clerk.setToolTip("换人（Ctrl+K，再按数字）")

    def set_narrow(self, narrow: bool) -> None:
        """Icons only, 52 px wide; the words stay in the tooltips."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self.setFixedWidth(NARROW if narrow else WIDE)
        self._logo.setVisible(not narrow)
        self._column.setContentsMargins(0, 4 if narrow else 12, 0, 4 if narrow else 8)
        set_look(self, narrow=narrow)
        for button in self._buttons.values():
            self._style(button)

    def _style(self, button: RailButton) -> None:
        style = Qt.ToolButtonStyle
        button.setToolButtonStyle(style.ToolButtonIconOnly if self._narrow else style.ToolButtonTextUnderIcon)
        set_look(button, narrow=self._narrow)
        button.setFixedHeight(38 if self._narrow else 60)
