#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worked solutions are read as a person with a calculator would read them: every line and every
cell must follow from the numbers shown, and the last figures must be those of `metapool pool`.
Then digits are changed, and the reader must find each of them wrong.

usage: check_explain.py METAPOOL SOURCE_DIR
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from worked_solution import is_number, read_solution, unit, unwrap  # noqa: E402

METAPOOL, SOURCE = (os.path.abspath(a) for a in sys.argv[1:3])
WIDTH = 80
failures = []
counts = {"lines": 0, "cells": 0, "changed": 0}

# Stroke care, length of stay: Normand (1999), Stat Med 18:321-359, table II.
STROKE = """study,n1,m1,s1,n2,m2,s2
Edinburgh,155,55,47,156,75,64
Orpington mild,31,27,7,32,29,4
Orpington moderate,75,64,17,71,119,29
Orpington severe,18,66,20,18,137,48
Montreal home,8,14,8,13,18,11
Montreal transfer,57,19,7,52,18,4
Newcastle,34,52,45,33,41,34
Umea,110,21,16,183,31,27
Uppsala,60,30,27,52,23,20
"""

# Made up: an empty cell, limits, a t, a median with quartiles.
ODD = """study,x1,n1,x2,n2,est,lo,hi,t,r,n,q1,med,q3,se,p
A,0,20,4,21,0.8,0.6,1.0667,2.1,0.31,40,3.1,5.2,8.4,0.71,0.04
B,3,40,5,38,1.2,0.9,1.6,1.4,0.22,55,2.9,4.8,7.9,0.62,0.21
C,7,61,9,60,0.7,0.5,0.98,3.3,0.45,38,3.3,5.0,7.2,0.80,0.01
D,2,33,8,35,0.9,0.7,1.1571,-0.4,-0.05,61,2.2,4.1,6.6,0.55,0.62
"""


def run(*arguments):
    if arguments[0] != "explain":
        arguments = [a for before, a in zip(("", *arguments), arguments)
                     if a not in ("--all-studies", "--work") and before != "--work"]
    return subprocess.run([METAPOOL, *arguments], capture_output=True, text=True, check=False)


def expect(what, true):
    if not true:
        failures.append(what)
        print("FAILED", what)


def worked(name, arguments, digits=6):
    """The text, read without a mistake."""
    made = run("explain", *arguments)
    solution = read_solution(made.stdout, digits)
    expect(f"{name}: exit status {made.returncode}: {made.stderr[:300]}", made.returncode == 0)
    for mistake in solution.mistakes[:5]:
        expect(f"{name}: {mistake}", False)
    expect(f"{name}: nothing was worked", solution.lines > 10)
    for line in made.stdout.splitlines():
        expect(f"{name}: a line that could be broken: {line}",
               len(line) <= WIDTH or not re.search(r"\S(?: [-+*/=] |, |  )", line))
    counts["lines"] += solution.lines
    counts["cells"] += solution.cells
    return made.stdout, solution


def compare(name, solution, symbol, figure, which=0):
    """A symbol's value is a figure of the analysis."""
    values = solution.values.get(symbol)
    if figure is None:
        return
    expect(f"{name}: no {symbol} in the solution", values)
    if values:
        expect(f"{name}: {symbol} is {values[which]}, the analysis has {figure}",
               abs(values[which] - figure) <= 0.501 * unit(figure, 6) + 1e-12)


def heterogeneous(name, solution, heterogeneity):
    """tau2 with its standard error and interval, and what follows from both."""
    for symbol, key in (("tau", "tau"), ("I2", "I2"), ("H2", "H2"), ("I2_Q", "I2_Q"),
                        ("v_t", "vt"), ("se_t", "tau2_se")):
        compare(name, solution, symbol, heterogeneity[key])
    for symbol in ("tau2", "tau", "I2", "H2"):
        for end, limit in zip(("lower", "upper"), heterogeneity[symbol + "_ci"] or ()):
            compare(name, solution, f"{symbol}_{end}", limit)


def likely(name, solution, fit):
    for symbol, key in (("ll", "loglik"), ("AIC", "AIC"), ("AICc", "AICc"), ("BIC", "BIC")):
        compare(name, solution, symbol, fit[key])


