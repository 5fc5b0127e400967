#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check an installed tree: check_install.py CHECK PREFIX; the checks are listed below.

symbols compares what the shared library exports with symbols.txt beside this file;
`check_install.py symbols --update PREFIX` rewrites that list, which is then reviewed.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LIBRARY = "libmetapool.dylib" if sys.platform == "darwin" else "libmetapool.so"
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
FILES = [
    "bin/metapool", "include/metapool/metapool.h", "share/doc/metapool/LICENSE",
    "share/man/man1/metapool.1", "share/man/man1/metapool-pool.1",
    "share/metapool/datasets/nrm2024/studies.csv", "share/metapool/schema",
]


class Failure(Exception):
    """What is wrong, in words."""


def run(command, **options):
    """Run a command and return what it prints."""
    command = [str(word) for word in command]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)}: status {done.returncode}\n"
                      f"{done.stdout}{done.stderr}")
    return done.stdout


def one(prefix, pattern):
    """The one file of the prefix that a pattern names."""
    found = list(prefix.glob(pattern))
    if len(found) != 1:
        raise Failure(f"{pattern} names {len(found)} files in {prefix}")
    return found[0]


def check_files(prefix):
    for name in FILES:
        if not (prefix / name).exists():
            raise Failure(f"{name} was not installed")
    tool = prefix / "bin" / "metapool"
    page = (prefix / "share/man/man1/metapool-pool.1").read_text(encoding="utf-8")
    if not page.startswith(".TH "):
        raise Failure("metapool-pool.1 is no man page")
    data = prefix / "share" / "metapool" / "datasets"
    listed = run([tool, "datasets", "list"], env={"METAPOOL_DATASETS": str(data)})
    for name in ("nrm2024", "infections"):
        if name not in listed:
            raise Failure(f"the installed tool does not list {name}:\n{listed}")


def check_headers(prefix):
    """Each header compiles alone, as C11 and as C++."""
    include = prefix / "include"
    headers = sorted(include.glob("metapool/*.h"))
    if len(headers) < 10:
        raise Failure(f"only {len(headers)} headers in {include}")
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "alone"
        for header in headers:
            source.write_text(f"#include <metapool/{header.name}>\n"
                              f"#include <metapool/{header.name}>\n"
                              "extern int not_empty;\n", encoding="utf-8")
            run(["cc", "-std=c11", "-x", "c", *STRICT, "-Wstrict-prototypes",
                 f"-I{include}", "-fsyntax-only", source])
            run(["c++", "-std=c++11", "-x", "c++", *STRICT, f"-I{include}",
                 "-fsyntax-only", source])


def pkg_config(prefix, *words):
    """What pkg-config says of the installed library, as words of a command line."""
    folder = one(prefix, "**/pkgconfig")
    known = os.environ.get("PKG_CONFIG_PATH")
    env = dict(os.environ,
               PKG_CONFIG_PATH=f"{folder}:{known}" if known else str(folder))
    return run(["pkg-config", *words, "metapool"], env=env).split()


def shared_flags(prefix):
    """The words after the source file that link a program with the shared library."""
    folder = one(prefix, f"**/{LIBRARY}").parent
    return [*pkg_config(prefix, "--libs"), f"-Wl,-rpath,{folder}", "-lm"]


def check_pkg_config(prefix):
    """A program builds by what pkg-config says, with the shared and the static library."""
    cflags = pkg_config(prefix, "--cflags")
    archive = str(one(prefix, "**/libmetapool.a"))
    static = [archive if word == "-lmetapool" else word
              for word in pkg_config(prefix, "--libs", "--static")]
    builds = [
        ("cc", "-std=c11", "outside.c", shared_flags(prefix)),
        ("c++", "-std=c++11", "outside.cpp", shared_flags(prefix)),
        ("cc", "-std=c11", "outside.c", static),
    ]
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "outside"
        for compiler, standard, source, link in builds:
            run([compiler, standard, *STRICT, *cflags, HERE / "outside" / source, *link,
                 "-o", program])
            run([program])


def check_docs(prefix):
    """The programs of docs/library.md compile, run and print what the text says."""
    text = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    first, second = re.findall(r"```c\n(.*?)```", text, re.DOTALL)
    studies = prefix / "share" / "metapool" / "datasets" / "nrm2024" / "studies.csv"
    tool = run([prefix / "bin" / "metapool", "pool", studies, "--measure", "PLO",
                "--events", "deaths", "--n", "patients"])
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "program"
        for code, words, wanted in ((first, [], f"{78 / 53:.15g}\n"),
                                    (second, [studies], tool)):
            program.with_suffix(".c").write_text(code, encoding="utf-8")
            run(["cc", "-std=c11", *STRICT, *pkg_config(prefix, "--cflags"),
                 program.with_suffix(".c"), *shared_flags(prefix), "-o", program])
            if run([program, *words]) != wanted:
                raise Failure(f"a program of docs/library.md does not print:\n{wanted}")


