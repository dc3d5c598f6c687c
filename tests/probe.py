"""The crawl that `crawling.crawl` starts: a job on standard input, how each request ended on standard output."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
JOB = json.loads(sys.stdin.read())


def name_hosts(names: Mapping[str, Sequence[str]]) -> None:
    """Make names lead where a test wants them to, in the system's own resolver."""
    real = socket.getaddrinfo

    def looked_up(host, port, *rest, **options):
        answers = [real(address, port, *rest, **options) for address in names.get(host, [host])]
        return [row for rows in answers for row in rows]

    socket.getaddrinfo = looked_up


name_hosts(JOB["names"])  # before Twisted takes hold of the system's resolver

from scrapy import Request, Spider  # noqa: E402
from scrapy.crawler import AsyncCrawlerProcess  # noqa: E402

from archive.rows import TakenRow  # noqa: E402
from archive.store import Archive  # noqa: E402
from crawler.channels.ask import Ask  # noqa: E402
from crawler.handlers import hurry  # noqa: E402
from crawler.process import project_settings  # noqa: E402
from pipelines.topic import Source  # noqa: E402


class Probe(Spider):
    """Ask what it is told to, and say how that ended."""

    name = "probe"
    steps: Sequence[Mapping[str, Any]] = ()

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.results: dict[str, Any] = {}

    async def start(self):
        for step in self.steps:
            if "sleep" in step:
                await asyncio.sleep(step["sleep"])
            elif "hurry" in step:
                self.crawler.signals.send_catch_log(hurry)
            elif "gc" in step:
                self.crawler.engine.downloader._slot_gc(0)
            else:
                yield self.request(step)

    def request(self, step: Mapping[str, Any]) -> Request:
        meta: dict[str, Any] = dict(step.get("meta", {}))
        if step.get("kind") == "article":
            meta["dossier_candidate"] = self.taken(step)
        if step.get("kind") == "ask":
            meta["dossier_ask"] = self.ask(step)
        return Request(
            step["url"],
            meta=meta,
            cb_kwargs={"step": step},
            callback=self.came,
            errback=self.failed,
            headers=step.get("headers"),
        )

    def taken(self, step: Mapping[str, Any]):
        return TakenRow(
            id=1,
            url=step["url"],
            host="h",
            title="",
            published=None,
            score=0.0,
            tries=0,
            known=step.get("known", False),
        )

    def ask(self, step: Mapping[str, Any]):
        return Ask(url=step["url"], source=Source(channel="feeds", url=step["url"]), kind="feed")

    async def came(self, response, step):
        validator = response.meta.get("dossier_validator")
        if validator is not None and step.get("remember"):
            archive = Archive.shared(Path(self.settings["DOSSIER_DATA"]))
            archive.validators.put(validator)
            archive.close()
        self.results[step.get("name", step["url"])] = {
            "url": response.url,
            "status": response.status,
            "size": len(response.body),
            "body": response.body[:200].decode("latin-1"),
            "kind": type(response).__name__,
            "flags": response.flags,
            "encoding": response.headers.get("Content-Encoding", b"").decode(),
            "redirects": response.meta.get("redirect_urls", []),
            "validator": [validator.url, validator.etag, validator.last_modified, validator.polls]
            if validator
            else None,
        }
        for further in step.get("then", ()):
            yield self.request(further)

    async def failed(self, failure):
        error, step = failure.value, failure.request.cb_kwargs["step"]
        until = getattr(error, "until", None)
        self.results[step.get("name", step["url"])] = {
            "error": type(error).__name__,
            "reason": str(error),
            "by": getattr(error, "by", None),
            "until": until.isoformat() if until else None,
        }
        for further in step.get("then", ()):
            yield self.request(further)


def main() -> None:
    settings = project_settings(JOB["settings"])
    ours = dict.fromkeys(settings.getdict("EXTENSIONS"))
    settings.set("EXTENSIONS", ours, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(Probe)
    process.crawl(crawler, steps=JOB["steps"])
    process.start()
    stats = {name: value for name, value in crawler.stats.get_stats().items() if isinstance(value, int | float | str)}
    print(json.dumps({**crawler.spider.results, "stats": stats}))


main()
