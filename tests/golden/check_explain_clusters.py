#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What check_explain.py does, for cluster-robust variances.

usage: check_explain_clusters.py METAPOOL SOURCE_DIR
"""
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check_explain as explained  # noqa: E402
from check_explain import (  # noqa: E402
    SOURCE, change_digits, compare, pooled, regressed, worked)
from worked_solution import read_solution  # noqa: E402

# Made up: clusters of one to four studies; two with the same variance; variances far apart.
LABS = """study,lab,yi,vi,year,dose,g
A1,Lyon,0.32,0.04,1,0.5,x
A2,Lyon,0.51,0.06,3,1,x
A3,Lyon,0.11,0.05,2,2,y
B1,Oslo,-0.12,0.03,5,1.5,x
B2,Oslo,0.08,0.09,4,0.5,x
C1,Rome,0.44,0.02,2,1,y
D1,Bern,0.21,0.07,6,2.5,x
E1,Kiel,0.63,0.03,1,0.5,y
E2,Kiel,0.35,0.03,4,2,y
F1,Wien,0.02,0.0004,7,1,x
F2,Wien,0.12,40,3,0.5,y
F3,Wien,0.25,0.3,2,1.5,y
F4,Wien,-0.3,0.04,5,3,y
G1,Turin,0.18,0.05,3,1,x
"""

# Made up: a moderator over many powers of ten.
POWERS = """study,lab,yi,vi,dose,w
A1,Lyon,0.35,0.19,1,3
B1,Oslo,-0.02,0.21,1e-7,2
B2,Oslo,-0.04,0.1,1e-9,1
C1,Rome,0.42,0.19,1e-7,2
D1,Bern,0.05,0.12,1e-4,3
D2,Bern,-0.23,0.08,1e-16,1
D3,Bern,0.8,0.08,-2e-7,2
"""


def grouped(name, arguments):
    """Subgroups, with the robust tests between them."""
    text = pooled(name, arguments)
    solution = read_solution(text)
    tests = json.loads(explained.run("pool", *arguments, "--format", "json").stdout)
    tests = tests["between_groups"]
    for which, key in ((-2, "common"), (-1, "random")):
        compare(name, solution, "F", tests[key]["statistic"], which)
        compare(name, solution, "p", tests[key]["p"], which)
        compare(name, solution, "df_2", tests[key]["df2"], which)
    compare(name, solution, "Q_W", tests["within"]["statistic"])
    return text


def means(folder):
    path = os.path.join(folder, "labs.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(LABS)
    labs = [path, "--study", "study", "--yi", "yi", "--vi", "vi", "--cluster", "lab"]
    pooled("all worked", [*labs, "--all-studies"])
    pooled("cr0", [*labs, "--robust", "cr0"])
    for robust in ("cr1", "cr2"):
        few = [*labs, "--robust", robust, "--tau2", "0.01", "--where", "lab <= 'Oslo'"]
        change_digits(f"{robust}", pooled(f"{robust}", few))
    pooled("one chosen", [*labs, "--work", "B1", "--tau2", "EE"])
    pooled("far apart", [*labs, "--work", "F1", "--tau2", "DL"])
    pooled("weights", [*labs, "--weights", "1 / year", "--all-studies"])
    pooled("weights, cr1", [*labs, "--weights", "1 / year", "--robust", "cr1"])
    pooled("levels", [*labs, "--nested", "lab"])
    grouped("by", [*labs, "--by", "g"])
    for robust in ("cr0", "cr1"):
        grouped(f"by, {robust}", [*labs, "--by", "g", "--robust", robust, "--all-studies"])
    grouped("by dose", [*labs, "--by", "dose", "--where", "dose < 2", "--tau2-scope", "common"])
    grouped("by, weights", [*labs, "--by", "g", "--weights", "1 / year"])
    grouped("by, weights, cr1", [*labs, "--by", "g", "--weights", "1 / year", "--robust", "cr1"])
    grouped("by a lab", [*labs, "--by", "iif(lab = 'Oslo', 'o', g)"])
    grouped("by one study", [*labs, "--by", "iif(lab = 'Rome', 'r', g)"])
    bcg = [os.path.join(SOURCE, "docs/examples/bcg.csv"), "--cell-a", "tpos", "--cell-b", "tneg",
           "--cell-c", "cpos", "--cell-d", "cneg", "--study", "trial", "--measure", "RR"]
    pooled("bcg", [*bcg, "--cluster", "alloc", "--tau2", "PM", "--predict",
                               "robust"])


def regressions(folder):
    labs = [os.path.join(folder, "labs.csv"), "--study", "study", "--yi", "yi", "--vi", "vi",
            "--cluster", "lab"]
    for robust in ("cr0", "cr1"):
        regressed(f"year, {robust}", [*labs, "--mods", "year + dose", "--robust", robust])
    few = [*labs, "--mods", "year", "--tau2", "0.01", "--where", "lab <= 'Oslo'"]
    change_digits("year", regressed("year, few", few))
    regressed("year, far apart", [*labs, "--mods", "year", "--all-studies"])
    regressed("dose", [*labs, "--mods", "dose", "--no-intercept", "--tau2", "DL"])
    asked = ["--test", "year, g: y", "--contrast", "2 * year - g: y", "--margins", "g", "--at",
             "year=2:4:1", "--predict", "robust"]
    regressed("asked", [*labs, "--mods", "year + g", *asked])
    regressed("asked, weights", [*labs, "--mods", "year + g", *asked, "--weights", "1 / year"])
    regressed("factor", [*labs, "--mods", "g", "--no-intercept", "--work", "B1"])
    regressed("three", [*labs, "--mods", "poly(year, 2) + dose", "--all-studies"])
    equal = [*labs[:3], "--yi", "0.4 + 0 * yi", *labs[5:]]
    worked("equal effects", [*equal, "--mods", "dose + g", "--tau2", "0.01"])
    few = ["--where", "study in ('A1', 'B2', 'F1')"]
    worked("three equal effects", [*equal, "--mods", "1", *few])
    regressed("weights, far apart", [*labs, "--mods", "year", "--weights", "1 / (vi + 0.01)"])
    powers = os.path.join(folder, "powers.csv")
    with open(powers, "w", encoding="utf-8") as file:
        file.write(POWERS)
    powers = [powers, *labs[1:], "--mods", "dose", "--tau2", "EE", "--all-studies"]
    regressed("powers of ten", powers)
    regressed("powers of ten, weights", [*powers, "--weights", "w"])
    weights = ["--weights", "1 / year", "--all-studies"]
    regressed("weights", [*labs, "--mods", "year + g", *weights])
    regressed("weights, cr1", [*labs, "--mods", "year", "--robust", "cr1", *weights])


def main():
    with tempfile.TemporaryDirectory() as folder:
        means(folder)
        regressions(folder)
    counts = explained.counts
    print(f"{counts['lines']} lines and {counts['cells']} cells computed, "
          f"{counts['changed']} changed digits found")
    sys.exit(1 if explained.failures else 0)


if __name__ == "__main__":
    main()
