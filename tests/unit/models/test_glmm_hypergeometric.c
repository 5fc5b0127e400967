/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_hypergeometric.h"
#include "models/glmm_hypergeometric_internal.h"
#include "support/test.h"

/* The exact conditional model of odds ratios against 40-digit arithmetic (mpmath). */

enum { STUDIES_MAX = 16 };

/* x1, n1, x2, n2 */
typedef double row[4];

/* 13 trials of BCG vaccine: Colditz et al (1994), JAMA 271:698-702. */
static const row bcg[] = {
    {4, 123, 11, 139},       {6, 306, 29, 303},        {3, 231, 11, 220},
    {62, 13598, 248, 12867}, {33, 5069, 47, 5808},     {180, 1541, 372, 1451},
    {8, 2545, 10, 629},      {505, 88391, 499, 88391}, {29, 7499, 45, 7277},
    {17, 1716, 65, 1665},    {186, 50634, 141, 27338}, {5, 2498, 3, 2341},
    {27, 16913, 29, 17854}};
/* No events; nothing else; x1 at the lower and at the upper end of its range. */
static const row sparse[] = {{0, 12, 3, 11}, {1, 20, 2, 19}, {5, 40, 1, 42},
                             {0, 8, 0, 9},   {2, 15, 0, 15}, {7, 30, 1, 28},
                             {1, 9, 6, 9},   {3, 5, 5, 5},   {10, 10, 10, 10}};
/* All but one study at an end of its range. */
static const row ends[] = {{0, 15, 2, 15}, {3, 20, 0, 20}, {0, 31, 1, 30},
                           {4, 25, 0, 24}, {1, 50, 1, 48}, {2, 22, 0, 21}};
static const row equal[] = {
    {5, 50, 6, 50}, {10, 100, 11, 100}, {8, 80, 7, 80}, {0, 20, 1, 20}};

static mtp_status try_fit(size_t k, const row data[], bool swapped, int nodes,
                          mtp_two_group_fit *f, mtp_error *err)
{
    double x1[STUDIES_MAX], n1[STUDIES_MAX], x2[STUDIES_MAX], n2[STUDIES_MAX];
    mtp_two_groups groups = {k, x1, x2, n1, n2};
    mtp_arena *scratch = mtp_arena_new();
    mtp_status status;

    assert_non_null(scratch);
    for (size_t i = 0; i < k; i++) {
        int first = swapped ? 2 : 0;

        x1[i] = data[i][first];
        n1[i] = data[i][first + 1];
        x2[i] = data[i][2 - first];
        n2[i] = data[i][3 - first];
    }
    status = mtp_glmm_fit_hypergeometric(&groups, nodes, scratch, f, err);
    mtp_arena_free(scratch);
    return status;
}

static mtp_two_group_fit fit(size_t k, const row data[], int nodes)
{
    mtp_two_group_fit f;

    assert_int_equal(try_fit(k, data, false, nodes, &f, NULL), MTP_OK);
    return f;
}

#define FIT(data, nodes) fit(sizeof(data) / sizeof((data)[0]), data, nodes)

