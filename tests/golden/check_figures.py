#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures over two axes are read back: what the SVG draws is what the JSON says.

usage: check_figures.py METAPOOL SOURCE_DIR
"""
import csv
import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
from xml.etree import ElementTree

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


def near(what, got, want, tolerance=0.011):
    expect(f"{what}: {got}, not {want}", abs(got - want) <= tolerance)


def made(*words):
    done = subprocess.run([METAPOOL, "plot", *words], capture_output=True, timeout=300)
    expect(f"{words}: {done.stderr.decode()}", done.returncode == 0 and not done.stderr)
    return done.stdout


def value(text):
    return float(text.replace("\u2212", "-"))


class Figure:
    """A picture with the maps from its points to values that its tick labels give."""

    def __init__(self, words, logs):
        self.bytes = made(*words)
        self.root = ElementTree.fromstring(self.bytes)
        self.logs = logs
        expect("two runs", made(*words) == self.bytes)
        expect("role", self.root.get("role") == "img")
        ids = self.root.get("aria-labelledby").split()
        named = [self.root.find(SVG + tag) for tag in ("title", "desc")]
        expect("title and desc", [n.get("id") for n in named] == ids and
               all(n.text for n in named))
        labels = [t for t in self.root.iter(SVG + "text") if t.get("class") == "tick-label"]
        across = [(float(t.get("x")), self.across(value(t.text))) for t in labels
                  if t.get("text-anchor") == "middle"]
        # The baseline of a label is 0.36 em of 8 points below its tick.
        upwards = [(float(t.get("y")) - 0.36 * 8.0, value(t.text)) for t in labels
                   if t.get("text-anchor") == "end"]
        self.x, self.y = (self.line(ends[0], ends[-1]) for ends in (across, upwards))

    def across(self, number):
        return math.log(number) if self.logs else number

    @staticmethod
    def line(first, last):
        """The place of a value."""
        slope = (last[0] - first[0]) / (last[1] - first[1])
        return lambda value: first[0] + slope * (value - first[1])

    def marks(self, name):
        return [e for e in self.root if e.get("class") == name and
                (e.get("data-row") or e.tag != SVG + "circle")]

    def points(self, element):
        return [tuple(map(float, p.split(","))) for p in element.get("points").split()]


def check_points(figure, data):
    for kind in ("study", "filled"):
        circles = figure.marks(kind)
        points = [p for p in data["points"] if p["kind"] == kind]
        expect(f"{len(circles)} circles for {len(points)}", len(circles) == len(points))
        for circle, point in zip(circles, points):
            near(point["study"], float(circle.get("cx")), figure.x(point["yi"]))
            near(point["study"], float(circle.get("cy")), figure.y(point["vertical"]))


def check_curves(figure, data, se_of):
    """Every point of a curve is as many standard errors from the middle as the level asks
    for: quantiles of Python's own normal distribution."""
    place = {figure.x(v): v for v in (0.0,)}
    left, right = (float(figure.marks("frame")[0].get("x")),
                   float(figure.marks("frame")[0].get("x")) +
                   float(figure.marks("frame")[0].get("width")))
    top = float(figure.marks("frame")[0].get("y"))
    unit = figure.x(1.0) - figure.x(0.0)
    origin = next(iter(place))
    quantile = statistics.NormalDist().inv_cdf
    curves = [(line, data["center"], data["pseudo_limits"]["level"])
              for line in figure.marks("limit") if line.tag == SVG + "polyline"]
    expect("two pseudo limits", len(curves) == 2)
    regions = [r for r in figure.root if r.tag == SVG + "polygon" and
               re.fullmatch("contour-[123]", r.get("class"))]
    expect("a region a contour", len(regions) == len(data["contours"]))
    levels = sorted((c["level"] for c in data["contours"]), reverse=True)
    curves += [(r, data["null_value"], level) for r, level in zip(regions, levels)]
    for element, middle, level in curves:
        z = quantile(0.5 + level / 200.0)
        seen = 0
        for x, y in figure.points(element):
            if abs(x - left) < 0.02 or abs(x - right) < 0.02:
                continue
            effect = (x - origin) / unit
            want = z * se_of(figure, y)
            # Half a hundredth of a point, and as much for the labels, in x and in y.
            slack = 0.012 / abs(unit) + max(
                abs(want - z * se_of(figure, max(y + d, top))) for d in (-0.012, 0.012))
            near(f"{level} at {y}", abs(effect - middle), want, slack + 1e-9)
            seen += 1
        expect("a curve of many points", seen >= 10)


