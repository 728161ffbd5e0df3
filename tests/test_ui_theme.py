"""The visual language keeps its promises: contrast, fonts, Chinese in Qt's own dialogs, crisp icons."""

from __future__ import annotations

import re

import pytest
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QImage, QRawFont
from PySide6.QtWidgets import QMessageBox

from feedesk.models.accounts import MarkKind
from feedesk.resources import resource, resource_text
from feedesk.ui import icons, theme
from feedesk.ui.theme import COLOURS, Tone


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tone", list(Tone))
def test_words_in_every_tone_are_readable_on_white_on_their_tint_and_on_the_current_row(tone: Tone) -> None:
    words = theme.text_colour(tone).name()
    for ground in (COLOURS.surface, theme.ground_colour(tone).name(), COLOURS.azure_select):
        assert _contrast(words, ground) >= 4.5


def test_field_edges_are_visible() -> None:
    assert _contrast(COLOURS.edge, COLOURS.surface) >= 3


def test_the_stylesheet_and_the_hand_painting_share_their_colours() -> None:
    sheet = resource_text("style.qss").upper()
    for colour in (COLOURS.ink, COLOURS.azure, COLOURS.cinnabar, COLOURS.line, COLOURS.rail, COLOURS.azure_select):
        assert colour.upper() in sheet


def test_every_icon_the_stylesheet_asks_for_is_shipped() -> None:
    names = re.findall(r"url\(icons:([^)]+\.svg)\)", resource_text("style.qss"))
    assert names
    for name in names:
        assert resource(f"icons/{name}").is_file()


def test_every_status_mark_has_its_icon(qapp) -> None:
    for mark in (*MarkKind, "limit"):
        assert not icons.pixmap(icons.mark_name(mark), "", 14, 1.0).isNull()


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_icons_are_drawn_at_the_screens_own_pixels(qapp, ratio: float) -> None:
    drawn = icons.pixmap("phone", COLOURS.azure, 20, ratio)
    assert drawn.width() == round(20 * ratio)
    assert drawn.devicePixelRatio() == ratio


def test_icons_take_the_colour_asked_for(qapp) -> None:
    image: QImage = icons.pixmap("check", COLOURS.cinnabar, 24, 2.0).toImage()
    solid = {
        image.pixelColor(x, y).name().upper()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert solid == {COLOURS.cinnabar}


def test_an_icon_that_is_not_shipped_is_an_error(qapp) -> None:
    with pytest.raises(FileNotFoundError):
        icons.pixmap("no-such-icon")


def test_the_bundled_fonts_are_in_use_and_hold_rare_names(qapp) -> None:
    assert set(theme.FONT_FAMILIES) <= set(QFontDatabase.families())
    assert QFontInfo(theme.font()).family() == "Noto Sans SC"
    rare = QRawFont.fromFont(theme.font(), QFontDatabase.WritingSystem.SimplifiedChinese)
    assert rare.supportsCharacter(ord("林"))


def test_digits_are_tabular_so_that_figures_line_up(qapp) -> None:
    from PySide6.QtGui import QFontMetricsF

    widths = {round(QFontMetricsF(theme.font()).horizontalAdvance(digit), 2) for digit in "0123456789"}
    assert len(widths) == 1


def test_qts_own_dialogs_speak_chinese(qapp, qtbot) -> None:
    box = QMessageBox()
    qtbot.addWidget(box)
    box.setStandardButtons(QMessageBox.StandardButton.Cancel)
    assert "取消" in box.button(QMessageBox.StandardButton.Cancel).text()


def test_applying_the_theme_twice_changes_nothing(qapp) -> None:
    before = len(QFontDatabase.families())
    theme.apply(qapp)
    assert len(QFontDatabase.families()) == before
    assert QColor(COLOURS.surface) == qapp.palette().base().color()
