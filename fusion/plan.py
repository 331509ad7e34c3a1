"""The plan: which facts the story turns on, and in which order a reader should meet them.

1. Each passage gets a salience: how close it is to what all the reports are about, how near the top
   of its report it stands (news is written top-down), and how new its report is.
2. Passages that say the same thing are clustered into facts. E5's cosines crowd together, so the
   story's mean vector is taken away first; and because embedding neighbours share a topic rather
   than a fact, half of the similarity is shared words, weighted by their rarity in the story.
3. Facts are ranked by salience and by how many independent voices tell them, and picked one by one
   against what is already picked (maximal marginal relevance, Carbonell and Goldstein 1998).
4. What a newer report tells as done is told no more as something to come.
5. They are put in order: the newest development, then the story, then its background.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import log, log2
from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from fusion.neutral import loaded_words, reporters_voice
from fusion.types import Fact, Plan
from fusion.verify.claimant import unquoted
from fusion.verify.names import names
from fusion.verify.numbers import quantities, rounds_to
from fusion.verify.relations import LIGHT_VERBS, ahead_and_told
from fusion.verify.text import STOP_WORDS, content, is_past, tokens, word_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from fusion.types import Chunk, Source
    from fusion.verify.numbers import Quantity

SAME_FACT = 0.42  # similarity, 0..1, from which two passages tell one fact (see `similarity`)
SAME_SOURCE = 0.03  # taken from a fact for each one picked from its report, so that all have a say
REDUNDANT = 0.5  # weight of likeness to what is picked already, against a fact's own score
SAME_DEED = 0.12  # similarity from which one verb in two passages may be one deed
SAME_COUNT = 0.2  # similarity from which one noun in two passages may count one thing
TOP = 8  # passages of a report that say what it is news of
MOST_PASSAGES = 1500  # clustered at once, the most salient; their square is 18 MB of distances
LONG_STORY = timedelta(days=2)  # a story over more days than this is told in the order of time

# Weights of a passage's salience, each over a feature in 0..1.
_CENTRAL, _HIGH_UP, _NEW = 1.0, 1.0, 0.5
_RECENT = 0.6  # of the newest report over the oldest, wherever it stands
_LEANING = 1.0  # taken from a passage that cannot be understood alone
_QUOTED = 0.5  # taken from a passage that is a quotation but for its speaker: colour, not news
_DISPUTED = 1.0  # taken from one that only says that there is a dispute: its sides are told
_VERBLESS = 1.0  # taken from a passage that tells nothing: a caption, a list
_ANNOUNCED = 0.4  # taken from what the oldest report announces: it has happened since, or has not
_VOICE = 0.6  # a fact's gain from each doubling of the voices that tell it

_BACKGROUND = re.compile(
    r"\b(?:(?:in|since|until) (?:1[89]|20)\d\d|last (?:year|month|december|january|february|march"
    r"|april|may|june|july|august|september|october|november)|years? ago|months? ago|previously"
    r"|in the past|historically|has long)\b",
    re.IGNORECASE,
)
_LEANS_BACK = re.compile(
    r"^\W*(?:he|she|they|it|his|her|their|its|this|that|these|those|both|such|the (?:man|woman"
    r"|two|latter|former|pair))\b"
    r"|[”\"’'],?\s*(?:he|she|they|it|the (?:[a-z]+ ){1,2})\s*(?:said|added|told|wrote|says)\b"
    r"|\b(?:he|she|they) (?:said|added)[.,]?$",
    re.IGNORECASE,
)
_HE_OR_SHE = re.compile(r"\b(?:he|she)\b")
# “The driver”, or a first word that could be a name and is not several: “Havel”, not “Officials”.
_DESCRIBED = re.compile(r"\b(?:[Tt]he|[Aa]n?|[Oo]ne|whose) [a-z]+|^\W*(?!Police\b)[A-Z]\w+[^s\W]\b")
_NAMES = re.compile(r"[^\W\d_a-z]|\d")  # a capital letter, a letter without case, a digit
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_VERBS = word_set(
    "is are was were be been being has have had do does did will would can could may might must "
    "shall should says say said tells told calls call makes make takes take gives give shows show "
    "wants want plans plan expects expect remains remain leaves leave begins begin holds hold "
    "brings bring faces face seeks seek continues continue comes come goes go runs run lies lie "
    "denies deny accuses accuse claims claim believes believe insists insist warns warn isn't "
    "aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't can't couldn't"
)
_DISPUTE = re.compile(
    r"\b(?:in dispute|disputed?|disagree\w*|(?:cannot|can't|could not) agree|blamed? each other"
    r"|contradict(?:ed|s)? each other|(?:different|opposite|conflicting|contradictory)"
    r" (?:ways?|stor(?:y|ies)|accounts?|versions?|figures?|claims?))\b",
    re.IGNORECASE,
)
# Questions; what speaks to the reader, or bids them do something.
_NOT_A_FACT = re.compile(
    r"[?]\W*$|\b(?:click|subscribe|read more)\b"
    r"|^\W*(?:please|print|repeat|write|say|output|answer|decode|pretend|publish|send|reply) "
    r"|^[^\w\"“'‘«]*(?:you(?:r|['’]\w+)?\b|(?:(?:please|kindly|just|now|then|do not|don't|never) )?"
    r"(?:keep|leave|skip|give|use|make|take|put|let|add|name|list|tell|thank|praise|call|drop|remove"
    r"|forget|remember|imagine|consider|treat|begin|start|end|finish|ignore|include|mention|follow"
    r"|choose|see|check|find|get|visit|join|learn)"
    r" (?:the|an?|your|all|every|each|only|no|any|it|them|us|me|this|that)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Material:
    """What the plan is made from: the passages and their vectors, aligned, and the sources.

    `vectors` is float32 of shape (len(chunks), dimensions), unit length.
    """

    chunks: Sequence[Chunk]
    vectors: NDArray[np.float32]
    sources: Mapping[str, Source]

    @property
    def english(self) -> bool:
        """Whether the rules about English words apply."""
        return all(s.article.metadata.language in (None, "en") for s in self.sources.values())


def plan(material: Material, count: int, apart: Sequence[Chunk] = ()) -> Plan:
    """Choose at most `count` facts to tell, in the order of telling.

    What is told `apart`, as a disagreement, is no fact of the story.
    """
    kept = _most_salient(material, apart)
    if not kept:
        return Plan(())
    passages = [material.chunks[i] for i in kept]
    alike = similarity([p.text for p in passages], material.vectors[kept], material.vectors)
    new = newness(material)
    stale = _stale(passages, alike, new)
    live = [i for i, passage in enumerate(passages) if passage.id not in stale]
    salience = _salience(material, new)[kept]
    facts: list[Fact] = []
    seeds: list[int] = []
    for members in _clusters(alike[np.ix_(live, live)]):
        best = sorted((live[i] for i in members), key=lambda i: (-salience[i], passages[i].id))
        facts.append(_fact([passages[i] for i in best], float(salience[best[0]]), material.sources))
        seeds.append(best[0])
    picked = _pick(facts, alike[np.ix_(seeds, seeds)], count)
    ranked = [replace(facts[i], rank=rank) for rank, i in enumerate(picked)]
    return Plan(tuple(_order(ranked, new)))


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


def newness(material: Material) -> dict[str, float]:
    """How new each source is, 0 the oldest to 1 the newest.

    By time of publication; a source without one is in the middle. Where fewer than two times are
    known, by how many deeds it tells as done that others announce, less the reverse.
    """
    sources = material.sources
    times = {s: as_utc(t) for s in sources if (t := published(sources[s])) is not None}
    order = sorted(set(times.values()))
    if len(order) > 1:
        return {s: order.index(times[s]) / (len(order) - 1) if s in times else 0.5 for s in sources}
    announced, done = _deeds(material.chunks)
    lead = {
        s: sum(len(done[s] & announced[t]) - len(announced[s] & done[t]) for t in announced)
        if s in announced
        else 0
        for s in sources
    }
    low, high = min(lead.values()), max(lead.values())
    return {s: (lead[s] - low) / (high - low) if high > low else 0.5 for s in sources}


def published(source: Source) -> datetime | None:
    """When the report was last published, as far as it says."""
    return source.article.metadata.updated or source.article.metadata.published


def as_utc(moment: datetime) -> datetime:
    """Make times with and without a zone comparable: one without is taken as UTC."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def leans_back(text: str) -> bool:
    """Whether `text` needs the sentence before it: by a pronoun, or having no name or number."""
    return lacks_antecedent(text) or not _NAMES.search(text, 1)


