"""Pages that change, lie, flap and go: which of that becomes a version, on loopback, with the real command."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from tests.loopback import MISSING, Reply
from tests.services.world import NOW, World

TITLE = "Envoys of both sides meet in Doha for peace talks"
PROSE = (
    "The envoys met in Doha for a fifth day on Tuesday, two diplomats said, and the Taliban delegation came late.",
    "A draft on the ceasefire lay on the table, and 12 prisoners were to be freed before the peace talks go on.",
    'The hosts had warned the day before: "Nothing is agreed until everything is agreed", and they said it again.',
    "Nobody knew when the envoy would fly home, an official of the foreign ministry told reporters in the lobby.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: title, paragraphs, and what stands below them."""

    title: str = TITLE
    prose: tuple[str, ...] = PROSE
    below: str = ""
    between: str = "</p><p>"

    def told(self, number: int, word: str, other: str) -> Shown:
        """The same with a word changed in one paragraph."""
        assert word in self.prose[number]
        changed = self.prose[number].replace(word, other)
        return replace(self, prose=(*self.prose[:number], changed, *self.prose[number + 1 :]))

    def page(self, name: str, run: int) -> bytes:
        """The page of the article of that name: no line of it is another's, and its bytes are others in every run."""
        lines = (f"{line} That was {name.replace('-', ' ')} day at the talks." for line in self.prose)
        prose = f"<p>{self.between.join((*lines, *filter(None, [self.below])))}</p>"
        return (
            f"<!doctype html><html lang=en><head><title>{self.title}</title>"
            f'<meta property="article:published_time" content="{NOW.isoformat()}"></head>'
            f"<body><article><h1>{self.title}</h1>{prose}</article><!-- {run} --></body></html>"
        ).encode()


AS_IT_WAS = Shown()
BORING = {
    "white-space": replace(AS_IT_WAS, between="\n  "),
    "typography": AS_IT_WAS.told(2, '"', "”").told(2, ": ", " : "),
    "relative-time": AS_IT_WAS.told(3, "reporters", "reporters 5 hours ago"),
    "counter": replace(AS_IT_WAS, below="14 reactions | 4 bookmarks"),
    "furniture": replace(AS_IT_WAS, below="Read more: The market in the old town opens again"),
    "headline-style": replace(AS_IT_WAS, title="Envoys of Both Sides Meet in Doha for Peace Talks"),
}
REAL = {
    "number": AS_IT_WAS.told(1, "12", "14"),
    "negation": AS_IT_WAS.told(3, "Nobody knew", "Everybody knew"),
    "name": AS_IT_WAS.told(0, "Doha", "Muscat"),
    "date": AS_IT_WAS.told(0, "Tuesday", "Monday"),
    "paragraph": replace(AS_IT_WAS, below="In the evening the delegations agreed on a truce of three days."),
    "headline": replace(AS_IT_WAS, title="Envoys of both sides leave Doha without peace talks"),
}
# What is told of them: teasers of other articles are left out of every text.
BORED = {"white-space": "white space", "typography": "typography", "relative-time": "relative time",
         "counter": "counter", "headline-style": "typography"}  # fmt: skip
FIRST = {
    "relative-time": AS_IT_WAS.told(3, "reporters", "reporters 2 hours ago"),
    "counter": replace(AS_IT_WAS, below="12 reactions | 3 bookmarks"),
}
NOTICE = "Correction: An earlier version of this article gave a wrong number of prisoners."
CORRECTED = replace(AS_IT_WAS.told(1, "12", "21"), below=NOTICE)
OTHER = AS_IT_WAS.told(3, "lobby", "garden")
GONE = Reply(status=410, body=b"gone")
OLD = "SELECT url, v.body LIKE '%garden%' FROM versions AS v JOIN articles ON articles.id = article_id"
ADDRESS = "daily.example/world/2019/envoys-meet-in-doha-for-peace-talks-"


