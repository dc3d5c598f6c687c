"""Where an article of the archive would belong if it came in now: what a merge groups anew is grouped by one rule."""

from __future__ import annotations

from array import array
from datetime import datetime

from archive.merging.companies import Member
from archive.store import Archive
from pipelines.items import Article, Sketch
from pipelines.similarity import RULE
from pipelines.stages.kin import Joined, joined


def joins(archive: Archive, member: Member) -> Joined:
    """The story of an archive that an article joins which is not in it yet."""
    published = datetime.fromisoformat(member.published) if member.published else None
    article = Article(title=member.title, body=member.lead, published=published, wire=member.wire)
    drawn = Sketch(words=member.words, words_hash=member.words_hash, hashes=tuple(array("q", member.sketch)))
    return joined(archive, article, member.outlet, drawn, RULE)
