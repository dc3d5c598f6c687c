from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.channels.steps.trail import mark, note, told


@given(st.lists(st.tuples(st.sampled_from(["seen", "left", "none"]), st.text())))
def test_a_trail_tells_about_each_word_what_was_noted_in_order(entries: list[tuple[str, str]]) -> None:
    trail = [note(word, about) for word, about in entries]
    assert told(trail, "seen") == tuple(about for word, about in entries if word == "seen")
    assert told(trail, "other") == ()


@given(st.lists(st.text(st.characters())), st.lists(st.text(st.characters())))
def test_a_mark_is_short_and_stands_for_its_texts(one: list[str], other: list[str]) -> None:
    assert len(mark(one)) == 16
    assert mark(one) == mark(iter(one))
    if all("\n" not in text for text in (*one, *other)):
        assert (mark(one) == mark(other)) == (one == other)
