"""Disputes: claims that cannot both be right, found by how reports set them side by side.

The default model cannot tell them: asked whether two claims disagree, outright or with examples,
it says much the same of all pairs. But news is written so that a claim and what is said against it
stand together. Of two claims within `NEAR` sentences of one report, by different claimants, the
later one disputes the earlier one by one of these:

    denial    it turns it down: “denied it”, “called that untrue”
    negation  it says “was not”, or negates a word that the other uses
    figure    it gives another figure for the same thing: “said that it was 6,100”
    account   it tells the same deed otherwise: “said that it began at …”

Two independent reports also disagree where one tells as done what another, not older, says is yet
to be done.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.chunk import text_key
from fusion.claims import Claim, claims, sentences
from fusion.types import Conflict, Side, as_utc
from fusion.verify.claimant import unquoted
from fusion.verify.numbers import quantities, rounds_to
from fusion.verify.relations import ahead_and_told, negated
from fusion.words import content, coverage, is_past, stem, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fusion.types import Chunk, Source
    from fusion.verify.numbers import Quantity

NEAR = 2  # sentences of one report from a claim to the one that disputes it
MOST = 4  # disputes told; a reader in a hurry is served by the clearest
FAR = 10  # times another figure, from which the two are of different things
_ELLIPTIC = 4  # content words up to which a claim needs its next sentence: “Halvard denied it.”
_SAME_DEED = 0.5  # share of content words from which two sentences tell of one deed

_LIGHT = frozenset(map(stem, word_set(
    "say said says people day week year time new part take make come go get give put also told"
)))  # fmt: skip
_SAID = r"\b(?:says?|said)(?: (?:late |early )?on \w+)?(?: that)? "
_PART = re.compile(r"\b[\w.,-]+ of (?:them|the|those|these|whom|which)\b")
_POINTS_BACK = re.compile(
    r"\b(?:it|this|that|them)\b|\bthe (?:claim|charge|allegation|accusation|report)s?\b", re.I
)
_WAS_NOT = re.compile(r"\b(?:was|were|did|had|has|have|is|are|does|would|will) not\W*$", re.I)
_OTHER_FIGURE = re.compile(
    _SAID + r"(?:(?:it|they|there) \w+|the \w+ (?:was|were|is|are)\b)"
    r"|\bputs? (?:[\w']+ ){1,4}at\b",
    re.I,
)
_OTHER_ACCOUNT = re.compile(
    _SAID + r"(?:it|they|he|she) (?:had |has |have |was |were )?(\w+)", re.I
)
_YET_TO_BE = re.compile(r"\byet to\b|\b(?:has|have|had) not yet\b|n't yet\b", re.I)


def disputes(chunks: Sequence[Chunk], sources: Mapping[str, Source]) -> list[Conflict]:
    """Find the disputes of a story, at most `MOST`, the clearest kind first.

    `chunks` come in the order of reading. No sentence is in two disputes.
    """
    made = claims(chunks)
    found: list[tuple[int, Conflict]] = []
    for one, other in _near(made):
        if kind := _kind(one, other):
            sides = (_side(one, made, -1), _side(other, made, 1))
            found.append((_KINDS.index(kind), Conflict(_about(kind, one, other), sides)))
    found += [(len(_KINDS), each) for each in _undone(chunks, sources)]
    kept: list[Conflict] = []
    used: set[str] = set()
    for _, conflict in sorted(found, key=lambda pair: pair[0]):
        keys = {text_key(p.text) for side in conflict.sides for p in side.passages}
        if not keys & used and len(kept) < MOST:
            used |= keys
            kept.append(conflict)
    return kept


_KINDS = ("denial", "figure", "account", "negation")


def _near(made: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Pairs of claims that stand together, the nearest earlier one first."""
    for i, other in enumerate(made):
        for one in reversed(made[max(0, i - NEAR) : i]):
            same_report = one.passage.source == other.passage.source
            if same_report and other.place - one.place <= NEAR and one.by_another(other):
                yield one, other


