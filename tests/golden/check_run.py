#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `metapool run` writes: the bytes of the commands by themselves, the same from any folder,
all of them though one fails, and nothing outside its folder. The figures of the article come out
of one command.

usage: check_run.py METAPOOL SOURCE_DIR
"""
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

METAPOOL, SOURCE = (os.path.abspath(a) for a in sys.argv[1:3])
failures = []

FILE = """title: A <test> & more
source:
  citation: "Someone: <script>alert(1)</script>"
  doi: 10.1038/s41591-024-03084-6
  url: javascript:alert(1)
data:
  studies: {file: studies.csv}
  causes: {file: causes.csv}
  shifted: {file: shifted.csv, delimiter: semicolon, decimal: ",", missing: "gone,-9"}
analyses:
  counts:
    template: true
    options: {measure: PLO, events: deaths, n: patients, study: study}
  cohorts: {extends: counts, command: pool, title: "All <b>", options: {nodes: 7, plot: true}}
  entities: {extends: cohorts, options: {by: entity, nodes: null, plot: null, digits: 6}}
  some: {extends: counts, command: pool, options: {query: "SELECT * FROM data WHERE line = 'later'"}}
  effects: {extends: counts, command: effects}
  product:
    extends: counts
    command: regress
    options: {where: "entity = 'MM'", mods: product, ref: [product=Cilta-cel]}
  asymmetry: {extends: counts, command: bias, options: {test: ["egger", "begg"]}}
  alone: {extends: counts, command: sensitivity, options: {where: "entity = 'MCL'"}}
  ways: {extends: counts, command: compare, options: {where: "entity = 'MM'"}}
  shares: {command: composition, data: causes,
           options: {where: "grouping = 'entity'", category: cause, count: deaths, by: level}}
  commas: {command: pool, data: shifted, options: {measure: GEN, yi: y, vi: v}}
  forest: {extends: entities, command: plot, kind: forest, options: {width: 174, theme: greyscale}}
  funnel: {extends: counts, command: plot, kind: funnel, options: {format: csv}}
  page: {extends: entities, command: report}
"""
SHIFTED = "y;v\n0,5;0,1\ngone;0,2\n-0,25;0,125\n1;-9\n0,75;0,2\n"

# Each file, by the command that writes it in the folder of the analysis file.
COUNTS = "studies.csv --measure PLO --events deaths --n patients --study study"
ENTITY = COUNTS + " --by entity --digits 6"
COMMANDS = {
    "cohorts": ("pool", COUNTS + " --nodes 7 --plot --charset unicode"),
    "entities": ("pool", ENTITY),
    "some": ("pool", COUNTS + " --query \"SELECT * FROM data WHERE line = 'later'\""),
    "effects": ("effects", COUNTS),
    "product": ("regress", COUNTS + " --where \"entity = 'MM'\" --mods product "
                "--ref product=Cilta-cel"),
    "asymmetry": ("bias", COUNTS + " --test egger --test begg"),
    "alone": ("sensitivity", COUNTS + " --where \"entity = 'MCL'\""),
    "ways": ("compare", COUNTS + " --where \"entity = 'MM'\""),
    "shares": ("composition", "causes.csv --where \"grouping = 'entity'\" --category cause "
               "--count deaths --by level"),
    "commas": ("pool", "shifted.csv --delimiter semicolon --decimal , --missing gone,-9 "
               "--measure GEN --yi y --vi v"),
}
SINGLE = {
    "forest.svg": "plot forest " + ENTITY + " --width 174 --theme greyscale",
    "funnel.csv": "plot funnel " + COUNTS + " --format csv",
    "page.html": "report " + ENTITY,
    "page.json": "pool " + ENTITY + " --format json",
}


def expect(what, true):
    if not true:
        failures.append(what)
        print("FAILED", what)


def metapool(command, folder):
    """(status, output, messages) of a command line."""
    done = subprocess.run(["bash", "-c", f'exec "{METAPOOL}" {command}'], cwd=folder,
                          capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr.decode()


def contents(folder):
    return {path.name: path.read_bytes() for path in pathlib.Path(folder).iterdir()}


def check_bytes(folder, made):
    expected = set(SINGLE) | {"index.html"}
    for name, (command, options) in COMMANDS.items():
        for suffix, form in (("json", "json"), ("txt", "text"), ("csv", "csv")):
            own = options.replace(" --plot --charset unicode", "") if form != "text" else options
            status, text, said = metapool(f"{command} {own} --format {form}", folder)
            expect(f"{name}: {command} works: {said}", status == 0)
            expect(f"{name}.{suffix} is what {command} writes",
                   made.get(f"{name}.{suffix}") == text)
            expected.add(f"{name}.{suffix}")
    for name, command in SINGLE.items():
        status, text, said = metapool(command, folder)
        expect(f"{name}: {command} works: {said}", status == 0)
        expect(f"{name} is what {command} writes", made.get(name) == text)
    expect(f"the files are {sorted(expected ^ set(made))}", expected == set(made))


def check_index(page, made):
    text = page.decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    expect("a policy that allows nothing from elsewhere", policy and policy[1].startswith(
        "default-src 'none'; style-src 'sha256-"))
    expect("no script", "<script" not in text and "javascript:" not in
           re.sub(r"<dd>[^<]*</dd>", "", text))
    expect("nothing is loaded", not re.search(r"\b(src|srcset|data)=|@import|url\(", text))
    expect("a name is a name", "<h1>A &lt;test&gt; &amp; more</h1>" in text and
           ">All &lt;b&gt;</h2>" in text)
    expect("the forest plot is in the page", made["forest.svg"].decode() in text)
    expect("the funnel plot, too, though its file is CSV", text.count("<svg ") == 2)
    for name in made:
        if name != "index.html":
            expect(f"a link to {name}", f'<a href="{name}">' in text)
    for name in re.findall(r'href="#([^"]*)"', text):
        expect(f"#{name} is there", f'id="{name}"' in text)
    expect("no id twice", len(re.findall(r'\bid="[^"]*"', text)) ==
           len(set(re.findall(r'\bid="[^"]*"', text))))
    expect("the answer is in the page", "0.068221" in text)


def check_failure(folder):
    """One fails, one has no estimate; the others stand, and the worst status is told."""
    bad = """title: T
