from __future__ import annotations

from pathlib import Path

import click
import pytest

from archive.store import Archive
from crawler.folders import DEFAULT_TOPIC
from crawler.reading import own_topic


@pytest.mark.parametrize(
    ("followed", "meant"),
    [((), DEFAULT_TOPIC), (("floods",), "floods"), (("floods", DEFAULT_TOPIC), DEFAULT_TOPIC)],
    ids=["none", "its only one", "the first topic among others"],
)
def test_the_topic_that_is_meant_where_none_is_named(tmp_path: Path, followed: tuple[str, ...], meant: str) -> None:
    follow(tmp_path, *followed)
    assert own_topic(tmp_path) == meant


def test_of_several_one_has_to_be_named(tmp_path: Path) -> None:
    follow(tmp_path, "floods", "heat")
    with pytest.raises(click.UsageError, match="several topics could be meant: name floods or heat"):
        own_topic(tmp_path)


def test_where_there_is_no_archive_yet_it_is_the_only_file_of_ones_own_else_the_first_topic(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert own_topic(tmp_path / "data") == DEFAULT_TOPIC
    touch(tmp_path / "topics" / "heat.toml")
    assert own_topic(tmp_path / "data") == "heat"
    touch(tmp_path / "data" / "topics" / "floods.toml")
    assert own_topic(tmp_path / "data") == "floods"


def touch(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.touch()


def follow(data: Path, *topics: str) -> None:
    archive = Archive.open(data)
    for topic in topics:
        archive.topics.ensure(topic, "", "")
    archive.close()
