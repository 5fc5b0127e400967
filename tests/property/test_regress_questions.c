/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run_table.h"

/* What is asked of a regression: contrasts in every way to write them, tests, marginal
 * means and predictions. Values: metafor 3.8-1 (R 4.2.2), rma(yi, vi, mods = ~ ablat +
 * alloc) and ~ ablat * alloc, test = "knha", threshold = 1e-14, with predict(newmods)
 * and anova(X, btt) at the rows that the comments name; alloc against random. */

enum { OPTIONS = 48 };
static const double TOL = 1e-9; /* metafor's REML stops there */

static const char bcg[] = "trial,alloc,tpos,tneg,cpos,cneg,ablat\n"
                          "1,random,4,119,11,128,44\n"
                          "2,random,6,300,29,274,55\n"
                          "3,random,3,228,11,209,42\n"
                          "4,random,62,13536,248,12619,52\n"
                          "5,alternate,33,5036,47,5761,13\n"
                          "6,alternate,180,1361,372,1079,44\n"
                          "7,random,8,2537,10,619,19\n"
                          "8,random,505,87886,499,87892,13\n"
                          "9,random,29,7470,45,7232,27\n"
                          "10,systematic,17,1699,65,1600,42\n"
                          "11,systematic,186,50448,141,27197,18\n"
                          "12,systematic,5,2493,3,2338,33\n"
                          "13,systematic,27,16886,29,17825,33\n";

/* The regression of the trials with further options; freed with json_decref. */
static json_t *regress(const char *mods, const char *const more[])
{
    const char *options[OPTIONS] = {
        "measure", "RR",     "cell-a", "tpos", "cell-b",       "tneg", "cell-c",
        "cpos",    "cell-d", "cneg",   "ref",  "alloc=random", "mods", mods};
    size_t n = 14;

    for (size_t i = 0; more[i]; i++) {
        assert_true(n + 1 < OPTIONS);
        options[n++] = more[i];
    }
    return json_of(bcg, MTP_COMMAND_REGRESS, options);
}

static double number(const json_t *root, const char *list, size_t index,
                     const char *key)
{
    const json_t *value =
        json_object_get(json_array_get(json_object_get(root, list), index), key);

    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void contrasts_in_every_way(void **state)
{
    /* anova(X = c(0, 0, -1, 1)): the second column is alternate, the third systematic
     */
    static const char *const way[] = {
        "alloc: systematic - alternate",
        "alloc: systematic - alloc: alternate",
        "-alloc: alternate+alloc: systematic",
        "\"alloc: systematic\" - \"alloc: alternate\"",
        "2/2*alloc: systematic - 1e0 * alloc: alternate",
        "0 * intercept - 1 * alloc: alternate + alloc: systematic - alloc: random",
    };

    (void)state;
    for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
        json_t *root =
            regress("ablat + alloc", (const char *const[]){"contrast", way[i], NULL});

        assert_close(number(root, "contrasts", 0, "estimate"), 0.0584612869282699, TOL,
                     0.0);
        assert_close(number(root, "contrasts", 0, "se"), 0.3924872077812963, TOL, 0.0);
        assert_close(number(root, "contrasts", 0, "p"), 0.8848766109809021, TOL, 0.0);
        json_decref(root);
    }
}

/* With an interaction, levels stand for marginal means, and coefficients for
 * themselves. */
static void contrasts_of_an_interaction(void **state)
{
    json_t *root = regress(
        "ablat * alloc",
        (const char *const[]){"contrast", "alloc: systematic - alternate", "contrast",
                              "alloc: systematic - alloc: alternate", "contrast",
                              "ablat:alloc: alternate", NULL});

    (void)state;
    /* c(0, 0, -1, 1, -m, m), m the mean of ablat */
    assert_close(number(root, "contrasts", 0, "estimate"), 0.0530608515615453, TOL,
                 0.0);
    assert_close(number(root, "contrasts", 0, "se"), 0.4890633856332113, TOL, 0.0);
    assert_close(number(root, "contrasts", 0, "p"), 0.9166476652713267, TOL, 0.0);
    assert_close(number(root, "contrasts", 1, "estimate"),
                 0.46425260595221729 + 0.00680118660564695, TOL, 0.0);
    assert_close(number(root, "contrasts", 2, "estimate"), 0.00981440025433727, TOL,
                 0.0);
    json_decref(root);
}

