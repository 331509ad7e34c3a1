from __future__ import annotations

import pytest

from fusion.verify.attachment import check_attachment, check_pronouns


@pytest.mark.parametrize(
    ("sentence", "passage", "hint"),
    [
        (
            "Drovia's minister resigned.",
            "Ustan's minister resigned as Drovia looked on.",
            "minister of Ustan, not of Drovia",
        ),
        (
            "The minister of Drovia resigned.",
            "Ustan's foreign minister resigned as Drovia looked on.",
            "minister of Ustan, not of Drovia",
        ),
        (
            "The union filed complaints against Brimholt.",
            "The union filed complaints to Brimholt about rail fares.",
            "“complaints to Brimholt”, not “against”",
        ),
        (
            "The minister has shown the plan.",
            "The minister was shown the plan on Monday.",
            "it was shown, not that it “has shown”",
        ),
        (
            "The coach had quickly fired two players.",
            "The coach was fired by Kestrel after two players left.",
            "it was fired",
        ),
    ],
)
def test_a_tie_with_another_end_is_named(sentence: str, passage: str, hint: str) -> None:
    (problem,) = check_attachment(sentence, [passage])
    assert hint in problem
    assert check_attachment(passage, [passage]) == []


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("Brandt's wife left.", "Ilse Brandt's wife left."),
        ("The president of Drovia met Ustan's president.",
         "Ustan's president met the president of Drovia."),
        ("The minister for Health resigned.", "Drovia's health minister resigned."),
        ("Friday's court hearing was short.", "Orlo's court sat for a short hearing on Friday."),
        ("Drovia's mayor spoke.", "The mayor spoke."),
        ("The union had complaints over Brimholt.", "The union had complaints about Brimholt."),
        ("Trains run from Orlo to Marlo.", "Trains run to Orlo."),
        ("The army has taken the hill.", "The hill was taken by the army."),
        ("The army had seized Orlo.", "The army seized Orlo; the port was seized too."),
        ("The minister has been shown the plan.", "The minister was shown the plan."),
        ("The US has paid.", "World War I ended and the disputed territory was left."),
    ],
)  # fmt: skip
def test_ties_that_may_be_told_so(sentence: str, passage: str) -> None:
    assert check_attachment(sentence, [passage]) == []


def test_any_passage_may_have_the_tie() -> None:
    elsewhere, here = "Ustan's minister resigned.", "Drovia's minister resigned."
    assert check_attachment(here, [elsewhere])
    assert check_attachment(here, [elsewhere, here]) == []


@pytest.mark.parametrize(
    ("sentence", "passage", "guessed"),
    [
        ("She left.", "Toni Brandt left.", "she"),
        ("Brandt and his crew left.", "Brandt and the crew left with her.", "his"),
    ],
)
def test_a_guessed_pronoun_is_named(sentence: str, passage: str, guessed: str) -> None:
    (problem,) = check_pronouns(sentence, [passage])
    assert f"“{guessed}”" in problem


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("She left.", "Brandt said her work was done."),
        ("She left.", "Ms Brandt left."),
        ("He left.", "The king left."),
        ("They left and it rained there.", "Brandt and Ode left in the rain."),
        ("Heather left.", "Heather left."),
    ],
)
def test_a_pronoun_that_the_passages_bear_out(sentence: str, passage: str) -> None:
    assert check_pronouns(sentence, [passage]) == []
