from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.quotes import Quotation, find_quotes, quotations
from fusion.types import Article, Grouping, Metadata, Role, SharedPassage, Source


def quoted(text: str) -> list[str]:
    return [text[start:end] for start, end in find_quotes(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“The weir will hold,” said Ida Korve.", ["The weir will hold,"]),
        ('"The weir will hold," said Korve. "For now."', ["The weir will hold,", "For now."]),
        ("Korve sprach von „einem Wunder“ am Wehr.", ["einem Wunder"]),
        ("Korve parle d'« un miracle » à Halm.", ["un miracle"]),
        ("Korve talade om ”ett under” i Halm.", ["ett under"]),
        ("The court called it ‘a plain breach’ of duty.", ["a plain breach"]),
        ("The court called it 'a plain breach' of duty.", ["a plain breach"]),
        ("It isn't Korve's fault, nor the divers' fault.", []),
        ("It isn’t Korve’s fault, nor the divers’ fault.", []),
        ("Trams of the '90s and the dogs' home; rock 'n' roll.", []),
        ("Trams of the ‘90s and the dogs’ home.", []),
        ("“She told me ‘not today’ and left,” Olm said.", ["She told me ‘not today’ and left,"]),
        ("'I don't know why it's shut,' he said.", ["I don't know why it's shut,"]),
        ("“We began at dawn.\n“At noon we stopped.”", ["We began at dawn.", "At noon we stopped."]),
        ('"We began at dawn.\n"At noon we stopped."', ["We began at dawn.", "At noon we stopped."]),
        ("An opening “mark without its partner.\nAnother line.", []),
        ('A 6\'2" man and a 3" pipe.', []),
        ("", []),
    ],
)
def test_find_quotes(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@given(st.text(alphabet="ab s.\n\"'“”‘’„«»1", max_size=60))
def test_quotes_are_in_order_apart_and_just_inside_an_opening_mark(text: str) -> None:
    end = 0
    for start, stop in find_quotes(text):
        assert end < start < stop
        assert "\n" not in text[start:stop]
        assert text[:start].rstrip()[-1] in "\"'“„‘”«"
        end = stop


def source(name: str, text: str, role: Role, group: str | None = None, hour: int = 9) -> Source:
    when = datetime(2031, 5, 13, hour, tzinfo=UTC)
    article = Article(name, f"{name}.txt", text, Metadata(published=when))
    return Source(article, group or name, role)


def judge(*sources: Source, shared: tuple[SharedPassage, ...] = ()) -> list[Quotation]:
    return quotations(Grouping(sources, (), shared))


def altered(quotation: Quotation) -> set[str]:
    return {variant.source for variant in quotation.variants if variant.altered}


SAID = "Korve said at the weir: “The gates will stay closed until the water is below four metres.”"
BENT = "Korve said at the weir: “The gates will stay open until the water is below nine metres.”"
PART = "The gates stay closed “until the water is below four metres”, Korve told reporters."
SPUN = "Korve told at the dam: “The doors remain shut till the river is beneath 4 meters.”"


def test_what_two_independent_voices_print_alike_is_genuine() -> None:
    (found,) = judge(
        source("a", BENT, Role.INDEPENDENT, hour=7),
        source("b", SAID, Role.INDEPENDENT),
        source("c", SAID, Role.INDEPENDENT),
    )
    assert found.text == "The gates will stay closed until the water is below four metres."
    assert altered(found) == {"a"}
    assert found.reason.startswith("2 independent voices")


def test_copies_are_no_majority() -> None:
    (found,) = judge(
        source("a", SAID, Role.INDEPENDENT, hour=7),
        source("b", BENT, Role.ORIGINAL, "b", hour=8),
        source("c", BENT, Role.COPY, "b", hour=8),
        source("d", BENT, Role.COPY, "b", hour=8),
    )
    assert altered(found) == {"b", "c", "d"}
    assert "no two independent voices agree" in found.reason


def test_a_passage_taken_over_is_no_second_voice() -> None:
    shared = (SharedPassage("c", 0, len(BENT), "b"),)
    sources = (
        source("a", SAID, Role.INDEPENDENT, hour=7),
        source("b", BENT, Role.INDEPENDENT, hour=8),
        source("c", BENT, Role.INDEPENDENT, hour=8),
    )
    (with_shared,) = judge(*sources, shared=shared)
    (without,) = judge(*sources)
    assert altered(with_shared) == {"b", "c"}
    assert altered(without) == {"a"}


def test_a_part_of_the_genuine_wording_is_not_altered() -> None:
    (found,) = judge(source("a", SAID, Role.INDEPENDENT), source("b", PART, Role.INDEPENDENT))
    assert len(found.variants) == 2
    assert altered(found) == set()
    assert found.reason == "all reports agree"


def test_a_rewrite_s_other_words_are_found_by_their_place() -> None:
    text = f"Rain fell on Halm for a week.\n{SAID}\nThe gauge at Sel stood at five metres."
    spun = f"Rain dropped on Halm during a week.\n{SPUN}\nThe gauge at Sel was at five metres."
    (found,) = judge(source("a", text, Role.ORIGINAL), source("b", spun, Role.DERIVED, "a", 7))
    assert found.text.startswith("The gates will stay closed")
    assert altered(found) == {"b"}


def test_the_same_words_in_other_marks_spelling_and_punctuation_are_one_wording() -> None:
    other = '"The gates will stay closed until the water is below four meters", Korve said.'
    (found,) = judge(source("a", SAID, Role.INDEPENDENT), source("b", other, Role.INDEPENDENT))
    assert altered(found) == set()


def test_different_sayings_stay_apart_and_off_topic_ones_are_left_out() -> None:
    other = "Olm said: “My lorries have waited at the ferry since Monday morning.”"
    found = judge(
        source("a", SAID, Role.INDEPENDENT),
        source("b", other, Role.INDEPENDENT),
        source("c", SAID, Role.OFF_TOPIC),
    )
    assert [len(quotation.variants) for quotation in found] == [1, 1]


def test_variants_are_spans_of_their_articles() -> None:
    sources = (source("a", SAID, Role.INDEPENDENT), source("b", PART, Role.INDEPENDENT))
    texts = {entry.article.id: entry.article.text for entry in sources}
    for quotation in judge(*sources):
        for variant in quotation.variants:
            assert texts[variant.source][variant.start : variant.end] == variant.text
