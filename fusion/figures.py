"""Figures on which independent sources disagree; what is said for and against is `disputes`.

Three kinds: tolls (killed, injured, missing, arrested, evacuated), which a story has one of each,
wherever they stand; what a noun counts that half of the voices use, likewise, if reports of the
same hours count it; and, within the passages of one fact, what the same noun counts. Figures differ
where rounding and hedges ("about", "at least") do not explain it. Where one report is later than
the other by hours, the figure has moved on; that is an update, not a disagreement. It may be one
where the reports have no times, unless they say who counts.
"""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import combinations, product
from typing import TYPE_CHECKING

from fusion.antecedent import lacks_antecedent
from fusion.types import Conflict, Side, as_utc
from fusion.verify.names import CALENDAR
from fusion.verify.numbers import Quantity, agree, quantities
from fusion.voices import HALF, spread_of
from fusion.words import WEEKDAY, plain, stem, word_set

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set

    from fusion.types import Chunk, Fact, Source

MOVED_ON = timedelta(hours=6)  # between two reports, from which a new figure is news

_FATES = {
    "killed": r"(?:kill(?:ed|ing|s)|dead|died|deaths?|fatalities|lost their lives)",
    "injured": r"(?:injur(?:ed|ing|ies|es)|hurt|wounded|wounding)",
    "missing": r"(?:missing|unaccounted for)",
    "arrested": r"(?:arrest(?:ed|ing|s)|detained)",
    "evacuated": r"(?:evacuat(?:ed|ing)|displaced|left homeless)",
    "ill": r"(?:ill|sick(?:ened)?|infect(?:ed|ing|ions)|tested positive|confirmed cases)",
}
_ANY_FATE = re.compile(rf"\b(?:{'|'.join(_FATES.values())}|lives)\b")
_FATE_NOUNS = frozenset(map(stem, word_set(
    "dead deaths fatalities injured injuries hurt wounded missing arrested arrests detained "
    "evacuated displaced person persons casualties victims patients cases were was have had"
)))  # fmt: skip
# A count over years, of each of them or of another one, is no toll of the story; nor is an old one.
_RATE = re.compile(
    r"\b(?:1[89]|20)\d\d(?:s|\b)|\b(?:each|every|per|a|last|this) year\b|\bannual(?:ly)?\b"
    r"|\b(?:past|last) (?:\w+ )?(?:years|decades?|months)\b|\baverage\b"
    r"|\b(?:earlier|initially|previously|at first|originally)\b"
)
_NOUN = re.compile(r"(?<=[\d\w]) (?:people|persons|\w+(?:ed|s))$")  # “71 injured”: 71
# “These four men”, “a family of four”: some of the people of a toll.
_SOME_OF = r"(?<!\bthese )(?<!\bthose )(?<!\bthe )(?<!\bother )(?<!\banother )(?<!\bof )"
_HEDGE = r"(?:(?:at least|more than|up to|about|some|nearly|over|around) )?"
# “The flood took 31 lives”, “cost the lives of 31”; not “a man of 31 lives in Orlo”.
_LIVES = (
    rf"\b(?:takes?|taken|took|claim(?:s|ed|ing)|cost(?:ing)?|lost) {_HEDGE}{{number}} lives\b"
    rf"|\blives of {_HEDGE}{{number}}\b|\b{{number}} lives (?:were|have been|had been) lost\b"
)
_MANY = 20  # of a story's vehicles, from which it may be all of them
_FAR = 5  # times another figure, from which the one is of a part or of another event
# What is measured is not told by its unit: a story has many lengths, and one number of homes.
MEASURES = frozenset(map(stem, word_set(
    "degrees miles kilometres kilometers metres meters feet inches acres hectares tons tonnes "
    "pounds kilograms litres liters gallons seconds minutes hours days weeks months pages points "
    "knots watts kilowatts megawatts gigawatts volts pascals kilopascals megapascals bars "
    "millibars decibels hertz megabytes gigabytes terabytes calories grams milligrams "
    "millimetres centimetres"
)))  # fmt: skip
_SAYS = re.compile(r"\b(?:sa(?:id|ys?)|told|tells|according to|count(?:s|ed)|puts?)\b")
# “11 so far”, “17, up from 11 at midday”
_COUNTS_ON = re.compile(r"\bso far\b|\bup from \d|\b(?:rose|risen|raised|climbed) (?:to|from)\b")
_ILLION = "illion"  # million, billion, trillion
_DAY = re.compile(WEEKDAY)
_HOUR = re.compile(
    rf"\b(?:as (?:of|at)|by|at|until) (noon|midnight|\d[\d.:]*(?: ?[ap]\.m\.)?)(?: on)? ({WEEKDAY})"
)
_PLACE = re.compile(r"\b(?:in|at|near|on) (?:the )?((?:[A-Z]\w+ ?)+)")
_PARTS = re.compile(r"\b(?:of them|of whom|including|among)\b")


