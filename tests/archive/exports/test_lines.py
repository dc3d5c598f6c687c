from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings

from archive.exports.lines import line, lines
from archive.exports.progress import Progress
from tests.archive.exports.conftest import Choose
from tests.filling import ARTICLES, HOSTILE
from tests.nasty_texts import NASTY

MARKET = ARTICLES[3]["url"]


def read(pieces: Any) -> list[dict[str, Any]]:
    # As a reader does that takes every sign for the end of a line that Unicode calls one.
    return [json.loads(text) for text in b"".join(pieces).decode("utf-8").splitlines()]


def keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys, value.values()))
    return set().union(*map(keys, value)) if isinstance(value, list) else set()


def test_an_article_is_told_with_all_that_the_archive_knows_of_it(choose: Choose, progress: Progress) -> None:
    told = {one["url"]: one for one in read(lines(choose(), progress))}
    assert len(told) == progress.articles == len(ARTICLES)
    market = told[MARKET]
    assert market["body"] == ARTICLES[3]["body"] + "\nBy evening it was open too."
    assert [one["body"] for one in market["versions"]] == [ARTICLES[3]["body"]]
    assert [event["kind"] for event in market["events"]] == ["boring", "correction", "flapping"]
    assert market["captions"] == ["A lane of the market", "The zither maker's shutters"]
    assert [post["line"] for post in market["posts"]] == [0, 2]
    assert market["witnesses"][1]["others"] == [["og", "Market in Kabul <opens> again"]]
    assert {one["url"] for one in market["aliases"]} == {MARKET, f"{MARKET}/amp"}
    (topic,) = market["topics"]
    assert (topic["topic"], topic["verdict"], topic["score"]) == ("talks", "review", 0.6)
    doha, copy = told[ARTICLES[0]["url"]], told[ARTICLES[1]["url"]]
    assert doha["authors"] == ["Mina Rahimi"]
    assert doha["topics"][0]["matched"] == [["doha", 0.4], ["talks", 0.2]]
    assert (copy["story"]["url"], copy["story"]["relation"], copy["story"]["size"]) == (doha["url"], "syndicated", 2)
    assert copy["records"][0]["digest"] == "sha1:1"
    assert told[ARTICLES[4]["url"]]["title"] == HOSTILE


def test_no_id_of_the_archive_is_told(choose: Choose, progress: Progress) -> None:
    told = keys(read(lines(choose(), progress)))
    assert not {key for key in told if key == "id" or key.endswith("_id")}


def test_without_bodies_neither_the_text_nor_the_earlier_ones_are_told(choose: Choose, progress: Progress) -> None:
    told = read(lines(choose(has_bodies=False), progress))
    assert "body" not in keys(told)
    assert any(one["versions"] for one in told)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=NASTY, body=NASTY)
def test_whatever_an_article_says_is_one_line_and_comes_back(saying: Callable[..., Any], title: str, body: str) -> None:
    tags = json.dumps([title, "\ud800"])
    (one,) = read(saying(lambda chosen, done: list(lines(chosen, done)), title=title, body=body, tags=tags))
    assert (one["title"], one["body"], one["tags"]) == (title, body, [title, "?"])


def test_what_cannot_be_read_in_a_column_of_json_is_left_out(saying: Callable[..., Any]) -> None:
    for tags in ("{", "7", '[1, {"a": 2}]', "[" * 100_000):
        (one,) = read(saying(lambda chosen, done: list(lines(chosen, done)), tags=tags))
        assert one["tags"] == []


def test_a_line_is_one_line_whoever_reads_it() -> None:
    assert len(line(json.dumps("a\u2028b\x85c\x9bd", ensure_ascii=False)).decode().splitlines()) == 1