def se_from(invert):
    def se_of(figure, y):
        a, b = figure.y(0.0), figure.y(1.0)
        return invert((y - a) / (b - a))
    return se_of


def check_funnels():
    contours = ["--contours", "90,95,99", "--trim-fill", "L0"]
    for axis, invert in (("sei", lambda v: v), ("vi", lambda v: math.sqrt(max(v, 0.0))),
                         ("seinv", lambda v: 1.0 / v), ("vinv", lambda v: v ** -0.5)):
        words = ["funnel", *TRIALS, *contours, "--y-axis", axis]
        figure = Figure(words, True)
        data = json.loads(made(*words, "--format", "json"))
        check_points(figure, data)
        check_curves(figure, data, se_from(invert))
        near("the middle", float(figure.marks("center-line")[0].get("x1")),
             figure.x(data["center"]))
        near("the hypothesis", float(figure.marks("null-line")[0].get("x1")),
             figure.x(data["null_value"]))
    # Duval and Tweedie's mirror images; metafor 3.8-1, trimfill(rma(RR)): 1 on the right.
    fill = data["trim_fill"]
    expect("one on the right", (fill["k0"], fill["side"]) == (1, "right"))
    lowest = min(p["yi"] for p in data["points"] if p["kind"] == "study")
    filled = [p for p in data["points"] if p["kind"] == "filled"]
    near("the mirror", filled[0]["yi"], 2.0 * fill["mirror"] - lowest, 1e-12)
    for words in (["--width", "84"], ["--y-axis", "ninv"], ["--y-axis", "sqrtni"],
                  ["--y-axis", "ni"], ["--y-axis", "sqrtninv"]):
        words = ["funnel", *COHORTS, *words]
        figure = Figure(words, False)
        check_points(figure, json.loads(made(*words, "--format", "json")))
        # the key tells where the line stands on the axis, and the proportion that it is
        key = next(t.text for t in figure.root.iter(SVG + "text")
                   if t.text and t.text.startswith("Random effects: "))
        logit, share = re.fullmatch(r"Random effects: (\S+) \(proportion (\S+)\)", key).groups()
        near("the key", figure.x(value(logit)),
             float(figure.marks("center-line")[0].get("x1")), 0.05)
        near("as a proportion", float(share), 1 / (1 + math.exp(-value(logit))), 1e-4)
    lines = made("funnel", *COHORTS, "--format", "csv").decode().splitlines()
    expect("csv", lines[0] == "kind,study,yi,vi,sei" and len(lines) == 53)


def least_squares(points):
    """The line through effects over their standard errors, by weights 1 / vi: intercept,
    slope, t of the slope with the residual variance."""
    w = [1.0 / p["vi"] for p in points]
    x = [math.sqrt(p["vi"]) for p in points]
    y = [p["yi"] for p in points]
    total = math.fsum(w)
    middle = [math.fsum(a * b for a, b in zip(w, v)) / total for v in (x, y)]
    sxx = math.fsum(a * (b - middle[0]) ** 2 for a, b in zip(w, x))
    slope = math.fsum(a * (b - middle[0]) * c for a, b, c in zip(w, x, y)) / sxx
    limit = middle[1] - slope * middle[0]
    rest = math.fsum(a * (c - limit - slope * b) ** 2 for a, b, c in zip(w, x, y))
    return limit, slope, slope / math.sqrt(rest / (len(x) - 2) / sxx)


