"""Every error that fusion raises for a reason it understands.

    FusionError                 exit code 1
    ├── UsageError              2   a wrong argument or option
    ├── StoryError              3   nothing usable in the story folder
    ├── ModelError              4   no model: missing, damaged, not a GGUF file
    ├── LLMError                5   a call to the model failed; `retryable`: try again?
    │   ├── ContextTooLong          the prompt does not fit the model's context
    │   └── MalformedOutput         the words that came back do not have the asked form
    └── OutputError             6   a result or the cache cannot be written

Exit code 7 is a finding and no error: `fusion verify` met a sentence that is not supported.
A message is one sentence that says what is wrong, where, and what to do about it.
Errors of other libraries are translated where they enter, with the original as `__cause__`.
"""

from __future__ import annotations


class FusionError(Exception):
    """Base of all errors that fusion raises on purpose."""

    exit_code = 1


class UsageError(FusionError):
    """An argument or option makes no sense."""

    exit_code = 2


class StoryError(FusionError):
    """The story folder holds nothing that can be summarised."""

    exit_code = 3


class ModelError(FusionError):
    """No model can be had: not installed, incomplete, damaged, or not a GGUF file."""

    exit_code = 4


class LLMError(FusionError):
    """A call to a model failed."""

    exit_code = 5
    retryable = False


class ContextTooLong(LLMError):
    """The prompt and the tokens asked for do not fit the model's context."""


class MalformedOutput(LLMError):
    """The model's words do not have the form they were asked for; another seed may help."""

    retryable = True


class OutputError(FusionError):
    """A result, an artifact or the cache cannot be written."""

    exit_code = 6
