"""Units for systemd: the daemon as one service, or a timer for each thing to do."""

from __future__ import annotations

import hashlib
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.exits import Exit
from crawler.schedule.files.clock import Times, quiet, spread
from crawler.schedule.files.hardening import hardening
from crawler.schedule.files.installation import Followed, Installation
from crawler.schedule.files.quoting import FileRefused, for_systemd, systemd_line

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
DELAY = "5min"  # at random, over which all machines with the same timers spread
STOP = 60  # seconds; a crawl needs ten


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose units they are: a user's own, or the system's, run by an account; their first name; where they run."""

    name: str = "dossier"
    account: str = ""
    folder: Path

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise FileRefused(f"{self.name!r} is no name for a unit; give letters, digits, - and _, such as dossier")

    @property
    def systemctl(self) -> str:
        """The command that rules these units."""
        return "sudo systemctl" if self.account else "systemctl --user"

    @property
    def target(self) -> str:
        """What starts them with the machine, or with the user's first login."""
        return "multi-user.target" if self.account else "default.target"


def daemon_units(here: Installation, place: Place) -> dict[str, str]:
    """The one service that runs the daemon."""
    lines = [
        *_unit(f"Dossier's scheduler for the archive in {here.data}", place),
        *_service("exec", [here.command("schedule", "run")], here, place),
        "Restart=on-failure",
        "RestartSec=60",
        f"RestartPreventExitStatus={int(Exit.USAGE)}",
        f"SuccessExitStatus={int(Exit.INTERRUPTED)}",
        "",
        "[Install]",
        f"WantedBy={place.target}",
    ]
    return {f"{place.name}.service": "\n".join(lines) + "\n"}


def timer_units(here: Installation, place: Place, period: int) -> dict[str, str]:
    """A service and a timer for each topic, and one of each for the night."""
    crawls = spread(len(here.topics), period, int(here.mark, 16) % period)
    units: dict[str, str] = {}
    for times, topic in zip(crawls, here.topics, strict=True):
        name = f"{place.name}-crawl-{_unit_name(topic)}"
        units |= _timed(name, f"Dossier's crawl of {topic.name}", [here.crawl(topic)], times, here, place)
    night = [*here.nightly(), here.command("watch")]
    says = f"Dossier's nightly work on the archive in {here.data}"
    return units | _timed(f"{place.name}-nightly", says, night, quiet(3, 6, crawls), here, place)


def hint(files: Sequence[Path], place: Place, here: Installation, before: str = "") -> str:
    """How to install units, to see how they are, and to remove them; `before` is a command that puts them there."""
    timers = [path.name for path in files if path.suffix == ".timer"]
    start = " ".join(timers or [path.name for path in files])
    services = " ".join(f"-u {path.name}" for path in files if path.suffix == ".service")
    control, journal = place.systemctl, "sudo journalctl" if place.account else "journalctl --user"
    remove = "sudo rm" if place.account else "rm"
    folder = "" if here.data.is_dir() else f"mkdir -p {shlex.quote(str(here.data))} && "
    placed = f"{before} && " if before else ""
    linger = "" if place.account else " && loginctl enable-linger"
    return "\n".join(
        [
            f"Install:  {placed}{folder}{control} daemon-reload && {control} enable --now {start}{linger}",
            f"See:      {control} status {start}; {journal} {services}",
            f"Remove:   {control} disable --now {start}; {remove} {shlex.join(map(str, files))}",
        ]
    )


def _timed(
    name: str, says: str, commands: Sequence[Sequence[str]], times: Times, here: Installation, place: Place
) -> dict[str, str]:
    service = [
        *_unit(says, place),
        *_service("oneshot", commands, here, place),
        # Busy: another crawl is at work, and the next turn comes.
        f"SuccessExitStatus={int(Exit.BUSY)}",
    ]
    timer = [
        "[Unit]",
        f"Description={systemd_line(f'When to start {name}.service', 'the description')}",
        "",
        "[Timer]",
        f"OnCalendar={times.calendar}",
        "Persistent=true",
        f"RandomizedDelaySec={DELAY}",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    return {f"{name}.service": "\n".join(service) + "\n", f"{name}.timer": "\n".join(timer) + "\n"}


def _unit(says: str, place: Place) -> Iterator[str]:
    yield "[Unit]"
    yield f"Description={systemd_line(says, 'the folder or the topic in')}"
    if place.account:  # the manager of a user knows no such target
        yield from ("Wants=network-online.target", "After=network-online.target")
    yield ""


def _service(kind: str, commands: Sequence[Sequence[str]], here: Installation, place: Place) -> Iterator[str]:
    yield "[Service]"
    yield f"Type={kind}"
    if place.account:
        yield f"User={systemd_line(place.account, 'the account')}"
    yield f"WorkingDirectory={systemd_line(str(place.folder), 'the folder')}"
    yield from (f"ExecStart={for_systemd(command)}" for command in commands)
    # The command stops its own processes, in order.
    yield "KillMode=mixed"
    yield f"TimeoutStopSec={STOP}"
    used = [place.folder, *map(Path, (here.program[0], *(topic.typed for topic in here.topics)))]
    yield from hardening(here.data, used, of_system=bool(place.account))


def _unit_name(topic: Followed) -> str:
    if _NAME.fullmatch(topic.name):
        return topic.name
    return f"topic-{hashlib.sha256(topic.typed.encode()).hexdigest()[:8]}"
