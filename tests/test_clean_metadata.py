from __future__ import annotations

import pytest

from fusion.clean import clean
from fusion.clean.lines import Line
from fusion.clean.metadata import byline, dateline, language_of, tidy_headline, trailing_agency
from fusion.types import Article, Metadata, RawArticle

BODY = "The ferry Halcyon ran aground off Port Sable early on Tuesday with 212 people on board."
MORE = "All passengers were taken off by noon, the coastguard said, and no one was badly hurt."


def cleaned(*lines: str, metadata: Metadata | None = None) -> Article:
    raw = RawArticle("a.txt", "text", "\n".join(lines), metadata or Metadata(), "")
    (article,), _ = clean([raw])
    return article


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("By Jane Doe and Ann van Berg", "Jane Doe and Ann van Berg"),
        ("Jane Doe in Lissar", "Jane Doe"),
        ("Von Anna Berger", "Anna Berger"),
        ("By the time the ferry sailed", None),
        ("By Jane Doe stood a man who said nothing.", None),
    ],
)
def test_bylines(text: str, names: str | None) -> None:
    assert byline(Line(text)) == names


@pytest.mark.parametrize(
    ("text", "place", "agency"),
    [
        ("PORT SABLE (CAPRESS) A ferry ran aground.", "PORT SABLE", "CAPRESS"),
        ("PORT SABLE (Reuters) - A ferry ran aground.", "PORT SABLE", "Reuters"),
        ("PORT SABLE, May 6 (Reuters) - A ferry ran aground.", "PORT SABLE", "Reuters"),
        ("LISSAR, Mandovia (AP) — A minister resigned.", "LISSAR, Mandovia", "AP"),
        ("Lissar (AFP) – A minister resigned.", "Lissar", "AFP"),
        ("TEL MARA: A minister resigned.", "TEL MARA", None),
        ("QUILL — At least 30 people died.", "QUILL", None),
        ("QUILL, Tuesday, 3 May (Coastwire) - Two boats met.", "QUILL", "Coastwire"),
        ("QUILL/TEL MARA (Coastwire) - Two boats met.", "QUILL/TEL MARA", "Coastwire"),
        ("(CNA) The minister, 58, resigned.", None, None),
        ("A minister resigned on Monday.", None, None),
        ("UN experts told AFP - in vain - to wait.", None, None),
    ],
)
def test_datelines(text: str, place: str | None, agency: str | None) -> None:
    assert dateline(text)[:3] == (place, agency, None)


def test_a_dateline_of_place_and_region_ends_where_the_sentence_begins() -> None:
    found = dateline("Port Sable, Outer Reach – A barge sank.")
    assert (found.place, found.agency, found.end) == ("Port Sable, Outer Reach", None, 26)
    assert dateline("(QNB) The mayor has sailed.").end == 6
    both = dateline("PORT SABLE/KARIBA, The barge sank.")
    assert (both.place, both.end) == ("PORT SABLE/KARIBA", 19)
    assert dateline("PORT SABLE, Saturday 7 May 2033. A barge sank.").end == 33
    assert dateline("The mayor, Ida Pernell – a pilot once – sailed.").end == 0


def test_a_dateline_may_have_the_day_and_an_agency_of_several_words() -> None:
    about = cleaned(f"PORT SABLE, 6 May 2031 (Coast Press) - {BODY}", MORE).metadata
    assert (about.dateline, about.agency) == ("PORT SABLE", "Coast Press")
    assert (str(about.published), about.date_only) == ("2031-05-06 00:00:00", True)
    about = cleaned(f"Port Sable, 6 May (AFP) - {BODY}", MORE).metadata
    assert (about.dateline, about.agency, about.published) == ("Port Sable", "AFP", None)


def test_a_wires_slug_is_no_part_of_a_headline() -> None:
    assert tidy_headline("ATHLETICS-Board annuls the record", None) == "Board annuls the record"
    assert tidy_headline("COVID-19 closes the port", None) == "COVID-19 closes the port"


def test_a_dateline_may_have_the_time() -> None:
    about = cleaned(f"PORT SABLE, 6 May 2031, 14:30 - {BODY}", MORE).metadata
    assert (about.dateline, str(about.published)) == ("PORT SABLE", "2031-05-06 14:30:00")


def test_an_ambiguous_day_is_told_by_the_reports_other_dates_or_its_language() -> None:
    assert cleaned("Ferry aground", "05/06/2031", BODY, MORE).metadata.published is None
    about = cleaned("Ferry aground", "05/06/2031", "Updated 14/06/2031", BODY, MORE).metadata
    assert str(about.published) == "2031-06-05 00:00:00"
    german = Metadata(language="de")
    about = cleaned("Fähre auf Grund", "05/06/2031", BODY, MORE, metadata=german).metadata
    assert str(about.published) == "2031-06-05 00:00:00"


def test_a_date_inside_the_body_or_among_links_is_not_the_reports() -> None:
    quoted = "Jane Doe | Halden Herald | 8 May 2031"
    assert cleaned("Ferry aground", BODY, quoted, MORE, BODY, MORE).metadata.published is None


def test_outlet_and_author_stand_alone_above_the_body() -> None:
    about = cleaned(
        "SABLE RADIO", "Ferry runs aground off Port Sable", "JANE DOE", "6 May 2031", BODY, MORE
    ).metadata
    assert (about.outlet, about.byline) == ("SABLE RADIO", "JANE DOE")
    assert about.headline == "Ferry runs aground off Port Sable"


