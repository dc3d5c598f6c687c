"""What happens when a backup is put in the place of an archive that is served: all is opened again, and soon."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import Any

from archive.errors import StoreError
from archive.serving.datasette_versions import forgotten
from archive.serving.site import Site, opened

AGAIN = 10.0  # seconds after which it is tried again, where the new archive cannot be opened
GRACE = 30.0  # seconds in which the answers that are being made of the old one come to their end


class Renewal:
    """The site that is served. For one event loop."""

    def __init__(self, datasette: Any) -> None:
        self.datasette = datasette
        self.tried = float("-inf")
        self.told = ""
        self.renewing: asyncio.Task[None] | None = None
        self.closing: set[asyncio.Task[None]] = set()

    async def current(self) -> tuple[Site, int]:
        """The site, of the archive that lies in the folder, and its version."""
        site: Site = self.datasette.dossier
        version = await site.edition.version()
        if not site.catalogue.is_replaced or time.monotonic() - self.tried < AGAIN:
            return site, version
        if self.renewing is None:
            self.renewing = asyncio.ensure_future(self._renew(site))
        await asyncio.shield(self.renewing)
        renewed: Site = self.datasette.dossier
        return renewed, await renewed.edition.version()

    async def _renew(self, site: Site) -> None:
        """Open what is there now; where that cannot be, the old one goes on."""
        try:
            self.datasette.dossier = await asyncio.to_thread(opened, site.data, site.difference)
        except StoreError as error:
            self.tried = time.monotonic()
            if self.told != str(error):
                self.told = str(error)
                print(f"The archive was replaced, and the new one cannot be served: {error}", file=sys.stderr)
        else:
            self.told = ""
            forgotten(self.datasette)
            print("The archive was replaced, and opened again.", file=sys.stderr)
            closing = asyncio.ensure_future(_close(site))
            self.closing.add(closing)
            closing.add_done_callback(self.closing.discard)
        finally:
            self.renewing = None


async def _close(site: Site) -> None:
    try:
        await asyncio.sleep(GRACE)
    finally:
        await asyncio.to_thread(site.close)
