"""Any draft, a person's or a machine's, checked sentence by sentence against a folder of reports.

`read` finds the sentences of a draft and what they cite; `Judge` holds each against the passages
that it cites, or against the closest ones of all reports; `show` prints what came of it.
"""

from __future__ import annotations

from fusion.drafts.evidence import Passages
from fusion.drafts.judge import Judge, warnings
from fusion.drafts.read import Draft, Written, read

__all__ = ["Draft", "Judge", "Passages", "Written", "read", "warnings"]
