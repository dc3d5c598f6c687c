"""Datasette on the archive, for the public by default: our pages, no SQL of others, no downloads."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.utils import parse_metadata

from archive.queries import DATABASE, open_reader
from archive.serving.connection import MOST, Connection
from archive.serving.datasette_versions import NAME, tamed, without_defaults
from archive.serving.doorkeeper import Rules
from archive.serving.logins import Logins
from archive.serving.renewal import Renewal
from archive.serving.site import Differ, opened

FILES = Path(__file__).parent / "datasette"
PORTS = 100  # that are tried, from the wanted one on
PUBLIC = Rules()
SEARCHED = "articles_fts"  # whoever searches has to be let into it; the doorkeeper closes its own pages

# What an owner may do who starts the server for himself.
OWN_SQL = {"default_allow_sql": True, "allow_csv_stream": True, "max_returned_rows": 2_000, "sql_time_limit_ms": 5_000}


class ServeError(Exception):
    """The archive cannot be served; the message says why and what to do."""


def application(data: Path, difference: Differ, rules: Rules = PUBLIC) -> Datasette:
    """Datasette on the archive in a data folder, with our pages; `rules` say who is served, and may do what.

    `difference` is what draws the changes of an article.
    NoArchiveError where there is none. The file is opened read-only and as one that changes: a crawl may write to it.
    """
    open_reader(data).close()
    path = str((data / DATABASE).resolve())
    if any(sign in path for sign in "?#%"):
        raise ServeError(
            f"{path}: Datasette cannot open a path with ?, # or %; move the folder, or name it with --data"
        )
    without_defaults()
    told = metadata(rules)
    settings = json.loads((FILES / "settings.json").read_text(encoding="utf-8"))
    served = Datasette(
        [path],
        metadata=told,
        settings={**settings, **(OWN_SQL if rules.is_private else {})},
        template_dir=str(FILES / "templates"),
        plugins_dir=str(FILES / "plugins"),
        static_mounts=[("static", str(FILES / "static"))],
    )
    tables = told["databases"][NAME]["tables"]
    tamed(served, {name for name, table in tables.items() if table.get("hidden")})
    served.dossier = opened(data, difference)
    served.dossier_renewal = Renewal(served)
    served.dossier_rules = rules
    served.dossier_logins = Logins(rules.accounts) if rules.accounts else None
    return served


def metadata(rules: Rules) -> dict[str, Any]:
    """What is said of the tables, and who may see which: internal ones are for the owner alone."""
    told: dict[str, Any] = parse_metadata((FILES / "metadata.yaml").read_text(encoding="utf-8"))
    if rules.accounts:
        told["allow"] = {"id": sorted(rules.accounts)}
    for name, table in told["databases"][NAME]["tables"].items():
        if table.get("hidden") and name != SEARCHED and not rules.is_private:
            table["allow"] = False
    return told


def is_loopback_only(host: str) -> bool:
    """Whether only this machine can reach a server on a host, whatever the name stands for."""
    try:
        found = socket.getaddrinfo(host, 0, type=socket.SOCK_STREAM)
    except OSError:
        return True  # it cannot be listened on either, and that says why
    return all(ip_address(str(address[0]).partition("%")[0]).is_loopback for *_, address in found)


def listener(host: str, port: int) -> socket.socket:
    """A socket that listens on the port, or on the next free one; ServeError where there is none."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise ServeError(f"{host}: {error.strerror}; give --host a name or address of this machine") from error
    fault = ""
    for number in range(port, min(port + PORTS, 65536)) if port else (0,):
        bound = socket.socket(family, kind, protocol)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind((host, number, *address[2:]))
            bound.listen(128)
        except OSError as error:
            bound.close()
            fault = error.strerror or str(error)
        else:
            return bound
    raise ServeError(f"no port from {port} on can be used on {host}: {fault}; give another --port")


class Announced(uvicorn.Server):
    """A server that says when it answers, and ends without a word."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self.ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End. Who is in the middle of a long answer is cut short, which is no fault that the owner has to read of."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)


def serve(app: Datasette, bound: socket.socket, ready: Callable[[], None]) -> None:
    """Answer on the socket until SIGINT or SIGTERM; `ready` is called once, when the first request can come."""
    options: dict[str, Any] = {
        "log_level": "error",
        "access_log": False,
        "server_header": False,
        "lifespan": "on",
        "ws": "none",
        "http": Connection,
    }
    config = uvicorn.Config(app.app(), timeout_graceful_shutdown=3, limit_concurrency=MOST, **options)
    try:
        Announced(config, ready).run(sockets=[bound])
    except KeyboardInterrupt:  # uvicorn hands the signal on when all is closed
        return
    finally:
        app.dossier.catalogue.stop()  # Python waits for its threads before it ends