def lacks_antecedent(text: str) -> bool:
    """Whether a pronoun of `text` stands for somebody in the sentence before it."""
    if _LEANS_BACK.search(text):
        return True
    # “Police said he fled”: before “he” nobody is named, nor told of as “the driver”.
    found = _HE_OR_SHE.search(unquoted(text))
    before = unquoted(text)[: found.start()] if found else ""
    return found is not None and not (_DESCRIBED.search(before) or names(before))


def _is_caption(text: str) -> bool:
    """Whether `text`, English as far as its words tell, has no verb in sight."""
    words = [token.lower for token in tokens(text) if token.is_word]
    if not any(word in STOP_WORDS for word in words):
        return False
    return not any(word in _VERBS or is_past(word) for word in words)


def _is_quotation(text: str) -> bool:
    """Whether more of it stands within quotation marks than outside."""
    return len(unquoted(text)) < len(text) / 2


def size(text: str) -> int:
    """Length in words; in scripts without spaces, two characters count as one."""
    return len(text.split()) + len(_UNSPACED.findall(text)) // 2


def _most_salient(material: Material, apart: Sequence[Chunk]) -> list[int]:
    """The passages that could be told, at most `MOST_PASSAGES` of them."""
    elsewhere = {chunk.key for chunk in apart}
    usable = [
        i
        for i, passage in enumerate(material.chunks)
        if can_lead(passage, english=material.english) and passage.key not in elsewhere
    ]
    if len(usable) > MOST_PASSAGES:
        salience = _salience(material, newness(material))
        usable = sorted(sorted(usable, key=lambda i: -salience[i])[:MOST_PASSAGES])
    return usable


