"""One owner's own text: the template with his values, the signature, its length, and what keeps it from being sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from feedesk.models.scripts.fill import Segment, SegmentKind, fill_text
from feedesk.models.texts.length import MAX_PARTS, WARN_PARTS, TextLength, measure
from feedesk.models.texts.templates import TextTemplate
from feedesk.models.wording import Finding, lint


class SignaturePlace(StrEnum):
    """Where 【办公室】 stands."""

    FRONT = "front"
    END = "end"
    GATEWAY = "gateway"
    """The SMS platform adds it: it is not in the text, but counts."""


SIGNATURE_PLACE_LABELS = {
    SignaturePlace.FRONT: "放在开头",
    SignaturePlace.END: "放在末尾",
    SignaturePlace.GATEWAY: "由短信平台加",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs a text, and where."""

    name: str
    place: SignaturePlace = SignaturePlace.FRONT

    @property
    def text(self) -> str:
        """「【明湖花园服务中心】」; empty without a name."""
        return f"【{self.name.strip()}】" if self.name.strip() else ""


@dataclass(frozen=True, slots=True)
class Composed:
    """A text as it would be sent. `words` is exactly what is copied or listed."""

    segments: tuple[Segment, ...]
    length: TextLength
    """With the signature, whoever adds it."""
    missing: tuple[str, ...]
    """Placeholders that stand as 〔…待核〕."""
    findings: tuple[Finding, ...]
    blocks: tuple[str, ...]
    """Why it cannot be sent, in sentences."""
    warnings: tuple[str, ...]

    @property
    def words(self) -> str:
        """The text."""
        return "".join(segment.text for segment in self.segments)


_STANDS_FOR = {
    **dict.fromkeys(("称呼",), "林女士"),
    **dict.fromkeys(("房号",), "1-1-101"),
    **dict.fromkeys(("金额", "承诺金额", "分期金额", "已缴金额"), "1 元"),
    **dict.fromkeys(("到期日", "上次提醒日", "约定日", "承诺日", "分期日", "送单日", "缴费日"), "1 月 1 日"),
    "期间": "1 月",
}
"""The lint judges our words: an owner's name or room is neither ours nor to be mended, and sums and days are no words."""


@lru_cache(maxsize=512)
def _lint(words: str) -> tuple[Finding, ...]:
    """Thousands of texts of one template differ only in what `_STANDS_FOR` replaces."""
    return tuple(lint(words))


def compose(
    template: TextTemplate, values: Mapping[str, str], signature: Signature, never: Sequence[str] = ()
) -> Composed:
    """The template filled; `never` are names that must not stand in it (a tenant is never told of a debt)."""
    body = fill_text(template.text, values)
    signed = Segment(SegmentKind.VALUE, signature.text, "签名")
    segments = {
        SignaturePlace.FRONT: (signed, *body),
        SignaturePlace.END: (*body, signed),
        SignaturePlace.GATEWAY: body,
    }[signature.place]
    segments = tuple(segment for segment in segments if segment.text)
    words = "".join(segment.text for segment in segments)
    length = measure("".join(segment.text for segment in body) + signature.text)
    missing = tuple(dict.fromkeys(one.name for one in body if one.kind is SegmentKind.MISSING))
    findings = _lint("".join(_STANDS_FOR.get(one.name, one.text) for one in segments))
    blocks = [f"缺：{'、'.join(missing)}。"] if missing else []
    blocks += [f"“{hit.matched}”不能写：{hit.why}。" for hit in findings if hit.blocking]
    blocks += [f"不能提使用人“{name}”。" for name in never if len(name) > 1 and name in words]
    if length.is_too_long:
        blocks.append(f"{length.text}，超过 {MAX_PARTS} 条，发不出去。")
    warnings = [f"“{hit.matched}”：{hit.why}。" for hit in findings if not hit.blocking]
    if length.is_long and not length.is_too_long:
        warnings.append(f"{length.text}，超过 {WARN_PARTS} 条，费用高，看的人也少。")
    return Composed(segments, length, missing, findings, tuple(blocks), tuple(warnings))
