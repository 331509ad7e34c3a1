from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.clean.dates import day_near, find_stamp, parse_stamp, resolve_relative_day

WEDNESDAY = datetime(2031, 5, 7, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2031-05-06T09:15:00+02:00", "2031-05-06 09:15:00+02:00"),
        ("2031-05-06T09:15:00Z", "2031-05-06 09:15:00+00:00"),
        ("20310506T091500+0200", "2031-05-06 09:15:00+02:00"),
        ("Tue, 06 May 2031 09:15:00 +0200", "2031-05-06 09:15:00+02:00"),
        ("6 May 2031, 09:15 GMT", "2031-05-06 09:15:00+00:00"),
        ("May 6, 2031 at 7:05 p.m. EDT", "2031-05-06 19:05:00-04:00"),
        ("May 6, 2031 7:05 PM ET", "2031-05-06 19:05:00-04:00"),
        ("Jan 6, 2031 12:05 AM ET", "2031-01-06 00:05:00-05:00"),
        ("14.05 BST, 6 May 2031", "2031-05-06 14:05:00+01:00"),
        ("Tuesday, May 6, 2031 3:45 PM GMT+2", "2031-05-06 15:45:00+02:00"),
        ("30 November 2031 11:59 pm IST", "2031-11-30 23:59:00"),  # India, Israel or Ireland
        ("2031/05/06 09:15", "2031-05-06 09:15:00"),
        ("6. Mai 2031, 09:15 Uhr", "2031-05-06 09:15:00"),
        ("le 6 août 2031 à 18h05", "2031-08-06 18:05:00"),
        ("6 de mayo de 2031 a las 09:15", "2031-05-06 09:15:00"),
        ("09:15 JST, May 6, 2031", "2031-05-06 09:15:00+09:00"),
        ("06.05.2031 | 09:15", "2031-05-06 09:15:00"),
        ("2031-05-06 09:15:05 +0100", "2031-05-06 09:15:05+01:00"),
    ],
)
def test_stamps_keep_the_minute_and_the_zone(text: str, when: str) -> None:
    stamp = parse_stamp(text)
    assert stamp is not None
    assert str(stamp.when) == when
    assert not stamp.date_only


@pytest.mark.parametrize(
    "text", ["2031-05-06", "Tuesday, May 6, 2031", "6th May 2031", "6 May, 2031", "20310506"]
)
def test_a_day_without_a_time_says_so(text: str) -> None:
    stamp = parse_stamp(text)
    assert stamp is not None
    assert (stamp.when, stamp.date_only) == (datetime(2031, 5, 6), True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("May 6", "2031-05-06"),
        ("PORT SABLE, 30 December", "2030-12-30"),
        ("Tuesday, May 6", "2031-05-06"),
        ("Monday, May 6", None),  # a Tuesday
        ("May 6, 2029", None),
        ("May 6,000 people", None),
        ("February 30", None),
        ("no date", None),
    ],
)
def test_a_day_without_a_year_is_of_the_year_that_is_near(text: str, day: str | None) -> None:
    found = day_near(text, date(2031, 2, 1))
    assert (str(found.when.date()) if found else None) == day


@pytest.mark.parametrize(
    "text", ["03/04/2031", "May 6", "February 30, 2031", "no date", "", "6:15"]
)
def test_nothing_is_guessed(text: str) -> None:
    assert parse_stamp(text) is None


@pytest.mark.parametrize(
    ("text", "day_first", "day"),
    [
        ("03.04.2031", None, (4, 3)),  # dots: the day first
        ("17/04/2031", None, (4, 17)),
        ("04/17/2031", None, (4, 17)),
        ("04/04/2031", None, (4, 4)),
        ("Thursday 03/04/2031", None, (4, 3)),
        ("Tue, 03/04/2031", None, (3, 4)),
        ("03/04/2031 9:15 AM PDT", None, (3, 4)),
        ("03/04/2031 09:15 CEST", None, (4, 3)),
        ("03/04/2031", True, (4, 3)),
        ("03/04/2031", False, (3, 4)),
    ],
)
def test_all_number_days_are_read_where_something_tells_their_order(
    text: str, day_first: bool | None, day: tuple[int, int]
) -> None:
    stamp = find_stamp(text, day_first)
    assert stamp is not None
    assert (stamp.when.month, stamp.when.day) == day


@pytest.mark.parametrize("text", ["03/04/2031 09:15 GMT", "03-04-2031", "Friday 03/04/2031"])
def test_a_day_that_may_be_two_is_left_alone(text: str) -> None:
    assert find_stamp(text) is None


@given(st.text(max_size=60))
def test_any_text_is_a_stamp_or_none(text: str) -> None:
    parse_stamp(text)
    find_stamp(text)


