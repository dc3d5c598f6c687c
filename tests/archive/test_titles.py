from __future__ import annotations

import pytest

from archive.rows import CandidateRow, OutcomeRow
from archive.store import Archive
from archive.titles import CROWD, MATCHES, MOST, resolve

NOW, LATER = "2019-02-01T12:00:00Z", "2019-02-01T14:00:00Z"
NOON = "2019-01-29T12:00:00Z"
KEY = -5_000_000_000_000_000_000
GOOGLE = "https://news.google.com/rss/articles/"
PAGE = "https://www.daily.example/doha"


@pytest.fixture
def feed(archive: Archive) -> int:
    return archive.sources.ensure("feeds", "https://www.daily.example/feed", "daily.example")


@pytest.fixture
def google(archive: Archive) -> int:
    return archive.sources.ensure("google_news", "https://news.google.com/rss/search", "google.com")


def page(
    url: str = PAGE, *, published: str | None = NOON, key: int | None = KEY, title: str = "Envoys meet in Doha"
) -> CandidateRow:
    return CandidateRow(url=url, host=url.split("/")[2], title=title, published=published, title_key=key)


def lost(
    name: str = "a",
    *,
    outlet: str = "daily.example",
    published: str | None = NOON,
    key: int | None = KEY,
    rank: int = 0,
) -> CandidateRow:
    return CandidateRow(
        url=GOOGLE + name,
        host="news.google.com",
        title="Envoys meet in Doha",
        published=published,
        title_key=key,
        state="unresolved",
        outlet=outlet,
        rank=rank,
    )


def states(archive: Archive) -> dict[str, tuple[str, str]]:
    rows = archive.db.execute("SELECT url, state, reason FROM candidates").fetchall()
    return {url: (state, reason) for url, state, reason in rows}


def test_an_unresolved_link_is_found_again_by_its_headline_and_its_sightings_become_the_pages(
    archive: Archive, feed: int, google: int
) -> None:
    archive.candidates.note(1, google, [lost(rank=7)], NOW)
    assert resolve(archive, 1, NOW) == 0
    archive.candidates.note(1, feed, [page()], LATER)
    assert resolve(archive, 1, LATER) == 1
    assert states(archive) == {GOOGLE + "a": ("duplicate", f"is {PAGE}"), PAGE: ("waiting", "")}
    sighted = """SELECT channel, sightings.first_seen, last_seen, rank FROM sightings
        JOIN candidates ON candidates.id = candidate_id JOIN sources ON sources.id = source_id
        WHERE candidates.url = ? ORDER BY channel"""
    assert archive.db.execute(sighted, [PAGE]).fetchall() == [
        ("feeds", LATER, LATER, 0),
        ("google_news", NOW, NOW, 7),
    ]
    assert archive.db.execute("SELECT checked FROM candidates WHERE state = 'duplicate'").fetchall() == [(LATER,)]
    assert resolve(archive, 1, LATER) == 0


def test_a_sighting_that_the_page_has_already_stays_as_it_is(archive: Archive, feed: int) -> None:
    archive.candidates.note(1, feed, [page(), lost(rank=7)], NOW)
    assert resolve(archive, 1, NOW) == 1
    query = "SELECT url, sightings.rank FROM sightings JOIN candidates ON candidates.id = candidate_id ORDER BY rank"
    assert archive.db.execute(query).fetchall() == [(PAGE, 0), (GOOGLE + "a", 7)]


@pytest.mark.parametrize("state", ["stored", "unchanged", "off-topic", "not-an-article", "refused", "failed"])
def test_a_page_is_found_whatever_became_of_it(archive: Archive, feed: int, google: int, state: str) -> None:
    archive.candidates.note(1, feed, [page()], NOW)
    archive.candidates.finish(OutcomeRow(candidate_id=1, state=state), NOW)
    archive.candidates.note(1, google, [lost()], NOW)
    assert resolve(archive, 1, NOW) == 1
    assert states(archive)[PAGE] == (state, "")


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("https://daily.example/doha", id="the outlet's own host"),
        pytest.param("https://www.daily.example/doha", id="www"),
        pytest.param("https://world.edition.daily.example/doha", id="any host below"),
    ],
)
def test_a_page_is_the_outlets_on_any_of_its_hosts(archive: Archive, feed: int, google: int, url: str) -> None:
    archive.candidates.note(1, feed, [page(url)], NOW)
    archive.candidates.note(1, google, [lost()], NOW)
    assert resolve(archive, 1, NOW) == 1


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param(NOON, "2019-01-31T12:00:00Z", id="two days later"),
        pytest.param(NOON, "2019-01-27T12:00:00Z", id="two days before"),
        pytest.param(None, NOON, id="the page has no date"),
        pytest.param(NOON, None, id="the link has no date"),
        pytest.param(None, None, id="neither has a date"),
        pytest.param("soon", NOON, id="a date that is none"),
    ],
)
def test_dates_about_the_same_are_the_same(
    archive: Archive, feed: int, google: int, ours: str | None, theirs: str | None
) -> None:
    archive.candidates.note(1, feed, [page(published=ours)], NOW)
    archive.candidates.note(1, google, [lost(published=theirs)], NOW)
    assert resolve(archive, 1, NOW) == 1


