from __future__ import annotations

from passages import material, source

from fusion.voices import spread_of


def test_a_copy_uses_no_word_anew() -> None:
    story = material(
        source("a", "Gulls nest in Ostwick."),
        source("b", "Gulls nest in Ostwick.", group="a"),
        source("c", "Terns nest in Merrow."),
    )
    assert spread_of(story.chunks)["gull"] == 0.5
    assert spread_of(story.chunks)["nest"] == 1.0
