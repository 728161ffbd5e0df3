"""Look at library files before they go in: `python -m tests.check_scripts FILE.toml …` (no file: all that ship).

Tells for every text what the rules find, how long a call takes to its question, and which places of a type's row of the
matrix still have neither words nor a reason.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

from feedesk.models.accounts import DEBTOR_TYPE_LABELS, DebtorType
from feedesk.models.contacts import Channel
from feedesk.models.scripts import coverage, fill, objection_problems, script_problems, seconds_to_question
from feedesk.models.scripts.library import LibraryProblem, read_library, shipped_files
from feedesk.models.scripts.reader import technique_problems, wording_problems
from feedesk.models.scripts.reading import LONGEST, SAMPLE


def main(names: Sequence[str]) -> int:
    """Tell what is found; 1 when anything is wrong."""
    files = shipped_files()
    given = {Path(name).name: Path(name).read_text(encoding="utf-8") for name in names}
    bad = 0
    try:
        library = read_library({**files, **given}, words_checked=True)
        checked = read_library(given or files, words_checked=True)
    except LibraryProblem as problem:
        sys.stdout.write(f"读不了：{problem}\n")
        return 1
    for script in checked.scripts:
        found = [
            problem.what + (f"（改成：{problem.instead}）" if problem.instead else "")
            for problem in script_problems(script)
        ]
        took = seconds_to_question(script)
        if took >= LONGEST:
            found.append(f"到问句要 {took} 秒，最多 {LONGEST} 秒")
        length = f"{len(fill(script, SAMPLE).parts[0].text)} 字" if script.channel is Channel.MESSAGE else f"{took} 秒"
        sys.stdout.write(f"{script.ref}　{length}　{script.title}\n" + "".join(f"    ✗ {line}\n" for line in found))
        bad += len(found)
    others = [(one.id, objection_problems(one)) for one in checked.objections]
    others += [(one.name, technique_problems(one)) for one in checked.techniques]
    others += [(one.id, tuple(wording_problems(one.text))) for one in checked.talks]
    for name, problems in others:
        for problem in problems:
            sys.stdout.write(f"{name}\n    ✗ {problem.what}{problem.instead and f'（改成：{problem.instead}）'}\n")
            bad += 1
    matrix = coverage(library)
    kinds = {DebtorType(tomllib.loads(text)["debtor_type"]) for text in given.values() if _kind(text)} or set(
        DebtorType
    )
    for kind in DebtorType:
        lacking = [cell for cell in matrix.missing if cell.debtor_type is kind]
        if kind in kinds and lacking:
            cells = "，".join(
                f"{cell.step}.{cell.channel}" + (f"({matrix.cells[cell].reason})" if matrix.cells[cell].reason else "")
                for cell in lacking
            )
            sys.stdout.write(f"{DEBTOR_TYPE_LABELS[kind]}（{kind}）还缺 {len(lacking)} 格：{cells}\n")
    sys.stdout.write(
        f"话术 {len(checked.scripts)} 篇，问题 {bad} 处；全表已填 {matrix.filled} 格，还缺 {len(matrix.missing)} 格。\n"
    )
    return 1 if bad else 0


def _kind(text: str) -> bool:
    return tomllib.loads(text).get("debtor_type", "any") != "any"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