def pooled(name, arguments):
    text, solution = worked(name, arguments)
    made = run("pool", *arguments, "--format", "json")
    overall = json.loads(made.stdout)["overall"]
    for suffix, key in (("_c", "common"), ("", "random")):
        estimate = overall[key]
        compare(name, solution, "mu" + suffix, estimate["estimate"])
        compare(name, solution, "lower" + suffix, estimate["ci_lower"])
        compare(name, solution, "upper" + suffix, estimate["ci_upper"])
        if estimate["p"] is not None and "p" + suffix in solution.values:
            compare(name, solution, "p" + suffix, estimate["p"])
        if estimate["pi_lower"] is not None:
            compare(name, solution, "lower_p", estimate["pi_lower"])
            compare(name, solution, "upper_p", estimate["pi_upper"])
        if "theta" + suffix in solution.values:
            compare(name, solution, "theta" + suffix, estimate["back"]["estimate"])
            compare(name, solution, "theta_lower" + suffix, estimate["back"]["ci_lower"])
    heterogeneity = overall["heterogeneity"]
    if made_within := json.loads(made.stdout).get("within"):
        compare(name, solution, "Q_W", made_within["statistic"])
    compare(name, solution, "Q", heterogeneity["Q"])
    compare(name, solution, "p_Q", heterogeneity["p"])
    if overall["fit"]["method"] == "inverse" or "se_t" in solution.values:
        heterogeneous(name, solution, heterogeneity)
        likely(name, solution, overall["fit"])
    return text


def predicted(name, solution, means):
    """The rows of the table of marginal means, or of predictions, as it stands there."""
    means = [mean for mean in means if mean["estimate"] is not None]
    for column, path in (("m_i", "estimate"), ("se_i", "se"), ("lower_i", "ci_lower"),
                         ("upper_i", "ci_upper"), ("sp_i", "pi_se"), ("lp_i", "pi_lower"),
                         ("up_i", "pi_upper")):
        if means[0][path] is None:
            continue
        for mean, cell in zip(means, solution.columns[column], strict=True):
            expect(f"{name}: {column} is {cell}, the analysis has {mean[path]}",
                   abs(cell - mean[path]) <= 1e-4 * abs(mean[path]) + 1e-4)


def joint_test(name, solution, suffix, test, which):
    f = test["type"] == "F"
    compare(name, solution, ("F_" if f else "Q_") + suffix, test["statistic"], which)
    compare(name, solution, "p_" + suffix, test["p"], which)


def regressed(name, arguments):
    text, solution = worked(name, arguments)
    made = json.loads(run("regress", *arguments, "--format", "json").stdout)
    for j, coefficient in enumerate(made["coefficients"] + made["contrasts"]):
        if j < made["p"]:
            compare(name, solution, f"b_{j + 1}", coefficient["estimate"], -1)
        for symbol, key in (("se", "se"), ("T", "statistic"), ("p_b", "p"),
                            ("lower", "ci_lower"), ("upper", "ci_upper")):
            compare(name, solution, symbol, coefficient[key], j)
    ratios = [c["ratio"] for c in made["coefficients"] + made["contrasts"]]
    for j, ratio in enumerate(ratio for ratio in ratios if ratio["estimate"] is not None):
        compare(name, solution, "ratio", ratio["estimate"], j)
        compare(name, solution, "ratio_upper", ratio["ci_upper"], j)
    heterogeneity = made["heterogeneity"]
    compare(name, solution, "Q_E", heterogeneity["Q"])
    compare(name, solution, "p_E", heterogeneity["p"])
    heterogeneous(name, solution, heterogeneity)
    compare(name, solution, "R2", heterogeneity["R2"])
    if heterogeneity["R2"] is not None:
        compare(name, solution, "tau2_0", heterogeneity["null_tau2"])
    likely(name, solution, made["fit"])
    compare(name, solution, "p_M", made["omnibus"]["p"])
    compare(name, solution, "F" if made["omnibus"]["type"] == "F" else "Q_M",
            made["omnibus"]["statistic"])
    tests = [term["test"] for term in made["terms"]] if len(made["terms"]) > 1 else []
    for which, test in enumerate(tests + [test["test"] for test in made["tests"]]):
        joint_test(name, solution, "T", test, which)
    if len(made["vif"]) > 1:
        for which, vif in enumerate(made["vif"]):
            compare(name, solution, "VIF", vif["vif"], which)
            compare(name, solution, "SIF", vif["sif"], which)
    if made["predictions"] or made["margins"]:
        predicted(name, solution, made["predictions"] or made["margins"])
    return text


