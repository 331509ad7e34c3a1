from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fusion.headline import headline_of
from fusion.llm import ScriptedLLM
from fusion.models import REGISTRY
from fusion.settings import DEFAULT_MODEL
from fusion.verify import calibration_for

if TYPE_CHECKING:
    from collections.abc import Sequence

CALIBRATION = calibration_for(REGISTRY[DEFAULT_MODEL].sha256)  # type: ignore[union-attr]
SHUT = "The Ostwick swing bridge was closed on Sunday after divers found cracks."
FIRST_CLAUSE = "The Ostwick swing bridge was closed on Sunday"


def headline(lead: str, written: str, *titles: str, sure: float = 0.99) -> str:
    """The headline where the model writes `written` and takes all for supported, so `sure`."""

    def yes(prompt: str, choices: Sequence[str]) -> dict[str, float]:
        return {"Yes": sure, "No": 1 - sure}

    llm = ScriptedLLM(write=lambda prompt: written, choice=yes)
    return headline_of(lead, [lead], titles, llm, CALIBRATION, 0)


@pytest.mark.parametrize(
    ("written", "shown"),
    [("Ostwick Swing Bridge Was Closed", "Ostwick swing bridge was closed"),
     ("Ostwick Swing Bridge Is Closed", "Ostwick swing bridge is closed"),
     ("Divers' Cracks Close Ostwick Bridge", "Divers' cracks close Ostwick bridge"),
     ("Forty die as bridge falls in Merrow", FIRST_CLAUSE), ("", FIRST_CLAUSE)],
)  # fmt: skip
def test_a_headline_is_supported_or_the_leads_first_clause_serves(written: str, shown: str) -> None:
    assert headline(SHUT, written) == shown


@pytest.mark.parametrize(("sure", "kept"), [(0.99, True), (0.9, False)])
def test_a_headline_with_a_word_of_its_own_has_to_be_sure(sure: float, kept: bool) -> None:
    written = "Ostwick swing bridge closes as divers find hidden cracks on Sunday"
    assert headline(SHUT, written.replace(" hidden", ""), sure=sure).endswith("cracks on Sunday")
    assert headline(SHUT, written, sure=sure) == (written if kept else FIRST_CLAUSE)


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [("No train will cross the Ostwick bridge before June, the harbour board said on Wednesday, a"
      " day after divers had found cracks in two of its pillars.",
      "No train will cross the Ostwick bridge before June, the harbour board said"),
     ("The swing bridge of the old harbour has been opened to all traffic in Ostwick on Friday.",
      "The swing bridge of the old harbour has been opened to all traffic in Ostwick"),
     ("The swing bridge that had been shut for the last two weeks in Ostwick was opened to all"
      " traffic on Friday, as had been planned by the council and the board.",
      "The swing bridge that had been shut for the last two weeks in Ostwick was opened …"),
     ("The swing bridge of the old harbour will not be opened to any kind of traffic in Ostwick on"
      " Friday.",
      "The swing bridge of the old harbour will not be opened to any kind of traffic in Ostwick on"
      " Friday"),
     ("Two reports on the fall of the old swing bridge near Ostwick in 2031 have found that the"
      " pillars were not to blame, nor the divers, nor the ice of that winter, but rust.",
      "Two reports on the fall of the old swing bridge near Ostwick in 2031")],
)  # fmt: skip
def test_a_headline_cut_from_the_lead_is_a_clause_of_it(sentence: str, shown: str) -> None:
    assert headline(sentence, "") == shown


@pytest.mark.parametrize(
    ("title", "used"),
    [("Ostwick swing bridge closed after divers find cracks", True),
     ("Shock closure of the doomed Ostwick swing bridge!", False),
     ("Ninety die at the Ostwick swing bridge", False)],
)  # fmt: skip
def test_where_no_clause_is_short_enough_the_reports_own_headline_serves(
    title: str, used: bool
) -> None:
    lead = (
        "The Ostwick swing bridge that carries most of the traffic between the old harbour and the"
        " northern suburbs was closed on Sunday once divers found cracks in two of its pillars."
    )
    broken_off = "The Ostwick swing bridge that carries most of the traffic between the old harbour"
    assert headline(lead, "", title) == (title if used else f"{broken_off} …")


@pytest.mark.parametrize(
    ("written", "kept"),
    [("Inquiry found fall of bridge not due to ice", True),
     ("Inquiry found fall of bridge not due to age of pillars", False),
     ("Inquiry found fall of bridge not due to ice, age of pillars", False)],
)  # fmt: skip
def test_a_headline_denies_nothing_that_the_lead_does_not(written: str, kept: bool) -> None:
    told = (
        "The inquiry found that the fall of the bridge was not due to the ice, but to the age of"
        " its pillars."
    )
    assert (headline(told, written) == written) is kept
