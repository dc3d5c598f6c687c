"""Live blogs: their posts, in the order of the page, with their times.

JSON-LD lists the posts, often each as one paragraph and sometimes without a text. Where the page shows them its texts
are taken, and JSON-LD says which is whose time; where it does not, JSON-LD's texts are all there is. Posts that are
listed and not shown are on further pages of the blog: if they are few they are put between the others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile

from lxml.html import HtmlElement

from pipelines.body.lines import key
from pipelines.body.paragraphs import beginning_of, paragraphs_of
from pipelines.body.posts import FEWEST, MOST, Entry, Update, instant, probe_of, shown_in
from pipelines.items import Post
from pipelines.witnesses.dates import moment_of
from pipelines.witnesses.jsonld import graph_of, text_of

LONGEST = 500_000  # characters of all posts
MOST_LINES = 3_000  # of what trafilatura found
OTHERS = 0.3  # of the text that trafilatura found may be neither above nor within the posts

_LIVE = frozenset(("liveblogposting",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Blog:
    """The lines of a live blog, its lead first, and its posts; `unshown` are posts that the page lists and has not."""

    lines: tuple[str, ...]
    posts: tuple[Post, ...]
    unshown: int = 0


def updates_in(tree: HtmlElement, latest: datetime | None = None) -> list[Update]:
    """The posts that a page's JSON-LD lists; `latest` bounds the times that are believed."""
    graph = graph_of(tree)
    lists = [node.get("liveBlogUpdate") for node in graph.of_type(_LIVE)]
    listed = max((one if isinstance(one, list) else [one] for one in lists if one), key=len, default=[])
    found: list[Update] = []
    room = LONGEST
    for one in listed[:MOST]:
        if isinstance(node := graph.resolved(one), dict) and room > 0:
            found.append(_update(node, room, latest))
            room -= len(found[-1].text)
    return found


def _update(node: Mapping[str, object], room: int, latest: datetime | None) -> Update:
    body = node.get("articleBody") or node.get("text") or node.get("description")
    moment = moment_of(text_of(node.get("datePublished")) or text_of(node.get("dateModified")), latest=latest)
    text = body.strip()[:room] if isinstance(body, str) else ""
    begins = probe_of(beginning_of(text))
    return Update(title=text_of(node.get("headline")), text=text, at=instant(moment), begins=begins)


def blog_in(
    tree: HtmlElement,
    updates: Sequence[Update],
    found: Sequence[str],
    titles: Sequence[str],
    latest: datetime | None = None,
) -> Blog | None:
    """The live blog in a stripped page; None where there is none. `found` is what trafilatura found, for the lead.

    A heading that is the page's own is none of a post. `latest` bounds the times that are believed.
    """
    own, found = {key(title) for title in titles}, found[:MOST_LINES]
    updates = [_headed(update, own) for update in updates]
    entries, numbers = shown_in(tree, updates, latest)
    if len(entries) >= FEWEST:
        return _blog(*_completed(entries, numbers, updates), found)
    listed = [_entry(update) for update in updates if update.text]
    blog = _blog(listed, 0, found) if len(listed) > 1 else None
    return blog if blog and _size(blog.lines) > _size(found) else None


def _headed(update: Update, own: AbstractSet[str]) -> Update:
    return replace(update, title="") if key(update.title) in own else update


def _entry(update: Update) -> Entry:
    """A listed post with its heading as its first line."""
    lines = paragraphs_of(update.text)
    return Entry(title=update.title, lines=tuple([update.title, *lines] if update.title else lines), at=update.at)


def _blog(entries: Sequence[Entry], unshown: int, found: Sequence[str]) -> Blog | None:
    """Lead, posts and what stands below them; None where there is no text in the posts, or too much elsewhere."""
    told = _told(entries)
    lines = list(takewhile(lambda line: key(line) not in told, found))
    others = [line for line in found[len(lines) :] if key(line) not in told]
    if _size(others) > OTHERS * _size(found):
        return None
    posts: list[Post] = []
    room = LONGEST
    for entry in entries:
        room -= _size(entry.lines)
        if entry.lines and room >= 0:
            posts.append(Post(line=len(lines), at=entry.at, title=entry.title))
            lines += entry.lines
    return Blog(lines=(*lines, *others), posts=tuple(posts), unshown=unshown) if posts else None


def _completed(
    entries: Sequence[Entry], numbers: Sequence[int | None], updates: Sequence[Update]
) -> tuple[list[Entry], int]:
    """The posts with those between them that are only listed, if these are no more text than they; else how many."""
    at = {number: place for place, number in enumerate(numbers) if number is not None}
    told = _told(entries)
    absent = {number for number, update in enumerate(updates) if number not in at and not _is_told(update, told)}
    if sum(len(updates[number].text) for number in absent) > sum(_size(entry.lines) for entry in entries):
        return list(entries), len(absent)
    order = list(range(len(updates)))
    known = [at[number] for number in order if number in at]
    if known and known[0] > known[-1]:
        order.reverse()
    after: dict[int, list[Entry]] = defaultdict(list)
    last = -1
    for number in order:
        last = at.get(number, last)
        if number in absent:
            after[last].append(_entry(updates[number]))
    return [*after[-1], *(one for place, entry in enumerate(entries) for one in (entry, *after[place]))], 0


def _told(entries: Sequence[Entry]) -> str:
    """All that stands in posts, folded."""
    return "\n".join(key(line) for entry in entries for line in (*entry.lines, *entry.beside))


def _is_told(update: Update, told: str) -> bool:
    """Whether a listed post says nothing that is not told."""
    return update.begins in told


def _size(lines: Sequence[str]) -> int:
    return sum(map(len, lines))
