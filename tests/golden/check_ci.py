#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes of docs/ci, run: each `run:` step of the workflow but the build, and the hook by
`git commit`, in a repository that holds, and in one with a corrupted figure, table or snapshot.

usage: check_ci.py METAPOOL SOURCE_DIR
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import xml.etree.ElementTree

METAPOOL, SOURCE = (os.path.abspath(a) for a in sys.argv[1:3])
failures = []


def check(holds, what):
    if not holds:
        failures.append(what)
        print("FAILED", what)


def steps(path):
    """The shell of each step of a workflow, by its name."""
    text = path.read_text(encoding="utf-8")
    found = re.findall(r"(?m)^ {6}- name: (.+)\n {8}run: \|\n((?: {10}.*\n)+)", text)
    return {name: textwrap.dedent(shell) for name, shell in found}


def environment(room):
    """That of a step or hook: metapool first on the path, and nothing of the user's git."""
    home = room / "home"
    commands = room / "bin"
    for folder in (home, commands):
        folder.mkdir(exist_ok=True)
    if not (commands / "metapool").exists():
        (commands / "metapool").symlink_to(METAPOOL)
    kept = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return {**kept, "PATH": f"{commands}:{os.environ['PATH']}", "HOME": str(home),
            "SNAPSHOTS": "auto", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "T", "GIT_AUTHOR_EMAIL": "t@t",
            "GIT_COMMITTER_NAME": "T", "GIT_COMMITTER_EMAIL": "t@t"}


def git(repository, env, *arguments):
    return subprocess.run(["git", *arguments], cwd=repository, env=env, capture_output=True,
                          text=True, check=False)


def make_repository(room, name, env):
    repository = room / name
    repository.mkdir()
    git(repository, env, "init", "-q")
    for study in ("bcg", "catheters"):
        shutil.copytree(pathlib.Path(SOURCE, "datasets", study), repository / "data sets" / study)
    (repository / "other.yaml").write_text("steps: []\n", encoding="utf-8")
    git(repository, env, "add", ".")
    return repository


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise ValueError(f"{path}: there is no {old}")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def corrupt_figure(repository):
    edit(repository / "data sets/bcg/analysis.yaml", "152.2330", "152.2390")


def corrupt_table(repository):
    edit(repository / "data sets/bcg/trials.csv", ",228,", ",229,")


