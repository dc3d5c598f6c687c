from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.pages.citations import authors_of, bibtex, citation_of, one_line, plain, printable, ris
from tests.filling import HOSTILE

ARTICLE = {
    "id": 7, "url": "https://wire.example/doha", "outlet": "wire.example", "outlet_name": "Gulf Wire",
    "title": "Doha talks end with a draft", "byline": "Mina Rahimi, Hugo Masthead", "published": "2019-03-12T09:30:00Z",
    "published_precision": "instant", "fetched": "2019-03-12T18:00:00Z", "language": "en",
}  # fmt: skip

NASTY = st.text(st.characters(), max_size=60) | st.sampled_from(
    [
        HOSTILE,
        "}\n@misc{evil,",
        "{{{",
        "}}}",
        r"\}",
        "a\r\nER  - \r\nTY  - BOOK",
        "a\u2028b\x85c\x1cd",
        "100 % & $5_000 #1 ~^\\",
    ]
)
UNTEX = {
    r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}", r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^", r"\$": "$", r"\&": "&", r"\#": "#", r"\_": "_", r"\%": "%",
}  # fmt: skip


def cited(**other: Any) -> Any:
    return citation_of({**ARTICLE, **other}, "sha1:ABC")


def untex(text: str) -> str:
    """What TeX would print; a special sign that was not escaped is a fault."""
    left = re.sub("|".join(map(re.escape, UNTEX)), "", text)
    assert not set(left) & set("\\$&#_%~^{}"), text
    return re.sub("|".join(map(re.escape, UNTEX)), lambda found: UNTEX[found[0]], text)


def read_bibtex(text: str) -> tuple[str, dict[str, str]]:
    """The key and the fields of one entry, as strictly as BibTeX counts braces."""
    head = re.match(r"@misc\{([a-z0-9]+),\n", text)
    assert head, text
    place, fields = head.end(), {}
    while text[place:] != "}\n":
        name = re.compile(r"  ([a-z]+) = ").match(text, place)
        assert name, text[place:]
        begin = end = name.end()
        depth = 0
        while True:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            if depth == 0 and text[end] in ",}":
                break
            end += 1
        end += text[end] == "}"
        fields[name[1]] = text[begin:end]
        assert text[end : end + 2] == ",\n", text[end:]
        place = end + 2
    return head[1], fields


def read_ris(text: str) -> list[tuple[str, str]]:
    """The fields of one reference: every line is one, the first says what it is, the last ends it."""
    lines = text.splitlines()
    found = [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line) for line in lines]
    assert all(found), text
    fields = [(one[1], one[2]) for one in found if one]
    assert [name for name, _ in fields].count("TY") == [name for name, _ in fields].count("ER") == 1
    assert (fields[0], fields[-1]) == (("TY", "NEWS"), ("ER", ""))
    return fields


def test_a_citation_is_a_sentence() -> None:
    assert plain(cited()) == (
        "Mina Rahimi and Hugo Masthead. “Doha talks end with a draft.” Gulf Wire, 12 March 2019. "
        "https://wire.example/doha (fetched 12 March 2019)."
    )


def test_without_author_date_or_headline_it_says_so() -> None:
    said = plain(cited(byline="", published=None, title="", outlet_name=""))
    assert said.startswith("“(no title).” wire.example, undated. https://wire.example/doha")


def test_a_question_keeps_its_mark() -> None:
    assert "“Peace?” Gulf Wire" in plain(cited(title="Peace?", byline=""))


@pytest.mark.parametrize(
    ("other", "key"),
    [
        ({}, "wire2019doha"),
        ({"published": None}, "wirenddoha"),
        ({"title": "Él fué a Ginebra"}, "wire2019ginebra"),
        ({"title": "وقف إطلاق النار"}, "wire2019article"),
        ({"title": "It is so", "outlet": "the-herald.example"}, "theherald2019it"),
        ({"outlet": "новости.example"}, "outlet2019doha"),
    ],
)
def test_a_key_is_outlet_year_and_a_word(other: dict[str, Any], key: str) -> None:
    assert cited(**other).key == key


def test_bibtex_has_the_fields_of_a_page_that_was_kept() -> None:
    key, fields = read_bibtex(bibtex(cited()))
    assert key == "wire2019doha"
    assert fields == {
        "author": "{Mina Rahimi and Hugo Masthead}", "title": "{{Doha talks end with a draft}}",
        "howpublished": "{Gulf Wire}", "year": "{2019}", "month": "mar", "day": "{12}",
        "url": "{https://wire.example/doha}", "urldate": "{2019-03-12}", "language": "{en}",
        "note": "{Kept copy fetched 2019-03-12, sha1:ABC; article 7 of the archive}",
    }  # fmt: skip


def test_an_author_who_is_no_person_is_not_taken_apart() -> None:
    _, fields = read_bibtex(bibtex(cited(byline="Black and White Press, AFP, Major (ret.) Basil Quill")))
    assert fields["author"] == "{{Black and White Press} and {AFP} and {Major (ret.) Basil Quill}}"


def test_ris_has_one_field_a_line() -> None:
    assert read_ris(ris(cited())) == [
        ("TY", "NEWS"), ("AU", "Mina Rahimi"), ("AU", "Hugo Masthead"), ("TI", "Doha talks end with a draft"),
        ("T2", "Gulf Wire"), ("PY", "2019"), ("DA", "2019/03/12"), ("LA", "en"), ("UR", "https://wire.example/doha"),
        ("Y2", "2019/03/12"), ("N1", "Article 7 of the archive, sha1:ABC"), ("ER", ""),
    ]  # fmt: skip


def test_an_undated_article_has_no_year() -> None:
    _, fields = read_bibtex(bibtex(cited(published=None)))
    assert not {"year", "month", "day"} & fields.keys()
    assert not {"PY", "DA"} & dict(read_ris(ris(cited(published="yesterday")))).keys()


@given(title=NASTY, byline=NASTY, name=NASTY, url=NASTY, published=NASTY, language=NASTY)
def test_no_text_of_the_web_ends_a_field_a_line_or_an_entry(
    title: str, byline: str, name: str, url: str, published: str, language: str
) -> None:
    one = cited(title=title, byline=byline, outlet_name=name, url=url, published=published, language=language)
    _, fields = read_bibtex(bibtex(one))
    assert untex(fields["title"][2:-2]) == one.title
    assert not set(fields.get("url", "")[1:-1]) & set("{}\\ \n")
    told = read_ris(ris(one))
    assert [value for name, value in told if name == "TI"] == [one.title]
    assert len([value for name, value in told if name == "AU"]) == len(one.authors)
    assert len(plain(one).splitlines()) == 1


@given(NASTY)
def test_one_line_is_one_line_and_printable_text_fools_no_terminal(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert not {"\x1b", "\u202e", "\x00", "\r"} & set(printable(text))


def test_authors_are_the_names_that_a_byline_joins() -> None:
    assert authors_of("Mina Rahimi, Hugo Masthead, , Mina Rahimi") == ["Mina Rahimi", "Hugo Masthead"]
    assert authors_of("") == []
