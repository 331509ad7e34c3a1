"""How fast the command answers: `--help`, and a story that has not changed.

    python -m benchmarks.startup [STORY_DIR]

Each figure is the best of five runs of a new process, in seconds, and as a multiple of
`python -c pass` in the same minute. The story is summarised first if it has not been.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

RUN = "from fusion.cli import main; raise SystemExit(main())"


def best_of_five(*command: str) -> float:
    """Seconds of the fastest of five runs of this Python with `command`."""
    return min(seconds(*command) for _ in range(5))


def seconds(*command: str) -> float:
    """Seconds that one run of this Python with `command` takes. Its failure is raised."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)  # noqa: S603
    return time.perf_counter() - started


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("story", nargs="?", default="examples/harbour-bridge")
    story = parser.parse_args().story
    seconds("-c", RUN, "summarize", story)
    nothing = best_of_five("-c", "pass")
    for name, command in {
        "python -c pass": ("-c", "pass"),
        "fusion --help": ("-c", RUN, "--help"),
        f"fusion summarize {story}, unchanged": ("-c", RUN, "summarize", story),
    }.items():
        took = best_of_five(*command)
        print(f"{name:60} {took:6.3f} s {took / nothing:6.1f} x")


if __name__ == "__main__":
    main()
