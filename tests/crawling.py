"""A real crawl in a process of its own, which is `probe.py`.

A step is a request ({"url": ...} and what `Probe.request` reads), {"sleep": seconds}, {"hurry": true} (give up what is
open) or {"gc": true} (throw idle slots away now).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PROBE = Path(__file__).with_name("probe.py")
SMALL = {
    "DOWNLOAD_DELAY": 0,
    "AUTOTHROTTLE_ENABLED": False,
    "ITEM_PIPELINES": {},
    "SPIDER_MODULES": [],
    "LOG_LEVEL": "ERROR",
    "DOSSIER_ALLOW_PRIVATE": [".example"],
}


def crawl(
    steps: Sequence[Mapping[str, Any]],
    data: Path,
    *,
    environment: Mapping[str, str] | None = None,
    names: Mapping[str, Sequence[str]] | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """How each step's request ended, by its name (its URL, where it has none), and the run's figures as "stats"."""
    job = {"steps": list(steps), "names": names or {}, "settings": {**SMALL, "DOSSIER_DATA": str(data), **settings}}
    clean = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(PROBE)],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        timeout=60,
        env={**clean, **(environment or {})},
        cwd=ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    results = json.loads(done.stdout.splitlines()[-1])
    results["log"] = done.stderr
    return results
