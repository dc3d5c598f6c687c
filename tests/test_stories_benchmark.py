from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.logistic import Sample, fitted
from benchmarks.stories import clusters, ordered
from benchmarks.story_weights import chosen, compared, told, toml_of


def words(seed: int, count: int = 200) -> str:
    return " ".join(f"w{seed}x{number}" for number in range(count))


def line(number: int, text: str, date: str = "", site: str = "a.example") -> dict[str, str]:
    return {"id": f"n/{number}", "site": site, "title": f"Headline {number}", "text": text, "date": date}


LINES = [
    line(1, words(1), "2021-03-02-10-00-00"),
    line(2, words(2)),
    line(3, f"KABUL (AP) — {words(1)}", "2021-03-01", site="b.example"),
    line(4, words(3)),
]


def test_articles_come_by_date_and_those_without_keep_their_places() -> None:
    assert [one["id"] for one in ordered(LINES)] == ["n/3", "n/2", "n/1", "n/4"]
    shuffled = ordered(LINES, 1)
    assert sorted(one["id"] for one in shuffled) == sorted(one["id"] for one in LINES)
    assert ordered(LINES, 1) == shuffled


def test_the_stories_are_those_of_the_archive_after_it_was_opened_again() -> None:
    found = {one["id"]: one["cluster"] for one in clusters(LINES)}
    assert found["n/1"] == found["n/3"] is not None
    assert found["n/2"] is found["n/4"] is None


def test_weights_are_chosen_by_the_pairs_that_the_archive_would_compare(tmp_path: Path) -> None:
    some = [
        line(10 + n, f"{words(n, 100)} {words(50 + n % 2, 40)}", "2021-03-01", f"{n % 3}.example") for n in range(9)
    ]
    copies = [
        line(30 + n, f"{words(n, 100)} {words(50 + n % 2, 40)} more", "2021-03-01", "c.example") for n in range(9)
    ]
    late = [line(50 + n, f"{words(n, 90)}", "2021-03-01", f"{n % 3}.example") for n in range(9)]
    docs, gold = tmp_path / "set_docs.jsonl", tmp_path / "gold.jsonl"
    docs.write_text("\n".join(map(json.dumps, some + copies + late)), encoding="utf-8")
    alike = [{"id": one["id"], "cluster": f"c{n}"} for n in range(9) for one in (some[n], copies[n], late[n])]
    pairs = [{"dup": [some[n]["id"], other[n]["id"]]} for n in range(9) for other in (copies, late)]
    gold.write_text("\n".join(map(json.dumps, [*alike, *pairs])), encoding="utf-8")
    found = list(compared(told(docs, gold)))
    assert {one.is_copy for one in found} == {one.is_within for one in found} == {True, False}
    rule = chosen([found])
    assert rule.across.containment > 0
    assert "[within]" in toml_of(rule)


def test_a_constant_and_a_weight_are_found_by_what_they_explain() -> None:
    samples = [Sample((number / 10,), number > 4) for number in range(10)]
    start, weight = fitted([*samples, Sample((0.45,), True), Sample((0.45,), False)])
    assert weight > 0
    assert -start / weight == pytest.approx(0.45, abs=0.02)
