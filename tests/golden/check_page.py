#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of `metapool report` is read back: it is well formed, asks for nothing, says what
`metapool pool` says to the last digit, and holds a name as a name whatever it is.

usage: check_page.py METAPOOL SOURCE_DIR
"""
import base64
import hashlib
import html.parser
import json
import math
import os
import re
import subprocess
import sys
import tempfile

METAPOOL, SOURCE = (os.path.abspath(a) for a in sys.argv[1:3])
STUDIES = [os.path.join(SOURCE, "datasets/nrm2024/studies.csv"), "--measure", "PLO",
           "--events", "deaths", "--n", "patients", "--study", "study"]
BCG = [os.path.join(SOURCE, "tests/golden/data/bcg.csv"), "--measure", "RR", "--events1",
       "tpos", "--n1", "tpos + tneg", "--events2", "cpos", "--n2", "cpos + cneg", "--study",
       "trial"]
VOID = {"meta"}
failures = []


def expect(what, true):
    if not true:
        failures.append(what)
        print("FAILED", what)


class Page(html.parser.HTMLParser):
    """Elements in their order, as (tag, attributes, text within, path of tags)."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements = [], []
        self.feed(text)
        self.close()
        expect("every element is closed", not self.open)

    def handle_starttag(self, tag, attrs):
        path = tuple(e[0] for e in self.open)
        element = [tag, dict(attrs), "", path]
        expect(f"<{tag}>: an attribute twice", len(attrs) == len(element[1]))
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        expect(f"<{tag}/> outside a figure", any(e[0] == "svg" for e in self.open))
        self.elements.append([tag, dict(attrs), "", tuple(e[0] for e in self.open)])

    def handle_endtag(self, tag):
        expect(f"</{tag}> closes what is open", self.open and self.open[-1][0] == tag)
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element[2] += data

    def all(self, tag, **attributes):
        return [e for e in self.elements if e[0] == tag and
                all(e[1].get(k.rstrip("_")) == v for k, v in attributes.items())]

    def one(self, tag, **attributes):
        found = self.all(tag, **attributes)
        expect(f"one <{tag}> {attributes}: {len(found)}", len(found) == 1)
        return found[0]

    def inside(self, element):
        """What stands within an element, up to the next one that is no deeper."""
        start, depth = self.elements.index(element) + 1, len(element[3])
        end = start
        while end < len(self.elements) and len(self.elements[end][3]) > depth:
            end += 1
        return self.elements[start:end]


def run(*words):
    return subprocess.run([METAPOOL, *words], capture_output=True, timeout=300)


def report(*words, status=0):
    done = run("report", *words)
    expect(f"exit status of {words}: {done.returncode}, {done.stderr.decode()}",
           done.returncode == status)
    text = done.stdout.decode()
    return Page(text), text


def pooled(*words):
    return json.loads(run("pool", *words, "--format", "json").stdout)


def digest(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def check_safe(page, text):
    """Nothing is fetched, and only the page's own script may run."""
    policy = page.one("meta", **{"http-equiv": "Content-Security-Policy"})
    rules = dict(r.strip().split(" ", 1) for r in policy[1]["content"].split(";"))
    scripts = page.all("script")
    expect("one script and one block of JSON", len(scripts) == 2)
    expect("JSON is no script", scripts[0][1] == {"type": "application/json",
                                                  "id": "metapool-json"})
    expect("the script is plain", scripts[1][1] == {})
    expect("the policy", rules == {
        "default-src": "'none'", "base-uri": "'none'", "form-action": "'none'",
        "style-src": digest(page.one("style")[2]), "script-src": digest(scripts[1][2])})
    for tag, attributes, _, _ in page.elements:
        names = set(attributes)
        expect(f"<{tag}> {names}", not any(n.startswith("on") for n in names) and
               not names & {"src", "srcset", "style", "action", "data", "xlink:href"})
        if tag in {"a", "link"}:
            expect(f"link {attributes}", tag == "a" and
                   re.match(r"#|https://doi\.org/10\.", attributes["href"]))
    expect("no address in the style", "url(" not in text and "@import" not in text)
    allowed = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "nav",
               "ul", "ol", "li", "a", "section", "div", "p", "dl", "dt", "dd", "bdi", "table",
               "thead", "tbody", "tr", "th", "td", "button", "figure", "script", "svg", "desc",
               "g", "rect", "line", "polygon", "polyline", "path", "circle", "text"}
    expect(f"elements {set(e[0] for e in page.elements) - allowed}",
           {e[0] for e in page.elements} <= allowed)


