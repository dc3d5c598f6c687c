"""Pages that are heavy in ways that no bound foresees, read by real workers: they cost their own answer, no other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from crawler import settings
from pipelines.items import Article, Rejected
from pipelines.stages.workers import Workers

URL = "https://courier.example/world/talks"
SENTENCE = "Envoys of the two sides met again on Tuesday in a hotel at the edge of the city, for the first time. "
ARTICLE = f"<article><h1>Envoys resume talks</h1>{''.join(f'<p>{number}. {SENTENCE * 3}</p>' for number in range(5))}"
MEMORY = settings.DOSSIER_EXTRACT_MEMORY_MB * 1024 * 1024


def page(body: str) -> bytes:
    return f"<!doctype html><html><head><title>Envoys</title></head><body>{body}</body></html>".encode()


# libxml2 asks each attribute of a tag whether it is the last; `>` in a value hides from us how many there are.
ENDLESS = page("<p " + " ".join(f"a{number}='>'" for number in range(120_000)) + ">" + ARTICLE)
# Within all bounds, and the most memory for its size that was found: each box has all the text within it remembered.
GREEDY = page("<div><p><a href=/x>Amaro</a>" * 110 + f"<p>{'🚢🚢 ' * 130_000}</p>")


@pytest.fixture
def make() -> Iterator[Callable[..., Workers]]:
    made: list[Workers] = []

    def workers(*, deadline: float, memory: int) -> Workers:
        made.append(Workers("pipelines.extraction:extract", workers=1, deadline=deadline, memory=memory, recycle=500))
        return made[-1]

    yield workers
    for one in made:
        one.close()


def read(workers: Workers, *bodies: bytes) -> list[Article | Rejected]:
    """What becomes of these pages, one after the other."""

    async def one(body: bytes) -> Article | Rejected:
        try:
            article: Article = await workers.run(body, URL)
        except Rejected as rejected:
            return rejected
        return article

    async def all_() -> list[Article | Rejected]:
        return [await one(body) for body in bodies]

    return asyncio.run(all_())


def test_a_page_without_end_costs_its_deadline_and_no_other_page(make: Callable[..., Workers]) -> None:
    first, endless, second = read(make(deadline=3, memory=MEMORY), page(ARTICLE), ENDLESS, page(ARTICLE))
    assert isinstance(endless, Rejected)
    assert (endless.state, endless.reason) == ("failed", "extraction took longer than 3 s")
    assert isinstance(first, Article)
    assert first == second


@pytest.mark.parametrize(("megabytes", "outcome"), [(settings.DOSSIER_EXTRACT_MEMORY_MB, Article), (256, Rejected)])
def test_a_greedy_page_costs_no_other_page(
    make: Callable[..., Workers], megabytes: int, outcome: type[Article | Rejected]
) -> None:
    workers = make(deadline=60, memory=megabytes * 1024 * 1024)
    first, greedy, second = read(workers, page(ARTICLE), GREEDY, page(ARTICLE))
    assert isinstance(greedy, outcome)
    assert not isinstance(greedy, Rejected) or greedy.reason.startswith("too heavy: ")
    assert isinstance(first, Article)
    assert first == second
