"""`feedesk lint`: what in a text must not go out to an owner, by line, with why and how to say it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from feedesk.errors import BadInput, file_errors
from feedesk.models.law import law_book
from feedesk.models.wording import Finding, load_wording

_STDIN = "-"
_MOST = 2_000_000
"""Bytes of a text; a letter has some thousands."""


@dataclass(frozen=True, slots=True)
class _Place:
    line: int
    column: int


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Teach the command line the command `lint`."""
    lint = commands.add_parser("lint", help="检查一篇文字：有没有不能对业主说、写的话")
    lint.add_argument("text", metavar="TEXTFILE", help="文本文件（UTF-8 或 GB18030），- 表示从标准输入读")
    lint.add_argument("--facts", type=_facts, default=frozenset(), metavar="A,B", help="已存档的材料，如 lawyer_letter")
    lint.add_argument("--json", action="store_true")
    lint.set_defaults(run=_run)


def known_facts() -> frozenset[str]:
    """Names of the records that make otherwise forbidden words true."""
    lifting = {fact for rule in load_wording().rules for fact in rule.lifted_by}
    return frozenset(lifting | {fact for one in law_book().articles for fact in one.cite_when})


def _facts(text: str) -> frozenset[str]:
    given = frozenset(part.strip() for part in text.split(",") if part.strip())
    if odd := sorted(given - known_facts()):
        raise argparse.ArgumentTypeError(f"没有“{odd[0]}”这种材料；可写：{'、'.join(sorted(known_facts()))}")
    return given


def _run(args: argparse.Namespace) -> int:
    text = _read(args.text)
    findings = load_wording().lint(text, args.facts)
    places = [_place(text, one.start) for one in findings]
    blocking = sum(one.blocking for one in findings)
    if args.json:
        print(_as_json(args.text, findings, places))  # noqa: T201  (the command line speaks here)
    else:
        for one, at in zip(findings, places, strict=True):
            print(_as_text(one, at))  # noqa: T201
        if not blocking:
            print(f"可以用；{len(findings)} 处请留意。" if findings else "没有查出不能说、写的话。")  # noqa: T201
    if blocking:
        raise BadInput(f"有 {blocking} 处不能这样写。", "请改好再用。")
    return 0


def _read(name: str) -> str:
    from feedesk.models.intake.delimited import decode

    if name == _STDIN:
        content = sys.stdin.buffer.read(_MOST + 1)
    else:
        path = Path(name)
        if path.is_dir():
            raise BadInput(f"“{path.name}”是文件夹，没有检查。", "请逐个文件检查。")
        with file_errors("这篇文字", path), path.open("rb") as file:
            content = file.read(_MOST + 1)
    if len(content) > _MOST:
        raise BadInput("这篇文字太长，没有检查。", "请分成几篇。")
    text = decode(content)
    if text is None or "\0" in text:
        raise BadInput("这不是文本文件，没有检查。", "请存成纯文本（UTF-8 或 GB18030），Word 文件请另存为纯文本。")
    if not text.strip():
        raise BadInput("这篇文字是空的，没有检查。", "请另选一个文件。")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _place(text: str, at: int) -> _Place:
    before = text[:at]
    return _Place(before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1)


def _as_text(one: Finding, at: _Place) -> str:
    how = f"改为“{one.replacement}”" if one.replacement is not None else f"可说：{one.instead}"
    verdict = "不能写" if one.blocking else "请留意"
    return f"第 {at.line} 行第 {at.column} 字“{one.matched}”{verdict}：{one.why}。{how}"


def _as_json(name: str, findings: Sequence[Finding], places: Sequence[_Place]) -> str:
    told = {
        "file": name,
        "blocking": sum(one.blocking for one in findings),
        "warnings": sum(not one.blocking for one in findings),
        "findings": [
            {
                "rule": one.rule,
                "line": at.line,
                "column": at.column,
                "matched": one.matched,
                "why": one.why,
                "instead": one.instead,
                "replacement": one.replacement,
                "blocking": one.blocking,
            }
            for one, at in zip(findings, places, strict=True)
        ],
    }
    return json.dumps(told, ensure_ascii=False)
