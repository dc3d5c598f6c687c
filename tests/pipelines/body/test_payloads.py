from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.body.payloads import LEAST, LONGEST, prose, text_in

TITLE = "Envoys resume talks in Doha"
PARAGRAPHS = [
    "Envoys of the two sides met again on Tuesday in a hotel at the edge of the city, for the first time in a week.",
    "They spoke for six hours about a truce in the southern provinces, and parted after dark without a word to anyone.",
    "A diplomat who was in the room said that the text on the table had grown shorter, which he took for a good sign.",
    "The next round is to begin on Friday, if the airport, which was shut after a sandstorm, has opened again by then.",
]
OTHERS = [
    "The price of bread has risen for the third month, and bakers in the old town say that they cannot bear it longer.",
    "A ferry ran aground off the northern cape on Monday night, and all of its passengers were brought ashore by dawn.",
    "The national library opened a reading room for children, who had been asking for one in letters for many years.",
    "A court ruled that the bridge, which was closed in the spring, has to be opened to bicycles before the summer.",
]
MARKUP = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def rich(text: str) -> dict[str, object]:
    """A paragraph as rich-text editors keep it: its words in parts."""
    before, after = text[:30], text[40:]
    link = {"type": "link", "children": [{"text": text[30:40]}]}
    return {"type": "paragraph", "children": [{"text": before}, link, {"text": after}]}


