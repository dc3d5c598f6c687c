"""What is thought of a source, by how it answered; the reasons are those that channels and refusals really give."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.channels import CHANNELS
from crawler.channels.ask import Answer, Ask
from crawler.verdicts import HOPELESS, WORDS, Signs, verdict
from pipelines.items import Page
from pipelines.topic import Source, Topic

NOW = datetime(2019, 2, 1, 12, tzinfo=UTC)
FEED, SITE = "https://daily.example/feed", "https://daily.example/"
RSS = "<rss><channel><item><title>Envoys meet</title><link>/a</link></item></channel></rss>"


def row(url: str = FEED, **columns: Any) -> dict[str, Any]:
    """A source as the archive has it, well unless the columns say otherwise."""
    well = {
        "channel": "feeds", "url": url, "last_asked": "2019-02-01T11:00:00Z", "last_status": "complete",
        "last_reason": "", "last_success": "2019-02-01T11:00:00Z", "last_listed": "2019-02-01T11:00:00Z",
        "failures": 0, "items": 20, "moved_to": "", "seconds": 0.4, "newest": "2019-02-01T10:00:00Z",
    }  # fmt: skip
    return well | columns


def answered(answer: Answer, url: str = FEED, **columns: Any) -> dict[str, Any]:
    """The row of a source that gave an answer."""
    good = answer.status in ("complete", "saturated")
    about = {"last_status": answer.status, "last_reason": answer.reason, "items": len(answer.candidates)}
    return row(url, **about, failures=0 if good else 1, **columns)


def read(body: str | bytes, channel: str = "feeds", url: str = FEED, *, status: int = 200, **window: date) -> Answer:
    ask = Ask(url=url, source=Source(channel=channel, url=url), kind="sitemap" if channel == "sitemaps" else "feed")
    raw = body.encode() if isinstance(body, str) else body
    page = Page(url=url, status=status, headers=(), body=raw, fetched=NOW)
    return CHANNELS[channel].read(ask, page, Topic(name="t", **window), NOW)  # type: ignore[arg-type]  # dates only


NAMING = '<html><link rel="alternate" type="application/rss+xml" href="/rss.xml"></html>'
SITEMAP = "<urlset><url><loc>https://daily.example/a</loc><lastmod>2011-01-01</lastmod></url></urlset>"
ANSWERS = {
    "a feed": (read(RSS), FEED, "good", "1 listed"),
    "not modified": (read("", status=304), FEED, "empty", "lists nothing"),
    "gone": (read("", status=404), FEED, "dead", "HTTP 404): name its site's front page"),
    "gone for good": (read("", status=410), SITE, "dead", "HTTP 410): name a page or feed of it"),
    "forbidden": (read("", status=403), FEED, "blocked", "keeps programs out"),
    "a login": (read("", status=401), FEED, "paywall", "a login or a payment"),
    "withheld": (read("", status=451), FEED, "blocked", "legal reasons"),
    "too many": (read("", status=429), FEED, "resting", "asked to be left alone"),
    "in trouble": (read("", status=503), FEED, "failing", "HTTP 503 (1 failure in a row"),
    "consent": (read("x", url="https://consent.daily.example/"), FEED, "consent", "consent page"),
    "a page with feeds": (read(NAMING), FEED, "page", "it names https://daily.example/rss.xml; write that"),
    "a page without": (read("<html>"), FEED, "page", "channel sections or sitemaps"),
    "a front page without": (read("<html>", url=SITE), SITE, "page", "channel sections or sitemaps"),
    "a sitemap as feed": (read(SITEMAP), FEED, "wrong channel", 'write channel = "sitemaps"'),
    "a page as sitemap": (read("<html>", "sitemaps"), FEED, "page", "not a sitemap: name its site's front page"),
    "cut": (read(RSS[:-30]), FEED, "broken", "cut short"),
    "a broken zip": (read(b"\x1f\x8b\x08\x00" + b"\xff" * 99), FEED, "broken", ""),
    "nothing at all": (read(""), FEED, "broken", "an empty body"),
    "words": (read("hello"), FEED, "broken", "neither a feed nor a page"),
    "other json": (read('{"error": 1}'), FEED, "broken", "JSON without items"),
    "no links": (read(RSS.replace("/a", "")), FEED, "broken", "no usable link"),
    "an empty feed": (read("<rss><channel></channel></rss>"), FEED, "empty", "lists nothing"),
    "nothing of the window": (
        read(SITEMAP, "sitemaps", since=date(2018, 10, 1)), FEED, "good", "1 entry outside of the topic's window",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "url", "word", "advice"), ANSWERS.values(), ids=ANSWERS.keys())
def test_what_a_channel_read_becomes_a_verdict(answer: Answer, url: str, word: str, advice: str) -> None:
    found = verdict(answered(answer, url), NOW)
    assert found.word == word
    assert advice in found.advice


REFUSALS = {
    "robots": ("robots: robots.txt disallows it", "blocked", "its robots.txt keeps programs out"),
    "private": ("guard: 127.0.0.1 is not a public address", "refused", "127.0.0.1 is not a public address; where"),
    "port": (
        "guard: port 8080 of daily.example; name it in the topic's ports", "refused",
        "port 8080 of daily.example; name it in the topic's ports",
    ),
    "resting": ("retry-after: HTTP 429, asked to stay away until 2019-02-01T13:00:00Z", "resting", "left alone"),
    "no name": (
        "robots: robots.txt could not be had: DNS lookup failed: no results for hostname lookup: d.example.", "dead",
        "no such host",
    ),
    "closed": (
        "robots: robots.txt could not be had: Connection was refused by other side: 111: Connection refused.",
        "failing", "refused by other side",
    ),
    "hung up": ("DownloadFailedError: Connection was closed cleanly.", "failing", "closed cleanly"),
    "slow to death": ("DownloadTimeoutError: no whole answer within 60 s", "failing", "within 60 s"),
    "broke off": ("CutShort: the answer broke off before its end", "broken", "broke off"),
    "robots in trouble": ("robots: robots.txt could not be had: HTTP 500", "failing", "HTTP 500"),
    "something new": ("SurpriseError: what?", "failing", "SurpriseError: what? (1 failure in a row, never well)"),
}  # fmt: skip


@pytest.mark.parametrize(("reason", "word", "advice"), REFUSALS.values(), ids=REFUSALS.keys())
def test_what_kept_a_source_from_being_asked_becomes_a_verdict(reason: str, word: str, advice: str) -> None:
    found = verdict(row(last_status="refused", last_reason=reason, failures=1, last_success=None), NOW)
    assert found.word == word
    assert advice in found.advice


@pytest.mark.parametrize("case", ["closed", "hung up", "slow to death"])
def test_where_nobody_answers_again_and_again_a_source_is_dead(case: str) -> None:
    reason = REFUSALS[case][0]
    words = [
        verdict(row(last_status="failed", last_reason=reason, failures=failures), NOW).word
        for failures in range(1, HOPELESS + 1)
    ]
    assert words == ["failing"] * (HOPELESS - 1) + ["dead"]
    told = verdict(row(last_status="failed", last_reason=reason, failures=7), NOW).advice
    assert told.endswith("(7 failures in a row, well on 2019-02-01)")


def test_a_name_that_was_known_is_missed_for_a_while_before_it_counts_as_dead() -> None:
    about = {"last_status": "refused", "last_reason": REFUSALS["no name"][0]}
    words = [verdict(row(**about, failures=failures), NOW).word for failures in range(1, HOPELESS + 1)]
    assert words == ["failing"] * (HOPELESS - 1) + ["dead"]


def test_a_server_in_trouble_is_failing_and_not_dead() -> None:
    assert verdict(row(last_status="failed", last_reason="HTTP 503", failures=9), NOW).word == "failing"


NAMES_ONE = "a page that names 1 feed: https://daily.example/rss.xml"
WELL = {
    "never asked": ({"last_asked": None}, "not asked", "`dossier sources check` asks it"),
    "unchanged": ({"last_reason": "not modified"}, "good", "20 listed; unchanged since the last look"),
    "more than we read": (
        {"last_status": "saturated", "last_reason": "more than 50,000 entries; the rest is left unread"}, "good",
        "20 listed; more than 50,000 entries",
    ),
    "moved": ({"moved_to": "https://www.daily.example/feed"}, "moved", "write https://www.daily.example/feed into"),
    "moved and slow": ({"moved_to": "https://www.daily.example/feed", "seconds": 40.0}, "moved", ""),
    "slow": ({"seconds": 12.4}, "slow", "took 12 s to answer; 20 listed"),
    "quick enough": ({"seconds": 10.0}, "good", "20 listed"),
    "old": ({"newest": "2018-11-30T00:00:00Z"}, "stale", "its newest is of 2018-11-30"),
    "of this season": ({"newest": "2018-12-05T00:00:00Z"}, "good", ""),
    "undated": ({"newest": None}, "good", ""),
    "nothing": ({"items": 0}, "empty", "take it out"),
    "a site without sitemaps": (
        {"url": SITE, "items": 0, "last_reason": "robots.txt names no sitemap; asking the usual places"}, "empty",
        "names no sitemap",
    ),
    "a site with sitemaps": ({"url": SITE, "items": 900, "documents": [FEED] * 3}, "good", "900 listed in 3 documents"),
    "a front page whose feeds list": (
        {"url": SITE, "documents": [f"{SITE}rss.xml"], "last_reason": NAMES_ONE}, "good",
        "20 listed in 1 document; a page that names 1 feed: https://daily.example/rss.xml",
    ),
    "a front page whose feeds list nothing": (
        {"url": SITE, "items": 0, "last_reason": NAMES_ONE}, "page",
        "it names https://daily.example/rss.xml",
    ),
    "a feed that was guessed": (
        {"url": SITE, "documents": [f"{SITE}rss.xml"],
         "last_reason": "a page that names no feed of its outlet; asking the usual places"}, "good",
        "20 listed in 1 document; found at https://daily.example/rss.xml",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("columns", "word", "advice"), WELL.values(), ids=WELL.keys())
def test_a_source_that_answered_is_judged_by_what_and_how(columns: dict[str, Any], word: str, advice: str) -> None:
    found = verdict(row(**columns), NOW)
    assert found.word == word
    assert advice in found.advice


@given(
    st.text(), st.sampled_from(["complete", "saturated", "refused", "failed"]), st.integers(0, 99), st.integers(0, 99),
    st.none() | st.floats(0, 99), st.none() | st.integers(-9_999, 0),
)  # fmt: skip
def test_any_row_has_a_verdict(
    reason: str, status: str, failures: int, items: int, seconds: float | None, days: int | None
) -> None:
    newest = None if days is None else (NOW + timedelta(days=days)).isoformat()
    columns = {"last_reason": reason, "last_status": status, "failures": failures, "items": items}
    found = verdict(row(**columns, seconds=seconds, newest=newest), NOW)
    assert found.word in WORDS
    assert found.advice


SIGNS = {
    "silent": ({"silent": "nothing new since May"}, {}, "silent", "answers, but nothing new since May: look at it"),
    "silent and moved": ({"silent": "nothing new"}, {"moved_to": SITE}, "silent", ""),
    "silent since it lists nothing": ({"silent": "nothing new since May"}, {"items": 0}, "empty", "since May"),
    "pages of another kind": ({"changed": "no dates"}, {}, "changed", "its pages have changed: no dates"),
    "pages that cannot be had": ({"missed": "8 of its last 9 pages"}, {}, "blocked", "8 of its last 9 pages could not"),
    "a paywall": ({"walled": "8 of its last 8 articles"}, {}, "paywall", "stand behind a paywall"),
    "less than usual": ({"few": "3 new links"}, {}, "few", "3 new links: look whether"),
    "moved, and less than usual": ({"few": "3 new links"}, {"moved_to": SITE}, "moved", ""),
    "failing, whatever it was before": ({"silent": "nothing"}, {"last_status": "failed"}, "failing", ""),
}  # fmt: skip


@pytest.mark.parametrize(("signs", "columns", "word", "advice"), SIGNS.values(), ids=SIGNS)
def test_what_its_days_and_pages_tell_becomes_a_verdict(
    signs: dict[str, str], columns: dict[str, Any], word: str, advice: str
) -> None:
    found = verdict(row(**columns), NOW, Signs(**signs))
    assert found.word == word
    assert advice in found.advice
