from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from archive.exports.forms import FORMS, TEXTS, form_of, packed, pieces, write, write_database
from archive.exports.progress import Progress
from tests.archive.exports.conftest import Choose
from tests.filling import ARTICLES


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.csv", "csv"), ("A.CSV", "csv"), ("a.jsonl.gz", "jsonl"), ("a.warc.gz", "warc"), ("a.bib", "bibtex"),
        ("a.db", "sqlite"), ("a.parquet", "parquet"), ("a.xml", "atom"), ("notes", None), ("a.gz", None),
    ],
)  # fmt: skip
def test_a_name_tells_the_form(name: str, form: str | None) -> None:
    assert form_of(Path(name)) == form


def test_packed_pieces_are_a_gzip_file_and_the_same_for_the_same_pieces() -> None:
    once, again = (b"".join(packed([b"one ", b"two"])) for _ in range(2))
    assert gzip.decompress(once) == b"one two"
    assert once == again


@pytest.mark.parametrize("form", FORMS)
def test_every_form_writes_all_articles_and_counts_them(choose: Choose, kept: Path, tmp_path: Path, form: str) -> None:
    progress, path = Progress(), tmp_path / "out"
    if form == "sqlite":
        write_database(progress, kept, path, is_public=False, is_forced=False)
    elif form in TEXTS:
        assert b"".join(pieces(form, choose(), progress))  # type: ignore[arg-type]
    else:
        write(form, choose(), progress, kept, path)  # type: ignore[arg-type]
        assert path.exists()
    assert progress.articles == len(ARTICLES)