/* P(x | eta) and cumulants of u by direct sums in 40 digits. */
static void law_agrees_with_40_digits(void **state)
{
    static const struct {
        double x, n1, x2, n2, eta;
        double log_p, score, w, k3, k4;
    } cases[] = {
        {4, 123, 11, 139, -1.0, -1.4624488043383483442, 0.17901882470539126052,
         2.7302864466170421254, 1.2305438889050463561, -0.40767079374655768521},
        {505, 88391, 499, 88391, 0.25, -10.726440160329851032, -59.076441767449579504,
         245.78087214343995219, -30.054149397564330482, -115.36044425085557713},
        {500000, 1000000, 501000, 1000000, 0.0078125, -15.507916015965654465,
         -1476.5607699538634024, 124999.46066283110867, -122.06999679681572793,
         -15624.800645383242356},
        {999900, 1000000, 999950, 1000000, -0.5, -3.3088366614052946727,
         -6.6323867261886184075, 35.248403192496585718, 8.6311781316583814899,
         -14.450482353690009783},
        {100, 1000000, 120, 1000000, -3.0, -162.01696532263563004,
         89.564337391134346766, 9.9404519744848250842, 8.9970485124248611722,
         7.2445961881127074965},
        {0, 12, 3, 11, -20.0, -8.2446144744601560372e-9, -8.2446144591660808069e-9,
         8.244614428577930435e-9, 8.2446143674016299574e-9, 8.2446142450490298007e-9},
        {0, 12, 3, 11, 300.0, -900.28768207245178093, -3.0, 1.6989060733959645478e-130,
         -1.6989060733959645478e-130, 1.6989060733959645478e-130},
        {7, 8, 6, 9, 1.5, -0.79457923309800810061, -0.19311835352146830404,
         0.56572411527069762869, -0.25560153583371553874, -0.047577322162338883675},
        {30, 40, 35, 36, -2.5, -0.92812568505676519026, 0.058461576021057870219,
         0.82237243309737019969, 0.62151468143011836273, 0.31239025542087638625},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mtp_hyper_study study = {.x = cases[i].x,
                                 .n1 = cases[i].n1,
                                 .n2 = cases[i].n2,
                                 .s = cases[i].x + cases[i].x2};
        double sd = sqrt(cases[i].w);
        mtp_hyper_point at;

        study.lowest = fmax(0.0, study.s - study.n2);
        study.highest = fmin(study.n1, study.s);
        mtp_hyper_at(&study, cases[i].eta, &at);
        /* a rounding of the odds or of an expected cell moves log_p by eps score */
        assert_close(at.log_p, cases[i].log_p, 1e-14, 1e-15 * fabs(cases[i].score));
        assert_close(at.score, cases[i].score, 1e-14, 1e-14 * sd);
        assert_close(at.w, cases[i].w, 2e-14, 0.0);
        assert_close(at.k3, cases[i].k3, 1e-13, 1e-13 * sd * sd * sd);
        assert_close(at.k4, cases[i].k4, 1e-12, 1e-13 * cases[i].w * cases[i].w);
    }
}

typedef struct expected {
    double common, common_se, common_loglik, saturated, Q, LRT;
    double theta, se, tau2, se_tau, loglik;
} expected;

static void compare(const mtp_two_group_fit *f, const expected *want)
{
    assert_true(f->exists && f->common_exists && f->converged);
    assert_close(f->common, want->common, 1e-14, 1e-15);
    assert_close(f->common_se, want->common_se, 1e-14, 0.0);
    assert_close(f->common_loglik, want->common_loglik, 1e-14, 0.0);
    assert_close(f->saturated_loglik, want->saturated, 1e-14, 0.0);
    assert_close(f->Q_wald, want->Q, 1e-12, 1e-13);
    assert_close(f->LRT, want->LRT, 1e-13, 0.0);
    assert_close(f->theta, want->theta, 1e-13, 0.0);
    assert_close(f->se, want->se, 1e-13, 0.0);
    assert_close(f->tau2, want->tau2, 1e-13, 0.0);
    assert_close(f->se_tau2, 2.0 * sqrt(want->tau2) * want->se_tau, 1e-13, 0.0);
    assert_close(f->loglik, want->loglik, 1e-14, 0.0);
}

