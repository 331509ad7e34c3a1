"""Quotations: where they stand, and which wording of each is the genuine one.

A speaker says a thing once; where reports word it differently, at most one wording is right. What
two independent voices print alike was said so. A rewrite's wording never counts as a voice.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from fusion.disjoint import DisjointSets
from fusion.fold import WORD, fold
from fusion.types import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion.types import Grouping, SharedPassage, Source

Span = tuple[int, int]

MIN_WORDS = 4  # a shorter quotation is compared only inside a rewrite, where its place is known
SAME_SAYING = 0.6  # of the words in common, in order, of the shorter: one saying in two reports
CONTEXT = 60  # code points before and after a quotation that tell whose and which it is
# A rewrite's quotation belongs to the original's that stands at its place and has words in common,
# its own or those around it: what is demanded is the share in common plus the nearness.
REWORDED = 0.25
NEARNESS = 0.2  # at the same place; falls to 0 at MOVED
MOVED = 0.15  # of the text's length

# An opening mark stands before a word, a closing one after a word or its punctuation. A paragraph
# that opens with a mark continues the quotation before it, which then has no closing mark. Single
# marks are quotes only where they open before a word and close after one on the same line, so
# apostrophes ("Gallo's", "the crews' pay", "'90s") are none.
_QUOTE = re.compile(
    r"“(?P<curly>[^“”\n]{1,1500})(?:”|(?=\n\s*“))"
    r"|„(?P<low>[^„“”\n]{1,1500})[“”]"
    r"|«\s?(?P<angle>[^«»\n]{1,1500}?)\s?»"
    r'|(?<![\w"])"(?=\S)(?P<plain>[^"“”\n]{1,1500})(?:"|(?=\n\s*"))'
    r"|(?<![\w”])”(?=\w)(?P<nordic>[^“”\n]{1,1500})”(?!\w)"
    r"|(?<!\w)‘(?!\d\ds?\b)(?P<single>[^‘“”\n]{2,1500}?)’(?!\w)"
    r"|(?<![\w'])'(?!\d\ds?\b)(?P<mark>(?=\w)(?:[^'\"\n]|(?<=\w)'(?=\w)){2,1500}?)'(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A quotation as one report prints it. `text == article.text[start:end]`, without the marks.

    `altered` is true where its words are not the genuine ones, nor a part of them.
    """

    source: str
    start: int
    end: int
    text: str
    altered: bool


@dataclass(frozen=True, slots=True)
class Quotation:
    """One saying: the genuine wording, why it is taken for that, and all variants by source.

    `text` is without the comma that English sets before a closing mark.
    """

    text: str
    reason: str
    variants: tuple[Variant, ...]


def find_quotes(text: str) -> list[Span]:
    """Spans of the words between quotation marks, without the marks, in order."""
    return [match.span(match.lastgroup or 0) for match in _QUOTE.finditer(text)]


def quotations(grouping: Grouping) -> list[Quotation]:
    """The quotations of a story, those that are altered somewhere first.

    Sources that are off topic are left out. A quotation of fewer than `MIN_WORDS` words is told
    only if a rewrite has altered it.
    """
    voices = _Voices(grouping)
    said = [
        quote
        for source in grouping.sources
        if source.role is not Role.OFF_TOPIC
        for quote in _quotes_of(source, voices)
    ]
    together: DisjointSets[int] = DisjointSets()
    for i in range(len(said)):
        together.add(i)
    _join_alike(said, together)
    _join_reworded(said, together)
    found = [_judge([said[i] for i in members]) for members in together.sets()]
    kept = [
        quotation
        for quotation in found
        if len(_words(quotation.text)) >= MIN_WORDS or any(v.altered for v in quotation.variants)
    ]
    return sorted(kept, key=lambda q: not any(v.altered for v in q.variants))


@dataclass(frozen=True)
class _Quote:
    source: Source
    start: int
    end: int
    voice: str

    @cached_property
    def text(self) -> str:
        return self.source.article.text[self.start : self.end]

    @cached_property
    def words(self) -> tuple[str, ...]:
        return _words(self.text)

    @cached_property
    def surroundings(self) -> frozenset[str]:
        text = self.source.article.text
        return frozenset(_words(text[max(0, self.start - CONTEXT) : self.end + CONTEXT]))

    @property
    def place(self) -> float:
        """Where in its text it stands, 0..1."""
        return self.start / max(1, len(self.source.article.text))


