from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.chunk import chunk, text_key
from fusion.sentences import MAX_WORDS, split_sentences
from fusion.types import Article, Metadata


def words_of(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def article(text: str) -> Article:
    return Article(id="a1", file="a.txt", text=text, metadata=Metadata(language="en"))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Dr. Ode met Gen. Lunt. They talked.", ["Dr. Ode met Gen. Lunt.", "They talked."]),
        ("A. B. Quill of St. Orrin spoke.", ["A. B. Quill of St. Orrin spoke."]),
        (
            "“It is over. We won,” she said. He left.",
            ["“It is over. We won,” she said.", "He left."],
        ),
        ("One line\nAnother line", ["One line", "Another line"]),
        ("At 7:30 a.m. CT he left. It rained.", ["At 7:30 a.m. CT he left.", "It rained."]),
        ("He came at 5 p.m. Tuesday. Then", ["He came at 5 p.m. Tuesday.", "Then"]),
        ("It closed at 5 p.m. The bridge held.", ["It closed at 5 p.m.", "The bridge held."]),
        ("(It was shut.) The ship sank.", ["(It was shut.)", "The ship sank."]),
        ("(It was shut.)The ship sank.", ["(It was shut.)", "The ship sank."]),
        ("(Then 24) he left.", ["(Then 24) he left."]),
        ("It cost $1.5 million. It rained.", ["It cost $1.5 million.", "It rained."]),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert words_of(text) == sentences


@given(st.text())
def test_spans_are_ordered_trimmed_and_lose_no_word(text: str) -> None:
    spans = split_sentences(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(text[a:b] == text[a:b].strip() for a, b in spans)
    assert "".join("".join(words_of(text)).split()) == "".join(text.split())


@given(st.text(alphabet="ab. \n“”Dr", max_size=200))
def test_chunks_are_spans_of_their_source(text: str) -> None:
    for position, passage in enumerate(chunk([article(text)])):
        assert passage.text == text[passage.start : passage.end]
        assert passage.position == position


def test_a_short_sentence_is_read_with_the_one_before_it() -> None:
    text = "The minister was asked about the fire. He declined to answer at all. No.\nNo."
    assert [c.text for c in chunk([article(text)])] == [
        "The minister was asked about the fire.",
        "He declined to answer at all. No.",
        "No.",
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "ORLO (PNA) - The pump house burned down on Monday.",
            "The pump house burned down on Monday.",
        ),
        ("MARLO, May 3 — The dam gates are open again.", "The dam gates are open again."),
        ("MARLO, 3 May 2031. The dam gates are open again.", "The dam gates are open again."),
        ("The pump house in Orlo (PNA) burned down.", "The pump house in Orlo (PNA) burned down."),
        (
            "ORLO is without water after a fire - again.",
            "ORLO is without water after a fire - again.",
        ),
    ],
)
def test_a_dateline_is_in_no_passage(text: str, first: str) -> None:
    passages = chunk([article(f"{text}\nNobody was hurt in the fire.")])
    assert [c.text for c in passages] == [first, "Nobody was hurt in the fire."]
    assert (passages[0].start, passages[0].position) == (text.index(first), 0)


def test_the_time_of_an_entry_is_in_no_passage() -> None:
    live = (
        "Friday 17:05 The swing bridge is shut.\n\n4.40 p.m. – Two boats wait.\n\nAt 16:10 I ran."
    )
    assert [each.text for each in chunk([article(live)])] == [
        "The swing bridge is shut.",
        "Two boats wait.",
        "At 16:10 I ran.",
    ]


def test_text_without_sentence_ends_is_cut_at_a_space() -> None:
    spans = split_sentences("word " * (MAX_WORDS + 10))
    assert [end - start for start, end in spans] == [MAX_WORDS * 5 - 1, 49]


def test_equal_words_have_one_key_whatever_the_quotes() -> None:
    assert text_key("“Yes”  she\nsaid") == text_key('"Yes" she said')
    assert text_key("Yes she said") != text_key("No she said")
