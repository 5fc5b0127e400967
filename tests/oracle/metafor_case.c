/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metafor_case.h"

#include "support/c_number.h"
#include "support/test.h"

#include <stdlib.h>

const char *case_text(const oracle_case *c, const char *key, const char *fallback)
{
    const char *text = json_string_value(json_object_get(c->json, key));

    return text ? text : fallback;
}

double case_number(const json_t *object, const char *key, double fallback)
{
    const json_t *value = json_object_get(object, key);

    return value ? oracle_number(value) : fallback;
}

void case_check(const oracle_case *c, const char *figure, double got, double want,
                int digits)
{
    double good = fmin(digits, case_number(c->json, "digits", digits));
    double demanded = fabs(got - want) <= 1e-12 ? 0.0 : good;

    if (isnan(want)) {
        return; /* the case's `reason` says why there is no reference */
    }
    scoreboard_add(c->board, c->kind, figure, c->id, got, want, demanded);
}

void case_check_p(const oracle_case *c, const char *figure, double got, double want,
                  int digits)
{
    bool small = want < 1e-15 && want > 0.0;

    case_check(c, figure, small ? log(got) : got, small ? log(want) : want, digits);
}

size_t *case_rows(const oracle_case *c, size_t *n_rows)
{
    const json_t *given = json_object_get(c->json, "rows");
    const json_t *first =
        json_object_iter_value(json_object_iter((json_t *)(uintptr_t)c->data));
    size_t *rows;

    *n_rows = json_array_size(given ? given : first);
    rows = calloc(*n_rows + 1, sizeof *rows);
    for (size_t i = 0; rows && i < *n_rows; i++) {
        rows[i] = given ? (size_t)json_integer_value(json_array_get(given, i)) - 1 : i;
    }
    return rows;
}

static mtp_raw read_columns(const oracle_case *c)
{
    json_t *columns = json_object(), *names = json_object_get(c->json, "columns");
    size_t n_rows, *rows = case_rows(c, &n_rows);
    const char *role;
    json_t *name;
    mtp_raw raw;

    json_object_foreach(names, role, name)
    {
        const json_t *all = json_object_get(c->data, json_string_value(name));
        json_t *some = json_array();

        for (size_t i = 0; i < n_rows; i++) {
            (void)json_array_append(some, json_array_get(all, rows[i]));
        }
        (void)json_object_set_new(columns, role, some);
    }
    raw = oracle_raw(columns);
    json_decref(columns);
    free(rows);
    return raw;
}

mtp_effects *case_effects(const oracle_case *c)
{
    static const char *const to[] = {"only0", "all", "if0all", "none"};
    static const char *const vtype[] = {"LS", "UB", "AV"};
    mtp_effects_options options;
    mtp_effects *effects = NULL;
    mtp_error err = {0};

    mtp_effects_options_init(&options, sizeof options);
    options.measure = c->measure->measure;
    options.add = case_number(c->json, "add", options.add);
    for (unsigned i = 0; i < 4; i++) {
        if (strcmp(to[i], case_text(c, "to", "")) == 0) {
            options.to = (mtp_add_to)i;
        }
    }
    for (unsigned i = 0; i < 3; i++) {
        if (strcmp(vtype[i], case_text(c, "vtype", "")) == 0) {
            options.vtype = (mtp_vtype)i;
        }
    }
    if (mtp_effects_compute(&options, &c->raw, &effects, &err) != MTP_OK) {
        fail_msg("%s: %s", c->id, err.message);
    }
    return effects;
}

mtp_pool_result *case_pool(const oracle_case *c, const mtp_effects *effects)
{
    const char *tau2 = case_text(c, "tau2", "REML");
    bool glmm = strncmp(c->kind, "glmm", 4) == 0;
    mtp_pool_options options;
    mtp_pool_result *result = NULL;
    double *weights;
    mtp_error err = {0};

    mtp_pool_options_init(&options, sizeof options);
    options.method = glmm ? MTP_METHOD_GLMM : MTP_METHOD_INVERSE;
    options.level = case_number(c->json, "level", 95.0) / 100.0;
    options.nodes = (int)case_number(c->json, "nodes", 0.0);
    options.ci =
        glmm ? MTP_CI_WALD : (mtp_ci_method)mtp_ci_from_id(case_text(c, "ci", "wald"));
    options.null_value =
        mtp_back_transform(c->measure->measure, 0.0, (double)NAN, NULL);
    if (glmm) {
        options.tau2 = MTP_TAU2_ML;
    } else if (mtp_tau2_from_id(tau2) >= 0) {
        options.tau2 = (mtp_tau2_method)mtp_tau2_from_id(tau2);
    } else {
        options.tau2 = MTP_TAU2_GIVEN;
        options.tau2_value = c_strtod(tau2, NULL);
    }
    weights = oracle_weights(case_text(c, "weights", NULL), effects->k, effects->vi);
    options.weights = weights;
    if (mtp_pool(effects, NULL, &options, &result, &err) != MTP_OK) {
        fail_msg("%s: %s", c->id, err.message);
    }
    free(weights);
    return result;
}

oracle_case case_read(const json_t *json, const json_t *data, scoreboard *board)
{
    oracle_case c = {.json = json, .data = data, .board = board};

    c.id = case_text(&c, "id", "?");
    c.kind = case_text(&c, "kind", "?");
    c.measure = mtp_measure_from_code(case_text(&c, "measure", "PR"));
    if (!c.measure) {
        fail_msg("%s: no such measure", c.id);
    }
    c.raw = read_columns(&c);
    return c;
}
