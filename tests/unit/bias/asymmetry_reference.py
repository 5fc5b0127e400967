#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes asymmetry_reference.h: tests of funnel asymmetry from their definitions.

Weighted least squares, the residual moment estimator of tau2, the non-central
hypergeometric distribution by plain sums, Kendall's S with its variance under ties, and
the exact distribution of inversions in whole numbers; all at 50 digits, from the counts
and means themselves. No metapool code is used. R 4.2.2 gives the same (checked once, to
1e-9): summary(lm(y ~ x, weights = w)), cor.test(method = "kendall"), and metafor 3.8-1
rma(y, v, mods = ~ x, method = "DL", test = "t").

    python3 asymmetry_reference.py > asymmetry_reference.h
"""
import math
from mpmath import mp, mpf, sqrt, log, gamma, betainc, erfc, binomial, asin, nstr

mp.dps = 50

# dat.bcg: events and non-events of vaccinated and control (Colditz et al. 1994).
BCG = [(4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619),
       (33, 5036, 47, 5761), (180, 1361, 372, 1079), (8, 2537, 10, 619),
       (505, 87886, 499, 87892), (29, 7470, 45, 7232), (17, 1699, 65, 1600),
       (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825)]
# Sparse: empty cells, a study without events and one with nothing else.
SPARSE = [(0, 20, 3, 17), (1, 39, 4, 36), (0, 15, 0, 15), (2, 98, 9, 91), (5, 45, 5, 45),
          (8, 0, 9, 0), (1, 11, 2, 10), (12, 188, 20, 180), (0, 30, 2, 26), (3, 57, 1, 59)]
# Two groups of means (n, mean, sd), as dat.normand1999 has them.
MEANS = [(155, 55, 47, 156, 75, 64), (31, 27, 7, 32, 29, 4), (75, 64, 17, 71, 119, 29),
         (18, 66, 20, 18, 137, 48), (8, 14, 8, 13, 18, 11), (57, 19, 7, 52, 18, 4),
         (34, 52, 45, 33, 41, 34), (110, 21, 16, 183, 31, 27), (60, 30, 27, 52, 23, 20)]


def log_odds_ratio(t):
    a, b, c, d = (mpf(n) + (mpf("0.5") if 0 in t else 0) for n in t)
    return log(a * d / (b * c))


def t_p(t, df):
    x = df / (df + t * t)
    return betainc(mpf(df) / 2, mpf(1) / 2, 0, x, regularized=True)


def normal_p(z):
    return erfc(abs(z) / sqrt(mpf(2)))


def line(y, x, w):
    """Intercept, slope, (X'WX)^-1 as s00, s01, s11, and the weighted residual sum."""
    W, Wx = sum(w), sum(a * b for a, b in zip(w, x))
    Wxx = sum(a * b * b for a, b in zip(w, x))
    Wy, Wxy = sum(a * b for a, b in zip(w, y)), sum(a * b * c for a, b, c in zip(w, x, y))
    det = W * Wxx - Wx * Wx
    b0, b1 = (Wxx * Wy - Wx * Wxy) / det, (W * Wxy - Wx * Wy) / det
    rss = sum(a * (c - b0 - b1 * b) ** 2 for a, b, c in zip(w, x, y))
    return b0, b1, Wxx / det, -Wx / det, W / det, rss


def lm(y, x, w):
    k = len(y)
    b0, b1, s00, _, s11, rss = line(y, x, w)
    s2 = rss / (k - 2)
    return k, b1, sqrt(s2 * s11), k - 2, b0, sqrt(s2 * s00), s2, None


def moments(y, x, v):
    """Residual moment estimator: (Q - (k - 2)) / (sum w - tr((X'WX)^-1 X'W^2 X))."""
    k, w = len(y), [1 / a for a in v]
    _, _, s00, s01, s11, Q = line(y, x, w)
    w2 = [a * a for a in w]
    m00, m01 = sum(w2), sum(a * b for a, b in zip(w2, x))
    m11 = sum(a * b * b for a, b in zip(w2, x))
    tau2 = (Q - (k - 2)) / (sum(w) - s00 * m00 - 2 * s01 * m01 - s11 * m11)
    tau2 = max(mpf(0), tau2)
    b0, b1, s00, _, s11, _ = line(y, x, [1 / (a + tau2) for a in v])
    return k, b1, sqrt(s11), k - 2, b0, sqrt(s00), None, tau2


def informative(tables):
    return [t for t in tables if 0 < t[0] + t[2] < sum(t)]


def score(t):
    """O - E of group 1 and its hypergeometric variance."""
    a, b, c, d = map(mpf, t)
    n1, n2, X, M, N = a + b, c + d, a + c, b + d, a + b + c + d
    return a - n1 * X / N, n1 * n2 * X * M / (N * N * (N - 1))


def kendall(x, y):
    sign = lambda a, b: (a > b) - (a < b)
    n = len(x)
    S = sum(sign(x[i], x[j]) * sign(y[i], y[j]) for i in range(n) for j in range(i))

    def ties(values):
        return [values.count(a) for a in set(values) if values.count(a) > 1]
    tx, ty = ties(x), ties(y)
    v = mpf(n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in tx + ty)) / 18
    two = lambda g: sum(t * (t - 1) for t in g)
    three = lambda g: sum(t * (t - 1) * (t - 2) for t in g)
    v += mpf(two(tx) * two(ty)) / (2 * n * (n - 1))
    v += mpf(three(tx) * three(ty)) / (9 * n * (n - 1) * (n - 2))
    pairs = n * (n - 1)
    tau = 2 * S / sqrt(mpf(pairs - two(tx)) * (pairs - two(ty)))
    return tau, S / sqrt(v)


