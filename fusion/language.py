"""The language of a summary, and what of English and other languages cannot be printed alone.

What is written by the model and checked by rule is English. In other languages the reports' own
sentences are printed, those that lean on another sentence or on the day of writing left out. The
words that tell so are here for the languages that most reports come in; of others nothing is said.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from fusion.passage import size
from fusion.types import Group, Grouping, Role, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.types import Article

ENGLISH = "en"
_SAME = {"nb": "no"}  # Bokmål, by a report's own mark or as the classifier calls it

# Words that begin a sentence which needs the one before it.
_LEANS = {
    "de": r"er|sie|es|ihre?|ihr|ihm|ihnen|seine?|diese[rsmn]?|dies|das (?:ist|war|sei)|dabei"
    r"|dazu|damit|davon|daher|deshalb|dadurch|außerdem|also|auch|doch|aber|denn|dennoch|jedoch|so|dann|und",
    "es": r"él|ella|ellos|ellas|est[eao]s?|es[eao]s?|esto|eso|su|sus|además|también|pero|sin"
    r" embargo|así|entonces|y|por ello|por eso",
    "fr": r"ils?|elles?|ce|c['’]est|cet|cette|ces|cela|ça|celui-ci|celle-ci|ceux-ci|son|sa|ses"
    r"|leurs?|mais|et|ainsi|alors|toutefois|cependant|pourtant|aussi|en outre|de plus|en effet"
    r"|donc",
    "it": r"lui|lei|egli|ella|essi|esse|loro|quest[oaie]|quell[oaie]|ciò|il suo|la sua|i suoi|le"
    r" sue|ma|e|anche|inoltre|tuttavia|però|così|quindi|infatti",
    "nl": r"hij|zij|ze|het (?:is|was)|zijn|haar|hun|dit|dat|deze|die|maar|en|ook|toch|daarom"
    r"|daarbij|bovendien|echter|dus|zo",
    "pt": r"eles?|elas?|est[ea]s?|ess[ea]s?|isto|isso|seus?|suas?|mas|e|também|além disso|assim"
    r"|no entanto|porém|então",
}
# Days named by the day of writing.
_BY_TODAY = {
    "de": r"heute|gestern|vorgestern|morgen (?:früh|abend)|heutigen?|gestrigen?",
    "es": r"hoy|ayer|anteayer|anoche|mañana por la (?:mañana|tarde|noche)",
    "fr": r"aujourd['’]hui|hier|avant-hier|demain|ce (?:matin|soir|midi)|cet après-midi|cette nuit",
    "it": r"oggi|ieri|domani|stamattina|stamani|stasera|stanotte",
    "nl": r"vandaag|gisteren|eergisteren|vanochtend|vanmiddag|vanavond|vannacht",
    "pt": r"hoje|ontem|anteontem|amanhã",
}


def sorted_out(
    articles: Sequence[Article], asked: str | None
) -> tuple[str, list[Article], list[Article]]:
    """The language of the summary (ISO 639-1), the reports that are in it, and the others.

    It is `asked`, or else that of most words; a report too short to tell is taken to be in that of
    most words.
    """
    words: Counter[str] = Counter()
    for article in articles:
        if article.metadata.language:
            words[_code(article.metadata.language)] += size(article.text)
    main = max(sorted(words), key=lambda code: words[code], default=asked or ENGLISH)
    language = _code(asked or main)
    own: list[Article] = []
    foreign: list[Article] = []
    for article in articles:
        ours = _code(article.metadata.language or main) == language
        (own if ours else foreign).append(article)
    return language, own, foreign


def with_foreign(grouping: Grouping, articles: Sequence[Article]) -> Grouping:
    """`grouping` with those of `articles` that it lacks, each a voice of its own, in their order.

    Words in common tell copies and other stories, so reports are grouped within one language.
    """
    known = {source.article.id: source for source in grouping.sources}
    others = [article.id for article in articles if article.id not in known]
    return Grouping(
        tuple(known.get(each.id) or Source(each, each.id, Role.INDEPENDENT) for each in articles),
        (*grouping.groups, *(Group(each, (each,), each) for each in others)),
        grouping.shared,
    )


def leans(sentence: str, language: str) -> bool:
    """Whether `sentence`, in a language other than English, begins by leaning on another."""
    words = _LEANS.get(language)
    return bool(words and re.match(rf"\W*(?:{words})\b", sentence, re.IGNORECASE))


def names_day_by_today(sentence: str, language: str) -> bool:
    """Whether `sentence`, in a language other than English, names a day by the day of writing."""
    words = _BY_TODAY.get(language)
    return bool(words and re.search(rf"\b(?:{words})\b", sentence, re.IGNORECASE))


def _code(language: str) -> str:
    return _SAME.get(language, language)
