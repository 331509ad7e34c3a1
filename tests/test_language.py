from __future__ import annotations

import pytest

from fusion.language import leans, names_day_by_today, sorted_out, with_foreign
from fusion.types import Article, Group, Grouping, Metadata, Role, Source


def report(name: str, language: str | None, words: int) -> Article:
    return Article(name, f"{name}.txt", "mot " * words, Metadata(language=language))


LONG = report("a", "fr", 300)
SHORT = report("b", "de", 100)
OTHER = report("c", "de", 150)
BRIEF = report("d", None, 10)


def test_most_words_decide_and_not_most_reports() -> None:
    assert sorted_out([SHORT, LONG, OTHER], None) == ("fr", [LONG], [SHORT, OTHER])


def test_a_language_can_be_asked_for() -> None:
    assert sorted_out([LONG, SHORT, OTHER], "de") == ("de", [SHORT, OTHER], [LONG])
    assert sorted_out([LONG, SHORT], "it") == ("it", [], [LONG, SHORT])


def test_a_report_too_short_to_tell_is_in_that_of_most_words() -> None:
    assert sorted_out([LONG, BRIEF, SHORT], None) == ("fr", [LONG, BRIEF], [SHORT])
    assert sorted_out([LONG, BRIEF, SHORT], "de") == ("de", [SHORT], [LONG, BRIEF])
    assert sorted_out([BRIEF], None) == ("en", [BRIEF], [])
    assert sorted_out([BRIEF], "fr") == ("fr", [BRIEF], [])


def test_bokmal_has_two_codes() -> None:
    marked, found = report("a", "nb", 50), report("b", "no", 60)
    assert sorted_out([marked, found], None) == ("no", [marked, found], [])
    assert sorted_out([marked], "nb") == ("no", [marked], [])


def test_reports_in_other_languages_are_voices_of_their_own() -> None:
    grouping = Grouping((Source(LONG, "a", Role.ORIGINAL),), (Group("a", ("a",), "a"),))
    whole = with_foreign(grouping, [SHORT, LONG])
    assert whole.sources == (Source(SHORT, "b", Role.INDEPENDENT), *grouping.sources)
    assert {group.id for group in whole.groups} == {"a", "b"}


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fr", "Il a réclamé une enquête."), ("fr", "Cette décision surprend le conseil."),
     ("de", "Sie ist auch für Fahrräder möglich."), ("de", "Also beschloss der Rat, zu beraten."),
     ("es", "Además, el puente seguirá cerrado."), ("it", "Lui ha chiesto un'inchiesta."),
     ("nl", "Hij vroeg om een onderzoek."), ("pt", "Ela pediu um inquérito.")],
)  # fmt: skip
def test_some_beginnings_lean_on_another_sentence(language: str, sentence: str) -> None:
    assert leans(sentence, language)
    assert not leans(sentence, "en")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fr", "Des bacs circulent entre les deux rives."), ("fr", "Sauveur Lind a été élu."),
     ("de", "Erika Holm leitet den Hafen."), ("de", "Die Drehbrücke ist gesperrt."),
     ("es", "El puente fue cerrado."), ("it", "Il ponte è chiuso."), ("sv", "Han är borta.")],
)  # fmt: skip
def test_others_stand_alone_or_are_not_judged(language: str, sentence: str) -> None:
    assert not leans(sentence, language)


def test_days_named_by_the_day_of_writing() -> None:
    assert names_day_by_today("Le pont ouvrira aujourd’hui.", "fr")
    assert names_day_by_today("Gestern wurde die Brücke gesperrt.", "de")
    assert not names_day_by_today("Am Montag wurde die Brücke gesperrt.", "de")
    assert not names_day_by_today("Aujourd'hui, le pont est fermé.", "en")
