"""What our templates need beside what Datasette gives to all: filters, and the names of our files."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from pluggy import HookimplMarker

from archive.history import pairs
from archive.languages import language_name
from archive.pieces import END, START
from archive.untidy import tidy

hookimpl = HookimplMarker("datasette")

NAME = "news"
STATIC = Path(__file__).parent.parent / "static"


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    """The filters of our templates."""
    env.finalize = shown
    env.filters |= {
        "day": day,
        "language": language_name,
        "moment": moment,
        "month": month,
        "marked": marked,
        "pairs": pairs,
        "tidy": tidy,
        "web": web,
    }
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:8] for path in STATIC.iterdir()}
    env.globals["asset"] = lambda name: f"static/{name}?{hashes[name]}"


def shown(value: Any) -> Any:
    """Whatever a template shows, without what nobody sees."""
    return tidy(value) if isinstance(value, str) else value


def web(value: str | None) -> str:
    """The value where it is a web address that may be linked to, else nothing: a javascript: address is none."""
    text = (value or "").strip()
    return text if text.lower().startswith(("http://", "https://")) and not any(char.isspace() for char in text) else ""


def marked(text: str | None) -> Markup:
    """Hostile text, escaped, with what was looked for in marks."""
    parts = [tidy(part) for part in (text or "").replace(END, START).split(START)]
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if number % 2 else escape(part) for number, part in enumerate(parts)
    )


def day(text: str | None, form: str = "{0.day} {0:%B %Y}") -> str:
    """`12 March 2019` of a time as the archive writes it; the text itself where it is none."""
    if not text:
        return ""
    try:
        return form.format(datetime.fromisoformat(text))
    except ValueError:
        return text


def moment(text: str | None, precision: str | None = "instant") -> str:
    """`12 March 2019, 18:00 UTC`, no more precisely than is known."""
    return day(text) if precision == "day" else day(text, "{0.day} {0:%B %Y, %H:%M} UTC")


def month(text: str | None) -> str:
    """`March 2019` of `2019-03`."""
    return day(f"{text}-01", "{0:%B %Y}") if text else ""
