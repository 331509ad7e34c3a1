from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from passages import passages, source

from fusion.headline import headline_of, shortened
from fusion.llm import ScriptedLLM
from fusion.models import REGISTRY
from fusion.settings import DEFAULT_MODEL
from fusion.verify import calibration_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.types import Source

CALIBRATION = calibration_for(REGISTRY[DEFAULT_MODEL].sha256)  # type: ignore[union-attr]
SHUT = "The Ostwick swing bridge was closed on Sunday after divers found cracks."
FIRST_CLAUSE = SHUT.rstrip(".")


def headline(lead: str, *titles: str, sure: float = 0.99) -> str:
    """The headline where reports have `titles` and the model takes all for supported, so `sure`."""

    def yes(prompt: str, choices: Sequence[str]) -> dict[str, float]:
        return {"Yes": sure, "No": 1 - sure}

    reports = [titled(source(f"r{i}", lead), title) for i, title in enumerate(titles)]
    cited = passages(*reports)
    sources = {report.article.id: report for report in reports}
    text, rests_on = headline_of(lead, cited, cited, sources, ScriptedLLM(choice=yes), CALIBRATION)
    assert rests_on == tuple(cited)
    return text


def titled(report: Source, title: str) -> Source:
    about = replace(report.article.metadata, headline=title or None)
    return replace(report, article=replace(report.article, metadata=about))


def test_what_its_own_report_says_further_on_serves_a_headline_and_is_cited() -> None:
    title = "Ostwick swing bridge closed and ferries free"
    further = "Ferries between Ostwick and Merrow are free."
    report = titled(source("a", SHUT, "It rained.", further), title)
    first, rain, last = passages(report)

    def by_words(prompt: str, choices: Sequence[str]) -> dict[str, float]:
        sure = 0.99 if "Ferries between" in prompt else 0.01
        return {"Yes": sure, "No": 1 - sure}

    found = headline_of(
        SHUT, [first], [first, rain, last], {"a": report}, ScriptedLLM(choice=by_words), CALIBRATION
    )
    assert found == (title, (first, last, rain))


@pytest.mark.parametrize(
    ("title", "used"),
    [("Ostwick swing bridge closed after divers find cracks", True),
     ("Ostwick swing bridge closed after divers find cracks.", True),
     ("Shock closure of the doomed Ostwick swing bridge!", False),
     ("Is this the end of the Ostwick swing bridge?", False),
     ("Ostwick swing bridge closed today after divers find cracks", False),
     ("Ninety die at the Ostwick swing bridge", False),
     ("Bridge closed", False), ("", False)],
)  # fmt: skip
def test_a_reports_headline_serves_if_it_is_neutral_and_the_lead_says_it(
    title: str, *, used: bool
) -> None:
    assert headline(SHUT, title) == (title.rstrip(".") if used else FIRST_CLAUSE)


def test_what_the_model_does_not_take_for_supported_is_no_headline() -> None:
    title = "Ostwick swing bridge closed after divers find cracks"
    assert headline(SHUT, title, sure=0.01) == FIRST_CLAUSE
    assert headline(SHUT, "Bridge closed", title) == title


def test_what_somebody_claims_is_no_fact_of_the_headline() -> None:
    lead = "The Ostwick swing bridge is safe for all traffic, the harbour board said on Friday."
    shown = headline(lead, "Ostwick swing bridge is safe for traffic")
    assert shown == "The Ostwick swing bridge is safe for all traffic, the harbour board said"


