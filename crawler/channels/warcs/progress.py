"""How far the reading of a WARC file has come, and what it saw; a question carries it to the next in its trail."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass
from typing import Any

from crawler.channels.reading.fault import counted
from crawler.channels.warcs.records import Records

_NUMBERS = re.compile(r"(?:-?[0-9]{1,18} ){5}-?[0-9]{1,18}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Counts of one file; `lost` is the offset of what is broken and behind which no record has come, -1 for none."""

    records: int = 0
    pages: int = 0
    promising: int = 0
    broken: int = 0
    large: int = 0
    lost: int = -1

    @classmethod
    def of(cls, text: str) -> Progress:
        """The progress that `str` wrote; none where it did not."""
        if not _NUMBERS.fullmatch(text):
            return cls()
        records, pages, promising, broken, large, lost = map(int, text.split())
        return cls(records=records, pages=pages, promising=promising, broken=broken, large=large, lost=lost)

    def __str__(self) -> str:
        return " ".join(map(str, astuple(self)))

    def after(self, records: Records[Any], pages: int, promising: int) -> Progress:
        """The progress after one more range."""
        return Progress(
            records=self.records + records.count,
            pages=self.pages + pages,
            promising=self.promising + promising,
            broken=self.broken + records.broken,
            large=self.large + records.large,
            lost=-1 if records.lost is None else records.lost,
        )

    @property
    def said(self) -> str:
        """The counts as the ledger words them."""
        counts = [
            counted(self.records, "record", "records"),
            counted(self.pages, "page", "pages"),
            f"{self.promising:,} promising",
        ]
        if self.broken:
            counts.append(f"{self.broken:,} broken and passed over")
        if self.large:
            counts.append(f"{self.large:,} too large and passed over")
        return ", ".join(counts)
