"""Reading finance's arrears lists, whatever their shape. The only place that knows spreadsheets' insides."""

from __future__ import annotations

from feedesk.models.intake.mapping import mapping_from_json, mapping_to_json, saved_mapping
from feedesk.models.intake.reader import read_list

__all__ = ["mapping_from_json", "mapping_to_json", "read_list", "saved_mapping"]
