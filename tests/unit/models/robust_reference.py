#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes robust_reference.h: cluster-robust variances from their definitions.

Every matrix is formed in full at 50 digits: H = X M X'W, the residual covariance
(I - H) V (I - H)', A_j = D_j'B_j^{+1/2} D_j by the eigenvalues of B_j, the degrees of
freedom of Bell and McCaffrey (2002) and the HTZ test of Pustejovsky and Tipton (2018),
doi:10.1080/07350015.2016.1247004, from the covariances of all pairs of clusters. No
metapool code is used. clubSandwich 0.5.8 gives the same (checked once, to 1e-9):
vcovCR(rma(y, v, mods, tau2 = 0), cluster, "CR2"), coef_test and Wald_test("HTZ").

    python3 robust_reference.py > robust_reference.h
"""
from mpmath import mp, mpf, matrix, eigsy, sqrt, diag, eye

mp.dps = 50
NOTHING = mpf(10) ** -12


def design(k, columns):
    """Columns of plain numbers, each exact in binary."""
    x = matrix(k, columns)
    for i in range(k):
        row = [1, (i * 7 % 12 - 5) / 4, 1 if i % 3 == 0 else 0, (i * 5 % 11) ** 2 / 16]
        for c in range(columns):
            x[i, c] = row[c]
    return x


CLUSTERS = [0, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 5, 5, 6, 7, 7, 7]
K = len(CLUSTERS)
Y = [mpf(i * i * 13 % 29 - 14) / 16 + mpf(CLUSTERS[i] * 5 % 7) / 8 for i in range(K)]
V = [mpf(1 + i * 11 % 17) / 64 for i in range(K)]


def root(a, power):
    """A symmetric matrix to a power; eigenvalues that vanish stay 0."""
    value, vector = eigsy(a)
    largest = max(abs(v) for v in value)
    f = [v ** power if v > NOTHING * largest else mpf(0) for v in value]
    return vector * diag(f) * vector.T, sum(not v > NOTHING * largest for v in value)


def rows_of(j):
    return [i for i in range(K) if CLUSTERS[i] == j]


def part(a, rows, columns):
    return matrix([[a[r, c] for c in columns] for r in rows])


class Fit:
    def __init__(self, x, cov, w):
        self.x, self.cov, self.w, self.p = x, cov, w, x.cols
        self.m = max(CLUSTERS) + 1
        self.M = (x.T * w * x) ** -1
        self.beta = self.M * x.T * w * matrix(Y)
        self.e = matrix(Y) - x * self.beta
        self.H = x * self.M * x.T * w
        self.rest = (eye(K) - self.H) * cov * (eye(K) - self.H).T
        self.singular = 0

    def score(self, j, adjust):
        """M X_j'W_j A_j as p by n_j, rows of the cluster."""
        rows = rows_of(j)
        every = range(self.p)
        w = part(self.w, rows, rows)
        g = self.M * part(self.x, rows, every).T * w
        if adjust:
            d, _ = root(part(self.cov, rows, rows), mpf(1) / 2)
            b, lost = root(d * part(self.rest, rows, rows) * d, mpf(-1) / 2)
            self.singular += lost > 0
            g = g * d * b * d
        return g

    def vcov(self, kind):
        total = matrix(self.p, self.p)
        self.singular = 0
        self.g = [self.score(j, kind == "cr2") for j in range(self.m)]
        for j in range(self.m):
            s = self.g[j] * matrix([self.e[i] for i in rows_of(j)])
            total += s * s.T
        return total * (mpf(self.m) / (self.m - self.p) if kind == "cr1" else 1)

    def covariances(self, a, b):
        """Cov(a'g_j e_j, b'g_l e_l) of all pairs of clusters, after vcov."""
        out = matrix(self.m, self.m)
        for j in range(self.m):
            for l in range(self.m):
                c = part(self.rest, rows_of(j), rows_of(l))
                out[j, l] = (a.T * self.g[j] * c * self.g[l].T * b)[0]
        return out

    def df(self, a):
        c = self.covariances(a, a)
        mean = sum(c[j, j] for j in range(self.m))
        return mean ** 2 / sum(x ** 2 for x in c)

    def htz(self, combinations):
        q = len(combinations)
        omega = matrix(q, q)
        for s in range(q):
            for t in range(q):
                c = self.covariances(combinations[s], combinations[t])
                omega[s, t] = sum(c[j, j] for j in range(self.m))
        scale, _ = root(omega, mpf(-1) / 2)
        star = [sum((scale[s, t] * combinations[t] for t in range(q)),
                    matrix(self.p, 1)) for s in range(q)]
        pair = [[self.covariances(star[s], star[t]) for t in range(q)] for s in range(q)]
        total = mpf(0)
        for s in range(q):
            for t in range(q):
                for j in range(self.m):
                    for l in range(self.m):
                        total += pair[s][s][j, l] * pair[t][t][j, l]
                        total += pair[s][t][j, l] * pair[t][s][j, l]
        eta = q * (q + 1) / total
        V = self.vcov("cr2")
        L = matrix([[c[i] for i in range(self.p)] for c in combinations])
        b = L * self.beta
        Q = (b.T * (L * V * L.T) ** -1 * b)[0]
        return (eta - q + 1) / (eta * q) * Q, eta - q + 1


