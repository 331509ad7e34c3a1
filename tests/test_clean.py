from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.clean import clean
from fusion.types import Article, Metadata, RawArticle

BODY = (
    "The ferry Halcyon ran aground off Port Sable early on Tuesday with 212 people on board.",
    "All passengers were taken off by noon, the coastguard said, and no one was badly hurt.",
    "“We heard a long scraping noise, then the lights went out,” said a passenger, Ines Var.",
    "Investigators will examine the ship’s log and the state of the buoys, the ministry said.",
)


def raw(*lines: str, file: str = "a.txt", metadata: Metadata | None = None) -> RawArticle:
    return RawArticle(file, "text", "\n".join(lines), metadata or Metadata(), "0" * 64)


def cleaned(*lines: str) -> Article:
    (article,), skipped = clean([raw(*lines)])
    assert skipped == []
    return article


def cut(article: Article) -> dict[str, str]:
    return {cut.text: cut.reason for cut in article.cut}


def test_headline_date_and_body_are_told_apart() -> None:
    article = cleaned("Ferry runs aground off Port Sable", "", "Tuesday, May 6, 2031", "", *BODY)
    assert article.text == "\n".join(BODY)
    assert article.metadata.headline == "Ferry runs aground off Port Sable"
    assert str(article.metadata.published) == "2031-05-06 00:00:00"
    assert article.metadata.date_only
    assert article.metadata.language == "en"
    assert cut(article) == {
        "Ferry runs aground off Port Sable": "headline",
        "Tuesday, May 6, 2031": "date line",
    }


def test_a_day_without_a_year_is_of_the_year_of_the_other_reports() -> None:
    wire = f"PORT SABLE, May 7 (Coast Press) - {BODY[0]}"
    reports = [
        raw("Ferry runs aground", "6 May 2031", *BODY, file="a.txt"),
        raw("Ferry afloat again", "", wire, *BODY[1:], file="wire.txt"),
        raw("Ferry is towed in", "THE COAST POST", "May 8", *BODY, file="post.txt"),
        raw("Ferry is sold", "PORT SABLE, May 9 (Coastwire) -", *BODY, file="own.txt"),
        raw("Ferry is renamed", "Coast Post, 10 May", *BODY, file="named.txt"),
        raw("Ferry owner is fined on May 9", "", *BODY, file="undated.txt"),
    ]
    days = [article.metadata.published for article in clean(reports)[0]]
    assert [day and f"{day:%Y-%m-%d}" for day in days] == [
        "2031-05-06", "2031-05-07", "2031-05-08", "2031-05-09", "2031-05-10", None
    ]  # fmt: skip
    (alone,), _ = clean(reports[1:2])
    assert alone.metadata.published is None


def test_a_day_of_two_is_the_one_near_the_other_reports() -> None:
    reports = [
        raw("Ferry runs aground", "6 May 2031", *BODY, file="a.txt"),
        raw("Ferry afloat again", "07-05-2031 | 13:45 | updated 14:05", *BODY, file="b.txt"),
        raw("Ferry is sold", "05/09/2031 09:10", *BODY, file="c.txt"),
    ]
    latest = [article.metadata.latest for article in clean(reports)[0]]
    assert [str(at) for at in latest] == [
        "2031-05-06 00:00:00", "2031-05-07 14:05:00", "2031-05-09 09:10:00"
    ]  # fmt: skip
    (alone,), _ = clean(reports[1:2])
    assert alone.metadata.published is None


def test_a_day_and_hour_without_a_year_are_read_on_a_line_of_their_own() -> None:
    late = raw("Ferry is afloat", "By Jane Doe", "Sable, Wednesday, May 7, 10:40 p.m.", *BODY)
    first = raw("Ferry runs aground", "6 May 2031", *BODY, file="first.txt")
    article = clean([first, late])[0][1]
    assert str(article.metadata.published) == "2031-05-07 22:40:00"
    assert article.text == "\n".join(BODY)


def test_a_date_line_may_stand_below_a_standfirst() -> None:
    standfirst = "Sable says no buoy was lit. The port says three were. And a page is missing."
    article = cleaned(
        "Who put out the lights?",
        standfirst,
        "The Sable Observer, 7 May 2031",
        "By Jane Doe",
        *BODY,
    )
    assert str(article.metadata.published) == "2031-05-07 00:00:00"


@pytest.mark.parametrize(
    ("above", "headline"),
    [
        (("THE COAST POST", "The harbour's own paper"), "Ferry runs aground"),
        (("COAST ECHO - the voice of the islands since 1908",), "Ferry runs aground"),
        (("The Beam - Port Sable's fearless daily",), "Ferry runs aground"),
        (("Daily Beam | Business",), "Ferry runs aground"),
    ],
)
def test_what_an_outlet_says_of_itself_is_no_headline(
    above: tuple[str, ...], headline: str
) -> None:
    article = cleaned(*above, "Ferry runs aground off Port Sable on its first day", "", *BODY)
    assert str(article.metadata.headline).startswith(headline)
    assert article.text == "\n".join(BODY)


