/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/beta_binomial_internal.h"
#include "num/dist.h"
#include "num/loader.h"
#include "num/logdd.h"

#include <math.h>

/*
 * With a = mu / phi, b = (1 - mu) / phi, N = a + b, y = n - x, a study's log-likelihood
 * is that of the binomial plus R(a, x) + R(b, y) - R(N, n), where
 *   R(c, m)  = sum_{j < m} log(1 + j / c),
 * and its derivatives in (a, b) are those of sum log(a + j) + sum log(b + j)
 * - sum log(N + j), made of
 *   D1(c, m) = sum_{j < m} 1 / (c + j),  D2(c, m) = sum_{j < m} 1 / (c + j)^2.
 * For phi -> 0 all three sums grow without limit and cancel: they are summed in
 * double-double. After the first terms the sums are those of Euler and Maclaurin, that
 * is the asymptotic series of gamma functions, so a study costs the same whatever its
 * n.
 */
typedef struct sums {
    mtp_dd first, second; /* D1, D2 */
} sums;

/* B_2k / (2k): from here on the series is right to 1e-23 of its first term. */
enum { TERMS = 10, START = 16 };
static const double series[TERMS][2] = {
    {1.0, 12.0},        {-1.0, 120.0},      {1.0, 252.0}, {-1.0, 240.0},
    {1.0, 132.0},       {-691.0, 32760.0},  {1.0, 12.0},  {-3617.0, 8160.0},
    {43867.0, 14364.0}, {-174611.0, 6600.0}};

/*
 * The tails of log m - psi(m) and psi'(m) - 1 / m, m >= START:
 *   1 / (2 m) + sum B_2k / (2k) m^-2k,  1 / (2 m^2) + sum B_2k m^-(2k + 1).
 * Source: Abramowitz & Stegun (1964), 6.3.18 and 6.4.12.
 */
static sums tails(mtp_dd m)
{
    mtp_dd inverse = mtp_dd_inv(m), square = mtp_dd_sqr(inverse);
    sums t = {{0.0, 0.0}, {0.0, 0.0}};

    for (int k = TERMS - 1; k >= 0; k--) {
        mtp_dd term = mtp_dd_div(mtp_dd_from(series[k][0]), mtp_dd_from(series[k][1]));

        t.first = mtp_dd_mul(mtp_dd_add(t.first, term), square);
        term = mtp_dd_mul_d(term, 2.0 * k + 2.0);
        t.second = mtp_dd_mul(mtp_dd_add(t.second, term), square);
    }
    t.second = mtp_dd_mul(t.second, inverse);
    t.first = mtp_dd_add(t.first, mtp_dd_ldexp(inverse, -1));
    t.second = mtp_dd_add(t.second, mtp_dd_ldexp(square, -1));
    return t;
}

static sums sums_of(mtp_dd c, double m)
{
    mtp_dd from = c, to = mtp_dd_add(c, mtp_dd_from(m)), gap;
    sums s = {{0.0, 0.0}, {0.0, 0.0}}, near, far;
    double left = m;

    for (; left > 0.0 && from.hi < START; left -= 1.0) {
        mtp_dd term = mtp_dd_inv(from);

        s.first = mtp_dd_add(s.first, term);
        s.second = mtp_dd_add(s.second, mtp_dd_sqr(term));
        from = mtp_dd_add(from, mtp_dd_from(1.0));
    }
    if (left <= 0.0) {
        return s;
    }
    near = tails(from);
    far = tails(to);
    s.first = mtp_dd_add(s.first, mtp_dd_log_ratio(to, from));
    s.first = mtp_dd_add(s.first, mtp_dd_sub(near.first, far.first));
    gap = mtp_dd_div(mtp_dd_from(left), mtp_dd_mul(from, to));
    s.second = mtp_dd_add(s.second, gap);
    s.second = mtp_dd_add(s.second, mtp_dd_sub(near.second, far.second));
    return s;
}

/* R(c, m) by the logarithms of gamma functions: (c + m - 1/2) log(1 + m / c) - m and
 * Stirling's errors. */
static mtp_dd log_sum(mtp_dd c, double m)
{
    mtp_dd to = mtp_dd_add(c, mtp_dd_from(m));
    mtp_dd errors = mtp_dd_sub(mtp_stirling_dd(to.hi), mtp_stirling_dd(c.hi));
    mtp_dd factor = mtp_dd_sub(to, mtp_dd_from(0.5));

    if (m == 0.0) {
        return mtp_dd_from(0.0);
    }
    factor = mtp_dd_mul(factor, mtp_dd_log_ratio(to, c));
    return mtp_dd_add(mtp_dd_sub(factor, mtp_dd_from(m)), errors);
}

double mtp_rising_log(double c, double m)
{
    mtp_dd whole = mtp_dd_mul_d(mtp_dd_log_ratio(mtp_dd_from(c), mtp_dd_from(1.0)), m);

    return mtp_dd_to(mtp_dd_add(whole, log_sum(mtp_dd_from(c), m)));
}

double mtp_rising_inverse(double c, double m)
{
    return mtp_dd_to(sums_of(mtp_dd_from(c), m).first);
}

double mtp_rising_square(double c, double m)
{
    return mtp_dd_to(sums_of(mtp_dd_from(c), m).second);
}