def next_digit(text, at):
    return text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1:]


def change_digits(name, text):
    """The last digit of every value, the first of every number in a formula, and the last
    digit of every sum: whichever is changed, the reader finds it."""
    missed = []
    text = unwrap(text)
    for match in re.finditer(r"= (-?[\d.]+)((?:e[-+]?\d+)?)$", text, re.MULTILINE):
        before = text[:match.start()].rsplit("\n", 1)[-1]
        if before.count(" = ") + ("=" in before) == 0 and not before.strip().startswith("="):
            continue  # "k = 13": given
        changed = next_digit(text, match.end(1) - 1)
        counts["changed"] += 1
        if not read_solution(changed).mistakes:
            missed.append(match[0])
    for match in re.finditer(r"^(?:  )?sum +.*$", text, re.MULTILINE):
        for number in re.finditer(r"\d(?= |$)", match[0]):
            changed = next_digit(text, match.start() + number.start())
            counts["changed"] += 1
            if not read_solution(changed).mistakes:
                missed.append(match[0])
    for match in re.finditer(r"(?<== )[^=\n]*[-+*/^][^=\n]*(?= =|\n)", text):
        for number in re.finditer(r"(?<![A-Za-z_\d.])[1-9](?=[\d.]{3})", match[0]):
            if is_number(match[0]):
                continue  # given
            changed = next_digit(text, match.start() + number.start())
            counts["changed"] += 1
            if not read_solution(changed).mistakes:
                missed.append(match[0])
    for what in missed[:5]:
        expect(f"{name}: a changed digit was not found: {what}", False)


def profiled(name, how, tau2, arguments):
    """An interval of tau2 by the profile of the likelihood."""
    text = how(name, [*arguments, "--tau2", tau2, "--tau2-ci", "pl"])
    solution = read_solution(text)
    expect(f"{name}: the limits are worked", "ll_upper" in solution.values and
           "not worked" not in text)
    expect(f"{name}: the highest likelihood", ("ll_m" in solution.values) ==
           (tau2 not in ("REML", "ML")))
    chosen = [i for i, right in enumerate(solution.values["R"])
              if abs(right - (2.70554 if "90 %" in name else 3.84146)) < 1e-9]
    expect(f"{name}: an equation for both limits", len(chosen) == 2)
    for i, limit in zip(chosen, (solution.values[f"tau2_{end}"][0] for end in ("lower", "upper"))):
        left, right = solution.values["L"][i], solution.values["R"][i]
        expect(f"{name}: {left} and {right}, the sides at {limit}",
               left == right if limit > 0.0 else left < right)
    return text


def tables():
    bcg = [os.path.join(SOURCE, "docs/examples/bcg.csv"), "--cell-a", "tpos", "--cell-b", "tneg",
           "--cell-c", "cpos", "--cell-d", "cneg", "--study", "trial"]
    text = pooled("bcg, REML", [*bcg, "--measure", "RR"])
    change_digits("bcg, REML", text)
    change_digits("bcg, DL", pooled("bcg, DL", [*bcg, "--measure", "RR", "--tau2", "DL"]))
    for tau2 in ("ML", "PM", "PMM", "EB", "HE", "HS", "HSk", "SJ", "SJIT", "DLIT", "GENQ", "DL2",
                 "CA2", "GENQM", "EE", "0.2"):
        pooled(f"bcg, {tau2}", [*bcg, "--measure", "OR", "--tau2", tau2])
    for ci in ("wald", "t", "hksj-adhoc", "kr", "pl", "hc"):
        pooled(f"bcg, {ci}", [*bcg, "--measure", "RD", "--ci", ci])
    for predict in ("wald", "v", "hts", "hk", "hk-pr"):
        pooled(f"bcg, {predict}", [*bcg, "--measure", "RR", "--ci", "t", "--predict", predict])
    pooled("bcg, weights", [*bcg, "--measure", "RR", "--weights", "tpos + cpos"])
    pooled("bcg, weights, GENQ",
           [*bcg, "--measure", "RR", "--weights", "tpos + cpos", "--tau2", "GENQ"])
    pooled("bcg, weights, GENQM",
           [*bcg, "--measure", "RR", "--weights", "tpos + cpos", "--tau2", "GENQM"])
    for tau2 in ("REML", "ML", "DL", "EE", "0.2"):
        profiled(f"bcg, pl for tau2, {tau2}", pooled, tau2, [*bcg, "--measure", "RR"])
    text = profiled("bcg, pl for tau2, 90 %", pooled, "REML",
                    [*bcg, "--measure", "RR", "--level", "90"])
    change_digits("bcg, pl for tau2", text)
    pooled("bcg, wald for tau2", [*bcg, "--measure", "RR", "--tau2-ci", "wald", "--tau2", "DL"])
    pooled("bcg, subgroups", [*bcg, "--measure", "RR", "--by", "alloc"])
    for tau2 in ("REML", "ML", "DL", "PM", "HE"):
        text = pooled(f"bcg, one tau2, {tau2}", [*bcg, "--measure", "RR", "--by", "alloc",
                                                 "--tau2-scope", "common", "--tau2", tau2])
        expect(f"one tau2, {tau2}: it is worked",
               "All subgroups" in text and "not worked" not in text)
    worked("bcg, ten digits", [*bcg, "--measure", "RR", "--digits", "10"], 10)
    for measure in ("AS", "PETO", "YUQ", "YUY", "PBIT", "OR2D", "OR2DN", "PHI", "RTET"):
        pooled(f"bcg, {measure}", [*bcg, "--measure", measure])


