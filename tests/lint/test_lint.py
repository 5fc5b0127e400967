#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks themselves find what they are made to find: test_lint.py ROOT."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else ".").resolve()
LAYERS = [ROOT / "scripts" / "check_layers"]
TREE = [ROOT / "tests" / "lint" / "check_tree.py"]
HEAD = "/* SPDX-License-Identifier: GPL-3.0-or-later */\n"


class Lint(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        self.addCleanup(self.folder.cleanup)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(HEAD + text, encoding="utf-8")

    def run_check(self, command):
        done = subprocess.run([sys.executable, *map(str, command), str(self.root)],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout.split("\n")[:-1]

    def complaint(self, path, text, command=None):
        """The one complaint about a tree with this one file."""
        self.write(path, text)
        status, lines = self.run_check(command or LAYERS)
        (self.root / path).unlink()
        self.assertEqual(status, 1, f"{text!r} in {path} was accepted")
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith(path), lines[0])
        return lines[0]

    def test_a_clean_tree_is_silent(self):
        self.write("include/metapool/export.h", "#include <stddef.h>\n")
        self.write("include/metapool/status.h", '#include "metapool/export.h"\n')
        self.write("src/core/arena.c", '#include "core/arena.h"\n#include <pthread.h>\n')
        self.write("src/num/dist.c", '#include "core/arena.h"\n#include <gsl/gsl_cdf.h>\n')
        self.write("src/cli/main.c", '#include "report/json.h"\n')
        self.assertEqual(self.run_check(LAYERS), (0, []))

    def test_layers(self):
        self.complaint("src/core/a.c", '#include "num/dist.h"\n')
        self.complaint("src/tau2/a.c", '  #  include "effects/kernel.h"\n')
        self.complaint("src/models/a.c", '#include "metapool/analysis.h"\n')
        self.complaint("src/bias/a.c", '#include "metapool/table.h"\n')
        self.complaint("src/cli/a.c", '#include "metapool/metapool.h"\n')
        self.complaint("src/cli/a.c", '#include "main.h"\n')
        self.complaint("src/unknown/a.c", "")

    def test_homes_of_third_parties(self):
        self.complaint("src/tau2/a.c", "#include <gsl/gsl_cdf.h>\n")
        self.complaint("src/cli/a.c", "#include <jansson.h>\n")
        self.complaint("src/analysis/a.c", "#include <sqlite3.h>\n")
        self.complaint("src/plot/svg.c", "#include <cairo/cairo.h>\n")
        self.complaint("src/core/a.c", "#include <libxml/parser.h>\n")

    def test_public_headers(self):
        self.complaint("include/metapool/pool.h", "#include <gsl/gsl_cdf.h>\n")
        self.complaint("include/metapool/pool.h", '#include "core/arena.h"\n')
        self.complaint("include/metapool/new.h", "")

    def test_licences(self):
        command = [*TREE, "spdx"]
        self.write("a.c", "")
        self.assertEqual(self.run_check(command)[0], 0)
        self.write("b.sh", "")
        (self.root / "b.sh").write_text("#!/bin/sh\n", encoding="utf-8")
        self.assertEqual(self.run_check(command)[0], 1)

    def test_words(self):
        command = [*TREE, "words"]
        self.write("a.md", "Reads /usr/share and build/dev.\n")
        self.assertEqual(self.run_check(command)[0], 0)
        for word in ("/ho" "me/jane", "/tm" "p/x", "TO" "DO"):
            self.complaint("b.md", f"See {word}.\n", command)

    def test_digits(self):
        command = [*TREE, "digits"]
        self.write("src/bias/a.c", 'f("%zu of %.0f, 95%% for", "%s %3E", x % 4);\n')
        self.assertEqual(self.run_check(command)[0], 0)
        for conversion in ("%g", "%.3f", "%.*e", "%8.2f"):
            self.complaint("src/bias/b.c", f'f("p = {conversion}", p);\n', command)


if __name__ == "__main__":
    unittest.main()