def figures(
    facts: Iterable[Fact],
    chunks: Sequence[Chunk],
    sources: Mapping[str, Source],
    apart: Iterable[Chunk] = (),
    overtaken: Collection[str] = (),
) -> list[Conflict]:
    """Find figures that disagree, at most one pair about each thing counted.

    What is told `apart`, in a dispute, is not told again. Where the ids of both passages are among
    those `overtaken` by newer reports, both figures are history.
    """
    elsewhere = {passage.key for passage in apart}
    found: dict[str, Conflict] = {}
    spread = spread_of(chunks)

    def counting(count: Callable[[str], Counts]) -> list[tuple[Chunk, Counts]]:
        return [
            (passage, counts)
            for passage in chunks
            if passage.key not in elsewhere and (counts := count(passage.text))
        ]

    for (one, ours), (other, theirs) in combinations(counting(tolls), 2):
        _compare(one, ours, other, theirs, sources, found)
    sums = {
        quantity.noun
        for passage in chunks
        if _ILLION in passage.text
        for quantity in quantities(passage.text)
        if is_sum(quantity)
    }
    of_the_story = counting(lambda text: _of_the_story(text, spread, sums))
    for (one, ours), (other, theirs) in combinations(of_the_story, 2):
        if all(sources[passage.source].published for passage in (one, other)):
            _compare(one, ours, other, theirs, sources, found)
    for fact in facts:
        for one, other in combinations(fact.passages, 2):
            ours, theirs = (_counted(passage.text, sums) for passage in (one, other))
            _compare(one, ours, other, theirs, sources, found)
    return [
        conflict
        for conflict in found.values()
        if any(p.id not in overtaken for side in conflict.sides for p in side.passages)
    ]


def is_sum(quantity: Quantity) -> bool:
    """Whether it is told in millions, as sums of money are: a story has many figures of these."""
    return _ILLION in quantity.text


Counts = dict[str, list[Quantity]]


def _compare(
    one: Chunk,
    ours: Counts,
    other: Chunk,
    theirs: Counts,
    sources: Mapping[str, Source],
    found: dict[str, Conflict],
) -> None:
    """Add to `found` what both passages count and count differently."""
    if one.voice == other.voice or _moved_on(one, other, sources):
        return
    for about in sorted(ours.keys() & theirs.keys() - found.keys()):
        pairs = list(product(ours[about], theirs[about]))
        if any(_agree(*pair) for pair in pairs):
            continue
        fewer, more = (one, other) if pairs[0][0].value < pairs[0][1].value else (other, one)
        if not of_a_part(fewer.text, more.text):
            sides = tuple(Side(claim=p.text, passages=(p,)) for p in (one, other))
            found[about] = Conflict(_label(about, ours[about][0]), sides)


def of_a_part(fewer: str, more: str) -> bool:
    """Whether the lower figure is of a place that the higher one is not of."""
    whole = _PARTS.split(more)[0]
    named = {place.strip() for place in _PLACE.findall(fewer)}
    return any(place not in whole for place in named if place.lower() not in CALENDAR)


def _label(about: str, quantity: Quantity) -> str:
    if about in _FATES:
        return f"the number of people {about}"
    return f"how many {quantity.text.rsplit(maxsplit=1)[-1]}"


