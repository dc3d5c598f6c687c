"""The archive in pictures, each with its data one click away."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from archive.cells import guarded
from archive.pages.asked import Asked, Page
from archive.pages.charts import columns, stretches, widths
from archive.pages.figures import FIGURES, Figure
from archive.pages.gathered import gathered, place_path
from archive.pages.timeline import timeline
from archive.queries import Reader

JSON = "application/json; charset=utf-8"
CSV = "text/csv; charset=utf-8"
TROUBLES = 6  # sources that are told of
CHANNELS = ("ok", "silent", "failing", "unasked")


def overview(db: Reader, asked: Asked) -> Page:
    """All pictures on one page."""
    held = gathered(db, asked, latest=0)
    found = {name: figure(db, asked, held) for name, figure in FIGURES.items()}
    shows: dict[str, Any] = {"figures": found}
    for name, draw in DRAWN.items():
        shows[name] = draw(found[name])
    return Page(template="overview.html", shows=shows)


def overview_json(db: Reader, asked: Asked) -> Page:
    """The data of all pictures."""
    held = gathered(db, asked, latest=0)
    found = {name: told(figure(db, asked, held)) for name, figure in FIGURES.items()}
    return Page(text=as_json(found), content_type=JSON)


def overview_data(db: Reader, asked: Asked) -> Page | None:
    """The data of one picture, as CSV for a spreadsheet or as JSON."""
    figure = FIGURES.get(asked.parts.get("chart", ""))
    if figure is None:
        return None
    found = figure(db, asked, gathered(db, asked, latest=0))
    if asked.parts.get("form") == "json":
        return Page(text=as_json(told(found)), content_type=JSON)
    return Page(text=as_csv(found), content_type=CSV, filename=f"{found.name}.csv")


def told(figure: Figure) -> dict[str, Any]:
    """A picture's data with what they are."""
    return {"title": figure.title, "note": figure.note, "rows": figure.records()}


def as_json(value: Any) -> str:
    """A value as JSON to read."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def as_csv(figure: Figure) -> str:
    """A picture's data as CSV, in which no cell can begin a formula."""
    page = io.StringIO()
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(figure.columns)
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in one] for one in figure.rows)
    return page.getvalue()


def drawn_months(figure: Figure) -> Any:
    """Stacked columns: what is kept, and what waits for an answer."""
    parts = [{one[0]: one[place] for one in figure.rows} for place in (1, 2)]
    return {"line": timeline(parts, "", height=180), "sums": [sum(part.values()) for part in parts]}


def drawn_outlets(figure: Figure) -> Any:
    """A bar for each outlet."""
    wide = widths([one[2] for one in figure.rows])
    return [
        {"name": one[1], "path": place_path("outlet", one[0]), "count": one[2], "width": width}
        for one, width in zip(figure.rows, wide, strict=True)
    ]


def drawn_copies(figure: Figure) -> Any:
    """A bar of two parts for each outlet, the one with the largest share of originals first."""
    bars = [
        {
            "name": one[1],
            "path": place_path("outlet", one[0]),
            "parts": stretches((one[3], one[4])),
            "share": one[4] / one[2] if one[2] else 0.0,
        }
        for one in figure.rows
    ]
    return sorted(bars, key=lambda bar: bar["share"])


def drawn_changes(figure: Figure) -> Any:
    """Small columns for each kind, all by the same months."""
    months = [one[0] for one in figure.rows]
    return [
        {
            "name": name,
            "total": sum(one[place] for one in figure.rows),
            "is_cut": name in figure.cut,
            "line": timeline(
                [{one[0]: one[place] for one in figure.rows if one[place]}],
                None, height=48, first=min(months, default=""), last=max(months, default=""),
            ),
        }
        for place, name in enumerate(figure.columns[1:], start=1)
    ]  # fmt: skip


def drawn_sources(figure: Figure) -> Any:
    """A bar of states for each channel, and the sources that are in trouble."""
    channels: dict[str, Counter[str]] = {}
    for one in figure.rows:
        channels.setdefault(one[0], Counter())[one[3]] += 1
    total: Counter[str] = sum(channels.values(), Counter())
    most = max((sum(counts.values()) for counts in channels.values()), default=0)
    return {
        "total": total,
        "channels": [channel(name, counts, most) for name, counts in channels.items()],
        "troubles": [one for one in figure.records() if one["state"] == "failing"][:TROUBLES],
        "silent": [one for one in figure.records() if one["state"] == "silent"][:TROUBLES],
    }


def channel(name: str, counts: Mapping[str, int], most: int) -> dict[str, Any]:
    """One channel's bar, as long as it has sources."""
    whole = sum(counts.values())
    parts = stretches([counts.get(state, 0) for state in CHANNELS], widths([whole], most)[0])
    return {"name": name, "whole": whole, "ok": counts.get("ok", 0), "parts": list(zip(CHANNELS, parts, strict=True))}


def drawn_review(figure: Figure) -> Any:
    """Topics with what waits in them."""
    return [
        {**one, "path": place_path("topic", one["topic"]), "parts": stretches((one["on topic"], one["to review"]))}
        for one in figure.records()
    ]


def drawn_runs(figure: Figure) -> Any:
    """A column for each run."""
    broken = [one[3] not in {"finished", "not finished"} for one in figure.rows]
    chart = columns(
        [(0, one[4]) if is_broken else (one[4], 0) for one, is_broken in zip(figure.rows, broken, strict=True)]
    )
    failed = [column for column, is_broken in zip(chart.columns, broken, strict=True) if is_broken]
    return {"chart": chart, "runs": figure.records(), "failed": failed}


def drawn_links(figure: Figure) -> Any:
    """A bar for each state."""
    wide = widths([one[2] for one in figure.rows])
    is_about = bool(figure.cut)
    return [{**one, "width": width, "is_about": is_about} for one, width in zip(figure.records(), wide, strict=True)]


DRAWN = {
    "months": drawn_months,
    "outlets": drawn_outlets,
    "copies": drawn_copies,
    "changes": drawn_changes,
    "sources": drawn_sources,
    "review": drawn_review,
    "runs": drawn_runs,
    "links": drawn_links,
}