def check_egger():
    for axis, invert in (("sei", lambda v: v), ("vi", lambda v: math.sqrt(max(v, 0.0))),
                         ("seinv", lambda v: 1.0 / v), ("vinv", lambda v: v ** -0.5)):
        words = ["funnel", *TRIALS, "--egger-line", "--y-axis", axis]
        figure = Figure(words, True)
        data = json.loads(made(*words, "--format", "json"))
        egger = data["egger"]
        limit, slope, t = least_squares(data["points"])
        near("limit", egger["limit"], limit, 1e-12)
        near("slope", egger["slope"], slope, 1e-12)
        near("t", egger["t"], t, 1e-12)
        # metafor 3.8-1, regtest(rma(RR), model = "lm"): t = -1.4013, df = 11, p = 0.1887
        near("t of metafor", egger["t"], -1.4013, 5e-5)
        near("p of metafor", egger["p"], 0.1887, 5e-5)
        expect("df of metafor", (egger["df"], egger["k"]) == (11, 13))
        line = [e for e in figure.marks("egger-line") if e.tag == SVG + "polyline"]
        expect("one line", len(line) == 1)
        points = figure.points(line[0])
        expect("a line of many points", len(points) >= 10)
        se_of = se_from(invert)
        unit = figure.x(1.0) - figure.x(0.0)
        for x, y in points:
            slack = 0.012 / abs(unit) + slope * slope * 1e-9 + max(
                abs(slope * (se_of(figure, y) - se_of(figure, y + d))) for d in (-0.012, 0.012)
                if abs(y + d) < 1e4)
            near(f"Egger's line at {y}", (x - figure.x(0.0)) / unit,
                 limit + slope * se_of(figure, y), slack)
        words = " ".join(t.text for t in figure.root.iter(SVG + "text"))
        expect("the test in words", "2.112" in words and "0.189" in words)


def check_baujat():
    for words, logs in ((TRIALS, False), ([*COHORTS, "--width", "84", "--quiet"], False)):
        words = ["baujat", *words]
        figure = Figure(words, logs)
        data = json.loads(made(*words, "--format", "json"))
        circles = {int(c.get("data-row")): c for c in figure.marks("study")}
        expect("a circle a study", sorted(circles) ==
               list(range(1, len(data["points"]) + 1)))
        for row, point in enumerate(data["points"], 1):
            near(point["study"], float(circles[row].get("cx")),
                 figure.x(point["heterogeneity"]))
            near(point["study"], float(circles[row].get("cy")), figure.y(point["influence"]))
        names = figure.marks("name")
        expect("twelve names at most", 5 <= len(names) <= 12)
        for name in names:
            expect(f"the name {name.text}",
                   name.text == data["points"][int(name.get("data-row")) - 1]["study"])


def effect_at(figure, x, y):
    """The slope of the ray from the origin through a place."""
    across, up = (figure.x(1.0) - figure.x(0.0)), (figure.y(1.0) - figure.y(0.0))
    return (y - figure.y(0.0)) / up / ((x - figure.x(0.0)) / across)


def check_rays(figure, data, forward):
    """Labels of the arc stand where rays of these effects end; every study is within it."""
    labels = [t for t in figure.root.iter(SVG + "text") if t.get("class") == "tick-label" and
              not t.get("text-anchor")]
    expect("labels of the arc", len(labels) >= 2)
    ends = [(float(t.get("x")) - 3.0, float(t.get("y")) - 0.36 * 8.0) for t in labels]
    origin = (figure.x(0.0), figure.y(0.0))
    radii = [math.dist(end, origin) for end in ends]
    expect("one arc", max(radii) - min(radii) < 0.03)
    for label, (x, y) in zip(labels, ends):
        near(f"arc {label.text}", effect_at(figure, x, y), forward(value(label.text)), 5e-3)
    for circle in figure.marks("study"):
        center = float(circle.get("cx")), float(circle.get("cy"))
        expect("within the arc", math.dist(center, origin) < radii[0] - 10.0)
    lines = [e for e in figure.marks("center-line")
             if math.dist((float(e.get("x1")), float(e.get("y1"))), origin) < 0.03]
    expect("the line of the mean", len(lines) == 1)
    end = float(lines[0].get("x2")), float(lines[0].get("y2"))
    near("its slope", effect_at(figure, *end), data["estimate"], 5e-3)
    near("its end", math.dist(end, origin), radii[0] - 4.0, 0.03)


