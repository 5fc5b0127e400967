#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line where the system fails: memory, devices, pipes, files, signals.

usage: run_system.py METAPOOL SOURCE_DIR [FAILING_LIBRARY]

Every failure ends in status 5 (3 for what is to be read) with a message and without a
trace, a closed pipe in status 0. FAILING_LIBRARY is built from support/failing_system.c;
without it, and under a sanitizer, which has its own allocator, memory is not tested.
"""
import gzip
import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time

METAPOOL, SOURCE = (os.path.abspath(a) for a in sys.argv[1:3])
FAILING = os.path.abspath(sys.argv[3]) if len(sys.argv) > 3 else None
MIB = 1 << 20
NOBODY = 65534

TABLE = "study,group,events,n\n" + "".join(
    f"Study {i},{'AB'[i % 2]},{i % 7 + 1},{20 + i}\n" for i in range(12))
COUNTS = ["-", "--measure", "PLO", "--events", "events", "--n", "n", "--quiet"]
FORMATS = [["pool", *COUNTS, "--format", f] for f in ("text", "json", "csv", "markdown", "html")]
FORMATS += [["plot", "forest", *COUNTS, "--format", f] for f in ("svg", "json", "csv")]
FORMATS += [["plot", kind, *COUNTS, "--format", f] for kind, f in
            (("funnel", "svg"), ("funnel", "json"), ("baujat", "svg"), ("baujat", "json"),
             ("radial", "svg"), ("radial", "json"),
             ("profile", "svg"), ("profile", "json"),
             ("influence", "svg"), ("influence", "json"), ("gosh", "svg"), ("gosh", "json"))]
FORMATS += [["plot", "drapery", *COUNTS, "--format", f] for f in ("svg", "json", "csv")]
FORMATS += [["plot", "bubble", *COUNTS, "--mods", mods, "--names", "--by", "group", "--format", f]
            for mods in ("n", "group") for f in ("svg", "json", "csv")]
FORMATS += [["plot", "labbe", "-", "--measure", "RD", "--events1", "events", "--n1", "n",
             "--events2", "events", "--n2", "n + 5", "--quiet", "--format", f]
            for f in ("svg", "json")]
OTHERS = [["--version"], ["help"], ["help", "pool"], ["help", "--man", "pool"],
          ["datasets", "list"], ["datasets", "show", "nrm2024"]]

with open(METAPOOL, "rb") as binary:
    SANITIZED = b"__asan_init" in binary.read()

failures = []


def expect(what, true, done=None):
    if not true:
        failures.append(what)
        print(f"FAILED {what}")
        if done is not None:
            print(f"       status {done.returncode}: {done.stderr!r}")


def run(arguments, table=TABLE, stdout=subprocess.PIPE, **how):
    env = dict(os.environ, METAPOOL_DATASETS=os.path.join(SOURCE, "datasets"),
               **how.pop("env", {}))
    table = table if isinstance(table, bytes) else table.encode()
    return subprocess.run([METAPOOL, *arguments], env=env, input=table,
                          stdout=stdout, stderr=subprocess.PIPE, timeout=300, **how)


def told(done, status, words):
    """Ended with this status, and one message that holds the words (not those of the
    system, which speaks the language of the locale)."""
    lines = done.stderr.decode().splitlines()
    return done.returncode == status and len(lines) == 1 and words in lines[0]


def name_of(arguments):
    return " ".join(a for a in arguments if a not in COUNTS)


# --- memory ---------------------------------------------------------------------------

def count_allocations(arguments, table=TABLE):
    """How many there are, and the run."""
    reader, writer = os.pipe()
    done = run(arguments, table, pass_fds=[writer],
               env={"LD_PRELOAD": FAILING, "COUNT_ALLOCATIONS": str(writer)})
    os.close(writer)
    with os.fdopen(reader) as pipe:
        return int(pipe.read() or 0), done


def allocations_fail():
    """The n-th fails, for every n that there is; for every fourth, all after it too. A
    database that there is no memory to look at may be called unreadable."""
    composition = ["composition", "-", "--category", "\"group\"", "--count", "events",
                   "--draws", "100", "--by", "n > 25", "--format", "json"]
    commands = [*FORMATS, ["effects", *COUNTS], composition,
                ["pool", *COUNTS, "--by", "\"group\" || ''", "--where", "n > 21"],
                ["effects", "-", "--yi", "y", "--vi", "v", "--query",
                 "SELECT upper(\"group\") AS g, sum(events) AS y, avg(n) AS v FROM data "
                 "WHERE n > 21 GROUP BY \"group\" ORDER BY y"],
                ["datasets", "list"], ["help", "pool"], ["help", "--man", "pool"]]
    with sqlite3.connect("studies.db") as database:
        database.execute("CREATE TABLE studies (study TEXT, events, n INTEGER)")
        database.executemany("INSERT INTO studies VALUES (?, ?, ?)",
                             [(f"Study {i}", i % 7 + 1, 20.5 + i) for i in range(12)])
    database.close()
    commands.append(["effects", "studies.db", *COUNTS[1:], "--allow-fractional"])
    inputs = [(arguments, TABLE) for arguments in commands]
    inputs.append((["effects", *COUNTS], gzip.compress(TABLE.encode(), mtime=0)))
    for arguments, table in inputs:
        good = run(arguments, table)
        total, counted = count_allocations(arguments, table)
        expect(f"{name_of(arguments)}: runs", good.returncode == 0, good)
        expect(f"{name_of(arguments)}: {total} allocations", total > 5, counted)
        for n in range(1, total + 1):
            for how in ("FAIL_ALLOCATION", "FAIL_ALLOCATIONS")[:1 + (n % 4 == 0)]:
                done = run(arguments, table, env={"LD_PRELOAD": FAILING, how: str(n)})
                survived = done.returncode == 0 and done.stdout == good.stdout
                refused = told(done, 5, "memory")
                expect(f"{name_of(arguments)}: {how}={n}",
                       survived or refused and not done.stdout, done)


def a_run_fails_anywhere():
    """Whichever allocation fails, an analysis file is done or refused, what was written is
    whole, and nothing else lies in the folder."""
    with open("run.csv", "w", encoding="utf-8") as table:
        table.write(TABLE)
    with open("claims.csv", "w", encoding="utf-8") as table:
        table.write("level,k\nA,6\nB,6\n")
    with open("run.yaml", "w", encoding="utf-8") as file:
        file.write("""title: T
