"""The texts of an article, the one of now and those before it: what a page that seems changed is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archive.store import Archive

MOST = 4  # earlier texts that a page is compared with

NOW = "SELECT content_hash, fetched, title, body, modified FROM articles WHERE id = ?"

# The one of the same content first, wherever it stands; then the newest.
EARLIER = f"""
SELECT content_hash, fetched, title, body, NULL FROM versions WHERE article_id = ?
ORDER BY content_hash != ?, id DESC LIMIT {MOST}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptText:
    """One text of an article: since when the archive has it, and when its page said that it was modified.

    Times are ISO 8601 UTC text; `modified` is None where it is not known, as of all earlier texts.
    """

    content_hash: str
    fetched: str
    title: str
    body: str = field(repr=False)
    modified: str | None


class Texts:
    """The texts of the articles of an archive."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive

    def now(self, article_id: int) -> KeptText:
        """The text that an article has."""
        with self.archive.reading() as db:
            return kept_text(*db.execute(NOW, [article_id]).fetchone())

    def earlier(self, article_id: int, content_hash: str) -> list[KeptText]:
        """Texts that an article had: first the one of this content, if it is among them, then the newest of them."""
        with self.archive.reading() as db:
            return [kept_text(*row) for row in db.execute(EARLIER, [article_id, content_hash]).fetchall()]


def kept_text(content_hash: str, fetched: str, title: str, body: str, modified: str | None) -> KeptText:
    """A row of NOW or EARLIER, frozen."""
    return KeptText(content_hash=content_hash, fetched=fetched, title=title, body=body, modified=modified)
