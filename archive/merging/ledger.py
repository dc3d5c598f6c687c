"""Topics, outlets, sources, runs and what they asked, and the hosts that rest, of two archives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from archive.merging.origin import Origin
from archive.merging.rules import latest, most, named, order
from archive.sources import outlet_id

if TYPE_CHECKING:
    from sqlite_utils import Database

    from archive.store import Archive

Define = Callable[[str, tuple[str, str], tuple[str, str]], tuple[str, str]]
"""Title and definition of a topic that two archives follow under one name; OriginError where they are two topics."""

TOPICS = "SELECT id, name, title, definition FROM topics ORDER BY id"
OUTLETS = "SELECT id, domain, name, country FROM outlets WHERE id > ? ORDER BY id LIMIT ?"
# What tells of the latest question stands first.
STATE = ("last_asked", "last_listed", "last_status", "last_reason", "failures", "items", "next_ask", "moved_to",
         "seconds", "pause_minutes")  # fmt: skip
SOURCE = f"{', '.join(f's.{name}' for name in STATE)}, (SELECT name FROM topics WHERE id = listed_for)"
SOURCES = f"""
SELECT s.id, s.channel, s.url, COALESCE(domain, ''), last_success, new_items, {SOURCE}
FROM sources AS s LEFT JOIN outlets ON outlets.id = outlet_id WHERE s.id > ? ORDER BY s.id LIMIT ?
"""
MINE = f"SELECT s.id, last_success, new_items, {SOURCE} FROM sources AS s WHERE channel = ? AND url = ?"
SET_SOURCE = f"""
UPDATE sources SET last_success = ?, new_items = ?, {", ".join(f"{name} = ?" for name in STATE)},
    listed_for = (SELECT id FROM topics WHERE name = ?) WHERE id = ?
"""
RUNS = "SELECT id, topic_id, started, finished, outcome, counts FROM runs ORDER BY id"
BEGUN = """
SELECT id, (SELECT id FROM runs AS ended WHERE ended.topic_id = runs.topic_id AND ended.started = runs.started
    AND ended.finished IS NOT NULL ORDER BY ended.finished, ended.counts LIMIT 1) AS end
FROM runs WHERE finished IS NULL AND end IS NOT NULL
"""
ASKED = """
SELECT c.id, run_id, s.channel, s.url, query, since, until, asked, status, found, reason, resume
FROM coverage AS c JOIN sources AS s ON s.id = source_id WHERE c.id > ? ORDER BY c.id LIMIT ?
"""
SAME = """
SELECT id, asked, status, found, reason, resume FROM coverage
WHERE source_id = ? AND query = ? AND since IS ? AND until IS ? AND run_id = ?
"""
ENTER = """
INSERT INTO coverage (source_id, query, since, until, run_id, asked, status, found, reason, resume)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
HOST = """
INSERT INTO hosts (host, rests_until, reason) VALUES (?, ?, ?) ON CONFLICT (host)
DO UPDATE SET rests_until = excluded.rests_until, reason = excluded.reason
WHERE (excluded.rests_until, excluded.reason) > (hosts.rests_until, hosts.reason)
"""


def topics_of(origin: Origin) -> list[tuple[int, str, str, str]]:
    """Id, name, title and definition of the topics that an archive follows."""
    return [(int(number), *said) for number, *said in origin.sound(origin.rows(TOPICS), "ittb")]


def agreed(archive: Archive, origin: Origin, define: Define) -> dict[str, tuple[str, str]]:
    """The title and definition that each topic will have; OriginError where one name means two topics."""
    with archive.reading() as db:
        mine = {name: said for name, *said in db.execute("SELECT name, title, definition FROM topics").fetchall()}
    return {
        name: define(name, (mine[name][0], mine[name][1]), (title, text)) if name in mine else (title, text)
        for _, name, title, text in topics_of(origin)
    }


def join_topics(archive: Archive, origin: Origin, said: dict[str, tuple[str, str]]) -> dict[int, int]:
    """The ids here of the topics there, by their ids there."""
    with archive.writing():
        return {number: archive.topics.ensure(name, *said[name]) for number, name, *_ in topics_of(origin)}


