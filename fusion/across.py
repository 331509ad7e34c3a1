"""Disputes across reports: what independent reports tell otherwise, neither of which says so.

Of two claims by different claimants in independent reports, one disputes the other by one of these:

    figure    it gives another figure of one thing. Where a story has few figures of a thing, they
              are of one; of money, a handful, or what it has many figures of, where words beside
              them are the same too. Those that both “put it at”, and of a crowd, need no word.
    time      it tells another time of day of something that both name
    opposite  it says “inside” of what the other says was “outside”, or that it was in the waters of
              another country; or whom it says to have done it says who else did
    negation  it says that “no such offer” was made, or that what the other tells was not done

A newer figure of somebody else's is no update. But tolls rise: of these, `fusion.figures` asks when
they were told.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, permutations, product
from typing import TYPE_CHECKING

from fusion.against import CLEFT, PART, SPELLED, UNITS, comparable, exclude, may_exclude, shared
from fusion.claims import BODIES, COUNTS, OF_MANY, OLDER, Claim
from fusion.figures import MEASURES, of_a_part, of_other_days, tolls
from fusion.verify.claimant import unquoted
from fusion.verify.numbers import agree, clock_times, quantities
from fusion.verify.relations import negated
from fusion.words import STOP_WORDS, content, is_past, plain, stem, tokens, word_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fusion.types import Chunk, Source
    from fusion.verify.numbers import Quantity

ALIKE = 3  # words beside figures of what a story has many of, from which two are of one thing
FEW = 5  # different figures of a thing, up to which a story has few
_MANY = 20  # from which a count is no handful of some of them
_NEAR_TO = 5  # times another figure, up to which two of which there are few are of one thing
_MONEY = 1_000_000  # what a story has so many of is money
_PERSONS = frozenset(map(stem, word_set("men women man woman members others")))
_NEAR = 7  # words on each side of a figure that tell what it is of

_COSTS = frozenset(map(stem, word_set("cost costs price damage")))
# “put the number of duplicate tickets at 9,200”
_NUMBER_OF = re.compile(
    r"\b(?:number|count|total|tally) of ((?:[\w'-]+ ){0,3}?[\w'-]+?)"
    r"(?= (?:that|who|which|in|on|at|to|this|last|from|of|since|is|was|were|are|ha[sd]|have)\b)"
    r"[^.;]*?\b(?:at|to|is|was) (?:[a-z]+ ){0,2}(\d[\d.,]*)",
    re.IGNORECASE,
)
# A count that goes on: a higher one is the newer.
_UNFINISHED = re.compile(r"\b(?:so far|until now|up to now|by (?:now|then|noon|midnight))\b", re.I)
# “1,150 of its ground workers”, “1,900 of the port's 2,150 workers”: of all of one's.
_OF_ALL = re.compile(
    r"\b(\d[\d.,]*) (?:out )?of (?:its|their|his|her|(?:the )?(?:[A-Z]\w+ )*\w+'s)"
    r" (?:\d[\d.,]* )?(?=[a-z])"
)
# “268 departures had been cancelled”: another may call them flights.
_BEEN = re.compile(
    r"(\d[\d.,]*) (?:[a-z'-]+ ){1,4}?(?:(?:had|have|has) been|were|was|are)"
    r" (?:\w+ly )?(\w+(?:ed|en))\b"
)
_CLOSE_TO = Decimal("1.5")  # times another figure, up to which both may be of what has one deed
_EACH = re.compile(
    r"\b(?:an?|per|each|every) (?:hour|day|night|week|month|year|head|child|person|tonne)\b"
    r"|\b(?:daily|hourly|weekly|monthly|yearly|annual(?:ly)?|each|apiece)\b",
    re.IGNORECASE,
)
_RATE = re.compile(r"(?: [a-z]+)?? ((?:an?|per|each|every) (?:day|week|month|year))\b")
# One word in less than so many of the shorter claim is in both, where two are of one thing.
_SHARE = 4
# “Three miles inside Drovian waters”: whose they are, two sides tell otherwise.
_WHOSE = re.compile(
    r"\b(?i:in|inside|within|into|on|of) (?:[\w-]+ ){0,2}?([A-Z][a-z]+|international)"
    r" (?:territorial )?(waters|territory|airspace|soil)\b"
)
# “accuses Orsk of leaving it”
_BLAMED = re.compile(
    r"\b(?:blam(?:ed|es)|accus(?:ed|es)) (?P<whom>[^,;.]{2,60}?)(?= (?:of|for)\b|[,.;])",
    re.IGNORECASE,
)
_CLOSE = 3  # words between what two claims share and what they call it
_SAME_MATTER = 2  # words in common, from which “inside” and “outside” are said of one thing
_SAME_TIME = 10  # minutes up to which two times of day are the same
_OF_TIME = frozenset(map(stem, word_set("am pm past half quarter nobody")))
# A crowd is one thing, whatever those in it are called.
_CROWD, _CROWD_FROM = "crowd", 500
_CROWDED = re.compile(
    r"\b(?:march\w*|rall(?:y|ies|ied)|protest\w*|demonstrat\w+|crowds?|turned out|took part"
    r"|gathered|square|streets)\b",
    re.IGNORECASE,
)
# What one says was given and another that nobody got: “no such offer”, “nobody heard a warning”.
_NO_SUCH = re.compile(
    r"\b(?:no such (?!thing)([a-z]+)|(?:no|(?:nobody|no one|none of (?:\w+ )?\w+) (?:had |ever )*"
    r"(?:heard|saw|seen|received|got|was given|were given) (?:an?|any|the))"
    r" (warning|offer|message|siren|promise|permission|complaint|proposal|threat|tip"
    r"|instruction)s?)\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:no|not|never|nobody|nothing|none|neither|nor|\w+n't)\b|\bno one\b", re.I
)
_WAS_NOT = re.compile(r"\b(?:(?:was|were|did|had|has|have) (?:not|never)|\w+n't)\b", re.I)
# “She had never heard such nonsense” denies nothing that was heard.
_NEVER_SUCH = re.compile(r"\bnever (?:heard|seen|known) (?:such|anything like|the like)\b", re.I)
# “No siren of the port sounded”, and what stands before: “they fired none”.
_NONE_WAS = re.compile(
    r"(?:[\w'-]+ )?\b(?:no|never|nobody|no one|none|not (?:one|a))\b(?: [\w'-]+){0,8}",
    re.IGNORECASE,
)
_HYPOTHETICAL = re.compile(
    r"\b(?:will|would|could|can|cannot|may|might|should|shall|must|if|whether|unless|until|without"
    r"|yet|won't|wouldn't|couldn't|can't|shouldn't)\b",
    re.IGNORECASE,
)


def across(
    made: Sequence[Claim], every: Sequence[tuple[int, Chunk]], sources: Mapping[str, Source]
) -> Iterator[tuple[Claim, Claim, str]]:
    """Pairs of claims, the one that the other disputes first, and how: one of `against.KINDS`.

    `every` has all sentences of the story with their places.
    """
    yield from _other_figures(made, every, sources)
    yield from _other_times(made, sources)
    yield from _opposites(made, sources)
    yield from _whose(made, sources)
    yield from _other_culprits(made, sources)
    yield from _not_done(made, sources)


def _independent(one: Claim, other: Claim, sources: Mapping[str, Source]) -> bool:
    ours, theirs = one.passage, other.passage
    if sources[ours.source].group == sources[theirs.source].group or ours.voice == theirs.voice:
        return False
    both = one.party & other.party
    own = one.party - OF_MANY and other.party - OF_MANY
    return not both or (both <= BODIES and bool(own))


def _other_figures(
    made: Sequence[Claim], every: Sequence[tuple[int, Chunk]], sources: Mapping[str, Source]
) -> Iterator[tuple[Claim, Claim, str]]:
    values: dict[str, set[Decimal]] = {}
    for _, sentence in every:
        for quantity in _figures(sentence.text):
            values.setdefault(quantity.noun, set()).add(quantity.value)
    by_what: dict[str, list[tuple[Claim, list[Quantity]]]] = {}
    for claim in made:
        found = _figures(claim.passage.text)
        # Sorted, so that the same dispute is found first in every process.
        for what in sorted({f"{each.noun} {each.unit}" for each in found} - {" "}):
            by_what.setdefault(what, []).append((claim, found))
    for some in by_what.values():
        for (one, ours), (other, theirs) in combinations(some, 2):
            pairs = [pair for pair in product(ours, theirs) if _of_one_noun(*pair)]
            if _independent(one, other, sources) and _differ(one, other, pairs, values):
                yield one, other, "figure"


def _of_one_noun(one: Quantity, other: Quantity) -> bool:
    return bool(one.noun or one.unit) and (one.noun, one.unit) == (other.noun, other.unit)


def _differ(
    one: Claim,
    other: Claim,
    pairs: Sequence[tuple[Quantity, Quantity]],
    values: Mapping[str, set[Decimal]],
) -> bool:
    """Whether `pairs` are other figures of one thing, and neither is of a part or of old."""
    texts = [plain(each.passage.text) for each in (one, other)]
    if not all(comparable(*pair) and not agree(*pair) for pair in pairs):
        return False
    if any(_found(pattern, texts[0]) != _found(pattern, texts[1]) for pattern in (OLDER, _EACH)):
        return False
    if all(map(tolls, texts)) or of_other_days(*texts):
        return False
    ours, theirs = pairs[0]
    low, high = sorted((ours.value, theirs.value))
    if ours.noun == _CROWD:
        return True
    if ours.noun.startswith("been "):
        return low >= _MANY and high <= _CLOSE_TO * low
    lower, higher = texts if ours.value < theirs.value else texts[::-1]
    if of_a_part(lower, higher) or _UNFINISHED.search(lower):
        return False
    alike = shared(one, other) - UNITS - one.named - other.named - {each.noun for each, _ in pairs}
    if ours.noun and ours.noun not in MEASURES and len(values[ours.noun]) <= FEW:
        money = max(values[ours.noun]) >= _MONEY
        counted = low >= _MANY and not money and ours.noun not in _PERSONS
        if len(alike) >= (1 if counted else 2) or (counted and high <= _NEAR_TO * low):
            return True
        if all(COUNTS.search(unquoted(text)) for text in texts):
            return True
    beside = alike & _beside(texts[0], ours) & _beside(texts[1], theirs)
    return bool(beside and len(alike) >= ALIKE) or bool(alike & _COSTS)


def _other_times(
    made: Sequence[Claim], sources: Mapping[str, Source]
) -> Iterator[tuple[Claim, Claim, str]]:
    timed = [(each, times) for each in made if (times := clock_times(each.passage.text))]
    for (one, ours), (other, theirs) in combinations(timed, 2):
        if not _independent(one, other, sources):
            continue
        alike = shared(one, other) - UNITS - _OF_TIME - one.named - other.named
        apart = min(abs(first - second) for first, second in product(ours, theirs))
        if any(map(str.isalpha, alike)) and apart >= _SAME_TIME:
            yield one, other, "account"


def _opposites(
    made: Sequence[Claim], sources: Mapping[str, Source]
) -> Iterator[tuple[Claim, Claim, str]]:
    some = [each for each in made if may_exclude(each.passage.text)]
    for one, other in combinations(some, 2):
        common = shared(one, other)
        if len(common) < _SAME_MATTER or not _independent(one, other, sources):
            continue
        if exclude(*(_around(each.passage.text, common) for each in (one, other))):
            yield one, other, "account"


def _whose(
    made: Sequence[Claim], sources: Mapping[str, Source]
) -> Iterator[tuple[Claim, Claim, str]]:
    """The first two claims of whose waters it was in, for any two that may own them."""
    placed = [
        (each, match[1], match[2])
        for each in made
        if (match := _WHOSE.search(text := plain(each.passage.text)))
        and not _WHOSE.search(text, match.end())
    ]
    found: set[frozenset[str]] = set()
    for (one, ours, what), (other, theirs, too) in combinations(placed, 2):
        both = frozenset((ours, theirs))
        if what != too or len(both) == 1 or both in found:
            continue
        if shared(one, other) and _independent(one, other, sources):
            found.add(both)
            yield one, other, "account"


def _other_culprits(
    made: Sequence[Claim], sources: Mapping[str, Source]
) -> Iterator[tuple[Claim, Claim, str]]:
    """“It was Orsk who left the table”, says one; and Orsk, that it was somebody else."""
    blaming = [
        (each, set(content(match["whom"])) - OF_MANY)
        for each, told in ((each, unquoted(each.passage.text)) for each in made)
        if (match := CLEFT.search(told) or _BLAMED.search(told))
    ]
    for (one, theirs), (other, ours) in permutations(blaming, 2):
        turned = ours & one.party and not ours & theirs
        if turned and _independent(one, other, sources):
            yield one, other, "account"


def owners(passages: Iterable[Chunk]) -> frozenset[str]:
    """Of whose waters or soil the passages speak."""
    texts = (plain(passage.text) for passage in passages)
    return frozenset(match[1] for text in texts for match in _WHOSE.finditer(text))


def _around(text: str, words: frozenset[str]) -> str:
    """What stands within three words of one of `words`, which are stems."""
    every = plain(text).split()
    at = [i for i, word in enumerate(every) if set(content(word)) & words]
    return " ".join(word for i, word in enumerate(every) if any(abs(i - j) <= _CLOSE for j in at))


def _found(pattern: re.Pattern[str], text: str) -> set[str]:
    return {match[0].lower() for match in pattern.finditer(text)}


def _beside(text: str, figure: Quantity) -> set[str]:
    """The words around a figure, `_NEAR` on each side."""
    before, _, after = text.partition(figure.text)
    return set(content(" ".join((*before.split()[-_NEAR:], *after.split()[:_NEAR]))))


def _figures(text: str) -> list[Quantity]:
    """The figures of a claim, in quotation marks too; “three of them” is a part of another's."""
    words = plain(text)
    shares = {match[1] for match in _OF_ALL.finditer(words)}
    words = PART.sub(" ", _OF_ALL.sub(r"\1 ", words))
    found = [
        replace(each, noun=f"of all {each.noun}") if each.text.split()[0] in shares else each
        for each in (_with_its_noun(figure, words) for figure in quantities(words))
    ]
    if _CROWDED.search(words):
        found = [replace(each, noun=_CROWD) if _is_of_people(each) else each for each in found]
    found = [_of_what(each, words) for each in found]
    found += [
        replace(each, noun=f"been {stem(match[2].lower())}")
        for match in _BEEN.finditer(words)
        for each in found
        if each.text.split()[0] == match[1] and each.noun not in MEASURES and not each.unit
    ]
    match = _NUMBER_OF.search(words)
    if match is None:
        return found
    noun = stem(match[1].split()[-1].lower())
    bare = match[2].rstrip(".,")
    return [
        replace(each, noun=noun) if each.text.startswith(bare) and not each.noun else each
        for each in found
    ]


