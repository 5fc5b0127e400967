#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Subgroups of every measure, by every method, with separate and with common tau2: figures,
intervals and tests are there, or it is said why there are none.

usage: subgroups.py METAPOOL
"""
import json
import os
import re
import subprocess
import sys
import tempfile

STUDIES = 8
METHODS = ("inverse", "mh", "peto", "glmm")
# Column of each option, by the number of the study; margins of pairs have one size.
COLUMNS = {
    "events": lambda i: 9 + i * 3 % 11, "n": lambda i: 100 + 7 * i,
    "time": lambda i: 250 + 17.5 * i, "events1": lambda i: 8 + 2 * i,
    "n1": lambda i: 60 + 5 * i, "time1": lambda i: 210 + 3.5 * i,
    "events2": lambda i: 12 + i * 5 % 7, "n2": lambda i: 60 + 5 * i,
    "time2": lambda i: 190 + 3.0 * i, "cell-a": lambda i: 20 + i,
    "cell-b": lambda i: 5 + i * 3 % 8, "cell-c": lambda i: 9 - i * 5 % 7,
    "cell-d": lambda i: 30 + i, "mean": lambda i: 10 + i % 4, "sd": lambda i: 3 + i / 8,
    "mean1": lambda i: 10 + i % 4, "sd1": lambda i: 3 + i / 8,
    "mean2": lambda i: 9 + i % 3, "sd2": lambda i: 2.75 + i / 4,
    "sd-change": lambda i: 2 + i / 8, "r": lambda i: 0.25 + i % 5 / 16,
    "r2": lambda i: 0.375 + i % 4 / 32, "predictors": lambda i: 3,
    "alpha": lambda i: 0.75 + i % 5 / 32, "items": lambda i: 10 + i % 3,
    "oe": lambda i: i * 3 % 8 - 3.5, "var": lambda i: 4 + i / 2,
    "auc": lambda i: 0.5 + i * 3 % 8 / 32, "yi": lambda i: i * 3 % 5 / 8 - 0.5,
    "vi": lambda i: 0.03125 + i / 64,
}


def table():
    lines = [",".join(["half", *(name.replace("-", "_") for name in COLUMNS)])]
    for i in range(STUDIES):
        lines.append(",".join(["AB"[i % 2], *(repr(f(i)) for f in COLUMNS.values())]))
    return "\n".join(lines) + "\n"


def measures(tool):
    """Code and columns of every measure, from the tool's own list."""
    page = subprocess.run([tool, "help", "--markdown", "measures"], check=True,
                          capture_output=True, text=True).stdout
    for row in re.findall(r"^\| `(\w+)` \| [^|]* \| ([^|]*) \|", page, re.MULTILINE):
        yield row[0], re.findall(r"--([\w-]+)", row[1]) or ["yi", "vi"]


def expected_to_exist(code, method, scope):
    if method == "mh":
        return code in ("OR", "RR", "RD", "IRR", "IRD")
    if method == "peto":
        return code == "PETO"
    one_tau2 = code in ("PLO", "IRLN")
    return method == "inverse" or one_tau2 or (code in ("OR", "IRR") and scope == "separate")


def gaps(result, method, scope):
    """What an analysis of two subgroups of four studies lacks."""
    sets = [*result["groups"], result["overall"]]
    for one in sets:
        for model in ("common", "random"):
            for key in ("estimate", "se", "ci_lower", "ci_upper"):
                if one[model][key] is None:
                    yield f"{one.get('level', 'overall')}: {model} {key}"
        if one["random"]["pi_lower"] is None:
            yield f"{one.get('level', 'overall')}: prediction interval"
        if None in (one["heterogeneity"][key] for key in ("Q", "p", "tau2", "I2", "H2")):
            yield f"{one.get('level', 'overall')}: heterogeneity"
    for name in ("common", "random", "within"):
        if result["between_groups"][name]["p"] is None:
            yield f"test {name}"
    if len(result["groups"]) != 2 or [one["k"] for one in sets] != [4, 4, 8]:
        yield "studies"
    if scope == "common" and len({one["heterogeneity"]["tau2"] for one in sets[:2]}) != 1:
        yield "two values of the common tau2"
    # With one tau2 and the Hartung-Knapp interval the test is an F test.
    test = "F" if scope == "common" and method != "glmm" else "chi2"
    if result["between_groups"]["random"]["type"] != test:
        yield "the other test between subgroups"


def check(tool, code, columns, method, scope):
    words = [tool, "pool", "table.csv", "--measure", code, "--by", "half", "--method", method,
             "--tau2-scope", scope, "--format", "json", "--quiet"]
    for name in columns:
        words += ["--" + name, name.replace("-", "_")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if not expected_to_exist(code, method, scope):
        told = done.returncode == 2 and "--method" in done.stderr
        return [] if told else [f"status {done.returncode}, said: {done.stderr}"]
    if done.returncode != 0:
        return [f"status {done.returncode}: {done.stderr}"]
    return list(gaps(json.loads(done.stdout), method, scope))


def main(words):
    tool, wrong, runs = os.path.abspath(words[0]), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        with open("table.csv", "w", encoding="utf-8") as file:
            file.write(table())
        for code, columns in measures(tool):
            for method in METHODS:
                for scope in ("separate", "common"):
                    runs += 1
                    for gap in check(tool, code, columns, method, scope):
                        wrong += 1
                        print(f"{code} by {method}, {scope} tau2: {gap}")
        os.chdir("/")
    print(f"{runs} analyses, {wrong} gaps")
    return 1 if wrong or runs < 600 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
