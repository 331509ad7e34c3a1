"""From evidence to a printed sentence: write, cite, verify; else repair, quote a source, or drop.

Nothing leaves this stage that its cited passages do not say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt

from fusion.errors import MalformedOutput
from fusion.language import ENGLISH, leans, names_day_by_today
from fusion.neutral import loaded_words, reporters_voice
from fusion.passage import is_caption, lacks_antecedent, untied
from fusion.types import Verdict
from fusion.verify import verify
from fusion.verify.claimant import claimant
from fusion.verify.numbers import quantities
from fusion.when import days_told
from fusion.words import STOP_WORDS, content, coverage
from fusion.write import NAMED_BY_TODAY, cited, draft, headline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion.llm import LLM
    from fusion.types import Chunk, Evidence, Source
    from fusion.verify import Calibration

TRIES = 2  # of the model, the second with the verdict on the first
# Support from which the model's own words are printed. It lies above the calibrated threshold: of
# the sentences read between the two, most had a role or a speaker wrong, and a source's own
# sentence is there to take their place (docs/adr/0004).
CONFIDENT = 0.9
REPEATED = 0.75  # share of a sentence's content words that one told before must not have

HEADLINE_IN_ORDER = 0.7  # the same of a headline's words and the lead
HEADLINE_OWN = 0.85  # share of a headline's content words that the lead has
HEADLINE_WORDS = (6, 16)  # of a headline cut from the lead, at least and at most
BROKEN_OFF = 20  # words of a lead from which it cannot be its own headline
LONG = 28  # words from which a source's sentence is worth shortening
SHORTER = 0.85  # of the words of the one passage that a draft rests on, at most
IN_ORDER = 0.8  # of the draft's content words that must stand in the passage in the same order
LONGEST = 70  # words of a source's sentence that a summary can carry

_QUOTES = re.compile(r"[“\"].+[”\"]|„.+“|«.+»")
# Beside what lacks an antecedent: a tie to the sentence before, a figure for what that one tells.
_NEVER_ALONE = re.compile(
    r"^\W*(?:but|and|in return|instead|then|as a result|for example|among them|one of them)\b"
    r"|\b(?:said|says?)(?: that)? (?:it|they|he|she) (?:was|were|is|are|did|had) (?:not\W*$|\d)",
    re.I,
)
_LETTERS = re.compile(r"[^\W\d_]+")
_NEGATION = re.compile(r"\b(?:not|no|never|nor|neither|without)\b|n['’]t\b", re.I)
_TURN = re.compile(r"\b(?:but|rather|instead)\b", re.I)
_HEADLINE_ENDS = re.compile(r",? (?:after|because|as|while|when|which|who)\b|;| - | – | — ")
_RELATIVE = re.compile(r",? \b(?:that|which|who|whose|where)\b")
_HEADLINE_SAID = re.compile(r", [^,;]{3,60} said\b")
_WHERE = re.compile(
    r",? on (?=(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\d|[A-Z][a-z]+ \d)"
    r"|,? (?:in|at) (?=[A-Z\d])"
)

Kind = Literal["fact", "quote", "attributed", "background"]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence that passed, with the passages it cites and the verdict on it."""

    text: str
    kind: Kind
    passages: tuple[Chunk, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Untold:
    """A fact that is not told, and why."""

    what: str
    reason: str


class _Doubtful(Exception):
    """A draft was supported, but not well enough to print it."""


class _Unsupported(Exception):
    """A draft did not pass; what was wrong with it is kept for the next one."""


@dataclass(frozen=True, slots=True)
class Composer:
    """Turns evidence into sentences; what it needs stays the same over a summary.

    In a language other than English nothing is asked of the model: its words could not be checked.
    `sources`, by their ids, tell what a report's "today" means, and how it is headed.
    """

    llm: LLM
    calibration: Calibration
    seed: int
    language: str = ENGLISH
    sources: Mapping[str, Source] = field(default_factory=dict)

    def tell(self, evidence: Evidence, told: Sequence[Told]) -> Told | Untold:
        """Write the sentence of one fact, or say why there is none. Raises `LLMError`.

        The model is asked where there is something to write: several voices to join, a long
        sentence to shorten, one that cannot stand alone to tell anew.
        """
        own = self._verbatim(evidence)
        ready = isinstance(own, Told) and len(own.text.split()) <= LONG
        if self.language != ENGLISH or (ready and len(evidence.passages) == 1):
            result = own
        else:
            result = self._written(evidence) or own
        if isinstance(result, Untold):
            return result
        for earlier in told:
            if coverage(result.text, earlier.text) >= REPEATED:
                return Untold(result.text, f"It repeats: {earlier.text}")
        return result

    def headline(self, lead: Told) -> str:
        """Write the headline of a summary that begins with `lead`.

        Where the model's own is not supported, or turns the lead's words round so that they could
        hang on others, as much of the lead serves as makes a headline; else a cited report's own
        headline, if the passages say that.
        """
        if self.language != ENGLISH:
            return _short(lead.text)
        words = [passage.text for passage in lead.passages]
        for attempt in range(TRIES):
            if written := self._headline(lead, words, attempt):
                return written
        if clause := _clause(lead.text):
            return clause
        for passage in lead.passages:
            title = _sentence_case(self._title(passage), words)
            if title and self._supports(title, words):
                return title
        return _short(lead.text)

    def _headline(self, lead: Told, passages: Sequence[str], attempt: int) -> str:
        """The model's headline; "" where it does not stay with what the lead says."""
        seed = self.seed + attempt
        try:
            text = headline(lead.text, passages, self.llm, seed=seed, again=attempt > 0)
        except MalformedOutput:
            return ""
        text = _sentence_case(text, passages)  # else each word would be taken for a name
        own = coverage(text, lead.text) >= HEADLINE_OWN and _denies_no_more(text, lead.text)
        least = 0.0 if _in_order(text, lead.text) >= HEADLINE_IN_ORDER else CONFIDENT
        return text if own and self._supports(text, passages, least) else ""

    def _supports(self, headline: str, passages: Sequence[str], least: float = 0.0) -> bool:
        verdict = verify(f"{headline}.", passages, self.llm, self.calibration)
        return verdict.supported and verdict.support >= least

    def _title(self, passage: Chunk) -> str:
        """The headline of the report that `passage` is from; "" where it is none for a summary."""
        source = self.sources.get(passage.source)
        title = (source and source.article.metadata.headline) or ""
        fits = HEADLINE_WORDS[0] <= len(title.split()) <= HEADLINE_WORDS[1]
        spun = title.endswith(("?", "!")) or loaded_words(title) or NAMED_BY_TODAY.search(title)
        return title.rstrip(".") if fits and not spun else ""

    def _written(self, evidence: Evidence) -> Told | None:
        problems: list[str] = []
        tries = Retrying(
            stop=stop_after_attempt(TRIES),
            retry=retry_if_exception_type((MalformedOutput, _Unsupported)),
        )
        try:
            for attempt in tries:
                with attempt:
                    number = attempt.retry_state.attempt_number
                    return self._one_try(evidence, problems, self.seed + number - 1)
        except (RetryError, _Doubtful):
            return None
        return None

    def _one_try(self, evidence: Evidence, problems: list[str], seed: int) -> Told:
        passages = [passage.text for passage in evidence.passages]
        try:
            text = draft(passages, self.llm, problems=problems, seed=seed)
        except MalformedOutput as error:
            problems[:] = [str(error)]
            raise
        told = self._verified(text, evidence)
        # Of a model that was never measured only near-copies are supported; they need no more.
        least = CONFIDENT if self.calibration.weighs_the_model else self.calibration.threshold
        verdict = told.verdict
        if verdict.supported and verdict.support >= least and not verdict.problems:
            if len(told.passages) > 1 or _shortens(text, told.passages[0].text):
                return replace(told, text=self._dated(text, told.passages[0]))
            raise _Doubtful
        # A second try needs something to mend. Mere doubt is settled sooner by a source's words.
        if not verdict.problems:
            raise _Doubtful
        problems[:] = verdict.problems
        raise _Unsupported

    def _verbatim(self, evidence: Evidence) -> Told | Untold:
        """A source's own sentence, where it can stand alone."""
        reason = "No sentence about it could be supported by its passages."
        for passage in evidence.passages:
            english = self.language == ENGLISH
            sentence = self._dated(untied(passage.text), passage) if english else passage.text
            if NAMED_BY_TODAY.search(sentence) or names_day_by_today(sentence, self.language):
                reason = "Its passages name a day by the day of writing, and no sentence passed."
                continue
            if loaded_words(sentence):
                reason = "Its passages judge what they tell, and no neutral sentence passed."
                continue
            if reporters_voice(sentence):
                reason = "Its passages speak as the reporter, and no other sentence passed."
                continue
            if not _stands_alone(sentence) or leans(sentence, self.language):
                reason = "Its passages cannot stand alone, and no sentence about them passed."
                continue
            # These are the passage's own words: there is nothing to ask the model.
            verdict = Verdict(True, 1.0, {"entailment": True, "verbatim": True})
            return Told(sentence, self._kind(sentence, evidence), (passage,), verdict)
        return Untold(evidence.passages[0].text, reason)

    def _verified(self, text: str, evidence: Evidence) -> Told:
        passages = cited(text, evidence.passages)
        verdict = verify(text, [p.text for p in passages], self.llm, self.calibration)
        return Told(text, self._kind(text, evidence), tuple(passages), verdict)

    def _dated(self, sentence: str, passage: Chunk) -> str:
        return days_told(sentence, passage.source, self.sources)

    def _kind(self, text: str, evidence: Evidence) -> Kind:
        if _QUOTES.search(text):
            return "quote"
        if claimant(text):
            return "attributed"
        return "background" if evidence.fact.background else "fact"


def _stands_alone(sentence: str) -> bool:
    too_long = len(sentence.split()) > LONGEST or "\n" in sentence
    return not (too_long or _NEVER_ALONE.search(sentence) or lacks_antecedent(sentence))


def _shortens(text: str, passage: str) -> bool:
    """Whether `text` is a safe shortening of `passage`: shorter, in its order, with its figures.

    What is not shorter had better be the passage itself. And of the drafts that were wrong though
    the model said yes, most had the passage's words in another order, so that they hung on others.
    """
    figures = {quantity.value for quantity in quantities(passage)}
    return (
        len(text.split()) <= SHORTER * len(passage.split())
        and _in_order(text, passage) >= IN_ORDER
        and figures <= {quantity.value for quantity in quantities(text)}
    )


def _sentence_case(headline: str, passages: Sequence[str]) -> str:
    """The headline with capitals only where the passages have them: “Bridge Opens” is no name."""
    there = {word for passage in passages for word in _LETTERS.findall(passage)}

    def cased(match: re.Match[str]) -> str:
        return match[0] if match[0] in there or not match[0].istitle() else match[0].lower()

    return headline[:1] + _LETTERS.sub(cased, headline[1:])


def _in_order(text: str, passage: str) -> float:
    """Share of the content words of `text` that the passage has in the same order."""
    words = content(text)
    blocks = SequenceMatcher(None, words, content(passage), autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(len(words), 1)


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


def _short(sentence: str) -> str:
    """As much of the sentence as makes a headline: a clause, or all; else it is broken off."""
    words = sentence.rstrip(".").split()
    if clause := _clause(sentence):
        return clause
    if len(words) <= BROKEN_OFF:
        return " ".join(words)
    words = words[: HEADLINE_WORDS[1]]
    while words[-1] in STOP_WORDS:
        words.pop()
    return " ".join(words).rstrip(",") + " …"


def _clause(sentence: str) -> str:
    """The beginning of the sentence, up to where a clause ends, or a place or a time is told.

    The latter not where it denies something: “not in Ostwick” is not “not”. "" where none is as
    short as a headline.
    """
    ends = [match.start() for match in _HEADLINE_ENDS.finditer(sentence)]
    ends += [match.end() for match in _HEADLINE_SAID.finditer(sentence)]
    ends.sort()
    if not _NEGATION.search(sentence):
        ends += sorted((match.start() for match in _WHERE.finditer(sentence)), reverse=True)
    for end in (*ends, len(sentence)):
        words = sentence[:end].rstrip(".").split()
        fits = HEADLINE_WORDS[0] <= len(words) <= HEADLINE_WORDS[1]
        if fits and not is_caption(_RELATIVE.split(sentence[:end])[0]):
            return " ".join(words)
    return ""
