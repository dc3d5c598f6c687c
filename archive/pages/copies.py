"""The articles of one story, earliest first: who carried its text when, and who was the first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.queries import Reader, Row, rows

LOOKED_AT = 2_000  # articles of a story, the longest first: of those, the earliest are shown
NAMED = 3  # outlets that may have been the first

# The inner LIMIT walks the index, so that a story of very many costs no more than one of so many.
CARRIED = """
SELECT a.id, a.url, a.title, o.domain AS outlet, o.name AS outlet_name, a.published, a.published_precision, a.fetched,
    a.words, a.language, a.wire, a.is_agency, a.removed, a.story_relation AS relation, a.story_similarity AS similarity,
    a.story_jaccard AS jaccard
FROM (SELECT id FROM articles WHERE story_id = :story ORDER BY words DESC LIMIT :most) AS one
CROSS JOIN articles AS a ON a.id = one.id CROSS JOIN outlets AS o ON o.id = a.outlet_id
ORDER BY a.published IS NULL, a.published, a.id LIMIT :limit
"""


def carried(db: Reader, story: int, limit: int) -> list[Row]:
    """The articles of a story, earliest first and undated ones last, each with its `delay` after the first."""
    found = rows(db, CARRIED, story=story, most=LOOKED_AT, limit=limit)
    for one in found:
        one["is_agency"] = bool(one["is_agency"])
        one["delay"] = delay(found[0], one)
    return found


def delay(first: Row, one: Row) -> str:
    """How long after the first an article came, as `+2 h 10 min`, no more precisely than is known; else empty."""
    if one is first:
        return ""
    begins, ends = span(first), span(one)
    if begins is None or ends is None:
        return ""
    if begins[0] == begins[1] and ends[0] == ends[1]:
        return _spelled(ends[0] - begins[0])
    days = (ends[0].date() - begins[0].date()).days
    return "the same day" if not days else f"+{days} day{'s' if days > 1 else ''}"


def _spelled(time: timedelta) -> str:
    minutes = int(time.total_seconds()) // 60
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    told = [f"{count:,} {unit}" for count, unit in parts if count][:2]
    return "+" + " ".join(told) if told else "the same minute"


def span(one: Row) -> tuple[datetime, datetime] | None:
    """The earliest and the latest time at which an article can have been published, as far as its date says."""
    try:
        begins = datetime.fromisoformat(one["published"] or "")
    except ValueError:
        return None
    begins = begins if begins.tzinfo else begins.replace(tzinfo=UTC)
    try:
        return begins, begins + timedelta(days=one["published_precision"] == "day")
    except OverflowError:
        return None


def firsts(found: Sequence[Row]) -> list[Row]:
    """The articles that may have been the first: one where it is sure, none where no article is dated."""
    dated = [(times, one) for one in found if (times := span(one)) is not None]
    ends = min((end for (_, end), _ in dated), default=None)
    # A day ends where the next one begins, and that moment is no part of it.
    return [one for (begin, end), one in dated if ends is not None and (begin < ends or begin == end == ends)]


def sentence(found: Sequence[Row], articles: int, outlets: int) -> str:
    """Who carried a story first, as a sentence that says no more than the dates do."""
    size = f"{_counted(articles, 'article')} in {_counted(outlets, 'outlet')}"
    first, undated = firsts(found), sum(span(one) is None for one in found)
    if not first:
        return f"{size}; none of them says when it was published, so nobody can say who came first."
    names = list(dict.fromkeys(named(one) for one in first))
    when = moment(min(first, key=lambda one: one["published"]))
    if len(names) == 1:
        told = f"First carried by {names[0]} on {when}"
    else:
        few = ", ".join(names[:NAMED]) if len(names) > NAMED else ", ".join(names[:-1]) + f" or {names[-1]}"
        more = f" or {len(names) - NAMED:,} others" if len(names) > NAMED else ""
        why = "some of their dates are of a day only" if any(map(is_of_day, first)) else "their times are the same"
        told = f"First carried on {moment(first[0], of_day=True)}, by {few}{more}: {why}"
    return f"{told}; {size}{f', {undated:,} of them undated' if undated else ''}."


def named(one: Row) -> str:
    """What people call the outlet of an article."""
    return str(one["outlet_name"] or one["outlet"])


def is_of_day(one: Row) -> bool:
    """Whether the date of an article has no time."""
    return bool(one["published_precision"] == "day")


def moment(one: Row, *, of_day: bool = False) -> str:
    """`12 March 2019, 09:30 UTC`, or the day alone where no more is known or asked."""
    times = span(one)
    if times is None:
        return "no known day"
    at = times[0].astimezone(UTC)
    return f"{at.day} {at:%B %Y}" if of_day or is_of_day(one) else f"{at.day} {at:%B %Y, %H:%M} UTC"


def credits_of(found: Sequence[Row]) -> list[tuple[str, int]]:
    """The agencies that articles credit their text to, and how many do, most first; an agency's own are not counted."""
    counts: dict[str, int] = {}
    for one in found:
        if one["wire"] and not one["is_agency"]:
            counts[one["wire"]] = counts.get(one["wire"], 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


TOLD = (
    "url", "title", "outlet", "outlet_name", "published", "published_precision", "fetched", "words", "language", "wire",
    "relation", "similarity", "delay",
)  # fmt: skip


def described(one: Row) -> dict[str, Any]:
    """An article of a story as programs read it."""
    return {"address": f"article/{one['id']}", **{name: one[name] for name in TOLD}}


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
