"""WARC files of this machine, served in ranges to the same engine that fetches everything else."""

from __future__ import annotations

import asyncio
import os
import re
import stat
from pathlib import Path
from urllib.parse import quote, unquote_to_bytes, urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.bodies import BadAnswer

SCHEME = "warc"
HOST = "localhost"  # as in file://localhost/: of warc:///path Scrapy makes warc:/path, which it refuses
_RANGE = re.compile(rb"bytes=([0-9]{1,15})-([0-9]{1,15})?")


class WarcUnreadable(BadAnswer):
    """A file that cannot be read; the message names the file, the fault and the mend."""


class WarcDownloadHandler(BaseDownloadHandler):
    """`warc://localhost/abs/path`: the range of a regular file that the Range header names, `DOWNLOAD_MAXSIZE` at most.

    Answers as a server does: 206 with Content-Range, 416 behind the end. Without a range it is 200 with the whole file.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.limit = crawler.settings.getint("DOWNLOAD_MAXSIZE")

    async def download_request(self, request: Request) -> Response:
        """The bytes that were asked for; WarcUnreadable where they cannot be had."""
        path = path_of(request.url)
        wanted = request.headers.get("Range")
        found = _RANGE.fullmatch(wanted) if wanted else None
        if wanted and found is None:
            raise WarcUnreadable(f"{path}: a range that is none; ask for bytes=FIRST-LAST")
        first = int(found[1]) if found else 0
        last = int(found[2]) if found and found[2] else None
        body, size = await asyncio.to_thread(read_range, path, first, last, self.limit)
        headers = {"Content-Type": "application/warc", "Accept-Ranges": "bytes"}
        if not found:
            return Response(request.url, status=200, headers=headers, body=body)
        if not body:
            return Response(request.url, status=416, headers={**headers, "Content-Range": f"bytes */{size}"})
        headers["Content-Range"] = f"bytes {first}-{first + len(body) - 1}/{size}"
        return Response(request.url, status=206, headers=headers, body=body)


def warc_url(path: Path) -> str:
    """The address of a local WARC file, as the channel ccnews and its candidates use it."""
    return f"{SCHEME}://{HOST}{quote(os.fsencode(path.resolve()))}"


def path_of(url: str) -> Path:
    """The file that a `warc:` address means; WarcUnreadable where it means none."""
    parts = urlsplit(url)
    path = os.fsdecode(unquote_to_bytes(parts.path))
    if parts.scheme != SCHEME or parts.netloc not in {"", HOST} or not path.startswith("/") or "\0" in path:
        raise WarcUnreadable(f"{url[:200]}: no address of a local file; write warc://localhost/folder/file.warc.gz")
    return Path(path)


def read_range(path: Path, first: int, last: int | None, limit: int) -> tuple[bytes, int]:
    """The bytes of a regular file from `first` to `last` (None: its end), and its size; WarcUnreadable, else."""
    try:
        entry = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe would wait for its other end
        with os.fdopen(entry, "rb", buffering=0) as file:
            status = os.fstat(entry)
            if not stat.S_ISREG(status.st_mode):
                raise WarcUnreadable(f"{path}: is no regular file; name a .warc or .warc.gz file")
            end = status.st_size if last is None else min(last + 1, status.st_size)
            if end - first > limit:
                raise WarcUnreadable(f"{path}: {end - first:,} bytes at once; ask for {limit:,} at most")
            file.seek(min(first, status.st_size))
            return _whole(file.read(max(end - first, 0)), end - first, path), status.st_size
    except FileNotFoundError as error:
        raise WarcUnreadable(f"{path}: is not there; put it back, or name where it is now with --warc") from error
    except PermissionError as error:
        raise WarcUnreadable(f"{path}: may not be read; allow it (chmod u+r)") from error
    except OSError as error:
        raise WarcUnreadable(f"{path}: {error.strerror or error}; look at the disk or the name") from error


def _whole(data: bytes, wanted: int, path: Path) -> bytes:
    if len(data) < wanted:
        raise WarcUnreadable(f"{path}: became shorter while it was read; ask again when it is complete")
    return data
