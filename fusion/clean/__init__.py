"""Reports as read in, articles out: the body and what is known about it; the rest kept as cut."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import asdict, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from fusion.clean import metadata as found_in
from fusion.clean.boilerplate import classify
from fusion.clean.header import (
    Header,
    ambiguous_day,
    day_first_in,
    is_opinion,
    labelled_outlet,
    read_header,
    signature,
)
from fusion.clean.injected import genuine
from fusion.clean.issuer import is_label, is_statement, issuer
from fusion.clean.lines import Line, split_lines, visible
from fusion.clean.outlets import appended_outlet, masthead
from fusion.types import Article, Cut, Skipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet
    from datetime import date

    from fusion.types import Metadata, RawArticle

__all__ = ["clean"]

_UNLIKE = 0.2  # two reports with a smaller share of common lines than this are not copies
_BODY_WORDS = 12  # a finished line of so many words is running text, not a title or a standfirst
_STANDFIRST = 3  # lines from the top, among which running text may be a standfirst
_TOP = 8  # lines in which a report says when it was published
_HEADER_WORDS = 30  # more stand in no line of dates and names


def clean(raw: Sequence[RawArticle]) -> tuple[list[Article], list[Skipped]]:
    """Find each report's body and metadata; `raw` is the whole story.

    The body keeps every character of its sentences but invisible ones; each cut line is in
    `Article.cut` with its reason. A report in which no body is found is returned as skipped.
    """
    split = [[Line(text) for text in split_lines(report.text)] for report in raw]
    furniture = _shared_by_unlike(split)
    found = [_article(*both, furniture) for both in zip(raw, split, strict=True)]
    if middle := _middle_day(found):
        found = [
            article
            if article is None or article.metadata.published
            else _dated_near(middle, article, report, lines, furniture)
            for article, report, lines in zip(found, raw, split, strict=True)
        ]
    skipped = [
        Skipped(report.file, "No body text is left after cleaning.")
        for report, article in zip(raw, found, strict=True)
        if article is None
    ]
    return [article for article in found if article is not None], skipped


def article_id(file: str, text: str) -> str:
    """12 hex digits made of the file's name and the cleaned text, and of nothing else."""
    return hashlib.sha256(f"{file}\0{text}".encode()).hexdigest()[:12]


def _article(
    report: RawArticle,
    lines: list[Line],
    furniture: AbstractSet[str],
    day_first: bool | None = None,
) -> Article | None:
    injected: list[tuple[str, str]] = []
    lines = _without_injected(lines, injected)
    reasons: list[str | None] = [None] * len(lines)
    known = _stated(lines, reasons, _visible(report.metadata), day_first)
    known = _headline(lines, reasons, known)
    known = _mastheads(lines, reasons, known)
    rest = [place for place in range(len(lines)) if reasons[place] is None]
    found = classify([lines[place] for place in rest], furniture, known.outlet)
    for place, reason in zip(rest, found, strict=True):
        reasons[place] = reason
    _author_notes(lines, reasons, known.byline)
    body = [line.text for line, reason in zip(lines, reasons, strict=True) if reason is None]
    cut = [(line.text, reason) for line, reason in zip(lines, reasons, strict=True) if reason]
    cut += injected
    if not body:
        return None
    known = _edges(body, cut, known)
    from_place = found_in.dateline(body[0])
    if known.published is None and from_place.day is not None:
        known = replace(known, published=from_place.day.when, date_only=True)
    owners = (found_in.rights_owner(line) for line, _ in cut)
    text = "\n".join(body)
    identity = article_id(report.file, text)
    known = replace(
        known,
        outlet=known.outlet or next(filter(None, owners), None),
        dateline=known.dateline or from_place.place,
        agency=known.agency or from_place.agency,
        language=known.language or found_in.language_of(text),
        issuer=issuer([line.text for line in lines], known.headline, known.outlet, text),
    )
    cuts = tuple(Cut(identity, line, reason) for line, reason in cut)
    return Article(identity, report.file, text, known, cuts)