def sums():
    bcg = [os.path.join(SOURCE, "docs/examples/bcg.csv"), "--study", "trial"]
    cells = [*bcg, "--cell-a", "tpos", "--cell-b", "tneg", "--cell-c", "cpos", "--cell-d", "cneg"]
    mh = ["--method", "mh", "--measure"]
    text = pooled("bcg, MH OR", [*cells, *mh, "OR", "--tau2", "DL"])
    change_digits("bcg, MH OR", text)
    solution = read_solution(text)
    stratified = json.loads(run("pool", *cells, *mh, "OR", "--tau2", "DL", "--format",
                                "json").stdout)["overall"]["stratified"]
    compare("bcg, MH OR", solution, "CMH", stratified["cmh"]["statistic"])
    compare("bcg, MH OR", solution, "BD", stratified["breslow_day"]["statistic"])
    compare("bcg, MH OR", solution, "p_BD", stratified["breslow_day"]["p"])
    compare("bcg, MH OR", solution, "BDT", stratified["tarone"]["statistic"])
    compare("bcg, MH OR", solution, "p_BDT", stratified["tarone"]["p"])
    for tau2 in ("REML", "HS", "DL2", "GENQ"):
        pooled(f"bcg, MH RR, {tau2}", [*cells, *mh, "RR", "--tau2", tau2])
    pooled("bcg, MH RD", [*cells, *mh, "RD"])
    pooled("bcg, MH by group", [*cells, *mh, "OR", "--by", "alloc"])
    pooled("bcg, Peto", [*cells, "--method", "peto", "--measure", "PETO"])
    rates = [*bcg, "--events1", "tpos", "--time1", "tneg", "--events2", "cpos", "--time2", "cneg"]
    pooled("bcg, MH IRR", [*rates, *mh, "IRR"])
    pooled("bcg, MH IRD", [*rates, *mh, "IRD", "--tau2", "DL"])


def proportions():
    nrm = [os.path.join(SOURCE, "datasets/nrm2024/studies.csv"), "--events", "deaths", "--n",
           "patients", "--study", "study"]
    mm = [*nrm, "--method", "inverse", "--where", "entity = 'MM'"]
    change_digits("nrm2024", pooled("nrm2024", [*mm, "--measure", "PLO"]))
    for measure in ("PR", "PLN", "PRZ", "PAS"):
        pooled(f"nrm2024, {measure}", [*mm, "--measure", measure])
    for mean in ("harmonic", "geometric", "arithmetic", "inverse-variance"):
        pooled(f"nrm2024, PFT, {mean}", [*mm, "--measure", "PFT", "--pft-n", mean])
    pooled("nrm2024, by entity", [*nrm, "--method", "inverse", "--measure", "PLO", "--by",
                                  "entity"])


