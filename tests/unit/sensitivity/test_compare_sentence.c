/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a comparison of all ways to pool says in a sentence. */
#include "compare_data.h"

/* metafor 3.8-1, dat.bcg, log risk ratios: rma(yi, vi, method, test) with iterations to
 * 1e-14. */
static const struct {
    mtp_tau2_method tau2;
    mtp_ci_method ci;
    double estimate, lower, upper;
} metafor[] = {
    {MTP_TAU2_REML, MTP_CI_WALD, -0.71453234, -1.06689764, -0.36216705},
    {MTP_TAU2_REML, MTP_CI_T, -0.71453234, -1.10624262, -0.32282207},
    {MTP_TAU2_REML, MTP_CI_HKSJ, -0.71453234, -1.10844371, -0.32062097},
    {MTP_TAU2_DL, MTP_CI_WALD, -0.71411722, -1.06444528, -0.36378916},
    {MTP_TAU2_DL, MTP_CI_T, -0.71411722, -1.10356278, -0.32467166},
    {MTP_TAU2_DL, MTP_CI_HKSJ, -0.71411722, -1.10782135, -0.32041309},
    {MTP_TAU2_HE, MTP_CI_WALD, -0.71587859, -1.07510076, -0.35665642},
    {MTP_TAU2_HE, MTP_CI_T, -0.71587859, -1.11521137, -0.31654580},
    {MTP_TAU2_HE, MTP_CI_HKSJ, -0.71587859, -1.11047046, -0.32128672},
    {MTP_TAU2_HS, MTP_CI_WALD, -0.70453537, -1.01548776, -0.39358299},
    {MTP_TAU2_HS, MTP_CI_T, -0.70453537, -1.05020859, -0.35886216},
    {MTP_TAU2_HS, MTP_CI_HKSJ, -0.70453537, -1.09372213, -0.31534862},
    {MTP_TAU2_SJ, MTP_CI_WALD, -0.71724859, -1.08387839, -0.35061879},
    {MTP_TAU2_SJ, MTP_CI_T, -0.71724859, -1.12481614, -0.30968104},
    {MTP_TAU2_SJ, MTP_CI_HKSJ, -0.71724859, -1.11254723, -0.32194995},
    {MTP_TAU2_PM, MTP_CI_WALD, -0.71496815, -1.06951033, -0.36042597},
    {MTP_TAU2_PM, MTP_CI_T, -0.71496815, -1.10909838, -0.32083793},
    {MTP_TAU2_EE, MTP_CI_WALD, -0.43028516, -0.50966126, -0.35090907},
    {MTP_TAU2_EE, MTP_CI_T, -0.43028516, -0.51852436, -0.34204596},
    {MTP_TAU2_EE, MTP_CI_HKSJ, -0.43028516, -0.74457139, -0.11599893},
};

enum { METAFOR = sizeof metafor / sizeof metafor[0] };

static void conclusions_about_the_trials(void **state)
{
    mtp_pool_options options = defaults();
    mtp_effects *effects = bcg_counts(MTP_RR);
    mtp_comparison *r = NULL;

    (void)state;
    options.null_value = exp(-0.33);
    assert_int_equal(mtp_compare(effects, &options, &r, NULL), MTP_OK);
    assert_int_equal(r->row[r->reference].tau2, MTP_TAU2_REML);
    assert_int_equal(r->row[r->reference].ci, MTP_CI_HKSJ);
    for (size_t i = 0; i < METAFOR; i++) {
        const mtp_specification *row =
            find(r, MTP_METHOD_INVERSE, NULL, metafor[i].tau2, metafor[i].ci);
        bool below = metafor[i].upper < -0.33; /* the reference includes it */

        assert_close(row->estimate, metafor[i].estimate, 0.0, 6e-9);
        assert_close(row->interval.lower, metafor[i].lower, 0.0, 6e-9);
        assert_close(row->interval.upper, metafor[i].upper, 0.0, 6e-9);
        assert_int_equal(row->conclusion,
                         below ? MTP_CONCLUSION_BELOW : MTP_CONCLUSION_INCLUDES);
        assert_int_equal(row->flips, below);
    }
    mtp_comparison_free(r);
    mtp_effects_free(effects);
}

static void assert_sentence(mtp_comparison *r, const char *expected)
{
    mtp_arena *arena = mtp_arena_new();

    assert_string_equal(mtp_compare_sentence(r, arena), expected);
    mtp_arena_free(arena);
}

