"""A mapping the clerk has confirmed, as JSON: next month's list of the same shape is read without asking."""

from __future__ import annotations

import json
from typing import Any

from feedesk.errors import BadInput
from feedesk.models.arrears_list import ColumnMeaning, FeeSpan, Meaning, Reading, SavedMapping


def saved_mapping(reading: Reading) -> SavedMapping:
    """The mapping of a reading as confirmed.

    Sheets are kept for the record only: which sheets hold data is judged anew in every list, so that a sheet
    empty this month is not passed over in the next.
    """
    columns: dict[tuple[int, str], ColumnMeaning] = {}
    for sheet in reading.sheets:
        if sheet.used:
            columns.update({(column.index, column.title): column for column in sheet.columns})
    return SavedMapping(
        reading.shape, tuple(sheet.name for sheet in reading.sheets if sheet.used), tuple(columns.values())
    )


def mapping_to_json(mapping: SavedMapping) -> str:
    """As text for the office file or for `--mapping`."""
    columns = [
        {
            "index": column.index,
            "title": column.title,
            "meaning": str(column.meaning),
            "item": column.item,
            "span": str(column.span),
            "check_of": str(column.check_of),
        }
        for column in mapping.columns
    ]
    table = {"shape": mapping.shape, "sheets": list(mapping.sheets), "columns": columns}
    return json.dumps(table, ensure_ascii=False, indent=1)


def mapping_from_json(text: str) -> SavedMapping:
    """The mapping that `mapping_to_json` wrote; raises `BadInput` for anything else."""
    try:
        table = json.loads(text)
        return SavedMapping(
            shape=_text(table["shape"]),
            sheets=tuple(_text(name) for name in table["sheets"]),
            columns=tuple(_column(entry) for entry in table["columns"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput("列对应文件读不懂，没有采用。", "请重新导入一次清单，确认后再存一份。") from error


def _column(entry: dict[str, Any]) -> ColumnMeaning:
    index = entry["index"]
    if not isinstance(index, int) or isinstance(index, bool) or index < 0:
        raise ValueError("index")
    return ColumnMeaning(
        index=index,
        title=_text(entry["title"]),
        meaning=Meaning(entry["meaning"]),
        item=_text(entry.get("item", "")),
        span=FeeSpan(entry.get("span", "")),
        check_of=FeeSpan(entry.get("check_of", "")),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("text expected")
    return value