def press(world: World) -> None:
    """Sixteen articles, each with what it answers in four runs."""
    pages = {name: [FIRST.get(name, AS_IT_WAS), *[page] * 3] for name, page in (BORING | REAL).items()}
    pages["flapping"] = [AS_IT_WAS, OTHER, AS_IT_WAS, OTHER]
    pages["retracted"] = [AS_IT_WAS, OTHER, AS_IT_WAS, AS_IT_WAS]
    pages["corrected"] = [AS_IT_WAS, *[CORRECTED] * 3]
    pages["removed"] = [AS_IT_WAS] * 4
    items = ""
    for name, shown in pages.items():
        replies = [
            Reply(body=page.page(name, run), headers=(("Content-Type", "text/html"), ("ETag", f'"{run}"')))
            for run, page in enumerate(shown)
        ]
        if name == "removed":
            replies[1:3] = [MISSING, GONE]
        world.web[f"{ADDRESS}{name}"] = replies
        items += f"<item><title>{TITLE}</title><link>https://{ADDRESS}{name}</link></item>"
    feed = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    world.web["daily.example/feed.xml"] = Reply(body=feed, headers=(("Content-Type", "application/rss+xml"),))
    world.sources = ['channel = "feeds", url = "https://daily.example/feed.xml"']


def of(world: World, query: str) -> dict[str, list[tuple[Any, ...]]]:
    """What a query finds of each article, by its name."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for url, *rest in world.rows(query):
        found.setdefault(url.rpartition("peace-talks-")[2], []).append(tuple(rest))
    return found


def versions(world: World) -> dict[str, int]:
    query = "SELECT url, COUNT(*) FROM versions JOIN articles ON articles.id = article_id GROUP BY 1"
    return {name: rows[0][0] for name, rows in of(world, query).items()}


def events(world: World) -> dict[str, list[tuple[Any, ...]]]:
    return of(
        world, "SELECT url, e.kind, detail FROM events AS e JOIN articles ON articles.id = article_id ORDER BY e.id"
    )


def kept(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """All rows that a look at pages which say the same must leave as they are."""
    steady = (
        "versions",
        "events",
        "records",
        "article_topics",
        "sketches",
        "fingerprints",
        "captions",
        "article_lines",
    )
    named = " OR ".join(f"url LIKE '%{name}'" for name in (*BORING, *REAL, "corrected"))
    rows = {
        table: world.rows(
            f"SELECT * FROM {table} WHERE article_id IN (SELECT id FROM articles WHERE {named}) ORDER BY 1, 2"
        )
        for table in steady
    }
    return {**rows, "articles": world.rows(f"SELECT * FROM articles WHERE {named} ORDER BY id")}


def warc(world: World) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (world.folder / "data" / "warc").iterdir()}


def test_what_says_something_else_is_a_version_and_what_does_not_is_told_once(world: World) -> None:
    press(world)
    assert world.run("crawl")["outcome/stored"] == 16
    assert events(world) == {}

    second = world.run("crawl", "--recheck")
    changed = dict.fromkeys([*REAL, "flapping", "retracted", "corrected"], 1)
    assert versions(world) == changed
    assert (second["versions"], second["boring"], second["outcome/gone"]) == (9, 5, 1)
    told = events(world)
    assert told.pop("corrected") == [("correction", NOTICE)]
    assert told == {name: [("boring", kind)] for name, kind in BORED.items()}  # a 404 may be a hiccup
    before, bytes_before = kept(world), warc(world)

    third = world.run("crawl", "--recheck")
    assert (third["removed"], third["boring"]) == (1, 5)
    assert (kept(world), warc(world), versions(world)) == (before, bytes_before, changed)
    told = events(world)
    assert told["removed"] == [("removed", "gone: HTTP 410")]
    assert [kind for kind, _ in (*told["flapping"], *told["retracted"])] == ["flapping", "flapping"]
    now = of(world, "SELECT url, removed IS NOT NULL, body LIKE '%prisoners%', body LIKE '%garden%' FROM articles")
    assert (now["removed"], now["flapping"], now["retracted"]) == ([(1, 1, 0)], [(0, 1, 1)], [(0, 1, 1)])

    fourth = world.run("crawl", "--recheck")
    assert fourth["returned"] == 1
    assert (kept(world), warc(world), versions(world)) == (before, bytes_before, changed)
    told = events(world)
    assert told["removed"] == [("removed", "gone: HTTP 410"), ("returned", "")]
    assert [kind for kind, _ in told["flapping"]] == ["flapping"]
    assert [kind for kind, _ in told["retracted"]] == ["flapping", "restored"]
    now = of(world, "SELECT url, removed IS NOT NULL, body LIKE '%prisoners%', body LIKE '%garden%' FROM articles")
    assert (now["removed"], now["flapping"], now["retracted"]) == ([(0, 1, 0)], [(0, 1, 1)], [(0, 1, 0)])
    assert of(world, OLD)["retracted"] == [(1,)]  # the two texts have changed places