def test_capitals_of_a_headline_that_has_one_in_every_word_are_the_reports() -> None:
    title = "Ostwick Swing Bridge Closed On Sunday After Divers Found Cracks"
    assert (
        headline(SHUT, title) == "Ostwick swing bridge closed on Sunday after divers found cracks"
    )


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [(SHUT, FIRST_CLAUSE),
     ("No train will cross the Ostwick bridge before June, the harbour board said on Wednesday, a"
      " day after divers had found cracks in two of its pillars.",
      "No train will cross the Ostwick bridge before June, the harbour board said"),
     ("Mara Quill said that the regatta had drawn as many boats as the one of Merrow.",
      "Mara Quill said that the regatta had drawn as many boats as the one of Merrow"),
     ("Mara Quill has won the Ostwick regatta, in which two boats sank before noon.",
      "Mara Quill has won the Ostwick regatta, in which two boats sank before noon"),
     ("The board lifted the ban at 6 p.m., four days after the flood had reached the mill, the dam"
      " and the last of the farms.",
      "The board lifted the ban at 6 p.m., four days after the flood had reached the mill"),
     ("Two people died when the mill of Ostwick burned down, police said on Friday.",
      "Two people died when the mill of Ostwick burned down, police said"),
     ("The keeper who left the gate open on Sunday was dismissed, and the board is to meet again.",
      "The keeper who left the gate open on Sunday was dismissed"),
     ("Two days after the flood in the valley, the board of the port has lifted its ban on boats of"
      " all kinds.",
      "Two days after the flood in the valley, the board of the port has lifted its ban on boats of"
      " all kinds"),
     ("A keeper accused of selling the lamps that he was paid to look after was held in Ostwick.",
      "A keeper accused of selling the lamps that he was paid to look after was held in Ostwick"),
     ("Mara Quill, who was keeper for ten years, has left the mill.",
      "Mara Quill, who was keeper for ten years, has left the mill"),
     ("Holm & Lee, the largest bank of the coast, has taken over the Ostwick savings bank.",
      "Holm & Lee has taken over the Ostwick savings bank"),
     ("The harbour board has traced the oil in the water of the old basin to a pipe from the mill"
      " of Brandt Brothers on the northern quay.",
      "The harbour board has traced the oil in the water of the old basin to a pipe"),
     ("The board of the port decided on Monday, by five votes to two with one abstention, to open"
      " a formal inquiry into the sinking of the old ferry.",
      "The board of the port decided on Monday, by five votes to two with one abstention, to open"
      " a formal …"),
     ("The singer Mara Quill on Monday appealed against her conviction for defrauding the club of"
      " children that she had founded, her lawyer said.",
      "The singer Mara Quill on Monday appealed against her conviction for defrauding the club of"
      " children that she had founded, her lawyer said"),
     ("Ann Lee at a press conference on Thursday said that the port would not view it as necessary"
      " to take part in a meeting.",
      "Ann Lee at a press conference on Thursday said that the port would not view it as necessary"
      " to take part in a meeting"),
     ("Ann Lee at a press conference on Thursday said that the harbour union would not view it as"
      " necessary to take part in a meeting if the board did not name a sum before it.",
      "Ann Lee at a press conference on Thursday said that the harbour union would not view it as"
      " necessary …"),
     ("Mara Quill, the top seed of the coast, had complained to the board of the regatta twice.",
      "Mara Quill had complained to the board of the regatta twice"),
     ("Ann Lee, who ran the ferry for the board until May, left the port of Ostwick in a van.",
      "Ann Lee left the port of Ostwick in a van"),
     ("The swing bridge of the old harbour has been opened to all kinds of traffic from the two"
      " banks in Ostwick on Friday.",
      "The swing bridge of the old harbour has been opened to all kinds of traffic"),
     ("The swing bridge of the old harbour will not be opened to any kind of traffic in Ostwick on"
      " Friday.",
      "The swing bridge of the old harbour will not be opened to any kind of traffic in Ostwick on"
      " Friday"),
     ("Mara Quill wished her son a happy birthday and said that he never got as many boats.",
      "Mara Quill wished her son a happy birthday and said that he never got as many boats"),
     ("The board of the port left the talks on Monday, with its chief, Ann Lee, calling them off.",
      "The board of the port left the talks on Monday"),
     ("The harbour board has paid the people of both old banks who had lent it boats with engines.",
      "The harbour board has paid the people of both old banks who had lent it boats with engines"),
     ("The harbour board of Ostwick has found three men who provided boats with oil and tar.",
      "The harbour board of Ostwick has found three men who provided boats with oil and tar"),
     ("The log of the port indicates that the lamp of the ferry had been put out, because it had"
      " been asked for by a board that met in the night without its chief.",
      "The log of the port indicates that the lamp of the ferry had been put out"),
     ("In Ostwick, a town of the coast, divers found that the lamp had been lit as the ferry left.",
      "In Ostwick, a town of the coast, divers found that the lamp had been lit"),
     ("In “Rust,” a new report on the pier, divers from Merrow found the lamp as they left it.",
      "In “Rust,” a new report on the pier, divers from Merrow found the lamp"),
     ("The court of the old coast stayed the sale of the swing bridge until 25 June, less than two"
      " full days after the board of the port had voted for it by nine to four.",
      "The court of the old coast stayed the sale of the swing bridge until 25 June"),
     ("Two reports on the fall of the old swing bridge near Ostwick in 2031 have found that the"
      " pillars were not to blame, nor the divers, nor the ice of that winter, but rust.",
      "Two reports on the fall of the old swing bridge near Ostwick in 2031")],
)  # fmt: skip
def test_a_headline_cut_from_the_lead_is_a_clause_of_it(sentence: str, shown: str) -> None:
    assert shortened(sentence) == shown


def test_a_headline_cut_from_the_lead_says_what_the_story_is_about() -> None:
    lead = (
        "The court of the old coast opened a formal inquiry on Sunday into who had put out the lamp"
        " of the ferry, as divers went on."
    )
    assert shortened(lead) == "The court of the old coast opened a formal inquiry"
    about = shortened(lead, {"ferri": 1.0, "court": 0.5})
    assert about.endswith("into who had put out the lamp of the ferry")
