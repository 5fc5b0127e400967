/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Maximum likelihood and restricted maximum likelihood. With r = y - mean, p means:
 *   ll_ML   = -k/2 log 2 pi - 1/2 sum log(v + t) - Q(t)/2
 *   ll_REML = -(k-p)/2 log 2 pi + 1/2 log|X'X| - 1/2 sum log(v + t)
 *             - 1/2 log|X'WX| - Q(t)/2
 *   score   = sum (w r)^2 - sum w (ML), sum (w r)^2 - tr P (REML), twice the derivative
 * Sources: Harville (1977), J Am Stat Assoc 72:320-338,
 * doi:10.1080/01621459.1977.10480998; Viechtbauer (2005),
 * doi:10.3102/10769986030003261.
 *
 * Both can have several maxima. No maximum lies beyond range^2, the square of the
 * largest distance within a block: |r_i| <= range (1 - x_i), x = w / sum w, so that
 * t >= range^2 gives (w_i r_i)^2 < w_i (1 - x_i), which sum to tr P <= sum w. With
 * columns, and e the values and z the coordinates of y in the eigenvectors of K'VK (K
 * orthonormal, K'X = 0), score = sum z^2 / (e + t)^2 - 1 / (e + t) in REML and no more
 * in ML, negative from t = sum z^2 on, the residual sum of squares. The half
 * line below is scanned for sign changes of the score, and every one is refined.
 */
#include "num/logdd.h"
#include "tau2/columns.h"
#include "tau2/estimate.h"

#include <math.h>

enum {
    LANES = MTP_LANES,
    POINTS_PER_DECADE = 16,
    POINTS_WHILE_STRAIGHT = 2,
    MAX_STEPS = 200
};

/* The scan starts where no weight has changed by more than this: below, the score is a
 * straight line. */
static const double SCAN_FLOOR = 1e-6;

/* To here no weight has changed by more than a hundredth, and the score is all but a
 * straight line: one root is found by points however far apart. */
static const double STRAIGHT = 1e-2;

typedef struct search {
    const mtp_studies *studies;
    bool restricted;
    bool minima;         /* look for them too */
    bool rising;         /* the root looked for is one where the score rises */
    mtp_extremum *found; /* [MTP_EXTREMA_MAX] */
    size_t n;
    size_t evaluations;
} search;

/* Positive left of the root and negative right of it, also at a minimum. */
static mtp_dd score(search *at, mtp_dd t)
{
    mtp_dd difference;
    mtp_sums s;

    at->evaluations++;
    mtp_sums_at(at->studies, t, &s);
    difference = mtp_difference(s.wr2, at->restricted ? s.trP : s.w);
    return at->rising ? mtp_dd_neg(difference) : difference;
}

mtp_dd mtp_log_likelihood(const mtp_studies *d, bool restricted, mtp_dd t,
                          const mtp_sums *s)
{
    double df = restricted ? mtp_studies_df(d) : (double)d->k;
    /* Every degree of freedom carries the unit of v once. */
    mtp_product units = {{1.0, 0.0}, (long)df * 2 * d->unit};
    mtp_dd sum = mtp_product_log(units);

    sum = mtp_dd_add(sum, mtp_dd_mul_d(mtp_dd_half_log_2pi(), 2.0 * df));
    sum = mtp_dd_add(sum, mtp_dd_add(mtp_log_variances(d, t), s->Q));
    if (restricted) {
        sum = mtp_dd_add(sum, mtp_product_log(s->block_weights));
        for (size_t b = 0; b < d->n_blocks && !d->columns; b++) {
            double n = (double)(d->block[b].end - d->block[b].begin);

            sum = mtp_dd_sub(sum, mtp_dd_from(log(n)));
        }
    }
    return mtp_dd_mul_d(sum, -0.5);
}

typedef struct lane_sums {
    double w[LANES], pairs[LANES], wd[LANES], w2[LANES], w2d[LANES], w2d2[LANES];
} lane_sums;

/* The sums of mtp_sums_at for one block at LANES values of t side by side. */
static void sum_lanes(const mtp_study_point p[], size_t n, const double t[LANES],
                      lane_sums *s)
{
    *s = (lane_sums){.w = {0.0}};
    for (int l = 0; l < LANES; l++) {
        s->w[l] = 1.0 / (p[0].v + t[l]);
        s->w2[l] = s->w[l] * s->w[l];
    }
    for (size_t i = 1; i < n; i++) {
        double v = p[i].v, d = p[i].d.hi;

        for (int l = 0; l < LANES; l++) {
            double w = 1.0 / (v + t[l]), wd = w * d;

            s->pairs[l] += w * s->w[l];
            s->w[l] += w;
            s->wd[l] += wd;
            s->w2[l] += w * w;
            s->w2d[l] += w * wd;
            s->w2d2[l] += wd * wd;
        }
    }
}

