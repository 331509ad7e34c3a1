"""Names: every person, place and body that a sentence names must be named in its passages."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from fusion.words import STOP_WORDS, Token, plain, stem, tokens, word_set

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Small words that stand inside a name without ending it.
_INSIDE = word_set("of de del della di da dos du la le el al bin ibn ben van von der den ter")
# How a person may be called without the passages doing so: no claim is made by them.
TITLES = word_set(
    "mr mrs ms miss dr sir dame lord lady prof professor st saint president prime minister premier "
    "chancellor king queen prince princess pope bishop archbishop rabbi imam sheikh senator "
    "congressman congresswoman representative governor mayor ambassador secretary general colonel "
    "major captain lieutenant sergeant admiral commander judge justice sheriff inspector detective "
    "chief director chairman chairwoman chair manager coach state the rev reverend father sister "
    "foreign interior defence defense finance government minister's"
)
CALENDAR = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december"
)
# Names of one thing that share no letters to go by. Each group is one name.
_SAME = [
    frozenset(group.split("/"))
    for group in (
        "us/usa/america/american/americans/united states/washington",
        "uk/britain/british/briton/britons/united kingdom/great britain/gb",
        "un/united nations", "eu/european union", "uae/emirati/emirates/united arab emirates",
        "france/french/frenchman", "netherlands/dutch/holland", "spain/spanish/spaniard/spaniards",
        "switzerland/swiss", "wales/welsh", "denmark/danish/dane/danes", "greece/greek/greeks",
        "poland/polish/pole/poles", "ireland/irish", "philippines/filipino/filipinos/philippine",
        "sweden/swedish/swede/swedes", "norway/norwegian/norwegians", "england/english",
        "scotland/scottish/scots", "turkey/turkish/turks/türkiye", "cyprus/cypriot/cypriots",
        "czech republic/czech/czechs/czechia", "croatia/croat/croatian", "thailand/thai/thais",
        "finland/finnish/finn/finns", "myanmar/burma/burmese", "lebanon/lebanese",
        "portugal/portuguese", "iceland/icelandic", "congo/congolese", "new zealand/kiwi",
        "kiev/kyiv", "peru/peruvian", "wto/world trade organization",
        "who/world health organization",
    )
]  # fmt: skip
_DEMONYM = re.compile(r"(?:i|n|an|ian|nian|ean|can|ese|ish|ic|s|er|is|ans|ians)$")
_NOT_ALIKE = [frozenset({"niger", "nigeria"}), frozenset({"niger", "nigerian"})]

_ACRONYM_LETTERS = 8  # longer ones are headlines in capitals

Name = tuple[Token, ...]


def names(text: str) -> list[Name]:
    """Runs of capitalised words, in order. A lone first word of a sentence is none."""
    run: list[Token] = []
    pending: list[Token] = []
    found: list[Name] = []
    opens = True  # whether the next word begins a sentence
    started = False  # whether the run began a sentence

    def close() -> None:
        if run and not (started and len(run) == 1 and not _is_acronym(run[0])):
            found.append(tuple(run))
        run.clear()
        pending.clear()

    for token in tokens(text):
        if token.is_word and token.capitalised and not (opens and token.lower in STOP_WORDS):
            if not run:
                started = opens
            run += [*pending, token]
            pending.clear()
            if token.text.endswith("'s"):
                close()
            opens = False
        elif run and not pending and (token.lower in _INSIDE or token.text in "-&"):
            pending.append(token)
        else:
            close()
            opens = token.text in '.!?:"' or (opens and not token.is_word)
    close()
    return found


def _is_acronym(token: Token) -> bool:
    letters = token.text.replace(".", "").removesuffix("'s").removesuffix("s")
    return len(letters) >= 2 and letters.isupper()


def _words(name: Name) -> list[Token]:
    return [t for t in name if t.is_word and t.lower not in _INSIDE]


def alike(one: str, other: str) -> bool:
    """Whether two words (lower case) name the same: equal, inflected, demonym, or known pair."""
    if one == other or stem(one) == stem(other):
        return True
    if frozenset({one, other}) in _NOT_ALIKE:
        return False
    if any(one in group and other in group for group in _SAME):
        return True
    shared = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared += 1
    rests = one[shared:], other[shared:]
    return (
        shared >= 4
        and max(map(len, rests)) <= 4
        and min(map(len, rests)) <= 2
        and any(_DEMONYM.fullmatch(rest) for rest in rests)
    )


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words)


def _acronyms(text: str) -> Iterator[str]:
    """Initials of every run of two or more words of every name of `text`, lower case."""
    for name in names(text):
        words = [t.lower for t in _words(name) if t.lower != "the"]
        for i in range(len(words)):
            for j in range(i + 2, min(i + _ACRONYM_LETTERS, len(words)) + 1):
                yield _initials(words[i:j])


class _Evidence:
    """What the passages name, in the forms that a sentence may take it up."""

    def __init__(self, passages: Sequence[str]) -> None:
        text = " . ".join(passages)
        self.words = {t.lower for t in tokens(text) if t.is_word}
        self.words |= {part for word in self.words if "'" in word for part in word.split("'")}
        self.flat = f" {' '.join(t.lower for t in tokens(text))} "
        self.acronyms = set(_acronyms(text))
        self.capitals = {t.lower for t in tokens(text) if t.capitalised}
        self.pairs = list(_pairs(text))

    def has(self, word: str) -> bool:
        if word in self.words or word in self.acronyms:
            return True
        if any(alike(word, other) for other in self.words if other[0] == word[0]):
            return True
        for group in _SAME:
            if word in group and any(f" {other} " in self.flat for other in group):
                return True
        return False

    def has_phrase(self, words: Sequence[str]) -> bool:
        phrase = " ".join(words)
        return _initials(words) in self.words or any(
            phrase in group and any(f" {o} " in self.flat for o in group) for group in _SAME
        )


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Neighbouring words of the names of `text`, titles and small words left out."""
    for name in names(text):
        words = [t.lower for t in _words(name) if t.lower not in TITLES]
        yield from itertools.pairwise(words)


def _mixed(name: Name, evidence: _Evidence) -> str | None:
    """Another surname or first name that the passages have with a half of this two-word name."""
    words = [t.lower for t in _words(name) if t.lower not in TITLES]
    if len(words) != 2:
        return None
    first, last = words
    if any(alike(first, a) and alike(last, b) for a, b in evidence.pairs):
        return None
    if f" {first} {last} " in evidence.flat:
        return None
    after = {b for a, b in evidence.pairs if a == first}
    before = {a for a, b in evidence.pairs if b == last}
    if after and before:
        return f"{first.capitalize()} {sorted(after)[0].capitalize()}"
    return None


def check_names(sentence: str, passages: Sequence[str]) -> list[str]:
    """Names that the passages do not have, or that put two of their names together.

    Case does not matter in the passages. Titles, possessives, the other form of a country and its
    people, acronyms and their expansions are the same name.
    """
    evidence = _Evidence(passages)
    problems = []
    for name in names(plain(sentence)):
        words = [t for t in _words(name) if t.lower not in TITLES and t.lower not in CALENDAR]
        if not words or evidence.has_phrase([t.lower for t in words]):
            continue
        unknown = [t for t in words if t.lower not in STOP_WORDS and not evidence.has(t.lower)]
        if unknown:
            text = " ".join(t.text for t in unknown).removesuffix("'s")
            problems.append(f"The name “{text}” is not in the passages.")
        elif other := _mixed(name, evidence):
            text = " ".join(t.text for t in words).removesuffix("'s")
            problems.append(f"The passages do not name “{text}”; they name {other}.")
    return problems
