"""A made-up press of real-sized pages on loopback, behind a forward proxy: what the crawl benchmark fetches.

Pages are about 150 KB: inline scripts, navigation, an article of 300 to 900 words, cards of other stories, comments,
a footer. The words are drawn by frequency, so that full-text index and judgement have real work; every page differs.

    python -m benchmarks.site --hosts 40 --pages 15 --port 0
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

from wordfreq import top_n_list, word_frequency

FIRST_DAY = datetime(2019, 1, 1, 6, tzinfo=UTC)
TOPIC_WORDS = ("taliban", "afghanistan", "khalilzad", "doha", "ceasefire", "withdrawal", "kabul", "peace talks")


@dataclass(frozen=True, slots=True)
class Words:
    """Words with their weights, to draw sentences from."""

    words: tuple[str, ...]
    weights: tuple[float, ...]

    @classmethod
    def english(cls, count: int = 8_000) -> Words:
        words = tuple(word for word in top_n_list("en", count) if word.isalpha())
        return cls(words, tuple(word_frequency(word, "en") for word in words))

    def sentence(self, draw: random.Random) -> str:
        words = draw.choices(self.words, self.weights, k=draw.randint(8, 26))
        if draw.random() < 0.4:
            words[draw.randrange(len(words))] = draw.choice(TOPIC_WORDS)
        return " ".join(words).capitalize() + "."

    def paragraph(self, draw: random.Random) -> str:
        return " ".join(self.sentence(draw) for _ in range(draw.randint(2, 5)))

    def title(self, draw: random.Random) -> str:
        return " ".join([*draw.choices(self.words, self.weights, k=6), *draw.sample(TOPIC_WORDS, 2)]).capitalize()


def page(words: Words, host: str, number: int) -> tuple[str, bytes]:
    """Title and HTML of one article."""
    draw = random.Random(f"{host}/{number}")
    title = words.title(draw)
    when = FIRST_DAY + timedelta(hours=7 * number + draw.randint(0, 6))
    paragraphs = [words.paragraph(draw) for _ in range(draw.randint(8, 18))]
    body = "".join(f'<p class="story-p">{text}</p>' for text in paragraphs)
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | {host}</title>'
        f'<meta property="og:title" content="{title}"><meta name="author" content="A. Reporter">'
        f'<link rel="canonical" href="http://{host}/story/{number}">'
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
        f'"headline":"{title}","datePublished":"{when.isoformat()}","author":{{"@type":"Person",'
        '"name":"A. Reporter"}}'
        f"</script><style>{noise(draw, 12_000)}</style><script>var state={{{noise(draw, 52_000)}}}</script></head>"
        f"<body><header><nav><ul>{links(words, draw, 110)}</ul></nav></header><main><article><h1>{title}</h1>"
        f'<p class="byline">By A. Reporter</p><time datetime="{when.isoformat()}">{when:%d %B %Y}</time>{body}'
        f"</article><aside>{cards(words, draw, 58)}</aside>"
        f'<section class="comments">{comments(words, draw, 25)}</section></main>'
        f"<footer><ul>{links(words, draw, 90)}</ul></footer><script>{noise(draw, 36_000)}</script></body></html>"
    )
    return title, html.encode()


def noise(draw: random.Random, size: int) -> str:
    """Script-like text."""
    parts: list[str] = []
    length = 0
    while length < size:
        parts.append(
            f'"k{draw.randrange(9_999)}":"{draw.getrandbits(64):x}",function(a,b){{return a.n+b[{len(parts)}]}},'
        )
        length += len(parts[-1])
    return "".join(parts)


def links(words: Words, draw: random.Random, count: int) -> str:
    """List items of a menu."""
    names = draw.choices(words.words, k=count)
    return "".join(
        f'<li class="menu-item"><a class="menu-link" href="/section/{name}">{name}</a></li>' for name in names
    )


def cards(words: Words, draw: random.Random, count: int) -> str:
    """Teasers of other stories."""
    return "".join(
        f'<div class="card"><div class="card-media"><a href="/story/{n}"><img src="/img/{n}-320.jpg" alt="" '
        f'srcset="/img/{n}-320.jpg 320w, /img/{n}-640.jpg 640w, /img/{n}-1280.jpg 1280w"></a></div>'
        f'<div class="card-text"><h3><a href="/story/{n}">{words.title(draw)}</a></h3>'
        f"<p>{words.sentence(draw)}</p></div></div>"
        for n in range(count)
    )


def comments(words: Words, draw: random.Random, count: int) -> str:
    """Readers' comments."""
    return "".join(f'<div class="comment"><b>reader {n}</b><p>{words.sentence(draw)}</p></div>' for n in range(count))


class Site:
    """All hosts, rendered once; `answer` serves them from memory."""

    def __init__(self, hosts: int, pages: int) -> None:
        words = Words.english()
        self.answers: dict[str, tuple[str, bytes]] = {}
        self.hosts = [f"h{number:02d}.example" for number in range(hosts)]
        for host in self.hosts:
            items = []
            for number in range(pages):
                title, html = page(words, host, number)
                self.answers[f"{host}/story/{number}"] = ("text/html; charset=utf-8", html)
                when = format_datetime(FIRST_DAY + timedelta(hours=7 * number))
                link = f"http://{host}/story/{number}"
                items.append(f"<item><title>{title}</title><link>{link}</link><pubDate>{when}</pubDate></item>")
            channel = f"<channel><title>{host}</title>{''.join(items)}</channel>"
            feed = f'<?xml version="1.0"?><rss version="2.0">{channel}</rss>'
            self.answers[f"{host}/feed.xml"] = ("application/rss+xml", feed.encode())
            self.answers[f"{host}/robots.txt"] = ("text/plain", b"User-agent: *\nAllow: /\n")

    def mean_size(self) -> float:
        sizes = [len(body) for kind, body in self.answers.values() if kind.startswith("text/html")]
        return sum(sizes) / len(sizes)

    def answer(self, target: str) -> bytes:
        parts = urlsplit(target)
        kind, body = self.answers.get(f"{parts.hostname}{parts.path}", ("text/plain", b""))
        status = "200 OK" if body else "404 Not Found"
        etag = hashlib.blake2b(body[:512], digest_size=8).hexdigest()
        return (
            f'HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nETag: "{etag}"\r\n\r\n'
        ).encode() + body


async def serve(site: Site, port: int) -> None:
    """Answer absolute-form requests until killed."""

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(site.answer(head.split(b" ", 2)[1].decode("latin-1")))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(client, "127.0.0.1", port)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]} {site.mean_size():.0f}", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=40)
    parser.add_argument("--pages", type=int, default=15, help="articles a host")
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    asyncio.run(serve(Site(options.hosts, options.pages), options.port))
