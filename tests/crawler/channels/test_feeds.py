from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from crawler.channels import CHANNELS
from crawler.channels.ask import Answer
from pipelines.topic import Source, Topic

Reader = Callable[..., Answer]
NOON = datetime(2019, 1, 29, 12, tzinfo=UTC)


def rss(*items: str, attributes: str = "") -> str:
    channel = f"<channel><title>Daily</title>{''.join(items)}</channel>"
    return f'<?xml version="1.0"?><rss version="2.0"{attributes}>{channel}</rss>'


def item(inner: str = "", link: str = "https://daily.example/a") -> str:
    return f"<item><title>Envoys meet</title><link>{link}</link>{inner}</item>"


def urls(answer: Answer) -> list[str]:
    return [candidate.url for candidate in answer.candidates]


def test_only_the_sources_of_this_channel_are_asked() -> None:
    own = Source(channel="feeds", url="https://daily.example/feed.xml")
    other = Source(channel="sitemaps", url="https://daily.example/")
    asks = CHANNELS["feeds"].asks(Topic(name="t", sources=(other, own)), NOON)
    assert [(ask.url, ask.kind, ask.depth, ask.source) for ask in asks] == [(own.url, "feed", 0, own)]


def test_an_rss_item_becomes_a_candidate_with_title_date_summary_and_rank(read_feed: Reader) -> None:
    answer = read_feed(
        rss(
            item(
                "<pubDate>Tue, 29 Jan 2019 12:00:00 GMT</pubDate>"
                "<description>Talks &lt;b&gt;went on&lt;/b&gt;.</description>"
            ),
            item(link="https://daily.example/b"),
        )
    )
    first, second = answer.candidates
    assert (answer.status, answer.reason, answer.asks) == ("complete", "", ())
    assert (first.url, first.title, first.published, first.summary, first.rank) == (
        "https://daily.example/a",
        "Envoys meet",
        NOON,
        "Talks went on.",
        0,
    )
    assert (second.rank, second.published) == (1, None)


RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://daily.example/"><title>Daily</title>'
    '<link>https://daily.example/</link><items><rdf:Seq><rdf:li resource="https://daily.example/a"/></rdf:Seq></items>'
    '</channel><item rdf:about="https://daily.example/a"><title>Envoys meet</title>{link}'
    "<dc:date>2019-01-29T12:00:00Z</dc:date></item></rdf:RDF>"
)
ATOM_1 = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Daily</title><link rel="self" href="https://daily.example/self"/>'
    '<entry><title>Envoys meet</title><link href="https://daily.example/a"/><id>tag:daily.example,2019:a</id>'
    "<published>2019-01-29T12:00:00Z</published><updated>2019-01-30T12:00:00Z</updated></entry></feed>"
)
ATOM_03 = (
    '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry><title mode="escaped">Envoys meet</title>'
    '<link rel="alternate" type="text/html" href="https://daily.example/a"/><issued>2019-01-29T12:00:00Z</issued>'
    "<modified>2019-02-01T00:00:00Z</modified></entry></feed>"
)
JSON_FEED = (
    '{"version": "https://jsonfeed.org/version/1.1", "title": "Daily", "items": [{"id": "1", '
    '"url": "https://daily.example/a", "title": "Envoys meet", "date_published": "2019-01-29T12:00:00Z"}]}'
)
FORMS = {
    "rss 2.0": rss(item("<pubDate>Tue, 29 Jan 2019 12:00:00 +0000</pubDate>")),
    "rss 0.91 with its document type": (
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
        f'"http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel>'
        f"{item('<pubDate>29 Jan 19 12:00 UT</pubDate>')}</channel></rss>"
    ),
    "rss 2.0 in a namespace": rss(
        item("<pubDate>Tue, 29 Jan 2019 07:00:00 EST</pubDate>"), attributes=' xmlns="http://backend.userland.com/rss2"'
    ),
    "a channel without rss": f"<channel>{item('<dc:date>2019-01-29T12:00Z</dc:date>')}</channel>",
    "rdf": RDF.format(link="<link>https://daily.example/a</link>"),
    "rdf with nothing but its subject": RDF.format(link=""),
    "atom 1.0": ATOM_1,
    "atom 1.0 with a prefix": (
        '<a:feed xmlns:a="https://www.w3.org/2005/Atom/"><a:entry><a:title>Envoys meet</a:title>'
        '<a:link href="https://daily.example/a"/><a:updated>2019-01-29T12:00:00Z</a:updated></a:entry></a:feed>'
    ),
    "atom without a namespace": ATOM_1.replace(' xmlns="http://www.w3.org/2005/Atom"', ""),
    "atom 0.3": ATOM_03,
    "json feed 1.1": JSON_FEED,
    "json feed 1.0": JSON_FEED.replace("1.1", "1").replace('"id"', '"author": {"name": "R"}, "id"'),
    "json feed with only an external url": JSON_FEED.replace('"url"', '"external_url"'),
    "json feed whose id is the address": JSON_FEED.replace('"id": "1", "url"', '"id"'),
}