def _of_what(figure: Quantity, words: str) -> Quantity:
    """A measure as one of what it measures: “160 tonnes of solvents” are of solvents.

    “Two million cubic metres a year” are metres a year, of which a story has few.
    """
    if figure.noun not in MEASURES:
        return figure
    _, _, after = words.partition(figure.text)
    if match := _RATE.match(after):
        return replace(figure, noun=f"{figure.noun} {match[1]}")
    match = re.match(r"(?: [a-z]+)?? of (?:[a-z]+ )??([a-z]{3,})", after)
    return replace(figure, noun=stem(match[1])) if match else figure


def _with_its_noun(figure: Quantity, words: str) -> Quantity:
    """A figure with what it counts behind one or two adjectives: “212 false bolts” are bolts."""
    if not figure.noun or figure.text.endswith("s"):
        return figure
    _, _, after = words.partition(figure.text)
    for word in (each.rstrip(".,;:") for each in after[1:].split(" ")[:2]):
        if not word.isalpha() or word in STOP_WORDS or is_past(word):
            break
        if word.endswith("s") and not word.endswith("ss"):
            return replace(figure, noun=stem(word))
    return figure


def _is_of_people(figure: Quantity) -> bool:
    """Whether it is of many people, whatever they are called: “8,000 farmers”, “20,000 people”."""
    people = figure.text.endswith("people") or figure.noun.endswith(("er", "or", "ist", "ent"))
    return people and not figure.unit and figure.value >= _CROWD_FROM


