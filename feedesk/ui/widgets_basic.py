"""Small things that only show: labels by role, marks, key caps, cards, banners, empty states."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from feedesk.ui import icons
from feedesk.ui.theme import COLOURS, Tone, font, ground_colour, mark_tone, text_colour
from feedesk.ui.widgets_buttons import KeyButton


def set_look(widget: QWidget, **properties: object) -> None:
    """Set properties the stylesheet selects by (role, tone, kind, state, size) and apply them at once."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def label(
    text: str = "", role: str = "", tone: Tone | None = None, *, wrap: bool = False, parent: QWidget | None = None
) -> QLabel:
    """A plain-text label. `role`: title, section, label, caption, figure, money, speech, strong, muted or none.

    Plain text always: names and remarks of owners must never be read as markup.
    """
    made = QLabel(text, parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if tone is not None:
        made.setProperty("tone", str(tone))
    return made


def field_label(text: str, buddy: QWidget) -> QLabel:
    """The label above a field: `&` marks its Alt key, which moves the focus to `buddy`."""
    made = QLabel(text)
    made.setProperty("role", "label")
    made.setBuddy(buddy)
    buddy.setAccessibleName(text.replace("&", ""))
    return made


class ElidedLabel(QLabel):
    """A one-line label that shortens with … when there is no room, and then shows the whole text as tooltip."""

    def __init__(self, text: str = "", role: str = "", tone: Tone | None = None, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)
        if tone is not None:
            self.setProperty("tone", str(tone))

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._mind_tooltip()

    def is_elided(self) -> bool:
        """Whether part of the text does not fit now."""
        return self.fontMetrics().horizontalAdvance(self.text()) > self.contentsRect().width()

    def minimumSizeHint(self) -> QSize:
        """May shrink to a few characters."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), self.fontMetrics().horizontalAdvance("汉汉…")), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the tooltip true to what is cut."""
        super().resizeEvent(event)
        self._mind_tooltip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the text, shortened at the right if need be."""
        painter = QPainter(self)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment() | Qt.AlignmentFlag.AlignVCenter, shown)

    def _mind_tooltip(self) -> None:
        self.setToolTip(self.text() if self.is_elided() else "")


class IconMark(QWidget):
    """One icon or status mark, exact at every screen scale; not focusable, never alone without words."""

    def __init__(self, name: str, colour: str = "", size: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._colour, self._size = name, colour, size
        self.setFixedSize(size, size)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_icon(self, name: str, colour: str = "") -> None:
        """Show another icon; an empty name shows nothing."""
        self._name, self._colour = name, colour
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the icon at this screen's ratio."""
        if self._name:
            icons.draw(QPainter(self), self._name, self._colour, self._size, 0, 0)


class KeyCap(QLabel):
    """A key drawn as a cap, standing where the key works."""

    def __init__(self, key: str, *, on_primary: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(key, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "key-on" if on_primary else "key")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedHeight(18)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as its words, and never narrower than a key."""
        return super().sizeHint().expandedTo(QSize(18, 18))

    def minimumSizeHint(self) -> QSize:
        """A cap cut short names another key: what stands beside it gives way."""
        return self.sizeHint()


class StatusPill(QWidget):
    """A status as mark + words on its own tint, such as ✕ 失约 1 次. Elides like a label when squeezed."""

    def __init__(
        self, mark: str = "open", text: str = "", *, strong: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._mark, self._text, self._strong = mark, text, strong
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_status(mark, text, strong=strong)

    def show_status(self, mark: str, text: str, *, strong: bool = False) -> None:
        """Show another status; `mark` is a `MarkKind` value or any name after `mark-`."""
        self._mark, self._text, self._strong = mark, text, strong
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The words shown."""
        return self._text

    def sizeHint(self) -> QSize:
        """Mark, words and padding, 22 px high."""
        words = QFontMetrics(font(12, bold=self._strong)).horizontalAdvance(self._text)
        return QSize(7 + 14 + 6 + words + 8, 22)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw tint, mark and words."""
        tone = mark_tone(self._mark)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground_colour(tone))
        painter.drawRoundedRect(self.rect(), 4, 4)
        icons.draw(painter, icons.mark_name(self._mark), "", 14, 7, (self.height() - 14) // 2)
        painter.setFont(font(12, bold=self._strong))
        painter.setPen(text_colour(tone))
        painter.drawText(QRect(27, 0, self.width() - 27, self.height()), int(Qt.AlignmentFlag.AlignVCenter), self._text)


class Card(QFrame):
    """A white card with a hairline; add to `body`. `role`: card, sunken, panel or bar."""

    def __init__(
        self, role: str = "card", *, margins: tuple[int, int, int, int] = (14, 12, 14, 12), spacing: int = 8
    ) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(*margins)
        self.body.setSpacing(spacing)


def hairline() -> QFrame:
    """A thin divider across a layout."""
    made = QFrame()
    made.setProperty("role", "line")
    return made


class Banner(QFrame):
    """A tinted strip with a bar at the left: one or more lines to know before going on."""

    def __init__(self, tone: Tone = Tone.OCHRE, icon: str = "alert", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 7, 12, 7)
        row.setSpacing(8)
        self._icon = IconMark(icon, size=16)
        self._text = label(wrap=True)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self._icon_name = icon
        self.show_lines((), tone)

    def show_lines(self, lines: tuple[str, ...], tone: Tone | None = None) -> None:
        """Show these lines; no lines hide the banner."""
        if tone is not None:
            set_look(self, tone=str(tone))
            self._icon.show_icon(self._icon_name, text_colour(tone).name())
        self._text.setText("\n".join(lines))
        self.setVisible(bool(lines))

    def text(self) -> str:
        """All lines as shown."""
        return self._text.text()


class EmptyState(QWidget):
    """What stands where nothing is to be shown: one line, one reason, one button (look.md §7).

    Signals:
        pressed: the button was pressed.
    """

    pressed = Signal()

    def __init__(self, line: str = "", reason: str = "", button: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._line = label(line, "section", wrap=True)
        self._reason = label(reason, "muted", wrap=True)
        for shown in (self._line, self._reason):
            shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.button = KeyButton(button, kind="primary")
        self.button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        column.addWidget(self._line)
        column.addWidget(self._reason)
        column.addSpacing(8)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        self.say(line, reason, button)

    def say(self, line: str, reason: str = "", button: str = "", key: str = "") -> None:
        """Change the words; an empty button or reason is not shown."""
        self._line.setText(line)
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self.button.set_words(button, key=key)
        self.button.setVisible(bool(button))

    def text(self) -> str:
        """The line and the reason as read."""
        return f"{self._line.text()}{self._reason.text()}"


class Badge(QLabel):
    """A count on a yellow pill; hidden at 0."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_count(self, count: int) -> None:
        """Show the count, 99+ beyond two digits."""
        self.setText("99+" if count > 99 else str(count))
        self.setVisible(count > 0)
        self.resize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """At least a little wider than high."""
        return QSize(max(20, QFontMetrics(font(11, bold=True)).horizontalAdvance(self.text()) + 12), 16)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw pill and figure."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(COLOURS.badge))
        painter.drawRoundedRect(self.rect(), 8, 8)
        painter.setFont(font(11, bold=True))
        painter.setPen(QColor(COLOURS.ink))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
