"""`python -m crawler.cli` is `dossier`."""

from crawler.cli import main

main(prog_name="dossier")
