"""The accounts that `dossier serve` is started with."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest
from datasette_auth_passwords.utils import hash_password, verify_password

from crawler.accounts import VARIABLE, accounts_of

HASH = hash_password("a long enough one", iterations=1000)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "accounts"
    path.write_text(f"ann:{HASH}\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def test_without_a_name_there_are_no_accounts() -> None:
    assert accounts_of(None, None) == {}


def test_a_password_in_the_environment_is_kept_as_its_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "a long enough one")
    kept = accounts_of(" ann ", None)["ann"]
    assert "enough" not in kept
    assert verify_password("a long enough one", kept)


def test_a_hash_in_the_environment_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setenv(VARIABLE, HASH)
    assert accounts_of("bob", file) == {"ann": HASH, "bob": HASH}


@pytest.mark.parametrize(
    ("user", "password", "told"),
    [
        ("ann", "short", "8 characters"),
        ("ann", "", "no terminal"),
        ("a:b", "long enough", "colon"),
        ("", "long enough", "name"),
    ],
)
def test_what_cannot_be_an_account_is_told(
    monkeypatch: pytest.MonkeyPatch, user: str, password: str, told: str
) -> None:
    monkeypatch.setenv(VARIABLE, password)
    with pytest.raises(click.UsageError, match=told):
        accounts_of(user, None)


def test_a_file_that_holds_no_accounts_is_told(tmp_path: Path) -> None:
    with pytest.raises(click.UsageError, match="nothing"):
        accounts_of(None, tmp_path / "nothing")
    path = tmp_path / "odd"
    for content in (b"", b"ann:secret", b"\xff"):
        path.write_bytes(content)
        with pytest.raises(click.UsageError, match="odd"):
            accounts_of(None, path)


def test_a_file_that_others_can_read_is_warned_of(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    accounts_of(None, file)
    assert capsys.readouterr().err == ""
    file.chmod(0o644)
    accounts_of(None, file)
    assert "chmod 600" in capsys.readouterr().err


def test_a_missing_extra_is_told_with_its_mend(monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    monkeypatch.setitem(sys.modules, "datasette_auth_passwords", None)
    monkeypatch.delitem(sys.modules, "datasette_auth_passwords.utils")
    with pytest.raises(click.ClickException, match="pip install"):
        accounts_of(None, file)
