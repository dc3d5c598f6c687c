from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.witnesses.titles import LONGEST, MAX_LENGTH, Told, site_keys, titles_of

TALKS = "Envoys resume talks in Doha after a week"
OTHER = "Doha talks go on: what the envoys want"
SHOWN = "Why the envoys went back to their rooms"
URL = "https://www.courier.example/world/envoys-resume-talks-in-doha"


def told(
    headline: str = "", og: str = "", h1: str = "", h2: str = "", tag: str = "", announced: str = "", url: str = ""
) -> Told:
    return Told(
        structured=[("json-ld", headline)],
        og=[("og", og)],
        headings=[h1] if h1 else [],
        subheadings=[h2] if h2 else [],
        tag=tag,
        announced=announced,
        sites=site_keys(["The Courier"], url),
        url=url,
    )


def chosen(**texts: str) -> str:
    return next((title for _, title in titles_of(told(**texts))), "")


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"headline": TALKS, "og": OTHER}, TALKS),
        ({"headline": OTHER, "og": TALKS, "h1": TALKS}, TALKS),
        ({"headline": OTHER, "og": TALKS, "announced": TALKS}, TALKS),
        ({"headline": TALKS, "og": OTHER, "h1": OTHER, "tag": TALKS}, TALKS),
        ({"og": OTHER, "h1": TALKS, "tag": f"{TALKS} | The Courier"}, TALKS),
        ({"og": OTHER, "h1": TALKS}, OTHER),
        ({"tag": f"{TALKS} - The Courier"}, TALKS),
        ({"headline": f"{TALKS} | World", "h1": TALKS}, TALKS),
        ({"og": f"{TALKS}-World｜Courier", "announced": TALKS}, TALKS),
        ({"announced": TALKS}, TALKS),
        ({"headline": "The Courier", "og": "THE COURIER", "h1": TALKS, "tag": OTHER}, TALKS),
        ({"og": "The Courier"}, "The Courier"),
        ({}, ""),
    ],
    ids=[
        "JSON-LD first", "two against it", "the feed is a witness", "not two against two", "a majority", "order",
        "the site's name", "what another shows bare", "a dash without spaces", "the feed alone", "not the site's name",
        "nothing but the site's name", "nothing",
    ],
)  # fmt: skip
def test_the_headline_is_what_the_witnesses_say(texts: dict[str, str], expected: str) -> None:
    assert chosen(**texts) == expected


@pytest.mark.parametrize(
    ("headline", "url", "expected"),
    [
        (TALKS, URL, TALKS),
        (TALKS, "", OTHER),
        (TALKS, "https://courier.example/world/doha-talks-go-on-what-the-envoys-want", OTHER),
        (TALKS, "https://courier.example/world/doha-talks", OTHER),
        (TALKS, "http://[", OTHER),
        ("Ärger über Größe: “Öl” fließt", "https://courier.example/aerger_ueber_groesse_oel_fliesst.html", None),
        ("Ärger über Größe: “Öl” fließt", "https://courier.example/arger-uber-grosse-ol-fliesst", None),
        ("Переговоры в Дохе снова начались", "https://courier.example/переговоры-в-дохе-снова-начались", None),
    ],
    ids=["made from it", "no address", "made from the other", "too short", "no URL", "umlauts", "accents", "Cyrillic"],
)
def test_a_headline_alone_stands_where_the_address_was_made_from_it(
    headline: str, url: str, expected: str | None
) -> None:
    assert chosen(headline=headline, og=OTHER, h1=OTHER, tag=OTHER, url=url) == (expected or headline)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({}, SHOWN),
        ({"announced": SHOWN}, SHOWN),
        ({"announced": TALKS}, TALKS),
        ({"headline": TALKS}, TALKS),
        ({"tag": OTHER}, TALKS),
        ({"h1": "Rooms"}, TALKS),
        ({"h1": f"World {TALKS}"}, TALKS),
        ({"h1": "Heat in the south of the country"}, TALKS),
    ],
    ids=[
        "shown", "announced so", "announced as in the head", "JSON-LD says", "the head is not of one mind", "a word",
        "with a word above it", "of something else",
    ],
)  # fmt: skip
def test_a_heading_comes_before_a_title_for_search_services(texts: dict[str, str], expected: str) -> None:
    assert chosen(**{"og": TALKS, "h1": SHOWN, "tag": f"{TALKS} | The Courier", **texts}) == expected


