"""Reports as read in, articles out: the body and what is known about it; the rest kept as cut."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import asdict, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from fusion.clean import metadata as found_in
from fusion.clean.boilerplate import classify
from fusion.clean.lines import Line, split_lines, visible
from fusion.types import Article, Cut, Skipped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from fusion.types import Metadata, RawArticle

__all__ = ["clean"]

_UNLIKE = 0.2  # two reports with a smaller share of common lines than this are not copies


def clean(raw: Sequence[RawArticle]) -> tuple[list[Article], list[Skipped]]:
    """Find each report's body and metadata; `raw` is the whole story.

    The body keeps every character of its sentences but invisible ones; each cut line is in
    `Article.cut` with its reason. A report in which no body is found is returned as skipped.
    """
    split = [[Line(text) for text in split_lines(report.text)] for report in raw]
    furniture = _shared_by_unlike(split)
    articles: list[Article] = []
    skipped: list[Skipped] = []
    for report, lines in zip(raw, split, strict=True):
        article = _article(report, lines, furniture)
        if article is None:
            skipped.append(Skipped(report.file, "No body text is left after cleaning."))
        else:
            articles.append(article)
    return articles, skipped


def article_id(file: str, text: str) -> str:
    """12 hex digits made of the file's name and the cleaned text, and of nothing else."""
    return hashlib.sha256(f"{file}\0{text}".encode()).hexdigest()[:12]


def _article(report: RawArticle, lines: list[Line], furniture: AbstractSet[str]) -> Article | None:
    reasons: list[str | None] = [None] * len(lines)
    known = _stated(lines, reasons, _visible(report.metadata))
    known = _headline(lines, reasons, known)
    rest = [place for place in range(len(lines)) if reasons[place] is None]
    found = classify([lines[place] for place in rest], furniture)
    for place, reason in zip(rest, found, strict=True):
        reasons[place] = reason
    _author_notes(lines, reasons, known.byline)
    body = [line.text for line, reason in zip(lines, reasons, strict=True) if reason is None]
    cut = [(line.text, reason) for line, reason in zip(lines, reasons, strict=True) if reason]
    if not body:
        return None
    known = _edges(body, cut, known)
    place_name, agency_there = found_in.dateline(body[0])
    owners = (found_in.rights_owner(line) for line, _ in cut)
    text = "\n".join(body)
    identity = article_id(report.file, text)
    known = replace(
        known,
        outlet=known.outlet or next(filter(None, owners), None),
        dateline=known.dateline or place_name,
        agency=known.agency or agency_there,
        language=known.language or found_in.language_of(text),
    )
    cuts = tuple(Cut(identity, line, reason) for line, reason in cut)
    return Article(identity, report.file, text, known, cuts)


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


def _stated(lines: Sequence[Line], reasons: list[str | None], known: Metadata) -> Metadata:
    """Take date lines and bylines out of the body; return `known` with what they say."""
    for place, line in enumerate(lines):
        if (stamps := found_in.date_line(line)) is not None:
            reasons[place] = "date line"
            published, updated = stamps
            if known.published is None and published is not None:
                known = replace(known, published=published.when, date_only=published.date_only)
            if known.updated is None and updated is not None:
                known = replace(known, updated=updated.when)
        elif (names := found_in.byline(line)) is not None:
            reasons[place] = "byline"
            known = replace(known, byline=known.byline or names)
    return known


def _author_notes(lines: Sequence[Line], reasons: list[str | None], byline: str | None) -> None:
    """Cut the last lines of the body where they only present the author ("Jane Doe covers …").

    The author is named by the byline, or by a line of its own above the note.
    """
    for place in reversed([place for place, reason in enumerate(reasons) if reason is None]):
        above = lines[place - 1].text if place and reasons[place - 1] else ""
        if not found_in.presents_author(lines[place].text, byline, above):
            return
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
    headline = found_in.tidy_headline(declared, known.outlet)
    for key in {Line(declared).key, Line(headline).key}:
        for place, line in enumerate(lines):
            if reasons[place] is None and line.key == key:
                reasons[place] = "headline"
    return replace(known, headline=headline)


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
