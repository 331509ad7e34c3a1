from __future__ import annotations

import numpy as np
import pytest
from passages import material, source

from fusion.newness import newness, outgrown, outlived, overtaken
from fusion.plan import similarity

TO_COME = "The council of Ostwick will sign the bridge contract with Norrbygg on Friday."
SIGNED = "The council of Ostwick signed the bridge contract with Norrbygg on Friday."
RULED = "The court of Ostwick decided on Monday that Mara Quill may leave the harbour prison."
LEFT = "Mara Quill left the harbour prison of Ostwick on Monday evening."
FIVE = "Five sailors were missing after the ferry sank off Merrow."
SEVEN = "Seven sailors were missing after the ferry sank off Merrow."
NOT_CLOSING = "“We are not closing the swing bridge this year,” harbour master Mara Quill said."
CLOSING = "Harbour master Mara Quill is closing the swing bridge for the year from Monday."
PRICE = "The price under discussion for the ferry line is about 2.1 million marks."
AGREED = "The council agreed on a price of 2.4 million marks for the ferry line."
OWED = "The ferry line owes its sailors 41 million marks in wages for the year."
ONES_SHARE = "A sailor of the ferry line is owed 9,000 marks in wages for the year."
BURNED = "The fire on Merrow has burned 900 hectares of pine since Sunday night."
MORE_BURNED = "The fire on Merrow has burned 2,600 hectares of pine since Sunday night."
NEVER_CLOSED = "Harbour master Mara Quill had never closed the swing bridge for a whole year."
FOUR_DEAD = "At least four people were killed when the ferry left its course off Merrow."
SIX_DEAD = "The death toll of Sunday rose to six with the stoker's."
EMPTY = "No sailor of the ferry that sank off Merrow was missing."


def test_newness_is_rank_in_time() -> None:
    story = material(
        source("b", "The bridge was closed.", published="2031-05-05T09:00:00"),
        # In UTC later than b.
        source("a", "Ferries carry passengers.", published="2031-05-04T23:00:00-12:00"),
        source("c", "Repairs are dear.", published="2031-05-04T09:00:00"),
        source("undated", "Merrow won the chess cup."),
    )
    assert newness(story) == {"c": 0.0, "b": 0.5, "a": 1.0, "undated": 0.5}


def test_without_times_deeds_tell_what_is_newer() -> None:
    story = material(
        source("before", "The council will sign the contract on Friday."),
        source("after", "The council signed the contract on Friday."),
    )
    assert newness(story) == {"before": 0.0, "after": 1.0}


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [
        (TO_COME, SIGNED, True),
        (SIGNED, TO_COME, False),
        (RULED, LEFT, False),  # that the court decided stays news
        (FIVE, FIVE, False),
        (FIVE, EMPTY, False),  # counts nothing
        (OWED, ONES_SHARE, False),  # a story has many sums
        (NOT_CLOSING, CLOSING, True),
        (NEVER_CLOSED, CLOSING, False),  # of the time before
    ],
)
def test_a_newer_report_overtakes_what_it_tells_as_done_or_counts_anew_and_what_denies_it(
    old: str, new: str, stale: bool
) -> None:
    story = material(source("a", old), source("b", new))
    alike = similarity([old, new], story.vectors, story.vectors)
    before = story.chunks[0]
    found = overtaken(story.chunks, alike, {"a": 0.0, "b": 1.0})
    assert found == ({before.id} if stale else set())
    assert overtaken(story.chunks, alike, {"a": 0.5, "b": 0.5}) == set()


@pytest.mark.parametrize(
    ("old", "new", "stale"),
    [(FOUR_DEAD, SIX_DEAD, True), (SIX_DEAD, FOUR_DEAD, False), (FIVE, SEVEN, True),
     ("A third passenger of the ferry has died.", FOUR_DEAD, True),
     ("A sixth passenger of the ferry has died.", SIX_DEAD, False),
     ("The third passenger who died was a cook.", FOUR_DEAD, False),
     (SIX_DEAD, "The port lowered the number of dead to four; two were counted twice.", True),
     (FOUR_DEAD, "The port lowered the number of dead to four.", False),
     ("The bad water made 12 people ill.", "By Friday, 31 people were ill.", True)],
)  # fmt: skip
def test_a_toll_is_outgrown_by_a_newer_one(old: str, new: str, stale: bool) -> None:
    story = material(source("a", old), source("b", new))
    found = outgrown(story.chunks, {"a": 0.0, "b": 1.0})
    assert found == ({story.chunks[0].id} if stale else set())
    assert outgrown(story.chunks, {"a": 0.5, "b": 0.5}) == set()


def test_what_is_measured_is_overtaken_by_the_same_sentence_alone() -> None:
    story = material(source("a", BURNED), source("b", MORE_BURNED))
    new = {"a": 0.0, "b": 1.0}
    assert overtaken(story.chunks, np.full((2, 2), 0.9), new) == {story.chunks[0].id}
    assert overtaken(story.chunks, np.full((2, 2), 0.4), new) == set()


def test_a_sum_is_overtaken_by_one_that_is_near_it() -> None:
    near, far = source("b", AGREED), source("b", AGREED.replace("2.4", "4.1"))
    for newer, stale in ((near, True), (far, False)):
        story = material(source("a", PRICE), newer)
        found = overtaken(story.chunks, np.full((2, 2), 0.22), {"a": 0.0, "b": 1.0})
        assert found == ({story.chunks[0].id} if stale else set())


@pytest.mark.parametrize(
    ("told", "gone"),
    [("The council of Ostwick will vote on the ferry contract on Tuesday.", True),
     ("The envoy will leave Ostwick on Tuesday, an aide said, after talks had ended.", True),
     ("The council of Ostwick has voted to close the mill on Tuesday.", False),
     ("The council of Ostwick said on Sunday that it will close the mill.", False),
     ("The council of Ostwick will vote on the ferry contract on Friday.", False)],
)  # fmt: skip
def test_what_was_to_come_by_a_day_that_has_passed_is_outlived(told: str, *, gone: bool) -> None:
    story = material(
        source("old", told, published="2031-05-05T09:00:00+00:00"),  # a Monday
        source("new", SIGNED, published="2031-05-07T09:00:00+00:00"),
    )
    assert (story.chunks[0].id in outlived(story.chunks, story.sources)) is gone


def test_what_was_hoped_two_days_before_the_newest_report_is_outlived() -> None:
    hoped = "The talks in Ostwick are expected to lead to a ferry contract by the autumn."
    for day, gone in (("05", False), ("07", True)):
        story = material(
            source("old", hoped, CLOSING, published="2031-05-04T09:00:00+00:00"),
            source("new", SIGNED, published=f"2031-05-{day}T09:00:00+00:00"),
        )
        assert (story.chunks[0].id in outlived(story.chunks, story.sources)) is gone
        assert story.chunks[1].id not in outlived(story.chunks, story.sources)
    timeless = material(source("old", hoped), source("new", SIGNED))
    assert outlived(timeless.chunks, timeless.sources) == set()
