#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""PNG and PDF are the SVG: sizes, colours, words; and what is said where they cannot be.

usage: check_pictures.py METAPOOL SOURCE_DIR yes|no   (whether it was built with librsvg)
"""
import os
import re
import struct
import subprocess
import sys
import tempfile
import zlib
from xml.etree import ElementTree

METAPOOL, SOURCE = (os.path.abspath(a) for a in sys.argv[1:3])
FOREST = ["plot", "forest", os.path.join(SOURCE, "datasets/nrm2024/studies.csv"), "--measure",
          "PLO", "--events", "deaths", "--n", "patients", "--study", "study"]
SVG = "{http://www.w3.org/2000/svg}"
failures = []


def expect(what, true):
    if not true:
        failures.append(what)
        print("FAILED", what)


def run(*words, **env):
    """Draws the forest plot; its output and messages, and the status."""
    return subprocess.run([METAPOOL, *FOREST, *words], env=dict(os.environ, **env),
                          capture_output=True, timeout=300)


def made(*words, **env):
    done = run(*words, **env)
    expect(f"{words}: {done.stderr.decode()}", done.returncode == 0 and not done.stderr)
    return done.stdout


class Picture:
    """The pixels of a PNG of 8-bit colours."""

    def __init__(self, data):
        expect("the signature of PNG", data[:8] == b"\x89PNG\r\n\x1a\n")
        at, self.chunks = 8, {}
        while at < len(data):
            length, kind = struct.unpack_from(">I4s", data, at)
            body = data[at + 8:at + 8 + length]
            (crc,) = struct.unpack_from(">I", data, at + 8 + length)
            expect(f"the checksum of {kind}", crc == zlib.crc32(kind + body))
            self.chunks[kind] = self.chunks.get(kind, b"") + body
            at += 12 + length
        self.width, self.height, depth, color = struct.unpack(
            ">IIBB", self.chunks[b"IHDR"][:10])
        expect("8-bit colours without transparency", (depth, color) == (8, 2))

    def read(self):
        """Undo the filters of each row (ISO/IEC 15948:2004, 9)."""
        raw = zlib.decompress(self.chunks[b"IDAT"])
        pitch = 3 * self.width
        before, self.rows = bytearray(pitch), []
        for y in range(self.height):
            start = y * (pitch + 1)
            how, row = raw[start], bytearray(raw[start + 1:start + 1 + pitch])
            for i in range(pitch if how else 0):
                left = row[i - 3] if i >= 3 else 0
                up, corner = before[i], before[i - 3] if i >= 3 else 0
                if how == 4:
                    guess = left + up - corner
                    near = [(abs(guess - v), n) for n, v in enumerate((left, up, corner))]
                    add = (left, up, corner)[min(near)[1]]
                else:
                    add = (0, left, up, (left + up) // 2)[how]
                row[i] = (row[i] + add) & 0xFF
            self.rows.append(row)
            before = row
        return self

    def color(self, x, y):
        return "#" + self.rows[int(y)][3 * int(x):3 * int(x) + 3].hex()


def number(text):
    return float(text.removesuffix("pt"))


def middle(points):
    """The centre of a polygon's corners."""
    corners = [tuple(map(float, p.split(","))) for p in points.split()]
    return [sum(c[i] for c in corners) / len(corners) for i in (0, 1)]