def days(text: str, published: datetime = WEDNESDAY) -> list[tuple[str, date, date]]:
    return [(day.text, day.first, day.last) for day in resolve_relative_day(text, published)]


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("The ferry ran aground on Tuesday.", 5, 6),
        ("Ministers met on Thursday in Lissar.", 5, 1),
        ("The pact was signed on Wednesday.", 5, 7),
        ("She will resign on Friday.", 5, 9),
        ("The deal is due to be signed on Thursday.", 5, 8),
        ("Talks are to resume by Monday.", 5, 12),
        ("The vote is scheduled for Friday.", 5, 9),
        ("The pact was signed by the minister on Friday.", 5, 2),
        ("He will resign, a spokesman said on Monday.", 5, 5),
        ("He said on Monday that all was well.", 5, 5),
        ("The tanker sank last Wednesday.", 4, 30),
        ("The court sits next Wednesday.", 5, 14),
        ("It sank yesterday.", 5, 6),
        ("It sank last night.", 5, 6),
        ("It sails tomorrow.", 5, 8),
        ("It sank the day before yesterday.", 5, 5),
        ("It sank three days ago.", 5, 4),
        ("It sank two weeks ago.", 4, 23),
        ("It sank on April 30.", 4, 30),
        ("It sank on 30 April.", 4, 30),
        ("The vote is on June 19.", 6, 19),
        ("The trial opens on Thursday.", 5, 8),
        ("Polls open on Thursday.", 5, 8),
        ("The trial opened on Thursday.", 5, 1),
        ("Thursday's session is cancelled.", 5, 8),
        ("Thursday's session was long.", 5, 1),
        ("It closes on Friday, May 16.", 5, 16),
        ("It closed on Friday, 2 May.", 5, 2),
    ],
)
def test_days_are_seen_from_the_day_of_publication(text: str, month: int, day: int) -> None:
    ((_, first, last),) = days(text)
    assert (first, last) == (date(2031, month, day), date(2031, month, day))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("It opened last month.", (2031, 4, 1), (2031, 4, 30)),
        ("Earlier this month it closed.", (2031, 5, 1), (2031, 5, 31)),
        ("Talks begin next week.", (2031, 5, 12), (2031, 5, 18)),
        ("It opened last year.", (2030, 1, 1), (2030, 12, 31)),
        ("Ties were cut in August.", (2030, 8, 1), (2030, 8, 31)),
        ("It will open in August.", (2031, 8, 1), (2031, 8, 31)),
        ("It opened two months ago.", (2031, 3, 1), (2031, 3, 31)),
        ("It opened in March 2028.", (2028, 3, 1), (2028, 3, 31)),
    ],
)
def test_longer_times_are_their_first_and_last_day(
    text: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    ((_, start, end),) = days(text)
    assert (start, end) == (date(*first), date(*last))


@pytest.mark.parametrize(
    ("text", "published", "day"),
    [
        # "on Monday" in a report of a Monday is that day, whichever way the verb points.
        ("He said on Monday that it was over.", datetime(2031, 5, 5, 18), date(2031, 5, 5)),
        ("It will close on Monday evening.", datetime(2031, 5, 5, 9), date(2031, 5, 5)),
        ("It will close next Monday.", datetime(2031, 5, 5, 9), date(2031, 5, 12)),
        ("It closed last Monday.", datetime(2031, 5, 5, 9), date(2031, 4, 28)),
        # Shortly after midnight the evening before is another day.
        ("It closed on Monday.", datetime(2031, 5, 6, 0, 10), date(2031, 5, 5)),
        ("It closed last night.", datetime(2031, 5, 6, 0, 10), date(2031, 5, 5)),
        ("It closes tomorrow.", datetime(2031, 5, 6, 23, 50), date(2031, 5, 7)),
        # The day is the one of the report's own zone, though it is another in UTC.
        (
            "It closed on Tuesday.",
            datetime.fromisoformat("2031-05-06T01:00+09:00"),
            date(2031, 5, 6),
        ),
        (
            "It closed yesterday.",
            datetime.fromisoformat("2031-05-05T22:00-05:00"),
            date(2031, 5, 4),
        ),
    ],
)
def test_days_at_the_edges(text: str, published: datetime, day: date) -> None:
    ((_, first, last),) = days(text, published)
    assert (first, last) == (day, day)


def test_a_month_named_next_is_not_the_one_behind() -> None:
    assert days("It opens next March.")[0][1] == date(2032, 3, 1)
    assert days("It opened last March.")[0][1] == date(2031, 3, 1)


def test_a_day_without_a_year_is_the_nearest_one() -> None:
    new_year = datetime(2031, 1, 2)
    assert days("The fire of December 30 killed two.", new_year)[0][1] == date(2030, 12, 30)
    assert days("It killed two on February 29.", new_year) == []


def test_words_that_only_look_like_months_are_left_alone() -> None:
    assert days("They may march, and Mrs May marched.") == []


def test_places_in_the_text_are_exact() -> None:
    text = "Signed on Tuesday, it starts on June 19."
    for day in resolve_relative_day(text, WEDNESDAY):
        assert text[day.start : day.end] == day.text


@given(st.text(alphabet="onMayJune 123,. Tuesdaylastweekago", max_size=60), st.datetimes())
def test_any_text_and_day_give_ordered_dates(text: str, published: datetime) -> None:
    for day in resolve_relative_day(text, published):
        assert day.first <= day.last
