from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.folders import DEFAULT_TOPIC, PACKAGED_TOPICS
from crawler.seeds import WORLD, seed_from_file
from pipelines.items import Article
from pipelines.relevance import judge, link_score
from pipelines.topic import Topic, find_topic, load_topic
from pipelines.urls import canonical

STORIES = Path(__file__).parent / "stories"
ON = sorted((STORIES / "on").glob("*.txt"))
NEAR = sorted((STORIES / "near").glob("*.txt"))


@pytest.fixture(scope="module")
def topic() -> Topic:
    return load_topic(find_topic(DEFAULT_TOPIC, [PACKAGED_TOPICS]))


def article(story: Path) -> Article:
    return replace(seed_from_file(story, datetime.now(UTC)), published=datetime(2019, 2, 5, tzinfo=UTC))


@pytest.mark.parametrize("story", ON, ids=lambda path: path.stem)
def test_the_first_topic_keeps_what_belongs_to_it(topic: Topic, story: Path) -> None:
    verdict = judge(article(story), topic)
    assert verdict.decision == "keep"
    assert verdict.score > topic.keep + 0.05, verdict


@pytest.mark.parametrize("story", NEAR, ids=lambda path: path.stem)
def test_the_first_topic_drops_what_only_sounds_like_it(topic: Topic, story: Path) -> None:
    verdict = judge(article(story), topic)
    assert verdict.decision == "drop", verdict


def test_links_that_belong_are_fetched_before_those_that_only_sound_like_it(topic: Topic) -> None:
    on, near = ([link_score(article(story).title, "", topic) for story in stories] for stories in (ON, NEAR))
    assert min(on) > max(near)


def test_the_first_topic_names_the_people_the_places_and_the_matter(topic: Topic) -> None:
    people = {"zalmay khalilzad", "ashraf ghani", "baradar", "stanikzai", "patrick shanahan", "hamid karzai"}
    places = {"doha", "qatar", "kabul", "islamabad", "bagram"}
    matter = {"peace talks", "troop withdrawal", "ceasefire", "interim government", "intra-afghan", "loya jirga"}
    assert people | places | matter <= {term.text for term in topic.terms}
    assert topic.queries


def test_the_first_topic_asks_many_outlets_none_of_them_called_verified(topic: Topic) -> None:
    asked = {source.outlet for source in topic.sources if source.channel in {"feeds", "sitemaps"}}
    assert len(asked) >= 60
    assert {source.channel for source in topic.sources if source.url} == {"feeds", "sitemaps", "sections"}
    services = {source.channel for source in topic.sources if not source.url}
    assert services == {"outlinks", "gdelt", "wayback", "gal", "ccnews"}
    assert not [source.url for source in topic.sources if source.verified]
    assert all(source.outlet for source in topic.sources if source.url)


def test_the_first_topic_covers_early_2019(topic: Topic) -> None:
    assert topic.since is not None
    assert topic.until is not None
    assert topic.since.year == 2018
    assert topic.until.year == 2020


@pytest.mark.parametrize("path", [PACKAGED_TOPICS / f"{DEFAULT_TOPIC}.toml", WORLD], ids=lambda path: path.stem)
def test_packaged_addresses_are_whole_and_on_the_usual_ports(path: Path) -> None:
    for source in (source for source in load_topic(path).sources if source.url):
        assert canonical(source.url)
        assert ":" not in source.url.partition("://")[2].partition("/")[0], source.url
