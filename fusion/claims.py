"""Claims: sentences that tell what somebody says, and who that is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from fusion.antecedent import lacks_antecedent
from fusion.attribute import attributed
from fusion.sentences import split_sentences
from fusion.verify.claimant import BY_COUNT, claimant, denies
from fusion.verify.names import names
from fusion.words import content, plain, stem, word_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fusion.types import Chunk, Source

_OF_PERSONS = word_set("he she him her")
_PRONOUNS = _OF_PERSONS | word_set("they it who which we i one this that those these there")
# Whoever begins with these is no other party to the report: “our director”, “we know”, “what”.
_NOBODY = word_set("we our i my what which who whose all everything nothing")
# “Its director” and “the head of its ward” speak for it; “its insurer” does not.
_SPEAKER = (
    r"(?:spokes\w+|director|head|chief|chair\w*|president|secretary|manager|leader|editor|captain"
    r"|partner|founder|delegate|representative|treasurer|lawyers?|attorney|minister|adviser|doctor"
    r"|principal)"
)
_ITS = re.compile(
    rf"\b(?:its|their) (?:[\w-]+ ){{0,2}}{_SPEAKER}\b|\b{_SPEAKER} (?:of|for) (?:its|their)\b", re.I
)
_A_SPOKESMAN = re.compile(r"an? spokes\w+$", re.IGNORECASE)  # of whoever spoke last

# “She was an engineer at Lee Line”: it names the line, and is of her who spoke before.
_GOES_ON = re.compile(
    r"^\W*(?:(?:on|in|at|by|after|before|until|since) [^,]{2,40},? )?(?:he|she)\b", re.I
)
_ONE_OF_THEM = re.compile(r"(?:one|two|both|some) of (?:them|these|those)$", re.I)
_ITS_OWN = re.compile(r"(?:its|his|her|their)\b", re.I)
# Papers say things, and yet “it said” after them is somebody's.
_PAPER = re.compile(
    r"(?:(?:an?|the|its|one|another) )?(?:page|article|paragraph|clause|section|letter|memo"
    r"|contract|agreement|document|report|statement|notice|survey|study)\b",
    re.IGNORECASE,
)
_SAY = re.compile(r"\b(?:says?|said)\b")
_BUT = re.compile(r",? (?:but|while|whereas|although) |; ")

# Whoever tells what somebody counts tells it because others count otherwise.
COUNTS = re.compile(
    rf"{BY_COUNT.pattern}|\b(?:count(?:s|ed)|(?:put|value)s? [^.;]{{3,80}} at|sp(?:eaks?|oke) of"
    r"|sees|believes? in|(?:estimate|expect|forecast|predict|project|reckon|value)(?:s|d|ed)?)\b",
    re.IGNORECASE,
)
OLDER = re.compile(
    r"\b(?:earlier|previous|first(?! (?:day|night|week))|initial|last(?! night| evening)|year"
    r"|old(?:er)?)\b",
    re.IGNORECASE,
)

# Bodies of one kind: “the Transport Ministry” and “the Finance Ministry” are two claimants.
BODIES = frozenset(map(stem, word_set(
    "ministry institute office authority agency union association federation league council court "
    "service department commission bureau centre center party"
)))  # fmt: skip
OF_MANY = BODIES | frozenset(map(stem, word_set(
    "spokesman spokeswoman spokesperson head chief director president chairman chairwoman minister "
    "mayor governor leader secretary lawyer company state national city regional local government "
    "deputy general now"
)))  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """A sentence, or its half, that gives what somebody says; `who` is as the report names them.

    A pronoun stands for who spoke last. `place` counts the sentences of the report. `of` is whose
    claimant it is: of “its director”, who spoke last. What is `issued` is the word of who issues
    the report, which does not say so. Each is held against many others, so that what is worked out
    of it is kept.
    """

    passage: Chunk
    who: str
    place: int
    of: str = ""
    issued: bool = False

    @cached_property
    def denies(self) -> bool:
        """Whether it turns down what somebody else says."""
        return denies(self.passage.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Stems of its content words, the claimant's name left out."""
        return frozenset(content(self.passage.text)) - frozenset(content(self.who))

    @cached_property
    def named(self) -> frozenset[str]:
        """Stems of the words of all names in it."""
        return frozenset(stem(token.lower) for name in names(self.passage.text) for token in name)

    @property
    def name(self) -> str:
        """The claimant as they can be called elsewhere: “its director, Ann Lee” is Ann Lee."""
        return self._in_person if _ITS_OWN.match(self.who) and self._in_person else self.who

    @cached_property
    def _in_person(self) -> str:
        """Who “the head of the port, retired judge Ann Lee,” is: Ann Lee."""
        named = re.search(
            rf"{re.escape(self.who)}(?:, (?:(?!(?:who|which|said|says|on|in|at|and|but)\b)[a-z-]+ )"
            r"{0,4}| )((?:[A-Z][\w'.-]+ ?){1,4})",
            plain(self.passage.text),
        )
        return named[1].strip() if named else ""

    @cached_property
    def party(self) -> frozenset[str]:
        """Stems of the words of the claimant's name, and of whose they are."""
        return frozenset(content(f"{self.who} {self.of} {self._in_person}"))

    def by_another(self, other: Claim) -> bool:
        """Whether no word of the two claimants' names is the same, nor of whose they are."""
        return not self.party & other.party


