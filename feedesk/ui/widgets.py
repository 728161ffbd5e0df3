"""The widget kit under one name; pages import from here."""

from feedesk.ui.widgets_basic import (
    Badge,
    Banner,
    Card,
    ElidedLabel,
    EmptyState,
    IconMark,
    KeyCap,
    StatusPill,
    field_label,
    hairline,
    label,
    set_look,
)
from feedesk.ui.widgets_buttons import Chip, IconButton, KeyButton, Segment
from feedesk.ui.widgets_fields import DayEdit, Field, MomentEdit, MoneyEdit, NumberBox, read_day, read_moment
from feedesk.ui.widgets_frames import lay_sheet, scrolled
from feedesk.ui.widgets_layout import ChipRow

__all__ = [
    "Badge",
    "Banner",
    "Card",
    "Chip",
    "ChipRow",
    "DayEdit",
    "ElidedLabel",
    "EmptyState",
    "Field",
    "IconButton",
    "IconMark",
    "KeyButton",
    "KeyCap",
    "MomentEdit",
    "MoneyEdit",
    "NumberBox",
    "Segment",
    "StatusPill",
    "field_label",
    "hairline",
    "label",
    "lay_sheet",
    "read_day",
    "read_moment",
    "scrolled",
    "set_look",
]
