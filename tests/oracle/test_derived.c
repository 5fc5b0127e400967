/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/dist.h"
#include "read.h"
#include "score.h"
#include "support/test.h"

#include <jansson.h>

/* Intervals that the tool does not print, but that follow from what it does: of tau2,
 * Wald limits on the scales of ln tau2 and of tau, from tau2 and its standard error,
 * and Higgins and Thompson's (2002, doi:10.1002/sim.1186) test-based limits of H2, from
 * H2, Q and k; of proportions, Clopper and Pearson's. */

enum { ITERATED = 8, DIRECT = 10 };
static const double Z975 = 1.959963984540054235524595;

static mtp_pool_result *fit(const json_t *set, const char *id)
{
    mtp_raw raw = oracle_raw(set);
    mtp_effects *effects = oracle_effects("GEN", true, &raw);
    mtp_pool_result *result = NULL;
    mtp_error err = {0};

    if (mtp_pool(effects, NULL, NULL, &result, &err) != MTP_OK) {
        fail_msg("%s: %s", id, err.message);
    }
    mtp_effects_free(effects);
    oracle_raw_free(&raw);
    return result;
}

static void wald_log(const mtp_pooled *p, double tau2[2])
{
    const mtp_heterogeneity *h = &p->heterogeneity;
    double factor = exp(Z975 * h->tau2_se / h->tau2);

    tau2[0] = h->tau2 / factor;
    tau2[1] = h->tau2 * factor;
}

static void wald_sqrt(const mtp_pooled *p, double tau2[2])
{
    const mtp_heterogeneity *h = &p->heterogeneity;
    double half = Z975 * h->tau2_se / (2.0 * h->tau);
    double lower = fmax(0.0, h->tau - half), upper = h->tau + half;

    tau2[0] = lower * lower;
    tau2[1] = upper * upper;
}

/* The standard error of ln H: from Q above k, from k alone otherwise. */
static void test_based(const mtp_pooled *p, double tau2[2])
{
    const mtp_heterogeneity *h = &p->heterogeneity;
    double k = (double)p->k;
    double se =
        h->Q > k
            ? 0.5 * (log(h->Q) - log(k - 1.0)) /
                  (sqrt(2.0 * h->Q) - sqrt(2.0 * k - 3.0))
            : sqrt((1.0 - 1.0 / (3.0 * (k - 2.0) * (k - 2.0))) / (2.0 * (k - 2.0)));
    double factor = exp(2.0 * Z975 * se);

    tau2[0] = fmax(0.0, h->H2 / factor - 1.0) * h->vt;
    tau2[1] = fmax(0.0, h->H2 * factor - 1.0) * h->vt;
}

static const struct {
    const char *kind;
    void (*limits)(const mtp_pooled *, double[2]);
} kinds[] = {{"wald.log", wald_log}, {"wald.sqrt", wald_sqrt}, {"ht", test_based}};

static void derive(const char *id, const char *kind, const mtp_pooled *p,
                   double tau2[2])
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kind, kinds[i].kind) == 0) {
            kinds[i].limits(p, tau2);
            return;
        }
    }
    fail_msg("%s: no such kind: %s", id, kind);
}

static void check(scoreboard *board, const json_t *c, const char *figure, unsigned i,
                  double got)
{
    const json_t *pair = json_object_get(json_object_get(c, "expected"), figure);
    const json_t *digits = json_object_get(c, "digits");
    double want = oracle_number(json_array_get(pair, i));
    double demanded = digits ? oracle_number(digits) : ITERATED;

    if (isnan(want) || digits) {
        assert_non_null(json_object_get(c, "reason"));
    }
    if (isnan(want)) {
        return;
    }
    scoreboard_add(board, json_string_value(json_object_get(c, "kind")), figure,
                   json_string_value(json_object_get(c, "id")), got, want,
                   fabs(got - want) <= 1e-12 ? 0.0 : demanded);
}

/* P(X <= x), or P(X >= x), of n trials at p. */
static double binomial_tail(double x, double n, double p, bool upper)
{
    double sum = 0.0;

    for (double i = upper ? x : 0.0; i <= (upper ? n : x); i++) {
        sum += exp(mtp_log_binomial(i, n, p, 1.0 - p));
    }
    return sum;
}

/* Clopper and Pearson's limits of a proportion are where a binomial tail is 2.5 %. */
static void check_clopper(scoreboard *board, const json_t *c)
{
    const char *id = json_string_value(json_object_get(c, "id"));
    const json_t *limits = json_object_get(c, "expected");
    mtp_raw raw = oracle_raw(json_object_get(c, "columns"));

    for (size_t i = 0; i < raw.k; i++) {
        double x = raw.column[MTP_ROLE_EVENTS][i], n = raw.column[MTP_ROLE_N][i];
        double lo = oracle_number(json_array_get(json_object_get(limits, "lo"), i));
        double hi = oracle_number(json_array_get(json_object_get(limits, "hi"), i));

        if (x > 0.0) {
            scoreboard_add(board, "clopper", "tail", id, binomial_tail(x, n, lo, true),
                           0.025, DIRECT);
        }
        scoreboard_add(board, "clopper", "tail", id, binomial_tail(x, n, hi, false),
                       0.025, DIRECT);
    }
    oracle_raw_free(&raw);
}

static void run_case(scoreboard *board, const json_t *c, const json_t *sets)
{
    const char *id = json_string_value(json_object_get(c, "id"));
    const json_t *set =
        json_object_get(sets, json_string_value(json_object_get(c, "set")));
    mtp_pool_result *r = fit(set, id);
    double tau2[2], vt = r->overall.heterogeneity.vt;

    derive(id, json_string_value(json_object_get(c, "kind")), &r->overall, tau2);
    for (unsigned i = 0; i < 2; i++) {
        check(board, c, "tau2", i, tau2[i]);
        check(board, c, "tau", i, sqrt(tau2[i]));
        check(board, c, "I2", i, 100.0 * tau2[i] / (tau2[i] + vt));
        check(board, c, "H2", i, 1.0 + tau2[i] / vt);
    }
    mtp_pool_result_free(r);
}

static void intervals_that_follow(void **state)
{
    json_t *sets = oracle_load("tau2_metafor.json"),
           *root = oracle_load("derived_metafor.json"), *c;
    scoreboard *board = scoreboard_new("derived_metafor.json");
    size_t index;

    (void)state;
    json_array_foreach(json_object_get(root, "cases"), index, c)
    {
        if (strcmp(json_string_value(json_object_get(c, "kind")), "clopper") == 0) {
            check_clopper(board, c);
        } else {
            run_case(board, c, json_object_get(sets, "sets"));
        }
    }
    scoreboard_print(board);
    assert_true(scoreboard_count(board) > 400);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
    json_decref(sets);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(intervals_that_follow)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
