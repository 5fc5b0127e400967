#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What check_explain_counts.py does, for the models of two groups around random levels, and
for likelihoods by Gauss-Hermite nodes.

usage: check_explain_mixed.py METAPOOL SOURCE_DIR
"""
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check_explain as explained  # noqa: E402
from check_explain import SOURCE, compare, expect, pooled, run  # noqa: E402
from check_explain_counts import EMPTY, FEW, likelihood, moderated, write  # noqa: E402
from worked_solution import read_solution  # noqa: E402

# Made up: by where the variances of levels and effects are 0.
BOTH = "study,x1,n1,x2,n2\nA,3,40,12,38\nB,39,61,24,60\nC,2,33,8,35\nD,21,52,12,50\n"
EFFECTS = "study,x1,n1,x2,n2\nA,3,40,5,38\nB,9,61,4,60\nC,2,33,8,35\n"
LEVELS = "study,x1,n1,x2,n2\nA,38,55,5,8\nB,59,59,38,39\nC,10,10,51,51\nD,54,57,50,53\n"
NONE = "study,x1,n1,x2,n2\nA,5,40,8,40\nB,6,50,9,48\nC,4,30,6,31\n"
# Made up: effects so far apart that the common one has a likelihood of e^-140.
FAR = """study,x1,n1,x2,n2
A,840,2987,240,838
B,102,2170,307,1406
C,16,1085,87,1304
D,287,2254,354,1396
"""
# Made up: a subgroup whose first groups have no events.
END = "study,x1,n1,x2,n2,g\nA,3,40,5,38,p\nB,9,61,4,60,p\nC,0,33,8,35,q\nD,0,20,3,25,q\n"


def columns(path, rates):
    size = "time" if rates else "n"
    return [path, "--study", "study", "--events1", "x1", "--events2", "x2", f"--{size}1", "n1",
            f"--{size}2", "n2", "--measure", "IRR" if rates else "OR", "--method", "glmm",
            "--model", "um.rs"]


def bcg():
    of = [os.path.join(SOURCE, "docs/examples/bcg.csv"), "--study", "trial", "--method", "glmm",
          "--model", "um.rs"]
    odds = [*of, "--cell-a", "tpos", "--cell-b", "tneg", "--cell-c", "cpos", "--cell-d", "cneg",
            "--measure", "OR"]
    text = likelihood("bcg", odds)
    # the reference of the unit tests: 33-digit arithmetic, and double sums of a script
    compare("bcg", read_solution(text), "alpha", -4.493783112)
    compare("bcg", read_solution(text), "sigma2", 1.86373609178)
    pooled("bcg, by group", [*odds, "--by", "alloc", "--ci", "t"])
    likelihood("bcg, rates", [*of, "--events1", "tpos", "--time1", "tneg", "--events2", "cpos",
                              "--time2", "cneg", "--measure", "IRR"])


def worked_at(name, arguments):
    """A model whose variances may be 0: what can be compared, and their sentences."""
    text = pooled(name, arguments)
    solution = read_solution(text)
    made = json.loads(run("pool", *arguments, "--format", "json").stdout)["overall"]
    heterogeneity = made["heterogeneity"]
    for symbol, figure in (("tau2", heterogeneity["tau2"]), ("sigma2", made["fit"]["sigma2"]),
                           ("LRT", heterogeneity["LRT"]), ("p_LRT", heterogeneity["LRT_p"]),
                           ("se", made["random"]["se"])):
        compare(name, solution, symbol, figure)
    if heterogeneity["tau2"] > 0.0:
        compare(name, solution, "ll", made["fit"]["loglik"])
    for symbol, variance in (("tau2", heterogeneity["tau2"]), ("sigma2", made["fit"]["sigma2"])):
        expect(f"{name}: {symbol} is {variance}",
               (f"{symbol} is 0: the likelihood falls" in text) == (variance == 0.0) or
               (symbol == "sigma2" and "sigma2_c is 0: the likelihood falls" in text))
    return text


def variances(folder):
    for name, table in (("both", BOTH), ("effects", EFFECTS), ("levels", LEVELS), ("none", NONE)):
        path = write(folder, f"{name}.csv", table)
        text = worked_at(f"{name}, odds", columns(path, False))
        if name == "effects":
            explained.change_digits(f"{name}, odds", text)
        worked_at(f"{name}, rates", [*columns(path, True), "--all-studies"])
    text = likelihood("far", columns(write(folder, "far.csv", FAR), False))
    expect("far: times exp(shift)", "exp(shift)" in text)


def empty_cells(folder):
    path = write(folder, "empty.csv", EMPTY)
    likelihood("empty cells", [*columns(path, False), "--keep00", "--all-studies"])
    worked_at("empty cells, rates", [*columns(path, True), "--keep00"])
    text = pooled("a subgroup at an end", [*columns(write(folder, "end.csv", END), False), "--by",
                                           "g"])
    expect("a subgroup at an end: no test", "Fewer than two subgroups" in text)
    explained.worked("one study", [*columns(path, False), "--where", "study = 'B'"])


def nodes_of(name, arguments, n):
    """Each study's sum over n nodes: its mode, its width, as many values, and the total."""
    arguments = [*arguments, "--nodes", str(n)]
    text = pooled(name, arguments)
    solution = read_solution(text)
    made = json.loads(run("pool", *arguments, "--format", "json").stdout)["overall"]
    expect(f"{name}: the rule", len(solution.columns["node_i"]) == n)
    if made["heterogeneity"]["tau2"] > 0.0:
        compare(name, solution, "ll", made["fit"]["loglik"])
    compare(name, solution, "LRT", made["heterogeneity"]["LRT"])
    compare(name, solution, "se", made["random"]["se"])
    return text


def by_nodes(folder):
    few = [write(folder, "few.csv", FEW), "--study", "study", "--events", "x", "--method", "glmm"]
    text = nodes_of("nodes, one group", [*few, "--n", "n", "--measure", "PLO"], 3)
    explained.change_digits("nodes, one group", text)
    nodes_of("nodes, Poisson", [*few, "--time", "n", "--measure", "IRLN", "--all-studies"], 7)
    moderated("nodes, moderators", [*few[:-2], "--n", "n", "--measure", "PLO", "--mods", "z",
                                    "--nodes", "5", "--all-studies"])
    both = write(folder, "both.csv", BOTH)
    for n, model in enumerate(("um.fs", "cm.al", "cm.el", "um.rs"), 1):
        text = nodes_of(f"nodes, {model}", [*columns(both, False)[:-1], model], n)
        if model in ("um.fs", "um.rs"):
            explained.change_digits(f"nodes, {model}", text)
        if model != "cm.al":
            nodes_of(f"nodes, {model}, rates", [*columns(both, True)[:-1], model,
                                                "--all-studies"], n + 5)
    empty = write(folder, "empty.csv", EMPTY)
    for model in ("um.fs", "cm.el", "um.rs"):
        nodes_of(f"nodes, empty cells, {model}", [*columns(empty, False)[:-1], model, "--keep00",
                                                  "--all-studies"], 4)


def main():
    with tempfile.TemporaryDirectory() as folder:
        bcg()
        variances(folder)
        empty_cells(folder)
        by_nodes(folder)
    counts = explained.counts
    print(f"{counts['lines']} lines and {counts['cells']} cells computed, "
          f"{counts['changed']} changed digits found")
    sys.exit(1 if explained.failures else 0)


if __name__ == "__main__":
    main()
