/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The distribution of the generalized Q_a = y'Py with fixed weights a, at any tau2 = t,
 * and what follows from it: the t at which the observed value has a given tail.
 *
 * Q_a is a sum of chi-squares whose coefficients are the eigenvalues of S^1/2 P S^1/2,
 * S = diag(v + t). They are not needed: with d_i = a_i (v_i + t) and f_i = 1 - 2 s d_i,
 *   E exp(s Q_a) = 1 / sqrt(prod f_i * sum(a_i / f_i) / sum a_i)       for each block,
 * from the determinant of a diagonal less a matrix of rank one, so that a tail costs
 * O(k) for each of its 50 or so nodes (num/laplace.h). At real s the transform is
 * finite below 1 / (2 lambda), where lambda lies between the two largest d: one f may
 * be negative there, and sum(a / f) is then negative too. With columns Z in place of
 * means, sum(a / f) / sum a becomes |Z'A F^-1 Z| / |Z'A Z| (columns_transform.c).
 * Sources: Jackson (2013), Res
 * Synth Methods 4:220-229, doi:10.1002/jrsm.1081; Biggerstaff & Jackson (2008), Stat
 * Med 27:6093-6110, doi:10.1002/sim.3428.
 */
#include "num/dist.h"
#include "num/laplace.h"
#include "num/root.h"
#include "tau2/columns.h"
#include "tau2/estimate.h"

#include <math.h>

/* Q_a / its observed value at tau2 = t, in doubles. */
typedef struct scaled_form {
    const mtp_studies *studies;
    const mtp_weighting *by;
    double t, observed;
} scaled_form;

static double weight(const scaled_form *of, size_t i)
{
    const mtp_studies *s = of->studies;

    switch (of->by->kind) {
    case MTP_WEIGHT_ROOT:
        return 1.0 / sqrt(s->point[i].v);
    case MTP_WEIGHT_GIVEN:
        return s->weight ? ldexp(s->weight[s->point[i].index], -s->weight_unit)
                         : 1.0 / s->point[i].v;
    default:
        return mtp_dd_to(mtp_weight_by(s, of->by, i));
    }
}

/* Weights and d of every study in the work space of the columns. */
static mtp_columns_weights column_weights(const scaled_form *of)
{
    mtp_columns_weights made = mtp_columns_weights_room(of->studies->columns);

    for (size_t i = 0; i < of->studies->k; i++) {
        made.a[i] = weight(of, i);
        made.d[i] = made.a[i] * (of->studies->point[i].v + of->t) / of->observed;
    }
    return made;
}

/* Adds K' and K'' of a block: K = -sum log(f)/2 - log(sum a/f)/2. */
static bool block_slopes(const scaled_form *of, const mtp_study_block *block, double s,
                         double slope[2])
{
    double sum = 0.0, first = 0.0, second = 0.0; /* sum a/f and its derivatives */
    int negative = 0;

    for (size_t i = block->begin; i < block->end; i++) {
        double a = weight(of, i);
        double d = a * (of->studies->point[i].v + of->t) / of->observed;
        double f = 1.0 - 2.0 * s * d, part = d / f;

        negative += !(f > 0.0);
        slope[0] += part;
        slope[1] += 2.0 * part * part;
        sum += a / f;
        first += 2.0 * part * (a / f);
        second += 8.0 * part * part * (a / f);
    }
    first /= sum;
    slope[0] -= 0.5 * first;
    slope[1] -= 0.5 * (second / sum - first * first);
    return negative == 0 || (negative == 1 && sum < 0.0);
}

static bool form_slopes(const void *context, double s, double slope[2])
{
    const scaled_form *of = (const scaled_form *)context;
    bool finite = true;

    slope[0] = slope[1] = 0.0;
    if (of->studies->columns) {
        mtp_columns_weights weights = column_weights(of);

        finite = mtp_columns_slopes(of->studies->columns, &weights, s, slope);
        return finite && isfinite(slope[0]) && slope[1] >= 0.0;
    }
    for (size_t b = 0; b < of->studies->n_blocks && finite; b++) {
        finite = block_slopes(of, &of->studies->block[b], s, slope);
    }
    return finite && isfinite(slope[0]) && slope[1] >= 0.0;
}

static mtp_complex form_value(const void *context, mtp_complex s, double *log_size)
{
    const scaled_form *of = (const scaled_form *)context;
    mtp_root_product factors = mtp_root_product_start, sums = factors;
    mtp_complex root, other;
    double other_size;

    if (of->studies->columns) {
        mtp_columns_weights weights = column_weights(of);

        return mtp_columns_value(of->studies->columns, &weights, s, log_size);
    }
    for (size_t b = 0; b < of->studies->n_blocks; b++) {
        const mtp_study_block *block = &of->studies->block[b];
        double total = 0.0, scale = 2.0 / of->observed;
        mtp_complex sum = {0.0, 0.0};

        for (size_t i = block->begin; i < block->end; i++) {
            double a = weight(of, i);
            double d = scale * a * (of->studies->point[i].v + of->t), size;
            mtp_complex f = {1.0 - s.re * d, -s.im * d};

            mtp_root_product_times(&factors, f);
            size = a / (f.re * f.re + f.im * f.im);
            total += a;
            sum.re += size * f.re;
            sum.im -= size * f.im;
        }
        /* The sum has its argument between 0 and pi: take the conjugate. */
        mtp_root_product_times(&sums, (mtp_complex){sum.re / total, -sum.im / total});
    }
    root = mtp_root_product_end(&factors, log_size);
    other = mtp_root_product_end(&sums, &other_size);
    *log_size += other_size;
    return mtp_complex_times(root, (mtp_complex){other.re, -other.im});
}

