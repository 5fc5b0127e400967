/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compare_data.h"

static void assert_same_interval(const mtp_interval *a, const mtp_interval *b)
{
    assert_int_equal(a->method, b->method);
    assert_same(a->estimate, b->estimate);
    assert_same(a->se, b->se);
    assert_same(a->df, b->df);
    assert_same(a->statistic, b->statistic);
    assert_same(a->p, b->p);
    assert_same(a->log_p, b->log_p);
    assert_same(a->lower, b->lower);
    assert_same(a->upper, b->upper);
    assert_int_equal(a->n_segments, b->n_segments);
}

static void assert_same_prediction(const mtp_compared_prediction *a,
                                   const mtp_estimate *e)
{
    const mtp_prediction *b = &e->pi;

    for (size_t i = 0; i < e->n_predictions; i++) {
        b = e->predictions[i].method == a->made.method ? &e->predictions[i] : b;
    }
    assert_int_equal(a->made.method, b->method);
    assert_same(a->made.se, b->se);
    assert_same(a->made.df, b->df);
    assert_same(a->made.lower, b->lower);
    assert_same(a->made.upper, b->upper);
}

/* A row against mtp_pool with its options and one of its predictions. */
static void assert_is_pool(const mtp_specification *row, size_t chosen,
                           const mtp_effects *effects, mtp_pool_options options)
{
    bool common = (row->method == MTP_METHOD_MH || row->method == MTP_METHOD_PETO) &&
                  row->tau2 == MTP_TAU2_EE;
    const mtp_compared_prediction *pi = row->prediction + chosen;
    mtp_pool_result *r = NULL;
    const mtp_estimate *e;

    options.method = row->method;
    options.tau2 = row->tau2;
    options.ci = row->ci;
    options.model = row->model ? (mtp_model)mtp_model_from_id(row->model) : 0;
    options.weights = row->method == MTP_METHOD_INVERSE ? options.weights : NULL;
    options.predict = row->n_predictions > 0 ? pi->made.method : MTP_PI_NONE;
    assert_int_equal(mtp_pool(effects, NULL, &options, &r, NULL), MTP_OK);
    e = common ? &r->overall.common : &r->overall.random;
    assert_same(row->estimate, e->estimate);
    assert_same(row->null_value, e->null_value);
    assert_same_interval(&row->interval, &e->ci);
    assert_same(row->back.estimate, e->back.estimate);
    assert_same(row->back.ci_lower, e->back.ci_lower);
    assert_same(row->back.ci_upper, e->back.ci_upper);
    assert_same(row->tau2_value, r->overall.heterogeneity.tau2);
    assert_same(row->I2, r->overall.heterogeneity.I2);
    assert_same(row->Q, r->overall.heterogeneity.Q);
    for (size_t p = 0; p < row->n_predictions; p++) {
        if (row->prediction[p].made.method != MTP_PI_NNF || p == chosen) {
            assert_same_prediction(&row->prediction[p], e);
        }
    }
    if (row->n_predictions > 0) {
        assert_same(pi->back_lower, e->back.pi_lower);
        assert_same(pi->back_upper, e->back.pi_upper);
    }
    mtp_pool_result_free(r);
}

/* Every `step`th row, and that there are as many as expected. */
static void check_rows(const mtp_effects *effects, mtp_pool_options options,
                       size_t expected, size_t step)
{
    mtp_comparison *r = NULL;

    assert_int_equal(mtp_compare(effects, &options, &r, NULL), MTP_OK);
    assert_int_equal(r->n, expected);
    for (size_t i = 0; i < r->n; i += step) {
        size_t n = r->row[i].n_predictions;

        assert_int_equal(r->row[i].status, MTP_OK);
        assert_is_pool(&r->row[i], n > 0 ? i % n : 0, effects, options);
    }
    mtp_comparison_free(r);
}

/* Estimators with an interval about tau2 > 0: 16; of each wald, t, three of Knapp and
 * Hartung, pl and hc; kr with REML; no pl with EE. */
enum { INVERSE = 16 * 7 + 1 + 6, STRATIFIED = 7 + 1, MIXED = 2 };

