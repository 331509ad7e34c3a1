from __future__ import annotations

from dataclasses import replace

import pytest
from passages import material, source

from fusion.types import Metadata
from fusion.voices import named_in, names_others, spread_of


def test_a_copy_uses_no_word_anew() -> None:
    story = material(
        source("a", "Gulls nest in Ostwick."),
        source("b", "Gulls nest in Ostwick.", group="a"),
        source("c", "Terns nest in Merrow."),
    )
    assert spread_of(story.chunks)["gull"] == 0.5
    assert spread_of(story.chunks)["nest"] == 1.0
    assert named_in(story.sources)["ostwick"] == 0.5


def test_a_headline_names_too() -> None:
    story = material(
        source("a", "The bridge is shut."), source("b", "It stays so, Mara Quill said.")
    )
    one = story.sources["a"]
    article = replace(one.article, metadata=Metadata(headline="Ostwick bridge shut"))
    named = named_in({**story.sources, "a": replace(one, article=article)})
    assert named["ostwick"] == 0.5
    assert "bridge" not in named


@pytest.mark.parametrize(
    ("text", "of_others"),
    [
        ("A ferry ran aground off Dunmere on Sunday.", True),
        ("A ferry ran aground off Dunmere, east of Ostwick, on Sunday.", False),
        ("A ferry ran aground on Sunday, the mayor said.", False),  # it names nobody
    ],
)
def test_what_names_only_whom_few_reports_name_is_of_another_event(
    text: str, *, of_others: bool
) -> None:
    story = material(
        source("a", "The swing bridge of Ostwick is shut."),
        source("b", "Divers looked at the bridge in Ostwick."),
        source("c", "Ferries sail from Ostwick to Merrow."),
        source("d", text),
    )
    assert names_others(text, named_in(story.sources)) is of_others
