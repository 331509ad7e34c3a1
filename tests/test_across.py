from __future__ import annotations

from dataclasses import replace

import pytest
from passages import passages, source

from fusion.disputes import disputes

FILLING = "It rained."


def told(one: str, other: str, *more: str) -> list[set[str]]:
    """The sides of what is found between two independent reports, and others beside them."""
    reports = [source(f"s{n}", text, FILLING) for n, text in enumerate((one, other, *more))]
    found = disputes(passages(*reports), {each.article.id: each for each in reports})
    return [{side.claim for side in conflict.sides} for conflict in found]


TICKETS = "Prosecutors say that the printer ran off 14,000 tickets."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (TICKETS, "The Gaming Authority put the number of duplicate tickets at 9,200."),
        ("The registry put the number of prescriptions that could not be filled at 420,000.",
         "The guild reckons that 610,000 prescriptions went unfilled."),
        ("The ministry put the worth of the rings at 3 million florins.",
         "Ann Lee, who appraises for courts, says she would put them at 1.2 million florins."),
        ("The governor said that the flood had done damage of 1.4 billion crowns.",
         "The insurers put the damage at 900 million crowns, the Gazette said."),
        ("The Transport Ministry says the bridge would cost 640 marks a head.",
         "The Finance Ministry says the bridge would cost 910 marks a head."),
        ("The union said that 1,900 of the port's 2,150 dockers had joined the strike.",
         "The port told the Argus that just 1,150 of its dockers failed to come on the first day."),
        ("By evening 212 flights had been cancelled, the airport said.",
         "The aviation office said that 268 departures and arrivals had been cancelled."),
        ("Some 8,000 farmers marched through the town, the police said.",
         "On Orlo Square the union counted 20,000 people."),
        ("The port said that 340 rotten planks had been replaced.",
         "There were 210 bad planks in the pier, the diver says."),
        ("The mill says that it would draw two million cubic metres a year from the lake.",
         "The Anglers' League says that it will draw five million cubic metres a year."),
    ],
)  # fmt: skip
def test_figures_that_two_claimants_give_of_one_thing(one: str, other: str) -> None:
    assert told(one, other) == [{one, other}]


@pytest.mark.parametrize(
    ("issued", "side", "other"),
    [
        ("The mill printed 31,000 tickets.", "The mill printed 31,000 tickets, according to Orle.",
         TICKETS),
        ("We have looked through our papers, and no offer of any kind was made to us.",
         "Orle said: “We have looked through our papers, and no offer of any kind was made to us.”",
         "Ann Lee says that she made the firm an offer in May."),
    ],
)  # fmt: skip
def test_what_a_release_tells_disputes_what_others_say(issued: str, side: str, other: str) -> None:
    release, report = source("s0", issued, FILLING), source("s1", other, FILLING)
    about = replace(release.article.metadata, issuer="Orle")
    release = replace(release, article=replace(release.article, metadata=about))
    found = disputes(passages(release, report), {"s0": release, "s1": report})
    assert [{each.claim for each in conflict.sides} for conflict in found] == [{side, other}]
    assert told(issued, other) == []


@pytest.mark.parametrize(
    "other",
    [
        "The Gaming Authority put the number of duplicate tickets at about 14,200.",
        "Another prosecutor says that the prosecutors found 9,200 tickets.",
        "The Gaming Authority says that 9,200 tickets are sold every year.",
        "The Gaming Authority says that 9,200 of the tickets were sold in Merrow.",
        "The Gaming Authority says that 2,100 tickets were found.",
    ],
)
def test_figures_of_parts_rates_or_one_party_are_no_dispute(other: str) -> None:
    assert told(TICKETS, other) == []


def test_a_thing_of_which_there_are_many_figures_takes_more_words() -> None:
    one = "The club says that its members gave 64,000 crowns."
    other = "The hospital says that it got 51,000 crowns."
    assert told(one, other) == [{one, other}]
    many = "A bed is 900 crowns, a room 1,200 crowns, a ward 7,000 crowns, a lift 30,000 crowns."
    assert told(one, other, many) == []


