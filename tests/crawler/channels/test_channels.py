from __future__ import annotations

import pytest

from crawler.channels import CHANNELS, UnknownChannelError, channels
from pipelines.topic import CHANNELS as NAMED


def test_the_channels_that_are_here_are_those_that_a_topic_may_name() -> None:
    assert set(CHANNELS) == set(NAMED)
    assert all(channel.name == name for name, channel in CHANNELS.items())


def test_channels_are_given_in_the_order_asked_for_each_once() -> None:
    assert [channel.name for channel in channels(["sitemaps", "feeds", "sitemaps"])] == ["sitemaps", "feeds"]
    assert channels([]) == []


@pytest.mark.parametrize("name", ["feed", "", "Feeds"])
def test_a_channel_that_nobody_knows_is_named_with_those_that_can_be_asked(name: str) -> None:
    with pytest.raises(
        UnknownChannelError, match=f"channel '{name}' is unknown; give one of feeds, sitemaps, sections"
    ):
        channels(["feeds", name])
