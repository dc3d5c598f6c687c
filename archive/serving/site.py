"""What all pages of a served archive share: its catalogue, its readers, the answers that are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive.catalogue.catalogue import Catalogue
from archive.serving.downloads import Downloads
from archive.serving.edition import Edition
from archive.serving.flights import Flights
from archive.serving.page_cache import PageCache
from archive.serving.readers import Readers

Differ = Callable[[str, str, str, str], Any]
"""The word-by-word difference of two texts from the titles and bodies of both: `pipelines.difference.difference`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One served archive. `searching` is a lane of its own, so that no search keeps other pages waiting."""

    data: Path
    catalogue: Catalogue
    readers: Readers
    searching: Readers
    difference: Differ
    edition: Edition
    cache: PageCache = field(default_factory=PageCache)
    flights: Flights = field(default_factory=Flights)
    downloads: Downloads = field(default_factory=Downloads)

    def close(self) -> None:
        """Wait for what is being answered, and give all files back."""
        self.readers.close()
        self.searching.close()
        self.catalogue.close()


def opened(data: Path, difference: Differ) -> Site:
    """The archive in a data folder, ready to be served; NoArchiveError where there is none."""
    catalogue = Catalogue(data)
    return Site(
        data=data,
        catalogue=catalogue,
        edition=Edition(catalogue.version),
        readers=Readers(data),
        searching=Readers(data, threads=2),
        difference=difference,
    )
