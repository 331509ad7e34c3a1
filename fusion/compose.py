"""From evidence to a printed sentence: write, cite, verify; else repair, quote a source, or drop.

Nothing leaves this stage that its cited passages do not say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt

from fusion.antecedent import lacks_antecedent
from fusion.errors import MalformedOutput
from fusion.headline import headline_of, shortened
from fusion.language import ENGLISH, leans, names_day_by_today
from fusion.neutral import loaded_words, reporters_voice
from fusion.passage import unexplained, untied
from fusion.types import Verdict
from fusion.verify import verify
from fusion.verify.claimant import claimant
from fusion.verify.numbers import quantities
from fusion.when import days_told
from fusion.words import MONTHS, WEEKDAY, coverage, in_order
from fusion.write import NAMED_BY_TODAY, cited, draft

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion.llm import LLM
    from fusion.types import Chunk, Evidence, Source
    from fusion.verify import Calibration

TRIES = 2  # of the model, the second with the verdict on the first
# Support from which the model's own words are printed. It lies above the calibrated threshold: of
# the sentences read between the two, most had a role or a speaker wrong (docs/adr/0004).
CONFIDENT = 0.9
REPEATED = 0.75  # share of a sentence's content words that one told before must not have
WITNESS = 0.6  # share of a sentence's content words from which another passage may carry it alone
SHORTER = 0.85  # of the words of the one passage that a draft rests on, at most
IN_ORDER = 0.8  # of the draft's content words that must stand in the passage in the same order
LONGEST = 70  # words of a source's sentence that a summary can carry

_QUOTES = re.compile(r"[“\"].+[”\"]|„.+“|«.+»")
# Beside what lacks an antecedent: a tie to the sentence before, a figure for what that one tells.
_NEVER_ALONE = re.compile(
    r"^\W*(?:but|and|in return|instead|then|as a result|for example|among them|one of them)\b"
    r"|\b(?:said|says?|that) (?:it|they|he|she) (?:was|were|is|are|did|had) (?:not\W*$|\d)",
    re.I,
)
_DAY = re.compile(
    rf"\b(?:{WEEKDAY}|(?:{'|'.join(MONTHS)}) \d{{1,2}}|\d{{1,2}} (?:{'|'.join(MONTHS)}))\b"
)
_TIME = re.compile(r"\bfor the (?:first|second|third|last) time\b")
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
    """A draft is not good enough to print it, and there is nothing to mend."""


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

        The model is asked where there is something to write: where no passage can stand alone. A
        sentence in a report's own words cites the other passages, too, that carry it alone.
        """
        own = self._verbatim(evidence)
        leaning = isinstance(own, Untold) and self.language == ENGLISH
        result = (self._written(evidence) if leaning else None) or own
        if isinstance(result, Untold):
            return result
        for earlier in told:
            if coverage(result.text, earlier.text) >= REPEATED:
                return Untold(result.text, f"It repeats: {earlier.text}")
        return self._witnessed(result, evidence) if result is own else result

    def headline(self, lead: Told, story: Sequence[Chunk]) -> tuple[str, tuple[Chunk, ...]]:
        """The headline of a summary that begins with `lead`, and the passages that it rests on.

        `story` are the passages of all reports. Raises `LLMError`.
        """
        if self.language != ENGLISH:
            return shortened(lead.text), lead.passages
        return headline_of(
            lead.text, lead.passages, story, self.sources, self.llm, self.calibration
        )

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
        chosen = cited(text, evidence.passages)
        if who := next(filter(None, (unexplained(text, p.text) for p in chosen)), ""):
            problems[:] = [f"Say who that is: {who}."]
            raise _Unsupported
        if day := _lost_when(text, chosen[0].text):
            problems[:] = [f"Say when: {day}."]
            raise _Unsupported
        verdict = verify(text, [p.text for p in chosen], self.llm, self.calibration)
        # Of a model that was never measured only near-copies are supported; they need no more.
        least = CONFIDENT if self.calibration.weighs_the_model else self.calibration.threshold
        if _passes(verdict, least):
            if len(chosen) == 1 and not _shortens(text, chosen[0].text):
                raise _Doubtful
            dated = self._dated(text, chosen[0])
            return Told(dated, self._kind(text, evidence), tuple(chosen), verdict)
        # A second try needs something to mend. Mere doubt is settled sooner by leaving it out.
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
            return Told(sentence, self._kind(passage.text, evidence), (passage,), verdict)
        return Untold(evidence.passages[0].text, reason)

    def _witnessed(self, own: Told, evidence: Evidence) -> Told:
        """The sentence of one passage with the others that say it too, each by itself."""
        if self.language != ENGLISH:
            return own
        (passage,) = own.passages
        others = tuple(
            other
            for other in evidence.passages
            if other.voice != passage.voice
            and coverage(passage.text, other.text) >= WITNESS
            and self._carries(passage.text, other)
        )
        return replace(own, passages=(passage, *others))

    def _carries(self, sentence: str, passage: Chunk) -> bool:
        verdict = verify(sentence, [passage.text], self.llm, self.calibration)
        return _passes(verdict, CONFIDENT)

    def _dated(self, sentence: str, passage: Chunk) -> str:
        return days_told(sentence, passage.source, self.sources)

    def _kind(self, text: str, evidence: Evidence) -> Kind:
        if _QUOTES.search(text):
            return "quote"
        if claimant(text):
            return "attributed"
        return "background" if evidence.fact.background else "fact"


def within(result: Told, told: Sequence[Told]) -> int | None:
    """Which of the sentences `told` before is told by `result` too, as its context; or None."""
    whole = (i for i, each in enumerate(told) if coverage(each.text, result.text) >= REPEATED)
    return next(whole, None)


def _passes(verdict: Verdict, least: float) -> bool:
    """Whether a sentence is supported without a remark, with `least` support, 0..1, or more."""
    return verdict.supported and not verdict.problems and verdict.support >= least


def _stands_alone(sentence: str) -> bool:
    too_long = len(sentence.split()) > LONGEST or "\n" in sentence
    return not (too_long or _NEVER_ALONE.search(sentence) or lacks_antecedent(sentence))


def _lost_when(text: str, passage: str) -> str:
    """The day that `passage` names, or the how manieth time it was, if `text` does not; or "".

    News without its day is of any day, and what was for the first time may be so no more.
    """
    for said in (_DAY, _TIME):
        named = said.search(passage)
        if named and not said.search(text):
            return named[0]
    return ""


def _shortens(text: str, passage: str) -> bool:
    """Whether `text` is a safe shortening of `passage`: shorter, in its order, with its figures.

    What is not shorter had better be the passage itself. And of the drafts that were wrong though
    the model said yes, most had the passage's words in another order, so that they hung on others.
    """
    figures = {quantity.value for quantity in quantities(passage)}
    return (
        len(text.split()) <= SHORTER * len(passage.split())
        and in_order(text, passage) >= IN_ORDER
        and figures <= {quantity.value for quantity in quantities(text)}
    )
