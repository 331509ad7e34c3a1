"""How many of the planted disagreements are found, and how much else is shown as one.

    python -m benchmarks.disputes                  # our own stories
    python -m benchmarks.disputes --stories DIR    # those of DIR, such as some that nobody has read
    python -m benchmarks.disputes --list           # also each that is missed or shown for none

A planted disagreement is found where the sides of one that is shown say its sides. “In one report”
are those that some report tells whole, “across” the others. What is shown and says the sides of
none is counted as none; some of it is a disagreement that nobody planted. No language model takes
part.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.worth import EVAL, material_of
from fusion.disputes import disputes
from fusion.embed import E5Embedder
from fusion.evaluate.gold import first_match, load_gold, sentences_of
from fusion.figures import figures
from fusion.plan import plan
from fusion.settings import Settings, default_cache_dir
from fusion.vectors import VectorFile

if TYPE_CHECKING:
    from fusion.evaluate.gold import GoldDisagreement
    from fusion.types import Conflict


class Story(NamedTuple):
    """What a story has planted and what is shown of it."""

    name: str
    planted: list[GoldDisagreement]
    shown: list[Conflict]


def shown_of(folder: Path, vectors: VectorFile) -> Story:
    """Read a story as the pipeline does, up to its disagreements."""
    material = material_of(folder, vectors)
    chunks, sources = material.chunks, material.sources
    found = disputes(chunks, sources)
    apart = [p for each in found for side in each.sides for p in side.passages]
    planned = plan(material, Settings().sentences, apart)
    found += figures(planned.facts, chunks, sources, apart)
    return Story(folder.name, load_gold(folder / "gold.yaml").disagreements, found)


def is_shown(planted: GoldDisagreement, shown: Conflict) -> bool:
    """Whether the sides of `shown` say those of `planted`, each another."""
    told = [sentences_of(side.claim) for side in shown.sides]
    says = [
        {i for i, some in enumerate(told) if first_match(side.any, some) is not None}
        for side in planted.sides
    ]
    return all(says) and len(set().union(*says)) > 1


def across(planted: GoldDisagreement) -> bool:
    """Whether no report tells all its sides."""
    return not set.intersection(*(set(side.sources) for side in planted.sides))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stories", type=Path, help="a folder of stories with a gold.yaml")
    parser.add_argument("--list", action="store_true", help="name what is missed, and what is none")
    options = parser.parse_args()
    folders = [options.stories] if options.stories else [EVAL / "stories", EVAL / "held-out"]
    print("| stories | number | found in one report | across reports | shown | of them none |")
    print("| --- | --- | --- | --- | --- | --- |")
    notes: list[str] = []
    with VectorFile(default_cache_dir() / "benchmarks" / "worth.sqlite3", E5Embedder()) as vectors:
        for folder in folders:
            stories = [shown_of(p.parent, vectors) for p in sorted(folder.glob("*/gold.yaml"))]
            found = [
                (across(each), any(is_shown(each, shown) for shown in story.shown))
                for story in stories
                for each in story.planted
            ]
            cells = [
                f"{sum(hit for apart, hit in found if apart is kind)}"
                f" of {sum(apart is kind for apart, _ in found)}"
                for kind in (False, True)
            ]
            none = [
                (story.name, shown)
                for story in stories
                for shown in story.shown
                if not any(is_shown(each, shown) for each in story.planted)
            ]
            every = sum(len(story.shown) for story in stories)
            print(
                f"| {folder.name} | {len(stories)} | {' | '.join(cells)} | {every} | {len(none)} |"
            )
            notes += [
                f"missed: {story.name}: {each.about}"
                for story in stories
                for each in story.planted
                if not any(is_shown(each, shown) for shown in story.shown)
            ]
            notes += [
                f"none: {name}: {' // '.join(side.claim for side in shown.sides)}"
                for name, shown in none
            ]
    if options.list:
        print("\n".join(["", *notes]))


if __name__ == "__main__":
    main()
