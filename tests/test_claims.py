from __future__ import annotations

from dataclasses import replace

from passages import passages, source

from fusion.claims import Claim, claims, sentences

LOOSE = "The mayor said the pump had been sold."
DENIED = "Ms Halvard denied it."
RAIN = "It rained in Orlo all night."


def made(*reports: str) -> list[Claim]:
    return claims(passages(*(source(f"s{n}", text) for n, text in enumerate(reports))))


def test_only_sentences_that_tell_who_says_so_are_claims() -> None:
    assert [(each.who, each.place, each.denies) for each in made(f"{LOOSE} {RAIN} {DENIED}")] == [
        ("The mayor", 0, False),
        ("Ms Halvard", 2, True),
    ]


def test_a_pronoun_is_who_spoke_last_in_the_same_report() -> None:
    she = "She said it was for scrap."
    assert [each.who for each in made(f"{LOOSE} {she}", f"{RAIN} {she}")] == [
        "The mayor",
        "The mayor",
    ]


def test_she_is_whom_the_sentence_before_tells_of() -> None:
    smiles = "Ann Lee smiles when she hears that."
    found = made(f"{LOOSE} {smiles} According to her, it was lent. It rained. She said it was old.")
    assert [each.who for each in found] == ["The mayor", "Ann Lee", "Ann Lee"]


def test_he_is_whom_the_sentences_before_go_on_about() -> None:
    kitchen = (
        "Bo Orr sat in his kitchen. He had cut the bread. It rained. The lamp, he said, was out."
    )
    assert [each.who for each in made(f"{LOOSE} {kitchen}")] == ["The mayor", "Bo Orr"]


def test_a_spokesman_is_of_who_spoke_last_unless_he_denies_it() -> None:
    office = "The office says that it called twice."
    one, other = made(f"{office} “We waited a minute,” said a spokesman, Bo Orr.")
    assert not one.by_another(other)
    one, other = made(f"{office} A spokesman denied that.")
    assert one.by_another(other)


def test_it_is_who_has_put_out_a_statement() -> None:
    found = made(f"{LOOSE} Lee Line has put out a statement. It says that the pump was lent.")
    assert [each.who for each in found] == ["The mayor", "Lee Line"]


def test_its_managing_partner_speaks_for_the_fund() -> None:
    one, other = made("Lee Line says it was asked. “The phone rang,” said its managing partner.")
    assert not one.by_another(other)


def test_an_apposition_tells_who_the_head_of_the_port_is() -> None:
    one, other = made("The head of the port, retired judge Ann Lee, said no. Ann Lee said yes.")
    assert not one.by_another(other)


def test_one_of_them_is_who_spoke_last() -> None:
    one, other = made("Two guards said it was shut. One of them said that it was locked.")
    assert not one.by_another(other)


def test_its_owner_can_be_called_by_name() -> None:
    (claim,) = made("The ferry was full, its owner, Lee Line, said.")
    assert (claim.who, claim.name) == ("its owner", "Lee Line")
    (other,) = made("Lee Line said that it was full.")
    assert not claim.by_another(other)


def test_a_director_speaks_for_the_company_and_an_insurer_does_not() -> None:
    company, director = "The yard said it was shut.", "“It is shut,” its director, Ann Lee, said."
    one, other = made(f"{company} {director}")
    assert not one.by_another(other)
    one, other = made(f"{company} {director.replace('director', 'insurer')}")
    assert one.by_another(other)


def test_it_that_said_is_somebody_and_no_paper() -> None:
    found = made("The yard said it was shut. A letter says that it was sold. It said so in May.")
    assert [claim.who for claim in found] == ["The yard", "A letter", "The yard"]


def test_the_report_itself_is_no_claimant() -> None:
    assert made("We said that it was shut. Our director, Ann Lee, said that it was open.") == []


def test_places_are_of_sentences_and_begin_anew_with_each_report() -> None:
    (passage,) = passages(source("a", RAIN))
    text = f"{LOOSE} {RAIN}"
    two = replace(passage, start=40, end=40 + len(text), text=text)
    found = list(sentences([two, replace(passage, start=200), replace(passage, source="b")]))
    assert [(place, each.source, each.start) for place, each in found] == [
        (0, "a", 40),
        (1, "a", 41 + len(LOOSE)),
        (2, "a", 200),
        (0, "b", 0),
    ]
    assert [each.text for _, each in found] == [LOOSE, RAIN, RAIN, RAIN]


def test_claimants_are_told_apart_by_the_words_of_their_names() -> None:
    one, same, other = made(
        "Mayor Ilse Brandt said the road was shut. Brandt said it would open. Ms Halvard said no."
    )
    assert not one.by_another(same)
    assert one.by_another(other)
    assert one.words == {"road", "shut"}


def test_a_sentence_with_two_claimants_is_two_claims_in_one_place() -> None:
    text = "The mayor said the pump was sold, while Ms Halvard says the pump stands in the yard."
    one, other = made(text)
    assert (one.who, other.who) == ("The mayor", "Ms Halvard")
    assert one.place == other.place
    assert [text[c.passage.start : c.passage.end] for c in (one, other)] == [
        "The mayor said the pump was sold",
        "Ms Halvard says the pump stands in the yard.",
    ]
    assert [c.passage.text for c in (one, other)] == [
        text[c.passage.start : c.passage.end] for c in (one, other)
    ]


def test_what_one_claimant_says_is_one_claim() -> None:
    assert len(made("The mayor said the pump was sold, but she said it was old.")) == 1
    assert len(made("The mayor said “Ann says so, but Halvard says no” on Friday.")) == 1
