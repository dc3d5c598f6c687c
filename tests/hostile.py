"""Documents that are as costly to read as their size allows: one unit over and over, after a fitting beginning."""

from __future__ import annotations

import gzip

RSS = '<?xml version="1.0"?><rss version="2.0"><channel>'
HTML = "<!doctype html><html><body>"
CDX = '[["urlkey","timestamp","original"],'
GOOGLE = "https://news.google.com/rss/articles/CBMi"
CLUSTER = (
    f"<item><title>Envoys</title><link>{GOOGLE}{{n}}</link><description>"
    f'&lt;ol&gt;&lt;li&gt;&lt;a href="{GOOGLE}{{n}}a"&gt;Envoys&lt;/a&gt;</description></item>'
)
WARC = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2021-03-01T12:00:00Z\r\nContent-Type: application/http\r\n"
HTTP = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<title>Envoys' talks in Doha</title>\r\n"

# By name: how a document begins, and what it repeats; `{n}` is another number each time.
UNITS = {
    "half anchors": (HTML, "<a href"),
    "open anchors": (HTML, "<a href='/world/2021/03/01/envoys-{n}'>"),
    "anchors": (HTML, "<a href='/world/2021/03/01/envoys-talks-in-doha-{n}'>Envoys meet for talks {n}</a>"),
    "numbered pages": (HTML, "<a href='/world/?page={n}'>{n}</a>"),
    "headings": (HTML, "<h2><a href='/{n}'>Envoys"),
    "nested boxes": (HTML, "<div>"),
    "titles": (HTML, "<title>"),
    "scripts": (HTML, "<script>"),
    "bases": (HTML, "<base href='a/'>"),
    "next pages": (HTML, "<link rel=next href='/?page={n}'>"),
    "feeds of a page": (HTML, "<link rel=alternate type=application/rss+xml href='/f{n}'>"),
    "items": (RSS, "<item><title>Envoys {n}</title><link>https://daily.example/{n}</link></item>"),
    "clusters": (RSS, CLUSTER),
    "one cluster": (
        f"{RSS}<item><title>Envoys</title><link>{GOOGLE}</link><description>",
        f'&lt;li&gt;&lt;a href="{GOOGLE}{{n}}a"&gt;Envoys&lt;/a&gt;',
    ),
    "parameters": (f"{RSS}<item><link>http://www.bing.com/news/apiclick.aspx?", "a=1&amp;"),
    "URLs": ("<urlset>", "<url><loc>https://daily.example/world/{n}</loc></url>"),
    "sitemaps": ("<sitemapindex>", "<sitemap><loc>https://daily.example/sitemap-{n}.xml</loc></sitemap>"),
    "references": (f"{RSS}<item><title>", "&#x"),
    "entities": (f"{RSS}<item><title>", "&lt;"),
    "sections": (RSS, "<![CDATA["),
    "comments": ("", "<!--"),
    "depth": (RSS, "<a>"),
    "end tags": (RSS, "</a></b>"),
    "quotes": ('<a b="', '"'),
    "open tags": ("", "<"),
    "articles": ('{"articles":[', '{"url":"https://daily.example/{n}","title":"a","seendate":"20210301T120000Z"},'),
    "lists of articles": ("", '{"articles":['),
    "half articles": ('{"articles":[', '{"url":"'),
    "brackets": ("", "["),
    "objects": ("", '{"a":'),
    "escaped quotes": ('{"articles":["', 'a\\"'),
    "JSON items": ('{"version":"https://jsonfeed.org/version/1.1","items":[', '{"url":"/{n}","title":"envoys"},'),
    "surrogates": ('{"items":[{"title":"', "\\ud800"),
    "index rows": (CDX, '["example,daily)/{n}","20210224120000","https://daily.example/envoys-talks-{n}"],'),
    "index strings": (f'{CDX}["', 'a\\"'),
    "index heads": ("", CDX),
    "half rows": (CDX, '["a"'),
    "file lines": (
        "",
        '{"date":"2021-03-01T12:00:00Z","url":"https://daily.example/{n}","title":"envoys doha talks"}\n',
    ),
    "half lines": ("", '{"title":"envoys talks doha'),
    "names of files": ("", "crawl-data/CC-NEWS/2021/02/CC-NEWS-20210228000000-{n}.warc.gz\n"),
    "versions": ("", "WARC/1.0\r\n"),
    "records": (
        "",
        f"{WARC}WARC-Target-URI: https://daily.example/envoys-{{n}}\r\nContent-Length: 82\r\n\r\n{HTTP}\r\n\r\n",
    ),
    "empty records": ("", f"{WARC}Content-Length: 0\r\n\r\n\r\n\r\n"),
    "fields": ("WARC/1.0\r\n", "A: b\r\n"),
    "folded fields": ("WARC/1.0\r\nA: b\r\n", " b\r\n"),
    "one line": ("", "a"),
    "empty lines": ("", "\n"),
    "old line ends": ("", "\r"),
    "addresses": ("", "https://daily.example/envoys-{n}\n"),
    "steps up": ("https://daily.example/", "../"),
    "robots lines": ("", "Sitemap: https://daily.example/{n}.xml\n"),
    "robots words": ("", "sitemap "),
    "tabs": ("Sitemap:", "\t"),
    "blanks": ("", " "),
    "zeros": ("", "\0"),
    "half characters": ("\ufeff", "a\0"),
    "emoji": ("", "\U0001f600"),
    "ideographs": ("", "\u4e00"),
    "limits": ("", "limit  requests  to  "),
    "wide lines": ("", "\U0001f600" + "a" * 1_000 + "\n"),
    "wide JSON": ('{"items":[{"url":"/a","title":"', "\U0001f600" + "a" * 1_000),
}
MEMBERS = {
    "empty members": gzip.compress(b"", mtime=0),
    "members": gzip.compress(b"x", mtime=0),
    "beginnings of members": b"\x1f\x8b\x08",
    "broken members": gzip.compress(b"WARC/1.0\r\n", mtime=0)[:-9],
    "members of records": gzip.compress((UNITS["records"][1].replace("{n}", "1")).encode(), mtime=0),
}
ZIPPED = (
    "records",
    "empty records",
    "items",
    "URLs",
    "file lines",
    "index rows",
    "one line",
    "addresses",
    "wide lines",
    "wide JSON",
)
NAMES = (*UNITS, *MEMBERS, *(f"zipped {name}" for name in ZIPPED))


def hostile(name: str, size: int) -> bytes:
    """A document of about so many bytes; of a zipped one, as many bytes as five times its contents have, at most."""
    if name in MEMBERS:
        return MEMBERS[name] * (size // len(MEMBERS[name]))
    if name.startswith("zipped "):
        return gzip.compress(_text(name.removeprefix("zipped "), 5 * size), 1, mtime=0)[:size]
    return _text(name, size)


def _text(name: str, size: int) -> bytes:
    head, unit = UNITS[name]
    count = size // len(unit.encode())
    body = "".join(unit.replace("{n}", str(number)) for number in range(count)) if "{n}" in unit else unit * count
    return f"{head}{body}".encode()
