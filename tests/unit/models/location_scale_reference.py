#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes location_scale_reference.h: location-scale models at 40 digits.

The likelihood as it stands in the definition, with the full matrix P and no profile
identities; its maximum by Newton's method with central differences of step 1e-12 at 60
digits. metafor 3.8-1, rma(yi, vi, mods, scale, control = list(optimizer = "BFGS",
reltol = 1e-15)), agrees to the digits at which it stops (beta 7, alpha 6, se 5, logLik
10): BCG REML ~ablat, scale ~ablat: beta 0.2514760 -0.02911052, alpha -2.542501
-0.0007301419, se 3.4199 0.079577, logLik -8.087277925238.

    python3 location_scale_reference.py > location_scale_reference.h
"""
from mpmath import mp, mpf, matrix, log, exp, pi, det, diag, sqrt, lu_solve

mp.dps = 60

# Log risk ratios of BCG vaccine (Colditz et al. 1994): tpos, tneg, cpos, cneg, absolute
# latitude, allocation (0 alternate, 1 random, 2 systematic).
BCG = [(4, 119, 11, 128, 44, 1), (6, 300, 29, 274, 55, 1), (3, 228, 11, 209, 42, 1),
       (62, 13536, 248, 12619, 52, 1), (33, 5036, 47, 5761, 13, 0),
       (180, 1361, 372, 1079, 44, 0), (8, 2537, 10, 619, 19, 1),
       (505, 87886, 499, 87892, 13, 1), (29, 7470, 45, 7232, 27, 1),
       (17, 1699, 65, 1600, 42, 2), (186, 50448, 141, 27197, 18, 2),
       (5, 2493, 3, 2338, 33, 2), (27, 16886, 29, 17825, 33, 2)]


def effect(a, b, c, d):
    """yi and vi as doubles: the case is about exactly these."""
    n1, n2 = mpf(a + b), mpf(c + d)
    return (mpf(float(log((a / n1) / (c / n2)))),
            mpf(float(1 / mpf(a) - 1 / n1 + 1 / mpf(c) - 1 / n2)))


class Model:
    def __init__(self, y, v, x, z, restricted, gone):
        self.gone = gone
        self.y, self.v = matrix(y), v
        self.x, self.z, self.restricted = matrix(x), matrix(z), restricted

    def loglik(self, alpha):
        k, p = self.x.rows, self.x.cols
        eta = self.z * matrix(alpha)
        s = [self.v[i] + (0 if i in self.gone else exp(eta[i])) for i in range(k)]
        w = diag([1 / t for t in s])
        m = self.x.T * w * self.x
        self.cov = m ** -1
        self.beta = self.cov * (self.x.T * w * self.y)
        r = self.y - self.x * self.beta
        total = sum(log(t) for t in s) + (r.T * w * r)[0]
        n = k
        if self.restricted:
            n = k - p
            total += log(det(m)) - log(det(self.x.T * self.x))
        return -(n * log(2 * pi) + total) / 2

    def derivatives(self, alpha):
        q, h = len(alpha), mpf(10) ** -12
        def at(*steps):
            a = list(alpha)
            for i, s in steps:
                a[i] += s * h
            return self.loglik(a)
        middle = at()
        g = [(at((i, 1)) - at((i, -1))) / (2 * h) for i in range(q)]
        H = matrix(q, q)
        for i in range(q):
            H[i, i] = (at((i, 1)) - 2 * middle + at((i, -1))) / h ** 2
            for j in range(i):
                H[i, j] = H[j, i] = (at((i, 1), (j, 1)) - at((i, 1), (j, -1))
                                     - at((i, -1), (j, 1)) + at((i, -1), (j, -1))) / (4 * h * h)
        return g, H

    def maximize(self, alpha):
        alpha = [mpf(a) for a in alpha]
        for _ in range(60):
            g, H = self.derivatives(alpha)
            step = lu_solve(H, matrix([-t for t in g]))
            size = max(abs(t) for t in step)
            shrink = min(mpf(1), 1 / size)
            alpha = [a + shrink * t for a, t in zip(alpha, step)]
            if size < mpf(10) ** -22:
                break
        _, H = self.derivatives(alpha)
        assert all(H[i, i] < 0 for i in range(len(alpha)))
        ll = self.loglik(alpha)
        return alpha, (-H) ** -1, ll


def number(t):
    return mp.nstr(mpf(t), 20, min_fixed=0, max_fixed=0)


def case(name, y, v, x, z, restricted, start, gone=()):
    model = Model(y, v, x, z, restricted, gone)
    alpha, cov, ll = model.maximize(start)
    p, q = len(x[0]), len(z[0])
    def line(field, values):
        print(f"     .{field} = {{{', '.join(number(t) for t in values)}}},")
    print(f"    {{.name = \"{name}\", .k = {len(y)}, .p = {p}, .q = {q},"
          f" .restricted = {str(restricted).lower()},")
    line("y", y)
    line("v", v)
    line("x", [t for row in x for t in row])
    line("z", [t for row in z for t in row])
    line("beta", model.beta)
    line("vcov_beta", [model.cov[i, j] for i in range(p) for j in range(p)])
    line("alpha", alpha)
    line("vcov_alpha", [cov[i, j] for i in range(q) for j in range(q)])
    print(f"     .loglik = {number(ll)}}},")


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* Made by location_scale_reference.py; do not edit. */")
    print("/* clang-format off */")
    print("static const scale_case scale_cases[] = {")
    y, v = zip(*[effect(*row[:4]) for row in BCG])
    latitude = [[1, row[4]] for row in BCG]
    groups = [[1, int(row[5] == 1), int(row[5] == 2)] for row in BCG]
    ones = [[1] for _ in BCG]
    for restricted, name in ((False, "ML"), (True, "REML")):
        case(f"latitude twice, {name}", y, v, latitude, latitude, restricted, (-2.5, 0))
        case(f"allocation, {name}", y, v, ones, groups, restricted, (-2.6, 1.7, 1.5))
        case(f"one variance, {name}", y, v, ones, ones, restricted, (-1.2,))
    far = [[1, row[4] + 100000] for row in BCG]
    case("columns far from 0", y, v, far, latitude, True, (-2.5, 0))
    # The limit in which the last four studies, alike by far, have no tau2.
    y = [mpf(float(t)) for t in (0.1, 0.9, -0.5, 1.4, 0.30, 0.31, 0.29, 0.305)]
    v = [mpf(float(t)) for t in (.04, .05, .03, .06, .04, .05, .03, .06)]
    case("the last four vanish", y, v, [[1]] * 8, [[1]] * 8, True, (-0.6,), (4, 5, 6, 7))
    print("};")
    print("/* clang-format on */")


main()
