/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/estimate.h"

#include "num/dist.h"
#include "tau2/estimate.h"

#include <math.h>

/* Critical values of the two-sided level: normal, t(df), t(df - 1), and t with the
 * degrees of freedom of Kenward and Roger and one less; NaN below one degree of
 * freedom. */
enum { NORMAL, T, T_LESS_ONE, KR, KR_LESS_ONE, CRITICAL_COUNT };

typedef struct critical {
    double value[CRITICAL_COUNT], df[CRITICAL_COUNT];
    double tail;
} critical;

/* Those of the indices that are bits of `wanted`; the others are NaN. */
static critical critical_values(double level, double df, double kr_df, unsigned wanted)
{
    double tail = mtp_tail_of_level(level);
    critical c = {{mtp_normal_upper_quantile(tail)},
                  {(double)NAN, df, df - 1.0, kr_df, kr_df - 1.0},
                  tail};

    for (int i = T; i < CRITICAL_COUNT; i++) {
        c.df[i] = c.df[i] >= 1.0 ? c.df[i] : 0.0;
        c.value[i] = c.df[i] > 0.0 && wanted & 1u << i
                         ? mtp_t_upper_quantile(tail, c.df[i])
                         : (double)NAN;
    }
    return c;
}

/* mu +- c s, each rounded once. */
static void limits(mtp_dd mu, double c, mtp_dd s, double *lower, double *upper)
{
    mtp_dd half = mtp_dd_mul_d(s, c);

    *lower = mtp_dd_to(mtp_dd_sub(mu, half));
    *upper = mtp_dd_to(mtp_dd_add(mu, half));
}

/* mu +- c se with its test. */
static mtp_interval symmetric(const mtp_mean *mean, mtp_ci_method method, mtp_dd se,
                              double c, double df, double null_value)
{
    mtp_interval made = {.method = method,
                         .se = mtp_dd_to(se),
                         .df = df,
                         .statistic = (double)NAN,
                         .p = (double)NAN,
                         .log_p = (double)NAN,
                         .estimate = mtp_dd_to(mean->mu)};

    limits(mean->mu, c, se, &made.lower, &made.upper);
    if (!isnan(null_value) && !isnan(c) && se.hi > 0.0) {
        mtp_dd distance = mtp_dd_sub(mean->mu, mtp_dd_from(null_value));
        mtp_tail tail;

        made.statistic = mtp_dd_to(mtp_dd_div(distance, se));
        tail = mtp_t_two_sided(made.statistic, made.df);
        made.p = tail.p;
        made.log_p = tail.log_p;
    }
    return made;
}

/* The Knapp-Hartung standard error; with hksj-adhoc its factor is at least 1. */
static mtp_dd knapp_hartung(const mtp_mean *mean, mtp_ci_method method)
{
    mtp_dd one = {1.0, 0.0};
    bool floored = method == MTP_CI_HKSJ_ADHOC && mtp_dd_less(mean->factor, one);

    return mtp_dd_mul(mean->se, mtp_dd_sqrt(floored ? one : mean->factor));
}

static mtp_interval interval(const mtp_mean *mean, mtp_ci_method method,
                             const critical *c, double null_value)
{
    const mtp_kenward_roger *kr = &mean->kenward_roger;
    mtp_interval wald =
        symmetric(mean, method, mean->se, c->value[NORMAL], c->df[NORMAL], null_value);
    mtp_interval made = wald;

    switch (method) {
    case MTP_CI_T:
        made = symmetric(mean, method, mean->se, c->value[T], c->df[T], null_value);
        break;
    case MTP_CI_HKSJ:
    case MTP_CI_HKSJ_ADHOC:
    case MTP_CI_HKSJ_WIDE:
        made = symmetric(mean, method, knapp_hartung(mean, method), c->value[T],
                         c->df[T], null_value);
        break;
    case MTP_CI_KR: /* defined below one degree of freedom too, if hardly useful */
        made = symmetric(mean, method, kr->se, mtp_t_upper_quantile(c->tail, kr->df),
                         kr->df, null_value);
        break;
    default:
        break;
    }
    if (method == MTP_CI_HKSJ_WIDE &&
        made.upper - made.lower < wald.upper - wald.lower) {
        made = wald;
    }
    return made;
}

