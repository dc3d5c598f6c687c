"""The way through the WARC files of a source, as a question carries it in its trail to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.channels.warcs.ccfiles import Part, is_file
from crawler.channels.warcs.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How far the file under way is read, the names of its month that follow, and the parts of months after that."""

    progress: Progress = field(default_factory=Progress)
    names: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    @classmethod
    def of(cls, trail: tuple[str, ...]) -> Route:
        """The route that `trail` wrote."""
        names = tuple(text for text in trail[1:] if is_file(text))
        parts = tuple(Part.of(text) for text in trail[1:] if not is_file(text))
        return cls(progress=Progress.of("".join(trail[:1])), names=names, parts=parts)

    @property
    def trail(self) -> tuple[str, ...]:
        """The route in words."""
        return (str(self.progress), *self.names, *map(str, self.parts))
