"""The story as the program sees it: what each report is, who is one voice, what was cut and why.

No model writes any of it. `survey` runs the first stages of the pipeline (ingest, clean, dedup)
and `render_table` shows what they found to an editor.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from fusion.clean import clean
from fusion.dedup import dedup
from fusion.embed import E5Embedder
from fusion.errors import StoryError
from fusion.ingest import ingest
from fusion.progress import printable
from fusion.quotes import quotations
from fusion.runlog import story_folder
from fusion.settings import default_cache_dir
from fusion.summary import SummarySource
from fusion.types import Role
from fusion.vectors import VECTORS, VectorFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from fusion.embed import PassageEmbedder
    from fusion.types import Grouping, Skipped

    Numbers = Mapping[str, str]  # source id -> "[1]"

EASTMOST = timedelta(hours=14)  # ahead of UTC: where a day begins first
WIDTH = 96  # columns that a line of a report is shortened to
SHOWN = 3  # aligned passages shown of each group member, and lines shown of each reason for a cut


class _Report(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


class EvidenceReport(_Report):
    """Why `member` is in its group: see `fusion.types.GroupEvidence`."""

    member: str
    original: str
    reason: str
    scores: dict[str, float]
    examples: list[tuple[str, str]]


class GroupReport(_Report):
    """Reports that are one voice."""

    id: str
    members: list[str]
    original: str
    evidence: list[EvidenceReport]


class SharedReport(_Report):
    """A passage of `source`, [start, end) in its text, that is the voice of another `group`."""

    source: str
    start: int
    end: int
    group: str


class VariantReport(_Report):
    """A quotation as one source prints it, [start, end) in its text."""

    source: str
    start: int
    end: int
    text: str
    altered: bool


class QuoteReport(_Report):
    """One saying: the genuine wording, why, and how each source prints it."""

    text: str
    reason: str
    variants: list[VariantReport]


class CutReport(_Report):
    """A line of a source that is not its body."""

    source: str
    text: str
    reason: str


class SkippedReport(_Report):
    """A file that could not be used."""

    file: str
    reason: str


class SourcesReport(_Report):
    """What `fusion sources --format json` prints. `sources` is as in the summary contract."""

    schema_: Annotated[Literal["fusion/sources/1"], Field(alias="schema")] = "fusion/sources/1"
    story: str
    sources: list[SummarySource]
    groups: list[GroupReport]
    shared: list[SharedReport]
    quotes: list[QuoteReport]
    cut: list[CutReport]
    skipped: list[SkippedReport]

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def to_json(self) -> str:
        """The report as JSON text with a final newline."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"


def survey(story_dir: Path, embedder: PassageEmbedder | None = None) -> SourcesReport:
    """Read the reports of `story_dir` and say what they are to each other.

    The vectors of the sentences that had to be compared are kept in the cache, where `summarize`
    finds them, and a second survey too; `embedder` takes their place.
    Raises `UsageError` if it is no folder, `StoryError` if nothing in it can be used.
    """
    raw, unreadable = ingest(story_dir)
    articles, empty = clean(raw)
    skipped = [*unreadable, *empty]
    if not articles:
        raise StoryError(
            f"{story_dir}: no article text in any of its {len(skipped)} files; add the reports."
        )
    if embedder is not None:
        grouping = dedup(articles, embedder)
    else:
        kept = story_folder(default_cache_dir(), story_dir) / VECTORS
        with VectorFile(kept, E5Embedder()) as vectors:
            grouping = dedup(articles, vectors)
    return describe(story_dir.resolve().name, grouping, skipped)


def describe(story: str, grouping: Grouping, skipped: Iterable[Skipped] = ()) -> SourcesReport:
    """Report on a story whose sources are grouped already."""
    return SourcesReport(
        story=story,
        sources=[SummarySource.of(source) for source in grouping.sources],
        groups=[GroupReport.model_validate(group) for group in grouping.groups],
        shared=[SharedReport.model_validate(passage) for passage in grouping.shared],
        quotes=[QuoteReport.model_validate(quote) for quote in quotations(grouping)],
        cut=[CutReport.model_validate(cut) for s in grouping.sources for cut in s.article.cut],
        skipped=[SkippedReport.model_validate(skip) for skip in skipped],
    )


def render_table(report: SourcesReport, now: datetime | None = None) -> str:
    """The report as plain text for an editor, with a final newline.

    Dates after `now`, aware, are marked as such; default: the time of the call.
    """
    numbers = {source.id: f"[{i}]" for i, source in enumerate(report.sources, 1)}
    sections = (
        _sources(report, numbers),
        _embargoes(report, numbers),
        _groups(report, numbers),
        _shared(report, numbers),
        _quotes(report, numbers),
        _timeline(report, numbers, now or datetime.now(UTC)),
        _cut(report, numbers),
        _skipped(report),
    )
    return "\n\n".join("\n".join(lines) for lines in map(list, sections) if lines) + "\n"


