"""Planted truth: what a summary of a story written for the purpose must, and must not, say.

A story of `eval/stories/` is a folder `articles/` and a `gold.yaml` whose patterns are searched in
one sentence at a time, without regard to case, in text with straight quotes and plain spaces. A
pattern therefore never joins words of two sentences, and `.` never leaves its sentence.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime  # noqa: TC003 - pydantic reads the annotation at run time
from typing import TYPE_CHECKING, Annotated

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from fusion.errors import StoryError
from fusion.sentences import split_sentences
from fusion.types import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

# Words of a quotation in a summary below which it is a phrase, too short to be called altered.
MIN_QUOTE_WORDS = 4


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"the pattern {pattern!r} is not a regular expression: {error}") from error
    return pattern


Pattern = Annotated[str, AfterValidator(_compiles)]
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
    """What no summary may say: a planted error, a stale state told as current, or boilerplate."""

    id: str
    fact: str
    any: Patterns
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
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StoryError(f"{path}: cannot be read ({error.strerror}); a story needs it") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StoryError(f"{path}: not YAML in UTF-8 ({_one_line(error)}); correct it") from error
    try:
        return Gold.model_validate(data)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'the file'}: {problem['msg']}"
            for problem in error.errors()
        )
        raise StoryError(f"{path}: {problems}; correct the file") from error


def check_gold(story_dir: Path) -> list[str]:
    """What is inconsistent in a story's planted truth, each as a sentence; empty when it is sound.

    Every pattern is proved on the articles it names and on the reference, and a forbidden one is
    proved to be silent on all other articles, so that it cannot punish what they truly say.
    """
    try:
        gold = load_gold(story_dir / "gold.yaml")
    except StoryError as error:
        return [str(error)]
    folder = story_dir / "articles"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    texts = {path.relative_to(folder).as_posix(): _read(path) for path in files}
    return [
        *_check_articles(gold, texts),
        *_check_ids(gold),
        *_check_patterns(gold, {file: _sentences(text) for file, text in texts.items()}),
        *_check_quotes(gold, {file: _plain(text) for file, text in texts.items()}),
        *_check_reference(gold),
    ]


def judge(text: str, gold: Gold) -> GoldScore:
    """Score a summary: its headline, sentences and claims of disagreements, without source list.

    A disagreement is surfaced when each of its sides is told, in whatever part of the text.
    """
    sentences = _sentences(text)
    found = [fact for fact in gold.required if _first(fact.any, sentences) is not None]
    hits = {bad.id: _first(bad.any, sentences) for bad in gold.forbidden}
    surfaced = [
        conflict.id
        for conflict in gold.disagreements
        if all(_first(side.any, sentences) is not None for side in conflict.sides)
    ]
    genuine, altered = _judge_quotes(_plain(text), gold.quotes)
    return GoldScore(
        recall=sum(f.importance for f in found) / sum(f.importance for f in gold.required),
        found=tuple(fact.id for fact in found),
        missing=tuple(fact.id for fact in gold.required if fact not in found),
        forbidden={name: sentence for name, sentence in hits.items() if sentence is not None},
        surfaced=tuple(surfaced),
        hidden=tuple(c.id for c in gold.disagreements if c.id not in surfaced),
        genuine=genuine,
        altered=altered,
    )


def _check_articles(gold: Gold, texts: Mapping[str, str]) -> Iterator[str]:
    for file in sorted(texts.keys() - gold.articles.keys()):
        yield f"articles: {file} is in the folder but not in gold.yaml; add it."
    for file in sorted(gold.articles.keys() - texts.keys()):
        yield f"articles: {file} is not in the folder; remove it or write it."
    groups: dict[str, list[Role]] = {}
    for article in gold.articles.values():
        groups.setdefault(article.group, []).append(article.role)
    for group, roles in groups.items():
        if len(roles) > 1 and roles.count(Role.ORIGINAL) != 1:
            yield f"articles: group {group!r} has several files but not exactly one original."
    for where, named in _named_files(gold):
        for file in sorted(set(named) - gold.articles.keys()):
            yield f"{where}: {file!r} is not among the articles; correct the name."


def _named_files(gold: Gold) -> Iterator[tuple[str, list[str]]]:
    for where, _, files in _patterns(gold):
        yield where, files
    for quote in gold.quotes:
        yield _name(quote), quote.sources


def _patterns(gold: Gold) -> Iterator[tuple[str, list[str], list[str]]]:
    """Where a set of patterns stands, the patterns, and the files that they must match."""
    for fact in gold.required:
        yield f"required {fact.id}", fact.any, fact.sources
    for bad in gold.forbidden:
        yield f"forbidden {bad.id}", bad.any, bad.from_
    for conflict in gold.disagreements:
        for side in conflict.sides:
            yield f"disagreement {conflict.id}, {side.claim!r}", side.any, side.sources


def _check_ids(gold: Gold) -> Iterator[str]:
    entries: list[Required | Forbidden | GoldDisagreement] = [
        *gold.required,
        *gold.forbidden,
        *gold.disagreements,
    ]
    for name, count in Counter(entry.id for entry in entries).items():
        if count > 1:
            yield f"ids: {name!r} is used {count} times; give each entry its own."


def _check_patterns(gold: Gold, sentences: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for where, patterns, files in _patterns(gold):
        for file in files:
            if file in sentences and _first(patterns, sentences[file]) is None:
                yield f"{where}: no pattern matches a sentence of {file}."
    for bad in gold.forbidden:
        for file in sorted(sentences.keys() - set(bad.from_)):
            sentence = _first(bad.any, sentences[file])
            if sentence is not None:
                yield f"forbidden {bad.id}: {file} is not in 'from' but says it: {sentence!r}."


def _check_quotes(gold: Gold, texts: Mapping[str, str]) -> Iterator[str]:
    for quote in gold.quotes:
        for file in quote.sources:
            if file in texts and _core(quote.genuine) not in texts[file]:
                yield f"{_name(quote)}: {file} does not have these words: {quote.genuine!r}."
        for altered in quote.altered:
            if not any(_core(altered) in text for text in texts.values()):
                yield f"{_name(quote)}: no article has the altered words {altered!r}."
            if _core(altered) in _core(quote.genuine):
                yield f"{_name(quote)}: {altered!r} is not altered, it is part of the genuine one."


def _check_reference(gold: Gold) -> Iterator[str]:
    score = judge(gold.reference, gold)
    for name in score.missing:
        yield f"reference: it lacks the required fact {name}, or no pattern sees it."
    for name, sentence in score.forbidden.items():
        yield f"reference: it says the forbidden {name}: {sentence!r}."
    for name in score.hidden:
        yield f"reference: it does not tell every side of the disagreement {name}."
    for quotation in score.altered:
        yield f"reference: it has an altered quotation: {quotation!r}."


def _judge_quotes(
    text: str, quotes: Sequence[GoldQuote]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The text's quotations that have a genuine wording, and those that have an altered one."""
    genuine = [_core(quote.genuine).casefold() for quote in quotes]
    altered = [_core(words).casefold() for quote in quotes for words in quote.altered]
    right: list[str] = []
    wrong: list[str] = []
    for quotation in map(_core, re.findall(r'"([^"]+)"', text)):
        if len(quotation.split()) < MIN_QUOTE_WORDS:
            continue
        folded = quotation.casefold()
        if any(folded in words for words in genuine):
            right.append(quotation)
        elif any(folded in words for words in altered):
            wrong.append(quotation)
    return tuple(right), tuple(wrong)


