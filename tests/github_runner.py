"""A stand-in for GitHub: it runs the steps of a workflow's job in a checkout, with releases that are folders."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
EXPRESSIONS = {"github.token": "a-token", "inputs.pages || '500'": "500"}
GH = """#!{python} -IS
import json, os, pathlib, shutil, subprocess, sys
releases = pathlib.Path({releases!r})
words = sys.argv[1:]
with open({log!r}, "a") as log:
    print("gh", *words, file=log)
if not os.environ.get("GH_TOKEN") or os.environ.get("BROKEN_GH") in words:
    sys.exit("gh: cannot be reached")
match words:
    case ["auth", "setup-git"]:
        pass
    case ["release", "list", "--limit", "1000", "--json", "tagName", "--jq", ".[].tagName"]:
        print(*(path.name for path in releases.iterdir()), sep="\\n")
    case ["release", "view", tag, "--json", "assets", "--jq", '.assets[] | select(.state == "uploaded") | .name']:
        print(*(path.name for path in sorted((releases / tag).iterdir()) if path.stat().st_size), sep="\\n")
    case ["release", "create", tag, "--latest=false", "--title", _, "--notes", _]:
        (releases / tag).mkdir()
    case ["release", "download", tag, "--pattern", name, "--dir", folder, "--clobber"]:
        shutil.copy(releases / tag / name, folder)
    case ["release", "upload", tag, file]:
        shutil.copy(file, releases / tag)
    case ["release", "delete-asset", tag, name, "--yes"]:
        (releases / tag / name).unlink()
    case _:
        sys.exit(f"gh: unknown command {{words}}")
"""
DOSSIER = '''#!{python} -IS
"""An archive whose articles are the lines of news.db, and whose crawl finds what ARRIVES says."""
import datetime, json, os, pathlib, shutil, sys
data = pathlib.Path(os.environ["DOSSIER_DATA"])
words = sys.argv[1:]
with open({log!r}, "a") as log:
    print("dossier", *words, file=log)
assert not any("TOKEN" in name for name in os.environ) or words[0] == "export"
today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
match words:
    case ["crawl", *_]:
        with open(data / "news.db", "a") as file:
            file.write(os.environ.get("ARRIVES", ""))
        sys.exit(int(os.environ.get("CRAWL_ENDS", "0")))
    case ["snapshot", "--json"]:
        folder = data / "snapshots" / today
        days = sorted(path.name for path in folder.parent.glob("*-*") if path.name != today)
        folder.mkdir(parents=True)
        (folder.parent / "latest").symlink_to(today)
        now = (data / "news.db").read_text()
        before = (folder.parent / days[-1] / "articles.csv").read_text() if days else ""
        added = [line for line in now.splitlines() if line not in before.splitlines()]
        (folder / "articles.csv").write_text(now)
        (folder / "changes.csv").write_text("".join(f"added,{{line}}\\n" for line in added))
        for name in ("datapackage.json", "SHA256SUMS"):
            (folder / name).write_text(f"{{len(added)}} {{days}}\\n")
        counts = {{"added": len(added), "changed": 0, "texts": 0, "gone": 0}}
        base, articles = days[-1] if days else None, len(now.splitlines())
        print(json.dumps({{"day": today, "base": base, "articles": articles, "changes": counts}}))
    case ["export", "--format", "sqlite", "-o", file]:
        shutil.copy(data / "news.db", file)
    case _:
        sys.exit(f"dossier: unknown command {{words}}")
'''
REAL = '''#!{python}
"""The real command, but for the crawl: the articles whose numbers ARRIVES has are stored by the real writer."""
import os, pathlib, sys
root = {root!r}
sys.path.insert(0, root)
with open({log!r}, "a") as log:
    print("dossier", *sys.argv[1:], file=log)
if sys.argv[1] != "crawl":
    command = [sys.executable, "-m", "crawler.cli", *sys.argv[1:]]
    os.execve(sys.executable, command, os.environ | {{"PYTHONPATH": root}})
from archive.store import Archive
from tests.filling import NOW, Filling
from tests.stocked import article
archive = Archive.open(pathlib.Path(os.environ["DOSSIER_DATA"]))
filling = Filling(archive, archive.topics.ensure("talks", "Talks", ""))
filling.run = archive.runs.start(filling.topic, NOW)
filling.source = archive.sources.ensure("feeds", "https://paper0.example/feed.xml", "paper0.example")
for number in map(int, os.environ.get("ARRIVES", "").split()):
    filling.store(number, article(number, 1))
archive.runs.finish(filling.run, "finished", {{}}, NOW)
archive.close()
'''
PYTHON3 = """#!/bin/sh
# Makes an environment as `python3 -m venv` does, with a pip that installs nothing.
if [ "$1 $2" = "-m venv" ]; then
  mkdir -p "$3/bin"
  cp {dossier} "$3/bin/dossier"
  printf '#!/bin/sh\\necho python "$@" >> {log}\\n' > "$3/bin/python"
  chmod +x "$3/bin/python"
  exit 0
