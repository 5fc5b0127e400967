#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drapery plots are read back: the SVG draws the curves of the JSON, which have the width
of `pool`'s intervals at its level, and the p of the normal distribution.

usage: check_drapery.py METAPOOL SOURCE_DIR
"""
import csv
import io
import json
import math
import statistics
import sys
from xml.etree import ElementTree

from figure_reading import COHORTS, SVG, TRIALS, expect, failures, near, run


def same_as_pool(words, data):
    told = json.loads(run("pool", *words, "--format", "json"))["overall"]
    at = [i for i, p in enumerate(data["p"]) if abs(p - (1.0 - data["level"] / 100.0)) < 1e-12]
    expect("the level is among the p", len(at) == 1)
    for curve in data["curves"]:
        if curve["kind"] == "study":
            continue
        name = "random" if curve["kind"] == "prediction" else curve["kind"]
        key = "pi" if curve["kind"] == "prediction" else "ci"
        back = told[name]["back"]
        ends = [told[name][key + "_lower"], told[name][key + "_upper"]]
        drawn = [curve["lower"][at[0]], curve["upper"][at[0]]]
        for got, want in zip(curve["interval"] + drawn,
                             ends + [back[key + "_lower"], back[key + "_upper"]]):
            near(f"{words}: {curve['kind']}", got, want, 1e-13 * max(1.0, abs(want)))


def check_normal(data, back):
    """Curves by the normal distribution, against Python's own."""
    quantile = statistics.NormalDist().inv_cdf
    seen = 0
    for curve in data["curves"]:
        if len(curve["parts"]) > 1 or curve["parts"][0]["df"] is not None:
            continue
        se = curve["parts"][0]["se"]
        for p, lower, upper in zip(data["p"], curve["lower"], curve["upper"]):
            reach = -se * quantile(0.5 * p)
            near("lower", lower, back(curve["estimate"] - reach), 1e-7 * max(1.0, lower))
            near("upper", upper, back(curve["estimate"] + reach), 1e-7 * max(1.0, upper))
            seen += 1
    expect("many of them", seen > 10 * len(data["p"]))


class Picture:
    def __init__(self, words, log, z):
        self.bytes = run("plot", "drapery", *words)
        expect("two runs", run("plot", "drapery", *words) == self.bytes)
        self.root = ElementTree.fromstring(self.bytes)
        labels = {anchor: [(t.text.replace("\u2212", "-"), float(t.get("x")),
                            float(t.get("y")) - 0.36 * 8.0)
                           for t in self.root.iter(SVG + "text")
                           if t.get("class") == "tick-label" and t.get("text-anchor") == anchor]
                  for anchor in ("end", "middle", None)}
        self.log, self.z = log, z
        left, right = labels["end"], labels[None]
        expect("levels beside p", len(left) == len(right) > 4 and all(
            abs(float(a[0]) - (1.0 - float(b[0].rstrip("%")) / 100.0)) < 1e-9 and a[2] == b[2]
            for a, b in zip(left, right)))
        self.y = self.line(*((self.height(float(t[0])), t[2]) for t in (left[0], left[-1])))
        bottom = labels["middle"]
        self.x = self.line(*((self.across(float(t[0])), t[1]) for t in (bottom[0], bottom[-1])))
        self.ends = (float(bottom[0][0]), float(bottom[-1][0]))

    def height(self, p):
        return -statistics.NormalDist().inv_cdf(0.5 * p) if self.z and p < 1.0 else \
            0.0 if self.z else p

    def across(self, value):
        return math.log(value) if self.log else value

    @staticmethod
    def line(a, b):
        return lambda value: a[1] + (value - a[0]) * (b[1] - a[1]) / (b[0] - a[0])


def check_drawn(picture, data):
    """All points within the axis are drawn, in order, and nothing but they and the two
    points at which a curve leaves it."""
    marks = {"study": "drape-study", "common": "drape-common", "random": "drape-random",
             "prediction": "drape-range"}
    for kind, name in marks.items():
        drawn = [[tuple(map(float, p.split(","))) for p in e.get("points").split()]
                 for e in picture.root if e.get("class") == name and e.get("points")]
        curves = [c for c in data["curves"] if c["kind"] == kind]
        expect(f"curves of {kind}", len(drawn) == len(curves))
        for points, curve in zip(drawn, curves):
            sides = (list(zip(data["p"], curve["lower"]))[:0:-1] +
                     list(zip(data["p"], curve["upper"])))
            inside = [(p, x) for p, x in sides if picture.ends[0] <= x <= picture.ends[1]]
            expect("points", 0 <= len(points) - len(inside) <= 2)
            skip = len(points) - len(inside) if sides[0][1] < picture.ends[0] else 0
            skip = min(skip, 1)
            for (x, y), (p, value) in zip(points[skip:], inside):
                near(f"{kind} {curve['study']} across", x, picture.x(picture.across(value)))
                near(f"{kind} {curve['study']} upwards", y, picture.y(picture.height(p)), 0.03)


def main():
    logistic = lambda v: 1.0 / (1.0 + math.exp(-v))  # noqa: E731
    cases = [(TRIALS, [], True, math.exp), (TRIALS + ["--ci", "kr", "--level", "90"], [], True,
                                            math.exp),
             (TRIALS + ["--ci", "hksj-wide", "--predict", "hts"], ["--width", "84"], True, math.exp),
             (TRIALS + ["--ci", "wald"], ["--y-axis", "z"], True, math.exp),
             (COHORTS, [], False, logistic),
             (COHORTS + ["--level", "99.99"], ["--y-axis", "z", "--width", "174"], False,
              logistic)]
    for words, extra, log, back in cases:
        data = json.loads(run("plot", "drapery", *words, *extra, "--format", "json"))
        same_as_pool(words, data)
        check_normal(data, back)
        check_drawn(Picture([*words, *extra], log, data["y_axis"] == "z"), data)
        rows = list(csv.DictReader(io.StringIO(run("plot", "drapery", *words, *extra,
                                                   "--format", "csv").decode())))
        told = [(c["kind"], p, lo, up) for c in data["curves"]
                for p, lo, up in zip(data["p"], c["lower"], c["upper"])]
        expect("csv", [(r["kind"], float(r["p"]), float(r["lower"]), float(r["upper"]))
                       for r in rows] == told)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
