"""Shared wording: which reports carry one text, and which passages others took over from it.

Two passages are near-identical when most word pairs of the shorter stand in the longer. That
survives respelling, local edits, a split or joined sentence and a word replaced throughout, and
does not need the passages to be in the same order. The share of a report's words that lie in
such passages is what is decided on: nearly all of the shorter report is a copy, some of it is
partial reuse. Which reports to compare at all is found by an inverted index over a fixed sample of
word runs (Manber 1994, "Finding similar files in a large file system"), so that cost grows with
the number of reports, not of their pairs. It finds a short trim of a long text as surely as a
reprint; MinHash, which estimates the resemblance of the wholes, does not.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from fusion.quotes import find_quotes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fusion.dedup.document import Document

# Calibrated by benchmarks/dedup.py on half of its stories. Trims and reprints have 0.75 and more
# of the shorter report in the longer; independent reports with shared agency passages up to 0.5.
COPY_SHARE = 0.6
# Distinct words of the shared passages that the other report has nowhere. Reprints with local edits
# or a name replaced throughout: 0.06 at most. Spun texts: 0.05 to 0.3, 98 % of them over 0.07.
REWORDED = 0.07
# Shared passages left as they were. Spun texts: under 0.36 in 98 %; reprints, updates: mostly more.
VERBATIM = 0.4
ROUNDUP_SHARE = 0.2  # of the longer report: less than that, from its middle, is no trim
LEAD = 3  # passages
NEAR_IDENTICAL = 0.5  # share of the shorter passage's word pairs; two reporters' sentences: < 0.35
MIN_WORDS = 6  # a shorter passage is alike by chance
MIN_OWN_WORDS = 5  # outside quotation marks: two reporters may well hear the same words

SAMPLE = 3  # one word run in three is indexed
MIN_HITS = 3  # sampled runs in common before two reports are compared
MAX_POSTINGS = 60  # a run in more texts than that is a stock phrase


@dataclass(frozen=True)
class Overlap:
    """The near-identical passages of two reports: (of `a`, of `b`, similarity 0.5 to 1)."""

    a: Document
    b: Document
    pairs: tuple[tuple[int, int, float], ...]

    @cached_property
    def share_a(self) -> float:
        """Share of the words of `a`, 0..1, in passages that `b` has too."""
        return _share(self.a, ((i, len(self.b.words[j])) for i, j, _ in self.pairs))

    @cached_property
    def share_b(self) -> float:
        """Share of the words of `b`, 0..1, in passages that `a` has too."""
        return _share(self.b, ((j, len(self.a.words[i])) for i, j, _ in self.pairs))

    @property
    def share(self) -> float:
        """Share of the shorter report that is in the longer."""
        return self.share_a if self.a.size <= self.b.size else self.share_b

    @cached_property
    def is_reworded(self) -> bool:
        """Whether other words were put for the one's throughout the passages, as in a spun text.

        Both must be so: a few new words in every passage, and hardly a passage left as it was. An
        update has new words too, but leaves passages standing.
        """
        if not self.pairs:
            return False
        words_a = {word for i, _, _ in self.pairs for word in self.a.words[i]}
        words_b = {word for _, j, _ in self.pairs for word in self.b.words[j]}
        new_in_a = len(words_a - self.b.vocabulary) / len(words_a)
        new_in_b = len(words_b - self.a.vocabulary) / len(words_b)
        best: dict[int, float] = {}
        for _, j, similarity in self.pairs:
            best[j] = max(similarity, best.get(j, 0.0))
        verbatim = sum(similarity == 1 for similarity in best.values()) / len(best)
        return min(new_in_a, new_in_b) >= REWORDED and verbatim < VERBATIM

    @property
    def is_copy(self) -> bool:
        """Whether the two are one text.

        A text reworded throughout is not a copy, though most passages can be recognised: whether
        it is a rewrite is told by its order. A report that stands whole somewhere inside one of
        many times its length is quoted by it, as a roundup or a live page does, and not a trim of
        it: trims keep the beginning.
        """
        if self.share < COPY_SHARE or self.is_reworded:
            return False
        if self.a.size <= self.b.size:
            of_longer, places = self.share_b, [j for _, j, _ in self.pairs]
        else:
            of_longer, places = self.share_a, [i for i, _, _ in self.pairs]
        return of_longer >= ROUNDUP_SHARE or min(places) < LEAD


class TextIndex:
    """Finds, among the reports added, those that share word runs with another."""

    def __init__(self) -> None:
        self._postings: defaultdict[int, list[Document]] = defaultdict(list)

    def add(self, document: Document) -> None:
        """Make `document` findable."""
        for run in sample(document.shingles):
            if len(postings := self._postings[run]) < MAX_POSTINGS:
                postings.append(document)

    def near(self, document: Document) -> list[Document]:
        """Reports that share at least `MIN_HITS` sampled runs, most first."""
        hits: Counter[str] = Counter()
        found: dict[str, Document] = {}
        for run in sample(document.shingles):
            for other in self._postings.get(run, ()):
                hits[other.id] += 1
                found[other.id] = other
        ranked = sorted(hits, key=lambda key: (-hits[key], key))
        enough = min(MIN_HITS, max(1, document.size // 20))
        return [found[key] for key in ranked if hits[key] >= enough]


def overlap(a: Document, b: Document) -> Overlap:
    """Compare the wording of two reports, passage by passage."""
    pairs_b = [set(pairwise(words)) for words in b.words]
    where: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for j, pairs in enumerate(pairs_b):
        for pair in pairs:
            where[pair].append(j)
    found = []
    for i, words in enumerate(a.words):
        pairs = set(pairwise(words))
        hits = Counter(j for pair in pairs for j in where.get(pair, ()))
        for j, common in sorted(hits.items()):
            shorter = min(len(pairs), len(pairs_b[j]))
            if shorter >= MIN_WORDS - 1 and common >= NEAR_IDENTICAL * shorter:
                found.append((i, j, common / shorter))
    return Overlap(a, b, tuple(found))


def reused(found: Overlap) -> list[tuple[int, int]]:
    """Pairs of passages (of `a`, of `b`) that only one of two reporters can have written.

    A pair whose words outside quotation marks are few proves nothing, since both may have heard
    the same speaker, unless it goes with a neighbouring pair that does.
    """
    pairs = [(i, j) for i, j, _ in found.pairs]
    proven = {
        (i, j)
        for i, j in pairs
        if min(_own_words(found.a, i), _own_words(found.b, j)) >= MIN_OWN_WORDS
    }
    neighbours = {(i + step, j + step) for i, j in proven for step in (-1, 1)}
    return [pair for pair in pairs if pair in proven or pair in neighbours]


def _share(document: Document, credits_: Iterable[tuple[int, int]]) -> float:
    covered: Counter[int] = Counter()
    for passage, words in credits_:
        covered[passage] += words
    words = sum(min(n, len(document.words[i])) for i, n in covered.items())
    return words / max(1, document.size)


def _own_words(document: Document, passage: int) -> int:
    text = document.passages[passage].text
    quoted = sum(len(text[start:end].split()) for start, end in find_quotes(text))
    return len(text.split()) - quoted


def sample(shingles: frozenset[int]) -> list[int]:
    """The word runs of a text that are indexed: the same ones in every text that has them."""
    return [shingle for shingle in shingles if shingle % SAMPLE == 0]
