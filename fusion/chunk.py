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

from fusion.clean.metadata import dateline
from fusion.sentences import Span, split_sentences
from fusion.types import Chunk
from fusion.words import WEEKDAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fusion.types import Article, Grouping, SharedPassage

MIN_WORDS = 5  # a shorter sentence is read with the one before it

# What opens an entry of a live page: “17:05 The bridge …”, “Friday 17:05 The bridge …”.
_ENTRY_TIME = re.compile(
    rf"(?:{WEEKDAY},? )?"
    r"\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?(?: ?[-–—|:])? +(?=[A-Z\"“])"
)
_SPACE = re.compile(r"\s+")


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
    begins = dateline(text).end  # “KARIBA (XYZ) -” is about the report, and no part of what it says
    for position, (start, end) in enumerate(span for span in merged if span[1] > begins):
        if start < begins:
            start = begins
        elif text[start - 1 : start] in ("", "\n") and (
            time := _ENTRY_TIME.match(text, start, end)
        ):
            start = time.end()
        words = text[start:end]
        yield Chunk(article.id, start, end, words, text_key(words), position)