def check_band(figure, data):
    """Parallels of the line, half a normal quantile up and down."""
    z = statistics.NormalDist().inv_cdf(0.975)
    edges = [e for e in figure.marks("limit") if abs(float(e.get("x1")) - figure.x(0.0)) < 0.03]
    expect("two edges", len(edges) == 2)
    for edge, side in zip(edges, (1.0, -1.0)):
        near("edge", float(edge.get("y1")), figure.y(side * z))
        x = (float(edge.get("x2")) - figure.x(0.0)) / (figure.x(1.0) - figure.x(0.0))
        near("edge", float(edge.get("y2")), figure.y(side * z + data["estimate"] * x), 0.05)
    for point in data["points"]:
        above = abs(point["z"] - data["estimate"] * point["x"])
        expect("outside", point["outside"] == (above > z))
    outside = sum(p["outside"] for p in data["points"])
    words = " ".join(t.text for t in figure.root.iter(SVG + "text"))
    expect("how many outside", f"Outside the band: {outside} of {len(data['points'])}" in words)


def check_radial():
    logit = lambda p: math.log(p / (1.0 - p))
    for words, forward in ((TRIALS, math.log), ([*TRIALS, "--tau2", "EE"], math.log),
                           ([*COHORTS, "--quiet", "--width", "84"], logit),
                           ([*COHORTS, "--quiet", "--tau2", "DL", "--null", "0.05"], logit)):
        figure = Figure(["radial", *words], False)
        data = json.loads(made("radial", *words, "--format", "json"))
        circles = {int(c.get("data-row")): c for c in figure.marks("study")}
        expect("a circle a study", len(circles) == len(data["points"]))
        for row, point in enumerate(data["points"], 1):
            near(point["study"], float(circles[row].get("cx")), figure.x(point["x"]))
            near(point["study"], float(circles[row].get("cy")), figure.y(point["z"]))
            se = math.sqrt(point["vi"] + data["tau2"])
            near("x", point["x"], 1.0 / se, 1e-12)
            near("z", point["z"], point["yi"] / se, 1e-11)
        check_rays(figure, data, forward)
        check_band(figure, data)
        for name in figure.marks("name"):
            point = data["points"][int(name.get("data-row")) - 1]
            expect(f"the name {name.text}", name.text == point["study"] and point["outside"])
    # Galbraith's own plot; metafor 3.8-1, rma(RR, method = "EE"): -0.4303.
    data = json.loads(made("radial", *TRIALS, "--tau2", "EE", "--format", "json"))
    near("common effect", data["estimate"], -0.4303, 5e-5)
    lines = made("radial", *TRIALS, "--format", "csv").decode().splitlines()
    expect("csv", lines[0] == "study,yi,vi,x,z,outside" and len(lines) == 14)


def check_profile():
    grouped = [os.path.join(SOURCE, "docs/examples/bcg.csv"), *TRIALS[1:], "--tau2", "DL"]
    for words in (TRIALS, [*grouped, "--tau2-range", "0.02,1"], [*COHORTS, "--width", "84"]):
        words = ["profile", *words]
        figure = Figure(words, False)
        data = json.loads(made(*words, "--format", "json"))
        frame = figure.marks("frame")[0]
        bottom = float(frame.get("y")) + float(frame.get("height"))
        best = max(data["modes"], key=lambda m: m["loglik"])
        drawn = [p for line in figure.marks("center-line") for p in figure.points(line)]
        want = [(figure.x(p["tau2"]), figure.y(p["loglik"])) for p in data["points"]]
        inside = [(x, y) for x, y in want if y <= bottom + 0.02]
        expect("every point of the curve", len(inside) >= 100 and all(
            any(abs(x - a) + abs(y - b) < 0.03 for a, b in drawn) for x, y in inside))
        circle = figure.marks("study")[0]
        near("the maximum", float(circle.get("cx")), figure.x(best["tau2"]))
        near("its height", float(circle.get("cy")), figure.y(best["loglik"]))
        cut = [e for e in figure.marks("limit") if e.get("x1") != e.get("x2")]
        near("the cut", float(cut[0].get("y1")),
             figure.y(best["loglik"] - data["interval"]["drop"]))
        bands = figure.marks("contour-beyond")[:len(data["interval"]["segments"])]
        ends = [e for s in data["interval"]["segments"] for e in s]
        for band, (low, high) in zip(bands, data["interval"]["segments"]):
            left = float(band.get("x"))
            near("lower end", left, figure.x(max(low, data["range"][0])))
            near("upper end", left + float(band.get("width")),
                 figure.x(min(high, data["range"][1])), 0.021)
        # The curve is at the cut where the interval ends.
        at = {p["tau2"]: p["loglik"] for p in data["points"]}
        for end in ends:
            if end > 0.0 and end in at:
                near("an end", at[end], best["loglik"] - data["interval"]["drop"], 1e-9)


