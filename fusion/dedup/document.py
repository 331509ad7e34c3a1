"""A report as deduplication sees it: its passages in folded words, its names in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from zlib import crc32

from fusion.chunk import chunk
from fusion.fold import WORD, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.types import Article, Chunk

SHINGLE = 4  # words: the shortest run that two reporters seldom share by chance outside names

_DIGIT = re.compile(r"\d")
_OPENING = "\"“‘«„'(["


@dataclass(frozen=True)
class Document:
    """An article with what is compared. `words[i]` and `names[i]` are those of `passages[i]`.

    Names are capitalised words that do not just begin a sentence, and everything with a digit.
    """

    article: Article
    passages: tuple[Chunk, ...]
    words: tuple[tuple[str, ...], ...]
    names: tuple[tuple[str, ...], ...]
    shingles: frozenset[int]

    @property
    def id(self) -> str:
        """The article's id."""
        return self.article.id

    @cached_property
    def size(self) -> int:
        """Length in words."""
        return sum(map(len, self.words))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The different words."""
        return frozenset(word for passage in self.words for word in passage)


def read(article: Article) -> Document:
    """The parts of `article` that are compared with other reports."""
    passages = tuple(chunk([article]))
    tokens = [_tokens(passage.text) for passage in passages]
    proper = {word for passage in tokens for word, is_name in passage if is_name}
    words = tuple(tuple(word for word, _ in passage) for passage in tokens)
    names = tuple(tuple(word for word in passage if word in proper) for passage in words)
    everything = [word for passage in words for word in passage]
    return Document(article, passages, words, names, shingles(everything))


def shingles(words: Sequence[str], size: int = SHINGLE) -> frozenset[int]:
    """Hashes of all runs of `size` words; of the whole, where it is shorter than that."""
    last = max(1, len(words) - size + 1)
    return frozenset(crc32(" ".join(words[i : i + size]).encode()) for i in range(last))


def _tokens(text: str) -> list[tuple[str, bool]]:
    """Folded words of a passage, and whether each is a name by its looks."""
    found = []
    begins = True
    for match in WORD.finditer(text):
        word = match.group()
        quoted = match.start() > 0 and text[match.start() - 1] in _OPENING
        capital = word[0].isupper() and len(word) > 1 and not begins and not quoted
        is_name = capital or _DIGIT.search(word) is not None
        found.append((fold(word), is_name))
        begins = text[match.end() : match.end() + 1] in {".", "!", "?", ":"}
    return found
