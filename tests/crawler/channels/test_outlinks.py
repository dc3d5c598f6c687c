from __future__ import annotations

from datetime import UTC, datetime

from crawler.channels.ask import Ask
from crawler.channels.outlinks import Outlinks
from pipelines.items import Page
from pipelines.topic import Source, Topic

NOW = datetime(2019, 2, 1, tzinfo=UTC)
SOURCE = Source(channel="outlinks", url="")


def test_nothing_is_asked_for_the_links_in_articles() -> None:
    topic = Topic(name="t", sources=(SOURCE,))
    assert Outlinks().asks(topic, NOW) == ()
    assert Outlinks().most(topic, NOW) == 0


def test_an_answer_to_no_question_is_refused() -> None:
    ask = Ask(url="https://daily.example/", source=SOURCE, kind="page")
    page = Page(url=ask.url, status=200, headers=(), body=b"<a href=/x>", fetched=NOW)
    answer = Outlinks().read(ask, page, Topic(name="t"), NOW)
    assert (answer.status, answer.candidates) == ("refused", ())
    assert answer.reason
