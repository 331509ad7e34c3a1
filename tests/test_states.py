from __future__ import annotations

import pytest
from passages import material, source

from fusion.newness import newness
from fusion.states import ended

AT_LARGE = "Bo Lund, 41, a robber from Merrow, is still at large, police said."


@pytest.mark.parametrize(
    ("old", "new", "over"),
    [
        (AT_LARGE, "Police caught Bo Lund, the last robber, on a farm near Merrow.", True),
        (AT_LARGE, "Police caught Ida Pernell, the other robber, on a farm near Merrow.", False),
        (AT_LARGE, "Bo Lund, the last robber, has a farm near Merrow, police said.", False),
        ("The Ostwick swing bridge remains closed to lorries.",
         "The Ostwick swing bridge reopened to lorries at noon.", True),
        ("The Ostwick swing bridge was closed to lorries on Sunday.",
         "The Ostwick swing bridge reopened to lorries at noon.", False),
        ("Drovia called for the immediate release of the Ostwick divers.",
         "The divers of Ostwick flew home after their release by Drovia.", True),
        ("Merrow has frozen all deals with Drovia until the Ostwick divers are released.",
         "The divers of Ostwick flew home after their release by Drovia.", True),
        ("Drovia has said that the Ostwick divers would be released.",
         "The divers of Ostwick are to be released by Drovia on Friday.", False),
        ("The skipper Bo Lund is in a coma in Ostwick hospital.",
         "Bo Lund, skipper of the ferry, died in Ostwick on Friday.", True),
        ("The fire in the Ostwick grain mill is not under control.",
         "The fire in the Ostwick grain mill was put out on Friday.", True),
        ("Mayor Ida Pernell will not resign over the pier.",
         "Mayor Ida Pernell resigned over the pier on Friday.", True),
        ("The strike of the Ostwick dockers is in its fourth day.",
         "The strike of the Ostwick dockers had ended at six.", True),
        ("The strike of the Ostwick dockers went into its fourth day.",
         "The strike of the Merrow bakers had ended at six.", False),
        ("The driver of the Ostwick fuel lorry was being held by police.",
         "The driver of the fuel lorry has been released.", True),
        ("Ida Pernell gave way over the missing votes of Merrow, she said.",
         "The votes of Merrow that Ida Pernell meant were found.", False),
    ],
)  # fmt: skip
def test_a_state_is_over_where_a_newer_report_tells_its_end(
    old: str, new: str, *, over: bool
) -> None:
    story = material(
        source("old", old, published="2031-05-04T09:00:00+00:00"),
        source("new", new, published="2031-05-06T09:00:00+00:00"),
    )
    assert ended(story.chunks, newness(story)) == ({story.chunks[0].id} if over else set())


def test_an_older_end_ends_nothing() -> None:
    caught = "Police caught Bo Lund, a robber, in Merrow."
    story = material(
        source("old", caught, published="2031-05-04T09:00:00+00:00"),
        source("new", AT_LARGE, published="2031-05-06T09:00:00+00:00"),
    )
    assert ended(story.chunks, newness(story)) == set()