@pytest.mark.parametrize(
    ("headings", "subheadings", "tag", "expected"),
    [
        (["Sections", TALKS], [], f"{TALKS} | Harbour", TALKS),
        (["Sections"], ["Weather", TALKS], f"Harbour » {TALKS}", TALKS),
        (["The Courier", TALKS], [], "", TALKS),
        (["courier", TALKS], [], "", TALKS),
        ([TALKS, OTHER], [], "Front page", TALKS),
        (["The Courier"], [], "", ""),
    ],
    ids=["repeated", "an h2", "the site's name", "the host's name", "no help", "nothing else"],
)
def test_the_main_heading_is_the_one_that_the_title_element_repeats(
    headings: list[str], subheadings: list[str], tag: str, expected: str
) -> None:
    sites = site_keys(["The Courier"], URL)
    claims = titles_of(Told(headings=headings, subheadings=subheadings, tag=tag, sites=sites))
    assert next((title for witness, title in claims if witness == "h1"), "") == expected


def test_spelling_makes_no_two_titles_of_one() -> None:
    curly = "Envoys’ talks – “no truce yet”"
    assert chosen(headline=OTHER, og=curly, h1='ENVOYS\' TALKS - "NO TRUCE YET"') == curly


@pytest.mark.parametrize(
    "title",
    ["Kabul - Doha - Moscow: where the talks went", "Truce | No truce", "Heat: the city that never cools"],
)
def test_a_dash_within_a_headline_stays(title: str) -> None:
    assert chosen(headline=title, og=OTHER) == title


def test_a_section_before_the_site_s_name_goes_with_it_where_a_heading_shows_the_rest() -> None:
    assert chosen(h1=TALKS, tag=f"{TALKS} - World - Talks | The Courier") == TALKS
    assert chosen(tag=f"{TALKS} - courier.example | The Courier", url=URL) == TALKS


def test_a_short_word_is_no_headline_that_a_longer_one_repeats() -> None:
    assert chosen(headline="Kabul - a city waits", h1="Kabul") == "Kabul"
    assert chosen(headline="Kabul: a city waits", h1="Kabul") == "Kabul: a city waits"


def test_every_witness_is_heard_and_the_best_first() -> None:
    claims = titles_of(told(headline=OTHER, og=TALKS, h1=TALKS, tag=f"{TALKS} - The Courier", announced=SHOWN))
    assert claims == [("og", TALKS), ("json-ld", OTHER), ("h1", TALKS), ("title tag", TALKS), ("feed", SHOWN)]


def test_a_site_is_known_by_its_names_its_host_and_the_parts_of_that() -> None:
    assert site_keys(["The Courier", ""], URL) == {"thecourier", "courierexample", "courier"}
    assert site_keys([], "http://[bad") == frozenset()


def test_long_titles_are_cut_before_they_are_compared() -> None:
    long = " - ".join(["x"] * 5_000)
    assert chosen(headline=long, og=long + "y", tag=long + "z") == long[:MAX_LENGTH]
    assert len(long) > LONGEST > MAX_LENGTH


TITLES = st.text(st.sampled_from("ab -|–:"), max_size=12).map(str.strip)
URLS = st.sampled_from(["", URL, "https://a.example/a-b-a-b", "http://[", "https://ab.example/%ff/a_b"])


@given(st.tuples(TITLES, TITLES, TITLES, TITLES, TITLES, TITLES), URLS)
def test_the_headline_is_the_beginning_of_a_witness(texts: tuple[str, ...], url: str) -> None:
    names = ("headline", "og", "h1", "h2", "tag", "announced")
    title = chosen(**dict(zip(names, texts, strict=True)), url=url)
    assert any(text.startswith(title) for text in texts)
    assert title or not any(texts[:3] + texts[4:])
    assert len(title) <= MAX_LENGTH


def test_the_name_of_a_site_before_a_title_is_no_part_of_it_and_no_other_claim() -> None:
    told = Told(headings=["Envoys resume talks"], tag="Forward Echelon :: Envoys resume talks",
                sites=site_keys([], "https://forward-echelon.example/talks"))  # fmt: skip
    assert {title for _, title in titles_of(told)} == {"Envoys resume talks"}
    told = Told(tag="Echelon :: Map", sites=site_keys(["Echelon"], "https://e.example/"))
    assert titles_of(told) == [("title tag", "Echelon :: Map")]
