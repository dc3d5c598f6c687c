from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from crawler.channels import CHANNELS
from crawler.channels.ask import Answer
from pipelines.topic import Source, Topic

Reader = Callable[..., Answer]
NOON = datetime(2019, 1, 29, 12, tzinfo=UTC)
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
SINCE, UNTIL = date(2018, 10, 1), date(2020, 3, 31)


def urlset(*entries: str, attributes: str = f' xmlns="{SITEMAP}"') -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset{attributes}>{"".join(entries)}</urlset>'


def entry(url: str = "https://daily.example/a", more: str = "") -> str:
    return f"<url><loc>{url}</loc>{more}</url>"


def index(*children: tuple[str, str]) -> str:
    inner = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}</sitemap>"
        for url, lastmod in children
    )
    return f'<sitemapindex xmlns="{SITEMAP}">{inner}</sitemapindex>'


def urls(answer: Answer) -> list[str]:
    return [candidate.url for candidate in answer.candidates]


def asked(answer: Answer) -> list[str]:
    return [ask.url.removeprefix("https://daily.example") for ask in answer.asks]


@pytest.mark.parametrize(
    ("source", "url", "kind"),
    [
        ("https://daily.example", "https://daily.example/robots.txt", "robots"),
        ("https://daily.example/", "https://daily.example/robots.txt", "robots"),
        ("http://daily.example:8080/", "http://daily.example:8080/robots.txt", "robots"),
        ("https://daily.example/robots.txt", "https://daily.example/robots.txt", "robots"),
        ("https://daily.example/news.xml", "https://daily.example/news.xml", "sitemap"),
        ("https://daily.example/?sitemap=1", "https://daily.example/?sitemap=1", "sitemap"),
    ],
)
def test_a_whole_site_is_asked_for_its_robots_txt_and_a_sitemap_for_itself(source: str, url: str, kind: str) -> None:
    own = Source(channel="sitemaps", url=source)
    topic = Topic(name="t", sources=(Source(channel="feeds", url=source), own))
    assert [(ask.url, ask.kind, ask.depth) for ask in CHANNELS["sitemaps"].asks(topic, NOON)] == [(url, kind, 0)]


@pytest.mark.parametrize(
    ("prefix", "uri"),
    [("news", NEWS), ("n", NEWS), ("x", NEWS.replace("http:", "https:")), ("news", f"{NEWS}/"), ("NEWS", NEWS)],
)
def test_a_news_sitemap_is_known_by_its_namespace_whatever_the_prefix(
    read_sitemap: Reader, prefix: str, uri: str
) -> None:
    news = (
        f"<{prefix}:news><{prefix}:publication><{prefix}:name>Daily</{prefix}:name></{prefix}:publication>"
        f"<{prefix}:access>Subscription</{prefix}:access><{prefix}:genres>Blog</{prefix}:genres>"
        f"<{prefix}:publication_date>2019-01-29T12:00Z</{prefix}:publication_date>"
        f"<{prefix}:title>Caf&eacute; &amp; talks</{prefix}:title></{prefix}:news>"
    )
    body = urlset(entry(more=news), attributes=f' xmlns="{SITEMAP}" xmlns:{prefix}="{uri}"')
    answer = read_sitemap(body)
    assert [(c.url, c.title, c.published, c.rank) for c in answer.candidates] == [
        ("https://daily.example/a", "Café & talks", NOON, 0)
    ]
    assert (answer.status, answer.reason) == ("complete", "")


def test_another_vocabulary_under_the_usual_prefix_is_no_news(read_sitemap: Reader) -> None:
    news = "<news:news><news:title>Not this</news:title></news:news>"
    answer = read_sitemap(urlset(entry(more=news), attributes=f' xmlns="{SITEMAP}" xmlns:news="urn:other"'))
    assert [(c.url, c.title) for c in answer.candidates] == [("https://daily.example/a", "")]


