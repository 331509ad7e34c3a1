"""Planted truth: what a summary of a story written for the purpose must, and must not, say.

A story of `eval/stories/` is a folder `articles/` and a `gold.yaml` whose patterns are searched in
one sentence at a time, without regard to case, in text with straight quotes and plain spaces. A
pattern therefore never joins words of two sentences, and `.` never leaves its sentence. The form is
described in docs/gold.md; `fusion.evaluate.gold_check` proves a file on its reports.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003 - pydantic reads the annotation at run time
from functools import cache
from typing import TYPE_CHECKING, Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from fusion.errors import StoryError
from fusion.sentences import split_sentences
from fusion.types import Role  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pydantic_core import ErrorDetails

# Words of a quotation in a summary below which it is a phrase, too short to be called altered.
MIN_QUOTE_WORDS = 4


def _tells(pattern: str) -> str:
    """The pattern, if it is a regular expression that not every sentence matches."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"the pattern '{pattern}' is not a regular expression: {error}") from error
    if compiled.search(" "):
        raise ValueError(f"the pattern '{pattern}' matches a blank, and so nearly everything")
    return pattern


Pattern = Annotated[str, AfterValidator(_tells)]
Patterns = Annotated[list[Pattern], Field(min_length=1)]
Files = Annotated[list[str], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class GoldArticle(_Part):
    """What is true of a file: its time (a day where it states no more), its text's group, its role.

    Files that carry one text, rewrites of it included, share `group`.
    """

    published: datetime | date | None
    group: str
    role: Role


class Required(_Part):
    """A fact that a good summary carries; 3 is what the story is about, 1 is good to have."""

    id: str
    fact: str
    any: Patterns
    sources: Files
    importance: Annotated[int, Field(ge=1, le=3)]


class Forbidden(_Part):
    """What no summary may say: a planted error, a stale state told as current, or boilerplate.

    A sentence that `unless` matches is not counted: a stale state told as history.
    """

    id: str
    fact: str
    any: Patterns
    unless: list[Pattern] = []
    from_: Annotated[list[str], Field(alias="from", min_length=1)]


class GoldSide(_Part):
    """One side of a disagreement."""

    claim: str
    any: Patterns
    sources: Files


class GoldDisagreement(_Part):
    """Claims about one thing that cannot all be right; it is surfaced when every side is told."""

    id: str
    about: str
    sides: Annotated[list[GoldSide], Field(min_length=2)]


class GoldAgreement(_Part):
    """What looks like a disagreement and is none, such as a figure that one report rounds."""

    about: str
    any: Patterns


class GoldQuote(_Part):
    """A quotation as it was spoken, and the wordings that other files made of it."""

    speaker: str
    genuine: str
    altered: list[str] = []
    sources: Files


class Gold(_Part):
    """The planted truth of one story."""

    articles: Annotated[dict[str, GoldArticle], Field(min_length=1)]
    required: Annotated[list[Required], Field(min_length=1)]
    forbidden: list[Forbidden] = []
    disagreements: list[GoldDisagreement] = []
    agreements: list[GoldAgreement] = []
    quotes: list[GoldQuote] = []
    reference: str


@dataclass(frozen=True, slots=True)
class GoldScore:
    """How a summary stands against a story's planted truth.

    `recall` is the share, 0..1, of the required facts' importance that was found.
    `forbidden` gives the sentence at fault by the id of what it says.
    `altered` are the summary's quotations whose wording is only an altered one's.
    `surfaced_share` is the share of disagreements surfaced, None where the story has none.
    """

    recall: float
    found: tuple[str, ...]
    missing: tuple[str, ...]
    forbidden: Mapping[str, str]
    surfaced: tuple[str, ...]
    hidden: tuple[str, ...]
    genuine: tuple[str, ...]
    altered: tuple[str, ...]

    @property
    def surfaced_share(self) -> float | None:
        """Disagreements surfaced over disagreements there are."""
        total = len(self.surfaced) + len(self.hidden)
        return len(self.surfaced) / total if total else None


def load_gold(path: Path) -> Gold:
    """Read a `gold.yaml`. Raises StoryError with one clause for each thing that is wrong in it."""
    data = read_gold(path)
    try:
        return Gold.model_validate(data)
    except ValidationError as error:
        raise StoryError(
            f"{path}: {'; '.join(form_problems(error, data))}; correct the file"
        ) from error


def read_gold(path: Path) -> object:
    """What stands in a `gold.yaml`, whatever its form. Raises StoryError."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StoryError(f"{path}: cannot be read ({error.strerror}); a story needs it") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # a day 31 June is a ValueError
        why = " ".join(str(error).split())
        raise StoryError(f"{path}: not YAML in UTF-8 ({why}); correct it") from error


def form_problems(error: ValidationError, data: object) -> list[str]:
    """What is wrong in the form of `data`, a clause each, by the ids that its entries have."""
    found: dict[str, str] = {}
    for problem in error.errors():
        # What can be a day or a time has a problem as each: one of them will do.
        found.setdefault(_place(problem, data), problem["msg"].removeprefix("Value error, "))
    return [f"{place}: {message}" for place, message in found.items()]


def judge(text: str, gold: Gold) -> GoldScore:
    """Score a summary: its headline, sentences and claims of disagreements, without source list.

    A disagreement is surfaced when each of its sides is told, in whatever part of the text.
    """
    sentences = sentences_of(text)
    found = required_told(sentences, gold)
    hits = {bad.id: first_match(bad.any, sentences, bad.unless) for bad in gold.forbidden}
    surfaced = [
        conflict.id
        for conflict in gold.disagreements
        if all(first_match(side.any, sentences) is not None for side in conflict.sides)
    ]
    genuine, altered = _judge_quotes(plain(text), gold.quotes)
    return GoldScore(
        recall=by_importance(found, gold.required),
        found=tuple(fact.id for fact in found),
        missing=tuple(fact.id for fact in gold.required if fact not in found),
        forbidden={name: sentence for name, sentence in hits.items() if sentence is not None},
        surfaced=tuple(surfaced),
        hidden=tuple(c.id for c in gold.disagreements if c.id not in surfaced),
        genuine=genuine,
        altered=altered,
    )


def required_told(sentences: Sequence[str], gold: Gold) -> list[Required]:
    """The required facts that one of `sentences` tells."""
    return [fact for fact in gold.required if first_match(fact.any, sentences) is not None]


def by_importance(some: Iterable[Required], facts: Iterable[Required]) -> float:
    """The share, 0..1, of the importance of `facts` that `some` of them have."""
    return sum(fact.importance for fact in some) / sum(fact.importance for fact in facts)


def disputed(claims: Iterable[str], gold: Gold) -> dict[str, str]:
    """The planted agreements that `claims`, the sides of a summary's disagreements, put in doubt.

    Each is given by what it is about, with the sentence at fault.
    """
    sentences = [sentence for claim in claims for sentence in sentences_of(claim)]
    hits = {agreed.about: first_match(agreed.any, sentences) for agreed in gold.agreements}
    return {about: sentence for about, sentence in hits.items() if sentence is not None}


def first_match(
    patterns: Iterable[str], sentences: Sequence[str], unless: Iterable[str] = ()
) -> str | None:
    """The first sentence that one of `patterns` matches, and none of `unless`."""
    for pattern in patterns:
        for sentence in sentences:
            if _matches(pattern, sentence) and not any(_matches(p, sentence) for p in unless):
                return sentence
    return None


def sentences_of(text: str) -> list[str]:
    """The sentences of `plain(text)`, which are what patterns are searched in."""
    simple = plain(text)
    return [simple[start:end] for start, end in split_sentences(simple)]


def plain(text: str) -> str:
    """Straight quotes, plain dashes and single spaces, no citation markers, no empty lines."""
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES_AND_DASHES)
    lines = (" ".join(_MARKERS.sub("", line).split()) for line in folded.splitlines())
    return "\n".join(line for line in lines if line)


def core(quotation: str) -> str:
    """A quotation's words: its outer marks and last comma or full stop depend on the sentence."""
    return plain(quotation).strip('"').rstrip(".,").strip()


def _judge_quotes(
    text: str, quotes: Sequence[GoldQuote]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The text's quotations that have a genuine wording, and those that have an altered one."""
    genuine = [core(quote.genuine).casefold() for quote in quotes]
    altered = [core(words).casefold() for quote in quotes for words in quote.altered]
    right: list[str] = []
    wrong: list[str] = []
    for quotation in map(core, re.findall(r'"([^"]+)"', text)):
        if len(quotation.split()) < MIN_QUOTE_WORDS:
            continue
        folded = quotation.casefold()
        if any(folded in words for words in genuine):
            right.append(quotation)
        elif any(folded in words for words in altered):
            wrong.append(quotation)
    return tuple(right), tuple(wrong)


def _matches(pattern: str, sentence: str) -> bool:
    return _compiled(pattern).search(sentence) is not None


@cache  # `re` keeps 512 patterns; a suite has thousands
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_QUOTES_AND_DASHES = str.maketrans("“”„«»‘’‚–—‑", '"""""\'\'\'---')
_MARKERS = re.compile(r"\s*\[\^?\d+\]|\*\*")  # citation markers and bold of a Markdown summary


# What an entry is called in a message, by the list that it stands in.
_KINDS = {
    "disagreements": "disagreement",
    "sides": "side",
    "agreements": "agreement about",
    "quotes": "quote of",
}
_NAMED_BY = ("id", "claim", "about", "speaker")


def _place(problem: ErrorDetails, data: object) -> str:
    """Where in `data` the form is wrong, such as `required burned, importance`."""
    words: list[str] = []
    here = data
    for part in problem["loc"]:
        if isinstance(here, dict):
            words.append(str(part))
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]
            if isinstance(here, dict) and words:
                name = next((str(here[key]) for key in _NAMED_BY if key in here), f"no. {part + 1}")
                words[-1] = f"{_KINDS.get(words[-1], words[-1])} {name}"
        # What is left names a way to read a value, such as "a day", and not a place.
    return ", ".join(words) or "the file"
