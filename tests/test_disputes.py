from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from passages import passages, source

from fusion.disputes import MOST, disputes

if TYPE_CHECKING:
    from fusion.types import Conflict

EARLY, LATE = "2031-05-04T09:00:00+00:00", "2031-05-05T09:00:00+00:00"
OPENED = "The dam gates were opened on Friday in Orlo."
SHUT = "The dam gates in Orlo have yet to be opened."


def among(*texts: str, times: tuple[str | None, ...] = (None, None)) -> list[Conflict]:
    reports = [
        source(f"s{n}", text, published=times[n] if n < len(times) else None)
        for n, text in enumerate(texts)
    ]
    return disputes(passages(*reports), {report.article.id: report for report in reports})


@pytest.mark.parametrize(
    ("claim", "denial", "about", "denied"),
    [
        ("Ustan closed its port in May, citing spies", ", a charge denied by Drovia",
         "what Drovia denies", "Drovia denied the charge."),
        ("Ustan closed its port in May, citing spies", " – allegations that Drovia has rejected",
         "what Drovia denies", "Drovia rejected the allegations."),
        ("The harbour was sold to a cousin of Orrey", ", which the mayor denies",
         "what the mayor denies", "The mayor denies that."),
        ("Lund was held for a year for spying", ", a charge he firmly rejects",
         "a charge and its denial", "He firmly rejects the charge."),
        ("The divers were sent down without lamps", " -- a claim denied by the firm, which says it"
         " lent them six", "what the firm denies",
         "The firm, which says it lent them six, denied the claim."),
    ],
)  # fmt: skip
def test_what_a_sentence_tells_and_says_is_denied_has_two_sides(
    claim: str, denial: str, about: str, denied: str
) -> None:
    (conflict,) = among(f"{claim}{denial}.", f"{claim}{denial}.")
    assert conflict.about == about
    assert conflict.sides[0].claim == f"{claim}."
    assert conflict.sides[1].claim == denied
    report = f"{claim}{denial}."
    for side in conflict.sides:
        (passage,) = side.passages
        assert report[passage.start : passage.end] == passage.text


@pytest.mark.parametrize(
    "text",
    [
        "Orrey was held over the letter, a charge dismissed by the district court in May.",
        "The council was to vote on the pier, which the mayor rejected in May.",
        "Lund, a charge he denied, left the office on Monday.",
        "The firm paid for the pier, which nobody had expected.",
    ],
)
def test_what_is_turned_down_without_being_untrue_is_no_dispute(text: str) -> None:
    assert among(text) == []


@pytest.mark.parametrize(
    ("claim", "against", "about"),
    [
        (
            "The mayor said the pump had been sold.",
            "Ms Halvard denied it.",
            "what the mayor said and Ms Halvard denied",
        ),
        (
            "Drovia said that its boats had been fired on.",
            "Ustan called the claim untrue.",
            "what Drovia said and Ustan denied",
        ),
        (
            "The company said the valve had been checked.",
            "Two workers said it was not.",
            "what the company said and two workers denied",
        ),
        (
            "The company said the valve had been checked.",
            "Two workers said that the valve had never been checked.",
            "what the company said and two workers denied",
        ),
        (
            "Police said 4,000 people marched.",
            "The organisers said it was 6,100.",
            "the figures of police and the organisers",
        ),
        (
            "The firm said 30 jobs would go.",
            "The union put the loss at 90 jobs.",
            "the figures of the firm and the union",
        ),
        (
            "The company said the leak began at noon.",
            "The union said it had begun at dawn.",
            "the accounts of the company and the union",
        ),
    ],
)
def test_a_claim_and_what_is_said_against_it_are_two_sides(
    claim: str, against: str, about: str
) -> None:
    (conflict,) = among(f"{claim} {against}")
    assert conflict.about == about
    assert [side.claim for side in conflict.sides] == [claim, against]
    assert all(side.claim == side.passages[0].text for side in conflict.sides)


@pytest.mark.parametrize(
    "text",
    [
        "The mayor said the pump had been sold. The union said on Monday that rain would come.",
        "The mayor said the pump had been sold. The mayor denied it.",
        "The mayor said talks were held. Ustan said the disputed territory needs peace.",
        "Police said the road was shut. World War I ended in 1918. The US said it would pay.",
        "Police said 4,000 people marched. The organisers said 40 buses came.",
        "Drovia said two soldiers died. Ustan said that it had also taken seven soldiers prisoner.",
        "Ann Lee said they will go to court on Monday. Her lawyer denied the allegations.",
        "The firm said about 30 jobs would go. The union said it was 31.",
        "The mayor said the ferry was safe. “I deny nothing,” the captain said.",
        "The minister said the strike was over. The union rejected the plan for a new harbour.",
        "The minister said a truce was near. Drovia rejected the minister's offer of a truce.",
    ],
)
def test_what_can_both_be_right_is_no_dispute(text: str) -> None:
    assert among(text) == []