@pytest.mark.parametrize("body", FORMS.values(), ids=FORMS.keys())
def test_every_form_of_feed_says_the_same(read_feed: Reader, body: str) -> None:
    answer = read_feed(body, content_type="text/plain; charset=utf-16")
    assert [(c.url, c.title, c.published) for c in answer.candidates] == [
        ("https://daily.example/a", "Envoys meet", NOON)
    ]
    assert (answer.status, answer.reason) == ("complete", "")


DISGUISES = {
    "blank lines before": lambda text: b"\r\n \n" + text,
    "a byte order mark": lambda text: b"\xef\xbb\xbf" + text,
    "two byte order marks": lambda text: b"\xef\xbb\xbf\xef\xbb\xbf" + text,
    "a warning of the server's own": lambda text: (
        b"<br />\n<b>Warning</b>: Cannot send headers in <b>/x.php</b><br>\n" + text
    ),
    "a plain warning": lambda text: b"Notice: undefined index in feed.php on line 3\n" + text,
    "a comment before": lambda text: b"<!-- cached <rss> copy -->" + text,
    "an older declaration": lambda text: text.replace(
        b'<?xml version="1.0"?>', b'<?xml version="1.0" encoding="ISO-8859-1">'
    ),
    "utf-16": lambda text: text.decode().encode("utf-16"),
    "utf-16 without a mark": lambda text: text.decode().encode("utf-16-le"),
    "utf-16 big end first": lambda text: text.decode().encode("utf-16-be"),
    "declared utf-16, written utf-8": lambda text: text.replace(b"?>", b' encoding="utf-16"?>', 1),
    "zero bytes within": lambda text: text.replace(b"<item>", b"\x00<item>\x00"),
    "text after the end": lambda text: text + b"<!-- 0.1 s --> <script>x()</script>",
    "carriage returns": lambda text: text.replace(b"><", b">\r\n<"),
}


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_feed_is_known_under_whatever_surrounds_it(read_feed: Reader, disguise: Callable[[bytes], bytes]) -> None:
    body = rss(item("<title>Kābul: “talks”</title>").replace("<title>Envoys meet</title>", "")).encode()
    answer = read_feed(disguise(body), content_type="text/html; charset=iso-8859-1")
    assert [(c.url, c.title) for c in answer.candidates] == [("https://daily.example/a", "Kābul: “talks”")]
    assert answer.status == "complete"


@pytest.mark.parametrize(
    ("declared", "codec", "title"),
    [
        ("utf-8", "cp1252", "Envoys’ café"),
        ("iso-8859-1", "cp1252", "Envoys’ café"),
        ("utf-16", "cp1252", "Envoys’ café"),
        ("windows-1251", "cp1251", "Переговоры"),
        ("shift_jis", "cp932", "和平交渉"),
        ("gb2312", "gb18030", "和平谈判"),
        ("unicode_escape", "cp1252", "Envoys’ café"),
    ],
)
def test_a_charset_is_believed_only_where_the_bytes_agree(
    read_feed: Reader, declared: str, codec: str, title: str
) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?><rss><channel><item><title>{title}</title>'
    body = (text + "<link>https://daily.example/a</link></item></channel></rss>").encode(codec)
    assert [c.title for c in read_feed(body).candidates] == [title]


