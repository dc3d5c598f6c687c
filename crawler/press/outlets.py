"""The invented outlets: where each stands, how it writes its dates and addresses, and what it offers a crawler."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Scheme = Literal["http", "https"]
Offer = Literal["rss", "atom", "rdf", "json", "broken", "guids", "news", "n-news", "index", "zipped", "list", "none"]
"""What an outlet offers at one address: a kind of feed, a kind of sitemap, or a page that lists its articles."""
Head = Literal["graph", "json-ld", "og", "meta", "dublin", "none"]
"""In which dialect its pages describe themselves."""

ZONES = {-300: "EST", -240: "EDT", -360: "CST", 0: "GMT", 60: "BST"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One address that a topic can list: the channel that asks it, its path, what is there, and its path of old."""

    channel: Literal["feeds", "sitemaps", "sections"]
    path: str
    offer: Offer
    former: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One invented publisher.

    `path` is filled with slug, number, section and date. `dateline` and `credit` dress what it takes from the agency.
    `delay` is the Crawl-delay that its robots.txt asks for, `coding` the compression that it answers with.
    """

    key: str
    host: str
    name: str
    motto: str
    path: str
    scheme: Scheme = "https"
    language: str = "en"
    dates: Literal["us", "uk", "asia", "iso", "plain"] = "plain"
    heads: tuple[Head, ...] = ("og",)
    charset: str = "utf-8"
    paragraph: str = "<p>{}</p>"
    sources: tuple[Source, ...] = ()
    dateline: str = ""
    credit: str = ""
    disallow: tuple[str, ...] = ()
    delay: float | None = None
    has_validators: bool = True
    coding: Literal["", "gzip", "br"] = ""

    @property
    def root(self) -> str:
        """Scheme and host, as an address begins."""
        return f"{self.scheme}://{self.host}"

    def written(self, when: datetime) -> str:
        """A time as this outlet prints it."""
        minutes = int((when.utcoffset() or when - when).total_seconds()) // 60
        zone, hour = ZONES.get(minutes, ""), when.hour % 12 or 12
        match self.dates:
            case "us":
                half = "a.m." if when.hour < 12 else "p.m."
                return f"{when:%b}. {when.day}, {when.year} at {hour}:{when:%M} {half} {zone}".strip()
            case "uk":
                return f"{when.day} {when:%B %Y}, {when:%H:%M} {zone}".strip()
            case "asia":
                return f"{when:%b %d, %Y}, {when:%I:%M%p}".replace("AM", "am").replace("PM", "pm")
            case "iso":
                return when.isoformat(sep=" ", timespec="minutes")
        return f"{when.day} {when:%b %Y}"


def feed(path: str, offer: Offer, former: str = "") -> Source:
    """A feed at that path."""
    return Source(channel="feeds", path=path, offer=offer, former=former)


def sitemap(path: str, offer: Offer) -> Source:
    """A sitemap at that path."""
    return Source(channel="sitemaps", path=path, offer=offer)


def section(path: str) -> Source:
    """A page at that path that lists articles, and may go on over several pages."""
    return Source(channel="sections", path=path, offer="list")


OUTLETS: tuple[Outlet, ...] = (
    Outlet(
        key="continental-wire", host="continental-wire.example", name="Continental Wire",
        motto="News agency", path="/article/{slug}-idCW{number}", dates="iso", heads=("json-ld",), coding="gzip",
        sources=(feed("/rss/world.xml", "guids"), sitemap("/sitemap_index.xml.gz", "zipped")),
    ),
    Outlet(
        key="potomac-courier", host="www.potomac-courier.example", name="The Potomac Courier", language="en-US",
        motto="Washington, daily", path="/{section}/{date:%Y/%m/%d}/{slug}/", dates="us", heads=("graph", "og"),
        sources=(feed("/feeds/all.xml", "rss"), sitemap("/sitemap-news.xml", "news")), coding="gzip",
        disallow=("/print/", "/search"), dateline="{PLACE} (CW) — ", credit="This report is by Continental Wire.",
    ),
    Outlet(
        key="northlight", host="northlight.example", name="Northlight", language="en-GB",
        motto="The broadcaster at the top of the map", path="/news/{section}-4{number}", dates="uk",
        heads=("json-ld", "og"), sources=(feed("/feeds/world.atom", "atom", "/rss.xml"),), coding="br",
    ),
    Outlet(
        key="hindukush-herald", host="hindukush-herald.example", name="Hindu Kush Herald", scheme="http",
        motto="From Kabul since the morning", path="/en/story?id={number}&cid=7", dates="plain", heads=("og",),
        sources=(feed("/en/rdf", "rdf"),), dateline="{PLACE} (Continental Wire) – ",
        credit="Continental Wire contributed this report.",
    ),
    Outlet(
        key="margalla-dispatch", host="margalla-dispatch.example", name="Margalla Dispatch",
        motto="Islamabad’s other newspaper", path="/news/1{number}/{slug}", dates="asia", heads=("meta",),
        charset="windows-1252", paragraph="{}<br><br>", sources=(feed("/feeds/home", "broken"),),
        dateline="{PLACE}: ", credit="<i>Published in Margalla Dispatch by arrangement with Continental Wire.</i>",
    ),
    Outlet(
        key="yamuna-chronicle", host="www.yamuna-chronicle.example", name="Yamuna Chronicle", language="en-IN",
        motto="Delhi reads it on the metro", path="/{section}/{slug}/articleshow/6{number}.html", dates="asia",
        heads=("none",), sources=(sitemap("/news-sitemap.xml", "n-news"),),
        dateline="{PLACE}, {day}: ", credit="(With inputs from Continental Wire)",
    ),
    Outlet(
        key="gulf-meridian", host="gulf-meridian.example", name="Gulf Meridian", motto="Live from the other shore",
        path="/{section}/{date.year}/{date.month}/{date.day}/{slug}", dates="plain", heads=("og",),
        sources=(feed("/feed.json", "json"),), disallow=("/members/",), credit="SOURCE: CONTINENTAL WIRE",
    ),
    Outlet(
        key="forward-echelon", host="forward-echelon.example", name="Forward Echelon", scheme="http",
        motto="The journal of land forces, logistics and second thoughts", path="/features/{slug}.html",
        heads=("meta",), sources=(feed("/feeds/atom.xml", "atom"), section("/archive")),
    ),
    Outlet(
        key="elbe-review", host="elbe-review.example", name="Elbe Review", motto="Made in Magdeburg",
        path="/en/{slug}/a-48{number}", dates="uk", heads=("dublin",), delay=0.2,
        sources=(feed("/en/", "rss"), sitemap("/sitemap.xml", "index")), credit="<p>cw/er (Continental Wire)</p>",
    ),
    Outlet(
        key="prairie-ledger", host="www.prairie-ledger.example", name="The Prairie Ledger", scheme="http",
        motto="Serving the bottomland since 1887, more or less", path="/news/{section}/article_{number}.html",
        dates="us", heads=("og",), sources=(feed("/search/?f=rss&t=article", "rss"),),
        dateline="{PLACE} (CW) — ", credit="Copyright Continental Wire. All rights reserved.",
    ),
    Outlet(
        key="morning-digest", host="morning-digest.example", name="The Morning Digest",
        motto="Everyone else’s news, shorter", path="/d/{slug}", dates="plain", heads=("og",), has_validators=False,
        sources=(section("/archive"),),
    ),
    Outlet(
        key="daily-lure", host="daily-lure.example", name="The Daily Lure", motto="You will not believe it",
        path="/story/{slug}", dates="iso", heads=("og",), has_validators=False,
        sources=(feed("/lure.xml", "none"), feed("/junk.xml", "none"), feed("/entities.xml", "none"),
                 sitemap("/sitemap.xml", "none")),
    ),
)  # fmt: skip
BY_KEY = {outlet.key: outlet for outlet in OUTLETS}
AGENCY, LURE = BY_KEY["continental-wire"], BY_KEY["daily-lure"]
CONSENT_HOST = "consent.daily-lure.example"


def hosts() -> tuple[str, ...]:
    """Every host name of the press."""
    return (*(outlet.host for outlet in OUTLETS), CONSENT_HOST)
