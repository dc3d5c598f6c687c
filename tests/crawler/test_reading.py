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
    with pytest.raises(click.UsageError, match="follows floods, heat: say which of them"):
        own_topic(tmp_path)


def test_where_there_is_no_archive_yet_it_is_the_first_topic(tmp_path: Path) -> None:
    assert own_topic(tmp_path / "none") == DEFAULT_TOPIC


def follow(data: Path, *topics: str) -> None:
    archive = Archive.open(data)
    for topic in topics:
        archive.topics.ensure(topic, "", "")
    archive.close()