def _not_done(
    made: Sequence[Claim], sources: Mapping[str, Source]
) -> Iterator[tuple[Claim, Claim, str]]:
    by_word: dict[str, list[Claim]] = {}  # what may be denied, by each of its words
    for each in made:
        if not each.denies and not _NEGATIVE.search(plain(each.passage.text)):
            for word in each.words:
                by_word.setdefault(word, []).append(each)
    for other in made:
        words = plain(other.passage.text)
        match = _NO_SUCH.search(words)
        such = stem((match[1] or match[2]).lower()) if match else ""
        denied = _denied(words)
        spoken_of = (one for word in sorted({such, *denied}) for one in by_word.get(word, ()))
        for one in dict.fromkeys(spoken_of):
            if not _independent(one, other, sources):
                continue
            done = denied & _done(one) & shared(one, other) - one.named - other.named
            if such in one.words or (done and _of_one_thing(one, other)):
                yield one, other, "negation"


def _denied(words: str) -> set[str]:
    """Stems of what somebody says was not done, or was not there."""
    words = _NEVER_SUCH.sub(" ", words)
    if _HYPOTHETICAL.search(words) or not (
        _WAS_NOT.search(words)
        or any(is_past(word) for match in _NONE_WAS.finditer(words) for word in match[0].split())
    ):
        return set()
    return negated(words)[0]


def _done(claim: Claim) -> set[str]:
    """Stems of what it may say was done; “the building” tells of no deed."""
    words = plain(claim.passage.text)
    if _HYPOTHETICAL.search(words):
        return set()
    return {stem(token.lower) for token in tokens(words) if not token.lower.endswith("ing")}


def _of_one_thing(one: Claim, other: Claim) -> bool:
    common = len(shared(one, other) - SPELLED)
    shorter = min(len(one.words), len(other.words))
    return common >= ALIKE or (common > 1 and _SHARE * common > shorter)
