/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rounding of a regression. */
#include "core/error.h"
#include "core/owned.h"
#include "sensitivity/rounding_job.h"

#include <math.h>
#include <string.h>

/* Figures of a coefficient; of a test: the statistic and its p; of the model. */
enum { ESTIMATE, SE, LOWER, UPPER, STATISTIC, P, COEFFICIENT_FIGURES };
enum { TEST_FIGURES = 2 };
enum { TAU2, I2, R2, Q, Q_P, MODEL_FIGURES };

/* Which figures there are, kind after kind, from the fit of the data as printed. */
typedef struct regression {
    const mtp_moderators *moderators;
    mtp_regress_options options;
    const mtp_regress_result *base;
    size_t coefficients, contrasts, scale; /* the first figure of each kind */
    size_t omnibus, scale_omnibus, terms, tests, model;
} regression;

static void keep_coefficients(size_t n, const mtp_coefficient c[], double figure[])
{
    for (size_t i = 0; i < n; i++, figure += COEFFICIENT_FIGURES) {
        figure[ESTIMATE] = c[i].estimate;
        figure[SE] = c[i].se;
        figure[LOWER] = c[i].ci_lower;
        figure[UPPER] = c[i].ci_upper;
        figure[STATISTIC] = c[i].statistic;
        figure[P] = c[i].p;
    }
}

static void keep_test(const mtp_test *test, double figure[TEST_FIGURES])
{
    figure[0] = test->statistic;
    figure[1] = test->p;
}

static void keep_tests(size_t n, const mtp_named_test tests[], double figure[])
{
    for (size_t i = 0; i < n; i++) {
        keep_test(&tests[i].test, figure + i * TEST_FIGURES);
    }
}

static mtp_status fit(const mtp_round_room *room, const mtp_effects *effects,
                      size_t part, double figure[], mtp_error *err)
{
    const regression *g = (const regression *)room->job->model;
    mtp_regress_result *r;
    mtp_status status = mtp_regress(effects, g->moderators, &g->options, &r, err);

    (void)part;
    if (status != MTP_OK) {
        return status;
    }
    if (r->exists) {
        keep_coefficients(r->p, r->coefficient, figure + g->coefficients);
        keep_coefficients(r->n_contrasts, r->contrasts, figure + g->contrasts);
        keep_coefficients(r->n_scale, r->scale, figure + g->scale);
        keep_test(&r->omnibus, figure + g->omnibus);
        if (r->n_scale > 0) {
            keep_test(&r->scale_omnibus, figure + g->scale_omnibus);
        }
        keep_tests(r->n_terms, r->terms, figure + g->terms);
        keep_tests(r->n_tests, r->tests, figure + g->tests);
        figure[g->model + TAU2] = r->heterogeneity.tau2;
        figure[g->model + I2] = r->heterogeneity.I2;
        figure[g->model + R2] = r->R2;
        figure[g->model + Q] = r->heterogeneity.Q;
        figure[g->model + Q_P] = r->heterogeneity.p;
    }
    mtp_regress_result_free(r);
    return MTP_OK;
}

/* The options over the defaults; one thread, for the fits are shared out, and nothing
 * that is not kept. */
static void take_options(const mtp_regress_options *given, mtp_regress_options *used)
{
    mtp_regress_options_init(used, sizeof *used);
    if (given) {
        memcpy(used, given, given->size < sizeof *used ? given->size : sizeof *used);
        used->size = given->size == 0 ? 0 : sizeof *used;
    }
    used->threads = 1;
    used->diagnostics = used->estimate_without = false;
    used->permutations = 0;
    used->permute_exact = false;
    used->tau2_alone = true;
    used->n_margins = used->n_predictions = 0;
}

/* A statistic and the p-value that comes from it; the latter has degrees of freedom of
 * its own where clusters estimate these. */
static void plan_test(mtp_round_figure figure[], size_t statistic, size_t p,
                      bool robust)
{
    figure[p].sought = robust;
    figure[p].statistic = statistic;
    figure[p].at_zero = 1.0;
}

/* The test of one coefficient, whose statistic is the square of that of its own. */
static void plan_square(mtp_round_figure figure[], size_t test, size_t coefficient,
                        bool robust)
{
    size_t t = coefficient + STATISTIC;

    figure[test].sought = robust;
    figure[test].statistic = t;
    plan_test(figure, t, test + 1, robust);
}

/* Tests of all coefficients but the intercept and of terms, where that is one. */
static void plan_squares(const regression *g, mtp_round_figure figure[])
{
    const mtp_moderators *m = g->moderators;
    bool robust = g->options.robust != MTP_ROBUST_NONE;
    size_t from = m->intercept && m->p > 1 ? 1 : 0;

    if (m->p == from + 1) {
        plan_square(figure, g->omnibus, from * COEFFICIENT_FIGURES, robust);
    }
    for (size_t t = 0; t < m->n_terms; t++) {
        size_t columns = 0, last = 0;

        for (size_t j = 0; j < m->p; j++) {
            if (m->column_term[j] == t) {
                columns++;
                last = j;
            }
        }
        if (columns == 1) {
            plan_square(figure, g->terms + t * TEST_FIGURES, last * COEFFICIENT_FIGURES,
                        robust);
        }
    }
}

