from __future__ import annotations

from array import array

from archive.merging.companies import Member, Ruled
from archive.merging.scratch import Scratch
from pipelines.sketches import content_hash, sketch
from pipelines.stages.regroup import joins

TEXT = """Negotiators took their seats again on Sunday, after a pause of eight days that had left the hosts unsure;
nobody spoke to the reporters who waited in the heat outside while the delegations left by separate doors."""
OTHER = """Traders in the bazaar counted the days until the border would open, and sold what they had to whoever came by
before the lamps were lit on the far side of the river, early, as they are when nobody expects a guest any more."""


def member(number: int, outlet: str, body: str, *, day: int) -> Member:
    drawn = sketch(body)
    return Member(
        id=number, url=f"https://{outlet}/{number}", outlet=outlet, title="Talks resume", lead=body[:400],
        published=f"2021-08-{day:02d}T12:00:00Z", fetched="2021-09-01T12:00:00Z", words=drawn.words,
        words_hash=drawn.words_hash, wire="", is_agency=False, content_hash=content_hash("Talks resume", body),
        sketch=array("q", drawn.hashes).tobytes(),
    )  # fmt: skip


def test_articles_are_grouped_as_a_crawl_would_that_met_them_in_that_order() -> None:
    first, copy = member(70, "wire.example", TEXT, day=15), member(9, "herald.example", TEXT, day=16)
    apart = member(30, "courier.example", OTHER, day=17)
    scratch = Scratch(joins)
    for _ in range(2):  # nothing is left of what was grouped before
        found = scratch.regroup([first, copy, apart], [])
        assert found == {
            70: (70, "original", 0.0, 0.0),
            9: (70, "exact copy", 1.0, 1.0),
            30: (30, "original", 0.0, 0.0),
        }
    scratch.close()


def test_rulings_are_obeyed() -> None:
    members = [member(number, f"{name}.example", TEXT, day=number) for number, name in ((1, "a"), (2, "b"), (3, "c"))]
    scratch = Scratch(joins)
    found = scratch.regroup(members, [Ruled(one=1, two=3, ruling="apart", made="2021-09-01T12:00:00Z")])
    assert {one: kin[0] for one, kin in found.items()} == {1: 1, 2: 1, 3: 3}
    scratch.close()
