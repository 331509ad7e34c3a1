"""A verification for people: plain text, or the same in colour on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fusion.progress import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from fusion.summary import Citation
    from fusion.verification import DraftSentence, Verdict, Verification

_LOOKS: dict[Verdict, tuple[str, str, str]] = {
    "supported": ("✓", "supported", "green"),
    "not_supported": ("?", "not supported", "yellow"),
    "contradicted": ("✗", "contradicted", "red"),
}


class Line(NamedTuple):
    """A line of the output; `lead` is in `style`, the words in `faint` or plainly."""

    lead: str
    words: str
    style: str = ""
    faint: bool = False


def to_text(verification: Verification) -> str:
    """The verification as plain text with a final newline; the last line has the counts."""
    return "".join(f"{line.lead}{line.words}".rstrip() + "\n" for line in _lines(verification))


def print_to(console: Console, verification: Verification) -> None:
    """Print it in colour, wrapped under the words of each line."""
    from rich.table import Table
    from rich.text import Text

    for line in _lines(verification):
        if not line.lead:
            console.print(Text(line.words))
            continue
        grid = Table.grid()
        grid.add_column(width=len(line.lead), no_wrap=True)
        grid.add_column()
        words = Text(line.words, style="dim" if line.faint else "")
        grid.add_row(Text(line.lead, style=line.style), words)
        console.print(grid)


def _lines(verification: Verification) -> Iterator[Line]:
    files = {source.id: source.file for source in verification.sources}
    for sentence in verification.sentences:
        yield from _sentence(sentence, files)
    for left in verification.left_out:
        yield Line("Not used: ", printable(f"{left.what} ({left.reason})"), faint=True)
    yield Line("", _counts(verification))


def _sentence(sentence: DraftSentence, files: dict[str, str]) -> Iterator[Line]:
    mark, verdict, colour = _LOOKS[sentence.verdict]
    lead = f"{mark} {verdict:<13} {sentence.support:.2f}  "
    yield Line(lead, printable(sentence.text), colour)
    for problem in sentence.problems:
        yield Line("    ! ", printable(problem), colour)
    # What bears a sentence out is seen at once; what does not is for the reader to weigh.
    shown = sentence.evidence[:1] if sentence.verdict == "supported" else sentence.evidence
    for citation in sentence.elsewhere[:1] or shown:
        yield Line("    ", _cited(citation, files), faint=True)
    yield Line("", "")


def _cited(citation: Citation, files: dict[str, str]) -> str:
    place = f"{files[citation.source]}:{citation.start}-{citation.end}"
    return printable(f"{place} “{citation.text}”")


def _counts(verification: Verification) -> str:
    total = len(verification.sentences)
    parts = [f"{verification.count(v)} {words}" for v, (_, words, _) in _LOOKS.items()]
    return f"{total} sentence{'' if total == 1 else 's'}: {', '.join(parts)}."