def _name(quote: GoldQuote) -> str:
    return f"quote of {quote.speaker}"


def _first(patterns: Iterable[str], sentences: Sequence[str]) -> str | None:
    for pattern in patterns:
        compiled = re.compile(pattern, re.IGNORECASE)
        for sentence in sentences:
            if compiled.search(sentence):
                return sentence
    return None


_QUOTES_AND_DASHES = str.maketrans("“”„«»‘’‚–—‑", '"""""\'\'\'---')
_MARKERS = re.compile(r"\s*\[\^?\d+\]|\*\*")  # citation markers and bold of a Markdown summary


def _sentences(text: str) -> list[str]:
    plain = _plain(text)
    return [plain[start:end] for start, end in split_sentences(plain)]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(_QUOTES_AND_DASHES)
    lines = (" ".join(_MARKERS.sub("", line).split()) for line in folded.splitlines())
    return "\n".join(line for line in lines if line)


def _core(quotation: str) -> str:
    """A quotation's words: its outer marks and last comma or full stop depend on the sentence."""
    return _plain(quotation).strip('"').rstrip(".,").strip()


_UNSEEN = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_INLINE_TAG = re.compile(r"</?(?:a|b|em|i|span|strong|time)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")


def _read(path: Path) -> str:
    """The words of an article, all of them: gold is checked without the program's own cleaning."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if path.suffix == ".html":
        text = _TAG.sub("\n", _INLINE_TAG.sub("", _UNSEEN.sub("", text)))
        text = html.unescape(text)
    return text


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