static void rows_are_those_of_pool(void **state)
{
    mtp_pool_options options = defaults();
    mtp_effects *effects = effects_of(BCG, bcg_yi, bcg_vi);

    (void)state;
    options.null_value = -0.3;
    check_rows(effects, options, INVERSE, 1);
    options.tau2 = MTP_TAU2_GIVEN;
    options.tau2_value = 0.02; /* the factor of Knapp and Hartung is not floored */
    options.predict = MTP_PI_NNF;
    options.draws = 500;
    check_rows(effects, options, INVERSE + 6, 3);
    options = defaults();
    options.weights = bcg_latitude;
    options.tau2 = MTP_TAU2_DL;
    check_rows(effects, options, 17 * 5, 1);
    mtp_effects_free(effects);
}

/* Five studies that agree: tau2 is 0, and the factor floored. */
static void studies_that_agree(void **state)
{
    static const double yi[5] = {0.21, 0.25, 0.19, 0.23, 0.2};
    static const double vi[5] = {0.01, 0.02, 0.015, 0.03, 0.012};
    mtp_effects *effects = effects_of(5, yi, vi);

    (void)state;
    check_rows(effects, defaults(), INVERSE, 1);
    mtp_effects_free(effects);
}

static void models_of_counts(void **state)
{
    static const struct {
        mtp_measure measure;
        size_t rows;
    } cases[] = {{MTP_OR, INVERSE + STRATIFIED + 4 * MIXED},
                 {MTP_PETO, INVERSE + STRATIFIED},
                 {MTP_RD, INVERSE + STRATIFIED},
                 {MTP_PHI, INVERSE}};
    mtp_pool_options options = defaults();

    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        mtp_effects *effects = bcg_counts(cases[c].measure);

        options.null_value = cases[c].measure == MTP_OR ? 0.7 : (double)NAN;
        check_rows(effects, options, cases[c].rows, 3);
        mtp_effects_free(effects);
    }
}

/* One group: the models without a name, the beta-binomial one, and a null value that
 * depends on the variance through the n of the transform. */
static void models_of_one_group(void **state)
{
    static const double events[6] = {4, 12, 3, 9, 17, 5},
                        n[6] = {40, 60, 50, 45, 90, 70};
    static const struct {
        mtp_measure measure;
        size_t rows;
    } cases[] = {{MTP_PLO, INVERSE + 2 * MIXED}, {MTP_PFT, INVERSE}};
    mtp_pool_options options = defaults();
    mtp_raw raw = {.size = sizeof raw, .k = 6};
    mtp_effects_options of;

    (void)state;
    raw.column[MTP_ROLE_EVENTS] = events;
    raw.column[MTP_ROLE_N] = n;
    options.null_value = 0.1;
    options.ft_n = MTP_FT_INVERSE_VARIANCE;
    mtp_effects_options_init(&of, sizeof of);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        mtp_effects *effects = NULL;

        of.measure = cases[c].measure;
        assert_int_equal(mtp_effects_compute(&of, &raw, &effects, NULL), MTP_OK);
        check_rows(effects, options, cases[c].rows, 3);
        mtp_effects_free(effects);
    }
}

/* metafor 3.8-1, dat.bcg: rma.mh of odds ratios, rma.peto, hc(rma()), and rma.glmm with
 * UM.FS, of which the approximation of its nAGQ = 1 is in the digits left out. */
static void models_of_the_trials(void **state)
{
    mtp_effects *odds = bcg_counts(MTP_OR), *peto = bcg_counts(MTP_PETO);
    const mtp_specification *row;
    mtp_comparison *r = NULL;

    (void)state;
    assert_int_equal(mtp_compare(odds, NULL, &r, NULL), MTP_OK);
    row = find(r, MTP_METHOD_MH, NULL, MTP_TAU2_EE, MTP_CI_WALD);
    assert_close(row->estimate, -0.47341099, 0.0, 6e-9);
    assert_close(row->interval.lower, -0.55378476, 0.0, 6e-9);
    assert_close(row->interval.upper, -0.39303722, 0.0, 6e-9);
    row = find(r, MTP_METHOD_INVERSE, NULL, MTP_TAU2_PM, MTP_CI_HC);
    assert_close(row->interval.estimate, -0.43613908, 0.0, 6e-9);
    assert_close(row->interval.lower, -1.19098189, 0.0, 1e-6);
    assert_close(row->interval.upper, 0.31870374, 0.0, 1e-6);
    row = find(r, MTP_METHOD_GLMM, "um.fs", MTP_TAU2_ML, MTP_CI_WALD);
    assert_close(row->estimate, -0.74511031, 0.0, 1e-3);
    mtp_comparison_free(r);
    assert_int_equal(mtp_compare(peto, NULL, &r, NULL), MTP_OK);
    row = find(r, MTP_METHOD_PETO, NULL, MTP_TAU2_EE, MTP_CI_WALD);
    assert_close(row->estimate, -0.47444631, 0.0, 6e-9);
    assert_close(row->interval.upper, -0.39475598, 0.0, 6e-9);
    mtp_comparison_free(r);
    mtp_effects_free(odds);
    mtp_effects_free(peto);
}

