/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The defaults of other programs, on the trials of BCG vaccine (log risk ratios).
 * Sources: metafor 3.8-1 in R, rma(yi, vi) with z and "knha", rma.mh; meta 8.4-0,
 * metabin: DL with Q around the Mantel-Haenszel mean, prediction interval V. */
#include "property/run_table.h"

#include <math.h>
#include <string.h>

static const char bcg[] = "tpos,tneg,cpos,cneg\n4,119,11,128\n6,300,29,274\n"
                          "3,228,11,209\n62,13536,248,12619\n33,5036,47,5761\n"
                          "180,1361,372,1079\n8,2537,10,619\n505,87886,499,87892\n"
                          "29,7470,45,7232\n17,1699,65,1600\n186,50448,141,27197\n"
                          "5,2493,3,2338\n27,16886,29,17825\n";

#define COLUMNS "cell-a", "tpos", "cell-b", "tneg", "cell-c", "cpos", "cell-d", "cneg"
#define NONE    ((double)NAN)

typedef struct expected {
    const char *profile;
    double tau2, estimate, ci_lower, ci_upper, pi_lower, pi_upper;
    double common; /* Mantel-Haenszel, or inverse variance */
    double rtol;
} expected;

static const expected cases[] = {
    {"metafor", 0.313243258136, -0.714532342158, -1.066897638810, -0.362167045506,
     -1.866692217903, 0.437627533587, -0.430285163654, 1e-8},
    {"meta", 0.313243258136, -0.714532342158, -1.066897638810, -0.362167045506,
     -1.995341958509, 0.566277274193, -0.453709604684, 1e-8},
    {"revman5", 0.309496853764, -0.714186119569, -1.06484990008, -0.363522339057, NONE,
     NONE, -0.453709604684, 1e-9},
    {"revman-web", 0.313243258136, -0.714532342158, -1.108443713686, -0.320620970631,
     -1.996016834196, 0.566952149880, -0.453709604684, 1e-8},
    {"stata", 0.313243258136, -0.714532342158, -1.066897638810, -0.362167045506, NONE,
     NONE, -0.453709604684, 1e-8},
    {"jasp", 0.313243258136, -0.714532342158, -1.108443713686, -0.320620970631,
     -1.996016834196, 0.566952149880, -0.430285163654, 1e-8},
};

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    assert_non_null(value);
    return json_is_null(value) ? NONE : json_number_value(value);
}

static json_t *run(const char *profile, const char *option, const char *value)
{
    const char *options[] = {"measure", "RR",   COLUMNS, "profile",
                             profile,   option, value,   NULL};

    return json_of(bcg, MTP_COMMAND_POOL, options);
}

static void figures_are_those_of_the_program(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const expected *c = &cases[i];
        json_t *root = run(c->profile, NULL, NULL);
        const json_t *overall = json_object_get(root, "overall");
        const json_t *random = json_object_get(overall, "random");
        const json_t *profile = json_object_get(root, "profile");

        assert_close(number(json_object_get(overall, "heterogeneity"), "tau2"), c->tau2,
                     c->rtol, 0.0);
        assert_close(number(random, "estimate"), c->estimate, c->rtol, 0.0);
        assert_close(number(random, "ci_lower"), c->ci_lower, c->rtol, 0.0);
        assert_close(number(random, "ci_upper"), c->ci_upper, c->rtol, 0.0);
        assert_close(number(random, "pi_lower"), c->pi_lower, 1e-8, 0.0);
        assert_close(number(random, "pi_upper"), c->pi_upper, 1e-8, 0.0);
        assert_close(number(json_object_get(overall, "common"), "estimate"), c->common,
                     1e-9, 0.0);
        assert_string_equal(json_string_value(json_object_get(profile, "name")),
                            c->profile);
        assert_close(number(json_object_get(profile, "theirs"), "estimate"),
                     exp(c->estimate), c->rtol, 0.0);
        /* Ours: REML and Hartung-Knapp, as metafor has them under "knha". */
        assert_close(number(json_object_get(profile, "ours"), "estimate"),
                     exp(-0.714532342158), 1e-8, 0.0);
        json_decref(root);
    }
}

static const char *theirs(const json_t *root, const char *option)
{
    const json_t *list =
        json_object_get(json_object_get(root, "profile"), "differences");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);

        if (strcmp(json_string_value(json_object_get(one, "option")), option) == 0) {
            return json_string_value(json_object_get(one, "theirs"));
        }
    }
    return NULL;
}

static void differences_are_listed_by_option(void **state)
{
    json_t *root = run("revman5", NULL, NULL);

    (void)state;
    assert_string_equal(theirs(root, "method"), "mh");
    assert_string_equal(theirs(root, "tau2"), "DL");
    assert_string_equal(theirs(root, "ci"), "wald");
    assert_string_equal(theirs(root, "predict"), "none");
    assert_null(theirs(root, "level"));
    json_decref(root);
}

static void what_is_given_wins(void **state)
{
    json_t *root = run("revman5", "tau2", "PM");
    const json_t *options = json_object_get(root, "options");

    (void)state;
    assert_string_equal(json_string_value(json_object_get(options, "tau2")), "PM");
    assert_string_equal(json_string_value(json_object_get(options, "ci")), "wald");
    assert_null(theirs(root, "tau2")); /* ours has it too */
    json_decref(root);
    /* Nothing is added to sums that --method inverse does not take. */
    root = run("revman5", "method", "inverse");
    assert_null(theirs(root, "mh-add"));
    json_decref(root);
}

static void a_foreign_measure_is_told(void **state)
{
    static const char *const options[] = {"measure", "PHI",     COLUMNS,
                                          "profile", "revman5", NULL};
    json_t *root = json_of(bcg, MTP_COMMAND_POOL, options);
    const json_t *profile = json_object_get(root, "profile");

    (void)state;
    assert_true(json_is_false(json_object_get(profile, "knows_measure")));
    assert_string_equal(theirs(root, "tau2"), "DL");
    assert_null(theirs(root, "method"));
    json_decref(root);
}

static void without_a_profile_there_is_none(void **state)
{
    static const char *const options[] = {"measure", "RR", COLUMNS, NULL};
    json_t *root = json_of(bcg, MTP_COMMAND_POOL, options);

    (void)state;
    assert_true(json_is_null(json_object_get(root, "profile")));
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(figures_are_those_of_the_program),
        cmocka_unit_test(differences_are_listed_by_option),
        cmocka_unit_test(what_is_given_wins),
        cmocka_unit_test(a_foreign_measure_is_told),
        cmocka_unit_test(without_a_profile_there_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
