"""The articles to be reviewed in another order: by score and by how near they are in meaning to what surely belongs."""

from __future__ import annotations

from archive.queries import Reader, Row
from archive.reviews import beginning, surest, to_review
from pipelines.meaning import CHARACTERS, REFERENCES, Meaning, reranked

MOST = 2_000
"""Articles, the best by score, that are compared: a millisecond each."""


def reordered(db: Reader, topic: str, limit: int) -> list[Row]:
    """The best of a topic's articles that wait for an answer, each with its `nearness` (-1 to 1).

    Raises `MeaningMissing` where the extra is not installed.
    """
    meaning = Meaning()
    waiting = to_review(db, topic, MOST)
    texts = [beginning(db, one["id"], CHARACTERS) for one in waiting]
    nearness = meaning.nearness(texts, surest(db, topic, REFERENCES, CHARACTERS))
    order = reranked([one["score"] for one in waiting], nearness)[:limit]
    return [{**waiting[place], "nearness": round(nearness[place], 3)} for place in order]