def check_whole(page):
    """Ids are there once, and every link within the page leads to one."""
    ids = [e[1]["id"] for e in page.elements if "id" in e[1]]
    expect("ids are there once", len(ids) == len(set(ids)))
    for element in page.all("a"):
        href = element[1]["href"]
        expect(f"{href} leads to something", href[0] != "#" or href[1:] in ids)
    for element in page.elements:
        expect("labels exist", set(element[1].get("aria-labelledby", "").split()) <= set(ids))
    levels = [int(e[0][1]) for e in page.elements if re.fullmatch("h[1-6]", e[0])]
    expect("headings go down step by step", levels[0] == 1 and levels.count(1) == 1 and
           all(b - a <= 1 for a, b in zip(levels, levels[1:])))
    expect("a page has a language", page.one("html")[1]["lang"] == "en")


def value(element, i=0):
    parts = element[1]["data-value"].split(" ")
    return float(parts[i]) if parts[i] else math.nan


def same(a, b):
    return a == b if b is not None else math.isnan(a)


def check_figures(page, result, digits=4):
    """The page shows the figures of JSON, which it holds."""
    held = page.one("script", type="application/json")[2]
    expect("the JSON is that of pool", json.loads(held) == result)
    studies = result["studies"]
    table = page.one("table", id="studies")
    rows = [e for e in page.inside(table) if e[0] == "tr" and "tbody" in e[3] and
            e[1].get("class") != "section"]
    expect("a row for each study", len(rows) == len(studies))
    by_name = {s["study"]: s for s in studies}
    for row in rows:
        cells = [e for e in page.inside(row) if e[0] in {"th", "td"}]
        study = by_name[cells[0][2]]
        observed = study["observed"]["ci_method"] is not None
        figures = study["observed"] if observed else study["back"]
        weights = 0 if study["weight_random"] is None else 2
        estimate, limits = cells[len(cells) - weights - 2:len(cells) - weights]
        expect(f"figures of {cells[0][2]}", same(value(estimate), figures["estimate"]) and
               same(value(limits), figures["ci_lower"]) and
               same(value(limits, 1), figures["ci_upper"]))
        if weights:
            expect(f"weights of {cells[0][2]}",
                   same(value(cells[-1]), study["weight_random"]) and
                   same(value(cells[-2]), study["weight_common"]))
    answer = page.one("div", class_="lead")[2]
    options = result["options"]
    common = options["method"] in {"mh", "peto"} or options["tau2"] == "EE"
    back = result["overall"]["common" if common else "random"]["back"]
    for key in ("estimate", "ci_lower", "ci_upper", "pi_lower", "pi_upper"):
        if back[key] is not None and not (common and key.startswith("pi")):
            expect(f"{key} in the answer", f"{back[key]:.{digits}f}" in answer)
    heterogeneity = result["overall"]["heterogeneity"]
    expect("which of them it is", ("common effect" if common else "random effects") in answer)
    expect("tau2 and I2 in the answer",
           f"{heterogeneity['I2_Q']:.1f}%" in answer if common else
           f"{heterogeneity['tau2']:.{digits}f}" in answer and
           f"{heterogeneity['I2']:.1f}%" in answer)


def studies_of(page, figure):
    """The names of the studies in a forest plot, one of each row."""
    groups = [e for e in page.inside(figure) if e[0] == "g" and e[1]["class"] == "study"]
    return [next(e[2] for e in page.inside(g) if e[0] == "text") for g in groups]


