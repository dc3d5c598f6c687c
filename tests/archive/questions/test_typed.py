from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.questions.typed import Part, clean, parts, written

VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(
    lambda text: " ".join(text.split()) or "x"
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", []),
        ("doha", [Part(values=("doha",))]),
        ("--doha", [Part(values=("doha",), is_without=True)]),
        ("−doha", [Part(values=("doha",), is_without=True)]),
        ("–doha", [Part(values=("–doha",))]),
        ("“peace  deal”", [Part(values=("peace deal",), is_phrase=True)]),
        ("„peace deal“ a", [Part(values=("peace deal",), is_phrase=True), Part(values=("a",))]),
        ('"peace', [Part(values=("peace",), is_phrase=True)]),
        ("title:a,b", [Part(field="title", values=("a,b",))]),
        ('title:"a b"', [Part(field="title", values=("a b",), is_phrase=True)]),
        ("lang:en,fa", [Part(field="language", values=("en", "fa"))]),
        ("lang:en, fa", [Part(field="language", values=("en",)), Part(values=("fa",))]),
        ("Lang：en", [Part(field="language", values=("en",))]),
        ('author:"a ""b""","c"', [Part(field="author", values=('a "b"', "c"))]),
        ("author:", [Part(field="author")]),
        ("(doha)(kabul)", [Part(values=("doha",)), Part(values=("kabul",))]),
        ("nobody:doha", [Part(values=("nobody:doha",))]),
        ('a"b', [Part(values=("a",)), Part(values=("b",), is_phrase=True)]),
    ],
)
def test_a_text_is_taken_apart(typed: str, expected: list[Part]) -> None:
    assert list(parts(typed)) == expected


@given(
    st.lists(
        st.builds(
            Part,
            field=st.sampled_from(["author", "topic"]),
            is_without=st.booleans(),
            values=st.lists(VALUES, min_size=1, max_size=3).map(tuple),
        ),
        max_size=4,
    )
)
def test_values_of_any_signs_are_written_so_that_they_are_read_again(some: list[Part]) -> None:
    assert list(parts(written(some))) == some


@given(st.text(st.characters(codec=None)))
def test_a_clean_text_has_no_controls_and_can_be_encoded(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) == len(text)
    assert "\x00" not in cleaned
    cleaned.encode()
