#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print copas_reference.h (clang-format it): maxima of the Copas likelihood by mpmath at 34 digits, with Newton's
method on differences of the log-likelihood written down as in Copas & Shi (2001). Each begins where nlminb of R 4.2.2
ended from 20 starts; parameters at a bound there stay there."""
import pathlib
import re

import mpmath as mp

mp.mp.dps = 34
BOUND = mp.mpf(0.9999)


def arrays():
    text = (pathlib.Path(__file__).parent / "sets.h").read_text()
    found = re.findall(r"double (\w+)\[\] = \{(.*?)\};", text, re.S)
    return {name: [mp.mpf(float(x)) for x in body.replace("\n", " ").split(",")] for name, body in found}


def Phi(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def phi(z):
    return mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi)


class Copas:
    def __init__(self, name, gamma0, gamma1):
        sets = arrays()
        self.y, self.s = sets[name + "_yi"], [mp.sqrt(v) for v in sets[name + "_vi"]]
        self.u = [mp.mpf(gamma0) + mp.mpf(gamma1) / s for s in self.s]

    def loglik(self, at):
        mu, slope, tau2, rho = at
        total = mp.mpf(0)
        for y, s, u in zip(self.y, self.s, self.u):
            hazard = phi(u) / Phi(u)
            sigma2 = s * s / (1 - hazard * (hazard + u) * rho ** 2)
            w = tau2 + sigma2
            r = rho * mp.sqrt(sigma2 / w)
            e = (y - mu - slope * s) / mp.sqrt(w)
            v = (u + r * e) / mp.sqrt(1 - r * r)
            total += mp.log(phi(e)) - mp.log(w) / 2 - mp.log(Phi(u)) + mp.log(Phi(v))
        return total

    def probs(self):
        return [Phi(u) for u in self.u]


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


def maximum(model, start, slope):
    """From (mu, slope, tau2, rho): the maximum, its log-likelihood and the standard error of mu."""
    at = [BOUND * mp.sign(x) if abs(x) == 0.9999 else mp.mpf(x) for x in start]
    free = [0] + [1] * slope + [2] * (start[2] > 0) + [3] * (0 < abs(start[3]) < 0.9999)
    for _ in range(5):
        _, g, H = derivatives(model.loglik, at, free)
        step = mp.lu_solve(-H, g)
        for a, j in enumerate(free):
            at[j] += step[a]
    loglik, g, H = derivatives(model.loglik, at, free)
    assert mp.norm(g) < 1e-12
    return at, loglik, mp.sqrt(((-H) ** -1)[0, 0])


def report(name, set_name, gamma0, gamma1, level, slope):
    model = Copas(set_name, gamma0, gamma1)
    at, loglik, se = maximum(model, level, False)
    steep, steep_loglik, _ = maximum(model, slope, True)
    probs = model.probs()
    values = [gamma0, gamma1, at[0], se, at[2], at[3], loglik, steep[1], steep_loglik,
              min(probs), mp.fsum((1 - p) / p for p in probs)]
    print(f"    {{{', '.join(mp.nstr(mp.mpf(x), 17) for x in values)}}}, /* {name} */")


def path(model, prob, ratio):
    """Set the selection of a probability."""
    def quantile(p):
        return mp.sqrt(2) * mp.erfinv(2 * p - 1)
    least, most = quantile(prob), quantile(1 - ratio * (1 - prob))
    gamma1 = (most - least) / (1 / min(model.s) - 1 / max(model.s))
    model.u = [least + gamma1 * (1 / s - 1 / max(model.s)) for s in model.s]


def crossing(set_name, prob, level, slope):
    """The probability at which residual selection has p = 0.1, and mu with its standard error there."""
    model, critical = Copas(set_name, 0, 0), 2 * mp.erfinv(mp.mpf("0.9")) ** 2

    def beyond(prob):
        path(model, prob, mp.mpf(1) / 100)
        return 2 * (maximum(model, slope, True)[1] - maximum(model, level, False)[1]) - critical
    prob = mp.findroot(beyond, (mp.mpf(prob), mp.mpf(prob) + mp.mpf("1e-4")), solver="secant", tol=1e-24)
    path(model, prob, mp.mpf(1) / 100)
    at, _, se = maximum(model, level, False)
    return prob, at[0], se


print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
print("/* Written by copas_reference.py (mpmath): gamma0, gamma1; mu, its standard error, tau2, rho, log-likelihood;")
print(" * slope of residual selection, log-likelihood with it; least probability, number unpublished. */")
print("#ifndef COPAS_REFERENCE_H\n#define COPAS_REFERENCE_H\n")
print("static const double COPAS[][11] = {")
report("BCG", "bcg", -0.5, 0.2, [-0.59655309, 0, 0.25629831, -0.56068255], [-0.49883613, -0.80508409, 0.24900508, 0])
report("smoking", "smoking", -0.4, 0.3, [0.14847068, 0, 0.01480617, 0.68271285], [0.01885612, 0.85429665, 0.01234104, 0])
report("smoking", "smoking", 0.5, 0.25, [0.17723442, 0, 0.01597349, 0.9999], [0.01885612, 0.85429665, 0.01234104, 0])
report("teachers", "teachers", -1.0, 0.33, [-0.00819668, 0, 0.00338413, 0.94163033],
       [0.01338135, -0.15285345, 0.00359709, 0.95263353])
report("teachers", "teachers", 0.4, 0.24, [0.04489628, 0, 0, 0.9999], [-0.14246189, 1.22503325, 0.00548794, 0.94438399])
print("};\n")
print("/* smoking: the probability at which residual selection has p = 0.1, mu and its standard error there */")
print("static const double COPAS_CROSSING[] = {" + ", ".join(mp.nstr(x, 17) for x in crossing(
    "smoking", "0.8696", [0.19235361, 0, 0.01726535, 0.9999], [0.04142763, 0.62899003, 0.01121558, 0.9999])) + "};\n")
print("#endif")