@pytest.mark.parametrize(
    "attributes",
    [
        f' xmlns="{SITEMAP}"',
        f' xmlns="{SITEMAP.replace("http:", "https:")}"',
        ' xmlns="http://www.google.com/schemas/sitemap/0.84"',
        ' xmlns="urn:nobody-knows"',
        "",
    ],
)
def test_a_plain_sitemap_gives_addresses_without_titles(read_sitemap: Reader, attributes: str) -> None:
    picture = (
        "<image:image><image:loc>https://daily.example/p.jpg</image:loc><image:title>P</image:title></image:image>"
    )
    more = "<lastmod>2019-01-29</lastmod><changefreq>daily</changefreq><priority>0.5</priority>" + picture
    answer = read_sitemap(urlset(entry(more=more), entry("https://daily.example/b?x=1&amp;y=2"), attributes=attributes))
    assert [(c.url, c.title, c.published, c.rank) for c in answer.candidates] == [
        ("https://daily.example/a", "", None, 0),
        ("https://daily.example/b?x=1&y=2", "", None, 1),
    ]


def test_a_prefixed_sitemap_is_read_too(read_sitemap: Reader) -> None:
    url = "<sm:url><sm:loc><![CDATA[ https://daily.example/a ]]></sm:loc></sm:url>"
    answer = read_sitemap(f'<sm:urlset xmlns:sm="{SITEMAP}">{url}</sm:urlset>')
    assert urls(answer) == ["https://daily.example/a"]


def test_what_lies_clearly_outside_of_the_window_is_left_out_and_counted(read_sitemap: Reader) -> None:
    def changed(name: str, lastmod: str) -> str:
        return entry(f"https://daily.example/{name}", f"<lastmod>{lastmod}</lastmod>")

    def published(name: str, day: str) -> str:
        return entry(
            f"https://daily.example/{name}",
            f"<lastmod>2021-01-01</lastmod><news:news><news:publication_date>{day}</news:publication_date></news:news>",
        )

    body = urlset(
        changed("untouched-since-2012", "2012-05-01"),
        changed("the-day-before", "2018-09-30"),
        changed("within", "2019-05-01"),
        changed("changed-later", "2024-01-01"),
        changed("no-date", "soon"),
        published("published-within", "2019-05-01"),
        published("published-on-the-last-day", "2020-03-31T23:00:00-11:00"),
        published("published-later", "2020-05-01"),
    )
    answer = read_sitemap(body, since=SINCE, until=UNTIL)
    assert [url.rpartition("/")[2] for url in urls(answer)] == [
        "the-day-before",
        "within",
        "changed-later",
        "no-date",
        "published-within",
        "published-on-the-last-day",
    ]
    assert (answer.status, answer.reason) == ("complete", "2 entries outside of the topic's window")
    assert len(read_sitemap(body).candidates) == 8


def test_an_index_is_asked_newest_first(read_sitemap: Reader) -> None:
    body = index(
        ("https://daily.example/old.xml", "2018-01-01"),
        ("https://daily.example/undated.xml", ""),
        ("https://daily.example/new.xml", "2019-01-30T10:00:00+04:30"),
        ("https://daily.example/archive-2018-12.xml", ""),
        ("https://daily.example/mid.xml", "2018-06-01"),
    )
    answer = read_sitemap(body)
    assert asked(answer) == ["/new.xml", "/archive-2018-12.xml", "/mid.xml", "/old.xml", "/undated.xml"]
    assert {(ask.kind, ask.depth, ask.source.url) for ask in answer.asks} == {
        ("sitemap", 1, "https://daily.example/sitemap.xml")
    }
    assert (answer.status, answer.candidates) == ("complete", ())


def test_with_a_window_in_the_past_the_index_is_asked_from_the_end_of_the_window(read_sitemap: Reader) -> None:
    body = index(
        ("https://daily.example/a.xml", "2025-01-01"),
        ("https://daily.example/b.xml", "2020-03-01"),
        ("https://daily.example/c.xml", "2019-01-01"),
        ("https://daily.example/d.xml", "2017-01-01"),
    )
    answer = read_sitemap(body, since=SINCE, until=UNTIL)
    assert asked(answer) == ["/b.xml", "/c.xml", "/a.xml"]
    assert answer.reason == "1 sitemap outside of the topic's window"


