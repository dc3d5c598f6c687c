"""Pages as nobody should write them: made from pieces that parsers choke on, or damaged at random."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

from hypothesis import strategies as st

URLS = (
    "https://courier.example/world/talks", "https://courier.example/2019/09/07/talks?id=7#top", "http://[", "", "x",
    "//", "https://courier.example:99999/%zz", "https://xn--/", "javascript:alert(1)",
    "https://courier.example/" + "a/" * 900,
)  # fmt: skip
CONTENT_TYPES = (
    "", "text/html", "text/html; charset=utf-8", "text/html; charset=windows-1252", "text/html;charset=EUC-JP",
    ";charset=", "text/html; charset=utf-7", "text/html; charset=idna", "charset='gb18030",
    "text/html; charset=utf-16", "charset=\x00",
)  # fmt: skip
CODECS = (
    "utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "koi8-r",
    "gb18030", "shift_jis", "iso2022_jp", "cp037",
)  # fmt: skip

PARAGRAPHS = (
    "Envoys of the two sides met again on Tuesday in a hotel at the edge of the city, for the first time in a week.",
    "They spoke for six hours about a truce in the southern provinces, and parted after dark without a word to anyone.",
    "A spokeswoman said that the talks would go on as long as both sides wished, and that nobody had left the table.",
    "میانجی‌ها می‌گویند گفت‌وگوها تا آخر هفته ادامه خواهد داشت و هیچ‌کس میز را ترک نکرده است.",
    "双方代表星期二在城边的一家旅馆再次会面，这是一周以来的第一次，会谈持续了六个小时。",
)
SIGNS = (
    "\x00", "\x08", "\x0b", "\x1b", "\x7f", "\x85", "\x9f", "\u00ad", "\u061c", "\u200b", "\u200c", "\u200d",
    "\u200e", "\u202e", "\u2028", "\u2066", "\u2425", "\ufdd0", "\ufeff", "\ufffe", "\uffff", "\U0001fffe",
    "\U0010ffff", "\U0001f600", "&#0;", "&#x1;", "&#xFFFE;", "&#x202E;", "&#xD800;", "&#128;", "&#146;", "&zwnj;",
    "&zwj;", "&shy;", "&nbsp;", "&amp;#0;", "&#x110000;", "&#99999999999;", "&" * 40, "&lt;script&gt;",
    "&amp;lt;p&amp;gt;", "&notanentity;", "&#" + "9" * 5_000 + ";", "\\u0000", "\\ud800", "\\u202e", "\\u0026#0;",
    "\\", '"', "'", "\n\n", "\t", "  ", "%00", "//", "<", ">", "]]>",
)  # fmt: skip
DATES = (
    "2019-09-07T10:00:00+02:00", "2019-09-07", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "1567843200", "99999999999999", "-1", "07/09/2019", "Sat, 07 Sep 2019 10:00:00 GMT", "2019-02-30",
    "2019-13-41T25:61:61Z", "１９９９年", "2019-09-07T10:00:00+99:99",
    "September 7, 2019 10:00 AM GMT+0200 (Central European Summer Time)", "NaN", "yesterday",
)  # fmt: skip
MARKUP = (
    "<p>", "</p>", "<div>", "</div>", "<article>", "</article>", "<main>", "<section>", "<h1>", "</h1>", "<h2>",
    "<a href='/x'>", "<a href='http://['>", "</a>", "<b>", "</b>", "<span class='share-x'>",
    "<table><tr><td colspan=100 rowspan=100>", "<td>", "</table>", "<ul><li>", "<li>", "</ul>", "<blockquote>",
    "<pre>", "<br>", "<hr>", "<img src=x alt=y>", "<figure><figcaption>", "</figure>", "<script>", "</script>",
    "<style>", "<svg><g>", "<math alttext='x'>", "<select><option>", "<textarea>", "<template>", "<noscript>",
    "<iframe srcdoc='<p>x'>", "<nav>", "</nav>", "<footer>", "<aside>", "<form>", "<details><summary>",
    "<time datetime=2019-09-07>", "<base href='//['>", "<base href=/b/>", "<meta charset=koi8-r>", "<title>",
    "</title>", "<head>", "</head>", "<body>", "</body>", "</html>", "<html lang=fa>", "<frameset>", "<!--", "-->",
    "<?xml version='1.0'?>", "<!DOCTYPE html>", "<![CDATA[",
    "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>&b;", "<x:y z:w=1>", "</x:y>",
    "<p class='byline author' id=\"'\" style='display:none'>", "<p hidden itemprop=articleBody>",
    "<" + "x" * 300 + ">", "<p a=", "<link rel=canonical href='http://['>",
    "<link rel=canonical href='https://courier.example/a\u202eb'>", "<1>", "</>", "<p/>", "<div class='paywall'>",
    "<div id=comments class='comment-list'>", "<h1>Envoys resume talks in Doha</h1>", "\x00", *PARAGRAPHS,
)  # fmt: skip
NAMES = (
    "og:title", "og:description", "og:image", "og:url", "og:site_name", "og:type", "og:locale", "author",
    "article:author", "article:published_time", "article:modified_time", "article:tag", "article:section",
    "keywords", "description", "date", "twitter:title", "content-language", "dc.date", "parsely-pub-date",
    "article:content_tier", "refresh", "robots", "x" * 300,
)  # fmt: skip
KEYS = (
    "@type", "@id", "@graph", "@context", "@value", "headline", "name", "alternativeHeadline", "author", "creator",
    "givenName", "familyName", "datePublished", "dateModified", "dateCreated", "articleBody", "articleSection",
    "description", "keywords", "image", "url", "publisher", "logo", "inLanguage", "isAccessibleForFree", "hasPart",
    "cssSelector", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "wordCount", "liveBlogUpdate",
    "coverageStartTime", "video", "thumbnailUrl",
)  # fmt: skip
TYPES = (
    "NewsArticle",
    "LiveBlogPosting",
    "BlogPosting",
    "Person",
    "Organization",
    "WebPage",
    "http://schema.org/Article",
    "x",
)

words = st.sampled_from((*PARAGRAPHS, *SIGNS, *DATES, "Jane Roe", "Courier", "a" * 3_000, "en-US", "/talks", "false"))
texts = st.lists(words | st.text(max_size=8), max_size=6).map("".join)
scalars = texts | st.sampled_from(TYPES) | st.none() | st.booleans() | st.integers() | st.floats() | st.just(10**400)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | texts, inner, max_size=6),
    max_leaves=20,
)
edits = st.lists(
    st.tuples(st.sampled_from("icfdr"), st.integers(0, 1 << 30), texts | st.sampled_from(MARKUP)), max_size=6
)


def script_of(value: object, wraps: str) -> str:
    """A script that holds a value as JSON-LD, in whichever way pages wrap and break it."""
    try:
        text = json.dumps(value, ensure_ascii=wraps == "ascii").replace("Infinity", "1e999")
    except ValueError:  # Python refuses to write a number of that many digits
        text = "1" * 5_000
    shown = {"comment": f"<!-- {text} -->", "cdata": f"//<![CDATA[\n{text}\n//]]>", "comma": text.replace("}", ",}")}
    return f'<script type="application/ld+json">{shown.get(wraps, text)}</script>'


scripts = st.builds(script_of, values, st.sampled_from(("", "", "ascii", "comment", "cdata", "comma")))
metas = st.builds(
    lambda key, name, value: f'<meta {key}="{name}" content="{value}">',
    st.sampled_from(("name", "property", "itemprop", "http-equiv")),
    st.sampled_from(NAMES),
    texts,
)
nests = st.builds(lambda tag, times: tag * times, st.sampled_from(MARKUP), st.integers(1, 40))
parts = st.lists(st.sampled_from(MARKUP) | texts | scripts | metas | nests, max_size=25).map("".join)


def article(head: str, inside: str, before: str, after: str) -> str:
    """A page with an article in the middle of something else; `inside` is part of a paragraph, a link and a name."""
    linked = f"<p>{PARAGRAPHS[0]} <a href='/world/{inside}'>{PARAGRAPHS[1]} {inside}</a> {inside} {PARAGRAPHS[2]}</p>"
    text = linked + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS[1:])
    said = {
        "@type": "NewsArticle",
        "headline": f"Envoys resume {inside}",
        "author": {"@type": "Person", "name": f"Jane {inside}"},
    }
    return (
        f"<!doctype html><html lang=en><head><title>Envoys resume talks - Courier</title>{script_of(said, '')}{head}"
        f"</head><body>{before}<article><h1>Envoys resume talks</h1>{text}</article>{after}</body></html>"
    )


def written(text: str, codec: str) -> bytes:
    """A text in an encoding, without what that cannot write."""
    return text.encode(codec, "ignore")


def damaged(body: bytes, changes: Sequence[tuple[str, int, str]]) -> bytes:
    """A page with pieces inserted, cut out, flipped, doubled or repeated."""
    text = bytearray(body)
    for change, place, piece in changes:
        at, data = place % (len(text) + 1), piece.encode("utf-8", "surrogatepass")
        match change:
            case "i":
                text[at:at] = data
            case "c":
                del text[at : at + 1 + 5 * len(data)]
            case "f":
                text[at : at + len(data)] = data
            case "d":
                text[at:at] = text[at : at + 300]
            case "r":
                text[at:at] = data * (1 + place % 40)
    return bytes(text)


documents = parts | st.builds(article, parts, texts, parts, parts)
pages = (
    st.builds(written, documents, st.sampled_from(CODECS))
    | st.builds(damaged, documents.map(lambda text: written(text, "utf-8")), edits)
    | st.binary(max_size=400)
)


def pages_in(folder: Path) -> list[bytes]:
    """The recorded pages of a folder and of the folders within it."""
    found = sorted(path for path in folder.rglob("*") if path.name.endswith((".html", ".html.gz", ".htm")))
    return [
        gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data for data in (path.read_bytes() for path in found)
    ]


def mutated(draw: Random, bodies: Sequence[bytes]) -> bytes:
    """One of these pages, cut, spliced with another, with bytes flipped, blocks repeated, tags lost or signs put in."""
    text = bytearray(draw.choice(bodies))
    for _ in range(draw.randint(1, 6)):
        at = draw.randint(0, len(text))
        end = min(len(text), at + draw.choice((1, 10, 100, 1_000, 10_000, 100_000)))
        match draw.randrange(8):
            case 0:
                del text[at:end]
            case 1:
                text[at:end] = text[at:end] * draw.choice((2, 5, 30, 200))
            case 2:
                other = draw.choice(bodies)
                start = draw.randint(0, len(other))
                text[at:end] = other[start : start + draw.choice((100, 3_000, 50_000))]
            case 3:
                for place in (draw.randint(at, end) for _ in range(20)):
                    text[place : place + 1] = bytes([draw.randrange(256)])
            case 4:
                text[at:end] = text[at:end].replace(
                    *draw.choice(((b">", b""), (b'"', b""), (b"</", b"<"), (b" ", b"\x00")))
                )
            case 5:
                piece = draw.choice((*MARKUP, *SIGNS)).encode("utf-8", "surrogatepass")
                text[at:at] = piece * draw.choice((1, 3, 100, 2_000))
            case 6:
                text = text[:at]
            case _:
                text[at:at] = script_of(
                    {draw.choice(KEYS): draw.choice((*SIGNS, *DATES)) for _ in range(5)}, ""
                ).encode()
    return bytes(text)
