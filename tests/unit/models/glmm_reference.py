#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints glmm_reference.h: one-group mixed models in 50-digit arithmetic (python3-mpmath).

Nothing is shared with the C code: the marginal likelihood is summed as it stands in the
definition, its derivatives are central differences with steps of 1e-12 (their error,
1e-24, is far below what is printed), and Newton's method in (mu, tau) starts from the
values given here. Takes a few minutes.
"""
from mpmath import mp, mpf, exp, log, sqrt, pi, factorial, loggamma, polyroots, nstr

mp.dps = 50
B, P = "MTP_GLMM_BINOMIAL", "MTP_GLMM_POISSON"

# name, kind, (x, m) pairs, start of (mu, tau)
CASES = [
    ("infections_arm_1", P, "7 1344 8 1600 3 12012 6 1536 1 370 1 729 17 6760 3 1107 2 320",
     (-6.06, 0.81)),
    ("infections_arm_2", P,
     "11 1988 8 1461 14 10962 10 1503 1 483 8 913 15 6840 7 1015 3 440", (-5.5, 0.56)),
    ("rates_without_events", P, "0 120 0 85.5 4 60.25 1 200 0 45 9 150", (-4.5, 1.1)),
    ("two_studies", B, "1 20 9 20", (-1.46, 1.25)),
    ("near_the_boundary", B, "15 117 7 110 8 103 4 56", (-2.34, 0.031)),
    ("large_and_close", B,
     "123456789012 1000000000000 123456799012 1000000000000 "
     "123453781012 1000000000000 123451289012 1000000000000", (-1.960114, 2.1e-5)),
    ("wide", B, "1 1000000000 10 40 999 1000 0 50 30 30 999997 1000000 2 100000",
     (-2.1, 13.2)),
    ("two_modes", B, "50000 100000 50010 100000 2 30 28 30", (1e-4, 1.78)),
]


def inner(kind, x, m, eta):
    return x * eta - m * exp(eta) if kind == P else x * eta - m * log(1 + exp(eta))


def mean_and_variance(kind, m, eta):
    if kind == P:
        return m * exp(eta), m * exp(eta)
    p = 1 / (1 + exp(-eta))
    return m * p, m * p * (1 - p)


def constant(kind, x, m):
    if kind == P:
        return x * log(m) - loggamma(x + 1)
    return loggamma(m + 1) - loggamma(x + 1) - loggamma(m - x + 1)


def mode(kind, x, m, mu, tau):
    """Maximum over z of log P(x | mu + tau z) - z^2 / 2, and its curvature's scale."""
    slope = lambda z: tau * (x - mean_and_variance(kind, m, mu + tau * z)[0]) - z
    low, high = mpf(-1), mpf(1)
    while slope(low) < 0:
        low *= 2
    while slope(high) > 0:
        high *= 2
    for _ in range(40):
        z = (low + high) / 2
        low, high = (z, high) if slope(z) > 0 else (low, z)
    for _ in range(8):
        w = mean_and_variance(kind, m, mu + tau * z)[1]
        z += slope(z) / (1 + tau**2 * w)
    return z, 1 / sqrt(1 + tau**2 * mean_and_variance(kind, m, mu + tau * z)[1])


def hermite(n):
    """Nodes and weights of Gauss-Hermite quadrature."""
    before, here = [mpf(1)], [mpf(2), mpf(0)]
    for k in range(1, n):
        shifted = [2 * c for c in here] + [mpf(0)]
        before, here = here, [a - 2 * k * b for a, b in zip(shifted, [mpf(0)] * 2 + before)]
    nodes = [r.real for r in polyroots(here, maxsteps=500, extraprec=400)]
    at = lambda x: sum(c * x**i for i, c in enumerate(reversed(before)))
    return [(x, mpf(2) ** (n - 1) * factorial(n) * sqrt(pi) / (n * at(x)) ** 2) for x in nodes]


RULE = {7: hermite(7)}


