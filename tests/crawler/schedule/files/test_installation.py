from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from archive.store import Archive
from crawler.folders import DEFAULT_TOPIC, PACKAGED_TOPICS
from crawler.operation import NAME, OperationError
from crawler.schedule.files.installation import Followed, installation, this_program
from crawler.schedule.files.quoting import FileRefused
from pipelines.topic import TopicError

SHIPPED = PACKAGED_TOPICS / f"{DEFAULT_TOPIC}.toml"


def test_the_program_is_the_one_that_was_typed_its_link_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "venv").mkdir()
    real, link = tmp_path / "venv" / "dossier", tmp_path / "dossier"
    real.touch(mode=0o755)
    link.symlink_to(real)
    monkeypatch.chdir(tmp_path)
    python = str(tmp_path / "venv" / "python")
    assert this_program(str(link), python) == (str(link),)
    assert this_program("venv/dossier", python) == (str(real),)
    assert this_program("/usr/bin/pytest", python) == (str(real),)
    assert this_program("gone/dossier", "/usr/bin/python3") == ("/usr/bin/python3", "-m", "crawler.cli")
    assert installation(tmp_path, [DEFAULT_TOPIC]).program[0].startswith(str(Path(sys.executable).parent))


def test_topics_are_those_asked_for_else_those_wished_for_else_those_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data = tmp_path / "data"
    shipped = Followed(name=DEFAULT_TOPIC, typed=DEFAULT_TOPIC)
    assert installation(data).topics == (shipped,)
    mine = tmp_path / "topics" / "heat.toml"
    mine.parent.mkdir()
    shutil.copy(SHIPPED, mine)
    archive = Archive.open(data)
    archive.topics.ensure("heat", "Heat", "")
    archive.close()
    assert installation(data).topics == (Followed(name="heat", typed=str(mine)),)
    own = data / "topics" / "my floods.toml"
    own.parent.mkdir()
    shutil.copy(SHIPPED, own)
    assert installation(data).topics == (Followed(name="my floods", typed=str(own)),)
    (data / NAME).write_text('[schedule]\ntopics = ["heat"]\ncrawl_options = ["--max-pages", "9"]\n', encoding="utf-8")
    here = installation(data)
    assert [topic.name for topic in here.topics] == ["heat"]
    assert here.crawl(here.topics[0])[-3:] == (str(mine), "--max-pages", "9")
    assert installation(data, [DEFAULT_TOPIC, DEFAULT_TOPIC]).topics == (shipped,)


def test_what_cannot_be_scheduled_is_told_with_its_mend(tmp_path: Path) -> None:
    with pytest.raises(TopicError, match="no such topic or file"):
        installation(tmp_path, ["nowhere"])
    with pytest.raises(FileRefused, match=r"the data folder .* give it another name"):
        installation(tmp_path / "a\nb", [DEFAULT_TOPIC])
    with pytest.raises(FileRefused, match="61 topics are to be crawled"):
        installation(tmp_path, [str(number) for number in range(61)])


@pytest.mark.parametrize(
    ("table", "nightly"),
    [
        ("", [["snapshot"], ["maintain"]]),
        ("snapshot = false\n", [["maintain"]]),
        ("keep_snapshots = 30\n", [["snapshot", "--keep-last", "30"], ["maintain"]]),
    ],
)
def test_the_night_is_as_dossier_toml_wishes(tmp_path: Path, table: str, nightly: list[list[str]]) -> None:
    (tmp_path / NAME).write_text(f"[schedule]\n{table}[alerts]\ncommand = ['logger']\n", encoding="utf-8")
    here = installation(tmp_path, [DEFAULT_TOPIC], ["/dossier"])
    assert here.nightly() == tuple(("/dossier", "--data", str(tmp_path), *words) for words in nightly)
    assert here.wishes.sends_alerts


@pytest.mark.parametrize("table", ['topics = "heat"', "topics = [1]", 'crawl_options = [""]', "keep_snapshots = 'all'"])
def test_a_wish_that_cannot_be_read_is_told(tmp_path: Path, table: str) -> None:
    (tmp_path / NAME).write_text(f"[schedule]\n{table}\n", encoding="utf-8")
    with pytest.raises(OperationError, match=rf"{NAME}: \[schedule\] \w+ .*; give"):
        installation(tmp_path)
