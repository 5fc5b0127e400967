/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "regress_case.h"

#include "support/c_number.h"
#include "support/test.h"

#include <stdlib.h>

enum { REFS_MAX = 4 };

/* One variable at the rows that are used, as numbers or as text. */
static mtp_design_values values_of(const oracle_case *c, const char *variable,
                                   size_t n_rows, const size_t rows[])
{
    const json_t *all = json_object_get(c->data, variable);
    double *number = calloc(n_rows + 1, sizeof *number);
    const char **text = calloc(n_rows + 1, sizeof *text);
    bool is_text = false;

    if (!all || !number || !text) {
        fail_msg("%s: no column %s", c->id, variable);
    }
    for (size_t i = 0; i < n_rows; i++) {
        const json_t *cell = json_array_get(all, rows[i]);

        text[i] = json_string_value(cell);
        number[i] = oracle_number(cell);
        is_text |= text[i] != NULL;
    }
    if (is_text) {
        free(number);
        return (mtp_design_values){.text = text};
    }
    free(text);
    return (mtp_design_values){.number = number};
}

static void values_free(mtp_design_values values)
{
    union {
        const void *borrowed;
        void *owned;
    } number = {values.number}, text = {(const void *)values.text};

    free(number.owned);
    free(text.owned);
}

static void build(regress_case *c, const char *formula)
{
    mtp_design_ref refs[REFS_MAX];
    mtp_design_values values[MTP_FORMULA_LEAVES];
    mtp_design_options options;
    mtp_error err = {0};
    size_t n_rows, *rows = case_rows(&c->base, &n_rows);
    const char *factor;
    const json_t *level;

    mtp_design_options_init(&options, sizeof options);
    options.refs = refs;
    json_object_foreach(json_object_get(c->base.json, "refs"), factor, level)
    {
        assert_true(options.n_refs < REFS_MAX);
        refs[options.n_refs++] = (mtp_design_ref){factor, json_string_value(level)};
    }
    if (mtp_formula_parse(formula, &c->formula, &err) != MTP_OK) {
        fail_msg("%s: %s", c->base.id, err.message);
    }
    for (size_t i = 0; i < c->formula->n_variables; i++) {
        values[i] = values_of(&c->base, c->formula->variable[i], n_rows, rows);
    }
    if (mtp_design_build(c->formula, n_rows, values, &options, &c->design, &err) !=
        MTP_OK) {
        fail_msg("%s: %s", c->base.id, err.message);
    }
    for (size_t i = 0; i < c->formula->n_variables; i++) {
        values_free(values[i]);
    }
    free(rows);
}

/* Clusters from a column of the data, in the order in which they come. */
static void set_clusters(regress_case *c)
{
    const char *name = case_text(&c->base, "cluster", NULL);
    const json_t *values = json_object_get(c->base.data, name ? name : "");
    const size_t k = c->effects->k;

    if (!name) {
        return;
    }
    assert_int_equal(json_array_size(values), k);
    c->cluster = calloc(k + 1, sizeof *c->cluster);
    assert_non_null(c->cluster);
    for (size_t i = 0; i < k; i++) {
        size_t j = 0;

        while (!json_equal(json_array_get(values, j), json_array_get(values, i))) {
            j++;
        }
        c->cluster[i] = j < i ? c->cluster[j] : c->options.n_clusters++;
    }
    c->options.cluster = c->cluster;
    c->options.robust =
        (mtp_robust_type)mtp_robust_from_id(case_text(&c->base, "robust", "none"));
}

static void set_options(regress_case *c)
{
    const oracle_case *base = &c->base;
    const char *tau2 = case_text(base, "tau2", "REML");
    int method = mtp_tau2_from_id(tau2);

    mtp_regress_options_init(&c->options, sizeof c->options);
    c->options.tau2 = method >= 0 ? (mtp_tau2_method)method : MTP_TAU2_GIVEN;
    if (method < 0) {
        c->options.tau2_value = c_strtod(tau2, NULL);
    }
    c->options.ci = (mtp_ci_method)mtp_ci_from_id(case_text(base, "ci", "wald"));
    c->options.predict =
        (mtp_pi_method)mtp_pi_from_id(case_text(base, "predict", "auto"));
    c->options.tau2_ci =
        (mtp_tau2_ci_method)mtp_tau2_ci_from_id(case_text(base, "interval", "qp"));
    c->options.level = case_number(base->json, "level", 95.0) / 100.0;
    c->weights =
        oracle_weights(case_text(base, "weights", NULL), c->effects->k, c->effects->vi);
    c->options.weights = c->weights;
    set_clusters(c);
}

regress_case regress_case_read(const json_t *json, const json_t *data,
                               const char *formula, scoreboard *board)
{
    regress_case c = {.base = case_read(json, data, board)};

    c.effects = case_effects(&c.base);
    build(&c, formula ? formula : case_text(&c.base, "mods", "1"));
    c.moderators = (mtp_moderators){.k = c.design->k,
                                    .p = c.design->p,
                                    .x = c.design->x,
                                    .name = c.design->column_name,
                                    .intercept = c.design->intercept,
                                    .n_terms = c.design->n_terms,
                                    .term = c.design->term_name,
                                    .column_term = c.design->column_term};
    set_options(&c);
    return c;
}

void regress_case_fit(regress_case *c)
{
    mtp_error err = {0};

    if (mtp_regress(c->effects, &c->moderators, &c->options, &c->result, &err) !=
        MTP_OK) {
        fail_msg("%s: %s", c->base.id, err.message);
    }
}

void regress_case_free(regress_case *c)
{
    mtp_regress_result_free(c->result);
    mtp_design_free(c->design);
    mtp_formula_free(c->formula);
    mtp_effects_free(c->effects);
    free(c->weights);
    free(c->cluster);
    oracle_raw_free(&c->base.raw);
}
