/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/number.h"
#include "run_table.h"

#include <math.h>

/* Small-study effects from the table to the JSON report, against what others give. */

/* The eight Egger tests of datasets/nrm2024/published_tests.csv, in their order, as
 * the command line asks for them. */
static const struct {
    const char *data, *where;
} published[] = {
    {"all", "1"},
    {"LBCL", "entity = 'LBCL'"},
    {"MCL", "entity = 'MCL'"},
    {"MM", "entity = 'MM'"},
    {"IL", "entity = 'IL'"},
    {"RW", "setting = 'RW'"},
    {"CT", "setting = 'CT'"},
    {"patients > 80", "patients > 80"},
};

/* The value at "tests.0.limit.estimate". */
static json_t *value_at(json_t *value, const char *path)
{
    while (*path) {
        char key[32];
        size_t length = strcspn(path, ".");

        assert_true(length < sizeof key);
        memcpy(key, path, length);
        key[length] = '\0';
        value = json_is_array(value)
                    ? json_array_get(value, (size_t)strtoul(key, NULL, 10))
                    : json_object_get(value, key);
        if (!value) {
            fail_msg("there is no '%s'", path);
        }
        path += length + (path[length] == '.');
    }
    return value;
}

static double number_at(json_t *root, const char *path)
{
    const json_t *value = value_at(root, path);

    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void check_printed(json_t *root, const char *path, const char *printed)
{
    const char *point = strchr(printed, '.');
    char text[64];

    mtp_number_fixed(number_at(root, path), point ? (int)strlen(point + 1) : 0, text,
                     sizeof text);
    assert_string_equal(text, printed);
}

/* "bias -1.2086 (SE 0.4061); multiplicative residual variance 2.4851", or with the
 * variance alone after the semicolon. */
static void check_published(json_t *root, const mtp_table *table, size_t row)
{
    const char *extra = mtp_table_find(table, "extra")->text[row];
    char slope[16], se[16], variance[16];
    const char *last = strrchr(extra, ' ') + 1;

    assert_int_equal(sscanf(extra, "bias %15s (SE %15[0-9.])", slope, se), 2);
    (void)snprintf(variance, sizeof variance, "%s", last);
    check_printed(root, "tests.0.estimate", slope);
    check_printed(root, "tests.0.se", se);
    check_printed(root, "tests.0.dispersion", variance);
    assert_close(number_at(root, "tests.0.df"),
                 mtp_table_find(table, "df")->number[row], 0.0, 0.0);
    assert_close(number_at(root, "tests.0.statistic"),
                 mtp_table_find(table, "statistic")->number[row], 0.0, 0.005);
    assert_close(number_at(root, "tests.0.p"), mtp_table_find(table, "p")->number[row],
                 0.0, 0.00005);
}

static void every_published_egger_test(void **state)
{
    char *bytes = dataset_bytes("nrm2024/published_tests.csv");
    char *studies = dataset_bytes("nrm2024/studies.csv");
    mtp_table *table = NULL;
    size_t found = 0;

    (void)state;
    assert_int_equal(
        mtp_table_parse_csv("tests", bytes, strlen(bytes), NULL, &table, NULL, NULL),
        MTP_OK);
    for (size_t row = 0; row < mtp_table_rows(table); row++) {
        const char *options[] = {"measure",  "PLO",   "events", "deaths", "n",
                                 "patients", "where", NULL,     NULL};
        json_t *root;

        if (strcmp(mtp_table_find(table, "test")->text[row], "Egger regression") != 0) {
            continue;
        }
        assert_true(found < sizeof published / sizeof published[0]);
        assert_string_equal(mtp_table_find(table, "data")->text[row],
                            published[found].data);
        options[7] = published[found++].where;
        root = json_of(studies, MTP_COMMAND_BIAS, options);
        check_published(root, table, row);
        json_decref(root);
    }
    assert_int_equal(found, sizeof published / sizeof published[0]);
    mtp_table_free(table);
    free(studies);
    free(bytes);
}

/* 13 trials of BCG vaccine: dat.bcg of R's metadat. */
static const char bcg[] = "tpos,tneg,cpos,cneg\n"
                          "4,119,11,128\n6,300,29,274\n3,228,11,209\n"
                          "62,13536,248,12619\n33,5036,47,5761\n180,1361,372,1079\n"
                          "8,2537,10,619\n505,87886,499,87892\n29,7470,45,7232\n"
                          "17,1699,65,1600\n186,50448,141,27197\n5,2493,3,2338\n"
                          "27,16886,29,17825\n";

#define RATIOS                                                                         \
    "measure", "RR", "cell-a", "tpos", "cell-b", "tneg", "cell-c", "cpos", "cell-d",   \
        "cneg"

enum { OPTIONS_MAX = 24, FIGURES_MAX = 12 };

/* metafor 5.1-12: the call, then what it gives; its tau2 is good to some 1e-7, of which
 * a small p makes 1e-5. */
static const struct {
    const char *call;
    const char *option[OPTIONS_MAX];
    struct {
        const char *path;
        double value;
    } figure[FIGURES_MAX];
} cases[] = {
    {"regtest(rma(yi, vi, method=\"EE\"), model=\"lm\")",
     {RATIOS, "test", "egger"},
     {{"tests.0.statistic", -1.4012820022893326},
      {"tests.0.p", 0.18870699508197877},
      {"tests.0.df", 11},
      {"tests.0.estimate", -2.1120421208932956},
      {"tests.0.se", 1.5072213283570077},
      {"tests.0.limit.estimate", -0.19092864235982013},
      {"tests.0.limit.se", 0.22008494954872537},
      {"tests.0.limit.ci_lower", -0.6753323502760818},
      {"tests.0.limit.ci_upper", 0.29347506555644165}}},
    {"regtest(rma(yi, vi, method=\"REML\"))",
     {RATIOS, "test", "egger", "egger-model", "mixed", "ci", "wald"},
     {{"tests.0.statistic", -0.8033291930908746},
      {"tests.0.p", 0.4217844888552782},
      {"tests.0.tau2", 0.30824911110684566},
      {"tests.0.limit.estimate", -0.5104318741030277},
      {"tests.0.limit.ci_lower", -1.1182239890087362}}},
    {"regtest(rma(yi, vi, method=\"DL\"), predictor=\"ninv\")",
     {RATIOS, "egger-model", "mixed", "ci", "wald", "tau2", "DL", "predictor", "ninv"},
     {{"tests.0.statistic", -1.276809965412059},
      {"tests.0.estimate", -233.7183734315165},
      {"tests.0.se", 183.04867581143105},
      {"tests.0.tau2", 0.27589742009731716},
      {"tests.0.limit.estimate", -0.5966266079965745}}},
    {"ranktest(rma(yi, vi, method=\"EE\"))",
     {RATIOS, "test", "begg"},
     {{"tests.0.estimate", 0.02564102564102564}, {"tests.0.p", 0.9523619079608663}}},
    {"ranktest(rma(yi, vi, method=\"EE\"), exact=FALSE)",
     {RATIOS, "test", "begg", "asymptotic", "true"},
     {{"tests.0.estimate", 0.02564102564102564}, {"tests.0.p", 0.9028849408697099}}},
    {"trimfill(rma(yi, vi, method=\"REML\"), estimator=\"L0\", side=\"right\")",
     {RATIOS, "trim-fill", "L0", "side", "right", "ci", "wald"},
     {{"trim_fill.k0", 1},
      {"trim_fill.k0_se", 2.452798643182925},
      {"trim_fill.estimate", -0.6570828007595821},
      {"trim_fill.se", 0.17852846695587793},
      {"trim_fill.statistic", -3.6805491693488612},
      {"trim_fill.p", 0.00023273217430318919},
      {"trim_fill.ci_lower", -1.006992166208252},
      {"trim_fill.tau2", 0.33128803733796325},
      {"trim_fill.I2", 92.13624729439539},
      {"trim_fill.Q", 154.67503313924712}}},
    {"trimfill(rma(yi, vi, method=\"DL\"), estimator=\"Q0\", side=\"right\")",
     {RATIOS, "trim-fill", "Q0", "side", "right", "ci", "wald", "tau2", "DL"},
     {{"trim_fill.k0", 1},
      {"trim_fill.k0_se", 2.778625740854834},
      {"trim_fill.estimate", -0.6560732129886018},
      {"trim_fill.tau2", 0.3081321532869832}}},
    {"fsn(yi, vi, type=\"Rosenthal\"), \"Orwin\" and \"Rosenberg\"",
     {RATIOS, "failsafe", "rosenthal,orwin,rosenberg"},
     {{"failsafe.0.n", 598},
      {"failsafe.0.p", 8.813956896261146e-30},
      {"failsafe.1.n", 13},
      {"failsafe.1.target", -0.21514258182704551},
      {"failsafe.2.n", 370},
      {"failsafe.2.p", 2.288629306973158e-26}}},
    {"fsn(rma(yi, vi, method=\"EE\"), type=\"General\")",
     {RATIOS, "failsafe", "general", "tau2", "EE"},
     {{"failsafe.0.n", 370},
      {"failsafe.0.with_n.estimate", -0.014604979445178022},
      {"failsafe.0.with_n.p", 0.05029651936211393}}},
    {"tes(rma(yi, vi, method=\"REML\"))",
     {RATIOS, "excess", "true"},
     {{"excess.observed", 8},
      {"excess.expected", 7.808830302343088},
      {"excess.ratio", 1.0244812206508767},
      {"excess.p", 0.5840585042998979},
      {"excess.theta", -0.7145323421581394},
      {"excess.studies.3.power", 0.8185160700259425}}},
    {"selmodel(rma(yi, vi, method=\"ML\"), type=\"beta\", alternative=\"less\")",
     {RATIOS, "selection", "beta", "alternative", "less"},
     {{"selection.estimate", -0.7894003763152954},
      {"selection.se", 0.5616693160497955},
      {"selection.p", 0.15988632442854567},
      {"selection.tau2", 0.407307618578248},
      {"selection.delta.0", 1.1087019561659395},
      {"selection.delta_se.1", 0.7429204371349897},
      {"selection.LRT", 1.4243562272409065},
      {"selection.LRT_p", 0.4905745059158212},
      {"selection.loglik", -11.952898234656356}}},
    {"selmodel(rma(yi, vi, method=\"ML\"), type=\"stepfun\", steps=c(.025,.5))",
     {RATIOS, "selection", "step", "steps", "0.025,0.5"},
     {{"selection.estimate", -0.6711969662117347},
      {"selection.se", 0.2799685296968378},
      {"selection.ci_upper", -0.1224687312013002},
      {"selection.tau2", 0.2639016163164819},
      {"selection.tau2_se", 0.15625667503875632},
      {"selection.delta.1", 0.6315492106833259},
      {"selection.delta_se.2", 1.3599444229891409},
      {"selection.count.0", 8},
      {"selection.LRT", 0.3469198083104921},
      {"selection.LRT_df", 2}}},
    {"selmodel(..., type=\"stepfun\", steps=c(.025,.5), delta=c(1,.8,.5))",
     {RATIOS, "selection-weights", "1,0.8,0.5", "steps", "0.025,0.5"},
     {{"selection_weights.0.estimate", -0.6035957793191702},
      {"selection_weights.0.se", 0.19729998753236025},
      {"selection_weights.0.tau2", 0.3240929996537443}}},
};

static void metafor_gives_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        json_t *root = json_of(bcg, MTP_COMMAND_BIAS, cases[i].option);

        for (size_t f = 0; f < FIGURES_MAX && cases[i].figure[f].path; f++) {
            print_message("%s: %s\n", cases[i].call, cases[i].figure[f].path);
            assert_close(number_at(root, cases[i].figure[f].path),
                         cases[i].figure[f].value, 1e-5, 0.0);
        }
        json_decref(root);
    }
}

