from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.body.liveblogs import LONGEST, Blog, blog_in, updates_in
from pipelines.body.posts import Update
from pipelines.extraction import extract
from pipelines.items import Article, Rejected
from pipelines.tree import strip
from tests.trees import tree_of

URL = "https://courier.example/live/talks"
TITLE = "Live: envoys resume talks in Doha"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = datetime(2019, 9, 3, 17, tzinfo=UTC)
LEAD = [
    "The envoys of the two sides are in Doha again, after a week in which each accused the other of delay.",
    "We follow the talks here until the doors of the hotel are shut, and begin again in the morning.",
]
POSTS = [
    (
        "Doors are shut",
        ["The guards have closed the doors of the hotel, and nobody expects a word before the morning."],
    ),
    ("A word from the stairs", ["“We are not far apart,” an envoy said on the stairs.", "He did not say from what."]),
    ("Lunch is late", ["The kitchen waits for the delegations, which are an hour late, and so does everyone else."]),
    ("Sand over the airport", ["Flights are late because of a storm from the south, which is not to end before noon."]),
]


def at(place: int) -> datetime:
    return START - timedelta(minutes=20 * place)


def node(*places: int, **more: object) -> dict[str, object]:
    updates = [
        {"@type": "BlogPosting", "headline": POSTS[place][0], "articleBody": " ".join(POSTS[place][1]),
         "datePublished": at(place).isoformat()}
        for place in places
    ]  # fmt: skip
    return {"@type": "LiveBlogPosting", "headline": TITLE, "liveBlogUpdate": updates, **more}


def post(place: int, *, heading: str = "h3", time: bool = False, around: str = "") -> str:
    title, lines = POSTS[place]
    stamp = f'<time datetime="{at(place).isoformat()}">{at(place):%H:%M}</time>' if time else ""
    text = "".join(f"<p>{line}</p>" for line in lines)
    return f'<div class="post p{place}">{stamp}<{heading}>{title}</{heading}><div>{text}</div>{around}</div>'


def page(*posts: str, node: object = None, attributes: str = "") -> bytes:
    script = f'<script type="application/ld+json">{json.dumps(node)}</script>' if node else ""
    lead = "".join(f"<p>{line}</p>" for line in LEAD)
    return (
        f"<!doctype html><html lang=en><head><title>{TITLE}</title>{script}</head><body><main><article><h1>{TITLE}</h1>"
        f"<div class=lead>{lead}</div><section {attributes}>{''.join(posts)}</section></article></main></body></html>"
    ).encode()


def read(body: bytes) -> Article:
    return extract(body, URL, fetched=NOW)


def told(article: Article) -> list[tuple[str, datetime | None, list[str]]]:
    """Each post of an article with its time and its lines."""
    lines = article.body.split("\n")
    ends = [one.line for one in article.posts[1:]] + [len(lines)]
    return [(one.title, one.at, lines[one.line : end]) for one, end in zip(article.posts, ends, strict=True)]


EXPECTED = [(title, at(place), [title, *lines]) for place, (title, lines) in enumerate(POSTS)]


def test_all_posts_come_in_the_order_of_the_page_with_their_times() -> None:
    article = read(page(*map(post, range(4)), node=node(0, 1, 2, 3)))
    assert (article.kind, article.body_source, article.partial_reason) == ("live blog", "live blog", "")
    assert article.body.split("\n")[: len(LEAD)] == LEAD
    assert told(article) == EXPECTED


def test_the_page_s_order_holds_where_json_ld_has_another() -> None:
    article = read(page(*map(post, (2, 0, 3, 1)), node=node(0, 1, 2, 3)))
    assert told(article) == [EXPECTED[place] for place in (2, 0, 3, 1)]


@pytest.mark.parametrize("time", [True, False])
def test_a_list_of_the_headings_above_the_posts_is_not_the_posts(time: bool) -> None:
    links = "".join(f"<li><a href='#{place}'>{title}</a></li>" for place, (title, _) in enumerate(POSTS))
    posts = [post(place, time=time) for place in range(4)]
    assert told(read(page(f"<ul>{links}</ul>", *posts, node=node(0, 1, 2, 3)))) == EXPECTED


def test_times_names_and_controls_of_the_posts_are_no_text() -> None:
    around = "<span>By Ana Lima</span><p>Share</p><p>Copy link</p><p>3 Sep 2019, 19:40</p>"
    article = read(page(*(post(place, time=True, around=around) for place in range(4)), node=node(0, 1, 2, 3)))
    assert told(article) == EXPECTED


def test_posts_that_json_ld_has_and_the_page_has_not_are_put_in_their_places_if_they_are_few() -> None:
    article = read(page(*map(post, (0, 1, 3)), node=node(0, 1, 2, 3)))
    assert told(article) == EXPECTED
    turned = read(page(*map(post, (3, 1, 0)), node=node(0, 1, 2, 3)))
    assert told(turned) == EXPECTED[::-1]


def test_the_further_pages_of_a_blog_are_not_in_it_and_it_says_so() -> None:
    more = [{"headline": f"Earlier {at}", "articleBody": f"Hour {at} of waiting. " * 9} for at in range(40)]
    whole = node(0, 1, 2, 3)
    whole["liveBlogUpdate"] = [*whole["liveBlogUpdate"], *more]  # type: ignore[misc] # it is a list
    article = read(page(*map(post, range(4)), node=whole))
    assert told(article) == EXPECTED
    assert (article.is_partial, article.partial_reason) == (True, "40 more posts are listed than shown")