def _kind(one: Claim, other: Claim) -> str | None:
    """How `other` disputes `one`; None where it does not."""
    words, adjacent = unquoted(other.passage.text), other.place - one.place == 1
    shared = (one.words & other.words) - _LIGHT
    if other.denies:
        return "denial" if shared or (adjacent and _POINTS_BACK.search(words)) else None
    if not adjacent:
        return None
    figure = _OTHER_FIGURE.search(words) or _OTHER_FIGURE.search(unquoted(one.passage.text))
    if figure and _figures_differ(one, other):
        return "figure"
    if (match := _OTHER_ACCOUNT.search(words)) and stem(match[1].lower()) in one.words - _LIGHT:
        return "account"
    if _WAS_NOT.search(words) and len(other.words) <= _ELLIPTIC:
        return "negation"
    (not_ours, ours), (not_theirs, theirs) = (
        negated(unquoted(each.passage.text)) for each in (one, other)
    )
    return "negation" if (not_ours & theirs | not_theirs & ours) & shared else None


def _figures_differ(one: Claim, other: Claim) -> bool:
    """Whether some figures of the two could be of one thing, and are not the same."""
    return any(
        _comparable(ours, theirs)
        and not rounds_to(ours.value, theirs)
        and not rounds_to(theirs.value, ours)
        for ours in _figures(one)
        for theirs in _figures(other)
    )


def _figures(claim: Claim) -> list[Quantity]:
    """The figures of a claim; “three of them” is a part of another's."""
    return quantities(_PART.sub(" ", unquoted(claim.passage.text)))


def _comparable(one: Quantity, other: Quantity) -> bool:
    units = {one.unit, other.unit}
    if len(units) > 1 and ("" not in units or "%" in units):
        return False  # money may stand without its currency
    if one.noun and other.noun and one.noun != other.noun and not one.unit:
        return False
    low, high = sorted((abs(one.value), abs(other.value)))
    return low * FAR > high


def _side(claim: Claim, made: Sequence[Claim], step: int) -> Side:
    """The claim; one too short to tell much with its claimant's sentence before or after it."""
    said = [claim.passage]
    if len(claim.words) <= _ELLIPTIC:
        said += [
            each.passage
            for each in made
            if each.passage.source == claim.passage.source
            and each.place == claim.place + step
            and not each.by_another(claim)
        ]
    said.sort(key=lambda passage: passage.start)
    return Side(" ".join(passage.text for passage in said), tuple(said))


def _about(kind: str, one: Claim, other: Claim) -> str:
    first, second = (_ARTICLE.sub(lambda m: m[0].lower(), each.who) for each in (one, other))
    if kind in ("denial", "negation"):
        return f"what {first} said and {second} denied"
    return f"the {'figures' if kind == 'figure' else 'accounts'} of {first} and {second}"


# Words that begin a name only at the beginning of a sentence.
_ARTICLE = re.compile(
    r"^(?:The|A|An|Its|His|Her|Their|One|Two|Three|Four|Five|Some|Several|Many|Most|Other|Police"
    r"|Officials|Witnesses|Residents)\b"
)


def _undone(chunks: Sequence[Chunk], sources: Mapping[str, Source]) -> Iterator[Conflict]:
    """What one report says is yet to be done and another, not newer, tells as done.

    The reports' groups are compared and not the passages' voices: who takes over a passage and
    changes what is done in it speaks for themselves.
    """
    every = [(each, _YET_TO_BE.search(unquoted(each.text))) for _, each in sentences(chunks)]
    waits = [(each, match) for each, match in every if match]
    if not waits:
        return
    tells = [(each, _done(each.text)) for each, match in every if not match]
    for waiting, match in waits:
        ahead = {*ahead_and_told(waiting.text)[0], *content(match.string[match.end() :])[:1]}
        for done, deeds in tells:
            if (
                sources[waiting.source].group != sources[done.source].group
                and deeds & ahead - _LIGHT
                and coverage(done.text, waiting.text) >= _SAME_DEED
                and not _newer(done, waiting, sources)
            ):
                sides = (Side(done.text, (done,)), Side(waiting.text, (waiting,)))
                yield Conflict("what one report tells as done and another as yet to be done", sides)


def _done(text: str) -> set[str]:
    """Stems of what `text` tells as done."""
    told = {root for root, word in ahead_and_told(text)[1].items() if is_past(word)}
    return told - negated(text)[0]


def _newer(one: Chunk, other: Chunk, sources: Mapping[str, Source]) -> bool:
    ours, theirs = (sources[each.source].published for each in (one, other))
    return ours is not None and theirs is not None and as_utc(ours) > as_utc(theirs)
