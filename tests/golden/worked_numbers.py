# SPDX-License-Identifier: GPL-3.0-or-later
"""Distributions for check_explain.py, by textbook methods: continued fractions, and bisection
for quantiles. Good to some 14 digits."""
import math

TINY = 1e-300


def bisect(function, low, high):
    """Where a growing function is 0."""
    for _ in range(300):
        middle = 0.5 * (low + high)
        if middle in (low, high):
            break
        if function(middle) < 0.0:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def normal_upper(x):
    return 0.5 * math.erfc(x / math.sqrt(2.0))


def normal_quantile(p):
    return bisect(lambda x: normal_upper(-x) - p, -40.0, 40.0)


def beta_fraction(a, b, x):
    """Lentz's method for the continued fraction of the incomplete beta function."""
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d or TINY)
    f = d
    for m in range(1, 10000):
        for top in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                    -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1.0 + top * d
            d = 1.0 / (d or TINY)
            c = 1.0 + top / c
            f *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return f


def beta_regularized(a, b, x):
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - math.lgamma(a) - math.lgamma(b) +
                     math.lgamma(a + b))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * beta_fraction(a, b, x) / a
    return 1.0 - front * beta_fraction(b, a, 1.0 - x) / b


def t_upper(x, df):
    if x < 0.0:
        return 1.0 - t_upper(-x, df)
    return 0.5 * beta_regularized(0.5 * df, 0.5, df / (df + x * x))


def t_quantile(p, df):
    return bisect(lambda x: 1.0 - t_upper(x, df) - p, -1e7, 1e7)


def gamma_lower(a, x):
    term = total = 1.0 / a
    for n in range(1, 100000):
        term *= x / (a + n)
        total += term
        if term < total * 1e-17:
            break
    return total * math.exp(a * math.log(x) - x - math.lgamma(a))


def gamma_upper(a, x):
    b = x + 1.0 - a
    c, d = 1.0 / TINY, 1.0 / (b or TINY)
    f = d
    for n in range(1, 100000):
        top = -n * (n - a)
        b += 2.0
        d = 1.0 / ((top * d + b) or TINY)
        c = (b + top / c) or TINY
        f *= c * d
        if abs(c * d - 1.0) < 1e-16:
            break
    return f * math.exp(a * math.log(x) - x - math.lgamma(a))


def chi2_upper(x, df):
    if x <= 0.0:
        return 1.0
    a, h = 0.5 * df, 0.5 * x
    return 1.0 - gamma_lower(a, h) if h < a + 1.0 else gamma_upper(a, h)


def chi2_quantile(p, df):
    return bisect(lambda x: 1.0 - chi2_upper(x, df) - p, 0.0, 100.0 * df + 1000.0)


def f_upper(x, df1, df2):
    return beta_regularized(0.5 * df2, 0.5 * df1, df2 / (df2 + df1 * x))


def hedges(m):
    return math.exp(math.lgamma(0.5 * m) - math.lgamma(0.5 * (m - 1.0))) / math.sqrt(0.5 * m)


def rising(term):
    """A sum of so many terms at c, c + 1, ..."""
    return lambda c, m: math.fsum(term(c + j) for j in range(round(m)))


def bivariate_normal(h, k, r):
    """P(X < h, Y < k): the probability of Y given X over the density of X, by Simpson's rule."""
    low, high, n = -12.0, min(h, 12.0), 4000
    width, s, total = (high - low) / n, math.sqrt(1.0 - r * r), 0.0
    for i in range(n + 1):
        x = low + i * width
        weight = 1 if i in (0, n) else 4 if i % 2 else 2
        total += weight * math.exp(-0.5 * x * x) * normal_upper((r * x - k) / s)
    return total * width / 3.0 / math.sqrt(2.0 * math.pi)


def hypergeometric(a, b, c, x):
    term = total = 1.0
    for j in range(1000000):
        term *= (a + j) * (b + j) / ((c + j) * (j + 1.0)) * x
        total += term
        if term < total * 1e-17:
            break
    return total


def sum_ln(c, m):
    """The same of logarithms; downwards from c - 1 and less them for m below 0."""
    return rising(math.log)(c, m) if m >= 0 else -rising(math.log)(c + m, -m)


FUNCTIONS = {
    "sumln": sum_ln, "suminv": rising(lambda c: 1.0 / c),
    "suminv2": rising(lambda c: 1.0 / (c * c)),
    "sqrt": math.sqrt, "ln": math.log, "exp": math.exp, "abs": abs, "sin": math.sin,
    "cos": math.cos, "asin": math.asin, "atan": math.atan, "atanh": math.atanh, "tanh": math.tanh, "min": min, "max": max,
    "phi": lambda x: math.exp(-0.5 * x * x) / math.sqrt(2.0 * math.pi),
    "Phi": lambda x: normal_upper(-x), "J": hedges, "z": normal_quantile, "t": t_quantile,
    "chi2": chi2_quantile, "upper_z": normal_upper, "upper_t": t_upper,
    "upper_chi2": chi2_upper, "upper_F": f_upper, "lnfact": lambda x: math.lgamma(x + 1.0),
    "Phi2": bivariate_normal, "hyp": hypergeometric,
}
