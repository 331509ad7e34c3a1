"""How new each report is, and which passages a newer report has overtaken."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from fusion.clean.dates import resolve_relative_day
from fusion.figures import MEASURES, is_sum, tolls
from fusion.types import as_utc
from fusion.verify.claimant import claimant
from fusion.verify.numbers import agree, quantities
from fusion.verify.relations import LIGHT_VERBS, ahead_and_told
from fusion.when import tells_state
from fusion.words import content, is_past, plain, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from fusion.types import Chunk, Material, Source
    from fusion.verify.numbers import Quantity

SAME_DEED = 0.12  # similarity from which one verb in two passages may be one deed
SAME_COUNT = 0.3  # similarity from which one noun in two passages may count one thing
SAME_SUM = 0.2  # similarity from which sums that are near each other may be one
NEAR = Decimal("1.15")  # times the lower sum, up to which the higher one is near
SAME_SENTENCE = 0.6  # similarity from which it is one sentence, and what it measures one thing too
MOST_GROWTH = 3  # times another count, from which the two are not of one thing
SAME_REFUSAL = 3  # content words shared, from which what one denies doing, the other may tell of
OUTLIVED = timedelta(days=2)  # before the newest report; what was hoped then has come or not
PASSED = timedelta(days=3)  # before the newest report; how things stood then has passed
TOP = 8  # passages of a report that say what it is news of

_NOT_DOING = re.compile(
    r"(?:\bnot|n't) (?:yet )?(?:being |(?:going to )?be )?([a-z]+(?:ing|ed|en))\b"
)

# “A third resident has died”: three have. “The third” may be told of for days.
_NTH = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ANOTHER_DEATH = re.compile(
    rf"\ban? ({'|'.join(_NTH)}) (?:[\w'’-]+ ){{0,4}}?(?:(?:has|had|was) )?"
    r"(?:died|killed|death|fatality|victim)\b",
    re.IGNORECASE,
)

# “lowered the number of dead to 174”, “the toll was corrected from 231 to 174”
_LOWERED = re.compile(
    r"\b(?:lower(?:ed|s)|cuts?|reduce[ds]|revise[ds]|correct(?:ed|s)) (?:[\w'’-]+ ){0,3}"
    r"(?:toll|number|count|figure)\b"
    r"|\b(?:toll|number|count|figure)\b[^.;]{0,60}"
    r"\b(?:lowered|cut|reduced|revised down|corrected)\b"
    r"|\bcounted twice\b",
    re.IGNORECASE,
)
# What comes after it is not what is to come.
_ASIDE = re.compile(
    r",? \b(?:after|when|while|because|since|(?:for|in|of|on|to|with) which)\b|, as\b"
    r"|, [^,]{3,40} said\b"
)
_EXPECTS = re.compile(
    r"\b(?:is|are) (?:\w+ )?(?:expected|likely|due|set|scheduled|planned) to\b"
    r"|\b(?:does|do|did) not expect\b|\bexpects? (?:to|that|the|an?|it|them)\b"
    r"|\bhopes? (?:to|that|for)\b|\bexpressed (?:\w+ )?hopes?\b",
    re.IGNORECASE,
)


def newness(material: Material) -> dict[str, float]:
    """How new each source is, 0 the oldest to 1 the newest.

    By time of publication; a source without one is in the middle. Where fewer than two times are
    known, by how many deeds it tells as done that others announce, less the reverse.
    """
    sources = material.sources
    times = _times(sources)
    order = sorted(set(times.values()))
    if len(order) > 1:
        return {s: order.index(times[s]) / (len(order) - 1) if s in times else 0.5 for s in sources}
    announced, done = _deeds_by_source(material.chunks)
    lead = {
        s: sum(len(done[s] & announced[t]) - len(announced[s] & done[t]) for t in announced)
        if s in announced
        else 0
        for s in sources
    }
    low, high = min(lead.values()), max(lead.values())
    return {s: (lead[s] - low) / (high - low) if high > low else 0.5 for s in sources}


def overtaken(
    passages: Sequence[Chunk], alike: NDArray[np.float64], new: Mapping[str, float]
) -> set[str]:
    """Ids of the passages whose news has been overtaken by a newer source.

    They announce what it tells as done, and tell nothing that has been done themselves (“the court
    decided that he may leave” is news though he left); deny what it tells; give another figure for
    what it counts.
    """
    states = [deeds(passage.text) for passage in passages]
    figures = [quantities(passage.text) for passage in passages]
    announced_or_counted = {
        passages[i].id
        for i, j in zip(*np.nonzero(alike >= SAME_DEED), strict=True)
        if new[passages[i].source] < new[passages[j].source]
        and (
            (states[i][0] & states[j][1] and not states[i][1])
            or _counted_anew(figures[i], figures[j], float(alike[i, j]))
        )
    }
    return announced_or_counted | _denied(passages, new)


def outgrown(chunks: Iterable[Chunk], new: Mapping[str, float]) -> set[str]:
    """Ids of the passages that give a toll of the story lower than the newest report with one.

    Or, of older reports, a higher one than that to which it has been lowered since: that it has is
    news for itself. Ask it of all passages: what nothing can be told from may still say how many.
    """
    told = [
        (fate, new[passage.source], count, _LOWERED.search(passage.text) is not None, passage.id)
        for passage in chunks
        for fate, count in _counts(passage.text)
    ]
    newest: dict[str, tuple[float, Decimal]] = {}
    lowered: dict[str, tuple[float, Decimal]] = {}
    for fate, at, count, lowers, _ in told:
        for latest in (newest, lowered) if lowers else (newest,):
            latest[fate] = max(latest.get(fate, (at, count)), (at, count))
    return {
        passage
        for fate, at, count, lowers, passage in told
        if (at < newest[fate][0] and count < newest[fate][1] and not lowers)
        or (fate in lowered and at < lowered[fate][0] and count > lowered[fate][1])
    }


def _counts(text: str) -> Iterator[tuple[str, Decimal]]:
    """How many `text` says met each fate, in all."""
    for fate, counted in tolls(text).items():
        yield fate, max(each.value for each in counted)
    if match := _ANOTHER_DEATH.search(text):
        yield "killed", Decimal(_NTH.index(match[1].lower()) + 2)


def outlived(chunks: Iterable[Chunk], sources: Mapping[str, Source]) -> set[str]:
    """Ids of the passages that expect or hope something, two days before the newest report.

    By then it has come or it has not, in whatever words. And of those that announce, and tell no
    deed, what was to come by a day that has passed. Without times there are none.
    """
    times = _times(sources)
    newest = max(times.values(), default=None)
    if newest is None:
        return set()
    return {
        passage.id
        for passage in chunks
        if (written := times.get(passage.source))
        and (
            (newest - written >= OUTLIVED and _EXPECTS.search(passage.text))
            or (newest.date() > written.date() and _has_come(passage.text, written, newest))
        )
    }


def past_states(passages: Iterable[Chunk], sources: Mapping[str, Source]) -> set[str]:
    """Ids of the passages that tell how things stood days before the newest report, or were to go.

    A reader wants to know what came of it. What somebody said of it stays what they said.
    """
    times = _times(sources)
    newest = max(times.values(), default=None)
    if newest is None:
        return set()
    return {
        passage.id
        for passage in passages
        if (written := times.get(passage.source))
        and newest - written > PASSED
        and tells_state(passage.text)
        and not claimant(passage.text)
    }


def _has_come(text: str, written: datetime, now: datetime) -> bool:
    """Whether it tells only what was to come, on a day after it was `written` and before `now`.

    “The envoy is to leave on Friday, an aide said, after talks had ended” tells no more.
    """
    text = _ASIDE.split(text, maxsplit=1)[0]
    if not ahead_and_told(text)[0] or deeds(text)[1]:
        return False
    days = resolve_relative_day(text, written)
    return any(day.first == day.last and written.date() < day.first < now.date() for day in days)


def deeds(text: str) -> tuple[set[str], set[str]]:
    """Stems of the verbs that `text` only announces, and of those that it tells as done."""
    ahead, told = ahead_and_told(text)
    past = {root for root, word in told.items() if is_past(word)}
    return set(ahead) - LIGHT_VERBS - past, past - LIGHT_VERBS


def _times(sources: Mapping[str, Source]) -> dict[str, datetime]:
    """When each source was published, of those that say so."""
    return {s: as_utc(time) for s, each in sources.items() if (time := each.published)}


def _deeds_by_source(passages: Iterable[Chunk]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """`deeds` that the top of each source only announces, and those that it tells as done."""
    announced: dict[str, set[str]] = {}
    done: dict[str, set[str]] = {}
    for passage in passages:
        to_come, told = deeds(passage.text) if passage.position < TOP else (set(), set())
        announced.setdefault(passage.source, set()).update(to_come)
        done.setdefault(passage.source, set()).update(told)
    for source in announced:
        announced[source] -= done[source]
    return announced, done


def _denied(passages: Sequence[Chunk], new: Mapping[str, float]) -> set[str]:
    """Ids of the passages that deny what a newer source tells, such as “we are not recalling it”.

    By words shared, not by `alike`: what the whole story is about weighs next to nothing there.
    """
    refused = [_refused(passage.text) for passage in passages]
    words = [set(content(passage.text)) for passage in passages]
    return {
        passages[i].id
        for i, deeds_refused in enumerate(refused)
        if deeds_refused
        for j, newer in enumerate(passages)
        if new[passages[i].source] < new[newer.source]
        and len(words[i] & words[j]) >= SAME_REFUSAL
        and deeds_refused & set(ahead_and_told(newer.text)[1]) - refused[j]
    }


def _refused(text: str) -> set[str]:
    """Stems of the verbs that it says are not being done, or will not be."""
    return {stem(verb) for verb in _NOT_DOING.findall(plain(text).lower())} - LIGHT_VERBS


def _counted_anew(old: Sequence[Quantity], new: Sequence[Quantity], alike: float) -> bool:
    """Whether all that the two count alike, the newer counts otherwise.

    A sum or a measure only where it is near the other, as a price that is agreed, or in the same
    sentence: a story has many.
    """
    same = [
        (a, b)
        for a in old
        for b in new
        if _may_be_one(a, b)
        and (
            alike >= SAME_SENTENCE
            or (alike >= SAME_COUNT and _is_count(a))
            or (alike >= SAME_SUM and max(a.value, b.value) <= NEAR * min(a.value, b.value))
        )
    ]
    return bool(same) and not any(agree(a, b) for a, b in same)


def _may_be_one(one: Quantity, other: Quantity) -> bool:
    """Whether the two may count the same things, one of them later."""
    low, high = sorted((one.value, other.value))
    return (
        bool(one.noun)
        and one.noun == other.noun
        and one.unit == other.unit
        and high < low * MOST_GROWTH
    )


def _is_count(quantity: Quantity) -> bool:
    """Whether it counts people or things, and is no sum of money nor measure."""
    whole = quantity.value % 1 == 0 and not is_sum(quantity)
    return whole and not quantity.unit and quantity.noun not in MEASURES
