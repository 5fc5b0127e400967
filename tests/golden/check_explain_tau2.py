#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is found by search of the between-study variance, worked: the lines are read as
check_explain.py reads them. Eigenvalues are made anew here, by Jacobi's rotations, and the
distribution of a sum of chi-squares by another method than the text has, Ruben's series of
chi-square probabilities.

usage: check_explain_tau2.py METAPOOL SOURCE_DIR
"""
import json
import math
import os
import sys
import tempfile

from check_explain import (SOURCE, change_digits, compare, counts, expect, failures, pooled,
                           regressed, run, worked)
from worked_numbers import chi2_upper
from worked_solution import read_solution

BCG = [os.path.join(SOURCE, "docs/examples/bcg.csv"), "--cell-a", "tpos", "--cell-b", "tneg",
       "--cell-c", "cpos", "--cell-d", "cneg", "--study", "trial", "--measure", "RR"]
# Made up: variances of 1 to 10000, and all alike.
WIDE = """study,y,v,v1,x
A,0.31,0.004,0.2,1
B,-1.2,0.9,0.2,2
C,2.4,40,0.2,2
D,0.11,0.03,0.2,4
E,0.92,0.06,0.2,7
"""


def eigenvalues(matrix):
    """By Jacobi's rotations, in falling order."""
    n = len(matrix)
    for _ in range(60):
        for p in range(n):
            for q in range(p):
                if matrix[p][q] == 0.0:
                    continue
                angle = 0.5 * math.atan2(2.0 * matrix[p][q], matrix[q][q] - matrix[p][p])
                c, s = math.cos(angle), math.sin(angle)
                for row in matrix:
                    row[p], row[q] = c * row[p] - s * row[q], s * row[p] + c * row[q]
                a, b = matrix[p], matrix[q]
                matrix[p] = [c * x - s * y for x, y in zip(a, b)]
                matrix[q] = [s * x + c * y for x, y in zip(a, b)]
    return sorted((matrix[i][i] for i in range(n)), reverse=True)


def of_form(a, s, columns):
    """Eigenvalues of the form with weights a of effects with variances s, but those that the
    columns make 0."""
    k, basis = len(a), []
    for column in columns:
        u = [math.sqrt(w) * x for w, x in zip(a, column)]
        for other in basis * 2:
            along = math.fsum(x * y for x, y in zip(u, other))
            u = [x - along * y for x, y in zip(u, other)]
        length = math.sqrt(math.fsum(x * x for x in u))
        basis.append([x / length for x in u])
    matrix = [[math.sqrt(a[i] * s[i] * a[j] * s[j]) *
               ((i == j) - math.fsum(u[i] * u[j] for u in basis)) for j in range(k)]
              for i in range(k)]
    return eigenvalues(matrix)[:k - len(columns)]


def below(q, values):
    """P(sum of values times chi-squares < q): Ruben (1962), Ann Math Stat 33:542-570."""
    beta = min(values)  # a mixture: no term is negative
    gamma = [1.0 - beta / value for value in values]
    powers = [[math.sqrt(math.prod(beta / value for value in values))]]
    total, mass, k = 0.0, 0.0, 0
    terms, sums, power = powers[0], [], [1.0] * len(values)
    while True:
        mass += terms[k]
        total += terms[k] * (1.0 - chi2_upper(q / beta, len(values) + 2 * k))
        if mass > 1.0 - 1e-9 or k == 3000:
            return total
        power = [x * y for x, y in zip(power, gamma)]
        sums.append(math.fsum(power))
        k += 1
        terms.append(math.fsum(sums[k - 1 - r] * terms[r] for r in range(k)) / (2.0 * k))


def generalized(name, how, arguments, wanted, at="tau2"):
    """The last distribution of a text: its eigenvalues, and the probability that they give."""
    text = how(name, arguments)
    solution = read_solution(text)
    expect(f"{name}: is not worked", "not worked" not in text and "too many" not in text)
    columns, tau2 = solution.columns, float(solution.shown[at])
    moderators = [columns[key] for key in sorted(filter(None, columns))
                  if key.startswith("x_") and key.endswith("_i")]
    a, v = columns["a_i"], columns["v_i"]
    made = of_form(a, [x + tau2 for x in v], moderators or [[1.0] * len(a)])
    for value, shown in zip(made, columns["lambda_i"], strict=True):
        expect(f"{name}: the eigenvalue {shown} should be {value}",
               abs(value - shown) <= 2e-5 * abs(made[0]))
    found = below(float(solution.shown["Q_a"]), columns["lambda_i"])
    expect(f"{name}: the probability is {found}, not {wanted}", abs(found - wanted) < 1e-4)
    left = solution.values["L"]
    expect(f"{name}: no side is {wanted}", any(abs(x - wanted) < 1e-9 for x in left))
    return text