def test_a_headline_with_a_label_is_the_headline_if_there_is_no_other() -> None:
    title = "FERRY AGROUND: what passengers saw in the fog"
    assert cleaned("The Iron Courier", title, BODY, MORE).metadata.headline == title


@pytest.mark.parametrize(
    "tail", [" - AFP", " — AFP", " (Reuters)", " (AFP)", " -- dpa", " – AFP/Reuters"]
)
def test_an_agency_signs_at_the_end(tail: str) -> None:
    found = trailing_agency(BODY + tail)
    assert found is not None
    assert found[1] == len(BODY)
    article = cleaned(BODY, MORE + tail)
    assert article.text == f"{BODY}\n{MORE}"
    assert article.metadata.agency == found[0]
    assert [cut.reason for cut in article.cut] == ["agency credit"]


def test_told_afp_is_a_quotation_and_no_credit() -> None:
    article = cleaned(BODY, "“We were lucky,” a passenger told AFP.")
    assert article.text.endswith("told AFP.")
    assert article.metadata.agency is None


def test_a_signed_line_before_the_end_is_a_caption() -> None:
    caption = "The Halcyon lies on the Needle Bank at low tide on Tuesday. - AFP"
    article = cleaned(caption, BODY, MORE)
    assert article.text == f"{BODY}\n{MORE}"
    assert article.metadata.agency is None
    assert [(cut.text, cut.reason) for cut in article.cut] == [(caption, "caption")]


def test_a_date_glued_to_the_first_sentence_is_taken_off() -> None:
    article = cleaned("Ferry runs aground", "Tuesday, May 6, 2031" + BODY, MORE)
    assert article.text == f"{BODY}\n{MORE}"
    assert str(article.metadata.published) == "2031-05-06 00:00:00"


def test_published_and_updated_are_kept_apart() -> None:
    about = cleaned(
        "Ferry runs aground",
        "Published: 6 May 2031, 09:15 GMT",
        "Updated: 6 May 2031, 14:40 GMT",
        BODY,
    ).metadata
    assert str(about.published) == "2031-05-06 09:15:00+00:00"
    assert str(about.updated) == "2031-05-06 14:40:00+00:00"
    assert not about.date_only


def test_what_the_format_states_is_not_overruled() -> None:
    stated = Metadata(
        headline="Ferry aground", byline="Ann Berg", outlet="The Courier", language="de"
    )
    about = cleaned("Ferry aground", "By Jane Doe", BODY, metadata=stated).metadata
    assert (about.headline, about.byline) == ("Ferry aground", "Ann Berg")
    assert (about.outlet, about.language) == ("The Courier", "de")


@pytest.mark.parametrize(
    ("title", "outlet", "headline"),
    [
        ("Ferry runs aground off coast | World News", None, "Ferry runs aground off coast"),
        ("Ferry runs aground off coast - The Sable Courier", None, "Ferry runs aground off coast"),
        ("Ferry Runs Aground Off Coast - Courier", "Courier", "Ferry Runs Aground Off Coast"),
        ("Ferry runs aground - all on board safe", None, "Ferry runs aground - all on board safe"),
        ("2031/05/06 Ferry runs aground", None, "Ferry runs aground"),
    ],
)
def test_headlines_lose_what_pages_append(title: str, outlet: str | None, headline: str) -> None:
    assert tidy_headline(title, outlet) == headline


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (BODY + " " + MORE, "en"),
        (
            "Die Fähre lief am frühen Dienstag vor dem Hafen auf Grund, wie die Küstenwache "
            "mitteilte. Niemand wurde nach Angaben der Behörde schwer verletzt.",
            "de",
        ),
        (
            "这艘渡轮星期二清晨在港口外搁浅，海岸警卫队表示，船上二百一十二人中午前全部获救，没有人受重伤。调查人员正在检查航海日志，公司表示遵守了规定。",
            "zh",
        ),
        ("Too short to tell.", None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_the_outlet_of_a_rights_line_is_read() -> None:
    about = cleaned(BODY, MORE, "© 2031 The Sable Courier. All rights reserved.").metadata
    assert about.outlet == "The Sable Courier"


def test_scripts_without_spaces_and_from_right_to_left_keep_their_sentences() -> None:
    chinese = [
        "渡轮搁浅",
        "渡轮星期二清晨在港口外搁浅，全体乘客获救。",
        "调查人员正在检查航海日志。",
    ]
    assert cleaned(*chinese).text == "\n".join(chinese[1:])
    arabic = [
        "جنوح عبارة قبالة الميناء",
        "جنحت العبارة قبالة الميناء فجر الثلاثاء وعلى متنها 212 راكبا.",
        "هل كان الطاقم مستعدا؟ لا أحد يعرف ذلك حتى الآن.",
    ]
    assert cleaned(*arabic).text == "\n".join(arabic[1:])


def test_text_without_sentence_ends_is_kept() -> None:
    lines = [line.rstrip(".") for line in (BODY, MORE)]
    assert cleaned("Ferry aground at Port Sable", *lines).text == "\n".join(lines)


def test_a_masthead_above_the_headline_is_not_the_headline() -> None:
    about = cleaned("THE SABLE COURIER", "Ferry runs aground off Port Sable", BODY, MORE).metadata
    assert about.headline == "Ferry runs aground off Port Sable"
    assert cleaned("Port Sable Ferry Aground", BODY, MORE).metadata.headline == (
        "Port Sable Ferry Aground"
    )
