"""The house rules: imports run downhill, each stage fills its own section, files stay small, names say something."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("crawler", "pipelines", "archive")
SECTIONS: dict[str, set[str]] = {
    "extract": {"article", "earlier"},
    "identify": {"url"},
    "judge": {"verdict"},
    "group": {"kinship"},
    "preserve": {"record"},
    "admit": set(),
    "store": set(),
}
DRAWERS = {"utils", "helpers", "common", "manager", "misc", "data"}


def sources() -> list[Path]:
    found = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "archive/data" not in str(path))
    assert len(found) > 300
    return found


def ident(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, also inside functions."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{ident(path)}: write imports in full, so that the law can be read"
            yield node.module or ""


def forbidden(path: Path) -> tuple[str, ...]:
    """What a file must not import, by the room that it stands in."""
    parts = path.relative_to(ROOT).parts
    if parts[0] == "archive":
        return ("crawler", "pipelines", "scrapy", "twisted")
    if parts[:2] == ("pipelines", "stages"):
        return ("crawler",)
    if parts[0] == "pipelines":
        return ("crawler", "archive", "scrapy", "twisted", "sqlite3", "sqlite_utils", "pipelines.stages")
    if parts[:2] == ("crawler", "channels"):
        return ("archive", "pipelines.stages", "scrapy", "twisted", "sqlite3", "sqlite_utils")
    return ("pipelines.stages", "sqlite3", "sqlite_utils")


def test_imports_run_downhill_only() -> None:
    for path in sources():
        for module in imported(path):
            for room in forbidden(path):
                assert not f"{module}.".startswith(f"{room}."), f"{ident(path)} imports {module}"


def test_the_import_law_catches_a_break(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("def f():\n    import scrapy.http\n", encoding="utf-8")
    assert "scrapy.http" in list(imported(bad))


def assigned_sections(tree: ast.AST) -> set[str]:
    """The fields of a variable called `capture` that a file assigns."""
    found = set()
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if (
                isinstance(target, ast.Attribute)
                and isinstance(target.value, ast.Name)
                and target.value.id == "capture"
            ):
                found.add(target.attr)
    return found


@pytest.mark.parametrize("stage", sorted(SECTIONS))
def test_each_stage_fills_only_its_own_section(stage: str) -> None:
    path = ROOT / "pipelines" / "stages" / f"{stage}.py"
    expected = SECTIONS[stage]
    assert assigned_sections(ast.parse(path.read_text(encoding="utf-8"))) == expected


def test_stages_fill_sections_in_the_order_of_the_journey() -> None:
    from crawler import settings

    names = [path.rsplit(".", 2)[1] for path, _ in sorted(settings.ITEM_PIPELINES.items(), key=lambda pair: pair[1])]
    assert names == ["admit", "extract", "identify", "judge", "group", "preserve", "store"]


def test_a_file_is_one_thing() -> None:
    for path in sources():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, f"{ident(path)}: split it"
        assert path.stem not in DRAWERS, f"{ident(path)}: name the noun"


def test_functions_fit_on_a_screen() -> None:
    for path in sources():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 45, f"{ident(path)}: {node.name} is too long"


def test_an_ignore_has_its_reason_beside_it() -> None:
    for path in sources():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for mark in re.finditer(r"#\s*(noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])", line):
                rest = line[mark.end() :].strip(" -#—")
                assert len(rest) > 8, f"{ident(path)}:{number}: say why"


HOOKS = {"from_crawler", "process_item", "process_request", "process_response", "process_exception", "open_spider"}


def test_every_public_function_says_what_its_caller_gets() -> None:
    for path in sources():
        tree = tree_of(path)
        bodies = [tree.body, *(node.body for node in ast.walk(tree) if isinstance(node, ast.ClassDef))]
        for node in (node for body in bodies for node in body):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                assert node.name in HOOKS or ast.get_docstring(node), f"{ident(path)}: {node.name} has no docstring"


def test_sql_stands_in_the_archive_only() -> None:
    verbs = re.compile(r"\b(SELECT .+ FROM|INSERT INTO|UPDATE .+ SET|DELETE FROM|CREATE TABLE)\b", re.IGNORECASE)
    for path in sources():
        if path.relative_to(ROOT).parts[0] != "archive":
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    assert not verbs.search(node.value), f"{ident(path)}: SQL belongs in archive/"


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [ROOT / name for name in listing.stdout.splitlines()]


def test_no_address_of_a_registry_or_a_machine_is_committed() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert not re.search(r"https?://|^--(extra-)?index-url|file:", lock, re.MULTILINE)
    assert not (ROOT / "uv.lock").exists()


def test_the_top_level_is_the_one_that_was_agreed() -> None:
    for name in ("scrapy.cfg", "crawler", "pipelines", "tests", "archive", "README.md"):
        assert (ROOT / name).exists()
