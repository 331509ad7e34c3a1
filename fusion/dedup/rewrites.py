"""Machine-spun rewrites: another report's sentences, in their order, in other words.

Two reporters of one event tell the same facts, but not one sentence for one sentence from first to
last: where each sentence of the shorter report is matched with its nearest of the longer and the
other way round, only some matches are mutual, and fewer keep the order. In a rewrite nearly all
do. The measure is the share of the shorter report's words in passages that are each other's
nearest and lie on one monotone alignment (Needleman & Wunsch 1970, on cosines from which each
passage's mean has been taken, since those of E5 crowd together).

In a large story, only reports whose names follow each other in the same order somewhere are
aligned, since comparing all with all would cost far more. Few rewrites change so many names that
they escape this; in a story of `ALIGN_ALL` texts none does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fusion.dedup.document import Document
    from fusion.embed import PassageEmbedder

# Calibrated by benchmarks/dedup.py and on the invented stories: rewrites have 0.8 and more, one
# that adds to its original 0.69; independent reports of one event 0.0 to 0.45, those that also
# share agency passages up to 0.67.
REWRITE_SHARE = 0.68
MIN_SHARE_OF_LONGER = 0.2  # a text that is a small part of another is quoted in it, not rewritten
MIN_PAIRS = 5  # fewer aligned passages can be chance
MIN_GAIN = 0.035  # of a centred cosine: below it, leaving two passages unaligned is better

# Share of the shorter report's runs of three names that the longer has too. Rewrites have 0.3 and
# more, a tenth of the pairs of independent reports have 0.12.
NAME_RUN = 3
NAME_RUN_SHARE = 0.12
ALIGN_ALL = 40  # texts up to which each is aligned with each; their passages are embedded anyway
MAX_POSTINGS = 60  # a run of names in more texts than that is a title: "Prime Minister Anna Sel"


@dataclass(frozen=True)
class Alignment:
    """Passages of two reports that are each other's nearest, in order: (of `a`, of `b`, cosine)."""

    a: Document
    b: Document
    pairs: tuple[tuple[int, int, float], ...]

    @property
    def share(self) -> float:
        """Share of the shorter report's words that are aligned, 0..1."""
        return self._shares[0]

    @property
    def share_of_longer(self) -> float:
        """Share of the longer report's words that are aligned, 0..1."""
        return self._shares[1]

    @cached_property
    def lexical(self) -> float:
        """Mean share of words (Jaccard) that aligned passages have in common, 0..1."""
        return float(np.mean([_jaccard(self, i, j) for i, j, _ in self.pairs] or [0.0]))

    @property
    def is_rewrite(self) -> bool:
        """Whether one of the two was made from the other."""
        return (
            len(self.pairs) >= MIN_PAIRS
            and self.share >= REWRITE_SHARE
            and self.share_of_longer >= MIN_SHARE_OF_LONGER
        )

    @cached_property
    def _shares(self) -> tuple[float, float]:
        of_a = sum(len(self.a.words[i]) for i, _, _ in self.pairs) / max(1, self.a.size)
        of_b = sum(len(self.b.words[j]) for _, j, _ in self.pairs) / max(1, self.b.size)
        return (of_a, of_b) if self.a.size <= self.b.size else (of_b, of_a)


class NameIndex:
    """Finds, among the reports added, those that another could be a rewrite of."""

    def __init__(self) -> None:
        self._postings: defaultdict[int, list[Document]] = defaultdict(list)
        self._runs: dict[str, frozenset[int]] = {}
        self._added: list[Document] = []

    def add(self, document: Document) -> None:
        """Make `document` findable."""
        self._added.append(document)
        self._runs[document.id] = _name_runs(document)
        for run in self._runs[document.id]:
            if len(postings := self._postings[run]) < MAX_POSTINGS:
                postings.append(document)

    def near(self, document: Document) -> list[Document]:
        """All reports, while they are few; then those with its names in the same order.

        That is: with at least `NAME_RUN_SHARE` of the shorter list's runs, most first.
        """
        if len(self._added) < ALIGN_ALL:
            return [other for other in self._added if other.size and document.size]
        runs = _name_runs(document)
        hits: Counter[str] = Counter()
        found: dict[str, Document] = {}
        for run in runs:
            for other in self._postings.get(run, ()):
                hits[other.id] += 1
                found[other.id] = other
        shares = {key: n / min(len(runs), len(self._runs[key])) for key, n in hits.items()}
        ranked = sorted(shares, key=lambda key: (-shares[key], key))
        return [found[key] for key in ranked if shares[key] >= NAME_RUN_SHARE]


def align(a: Document, b: Document, embedder: PassageEmbedder) -> Alignment:
    """Align the passages of two reports by meaning, in order."""
    vectors_a = embedder.passages([passage.text for passage in a.passages])
    vectors_b = embedder.passages([passage.text for passage in b.passages])
    cosines = vectors_a @ vectors_b.T
    mutual = _mutual(cosines)
    pairs = ((i, j) for i, j in _monotone(_centred(cosines)) if mutual[i, j])
    return Alignment(a, b, tuple((i, j, float(cosines[i, j])) for i, j in pairs))


def _centred(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    rows = cosines.mean(axis=1, keepdims=True)
    columns = cosines.mean(axis=0, keepdims=True)
    return np.asarray(cosines - rows - columns + cosines.mean(), dtype=np.float32)


def _mutual(cosines: NDArray[np.float32]) -> NDArray[np.bool_]:
    best_of_row = cosines >= cosines.max(axis=1, keepdims=True)
    best_of_column = cosines >= cosines.max(axis=0, keepdims=True)
    return np.asarray(best_of_row & best_of_column, dtype=np.bool_)


def _monotone(similarity: NDArray[np.float32]) -> list[tuple[int, int]]:
    """The pairs of the best alignment that keeps both orders; unaligned passages cost nothing."""
    rows, columns = similarity.shape
    gain = similarity - MIN_GAIN
    best = np.zeros((rows + 1, columns + 1))
    for i in range(rows):
        # best[i+1, j+1] = max(above, diagonal + gain, left); the running maximum is the "left".
        diagonal = np.maximum(best[i, 1:], best[i, :-1] + gain[i])
        best[i + 1, 1:] = np.maximum.accumulate(diagonal)
    pairs = []
    i, j = rows, columns
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            pairs.append((i - 1, j - 1))
            i, j = i - 1, j - 1
    return pairs[::-1]


def _jaccard(found: Alignment, i: int, j: int) -> float:
    one, other = set(found.a.words[i]), set(found.b.words[j])
    return len(one & other) / max(1, len(one | other))


def _name_runs(document: Document) -> frozenset[int]:
    names = [name for passage in document.names for name in passage]
    last = len(names) - NAME_RUN + 1
    return frozenset(crc32(" ".join(names[i : i + NAME_RUN]).encode()) for i in range(last))
