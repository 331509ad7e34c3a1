from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from passages import passages, source

from fusion.against import KINDS, against, figures_differ
from fusion.claims import Claim, claims


def two(text: str) -> tuple[Claim, Claim]:
    one, *_, other = claims(passages(source("a", text)))
    return one, other


def kind(text: str) -> str | None:
    one, other = two(text)
    return against(one, other, between=0)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        # A denial, an elliptic one, a negated deed, what a quotation says turned down.
        ("The mayor said the pump was sold. Ms Halvard denied it.", "denial"),
        ("The firm said the valve was checked. Two workers said it was not.", "negation"),
        (
            "The ministry said nobody had been warned. The weather office said that it had warned "
            "the ministry three times.",
            "account",
        ),
        (
            "The consul said “shots were fired at my gate”. Drovia said that no shots were fired.",
            "negation",
        ),
        # Figures.
        ("Police put the crowd at 3,000. The union said 9,000 had come.", "figure"),
        ("The firm said 30 jobs would go. The union put the loss at 90 jobs.", "figure"),
        # One deed told otherwise; another cause; still so.
        ("The firm said the leak began at noon. The union said it began at dawn.", "account"),
        (
            "The mill's owner blamed a loose cable for the blast. Workers blamed the boiler.",
            "account",
        ),
        (
            "Orsk said that its troops had left the valley. Villagers said the troops were still "
            "in the valley on Monday.",
            "account",
        ),
        (
            "The coast league said higher dykes would harm the fishery. But the farmers said that "
            "higher dykes would save the fishery.",
            "account",
        ),
        ("The zoo says the tiger was asleep. Two visitors say that it was awake.", "account"),
        (
            "Drovia says the boats were in its waters, while Ustan says the boats were at sea.",
            "account",
        ),
        ("The mayor said the pump was sold, but Ms Halvard denied it.", "denial"),
        # A criticism and its answer; a paper against a denial; each says the other began.
        (
            "Professor Ilk calls the survey worthless because only nine farms took part. Dr Moss "
            "said her team had corrected for that with older surveys.",
            "account",
        ),
        (
            "The port paid nothing to the smugglers, Ada Finch says. A letter from its bank, which "
            "the Post has read, speaks of a settlement.",
            "account",
        ),
        (
            "The guards said the prisoners attacked first. The prisoners' families said the guards "
            "struck without warning.",
            "account",
        ),
        (
            "“There is no mention of a second reactor in the plan,” said Ada Finch. The envoy said "
            "a second reactor was planned.",
            "account",
        ),
        (
            "The port said he was struck by a plank. Ada Finch, who saw it, said it was a hook.",
            "account",
        ),
        ("The port says a plank struck him; Ada Finch says a hook did.", "account"),
        (
            "Orlo's envoy said that Drovia had left the table. Ada Finch said that it was Orlo "
            "that had packed its papers.",
            "account",
        ),
        ("The firm says it wrote to the office in May. The office says no.", "denial"),
        (
            "The port blames an update which Lee Line installed in May. Lee Line says that the "
            "port's staff measured wrongly.",
            "account",
        ),
        ("Ada Finch says the gates were opened. The port says the opposite.", "denial"),
        ("Ada Finch says she warned the port. The port says that no such letter came.", "denial"),
        # Accounts that are compared: one tells of something, one of nothing.
        (
            "The port maintains that it called at noon. Ada Finch said that nobody rang her.",
            "account",
        ),
        (
            "Ada Finch says that nobody shouted at all. The guards say that they did, twice.",
            "account",
        ),
    ],
)
def test_what_cannot_both_be_right(text: str, how: str) -> None:
    assert kind(text) == how
    assert how in KINDS


@pytest.mark.parametrize(
    "text",
    [
        # What is called weak is something else.
        "“One lake is one witness,” Ann Lee said. Bo Orr, who was not there, calls the dating weak:"
        " it came from limestone.",
        # Figures of other things, a part of a whole, rounded.
        "The mayor said 40 houses were flooded. The fire chief said 12 pumps were running.",
        "Police said 40 people were hurt. The hospital said three of them were children.",
        "Police raised their count of the arrested to 52. The clinic put the number of hurt at 43.",
        "The bank said profits rose by 12 percent. The union said wages rose by 3 percent.",
        "The council said about 3,000 people came. The organisers said that it was 3,100.",
        # Other deeds, other times, other questions.
        "Police said the road would open at noon. The mayor said it would be swept first.",
        "The fire began at noon, police said. The fire began in the kitchen, the fire chief said.",
        "The minister blamed the drought. The union said the harvest would be poor.",
        "The mayor said the ferry was late. But the captain said the sea was rough.",
        "The police said the search would go on. However, the coast guard said the wind was up.",
        "Police said two men threw the first stones. The mayor said the first shots of the film "
        "would be taken in May.",
        "The firm said its ships were at sea. The union said it was still waiting for an offer.",
        "The mayor called the plan bold, while the union called for a vote.",
        # No comment is no denial, and a plan that is turned down is no claim.
        "The bank did not comment, Ada Finch said. A letter that the Post has seen asks for time, "
        "the Post said.",
        "The governor rejected a plan for a harbour. The union said it had asked for that.",
        "The envoy said the talks were slow. Police said there was no sign of rain.",
        "Ada Finch says that nobody shouted at all. The mayor said that the hall was full.",
        "The port maintains that it called at noon. Ada Finch said that the sea was rough.",
    ],
)
def test_what_can_both_be_right(text: str) -> None:
    assert kind(text) is None


def test_sentences_of_others_part_an_answer_from_what_it_answers() -> None:
    one, other = two(
        "The guards said the prisoners attacked first. The families said the guards struck without "
        "warning."
    )
    assert against(one, other, between=0) == "account"
    assert against(one, other, between=1) is None


def test_where_the_report_says_so_two_accounts_of_one_thing_are_told() -> None:
    one, other = two("The crew said the hatch was shut. The owner said the hatch had a new lock.")
    assert against(one, other, between=0) is None
    assert against(one, other, between=0, announced=True) == "account"
    one, other = two("The crew said the hatch was shut. The owner said rain fell.")
    assert against(one, other, between=0, announced=True) is None
    assert against(one, other, between=0, announced=True, outright=True) == "account"


def test_who_still_says_it_says_it_against_somebody() -> None:
    one, other = two("The board thinks that the pump leaked. The yard still points to the valve.")
    assert against(one, other, between=0) == "account"


def test_who_is_reproached_and_answers_speaks_against_it() -> None:
    one, other = two(
        "The dairy says that the board had known it and kept quiet. The board says that it had no"
        " more than a guess."
    )
    assert against(one, other, between=0) == "account"
    one, other = two("The dairy says that the board was kind. The board says that it had time.")
    assert against(one, other, between=0) is None


@given(st.integers(2, 9_000), st.integers(2, 9_000))
def test_it_does_not_matter_who_gives_which_figure(a: int, b: int) -> None:
    one, other = two(f"Police said {a} boats sank. The port said that {b} boats sank.")
    assert figures_differ(one, other) == figures_differ(other, one)
    assert not (a == b and figures_differ(one, other))