def regressions():
    bcg = [os.path.join(SOURCE, "docs/examples/bcg.csv"), "--cell-a", "tpos", "--cell-b", "tneg",
           "--cell-c", "cpos", "--cell-d", "cneg", "--study", "trial", "--measure", "RR"]
    text = regressed("bcg, ablat", [*bcg, "--mods", "ablat"])
    change_digits("bcg, ablat", text)
    regressed("bcg, two", [*bcg, "--mods", "ablat + year", "--ci", "wald"])
    regressed("bcg, five columns", [*bcg, "--mods", "ablat + year + alloc", "--tau2", "DL"])
    regressed("bcg, interaction", [*bcg, "--mods", "ablat * year", "--ci", "t", "--tau2", "ML"])
    regressed("bcg, factor", [*bcg, "--mods", "alloc", "--no-intercept", "--tau2", "PM", "--ci",
                              "hksj-adhoc"])
    regressed("bcg, curve", [*bcg, "--mods", "poly(year, 2)", "--tau2", "PMM"])
    regressed("bcg, seven columns", [*bcg, "--mods", "poly(ablat, 4) + alloc", "--tau2", "CA2"])
    for tau2 in ("EB", "SJIT", "HE", "HS", "HSk", "SJ", "GENQ", "GENQM", "DL2", "EE", "0.2"):
        regressed(f"bcg, {tau2}", [*bcg, "--mods", "year", "--tau2", tau2])
    for tau2 in ("REML", "ML", "DL", "PM"):
        profiled(f"bcg, tau2 by pl, {tau2}", regressed, tau2, [*bcg, "--mods", "ablat"])
    for interval in ("wald", "j", "bj"):
        regressed(f"bcg, tau2 by {interval}", [*bcg, "--mods", "ablat", "--tau2-ci", interval])
    weights = ["--weights", "tpos + cpos"]
    regressed("bcg, weights", [*bcg, "--mods", "ablat", *weights])
    regressed("bcg, weights, GENQ", [*bcg, "--mods", "alloc", *weights, "--tau2", "GENQ", "--ci",
                                     "wald"])
    regressed("bcg, weights, GENQM", [*bcg, "--mods", "year", *weights, "--tau2", "GENQM"])
    asked = ["--test", "ablat, alloc", "--test", "alloc: random", "--contrast",
             "alloc: random - systematic", "--contrast", "2 * ablat - 0.5 * alloc: random"]
    regressed("bcg, tests", [*bcg, "--mods", "ablat + alloc", *asked, "--permute", "50"])
    at = ["--at", "ablat=13:55:14, alloc=*", "--at", "alloc=random"]
    for predict in ("wald", "v", "hts", "hk", "hk-pr", "none"):
        regressed(f"bcg, at, {predict}", [*bcg, "--mods", "ablat + alloc", *at, "--ci", "t",
                                          "--predict", predict])
    regressed("bcg, at, HKSJ", [*bcg, "--mods", "ablat + alloc", *at])