PAIRS = """s,e1,n1,t1,e2,n2,t2,m1,m2
A,12,100,310.5,20,90,280,21.5,24
B,3,40,88,2,45,97.5,30,33.5
C,50,60,120,55,61,118,27.25,26
D,0,35,70,4,38,81,19,25
E,140,900,2000,210,870,1900,24,25.5
"""
RISKS = ["--events1", "e1", "--n1", "n1", "--events2", "e2", "--n2", "n2"]
RATES = ["--events1", "e1", "--time1", "t1", "--events2", "e2", "--time2", "t2"]
MEANS = ["--mean1", "m1", "--sd1", "4", "--n1", "n1", "--mean2", "m2", "--sd2", "5",
         "--n2", "n2"]


def scales():
    """What each measure is the difference of, and its inverse."""
    logit = lambda p: math.log(p / (1.0 - p))
    expit = lambda x: 1.0 / (1.0 + math.exp(-x))
    same = lambda x: x
    return {"OR": (RISKS, logit, expit), "PETO": (RISKS, logit, expit),
            "RR": (RISKS, math.log, math.exp), "RD": (RISKS, same, same),
            "AS": (RISKS, lambda p: math.asin(math.sqrt(p)), lambda x: math.sin(x) ** 2),
            "IRR": (RATES, math.log, math.exp), "IRD": (RATES, same, same),
            "IRSD": (RATES, math.sqrt, lambda x: x * x),
            "MD": (MEANS, same, same), "ROM": (MEANS, math.log, math.exp)}


def check_lines(figure, data, forward, back):
    """Every point of a line has its effect between the two outcomes."""
    classes = {"no_effect": "null-line", "random": "center-line", "common": "common-line"}
    expect("three lines", [line["kind"] for line in data["lines"]] == list(classes))
    expect("no effect is 0", data["lines"][0]["effect"] == 0)
    for line in data["lines"]:
        drawn = [e for e in figure.marks(classes[line["kind"]]) if e.tag == SVG + "polyline"]
        expect("one line", len(drawn) == 1)
        points = figure.points(drawn[0])
        if len(points) == 2: # straight, as it is half way too
            (x0, y0), (x1, y1) = points
            points = [points[0], (0.5 * (x0 + x1), 0.5 * (y0 + y1)), points[1]]
        for x, y in points[1:-1]: # at the ends a scale may be infinite
            control = (x - figure.x(0.0)) / (figure.x(1.0) - figure.x(0.0))
            want = figure.y(back(forward(control) + line["effect"]))
            near(f"{line} at {control}", y, want, 0.03)


def check_circles(figure, data):
    circles = {int(c.get("data-row")): c for c in figure.marks("study")}
    expect("a circle a study", len(circles) == len(data["points"]))
    areas = []
    for row, point in enumerate(data["points"], 1):
        near(point["study"], float(circles[row].get("cx")), figure.x(point["control"]), 0.02)
        near(point["study"], float(circles[row].get("cy")), figure.y(point["treated"]), 0.02)
        areas.append((point[data["area"]], float(circles[row].get("r"))))
    most, largest = max(areas)
    for share, radius in areas:
        near("radius", radius, max(largest * math.sqrt(share / most), 0.8), 0.02)


