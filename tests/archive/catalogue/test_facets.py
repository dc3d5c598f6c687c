from __future__ import annotations

from pathlib import Path

import pytest

from archive.catalogue.catalogue import Catalogue
from archive.catalogue.columns import Bylines, Coded
from archive.catalogue.facets import LONGEST, SHOWN
from archive.catalogue.results import Facet
from archive.questions.question import Filter, Question
from archive.store import Archive
from tests.filling import fill

INSERT = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
INSERT INTO articles (url, outlet_id, fetched, content_hash, month, byline)
SELECT 'https://a.example/' || :month || i, 1, '2019', '', :month, 'Author ' || (i % 40) || ', AUTHOR ' || (i % 40)
FROM n
"""


def facet(catalogue: Catalogue, field: str, *filters: Filter) -> Facet:
    found = catalogue.search(Question(filters=filters)).facets
    return next(one for one in found if one.field == field)


@pytest.fixture
def months(archive: Archive) -> Archive:
    """Articles of five months, two of which are no months of a newspaper."""
    archive.db.execute("INSERT INTO outlets (id, domain) VALUES (1, 'a.example') ON CONFLICT DO NOTHING")
    for month, count in (("0001-01", 2), ("1999-12", 50), ("2019-02", 90), ("9999-12", 3), ("2019-13", 1), ("", 4)):
        archive.db.execute(INSERT, {"month": month, "count": count})
    return archive


def test_a_month_that_is_far_from_all_others_does_not_hide_them(months: Archive) -> None:
    catalogue = Catalogue(months.folder)
    found = catalogue.search(Question()).months
    assert (found[0], found[-1]) == (("1999-12", 50), ("2019-02", 90))
    assert len(found) == 231 <= LONGEST
    assert sum(count for _, count in found) == 140
    catalogue.close()


def test_the_most_frequent_values_are_shown_and_the_chosen_ones_and_the_rest_is_counted(months: Archive) -> None:
    catalogue = Catalogue(months.folder)
    authors = facet(catalogue, "author")
    assert len(authors.values) == SHOWN
    assert authors.further == 40 - SHOWN
    assert {value.label for value in authors.values} <= {f"Author {number}" for number in range(40)}
    rare = Filter(field="author", value="aUTHOR 0")
    chosen = facet(catalogue, "author", rare, Filter(field="author", value="Nobody"))
    assert [(one.value, one.count) for one in chosen.values if one.is_chosen] == [("Author 0", 3), ("Nobody", 0)]
    assert len(chosen.values) + chosen.further == 41
    assert [one.value for one in facet(catalogue, "month").values] == [
        "2019-02",
        "1999-12",
        "9999-12",
        "0001-01",
        "2019-13",
    ]
    catalogue.close()


def test_values_have_the_names_by_which_people_know_them(tmp_path: Path) -> None:
    catalogue = Catalogue(fill(tmp_path))
    assert ("wire.example", "Gulf Wire") in {(one.value, one.label) for one in facet(catalogue, "outlet").values}
    assert [(one.value, one.label, one.count) for one in facet(catalogue, "topic").values] == [
        ("talks", "Peace talks", 6)
    ]
    assert [(one.value, one.count) for one in facet(catalogue, "verdict").values] == [("keep", 5), ("review", 1)]
    catalogue.close()


def test_a_name_that_can_be_looked_up_has_a_label() -> None:
    bylines = Bylines()

    class Watched(Coded):
        def __setitem__(self, name: str, code: int) -> None:
            assert bylines.labels[code].lower() == name
            super().__setitem__(name, code)

    bylines.names = Watched()
    codes = [bylines[one] for one in ("Mina Rahimi", "mina rahimi, Jo Berg, Jo Berg", "Jo Berg, Ada Lund")]
    assert codes == [0, 1, 2]
    assert bylines.labels == ["Mina Rahimi", "Jo Berg", "Ada Lund"]
    assert bylines.of_name.array[: bylines.count].tolist() == [0, 1, 0, 2, 1]
