from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.body.runs import DEEPEST, joined


@pytest.mark.parametrize(
    "parts",
    [
        [{"text": "The envoys "}, {"text": "met again", "bold": True}, {"text": " on Tuesday."}],
        [
            {"type": "text", "value": "The envoys "},
            {"nodeType": "link", "content": [{"value": "met again"}]},
            " on Tuesday.",
        ],
        ["The envoys ", {"tag": "a", "children": "met again", "href": "/a"}, " on Tuesday."],
        [{"children": [{"text": "The envoys met again on Tuesday."}]}],
        [{"text": "The envoys met"}, {"type": "break"}, {"text": " again on Tuesday."}],
    ],
    ids=["marks", "a link", "elements", "one within", "a break"],
)
def test_parts_of_a_paragraph_are_put_together(parts: list[object]) -> None:
    assert joined(parts) == "The envoys met again on Tuesday."


@pytest.mark.parametrize(
    "values",
    [
        [],
        ["The envoys met.", "They parted."],
        [{"text": "The envoys met."}, {"text": "They parted."}],
        [{"type": "paragraph", "text": "The envoys"}, {"type": "paragraph", "text": "met again"}],
        [{"content": "<p>The envoys"}, {"content": "met again"}],
        [{"text": "The envoys"}, 7],
        [{"text": "The envoys"}, {"a": 1, "b": 2, "c": 3, "d": 4}],
    ],
    ids=["nothing", "strings", "sentences", "blocks", "markup", "a number", "something else"],
)
def test_a_list_of_anything_else_is_no_paragraph(values: list[object]) -> None:
    assert joined(values) is None


def test_parts_within_parts_are_bounded() -> None:
    deep: object = {"text": "word"}
    for _ in range(DEEPEST + 2):
        deep = {"children": [deep]}
    assert joined([deep]) is None


@given(st.recursive(st.none() | st.text(max_size=9) | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["text", "children", "type", "content"]), inner)))  # fmt: skip
def test_any_value_gives_a_text_or_none(value: object) -> None:
    assert isinstance(joined([value]), str | None)
