"""How well cleaning tells body from furniture, on labelled lines of invented pages.

    python -m benchmarks.clean [--errors]

`data/boilerplate.tsv` holds twenty pages, line by line in page order, each line labelled `body` or
`cut`. The `dev-` half was used to tune; the `hold-` half was written before tuning and only its
totals are looked at, so `--errors` lists the wrong lines of the first half alone.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from pathlib import Path

from fusion.clean import clean
from fusion.types import Metadata, RawArticle

LABELLED = Path(__file__).parent / "data" / "boilerplate.tsv"


def pages() -> dict[str, list[tuple[str, str]]]:
    """Each page's lines in order, as (label, line)."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with LABELLED.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            found[row["article"]].append((row["label"], row["line"]))
    return found


def outcomes(half: str) -> list[tuple[str, str, str, str]]:
    """(page, label, what cleaning did with it, line) for each line of a half, as one story."""
    chosen = {name: lines for name, lines in pages().items() if name.startswith(half)}
    raw = [
        RawArticle(name, "text", "\n".join(line for _, line in lines), Metadata(), "")
        for name, lines in chosen.items()
    ]
    kept = {article.file: article.text.split("\n") for article in clean(raw)[0]}
    found = []
    for name, lines in chosen.items():
        left = list(kept.get(name, []))
        for label, line in lines:
            # The last body line may have lost an agency's credit at its end, and nothing else.
            stands = bool(left) and line.startswith(left[0])
            if stands:
                left.pop(0)
            found.append((name, label, "body" if stands else "cut", line))
    return found


def shares(found: list[tuple[str, str, str, str]]) -> tuple[float, float, float]:
    """(body lines kept, furniture lines cut, cut lines that are furniture), each 0 to 1."""
    pairs = [(label, did) for _, label, did, _ in found]
    kept = pairs.count(("body", "body")) / sum(label == "body" for label, _ in pairs)
    right = pairs.count(("cut", "cut"))
    recall = right / sum(label == "cut" for label, _ in pairs)
    return kept, recall, right / sum(did == "cut" for _, did in pairs)


def main() -> None:
    """Print the table, and on `--errors` the wrong lines of the half that is tuned on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="list the wrong lines of dev-")
    errors = parser.parse_args().errors
    print("half   body lines  kept    furniture  recall  precision")
    for half in ("dev", "hold"):
        found = outcomes(half)
        kept, recall, precision = shares(found)
        body = sum(label == "body" for _, label, _, _ in found)
        counts = f"{half:<6} {body:>10}  {kept:6.1%}  {len(found) - body:>9}"
        print(f"{counts}  {recall:6.1%}  {precision:9.1%}")
        if errors and half == "dev":
            for name, label, did, line in found:
                if label != did:
                    print(f"  {name} is {label}, was taken as {did}: {line}")


if __name__ == "__main__":
    main()
