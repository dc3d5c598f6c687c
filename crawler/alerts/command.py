"""Alerts by a command of the user's own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO

from crawler.alerts.way import NotSent
from crawler.alerts.wording import Message

SECONDS = 30.0
KEPT = 2_000  # bytes of what it prints that are kept, for a failure's sake


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Run a program without a shell: the alert as a line of JSON on its input, and its parts in the environment.

    In its arguments `{title}` and `{text}` stand for those of the alert.
    """

    words: tuple[str, ...]
    seconds: float = SECONDS

    @property
    def name(self) -> str:
        """Its name in `dossier.toml`."""
        return "command"

    @property
    def label(self) -> str:
        """The program."""
        return f"the command {Path(self.words[0]).name}"

    def send(self, message: Message) -> None:
        """Run it to its end; NotSent where it does not exit with 0 in time."""
        try:
            # A session of its own, so that what it starts ends with it where it takes too long.
            running = subprocess.Popen(  # noqa: S603 - the user's own command, never through a shell
                arguments(self.words, message), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, env=environment(os.environ, message), start_new_session=True,
                bufsize=0,  # to close a buffer waits for the thread that reads into it: for ever, where that does
            )  # fmt: skip
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise NotSent(f"{self.words[0]} cannot be run ({reason}); see that it is there") from error
        said = bytearray()
        with running:
            threads = talk(running, f"{json.dumps(message.record())}\n".encode(), said)
            code = ended(running, self.seconds)
            for thread in threads:
                thread.join(1.0)  # a child that it left behind may keep the pipes open
            if any(thread.is_alive() for thread in threads):
                kill(running)
        words = said.decode("utf-8", "replace").strip()
        if code is None:
            raise NotSent(f"{self.words[0]} took longer than {self.seconds:g} s and was ended")
        if code:
            raise NotSent(f"{self.words[0]} ended with exit code {code}{f': {words}' if words else ''}")


def arguments(words: tuple[str, ...], message: Message) -> list[str]:
    """The command line, with the alert where it asks for it; the program itself is never made of it."""
    given = {"{title}": message.title, "{text}": message.text}
    return [words[0], *(given.get(word, word) for word in words[1:])]


def environment(environ: Mapping[str, str], message: Message) -> dict[str, str]:
    """The environment of the command."""
    first = message.events[0].finding
    return {
        **environ, "DOSSIER_ALERT_TITLE": message.title, "DOSSIER_ALERT_TEXT": message.text,
        "DOSSIER_ALERT_STATE": message.state, "DOSSIER_ALERT_KIND": first.kind, "DOSSIER_ALERT_TOPIC": first.topic,
    }  # fmt: skip


def talk(running: subprocess.Popen[bytes], given: bytes, said: bytearray) -> list[Thread]:
    """Give it its input and take what it prints, each in a thread: neither may keep it, or us, waiting."""
    assert running.stdin is not None
    assert running.stdout is not None
    threads = [
        Thread(target=put, args=(running.stdin, given), daemon=True),
        Thread(target=take, args=(running.stdout, said), daemon=True),
    ]
    for thread in threads:
        thread.start()
    return threads


def put(pipe: IO[bytes], given: bytes) -> None:
    """Write all of it, as far as it is read."""
    rest = memoryview(given)
    with suppress(OSError, ValueError):
        while rest:
            rest = rest[pipe.write(rest) :]
    with suppress(OSError, ValueError):
        pipe.close()


def take(pipe: IO[bytes], said: bytearray) -> None:
    """Read to the end, and keep the beginning."""
    with suppress(OSError, ValueError):
        while piece := pipe.read(4_096):
            said.extend(piece[: KEPT - len(said)])


def ended(running: subprocess.Popen[bytes], seconds: float) -> int | None:
    """The exit code, None where it had to be killed."""
    try:
        return running.wait(seconds)
    except subprocess.TimeoutExpired:
        kill(running)
        running.wait()
        return None


def kill(running: subprocess.Popen[bytes]) -> None:
    """End it with all that it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(running.pid, signal.SIGKILL)
