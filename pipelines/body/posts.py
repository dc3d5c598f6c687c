"""The posts of a live blog where the page shows them: elements of one kind in one place, each with its time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from lxml.html import HtmlElement

from pipelines.body.lines import key
from pipelines.body.paragraphs import Blocks, blocks_of
from pipelines.witnesses.dates import Moment, moment_of

MOST = 2_000  # posts
FEWEST = 3  # posts that show where the others are
PROBE = 40  # letters and digits by which a post is found in the page
SHORTEST = 15  # of them, where a paragraph has no more
OFTEN = 5  # elements that begin alike and are looked at
CONTROL = 40  # characters of a line that stands in many posts: Share, Copy link, a name
MANY = 0.25  # of the posts
PARAGRAPHS = 0.6  # of the posts' text: what is no paragraph then is a caption, a name, a box

_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_TEXTS = _HEADINGS | {"p", "li", "blockquote", "td", "dd", "pre"}


_Places = tuple[list[HtmlElement], list[HtmlElement]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A post as JSON-LD lists it: its heading, its text, which may hold tags, its time, and how it begins, folded."""

    title: str = ""
    text: str = field(default="", repr=False)
    at: datetime | None = None
    begins: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A post of a live blog: its heading, its paragraphs, among which the heading may be, and its time.

    `beside` are the lines that stand in it on the page and are no text: names, times, controls.
    """

    title: str = ""
    lines: tuple[str, ...] = field(default=(), repr=False)
    at: datetime | None = None
    beside: tuple[str, ...] = field(default=(), repr=False)


def shown_in(
    tree: HtmlElement, updates: Sequence[Update], latest: datetime | None = None
) -> tuple[list[Entry], list[int | None]]:
    """The posts that a stripped page shows, in order, and for each which of the listed ones it is.

    Nothing where fewer than three are found. `latest` bounds the times that are believed.
    """
    body = tree.find("body")
    blocks = blocks_of(tree if body is None else body)
    places = _places(blocks, updates)
    anchors = [element for one in places for element in chain(*one)] if updates else _timed(tree)
    children = _children(anchors)
    children, owned = _owned(places, children)
    if len(children) < FEWEST:
        return [], []
    numbers = [owned.get(child) for child in children]
    entries = [
        _entry(child, texts, beside, None if number is None else updates[number], latest)
        for (child, texts, beside), number in zip(_texts(blocks, children), numbers, strict=True)
    ]
    return entries, numbers


def probe_of(line: str) -> str:
    """The first letters and digits of a line, by which it is found again."""
    return key(line[: 4 * PROBE])[:PROBE]


def instant(moment: Moment | None) -> datetime | None:
    """The time of a moment; None for a bare day, which does not say when a post was written."""
    return moment.at if moment and moment.precision == "instant" else None


def _places(blocks: Blocks, updates: Sequence[Update]) -> list[_Places]:
    """For each post that is listed, the elements of the page that begin as its text and as its heading does."""
    begins: dict[str, list[HtmlElement]] = defaultdict(list)
    for element, line in blocks if updates else ():
        begins[probe_of(line)].append(element)
    return [
        (
            [one for probe in _beginnings(update.begins) for one in begins.get(probe, ())[:OFTEN]],
            begins.get(probe_of(update.title) or " ", [])[:OFTEN],
        )
        for update in updates[:MOST]
    ]


def _beginnings(probe: str) -> list[str]:
    """What a text may begin with in the page, where its first paragraph ends sooner than in JSON-LD."""
    return [probe[:size] for size in range(len(probe), min(SHORTEST, len(probe)) - 1, -1)]


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


def _texts(blocks: Blocks, children: Sequence[HtmlElement]) -> list[tuple[HtmlElement, Blocks, Blocks]]:
    """Each of these elements with its lines: those that are text of a post, and those that are not."""
    found: dict[HtmlElement, Blocks] = {child: [] for child in children}
    owners: dict[HtmlElement, HtmlElement | None] = {child: child for child in children}
    for block in blocks:
        if (owner := _owner(block[0], owners)) is not None:
            found[owner].append(block)
    everything = [one for lines in found.values() for one in lines]
    texts = sum(len(line) for element, line in everything if element.tag in _TEXTS)
    is_strict = texts > PARAGRAPHS * sum(len(line) for _, line in everything)
    counts = Counter(line for lines in found.values() for line in {line for _, line in lines if len(line) < CONTROL})
    often = {line for line, count in counts.items() if count >= max(FEWEST, MANY * len(found))}
    told = {block for block in everything if _is_told(*block, often, is_strict=is_strict)}
    return [
        (child, [one for one in lines if one in told], [one for one in lines if one not in told])
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


def _owned(
    places: Sequence[_Places], children: Sequence[HtmlElement]
) -> tuple[list[HtmlElement], dict[HtmlElement, int]]:
    """The elements without lists of headings among them, and which of the listed posts each is, if any.

    It is the first that shares most beginnings with it.
    """
    owners: dict[HtmlElement, HtmlElement | None] = {child: child for child in children}

    def shared(elements: Iterable[HtmlElement]) -> Counter[HtmlElement]:
        return Counter(owner for one in elements if (owner := _owner(one, owners)) is not None)

    headings = Counter(owner for _, titles in places for owner in shared(titles))
    lists = {child for child, count in headings.items() if count >= FEWEST and len(headings) > FEWEST}
    found: dict[HtmlElement, int] = {}
    for number, place in enumerate(places):
        free = [owner for owner, _ in shared(chain(*place)).most_common() if owner not in found and owner not in lists]
        if free:
            found[free[0]] = number
    return [child for child in children if child not in lists], found


def _entry(child: HtmlElement, texts: Blocks, beside: Blocks, update: Update | None, latest: datetime | None) -> Entry:
    heading = next((line for element, line in texts if element.tag in _HEADINGS), "")
    at = update.at if update else None
    if at is None:
        times = child.xpath("descendant-or-self::*/@datetime")[:OFTEN]
        at = next((found for time in times if (found := instant(moment_of(time, latest=latest)))), None)
    title = update.title if update and update.title else heading
    return Entry(title=title, lines=tuple(line for _, line in texts), at=at, beside=tuple(line for _, line in beside))
