"""The one visual language: colours by name, tones, fonts and the stylesheet. Light theme only, so far.

Colours live here and in `resources/style.qss` only; contrast figures stand in the comments of the tokens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QDir, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from feedesk.resources import resource_path, resource_text

FONT_FAMILIES = ("Noto Sans SC", "FeeDesk Rare Han")
_FONT_FILES = ("fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf", "fonts/RareHan.ttf")


@dataclass(frozen=True, slots=True)
class Colours:
    """The colour tokens; every text pair is at least 4.5:1 on white and on its own tint."""

    ink: str = "#1C2126"
    ink2: str = "#4A5058"
    ink3: str = "#5C6168"
    ghost: str = "#8A8E94"
    """Disabled text only (3.3:1)."""
    paper: str = "#F5F3EF"
    surface: str = "#FFFFFF"
    sunken: str = "#ECE9E3"
    hover: str = "#F2F5F9"
    line: str = "#DCD8CF"
    edge: str = "#807B71"
    azure: str = "#1B5C9E"
    azure_deep: str = "#14477C"
    azure_select: str = "#D5E4F3"
    azure_tint: str = "#E6EFF8"
    cinnabar: str = "#B3301C"
    cinnabar_tint: str = "#FBE9E5"
    ochre: str = "#855300"
    ochre_tint: str = "#FCF0D8"
    malachite: str = "#1A6B4C"
    malachite_tint: str = "#E3F2EA"
    violet: str = "#68468F"
    violet_tint: str = "#F0EAF7"
    rail: str = "#1F2C3A"
    rail_text: str = "#C3CEDA"
    badge: str = "#F2C14E"


COLOURS = Colours()


class Tone(StrEnum):
    """What a text says by its colour, always beside a mark or a word. The value is the qss property."""

    INK = "ink"
    MUTED = "muted"
    CAPTION = "caption"
    AZURE = "azure"
    CINNABAR = "cinnabar"
    OCHRE = "ochre"
    MALACHITE = "malachite"
    VIOLET = "violet"


_TEXT = {
    Tone.INK: COLOURS.ink,
    Tone.MUTED: COLOURS.ink2,
    Tone.CAPTION: COLOURS.ink3,
    Tone.AZURE: COLOURS.azure_deep,
    Tone.CINNABAR: COLOURS.cinnabar,
    Tone.OCHRE: COLOURS.ochre,
    Tone.MALACHITE: COLOURS.malachite,
    Tone.VIOLET: COLOURS.violet,
}
_GROUND = {
    Tone.INK: COLOURS.sunken,
    Tone.MUTED: COLOURS.sunken,
    Tone.CAPTION: COLOURS.sunken,
    Tone.AZURE: COLOURS.azure_tint,
    Tone.CINNABAR: COLOURS.cinnabar_tint,
    Tone.OCHRE: COLOURS.ochre_tint,
    Tone.MALACHITE: COLOURS.malachite_tint,
    Tone.VIOLET: COLOURS.violet_tint,
}


def text_colour(tone: Tone) -> QColor:
    """The colour of words in this tone."""
    return QColor(_TEXT[tone])


def ground_colour(tone: Tone) -> QColor:
    """The tint behind words in this tone."""
    return QColor(_GROUND[tone])


MARK_TONES = {
    "paid": Tone.MALACHITE,
    "partly": Tone.AZURE,
    "promised": Tone.AZURE,
    "due": Tone.OCHRE,
    "verify": Tone.OCHRE,
    "broken": Tone.CINNABAR,
    "refuse": Tone.CINNABAR,
    "limit": Tone.CINNABAR,
    "hold": Tone.VIOLET,
}
"""Tone of a status mark's words by the mark's name; marks not named here speak in `Tone.MUTED`."""


def mark_tone(mark: str) -> Tone:
    """The tone that goes with a status mark (`MarkKind` value or icon name after `mark-`)."""
    return MARK_TONES.get(mark, Tone.MUTED)


def font(px: int = 13, *, bold: bool = False, strike: bool = False) -> QFont:
    """The bundled font at `px` logical pixels, for hand-painted things (widgets get theirs from the stylesheet)."""
    made = QFont()
    made.setFamilies(list(FONT_FAMILIES))
    made.setPixelSize(px)
    made.setBold(bold)
    made.setStrikeOut(strike)
    return made


def apply(app: QApplication) -> None:
    """Give `app` the look: Fusion, bundled fonts, palette, stylesheet, Qt's own dialogs in Chinese.

    Safe to call again. Raises `FileNotFoundError` when a shipped font or the stylesheet is missing.
    """
    if app.property("feedesk_theme"):
        return
    app.setProperty("feedesk_theme", True)
    for name in _FONT_FILES:
        if QFontDatabase.addApplicationFont(str(resource_path(name))) < 0:
            raise FileNotFoundError(f"font cannot be loaded: {name}")
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    _speak_chinese(app)
    app.setStyle(QStyleFactory.create("Fusion"))
    app.setFont(font())
    app.setPalette(_palette())
    QDir.setSearchPaths("icons", [str(resource_path("icons"))])
    app.setStyleSheet(resource_text("style.qss"))


@contextmanager
def built_at_once() -> Iterator[None]:
    """While this lasts, the stylesheet is off; afterwards it dresses everything in one go.

    Qt dresses a widget with all that is in it anew at every level that it is put into, so that a window built under
    its stylesheet takes twice as long. Nothing may be shown or measured meanwhile.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("no application to dress")
    sheet = app.styleSheet()
    app.setStyleSheet("")
    try:
        yield
    finally:
        app.setStyleSheet(sheet)


def _speak_chinese(app: QApplication) -> None:
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
    translator = QTranslator(app)
    # A trimmed-down installation may lack the file: Qt's dialogs then speak English, ours stay Chinese.
    if translator.load(str(folder / "qtbase_zh_CN.qm")):
        app.installTranslator(translator)
    newer = _Newer(app)
    app.installTranslator(newer)
    app.aboutToQuit.connect(lambda: app.removeTranslator(newer))


class _Newer(QTranslator):
    """Words of Qt's own dialogs that its Chinese file does not know yet."""

    _WORDS: ClassVar = {
        ("QFileDialog", "&Look in:"): "查找范围(&L)：",
        ("QFileDialog", "Files of &type:"): "文件类型(&T)：",
        ("QAbstractFileIconProvider", "Folder"): "文件夹",
        ("QAbstractFileIconProvider", "Drive"): "驱动器",
    }

    def translate(self, context: str, sourceText: str, *_more: object) -> str | None:  # noqa: N803  (Qt's names)
        """Chinese for what is known here; None lets Qt ask its own file."""
        return self._WORDS.get((context, sourceText))

    def isEmpty(self) -> bool:
        """Never: Qt drops an empty translator."""
        return False


def _palette() -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, COLOURS.paper),
        (role.Base, COLOURS.surface),
        (role.AlternateBase, COLOURS.surface),
        (role.Button, COLOURS.surface),
        (role.WindowText, COLOURS.ink),
        (role.Text, COLOURS.ink),
        (role.ButtonText, COLOURS.ink),
        (role.PlaceholderText, COLOURS.ink3),
        (role.Highlight, COLOURS.azure),
        (role.HighlightedText, COLOURS.surface),
        (role.Link, COLOURS.azure_deep),
        (role.ToolTipBase, COLOURS.rail),
        (role.ToolTipText, COLOURS.surface),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.Text, role.ButtonText, role.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(COLOURS.ghost))
    return palette
