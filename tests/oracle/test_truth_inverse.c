/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "figures.h"
#include "read.h"
#include "score.h"
#include "support/test.h"

#include <stdlib.h>

#include <jansson.h>

/* Inverse-variance pooling against 50-digit arithmetic (truth_inverse.json). */

/* One pooled set, and what scales the error of its p-values. */
typedef struct fitted {
    const mtp_pooled *pooled;
    const char *method; /* "DL", ..., "FE", "Q", "Qprofile" */
} fitted;

static bool from_prediction(const mtp_estimate *e, const char *key, double *value)
{
    static const struct {
        const char *key;
        mtp_pi_method method;
    } known[] = {{"pi_z", MTP_PI_WALD},
                 {"pi_tkm1", MTP_PI_V},
                 {"pi_HTS_tkm2", MTP_PI_HTS},
                 {"pi_knha_tkm1", MTP_PI_HK}};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        size_t length = strlen(known[i].key);

        if (strncmp(key, known[i].key, length) == 0 && key[length] == '.') {
            const mtp_prediction *p = figure_prediction(e, known[i].method);

            *value = !p ? (double)NAN : key[length + 1] == '1' ? p->upper : p->lower;
            return true;
        }
    }
    return false;
}

static bool from_method(const mtp_pooled *p, const char *key, double *value)
{
    const mtp_interval *wald = figure_interval(&p->random, MTP_CI_WALD);
    const mtp_interval *hksj = figure_interval(&p->random, MTP_CI_HKSJ);
    unsigned mode;
    char what[16];

    if (strcmp(key, "tau2") == 0) {
        *value = isnan(p->heterogeneity.tau2) ? 0.0 : p->heterogeneity.tau2;
    } else if (strcmp(key, "beta") == 0) {
        *value = p->random.estimate;
    } else if (sscanf(key, "modes.%u.%15s", &mode, what) == 2) {
        *value = mode >= p->fit.n_modes      ? (double)NAN
                 : strcmp(what, "tau2") == 0 ? p->fit.modes[mode].tau2
                                             : p->fit.modes[mode].loglik;
    } else if (strncmp(key, "knha.", 5) == 0) {
        return hksj && figure_of_interval(hksj, key + 5, value);
    } else if (wald && figure_of_interval(wald, key, value)) {
        return true;
    } else {
        return from_prediction(&p->random, key, value) ||
               figure_of_fit(&p->fit, key, value) ||
               figure_of_heterogeneity(&p->heterogeneity, key, value);
    }
    return true;
}

