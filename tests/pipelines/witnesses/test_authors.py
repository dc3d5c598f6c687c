from __future__ import annotations

import pytest

from pipelines.witnesses.authors import MOST, names_in, organisations_in, people_in
from pipelines.witnesses.jsonld import Graph

ANA = {"@id": "#ana", "@type": "Person", "name": "Ana Lima"}
GRAPH = Graph((ANA,), {"#ana": ANA})


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ana Lima and Jon Berg", ["Ana Lima", "Jon Berg"]),
        ("Ana Lima, Jon Berg & Eva Roth", ["Ana Lima", "Jon Berg", "Eva Roth"]),
        ("Von Eva Roth und Jon Berg", ["Eva Roth", "Jon Berg"]),
        ("Par Zoé Petit et Luc Martin", ["Zoé Petit", "Luc Martin"]),
        ("Por Ana Lima y Pedro Ruiz", ["Ana Lima", "Pedro Ruiz"]),
        ("Ana Lima (Kabul)", ["Ana Lima"]),
        ("Ana Lima; ana lima", ["Ana Lima"]),
        ("Anand Byrne", ["Anand Byrne"]),
        ("Yvonne Etienne", ["Yvonne Etienne"]),
        ("courier.example, Berlin, Germany", []),
        ("https://courier.example/staff/ana", []),
        ("desk@courier.example", []),
        ("admin", []),
        ("", []),
    ],
)
def test_a_byline_is_cut_into_names(byline: str, names: list[str]) -> None:
    assert names_in([byline]) == names


def test_a_byline_is_no_list_without_end() -> None:
    assert len(names_in([", ".join(f"Ana Lima {chr(97 + place)}" for place in range(26))] * 3)) == MOST
    assert names_in(["x" * 5_000]) == []


@pytest.mark.parametrize(
    "author",
    [
        "Ana Lima",
        {"@type": "Person", "name": "Ana Lima"},
        [{"@type": "Person", "name": ["Ana Lima"]}],
        {"@id": "#ana"},
        {"@type": "Person", "givenName": "Ana", "familyName": "Lima"},
        {"name": "By Ana Lima"},
    ],
    ids=["text", "person", "list", "reference", "parts of a name", "no type"],
)
def test_a_person_is_read_whatever_shape_it_has(author: object) -> None:
    assert people_in(author, GRAPH) == ["Ana Lima"]
    assert organisations_in(author, GRAPH) == []


def test_an_organisation_is_no_person() -> None:
    author = [{"@type": "NewsMediaOrganization", "name": "Wire and Press Agency"}, {"@id": "#ana"}]
    assert people_in(author, GRAPH) == ["Ana Lima"]
    assert organisations_in(author, GRAPH) == ["Wire and Press Agency"]


@pytest.mark.parametrize("author", [None, 7, [], {}, [None], {"name": None}, {"name": {"name": {}}}])
def test_no_author_is_none(author: object) -> None:
    assert people_in(author, GRAPH) == []
    assert organisations_in(author, GRAPH) == []
