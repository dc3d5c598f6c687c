"""What Datasette 0.65 and 1.0 do differently, so that no other file has to know which one it runs on."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from importlib import import_module
from typing import Any

from datasette.app import Datasette
from datasette.plugins import pm

THREAD_LOCAL = "_thread_local_id"  # by which 1.0 keeps a connection of a database
NAME = "news"  # of the database in addresses: the file's


async def add_queries(datasette: Any, queries: Mapping[str, Mapping[str, Any]]) -> None:
    """Offer named questions where a hook for them is gone: since 1.0 they are rows of its own database."""
    if hasattr(datasette, "add_query"):
        for name, query in queries.items():
            await datasette.add_query(NAME, name, query["sql"], is_trusted=True, **described(query))


def described(query: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of a question beside its SQL."""
    return {key: query[key] for key in ("title", "description", "hide_sql") if key in query}


def without_defaults() -> None:
    """Take away what others registered and we replace.

    Datasette's handler of faults prints every visitor's bad address with all local variables. The plugin for passwords
    checks them in the thread that serves all, as often as somebody likes, and on every page: we use its hashes only.
    """
    for name in ("datasette.handle_exception", "auth_passwords"):
        if pm.has_plugin(name):
            pm.unregister(name=name)


def tamed(datasette: Datasette, internal: Collection[str]) -> None:
    """Let a row's page count only what belongs to it by an index, in no `internal` table; print no visitor's SQL."""
    database = datasette.databases[NAME]
    every, execute = database.get_all_foreign_keys, database.execute

    async def quietly(*sql: Any, **how: Any) -> Any:
        return await execute(*sql, **{**how, "log_sql_errors": False})

    async def counted() -> dict[str, dict[str, list[dict[str, Any]]]]:
        keys: dict[str, dict[str, list[dict[str, Any]]]] = await every()
        for around in keys.values():
            around["incoming"] = [
                one
                for one in around["incoming"]
                if one["other_table"] not in internal and one["other_column"] != "record_id"
            ]
        return keys

    database.get_all_foreign_keys, database.execute = counted, quietly


def forgotten(datasette: Any) -> None:
    """Let Datasette's threads open the archive again; each keeps a connection, by a name of the database."""
    database = datasette.databases[NAME]
    if named := getattr(database, THREAD_LOCAL, None):
        setattr(database, THREAD_LOCAL, f"{named}'")
    else:
        vars(import_module("datasette.database"))["connections"] = threading.local()


def closed(datasette: Datasette) -> None:
    """Give back all threads and files of an application that is not served any more."""
    if hasattr(datasette, "close"):
        datasette.close()
    else:
        datasette.executor.shutdown()
        for database in datasette.databases.values():
            database.close()
    datasette.dossier.close()
