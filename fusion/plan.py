"""The plan: which facts the story turns on, and in which order a reader should meet them.

1. Passages that say the same thing are clustered. E5's cosines crowd together, so the story's mean
   vector is taken away first; and because embedding neighbours share a topic rather than a fact,
   half of the similarity is shared words, weighted by their rarity in the story.
2. What a newer report tells as done is told no more as something to come, nor denied; nor a state
   that it tells the end of, nor what was hoped for days before it, nor how things stood then.
3. Facts are picked one by one, each time the passage that is worth most beside what is picked
   already (`fusion.worth`): first the newest development, then how the story began.
4. They are put in order: the newest development, the rest of the story, its background.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from math import fsum, log
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from fusion.antecedent import continues
from fusion.newness import newness, outgrown, outlived, overtaken, past_states
from fusion.passage import can_lead, is_background, is_passing, tells_of_deed, transcripts
from fusion.states import ended
from fusion.types import Fact, Plan, as_utc
from fusion.verify.claimant import claimant
from fusion.voices import spread_of
from fusion.words import content
from fusion.worth import Worth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set
    from datetime import datetime

    from numpy.typing import NDArray

    from fusion.types import Chunk, Material, Source

SAME_FACT = 0.42  # similarity, 0..1, from which two passages tell one fact (see `similarity`)
REPEATED = 0.45  # share of the shorter passage's content words, from which it tells nothing new
MOST_PASSAGES = 1500  # clustered at once; their square is 18 MB of distances
LONG_STORY = timedelta(days=2)  # a story over more days than this is told in the order of time
SCENE = 0.33  # probability of colour from which a passage leads no summary
LIKELY_COLOUR = 0.25  # probability from which a passage is taken for colour (see `fusion.colour`)
OLD_NEWS = timedelta(days=7)  # before the newest report; what is older leads no summary
OLD_STATE = timedelta(days=2)  # the same, of what was to come or how things stood
OLD_WORD = timedelta(days=3)  # the same, of what somebody said, no deed told in it


def plan(material: Material, count: int, apart: Sequence[Chunk] = ()) -> Plan:
    """Choose at most `count` facts to tell, in the order of telling.

    What is told `apart`, as a disagreement, is no fact of the story.
    """
    candidates = Candidates.of(material, apart)
    if candidates is None:
        return Plan(())
    facts = [
        _fact([candidates.passages[i] for i in candidates.of_one_fact(best)], rank, material)
        for rank, best in enumerate(candidates.pick(count))
    ]
    return Plan(tuple(_order(facts)), tuple(sorted(candidates.overtaken)))


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages that facts may be told from, and the policy by which they are picked.

    `live` are those that no newer report has overtaken, `overtaken` the ids of whatever one has;
    `cluster` is alike for passages that tell one fact; `leading` may lead the summary, and `began`
    is how the story began: neither is a scene.
    """

    passages: Sequence[Chunk]
    worth: Worth
    live: Sequence[int]
    overtaken: Set[str]
    cluster: Mapping[int, int]
    leading: Sequence[int]
    began: int | None

    @classmethod
    def of(cls, material: Material, apart: Sequence[Chunk] = ()) -> Candidates | None:
        """Find those of a story; None if there are none."""
        kept = _usable(material, apart)
        if not kept:
            return None
        passages, sources = [material.chunks[i] for i in kept], material.sources
        alike = similarity([p.text for p in passages], material.vectors[kept], material.vectors)
        new = newness(material)
        stale = overtaken(passages, alike, new) | outgrown(material.chunks, new)
        if material.english:
            stale |= ended(material.chunks, new) | outlived(material.chunks, sources)
        past = past_states(passages, sources) if material.english else set()
        live = [i for i, passage in enumerate(passages) if passage.id not in stale | past]
        labels = _clusters(alike[np.ix_(live, live)])
        worth = Worth(passages, material, alike, new)
        news, plain = (
            [i for i in live if worth.colour[i] < most] for most in (SCENE, LIKELY_COLOUR)
        )
        return cls(
            passages,
            worth,
            live,
            stale,
            dict(zip(live, labels, strict=True)),
            _leading(passages, news or live, sources),
            _beginning(passages, plain, new),
        )

    def pick(self, count: int) -> list[int]:
        """At most `count` of the passages, each of another fact, the worthiest first."""
        picked: list[int] = []
        while len(picked) < count and (allowed := self.allowed(picked)):
            worth = self.worth.of(picked)
            picked.append(max(allowed, key=lambda i: float(worth[i])))
        return picked

    def allowed(self, picked: Sequence[int]) -> list[int]:
        """What may be picked after `picked`: first what can lead, then how the story began."""
        if not picked:
            return list(self.leading)
        told = {self.cluster[i] for i in picked}
        words = self.worth.words
        left = [
            i
            for i in self.live
            if self.cluster[i] not in told
            and all(overlap(words[i], words[j]) < REPEATED for j in picked)
        ]
        return [self.began] if len(picked) == 1 and self.began in left else left

    def of_one_fact(self, best: int) -> list[int]:
        """The passages that tell the same as `best`, itself first, then by their worth."""
        worth = self.worth.of()
        mates = [i for i in self.live if self.cluster[i] == self.cluster[best] and i != best]
        return [best, *sorted(mates, key=lambda i: (-worth[i], self.passages[i].id))]


def overlap(one: Set[str], other: Set[str]) -> float:
    """The share of the words of the shorter that the other has too, 0..1."""
    return len(one & other) / (min(len(one), len(other)) or 1)


