from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from crawler.schedule.files.quoting import (
    FileRefused,
    for_cron,
    for_shell,
    for_systemd,
    for_yaml,
    one_line,
    systemd_line,
    systemd_word,
)
from tests.extras import needs
from tests.schedulers import HOSTILE, PATHS, command_lines, run_by_cron, shell_words, systemd_reads

PROGRAMS = PATHS.map(lambda path: re.sub(r"""["'\\]""", "_", path))
LINES = st.lists(st.lists(HOSTILE, min_size=1, max_size=4), min_size=20, max_size=40)


@settings(max_examples=10)
@given(LINES)
def test_a_shell_reads_the_words_that_were_meant(lines: list[list[str]]) -> None:
    assert shell_words([for_shell(words) for words in lines]) == lines


@settings(max_examples=10)
@given(LINES)
def test_every_cron_gives_the_shell_the_line_that_was_meant(lines: list[list[str]]) -> None:
    for words in lines:
        line = for_shell(words)
        for undoes_backslashes in (False, True):
            assert run_by_cron(for_cron(line), undoes_backslashes=undoes_backslashes) == line


def test_the_two_crons_do_differ() -> None:
    assert run_by_cron(r"a\\b", undoes_backslashes=True) != run_by_cron(r"a\\b", undoes_backslashes=False)


@needs("systemd-analyze", "systemd")
@settings(max_examples=4, phases=[Phase.generate])
@given(st.lists(st.tuples(PROGRAMS, st.lists(HOSTILE, max_size=3)), min_size=20, max_size=40))
def test_systemd_reads_the_words_that_were_meant(commands: list[tuple[str, list[str]]]) -> None:
    wanted = [[path, *words] for path, words in commands]
    lines = "".join(f"ExecStart={for_systemd(words)}\n" for words in wanted)
    read = systemd_reads({"all.service": f"[Service]\nType=oneshot\n{lines}"}, "all.service")
    assert command_lines(read) == wanted, read["stderr"]


@needs("systemd-analyze", "systemd")
@settings(max_examples=4, phases=[Phase.generate])
@given(st.lists(PATHS, min_size=10, max_size=20))
def test_systemd_reads_the_paths_that_were_meant(paths: list[str]) -> None:
    lines = "".join(f"ReadWritePaths={systemd_word(path)}\n" for path in paths)
    text = f"[Service]\nType=oneshot\nExecStart=/bin/true\n{lines}"
    read = systemd_reads({"all.service": text}, "all.service")
    assert read["ReadWritePaths"] == [" ".join(paths)], read["stderr"]


@given(HOSTILE)
def test_yaml_reads_the_text_that_was_meant(text: str) -> None:
    assert yaml.safe_load(f"key: {for_yaml(text)}\n") == {"key": text}


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\0b", "a\x1bb", "a\x85b", "a\u2028b", "a\udce9b", "a\ufffeb"])
def test_what_would_break_a_line_is_refused_with_a_mend(text: str) -> None:
    with pytest.raises(FileRefused, match=r"the data folder .* give it another name"):
        one_line(text, "the data folder")


def test_what_stands_alone_keeps_its_ends() -> None:
    assert systemd_line("/100% it's", "the folder") == "/100%% it's"
    for text in (" a", "a ", "a\\"):
        with pytest.raises(FileRefused, match="begins or ends with"):
            systemd_line(text, "the folder")


@pytest.mark.parametrize("path", ["/it's/dossier", '/a"b/dossier', "/a\\b/dossier"])
def test_a_program_that_systemd_would_not_start_is_refused_with_a_mend(path: str) -> None:
    with pytest.raises(FileRefused, match="systemd takes none: move it"):
        for_systemd([path, "crawl"])
