"""Coverage-guided fuzzing of every reader of `fusion.ingest`, for a bounded time. See `make fuzz`.

    python tests/fuzz/readers.py FOLDER SECONDS [READER ...]

A reader may give reports, refuse items, or raise `Unusable`. Any other exception, ten seconds over
one input, or 2 GB of memory is a crash: the input is left in FOLDER, and the exit code is 1. What
was learnt stays in FOLDER, so that another run goes on from there.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FORMATS = HERE.parent / "formats"
READERS = (
    *("archive", "docx", "feed", "html", "mail", "markdown"),
    *("newsml", "ninjs", "nitf", "pdf", "text", "xml"),
)
_INSTRUMENTED = ["fusion", "feedparser", "pypdf", "docx", "email", "zipfile", "json"]
_LIMITS = ("-timeout=10", "-rss_limit_mb=2048", "-max_len=20000", "-verbosity=0")


def main() -> int:
    folder, seconds, *names = sys.argv[1:]
    readers = names or list(READERS)
    share = max(1, int(seconds) // len(readers))
    crashed = [name for name in readers if not _survives(name, Path(folder).resolve(), share)]
    sys.stdout.write(
        f"{len(readers)} readers, {share} s each: "
        + (f"CRASHED: {', '.join(crashed)}\n" if crashed else "no crash\n")
    )
    return 1 if crashed else 0


def _survives(name: str, folder: Path, seconds: int) -> bool:
    """Fuzz one reader in a process of its own: libFuzzer ends its process when it is done."""
    corpus = folder / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed, data in _seeds().items():
        (corpus / seed).write_bytes(data)
    done = subprocess.run(  # noqa: S603 - our own file and numbers
        [
            *(sys.executable, __file__, "--one", name, str(corpus), *_LIMITS),
            *(f"-max_total_time={seconds}", f"-artifact_prefix={folder}/{name}-"),
        ],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
    )
    sys.stdout.write(f"{name}: {'no crash' if done.returncode == 0 else done.stderr[-4000:]}\n")
    return done.returncode == 0


def _seeds() -> dict[str, bytes]:
    """A sound file of every format."""
    sys.path.insert(0, str(HERE.parent))
    from test_ingest import PAGE
    from test_ingest_formats import PDF_LINES, WORD, ZIP, pdf_document

    made = {"page.html": PAGE.encode(), "a.pdf": pdf_document(*PDF_LINES), "a.docx": WORD}
    return made | {"a.zip": ZIP} | {path.name: path.read_bytes() for path in FORMATS.iterdir()}


def _fuzz_one(name: str, arguments: list[str]) -> None:
    import atheris

    with atheris.instrument_imports(include=_INSTRUMENTED):
        from importlib import import_module

        from fusion.ingest.draft import Draft, Refused, Unusable

        read = import_module(f"fusion.ingest.{name}").read

    def one_input(data: bytes) -> None:
        try:
            items = list(read(data))
        except Unusable:
            return
        assert all(isinstance(item, Draft | Refused) for item in items)

    atheris.Setup([sys.argv[0], *arguments], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        _fuzz_one(sys.argv[2], sys.argv[3:])
    sys.exit(main())
