"""The data behind each picture of the overview: rows under named columns, and the sentence that says what they show."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from archive.pages.asked import Asked
from archive.pages.gathered import Gathered, gathered, months_of
from archive.pages.outlet import state, told
from archive.pages.runs import runs
from archive.queries import Reader, Row, row, rows

OUTLETS = 12
NEWEST = 100  # articles of an outlet by which its share of copies is told
CHANGES = 1_000  # newest versions that are counted by month; they are read with their texts
HAPPENED = 10_000  # newest events
RUNS = 40
LINKS = 200_000  # that are counted one by one; of more, a sample is
SAMPLE = 1_000  # links
SOURCES = 2_000

STATES = {
    "stored": "became an article here",
    "unchanged": "was looked at again, and is the same",
    "waiting": "waits for its turn",
    "off-topic": "was read, and is on something else",
    "duplicate": "is another address of an article",
    "not-an-article": "is a list, a wall, a video page",
    "refused": "must not be fetched: robots.txt or our guards say so",
    "failed": "did not answer; it is asked again",
    "gone": "is gone; the text that was read stays here",
}
"""What can have become of a link."""

# The newest of each outlet, through the index of outlets; what they are stands in the catalogue's own index, which is
# in memory already.
COPIES = """
SELECT o.domain, o.name, COUNT(a.id) AS articles, COALESCE(SUM(a.story_relation = 'original'), 0) AS originals
FROM json_each(:domains) AS wanted CROSS JOIN outlets AS o ON o.domain = wanted.value
LEFT JOIN articles AS a INDEXED BY articles_catalogue ON a.id IN (
    SELECT id FROM articles WHERE outlet_id = o.id ORDER BY published DESC LIMIT :limit)
GROUP BY wanted.key ORDER BY wanted.key
"""

VERSIONS = """
SELECT substr(fetched, 1, 7) AS month, COUNT(*) AS count FROM (
    SELECT fetched FROM versions ORDER BY id DESC LIMIT :limit) GROUP BY 1
"""

EVENTS = """
SELECT substr(at, 1, 7) AS month, kind, COUNT(*) AS count FROM (
    SELECT kind, at FROM events ORDER BY id DESC LIMIT :limit) GROUP BY 1, 2
"""

SOURCE_ROWS = """
SELECT s.channel, s.url, o.domain, o.name, s.last_asked, s.last_success, s.last_status, s.last_reason, s.failures,
    s.items, s.new_items
FROM (SELECT * FROM sources ORDER BY channel, url LIMIT :limit) AS s LEFT JOIN outlets AS o ON o.id = s.outlet_id
ORDER BY s.channel, s.failures DESC, s.url
"""

TOPICS = "SELECT id, name, title FROM topics ORDER BY name LIMIT 12"

# A range of the index of states.
LINKS_OF = "SELECT COUNT(*) AS links FROM candidates WHERE topic_id = :topic AND state = :state"
LAST_LINK = "SELECT MAX(id) AS id FROM candidates"
SAMPLED = """
SELECT c.state, COUNT(*) AS links FROM json_each(:ids) AS wanted CROSS JOIN candidates AS c ON c.id = wanted.value
GROUP BY c.state
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The data of one picture: `columns` name what stands in each row; `note` says what the numbers leave out.

    `cut` are the columns that do not comprise all, or are estimates.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""
    cut: tuple[str, ...] = ()

    def records(self) -> list[Row]:
        """The rows with their names."""
        return [dict(zip(self.columns, one, strict=True)) for one in self.rows]


Drawing = Callable[[Reader, Asked, Gathered], Figure]
"""What makes a figure: from a connection, what was asked, and what is gathered of the whole archive."""


def months(_db: Reader, asked: Asked, held: Gathered) -> Figure:
    """Articles by month: what is kept, and what waits for an answer."""
    review = months_of(asked, ("verdict", "review"))
    return Figure(
        name="months",
        title="Articles by month",
        columns=("month", "kept", "to review"),
        rows=tuple(
            (name, max(count - review.get(name, 0), 0), review.get(name, 0)) for name, count in held.months.items()
        ),
        note="By month of publication; of what is undated, by that of its finding. Copies count.",
    )


def outlets(_db: Reader, _asked: Asked, held: Gathered) -> Figure:
    """The outlets with most articles."""
    facet = held.facet("outlet")
    further = f" {facet.further:,} further outlets have fewer." if facet.further else ""
    return Figure(
        name="outlets",
        title="Outlets",
        columns=("outlet", "name", "articles"),
        rows=tuple((one.value, one.label, one.count) for one in facet.values[:OUTLETS]),
        note=f"Copies count.{further}",
    )


def copies(db: Reader, _asked: Asked, held: Gathered) -> Figure:
    """Originals and copies of the outlets with most articles."""
    domains = json.dumps([one.value for one in held.values("outlet", OUTLETS)])
    found = rows(db, COPIES, domains=domains, limit=NEWEST)
    return Figure(
        name="copies",
        title="Originals and copies",
        columns=("outlet", "name", "articles looked at", "originals", "copies"),
        rows=tuple(
            (one["domain"], one["name"] or one["domain"], one["articles"], one["originals"], copied)
            for one, copied in ((one, one["articles"] - one["originals"]) for one in found)
        ),
        note=f"Of the newest {NEWEST} articles of each outlet at most. An original stood first, as far as is known.",
    )


