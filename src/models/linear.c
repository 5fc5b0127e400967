/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/linear.h"

#include "core/error.h"
#include "models/between.h"
#include "num/dist.h"

#include <math.h>

double mtp_critical(double tail, double df)
{
    return isnan(df)   ? mtp_normal_upper_quantile(tail)
           : df >= 1.0 ? mtp_t_upper_quantile(tail, df)
                       : (double)NAN;
}

mtp_dd mtp_linear_value(const mtp_linear *linear, const double l[])
{
    mtp_dd sum = {0.0, 0.0};

    for (size_t j = 0; j < linear->p; j++) {
        sum = mtp_dd_add(sum, mtp_dd_mul_d(linear->beta[j], l[j]));
    }
    return sum;
}

/* a'V b */
static mtp_dd covariance(size_t p, const mtp_dd v[], const double a[], const double b[])
{
    mtp_dd sum = {0.0, 0.0};

    for (size_t i = 0; i < p; i++) {
        for (size_t j = 0; j < p && a[i] != 0.0; j++) {
            if (b[j] == 0.0) { /* rows of hypotheses are mostly zeros */
                continue;
            }
            mtp_dd part = mtp_dd_mul(v[i * p + j], mtp_dd_two_prod(a[i], b[j]));

            sum = mtp_dd_add(sum, part);
        }
    }
    return sum;
}

mtp_dd mtp_linear_variance(size_t p, const mtp_dd cov[], const double l[])
{
    return covariance(p, cov, l, l);
}

mtp_coefficient mtp_linear_combination(const mtp_linear *linear, const char *name,
                                       const double l[])
{
    const mtp_linear_small_sample *small = &linear->small_sample;
    mtp_dd value = mtp_linear_value(linear, l), half;
    mtp_dd se = mtp_dd_sqrt(mtp_linear_variance(linear->p, linear->cov, l));
    mtp_coefficient made = {.name = name,
                            .estimate = mtp_dd_to(value),
                            .se = mtp_dd_to(se),
                            .statistic = (double)NAN,
                            .df = small->df ? small->df(small->of, l) : linear->df,
                            .p = (double)NAN,
                            .log_p = (double)NAN};
    bool none = small->test && isnan(made.df); /* of a robust variance */

    half = mtp_dd_mul_d(se, none ? made.df : mtp_critical(linear->tail, made.df));
    made.ci_lower = mtp_dd_to(mtp_dd_sub(value, half));
    made.ci_upper = mtp_dd_to(mtp_dd_add(value, half));
    if (se.hi > 0.0 && !none && !(made.df <= 0.0)) {
        mtp_tail tail;

        made.statistic = mtp_dd_to(mtp_dd_div(value, se));
        tail = mtp_t_two_sided(made.statistic, made.df);
        made.p = tail.p;
        made.log_p = tail.log_p;
    }
    return made;
}

/* Row i of a Cholesky factor of L V L', and of the solution beside it; false, and
 * nothing entered, where the row follows from those before it. */
static bool add_row(size_t p, const mtp_linear *linear, const double l[],
                    const double *kept[], size_t n, size_t q, mtp_dd factor[],
                    mtp_dd solved[])
{
    mtp_dd own = covariance(p, linear->cov, l, l), left = own;
    mtp_dd value = mtp_linear_value(linear, l);
    mtp_dd *row = factor + n * q;

    for (size_t j = 0; j < n; j++) {
        row[j] = covariance(p, linear->cov, l, kept[j]);
        for (size_t m = 0; m < j; m++) {
            row[j] = mtp_dd_sub(row[j], mtp_dd_mul(row[m], factor[j * q + m]));
        }
        row[j] = mtp_dd_div(row[j], factor[j * q + j]);
        left = mtp_dd_sub(left, mtp_dd_sqr(row[j]));
        value = mtp_dd_sub(value, mtp_dd_mul(row[j], solved[j]));
    }
    if (!(left.hi > 1e-20 * own.hi)) { /* a covariance may be of doubles: 1e-32 */
        return false;
    }
    row[n] = mtp_dd_sqrt(left);
    solved[n] = mtp_dd_div(value, row[n]);
    return true;
}

static mtp_test from_statistic(mtp_dd statistic, size_t q, double df)
{
    mtp_test made;
    mtp_tail tail;

    if (q == 0 || df <= 0.0) {
        return mtp_test_missing();
    }
    if (isnan(df)) {
        return mtp_test_chisq(mtp_dd_to(statistic), (double)q);
    }
    made = (mtp_test){.statistic =
                          mtp_dd_to(mtp_dd_div(statistic, mtp_dd_from((double)q))),
                      .is_f = true,
                      .df = (double)q,
                      .df2 = df};
    tail = mtp_f_upper(made.statistic, made.df, made.df2);
    made.p = tail.p;
    made.log_p = tail.log_p;
    return made;
}

mtp_status mtp_linear_test(const mtp_linear *linear, size_t q, const double l[],
                           mtp_test *test, mtp_error *err)
{
    const mtp_linear_small_sample *small = &linear->small_sample;
    mtp_arena_mark mark = mtp_arena_save(linear->scratch);
    mtp_dd *factor = MTP_ARENA_ARRAY(linear->scratch, q * (q + 1), mtp_dd);
    const double **kept = MTP_ARENA_ARRAY(linear->scratch, q, const double *);
    mtp_dd *solved = factor ? factor + q * q : NULL, statistic = {0.0, 0.0};
    double df = linear->df;
    size_t n = 0;

    if (!factor || !kept) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < q; i++) {
        const double *row = l + i * linear->p;

        df = small->df ? fmin(df, small->df(small->of, row)) : df;
        if (add_row(linear->p, linear, row, kept, n, q, factor, solved)) {
            statistic = mtp_dd_add(statistic, mtp_dd_sqr(solved[n]));
            kept[n++] = row;
        }
    }
    *test = small->test && n == q ? small->test(small->of, q, l)
                                  : from_statistic(statistic, n, df);
    mtp_arena_release(linear->scratch, mark);
    return MTP_OK;
}
