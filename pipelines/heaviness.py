"""How heavy a page may be: bounds within which every step of its reading costs no more than its size is worth.

libxml2, trafilatura, readability and jusText are quadratic in one figure or another; the bounds are far above those of
real pages (the highest of 695 stand beside them) and low enough for the worst page within them to be read in seconds.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from pipelines.items import Rejected

MOST_BYTES = 10_000_000  # 1,679,815; more of it in one node, and libxml2 stops in the middle of the page
MOST_TAGS = 50_000  # 19,629, start and end tags together
MOST_IN_A_TAG = 5_000  # 73 attributes
LONGEST_ATTRIBUTE = 2_000_000  # 233,752 characters: pictures and whole data sets are written into them
MOST_ATTRIBUTES = 100_000  # 8,948, of all tags together
DEEPEST = 254  # 42 elements one within the other; at the next, libxml2 stops in the middle of the page
MOST_INSIDE = 3_000  # 461 elements in one block, those in the blocks within it not counted
LONGEST_TEXT = 500_000  # 88,804 characters, counted likewise
MOST_AROUND = 50_000_000  # 7,740,268 characters, each counted once for every element around it
LONGEST_NAME = 2_000  # characters of a class, an id or a style: what is longer is cut

LIGHT = 100_000  # characters, in which a single tag has no more attributes than libxml2 reads in a second
SHALLOW = MOST_AROUND // DEEPEST  # characters shown, which may stand as deep as they like
MANY = 1_000_000  # characters, in which there may be too many attributes for the tree to be copied

# Tags so long that they may have too many attributes, of which libxml2 asks each whether it is the last. One that hides
# its length behind `>` in quoted values is parsed, and ended by the deadline.
_LONG = re.compile(r"<[a-zA-Z][^>]{20000,}")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_ELEMENTS = etree.XPath("count(//*)")
_ATTRIBUTES = etree.XPath("count(//@*)")
_VALUES = etree.XPath("//@*", smart_strings=False)
_NAMES = ("class", "id", "style")
_LONG_NAMES = etree.XPath(f"//*[{' or '.join(f'string-length(@{name}) > {LONGEST_NAME}' for name in _NAMES)}]")
_UNSHOWN = ("script", "style")
_BLOCKS = frozenset((
    "html", "body", "div", "p", "li", "ul", "ol", "dl", "dt", "dd", "table", "tbody", "thead", "tfoot", "tr", "td",
    "th", "section", "article", "main", "aside", "header", "footer", "nav", "form", "fieldset", "blockquote", "pre",
    "figure", "figcaption", "details", "summary", "h1", "h2", "h3", "h4", "h5", "h6", "noscript", "address",
))  # fmt: skip
# Blocks that are taken out whole, or searched in one pass: they may hold as much as a page may.
_FREE = frozenset(("head", "select", "datalist", "svg", "script", "style", "template", "iframe", "object", "textarea"))


def weigh(body: bytes) -> None:
    """Nothing, for bytes that may be decoded; else Rejected with their number."""
    _at_most(len(body), MOST_BYTES, "bytes")


def weigh_text(text: str) -> int:
    """The number of tags in a text that can be parsed at a bounded cost; else Rejected with the figure too high."""
    if len(text) > MOST_BYTES // 4:
        _at_most(len(text.encode("utf-8", "replace")), MOST_BYTES, "bytes")
    _at_most(tags := text.count("<"), MOST_TAGS, "tags")
    for found in _LONG.finditer(text) if len(text) > LIGHT else ():
        words = len(_QUOTED.sub(" ", found[0]).split()) - 1
        if words > MOST_IN_A_TAG and not _is_in_script(text, found.start()):
            _at_most(words, MOST_IN_A_TAG, "attributes of one tag")
    return tags


def weigh_tree(tree: HtmlElement, size: int, tags: int) -> None:
    """Nothing, for a tree that can be read at a bounded cost; else Rejected with the figure that is too high.

    `size` is that of its page in characters, `tags` are those that were counted there. Endless names are cut.
    """
    depth, last = 0, tree
    while len(last):  # where the parser stopped, the last elements are the deepest
        depth, last = depth + 1, last[-1]
    _at_most(depth, DEEPEST, "elements one within the other")
    if size > MANY:
        _at_most(_counted(_ATTRIBUTES, tree), MOST_ATTRIBUTES, "attributes")
        _shorten(tree)
    if size > LONGEST_ATTRIBUTE:
        longest = max((len(str(value)) for value in cast("list[str]", _VALUES(tree))), default=0)
        _at_most(longest, LONGEST_ATTRIBUTE, "characters in an attribute")
    if (size > SHALLOW and _shown(tree) > SHALLOW) or (tags > MOST_INSIDE and _counted(_ELEMENTS, tree) > MOST_INSIDE):
        _weigh_blocks(tree)


def _is_in_script(text: str, place: int) -> bool:
    return text.rfind("<script", 0, place) > text.rfind("</script", 0, place)


def _counted(expression: etree.XPath, tree: HtmlElement) -> int:
    return int(cast("float", expression(tree)))


def _shown(tree: HtmlElement) -> int:
    """How many characters a page shows."""
    return len(tree.text_content()) - sum(len(element.text or "") for element in tree.iter(*_UNSHOWN))


def _shorten(tree: HtmlElement) -> None:
    """Cut the names that trafilatura looks for words in, again and again."""
    for element in cast("list[HtmlElement]", _LONG_NAMES(tree)):
        for name in _NAMES:
            if (value := element.get(name)) is not None:
                element.set(name, value[:LONGEST_NAME])


def _weigh_blocks(tree: HtmlElement) -> None:
    """Count what each block holds that is in no block within it: trafilatura makes one run of text of that."""
    block_of: dict[HtmlElement, HtmlElement] = {}
    depth: dict[HtmlElement | None, int] = {None: 0}
    inside: Counter[HtmlElement] = Counter()
    texts: Counter[HtmlElement] = Counter()
    nested = 0
    for element in tree.iter():
        parent = element.getparent()
        around = element if parent is None else block_of[parent]
        block_of[element] = own = element if element.tag in _BLOCKS or element.tag in _FREE else around
        depth[element] = depth[parent] + 1
        text, tail = 0 if element.tag in _UNSHOWN else len(element.text or ""), len(element.tail or "")
        inside[around] += 1
        texts[around] += tail
        texts[own] += text
        nested += text * depth[element] + tail * depth[parent]
    _at_most(_most(inside), MOST_INSIDE, "elements in one block")
    _at_most(_most(texts), LONGEST_TEXT, "characters in one block")
    _at_most(nested, MOST_AROUND, "characters, each once for every element around it")


def _most(counts: Counter[HtmlElement]) -> int:
    return max((count for block, count in counts.items() if block.tag not in _FREE), default=0)


def _at_most(figure: int, bound: int, what: str) -> None:
    if figure > bound:
        raise Rejected(f"too heavy: {figure:,} {what}; {bound:,} are read", state="failed")
