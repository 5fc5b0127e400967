# SPDX-License-Identifier: GPL-3.0-or-later
"""Each rule of metapool lint finds what it is about, where it is, and nothing elsewhere.

    check_rules.py METAPOOL
"""
import json
import pathlib
import shlex
import subprocess
import sys
import tempfile

from cases import CASES, CLEAN_OPTIONS, MORE, NOT_ABOUT


def lint(tool, text, options, folder):
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    run = subprocess.run([tool, "lint", str(path), "--format", "json", *shlex.split(options)],
                         capture_output=True, check=False)
    if run.returncode not in (0, 1):
        raise SystemExit(f"{options}: exit {run.returncode}: {run.stderr.decode()}")
    return run.returncode, json.loads(run.stdout)


def of_rule(result, rule):
    return [f for f in result["findings"] if f["rule"] == rule]


def status(result, rule):
    return next(r["status"] for r in result["rules"] if r["rule"] == rule)


def check(tool, rule, case, folder):
    """What is wrong with a rule, as lines."""
    options, trips, row, column, clean = case
    code, result = lint(tool, trips, options, folder)
    found = of_rule(result, rule)
    wrong = []
    if not any((f["row"], f["column"]) == (row, column) for f in found):
        wrong.append(f"{rule}: row {row}, column {column} not found, but {found}")
    if found and found[0]["severity"] != "info" and code != 1:
        wrong.append(f"{rule}: found, and the exit status is {code}")
    _, only = lint(tool, trips, f"{options} --only {rule}", folder)
    if only["findings"] != found:
        wrong.append(f"{rule}: --only finds something else")
    code, ignored = lint(tool, trips, f"{options} --ignore {rule}", folder)
    if of_rule(ignored, rule) or status(ignored, rule) != "ignored":
        wrong.append(f"{rule}: --ignore does not ignore it")
    _, result = lint(tool, clean, CLEAN_OPTIONS.get(rule, options), folder)
    if status(result, rule) != "clean":
        wrong.append(f"{rule}: {status(result, rule)} in the clean table: "
                     f"{of_rule(result, rule)}")
    return wrong


def rules_of(tool, folder):
    _, result = lint(tool, "a\n1\n", "", folder)
    return [rule["rule"] for rule in result["rules"]]


def main(tool):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        rules = rules_of(tool, folder)
        wrong = [f"{rule}: no case in cases.py" for rule in rules if rule not in CASES]
        wrong += [f"{rule}: a case, but no such rule" for rule in CASES if rule not in rules]
        for rule in rules:
            if rule in CASES:
                wrong += check(tool, rule, CASES[rule], folder)
        for rule, *case in MORE:
            wrong += check(tool, rule, case, folder)
        for rule, options, table in NOT_ABOUT:
            said = status(lint(tool, table, options, folder)[1], rule)
            wrong += [] if said == "not_applicable" else [f"{rule}: {said} with {options}"]
    print("\n".join(wrong) if wrong else f"{len(rules)} rules, {len(CASES) + len(MORE)} cases")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
