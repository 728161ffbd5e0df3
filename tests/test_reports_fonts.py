"""Which font draws what, what nobody can draw, and that it can be copied again."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from threading import Event

import pytest
import reportlab
from paper_samples import NOTICE, pdf, texts
from reportlab.pdfbase.ttfonts import TTFontFace

from feedesk.reports.embedded_font import to_unicode_map
from feedesk.reports.fonts import BOLD, RARE, REGULAR, Fonts, name_characters, printable
from feedesk.reports.notice_pdf import write_notices

VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts(installed=())


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("林晓岚", [(REGULAR, "林晓岚")]),
        ("王䶮", [(REGULAR, "王䶮")]),
        ("马𬱖", [(REGULAR, "马𬱖")]),
        ("𠮷野家", [(RARE, "𠮷"), (REGULAR, "野家")]),
        ("张𨭎𪚥华", [(REGULAR, "张"), (RARE, "𨭎𪚥"), (REGULAR, "华")]),
    ],
)
def test_text_is_cut_into_runs_by_the_font_that_has_the_glyph(
    fonts: Fonts, text: str, runs: list[tuple[str, str]]
) -> None:
    assert fonts.runs(text) == runs
    assert fonts.missing(text) == ""


def test_bold_has_its_own_face_and_widths_add_up(fonts: Fonts) -> None:
    assert fonts.runs("合计", bold=True) == [(BOLD, "合计")]
    assert fonts.width("合计", 10) == pytest.approx(20)
    assert fonts.width("合计𠮷", 10) == pytest.approx(30)
    assert fonts.width("1,079.40", 10) == pytest.approx(sum(fonts.width(char, 10) for char in "1,079.40"))
    assert fonts.width("8", 10) == fonts.width("1", 10), "figures must line up"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("王\U0010fffd", "\U0010fffd"),
        ("\ue000李\ue000\ue001", "\ue000\ue001"),
        ("欧阳澈（B1-066）·—“”①¥", ""),
        ("", ""),
    ],
)
def test_characters_that_no_font_has_are_named_once(fonts: Fonts, text: str, missing: str) -> None:
    assert fonts.missing(text) == missing


def test_a_font_of_the_pc_is_asked_after_our_own() -> None:
    assert Fonts(installed=()).missing("Šimić") == "Šć"
    with_vera = Fonts(installed=[VERA])
    assert with_vera.missing("Šimić") == ""
    assert [name for name, _ in with_vera.runs("Šim")] == ["FeeDesk-Installed-Vera", REGULAR]


def test_a_file_that_is_no_font_is_passed_over(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"\x00" * 64)
    assert Fonts(installed=[broken, tmp_path / "absent.ttf", VERA]).missing("Š") == ""


def test_invisible_characters_are_no_reason_to_refuse(fonts: Fonts) -> None:
    assert fonts.missing("林\u200b晓\ufe00岚\t\x07") == ""
    assert printable("林\u200b晓\ufe00岚\t女士") == "林晓岚 女士"


def test_missing_characters_are_told_with_their_code() -> None:
    assert name_characters("𠮷\ue000") == "「𠮷」（U+20BB7）、U+E000"


def test_rare_names_can_be_copied_from_the_paper() -> None:
    names = "王䶮、马𬱖、𠮷𨭎𪚥"
    page = texts(pdf(replace(NOTICE, name=names, salutation="")))[0]
    assert names in page


def test_the_table_for_copying_is_utf16_in_blocks_of_a_hundred() -> None:
    table = to_unicode_map([0, 0x20BB7, *range(0x4E00, 0x4E00 + 200)])
    assert "<01> <D842DFB7>" in table
    assert [line for line in table.splitlines() if line.endswith("beginbfchar")] == [
        "100 beginbfchar",
        "100 beginbfchar",
        "1 beginbfchar",
    ]


def test_two_objects_share_what_reportlab_has_registered() -> None:
    first, second = Fonts(installed=()), Fonts(installed=())
    assert first.width("林", 10) == second.width("林", 10)
    assert first._regular is second._regular


def test_nothing_is_registered_by_importing() -> None:
    code = (
        "import feedesk.reports.notice_pdf\n"
        "from reportlab.pdfbase import pdfmetrics\n"
        "assert not [name for name in pdfmetrics.getRegisteredFontNames() if name.startswith('FeeDesk')]\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_preview_beside_a_batch_disturbs_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    """ReportLab reads composed glyphs through one position per font; here every seek gives other threads a turn."""
    notice = replace(NOTICE, name="ŠšČčĆćŽžŁłĎď", salutation="")

    def written() -> bytes:
        out = BytesIO()
        write_notices([notice], out, fonts=Fonts(installed=[VERA]))
        return out.getvalue()

    alone = written()
    seek, turn = TTFontFace.seek, Event()

    def yielding(self: TTFontFace, position: int) -> None:
        seek(self, position)
        turn.wait(1e-6)

    monkeypatch.setattr(TTFontFace, "seek", yielding)
    with ThreadPoolExecutor(3) as pool:
        jobs = [pool.submit(written) for _ in range(3)]
        assert all(job.result() == alone for job in jobs)