/* A tail, and the tau2 at which it is wanted. */
typedef struct tail_equation {
    scaled_form form;
    bool upper;
    double wanted;
} tail_equation;

/* log of the tail at t over the wanted one. */
static double tail_excess(const void *context, double t)
{
    tail_equation of = *(const tail_equation *)context;
    mtp_transform transform = {&of.form, form_slopes, form_value};

    of.form.t = t;
    return mtp_laplace_tail(&transform, of.upper).log_p - log(of.wanted);
}

/* The t > 0 at which the tail is as wanted; the upper one rises with t from below it,
 * the lower one falls from above. A walk from `near` in growing strides brackets it. */
static double solve_tail(const tail_equation *of, double near, size_t *evaluations)
{
    double a = near, fa = tail_excess(of, a), b = a, fb = fa, ratio = 1.25;
    bool up = of->upper ? fa < 0.0 : fa > 0.0;

    while ((fa > 0.0) == (fb > 0.0)) {
        a = b;
        fa = fb;
        b = up ? b * ratio : b / ratio;
        if (b < 0x1p-500 * near) {
            return 0.0;
        }
        fb = tail_excess(of, b);
        ratio *= ratio;
        (*evaluations)++;
    }
    return mtp_root(tail_excess, of, a, fa, b, fb);
}

/* Where the normal distribution of the moment estimate has the quantile z: near the
 * root with many studies, and positive. */
static double start_at(const mtp_studies *studies, const mtp_weighting *by,
                       const mtp_form *form, double z)
{
    mtp_dd moment = mtp_dd_div(mtp_dd_sub(form->Q, form->noise), form->trP), se;
    double alone = mtp_dd_to(mtp_dd_div(form->Q, form->trP));

    moment = moment.hi > 0.0 ? moment : mtp_dd_from(0.0);
    se = mtp_dd_sqrt(mtp_dd_mul_d(mtp_trace_of_square(studies, by, &moment), 2.0));
    return fmax(moment.hi + z * mtp_dd_div(se, form->trP).hi, 0.1 * alone);
}

mtp_set_status mtp_generalized_interval(const mtp_studies *studies,
                                        const mtp_weighting *by, double level,
                                        mtp_dd *lower, mtp_dd *upper)
{
    mtp_form form = mtp_form_at(studies, by);
    double tail = mtp_tail_of_level(level), z = mtp_normal_upper_quantile(tail);
    tail_equation equation = {{studies, by, 0.0, mtp_dd_to(form.Q)}, false, tail};
    mtp_dd zero = {0.0, 0.0};
    size_t evaluations = 0;

    *lower = *upper = mtp_dd_from((double)NAN);
    if (!(mtp_studies_df(studies) > 0.0)) {
        return MTP_SET_UNDEFINED;
    }
    if (!(form.Q.hi > 0.0) || tail_excess(&equation, 0.0) < 0.0) {
        return MTP_SET_EMPTY;
    }
    *upper = mtp_dd_from(
        solve_tail(&equation, start_at(studies, by, &form, z), &evaluations));
    equation.upper = true;
    *lower = tail_excess(&equation, 0.0) >= 0.0
                 ? zero
                 : mtp_dd_from(solve_tail(&equation, start_at(studies, by, &form, -z),
                                          &evaluations));
    return MTP_SET_OK;
}

mtp_tail mtp_generalized_tail(const mtp_studies *studies, const mtp_weighting *by,
                              double t, bool upper)
{
    mtp_form form = mtp_form_at(studies, by);
    scaled_form scaled = {studies, by, t, mtp_dd_to(form.Q)};
    mtp_transform transform = {&scaled, form_slopes, form_value};
    mtp_tail none = {0.0, -(double)INFINITY}, all = {1.0, 0.0};

    if (!(form.Q.hi > 0.0)) {
        return upper ? all : none;
    }
    return mtp_laplace_tail(&transform, upper);
}

double mtp_generalized_root(const mtp_studies *studies, const mtp_weighting *by,
                            double z)
{
    mtp_form form = mtp_form_at(studies, by);
    bool upper = z < 0.0; /* the smaller tail keeps its digits */
    tail_equation equation = {
        {studies, by, 0.0, mtp_dd_to(form.Q)}, upper, mtp_normal_upper(fabs(z)).p};
    size_t evaluations = 0;

    if (!(form.Q.hi > 0.0) || (tail_excess(&equation, 0.0) >= 0.0) == upper) {
        return 0.0;
    }
    return solve_tail(&equation, start_at(studies, by, &form, z), &evaluations);
}

void mtp_tau2_generalized_median(const mtp_studies *studies, mtp_tau2_fit *fit)
{
    static const mtp_weighting given = {MTP_WEIGHT_GIVEN, {0.0, 0.0}};
    mtp_form form = mtp_form_at(studies, &given);
    tail_equation equation = {{studies, &given, 0.0, mtp_dd_to(form.Q)}, true, 0.5};
    mtp_dd se;

    fit->result.iterations = 1;
    if (form.Q.hi > 0.0 && tail_excess(&equation, 0.0) < 0.0) {
        fit->tau2 = mtp_dd_from(solve_tail(
            &equation, start_at(studies, &given, &form, 0.0), &fit->result.iterations));
    }
    if (studies->no_errors) {
        return;
    }
    se = mtp_trace_of_square(studies, &given, &fit->tau2);
    se = mtp_dd_div(mtp_dd_sqrt(mtp_dd_mul_d(se, 2.0)), form.trP);
    fit->result.se = mtp_dd_to(mtp_to_unit_of_y(studies, se, 2));
}
