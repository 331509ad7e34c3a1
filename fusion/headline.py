"""The headline: in the model's words, in the lead's, or in a report's; never beyond the lead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fusion.errors import MalformedOutput
from fusion.neutral import loaded_words
from fusion.passage import is_caption
from fusion.verify import verify
from fusion.words import STOP_WORDS, WEEKDAY, content, coverage, in_order
from fusion.write import NAMED_BY_TODAY, headline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.llm import LLM
    from fusion.verify import Calibration

TRIES = 2  # of the model, the second in other words
IN_ORDER = 0.7  # share of its content words that the lead has in the same order
OWN = 0.85  # share of its content words that the lead has at all
SURE = 0.9  # support from which it may turn its words round, or have one of its own
WORDS = (6, 16)  # of one that the model did not write, at least and at most
SUBJECT = 10  # words of a subject so long that the headline would break off after its verb
BROKEN_OFF = 20  # words of a lead from which it cannot be its own headline

_VERB = re.compile(r",? (?:ha(?:s|ve|d)|was|were|is|are|will|would|said|says)\b")
_LETTERS = re.compile(r"[^\W\d_]+")
_NEGATION = re.compile(r"\b(?:not|no|never|nor|neither|without)\b|n['’]t\b", re.I)
_TURN = re.compile(r"\b(?:but|rather|instead)\b", re.I)
_ENDS = re.compile(r",? (?:after|because|as|while|when|which|who)\b|;| - | – | — ")
_RELATIVE = re.compile(r",? \b(?:that|which|who|whose|where)\b")
_SAID = re.compile(r", [^,;]{3,60} said\b")
_WHERE = re.compile(
    rf",? on (?={WEEKDAY}|\d|[A-Z][a-z]+ \d)"
    r"|,? (?:in|at) (?=[A-Z\d])"
)


def headline_of(
    lead: str,
    passages: Sequence[str],
    titles: Sequence[str],
    llm: LLM,
    calibration: Calibration,
    seed: int,
) -> str:
    """Write the headline of a summary that begins with `lead`, which rests on `passages`.

    Where the model's own is not supported, as much of the lead serves as makes a headline; else one
    of `titles`, the cited reports' own headlines, if the passages say it. If it turns the lead's
    words round, so that they could hang on others, or has one of its own, it has to be `SURE`.
    Raises `LLMError`.
    """

    def supported(text: str, least: float = 0.0) -> bool:
        verdict = verify(f"{text}.", passages, llm, calibration)
        return verdict.supported and verdict.support >= least

    for attempt in range(TRIES):
        try:
            text = headline(lead, passages, llm, seed=seed + attempt, again=attempt > 0)
        except MalformedOutput:
            continue
        text = _sentence_case(text, passages)  # else each word would be taken for a name
        own = coverage(text, lead) >= OWN and _denies_no_more(text, lead)
        as_told = in_order(text, lead) >= IN_ORDER and not set(content(text)) - set(content(lead))
        if own and supported(text, 0.0 if as_told else SURE):
            return text
    if clause := _clause(lead):
        return clause
    for title in filter(_serves, titles):
        if supported(text := _sentence_case(title.rstrip("."), passages)):
            return text
    return shortened(lead)


def _serves(title: str) -> bool:
    """Whether a report's headline could be a summary's: short, neutral, without a “today”."""
    spun = title.endswith(("?", "!")) or loaded_words(title) or NAMED_BY_TODAY.search(title)
    return WORDS[0] <= len(title.split()) <= WORDS[1] and not spun


def _sentence_case(headline: str, passages: Sequence[str]) -> str:
    """The headline with capitals only where the passages have them: “Bridge Opens” is no name."""
    there = {word for passage in passages for word in _LETTERS.findall(passage)}

    def cased(match: re.Match[str]) -> str:
        return match[0] if match[0] in there or not match[0].istitle() else match[0].lower()

    return headline[:1] + _LETTERS.sub(cased, headline[1:])


def _denies_no_more(headline: str, lead: str) -> bool:
    """Whether what follows a “not” in the headline follows one in the lead, without a gap.

    “Not A but B”, shortened, must not become “not A, B”.
    """
    denied = _denied(headline)
    told = _denied(lead)
    return not denied or any(
        told[i : i + len(denied)] == denied for i in range(len(told) - len(denied) + 1)
    )


def _denied(sentence: str) -> list[str]:
    """The content words after the sentence's first negation, as far as the turn after it."""
    found = _NEGATION.search(sentence)
    return content(_TURN.split(sentence[found.end() :])[0]) if found else []


def shortened(sentence: str) -> str:
    """As much of the sentence as makes a headline: a clause, or all; else it is broken off.

    “… have found …” says no more than whatever has found it.
    """
    words = sentence.rstrip(".").split()
    if clause := _clause(sentence):
        return clause
    if len(words) <= BROKEN_OFF:
        return " ".join(words)
    words = words[: WORDS[1]]
    while words[-1] in STOP_WORDS:
        words.pop()
    subject = _VERB.split(" ".join(words))[0].split()
    if SUBJECT <= len(subject) < len(words) and subject[-1] not in STOP_WORDS:
        return " ".join(subject)
    return " ".join(words).rstrip(",") + " …"


def _clause(sentence: str) -> str:
    """The beginning of the sentence, up to where a clause ends, or a place or a time is told.

    The latter not where it denies something: “not in Ostwick” is not “not”. "" where none is as
    short as a headline.
    """
    ends = [match.start() for match in _ENDS.finditer(sentence)]
    ends += [match.end() for match in _SAID.finditer(sentence)]
    ends.sort()
    if not _NEGATION.search(sentence):
        ends += sorted((match.start() for match in _WHERE.finditer(sentence)), reverse=True)
    for end in (*ends, len(sentence)):
        words = sentence[:end].rstrip(".").split()
        fits = WORDS[0] <= len(words) <= WORDS[1]
        if fits and not is_caption(_RELATIVE.split(sentence[:end])[0]):
            return " ".join(words)
    return ""
