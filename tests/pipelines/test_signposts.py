from __future__ import annotations

import pytest

from pipelines import signposts

SETS = [name for name in dir(signposts) if name.isupper() and not name.startswith("_")]


@pytest.mark.parametrize("name", SETS)
def test_every_set_has_words_and_no_comments(name: str) -> None:
    words = getattr(signposts, name)
    assert len(words) >= 5
    assert all(word == word.casefold() and word[0] not in "#[" for word in words)


def test_what_leads_to_articles_is_no_signpost() -> None:
    assert not signposts.ARTICLES & (signposts.LISTINGS | signposts.SERVICES | signposts.LISTS)
