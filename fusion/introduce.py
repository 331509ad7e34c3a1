"""Names in full: whom a summary first calls by the surname alone, it calls as the report first did.

A report gives a name once in full and goes on with the surname. A sentence from its midst has lost
the rest, which is put back word for word, and the passage that has it is cited too.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from fusion.quotes import find_quotes
from fusion.verify.names import CALENDAR, TITLES
from fusion.words import STOP_WORDS, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set

    from fusion.compose import Told
    from fusion.types import Chunk

_NO_NAMES = STOP_WORDS | CALENDAR  # though capitals begin them
_WORD = r"[A-Z][\w.’'-]*"
_SMALL = r"(?:de|van|von|bin|al|el|der)"  # words within a name
_ALONE = re.compile(
    rf"(?<![\w’'-])(?P<name>[A-Z][a-z]\w*(?:-[A-Z]\w+)?)(?![\w-]|(?:['’]s)? {_WORD})"
)
# Before a name: what may be its beginning, and what stands before places and bodies.
_WORD_BEFORE = re.compile(rf"({_WORD}|\b{_SMALL}) $")
_PLACE_BEFORE = re.compile(r"\b(?:the|an?|in|at|from|near|to|across) $", re.I)
_GIVEN = rf"(?:{_WORD} (?:{_SMALL} ){{0,2}}){{1,3}}"
# Signs that somebody is a person: an age, a title, a fate, kin, speech.
_TITLE = rf"(?:{'|'.join(sorted(title.capitalize() for title in TITLES if title.isalpha()))})"
_FATE = (
    r"(?:arrested|held|detained|charged|accused|jailed|convicted|acquitted|released|extradited"
    r"|killed|shot|injured|born|elected|appointed|married)"
)
_KIN = r"(?:lawyer|wife|husband|family|mother|father|son|daughter|brother|sister|widow|parents)"
_WHO = r"(?:man|woman|suspect|student|teacher|doctor|driver|professor|player|actor|actress|author)"
_SAYS = r"(?:said|says|told|tells|added|wrote|writes|argued|thinks|believes|recalled)"


def in_full(told: Sequence[Told], passages: Sequence[Chunk], room: float) -> list[Told]:
    """`told`, in the order of reading, with people named in full where they are first named.

    `passages` are the story's, in the order of reading; `room` is how many words may be added.
    """
    met: set[str] = set()
    named = []
    for each in told:
        sentence = each
        for start, surname in reversed(list(_bare(each.text, met))):
            if (found := _introduced(surname, each.passages, passages)) is None:
                continue
            full, where = found
            added = len(full.split()) - 1
            if added > room:
                continue
            room -= added
            text = sentence.text[:start] + full + sentence.text[start + len(surname) :]
            cited = (*sentence.passages, *(p for p in [where] if p not in sentence.passages))
            sentence = replace(sentence, text=text, passages=cited)
        met |= {token.lower for token in tokens(sentence.text) if token.capitalised}
        named.append(sentence)
    return named


def _bare(text: str, met: set[str]) -> Iterator[tuple[int, str]]:
    """Names of one word that `text` has outside quotation marks and has not `met`, and where."""
    quoted = find_quotes(text)
    for match in _ALONE.finditer(text):
        name, start = match["name"], match.start()
        before = text[:start]
        known = {token.lower for token in tokens(before) if token.capitalised} | met
        if name.lower() in known | _NO_NAMES | TITLES or _PLACE_BEFORE.search(before):
            continue
        begun = _WORD_BEFORE.search(before)
        if begun and begun[1].lower() not in _NO_NAMES:
            continue
        if not any(begin <= start < end for begin, end in quoted):
            yield start, name


def _introduced(
    surname: str, cited: Sequence[Chunk], passages: Sequence[Chunk]
) -> tuple[str, Chunk] | None:
    """The full name that a cited report gave before, and its passage; if it is one person's."""
    for passage in cited:
        report = [p for p in passages if p.source == passage.source]
        text = "\n".join(p.text for p in report)
        common = set(re.findall(r"\b[a-z]+\b", text)) | _NO_NAMES | TITLES
        if surname.lower() in common or not re.search(rf"\b{surname}\b", passage.text):
            continue
        found: dict[str, Chunk] = {}
        for earlier in report:
            if earlier.start >= passage.start or earlier.voice != passage.voice:
                continue
            for match in re.finditer(rf"\b({_GIVEN}){surname}\b", earlier.text):
                if given := _given(match[1].split(), common):
                    found.setdefault(" ".join([*given, surname]), earlier)
        if not found:
            continue
        full = min(found, key=len)
        if all(each.endswith(full) for each in found) and _is_person(full, surname, text):
            return full, found[full]
    return None


def _given(words: Sequence[str], common: Set[str]) -> list[str]:
    """The given names among `words`: what stands after titles, “Sen.”, “Kasker's” and “When”."""
    begin = 0
    for i, word in enumerate(words):
        no_name = word[0].isupper() and word.lower().strip(".,") in common
        if no_name or re.fullmatch(r"\w{2,}\.|.+['’]s", word):
            begin = i + 1
    return list(words[begin:])


def _is_person(full: str, surname: str, text: str) -> bool:
    either = rf"(?:{re.escape(full)}|{surname})"
    return bool(
        re.search(rf"{re.escape(full)}, (?:aged )?\d\d\b|{either},? who\b", text)
        or re.search(rf"\b{_TITLE}\.? {either}\b", text)
        or re.search(rf"{either},? (?:is|was|has been|had been|being) (?:\w+ly )?{_FATE}\b", text)
        or re.search(rf"{either}['’]s? (?:\w+ )?{_KIN}\b|\b{_WHO},? {re.escape(full)}\b", text)
        or re.search(rf"{either},? (?:\w+ly )?{_SAYS}\b|\b{_SAYS} {either}\b", text)
    )
