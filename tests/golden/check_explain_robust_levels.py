#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What check_explain.py does, for cluster-robust variances of effects in nested levels.

usage: check_explain_robust_levels.py METAPOOL SOURCE_DIR
"""
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check_explain as explained  # noqa: E402
from check_explain import change_digits, compare, pooled, regressed, run  # noqa: E402
from worked_solution import read_solution  # noqa: E402

# Made up: effects of labs of regions of lands, two of which have one region alone.
LABS = """land,region,lab,x,y,v
A,R1,L1,2,0.92,0.022
A,R1,L1,1,0.41,0.033
A,R1,L2,3,0.6,0.032
A,R2,L1,5,0.46,0.014
A,R2,L2,4,-0.09,0.015
A,R2,L2,7,-0.23,0.025
B,R3,L1,5,0.45,0.067
B,R3,L2,3,-0.45,0.02
C,R4,L1,4,0.5,0.033
D,R5,L1,1,0.23,0.036
D,R5,L1,7,0.85,0.072
D,R5,L2,7,-0.76,0.029
D,R5,L2,7,-0.37,0.045
D,R5,L3,4,0.3,0.052
D,R5,L3,6,-0.32,0.036
E,R6,L1,4,0.12,0.041
"""
FEW = """region,x,y,v
R1,0,0.92,0.022
R1,1,0.41,0.033
R2,0,0.46,0.014
R2,1,-0.09,0.015
R3,1,0.45,0.067
R4,0,0.3,0.02
"""


def mean(name, arguments):
    text = pooled(name, arguments)
    made = json.loads(run("pool", *arguments, "--format", "json").stdout)["overall"]["random"]
    solution = read_solution(text)
    compare(name, solution, "s", made["se"])
    compare(name, solution, "df_t", made["df"], -1)
    return text


def means(labs, few):
    for kind in ("cr0", "cr1", "cr2"):
        for levels in ("region/lab", "lab"):
            cluster = "region" if levels == "region/lab" else "lab"
            mean(f"{kind}, {levels}", [*labs, "--nested", levels, "--cluster", cluster,
                                       "--robust", kind, "--predict", "robust"])
        text = mean(f"few, {kind}", [*few, "--robust", kind])
        if kind != "cr0":
            change_digits(kind, text)
    for levels in ("region/lab/id", "id"):
        mean(levels, [*labs, "--nested", levels, "--cluster", "region", "--tau2", "ML"])
    mean("lands", [*labs, "--nested", "region/lab", "--cluster", "land", "--all-studies"])
    mean("lands, cr1", [*labs, "--nested", "region", "--cluster", "land", "--robust", "cr1"])


def regressions(labs, few):
    for kind in ("cr0", "cr1", "cr2"):
        for levels in ("region/lab", "lab"):
            cluster = "region" if levels == "region/lab" else "lab"
            regressed(f"{kind}, {levels}, x", [*labs, "--nested", levels, "--mods", "x",
                                               "--cluster", cluster, "--robust", kind])
    few = [*few, "--mods", "x"]
    regressed("few, x, cr1", [*few, "--robust", "cr1"])
    change_digits("x", regressed("few, x", few))
    labs = [*labs, "--cluster", "region"]
    for levels in ("region/lab/id", "region", "id"):
        regressed(f"{levels}, poly", [*labs, "--nested", levels, "--mods", "poly(x, 2)"])
    regressed("no intercept", [*labs, "--nested", "region/lab", "--mods", "x + lab",
                               "--no-intercept", "--all-studies", "--tau2", "ML"])
    regressed("asked", [*labs, "--nested", "region/lab", "--mods", "x + lab", "--at",
                        "x=5, lab=L2", "--test", "x, lab", "--margins", "lab"])
    lands = [*labs[:-1], "land", "--nested", "region/lab", "--mods", "x", "--all-studies"]
    regressed("lands", lands)
    regressed("lands, cr1", [*lands, "--robust", "cr1"])
    regressed("a cluster that alone tells", [*labs[:-1], "land", "--nested", "region", "--mods",
                                             "(land = 'C')"])


def main():
    with tempfile.TemporaryDirectory() as folder:
        sets = []
        for name, text in (("labs", LABS), ("few", FEW)):
            path = os.path.join(folder, name + ".csv")
            with open(path, "w", encoding="utf-8") as file:
                lines = text.splitlines()
                file.write("id," + lines[0] + "\n")
                file.writelines(f"{i},{line}\n" for i, line in enumerate(lines[1:], 1))
            sets.append([path, "--yi", "y", "--vi", "v"])
        labs, few = sets
        few = [*few, "--nested", "region", "--cluster", "region"]
        means(labs, few)
        regressions(labs, few)
    counts = explained.counts
    print(f"{counts['lines']} lines and {counts['cells']} cells computed, "
          f"{counts['changed']} changed digits found")
    sys.exit(1 if explained.failures else 0)


if __name__ == "__main__":
    main()
