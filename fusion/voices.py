"""Which words are the story's: those that many of its independent voices use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.words import content

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.types import Chunk

HALF = 0.5  # share of the voices that use a word, from which it is the story's


def spread_of(passages: Sequence[Chunk]) -> dict[str, float]:
    """The share of the story's voices, 0..1, that use each content word, by its stem."""
    voices: dict[str, set[str]] = {}
    for passage in passages:
        for word in content(passage.text):
            voices.setdefault(word, set()).add(passage.voice)
    all_voices = len({passage.voice for passage in passages})
    return {word: len(users) / all_voices for word, users in voices.items()}
