from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
TEXT = (
    "Engineers began to replace the sluice gates at Port Amaro on Friday, as the harbour office had asked for years. "
)


def test_the_cost_of_pages_is_told_by_set_and_where_it_goes(tmp_path: Path) -> None:
    for name, count in (("ports", 2), ("bakers", 1)):
        (tmp_path / name / "pages").mkdir(parents=True)
        lines = [{"id": f"{name}-{number}", "url": f"https://{name}.example/{number}"} for number in range(count)]
        (tmp_path / name / "manifest.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        for line in lines:
            body = f"<html><title>Sluice</title><article>{f'<p>{TEXT * 2}</p>' * 4}</article></html>"
            (tmp_path / name / "pages" / f"{line['id']}.html.gz").write_bytes(gzip.compress(body.encode()))
    command = [sys.executable, "-m", "benchmarks.extraction_cost", str(tmp_path), "--profile"]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    table, ours, theirs = said.split("\n\n")
    assert [line.split()[:2] for line in table.splitlines()[1:]] == [["bakers", "1"], ["ports", "2"], ["all", "3"]]
    assert all(float(cell.rstrip("x")) > 0 for line in table.splitlines()[1:] for cell in line.split()[2:])
    assert "pipelines.extraction.extract" in ours
    assert "pipelines" not in theirs
    assert "trafilatura.core.bare_extraction" in theirs

    only = subprocess.run([*command[:4], "--datasets", "ports"], cwd=ROOT, check=True, capture_output=True, text=True)
    assert [line.split()[:2] for line in only.stdout.splitlines()[1:]] == [["ports", "2"], ["all", "2"]]