/* How each prediction interval is made. */
static const struct {
    mtp_pi_method method;
    int critical;
    mtp_ci_method se; /* whose standard error */
} forms[] = {
    {MTP_PI_WALD, NORMAL, MTP_CI_WALD},      {MTP_PI_V, T, MTP_CI_WALD},
    {MTP_PI_HTS, T_LESS_ONE, MTP_CI_WALD},   {MTP_PI_HK, T, MTP_CI_HKSJ},
    {MTP_PI_HK_PR, T_LESS_ONE, MTP_CI_HKSJ}, {MTP_PI_KR, KR, MTP_CI_KR},
    {MTP_PI_KR_PR, KR_LESS_ONE, MTP_CI_KR},
};
enum { N_FORMS = sizeof forms / sizeof *forms };

static mtp_prediction prediction(const mtp_mean *mean, size_t form, mtp_ci_method ci,
                                 const critical *c)
{
    mtp_prediction made = {.method = forms[form].method,
                           .df = c->df[forms[form].critical]};
    mtp_dd se = mean->se;

    if (forms[form].se == MTP_CI_HKSJ) {
        se = knapp_hartung(mean, ci);
    } else if (forms[form].se == MTP_CI_KR) {
        se = mean->kenward_roger.se;
    }
    se = mtp_dd_sqrt(mtp_dd_add(mean->tau2, mtp_dd_sqr(se)));
    made.se = mtp_dd_to(se);
    limits(mean->mu, c->value[forms[form].critical], se, &made.lower, &made.upper);
    return made;
}

mtp_pi_method mtp_pi_chosen(const mtp_pool_options *options)
{
    if (options->predict != MTP_PI_AUTO) {
        return options->predict;
    }
    switch (options->ci) {
    case MTP_CI_HKSJ:
    case MTP_CI_HKSJ_ADHOC:
        return MTP_PI_HK;
    case MTP_CI_KR:
        return MTP_PI_KR;
    case MTP_CI_ROBUST:
        return MTP_PI_ROBUST;
    default:
        return MTP_PI_V;
    }
}

static mtp_prediction no_prediction(mtp_pi_method method)
{
    return (mtp_prediction){method, (double)NAN, (double)NAN, (double)NAN, (double)NAN};
}

static const double *freeman_tukey_sizes(const mtp_study_set *set)
{
    switch (set->measure->measure) {
    case MTP_PFT:
        return set->n;
    case MTP_IRFT:
        return set->time;
    default:
        return NULL;
    }
}

/* The estimate, its back-transform's n and the null value on the analysis scale. */
static void start(const mtp_mean *mean, const mtp_study_set *set,
                  const mtp_pool_options *options, mtp_estimate *estimate)
{
    const double *sizes = freeman_tukey_sizes(set);
    double variance = mtp_dd_to(mtp_dd_sqr(mean->se));
    double ft_n =
        sizes ? mtp_ft_pooled_n(options->ft_n, set->k, sizes, variance) : (double)NAN;

    *estimate = (mtp_estimate){.estimate = mtp_dd_to(mean->mu),
                               .null_value = options->null_value,
                               .back.ft_n = ft_n};
    if (!isnan(options->null_value)) {
        estimate->null_value =
            mtp_forward_transform(set->measure->measure, options->null_value, ft_n);
    }
}

static void back_transform(const mtp_study_set *set, mtp_estimate *e, bool *clipped)
{
    mtp_measure measure = set->measure->measure;
    double n = e->back.ft_n;

    e->back.estimate = mtp_back_transform(measure, e->estimate, n, clipped);
    e->back.ci_lower = mtp_back_transform(measure, e->ci.lower, n, clipped);
    e->back.ci_upper = mtp_back_transform(measure, e->ci.upper, n, clipped);
    e->back.pi_lower = mtp_back_transform(measure, e->pi.lower, n, clipped);
    e->back.pi_upper = mtp_back_transform(measure, e->pi.upper, n, clipped);
}

void mtp_estimate_common(const mtp_mean *mean, const mtp_study_set *set,
                         const mtp_pool_options *options, mtp_estimate *estimate,
                         bool *clipped)
{
    critical c = critical_values(options->level, 0.0, 0.0, 0);

    start(mean, set, options, estimate);
    estimate->ci = interval(mean, MTP_CI_WALD, &c, estimate->null_value);
    estimate->intervals[estimate->n_intervals++] = estimate->ci;
    estimate->pi = no_prediction(MTP_PI_NONE);
    back_transform(set, estimate, clipped);
}

