"""The choice of the body: what trafilatura finds, unless the page is a live blog or holds its text elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from lxml.html import HtmlElement

from pipelines.body.boxes import drop_boxes, flatten, is_drawn
from pipelines.body.clocks import clock_posts
from pipelines.body.lines import LONGEST_LINK, RULES, Dates, Surroundings, own_lines
from pipelines.body.liveblogs import Blog, blog_in
from pipelines.body.main_text import main_text
from pipelines.body.paragraphs import paragraphs_of
from pipelines.body.payloads import text_in
from pipelines.body.posts import Update
from pipelines.body.scripts import values_in
from pipelines.body.teasers import without_teasers
from pipelines.decoding import cleaned
from pipelines.items import Post
from pipelines.metadata import Metadata
from pipelines.tree import strip

SHORT = 250  # characters: below, trafilatura has missed the text more often than the article is that short
FAR = 3  # times as long is what it finds when it is asked to be bold, where it has missed the text
OF_LIVE_BLOGS = tuple(rule for rule in RULES if not isinstance(rule, Dates))  # a time at the top heads the first post


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The lines of a text, where they are from, and of a live blog its posts and how many it does not show.

    `raw` are the lines before those that are not the article's own were taken out: credits stand there.
    """

    lines: Sequence[str] = field(repr=False)
    source: str = "trafilatura"
    posts: tuple[Post, ...] = ()
    unshown: int = 0
    raw: Sequence[str] = field(default=(), repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page as its body is looked for: its stripped tree, what it says of itself, its links with their texts.

    `again` parses it anew, scripts and all.
    """

    tree: HtmlElement
    said: Metadata
    links: Sequence[tuple[HtmlElement, str]] = field(repr=False)
    again: Callable[[], HtmlElement]

    @property
    def around(self) -> Surroundings:
        """What stands around the text, of its links those that can be a line of it."""
        texts = dict.fromkeys(text for _, text in self.links if 0 < len(text) <= LONGEST_LINK)
        # A line that is an address is written out because it is to be read.
        links = [text for text in texts if text.lstrip()[:4] != "http"]
        return Surroundings(titles=self.said.titles, authors=self.said.authors, links=links)


def body_of(page: Shown) -> Body:
    """What trafilatura finds in a page; where that is next to nothing, the first that is more and enough."""
    around = page.around
    rules = OF_LIVE_BLOGS if page.said.kind == "live blog" else RULES
    raw = without_teasers(_main_lines(page), page.links)
    best = Body(lines=own_lines(raw, around, rules), raw=raw)
    if size_of(best.lines) >= SHORT:
        return best
    for source, lines in _elsewhere(page, FAR * size_of(best.lines)):
        other = own_lines(lines, around, rules)
        if size_of(other) > size_of(best.lines):
            best = Body(lines=other, source=source, raw=lines)
        if size_of(best.lines) >= SHORT:
            break
    return best


def live_body(page: Shown, found: Body, updates: Sequence[Update], latest: datetime | None) -> Body:
    """The posts of a page that calls itself a live blog; what was found otherwise where there are none."""
    blog = blog_in(page.tree, updates, found.lines, page.said.titles, latest)
    if blog:
        return _of_blog(blog, page.around)
    posts = clock_posts(found.lines, page.said.published)
    return replace(found, posts=posts) if posts else found


def size_of(lines: Sequence[str]) -> int:
    """The length of a text of these lines."""
    return sum(map(len, lines)) + max(0, len(lines) - 1)


def _main_lines(page: Shown) -> list[str]:
    lines = _lines(main_text(page.tree))
    if not is_drawn(lines):
        return lines
    tree = page.again()
    strip(tree)
    drop_boxes(tree)
    flatten(tree)
    return _lines(main_text(tree)) or lines


def _elsewhere(page: Shown, far: int) -> Iterator[tuple[str, Sequence[str]]]:
    """What else may hold the text of a page, with its source, each looked for only when it is asked for."""
    yield "json-ld", paragraphs_of(page.said.article_body)
    tree = page.again()
    yield "payload", text_in(values_in(tree), page.said.titles)
    strip(tree)
    bold = _lines(main_text(tree, recall=True))
    yield "trafilatura", bold if size_of(bold) >= far else ()


def _of_blog(blog: Blog, around: Surroundings) -> Body:
    """The own lines of a live blog, and its posts at the lines at which they begin there."""
    headings = {post.title for post in blog.posts}  # a list of the most important posts links to them
    around = replace(around, links=[text for text in around.links if cleaned(text) not in headings])
    lines = own_lines(blog.lines, around)
    before = [0]  # how many of the kept lines stand before each line
    for line in blog.lines:
        is_kept = before[-1] < len(lines) and lines[before[-1]] == line
        before.append(before[-1] + is_kept)
    ends = [post.line for post in blog.posts[1:]] + [len(blog.lines)]
    posts = (
        Post(line=before[post.line], at=post.at, title=post.title)
        for post, end in zip(blog.posts, ends, strict=True)
        if before[post.line] < before[end]
    )
    return Body(lines=lines, source="live blog", posts=tuple(posts), unshown=blog.unshown)


def _lines(text: str) -> list[str]:
    return [line for raw in text.split("\n") if (line := cleaned(raw))]
