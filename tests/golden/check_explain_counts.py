#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What check_explain.py does, for the models of counts that are fitted by search.

usage: check_explain_counts.py METAPOOL SOURCE_DIR
"""
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check_explain as explained  # noqa: E402
from check_explain import SOURCE, compare, expect, pooled, regressed, run  # noqa: E402
from worked_solution import read_solution  # noqa: E402

# Made up: effects so far apart that a probability of the sum rounds to 1.
APART = """study,x,n
A,0,188
B,112,154
C,0,159
D,5,5
E,3,3
F,28,162
G,21,36
"""

# Made up: many events, which leave little room to the random effect, and effects far apart.
MANY = """study,x,n
A,50000,100000
B,1,1000
C,10,50
D,30000,90000
E,0,210
"""

# Made up: empty cells, and a study without events.
EMPTY = """study,x1,n1,x2,n2,g
A,0,20,4,21,x
B,3,40,5,38,x
C,7,61,9,60,y
D,2,33,8,35,y
E,0,30,0,31,x
F,4,50,1,49,y
"""

# Made up: proportions closer than chance, and studies of events alone or none.
ALIKE = "study,x,n\nA,3,30\nB,3,31\nC,2,29\n"
ALL_OR_NONE = "study,x,n\nA,0,8\nB,5,5\nC,0,9\n"


# Made up: proportions that climb with z, and by themselves in group q.
FEW = """study,x,n,z,g
A,2,40,1,p
B,9,44,2,q
C,5,61,2,p
D,0,25,3,p
E,21,70,5,q
F,14,39,4,p
G,30,52,8,q
H,9,12,7,p
I,17,42,6,q
"""


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def likelihood(name, arguments):
    """A mixed model with its log-likelihood, its tests and its standard error."""
    text = pooled(name, arguments)
    solution = read_solution(text)
    made = json.loads(run("pool", *arguments, "--format", "json").stdout)["overall"]
    heterogeneity = made["heterogeneity"]
    compare(name, solution, "ll", made["fit"]["loglik"])
    for symbol, figure in (("LRT", heterogeneity["LRT"]), ("p_LRT", heterogeneity["LRT_p"]),
                           ("X2_tau", heterogeneity["tau2_test"]["statistic"]),
                           ("p_tau", heterogeneity["tau2_test"]["p"])):
        compare(name, solution, symbol, figure)
    wald = next(i for i in made["random"]["intervals"] if i["method"] == "wald")
    compare(name, solution, "se", wald["se"])
    return text


def one_tau2(counts_of):
    """Subgroups that share tau2 name a regression, which has their tau2, means and errors."""
    by = [*counts_of, "--by", "entity", "--tau2-scope", "common", "--ci", "wald"]
    text = pooled("mixed model, one tau2", by)
    expect("one tau2: the regression is named", "--mods and --no-intercept" in text)
    solution = read_solution(moderated("subgroups as a factor", [
        *counts_of, "--mods", "entity", "--no-intercept", "--ci", "wald"]))
    groups = json.loads(run("pool", *by, "--method", "glmm", "--format", "json").stdout)["groups"]
    for which, group in enumerate(groups):
        compare("one tau2", solution, "tau2", group["heterogeneity"]["tau2"])
        compare("one tau2", solution, f"b_{which + 1}", group["random"]["estimate"], -1)
        compare("one tau2", solution, "se", group["random"]["se"], which)


def one_group(folder):
    nrm = [os.path.join(SOURCE, "datasets/nrm2024/studies.csv"), "--events", "deaths", "--study",
           "study"]
    counts_of = [*nrm, "--n", "patients", "--measure", "PLO"]
    text = likelihood("mixed model", [*counts_of, "--where", "entity = 'MM'"])
    explained.change_digits("mixed model", text)
    pooled("mixed models by entity", [*counts_of, "--by", "entity", "--ci", "t"])
    one_tau2(counts_of)
    pooled("mixed model, nodes", [*counts_of, "--nodes", "7"])
    likelihood("mixed model, Poisson", [*nrm, "--time", "patients", "--measure", "IRLN",
                                        "--all-studies"])
    pooled("far apart", [write(folder, "apart.csv", APART), "--study", "study", "--events", "x",
                         "--n", "n", "--measure", "PLO"])
    many = [write(folder, "many.csv", MANY), "--study", "study", "--events", "x",
            "--method", "glmm", "--all-studies"]
    likelihood("many events", [*many, "--n", "n", "--measure", "PLO"])
    likelihood("many events, Poisson", [*many, "--time", "n", "--measure", "IRLN"])


def two_groups():
    bcg = [os.path.join(SOURCE, "docs/examples/bcg.csv"), "--study", "trial", "--method", "glmm"]
    odds = [*bcg, "--cell-a", "tpos", "--cell-b", "tneg", "--cell-c", "cpos", "--cell-d", "cneg",
            "--measure", "OR", "--model"]
    rates = [*bcg, "--events1", "tpos", "--time1", "tneg", "--events2", "cpos", "--time2",
             "cneg", "--measure", "IRR", "--model"]
    for model in ("um.fs", "cm.al"):
        text = likelihood(f"odds, {model}", [*odds, model])
        explained.change_digits(f"odds, {model}", text)
        pooled(f"odds, {model}, by group", [*odds, model, "--by", "alloc", "--ci", "t"])
        pooled(f"odds, {model}, nodes", [*odds, model, "--nodes", "5"])
    likelihood("odds, cm.el", [*odds, "cm.el"])
    pooled("odds, cm.el, by group", [*odds, "cm.el", "--by", "alloc", "--ci", "t"])
    for model in ("um.fs", "cm.el"):
        likelihood(f"rates, {model}", [*rates, model])


def moderated(name, arguments):
    """A mixed model with moderators: what `regressed` compares, and its tests of counts."""
    text = regressed(name, [*arguments, "--method", "glmm"])
    solution = read_solution(text)
    made = json.loads(run("regress", *arguments, "--method", "glmm", "--format",
                          "json").stdout)["heterogeneity"]
    compare(name, solution, "tau2", made["tau2"])
    compare(name, solution, "LRT", made["LRT"])
    compare(name, solution, "p_LRT", made["LRT_p"])
    if made["tau2"] > 0.0:
        compare(name, solution, "X2_tau", made["tau2_test"]["statistic"])
        compare(name, solution, "p_tau", made["tau2_test"]["p"])
    return text


def moderators(folder):
    nrm = [os.path.join(SOURCE, "datasets/nrm2024/studies.csv"), "--events", "deaths", "--study",
           "study"]
    odds = [*nrm, "--n", "patients", "--measure", "PLO"]
    few = [write(folder, "few.csv", FEW), "--study", "study", "--events", "x", "--n", "n",
           "--measure", "PLO"]
    text = moderated("moderators", [*few, "--mods", "z"])
    explained.change_digits("moderators", text)
    expect("moderators: the derivatives are 0", "derivatives of the log-likelihood are 0" in text)
    moderated("a factor", [*odds, "--mods", "entity", "--ci", "t"])
    moderated("a number and a factor", [*odds, "--mods", "(followup_months - 12) + setting",
                                        "--test", "setting"])
    moderated("no intercept", [*few, "--mods", "g", "--no-intercept", "--all-studies"])
    moderated("moderators, nodes", [*few, "--mods", "z", "--nodes", "7"])
    moderated("moderators, Poisson", [*few[:-4], "--time", "n", "--measure", "IRLN", "--mods", "z",
                                      "--predict", "hts", "--at", "z=3"])
    text = moderated("moderators, tau2 of 0", [*few, "--mods", "z", "--where", "g = 'q'"])
    expect("tau2 of 0: the likelihood falls", "likelihood falls from there" in text)


def beta_binomial(folder):
    nrm = [os.path.join(SOURCE, "datasets/nrm2024/studies.csv"), "--events", "deaths", "--n",
           "patients", "--study", "study", "--measure", "PLO", "--method", "betabinomial"]
    for name, arguments in (("MM", [*nrm, "--where", "entity = 'MM'"]), ("all", nrm)):
        text = pooled(f"beta-binomial, {name}", arguments)
        solution = read_solution(text)
        fit = json.loads(run("pool", *arguments, "--format", "json").stdout)["overall"]["fit"]
        for symbol, figure in (("ll", fit["loglik"]), ("rho", fit["rho"]),
                               ("se_rho", fit["rho_se"]),
                               ("X2_rho", fit["rho_test"]["statistic"]),
                               ("p_rho", fit["rho_test"]["p"])):
            compare(f"beta-binomial, {name}", solution, symbol, figure)
        if name == "MM":
            explained.change_digits("beta-binomial", text)
    pooled("beta-binomial, by entity", [*nrm, "--by", "entity", "--ci", "t"])
    counts_of = ["--events", "x", "--n", "n", "--study", "study", "--measure", "PLO",
                 "--method", "betabinomial"]
    for name, table in (("alike", ALIKE), ("all or none", ALL_OR_NONE)):
        pooled(f"beta-binomial, {name}", [write(folder, "beta.csv", table), *counts_of])


def empty_cells(folder):
    both = [write(folder, "empty.csv", EMPTY), "--study", "study", "--events1", "x1",
            "--events2", "x2", "--method", "glmm"]
    odds = [*both, "--n1", "n1", "--n2", "n2", "--measure", "OR", "--model"]
    rates = [*both, "--time1", "n1", "--time2", "n2", "--measure", "IRR", "--model"]
    for model in ("um.fs", "cm.al", "cm.el"):
        likelihood(f"empty cells, {model}", [*odds, model, "--all-studies"])
        pooled(f"empty cells, {model}, by group", [*odds, model, "--by", "g", "--keep00"])
        explained.worked(f"one study, {model}", [*odds, model, "--where", "study = 'B'"])
    for model in ("um.fs", "cm.el"):
        pooled(f"empty cells, rates, {model}", [*rates, model, "--keep00"])


def main():
    with tempfile.TemporaryDirectory() as folder:
        one_group(folder)
        moderators(folder)
        two_groups()
        beta_binomial(folder)
        empty_cells(folder)
    counts = explained.counts
    print(f"{counts['lines']} lines and {counts['cells']} cells computed, "
          f"{counts['changed']} changed digits found")
    sys.exit(1 if explained.failures else 0)


if __name__ == "__main__":
    main()
