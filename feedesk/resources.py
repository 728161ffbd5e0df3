"""Shipped files: fonts, icons, scripts, tables of synonyms. One function, relative names only."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def root() -> Traversable:
    """The folder of shipped files: inside the installed package, else the checkout's `resources/`."""
    packed = files("feedesk") / "_resources"
    if packed.is_dir():
        return packed
    return Path(__file__).resolve().parent.parent / "resources"


def resource(name: str) -> Traversable:
    """The shipped file `name`, such as `fonts/RareHan.ttf`; raises `FileNotFoundError` if it is not shipped."""
    parts = name.split("/")
    if not name or name.startswith("/") or ".." in parts or "\\" in name or ":" in name:
        raise ValueError(f"not a relative resource name: {name!r}")
    found = root().joinpath(*parts)
    if not (found.is_file() or found.is_dir()):
        raise FileNotFoundError(name)
    return found


def resource_text(name: str) -> str:
    """The shipped text file `name` as UTF-8."""
    return resource(name).read_text(encoding="utf-8")


def resource_path(name: str) -> Path:
    """The shipped file as a path, for libraries that want one (FeeDesk is never run from inside a zip)."""
    return Path(str(resource(name)))