data: {studies: {file: run.csv, missing: NR}}
analyses:
  pooled: {command: pool, options: {measure: PLO, events: events, n: n, by: '"group"', method: inverse}}
  forest: {extends: pooled, command: plot, kind: forest}
  some: {extends: pooled, options: {query: SELECT * FROM data WHERE n > 21, plot: true}}
claims:
  - table: claims.csv
    rows: k > 5
    analysis: pooled
    claims: [{quantity: "groups[{level}].k", column: k}]
""")

    def files():
        made = {}
        for name in os.listdir("run"):
            with open(os.path.join("run", name), "rb") as file:
                made[name] = file.read()
            os.unlink(os.path.join("run", name))
        return made

    command = ["run", "run.yaml"]
    good = run(command)
    whole = files()
    expect("run.yaml runs", good.returncode == 0 and len(whole) == 8, good)
    total, _ = count_allocations(command)
    expect(f"run.yaml: {total} allocations", total > 100 and files() == whole)
    # Each while the file is read; then some, for what follows are the calls of commands.
    for n in [*range(1, 300), *range(300, total, 19), total]:
        for how in ("FAIL_ALLOCATION", "FAIL_ALLOCATIONS")[:1 + (n % 4 == 0)]:
            done = run(command, env={"LD_PRELOAD": FAILING, how: str(n)})
            made = files()
            survived = (done.returncode == 0 and done.stdout == good.stdout and
                        made == whole and not done.stderr)
            refused = done.returncode == 5 and b"memory" in done.stderr
            if refused:  # without a link to what could not be written
                made.pop("index.html", None)
            expect(f"run.yaml: {how}={n}", (survived or refused) and
                   all(whole.get(name) == text for name, text in made.items()), done)


SNAPSHOT_FILE = """title: T
data: {studies: {file: studies.csv}}
analyses:
  pooled: {command: pool, options: {measure: PLO, events: events, n: n, method: inverse}}
  some: {extends: pooled, options: {query: SELECT * FROM data WHERE n > 21}}
