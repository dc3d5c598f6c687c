"""What enormous and hostile answers cost, to whichever question: work that grows with their size, in bounded memory."""

from __future__ import annotations

import signal
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial

import pytest

from crawler.channels import CHANNELS
from crawler.channels.ask import Answer
from pipelines.items import Page
from tests.answers import NOW, TOPIC, Case, cases
from tests.calls import calls
from tests.hostile import NAMES, hostile

KB, MB = 1 << 10, 1 << 20
LARGEST = 10 * MB  # DOWNLOAD_MAXSIZE: no larger answer comes to a channel
PATIENCE = 120.0  # seconds of CPU, of which a linear reading of ten megabytes needs a tenth at most


ASKING = [name for name in CHANNELS if name != "outlinks"]


@cache
def first_of_each_kind() -> dict[str, Case]:
    """One question of each kind; of captures one alone, since other channels read them."""
    found: dict[str, Case] = {}
    for case in cases():
        if "capture:" not in case.kind or case.kind == "wayback capture:feeds":
            found.setdefault(case.kind, case)
    return found


def asked_of(channel: str) -> list[Case]:
    """The questions of each kind that a channel asks."""
    found = [case for case in first_of_each_kind().values() if case.ask.source.channel == channel]
    assert found
    return found


def answer_to(case: Case, body: bytes) -> Answer:
    return CHANNELS[case.ask.source.channel].read(case.ask, page_with(case, body), TOPIC, NOW)


def page_with(case: Case, body: bytes) -> Page:
    """The page of a case with another body: a range says so truly, and nothing is missing."""
    first = dict(case.ask.headers).get("Range", "").removeprefix("bytes=").partition("-")[0]
    if not first:
        return replace(case.page, status=200, headers=case.page.headers, body=body)
    body = body[: 8 * MB]
    given = ("Content-Range", f"bytes {first}-{int(first) + len(body) - 1}/{int(first) + len(body)}")
    return replace(case.page, status=206, headers=(given,), body=body)


@contextmanager
def patience() -> Iterator[None]:
    """Ends what would never end, such as an expression that goes back and forth; counts CPU, so no load disturbs it."""

    def end(*_: object) -> None:
        raise TimeoutError(f"still reading after {PATIENCE:g} seconds of CPU")

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize("channel", ASKING)
def test_work_grows_no_faster_than_a_hostile_document(channel: str) -> None:
    for case in asked_of(channel):
        answer_to(case, hostile("items", KB))  # what is built once, such as the topic's index
        for name in NAMES:
            small, large = hostile(name, 4 * KB), hostile(name, 16 * KB)
            with patience():
                few, many = (calls(partial(answer_to, case, body)) for body in (small, large))
            assert many <= 6 * few + 500, f"{case.kind}, {name}: {few:,} calls for 4 KB, {many:,} for 16"


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("channel", ASKING)
def test_ten_megabytes_of_malice_are_an_answer_in_bounded_memory(channel: str, name: str) -> None:
    body = hostile(name, LARGEST)
    for case in asked_of(channel):
        tracemalloc.start()
        try:
            with patience():
                answer = answer_to(case, body)
            peak = tracemalloc.get_traced_memory()[1] / MB
        finally:
            tracemalloc.stop()
        assert answer.status == "complete" or answer.reason, case.kind
        assert len(answer.candidates) <= 100_000, case.kind
        assert peak < 120, case.kind
