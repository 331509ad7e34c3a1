from __future__ import annotations

import pytest

from fusion.neutral import commentary, loaded_words, reporters_voice, with_plain_speech


def test_judging_words_are_found_outside_quotations_only() -> None:
    sentence = "The reckless captain of a vile crew spoke of a “shameful” day and a 'wicked' storm."
    assert loaded_words(sentence) == ["reckless", "vile"]


def test_what_is_no_state_to_who_says_so_is_loaded() -> None:
    assert loaded_words("The puppet regime shut the port.") == ["puppet regime"]
    assert loaded_words("The fat cats of the port hit back at the mayor.") == [
        "fat cats",
        "hit back at",
    ]
    assert loaded_words("The mayor called it a “puppet regime” in a divided state.") == []


def test_shouted_words_are_found_and_names_in_capitals_are_not() -> None:
    sentence = "A TERRIFIED keeper of the LITTLE WREN told NATO how she NARROWLY escaped."
    assert loaded_words(sentence) == ["TERRIFIED", "NARROWLY"]


@pytest.mark.parametrize(
    ("sentence", "word"),
    [
        ("When the gates shut, I was there.", "I"),
        ("The deal is dead, I'm told.", "I"),
        ("We were told that the pump had failed.", "We"),
        ("The mayor showed us the cellar.", "us"),
        ("Our reporter saw the fire.", "Our"),
        ("This newspaper was shown the letter.", "This newspaper"),
        ("“It is over,” she told me.", "me"),
        ("Hopefully, the bridge will hold.", "Hopefully"),
        ("As you can see, the bridge is shut.", "you"),
        ("Assuming the cracks are old, the harbour master lied.", "Assuming"),
    ],
)
def test_the_reporters_voice(sentence: str, word: str) -> None:
    assert reporters_voice(sentence) == word


@pytest.mark.parametrize(
    "sentence",
    [
        "World War I ended in 1918.",
        "“You will hear from us,” the harbour master said.",
        "Perhaps 40 boats were in the harbour.",
        "World War II began two decades after World War I was over.",
        "The US said it would pay.",
        "King Charles I lost his head.",
        "Part I of the report is out.",
        "Phase I trials begin in May.",
        "The Church of Our Lady burned.",
        "“We won and I wept,” the captain said.",
        "‘I saw it,’ the cook said.",
        "The newspaper stood by the story.",
    ],
)
def test_others_voices(sentence: str) -> None:
    assert reporters_voice(sentence) == ""


@pytest.mark.parametrize(
    ("sentence", "plainer"),
    [
        ("Ode claimed that it rained.", "Ode said that it rained."),
        ("It rained, the harbour master admitted.", "It rained, the harbour master said."),
        ("“It rained,” Ode boasted.", "“It rained,” Ode said."),
        ("Ode declared, “It rained.”", "Ode declared, “It rained.”"),
        ("Rain fell, Ode claimed, and roads flooded.", "Rain fell, Ode said, and roads flooded."),
    ],
)
def test_who_says_it_says_it(sentence: str, plainer: str) -> None:
    assert with_plain_speech(sentence, ["It rained and roads flooded, Ode said."]) == plainer


@pytest.mark.parametrize(
    "sentence",
    [
        "War was declared.",
        "No injuries were reported.",
        "He won the prize, which the group claimed.",
        "The group claimed the prize.",
        "It was reported that Ode had left.",
    ],
)
def test_verbs_that_are_no_saying_stay(sentence: str) -> None:
    assert with_plain_speech(sentence, ["Ode said so."]) == sentence


def test_a_verb_that_a_passage_has_stays_and_so_does_one_for_which_nobody_says() -> None:
    sentence = "Ode admitted that it rained."
    assert with_plain_speech(sentence, ["“It rained,” Ode said, admitting it."]) == sentence
    assert with_plain_speech(sentence, ["It rained on Ode."]) == sentence


@pytest.mark.parametrize(
    ("sentence", "sign"),
    [
        ("It's a long way to Ostwick.", "It's"),
        ("The mayor can’t seem to stop.", "can't"),
        ("Police will have a hard time; it is hard to say why.", "hard to say"),
        ("The good news for divers is the price.", "The good news"),
        ("Another reason is the price.", "Another reason"),
        ("There are two things that the port wants.", "There are two things"),
        ("The divers were back by noon!", "n!"),
        ("The keeper has been suspended, no doubt on full pay.", "no doubt"),
        ("The keeper has no doubt that it was shut.", ""),
        ("What appears to have sunk the ferry is a rope.", "What appears to"),
        ("The bridge’s keeper was in its cellar when divers looked for its cracks.", ""),
        ("The keeper said: “It's hard to say why.”", ""),
        ("After all the talks the bridge was shut.", ""),
    ],
)
def test_a_writers_comment_is_told_from_news(sentence: str, sign: str) -> None:
    assert commentary(sentence) == sign