NONE = {
    "another outlet": ([page()], lost(outlet="courier.example")),
    "a name that ends alike": ([page("https://notdaily.example/doha")], lost()),
    "an outlet below": ([page("https://daily.example/doha")], lost(outlet="www.daily.example")),
    "an outlet that is not known": ([page()], lost(outlet="")),
    "another headline": ([page(key=KEY + 1)], lost()),
    "a headline too short to tell": ([page(key=None)], lost(key=None)),
    "more than two days later": ([page(published="2019-01-31T13:00:00Z")], lost()),
    "more than two days before": ([page(published="2019-01-27T11:00:00Z")], lost()),
    "two pages": ([page(), page(PAGE + "-2")], lost()),
    "another unresolved link": ([lost("b")], lost()),
}


@pytest.mark.parametrize(("pages", "link"), NONE.values(), ids=NONE.keys())
def test_what_is_not_certain_is_not_guessed(
    archive: Archive, feed: int, google: int, pages: list[CandidateRow], link: CandidateRow
) -> None:
    archive.candidates.note(1, feed, pages, NOW)
    archive.candidates.note(1, google, [link], NOW)
    assert resolve(archive, 1, NOW) == 0
    assert states(archive)[GOOGLE + "a"] == ("unresolved", "")
    assert archive.db.execute("SELECT COUNT(*) FROM sightings").fetchone()[0] == len(pages) + 1


def test_links_of_one_page_are_each_found_again_and_none_is_taken_for_it(
    archive: Archive, feed: int, google: int
) -> None:
    archive.candidates.note(1, feed, [page()], NOW)
    archive.candidates.note(1, google, [lost("a")], NOW)
    assert resolve(archive, 1, NOW) == 1
    archive.candidates.note(1, google, [lost("b"), lost("c")], LATER)
    assert resolve(archive, 1, LATER) == 2
    assert {reason for state, reason in states(archive).values() if state == "duplicate"} == {f"is {PAGE}"}


def test_another_address_of_a_page_does_not_make_it_two(archive: Archive, feed: int, google: int) -> None:
    archive.candidates.note(1, feed, [page(), page(PAGE + "?amp")], NOW)
    archive.candidates.finish(OutcomeRow(candidate_id=1, state="stored"), NOW)
    archive.candidates.finish(OutcomeRow(candidate_id=2, state="duplicate", reason=f"another address of {PAGE}"), NOW)
    archive.candidates.note(1, google, [lost()], NOW)
    assert resolve(archive, 1, NOW) == 1
    assert states(archive)[GOOGLE + "a"] == ("duplicate", f"is {PAGE}")


def test_a_page_of_another_topic_is_not_taken(archive: Archive, feed: int, google: int) -> None:
    other = archive.topics.ensure("other", "", "")
    archive.candidates.note(other, feed, [page()], NOW)
    archive.candidates.note(1, google, [lost()], NOW)
    assert resolve(archive, 1, NOW) == resolve(archive, other, NOW) == 0


def test_a_headline_that_everybody_has_tells_nothing(archive: Archive, feed: int, google: int) -> None:
    wire = [page(f"https://paper{number}.example/doha") for number in range(CROWD - 2)]
    archive.candidates.note(1, feed, [page(), *wire], NOW)
    archive.candidates.note(1, google, [lost()], NOW)
    assert resolve(archive, 1, NOW) == 1
    archive.candidates.note(1, google, [lost("b")], NOW)
    assert resolve(archive, 1, NOW) == 0


def test_the_newest_links_are_looked_at_and_no_more_of_them_than_that(archive: Archive, feed: int, google: int) -> None:
    archive.candidates.note(1, feed, [page()], NOW)
    archive.candidates.note(1, google, [lost("old"), *(lost(str(n), key=n) for n in range(MOST))], NOW)
    assert resolve(archive, 1, NOW) == 0
    archive.candidates.note(1, google, [lost("new")], NOW)
    assert resolve(archive, 1, NOW) == 1


@pytest.mark.parametrize("is_analyzed", [False, True])
def test_headlines_are_looked_up_in_their_index(archive: Archive, feed: int, google: int, is_analyzed: bool) -> None:
    many = [page(f"https://h{n}.example/{n}", key=n) for n in range(5_000)]
    archive.candidates.note(1, feed, many, NOW)
    archive.candidates.note(1, google, [lost(str(n), key=n) for n in range(100)], NOW)
    if is_analyzed:
        archive.db.execute("ANALYZE")
    plan = str(archive.db.execute(f"EXPLAIN QUERY PLAN {MATCHES}", {"topic": 1}).fetchall())
    assert "SEARCH candidates USING INDEX candidates_state (topic_id=? AND state=?)" in plan
    assert "SEARCH c USING INDEX candidates_title (topic_id=? AND title_key=?)" in plan
    assert "SEARCH t USING COVERING INDEX candidates_title (topic_id=? AND title_key=?)" in plan
    assert "SCAN c" not in plan


def steps(archive: Archive) -> int:
    """How many of SQLite's own steps it takes, without a clock."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    archive.db.conn.set_progress_handler(count, 100)
    try:
        resolve(archive, 1, NOW)
    finally:
        archive.db.conn.set_progress_handler(None, 0)
    return counted * 100


def test_the_cost_is_that_of_the_unresolved_links_whatever_else_is_there(
    archive: Archive, feed: int, google: int
) -> None:
    archive.candidates.note(1, google, [lost(str(n), key=n) for n in range(100)], NOW)
    archive.candidates.note(1, feed, [page(f"https://h{n}.example/{n}", key=-n) for n in range(1_000)], NOW)
    before = steps(archive)
    archive.candidates.note(1, feed, [page(f"https://h{n}.example/{n}", key=-n) for n in range(20_000)], NOW)
    assert steps(archive) <= before * 1.1
