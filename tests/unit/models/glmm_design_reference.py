#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints glmm_design_reference.h: mixed models with moderators and offset, 50 digits.

The likelihood of a study is that of glmm_reference.py; its derivatives along the linear
predictor and tau are central differences with steps of 1e-12, put together to those of
(beta, tau) by the chain rule. Newton's method starts from the values given here. Takes
some minutes.
"""
from mpmath import mp, mpf, exp, log, matrix, lu_solve, inverse, nstr, sqrt

from glmm_reference import B, P, constant, log_likelihood, mean_and_variance

mp.dps = 50

# Data of the metadat collection (dat.bcg, dat.debruin2009, dat.nielweise2008) and of
# datasets/nrm2024. x; m; offset, or nothing; columns after the intercept; start
CASES = [
    ("mortality_by_entity", B,
     "7 7 30 15 6 9 1 6 4 0 8 5 4 8 1 3 13 1 7 5 3 9 141 5 0 2 19 9 5 48 2 "
     "16 9 9 12 2 13 2 1 3 1 4 7 18 24 4 11 8 5 18 23 1",
     "269 139 172 183 173 155 24 260 17 43 197 97 50 153 27 37 191 20 62 33 "
     "60 148 1297 92 16 76 224 152 155 957 62 97 48 128 275 40 101 17 35 57 "
     "7 54 92 225 176 61 145 66 68 168 170 33",
     "",
     ["1 0 1 1 1 1 0 1 0 1 1 0 0 0 0 1 1 0 1 0 1 0 1 1 1 1 1 1 1 1 0 0 0 0 1 "
      "1 1 1 1 0 0 0 1 0 0 1 1 1 0 0 1 1",
      "0 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 "
      "0 0 0 0 0 0 1 0 0 0 0 0 0 1 1 0 0",
      "0 1 0 0 0 0 1 0 0 0 0 0 1 1 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 1 1 1 0 "
      "0 0 0 0 1 1 0 0 1 1 0 0 0 0 0 0 0"],
     (-2.87, 0.156, 0.76, 0.43), 0.447),
    ("adherence_by_care", B,
     "11 24 179 82 60 11 99 9 88 17 26 23 40",
     "29 33 326 240 110 29 244 17 215 26 138 55 54",
     "",
     ["21 22.67 15.07 3.67 8.6 27.8 4.8 12.07 20 7.47 7.8 10.47 22.8",
      "1 0 0 1 0 1 0 0 1 0 1 1 1"],
     (-0.325, 0.0476, -0.825), 0.377),
    ("vaccine_by_latitude", B,
     "4 6 3 62 33 180 8 505 29 17 186 5 27",
     "15 35 14 310 80 552 18 1004 74 82 327 8 56",
     "-0.1222895777582742 0.00985229644301164 0.04879016416943205 "
     "0.05525682890141478 -0.1360927180322827 0.060178582435927885 "
     "1.3977546722841825 0.0 0.030050988954302842 0.0301708776333633 "
     "0.6163456116734233 0.06491222319461226 -0.054145015765265384",
     ["44 55 42 52 13 44 19 13 27 42 18 33 33"],
     (0.29, -0.03), 0.18),
    ("infections_by_year", P,
     "7 8 3 6 1 1 17 3 2",
     "1344 1600 12012 1536 370 729 6760 1107 320",
     "",
     ["2003 1996 2004 2002 2001 2005 1997 2005 1996"],
     (254.0, -0.13), 0.7),
    ("boundary_by_setting", B,
     "1 4 8 1 2 9 3 18",
     "24 50 153 27 62 128 57 225",
     "",
     ["1 1 1 1 0 0 1 0"],
     (-2.8, 0.0), None),
]


def eta_of(row, beta):
    return sum((a * b for a, b in zip(row, beta)), mpf(0))


def joint(kind, study, offset, X, nodes, beta, tau):
    """Log-likelihood, gradient and Hessian of (beta, tau)."""
    p, total = len(beta), mpf(0)
    g, H = matrix(p + 1, 1), matrix(p + 1, p + 1)
    for (x, m), o, row in zip(study, offset, X):
        mu, h = o + eta_of(row, beta), mpf(10) ** -12 * min(1, tau)
        f = {(a, b): log_likelihood(kind, [(x, m)], nodes, mu + a * h, tau + b * h)
             for a in (-1, 0, 1) for b in (-1, 0, 1)}
        total += f[0, 0]
        mm = (f[1, 0] + f[-1, 0] - 2 * f[0, 0]) / h**2
        tt = (f[0, 1] + f[0, -1] - 2 * f[0, 0]) / h**2
        mt = (f[1, 1] + f[-1, -1] - f[1, -1] - f[-1, 1]) / (4 * h**2)
        full = list(row) + [mpf(1)]
        for i in range(p + 1):
            slope = (f[1, 0] - f[-1, 0]) if i < p else (f[0, 1] - f[0, -1])
            g[i] += full[i] * slope / (2 * h)
            for j in range(p + 1):
                d = mm if max(i, j) < p else tt if min(i, j) == p else mt
                H[i, j] += full[i] * full[j] * d
    return total, g, H


def fit(kind, study, offset, X, nodes, beta, tau):
    beta, tau, size = [mpf(b) for b in beta], mpf(tau), mpf(1)
    while size > mpf(10) ** -23:
        total, g, H = joint(kind, study, offset, X, nodes, beta, tau)
        step = lu_solve(-H, g)
        beta = [b + s for b, s in zip(beta, step)]
        tau += step[len(beta)]
        size = max(abs(s) for s in step) / tau
    V = inverse(-H)
    return beta, V, tau, sqrt(V[len(beta), len(beta)]), total


def common(kind, study, offset, X, beta):
    """Common model, saturated log-likelihood, LRT, Q, slope along tau2 at 0."""
    p, beta, size = len(beta), matrix([mpf(b) for b in beta]), mpf(1)
    while size > mpf(10) ** -40:
        g, A, slope = matrix(p, 1), matrix(p, p), mpf(0)
        for (x, m), o, row in zip(study, offset, X):
            mean, w = mean_and_variance(kind, m, o + eta_of(row, beta))
            slope += ((x - mean) ** 2 - w) / 2
            for i in range(p):
                g[i] += row[i] * (x - mean)
                for j in range(p):
                    A[i, j] += row[i] * row[j] * w
        step = lu_solve(A, g)
        beta += step
        size = max(abs(s) for s in step)
    half, full, N, b, rows = mpf(0), mpf(0), matrix(p, p), matrix(p, 1), []
    for (x, m), o, row in zip(study, offset, X):
        mean, _ = mean_and_variance(kind, m, o + eta_of(row, beta))
        own = x * log(x / mean) if x else mpf(0)
        if kind == P:
            half += own + mean - x
            full += constant(kind, x, m) + (x * log(x / m) if x else 0) - x
            w, l = x, log(x / m) - o if x else 0
        else:
            half += own + ((m - x) * log((m - x) / (m - mean)) if x < m else 0)
            full += constant(kind, x, m) + (x * log(x / m) if x else 0) + (
                (m - x) * log((m - x) / m) if x < m else 0)
            w, l = x * (m - x) / m, log(x / (m - x)) - o if 0 < x < m else 0
        rows.append((w, l, row))
        for i in range(p):
            b[i] += w * row[i] * l
            for j in range(p):
                N[i, j] += w * row[i] * row[j]
    own = lu_solve(N, b)
    Q = sum(w * (l - eta_of(row, own)) ** 2 for w, l, row in rows)
    return list(beta), inverse(A), full - half, full, 2 * half, Q, slope


def numbers(values):
    return ", ".join(nstr(mpf(v), 22) for v in values)


def corner(V, p):
    return [V[i, j] for i in range(p) for j in range(i + 1)]


def main():
    print("/* Printed by glmm_design_reference.py. */")
    for name, kind, x, m, offset, columns, beta, tau in CASES:
        study = [(mpf(a), mpf(b)) for a, b in zip(x.split(), m.split())]
        k, p = len(study), len(columns) + 1
        o = [mpf(v) for v in offset.split()] if offset else [mpf(0)] * k
        X = [[mpf(1)] + [mpf(c.split()[i]) for c in columns] for i in range(k)]
        print(f'{{"{name}", {kind}, {k}, {p},')
        print("{" + ", ".join(x.split()) + "},\n{" + ", ".join(m.split()) + "},")
        print("{" + (", ".join(offset.split()) or "0") + "},")
        print("{" + ", ".join(nstr(v, 17) for row in X for v in row) + "},")
        b, V, loglik, full, LRT, Q, slope = common(kind, study, o, X, beta)
        print("{{" + numbers(b) + "}, {" + numbers(corner(V, p)) + "}, "
              + numbers([loglik, full, LRT, Q, slope]) + "},")
        for nodes in (0, 7):
            if tau:
                b, V, t, se_tau, loglik = fit(kind, study, o, X, nodes, beta, tau)
                print("{{" + numbers(b) + "}, {" + numbers(corner(V, p)) + "}, "
                      + numbers([t, se_tau, loglik]) + "},", flush=True)
            else:  # at the boundary
                print("{{0}, {0}, 0, 0, 0},")
        print("},")


if __name__ == "__main__":
    main()
