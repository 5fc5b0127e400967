#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One corrupted digit, in a published figure or in a table, and `metapool verify` must say so.

Each bundled study holds. Then, with a fixed seed, one digit of one figure is changed at a time:
all of them in the small studies, a sample in the large ones. A figure that is then two units or
more of its last place (or of what it is judged by) away must be a MISMATCH. And one digit of one
cell of a table: with its SHA-256 the file is refused; without it, the verdicts must be those that
the printed places demand of the computed figures, worked out here; and a snapshot must name the cell.

usage: check_corruption.py METAPOOL SOURCE_DIR [SEED]
"""
import csv
import io
import json
import math
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

METAPOOL, SOURCE = (os.path.abspath(a) for a in sys.argv[1:3])
RANDOM = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 20240708)
ALL, SAMPLE, CELLS = 70, 20, 6  # figures: all of a study of so many, else a sample; cells
FIGURE = re.compile(r"^([<>]?)\s*([-\u2212]?[\d,]*\.?\d+)(%?)$")
failures = []
counts = {"figures": 0, "mismatch": 0, "too small": 0, "cells": 0, "moved": 0, "unmoved": 0}


def fail(what):
    failures.append(what)
    print("FAILED", what)


def verify(path, *arguments):
    done = subprocess.run([METAPOOL, "verify", path, "--format", "json", *arguments],
                          capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr


def read(text):
    """A printed figure as (number, unit of the last place), or None for a bound."""
    match = FIGURE.match(text.strip())
    if not match or match[1]:
        return None
    digits = match[2].replace("\u2212", "-").replace(",", "")
    places = len(digits.partition(".")[2])
    return float(digits), 10.0 ** -places


def unpin(text):
    text = re.sub(r",\s*sha256:\s*[0-9a-f]{64}", "", text)
    return re.sub(r"(?m)^\s*sha256:\s*[0-9a-f]{64}\s*\n", "", text)


def other_digit(text):
    """The text with one of its digits changed."""
    at = RANDOM.choice([i for i, c in enumerate(text) if c.isdigit()])
    new = RANDOM.choice([d for d in "0123456789" if d != text[at]])
    return text[:at] + new + text[at + 1:]


def unit_of(claim, printed):
    """The unit by which a claim with this printed figure is judged; of a tolerance two thirds, so
    that one and a half of it is where PASS ends, and ROUNDING, which a tolerance does not know."""
    value, unit = read(printed)
    if claim["tolerance"] is not None:
        return claim["tolerance"] / 1.5
    if claim["digits"] is not None and value != 0:
        return 10.0 ** (math.floor(math.log10(abs(value))) + 1 - claim["digits"])
    return unit


def figures_of(folder, text):
    """Each figure as (file, replace): replace(new) is the text of the file with another one."""
    sites = []
    for match in re.finditer(r'printed:\s*("?)([^",}\n]+?)\1\s*(?=[,}\n])', text):
        sites.append(("analysis.yaml", match[2], lambda new, m=match:
                      text[:m.start(2)] + new + text[m.end(2):]))
    columns = set(re.findall(r"\bcolumn:\s*\"?([\w .-]+?)\"?\s*[,}\n]", text))
    for name in re.findall(r"table:\s*([\w.-]+\.csv)", text):
        rows = list(csv.reader(open(folder / name, encoding="utf-8", newline="")))
        for r in range(1, len(rows)):
            for c, column in enumerate(rows[0]):
                if column in columns and rows[r][c].strip():
                    def replace(new, rows=rows, r=r, c=c):
                        out = io.StringIO()
                        changed = [list(row) for row in rows]
                        changed[r][c] = new
                        csv.writer(out, lineterminator="\n").writerows(changed)
                        return out.getvalue()
                    sites.append((name, rows[r][c], replace))
    return sites


def check_figures(folder, base):
    pinned = (folder / "analysis.yaml").read_text(encoding="utf-8")
    text = unpin(pinned)
    (folder / "analysis.yaml").write_text(text, encoding="utf-8")
    sites = figures_of(folder, text)
    if len(sites) > ALL:
        sites = RANDOM.sample(sites, SAMPLE)
    for name, printed, replace in sites:
        old = read(printed)
        new = other_digit(printed) if old and re.search(r"\d", printed) else None
        if not new or not read(new):
            continue
        counts["figures"] += 1
        kept = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(replace(new), encoding="utf-8")
        status, result, errors = verify(folder / "analysis.yaml")
        (folder / name).write_text(kept, encoding="utf-8")
        if status not in (0, 1):
            fail(f"{folder.name}: {printed} -> {new}: exit status {status}: {errors}")
            continue
        touched = [(a, b) for a, b in zip(base["claims"], result["claims"])
                   if a["printed"] != b["printed"]]
        for before, after in touched:
            if before["verdict"] != "pass":
                continue
            unit = max(unit_of(before, printed), unit_of(after, new))
            if before["tolerance"] is not None:
                unit *= 1.5  # the figure may be one tolerance away already
            if abs(read(new)[0] - old[0]) < 1.9999999 * unit:
                counts["too small"] += 1
            elif after["verdict"] != "mismatch" or status != 1:
                fail(f"{folder.name}: {after['id']}: {printed} -> {new} is {after['verdict']}")
            else:
                counts["mismatch"] += 1
    (folder / "analysis.yaml").write_text(pinned, encoding="utf-8")


def must_mismatch(before, computed):
    """Whether a claim that passed must be a MISMATCH for this computed figure."""
    figure = read(before["printed"])
    if before["verdict"] != "pass" or not figure:
        return False
    unit = unit_of(before, before["printed"])
    return computed is None or abs(computed - figure[0]) > 1.5 * unit * (1 + 1e-9)


def check_cell(folder, name, pinned, text, base, snapshot):
    path = folder / name
    kept = path.read_text(encoding="utf-8")
    rows = list(csv.reader(io.StringIO(kept)))
    cells = [(r, c) for r in range(1, len(rows)) for c in range(len(rows[r]))
             if re.fullmatch(r"-?\d+(\.\d+)?", rows[r][c])]
    for r, c in RANDOM.sample(cells, min(CELLS, len(cells))):
        old, new = rows[r][c], other_digit(rows[r][c])
        what = f"{folder.name}: {name}, row {r}, {rows[0][c]}: {old} -> {new}"
        rows[r][c] = new
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        rows[r][c] = old
        path.write_text(out.getvalue(), encoding="utf-8")
        counts["cells"] += 1
        if re.search(re.escape(name) + r",\s*sha256", pinned):
            (folder / "analysis.yaml").write_text(pinned, encoding="utf-8")
            status, _, errors = verify(folder / "analysis.yaml")
            if status != 3 or "SHA-256" not in errors:
                fail(f"{what}: with its SHA-256 the exit status is {status}")
            (folder / "analysis.yaml").write_text(text, encoding="utf-8")
        status, result, errors = verify(folder / "analysis.yaml")
        if status == 1:
            check_moved(base, result, what)
        elif status == 0:
            check_unmoved(base, result, what)
        guarded, compared, _ = verify(folder / "analysis.yaml", "--snapshot", snapshot)
        path.write_text(kept, encoding="utf-8")
        if guarded == 0 or (status in (0, 1) and guarded != 1):
            fail(f"{what}: with the snapshot the exit status is {guarded}")
        elif guarded == 1:
            check_named(base, result, compared["snapshot"], rows[0][c], r, old, new, what)


def check_moved(base, result, what):
    pairs = list(zip(base["claims"], result["claims"]))
    if not any(a["verdict"] != b["verdict"] for a, b in pairs):
        fail(f"{what}: exit status 1 and no verdict changed")
    for before, after in pairs:
        if must_mismatch(before, after["computed"]) and after["verdict"] not in (
                "mismatch", "not_computed"):
            fail(f"{what}: {after['id']} is {after['verdict']}: {after['printed']}, "
                 f"{after['computed']}")
    counts["moved"] += 1


def check_unmoved(base, result, what):
    for before, after in zip(base["claims"], result["claims"]):
        if must_mismatch(before, after["computed"]):
            fail(f"{what}: not caught: {after['id']}: {after['printed']}, {after['computed']}")
    counts["unmoved"] += 1


def check_named(base, result, snapshot, column, row, old, new, what):
    """The snapshot names the cell, and an analysis whose claimed figures moved."""
    changed = [t for t in snapshot["tables"] if t["change"] == "changed"]
    cells = [(x["row_before"], cell["column"], cell["before"], cell["after"])
             for t in changed for x in t["rows"] for cell in x["cells"]]
    if (row, column, old, new) not in cells or len(set(cells)) != 1:
        fail(f"{what}: the snapshot names {cells}")
    moved = {a["analysis"] for a, b in zip(base["claims"], result["claims"])
             if (a["computed"] is None) != (b["computed"] is None) or
             (a["computed"] is not None and
              not math.isclose(a["computed"], b["computed"], rel_tol=1e-7, abs_tol=1e-9))}
    told = {a["name"] for a in snapshot["analyses"] if a["change"] == "changed"}
    if not moved <= told:
        fail(f"{what}: figures of {sorted(moved - told)} moved, and the snapshot does not say so")
    for analysis in snapshot["analyses"]:
        for figure in analysis["attributions"]:
            total = figure["after"] - figure["before"]
            if len(figure["rows"]) != 1 or not math.isclose(
                    figure["rows"][0], total, rel_tol=1e-6, abs_tol=1e-12):
                fail(f"{what}: {analysis['name']}: {figure}: one row changed, and is not all of it")


def check_study(source, room):
    folder = room / source.name
    shutil.copytree(source, folder)
    pinned = (folder / "analysis.yaml").read_text(encoding="utf-8")
    text = unpin(pinned)
    status, base, errors = verify(folder / "analysis.yaml")
    if status != 0:
        fail(f"{source.name}: exit status {status}: {errors}")
        return
    check_figures(folder, base)
    (folder / "analysis.yaml").write_text(text, encoding="utf-8")
    snapshot = room / (source.name + ".json")
    if verify(folder / "analysis.yaml", "--snapshot", snapshot)[0] != 0:
        fail(f"{source.name}: the snapshot could not be written")
    tables = re.findall(r"\bfile:\s*([\w.-]+\.csv)", text)
    for name in tables:
        check_cell(folder, name, pinned, text, base, snapshot)


def main():
    with tempfile.TemporaryDirectory() as room:
        for path in sorted(pathlib.Path(SOURCE, "datasets").glob("*/analysis.yaml")):
            check_study(path.parent, pathlib.Path(room))
    print(counts)
    for what in ("mismatch", "moved", "unmoved"):
        if counts[what] == 0:
            fail(f"nothing was {what}: this test saw nothing")
    return 1 if failures else 0


sys.exit(main())