static void fits_agree_with_40_digits(void **state)
{
    static const expected want[] = {
        {-0.4771867715316792743, 0.041229014831591018748, -118.01689478185211585,
         -29.579975127579458779, 163.08947856130261668, 176.87383930854531413,
         -0.75381052235300681738, 0.18007215561216040649, 0.31163488762306783914,
         0.14439238345700356622, -48.374791238469012341},
        {0.050185694423207611964, 0.38914923301301138229, -16.067925232264909471,
         -3.3416948431779702191, 10.635707335766617486, 25.452460778173878504,
         -0.40939410801524624645, 1.1161856991150951170, 5.8944613781911463560,
         1.2052560634327695659, -11.122393184774256562},
        {0.92333626612219277, 0.60128818415157403474, -7.8567166541969441106,
         -0.68288634008652492511, 0.0, 14.347660628220828399, 1.4402184994859151785,
         2.4910814902938825395, 21.560657811983737783, 4.7784611122866895523,
         -6.1049437642371734352},
    };
    mtp_two_group_fit f;

    (void)state;
    f = FIT(bcg, 0);
    compare(&f, &want[0]);
    f = FIT(sparse, 0);
    compare(&f, &want[1]);
    f = FIT(ends, 0);
    compare(&f, &want[2]);
}

/* The optimum of the seven-point rule itself, by differences in 40 digits. */
static void seven_nodes_agree_with_40_digits(void **state)
{
    mtp_two_group_fit f = FIT(bcg, 7);

    (void)state;
    assert_true(f.exists && f.converged);
    assert_close(f.theta, -0.75381050000088262099, 1e-13, 0.0);
    assert_close(f.tau2, 0.31163466013120405944, 1e-12, 0.0);
    assert_close(f.se, 0.180072103033524226, 1e-12, 0.0);
    assert_close(f.loglik, -48.374792190358211161, 1e-14, 0.0);
    f = FIT(ends, 7);
    assert_close(f.theta, 1.3148493756336727828, 1e-13, 0.0);
    assert_close(f.tau2, 16.575367959366867995, 1e-12, 0.0);
    assert_close(f.se, 2.11177382156689663, 1e-12, 0.0);
    assert_close(f.loglik, -6.1450916667128274909, 1e-14, 0.0);
}

/* metafor 5.1-12: rma.glmm(measure="OR", model="CM.EL") on the BCG data, converged
 * integral; its optimum is good to 3e-11, its standard error to 4e-8. */
static void fit_agrees_with_metafor(void **state)
{
    mtp_two_group_fit f = FIT(bcg, 0);

    (void)state;
    assert_close(f.theta, -0.7538105223299918, 1e-9, 0.0);
    assert_close(f.se, 0.18007216242381718, 1e-6, 0.0);
    assert_close(f.tau2, 0.31163488761389185, 1e-9, 0.0);
    assert_close(f.loglik, -48.3747912384694, 1e-12, 0.0);
    assert_close(f.LRT, 176.87383930822148, 1e-9, 0.0);
    assert_close(f.df, 12.0, 0.0, 0.0);
}

static void groups_change_places(void **state)
{
    mtp_two_group_fit f = FIT(sparse, 0), g;

    (void)state;
    assert_int_equal(try_fit(9, sparse, true, 0, &g, NULL), MTP_OK);
    assert_close(g.theta, -f.theta, 1e-13, 0.0);
    assert_close(g.tau2, f.tau2, 1e-13, 0.0);
    assert_close(g.loglik, f.loglik, 1e-14, 0.0);
    assert_close(g.Q_wald, f.Q_wald, 1e-13, 0.0);
}

static void order_changes_no_bit(void **state)
{
    enum { K = sizeof bcg / sizeof bcg[0] };
    row turned[K];
    mtp_two_group_fit f = FIT(bcg, 0), g;

    (void)state;
    for (size_t i = 0; i < K; i++) {
        memcpy(turned[i], bcg[(5 * i + 3) % K], sizeof(row));
    }
    g = fit(K, (const row *)turned, 0);
    assert_memory_equal(&f.theta, &g.theta, sizeof f.theta);
    assert_memory_equal(&f.tau2, &g.tau2, sizeof f.tau2);
    assert_memory_equal(&f.Q_wald, &g.Q_wald, sizeof f.Q_wald);
}

