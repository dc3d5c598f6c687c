from __future__ import annotations

import pytest

from crawler.channels import CHANNELS, UnknownChannelError, channels
from pipelines.topic import CHANNELS as NAMED


def test_the_channels_that_are_here_are_among_those_that_a_topic_may_name() -> None:
    assert set(CHANNELS) == {"feeds", "sitemaps"}
    assert set(CHANNELS) <= set(NAMED)
    assert all(channel.name == name for name, channel in CHANNELS.items())


def test_channels_are_given_in_the_order_asked_for_each_once() -> None:
    assert [channel.name for channel in channels(["sitemaps", "feeds", "sitemaps"])] == ["sitemaps", "feeds"]
    assert channels([]) == []


@pytest.mark.parametrize(
    ("name", "fault"), [("gdelt", "is not available yet"), ("feed", "is unknown"), ("", "is unknown")]
)
def test_a_channel_that_cannot_be_asked_is_named_with_those_that_can(name: str, fault: str) -> None:
    with pytest.raises(UnknownChannelError, match=f"channel '{name}' {fault}; give one of feeds, sitemaps"):
        channels(["feeds", name])
