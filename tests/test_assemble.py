from __future__ import annotations

from datetime import UTC, datetime

from passages import fact, passages, source
from summaries import example_summary

from fusion.assemble import assemble
from fusion.compose import Told, Untold
from fusion.summary import StorySummary
from fusion.types import Conflict, Group, Grouping, Role, Side, Skipped, Verdict

CLOSED = "The Ostwick swing bridge was closed on Sunday."
HURT = "Police said 40 people were injured."
A = source("a", CLOSED, HURT, published="2031-05-04T09:00:00+02:00", outlet="Ostwick Gazette")
B = source("b", CLOSED, group="a", role=Role.COPY, published="2031-05-05T09:00:00+02:00")
C = source("c", "The hospital counted 71 injured people.")
SPUN = source("d", "The bridge got shut.", group="a", role=Role.DERIVED, published="2031-05-09")
STRAY = source("e", "The chess cup went to Merrow.", role=Role.OFF_TOPIC)
GROUPS = (Group("a", ("a", "b", "d"), "a"), Group("c", ("c",), "c"), Group("e", ("e",), "e"))


def made() -> StorySummary:
    a, hurt, b, c = passages(A, B, C)
    told = Told(CLOSED, "fact", (a, b), Verdict(True, 0.98765, {"numbers": True}))
    conflict = Conflict("injured", (Side(HURT, (hurt,)), Side(c.text, (c,))))
    return assemble(
        "bridge",
        ("Bridge closed", (a, hurt)),
        [(fact(a, b), told)],
        [Untold("It fell.", "No sentence about it could be supported.")],
        [conflict],
        Grouping((A, B, C, SPUN, STRAY), GROUPS),
        [Skipped("scan.pdf", "no text layer")],
        example_summary().run,
    )


def test_copies_are_one_voice() -> None:
    (sentence,) = made().sentences
    assert [citation.source for citation in sentence.citations] == ["a", "b"]
    assert sentence.independent_sources == 1
    assert sentence.support == 0.988


def test_the_headline_has_the_citations_that_it_rests_on() -> None:
    headline = made().headline
    assert headline.text == "Bridge closed"
    assert [citation.text for citation in headline.citations] == [CLOSED, HURT]


def test_as_of_is_the_newest_report_that_may_be_cited() -> None:
    assert made().as_of == datetime(2031, 5, 5, 7, tzinfo=UTC)


def test_every_report_is_listed_and_everything_left_out_has_a_reason() -> None:
    summary = made()
    assert [source.id for source in summary.sources] == ["a", "b", "c", "d", "e"]
    assert [(each.stage, each.what) for each in summary.dropped] == [
        ("ingest", "scan.pdf"),
        ("dedup", "d.txt"),
        ("dedup", "e.txt"),
        ("verify", "It fell."),
    ]
    assert all(each.reason for each in summary.dropped)


def test_both_sides_of_a_disagreement_are_cited() -> None:
    (disagreement,) = made().disagreements
    assert [side.citations[0].text for side in disagreement.sides] == [HURT, C.article.text]


def test_the_summary_goes_through_json() -> None:
    assert StorySummary.model_validate_json(made().to_json()) == made()
