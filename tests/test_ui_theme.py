"""The visual language keeps its promises: contrast, fonts, Chinese in Qt's own dialogs, crisp icons."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QColor, QFontDatabase, QFontInfo, QFontMetricsF, QImage, QRawFont
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from feedesk.models.accounts import MarkKind
from feedesk.resources import resource, resource_text
from feedesk.ui import icons, theme
from feedesk.ui.table import Cell, Column, RecordTableModel, RecordTableView
from feedesk.ui.theme import COLOURS, Tone
from feedesk.ui.widgets import Chip, Field, IconButton, KeyButton, MoneyEdit


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
    widths = {round(QFontMetricsF(theme.font()).horizontalAdvance(digit), 2) for digit in "0123456789"}
    assert len(widths) == 1


def test_qts_own_dialogs_speak_chinese(qapp, qtbot) -> None:
    box = QMessageBox()
    qtbot.addWidget(box)
    box.setStandardButtons(QMessageBox.StandardButton.Cancel)
    assert "取消" in box.button(QMessageBox.StandardButton.Cancel).text()


def _checked(widget: QPushButton) -> QPushButton:
    widget.setChecked(True)
    return widget


FOCUSABLE: dict[str, Callable[[], QWidget]] = {
    "plain button": lambda: KeyButton("存为 PDF", key="Ctrl+S"),
    "primary button": lambda: KeyButton("打印 18 张", kind="primary"),
    "quiet button": lambda: KeyButton("换个地方", kind="quiet"),
    "danger button": lambda: KeyButton("作废", kind="danger"),
    "chip": lambda: Chip("失约", mark="broken", count=9),
    "chosen chip": lambda: _checked(Chip("失约", mark="broken", count=9)),
    "result": lambda: KeyButton("承诺缴费", kind="outcome", checkable=True),
    "chosen result": lambda: _checked(KeyButton("承诺缴费", kind="outcome", checkable=True)),
    "pick": lambda: KeyButton("明天", sub="11-18", kind="pick", checkable=True),
    "chosen pick": lambda: _checked(KeyButton("明天", sub="11-18", kind="pick", checkable=True)),
    "objection": lambda: KeyButton("我忙", kind="said", checkable=True),
    "category": lambda: KeyButton("A", kind="segment", checkable=True),
    "chosen category": lambda: _checked(KeyButton("A", kind="segment", checkable=True)),
    "door": lambda: KeyButton("打开样例办公室", sub="数据都是编的", kind="door"),
    "icon button": lambda: IconButton("print", "催款单"),
    "line field": lambda: Field("明湖"),
    "amount": lambda: MoneyEdit(100),
    "text": lambda: QPlainTextEdit("周五转"),
    "drop-down": QComboBox,
    "check box": lambda: QCheckBox("一起记"),
    "radio button": lambda: QRadioButton("全部"),
    "number": QSpinBox,
    "tool button": QToolButton,
    "tabs": lambda: _tabs(),
    "table without rows": lambda: RecordTableView(
        RecordTableModel((Column("房号", lambda row: Cell(str(row)), 84),), int)
    ),
}


def _tabs() -> QTabBar:
    tabs = QTabBar()
    tabs.addTab("话术")
    return tabs


@pytest.mark.parametrize("kind", FOCUSABLE)
def test_whatever_has_the_focus_can_be_seen_to_have_it(qtbot, kind: str) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    other, shown = QPushButton("别处"), FOCUSABLE[kind]()
    column.addWidget(other)
    column.addWidget(shown)
    holder.resize(400, 200)
    with qtbot.waitActive(holder):
        holder.show()
    other.setFocus()
    without = (shown.geometry(), shown.grab().toImage())
    shown.setFocus(Qt.FocusReason.TabFocusReason)
    assert shown.hasFocus()
    with_focus = (shown.geometry(), shown.grab().toImage())
    assert without[1] != with_focus[1]
    assert without[0] == with_focus[0], "the focus ring moves things"


def test_applying_the_theme_twice_changes_nothing(qapp) -> None:
    before = len(QFontDatabase.families())
    theme.apply(qapp)
    assert len(QFontDatabase.families()) == before
    assert QColor(COLOURS.surface) == qapp.palette().base().color()


@pytest.mark.parametrize("source", ["&Look in:", "Files of &type:", "File &name:", "&Open"])
def test_the_file_dialog_speaks_chinese(qapp: QApplication, source: str) -> None:
    said = QCoreApplication.translate("QFileDialog", source)
    assert said != source and any("\u4e00" <= char <= "\u9fff" for char in said)