def test_the_header_names_a_charset_that_the_document_does_not(read_feed: Reader) -> None:
    body = rss(item()).replace("Envoys meet", "Мирные переговоры").encode("koi8-r")
    assert read_feed(body, content_type="text/xml; charset=KOI8-R").candidates[0].title == "Мирные переговоры"


def test_one_broken_character_does_not_change_the_charset_of_a_whole_feed(read_feed: Reader) -> None:
    body = rss(item("<description>ééé ééé ééé</description>")).encode() + b"<!-- \xe9 -->"
    assert read_feed(body).candidates[0].summary == "ééé ééé ééé"


LINKS = {
    "rss link": ("<link>https://daily.example/a</link>", "https://daily.example/a"),
    "blanks and lines around it": ("<link>\n  https://daily.example/a\n</link>", "https://daily.example/a"),
    "cdata": ("<link><![CDATA[https://daily.example/a?b=1&c=2]]></link>", "https://daily.example/a?b=1&c=2"),
    "cdata, escaped once too often": (
        "<link><![CDATA[https://daily.example/a?b=1&amp;c=2]]></link>",
        "https://daily.example/a?b=1&c=2",
    ),
    "cdata in two halves": (
        "<link><![CDATA[https://daily.]]><![CDATA[example/a]]></link>",
        "https://daily.example/a",
    ),
    "a bare ampersand": (
        "<link>https://daily.example/a?b=1&copy=2&c=3</link>",
        "https://daily.example/a?b=1&copy=2&c=3",
    ),
    "an escaped ampersand": (
        "<link>https://daily.example/a?b=1&amp;c=2&#38;d=3</link>",
        "https://daily.example/a?b=1&c=2&d=3",
    ),
    "href in rss": ('<link href="https://daily.example/a"/>', "https://daily.example/a"),
    "href without quotes": ("<link href=https://daily.example/a />", "https://daily.example/a"),
    "relative to the feed": ("<link>../2019/a.html</link>", "https://daily.example/2019/a.html"),
    "without a scheme": ("<link>//daily.example/a</link>", "https://daily.example/a"),
    "guid only": ("<guid>https://daily.example/a</guid>", "https://daily.example/a"),
    "guid that says so": ('<guid isPermaLink="true">https://daily.example/a</guid>', "https://daily.example/a"),
    "an empty link and a guid": ("<link/><guid>https://daily.example/a</guid>", "https://daily.example/a"),
    "the link before the guid": (
        "<guid>https://daily.example/?p=1</guid><link>https://daily.example/a</link>",
        "https://daily.example/a",
    ),
    "behind a counting service": (
        (
            '<link>https://feeds.feedburner.com/~r/d/1</link><feedburner:origLink xmlns:feedburner="'
            'http://rssnamespace.org/feedburner/ext/1.0">https://daily.example/a</feedburner:origLink>'
        ),
        "https://daily.example/a",
    ),
    "an atom link in rss": (
        '<atom:link rel="self" href="https://daily.example/x"/><atom:link href="https://daily.example/a"/>',
        "https://daily.example/a",
    ),
    "pictures and enclosures are no links": (
        (
            '<enclosure url="https://daily.example/a.mp3"/><media:content url="https://daily.example/a.jpg">'
            "<media:title>A picture</media:title></media:content><image><link>https://daily.example/i</link></image>"
            "<link>https://daily.example/a</link>"
        ),
        "https://daily.example/a",
    ),
    "xml:base on the item": (
        '<x xml:base="https://other.example/"><link>b</link></x><link xml:base="https://daily.example/2019/">a</link>',
        "https://daily.example/2019/a",
    ),
}


@pytest.mark.parametrize(("inner", "expected"), LINKS.values(), ids=LINKS.keys())
def test_the_link_of_an_item_is_found(read_feed: Reader, inner: str, expected: str) -> None:
    answer = read_feed(rss(f"<item><title>Envoys meet</title>{inner}</item>"), url="https://daily.example/rss/feed.xml")
    assert urls(answer) == [expected]