data: {studies: {file: studies.csv}, gone: {file: gone.csv}, none: {file: none.csv}}
analyses:
  gone: {command: effects, data: gone, options: {measure: GEN, yi: y, vi: v}}
  syntax: {extends: good, options: {where: "deaths >"}}
  good: {command: pool, options: {measure: PLO, events: deaths, n: patients}}
  nothing: {command: pool, data: none, options: {measure: PLO, events: e, n: n}}
"""
    (folder / "none.csv").write_text("e,n\n0,10\n0,20\n", encoding="utf-8")
    (folder / "bad.yaml").write_text(bad, encoding="utf-8")
    status, text, said = metapool("run bad.yaml", folder)
    expect(f"status of the worst: {status}", status == 3)
    expect("what failed is told", "analysis 'gone': gone.csv: there is no such file\n" in said
           and "analysis 'syntax': " in said
           and said.count("metapool: bad.yaml:") == 2)
    expect("the summary", text.decode() ==
           "gone     failed\nsyntax   failed\ngood     json txt csv\n"
           "nothing  json txt csv, no overall estimate\n7 files in bad\n")
    page = contents(folder / "bad")["index.html"].decode()
    expect("the page tells it", "This analysis failed: there is no such file" in page)
    for only, wanted in (("good", 0), ("nothing", 4), ("syntax", 2), ("gone", 3)):
        status, text, said = metapool(f"run bad.yaml --only {only} -o one", folder)
        expect(f"--only {only}: {status}", status == wanted)
    expect("--only writes no index", "index.html" not in contents(folder / "one"))
    status, text, said = metapool("run bad.yaml --only nothing --only good --strict", folder)
    expect(f"no estimate is worse than a warning: {status}", status == 4)
    status, text, said = metapool("run bad.yaml --only goood", folder)
    expect("an unknown name", status == 2 and said == "metapool: --only goood: bad.yaml has no "
           "such analysis; did you mean 'good'?\n")


def check_folder(folder):
    """What stands in the way of writing."""
    yaml = """title: T
data: {studies: {file: studies.csv}}
analyses:
  studies: {command: pool, options: {measure: PLO, events: deaths, n: patients}}
