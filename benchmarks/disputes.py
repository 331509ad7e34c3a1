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
    """What a story has planted, what is shown of it, and what of the two has no other."""

    name: str
    planted: list[GoldDisagreement]
    shown: list[Conflict]

    @property
    def missed(self) -> list[GoldDisagreement]:
        """What is planted and not shown."""
        return [p for p in self.planted if not any(is_shown(p, shown) for shown in self.shown)]

    @property
    def none(self) -> list[Conflict]:
        """What is shown and not planted."""
        return [s for s in self.shown if not any(is_shown(planted, s) for planted in self.planted)]


def read(folder: Path, vectors: VectorFile) -> Story:
    """Read a story as the pipeline does, up to its disagreements."""
    material = material_of(folder, vectors)
    chunks, sources = material.chunks, material.sources
    found = disputes(chunks, sources)
    apart = [passage for each in found for passage in each.passages]
    planned = plan(material, Settings().sentences, apart)
    found += figures(planned.facts, chunks, sources, apart, planned.overtaken)
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
            stories = [read(p.parent, vectors) for p in sorted(folder.glob("*/gold.yaml"))]
            planted = [each for story in stories for each in story.planted]
            missed = [(story.name, each) for story in stories for each in story.missed]
            none = [(story.name, each) for story in stories for each in story.none]
            cells = [str(len(stories))]
            for kind in (False, True):
                every = sum(across(each) is kind for each in planted)
                found = every - sum(across(each) is kind for _, each in missed)
                cells.append(f"{found} of {every}")
            cells += [str(sum(len(story.shown) for story in stories)), str(len(none))]
            print(f"| {folder.name} | {' | '.join(cells)} |")
            notes += [f"missed: {name}: {each.about}" for name, each in missed]
            notes += [
                f"none: {name}: {' // '.join(side.claim for side in each.sides)}"
                for name, each in none
            ]
    if options.list:
        print("\n".join(["", *notes]))


if __name__ == "__main__":
    main()
