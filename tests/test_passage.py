from __future__ import annotations

from dataclasses import replace

import pytest
from passages import passages, source

from fusion.antecedent import lacks_antecedent, leans_back
from fusion.passage import (
    can_lead,
    is_caption,
    stranger,
    tells_of_deed,
    transcripts,
    unexplained,
    untied,
)


@pytest.mark.parametrize(
    "text",
    [
        "Will the old swing bridge at Ostwick ever open again?.",
        "Read.",
        "The talks on the old swing bridge were going on when this edition closed.",
        "Please send pictures of the old swing bridge to the harbour office.",
        "When the swing bridge at Ostwick shut, I was on the other bank.",
        "“The old swing bridge at Ostwick will never open again”",
        "(Most people in Ostwick did not mind that the bridge was shut.)",
        "The harbour master of Ostwick has answered on a page: https://ostwick.example/bridge",
        "The opening words of the harbour master of Ostwick on the bridge:",
        "Traffic: the old swing bridge at Ostwick is closed until Friday.",
        "The head of the coast guard, Ida Pernell, was asked on television whether it was so.",
        "There was no comment from Ida Pernell, the harbour master of Ostwick.",
        "Ida Pernell, the harbour master of Ostwick, was not in court.",
        "Ida Pernell of the harbour office was not at the meeting of her group.",
        "* Ostwick - The harbour office has shut the swing bridge for ever.",
        "The police of Ostwick ask anybody who saw the bridge fall to call 0800 789321.",
        "Divers of Ostwick who saw the bridge fall may call Ida Pernell at (213) 486-6890.",
        "Divers may also send what they know of Ostwick to phone number 274637 by text.",
        "Anyone with information is urged to call the harbour office of Ostwick.",
        "Story highlights Ostwick shut its swing bridge, the harbour office says",
        "Ida Pernell Swing bridge of Ostwick failsDivers back harbour office MORE left on Friday.",
        "Bridge of Ostwick shut after cracks News Bridge of Ostwick shut after cracks Ida left.",
        "UPDATE 4: The harbour office of Ostwick has shut the swing bridge.",
        "On this day last year the swing bridge of Ostwick fell into the river.",
        "[TAPE: Ida Pernell, 0:14] “One bolt of the bridge in Ostwick was loose in May.”",
        "About Ida Pernell, who left Ostwick on Friday? Somebody laughs.",
        "For those who cross in Ostwick: the swing bridge is open, but not to lorries.",
        "The harbour office of Ostwick did not respond to questions on Friday.",
    ],
)
def test_what_is_no_statement_leads_nothing(text: str) -> None:
    (passage,) = passages(source("a", text))
    assert not can_lead(passage, english=True)


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("He said the bridge was safe.", True),
        ("“It is safe,” she added.", True),
        ("The bridge was safe.", True),  # no name, no number
        ("The next had been planned for November.", True),
        ("The next ferry sails to Merrow in November.", False),
        ("The decision was made at the Ostwick council's meeting.", True),
        ("The decision of the Ostwick council was unanimous.", False),
        ("The statement added that Ostwick had known.", True),
        ("On Sunday it smelled of Ostwick's tar.", True),
        ("On Sunday the swing bridge said to be unsafe was closed before it fell.", False),
        ("Quill said the bridge was safe.", True),
        ("Engineer Mara Quill said the bridge was safe.", False),
        ("The only ones in Ostwick were two divers.", True),
        ("Eleven were found at Ostwick.", True),
        ("Eleven divers were found at Ostwick.", False),
        ("A sixth, Bo Lund, has left Ostwick.", True),
        ("A sixth diver, Bo Lund, has left Ostwick.", False),
        ("If it finds one, Ostwick will pay.", True),
        ("If the board finds one, Ostwick will pay.", False),
        ("The other, known in Ostwick as Old Tom, has sunk.", True),
        ("The other bridge, known in Ostwick as Old Tom, has sunk.", False),
        ("Each one shows the bridge of Ostwick.", True),
        ("The first diver of Ostwick fell ill on the 27th.", True),
        ("On the ninth the charge against Mara Quill was dropped.", True),
        ("On the ninth floor Mara Quill found the lamp.", False),
        ("On that day Mara Quill was out in a boat.", True),
        ("In it a diver, Mara Quill, writes that the lamp was out.", True),
        ("On Friday night his boat brought Mara Quill to Ostwick.", True),
        ("On Friday night Mara Quill lost her boat in Ostwick.", False),
        ("The largest is the barn of Mara Quill.", True),
        ("The largest barn is that of Mara Quill.", False),
        ("The first diver of Ostwick fell ill on the 27th of May.", False),
        ("The Ostwick board voted to question her on 24 November.", True),
        ("So will the divers of Ostwick.", True),
        ("Until then the divers of Ostwick stay on land.", True),
        ("Instead the divers of Ostwick stayed on land.", True),
        ("Instead of the divers of Ostwick two boats came.", False),
        ("There is also the matter of a boat in Ostwick.", True),
        ("Between the two stands Bo Lund, who runs Ostwick.", True),
        ("Divers of Ostwick earn more than that in a week.", True),
        ("Divers of Ostwick had feared such cracks.", True),
        ("Divers of Ostwick saw cracks such as these in May.", False),
        ("Some 900 people used them.", False),
        ("The find was presented by divers in Ostwick.", True),
    ],
)
def test_what_cannot_be_understood_alone(text: str, leans: bool) -> None:
    assert leans_back(text) is leans


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("Police said she had left the harbour an hour before.", True),
        ("Officials believe he is 34.", True),
        ("A ferry takes an hour, she said, and a boat less.", True),
        ("A ferry takes an hour, Pernell said, and he has a boat.", False),
        ("Some have sons at the Ostwick harbour office.", True),
        ("Some boats of Ostwick are for sale.", False),
        ("On Sunday last week, at four in the afternoon, he sailed.", True),
        ("The skipper said that she would not sail.", False),
        ("Pernell said he would not sail.", False),
        ("The police had him in a cell on Friday.", True),
        ("A guard had him in a cell on Friday.", True),  # not the guard
        ("The mayor of Merrow said that a guard had him in a cell on Friday.", False),
        ("The minister has given her until the end of May.", True),
        ("The minister gave her party until the end of May.", False),
        ("The girl's lawyer told her that Merrow would pay.", False),
        ("The chief investigator, Ida Pernell, was asked that on Friday and was brisk.", True),
        ("The police of Merrow deny that.", True),
        ("The police of Merrow deny that a guard was there.", False),
        ("From 1 September every boat will have a light, she says.", True),
        ("There is no light any more; somebody took it, and he says who.", True),
        ("On Sunday Ida Pernell said she would not sail.", False),
        ("They sailed at noon.", True),
        ("After six hours of talks in the town hall it agreed to close the pier.", True),
        ("After the council had met in the town hall it agreed to close the pier.", False),
        ("The mayor, Ida Pernell, told them that the pier was shut.", True),
        ("The mayor met the divers and told them that the pier was shut.", False),
        ("The law requires them only in homes opened after 2009.", True),
        ("The law requires sprinklers, and inspectors look for them, the mayor said.", False),
        ("Two of them are in Ostwick.", True),
        ("Two of the boats are in Ostwick.", False),
        ("The second, by Ida Pernell, looked at the lamps of Ostwick.", True),
        ("The second opened in Ostwick on Friday.", True),
        ("The second ferry opened in Ostwick on Friday.", False),
        ("The 1,600 on Merrow are not.", True),
        ("Asked about it, Ida Pernell said that the pier was shut.", True),
        ("Asked about the pier, Ida Pernell said that it was shut.", False),
        ("Three nights ago he sailed for Merrow.", True),
        ("The council of Merrow had asked for twice that sum.", True),
        ("The council of Merrow does not want to wait for that.", True),
        ("One, called the Ida, is shut in Ostwick.", True),
        ("Specifically, Ida Pernell shut the pier.", True),
        ("One boat is in Ostwick.", False),
        ("A few hours later the pier of Ostwick was shut.", True),
        ("The next morning the pier of Ostwick was shut.", True),
        ("The lamps of Ostwick, it says, were never lit.", True),
        ("The council of Merrow will hear Ida Pernell in May, she adds.", True),
        (" “Merrow is far off,” Ida Pernell continued.", True),
        ("The owner, Pernell Care, had hoped to have them back on Friday.", True),
        ("Ida Pernell and Bo Lund lost their jobs on Friday.", False),
    ],
)
def test_a_pronoun_needs_somebody_before_it(text: str, leans: bool) -> None:
    assert lacks_antecedent(text) is leans