@pytest.mark.parametrize(
    ("name", "is_asked"),
    [
        ("sitemap-2019-01.xml", True),
        ("sitemap_201901.xml.gz", True),
        ("2019/01/29/sitemap.xml", True),
        ("sitemap.xml?yyyy=2019&amp;mm=1&amp;dd=29", True),
        ("post-sitemap-2019.xml", True),
        ("sitemap-2018-09-30.xml", True),
        ("sitemap-17.xml", True),
        ("sitemap-20190.xml", True),
        ("sitemap-2017-13.xml", False),
        ("sitemap-2018-08.xml", False),
        ("sitemap-2018-09-20.xml", False),
        ("sitemap_202005.xml", False),
        ("2012/sitemap.xml", False),
        ("sitemap.xml?yyyy=2024&amp;mm=1", False),
    ],
)
def test_an_index_child_says_its_month_in_its_address(read_sitemap: Reader, name: str, is_asked: bool) -> None:
    answer = read_sitemap(index((f"https://daily.example/{name}", "")), since=SINCE, until=UNTIL)
    assert bool(answer.asks) == is_asked


def test_in_a_long_index_a_number_is_no_year(read_sitemap: Reader) -> None:
    body = index(*((f"https://daily.example/sitemap-{number}.xml", "") for number in range(1_900, 2_100)))
    assert "outside" not in read_sitemap(body, since=SINCE, until=UNTIL).reason


def test_a_large_index_is_asked_in_part_and_says_so(read_sitemap: Reader) -> None:
    body = index(*((f"https://daily.example/{number}.xml", f"2019-01-01T00:{number:02d}:00Z") for number in range(60)))
    answer = read_sitemap(body)
    assert asked(answer) == [f"/{number}.xml" for number in range(59, 9, -1)]
    assert (answer.status, answer.reason) == ("saturated", "asks 50 of 60 sitemaps")


def test_of_a_large_index_without_dates_both_ends_come_first(read_sitemap: Reader) -> None:
    answer = read_sitemap(index(*((f"https://daily.example/{number}.xml", "") for number in range(200))))
    assert asked(answer)[:4] == ["/0.xml", "/199.xml", "/1.xml", "/198.xml"]


def test_sitemaps_of_news_come_first_and_of_pictures_last(read_sitemap: Reader) -> None:
    names = ("video", "posts", "google-news")
    answer = read_sitemap(index(*((f"https://daily.example/{name}.xml", "2019-01-01") for name in names)))
    assert asked(answer) == ["/google-news.xml", "/posts.xml", "/video.xml"]


def test_an_index_leads_to_its_own_outlet_only(read_sitemap: Reader) -> None:
    children = index(
        ("https://media.daily.example/s.xml", ""),
        ("https://elsewhere.example/s.xml", ""),
        ("https://cdn.example/s.xml", ""),
        ("http://[broken", ""),
    )
    assert [ask.url for ask in read_sitemap(children).asks] == ["https://media.daily.example/s.xml"]
    named_by_robots = read_sitemap(
        children, source="https://daily.example/", url="https://cdn.example/index.xml", depth=1
    )
    assert {ask.url for ask in named_by_robots.asks} == {
        "https://media.daily.example/s.xml",
        "https://cdn.example/s.xml",
    }


def test_an_index_that_names_itself_is_not_asked_again(read_sitemap: Reader) -> None:
    body = index(
        ("https://daily.example/sitemap.xml", "2019-01-01"),
        ("HTTPS://daily.example:443/sitemap.xml#x", "2019-01-01"),
        ("https://daily.example/moved.xml", "2019-01-01"),
        ("https://daily.example/b.xml", "2019-01-01"),
        ("https://daily.example/b.xml", "2019-01-02"),
    )
    assert asked(read_sitemap(body, final_url="https://daily.example/moved.xml")) == ["/b.xml"]


def test_two_indexes_that_name_each_other_come_to_an_end(read_sitemap: Reader) -> None:
    depth = 0
    while asks := read_sitemap(index(("https://daily.example/other.xml", "")), depth=depth).asks:
        depth = asks[0].depth
    assert depth == 3
    last = read_sitemap(index(("https://daily.example/other.xml", "")), depth=depth)
    assert (last.status, last.reason) == ("saturated", "an index nested deeper than 3 levels")