static void terms_together(void **state)
{
    static const char *const way[] = {"alloc", "alloc: systematic, alloc: alternate",
                                      "alloc, alloc: alternate"};

    (void)state;
    for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
        json_t *root =
            regress("ablat + alloc", (const char *const[]){"test", way[i], NULL});
        const json_t *test =
            json_object_get(json_array_get(json_object_get(root, "tests"), 0), "test");

        /* anova(btt = 3:4) */
        assert_close(json_number_value(json_object_get(test, "statistic")),
                     0.600725428259943, TOL, 0.0);
        assert_close(json_number_value(json_object_get(test, "p")), 0.569000377430749,
                     TOL, 0.0);
        json_decref(root);
    }
}

static void check_mean(const json_t *root, const char *list, size_t index,
                       const double want[6])
{
    static const char *const key[] = {"estimate", "se",       "ci_lower",
                                      "ci_upper", "pi_lower", "pi_upper"};

    for (size_t i = 0; i < 6; i++) {
        assert_close(number(root, list, index, key[i]), want[i], TOL, 0.0);
    }
}

static void means_and_predictions(void **state)
{
    /* Rows c(m, 1, 0), c(m, 0, 0), c(m, 0, 1), and c(13, 1/3, 1/3). */
    static const double margin[3][6] = {
        {-0.619494412434269, 0.303578928219049, -1.30623765937959, 0.0672488345110553,
         -1.72020174956314, 0.4812129246946053},
        {-0.886985623947181, 0.197714719202965, -1.33424739218280, -0.4397238557115585,
         -1.85651305734429, 0.0825418094499282},
        {-0.561033125505999, 0.252685585413881, -1.13264763248587, 0.0105813814738696,
         -1.59383683356197, 0.4717705825499744}};
    static const double at_13[6] = {-0.131067117400641, 0.227601989536082,
                                    -0.645938588296812, 0.383804353495530,
                                    -1.133580452138447, 0.871446217337166};
    json_t *root = regress(
        "ablat + alloc",
        (const char *const[]){"at", "ablat=13", "at",
                              "alloc=alternate|systematic, ablat=10:20:5", NULL});

    (void)state;
    assert_int_equal(json_array_size(json_object_get(root, "margins")), 3);
    for (size_t i = 0; i < 3; i++) {
        check_mean(root, "margins", i, margin[i]);
    }
    assert_int_equal(json_array_size(json_object_get(root, "predictions")), 1 + 6);
    check_mean(root, "predictions", 0, at_13);
    /* The lines of one factor differ by its coefficients, those of a number by 5 b. */
    assert_close(number(root, "predictions", 4, "estimate") -
                     number(root, "predictions", 1, "estimate"),
                 0.0584612869282699, TOL, 0.0);
    assert_close(number(root, "predictions", 3, "estimate") -
                     number(root, "predictions", 2, "estimate"),
                 5.0 * -0.0272757562981352, TOL, 0.0);
    json_decref(root);
}

static void margins_of_an_interaction(void **state)
{
    json_t *root =
        regress("ablat * alloc", (const char *const[]){"margins", "alloc", NULL});

    (void)state;
    /* c(m, 1, 0, m, 0) and c(m, 0, 1, 0, m) */
    assert_close(number(root, "margins", 0, "estimate"), -0.592830592979566, TOL, 0.0);
    assert_close(number(root, "margins", 0, "se"), 0.378808005280400, TOL, 0.0);
    assert_close(number(root, "margins", 2, "estimate"), -0.539769741418021, TOL, 0.0);
    assert_close(number(root, "margins", 2, "se"), 0.309333946249847, TOL, 0.0);
    json_decref(root);
}

/* Another reference, or none, is the same model. */
static void codings_of_a_factor(void **state)
{
    json_t *root =
        regress("ablat + alloc", (const char *const[]){"no-intercept", "true", NULL});

    (void)state;
    assert_string_equal(
        json_string_value(json_object_get(
            json_array_get(json_object_get(root, "coefficients"), 1), "term")),
        "alloc: random");
    assert_close(number(root, "coefficients", 1, "estimate"), 0.0257031444904182, TOL,
                 0.0);
    assert_close(number(root, "margins", 1, "estimate"), -0.886985623947181, TOL, 0.0);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contrasts_in_every_way),
        cmocka_unit_test(contrasts_of_an_interaction),
        cmocka_unit_test(terms_together),
        cmocka_unit_test(means_and_predictions),
        cmocka_unit_test(margins_of_an_interaction),
        cmocka_unit_test(codings_of_a_factor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