def given_margins(t, odds_ratio):
    """Mean and variance of the events of group 1."""
    a, b, c, d = t
    n1, n2, s = a + b, c + d, a + c
    p = {u: binomial(n1, u) * binomial(n2, s - u) * odds_ratio ** u
         for u in range(max(0, s - n2), min(n1, s) + 1)}
    total = sum(p.values())
    mean = sum(u * q for u, q in p.items()) / total
    return mean, sum((u - mean) ** 2 * q for u, q in p.items()) / total


def schwarzer(tables):
    tables = informative(tables)
    R = sum(mpf(a * d) / (a + b + c + d) for a, b, c, d in tables)
    S = sum(mpf(b * c) / (a + b + c + d) for a, b, c, d in tables)
    deviates, sizes = [], []
    for t in tables:
        mean, v = given_margins(t, R / S)
        deviates.append((t[0] - mean) / sqrt(v))
        sizes.append(1 / v)
    tau, z = kendall(deviates, sizes)
    return len(tables), tau, z


def slopes(tables):
    some = informative(tables)
    y = [log_odds_ratio(t) for t in some]
    n = [mpf(sum(t)) for t in some]
    pooled = [1 / (1 / mpf(t[0] + t[2]) + 1 / mpf(t[1] + t[3])) for t in some]
    scores = [score(t) for t in some]
    yield "PETERS", lm(y, [1 / a for a in n], pooled)
    yield "MACASKILL", lm(y, n, pooled)[:4] + (None, None) + lm(y, n, pooled)[6:]
    yield "HARBORD", lm([z / v for z, v in scores], [1 / sqrt(v) for _, v in scores],
                        [v for _, v in scores])
    all_y = [log_odds_ratio(t) for t in tables]
    ess = [4 * mpf(t[0] + t[1]) * (t[2] + t[3]) / sum(t) for t in tables]
    yield "DEEKS", lm(all_y, [1 / sqrt(e) for e in ess], ess)
    corrected = [[mpf(a) + (mpf("0.5") if 0 in t else 0) for a in t] for t in tables]
    v = [sum(1 / a for a in t) for t in corrected]
    yield "THOMPSON", moments(all_y, [sqrt(a) for a in v], v)
    arc = [asin(sqrt(mpf(t[0]) / (t[0] + t[1]))) - asin(sqrt(mpf(t[2]) / (t[2] + t[3])))
           for t in tables]
    v = [1 / (4 * mpf(t[0] + t[1])) + 1 / (4 * mpf(t[2] + t[3])) for t in tables]
    yield "RUCKER", moments(arc, [sqrt(a) for a in v], v)


def hedges(n1, m1, s1, n2, m2, s2):
    m = n1 + n2 - 2
    s = sqrt(((n1 - 1) * mpf(s1) ** 2 + (n2 - 1) * mpf(s2) ** 2) / m)
    return gamma(mpf(m) / 2) / (sqrt(mpf(m) / 2) * gamma(mpf(m - 1) / 2)) * (m1 - m2) / s


