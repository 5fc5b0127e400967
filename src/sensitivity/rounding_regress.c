/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rounding of a regression. */
#include "sensitivity/rounding_regress.h"

#include "core/error.h"
#include "core/owned.h"

#include <math.h>
#include <string.h>

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

static void keep_predictions(size_t n, const mtp_regress_prediction p[],
                             double figure[])
{
    for (size_t i = 0; i < n; i++, figure += PREDICTION_FIGURES) {
        figure[MEAN] = p[i].estimate;
        figure[MEAN_SE] = p[i].se;
        figure[MEAN_LOWER] = p[i].ci_lower;
        figure[MEAN_UPPER] = p[i].ci_upper;
        figure[PI_LOWER] = p[i].pi_lower;
        figure[PI_UPPER] = p[i].pi_upper;
        figure[BACK] = p[i].back.estimate;
        figure[BACK_LOWER] = p[i].back.ci_lower;
        figure[BACK_UPPER] = p[i].back.ci_upper;
        figure[BACK_PI_LOWER] = p[i].back.pi_lower;
        figure[BACK_PI_UPPER] = p[i].back.pi_upper;
    }
}

static mtp_status fit(const mtp_round_room *room, const mtp_effects *effects,
                      size_t part, double figure[], mtp_error *err)
{
    const mtp_round_regression *g = (const mtp_round_regression *)room->job->model;
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
        keep_predictions(r->n_margins, r->margins, figure + g->margins);
        keep_predictions(r->n_predictions, r->predictions, figure + g->predictions);
    }
    mtp_regress_result_free(r);
    return MTP_OK;
}

/* The options over the defaults; one thread, for the fits are shared out, and nothing
 * that is not kept. */
static void take_options(const mtp_regress_options *given, mtp_regress_options *used,
                         size_t *n_left_out)
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
    if (used->n_margins + used->n_predictions > MTP_ROUNDING_PREDICTIONS_MAX) {
        *n_left_out = used->n_margins + used->n_predictions;
        used->n_margins = used->n_predictions = 0;
    }
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
static void plan_squares(const mtp_round_regression *g, mtp_round_figure figure[])
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
static void plan_between(const mtp_round_regression *g, mtp_round_figure figure[])
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

/* The natural scale follows, unless it has a size of its own, which moves. */
static void plan_figures(const mtp_round_regression *g, size_t n, bool sized,
                         mtp_round_figure figure[])
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
    for (size_t f = g->margins; f < n; f++) {
        figure[f].sought = (f - g->margins) % PREDICTION_FIGURES < BACK || sized;
    }
    figure[g->model + TAU2].guide = figure[g->model + I2].guide = g->model + Q;
    figure[g->model + R2].guide = g->omnibus;
}

static mtp_status plan(mtp_round_regression *g, mtp_round_job *job, mtp_arena *arena)
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
    g->margins = g->model + MODEL_FIGURES;
    g->predictions = g->margins + r->n_margins * PREDICTION_FIGURES;
    job->n_figures = g->predictions + r->n_predictions * PREDICTION_FIGURES;
    figure = MTP_ARENA_ARRAY(arena, job->n_figures, mtp_round_figure);
    if (!figure) {
        return MTP_E_NOMEM;
    }
    plan_figures(g, job->n_figures, job->how && job->how->measure == MTP_IRFT, figure);
    job->figure = figure;
    job->fit = fit;
    job->model = g;
    return MTP_OK;
}

static mtp_status fit_base(const mtp_round_regression *g, const mtp_round_job *job,
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
    mtp_round_regression g = {.moderators = moderators};
    mtp_rounding_result *made = MTP_OWNED_NEW(mtp_rounding_result);
    mtp_arena *scratch = mtp_arena_new();
    mtp_regress_result *base = NULL;
    mtp_round_found found;
    mtp_error ignored;
    mtp_status status;

    err = err ? err : &ignored;
    take_options(options, &g.options, &job.n_left_out);
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
        status = mtp_round_fill_regression(made, &g, &job, &found, err);
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
