"""From seed articles to a topic: its vocabulary, its window, and where and what to ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from crawler.definition import Draft, definition
from pipelines.extraction import extract
from pipelines.items import Article, Page, Rejected
from pipelines.topic import PORTS, Source, Topic, load_topic, parse_topic
from pipelines.vocabulary import Learnt, vocabulary
from pipelines.witnesses.languages import language_of

WORLD = Path(__file__).parent / "world.toml"
"""General news sources in English, for topics that name none."""

SERVICES = ("outlinks", "gdelt", "wayback", "gal", "ccnews")
"""Services that a new topic asks, in the order of what they cost."""

MOST_BYTES = 10 * 1024 * 1024
MOST_QUERIES = 6
AROUND = timedelta(days=180)
"""How far the window reaches before the first seed and after the last."""

_PAGES = {".html", ".htm", ".xhtml"}
_SENTENCE_END = (".", "!", "?", "”", '"', "…", "。", "।", "؟", "۔")


class SeedError(ValueError):
    """A seed that no topic can be made from; the message names the seed, the fault and the mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the user says of a topic beside its seeds; what is left out is learnt from them."""

    terms: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    sources: tuple[str, ...] = ()


def seed_from_file(path: Path, now: datetime) -> Article:
    """The article in a text or HTML file. The first line of a text is its headline."""
    try:
        with path.open("rb") as stream:
            body = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        fault = getattr(error, "strerror", None) or error
        raise SeedError(f"{path}: cannot be read ({fault}); name a text file, an HTML file or a URL") from error
    if len(body) > MOST_BYTES:
        raise SeedError(f"{path}: is larger than {MOST_BYTES // 1024**2} MiB; give the article alone")
    if path.suffix.casefold() in _PAGES:
        # A saved page says where it is from in its canonical link, if it says it at all.
        return _extracted(body, "https://seed.invalid/", "", str(path), now)
    return _text(body, path)


def seed_from_page(page: Page) -> Article:
    """The article in a fetched page."""
    return _extracted(page.body, page.url, page.header("Content-Type"), page.url, page.fetched)


def topic_from(name: str, seeds: Sequence[Article], wish: Wish, now: datetime, named: Sequence[str] = ()) -> Topic:
    """The topic that seeds tell; its `definition` is the file to write.

    Raises `TopicError` where a wish cannot be put into a topic's file, and `SeedError` as `draft_from` does.
    """
    return parse_topic(definition(draft_from(name, seeds, wish, now, named)), f"topics/{name}.toml")


def draft_from(name: str, seeds: Sequence[Article], wish: Wish, now: datetime, named: Sequence[str] = ()) -> Draft:
    """What the file of a new topic says. `named` are the seeds as the user named them: addresses and files.

    Raises `SeedError` where the seeds tell nothing.
    """
    language = _language(seeds)
    learnt = vocabulary(seeds, language, wish.terms)
    if all(term.kind != "asked" and _is_number(term) for term in learnt):
        raise SeedError(f"{name}: the seeds hold no words that tell a topic; give a whole article, or --term")
    since, until = _window(seeds, wish, now.date())
    sources = _sources(wish, [*named, *(seed.canonical for seed in seeds)], language)
    return Draft(
        name=name,
        title=next((seed.title for seed in seeds if seed.title), name),
        language=language,
        seeds=tuple(dict.fromkeys(named)),
        since=since,
        until=until,
        queries=queries_from(learnt),
        ports=_ports(sources),
        sources=sources,
        terms=learnt,
        made=now.date(),
    )


def queries_from(terms: Sequence[Learnt]) -> tuple[str, ...]:
    """What to ask search services: the strongest name with other names and with words, the most telling first."""
    asked = [_quoted(term.text) for term in terms if term.kind == "asked"]
    names = [_quoted(term.text) for term in terms if term.kind == "name"]
    words = [_quoted(term.text) for term in terms if term.kind in {"word", "phrase"} and not _is_number(term)]
    leads = [*asked, *names, *words]
    pairs = [(leads[0], other) for other in (*leads[1:2], *words[:3], *leads[2:])] if leads else []
    queries = [*(" ".join(pair) for pair in pairs if pair[0] != pair[1]), *leads[:1]]
    return tuple(dict.fromkeys(queries))[:MOST_QUERIES]


def _is_number(term: Learnt) -> bool:
    return term.text.replace(" ", "").isdecimal()


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text or "-" in text else text


def _extracted(body: bytes, url: str, content_type: str, name: str, now: datetime) -> Article:
    try:
        return extract(body, url, content_type=content_type, fetched=now)
    except Rejected as rejected:
        raise SeedError(f"{name}: no article in it ({rejected.reason}); give a page with one article") from rejected


def _text(body: bytes, path: Path) -> Article:
    try:
        text = body.decode("utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise SeedError(f"{path}: is not UTF-8; save it as UTF-8 text") from error
    lines = [" ".join(line.split()) for line in text.splitlines()]
    title, *rest = [line for line in lines if line] or [""]
    body_text = "\n".join(line for line in rest if _is_prose(line))
    return Article(title=title[:300], body=body_text, language=language_of("", text), body_source="text")


def _is_prose(line: str) -> bool:
    """Whether a line of a text belongs to the article; "Related content" and its like do not."""
    return line.endswith(_SENTENCE_END) or len(line) >= 40 or len(line.split()) > 3


def _language(seeds: Sequence[Article]) -> str:
    said = Counter(seed.language.partition("-")[0] for seed in seeds if seed.language)
    return said.most_common(1)[0][0] if said else "en"


def _window(seeds: Sequence[Article], wish: Wish, today: date) -> tuple[date | None, date | None]:
    """The days asked for, else those around the seeds. A window that would reach today stays open: news goes on."""
    days = [seed.published.date() for seed in seeds if seed.published]
    since, until = wish.since, wish.until
    if days and since is None and (until is None or min(days) - AROUND < until):
        since = min(days) - AROUND
    if days and until is None and max(days) + AROUND < today and (since is None or since < max(days) + AROUND):
        until = max(days) + AROUND
    return since, until


def _sources(wish: Wish, addresses: Sequence[str], language: str) -> tuple[Source, ...]:
    """The sources asked for, the seeds' own sites, and the services; where none was asked for, general ones too."""
    asked = [Source(channel=_channel(url), url=url) for url in wish.sources]
    services = [Source(channel=name, url="") for name in SERVICES]
    homes = dict.fromkeys(home for address in addresses if (home := _home(address)))
    own = [Source(channel=channel, url=home) for home in homes for channel in ("feeds", "sitemaps")]
    world = load_topic(WORLD).sources if not asked and language == "en" else ()
    unique = {(source.channel, source.url): source for source in (*asked, *own, *world, *services)}
    return tuple(unique.values())


def _channel(url: str) -> str:
    return "sitemaps" if "sitemap" in url.casefold() or url.endswith("/robots.txt") else "feeds"


def _home(address: str) -> str:
    """The front page of an address's site, where its feeds and sitemaps are named; nothing for none."""
    try:
        parts = urlsplit(address)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}/" if is_web and not (parts.hostname or "").endswith(".invalid") else ""


def _ports(sources: Sequence[Source]) -> tuple[int, ...]:
    """The ports that the sources need: a source that the user named on another port is meant."""
    named = (urlsplit(source.url).port for source in sources if source.url)
    return tuple(dict.fromkeys((*PORTS, *(port for port in named if port))))
