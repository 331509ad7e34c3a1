"""What a long run tells while it runs: the `Observer` protocol and the terminal's view of it."""

from __future__ import annotations

import signal
import sys
import unicodedata
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    from types import FrameType, TracebackType

    from rich.progress import Progress

    from fusion.summary import SummarySentence

# Embedding, override and isolate controls of the Unicode bidirectional algorithm: they can make
# a line read in another order than it is written. The plain marks (LRM, RLM, ALM) cannot.
_BIDI_CONTROLS = frozenset(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))


def printable(text: str) -> str:
    """`text` on one line, without what a terminal would obey: control and bidi characters."""
    kept = (
        character
        for character in text
        if character.isspace()
        or (unicodedata.category(character) not in ("Cc", "Cs") and character not in _BIDI_CONTROLS)
    )
    return " ".join("".join(kept).split())


class Observer(Protocol):
    """Is told how a run goes. Nothing that it does changes the result."""

    def stage(self, name: str, detail: str) -> None:
        """Note that a stage begins: its name as in the design, and a few words."""

    def step(self, done: int, total: int) -> None:
        """Note that `done` of `total` units of the stage are finished."""

    def sentence(self, sentence: SummarySentence) -> None:
        """Take a sentence of the summary that has just been verified."""

    def warning(self, message: str) -> None:
        """Take a sentence about something left out, such as a file that cannot be read."""


class SilentObserver:
    """Tells nothing."""

    def stage(self, name: str, detail: str) -> None:
        """Do nothing."""

    def step(self, done: int, total: int) -> None:
        """Do nothing."""

    def sentence(self, sentence: SummarySentence) -> None:
        """Do nothing."""

    def warning(self, message: str) -> None:
        """Do nothing."""


class TerminalObserver:
    """Shows a run on stderr, and ends it at Ctrl-C; to be used as a context in the main thread.

    On a terminal: the stage, how far it is, the sentences written and the time, in one line that
    goes when the run ends; with `echo`, each verified sentence above it. Elsewhere: warnings only.

    Python drops a `KeyboardInterrupt` that falls into a finaliser or a library's callback, and
    prints that it did. Here it is remembered, and raised once more at the run's next step.
    """

    def __init__(self, *, echo: bool) -> None:
        self._echo = echo
        self._progress: Progress | None = None
        self._sentences = 0
        self._interrupted = False

    def __enter__(self) -> Self:
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # it is not ignored
            signal.signal(signal.SIGINT, self._on_interrupt)
        self._unraisable, sys.unraisablehook = sys.unraisablehook, self._on_unraisable
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            self._progress = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}", markup=False),
                TextColumn("{task.fields[progress]}", style="cyan"),
                TextColumn("{task.fields[written]}", style="green"),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._line = self._progress.add_task("starting", progress="", written="", total=None)
            self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._progress:
            self._progress.stop()
        if signal.getsignal(signal.SIGINT) == self._on_interrupt:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.unraisablehook = self._unraisable
        self._go_on()

    def stage(self, name: str, detail: str) -> None:
        """Show the stage in the live line."""
        self._go_on()
        if self._progress:
            described = printable(f"{name}: {detail}" if detail else name)
            self._progress.update(self._line, description=described, progress="")

    def step(self, done: int, total: int) -> None:
        """Show how far the stage is."""
        self._go_on()
        if self._progress:
            self._progress.update(self._line, progress=f"{done}/{total}")

    def sentence(self, sentence: SummarySentence) -> None:
        """Count the sentence and, with `echo`, print it above the live line."""
        self._go_on()
        self._sentences += 1
        if self._progress:
            from rich.text import Text

            written = f"{self._sentences} sentence{'s' if self._sentences > 1 else ''}"
            self._progress.update(self._line, written=written)
            if self._echo:
                self._progress.console.print(Text("• " + printable(sentence.text), style="dim"))

    def warning(self, message: str) -> None:
        """Print the warning, above the live line where there is one."""
        line = f"fusion: warning: {printable(message)}"
        if self._progress:
            from rich.text import Text

            self._progress.console.print(Text(line, style="yellow"))
        else:
            print(line, file=sys.stderr)  # noqa: T201 - this is the command line's own output

    def _on_interrupt(self, number: int, frame: FrameType | None) -> None:
        self._interrupted = True
        signal.default_int_handler(number, frame)

    def _on_unraisable(self, dropped: sys.UnraisableHookArgs) -> None:
        if not (self._interrupted and issubclass(dropped.exc_type, KeyboardInterrupt)):
            self._unraisable(dropped)

    def _go_on(self) -> None:
        if self._interrupted:
            raise KeyboardInterrupt
