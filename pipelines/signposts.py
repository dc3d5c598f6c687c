"""Words in addresses that point at lists, services and traps: what each set is stands beside its words."""

from __future__ import annotations

import re
from pathlib import Path

_SECTION = re.compile(r"^\[(\w+)\]\n([^\[]*)", re.MULTILINE)
_COMMENT = re.compile(r"^#.*", re.MULTILINE)
_WORDS = {
    name: frozenset(_COMMENT.sub("", words).split())
    for name, words in _SECTION.findall(Path(__file__).with_name("signposts.txt").read_text("utf-8"))
}

LISTINGS = _WORDS["listings"]
SERVICES = _WORDS["services"]
LISTS = _WORDS["lists"]
WARNINGS = _WORDS["warnings"]
DESKS = _WORDS["desks"]
ARTICLES = _WORDS["articles"]
FACETS = _WORDS["facets"]
QUERIES = _WORDS["queries"]
PAGES = _WORDS["pages"]
OFFSETS = _WORDS["offsets"]
SESSIONS = _WORDS["sessions"]
DATES = _WORDS["dates"]
FILES = _WORDS["files"]
ELSEWHERE = _WORDS["elsewhere"]
