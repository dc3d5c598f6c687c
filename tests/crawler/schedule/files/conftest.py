from __future__ import annotations

from pathlib import Path

import pytest

from crawler.schedule.files.installation import Followed, Installation
from crawler.schedule.files.wishes import Wishes


@pytest.fixture
def here(tmp_path: Path) -> Installation:
    """A Dossier with two topics, in places that every quoting rule is about."""
    return Installation(
        program=("/opt/my tools/100%/$HOME/dossier",),
        data=tmp_path / 'it\'s "news" 100% $5',
        topics=(Followed(name="talks", typed="talks"), Followed(name="my heat", typed="/srv/my topics/my heat.toml")),
        wishes=Wishes(crawl_options=("-s", "DOSSIER_CONTACT=mailto:me@100%.example")),
    )
