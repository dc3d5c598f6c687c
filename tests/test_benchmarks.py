"""The benchmarks of relevance: what they read of a topic, and what they write."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.thresholds import Judged
from pipelines.items import Article

ROOT = Path(__file__).parent.parent
STREAM = [
    {
        "id": "a/1",
        "title": "Sluice repairs begin at Port Amaro",
        "text": "Engineers began to replace the sluice gates at Port Amaro on Friday, as Nadia Orlov had asked.",
    },
    {"id": "a/2", "title": "Port Amaro sluice opens again", "text": "Barges passed the sluice.", "url": None},
    {"id": "a/3", "title": "Bakers strike", "text": "Shelves were bare.", "url": "https://b.example/port-amaro-sluice"},
    {"id": "a/4", "title": "Bakers strike", "text": "Sluice gates of Port Amaro.", "url": "https://b.example/bakers"},
]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    stream, topics = tmp_path / "stream.jsonl.gz", tmp_path / "topics.jsonl"
    with gzip.open(stream, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(line) + "\n" for line in STREAM)
    # No label: a benchmark that looked at one would end here.
    lines = [{"topic": "sluice", "seeds": ["a/1", "a/2"]}, {"topic": "bread", "seeds": ["a/3"], "query": "bakers pay"}]
    topics.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return [str(stream), str(topics)]


def predictions(name: str, files: list[str], *options: str) -> list[dict[str, object]]:
    out = Path(files[1]).with_name("predictions.jsonl")
    command = [sys.executable, "-m", f"benchmarks.{name}", *files, "--out", str(out), *options]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_links_are_scored_without_labels_by_title_and_address_alone(files: list[str]) -> None:
    lines = predictions("links", files, "--seeds", "1")
    assert all(line.keys() == {"topic", "id", "score"} for line in lines)
    scores = {(line["topic"], line["id"]): line["score"] for line in lines}
    assert len(scores) == len(lines) == 8
    assert scores["sluice", "a/2"] > scores["sluice", "a/3"] > scores["sluice", "a/4"] == 0  # type: ignore[operator]  # numbers


def test_the_words_of_the_query_count_where_they_are_asked_for(files: list[str]) -> None:
    plain, asked = (predictions("links", files, *options) for options in ((), ("--query",)))
    scores = [{(line["topic"], line["id"]): line["score"] for line in lines} for lines in (plain, asked)]
    assert scores[0]["sluice", "a/2"] == scores[1]["sluice", "a/2"]
    assert scores[0]["bread", "a/4"] != scores[1]["bread", "a/4"]


def test_articles_are_judged_without_labels(files: list[str]) -> None:
    lines = predictions("relevance", files, "--seeds", "2", "--query")
    assert all(line.keys() == {"topic", "id", "score", "keep"} for line in lines)
    assert [line["id"] for line in lines if line["topic"] == "sluice" and line["keep"]][:2] == ["a/1", "a/2"]


def test_what_a_judgement_costs_is_told_beside_a_baseline() -> None:
    from benchmarks.relevance import costs
    from pipelines.topic import Term, Topic

    told = costs([Article(title="Sluice", body="Barges")], Topic(name="sluice", terms=(Term(text="sluice", weight=1),)))
    assert told.startswith("CPU ms an article of 6 characters: judged ")
    assert "sketched" in told
    assert "baseline" in told


def held(name: str, theme: str, *scores: tuple[float, bool]) -> Judged:
    return Judged(name=name, theme=frozenset([theme]), wanted=sum(belongs for _, belongs in scores), scores=scores)


def test_a_topic_and_its_theme_have_no_say_in_its_threshold() -> None:
    from benchmarks.thresholds import held_out

    low = ((0.4, True), (0.3, True), (0.1, False))
    high = ((0.9, True), (0.8, True), (0.6, False), (0.5, False))
    found = held_out([held("one", "quake", *low), held("other", "quake", *low), held("third", "strike", *high)])
    assert [0.1 < one.threshold <= 0.3 for one in found] == [False, False, True]
    assert [one.f1 for one in found[:2]] == [0, 0]
    assert found[2].f1 == pytest.approx(2 / 3)
    assert [one.topic.best() for one in found] == [1, 1, 1]


def test_the_threshold_is_proved_from_the_command_line(files: list[str]) -> None:
    topics = Path(files[1])
    lines = [json.loads(line) for line in topics.read_text(encoding="utf-8").splitlines()]
    wanted = {"sluice": ["a/2"], "bread": ["a/4"]}
    lines = [line | {"seeds": line["seeds"][:1], "relevant": wanted[line["topic"]], "ignore": []} for line in lines]
    topics.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.thresholds", *files, "--seeds", "1"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    assert [line.split()[0] for line in said[1:4]] == ["sluice", "bread", "topics"]
    assert "F1 at the shipped 0.5" in said[-2]


def test_a_host_that_yields_is_gone_on_with_where_titles_say_the_same() -> None:
    from benchmarks.history import recall

    hosts = {f"{host}{n}": host for n in range(40) for host in "ab"}
    scores = dict.fromkeys(hosts, 0.5)
    wanted = [link for link in hosts if link.startswith("b")]
    assert recall(list(hosts), scores, hosts, wanted, 40) > recall(list(hosts), scores, {}, wanted, 40) + 0.2


def test_a_text_that_begins_with_its_headline_says_it_once() -> None:
    from benchmarks.streams import article_of

    article = article_of({"title": "Bakers strike", "text": "Bakers strike\nShelves were bare."})
    assert (article.title, article.body) == ("Bakers strike", "Shelves were bare.")


def test_what_fetched_pages_teach_finds_headlines_that_the_topic_does_not_know() -> None:
    from benchmarks.lessons import recalls
    from pipelines.topic import Term, Topic

    # By the topic's words alone the second kind comes before the third, and the third ties with the fourth.
    kinds = (
        ("Sluice repairs and Orlov", "Sluice Amaro"),
        ("Sluice recipe for gardeners", "Shelves"),
        ("Orlov resigns", "Sluice Amaro"),
        ("Gardeners bake", "Shelves"),
    )
    links = [
        {"id": f"{n}/{kind}", "title": title, "text": text}
        for n in range(20)
        for kind, (title, text) in reversed([*enumerate(kinds)])
    ]
    topic = Topic(name="sluice", terms=(Term(text="sluice", weight=1), Term(text="amaro", weight=5)))
    wanted = {str(link["id"]) for link in links if link["text"] == "Sluice Amaro"}
    plain, learnt = recalls(links, topic, wanted, batches=1, step=5)
    assert learnt[0] > plain[0] + 0.3
    assert plain[2] == learnt[2] == 1


def test_lessons_are_measured_from_the_command_line(files: list[str]) -> None:
    topics = Path(files[1])
    lines = [json.loads(line) for line in topics.read_text(encoding="utf-8").splitlines()]
    lines = [line | {"seeds": line["seeds"][:1], "relevant": ["a/2", "a/4"]} for line in lines]
    topics.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    command = [sys.executable, "-m", "benchmarks.lessons", *files, "--batches", "1", "--step", "1"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    assert [line.split()[0] for line in said] == ["without", "with"]
    assert "5x 1.0000" in said[1]


def test_the_headlines_of_our_press_rank_as_their_authors_say(capsys: pytest.CaptureFixture[str]) -> None:
    from benchmarks.headlines import main

    main()
    bearings = [line.split()[2] for line in capsys.readouterr().out.splitlines() if not line.startswith(" ")]
    assert bearings[:10] == ["on"] * 10
    assert len(bearings) == 20


def test_what_answers_teach_is_counted_on_the_articles_that_were_not_asked_about() -> None:
    from benchmarks.learning import across, topic_figures
    from pipelines.items import Article
    from pipelines.topic import parse_topic
    from tests.reviewing import CONFIRMED, REFUSED, TOPIC

    articles = {title: Article(title=title, body=body) for title, body in (*CONFIRMED, *REFUSED)}
    relevant = {title for title, _ in CONFIRMED}
    topic = parse_topic(TOPIC, "sluice.toml")
    found = topic_figures(topic, articles, relevant, 2, [3, 8])
    assert found is not None
    yes, (before, *after) = found
    assert 0 <= yes <= 2
    assert len(after) == 2
    assert all(0 <= figure <= 1 for figures in (before, *after) for figure in figures)
    assert across([[before, *after], [before, *after]], [3, 8]) in after
    assert topic_figures(topic, {}, set(), 2, [3]) is None
