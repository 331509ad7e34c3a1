from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from passages import fact, passages, source

from fusion.figures import figures, tolls

if TYPE_CHECKING:
    from fusion.types import Conflict


def between(
    one: str, other: str, *, times: tuple[str | None, str | None] = (None, None), group: str = "b"
) -> list[Conflict]:
    reports = [
        source("a", one, published=times[0]),
        source("b", other, published=times[1], group=group),
    ]
    chunks = passages(*reports)
    return figures([fact(*chunks)], chunks, {report.article.id: report for report in reports})


def test_figures_that_cannot_both_be_right_stand_side_by_side() -> None:
    hurt = between("Police said 40 people were injured.", "The hospital counted 71 injured people.")
    (conflict,) = hurt
    assert conflict.about == "the number of people injured"
    assert [side.passages[0].source for side in conflict.sides] == ["a", "b"]
    assert [side.claim for side in conflict.sides] == [p.passages[0].text for p in conflict.sides]


def test_figures_that_newer_reports_have_both_overtaken_are_history() -> None:
    reports = [
        source("a", "Police said 40 people were injured."),
        source("b", "The hospital counted 71 injured people.", group="b"),
    ]
    chunks = passages(*reports)
    known = {report.article.id: report for report in reports}
    ids = [chunk.id for chunk in chunks]
    assert not figures([fact(*chunks)], chunks, known, overtaken=ids)
    assert figures([fact(*chunks)], chunks, known, overtaken=ids[:1])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Police said 40 people were injured.", "The hospital counted forty injured people."),
        ("Police said about 40 people were injured.", "The hospital counted 41 injured people."),
        ("Police said 40 people were injured.", "The crash killed 3 people."),
        ("Police said 11 people were arrested so far.", "Police said 17 people were arrested."),
        ("Police said 11 people were hurt.", "Doctors said 17 people were hurt, up from 11."),
        ("The bridge is shut.", "Ferries run."),
        ("The storm killed 46 people.", "Two boys were killed by a tree."),
        ("The storm killed 46 people.", "A tree killed a child and a 13-year-old girl."),
        ("The storm killed 46 people.", "The storm killed 18 people in Orlo."),
        ("The storm killed 46 people.", "A landslide killed 3 people."),
        ("The storm killed 46 people.", "The mayor told how these 14 people had died."),
        ("The storm killed 46 people.", "A 1998 storm killed 60 people."),
        ("The storm killed 46 people.", "Police had earlier said that 39 people were killed."),
        ("The storm killed 46 people.", "They killed 60 people."),
        ("The cabin was at 50 degrees.", "The road was at 31 degrees."),
        ("The crash killed 3 people.", "Since 1998, crashes there have killed 40 people."),
        ("The crash killed 3 people.", "Crashes kill 12 people there each year."),
        ("The court said bail is 500,000 dalers.", "Police said she took 2.3 million dalers."),
    ],
)
def test_what_can_both_be_right_is_no_conflict(one: str, other: str) -> None:
    assert between(one, other) == []


def test_one_voice_does_not_contradict_itself() -> None:
    one, other = "Police said 40 people were injured.", "The hospital counted 71 injured people."
    assert between(one, other)
    assert between(one, other, group="a") == []


def test_a_later_figure_is_an_update() -> None:
    one, other = "Police said 40 people were injured.", "The hospital counted 71 injured people."
    hours_later = ("2031-05-04T09:00:00+00:00", "2031-05-04T19:00:00+00:00")
    at_once = ("2031-05-04T09:00:00+00:00", "2031-05-04T10:00:00+00:00")
    assert between(one, other, times=hours_later) == []
    assert len(between(one, other, times=at_once)) == 1


def test_figures_up_to_one_hour_are_of_one_time_whenever_they_are_told() -> None:
    one = "The board put the number of confirmed cases at 41 as of noon on Friday."
    other = "The hospital said that 47 patients had tested positive by noon on Friday."
    hours_later = ("2031-05-04T09:00:00+00:00", "2031-05-04T19:00:00+00:00")
    assert [c.about for c in between(one, other, times=hours_later)] == ["the number of people ill"]
    assert between(one, other.replace("Friday", "Saturday"), times=hours_later) == []


@pytest.mark.parametrize(
    "text",
    [
        "The number of people killed in the storm rose to five overnight.",
        "The death toll of the storm stood at five.",
        "Five people were killed by the storm.",
        "The storm took five lives.",
        "The storm has cost the lives of five people.",
        "Five lives were lost in the storm.",
        "The port lowered the number of dead in the storm of Monday to five.",
    ],
)
def test_a_toll_is_read_in_whatever_words(text: str) -> None:
    (killed,) = tolls(text)["killed"]
    assert killed.value == 5
    assert tolls("A man of 31 lives by the storm gate.") == {}


def test_without_times_a_toll_that_nobody_is_said_to_count_may_have_grown() -> None:
    one, other = "The storm killed 40 people.", "The death toll of the storm stood at 46."
    assert between(one, other) == []
    at = "2031-05-04T09:00:00+00:00"
    assert between(one, other, times=(at, at))
    assert between(f"Police say: {one}", f"The hospital says: {other}")
    on_other_days = f"On Monday police said: {one}", f"On Friday the hospital said: {other}"
    assert between(*on_other_days) == []


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("The list has 437 lorries on it.", "A total of 310 lorries had stopped.", True),
        ("The list has 437 lorries on it.", "About 310 lorries had stopped.", False),
        ("The list has 437 lorries on it.", "A total of 430 buses had stopped.", False),
        ("The list has 12 lorries on it.", "A total of 9 lorries had stopped.", False),
        ("The list has 437 lorries on it.", "Each year 310 lorries stop here.", False),
    ],
)
def test_what_the_story_is_about_is_counted_wherever_it_is_told(
    one: str, other: str, differ: bool
) -> None:
    same_hours = "2031-05-04T09:00:00+00:00", "2031-05-04T11:00:00+00:00"
    for times, shown in ((same_hours, differ), ((None, None), False)):
        reports = [
            source(name, text, published=time)
            for name, text, time in zip("ab", (one, other), times, strict=True)
        ]
        found = figures([], passages(*reports), {report.article.id: report for report in reports})
        assert [conflict.about for conflict in found] == ["how many lorries"] * shown
