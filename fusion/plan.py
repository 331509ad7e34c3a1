"""The plan: which facts the story turns on, and in which order a reader should meet them.

1. Each passage gets a salience: how close it is to what all the reports are about, how near the top
   of its report it stands (news is written top-down, features are not), and how new its report is;
   of a feature, what shares few words with the other reports is colour.
2. Passages that say the same thing are clustered into facts. E5's cosines crowd together, so the
   story's mean vector is taken away first; and because embedding neighbours share a topic rather
   than a fact, half of the similarity is shared words, weighted by their rarity in the story.
3. Facts are ranked by salience and by how many independent voices tell them, and picked one by one
   against what is already picked (maximal marginal relevance, Carbonell and Goldstein 1998), and
   for the words that many voices use and no picked fact does (concept coverage, Gillick and Favre
   2009).
4. What a newer report tells as done is told no more as something to come, nor denied; and how
   things stood when an older report was written counts for less.
5. They are put in order: the newest development, how the story began, the rest of it, its
   background.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from math import fsum, inf, log, log2
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from fusion.figures import hours_apart
from fusion.known import known_things
from fusion.newness import deeds, newness, overtaken
from fusion.passage import (
    can_lead,
    is_background,
    is_caption,
    is_of_its_hour,
    is_quotation,
    leans_back,
    says_when,
    stranger,
    subject,
    tells_news,
    tells_of_deed,
    tells_of_dispute,
    transcripts,
)
from fusion.types import Fact, Plan, as_utc
from fusion.voices import HALF, named_in, names_others, spread_of
from fusion.words import content

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set

    from numpy.typing import NDArray

    from fusion.types import Chunk, Material, Source

SAME_FACT = 0.42  # similarity, 0..1, from which two passages tell one fact (see `similarity`)
SAME_SOURCE = 0.03  # taken from a fact for each one picked from its report, so that all have a say
REDUNDANT = 0.5  # weight of likeness to what is picked already, against a fact's own score
RELATED = 0.25  # similarity from which the openings of two reports may be of one piece of news
OPENINGS = 3  # times their similarity, if they are of the same hours
UNINTRODUCED = 0.5  # taken from a fact that speaks of “the card” where no card has been told of
FRESH = 0.5  # weight of the words that a fact would be the first to tell, likewise
MOST_PASSAGES = 1500  # clustered at once, the most salient; their square is 18 MB of distances
LONG_STORY = timedelta(days=2)  # a story over more days than this is told in the order of time

OPENING = 2  # passages of a report of which one tells what its news is, if it is news
NARROW = 0.3  # of the story's broadest opening: one that shares fewer words is a feature's
OLD_NEWS = timedelta(days=7)  # before the newest report; what is older leads no summary

# Weights of a passage's salience, each over a feature in 0..1.
_CENTRAL, _HIGH_UP, _NEW = 1.0, 0.6, 0.5
_RECENT = 0.6  # of the newest report over the oldest, wherever it stands
_LEANING = 2.0  # taken from a passage that cannot be understood alone
_ADRIFT = 1.0  # taken from one without a word that half of the voices use: a trifle
_STRANGER = 1.0  # taken from one about somebody whom few voices name and it does not explain
_QUOTED = 0.5  # taken from a passage that is a quotation but for its speaker: colour, not news
_DISPUTED = 2.0  # taken from one that only says that there is a dispute: its sides are told
_COLOUR = 0.8  # taken from a feature's passage that shares no word with the story, less from others
_VERBLESS = 1.0  # taken from a passage that tells nothing: a caption, a list
_ANNOUNCED = 1.0  # taken from what the oldest report announces: it has happened since, or has not
_OVER = 0.3  # taken from how things stood, in the words of the oldest report
_SCENE = 0.25  # of what a report begins with, when it sets a scene rather than tells the news
_BROAD = 1.5  # of the words that the voices share, for a lead where no times are known
_VOICE = 0.6  # a fact's gain from each doubling of the voices that tell it


def plan(material: Material, count: int, apart: Sequence[Chunk] = ()) -> Plan:
    """Choose at most `count` facts to tell, in the order of telling.

    What is told `apart`, as a disagreement, is no fact of the story.
    """
    if not material.chunks:
        return Plan(())
    new, features = newness(material), _features(material)
    spread = spread_of(material.chunks)
    every = _salience(material, new, features, spread)
    kept = _most_salient(material, apart, every)
    if not kept:
        return Plan(())
    passages = [material.chunks[i] for i in kept]
    alike = similarity([p.text for p in passages], material.vectors[kept], material.vectors)
    stale = overtaken(passages, alike, new)
    live = [i for i, passage in enumerate(passages) if passage.id not in stale]
    salience = every[kept]
    facts: list[Fact] = []
    seeds: list[int] = []
    for members in _clusters(alike[np.ix_(live, live)]):
        best = sorted((live[i] for i in members), key=lambda i: (-salience[i], passages[i].id))
        facts.append(_fact([passages[i] for i in best], float(salience[best[0]]), material.sources))
        seeds.append(best[0])
    no_news = features | _of_other_events(material)
    lead = _lead(facts, new, no_news, spread, material)
    first = list(dict.fromkeys([lead, *_beginning(facts, new, no_news)]))
    known = known_things([fact.passages[0] for fact in facts], material, spread)
    near = _with_openings(alike[np.ix_(seeds, seeds)], facts, material.sources)
    picked = _pick(facts, near, spread, known, first, count)
    ranked = [replace(facts[i], rank=rank) for rank, i in enumerate(picked)]
    return Plan(tuple(_order(ranked)))


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


def _most_salient(
    material: Material, apart: Sequence[Chunk], salience: NDArray[np.float64]
) -> list[int]:
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
        usable = sorted(sorted(usable, key=lambda i: -salience[i])[:MOST_PASSAGES])
    return usable


def _salience(
    material: Material, new: Mapping[str, float], features: Set[str], spread: Mapping[str, float]
) -> NDArray[np.float64]:
    vectors = material.vectors
    # Each report weighs the same in the centre, however long it is.
    by_source: dict[str, list[int]] = {}
    for i, passage in enumerate(material.chunks):
        by_source.setdefault(passage.source, []).append(i)
    centre = np.mean([vectors[rows].mean(axis=0) for rows in by_source.values()], axis=0)
    central = vectors @ centre
    central = (central - central.min()) / (float(np.ptp(central)) or 1.0)
    high_up = np.array(
        [(p.source not in features) / (1 + 0.5 * p.position) for p in material.chunks]
    )
    newest = np.array([new[passage.source] for passage in material.chunks])
    texts = [passage.text for passage in material.chunks]
    leaning = np.array([leans_back(text) for text in texts])
    disputed = np.array([tells_of_dispute(text) for text in texts])
    verbless = np.array([material.english and is_caption(text) for text in texts])
    words = [set(content(text)) for text in texts]
    adrift = np.array([all(spread[word] < HALF for word in some) for some in words])
    strange = np.array(
        [
            material.english
            and bool(name := stranger(text))
            and all(spread[word] < HALF for word in content(name))
            for text in texts
        ]
    )
    quoted = np.array([is_quotation(text) for text in texts])
    announced = np.array([bool(deeds(text)[0]) for text in texts]) * (1 - newest)
    over = np.array([is_of_its_hour(text) for text in texts]) * (1 - newest)
    return np.asarray(
        _CENTRAL * central
        + (_HIGH_UP + _NEW * newest) * high_up
        + _RECENT * newest
        - _LEANING * leaning
        - _ADRIFT * adrift
        - _STRANGER * strange
        - _QUOTED * quoted
        - _DISPUTED * disputed
        - _COLOUR * _colour(material.chunks, words, features, spread)
        - _VERBLESS * verbless
        - _ANNOUNCED * announced
        - _OVER * over,
        dtype=np.float64,
    )


def _colour(
    passages: Sequence[Chunk],
    words: Sequence[Set[str]],
    features: Set[str],
    spread: Mapping[str, float],
) -> NDArray[np.float64]:
    """How far each passage is colour, 0..1: it shares few words with the story, in a feature.

    Here that is also a report whose opening speaks of what the others do not.
    """
    shared = np.array([_shared(some, spread) for some in words])
    opening = np.array([passage.position < OPENING for passage in passages])
    broad = opening & (shared >= NARROW * shared.max(where=opening, initial=0))
    of_news = {p.source for p, told in zip(passages, broad, strict=True) if told} - features
    strange = 1 - np.minimum(1, 2 * shared / (float(shared.max()) or 1.0))
    return np.asarray(strange * [p.source not in of_news for p in passages])


def _clusters(alike: NDArray[np.float64]) -> list[list[int]]:
    if len(alike) == 1:
        return [[0]]
    tree = linkage(squareform(1 - alike, checks=False), method="average")
    labels = fcluster(tree, t=1 - SAME_FACT, criterion="distance")
    clusters: dict[int, list[int]] = {}
    for i, label in enumerate(labels):
        clusters.setdefault(int(label), []).append(i)
    return list(clusters.values())


def _fact(passages: Sequence[Chunk], salience: float, sources: Mapping[str, Source]) -> Fact:
    voices = tuple(dict.fromkeys(passage.voice for passage in passages))
    # That of the best passage counts, from which the sentence will be made.
    times = [as_utc(t) for p in passages if (t := sources[p.source].published) is not None]
    return Fact(
        id=passages[0].id,
        passages=tuple(passages),
        groups=voices,
        score=salience + _VOICE * log2(len(voices)),
        when=next(iter(times), None),
        background=is_background(passages[0].text),
    )


def _lead(
    facts: list[Fact],
    new: Mapping[str, float],
    no_news: Set[str],
    spread: Mapping[str, float],
    material: Material,
) -> int:
    """Which fact is the newest development: as a rule what the newest report begins with.

    If it tells of the story: news begins with many of the words that the reports share, a feature
    or a comment with few. Without times they alone say what the story is. The reports in `no_news`
    begin with none of it.
    """
    # Of reports with a fact to tell: else nothing might be left to lead.
    telling = {passage.source for fact in facts for passage in fact.passages}
    times = {s: as_utc(t) for s in telling if (t := material.sources[s].published)}
    old = {s for s, time in times.items() if max(times.values()) - time > OLD_NEWS}

    def opening(passage: Chunk) -> float:
        if passage.source in old:
            return -inf
        return 0 if passage.source in no_news else 3 * new[passage.source] / (1 + passage.position)

    voices = len({passage.voice for passage in material.chunks})

    def of_another(what: str) -> bool:
        """Whether no other voice speaks of it: “The cannery sounded its siren when …”."""
        words = content(what)
        return bool(words) and voices > 1 and all(spread[word] * voices < 2 for word in words)

    shared = [_shared(set(content(fact.passages[0].text)), spread) for fact in facts]
    broadest = max(shared)
    broad = 0 if len(set(times.values())) > 1 else _BROAD

    def worth(fact: Fact, breadth: float) -> float:
        text = fact.passages[0].text
        scene = material.english and (
            is_caption(text)
            or not says_when(text)
            or (breadth < HALF and of_another(subject(text)))
        )
        # Whole from half of the breadth of the broadest.
        top = max(map(opening, fact.passages)) * min(1, 2 * breadth)
        return fact.score + top * (_SCENE if scene else 1) + broad * breadth - 2 * fact.background

    return max(range(len(facts)), key=lambda i: worth(facts[i], shared[i] / broadest))


def _shared(words: Set[str], spread: Mapping[str, float]) -> float:
    """How many of the words the voices share: each counts by the share of voices that use it."""
    # `fsum` comes out the same in whatever order a process has its sets.
    return fsum(spread[word] for word in words)


def _beginning(facts: list[Fact], new: Mapping[str, float], no_news: Set[str]) -> list[int]:
    """Which fact is how the story began, at most one: what the oldest report tells first, as done.

    Whoever reads of the newest development has to be told what it is a development of.
    """
    told = [
        (new[passage.source], i)
        for i, fact in enumerate(facts)
        for passage in fact.passages
        if passage.position == 0
        and passage.source not in no_news
        and tells_of_deed(fact.passages[0].text)
    ]
    return [min(told)[1]] if told else []


def _features(material: Material) -> set[str]:
    """Reports that begin with a scene, or are comments: not written top-down, as news is."""
    sources = material.sources
    opinions = {s for s, source in sources.items() if source.article.metadata.opinion}
    if not material.english:
        return opinions
    news = {p.source for p in material.chunks if p.position < OPENING and tells_news(p.text)}
    return set(sources) - (news - opinions)


def _of_other_events(material: Material) -> set[str]:
    """Reports that begin with another event of the kind: nobody and no place of the story."""
    if not material.english:
        return set()
    named = named_in(material.sources)
    beginnings: dict[str, list[str]] = {}
    for passage in material.chunks:
        if passage.position < OPENING:
            beginnings.setdefault(passage.source, []).append(passage.text)
    return {
        source
        for source, texts in beginnings.items()
        if names_others(
            "\n".join((*texts, material.sources[source].article.metadata.headline or "")), named
        )
    }


def _with_openings(
    alike: NDArray[np.float64], facts: Sequence[Fact], sources: Mapping[str, Source]
) -> NDArray[np.float64]:
    """`alike`, with what reports of the same hours begin with closer: it is one piece of news.

    Each tells it in words of its own, so that their likeness is low. Reports without a time may be
    of the same hours.
    """
    closer = alike.copy()
    begin = [i for i, fact in enumerate(facts) if fact.passages[0].position == 0]
    for i, j in combinations(begin, 2):
        one, other = facts[i].passages[0], facts[j].passages[0]
        if alike[i, j] >= RELATED and not hours_apart(one, other, sources):
            closer[i, j] = closer[j, i] = min(1, OPENINGS * alike[i, j])
    return closer


def _pick(
    facts: list[Fact],
    alike: NDArray[np.float64],
    spread: Mapping[str, float],
    known: Sequence[Set[str]],
    first: Sequence[int],
    count: int,
) -> list[int]:
    """At most `count` of `facts`: those to be told `first`, then the worthiest of what is left.

    What a fact tells of as `known` has to be told before it.
    """
    scores = np.array([fact.score for fact in facts])
    scores = scores / max(float(scores.max()), 1e-9)
    words = [set(content(fact.passages[0].text)) for fact in facts]
    most = max(_shared(some, spread) for some in words)
    picked: list[int] = []
    told: set[str] = set()
    closest = np.zeros(len(facts))
    from_source: Counter[str] = Counter()
    while len(picked) < min(count, len(facts)):
        taken = np.array([from_source[fact.passages[0].source] for fact in facts])
        fresh = np.array([_shared(some - told, spread) for some in words]) / most
        strange = np.array([bool(things - told) for things in known])
        gain = (
            scores
            + FRESH * fresh
            - REDUNDANT * closest
            - SAME_SOURCE * taken
            - UNINTRODUCED * strange
        )
        gain[picked] = -np.inf
        best = first[len(picked)] if len(picked) < len(first) else int(np.argmax(gain))
        picked.append(best)
        told |= words[best]
        from_source[facts[best].passages[0].source] += 1
        closest = np.maximum(closest, alike[best])
    return picked


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
