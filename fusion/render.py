"""A summary as Markdown, for people; as JSON it is `StorySummary.to_json`.

Words of articles, and of the model that read them, are data: every character with a meaning in
CommonMark or GitHub's dialect is escaped, so that no article can format the page or put a link,
an image or HTML into it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from fusion.progress import printable
from fusion.types import Role
from fusion.words import MONTHS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from fusion.summary import Citation, StorySummary, SummarySource

_SENTENCES_A_PARAGRAPH = 4  # at most; longer blocks are hard to read on a phone

_CITABLE = (Role.ORIGINAL, Role.COPY, Role.INDEPENDENT, Role.UPDATE)
_WORDS_FOR_ROLE = {
    Role.ORIGINAL: "fullest version",
    Role.COPY: "copy",
    Role.INDEPENDENT: "independent report",
    Role.UPDATE: "updated version",
    Role.DERIVED: "a rewrite of another report's text",
    Role.OFF_TOPIC: "about another story",
}
# What CommonMark and GFM read as markup anywhere in a line. `$` not before a digit: mathematics
# on GitHub, while prices stay readable.
_MARKUP = re.compile(r"[\\`*_\[\]<>&~|@#]|\$(?!\d)|:(?=//)|(?<=www)\.", re.IGNORECASE)
# What is markup only at the start of a block: lists and rules.
_AT_START = re.compile(r"^(?:([+=-])|(\d{1,9})([.)]))")


def to_markdown(summary: StorySummary) -> str:
    """Render a summary: headline, sentences, disagreements, timeline, sources, passages, footer.

    Citations are numbered by first use; one number is one span of one source.
    """
    numbers = _Numbers()
    blocks = [
        f"# {escape(summary.headline.text)}",
        _as_of(summary, numbers),
        *_embargoes(summary),
        *_paragraphs(summary, numbers),
        *_disagreements(summary, numbers),
        *_timeline(summary, numbers),
        *_sources(summary),
        *_passages(summary, numbers),
        "---",
        _footer(summary),
    ]
    return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """`text` on one line as Markdown that shows exactly its printable characters."""
    escaped = _MARKUP.sub(r"\\\g<0>", printable(text))
    return _AT_START.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", escaped)


def say_time(when: datetime) -> str:
    """Write a time as `24 November 2021, 14:05 UTC`: the zone where known.

    Midnight without a zone is how a report that states only a day is kept, so only the day is said.
    """
    day = f"{when.day} {MONTHS[when.month - 1]} {when.year}"
    offset = when.utcoffset()
    if offset is None:
        return day if (when.hour, when.minute, when.second) == (0, 0, 0) else f"{day}, {when:%H:%M}"
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    zone = f"{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else ""
    return f"{day}, {when:%H:%M} UTC{zone}"


class _Numbers:
    """Gives each cited span its number, in the order in which they are first asked for."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, int], int] = {}
        self.cited: list[Citation] = []

    def marks(self, citations: Iterable[Citation]) -> str:
        """`[1][3]` for these citations, each span once."""
        return "".join(dict.fromkeys(f"[{self._number(citation)}]" for citation in citations))

    def _number(self, citation: Citation) -> int:
        span = (citation.source, citation.start, citation.end)
        if span not in self._found:
            self._found[span] = len(self._found) + 1
            self.cited.append(citation)
        return self._found[span]


def _as_of(summary: StorySummary, numbers: _Numbers) -> str:
    said = f"As of {say_time(summary.as_of)}." if summary.as_of else "No report states its date."
    marks = numbers.marks(summary.headline.citations)
    return f"*{said}*" + (f" Headline: {marks}" if marks else "")


def _embargoes(summary: StorySummary) -> Iterator[str]:
    """Name the reports that state an embargo, past or not: there is no clock here to tell."""
    lines = [
        f"- **Embargo**: {_name(s)} is not for publication before {say_time(s.embargoed)}."
        for s in summary.sources
        if s.embargoed and s.role in _CITABLE
    ]
    if lines:
        yield "\n".join(lines)


