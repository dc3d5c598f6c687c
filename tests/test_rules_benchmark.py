"""The benchmarks of the rules of the text: what they read, what they count, and on which hosts."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipelines.body.lines import Surroundings
from pipelines.items import Article

ROOT = Path(__file__).parent.parent
SCORER = '''
"""Words that a text and its gold share."""
import json

def load_gold(pages):
    lines = (pages / "demo" / "manifest.jsonl").read_text().splitlines()
    return {line["id"]: line for line in map(json.loads, lines)}

def body_counts(gold, text, body_key="body"):
    said, right = set(text.split()), set(gold["body"].split())
    return len(said & right), len(said - right), len(right - said)

def prf(tp, fp, fn):
    return 0, 0, 2 * tp / (2 * tp + fp + fn)

def snippet_norm(text):
    return " ".join(text.split())
'''
NEWS = [
    "The envoys met for the first day in the hall by the river and parted at dusk without a single word to the press.",
    "Nobody in the hall would say when the second day of the meeting begins, and the town is full of rumours tonight.",
]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Three outlets' pages, each with a headline in its text and a line of promotion under it, and a scorer."""
    folder = tmp_path / "pages" / "demo"
    (folder / "pages").mkdir(parents=True)
    manifest = []
    for outlet, line in (("a", "Read more: the hall"), ("b", "Read more: the river"), ("c", "Sign up for our letter")):
        text = "".join(f"<p>{paragraph}</p>" for paragraph in ["Envoys meet in Doha", *NEWS, line])
        html = f"<html><head><title>Envoys meet in Doha</title></head><body><article>{text}</article></body></html>"
        (folder / "pages" / f"{outlet}.html.gz").write_bytes(gzip.compress(html.encode()))
        url = f"https://{outlet}.example/talks"
        manifest.append({"id": outlet, "url": url, "body": "\n".join(NEWS), "without": [line]})
    (folder / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in manifest), encoding="utf-8")
    (tmp_path / "score_extraction.py").write_text(SCORER, encoding="utf-8")
    return tmp_path


def test_every_rule_and_number_is_measured(pages: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.rules", str(pages / "pages"), "--score", str(pages), "--folds", "3"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    rows = {cells[1]: cells[2:] for line in printed.splitlines() if len(cells := line.split(" | ".strip())) > 4}
    assert "3 pages of 3 hosts" in printed
    promotion = [cell.strip() for cell in rows[" Promotion "]]
    assert promotion[:2] == ["3", "3"]
    assert promotion[4:7] == ["3", "0", "3"]
    assert float(promotion[2]) > 0
    assert " Promotion.longest " in rows
    assert "phrases that fire on another host too" in printed


def test_an_interval_is_of_hosts_and_the_same_each_time() -> None:
    from benchmarks.trials import interval

    gains = {"one": [0.1] * 50, "two": [0.0], "three": [0.0], "four": [0.0]}
    mean, low, high = interval(gains)
    assert (mean, low, high) == interval(gains)
    assert mean == pytest.approx(5 / 53)
    assert low == 0.0
    assert high == pytest.approx(0.1, abs=0.01)
    assert interval({}) == (0, 0, 0)


def test_each_host_is_in_one_part() -> None:
    from benchmarks.trials import parts

    hosts = [f"{number}.example" for number in range(11)]
    found = parts([*hosts, *hosts], 3)
    assert sorted(host for part in found for host in part) == sorted(hosts)
    assert {len(part) for part in found} == {3, 4}


def test_a_number_is_chosen_by_other_hosts_and_measured_on_its_own() -> None:
    from benchmarks.trials import Given, tuned

    pages = [Given(id=key, host=key, lines=(), around=Surroundings()) for key in "abc"]
    # Six is best for two hosts of three, by much; the third loses by it.
    tried = {4: dict.fromkeys("abc", 0.5), 6: {"a": 0.9, "b": 0.9, "c": 0.1}, 8: dict.fromkeys("abc", 0.5)}
    chosen, gains = tuned(pages, tried, dict.fromkeys("abc", 0.5), 8, 3)
    assert sorted(chosen) == [6, 8, 8]
    assert gains == {"a": [0.0], "b": [0.0], "c": [pytest.approx(-0.4)]}


def test_a_phrase_counts_on_other_hosts_than_those_that_suggested_it() -> None:
    from benchmarks.rules import spread
    from pipelines.body.promotion import Section

    hosts: dict[tuple[Section, str], Sequence[str]] = {
        ("begins", "read more"): ["a", "b"],
        ("begins", "read also"): ["a"],
    }
    assert spread(hosts, "a").found("Read more")
    assert spread(hosts, "a").found("Read also") is None
    assert spread(hosts, "c").found("Read also")


def test_what_is_counted_grows_with_the_articles_of_an_archive() -> None:
    from benchmarks.furniture import articles, played, taken

    texts = [
        f"Day {day} went by.\nMore soon.\n{NEWS[0] * 3} {day}\n" + ("Yes." if day % 4 else "No.") for day in range(9)
    ]
    read = articles({"title": "Talks", "text": text, "date": str(day)} for day, text in enumerate(texts))
    assert [article.body[:5] for article in read[:2]] == ["Day 0", "Day 1"]
    first, second = ([left.body for _, left in played(read, share, again=True)] for share in (0.0, 0.5))
    assert first[0].endswith("0")
    assert second[0].endswith("No.")
    assert all("More soon." not in body for body in [*first, *second])
    assert taken([(read[0], read[0])]) == (0, 0, 0)
    assert taken([(read[0], Article(title="", body="Day 0 went by."))])[0] == 3


def test_listening_changes_nothing() -> None:
    from benchmarks.trials import listening
    from pipelines.body import choice
    from pipelines.body.lines import own_lines

    with listening() as heard:
        assert choice.own_lines(["One.", "Read more"], Surroundings()) == ["One."]
    assert heard == [(["One.", "Read more"], Surroundings(), ["One."])]
    assert choice.own_lines is own_lines