static void studies_without_a_choice_count(void **state)
{
    mtp_two_group_fit f = FIT(sparse, 0);

    (void)state;
    assert_int_equal(f.uninformative, 2);
    assert_int_equal(f.uninformative_Q, 5);
    assert_close(f.df, 6.0, 0.0, 0.0);
    assert_close(f.observations, 7.0, 0.0, 0.0);
}

/* tau2 = 0: theta is the common estimate of 40-digit arithmetic. */
static void equal_odds_have_no_variance(void **state)
{
    mtp_two_group_fit f = FIT(equal, 0);

    (void)state;
    assert_true(f.exists && f.converged);
    assert_true(f.tau2 == 0.0 && isnan(f.se_tau2));
    assert_close(f.theta, -0.092092096204185889446, 1e-14, 0.0);
    assert_close(f.se, 0.30362613878059407358, 1e-14, 0.0);
    assert_close(f.loglik, -5.3959625741136199101, 1e-14, 0.0);
    assert_close(f.Q_wald, 0.20330494279740859745, 1e-11, 0.0);
}

static void one_study_says_nothing_of_tau(void **state)
{
    mtp_two_group_fit f = fit(1, bcg, 0);

    (void)state;
    assert_true(f.exists && f.tau2 == 0.0);
    assert_close(f.LRT, 0.0, 0.0, 1e-14);
}

static void nothing_to_be_found(void **state)
{
    static const row none[] = {{0, 10, 0, 12}, {0, 8, 0, 9}};
    static const row lower[] = {{0, 10, 3, 12}, {0, 8, 1, 9}};
    static const row apart[] = {{0, 10, 5, 10}, {5, 10, 0, 10}};
    static const row same_odds[] = {{1, 2, 3, 3}, {1, 3, 0, 2}};
    static const row single[] = {{0, 10, 1, 10}, {1, 10, 0, 10}, {1, 10, 0, 10}};
    mtp_two_group_fit f;

    (void)state;
    f = FIT(none, 0);
    assert_true(!f.exists && !f.common_exists && isnan(f.theta));
    assert_int_equal(f.uninformative, 2);
    f = FIT(lower, 0);
    assert_true(!f.exists && !f.common_exists && isnan(f.common));
    f = FIT(apart, 0);
    assert_true(!f.exists && f.common_exists && isnan(f.tau2));
    assert_close(f.common, 0.0, 0.0, 1e-14);
    /* one event a study in groups of one size: every tau has the same likelihood */
    f = FIT(single, 0);
    assert_true(f.exists && f.converged && f.tau2 == 0.0);
    assert_close(f.theta, log(2.0), 1e-14, 0.0);
    /* 2 : 3 in both, at theta = 0 */
    f = FIT(same_odds, 0);
    assert_true(f.exists && f.converged && f.tau2 == 0.0);
    assert_close(f.theta, log(2.0 / 3.0), 1e-14, 0.0);
    assert_close(f.loglik, log(0.25), 1e-14, 0.0);
}

static void parts_of_a_patient_are_refused(void **state)
{
    static const row half[] = {{0.5, 10, 1, 12}, {1, 8, 2, 9}};
    mtp_two_group_fit f;
    mtp_error err;

    (void)state;
    assert_int_equal(try_fit(2, half, false, 0, &f, &err), MTP_E_DATA);
    assert_int_equal(err.line, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(law_agrees_with_40_digits),
        cmocka_unit_test(fits_agree_with_40_digits),
        cmocka_unit_test(seven_nodes_agree_with_40_digits),
        cmocka_unit_test(fit_agrees_with_metafor),
        cmocka_unit_test(groups_change_places),
        cmocka_unit_test(order_changes_no_bit),
        cmocka_unit_test(studies_without_a_choice_count),
        cmocka_unit_test(equal_odds_have_no_variance),
        cmocka_unit_test(one_study_says_nothing_of_tau),
        cmocka_unit_test(nothing_to_be_found),
        cmocka_unit_test(parts_of_a_patient_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
