"""On which addresses the archive is served."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from archive.serve import ServeError, is_loopback_only, listener


def test_a_busy_port_gives_the_next_free_one() -> None:
    with closing(listener("127.0.0.1", 0)) as first:
        port = first.getsockname()[1]
        with closing(listener("127.0.0.1", port)) as second:
            assert second.getsockname()[1] > port


def test_a_host_that_is_not_ours_is_told() -> None:
    with pytest.raises(ServeError, match="--port"):
        listener("192.0.2.1", 8001)
    with pytest.raises(ServeError, match="--host"):
        listener("no such host", 8001)


def test_a_listener_answers_on_its_host_only() -> None:
    with closing(listener("127.0.0.1", 0)) as bound:
        assert bound.getsockname()[0] == "127.0.0.1"
        assert bound.family == socket.AF_INET


def test_only_what_is_on_loopback_under_every_address_is_for_this_machine_only() -> None:
    assert is_loopback_only("127.0.0.1")
    assert is_loopback_only("::1")
    assert not is_loopback_only("0.0.0.0")
    assert not is_loopback_only("::")
    assert not is_loopback_only("192.0.2.1")
