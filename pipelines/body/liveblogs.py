"""Live blogs: their posts, in the order of the page, with their times.

JSON-LD lists the posts, often each as one paragraph and sometimes without a text; the page shows them as elements of
one kind in one place. Where that place is found its texts are taken, and JSON-LD says which is whose time; where it is
not, JSON-LD's texts are all there is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import takewhile

from lxml.html import HtmlElement

from pipelines.body.lines import key
from pipelines.body.paragraphs import Blocks, blocks_of, paragraphs_of
from pipelines.items import Post
from pipelines.witnesses.dates import Moment, moment_of
from pipelines.witnesses.jsonld import graph_of, text_of

MOST = 2_000  # posts
LONGEST = 500_000  # characters of all posts
FEWEST = 3  # posts that show where the others are
PROBE = 40  # letters and digits by which a post is found in the page
OFTEN = 5  # elements that begin alike and are looked at
CONTROL = 40  # characters of a line that stands in many posts: Share, Copy link, a name
MANY = 0.25  # of the posts
PARAGRAPHS = 0.6  # of the posts' text: what is no paragraph then is a caption, a name, a box
MOST_LINES = 3_000  # of what trafilatura found
OTHERS = 0.3  # of the text that trafilatura found may be neither above nor within the posts

_LIVE = frozenset(("liveblogposting",))
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_TEXTS = _HEADINGS | {"p", "li", "blockquote", "td", "dd", "pre"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A post: its heading, its paragraphs (the heading may be among them) and its time."""

    title: str = ""
    lines: tuple[str, ...] = field(default=(), repr=False)
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blog:
    """The lines of a live blog, its lead first, and its posts; `unshown` are posts that the page lists and has not."""

    lines: tuple[str, ...]
    posts: tuple[Post, ...]
    unshown: int = 0


def updates_in(tree: HtmlElement, latest: datetime | None = None) -> list[Update]:
    """The posts that a page's JSON-LD lists."""
    graph = graph_of(tree)
    lists = [node.get("liveBlogUpdate") for node in graph.of_type(_LIVE)]
    listed = max((one if isinstance(one, list) else [one] for one in lists if one), key=len, default=[])
    found: list[Update] = []
    room = LONGEST
    for one in listed[:MOST]:
        if isinstance(node := graph.resolved(one), dict) and room > 0:
            found.append(_update(node, room, latest))
            room -= _size(found[-1].lines)
    return found


def _update(node: Mapping[str, object], room: int, latest: datetime | None) -> Update:
    body = node.get("articleBody") or node.get("text") or node.get("description")
    moment = moment_of(text_of(node.get("datePublished")) or text_of(node.get("dateModified")), latest=latest)
    lines = paragraphs_of(body[:room]) if isinstance(body, str) else []
    return Update(title=text_of(node.get("headline")), lines=tuple(lines), at=_at(moment))


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
    shown, unshown = _shown(tree, [_headed(update, own) for update in updates], latest)
    if len(shown) >= FEWEST:
        return _blog(shown, found, unshown)
    listed = [_entitled(_headed(update, own)) for update in updates if update.lines]
    blog = _blog(listed, found, 0) if len(listed) > 1 else None
    return blog if blog and _size(blog.lines) > _size(found) else None


def _headed(update: Update, own: AbstractSet[str]) -> Update:
    return replace(update, title="") if key(update.title) in own else update


def _entitled(update: Update) -> Update:
    return replace(update, lines=(update.title, *update.lines)) if update.title else update


def _blog(updates: Sequence[Update], found: Sequence[str], unshown: int) -> Blog | None:
    """Lead, posts and what stands below them; None where too much of what was found stands elsewhere."""
    told = "\n".join(key(line) for update in updates for line in update.lines)
    lines = list(takewhile(lambda line: key(line) not in told, found))
    others = [line for line in found[len(lines) :] if key(line) not in told]
    if _size(others) > OTHERS * _size(found):
        return None
    posts: list[Post] = []
    room = LONGEST
    for update in updates:
        room -= _size(update.lines)
        if update.lines and room >= 0:
            posts.append(Post(line=len(lines), at=update.at, title=update.title))
            lines += update.lines
    return Blog(lines=(*lines, *others), posts=tuple(posts), unshown=unshown)


def _shown(tree: HtmlElement, updates: Sequence[Update], latest: datetime | None) -> tuple[list[Update], int]:
    """The posts that the page shows, with the few that it only lists in their places, and how many it lacks."""
    body = tree.find("body")
    blocks = blocks_of(tree if body is None else body)
    places = _places(blocks, updates)
    children = _children([element for one in places for element in one] if updates else _timed(tree))
    if len(children) < FEWEST:
        return [], 0
    owned = _owned(places, children)
    texts = _texts(blocks, children)
    posts = [_post(child, lines, updates[owned[child]] if child in owned else None, latest) for child, lines in texts]
    return _completed(posts, [owned.get(child) for child, _ in texts], updates)


def _places(blocks: Blocks, updates: Sequence[Update]) -> list[list[HtmlElement]]:
    """For each post that is listed, the elements of the page that begin as it or its heading does."""
    begins: dict[str, list[HtmlElement]] = defaultdict(list)
    for element, line in blocks:
        begins[key(line[: 4 * PROBE])[:PROBE]].append(element)
    found = []
    for update in updates:
        probes = [key(line[: 4 * PROBE])[:PROBE] for line in (*update.lines[:1], update.title)]
        found.append([element for probe in probes if probe for element in begins.get(probe, ())[:OFTEN]])
    return found


