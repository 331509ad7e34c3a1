from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from passages import passages, source

from fusion.types import Conflict, Side
from fusion.when import as_of, dated, days_told, reported_once, tells_state, undated, with_days

TUESDAY = datetime(2031, 5, 6, 12, tzinfo=UTC)
THURSDAY = datetime(2031, 5, 8, 9, tzinfo=UTC)
IN_JULY = datetime(2031, 7, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sentence", "told", "told_in_july"),
    [
        ("A barge hit the weir yesterday, police said.",
         "A barge hit the weir on Monday, police said.",
         "A barge hit the weir on 5 May 2031, police said."),
        ("Yesterday a barge hit the weir.",
         "On Monday a barge hit the weir.",
         "On 5 May 2031 a barge hit the weir."),
        ("Two days ago a barge hit the weir.",
         "On Sunday a barge hit the weir.",
         "On 4 May 2031 a barge hit the weir."),
        ("The weir opens again tomorrow.",
         "The weir opens again on Wednesday.",
         "The weir opens again on 7 May 2031."),
        ("Tomorrow's race will be off.", "Wednesday's race will be off.",
         "7 May 2031's race will be off."),
        ("The port has today shut it.", "The port has shut it.", "The port has shut it."),
        ("It is shut as of today.", "It is shut as of Tuesday.", "It is shut as of 6 May 2031."),
        ("Today is the day of the boat race.",
         "Tuesday is the day of the boat race.",
         "6 May 2031 is the day of the boat race."),
        ("The barge was freed on Monday in Ostwick.",
         "The barge was freed on Monday in Ostwick.",
         "The barge was freed on Monday, 5 May 2031, in Ostwick."),
        ("The barge was freed on Monday.",
         "The barge was freed on Monday.",
         "The barge was freed on Monday, 5 May 2031."),
        ("Nobody had called before Monday the 5th, he said.",
         "Nobody had called before Monday the 5th, he said.",
         "Nobody had called before Monday the 5th, he said."),
        # Of a day to come, the date would be a guess.
        ("The race goes ahead on Friday and Monday.",
         "The race goes ahead on Friday and Monday.",
         "The race goes ahead on Friday and Monday."),
        ("The port said that it will vote on Friday.",
         "The port said that it will vote on Friday.",
         "The port said that it will vote on Friday."),
        ("“We sail today,” she said.", "“We sail today,” she said.", "“We sail today,” she said."),
        ("«We sail today», she said.", "«We sail today», she said.", "«We sail today», she said."),
        ("The port told Ostwick Today why.",
         "The port told Ostwick Today why.",
         "The port told Ostwick Today why."),
        ("Monday's race was off.", "Monday's race was off.", "Monday's race was off."),
        ("It was built in 1954.", "It was built in 1954.", "It was built in 1954."),
        ("Early this morning the weir broke.",
         "Early on Tuesday morning the weir broke.",
         "Early on the morning of 6 May 2031 the weir broke."),
        ("It has been shut since last night.",
         "It has been shut since Monday night.",
         "It has been shut since the night of 5 May 2031."),
        ("The weir broke on Monday night.",
         "The weir broke on Monday night.",
         "The weir broke on Monday night, 5 May 2031."),
    ],
)  # fmt: skip
def test_days_are_told_as_seen_from_the_newest_report(
    sentence: str, told: str, told_in_july: str
) -> None:
    assert with_days(sentence, TUESDAY, THURSDAY) == told
    assert with_days(sentence, TUESDAY, IN_JULY) == told_in_july


@pytest.mark.parametrize(
    ("sentence", "told", "told_in_july"),
    [
        ("The weir is still shut.",
         "The weir is still shut (as of Tuesday).",
         "The weir is still shut (as of 6 May 2031)."),
        ("The port will vote on Friday.",
         "The port will vote on Friday (as of Tuesday).",
         "The port will vote on Friday (as of 6 May 2031)."),
        ("The weir, built in 1954, is shut.",
         "The weir, built in 1954, is shut (as of Tuesday).",
         "The weir, built in 1954, is shut (as of 6 May 2031)."),
        # At which noon?
        ("The weir broke at noon.",
         "The weir broke at noon (reported on Tuesday).",
         "The weir broke at noon (reported on 6 May 2031)."),
        ("The weir broke at 1:10 p.m.",
         "The weir broke at 1:10 p.m. (reported on Tuesday).",
         "The weir broke at 1:10 p.m. (reported on 6 May 2031)."),
        ("The current keeper was made to leave the weir.",
         "The current keeper was made to leave the weir (as of Tuesday).",
         "The current keeper was made to leave the weir (as of 6 May 2031)."),
        ("While Ida Korve spoke of 2031, a new weir is being built.",
         "While Ida Korve spoke of 2031, a new weir is being built (as of Tuesday).",
         "While Ida Korve spoke of 2031, a new weir is being built (as of 6 May 2031)."),
        ("Gifts for the weir of 2031 were free of tax.",
         "Gifts for the weir of 2031 were free of tax.",
         "Gifts for the weir of 2031 were free of tax (reported on 6 May 2031)."),
        # What has been done stays done, and what was said was said then: for a while.
        ("The port has closed the weir.",
         "The port has closed the weir.",
         "The port has closed the weir (as of 6 May 2031)."),
        ("The weir is shut, the port said.",
         "The weir is shut, the port said.",
         "The weir is shut, the port said (as of 6 May 2031)."),
        ("The weir was shut by the port.",
         "The weir was shut by the port.",
         "The weir was shut by the port (reported on 6 May 2031)."),
        # What tells of the past, by its first verb or by its day, is clear.
        *[(told, told, told) for told in (
            "The port said in April 2031 that the weir is shut.",
            "The weir, which is of 1954, was shut.",
            "The weir has been shut since 5 May 2031.",
            "“The weir was shut on 1 May,” Ida Korve said.",
        )],
    ],
)  # fmt: skip
def test_how_things_stood_on_an_earlier_day_gets_the_day(
    sentence: str, told: str, told_in_july: str
) -> None:
    assert as_of(sentence, TUESDAY, TUESDAY) == sentence
    assert as_of(sentence, TUESDAY, THURSDAY) == told
    assert as_of(sentence, TUESDAY, IN_JULY) == told_in_july


