#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What check_explain.py does, for the studies of a regression: residuals, leverages, weights,
predicted effects, fits without a study, and the correlation; for permutation tests, and for means
on the natural scale.

usage: check_explain_studies.py METAPOOL SOURCE_DIR
"""
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check_explain as explained  # noqa: E402
from check_explain import SOURCE, compare, expect, regressed, run  # noqa: E402
from worked_solution import read_solution  # noqa: E402

COLUMNS = (("fit_i", "fitted"), ("sf_i", "fitted_se"), ("r_i", "residual"),
           ("sr_i", "residual_se"), ("T_i", "rstandard"), ("Td_i", "rstudent"), ("hat_i", "hat"),
           ("pct_i", "weight"), ("true_i", "blup"), ("st_i", "blup_se"),
           ("lt_i", "blup_lower"), ("ut_i", "blup_upper"))


def studies(name, arguments, worked):
    """The table of the studies, and the fits without those that are worked."""
    text = regressed(name, [*arguments, "--diagnostics"])
    made = json.loads(run("regress", *arguments, "--diagnostics", "--format", "json").stdout)
    before = re.split(r"\n\d+\. Residuals from the other studies\n", text)[0]
    solution = read_solution(before + "\n")
    for column, key in COLUMNS:
        cells = solution.columns[column]
        expect(f"{name}: {column} of every study", len(cells) == len(made["studies"]))
        for study, cell in zip(made["studies"], cells):
            expect(f"{name}: {column} of {study['study']} is {cell}, the analysis has "
                   f"{study[key]}", abs(cell - study[key]) <= 1e-4 * abs(study[key]) + 1e-5)
    solution = read_solution(text)
    expect(f"{name}: {worked} fits without a study",
           len(solution.values["T_d"]) == len(re.findall("^Without ", text, re.M)) == worked)
    if worked in (1, len(made["studies"])):
        for which in range(worked):
            compare(name, solution, "T_d", made["studies"][which]["rstudent"], which)
    return text


def correlation(name, arguments):
    text = regressed(name, [*arguments, "--correlation"])
    made = json.loads(run("regress", *arguments, "--correlation", "--format", "json").stdout)
    solution = read_solution(text)
    for symbol, key in (("rho", "estimate"), ("T_r", "statistic"), ("df_r", "df"), ("p_r", "p"),
                        ("lower_r", "ci_lower"), ("upper_r", "ci_upper")):
        compare(name, solution, symbol, made["correlation"][key])
    return text


def last_sections(text, title):
    """Changed digits are looked for in what is new: the sections from this one on need what
    stands before, but its own digits are changed elsewhere."""
    at = re.search(rf"^\d+\. {title}$", text, re.MULTILINE).start()
    return text[:at], text[at:]


def change_digits(name, text, title):
    before, after = last_sections(text, title)
    missed = []
    after = explained.unwrap(after)
    for match in re.finditer(r"^  \S+ = .* = (-?[\d.]+)$", after, re.MULTILINE):
        changed = explained.next_digit(after, match.end(1) - 1)
        explained.counts["changed"] += 1
        if not read_solution(before + changed).mistakes:
            missed.append(match[0])
    for what in missed[:5]:
        expect(f"{name}: a changed digit was not found: {what}", False)


def natural(name, arguments, clipped):
    """Predictions on the scale of shares or rates, with what lies outside its range."""
    text = regressed(name, arguments)
    made = json.loads(run("regress", *arguments, "--format", "json").stdout)
    solution = read_solution(text)
    expect(f"{name}: ends of the range", ("outside the range" in text) == clipped)
    for column, key in (("theta_i", "estimate"), ("tl_i", "ci_lower"), ("tu_i", "ci_upper"),
                        ("tlp_i", "pi_lower"), ("tup_i", "pi_upper")):
        cells = solution.columns[column]
        expect(f"{name}: {column} of every prediction", len(cells) == len(made["predictions"]))
        for of, cell in zip(made["predictions"], cells):
            figure = of["back"][key]
            expect(f"{name}: {column} of {cell}, the analysis has {figure}",
                   abs(cell - figure) <= 1e-4 * abs(figure) + 1e-5)
    return text


def permuted(name, arguments):
    text = regressed(name, arguments)
    made = json.loads(run("regress", *arguments, "--format", "json").stdout)["permutation"]
    solution = read_solution(text)
    compare(name, solution, "n_a", made["n"])
    compare(name, solution, "p_M_perm", made["omnibus_p"])
    for j, p in enumerate(made["p"], 1):
        compare(name, solution, f"p_{j}_perm", p)


def main():
    bcg = [os.path.join(SOURCE, "docs/examples/bcg.csv"), "--cell-a", "tpos", "--cell-b", "tneg",
           "--cell-c", "cpos", "--cell-d", "cneg", "--measure", "RR", "--study", "trial"]
    text = studies("ablat", [*bcg, "--mods", "ablat"], 1)
    change_digits("ablat", text, "Studies against the fit")
    studies("two, DL", [*bcg, "--mods", "(ablat - 30) + alloc", "--tau2", "DL", "--ci", "wald"], 1)
    studies("all of a mean", [*bcg, "--mods", "1", "--tau2", "PM", "--ci", "t",
                              "--all-studies"], 13)
    studies("chosen, clusters", [*bcg, "--mods", "(year - 1960)", "--cluster", "alloc",
                                 "--robust", "cr1", "--work", "TPT Madras 1980", "--work",
                                 "Rosenthal et al 1961"], 2)
    text = correlation("ablat, correlated", [*bcg, "--mods", "ablat"])
    change_digits("ablat, correlated", text, "Correlation")
    correlation("years, correlated", [*bcg, "--mods", "year", "--level", "90", "--scale",
                                      "(year - 1960)"])
    permuted("permuted", [*bcg, "--mods", "ablat", "--permute", "50"])
    nrm = [os.path.join(SOURCE, "datasets/nrm2024/studies.csv"), "--events", "deaths", "--study",
           "study", "--method", "inverse", "--where", "entity = 'MM'", "--mods",
           "followup_months", "--at", "followup_months=0:60:20"]
    shares, rates = [*nrm, "--n", "patients"], [*nrm, "--time", "patients"]
    natural("PFT", [*shares, "--measure", "PFT"], False)
    natural("PFT, own n", [*shares, "--measure", "PFT", "--pft-n", "inverse-variance"], False)
    natural("PFT, ends", [*shares, "--measure", "PFT", "--level", "99.9"], True)
    natural("PAS", [*shares, "--measure", "PAS", "--level", "99.9"], True)
    natural("PLN", [*shares, "--measure", "PLN", "--level", "99.9"], True)
    natural("IRFT", [*rates, "--measure", "IRFT", "--pft-n", "geometric"], False)
    counts = explained.counts
    print(f"{counts['lines']} lines and {counts['cells']} cells computed, "
          f"{counts['changed']} changed digits found")
    sys.exit(1 if explained.failures else 0)


if __name__ == "__main__":
    main()
