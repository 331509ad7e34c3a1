"""Whether a story's planted truth is consistent, proved on the story's own reports.

A report's text is what `fusion.ingest` makes of its file, with its headline and before cleaning,
since what is forbidden may be what cleaning cuts. Of an HTML file it is the whole page, of which
ingesting takes the article alone.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from pydantic import ValidationError

from fusion.clean import clean
from fusion.errors import FusionError, StoryError
from fusion.evaluate.gold import (
    Gold,
    core,
    disputed,
    first_match,
    form_problems,
    judge,
    plain,
    read_gold,
    sentences_of,
)
from fusion.ingest import ingest
from fusion.ingest.decode import decode
from fusion.types import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from fusion.evaluate.gold import (
        Forbidden,
        GoldArticle,
        GoldDisagreement,
        GoldQuote,
        GoldSide,
        Required,
    )
    from fusion.types import Metadata, RawArticle

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Checked:
    """What is inconsistent in planted truth, and what only looks so, each as a sentence.

    `gold` is None where nothing of the file could be used.
    """

    gold: Gold | None
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class _Said(NamedTuple):
    """Patterns, the entry that they are of, and the files of which each must have a match."""

    where: str
    any: Sequence[str]
    files: Sequence[str]
    unless: Sequence[str] = ()


def check_gold(story_dir: Path) -> Checked:
    """Check a story's `gold.yaml` by itself, on its reference and on its reports.

    Every pattern is proved on the reports it names and on the reference, and a forbidden one is
    proved to be silent on all other reports, so that it cannot punish what they truly say. An entry
    whose form is wrong is named and left out, and the others are still checked.
    """
    try:
        gold, problems = _usable(read_gold(story_dir / "gold.yaml"))
    except StoryError as error:
        return Checked(None, (str(error),))
    if gold is None:
        return Checked(None, tuple(problems))
    problems += [*_check_ids(gold), *_check_claims(gold), *_check_reference(gold)]
    folder = story_dir / "articles"
    try:
        raw, skipped = ingest(folder)
    except FusionError as error:
        return Checked(gold, (*problems, str(error)))
    texts = {report.file: _text(report, folder) for report in raw}
    sentences = {file: sentences_of(text) for file, text in texts.items()}
    stated = {article.file: article.metadata for article in clean(raw)[0]}
    unread = {skip.file: skip.reason.rstrip(".") for skip in skipped}
    problems += [
        *_check_files(gold, texts.keys(), unread),
        *_check_groups(gold),
        *_check_patterns(gold, sentences),
        *_check_quotes(gold, {file: plain(text) for file, text in texts.items()}),
    ]
    return Checked(
        gold,
        tuple(problems),
        (*_doubtful_times(gold, stated), *_doubtful_sources(gold, sentences)),
    )


def render_counts(golds: Mapping[str, Gold]) -> str:
    """What each story's gold has, as a table for a terminal."""
    parts = ("articles", "required", "forbidden", "disagreements", "agreements", "quotes")
    width = max(map(len, golds), default=0)
    lines = [f"{'':{width}}  {'  '.join(parts)}"]
    for name, gold in golds.items():
        counts = (f"{len(getattr(gold, part)):{len(part)}}" for part in parts)
        lines.append(f"{name:{width}}  {'  '.join(counts)}")
    return "\n".join(lines) + "\n"


def _usable(data: object) -> tuple[Gold | None, list[str]]:
    """The gold in `data` without its faulty entries, and what is wrong with those."""
    try:
        return Gold.model_validate(data), []
    except ValidationError as error:
        problems = [f"{problem}." for problem in form_problems(error, data)]
        faulty = {problem["loc"][:2] for problem in error.errors()}
    if not isinstance(data, dict):
        return None, problems
    rest = {
        key: [entry for place, entry in enumerate(part) if (key, place) not in faulty]
        if isinstance(part, list)
        else part
        for key, part in data.items()
        if key in Gold.model_fields
    }
    try:
        return Gold.model_validate(rest), problems
    except ValidationError:
        return None, problems


