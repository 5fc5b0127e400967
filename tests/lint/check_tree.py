#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the text files of the tree: check_tree.py spdx|words|digits ROOT. Print what is wrong.

spdx:  every source file names its licence in one of its first three lines
words: no file names a path of somebody's machine, or a package server, or left-over work
digits: no source of src/ has printf write a decimal mark, which the locale chooses
"""
import pathlib
import re
import sys

SKIPPED = {".git", ".cache", "build", "out", "__pycache__"}
CASES = "tests/golden/cases/"  # command lines and what they print: data, not sources
SOURCES = {".c", ".h", ".cmake", ".in", ".py", ".sh", ".yml"}
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
RECIPES = "docs/ci/"  # to be copied into other repositories
RECIPE_SPDX = "SPDX-License-Identifier: CC0-1.0"

# Written so that this file does not hold what it looks for.
WORDS = {
    "a path of one machine": r"/(?:wor[k]|far[m]|hom[e]|roo[t]|User[s]|tm[p])/\w",
    "a folder beside the tree": r"\.\./share[d]\b",
    "a package server": r"https?://(?:de[b]|registr[y]|pyp[i])\.",
    "left-over work": r"\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b",
}

STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
# Not %.0f, which has no mark, nor the %3E of addresses.
DIGITS = re.compile(r"%(?!3E|[-+ #0]*\d*\.0f)[-+ #0]*\d*(?:\.(?:\d+|\*))?[lL]?[aefgEG]")


def files(root):
    """Every file of the tree that is text, with its text."""
    for path in sorted(root.rglob("*")):
        if SKIPPED & set(path.relative_to(root).parts) or not path.is_file():
            continue
        data = path.read_bytes()
        if b"\0" not in data:
            yield path, data.decode("utf-8", errors="replace")


def is_source(path, text):
    return (path.suffix in SOURCES or path.name == "CMakeLists.txt"
            or text.startswith("#!"))


def check_spdx(path, text):
    if CASES in path.as_posix():
        return
    licence = RECIPE_SPDX if RECIPES in path.as_posix() else SPDX
    if is_source(path, text) and licence not in "\n".join(text.splitlines()[:3]):
        yield 1, "no SPDX line among the first three"


def check_words(path, text):
    if path.name == "LICENSE":
        return
    for number, line in enumerate(text.splitlines(), 1):
        for what, pattern in WORDS.items():
            match = re.search(pattern, line)
            if match:
                yield number, f"{what}: {match[0]}"


def check_digits(path, text):
    if path.suffix != ".c" or "src" not in path.parts or path.name == "number_format.c":
        return
    for number, line in enumerate(text.splitlines(), 1):
        for literal in STRING.findall(line):
            match = DIGITS.search(literal.replace("%%", ""))
            if match:
                yield number, f"the locale writes {match[0]}: take mtp_number_brief"


def main():
    check = {"spdx": check_spdx, "words": check_words,
             "digits": check_digits}[sys.argv[1]]
    root = pathlib.Path(sys.argv[2])
    problems = [f"{path.relative_to(root)}:{number}: {what}"
                for path, text in files(root) for number, what in check(path, text)]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
