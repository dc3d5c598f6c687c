"""JSON Feed 1.0 and 1.1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from crawler.channels.ask import ChannelRefused
from crawler.channels.reading.dates import moment
from crawler.channels.reading.entries import MAX_SUMMARY, MAX_TITLE, Entry, is_address
from crawler.channels.reading.markup import joined
from crawler.channels.reading.plaintext import plain

MAX_VALUES = 500_000  # objects and lists: each costs many times its two characters of JSON
MAX_CHARACTERS = 10 << 20
_ITEMS = re.compile(r'"items"\s*+:\s*+\[')
_GAP = re.compile(r"[\s,]*+")


class JsonItems:
    """The items of a JSON Feed, in order.

    `is_cut` says afterwards whether the document ended too early, `next` where it says that the feed goes on (as
    written, or empty).
    """

    def __init__(self, text: str) -> None:
        self.text = text.lstrip("\ufeff \t\r\n")
        self.is_cut = False
        self.next = ""

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """Each item that is an object; ChannelRefused where the document is no feed."""
        if len(self.text) > MAX_CHARACTERS or self.text.count("{") + self.text.count("[") > MAX_VALUES:
            raise ChannelRefused("JSON larger than a feed can be")
        try:
            feed = json.loads(self.text, strict=False)
        except (ValueError, RecursionError):
            items: Iterator[Any] = self._whole_ones()
        else:
            if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
                raise ChannelRefused("JSON without items: no JSON Feed")
            items = iter(feed["items"])
            self.next = _said(feed, "next_url")
        yield from (item for item in items if isinstance(item, dict))

    def _whole_ones(self) -> Iterator[Any]:
        """What stands before the cut."""
        begin = _ITEMS.search(self.text)
        if begin is None:
            raise ChannelRefused("JSON that cannot be read")
        self.is_cut = True
        decoder, position = json.JSONDecoder(strict=False), begin.end()
        for _ in range(MAX_VALUES):
            gap = _GAP.match(self.text, position)
            try:
                item, position = decoder.raw_decode(self.text, gap.end() if gap else position)
            except (ValueError, RecursionError):
                return
            yield item


def json_entry(item: Mapping[str, Any], base: str) -> Entry:
    """What an item of a JSON Feed announces. An `id` is the link only where it is an address and nothing else is."""
    url = _said(item, "url") or _said(item, "external_url")
    if not url and is_address(identifier := _said(item, "id")):
        url = identifier
    return Entry(
        url=joined(base, url) if url else "",
        title=plain(_said(item, "title"), MAX_TITLE),
        published=moment(_said(item, "date_published")) or moment(_said(item, "date_modified")),
        summary=plain(
            _said(item, "summary") or _said(item, "content_text") or _said(item, "content_html"), MAX_SUMMARY
        ),
    )


def _said(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return value.strip() if isinstance(value, str) else ""
