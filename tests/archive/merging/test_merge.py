"""Archives joined in any order, in any grouping and any number of times."""

from __future__ import annotations

import shutil
import sqlite3
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from archive.merging.merge import Rules
from archive.store import Archive
from tests.archive.merging.conftest import COURIER, HERALD, OTHER, TEXT, WIRE
from tests.dumped import dumped, pages
from tests.machines import Machine, joined

Machines = dict[str, Path]
INDEXED = frozenset({"tracks"})  # what earlier texts are found by, which a crawl does not write
Look = tuple[str, int, int, int, int]


def merged(base: Path, order: str, machines: Machines, known: Rules) -> Path:
    """The archive of the first machine, copied, with the others joined into it one after the other."""
    first, *others = order
    folder = shutil.copytree(machines[first], base / order)
    joined(folder, [machines[one] for one in others], known)
    return folder


def row(data: Path, sql: str, *values: Any) -> tuple[Any, ...]:
    db = sqlite3.connect(data / "news.db")
    found = db.execute(sql, values).fetchone()
    db.close()
    return tuple(found)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory, machines: Machines, known: Rules) -> Path:
    return merged(tmp_path_factory.mktemp("outcome"), "abc", machines, known)


@pytest.mark.parametrize("order", ["".join(order) for order in permutations("abc")][1:])
def test_the_order_is_no_matter(order: str, outcome: Path, tmp_path: Path, machines: Machines, known: Rules) -> None:
    found = merged(tmp_path, order, machines, known)
    assert dumped(found) == dumped(outcome)
    assert pages(found) == pages(outcome)


def test_nor_is_the_grouping(outcome: Path, tmp_path: Path, machines: Machines, known: Rules) -> None:
    both = merged(tmp_path, "bc", machines, known)
    found = shutil.copytree(machines["a"], tmp_path / "a")
    joined(found, [both], known)
    assert dumped(found) == dumped(outcome)


def test_twice_is_once(outcome: Path, tmp_path: Path, machines: Machines, known: Rules) -> None:
    found = shutil.copytree(outcome, tmp_path / "again")
    told = joined(found, [machines["b"], outcome, machines["a"]], known)
    assert not any(one.is_new for one in told)
    assert dumped(found) == dumped(outcome)


def test_a_copy_of_itself_changes_nothing_and_an_empty_archive_becomes_the_other(
    tmp_path: Path, machines: Machines, known: Rules
) -> None:
    copy = shutil.copytree(machines["b"], tmp_path / "copy")
    joined(copy, [machines["b"]], known)
    assert dumped(copy, but=INDEXED) == dumped(machines["b"], but=INDEXED)
    joined(tmp_path / "new", [machines["b"]], known)
    assert dumped(tmp_path / "new", but=INDEXED) == dumped(machines["b"], but=INDEXED)
    assert pages(tmp_path / "new") == pages(machines["b"])


def test_what_came_of_the_three(outcome: Path) -> None:
    url, title_seen, content, record = row(
        outcome,
        "SELECT a.url, a.fetched, body, r.fetched FROM articles AS a JOIN records AS r ON r.id = record_id "
        "JOIN aliases ON aliases.article_id = a.id WHERE aliases.url = ?",
        f"{WIRE}/talks-resume-after-eight-days",
    )  # fmt: skip
    assert url == f"{WIRE}/t?id=7"  # the short one of two addresses of one article
    assert (title_seen, record, content) == ("2021-08-15T22:00:00Z", "2021-08-15T22:00:00Z", TEXT)
    versions = "SELECT GROUP_CONCAT(v.fetched) FROM versions AS v JOIN articles AS a ON a.id = article_id WHERE url = ?"
    assert row(outcome, versions, url) == ("2021-08-15T18:00:00Z",)
    of_the_bazaar = "FROM article_topics JOIN articles AS a ON a.id = article_id WHERE url = ?"
    assert row(outcome, f"SELECT answer, verdict {of_the_bazaar}", f"{HERALD}/bazaar") == ("yes", "keep")
    assert row(outcome, "SELECT removed FROM articles WHERE url = ?", f"{HERALD}/bazaar") == ("2021-08-16T19:00:00Z",)
    story = "SELECT story_id FROM articles WHERE url = ?"
    assert row(outcome, story, f"{HERALD}/world/talks-again") == row(outcome, story, f"{COURIER}/bazaar-waits")
    assert row(outcome, "SELECT COUNT(*) FROM unsettled") == (0,)