def _text(report: RawArticle, folder: Path) -> str:
    path = folder / report.file
    if report.format == "html" and path.is_file():  # and not an item of an archive
        return _page_text(decode(path.read_bytes()))
    return f"{report.metadata.headline or ''}\n{report.text}"


_UNSEEN = re.compile(r"<(script|style)\b.*?</\1>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_INLINE_TAG = re.compile(r"</?(?:a|b|em|i|span|strong|time)\b[^>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")


def _page_text(page: str) -> str:
    """All words of a page, one element a line, but those of scripts and comments."""
    words = " ".join(_UNSEEN.sub("", page).split())
    return html.unescape(_TAG.sub("\n", _INLINE_TAG.sub("", words)))


def _check_files(gold: Gold, reports: Iterable[str], unread: Mapping[str, str]) -> Iterator[str]:
    """Names that are wrong, each once, and files that are nobody's."""
    for file, reason in unread.items():
        yield f"articles: {file} cannot be used ({reason}); correct it or remove it."
    strangers = sorted(set(reports) - gold.articles.keys())
    for file in sorted(gold.articles.keys() - set(reports) - unread.keys()):
        near = get_close_matches(file, strangers, 1)
        strangers = [stranger for stranger in strangers if stranger not in near]
        yield f"articles: {file} is not in the folder; {_meant(near) or 'remove it or write it.'}"
    for file in strangers:
        yield f"articles: {file} is in the folder but not in gold.yaml; add it."
    known = {*gold.articles, *reports, *unread}
    named: dict[str, list[str]] = {}
    for where, files in _named_files(gold):
        for file in sorted(set(files) - known):
            named.setdefault(file, []).append(where)
    for file, places in named.items():
        near = get_close_matches(file, sorted(known), 1)
        told = f"{', '.join(dict.fromkeys(places))}: {file} is not among the articles"
        yield f"{told}; {_meant(near) or 'correct the name.'}"


def _meant(near: Sequence[str]) -> str:
    return f"did you mean {near[0]}?" if near else ""


def _check_groups(gold: Gold) -> Iterator[str]:
    groups: dict[str, list[Role]] = {}
    for article in gold.articles.values():
        groups.setdefault(article.group, []).append(article.role)
    for group, roles in groups.items():
        if len(roles) > 1 and roles.count(Role.ORIGINAL) != 1:
            yield f"articles: group {group} has several files but not exactly one original."


def _named_files(gold: Gold) -> Iterator[tuple[str, Sequence[str]]]:
    for said in _told(gold):
        yield said.where, said.files
    for quote in gold.quotes:
        yield _name(quote), quote.sources


def _told(gold: Gold) -> Iterator[_Said]:
    for fact in gold.required:
        yield _Said(f"required {fact.id}", fact.any, fact.sources)
    for bad in gold.forbidden:
        yield _Said(f"forbidden {bad.id}", bad.any, bad.from_, bad.unless)
    for conflict in gold.disagreements:
        for side in conflict.sides:
            yield _Said(_side(conflict, side), side.any, side.sources)


def _check_ids(gold: Gold) -> Iterator[str]:
    entries: list[Required | Forbidden | GoldDisagreement] = [
        *gold.required,
        *gold.forbidden,
        *gold.disagreements,
    ]
    names = (entry.id for entry in entries)
    for name, count in Counter(names).items():
        if count > 1:
            yield f"ids: {name} is used {count} times; give each entry its own."


def _check_claims(gold: Gold) -> Iterator[str]:
    """Each side's patterns tell it from the other sides, and no agreement's see a side."""
    for conflict in gold.disagreements:
        for side in conflict.sides:
            for other in conflict.sides:
                if other is not side and first_match(side.any, sentences_of(other.claim)):
                    yield f"{_side(conflict, side)}: a pattern matches another side: {other.claim}"
        claims = [side.claim for side in conflict.sides]
        for about, sentence in disputed(claims, gold).items():
            yield f"agreement about {about}: it matches a claim of {conflict.id}: {sentence}"


def _check_patterns(gold: Gold, sentences: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for said in _told(gold):
        for file in said.files:
            if file in sentences and not first_match(said.any, sentences[file], said.unless):
                yield f"{said.where}: no pattern matches a sentence of {file}."
    for bad in gold.forbidden:
        for file, sentence in _elsewhere(bad.any, bad.from_, sentences, bad.unless):
            yield f"forbidden {bad.id}: {file} is not in 'from' but says it: {sentence}"
    for agreed in gold.agreements:
        if not any(first_match(agreed.any, told) for told in sentences.values()):
            yield f"agreement about {agreed.about}: no pattern matches a sentence of a report."


def _elsewhere(
    patterns: Sequence[str],
    files: Sequence[str],
    sentences: Mapping[str, Sequence[str]],
    unless: Sequence[str] = (),
) -> Iterator[tuple[str, str]]:
    """Other files than `files` that say it, and the sentence; nothing while a name is wrong."""
    if set(files) <= sentences.keys():
        for file in sorted(sentences.keys() - set(files)):
            if sentence := first_match(patterns, sentences[file], unless):
                yield file, sentence


def _check_quotes(gold: Gold, texts: Mapping[str, str]) -> Iterator[str]:
    for quote in gold.quotes:
        sources = {file: texts[file] for file in quote.sources if file in texts}
        for file, text in sources.items():
            if core(quote.genuine) not in text:
                yield f"{_name(quote)}: {file} does not have these words: {quote.genuine}"
        speaker = plain(quote.speaker).casefold()
        if sources and not any(speaker in text.casefold() for text in sources.values()):
            yield f"{_name(quote)}: none of its sources names the speaker so."
        for altered in quote.altered:
            if not any(core(altered) in text for text in texts.values()):
                yield f"{_name(quote)}: no article has the altered words: {altered}"
            if core(altered) in core(quote.genuine):
                yield f"{_name(quote)}: not altered but a part of the genuine words: {altered}"


def _name(quote: GoldQuote) -> str:
    return f"quote of {quote.speaker}"


def _side(conflict: GoldDisagreement, side: GoldSide) -> str:
    return f"disagreement {conflict.id}, side {side.claim.rstrip('.')}"


def _check_reference(gold: Gold) -> Iterator[str]:
    score = judge(gold.reference, gold)
    for name in score.missing:
        yield f"reference: it lacks the required fact {name}, or no pattern sees it."
    for name, sentence in score.forbidden.items():
        yield f"reference: it says the forbidden {name}: {sentence}"
    for name in score.hidden:
        yield f"reference: it does not tell every side of the disagreement {name}."
    for quotation in score.altered:
        yield f"reference: it has an altered quotation: {quotation}"


def _doubtful_times(gold: Gold, stated: Mapping[str, Metadata]) -> Iterator[str]:
    for file, article in gold.articles.items():
        found = stated.get(file)
        if found is not None and found.published is not None and _apart(article, found):
            own = found.published.date() if found.date_only else found.published
            yield f"article {file}: published is {article.published or 'none'}, it says {own}."


def _apart(article: GoldArticle, stated: Metadata) -> bool:
    """Whether the gold's time is a day or more from each of the times that the report states."""
    known, times = (
        article.published,
        ((stated.published, stated.date_only), (stated.updated, False)),
    )
    return known is None or all(_days_apart(known, time, day) for time, day in times if time)


def _days_apart(known: datetime | date, stated: datetime, date_only: bool) -> bool:
    """Whether they are a day or more apart: as days, where one of them is no more than that."""
    if not isinstance(known, datetime):
        return known != stated.date()
    if date_only:
        return known.date() != stated.date()
    if known.tzinfo is None or stated.tzinfo is None:
        known, stated = known.replace(tzinfo=None), stated.replace(tzinfo=None)
    return abs(known - stated) >= A_DAY


def _doubtful_sources(gold: Gold, sentences: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Reports that say a required thing and are not among its sources.

    They are one too few, or the pattern is too wide. A rewrite says what its original says, and is
    nobody's source.
    """
    rewrites = {file for file, each in gold.articles.items() if each.role is Role.DERIVED}
    for fact in gold.required:
        for file, sentence in _elsewhere(fact.any, fact.sources, sentences):
            if file not in rewrites:
                yield f"required {fact.id}: {file} is not in 'sources' but matches: {sentence}"
