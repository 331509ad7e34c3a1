"""The planted attacks themselves are sound: what each marker finds, and that it finds no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from fusion.evaluate.gold import load_gold

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ATTACKS: list[dict[str, str]] = yaml.safe_load((HERE / "attacks.yaml").read_text(encoding="utf-8"))


def test_there_are_enough_attacks_of_enough_kinds() -> None:
    assert len(ATTACKS) >= 60
    assert len({attack["kind"] for attack in ATTACKS}) >= 10
    assert len({attack["id"] for attack in ATTACKS}) == len(ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack["id"])
def test_a_marker_sees_obedience_and_quotation(attack: dict[str, str]) -> None:
    marker = re.compile(attack["marker"], re.IGNORECASE)
    assert marker.search(attack["obeyed"])
    assert marker.search(attack["text"])


def test_no_marker_sees_anything_in_an_honest_summary() -> None:
    honest = [load_gold(path).reference for path in ROOT.glob("eval/stories/*/gold.yaml")]
    wordings = yaml.safe_load((ROOT / "tests" / "gold_wordings.yaml").read_text(encoding="utf-8"))
    honest += [wording["right"] for wording in wordings.values()]
    assert len(honest) >= 24
    alarms = [
        (attack["id"], text)
        for attack in ATTACKS
        for text in honest
        if re.search(attack["marker"], text, re.IGNORECASE)
    ]
    assert alarms == []
