"""Furniture: lines that several articles of one outlet share and that are no part of any of them.

A line is known by a hash. Which hashes other articles of the outlet have is counted in the archive; here stands which
lines of a text come into question, and what is left of a text without those that are shared.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace
from hashlib import blake2b

from pipelines.body.lines import key
from pipelines.items import Article, Post

MOST = 0.3  # of a text's characters may be furniture: more is a text that was published several times
LONGEST = 600  # characters of a line that may be furniture: an author's life, a newsletter's praise


def line_hashes(text: str) -> tuple[int, ...]:
    """The hashes of the lines of a text that may be furniture, each once, in order."""
    return tuple(dict.fromkeys(number for line in text.split("\n") if (number := line_hash(line))))


def line_hash(line: str) -> int:
    """The signed 64-bit hash of a line's letters and digits; 0 for a line that cannot be furniture."""
    if len(line) > LONGEST or not (folded := key(line)):
        return 0
    return int.from_bytes(blake2b(folded.encode(), digest_size=8).digest(), "big", signed=True)


def without_furniture(article: Article, shared: AbstractSet[int]) -> Article:
    """The article without the lines that its outlet's other articles share; as it is where that is too much of it."""
    lines = article.body.split("\n")
    is_gone = [bool(shared) and line_hash(line) in shared for line in lines]
    gone = sum(len(line) for line, is_out in zip(lines, is_gone, strict=True) if is_out)
    if not gone or gone > MOST * len(article.body):
        return article
    left = [line for line, is_out in zip(lines, is_gone, strict=True) if not is_out]
    taken = {line_hash(line) for line, is_out in zip(lines, is_gone, strict=True) if is_out}
    posts = tuple(_moved(post, is_gone) for post in article.posts)
    furniture = tuple(number for number in article.lines if number in taken)
    return replace(article, body="\n".join(left), posts=posts, furniture=furniture)


def _moved(post: Post, is_gone: list[bool]) -> Post:
    """A post at the line that its own first line has now."""
    return replace(post, line=post.line - sum(is_gone[: post.line]))
