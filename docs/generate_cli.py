"""Write `docs/cli.md` from the command line's own help: `python docs/generate_cli.py`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """\
# The command line

Made from `--help` by `python docs/generate_cli.py`; a test fails when it is not current.
"""


def reference() -> str:
    """Return the help of every command as Markdown, the same on every terminal."""
    os.environ.update(COLUMNS="90", NO_COLOR="1")
    from fusion.cli import build_parser

    sections = [
        f"## `{parser.prog}`\n\n```text\n{parser.format_help()}```\n"
        for parser in _commands(build_parser())
    ]
    return "\n".join([HEAD, *sections])


def _commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:  # argparse has no public way to ask for its sub-commands
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from _commands(inner)


if __name__ == "__main__":
    Path(__file__).with_name("cli.md").write_text(reference(), encoding="utf-8")