def check_outcomes(data):
    rows = [line.split(",") for line in PAIRS.splitlines()[1:]]
    expect("every study", [p["study"] for p in data["points"]] == [r[0] for r in rows])
    for point, row in zip(data["points"], rows):
        value = [float(v) for v in row[1:]]
        want = {"risk": (value[0] / value[1], value[3] / value[4]),
                "rate": (value[0] / value[2], value[3] / value[5]),
                "mean": (value[6], value[7])}[data["outcome"]]
        near("treated", point["treated"], want[0], 1e-12)
        near("control", point["control"], want[1], 1e-12)


def check_labbe():
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.join(folder, "pairs.csv")
        with open(table, "w", encoding="utf-8") as file:
            file.write(PAIRS)
        for measure, (columns, forward, back) in scales().items():
            words = ["labbe", table, "--measure", measure, "--study", "s", *columns, "--quiet"]
            figure = Figure(words, False)
            data = json.loads(made(*words, "--format", "json"))
            check_outcomes(data)
            check_circles(figure, data)
            check_lines(figure, data, forward, back)
        words = ["labbe", table, "--measure", "OR", "--method", "glmm", *RISKS, "--quiet"]
        data = json.loads(made(*words, "--format", "json"))
        expect("by size", data["area"] == "size" and
               all(p["weight"] is None for p in data["points"]))
        check_circles(Figure(words, False), data)


PANELS = ("rstudent", "dffits", "cooks_d", "cov_r", "tau2_del", "Q_del", "hat", "weight")


def panel_axis(figure, frame):
    """The place of a value in a panel, by the tick labels on its left."""
    left, top, height = (float(frame.get(a)) for a in ("x", "y", "height"))
    ticks = [(float(t.get("y")) - 0.36 * 8.0, value(t.text))
             for t in figure.root.iter(SVG + "text")
             if t.get("class") == "tick-label" and t.get("text-anchor") == "end" and
             abs(float(t.get("x")) - left + 7.0) < 0.02]
    ticks = [t for t in ticks if top - 1.0 <= t[0] <= top + height + 1.0]
    return Figure.line(ticks[0], ticks[-1])


def check_panel(figure, frame, name, data):
    place = panel_axis(figure, frame)
    left, top, width, height = (float(frame.get(a)) for a in ("x", "y", "width", "height"))

    def inside(x, y):
        return left - 0.01 <= x <= left + width and top - 0.01 <= y <= top + height + 0.01
    seen = 0
    for kind, flagged in (("study", False), ("influential", True)):
        for circle in figure.marks(kind):
            x, y = float(circle.get("cx")), float(circle.get("cy"))
            if inside(x, y):
                row = int(circle.get("data-row"))
                study = data["studies"][row - 1]
                near(f"{name} of {row}", y, place(study[name]), 0.03)
                near(f"{row} across", x, left + width * (row - 0.5) / len(data["studies"]))
                expect("mark", study["influential"] == flagged)
                seen += 1
    expect(f"{name}: {seen} circles", seen == sum(
        s[name] is not None for s in data["studies"]))
    cut = data["cutoffs"].get(name)
    lines = [float(e.get("y1")) for e in figure.marks("limit")
             if inside(float(e.get("x1")), float(e.get("y1")))]
    wanted = [] if cut is None else [cut, -cut] if name == "dffits" else [cut]
    expect(f"{name}: cut-offs", len(lines) == len(wanted) or (name == "cooks_d" and not lines))
    for got, want in zip(lines, wanted):
        near(f"{name} cut-off", got, place(want), 0.03)


