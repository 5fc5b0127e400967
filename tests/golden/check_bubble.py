#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bubble plots are read back: the SVG draws what the JSON says, and the line is what
`regress --at` predicts.

usage: check_bubble.py METAPOOL SOURCE_DIR
"""
import csv
import io
import json
import math
import sys
from xml.etree import ElementTree

from figure_reading import COHORTS, SVG, TRIALS, expect, failures, near, run

LIMITS = ("estimate", "ci_lower", "ci_upper", "pi_lower", "pi_upper")


def same_as_regress(words, data):
    """Every place of the line by --at, bit for bit."""
    across = data["across"]["name"]
    at = [word for place in data["line"] for word in ("--at", f"{across}={place['x']}")]
    told = json.loads(run("regress", *words, *at, "--format", "json"))["predictions"]
    expect("as many", len(told) == len(data["line"]))
    for got, want in zip(data["line"], told):
        for key in LIMITS:
            expect(f"{words} at {got['x']}: {key}", got[key] == want[key] and
                   got["back"][key] == want["back"][key])


class Picture:
    def __init__(self, words, log):
        self.bytes = run("plot", "bubble", *words)
        expect("two runs", run("plot", "bubble", *words) == self.bytes)
        self.root = ElementTree.fromstring(self.bytes)
        labels = [(t, t.text.replace("\u2212", "-")) for t in self.root.iter(SVG + "text")
                  if t.get("class") == "tick-label"]
        scale = math.log if log else float
        up = [(scale(float(text)), float(t.get("y")) - 0.36 * 8.0) for t, text in labels
              if t.get("text-anchor") == "end"]
        self.across = [(text, float(t.get("x"))) for t, text in labels
                       if t.get("text-anchor") == "middle"]
        self.y = self.line(up[0], up[-1])
        self.up = lambda value: self.y(scale(value))

    @staticmethod
    def line(a, b):
        return lambda value: a[1] + (value - a[0]) * (b[1] - a[1]) / (b[0] - a[0])

    def of(self, *names):
        return [e for e in self.root if e.get("class") in names]

    @staticmethod
    def middle(mark):
        """Centre and area; a shape's is the mean of its corners, its area the shoelace."""
        if mark.tag == SVG + "circle":
            return (float(mark.get("cx")), float(mark.get("cy")),
                    math.pi * float(mark.get("r")) ** 2)
        corner = [tuple(map(float, p.split(","))) for p in mark.get("points").split()]
        turn = zip(corner, corner[1:] + corner[:1])
        n = len(corner)
        return (sum(x for x, _ in corner) / n, sum(y for _, y in corner) / n,
                0.5 * abs(sum(a[0] * b[1] - a[1] * b[0] for a, b in turn)))


def check_studies(picture, data, place, slack):
    """Each study once, at its place, with an area by its size."""
    marks = picture.of("study", *(f"group-{i}" for i in range(1, 7)))
    drawn = {int(m.get("data-row")): m for m in marks if m.get("data-row")}
    expect("each study", sorted(drawn) == list(range(1, len(data["points"]) + 1)))
    most = max(p["size"] for p in data["points"])
    full = max(picture.middle(m)[2] for m in drawn.values())
    for row, point in enumerate(data["points"], 1):
        x, y, area = picture.middle(drawn[row])
        near(f"{point['study']} across", x, place(point["x"]), slack)
        near(f"{point['study']} upwards", y, picture.up(point["y"]))
        if area > 4.0:  # below that it is drawn larger, to be seen
            expect(f"area of {point['study']}", abs(area / full - point["size"] / most) < 0.02)
        group = data["groups"].index(point["group"]) + 1 if data["groups"] else None
        expect("its group", drawn[row].get("class") == (f"group-{group}" if group else "study"))


