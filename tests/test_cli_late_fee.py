"""`feedesk notices --late-fee`: listed and told apart, or refused in one sentence with nothing written."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from feedesk.cli import main
from feedesk.models.ledger.late_fee import LateFeeCap, LateFeePolicy, LprRate
from tests.office_tools import Clock, import_list, listed, new_office
from tests.paper_samples import squeezed, texts

BY_LPR = LateFeePolicy("第十二条", 500)
DAY = "2026-11-17"


def office_file(folder: Path, policy: LateFeePolicy) -> Path:
    """1,000.00 of July, 125 days late on the day: 13.36 by LPR × 1.3, 62.50 by the contract."""
    office = new_office(folder, Clock())
    import_list(office, listed("3-2-1502", "林晓岚", ("管理费", "2026-07", 100_000)))
    office.late_fees.save_lpr([LprRate(date(2025, 5, 20), 300)])
    office.late_fees.save_policy(policy)
    office.close()
    return office.path


def run(office: Path, out: Path, *more: str) -> int:
    return main(["notices", "--office", str(office), "--out", str(out), "--date", DAY, "--no-back", *more])


def test_it_is_listed_when_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    office, out = office_file(tmp_path, BY_LPR), tmp_path / "x.pdf"
    assert run(office, out, "--late-fee", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["notices"], said["total_fen"], said["late_fee_fen"]) == (["2026-0001"], 100_000, 1_336)
    assert "违约金小计13.36" in squeezed(texts(out.read_bytes())[0])


def test_in_words_it_stands_beside_the_principal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(office_file(tmp_path, BY_LPR), tmp_path / "x.pdf", "--late-fee") == 0
    assert "合计 ¥1,000.00，另列违约金 ¥13.36" in capsys.readouterr().out


def test_not_asked_for_it_is_not_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "x.pdf"
    assert run(office_file(tmp_path, BY_LPR), out, "--json") == 0
    assert "late_fee_fen" not in json.loads(capsys.readouterr().out)
    assert "未计违约金" in texts(out.read_bytes())[0]


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        (LateFeePolicy(), "没有启用违约金，没有出催款单"),
        (replace(BY_LPR, cap=LateFeeCap.PRINCIPAL), "1 张催款单的违约金高于 LPR×1.3，没有出"),
        (replace(BY_LPR, cap=LateFeeCap.PRINCIPAL, rate_ppm=3_000), "都不需要出催款单"),
    ],
)
def test_what_needs_a_manager_or_may_not_be_printed_is_refused(
    policy: LateFeePolicy, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "x.pdf"
    assert run(office_file(tmp_path, policy), out, "--late-fee") == 1
    told = capsys.readouterr().err
    assert sentence in told and len(told.strip().splitlines()) == 1
    assert not out.exists() and not list(tmp_path.glob("*.part"))
