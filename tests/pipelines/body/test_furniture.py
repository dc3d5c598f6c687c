from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.body.furniture import LONGEST, line_hash, line_hashes, without_furniture
from pipelines.items import Article, Post

NEWS = [f"The envoys of the two sides met for the {day} day and parted without a word." for day in ("first", "next")]
PROMISE = "The Courier reports what it sees, and nothing else."


def article(*lines: str, posts: tuple[Post, ...] = ()) -> Article:
    body = "\n".join(lines)
    return Article(title="Talks", body=body, lines=line_hashes(body), posts=posts)


def test_lines_that_others_share_are_taken_out_and_named() -> None:
    read = article(*NEWS, PROMISE)
    clean = without_furniture(read, {line_hash(PROMISE)})
    assert clean.body.split("\n") == NEWS
    assert clean.furniture == (line_hash(PROMISE),)
    assert clean.lines == read.lines


def test_a_text_most_of_which_others_share_was_published_more_than_once() -> None:
    read = article(*NEWS, PROMISE)
    assert without_furniture(read, {line_hash(line) for line in NEWS}) == read


def test_posts_begin_where_their_lines_are_now() -> None:
    read = article(NEWS[0], PROMISE, NEWS[1], NEWS[1] + "!", posts=(Post(line=0), Post(line=2), Post(line=3)))
    clean = without_furniture(read, {line_hash(PROMISE)})
    assert [post.line for post in clean.posts] == [0, 1, 2]


def test_case_spaces_and_signs_make_no_other_line() -> None:
    assert line_hash("Follow us  on the Web!") == line_hash("follow us on the web")
    assert line_hash("Follow us") != line_hash("Follow them")
    assert line_hash(" — ") == 0
    assert line_hash("word " * LONGEST) == 0


@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=12), st.sets(st.integers(0, 11)))
def test_what_is_left_is_in_order_and_enough(texts: list[str], chosen: set[int]) -> None:
    lines = [" ".join(text.split()) or "x" for text in texts]
    read = article(*lines)
    clean = without_furniture(read, {line_hash(line) for at, line in enumerate(lines) if at in chosen})
    left = iter(lines)
    assert all(line in left for line in clean.body.split("\n"))
    assert len(clean.body) >= 0.6 * len(read.body)
    assert set(clean.furniture) <= set(read.lines)
