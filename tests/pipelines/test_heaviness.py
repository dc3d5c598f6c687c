from __future__ import annotations

import re
from contextlib import suppress
from functools import partial

import pytest

from pipelines.extraction import extract
from pipelines.heaviness import (
    DEEPEST,
    LONGEST_ATTRIBUTE,
    LONGEST_NAME,
    LONGEST_TEXT,
    MANY,
    MOST_AROUND,
    MOST_ATTRIBUTES,
    MOST_BYTES,
    MOST_IN_A_TAG,
    MOST_INSIDE,
    MOST_TAGS,
)
from pipelines.items import Rejected
from pipelines.tree import tree_of
from tests.calls import calls

URL = "https://courier.example/world/talks"
SENTENCE = "Envoys of the two sides met again on Tuesday in a hotel at the edge of the city, for the first time. "
ARTICLE = f"<article><h1>Envoys resume talks</h1>{f'<p>{SENTENCE * 3}</p>' * 5}</article>"
WORD = "word " * 20


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>Envoys</title>{head}</head><body>{body}</body></html>".encode()


def attributes(count: int) -> str:
    return " ".join(f"a{number}" for number in range(count))


def around(characters: int) -> str:
    """A text of so many characters, each of them within a hundred elements."""
    block = f"<p>{WORD * 1_000}</p>"
    return "<div>" * 98 + block * (characters // 100 // len(WORD * 1_000) + 1)


TOO_HEAVY = {
    "bytes": b"x" * (MOST_BYTES + 1),
    "bytes once decoded": page(f"<p>{'字' * (MOST_BYTES // 3)}").decode().encode("utf-16"),
    "tags": page("<p>" * MOST_TAGS),
    "an attribute": page(f"{ARTICLE}<img src='data:{'x' * LONGEST_ATTRIBUTE}'>"),
    "attributes of one tag": page(f"{ARTICLE}<p {attributes(MOST_IN_A_TAG * 5)}>"),
    "attributes of one tag in UTF-16": page(f"{ARTICLE}<p {attributes(MOST_IN_A_TAG * 5)}>").decode().encode("utf-16"),
    "attributes": page(ARTICLE + f"<p {attributes(200)} title='{'x' * 2_000}'>x" * (MOST_ATTRIBUTES // 200)),
    "depth": page("<div>" * 300 + ARTICLE),
    "depth under faults": page("</x>" * 500 + "<b>" * 300 + ARTICLE),
    "elements in one block": page(f"<article>{'<p>x</p>' * (MOST_INSIDE + 1)}</article>"),
    "elements in elements in one block": page("<p>" + f"<b>{'<i>x</i>' * 99}</b>" * (MOST_INSIDE // 99 + 1)),
    "a text": page(f"<p>{'word ' * (LONGEST_TEXT // 5)}x</p>"),
    "a text between elements": page(f"<p>{f'{WORD * 3}<br>' * 2_000}"),
    "a text within many elements": page(around(MOST_AROUND)),
}


@pytest.mark.parametrize("body", TOO_HEAVY.values(), ids=TOO_HEAVY)
def test_a_page_beyond_a_bound_is_too_heavy_and_says_how_heavy(body: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        extract(body, URL)
    assert caught.value.state == "failed"
    figure = re.fullmatch(r"too heavy: ([\d,]+) [a-z, ]+; ([\d,]+) are read", caught.value.reason)
    assert figure is not None
    assert int(figure[1].replace(",", "")) > int(figure[2].replace(",", ""))


WITHIN = {
    "a picture in an attribute": page(f"{ARTICLE}<img src='data:{'x' * (LONGEST_ATTRIBUTE - 100)}'>"),
    "a thousand words in an attribute": page(f"{ARTICLE}<div data-state='{WORD * 1_000}'></div>" + " " * 100_000),
    "a script": page(ARTICLE, f"<script>if (a<b) {{}} {'x = 1; ' * 500_000}</script>"),
    "words in a script": page(ARTICLE, f"<script>{'word ' * (LONGEST_TEXT // 4)}</script>"),
    "options": page(ARTICLE + "<select>" + "<option>Amaro" * (MOST_INSIDE * 2) + "</select>"),
    "depth": page("<div>" * (DEEPEST - 20) + ARTICLE),
    "entities of its own": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + page(ARTICLE + "<p>&b;&b;"),
}


@pytest.mark.parametrize("body", WITHIN.values(), ids=WITHIN)
def test_a_page_within_all_bounds_is_read(body: bytes) -> None:
    assert "edge of the city" in extract(body, URL).body


def test_names_without_end_are_cut_where_there_may_be_many() -> None:
    tree = tree_of(f"<div class='{'a ' * LONGEST_NAME}' id=x title='{'t' * 9_000}'></div><!--{' ' * MANY}-->")
    (div,) = tree.iter("div")
    assert [len(div.get(name, "")) for name in ("class", "id", "title")] == [LONGEST_NAME, 1, 9_000]


UNITS = {
    "paragraphs": "<p>Number {n} is here and says a few words more.",
    "lines": "Number {n} is here and says a few words more.<br>",
    "links": "<a href='/{n}'>Read number {n} of the list</a> and ",
    "links alone": "<p><a href='/{n}'>Read number {n} of the list</a></p>",
    "list items": "<li>Number {n} is here and says a few words more.",
    "rows": "<table><tr><td>Number {n} is here</td><td>and says a few words.</td></tr></table>",
    "empty blocks": "<div><div></div></div>tail number {n} ",
    "menus": "<nav>x</nav>tail number {n} ",
    "asides": "<aside>x</aside>tail number {n} ",
    "forms": "<form>x</form>tail number {n} ",
    "unwanted boxes": "<div class='share-x'>x</div>tail number {n} ",
    "hidden words": "<b style='display:none'>x</b>tail number {n} ",
    "headings": "<h2>Number {n} is here</h2>",
    "main headings": "<h1>Number {n} is here</h1>",
    "articles": "<article>Number {n} is here and says a few words more.</article>",
    "quotations in quotations": "<blockquote>{n}" * 4 + "</blockquote>" * 4,
    "lists in lists": "<ul><li>{n}" * 3 + "</ul>" * 3,
    "tables in tables": "<table><tr><td>{n}" * 3 + "</table>" * 3,
    "links in links": "<div><a href='/{n}'>{n}" * 5 + "</div>" * 5,
    "bylines": "<span class=author>Jane Roe {n}</span>",
    "dates": "<time datetime=2019-09-07>7 September 2019</time>",
    "attributes": "<p " + attributes(20) + ">{n}</p>",
    "meta tags": "<meta name=date content='once'>",
    "articles in JSON": '<script type="application/ld+json">{{"@type":"Article","author":{{"@id":"{n}"}}}}</script>',
    "broken JSON": '<script type="application/ld+json">{{"headline":"x","headline</script>',
    "open brackets": '<script type="application/ld+json">[[[[</script>',
    "references": "&amp;&#146;&zwnj;&lt;b&gt;",
    "open tags": "<p a='>",
    "comments": "<!-- x --",
}


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_twice_the_page_is_less_than_three_times_the_work(unit: str) -> None:
    light, heavy = (page(ARTICLE + "".join(unit.format(n=number) for number in range(times))) for times in (800, 1_600))
    read(light)  # what is loaded once is not the page's
    assert work(heavy) < 3 * work(light)


def test_cells_that_claim_to_be_many_are_one_each() -> None:
    rows = "".join(f"<tr><td>Number {number} of the list is here</td></tr>" for number in range(60))
    table = page(f"<article><h1>Envoys</h1><table>{rows}</table></article>")
    claims = table.replace(b"<td>", b"<td colspan=100 rowspan=100>")
    assert extract(claims, URL).body == extract(table, URL).body
    assert work(claims) < 1.5 * work(table)


def read(body: bytes) -> None:
    with suppress(Rejected):
        extract(body, URL)


def work(body: bytes) -> int:
    """How many functions are called until a page is read, or rejected."""
    return calls(partial(read, body))