NO_LINKS = {
    "nothing": "",
    "a guid that is no link": '<guid isPermaLink="false">https://daily.example/?p=1</guid>',
    "a guid that is no address": "<guid>1234-5678</guid>",
    "another scheme": "<link>javascript:alert(1)</link>",
    "a file": "<link>file:///etc/passwd</link>",
    "no host": "<link>http://</link>",
    "a broken address": "<link>http://[daily</link>",
    "only the feed itself": '<atom:link rel="self" href="https://daily.example/feed"/>',
    "only an enclosure": '<enclosure url="https://daily.example/a.mp3" type="audio/mpeg"/>',
}


@pytest.mark.parametrize("inner", NO_LINKS.values(), ids=NO_LINKS.keys())
def test_an_item_without_a_usable_link_is_left_out_and_counted(read_feed: Reader, inner: str) -> None:
    answer = read_feed(rss(f"<item><title>Lost</title>{inner}</item>", item()))
    assert urls(answer) == ["https://daily.example/a"]
    assert (answer.status, answer.reason) == ("complete", "1 entry without a usable link")


def test_a_feed_of_which_no_item_can_be_used_is_refused_not_empty(read_feed: Reader) -> None:
    answer = read_feed(rss("<item><title>Lost</title></item>" * 3))
    assert (answer.status, answer.candidates) == ("refused", ())
    assert answer.reason == "no usable link in 3 entries"


def test_an_atom_entry_links_to_its_page_and_to_nothing_else(read_feed: Reader) -> None:
    links = "".join(
        f'<link rel="{rel}" href="https://daily.example/{rel}"/>'
        for rel in ("enclosure", "replies", "self", "hub", "edit", "via", "related", "shortlink")
    )
    entry = (
        f"<entry><title>Envoys meet</title>{links}<source><link href='https://wire.example/'/><title>Wire</title></source>"
        '<link rel="alternate" type="application/json" href="https://daily.example/a.json"/>'
        '<link rel="http://www.iana.org/assignments/relation/alternate" type="text/html" href="a"/></entry>'
    )
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/news/">{entry}</feed>'
    answer = read_feed(feed)
    assert [(c.url, c.title) for c in answer.candidates] == [("https://daily.example/news/a", "Envoys meet")]


def test_xml_base_is_joined_from_the_outside_in(read_feed: Reader) -> None:
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://cdn.example/x/"><entry xml:base="y/">'
        '<link href="z"/></entry><entry><link href="/z"/></entry></feed>'
    )
    assert urls(read_feed(feed)) == ["https://cdn.example/x/y/z", "https://cdn.example/z"]


TITLES = {
    "html names that xml does not know": ("Caf&eacute;&nbsp;&ndash; open", "Café – open"),
    "a bare ampersand": ("Research & development at AT&T", "Research & development at AT&T"),
    "escaped markup": ("The &lt;em&gt;last&lt;/em&gt; round", "The last round"),
    "escaped markup of words": ("Un&lt;b&gt;told&lt;/b&gt; story", "Untold story"),
    "markup in cdata": ("<![CDATA[The <i>last</i> round &amp; more]]>", "The last round & more"),
    "twice escaped": ("Talks &amp;amp; more, it&amp;#8217;s on", "Talks & more, it’s on"),
    "a sign of comparison": ("Turnout < 5 in villages", "Turnout < 5 in villages"),
    "an escaped comparison": ("Turnout &lt; 5 and &gt; 2", "Turnout < 5 and > 2"),
    "lines and blanks": ("\n  Envoys\n\t meet \n", "Envoys meet"),
    "numbers": ("&#8220;Peace&#x201D;", "“Peace”"),
    "characters that are none": ("En&#0;voys&#xFFFE; \x0bmeet&#x1b;[31m", "En�voys meet[31m"),
    "elements in the title": ("The <b>last</b> round", "The last round"),
    "a comment within": ("The <!-- final -->last round", "The last round"),
    "hidden characters": ("En\u00advoys\u200b \u202emeet", "Envoys meet"),
}


