"""A draft as it comes: its sentences, where they stand in it, and what each of them cites.

Citation marks and Markdown are replaced by as many spaces before the text is split, so that the
places found are places in the draft.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion.clean.lines import visible
from fusion.clean.metadata import language_of
from fusion.errors import UsageError
from fusion.ingest.text import unwrap
from fusion.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fusion.sentences import Span
    from fusion.summary import Citation


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence of a draft: `text` without marks and markup, and its place, marks included.

    `numbers` are those of its citation marks; `citations` the spans that a summary's sentence has.
    """

    text: str
    start: int
    end: int
    numbers: tuple[int, ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft's text, its sentences in order, and its parts that are none, with the reasons."""

    text: str
    language: str | None
    sentences: tuple[Written, ...]
    unjudged: tuple[tuple[str, str], ...] = ()


_NUMBER = r"\d{1,3}"  # three digits: [2031] is a year
_MARK = rf"\[{_NUMBER}(?:\s*[,;–-]\s*{_NUMBER})*\](?:\(https?:[^)\s]*\))?"
# Marks stand before the full stop or after it; the stop is moved to the words it ends.
_MARKS = re.compile(rf"((?:[ \t]*{_MARK})+)([.,;:!?…]*[\"”’']?)")
_NUMBERS = re.compile(rf"(?<=[\[,;\s])({_NUMBER})(?:\s*[–-]\s*({_NUMBER}))?(?=\s*[\],;])")
_ENTRY = re.compile(rf"[ \t]*(?:[-*+] )?\[{_NUMBER}\][:.]?[ \t]+\S")
_LABEL = re.compile(r"\W*\w+(?: \w+){0,3}:\W*")
# Markup that goes; of a match, group 1 stays.
_MARKUP = [
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"<!--[\s\S]*?-->|</?[a-zA-Z][^>\n]*>|!\[[^\]\n]*\]\([^)\n]*\)",
        r"\[([^\]\n]+)\]\([^)\n]*\)",
        r"^[ \t]*(?:>[ \t]?)+",
        r"^[ \t]*(?:#[ \t]+|[-*+•][ \t]+|\d{1,2}[.)][ \t]+)",
        r"(?:\*\*|__)(?=\S)([^\n]+?)(?<=\S)(?:\*\*|__)",
        r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])",
        r"(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)",
        r"`([^`\n]+)`",
        r"\\(?=[^\w\s])",
    )
]
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n[\s\S]*?\n---[ \t]*(?:\n|\Z)")
_OUR_PASSAGES = re.compile(r"^## Passages\n+- \[1\] ", re.MULTILINE)
_IN_PARAGRAPH = re.compile(r"(?<=\S)[ \t]*\n(?=[ \t]*\S)")
_IN_SENTENCE = re.compile(r"(?<=[^\s.!?…:])[ \t]*\n(?=[ \t]*[a-z])")


def read(text: str) -> Draft:
    """Read plain text, Markdown, or the JSON of a summary by the contract `fusion/summary/1`.

    `[1]` and `[2][3]`, `[2, 3]`, `[2-4]` are citation marks of the sentence that they stand in or
    behind. Sections' headings, labels and lists of sources are not sentences. Raises `UsageError`.
    """
    text = text.replace("\r\n", "\n")
    draft = _summary(text) if text.lstrip().startswith("{") else _prose(text)
    if not draft.sentences:
        raise UsageError("The draft has no sentence to check; give one that has.")
    return draft


def _summary(text: str) -> Draft:
    from pydantic import ValidationError

    from fusion.summary import StorySummary

    try:
        summary = StorySummary.model_validate_json(text)
    except ValidationError as error:
        raise UsageError(
            "The draft is JSON, but not that of a summary "
            f"({error.errors()[0]['msg']}); give text, or what `fusion summarize` wrote."
        ) from error
    told = [
        (summary.headline.text, summary.headline.citations),
        *((sentence.text, sentence.citations) for sentence in summary.sentences),
        *((s.claim, s.citations) for each in summary.disagreements for s in each.sides),
    ]
    sentences: list[Written] = []
    at = 0
    for said, citations in told:
        sentences.append(Written(said, at, at + len(said), citations=tuple(citations)))
        at += len(said) + 1
    body = "\n".join(said for said, _ in told)
    return Draft(body, language_of(body), tuple(sentences))


def _prose(text: str) -> Draft:
    if _OUR_PASSAGES.search(text):
        raise UsageError(
            "The draft is a summary of fusion's own as Markdown, whose numbers are of passages; "
            "give the JSON of it (`fusion summarize --format json`)."
        )
    unjudged: list[tuple[str, str]] = []
    body = text
    for (start, end), reason in _no_claims(text):
        unjudged.append((text[start:end].strip(), reason))
        body = body[:start] + _spaces(body[start:end]) + body[end:]
    groups = [(match.span(), _numbers(match[1])) for match in _MARKS.finditer(body)]
    body = _MARKS.sub(lambda match: match[2] + _spaces(match[1]), body)
    for pattern in _MARKUP:
        body = pattern.sub(_unmarked, body)
    wrapped = _IN_PARAGRAPH if unwrap(body) != body else _IN_SENTENCE
    body = wrapped.sub(lambda match: " " * len(match[0]), body)
    language = language_of(body)
    spans = [
        span
        for span in split_sentences(body, language)
        if any(character.isalnum() for character in body[slice(*span)])
    ]
    return Draft(text, language, tuple(_written(body, spans, groups)), tuple(unjudged))


def _written(
    body: str, spans: Sequence[Span], groups: Sequence[tuple[Span, list[int]]]
) -> Iterator[Written]:
    """The sentences, each with the marks that stand after its beginning and before the next."""
    for i, (start, end) in enumerate(spans):
        until = spans[i + 1][0] if i + 1 < len(spans) else len(body) + 1
        marks = [(span, numbers) for span, numbers in groups if start <= span[0] < until]
        numbers = dict.fromkeys(number for _, found in marks for number in found)
        place = max([end, *(span[1] for span, _ in marks)])
        yield Written(_tidy(body[start:end]), start, place, tuple(numbers))


def _no_claims(text: str) -> Iterator[tuple[Span, str]]:
    """Parts of a draft that say nothing about the story."""
    at = 0
    if front := _FRONT_MATTER.match(text):
        yield front.span(), "front matter"
        at = front.end()
    lines = text[at:].splitlines(keepends=True)
    said = [i for i, line in enumerate(lines) if line.strip() and not _ENTRY.match(line)]
    for i, line in enumerate(lines):
        if said and i > said[-1] and line.strip():  # a list at the end
            yield (at, at + len(line)), "an entry of a list of sources"
        elif line.lstrip().startswith("##"):
            yield (at, at + len(line)), "a section's heading"
        elif _LABEL.fullmatch(line.strip()):
            yield (at, at + len(line)), "a label"
        at += len(line)


def _numbers(marks: str) -> list[int]:
    found: list[int] = []
    for first, last in _NUMBERS.findall(marks):
        found += range(int(first), int(last or first) + 1)
    return found


def _unmarked(match: re.Match[str]) -> str:
    if not match.re.groups:
        return _spaces(match[0])
    start, end = (place - match.start() for place in match.span(1))
    return _spaces(match[0][:start]) + match[1] + _spaces(match[0][end:])


def _spaces(text: str) -> str:
    """As many spaces; line ends stay."""
    return re.sub(r"[^\n]", " ", text)


def _tidy(text: str) -> str:
    return re.sub(r" +([.,;:!?])", r"\1", " ".join(visible(text).split()))