def similarity(
    texts: Sequence[str], vectors: NDArray[np.float32], story: NDArray[np.float32]
) -> NDArray[np.float64]:
    """How far `texts` say the same, each with each: 0..1, shape (len(texts), len(texts)).

    Half is the cosine of the vectors with the mean of the `story` taken away, half the cosine of
    their content words weighted by inverse document frequency among `texts`.
    """
    centred = vectors - story.mean(axis=0)
    norms = np.linalg.norm(centred, axis=1, keepdims=True)
    centred = centred / np.where(norms == 0, 1, norms)
    meaning = np.clip(centred @ centred.T, 0, 1)
    # Sorted, so that sums are made in one order and come out the same in every process.
    words = [sorted(set(content(text))) for text in texts]
    frequency = Counter(word for some in words for word in some)
    column = {word: i for i, word in enumerate(frequency)}
    weights = np.zeros((len(texts), max(len(column), 1)), dtype=np.float32)
    for row, some in enumerate(words):
        for word in some:
            weights[row, column[word]] = log((1 + len(texts)) / frequency[word])
    norms = np.linalg.norm(weights, axis=1, keepdims=True)
    weights /= np.where(norms == 0, 1, norms)
    both = (meaning + np.clip(weights @ weights.T, 0, 1)) / 2
    np.fill_diagonal(both, 1)
    return np.asarray((both + both.T) / 2, dtype=np.float64)


def _usable(material: Material, apart: Sequence[Chunk]) -> list[int]:
    """The passages that could be told, at most `MOST_PASSAGES` of them."""
    elsewhere = {chunk.key for chunk in apart}
    spoken = transcripts(material.sources)
    usable = [
        i
        for i, passage in enumerate(material.chunks)
        if can_lead(passage, english=material.english)
        and passage.key not in elsewhere
        and passage.source not in spoken
    ]
    if len(usable) > MOST_PASSAGES:
        spread = spread_of(material.chunks)
        shared = {i: fsum(spread[w] for w in set(content(material.chunks[i].text))) for i in usable}
        usable = sorted(sorted(usable, key=lambda i: -shared[i])[:MOST_PASSAGES])
    return usable


def _clusters(alike: NDArray[np.float64]) -> list[int]:
    """For each passage the number of its cluster, by average linkage."""
    if len(alike) < 2:
        return [0] * len(alike)
    tree = linkage(squareform(1 - alike, checks=False), method="average")
    return [int(label) for label in fcluster(tree, t=1 - SAME_FACT, criterion="distance")]


def _leading(
    passages: Sequence[Chunk], live: Sequence[int], sources: Mapping[str, Source]
) -> list[int]:
    """Which of the `live` passages may lead: no background, no comment, and no old report's.

    Nor what goes on with what its report has told; nor what was to come, or how things stood, when
    a report of two days before was written; nor what somebody said in one of three days before.
    """
    times = {
        passages[i].source: as_utc(time) for i in live if (time := _time(passages[i], sources))
    }
    newest = max(times.values(), default=None)
    fit = [
        i
        for i in live
        if not is_background(passages[i].text)
        and not continues(passages[i])
        and not sources[passages[i].source].article.metadata.opinion
        and not (newest and newest - times.get(passages[i].source, newest) > _lasts(passages[i]))
    ]
    return fit or list(live)


def _lasts(passage: Chunk) -> timedelta:
    if is_passing(passage.text):
        return OLD_STATE
    word_only = claimant(passage.text) and not tells_of_deed(passage.text)
    return OLD_WORD if word_only else OLD_NEWS


def _time(passage: Chunk, sources: Mapping[str, Source]) -> datetime | None:
    return sources[passage.source].published


def _beginning(
    passages: Sequence[Chunk], plain: Sequence[int], new: Mapping[str, float]
) -> int | None:
    """How the story began: what the oldest report tells first, as done.

    Whoever reads of the newest development has to be told what it is a development of.
    """
    firsts = [i for i in plain if passages[i].position == 0 and tells_of_deed(passages[i].text)]
    return min(firsts, key=lambda i: new[passages[i].source], default=None)


def _fact(passages: Sequence[Chunk], rank: int, material: Material) -> Fact:
    # The time of the best passage that has one counts: of it the sentence will be made.
    times = [as_utc(time) for p in passages if (time := _time(p, material.sources))]
    return Fact(
        id=passages[0].id,
        passages=tuple(passages),
        groups=tuple(dict.fromkeys(passage.voice for passage in passages)),
        rank=rank,
        when=next(iter(times), None),
        background=is_background(passages[0].text),
    )


def _order(facts: list[Fact]) -> list[Fact]:
    """The lead first, then the story in its order, then its background.

    Among the others, what one report tells stays in that report's order: its "the letter" comes
    after its letter.
    """
    lead, *rest = facts
    times = [fact.when for fact in facts if fact.when]
    if times and max(times) - min(times) > LONG_STORY:
        first = min(times)
        rest.sort(key=lambda fact: fact.when or first)
    else:
        rest.sort(key=lambda fact: fact.background)
    by_report: dict[tuple[str, bool], list[Fact]] = {}
    for fact in sorted(rest, key=lambda fact: fact.passages[0].position):
        by_report.setdefault((fact.passages[0].source, fact.background), []).append(fact)
    return [lead, *(by_report[fact.passages[0].source, fact.background].pop(0) for fact in rest)]