def test_a_sitemap_may_be_zipped_whatever_its_name_and_type_say(read_sitemap: Reader) -> None:
    body = urlset(entry()).encode()
    twice = gzip.compress(gzip.compress(body))
    in_two = gzip.compress(body[:60]) + gzip.compress(body[60:]) + b"\0" * 512
    for zipped in (gzip.compress(body), twice, in_two):
        answer = read_sitemap(zipped, content_type="text/html")
        assert (urls(answer), answer.status) == (["https://daily.example/a"], "complete")
    assert urls(read_sitemap(body, url="https://daily.example/sitemap.xml.gz")) == ["https://daily.example/a"]


@pytest.mark.parametrize("damage", ["cut", "broken"])
def test_of_a_zipped_sitemap_that_is_damaged_the_whole_entries_are_kept(read_sitemap: Reader, damage: str) -> None:
    many = [entry(f"https://daily.example/{number * 7919 % 100_003}") for number in range(20_000)]
    body = gzip.compress(urlset(*many).encode())
    at = len(body) // 2
    damaged = body[:at] if damage == "cut" else body[:at] + b"\xff" * 40 + body[at + 40 :]
    answer = read_sitemap(damaged)
    assert answer.status == "failed"
    assert "gzip" in answer.reason
    assert 1_000 < len(answer.candidates) < 20_000


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_list_of_addresses_is_a_sitemap(read_sitemap: Reader, ends: str) -> None:
    body = "\ufeff" + ends.join(["https://daily.example/a", "", " https://daily.example/b\t", "not an address", "x"])
    answer = read_sitemap(body)
    assert urls(answer) == ["https://daily.example/a", "https://daily.example/b"]
    assert (answer.status, answer.reason) == ("complete", "2 entries without a usable link")


def test_a_feed_may_serve_as_sitemap(read_sitemap: Reader) -> None:
    feed = "<rss><channel><item><title>Envoys meet</title><link>/a</link></item></channel></rss>"
    assert [(c.url, c.title) for c in read_sitemap(feed).candidates] == [("https://daily.example/a", "Envoys meet")]