def means(folder):
    path = os.path.join(folder, "stroke.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(STROKE)
    both = [path, "--study", "study", "--n1", "n1", "--n2", "n2", "--sd2", "s2"]
    all_of = [*both, "--sd1", "s1", "--mean1", "m1", "--mean2", "m2"]
    change_digits("stroke, SMD", pooled("stroke, SMD", [*all_of, "--measure", "SMD"]))
    for measure in ("MD", "SMDH", "SMD1H", "ROM", "CVR", "RPB", "ZPB", "RBIS", "D2OR", "D2ORN",
                    "CLESN"):
        pooled(f"stroke, {measure}", [*all_of, "--measure", measure])
    pooled("stroke, VR", [*both, "--sd1", "s1", "--measure", "VR"])
    pooled("stroke, uncorrected", [*all_of, "--measure", "SMD", "--correct", "no"])
    for vtype in ("UB", "LS2", "AV"):
        pooled(f"stroke, {vtype}", [*all_of, "--measure", "SMD", "--vtype", vtype])


def odd(folder):
    path = os.path.join(folder, "odd.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(ODD)
    one = [path, "--study", "study"]
    counts2 = [*one, "--events1", "x1", "--n1", "n1", "--events2", "x2", "--n2", "n2"]
    for measure in ("OR", "RR", "RD"):
        pooled(f"empty cell, {measure}", [*counts2, "--measure", measure])
        pooled(f"treatment-arm, {measure}", [*counts2, "--measure", measure, "--add", "tacc"])
        pooled(f"all cells, {measure}", [*counts2, "--measure", measure, "--to", "all", "--add",
                                         "0.25"])
    pooled("empty cell, MH", [*counts2, "--measure", "OR", "--method", "mh"])
    pooled("half, MH", [*counts2, "--measure", "OR", "--method", "mh", "--mh-add", "0.5"])
    pooled("all, Peto", [*counts2, "--measure", "PETO", "--method", "peto", "--mh-add", "0.5",
                         "--to", "all"])
    pooled("empty cell, PLO", [*one, "--events", "x1", "--n", "n1", "--measure", "PLO",
                               "--method", "inverse"])
    pooled("rates", [*one, "--events1", "x1", "--time1", "n1", "--events2", "x2", "--time2",
                     "n2", "--measure", "IRR"])
    limits = ["--estimate", "est", "--ci-lower", "lo", "--ci-upper", "hi"]
    pooled("limits of a ratio", [*one, *limits, "--measure", "HR"])
    pooled("limits", [*one, "--yi", "est", *limits[2:], "--input-level", "90"])
    pooled("a p-value", [*one, "--yi", "est", "--p", "p"])
    pooled("a standard error", [*one, "--yi", "est", "--sei", "se"])
    pooled("r from t", [*one, "--stat", "t", "--n", "n", "--measure", "ZCOR"])
    pooled("d from t", [*one, "--stat", "t", "--n1", "n1", "--n2", "n2", "--measure", "SMD"])
    pooled("COR", [*one, "--r", "r", "--n", "n", "--measure", "COR"])
    pooled("quartiles", [*one, "--q1", "q1", "--median", "med", "--q3", "q3", "--n", "n",
                         "--measure", "MN"])
    pooled("se of a mean", [*one, "--mean", "med", "--se", "se", "--n", "n", "--measure", "MN"])


def number_at_end(text):
    """The number that a line of LaTeX ends with, as text."""
    text = re.sub(r" \\times 10\^\{(-?\d+)\}$", r"e\1", text)
    return float(re.search(r"= (-?[\d.]+(?:e-?\d+)?)$", text)[1])


def last_number(element):
    """The number that a formula of MathML ends with."""
    row = list(element[0])[-1]
    digits = "".join(row.itertext()).replace("\u2212", "-").replace("\u00d710", "e")
    return float(digits)


def formats():
    """Markdown and HTML hold the lines of the text, with the same values; LaTeX is balanced,
    MathML well formed, and the page asks for nothing."""
    bcg = [os.path.join(SOURCE, "docs/examples/bcg.csv"), "--cell-a", "tpos", "--cell-b", "tneg",
           "--cell-c", "cpos", "--cell-d", "cneg", "--study", "trial", "--measure", "OR"]
    for name, more in (("pool", ["--by", "alloc", "--ci", "kr"]), ("MH", ["--method", "mh"]),
                       ("regress", ["--mods", "ablat + year"]),
                       ("nested", ["--nested", "alloc/trial"])):
        text = run("explain", *bcg, *more).stdout
        values = [float(line.rsplit(" = ", 1)[1]) for line in unwrap(text).splitlines()
                  if re.match(r"  \S.* = ", line)]
        markdown = run("explain", *bcg, *more, "--format", "markdown").stdout
        latex = re.findall(r"^\$\$(.*)\$\$$", markdown, re.MULTILINE)
        expect(f"{name}: LaTeX has the values of the text",
               [number_at_end(line) for line in latex] == values)
        for part in re.findall(r"\$+([^$]*)\$+", markdown):
            expect(f"{name}: braces of {part}", part.count("{") == part.count("}"))
            expect(f"{name}: parentheses of {part}",
                   part.count("\\left(") == part.count("\\right)"))
        page = run("explain", *bcg, *more, "--format", "html").stdout
        blocks = [xml.etree.ElementTree.fromstring(block)
                  for block in re.findall(r'<math displaystyle="true">.*?</math>', page)]
        for inline in re.findall(r"<math>.*?</math>", page):
            xml.etree.ElementTree.fromstring(inline)
        expect(f"{name}: MathML has the values of the text",
               [last_number(block) for block in blocks] == values)
        expect(f"{name}: the page asks for nothing", "default-src 'none'" in page and
               not re.search(r"(?:src|href)=|<script|https?:", page))


def main():
    tables()
    sums()
    proportions()
    regressions()
    formats()
    with tempfile.TemporaryDirectory() as folder:
        means(folder)
        odd(folder)
    print(f"{counts['lines']} lines and {counts['cells']} cells computed, "
          f"{counts['changed']} changed digits found")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
