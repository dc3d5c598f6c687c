"""Stories after a merge: whatever came in, every company of articles is grouped as the archives say, or anew.

A company that one archive has whole, with the same texts, stays as that archive grouped it; one that only several
archives have together is grouped as one archive would that had met its articles by their dates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from archive.merging.accounts import Here
from archive.merging.articles import found
from archive.merging.companies import (
    Grouping,
    Member,
    Regroup,
    company,
    company_there,
    grouped,
    members,
    rulings,
    spelt,
)
from archive.merging.identity import rule
from archive.merging.origin import Origin, listed
from archive.stories import TALLY

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

NEXT = "SELECT key FROM unsettled WHERE what = ? ORDER BY key LIMIT 1"
DONE = "DELETE FROM unsettled WHERE what IN ('story', 'grouping') AND key IN (SELECT value FROM json_each(?))"
RULED = """
SELECT r.article_id * 1000003 + r.other_id, one.url, two.url, ruling, made FROM story_rulings AS r
JOIN articles AS one ON one.id = r.article_id JOIN articles AS two ON two.id = r.other_id
ORDER BY r.article_id, r.other_id
"""
STORY = "SELECT story_id FROM articles WHERE id = ?"
RELATE = """
UPDATE articles SET (story_id, story_relation, story_similarity, story_jaccard) = (:story, :relation, :share, :jaccard)
WHERE id = :id
    AND (story_id, story_relation, story_similarity, story_jaccard) IS NOT (:story, :relation, :share, :jaccard)
"""
STAND = "UPDATE stories SET article_id = ? WHERE id = ? AND article_id != ?"


def join_rulings(archive: Archive, origin: Origin) -> None:
    """Enter what somebody ruled about stories in the other archive; of two rulings on a pair, the latest holds."""
    rows = origin.sound(origin.rows(RULED), "iuutw")
    with archive.writing() as db:
        for _, one, two, ruling, made in rows:
            pair = found(db, one), found(db, two)
            if pair[0] is not None and pair[1] is not None and ruling in {"together", "apart"}:
                rule(db, pair[0], pair[1], ruling, made)


def settle(archive: Archive, origin: Origin, regroup: Regroup, told: Callable[[int], None]) -> int:
    """Group what has come in, each company in one transaction; how many articles were looked at."""
    count = 0
    for what in ("story", "grouping"):
        while True:
            with archive.writing() as db:
                row = db.execute(NEXT, [what]).fetchone()
                if row is None:
                    break
                looked = settle_company(db, origin, row[0], regroup, is_new=what == "story")
            count += looked
            told(looked)
    return count


def settle_company(db: Database, origin: Origin, article: int, regroup: Regroup, *, is_new: bool) -> int:
    """Group the company of an article; how many are in it. One that is not new here has been whole here before."""
    here = Here(db)
    ids = company(here, origin, article)
    if len(ids) > 1 or not is_new:
        chosen = members(here, ids)
        there = company_there(here, origin, chosen)
        theirs = None if there is None else _translated(grouped(origin, there), there)
        best = chosen_of(db, chosen, theirs, regroup, is_new=is_new)
        if best is not None:
            put_grouping(db, best)
    db.execute(DONE, [listed([article, *ids])])
    return len(ids)


def _translated(grouping: Grouping, ids: dict[int, int]) -> Grouping | None:
    """A grouping by the ids here; None where it is none of just these articles."""
    if len(grouping) != len(ids) or any(first not in ids for first, *_ in grouping.values()):
        return None
    return {ids[one]: (ids[kin[0]], kin[1], kin[2], kin[3]) for one, kin in grouping.items()}


def chosen_of(
    db: Database, chosen: Sequence[Member], theirs: Grouping | None, regroup: Regroup, *, is_new: bool
) -> Grouping | None:
    """The grouping that a company gets; None where it stays as it is.

    Of two archives that have it whole and group it otherwise, the one counts that does not group it as it would be
    grouped anew, since that is also what two others would bring that have it in parts.
    """
    here = Here(db)
    ids = [member.id for member in chosen]
    if is_new:
        return theirs if theirs is not None else regroup(chosen, rulings(here, ids))
    mine = grouped(here, ids)
    if theirs is None or theirs == mine:
        return None
    anew = regroup(chosen, rulings(here, ids))
    if mine == anew:
        return theirs
    return None if theirs == anew else max(mine, theirs, key=lambda grouping: spelt(grouping, chosen))


def put_grouping(db: Database, grouping: Grouping) -> None:
    """Write the stories of a company, which are of no articles but its own."""
    before = {one: db.execute(STORY, [one]).fetchone()[0] for one in grouping}
    free = {story for story in before.values() if story is not None}
    stories: dict[int, int] = {}
    for first in sorted({first for first, *_ in grouping.values()}):
        if before[first] in free:
            stories[first] = before[first]
            free.discard(before[first])
    for first in sorted({first for first, *_ in grouping.values()} - stories.keys()):
        stories[first] = int(db.execute("INSERT INTO stories (article_id) VALUES (?)", [first]).lastrowid or 0)
    for one, (first, relation, share, jaccard) in grouping.items():
        values: dict[str, Any] = {"id": one, "relation": relation, "share": share, "jaccard": jaccard}
        db.execute(RELATE, values | {"story": stories[first]})
    for first, story in stories.items():
        db.execute(STAND, [first, story, first])
        db.execute(TALLY, {"story": story})
    for story in free:
        db.execute("DELETE FROM stories WHERE id = ?", [story])
