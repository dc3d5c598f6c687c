from __future__ import annotations

import socket
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.alerts.mail import Mail, composed
from crawler.alerts.secret import Secret
from crawler.alerts.way import NotSent, PartlySent
from crawler.alerts.wording import Event, alone, harmless
from crawler.watching.finding import Finding
from tests.authority import Authority
from tests.mailbox import Mailbox

HOSTILE = Finding(
    kind="source died", topic="talks\r\nBcc: all@evil.example", subject="https://wire.example/\x1b[31m",
    since="2026-03-01T00:00:00Z", text="HTTP 500 it said:\r\n.\r\nQUIT\r\n\u202egnp.exe", advice="ask them\n\n.\n",
)  # fmt: skip
NOW = datetime(2026, 3, 1, tzinfo=UTC)
MESSAGE = alone(Event(state="new", finding=harmless(HOSTILE)), "/srv/archive")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    authority = Authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.pem))
    return authority


@pytest.fixture
def open_box() -> Iterator[Mailbox]:
    with Mailbox(refuses=("gone@reader.example",)) as box:
        yield box


def mail(box: Mailbox, **more: Any) -> Mail:
    standing = {"to": ("me@reader.example",), "sender": "dossier@reader.example", "host": "localhost", "tls": "none"}
    return Mail(**{**standing, "port": box.port, **more})


def test_an_alert_arrives_as_plain_text(open_box: Mailbox) -> None:
    mail(open_box).send(MESSAGE)
    (letter,) = open_box.letters
    assert letter.to == ["me@reader.example"]
    assert letter.mail.get_content_type() == "text/plain"
    assert letter.mail["Auto-Submitted"] == "auto-generated"
    assert letter.mail["From"] == "dossier@reader.example"
    assert "/srv/archive" in letter.mail.get_content()


def test_hostile_words_add_no_header_no_recipient_and_no_end(open_box: Mailbox) -> None:
    mail(open_box).send(MESSAGE)
    (letter,) = open_box.letters
    assert letter.to == ["me@reader.example"]
    assert letter.mail["Bcc"] is None
    assert letter.mail["Subject"] == "Dossier: source died, talks Bcc: all@evil.example"
    text = letter.mail.get_content()
    assert "HTTP 500 it said: . QUIT gnp.exe" in text
    assert not {"\x1b", "\u202e"} & set(text)


@settings(max_examples=60)
@given(text=st.text(max_size=300), topic=st.text(max_size=300))
def test_any_finding_makes_a_mail_that_says_it(text: str, topic: str) -> None:
    told = harmless(replace(HOSTILE, text=text, topic=topic))
    made = composed(alone(Event(state="new", finding=told), "/srv"), "a@b.example", ("c@d.example",), NOW)
    read = message_from_bytes(made.as_bytes(), policy=default)
    assert sorted(read.keys()) == sorted(made.keys())
    assert "".join(told.text.split()) in "".join(read.get_content().split())


@pytest.mark.parametrize("tls", ["starttls", "tls"])
def test_a_password_is_given_under_tls_only(
    tls: str, authority: Authority, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MAIL_WORD", "open sesame")
    with Mailbox(authority.context("localhost"), implicit=tls == "tls", password="open sesame") as box:
        mail(box, tls=tls, user="dossier", password=Secret(env="MAIL_WORD")).send(MESSAGE)
    (letter,) = box.letters
    assert (letter.encrypted, letter.login) == (True, "dossier:open sesame")
    assert "sesame" not in "".join(capfd.readouterr())


def test_a_server_that_sends_the_password_back_is_not_quoted(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_WORD", "wrong-word")
    with (
        Mailbox(authority.context("localhost"), password="right") as box,
        pytest.raises(NotSent, match=r"localhost:.*535") as told,
    ):
        mail(box, user="d", password=Secret(env="MAIL_WORD")).send(MESSAGE)
    assert "wrong-word" not in str(told.value)
    assert b64encode(b"\0d\0wrong-word").decode() not in str(told.value)
    assert not box.letters


def test_a_certificate_of_another_host_is_refused(authority: Authority) -> None:
    with (
        Mailbox(authority.context("other.example")) as box,
        pytest.raises(NotSent, match="certificate cannot be trusted"),
    ):
        mail(box, tls="starttls").send(MESSAGE)
    assert not box.letters


def test_a_server_without_tls_gets_nothing_where_tls_is_wanted(open_box: Mailbox) -> None:
    with pytest.raises(NotSent, match="STARTTLS"):
        mail(open_box, tls="starttls").send(MESSAGE)
    assert not open_box.letters


def test_who_is_refused_is_named_and_the_others_have_it(open_box: Mailbox) -> None:
    with pytest.raises(PartlySent, match=r"gone@reader.example: 550 nobody"):
        mail(open_box, to=("me@reader.example", "gone@reader.example")).send(MESSAGE)
    assert [letter.to for letter in open_box.letters] == [["me@reader.example"]]


def test_a_server_that_says_nothing_is_left_after_the_deadline() -> None:
    with Mailbox(silent=True) as box, pytest.raises(NotSent, match=r"no end within 0\.2 s"):
        mail(box, deadline=0.2).send(MESSAGE)


def test_nobody_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotSent, match=f"localhost:{port}: "):
        Mail(to=("a@b.example",), sender="a@b.example", host="localhost", port=port, tls="none").send(MESSAGE)


@pytest.mark.parametrize(
    ("content", "fault"),
    [(None, "cannot be read"), (b" \n", "holds no secret"), (b"a\nb", "no secret"), (b"\xff", "UTF")],
)
def test_a_secret_that_is_not_there_is_named(tmp_path: Path, content: bytes | None, fault: str) -> None:
    path = tmp_path / "word"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(NotSent, match=fault):
        Secret(file=str(path)).read()
