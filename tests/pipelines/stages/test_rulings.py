"""What somebody ruled about stories, as later captures meet it."""

from __future__ import annotations

from collections.abc import Callable

from archive.store import Archive
from pipelines.items import Capture
from pipelines.stages.group import GroupPipeline

Make = Callable[..., Capture]
Keep = Callable[[Capture], Capture]
NOW = "2019-02-01T12:00:00Z"
OURS = "https://herald.example/a/1"


def stories(archive: Archive) -> dict[str, int]:
    return dict(archive.db.execute("SELECT url, story_id FROM articles ORDER BY id").fetchall())


def test_a_copy_of_both_sides_joins_the_nearer_one_and_the_two_stay_apart(
    archive: Archive, make: Make, keep: Keep, group: GroupPipeline
) -> None:
    first = make()
    assert first.article is not None
    text = first.article.body
    longer = (
        f"{text}\nA spokesman of the hosts declined to say how long the envoys would stay at the old hotel by the sea."
    )
    keep(first)
    keep(make(OURS, body=longer))
    assert len(set(stories(archive).values())) == 1
    archive.rulings.split([2], NOW)
    keep(make("https://daily.example/b/2", body=f"{longer}\nReporting by the desk."))
    keep(make("https://evening.example/c/3", body=text))
    found = stories(archive)
    assert found["https://daily.example/b/2"] == found[OURS]
    assert found["https://evening.example/c/3"] == found[first.page.url]
    assert found[OURS] != found[first.page.url]
    keep(make(OURS, body=text, title="The same again"))
    assert stories(archive) == found
