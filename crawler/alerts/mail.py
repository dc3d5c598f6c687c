"""Alerts by e-mail."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from crawler.alerts.secret import Secret, without
from crawler.alerts.way import DEADLINE, NotSent, PartlySent, within
from crawler.alerts.wording import Message
from crawler.times import now

SECONDS = 20.0  # of each answer
PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""Ways to encrypt, with the port that each has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """Send a plain text through the user's own mail server, whose certificate is verified."""

    to: tuple[str, ...]
    sender: str
    host: str
    port: int
    tls: str = "starttls"
    user: str = ""
    password: Secret = field(default_factory=Secret, repr=False)
    deadline: float = DEADLINE

    @property
    def name(self) -> str:
        """Its name in `dossier.toml`."""
        return "email"

    @property
    def label(self) -> str:
        """Who gets it."""
        return f"e-mail to {', '.join(self.to)}"

    def send(self, message: Message) -> None:
        """Hand the mail to the server; NotSent where that did not take it for everybody."""
        password = self.password.read() if self.password else ""
        mail = composed(message, self.sender, self.to, now())
        try:
            within(self.deadline, lambda: self.deliver(mail, password))
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise NotSent(without(f"{self.host}:{self.port}: {reason_of(error)}", [password])) from error

    def deliver(self, mail: EmailMessage, password: str) -> None:
        """One session with the server."""
        context = ssl.create_default_context()
        if self.tls == "tls":
            session: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        else:
            session = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        with session as smtp:
            if self.tls == "starttls":
                smtp.starttls(context=context)
            if self.user:
                smtp.login(self.user, password)
            if refused := smtp.send_message(mail, self.sender, self.to):
                raise PartlySent(f"{self.host}:{self.port}: {reason_of(smtplib.SMTPRecipientsRefused(refused))}")


def composed(message: Message, sender: str, to: tuple[str, ...], at: datetime) -> EmailMessage:
    """The mail; a header cannot hold a second line, and the title has none."""
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = message.title
    mail["From"] = sender
    mail["To"] = ", ".join(to)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday notices in answer
    mail.set_content(message.text)
    return mail


def reason_of(error: Exception) -> str:
    """What the server, or the network, said."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            told = "; ".join(f"{who}: {code} {said_of(said)}" for who, (code, said) in error.recipients.items())
            return f"recipients refused: {told}"
        case smtplib.SMTPResponseException():
            return f"{error.smtp_code} {said_of(error.smtp_error)}"
        case ssl.SSLCertVerificationError():
            return f"its certificate cannot be trusted ({error.verify_message})"
        case OSError(strerror=str(words)):
            return words
    return str(error) or type(error).__name__


def said_of(said: bytes | str) -> str:
    """A server's words as text."""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
