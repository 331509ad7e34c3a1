"""Passages: the sentences of each source, with exact offsets into its cleaned text.

One sentence is the unit that is embedded, retrieved, read by the model and cited. Larger passages
were tried in the design's measurements: a small model that is given whole paragraphs copies the
first of them. A sentence too short to stand alone ("He declined.") stays with the one before it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from fusion.types import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fusion.types import Article, Grouping, SharedPassage

Span = tuple[int, int]

MIN_WORDS = 5  # a shorter sentence is read with the one before it
MAX_WORDS = 90  # a longer "sentence" is a list or has lost its full stops; it is cut at a space

# Abbreviations that a name or a number follows. `sentencex` knows many, but ends a sentence here.
_BEFORE_NAME = re.compile(
    r"(?:^|[\s(“\"‘'])(?:Mr|Mrs|Ms|Mx|Dr|Prof|Rev|Fr|Sr|Hon|St|Ste|Mt|Ft|Gen|Maj|Brig|Col|Lt|Cmdr|"
    r"Capt|Sgt|Cpl|Pvt|Adm|Sen|Rep|Gov|Pres|Supt|Insp|Det|Messrs|No|Nos|vs|v|approx|c|ca|[A-Z])\.$"
)
_SPACE = re.compile(r"\s+")


def split_sentences(text: str, language: str | None = None) -> list[Span]:
    """Spans of the sentences of `text`, trimmed of white space, in order, none empty.

    A line break always ends a sentence: cleaned texts have one paragraph a line. `language` is
    an ISO 639-1 code; an unknown one is split by the rules of English.
    """
    spans: list[Span] = []
    for start, end in _lines(text):
        spans += _merge_abbreviations(text, _segment(text, start, end, language or "en"))
    return [piece for span in spans for piece in _cut_long(text, span)]


def chunk(articles: Iterable[Article]) -> list[Chunk]:
    """The passages of all `articles`, in the order of reading."""
    return [passage for article in articles for passage in _chunk_one(article)]


def with_voices(chunks: Iterable[Chunk], grouping: Grouping) -> list[Chunk]:
    """Note for each passage whose words it is."""
    group = {source.article.id: source.group for source in grouping.sources}
    taken: dict[str, list[SharedPassage]] = {}
    for shared in grouping.shared:
        taken.setdefault(shared.source, []).append(shared)
    return [
        replace(
            passage,
            voice=next(
                (
                    shared.group
                    for shared in taken.get(passage.source, ())
                    if shared.start <= passage.start and passage.end <= shared.end
                ),
                group[passage.source],
            ),
        )
        for passage in chunks
    ]


def text_key(text: str) -> str:
    """Content hash of a passage's words: equal for equal words, whatever the spacing or quotes."""
    folded = unicodedata.normalize("NFKC", text).translate(_PLAIN_QUOTES)
    return hashlib.sha256(_SPACE.sub(" ", folded).strip().encode()).hexdigest()[:20]


_PLAIN_QUOTES = str.maketrans("“”„«»‘’‚–—", '"""""\'\'\'--')


def _chunk_one(article: Article) -> Iterator[Chunk]:
    text = article.text
    merged: list[Span] = []
    for start, end in split_sentences(text, article.metadata.language):
        short = len(text[start:end].split()) < MIN_WORDS
        if short and merged and "\n" not in text[merged[-1][1] : start]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    for position, (start, end) in enumerate(merged):
        words = text[start:end]
        yield Chunk(article.id, start, end, words, text_key(words), position)


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, start + len(line)
        start += len(line)


def _segment(text: str, start: int, end: int, language: str) -> list[Span]:
    from sentencex import segment

    spans: list[Span] = []
    at = start
    for piece in segment(language, text[start:end]):
        # Pieces come back in order, so searching from the last one keeps the offsets exact even if
        # a future version of the splitter should trim what it returns.
        words = piece.strip()
        if words:
            found = text.index(words, at, end)
            at = found + len(words)
            spans.append((found, at))
    return spans


def _merge_abbreviations(text: str, spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and _BEFORE_NAME.search(text[slice(*merged[-1])]):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _cut_long(text: str, span: Span) -> Iterator[Span]:
    start, end = span
    words = [match.span() for match in re.finditer(r"\S+", text[start:end])]
    for first in range(0, len(words), MAX_WORDS):
        last = min(first + MAX_WORDS, len(words)) - 1
        yield start + words[first][0], start + words[last][1]
