"""One run: a topic and options become settings, the settings a Scrapy process, and its end an exit code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from archive.lock import ArchiveBusy
from archive.store import StoreError
from crawler.exits import Exit
from crawler.logs import OWN, install
from crawler.manners import manners
from pipelines.items import Page
from pipelines.topic import TopicError

SETTINGS_MODULE = "crawler.settings"
INTERRUPTED = {"shutdown", "memusage_exceeded"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a run ended: Scrapy's closing reason, the run's own figures, and the exit code that tells the truth."""

    code: Exit
    reason: str
    message: str = ""
    stats: Mapping[str, Any] = field(default_factory=dict)

    def count(self, key: str) -> int:
        """One figure of the run, 0 where it has none."""
        return int(self.stats.get(f"dossier/{key}", 0))


def project_settings(overrides: Mapping[str, Any]) -> Settings:
    """The project's settings with those of this run on top."""
    settings = Settings()
    settings.setmodule(SETTINGS_MODULE, priority="project")
    settings.setdict(dict(overrides), priority="cmdline")
    return settings


def run(spider: str, overrides: Mapping[str, Any], **arguments: Any) -> Result:
    """Run one spider to its end in this process; it can be done once a process (Twisted's reactor runs once)."""
    said = manners()
    quiet = {"DOSSIER_PROGRESS": False} if said.quiet else {}
    settings = project_settings({**said.settings(), **overrides, **quiet, **OWN})
    process = AsyncCrawlerProcess(settings)
    install(settings)
    crawler = process.create_crawler(spider)
    task = process.crawl(crawler, **arguments)
    process.start()
    stats = dict(crawler.stats.get_stats()) if crawler._stats is not None else {}  # noqa: SLF001 - unset if it failed early
    error = task.exception() if task.done() and not task.cancelled() else None
    if error is not None:
        return failed(error, stats)
    return ended(str(stats.get("finish_reason", "shutdown")), stats)


class PageLost(Exception):  # noqa: N818 - an outcome of the network, named as the user meets it
    """A page that could not be fetched; the message says why."""


def fetch_page(url: str, overrides: Mapping[str, Any] | None = None) -> Page:
    """One page, fetched by the rules that every fetch keeps; raises `PageLost` with the reason where there is none.

    Like `run`, it can be called once a process; it writes into no archive.
    """
    pages: list[Page] = []
    reasons: list[str] = []
    with TemporaryDirectory(prefix="dossier-") as folder:
        own = {"DOSSIER_DATA": folder, "ITEM_PIPELINES": {}, "LOG_LEVEL": "ERROR", "DOSSIER_PROGRESS": False}
        result = run("page", {**own, **(overrides or {})}, url=url, got=pages.append, lost=reasons.append)
    if not pages:
        raise PageLost(f"{url}: {'; '.join(reasons) or result.message or result.reason}")
    if pages[0].status != 200:
        raise PageLost(f"{url}: the server answered HTTP {pages[0].status}")
    return pages[0]


def failed(error: BaseException, stats: Mapping[str, Any]) -> Result:
    """The result of a run that could not begin; faults of ours are raised again."""
    match error:
        case ArchiveBusy():
            return Result(code=Exit.BUSY, reason="busy", message=str(error), stats=stats)
        case StoreError():
            return Result(code=Exit.NOT_STORED, reason="store_failed", message=str(error), stats=stats)
        case TopicError():
            return Result(code=Exit.USAGE, reason="topic", message=str(error), stats=stats)
    raise error


def ended(reason: str, stats: Mapping[str, Any]) -> Result:
    """The result of a run that began."""
    if message := stats.get("dossier/store_failed"):
        return Result(code=Exit.NOT_STORED, reason="store_failed", message=str(message), stats=stats)
    if reason in INTERRUPTED:
        return Result(code=Exit.INTERRUPTED, reason=reason, message=interruption(reason), stats=stats)
    asked = stats.get("downloader/request_count", 0)
    if asked and not stats.get("downloader/response_count", 0):
        if unread := stats.get("dossier/unread"):
            return Result(code=Exit.UNREACHABLE, reason="unreadable", message=str(unread), stats=stats)
        message = "nothing could be reached: is the network (or the proxy) up?"
        return Result(code=Exit.UNREACHABLE, reason="unreachable", message=message, stats=stats)
    if faults := stats.get("dossier/faults", 0) or stats.get("spider_exceptions/count", 0):
        message = f"{faults} faults of our own; the last: {stats.get('dossier/last_fault', 'see the log')}"
        return Result(code=Exit.FAULT, reason="fault", message=message, stats=stats)
    return Result(code=Exit.DONE, reason=reason, stats=stats)


def interruption(reason: str) -> str:
    """What to say of a run that ended before its work did."""
    why = "the memory limit was reached" if reason == "memusage_exceeded" else "stopped by request"
    return f"{why}; everything is kept, and the next run goes on from here"
