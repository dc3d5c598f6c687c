"""Dated snapshots: the archive as files that are the same, byte for byte, as long as nothing changed."""

from archive.snapshots.outcome import Snapshot
from archive.snapshots.taking import snapshot

__all__ = ["Snapshot", "snapshot"]
