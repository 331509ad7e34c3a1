from __future__ import annotations

import pytest

from fusion.clean.outlets import appended_outlet, is_outlet, masthead


@pytest.mark.parametrize(
    "text",
    ["The Upland Post", "HALDEN HERALD", "PeakWire", "Radio Lissar", "Upland News 24", "Newsmill"],
)
def test_outlets(text: str) -> None:
    assert is_outlet(text)


@pytest.mark.parametrize(
    "text",
    ["Jane Doe", "Port Sable", "World", "News", "Press freedom", "Floods in the Upland Post"],
)
def test_what_may_be_something_else_is_no_outlet(text: str) -> None:
    assert not is_outlet(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Halden Herald – page 5", "Halden Herald"),
        ("The Voice of Orsk (official daily)", "The Voice of Orsk"),
        ("Halden Herald: minister lied to parliament", None),
        ("Halden Herald – minister lied to parliament", None),
    ],
)
def test_mastheads(text: str, name: str | None) -> None:
    assert masthead(text) == name


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Ferry runs aground - The Sable Courier", "The Sable Courier"),
        ("Ferry Runs Aground | PeakWire", "PeakWire"),
        ("Ferry runs aground | World News", None),
        ("Ferry runs aground - all on board safe", None),
        ("The Sable Courier", None),
    ],
)
def test_outlets_appended_to_titles(title: str, name: str | None) -> None:
    assert appended_outlet(title) == name