def check_forest(page, result):
    """The figure has all studies; where it is long, so have the pages of its print."""
    figure, *printed = page.all("svg", class_="forest")
    names = sorted(s["study"] for s in result["studies"])
    expect("the figure is an image", figure[1]["role"] == "img")
    inside = page.inside(figure)
    title, desc = ([e for e in inside if e[0] == tag] for tag in ("title", "desc"))
    expect("it has a title and a description", title[0][2] and desc[0][2] and
           figure[1]["aria-labelledby"].split() == [title[0][1]["id"], desc[0][1]["id"]])
    expect("a group for each study, with its name", sorted(studies_of(page, figure)) == names)
    long = float(figure[1]["height"].removesuffix("pt")) > 360.0 / 25.4 * 72.0
    expect("pages where it is long", len(printed) > 1 if long else not printed)
    for tag, figures in (("screen", [figure]), ("print", printed)):
        within = [e for e in page.inside(page.one("div", class_=tag)) if e[0] == "svg"] \
            if long else figures
        expect(f"what is on the {tag}", within == figures)
    expect("the pages have each study once",
           not printed or sorted(sum((studies_of(page, f) for f in printed), [])) == names)
    expect("no page is higher than paper", all(
        float(f[1]["height"].removesuffix("pt")) < 226.0 / 25.4 * 72.0 and
        abs(float(f[1]["width"].removesuffix("pt")) - 180.0 / 25.4 * 72.0) < 0.1
        for f in printed))
    ids = [e[1]["id"] for e in page.elements if "id" in e[1]]
    expect("no id twice", len(set(ids)) == len(ids))


def check_prisma(page):
    section = page.one("section", id="prisma")
    rows = [e for e in page.inside(section) if e[0] == "tr" and "tbody" in e[3]]
    numbers = []
    for row in rows:
        cells = [e for e in page.inside(row) if e[0] in {"th", "td"}]
        numbers.append(cells[0][2])
        links = [e for e in page.inside(row) if e[0] == "a"]
        expect(f"item {cells[0][2]}", bool(links) == (cells[2][2] == "\u2713") and
               (links or cells[3][2].startswith("not answered here")))
    expect("items 13 and 20", numbers == ["13a", "13b", "13c", "13d", "13e", "13f",
                                          "20a", "20b", "20c", "20d"])


def check_page(*words):
    page, text = report(*words)
    headings = [e[2] for e in page.elements if e[0] in {"h2", "h3"}]
    expect(f"headings differ: {headings}", len(set(headings)) == len(headings))
    result = pooled(*words)
    check_safe(page, text)
    check_whole(page)
    check_figures(page, result)
    check_forest(page, result)
    check_prisma(page)
    expect("two runs", report(*words)[1] == text)
    origin = page.one("section", id="options")[2]
    expect("version and digest", result["data"]["sha256"] in origin and
           f"version {result['metapool_version']}" in origin)
    return page


def section_of(page, name):
    return page.one("section", id=name)[2]


def check_absolute():
    """By hand: OR 0.5 and risk 0.2: 0.1 / 0.9 = 1/9; RR, RD, HR likewise."""
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "ready.csv")
        with open(name, "w", encoding="utf-8") as file:
            file.write("y,lo,hi\n0.5,0.25,1\n0.5,0.25,1\n0.5,0.25,1\n")
        for measure, want in (("OR", ("111.1", "-88.9")), ("RR", ("100.0", "-100.0")),
                              ("HR", ("105.6", "-94.4"))):
            page, _ = report(name, "--measure", measure, "--estimate", "y", "--ci-lower", "lo",
                             "--ci-upper", "hi", "--ci", "wald", "--baseline-risk", "0.2")
            section = page.one("section", id="absolute")
            cells = [e[2] for e in page.inside(section) if e[0] == "td"]
            expect(f"{measure}: {cells}", (cells[0], cells[1], cells[3]) == ("200.0", *want))
    page, _ = report(*BCG, "--baseline-risk", "0.05,0.1", "--baseline-risk", "0.9")
    cells = [e[2] for e in page.inside(page.one("section", id="absolute")) if e[0] == "td"]
    expect("three risks", cells[0::5] == ["50.0", "100.0", "900.0"])
    expect("without a risk", "No baseline risk was given" in section_of(report(*BCG)[0],
                                                                        "absolute"))


HOSTILE = ["<script>alert(1)</script>", "</script><!--", "\" onmouseover=\"alert(1)",
           "'><img src=x onerror=alert(1)>", "&lt;b&gt; &amp; &nbsp;", "]]>",
           "\u05e9\u05dc\u05d5\u05dd \u202e 2024", "=HYPERLINK(1)", "x" * 10000]