def join_outlets(archive: Archive, origin: Origin) -> None:
    """Enter the outlets of an archive; of two names of one, the first holds."""
    for batch in origin.batches(OUTLETS):
        with archive.writing() as db:
            for _, domain, name, country in origin.sound(batch, "ittt"):
                number = outlet_id(db, domain, name)
                mine = db.execute("SELECT name, country FROM outlets WHERE id = ?", [number]).fetchone()
                both = (named(mine[0], name), named(mine[1], country))
                if both != mine:
                    db.execute("UPDATE outlets SET name = ?, country = ? WHERE id = ?", [*both, number])


def join_sources(archive: Archive, origin: Origin) -> None:
    """Enter the sources of an archive; how one is, says whoever asked it last."""
    for batch in origin.batches(SOURCES):
        with archive.writing() as db:
            for _, channel, url, outlet, success, new, *state in origin.sound(batch, "itttWiWWTTiiRtFPT"):
                number = archive.sources.ensure(channel, url, outlet)
                _, my_success, my_new, *mine = db.execute(MINE, [channel, url]).fetchone()
                joined = [most(success, my_success), max(new, my_new), *latest(mine, state)]
                if joined != [my_success, my_new, *mine]:
                    db.execute(SET_SOURCE, [*joined, number])


def join_runs(archive: Archive, origin: Origin, topics: dict[int, int]) -> dict[int, int]:
    """The ids here of the runs there, by their ids there. One that had not ended when it was seen first is one run."""
    with archive.writing() as db:
        mine = {tuple(key): number for number, *key in db.execute(RUNS).fetchall()}
        found = {}
        for number, topic, *key in origin.sound(origin.rows(RUNS), "iiwWTB"):
            if topic in topics:
                own = (topics[topic], *key)
                if own not in mine:
                    mine[own] = _enter_run(db, own)
                found[number] = mine[own]
        ended = dict(db.execute(BEGUN).fetchall())
        for run, end in ended.items():
            _end(db, run, end)
        return {number: ended.get(run, run) for number, run in found.items()}


def _enter_run(db: Database, values: tuple[Any, ...]) -> int:
    query = "INSERT INTO runs (topic_id, started, finished, outcome, counts) VALUES (?, ?, ?, ?, ?)"
    return int(db.execute(query, list(values)).lastrowid or 0)


def _end(db: Database, run: int, ended: int) -> None:
    """Give all of a run that had not ended when it was entered to the same run as it ended."""
    db.execute("UPDATE coverage SET run_id = ? WHERE run_id = ?", [ended, run])
    db.execute("UPDATE candidates SET run_id = ? WHERE run_id = ?", [ended, run])
    db.execute("DELETE FROM runs WHERE id = ?", [run])


def join_coverage(archive: Archive, origin: Origin, runs: dict[int, int]) -> None:
    """Enter what the runs of an archive asked; of one question in one run, the newest answer holds."""
    for batch in origin.batches(ASKED):
        with archive.writing() as db:
            for _, run, channel, url, *question in origin.sound(batch, "iitttLLWtitt"):
                if run in runs:
                    source = archive.sources.ensure(channel, url, "")
                    _answer(db, [source, *question[:3], runs[run]], question[3:])


def _answer(db: Database, key: list[Any], answer: list[Any]) -> None:
    mine = db.execute(SAME, key).fetchone()
    if mine is None:
        db.execute(ENTER, [*key, *answer])
    elif order(answer) > order(mine[1:]):
        names = "asked = ?, status = ?, found = ?, reason = ?, resume = ?"
        db.execute(f"UPDATE coverage SET {names} WHERE id = ?", [*answer, mine[0]])


def join_hosts(archive: Archive, origin: Origin) -> None:
    """Let hosts rest that rest for the other archive; the longest rest holds."""
    rows = origin.sound(origin.rows("SELECT host, rests_until, reason FROM hosts"), "trt")
    with archive.writing() as db:
        db.conn.executemany(HOST, rows)
