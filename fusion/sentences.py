"""Sentences, with exact offsets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Span = tuple[int, int]

MAX_WORDS = 90  # a longer "sentence" is a list or has lost its full stops; it is cut at a space

# Abbreviations that a name or a number follows. `sentencex` knows many, but ends a sentence here.
_BEFORE_NAME = re.compile(
    r"(?:^|[\s(“\"‘'])(?:Mr|Mrs|Ms|Mx|Dr|Prof|Rev|Fr|Sr|Hon|St|Ste|Mt|Ft|Gen|Maj|Brig|Col|Lt|Cmdr|"
    r"Capt|Sgt|Cpl|Pvt|Adm|Sen|Rep|Gov|Pres|Supt|Insp|Det|Messrs|No|Nos|vs|v|approx|c|ca|[A-Z])\.$"
)
# “At 7:30 a.m. CT he left”, “at 5 p.m. Tuesday”: what follows belongs to the time of day.
_CLOCK = re.compile(r"\b[ap]\.m\.$", re.IGNORECASE)
_OF_CLOCK = re.compile(
    r"(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|I?ST|AES?T|local|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)

# “(She has since left.) The board …”: the aside is a sentence, too.
_ASIDE = re.compile(r"\([^()\n]*[.!?][”\"’']?\)(?=\s*[A-Z“\"])")


def split_sentences(text: str, language: str | None = None) -> list[Span]:
    """Spans of the sentences of `text`, trimmed of white space, in order, none empty.

    A line break always ends a sentence: cleaned texts have one paragraph a line. `language` is
    an ISO 639-1 code; an unknown one is split by the rules of English.
    """
    spans: list[Span] = []
    for start, end in _lines(text):
        spans += _merge_abbreviations(text, _segment(text, start, end, language or "en"))
    return [piece for span in spans for piece in _cut_long(text, span)]


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
        for words in _without_aside(piece.strip()):
            found = text.index(words, at, end)
            at = found + len(words)
            spans.append((found, at))
    return spans


def _without_aside(piece: str) -> list[str]:
    """The sentence, and before it the aside that it begins with; none if empty."""
    aside = _ASIDE.match(piece)
    parts = [aside[0], piece[aside.end() :].lstrip()] if aside else [piece]
    return [part for part in parts if part]


def _merge_abbreviations(text: str, spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        before = text[slice(*merged[-1])] if merged else ""
        of_clock = _CLOCK.search(before) and _OF_CLOCK.match(text, start)
        if of_clock or _BEFORE_NAME.search(before):
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