def check_hostile():
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "<b>.csv")
        with open(name, "w", encoding="utf-8") as file:
            file.write("study,x,n,part\n")
            for i, study in enumerate(HOSTILE):
                quoted = study.replace('"', '""')
                file.write(f'"{quoted}",{3 + i},{50 + i},"{quoted if i < 3 else "b"}"\n')
        words = (name, "--measure", "PLO", "--events", "x", "--n", "n", "--study", "study")
        for more in ((), ("--by", "part")):
            page, text = report(*words, *more)
            check_safe(page, text)
            check_whole(page)
            table = page.one("table", id="studies")
            names = {e[2] for e in page.inside(table) if e[0] == "th" and
                     e[1].get("scope") == "row"}
            expect("names are names", names == set(HOSTILE))
            held = json.loads(page.one("script", type="application/json")[2])
            expect("and in JSON", [s["study"] for s in held["studies"]] == HOSTILE)
            for element in page.elements:
                turned = element[0] in {"p", "dd", "li"} and "\u202e" in element[2]
                expect("no sentence is turned around", not turned)


def check_absence():
    """Without an estimate the page stands, and the exit status says it."""
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "none.csv")
        with open(name, "w", encoding="utf-8") as file:
            file.write("x,n\n0,10\n0,20\n0,30\n")
        page, text = report(name, "--measure", "PLO", "--events", "x", "--n", "n", status=4)
        check_safe(page, text)
        check_whole(page)
        expect("it says so", "Answer: there is none" in page.one("div", class_="lead")[2])
        check_prisma(page)
    page, text = report(*STUDIES, "--cluster", "entity")
    check_whole(page)
    expect("bias knows no clusters", "There is no analysis of small-study effects here: it "
           "knows no --cluster" in section_of(page, "small-studies"))


def check_one_study():
    """One study is not pooled, and nothing is said of what takes two."""
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "one.csv")
        with open(name, "w", encoding="utf-8") as file:
            file.write("x,n\n5,40\n")
        page, text = report(name, "--measure", "PLO", "--events", "x", "--n", "n")
    check_safe(page, text)
    check_whole(page)
    check_prisma(page)
    methods = section_of(page, "methods")
    expect("not pooled", "One study is not pooled" in methods and "were pooled" not in methods
           and "left out" not in methods and "tested by" not in methods)
    headings = [e[2] for e in page.elements if e[0] in {"h2", "h3"}]
    expect(f"one heading Notes: {headings}", headings.count("Notes") == 1)
    for section in ("sensitivity", "small-studies"):
        expect(section, "it takes two studies" in section_of(page, section))
    prisma = [e[2] for e in page.inside(page.one("section", id="prisma")) if e[0] == "tr"]
    for item in ("13f", "20d"):
        expect(item, any(e.startswith(item) and "\u2713" not in e for e in prisma))


def check_same_studies():
    """Rows without a subgroup leave every part of the page."""
    with tempfile.TemporaryDirectory() as folder:
        name = os.path.join(folder, "by.csv")
        with open(name, "w", encoding="utf-8") as file:
            file.write("s,y,v,the \"part\"\n".replace('the "part"', '"the ""part"""'))
            for i in range(12):
                file.write(f"s{i},{0.1 * i * (-1) ** i},{0.02 + 0.01 * i},"
                           f"{'' if i == 5 else 'a' if i < 6 else 'b'}\n")
        for more in ((), ("--where", "v < 0.125")):
            page, _ = report(name, "--yi", "y", "--vi", "v", "--study", "s", "--by",
                             'the "part"', *more)
            lines = section_of(page, "sensitivity")
            expect("the study without a subgroup is nowhere",
                   "s5" not in lines and "s4" in lines and "s6" in lines)
            expect("nor in bias", "t(9)" in section_of(page, "small-studies") or more)


def main():
    check_page(*STUDIES, "--nodes", "7", "--by", "entity")
    check_page(*STUDIES, "--tau2", "REML", "--where", "entity = 'MM'")
    check_page(*BCG)
    check_page(*BCG, "--method", "mh")
    check_page(*BCG, "--tau2", "EE", "--by", "alloc")
    check_page(*BCG, "--profile", "revman5")
    check_absolute()
    check_hostile()
    check_absence()
    check_one_study()
    check_same_studies()
    print(f"{len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
