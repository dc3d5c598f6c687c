from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from archive.exports.everything import everything_of
from archive.exports.markdown import escaped, page, place_of, quoted, write
from archive.exports.progress import Progress
from tests.archive.exports.conftest import Choose
from tests.filling import ARTICLES, HOSTILE
from tests.nasty_texts import NASTY, TEXTS

PLAIN = {"heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text", "text_special"}
RENDERER = MarkdownIt("gfm-like", {"linkify": False, "html": True})
NAME = re.compile(r"(undated|[0-9]{4})/(undated|[0-9]{4}-[0-9]{2}-[0-9]{2})-[a-z0-9][a-z0-9.-]*\.md")


def parts(text: str) -> tuple[dict[str, Any], str]:
    """The front matter, read by a YAML parser, and the text behind it."""
    opening, front, rest = text.split("---\n", 2)
    assert opening == ""
    found = yaml.safe_load(front)
    assert found == YAML(typ="safe", pure=True).load(front)
    return found, rest


def shown(text: str) -> list[str]:
    """The blocks that a renderer shows; it finds nothing in them but text."""
    blocks = []
    for token in RENDERER.parse(text):
        assert token.type in PLAIN, token
        for child in token.children or ():
            assert child.type in PLAIN, child
        if token.type == "inline":
            blocks.append("".join(child.content for child in token.children or ()))
    return blocks


def cleaned(text: str) -> str:
    return " ".join(re.sub("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", " ", text).split())


def test_an_article_is_a_file_by_year_and_the_index_leads_to_all(
    choose: Choose, progress: Progress, tmp_path: Path
) -> None:
    write(choose(), progress, tmp_path)
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.md")} - {"index.md"}
    assert progress.articles == len(files) == len(ARTICLES)
    assert all(NAME.fullmatch(name) for name in files)
    assert {name.partition("/")[0] for name in files} == {"2019", "undated"}
    _, index = parts((tmp_path / "index.md").read_text(encoding="utf-8"))
    links = [child.attrs["href"] for token in RENDERER.parse(index) for child in token.children or () if child.attrs]
    assert sorted(links) == sorted(files)
    doha = next(name for name in files if "doha-talks-end" in name)
    front, rest = parts((tmp_path / doha).read_text(encoding="utf-8"))
    assert (front["title"], front["url"]) == (ARTICLES[0]["title"], ARTICLES[0]["url"])
    assert front["topics"] == [{"name": "talks", "verdict": "keep", "score": 0.83}]
    assert (front["published"], front["words"], front["is_paywalled"]) == ("2019-03-12T09:30:00Z", 43, False)
    assert shown(rest) == [ARTICLES[0]["title"], *ARTICLES[0]["body"].split("\n")]
    odd = next(name for name in files if name.startswith("undated/"))
    assert parts((tmp_path / odd).read_text(encoding="utf-8"))[0]["title"] == HOSTILE


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=NASTY, body=NASTY)
def test_whatever_an_article_says_is_text_and_comes_back(saying: Callable[..., Any], title: str, body: str) -> None:
    columns = {"title": title, "body": body, "byline": title, "tags": json.dumps([title, body])}
    ((one,),) = saying(lambda chosen, _: list(everything_of(chosen)), **columns)
    front, rest = parts(page(one))
    assert front.get("title", "") == title
    assert front["tags"] == [title, body]
    assert shown(rest) == [
        cleaned(title) or "(no title)",
        *filter(None, (cleaned(line) for line in body.split("\n"))),
    ]


@given(text=st.sampled_from(TEXTS) | st.text(st.characters(), max_size=80))
@example(text="http://a.example www.b.example WWW.c.example ![x](y) [[z]] 1) a")
def test_nothing_becomes_of_hostile_text(text: str) -> None:
    shown(f"{escaped(text)}\n")
    assert yaml.safe_load(quoted(text)) == text.encode("utf-8", "replace").decode()


@pytest.mark.parametrize("text", ["http://a.example/x", "see https://b.example", "www.c.example"])
def test_a_bare_address_is_not_left_to_be_made_a_link(text: str) -> None:
    assert not re.search(r"[a-z]://|www\.", escaped(text))


def article(**other: Any) -> dict[str, Any]:
    return {
        "url": "https://a.example/1",
        "outlet": "a.example",
        "title": "A",
        "published": "2019-01-01T00:00:00Z",
        **other,
    }


@given(outlet=st.text(max_size=80), title=st.text(max_size=400), published=st.none() | st.text(max_size=30))
@example(outlet="../../etc", title="con.aux/nul\\..", published="../../../etc/passwd")
@example(outlet="CON", title="NUL", published="2019-01-01T00:00:00Z")
@example(outlet="...", title="a" * 400, published=None)
def test_a_name_is_safe_on_every_file_system(outlet: str, title: str, published: str | None) -> None:
    place = place_of(article(outlet=outlet, title=title, published=published))
    assert NAME.fullmatch(place), place
    assert len(place) <= 150
    assert place == place.lower()
    assert ".." not in place.replace("...", ".")[:5]


def test_names_differ_where_only_the_address_does() -> None:
    assert place_of(article()) != place_of(article(url="https://a.example/2"))
    assert place_of(article()) == place_of(article())