def test_who_has_never_heard_such_a_thing_denies_nothing_that_was_heard() -> None:
    one = "Matts Lund said that the board had heard the mayor on Friday."
    other = "A shopkeeper said that she had never heard such a mayor on the board."
    assert told(one, other) == []
    assert told(one, other.replace("such a", "the")) != []


def test_what_few_had_done_to_them_or_is_of_all_there_are_is_another_thing() -> None:
    one = "By evening 212 flights had been cancelled, the airport said."
    assert told(one, "The railway said that 61 trains had been cancelled.") == []
    one = "The union said that 1,900 of the port's dockers had joined the strike."
    assert told(one, "The port says that it has 2,150 dockers.") == []


def test_a_march_on_another_day_is_another_crowd() -> None:
    one = "Police said that 8,000 people marched on Monday."
    assert told(one, "The union said that 20,000 people marched on Friday.") == []


def test_inside_for_one_is_outside_for_the_other() -> None:
    one = "Ann Lee says that her boat lay outside the closed area."
    other = "The boat had been inside the closed area, a spokesman said."
    assert told(one, other) == [{one, other}]
    assert told(one, "The pump had been inside the mill, a spokesman said.") == []


def test_whose_waters_it_was_in_is_told_otherwise() -> None:
    one = "Merrow's coast guard said that the cutter was inside Merrovian waters."
    other = "The navy of Drovia says that the cutter was inside Drovian waters."
    assert told(one, other) == [{one, other}]
    again = "Ann Lee, a fisher, says that the cutter was in Merrovian waters all that night."
    assert told(one, other, again) == [{one, other}]
    assert told(one, other.replace("Drovian", "Merrovian")) == []
    assert told(one, other.replace("waters", "waters, and not in Merrovian waters")) == []


def test_who_is_said_to_have_done_it_says_that_another_did() -> None:
    one = "It was the captain, Bo Orr, who had the lamp put out, Ada Finch said."
    other = "It was Finch who ordered it, Bo Orr says."
    assert told(one, other) == [{one, other}]
    assert told(one, "It was the cook who ordered it, Ida Moll says.") == []


def test_a_count_that_goes_on_is_overtaken() -> None:
    one = "Police say that they have found 120 letters so far."
    assert told(one, "The prosecutor says that there were 310 letters.") == []


def test_two_times_of_day_of_one_thing() -> None:
    one = "The office says that the warning went out to phones at 9:40 p.m."
    other = "The mayor says that the phones sounded at five to eleven."
    assert told(one, other) == [{one, other}]
    assert told(one, "The mayor says that the phones sounded at 9:45 p.m.") == []
    assert told(one, "The mayor says that the river rose at five to eleven.") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The chancellery says that Randau had offered a delay of the tax.",
         "Oskel says that no such offer was ever made to him."),
        ("Officers warned the occupants three times, the ministry said.",
         "Ann Lee, who speaks for the camp, says that nobody heard a warning."),
        ("The mayor said that the sirens had sounded in the quarter before two.",
         "Residents of the quarter say that they heard no siren."),
    ],
)  # fmt: skip
def test_what_one_says_was_done_and_another_that_it_was_not(one: str, other: str) -> None:
    assert told(one, other) == [{one, other}]


@pytest.mark.parametrize(
    "other",
    [
        "The port says that the sirens in the quarter will not sound again.",
        "The mayor's office says that no siren sounded in the quarter.",
        "The port says that no Orlo officer heard of sirens.",
        "The port says that it has no other quarter.",
        "The clinic says that in the quarter no dog barked and no child cried that long night.",
    ],
)
def test_what_is_not_yet_or_not_of_that_is_no_dispute(other: str) -> None:
    first = "The mayor said that the sirens of Orlo had sounded in the quarter before two."
    assert told(first, other) == []
