#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Count which cases of metafor that were computed (metafor_cases.json) are tests here.

coverage.py            print the table of README.md
coverage.py --missing  print the cases that are not tests, by what they ask for
coverage.py --check    exit 1 unless README.md holds the table as it would be printed
"""
import collections
import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
BEGIN, END = "<!-- coverage -->\n", "<!-- /coverage -->\n"

# What a case asks for, by the words of its name; the first that fits.
TOPICS = [
    ("meta-regression", r"^mods|newmods|^anova|^metareg|^robust|^permutest"),
    ("multilevel models", r"^mv\."),
    ("selection models", r"^selmodel"),
    ("small-study effects", r"regtest|^egger|ranktest|trimfill|^fsn|^tes\."),
    ("sensitivity", r"leave1out|cumul|baujat|influence|gosh|radial|rstandard|rstudent|"
                    r"blup|fitted"),
    ("meta-regression", r"^glmm.*mods"),
    ("mixed models of two groups", r"^glmm\.(OR|IRR)"),
    ("tests of other kinds", r"^(wilcox|cor\.test)"),
    ("effects", r"^(escalc|conv)"),
    ("Mantel-Haenszel, Peto", r"^(mh|peto)"),
    ("mixed models of one group", r"glmm"),
    ("pooling", r"(^|\.)uni\.|^hc\.|^transf"),
    ("intervals of tau2, its likelihood", r"(^|\.)confint|^profile"),
    ("prediction", r"(^|\.)predict"),
    ("weights", r"(^|\.)weights"),
    ("intervals of proportions", r"^ci\."),
]


def topic_of(case):
    for topic, pattern in TOPICS:
        if re.search(pattern, case):
            return topic
    sys.exit(f"no topic for {case}")


def tests():
    """Yield (data set, case) of every test, from the names that the files give."""
    for path in sorted(HERE.glob("*.json")):
        if path.name == "metafor_cases.json":
            continue
        root = json.loads(path.read_text(encoding="utf-8"))
        if root.get("profile"):
            yield "bcg", "profile.REML"
        for case in root["cases"]:
            name = case.get("id", "")
            if "dataset" in root:
                yield root["dataset"], name
            elif "/" in name:
                where, what = name.split("/", 1)
                yield where if where.endswith(".selmodel") else where.split(".")[0], what
            elif "." in name:
                where = "syn.change" if name.startswith("syn.change.") else name.split(".")[0]
                what = re.sub(r"\.(leave1out|cumul)\.\d+$", r".\1", name[len(where) + 1:])
                yield where, "escalc." * path.name.startswith("escalc_") + what


def count():
    cases = json.loads((HERE / "metafor_cases.json").read_text(encoding="utf-8"))["cases"]
    tested = set(tests())
    total, done, missing = collections.Counter(), collections.Counter(), []
    for where, names in cases.items():
        for name in names:
            total[topic_of(name)] += 1
            if (where, name) in tested:
                done[topic_of(name)] += 1
            else:
                missing.append((topic_of(name), where, name))
    return total, done, missing


def table():
    total, done, _ = count()
    rows = ["| what | tests | of |", "| --- | --- | --- |"]
    rows += [f"| {topic} | {done[topic]} | {n} |"
             for topic, n in sorted(total.items(), key=lambda t: (-done[t[0]], -t[1], t[0]))]
    rows.append(f"| together | {sum(done.values()):,} | {sum(total.values()):,} |")
    return "\n".join(rows) + "\n"


def main():
    readme = (HERE / "README.md").read_text(encoding="utf-8")
    if sys.argv[1:] == ["--missing"]:
        print("\n".join(f"{topic}: {where} {name}" for topic, where, name in sorted(count()[2])))
    elif sys.argv[1:] == ["--check"]:
        if BEGIN + table() + END not in readme:
            sys.exit("tests/oracle/README.md: the table of coverage should read\n" + table())
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        print(table(), end="")


if __name__ == "__main__":
    main()