/* What the sentence says of rows made by hand. */
static void the_sentence(void **state)
{
    mtp_specification row[13] = {
        {.name = "inverse, DL, hksj", .conclusion = MTP_CONCLUSION_BELOW},
        {.name = "inverse, PM, t", .conclusion = MTP_CONCLUSION_BELOW}};
    mtp_choice_value model[] = {{"inverse", {12, 12, 0}}};
    mtp_choice_value tau2[] = {{"DL", {6, 6, 0}}, {"PM", {6, 6, 0}}};
    mtp_choice_value ci[] = {{"t", {4, 4, 0}}, {"hksj", {4, 4, 0}}, {"hc", {4, 4, 0}}};
    mtp_comparison r = {.measure = mtp_measure_get(MTP_OR),
                        .level = 0.9,
                        .null_value = 1.0,
                        .n = 12,
                        .row = row,
                        .intervals = {12, 12, 0},
                        .choice = {{1, model}, {2, tau2}, {3, ci}}};

    (void)state;
    assert_sentence(&r, "All 12 analyses give 90% limits that exclude an odds ratio of "
                        "1; the conclusion of the chosen one (inverse, DL, hksj: below "
                        "the null value) flips in none.");
    ci[2].count = (mtp_comparison_count){4, 0, 4};
    tau2[0].count = tau2[1].count = (mtp_comparison_count){6, 4, 2};
    model[0].count = r.intervals = (mtp_comparison_count){12, 8, 4};
    assert_sentence(&r,
                    "8 of 12 analyses give 90% limits that exclude an odds ratio of "
                    "1; the conclusion of the chosen one (inverse, DL, hksj: below "
                    "the null value) flips in 4: exactly those with the interval "
                    "hc.");
    ci[2].count = (mtp_comparison_count){4, 1, 3};
    tau2[0].count = (mtp_comparison_count){6, 5, 1};
    model[0].count = r.intervals = (mtp_comparison_count){12, 9, 3};
    assert_sentence(&r,
                    "9 of 12 analyses give 90% limits that exclude an odds ratio of "
                    "1; the conclusion of the chosen one (inverse, DL, hksj: below "
                    "the null value) flips in 3: all with the interval hc (3 of "
                    "4).");
    ci[0].count = (mtp_comparison_count){4, 3, 1};
    ci[1].count = (mtp_comparison_count){4, 3, 1};
    ci[2].count = (mtp_comparison_count){4, 3, 1};
    r.n = 13;
    assert_sentence(&r,
                    "9 of 12 analyses give 90% limits that exclude an odds ratio of "
                    "1; the conclusion of the chosen one (inverse, DL, hksj: below "
                    "the null value) flips in 3, which no one choice explains; 1 "
                    "more has no answer.");
    r.intervals = (mtp_comparison_count){12, 11, 3};
    row[1].conclusion = MTP_CONCLUSION_ABOVE;
    row[1].flips = true;
    r.n = 12;
    assert_sentence(&r, "11 of 12 analyses give 90% limits that exclude an odds ratio "
                        "of 1; the conclusion of the chosen one (inverse, DL, hksj: "
                        "below the null value) flips in 3 (on the other side of "
                        "it in 1), which no one choice explains.");
    r.intervals = (mtp_comparison_count){12, 1, 3};
    assert_sentence(&r, "1 of 12 analyses gives 90% limits that exclude an odds ratio "
                        "of 1; the conclusion of the chosen one (inverse, DL, hksj: "
                        "below the null value) flips in 3 (on the other side of "
                        "it in 1), which no one choice explains.");
    r.n = 13;
    r.intervals = (mtp_comparison_count){0, 0, 0};
    assert_sentence(&r, "None of 13 analyses has an answer.");
}

static void the_sentence_without_a_null(void **state)
{
    mtp_specification row[2] = {
        {.name = "inverse, DL, hksj", .back = {0.11111, 0.05, 0.2}},
        {.name = "glmm um.fs, ML, wald", .back = {0.25, 0.1, 0.3}}};
    mtp_comparison r = {.measure = mtp_measure_get(MTP_PLO),
                        .level = 0.95,
                        .null_value = (double)NAN,
                        .n = 2,
                        .row = row,
                        .intervals = {2, 0, 0},
                        .largest = 1};

    (void)state;
    assert_sentence(&r,
                    "2 analyses put the proportion from 0.1111 (inverse, DL, hksj) to "
                    "0.25 (glmm um.fs, ML, wald), and their 95% limits reach from 0.05 "
                    "to 0.3; there is no null value that a conclusion could rest on.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conclusions_about_the_trials),
        cmocka_unit_test(the_sentence),
        cmocka_unit_test(the_sentence_without_a_null),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
