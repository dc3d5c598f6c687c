from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from archive.store import Archive
from pipelines.items import Capture, Kinship
from pipelines.stages.group import GroupPipeline

Make = Callable[..., Capture]
Keep = Callable[[Capture], Capture]
HERE = "https://courier.example/world/negotiators-take-their-seats-again"
LATEST = "https://courier.example/world/latest-news"


@pytest.fixture
def kinship(group: GroupPipeline) -> Callable[[Capture], Kinship]:
    def of(capture: Capture) -> Kinship:
        found = group.process_item(capture).kinship
        assert found is not None
        return found

    return of


Kinships = Callable[[Capture], Kinship]


def test_an_article_that_the_archive_does_not_know_is_new_and_its_own_story(make: Make, kinship: Kinships) -> None:
    found = kinship(make())
    assert (found.change, found.article_id, found.story_id) == ("new", None, None)
    assert (found.relation, found.similarity) == ("original", 0.0)
    assert found.sketch.hashes


def test_the_same_text_is_unchanged_and_another_a_version(make: Make, keep: Keep, kinship: Kinships) -> None:
    keep(make())
    same, other = kinship(make(html=b"<html lang=en>")), kinship(make(title="Talks resume"))
    assert (same.change, other.change) == ("unchanged", "version")
    assert same.article_id == other.article_id == 1
    assert same.content_hash != other.content_hash


def test_a_capture_that_is_to_be_dropped_passes_untouched(make: Make, group: GroupPipeline) -> None:
    assert group.process_item(make(decision="drop")).kinship is None


def test_the_same_article_is_known_by_every_url_that_answered_for_it(make: Make, keep: Keep, kinship: Kinships) -> None:
    keep(make(f"{HERE}?ref=rss", canonical=HERE))
    assert kinship(make(f"{HERE}?ref=rss", title="Later")).article_id == 1
    assert kinship(make(HERE, title="Later")).article_id == 1
    new_slug = HERE.replace("again", "once-more")
    assert kinship(make(f"{HERE}?ref=rss", canonical=new_slug, title="Later")).change == "version"


def test_an_article_that_moved_is_the_same_article(make: Make, keep: Keep, kinship: Kinships) -> None:
    keep(make())
    moved = make("https://courier.example/2021/negotiators-are-back", requested=HERE, redirects=(HERE,), title="Later")
    assert kinship(moved).change == "version"


def test_an_address_that_only_leads_to_the_newest_article_is_no_articles_name(
    make: Make, keep: Keep, kinship: Kinships
) -> None:
    keep(make(requested=LATEST, redirects=(LATEST,)))
    text = "Rain closed the mountain road on Monday, and forty lorries with flour waited for the plough. " * 4
    other = make("https://courier.example/world/rain-closes-the-road", requested=LATEST, redirects=(LATEST,), body=text)
    assert kinship(other).change == "new"
    same = make("https://courier.example/w/88213", requested=LATEST, redirects=(LATEST,))
    assert kinship(same).change == "unchanged"


def test_the_same_words_at_another_outlet_are_an_exact_copy(make: Make, keep: Keep, kinship: Kinships) -> None:
    keep(make())
    body = make().article
    assert body is not None
    found = kinship(make("https://herald.example/a/1", title="Back to the table", body=body.body.upper()))
    assert (found.change, found.relation, found.similarity, found.story_id) == ("new", "exact copy", 1.0, 1)


def test_a_copy_with_a_wire_header_joins_the_story(make: Make, keep: Keep, kinship: Kinships) -> None:
    keep(make())
    article = make().article
    assert article is not None
    found = kinship(
        make("https://herald.example/a/1", body=f"DOHA (Gulf Wire) - {article.body}\nReporting by the desk.")
    )
    assert (found.change, found.relation, found.story_id) == ("new", "syndicated", 1)
    assert found.similarity > 0.8


def test_of_several_stories_the_one_most_alike_is_joined(make: Make, keep: Keep, kinship: Kinships) -> None:
    article = make().article
    assert article is not None
    quoted = " ".join([*article.body.split()[:50], *(f"own{number}" for number in range(200))])
    keep(make("https://herald.example/a/1", title="What the week brought", body=quoted))
    keep(make())
    assert kinship(make("https://observer.example/a/1", body=article.body + "\nMore to follow.")).story_id == 2


def test_a_short_notice_under_another_headline_is_no_copy(make: Make, keep: Keep, kinship: Kinships) -> None:
    notice = "Please subscribe to go on reading this article."
    keep(make(body=notice))
    assert kinship(make("https://herald.example/a/1", title="Floods in the north", body=notice)).story_id is None
    assert kinship(make("https://herald.example/a/2", body=notice)).relation == "exact copy"


def test_articles_without_words_are_no_copies_of_each_other(make: Make, keep: Keep, kinship: Kinships) -> None:
    keep(make(body=""))
    assert kinship(make("https://herald.example/a/1", body="")).story_id is None