/* The parameters that all studies share. */
typedef struct shape {
    double p, q, phi;
    mtp_dd a, b, N;
} shape;

static shape shape_at(double logit, double phi)
{
    double e = exp(-fabs(logit)), rare = e / (1.0 + e), other = 1.0 / (1.0 + e);
    shape s = {.p = logit > 0.0 ? other : rare, .q = logit > 0.0 ? rare : other};

    s.phi = phi;
    s.a = mtp_dd_div(mtp_dd_from(s.p), mtp_dd_from(phi));
    s.b = mtp_dd_div(mtp_dd_from(s.q), mtp_dd_from(phi));
    s.N = mtp_dd_add(s.a, s.b);
    return s;
}

/*
 * Derivatives of a study's log-likelihood: of a and b, then
 *   l_mu = (l_a - l_b) / phi,  l_phi = -(a l_a + b l_b) / phi,
 *   l_mumu = (l_aa - 2 l_ab + l_bb) / phi^2,
 *   l_muphi = -(l_a - l_b + a l_aa + (b - a) l_ab - b l_bb) / phi^2,
 *   l_phiphi = (2 (a l_a + b l_b) + a^2 l_aa + 2 a b l_ab + b^2 l_bb) / phi^2.
 */
typedef struct derivatives {
    mtp_dd mu, phi;
    double mumu, muphi, phiphi;
} derivatives;

static derivatives derivatives_of(const mtp_glmm_study *study, const shape *s)
{
    sums A = sums_of(s->a, study->x), B = sums_of(s->b, study->y);
    sums C = sums_of(s->N, study->m);
    mtp_dd phi = mtp_dd_from(s->phi), phi2 = mtp_dd_two_prod(s->phi, s->phi);
    mtp_dd difference = mtp_dd_sub(A.first, B.first);
    /* a l_a + b l_b */
    mtp_dd along =
        mtp_dd_sub(mtp_dd_add(mtp_dd_mul(s->a, A.first), mtp_dd_mul(s->b, B.first)),
                   mtp_dd_mul(s->N, C.first));
    mtp_dd aA = mtp_dd_mul(s->a, A.second), bB = mtp_dd_mul(s->b, B.second);
    mtp_dd bend = mtp_dd_sub(mtp_dd_mul(mtp_dd_sqr(s->N), C.second),
                             mtp_dd_add(mtp_dd_mul(s->a, aA), mtp_dd_mul(s->b, bB)));
    mtp_dd cross = mtp_dd_add(difference, mtp_dd_sub(bB, aA));
    derivatives d;

    bend = mtp_dd_add(bend, mtp_dd_ldexp(along, 1));
    d.mu = mtp_dd_div(difference, phi);
    d.phi = mtp_dd_neg(mtp_dd_div(along, phi));
    d.mumu = -mtp_dd_to(mtp_dd_div(mtp_dd_add(A.second, B.second), phi2));
    d.muphi = -mtp_dd_to(mtp_dd_div(cross, phi2));
    d.phiphi = mtp_dd_to(mtp_dd_div(bend, phi2));
    return d;
}

static mtp_dd loglik_of(const mtp_glmm_study *study, const shape *s)
{
    mtp_dd sum = mtp_dd_add(log_sum(s->a, study->x), log_sum(s->b, study->y));

    sum = mtp_dd_sub(sum, log_sum(s->N, study->m));
    return mtp_dd_add(sum,
                      mtp_dd_from(mtp_log_binomial(study->x, study->m, s->p, s->q)));
}

void mtp_beta_binomial_evaluate(void *of, const mtp_glmm_rule *rule,
                                mtp_glmm_value *value)
{
    const mtp_glmm_sample *sample = of;
    double tau = value->tau, phi = tau * tau;
    shape s = shape_at(value->beta[0], phi);
    mtp_dd loglik = {0.0, 0.0}, l_mu = loglik, l_phi = loglik;
    double mumu = 0.0, muphi = 0.0, phiphi = 0.0, pq = s.p * s.q;

    (void)rule;
    for (size_t i = 0; i < sample->count; i++) {
        const mtp_glmm_study *study = &sample->study[i];
        derivatives d = derivatives_of(study, &s);

        loglik = mtp_dd_add(loglik, mtp_dd_mul_d(loglik_of(study, &s), study->times));
        l_mu = mtp_dd_add(l_mu, mtp_dd_mul_d(d.mu, study->times));
        l_phi = mtp_dd_add(l_phi, mtp_dd_mul_d(d.phi, study->times));
        mumu += study->times * d.mumu;
        muphi += study->times * d.muphi;
        phiphi += study->times * d.phiphi;
    }
    value->loglik = mtp_dd_to(loglik);
    value->gradient[0] = pq * mtp_dd_to(l_mu);
    value->gradient[1] = 2.0 * tau * mtp_dd_to(l_phi);
    value->hessian[0] = pq * (pq * mumu + (s.q - s.p) * mtp_dd_to(l_mu));
    value->hessian[1] = value->hessian[2] = 2.0 * tau * pq * muphi;
    value->hessian[3] = 2.0 * mtp_dd_to(l_phi) + 4.0 * phi * phiphi;
}