# What the programs of docs/examples must say. Source: metafor 3.8-1, rma(escalc(...),
# test = "knha"), and for the subgroups rma(yi, vi, mods = ~ alloc - 1, method = "DL") with
# QM of mods = ~ alloc, on the same trials (EB, PM and DL2 agree to the digits printed).
EXAMPLES = {
    # made so: Evans has standard errors (5.6 / 7 = 0.8), Baker 2007 the data of Baker 2004
    "doubts": ['line 5: L201 label-variants (warning): "south" (1 row) beside "South" (2)',
               "line 7: L302 same-data (warning): mean1 26.3, sd1 6.1, n1 55, mean2 23.9, sd2 5.4, "
               "n2 52, as line 3 (Baker 2004)",
               "0 errors, 4 warnings"],
    "analysis_file": ["BCG vaccine against tuberculosis, 13 trials",
                      "risk-ratios: 13 trials, 0.4896 [0.3303, 0.7258]",
                      "Abstract: printed 0.49, computed 0.4896",
                      "odds-ratios: 13 trials, 0.4746 [0.3160, 0.7130]"],
    "odds_ratios": ["common effect   0.6465 [0.5951, 0.7024]",
                    "random effects  0.4746 [0.3160, 0.7130]",
                    "TPT Madras 1980            1.01, weight 10.1%"],
    "estimators": ["REML  tau2 0.3132, risk ratio 0.4894 [0.3301, 0.7257]",
                   "ML    tau2 0.2800, risk ratio 0.4911 [0.3317, 0.7269]",
                   "DL    tau2 0.3088, risk ratio 0.4896 [0.3303, 0.7258]",
                   "PM    tau2 0.3181, risk ratio 0.4892 [0.3299, 0.7255]",
                   "HE    tau2 0.3286, risk ratio 0.4888 [0.3294, 0.7252]",
                   "HS    tau2 0.2284, risk ratio 0.4943 [0.3350, 0.7295]",
                   "SJ    tau2 0.3455, risk ratio 0.4881 [0.3287, 0.7247]"],
    # regtest(model = "lm"), trimfill, leave1out(transf = exp) of the same risk ratios
    "robustness": ["Egger: t -1.4013, df 11, p 0.1887",
                   "trim and fill: 1 missing on the right, log risk ratio -0.6571",
                   "risk ratio 0.4517 without TPT Madras 1980",
                   "risk ratio 0.5334 without Hart & Sutherland 1977"],
}
SUBGROUPS = {"alternate": -0.5125302, "random": -0.9905255, "systematic": -0.4082993}
SUBGROUPS_TAU2, SUBGROUPS_TEST = 0.5595688, 1.434912


def check_subgroups(text):
    """The JSON that docs/examples/subgroups.c writes."""
    result = json.loads(text)
    wrong = [group["level"] for group in result["groups"]
             if abs(group["random"]["estimate"] - SUBGROUPS[group["level"]]) > 5e-7
             or abs(group["heterogeneity"]["tau2"] - SUBGROUPS_TAU2) > 5e-7]
    test = result["between_groups"]["random"]["statistic"]
    if wrong or len(result["groups"]) != 3 or abs(test - SUBGROUPS_TEST) > 5e-6:
        raise Failure(f"subgroups: {wrong}, test {test}")


def check_examples(prefix):
    """The programs of docs/examples compile against the installed library and are right."""
    folder = ROOT / "docs" / "examples"
    sources = sorted(folder.glob("*.c"))
    if [source.stem for source in sources] != sorted([*EXAMPLES, "subgroups"]):
        raise Failure(f"other examples than expected in {folder}")
    with tempfile.TemporaryDirectory() as build:
        program = pathlib.Path(build) / "program"
        for source in sources:
            run(["cc", "-std=c11", *STRICT, *pkg_config(prefix, "--cflags"), source,
                 *shared_flags(prefix), "-o", program])
            words = {"estimators": [], "doubts": [folder / "doubts.csv"],
                     "analysis_file": [folder / "bcg.yaml"]}.get(source.stem, [folder / "bcg.csv"])
            said = run([program, *words])
            if source.stem == "subgroups":
                check_subgroups(said)
            for line in EXAMPLES.get(source.stem, []):
                if line not in said.splitlines():
                    raise Failure(f"{source.name} does not print: {line}\n{said}")


def exported(prefix):
    library = one(prefix, f"**/{LIBRARY}")
    table = run(["nm", "--dynamic", "--defined-only", library])
    return sorted(line.split()[-1] for line in table.splitlines())


def check_symbols(prefix):
    pinned = (HERE / "symbols.txt").read_text(encoding="utf-8").split()
    names = exported(prefix)
    lost = sorted(set(pinned) - set(names))
    new = sorted(set(names) - set(pinned))
    if lost or new:
        raise Failure(f"exported no more: {lost}\nexported anew: {new}\n"
                      "When this is meant: check_install.py symbols --update PREFIX")


def update_symbols(prefix):
    (HERE / "symbols.txt").write_text("\n".join(exported(prefix)) + "\n",
                                      encoding="utf-8")


CHECKS = {"files": check_files, "headers": check_headers,
          "pkg_config": check_pkg_config, "docs": check_docs,
          "examples": check_examples,
          "symbols": check_symbols}


def main(words):
    check = CHECKS[words[0]]
    if words[1] == "--update" and check is check_symbols:
        check = update_symbols
    try:
        check(pathlib.Path(words[-1]).resolve())
    except Failure as failure:
        print(failure)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