/* Scores at LANES values of t at once, in doubles: enough to see their signs. */
static void score_lanes(const search *at, const double t[LANES], double out[LANES])
{
    if (at->studies->columns) {
        mtp_columns_score_lanes(at->studies, at->restricted, t, out);
        return;
    }
    for (int l = 0; l < LANES; l++) {
        out[l] = 0.0;
    }
    for (size_t b = 0; b < at->studies->n_blocks; b++) {
        const mtp_study_block *block = &at->studies->block[b];
        lane_sums s;

        sum_lanes(&at->studies->point[block->begin], block->end - block->begin, t, &s);
        for (int l = 0; l < LANES; l++) {
            double m = s.wd[l] / s.w[l];

            out[l] += s.w2d2[l] - m * (2.0 * s.w2d[l] - m * s.w2[l]) -
                      (at->restricted ? 2.0 * s.pairs[l] / s.w[l] : s.w[l]);
        }
    }
}

static double score_double(const search *at, double t)
{
    double many[LANES] = {t, t, t, t}, out[LANES];

    score_lanes(at, many, out);
    return at->rising ? -out[0] : out[0];
}

/*
 * Where the score falls through 0 between a and b, in doubles, to about 1e-10: false
 * position that halves the value at an end that stays (Illinois; Dowell & Jarratt
 * (1971), BIT 11:168-174, doi:10.1007/BF01934364).
 */
static double root_in_doubles(const search *at, double a, double b)
{
    double fa = score_double(at, a), fb = score_double(at, b), t = b, last = a;

    for (int step = 0, side = 0; step < MAX_STEPS; step++) {
        double f;

        t = b - fb * (b - a) / (fb - fa);
        if (!(t > a && t < b)) {
            t = 0.5 * (a + b);
        }
        if (fabs(t - last) <= 1e-10 * t) {
            break;
        }
        last = t;
        f = score_double(at, t);
        if (f > 0.0) {
            a = t;
            fa = f;
            fb = side > 0 ? 0.5 * fb : fb;
            side = 1;
        } else {
            b = t;
            fb = f;
            fa = side < 0 ? 0.5 * fa : fa;
            side = -1;
        }
    }
    return t;
}

/* The root near a root in doubles: a step by the slope in doubles, then one by the
 * secant, which leaves the product of both errors. False where the steps do not shrink
 * as they do at a simple root. */
static bool polish(search *at, double near, mtp_dd *t)
{
    double width = 1e-6 * near;
    double slope = (score_double(at, near + width) - score_double(at, near - width)) /
                   (2.0 * width);
    mtp_dd t0 = mtp_dd_from(near), f0 = score(at, t0), t1, f1, step;

    if (f0.hi == 0.0) {
        *t = t0;
        return true;
    }
    t1 = mtp_dd_sub(t0, mtp_dd_from(f0.hi / slope));
    f1 = score(at, t1);
    if (!(fabs(mtp_dd_sub(t1, t0).hi) <= 1e-8 * near) ||
        !(fabs(f1.hi) <= 1e-3 * fabs(f0.hi))) {
        return false;
    }
    step = mtp_dd_mul(f1, mtp_dd_div(mtp_dd_sub(t1, t0), mtp_dd_sub(f1, f0)));
    *t = mtp_dd_sub(t1, step);
    return true;
}

/* The same in double-double, until a step is below 2^-56 (what is left is far less):
 * true and the root in *t where the score is positive at a and not at b. */
static bool root_between(search *at, mtp_dd a, mtp_dd b, mtp_dd *t)
{
    mtp_dd fa = score(at, a), fb = score(at, b), last = a;

    if (!(fa.hi > 0.0) || fb.hi > 0.0) {
        return false;
    }
    *t = b;
    for (int step = 0, side = 0; step < MAX_STEPS && fb.hi < 0.0; step++) {
        mtp_dd width = mtp_dd_sub(b, a), f;

        f = mtp_dd_div(mtp_dd_mul(fb, width), mtp_dd_sub(fb, fa));
        *t = mtp_dd_sub(b, f);
        if (step % 4 == 3 || !mtp_dd_less(a, *t) || !mtp_dd_less(*t, b)) {
            *t = mtp_dd_add(a, mtp_dd_mul_d(width, 0.5));
        }
        if (fabs(mtp_dd_sub(*t, last).hi) <= 0x1p-56 * t->hi) {
            break;
        }
        last = *t;
        f = score(at, *t);
        if (f.hi > 0.0) {
            a = *t;
            fa = f;
            fb = side > 0 ? mtp_dd_mul_d(fb, 0.5) : fb;
            side = 1;
        } else {
            b = *t;
            fb = f;
            fa = side < 0 ? mtp_dd_mul_d(fa, 0.5) : fa;
            side = -1;
        }
    }
    return true;
}

/* Enter a local maximum or minimum. Should there be more than fit, which takes
 * variances over more decades than doubles have, the highest maximum stays. */