/* The counts of the summary are those of its rows, and the ranks sort the estimates. */
static void rows_add_up(void **state)
{
    mtp_pool_options options = defaults();
    mtp_effects *effects = bcg_counts(MTP_OR);
    mtp_comparison *r = NULL;
    size_t excluding = 0, flipped = 0;
    double at_rank[200];

    (void)state;
    options.null_value = 0.7;
    assert_int_equal(mtp_compare(effects, &options, &r, NULL), MTP_OK);
    assert_true(r->n < sizeof at_rank / sizeof at_rank[0]);
    for (size_t i = 0; i < r->n; i++) {
        double null_value = log(0.7);
        const mtp_interval *in = &r->row[i].interval;
        bool outside = in->lower > null_value || in->upper < null_value;

        excluding += outside;
        flipped += r->row[i].flips;
        assert_in_range(r->row[i].rank, 1, r->n);
        at_rank[r->row[i].rank - 1] = r->row[i].estimate;
        assert_true(r->row[i].estimate >= r->row[r->smallest].estimate &&
                    r->row[i].estimate <= r->row[r->largest].estimate);
        assert_true(in->upper - in->lower <= r->row[r->widest].interval.upper -
                                                 r->row[r->widest].interval.lower);
        assert_true(in->upper - in->lower >= r->row[r->narrowest].interval.upper -
                                                 r->row[r->narrowest].interval.lower);
    }
    for (size_t i = 1; i < r->n; i++) {
        assert_true(at_rank[i] >= at_rank[i - 1]);
    }
    assert_true(excluding > 0 && excluding < r->n);
    assert_int_equal(r->intervals.n, r->n);
    assert_int_equal(r->intervals.excluding, excluding);
    assert_int_equal(r->intervals.flipped, flipped);
    for (int c = 0; c < MTP_CHOICE_COUNT; c++) {
        mtp_comparison_count sum = {0, 0, 0};

        for (size_t v = 0; v < r->choice[c].n; v++) {
            sum.n += r->choice[c].value[v].count.n;
            sum.excluding += r->choice[c].value[v].count.excluding;
            sum.flipped += r->choice[c].value[v].count.flipped;
        }
        assert_int_equal(sum.n, r->n);
        assert_int_equal(sum.excluding, excluding);
        assert_int_equal(sum.flipped, flipped);
    }
    /* 17 by inverse variance with 5 rules, with REML 7; Mantel-Haenszel with DL 5; four
     * mixed models with 3 */
    assert_int_equal(r->predictions.n, 17 * 5 + 2 + 5 + 4 * 3);
    mtp_comparison_free(r);
    mtp_effects_free(effects);
}

/* The chosen analysis is the row with its options, and nothing flips against itself. */
static void check_reference(const mtp_effects *effects, const mtp_pool_options *options,
                            mtp_tau2_method tau2, mtp_ci_method ci, const char *model)
{
    mtp_comparison *r = NULL;
    const mtp_specification *row;

    assert_int_equal(mtp_compare(effects, options, &r, NULL), MTP_OK);
    row = &r->row[r->reference];
    assert_int_equal(row->method, options->method);
    assert_int_equal(row->tau2, tau2);
    assert_int_equal(row->ci, ci);
    assert_int_equal(row->model != NULL, model != NULL);
    if (model) {
        assert_string_equal(row->model, model);
        assert_string_equal(row->name, "glmm cm.al, ML, t");
    }
    assert_false(row->flips);
    mtp_comparison_free(r);
}