"""


def write_file(name, text):
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def read_file(name):
    if not os.path.exists(name):
        return None
    with open(name, "rb") as file:
        return file.read()


def a_snapshot_fails_anywhere():
    """Whichever allocation fails, a snapshot is written whole or not at all, and what is the
    same never differs, what differs is never told otherwise."""
    write_file("study.yaml", SNAPSHOT_FILE)
    write_file("studies.csv", TABLE)
    command = ["verify", "study.yaml", "--snapshot", "kept.json"]
    run(command)
    kept = read_file("kept.json")
    cases = {"written": (None, TABLE), "the same": (kept, TABLE),
             "another": (kept, TABLE.replace("Study 3,B,4", "Study 3,B,9"))}
    for what, (before, table) in cases.items():
        write_file("studies.csv", table)

        def start(before=before):
            if before is None:
                if os.path.exists("kept.json"):
                    os.unlink("kept.json")
            else:
                with open("kept.json", "wb") as file:
                    file.write(before)

        start()
        good = run(command)
        whole = read_file("kept.json")
        expect(f"snapshot, {what}: runs", good.returncode == (what == "another") and
               whole == kept and not good.stderr, good)
        start()
        total, _ = count_allocations(command)
        expect(f"snapshot, {what}: {total} allocations", total > 500)
        for n in [*range(1, total, total // 100), total]:
            for how in ("FAIL_ALLOCATION", "FAIL_ALLOCATIONS")[:1 + (n % 4 == 0)]:
                start()
                done = run(command, env={"LD_PRELOAD": FAILING, how: str(n)})
                survived = (done.returncode == good.returncode and done.stdout == good.stdout and
                            not done.stderr)
                refused = done.returncode == 5 and b"memory" in done.stderr
                expect(f"snapshot, {what}: {how}={n}", survived or refused, done)
                expect(f"snapshot, {what}: {how}={n}: the file",
                       read_file("kept.json") in (before, kept if survived else before))
                expect(f"snapshot, {what}: {how}={n}: nothing else",
                       {*os.listdir()} <= {"study.yaml", "studies.csv", "kept.json"})


def an_old_snapshot_survives():
    """Where there is no room for a new one, or its folder is not there."""
    write_file("study.yaml", SNAPSHOT_FILE)
    write_file("studies.csv", TABLE)
    write_file("kept.json", "{}")
    command = ["verify", "study.yaml", "--snapshot", "kept.json"]
    expect("no snapshot is replaced without being asked", run(command).returncode == 3 and
           read_file("kept.json") == b"{}")
    os.unlink("kept.json")
    run(command)
    old = read_file("kept.json")
    write_file("studies.csv", TABLE.replace("Study 3,B,4", "Study 3,B,9"))
    before = sorted(os.listdir())
    done = run([*command, "--update-snapshot"], preexec_fn=lambda: resource.setrlimit(
        resource.RLIMIT_FSIZE, (100, 100)))
    expect("no room for a snapshot", told(done, 5, "metapool: kept.json: writing failed: ") and
           read_file("kept.json") == old and sorted(os.listdir()) == before, done)
    done = run([*command[:-1], "none/kept.json"])
    expect("no folder for a snapshot", told(done, 5, "metapool: none/kept.json: "), done)
    with open("/dev/full", "wb") as full:
        done = run(command, stdout=full)
        expect("a difference > /dev/full", told(done, 5, "standard output: writing failed: ") and
               read_file("kept.json") == old, done)


def address_space_is_short():
    """From the least in which the tool starts up to what it needs."""
    table = TABLE + "".join(f"More {i},C,1,{30 + i % 9}\n" for i in range(3000))
    command = ["pool", *COUNTS, "--where", "n > 21", "--format", "json"]

    def limited(arguments, limit):
        return run(arguments, table, env={"LD_PRELOAD": ""},
                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))

    good, limit, refused = run(command, table), MIB, 0
    while limited(["--version"], limit).returncode != 0:
        limit += MIB // 2
    while (done := limited(command, limit)).returncode != 0 and limit < 1024 * MIB:
        expect(f"{limit >> 10} KiB of memory", told(done, 5, "memory"), done)
        refused += 1
        limit += MIB // 2
    expect("enough memory in the end", done.stdout == good.stdout, done)
    expect("too little memory at first", refused > 0)


# --- output ---------------------------------------------------------------------------

def device_is_full():
    with open("/dev/full", "wb") as full:
        for arguments in FORMATS + OTHERS:
            done = run(arguments, stdout=full)
            expect(f"{name_of(arguments)} > /dev/full",
                   told(done, 5, "standard output: writing failed: "), done)
    for arguments in FORMATS:
        done = run([*arguments, "--output", "/dev/full"])
        expect(f"{name_of(arguments)} --output /dev/full",
               told(done, 5, "/dev/full: writing failed: "), done)


def pipe_is_closed():
    """Before anything is written; with SIGPIPE as a shell and as a daemon leaves it."""
    to_stdout = [[*a, "--output", "/dev/stdout"] for a in FORMATS]
    for arguments in FORMATS + to_stdout + OTHERS:
        for action in (signal.SIG_DFL, signal.SIG_IGN):
            reader, writer = os.pipe()
            os.close(reader)
            done = run(arguments, stdout=writer, restore_signals=False,
                       preexec_fn=lambda: signal.signal(signal.SIGPIPE, action))
            os.close(writer)
            expect(f"{name_of(arguments)} | {action.name}",
                   done.returncode == 0 and not done.stderr, done)


def pipe_closes_early():
    """More than a pipe holds, of which one byte is read."""
    table = "y,v\n" + "".join(f"{i % 9},1\n" for i in range(20000))
    tool = subprocess.Popen([METAPOOL, "effects", "-", "--yi", "y", "--vi", "v"],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)
    tool.stdin.write(table.encode())
    tool.stdin.close()
    tool.stdout.read(1)
    tool.stdout.close()
    said = tool.stderr.read()
    expect("effects | head -c 1", tool.wait(timeout=300) == 0 and not said)
    tool.stderr.close()


def streams_are_closed():
    def closed(*descriptors):
        return lambda: [os.close(d) for d in descriptors]

    done = run(FORMATS[0], preexec_fn=closed(0))
    expect("stdin closed", told(done, 5, "<stdin>: reading failed"), done)
    for arguments in (FORMATS[0], [*FORMATS[0], "--output", "/dev/stdout"]):
        done = run(arguments, preexec_fn=closed(1))
        expect(f"{arguments[-1]}: stdout closed", told(done, 5, "writing failed"), done)
    expect("/dev/stdout is still a link", os.path.islink("/dev/stdout"))
    good = run(FORMATS[0])
    done = run(FORMATS[0], preexec_fn=closed(2))
    expect("stderr closed", done.returncode == 0 and done.stdout == good.stdout, done)
    done = run(["pool", "nowhere.csv"], preexec_fn=closed(2))
    expect("stderr closed, status", done.returncode == 3, done)
    with open("studies.csv", "w", encoding="utf-8") as file:
        file.write(TABLE)
    arguments = [a if a != "-" else "studies.csv" for a in FORMATS[0]]
    done = run([*arguments, "--output", "all.txt"], preexec_fn=closed(0, 1, 2))
    with open("all.txt", "rb") as file:
        want = good.stdout.replace(b"<stdin>", b"studies.csv")
        expect("all three closed", done.returncode == 0 and file.read() == want, done)


def old_file_survives():
    """Where a new one cannot be written whole."""
    for arguments in FORMATS:
        with open("old", "w", encoding="utf-8") as file:
            file.write("old")
        before = os.listdir()
        done = run([*arguments, "--output", "old"], preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_FSIZE, (100, 100)))
        expect(f"{name_of(arguments)}: no room",
               told(done, 5, "metapool: old: writing failed: "), done)
        with open("old", encoding="utf-8") as file:
            expect(f"{name_of(arguments)}: the old file", file.read() == "old")
        expect(f"{name_of(arguments)}: nothing is left", os.listdir() == before)


def file_is_replaced():
    """Through a link, and keeping the mode."""
    for name in ("target", "other"):
        with open(name, "w", encoding="utf-8") as file:
            file.write("old")
    os.chmod("target", 0o600)
    os.symlink("target", "link")
    os.symlink("new", "dangling")
    good = run(FORMATS[0])
    for name in ("link", "dangling"):
        done = run([*FORMATS[0], "--output", name])
        with open(name, "rb") as file:
            expect(f"{name}: replaced",
                   done.returncode == 0 and file.read() == good.stdout, done)
        expect(f"{name}: still a link", os.path.islink(name))
    expect("the mode stays", stat.S_IMODE(os.stat("target").st_mode) == 0o600)


def signal_while_writing():
    """The file is put in place before the signal ends the tool."""
    before = os.listdir()
    good = run(FORMATS[0])
    done = run([*FORMATS[0], "--output", "late.txt"],
               env={"LD_PRELOAD": FAILING, "SIGNAL_IN_WRITE": "1"})
    expect("SIGTERM while writing", done.returncode == -signal.SIGTERM, done)
    expect("SIGTERM: nothing else is left",
           sorted(os.listdir()) == sorted([*before, "late.txt"]))
    with open("late.txt", "rb") as file:
        expect("SIGTERM: the whole file", file.read() == good.stdout)


# --- rights ---------------------------------------------------------------------------

def as_nobody():
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def rights_are_missing():
    try:
        run(["--version"], preexec_fn=as_nobody)
    except (PermissionError, FileNotFoundError):
        print("skipped: rights (nobody cannot run the tool here)")
        return
    os.chmod(".", 0o755)
    os.mkdir("locked")
    for name in ("locked/old.txt", "secret.csv"):
        with open(name, "w", encoding="utf-8") as file:
            file.write(TABLE)
    os.mkdir("open")
    os.chmod("open", 0o777)
    with open("open/kept.txt", "w", encoding="utf-8") as file:
        file.write("kept")
    for path, mode in (("secret.csv", 0), ("locked", 0o555), ("locked/old.txt", 0o444),
                       ("open/kept.txt", 0o444)):
        os.chmod(path, mode)
    for name in ("locked/new.txt", "locked/old.txt", "open/kept.txt"):
        done = run([*FORMATS[0], "--output", name], preexec_fn=as_nobody)
        expect(f"{name}: no right to write",
               told(done, 5, f"{name}: writing failed: "), done)
    done = run(["pool", "secret.csv"], preexec_fn=as_nobody)
    expect("no right to read", told(done, 3, "secret.csv: "), done)
    expect("the files stay", os.listdir("locked") == ["old.txt"])


# --- input ----------------------------------------------------------------------------

def feed(head, piece, times, arguments):
    """Stream what is too much: (status, message, MiB taken, MiB of memory, seconds)."""
    began = time.monotonic()
    tool = subprocess.Popen([METAPOOL, *arguments], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    fed = 0
    try:
        tool.stdin.write(head)
        for _ in range(times):
            tool.stdin.write(piece)
            fed += len(piece)
        tool.stdin.close()
    except BrokenPipeError:
        pass
    said = tool.stderr.read().decode()
    tool.stdout.read()
    _, status, used = os.wait4(tool.pid, 0)
    tool.returncode = os.waitstatus_to_exitcode(status)
    return (tool.returncode, said, fed / MIB, used.ru_maxrss / 1024,
            time.monotonic() - began)


def too_much_is_refused_early():
    arguments = ["pool", "-", "--yi", "y", "--vi", "v"]
    cases = {
        "a field of 1 GB": (b"y,v\n1,1\n", b"x" * MIB, "larger than 16 MiB"),
        "a quoted field of 1 GB": (b"y,v\n1,1\n\"", b"x\n" * (MIB // 2), "larger than 16 MiB"),
        "a row of 1 GB": (b"y,v\n1,1\n", b"1," * (MIB // 2), "2 fields|64 MiB"),
        "a header of 1 GB": (b"y,v", b",x" * (MIB // 2), "32767 columns"),
    }
    for name, (head, piece, words) in cases.items():
        status, said, fed, memory, seconds = feed(head, piece, 1024, arguments)
        expect(f"{name}: status {status}, {said!r}",
               status == 3 and any(w in said for w in words.split("|")))
        expect(f"{name}: {fed:.0f} MiB read", fed < 80)
        expect(f"{name}: {memory:.0f} MiB of memory", SANITIZED or memory < 300)
        expect(f"{name}: {seconds:.1f} s", seconds < 60)
        print(f"       {name}: {fed:.0f} MiB read, {memory:.0f} MiB of memory, {seconds:.2f} s")


def stray_text_far_down():
    rows = 1_000_000
    body = b"".join(b"%d,1\n" % (i % 7) for i in range(1, rows))
    status, said, *_ = feed(b"y,v\n" + body, b"l,1\n", 1, ["pool", "-", "--yi", "y", "--vi", "v"])
    expect(f"row {rows}: {said!r}", status == 3 and said.count("\n") == 1 and
           f"<stdin>:{rows + 1}: column 'y': \"l\" is not a number" in said)


def main():
    checks = [device_is_full, pipe_is_closed, pipe_closes_early, streams_are_closed,
              old_file_survives, file_is_replaced, an_old_snapshot_survives,
              rights_are_missing,
              too_much_is_refused_early, stray_text_far_down]
    if FAILING and not SANITIZED:
        checks += [signal_while_writing, allocations_fail, a_run_fails_anywhere,
                   a_snapshot_fails_anywhere, address_space_is_short]
    for check in checks:
        before = len(failures)
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            check()
            os.chdir(SOURCE)
        word = "ok" if len(failures) == before else "FAILED"
        print(f"{word:6} {check.__name__} ({time.monotonic() - began:.1f} s)")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