static void add_extremum(search *at, mtp_dd t)
{
    mtp_extremum *last = &at->found[MTP_EXTREMA_MAX - 1], made = {.t = t};
    mtp_dd mean;
    mtp_sums s;

    mtp_sums_at(at->studies, t, &s);
    made.loglik = mtp_log_likelihood(at->studies, at->restricted, t, &s);
    made.maximum = !at->rising;
    mean = mtp_dd_add(mtp_dd_from(at->studies->block[0].centre),
                      mtp_to_unit_of_y(at->studies, s.mean, 1));
    made.estimate = at->studies->n_blocks == 1 && !at->studies->columns
                        ? mtp_dd_to(mean)
                        : (double)NAN;
    if (at->n < MTP_EXTREMA_MAX) {
        at->found[at->n++] = made;
    } else if (mtp_dd_less(last->loglik, made.loglik)) {
        *last = made;
    }
}

/* Refine the extremum between two neighbours of the scan. The sign at a neighbour may
 * be wrong by rounding when the root lies on it: then it is found just outside. */
static void refine(search *at, double a, double b)
{
    mtp_dd t;
    double near = a > 0.0 ? root_in_doubles(at, a, b) : 0.0;

    if ((near > 0.0 && polish(at, near, &t)) ||
        (near > 0.0 && root_between(at, mtp_dd_from(near * (1.0 - 1e-9)),
                                    mtp_dd_from(near * (1.0 + 1e-9)), &t)) ||
        root_between(at, mtp_dd_from(a * (1.0 - 1e-6)), mtp_dd_from(b * (1.0 + 1e-6)),
                     &t)) {
        add_extremum(at, t);
    }
}

/* Walk up the half line and refine every change of the score from + to -, and those
 * from - to + where minima are asked for. */
static void scan(search *at, bool positive, double top)
{
    double fine = pow(10.0, 1.0 / POINTS_PER_DECADE);
    double coarse = pow(10.0, 1.0 / POINTS_WHILE_STRAIGHT);
    double t[LANES], value[LANES], before = 0.0;
    double next = SCAN_FLOOR * at->studies->v_min;

    while (before < top) {
        for (int l = 0; l < LANES; l++) {
            t[l] = next;
            next *= next < STRAIGHT * at->studies->v_min ? coarse : fine;
        }
        score_lanes(at, t, value);
        at->evaluations += LANES;
        for (int l = 0; l < LANES; l++) {
            bool was = positive;

            positive = value[l] > 0.0;
            at->rising = !was && positive;
            if (was != positive && (was || at->minima)) {
                refine(at, before, t[l]);
            }
            before = t[l];
        }
    }
    at->rising = false;
}

size_t mtp_likelihood_extrema(const mtp_studies *studies, bool restricted, bool minima,
                              mtp_extremum found[MTP_EXTREMA_MAX], size_t *evaluations)
{
    search at = {
        .studies = studies, .restricted = restricted, .minima = minima, .found = found};
    mtp_dd zero = {0.0, 0.0}, first = score(&at, zero), t = zero;
    double top = 1.25 * studies->range * studies->range;

    if (first.hi == 0.0) { /* stationary: a maximum unless the score rises */
        first = score(&at, mtp_dd_from(SCAN_FLOOR * studies->v_min));
    }
    if (!(first.hi > 0.0)) {
        add_extremum(&at, zero);
    }
    scan(&at, first.hi > 0.0, top);
    if (at.n == 0 && root_between(&at, zero, mtp_dd_from(top), &t)) {
        add_extremum(&at, t);
    }
    *evaluations += at.evaluations;
    return at.n;
}

/* se = sqrt(2 / tr(PP)) (REML), sqrt(2 / sum w^2) (ML). */
static double standard_error(const mtp_studies *studies, bool restricted, mtp_dd t)
{
    mtp_weighting by = {MTP_WEIGHT_INVERSE, t};
    mtp_dd trace;

    if (restricted) {
        trace = mtp_trace_of_square(studies, &by, NULL);
    } else {
        mtp_sums s;

        mtp_sums_at(studies, t, &s);
        trace = s.w2;
    }
    trace = mtp_dd_sqrt(mtp_dd_div(mtp_dd_from(2.0), trace));
    return mtp_dd_to(mtp_to_unit_of_y(studies, trace, 2));
}

void mtp_tau2_likelihood(mtp_tau2_method method, const mtp_studies *studies,
                         mtp_tau2_fit *fit)
{
    bool restricted = method == MTP_TAU2_REML;
    mtp_tau2_result *r = &fit->result;
    mtp_extremum found[MTP_EXTREMA_MAX];
    size_t n =
        mtp_likelihood_extrema(studies, restricted, false, found, &r->iterations);

    for (size_t i = 0; i < n; i++) {
        mtp_mode mode = {mtp_dd_to(mtp_to_unit_of_y(studies, found[i].t, 2)),
                         mtp_dd_to(found[i].loglik), found[i].estimate};

        if (i == 0 || mode.loglik > r->loglik) {
            r->loglik = mode.loglik;
            fit->tau2 = found[i].t;
        }
        if (r->n_modes < MTP_MODES_MAX) {
            r->modes[r->n_modes++] = mode;
        }
    }
    if (!studies->no_errors) {
        r->se = standard_error(studies, restricted, fit->tau2);
    }
}
