"""A story with planted truth: three short reports of a fire, and what is true of them."""

from __future__ import annotations

import copy
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ARTICLES = {
    "a.txt": "The mill in Orle burned down on Monday, hurting four.\n"
    "“We lost the roof, but nobody died,” said Ana Tey.\nTalks will begin soon.",
    "b.html": "<p>Mill in <b>Orle</b> is gone</p><script>x = 'five hurt'</script>"
    "<p>Doctors count six hurt &amp; treated.</p>",
    "c.txt": "“We misplaced the lid, and no one was dead,” Tey told.",
}
GOLD: dict[str, Any] = {
    "articles": {
        "a.txt": {"published": datetime(2026, 3, 2, 9, 30), "group": "a", "role": "original"},
        "b.html": {"published": date(2026, 3, 3), "group": "b", "role": "independent"},
        "c.txt": {"published": None, "group": "a", "role": "derived"},
    },
    "required": [
        {
            "id": "burned",
            "fact": "The mill burned down.",
            "any": ["mill.*(burned|gone)"],
            "sources": ["a.txt", "b.html"],
            "importance": 3,
        },
        {
            "id": "roof",
            "fact": "The roof was lost.",
            "any": ["roof"],
            "sources": ["a.txt"],
            "importance": 1,
        },
    ],
    "forbidden": [
        {"id": "talks", "fact": "Stale.", "any": ["talks will begin"], "from": ["a.txt"]},
    ],
    "disagreements": [
        {
            "id": "hurt",
            "about": "the number of injured",
            "sides": [
                {
                    "claim": "four",
                    "any": [r"\b(four|4)\b.*hurt|hurting four"],
                    "sources": ["a.txt"],
                },
                {"claim": "six", "any": [r"\b(six|6) (people )?hurt"], "sources": ["b.html"]},
            ],
        }
    ],
    "quotes": [
        {
            "speaker": "Ana Tey",
            "genuine": "We lost the roof, but nobody died",
            "altered": ["We misplaced the lid, and no one was dead"],
            "sources": ["a.txt"],
        }
    ],
    "reference": "The mill burned down. Its roof was lost. One report says four were hurt. "
    "Doctors say 6 people hurt.",
}


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """A copy of `GOLD` that `change` has been at."""
    gold = copy.deepcopy(GOLD)
    change(gold)
    return gold