static void the_chosen_analysis_is_a_row(void **state)
{
    mtp_pool_options options = defaults();
    mtp_effects *effects = bcg_counts(MTP_OR);

    (void)state;
    options.null_value = 1.0;
    options.tau2 = MTP_TAU2_PM;
    options.ci = MTP_CI_HC;
    check_reference(effects, &options, MTP_TAU2_PM, MTP_CI_HC, NULL);
    options.tau2 = MTP_TAU2_GIVEN;
    options.tau2_value = 0.2;
    check_reference(effects, &options, MTP_TAU2_GIVEN, MTP_CI_HC, NULL);
    options.method = MTP_METHOD_MH;
    options.tau2 = MTP_TAU2_REML;
    check_reference(effects, &options, MTP_TAU2_EE, MTP_CI_WALD, NULL);
    options.tau2 = MTP_TAU2_DL;
    check_reference(effects, &options, MTP_TAU2_DL, MTP_CI_HC, NULL);
    options.method = MTP_METHOD_GLMM;
    options.tau2 = MTP_TAU2_ML;
    options.ci = MTP_CI_T;
    options.model = MTP_MODEL_CM_AL;
    check_reference(effects, &options, MTP_TAU2_ML, MTP_CI_T, "cm.al");
    mtp_effects_free(effects);
}

static void one_study_has_few_answers(void **state)
{
    mtp_effects *effects = effects_of(1, bcg_yi, bcg_vi);
    mtp_pool_options options = defaults();
    mtp_comparison *r = NULL;

    (void)state;
    options.null_value = 0.0;
    assert_int_equal(mtp_compare(effects, &options, &r, NULL), MTP_OK);
    assert_int_equal(r->n, INVERSE);
    assert_int_equal(r->intervals.n, 17); /* Wald's */
    assert_int_equal(r->row[r->reference].ci, MTP_CI_WALD);
    for (size_t i = 0; i < r->n; i++) {
        const mtp_specification *row = &r->row[i];

        assert_int_equal(row->status,
                         row->ci == MTP_CI_WALD ? MTP_OK : MTP_E_DEGENERATE);
        if (row->ci != MTP_CI_WALD) {
            assert_string_equal(row->reason, "one study leaves no degree of freedom "
                                             "for this interval");
            assert_true(isnan(row->estimate) && isnan(row->interval.lower));
            assert_int_equal(row->rank, 0);
        }
    }
    assert_int_equal(r->predictions.n, 0); /* no tau2 */
    assert_non_null(strstr(r->sentence, "more have no answer"));
    mtp_comparison_free(r);
    mtp_effects_free(effects);
}

/* Ready-made ratios have no counts: their models are listed with the reason. */
static void ready_made_ratios(void **state)
{
    mtp_raw raw = {.size = sizeof raw, .k = BCG};
    mtp_effects *effects = NULL;
    mtp_effects_options of;
    mtp_comparison *r = NULL;
    size_t without = 0;

    (void)state;
    raw.column[MTP_ROLE_YI] = bcg_yi;
    raw.column[MTP_ROLE_VI] = bcg_vi;
    mtp_effects_options_init(&of, sizeof of);
    of.measure = MTP_OR;
    assert_int_equal(mtp_effects_compute(&of, &raw, &effects, NULL), MTP_OK);
    assert_int_equal(mtp_compare(effects, NULL, &r, NULL), MTP_OK);
    for (size_t i = 0; i < r->n; i++) {
        if (r->row[i].status != MTP_OK) {
            assert_int_not_equal(r->row[i].method, MTP_METHOD_INVERSE);
            assert_true(r->row[i].reason[0] != '\0');
            without++;
        }
    }
    assert_int_equal(without, STRATIFIED + 4 * MIXED);
    assert_int_equal(r->intervals.n, INVERSE);
    mtp_comparison_free(r);
    mtp_effects_free(effects);
}

