#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bundled data sets are whole: what the index lists is there with as many rows, what
an analysis file says of a file's digest holds, the commands of every README run, and so do
the analyses of a copied folder, whose claims hold, those without a method excepted.

usage: check_datasets.py METAPOOL SOURCE_DIR
"""
import csv
import hashlib
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

METAPOOL, SOURCE = (os.path.abspath(a) for a in sys.argv[1:3])
FOLDER = pathlib.Path(SOURCE) / "datasets"
DIGEST = re.compile(r"(?:file|table): ([\w.-]+)[,\n]\s*sha256: ([0-9a-f]+)")
COMMAND = re.compile(r"^    (metapool (?!run |verify ).*)$", re.MULTILINE)
NEEDED = {"README.md", "analysis.yaml"}
POSSIBLE = {"as-printed.yaml", "figures.yaml"}
failures = []


def expect(what, true):
    if not true:
        failures.append(what)
        print("FAILED", what)


def check_files(entry):
    folder = FOLDER / entry["name"]
    files, rows = entry["files"].split(), entry["rows"].split()
    expect(f"{entry['name']}: {files} have {rows} rows", len(files) == len(rows))
    for name, count in zip(files, rows):
        with open(folder / name, encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file))
        expect(f"{folder / name}: {len(lines) - 1} rows, not {count}",
               len(lines) - 1 == int(count))
        expect(f"{folder / name}: as many cells in every row",
               {len(line) for line in lines} == {len(lines[0])})
    others = {f.name for f in folder.iterdir()} - set(files)
    expect(f"{entry['name']}: {others}", NEEDED <= others <= NEEDED | POSSIBLE)


def check_digests(path):
    """Every table that an analysis file names stands there with its digest."""
    text = path.read_text(encoding="utf-8")
    found = DIGEST.findall(text)
    named = re.findall(r"(?:file|table): [\w.-]+\.csv", text)
    expect(f"{path}: {len(found)} digests of {len(named)} tables",
           found and len(found) == len(named))
    for name, digest in found:
        expect(f"{path}: digest of {name}",
               hashlib.sha256((path.parent / name).read_bytes()).hexdigest() == digest)


def check_readme(folder):
    text = (folder / "README.md").read_text(encoding="utf-8")
    commands = COMMAND.findall(text)
    expect(f"{folder.name}: names itself", text.startswith(f"# {folder.name}: "))
    expect(f"{folder.name}: a command that pools",
           any(c.startswith("metapool pool ") for c in commands))
    for command in commands:
        done = subprocess.run([METAPOOL, *shlex.split(command)[1:], "--quiet"], cwd=SOURCE,
                              capture_output=True, timeout=300, check=False)
        expect(f"{command}: {done.stderr.decode()}", done.returncode == 0)


def check_copy(folder):
    """The analyses of a folder that was copied run and verify, from another one."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = shutil.copytree(folder, os.path.join(scratch, "a copy"))
        for path in sorted(pathlib.Path(copy).glob("*.yaml")):
            done = subprocess.run([METAPOOL, "run", path, "-o", "results"], cwd=scratch,
                                  capture_output=True, timeout=300, check=False)
            expect(f"run {folder.name}/{path.name}: {done.stderr.decode()}",
                   done.returncode == 0)
            done = subprocess.run([METAPOOL, "verify", path], cwd=scratch,
                                  capture_output=True, timeout=300, check=False)
            expect(f"verify {folder.name}/{path.name}: {done.stdout.decode()}",
                   done.returncode == (path.name == "as-printed.yaml"))


def main():
    with open(FOLDER / "index.csv", encoding="utf-8", newline="") as file:
        index = list(csv.DictReader(file))
    expect("every folder is in the index",
           sorted(e["name"] for e in index) ==
           sorted(f.name for f in FOLDER.iterdir() if f.is_dir()))
    for entry in index:
        check_files(entry)
        check_readme(FOLDER / entry["name"])
        check_copy(FOLDER / entry["name"])
        for path in sorted((FOLDER / entry["name"]).glob("*.yaml")):
            check_digests(path)
    print(f"{len(index)} data sets, {len(failures)} failures")
    sys.exit(1 if failures else 0)


main()
