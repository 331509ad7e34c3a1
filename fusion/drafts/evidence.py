"""Where in the reports a draft's sentence could be from: the passages to judge it by.

Candidates are the nearest by vector and by words (BM25), merged by reciprocal rank, as for a fact
in `fusion.retrieve`. Of these the first is taken, and then those with most of the words that are
still missing: a sentence may join what two reports tell, and their copies add nothing. What that
gains is measured by `benchmarks/draft_evidence.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.passage import speaks_to_reader
from fusion.retrieve import CANDIDATES, RANK_OFFSET, in_context
from fusion.words import content

if TYPE_CHECKING:
    from collections.abc import Collection

    from fusion.embed import PassageEmbedder
    from fusion.types import Chunk, Material

MOST_PASSAGES = 3  # for one sentence: what the verifier's parameters were fitted on
# Words that a passage must share with the sentence, so that those which it adds count: by one word
# alone, a wrong figure would find the passage that has this figure of something else.
SHARED = 2
ALIKE = 0.8  # share of two passages' words that both have, from which one is a copy of the other


class Passages:
    """The passages of a story's citable reports, to be searched."""

    def __init__(self, material: Material, embedder: PassageEmbedder) -> None:
        import bm25s

        self._material = material
        self._embedder = embedder
        words = [content(passage.text) for passage in material.chunks]
        self._words = [set(each) for each in words]
        self._bm25 = bm25s.BM25()
        self._bm25.index([each or ["-"] for each in words], show_progress=False)

    def closest(self, sentence: str, sources: Collection[str] | None = None) -> list[Chunk]:
        """The passages, at most three, that may say `sentence`; of `sources` (ids) only, if given.

        The one with most of its words comes first. One that leans on the sentence before it ("He
        said …") is widened by that, so that its names are in it; `key` stays that of its own words.
        """
        wanted = set(content(sentence))
        left = [(i, wanted & self._words[i]) for i in self._ranked(sentence, sources)]
        chosen: list[tuple[int, set[str]]] = []
        got: set[str] = set()
        while left and len(chosen) < MOST_PASSAGES:
            by_gain = [len(words - got) if len(words) >= SHARED else 0 for _, words in left]
            best = by_gain.index(max(by_gain)) if chosen else 0
            chosen.append(left.pop(best))
            got |= chosen[-1][1]
            left = [each for each in left if not self._alike(each[0], chosen[-1][0])]
        chosen.sort(key=lambda each: -len(each[1]))
        return [in_context(self._material, i, _may_be_read) for i, _ in chosen]

    def _ranked(self, sentence: str, sources: Collection[str] | None) -> list[int]:
        """Candidates by reciprocal rank, each wording once."""
        chunks = self._material.chunks
        among = [i for i, p in enumerate(chunks) if sources is None or p.source in sources]
        (vector,) = self._embedder.passages([sentence])
        near = self._material.vectors @ vector
        shared = self._bm25.get_scores(content(sentence) or ["-"])
        by_vector = sorted(among, key=lambda i: -near[i])
        by_words = sorted((i for i in among if shared[i] > 0), key=lambda i: -shared[i])
        scores: dict[int, float] = {}
        for ranking in (by_vector, by_words):
            for rank, i in enumerate(ranking[:CANDIDATES]):
                scores[i] = scores.get(i, 0.0) + 1 / (RANK_OFFSET + rank)
        first: dict[str, int] = {}
        for i in sorted(scores, key=lambda i: (-scores[i], i)):
            first.setdefault(chunks[i].key, i)
        return list(first.values())

    def _alike(self, a: int, b: int) -> bool:
        both, either = self._words[a] & self._words[b], self._words[a] | self._words[b]
        return len(both) >= ALIKE * len(either)


def _may_be_read(before: Chunk) -> bool:
    """Whether a sentence may be read with the one after it: all but what could be an order.

    Nothing is printed from it, so that it may be short, loaded or the reporter's own: it only says
    who "he" is.
    """
    return not speaks_to_reader(before.text)
