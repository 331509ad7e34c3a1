"""What hangs on what: whose minister, complaints *about* whom, *was shown* or *has shown*.

A small model that rewords a sentence keeps its words and loses their ties, and asked whether the
result is true it says yes. Each check compares one kind of tie and is silent about words that the
passages do not have.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.words import is_past, plain, stem, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Offices and bodies that belong to somebody.
_OFFICES = (
    r"(?:president|minister|premier|chancellor|ambassador|envoy|spokes\w+|lawyer|attorney|leader|"
    r"chief|head|director|mayor|governor|king|queen|parliament|government|army|navy|police|court|"
    r"commander|coach|captain|chair\w*|secretary|owner|founder|editor|union|wife|husband|son|"
    r"daughter|father|mother|brother|sister|capital)"
)
_OWNER = r"([A-Z][\w-]+(?: [A-Z][\w-]+){0,2})"
_HIS = re.compile(rf"{_OWNER}'s? (?:[\w-]+ ){{0,3}}?({_OFFICES})\b")
_OF = re.compile(rf"\b({_OFFICES}) (?:of|for) (?:the )?{_OWNER}")
_BY_PREPOSITION = re.compile(
    r"\b([a-z]{4,}) (about|from|against|by|to|for|with|on|over|toward|towards) (?:the |an? )?"
    r"([A-Z][\w-]+)"
)
_HAS_DONE = re.compile(r"\b(?:has|have|had) (?!been\b)(?:\w+ly )?([a-z]+)\b")
_DONE_BY = re.compile(
    r"\b(?:was|were|is|are|be|been|being) (?:\w+ly )?([a-z]+) by ((?:[\w-]+ ?){1,5})"
)
_WAS_DONE = re.compile(r"\b(?:was|were|is|are|be|been|being) (?:\w+ly )?([a-z]+)\b")
_WORD = re.compile(r"[a-z]+")
_GENDERS = (
    (
        word_set("he him his himself"),
        word_set("mr sir lord king prince father husband son brother"),
    ),
    (
        word_set("she her hers herself"),
        word_set("ms mrs miss lady dame queen princess mother wife daughter sister"),
    ),
)
# “Friday's court hearing” is nobody's court.
_NO_OWNER = word_set(
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday Today Yesterday Tomorrow January "
    "February March April May June July August September October November December"
)
# Between these a writer may choose.
_ALIKE = {"towards": "toward", "over": "about", "on": "about"}


def check_attachment(sentence: str, passages: Sequence[str]) -> list[str]:
    """Ties between words that the passages have with another word in the tie's other end."""
    said, there = plain(sentence), [plain(passage) for passage in passages]
    return [
        *_belongs_elsewhere(said, there),
        *_other_preposition(said, there),
        *_turned_active(said, there),
    ]


def check_pronouns(sentence: str, passages: Sequence[str]) -> list[str]:
    """“He” or “she” where no passage says so, or “Mr” or “queen”: a guess from the name."""
    ours = set(_WORD.findall(plain(sentence).lower()))
    theirs = {word for passage in passages for word in _WORD.findall(plain(passage).lower())}
    return [
        f"The passages do not say “{min(ours & pronouns)}”; use the name."
        for pronouns, titles in _GENDERS
        if ours & pronouns and not theirs & (pronouns | titles)
    ]


def _belongs_elsewhere(said: str, there: Sequence[str]) -> Iterator[str]:
    owners: dict[str, set[str]] = {}
    for passage in there:
        for office, owner in _offices(passage):
            owners.setdefault(office, set()).add(owner)
    for office, owner in _offices(said):
        others = owners.get(office, set())
        if not others or any(owner in other or other in owner for other in others):
            continue
        if not any(f"{owner} {office}".lower() in passage.lower() for passage in there):
            yield f"The passages have the {office} of {min(others)}, not of {owner}."


def _offices(text: str) -> Iterator[tuple[str, str]]:
    """Each office in `text` with its owner, as in “X's minister” and “the minister of X”."""
    found = [(match[2], match[1]) for match in _HIS.finditer(text)]
    found += [(match[1], match[2]) for match in _OF.finditer(text)]
    yield from ((office, owner) for office, owner in found if owner not in _NO_OWNER)


def _other_preposition(said: str, there: Sequence[str]) -> Iterator[str]:
    ties = [match.groups() for passage in there for match in _BY_PREPOSITION.finditer(passage)]
    for noun, preposition, name in (match.groups() for match in _BY_PREPOSITION.finditer(said)):
        those = {p for n, p, name_there in ties if stem(n) == stem(noun) and name_there == name}
        if those and _ALIKE.get(preposition, preposition) not in {_ALIKE.get(p, p) for p in those}:
            yield f"The passages say “{noun} {min(those)} {name}”, not “{preposition}”."


def _turned_active(said: str, there: Sequence[str]) -> Iterator[str]:
    done = {stem(m[1]) for passage in there for m in _WAS_DONE.finditer(passage) if is_past(m[1])}
    for match in _HAS_DONE.finditer(said):
        root = stem(match[1])
        if root not in done or not is_past(match[1]):
            continue
        if not any(_active(root, passage) or _by(said, match, root, passage) for passage in there):
            yield f"The passages say that it was {match[1]}, not that it “{match[0]}”."


def _active(root: str, passage: str) -> bool:
    """Whether a passage has the verb in another place than after a form of *be*."""
    rest = _WAS_DONE.sub(" ", passage)
    return any(stem(word) == root for word in _WORD.findall(rest))


def _by(said: str, match: re.Match[str], root: str, passage: str) -> bool:
    """Whether the passage has it done by whom the sentence has do it."""
    doer = said[: match.start()].split()[-1:]
    return any(
        stem(done[1]) == root and set(doer) & set(done[2].split())
        for done in _DONE_BY.finditer(passage)
    )
