from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from crawler.cli import main
from crawler.cli.completion import VARIABLE, usual
from tests.extras import needs
from tests.filling import fill

ROOT = Path(__file__).parents[2]
TRY = """
eval "$(dossier completion bash)"
complete -p dossier
try() {
    COMP_LINE="$1"; COMP_POINT=${#1}; COMPREPLY=()
    _dossier_completion dossier
    printf '%s|' "${COMPREPLY[@]}"; echo
}
"""


@pytest.fixture
def tried(tmp_path: Path) -> list[str]:
    """What bash offers for each of the lines below."""
    data = fill(tmp_path / "data")
    script = tmp_path / "dossier"
    script.write_text(f"#!/bin/sh\nexec '{sys.executable}' -m crawler.cli \"$@\"\n", encoding="utf-8")
    script.chmod(0o755)
    lines = "".join(f"try '{line}'\n" for line in LINES)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", TRY + lines], cwd=ROOT, capture_output=True, text=True, timeout=60,
        env={**os.environ, "PATH": path, "DOSSIER_DATA": str(data), "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.splitlines()


LINES = ("dossier stat", "dossier diff https://herald.example/h")


@needs("bash")
def test_bash_completes_verbs_and_addresses(tried: list[str]) -> None:
    assert tried == [
        "complete -o nosort -F _dossier_completion dossier",
        "status|",
        "//herald.example/hostile\\?a=1\\&b=%3C2%3E|",
    ]


def test_topics_options_and_verbs_are_completed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "topics").mkdir()
    for name in ("floods.toml", "fl\x1b[31m.toml", "other.txt"):
        (tmp_path / "topics" / name).write_text("", encoding="utf-8")
    monkeypatch.setenv("DOSSIER_DATA", str(tmp_path))
    assert completed(["crawl"], "fl") == ["floods"]
    assert completed(["--data", str(tmp_path / "nowhere"), "crawl"], "fl") == []
    assert completed(["diff"], "https://") == []
    assert completed([], "--log") == ["--log-format"]
    assert completed(["crawl"], "--max-pages-") == ["--max-pages-per-host"]
    assert completed([], "rev") == ["review"]


def completed(words: list[str], begun: str) -> list[str]:
    return [one.value for one in ShellComplete(main, {}, "dossier", VARIABLE).get_completions(words, begun)]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_says_where_it_belongs_and_can_be_read_by_its_shell(shell: str, tmp_path: Path) -> None:
    script = CliRunner().invoke(main, ["completion", shell]).stdout
    assert script.startswith(f"# To have it in every {shell}:\n#   ")
    assert f"_DOSSIER_COMPLETE={shell}_complete" in script
    if shutil.which(shell):
        (tmp_path / "script").write_text(script, encoding="utf-8")
        subprocess.run([shell, "-n", str(tmp_path / "script")], check=True, timeout=20)


@pytest.mark.parametrize(("own", "shell"), [("/usr/bin/zsh", "zsh"), ("/bin/tcsh", "bash"), ("", "bash")])
def test_ones_own_shell_is_meant_where_none_is_named(own: str, shell: str) -> None:
    assert usual(own) == shell
