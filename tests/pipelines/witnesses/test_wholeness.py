from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.tree import strip, tree_of
from pipelines.witnesses.wholeness import CUT, SCRIPTS, TEASER, Claims, partial_reason

SENTENCE = "The envoys said nothing when they left the hall late in the evening. "
TEXT = SENTENCE * 12
WHOLE = f"<html><body><div><div><p>{TEXT}</p></div></div></body></html>"
WALLED = Claims(is_paywalled=True)


def reason(document: str = WHOLE, text: str = TEXT, claims: Claims | None = None) -> str:
    tree = tree_of(document)
    strip(tree)
    return partial_reason(document.encode(), tree, text, claims or Claims())


@pytest.mark.parametrize(
    "document",
    [
        WHOLE,
        WHOLE.removesuffix("</html>"),
        WHOLE.removesuffix("</body></html>"),
        WHOLE.upper(),
        WHOLE + "<!-- served by 7 --><script>",
        WHOLE.removesuffix("</div></body></html>"),
        "<p>One<p>Two<br>",
    ],
    ids=["whole", "no html", "no end tags", "capitals", "rest behind", "one open", "old style"],
)  # fmt: skip
def test_a_page_that_leaves_out_end_tags_is_whole(document: str) -> None:
    assert reason(document) == ""


@pytest.mark.parametrize(
    "end",
    [
        "</p>", "</p></div><div class='re", "</p></div></div><script>var a = 1", "</p></div></div><!-- serv",
        "</p></div></div><a href='/worl",
    ],
)  # fmt: skip
def test_a_page_that_breaks_off_is_not(end: str) -> None:
    assert reason(WHOLE.partition("</p>")[0] + end) == CUT


def test_a_walled_page_with_all_its_words_is_whole() -> None:
    assert reason(claims=WALLED) == ""
    assert reason(claims=Claims(is_paywalled=True, words=150)) == ""
    assert reason(claims=Claims(is_paywalled=True, words=9_000, body=TEXT)) == ""
    assert reason(claims=Claims(words=900)) == ""


@pytest.mark.parametrize(
    "claims",
    [Claims(is_paywalled=True, words=900), Claims(is_paywalled=True, body=TEXT * 3)],
    ids=["number", "body"],
)
def test_a_walled_page_with_less_than_half_of_what_it_claims_is_a_teaser(claims: Claims) -> None:
    assert reason(claims=claims) == TEASER


@pytest.mark.parametrize("end", ["…", "...", " […]", " [...]", "…”", "... "])
def test_a_walled_text_that_breaks_off_is_a_teaser(end: str) -> None:
    assert reason(text=TEXT.strip() + end, claims=WALLED) == TEASER
    assert reason(text=TEXT.strip() + end) == ""


def test_a_text_that_breaks_off_before_a_wall_is_a_teaser_whatever_the_page_says() -> None:
    walled = WHOLE.replace("</p>", "</p><div id='articlePaywall'>Subscribe</div>")
    assert reason(walled, TEXT.strip() + "…") == TEASER
    assert reason(walled) == ""


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        ("", TEASER),
        ("<div class='rest'></div>", TEASER),
        (
            "<div class='a rest b'>Subscribe and read on. The first month is free, and you leave when you want.</div>",
            TEASER,
        ),
        (f"<div class='rest'>{TEXT}</div>", ""),
        (f"<div class='rest-of-it'>{TEXT}</div>", TEASER),
    ],
    ids=["not there", "empty", "button", "there", "other name"],
)
def test_a_short_text_whose_locked_part_is_not_there_is_a_teaser(rest: str, expected: str) -> None:
    document = WHOLE.replace("</body>", f"{rest}</body>")
    assert reason(document, claims=Claims(is_paywalled=True, locked=(".rest",))) == expected
    assert reason(document, TEXT * 2, Claims(is_paywalled=True, locked=(".rest",))) == ""


def test_next_to_no_text_beside_a_long_claim_is_in_the_scripts() -> None:
    shell = f"<html><body><div id='root'></div><script>{TEXT * 9}</script></body></html>"
    assert reason(shell, "Loading", Claims(words=600)) == SCRIPTS
    assert reason(shell, "Loading", Claims(words=150)) == ""
    assert reason(shell, "Loading") == ""
    assert reason(WHOLE.replace(TEXT, TEXT * 5), "Loading", Claims(words=600)) == ""


def test_quotes_in_a_name_are_only_characters() -> None:
    assert reason(claims=Claims(is_paywalled=True, locked=(".it's",))) == TEASER


@given(
    st.text(max_size=60).map(lambda text: f"<html><body><p>x</p>{text}"),
    st.text(max_size=60),
    st.builds(
        Claims,
        is_paywalled=st.booleans(),
        locked=st.lists(st.sampled_from([".a", "#b", ".c-d"]), max_size=3).map(tuple),
        words=st.none() | st.integers(0, 10**8),
        body=st.text(max_size=60),
    ),
)
def test_any_page_is_whole_or_not_for_a_reason(document: str, text: str, claims: Claims) -> None:
    tree = tree_of(document)
    assert partial_reason(document.encode("utf-8", "replace"), tree, text, claims) in {"", CUT, TEASER, SCRIPTS}


@given(st.binary(max_size=300))
def test_any_bytes_have_an_end_or_none(document: bytes) -> None:
    assert partial_reason(document, tree_of(WHOLE), TEXT, Claims()) in {"", CUT}
