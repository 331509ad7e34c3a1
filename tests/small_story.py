"""A small fictional story for end-to-end tests, and what must hold of every summary."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fusion.summary import StorySummary

if TYPE_CHECKING:
    from pathlib import Path

ARTICLES = {
    "gazette.txt": """Ostwick swing bridge closed after cracks found

Ostwick Gazette
4 May 2031, 09:10

The Ostwick swing bridge was closed to all traffic on Sunday after divers found cracks in two of \
its pillars. Harbour engineer Mara Quill said the repairs would take three weeks. About 4,000 cars \
cross the bridge on a working day.

Ferries will carry passengers between Ostwick and Merrow until the bridge reopens. The crossing \
takes twelve minutes and is free of charge.
""",
    "courier.txt": """Ferries replace bridge at Ostwick

Merrow Courier
5 May 2031, 18:30

Free ferries began to run between Ostwick and Merrow on Monday, a day after cracks closed the \
swing bridge. Some 900 people used them on the first morning, the ferry company Blue Strait said. \
Shopkeepers in Merrow complained that lorries could no longer reach them.
""",
    "radio.txt": """Council knew of bridge damage

Radio Sund
6 May 2031, 07:45

The Ostwick council was told of damage to the swing bridge in January, according to minutes that \
Radio Sund has read, and put off a closer look at the pillars until the ferries had been paid for \
in the spring. Council leader Pavel Imre said the report had not called for a closure. The \
opposition asked for an inquiry on Tuesday.
""",
}


def write_story(folder: Path, **more: str) -> Path:
    """Write the story's reports, and `more` of them, into `folder`."""
    folder.mkdir(exist_ok=True)
    for name, text in (ARTICLES | {f"{name}.txt": text for name, text in more.items()}).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def assert_contract(summary: StorySummary) -> None:
    """What `docs/summary-format.md` promises of every summary, whatever wrote it."""
    sources = {source.id: source for source in summary.sources}
    assert len(sources) == len(summary.sources)
    data = json.loads(summary.to_json())
    spans = [*data["headline"]["citations"]]
    assert data["sentences"]
    for sentence in data["sentences"]:
        assert sentence["citations"]
        assert sentence["checks"]["entailment"]
        assert sentence["text"] == " ".join(sentence["text"].split())
        assert 1 <= sentence["independent_sources"] <= len(sentence["citations"])
        assert sentence["independent_sources"] <= len({s.group for s in summary.sources})
        spans += sentence["citations"]
    for disagreement in data["disagreements"]:
        assert disagreement["about"]
        assert len({side["claim"] for side in disagreement["sides"]}) == len(disagreement["sides"])
        for side in disagreement["sides"]:
            spans += side["citations"]
    for entry in data["timeline"]:
        spans += entry["citations"]
    for span in spans:
        source = sources[span["source"]]
        assert source.role not in ("derived", "off_topic")
        assert source.text[span["start"] : span["end"]] == span["text"] != ""
    assert [entry["when"] for entry in data["timeline"]] == sorted(
        entry["when"] for entry in data["timeline"]
    )
    assert all(each.reason for each in summary.dropped)
    assert StorySummary.model_validate_json(summary.to_json()) == summary


def without_seconds(summary: StorySummary) -> str:
    """The bytes that two equal runs have in common."""
    run = summary.run.model_copy(update={"seconds": {}})
    return summary.model_copy(update={"run": run}).to_json()
