"""The sides of a dispute: what a reader is told of each, so that it can be understood alone.

A claim seldom says all: who “he” is, what “it was not” denies, which memo there never was, stands
in the sentences beside it. These are told with it, as far as they are the same claimant's or say
what the two are about.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.against import AT_ODDS, BARE_DENIAL, CLEFT, ELLIPTIC, NO_SUCH, shared
from fusion.antecedent import lacks_antecedent
from fusion.attribute import attributed
from fusion.passage import is_quotation, untied
from fusion.types import Side
from fusion.verify.claimant import claimant, unquoted
from fusion.verify.relations import negated
from fusion.words import content, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion.claims import Claim
    from fusion.types import Chunk

WITHIN = 5  # sentences of one report from a claim to the one that disputes it, at most
LONGEST_SIDE = 60  # words, with the sentence before it
_LONGEST_STORY = 75  # words, of several sentences of one side
_OF_IT = 2  # words shared, from which what follows a denial tells what is denied
_HE_SAYS = re.compile(r"\b(?:he|she) (says|said|adds|added|writes|wrote)\b", re.I)
# “says that it was”, “insists they did not”: what, the sentence before tells.
_ELLIPSIS = re.compile(
    r"\b(?:it|they|he|she) (?:was|were|is|are|did|had|has|would|will)"
    r"(?: not| in no doubt| (?:certain|convinced|sure))?(?=[,.;])",
    re.IGNORECASE,
)
_ONLY_QUOTED = re.compile(r'^\W*"[^"]*" (?:said|says) [^"]*$')
_NOBODY_NAMED = re.compile(
    r"^\W*(?:he|she|they|it|this|that|these|those)\b|^\"[^\"]*\" (?:he|she|they|it) \w+", re.I
)
_SAYS_SO = re.compile(r"\b(?:says?|said|thinks?) so\W*$", re.I)


def sides_of(
    one: Claim, other: Claim, made: Sequence[Claim], at: Mapping[tuple[str, int], Chunk]
) -> tuple[Side, Side]:
    """The two sides of a dispute in one report, `other` being the later claim.

    `made` are all claims, `at` the sentences by source and place.
    """
    return _first_side(one, other, made, at), _second_side(one, other, made, at)


def sides_across(
    one: Claim, other: Claim, made: Sequence[Claim], at: Mapping[tuple[str, int], Chunk]
) -> tuple[Side, Side]:
    """The two sides of a dispute across reports, where neither answers the other."""
    return _first_side(one, other, made, at), _side(other, made, 1, at)


def _first_side(
    claim: Claim, other: Claim, made: Sequence[Claim], at: Mapping[tuple[str, int], Chunk]
) -> Side:
    """The claim that the other one answers: it has to tell what the two are about.

    Where it says no more than “that it was”, or is a quotation, the sentence before it tells; where
    the answer is that there is “no such memo”, the one that speaks of a memo.
    """
    if side := _with_what_is_not(claim, other, made, at):
        return side
    side = _side(claim, made, -1, at)
    before = at.get((claim.passage.source, claim.place - 1))
    if before is None or len(side.passages) > 1 or not _tells_too_little(claim):
        return side
    if lacks_antecedent(before.text) or len(f"{before.text} {side.claim}".split()) > LONGEST_SIDE:
        return side
    return Side(f"{before.text} {side.claim}", (before, *side.passages))


def _with_what_is_not(
    claim: Claim, other: Claim, made: Sequence[Claim], at: Mapping[tuple[str, int], Chunk]
) -> Side | None:
    """What the claimant says, up to the sentence that has what the other says there is not."""
    source = claim.passage.source
    match = NO_SUCH.search(unquoted(other.passage.text))
    if match is None or other.passage.source != source or set(content(match[1])) <= claim.words:
        return None
    for place in range(other.place - 1, max(0, other.place - WITHIN), -1):
        if not set(content(match[1])) <= set(content(at[source, place].text)):
            continue
        begins = [
            each.place
            for each in made
            if each.passage.source == source and each.place <= place and not each.by_another(claim)
        ]
        told = [at[source, i] for i in range(begins[-1], place + 1)] if begins else []
        words = " ".join(passage.text for passage in told)
        return Side(words, tuple(told)) if 0 < len(words.split()) <= _LONGEST_STORY else None
    return None


def _second_side(
    one: Claim, other: Claim, made: Sequence[Claim], at: Mapping[tuple[str, int], Chunk]
) -> Side:
    """What `other` says against `one`; where that is short, with the sentence after it.

    If that one is by another than the first claimant, and denies what the first claim speaks of; or
    only speaks of it, after “rejected that”: the port's harbour master speaks for the port.
    """
    side = _side(other, made, 1, at)
    if len(side.passages) > 1 or len(other.words) > ELLIPTIC:
        return side
    for each in _in_sentence(other, made, 1):
        of_it = len(shared(one, each)) if each.by_another(one) else 0
        denies = of_it >= _OF_IT and bool(negated(each.passage.text)[0])
        if denies or (of_it and BARE_DENIAL.search(other.passage.text)):
            told = f"{side.claim} {untied(each.passage.text)}"
            return Side(told, (*side.passages, each.passage))
    return side


def _tells_too_little(claim: Claim) -> bool:
    text = claim.passage.text
    return (
        len(claim.words) <= ELLIPTIC
        or is_quotation(text)
        or _ONLY_QUOTED.search(plain(text)) is not None
        or _ELLIPSIS.search(unquoted(text)) is not None
    )


def _side(
    claim: Claim, made: Sequence[Claim], step: int, at: Mapping[tuple[str, int], Chunk]
) -> Side:
    """The claim, with what its claimant says beside it where it alone tells too little.

    A short one takes the sentence before or after it, as `step` is -1 or 1; a quotation, one that
    begins with a pronoun, and one that “it said”, the sentence before it, be it a claim or not.
    """
    text = claim.passage.text
    if claim.issued:
        return Side(attributed(untied(text), claim.who), (claim.passage,))
    said = [claim.passage]
    named = set(content(claim.who)) & set(content(text))
    if is_quotation(text) or lacks_antecedent(text) or not named:
        said += _sentence_of(claim, made, -1) or _naming(claim, at)
    elif len(claim.words) <= ELLIPTIC:
        said += _sentence_of(claim, made, step)
    said.sort(key=lambda passage: passage.start)
    words = untied(" ".join(passage.text for passage in said))
    if not set(content(claim.who)) & set(content(words)):  # “…, she says”: who is she?
        words = _HE_SAYS.sub(lambda m: f"{claim.name} {m[1]}", words, count=1)
    # Half a sentence becomes one: “the” begins it, and no mark ends it.
    end = "" if words.endswith((".", "!", "?", '"', "”", "'", "’")) else "."
    return Side(words + end, tuple(said))


def _naming(claim: Claim, at: Mapping[tuple[str, int], Chunk]) -> list[Chunk]:
    """The sentence before, where it names who says “it says that …”, and nobody else speaks."""
    before = at.get((claim.passage.source, claim.place - 1))
    if before is None or not set(content(claim.who)) <= set(content(before.text)):
        return []
    speaks = set(content(claimant(before.text)))
    return [before] if not speaks or speaks & claim.party else []


def is_clear(side: Side) -> bool:
    """Whether a reader of this side alone knows who speaks, and what they say.

    “Was it needed? The police say so.” tells neither what was needed nor why.
    """
    words = unquoted(side.claim)
    if _SAYS_SO.search(words):
        return False
    names_whom = AT_ODDS.search(words) or CLEFT.match(words)
    return bool(names_whom) or not _NOBODY_NAMED.search(words)


def _sentence_of(claim: Claim, made: Sequence[Claim], step: int) -> list[Chunk]:
    """What the same claimant says in the sentence before or after."""
    beside = _in_sentence(claim, made, step)
    return [each.passage for each in beside if not each.by_another(claim)]


def _in_sentence(claim: Claim, made: Sequence[Claim], step: int) -> list[Claim]:
    """The claims in the sentence before or after that of `claim`, as `step` is -1 or 1."""
    source, place = claim.passage.source, claim.place + step
    return [each for each in made if each.passage.source == source and each.place == place]
