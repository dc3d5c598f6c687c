"""A workflow for GitHub Actions, in the way of git scraping: crawl, commit the snapshot, publish the archive."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from crawler.schedule.files.clock import every
from crawler.schedule.files.installation import Installation
from crawler.schedule.files.quoting import FileRefused, for_yaml, one_line
from pipelines.topic import is_topic_name

PROJECT = "dossier-news"
TEMPLATE = Path(__file__).with_name("workflow.yaml")
SPARE = 30  # minutes beside the crawl, for all the rest of a job
_PLACE = re.compile(r"@([A-Z_]+)@")
_EXPRESSION = re.compile(r"\$\{\{")


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How often the crawl runs, for how long, and how many pages it may ask; times in minutes."""

    period: int
    minutes: int
    pages: int


def workflow(here: Installation, budget: Budget, requirement: str) -> str:
    """The workflow that crawls the first topic; `requirement` is what pip installs there."""
    if _EXPRESSION.search(one_line(requirement, "the requirement")):
        raise FileRefused(f"the requirement {requirement!r} holds ${{{{, which GitHub would work out; leave it out")
    topic = here.topics[0].name
    if not is_topic_name(topic):
        raise FileRefused(f"the topic {topic!r} makes no name of a release; rename its file, to heat-2024.toml or such")
    values = {
        "NAME": f"Dossier: {topic}",
        "CRON": every(budget.period, int(here.mark, 16) % budget.period).cron,
        "PAGES": str(budget.pages),
        "GROUP": f"dossier-{topic}",
        "TOPIC": topic,
        "SECONDS": str(budget.minutes * 60),
        "REQUIREMENT": requirement,
        "RELEASE": f"dossier-{topic}",
        "SNAPSHOT": f"snapshots/{topic}/latest",
    }
    known = {name: for_yaml(value) for name, value in values.items()}
    known |= {"MINUTES": str(budget.minutes + SPARE), "PAGES_EXPRESSION": f"'{budget.pages}'"}
    return _PLACE.sub(lambda found: known[found[1]], TEMPLATE.read_text("utf-8"))


def requirement_of(repository: Path) -> str:
    """What pip can install this Dossier from on another machine; FileRefused where it lies on this one only."""
    project = repository / "pyproject.toml"
    if project.is_file() and f'name = "{PROJECT}"' in project.read_text("utf-8", "replace"):
        return "."
    try:
        installed = distribution(PROJECT)
    except PackageNotFoundError:
        origin, release = None, ""
    else:
        origin, release = _origin(installed), installed.version
    if origin == "":
        return f"{PROJECT}=={release}"
    if origin is None or origin.startswith("file:"):
        raise FileRefused(
            "this Dossier was installed from a folder, which GitHub cannot see; put a wheel of it into the repository "
            "(pip wheel --no-deps --wheel-dir wheels FOLDER) and name it: --install wheels/FILE.whl"
        )
    return f"{PROJECT} @ {origin}"


def hint(here: Installation, file: Path, repository: Path) -> str:
    """How to bring the workflow to GitHub, to see its runs, and to stop it."""
    topic = here.topics[0]
    own = f"topics/{topic.name}.toml"
    name = shlex.quote(str(file.relative_to(repository)))
    is_shipped = topic.typed == topic.name
    there = is_shipped or (repository / own).is_file()
    copied = "" if there else f"mkdir -p topics && cp {shlex.quote(topic.typed)} {own} && "
    added = name if is_shipped else f"{name} {own}"
    return "\n".join(
        [
            f"Install:  {copied}git add {added} && git commit -m 'Crawl {topic.name}' && git push",
            f"See:      gh workflow run {file.name}; gh run list --workflow {file.name}",
            f"Remove:   gh workflow disable {file.name}; git rm {name}",
            "Mind:     in a public repository everybody can read the texts, which belong to their publishers.",
        ]
    )


def _origin(installed: Distribution) -> str | None:
    """Where a distribution came from: an address for pip, empty for an index, None where that cannot be read."""
    text = installed.read_text("direct_url.json")
    if text is None:
        return ""
    try:
        told = json.loads(text)
        if "vcs_info" in told:
            return f"{told['vcs_info']['vcs']}+{told['url']}@{told['vcs_info']['commit_id']}"
        return str(told["url"])
    except (ValueError, KeyError, TypeError):
        return None
