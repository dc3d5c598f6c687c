"""`python -m crawler.press`: the press by itself, until interrupted. A line `day 2` on its input turns the page."""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

from crawler.press.server import Press


def main() -> None:
    """Serve the press and say where."""
    parser = argparse.ArgumentParser(prog="python -m crawler.press", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="where the proxy listens (0: any free port)")
    parser.add_argument("--day", type=int, choices=(1, 2), default=1)
    parser.add_argument("--log", type=Path, help="a file to which every request is appended as a line of JSON")
    options = parser.parse_args()
    with Press(port=options.port, day=options.day, log_file=options.log) as press:
        sys.stdout.write(
            f"http_proxy={press.proxy_url}\nhttps_proxy={press.proxy_url}\nSSL_CERT_FILE={press.ca_file}\n"
        )
        sys.stdout.flush()
        try:
            turn_pages(press)
            threading.Event().wait()
        except KeyboardInterrupt:
            return


def turn_pages(press: Press) -> None:
    """Follow `day N` lines on standard input to its end."""
    for line in sys.stdin:
        if line.split() in (["day", "1"], ["day", "2"]):
            press.day = int(line.split()[1])
            sys.stdout.write(f"day {press.day}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