def changes(db: Reader, _asked: Asked, _held: Gathered) -> Figure:
    """New versions, corrections and removals by the month in which they were seen."""
    versions = {one["month"]: one["count"] for one in rows(db, VERSIONS, limit=CHANGES)}
    events: dict[str, dict[str, int]] = {}
    for one in rows(db, EVENTS, limit=HAPPENED):
        events.setdefault(one["kind"], {})[one["month"]] = one["count"]
    corrections, removals = events.get("correction", {}), events.get("removed", {})
    names = sorted({*versions, *corrections, *removals})
    cut = ["new versions"] if sum(versions.values()) >= CHANGES else []
    cut += ["corrections", "removals"] if sum(sum(one.values()) for one in events.values()) >= HAPPENED else []
    return Figure(
        name="changes",
        title="What changed after it was published",
        columns=("month", "new versions", "corrections", "removals"),
        rows=tuple((name, versions.get(name, 0), corrections.get(name, 0), removals.get(name, 0)) for name in names),
        note="By the month in which the archive saw it." + (" The newest alone are counted." if cut else ""),
        cut=tuple(cut),
    )


def sources(db: Reader, _asked: Asked, _held: Gathered) -> Figure:
    """Every source with how it answers."""
    found = rows(db, SOURCE_ROWS, limit=SOURCES)
    return Figure(
        name="sources",
        title="Health of the sources",
        columns=("channel", "source", "outlet", "state", "last success", "failures", "in words"),
        rows=tuple(
            (
                one["channel"], one["url"], one["name"] or one["domain"] or "", state(one), one["last_success"] or "",
                one["failures"], told(one),
            )
            for one in found
        ),
    )  # fmt: skip


def review(db: Reader, asked: Asked, held: Gathered) -> Figure:
    """How many articles of each topic are surely on it, and how many wait for an answer."""
    topics, found = rows(db, TOPICS), []
    for one in topics:
        of_topic = gathered(db, asked, ("topic", one["name"]), latest=0) if len(topics) > 1 else held
        counts = {value.value: value.count for value in of_topic.values("verdict")}
        found.append((one["name"], one["title"] or one["name"], counts.get("keep", 0), counts.get("review", 0)))
    return Figure(
        name="review", title="To review", columns=("topic", "title", "on topic", "to review"), rows=tuple(found)
    )


def crawls(db: Reader, _asked: Asked, _held: Gathered) -> Figure:
    """The last runs, oldest first, with what they added."""
    found = runs(db, RUNS)[::-1]
    return Figure(
        name="runs",
        title="Runs",
        columns=("started", "finished", "topic", "outcome", "new articles", "new versions", "pages fetched"),
        rows=tuple(
            (
                one["started"], one["finished"] or "", one["topic"], one["outcome"] or "not finished", one["new"],
                one["versions"], one["fetched"],
            )
            for one in found
        ),
        note=f"The last {RUNS} at most.",
    )  # fmt: skip


def links(db: Reader, _asked: Asked, _held: Gathered) -> Figure:
    """What became of the links that were found: counted, or, where they are very many, told by a sample of them."""
    last = (row(db, LAST_LINK) or {})["id"] or 0
    is_sampled = last > LINKS
    counts = sampled(db, last) if is_sampled else counted(db)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return Figure(
        name="links",
        title="What became of the links",
        columns=("state", "in words", "links"),
        rows=tuple((name, STATES.get(name, ""), count) for name, count in ordered if count),
        note=f"Estimated from {SAMPLE:,} of {last:,} links." if is_sampled else "",
        cut=("links",) if is_sampled else (),
    )


def counted(db: Reader) -> Counter[str]:
    """How many links have each state."""
    counts: Counter[str] = Counter()
    for topic in rows(db, TOPICS):
        for name in STATES:
            counts[name] += rows(db, LINKS_OF, topic=topic["id"], state=name)[0]["links"]
    return counts


def sampled(db: Reader, last: int) -> Counter[str]:
    """About how many links have each state, of links up to the last id; told to two digits."""
    step = last // SAMPLE
    ids = [place * step + 1 + place * 2_654_435_761 % step for place in range(SAMPLE)]  # one of each stretch, any of it
    found = rows(db, SAMPLED, ids=json.dumps(ids))
    return Counter({one["state"]: rounded(one["links"] * last / SAMPLE) for one in found})


def rounded(number: float) -> int:
    """A number to two digits."""
    return int(float(f"{number:.1e}"))


FIGURES: dict[str, Drawing] = {
    "months": months,
    "outlets": outlets,
    "copies": copies,
    "changes": changes,
    "sources": sources,
    "review": review,
    "runs": crawls,
    "links": links,
}
"""The pictures of the overview, in their order."""
