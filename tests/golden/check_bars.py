#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bars of shares are read back: what the SVG draws is what the JSON and the table say.

usage: check_bars.py METAPOOL SOURCE_DIR
"""
import collections
import csv
import json
import os
import re
import subprocess
import sys
from xml.etree import ElementTree

METAPOOL, SOURCE = (os.path.abspath(a) for a in sys.argv[1:3])
SVG = "{http://www.w3.org/2000/svg}"
CAUSES = os.path.join(SOURCE, "datasets/nrm2024/causes.csv")
FIVE_FILLS = 5
failures = []


def expect(what, true):
    if not true:
        failures.append(what)
        print("FAILED", what)


def near(what, got, want, tolerance=0.011):
    expect(f"{what}: {got}, not {want}", abs(got - want) <= tolerance)


def made(*words):
    done = subprocess.run([METAPOOL, "plot", "composition", *words, "--quiet"],
                          capture_output=True, timeout=300)
    expect(f"{words}: {done.stderr.decode()}", done.returncode == 0 and not done.stderr)
    return done.stdout


def counted(grouping):
    """Deaths by level and cause, summed here from the file itself."""
    sums = collections.Counter()
    with open(CAUSES, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["grouping"] == grouping:
                sums[row["level"], row["cause"]] += int(row["deaths"])
                sums[None, row["cause"]] += int(row["deaths"])
    return sums


def check_sums(data, sums):
    for bar in data["bars"]:
        counts = {s["category"]: s["count"] for s in bar["shares"]}
        want = {cause: n for (level, cause), n in sums.items() if level == bar["group"]}
        expect(f"{bar['group']}: {counts}, not {want}",
               {c: n for c, n in counts.items() if n} == {c: n for c, n in want.items() if n})
        expect("the total", bar["total"] == sum(want.values()))
        for share in bar["shares"]:
            near("a share", share["share"], share["count"] / bar["total"], 1e-15)


def check_segments(root, data):
    """Each share is a box from where the one before it ends, in the style of its place."""
    ticks = [(float(t.get("x")), float(t.text)) for t in root.iter(SVG + "text")
             if t.get("class") == "tick-label"]
    expect("ticks", [t[1] for t in ticks] == [0, 20, 40, 60, 80, 100])
    left, unit = ticks[0][0], (ticks[-1][0] - ticks[0][0])
    boxes = {int(r.get("data-row")): r for r in root.iter(SVG + "rect") if r.get("data-row")}
    row, drawn, tops = 0, 0, []
    for bar in data["bars"]:
        reached = 0.0
        for place, share in enumerate(bar["shares"]):
            row += 1
            if share["count"] == 0:
                expect("nothing is drawn of nothing", row not in boxes)
                continue
            drawn += 1
            box = boxes[row]
            near("left", float(box.get("x")), left + unit * reached, 0.02)
            near("width", float(box.get("width")), unit * share["share"], 0.02)
            expect("fill", box.get("class") == f"share-{place % FIVE_FILLS + 1}")
            reached += share["share"]
            tops.append((bar["group"], float(box.get("y"))))
    expect("every box is a share", drawn == len(boxes))
    heights = sorted({y for _, y in tops})
    expect("a height a bar", len(heights) == len({g for g, _ in tops}))


def check_texts(root, data):
    texts = [t.text for t in root.iter(SVG + "text")]
    within = [t.text for t in root.iter(SVG + "text") if t.get("class") == "share-text"]
    allowed = collections.Counter()
    for bar in data["bars"]:
        expect(f"n of {bar['group']}", f"n = {bar['total']}" in texts)
        for share in bar["shares"]:
            percent = f"{100.0 * (share['share'] or 0.0):.1f}%"
            allowed.update({f"{share['count']} ({percent})": 1, str(share["count"]): 1,
                            percent: 1})
    for text in within:
        expect(f"'{text}' is of no share", allowed[text] > 0)
        allowed[text] -= 1
    expect("some figures fit", len(within) >= len(data["bars"]))
    keys = " ".join(t.text for t in root.iter(SVG + "text") if t.get("class") == "key")
    expect("keys", keys == " ".join(s["category"] for s in data["bars"][0]["shares"]))
    if data["chi_square"]["p"] is not None:
        small = " ".join(t.text for t in root.iter(SVG + "text") if t.get("class") == "footer")
        said = re.search(r"chi-square = ([\d.]+), df = (\d+)", small.replace("\u00a0", " "))
        near("chi-square", float(said[1]), data["chi_square"]["statistic"], 0.00501)
        expect("df", int(said[2]) == data["chi_square"]["df"])


def main():
    words = [CAUSES, "--category", "cause", "--count", "deaths"]
    for grouping, by in (("all", False), ("setting", True), ("entity", True),
                         ("product", True)):
        some = words + ["--where", f"grouping = '{grouping}'"]
        some += ["--by", "level"] if by else []
        data = json.loads(made(*some, "--format", "json"))
        sums = counted(grouping)
        check_sums(data, sums if by else {k: n for k, n in sums.items() if k[0] is None})
        expect("groups", len(data["bars"]) == len({k[0] for k in sums}) - (not by))
        for width in ([], ["--width", "84"], ["--width", "174"]):
            svg = made(*some, *width)
            expect("two runs", made(*some, *width) == svg)
            root = ElementTree.fromstring(svg)
            expect("title", root.find(SVG + "title").text.startswith("Shares by cause"))
            check_segments(root, data)
            check_texts(root, data)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