@pytest.mark.parametrize(
    ("label", "opinion"),
    [("OPINION", True), ("Comment & analysis", True), ("Editorial: the ferry", True),
     ("Analysis", True), ("The Sable Courier | Analysis | 6 May 2031", True),
     ("News | Opinion | Sport", False), ("Comment", False), ("Share Comment Print", False)],
)  # fmt: skip
def test_a_report_that_calls_itself_a_comment_is_one(label: str, *, opinion: bool) -> None:
    title = "Ferry runs aground off Port Sable"
    assert cleaned(title, label, "6 May 2031", *BODY).metadata.opinion is opinion
    assert not cleaned(title, "6 May 2031", *BODY, label).metadata.opinion


@pytest.mark.parametrize(
    ("title", "statement"),
    [("Statement by Sable Ferries on the events of 6 May", True),
     ("Sable Ferries statement on the grounding", True),
     ("Ferry firm's first statement angers the stranded", False),
     ("Captain changes his statement on the grounding", False)],
)  # fmt: skip
def test_what_a_party_says_itself_is_told_from_news(title: str, *, statement: bool) -> None:
    assert cleaned(title, "6 May 2031", *BODY).metadata.opinion is statement


BOARD = "The Sable Ferry Board has opened an inquiry into how the ship came to be on the rocks."


@pytest.mark.parametrize(
    ("above", "below", "issuer"),
    [(("SABLE FERRY BOARD, PORT SABLE", "FOR IMMEDIATE RELEASE"), (), "the Sable Ferry Board"),
     (("Statement by the Sable Ferry Board on the grounding",), (), "the Sable Ferry Board"),
     (("Sable Ferry Board statement on the grounding",), (), "the Sable Ferry Board"),
     (("SABLE FERRY BOARD", "Inquiry into the grounding opened"), ("Notes to editors",),
      "the Sable Ferry Board"),
     (("PRESS RELEASE", "Inquiry into the grounding opened"), (), None),
     (("Sable Ferry Board opens inquiry",), (), None),
     (("Captain changes his statement on the grounding",), (), None)],
)  # fmt: skip
def test_who_issues_a_release_is_named_in_it_and_in_its_body(
    above: tuple[str, ...], below: tuple[str, ...], issuer: str | None
) -> None:
    report = cleaned(*above, "6 May 2031", BOARD, *BODY, *below)
    assert report.metadata.issuer == issuer
    assert report.metadata.byline is None
    assert BOARD in report.text


def test_scraped_furniture_is_cut_with_its_reason() -> None:
    article = cleaned(
        "search", "Ferry runs aground | Coast News", "-----", BODY[0],
        "The Halcyon at low tide. (PN Photo/Ana Bo)", BODY[1], "‘A long scraping noise’", BODY[2],
        BODY[3], "Source link", "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Exit mobile version",
    )  # fmt: skip
    assert article.text == "\n".join(BODY)
    assert article.metadata.headline == "Ferry runs aground"
    reasons = cut(article)
    assert reasons["The Halcyon at low tide. (PN Photo/Ana Bo)"] == "caption"
    assert reasons["‘A long scraping noise’"] == "subheading"
    assert len(article.cut) == 9


def test_an_article_without_body_is_skipped_by_name() -> None:
    articles, skipped = clean([raw("search", "-----")])
    assert articles == []
    assert [(skip.file, skip.reason) for skip in skipped] == [
        ("a.txt", "No body text is left after cleaning.")
    ]


def test_hidden_characters_are_taken_out() -> None:
    article = cleaned(BODY[0].replace("ferry", "fe\u200brry\u202e"), *BODY[1:])
    assert article.text == "\n".join(BODY)


def test_the_id_depends_on_the_file_and_its_text_alone() -> None:
    alone = clean([raw(*BODY)])[0][0]
    among = clean([raw(BODY[2], file="b.txt"), raw(*BODY)])[0][1]
    assert alone.id == among.id
    assert clean([raw(*BODY, file="b.txt")])[0][0].id != alone.id
    assert clean([raw(*BODY[:3])])[0][0].id != alone.id


@given(st.lists(st.text(max_size=60), max_size=12))
def test_any_text_is_cleaned_without_losing_a_line_unnamed(lines: list[str]) -> None:
    articles, skipped = clean([raw(*lines)])
    assert len(articles) + len(skipped) == 1
    for article in articles:
        assert article.text.strip() == article.text
        assert article.text
        assert all(cut.reason for cut in article.cut)
