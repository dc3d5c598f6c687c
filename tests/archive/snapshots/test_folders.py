from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from archive.errors import StoreError
from archive.snapshots import folders
from archive.snapshots.folders import alone, days, keep, point, pointed, replaceable, thinned


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for day in ("2019-03-11", "2019-03-12", "2019-03-13", "2019-03-14"):
        (tmp_path / day).mkdir()
        (tmp_path / day / "articles.csv").write_text(day, encoding="ascii")
    (tmp_path / "notes").mkdir()
    return tmp_path


def test_days_are_the_folders_that_are_named_so(root: Path) -> None:
    (root / "2019-03-15").write_text("a file")
    assert days(root) == ["2019-03-11", "2019-03-12", "2019-03-13", "2019-03-14"]
    assert days(root / "none") == []


def test_the_pointer_names_a_day_and_leads_there(root: Path) -> None:
    assert pointed(root) == ""
    point(root, "2019-03-14")
    assert (root / "latest" / "articles.csv").read_text(encoding="ascii") == "2019-03-14"
    point(root, "2019-03-13")
    assert str((root / "latest").readlink()) == pointed(root) == "2019-03-13"


def test_where_links_cannot_be_the_pointer_is_a_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_words: object, **_names: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(Path, "symlink_to", refused)
    for _ in range(2):
        point(root, "2019-03-14")
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
        (building / "articles.csv").write_text("newer", encoding="ascii")
        keep(building, root / "2019-03-14")
    assert (root / "2019-03-14" / "articles.csv").read_text(encoding="ascii") == "newer"
    assert {path.name for path in root.iterdir()} == {*days(root), "notes", ".lock"}


def test_a_day_that_was_killed_between_its_two_names_gets_its_old_one_back(root: Path) -> None:
    (root / "2019-03-14").rename(root / ".going-2019-03-14")
    (root / "2019-03-11").rename(root / ".going-2019-03-11.old")
    (root / ".going-2019-03-12").mkdir()
    with alone(root):
        assert days(root) == ["2019-03-12", "2019-03-13", "2019-03-14"]
        assert (root / "2019-03-12" / "articles.csv").is_file()
    assert not list(root.glob(".going*"))


OTHER = """
import sys
from pathlib import Path
from archive.lock import ArchiveBusy
from archive.snapshots.folders import alone
try:
    with alone(Path(sys.argv[1])):
        print("in")
except ArchiveBusy as error:
    print(error)
"""


def test_two_do_not_build_at_a_time_and_none_waits_for_the_other(root: Path) -> None:
    with alone(root) as building:
        said = subprocess.run([sys.executable, "-c", OTHER, str(root)], capture_output=True, text=True, check=True)
        assert "another snapshot is being written" in said.stdout
        assert building.is_dir()


def test_a_link_in_the_place_of_a_day_is_replaced_and_what_it_leads_to_stays(root: Path, tmp_path: Path) -> None:
    elsewhere = (root / "2019-03-14").rename(tmp_path / "elsewhere")
    (root / "2019-03-14").symlink_to(elsewhere)
    for text in ("newer", "newest"):
        with alone(root) as building:
            (building / "articles.csv").write_text(text, encoding="ascii")
            keep(building, root / "2019-03-14")
        assert (root / "2019-03-14" / "articles.csv").read_text(encoding="ascii") == text
    assert (elsewhere / "articles.csv").read_text(encoding="ascii") == "2019-03-14"
    assert not (root / "2019-03-14").is_symlink()


def test_folders_that_are_no_snapshots_are_never_removed(root: Path, tmp_path: Path) -> None:
    (root / "2019-03-01").mkdir()
    (root / "2019-03-01" / "notes.txt").write_text("mine", encoding="ascii")
    (root / "2019-03-02").symlink_to((root / "2019-03-11").rename(tmp_path / "elsewhere"))
    assert thinned(root, 1, set()) == ["2019-03-12", "2019-03-13"]
    assert (root / "2019-03-01" / "notes.txt").is_file()
    assert (root / "2019-03-02" / "articles.csv").is_file()
    with pytest.raises(StoreError, match="holds no snapshot"):
        replaceable(root / "2019-03-01")
    for day in ("2019-03-14", "2019-03-15"):
        replaceable(root / day)
