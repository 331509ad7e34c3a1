from __future__ import annotations

import pytest

from fusion.verify.claimant import claimant, denies


@pytest.mark.parametrize(
    ("sentence", "who"),
    [
        ("It fell by half, according to company figures for the year.", "company figures"),
        ("Mayor Ilse Brandt said on Monday that the ferry was safe.", "Mayor Ilse Brandt"),
        ("The mayor, Ilse Brandt, said the ferry was safe.", "The mayor"),
        ("“The ferry is safe,” said the mayor, Ilse Brandt.", "the mayor"),
        ("By the union's count, 14 ferries have left.", "the union"),
        ("Ilse Brandt, who runs the ferry, says otherwise.", "Ilse Brandt"),
        ("Lee Line, the firm that runs the ferry, denies this.", "Lee Line"),
        ("The guard, Ann Lee, who says that it was shut, has left.", "Ann Lee"),
        ("The port expects traffic to fall to 31 ferries.", "The port"),
        ("The clinic counts three deaths.", "The clinic"),
        ("The fire brigade, which took down names, has a list of 113.", "The fire brigade"),
        ("On Orlo Square the union counted 20,000 people.", "the union"),
        ("And the guild says that it was shut.", "the guild"),
        ("He led the march, for which the organisers counted 30,000 people.", "the organisers"),
        ("In his declaration Ann Lee said that it was sold.", "Ann Lee"),
        ("According to her it was Orsk that left.", "her"),
        (
            "The alarm, which according to the Harbour Office went out at nine, was late.",
            "the Harbour Office",
        ),
        ("According to the log of the day it had stopped, Ann Lee said.", "Ann Lee"),
        ("In the port's account Ann Lee acted alone.", "the port"),
        ("His lawyer, Ann Lee, says the opposite.", "His lawyer"),
        ("Who did it is disputed between the port and the man whom it blames.", ""),
        ("Lund let it be known that he had offered it.", "Lund"),
        ("The adviser, Ann Lee, holds to his 96 percent.", "The adviser"),
        ("The yard still points to the valve.", "The yard"),
        ("The clinic puts the dead at three.", "The clinic"),
        ("Ann Lee put her feet out of bed at twenty past three.", ""),
        ("Lee Line, which owns the ship, speaks of a slide of mud.", "Lee Line"),
        ("The coastguard is certain that it was an anchor.", "The coastguard"),
        ("Ann Lee counted as well and came to 71 percent.", "Ann Lee"),
        ("“The ferry is safe,” the mayor said.", "the mayor"),
        ("According to the port office, the ferry was safe.", "the port office"),
        ("The ferry was safe, according to the port office.", "the port office"),
        ("The ferry sank, police in Orlo said on Friday.", "police"),
        ("While the mayor said it was safe, the union did not.", "the mayor"),
        ("But the harbour master insisted that nobody was told.", "the harbour master"),
        ("The ministry's figures, the union said, were wrong.", "the union"),
        ("The ministry told reporters that the pump was safe.", "The ministry"),
        ("The union put the loss at 90 jobs.", "The union"),
        ("The US said on Friday that it would pay.", "The US"),
        ("In recent days the union has claimed that cracks were seen.", "the union"),
        ("On Friday evening Ann Lee said that it was shut.", "Ann Lee"),
        ("Ann Lee, 58, one of five divers, said from her bed that it was shut.", "Ann Lee"),
        ("Nobody was hurt, police commander Ann Lee said.", "police commander Ann Lee"),
        ("Nobody was hurt, Ms Skelly said.", "Ms Skelly"),
        ("“It was loud,” said race director Ann Lee.", "race director Ann Lee"),
        ("The locks are shut, officials of both towns said.", "officials of both towns"),
        (
            "The locks, the head of the port, Ann Lee, said at a meeting, are shut.",
            "the head of the port",
        ),
        ("Ann Lee, who had called the pump weak, said that it held.", "Ann Lee"),
    ],
)
def test_who_says_it(sentence: str, who: str) -> None:
    assert claimant(sentence) == who


@pytest.mark.parametrize(
    "sentence",
    [
        "World War I ended in 1918.",
        "The observers have said nothing about it.",
        "At the mill, where a sentence on the wall says that no smoke is allowed, it burned.",
        "Ilse Brandt expects her second child in May.",
        "The disputed territory of Marlo has two towns.",
        "Kestrel annexed the disputed territory of Marlo.",
        "The claim was denied by the ministry.",
        "The report says that the dam is weak.",
        "A portion counts as 80 grams.",
        "The ministry told residents to leave.",
        "The minister, who was told of the plan, left.",
        "Barsko was accused of lying.",
        "The strike was called off.",
        "The council called off the parade.",
        "The court put the case off until May.",
        "The so-called river road is shut.",
        "“The ferry is safe.”",
    ],
)
def test_nobody_is_said_to_say_it(sentence: str) -> None:
    assert claimant(sentence) == ""


@pytest.mark.parametrize(
    "sentence",
    [
        "Halvard denied it.",
        "The minister denied that a plan existed.",
        "The firm denied a plan had been made.",
        "Drovia rejected the claim.",
        "The bridge company called the charge untrue.",
        "The harbour office said that the report was false.",
        "The office says that no such letter ever came.",
        "The office says the opposite: it was shut.",
        "The office says no.",
    ],
)
def test_a_denial(sentence: str) -> None:
    assert denies(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The disputed territory of Marlo has two towns.",
        "Kestrel wants talks on a disputed border.",
        "The claim was denied by the ministry.",
        "The court denied the request for bail.",
        "Drovia rejected the minister's offer of a truce.",
        "The union called for a strike.",
        "“I deny nothing,” the captain said.",
        "Ann Lee, who had denied the claim, said that she would pay.",
    ],
)
def test_no_denial_of_what_somebody_says(sentence: str) -> None:
    assert not denies(sentence)
