from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.clean.header import labelled_outlet, read_header, signature
from fusion.clean.lines import Line


@pytest.mark.parametrize(
    ("text", "published", "updated", "byline", "outlet"),
    [
        ("The Upland Post | 03.12.2031", "2031-12-03 00:00:00", None, None, "The Upland Post"),
        ("PeakWire | September 5th, 2031", "2031-09-05 00:00:00", None, None, "PeakWire"),
        ("Posted on June 11, 2031 by admin", "2031-06-11 00:00:00", None, None, None),
        (
            "Halden Herald, 12 February 2031, 16:00",
            "2031-02-12 16:00:00",
            None,
            None,
            "Halden Herald",
        ),
        (
            "By Jane Doe | Updated: May 8, 2031 4:10 pm BST",
            None,
            "2031-05-08 16:10:00+01:00",
            "Jane Doe",
            None,
        ),
        ("Published 3 hours ago · 8 May 2031 10:32", "2031-05-08 10:32:00", None, None, None),
        (
            "8 May 2031 10:32 a.m. EST Updated 2:15 p.m.",
            "2031-05-08 10:32:00-05:00",
            "2031-05-08 14:15:00-05:00",
            None,
            None,
        ),
        (
            "Jane Doe | Halden Herald | May 8, 2031 | 4 min read",
            "2031-05-08 00:00:00",
            None,
            "Jane Doe",
            "Halden Herald",
        ),
        (
            "Publié le 3 mars 2031 à 18h05 - Mis à jour le 4 mars 2031 à 07h20",
            "2031-03-03 18:05:00",
            "2031-03-04 07:20:00",
            None,
            None,
        ),
        ("by Jane Doe May 8, 2031 in Local, Water", "2031-05-08 00:00:00", None, "Jane Doe", None),
        ("Jane Doe | 8 May 2031", "2031-05-08 00:00:00", None, None, None),  # or a paper's name
    ],
)
def test_header_lines(
    text: str, published: str | None, updated: str | None, byline: str | None, outlet: str | None
) -> None:
    found = read_header(Line(text))
    assert found is not None
    assert (str(found.published.when) if found.published else None) == published
    assert (str(found.updated.when) if found.updated else None) == updated
    assert (found.byline, found.outlet) == (byline, outlet)


@pytest.mark.parametrize(
    "text",
    [
        "The inquiry into the fire of 12 May 2031 goes on",
        "It was signed on 12 May 2031.",
        "Ferry Disaster of 12 May 2031",
        "The Upland Post",
        "Budget talks | what we know by 12 May 2031",
    ],
)
def test_a_line_that_says_anything_else_is_no_header(text: str) -> None:
    assert read_header(Line(text)) is None


@pytest.mark.parametrize(
    ("text", "beside_date", "name"),
    [
        ("Jane Doe", True, "Jane Doe"),
        ("JANE DOE", True, "JANE DOE"),
        ("Jane Doe", False, None),
        ("Jane Doe, City Hall reporter", False, "Jane Doe"),
        ("Halden Herald", True, None),
        ("Floods", True, None),
    ],
)
def test_signatures(text: str, beside_date: bool, name: str | None) -> None:
    assert signature(Line(text), beside_date) == name


def test_a_labelled_outlet_is_a_name_and_no_sentence() -> None:
    assert labelled_outlet(Line("Source: Halden Herald")) == "Halden Herald"
    assert labelled_outlet(Line("Source: officials who asked not to be named")) is None


@given(st.text(max_size=80))
def test_any_line_is_read(text: str) -> None:
    read_header(Line(text))