def _sources(report: SourcesReport, numbers: Numbers) -> Iterator[str]:
    voices = {source.group for source in report.sources if source.role is not Role.OFF_TOPIC}
    yield f"SOURCES: {len(report.sources)} reports, {len(voices)} independent voices"
    for source in report.sources:
        role = source.role.value.replace("_", " ")
        if source.group != source.id:
            role += f" of {numbers[source.group]}"
        known = (source.outlet, source.byline, source.agency, source.language)
        about = ", ".join(part for part in known if part) or "outlet not stated"
        when = _when(source.published)
        yield f"{numbers[source.id]:>5} {role:<18} {source.words:>6} words  {when}"
        yield f"      {_short(source.title or source.text)}"
        yield f"      {_short(f'{about} · {source.file}')}"


def _embargoes(report: SourcesReport, numbers: Numbers) -> Iterator[str]:
    embargoed = [source for source in report.sources if source.embargoed]
    if not embargoed:
        return
    yield "EMBARGO: not for publication before the time stated"
    for source in embargoed:
        yield f"  {numbers[source.id]} {_when(source.embargoed)}  {_short(source.file)}"


def _groups(report: SourcesReport, numbers: Numbers) -> Iterator[str]:
    explained = [group for group in report.groups if group.evidence]
    if not explained:
        return
    yield "WHY"
    for evidence in (evidence for group in explained for evidence in group.evidence):
        pair = numbers[evidence.member]
        if evidence.member != evidence.original:
            pair += f" with {numbers[evidence.original]}"
        yield f"  {pair}: {printable(evidence.reason)}"
        for original, member in evidence.examples[:SHOWN]:
            yield f"      {numbers[evidence.original]} {_short(original)}"
            yield f"      {numbers[evidence.member]} {_short(member)}"


def _shared(report: SourcesReport, numbers: Numbers) -> Iterator[str]:
    if not report.shared:
        return
    texts = {source.id: source.text for source in report.sources}
    yield "PASSAGES TAKEN OVER: no second voice for what they say"
    for passage in report.shared:
        words = texts[passage.source][passage.start : passage.end]
        yield f"  {numbers[passage.source]} from {numbers[passage.group]}  {_short(words)}"


def _quotes(report: SourcesReport, numbers: Numbers) -> Iterator[str]:
    several = [quote for quote in report.quotes if len(quote.variants) > 1]
    if not several:
        return
    yield f"QUOTATIONS: {len(report.quotes)}, of which {len(several)} in more than one report"
    for quote in several:
        agreed = [numbers[v.source] for v in quote.variants if not v.altered]
        yield f"  “{_short(quote.text)}”"
        yield f"      {' '.join(dict.fromkeys(agreed))}: {quote.reason}"
        for variant in quote.variants:
            if variant.altered:
                yield f"      {numbers[variant.source]} ALTERED: “{_short(variant.text)}”"


def _timeline(report: SourcesReport, numbers: Numbers, now: datetime) -> Iterator[str]:
    dated = [source for source in report.sources if source.published]
    if not dated:
        return
    yield "TIMELINE OF PUBLICATION"
    for source in sorted(dated, key=lambda source: _sortable(source.published)):
        updated = f" (updated {_when(source.updated)})" if source.updated else ""
        ahead = " IN THE FUTURE" if source.published and _after(source.published, now) else ""
        when = _when(source.published)
        yield f"  {when}  {numbers[source.id]} {source.outlet or ''}{updated}{ahead}"


def _cut(report: SourcesReport, numbers: Numbers) -> Iterator[str]:
    if not report.cut:
        return
    yield f"CUT: {len(report.cut)} lines that are not body text"
    shown: Counter[tuple[str, str]] = Counter()
    for cut in report.cut:
        shown[cut.source, cut.reason] += 1
        if shown[cut.source, cut.reason] <= SHOWN:
            yield f"  {numbers[cut.source]} {cut.reason}: {_short(cut.text)}"
    hidden = sum(max(0, count - SHOWN) for count in shown.values())
    if hidden:
        yield f"  and {hidden} more of the same kinds; `--format json` has all"


def _skipped(report: SourcesReport) -> Iterator[str]:
    if not report.skipped:
        return
    yield f"SKIPPED: {len(report.skipped)} files"
    for skip in report.skipped:
        yield f"  {printable(skip.file)}: {printable(skip.reason)}"


def _when(moment: datetime | None) -> str:
    """Date and time with zone; the date alone where the time is midnight, which means none."""
    if moment is None:
        return "date not stated"
    if moment.hour == moment.minute == 0:
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%d %H:%M %z}".rstrip()


def _after(moment: datetime, now: datetime) -> bool:
    """Whether it has not come yet; without a zone, whether it has come nowhere."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC) - EASTMOST) > now


def _sortable(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _short(text: str) -> str:
    line = printable(text)
    return line if len(line) <= WIDTH else line[: WIDTH - 1].rstrip() + "…"