def _moved_on(one: Chunk, other: Chunk, sources: Mapping[str, Source]) -> bool:
    """Whether one is later than the other by hours, or says that it counts on.

    Not if both count up to one hour. Without times, unless both say who counts, and no other day.
    """
    if _COUNTS_ON.search(one.text) or _COUNTS_ON.search(other.text):
        return True
    hours = [_HOUR.search(passage.text) for passage in (one, other)]
    if hours[0] and hours[1] and hours[0].groups() == hours[1].groups():
        return False
    if all(sources[passage.source].published for passage in (one, other)):
        return hours_apart(one, other, sources)
    both_count = _SAYS.search(one.text) and _SAYS.search(other.text)
    return not both_count or of_other_days(one.text, other.text)


def of_other_days(one: str, other: str) -> bool:
    """Whether the two name days of the week, and none in common."""
    ours, theirs = (set(_DAY.findall(text)) for text in (one, other))
    return bool(ours and theirs) and not ours & theirs


def hours_apart(one: Chunk, other: Chunk, sources: Mapping[str, Source]) -> bool:
    """Whether hours lie between the reports of the two; not where one has no time."""
    ours, theirs = (sources[passage.source].published for passage in (one, other))
    if ours is None or theirs is None:
        return False
    return abs(as_utc(ours) - as_utc(theirs)) >= MOVED_ON


def _agree(one: Quantity, other: Quantity) -> bool:
    low, high = sorted((one.value, other.value))
    if one.unit != other.unit or _whom(one) != _whom(other) or low * _FAR < high:
        return True  # not of the same thing
    return agree(one, other)


def _whom(quantity: Quantity) -> str:
    """What it counts: “40 people”, “40 injured” and “40” all count people."""
    return "" if quantity.noun in _FATE_NOUNS else quantity.noun


def _counted(text: str, sums: Set[str]) -> Counts:
    """What the nouns of `text` count, by their stems; tolls and `sums` are not among them."""
    counted: Counts = {}
    of_people = [quantity for each in tolls(text).values() for quantity in each]
    for quantity in quantities(text):
        noun = quantity.noun
        if noun and noun not in MEASURES and noun not in sums and quantity not in of_people:
            counted.setdefault(noun, []).append(quantity)
    return counted


def _of_the_story(text: str, spread: Mapping[str, float], sums: Set[str]) -> Counts:
    """What `text` counts of that which half of the voices speak of, with nothing left open.

    “437 vehicles”; not “about 180 vehicles”, and not a few of them.
    """
    if _RATE.search(plain(text).lower()) or lacks_antecedent(text):
        return {}
    plainly = {
        noun: [q for q in counted if not q.hedge and not q.unit and q.value >= _MANY]
        for noun, counted in _counted(text, sums).items()
        if spread.get(noun, 0) >= HALF
    }
    return {noun: counted for noun, counted in plainly.items() if counted}


def tolls(text: str) -> Counts:
    """How many people `text` says were killed, injured and so on, in all.

    “Seven of the injured” is a part of a toll, not one.
    """
    folded = " ".join(plain(text).lower().split())
    if not _ANY_FATE.search(folded) or _RATE.search(folded) or lacks_antecedent(text):
        return {}
    found: Counts = {}
    for quantity in quantities(text):
        if quantity.unit or "-year" in quantity.text:
            continue
        number = re.escape(_NOUN.sub("", quantity.text.lower()))
        for fate, word in _FATES.items():
            if re.search(
                rf"{_SOME_OF}\b{number}(?! of\b)(?: [\w'-]+){{0,3}}? {word}\b"
                rf"|\b{word} {_HEDGE}{number}(?! of\b)"
                rf"|\b{word} toll\b[^.;]{{0,60}}? (?:to|at|is|was) {_HEDGE}{number}\b"
                rf"|\b(?:number|toll|count) of(?: the)? {word}(?: \w+){{0,3}} {_HEDGE}{number}\b"
                rf"|\b(?:number|toll|count) of(?: the)? {word}\b[^.;,]{{0,60}} (?:to|at) {_HEDGE}"
                rf"{number}\b"
                rf"|\bnumber of (?:people|persons) {word}\b[^.;]{{0,60}}? (?:to|at|is|was) {_HEDGE}"
                rf"{number}\b",
                folded,
            ):
                found.setdefault(fate, []).append(quantity)
        if re.search(_LIVES.format(number=number), folded):
            found.setdefault("killed", []).append(quantity)
    return found
