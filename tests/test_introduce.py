from __future__ import annotations

from math import inf

import pytest
from passages import material, source

from fusion.compose import Told
from fusion.introduce import in_full
from fusion.types import Chunk, Verdict

FULL = "The engineer Mara Quill has looked after the bridge since 2019."
BARE = "On Sunday Quill said that two pillars had cracks."


def told(passage: Chunk, text: str = "") -> Told:
    return Told(text or passage.text, "fact", (passage,), Verdict(True, 1.0, {}))


def test_the_first_mention_is_in_full_and_cites_where_the_report_has_it() -> None:
    first, second, third = material(
        source("a", FULL, BARE, "Quill wants to close the bridge.")
    ).chunks
    named = in_full([told(second), told(third)], [first, second, third], inf)
    assert named[0].text == "On Sunday Mara Quill said that two pillars had cracks."
    assert named[0].passages == (second, first)
    assert named[1] == told(third)


def test_nobody_is_introduced_twice() -> None:
    first, second = material(source("a", FULL, BARE)).chunks
    assert in_full([told(first), told(second)], [first, second], inf) == [told(first), told(second)]


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("The engineer Mara Quill and her son Tom Quill came.", BARE),  # which of them?
        ("“Mara Quill is late,” the mayor said.", "The mayor said: “Quill was late on Sunday.”"),
        (FULL, "On Sunday Mr Quill said that two pillars had cracks."),
        ("The town of Upper Quill lies on the coast.", "On Sunday Quill lost its ferry."),
        ("When Quill came, the bridge was shut.", BARE),  # no name in full
    ],
)
def test_what_is_in_doubt_or_quoted_stays(before: str, sentence: str) -> None:
    first, second = material(source("a", before, sentence)).chunks
    assert in_full([told(second)], [first, second], inf) == [told(second)]


def test_another_reports_name_is_not_taken() -> None:
    first, second = material(source("a", FULL), source("b", BARE)).chunks
    assert in_full([told(second)], [first, second], inf) == [told(second)]


def test_a_length_in_words_is_kept() -> None:
    first, second = material(source("a", FULL, BARE)).chunks
    assert in_full([told(second)], [first, second], room=0) == [told(second)]
    assert "Mara Quill" in in_full([told(second)], [first, second], room=1)[0].text


@pytest.mark.parametrize(
    ("before", "name"),
    [
        ("Governor Mara Quill came on Sunday.", "Mara Quill"),
        ("The bridge is old, Merrow's Mara Quill said.", "Mara Quill"),
        ("The port's engineer, Mara van der Quill, 51, came.", "Mara van der Quill"),
        ("When Mara Quill came, “the bridge shook”, she said.", "Mara Quill"),
    ],
)
def test_titles_and_other_words_are_no_part_of_the_name(before: str, name: str) -> None:
    first, second = material(source("a", before, BARE)).chunks
    assert f"On Sunday {name} said" in in_full([told(second)], [first, second], inf)[0].text


@pytest.mark.parametrize(
    "sign",
    [
        "A ferryman, Momin Quorn, was arrested in Merrow in May.",
        "The student Momin Quorn swam ashore. Quorn’s lawyer is from Merrow.",
        "The port doctor, Momin Quorn, lives in Merrow.",
    ],
)
def test_whom_something_befalls_or_who_has_kin_is_a_person(sign: str) -> None:
    story = material(source("a", sign, "Quorn is the first to be held under the harbour act."))
    (named,) = in_full([told(story.chunks[-1])], story.chunks, inf)
    assert named.text == "Momin Quorn is the first to be held under the harbour act."
