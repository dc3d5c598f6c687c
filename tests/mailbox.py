"""A mail server on loopback that keeps what it gets: as much of SMTP as a client needs, with TLS where it can."""

from __future__ import annotations

import asyncio
import ssl
from base64 import b64decode
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tests.listener import Listener


@dataclass(slots=True)
class Letter:
    """One mail as it came: who it is for by its envelope, over TLS or not, after which login."""

    to: list[str] = field(default_factory=list)
    encrypted: bool = False
    login: str = ""
    raw: bytes = b""

    @property
    def mail(self) -> EmailMessage:
        mail = message_from_bytes(self.raw, policy=default)
        assert isinstance(mail, EmailMessage)
        return mail


class Mailbox(Listener):
    """The server; use it as a context. `refuses` are recipients it does not know, `silent` answers nothing at all."""

    def __init__(
        self, context: ssl.SSLContext | None = None, *, implicit: bool = False, refuses: tuple[str, ...] = (),
        password: str = "", silent: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(context if implicit else None)
        self.tls = context
        self.implicit = implicit
        self.refuses = refuses
        self.password = password
        self.silent = silent
        self.letters: list[Letter] = []
        self.sessions = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sessions += 1
        try:
            if self.silent:
                await reader.read()
                return
            await self.session(reader, writer)
        except (ConnectionError, ssl.SSLError):
            pass
        finally:
            writer.close()

    async def session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        letter = Letter(encrypted=self.implicit)
        writer.write(b"220 mail.example\r\n")
        while line := await reader.readline():
            word, _, rest = line.decode().strip().partition(" ")
            match word.upper():
                case "EHLO":
                    starts = "250-STARTTLS\r\n" if self.tls is not None and not letter.encrypted else ""
                    writer.write(f"250-mail.example\r\n{starts}250 AUTH PLAIN\r\n".encode())
                case "STARTTLS":
                    writer.write(b"220 go on\r\n")
                    await writer.start_tls(self.tls)
                    letter.encrypted = True
                case "AUTH":
                    letter.login = b64decode(rest.split()[1]).decode().replace("\0", ":").strip(":")
                    is_right = letter.login.endswith(f":{self.password}")
                    writer.write(b"235 in\r\n" if is_right else f"535 no, {rest} is wrong\r\n".encode())
                case "RCPT":
                    who = rest.partition("<")[2].partition(">")[0]
                    known = who not in self.refuses
                    letter.to += [who] if known else []
                    writer.write(b"250 ok\r\n" if known else b"550 nobody of that name\r\n")
                case "DATA":
                    writer.write(b"354 go on\r\n")
                    letter.raw = (await reader.readuntil(b"\r\n.\r\n"))[:-5].replace(b"\r\n..", b"\r\n.")
                    self.letters.append(letter)
                    letter = Letter(encrypted=letter.encrypted, login=letter.login)
                    writer.write(b"250 kept\r\n")
                case "QUIT":
                    writer.write(b"221 bye\r\n")
                    await writer.drain()
                    return
                case _:
                    writer.write(b"250 ok\r\n")
            await writer.drain()
