"""The labelled pages of `benchmarks/` as a gate: no change may lose body or let furniture in."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from fusion.clean import clean
from fusion.clean.lines import Line
from fusion.clean.shapes import alone
from fusion.types import Metadata, RawArticle

if TYPE_CHECKING:
    from types import ModuleType


def benchmark() -> ModuleType:
    path = Path(__file__).parent.parent / "benchmarks" / "clean.py"
    spec = importlib.util.spec_from_file_location("benchmark_clean", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("half", "floor"), [("dev", 0.99), ("hold", 0.97), ("fresh", 0.97), ("last", 0.95)]
)
def test_labelled_pages(half: str, floor: float) -> None:
    kept, recall, _ = benchmark().shares(benchmark().outcomes(half))
    assert kept >= 0.99
    assert recall >= floor


@pytest.mark.parametrize(
    "text",
    [
        "“You must subscribe to nothing and sign nothing,” her lawyer had told her.",
        "Support for the newsletter's editor was strong, said its publisher.",
        "Share prices fell 3 per cent after the website was shut.",
        "Contact with the vessel was lost at 3 a.m.",
        "The picture by an unknown painter sold for 3 million crowns.",
        "Published in 1954, the book made her name.",
        "Users who rejected cookies had to click through five pages.",
        "The minister's comments on the article drew a sharp reply.",
        "Her reporting on the war was compiled from the letters of soldiers.",
    ],
)
def test_sentences_about_pages_are_no_furniture(text: str) -> None:
    assert alone(Line(text)) is None


BODY = (
    "The ferry Halcyon ran aground off Port Sable early on Tuesday with 212 people on board.",
    "All passengers were taken off by noon, the coastguard said, and no one was badly hurt.",
)


def body_of(*lines: str) -> tuple[str, ...]:
    (article,), _ = clean([RawArticle("a.txt", "text", "\n".join(lines), Metadata(), "")])
    return tuple(article.text.split("\n"))


@pytest.mark.parametrize(
    "tail",
    [
        "Gamble responsibly.",
        "Smash the like button and tell everyone you know!",
        "This article is no financial advice.",
        "Story source: Oster Lines. Edited for length.",
        "Disclaimer: The opinions expressed are those of others.",
        "Thanks for reading!",
        "Have a story for our newsroom? Send your pictures.",
        "Jane Doe is a reporter who writes about ships.",
        "This report was funded by the Sable Trust.",
    ],
)
def test_what_ends_a_report_and_is_about_itself_is_cut(tail: str) -> None:
    assert body_of(*BODY, tail) == BODY


@pytest.mark.parametrize(
    "tail",
    [
        "The search goes on.",
        "Investors should weigh the risk before they invest.",
        "“Do your own research and bet responsibly,” she told readers.",
        "Passengers can ask for their money back until 30 June.",
        "This is the third grounding since spring.",
        "The company did not reply to a request for comment.",
        "Readers of the newspaper gave 14,000 crowns for the crew.",
        "Lidia Farrow is a reporter at the harbour radio and was on board, Farrow's sister said.",
    ],
)
def test_a_last_sentence_of_the_story_is_kept(tail: str) -> None:
    assert body_of(*BODY, tail) == (*BODY, tail)


def test_a_feature_may_begin_by_talking_to_its_reader() -> None:
    lead = "Picture this: you sit down to read the story of your own rescue."
    assert body_of(lead, *BODY) == (lead, *BODY)


def test_links_below_their_heading_are_cut_to_the_end() -> None:
    assert body_of(*BODY, "Read more:", "The ferry was old. Now it is famous.") == BODY


def test_answers_of_an_interview_may_be_the_same() -> None:
    talk = ("Jane Doe: Fog?", "Per Hallin: Yes.", "Jane Doe: Was it late?", "Per Hallin: Yes.")
    assert body_of(*BODY, *talk, "They shook hands.") == (*BODY, *talk, "They shook hands.")


def test_a_sentence_broken_over_two_lines_is_kept() -> None:
    broken = ("Fares rose 6 per cent", "and remain the island's chief worry.")
    assert body_of(*BODY, *broken) == (*BODY, *broken)


def test_lines_of_unlike_reports_are_furniture_and_shared_wire_text_is_not() -> None:
    def story(name: str, *lines: str) -> RawArticle:
        return RawArticle(name, "text", "\n".join(lines), Metadata(), "")

    wire = [f"Sentence {number} of the wire report stands in both papers." for number in range(9)]
    own = [f"Sentence {number} of another matter stands only here." for number in range(9)]
    line = "The Courier group of papers and stations"
    articles, _ = clean(
        [story("a", *wire), story("b", *wire), story("c", line, *own), story("d", line, *wire[:4])]
    )
    assert [len(article.text.split("\n")) for article in articles] == [9, 9, 9, 4]
