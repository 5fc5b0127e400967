# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages of docs/ that the tool makes are what it makes now.

    check_generated.py METAPOOL SOURCE_DIR [--update]
"""
import pathlib
import subprocess
import sys

PAGES = {"docs/measures.md": ["help", "--markdown", "measures"],
         "docs/lint.md": ["help", "--markdown", "rules"],
         "docs/options.md": ["help", "--markdown", "options"]}


def main(words):
    tool, source = words[0], pathlib.Path(words[1])
    stale = []
    for page, arguments in PAGES.items():
        made = subprocess.run([tool, *arguments], check=True, capture_output=True).stdout
        if "--update" in words:
            (source / page).write_bytes(made)
        elif (source / page).read_bytes() != made:
            stale.append(page)
            print(f"{page} is out of date: metapool {' '.join(arguments)} > {page}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
