"""The plan: which facts the story turns on, and in which order a reader should meet them.

1. Each passage gets a salience: how close it is to what all the reports are about, how near the top
   of its report it stands (news is written top-down), and how new its report is.
2. Passages that say the same thing are clustered into facts. E5's cosines crowd together, so the
   story's mean vector is taken away first; and because embedding neighbours share a topic rather
   than a fact, half of the similarity is shared words, weighted by their rarity in the story.
3. Facts are ranked by salience and by how many independent voices tell them, and picked one by one
   against what is already picked (maximal marginal relevance, Carbonell and Goldstein 1998).
4. They are put in order: the newest development, then the story, then its background.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import log, log1p
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from fusion.types import Fact, Plan
from fusion.verify.text import content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from fusion.types import Chunk, Source

SAME_FACT = 0.42  # similarity, 0..1, from which two passages tell one fact (see `similarity`)
REDUNDANT = 0.7  # weight of likeness to what is picked already, against a fact's own score
MOST_PASSAGES = 1500  # clustered at once, the most salient; their square is 18 MB of distances
LONG_STORY = timedelta(days=2)  # a story over more days than this is told in the order of time

# Weights of a passage's salience, each over a feature in 0..1.
_CENTRAL, _HIGH_UP, _NEW = 1.0, 1.0, 0.5
_VOICE = 0.6  # a fact's gain from each doubling of the voices that tell it

_BACKGROUND = re.compile(
    r"\b(?:(?:in|since|until) (?:1[89]|20)\d\d|last (?:year|month|december|january|february|march"
    r"|april|may|june|july|august|september|october|november)|years? ago|months? ago|previously"
    r"|in the past|historically|has long)\b",
    re.IGNORECASE,
)
_NOT_A_FACT = re.compile(r"[?]\W*$|\b(?:click|subscribe|read more)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Material:
    """What the plan is made from: the passages and their vectors, aligned, and the sources.

    `vectors` is float32 of shape (len(chunks), dimensions), unit length.
    """

    chunks: Sequence[Chunk]
    vectors: NDArray[np.float32]
    sources: Mapping[str, Source]


def plan(material: Material, count: int) -> Plan:
    """Choose at most `count` facts to tell, in the order of telling."""
    salience = _salience(material)
    usable = [i for i in np.argsort(-salience, kind="stable") if _can_lead(material.chunks[i])]
    kept = sorted(usable[:MOST_PASSAGES])
    if not kept:
        return Plan(())
    alike = similarity(
        [material.chunks[i].text for i in kept], material.vectors[kept], material.vectors
    )
    facts = [_fact(material, [kept[i] for i in members], salience) for members in _clusters(alike)]
    place = {kept[i]: i for i in range(len(kept))}
    index = {material.chunks[i].id: i for i in kept}
    seeds = [place[index[fact.passages[0].id]] for fact in facts]
    picked = _pick(facts, alike[np.ix_(seeds, seeds)], count)
    return Plan(tuple(_order([facts[i] for i in picked], material)))


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
    words = [set(content(text)) for text in texts]
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


def newness(sources: Mapping[str, Source]) -> dict[str, float]:
    """How new each source is, 0 the oldest to 1 the newest; 0.5 where the times are not known."""
    known = {
        source: as_utc(moment)
        for source in sources
        if (moment := published(sources[source])) is not None
    }
    ranks = {moment: i for i, moment in enumerate(sorted(set(known.values())))}
    top = max(len(ranks) - 1, 1)
    return {
        source: ranks[known[source]] / top if source in known and len(ranks) > 1 else 0.5
        for source in sources
    }


def published(source: Source) -> datetime | None:
    """When the report was last published, as far as it says."""
    return source.article.metadata.updated or source.article.metadata.published


def as_utc(moment: datetime) -> datetime:
    """Make times with and without a zone comparable: one without is taken as UTC."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _salience(material: Material) -> NDArray[np.float64]:
    vectors = material.vectors
    # Each report weighs the same in the centre, however long it is.
    by_source: dict[str, list[int]] = {}
    for i, passage in enumerate(material.chunks):
        by_source.setdefault(passage.source, []).append(i)
    centre = np.mean([vectors[rows].mean(axis=0) for rows in by_source.values()], axis=0)
    central = vectors @ centre
    spread = float(np.ptp(central)) or 1.0
    central = (central - central.min()) / spread
    high_up = np.array([1 / (1 + 0.5 * passage.position) for passage in material.chunks])
    new = newness(material.sources)
    newest = np.array([new[passage.source] for passage in material.chunks])
    return np.asarray(_CENTRAL * central + _HIGH_UP * high_up + _NEW * newest, dtype=np.float64)


def _can_lead(passage: Chunk) -> bool:
    words = len(passage.text.split())
    return 6 <= words <= 80 and not _NOT_A_FACT.search(passage.text)


def _clusters(alike: NDArray[np.float64]) -> list[list[int]]:
    if len(alike) == 1:
        return [[0]]
    tree = linkage(squareform(1 - alike, checks=False), method="average")
    labels = fcluster(tree, t=1 - SAME_FACT, criterion="distance")
    clusters: dict[int, list[int]] = {}
    for i, label in enumerate(labels):
        clusters.setdefault(int(label), []).append(i)
    return list(clusters.values())


def _fact(material: Material, members: list[int], salience: NDArray[np.float64]) -> Fact:
    best = sorted(members, key=lambda i: (-salience[i], material.chunks[i].id))
    passages = tuple(material.chunks[i] for i in best)
    voices = tuple(dict.fromkeys(passage.voice for passage in passages))
    times = [
        as_utc(moment)
        for i in members
        if (moment := published(material.sources[material.chunks[i].source])) is not None
    ]
    return Fact(
        id=passages[0].id,
        passages=passages,
        groups=voices,
        score=float(salience[best[0]]) + _VOICE * log1p(len(voices) - 1) / log(2),
        when=min(times, default=None),
        background=bool(_BACKGROUND.search(passages[0].text)),
    )


def _pick(facts: list[Fact], alike: NDArray[np.float64], count: int) -> list[int]:
    scores = np.array([fact.score for fact in facts])
    scores = scores / max(float(scores.max()), 1e-9)
    picked: list[int] = []
    closest = np.zeros(len(facts))
    while len(picked) < min(count, len(facts)):
        gain = scores - REDUNDANT * closest
        gain[picked] = -np.inf
        best = int(np.argmax(gain))
        picked.append(best)
        closest = np.maximum(closest, alike[best])
    return picked


def _order(facts: list[Fact], material: Material) -> list[Fact]:
    """The newest development first, then the story in its order, then its background."""
    new = newness(material.sources)

    def lead_worth(fact: Fact) -> float:
        freshest = max(new[passage.source] for passage in fact.passages)
        top = min(passage.position for passage in fact.passages)
        return fact.score + 2 * freshest + 1 / (1 + top)

    foreground = [fact for fact in facts if not fact.background] or facts
    lead = max(foreground, key=lead_worth)
    rest = [fact for fact in facts if fact is not lead]
    times = [fact.when for fact in facts if fact.when]
    long_story = bool(times) and max(times) - min(times) > LONG_STORY
    if long_story:
        epoch = min(times)
        return [lead, *sorted(rest, key=lambda fact: fact.when or epoch)]
    return [replace(lead, background=False), *sorted(rest, key=lambda fact: fact.background)]