def _paragraphs(summary: StorySummary, numbers: _Numbers) -> Iterator[str]:
    said = [f"{escape(s.text)} {numbers.marks(s.citations)}" for s in summary.sentences]
    if not said:
        yield "No sentence could be written that the reports support."
        return
    count = -(-len(said) // _SENTENCES_A_PARAGRAPH)
    for n in range(count):  # of near-equal length
        yield " ".join(said[n * len(said) // count : (n + 1) * len(said) // count])


def _disagreements(summary: StorySummary, numbers: _Numbers) -> Iterator[str]:
    if not summary.disagreements:
        return
    yield "## Where the sources disagree"
    for disagreement in summary.disagreements:
        yield f"**{escape(disagreement.about)}**"
        yield "\n".join(
            f"- {escape(side.claim)} {numbers.marks(side.citations)}" for side in disagreement.sides
        )


def _timeline(summary: StorySummary, numbers: _Numbers) -> Iterator[str]:
    """Yield the dated developments that the sentences have not already told."""
    told = [(sentence.text, sentence.citations) for sentence in summary.sentences]
    untold = [entry for entry in summary.timeline if (entry.text, entry.citations) not in told]
    if untold:
        yield "## Timeline"
        yield "\n".join(
            f"- {say_time(e.when)}: {escape(e.text)} {numbers.marks(e.citations)}".rstrip()
            for e in untold
        )


def _sources(summary: StorySummary) -> Iterator[str]:
    yield "## Sources"
    lines = []
    for reports in _voices(summary):
        if len(reports) == 1:
            role = reports[0].role
            words = _WORDS_FOR_ROLE[Role.INDEPENDENT if role is Role.ORIGINAL else role]
            lines.append(f"- {_describe(reports[0])}; {words}")
            continue
        agencies = [report.agency for report in reports if report.agency]
        text = f"one agency text ({escape(agencies[0])})" if agencies else "one text"
        lines.append(f"- {text} carried by {len(reports)} reports:")
        lines += [f"  - {_describe(r)}; {_WORDS_FOR_ROLE[r.role]}" for r in reports]
    if lines:
        yield "\n".join(lines)
    left_out = [
        f"- {_describe(source)}; {_WORDS_FOR_ROLE[source.role]}"
        for source in summary.sources
        if source.role not in _CITABLE
    ]
    left_out += [
        f"- {escape(dropped.what)}: {escape(dropped.reason)}"
        for dropped in summary.dropped
        if dropped.stage == "ingest"
    ]
    if left_out:
        yield "Not used:"
        yield "\n".join(left_out)


def _voices(summary: StorySummary) -> list[list[SummarySource]]:
    """The citable reports, those that share one text together, in order of first appearance."""
    groups = defaultdict(list)
    for source in summary.sources:
        if source.role in _CITABLE:
            groups[source.group].append(source)
    return list(groups.values())


def _name(source: SummarySource) -> str:
    """Outlet and file: the file tells two reports of one outlet apart."""
    file = escape(source.file)
    return f"{escape(source.outlet)} ({file})" if source.outlet else file


def _describe(source: SummarySource) -> str:
    described = _name(source)
    if source.title:
        described += f", “{escape(source.title)}”"
    if source.updated:
        described += f", updated {say_time(source.updated)}"
    elif source.published:
        described += f", {say_time(source.published)}"
    return described


def _passages(summary: StorySummary, numbers: _Numbers) -> Iterator[str]:
    if not numbers.cited:
        return
    sources = {source.id: source for source in summary.sources}
    yield "## Passages"
    yield "\n".join(
        f"- [{number}] {_name(sources[citation.source])}: “{escape(citation.text)}”"
        for number, citation in enumerate(numbers.cited, 1)
    )


def _footer(summary: StorySummary) -> str:
    failed = sum(entry.stage == "verify" for entry in summary.dropped)
    outcome = (
        f"{failed} failed and {'is' if failed == 1 else 'are'} left out"
        if failed
        else "none failed"
    )
    return (
        f"*{_count(len(_voices(summary)), 'independent source')} "
        f"in {_count(len(summary.sources), 'report')}. "
        f"Written by a machine (model {escape(summary.run.model.name)}) from these reports. "
        f"Each sentence was checked against the passages it cites; {outcome}.*"
    )


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
