"""What speaks for telling a passage next: features, and weights learned from planted truth.

The worth of a passage is a weighted sum of these, each 0..1 within its story:

    newness          how new its report is
    high up          how near the top of its report it stands
    headline, new    words that many reports have in their headlines, times newness
    in openings      words that many voices use at the top of their reports
    echo             how far the passages of the other voices say the same (LexRank's idea, Erkan
                     and Radev 2004, between voices instead of sentences)
    central          how like it is to all that the reports say (see `fusion.central`)
    passing          that it tells what is to come or how things stand, times the report's age
    fresh headline words, fresh words
                     words of many headlines, and of many voices, that nothing picked has told
                     (concept coverage, Gillick and Favre 2009)
    told             likeness to what is picked already (maximal marginal relevance, Carbonell and
                     Goldstein 1998)
    claim            that somebody says it
    colour           that it is a scene or a comment (see `fusion.colour`)
    unclear          that it cannot be understood by what is picked and itself, tells nothing, or is
                     the writer's comment
    dependent        that it hangs on the sentences before it (see `fusion.dependence`)

Fresh words, told and unclear change with what is picked, so that the weights are those of a policy:
which passage to pick in which state. `python -m benchmarks.worth` learns them, and says how.
"""

from __future__ import annotations

from math import fsum
from typing import TYPE_CHECKING

import numpy as np

from fusion.antecedent import leans_back
from fusion.central import centrality, word_vectors
from fusion.colour import colour
from fusion.dependence import dependence
from fusion.known import known_things
from fusion.neutral import commentary
from fusion.passage import is_caption, is_passing, stranger
from fusion.verify.claimant import claimant
from fusion.voices import HALF, spread_of
from fusion.words import content

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from fusion.types import Chunk, Material

OPENING = 3  # passages of a report that are its opening
ALIKE = (0.15, 0.5)  # similarity from which a passage begins to echo another, and wholly does

# Of what leads the summary, and of all else. Learned; only differences between passages count.
WEIGHTS = {
    "newness": (5.01, 3.86),
    "high up": (5.97, -0.75),
    "headline, new": (13.76, 4.30),
    "in openings": (2.12, 0.98),
    "echo": (6.11, 4.09),
    "central": (1.70, 2.31),
    "passing": (-2.77, -1.10),
    "fresh headline words": (-1.57, -0.20),
    "fresh words": (2.63, 7.99),
    "told": (0.00, -4.52),
    "claim": (0.35, -1.30),
    "colour": (-12.09, -7.07),
    "unclear": (-3.12, -2.78),
    "dependent": (-0.95, -3.68),
}


class Worth:
    """The worth of each of `passages`, which a fact may be told from.

    `alike` is their similarity, each with each (see `plan.similarity`), `new` the newness of each
    source. `words` are the stems of each passage's content words, `colour` how likely it is a scene
    or a comment. Build it once a story.
    """

    def __init__(
        self,
        passages: Sequence[Chunk],
        material: Material,
        alike: NDArray[np.float64],
        new: Mapping[str, float],
    ) -> None:
        self._alike = alike
        self.words = [frozenset(content(passage.text)) for passage in passages]
        spread = spread_of(material.chunks)
        openings = spread_of([p for p in material.chunks if p.position < OPENING])
        self._spread = _scaled(spread, self.words)
        self._headlines = _scaled(_in_headlines(material), self.words)
        self._known = known_things(passages, material, spread)
        english = material.english  # as are the rules and the parameters about its words
        self._claims = [english and bool(claimant(p.text)) for p in passages]
        self._unclear = [
            leans_back(p.text) or (english and _tells_little(p.text, spread, claims=claims))
            for p, claims in zip(passages, self._claims, strict=True)
        ]
        newness = np.array([new[passage.source] for passage in passages])
        at = {passage.id: i for i, passage in enumerate(material.chunks)}
        places = [at[passage.id] for passage in passages]
        central = centrality(word_vectors([passage.text for passage in material.chunks]))[places]
        self._standing = np.column_stack(
            [
                newness,
                [1 / (1 + 0.5 * passage.position) for passage in passages],
                newness * _weights(self.words, self._headlines),
                _weights(self.words, _scaled(openings, self.words)),
                _echo(passages, alike),
                (central - central.min()) / (np.ptp(central) or 1),
                [english and is_passing(p.text) for p in passages] * (1 - newness),
            ]
        )
        own = material.vectors[places]
        self.colour = colour(own, material.vectors) if english else np.zeros(len(passages))
        self._dependent = dependence(material, spread)[places]

    def features(self, picked: Sequence[int] = ()) -> NDArray[np.float64]:
        """The features where `picked` are told already: shape (passages, len(WEIGHTS))."""
        told: frozenset[str] = frozenset().union(*(self.words[i] for i in picked))
        fresh = [words - told for words in self.words]
        chosen = list(picked)
        return np.column_stack(
            [
                self._standing,
                _weights(fresh, self._headlines),
                _weights(fresh, self._spread),
                self._alike[:, chosen].max(axis=1) if chosen else np.zeros(len(fresh)),
                self._claims,
                self.colour,
                [
                    leans or bool(things - told)
                    for leans, things in zip(self._unclear, self._known, strict=True)
                ],
                self._dependent,
            ]
        )

    def of(self, picked: Sequence[int] = ()) -> NDArray[np.float64]:
        """The worth of each passage where `picked` are told already; only differences count."""
        leading, others = np.array(list(WEIGHTS.values())).T
        return np.asarray(self.features(picked) @ (others if picked else leading))


def _weights(words: Iterable[frozenset[str]], shares: Mapping[str, float]) -> NDArray[np.float64]:
    """What each of `words` weighs: each word counts by the share of reports that have it."""
    # `fsum` comes out the same in whatever order a process has its sets.
    return np.array([fsum(shares.get(word, 0) for word in some) for some in words])


def _scaled(shares: Mapping[str, float], words: Iterable[frozenset[str]]) -> dict[str, float]:
    """`shares`, so that the heaviest of `words` weighs 1."""
    most = float(_weights(words, shares).max()) or 1.0
    return {word: share / most for word, share in shares.items()}


def _in_headlines(material: Material) -> dict[str, float]:
    """The share of the groups, 0..1, that have each content word in a headline."""
    groups: dict[str, set[str]] = {}
    for source in material.sources.values():
        for word in content(source.article.metadata.headline or ""):
            groups.setdefault(word, set()).add(source.group)
    number = len({source.group for source in material.sources.values()})
    return {word: len(having) / number for word, having in groups.items()}


def _echo(passages: Sequence[Chunk], alike: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far other voices say the same, by the likest passage of each: their mean, 0..1."""
    low, high = ALIKE
    voices = np.array([passage.voice for passage in passages])
    heard = np.zeros(len(passages))
    every = sorted(set(voices.tolist()))
    for voice in every:
        likest = alike[:, voices == voice].max(axis=1)
        heard += np.where(voices == voice, 0, np.clip((likest - low) / (high - low), 0, 1))
    return heard / max(1, len(every) - 1)


def _tells_little(text: str, spread: Mapping[str, float], *, claims: bool) -> bool:
    """Whether it is a caption, begins with a stranger, or is a comment of the writer's own."""
    if is_caption(text) or _names_a_stranger(text, spread):
        return True
    return not claims and bool(commentary(text))


def _names_a_stranger(text: str, spread: Mapping[str, float]) -> bool:
    """Whether it begins with somebody whom few voices name and it does not explain."""
    name = stranger(text)
    return bool(name) and all(spread[word] < HALF for word in content(name))
