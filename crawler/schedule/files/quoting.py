"""A word as each scheduler reads it back: the shell, cron, systemd, YAML."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence

_BARE = re.compile(r"[A-Za-z0-9_@+=:,./-]+")


class FileRefused(Exception):  # noqa: N818 - what becomes of it, named as the user meets it
    """A file that a scheduler would misread is not written; the message names the thing, the fault and the mend."""


def one_line(text: str, what: str) -> str:
    """The text itself, if it can stand on a line of a file for a scheduler; FileRefused where it would break it."""
    if not text.isascii() and not all(map(_is_text, text)):
        raise FileRefused(f"{what} {text!r} is not plain UTF-8, which schedulers ask for; give it another name")
    if any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} for sign in text):
        raise FileRefused(f"{what} {text!r} has a line break or a control character in it; give it another name")
    return text


def for_shell(words: Sequence[str]) -> str:
    """A command line for `sh`, with no two backslashes side by side: crons differ in what they make of them."""
    return " ".join(map(_shell_word, words))


def for_cron(text: str) -> str:
    """A command of the shell as it stands in a crontab, where a plain percent sign ends it."""
    return text.replace("%", r"\%")


def for_systemd(words: Sequence[str]) -> str:
    """The words of an Exec line; systemd expands no variable in the first one, so a dollar stays alone there."""
    program, *rest = words
    if set("\"'\\") & set(program):
        raise FileRefused(f"the program {program!r} has a quote or backslash in its path; systemd takes none: move it")
    return " ".join([systemd_word(program), *(systemd_word(word).replace("$", "$$") for word in rest)])


def systemd_word(word: str) -> str:
    """A word, or a path, of a list in which systemd undoes quotes and escapes."""
    text = word.replace("\\", r"\\").replace('"', r"\"").replace("%", "%%")
    return text if _BARE.fullmatch(text) else f'"{text}"'


def systemd_line(text: str, what: str) -> str:
    """A text that stands alone behind its key, without quotes; FileRefused where systemd would cut its ends."""
    if text != text.strip() or text.endswith("\\"):
        raise FileRefused(f"{what} {text!r} begins or ends with a space or a backslash; give it another name")
    return text.replace("%", "%%")


def for_yaml(text: str) -> str:
    """A text as a YAML string in double quotes; it must be printable, where YAML's strings are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _shell_word(word: str) -> str:
    if _BARE.fullmatch(word):
        return word
    return "'" + word.replace("'", "'\"'\"'").replace("\\", "'" + r"'\'" + "'") + "'"


def _is_text(sign: str) -> bool:
    """Whether a sign is a character: no half of one, and none that Unicode keeps free for ever."""
    point = ord(sign)
    return not (0xD800 <= point <= 0xDFFF or 0xFDD0 <= point <= 0xFDEF or point & 0xFFFE == 0xFFFE)
