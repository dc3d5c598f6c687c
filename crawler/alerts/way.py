"""A way on which alerts are sent."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Protocol

from crawler.alerts.wording import Message
from crawler.terminal import printable

DEADLINE = 60.0  # seconds for one alert on one way, names and handshakes included
LONGEST = 300  # characters of a reason


class NotSent(Exception):  # noqa: N818 - what became of the alert
    """An alert did not go out; the message says why, on one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(printable(reason)[:LONGEST])


class PartlySent(NotSent):
    """An alert went out, and not to everybody; to send it again would tell the others twice."""


class Way(Protocol):
    """One way."""

    @property
    def name(self) -> str:
        """Its name in `dossier.toml`."""

    @property
    def label(self) -> str:
        """Where it leads, without anything secret."""

    def send(self, message: Message) -> None:
        """Send one alert; NotSent where that did not go."""


def within(seconds: float, work: Callable[[], None]) -> None:
    """Do some work that waits for others, and wait for it no longer than that; NotSent where it takes longer.

    The limits of sockets hold for each of their turns, those of looking up a name are the system's: a server that sends
    a byte now and then would keep them going for ever. What is not over then is left behind.
    """
    faults: list[BaseException] = []

    def done() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - raised again below, by whoever waits
            faults.append(error)

    thread = Thread(target=done, daemon=True, name="alert")
    thread.start()
    thread.join(seconds)
    if faults:
        raise faults[0]
    if thread.is_alive():
        raise NotSent(f"no end within {seconds:g} s")
