"""Common Crawl's news files as their readers describe them, for a scripted web on loopback.

    web["data.example"] = CcNews({"crawl-data/CC-NEWS/2019/01/CC-NEWS-20190109000000-00000.warc.gz": data})

The list of each month is made from the files' names. `slow_down` says that every so-manieth request is answered
503 "Slow Down"; `ranges` False plays a server that knows none.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.loopback import MISSING, Hit, Reply

_RANGE = re.compile(r"bytes=([0-9]+)-([0-9]*)")
_LIST = re.compile(r"(crawl-data/CC-NEWS/[0-9]{4}/[0-9]{2})/warc\.paths\.gz")

SLOW_DOWN = Reply(
    status=503,
    body=b"<?xml version='1.0'?><Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>",
    headers=(("Content-Type", "application/xml"),),
)


@dataclass(kw_only=True)
class CcNews:
    """The server: call it with a hit. `served` are the ranges that it gave, in order."""

    files: Mapping[str, bytes]
    slow_down: int = 0
    ranges: bool = True
    asked: int = 0
    served: list[tuple[str, int, int]] = field(default_factory=list)

    def __call__(self, hit: Hit) -> Reply:
        """The reply to one request."""
        self.asked += 1
        if self.slow_down and self.asked % self.slow_down == 0:
            return SLOW_DOWN
        path = urlsplit(hit.url).path.lstrip("/")
        if found := _LIST.fullmatch(path):
            return paths_reply(self.files, found[1])
        if path not in self.files:
            return MISSING
        wanted = hit.headers.get("range", "") if self.ranges else ""
        reply = range_reply(self.files[path], wanted)
        if reply.status == 206:
            first = int(wanted.removeprefix("bytes=").partition("-")[0])
            self.served.append((path, first, len(reply.body)))
        return reply


def paths_reply(files: Mapping[str, bytes], folder: str) -> Reply:
    """The list of a month's files, with itself among them as the bucket has it; 404 where the month has none."""
    names = sorted(name for name in files if name.startswith(f"{folder}/"))
    if not names:
        return MISSING
    lines = "".join(f"{name}\n" for name in [*names, f"{folder}/warc.paths.gz"])
    return Reply(body=gzip.compress(lines.encode(), mtime=0), headers=(("Content-Type", "binary/octet-stream"),))


def range_reply(data: bytes, wanted: str) -> Reply:
    """A file, or the range of it that is wanted: 206 with Content-Range, 416 behind its end."""
    headers = (("Content-Type", "application/octet-stream"), ("Accept-Ranges", "bytes"))
    found = _RANGE.fullmatch(wanted)
    if found is None:
        return Reply(body=data, headers=headers)
    first, last = int(found[1]), min(int(found[2] or len(data)), len(data) - 1)
    if first > last:
        return Reply(status=416, headers=(*headers, ("Content-Range", f"bytes */{len(data)}")))
    given = ("Content-Range", f"bytes {first}-{last}/{len(data)}")
    return Reply(status=206, body=data[first : last + 1], headers=(*headers, given))
