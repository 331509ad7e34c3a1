from __future__ import annotations

from dataclasses import replace

import pytest
from passages import material, source

from fusion.known import definite, known_things
from fusion.types import Metadata
from fusion.voices import spread_of

NAMED = "A brown envelope with a key lay on the quay master's desk."
TAKEN = "At noon Petra Holl took the envelope away."


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        (TAKEN, {"envelop"}),
        ("The envelope of Petra Holl was empty.", set()),
        ("The envelope that Holl took was empty.", set()),
        ("An envelope was found, and the envelope was empty.", set()),
        ("Holl said “the envelope is mine” on Monday.", set()),
        ("The police came in the morning.", set()),
    ],
)
def test_what_stands_after_the_and_is_not_explained(text: str, nouns: set[str]) -> None:
    assert definite(text) == nouns


def test_a_thing_is_known_if_its_own_report_has_named_it_before() -> None:
    others = [source(name, f"Gulls nest on roof {name} in Merrow.") for name in ("c", "d", "e")]
    story = material(source("a", NAMED, TAKEN), source("b", TAKEN), *others)
    found = known_things(story.chunks, story, spread_of(story.chunks))
    assert found == [set(), {"envelop"}, set(), set(), set(), set()]


def test_of_what_half_of_the_voices_speak_nothing_has_to_be_told_before() -> None:
    story = material(source("a", NAMED, TAKEN), source("b", "Nobody had opened that envelope."))
    assert known_things(story.chunks, story, spread_of(story.chunks)) == [set()] * 3


def test_in_other_languages_nothing_is_known() -> None:
    report = source("a", NAMED, TAKEN)
    foreign = replace(report, article=replace(report.article, metadata=Metadata(language="de")))
    story = material(foreign)
    assert known_things(story.chunks, story, {}) == [set()] * 2
