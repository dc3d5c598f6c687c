from __future__ import annotations

import pytest

from archive.languages import language_name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("de", "German"),
        ("pt-BR", "Portuguese (BR)"),
        ("zh_Hans", "Chinese (Hans)"),
        ("EN", "English"),
        ("xx", "xx"),
        ("", ""),
        ("<b>", "<b>"),
    ],
)
def test_a_code_has_a_name(code: str, name: str) -> None:
    assert language_name(code) == name