def number(x):
    return mp.nstr(mpf(x), 20, min_fixed=0, max_fixed=0, strip_zeros=False)


def array(name, values):
    body = ", ".join(number(v) for v in values)
    print(f"    .{name} = {{{body}}},")


def unit(p, a):
    out = matrix(p, 1)
    out[a] = 1
    return out


def case(name, fit, q):
    p = fit.p
    print(f"/* {name} */\n{{")
    print(f"    .name = \"{name}\", .p = {p}, .q = {q},")
    array("x", [fit.x[i, c] for i in range(K) for c in range(p)])
    array("residual", fit.e)
    array("beta", fit.beta)
    for kind in ("cr0", "cr1", "cr2"):
        v = fit.vcov(kind)
        array(kind, [v[a, b] for a in range(p) for b in range(p)])
    print(f"    .singular = {fit.singular},")
    array("df", [fit.df(unit(p, a)) for a in range(p)])
    if q:
        f, df2 = fit.htz([unit(p, a) for a in range(p - q, p)])
        print(f"    .f = {number(f)}, .df2 = {number(df2)},")
    print("},")


def inverse(cov):
    return cov ** -1


def nested():
    """Sampling variances, a variance between clusters, one between pairs."""
    cov = diag(V)
    for i in range(K):
        for l in range(K):
            if CLUSTERS[i] == CLUSTERS[l]:
                cov[i, l] += mpf(3) / 16 + (mpf(1) / 8 if i // 2 == l // 2 else 0)
    return cov


def main():
    print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
    print("/* Made by robust_reference.py; do not edit. */")
    print("/* clang-format off */")
    print(f"enum {{ REFERENCE_K = {K}, REFERENCE_M = {max(CLUSTERS) + 1} }};")
    print("static const size_t reference_cluster[] = {"
          + ", ".join(map(str, CLUSTERS)) + "};")
    print("static const double reference_y[] = {" + ", ".join(map(number, Y)) + "};")
    print("static const double reference_v[] = {" + ", ".join(map(number, V)) + "};")
    weights = [mpf(i % 4 + 1) for i in range(K)]
    print("static const double reference_weight[] = {"
          + ", ".join(map(number, weights)) + "};")
    print("static const robust_case robust_cases[] = {")
    v = diag(V)
    for p in (1, 2, 4):
        case(f"variances, {p} columns", Fit(design(K, p), v, inverse(v)), p - 1)
    alike = diag([mpf(1 + CLUSTERS[i]) / 16 for i in range(K)])
    case("alike in a cluster", Fit(design(K, 3), alike, inverse(alike)), 2)
    alone = design(K, 3)
    for i in range(K):
        alone[i, 2] = 1 if CLUSTERS[i] == 4 else 0
    case("a column of one cluster", Fit(alone, v, inverse(v)), 1)
    twice = design(K, 4)
    for i in range(K):
        twice[i, 2] = 1 if CLUSTERS[i] == 4 else 0
        twice[i, 3] = twice[i, 2] * (i % 5)
    case("two columns of one cluster", Fit(twice, v, inverse(v)), 1)
    case("nested, 1 columns", Fit(design(K, 1), nested(), inverse(nested())), 0)
    case("nested, 3 columns", Fit(design(K, 3), nested(), inverse(nested())), 2)
    case("weighted, 1 columns", Fit(design(K, 1), v, diag(weights)), 0)
    case("weighted, 3 columns", Fit(design(K, 3), v, diag(weights)), 2)
    print("};")
    print("/* clang-format on */")


main()
