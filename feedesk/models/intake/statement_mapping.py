"""What a person has said about the columns of a statement, as JSON: asked once for each layout."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from feedesk.errors import BadInput
from feedesk.models.intake.words import plain_title
from feedesk.models.statements import StatementColumn, StatementReading


@dataclass(frozen=True, slots=True)
class StatementMapping:
    """Titles with their meaning. `shape` is the layout it was said of; empty: of whatever file it is given for."""

    columns: tuple[tuple[str, StatementColumn], ...]
    shape: str = ""

    def meanings(self, titles: Sequence[str]) -> tuple[StatementColumn, ...]:
        """A meaning for every title of a header; equal titles are told apart by their order."""
        left = [(plain_title(title), column) for title, column in self.columns]
        found = []
        for title in titles:
            bare = plain_title(title)
            hit = next((entry for entry in left if entry[0] == bare), None)
            if hit:
                left.remove(hit)
            found.append(hit[1] if hit else StatementColumn.IGNORE)
        return tuple(found)

    def fits(self, titles: Sequence[str]) -> bool:
        """Whether every column it names (but those not used) stands in this header."""
        there = {plain_title(title) for title in titles}
        named = [plain_title(title) for title, column in self.columns if column is not StatementColumn.IGNORE]
        return bool(named) and all(title in there for title in named)


def statement_mapping(reading: StatementReading, columns: Sequence[StatementColumn]) -> StatementMapping:
    """The mapping that a person has chosen for the columns of a reading, in their order."""
    return StatementMapping(tuple(zip(reading.table.titles, columns, strict=True)), reading.shape)


def statement_mapping_to_json(mapping: StatementMapping) -> str:
    """As text for the office file or for `--mapping`."""
    columns = [{"title": title, "meaning": str(column)} for title, column in mapping.columns]
    return json.dumps({"shape": mapping.shape, "columns": columns}, ensure_ascii=False, indent=1)


def statement_mapping_from_json(text: str) -> StatementMapping:
    """The mapping written by `statement_mapping_to_json`, or by hand as `{"列名": "paid_at", …}`.

    Raises `BadInput` for anything else.
    """
    try:
        table = json.loads(text)
        if "columns" not in table:
            pairs = [(title, meaning) for title, meaning in table.items() if title != "shape"]
        else:
            pairs = [(entry["title"], entry["meaning"]) for entry in table["columns"]]
        shape = table.get("shape", "")
        if not isinstance(shape, str) or any(not isinstance(title, str) for title, _ in pairs):
            raise TypeError("text expected")
        columns = tuple((title, StatementColumn(meaning)) for title, meaning in pairs)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        allowed = "、".join(StatementColumn)
        raise BadInput("流水的列对应文件读不懂，没有采用。", f"每列写列名和含义，含义是 {allowed} 之一。") from error
    return StatementMapping(columns, shape)
