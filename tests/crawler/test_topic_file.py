from __future__ import annotations

import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.folders import PACKAGED_TOPICS
from crawler.topic_file import Edit, edited, write
from pipelines.topic import TopicError

EDIT = Edit(
    weights={"gates": 2.5, "nadia orlov": 1.0, 'the "old" sluice': 0.4},
    never=["heron rowing club"],
    seeds=["https://herald.example/a", "https://herald.example/b?x='1'"],
    gone=[],
    note="Learnt.",
)
BY_HAND = """\
# Mine.
title = "Sluice"   # short
never = [
    "regatta",  # no rowing
    # "barge",
]
queries = ['"Port Amaro" sluice']

# Where.
[[sources]]
channel = "gdelt"

[terms] # by hand
"Gates" = 2   # of steel
sluice = 4.0

# The days.
[window]
since = 2024-01-01
"""
FILES = {
    "by hand": BY_HAND,
    "terms last, no end of line": 'title = "Sluice"\n[terms]\ngates = 2',
    "inline": 'terms = { gates = 2, "sluice" = 4 }\n',
    "dotted": 'terms.gates = 2\nterms."port amaro" = 3\n\n[window]\nsince = 2024-01-01\n',
    "lists with lines that look like tables": 'queries = [\n"a",\n]\nports = [\n  80,\n]\n\n[terms]\ngates = 2\n',
    "no terms": "thresholds = { keep = 0 }\n",
    "seeds there": 'seeds = ["notes.txt"]\nnever = []\n[terms]\ngates = 2\n\n\n',
    "windows": BY_HAND.replace("\n", "\r\n"),
    "packaged": (PACKAGED_TOPICS / "us-taliban-peace-talks.toml").read_text(encoding="utf-8"),
}


def intended(text: str) -> dict[str, Any]:
    values = tomllib.loads(text)
    terms = values.setdefault("terms", {})
    key = "Gates" if "Gates" in terms else "gates"
    terms |= {key: 2.5, "nadia orlov": 1, 'the "old" sluice': 0.4}
    values["never"] = [*values.get("never", []), *EDIT.never]
    values["seeds"] = [*values.get("seeds", []), *EDIT.seeds]
    return values


@pytest.mark.parametrize("text", FILES.values(), ids=FILES.keys())
def test_a_file_says_what_is_meant_and_nothing_else_changes(text: str) -> None:
    after = edited(text, EDIT, "sluice.toml")
    assert tomllib.loads(after) == intended(text)
    # All lines that are not changed are there as before, in their order.
    lines = iter(after.splitlines())
    changed = ("gates", "terms.gates", '"gates"', "terms =", "never =", "seeds =")
    for line in text.splitlines():
        assert line.casefold().startswith(changed) or line in lines, line
    assert ("\r\n" in after) == ("\r\n" in text)
    assert after.count("\n") == after.count("\r\n") or "\r\n" not in after


def test_comments_stay_beside_what_they_are_about() -> None:
    after = edited(BY_HAND, EDIT, "sluice.toml")
    assert '\n"Gates" = 2.5   # of steel\n' in after
    assert '    "regatta",  # no rowing\n    # "barge",\n    "heron rowing club"' in after
    assert (
        '\nsluice = 4.0\n\n# Learnt.\n"nadia orlov" = 1\n"the \\"old\\" sluice" = 0.4\n\n# The days.\n[window]' in after
    )
    assert "\n# Where.\n[[sources]]\n" in after
    assert after.index("seeds = [") < after.index("# Where.")


def test_a_seed_that_was_refused_leaves_the_list() -> None:
    text = 'seeds = [\n    "https://a.example/1",  # first\n    "https://a.example/2",\n]\n[terms]\ngates = 2\n'
    after = edited(text, Edit(weights={}, never=[], seeds=[], gone=["https://a.example/2"], note=""), "sluice.toml")
    assert after == 'seeds = [\n    "https://a.example/1",  # first\n]\n[terms]\ngates = 2\n'


def test_nothing_to_change_changes_nothing() -> None:
    nothing = Edit(weights={}, never=[], seeds=[], gone=[], note="")
    assert edited(BY_HAND, nothing, "sluice.toml") == BY_HAND


def test_what_cannot_be_changed_alone_is_refused() -> None:
    with pytest.raises(TopicError, match=r"sluice\.toml: cannot be changed without changing more"):
        edited('never = "all"\n[terms]\ngates = 2\n', EDIT, "sluice.toml")


KEYS = st.text("ab \"'.#é\\", min_size=1, max_size=6)


@settings(max_examples=40)
@given(
    st.dictionaries(KEYS, st.floats(0, 10), max_size=4),
    st.lists(st.text("a\"'\\#[]é,", min_size=1, max_size=8), max_size=3),
)
def test_whatever_is_added_the_file_says_it_or_is_refused(weights: dict[str, float], added: list[str]) -> None:
    edit = Edit(weights=weights, never=list(dict.fromkeys(added)), seeds=[], gone=[], note="Learnt.")
    before = tomllib.loads(BY_HAND)
    try:
        after = tomllib.loads(edited(BY_HAND, edit, "sluice.toml"))
    except TopicError:
        return
    assert after["never"] == [*before["never"], *edit.never]
    assert {name: after[name] for name in ("title", "queries", "sources", "window")} == {
        name: before[name] for name in ("title", "queries", "sources", "window")
    }


def test_a_file_is_written_whole_with_its_mode_and_the_former_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "sluice.toml"
    path.write_text("old", encoding="utf-8")
    path.chmod(0o640)
    link = tmp_path / "link.toml"
    link.symlink_to(path)
    backup = write(link, "new\r\n")
    assert path.read_bytes() == b"new\r\n"
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert backup.read_text(encoding="utf-8") == "old"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link.toml", "sluice.toml", "sluice.toml.bak"]


def test_a_file_that_cannot_be_written_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "sluice.toml"
    path.write_text("old", encoding="utf-8")
    (tmp_path / "sluice.toml.bak").mkdir()
    with pytest.raises(OSError):  # noqa: PT011 - which one is the system's choice
        write(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["sluice.toml", "sluice.toml.bak"]
