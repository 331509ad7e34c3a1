"""Evidence: for each fact, the few passages that its sentence will be written from.

Candidates come from the fact's own cluster and from the whole index, by vector (Chroma) and by
words (BM25), merged by reciprocal rank (Cormack, Clarke and Büttcher 2009). What is kept tells the
same fact, in the words of as many independent voices as possible, within a budget of words.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from fusion.antecedent import leans_back
from fusion.passage import can_lead, transcripts
from fusion.plan import SAME_FACT, similarity
from fusion.types import Evidence, Role
from fusion.words import content

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fusion.index import Index
    from fusion.types import Chunk, Fact, Material

MOST_PASSAGES = 4  # a small model merges three or four sentences well, and loses some of six
MOST_WORDS = 150  # of all passages of one fact; 1.3 tokens a word, about 2 s of prefill
CANDIDATES = 12  # asked of each ranking
RANK_OFFSET = 60  # the constant of reciprocal rank fusion, as published


class Retriever:
    """Finds evidence among the story's passages, but for those `overtaken`. Build it once a story.

    What a newer report has overtaken may be the likest passage of all: the same count, a day older.
    """

    def __init__(self, material: Material, index: Index, overtaken: Iterable[str] = ()) -> None:
        import bm25s

        self._material = material
        self._overtaken = frozenset(overtaken)
        self._index = index
        self._spoken = transcripts(material.sources)
        self._place = {passage.id: i for i, passage in enumerate(material.chunks)}
        self._by_key: dict[str, list[int]] = {}
        for i, passage in enumerate(material.chunks):
            self._by_key.setdefault(passage.key, []).append(i)
        self._bm25 = bm25s.BM25()
        words = [content(passage.text) or ["-"] for passage in material.chunks]
        self._bm25.index(words, show_progress=False)

    def evidence(self, fact: Fact) -> Evidence:
        """Return the passages to write `fact` from, best first; at least one."""
        seed = self._place[fact.passages[0].id]
        ranked = self._ranked(fact, seed)
        alike = similarity(
            [self._material.chunks[i].text for i in ranked],
            self._material.vectors[ranked],
            self._material.vectors,
        )[ranked.index(seed)]
        cluster = {self._place[passage.id] for passage in fact.passages}
        telling = [
            i
            for i, value in zip(ranked, alike, strict=True)
            if i in cluster or (value >= SAME_FACT and self._may_tell(self._material.chunks[i]))
        ]
        kept = self._diverse(seed, telling)
        return Evidence(fact, tuple(in_context(self._material, i, self._fits) for i in kept))

    def _fits(self, passage: Chunk) -> bool:
        """Whether it may be told as the context of another: then both are told."""
        fresh = passage.id not in self._overtaken
        return fresh and can_lead(passage, english=self._material.english)

    def _may_tell(self, passage: Chunk) -> bool:
        return passage.source not in self._spoken and passage.id not in self._overtaken

    def _ranked(self, fact: Fact, seed: int) -> list[int]:
        """Candidates by reciprocal rank, the seed among them."""
        chunks = self._material.chunks
        nearest = self._index.nearest(self._material.vectors[seed], CANDIDATES)
        by_vector = [i for key in nearest for i in self._by_key.get(key, [])]
        query = content(chunks[seed].text) or ["-"]
        found = self._bm25.get_scores(query)
        by_words = [int(i) for i in np.argsort(-found, kind="stable")[:CANDIDATES] if found[i] > 0]
        of_fact = [self._place[passage.id] for passage in fact.passages]
        scores: dict[int, float] = {seed: 1.0}
        for ranking in (of_fact, by_vector, by_words):
            for rank, i in enumerate(ranking):
                scores[i] = scores.get(i, 0.0) + 1 / (RANK_OFFSET + rank)
        return sorted(scores, key=lambda i: (-scores[i], i))

    def _diverse(self, seed: int, telling: Sequence[int]) -> list[int]:
        """The best passage of each voice, the seed's first, within the budget."""
        material = self._material
        best_of: dict[str, int] = {}
        for i in (seed, *telling):
            if (voice := material.chunks[i].voice) not in best_of:
                best_of[voice] = self._best_copy(i, telling)
        kept: list[int] = []
        words = 0
        for i in list(best_of.values())[:MOST_PASSAGES]:
            size = len(material.chunks[i].text.split())
            if kept and words + size > MOST_WORDS:
                continue
            kept.append(i)
            words += size
        return kept

    def _best_copy(self, passage: int, telling: Sequence[int]) -> int:
        """Among the same voice's tellings of one fact, the one in that voice's own report."""
        material = self._material
        voice = material.chunks[passage].voice
        same = [passage, *(i for i in telling if material.chunks[i].voice == voice)]
        return min(
            same,
            key=lambda i: (
                material.chunks[i].source != voice,
                material.sources[material.chunks[i].source].role is Role.COPY,
            ),
        )


def in_context(material: Material, i: int, fits: Callable[[Chunk], bool]) -> Chunk:
    """Passage `i`; widened by the one before, if it leans on that, so that names are in it.

    Only what `fits` is taken in. `key`, `position` and `voice` stay those of its own words.
    """
    passage, before = material.chunks[i], material.chunks[i - 1]
    if i == 0 or before.source != passage.source:
        return passage
    if not leans_back(passage.text) or not fits(before):
        return passage
    text = material.sources[passage.source].article.text[before.start : passage.end]
    return replace(passage, start=before.start, text=text)
