"""Shipped files: found by relative name, nothing else can be named."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from feedesk.resources import resource, resource_path, resource_text, root


def test_text_comes_as_utf8() -> None:
    assert "QWidget" in resource_text("style.qss")


def test_folders_can_be_listed() -> None:
    assert {"phone.svg", "mark-paid.svg"} <= {icon.name for icon in resource("icons").iterdir()}


@pytest.mark.parametrize(
    "name",
    ["", "/etc/hosts", "../pyproject.toml", "icons/../../LICENSE", "icons\\phone.svg", "C:/Windows", "c:icons", ".."],
)
def test_names_that_lead_outside_are_refused(name: str) -> None:
    with pytest.raises(ValueError):
        resource(name)


@pytest.mark.parametrize("name", ["icons/nothing.svg", "fonts/missing.ttf", "ICONS2"])
def test_what_is_not_shipped_is_missing(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        resource(name)


def test_paths_are_real_files() -> None:
    for name in ("fonts/NotoSansSC-Regular.ttf", "fonts/NotoSansSC-Bold.ttf", "fonts/RareHan.ttf"):
        assert resource_path(name).read_bytes()[:4] in (b"\x00\x01\x00\x00", b"true"), f"{name} is no TrueType font"


def test_every_font_has_its_licence_beside_it() -> None:
    names = {file.name for file in resource("fonts").iterdir()}
    assert {"NotoSansSC-OFL.txt", "RareHan-LICENSE.txt"} <= names


def test_every_icon_is_a_drawing_that_parses() -> None:
    icons = [file for file in resource("icons").iterdir() if file.name.endswith(".svg")]
    assert len(icons) > 40
    for file in icons:
        tree = ElementTree.fromstring(file.read_text(encoding="utf-8"))
        assert tree.tag.endswith("svg"), file.name
        assert tree.get("viewBox"), f"{file.name} cannot be scaled"


def test_the_checkout_is_where_a_checkout_reads_from() -> None:
    assert root().joinpath("style.qss").is_file()