def test_a_story_is_stood_for_by_its_longest_text(make: Make, keep: Keep, archive: Archive) -> None:
    article = make().article
    assert article is not None
    keep(make(body=article.body[:420], published=datetime(2021, 8, 15, 9, tzinfo=UTC)))
    keep(make("https://herald.example/a/1"))
    keep(make("https://tribune.example/a/1", body=article.body[:400]))
    query = "SELECT story_id, story_relation, story_similarity > 0.7 FROM articles ORDER BY id"
    assert archive.db.execute(query).fetchall() == [(1, "truncated", 1), (1, "original", 0), (1, "truncated", 1)]
    assert archive.db.execute("SELECT article_id, size, outlets FROM stories").fetchall() == [(2, 3, 3)]


def words(seed: int, count: int = 300) -> str:
    """That many words that no other seed has: what a text says does not matter to shingles."""
    return " ".join(f"w{seed}x{number}" for number in range(count))


def told(archive: Archive) -> list[tuple[object, ...]]:
    return archive.db.execute("SELECT story_id, story_relation, story_jaccard FROM articles ORDER BY id").fetchall()


def test_a_short_text_that_came_first_is_compared_with_the_longer_that_stands_for_it(
    make: Make, keep: Keep, archive: Archive
) -> None:
    keep(make("https://herald.example/a/1", body=words(1, 100)))
    keep(make("https://tribune.example/a/1", body=words(1)))
    keep(make("https://courier.example/a/1", body=f"{words(2, 20)} {words(1)}"))
    (first, _, jaccard), second, third = told(archive)
    assert first == 1
    assert 0.2 < float(str(jaccard)) < 0.5
    assert [second[0], third[0]] == [1, 1]
    assert {second[1], third[1]} == {"original", "syndicated"}


def test_stories_that_a_longer_text_shows_to_be_one_become_one(make: Make, keep: Keep, archive: Archive) -> None:
    keep(make("https://herald.example/a/1", body=words(1, 200)))
    keep(make("https://tribune.example/a/1", body=words(2, 200)))
    assert [story for story, *_ in told(archive)] == [1, 2]
    keep(make("https://courier.example/a/1", body=f"{words(1, 200)}\n{words(2, 200)}"))
    assert [(story, relation) for story, relation, _ in told(archive)] == [
        (1, "truncated"), (1, "truncated"), (1, "original")
    ]  # fmt: skip
    assert archive.db.execute("SELECT article_id, size, outlets FROM stories").fetchall() == [(3, 3, 3)]


def test_a_page_that_holds_articles_of_other_headlines_does_not_make_them_one_story(
    make: Make, keep: Keep, archive: Archive
) -> None:
    keep(make("https://herald.example/a/1", title="Floods close the northern road", body=words(1, 200)))
    keep(make("https://tribune.example/a/1", title="Parliament votes on the budget", body=words(2, 200)))
    both = f"{words(1, 200)}\n{words(2, 200)}"
    keep(make("https://courier.example/a/1", title="Floods close the northern road", body=both))
    assert [story for story, *_ in told(archive)] == [1, 2, 1]


def test_a_text_is_a_copy_of_an_article_beside_the_original_too(make: Make, keep: Keep, archive: Archive) -> None:
    keep(make("https://herald.example/a/1", title="Of one thing", body=f"{words(1)} {words(2)}"))
    keep(make("https://tribune.example/a/1", title="Of another", body=f"{words(2)} {words(3, 100)}"))
    keep(make("https://courier.example/a/1", title="Of a third", body=words(3, 100)))
    assert [story for story, *_ in told(archive)] == [1, 1, 1]


def test_a_chain_of_revisions_ends_where_an_article_of_the_outlet_speaks_against_it(
    make: Make, keep: Keep, archive: Archive
) -> None:
    revisions = (f"{words(1)} {words(2)}", f"{words(2)} {words(3, 200)}", f"{words(3, 200)} {words(4, 120)}")
    for number, body in enumerate(revisions):
        keep(make(f"https://herald.example/a/{number}", body=body))
    assert [story for story, *_ in told(archive)] == [1, 1, 2]
    keep(make("https://tribune.example/a/1", body=revisions[2]))
    assert told(archive)[3][0] == 2


def test_a_capture_of_the_past_never_takes_the_place_of_a_newer_text(make: Make, keep: Keep, archive: Archive) -> None:
    first = make()
    keep(first)
    assert first.article is not None
    for days, change, versions in ((-9, "unchanged", 0), (9, "version", 1)):
        capture = make(body=f"{first.article.body} Told on day {days}.")
        capture.page = replace(capture.page, captured=capture.page.fetched + timedelta(days=days))
        keep(capture)
        assert capture.kinship is not None
        assert capture.kinship.change == change
        assert archive.db.execute("SELECT COUNT(*) FROM versions").fetchone() == (versions,)
    assert archive.db.execute("SELECT fetched FROM articles").fetchone() == ("2021-08-24T12:00:00Z",)