def _timed(tree: HtmlElement) -> list[HtmlElement]:
    """What marks the posts of a page that says in its markup, and only there, that it is a live blog."""
    posts = [child for post in tree.xpath("//*[@itemprop='liveBlogUpdate']") for child in post[:1]]
    scopes = tree.xpath("//*[contains(@itemtype, '/LiveBlogPosting')]")
    return posts or [element for scope in scopes[:1] for element in scope.xpath(".//*[@datetime] | .//time")]


def _children(anchors: Sequence[HtmlElement]) -> list[HtmlElement]:
    """The children of one element in which most of these stand, each in its own, and those of their kind."""
    within: dict[HtmlElement, dict[HtmlElement, int]] = {}
    for anchor in anchors[: MOST * OFTEN]:
        child, depth = anchor, 0
        for parent in anchor.iterancestors():
            within.setdefault(parent, {})[child] = depth
            child, depth = parent, depth + 1
    if not within:
        return []
    # Of those that hold as many the one nearest to them: its children are the posts and not what is around them.
    parent = max(within, key=lambda one: (len(within[one]), -min(within[one].values())))
    kind = Counter(_kind(child) for child in within[parent]).most_common(1)[0][0]
    return [child for child in parent if child in within[parent] or _kind(child) == kind][:MOST]


def _kind(element: HtmlElement) -> tuple[str, str]:
    return str(element.tag), "".join((element.get("class") or "")[:100].split()[:1])


def _texts(blocks: Blocks, children: Sequence[HtmlElement]) -> list[tuple[HtmlElement, Blocks]]:
    """Each of these elements with its lines, without what is no text of a post."""
    found: dict[HtmlElement, Blocks] = {child: [] for child in children}
    owners: dict[HtmlElement, HtmlElement | None] = {child: child for child in children}
    for element, line in blocks:
        if (owner := _owner(element, owners)) is not None:
            found[owner].append((element, line))
    everything = [one for lines in found.values() for one in lines]
    texts = _size([line for element, line in everything if element.tag in _TEXTS])
    is_strict = texts > PARAGRAPHS * _size([line for _, line in everything])
    counts = Counter(line for lines in found.values() for line in {line for _, line in lines if len(line) < CONTROL})
    least = max(FEWEST, MANY * len(found))
    often = {line for line, count in counts.items() if count >= least}
    return [
        (child, [(element, line) for element, line in lines if _is_told(element, line, often, is_strict=is_strict)])
        for child, lines in found.items()
    ]


def _owner(element: HtmlElement, owners: dict[HtmlElement, HtmlElement | None]) -> HtmlElement | None:
    """Which of the elements that own themselves an element stands in; what is climbed on the way is remembered."""
    climbed: list[HtmlElement] = []
    here: HtmlElement | None = element
    while here is not None and here not in owners:
        climbed.append(here)
        here = here.getparent()
    owner = None if here is None else owners[here]
    owners.update(dict.fromkeys(climbed, owner))
    return owner


def _is_told(element: HtmlElement, line: str, often: AbstractSet[str], *, is_strict: bool) -> bool:
    """Whether a line of a post is its text: no time, and nothing that stands under every other post."""
    if element.tag in _HEADINGS:
        return True
    folded = key(line)
    is_time = len(line) < CONTROL and sum(map(str.isdigit, folded)) * 3 >= len(folded)
    return (element.tag in _TEXTS or not is_strict) and not is_time and line not in often


def _owned(places: Sequence[Sequence[HtmlElement]], children: Sequence[HtmlElement]) -> dict[HtmlElement, int]:
    """Which of the listed posts each of these elements is: the first that shares most beginnings with it."""
    owners: dict[HtmlElement, HtmlElement | None] = {child: child for child in children}
    found: dict[HtmlElement, int] = {}
    for number, elements in enumerate(places):
        shared = Counter(owner for element in elements if (owner := _owner(element, owners)) is not None)
        free = [owner for owner, _ in shared.most_common() if owner not in found]
        if free:
            found[free[0]] = number
    return found


def _post(child: HtmlElement, blocks: Blocks, update: Update | None, latest: datetime | None) -> Update:
    heading = next((line for element, line in blocks if element.tag in _HEADINGS), "")
    at = update.at if update else None
    if at is None:
        times = child.xpath("descendant-or-self::*/@datetime")[:OFTEN]
        at = next((_at(moment) for time in times if (moment := moment_of(time, latest=latest))), None)
    title = update.title if update and update.title else heading
    return Update(title=title, lines=tuple(line for _, line in blocks), at=at)


def _completed(
    posts: list[Update], numbers: Sequence[int | None], updates: Sequence[Update]
) -> tuple[list[Update], int]:
    """Posts with those between them that are only listed, if these are no more text than they; else their number."""
    at = {number: place for place, number in enumerate(numbers) if number is not None}
    absent = [number for number, update in enumerate(updates) if update.lines and number not in at]
    if sum(_size(updates[number].lines) for number in absent) > sum(_size(post.lines) for post in posts):
        return posts, len(absent)
    order = list(range(len(updates)))
    known = [at[number] for number in order if number in at]
    if known and known[0] > known[-1]:
        order.reverse()
    after: dict[int, list[Update]] = defaultdict(list)
    last = -1
    for number in order:
        last = at.get(number, last)
        if number not in at and updates[number].lines:
            after[last].append(_entitled(updates[number]))
    return [*after[-1], *(one for place, post in enumerate(posts) for one in (post, *after[place]))], 0


def _at(moment: Moment | None) -> datetime | None:
    return moment.at if moment and moment.precision == "instant" else None


def _size(lines: Sequence[str]) -> int:
    return sum(map(len, lines))