/* Tests of several coefficients, which can all be nearly 0. */
static void plan_between(const regression *g, mtp_round_figure figure[])
{
    const mtp_regress_result *r = g->base;

    figure[g->omnibus].between = r->omnibus.df > 1.0;
    figure[g->scale_omnibus].between = r->n_scale > 0 && r->scale_omnibus.df > 1.0;
    for (size_t t = 0; t < r->n_terms; t++) {
        figure[g->terms + t * TEST_FIGURES].between = r->terms[t].test.df > 1.0;
    }
    for (size_t t = 0; t < r->n_tests; t++) {
        figure[g->tests + t * TEST_FIGURES].between = r->tests[t].test.df > 1.0;
    }
}

static void plan_figures(const regression *g, size_t n, mtp_round_figure figure[])
{
    bool robust = g->options.robust != MTP_ROBUST_NONE;

    for (size_t f = 0; f < n; f++) {
        figure[f] = (mtp_round_figure){0, true, f, f, 0.0, false};
    }
    for (size_t f = g->coefficients; f < g->omnibus; f += COEFFICIENT_FIGURES) {
        plan_test(figure, f + STATISTIC, f + P, robust);
    }
    for (size_t f = g->omnibus; f < g->model; f += TEST_FIGURES) {
        plan_test(figure, f, f + 1, robust);
    }
    plan_squares(g, figure);
    plan_between(g, figure);
    plan_test(figure, g->model + Q, g->model + Q_P, false);
    figure[g->model + TAU2].guide = figure[g->model + I2].guide = g->model + Q;
    figure[g->model + R2].guide = g->omnibus;
}

static mtp_status plan(regression *g, mtp_round_job *job, mtp_arena *arena)
{
    const mtp_regress_result *r = g->base;
    mtp_round_figure *figure;

    g->coefficients = 0;
    g->contrasts = r->p * COEFFICIENT_FIGURES;
    g->scale = g->contrasts + r->n_contrasts * COEFFICIENT_FIGURES;
    g->omnibus = g->scale + r->n_scale * COEFFICIENT_FIGURES;
    g->scale_omnibus = g->omnibus + TEST_FIGURES;
    g->terms = g->scale_omnibus + TEST_FIGURES;
    g->tests = g->terms + r->n_terms * TEST_FIGURES;
    g->model = g->tests + r->n_tests * TEST_FIGURES;
    job->n_parts = 1;
    job->n_figures = g->model + MODEL_FIGURES;
    figure = MTP_ARENA_ARRAY(arena, job->n_figures, mtp_round_figure);
    if (!figure) {
        return MTP_E_NOMEM;
    }
    plan_figures(g, job->n_figures, figure);
    job->figure = figure;
    job->fit = fit;
    job->model = g;
    return MTP_OK;
}

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

static mtp_status fill(mtp_rounding_result *result, const regression *g,
                       const mtp_round_job *job, const mtp_round_found *found,
                       mtp_error *err)
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
        .Q_p = range(&f, g->model + Q_P)};
    result->regression = made;
    result->between.common = result->between.random = result->between.within = none;
    return f.failed ? mtp_fail_nomem(err) : MTP_OK;
}

static mtp_status fit_base(const regression *g, const mtp_round_job *job,
                           mtp_regress_result **base, mtp_error *err)
{
    mtp_effects *effects = NULL;
    mtp_status status = mtp_effects_compute(job->how, job->raw, &effects, err);

    if (status == MTP_OK) {
        status = mtp_regress(effects, g->moderators, &g->options, base, err);
    }
    mtp_effects_free(effects);
    return status;
}

mtp_status mtp_rounding_regress(const mtp_raw *raw,
                                const double *const half[MTP_ROLE_COUNT],
                                const mtp_effects_options *how,
                                const mtp_moderators *moderators,
                                const mtp_regress_options *options,
                                const mtp_rounding_options *rounding,
                                mtp_rounding_result **result, mtp_error *err)
{
    mtp_round_job job = {.raw = raw, .how = how, .k = raw->k};
    regression g = {.moderators = moderators};
    mtp_rounding_result *made = MTP_OWNED_NEW(mtp_rounding_result);
    mtp_arena *scratch = mtp_arena_new();
    mtp_regress_result *base = NULL;
    mtp_round_found found;
    mtp_error ignored;
    mtp_status status;

    err = err ? err : &ignored;
    take_options(options, &g.options);
    status = made && scratch ? mtp_round_options(rounding, &job.options, err)
                             : mtp_fail_nomem(err);
    if (status == MTP_OK) {
        status = fit_base(&g, &job, &base, err);
        g.base = base;
    }
    if (status == MTP_OK && plan(&g, &job, scratch) != MTP_OK) {
        status = mtp_fail_nomem(err);
    }
    if (status == MTP_OK) {
        status = mtp_round_run(&job, half, made, scratch, &found, err);
    }
    if (status == MTP_OK) {
        status = fill(made, &g, &job, &found, err);
    }
    mtp_regress_result_free(base);
    mtp_arena_free(scratch);
    if (status != MTP_OK) {
        mtp_rounding_free(made);
        return status;
    }
    *result = made;
    return MTP_OK;
}
