"""Saving the list of texts for the SMS gateway: the file is there whole or not at all, and the log knows of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from feedesk.errors import BadInput, file_errors
from feedesk.models.store import Office
from feedesk.models.texts import TextDraft
from feedesk.tasks.targets import drop, part_of, refuse_office

KINDS = (".xlsx", ".csv")


def export_texts(office: Office, texts: Sequence[TextDraft], target: Path) -> None:
    """Write number and words of each text; raises `BadInput` when one cannot be sent or the ending is none of `KINDS`.

    Nothing is marked as sent: that is the clerk's word, once they are.
    """
    from feedesk.reports.text_list import SHEET, write_text_list  # openpyxl: 0.2 s that the view does not need

    refuse_office(target, office.path)
    if target.suffix.lower() not in KINDS:
        raise BadInput("短信名单只能存成 .xlsx 或 .csv，没有存。", "请改文件名的结尾。")
    blocked = next((text for text in texts if not text.is_ready), None)
    if blocked is not None:
        raise BadInput(f"{blocked.rooms[0]} 的短信发不了：{blocked.composed.blocks[0]}没有存。", "请去掉这一条再存。")
    part = part_of(target)
    try:
        with file_errors(SHEET, target):
            lines = [(text.number, text.words) for text in texts]
            write_text_list(lines, part, as_csv=target.suffix.lower() == ".csv")
            sha = hashlib.sha256(part.read_bytes()).hexdigest()
            with office.session.writing():
                office.texts.note_list(texts, target.name, sha)
                part.replace(target)
    finally:
        drop(part)