@pytest.mark.parametrize(("written", "read"), TITLES.values(), ids=TITLES.keys())
def test_a_title_is_plain_text(read_feed: Reader, written: str, read: str) -> None:
    answer = read_feed(rss(f"<item><title>{written}</title><link>https://daily.example/a</link></item>"))
    assert [c.title for c in answer.candidates] == [read]


def test_an_xhtml_title_is_plain_text(read_feed: Reader) -> None:
    words = "The <b>last</b> <i><u>ro</u>und</i>"
    title = f'<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{words}</div></title>'
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><entry>{title}<link href="/a"/></entry></feed>'
    assert [c.title for c in read_feed(feed).candidates] == ["The last round"]


def test_a_title_is_taken_from_another_vocabulary_where_the_own_one_is_silent(read_feed: Reader) -> None:
    inner = "<title> </title><dc:title>Envoys meet</dc:title><link>https://daily.example/a</link>"
    assert [c.title for c in read_feed(rss(f"<item>{inner}</item>")).candidates] == ["Envoys meet"]


def test_a_summary_is_plain_and_bounded(read_feed: Reader) -> None:
    html = "<p>First.</p><p>Second &amp;amp; third.</p><script>track()</script>" + "<p>word</p>" * 5_000
    summary = read_feed(rss(item(f"<content:encoded><![CDATA[{html}]]></content:encoded>"))).candidates[0].summary
    assert summary.startswith("First. Second &amp; third. word word")
    assert "track" not in summary
    assert 1_500 < len(summary) <= 2_000


def test_the_description_comes_before_the_whole_text(read_feed: Reader) -> None:
    inner = "<content:encoded>All of it</content:encoded><description>In short</description>"
    assert read_feed(rss(item(inner))).candidates[0].summary == "In short"


def test_a_prefix_means_what_its_uri_says(read_feed: Reader) -> None:
    feed = rss(
        item('<q:date>2019-01-29T12:00:00Z</q:date><dc:date xmlns:dc="urn:other">2001-01-01</dc:date>'),
        attributes=' xmlns:q="https://purl.org/dc/elements/1.1"',
    )
    assert read_feed(feed).candidates[0].published == NOON


def test_the_first_date_that_can_be_read_is_taken(read_feed: Reader) -> None:
    inner = "<pubDate>yesterday</pubDate><dc:date>2019-01-29T12:00:00Z</dc:date>"
    assert read_feed(rss(item(inner))).candidates[0].published == NOON


def test_the_same_page_is_announced_once(read_feed: Reader) -> None:
    again = item(link="HTTPS://Daily.example:443/a?utm_source=rss#top")
    answer = read_feed(rss(item(), again, item(link="https://daily.example/a?cid=2")))
    assert [(c.url, c.rank) for c in answer.candidates] == [
        ("https://daily.example/a", 0),
        ("https://daily.example/a?cid=2", 1),
    ]


def test_an_item_whose_end_is_missing_ends_where_the_next_begins(read_feed: Reader) -> None:
    body = rss(item().replace("</item>", ""), item(link="https://daily.example/b").replace("</item>", ""))
    assert urls(read_feed(body)) == ["https://daily.example/a", "https://daily.example/b"]


def test_markup_that_nobody_escaped_does_no_harm(read_feed: Reader) -> None:
    raw = "<description>One<br>two<p>three<img src=x.jpg>four</description>"
    answer = read_feed(
        rss(f"<item>{raw}<link>https://daily.example/a</link></item>", item(link="https://daily.example/b"))
    )
    assert urls(answer) == ["https://daily.example/a", "https://daily.example/b"]
    assert answer.candidates[0].summary == "Onetwothreefour"


@pytest.mark.parametrize("cut", [10, 25, 60, 75])
def test_of_a_feed_that_is_cut_the_whole_items_are_kept(read_feed: Reader, cut: int) -> None:
    second = item("<description>never seen</description>", link="https://daily.example/second")
    body = rss(item(), second)
    at = body.index(second) + cut
    answer = read_feed(body[:at])
    assert urls(answer) == ["https://daily.example/a"]
    assert answer.status == "failed"
    assert "cut short" in answer.reason


