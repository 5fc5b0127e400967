#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print p_curve_reference.h (clang-format it): p-curves by mpmath at 40 digits, from the definitions of Simonsohn,
Nelson & Simmons (2014) and Simonsohn, Simmons & Nelson (2015). A test statistic |Z + d| is beyond its critical value;
pp-values are its probabilities given that, and the average power is found by bisection."""
import mpmath as mp

mp.mp.dps = 40
# Effects and standard errors of the two worked examples of pcurve() in the documentation of dmetar 0.0.9000.
THIRD_WAVE = """0.7091362 0.2608202 0.3548641 0.1963624 1.7911700 0.3455692 0.1824552 0.1177874 0.4218509 0.1448128
0.6300000 0.1960000 0.7248838 0.2246641 0.5286638 0.2104609 0.2840000 0.1680000 1.2750682 0.3371997 0.1036082 0.1947275
0.3883906 0.2307689 0.5407398 0.2443133 0.4261593 0.2579379 0.5153969 0.3512737 1.4797260 0.3152817 0.6125782 0.2266834
0.6000000 0.2490000""".split()
MADE_UP = """0.561 0.338 0.296 0.297 0.648 0.264 0.362 0.258 0.770 0.279 0.214 0.347 0.476 0.271 0.459 0.319 0.343 0.232
0.804 0.237 0.357 0.385 0.476 0.398 0.638 0.342 0.396 0.351 0.497 0.296 0.384 0.325 0.568 0.322 0.415 0.225""".split()
# The log risk ratios of BCG vaccine, and p-values close to 0.05 with one that no double holds.
BCG = """-0.88931133392020545 0.32558476500396133 -1.5853886572014306 0.19458112139814385
-1.3480731482996933 0.41536796536796539 -1.4415511900213054 0.020010031902247573
-0.21754732221129558 0.051210172169630863 -0.786115585818864 0.0069056184559087574
-1.6208982235983918 0.22301724757231517 0.011952333523840508 0.0039615792978177295
-0.4694176487381494 0.056434210463248966 -1.3713448034727844 0.07302479361302891
-0.33935882833839059 0.01241221397155972 0.44591340057137874 0.53250584520015276
-0.017313948216879815 0.0714046596839863""".split()
EXTREME = "1.96 1 2.3 1 -1.97 1 2.1 1 45.5 1 2.0 1".split()
LIMITS = {"full": mp.mpf("0.05"), "half": mp.mpf("0.025")}


def upper(z):
    return mp.erfc(z / mp.sqrt(2)) / 2


def quantile(p):
    """z with upper(z) = p."""
    if p > mp.mpf(1) / 2:
        return -quantile(1 - p)
    z, log_p = mp.sqrt(-2 * mp.log(p)), mp.log(p)
    for _ in range(60):
        step = (mp.log(upper(z)) - log_p) * upper(z) / mp.npdf(z)
        z += step
        if abs(step) < mp.mpf(10) ** -36:
            break
    return z


def beyond(x, d):
    return upper(x - d) + upper(x + d)


def sides(x, c, d):
    """P(|Z + d| < x) and P(|Z + d| >= x), beyond c."""
    above = beyond(x, d) / beyond(c, d)
    with mp.workdps(420):
        below = 1 - beyond(x, d) / beyond(c, d)
    return below, above


def probit(below, above):
    return -quantile(below) if below < above else quantile(above)


def stouffer(zs, c, d, sign):
    use = [z for z in zs if z > c]
    if not use:
        return None
    return sign * mp.fsum(probit(*sides(z, c, d)) for z in use) / mp.sqrt(len(use))


def bisect(f, low, high):
    for _ in range(110):
        middle = (low + high) / 2
        low, high = (middle, high) if f(middle) > 0 else (low, middle)
    return low


CRITICAL = {name: quantile(p / 2) for name, p in LIMITS.items()}
SHIFT = bisect(lambda d: mp.mpf(1) / 3 - beyond(CRITICAL["full"], d), mp.mpf(0), mp.mpf(3))


def power(zs, target):
    c = CRITICAL["full"]
    f = lambda d: stouffer(zs, c, d, 1) - target
    return LIMITS["full"] if f(mp.mpf(0)) <= 0 else beyond(c, bisect(f, mp.mpf(0), max(zs) + 5))


def text(x):
    return "(double)NAN" if x is None else mp.nstr(x, 17, min_fixed=-5, max_fixed=12)


def describe(name, words, squared):
    ys = [float(w) for w in words[::2]]
    vs = [float(w) for w in words[1::2]]
    vs = vs if squared else [s * s for s in vs]
    zs = [abs(mp.mpf(y)) / mp.sqrt(mp.mpf(v)) for y, v in zip(ys, vs)]
    n, r = (sum(z > CRITICAL[c] for z in zs) for c in ("full", "half"))
    row = []
    for shift, sign in ((mp.mpf(0), -1), (SHIFT, 1)):
        for c in ("full", "half"):
            row.append(stouffer(zs, CRITICAL[c], shift, sign))
    ps = [None if z is None else upper(-z) for z in row]
    share = beyond(CRITICAL["half"], SHIFT) * 3
    skew = mp.fsum(mp.binomial(n, j) for j in range(r, n + 1)) / mp.mpf(2) ** n
    flat = mp.fsum(mp.binomial(n, j) * share ** j * (1 - share) ** (n - j) for j in range(r + 1))
    z90 = quantile(mp.mpf("0.05"))
    figures = row + ps + [skew, flat] + [power(zs, t) for t in (0, z90, -z90)]
    print(f"static const double {name}_yi[] = {{{', '.join(map(repr, ys))}}};")
    print(f"static const double {name}_vi[] = {{{', '.join(map(repr, vs))}}};")
    print(f"static const p_curve_reference {name} = {{{len(ys)}, {name}_yi, {name}_vi, {n}, {r}, "
          f"{{{', '.join(map(text, figures[:4]))}}}, {{{', '.join(map(text, figures[4:8]))}}}, "
          f"{', '.join(map(text, figures[8:]))}}};")
    first = next(z for z in zs if z > CRITICAL["half"]) if r else None
    pps = [text(sides(first, CRITICAL[c], d)[side]) for d, side in ((mp.mpf(0), 1), (SHIFT, 0))
           for c in ("full", "half")] if r else []
    print(f"/* The first study of the half p-curve. */\nstatic const double {name}_pp[] = {{{', '.join(pps)}}};" if r else "")


print("""/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Made by p_curve_reference.py. */
#ifndef MTP_TEST_P_CURVE_REFERENCE_H
#define MTP_TEST_P_CURVE_REFERENCE_H

#include <math.h>
#include <stddef.h>

typedef struct p_curve_reference {
    size_t k;
    const double *yi, *vi;
    size_t k_full, k_half;
    double z[4], p[4]; /* skew full, half, flat full, half */
    double skew_binomial, flat_binomial;
    double power, power_lower, power_upper;
} p_curve_reference;
""")
describe("third_wave", THIRD_WAVE, False)
describe("made_up", MADE_UP, False)
describe("bcg", BCG, True)
describe("extreme", EXTREME, True)
print("\n#endif")
