"""What a unit of ours may touch: its archive, the network, and nothing else that systemd can keep from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crawler.schedule.files.quoting import systemd_word

MEMORY = "4G"
HOMES = ("/home", "/root", "/run/user")
SCRATCH = ("/tmp", "/var/tmp")  # noqa: S108 - nothing is written there: it is asked whether an archive lies in them
EVERYWHERE = (
    # MemoryDenyWriteExecute is left out: TLS in Twisted needs callbacks of C, which need such memory.
    "NoNewPrivileges=true",
    "UMask=0027",
    f"MemoryMax={MEMORY}",
    "TasksMax=512",
    "KeyringMode=private",
    "LockPersonality=true",
    "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK",
    "RestrictNamespaces=true",
    "RestrictRealtime=true",
    "RestrictSUIDSGID=true",
    "SystemCallArchitectures=native",
    "SystemCallErrorNumber=EPERM",
    # Extraction limits its own memory: @resources stays allowed.
    "SystemCallFilter=@system-service",
    "SystemCallFilter=~@privileged @obsolete @keyring",
    # These need a mount namespace; systemd passes over them in units of a user who can make none.
    "ProcSubset=pid",
    "ProtectControlGroups=true",
    "ProtectKernelTunables=true",
    "ProtectProc=invisible",
    "ProtectSystem=strict",
)
SYSTEM = (
    # A unit of a user would not start with these: they drop capabilities, which takes one.
    "AmbientCapabilities=",
    "CapabilityBoundingSet=",
    "PrivateDevices=true",
    "ProtectClock=true",
    "ProtectHostname=true",
    "ProtectKernelLogs=true",
    "ProtectKernelModules=true",
    "RemoveIPC=true",
)


def hardening(data: Path, used: Sequence[Path], *, of_system: bool) -> list[str]:
    """The lines that shut a unit in: it writes into its archive only, and reads the program and the topics it uses."""
    is_scratch = _lie_in(SCRATCH, data, *used)
    return [
        *EVERYWHERE,
        *(SYSTEM if of_system else ()),
        f"ProtectHome={'read-only' if _lie_in(HOMES, data, *used) else 'true'}",
        f"ReadWritePaths={systemd_word(str(data))}",
        # A private /tmp would hide the archive; a shared one has to be writable, for temporary files.
        *(["PrivateTmp=false", f"ReadWritePaths={' '.join(SCRATCH)}"] if is_scratch else ["PrivateTmp=true"]),
    ]


def _lie_in(folders: Sequence[str], *paths: Path) -> bool:
    return any(path.is_relative_to(folder) for path in paths for folder in folders)
