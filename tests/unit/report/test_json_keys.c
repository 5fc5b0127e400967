/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON has the keys of its contract, whatever the bundle. */
#include "json_reading.h"

static void check_keys(json_t *root, const char *path, const char *keys)
{
    json_t *object = at(root, path);

    assert_true(json_is_object(object));
    for (const char *key = keys; *key; key += strspn(key, " ")) {
        char name[64];
        size_t length = strcspn(key, " ");

        (void)snprintf(name, sizeof name, "%.*s", (int)length, key);
        if (!json_object_get(object, name)) {
            fail_msg("'%s' has no key '%s'", path, name);
        }
        key += length;
    }
}

#define TEST_KEYS "statistic type df df2 p log_p"

#define EST_KEYS                                                                       \
    "estimate se statistic df p log_p null_value ci_method ci_lower ci_upper "         \
    "pi_method pi_se pi_df pi_lower pi_upper back intervals predictions"

/* The key lists are those of the published contract, kept here by hand on purpose. */
static void check_pooled_keys(json_t *root, const char *path)
{
    static const char *const test[] = {"stratified.cmh", "stratified.cmh_uncorrected",
                                       "stratified.breslow_day", "stratified.tarone"};
    static const char *const model[] = {"common", "random"};
    json_t *pooled = at(root, path);

    check_keys(root, path,
               "k events n time common random heterogeneity stratified fit");
    for (size_t i = 0; i < 2; i++) {
        json_t *estimate = at(pooled, model[i]);

        check_keys(estimate, "", EST_KEYS);
        check_keys(estimate, "back", "estimate ci_lower ci_upper pi_lower pi_upper");
    }
    check_keys(pooled, "heterogeneity",
               "Q df p log_p Q_center tau2 tau2_se tau2_ci tau tau_ci I2 I2_ci H2 "
               "H2_ci I2_Q vt intervals LRT LRT_df LRT_p tau2_test");
    check_keys(pooled, "heterogeneity.tau2_test", "statistic p");
    for (size_t i = 0; i < 4; i++) {
        check_keys(pooled, test[i], TEST_KEYS);
    }
    check_keys(pooled, "fit",
               "method tau2_method model nodes converged iterations modes boundary "
               "loglik loglik_kind AIC AICc BIC");
}

static void every_key_of_the_contract_is_there(void **state)
{
    for (size_t i = 0; i < 3; i++) {
        json_t *root = parse(samples[i].make(*state));

        check_keys(root, "",
                   "schema metapool_version options data measure studies overall "
                   "groups between_groups notes");
        check_keys(root, "data", "source sha256 rows used filtered excluded");
        check_keys(root, "measure", "code name scale inverse groups");
        check_keys(root, "studies.0",
                   "row study group yi vi sei ci_lower ci_upper weight_common "
                   "weight_random back observed");
        check_keys(root, "studies.0.back", "estimate ci_lower ci_upper");
        check_keys(root, "studies.0.observed", "estimate ci_lower ci_upper ci_method");
        check_pooled_keys(root, "overall");
        check_keys(root, "between_groups", "by common random within");
        check_keys(root, "between_groups.within", TEST_KEYS);
        json_decref(root);
    }
}

static void groups_intervals_and_notes_have_their_keys(void **state)
{
    json_t *root = parse(sample_glmm(*state));

    check_pooled_keys(root, "groups.3");
    check_keys(root, "groups.0", "level");
    check_keys(root, "overall.random.intervals.0",
               "method se df statistic p ci_lower ci_upper segments");
    check_keys(root, "overall.random.predictions.0", "method se df lower upper");
    check_keys(root, "overall.heterogeneity.intervals.0",
               "method tau2 tau I2 H2 status segments");
    check_keys(root, "overall.fit.modes.0", "tau2 loglik estimate");
    check_keys(root, "notes.0", "code severity row text");
    json_decref(root);
    root = parse(sample_inverse(*state));
    check_keys(root, "data.excluded.0", "row line study code reason");
    json_decref(root);
}

static void effects_and_composition_have_their_keys(void **state)
{
    json_t *root = parse(sample_effects(*state));

    check_keys(root, "", "schema metapool_version options data measure effects notes");
    check_keys(root, "effects.51", "row study yi vi sei");
    check_text(root, "schema", "metapool.effects/1");
    json_decref(root);
    root = parse(sample_composition(*state));
    check_keys(root, "",
               "schema metapool_version options data total categories groups tests "
               "notes");
    check_keys(root, "categories.6", "category count share wilson goodman residual");
    check_keys(root, "groups.1", "level total categories");
    check_keys(root, "tests", "chi_square g exact expected_min cramers_v");
    check_keys(root, "tests.chi_square", TEST_KEYS);
    check_keys(root, "tests.exact", "p method seed draws");
    check_text(root, "schema", "metapool.composition/1");
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(every_key_of_the_contract_is_there),
        TEST(groups_intervals_and_notes_have_their_keys),
        TEST(effects_and_composition_have_their_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
