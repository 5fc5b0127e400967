#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same numbers in many disguises give the same bytes of JSON, but for `data`.

usage: disguises.py METAPOOL SOURCE_DIR

Two tables, the bundled nrm2024 and a small one with decimals, gaps and texts that need
quotes, are written with other separators, decimal marks, line ends, encodings of the bytes
and as databases, and analysed each time.
"""
import csv
import gzip
import hashlib
import io
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

SMALL = [
    ["trial", "y", "se", "arm", "n", "note"],
    ["Müller, 2020", "0.125", "0.3", "1", "120", 'a "quoted" word'],
    ["O'Neil; 2021", "-0.5", "0.25", "2", "", "tab\there"],
    ["王 2019", "1e-3", "", "1", "NA", "two\nlines"],
    ["Ångström", "0.75", "0.1875", "2", "40", ""],
    [" padded ", "2.5e-1", "0.2", "1", "9007199254740993", "1.5 mg"],
    ["", "-0.0625", "1.5", "2", "7", "."],
]

POOL_SMALL = "--study trial --yi y --sei se --by arm --null 0".split()
ANALYSES = {
    "nrm2024": [
        ["pool", *"--measure PLO --events deaths --n patients --study study --by entity".split()],
        ["effects", *"--measure PFT --events deaths --n patients --study study".split(),
         "--where", "phase <> 'Phase I' OR followup_months > 12.5"],
    ],
    "small": [
        ["pool", *POOL_SMALL],
        ["pool", *POOL_SMALL, "--where", "n IS NULL OR n / 7 > 1.5"],
        ["effects", *"--study note --yi y*2 --sei se".split()],
    ],
}


def is_number(text):
    return re.fullmatch(r"-?[0-9]+(\.[0-9]+)?(e-?[0-9]+)?", text) is not None


def is_missing(text):
    return text in ("", "NA", ".")


def number_columns(rows):
    return [all(is_number(cell) or is_missing(cell) for cell in column)
            for column in zip(*rows[1:])]


def text_of(rows, delimiter=",", end="\n", quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return out.getvalue()


def replaced(rows, change):
    """The rows with the cells of number columns changed."""
    numeric = number_columns(rows)
    return rows[:1] + [[change(cell) if is_a and not is_missing(cell) else cell
                        for cell, is_a in zip(row, numeric)] for row in rows[1:]]


def with_comma(rows):
    return replaced(rows, lambda cell: cell.replace(".", ","))


def database(path, rows, columns, value, before="", after=""):
    connection = sqlite3.connect(path)
    connection.executescript(before)
    names = ['"%s" %s' % pair for pair in zip(rows[0], columns)]
    connection.execute(f"CREATE TABLE studies ({', '.join(names)})")
    connection.executemany(f"INSERT INTO studies VALUES ({', '.join('?' * len(names))})",
                           [[value(cell, i) for i, cell in enumerate(row)] for row in rows[1:]])
    connection.commit()
    connection.executescript(after)
    connection.close()


def native(rows):
    """What a program that knows the types would store."""
    numeric = number_columns(rows)

    def value(cell, column):
        if not numeric[column]:
            return cell or None
        if is_missing(cell):
            return None
        return int(cell) if re.fullmatch(r"-?[0-9]+", cell) else float(cell)
    return value


def as_text(cell, _column):
    return cell


def disguises(folder, rows):
    """(name, path, further options, whether it goes through the standard input)"""
    def put(name, data, *options, piped=False):
        path = os.path.join(folder, name)
        with open(path, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return name, path, list(options), piped

    plain = text_of(rows)
    untyped, real = [""] * len(rows[0]), [
        ("REAL" if numeric else "TEXT") for numeric in number_columns(rows)]
    yield put("comma.csv", plain)
    yield put("semicolon.csv", text_of(rows, ";"))
    yield put("tab.tsv", text_of(rows, "\t"))
    yield put("crlf.csv", text_of(rows, end="\r\n"))
    yield put("cr.csv", text_of(rows, end="\r", quoting=csv.QUOTE_ALL))
    yield put("mark.csv", "\ufeff" + plain)
    yield put("open.csv", plain.rstrip("\n"))
    yield put("blank.csv", "\n\n" + text_of(rows, end="\n\n"))
    yield put("quoted.csv", text_of(rows, quoting=csv.QUOTE_ALL))
    yield put("comma-semicolon.csv", text_of(with_comma(rows), ";"), "--decimal", ",")
    yield put("comma-tab.csv", text_of(with_comma(rows), "\t", "\r\n"), "--decimal", ",")
    yield put("signs.csv", text_of(replaced(
        rows, lambda cell: "\u00a0" + cell.replace("-", "\u2212", cell[0] == "-") + " ")))
    yield put("packed.csv.gz", gzip.compress(plain.encode()))
    yield put("parts.gz", gzip.compress(plain[:99].encode()) + gzip.compress(plain[99:].encode()))
    yield put("piped.csv", plain, piped=True)
    yield put("piped.gz", gzip.compress(plain.encode()), piped=True)
    yield put("turned.csv", text_of([row[::-1] for row in rows]))
    for name, columns, value, before, after in [
            ("native.db", untyped, native(rows), "", ""),
            ("real.db", real, native(rows), "", ""),
            ("text.db", ["TEXT"] * len(rows[0]), as_text, "", ""),
            ("utf16.db", untyped, native(rows), "PRAGMA encoding = 'UTF-16le';", ""),
            ("log.db", untyped, native(rows), "PRAGMA journal_mode = wal;", ""),
            ("index.db", untyped, native(rows), "",
             f"CREATE INDEX i ON studies ({', '.join(rows[0][::-1])});")]:
        path = os.path.join(folder, name)
        database(path, rows, columns, value, before, after)
        yield name, path, [], False
    path = os.path.join(folder, "comma.db")
    database(path, with_comma(rows), ["TEXT"] * len(rows[0]), as_text)
    yield "comma.db", path, ["--decimal", ","], False
    yield "mark of numbers.db", os.path.join(folder, "native.db"), ["--decimal", ","], False


def analyse(metapool, arguments, path, options, piped, environment):
    command, *rest = arguments
    call = [metapool, command, "-" if piped else path, *rest, *options, "--format", "json"]
    with open(path, "rb") as file:
        done = subprocess.run(call, stdin=file if piped else subprocess.DEVNULL,
                              capture_output=True, env=environment, timeout=120)
    if done.returncode:
        return None, f"exit status {done.returncode}: {done.stderr.decode()}"
    return done.stdout.decode(), None


def without_data(text):
    return re.sub(r'\n  "data": \{.*?\n  \},', "", text, count=1, flags=re.S)


def check(text, path, want):
    """What is wrong with a report, or None."""
    data = json.loads(text)["data"]
    with open(path, "rb") as file:
        sha256 = hashlib.sha256(file.read()).hexdigest()
    if data["sha256"] != sha256:
        return "another SHA-256 than that of the file"
    if '"data"' in without_data(text) or '"data"' in want:
        return "the block `data` was not found"
    if without_data(text) != want:
        pairs = zip(without_data(text).splitlines(), want.splitlines())
        return "differs: " + next((f"{a} | {b}" for a, b in pairs if a != b), "length")
    return None


def facts(text):
    """What the ledger says whatever the file is."""
    data = json.loads(text)["data"]
    rows = [{key: value for key, value in row.items() if key != "line"}
            for row in data["excluded"]]
    return data["rows"], data["used"], data["filtered"], rows


def main():
    metapool, source = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    with open(os.path.join(source, "datasets", "nrm2024", "studies.csv"),
              encoding="utf-8", newline="") as file:
        tables = {"nrm2024": list(csv.reader(file)), "small": SMALL}
    passed = failed = 0
    for table, rows in tables.items():
        with tempfile.TemporaryDirectory() as folder:
            found = list(disguises(folder, rows))
            for arguments in ANALYSES[table]:
                first = None
                for i, (name, path, options, piped) in enumerate(found):
                    # A locale with a decimal comma, where there is one, for every other.
                    environment = dict(os.environ, **({"LC_ALL": "de_DE.UTF-8"} if i % 2 else {}))
                    text, problem = analyse(metapool, arguments, path, options, piped,
                                            environment)
                    if not problem and first is None:
                        first = without_data(text), facts(text)
                    if not problem:
                        problem = check(text, path, first[0])
                    if not problem and facts(text) != first[1]:
                        problem = "the ledger differs"
                    passed += not problem
                    failed += bool(problem)
                    if problem:
                        print(f"FAILED {table} {arguments[0]} {name}: {problem}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
