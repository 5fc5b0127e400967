#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What check_explain.py does, for models of several variances.

usage: check_explain_levels.py METAPOOL SOURCE_DIR
"""
import json
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check_explain as explained  # noqa: E402
from check_explain import SOURCE, compare, expect, pooled, regressed, run  # noqa: E402
from worked_solution import read_solution  # noqa: E402

# Made up: effects of labs of regions.
NESTED = """region,lab,id,x,y,v
R1,L1,1,2,0.92,0.022
R1,L1,2,1,0.41,0.033
R1,L1,3,3,0.6,0.032
R1,L2,4,4,0.69,0.074
R1,L2,5,6,1.7,0.079
R1,L2,6,9,1.02,0.064
R1,L3,7,9,1.04,0.017
R1,L3,8,5,0.83,0.033
R1,L3,9,5,1.15,0.043
R2,L1,10,5,0.46,0.014
R2,L2,11,4,-0.09,0.015
R2,L2,12,7,-0.23,0.025
R3,L1,13,5,0.45,0.067
R3,L2,14,3,-0.45,0.02
R3,L2,15,2,-0.33,0.039
R3,L3,16,6,-0.23,0.036
R4,L1,17,4,0.5,0.033
R4,L2,18,3,0.59,0.041
R4,L2,19,3,-0.05,0.014
R4,L2,20,2,-0.39,0.09
R4,L3,21,3,0.09,0.014
R5,L1,22,1,0.23,0.036
R5,L1,23,7,0.85,0.072
R5,L2,24,7,-0.76,0.029
R5,L2,25,7,-0.37,0.045
R5,L3,26,4,0.3,0.052
R5,L3,27,6,-0.32,0.036
R6,L1,28,2,-0.27,0.05
R6,L2,29,8,-0.17,0.037
R6,L2,30,9,1.06,0.075
R6,L3,31,2,-0.17,0.087
R6,L3,32,4,0.84,0.06
R6,L3,33,5,-0.14,0.02
"""


# Made up: two effects of each of five groups, one without a partner.
PAIRS = """group,y,v
A,0.41,0.02
A,0.62,0.05
B,0.05,0.03
B,-0.31,0.04
C,0.88,0.02
C,0.7,0.03
D,0.2,0.06
E,-0.12,0.03
E,0.33,0.08
"""


def by_level(name, text, made, fit):
    """Shares, correlations, likelihood, and both sides of each level's equation."""
    solution = read_solution(text)
    for level, of in enumerate(made["levels"], 1):
        compare(name, solution, f"sigma2_{level}", of["sigma2"])
        compare(name, solution, f"I2_{level}", of["I2"])
        if level < len(made["levels"]):
            compare(name, solution, f"rho_{level}", of["correlation"])
    for symbol, key in (("ll", "loglik"), ("AIC", "AIC"), ("AICc", "AICc"), ("BIC", "BIC")):
        compare(name, solution, symbol, fit[key])
    estimated = [of for of in made["levels"] if not of["confounded"]]
    sides = iter(zip(solution.values["L"], solution.values["R"]))
    for of in estimated:
        solved(f"{name}: {of['name']}", next(sides, None), of["sigma2"])
    limits(name, solution, made["levels"], sides)
    return text


def change_digits(name, text):
    """Those before the limits of the variances, whose work is the same once more."""
    explained.change_digits(name, re.split(r"\n\d+\. Limits of the variances\n", text)[0] + "\n")


def solved(what, sides, variance):
    """Both sides of the equation of a variance."""
    expect(f"{what}: no equation", sides)
    if sides:
        expect(f"{what}: {sides[0]} and {sides[1]} do not solve the equation",
               sides[0] <= sides[1] if variance == 0.0 else sides[0] == sides[1])


def limits(name, solution, levels, sides):
    """At each limit of a variance the others are at their best, and the likelihood is below
    its maximum by half a quantile of chi-square; of each variance the values in order."""
    given = {j: iter(solution.values[f"sigma2_{j}"][1:]) for j in range(1, len(levels) + 1)}
    for of in levels:
        for end, limit in zip(("lower", "upper"), of["ci"] or ()):
            if limit is None:
                continue
            what = f"{name}: the {end} limit of {of['name']}"
            at = [next(values, None) for values in given.values()]
            expect(f"{what} is {limit}, not of {at}",
                   any(v is not None and abs(v - limit) <= 1e-5 * limit for v in at))
            for other, variance in zip(levels, at):
                if other is not of and not other["confounded"]:
                    solved(f"{what}, {other['name']}", next(sides, None), variance)
            left, right = next(sides, (None, None))
            expect(f"{what}: {left} and {right} are not its sides", left is not None and (
                left == right if limit > 0.0 else left <= right) and abs(right - 3.84146) < 1e-9)
    expect(f"{name}: further equations", next(sides, None) is None)


