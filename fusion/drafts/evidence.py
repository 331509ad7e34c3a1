"""Where in the reports a draft's sentence could be from: the passages to judge it by.

Candidates are the nearest by vector and by words (BM25), merged by reciprocal rank, as for a fact
in `fusion.retrieve`. Of these the first is taken, and then those with most of the words that are
still missing: a sentence may join what two reports tell, and their copies add nothing. What that
gains is measured by `benchmarks/draft_evidence.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fusion.plan import leans_back
from fusion.retrieve import CANDIDATES, RANK_OFFSET
from fusion.verify.text import content

if TYPE_CHECKING:
    from collections.abc import Collection

    from fusion.embed import PassageEmbedder
    from fusion.plan import Material
    from fusion.types import Chunk

MOST_PASSAGES = 3  # for one sentence: what the verifier's parameters were fitted on
# Words that a passage must share with the sentence, so that those which it adds count: by one word
# alone, a wrong figure would find the passage that has this figure of something else.
SHARED = 2


class Passages:
    """The passages of a story's citable reports, to be searched."""

    def __init__(self, material: Material, embedder: PassageEmbedder) -> None:
        import bm25s

        self._material = material
        self._embedder = embedder
        self._words = [content(passage.text) for passage in material.chunks]
        self._bm25 = bm25s.BM25()
        self._bm25.index([words or ["-"] for words in self._words], show_progress=False)

    def closest(self, sentence: str, sources: Collection[str] | None = None) -> list[Chunk]:
        """The passages, at most three, that may say `sentence`; of `sources` (ids) only, if given.

        The one with most of its words comes first. One that leans on the sentence before it ("He
        said …") is widened by that, so that its names are in it; `key` stays that of its own words.
        """
        wanted = set(content(sentence))
        left = [(i, wanted & set(self._words[i])) for i in self._ranked(sentence, sources)]
        chosen = left[:1]
        got = chosen[0][1] if chosen else set()
        while len(chosen) < min(MOST_PASSAGES, len(left)):
            rest = [each for each in left if each not in chosen]
            best = max(rest, key=lambda each: len(each[1] - got) if len(each[1]) >= SHARED else 0)
            chosen.append(best)  # of equals the first
            got = got | best[1]
        chosen.sort(key=lambda each: -len(each[1]))
        return [self._in_context(i) for i, _ in chosen]

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

    def _in_context(self, i: int) -> Chunk:
        passage, before = self._material.chunks[i], self._material.chunks[i - 1]
        if i == 0 or before.source != passage.source or not leans_back(passage.text):
            return passage
        article = self._material.sources[passage.source].article
        text = article.text[before.start : passage.end]
        return replace(passage, start=before.start, text=text)
