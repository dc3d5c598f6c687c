from __future__ import annotations

from pathlib import Path

import pytest

from crawler.schedule.files.quoting import FileRefused
from crawler.schedule.files.sealing import owner_of, place, prospect, sealed

OLD, NEW = sealed("# head\nold\n", "/data"), sealed("# head\nnew\n", "/data")


def test_a_seal_stands_behind_the_first_line_and_tells_every_change() -> None:
    first, seal, rest = OLD.split("\n", 2)
    assert (first, rest) == ("# head", "old\n")
    assert seal.startswith("# Seal ")
    assert owner_of(OLD) == "/data"
    for changed in (OLD.replace("head", "heap"), OLD + "#", OLD.replace("old", "young"), "", "#", "# head\n# Seal\n"):
        assert owner_of(changed) == ""


@pytest.mark.parametrize(
    ("there", "state"),
    [
        (None, "new"),
        (NEW, "unchanged"),
        (OLD, "updated"),
        (OLD + "# mine\n", "taken"),
        ("mine\n", "taken"),
        (sealed("# head\nold\n", "/other"), "taken"),
        ("\udcff", "taken"),
    ],
    ids=["none", "same", "ours", "changed", "foreign", "of another archive", "bytes"],
)
def test_only_what_nobody_changed_is_written_over(tmp_path: Path, there: str | None, state: str) -> None:
    file = tmp_path / "deep" / "file"
    if there is not None:
        file.parent.mkdir()
        file.write_text(there, "utf-8", "surrogateescape")
    assert prospect(file, NEW) == state
    if state == "taken":
        before = file.read_bytes()
        with pytest.raises(FileRefused, match="--force to write over it"):
            place({tmp_path / "other": NEW, file: NEW})
        assert file.read_bytes() == before
        assert not (tmp_path / "other").exists()
    assert place({file: NEW}, force=True) == {file: "overwritten" if state == "taken" else state}
    assert file.read_text("utf-8") == NEW
    assert [path.name for path in file.parent.iterdir()] == ["file"]


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileRefused, match=r"cannot be written .* name another folder: --write DIR"):
        place({tmp_path / "file" / "below": NEW})