static void threads_change_no_bit(void **state)
{
    mtp_effects *effects = bcg_counts(MTP_OR);
    mtp_pool_options options = defaults();
    mtp_comparison *one = NULL, *more = NULL;

    (void)state;
    options.null_value = 0.7;
    options.predict = MTP_PI_NNF;
    options.draws = 3000;
    assert_int_equal(mtp_compare(effects, &options, &one, NULL), MTP_OK);
    for (options.threads = 2; options.threads <= 4; options.threads += 2) {
        assert_int_equal(mtp_compare(effects, &options, &more, NULL), MTP_OK);
        assert_string_equal(one->sentence, more->sentence);
        for (size_t i = 0; i < one->n; i++) {
            const mtp_specification *a = &one->row[i], *b = &more->row[i];

            assert_same(a->estimate, b->estimate);
            assert_same_interval(&a->interval, &b->interval);
            for (size_t p = 0; p < a->n_predictions; p++) {
                assert_same(a->prediction[p].made.lower, b->prediction[p].made.lower);
                assert_same(a->prediction[p].made.upper, b->prediction[p].made.upper);
            }
        }
        mtp_comparison_free(more);
    }
    mtp_comparison_free(one);
    mtp_effects_free(effects);
}

static void wrong_options_are_refused(void **state)
{
    static const size_t group[BCG] = {0, 0, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6, 6};
    const mtp_level level = {"trial", group};
    mtp_effects *effects = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_pool_options options = defaults();
    mtp_comparison *r = NULL;
    mtp_error err = {0};

    (void)state;
    options.level = 95.0;
    assert_int_equal(mtp_compare(effects, &options, &r, &err), MTP_E_ARG);
    options = defaults();
    options.method = MTP_METHOD_MH;
    assert_int_equal(mtp_compare(effects, &options, &r, &err), MTP_E_UNSUPPORTED);
    options = defaults();
    options.ci = MTP_CI_ROBUST;
    options.cluster = group;
    options.n_clusters = 7;
    assert_int_equal(mtp_compare(effects, &options, &r, &err), MTP_E_UNSUPPORTED);
    assert_string_equal(err.message,
                        "analyses with clusters are not compared; leave them out");
    options = defaults();
    options.ci = MTP_CI_WALD;
    options.n_levels = 1;
    options.levels = &level;
    assert_int_equal(mtp_compare(effects, &options, &r, &err), MTP_E_UNSUPPORTED);
    assert_string_equal(err.message,
                        "analyses with nested levels are not compared; leave them out");
    assert_null(r);
    mtp_effects_free(effects);
}

static void memory_runs_out(void **state)
{
    mtp_effects *effects = effects_of(1, bcg_yi, bcg_vi);
    mtp_status status = MTP_E_NOMEM;
    size_t n = 1;

    (void)state;
    for (; status != MTP_OK; n++) {
        mtp_comparison *r = NULL;

        mtp_arena_fail_after(n);
        status = mtp_compare(effects, NULL, &r, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || status == MTP_E_NOMEM);
        assert_int_equal(r != NULL, status == MTP_OK);
        mtp_comparison_free(r);
    }
    assert_true(n > 20);
    mtp_effects_free(effects);
}

static void ids_come_back(void **state)
{
    (void)state;
    for (int c = 0; c < MTP_CONCLUSION_COUNT; c++) {
        assert_int_equal(mtp_conclusion_from_id(mtp_conclusion_id((mtp_conclusion)c)),
                         c);
    }
    for (int c = 0; c < MTP_CHOICE_COUNT; c++) {
        assert_int_equal(mtp_choice_from_id(mtp_choice_id((mtp_choice)c)), c);
    }
    assert_string_equal(mtp_choice_label(MTP_CHOICE_TAU2), "estimator of tau2");
    assert_int_equal(mtp_choice_from_id("hksj"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_those_of_pool),
        cmocka_unit_test(studies_that_agree),
        cmocka_unit_test(models_of_counts),
        cmocka_unit_test(models_of_one_group),
        cmocka_unit_test(models_of_the_trials),
        cmocka_unit_test(rows_add_up),
        cmocka_unit_test(the_chosen_analysis_is_a_row),
        cmocka_unit_test(one_study_has_few_answers),
        cmocka_unit_test(ready_made_ratios),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(memory_runs_out),
        cmocka_unit_test(ids_come_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
