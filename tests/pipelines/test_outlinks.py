from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pipelines.items import Article, Link
from pipelines.outlinks import MOST, outlinks
from pipelines.topic import Term, Topic

URL = "https://courier.example/2019/01/29/envoys-meet"
TERMS = (Term(text="taliban", weight=3), Term(text="peace talks", weight=2))
TOPIC = Topic(name="talks", terms=TERMS, since=date(2018, 1, 1), until=date(2019, 12, 31))
GOOD = "https://echo.example/world/taliban-envoys-arrive-in-doha"


def chosen(*links: tuple[str, str], topic: Topic = TOPIC) -> list[str]:
    article = Article(title="", body="", links=tuple(Link(url=url, text=text) for url, text in links))
    return [candidate.url for candidate in outlinks(article, URL, topic)]


def test_a_link_of_the_topic_is_a_candidate_with_its_words_its_day_and_its_score() -> None:
    article = Article(
        title="",
        body="",
        links=(Link(url="https://ECHO.example/2019/01/28/a-b?utm_source=x#c", text="Taliban arrive"),),
    )
    (candidate,) = outlinks(article, URL, TOPIC)
    assert (candidate.url, candidate.title) == ("https://echo.example/2019/01/28/a-b", "Taliban arrive")
    assert candidate.published == datetime(2019, 1, 28, tzinfo=UTC)
    assert candidate.score > 0.5


@pytest.mark.parametrize(
    "url",
    [
        f"{URL}?utm_source=feed#top",
        "https://twitter.com/taliban/status/1044502590266978309",
        "https://mobile.twitter.com/taliban/status/1044502590266978309",
        "https://en.wikipedia.org/wiki/Taliban_peace_talks_in_doha",
        "https://www.google.co.uk/search/taliban-peace-talks-in-doha",
        "https://www.amazon.de/taliban-peace-talks-book/dp/B00M14HODO12",
        "https://echo.example/reports/taliban-peace-talks-in-doha.pdf",
        "https://echo.example/tag/taliban-peace-talks-in-doha",
        "https://echo.example/taliban",
        "https://echo.example/2019/01/29/",
        "https://echo.example/2016/01/29/taliban-envoys-arrive",
        "https://echo.example/2021/08/15/taliban-enter-kabul",
        "mailto:taliban@echo.example",
        "https://user:secret@echo.example/world/taliban-envoys-arrive-in-doha",
        "https://echo.example/world/weather-of-the-week-12345",
    ],
    ids=[
        "itself", "a network", "a network's other host", "an encyclopedia", "a search", "a shop", "a paper", "a tag",
        "a section", "a calendar", "before the window", "after the window", "mail", "a password", "another topic",
    ],
)  # fmt: skip
def test_what_is_no_article_of_the_topic_is_left_out(url: str) -> None:
    words = "weather" if "weather" in url else "Taliban peace talks"
    assert chosen((url, words), (GOOD, "said")) == [GOOD]


def test_the_best_ten_come_best_first() -> None:
    weak = [(f"https://echo.example/world/envoys-arrive-in-doha-{number}0000", "peace talks") for number in range(12)]
    best = ("https://echo.example/world/taliban-peace-talks-go-on", "peace talks with the Taliban")
    urls = chosen(*weak, best, best)
    assert urls == [best[0], *(url for url, _ in weak[: MOST - 1])]


def test_a_window_at_the_edge_of_the_calendar_excludes_nothing_by_mistake() -> None:
    topic = Topic(name="talks", terms=TERMS, since=date.min, until=date.max)
    assert chosen(("https://echo.example/2019/01/28/a-b", "Taliban"), topic=topic) == [
        "https://echo.example/2019/01/28/a-b"
    ]
