# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks share that read figures back: METAPOOL and SOURCE_DIR of the command line,
the tables that are drawn, and how a difference is told."""
import os
import subprocess
import sys

METAPOOL, SOURCE = (os.path.abspath(a) for a in sys.argv[1:3])
SVG = "{http://www.w3.org/2000/svg}"
TRIALS = [os.path.join(SOURCE, "docs/examples/bcg.csv"), "--measure", "RR", "--cell-a", "tpos",
          "--cell-b", "tneg", "--cell-c", "cpos", "--cell-d", "cneg", "--study", "trial"]
COHORTS = [os.path.join(SOURCE, "datasets/nrm2024/studies.csv"), "--measure", "PLO",
           "--events", "deaths", "--n", "patients", "--study", "study"]
failures = []


def expect(what, true):
    if not true:
        failures.append(what)
        print("FAILED", what)


def near(what, got, want, tolerance=0.021):
    expect(f"{what}: {got}, not {want}", abs(got - want) <= tolerance)


def run(*words):
    done = subprocess.run([METAPOOL, *words, "--quiet"], capture_output=True, timeout=300)
    expect(f"{words}: {done.stderr.decode()}", done.returncode == 0 and not done.stderr)
    return done.stdout
