from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import frictionless
import pytest

from archive.snapshots.articles import ARTICLES, VERSIONS
from archive.snapshots.changes import CHANGES
from archive.snapshots.datapackage import described, schema
from archive.snapshots.outcome import Changes
from archive.snapshots.tables import tables


def test_columns_have_types_formats_and_constraints() -> None:
    fields = {field["name"]: field for field in schema(ARTICLES, is_twin=False)["fields"]}
    assert fields["url"]["constraints"] == {"required": True, "unique": True}
    assert (fields["published"]["type"], fields["published"]["format"]) == ("datetime", "%Y-%m-%dT%H:%M:%SZ")
    assert fields["published_precision"]["constraints"] == {"enum": ["instant", "day"]}
    assert fields["words"]["constraints"] == {"minimum": 0}
    assert fields["story_similarity"]["constraints"] == {"minimum": 0, "maximum": 1}
    assert (fields["is_partial"]["trueValues"], fields["tags"]["type"]) == (["1"], "array")


def test_keys_are_those_of_the_exact_file() -> None:
    exact, twin = (schema(ARTICLES, is_twin=is_twin) for is_twin in (False, True))
    assert exact["primaryKey"] == ["url"]
    assert {"fields": ["story"], "reference": {"resource": "stories", "fields": ["story"]}} in exact["foreignKeys"]
    assert twin.keys() == {"fields", "missingValues"}
    assert schema(VERSIONS, is_twin=False)["primaryKey"] == ["url", "version"]


@pytest.mark.parametrize("table", [*tables(bodies=True), CHANGES], ids=lambda table: table.name)
def test_every_schema_is_one_of_the_format(table: object) -> None:
    assert frictionless.Schema.from_descriptor(schema(table, is_twin=False)).to_descriptor()  # type: ignore[arg-type]  # a table


def test_an_archive_without_topics_has_a_title_too() -> None:
    told = described("2019-03-14", [], Changes(), [])
    assert (told["title"], told["version"], told["base"]) == ("News archive", "2019-03-14", None)


@pytest.mark.soak
def test_the_snapshot_of_the_demo_is_what_its_descriptor_says(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "crawler.cli", "--data", str(tmp_path / "demo")]
    for words in (["demo", "--no-serve"], ["snapshot", "--bodies"]):
        subprocess.run([*command, *words], check=True, capture_output=True, env=dict(os.environ))
    folder = tmp_path / "demo" / "snapshots" / "latest"
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.flatten(["resourceName", "fieldName", "rowNumber", "type", "note"]) == []
    subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, check=True)