def test_what_a_picture_gallery_says_leads_nothing() -> None:
    (passage,) = passages(source("a", "1 of 9 Full Screen Skip Ad The mayor waved at Ostwick."))
    assert not can_lead(passage, english=True)


def test_what_stands_after_a_label_leads_nothing() -> None:
    told = "Chief Bo Lund at the town hall: Two boats were held at noon off Merrow."
    said = "The chief, Bo Lund, told the council: Two boats were held at noon off Merrow."
    for text, leads in ((told, False), (said, True)):
        (passage,) = passages(source("a", text))
        assert can_lead(passage, english=True) is leads


def test_what_is_cut_off_leads_nothing() -> None:
    whole = "The harbour office of Ostwick will open the swing bridge in two parts."
    (passage,) = passages(source("a", whole))
    assert can_lead(passage, english=True)
    assert not can_lead(replace(passage, text=f"{whole} These are"), english=True)
    assert can_lead(replace(passage, text=f"{whole} - CPN"), english=True)


def test_a_conversation_is_told_from_a_report() -> None:
    talk = "7:05 HOST (Una Drew): Is it shut?\n\n7:06 MARA QUILL: It is.\n\nHOST: Since when?"
    live = "17:05 The bridge is shut.\n\n16:40 Police: Two boats wait.\n\n15:10 WARNING: gales."
    script = "Una Drew: Is it shut?\nMara Quill: It is.\nUna Drew: Since when?"
    reports = {
        name: source(name, text)
        for name, text in (("talk", talk), ("live", live), ("script", script))
    }
    assert transcripts(reports) == {"talk", "script"}