def pustejovsky():
    """Large-sample variances: W + g^2 / (2 N)."""
    g = [hedges(*r) for r in MEANS]
    W = [1 / mpf(r[0]) + 1 / mpf(r[3]) for r in MEANS]
    v = [w + a * a / (2 * (r[0] + r[3])) for w, a, r in zip(W, g, MEANS)]
    return lm(g, [sqrt(a) for a in W], [1 / a for a in v])


def number(x):
    return "(double)NAN" if x is None else nstr(x, 20)


def case(name, data, test, figures):
    k, b1, se, df, b0, se0, s2, tau2 = figures
    t = b1 / se
    values = [b1, se, t, mpf(df), t_p(t, df), b0, se0, s2, tau2]
    print(f'    {{"{name}", {data}, MTP_ASYMMETRY_{test}, {k}, '
          + ", ".join(number(v) for v in values) + "},")


def inversions(n):
    counts = [1]
    for i in range(2, n + 1):
        grown, window = [], 0
        for j in range(len(counts) + i - 1):
            window += counts[j] if j < len(counts) else 0
            window -= counts[j - i] if j >= i else 0
            grown.append(window)
        counts = grown
    return counts


def exact(n, discordant):
    """Twice the smaller tail."""
    counts = inversions(n)
    tail = 2 * mpf(sum(counts[:min(discordant, n * (n - 1) // 2 - discordant) + 1])) / math.factorial(n)
    tail = min(mpf(1), tail)
    p = nstr(tail, 20) if tail > mpf(10) ** -320 else "0.0"  # below the smallest double
    print(f"    {{{n}, {discordant}.0, {p}, {nstr(log(tail), 20)}}},")


def tables_of(name, tables):
    for g, (x, n) in enumerate((((0, 0), (0, 1)), ((2, 2), (2, 3)))):
        print(f"static const double {name}_events{g + 1}[] = "
              f"{{{', '.join(str(t[x[0]]) for t in tables)}}};")
        print(f"static const double {name}_n{g + 1}[] = "
              f"{{{', '.join(str(t[n[0]] + t[n[1]]) for t in tables)}}};")


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* Made by asymmetry_reference.py; do not edit. */")
    print("/* clang-format off */")
    print("#include <math.h>\n#include <stddef.h>\n")
    print("typedef struct kendall_case { size_t n; double discordant, p, log_p; } "
          "kendall_case;")
    print("static const kendall_case kendall_exact[] = {")
    for n, q in ((3, 0), (4, 2), (5, 5), (13, 38), (37, 285), (52, 760), (60, 10),
                 (200, 0), (200, 9000), (250, 3)):
        exact(n, q)
    print("};")
    tau, z = kendall([1, 2, 2, 3, 4, 4], [1, 3, 2, 3, 3, 5])
    print(f"#define KENDALL_TIES_TAU {nstr(tau, 20)}\n#define KENDALL_TIES_Z {nstr(z, 20)}")
    print("#ifdef METAPOOL_BIAS_H")
    tables_of("bcg", BCG)
    tables_of("sparse", SPARSE)
    for i, what in enumerate(("n1", "mean1", "sd1", "n2", "mean2", "sd2")):
        print(f"static const double means_{what}[] = "
              f"{{{', '.join(str(r[i]) for r in MEANS)}}};")
    print("typedef enum asymmetry_data { DATA_BCG, DATA_SPARSE, DATA_MEANS } asymmetry_data;")
    print("typedef struct slope_case { const char *name; asymmetry_data data; "
          "mtp_asymmetry_test test; size_t k; double estimate, se, statistic, df, p, "
          "limit, limit_se, dispersion, tau2; } slope_case;")
    print("static const slope_case slope_cases[] = {")
    for data, tables in (("BCG", BCG), ("SPARSE", SPARSE)):
        for test, figures in slopes(tables):
            case(f"{test.lower()}, {data.lower()}", f"DATA_{data}", test, figures)
    case("pustejovsky", "DATA_MEANS", "PUSTEJOVSKY", pustejovsky())
    print("};")
    print("typedef struct rank_case { asymmetry_data data; size_t k; double tau, z, p; } "
          "rank_case;")
    print("static const rank_case schwarzer_cases[] = {")
    for data, tables in (("BCG", BCG), ("SPARSE", SPARSE)):
        k, tau, z = schwarzer(tables)
        print(f"    {{DATA_{data}, {k}, {nstr(tau, 20)}, {nstr(z, 20)}, "
              f"{nstr(normal_p(z), 20)}}},")
    print("};")
    print("#endif")


if __name__ == "__main__":
    main()