def nested_pool(name, arguments):
    text = pooled(name, arguments)
    made = json.loads(run("pool", *arguments, "--format", "json").stdout)
    compare(name, read_solution(text), "se", made["overall"]["random"]["se"])
    return by_level(name, text, made, made["overall"]["fit"])


def nested_regression(name, arguments):
    text = regressed(name, arguments)
    made = json.loads(run("regress", *arguments, "--format", "json").stdout)
    return by_level(name, text, made, made["fit"])


def pools(labs, pairs, schools, bcg):
    explained.change_digits("pairs", nested_pool("pairs", [*pairs, "--nested", "group"]))
    change_digits("schools", nested_pool("schools", schools))
    for more in (["--tau2", "ML"], ["--ci", "wald", "--predict", "v"], ["--df", "contain"],
                 ["--all-studies"]):
        nested_pool(f"schools, {more[-1]}", [*schools, *more])
    nested_pool("all labs", [*labs, "--nested", "region/lab/id", "--all-studies"])
    change_digits("labs", nested_pool("labs", [*labs, "--nested", "region/lab/id"]))
    for levels in ("region/lab", "region/id", "lab", "id"):
        nested_pool(f"labs, {levels}", [*labs, "--nested", levels, "--tau2", "ML"])
        nested_pool(f"labs, {levels}", [*labs, "--nested", levels])
    nested_pool("a variance of 0", [*schools[:-1], "year/district/school"])
    nested_pool("bcg in groups", [*bcg, "--nested", "alloc/trial"])


def regressions(labs, schools, bcg):
    text = nested_regression("labs, x", [*labs, "--nested", "region/lab/id", "--mods", "x"])
    change_digits("labs, x", text)
    nested_regression("schools, year", [*schools, "--mods", "(year - 1985)", "--all-studies"])
    for levels in ("region/lab", "lab", "id"):
        nested_regression(f"labs, {levels}, x", [*labs, "--nested", levels, "--mods", "poly(x, 2)",
                                                 "--tau2", "ML", "--ci", "wald"])
        nested_regression(f"labs, {levels}, no intercept",
                          [*labs, "--nested", levels, "--mods", "x", "--no-intercept"])
    nested_regression("labs, predicted", [*labs, "--nested", "region/lab", "--mods", "x + lab",
                                          "--at", "x=5, lab=L2", "--test", "x, lab"])
    for mods, more in (("x + lab", ["--test", "x, lab", "--contrast", "2 * x"]), ("lab", [])):
        nested_regression(f"labs, {mods}, contained", [*labs, "--nested", "region/lab", "--mods",
                                                       mods, "--df", "contain", *more])
    nested_regression("nothing left of a level", [*bcg, "--nested", "alloc/trial", "--mods",
                                                  "alloc + ablat"])


def main():
    examples = os.path.join(SOURCE, "docs/examples")
    schools = [os.path.join(examples, "schools.csv"), "--yi", "yi", "--vi", "vi", "--nested",
               "district/school"]
    bcg = [os.path.join(examples, "bcg.csv"), "--cell-a", "tpos", "--cell-b", "tneg", "--cell-c",
           "cpos", "--cell-d", "cneg", "--measure", "RR", "--study", "trial"]
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "nested.csv")
        with open(path, "w", encoding="utf-8") as file:
            file.write(NESTED)
        labs = [path, "--yi", "y", "--vi", "v"]
        small = os.path.join(folder, "pairs.csv")
        with open(small, "w", encoding="utf-8") as file:
            file.write(PAIRS)
        pools(labs, [small, "--yi", "y", "--vi", "v"], schools, bcg)
        regressions(labs, schools, bcg)
    counts = explained.counts
    print(f"{counts['lines']} lines and {counts['cells']} cells computed, "
          f"{counts['changed']} changed digits found")
    sys.exit(1 if explained.failures else 0)


if __name__ == "__main__":
    main()