def check_influence():
    rows = "y,v\n" + "".join(f"{0.1 * (i % 3)},0.04\n" for i in range(11)) + "3,0.01\n"
    with tempfile.TemporaryDirectory() as folder:
        outlier = os.path.join(folder, "outlier.csv")
        with open(outlier, "w", encoding="utf-8") as file:
            file.write(rows)
        for words in (TRIALS, [*TRIALS, "--mods", "ablat", "--width", "84"],
                      [*COHORTS, "--quiet", "--width", "174"],
                      [outlier, "--yi", "y", "--vi", "v"]):
            figure = Figure(["influence", *words], False)
            data = json.loads(made("influence", *words, "--format", "json"))
            frames = figure.marks("frame")
            expect("eight panels", len(frames) == len(PANELS))
            for frame, name in zip(frames, PANELS):
                check_panel(figure, frame, name, data)
            expect("rules", all(s["influential"] == bool(s["rules"]) for s in data["studies"]))
            names = {int(t.get("data-row")): t.text for t in figure.marks("name")}
            expect("a name a study", sorted(names) == list(range(1, len(data["studies"]) + 1)))
        expect("the outlier", [s["study"] for s in data["studies"] if s["influential"]] ==
               ["Study 12"])
    # metafor 3.8-1, influence(rma(RR)) and the same with mods = ~ ablat.
    data = json.loads(made("influence", *TRIALS, "--format", "json"))
    near("dffits", data["studies"][3]["dffits"], -0.520051, 5e-6)
    near("Cook's distance", data["studies"][3]["cooks_d"], 0.229481, 5e-6)
    data = json.loads(made("influence", *TRIALS, "--mods", "ablat", "--format", "json"))
    near("rstudent", data["studies"][6]["rstudent"], -2.66869, 5e-5)
    near("cov_r", data["studies"][6]["cov_r"], 0.450103, 5e-5)


