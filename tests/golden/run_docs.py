#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the shell blocks of Markdown files.

Each block that opens with ```sh is run by bash -e in a fresh folder that holds `datasets`
and `docs`, with `metapool` first on the path. Where a ```text block follows, with nothing but blank
lines between, it is the expected standard output, exactly; a line `...` in it stands for any
number of lines. A block whose first line is `# not run` is skipped.

usage: run_docs.py METAPOOL SOURCE_DIR FILE...
A file that does not exist is passed over, so that a list can name one that is still to come.
"""
import os
import re
import subprocess
import sys
import tempfile

ANY_LINES = "..."


def blocks(text):
    """Each fenced block as (language, line number of its fence, lines, follows)."""
    language, start, body, between = None, 0, [], []
    for number, line in enumerate(text.splitlines(), 1):
        fence = re.fullmatch(r"```(\w*)\s*", line)
        if language is not None and line.rstrip() == "```":
            yield language, start, body, not any(s.strip() for s in between)
            language, between = None, []
        elif language is not None:
            body.append(line)
        elif fence:
            language, start, body = fence[1], number, []
        else:
            between.append(line)
    if language is not None:
        raise ValueError(f"line {start}: the block is never closed")


def commands(text):
    """Each shell block to run as (line number, script, expected lines or None)."""
    found = []
    may_follow = False
    for language, start, body, follows in blocks(text):
        if language == "text" and may_follow and follows:
            found[-1] = (*found[-1][:2], body)
        may_follow = language == "sh" and not (body and body[0].strip() == "# not run")
        if may_follow:
            found.append((start, "\n".join(body) + "\n", None))
    return found


def same(got, want):
    """Whether lines are as expected, `...` standing for any number of them."""
    if not want:
        return not got
    if want[0] == ANY_LINES:
        return any(same(got[i:], want[1:]) for i in range(len(got) + 1))
    return bool(got) and got[0] == want[0] and same(got[1:], want[1:])


def run(script, metapool, source):
    with tempfile.TemporaryDirectory() as folder:
        for name in ("datasets", "docs"):
            os.symlink(os.path.join(source, name), os.path.join(folder, name))
        env = dict(os.environ, NO_COLOR="1", METAPOOL_DATASETS="datasets")
        env["PATH"] = os.path.dirname(metapool) + os.pathsep + env["PATH"]
        return subprocess.run(["bash", "-e", "-c", script], cwd=folder, env=env,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)


def check(done, want):
    """What is wrong with a finished block, line by line."""
    out = done.stdout.decode("utf-8", "replace").splitlines()
    err = done.stderr.decode("utf-8", "replace").splitlines()
    if done.returncode:
        return [f"exit status {done.returncode}", *err]
    if want is not None and not same(out, want):
        return ["stdout is", *out, "and not", *want]
    return []


def check_file(path, metapool, source):
    """(blocks run, blocks failed)"""
    with open(path, encoding="utf-8") as file:
        found = commands(file.read())
    failed = 0
    for start, script, want in found:
        problems = check(run(script, metapool, source), want)
        failed += bool(problems)
        print(f"{'FAILED' if problems else 'ok':6} {os.path.relpath(path, source)}:{start}")
        for problem in problems:
            print(f"       {problem}")
    return len(found), failed


def main():
    metapool, source = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    files = [os.path.abspath(f) for f in sys.argv[3:] if os.path.exists(f)]
    results = [check_file(f, metapool, source) for f in files]
    count, failed = (sum(r[i] for r in results) for i in (0, 1))
    print(f"{count - failed} passed, {failed} failed in {len(files)} files")
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