def test_a_feed_without_its_last_tags_counts_as_cut(read_feed: Reader) -> None:
    answer = read_feed(rss(item()).removesuffix("</channel></rss>"))
    assert (urls(answer), answer.status) == (["https://daily.example/a"], "failed")


def test_an_answer_that_came_in_part_is_failed_even_if_it_looks_whole(read_feed: Reader) -> None:
    answer = read_feed(rss(item()), is_whole=False)
    assert (urls(answer), answer.status) == (["https://daily.example/a"], "failed")


def test_of_a_json_feed_that_is_cut_the_whole_items_are_kept(read_feed: Reader) -> None:
    answer = read_feed(JSON_FEED.removesuffix("]}") + ', {"url": "https://daily.example/b", "ti')
    assert (urls(answer), answer.status) == (["https://daily.example/a"], "failed")


def test_items_of_json_may_be_of_any_type(read_feed: Reader) -> None:
    odd = '1, null, "x", [], {}, {"url": 5}, {"url": ["x"]}, {"url": "/a", "title": {"x": 1}, "summary": null}'
    answer = read_feed(f'{{"items": [{odd}]}}')
    assert [(c.url, c.title) for c in answer.candidates] == [("https://daily.example/a", "")]
    assert answer.reason == "3 entries without a usable link"


@pytest.mark.parametrize(
    "body", [rss(), '{"version": "https://jsonfeed.org/version/1", "items": []}'], ids=["rss", "json"]
)
def test_an_empty_feed_is_complete_with_nothing(read_feed: Reader, body: str) -> None:
    assert read_feed(body) == Answer()


REFUSED = {
    "an empty body": (b" \n", "an empty body"),
    "no words of ours": (b"hello", "neither a feed nor a page"),
    "another vocabulary": (b"<opml><outline xmlUrl='https://daily.example/feed'/></opml>", "neither a feed nor a page"),
    "json that is no feed": (b'{"error": "no such feed"}', "JSON without items: no JSON Feed"),
    "broken json": (b'{"error": ', "JSON that cannot be read"),
    "a sitemap": (b"<urlset><url><loc>https://daily.example/a</loc></url></urlset>", "a sitemap, not a feed"),
    "a page without feeds": (
        b"<html><head><title>Daily</title></head></html>",
        "a page that names no feed of its outlet",
    ),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "neither a feed nor a page"),
}


