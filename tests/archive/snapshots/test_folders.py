from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.snapshots import folders
from archive.snapshots.folders import alone, days, keep, point, pointed, thinned


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for day in ("2019-03-11", "2019-03-12", "2019-03-13", "2019-03-14"):
        (tmp_path / day).mkdir()
        (tmp_path / day / "file").write_text(day, encoding="ascii")
    (tmp_path / "notes").mkdir()
    return tmp_path


def test_days_are_the_folders_that_are_named_so(root: Path) -> None:
    (root / "2019-03-15").write_text("a file")
    assert days(root) == ["2019-03-11", "2019-03-12", "2019-03-13", "2019-03-14"]
    assert days(root / "none") == []


def test_the_pointer_names_the_newest_and_leads_there(root: Path) -> None:
    assert pointed(root) == ""
    assert point(root) == "2019-03-14"
    assert (root / "latest" / "file").read_text(encoding="ascii") == "2019-03-14"
    (root / "2019-03-15").mkdir()
    point(root)
    assert str((root / "latest").readlink()) == pointed(root) == "2019-03-15"


def test_where_links_cannot_be_the_pointer_is_a_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_words: object, **_names: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refused)
    for _ in range(2):
        point(root)
    assert (root / "latest").read_text(encoding="ascii") == "2019-03-14\n"
    assert pointed(root) == "2019-03-14"


@pytest.mark.parametrize("text", ["../../etc", "", "2019-03-14/x"])
def test_a_pointer_leads_to_a_day_or_nowhere(root: Path, text: str) -> None:
    (root / "latest").write_text(text, encoding="ascii")
    assert pointed(root) == ""


def test_a_pointer_that_was_copied_as_a_folder_is_told(root: Path) -> None:
    (root / "latest").mkdir()
    with pytest.raises(StoreError, match="remove it"), alone(root):
        pass


def test_the_oldest_go_but_for_those_that_are_needed(root: Path) -> None:
    assert thinned(root, 1, {"2019-03-12"}) == ["2019-03-11", "2019-03-13"]
    assert days(root) == ["2019-03-12", "2019-03-14"]
    assert thinned(root, 9, set()) == []
    assert (root / "notes").is_dir()


def test_two_folders_change_names_also_where_the_system_has_no_step_for_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "exchanged", lambda _one, _other: False)
    with alone(root) as building:
        (building / "file").write_text("newer", encoding="ascii")
        keep(building, root / "2019-03-14")
    assert (root / "2019-03-14" / "file").read_text(encoding="ascii") == "newer"
    assert {path.name for path in root.iterdir()} == {*days(root), "notes", ".lock"}


def test_a_day_that_was_killed_between_its_two_names_gets_its_old_one_back(root: Path) -> None:
    (root / "2019-03-14").rename(root / ".going-2019-03-14")
    (root / "2019-03-11").rename(root / ".going-2019-03-11.old")
    (root / ".going-2019-03-12").mkdir()
    with alone(root):
        assert days(root) == ["2019-03-12", "2019-03-13", "2019-03-14"]
        assert (root / "2019-03-12" / "file").is_file()
    assert not list(root.glob(".going*"))


WAITING = """
import sys
from pathlib import Path
from archive.snapshots.folders import alone
with alone(Path(sys.argv[1])):
    print("in", flush=True)
"""


def test_two_do_not_build_at_a_time(root: Path) -> None:
    with alone(root) as building:
        other = subprocess.Popen([sys.executable, "-c", WAITING, str(root)], stdout=subprocess.PIPE)
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(0.4)
        assert building.is_dir()
    assert other.communicate()[0] == b"in\n"
