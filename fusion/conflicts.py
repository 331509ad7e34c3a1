"""Where independent sources disagree: claims about one thing that cannot all be right.

So far, figures: passages of one fact, from different voices, that count the same thing and differ
by more than rounding and hedges ("about", "at least") explain. Where one report is later than the
other by hours, the figure has moved on; that is an update, not a disagreement.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING

from fusion.plan import as_utc, published
from fusion.types import Conflict, Side
from fusion.verify.numbers import Quantity, quantities, rounds_to
from fusion.verify.text import plain, stem, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fusion.types import Chunk, Fact, Source

MOVED_ON = timedelta(hours=6)  # between two reports, from which a new figure is news
REACH = 6  # words around a number among which what happened to those counted may stand

# What is counted when the noun is "people", or none: the fate tells which figure it is.
_FATES = {
    stem(word): fate
    for fate, words in {
        "killed": "killed dead died deaths lives fatalities",
        "injured": "injured hurt wounded injuries hospital hospitalised hospitalized",
        "missing": "missing unaccounted",
        "arrested": "arrested detained",
        "evacuated": "evacuated displaced homeless",
    }.items()
    for word in words.split()
}


def conflicts(facts: Iterable[Fact], sources: Mapping[str, Source]) -> list[Conflict]:
    """Find the disagreements among the passages of each of `facts`, one for each thing counted."""
    found: dict[str, Conflict] = {}
    for fact in facts:
        for one, other in combinations(fact.passages, 2):
            if one.voice == other.voice or _moved_on(one, other, sources):
                continue
            for about in _differences(one.text, other.text):
                sides = tuple(Side(claim=p.text, passages=(p,)) for p in (one, other))
                found.setdefault(about, Conflict(about, sides))
    return list(found.values())


def _moved_on(one: Chunk, other: Chunk, sources: Mapping[str, Source]) -> bool:
    times = [published(sources[passage.source]) for passage in (one, other)]
    if times[0] is None or times[1] is None:
        return False
    return abs(as_utc(times[0]) - as_utc(times[1])) >= MOVED_ON


def _differences(one: str, other: str) -> list[str]:
    """What both count, and count differently."""
    ours, theirs = _counted(one), _counted(other)
    return [
        about
        for about in ours
        if about in theirs and not any(_agree(a, b) for a in ours[about] for b in theirs[about])
    ]


def _agree(one: Quantity, other: Quantity) -> bool:
    if one.unit != other.unit:
        return True  # not the same measure, so not comparable
    return rounds_to(one.value, other) or rounds_to(other.value, one)


def _counted(text: str) -> dict[str, list[Quantity]]:
    counted: dict[str, list[Quantity]] = {}
    for quantity in quantities(text):
        about = _fate(text, quantity) or quantity.noun
        if about:
            counted.setdefault(about, []).append(quantity)
    return counted


def _fate(text: str, quantity: Quantity) -> str | None:
    before, _, after = plain(text).partition(quantity.text)
    following = [stem(token.lower) for token in tokens(after) if token.is_word][:REACH]
    leading = [stem(token.lower) for token in tokens(before) if token.is_word][-REACH:][::-1]
    return next((_FATES[word] for word in (*following, *leading) if word in _FATES), None)
