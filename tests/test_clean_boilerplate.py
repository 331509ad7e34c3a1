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


@pytest.mark.parametrize("half", ["dev", "hold"])
def test_labelled_pages(half: str) -> None:
    kept, recall, _ = benchmark().shares(benchmark().outcomes(half))
    assert kept >= 0.99
    assert recall >= 0.97


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