def test_a_denial_far_from_the_claim_or_in_another_report_disputes_nothing() -> None:
    claim, rain, denial = (
        "The mayor said the pump had been sold.",
        "It rained.",
        "Halvard denied it.",
    )
    assert among(f"{claim} {denial}")
    assert among(f"{claim} {rain} {rain} {denial}") == []
    assert among(claim, denial) == []


def test_a_bare_denial_answers_what_its_claimant_has_told_at_length() -> None:
    told = (
        "Mara Quill tells it thus. She is 24. The keeper, she says, opened the gate at noon. “I saw"
        " the lamp and thought nothing of it,” says Quill. She has seen a judge."
    )
    (conflict,) = among(f"{told} Ostwick Port denies it.")
    assert conflict.about == "what Mara Quill said and Ostwick Port denied"
    assert conflict.sides[0].claim == "The keeper, Mara Quill says, opened the gate at noon."
    assert not among(f"{told} The weir is dry. It rained. The mill is shut. The port denies it.")


def test_what_has_been_admitted_since_is_denied_no_more() -> None:
    claim = "Mara Quill says that the keeper opened the weir gate."
    own = "The keeper said the weir gate was shut."
    at = ["2031-05-04T09:00:00+00:00", "2031-05-06T09:00:00+00:00"]
    told = source("a", claim, "Ostwick Port denied that.", published=at[0])

    def found(later: str, published: str | None = at[1]) -> list[str]:
        reports = [told, source("b", later, published=published)]
        every = disputes(passages(*reports), {each.article.id: each for each in reports})
        return [conflict.about for conflict in every]

    denied = ["what Mara Quill said and Ostwick Port denied"]
    assert found(own) == denied
    admits = "Ostwick Port has admitted that its keeper opened the gate of the weir for Quill."
    assert found(admits) == []
    assert found(admits, "2031-05-03T09:00:00+00:00") == denied
    assert found("Ostwick Port has admitted that one of its men was there.") == []
    assert found("Orlo Port has admitted that one of its men was there.") == denied


def test_a_figure_of_what_is_no_number_is_none() -> None:
    votes = "Two members of the board said they had not decided how to vote."
    assert not among(f"{votes} The Argus reported that the pier cost 412 million crowns.")


def test_what_there_is_not_is_told_with_who_spoke_of_it() -> None:
    (conflict,) = among(
        "Mara Quill, an engineer, says that she warned the port. She sent a memo of four pages to"
        " three of its directors in May. Ostwick Port says that no such memo is in its files."
    )
    assert conflict.sides[0].claim == (
        "Mara Quill, an engineer, says that she warned the port. She sent a memo of four pages to"
        " three of its directors in May."
    )
    assert len(conflict.sides[0].passages) == 2


def test_two_figures_of_what_the_report_says_is_disputed() -> None:
    asks = "What the damage comes to depends on whom one asks."
    (conflict,) = among(
        f"{asks} Orlo Mutual has put it at 380,000 marks. Mara Quill, who builds organs, laughed"
        " at that. To make the pipes again would cost 1.1 million, she said."
    )
    assert conflict.about == "the figures of Orlo Mutual and Mara Quill"


def test_a_side_is_not_told_with_the_other_side() -> None:
    city = "The city says that it sent word of the closing to the address that Lee Line gave."
    line = "Lee Line says that no such word reached it: nothing of the kind had come."
    (conflict,) = among(f"{city} {line}")
    assert [side.claim for side in conflict.sides] == [city, line]


def test_who_says_the_opposite_is_told_with_what_that_is() -> None:
    account = "In the port's account the keeper acted alone and opened the gate."
    denial = "His lawyer, Hanno Strell, says the opposite."
    ordered = "The port had ordered him to open the gate, he says."
    (conflict,) = among(f"{account} {denial} {ordered}")
    assert [side.claim for side in conflict.sides] == [account, f"{denial} {ordered}"]