def can_lead(passage: Chunk, *, english: bool) -> bool:
    """Whether a fact may be told from it: a neutral statement, by another than the reporter."""
    text = passage.text
    if not 6 <= size(text) <= 80 or _NOT_A_FACT.search(text):
        return False
    if english and (reporters_voice(text) or loaded_words(text)):
        return False
    return bool(content(unquoted(text)))  # a quotation alone has lost its speaker


def _deeds(passages: Iterable[Chunk]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Verb stems that the top of each source only announces, and those that it tells as done."""
    announced: dict[str, set[str]] = {}
    done: dict[str, set[str]] = {}
    for passage in passages:
        to_come, told = _states(passage.text) if passage.position < TOP else (set(), set())
        announced.setdefault(passage.source, set()).update(to_come)
        done.setdefault(passage.source, set()).update(told)
    for source in announced:
        announced[source] -= done[source]
    return announced, done


def _states(text: str) -> tuple[set[str], set[str]]:
    ahead, told = ahead_and_told(text)
    past = {root for root, word in told.items() if is_past(word)}
    return set(ahead) - LIGHT_VERBS - past, past - LIGHT_VERBS


def _stale(
    passages: Sequence[Chunk], alike: NDArray[np.float64], new: Mapping[str, float]
) -> set[str]:
    """Ids of the passages whose news has been overtaken by a newer source.

    They announce what it tells as done, or give another figure for what it counts.
    """
    states = [_states(passage.text) for passage in passages]
    figures = [quantities(passage.text) for passage in passages]
    return {
        passages[i].id
        for i, j in zip(*np.nonzero(alike >= SAME_DEED), strict=True)
        if new[passages[i].source] < new[passages[j].source]
        and (
            states[i][0] & states[j][1]
            or (alike[i, j] >= SAME_COUNT and _overtaken(figures[i], figures[j]))
        )
    }


def _overtaken(old: Sequence[Quantity], new: Sequence[Quantity]) -> bool:
    """Whether all that the two count alike, the newer counts otherwise."""
    same = [(a, b) for a in old for b in new if a.noun and a.noun == b.noun and a.unit == b.unit]
    return bool(same) and not any(rounds_to(a.value, b) or rounds_to(b.value, a) for a, b in same)


def _salience(material: Material, new: Mapping[str, float]) -> NDArray[np.float64]:
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
    newest = np.array([new[passage.source] for passage in material.chunks])
    texts = [passage.text for passage in material.chunks]
    leaning = np.array([leans_back(text) for text in texts])
    disputed = np.array([bool(_DISPUTE.search(text)) for text in texts])
    verbless = np.array([material.english and _is_caption(text) for text in texts])
    quoted = np.array([_is_quotation(text) for text in texts])
    announced = np.array([bool(_states(text)[0]) for text in texts]) * (1 - newest)
    return np.asarray(
        _CENTRAL * central
        + (_HIGH_UP + _NEW * newest) * high_up
        + _RECENT * newest
        - _LEANING * leaning
        - _QUOTED * quoted
        - _DISPUTED * disputed
        - _VERBLESS * verbless
        - _ANNOUNCED * announced,
        dtype=np.float64,
    )


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
    times = [as_utc(t) for p in passages if (t := published(sources[p.source])) is not None]
    return Fact(
        id=passages[0].id,
        passages=tuple(passages),
        groups=voices,
        score=salience + _VOICE * log2(len(voices)),
        when=min(times, default=None),
        background=bool(_BACKGROUND.search(passages[0].text)),
    )


def _pick(facts: list[Fact], alike: NDArray[np.float64], count: int) -> list[int]:
    scores = np.array([fact.score for fact in facts])
    scores = scores / max(float(scores.max()), 1e-9)
    picked: list[int] = []
    closest = np.zeros(len(facts))
    from_source: Counter[str] = Counter()
    while len(picked) < min(count, len(facts)):
        told = np.array([from_source[fact.passages[0].source] for fact in facts])
        gain = scores - REDUNDANT * closest - SAME_SOURCE * told
        gain[picked] = -np.inf
        best = int(np.argmax(gain))
        picked.append(best)
        from_source[facts[best].passages[0].source] += 1
        closest = np.maximum(closest, alike[best])
    return picked


def _order(facts: list[Fact], new: Mapping[str, float]) -> list[Fact]:
    """The newest development first, then the story in its order, then its background."""

    def lead_worth(fact: Fact) -> float:
        # What the newest report leads with is the newest development.
        opening = max(3 * new[p.source] / (1 + p.position) for p in fact.passages)
        return fact.score + opening - 2 * fact.background

    lead = max(facts, key=lead_worth)
    rest = [fact for fact in facts if fact is not lead]
    times = [fact.when for fact in facts if fact.when]
    if times and max(times) - min(times) > LONG_STORY:
        first = min(times)
        return [lead, *sorted(rest, key=lambda fact: fact.when or first)]
    return [lead, *sorted(rest, key=lambda fact: fact.background)]
