from __future__ import annotations

from tests.opened import Get
from tests.placed import Parsed


def test_a_topic_says_what_it_follows_in_words_and_as_written(places: Get) -> None:
    page = Parsed(places("/topic/talks").text)
    assert "doha 5" in page.text
    assert "<i>talks</i> 2.5" in page.text
    assert "from 0.5 on it belongs to the topic, from 0.3 on it may" in page.text
    assert "from 1 December 2018 to 30 June 2019" in page.text
    assert "Gulf Wire (feeds, sitemaps) , anywhere (gdelt)" in page.text
    assert "The definition as it was written" in page.text
    assert "https://wire.example/seed" in page.all("a", "href")


def test_a_topic_says_how_much_is_on_it_and_what_waits(places: Get) -> None:
    page = Parsed(places("/topic/talks").text)
    assert "14 on the topic 1 to review" in page.text
    assert "/news/to_review?topic=talks" in page.all("a", "href")
    assert "Doha talks end with a draft" in page.text
    assert "killed 9 0 12" in page.text


def test_a_topic_without_articles_says_what_would_find_them(places: Get) -> None:
    page = Parsed(places("/topic/idle").text)
    assert "dossier crawl idle looks for it" in page.text
    assert "no [ toml" in page.text