def test_a_short_denial_is_told_with_what_its_speaker_says_next() -> None:
    more = "Ms Halvard said the pump stood in the yard."
    (conflict,) = among(f"The mayor said the pump had been sold. Ms Halvard denied it. {more}")
    assert conflict.sides[1].claim == f"Ms Halvard denied it. {more}"
    assert len(conflict.sides[1].passages) == 2


def test_who_is_contradicted_is_told_with_the_other_account() -> None:
    asked = "Mayor Ann Lee says that she asked for boats at noon."
    answer = (
        "The rescue office contradicts her. Its director says that boats were asked for at two."
    )
    (conflict,) = among(f"{asked} {answer}")
    assert [side.claim for side in conflict.sides] == [asked, answer]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("Harbour master Ode Lunt told this station the old pump was not sold.", True),
        ("Harbour master Ode Lunt said the old pump was loud.", True),
        ("Harbour master Ode Lunt said the crane was loud.", False),  # of something else
        ("Harbour master Ode Lunt said that it had not rained.", False),  # of something else
        ("The mayor said the old pump was not worth much.", False),  # whom the denial answers
    ],
)
def test_a_denial_that_says_no_more_is_told_with_what_another_denies_next(
    more: str, *, told: bool
) -> None:
    (conflict,) = among(f"The mayor said the old pump was sold. The port rejected that. {more}")
    denial = conflict.sides[1]
    plain = more.replace("told this station", "said")
    assert denial.claim == f"The port rejected that. {plain}" if told else "The port rejected that."
    assert len(denial.passages) == (2 if told else 1)


def test_no_more_than_a_reader_has_time_for_and_denials_first() -> None:
    figures = "Police said 4,000 people marched. The organisers said it was 6,100."
    names = "Brandt", "Ode", "Lunt", "Quill", "Varga"
    denials = [
        f"{name} said the {name} pump was sold. Halvard denied it at {name}." for name in names
    ]
    found = among(figures, *denials)
    assert len(found) == MOST
    assert all("denied" in conflict.about for conflict in found)


def test_one_sentence_is_in_one_dispute() -> None:
    text = "The mayor said the pump had been sold. Ms Halvard denied it."
    assert len(among(text, text)) == 1


def test_done_in_one_report_and_yet_to_be_done_in_another_that_is_not_older() -> None:
    (conflict,) = among(OPENED, SHUT)
    assert conflict.about == "Orlo: done, or yet to be done"
    assert [side.claim for side in conflict.sides] == [OPENED, SHUT]
    assert among(OPENED, SHUT, times=(EARLY, LATE))


@pytest.mark.parametrize(
    ("one", "other", "times"),
    [
        (OPENED, SHUT, (LATE, EARLY)),
        ("The dam gates were not opened on Friday in Orlo.", SHUT, (None, None)),
        ("The dam gates in Orlo have not yet been opened.", SHUT, (None, None)),
        ("The dam gates were painted on Friday in Orlo.", SHUT, (None, None)),
        ("A school was opened on Friday in Marlo by the premier.", SHUT, (None, None)),
    ],
)
def test_what_has_moved_on_or_agrees_is_no_dispute(
    one: str, other: str, times: tuple[str | None, str | None]
) -> None:
    assert among(one, other, times=times) == []


@pytest.mark.parametrize(
    "other",
    [
        "Three of them were children, the school said.",
        "Shopkeepers said the closure was costing them 2.6 million crowns a day.",
        "The insurers said that it was 40 percent.",
    ],
)
def test_figures_of_other_things_are_no_dispute(other: str) -> None:
    report = source("a", "Police put the number of injured at nine.", other)
    assert disputes(passages(report), {"a": report}) == []


LISTED = "Ferries of Orlo said 198 people were on board."
COUNTED = "The fire chief said that she had counted 212, 14 more than the firm's list of 198."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gusts on the pier had reached 45 kilometres an hour, the operator said.",
         "The weather service said that gusts on the pier reached 78 kilometres an hour."),
        ("The new quay will cost 640 million marks, Ustan's ministry said.",
         "The cost of the quay is 820 million marks, according to Drovia's court of auditors."),
    ],
)  # fmt: skip
def test_other_figures_of_what_two_reports_describe_alike(one: str, other: str) -> None:
    (conflict,) = among(one, other, times=(EARLY, LATE))
    assert {side.claim for side in conflict.sides} == {one, other}


def test_a_side_that_it_said_is_told_with_the_sentence_that_names_it() -> None:
    named = "The operator said that the cause was not known."
    said = "Gusts on the pier had reached 45 kilometres an hour, it said."
    other = "The weather service said that gusts on the pier reached 78 kilometres an hour."
    (conflict,) = among(f"{named} {said}", other)
    assert {side.claim for side in conflict.sides} == {f"{named} {said}", other}