def test_what_was_done_or_said_days_ago_gets_the_day_of_its_report() -> None:
    friday = THURSDAY + timedelta(days=1)
    for sentence in ("The weir was shut by the port.", "The weir is shut, the port said."):
        assert as_of(sentence, TUESDAY, THURSDAY) == sentence
        assert as_of(sentence, TUESDAY, friday) == f"{sentence[:-1]} (reported on Tuesday)."
    assert as_of("The weir was shut on Monday.", TUESDAY, friday).endswith("on Monday.")


@pytest.mark.parametrize("now", [THURSDAY, IN_JULY])
@pytest.mark.parametrize(
    "sentence",
    ["The weir is still shut.", "The port closed the weir.", "The weir is open from 3 p.m."],
)
def test_the_day_of_a_report_comes_off_again(sentence: str, now: datetime) -> None:
    told = as_of(sentence, TUESDAY, now)
    assert undated(told, [TUESDAY, now]) == sentence
    # One that no report is of stays, for the checks to find.
    assert undated("The weir is shut (as of 3 May 2029).", [TUESDAY, now]).endswith("2029).")


def test_the_day_of_a_report_is_told_once_in_a_run() -> None:
    told = [
        "The weir broke (reported on Tuesday).",
        "It was of 1954 (reported on Tuesday).",
        "The port is shut (as of Tuesday).",
        "A barge sank (reported on Tuesday).",
        "Divers came (reported on 6 May 2031).",
        "On 7 May 2031, divers left.",
        "They found the barge (reported on 7 May 2031).",
    ]
    assert reported_once(told, room=12) == [
        "The weir broke (reported on Tuesday).",
        "It was of 1954.",
        "The port is shut (as of Tuesday).",
        "A barge sank.",
        "Divers came (reported on 6 May 2031).",
        "On 7 May 2031, divers left.",
        "They found the barge.",
    ]
    assert reported_once(told, room=2) == told


def test_the_sides_of_a_disagreement_have_days_too() -> None:
    port = source(
        "a", "The port said yesterday that it was shut.", published="2031-05-06T12:00+00:00"
    )
    town = source("b", "No.", published="2031-05-08T09:00+00:00")
    chunks = passages(port, town)
    sides = tuple(Side(chunk.text, (chunk,)) for chunk in chunks)
    told = dated(Conflict("the weir", sides), {"a": port, "b": town})
    assert [side.claim for side in told.sides] == [
        "The port said on Monday that it was shut.",
        "No.",
    ]
    assert told.sides[0].passages == sides[0].passages


@pytest.mark.parametrize(
    ("sentence", "state"),
    [("The barge is still there.", True), ("The port will vote on Friday.", True),
     ("The port said that it will vote.", False), ("The barge sank on Monday.", False),
     ("The rope may have been too short, the port admitted.", False)],
)  # fmt: skip
def test_a_state_is_told_by_the_first_verb(sentence: str, *, state: bool) -> None:
    assert tells_state(sentence) is state


def test_in_a_story_of_weeks_days_of_that_week_have_dates_too() -> None:
    newest = source("c", "No.", published="2031-05-09T09:00+00:00")
    port = source("a", "The port was closed on Monday.", published="2031-05-06T12:00+00:00")
    first = source("b", "No.", published="2031-05-01T09:00+00:00")
    shut, still = "The port was closed on Monday.", "The port is still shut."
    days = {each.article.id: each for each in (newest, port)}
    assert days_told(shut, "a", days) == shut
    assert days_told(still, "a", days) == "The port is still shut (as of Tuesday)."
    weeks = days | {"b": first}
    assert days_told(shut, "a", weeks) == "The port was closed on Monday, 5 May 2031."
    assert days_told(still, "a", weeks) == "The port is still shut (as of 6 May 2031)."


def test_without_the_times_nothing_is_guessed() -> None:
    sentence = "A barge hit the weir yesterday."
    assert with_days(sentence, None, THURSDAY) == with_days(sentence, TUESDAY, None) == sentence
