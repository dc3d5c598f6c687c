"""What the real schedulers make of a file: systemd's own reading of units, and what crons do to a line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from hypothesis import strategies as st

HOSTILE = st.text(
    st.sampled_from("aZ0 '\"\\%$`;&|<>(){}[]*?!#~=:,+-@/.ü\u202eé—") | st.characters(exclude_categories=("C", "Z")),
    max_size=20,
)
"""Words that mean something to a shell, to cron or to systemd."""
PATHS = HOSTILE.map(lambda text: "/p/p" + text.replace("/", "_"))
WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[^ ]+')
"""A word of a command line as systemd shows it."""
NOBODY = 65534
SYSTEMD = "/lib/systemd/systemd"


def shell_words(lines: Sequence[str]) -> list[list[str]]:
    """The words that `sh` makes of each command line."""
    script = "".join(f"printf '%s\\0' {line}\nprintf '\\n'\n" for line in lines)
    told = subprocess.run(["sh"], input=script.encode(), capture_output=True, check=True).stdout.decode()
    return [line.split("\0")[:-1] for line in told.split("\n")[:-1]]


def run_by_cron(command: str, *, undoes_backslashes: bool) -> str:
    """What cron gives to the shell: it ends at a plain percent sign; some crons undo a doubled backslash."""
    kept: list[str] = []
    escaped = False
    for sign in command:
        if escaped and (sign == "%" or (sign == "\\" and undoes_backslashes)):
            kept[-1] = sign
            escaped = False
            continue
        if not escaped and sign == "%":
            break
        kept.append(sign)
        escaped = not escaped and sign == "\\"
    return "".join(kept)


def systemd_reads(units: Mapping[str, str], name: str) -> dict[str, list[str]]:
    """The properties of a unit as systemd itself reads them, by their names; it starts nothing."""
    folder = Path(tempfile.mkdtemp(prefix="units-"))
    try:
        for unit, text in units.items():
            (folder / unit).write_text(text, encoding="utf-8")
        for needed in ("basic.target", "shutdown.target", "timers.target", "default.target"):
            (folder / needed).write_text("[Unit]\nDefaultDependencies=no\n", encoding="utf-8")
        (folder / "run").mkdir()
        (folder / "run").chmod(0o777)
        folder.chmod(0o755)
        environment = {"SYSTEMD_UNIT_PATH": str(folder), "XDG_RUNTIME_DIR": str(folder / "run"), "HOME": str(folder)}
        # It does not do this for root.
        other = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        done = subprocess.run(
            [SYSTEMD, "--test", "--user", "--no-pager", f"--unit={name}"],
            env=environment, capture_output=True, text=True, check=False, cwd="/", **other,
        )  # fmt: skip
    finally:
        shutil.rmtree(folder)
    begin = done.stdout.find(f"-> Unit {name}:")
    assert begin >= 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    end = done.stdout.find("\n\t-> Unit ", begin)
    found: dict[str, list[str]] = {"stderr": done.stderr.splitlines()}
    for line in done.stdout[begin : end if end >= 0 else None].splitlines():
        if parts := re.fullmatch(r"\s*([A-Za-z ]+): (.*)", line):
            found.setdefault(parts[1], []).append(parts[2])
    return found


def command_lines(properties: Mapping[str, list[str]]) -> list[list[str]]:
    """The words of each Exec line that systemd read, as they are started: `$$` is a dollar, behind the first word."""
    lines = [
        [re.sub(r"\\(.)", r"\1", word[1:-1]) if word[0] == '"' else word for word in WORD.findall(line)]
        for line in properties.get("Command Line", [])
    ]
    return [[words[0], *(word.replace("$$", "$") for word in words[1:])] for words in lines]
