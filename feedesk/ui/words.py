"""Small wordings that more than one page shows."""

from __future__ import annotations


def show_number(number: str) -> str:
    """A phone number in groups that can be read while dialling: 139 0000 4417, 0000 6688, 0755-0000 6688."""
    if number.isdigit():
        if len(number) == 11 and number.startswith("1"):
            return f"{number[:3]} {number[3:7]} {number[7:]}"
        if len(number) == 8:
            return f"{number[:4]} {number[4:]}"
    head, dash, rest = number.partition("-")
    if dash and head.isdigit() and rest.isdigit() and len(rest) == 8:
        return f"{head}-{rest[:4]} {rest[4:]}"
    return number