"""
    (folder / "own.yaml").write_text(yaml, encoding="utf-8")
    before = (folder / "studies.csv").read_bytes()
    status, _, said = metapool("run own.yaml -o .", folder)
    expect("the table is not replaced", status == 2 and "would replace studies.csv" in said and
           (folder / "studies.csv").read_bytes() == before)
    out = folder / "links"
    out.mkdir()
    (folder / "target").write_text("kept", encoding="utf-8")
    (out / "studies.json").symlink_to("../target")
    (out / "index.html").symlink_to("../studies.csv")
    status, _, said = metapool("run own.yaml -o links", folder)
    expect("a link is replaced, not followed", status == 0 and not
           (out / "studies.json").is_symlink() and
           (folder / "target").read_text(encoding="utf-8") == "kept" and
           (folder / "studies.csv").read_bytes() == before)
    (out / "studies.txt").unlink()
    (out / "studies.txt").mkdir()
    status, text, said = metapool("run own.yaml -o links", folder)
    expect("a folder in the way is told, the rest written", status == 5 and
           "links/studies.txt: writing failed" in said and
           text == b"studies  json (txt not written) csv\n3 files in links\n")
    page = (out / "index.html").read_text(encoding="utf-8")
    expect("the page has no link to what is not there", 'href="studies.txt"' not in page and
           "studies.txt (could not be written)" in page and 'href="studies.csv"' in page)
    expect("no half-written file is left", sorted(contents_names(out)) ==
           ["index.html", "studies.csv", "studies.json", "studies.txt"])
    status, _, said = metapool("run own.yaml -o target", folder)
    expect("a file is no folder", status == 5 and "this is a file, not a folder" in said)
    status, _, said = metapool("run own.yaml -o no/such", folder)
    expect("only the last folder is made", status == 5 and "does not exist" in said)
    (folder / "plain").write_text(yaml, encoding="utf-8")
    status, _, said = metapool("run plain", folder)
    expect("a name without suffix", status == 2 and "--output" in said)


def published(name):
    with open(os.path.join(SOURCE, "datasets", "nrm2024", name), encoding="utf-8") as file:
        return list(csv.DictReader(file))


def check_paper(place):
    """The figures of the article show the article's figures: datasets/nrm2024/published_*.csv."""
    shown = {"forest-setting": "by setting", "forest-entity": "by entity",
             "forest-product": "by product, single-product cohorts",
             "products-lbcl": "LBCL by product", "products-mm": "MM by product"}
    tests = {"causes-setting": "chi-square, cause by setting",
             "causes-entity": "chi-square, cause by entity",
             "causes-product": "chi-square, cause by product"}
    file = os.path.join(SOURCE, "datasets", "nrm2024", "figures.yaml")
    status, _, said = metapool(f"run {file} -o figures", place)
    expect(f"the article's figures: {said}", status == 0 and said == "")
    made = contents(pathlib.Path(place) / "figures")
    wanted = {"forest-setting", "forest-entity", "forest-product", "bubble-follow-up",
              "products-lbcl", "products-mm", "causes-all", "causes-setting", "causes-entity",
              "causes-product", "funnel-all", "funnel-setting-ct", "funnel-setting-rw",
              "funnel-lbcl", "funnel-mm", "funnel-mcl", "funnel-il"}
    expect("a file for each", set(made) == {name + ".svg" for name in wanted} | {"index.html"})
    words = {}
    for name in wanted:
        root = xml.etree.ElementTree.fromstring(made[name + ".svg"])
        words[name] = " ".join("".join(root.itertext()).split())
        expect(f"{name} is in the page", made[name + ".svg"] in made["index.html"])
    for name, analysis in shown.items():
        rows = [r for r in published("published_pooled.csv") if r["analysis"] == analysis]
        expect(f"{analysis} is published", len(rows) >= 4)
        for row in rows:
            limits = [f"{float(row[c]):.3f}" for c in ("estimate", "ci_lower", "ci_upper")]
            text = limits[0] + "[" + limits[1] + ", " + limits[2] + "]"
            expect(f"{name} shows {row['level']}, {row['model']}: {text}",
                   text in words[name].replace(" [", "["))
    for name, test in tests.items():
        row = next(r for r in published("published_tests.csv") if r["test"] == test)
        expect(f"{name} shows the test", f"{float(row['statistic']):.2f}, df = {row['df']}" in
               words[name])


def contents_names(folder):
    return [path.name for path in folder.iterdir()]


def main():
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place) / "study"
        shutil.copytree(os.path.join(SOURCE, "datasets", "nrm2024"), folder)
        (folder / "shifted.csv").write_text(SHIFTED, encoding="utf-8")
        (folder / "test.yaml").write_text(FILE, encoding="utf-8")
        status, text, said = metapool("run test.yaml", folder)
        expect(f"run works: {said}", status == 0 and said == "")
        made = contents(folder / "test")
        expect("the summary counts the files", f"{len(made)} files in test\n" in text.decode())
        check_bytes(folder, made)
        check_index(made["index.html"], made)
        status, _, said = metapool("run study/test.yaml -o elsewhere", place)
        expect("the same bytes from another folder", status == 0 and
               contents(pathlib.Path(place) / "elsewhere") == made)
        check_failure(folder)
        check_folder(folder)
        check_paper(place)
    if failures:
        sys.exit(f"{len(failures)} of the checks failed")
    print("run: as the commands by themselves, in its folder alone")


main()
