from __future__ import annotations

import gzip
import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from crawler.cli import VERBS
from crawler.schedule.files import github
from crawler.schedule.files.github import Budget, hint, requirement_of, workflow
from crawler.schedule.files.installation import Followed, Installation
from crawler.schedule.files.quoting import FileRefused
from crawler.schedule.files.sealing import sealed
from tests.github_runner import REAL, Runner, job_of, loaded

BUDGET = Budget(period=360, minutes=40, pages=500)
HERE = Installation(program=("/dossier",), data=Path("/data"), topics=(Followed(name="talks", typed="talks"),))
OLD, LATER, CUT = (f"news-{day}T000000Z.db.gz" for day in ("20200101", "20200102", "20990101"))
"""Files of the release; the last is of an upload that did not come to its end."""
SNAPSHOT = "snapshots/talks/latest"


def renamed(at: Runner, old: str, new: str) -> None:
    folder = at.releases / "dossier-talks"
    (folder / old).rename(folder / new)


@pytest.fixture(scope="module")
def text() -> str:
    return sealed(workflow(HERE, BUDGET, "dossier-news==0.1.0"), "talks")


def scripts(text: str) -> list[str]:
    return [step["run"] for step in job_of(text)["steps"] if "run" in step]


def test_it_is_a_workflow_by_githubs_own_schema(text: str, tmp_path: Path) -> None:
    (tmp_path / "dossier.yml").write_text(text, encoding="utf-8")
    check = [str(Path(sys.executable).with_name("check-jsonschema")), "--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run([*check, str(tmp_path / "dossier.yml")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_step_is_a_script_that_bash_takes(text: str) -> None:
    assert len(scripts(text)) == 6
    for script in scripts(text):
        done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="no shellcheck here: install the package shellcheck")
