from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from crawler.schedule.outlook import MOST, outlook
from crawler.schedule.rules import Rules
from crawler.schedule.state import State, first
from crawler.schedule.supply import Spring, Supply

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
RULES = Rules(zone=ZoneInfo("UTC"))
HOUR = timedelta(hours=1)


def test_a_day_is_played_forward() -> None:
    lively = Supply(topic="a", file="/a", springs=(Spring(due=NOW, pause=2 * HOUR, news=9),), gaps="x")
    still = Supply(topic="b", file="/b", springs=(Spring(due=NOW, pause=12 * HOUR, news=0),))
    foreseen = outlook(first(NOW, RULES), [lively, still], RULES, NOW, lambda *_: 0.0, 24 * HOUR)
    times = [at for at, _ in foreseen]
    assert times == sorted(times)
    assert all(later > at for at, later in pairwise(times)), "one at a time"
    assert times[-1] <= NOW + 24 * HOUR
    counts = Counter(job.name for _, job in foreseen)
    assert counts["crawl a"] in {12, 13}
    assert counts["crawl b"] in {2, 3}
    assert (counts["snapshot"], counts["maintain"]) == (1, 1)
    assert counts["backfill a"] >= 1
    worked = counts["crawl a"] + counts["crawl b"] + counts["maintain"]
    assert worked - 1 <= counts["watch"] <= worked


def test_it_ends_however_short_the_pauses() -> None:
    rules = Rules(shortest=timedelta(seconds=1), longest=timedelta(seconds=1))
    foreseen = outlook(State(), [Supply(topic="a", file="/a")], rules, NOW, lambda *_: 0.0, 900 * HOUR)
    assert len(foreseen) == MOST
