"""How near texts are in meaning, whatever their words: an optional help with the articles that are to be reviewed.

It blurs two events of one kind, so it decides nothing: it orders what lies between `review` and `keep`, where the words
have not decided either. The model is small, lies in the package of the extra, and is loaded when it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXTRA = "dossier-news[semantic]"

CHARACTERS = 2_000
"""Of a text that are read: what a report is about stands at its beginning."""
# By `benchmarks.meaning`: 5 references are too few, 100 no better; any worth from 0.25 to 1 gains as much.
REFERENCES = 20
"""Articles that are surely of the topic, which the others are compared with."""
WORTH = 0.5
"""What nearness (-1 to 1) adds to a score (0 to 1)."""


class MeaningMissing(Exception):  # noqa: N818 - what is missing is an extra, and the message says how it is had
    """The extra is not installed."""

    def __init__(self) -> None:
        super().__init__(f"to order by meaning needs an extra: pip install '{EXTRA}'")


class Meaning:
    """A model of word meanings: sentences as the weighted means of their words' vectors."""

    def __init__(self) -> None:
        if find_spec("wordllama") is None or find_spec("numpy") is None:
            raise MeaningMissing
        import wordllama  # noqa: PLC0415 - the extra is loaded only where it is asked for

        # It looks for the tokenizer that it ships under another name than it has; as its cache, its folder is right.
        folder = Path(wordllama.__file__).parent
        self._model: Any = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)

    def nearness(self, texts: Sequence[str], references: Sequence[str]) -> list[float]:
        """How near each text is to the references together, -1 to 1; 0 where there are none, or no words."""
        if not texts or not references:
            return [0.0] * len(texts)
        middle = self._vectors(references[:REFERENCES]).mean(axis=0)
        length = float((middle @ middle) ** 0.5)
        near = self._vectors(texts) @ (middle / length if length else middle)
        return [round(float(one), 5) for one in near]  # the last digits depend on what was read together

    def _vectors(self, texts: Sequence[str]) -> NDArray[Any]:
        """One vector of length 1 a text, of length 0 where it has no words."""
        # A lone surrogate is no text for the tokenizer.
        read = [text[:CHARACTERS].encode("utf-8", "replace").decode("utf-8") for text in texts]
        vectors: NDArray[Any] = self._model.embed(read, norm=False)
        lengths = (vectors * vectors).sum(axis=1, keepdims=True) ** 0.5
        even: NDArray[Any] = vectors / (lengths + (lengths == 0))
        return even


def reranked(scores: Sequence[float], nearness: Sequence[float]) -> list[int]:
    """The places of articles in the order in which they are worth looking at, the best first."""
    worth = [score + WORTH * near for score, near in zip(scores, nearness, strict=True)]
    return sorted(range(len(worth)), key=lambda place: (-worth[place], place))
