"""The tables of 设置 › 法规: articles with their ticks, and old numbers with what stands for them today."""

from __future__ import annotations

from dataclasses import dataclass

from feedesk.models.law import OLD_STATE_LABELS, SURE_LABELS, Article, OldArticle, OldState, Sure
from feedesk.ui.table import Cell, Column
from feedesk.ui.theme import Tone

_NARROW = 1_000


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """One article and whether the office has looked it up."""

    id: int
    article: Article
    tick: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class OldRow:
    """One line of the table of old numbers."""

    id: int
    old: OldArticle


def article_columns() -> tuple[Column[ArticleRow], ...]:
    """What is it, what does it say, what for, may it be cited, who has looked it up."""
    return (
        Column("核对", _tick, 168),
        Column("条文", lambda row: Cell(row.article.title, bold=True), 190),
        Column("大意（我们的转述）", lambda row: Cell(row.article.gist)),
        Column("用在", lambda row: Cell(row.article.use), 210, hide_below=_NARROW),
        Column("引用", _cite, 92),
        Column("种类", lambda row: Cell(row.article.kind), 76, hide_below=_NARROW),
        Column("把握", _sure, 92, hide_below=_NARROW),
    )


def old_columns() -> tuple[Column[OldRow], ...]:
    """What older papers cite, what became of it, what to cite instead."""
    return (
        Column("旧材料引的", lambda row: Cell(row.old.title, bold=True), 230),
        Column("状态", _state, 104),
        Column("今天用", lambda row: Cell(row.old.use), 300),
        Column("说明", lambda row: Cell(row.old.note)),
    )


def article_text(row: ArticleRow) -> str:
    """Everything about the article in hand."""
    one = row.article
    since = f" · {one.since:%Y-%m-%d} 起" if one.since else ""
    note = f" · {one.note}" if one.note else ""
    return f"{one.title}：{one.gist}\n用在：{one.use}\n{one.kind}{since} · {SURE_LABELS[one.sure]}{note} · {one.cite_text} · {row.tick}"


def old_text(row: OldRow) -> str:
    """Everything about the old number in hand."""
    one = row.old
    found = "；检查文字时会查出来" if one.rule else ""
    return f"{one.title}（{OLD_STATE_LABELS[one.state]}）→ {one.use}\n{one.note}{found}"


def _tick(row: ArticleRow) -> Cell:
    words = row.tick.removesuffix(" 已核对")
    return Cell(words, mark="paid" if row.is_done else "open", tone=Tone.INK if row.is_done else Tone.MUTED)


def _cite(row: ArticleRow) -> Cell:
    return Cell(row.article.cite_text, tone=Tone.INK if row.article.cite else Tone.MUTED)


def _sure(row: ArticleRow) -> Cell:
    words = "未读原文" if row.article.sure is Sure.MEMORY else SURE_LABELS[row.article.sure]
    return Cell(words, tone=Tone.OCHRE if row.article.sure is Sure.MEMORY else Tone.INK)


def _state(row: OldRow) -> Cell:
    gone = row.old.state in (OldState.REPEALED, OldState.DELETED)
    tone = Tone.CINNABAR if gone else Tone.OCHRE if row.old.state is OldState.RENUMBERED else Tone.INK
    return Cell(OLD_STATE_LABELS[row.old.state], tone=tone)