class _Voices:
    """Whose voice a place in a source is: its group's, or that of the group it was taken from."""

    def __init__(self, grouping: Grouping) -> None:
        self._shared: defaultdict[str, list[SharedPassage]] = defaultdict(list)
        for passage in grouping.shared:
            self._shared[passage.source].append(passage)

    def of(self, source: Source, place: int) -> str:
        for passage in self._shared[source.article.id]:
            if passage.start <= place < passage.end:
                return passage.group
        return source.group


def _quotes_of(source: Source, voices: _Voices) -> Iterable[_Quote]:
    for start, end in find_quotes(source.article.text):
        quote = _Quote(source, start, end, voices.of(source, start))
        if quote.words:
            yield quote


def _join_alike(said: Sequence[_Quote], together: DisjointSets[int]) -> None:
    """Join quotations that have most of their words in common, in order."""
    where: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, quote in enumerate(said):
        if len(quote.words) >= MIN_WORDS:
            for run in {quote.words[k : k + 2] for k in range(len(quote.words) - 1)}:
                where[run].append(i)
    compared = {pair for indices in where.values() for pair in combinations(indices, 2)}
    for i, j in sorted(compared):
        one, other = said[i].words, said[j].words
        if _common(one, other) >= SAME_SAYING * min(len(one), len(other)):
            together.join(i, j)


def _join_reworded(said: Sequence[_Quote], together: DisjointSets[int]) -> None:
    """Join each quotation of a rewrite with the one that stands there in the rewritten text."""
    originals = [(i, q) for i, q in enumerate(said) if q.source.role is Role.ORIGINAL]
    for i, quote in enumerate(said):
        if quote.source.role is not Role.DERIVED:
            continue
        best = max(
            (
                (_alike(quote, other), -j)
                for j, other in originals
                if other.source.group == quote.source.group
                and abs(other.place - quote.place) <= MOVED
            ),
            default=(0.0, 0),
        )
        if best[0] >= REWORDED:
            together.join(i, -best[1])


def _alike(one: _Quote, other: _Quote) -> float:
    common = len(one.surroundings & other.surroundings)
    everything = len(one.surroundings | other.surroundings)
    nearness = 1 - abs(one.place - other.place) / MOVED
    return common / max(1, everything) + NEARNESS * nearness


def _judge(quotes: Sequence[_Quote]) -> Quotation:
    """Choose the genuine wording among the variants of one saying."""

    def voices(quote: _Quote) -> int:
        return len(
            {
                other.voice
                for other in quotes
                if other.source.role is not Role.DERIVED
                and (_contains(other.words, quote.words) or _contains(quote.words, other.words))
            }
        )

    def published(quote: _Quote) -> str:
        when = quote.source.article.metadata.published
        return when.isoformat() if when else "~"  # after every date

    # What rewrites say cannot outdo what they were made from. Among equal numbers of voices the
    # fullest wording is the one that the others quote from, and the earliest is nearest the event.
    genuine = min(
        quotes,
        key=lambda q: (
            q.source.role is Role.DERIVED,
            -voices(q),
            q.source.role is Role.COPY,
            -len(q.words),
            published(q),
            q.source.article.id,
            q.start,
        ),
    )
    variants = tuple(
        Variant(q.source.article.id, q.start, q.end, q.text, not _contains(genuine.words, q.words))
        for q in quotes
    )
    if not any(variant.altered for variant in variants):
        reason = "all reports agree" if len(variants) > 1 else "only one report has it"
    elif (count := voices(genuine)) > 1:
        reason = f"{count} independent voices have this wording"
    elif any(q.source.role is Role.DERIVED for q in quotes):
        reason = "the original has this wording, a rewrite of it another"
    else:
        reason = "the original, fullest or earliest wording; no two independent voices agree"
    return Quotation(genuine.text.rstrip(" ,"), reason, variants)


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(match.group()) for match in WORD.finditer(text))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Length of the longest common subsequence of words."""
    row = [0] * (len(other) + 1)
    for word in one:
        diagonal = 0
        for j, candidate in enumerate(other, 1):
            above = row[j]
            row[j] = diagonal + 1 if word == candidate else max(above, row[j - 1])
            diagonal = above
    return row[-1]


def _contains(whole: Sequence[str], part: Sequence[str]) -> bool:
    """Whether `part` stands in `whole` as one run."""
    n = len(part)
    return any(tuple(whole[i : i + n]) == tuple(part) for i in range(len(whole) - n + 1))
