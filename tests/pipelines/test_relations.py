from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.relations import related
from pipelines.similarity import sketch

SENTENCES = [
    f"Delegate {number} of the {number % 7} provinces told reporter {number * 3} that article {number * 5} would stand."
    for number in range(60)
]
TEXT = "\n".join(SENTENCES[:30])
OTHER = "\n".join(SENTENCES[30:])


@pytest.mark.parametrize(
    ("text", "other", "relation", "similarity"),
    [
        (TEXT.upper(), TEXT, "exact copy", 1.0),
        (TEXT + "\nReporting by the desk.", TEXT, "syndicated", 0.98),
        ("\n".join(SENTENCES[:12]), TEXT, "truncated", 1.0),
        (TEXT, "\n".join(SENTENCES[:15]), "partial", 0.5),
        ("\n".join(SENTENCES[10:40]), OTHER, "rewrite", 0.33),
        (TEXT, OTHER, "rewrite", 0.0),
        ("Rain.", "Sun.", "rewrite", 0.0),
        ("Rain.", "rain", "exact copy", 1.0),
        ("", "", "rewrite", 0.0),
    ],
    ids=["exact", "syndicated", "truncated", "partial", "rewrite", "nothing", "short", "short and equal", "empty"],
)
def test_a_text_is_told_by_what_it_shares(text: str, other: str, relation: str, similarity: float) -> None:
    found = related(sketch(text), sketch(other))
    assert found[0] == relation
    assert found[1] == pytest.approx(similarity, abs=0.15)


@given(st.integers(0, 40), st.integers(1, 30), st.integers(0, 40), st.integers(1, 30))
def test_likeness_is_from_nothing_to_all_and_the_jaccard_is_mutual(a: int, b: int, c: int, d: int) -> None:
    one, two = (sketch("\n".join(SENTENCES[start : start + size])) for start, size in ((a, b), (c, d)))
    there, back = related(one, two), related(two, one)
    assert there[2] == back[2]
    assert 0 <= there[2] <= min(there[1], back[1]) <= 1