@pytest.mark.parametrize(
    "other",
    [
        "The operator said later that gusts on the pier reached 78 kilometres an hour.",
        "The weather service said that gusts on the pier reached about 46 kilometres an hour.",
        "The weather service said that the pier is 780 kilometres from the border.",
        "The harbour said that gusts of 78 kilometres an hour had closed the pier.",
        "The weather service said that gusts on the pier in Merrow reached 38 kilometres an hour.",
        "The weather service said that gusts on the pier reached 78 kilometres an hour last year.",
    ],
)
def test_figures_of_one_claimant_or_of_something_else_are_no_dispute(other: str) -> None:
    first = "Gusts on the pier had reached 45 kilometres an hour, the operator said."
    assert among(first, other) == []


def test_a_figure_held_against_anothers_in_another_report() -> None:
    (conflict,) = among(LISTED, COUNTED)
    assert [side.claim for side in conflict.sides] == [LISTED, COUNTED]
    assert conflict.about == "the figures of Ferries of Orlo and the fire chief"


@pytest.mark.parametrize(
    "other",
    [
        "The fire chief said that she had counted 212, 14 more than an earlier count of 198.",
        "The fire chief said that she had counted 212, 14 more than the list of 197.",
        "Ferries of Orlo said that 212 came, 14 more than its list of 198.",
    ],
)
def test_a_figure_held_against_an_older_one_or_another_is_no_dispute(other: str) -> None:
    assert among(LISTED, other) == []


@pytest.mark.parametrize(
    ("before", "told"),
    [("How many films were withdrawn is not settled.", True),
     ("It had rained.", False)],
)  # fmt: skip
def test_the_first_side_says_what_the_two_are_about(before: str, told: bool) -> None:
    first, second = "Halvard says 23.", "The festival said that it was 14."
    (conflict,) = among(f"{before} {first} {second}")
    one, other = conflict.sides
    assert one.claim == (f"{before} {first}" if told else first)
    assert " ".join(passage.text for passage in one.passages) == one.claim
    assert other.claim == second


@pytest.mark.parametrize(
    "signal",
    ["How many have died depends on whom one asks.", "The cause stays open.",
     "Who broke it?", "Nor have the experts come closer.", "The experts do not agree.",
     "How it broke is told in two ways.", "There is a quarrel by now over what broke it.",
     "The two sides read the log differently.", "What they say does not fit."],
)  # fmt: skip
def test_ways_to_announce_two_accounts(signal: str) -> None:
    crew, owner = "The crew is certain of an anchor.", "The owner speaks of a slide of mud."
    (conflict,) = among(f"{signal} {crew} {owner}")
    assert conflict.about == "the accounts of the crew and the owner"
    assert among(f"It rained. {crew} {owner}") == []


def test_somebody_tells_it_differently() -> None:
    police, turn = "The police say that he drove round the barrier.", "His daughter tells it {}."
    other = "Ann Lee says that an officer waved him through."
    (conflict,) = among(f"{police} {turn.format('differently')} {other}")
    assert [side.claim for side in conflict.sides] == [police, other]
    assert among(f"{police} {turn.format('to everybody')} {other}") == []


def test_it_is_let_be_known_and_nothing_of_the_kind() -> None:
    known = "Lund let it be known through his lawyer that he had offered the post on Friday."
    denied = "The chair's office says that he offered nothing of the kind."
    (conflict,) = among(f"{known} {denied}")
    assert conflict.about == "what Lund said and the chair's office denied"


def test_a_dispute_told_again_by_somebody_else_is_told_once() -> None:
    one = (
        "The ministry puts the share of the old at 17 percent. The club says that it is 9 percent."
    )
    again = "The ministry says that it is 17 percent. Ada Finch said it was 9 percent."
    assert len(among(one, again)) == 1
    assert len(among(one, again.replace("9", "12"))) == 2


def test_who_did_it_answers_what_is_about_them() -> None:
    cleft = "Ada Finch wrote that it was the captain who had asked for the lamp."
    assert among(f"The captain said that he had slept. {cleft}")
    assert among(f"The harbour said that the boats would sail. {cleft}") == []


def test_who_says_the_same_disputes_nothing() -> None:
    one = "Who gave way? Ann Lee of Orlo says she was asked to come."
    assert among(f"{one} Bo Orr of Merrow says the same.") == []