/* Whether a mean has what the method needs. */
static bool has(const mtp_mean *mean, const mtp_pool_options *options,
                mtp_ci_method method)
{
    switch (method) {
    case MTP_CI_WALD:
    case MTP_CI_T:
        return true;
    case MTP_CI_KR:
        return mean->kenward_roger.df > 0.0;
    case MTP_CI_PL:
    case MTP_CI_HC:
    case MTP_CI_ROBUST:
        return false; /* made elsewhere */
    default:
        return options->method != MTP_METHOD_GLMM &&
               options->method != MTP_METHOD_BETABINOMIAL && options->n_levels == 0;
    }
}

/* Whether an interval or a prediction is made that is chosen or not. */
static bool is_wanted(const mtp_mean *mean, bool chosen)
{
    return chosen || !mean->chosen_only;
}

/* Which critical values these intervals and predictions have. */
static unsigned wanted_values(const mtp_mean *mean, mtp_ci_method ci, mtp_pi_method pi)
{
    bool has_t = ci == MTP_CI_T || ci == MTP_CI_HKSJ || ci == MTP_CI_HKSJ_ADHOC ||
                 ci == MTP_CI_HKSJ_WIDE;
    unsigned wanted = is_wanted(mean, has_t) ? 1u << T : 0;

    for (size_t f = 0; f < N_FORMS; f++) {
        if (is_wanted(mean, forms[f].method == pi)) {
            wanted |= 1u << forms[f].critical;
        }
    }
    return wanted;
}

void mtp_estimate_random(const mtp_mean *mean, const mtp_study_set *set,
                         const mtp_pool_options *options, mtp_estimate *estimate,
                         bool *clipped)
{
    mtp_pi_method pi = mtp_pi_chosen(options);
    critical c = critical_values(options->level, mean->df, mean->kenward_roger.df,
                                 wanted_values(mean, options->ci, pi));
    mtp_ci_method ci = c.df[T] > 0.0 ? options->ci : MTP_CI_WALD;

    start(mean, set, options, estimate);
    for (int m = MTP_CI_WALD; m < MTP_CI_COUNT; m++) {
        if (is_wanted(mean, m == MTP_CI_WALD || m == (int)ci) &&
            has(mean, options, (mtp_ci_method)m)) {
            mtp_interval made =
                interval(mean, (mtp_ci_method)m, &c, estimate->null_value);

            estimate->intervals[estimate->n_intervals++] = made;
            estimate->ci = m == MTP_CI_WALD || m == (int)ci ? made : estimate->ci;
        }
    }
    estimate->pi = no_prediction(pi);
    for (size_t f = 0; f < N_FORMS && pi != MTP_PI_NONE; f++) {
        if (is_wanted(mean, forms[f].method == pi) && has(mean, options, forms[f].se)) {
            mtp_prediction made = prediction(mean, f, options->ci, &c);

            estimate->predictions[estimate->n_predictions++] = made;
            estimate->pi = made.method == pi ? made : estimate->pi;
        }
    }
    back_transform(set, estimate, clipped);
}

void mtp_estimate_take_interval(const mtp_interval *made, const mtp_study_set *set,
                                mtp_estimate *estimate, bool *clipped)
{
    estimate->intervals[estimate->n_intervals++] = *made;
    estimate->ci = *made;
    back_transform(set, estimate, clipped);
}

void mtp_estimate_take_prediction(const mtp_prediction *made, const mtp_study_set *set,
                                  mtp_estimate *estimate, bool *clipped)
{
    estimate->predictions[estimate->n_predictions++] = *made;
    estimate->pi = *made;
    back_transform(set, estimate, clipped);
}

mtp_interval mtp_interval_missing(mtp_ci_method method)
{
    double none = (double)NAN;

    return (mtp_interval){.method = method,
                          .se = none,
                          .df = none,
                          .statistic = none,
                          .p = none,
                          .log_p = none,
                          .lower = none,
                          .upper = none,
                          .estimate = none};
}

void mtp_estimate_missing(const mtp_pool_options *options, bool random,
                          mtp_estimate *estimate)
{
    double none = (double)NAN;

    *estimate = (mtp_estimate){.estimate = none, .null_value = none};
    estimate->ci = mtp_interval_missing(random ? options->ci : MTP_CI_WALD);
    estimate->pi = no_prediction(random ? mtp_pi_chosen(options) : MTP_PI_NONE);
    estimate->back.estimate = estimate->back.ft_n = none;
    estimate->back.ci_lower = estimate->back.ci_upper = none;
    estimate->back.pi_lower = estimate->back.pi_upper = none;
}
