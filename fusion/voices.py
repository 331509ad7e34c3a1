"""Which words are the story's: those that many of its independent voices use, or name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.verify.names import CALENDAR, TITLES, names
from fusion.words import content, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion.types import Chunk, Source

HALF = 0.5  # share of the voices that use a word, from which it is the story's
A_THIRD = 1 / 3  # share of the groups that write a name, below which it may be another story's


def spread_of(passages: Sequence[Chunk]) -> dict[str, float]:
    """The share of the story's voices, 0..1, that use each content word, by its stem."""
    voices: dict[str, set[str]] = {}
    for passage in passages:
        for word in content(passage.text):
            voices.setdefault(word, set()).add(passage.voice)
    all_voices = len({passage.voice for passage in passages})
    return {word: len(users) / all_voices for word, users in voices.items()}


def named_in(sources: Mapping[str, Source]) -> dict[str, float]:
    """The share of the groups, 0..1, that have each word with a capital, in headline or text."""
    groups: dict[str, set[str]] = {}
    for source in sources.values():
        article = source.article
        for token in tokens(f"{article.metadata.headline or ''}\n{article.text}"):
            if token.capitalised:
                groups.setdefault(token.lower, set()).add(source.group)
    number = len({source.group for source in sources.values()})
    return {word: len(users) / number for word, users in groups.items()}


def names_others(text: str, named: Mapping[str, float]) -> bool:
    """Whether few of the groups name any of those whom `text` names: it is of another event.

    `named` is that of `named_in`.
    """
    words = {token.lower for name in names(text) for token in name if token.is_word}
    words -= CALENDAR | TITLES
    return bool(words) and all(named.get(word, 0) < A_THIRD for word in words)