def quadratic_forms(folder):
    change_digits("GENQM", generalized("GENQM", pooled, [*BCG, "--tau2", "GENQM"], 0.5))
    weights = ["--weights", "tpos + cpos"]
    generalized("weights, GENQM", pooled, [*BCG, *weights, "--tau2", "GENQM"], 0.5)
    year = ["--mods", "year"]
    generalized("year, GENQM", regressed, [*BCG, *year, "--tau2", "GENQM"], 0.5)
    generalized("two, weights, GENQM", regressed,
                [*BCG, "--mods", "year + ablat", *weights, "--tau2", "GENQM", "--ci", "wald"], 0.5)
    for interval in ("j", "bj"):
        ask = ["--tau2-ci", interval]
        generalized(interval, pooled, [*BCG, *ask], 0.025, "tau2_upper")
        generalized(f"{interval}, 90 %, all", pooled,
                    [*BCG, *ask, "--level", "90", "--tau2", "DL", "--all-studies"], 0.05,
                    "tau2_upper")
        generalized(f"year, {interval}", regressed, [*BCG, *year, *ask], 0.025, "tau2_upper")
    path = os.path.join(folder, "wide.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(WIDE)
    for variance in ("v", "v1"):
        wide = [path, "--study", "study", "--yi", "y", "--vi", variance]
        for tau2 in ("GENQM", "REML"):
            for interval in ("j", "bj"):
                pooled(f"{variance}, {tau2}, {interval}",
                       [*wide, "--tau2", tau2, "--tau2-ci", interval])
                regressed(f"{variance}, x, {tau2}, {interval}",
                          [*wide, "--mods", "x", "--tau2", tau2, "--tau2-ci", interval])


def intervals_of_means(folder):
    """By the profile of the likelihood, and by Henmi and Copas."""
    path = os.path.join(folder, "means.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(WIDE)
    for ci in ("pl", "hc"):
        for more in ([], ["--level", "90", "--tau2", "DL"]):
            text = pooled(f"mean by {ci} {more}", [*BCG, "--ci", ci, *more])
            expect(f"mean by {ci}: worked", "not worked" not in text)
        change_digits(f"mean by {ci}", text)
        worked(f"mean by {ci}, digits", [*BCG, "--ci", ci, "--digits", "9"], 9)
        pooled(f"mean by {ci}, groups", [*BCG, "--ci", ci, "--by", "alloc"])
        for variance in ("v", "v1"):
            pooled(f"mean by {ci}, {variance}",
                   [path, "--study", "study", "--yi", "y", "--vi", variance, "--ci", ci])
    for ci, predict in (("hksj-wide", "hk"), ("hksj-wide", "kr"), ("t", "kr-pr")):
        text = pooled(f"mean by {ci}, {predict}", [*BCG, "--ci", ci, "--predict", predict])
        expect(f"mean by {ci}, {predict}: worked", "not worked" not in text)
    pooled("Wald's is wider", [path, "--study", "study", "--yi", "x", "--vi", "v", "--tau2", "50",
                               "--ci", "hksj-wide"])


def shared(folder):
    """A tau2 that subgroups share: limits and predictions of each, one alone among them."""
    path = os.path.join(folder, "alone.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(WIDE.replace(",2\nC", ",1\nC"))
    alone = [path, "--study", "study", "--yi", "y", "--vi", "v1", "--by", "x"]
    for arguments in ([*BCG, "--by", "alloc"], alone):
        for more in (["--ci", "kr"], ["--ci", "hksj-wide", "--tau2", "DL", "--tau2-ci", "j"],
                     ["--tau2", "GENQM", "--tau2-ci", "wald", "--predict", "hk-pr"],
                     ["--ci", "hksj-adhoc", "--tau2", "PM", "--predict", "hts"],
                     ["--ci", "hksj", "--tau2", "0.2"], ["--ci", "hksj-adhoc", "--tau2", "EE"]):
            what = [*arguments, "--tau2-scope", "common", *more]
            name = f"shared {more}"
            text = pooled(name, what)
            expect(f"{name}: worked", "not worked" not in text)
            solution = read_solution(text)
            groups = json.loads(run("pool", *what, "--format", "json").stdout)["groups"]
            for which, group in enumerate(groups):
                for symbol, key in (("lower", "ci_lower"), ("upper", "ci_upper"),
                                    ("lower_p", "pi_lower"), ("upper_p", "pi_upper")):
                    compare(name, solution, symbol, group["random"][key], which + 1)


def main():
    with tempfile.TemporaryDirectory() as folder:
        quadratic_forms(folder)
        intervals_of_means(folder)
        shared(folder)
    print(f"{counts['lines']} lines and {counts['cells']} cells computed, "
          f"{counts['changed']} changed digits found")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
