from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.body.furniture import LONGEST, MOST, SHORT, line_hash, line_hashes, without_furniture
from pipelines.items import Article, Post

NEWS = [f"The envoys of the two sides met for the {day} day and parted without a word." for day in ("first", "next")]
PROMISE = "The Courier reports what it sees, and nothing else."
PRAISE = "The Courier's politics desk tells you every morning what the day will bring. " * 2
BACKGROUND = "The two sides have met eleven times since the spring, and each of the meetings ended without a word. " * 2


def article(*lines: str, posts: tuple[Post, ...] = ()) -> Article:
    body = "\n".join(lines)
    return Article(title="Talks", body=body, lines=line_hashes(body), posts=posts)


def hashes(*lines: str) -> set[int]:
    return set(map(line_hash, lines))


def test_lines_that_others_share_are_taken_out_and_named() -> None:
    read = article(*NEWS, PROMISE)
    clean = without_furniture(read, hashes(PROMISE))
    assert clean.body.split("\n") == NEWS
    assert clean.furniture == (line_hash(PROMISE),)
    assert clean.lines == read.lines


def test_a_text_most_of_which_others_share_was_published_more_than_once() -> None:
    read = article(*NEWS, PROMISE)
    assert without_furniture(read, hashes(*NEWS)) == read


def test_a_notice_of_a_correction_is_the_article_s_own_in_whatever_words_others_have_it_too() -> None:
    notice = "This article has been updated to correct a number."
    read = article(*NEWS, notice, PROMISE)
    assert without_furniture(read, hashes(notice, PROMISE)).body.split("\n") == [*NEWS, notice]


@pytest.mark.parametrize("place", [0, 9], ids=["above", "below"])
def test_a_long_line_is_furniture_above_or_below_all_that_is_the_article_s_own(place: int) -> None:
    own = [f"{number} {BACKGROUND}" for number in range(9)]
    lines = [*own[:place], PRAISE, PROMISE, *own[place:]]
    assert without_furniture(article(*lines), hashes(PRAISE, PROMISE)).body.split("\n") == own


def test_the_background_of_a_follow_up_is_its_own() -> None:
    read = article(NEWS[0], BACKGROUND, PROMISE, NEWS[1], "The talks go on.")
    clean = without_furniture(read, hashes(BACKGROUND, PROMISE))
    assert clean.body.split("\n") == [NEWS[0], BACKGROUND, NEWS[1], "The talks go on."]


def test_only_lines_that_may_be_furniture_are_counted() -> None:
    middle = [f"{number} {BACKGROUND}" for number in range(40)]
    assert len(line_hashes("\n".join(middle))) < 12
    short = [f"{number} {PROMISE}" for number in range(40)]
    assert line_hashes("\n".join(short)) == tuple(map(line_hash, short))


def test_posts_begin_where_their_lines_are_now() -> None:
    read = article(NEWS[0], PROMISE, NEWS[1], NEWS[1] + "!", posts=(Post(line=0), Post(line=2), Post(line=3)))
    clean = without_furniture(read, hashes(PROMISE))
    assert [post.line for post in clean.posts] == [0, 1, 2]


def test_a_post_of_which_nothing_is_left_is_none() -> None:
    first, last = Post(line=0, title="First"), Post(line=3, title="Last")
    lines = (NEWS[0], "Write to us.", NEWS[0] + "!", NEWS[1], "Write to us!")
    read = article(*lines, posts=(first, Post(line=1), Post(line=2, title="Next"), last, Post(line=4)))
    clean = without_furniture(read, hashes("Write to us."))
    assert [(post.line, post.title) for post in clean.posts] == [(0, "First"), (1, "Next"), (2, "Last")]


def test_case_spaces_and_signs_make_no_other_line() -> None:
    assert line_hash("Follow us  on the Web!") == line_hash("follow us on the web")
    assert line_hash("Follow us") != line_hash("Follow them")
    assert line_hash(" — ") == 0
    assert line_hash("word " * LONGEST) == 0


TEXTS = st.lists(st.one_of(st.text(min_size=1, max_size=40), st.text("ab ", min_size=SHORT, max_size=140)), min_size=1)


@given(TEXTS, st.sets(st.integers(0, 11)), st.integers(0, 11))
def test_what_is_left_is_in_order_and_enough_and_stays_so(texts: list[str], chosen: set[int], post: int) -> None:
    lines = [" ".join(text.split()) or "x" for text in texts]
    read = article(*lines, posts=(Post(line=min(post, len(lines) - 1)),))
    shared = hashes(*(line for at, line in enumerate(lines) if at in chosen))
    clean = without_furniture(read, shared)
    left = iter(lines)
    assert all(line in left for line in clean.body.split("\n"))
    assert len(clean.body) >= (1 - MOST) * len(read.body) - len(lines)
    assert set(clean.furniture) <= set(read.lines)
    assert all(0 <= one.line < len(clean.body.split("\n")) for one in clean.posts)
    assert without_furniture(read, shared) == clean
    assert without_furniture(clean, shared).body == clean.body
