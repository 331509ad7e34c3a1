"""Scores by planted truth: what is known to be true, false, disputed or altered in a story."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.evaluate.gold import by_importance, disputed, judge
from fusion.evaluate.scorer import Metric, Score, Unscored
from fusion.types import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fusion.evaluate.gold import Gold, Required
    from fusion.evaluate.systems import SystemOutput
    from fusion.evaluate.task import Story


class Planted:
    """`gold.yaml` of the story, by its patterns: no model has a say."""

    name = "planted"
    identity: Mapping[str, object] = {"version": 3}
    metrics: Mapping[str, Metric] = {
        "recall": Metric("importance of the required facts told, as a share of all"),
        "corroborated": Metric("recall of the facts that several independent groups carry"),
        "forbidden": Metric("planted errors, stale states and page furniture told", "lower"),
        "surfaced": Metric("disagreements of which every side is told, as a share of all"),
        "disputed": Metric("planted agreements told as disagreements", "lower"),
        "altered": Metric("quotations in a wording that was never spoken", "lower"),
    }

    def score(self, story: Story, output: SystemOutput) -> Score:
        """See `Scorer.score`. Unscored without a gold file that can be used."""
        if story.gold is None:
            raise Unscored(story.gold_problem or "The story has no gold.yaml.")
        found = judge(output.text, story.gold)
        values = {
            "recall": found.recall,
            "forbidden": float(len(found.forbidden)),
            "altered": float(len(found.altered)),
        }
        unscored = {}
        carried = [fact for fact in story.gold.required if _several(fact, story.gold)]
        if carried:
            told = (fact for fact in carried if fact.id in found.found)
            values["corroborated"] = by_importance(told, carried)
        else:
            unscored["corroborated"] = "No required fact has several independent sources."
        if found.surfaced_share is None:
            unscored["surfaced"] = "The story's sources do not disagree."
        else:
            values["surfaced"] = found.surfaced_share
        in_doubt = disputed((claim.text for claim in output.claims), story.gold)
        if story.gold.agreements:
            values["disputed"] = float(len(in_doubt))
        else:
            unscored["disputed"] = "The story has no planted agreement."
        return Score(
            values=values,
            unscored=unscored,
            remarks=[
                *(f"missing: {name}" for name in found.missing),
                *(f"forbidden {name}: {sentence}" for name, sentence in found.forbidden.items()),
                *(f"hidden disagreement: {name}" for name in found.hidden),
                *(f"no disagreement: {about}: {claim}" for about, claim in in_doubt.items()),
                *(f"altered quotation: {words}" for words in found.altered),
            ],
        )


def _several(fact: Required, gold: Gold) -> bool:
    """Whether reports of several independent groups carry the fact."""
    articles = [gold.articles[file] for file in fact.sources if file in gold.articles]
    return len({article.group for article in articles if article.role is not Role.DERIVED}) > 1
