#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print selection_reference.h (clang-format it): maxima of three selection models by mpmath at 34 digits, with
Newton's method on differences of the log-likelihood written down as it is defined."""
import mpmath as mp

mp.mp.dps = 34
BCG = """-0.88931133392020545 0.32558476500396133 -1.5853886572014306 0.19458112139814385
-1.3480731482996933 0.41536796536796539 -1.4415511900213054 0.020010031902247573
-0.21754732221129558 0.051210172169630863 -0.786115585818864 0.0069056184559087574
-1.6208982235983918 0.22301724757231517 0.011952333523840508 0.0039615792978177295
-0.4694176487381494 0.056434210463248966 -1.3713448034727844 0.07302479361302891
-0.33935882833839059 0.01241221397155972 0.44591340057137874 0.53250584520015276
-0.017313948216879815 0.0714046596839863""".split()
TEACHERS = """0.03 0.0156 0.12 0.0216 -0.14 0.0279 1.18 0.1391 0.26 0.1362 -0.06 0.0106 -0.02 0.0106
-0.32 0.0484 0.27 0.0269 0.8 0.063 0.54 0.0912 0.18 0.0497 -0.02 0.0835 0.23 0.0841
-0.18 0.0253 -0.06 0.0279 0.3 0.0193 0.07 0.0088 -0.07 0.0303""".split()
CENSORED = mp.mpf(1e-5)


def upper(z):
    return mp.erfc(z / mp.sqrt(2)) / 2


def quantile(p):
    return mp.sqrt(2) * mp.erfinv(1 - 2 * p)


def legendre(n):
    """Nodes and weights of Gauss-Legendre quadrature."""
    nodes = []
    for i in range(n):
        x = mp.cos(mp.pi * (i + mp.mpf(3) / 4) / (n + mp.mpf(1) / 2))
        for _ in range(7):
            a, b = mp.mpf(1), x
            for m in range(2, n + 1):
                a, b = b, ((2 * m - 1) * x * b - (m - 1) * a) / m
            slope = n * (x * b - a) / (x * x - 1)
            x -= b / slope
        nodes.append((x, 2 / ((1 - x * x) * slope * slope)))
    return nodes


def read(words, sign):
    y = [sign * mp.mpf(float(w)) for w in words[::2]]
    return list(zip(y, [mp.mpf(float(w)) for w in words[1::2]]))


class Beta:
    def __init__(self, data):
        far, self.data = quantile(CENSORED), data
        panels = 18
        self.far, half = far, far / panels
        self.nodes = []
        for j in range(panels):
            middle = -far + half * (2 * j + 1)
            for x, weight in legendre(28):
                z = middle + half * x
                self.nodes.append((z, half * weight, mp.log(upper(z)), mp.log(upper(-z))))

    def loglik(self, at):
        mu, t, d1, d2 = at
        few, most = mp.log(CENSORED), mp.log1p(-CENSORED)
        weights = [g * mp.exp((d1 - 1) * p + (d2 - 1) * q) for z, g, p, q in self.nodes]
        left = mp.exp((d1 - 1) * most + (d2 - 1) * few)
        right = mp.exp((d1 - 1) * few + (d2 - 1) * most)
        total = mp.mpf(0)
        for y, v in self.data:
            r, s = mp.sqrt(v), mp.sqrt(v + t)
            z = y / r
            p = min(max(upper(z), CENSORED), 1 - CENSORED)
            A = mp.fsum(w * mp.exp(-((n[0] * r - mu) / s) ** 2 / 2)
                        for w, n in zip(weights, self.nodes)) * r / (s * mp.sqrt(2 * mp.pi))
            A += right * upper((self.far * r - mu) / s) + left * upper((self.far * r + mu) / s)
            total += (d1 - 1) * mp.log(p) + (d2 - 1) * mp.log(1 - p) - mp.log(A)
            total -= mp.log(2 * mp.pi * s * s) / 2 + ((y - mu) / s) ** 2 / 2
        return total


class Step:
    def __init__(self, data, steps):
        self.data, self.z = data, [quantile(mp.mpf(a)) for a in steps]

    def loglik(self, at):
        mu, t, delta = at[0], at[1], [mp.mpf(1)] + list(at[2:])
        total = mp.mpf(0)
        for y, v in self.data:
            r, s = mp.sqrt(v), mp.sqrt(v + t)
            above = [mp.mpf(0)] + [upper((z * r - mu) / s) for z in self.z] + [mp.mpf(1)]
            A = sum(d * (above[j + 1] - above[j]) for j, d in enumerate(delta))
            own = next((j for j, z in enumerate(self.z) if y / r >= z), len(self.z))
            total += mp.log(delta[own]) - mp.log(A)
            total -= mp.log(2 * mp.pi * s * s) / 2 + ((y - mu) / s) ** 2 / 2
        return total


def derivatives(f, at, free):
    h = mp.mpf("1e-8")

    def moved(*steps):
        x = list(at)
        for j, by in steps:
            x[j] += by * h
        return f(x)

    middle = f(at)
    plus = {j: moved((j, 1)) for j in free}
    minus = {j: moved((j, -1)) for j in free}
    g = mp.matrix([(plus[j] - minus[j]) / (2 * h) for j in free])
    H = mp.matrix(len(free))
    for a, i in enumerate(free):
        H[a, a] = (plus[i] - 2 * middle + minus[i]) / h ** 2
        for b, j in enumerate(free[:a]):
            H[a, b] = H[b, a] = (moved((i, 1), (j, 1)) - moved((i, 1), (j, -1))
                                 - moved((i, -1), (j, 1)) + moved((i, -1), (j, -1))) / (4 * h * h)
    return middle, g, H


def report(name, model, at, free, sign):
    at = [mp.mpf(x) for x in at]
    for _ in range(4):
        _, g, H = derivatives(model.loglik, at, free)
        step = mp.lu_solve(-H, g)
        for a, j in enumerate(free):
            at[j] += step[a]
    every = list(range(len(at)))
    loglik, _, H = derivatives(model.loglik, at, every)
    C = (-H) ** -1
    at[0] *= sign
    for what, values in (("AT", at), ("SE", [mp.sqrt(C[j, j]) for j in every])):
        print(f"static const double {name}_{what}[] = {{" +
              ",\n    ".join(mp.nstr(x, 17) for x in values) + "};")
    print(f"static const double {name}_LOGLIK = {mp.nstr(loglik, 17)};\n")


print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
print("/* Written by selection_reference.py (mpmath): mu, tau2, delta at the maximum, their standard")
print(" * errors from the observed information, and the log-likelihood. */")
print("#ifndef SELECTION_REFERENCE_H\n#define SELECTION_REFERENCE_H\n")
report("STEP", Step(read(BCG, -1), ["0.025", "0.5"]), [0.6711969, 0.2639016, 0.6315, 0.9278],
       [0, 1, 2, 3], -1)
report("BETA", Beta(read(BCG, -1)), [0.7894, 0.4073, 1.1087, 1.4925], [0, 1, 2, 3], -1)
report("LIMIT", Beta(read(TEACHERS, 1)), [-0.4089096806, 0.0076495347, 0, 2.4546856], [0, 1, 3], 1)
print("#endif")