@pytest.mark.parametrize(
    ("text", "caption"),
    [
        ("Free ferries at the old swing bridge of Ostwick in the rain.", True),
        ("The swing bridge is seen from the tower of Ostwick on Tuesday.", True),
        ("The swing bridge was closed on Tuesday.", False),
    ],
)
def test_what_tells_a_picture_is_a_caption(text: str, caption: bool) -> None:
    assert is_caption(text) is caption


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Two lynxes escaped from the park at Ostwick on Tuesday.", True),
        ("Police arrested two on Tuesday over a pier, from which eleven planks are missing.", True),
        ("Mara Quill left on Tuesday for Merrow, where she will open the pier.", False),
        ("The court of Ostwick will rule on Thursday.", False),
        ("The village of Ostwick has been evacuated since Sunday.", False),
        ("In Ostwick there was a clock.", False),
    ],
)
def test_what_has_happened_is_a_deed(text: str, deed: bool) -> None:
    assert tells_of_deed(text) is deed


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mara Quill has eleven of them in her yard.", "Mara Quill"),
        ("“Mara Quill has eleven of them.”", "Mara Quill"),
        ("Mara Quill, the harbour master, has eleven of them.", ""),
        ("Mara Quill of Ostwick has eleven of them.", ""),
        ("Mayor Mara Quill has eleven of them.", ""),
        ("On Friday Mara Quill had eleven of them.", ""),
        ("Quill has eleven of them.", ""),
    ],
)
def test_a_stranger_is_a_name_that_begins_a_sentence_which_does_not_say_whose_it_is(
    text: str, name: str
) -> None:
    assert stranger(text) == name


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Ann Orrey spoke to the council of Merrow.", "Ann Orrey, the mayor of Ostwick"),
        ("The mayor, Ann Orrey, spoke to the council.", ""),
        ("Bo Lund, 41, and the council of Merrow were heard.", ""),
        ("Tila Marr left.", "Tila Marr, Merrow’s head of dredging"),
        ("The head of dredging, Tila Marr, left.", ""),
        ("The council of Merrow was heard.", ""),
    ],
)
def test_who_somebody_is_may_not_get_lost(text: str, who: str) -> None:
    passage = (
        "On Tuesday, Ann Orrey, the mayor of Ostwick, spoke to the council of Merrow, and Bo Lund,"
        " 41, a week later, Merrow’s head of dredging, Tila Marr, left."
    )
    assert unexplained(text, passage) == who


@pytest.mark.parametrize(
    ("sentence", "alone"),
    [
        ("However, the bridge is shut.", "The bridge is shut."),
        ("No. The bridge is shut.", "The bridge is shut."),
        ("No. 4 of the bridges is shut.", "No. 4 of the bridges is shut."),
        ("In return, the port paid for it.", "The port paid for it."),
        ("On top of that, the port is shut.", "The port is shut."),
        ("So the bridge is shut.", "The bridge is shut."),
        ("So far the bridge is shut.",) * 2,
        ("In addition to the bridge, the port is shut.",) * 2,
        ("As a result of the fire, the port is shut.",) * 2,
        ("As a result, the port is shut.", "The port is shut."),
        ("Where things stand on Friday: the port is shut.", "The port is shut."),
        ("Overall winner Mara Quill is from Ostwick.",) * 2,
        ("Mara Quill told this newspaper that it was shut.", "Mara Quill said that it was shut."),
        ("Mara Quill told the council that it was shut.",) * 2,
    ],
)
def test_what_ties_a_sentence_to_its_report_goes(sentence: str, alone: str) -> None:
    assert untied(sentence) == alone
