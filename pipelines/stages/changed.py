"""What a page is to the article that the archive knows under its identity: the same, another version, an earlier text.

docs/decisions/0007-what-is-a-version.md says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from archive.members import payload_digest
from archive.rows import KnownArticle
from archive.store import Archive
from archive.texts import KeptText
from pipelines.changes import Beside, Boring, Told, beside, boring
from pipelines.corrections import notices_in
from pipelines.items import Article, Capture, Change, Kinship, Page, Sketch
from pipelines.sketches import content_hash, sketch

Happened = tuple[tuple[str, str], ...]


def kinship_of_known(archive: Archive, capture: Capture, known: KnownArticle, content: str, drawn: Sketch) -> Kinship:
    """What a page is to an article that is here; `content` is the hash of what it says, `drawn` the sketch of that."""
    assert capture.article is not None
    found = Kinship(
        change="unchanged", content_hash=content, sketch=drawn, article_id=known.id, story_id=known.story_id
    )
    if is_older(capture.page, known):
        return replace(found, is_past=True)
    back: Happened = (("returned", ""),) if known.removed and capture.page.captured is None else ()
    if known.content_hash == content:
        return replace(found, happened=back + respaced(archive, capture, known))
    change, happened, again = compared(archive, capture, known, content)
    if again is not None and change == "restored":
        found = replace(found, content_hash=again.content_hash, sketch=sketch(again.body))
    if change in {"version", "restored"}:
        happened += announced(capture.article)
    return replace(found, change=change, happened=back + happened)


def compared(
    archive: Archive, capture: Capture, known: KnownArticle, content: str
) -> tuple[Change, Happened, KeptText | None]:
    """How a page of other content changes an article, what else happened, and the earlier text that it shows."""
    article, earlier = capture.article, capture.earlier
    assert article is not None
    text = archive.texts.now(known.id)
    if (kinds := boring(told(text), told(article), around(capture))) is not None:
        return "unchanged", bored(kinds), None
    if earlier is not None:
        if content_hash(earlier.title, earlier.body) == content:
            return "refreshed", (), None
        if (kinds := boring(told(earlier), told(article), around(capture))) is not None:
            return "refreshed", bored(kinds), None
    again = shown_again(archive, article, known.id, content)
    if again is None:
        return "version", (), None
    change: Change = "restored" if is_back(archive, capture, text, again) else "flapping"
    return change, ((change, again.fetched),), again


def is_told(archive: Archive, article: Article, known: KnownArticle, content: str) -> bool:
    """Whether a text of the archive says already what an article says, so that nobody has to read its page again."""
    if known.content_hash == content:
        return True
    if boring(told(archive.texts.now(known.id)), told(article), beside(article.captions)) is not None:
        return True
    return shown_again(archive, article, known.id, content) is not None


def shown_again(archive: Archive, article: Article, article_id: int, content: str) -> KeptText | None:
    """The earlier text of an article that says what this one says."""
    stands = beside(article.captions, article.furniture)
    texts = archive.texts.earlier(article_id, content)
    said = told(article)
    return next((one for one in texts if one.content_hash == content or boring(told(one), said, stands) is not None),
                None)  # fmt: skip


def is_back(archive: Archive, capture: Capture, text: KeptText, again: KeptText) -> bool:
    """Whether an earlier text is there to stay.

    Its page says so where it was modified later than the text of now; a page modified earlier is an old copy that some
    server still has. Where it says neither, the look before must have found the same text.
    """
    assert capture.article is not None
    modified, before = capture.article.modified, datetime.fromisoformat(text.modified) if text.modified else None
    if modified and before and modified.replace(microsecond=0) != before:
        return modified > before
    reason = archive.candidates.reason(capture.candidate.id or 0)
    return reason == flapping_reason(again.fetched)


def reason_of(kinship: Kinship) -> str:
    """What there is to tell of a page that brought no new text; nothing where nothing changed."""
    details = dict(kinship.happened)
    if kinship.change == "flapping":
        return flapping_reason(details["flapping"])
    if kinship.change == "restored":
        return f"an earlier text of it is back, that of {details['restored']}"
    if kinship.change == "refreshed":
        return "the page says what it said; it was read by other rules"
    kinds = [detail for kind, detail in kinship.happened if kind == "boring"]
    return f"the page changed and says the same: {', '.join(kinds)}" if kinds else ""


def flapping_reason(since: str) -> str:
    """What is told of a look that found an earlier text, which the archive has since that time."""
    return f"an earlier text of it is shown again, that of {since}"


def respaced(archive: Archive, capture: Capture, known: KnownArticle) -> Happened:
    """Whether a page of the same content has other white space, which is looked at where its bytes are others."""
    assert capture.article is not None
    if known.digest == payload_digest(capture.page.body):
        return ()
    text, article = archive.texts.now(known.id), capture.article
    return () if (text.title, text.body) == (article.title, article.body) else bored(("white space",))


def announced(article: Article) -> Happened:
    """What an article says of itself: that it was corrected, updated or explained."""
    return tuple((notice.kind, notice.words) for notice in notices_in(article.body))


def bored(kinds: Sequence[Boring]) -> Happened:
    """The events of a page that says what it said."""
    return tuple(("boring", kind) for kind in kinds)


def is_older(page: Page, known: KnownArticle) -> bool:
    """Whether a page out of a web archive is no newer than the text that is here: it must not take its place."""
    return page.captured is not None and bool(known.fetched) and page.captured <= datetime.fromisoformat(known.fetched)


def around(capture: Capture) -> Beside:
    """What stands beside the text of a page, or did."""
    articles = [one for one in (capture.article, capture.earlier) if one is not None]
    return beside([caption for one in articles for caption in one.captions])


def told(text: Article | KeptText) -> Told:
    """What is compared of a text."""
    return Told(title=text.title, body=text.body)
