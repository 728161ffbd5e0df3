"""What this PC remembers of the window: geometry, panel width, last folders, last office. Nothing that goes on paper."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

_PANEL_RANGE = (400, 560)


class UiSettings:
    """A typed view of `QSettings` in an ini file; `path` None uses the user's own place for settings."""

    def __init__(self, path: Path | None = None) -> None:
        if path is None:
            self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "FeeDesk", "FeeDesk")
        else:
            self._store = QSettings(str(path), QSettings.Format.IniFormat)

    @property
    def geometry(self) -> QByteArray:
        """The window's place and size as Qt saves it; empty at the first start."""
        kept = self._store.value("window/geometry")
        return kept if isinstance(kept, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, value: QByteArray) -> None:
        self._store.setValue("window/geometry", value)

    @property
    def panel_width(self) -> int:
        """Width of the owner panel in logical pixels, 400–560; 448 at first."""
        kept = self._text("window/panel_width")
        low, high = _PANEL_RANGE
        return max(low, min(high, int(kept))) if kept.isdigit() else 448

    @panel_width.setter
    def panel_width(self, value: int) -> None:
        self._store.setValue("window/panel_width", str(value))

    @property
    def last_office(self) -> Path | None:
        """The office file opened last; None at the first start."""
        kept = self._text("office/last")
        return Path(kept) if kept else None

    @last_office.setter
    def last_office(self, value: Path) -> None:
        self._store.setValue("office/last", str(value))

    @property
    def scope(self) -> str:
        """Whose accounts 今日 and 业主 show: `mine` or `all`; empty until somebody has chosen."""
        kept = self._text("window/scope")
        return kept if kept in ("mine", "all") else ""

    @scope.setter
    def scope(self, value: str) -> None:
        self._store.setValue("window/scope", value)

    def folder(self, purpose: str) -> Path:
        """The folder used last for a purpose (import, notices, record_table, backup); the home folder at first."""
        kept = self._text(f"folders/{purpose}")
        return Path(kept) if kept and Path(kept).is_dir() else Path.home()

    def remember_folder(self, purpose: str, folder: Path) -> None:
        """Keep the folder for next time."""
        self._store.setValue(f"folders/{purpose}", str(folder))

    def save(self) -> None:
        """Write to disk now."""
        self._store.sync()

    def _text(self, key: str) -> str:
        kept = self._store.value(key, "")
        return kept if isinstance(kept, str) else ""
