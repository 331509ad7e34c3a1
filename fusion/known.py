"""What a sentence speaks of as known: “the card”, of which the sentence before it told.

By itself, such a sentence cannot be understood. What its report has named before, and few other
reports name, the reader of a summary knows only from the summary.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.verify.claimant import unquoted
from fusion.voices import HALF
from fusion.words import STOP_WORDS, content, stem, word_set

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion.types import Chunk, Material

BEFORE = 10  # sentences of its report in which a thing has been named before it is known

# “The card”; not “the card of the director”, “the card that …”, which say themselves which one.
_THE = re.compile(
    r"\b[Tt]he ((?:[a-z]+-)?[a-z]+)\b"
    r"(?! (?:of|that|which|who|whose|where|between|behind|above|below|under|near|about|against)\b)"
)
# There is one of each, or the word says by itself which one is meant.
_ONLY_ONE = frozenset(map(stem, word_set(
    "police government president minister public media court country world state city town "
    "parliament army law weather sea river sun internet future past same other others first second "
    "last next rest whole time day night morning afternoon evening week month year hour weekend "
    "beginning end start middle most more number amount use way moment case fact result area "
    "ground air sky house street road north south east west left right top bottom front back side "
    "region nation capital economy market press opposition coalition prime former latest old new "
    "final total only best worst largest biggest highest lowest young late early"
)))  # fmt: skip


def known_things(
    passages: Sequence[Chunk], material: Material, spread: Mapping[str, float]
) -> list[set[str]]:
    """For each of `passages`, the stems of what it speaks of as known to its report's reader.

    English only; else nothing is known. `spread` is that of `voices.spread_of`.
    """
    if not material.english:
        return [set() for _ in passages]
    place = {passage.id: i for i, passage in enumerate(material.chunks)}
    found = []
    for passage in passages:
        things = {thing for thing in definite(passage.text) if spread.get(thing, 0) < HALF}
        if things:
            end = place[passage.id]
            before = material.chunks[max(0, end - BEFORE) : end]
            things &= {w for p in before if p.source == passage.source for w in content(p.text)}
        found.append(things)
    return found


def definite(text: str) -> set[str]:
    """The stems of the words that stand after “the” in `text`, and that nothing in it explains.

    A noun, or what describes it: “the brown envelope” is known by what was brown before.
    """
    told = unquoted(text)
    found = set()
    for match in _THE.finditer(told):
        word = stem(match[1])
        first = word not in content(told[: match.start()])
        if first and match[1] not in STOP_WORDS and word not in _ONLY_ONE:
            found.add(word)
    return found