/* The figure that a key names; false if the key is not mapped. */
static bool look_up(const fitted *f, const char *key, double *value)
{
    const mtp_pooled *p = f->pooled;

    if (strcmp(f->method, "FE") == 0) {
        if (strcmp(key, "beta") == 0) {
            *value = p->common.estimate;
            return true;
        }
        return figure_of_interval(&p->common.ci, key, value);
    }
    if (strcmp(f->method, "Q") == 0) {
        return figure_of_heterogeneity(&p->heterogeneity, key, value);
    }
    if (strcmp(f->method, "Qprofile") == 0) {
        const mtp_tau2_interval *ci = &p->heterogeneity.ci;

        *value = ci->tau2[strcmp(key, "ub") == 0];
        return true;
    }
    return from_method(p, key, value);
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

/* Digits demanded: a p-value cannot have more than its statistic's conditioning leaves.
 */
static double demanded(const fitted *f, const char *key, bool torture)
{
    double floor = torture ? 9.0 : 12.0;

    if (ends_with(key, "ln_p")) {
        return torture ? 9.0 : 13.0;
    }
    if (strcmp(key, "p") == 0 || ends_with(key, ".p")) {
        const mtp_pooled *p = f->pooled;
        const mtp_estimate *e = strcmp(f->method, "FE") == 0 ? &p->common : &p->random;
        const mtp_interval *wald = figure_interval(e, MTP_CI_WALD);
        double z = wald && isfinite(wald->statistic) ? wald->statistic : 0.0;
        double scale = strcmp(f->method, "Q") == 0 ? p->heterogeneity.Q / 2.0 : z * z;

        return fmin(floor + 1.0, 13.0 - log10(fmax(1.0, scale)));
    }
    return floor;
}

static mtp_pool_result *fit(const mtp_effects *effects, const char *method)
{
    mtp_pool_options options;
    mtp_pool_result *result = NULL;
    mtp_error err = {0};

    mtp_pool_options_init(&options, sizeof options);
    options.tau2 = (mtp_tau2_method)mtp_tau2_from_id(method);
    options.null_value =
        mtp_back_transform(effects->measure->measure, 0.0, (double)NAN, NULL);
    if (mtp_pool(effects, NULL, &options, &result, &err) != MTP_OK) {
        fail_msg("pool by %s: %s", method, err.message);
    }
    return result;
}

/* The part of a key before its first dot, and the rest. */
static const char *split(const char *key, char *head, size_t size)
{
    size_t length = strcspn(key, ".");

    (void)snprintf(head, size, "%.*s", (int)length, key);
    return key + length + 1;
}

/* No test of mu = 0 exists where 0 is not in the range of the transform. */
static bool needs_null(const char *key)
{
    return ends_with(key, "stat") || ends_with(key, "p");
}

/* What the tool leaves empty, with a note, where the truth has a conventional 0: the
 * tau2 of one study with its log-likelihood, and the limits of an empty Q-profile set.
 */
static bool is_not_printed(const fitted *f, const char *key)
{
    const mtp_pooled *p = f->pooled;
    bool empty = p->heterogeneity.ci.status == MTP_SET_EMPTY;

    return (p->k == 1 && strcmp(key, "loglik") == 0) ||
           (empty && strcmp(f->method, "Qprofile") == 0);
}

static void score_expected(scoreboard *board, const char *group, const json_t *c,
                           const mtp_effects *effects, const json_t *expected)
{
    const char *id = json_string_value(json_object_get(c, "id"));
    bool torture =
        strcmp(json_string_value(json_object_get(c, "class")), "torture") == 0;
    static const char *const methods[] = {"DL", "DL2",  "HE", "HS", "SJ",
                                          "ML", "REML", "PM", "EB"};

    for (size_t m = 0; m < sizeof methods / sizeof methods[0]; m++) {
        mtp_pool_result *result = fit(effects, methods[m]);
        bool first = m == 0;
        const char *key;
        const json_t *value;

        json_object_foreach((json_t *)(uintptr_t)expected, key, value)
        {
            char head[16], quantity[48];
            const char *rest = split(key, head, sizeof head);
            const char *wanted = strcmp(methods[m], "EB") == 0 ? "PM" : methods[m];
            bool shared = strcmp(head, "FE") == 0 || head[0] == 'Q';
            fitted f = {&result->overall, shared ? head : methods[m]};
            double got = (double)NAN;

            if ((shared ? !first : strcmp(head, wanted) != 0) ||
                (isnan(result->options.null_value) && needs_null(key))) {
                continue;
            }
            if (!look_up(&f, rest, &got)) {
                fail_msg("%s: nothing is mapped to %s", id, key);
            }
            if (isnan(got) && is_not_printed(&f, rest)) {
                continue;
            }
            (void)snprintf(quantity, sizeof quantity, "%s%s", shared ? head : "",
                           shared ? key + strlen(head) : rest);
            scoreboard_add(board, group, quantity, id, got, oracle_number(value),
                           demanded(&f, rest, torture));
        }
        mtp_pool_result_free(result);
    }
}

static void from_doubles(scoreboard *board, const json_t *c)
{
    const char *class = json_string_value(json_object_get(c, "class"));
    mtp_raw raw = oracle_raw(c);
    mtp_raw generic = {.size = sizeof generic, .k = raw.k};
    mtp_effects *effects;

    generic.column[MTP_ROLE_YI] = oracle_numbers(json_object_get(c, "yi"), &generic.k);
    generic.column[MTP_ROLE_VI] = oracle_numbers(json_object_get(c, "vi"), &generic.k);
    effects = oracle_effects("GEN", true, &generic);
    score_expected(board, class, c, effects, json_object_get(c, "expected"));
    mtp_effects_free(effects);
    oracle_raw_free(&generic);
    oracle_raw_free(&raw);
}

static void from_counts(scoreboard *board, const json_t *c)
{
    const char *class = json_string_value(json_object_get(c, "class"));
    const char *id = json_string_value(json_object_get(c, "id"));
    const json_t *columns = json_object_get(c, "raw");
    char group[48];
    mtp_raw raw;
    mtp_effects *effects;

    if (!columns) {
        return;
    }
    (void)snprintf(group, sizeof group, "%s, from counts", class);
    raw = oracle_raw(columns);
    effects = oracle_effects(json_string_value(json_object_get(c, "measure")),
                             !json_is_false(json_object_get(c, "correct")), &raw);
    for (size_t i = 0; i < effects->k; i++) {
        const json_t *yi = json_object_get(c, "yi_exact"),
                     *vi = json_object_get(c, "vi_exact");

        scoreboard_add(board, group, "yi", id, effects->yi[i],
                       oracle_number(json_array_get(yi, i)), 15.0);
        scoreboard_add(board, group, "vi", id, effects->vi[i],
                       oracle_number(json_array_get(vi, i)), 15.0);
    }
    score_expected(board, group, c, effects,
                   json_object_get(c, "expected_from_counts"));
    mtp_effects_free(effects);
    oracle_raw_free(&raw);
}

static void every_figure_agrees(void **state)
{
    json_t *root = oracle_load("truth_inverse.json");
    scoreboard *board =
        scoreboard_new("Inverse variance: digits that agree with the truth");
    size_t index;
    json_t *c;

    (void)state;
    json_array_foreach(json_object_get(root, "cases"), index, c)
    {
        from_doubles(board, c);
        from_counts(board, c);
    }
    scoreboard_print(board);
    assert_true(scoreboard_count(board) > 10000);
    assert_int_equal(scoreboard_failures(board), 0);
    assert_true(scoreboard_median(board, "real") >= 15.0);
    assert_true(scoreboard_median(board, "real, from counts") >= 15.0);
    scoreboard_free(board);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_figure_agrees)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
