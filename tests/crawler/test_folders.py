from __future__ import annotations

from pathlib import Path

from crawler.folders import data_folder, topic_folders


def project(tmp_path: Path) -> Path:
    (tmp_path / "archive").mkdir()
    (tmp_path / "scrapy.cfg").write_text("[settings]\n", encoding="utf-8")
    below = tmp_path / "archive" / "deep"
    below.mkdir()
    return below


def test_the_option_wins_over_everything(tmp_path: Path) -> None:
    folder = data_folder(str(tmp_path / "a"), {"DOSSIER_DATA": str(tmp_path / "b")}, project(tmp_path))
    assert folder == tmp_path / "a"


def test_the_environment_wins_over_the_project(tmp_path: Path) -> None:
    assert data_folder(None, {"DOSSIER_DATA": str(tmp_path / "b")}, project(tmp_path)) == tmp_path / "b"


def test_a_project_keeps_its_archive_beside_scrapy_cfg(tmp_path: Path) -> None:
    assert data_folder(None, {}, project(tmp_path)) == tmp_path / "archive" / "data"


def test_elsewhere_it_is_the_users_own_folder(tmp_path: Path) -> None:
    folder = data_folder(None, {}, tmp_path)
    assert folder.name == "dossier"
    assert tmp_path not in folder.parents


def test_a_topic_is_looked_for_here_then_in_the_data_then_in_the_package(tmp_path: Path) -> None:
    here, data, packaged = topic_folders(tmp_path / "data", tmp_path)
    assert (here, data) == (tmp_path / "topics", tmp_path / "data" / "topics")
    assert packaged.name == "topics"
    assert packaged.parent.name == "crawler"