def test_shellcheck_finds_nothing_in_them(text: str) -> None:
    script = "set -eo pipefail\n" + "".join(f"(\n{one})\n" for one in scripts(text))
    done = subprocess.run(
        ["shellcheck", "--shell=bash", "-"], input=script, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_nothing_that_others_can_say_is_put_into_a_script(text: str) -> None:
    assert all("${{" not in script for script in scripts(text))
    assert loaded(text)["permissions"] == {}
    job = job_of(text)
    assert job["permissions"] == {"contents": "write"}
    tokens = [step.get("name") for step in job["steps"] if "GH_TOKEN" in step.get("env", {})]
    assert tokens == ["Fetch the archive of the last run", "Publish the archive", "Commit the snapshot"]
    assert job["steps"][0]["with"] == {"persist-credentials": False}
    assert all("@" in step["uses"] for step in job["steps"] if "uses" in step)


def test_it_crawls_as_often_and_as_long_as_it_was_told(text: str) -> None:
    read = loaded(text)
    assert read[True]["schedule"][0]["cron"].split()[2:] == ["*", "*", "*"]
    assert len(read[True]["schedule"][0]["cron"].split()[1].split(",")) == 4
    assert (job_of(text)["timeout-minutes"], job_of(text)["env"]["SECONDS_OF_CRAWL"]) == (70, "2400")
    assert read["concurrency"] == {"group": "dossier-talks", "cancel-in-progress": False}


@pytest.mark.parametrize("requirement", ["wheels/d.whl", """it's "50%" \\ $HOME @NAME@ # : {x} ü"""])
def test_what_pip_is_to_install_arrives_as_it_was_given(requirement: str) -> None:
    assert job_of(workflow(HERE, BUDGET, requirement))["env"]["REQUIREMENT"] == requirement


def test_what_github_would_work_out_is_refused() -> None:
    with pytest.raises(FileRefused, match="GitHub would work out"):
        workflow(HERE, BUDGET, "${{ secrets.TOKEN }}")


def test_a_topic_without_a_name_for_files_is_refused() -> None:
    topics = (Followed(name="my heat", typed="/srv/my heat.toml"),)
    with pytest.raises(FileRefused, match=r"'my heat' .* rename its file"):
        workflow(replace(HERE, topics=topics), BUDGET, ".")


def test_each_run_goes_on_from_the_last_one(text: str, tmp_path: Path) -> None:
    at = Runner(tmp_path, text)

    def edited() -> None:
        """Somebody else is quicker: the branch moves on before the commit is pushed."""
        other = at.clone("other")
        (other / "README.md").write_text("Changed meanwhile\n", encoding="utf-8")
        at.commit(other, "Change")

    code, commands = at.run("Commit the snapshot", edited, ARRIVES="one\ntwo\n")
    assert code == 0, commands
    assert [line.split()[:2] for line in commands if line.startswith("dossier")] == [
        ["dossier", "crawl"], ["dossier", "snapshot"], ["dossier", "export"],
    ]  # fmt: skip
    assert "dossier crawl talks --max-pages 500 -s CLOSESPIDER_TIMEOUT=2400 -s DOSSIER_CONTACT=" in "\n".join(commands)
    assert "python -m pip install --quiet --disable-pip-version-check -- dossier-news==0.1.0" in commands
    assert at.messages() == ["talks: the first snapshot; 2 articles", "Change", "Begin"]
    assert at.git("show", f"main:{SNAPSHOT}/articles.csv") == "one\ntwo\n"

    renamed(at, at.assets()[0], OLD)
    (at.releases / "dossier-talks" / CUT).touch()
    assert at.run(ARRIVES="three\n", CRAWL_ENDS="6")[0] == 0
    assert at.messages()[0] == "talks: 1 added; 3 articles"
    assert at.git("show", f"main:{SNAPSHOT}/changes.csv") == "added,three\n"

    renamed(at, at.assets()[1], LATER)
    assert at.run()[0] == 0
    assert len(at.messages()) == 4  # nothing arrived, and nothing is committed
    assert at.assets()[::2] == [LATER, CUT]
    assert gzip.decompress((at.releases / "dossier-talks" / at.assets()[1]).read_bytes()) == b"one\ntwo\nthree\n"


@pytest.mark.parametrize(
    ("trouble", "asked"),
    [({"BROKEN_GH": "list"}, []), ({"BROKEN_GH": "download"}, []), ({"CRAWL_ENDS": "4"}, ["crawl"])],
    ids=lambda case: "-".join(case.values()) if isinstance(case, dict) else None,
)  # fmt: skip
def test_what_goes_wrong_never_puts_an_empty_archive_in_the_place_of_a_full_one(
    text: str, tmp_path: Path, trouble: dict[str, str], asked: list[str]
) -> None:
    at = Runner(tmp_path, text)
    (at.releases / "dossier-talks").mkdir()
    (at.releases / "dossier-talks" / OLD).write_bytes(gzip.compress(b"one\n"))
    code, commands = at.run(ARRIVES="two\n", **trouble)
    assert code != 0
    assert [line.split()[1] for line in commands if line.startswith("dossier")] == asked
    assert at.assets() == [OLD]
    assert at.messages() == ["Begin"]


@pytest.mark.soak
@pytest.mark.skipif("export" not in VERBS, reason="dossier export is not built yet")
def test_snapshots_and_archives_of_the_real_command_go_on_from_each_other(text: str, tmp_path: Path) -> None:
    at = Runner(tmp_path, text, REAL)
    for number, arrives in enumerate(("0 1 2", "3", "")):
        code, commands = at.run(ARRIVES=arrives)
        assert code == 0, commands
        folder = at.releases / "dossier-talks"
        (newest,) = (name for name in at.assets() if not name.startswith("news-2020"))
        if number < 2:
            renamed(at, newest, f"news-2020010{number + 1}T000000Z.db.gz")
    assert at.messages() == ["talks: 1 added; 4 articles", "talks: the first snapshot; 3 articles", "Begin"]
    assert "https://paper3.example/3" in at.git("show", f"main:{SNAPSHOT}/changes.csv")
    (tmp_path / "news.db").write_bytes(gzip.decompress((folder / newest).read_bytes()))
    with closing(sqlite3.connect(tmp_path / "news.db")) as db:
        assert db.execute("SELECT COUNT(*) FROM articles").fetchone() == (4,)


class Installed(Distribution):
    """Dossier, installed from somewhere."""

    def __init__(self, origin: str | None) -> None:
        self.origin = origin

    def read_text(self, filename: str) -> str | None:
        return self.origin if filename == "direct_url.json" else "Version: 0.1.0\n"

    def locate_file(self, path: object) -> Path:
        return Path("/nowhere")


@pytest.mark.parametrize(
    ("origin", "requirement"),
    [
        (None, "dossier-news==0.1.0"),
        (
            json.dumps({"url": "https://forge.example/d.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}),
            "dossier-news @ git+https://forge.example/d.git@abc",
        ),
        (json.dumps({"url": "https://forge.example/d.whl"}), "dossier-news @ https://forge.example/d.whl"),
    ],
    ids=["index", "git", "wheel"],
)
def test_pip_installs_what_is_installed_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: str | None, requirement: str
) -> None:
    monkeypatch.setattr(github, "distribution", lambda _name: Installed(origin))
    assert requirement_of(tmp_path) == requirement


@pytest.mark.parametrize("origin", [json.dumps({"url": "file:///srv/dossier"}), "{", "[]"])
def test_what_lies_on_this_machine_only_is_refused_with_a_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: str
) -> None:
    monkeypatch.setattr(github, "distribution", lambda _name: Installed(origin))
    with pytest.raises(FileRefused, match="--install wheels/"):
        requirement_of(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "dossier-news"\n', encoding="utf-8")
    assert requirement_of(tmp_path) == "."


def test_the_hint_brings_the_topic_along(tmp_path: Path) -> None:
    file = tmp_path / ".github" / "workflows" / "dossier-heat.yml"
    own = replace(HERE, topics=(Followed(name="heat", typed="/srv/my topics/heat.toml"),))
    assert hint(own, file, tmp_path).startswith(
        "Install:  mkdir -p topics && cp '/srv/my topics/heat.toml' topics/heat.toml && "
        "git add .github/workflows/dossier-heat.yml topics/heat.toml && git commit -m 'Crawl heat' && git push\n"
    )
    shipped = hint(HERE, file, tmp_path).splitlines()[0]
    assert "topics" not in shipped