SHAPES: dict[str, object] = {
    "markup in a string": {"title": TITLE, "body": MARKUP},
    "plain lines in a string": {"title": TITLE, "text": "\n\n".join(PARAGRAPHS)},
    "a list of strings": {"article": {"headline": TITLE, "paragraphs": PARAGRAPHS}},
    "a list of objects": {"headline": TITLE, "elements": [{"type": "text", "content": text} for text in PARAGRAPHS]},
    "headline in an object": {"headlines": {"basic": TITLE}, "content": [{"content": text} for text in PARAGRAPHS]},
    "blocks within blocks": {
        "title": TITLE,
        "blocks": [{"model": {"blocks": [{"model": {"text": text}}]}} for text in PARAGRAPHS],
    },
    "rich text": {"title": TITLE, "document": {"content": [rich(text) for text in PARAGRAPHS]}},
    "elements under ids": {
        "title": TITLE,
        "items": {f"text-{at}": {"value": one} for at, one in enumerate(PARAGRAPHS)},
    },
    "only the headline's words": {
        "x": [{"y": TITLE + ". " + PARAGRAPHS[0]}, *({"y": text} for text in PARAGRAPHS[1:])]
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_an_article_is_found_in_whatever_way_it_is_kept(shape: str) -> None:
    found = text_in([{"props": {"page": SHAPES[shape], "menu": ["Home", "World", "Sport"]}}], [TITLE])
    assert [line.replace(f"{TITLE}. ", "") for line in found] == PARAGRAPHS


@pytest.mark.parametrize(
    "beside",
    [
        {"related": [{"title": f"Another story number {at}", "body": text * 4} for at, text in enumerate(OTHERS)]},
        {"list": [{"title": f"Another story number {at}", "lead": text * 4} for at, text in enumerate(OTHERS)]},
        {"stories": [{"title": "Bread is dear in the old town", "paragraphs": OTHERS * 3}]},
        {"newsletter": {"text": " ".join(OTHERS * 3)}},
        {"translations": {f"key{at}": text * 4 for at, text in enumerate(OTHERS)}},
        {"images": [{"caption": text} for text in OTHERS * 3]},
        {"description": PARAGRAPHS[0], "seoText": " ".join(OTHERS * 3)},
    ],
    ids=["related", "a list with leads", "another article", "newsletter", "messages", "captions", "descriptions"],
)
def test_what_stands_beside_an_article_is_not_its_text(beside: object) -> None:
    article = {"title": TITLE, "paragraphs": PARAGRAPHS}
    assert text_in([{"page": {"article": article, "beside": beside}}], [TITLE]) == PARAGRAPHS
    assert text_in([{"beside": beside}], [TITLE]) == []


def test_a_text_that_says_nothing_of_the_headline_is_not_taken() -> None:
    assert text_in([{"paragraphs": OTHERS}], [TITLE]) == []
    assert text_in([{"paragraphs": PARAGRAPHS}], []) == []


def test_what_is_told_again_by_its_parts_is_told_once() -> None:
    blocks = [{"text": text, "parts": [{"text": text[:50]}, {"text": text[50:]}]} for text in PARAGRAPHS]
    assert text_in([{"title": TITLE, "blocks": blocks}], [TITLE]) == PARAGRAPHS


@pytest.mark.parametrize("unfit", ["<script>steal('it')</script>", "<style>p{color:red}</style>", "<!-- a note -->"])
def test_scripts_and_styles_in_a_payload_are_no_text_and_swallow_none(unfit: str) -> None:
    whole = MARKUP.replace("</p><p>", f"</p>{unfit}<p>", 1)
    broken = [f"<p>{text}</p>{unfit.replace('/', '')}" for text in PARAGRAPHS]
    assert text_in([{"title": TITLE, "body": whole}], [TITLE]) == PARAGRAPHS
    assert text_in([{"title": TITLE, "body": broken}], [TITLE]) == PARAGRAPHS


def test_tags_that_are_written_out_stay_words() -> None:
    lines = text_in(
        [{"title": TITLE, "body": [*PARAGRAPHS, f"{OTHERS[0]} &lt;img src=x onerror=alert(1)&gt;"]}], [TITLE]
    )
    assert lines[:4] == PARAGRAPHS
    assert all("<" not in line for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "", "Short.", "https://courier.example/" + "a" * 80, '{"a": "' + "b c. " * 30 + '"}', "word " * 40,
        "function (a, b) { var c = a; if (c) { return b; } } // and so on, for a while. It goes on, and on.",
        ".box{margin:0} .row{display:flex; gap:1rem} .end{padding:2px} .box .row{color:#fff; } h2{font-size:1rem}",
        "talks; envoys; doha; truce; province; airport; sandstorm; hotel; diplomat; text; table; round; council",
    ],
    ids=["nothing", "short", "address", "json", "no sentence", "code", "style", "keywords"],
)  # fmt: skip
def test_what_is_not_made_of_sentences_is_no_prose(text: str) -> None:
    assert prose(text) == 0


@pytest.mark.parametrize(
    "text", [PARAGRAPHS[0], f"<p>{PARAGRAPHS[0]}</p>", "代表団は火曜日に再び会談した。" * 6, "یہ ایک جملہ ہے۔ " * 8]
)
def test_sentences_are_prose_in_any_script(text: str) -> None:
    assert prose(text) > 0


NAMES = st.sampled_from(["title", "body", "text", "content", "children", "type", "p", "0"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
    | st.sampled_from([*PARAGRAPHS, MARKUP, TITLE, *OTHERS, "<p>", "<script>", "</article><b>", "\x00\ud800"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=30,
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.lists(VALUES, max_size=4), st.lists(st.text(max_size=30) | st.just(TITLE), max_size=3))
def test_any_json_gives_clean_lines_or_none(values: list[object], titles: list[str]) -> None:
    for line in text_in(values, titles):
        assert line
        assert line == " ".join(line.split())
        line.encode()


def test_what_is_found_is_bounded() -> None:
    many = {"title": TITLE, "body": [f"{text} {at}" for at in range(12_000) for text in PARAGRAPHS]}
    assert 0 < sum(map(len, text_in([many], [TITLE]))) <= LONGEST
    assert text_in([{"title": TITLE, "body": " ".join(PARAGRAPHS * 2_000)}], [TITLE]) == []


def test_depth_width_and_names_are_bounded() -> None:
    deep: object = PARAGRAPHS
    for _ in range(3_000):
        deep = {"a": [deep]}
    assert text_in([deep], [TITLE]) == []
    wide = {f"key {at}": {"n" * 10_000: text} for at in range(500) for text in PARAGRAPHS}
    text_in([wide, {"n" * 1_000_000: [[text] for text in PARAGRAPHS * 500]}], [TITLE])


def test_one_string_that_is_named_a_thousand_times_is_not_read_a_thousand_times() -> None:
    long = " ".join(PARAGRAPHS * 200)
    assert sum(map(len, text_in([{"title": TITLE, "body": [long] * 5_000}], [TITLE]))) <= LONGEST


def test_the_order_of_what_stands_beside_makes_no_difference() -> None:
    page = {"a": {"title": TITLE, "body": PARAGRAPHS}, "b": {"title": "Bread is dear again", "body": OTHERS}}
    parts = list(page.items())
    random.Random(4).shuffle(parts)
    assert text_in([json.loads(json.dumps(dict(parts)))], [TITLE]) == text_in([page], [TITLE]) == PARAGRAPHS


def test_less_than_a_few_sentences_are_no_article() -> None:
    assert text_in([{"title": TITLE, "body": PARAGRAPHS[0][: LEAST - 1]}], [TITLE]) == []
