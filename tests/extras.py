"""The optional extra in tests: they skip where it is not installed, unless it has to be there."""

from __future__ import annotations

import os
from importlib.util import find_spec

import pytest

REQUIRED = os.environ.get("DOSSIER_REQUIRE_SEMANTIC")
needs_the_extra = pytest.mark.skipif(
    find_spec("wordllama") is None and not REQUIRED, reason="the extra is not installed: make semantic"
)