def log_likelihood(kind, data, nodes, mu, tau):
    total = mpf(0)
    for x, m in data:
        z0, s = mode(kind, x, m, mu, tau)
        top = inner(kind, x, m, mu + tau * z0) - z0**2 / 2
        f = lambda t: exp(inner(kind, x, m, mu + tau * (z0 + s * t)) - (z0 + s * t) ** 2 / 2 - top)
        if nodes:
            area = sqrt(mpf(2)) * sum(w * exp(t * t) * f(sqrt(mpf(2)) * t) for t, w in RULE[nodes])
        else:  # trapezoidal
            step = min(mpf("0.1"), mpf("0.1") / (tau * s))
            area = f(mpf(0))
            for side in (1, -1):
                j, value = 1, mpf(1)
                while value > area * mpf(10) ** -52:
                    value = f(side * j * step)
                    area += value
                    j += 1
            area *= step
        total += constant(kind, x, m) + top - log(2 * pi) / 2 + log(s * area)
    return total


def fit(kind, data, nodes, mu, tau):
    mu, tau, size = mpf(mu), mpf(tau), mpf(1)
    while size > mpf(10) ** -23:
        h = mpf(10) ** -12 * min(1, tau)
        f = {(a, b): log_likelihood(kind, data, nodes, mu + a * h, tau + b * h)
             for a in (-1, 0, 1) for b in (-1, 0, 1)}
        g = (f[1, 0] - f[-1, 0]) / (2 * h), (f[0, 1] - f[0, -1]) / (2 * h)
        aa = (f[1, 0] + f[-1, 0] - 2 * f[0, 0]) / h**2
        bb = (f[0, 1] + f[0, -1] - 2 * f[0, 0]) / h**2
        ab = (f[1, 1] + f[-1, -1] - f[1, -1] - f[-1, 1]) / (4 * h**2)
        det = aa * bb - ab * ab
        step = (ab * g[1] - bb * g[0]) / det, (ab * g[0] - aa * g[1]) / det
        mu, tau = mu + step[0], tau + step[1]
        size = max(abs(step[0]), abs(step[1]) / tau)
    return mu, tau, tau**2, f[0, 0], sqrt(-bb / det), sqrt(-aa / det)


def closed_forms(kind, data):
    """common mu, se, log-likelihood, saturated log-likelihood, LRT, Q, slope at tau2 = 0"""
    X, N = sum(x for x, m in data), sum(m for x, m in data)
    if kind == P:
        mu, info = log(X / N), X
        probability = lambda x, m, r: x * log(r * m) - r * m - loggamma(x + 1) if r else -r * m
        weight, effect = (lambda x, m: x), (lambda x, m: log(x / m))
    else:
        mu, info = log(X / (N - X)), X * (N - X) / N
        probability = lambda x, m, r: constant(kind, x, m) + (x * log(r) if x else 0) + (
            (m - x) * log(1 - r) if x < m else 0)
        weight, effect = (lambda x, m: x * (m - x) / m), (lambda x, m: log(x / (m - x)))
    common = sum(probability(x, m, X / N) for x, m in data)
    full = sum(probability(x, m, x / m) for x, m in data)
    rows = [(weight(x, m), effect(x, m)) for x, m in data if weight(x, m) > 0]
    centre = sum(w * l for w, l in rows) / sum(w for w, l in rows)
    Q = sum(w * (l - centre) ** 2 for w, l in rows)
    slope = sum((x - m * X / N) ** 2 for x, m in data) - info
    return mu, 1 / sqrt(info), common, full, 2 * (full - common), Q, slope / 2


def numbers(values):
    return ", ".join(nstr(v, 22) for v in values)


def main():
    print("/* Printed by glmm_reference.py. */")
    for name, kind, text, start in CASES:
        flat = text.split()
        data = [(mpf(a), mpf(b)) for a, b in zip(flat[::2], flat[1::2])]
        print(f'{{"{name}", {kind}, {len(data)},')
        print("{" + ", ".join(flat[::2]) + "}, {" + ", ".join(flat[1::2]) + "},")
        print("{" + numbers(closed_forms(kind, data)) + "},")
        for nodes in (0, 7):
            print("{" + numbers(fit(kind, data, nodes, *start)) + "},", flush=True)
        print("},")


if __name__ == "__main__":
    main()
