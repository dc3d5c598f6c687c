from __future__ import annotations

from pathlib import Path

import pytest

from archive.disk import PART, write_whole


def test_a_file_is_replaced_as_a_whole_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    place = tmp_path / "ferry.json"
    for body in (b"first", b"second and longer"):
        write_whole(place, body)
        assert place.read_bytes() == body
    assert list(tmp_path.iterdir()) == [place]
    assert place.stat().st_mode & 0o777 == 0o644


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "ferry.json").symlink_to(tmp_path / "elsewhere")
    write_whole(tmp_path / "ferry.json", b"here", 0o600)
    assert not (tmp_path / "elsewhere").exists()
    assert (tmp_path / "ferry.json").read_bytes() == b"here"


def test_what_cannot_be_replaced_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "ferry.json").mkdir()
    with pytest.raises(OSError, match="ferry"):
        write_whole(tmp_path / "ferry.json", b"here")
    assert list(tmp_path.glob(f".*{PART}")) == []
