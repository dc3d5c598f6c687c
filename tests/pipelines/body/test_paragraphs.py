from __future__ import annotations

import pytest

from pipelines.body.paragraphs import paragraphs_of


@pytest.mark.parametrize(
    "text",
    ["One.\nTwo &amp; three.", "<p>One.</p><p>Two &amp;amp; three.</p>", "One.<br/>Two & <b>three</b>.",
     "One.\r\n \r\nTwo & three."],
    ids=["lines", "escaped tags", "breaks", "other lines"],
)  # fmt: skip
def test_running_text_is_cut_where_it_breaks(text: str) -> None:
    assert [line.replace(" .", ".") for line in paragraphs_of(text)] == ["One.", "Two & three."]