def test_where_the_page_shows_no_post_json_ld_s_are_read() -> None:
    article = read(page("<p>Loading</p>", node=node(0, 1, 2, 3)))
    assert article.body_source == "live blog"
    assert [(title, time, " ".join(lines)) for title, time, lines in told(article)] == [
        (title, time, " ".join(lines)) for title, time, lines in EXPECTED
    ]


def test_a_page_whose_markup_says_so_is_a_live_blog_without_json_ld() -> None:
    scope = 'itemscope itemtype="https://schema.org/LiveBlogPosting"'
    article = read(page(*(post(place, time=True) for place in range(4)), attributes=scope))
    assert article.kind == "live blog"
    assert told(article) == EXPECTED
    posts = [post(place).replace("<div", "<div itemprop=liveBlogUpdate", 1) for place in range(4)]
    assert [one[2] for one in told(read(page(*posts, attributes=scope)))] == [one[2] for one in EXPECTED]


def test_a_post_without_a_heading_or_a_time_is_a_post() -> None:
    bare = node(0, 1, 2, 3)
    for update in bare["liveBlogUpdate"]:  # type: ignore[attr-defined] # it is a list
        del update["headline"], update["datePublished"]
    article = read(page(*(post(place, heading="b") for place in range(4)), node=bare))
    assert [one.at for one in article.posts] == [None] * 4
    assert [one.title for one in article.posts] == [""] * 4


def test_a_heading_that_is_the_page_s_is_none_of_a_post() -> None:
    whole = node(0, 1, 2, 3)
    for update in whole["liveBlogUpdate"]:  # type: ignore[attr-defined] # it is a list
        update["headline"] = TITLE
    posts = [post(place).replace(f"<h3>{POSTS[place][0]}</h3>", "") for place in range(4)]
    assert [one.title for one in read(page(*posts, node=whole)).posts] == [""] * 4


def test_a_bare_day_is_no_time_of_a_post() -> None:
    whole = node(0, 1, 2, 3)
    for update in whole["liveBlogUpdate"]:  # type: ignore[attr-defined] # it is a list
        update["datePublished"] = "2019-09-03"
    assert [one.at for one in read(page(*map(post, range(4)), node=whole)).posts] == [None] * 4


def test_a_page_that_only_calls_itself_live_is_read_like_any_other() -> None:
    text = "".join(f"<p>{line}</p>" for _, lines in POSTS for line in lines)
    article = read(page(text, node={"@type": "LiveBlogPosting", "headline": TITLE}))
    assert (article.body_source, article.posts) == ("trafilatura", ())
    assert POSTS[0][1][0] in article.body


def test_posts_without_a_text_are_none() -> None:
    assert read(page("<div itemprop=liveBlogUpdate><p><p><p></div>", node={"@type": "LiveBlogPosting"})).posts == ()


def test_two_pages_of_one_outlet_do_not_know_each_other() -> None:
    body = page(*map(post, range(4)), node=node(0, 1, 2, 3))
    assert read(body) == read(body)


def blog(updates: list[Update], body: str) -> Blog | None:
    tree = tree_of(f"<html><body>{body}</body></html>")
    strip(tree)
    return blog_in(tree, updates, LEAD, [TITLE], NOW)


def test_a_hundred_thousand_posts_are_read_within_bounds() -> None:
    script = json.dumps({"@type": "LiveBlogPosting", "liveBlogUpdate": [{"text": "a"}] * 100_000})
    tree = tree_of(f'<html><body><script type="application/ld+json">{script}</script></body></html>')
    updates = updates_in(tree, NOW)
    assert 0 < len(updates) <= 2_000
    shown = "".join(f"<div><p>a</p><p>{POSTS[0][1][0]} {number}</p></div>" for number in range(20_000))
    found = blog(updates, shown)
    assert found is None or sum(map(len, found.lines)) <= LONGEST + sum(map(len, LEAD))


def test_long_posts_are_cut_off_together() -> None:
    nodes = [{"headline": f"Post {number}", "articleBody": POSTS[0][1][0] * 1_000} for number in range(20)]
    script = json.dumps({"@type": "LiveBlogPosting", "liveBlogUpdate": nodes})
    tree = tree_of(f'<html><body><script type="application/ld+json">{script}</script></body></html>')
    assert sum(len(update.text) for update in updates_in(tree, NOW)) <= LONGEST


NAMES = st.sampled_from(["@id", "@type", "headline", "articleBody", "datePublished", "text"])
WORDS = st.text(max_size=20) | st.sampled_from([POSTS[0][0], POSTS[1][1][0], TITLE])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)  # fmt: skip
MARKUP = st.lists(
    st.sampled_from([post(0), post(1, time=True), post(2)[:-12], "<div>", "</div>", "<p>", POSTS[3][1][0], "<h3>",
                     "<ul><li>", "<time datetime=x>", "<div itemprop=liveBlogUpdate>", f"<p>{LEAD[0]}</p>", "<b>",
                     "</section>"]),
    max_size=12,
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(JSON, MARKUP)
def test_any_updates_in_any_tree_give_posts_that_begin_in_the_body(updates: object, markup: list[str]) -> None:
    scope = 'itemtype="https://schema.org/LiveBlogPosting"'
    body = page(*markup, node={"@type": "LiveBlogPosting", "liveBlogUpdate": updates}, attributes=scope)
    try:
        article = read(body)
    except Rejected:
        return
    lines = article.body.split("\n")
    starts = [one.line for one in article.posts]
    assert starts == sorted(set(starts))
    assert all(0 <= start < len(lines) for start in starts)
    assert all(one.at is None or one.at.tzinfo == UTC for one in article.posts)
    assert all(line and line == " ".join(line.split()) for line in lines)
