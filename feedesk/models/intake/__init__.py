"""Reading finance's arrears lists, whatever their shape. The only place that knows spreadsheets' insides."""

from __future__ import annotations

from feedesk.models.intake.mapping import mapping_from_json, mapping_to_json, saved_mapping
from feedesk.models.intake.reader import read_list
from feedesk.models.intake.statement_mapping import (
    StatementMapping,
    statement_mapping,
    statement_mapping_from_json,
    statement_mapping_to_json,
)
from feedesk.models.intake.statements import read_statement

__all__ = [
    "StatementMapping",
    "mapping_from_json",
    "mapping_to_json",
    "read_list",
    "read_statement",
    "saved_mapping",
    "statement_mapping",
    "statement_mapping_from_json",
    "statement_mapping_to_json",
]
