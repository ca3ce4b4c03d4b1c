#!/usr/bin/env python3
"""Counts the instructions that mapping the sample articles takes, and compares them with the committed baseline.

    python3 benches/instructions.py [--program target/release/mentionmap] [--record]

Instructions, counted by valgrind's callgrind, do not depend on what else the machine does: a change of some percent is a
change of the program (or of the compiler: then record the baseline anew, with --record, and say so). What starting takes
is counted by itself. More than the tolerance above the baseline is an error; as much below it is told, so that the gain
is recorded and kept. Without valgrind the check is skipped aloud; with CI_REQUIRE_TOOLS=1 that is an error.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
BASELINE = HERE / "instructions.json"
TOLERANCE = 0.05


def count(program, folder, *inputs):
    """The instructions of one run."""
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/callgrind.out", program]
    command += ["map", "-j1", "-q", "-o", folder / "map.geojson", *inputs]
    run = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    found = re.search(r"refs:\s+([\d,]+)", run.stderr)
    if run.returncode != 0 or not found:
        raise SystemExit(f"callgrind failed:\n{run.stderr}")
    return int(found.group(1).replace(",", ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "target" / "release" / "mentionmap")
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("SKIPPED: valgrind is not there, instructions are not counted", file=sys.stderr)
        return int(os.environ.get("CI_REQUIRE_TOOLS") == "1")
    samples = sorted((ROOT / "examples" / "articles").iterdir())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        one = folder / "one.txt"
        one.write_text("Rain fell in Riga, Latvia.\n", encoding="utf-8")
        start = count(arguments.program, folder, one)
        counted = {"start": start, "samples": count(arguments.program, folder, *samples) - start}
    size = sum(sample.stat().st_size for sample in samples)
    print(f"start: {start:,} instructions; samples: {counted['samples']:,}, {counted['samples'] / size:,.0f} a byte")
    if arguments.record:
        BASELINE.write_text(json.dumps(counted, indent=2) + "\n", encoding="utf-8")
        return 0
    if not BASELINE.exists():
        print(f"SKIPPED: {BASELINE.name} is not there, nothing to compare with; record it with --record", file=sys.stderr)
        return 0
    failed = 0
    for what, before in json.loads(BASELINE.read_text(encoding="utf-8")).items():
        change = counted[what] / before - 1
        if change > TOLERANCE:
            print(f"{what}: {change:+.1%}, more than {TOLERANCE:.0%} above the baseline of {before:,}", file=sys.stderr)
            failed = 1
        elif change < -TOLERANCE:
            print(f"{what}: {change:+.1%}; record the gain with --record", file=sys.stderr)
    return failed


sys.exit(main())
