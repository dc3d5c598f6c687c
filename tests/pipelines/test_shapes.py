from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.shapes import day_of, shape_of, slug_words
from pipelines.urls import canonical

HOST = "https://daily.example"

ARTICLES = {
    "a day and a slug": "/2019/01/29/envoys-meet/",
    "a month and a slug": "/world/2019/01/envoys",
    "a month by name": "/world/article/2019/nov/18/envoys/",
    "a day and a number": "/noticias/2022-05-04/074527.html",
    "a slug before the day": "/world/envoys-meet-in-doha/2019/01/29/",
    "four words": "/world/envoys-meet-in-doha",
    "four words with underscores": "/envoys_meet_in_doha.html",
    "an empty end": "/world/envoys-meet-in-doha/",
    "an index below": "/world/envoys-meet-in-doha/index.html",
    "an amp page": "/world/envoys-meet-in-doha/amp/",
    "a number": "/stories/3376705/",
    "a number behind a slug": "/news/world-europe-50473792",
    "a number before a slug": "/article/155970/collapse-of-talks",
    "a short slug and a short number": "/de/bieler-winterhechte--1026",
    "a mark and a number": "/news,142489.html",
    "a slug of two words with an ending": "/politik/envoys-doha.shtml",
    "an article's folder": "/de/artikel/anzahl-parteien",
    "a query": "/news/view.php?idx=8576&page=1",
    "an old permalink": "/?p=1204",
    "an opaque name": "/news/c8d9e0k1m2n3",
    "a uuid": "/news/60a0111a-c2d2-46c8-9e93-b16a374e6ba8",
    "persian words": "/fa/مذاکرات-صلح-در-دوحه",
    "chinese words": "/新闻/阿富汗和平谈判在多哈举行",
    "hindi words": "/देश/दोहा-में-शांति-वार्ता-शुरू",
    "cyrillic words": "/novosti/переговоры-в-дохе-начались",
    "below a section that is called archive": "/archive/63076",
    "below the latest": "/latest-news/envoys-meet-again-in-doha/",
}
SIGNPOSTS = {
    "a home page": "/",
    "its index": "/index.html",
    "a tag": "/tag/peace-talks-in-doha/",
    "a topic": "/news/topics/c8d9e0k1m2n3",
    "a theme": "/thema/friedensgespraeche-in-doha",
    "an author": "/autoren/mina-rahimi-12345",
    "a category": "/Category/world-news-of-the-day",
    "a search": "/search/envoys-meet-in-doha",
    "a search by query": "/?s=peace+talks",
    "a login": "/login?next=/2019/01/29/envoys-meet-in-doha",
    "privacy": "/service/privacy-policy",
    "imprint": "/impressum.html",
    "about": "/about/who-we-are-and-why",
    "subscribe": "/subscribe/",
    "a picture": "/2019/01/29/envoys-meet-in-doha.jpg",
    "a paper": "/2019/01/29/envoys-meet-in-doha.PDF",
    "a printed form": "/politics/envoys-meet-in-doha.print",
    "a printed form by query": "/2019/01/29/envoys-meet-in-doha?print=1",
    "a further page": "/world/page/2/",
    "a further page by query": "/world?page=2",
    "a far page by query": "/world?page=999",
    "entries further on": "/world?offset=200",
    "comments": "/2019/01/29/envoys-meet-in-doha/comments/",
    "pages of comments": "/2019/01/29/envoys-meet-in-doha/comment-page-2/",
    "a share": "/share/2019/01/29/envoys-meet-in-doha",
    "a service by two words": "/newsletter-subscriptions",
}
TRAPS = {
    "a loop": "/a/b/a/b/envoys-meet-in-doha",
    "thrice the same": "/a/b/a/c/a/envoys-meet-in-doha",
    "depth": "/a/b/c/d/e/f/g/h/i/j/k/l/envoys-meet-in-doha",
    "a day of a calendar": "/2019/01/29/",
    "a month of a calendar": "/archive/2019/01",
    "a day in one piece": "/calendar/2019-01-29",
    "a day by query": "/calendar?year=2019&month=1",
    "a java session": "/world/envoys-meet-in-doha.html;jsessionid=B01BDCE4530EF0FB9BD52A2652C1F167",
    "a php session": "/envoys-meet-in-doha?PHPSESSID=b01bdce4530ef0fb9bd52a2652c1f167",
    "a session": "/envoys-meet-in-doha?sid=b01bdce4530ef0fb9bd52a2652c1f167",
    "an asp session": "/(S(lit3py55t21z5v55vlm25s55))/envoys-meet-in-doha.aspx",
    "an endless page": "/world?page=100000",
    "facets by another script": "/world?sort=٣&page=²",
    "facets": "/world?sort=newest&region=asia",
    "many parameters": "/envoys-meet-in-doha?" + "&".join(f"{letter}=1" for letter in "abcdefghi"),
    "a long query": "/envoys-meet-in-doha?text2=" + "x" * 400,
}
OPEN = {
    "a section": "/world/",
    "a section of three words": "/arts-and-culture",
    "a section within another": "/world/asia",
    "a short slug": "/hund/eat-small/",
    "a word with a year": "/championship2024",
    "a number that is none": "/world?tag_nr=²",
}


