# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the text of `metapool explain` as a person with a calculator would.

Nothing of the analysis is known here but what the text shows: every line is computed from the
numbers that it shows and must give the digits that it shows; every number in it must be the
one that its symbol was shown to be; every cell of a table must follow from the other cells by
the formula at its head, and every sum from its column.
"""
import math
import re

from worked_numbers import FUNCTIONS

TOKEN = re.compile(r"\s*(\d+\.?\d*(?:e[+-]?\d+)?|[A-Za-z][A-Za-z0-9_]*|[-+*/^(),])")


class Mistake(Exception):
    pass


class Reader:
    """A formula as nested tuples: ("number", text), ("symbol", name), (operator, parts...)."""

    def __init__(self, text):
        self.tokens, at = [], 0
        text = text.strip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if not match:
                raise Mistake(f"cannot read {text[at:]!r}")
            self.tokens.append(match[1])
            at = match.end()
        self.at = 0

    def next(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted):
        if self.next() in wanted:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def sum(self):
        left = self.product()
        while (sign := self.take("+", "-")):
            left = (sign, left, self.product())
        return left

    def product(self):
        left = self.unary()
        while (sign := self.take("*", "/")):
            left = (sign, left, self.unary())
        return left

    def unary(self):
        if self.take("-"):
            return ("negative", self.unary())
        left = self.atom()
        return ("^", left, self.unary()) if self.take("^") else left

    def atom(self):
        if self.take("("):
            inside = self.sum()
            self.close()
            return inside
        token = self.next()
        self.at += 1
        if token[:1].isdigit():
            return ("number", token)
        if not token[:1].isalpha():
            raise Mistake(f"{token!r} in place of a value")
        if not self.take("("):
            return ("symbol", token)
        parts = [self.sum()]
        while self.take(","):
            parts.append(self.sum())
        self.close()
        return ("call", token, *parts)

    def close(self):
        if not self.take(")"):
            raise Mistake("a parenthesis is not closed")


def read(text):
    reader = Reader(text)
    tree = reader.sum()
    if reader.next():
        raise Mistake(f"{reader.next()!r} after the end of a formula")
    return tree


def value(tree, names):
    kind = tree[0]
    if kind == "number":
        return float(tree[1])
    if tree[:2] == ("call", "sum_g"):
        if unparse(tree[2]) not in names["sum_g"]:
            raise Mistake(f"no table has the sum of {unparse(tree[2])} in each cluster")
        return float(names["sum_g"][unparse(tree[2])])
    if kind == "symbol":
        if tree[1] not in names:
            raise Mistake(f"{tree[1]} has not been shown")
        return names[tree[1]]
    if kind == "negative":
        return -value(tree[1], names)
    if kind == "call":
        return FUNCTIONS[tree[1]](*(value(part, names) for part in tree[2:]))
    a, b = value(tree[1], names), value(tree[2], names)
    return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b,
            "^": lambda: a ** b}[kind]()


def size(tree):
    """The largest of the numbers that a formula adds up."""
    if tree[0] in "+-":
        return max(size(tree[1]), size(tree[2]))
    if tree[0] == "/":
        return size(tree[1]) / abs(value(tree[2], {}))
    return abs(value(tree, {}))


def unit(number, digits):
    """One in the last of so many significant digits."""
    return 10.0 ** (math.floor(math.log10(abs(number))) - digits + 1) if number else 0.0


def significant(text):
    digits = re.sub(r"e.*|[-.]", "", text).lstrip("0")
    return len(digits)


def is_number(text):
    return re.fullmatch(r"\(?-?\d+\.?\d*(e[+-]?\d+)?\)?", text.strip()) is not None


class Solution:
    """What has been shown so far, and what was wrong with it."""

    def __init__(self, digits):
        self.digits = digits
        self.shown = {}    # symbol -> text of its value
        self.formula = {}  # symbol -> text of its formula
        self.sums = {}     # formula of a column -> text of its sum
        self.members = {}  # cluster -> formula of a column -> text of its sum there
        self.mistakes = []
        self.scalars = set()  # symbols that the next table takes from the line above it
        self.lines = self.cells = 0
        self.values = {}   # symbol -> every value that a line gave it, in order
        self.columns = {}  # name of a column -> its cells in the last table that has it

    def names(self):
        return {name: float(text) for name, text in self.shown.items()}

    def close(self, computed, text, digits=None):
        number = float(text)
        if number == 0.0:
            return abs(computed) < 1e-12
        return abs(computed - number) <= 0.5 * unit(number, digits or self.digits) * (1 + 1e-7)

    def same_number(self, a, b):
        """Two ways to show one number: the one with fewer digits decides."""
        x, y = float(a), float(b)
        if x == 0.0 or y == 0.0:
            return x == y
        fewer = max(self.digits, min(significant(a), significant(b)))
        return abs(x - y) <= 0.501 * unit(x, fewer)

    def check_leaf(self, leaf, number):
        """A number in the place of a symbol or a sum."""
        if leaf[0] == "symbol":
            known = self.shown.get(leaf[1])
            what = leaf[1]
        else:
            what = unparse(leaf)
            known = self.sums.get(unparse(leaf[2]))
        if known is None:
            raise Mistake(f"{what} has not been shown")
        if not self.same_number(known, number):
            raise Mistake(f"{what} is {known}, not {number}")

    def compare(self, symbols, numbers):
        """The formula in symbols and the one in numbers are one."""
        if symbols[0] == "symbol" or symbols[:2] == ("call", "sum"):
            sign = ""
            if numbers[0] == "negative":
                sign, numbers = "-", numbers[1]
            if numbers[0] != "number":
                raise Mistake(f"no number stands for {unparse(symbols)}")
            self.check_leaf(symbols, sign + numbers[1])
            return
        if symbols[0] != numbers[0] or len(symbols) != len(numbers):
            # -a * b is (-a) * b to a reader: move the sign as symbols have it.
            raise Mistake(f"{unparse(symbols)} is not {unparse(numbers)}")
        for a, b in zip(symbols[1:], numbers[1:]):
            if isinstance(a, tuple):
                self.compare(a, b)
            elif a != b:
                raise Mistake(f"{a} is not {b}")

    def leaf_value(self, tree):
        """The value of a formula whose numbers are not spelled out."""
        if tree[:2] == ("call", "sum"):
            key = unparse(tree[2])
            if key not in self.sums:
                raise Mistake(f"no table has the sum of {key}")
            return float(self.sums[key])
        return value(tree, self.names())

    def line(self, text):
        parts = [part.strip() for part in text.split(" = ")]
        self.lines += 1
        if len(parts) < 2 or not is_number(parts[-1]):
            raise Mistake("not a line of a solution")
        name, result = parts[0], parts[-1].strip("()")
        if len(parts) == 4:
            numbers = read(parts[2])
            self.compare(read(parts[1]), numbers)
            computed = value(numbers, {})
            zero = float(result) == 0.0 and abs(computed) <= 1e-14 * size(numbers)
            if not (zero or self.close(computed, result)):
                raise Mistake(f"the numbers give {computed!r}, the line {result}")
        elif len(parts) == 3:
            tree = read(parts[1])
            computed = self.leaf_value(tree)
            leaf = tree[0] == "symbol" or tree[:2] == ("call", "sum")
            if not (self.close(computed, result) or leaf and
                    self.same_number(repr(computed), result)):
                raise Mistake(f"the formula gives {computed!r}, the line {result}")
        if len(parts) > 2:
            self.formula[name] = parts[1]
        self.shown[name] = result
        self.values.setdefault(name, []).append(float(result))

    def table(self, head, labels, rows, total):
        heads = {text.split(" = ")[0] for text in head[1:]}
        columns = [self.column(text, heads) for text in head[1:]]
        self.scalars = set()
        for label, cells in zip(labels, rows):
            self.row(columns, cells, rows, self.members.get(label))
        for c, (name, _) in enumerate(columns):
            self.columns[name] = [float(cells[c]) for cells in rows]
        if total:
            for c, text in enumerate(total):
                if text:
                    self.total(columns[c], [row[c] for row in rows], text)

    def column(self, text, heads):
        """Name and formula of a column. That of a bare name was shown for one study, and
        holds where the table has all that it is made of."""
        parts = text.split(" = ")
        if len(parts) == 2:
            return parts[0], read(parts[1])
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*_[ig]", text):
            return None, read(text)
        made = self.formula.get(text[:-2])
        tree = read(made) if made else None
        parts = symbols(tree) - self.scalars if tree else {""}
        made = parts and all(name + "_i" in heads for name in parts)
        return text, tree if made else None

    def groups(self, table):
        """The studies of each cluster and, where there are several, their sums."""
        heads = {text.split(" = ")[0] for text in table.head[1:]}
        columns = [self.column(text, heads) for text in table.head[1:]]
        ends = [begin for _, begin, _ in table.groups[1:]] + [len(table.rows)]
        for (name, begin, total), end in zip(table.groups, ends):
            rows = table.rows[begin:end]
            self.members[name] = {}
            for c, text in enumerate(rows[0] if len(rows) == 1 else total):
                if text and len(rows) > 1:
                    self.total(columns[c], [row[c] for row in rows], text, True)
                for key in keys(columns[c]) if text else ():
                    self.members[name][key] = text

    def row(self, columns, cells, rows, members):
        names = self.names()
        names["sum_g"] = members or {}
        for (name, _), cell in zip(columns, cells):
            if name:
                names[name] = names[name[:-2]] = float(cell)
        for c, ((name, tree), cell) in enumerate(zip(columns, cells)):
            if tree is None:
                continue
            self.cells += 1
            decimals = most_decimals(row[c] for row in rows)
            computed = value(tree, names)
            slack = 0.0
            if tree[:2] == ("call", "sum_g"):  # rounded where it was shown first
                slack = 0.5 * last_place(members[unparse(tree[2])])
            if abs(computed - float(cell)) > 0.5 * 10.0 ** -decimals * (1 + 1e-7) + \
                    (1e-13 if "e" in cell else 2e-15) * abs(computed) + slack:
                raise Mistake(f"{name or unparse(tree)}: the row gives {computed!r}, "
                              f"the cell is {cell}")

    def total(self, column, cells, text, part=False):
        self.cells += 1
        computed = math.fsum(map(float, cells))
        decimals = most_decimals(cells)
        rounding = max(len(cells) * 10.0 ** -decimals, 1e-10 * max(abs(float(c)) for c in cells))
        zero = text == "0" and abs(computed) <= rounding
        if not (zero or self.close(computed, text)):
            raise Mistake(f"the column {column[0] or unparse(column[1])} sums to "
                          f"{computed!r}, not {text}")
        for key in () if part else keys(column):
            self.sums[key] = text


def keys(column):
    return {column[0], unparse(column[1]) if column[1] else column[0]}


def most_decimals(cells):
    """Decimals of a column. A number with a power of ten has all its digits instead, of
    which a power of e leaves the last ones to the rounding of its argument."""
    return max((len(cell.partition(".")[2]) for cell in cells if "e" not in cell), default=0)


def last_place(text):
    """One in the last digit of a number as it is written."""
    digits, _, power = text.partition("e")
    return 10.0 ** (int(power or 0) - len(digits.partition(".")[2]))


def symbols(tree):
    if tree[0] == "symbol":
        return {tree[1]}
    return set().union(*(symbols(part) for part in tree[1:] if isinstance(part, tuple)))


def unparse(tree):
    kind = tree[0]
    if kind in ("number", "symbol"):
        return tree[1]
    if kind == "negative":
        return f"(-{unparse(tree[1])})"
    if kind == "call":
        return f"{tree[1]}({', '.join(map(unparse, tree[2:]))})"
    return f"({unparse(tree[1])} {kind} {unparse(tree[2])})"


RULE = re.compile(r"-+(?:  -+)+")


def unwrap(text):
    """The text with a formula that stands on several lines on one."""
    joined = []
    for line in text.splitlines():
        if re.match(r" {4,}\S", line) and joined and re.match(r"  \S.* = ", joined[-1]):
            joined[-1] += " " + line.strip()
        elif joined and re.match(r"With .*,$", joined[-1]):
            joined[-1] += " " + line
        else:
            joined.append(line)
    return "\n".join(joined) + "\n"


class Block:
    """A table, or as many of its columns as stand beside each other. The rule below the heads
    has a dash for every place of a column."""

    def __init__(self, lines):
        top = next(i for i, line in enumerate(lines) if RULE.fullmatch(line))
        self.spans = [match.span() for match in re.finditer("-+", lines[top])]
        self.head = [" ".join(filter(None, (line[start:end].strip() for line in lines[:top])))
                     for start, end in self.spans]
        body, self.total = lines[top + 1:], None
        rules = [i for i, line in enumerate(body) if RULE.fullmatch(line)]
        if rules:
            self.total = self.cut(body[rules[0] + 1])
            if self.total[0] != "sum" or len(body) != rules[0] + 2:
                raise Mistake("no line of sums below a table")
            self.total, body = self.total[1:], body[:rules[0]]
        self.labels, self.rows, self.groups = [], [], []
        for line in body:
            self.line(line)

    def line(self, line):
        """A row, the name of the rows that follow, or the sums of those before."""
        if len(line) <= self.spans[0][1]:
            self.groups.append([line, len(self.rows), None])
        elif line.startswith("  sum ") and self.groups and \
                len(self.rows) > self.groups[-1][1] + 1:
            self.groups[-1][2] = self.cut(line)[1:]
        else:
            self.rows.append(line.split()[1 - len(self.spans):])
            self.labels.append(line.rsplit(None, len(self.spans) - 1)[0])

    def subtotals(self, g):
        return self.groups[g][2] or [""] * (len(self.head) - 1)

    def cut(self, line):
        return [line[start:end].strip() for start, end in self.spans]

    def add(self, other):
        """Further columns of the same rows."""
        if other.labels != self.labels:
            raise Mistake("further columns of other rows")
        if self.total or other.total:
            self.total = ((self.total or [""] * (len(self.head) - 1)) +
                          (other.total or [""] * (len(other.head) - 1)))
        for g, group in enumerate(self.groups):
            group[2] = self.subtotals(g) + other.subtotals(g)
        self.head += other.head[1:]
        self.rows = [a + b for a, b in zip(self.rows, other.rows)]


def paragraph(lines, at):
    """The lines up to the next that is empty."""
    end = at
    while end < len(lines) and lines[end].strip():
        end += 1
    return lines[at:end]


def read_table(lines, at):
    """The table that begins here, with its further columns, and where it ends."""
    part = paragraph(lines, at)
    table, at = Block(part), at + len(part)
    while lines[at + 1:at + 2] == ["Further columns:"]:
        part = paragraph(lines, at + 3)
        table.add(Block(part))
        at += 3 + len(part)
    return table, at


def read_solution(text, digits=6):
    """Check a whole text. @return the Solution"""
    solution = Solution(digits)
    lines = unwrap(text).splitlines()
    at = 0
    while at < len(lines):
        line = lines[at]
        try:
            if line.startswith("Internal error"):
                raise Mistake("an internal error")
            if any(RULE.fullmatch(part) for part in paragraph(lines, at)):
                table, at = read_table(lines, at)
                solution.table(table.head, table.labels, table.rows, table.total)
                solution.groups(table)
                continue
            if line.startswith("With ") and line.endswith(":"):
                for part in line[5:-1].split(", "):
                    name, number = part.split(" = ")
                    solution.shown[name] = number
                    solution.scalars.add(name)
            elif re.match(r"  \S", line) and " = " in line:
                solution.line(line.strip())
        except (Mistake, ValueError, ZeroDivisionError, OverflowError, KeyError) as mistake:
            solution.mistakes.append(f"{mistake}: {line.strip()}")
        at += 1
    return solution
