/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The result of a regression of rounded inputs. */
#include "core/error.h"
#include "core/owned.h"
#include "sensitivity/rounding_regress.h"

/* What of the result is made of what was found. */
typedef struct filling {
    const mtp_round_job *job;
    const mtp_round_found *found;
    mtp_arena *arena;
    bool failed;
} filling;

static const char *copy_name(filling *f, const char *name)
{
    const char *copy = name ? mtp_arena_strdup(f->arena, name) : NULL;

    f->failed |= name && !copy;
    return copy;
}

static mtp_rounding_range range(const filling *f, size_t figure)
{
    return mtp_round_range(f->job, f->found, figure);
}

static const mtp_rounding_coefficient *
coefficients(filling *f, size_t n, const mtp_coefficient c[], size_t first)
{
    mtp_rounding_coefficient *made =
        MTP_ARENA_ARRAY(f->arena, n, mtp_rounding_coefficient);

    f->failed |= !made;
    for (size_t i = 0; made && i < n; i++, first += COEFFICIENT_FIGURES) {
        made[i] = (mtp_rounding_coefficient){.name = copy_name(f, c[i].name),
                                             .estimate = range(f, first + ESTIMATE),
                                             .se = range(f, first + SE),
                                             .lower = range(f, first + LOWER),
                                             .upper = range(f, first + UPPER),
                                             .statistic = range(f, first + STATISTIC),
                                             .p = range(f, first + P)};
    }
    return made;
}

static const mtp_rounding_test *tests(filling *f, size_t n, const mtp_named_test t[],
                                      size_t first)
{
    mtp_rounding_test *made = MTP_ARENA_ARRAY(f->arena, n, mtp_rounding_test);

    f->failed |= !made;
    for (size_t i = 0; made && i < n; i++) {
        made[i] = mtp_round_test(f->job, f->found, first + i * TEST_FIGURES,
                                 copy_name(f, t[i].name));
    }
    return made;
}

static const mtp_rounding_prediction *
predictions(filling *f, size_t n, const mtp_regress_prediction p[], size_t first)
{
    mtp_rounding_prediction *made =
        MTP_ARENA_ARRAY(f->arena, n, mtp_rounding_prediction);

    f->failed |= !made;
    for (size_t i = 0; made && i < n; i++, first += PREDICTION_FIGURES) {
        made[i] = (mtp_rounding_prediction){
            .name = copy_name(f, p[i].name),
            .estimate = range(f, first + MEAN),
            .se = range(f, first + MEAN_SE),
            .lower = range(f, first + MEAN_LOWER),
            .upper = range(f, first + MEAN_UPPER),
            .pi_lower = range(f, first + PI_LOWER),
            .pi_upper = range(f, first + PI_UPPER),
            .back = {range(f, first + BACK), range(f, first + BACK_LOWER),
                     range(f, first + BACK_UPPER), range(f, first + BACK_PI_LOWER),
                     range(f, first + BACK_PI_UPPER)}};
    }
    return made;
}

mtp_status mtp_round_fill_regression(mtp_rounding_result *result,
                                     const mtp_round_regression *g,
                                     const mtp_round_job *job,
                                     const mtp_round_found *found, mtp_error *err)
{
    const mtp_rounding_test none = {NULL, mtp_round_no_range(), mtp_round_no_range()};
    const mtp_regress_result *r = g->base;
    filling f = {job, found, mtp_owned_arena(result), false};
    mtp_rounding_regression *made =
        MTP_ARENA_NEW(mtp_owned_arena(result), mtp_rounding_regression);

    if (!made) {
        return mtp_fail_nomem(err);
    }
    *made = (mtp_rounding_regression){
        .n_coefficients = r->p,
        .n_contrasts = r->n_contrasts,
        .n_scale = r->n_scale,
        .n_terms = r->n_terms,
        .n_tests = r->n_tests,
        .coefficient = coefficients(&f, r->p, r->coefficient, g->coefficients),
        .contrasts = coefficients(&f, r->n_contrasts, r->contrasts, g->contrasts),
        .scale = coefficients(&f, r->n_scale, r->scale, g->scale),
        .terms = tests(&f, r->n_terms, r->terms, g->terms),
        .tests = tests(&f, r->n_tests, r->tests, g->tests),
        .omnibus = mtp_round_test(job, found, g->omnibus, NULL),
        .scale_omnibus = mtp_round_test(job, found, g->scale_omnibus, NULL),
        .tau2 = range(&f, g->model + TAU2),
        .I2 = range(&f, g->model + I2),
        .R2 = range(&f, g->model + R2),
        .Q = range(&f, g->model + Q),
        .Q_p = range(&f, g->model + Q_P),
        .n_margins = r->n_margins,
        .n_predictions = r->n_predictions,
        .margins = predictions(&f, r->n_margins, r->margins, g->margins),
        .predictions =
            predictions(&f, r->n_predictions, r->predictions, g->predictions)};
    result->regression = made;
    result->between.common = result->between.random = result->between.within = none;
    return f.failed ? mtp_fail_nomem(err) : MTP_OK;
}