def shapes(expected: str, paths: dict[str, str]) -> list[object]:
    return [pytest.param(expected, path, id=f"{expected}: {name}") for name, path in paths.items()]


@pytest.mark.parametrize(
    ("expected", "path"),
    [
        *shapes("article", ARTICLES),
        *shapes("signpost", SIGNPOSTS),
        *shapes("trap", TRAPS),
        *shapes("open", OPEN),
    ],
)
def test_an_address_has_a_shape(expected: str, path: str) -> None:
    assert shape_of(canonical(HOST + path)) == expected


@pytest.mark.parametrize("host", ["help", "shop", "account", "newsletter"])
def test_a_host_that_serves_readers_has_no_articles(host: str) -> None:
    assert shape_of(f"https://{host}.daily.example/2019/01/29/envoys-meet-in-doha") == "signpost"


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2019/01/29/envoys-meet", date(2019, 1, 29)),
        ("/2019/1/9/envoys-meet", date(2019, 1, 9)),
        ("/world/2019/nov/18/envoys-meet", date(2019, 11, 18)),
        ("/world/20190129/envoys-meet", date(2019, 1, 29)),
        ("/world/2019-01-29/074527.html", date(2019, 1, 29)),
        ("/article/2019-01-29-envoys-meet", date(2019, 1, 29)),
        ("/2019/02/30/envoys-meet", None),
        ("/2019/01/envoys-meet", None),
        ("/1919/01/29/envoys-meet", None),
        ("/envoys-remember-2001-09-11", None),
        ("/world/envoys-meet-20190129", None),
        ("/world/20190129-5", None),
        ("/world", None),
    ],
)
def test_a_day_counts_only_where_whole_segments_say_it(path: str, day: date | None) -> None:
    assert day_of(HOST + path) == day


def test_words_of_a_slug_are_counted_in_any_script() -> None:
    assert slug_words(f"{HOST}/world/envoys-meet-in-doha.html") == 4
    assert slug_words(canonical(f"{HOST}/阿富汗和平谈判在多哈举行")) == 6
    assert slug_words(f"{HOST}/") == 0


@given(st.text(st.sampled_from("abcXYZ0123456789-_/.%?&=;,()~ لम中й"), max_size=120))
def test_any_address_has_one_of_four_shapes(path: str) -> None:
    url = canonical(f"{HOST}/{path}")
    assert shape_of(url) in ("article", "open", "signpost", "trap")
    assert day_of(url) is None or 1990 <= day_of(url).year < 2100  # type: ignore[union-attr]  # or None, as said before


@given(st.sampled_from(["page", "p", "year", "sid", "id", "offset"]), st.text("0123456789²٣½a", max_size=12))
def test_no_digit_of_any_script_is_a_surprise(name: str, value: str) -> None:
    assert shape_of(canonical(f"{HOST}/world?{name}={value}")) in ("article", "open", "signpost", "trap")
    assert shape_of(canonical(f"{HOST}/{value}/{name}/{value}")) in ("article", "open", "signpost", "trap")
