"""Texts to be read aloud: parts with heading and intent, filled values tinted, gaps in ochre."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from feedesk.models.scripts import FilledPart, Segment, SegmentKind
from feedesk.ui.theme import COLOURS, Tone
from feedesk.ui.widgets import label

_BEFORE, _AFTER = "&#8202;", "&nbsp;"


def markup(segments: Sequence[Segment], px: int) -> str:
    """The segments as rich text: every word of the office or the owner is escaped."""
    parts = []
    for segment in segments:
        text = escape(segment.text)
        if segment.kind is SegmentKind.VALUE:
            ink, ground = COLOURS.azure_deep, COLOURS.azure_tint
        elif segment.kind is SegmentKind.MISSING:
            ink, ground = COLOURS.ochre, COLOURS.ochre_tint
        else:
            parts.append(text)
            continue
        kept = text.replace(" ", "&nbsp;")
        parts.append(f'<span style="color:{ink};background-color:{ground}">{_BEFORE}{kept}{_AFTER}</span>')
    return f'<div style="font-size:{px}px;line-height:112%">{"".join(parts)}</div>'


class SpeechView(QWidget):
    """Parts of a script or an answer under each other; the headings stand at the left."""

    def __init__(self, *, heading_width: int = 40, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(0)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnMinimumWidth(0, heading_width)
        self._grid.setColumnStretch(1, 1)
        self._parts: tuple[FilledPart, ...] = ()
        self._texts: list[QLabel] = []
        self._intents: list[QLabel] = []
        self._px = 16
        self._quiet = False

    def show_parts(self, parts: Sequence[FilledPart]) -> None:
        """Show these parts."""
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._parts = tuple(parts)
        self._texts, self._intents = [], []
        for place, part in enumerate(parts):
            head = label(part.heading, "strong", Tone.AZURE)
            head.setContentsMargins(0, 3, 0, 0)
            text = QLabel()
            text.setTextFormat(Qt.TextFormat.RichText)
            text.setWordWrap(True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            text.setAccessibleName(f"{part.heading}：{part.text}")
            intent = label(f"用意　{part.intent}" if part.intent else "", "caption", wrap=True)
            intent.setContentsMargins(0, 0, 0, 4)
            self._grid.addWidget(head, 2 * place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(text, 2 * place, 1)
            self._grid.addWidget(intent, 2 * place + 1, 1)
            self._texts.append(text)
            self._intents.append(intent)
        self._dress()

    def set_size(self, px: int) -> None:
        """话术字号 in px."""
        if px != self._px:
            self._px = px
            self._dress()

    def set_quiet(self, on: bool) -> None:
        """Show the intents on hover only, where room is short."""
        if on != self._quiet:
            self._quiet = on
            self._dress()

    def needed(self, width: int) -> int:
        """The height that all parts take at this width."""
        room = width - self._grid.columnMinimumWidth(0)
        shown = [*self._texts, *(intent for intent in self._intents if not intent.isHidden())]
        return sum(one.heightForWidth(room) + self._grid.verticalSpacing() for one in shown)

    def text(self) -> str:
        """All parts as read, intents included where they are shown."""
        lines = []
        for part in self._parts:
            lines.append(f"{part.heading} {part.text}")
            if part.intent and not self._quiet:
                lines.append(f"用意　{part.intent}")
        return "\n".join(lines)

    def _dress(self) -> None:
        for part, text, intent in zip(self._parts, self._texts, self._intents, strict=True):
            text.setText(markup(part.segments, self._px))
            text.setToolTip(f"用意　{part.intent}" if self._quiet and part.intent else "")
            intent.setVisible(bool(part.intent) and not self._quiet)
