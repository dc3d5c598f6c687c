"""An archive to search in: twelve outlets, two languages, copies, headlines that attack; and a server of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive.store import Archive
from tests.filling import HOSTILE, NAMES, NOW, Filling

ARTICLES = 45


def stock(data: Path, *, years: int = 1) -> Path:
    """45 articles, one a week or farther apart; every ninth in German, every tenth a copy of the first."""
    archive = Archive.open(data)
    filling = Filling(archive, archive.topics.ensure("talks", "Peace talks", ""))
    filling.run = archive.runs.start(filling.topic, NOW)
    filling.source = archive.sources.ensure("feeds", "https://paper0.example/feed.xml", "paper0.example")
    for number in range(ARTICLES):
        kin = filling.known("https://paper0.example/0") if number and number % 10 == 0 else None
        copy = {"story_id": kin.story_id, "story_relation": "syndicated", "story_similarity": 0.97} if kin else {}
        filling.store(number, article(number, years), **copy)
    archive.runs.finish(filling.run, "finished", {}, NOW)
    archive.close()
    return data


def article(number: int, years: int) -> dict[str, Any]:
    """One article; its day moves on with its number."""
    outlet = f"paper{number % 12}.example"
    NAMES.setdefault(outlet, f"Paper & <b>Sons</b> {number % 12}")
    week = number * years
    return {
        "url": f"https://{outlet}/{number}",
        "outlet": outlet,
        "title": HOSTILE if number == 7 else f"Envoys meet, day {number}",
        "body": f"The envoys spoke of a truce on day {number}.\nUnique{number:03} words <i>of</i> the day & no more.",
        "summary": f"Summary {number} with <b>markup</b>.",
        "byline": f"Writer {number % 3}" if number % 2 else "",
        "language": "de" if number % 9 == 8 else "en",
        "kind": "live blog" if number == 11 else "article",
        "is_paywalled": number == 12,
        "published": None
        if number == 44
        else f"{2018 + week // 48}-{week % 48 // 4 + 1:02}-{week % 4 * 7 + 1:02}T08:00:00Z",
    }