fi
exec {python} "$@"
"""


def loaded(text: str) -> dict[Any, Any]:
    """A workflow, read by libyaml where it is there: that is ten times as fast."""
    found = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert isinstance(found, dict)
    return found


def job_of(text: str) -> dict[str, Any]:
    """The only job of a workflow."""
    (job,) = loaded(text)["jobs"].values()
    assert isinstance(job, dict)
    return job


def value(text: str) -> str:
    """What GitHub makes of a value of `env`."""
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: EXPRESSIONS[found[1]], text)


@dataclass
class Runner:
    """A repository at GitHub, its releases, and the machine that runs its workflow."""

    root: Path
    workflow: str
    dossier: str = DOSSIER
    origin: Path = field(init=False)
    releases: Path = field(init=False)
    tools: Path = field(init=False)
    runs: int = 0

    def __post_init__(self) -> None:
        self.origin, self.releases, self.tools = (self.root / name for name in ("origin.git", "releases", "tools"))
        self.releases.mkdir()
        self.tools.mkdir()
        names = {
            "python": sys.executable,
            "releases": str(self.releases),
            "log": str(self.root / "log"),
            "root": str(ROOT),
        }
        for name, text in (("gh", GH), ("dossier", self.dossier), ("python3", PYTHON3)):
            (self.tools / name).write_text(text.format(**names, dossier=self.tools / "dossier"), encoding="utf-8")
            (self.tools / name).chmod(0o755)
        self.git("init", "--quiet", "--bare", "--initial-branch=main", str(self.origin), cwd=self.root)
        first = self.clone("first")
        (first / "README.md").write_text("What the press writes\n", encoding="utf-8")
        self.commit(first, "Begin")

    def clone(self, name: str) -> Path:
        """A checkout of the repository as it is now."""
        self.git("clone", "--quiet", str(self.origin), str(self.root / name), cwd=self.root)
        return self.root / name

    def commit(self, checkout: Path, message: str) -> None:
        """Commit all of a checkout, and push it."""
        self.git("add", "--all", cwd=checkout)
        self.git("-c", "user.name=a", "-c", "user.email=a@b.example", "commit", "--quiet", "-m", message, cwd=checkout)
        self.git("push", "--quiet", "origin", "HEAD:refs/heads/main", cwd=checkout)

    def git(self, *words: str, cwd: Path | None = None) -> str:
        """What git prints."""
        clean = {"PATH": os.environ["PATH"], "HOME": str(self.root), "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *words], cwd=cwd or self.origin, env=clean, capture_output=True, text=True, check=True
        )
        return done.stdout

    def run(self, before_step: str = "", surprise: Any = None, **environ: str) -> tuple[int, list[str]]:
        """Run the job on a new machine: its exit code, and which commands it gave; a surprise comes before a step."""
        self.runs += 1
        temp = self.root / f"temp {self.runs}"
        temp.mkdir()
        (self.root / "log").write_text("", encoding="utf-8")
        checkout = self.clone(f"checkout {self.runs}")
        job = job_of(self.workflow)
        env = {
            "PATH": f"{self.tools}:{os.environ['PATH']}", "HOME": str(self.root), "RUNNER_TEMP": str(temp),
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "user.useConfigOnly", "GIT_CONFIG_VALUE_0": "true",
            "GITHUB_PATH": str(temp / "path"), "GITHUB_ENV": str(temp / "env"), "GITHUB_REF_NAME": "main",
            "GITHUB_SERVER_URL": "https://github.example", "GITHUB_REPOSITORY": "ann/news",
            **{name: value(str(text)) for name, text in job["env"].items()}, **environ,
        }  # fmt: skip
        code = 0
        for step in job["steps"]:
            if "run" in step:
                if surprise and step["name"] == before_step:
                    surprise()
                own = env | {name: value(str(text)) for name, text in step.get("env", {}).items()}
                (temp / "step.sh").write_text(step["run"], encoding="utf-8")
                shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(temp / "step.sh")]
                done = subprocess.run(shell, cwd=checkout, env=own, capture_output=True, text=True, check=False)
                if code := done.returncode:
                    break
                env |= self.told(temp, env)
        return code, (self.root / "log").read_text("utf-8").splitlines()

    @staticmethod
    def told(temp: Path, env: dict[str, str]) -> dict[str, str]:
        """What a step told those after it."""
        more = dict(line.split("=", 1) for line in (temp / "env").read_text("utf-8").splitlines())
        folders = (temp / "path").read_text("utf-8").splitlines()
        return {**more, "PATH": ":".join([*folders, os.environ["PATH"]]).replace(":", f":{temp.parent / 'tools'}:", 1)}

    def messages(self) -> list[str]:
        """The first lines of all commits, the newest first."""
        return self.git("log", "--format=%s", "main").splitlines()

    def assets(self) -> list[str]:
        """The files of the release."""
        return sorted(path.name for tag in self.releases.iterdir() for path in tag.iterdir())