/* Ready-made effects, with the sign and in the order that are asked for. */
static char *effects_table(int sign, bool reversed)
{
    static const double yi[] = {0.91, 0.12,  -0.35, 0.48, 1.30, 0.05,
                                0.67, -0.08, 0.22,  0.58, 0.84, 0.31};
    static const double vi[] = {0.25, 0.010, 0.140, 0.062, 0.330, 0.021,
                                0.11, 0.034, 0.017, 0.073, 0.190, 0.045};
    enum { K = sizeof yi / sizeof yi[0] };
    char *text = malloc(K * 64 + 16), *at = text;

    assert_non_null(text);
    at += sprintf(at, "s,y,v\n");
    for (int i = 0; i < K; i++) {
        int j = reversed ? K - 1 - i : i;
        char y[MTP_NUMBER_TEXT], v[MTP_NUMBER_TEXT];

        mtp_number_format(sign * yi[j], y);
        mtp_number_format(vi[j], v);
        at += sprintf(at, "s%d,%s,%s\n", j, y, v);
    }
    return text;
}

static json_t *everything(int sign, bool reversed)
{
    static const char *const options[] = {"yi", "y",   "vi",   "v", "study",
                                          "s",  "all", "true", NULL};
    char *text = effects_table(sign, reversed);
    json_t *root = json_of(text, MTP_COMMAND_BIAS, options);

    free(text);
    return root;
}