def test_two_counts_side_by_side_are_of_one_thing() -> None:
    police = "Police estimated the crowd at 45,000."
    union = "The union, which led the march, spoke of 120,000."
    (conflict,) = among(f"{police} {union}")
    assert {side.claim for side in conflict.sides} == {police, union}
    arrests = "Police said they had arrested 87 people."
    assert among(f"The ministry put the number of people hurt at 61. {arrests}") == []


def test_it_is_told_with_the_sentence_that_names_it() -> None:
    names = "Lee Line has put out a statement."
    said = "It says that about 160 tonnes of solvents were there."
    other = "The port says that 290 tonnes of solvents were there."
    (conflict,) = among(f"{names} {said}", other)
    assert {side.claim for side in conflict.sides} == {f"{names} {said}", other}


def test_a_denial_answers_whoever_named_the_denier() -> None:
    charge = "The government said that Ann Lee had paid for the uprising."
    other = "The minister said that two transfers had been found by the bank."
    denial = "Ann Lee, who lives in Orlo, denied it."
    (conflict,) = among(f"{charge} {other} {denial}")
    assert [side.claim for side in conflict.sides] == [charge, denial]


def test_the_suggestion_of_something_else_is_not_what_was_said_before() -> None:
    claim = "Ann Lee said that the pumps were built into every frigate."
    assert among(f"{claim} The ministry rejected the suggestion that it had been slow.") == []


def test_a_denial_answers_the_charge_and_not_the_quotation_after_it() -> None:
    charge = "Critics accused the mayor of having bent to the owners of the port."
    quoted = (
        "“Next time it will be the quay,” said Ann Lee, a member of the council for the Greens."
    )
    denial = "The mayor denied that there had been any pressure by the owners of the port."
    (conflict,) = among(f"{charge} {quoted} {denial}")
    assert [side.claim for side in conflict.sides] == [charge, denial]


def test_two_parties_have_one_dispute() -> None:
    first = "The crew said the hatch was shut. Ms Halvard denied it."
    second = "The crew says that 12 came. Ms Halvard said that it was 9."
    assert len(among(f"{first} It rained. It blew. {second}")) == 1
    assert len(among(f"{first} It rained. {second.replace('crew', 'yard')}")) == 2


def test_two_accounts_that_the_report_announces() -> None:
    signal = "The crew and the owner tell different stories."
    crew = "The crew said the hatch was shut."
    owner = "The owner said the hatch had a new lock."
    (conflict,) = among(f"{signal} {crew} {owner}")
    assert [side.claim for side in conflict.sides] == [f"{signal} {crew}", owner]
    assert among(f"{crew} {owner}") == []
    assert among(f"{crew} {owner} {signal}") == []


@pytest.mark.parametrize(
    ("one", "between", "other", "about"),
    [
        (
            "Crews of 23 boats have left the regatta at Merrow, the league Fair Sail said.",
            "It rained. The harbour has two cranes. Its fair is old.",
            "By the regatta's count, 14 boats have left.",
            "the figures of the league Fair Sail and the regatta",
        ),
        (
            "The port expects traffic to fall to 31 boats a day by winter.",
            "The league called that hopeful.",
            "The league sees 46 boats a day by winter.",
            "the figures of the port and the league",
        ),
        (
            "The diver Ada Finch, who says that the hatch burst outward, has gone home.",
            "She has a shed. It rained.",
            "The yard maintains that nothing burst outward.",
            "what Ada Finch said and the yard denied",
        ),
        (
            "Who shut the hatch? The crew says that the owner did.",
            "",
            "The owner says rust had closed it.",
            "the accounts of the crew and the owner",
        ),
        (
            "The diver Ada Finch said that the hatch burst outward.",
            "It rained.",
            "A spokesman for the yard rejected the account.",
            "what the diver Ada Finch said and a spokesman for the yard denied",
        ),
        (
            "The yard maintains that it heard of the hatch in May.",
            "",
            "That is at odds with the diver Ada Finch, who says that she rang in March.",
            "the accounts of the yard and Ada Finch",
        ),
        (
            "The port says about 1,900.",
            "",
            "The league, which asked every skipper, arrived at a minimum of 6,000.",
            "the figures of the port and the league",
        ),
        (
            "The crew says the hatch broke.",
            "",
            "The owner says that the lock froze. The inquiry does not know yet.",
            "the accounts of the crew and the owner",
        ),
    ],
)
def test_what_is_counted_maintained_or_asked_about(
    one: str, between: str, other: str, about: str
) -> None:
    (conflict,) = among(f"{one} {between} {other}")
    assert conflict.about == about