def _middle_day(articles: Iterable[Article | None]) -> date | None:
    """The day in the middle of those on which the reports say that they were published."""
    known = sorted(a.metadata.published.date() for a in articles if a and a.metadata.published)
    return known[len(known) // 2] if known else None


def _dated_near(
    middle: date,
    article: Article,
    report: RawArticle,
    lines: list[Line],
    furniture: AbstractSet[str],
) -> Article:
    """An undated report with the day that it names in part, as near to the story's as may be.

    “KARIBA, May 3 (XYZ) - …” has no year, and 07/06/2031 is one of two days.
    """
    if any(map(ambiguous_day, lines[:_TOP])):
        read = [_article(report, lines, furniture, day_first=order) for order in (True, False)]
        dated = [(abs(at.date() - middle), a) for a in read if a and (at := a.metadata.published)]
        if dated:
            return min(dated, key=lambda pair: pair[0])[1]
    if day := found_in.day_of(article, middle):
        about = replace(article.metadata, published=day.when, date_only=day.date_only)
        return replace(article, metadata=about)
    return article


def _without_injected(lines: Sequence[Line], cut: list[tuple[str, str]]) -> list[Line]:
    """The lines without what in them speaks to a machine; that goes to `cut`."""
    kept: list[Line] = []
    for line, end in zip(lines, genuine(line.text for line in lines), strict=True):
        if end == len(line.text):
            kept.append(line)
            continue
        cut.append((line.text[end:], "speaks to a machine"))
        if before := line.text[:end].rstrip():
            kept.append(Line(before))
    return kept


def _edges(body: list[str], cut: list[tuple[str, str]], known: Metadata) -> Metadata:
    """Take a date glued to the first line and an agency's credit off the last one."""
    if glued := found_in.leading_date(body[0]):
        stamp, start = glued
        cut.insert(0, (body[0][:start].strip(), "date line"))
        body[0] = body[0][start:]
        if known.published is None:
            known = replace(known, published=stamp.when, date_only=stamp.date_only)
    if credit := found_in.trailing_agency(body[-1]):
        agency, start = credit
        cut.append((body[-1][start:].strip(), "agency credit"))
        body[-1] = body[-1][:start].rstrip()
        known = replace(known, agency=known.agency or agency)
    return known


def _visible(known: Metadata) -> Metadata:
    """The same without invisible characters, which formats can carry in any field."""
    texts: dict[str, Any] = {
        name: " ".join(visible(value).split()) or None
        for name, value in asdict(known).items()
        if isinstance(value, str)
    }
    return replace(known, **texts)


def _stated(
    lines: Sequence[Line],
    reasons: list[str | None],
    known: Metadata,
    day_first: bool | None,
) -> Metadata:
    """Take date lines and bylines out of the body; return `known` with what they say.

    What stands above the body, below a standfirst or directly below the body is about this report;
    a date line further on may be another's, and is only cut. `day_first` is whether 03/04/2031 is
    3 April, where the report does not tell.
    """
    order = _day_first(lines, known)
    day_first = day_first if order is None else order
    headers = [read_header(line, day_first) for line in lines]
    body = [
        place
        for place, (line, stated) in enumerate(zip(lines, headers, strict=True))
        if stated is None and line.prose and line.words >= _BODY_WORDS
    ]
    first, last = (body[0], body[-1]) if body else (len(lines), 0)
    if len(body) > 2 and first < _STANDFIRST and any(map(found_in.byline, lines[first : body[1]])):
        first = body[1]  # a byline stands below a standfirst, and no paragraph of the body
    for place, (line, stated) in enumerate(zip(lines, headers, strict=True)):
        around = place < first or place > last
        if place < first and is_opinion(line):
            known = replace(known, opinion=True)
        if stated is not None and (around or not stated.named):
            reasons[place] = "date line"
            if around:
                known = _with(known, stated)
        elif place < first and found_in.only_a_day(line.text):
            reasons[place] = "date line"
        elif place < first and is_label(line.text):
            reasons[place] = "note about the article"
        elif (names := found_in.byline(line)) is not None:
            reasons[place] = "byline"
            known = replace(known, byline=known.byline or names)
        elif place < first and (outlet := labelled_outlet(line)):
            reasons[place] = "masthead"
            known = _with(known, Header(outlet=outlet))
    return known


def _with(known: Metadata, stated: Header) -> Metadata:
    """`known` with what a header line adds to it."""
    if known.published is None and (published := stated.published):
        known = replace(known, published=published.when, date_only=published.date_only)
    return replace(
        known,
        updated=known.updated or (stated.updated.when if stated.updated else None),
        byline=known.byline or stated.byline,
        outlet=known.outlet or stated.outlet,
        agency=known.agency or stated.agency,
    )


def _day_first(lines: Sequence[Line], known: Metadata) -> bool | None:
    """Whether 03/04/2031 is 3 April in this report, or None if nothing tells.

    Its other dates do; else its language, since of those read here only English is written where
    the month comes first.
    """
    short = [line for line in lines if line.words <= _HEADER_WORDS]
    if (order := day_first_in(short)) is not None or not any(map(ambiguous_day, short)):
        return order
    language = known.language or found_in.language_of("\n".join(line.text for line in lines))
    return True if language not in (None, "en") else None


def _mastheads(lines: Sequence[Line], reasons: list[str | None], known: Metadata) -> Metadata:
    """Take the outlet's and the author's name out of the body where each is a line of its own.

    They stand above the body: an outlet at the top or beside a date line, byline or another
    name, an author beside a date line and below the headline.
    """
    for place, line in enumerate(lines):
        if reasons[place] is None and line.prose and line.words >= _BODY_WORDS:
            break
        beside = [reasons[near] for near in (place - 1, place + 1) if 0 <= near < len(lines)]
        if reasons[place] is not None:
            continue
        dated = not {"date line", "byline", "masthead"}.isdisjoint(beside)
        if (place < 2 or dated) and (outlet := masthead(line.text)):
            reasons[place] = "masthead"
            known = replace(known, outlet=known.outlet or outlet)
        elif "headline" in reasons[:place] and (name := signature(line, "date line" in beside)):
            reasons[place] = "byline"
            known = replace(known, byline=known.byline or name)
    return known


def _author_notes(lines: Sequence[Line], reasons: list[str | None], byline: str | None) -> None:
    """Cut lines at the body's edges that only present the author ("Jane Doe covers …")."""
    body = [place for place, reason in enumerate(reasons) if reason is None]
    for order in (body, body[::-1]):
        for place in order:
            above = lines[place - 1].text if place and reasons[place - 1] else ""
            others = " ".join(lines[other].text for other in body if other != place)
            if not found_in.presents_author(lines[place].text, byline, above, others):
                break
            reasons[place] = "note about the author"


def _headline(lines: Sequence[Line], reasons: list[str | None], known: Metadata) -> Metadata:
    """Take the headline out of the body: the declared one, or else the one that stands there."""
    declared = known.headline
    place = found_in.headline_place(lines, reasons)
    if declared is None and place is not None:
        reasons[place] = "headline"
        declared = lines[place].text
    if declared is None:
        return known
    known = replace(known, outlet=known.outlet or appended_outlet(declared))
    headline = found_in.tidy_headline(declared, known.outlet)
    for key in {Line(declared).key, Line(headline).key}:
        for place, line in enumerate(lines):
            if reasons[place] is None and line.key == key:
                reasons[place] = "headline"
    return replace(known, headline=headline, opinion=known.opinion or is_statement(headline))


def _shared_by_unlike(split: Sequence[Sequence[Line]]) -> AbstractSet[str]:
    """Keys of lines that stand in reports which share little else: the furniture of a site.

    Copies of one wire text share their body too, so a line counts only if some two reports that
    have it are unlike each other.
    """
    holders: dict[str, set[int]] = defaultdict(set)
    for report, lines in enumerate(split):
        for line in lines:
            if line.key:
                holders[line.key].add(report)
    shared: dict[tuple[int, int], int] = defaultdict(int)
    for who in holders.values():
        if 2 <= len(who) <= 50:
            ordered = sorted(who)
            for place, left in enumerate(ordered):
                for right in ordered[place + 1 :]:
                    shared[left, right] += 1
    return {
        key
        for key, who in holders.items()
        if any(
            shared[left, right] <= _UNLIKE * min(len(split[left]), len(split[right]))
            for left, right in pairwise(sorted(who))
        )
    }