def check_png():
    svg = ElementTree.fromstring(made("--format", "svg"))
    width, height = number(svg.get("width")), number(svg.get("height"))
    for dpi in (40, 72):
        picture = Picture(made("--format", "png", "--dpi", str(dpi))).read()
        scale = dpi / 72
        expect(f"{dpi}: the size of the page",
               abs(picture.width - width * scale) < 1 and
               abs(picture.height - height * scale) < 1)
        per_metre = round(dpi / 0.0254)
        expect(f"{dpi}: the density",
               picture.chunks[b"pHYs"] == struct.pack(">IIB", per_metre, per_metre, 1))
        expect(f"{dpi}: a white page", picture.color(1, 1) == "#ffffff")
        diamond = svg.find(f".//{SVG}polygon[@class='diamond-random']")
        x, y = middle(diamond.get("points"))
        expect(f"{dpi}: the diamond", picture.color(x * scale, y * scale) == diamond.get("fill"))
        squares = svg.findall(f".//{SVG}rect[@class='square']")
        largest = max(squares, key=lambda square: float(square.get("width")))
        inside = [(float(largest.get(a)) + 0.25 * float(largest.get("width"))) * scale
                  for a in "xy"]
        expect(f"{dpi}: the largest square", picture.color(*inside) == largest.get("fill"))
    narrow = Picture(made("--format", "png", "--dpi", "72", "--width", "174"))
    expect("174 mm", abs(narrow.width - 174 / 25.4 * 72) < 1)
    done = run("--format", "png", "--dpi", "2400", "--width", "2000")
    expect("a png too large", done.returncode == 2 and b"write pdf" in done.stderr)


def pages_of(pdf):
    """How many pages the tree of a PDF counts, within compressed objects or not."""
    texts = [pdf]
    for body in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.S):
        try:
            texts.append(zlib.decompressobj().decompress(body))
        except zlib.error:
            pass
    return max(int(n) for text in texts for n in re.findall(rb"/Count (\d+)", text))


def check_pdf(folder):
    pdf = made("--format", "pdf")
    expect("one page", pages_of(pdf) == 1)
    # 52 studies are 428 mm long.
    paged = made("--format", "pdf", "--page-height", "297")
    expect("two pages", pages_of(paged) == 2)
    expect("pages in two runs", made("--format", "pdf", "--page-height", "297") == paged)
    expect("the signature of PDF", pdf.startswith(b"%PDF-"))
    expect("two runs", made("--format", "pdf") == pdf)
    expect("no date", b"CreationDate" not in pdf and b"ModDate" not in pdf)
    name = os.path.join(folder, "forest.PDF")
    made("--output", name, "--width", "174")
    with open(name, "rb") as file:
        box = re.search(rb"/MediaBox \[ 0 0 ([0-9.]+) ", file.read())
    expect("the page of 174 mm", abs(float(box[1]) - 174 / 25.4 * 72) < 0.01)


def check_fonts(folder):
    """Without fonts the figure is drawn, and a warning says what is missing."""
    empty = os.path.join(folder, "fonts.conf")
    with open(empty, "w", encoding="utf-8") as file:
        file.write(f'<?xml version="1.0"?><fontconfig><cachedir>{folder}</cachedir>'
                   "</fontconfig>")
    without = {"FONTCONFIG_FILE": empty}
    done = run("--format", "pdf", "--quiet", **without)
    expect("quiet without fonts", done.returncode == 0 and b"[font" not in done.stderr)
    done = run("--format", "pdf", **without)
    expect("the warning without fonts", done.returncode == 0 and
           b"there is no font at all; install" in done.stderr and
           b"[font_substituted]" in done.stderr)
    expect("svg needs no font", run("--format", "svg", **without).stderr == b"")


def check_broken_library(folder):
    with open(os.path.join(folder, "librsvg-2.so.2"), "w", encoding="utf-8") as file:
        file.write("no library\n")
    name = os.path.join(folder, "never.png")
    done = run("--output", name, LD_LIBRARY_PATH=folder)
    expect("a library that cannot be loaded", done.returncode == 2 and
           b"librsvg, which cannot be loaded" in done.stderr and
           b"or write svg" in done.stderr and not os.path.exists(name))


def check_without():
    for name in ("pdf", "png"):
        done = run("--format", name)
        expect(f"{name} without librsvg", done.returncode == 2 and not done.stdout and
               b"without librsvg: write svg" in done.stderr)


def main():
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[3] == "yes":
            check_png()
            check_pdf(folder)
            check_fonts(folder)
            if sys.platform == "linux":
                check_broken_library(folder)
        else:
            check_without()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
