"""Archives of three machines that know some of the same articles, and the rules by which they are merged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.merging.merge import Rules
from crawler.merging import rules
from tests.machines import NOON, Machine

WIRE, HERALD, COURIER = ("https://wire.example", "https://herald.example", "https://courier.example")
LEAD = (
    "Negotiators from both sides took their seats again on Sunday, after a pause of eight days that had left the hosts"
)
TEXT = f"""{LEAD} wondering whether the talks would go on at all.
Nobody spoke to the reporters who waited in the heat outside, and the delegations left by separate doors at midnight.
A spokesman for the hosts said that the agenda had two points, a truce for the holiday and the exchange of prisoners,
and that a third would be added if the first two were settled by the end of the week.
Diplomats who follow the process had expected less, and one of them called it the best day since the spring."""
OTHER = """Traders in the bazaar counted the days until the border would open, and sold what they had to whoever came.
The truce of the spring, negotiators said at the time, would bring the lorries back; it brought two, and a customs man.
On the far side of the river the lamps were lit early, as they are when nobody expects a guest any more."""
FURNITURE = "Serving the delta since the year of the great flood"


def filled(folder: Path, which: str) -> Path:
    """The archive of one of three machines."""
    with Machine(folder, asks=[f"https://{which}.example/feed"]) as machine:
        {"a": first, "b": second, "c": third}[which](machine)
        machine.archive.runs.finish(machine.run, "finished", {"found": 1}, "2021-08-16T12:00:00Z")
    return folder


def first(machine: Machine) -> None:
    """The wire's text early, a copy of it, and what the user said of that."""
    machine.sees(f"{WIRE}/talks-resume-after-eight-days", TEXT, 1)
    machine.sees(f"{HERALD}/world/talks-again", TEXT.replace("Sunday", "Sunday evening"), 2, title="Talks resume")
    machine.sees(f"{HERALD}/bazaar", OTHER, 3, title="The bazaar waits")
    for number in range(3):
        machine.sees(f"{COURIER}/note-{number}", f"{FURNITURE}\n{OTHER}\nNote number {number} of the negotiators.", 4)
    known = machine.archive.articles.known([f"{HERALD}/bazaar"])
    assert known is not None
    machine.archive.answers.give(known.id, machine.topic_id, "no", "2021-08-15T18:00:00Z")


def second(machine: Machine) -> None:
    """The wire's text when it had changed, under its long address, and another copy; what the user said later."""
    machine.sees(f"{WIRE}/latest", TEXT, 5, requested=f"{WIRE}/latest")
    changed = TEXT.replace("two points", "three points").replace("a third", "a fourth")
    machine.sees(f"{WIRE}/talks-resume-after-eight-days", changed, 6, requested=f"{WIRE}/t?id=7")
    machine.sees(f"{COURIER}/negotiators-again", TEXT, 7, published=NOON - timedelta(hours=1))
    machine.sees(f"{HERALD}/bazaar", OTHER, 8, title="The bazaar waits")
    machine.sees(f"{COURIER}/note-1", f"{FURNITURE}\n{OTHER}\nNote number 1 of the negotiators.", 9)
    machine.sees(f"{COURIER}/note-1", f"{FURNITURE}\n{OTHER}\nNote number 1, as the hosts corrected it.", 10)
    known = machine.archive.articles.known([f"{HERALD}/bazaar"])
    assert known is not None
    machine.archive.answers.give(known.id, machine.topic_id, "yes", "2021-08-16T18:00:00Z")
    machine.archive.events.missed(known.id, 1, "gone: HTTP 410", "2021-08-16T19:00:00Z", is_sure=True)


def third(machine: Machine) -> None:
    """The wire's text as it was again, by its short address; two articles put together by hand."""
    machine.sees(f"{WIRE}/t?id=7", TEXT, 10, redirects=())
    machine.sees(f"{HERALD}/world/talks-again", TEXT, 11, title="Talks resume, hosts say")
    machine.sees(f"{COURIER}/bazaar-waits", OTHER + "\nThe lamps went out at ten.", 12, title="Lamps by the river")
    known = [machine.archive.articles.known([url]) for url in (f"{WIRE}/t?id=7", f"{COURIER}/bazaar-waits")]
    machine.archive.rulings.merge([one.id for one in known if one], "2021-08-16T20:00:00Z")


@pytest.fixture(scope="session")
def known() -> Iterator[Rules]:
    with rules() as told:
        yield told


@pytest.fixture(scope="session")
def machines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    base = tmp_path_factory.mktemp("machines")
    return {which: filled(base / which, which) for which in "abc"}