/* Entry by entry: `key` times sign, within a relative tolerance; a null stays one. */
static void same_figures(json_t *a, json_t *b, const char *list, const char *key,
                         int sign, double tolerance)
{
    size_t n = json_array_size(value_at(a, list));

    assert_true(n > 2);
    assert_int_equal(json_array_size(value_at(b, list)), n);
    for (size_t i = 0; i < n; i++) {
        json_t *x = json_object_get(json_array_get(value_at(a, list), i), key);
        json_t *y = json_object_get(json_array_get(value_at(b, list), i), key);

        print_message("%s %zu, %s\n", list, i, key);
        assert_int_equal(json_is_null(x), json_is_null(y));
        if (!json_is_null(x)) {
            assert_close(sign * json_number_value(x), json_number_value(y), tolerance,
                         1e-2 * tolerance);
        }
    }
}

/* To the last bit. */
static void rows_in_another_order(void **state)
{
    json_t *a = everything(1, false), *b = everything(1, true);

    (void)state;
    same_figures(a, b, "tests", "estimate", 1, 0.0);
    same_figures(a, b, "tests", "p", 1, 0.0);
    same_figures(a, b, "estimates", "estimate", 1, 0.0);
    same_figures(a, b, "estimates", "ci_upper", 1, 0.0);
    same_figures(a, b, "estimates", "p", 1, 0.0);
    same_figures(a, b, "failsafe", "n", 1, 0.0);
    json_decref(a);
    json_decref(b);
}

