#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints reference.h: what test_dist.c and test_quadrature.c expect, from mpmath.

    /usr/bin/python3 reference.py | clang-format > reference.h      (mpmath 1.2.1)

Tails are numerical integrals of the densities at 50 digits, in u = log x; no series or
fraction of the library is used. Arguments are the doubles nearest to what is written.
"""
from mpmath import (mp, mpf, quad, exp, log, log1p, sqrt, loggamma, erfc, erf,
                    pi, nstr, factorial, findroot)

mp.dps = 50
STEPS = [0, 1, 3, 6, 12, 24, 48, 96, 200, 500, 1000, 3000, 10000]


def sides(log_density, constant, slope, u, mode, sd):
    """(lower, upper, log lower, log upper) of a law in u = log x at u."""
    up = 1 if u > mode else -1
    width = min(sd, 1 / abs(slope)) if slope else sd
    top = log_density(u)
    area = quad(lambda h: exp(log_density(u + up * h) - top), [s * width for s in STEPS])
    log_small = top + constant + log(area)
    small = exp(log_small)
    pair = (1 - small, log1p(-small)), (small, log_small)
    lower, upper = pair if up > 0 else pair[::-1]
    return lower[0], upper[0], lower[1], upper[1]


def gamma_sides(a, x):
    a, x = mpf(a), mpf(x)
    return sides(lambda u: a * u - exp(u), -loggamma(a), a - x, log(x), log(a),
                 1 / sqrt(a))


def beta_sides(a, b, rho):
    """chi2(2b) / chi2(2a) at rho."""
    a, b, rho = mpf(a), mpf(b), mpf(rho)
    return sides(lambda u: b * u - (a + b) * log1p(exp(u)),
                 loggamma(a + b) - loggamma(a) - loggamma(b),
                 b - (a + b) * rho / (1 + rho), log(rho), log(b / a),
                 sqrt((a + b) / (a * b)))


def normal(z):
    z = mpf(z)
    p = erfc(abs(z) / sqrt(2))
    return p, log(p) if p < 0.5 else log1p(-erf(abs(z) / sqrt(2)))


def normal_upper(z):
    z = mpf(z)
    p = erfc(z / sqrt(2)) / 2
    return p, log(p) if p < 0.5 else log1p(-erfc(-z / sqrt(2)) / 2)


def upper(s):
    return s[1], s[3]


def lower(s):
    return s[0], s[2]


def student(t, df):
    return upper(beta_sides(mpf(df) / 2, 0.5, mpf(t) ** 2 / df))


def fisher(f, df1, df2):
    return upper(beta_sides(mpf(df2) / 2, mpf(df1) / 2, mpf(df1) * mpf(f) / mpf(df2)))


def chisq(side, x, df):
    return side(gamma_sides(mpf(df) / 2, mpf(x) / 2))


def solve(log_tail, p, start):
    """x with log_tail(x) = log p, by the secant method in log x."""
    target = log(mpf(p))
    u = log(mpf(start))
    return exp(findroot(lambda v: log_tail(exp(v)) - target, (u, u + mpf(1) / 100),
                        solver='secant', tol=1e-60, maxsteps=60))


def show(x):
    x = mpf(x)
    if x == 0 or abs(x) < mpf(2) ** -1074:
        return '0.0'
    return nstr(x, 20, min_fixed=-4, max_fixed=17)


def number(x):
    """An argument: the shortest text that reads back to the same double."""
    return repr(float(x))


def table(name, fields, comment, rows):
    print('\n/* %s */' % comment)
    print('static const struct {\n    double %s;\n} %s[] = {' % (fields, name))
    for arguments, values in rows:
        cells = [number(a) for a in arguments] + [show(v) for v in values]
        print('    {%s},' % ', '.join(cells))
    print('};')


def tails(name, fields, comment, function, arguments):
    table(name, fields + ', p, log_p', comment, [(a, function(*a)) for a in arguments])


def head():
    print('''/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made by reference.py (mpmath 1.2.1 at 50 digits); do not edit. */
#ifndef MTP_TEST_NUM_REFERENCE_H
#define MTP_TEST_NUM_REFERENCE_H''')


def all_tails():
    tails('normal_two_sided', 'z', 'erfc(|z| / sqrt 2)', normal,
          [(z,) for z in (1e-300, 1e-10, 0.1, 0.5, 0.99999, 1, 1.00001, 1.25, 1.96, -2.5, 5,
                          8, -10, 20, 30, 37, 37.5, 40, 100, 1000, 632455, 1e8)])
    tails('normal_upper', 'z', 'erfc(z / sqrt 2) / 2', normal_upper,
          [(z,) for z in (-38, -8, -3, -1, -0.3, -1e-9, 0.3, 0.9, 1.1, 3, 12, 37, 50)])
    tails('t_two_sided', 't, df', 'integral of the density of t^2 / df', student, [
        (1e-200, 1), (1e-5, 3), (0.1, 0.3), (0.5, 1), (1, 1), (-1, 2.5), (1.5, 3), (2, 4),
        (2.26, 9), (2, 29), (3, 11.7), (1, 1e5), (0.99, 1e5), (1.96, 1e5), (40, 1e5),
        (37, 99999.5), (5, 1000), (30, 1000), (12, 38), (1e3, 5), (1e10, 2), (1e200, 1),
        (1e30, 12.5), (1e100, 1e5), (2, 1e12), (25, 1e8), (1e6, 0.001), (20, 0.05)])
    tails('chisq_upper', 'x, df', 'integral of the density from x on',
          lambda x, df: chisq(upper, x, df), [
        (1e-300, 1), (1e-10, 0.2), (0.3, 0.7), (0.4, 1), (1, 1), (3.84, 1), (100, 1),
        (1480, 1), (1e16, 1), (2, 2), (1.5, 3), (20, 12), (400, 12), (2600, 12), (10, 12),
        (12, 12), (7.3, 9.4), (1e5, 1e5), (1e5 + 1, 1e5), (101234, 1e5), (98000, 1e5),
        (125000, 1e5), (1e16, 1e5), (1e6, 1e6), (1e9, 1e9), (3e10, 3e10), (3e10 + 1e6, 3e10),
        (1e15 + 1e8, 1e15), (1e20, 1e20), (1e20 + 1e10, 1e20), (5, 0.01),
        (0.001, 0.01), (1e-8, 0.0001), (1e8, 300)])
    tails('chisq_lower', 'x, df', 'integral of the density up to x',
          lambda x, df: chisq(lower, x, df), [
        (1e-300, 1), (1e-5, 0.01), (0.01, 1), (0.7, 1), (3, 1), (60, 1), (1e-8, 2),
        (1e-3, 12), (5, 12), (50, 1e5), (9.9e4, 1e5), (1.01e5, 1e5), (3e10 - 1e6, 3e10),
        (250, 300), (1e-20, 300)])
    tails('f_upper', 'f, df1, df2', 'integral of the density of chi2 / chi2', fisher, [
        (1e-10, 1, 1), (0.5, 1, 1), (2, 1, 7.5), (4, 2, 2), (3.3, 3, 20), (0.2, 12, 3),
        (1, 5, 5), (1.02, 100, 300), (50, 100, 300), (1.01, 1e5, 1e5), (0.99, 1e5, 1e5),
        (1, 2e4, 1e5), (1e6, 2, 1e5), (1e50, 3, 4), (1e-50, 3, 4), (2.5, 0.4, 17),
        (0.3, 0.05, 2), (0.01, 17, 0.3), (0.9999, 3e10, 4e10), (1.0001, 3e10, 4e10),
        (3, 4, 1e9), (1e-290, 0.5, 3), (1e290, 3, 0.5)])


def all_quantiles():
    def rows(log_tail, cases, start):
        return [((p, df), (solve(lambda x: log_tail(x, df), p, start(p, df)),))
                for p, df in cases]

    def t_log(p):  # both sides of |t|: the smaller is solved
        return (lambda t, df: student(t, df)[1]) if p < 0.25 else (
            lambda t, df: beta_sides(mpf(df) / 2, 0.5, t * t / df)[2])

    def t_row(p, df):
        target = 2 * mpf(p) if p < 0.25 else 1 - 2 * mpf(p)
        far = sqrt(df * ((2 * mpf(p)) ** (-2 / mpf(df)) - 1))
        start = far if p < 0.25 else target * 1.25
        return (p, df), (solve(lambda t: t_log(p)(t, df), target, start),)

    def z_row(p):
        target = min(mpf(p), 1 - mpf(p))
        u = lambda z: log(erfc(z / sqrt(2)) / 2)
        z = findroot(lambda v: u(v) - log(target), sqrt(-2 * log(target)) * 0.9, tol=1e-60)
        return (p,), (z if p < 0.5 else -z,)

    table('normal_quantile', 'p, z', 'root of erfc(z / sqrt 2) / 2 = p',
          [z_row(p) for p in (5e-324, 1e-300, 1e-100, 1e-20, 5e-7, 0.005, 0.025, 0.2, 0.26,
                              0.4, 0.499999, 0.6, 0.975, 0.9999999, 1 - 2.0 ** -53)])
    table('t_quantile', 'p, df, t', 'root of the upper tail = p',
          [t_row(p, df) for p, df in (
              (0.25, 1), (0.025, 1), (5e-7, 1), (0.4, 1), (0.025, 2), (1e-12, 2),
              (0.025, 5), (0.005, 9), (0.025, 9), (0.3, 9), (0.4999, 9), (5e-7, 29),
              (0.025, 29), (0.025, 2.5), (0.025, 0.7), (0.025, 1000), (0.025, 1e5),
              (5e-7, 1e5), (0.25, 1e5), (1e-300, 1e5), (1e-100, 30), (0.025, 1e12))])
    table('chisq_upper_quantile', 'p, df, x', 'root of the upper tail = p',
          rows(lambda x, df: chisq(upper, x, df)[1], (
              (0.05, 1), (0.025, 1), (5e-7, 1), (0.25, 1), (1e-300, 1), (0.025, 2.7),
              (0.025, 12), (0.5, 12), (1e-20, 12), (0.025, 100), (0.025, 1e5),
              (5e-7, 1e5), (0.3, 1e5), (0.025, 0.4), (0.025, 1e9)),
               lambda p, df: df + sqrt(2 * df) * 2 - 2 * log(mpf(p))))
    table('chisq_lower_quantile', 'p, df, x', 'root of the lower tail = p',
          rows(lambda x, df: chisq(lower, x, df)[1], (
              (0.05, 1), (0.025, 1), (5e-7, 1), (0.25, 1), (1e-100, 1), (0.025, 2.7),
              (0.025, 12), (0.5, 12), (1e-20, 12), (0.025, 100), (0.025, 1e5),
              (5e-7, 1e5), (0.3, 1e5), (0.025, 0.4)),
               lambda p, df: df * mpf(p) ** (2 / mpf(df)) * mpf('0.6')))


def stirling(n):
    with mp.workdps(400):
        n = mpf(n)
        return loggamma(n + 1) - ((n + mpf(1) / 2) * log(n) - n + log(2 * pi) / 2)


def deviance(x, m):
    x, m = mpf(x), mpf(m)
    return x * log(x / m) + m - x


def choose(n, x):
    n, x = mpf(n), mpf(x)
    return loggamma(n + 1) - loggamma(x + 1) - loggamma(n - x + 1)


def binomial(x, n, p):
    """p <= 1/2 is exact."""
    return choose(n, x) + x * log(mpf(p)) + (mpf(n) - x) * log1p(-mpf(p))


def poisson(x, m):
    return x * log(mpf(m)) - mpf(m) - loggamma(mpf(x) + 1)


def all_counts():
    def of(function, arguments):
        return [(a, (function(*a),)) for a in arguments]

    table('stirling_error', 'n, error', 'lgamma(n + 1) - ((n + 1/2) log n - n + log(2 pi) / 2)',
          of(stirling, [(n,) for n in (1e-300, 1e-5, 0.3, 0.5, 1, 2.5, 7, 15.25, 15.5, 16,
                                       100, 12345.6, 1e10, 1e100)]))
    table('deviance_part', 'x, m, part', 'x log(x / m) + m - x', of(deviance, (
        (1, 1), (1, 1.0000001), (5, 5.01), (1e10, 10000000001), (3, 700), (700, 3),
        (1e-5, 20), (0.5, 1e300), (1e300, 1.001e300), (1e5, 99000))))
    table('log_binomial', 'x, n, p, log_p', 'log C(n, x) p^x (1 - p)^(n - x), p exact',
          of(binomial, (
              (0, 10, 0.3), (10, 10, 0.3), (3, 10, 0.3), (1, 1000, 1e-5), (0, 50, 1e-12),
              (500, 1000, 0.5), (2, 1e12, 1e-12), (1000, 100000, 0.01), (99, 100, 0.25),
              (3e5, 1e6, 0.3), (1e6, 1e12, 1e-6), (7, 269, 0.02), (12.5, 40.25, 0.3),
              (1e9, 1e12, 0.25), (1e14 + 1e8, 1e15, 0.1), (1, 1000, 1e-310))))
    table('log_poisson', 'x, m, log_p', 'x log m - m - lgamma(x + 1)', of(poisson, (
        (0, 2), (1, 1), (3, 0.001), (20, 20), (1000, 1001), (1000000, 1000100.5),
        (5, 1e6), (1e6, 5), (2.5, 2.5), (10 ** 12, 1e12))))
    table('log_choose', 'n, x, log_c', 'lgamma(n + 1) - lgamma(x + 1) - lgamma(n - x + 1)',
          of(choose, ((5, 0), (5, 5), (2, 1), (52, 5), (1e12, 1), (1e12, 3), (1e12, 1e6),
                      (1e12, 5e11), (1e12, 999999999998), (100000, 40), (0.5, 0.25),
                      (1e15, 2))))


def hermite(n, x):
    a, b = mpf(1), mpf(0)
    for k in range(n):
        a, b = 2 * x * a - 2 * k * b, a
    return a


def hermite_roots(n):
    """All roots, increasing: sign changes on a fine grid, then Newton's method."""
    grid = [mpf(i) / 128 - mpf(1) / 777 for i in range(-128 * 15, 128 * 15)]
    values = [hermite(n, x) for x in grid]
    roots = [x for x, v, w in zip(grid, values, values[1:]) if v * w < 0]
    for _ in range(10):
        roots = [x - hermite(n, x) / (2 * n * hermite(n - 1, x)) for x in roots]
    return roots


def hermite_rows(n, picks):
    """The picked nodes in increasing order with their weights."""
    roots = hermite_roots(n)
    assert len(roots) == n
    rows = []
    for i in picks:
        x = roots[i] if 2 * i + 1 != n else mpf(0)
        weight = 2 ** (n - 1) * factorial(n) * sqrt(pi) / (n * hermite(n - 1, x)) ** 2
        rows.append(((n, i), (x, weight, log(weight) + mpf(float(x)) ** 2)))
    return rows


def all_nodes():
    rows = []
    for n, picks in ((1, [0]), (2, [0, 1]), (3, [0, 1, 2]), (7, range(7)), (20, [0, 10, 19]),
                     (51, [25, 26, 50]), (100, [0, 49, 50, 75, 99])):
        rows += hermite_rows(n, picks)
    table('hermite_nodes', 'n, i, x, weight, log_weight',
          'roots of H_n; 2^(n-1) n! sqrt(pi) / (n H_{n-1}(x))^2; its log + (double x)^2', rows)


head()
all_tails()
all_quantiles()
all_counts()
all_nodes()
print('\n#endif')
