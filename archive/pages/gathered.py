"""What the catalogue knows of a place: all articles of an outlet, a name, a month, a topic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from archive.catalogue.results import Facet, Results, Value
from archive.pages.asked import Asked, Page
from archive.pages.listing import listed
from archive.pages.timeline import searching
from archive.queries import Reader, Row
from archive.questions.question import Filter, Question, adding

LATEST = 8  # articles that a place lists
LONGEST = 300  # characters of a name in an address


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """The articles of a place: exact counts, the newest of them, and how to ask for all of them in a search."""

    asking: str
    results: Results
    latest: Sequence[Row]

    @property
    def articles(self) -> int:
        """How many there are, copies too."""
        return self.results.articles

    @property
    def stories(self) -> int:
        """How many different texts they are."""
        return self.results.listed

    @property
    def months(self) -> dict[str, int]:
        """How many there are by month."""
        return dict(self.results.months)

    def facet(self, field: str) -> Facet:
        """What they are by one field."""
        return next((one for one in self.results.facets if one.field == field), Facet(field=field, values=()))

    def values(self, field: str, most: int = 8) -> tuple[Value, ...]:
        """The most frequent values of a field."""
        return tuple(value for value in self.facet(field).values if value.value)[:most]

    def narrower(self, field: str, value: str) -> str:
        """The address, below the site's root, of a search for those of them that have one more value."""
        return searching(adding(self.asking, field, value))

    def path(self, form: str = "") -> str:
        """The address, below the site's root, of a search for all of them, or of that search as csv, json or atom."""
        page = searching(self.asking)
        return page.replace("search?", f"search.{form}?", 1) if form else page


def gathered(db: Reader, asked: Asked, *filters: tuple[str, str], latest: int = LATEST) -> Gathered:
    """The articles that have all of these fields and values, and the newest of them as lists show them."""
    asking = ""
    for field, value in filters:
        asking = adding(asking, field, value)
    question = Question(typed=asking, filters=tuple(Filter(field=field, value=value) for field, value in filters))
    results = asked.site.catalogue.search(question, order="newest", size=max(latest, 1))
    entries = [
        {**one, "found": found}
        for one, found in zip(listed(db, results.ids[:latest]), results.found[:latest], strict=False)
    ]
    return Gathered(asking=asking, results=results, latest=entries)


def months_of(asked: Asked, *filters: tuple[str, str]) -> dict[str, int]:
    """How many articles have all of these fields and values, by month."""
    question = Question(filters=tuple(Filter(field=field, value=value) for field, value in filters))
    return dict(asked.site.catalogue.search(question, order="newest", size=1).months)


def part(asked: Asked, name: str) -> str:
    """A name in the address as it was meant, no longer than a name is."""
    return asked.parts.get(name, "")[:LONGEST]


def place_path(kind: str, name: str) -> str:
    """The address, below the site's root, of an outlet, an author, a month or a topic."""
    return f"{kind}/{quote(name, safe='')}"


def absent(title: str, told: str, name: str, near: Iterable[tuple[str, str]] = ()) -> Page:
    """The page for a place that the archive does not know: what is not here, and where to look; `near` are links."""
    shows = {"title": title, "told": told, "search": searching(f'"{name}"'.replace('""', "")), "near": tuple(near)}
    return Page(template="absent.html", shows={**shows, "name": name}, status=404)