/* Sides that are not given follow the effects. */
static void effects_with_the_other_sign(void **state)
{
    json_t *a = everything(1, false), *b = everything(-1, false);

    (void)state;
    same_figures(a, b, "tests", "estimate", -1, 1e-7);
    same_figures(a, b, "tests", "p", 1, 1e-7);
    same_figures(a, b, "estimates", "estimate", -1, 1e-7);
    same_figures(a, b, "estimates", "se", 1, 1e-7);
    same_figures(a, b, "estimates", "p", 1, 1e-7);
    same_figures(a, b, "failsafe", "n", 1, 1e-7);
    assert_string_equal(json_string_value(value_at(a, "trim_fill.side")), "left");
    assert_string_equal(json_string_value(value_at(b, "trim_fill.side")), "right");
    assert_string_equal(json_string_value(value_at(b, "options.alternative")), "less");
    json_decref(a);
    json_decref(b);
}

/* A hypothesis moves what depends on it, and means by it alone. */
static void effects_and_hypothesis_moved_together(void **state)
{
    static const char *const moved[] = {"yi",   "y + 2", "vi", "v", "all",
                                        "true", "null",  "2",  NULL};
    char *text = effects_table(1, false);
    json_t *a = everything(1, false), *b = json_of(text, MTP_COMMAND_BIAS, moved);
    size_t i;
    json_t *mean;

    (void)state;
    json_array_foreach(value_at(a, "estimates"), i, mean)
    {
        json_t *other = json_array_get(value_at(b, "estimates"), i);

        assert_string_equal(json_string_value(json_object_get(mean, "name")),
                            json_string_value(json_object_get(other, "name")));
        assert_close(number_at(other, "estimate"), number_at(mean, "estimate") + 2.0,
                     1e-7, 0.0);
        assert_close(number_at(other, "p"), number_at(mean, "p"), 1e-6, 1e-9);
    }
    same_figures(a, b, "tests", "p", 1, 1e-7);
    same_figures(a, b, "failsafe", "n", 1, 1e-7);
    assert_close(number_at(b, "failsafe.1.estimate"),
                 number_at(a, "failsafe.1.estimate") + 2.0, 1e-9, 0.0);
    assert_close(number_at(b, "excess.p"), number_at(a, "excess.p"), 1e-9, 0.0);
    json_decref(a);
    json_decref(b);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_published_egger_test),
        cmocka_unit_test(metafor_gives_the_same),
        cmocka_unit_test(rows_in_another_order),
        cmocka_unit_test(effects_with_the_other_sign),
        cmocka_unit_test(effects_and_hypothesis_moved_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