def run_workflow(room, repository, env, wanted, what):
    shells = steps(pathlib.Path(SOURCE, "docs/ci/verify.yml"))
    check(list(shells) == ["Build metapool", "Find analysis files", "Verify"],
          f"the steps of the workflow: {list(shells)}")
    temporary = room / (what + " files")
    temporary.mkdir()
    summary = temporary / "summary.md"
    env = {**env, "RUNNER_TEMP": str(temporary), "GITHUB_STEP_SUMMARY": str(summary)}
    for name in ("Find analysis files", "Verify"):
        done = subprocess.run(["bash", "-e", "-c", shells[name]], cwd=repository, env=env,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            break
    check((done.returncode == 0) == wanted, f"workflow, {what}: {done.returncode} {done.stderr}")
    return summary, repository / "verify.xml"


def check_workflow(room, env):
    good = make_repository(room, "good", env)
    summary, report = run_workflow(room, good, env, True, "good")
    said = summary.read_text(encoding="utf-8")
    check(said.count("\n# ") + said.startswith("# ") == 2 and "124 PASS" in said, "the summary")
    suites = xml.etree.ElementTree.parse(report).getroot().findall("testsuite")
    check([s.get("failures") for s in suites] == ["0", "0"], "two suites without failures")

    corrupt_figure(good)
    summary, report = run_workflow(room, good, env, False, "figure")
    check("MISMATCH" in summary.read_text(encoding="utf-8"), "the summary names the mismatch")
    failed = xml.etree.ElementTree.parse(report).getroot().findall(".//failure")
    check(len(failed) == 1 and "152.2390" in failed[0].get("message"), "one failure")

    bad = make_repository(room, "bad", env)
    corrupt_table(bad)
    run_workflow(room, bad, env, False, "table")

    kept = make_repository(room, "kept", env)
    files = [f"data sets/{name}/analysis.yaml" for name in ("bcg", "catheters")]
    subprocess.run([METAPOOL, "verify", *files, "--snapshot", ".snapshot.json"], cwd=kept,
                   capture_output=True, check=True)
    git(kept, env, "add", ".")
    run_workflow(room, kept, env, True, "snapshot")
    git(kept, env, "rm", "-q", "--cached", "data sets/catheters/analysis.snapshot.json")
    (kept / "data sets/catheters/analysis.snapshot.json").unlink()
    summary, report = run_workflow(room, kept, env, False, "a missing snapshot")
    check("analysis.snapshot.json is missing" in summary.read_text(encoding="utf-8") and
          b"is missing; nothing was compared" in report.read_bytes(), "it is named")
    check(not (kept / "data sets/catheters/analysis.snapshot.json").exists(), "none is written")
    edit(kept / "data sets/bcg/analysis.snapshot.json", '"k": 13', '"k": 12')
    summary, _ = run_workflow(room, kept, env, False, "another snapshot")
    check("overall.k" in summary.read_text(encoding="utf-8"), "the summary names overall.k")

    bare = make_repository(room, "bare", env)
    run_workflow(room, bare, {**env, "SNAPSHOTS": "yes"}, False, "snapshots are needed")

    empty = room / "empty"
    empty.mkdir()
    git(empty, env, "init", "-q")
    run_workflow(room, empty, env, False, "empty")


def commit(repository, env, wanted, what, *names):
    git(repository, env, "add", "--", *names)
    done = git(repository, env, "commit", "-q", "-m", what)
    check((done.returncode == 0) == wanted, f"hook, {what}: {done.returncode} {done.stderr}")
    return done.stderr


def check_hook(room, env):
    repository = make_repository(room, "hooked", env)
    shutil.copy(pathlib.Path(SOURCE, "docs/ci/pre-commit"), repository / ".git/hooks/pre-commit")
    commit(repository, env, True, "good", ".")
    (repository / "notes.txt").write_text("one\n", encoding="utf-8")
    corrupt_figure(repository)
    commit(repository, env, True, "what is not staged is not judged", "notes.txt")
    said = commit(repository, env, False, "a figure", ".")
    check("data sets/bcg/analysis.yaml does not hold" in said and "152.2390" in said and
          "catheters" not in said, f"what the hook says: {said}")
    git(repository, env, "checkout", "-q", "HEAD", "--", ".")
    corrupt_table(repository)
    said = commit(repository, env, False, "a table", "data sets/bcg/trials.csv")
    check("SHA-256" in said, f"what the hook says of a table: {said}")
    edit(repository / "data sets/bcg/trials.csv", ",229,", ",228,")
    commit(repository, env, False, "the staged table, not that of the folder")
    git(repository, env, "checkout", "-q", "HEAD", "--", ".")
    git(repository, env, "rm", "-q", "data sets/bcg/trials.csv")
    commit(repository, env, False, "a table that goes", "notes.txt")
    git(repository, env, "checkout", "-q", "HEAD", "--", ".")

    file = "data sets/bcg/analysis.yaml"
    subprocess.run([METAPOOL, "verify", file, "--snapshot", ".snapshot.json"], cwd=repository,
                   capture_output=True, check=True)
    commit(repository, env, True, "a snapshot", ".")
    edit(repository / "data sets/bcg/analysis.snapshot.json", '"k": 13', '"k": 12')
    said = commit(repository, env, False, "another snapshot", ".")
    check("overall.k" in said, f"what the hook says of a snapshot: {said}")
    without = {**env, "PATH": "/usr/bin:/bin"}
    if shutil.which("metapool", path=without["PATH"]) is None:
        said = commit(repository, without, False, "without metapool", ".")
        check("not on the PATH" in said, f"what the hook says without metapool: {said}")


def main():
    with tempfile.TemporaryDirectory() as name:
        room = pathlib.Path(name)
        env = environment(room)
        check_workflow(room, env)
        check_hook(room, env)
    return 1 if failures else 0


if shutil.which("git") is None or shutil.which("bash") is None:
    print("git or bash is missing: skipped")
    sys.exit(77)
sys.exit(main())