ROBOTS = """\
User-agent: *
Disallow: /search
sitemap:https://daily.example/one.xml
 SITEMAP : https://daily.example/news.xml # for news
Sitemap:/relative.xml
Sitemap:
Sitemap: ftp://daily.example/x.xml
#Sitemap: https://daily.example/commented.xml
User-agent: other
Disallow: /
Sitemap: https://cdn.example/elsewhere.xml
Sitemap: https://daily.example/one.xml
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_robots_txt_leads_to_its_sitemaps_wherever_they_stand(read_sitemap: Reader, ends: str) -> None:
    answer = read_sitemap(ROBOTS.replace("\n", ends), kind="robots", url="https://daily.example/robots.txt")
    assert sorted(ask.url for ask in answer.asks) == [
        "https://cdn.example/elsewhere.xml",
        "https://daily.example/news.xml",
        "https://daily.example/one.xml",
        "https://daily.example/relative.xml",
    ]
    assert answer.asks[0].url == "https://daily.example/news.xml"
    assert {(ask.kind, ask.depth) for ask in answer.asks} == {("sitemap", 1)}
    assert answer.status == "complete"


def test_the_whole_robots_txt_is_read(read_sitemap: Reader) -> None:
    long = "User-agent: *\n" + "Disallow: /private/page\n" * 30_000 + "Sitemap: https://daily.example/last.xml"
    assert asked(read_sitemap(long, kind="robots", url="https://daily.example/robots.txt")) == ["/last.xml"]


@pytest.mark.parametrize(
    ("body", "status"),
    [("User-agent: *\nAllow: /\n", 200), ("", 200), ("<html>Sorry</html>", 200), ("gone", 404), ("gone", 410)],
)
def test_where_no_sitemap_is_named_the_usual_places_are_asked_one_by_one(
    read_sitemap: Reader, body: str, status: int
) -> None:
    answer = read_sitemap(body, kind="robots", url="https://daily.example/robots.txt", status=status)
    assert asked(answer) == ["/sitemap-news.xml"]
    assert {(ask.kind, ask.depth) for ask in answer.asks} == {("guess", 1)}
    assert (answer.status, answer.candidates) == ("complete", ())


@pytest.mark.parametrize(("status", "told"), [(403, "refused"), (429, "refused"), (500, "failed"), (304, "complete")])
def test_a_robots_txt_that_is_withheld_leads_nowhere(read_sitemap: Reader, status: int, told: str) -> None:
    answer = read_sitemap(ROBOTS, kind="robots", url="https://daily.example/robots.txt", status=status)
    assert (answer.status, answer.asks) == (told, ())


@pytest.mark.parametrize(
    ("body", "status"), [("", 404), ("", 410), ("<html><title>Not here</title></html>", 200), ("no", 200)]
)
def test_a_guess_that_fails_is_no_failure(read_sitemap: Reader, body: str, status: int) -> None:
    answer = read_sitemap(body, kind="guess", status=status, depth=1)
    assert (answer.status, answer.candidates) == ("complete", ())
    assert answer.reason.startswith("no sitemap at this usual place")
    assert [(ask.url, ask.kind, ask.depth) for ask in answer.asks] == [
        ("https://daily.example/sitemap_index.xml", "guess", 1)
    ]


def test_a_guess_that_hits_is_read_as_any_sitemap(read_sitemap: Reader) -> None:
    assert urls(read_sitemap(urlset(entry()), kind="guess", depth=1)) == ["https://daily.example/a"]
    assert asked(read_sitemap(index(("https://daily.example/b.xml", "")), kind="guess", depth=1)) == ["/b.xml"]


@pytest.mark.parametrize(("status", "told"), [(403, "refused"), (404, "failed"), (503, "failed"), (304, "complete")])
def test_the_http_status_of_a_sitemap_is_told(read_sitemap: Reader, status: int, told: str) -> None:
    answer = read_sitemap(urlset(entry()), status=status)
    assert (answer.status, answer.candidates) == (told, ())
    assert answer.reason == ("not modified" if status == 304 else f"HTTP {status}")


REFUSED = {
    "a page": (b"<!DOCTYPE html><html><body>Map of our site</body></html>", "a page, not a sitemap"),
    "words": (b"hello", "neither XML nor a list of addresses, not a sitemap"),
    "json": (b"{}", "JSON without items: no JSON Feed"),
    "nothing": (b"", "an empty body"),
}


@pytest.mark.parametrize(("body", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_sitemap_is_refused_with_the_reason(read_sitemap: Reader, body: bytes, reason: str) -> None:
    answer = read_sitemap(body)
    assert (answer.status, answer.reason, answer.candidates) == ("refused", reason, ())


def test_a_sitemap_of_which_no_entry_can_be_used_is_refused_not_empty(read_sitemap: Reader) -> None:
    answer = read_sitemap(urlset("<url><loc>mailto:desk@daily.example</loc></url>", "<url/>"))
    assert (answer.status, answer.reason) == ("refused", "no usable link in 2 entries")


def test_an_empty_sitemap_is_complete_with_nothing(read_sitemap: Reader) -> None:
    assert read_sitemap(urlset()) == read_sitemap(index()) == Answer()


def test_of_a_sitemap_that_is_cut_the_whole_entries_are_kept(read_sitemap: Reader) -> None:
    body = urlset(entry(), entry("https://daily.example/b"))
    answer = read_sitemap(body[: body.index("/b<") + 2])
    assert (urls(answer), answer.status) == (["https://daily.example/a"], "failed")


def test_of_an_index_that_is_cut_the_whole_children_are_asked(read_sitemap: Reader) -> None:
    body = index(("https://daily.example/a.xml", ""), ("https://daily.example/b.xml", ""))
    answer = read_sitemap(body[: body.index("/b.xml") + 3])
    assert (asked(answer), answer.status) == (["/a.xml"], "failed")
