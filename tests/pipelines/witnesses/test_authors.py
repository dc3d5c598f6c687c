from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.witnesses.authors import LONGEST, MOST, Name, authors_in, authors_of, names_in
from pipelines.witnesses.jsonld import Graph

ANA = {"@id": "#ana", "@type": "Person", "name": "Ana Lima"}
GRAPH = Graph((ANA,), {"#ana": ANA})
SITES = frozenset(["courierexample", "thecourier"])


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ana Lima and Jon Berg", ["Ana Lima", "Jon Berg"]),
        ("Ana Lima, Jon Berg & Eva Roth", ["Ana Lima", "Jon Berg", "Eva Roth"]),
        ("Von Eva Roth und Jon Berg", ["Eva Roth", "Jon Berg"]),
        ("Par Zoé Petit et Luc Martin", ["Zoé Petit", "Luc Martin"]),
        ("Por Ana Lima y Pedro Ruiz", ["Ana Lima", "Pedro Ruiz"]),
        ("Text und Fotos: Eva Roth", ["Eva Roth"]),
        ("Ein Kommentar von Eva Roth", ["Eva Roth"]),
        ("Autorin: Eva Roth", ["Eva Roth"]),
        ("AUTOR/IN Eva Roth", ["Eva Roth"]),
        ("Ana Lima (Kabul)", ["Ana Lima"]),
        ("Ana Lima; ana lima", ["Ana Lima"]),
        ("Anand Byrne", ["Anand Byrne"]),
        ("Yvonne Etienne", ["Yvonne Etienne"]),
        ("Ludwig van der Meer, Jean d'Arc, Omar bin Hadi", ["Ludwig van der Meer", "Jean d'Arc", "Omar bin Hadi"]),
        ("J. K. Reed, Dr. med. Eva Roth, Jon Berg Jr.", ["J. K. Reed", "Dr. med. Eva Roth", "Jon Berg Jr."]),
        ("Ana Lima.", ["Ana Lima"]),
        ("김하늘 기자", ["김하늘"]),
        ("محمد سالم", ["محمد سالم"]),
        ("harbourcat", ["harbourcat"]),
        ("Ana Lima, professor of the history of small harbours, courier.example", ["Ana Lima"]),
        ("courier.example, Berlin, Germany", []),
        ("courier.example", ["courier.example"]),
        ("https://courier.example/staff/ana", []),
        ("desk@courier.example", []),
        ("admin", []),
        ("Updated 12 May", []),
        ("Published: Tuesday", []),
        ("Ana Lima 12 May", []),
        ("12 articles", []),
        ("ana lima", ["ana lima"]),
        ("they met on the way home", []),
        ("They met on Tuesday", []),
        ("Envoys met. Then they left", []),
        ("", []),
    ],
)
def test_a_byline_is_cut_into_names(byline: str, names: list[str]) -> None:
    assert names_in([byline]) == names


def test_a_byline_is_no_list_without_end() -> None:
    assert len(names_in([", ".join(f"Ana Lima {chr(97 + place).upper()}" for place in range(26))] * 3)) == MOST
    assert names_in(["x" * 5_000]) == []


@pytest.mark.parametrize(
    "author",
    [
        "Ana Lima",
        {"@type": "Person", "name": "Ana Lima"},
        [{"@type": "Person", "name": ["Ana Lima"]}],
        {"@id": "#ana"},
        [{"@id": "#ana"}, "Ana Lima"],
        {"@type": "Person", "givenName": "Ana", "familyName": "Lima"},
        {"name": "By Ana Lima"},
    ],
    ids=["text", "person", "list", "reference", "twice", "parts of a name", "no type"],
)
def test_a_person_is_read_whatever_shape_it_has(author: object) -> None:
    assert authors_in(author, GRAPH) == [Name("Ana Lima")]


def test_an_organisation_is_no_person() -> None:
    author = [{"@type": "NewsMediaOrganization", "name": "Wire and Press Agency"}, {"@id": "#ana"}]
    assert authors_in(author, GRAPH) == [Name("Wire and Press Agency", is_person=False), Name("Ana Lima")]


@pytest.mark.parametrize("author", [None, 7, [], {}, [None], {"name": None}, {"name": {"name": {}}}, {"@id": "#b"}])
def test_no_author_is_none(author: object) -> None:
    assert authors_in(author, GRAPH) == []


def test_references_that_name_each_other_end() -> None:
    one, two = {"@id": "#one", "author": {"@id": "#two"}, "x": 1}, {"@id": "#two", "author": {"@id": "#one"}, "x": 1}
    assert authors_in({"@id": "#one"}, Graph((one, two), {"#one": one, "#two": two})) == []


WIRE = Name("Wire and Press Agency", is_person=False)


@pytest.mark.parametrize(
    ("first", "second", "shown", "expected"),
    [
        ([Name("Ana Lima")], [Name("Jon Berg")], ["Eva Roth"], [("first", "Ana Lima"), ("second", "Jon Berg")]),
        ([WIRE, Name("Ana Lima")], [], [], [("first", "Wire and Press Agency; Ana Lima")]),
        ([WIRE], [Name("Ana Lima")], [], [("second", "Ana Lima")]),
        ([WIRE], [], ["Eva Roth"], [("first", "Wire and Press Agency")]),
        ([Name("The Courier")], [Name("The Courier"), Name("Ana Lima")], [], [("second", "Ana Lima")]),
        ([Name("The Courier", is_person=False)], [], ["Eva Roth"], [("byline", "Eva Roth")]),
        ([Name("The Courier")], [Name("Staff")], [], [("first", "The Courier"), ("second", "Staff")]),
        ([Name("Redaktion"), Name("Ana Lima")], [], [], [("first", "Ana Lima")]),
        ([Name("evaroth")], [], ["Eva Roth"], [("byline", "Eva Roth")]),
        ([Name("evaroth")], [], [], [("first", "evaroth")]),
        ([Name("eva_roth"), Name("Ana Lima")], [], [], [("first", "eva_roth; Ana Lima")]),
        ([Name("courier.example")], [Name("Ana Lima")], [], [("second", "Ana Lima")]),
        ([], [], [], []),
    ],
    ids=[
        "persons", "an agency beside a person", "an agency or a person", "an agency or a byline",
        "the outlet beside a person", "the outlet or a byline", "the outlet or its desk", "a desk beside a person",
        "a user or a byline", "a user alone", "a user beside a person", "a host or a person", "nobody",
    ],
)  # fmt: skip
def test_the_best_kind_of_author_that_anybody_names_is_kept(
    first: list[Name], second: list[Name], shown: list[str], expected: list[tuple[str, str]]
) -> None:
    claims = authors_of([("first", first), ("second", second)], [shown], SITES)
    assert [(witness, "; ".join(names)) for witness, names in claims] == expected


def test_a_page_is_searched_for_a_byline_only_where_nobody_is_named_and_no_further_than_the_first() -> None:
    read: list[str] = []

    def bylines() -> Iterator[list[str]]:
        for name in ("Eva Roth", "Jon Berg"):
            read.append(name)
            yield [name]

    authors_of([("json-ld", [Name("Ana Lima")])], bylines(), SITES)
    assert read == []
    assert authors_of([("json-ld", [Name("The Courier")])], bylines(), SITES) == [("byline", ("Eva Roth",))]
    assert read == ["Eva Roth"]


@given(st.text(max_size=200))
def test_any_text_holds_names_of_bounded_length(text: str) -> None:
    assert all(1 < len(name) <= LONGEST for name in names_in([text]))
