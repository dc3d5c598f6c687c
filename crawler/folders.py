"""Where things lie: the data folder, and the folders in which a topic is looked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from platformdirs import user_data_path

PACKAGED_TOPICS = Path(__file__).parent / "topics"
DEFAULT_TOPIC = "us-taliban-peace-talks"


def data_folder(option: str | None = None, environ: Mapping[str, str] = os.environ, here: Path | None = None) -> Path:
    """The archive's folder: the option, else DOSSIER_DATA, else archive/data beside scrapy.cfg, else the user's own."""
    if chosen := option or environ.get("DOSSIER_DATA"):
        return Path(chosen).expanduser().resolve()
    start = (here or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / "scrapy.cfg").is_file() and (folder / "archive").is_dir():
            return folder / "archive" / "data"
    return user_data_path("dossier")


def topic_folders(data: Path, here: Path | None = None) -> tuple[Path, ...]:
    """Where a topic's name is looked up, in order: the working folder, the data folder, the packaged ones."""
    return ((here or Path.cwd()) / "topics", data / "topics", PACKAGED_TOPICS)
