"""The characters that no text of the archive is shown with."""

from __future__ import annotations

# Controls but tab and line end, and the two overrides that show a text in the reverse of its order.
UNTIDY = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160), 0x202D, 0x202E])


def tidy(text: str | None) -> str:
    """The text without control characters and without what turns a line around; markup stays markup."""
    text = text or ""
    return text if text.isprintable() else text.translate(UNTIDY)  # nearly all texts are; to look is quicker
