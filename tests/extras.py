"""What is optional on a machine: tests of it skip with a word where it is missing, unless it has to be there."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

import pytest

needs_the_extra = pytest.mark.skipif(
    find_spec("wordllama") is None and not os.environ.get("DOSSIER_REQUIRE_SEMANTIC"),
    reason="the extra is not installed: make semantic",
)


def needs(tool: str, package: str = "") -> pytest.MarkDecorator:
    """Skip where a program of the system is missing; `.ci/run` installs it and asks for it."""
    is_missing = shutil.which(tool) is None and not os.environ.get("DOSSIER_REQUIRE_TOOLS")
    return pytest.mark.skipif(is_missing, reason=f"no {tool} here: install the package {package or tool}")