def check_line(picture, data):
    (_, x0), (_, x1) = picture.across[0], picture.across[-1]
    place = picture.line((float(picture.across[0][0]), x0), (float(picture.across[-1][0]), x1))

    def points(name, tag):
        found = [e for e in picture.of(name) if e.tag == SVG + tag]
        return [tuple(map(float, p.split(","))) for p in found[0].get("points").split()]

    n = len(data["line"])
    expect("even places over the range", n == 61 and
           data["line"][0]["x"] == min(p["x"] for p in data["points"]) and
           data["line"][-1]["x"] == max(p["x"] for p in data["points"]))
    curve = points("regression", "polyline")
    mean, prediction = points("band-mean", "polygon"), points("band-prediction", "polygon")
    expect("all places", len(curve) == n and len(mean) == len(prediction) == 2 * n)
    for i, told in enumerate(data["line"]):
        back = told["back"]
        for what, at, value in (("line", curve[i], back["estimate"]),
                                ("upper", mean[i], back["ci_upper"]),
                                ("lower", mean[-1 - i], back["ci_lower"]),
                                ("predicted upper", prediction[i], back["pi_upper"]),
                                ("predicted lower", prediction[-1 - i], back["pi_lower"])):
            near(f"{what} {i} across", at[0], place(told["x"]))
            near(f"{what} {i} upwards", at[1], picture.up(value))
    return place


def check_columns(picture, data):
    """A box of each interval and a line for each level."""
    levels = data["across"]["levels"]
    place = {level: x for level, (_, x) in zip(levels, picture.across)}
    expect("a column a level", len(picture.across) == len(levels) == len(data["line"]))
    for name, keys in (("band-mean", ("ci_upper", "ci_lower")),
                       ("band-prediction", ("pi_upper", "pi_lower"))):
        boxes = [b for b in picture.of(name) if float(b.get("height")) != 8.0]
        expect(f"a {name} a level", len(boxes) == len(levels))
        for box, told in zip(boxes, data["line"]):
            top, height = float(box.get("y")), float(box.get("height"))
            near(f"{told['x']} upper", top, picture.up(told["back"][keys[0]]))
            near(f"{told['x']} lower", top + height, picture.up(told["back"][keys[1]]))
            near(f"{told['x']} across", float(box.get("x")) + 0.5 * float(box.get("width")),
                 place[told["x"]])
    for line, told in zip(picture.of("regression"), data["line"]):
        near(f"mean of {told['x']}", float(line.get("y1")), picture.up(told["back"]["estimate"]))
    step = picture.across[1][1] - picture.across[0][1]
    return (lambda level: place[level]), 0.37 * step


def check_csv(words, data):
    rows = list(csv.DictReader(io.StringIO(run("plot", "bubble", *words, "--format",
                                               "csv").decode())))
    expect("csv", [r["kind"] for r in rows] ==
           ["study"] * len(data["points"]) + ["line"] * len(data["line"]))
    for row, point in zip(rows, data["points"] + [m["back"] for m in data["line"]]):
        y = point.get("y", point.get("estimate"))
        expect("csv y", float(row["y"]) == y)


def main():
    cases = [([*TRIALS, "--mods", "ablat"], [], True),
             ([*TRIALS, "--mods", "ablat + alloc", "--ci", "wald", "--level", "90"],
              ["--across", "alloc"], True),
             ([*TRIALS, "--mods", "ablat * year"], ["--across", "year", "--width", "84"], True),
             ([*COHORTS, "--mods", "followup_months"], ["--by", "entity", "--names"], False),
             ([*COHORTS, "--mods", "product + followup_months", "--ci", "hksj-adhoc"],
              ["--width", "174"], False),
             ([*COHORTS, "--mods", "setting", "--method", "glmm"], [], False)]
    for words, extra, log in cases:
        data = json.loads(run("plot", "bubble", *words, *extra, "--format", "json"))
        same_as_regress(words, data)
        picture = Picture([*words, *extra], log)
        place, slack = (check_columns(picture, data) if data["across"]["factor"] else
                        (check_line(picture, data), 0.021))
        check_studies(picture, data, place, slack)
        check_csv([*words, *extra], data)
    # What was observed, not what a correction of empty cells makes of it; area by n where
    # a mixed model has no weights.
    deaths = [p for p in data["points"] if p["study"] == "Kato 2023"][0]
    expect("observed", deaths["y"] == 0.0 and data["area"] == "n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
