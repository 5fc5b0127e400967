#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the command-line cases of tests/golden/cases.

A case is NAME.sh, run by bash -e in a fresh folder that holds `datasets`, with `metapool`
first on the path, a Python in $PYTHON and the folder of shared tables, tests/golden/data, in
$DATA (bcg.csv: 13 trials of BCG vaccine, dat.bcg of R's metadat; schools.csv: 56 schools
in 11 districts, dat.konstantopoulos2011 there). Beside it may stand
  NAME.exit         expected exit status (default 0)
  NAME.stdout       expected standard output, exactly (missing: not looked at)
  NAME.stdout.json  expected JSON: keys and texts exactly, numbers to 1e-9 relative, since
                    the last digits of exp and log move between C libraries
  NAME.stderr       expected standard error, line by line as glob patterns
                    (missing: nothing may be printed)

usage: run_cases.py METAPOOL SOURCE_DIR [--bless] [NAME...]
--bless writes the expected outputs anew; read the difference before you commit it.
"""
import fnmatch
import json
import math
import os
import subprocess
import sys
import tempfile


def same_json(got, want, path="$"):
    """The first difference, or None."""
    number = (int, float)
    if isinstance(want, number) and isinstance(got, number) and not isinstance(want, bool):
        close = math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-12)
        return None if close else f"{path}: {got!r}, not {want!r}"
    if type(got) is not type(want):
        return f"{path}: {got!r}, not {want!r}"
    if isinstance(want, dict):
        if list(got) != list(want):
            return f"{path}: keys {list(got)}, not {list(want)}"
        pairs = [(got[k], want[k], f"{path}.{k}") for k in want]
    elif isinstance(want, list):
        if len(got) != len(want):
            return f"{path}: {len(got)} items, not {len(want)}"
        pairs = [(g, w, f"{path}[{i}]") for i, (g, w) in enumerate(zip(got, want))]
    else:
        return None if got == want else f"{path}: {got!r}, not {want!r}"
    return next((d for d in (same_json(*p) for p in pairs) if d), None)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def same_stderr(got, patterns):
    got, patterns = got.splitlines(), patterns.splitlines()
    if len(got) != len(patterns):
        return f"{len(got)} lines, not {len(patterns)}"
    for line, pattern in zip(got, patterns):
        if not fnmatch.fnmatchcase(line, pattern):
            return f"'{line}' is not like '{pattern}'"
    return None


def first_difference(got, want):
    for i, (g, w) in enumerate(zip(got.splitlines(), want.splitlines()), 1):
        if g != w:
            return f"line {i}: '{g}', not '{w}'"
    return f"{len(got.splitlines())} lines, not {len(want.splitlines())}"


def run(case, metapool, source):
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.join(source, "datasets"), os.path.join(folder, "datasets"))
        env = dict(os.environ, NO_COLOR="1")
        env["PATH"] = os.path.dirname(metapool) + os.pathsep + env["PATH"]
        env["METAPOOL_DATASETS"] = "datasets"
        env["PYTHON"] = sys.executable
        env["DATA"] = os.path.join(source, "tests", "golden", "data")
        return subprocess.run(["bash", "-e", case + ".sh"], cwd=folder, env=env,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)


def check(case, done):
    """What is wrong with a finished case, line by line."""
    problems = []
    out = done.stdout.decode("utf-8", "replace")
    err = done.stderr.decode("utf-8", "replace")
    want_exit = int(read(case + ".exit")) if os.path.exists(case + ".exit") else 0
    if done.returncode != want_exit:
        problems.append(f"exit status {done.returncode}, not {want_exit}: {err.strip()}")
    if os.path.exists(case + ".stdout"):
        want = read(case + ".stdout")
        if out != want:
            problems.append("stdout: " + first_difference(out, want))
    if os.path.exists(case + ".stdout.json"):
        try:
            difference = same_json(json.loads(out), json.loads(read(case + ".stdout.json")))
        except ValueError as error:
            difference = f"not JSON: {error}"
        if difference:
            problems.append("stdout: " + difference)
    patterns = read(case + ".stderr") if os.path.exists(case + ".stderr") else ""
    difference = same_stderr(err, patterns)
    if difference:
        problems.append("stderr: " + difference)
    return problems


def bless(case, done):
    out = done.stdout.decode()
    err = done.stderr.decode()
    write(case + ".exit", f"{done.returncode}\n") if done.returncode else None
    if os.path.exists(case + ".stdout.json"):
        write(case + ".stdout.json", out)
    elif out:
        write(case + ".stdout", out)
    if err:
        write(case + ".stderr", err.replace("[", "[[]"))


def main():
    arguments = [a for a in sys.argv[1:] if a != "--bless"]
    blessing = len(arguments) < len(sys.argv) - 1
    metapool, source = os.path.abspath(arguments[0]), os.path.abspath(arguments[1])
    folder = os.path.join(source, "tests", "golden", "cases")
    names = arguments[2:] or sorted(f[:-3] for f in os.listdir(folder) if f.endswith(".sh"))
    failed = 0
    for name in names:
        case = os.path.join(folder, name)
        done = run(case, metapool, source)
        if blessing:
            bless(case, done)
            continue
        problems = check(case, done)
        failed += bool(problems)
        print(f"{'FAILED' if problems else 'ok':6} {name}")
        for problem in problems:
            print(f"       {problem}")
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
