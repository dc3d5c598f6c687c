"""Pages that change, lie, flap and go: which of that becomes a version, on loopback, with the real command."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.loopback import Hit, Reply
from tests.services.world import NOW, World

TITLE = "Envoys of both sides meet in Doha for peace talks"
PROSE = (
    "The envoys met in Doha for a fifth day on Tuesday, two diplomats of the host said, and the Taliban delegation came late.",
    "A draft on the ceasefire lay on the table, and 12 prisoners were to be freed before the peace talks go on.",
    'The hosts had warned the day before: "Nothing is agreed until everything is agreed", and they said it again.',
    "Nobody knew when the envoy would fly home, an official of the foreign ministry told reporters in the lobby.",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows: title, paragraphs, and what stands above and below them."""

    title: str = TITLE
    prose: tuple[str, ...] = PROSE
    above: str = ""
    below: str = ""

    def told(self, number: int, word: str, other: str) -> Shown:
        """The same with a word changed in one paragraph."""
        assert word in self.prose[number]
        changed = self.prose[number].replace(word, other)
        return replace(self, prose=(*self.prose[:number], changed, *self.prose[number + 1 :]))

    def page(self) -> bytes:
        """The page, with advertisements that are never the same."""
        prose = "".join(f"<p>{line}</p>" for line in filter(None, (self.above, *self.prose, self.below)))
        return (
            f"<!doctype html><html lang=en><head><title>{self.title}</title>"
            f'<meta property="article:published_time" content="{NOW.isoformat()}"></head>'
            f"<body><article><h1>{self.title}</h1>{prose}</article></body></html>"
        ).encode()


AS_IT_WAS = Shown()
BORING = {
    "white-space": replace(AS_IT_WAS, prose=tuple(line.replace(" ", "\n  ") for line in PROSE)),
    "typography": AS_IT_WAS.told(2, '"', "”").told(2, ": ", " : "),
    "relative-time": replace(AS_IT_WAS, below="Published 5 hours ago"),
    "counter": replace(AS_IT_WAS, below="14 comments"),
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
FIRST = {"relative-time": replace(AS_IT_WAS, below="Published 2 hours ago"), "counter": replace(AS_IT_WAS, below="3 comments")}
NOTICE = "Correction: An earlier version of this article gave a wrong number of prisoners."
CORRECTED = replace(AS_IT_WAS.told(1, "12", "21"), below=NOTICE)
OTHER = AS_IT_WAS.told(3, "lobby", "garden")
GONE, REMOVED = Reply(status=404, body=b"not here"), Reply(status=410, body=b"gone")


def shown(name: str, page: Shown, run: int) -> Reply:
    """The page with a mark of its own, so that it is told apart from its copies; it is another in every run."""
    marked = replace(page, prose=(*page.prose, f"This report of the peace talks is filed as {name} by the desk."))
    return Reply(body=marked.page() + f"<!-- {run} -->".encode())


def press(world: World) -> dict[str, list[Reply]]:
    """Fifteen articles, and what each answers in five runs."""
    answers = {name: [FIRST.get(name, AS_IT_WAS), page, page, page, page] for name, page in (BORING | REAL).items()}
    answers["flapping"] = [AS_IT_WAS, OTHER, AS_IT_WAS, OTHER, AS_IT_WAS]
    answers["retracted"] = [AS_IT_WAS, OTHER, AS_IT_WAS, AS_IT_WAS, AS_IT_WAS]
    answers["corrected"] = [AS_IT_WAS, CORRECTED, CORRECTED, CORRECTED, CORRECTED]
    replies = {name: [shown(name, page, run) for run, page in enumerate(pages)] for name, pages in answers.items()}
    first = shown("removed", AS_IT_WAS, 0)
    replies["removed"] = [first, GONE, REMOVED, REMOVED, first]
    items = ""
    for name in replies:
        url = f"https://daily.example/world/2019/envoys-meet-in-doha-for-peace-talks-{name}"
        items += f"<item><title>{TITLE}</title><link>{url}</link></item>"
        world.web[url.partition("://")[2]] = answering(replies[name])
    feed = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    world.web["daily.example/feed.xml"] = Reply(body=feed, headers=(("Content-Type", "application/rss+xml"),))
    world.sources = ['channel = "feeds", url = "https://daily.example/feed.xml"']
    return replies
