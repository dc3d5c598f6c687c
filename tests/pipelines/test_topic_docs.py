from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipelines import relevance, vocabulary
from pipelines.keys import CHANNELS, KEYS, SOURCE_KEYS, THRESHOLD_KEYS, WINDOW_KEYS
from pipelines.topic import TopicError, parse_topic

DOC = (Path(__file__).parents[2] / "docs" / "topics.md").read_text(encoding="utf-8")


def documented() -> set[str]:
    """The keys in the first column of the tables."""
    cells = re.findall(r"^\| (`.*?) \|", DOC, re.MULTILINE)
    return {key for cell in cells for key in re.findall(r"`([\w.]+)`", cell)}


def read() -> set[str]:
    """The keys that the parser knows."""
    tables = {"window": WINDOW_KEYS, "thresholds": THRESHOLD_KEYS, "sources": SOURCE_KEYS}
    inner = {f"{table}.{key}" for table, keys in tables.items() for key in keys}
    return inner | (set(KEYS) - {"window", "thresholds"})


def test_every_key_is_documented_and_every_documented_key_is_read() -> None:
    assert documented() == read(), "docs/topics.md and pipelines/keys.py disagree: mend the table"


def test_every_channel_is_documented() -> None:
    row = next(line for line in DOC.splitlines() if line.startswith("| `sources.channel`"))
    assert re.findall(r"`(\w+)`", row) == list(CHANNELS)


def test_the_error_in_the_docs_is_the_one_that_is_told() -> None:
    with pytest.raises(TopicError) as caught:
        parse_topic("[thresholds]\nkeep = 7\n[terms]\nwater = 1\n", "topics/river-treaty.toml")
    assert f"    {caught.value}\n" in DOC


def test_the_figures_of_the_judgement_are_those_of_the_code() -> None:
    for figure in (
        f"headline counts {relevance.IN_TITLE:g}",
        f"standfirst and the lead {relevance.IN_LEAD:g}",
        f"first {relevance.LEAD} words",
        f"n + {relevance.REPEATS:g} × length",
        f"1 for {relevance.USUAL_LENGTH} words",
        f"{relevance.HEAVIEST} heaviest terms",
        f"first {vocabulary.LEAD} words of a seed",
    ):
        assert figure in DOC
