#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A specification curve is read back: what the SVG draws is what `compare` found.

usage: check_curve.py METAPOOL SOURCE_DIR
"""
import json
import math
import os
import sys
from xml.etree import ElementTree

from figure_reading import SOURCE, SVG, TRIALS, expect, failures, near, run

MYELOMA = [os.path.join(SOURCE, "datasets/nrm2024/studies.csv"), "--measure", "PLO",
           "--events", "deaths", "--n", "patients", "--where", "entity = 'MM'",
           "--null", "0.06"]


def same_as_command(words, data):
    """The analyses are those of `metapool compare`, by rank."""
    rows = json.loads(run("compare", *words, "--format", "json"))["rows"]
    lines = run("plot", "compare", *words, "--format", "csv").decode().splitlines()[1:]
    drawn = data["specifications"]
    expect("ranks", [s["rank"] for s in drawn] == list(range(1, len(drawn) + 1)))
    expect("rising", all(a["estimate"] <= b["estimate"] for a, b in zip(drawn, drawn[1:])))
    want = sorted((r for r in rows if r["rank"]), key=lambda r: r["rank"])
    expect("as many", len(drawn) == len(want))
    for got, row in zip(drawn, want):
        back = row["back"]
        expect(f"{got}, not {row}",
               (got["rank"], got["tau2"], got["ci"], got["flips"], got["conclusion"],
                got["estimate"], got["interval"], got["reference"]) ==
               (row["rank"], row["tau2_method"], row["ci_method"], row["flips"],
                row["conclusion"], back["estimate"], [back["ci_lower"], back["ci_upper"]],
                row["reference"]))
    expect("all or no answer", len(drawn) + data["unanswered"] == len(rows))
    expect("csv", len(lines) == len(drawn) and
           [float(line.split(",")[4]) for line in lines] == [s["estimate"] for s in drawn])


class Curve:
    def __init__(self, svg, logs):
        self.root = ElementTree.fromstring(svg)
        ticks = [(float(t.get("y")) - 0.36 * 8.0, float(t.text)) for t in
                 self.root.iter(SVG + "text") if t.get("class") == "tick-label"]
        to = math.log if logs else float
        (y0, v0), (y1, v1) = ticks[0], ticks[-1]
        self.ends = sorted((y0, y1))
        self.place = lambda v: min(max(y0 + (to(v) - to(v0)) * (y1 - y0) / (to(v1) - to(v0)),
                                       self.ends[0]), self.ends[1])

    def by_row(self, *names):
        return {int(e.get("data-row")): e for e in self.root if e.get("class") in names}


def check_upper(curve, drawn):
    marks = {"circle": curve.by_row("curve-point"), "flipped": curve.by_row("curve-other"),
             "reference": curve.by_row("curve-reference")}
    lines = curve.by_row("curve-interval", "curve-flipped")
    columns = []
    for row in drawn:
        rank, y = row["rank"], curve.place(row["estimate"])
        kind = ("reference" if row["reference"] else "flipped" if row["flips"] else "circle")
        expect(f"rank {rank} is a {kind}", [k for k in marks if rank in marks[k]] == [kind])
        mark, line = marks[kind][rank], lines[rank]
        if kind == "circle":
            center = float(mark.get("cy"))
        elif kind == "reference":
            center = float(mark.get("y")) + 0.5 * float(mark.get("height"))
        else:
            ys = [float(p.split(",")[1]) for p in mark.get("points").split()]
            center = 0.5 * (min(ys) + max(ys))
        near(f"estimate {rank}", center, y)
        near(f"lower {rank}", float(line.get("y1")), curve.place(row["interval"][0]))
        near(f"upper {rank}", float(line.get("y2")), curve.place(row["interval"][1]))
        expect(f"dashes {rank}", (line.get("class") == "curve-flipped") == row["flips"])
        columns.append(float(line.get("x1")))
    steps = [b - a for a, b in zip(columns, columns[1:])]
    expect("even columns by rank", min(steps) > 0.0 and max(steps) - min(steps) < 0.021)
    return columns


def check_lower(curve, data, columns):
    """A dot for each analysis and choice, in its column and on the line of its value."""
    names = [t for t in curve.root.iter(SVG + "text") if t.get("class") == "name" and
             t.get("text-anchor") == "end"]
    values = [(choice, v) for choice in ("model", "tau2", "ci") for v in data["choices"][choice]]
    expect("names of the values", [n.text for n in names] == [v for _, v in values])
    heights = [float(n.get("y")) - 0.36 * 7.0 for n in names]
    expect("names apart", all(b - a >= 7.82 for a, b in zip(heights, heights[1:])))
    got = sorted((int(e.get("data-row")), float(e.get("cy")), float(e.get("cx")))
                 for e in curve.root if e.get("class") == "curve-choice")
    want = sorted((s["rank"], y, columns[s["rank"] - 1]) for s in data["specifications"]
                  for (choice, v), y in zip(values, heights) if s[choice] == v)
    expect("a dot a choice", len(got) == len(want) == 3 * len(columns))
    for a, b in zip(got, want):
        expect(f"dot {a}, not {b}", a[0] == b[0] and abs(a[1] - b[1]) < 0.021 and
               abs(a[2] - b[2]) < 0.021)


def main():
    for words, logs in ((TRIALS, True), (MYELOMA, False)):
        data = json.loads(run("plot", "compare", *words, "--format", "json"))
        same_as_command(words, data)
        expect("some flip", any(s["flips"] for s in data["specifications"]))
        for width in ([], ["--width", "84"], ["--width", "174"]):
            svg = run("plot", "compare", *words, *width)
            expect("two runs", run("plot", "compare", *words, *width) == svg)
            curve = Curve(svg, logs)
            near("the hypothesis", float(next(
                e for e in curve.root if e.get("class") == "null-line").get("y1")),
                curve.place(data["null_value"]))
            columns = check_upper(curve, data["specifications"])
            check_lower(curve, data, columns)
            page = [float(v) for v in curve.root.get("viewBox").split()]
            expect("on the page", 0.0 < columns[0] and columns[-1] < page[2])
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
