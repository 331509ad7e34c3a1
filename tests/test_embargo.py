from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from summaries import OWN_TEXT, example_summary, source

from fusion.embargo import notes_in_force
from fusion.render import to_markdown
from fusion.summary import SummarySource
from fusion.types import Article, Metadata, Role, Source

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def embargoed(until: datetime) -> SummarySource:
    report = source("wire", OWN_TEXT, Role.INDEPENDENT)
    return report.model_copy(update={"embargoed": until})


@pytest.mark.parametrize(
    ("until", "holds"),
    [
        (NOON + HOUR, True),
        (NOON - HOUR, False),
        (datetime(2031, 5, 6, 13, 30, tzinfo=timezone(2 * HOUR)), False),
        # Without a zone: noon has come everywhere when it has come twelve hours behind UTC.
        (datetime(2031, 5, 6, 12, 0), True),
        (datetime(2031, 5, 5, 23, 59), False),
    ],
)
def test_an_embargo_holds_until_its_end(until: datetime, holds: bool) -> None:
    assert len(notes_in_force([embargoed(until)], NOON)) == holds


def test_the_warning_names_the_file_and_the_time() -> None:
    assert notes_in_force([embargoed(NOON + HOUR), source("b", "B.", Role.COPY)], NOON) == [
        "wire.txt: embargoed until 6 May 2031, 13:00 UTC; "
        "do not publish before then what rests on it."
    ]


def test_the_clock_is_read_where_no_time_is_given() -> None:
    now = datetime.now(UTC)
    assert notes_in_force([embargoed(now + HOUR)])
    assert not notes_in_force([embargoed(now - HOUR)])


def test_embargo_and_rights_reach_the_contract() -> None:
    known = Metadata(rights="© Coast News Agency", embargoed=NOON)
    article = Article("a", "a.txt", OWN_TEXT, known)
    report = SummarySource.of(Source(article, "a", Role.INDEPENDENT))
    assert (report.rights, report.embargoed) == ("© Coast News Agency", NOON)
    plain = SummarySource.of(Source(replace(article, metadata=Metadata()), "a", Role.COPY))
    assert (plain.rights, plain.embargoed) == (None, None)


def test_an_embargoed_report_is_named_at_the_top_of_the_page() -> None:
    summary = example_summary()
    cited = summary.sources[0].model_copy(update={"embargoed": NOON})
    page = to_markdown(summary.model_copy(update={"sources": [cited, *summary.sources[1:]]}))
    line = next(line for line in page.splitlines() if "Embargo" in line)
    assert line.endswith("is not for publication before 6 May 2031, 12:00 UTC.")
    assert cited.file.split(".")[0] in line
    assert page.index(line) < page.index("## Sources")
    assert "Embargo" not in to_markdown(summary)