def all_fits(words, figure, study):
    """The fits of all subsets as `sensitivity` writes them: (estimate, figure, with)."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "fits.csv")
        done = subprocess.run([METAPOOL, "sensitivity", *words, "--gosh-output", path],
                              capture_output=True, timeout=300)
        expect("sensitivity", done.returncode == 0)
        with open(path, encoding="utf-8") as file:
            fits = list(csv.DictReader(file))
    return [(float(f["estimate"]), float(f[figure]), study and f["included"][study - 1] == "1")
            for f in fits if int(f["k"]) > 1]


def check_cells(figure, data):
    """The boxes cover the cells that hold a subset, and nothing else; shades grow."""
    column, row = data["columns"], data["rows"]
    top = 100.0 if data["y_axis"] == "I2" else math.inf
    place = figure.x
    frame = figure.marks("frame")[0]
    bottom = float(frame.get("y")) + float(frame.get("height"))
    boxes = []
    for shade in range(1, 6):
        for e in figure.marks(f"density-{shade}"):
            x, y, w, h = (float(e.get(a)) for a in ("x", "y", "width", "height"))
            if x + w < float(frame.get("x")) + float(frame.get("width")) + 0.01 and \
                    y > float(frame.get("y")) - 0.02 and y + h < bottom + 0.02:
                boxes.append((x, y, x + w, y + h, shade))
    area, shades = 0.0, {}
    for cell in data["cells"]:
        x = [place(column["from"] + (cell["column"] + i) * column["width"]) for i in (0, 1)]
        y = [figure.y(min(row["from"] + (cell["row"] + i) * row["width"], top)) for i in (1, 0)]
        area += (x[1] - x[0]) * (y[1] - y[0])
        middle = (x[0] + x[1]) / 2.0, (y[0] + y[1]) / 2.0
        over = [b for b in boxes if b[0] < middle[0] < b[2] and b[1] < middle[1] < b[3]]
        expect(f"one box over {cell}: {over}", len(over) == 1)
        if over:
            shades.setdefault(over[0][4], []).append(cell["subsets"])
    drawn = sum((b[2] - b[0]) * (b[3] - b[1]) for b in boxes)
    expect(f"area {drawn} of {area}", abs(drawn - area) < 0.01 * area)
    order = sorted(shades)
    expect("darker is more", all(max(shades[a]) < min(shades[b])
                                 for a, b in zip(order, order[1:])))


def check_gosh():
    short = [TRIALS[0], "--where", "tpos < 20", *TRIALS[1:], "--highlight", "Aronson 1948"]
    for words, figure_name, study, logs in (
            ([*TRIALS, "--highlight", "TPT Madras 1980"], "I2", 8, True),
            ([*TRIALS, "--y-axis", "Q", "--width", "84"], "Q", None, True),
            ([*COHORTS, "--subsets", "3000", "--seed", "7", "--quiet", "--y-axis", "tau2"],
             "tau2", None, False),
            (short, "I2", 1, True)):
        figure = Figure(["gosh", *words], logs)
        expect("threads", made("gosh", *words, "--threads", "3") == figure.bytes)
        expect(f"{len(figure.bytes)} bytes", len(figure.bytes) < 200000)
        data = json.loads(made("gosh", *words, "--format", "json"))
        given = [w for i, w in enumerate(words) if w not in ("--highlight", "--y-axis", "--width")
                 and words[i - 1] not in ("--highlight", "--y-axis", "--width")]
        fits = all_fits(given, figure_name, study)
        cells = {}
        for estimate, up, with_study in fits:
            at = (math.floor((estimate - data["columns"]["from"]) / data["columns"]["width"]),
                  math.floor((up - data["rows"]["from"]) / data["rows"]["width"]))
            count = cells.setdefault(at, [0, 0])
            count[0] += 1
            count[1] += bool(with_study)
        expect("every fit is in its cell", cells == {
            (c["column"], c["row"]): [c["subsets"], c["with"]] for c in data["cells"]})
        expect("subsets", data["subsets"] == len(fits))
        if data["points"]:
            expect("points", [(p["estimate"], p["value"]) for p in data["points"]] ==
                   [f[:2] for f in fits])
            for name, with_study in (("study", True), ("filled", False)):
                for circle in figure.marks(name):
                    point = data["points"][int(circle.get("data-row")) - 1]
                    near("across", float(circle.get("cx")),
                         figure.x(point["estimate"]))
                    near("up", float(circle.get("cy")), figure.y(point["value"]), 0.02)
                    expect("with", point["with"] == with_study)
        else:
            check_cells(figure, data)


def check_gosh_of_two():
    """Two studies have one subset: an axis around it, with labels that can be read."""
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "two.csv")
        with open(name, "w", encoding="utf-8") as file:
            file.write("s,y,v\nA,0.1,0.02\nB,0.4,0.03\n")
        figure = Figure(["gosh", name, "--yi", "y", "--vi", "v", "--study", "s", "--quiet"],
                        False)
    labels = [t.text for t in figure.root.iter(SVG + "text") if t.get("class") == "tick-label"]
    expect(f"short labels: {labels}", labels and max(map(len, labels)) <= 5)
    # (0.1 / 0.02 + 0.4 / 0.03) / (1 / 0.02 + 1 / 0.03) = 0.22; by REML, whose one
    # equation has tau2 = (0.3^2 - 0.05) / 2 = 0.02, (2.5 + 8) / (25 + 20) = 0.2333
    circle = figure.marks("study")[0]
    near("the mean", float(circle.get("cx")), figure.x(10.5 / 45))
    expect("one", "One subset" in figure.root.find(SVG + "desc").text)


def check_long_names():
    """A name of a page is cut, and its row has it in full."""
    long = " ".join(["Endless"] * 1000)
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "long.csv")
        with open(name, "w", encoding="utf-8") as file:
            file.write(f"s,y,v\n{long},0.1,0.02\nB,0.4,0.03\nC,0.2,0.05\n")
        root = ElementTree.fromstring(made("forest", name, "--yi", "y", "--vi", "v",
                                           "--study", "s", "--quiet"))
    expect("short", float(root.get("height")[:-2]) < 400)
    groups = [g for g in root.iter(SVG + "g") if g.get("class") == "study"]
    titles = [[t.text for t in g.findall(SVG + "title")] for g in groups]
    expect(f"in full: {len(titles)}", titles == [[long], [], []])
    lines = [t.text for t in groups[0].iter(SVG + "text") if t.get("class") == "label"]
    expect(f"cut: {lines}", 1 < len(lines) <= 8 and lines[-1].endswith("\u2026") and
           long.startswith(" ".join(lines)[:-1]))


def main():
    check_funnels()
    check_egger()
    check_baujat()
    check_radial()
    check_labbe()
    check_profile()
    check_influence()
    check_gosh()
    check_gosh_of_two()
    check_long_names()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
