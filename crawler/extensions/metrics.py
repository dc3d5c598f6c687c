"""The figures of a run, and of the archive after it, for Prometheus."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from archive.backlog import article_count, backlog
from archive.condition import weights
from archive.errors import StoreError, told
from archive.queries import DATABASE, open_reader
from crawler.metrics import ArchiveFigures, RunFigures, place_of, written
from crawler.process import ended
from crawler.times import now

logger = logging.getLogger(__name__)


class MetricsExtension:
    """Write the figures of a run when it is over; a look at the sources that fetches no page is none."""

    def __init__(self, crawler: Crawler, path: Path) -> None:
        self.crawler = crawler
        self.path = path

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        if (
            not settings["DOSSIER_TOPIC"]
            or not settings.getint("DOSSIER_MAX_PAGES")
            or crawler.spidercls.name != "topic"
        ):
            raise NotConfigured
        extension = cls(crawler, place_of(settings["DOSSIER_METRICS"], Path(settings["DOSSIER_DATA"])))
        crawler.signals.connect(extension.write, signal=signals.engine_stopped)
        return extension

    def write(self) -> None:
        """Write them; where that cannot be, the log says so and the run is none the worse."""
        stats, settings = self.crawler.stats.get_stats(), self.crawler.settings
        code = int(ended(str(stats.get("finish_reason", "shutdown")), stats).code)
        topic = Path(settings["DOSSIER_TOPIC"]).stem
        run = RunFigures(topic=topic, code=code, ended=now().timestamp(), stats=stats)
        try:
            written(self.path, run, figures(Path(settings["DOSSIER_DATA"])))
        except OSError as error:
            logger.warning("%s cannot be written (%s); DOSSIER_METRICS names another file", self.path, error.strerror)


def figures(data: Path) -> ArchiveFigures | None:
    """What the archive says of itself; None where it cannot be read just now."""
    try:
        with told(data / DATABASE):
            db = open_reader(data)
            try:
                count, waiting = article_count(db), backlog(db)
            finally:
                db.close()
    except StoreError:
        return None
    return ArchiveFigures(
        articles=count,
        disk=weights(data),
        review={one["topic"]: one["review"] for one in waiting},
        waiting={one["topic"]: one["waiting"] for one in waiting},
    )