def test_an_archive_stays_sound(outcome: Path) -> None:
    db = sqlite3.connect(outcome / "news.db")
    db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    counted = "SELECT COUNT(*), COUNT(DISTINCT outlet_id) FROM articles WHERE story_id = s.id"
    assert not db.execute(f"SELECT 1 FROM stories AS s WHERE (size, outlets) IS NOT ({counted})").fetchall()
    assert not db.execute("SELECT 1 FROM stories WHERE id NOT IN (SELECT story_id FROM articles)").fetchall()
    db.close()


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("commits", [1, 4, 7, 9, 11])
def test_killed_and_run_again_it_comes_to_the_same_end(
    commits: int, outcome: Path, tmp_path: Path, machines: Machines, known: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = merged(tmp_path, "ab", machines, known)
    left = [commits]
    told = Archive.open

    def opened(folder: Path) -> Archive:
        archive = told(folder)

        def die() -> None:
            left[0] -= 1
            if not left[0]:
                raise Killed

        archive.transactions.before_commit.append(die)
        return archive

    monkeypatch.setattr(Archive, "open", opened)
    with pytest.raises(Killed):
        joined(found, [machines["c"]], known)
    monkeypatch.undo()
    joined(found, [machines["c"]], known)
    assert dumped(found) == dumped(outcome)


ADDRESSES = (f"{WIRE}/one-of-the-talks-17", f"{HERALD}/two-of-the-talks-18", f"{COURIER}/three-of-the-talks-19")
BODIES = (
    TEXT, TEXT.replace("eight", "nine"), TEXT + "\nThe hosts thanked everybody.", OTHER, OTHER.replace("two", "2"),
    TEXT + "\n12 comments",
)  # fmt: skip
LOOKS = st.lists(
    st.tuples(st.sampled_from("xyz"), st.integers(0, 2), st.integers(0, 5), st.integers(0, 6), st.integers(0, 4)),
    min_size=3, max_size=9, unique_by=lambda look: look[:2] + look[3:4],
)  # fmt: skip


WAYS = ("", "?utm=1", "&short", "short&", "latest")
"""How a page is come to: by its address, by another that leads there, by a short one of its own, by one of many."""


def come_to(page: int, way: str) -> dict[str, str]:
    """The address that answered, and the one that was asked for."""
    short, latest = f"https://{ADDRESSES[page].split('/')[2]}/p?id={page}", f"{WIRE}/latest"
    return {
        "": {"url": ADDRESSES[page]},
        "?utm=1": {"url": ADDRESSES[page], "requested": f"{ADDRESSES[page]}?utm=1"},
        "&short": {"url": ADDRESSES[page], "requested": short},
        "short&": {"url": short},
        "latest": {"url": ADDRESSES[page], "requested": latest},
    }[way]


def check_looks(base: Path, looks: list[Look], known: Rules) -> None:
    """Split looks at pages over three machines, and join them in two orders and two groupings."""
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir()
    folders: Machines = {}
    for name in "xyz":
        with Machine(base / name) as machine:
            for _, page, body, hour, is_short in sorted(
                (one for one in looks if one[0] == name), key=lambda one: one[3]
            ):
                asked = f"{ADDRESSES[page]}?utm=1" if is_short else ""
                machine.sees(ADDRESSES[page], BODIES[body], hour, requested=asked)
        folders[name] = base / name
    one, other, both = (merged(base, order, folders, known) for order in ("xyz", "zyx", "yz"))
    together = shutil.copytree(folders["x"], base / "x-yz")
    joined(together, [both], known)
    assert dumped(one) == dumped(other) == dumped(together)
    joined(one, [other, folders["y"]], known)
    assert dumped(one) == dumped(other)


SLOW = {
    "deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture],
    "phases": (Phase.explicit, Phase.reuse, Phase.generate),
}  # fmt: skip


@settings(max_examples=1, **SLOW)
@given(LOOKS)
@example([("x", 0, 0, 0, 0), ("x", 1, 0, 0, 0), ("y", 0, 0, 1, 0)])
@example([("z", 1, 3, 5, 1), ("y", 1, 3, 4, 1), ("z", 2, 0, 1, 1), ("z", 1, 5, 1, 0)])
def test_however_looks_are_split(tmp_path: Path, known: Rules, looks: list[Look]) -> None:
    check_looks(tmp_path / "split", looks, known)


@pytest.mark.soak
@settings(max_examples=200, **SLOW)
@given(LOOKS)
def test_however_many_looks_are_split(tmp_path: Path, known: Rules, looks: list[Look]) -> None:
    check_looks(tmp_path / "split", looks, known)