@pytest.mark.parametrize(
    "text",
    [
        "The owners said it would be looked at every two years. Eight villages asked for more.",
        "The paper, bought for nine million crowns, would close, two editors said. It rained."
        " It rained. Lee Line put the damage at 2.4 million crowns.",
        "The dam is sound, the office said. The minister rejected complaints that help was slow.",
        # of two years, and of two things
        "By the port's count, 14 boats came. The league said that 23 boats came last year.",
        "By the port's count, 14 boats have left. The league said that 23 sheds had burned.",
        "The crew says the hatch broke. The owner says that the lock froze.",  # nobody wonders
        "Will it rain? The crew said the hatch was shut. The owner said rain fell.",
        "The yard said that nothing burst. The diver maintains that nothing burst.",
    ],
)
def test_what_only_looks_counted_maintained_or_asked_about(text: str) -> None:
    assert among(text) == []


def test_a_quotation_is_told_with_what_its_speaker_said_before_it() -> None:
    said = "Ada Finch said on Friday that the dam would hold."
    quoted = "“There is no mention of a second sluice in the plan,” Finch told reporters."
    other = "The envoy had said that a second sluice was planned."
    (conflict,) = among(f"{said} {quoted} {other}")
    assert [side.claim for side in conflict.sides] == [f"{said} {quoted}", other]


def test_a_side_that_does_not_name_its_claimant_is_not_told() -> None:
    text = "It rained. She said the hatch was sold. Ms Halvard denied that the hatch was sold."
    assert among(f"The talks went on. {text}") == []
    (conflict,) = among(f"Ada Finch spoke. {text}")
    assert conflict.sides[0].claim == "Ada Finch said the hatch was sold."
    assert among(text.replace("She", "Ada Finch"))


def test_a_side_that_only_says_so_gives_way_to_what_its_party_says() -> None:
    (conflict,) = among(
        "Was the shot needed? The police say so. The dog was close to a house, Superintendent Ann"
        " Lee repeated on Friday. The vet, Ida Moll, says that she had a dart gun in her hands."
    )
    assert "Superintendent Ann Lee" in conflict.sides[0].claim
    assert "Ida Moll" in conflict.sides[1].claim


def test_a_claimant_known_by_a_pronoun_is_called_by_name() -> None:
    (conflict,) = among(
        "The port paid nothing to them, its director, Ada Finch, says. "
        "A letter from its bank, which the Post has read, speaks of “a settlement”."
    )
    assert conflict.about == "the accounts of Ada Finch and a letter"


def test_the_halves_of_a_sentence_are_told_as_sentences() -> None:
    (conflict,) = among("Drovia says the boats left, while the union says the boats stayed in.")
    assert [side.claim for side in conflict.sides] == [
        "Drovia says the boats left.",
        "The union says the boats stayed in.",
    ]


def test_a_small_figure_held_against_anothers_needs_a_word_of_what_it_counts() -> None:
    hospital = "The hospital said seven were hurt, three more than the four that police gave."
    hurt = "Four people were slightly hurt, police said."
    (conflict,) = among(hurt, hospital)
    assert [side.claim for side in conflict.sides] == [hurt, hospital]
    assert among("Four roads were shut, police said.", hospital) == []


def test_a_claim_that_another_report_contradicts_by_name() -> None:
    port = "A power failure on board was to blame, the port authority said."
    pilots = (
        "The ship had lost its tug, the pilots' union said, contradicting the port authority's "
        "account that a power failure alone was to blame."
    )
    (conflict,) = among(port, pilots)
    assert [side.claim for side in conflict.sides] == [port, pilots]
    assert among(port.replace("power failure", "fire").replace("blame", "see"), pilots) == []
    assert among(port.replace("port authority", "mayor"), pilots) == []


def test_what_is_contested_is_announced() -> None:
    text = (
        "Who fired first is contested. The police said that Lund shot at the door of the hut."
        " Ode Marr, a guest, said that the shot came from the street by the hut."
    )
    (conflict,) = among(text)
    assert len(conflict.sides) == 2


def test_a_toll_that_rises_is_no_dispute_of_two_claimants() -> None:
    first = "Three guests were killed in a fire at the Ostwick hotel, the fire service said."
    later = "A cook says no alarm warned her of the fire at the Ostwick hotel that killed four."
    assert among(first, later) == []
