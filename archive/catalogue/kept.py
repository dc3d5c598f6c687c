"""What was worked out once and may be wanted again, within a bound of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from itertools import islice
from typing import Generic, TypeVar

V = TypeVar("V")

LOOKED_AT = 16  # values, one of which makes room


class Kept(Generic[V]):
    """Values by key; of those that were not asked for longest, the largest makes room. Any thread may use it.

    So a few large answers that come in turn do not drive out all small ones.
    """

    def __init__(self, room: int) -> None:
        """`room` is in bytes."""
        self.room, self.used = room, 0
        self.values: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: Hashable) -> V | None:
        """The value of a key, if it is still there."""
        with self.lock:
            found = self.values.get(key)
            if found is None:
                return None
            self.values.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: V, weight: int) -> None:
        """Keep a value that takes so many bytes, in place of what was kept by that key."""
        with self.lock:
            self.used -= self.values.pop(key, (None, 0))[1]
            if weight > self.room:
                return
            self.values[key] = value, weight
            self.used += weight
            while self.used > self.room:
                oldest = list(islice(self.values, LOOKED_AT))
                self.used -= self.values.pop(max(oldest, key=lambda one: self.values[one][1]))[1]

    def drop(self, is_old: Callable[[V], bool]) -> None:
        """Forget some values."""
        with self.lock:
            for key in [key for key, (value, _) in self.values.items() if is_old(value)]:
                self.used -= self.values.pop(key)[1]
