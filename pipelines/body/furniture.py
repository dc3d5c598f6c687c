"""Furniture: lines that many articles of one outlet share and that are no part of any of them.

A line is known by a hash. How many other articles of the outlet have it is counted in the archive; here stands which
lines of a text are counted, and what is left of a text without those that are shared. A follow-up repeats its
background word by word, so a long line is furniture only above or below all that is the article's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from hashlib import blake2b
from itertools import accumulate

from pipelines.body.lines import key
from pipelines.corrections import is_notice
from pipelines.items import Article, Post

MOST = 0.3  # of a text's characters may be furniture: more is a text that was published several times
SHORT = 100  # characters of a line that may be furniture wherever it stands
LONGEST = 600  # characters of a line that may be furniture at all: an author's life, a newsletter's praise
HEAD, TAIL = 3, 6  # lines at the ends of a text of which longer ones are counted too, so that there is less to count


def line_hashes(text: str) -> tuple[int, ...]:
    """The hashes of the lines of a text that may be furniture, each once, in order."""
    lines = text.split("\n")
    ends = range(HEAD, len(lines) - TAIL)
    counted = (line for place, line in enumerate(lines) if len(line) <= SHORT or place not in ends)
    return tuple(dict.fromkeys(number for line in counted if (number := line_hash(line))))


def line_hash(line: str) -> int:
    """The signed 64-bit hash of a line's letters and digits; 0 for a line that cannot be furniture."""
    if len(line) > LONGEST or not (folded := key(line)):
        return 0
    return int.from_bytes(blake2b(folded.encode(), digest_size=8).digest(), "big", signed=True)


def without_furniture(article: Article, shared: AbstractSet[int]) -> Article:
    """The article without the lines that its outlet's other articles share; as it is where that is too much of it."""
    lines = article.body.split("\n")
    gone = set(_furniture(lines, shared)) if shared else set()
    if not gone or sum(len(lines[place]) for place in gone) > MOST * len(article.body):
        return article
    left = [line for place, line in enumerate(lines) if place not in gone]
    taken = {line_hash(lines[place]) for place in gone}
    posts = tuple(_moved(article.posts, gone, len(lines)))
    furniture = tuple(number for number in article.lines if number in taken)
    return replace(article, body="\n".join(left), posts=posts, furniture=furniture)


def _furniture(lines: Sequence[str], shared: AbstractSet[int]) -> Iterator[int]:
    """The places of shared lines: all above the first and below the last that is not shared, short ones between.

    A notice that an article was corrected is its own, in whatever words its outlet says so of others.
    """
    own = [place for place, line in enumerate(lines) if line_hash(line) not in shared or is_notice(line)]
    first, last = (own[0], own[-1]) if own else (len(lines), -1)
    alone = set(own)
    for place, line in enumerate(lines):
        if place not in alone and (len(line) <= SHORT or not first < place < last):
            yield place


def _moved(posts: Sequence[Post], gone: AbstractSet[int], lines: int) -> Iterator[Post]:
    """The posts at the lines at which they begin now; one of which no line is left is none."""
    before = [0, *accumulate(place in gone for place in range(lines))]
    for number, post in enumerate(posts, 1):
        end = posts[number].line if number < len(posts) else lines
        if before[end] - before[post.line] < end - post.line:
            yield replace(post, line=post.line - before[post.line])
