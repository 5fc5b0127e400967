#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What check_explain.py does, for location-scale models.

usage: check_explain_scale.py METAPOOL SOURCE_DIR
"""
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import check_explain as explained  # noqa: E402
from check_explain import SOURCE, compare, expect, regressed, run  # noqa: E402
from worked_solution import read_solution  # noqa: E402


def scale(name, arguments):
    text = regressed(name, arguments)
    solution = read_solution(text)
    made = json.loads(run("regress", *arguments, "--format", "json").stdout)
    for j, coefficient in enumerate(made["scale"]):
        compare(name, solution, f"alpha_{j + 1}", coefficient["estimate"])
        for symbol, key in (("se_a", "se"), ("T_a", "statistic"), ("p_a", "p"), ("lower_a", "ci_lower"),
                            ("upper_a", "ci_upper")):
            compare(name, solution, symbol, coefficient[key], j)
    expect(f"{name}: the information is worked", "I_1_1" in solution.values)
    test = made["scale_omnibus"]
    compare(name, solution, "F_s" if test["type"] == "F" else "Q_s", test["statistic"])
    compare(name, solution, "p_s", test["p"])
    sides = list(zip(solution.values["L"], solution.values["R"]))
    expect(f"{name}: both sides agree {len(made['scale'])} times",
           len(sides) == len(made["scale"]) and all(a == b for a, b in sides))
    return text


def scales(bcg):
    text = scale("scale", [*bcg, "--mods", "ablat", "--scale", "ablat"])
    explained.change_digits("scale", text)
    scale("scale, ML", [*bcg, "--mods", "ablat", "--scale", "ablat", "--tau2", "ML", "--ci",
                        "wald"])
    scale("scale of a mean", [*bcg, "--mods", "1", "--scale", "(year - 1960)"])
    scale("scale of a factor", [*bcg, "--mods", "ablat", "--scale", "alloc", "--at", "ablat=30"])
    text = scale("scale of years, ML", [*bcg, "--mods", "ablat", "--scale", "(year - 1960)",
                                        "--tau2", "ML"])
    explained.change_digits("scale of years, ML", text)
    scale("scale of three", [*bcg, "--mods", "ablat + alloc", "--scale",
                             "(ablat - 30) + (year - 1960)"])
    scale("scale without intercepts", [*bcg, "--mods", "alloc", "--no-intercept", "--scale",
                                       "(year - 1960) - 1"])


# Made up: one study alone in its group, whose tau2 nothing holds.
ALONE = """z,g,y,v
1.42,a,0.1126,0.1159
1.47,a,1.6611,0.0466
2.29,b,0.0667,0.028
0.5,a,0.5538,0.089
"""


def alone(folder):
    """A tau2 of 25 places before the point."""
    path = os.path.join(folder, "alone.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write(ALONE)
    arguments = [path, "--yi", "y", "--vi", "v", "--mods", "g - 1", "--scale", "z", "--ci", "t"]
    made = run("explain", *arguments)
    solution = read_solution(made.stdout)
    expect(f"the scale of a study alone: {solution.mistakes}", made.returncode == 0 and
           not solution.mistakes)
    expect("its tau2 stands with a power of ten", "e+24" in made.stdout)
    fit = json.loads(run("regress", *arguments, "--format", "json").stdout)
    for j, coefficient in enumerate(fit["scale"]):
        compare("a study alone", solution, f"alpha_{j + 1}", coefficient["estimate"])


def main():
    scales([os.path.join(SOURCE, "docs/examples/bcg.csv"), "--cell-a", "tpos", "--cell-b", "tneg",
            "--cell-c", "cpos", "--cell-d", "cneg", "--measure", "RR", "--study", "trial"])
    with tempfile.TemporaryDirectory() as folder:
        alone(folder)
    counts = explained.counts
    print(f"{counts['lines']} lines and {counts['cells']} cells computed, "
          f"{counts['changed']} changed digits found")
    sys.exit(1 if explained.failures else 0)


if __name__ == "__main__":
    main()
