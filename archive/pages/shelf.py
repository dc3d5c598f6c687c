"""The newest articles of one outlet, counted: sections, agencies, copies, corrections. Older ones are not read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from archive.history import happened
from archive.queries import Reader, Row, row, rows

SIZE = 600  # articles
STORIES = 200  # whose other copies are looked up
MEMBERS = 5_000  # of all these copies

SHELF = """
SELECT id, url, section, wire, is_paywalled, removed, story_id, story_relation FROM articles
WHERE outlet_id = :outlet ORDER BY published DESC LIMIT :limit
"""

# Through the index of events, an article at a time.
EVENTS = """
SELECT e.article_id AS id, e.kind, e.at, substr(e.detail, 1, 200) AS detail, a.title
FROM json_each(:ids) AS wanted CROSS JOIN events AS e ON e.article_id = wanted.value
JOIN articles AS a ON a.id = e.article_id
WHERE e.kind IN ('correction', 'update', 'clarification', 'note', 'removed', 'returned')
ORDER BY e.at DESC, e.id DESC LIMIT :limit
"""

VERSIONS = """
SELECT COUNT(*) AS versions, COUNT(DISTINCT v.article_id) AS articles
FROM json_each(:ids) AS wanted CROSS JOIN versions AS v ON v.article_id = wanted.value
"""

# Where its copies come from: the outlet of the article that stands for each story.
GIVERS = """
SELECT o.domain, o.name, COUNT(*) AS articles FROM json_each(:stories) AS wanted
CROSS JOIN stories AS s ON s.id = wanted.value JOIN articles AS a ON a.id = s.article_id
JOIN outlets AS o ON o.id = a.outlet_id WHERE a.outlet_id != :outlet
GROUP BY o.id ORDER BY articles DESC, o.domain LIMIT :limit
"""

# Who else carries its originals, through the index of stories by outlet.
TAKERS = """
WITH members AS MATERIALIZED (
    SELECT a.outlet_id FROM json_each(:stories) AS wanted CROSS JOIN articles AS a ON a.story_id = wanted.value
    WHERE a.outlet_id != :outlet LIMIT :members
)
SELECT o.domain, o.name, COUNT(*) AS articles FROM members JOIN outlets AS o ON o.id = members.outlet_id
GROUP BY o.id ORDER BY articles DESC, o.domain LIMIT :limit
"""

# How the pages of its hosts fared, by the key of that table.
YIELDS = """
SELECT COALESCE(SUM(y.kept), 0) AS kept, COALESCE(SUM(y.dropped), 0) AS dropped
FROM topics AS t CROSS JOIN json_each(:hosts) AS wanted
CROSS JOIN yields AS y ON y.topic_id = t.id AND y.host = wanted.value
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """What the newest `size` articles of an outlet are; counts of values, most frequent first."""

    size: int
    originals: int
    paywalled: int
    removed: int
    versions: int
    changed: int
    sections: tuple[tuple[str, int], ...]
    agencies: tuple[tuple[str, int], ...]
    givers: tuple[Row, ...]
    takers: tuple[Row, ...]
    events: tuple[Row, ...]
    kept: int
    dropped: int

    @property
    def copies(self) -> int:
        """How many of them carry a text that stood elsewhere first."""
        return self.size - self.originals


def shelf(db: Reader, outlet_id: int, domain: str) -> Shelf:
    """The newest articles of an outlet, counted."""
    found = rows(db, SHELF, outlet=outlet_id, limit=SIZE)
    ids = json.dumps([one["id"] for one in found])
    changed = row(db, VERSIONS, ids=ids) or {"versions": 0, "articles": 0}
    originals = [one for one in found if one["story_relation"] == "original"]
    copies = [one for one in found if one["story_relation"] != "original"]
    fared = row(db, YIELDS, hosts=json.dumps(hosts(domain, found))) or {"kept": 0, "dropped": 0}
    return Shelf(
        size=len(found),
        originals=len(originals),
        paywalled=sum(1 for one in found if one["is_paywalled"]),
        removed=sum(1 for one in found if one["removed"]),
        versions=changed["versions"],
        changed=changed["articles"],
        sections=most(one["section"] for one in found),
        agencies=most(one["wire"] for one in found),
        givers=tuple(rows(db, GIVERS, stories=stories(copies), outlet=outlet_id, limit=5)),
        takers=tuple(rows(db, TAKERS, stories=stories(originals), outlet=outlet_id, members=MEMBERS, limit=5)),
        events=tuple(happened(one) for one in rows(db, EVENTS, ids=ids, limit=6)),
        kept=fared["kept"],
        dropped=fared["dropped"],
    )


def most(values: Iterable[str], count: int = 8) -> tuple[tuple[str, int], ...]:
    """The most frequent values with their counts; those of one count in the order of the alphabet."""
    counts = Counter(value for value in values if value)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:count])


def stories(articles: list[Row]) -> str:
    """The stories of some articles, as JSON."""
    return json.dumps(sorted({one["story_id"] for one in articles if one["story_id"]}, reverse=True)[:STORIES])


def hosts(domain: str, articles: list[Row]) -> list[str]:
    """The hosts that an outlet's articles lie on."""
    named = {one["url"].split("/", 3)[2] for one in articles if one["url"].count("/") >= 2}
    return sorted({domain, f"www.{domain}", *named})[:50]
