"""What enormous and hostile answers cost, to whichever question: work that grows with their size, in bounded memory."""

from __future__ import annotations

import signal
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from crawler.channels import CHANNELS
from crawler.channels.ask import Answer
from pipelines.items import Page
from tests.answers import NOW, TOPIC, Case, cases
from tests.hostile import NAMES, hostile

KB, MB = 1 << 10, 1 << 20
LARGEST = 10 * MB  # DOWNLOAD_MAXSIZE: no larger answer comes to a channel
PATIENCE = 120.0  # seconds of CPU, of which a linear reading of ten megabytes needs a tenth at most


def first_of_each_kind() -> dict[str, Case]:
    """One question of each kind; of captures one alone, since other channels read them."""
    found: dict[str, Case] = {}
    for case in cases():
        if "capture:" not in case.kind or case.kind == "wayback capture:feeds":
            found.setdefault(case.kind, case)
    return found


CASES = first_of_each_kind()


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


def calls(action: Callable[[], object]) -> int:
    """How many functions are called: Python's own, and those written in C."""
    count = 0

    def note(frame: object, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(before)
    return count


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


@pytest.mark.parametrize("kind", CASES)
def test_work_grows_no_faster_than_a_hostile_document(kind: str) -> None:
    case = CASES[kind]
    answer_to(case, hostile("items", KB))  # what is built once, such as the topic's index
    for name in NAMES:
        small, large = hostile(name, 4 * KB), hostile(name, 16 * KB)
        with patience():
            few, many = calls(lambda body=small: answer_to(case, body)), calls(lambda body=large: answer_to(case, body))
        assert many <= 6 * few + 500, f"{name}: {few:,} calls for 4 KB, {many:,} for 16"


@pytest.mark.soak
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", CASES)
def test_ten_megabytes_of_malice_are_an_answer_in_bounded_memory(kind: str, name: str) -> None:
    body = hostile(name, LARGEST)
    tracemalloc.start()
    try:
        with patience():
            answer = answer_to(CASES[kind], body)
        peak = tracemalloc.get_traced_memory()[1] / MB
    finally:
        tracemalloc.stop()
    assert answer.status == "complete" or answer.reason
    assert len(answer.candidates) <= 100_000
    assert peak < 120