def sentences(chunks: Iterable[Chunk]) -> Iterator[tuple[int, Chunk]]:
    """Each sentence of the passages as a passage of its own, with its place in its report."""
    place, source = 0, ""
    for passage in chunks:
        place = place if passage.source == source else 0
        source = passage.source
        for start, end in split_sentences(passage.text):
            yield place, part(passage, start, end)
            place += 1


def part(passage: Chunk, start: int, end: int) -> Chunk:
    """What stands from `start` to `end` of the passage's text, as a passage of its own."""
    words = passage.text[start:end]
    at = passage.start + start
    return replace(passage, start=at, end=at + len(words), text=words)


def claims(chunks: Iterable[Chunk]) -> list[Claim]:
    """The claims among passages, which come in the order of reading."""
    found: list[Claim] = []
    last: dict[str, str] = {}
    # Whom the sentence at a place names, and whether it begins with the name: “Ann Lee smiles when
    # she hears that. According to her, …”, “Lee Line has put out a statement. It says that …”.
    subject: dict[tuple[str, int], tuple[str, bool]] = {}
    for place, sentence in sentences(chunks):
        for said in _halves(sentence) or [sentence]:
            who = claimant(said.text)
            before = last.get(said.source, "")
            named, begins = subject.get((said.source, place - 1), ("", False))
            if named and (who.lower() in _OF_PERSONS or (begins and who.lower() == "it")):
                before = named
            if who.lower() in _PRONOUNS or _ONE_OF_THEM.match(who):
                who = before
            if who and who.split()[0].lower() not in _NOBODY:
                last[said.source] = before if _PAPER.match(who) else who
                own = _ITS.search(who) or (_A_SPOKESMAN.match(who) and not denies(said.text))
                found.append(Claim(said, who, place, before if own else ""))
            elif goes_on(said.text):
                subject[said.source, place] = named or before, begins
            elif name := next((name for name in names(said.text) if len(name) > 1), None):
                words = plain(said.text)[name[0].start : name[-1].end]
                subject[said.source, place] = words, name[0].start == 0
            elif begins:
                subject[said.source, place] = named, True
    return found


def issued(
    every: Iterable[tuple[int, Chunk]], made: Iterable[Claim], sources: Mapping[str, Source]
) -> list[Claim]:
    """What a party's own releases tell without naming a claimant: it is their issuers' word.

    `every` has the sentences with their places, `made` the claims among them.
    """
    elsewhere = {(claim.passage.source, claim.place) for claim in made}
    return [
        Claim(sentence, issuer, place, issued=True)
        for place, sentence in every
        if (issuer := sources[sentence.source].article.metadata.issuer)
        and (sentence.source, place) not in elsewhere
        and not lacks_antecedent(sentence.text)
        and attributed(sentence.text, issuer)
    ]


def goes_on(text: str) -> bool:
    """Whether a sentence tells more of who the one before it is about, by “he” or “she”."""
    return _GOES_ON.match(text) is not None


def _halves(sentence: Chunk) -> list[Chunk]:
    """What stands on the two sides of “but”, “while” or “;”, where each side names who says it."""
    for match in _BUT.finditer(sentence.text):
        halves = [
            part(sentence, 0, match.start()),
            part(sentence, match.end(), len(sentence.text)),
        ]
        names = [claimant(half.text).lower() for half in halves]
        quoting = plain(halves[0].text).count('"') % 2
        if match[0] == "; " and not all(_SAY.search(half.text) for half in halves):
            continue  # the second explains the first
        if not quoting and all(name and name not in _PRONOUNS for name in names):
            return halves
    return []