@pytest.mark.parametrize(("body", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_feed_is_refused_with_the_reason(read_feed: Reader, body: bytes, reason: str) -> None:
    answer = read_feed(body)
    assert (answer.status, answer.candidates, answer.asks) == ("refused", (), ())
    assert answer.reason.startswith(reason)


@pytest.mark.parametrize(
    ("status", "expected", "reason"),
    [
        (304, "complete", "not modified"),
        (403, "refused", "HTTP 403"),
        (429, "refused", "HTTP 429"),
        (404, "failed", "HTTP 404"),
        (410, "failed", "HTTP 410"),
        (500, "failed", "HTTP 500"),
        (302, "failed", "HTTP 302"),
    ],
)
def test_the_http_status_is_told(read_feed: Reader, status: int, expected: str, reason: str) -> None:
    answer = read_feed(rss(item()), status=status)
    assert (answer.status, answer.reason, answer.candidates) == (expected, reason, ())


def home(*links: str) -> str:
    return f"<!doctype html><html><head><title>Daily</title>{''.join(links)}</head><body><p>News</p></body></html>"


def alternate(href: str, kind: str = "application/rss+xml", more: str = "") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" {more}>'


def test_a_home_page_leads_to_its_feeds(read_feed: Reader) -> None:
    page = home(
        alternate("/rss.xml"),
        alternate("https://feeds.feedburner.com/daily", "application/atom+xml; charset=utf-8"),
        alternate("https://rss.daily.example/world", "text/xml"),
        alternate("/feed.json", "application/feed+json"),
        alternate("/rss.xml#again"),
    )
    answer = read_feed(page, url="https://daily.example/")
    assert [(ask.url, ask.kind, ask.depth) for ask in answer.asks] == [
        ("https://daily.example/rss.xml", "feed", 1),
        ("https://feeds.feedburner.com/daily", "feed", 1),
        ("https://rss.daily.example/world", "feed", 1),
        ("https://daily.example/feed.json", "feed", 1),
    ]
    assert all(ask.source.url == "https://daily.example/" for ask in answer.asks)
    assert (answer.status, answer.candidates) == ("complete", ())


NOT_FOLLOWED = {
    "another outlet": alternate("https://elsewhere.example/rss.xml"),
    "comments": alternate("/comments/feed/"),
    "comments by title": alternate("/feed2/", more='title="Daily » Comments Feed"'),
    "a programming interface": alternate("/wp-json/wp/v2/pages/2", "application/json"),
    "another language": alternate("/fr/", "text/html"),
    "a style sheet": '<link rel="alternate stylesheet" type="text/xml" href="/style.xml">',
    "in a comment": f"<!-- {alternate('/old.xml')} -->",
    "in a script": f"<script>document.write('{alternate('/x.xml')}')</script>",
    "another scheme": alternate("feed://daily.example/x.xml"),
    "the page itself": alternate("/"),
    "no address": alternate(""),
    "a broken address": alternate("http://[::x"),
}


@pytest.mark.parametrize("link", NOT_FOLLOWED.values(), ids=NOT_FOLLOWED.keys())
def test_not_every_link_of_a_page_is_a_feed_to_ask(read_feed: Reader, link: str) -> None:
    answer = read_feed(home(link, alternate("/rss.xml")), url="https://daily.example/")
    assert [ask.url for ask in answer.asks] == ["https://daily.example/rss.xml"]


def test_a_page_may_name_its_feed_in_its_headers_and_its_base_elsewhere(read_feed: Reader) -> None:
    answer = read_feed(
        home('<base href="/news/">', alternate("rss.xml")),
        url="https://daily.example/",
        headers=(("Link", '<https://api.w.org/>; rel="x", </atom>; rel="alternate"; type="application/atom+xml"'),),
    )
    assert [ask.url for ask in answer.asks] == ["https://daily.example/news/rss.xml", "https://daily.example/atom"]


def test_at_most_ten_feeds_of_a_page_are_asked(read_feed: Reader) -> None:
    answer = read_feed(home(*(alternate(f"/{number}.xml") for number in range(40))), url="https://daily.example/")
    assert [ask.url for ask in answer.asks] == [f"https://daily.example/{number}.xml" for number in range(10)]


def test_a_feed_address_that_answers_with_pages_is_followed_twice_and_no_further(read_feed: Reader) -> None:
    page = home(alternate("/next.xml"))
    depths = [[ask.depth for ask in read_feed(page, depth=depth).asks] for depth in range(4)]
    assert depths == [[1], [2], [], []]
    last = read_feed(page, depth=2)
    assert (last.status, last.reason) == ("refused", "a page where a feed was announced")


def test_a_page_that_names_itself_as_its_feed_is_not_asked_again(read_feed: Reader) -> None:
    answer = read_feed(
        home(alternate("/feed.xml"), alternate("/moved")), final_url="https://daily.example/moved", depth=1
    )
    assert (answer.status, answer.asks) == ("refused", ())


def test_after_a_redirect_the_feeds_of_the_new_home_are_followed(read_feed: Reader) -> None:
    answer = read_feed(home(alternate("/rss.xml")), url="https://old.example/", final_url="https://www.daily.example/")
    assert [ask.url for ask in answer.asks] == ["https://www.daily.example/rss.xml"]


@pytest.mark.parametrize("final", ["https://consent.daily.example/?c=1", "https://daily.example/consent/?to=/feed"])
def test_a_consent_page_is_refused_whatever_it_names(read_feed: Reader, final: str) -> None:
    answer = read_feed(home(alternate("https://daily.example/rss.xml")), final_url=final)
    assert (answer.status, answer.reason, answer.asks) == ("refused", "a consent page", ())
